/* The uploaded rows again, with what is wrong marked. The last column is ours: an import passes it over, so that the file
 * can be corrected and uploaded as it is.
 */
#include "report/gf_report.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { CELL_BYTES = 32000, SENTENCE_BYTES = 1000, SHOWN_MAX = 500 };

struct gf_report_errors {
    lxw_workbook  *book;
    lxw_worksheet *sheet;
    lxw_format    *text, *bad, *sentence;
    const gf_app_imported *imported;
    gf_app_import_error const **by_row;     /* sorted by row */
    size_t         at, width;
    char           cell[CELL_BYTES];
};

static int by_row(const void *a, const void *b)
{
    const gf_app_import_error *const *x = a, *const *y = b;
    return (*x)->row != (*y)->row ? ((*x)->row > (*y)->row) - ((*x)->row < (*y)->row) : ((*x)->column > (*y)->column) - ((*x)->column < (*y)->column);
}

static void drop(gf_report_errors *e)
{
    free(e->by_row);
    free(e);
}

gf_status gf_report_errors_open(const char *path, const gf_app_imported *imported, gf_report_errors **out, gf_error *err)
{
    gf_report_errors *e = calloc(1, sizeof *e);
    if (!e)
        return gf_fail_memory(err);
    e->imported = imported;
    e->by_row = calloc(imported->error_count + 1, sizeof *e->by_row);
    for (size_t i = 0; e->by_row && i < imported->error_count; i++)
        e->by_row[i] = &imported->errors[i];
    if (e->by_row)
        qsort(e->by_row, imported->error_count, sizeof *e->by_row, by_row);
    e->book = e->by_row ? workbook_new(path) : NULL;
    e->sheet = e->book ? workbook_add_worksheet(e->book, "errors") : NULL;
    e->text = e->sheet ? workbook_add_format(e->book) : NULL;
    e->bad = e->text ? workbook_add_format(e->book) : NULL;
    e->sentence = e->bad ? workbook_add_format(e->book) : NULL;
    if (!e->sentence) {
        drop(e);
        return gf_fail_memory(err);
    }
    format_set_num_format(e->text, "@");
    format_set_num_format(e->bad, "@");
    format_set_bg_color(e->bad, 0xF8CBAD);
    format_set_font_color(e->sentence, 0xB3261E);
    *out = e;
    return GF_OK;
}

static const char *cell_text(gf_report_errors *e, gf_str cell)
{
    (void)snprintf(e->cell, sizeof e->cell, "%.*s", GF_STR_ARG(cell));
    return e->cell;
}

bool gf_report_errors_row(gf_report_errors *e, int64_t row, const gf_str *cells, size_t count)
{
    lxw_row_t at = (lxw_row_t)(row - 1);
    bool head = e->width == 0;
    char sentence[SENTENCE_BYTES * 4] = "", one[SENTENCE_BYTES];
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        if (cells[i].len)
            (void)worksheet_write_string(e->sheet, at, (lxw_col_t)i, cell_text(e, cells[i]), e->text);
    e->width = head ? count : e->width;
    while (e->at < e->imported->error_count && e->by_row[e->at]->row < row)
        e->at++;
    for (; e->at < e->imported->error_count && e->by_row[e->at]->row == row; e->at++) {
        const gf_app_import_error *error = e->by_row[e->at];
        (void)snprintf(one, sizeof one, "%.*s. %.*s", GF_STR_ARG(error->what), GF_STR_ARG(error->hint));
        if (error->column > 0 && (size_t)error->column <= count) {
            (void)worksheet_write_string(e->sheet, at, (lxw_col_t)(error->column - 1), cell_text(e, cells[error->column - 1]), e->bad);
            (void)worksheet_write_comment(e->sheet, at, (lxw_col_t)(error->column - 1), one);
        }
        int wrote = snprintf(sentence + len, sizeof sentence - len, "%s%s", len ? " " : "", one);
        len += wrote > 0 && (size_t)wrote < sizeof sentence - len ? (size_t)wrote : 0;
    }
    if (head)
        (void)worksheet_write_string(e->sheet, at, (lxw_col_t)e->width, "错误", e->sentence);
    else if (len)
        (void)worksheet_write_string(e->sheet, at, (lxw_col_t)e->width, sentence, e->sentence);
    return true;
}

gf_status gf_report_errors_close(gf_report_errors *e, gf_error *err)
{
    (void)worksheet_set_column(e->sheet, (lxw_col_t)e->width, (lxw_col_t)e->width, 60, NULL);
    worksheet_freeze_panes(e->sheet, 1, 0);
    lxw_error code = workbook_close(e->book);
    drop(e);
    return code == LXW_NO_ERROR ? GF_OK : gf_fail(err, GF_EIO, "errors.write", "See that there is room on the disk.", "the workbook cannot be written: %s", lxw_strerror(code));
}

/* ---- Answers ---- */

void gf_report_imported_json(const gf_app_imported *m, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    const struct { const char *name; int64_t value; } NUMBERS[] = { { "rows", m->rows }, { "added", m->added }, { "changed", m->changed }, { "unchanged", m->unchanged }, { "refused", m->refused } };
    for (size_t i = 0; i < GF_COUNT(NUMBERS); i++)
        gf_json_int(&json, NUMBERS[i].name, NUMBERS[i].value);
    gf_json_cstr(&json, "form", m->form);
    if (m->id)
        gf_json_int(&json, "import", m->id);
    else
        gf_json_null(&json, "import");
    gf_json_int(&json, "error_count", (int64_t)m->error_count);
    gf_json_begin(&json, "errors", '[');
    for (size_t i = 0; i < m->error_count && i < SHOWN_MAX; i++) {
        const gf_app_import_error *e = &m->errors[i];
        gf_json_begin(&json, NULL, '{');
        gf_json_int(&json, "row", e->row);
        gf_json_str(&json, "column", e->head);
        gf_json_int(&json, "column_number", e->column);
        gf_json_str(&json, "what", e->what);
        gf_json_str(&json, "hint", e->hint);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

void gf_report_imported_text(const gf_app_imported *m, gf_str lang, gf_text *out)
{
    bool en = gf_str_is(lang, "en");
    gf_text_format(out, en ? "%lld rows (%s): %lld added, %lld changed, %lld as they were, %lld refused\n" : "共 %lld 行(%s):新增 %lld,更改 %lld,未变 %lld,拒收 %lld\n", (long long)m->rows, m->form,
                   (long long)m->added, (long long)m->changed, (long long)m->unchanged, (long long)m->refused);
    if (m->refused)
        gf_text_add_c(out, en ? "nothing was kept: correct the rows below and take the file in again\n" : "什么都没有写入:请改正下列各行后重新导入\n");
    if (m->id)
        gf_text_format(out, en ? "import %lld; take it back with: gongfu import undo %lld\n" : "导入编号 %lld;撤销:gongfu import undo %lld\n", (long long)m->id, (long long)m->id);
    for (size_t i = 0; i < m->error_count; i++) {
        const gf_app_import_error *e = &m->errors[i];
        gf_text_format(out, en ? "row %lld %.*s: %.*s. %.*s\n" : "第 %lld 行 %.*s:%.*s。%.*s\n", (long long)e->row, GF_STR_ARG(e->head), GF_STR_ARG(e->what), GF_STR_ARG(e->hint));
    }
}

void gf_report_imports_json(const gf_app_import_line *lines, size_t count, gf_text *out)
{
    gf_json json;
    char at[GF_UTC_BYTES];
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "imports", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_app_import_line *l = &lines[i];
        gf_json_begin(&json, NULL, '{');
        gf_json_int(&json, "id", l->id);
        gf_json_str(&json, "register", l->reg);
        gf_json_str(&json, "file", l->file);
        gf_json_str(&json, "at_utc", (gf_str){ at, gf_utc_format(l->at, at) });
        gf_json_str(&json, "author", l->author);
        gf_json_int(&json, "rows", l->rows);
        gf_json_int(&json, "added", l->added);
        gf_json_int(&json, "changed", l->changed);
        gf_json_str(&json, "state", l->state);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}
