/* A village's water design as a workbook: a sheet for each thing that people want to reckon on with. */
#include "report/gf_report_village.h"
#include "report/village_profile.h"
#include "report/xlsx.h"

#include <math.h>

typedef struct village_book { const gf_village_plan *plan; gf_arena *arena; gf_str lang; bool zh; } village_book;

static gf_str number_cell(village_book *b, double value, int decimals)
{
    gf_text text;
    gf_text_init(&text, b->arena);
    if (isfinite(value))
        gf_text_format(&text, "%.*f", decimals, value);
    return gf_text_str(&text);
}

static gf_str word(const village_book *b, const char *zh, const char *en) { return gf_str_of(b->zh ? zh : en); }

static gf_status put_summary(village_book *b, gf_report_xlsx *x, gf_error *err)
{
    const gf_report_xlsx_column columns[] = { { word(b, "方案", "Alternative"), GF_REPORT_TEXT, 26 }, { word(b, "可行", "Feasible"), GF_REPORT_TEXT, 10 },
        { word(b, "减压处", "Breaks"), GF_REPORT_WHOLE, 10 }, { word(b, "入户减压", "House valves"), GF_REPORT_WHOLE, 12 }, { word(b, "环", "Loops"), GF_REPORT_WHOLE, 8 },
        { word(b, "最低压力 m", "Least pressure, m"), GF_REPORT_DECIMAL, 16 }, { word(b, "工程费(元)", "Works, CNY"), GF_REPORT_FEN, 18 },
        { word(b, "预备费(元)", "Contingency, CNY"), GF_REPORT_FEN, 18 }, { word(b, "合计(元)", "Total, CNY"), GF_REPORT_FEN, 18 } };
    gf_status status = gf_report_xlsx_head(x, word(b, "方案比较", "Alternatives"), columns, GF_COUNT(columns), err);
    for (size_t i = 0; i < b->plan->design_count && status == GF_OK; i++) {
        const gf_village_design *d = &b->plan->designs[i];
        const gf_str cells[] = { word(b, d->zh, d->en), d->feasible ? word(b, "是", "yes") : word(b, "否", "no"), number_cell(b, d->breaks, 0), number_cell(b, d->house_prvs, 0),
                                 number_cell(b, d->loops, 0), number_cell(b, d->pressure_least_m, 2), number_cell(b, (double)d->bill.works, 0),
                                 number_cell(b, (double)d->bill.contingency, 0), number_cell(b, (double)d->bill.total, 0) };
        status = gf_report_xlsx_row(x, cells, err);
    }
    return status;
}

static gf_status put_norms(village_book *b, gf_report_xlsx *x, gf_error *err)
{
    const gf_report_xlsx_column columns[] = { { word(b, "参数", "Parameter"), GF_REPORT_TEXT, 34 }, { word(b, "编号", "Id"), GF_REPORT_TEXT, 18 }, { word(b, "取值", "Value"), GF_REPORT_DECIMAL, 10 },
        { word(b, "下限", "Low"), GF_REPORT_DECIMAL, 10 }, { word(b, "上限", "High"), GF_REPORT_DECIMAL, 10 }, { word(b, "单位", "Unit"), GF_REPORT_TEXT, 12 },
        { word(b, "来源", "Source"), GF_REPORT_TEXT, 26 }, { word(b, "把握", "Doubt"), GF_REPORT_TEXT, 8 } };
    gf_status status = gf_report_xlsx_head(x, word(b, "参数", "Parameters"), columns, GF_COUNT(columns), err);
    for (int i = 0; i < GF_WATER_NORM_COUNT && status == GF_OK; i++) {
        const gf_water_norm_row *row = gf_water_norm_of((gf_water_norm)i);
        bool given = b->plan->village->norms.given[i];
        const gf_str cells[] = { word(b, row->zh, row->en), gf_str_of(row->id), number_cell(b, b->plan->village->norms.value[i], 3), number_cell(b, row->low, 2), number_cell(b, row->high, 2),
                                 gf_str_of(row->unit), given ? word(b, "村级文件", "village file") : gf_str_of(row->source), given ? GF_STR("-") : (gf_str){ &row->doubt, 1 } };
        status = gf_report_xlsx_row(x, cells, err);
    }
    return status;
}

static gf_status put_pipes(village_book *b, gf_report_xlsx *x, gf_error *err)
{
    const gf_village_design *d = &b->plan->designs[b->plan->chosen];
    const gf_report_xlsx_column columns[] = { { word(b, "管段", "Pipe"), GF_REPORT_TEXT, 10 }, { word(b, "起", "From"), GF_REPORT_TEXT, 12 }, { word(b, "止", "To"), GF_REPORT_TEXT, 12 },
        { word(b, "管径", "Size"), GF_REPORT_TEXT, 16 }, { word(b, "斜长 m", "True length, m"), GF_REPORT_DECIMAL, 14 }, { word(b, "流量 L/s", "Flow, L/s"), GF_REPORT_DECIMAL, 12 },
        { word(b, "流速 m/s", "Velocity, m/s"), GF_REPORT_DECIMAL, 12 }, { word(b, "最大静水头 m", "Still head, m"), GF_REPORT_DECIMAL, 14 }, { word(b, "分区", "Zone"), GF_REPORT_WHOLE, 8 } };
    gf_status status = gf_report_xlsx_head(x, word(b, "管段", "Pipes"), columns, GF_COUNT(columns), err);
    for (uint32_t i = 0; i < d->pipe_count && status == GF_OK; i++) {
        const gf_village_pipe *p = &d->pipes[i];
        const gf_water_pe *pe = p->pe >= 0 ? &b->plan->village->catalogue.pipes[p->pe] : NULL;
        gf_text size;
        gf_text_init(&size, b->arena);
        if (pe)
            gf_text_format(&size, "DN%u SDR%s", pe->dn_mm, pe->sdr);
        else
            gf_text_add(&size, p->is_prv ? word(b, "减压阀", "reducing valve") : word(b, "未定", "not sized"));
        const gf_str cells[] = { p->id, d->nodes[p->from].id, d->nodes[p->to].id, gf_text_str(&size), number_cell(b, p->length_m, 2), number_cell(b, p->flow_m3s * 1000, 4),
                                 number_cell(b, p->velocity_ms, 3), number_cell(b, p->is_prv ? NAN : d->zones[p->zone].still_m - p->low_m, 2), number_cell(b, p->zone + 1, 0) };
        status = gf_report_xlsx_row(x, cells, err);
    }
    return status;
}

static gf_status put_bill(village_book *b, gf_report_xlsx *x, gf_error *err)
{
    const gf_village_bill *bill = &b->plan->designs[b->plan->chosen].bill;
    const gf_report_xlsx_column columns[] = { { word(b, "项目", "Item"), GF_REPORT_TEXT, 30 }, { word(b, "规格", "Size"), GF_REPORT_TEXT, 16 }, { word(b, "单位", "Unit"), GF_REPORT_TEXT, 8 },
        { word(b, "数量", "Quantity"), GF_REPORT_DECIMAL, 14 }, { word(b, "单价(元)", "Price, CNY"), GF_REPORT_FEN, 14 }, { word(b, "合价(元)", "Amount, CNY"), GF_REPORT_FEN, 18 } };
    gf_status status = gf_report_xlsx_head(x, word(b, "工程量清单", "Bill"), columns, GF_COUNT(columns), err);
    for (size_t i = 0; i < bill->count && status == GF_OK; i++) {
        const gf_village_item *item = &bill->items[i];
        const gf_str cells[] = { word(b, item->zh, item->en), item->size, gf_str_of(village_unit(item->unit, b->zh)), number_cell(b, (double)item->quantity_milli / 1000, 3),
                                 number_cell(b, (double)item->price, 0), number_cell(b, (double)item->total, 0) };
        status = gf_report_xlsx_row(x, cells, err);
    }
    const struct { const char *zh, *en; gf_fen fen; } SUMS[] = { { "工程费", "Works", bill->works }, { "预备费", "Contingency", bill->contingency }, { "合计", "Total", bill->total } };
    for (size_t i = 0; i < GF_COUNT(SUMS) && status == GF_OK; i++) {
        const gf_str none = { "", 0 }, cells[] = { word(b, SUMS[i].zh, SUMS[i].en), none, none, none, none, number_cell(b, (double)SUMS[i].fen, 0) };
        status = gf_report_xlsx_row(x, cells, err);
    }
    return status;
}

static gf_str level(const village_book *b, gf_village_level l)
{
    static const char *const ZH[] = { "不明", "达标", "基本达标", "不达标" };
    return word(b, ZH[l], gf_village_level_word(l));
}

static gf_status put_houses(village_book *b, gf_report_xlsx *x, gf_error *err)
{
    const gf_report_xlsx_column columns[] = { { word(b, "户", "Household"), GF_REPORT_TEXT, 12 }, { word(b, "人口", "Persons"), GF_REPORT_DECIMAL, 8 },
        { word(b, "高峰压力 m", "Peak pressure, m"), GF_REPORT_DECIMAL, 14 }, { word(b, "需要 m", "Needed, m"), GF_REPORT_DECIMAL, 10 }, { word(b, "静水头 m", "Still, m"), GF_REPORT_DECIMAL, 10 },
        { word(b, "水量 L/人·日", "L a person a day"), GF_REPORT_DECIMAL, 14 }, { word(b, "水量", "Quantity"), GF_REPORT_TEXT, 10 }, { word(b, "方便程度", "Convenience"), GF_REPORT_TEXT, 12 },
        { word(b, "保证率", "Reliability"), GF_REPORT_TEXT, 12 }, { word(b, "水质", "Quality"), GF_REPORT_TEXT, 10 }, { word(b, "总评", "Verdict"), GF_REPORT_TEXT, 10 } };
    gf_status status = gf_report_xlsx_head(x, word(b, "饮水安全评价", "Verdicts"), columns, GF_COUNT(columns), err);
    for (size_t i = 0; i < b->plan->village->house_count && status == GF_OK; i++) {
        const gf_village_house *h = &b->plan->village->houses[i];
        const gf_village_verdict *v = &b->plan->verdicts[i];
        const gf_str cells[] = { h->id, number_cell(b, h->persons, 1), number_cell(b, v->pressure_m, 2), number_cell(b, h->head_min_m, 1), number_cell(b, v->still_m, 2), number_cell(b, v->lpd, 1),
                                 level(b, v->quantity), level(b, v->convenience), level(b, v->reliability), level(b, v->quality), level(b, v->all) };
        status = gf_report_xlsx_row(x, cells, err);
    }
    return status;
}

static gf_status fill(gf_report_xlsx *x, void *context, gf_error *err)
{
    gf_status (*const SHEETS[])(village_book *, gf_report_xlsx *, gf_error *) = { put_summary, put_bill, put_pipes, put_houses, put_norms };
    gf_status status = GF_OK;
    for (size_t i = 0; i < GF_COUNT(SHEETS) && status == GF_OK; i++)
        status = SHEETS[i](context, x, err);
    return status;
}

gf_status gf_report_village_xlsx(const gf_village_plan *plan, gf_str lang, gf_str as_of, gf_text *out, gf_error *err)
{
    static const size_t BOOK_BYTES = (size_t)256 << 20;
    village_book b = { plan, gf_arena_open(BOOK_BYTES), lang, report_in_zh(lang) };
    const gf_report_xlsx_options options = { .title = plan->village->name, .as_of = as_of, .demo = gf_str_is(plan->village->origin, "demo") };
    gf_status status = b.arena ? xlsx_into_text(&options, fill, &b, out, err) : gf_fail_memory(err);
    gf_arena_close(b.arena);
    return status;
}
