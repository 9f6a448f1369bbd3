/* The report as a workbook: what it is, five columns, each amount, indicators, text, and every figure with its
 * derivation.
 *
 * A sheet for each, so that somebody can go on reckoning with the money and still see for every amount which figure it
 * is.
 */
#include "report/xlsx.h"

#include <string.h>

typedef struct report_book { const gf_app_reported *r; gf_report_xlsx *xlsx; gf_arena *arena; bool zh; gf_error *err; } report_book;

enum { SHEET_COLUMNS_MAX = 12 };

/* A sheet's columns in both languages, as one const table. */
typedef struct sheet_column { gf_str zh, en; gf_report_cell cell; double width; } sheet_column;

static gf_status begin(report_book *b, gf_str zh, gf_str en, const sheet_column *columns, size_t count)
{
    gf_report_xlsx_column heads[SHEET_COLUMNS_MAX];
    for (size_t i = 0; i < count; i++)
        heads[i] = (gf_report_xlsx_column){ b->zh ? columns[i].zh : columns[i].en, columns[i].cell, columns[i].width };
    return gf_report_xlsx_head(b->xlsx, b->zh ? zh : en, heads, count, b->err);
}

#define COLUMN(zh, en, cell, width) { GF_STR_INIT(zh), GF_STR_INIT(en), cell, width }

/* ---- What this is ---- */

static gf_status pair(report_book *b, const char *zh, const char *en, gf_str value)
{
    const gf_str cells[] = { gf_str_of(b->zh ? zh : en), value };
    return gf_report_xlsx_row(b->xlsx, cells, b->err);
}

static gf_str number_text(report_book *b, int64_t number)
{
    gf_text text;
    gf_text_init(&text, b->arena);
    gf_text_format(&text, "%lld", (long long)number);
    return gf_text_str(&text);
}

static gf_status write_summary(report_book *b)
{
    static const sheet_column COLUMNS[] = { COLUMN("项", "Item", GF_REPORT_TEXT, 22), COLUMN("内容", "Value", GF_REPORT_TEXT, 76) };
    const gf_app_reported *r = b->r;
    gf_str head = number_text(b, r->head_entry);
    const struct { const char *zh, *en; gf_str value; } ROWS[] = {
        { "项目群", "Programme", r->programme_name }, { "编号", "Id", r->programme },       { "起", "From", r->from },
        { "至", "To", r->to },                        { "截至", "As of", r->as_of },         { "链头分录", "Head entry", head },
        { "链头哈希", "Head hash", r->head_hash },    { "演示", "Demo", report_is_demo(r) ? (b->zh ? GF_STR("是，全部虚构") : GF_STR("yes, every record is invented")) : (b->zh ? GF_STR("否") : GF_STR("no")) },
    };
    gf_status status = begin(b, GF_STR("概要"), GF_STR("Summary"), COLUMNS, GF_COUNT(COLUMNS));
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(ROWS); i++)
        status = pair(b, ROWS[i].zh, ROWS[i].en, ROWS[i].value);
    for (int basis = GF_FIGURE_DERIVED; status == GF_OK && basis >= GF_FIGURE_NONE; basis--)
        status = pair(b, REPORT_BASIS[basis].zh, REPORT_BASIS[basis].en, number_text(b, r->marks[basis]));
    return status == GF_OK ? pair(b, "说明", "Note", b->zh ? GF_STR("金额单位：元。五栏是五种不同的东西，从不相加；空格为书中没有，不是零。“≥”为至少。")
                                                         : GF_STR("Amounts in yuan. Five columns are five different things, never added; an empty cell is not on record, which is not zero.")) : status;
}

/* ---- Money ---- */

static gf_status write_stage(report_book *b, const gf_app_money *of, const char *stage)
{
    gf_str cells[3 + REPORT_KINDS] = { of->scope_label, of->scope, gf_str_of(report_stage_word(stage, b->r->lang)) };
    bool any = false;
    gf_mark mark = gf_arena_mark(b->arena);
    for (size_t k = 0; k < REPORT_KINDS; k++) {
        const gf_app_money *money = report_money(b->r, of->scope, REPORT_KIND[k].name, stage);
        cells[3 + k] = money ? xlsx_fen_cell(b->arena, money->amount, money->bound) : (gf_str){ "", 0 };
        any = any || money;
    }
    gf_status status = any ? gf_report_xlsx_row(b->xlsx, cells, b->err) : GF_OK;
    gf_arena_rewind(b->arena, mark);
    return status;
}

static gf_status write_columns(report_book *b)
{
    static const sheet_column COLUMNS[] = {
        COLUMN("范围", "Scope", GF_REPORT_TEXT, 28),        COLUMN("范围编号", "Scope id", GF_REPORT_TEXT, 22),  COLUMN("阶段", "Stage", GF_REPORT_TEXT, 10),
        COLUMN("现金（元）", "Cash, CNY", GF_REPORT_FEN, 0), COLUMN("实物（元）", "In kind, CNY", GF_REPORT_FEN, 0), COLUMN("贷款（元）", "Loans, CNY", GF_REPORT_FEN, 20),
        COLUMN("企业投资（元）", "Enterprise investment, CNY", GF_REPORT_FEN, 0), COLUMN("经济成果（元）", "Economic results, CNY", GF_REPORT_FEN, 0) };
    const gf_app_reported *r = b->r;
    gf_status status = begin(b, GF_STR("五栏"), GF_STR("Five columns"), COLUMNS, GF_COUNT(COLUMNS));
    for (size_t i = 0; status == GF_OK && i < r->money_count; i++) {
        if (i && gf_str_eq(r->money[i].scope, r->money[i - 1].scope))
            continue;
        for (size_t s = 0; status == GF_OK && s <= REPORT_STAGES; s++)
            status = write_stage(b, &r->money[i], s < REPORT_STAGES ? REPORT_STAGE[s].name : NULL);
    }
    return status;
}

static const char *kind_word(const char *kind, gf_str lang)
{
    for (size_t k = 0; k < REPORT_KINDS; k++)
        if (strcmp(kind, REPORT_KIND[k].name) == 0)
            return report_word_in(&REPORT_KIND[k], lang);
    return kind;
}

static gf_status write_amounts(report_book *b)
{
    static const sheet_column COLUMNS[] = {
        COLUMN("范围", "Scope", GF_REPORT_TEXT, 28), COLUMN("范围编号", "Scope id", GF_REPORT_TEXT, 22), COLUMN("种类", "Kind", GF_REPORT_TEXT, 14),
        COLUMN("阶段", "Stage", GF_REPORT_TEXT, 10), COLUMN("金额（元）", "Amount, CNY", GF_REPORT_FEN, 20), COLUMN("界", "Bound", GF_REPORT_TEXT, 10),
        COLUMN("依据", "Basis", GF_REPORT_TEXT, 12), COLUMN("数字编号", "Figure", GF_REPORT_TEXT, 60) };
    gf_status status = begin(b, GF_STR("资金明细"), GF_STR("Money"), COLUMNS, GF_COUNT(COLUMNS));
    for (size_t i = 0; status == GF_OK && i < b->r->money_count; i++) {
        const gf_app_money *money = &b->r->money[i];
        const gf_app_derived *derived = report_figure_of(b->r, money->figure);
        gf_figure_basis basis = derived ? derived->figure.basis : GF_FIGURE_NONE;
        gf_mark mark = gf_arena_mark(b->arena);
        const gf_str cells[] = { money->scope_label, money->scope, gf_str_of(kind_word(money->kind, b->r->lang)), gf_str_of(report_stage_word(money->stage, b->r->lang)),
                                 xlsx_fen_cell(b->arena, money->amount, money->bound), gf_str_of(gf_figure_bound_name(money->bound)),
                                 gf_str_of(b->zh ? REPORT_BASIS[basis].zh : REPORT_BASIS[basis].en), money->figure };
        status = gf_report_xlsx_row(b->xlsx, cells, b->err);
        gf_arena_rewind(b->arena, mark);
    }
    return status;
}

/* ---- Indicators, text, figures ---- */

static gf_str value_cell(report_book *b, gf_str id)
{
    const gf_app_derived *derived = id.len ? report_figure_of(b->r, id) : NULL;
    gf_text text;
    gf_text_init(&text, b->arena);
    if (derived && derived->figure.has_value) {
        char number[GF_DECIMAL_BYTES];
        gf_text_add(&text, (gf_str){ number, gf_decimal_format(derived->figure.value, number) });
    }
    return gf_text_str(&text);
}

static gf_status write_indicators(report_book *b)
{
    static const sheet_column COLUMNS[] = {
        COLUMN("指标", "Indicator", GF_REPORT_TEXT, 36), COLUMN("编号", "Id", GF_REPORT_TEXT, 20), COLUMN("地点", "Place", GF_REPORT_TEXT, 16), COLUMN("单位", "Unit", GF_REPORT_TEXT, 12),
        COLUMN("基期", "Baseline", GF_REPORT_DECIMAL, 16), COLUMN("目标", "Target", GF_REPORT_DECIMAL, 16), COLUMN("实际", "Actual", GF_REPORT_DECIMAL, 16),
        COLUMN("变化", "Change", GF_REPORT_DECIMAL, 16), COLUMN("实际之编号", "Figure of the actual", GF_REPORT_TEXT, 50) };
    gf_status status = begin(b, GF_STR("指标"), GF_STR("Indicators"), COLUMNS, GF_COUNT(COLUMNS));
    for (size_t i = 0; status == GF_OK && i < b->r->indicator_count; i++) {
        const gf_app_indicator *in = &b->r->indicators[i];
        const gf_str cells[] = { in->name, in->id, in->place, in->unit, value_cell(b, in->baseline), value_cell(b, in->target), value_cell(b, in->actual), value_cell(b, in->change), in->actual };
        status = gf_report_xlsx_row(b->xlsx, cells, b->err);
    }
    return status;
}

static gf_str joined(report_book *b, const gf_str *items, size_t count)
{
    gf_text text;
    gf_text_init(&text, b->arena);
    for (size_t i = 0; i < count; i++) {
        gf_text_add_c(&text, i ? "; " : "");
        gf_text_add(&text, items[i]);
    }
    return gf_text_str(&text);
}

static gf_status write_chapters(report_book *b)
{
    static const sheet_column COLUMNS[] = { COLUMN("章", "Chapter", GF_REPORT_TEXT, 30), COLUMN("正文", "Text", GF_REPORT_TEXT, 90), COLUMN("所用数字", "Figures", GF_REPORT_TEXT, 40) };
    gf_status status = begin(b, GF_STR("正文"), GF_STR("Chapters"), COLUMNS, GF_COUNT(COLUMNS));
    for (size_t i = 0; status == GF_OK && i < b->r->chapter_count; i++)
        for (size_t p = 0; status == GF_OK && p < b->r->chapters[i].paragraph_count; p++) {
            const gf_app_paragraph *paragraph = &b->r->chapters[i].paragraphs[p];
            gf_mark mark = gf_arena_mark(b->arena);
            const gf_str cells[] = { b->r->chapters[i].title, paragraph->text, joined(b, paragraph->figures, paragraph->figure_count) };
            status = gf_report_xlsx_row(b->xlsx, cells, b->err);
            gf_arena_rewind(b->arena, mark);
        }
    return status;
}

static gf_status write_figure(report_book *b, const gf_app_derived *derived)
{
    const gf_figure *figure = &derived->figure;
    gf_text written;
    gf_mark mark = gf_arena_mark(b->arena);
    gf_text_init(&written, b->arena);
    gf_figure_write_value(&written, figure, b->r->lang);
    const gf_str cells[] = { figure->id, figure->label, value_cell(b, figure->id), figure->unit, gf_text_str(&written), gf_str_of(figure->has_value ? gf_figure_bound_name(figure->bound) : ""),
                             figure->period, gf_str_of(b->zh ? REPORT_BASIS[figure->basis].zh : REPORT_BASIS[figure->basis].en), figure->origin, gf_str_of(derived->op),
                             joined(b, derived->inputs, derived->input_count) };
    gf_status status = gf_report_xlsx_row(b->xlsx, cells, b->err);
    gf_arena_rewind(b->arena, mark);
    return status;
}

static gf_status write_figures(report_book *b)
{
    static const sheet_column COLUMNS[] = {
        COLUMN("编号", "Id", GF_REPORT_TEXT, 52), COLUMN("所指", "What", GF_REPORT_TEXT, 40), COLUMN("数值", "Value", GF_REPORT_DECIMAL, 18), COLUMN("计量单位", "Unit", GF_REPORT_TEXT, 12),
        COLUMN("写作", "As written", GF_REPORT_TEXT, 18), COLUMN("界", "Bound", GF_REPORT_TEXT, 10), COLUMN("期间", "Period", GF_REPORT_TEXT, 18), COLUMN("依据", "Basis", GF_REPORT_TEXT, 12),
        COLUMN("来源", "Origin", GF_REPORT_TEXT, 10), COLUMN("算法", "Operation", GF_REPORT_TEXT, 12), COLUMN("由来", "Made of", GF_REPORT_TEXT, 60) };
    gf_status status = begin(b, GF_STR("数字"), GF_STR("Figures"), COLUMNS, GF_COUNT(COLUMNS));
    for (size_t i = 0; status == GF_OK && i < b->r->figure_count; i++)
        status = write_figure(b, &b->r->figures[i]);
    return status;
}

static gf_status fill(gf_report_xlsx *xlsx, void *context, gf_error *err)
{
    typedef gf_status write_fn(report_book *b);
    static write_fn *const SHEETS[] = { write_summary, write_columns, write_amounts, write_indicators, write_chapters, write_figures };
    report_book *b = context;
    gf_status status = GF_OK;
    b->xlsx = xlsx;
    b->err = err;
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(SHEETS); i++)
        status = SHEETS[i](b);
    return status;
}

gf_status gf_report_report_xlsx(const gf_app_reported *r, gf_text *out, gf_error *err)
{
    static const size_t BOOK_BYTES = (size_t)64 << 20;
    report_book b = { .r = r, .arena = gf_arena_open(BOOK_BYTES), .zh = report_in_zh(r->lang) };
    const gf_report_xlsx_options options = { .title = r->programme_name, .as_of = r->as_of, .demo = report_is_demo(r) };
    gf_status status = b.arena ? xlsx_into_text(&options, fill, &b, out, err) : gf_fail_memory(err);
    gf_arena_close(b.arena);
    return status;
}
