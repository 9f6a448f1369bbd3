/* The annex of the printed report: every figure by its number, with its name and what it is made of. On paper nothing
 * can be clicked, so what a click would open is printed: at most eight inputs of a figure, and four thousand figures.
 */
#include "report/pdf_report.h"

#include <string.h>

enum { INPUTS_SHOWN = 8, FIGURES_SHOWN = 4000 };

static const char *op_word(const char *op, bool zh)
{
    static const report_word WORDS[] = { { "sum", "合计", "sum of" }, { "difference", "相减", "difference of" }, { "ratio", "相除", "ratio of" },
                                         { "count", "计数", "count" }, { "value", "取自", "from" } };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (strcmp(op, WORDS[i].name) == 0)
            return zh ? WORDS[i].zh : WORDS[i].en;
    return op;
}

static gf_str derivation_cell(report_print *print, const gf_app_derived *derived)
{
    gf_text markup;
    gf_text_init(&markup, print->arena);
    gf_text_format(&markup, "%s", op_word(derived->op, print->zh));
    for (size_t i = 0; i < derived->input_count && i < INPUTS_SHOWN; i++) {
        gf_str input = derived->inputs[i];
        gf_text_add_c(&markup, i == 0 ? " " : print->zh ? "、" : ", ");
        pdf_add(&markup, gf_str_starts(input, GF_STR("doc.")) ? gf_str_slice(input, 0, 16) : input);
    }
    if (derived->input_count > INPUTS_SHOWN)
        gf_text_format(&markup, print->zh ? " … 共 %zu 项" : " … %zu in all", derived->input_count);
    return gf_text_str(&markup);
}

static void figure_row(report_print *print, pdf_sheet *sheet, size_t number)
{
    const gf_app_derived *derived = &print->reported->figures[print->order[number]];
    const gf_figure *figure = &derived->figure;
    gf_mark mark = gf_arena_mark(print->arena);
    gf_text note, value, name;
    gf_text_init(&note, print->arena);
    gf_text_init(&value, print->arena);
    gf_text_init(&name, print->arena);
    gf_text_format(&note, "<span foreground=\"%s\">%s</span> %zu", REPORT_BASIS[figure->basis].colour, REPORT_BASIS[figure->basis].sign, number + 1);
    gf_text plain;
    gf_text_init(&plain, print->arena);
    gf_figure_write_value(&plain, figure, print->reported->lang);
    pdf_add(&value, gf_text_str(&plain));
    pdf_add(&name, figure->label);
    if (figure->period.len) {
        gf_text_add_c(&name, figure->label.len ? " · " : "");
        pdf_add(&name, figure->period);
    }
    gf_text_add_c(&name, "\n<span size=\"85%\" foreground=\"#777777\">");
    pdf_add(&name, figure->id);
    gf_text_add_c(&name, "</span>");
    const gf_str cells[] = { gf_text_str(&note), gf_text_str(&value), gf_text_str(&name), derivation_cell(print, derived) };
    pdf_row(sheet, cells);
    gf_arena_rewind(print->arena, mark);
}

void print_figure_annex(report_print *print, pdf_sheet *sheet)
{
    static const pdf_look NOTE = { PDF_SANS, 8.5, 1.1, 0, PANGO_ALIGN_LEFT, false, "#666666" };
    const pdf_column columns[] = {
        { print->zh ? "号" : "No.", 0.085, PANGO_ALIGN_LEFT }, { print->zh ? "数字" : "Figure", 0.165, PANGO_ALIGN_RIGHT },
        { print->zh ? "所指、期间与编号" : "What, when and its id", 0.45, PANGO_ALIGN_LEFT }, { print->zh ? "由来" : "Made of", 0.30, PANGO_ALIGN_LEFT } };
    pdf_heading(sheet, print->zh ? GF_STR("附二　每个数字的由来") : GF_STR("Annex B  What stands under every figure"), 1);
    pdf_text(sheet, &NOTE, print->zh ? GF_STR("文中每个数字后的记号与号码即此表之号。gongfu trace 编号 可逐层打开任一数字，直至原话、文件或分录。")
                                     : GF_STR("The sign and number behind each figure lead here. gongfu trace ID opens any of them down to words, documents and entries."));
    pdf_space(sheet, 5);
    pdf_table(sheet, columns, GF_COUNT(columns), 8);
    for (size_t i = 0; i < print->note_count && i < FIGURES_SHOWN && !sheet->full; i++)
        figure_row(print, sheet, i);
    pdf_table_end(sheet);
    if (print->note_count > FIGURES_SHOWN)
        pdf_text(sheet, &NOTE, print->zh ? GF_STR("其余数字见 JSON 报告。") : GF_STR("The remaining figures stand in the JSON report."));
    if (sheet->unknown_glyphs)
        pdf_text(sheet, &NOTE, print->zh ? GF_STR("本机字体缺少文中个别字，该字以方框代替；请安装更全的字体后重印。")
                                         : GF_STR("Fonts on this machine lack some characters of this text, shown as boxes: install a fuller font and print again."));
}
