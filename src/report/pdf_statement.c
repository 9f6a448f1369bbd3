/* A statement on paper: scope and day, a row for each stage with a column for each kind, and lines to sign on. No sum
 * at the right: kinds are never added. What is internal to the group stands in the cell whose total it belongs to.
 */
#include "report/pdf.h"

#include <string.h>

typedef struct statement_print { const gf_app_statement *statement; gf_arena *arena; gf_str lang; bool zh; } statement_print;

static const gf_app_money *line_of(const gf_app_statement *statement, const char *kind, const char *stage, size_t *index)
{
    for (size_t i = 0; i < statement->line_count; i++) {
        const gf_app_money *line = &statement->lines[i];
        bool same = stage ? line->stage && strcmp(line->stage, stage) == 0 : !line->stage;
        *index = i;
        if (same && strcmp(line->kind, kind) == 0)
            return line;
    }
    return NULL;
}

static gf_str scope_name(const statement_print *print)
{
    const gf_app_statement *s = print->statement;
    bool group = gf_str_is(s->scope, "group") || gf_str_ends(s->scope, GF_STR("/group"));
    return group && !print->zh ? GF_STR("The group") : s->scope_label.len ? s->scope_label : s->scope;
}

/* Each kind on its own line of the row; what was counted from both sides stands under the amount. */
static gf_str amount_cell(statement_print *print, const char *kind, const char *stage, bool *any)
{
    size_t index;
    const gf_app_money *line = line_of(print->statement, kind, stage, &index);
    gf_text plain, markup;
    gf_text_init(&plain, print->arena);
    gf_text_init(&markup, print->arena);
    if (!line)
        return GF_STR("<span foreground=\"#b0aba0\">—</span>");
    *any = true;
    report_amount(&plain, line->amount, line->bound, print->lang);
    pdf_add(&markup, gf_text_str(&plain));
    gf_fen internal = print->statement->internal ? print->statement->internal[index] : 0;
    if (internal) {
        gf_text_init(&plain, print->arena);
        report_amount(&plain, internal, GF_FIGURE_EXACT, print->lang);
        gf_text_add_c(&markup, "\n<span size=\"80%\" foreground=\"#777777\">");
        pdf_add_c(&markup, print->zh ? "另有重计 " : "counted twice ");
        pdf_add(&markup, gf_text_str(&plain));
        gf_text_add_c(&markup, "</span>");
    }
    return gf_text_str(&markup);
}

static void draw_rows(statement_print *print, pdf_sheet *sheet)
{
    for (size_t s = 0; s <= REPORT_STAGES; s++) {
        const char *stage = s < REPORT_STAGES ? REPORT_STAGE[s].name : NULL;
        gf_str cells[REPORT_KINDS + 1];
        bool any = false;
        gf_mark mark = gf_arena_mark(print->arena);
        cells[0] = gf_str_of(report_stage_word(stage, print->lang));
        for (size_t k = 0; k < REPORT_KINDS; k++)
            cells[k + 1] = amount_cell(print, REPORT_KIND[k].name, stage, &any);
        if (any)
            pdf_row(sheet, cells);
        gf_arena_rewind(print->arena, mark);
    }
}

static void draw_table(statement_print *print, pdf_sheet *sheet)
{
    const pdf_column columns[] = {
        { print->zh ? "阶段" : "Stage", 0.12, PANGO_ALIGN_LEFT },             { print->zh ? "现金" : "Cash, CNY", 0.175, PANGO_ALIGN_RIGHT },
        { print->zh ? "实物" : "In kind, CNY", 0.165, PANGO_ALIGN_RIGHT },    { print->zh ? "贷款" : "Loans, CNY", 0.19, PANGO_ALIGN_RIGHT },
        { print->zh ? "企业投资" : "Enterprise investment, CNY", 0.175, PANGO_ALIGN_RIGHT }, { print->zh ? "经济成果" : "Results, CNY", 0.175, PANGO_ALIGN_RIGHT } };
    pdf_table(sheet, columns, GF_COUNT(columns), 10);
    draw_rows(print, sheet);
    pdf_table_end(sheet);
}

/* Three places for ink: who made it, who checked it, who answers for it. */
static void draw_signatures(statement_print *print, pdf_sheet *sheet)
{
    static const pdf_look LOOK = { PDF_SANS, 10, 0, 0, PANGO_ALIGN_LEFT, false, NULL };
    static const report_word LINES[] = { { "", "制表", "Made by" }, { "", "复核", "Checked by" }, { "", "负责人", "Responsible" } };
    (void)pdf_keep(sheet, 90);
    sheet->y += 44;
    for (size_t i = 0; i < GF_COUNT(LINES); i++) {
        double x = PDF_LEFT + (double)i * PDF_INNER / 3, width = print->zh ? 40 : 62;
        (void)pdf_put(sheet, &LOOK, x, sheet->y, width, gf_str_of(report_word_in(&LINES[i], print->lang)));
        pdf_box(sheet, x + width, sheet->y + 14, PDF_INNER / 3 - width - 14, 0.6, "#333333");
    }
    sheet->y += 40;
    const pdf_look day = { PDF_SANS, 10, 0, 0, PANGO_ALIGN_RIGHT, false, NULL };
    (void)pdf_put(sheet, &day, PDF_LEFT, sheet->y, PDF_INNER - 14, print->zh ? GF_STR("（盖章）　　　　　　　　年　　　月　　　日") : GF_STR("(seal)              date ____________________"));
}

static void draw_title(statement_print *print, pdf_sheet *sheet)
{
    static const pdf_look TITLE = { PDF_SANS_BOLD, 20, 1.15, 0, PANGO_ALIGN_CENTER, false, NULL }, UNDER = { PDF_SERIF, 11.5, 1.3, 0, PANGO_ALIGN_CENTER, false, "#333333" };
    const gf_app_statement *s = print->statement;
    gf_text title, under;
    gf_text_init(&title, print->arena);
    gf_text_init(&under, print->arena);
    sheet->y += 20;
    pdf_add(&title, scope_name(print));
    pdf_add_c(&title, print->zh ? "资金表" : ": statement of money");
    pdf_text(sheet, &TITLE, gf_text_str(&title));
    sheet->y += 10;
    pdf_rule(sheet, PDF_LEFT, PDF_INNER, 2.2, "#c1272d");
    sheet->y += 12;
    if (s->on.len)
        gf_text_format(&under, print->zh ? "截至 %.*s 已到各阶段的资金" : "What had reached each stage by %.*s", GF_STR_ARG(s->on));
    else
        gf_text_add_c(&under, print->zh ? "在册全部分录" : "All entries on record");
    pdf_text(sheet, &UNDER, gf_text_str(&under));
    sheet->y += 14;
}

static void draw_statement(pdf_sheet *sheet, void *context)
{
    static const pdf_look NOTE = { PDF_SANS, 8.5, 1.2, 0, PANGO_ALIGN_LEFT, false, "#666666" };
    statement_print *print = context;
    gf_text head;
    draw_title(print, sheet);
    draw_table(print, sheet);
    pdf_text(sheet, &NOTE, print->zh ? GF_STR("五栏是五种不同的东西，从不相加；各阶段分别计数。“—”为书中没有，不是零；“余”为至少。")
                                     : GF_STR("Five columns are five different things and are never added; stages are counted apart. “—” is not on record, which is not zero."));
    gf_text_init(&head, print->arena);
    gf_text_format(&head, print->zh ? "账本链头：分录 %lld　%.*s" : "Head of the ledger: entry %lld  %.*s", (long long)print->statement->head_entry, GF_STR_ARG(print->statement->head_hash));
    pdf_text(sheet, &NOTE, gf_text_str(&head));
    draw_signatures(print, sheet);
}

gf_status gf_report_statement_pdf(const gf_app_statement *s, gf_str lang, gf_text *out, gf_error *err)
{
    static const size_t PRINT_BYTES = (size_t)16 << 20;
    statement_print print = { .statement = s, .arena = gf_arena_open(PRINT_BYTES), .lang = lang, .zh = report_in_zh(lang) };
    gf_text right, anchor;
    if (!print.arena)
        return gf_fail_memory(err);
    gf_text_init(&right, print.arena);
    gf_text_init(&anchor, print.arena);
    gf_text_format(&right, print.zh ? "资金表　%.*s" : "Statement  %.*s", GF_STR_ARG(scope_name(&print)));
    gf_text_format(&anchor, print.zh ? "编制 %.*s　账本链头：分录 %lld　%.*s…" : "Made %.*s   Head: entry %lld  %.*s…", GF_STR_ARG(s->as_of), (long long)s->head_entry,
                   GF_STR_ARG(gf_str_slice(s->head_hash, 0, 16)));
    pdf_running running = { s->programme_name, gf_text_str(&right), gf_text_str(&anchor), s->as_of, lang, s->demo };
    gf_status status = pdf_write(&running, draw_statement, &print, out, err);
    gf_arena_close(print.arena);
    return status;
}
