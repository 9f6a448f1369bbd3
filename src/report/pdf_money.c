/* Money and indicators in the printed report: bars where a look tells more than a row, tables for the exact amounts. */
#include "report/pdf_report.h"

#include <string.h>

enum { INDICATORS_DRAWN = 24 };
static const char *const KIND_COLOUR[REPORT_KINDS] = { "#1f5a46", "#2b5f88", "#8a6414", "#b5391f", "#6b6f6d" };
static const pdf_look CAPTION = { PDF_SANS, 8.5, 1.1, 0, PANGO_ALIGN_LEFT, false, "#666666" };

static void add_caption(report_print *print, pdf_sheet *sheet, const char *zh, const char *en)
{
    pdf_text(sheet, &CAPTION, gf_str_of(print->zh ? zh : en));
    pdf_space(sheet, 5);
}

/* ---- Five columns ---- */

static gf_str money_cell(report_print *print, gf_str scope, const char *kind, const char *stage, bool *any)
{
    const gf_app_money *money = report_money(print->reported, scope, kind, stage);
    gf_text markup, amount;
    gf_text_init(&markup, print->arena);
    gf_text_init(&amount, print->arena);
    if (!money)
        return GF_STR("<span foreground=\"#b0aba0\">—</span>");
    *any = true;
    report_amount(&amount, money->amount, money->bound, print->reported->lang);
    print_add_figure(print, &markup, money->figure, gf_text_str(&amount));
    return gf_text_str(&markup);
}

/* One stage of one scope; nothing when no kind reached it. cells[0] leads the row. */
static bool money_row(report_print *print, pdf_sheet *sheet, gf_str lead, gf_str scope, const char *stage, size_t first)
{
    gf_str cells[REPORT_KINDS + 2];
    bool any = false;
    for (size_t k = 0; k < REPORT_KINDS; k++)
        cells[first + k] = money_cell(print, scope, REPORT_KIND[k].name, stage, &any);
    if (!any)
        return false;
    cells[first - 1] = gf_str_of(report_stage_word(stage, print->reported->lang));
    if (first == 2)
        cells[0] = lead;
    pdf_row(sheet, cells);
    return true;
}

static size_t money_rows(report_print *print, pdf_sheet *sheet, gf_str lead, gf_str scope, size_t first)
{
    size_t rows = 0;
    for (size_t s = 0; s <= REPORT_STAGES; s++) {
        gf_mark mark = gf_arena_mark(print->arena);
        rows += money_row(print, sheet, rows ? GF_STR("") : lead, scope, s < REPORT_STAGES ? REPORT_STAGE[s].name : NULL, first);
        gf_arena_rewind(print->arena, mark);
    }
    return rows;
}

static void group_table(report_print *print, pdf_sheet *sheet)
{
    const pdf_column ZH[] = { { "阶段", 0.10, PANGO_ALIGN_LEFT }, { "现金", 0.18, PANGO_ALIGN_RIGHT }, { "实物", 0.18, PANGO_ALIGN_RIGHT },
                              { "贷款", 0.18, PANGO_ALIGN_RIGHT }, { "企业投资", 0.18, PANGO_ALIGN_RIGHT }, { "经济成果", 0.18, PANGO_ALIGN_RIGHT } };
    const pdf_column EN[] = { { "Stage", 0.12, PANGO_ALIGN_LEFT }, { "Cash, CNY", 0.17, PANGO_ALIGN_RIGHT }, { "In kind, CNY", 0.17, PANGO_ALIGN_RIGHT },
                              { "Loans, CNY", 0.18, PANGO_ALIGN_RIGHT }, { "Enterprise investment, CNY", 0.18, PANGO_ALIGN_RIGHT },
                              { "Economic results, CNY", 0.18, PANGO_ALIGN_RIGHT } };
    pdf_table(sheet, print->zh ? ZH : EN, 6, 9);
    (void)money_rows(print, sheet, GF_STR(""), print->reported->scope, 1);
    pdf_table_end(sheet);
}

/* ---- Bars of the group ---- */

static size_t kind_bars(report_print *print, size_t kind, pdf_bar *bars)
{
    size_t count = 0;
    for (size_t s = 0; s <= REPORT_STAGES; s++) {
        const char *stage = s < REPORT_STAGES ? REPORT_STAGE[s].name : NULL;
        const gf_app_money *money = report_money(print->reported, print->reported->scope, REPORT_KIND[kind].name, stage);
        gf_text amount;
        gf_text_init(&amount, print->arena);
        if (!money)
            continue;
        report_amount(&amount, money->amount, money->bound, print->reported->lang);
        gf_str label = gf_str_of(report_stage_word(stage, print->reported->lang));
        bars[count++] = (pdf_bar){ label, gf_text_str(&amount), (double)money->amount, -1, KIND_COLOUR[kind] };
    }
    return count;
}

static void kind_panel(report_print *print, pdf_sheet *sheet, size_t kind)
{
    static const pdf_look NAME = { PDF_SANS_BOLD, 9.5, 0, 0, PANGO_ALIGN_LEFT, false, NULL };
    pdf_bar bars[REPORT_STAGES + 1];
    size_t count = kind_bars(print, kind, bars);
    const double name_width = print->zh ? 62 : 118;
    if (count == 0)
        return;
    (void)pdf_keep(sheet, pdf_bars_height(count) + 8);
    pdf_box(sheet, PDF_LEFT, sheet->y, PDF_INNER, 0.4, "#d9d4c8");
    sheet->y += 4;
    (void)pdf_put(sheet, &NAME, PDF_LEFT, sheet->y, name_width, gf_str_of(report_word_in(&REPORT_KIND[kind], print->reported->lang)));
    pdf_bars(sheet, PDF_LEFT + name_width, PDF_INNER - name_width, print->zh ? 40 : 56, bars, count);
    sheet->y += 4;
}

void print_money(report_print *print, pdf_sheet *sheet)
{
    gf_mark mark = gf_arena_mark(print->arena);
    pdf_heading(sheet, print->zh ? GF_STR("表1　团组资金，按阶段分列五栏") : GF_STR("Table 1  Money of the group: five columns by stage"), 2);
    group_table(print, sheet);
    pdf_heading(sheet, print->zh ? GF_STR("图1　各类资金走到哪一步") : GF_STR("Figure 1  How far each kind of money came"), 2);
    for (size_t k = 0; k < REPORT_KINDS; k++)
        kind_panel(print, sheet, k);
    add_caption(print, sheet, "每一种类各用各的比例尺：条与条只在同一种类之内可比，种类之间不相加。", "Each kind has a scale of its own: bars compare within a kind only, and kinds are never added.");
    gf_arena_rewind(print->arena, mark);
}

/* ---- Money of every scope ---- */

static void scope_rows(report_print *print, pdf_sheet *sheet, const char *prefix)
{
    const gf_app_reported *r = print->reported;
    for (size_t i = 0; i < r->money_count && !sheet->full; i++) {
        const gf_app_money *money = &r->money[i];
        if (!gf_str_starts(money->scope, gf_str_of(prefix)) || (i && gf_str_eq(money->scope, r->money[i - 1].scope)))
            continue;
        gf_mark mark = gf_arena_mark(print->arena);
        gf_text lead;
        gf_text_init(&lead, print->arena);
        pdf_add(&lead, money->scope_label.len ? money->scope_label : money->scope);
        (void)money_rows(print, sheet, gf_text_str(&lead), money->scope, 2);
        gf_arena_rewind(print->arena, mark);
    }
}

static bool has_scope(const gf_app_reported *r, const char *prefix)
{
    for (size_t i = 0; i < r->money_count; i++)
        if (gf_str_starts(r->money[i].scope, gf_str_of(prefix)))
            return true;
    return false;
}

void print_money_annex(report_print *print, pdf_sheet *sheet)
{
    static const struct { const char *prefix, *zh, *en; } SCOPES[] = {
        { "unit:", "单位", "Unit" }, { "place:", "地点", "Place" }, { "project:", "项目", "Project" }, { "fund:", "资金", "Fund" },
    };
    if (print->reported->money_count == 0)
        return;
    pdf_heading(sheet, print->zh ? GF_STR("附一　各单位、各地、各项目资金") : GF_STR("Annex A  Money by unit, place, project and fund"), 1);
    add_caption(print, sheet, "同一笔钱从不同角度各计一次，故各表之间、各行之间均不相加。", "The same money is seen from several sides, so neither tables nor rows are added.");
    for (size_t i = 0; i < GF_COUNT(SCOPES); i++) {
        const pdf_column columns[] = {
            { print->zh ? SCOPES[i].zh : SCOPES[i].en, 0.235, PANGO_ALIGN_LEFT }, { print->zh ? "阶段" : "Stage", 0.09, PANGO_ALIGN_LEFT },
            { print->zh ? "现金" : "Cash, CNY", 0.135, PANGO_ALIGN_RIGHT }, { print->zh ? "实物" : "In kind, CNY", 0.125, PANGO_ALIGN_RIGHT },
            { print->zh ? "贷款" : "Loans, CNY", 0.15, PANGO_ALIGN_RIGHT }, { print->zh ? "企业投资" : "Enterprise inv., CNY", 0.14, PANGO_ALIGN_RIGHT },
            { print->zh ? "经济成果" : "Results, CNY", 0.125, PANGO_ALIGN_RIGHT } };
        if (!has_scope(print->reported, SCOPES[i].prefix))
            continue;
        pdf_table(sheet, columns, GF_COUNT(columns), 8);
        scope_rows(print, sheet, SCOPES[i].prefix);
        pdf_table_end(sheet);
    }
}

/* ---- Indicators ---- */

static double as_double(gf_decimal value)
{
    double out = (double)value.digits;
    for (unsigned i = 0; i < value.scale; i++)
        out /= 10;
    return out;
}

static void indicator_row(report_print *print, pdf_sheet *sheet, const gf_app_indicator *indicator)
{
    gf_mark mark = gf_arena_mark(print->arena);
    const gf_str ids[] = { indicator->baseline, indicator->target, indicator->actual, indicator->change };
    gf_str cells[5];
    gf_text name;
    gf_text_init(&name, print->arena);
    pdf_add(&name, indicator->name);
    cells[0] = gf_text_str(&name);
    for (size_t i = 0; i < GF_COUNT(ids); i++) {
        gf_text markup;
        gf_text_init(&markup, print->arena);
        print_add_value(print, &markup, ids[i]);
        cells[i + 1] = gf_text_str(&markup);
    }
    pdf_row(sheet, cells);
    gf_arena_rewind(print->arena, mark);
}

/* Baseline and actual side by side, where both are known and neither is below zero. */
static bool indicator_bar(report_print *print, pdf_sheet *sheet, const gf_app_indicator *indicator)
{
    const gf_app_derived *before = report_figure_of(print->reported, indicator->baseline), *now = report_figure_of(print->reported, indicator->actual);
    if (!before || !now || !before->figure.has_value || !now->figure.has_value || before->figure.value.digits < 0 || now->figure.value.digits < 0)
        return false;
    gf_mark mark = gf_arena_mark(print->arena);
    gf_text value, name;
    gf_text_init(&value, print->arena);
    gf_text_init(&name, print->arena);
    gf_figure_write_value(&value, &before->figure, print->reported->lang);
    gf_text_add_c(&value, " → ");
    gf_figure_write_value(&value, &now->figure, print->reported->lang);
    pdf_add(&name, indicator->name);
    pdf_bar bar = { gf_text_str(&name), gf_text_str(&value), as_double(now->figure.value), as_double(before->figure.value), KIND_COLOUR[0] };
    (void)pdf_keep(sheet, pdf_bars_height(1) + 6);
    pdf_bars(sheet, PDF_LEFT, PDF_INNER, 150, &bar, 1);
    sheet->y += 3;
    gf_arena_rewind(print->arena, mark);
    return true;
}

static bool can_draw(report_print *print)
{
    for (size_t i = 0; i < print->reported->indicator_count; i++)
        if (report_figure_of(print->reported, print->reported->indicators[i].baseline) && report_figure_of(print->reported, print->reported->indicators[i].actual))
            return true;
    return false;
}

void print_indicators(report_print *print, pdf_sheet *sheet)
{
    const gf_app_reported *r = print->reported;
    const pdf_column columns[] = {
        { print->zh ? "指标" : "Indicator", 0.36, PANGO_ALIGN_LEFT }, { print->zh ? "基期" : "Baseline", 0.16, PANGO_ALIGN_RIGHT }, { print->zh ? "目标" : "Target", 0.16, PANGO_ALIGN_RIGHT },
        { print->zh ? "实际" : "Actual", 0.16, PANGO_ALIGN_RIGHT }, { print->zh ? "变化" : "Change", 0.16, PANGO_ALIGN_RIGHT } };
    if (r->indicator_count == 0)
        return;
    print_section(print, sheet, print->zh ? GF_STR("指标") : GF_STR("Indicators"));
    pdf_table(sheet, columns, GF_COUNT(columns), 9);
    for (size_t i = 0; i < r->indicator_count && !sheet->full; i++)
        indicator_row(print, sheet, &r->indicators[i]);
    pdf_table_end(sheet);
    if (!can_draw(print))
        return;
    pdf_heading(sheet, print->zh ? GF_STR("图2　基期与实际") : GF_STR("Figure 2  Baseline and actual"), 2);
    size_t drawn = 0;
    for (size_t i = 0; i < r->indicator_count && drawn < INDICATORS_DRAWN; i++)
        drawn += indicator_bar(print, sheet, &r->indicators[i]);
    add_caption(print, sheet, "竖线为基期，条为实际；每项指标各用各的比例尺。", "The upright line is the baseline, the bar the actual; each indicator has a scale of its own.");
}
