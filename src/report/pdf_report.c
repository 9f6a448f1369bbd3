/* The report as an office prints it: a title over a red rule, what it stands on, numbered chapters with the sign of its
 * basis at every figure, and annexes that open each of them.
 */
#include "report/pdf_report.h"

#include <string.h>

static const pdf_look BODY_ZH = { PDF_SERIF, 11.5, 1.42, 23, PANGO_ALIGN_LEFT, true, NULL }, BODY_EN = { PDF_SERIF, 10, 1.25, 0, PANGO_ALIGN_LEFT, false, NULL },
                      LIST_ZH = { PDF_SERIF, 10.5, 1.32, -10.5, PANGO_ALIGN_LEFT, false, NULL }, LIST_EN = { PDF_SERIF, 9.5, 1.2, -9.5, PANGO_ALIGN_LEFT, false, NULL };

/* ---- Figures ---- */

static size_t note_of(report_print *print, const gf_app_derived *derived)
{
    size_t index = (size_t)(derived - print->reported->figures);
    if (print->note[index] == 0) {
        print->order[print->note_count++] = index;
        print->note[index] = print->note_count;
    }
    return print->note[index];
}

void print_add_figure(report_print *print, gf_text *markup, gf_str id, gf_str written)
{
    const gf_app_derived *derived = id.len ? report_figure_of(print->reported, id) : NULL;
    gf_text_add_c(markup, "<span allow_breaks=\"false\">");
    pdf_add(markup, written);
    if (derived)
        pdf_add_sign(markup, derived->figure.basis, note_of(print, derived));
    gf_text_add_c(markup, "</span>");
}

void print_add_value(report_print *print, gf_text *markup, gf_str id)
{
    const gf_app_derived *derived = id.len ? report_figure_of(print->reported, id) : NULL;
    if (!derived) {
        gf_text_add_c(markup, "—");
        return;
    }
    gf_text value;
    gf_text_init(&value, markup->arena);
    gf_figure_write_value(&value, &derived->figure, print->reported->lang);
    print_add_figure(print, markup, id, gf_text_str(&value));
}

/* ---- Sections ---- */

/* 1 一, 12 十二, 40 四十 */
static void add_ordinal(gf_text *out, size_t number)
{
    static const char *const DIGITS[] = { "", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
    if (number >= 100) {
        gf_text_format(out, "%zu", number);
        return;
    }
    if (number >= 20)
        gf_text_add_c(out, DIGITS[number / 10]);
    if (number >= 10)
        gf_text_add_c(out, "十");
    gf_text_add_c(out, DIGITS[number % 10]);
}

void print_section(report_print *print, pdf_sheet *sheet, gf_str title)
{
    gf_text text;
    gf_text_init(&text, print->arena);
    print->section++;
    if (print->zh) {
        add_ordinal(&text, print->section);
        gf_text_add_c(&text, "、");
    } else
        gf_text_format(&text, "%zu. ", print->section);
    gf_text_add(&text, title);
    pdf_heading(sheet, gf_text_str(&text), 1);
}

/* ---- Paragraphs ---- */

/* "【单位】" and "项目：" lead their paragraph; where such a lead ends, or 0. */
static size_t lead_end(gf_str text, bool zh)
{
    const gf_str close = zh ? GF_STR("】") : GF_STR("] "), colon = zh ? GF_STR("：") : GF_STR(": ");
    bool named = gf_str_starts(text, zh ? GF_STR("【") : GF_STR("["));
    size_t at = gf_str_find(text, named ? close : colon), most = named ? 240 : 24;
    return at < text.len && at <= most ? at + (named ? close.len : colon.len) : 0;
}

static void add_part(report_print *print, gf_text *markup, const gf_app_part *part, bool first, bool bullet)
{
    gf_str text = part->text;
    if (part->figure.len) {
        print_add_figure(print, markup, part->figure, text);
        return;
    }
    size_t lead = first && !bullet ? lead_end(text, print->zh) : 0;
    if (lead) {
        gf_text_add_c(markup, "<span font_family=\"Noto Sans CJK SC\" weight=\"bold\" size=\"92%\">");
        pdf_add(markup, gf_str_slice(text, 0, lead));
        gf_text_add_c(markup, "</span>");
    }
    pdf_add(markup, gf_str_slice(text, lead, text.len));
}

static void print_paragraph(report_print *print, pdf_sheet *sheet, const gf_app_paragraph *paragraph, bool bullet)
{
    gf_mark mark = gf_arena_mark(print->arena);
    gf_text markup;
    gf_text_init(&markup, print->arena);
    if (bullet)
        gf_text_add_c(&markup, "<span foreground=\"#c1272d\">·</span> ");
    for (size_t i = 0; i < paragraph->part_count; i++)
        add_part(print, &markup, &paragraph->parts[i], i == 0, bullet);
    if (paragraph->part_count && gf_str_starts(paragraph->parts[0].text, print->zh ? GF_STR("【") : GF_STR("[")))
        pdf_space(sheet, 6);  /* a new unit begins */
    const pdf_look *look = bullet ? (print->zh ? &LIST_ZH : &LIST_EN) : print->zh ? &BODY_ZH : &BODY_EN;
    pdf_text(sheet, look, gf_text_str(&markup));
    pdf_space(sheet, bullet ? 1.5 : print->zh ? 2 : 5);
    gf_arena_rewind(print->arena, mark);
}

static void print_chapter(report_print *print, pdf_sheet *sheet, const gf_app_chapter *chapter)
{
    bool open = gf_str_is(chapter->id, "open"), money = gf_str_is(chapter->id, "money");
    print_section(print, sheet, chapter->title);
    for (size_t i = 0; i < chapter->paragraph_count; i++)
        print_paragraph(print, sheet, &chapter->paragraphs[i], open && i > 0);
    if (money)
        print_money(print, sheet);
}

/* ---- The first page ---- */

static void print_line(report_print *print, pdf_sheet *sheet, const pdf_look *look, const char *head, gf_str text)
{
    gf_mark mark = gf_arena_mark(print->arena);
    gf_text markup;
    gf_text_init(&markup, print->arena);
    gf_text_format(&markup, "<span foreground=\"#666666\">%s</span>  ", head);
    pdf_add(&markup, text);
    pdf_text(sheet, look, gf_text_str(&markup));
    gf_arena_rewind(print->arena, mark);
}

/* What each sign means, and how many figures carry it. */
static void print_legend(report_print *print, pdf_sheet *sheet)
{
    static const pdf_look LOOK = { PDF_SANS, 9, 0, 0, PANGO_ALIGN_LEFT, false, NULL };
    double top = sheet->y, tallest = 0, width = PDF_INNER / 4;
    for (int i = 0; i < 4; i++) {
        int basis = GF_FIGURE_DERIVED - i;
        const report_basis *word = &REPORT_BASIS[basis];
        gf_text markup;
        gf_text_init(&markup, print->arena);
        gf_text_format(&markup, "<span foreground=\"%s\"><b>%s %s</b></span>  %lld\n<span size=\"85%%\" foreground=\"#666666\">%s</span>", word->colour, word->sign,
                       print->zh ? word->zh : word->en, (long long)print->reported->marks[basis], print->zh ? word->zh_means : word->en_means);
        double height = pdf_put(sheet, &LOOK, PDF_LEFT + 10 + i * width, top + 9, width - 14, gf_text_str(&markup));
        tallest = height > tallest ? height : tallest;
    }
    double height = tallest + 18;
    pdf_box(sheet, PDF_LEFT, top, PDF_INNER, 0.5, "#b9b3a6");
    pdf_box(sheet, PDF_LEFT, top + height, PDF_INNER, 0.5, "#b9b3a6");
    sheet->y = top + height + 4;
}

static gf_str join_origins(report_print *print)
{
    static const struct { const char *name, *zh; } WORDS[] = { { "article", "报道" }, { "entered", "录入" }, { "imported", "导入" }, { "sensor", "传感" }, { "demo", "演示" } };
    gf_text text;
    gf_text_init(&text, print->arena);
    for (size_t i = 0; i < print->reported->origin_count; i++) {
        gf_str origin = print->reported->origins[i];
        for (size_t k = 0; print->zh && k < GF_COUNT(WORDS); k++)
            if (gf_str_is(origin, WORDS[k].name))
                origin = gf_str_of(WORDS[k].zh);
        gf_text_add_c(&text, i ? (print->zh ? "、" : ", ") : "");
        gf_text_add(&text, origin);
    }
    return gf_text_str(&text);
}

static void print_title(report_print *print, pdf_sheet *sheet)
{
    static const pdf_look TITLE = { PDF_SANS_BOLD, 22, 1.15, 0, PANGO_ALIGN_CENTER, false, NULL }, UNDER = { PDF_SERIF, 11.5, 1.2, 0, PANGO_ALIGN_CENTER, false, "#333333" },
                          FACT = { PDF_SANS, 9, 1.25, 0, PANGO_ALIGN_LEFT, false, "#1d1d1d" };
    const gf_app_reported *r = print->reported;
    gf_text title, under, head;
    gf_text_init(&title, print->arena);
    gf_text_init(&under, print->arena);
    gf_text_init(&head, print->arena);
    sheet->y += 24;
    pdf_add(&title, r->programme_name);
    pdf_text(sheet, &TITLE, gf_text_str(&title));
    sheet->y += 12;
    pdf_rule(sheet, PDF_LEFT, PDF_INNER, 2.2, "#c1272d");
    sheet->y += 1.6;
    pdf_rule(sheet, PDF_LEFT, PDF_INNER, 0.6, "#c1272d");
    sheet->y += 10;
    gf_text_format(&under, print->zh ? "资金与成效报告　·　%.*s 至 %.*s" : "Report on money and results  ·  %.*s to %.*s", GF_STR_ARG(r->from), GF_STR_ARG(r->to.len ? r->to : r->as_of));
    pdf_text(sheet, &UNDER, gf_text_str(&under));
    sheet->y += 12;
    gf_text_format(&head, print->zh ? "分录 %lld　%.*s" : "entry %lld  %.*s", (long long)r->head_entry, GF_STR_ARG(r->head_hash));
    print_line(print, sheet, &FACT, print->zh ? "编制日期" : "Made on", r->as_of);
    print_line(print, sheet, &FACT, print->zh ? "数据来源" : "Origins", join_origins(print));
    print_line(print, sheet, &FACT, print->zh ? "账本链头" : "Head of the ledger", gf_text_str(&head));
    sheet->y += 7;
    print_legend(print, sheet);
}

/* ---- All of it ---- */

static void draw_report(pdf_sheet *sheet, void *context)
{
    report_print *print = context;
    const gf_app_reported *r = print->reported;
    memset(print->note, 0, (r->figure_count + 1) * sizeof *print->note);
    print->note_count = print->section = 0;
    print_title(print, sheet);
    for (size_t i = 0; i < r->chapter_count && !sheet->full; i++) {
        if (gf_str_is(r->chapters[i].id, "open"))
            print_indicators(print, sheet);
        print_chapter(print, sheet, &r->chapters[i]);
    }
    print_money_annex(print, sheet);
    print_figure_annex(print, sheet);
}

gf_status gf_report_report_pdf(const gf_app_reported *r, gf_text *out, gf_error *err)
{
    static const size_t PRINT_BYTES = (size_t)64 << 20;
    report_print print = { .reported = r, .arena = gf_arena_open(PRINT_BYTES), .zh = report_in_zh(r->lang) };
    gf_text right, anchor;
    if (!print.arena)
        return gf_fail_memory(err);
    print.note = gf_new(print.arena, size_t, r->figure_count + 1);
    print.order = gf_new(print.arena, size_t, r->figure_count + 1);
    gf_text_init(&right, print.arena);
    gf_text_init(&anchor, print.arena);
    gf_text_format(&right, print.zh ? "%.*s 至 %.*s" : "%.*s to %.*s", GF_STR_ARG(r->from), GF_STR_ARG(r->to.len ? r->to : r->as_of));
    gf_text_format(&anchor, print.zh ? "截至 %.*s　账本链头：分录 %lld　%.*s…" : "As of %.*s   Head: entry %lld  %.*s…", GF_STR_ARG(r->as_of), (long long)r->head_entry,
                   GF_STR_ARG(gf_str_slice(r->head_hash, 0, 16)));
    pdf_running running = { r->programme_name, gf_text_str(&right), gf_text_str(&anchor), r->as_of, r->lang, report_is_demo(r) };
    gf_status status = print.note && print.order ? pdf_write(&running, draw_report, &print, out, err) : gf_fail_memory(err);
    gf_arena_close(print.arena);
    return status;
}
