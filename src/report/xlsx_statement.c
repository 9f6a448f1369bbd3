/* A statement as a workbook: one sheet with a row for each amount, one that says what it stands on. */
#include "report/xlsx.h"

#include <string.h>

typedef struct statement_book { const gf_app_statement *s; gf_arena *arena; gf_str lang; bool zh; } statement_book;

static gf_status write_lines(statement_book *b, gf_report_xlsx *xlsx, gf_error *err)
{
    const gf_report_xlsx_column columns[] = {
        { b->zh ? GF_STR("种类") : GF_STR("Kind"), GF_REPORT_TEXT, 22 }, { b->zh ? GF_STR("阶段") : GF_STR("Stage"), GF_REPORT_TEXT, 12 },
        { b->zh ? GF_STR("金额（元）") : GF_STR("Amount, CNY"), GF_REPORT_FEN, 22 }, { b->zh ? GF_STR("界") : GF_STR("Bound"), GF_REPORT_TEXT, 10 },
        { b->zh ? GF_STR("其中重计（元）") : GF_STR("Counted twice, CNY"), GF_REPORT_FEN, 22 }, { b->zh ? GF_STR("数字编号") : GF_STR("Figure"), GF_REPORT_TEXT, 56 } };
    gf_status status = gf_report_xlsx_head(xlsx, b->zh ? GF_STR("资金表") : GF_STR("Statement"), columns, GF_COUNT(columns), err);
    for (size_t i = 0; status == GF_OK && i < b->s->line_count; i++) {
        const gf_app_money *line = &b->s->lines[i];
        gf_str kind = gf_str_of(line->kind);
        for (size_t k = 0; k < REPORT_KINDS; k++)
            if (strcmp(line->kind, REPORT_KIND[k].name) == 0)
                kind = gf_str_of(report_word_in(&REPORT_KIND[k], b->lang));
        const gf_str cells[] = { kind, gf_str_of(report_stage_word(line->stage, b->lang)), xlsx_fen_cell(b->arena, line->amount, line->bound), gf_str_of(gf_figure_bound_name(line->bound)),
                                 b->s->internal ? xlsx_fen_cell(b->arena, b->s->internal[i], GF_FIGURE_EXACT) : (gf_str){ "", 0 }, line->figure };
        status = gf_report_xlsx_row(xlsx, cells, err);
    }
    return status;
}

static gf_status write_about(statement_book *b, gf_report_xlsx *xlsx, gf_error *err)
{
    const gf_report_xlsx_column columns[] = { { b->zh ? GF_STR("项") : GF_STR("Item"), GF_REPORT_TEXT, 16 }, { b->zh ? GF_STR("内容") : GF_STR("Value"), GF_REPORT_TEXT, 76 } };
    const struct { const char *zh, *en; gf_str value; } ROWS[] = {
        { "范围", "Scope", b->s->scope_label }, { "范围编号", "Scope id", b->s->scope }, { "截至", "Up to", b->s->on },       { "项目群", "Programme", b->s->programme_name },
        { "编制", "Made on", b->s->as_of },     { "链头哈希", "Head hash", b->s->head_hash },
    };
    gf_status status = gf_report_xlsx_head(xlsx, b->zh ? GF_STR("说明") : GF_STR("About"), columns, GF_COUNT(columns), err);
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(ROWS); i++) {
        const gf_str cells[] = { gf_str_of(b->zh ? ROWS[i].zh : ROWS[i].en), ROWS[i].value };
        status = gf_report_xlsx_row(xlsx, cells, err);
    }
    return status;
}

static gf_status fill(gf_report_xlsx *xlsx, void *context, gf_error *err)
{
    gf_status status = write_lines(context, xlsx, err);
    return status == GF_OK ? write_about(context, xlsx, err) : status;
}

gf_status gf_report_statement_xlsx(const gf_app_statement *s, gf_str lang, gf_text *out, gf_error *err)
{
    static const size_t BOOK_BYTES = (size_t)4 << 20;
    statement_book b = { s, gf_arena_open(BOOK_BYTES), lang, report_in_zh(lang) };
    const gf_report_xlsx_options options = { .title = s->scope_label, .as_of = s->as_of, .demo = s->demo };
    gf_status status = b.arena ? xlsx_into_text(&options, fill, &b, out, err) : gf_fail_memory(err);
    gf_arena_close(b.arena);
    return status;
}
