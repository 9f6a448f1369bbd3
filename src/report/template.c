/* The workbook that somebody fills in: one column of the register in each column, in the order of the table.
 *
 * Keys, references and long numbers are text cells, so that no spreadsheet rounds them. Lists to choose from lie in a
 * hidden sheet; a list is no fence: what is typed is held against the register when it comes in.
 */
#include "report/gf_report.h"

#include <string.h>
#include <xlsxwriter.h>

enum { FILL_ROWS = 5000, NOTE_BYTES = 600, CELL_BYTES = 400 };

typedef struct book { lxw_workbook *book; lxw_worksheet *sheet, *lists; lxw_format *head, *needed, *text, *day, *plain, *example, *title; } book;

static bool is_number(const gf_column *c) { return c->type == GF_COLUMN_INT || c->type == GF_COLUMN_FEN; }

static lxw_format *format(lxw_workbook *w, const char *number, bool bold, lxw_color_t ground)
{
    lxw_format *f = workbook_add_format(w);
    if (!f)
        return NULL;
    if (number)
        format_set_num_format(f, number);
    if (bold)
        format_set_bold(f);
    if (ground) {
        format_set_bg_color(f, ground);
        format_set_border(f, LXW_BORDER_THIN);
        format_set_text_wrap(f);
    }
    format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    return f;
}

static bool make_formats(book *b)
{
    b->head = format(b->book, "@", true, 0xE8EEF4);
    b->needed = format(b->book, "@", true, 0xFBE3D6);
    b->text = format(b->book, "@", false, 0);
    b->day = format(b->book, "yyyy-mm-dd", false, 0);
    b->plain = format(b->book, NULL, false, 0);
    b->example = format(b->book, "@", false, 0);
    b->title = format(b->book, NULL, true, 0);
    if (!b->head || !b->needed || !b->text || !b->day || !b->plain || !b->example || !b->title)
        return false;
    format_set_font_color(b->example, 0x8A8A8A);
    format_set_italic(b->example);
    return true;
}

static const char *type_words(gf_column_type type)
{
    static const char *const WORDS[] = {
        [GF_COLUMN_KEY] = "编号，唯一 / key, unique", [GF_COLUMN_TEXT] = "文字 / text", [GF_COLUMN_INT] = "整数 / whole number", [GF_COLUMN_DECIMAL] = "小数 / decimal",
        [GF_COLUMN_FEN] = "整数，单位分 / whole fen", [GF_COLUMN_DATE] = "日期 2024-02-05 / day", [GF_COLUMN_PERIOD] = "日期或期间 2021-07/2023-12 / date or period",
        [GF_COLUMN_BOUND] = "界 exact、at_least、about / bound", [GF_COLUMN_CHOICE] = "选一 / one of", [GF_COLUMN_CODE] = "代码 / code", [GF_COLUMN_REF] = "引用编号 / a key of",
        [GF_COLUMN_REFS] = "引用编号，分号相隔 / keys of, with ; between", [GF_COLUMN_PERSONAL] = "个人信息，加密保存 / personal, kept sealed", [GF_COLUMN_FILE] = "",
    };
    return WORDS[type];
}

static void write_note(book *b, lxw_col_t at, const gf_column *c)
{
    char note[NOTE_BYTES];
    (void)snprintf(note, sizeof note, "%s\n%s\n%s%s%s%s", c->name, c->label_en, type_words(c->type), c->arg ? ": " : "", c->arg ? c->arg : "", c->required ? "\n必填 / needed" : "");
    lxw_comment_options options = { .author = "gongfu", .width = 240, .height = 110 };
    (void)worksheet_write_comment_opt(b->sheet, 0, at, note, &options);
}

/* A list out of the hidden sheet; a list of words stands in the rule itself. */
static void add_list(book *b, lxw_col_t at, const gf_column *c, const gf_report_choices *choices)
{
    char formula[80], words[16][64], *list[17] = { NULL };
    lxw_data_validation rule = { .validate = LXW_VALIDATION_TYPE_NONE, .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING, .ignore_blank = LXW_VALIDATION_ON };
    if (choices && choices->count && c->type == GF_COLUMN_REF) {
        (void)snprintf(formula, sizeof formula, "=lists!$%c%c$2:$%c%c$%zu", 'A' + at / 26, 'A' + at % 26, 'A' + at / 26, 'A' + at % 26, choices->count + 1);
        if (at < 26)
            (void)snprintf(formula, sizeof formula, "=lists!$%c$2:$%c$%zu", 'A' + at, 'A' + at, choices->count + 1);
        rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
        rule.value_formula = formula;
    } else if (c->type == GF_COLUMN_CHOICE || c->type == GF_COLUMN_BOUND) {
        gf_str rest = gf_str_of(c->type == GF_COLUMN_BOUND ? "exact|at_least|about" : c->arg), word;
        size_t count = 0;
        while (count < 16 && gf_str_cut(&rest, '|', &word)) {
            (void)snprintf(words[count], sizeof words[count], "%.*s", GF_STR_ARG(word));
            list[count] = words[count];
            count++;
        }
        rule.validate = LXW_VALIDATION_TYPE_LIST;
        rule.value_list = list;
    }
    if (rule.validate != LXW_VALIDATION_TYPE_NONE)
        (void)worksheet_data_validation_range(b->sheet, 1, at, FILL_ROWS, at, &rule);
}

/* The first word of a choice in the lists is what a cell takes; the name stands beside it for who looks there. */
static void write_choices(book *b, lxw_col_t at, const gf_column *c, const gf_report_choices *choices)
{
    char cell[CELL_BYTES];
    (void)worksheet_write_string(b->lists, 0, at, c->name, b->title);
    for (size_t i = 0; choices && i < choices->count; i++) {
        (void)snprintf(cell, sizeof cell, "%.*s", GF_STR_ARG(choices->rows[i].id));
        (void)worksheet_write_string(b->lists, (lxw_row_t)i + 1, at, cell, b->text);
    }
}

static void write_example(book *b, lxw_col_t at, const gf_column *c)
{
    char cell[CELL_BYTES];
    (void)snprintf(cell, sizeof cell, "%s%s", at == 0 ? "# " : "", c->example && c->example[0] ? c->example : "");
    (void)worksheet_write_string(b->sheet, 1, at, cell, b->example);
}

static void write_column(book *b, lxw_col_t at, const gf_column *c, const gf_report_choices *choices)
{
    char head[CELL_BYTES];
    lxw_format *form = c->type == GF_COLUMN_DATE ? b->day : is_number(c) || c->type == GF_COLUMN_DECIMAL ? b->plain : b->text;
    (void)snprintf(head, sizeof head, "%s%s", c->label_zh, c->required ? " *" : "");
    (void)worksheet_set_column(b->sheet, at, at, c->type == GF_COLUMN_TEXT ? 24 : 16, form);
    (void)worksheet_write_string(b->sheet, 0, at, head, c->required ? b->needed : b->head);
    write_note(b, at, c);
    write_example(b, at, c);
    write_choices(b, at, c, choices);
    add_list(b, at, c, choices);
}

static void write_manual(book *b, const gf_register *reg, const gf_report_choices *choices)
{
    static const char *const HEADS[] = { "列", "name", "必填", "怎么填 / what", "可选 / choices", "示例 / example" };
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, "说明");
    lxw_row_t row = 3;
    if (!sheet)
        return;
    (void)worksheet_write_string(sheet, 0, 0, reg->label_zh, b->title);
    (void)worksheet_write_string(sheet, 1, 0, "第 2 行是示例，导入时跳过。带 * 的列必填。编号和长数字请保持文本格式。 Row 2 is an example and passed over. Columns with * are needed. Keep keys and long numbers as text.", NULL);
    for (size_t i = 0; i < GF_COUNT(HEADS); i++)
        (void)worksheet_write_string(sheet, 2, (lxw_col_t)i, HEADS[i], b->head);
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *c = &reg->columns[i];
        if (c->type == GF_COLUMN_FILE)
            continue;
        char count[60];
        (void)snprintf(count, sizeof count, "%s", c->arg ? c->arg : "");
        const char *const cells[] = { c->label_zh, c->name, c->required ? "是" : "", type_words(c->type), count, c->example ? c->example : "" };
        for (size_t k = 0; k < GF_COUNT(cells); k++)
            (void)worksheet_write_string(sheet, row, (lxw_col_t)k, cells[k], NULL);
        row++;
    }
    (void)worksheet_set_column(sheet, 0, 2, 16, NULL);
    (void)worksheet_set_column(sheet, 3, 5, 44, NULL);
    (void)choices;
}

gf_status gf_report_template_xlsx(const gf_register *reg, const gf_report_choices *choices, const char *path, gf_error *err)
{
    book b = { .book = workbook_new(path) };
    char name[32];
    if (!b.book || !make_formats(&b))
        return gf_fail_memory(err);
    lxw_doc_properties properties = { .title = (char *)(uintptr_t)reg->label_zh, .company = "gongfu", .created = 1704067200 };
    (void)workbook_set_properties(b.book, &properties);
    (void)snprintf(name, sizeof name, "%.30s", reg->name);
    b.sheet = workbook_add_worksheet(b.book, name);
    b.lists = workbook_add_worksheet(b.book, "lists");
    lxw_col_t at = 0;
    for (size_t i = 0; b.sheet && b.lists && i < reg->column_count; i++)
        if (reg->columns[i].type != GF_COLUMN_FILE)
            write_column(&b, at++, &reg->columns[i], choices ? &choices[i] : NULL);
    if (b.sheet && strcmp(reg->name, "entries") != 0) {
        (void)worksheet_write_string(b.sheet, 0, at, "依据", b.head);
        (void)worksheet_write_comment(b.sheet, 0, at, "source: 事实、来源或文件的编号，分号相隔 / keys of facts, sources, documents");
    }
    if (b.lists)
        worksheet_hide(b.lists);
    if (b.sheet)
        worksheet_freeze_panes(b.sheet, 1, 1);
    write_manual(&b, reg, choices);
    lxw_error code = workbook_close(b.book);
    return code == LXW_NO_ERROR ? GF_OK : gf_fail(err, GF_EIO, "template.write", "See that there is room on the disk.", "the template cannot be written: %s", lxw_strerror(code));
}
