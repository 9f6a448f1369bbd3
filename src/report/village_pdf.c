/* The calculation report (计算书): what was asked, each number with its source and doubt, the formulas with their numbers, alternatives, the
 * profile, bill, pipes, pressures and verdicts. */
#include "report/pdf.h"
#include "report/village_profile.h"

#include <math.h>
#include <string.h>

typedef struct village_print { const gf_village_plan *plan; gf_arena *arena; gf_str lang, as_of; bool zh; } village_print;

static const pdf_look BODY = { PDF_SERIF, 10.5, 1.4, 0, PANGO_ALIGN_LEFT, false, NULL }, NOTE = { PDF_SANS, 8.5, 1.25, 0, PANGO_ALIGN_LEFT, false, "#666666" };

static gf_str say(village_print *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static gf_str say(village_print *p, const char *format, ...)
{
    va_list args;
    char plain[512];
    gf_text text;
    va_start(args, format);
    (void)vsnprintf(plain, sizeof plain, format, args);
    va_end(args);
    gf_text_init(&text, p->arena);
    pdf_add_c(&text, plain);
    return gf_text_str(&text);
}

static gf_str number(village_print *p, double value, int decimals) { return isfinite(value) ? say(p, "%.*f", decimals, value) : GF_STR("—"); }

static gf_str money(village_print *p, gf_fen fen)
{
    gf_text plain, text;
    gf_text_init(&plain, p->arena);
    gf_text_init(&text, p->arena);
    gf_text_format(&plain, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100));
    pdf_add(&text, gf_text_str(&plain));
    return gf_text_str(&text);
}

static gf_str own(village_print *p, gf_str value)
{
    gf_text text;
    gf_text_init(&text, p->arena);
    pdf_add(&text, value);
    return gf_text_str(&text);
}

static const char *word(const village_print *p, const char *zh, const char *en) { return p->zh ? zh : en; }
static const gf_village_design *chosen(const village_print *p) { return &p->plan->designs[p->plan->chosen]; }

static void draw_title(village_print *p, pdf_sheet *sheet)
{
    static const pdf_look TITLE = { PDF_SANS_BOLD, 20, 1.15, 0, PANGO_ALIGN_CENTER, false, NULL };
    sheet->y += 16;
    pdf_text(sheet, &TITLE, own(p, p->plan->village->name));
    pdf_text(sheet, &TITLE, say(p, "%s", word(p, "饮水工程计算书", "Drinking water: calculation report")));
    sheet->y += 10;
    pdf_rule(sheet, PDF_LEFT, PDF_INNER, 2.2, "#1f5fa8");
    sheet->y += 10;
    if (!p->plan->village->own_prices)
        pdf_text(sheet, &NOTE, say(p, "%s", word(p, "单价为示例，不是任何报价；请以当地信息价替换。", "Prices are illustrative and no quotation: replace them by local ones.")));
    pdf_text(sheet, &NOTE, say(p, "%s", word(p, "规范原文未经核对：每个参数都注明来源与把握（H 高、M 中、L 低），设计前请逐项核实。",
                                            "The standards' own texts were not at hand: each parameter names its source and how sure it is (H, M, L). Check them before building.")));
}

static void draw_need(village_print *p, pdf_sheet *sheet)
{
    const gf_water_need *n = &p->plan->need;
    const double *v = p->plan->village->norms.value;
    pdf_heading(sheet, gf_str_of(word(p, "一、需水量", "1 Demand")), 1);
    const gf_str lines[] = {
        say(p, word(p, "居民生活：%.1f 人 × %.0f L/(人·d) ÷ 1000 = %.3f m³/d", "Domestic: %.1f persons x %.0f L/d / 1000 = %.3f m3/d"), n->persons, v[GF_WATER_NORM_PERSON_LPD], n->domestic_m3),
        say(p, word(p, "畜禽饲养：各类头数 × 定额之和 = %.3f m³/d", "Livestock: heads x norms, summed = %.3f m3/d"), n->livestock_m3),
        p->plan->users.public_m3d >= 0
            ? say(p, word(p, "公共建筑：各建筑所报之和 = %.3f m³/d", "Public buildings: as told, summed = %.3f m3/d"), n->public_m3)
            : say(p, word(p, "公共建筑：%.3f × %.0f %% = %.3f m³/d", "Public buildings: %.3f x %.0f %% = %.3f m3/d"), n->domestic_m3, v[GF_WATER_NORM_PUBLIC_PERCENT], n->public_m3),
        say(p, word(p, "漏失和未预见：%.3f × %.0f %% = %.3f m³/d", "Losses and the unforeseen: %.3f x %.0f %% = %.3f m3/d"), n->used_m3, v[GF_WATER_NORM_LOSS_PERCENT], n->loss_m3),
        say(p, word(p, "最高日：%.3f + %.3f = %.3f m³/d（%s 型）；平均日 ÷ Kd %.2f = %.3f m³/d", "Greatest day: %.3f + %.3f = %.3f m3/d (plant %s); average day / Kd %.2f = %.3f m3/d"), n->used_m3,
            n->loss_m3, n->max_day_m3, gf_water_plant_name(n->plant), n->kd, n->average_day_m3),
        say(p, word(p, "高峰流量：%.3f ÷ %.0f h ÷ 3.6 × Kh %.2f = %.4f L/s", "Peak hour: %.3f / %.0f h / 3.6 x Kh %.2f = %.4f L/s"), n->max_day_m3, n->hours, n->kh, n->peak_lps),
        say(p, word(p, "取水流量：%.3f ×（1 + %.0f %%）÷ %.0f h ÷ 3.6 = %.4f L/s", "Raw water: %.3f x (1 + %.0f %%) / %.0f h / 3.6 = %.4f L/s"), n->max_day_m3, v[GF_WATER_NORM_RAW_PERCENT],
            v[GF_WATER_NORM_RAW_HOURS], n->raw_lps),
        say(p, word(p, "高位水池：%.3f × %.0f %% + 消防 %.1f = %.2f m³", "Service tank: %.3f x %.0f %% + fire %.1f = %.2f m3"), n->max_day_m3, n->tank_share * 100, n->fire_m3, n->tank_m3),
        isnan(p->plan->dry_m3d) ? say(p, "%s", word(p, "枯水期水源可供量：不明。", "Dry-season yield of the sources: not known."))
                                : say(p, word(p, "枯水期水源可供量：%.1f m³/d", "Dry-season yield of the sources: %.1f m3/d"), p->plan->dry_m3d),
    };
    for (size_t i = 0; i < GF_COUNT(lines); i++)
        pdf_text(sheet, &BODY, lines[i]);
}

static void draw_designs(village_print *p, pdf_sheet *sheet)
{
    const pdf_column columns[] = { { word(p, "方案", "Alternative"), 0.26, PANGO_ALIGN_LEFT }, { word(p, "可行", "Feasible"), 0.1, PANGO_ALIGN_LEFT },
        { word(p, "减压处", "Breaks"), 0.1, PANGO_ALIGN_RIGHT }, { word(p, "入户减压", "House valves"), 0.12, PANGO_ALIGN_RIGHT }, { word(p, "环", "Loops"), 0.08, PANGO_ALIGN_RIGHT },
        { word(p, "最低压力 m", "Least pressure, m"), 0.14, PANGO_ALIGN_RIGHT }, { word(p, "预算（元）", "Budget, CNY"), 0.2, PANGO_ALIGN_RIGHT } };
    pdf_heading(sheet, gf_str_of(word(p, "二、方案比较", "2 Alternatives")), 1);
    pdf_table(sheet, columns, GF_COUNT(columns), 9);
    for (size_t i = 0; i < p->plan->design_count; i++) {
        const gf_village_design *d = &p->plan->designs[i];
        const gf_str cells[] = { say(p, "%s%s", i == p->plan->chosen ? word(p, "【采用】", "[chosen] ") : "", word(p, d->zh, d->en)), gf_str_of(d->feasible ? word(p, "是", "yes") : word(p, "否", "no")),
                                 number(p, d->breaks, 0), number(p, d->house_prvs, 0), number(p, d->loops, 0), number(p, d->pressure_least_m, 2), money(p, d->bill.total) };
        pdf_row(sheet, cells);
    }
    pdf_table_end(sheet);
    for (size_t i = 0; i < p->plan->design_count; i++) {
        gf_text lack;
        gf_text_init(&lack, p->arena);
        gf_report_village_lack(&p->plan->designs[i], p->lang, &lack);
        if (lack.len)
            pdf_text(sheet, &BODY, own(p, gf_text_str(&lack)));
    }
    const gf_village_design *d = chosen(p);
    if (d->feasible)
        pdf_text(sheet, &NOTE, d->proven ? say(p, "%s", word(p, "采用方案各分区的管径经证明为所列管材中最省。", "The sizes of every zone are proven to be the cheapest of the catalogue."))
                                         : say(p, word(p, "管径费用 %.0f 元，下界 %.0f 元。", "Cost of the sizes %.0f CNY, lower bound %.0f CNY."), d->cost, d->lower_bound));
}

static void set_colour(cairo_t *cr, const char *hex)
{
    PangoColor c = { 0, 0, 0 };
    (void)pango_color_parse(&c, hex);
    cairo_set_source_rgb(cr, c.red / 65535.0, c.green / 65535.0, c.blue / 65535.0);
}

static void draw_line(cairo_t *cr, const profile_plot *plot, profile_line line)
{
    const double dash[] = { 4, 3 };
    set_colour(cr, PROFILE_COLOUR[line]);
    cairo_set_line_width(cr, line == PROFILE_STILL ? 0.7 : 1.3);
    cairo_set_dash(cr, dash, line == PROFILE_STILL ? 2 : 0, 0);
    for (size_t i = 0; i < plot->count; i++)
        (i ? cairo_line_to : cairo_move_to)(cr, profile_x(plot, plot->points[i].at_m), profile_y(plot, profile_value(&plot->points[i], line)));
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

static void draw_profile(village_print *p, pdf_sheet *sheet)
{
    static const pdf_look TICK = { PDF_SANS, 7.5, 0, 0, PANGO_ALIGN_RIGHT, false, "#555555" }, FOOT = { PDF_SANS, 7.5, 0, 0, PANGO_ALIGN_CENTER, false, "#555555" };
    enum { HIGH = 200 };
    profile_plot plot;
    (void)pdf_keep(sheet, HIGH + 110);
    pdf_heading(sheet, gf_str_of(word(p, "三、纵断面", "3 Profile")), 1);
    if (!profile_lay_out(p->plan, p->arena, PDF_LEFT + 34, sheet->y + 16, PDF_INNER - 40, HIGH, &plot))
        return;
    for (int line = 0; line < PROFILE_LINES; line++) {
        const pdf_look look = { PDF_SANS_BOLD, 8.5, 0, 0, PANGO_ALIGN_LEFT, false, PROFILE_COLOUR[line] };
        (void)pdf_put(sheet, &look, PDF_LEFT + 34 + 120 * line, sheet->y, 118, gf_str_of(profile_word((profile_line)line, p->lang)));
    }
    for (double v = plot.up.low; v <= plot.up.high + plot.up.step / 2; v += plot.up.step) {
        pdf_box(sheet, plot.x, profile_y(&plot, v), plot.width, 0.3, "#d9d4c8");
        (void)pdf_put(sheet, &TICK, PDF_LEFT, profile_y(&plot, v) - 6, 30, number(p, v, 0));
    }
    for (double v = 0; v <= plot.along.high; v += plot.along.step)
        (void)pdf_put(sheet, &FOOT, profile_x(&plot, v) - 25, plot.y + plot.height + 3, 50, say(p, "%.0f m", v));
    if (sheet->page_count && !sheet->full)
        for (int line = 0; line < PROFILE_LINES; line++)
            draw_line(sheet->cr, &plot, (profile_line)line);
    sheet->y += HIGH + 36;
    pdf_text(sheet, &NOTE, say(p, "%s", word(p, "自水源经水池至余压最小的用户；横轴为管线斜长，不是平面距离。", "From the source through the tank to the household with the least to spare, over the true length of pipe.")));
}

static void draw_bill(village_print *p, pdf_sheet *sheet)
{
    const gf_village_bill *b = &chosen(p)->bill;
    const pdf_column columns[] = { { word(p, "项目", "Item"), 0.3, PANGO_ALIGN_LEFT }, { word(p, "规格", "Size"), 0.17, PANGO_ALIGN_LEFT }, { word(p, "单位", "Unit"), 0.08, PANGO_ALIGN_LEFT },
        { word(p, "数量", "Quantity"), 0.15, PANGO_ALIGN_RIGHT }, { word(p, "单价（元）", "Price, CNY"), 0.14, PANGO_ALIGN_RIGHT }, { word(p, "合价（元）", "Amount, CNY"), 0.16, PANGO_ALIGN_RIGHT } };
    const struct { const char *zh, *en; gf_fen fen; } SUMS[] = { { "工程费", "Works", b->works }, { "预备费", "Contingency", b->contingency }, { "合计", "Total", b->total } };
    pdf_heading(sheet, gf_str_of(word(p, "四、工程量与预算", "4 Bill of quantities")), 1);
    pdf_table(sheet, columns, GF_COUNT(columns), 9);
    for (size_t i = 0; i < b->count; i++) {
        const gf_village_item *item = &b->items[i];
        const gf_str cells[] = { say(p, "%s", word(p, item->zh, item->en)), own(p, item->size), say(p, "%s", village_unit(item->unit, p->zh)), number(p, (double)item->quantity_milli / 1000, 3), money(p, item->price),
                                 money(p, item->total) };
        pdf_row(sheet, cells);
    }
    for (size_t i = 0; i < GF_COUNT(SUMS); i++) {
        const gf_str none = { "", 0 }, cells[] = { say(p, "%s", word(p, SUMS[i].zh, SUMS[i].en)), none, none, none, none, money(p, SUMS[i].fen) };
        pdf_row(sheet, cells);
    }
    pdf_table_end(sheet);
}

static void draw_pipes(village_print *p, pdf_sheet *sheet)
{
    const gf_village_design *d = chosen(p);
    const pdf_column columns[] = { { word(p, "管段", "Pipe"), 0.1, PANGO_ALIGN_LEFT }, { word(p, "起", "From"), 0.13, PANGO_ALIGN_LEFT }, { word(p, "止", "To"), 0.13, PANGO_ALIGN_LEFT },
        { word(p, "管材", "Size"), 0.18, PANGO_ALIGN_LEFT }, { word(p, "斜长 m", "Length, m"), 0.12, PANGO_ALIGN_RIGHT }, { word(p, "流量 L/s", "Flow, L/s"), 0.12, PANGO_ALIGN_RIGHT },
        { word(p, "流速 m/s", "Velocity, m/s"), 0.11, PANGO_ALIGN_RIGHT }, { word(p, "止点水头 m", "Head at end, m"), 0.11, PANGO_ALIGN_RIGHT } };
    pdf_heading(sheet, gf_str_of(word(p, "五、管段水力计算（高峰）", "5 Pipes at peak hour")), 1);
    pdf_table(sheet, columns, GF_COUNT(columns), 8);
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        const gf_village_pipe *q = &d->pipes[i];
        const gf_water_pe *pe = q->pe >= 0 ? &p->plan->village->catalogue.pipes[q->pe] : NULL;
        gf_mark mark = gf_arena_mark(p->arena);
        const gf_str cells[] = { own(p, q->id), own(p, d->nodes[q->from].id), own(p, d->nodes[q->to].id),
                                 pe ? say(p, "DN%u SDR%s", pe->dn_mm, pe->sdr) : say(p, "%s", q->is_prv ? word(p, "减压阀", "valve") : "—"), number(p, q->length_m, 1), number(p, q->flow_m3s * 1000, 3),
                                 number(p, q->velocity_ms, 2), number(p, d->nodes[q->to].head_m[0], 2) };
        pdf_row(sheet, cells);
        gf_arena_rewind(p->arena, mark);
    }
    pdf_table_end(sheet);
}

static gf_str level(village_print *p, gf_village_level l)
{
    static const char *const ZH[] = { "不明", "达标", "基本达标", "不达标" };
    return say(p, "%s", p->zh ? ZH[l] : gf_village_level_word(l));
}

static void draw_houses(village_print *p, pdf_sheet *sheet)
{
    const double *n = p->plan->village->norms.value;
    const pdf_column columns[] = { { word(p, "户", "Household"), 0.14, PANGO_ALIGN_LEFT }, { word(p, "高峰压力/需要 m", "Pressure / needed, m"), 0.18, PANGO_ALIGN_RIGHT },
        { word(p, "静水头 m", "Still, m"), 0.1, PANGO_ALIGN_RIGHT }, { word(p, "水量", "Quantity"), 0.12, PANGO_ALIGN_LEFT }, { word(p, "方便程度", "Convenience"), 0.12, PANGO_ALIGN_LEFT },
        { word(p, "保证率", "Reliability"), 0.12, PANGO_ALIGN_LEFT }, { word(p, "水质", "Quality"), 0.1, PANGO_ALIGN_LEFT }, { word(p, "总评", "Verdict"), 0.12, PANGO_ALIGN_LEFT } };
    pdf_heading(sheet, gf_str_of(word(p, "六、逐户压力与饮水安全评价", "6 Households: pressure and the four verdicts")), 1);
    pdf_text(sheet, &NOTE, say(p, word(p, "界限：水量 %.0f / %.0f L/(人·d)；取水往返 %.0f / %.0f min；保证率 %.0f / %.0f %%；龙头静水头不超过 %.0f m。不明的仍为不明。",
                                      "Limits: quantity %.0f / %.0f L a person a day; carrying %.0f / %.0f min; reliability %.0f / %.0f %%; still head at taps at most %.0f m. What is unknown stays unknown."),
                               n[GF_WATER_NORM_QUANTITY_PASS], n[GF_WATER_NORM_QUANTITY_BASIC], n[GF_WATER_NORM_CARRY_PASS], n[GF_WATER_NORM_CARRY_BASIC], n[GF_WATER_NORM_RELIABLE_PASS],
                               n[GF_WATER_NORM_RELIABLE_BASIC], n[GF_WATER_NORM_HEAD_TAP_MAX]));
    pdf_table(sheet, columns, GF_COUNT(columns), 8.5);
    for (size_t i = 0; i < p->plan->village->house_count; i++) {
        const gf_village_house *h = &p->plan->village->houses[i];
        const gf_village_verdict *v = &p->plan->verdicts[i];
        gf_mark mark = gf_arena_mark(p->arena);
        const gf_str cells[] = { own(p, h->id), say(p, "%.2f / %.1f", v->pressure_m, h->head_min_m), say(p, "%.2f%s", v->still_m, v->house_prv ? word(p, "（入户减压）", " (valve)") : ""), level(p, v->quantity),
                                 level(p, v->convenience), level(p, v->reliability), level(p, v->quality), level(p, v->all) };
        pdf_row(sheet, cells);
        gf_arena_rewind(p->arena, mark);
    }
    pdf_table_end(sheet);
}

static void draw_norms(village_print *p, pdf_sheet *sheet)
{
    const pdf_column columns[] = { { word(p, "参数", "Parameter"), 0.36, PANGO_ALIGN_LEFT }, { word(p, "取值", "Value"), 0.1, PANGO_ALIGN_RIGHT }, { word(p, "惯用范围", "Usual range"), 0.14, PANGO_ALIGN_RIGHT },
        { word(p, "单位", "Unit"), 0.12, PANGO_ALIGN_LEFT }, { word(p, "来源", "Source"), 0.2, PANGO_ALIGN_LEFT }, { word(p, "把握", "Doubt"), 0.08, PANGO_ALIGN_LEFT } };
    pdf_heading(sheet, gf_str_of(word(p, "七、参数、来源与把握", "7 Parameters, their sources and doubts")), 1);
    pdf_table(sheet, columns, GF_COUNT(columns), 8);
    for (int i = 0; i < GF_WATER_NORM_COUNT; i++) {
        const gf_water_norm_row *row = gf_water_norm_of((gf_water_norm)i);
        bool given = p->plan->village->norms.given[i];
        const gf_str cells[] = { say(p, "%s", word(p, row->zh, row->en)), say(p, "%g", p->plan->village->norms.value[i]), say(p, "%g–%g", row->low, row->high), say(p, "%s", row->unit),
                                 say(p, "%s", given ? word(p, "村级文件", "village file") : row->source), given ? GF_STR("—") : say(p, "%c", row->doubt) };
        pdf_row(sheet, cells);
    }
    pdf_table_end(sheet);
}

static void draw_report(pdf_sheet *sheet, void *context)
{
    void (*const PARTS[])(village_print *, pdf_sheet *) = { draw_title, draw_need, draw_designs, draw_profile, draw_bill, draw_pipes, draw_houses, draw_norms };
    village_print *p = context;
    for (size_t i = 0; i < GF_COUNT(PARTS); i++) {
        gf_mark mark = gf_arena_mark(p->arena);
        PARTS[i](p, sheet);
        gf_arena_rewind(p->arena, mark);
    }
}

gf_status gf_report_village_pdf(const gf_village_plan *plan, gf_str lang, gf_str as_of, gf_text *out, gf_error *err)
{
    static const size_t PRINT_BYTES = (size_t)64 << 20;
    village_print p = { .plan = plan, .arena = gf_arena_open(PRINT_BYTES), .lang = lang, .as_of = as_of, .zh = report_in_zh(lang) };
    if (!p.arena)
        return gf_fail_memory(err);
    pdf_running running = { plan->village->name, gf_str_of(word(&p, "饮水工程计算书", "Calculation report")), as_of, as_of, lang, gf_str_is(plan->village->origin, "demo") };
    gf_status status = pdf_write(&running, draw_report, &p, out, err);
    gf_arena_close(p.arena);
    return status;
}
