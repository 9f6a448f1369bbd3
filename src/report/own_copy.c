/* A person's own copy: all that the books hold of one person, as JSON for a program and as pages for the person. */
#include "report/pdf.h"

#include <string.h>

/* ---- JSON ---- */

static void add_changes(const gf_app_own_copy *copy, gf_json *json)
{
    char at[GF_UTC_BYTES];
    gf_json_begin(json, "history", '[');
    for (size_t i = 0; i < copy->change_count; i++) {
        const gf_app_change *c = &copy->changes[i];
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "at_utc", (gf_str){ at, gf_utc_format(c->at, at) });
        gf_json_str(json, "author", c->author);
        gf_json_str(json, "op", c->op);
        gf_json_str(json, "field", c->field);
        gf_json_str(json, "old", c->old);
        gf_json_str(json, "new", c->new);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static void add_reveals(const gf_app_own_copy *copy, gf_json *json)
{
    char at[GF_UTC_BYTES];
    gf_json_begin(json, "looked_at", '[');
    for (size_t i = 0; i < copy->reveal_count; i++) {
        const gf_app_reveal *r = &copy->reveals[i];
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "at_utc", (gf_str){ at, gf_utc_format(r->at, at) });
        gf_json_str(json, "who", r->actor);
        gf_json_str(json, "role", r->role);
        gf_json_str(json, "fields", r->fields);
        gf_json_str(json, "reason", r->reason);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

void gf_report_own_copy_json(const gf_app_own_copy *copy, gf_text *out)
{
    gf_json json;
    char at[GF_UTC_BYTES];
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.own_copy/1");
    gf_json_cstr(&json, "register", copy->record.reg->name);
    gf_json_str(&json, "id", copy->record.cells[0]);
    gf_json_str(&json, "made_utc", (gf_str){ at, gf_utc_format(copy->made, at) });
    gf_report_record_json(&copy->record, &json, "record");
    gf_json_begin(&json, "related", '[');
    for (size_t i = 0; i < copy->related_count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "register", copy->related[i].reg->name);
        gf_report_record_json(&copy->related[i], &json, "record");
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    add_changes(copy, &json);
    add_reveals(copy, &json);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

/* ---- Pages ---- */

typedef struct copy_print { const gf_app_own_copy *copy; gf_arena *arena; bool zh; } copy_print;

static gf_str marked(copy_print *print, gf_str plain)
{
    gf_text text;
    gf_text_init(&text, print->arena);
    pdf_add(&text, plain);
    return gf_text_str(&text);
}

static gf_str instant(copy_print *print, gf_utc_ms at)
{
    char text[GF_UTC_BYTES];
    return gf_str_copy(print->arena, (gf_str){ text, gf_utc_format(at, text) });
}

static void draw_heading(pdf_sheet *sheet, gf_str text)
{
    static const pdf_look LOOK = { PDF_SANS_BOLD, 12, 1.2, 0, PANGO_ALIGN_LEFT, false, NULL };
    (void)pdf_keep(sheet, 90);
    sheet->y += 12;
    pdf_text(sheet, &LOOK, text);
    sheet->y += 4;
}

/* Columns that say something, by their names in the reader's language. */
static void draw_record(copy_print *print, pdf_sheet *sheet, const gf_app_record *record)
{
    const pdf_column columns[] = { { print->zh ? "栏目" : "Field", 0.28, PANGO_ALIGN_LEFT }, { print->zh ? "内容" : "Content", 0.72, PANGO_ALIGN_LEFT } };
    pdf_table(sheet, columns, GF_COUNT(columns), 9.5);
    for (size_t i = 0; i < record->reg->column_count; i++) {
        const gf_column *column = &record->reg->columns[i];
        if (record->cells[i].len == 0)
            continue;
        gf_mark mark = gf_arena_mark(print->arena);
        const gf_str cells[] = { marked(print, gf_str_of(print->zh ? column->label_zh : column->label_en)), marked(print, record->cells[i]) };
        pdf_row(sheet, cells);
        gf_arena_rewind(print->arena, mark);
    }
    pdf_table_end(sheet);
}

static void draw_changes(copy_print *print, pdf_sheet *sheet)
{
    const pdf_column columns[] = { { print->zh ? "时间" : "When", 0.26, PANGO_ALIGN_LEFT }, { print->zh ? "谁" : "Who", 0.2, PANGO_ALIGN_LEFT },
                                   { print->zh ? "做了什么" : "What", 0.14, PANGO_ALIGN_LEFT }, { print->zh ? "栏目" : "Field", 0.4, PANGO_ALIGN_LEFT } };
    draw_heading(sheet, print->zh ? GF_STR("谁在何时改了什么") : GF_STR("Who changed what, when"));
    pdf_table(sheet, columns, GF_COUNT(columns), 8.5);
    for (size_t i = 0; i < print->copy->change_count; i++) {
        const gf_app_change *c = &print->copy->changes[i];
        gf_mark mark = gf_arena_mark(print->arena);
        const gf_str cells[] = { instant(print, c->at), marked(print, c->author), marked(print, c->op), marked(print, c->field) };
        pdf_row(sheet, cells);
        gf_arena_rewind(print->arena, mark);
    }
    pdf_table_end(sheet);
}

static void draw_reveals(copy_print *print, pdf_sheet *sheet)
{
    const pdf_column columns[] = { { print->zh ? "时间" : "When", 0.26, PANGO_ALIGN_LEFT }, { print->zh ? "谁" : "Who", 0.2, PANGO_ALIGN_LEFT },
                                   { print->zh ? "看了什么" : "What was seen", 0.2, PANGO_ALIGN_LEFT }, { print->zh ? "理由" : "Reason", 0.34, PANGO_ALIGN_LEFT } };
    draw_heading(sheet, print->zh ? GF_STR("谁看过您的个人信息") : GF_STR("Who has looked at your personal data"));
    if (print->copy->reveal_count == 0) {
        static const pdf_look PLAIN = { PDF_SERIF, 10.5, 1.3, 0, PANGO_ALIGN_LEFT, false, NULL };
        pdf_text(sheet, &PLAIN, print->zh ? GF_STR("日志中没有人看过。") : GF_STR("Nobody, by the log."));
        return;
    }
    pdf_table(sheet, columns, GF_COUNT(columns), 8.5);
    for (size_t i = 0; i < print->copy->reveal_count; i++) {
        const gf_app_reveal *r = &print->copy->reveals[i];
        gf_mark mark = gf_arena_mark(print->arena);
        const gf_str cells[] = { instant(print, r->at), marked(print, r->actor), marked(print, r->fields), marked(print, r->reason) };
        pdf_row(sheet, cells);
        gf_arena_rewind(print->arena, mark);
    }
    pdf_table_end(sheet);
}

static void draw_copy(pdf_sheet *sheet, void *context)
{
    static const pdf_look TITLE = { PDF_SANS_BOLD, 20, 1.15, 0, PANGO_ALIGN_CENTER, false, NULL }, NOTE = { PDF_SERIF, 10, 1.4, 0, PANGO_ALIGN_LEFT, false, "#444444" };
    copy_print *print = context;
    sheet->y += 16;
    pdf_text(sheet, &TITLE, print->zh ? GF_STR("您的个人信息") : GF_STR("Your personal data"));
    sheet->y += 10;
    pdf_rule(sheet, PDF_LEFT, PDF_INNER, 2.2, "#c1272d");
    sheet->y += 12;
    pdf_text(sheet, &NOTE, print->zh ? GF_STR("以下是册上关于您的全部内容：您的记录、提到您的记录、谁改过、谁看过。您可以要求更正或清除。")
                                     : GF_STR("This is all that the books hold of you: your record, the records that name you, who changed them and who looked. You may ask for it to be put right or erased."));
    draw_heading(sheet, gf_str_of(print->zh ? print->copy->record.reg->label_zh : print->copy->record.reg->label_en));
    draw_record(print, sheet, &print->copy->record);
    for (size_t i = 0; i < print->copy->related_count; i++) {
        const gf_app_record *r = &print->copy->related[i];
        draw_heading(sheet, gf_str_of(print->zh ? r->reg->label_zh : r->reg->label_en));
        draw_record(print, sheet, r);
    }
    draw_changes(print, sheet);
    draw_reveals(print, sheet);
}

gf_status gf_report_own_copy_pdf(const gf_app_own_copy *copy, gf_str lang, gf_text *out, gf_error *err)
{
    static const size_t PRINT_BYTES = (size_t)16 << 20;
    copy_print print = { .copy = copy, .arena = gf_arena_open(PRINT_BYTES), .zh = report_in_zh(lang) };
    char day[GF_UTC_BYTES];
    if (!print.arena)
        return gf_fail_memory(err);
    gf_str made = { day, gf_utc_format(copy->made, day) };
    size_t origin = copy->record.reg->column_count + 1;
    pdf_running running = { print.zh ? GF_STR("个人信息副本") : GF_STR("Copy of personal data"), copy->record.cells[0], made, gf_str_slice(made, 0, 10), lang, gf_str_is(copy->record.cells[origin], "demo") };
    gf_status status = pdf_write(&running, draw_copy, &print, out, err);
    gf_arena_close(print.arena);
    return status;
}
