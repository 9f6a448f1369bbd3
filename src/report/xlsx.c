/* Workbooks on libxlsxwriter in its constant-memory mode: a row is on disk before the next begins.
 *
 * Excel keeps 15 digits of a number, so longer ones are text: nothing is rounded behind the reader's back. The date in
 * the file is the report's, so the same input gives the same bytes. 500,000 rows x 45 columns: bench/bench_xlsx.py.
 */
#include "report/xlsx.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { COLUMNS_MAX = 256, ROWS_MAX = 1048575, TEXT_CHARS_MAX = 32000, DIGITS_EXACT = 15, FOLDER_BYTES = 1024, SHEET_CHARS = 27 };
static const size_t ROW_BYTES_MAX = (size_t)64 << 20;

struct gf_report_xlsx {
    lxw_workbook  *book;
    lxw_worksheet *sheet;
    lxw_format    *head, *text, *whole, *decimal, *fen, *fen_at_least, *fen_about;
    gf_arena      *arena;           /* names and widths of the columns; behind `mark` one row at a time */
    gf_mark        mark;
    gf_str         sheet_name;
    gf_report_xlsx_column *columns;
    size_t         column_count;
    lxw_row_t      row;
    int            part;            /* of a table that needs several sheets */
    bool           demo;
    char           folder[FOLDER_BYTES];
};

static gf_status fail_xlsx(lxw_error error, gf_error *err)
{
    return gf_fail(err, error == LXW_ERROR_MEMORY_MALLOC_FAILED ? GF_ENOMEM : GF_EIO, "xlsx.write", "See that the disk has room and the folder may be written.",
                   "the workbook cannot be written: %s", lxw_strerror(error));
}

/* ---- Formats ---- */

static lxw_format *number_format(lxw_workbook *book, const char *form)
{
    lxw_format *format = workbook_add_format(book);
    if (format)
        format_set_num_format(format, form);
    return format;
}

static bool make_formats(gf_report_xlsx *x)
{
    x->head = workbook_add_format(x->book);
    x->text = number_format(x->book, "@");
    x->whole = number_format(x->book, "#,##0");
    x->decimal = number_format(x->book, "General");
    x->fen = number_format(x->book, "#,##0.00");
    x->fen_at_least = number_format(x->book, "\"≥ \"#,##0.00");
    x->fen_about = number_format(x->book, "\"≈ \"#,##0.00");
    if (!x->head || !x->text || !x->whole || !x->decimal || !x->fen || !x->fen_at_least || !x->fen_about)
        return false;
    format_set_bold(x->head);
    format_set_bg_color(x->head, 0xE5EFE9);
    format_set_bottom(x->head, LXW_BORDER_THIN);
    format_set_align(x->head, LXW_ALIGN_VERTICAL_CENTER);
    format_set_text_wrap(x->text);
    format_set_align(x->text, LXW_ALIGN_VERTICAL_TOP);
    return true;
}

static void set_properties(gf_report_xlsx *x, const gf_report_xlsx_options *options)
{
    gf_period day = { 0, 0 };
    (void)gf_period_parse(options->as_of, &day, NULL);
    lxw_doc_properties properties = { .title = (char *)(uintptr_t)gf_str_cstr(x->arena, options->title), .author = "gongfu " GONGFU_VERSION,
                                      .created = (time_t)day.first * 86400, .comments = options->demo ? "演示数据，全部虚构 · demo data, all invented" : "" };
    (void)workbook_set_properties(x->book, &properties);
}

/* ---- Life ---- */

gf_status gf_report_xlsx_open(const gf_report_xlsx_options *options, gf_report_xlsx **out, gf_error *err)
{
    gf_report_xlsx *x = calloc(1, sizeof *x);
    if (!x)
        return gf_fail_memory(err);
    const char *folder = options->folder ? options->folder : getenv("TMPDIR");
    (void)snprintf(x->folder, sizeof x->folder, "%s", folder && *folder ? folder : "/tmp");
    lxw_workbook_options how = { .constant_memory = LXW_TRUE, .tmpdir = x->folder, .use_zip64 = options->large };
    x->arena = gf_arena_open(ROW_BYTES_MAX);
    x->book = x->arena ? workbook_new_opt(options->path, &how) : NULL;
    x->demo = options->demo;
    if (!x->book || !make_formats(x)) {
        gf_report_xlsx_drop(x);
        return gf_fail_memory(err);
    }
    set_properties(x, options);
    *out = x;
    return GF_OK;
}

static void free_handle(gf_report_xlsx *x)
{
    gf_arena_close(x->arena);
    free(x);
}

void gf_report_xlsx_drop(gf_report_xlsx *x)
{
    if (!x)
        return;
    if (x->book)
        lxw_workbook_free(x->book);
    free_handle(x);
}

static void end_sheet(gf_report_xlsx *x)
{
    if (x->sheet && x->column_count)
        (void)worksheet_autofilter(x->sheet, 0, 0, x->row ? x->row - 1 : 0, (lxw_col_t)(x->column_count - 1));
}

gf_status gf_report_xlsx_close(gf_report_xlsx *x, gf_error *err)
{
    end_sheet(x);
    lxw_error error = workbook_close(x->book);
    free_handle(x);
    return error == LXW_NO_ERROR ? GF_OK : fail_xlsx(error, err);
}

/* ---- Sheets ---- */

static double width_of(const gf_report_xlsx_column *column)
{
    static const double BY_CELL[] = { [GF_REPORT_TEXT] = 18, [GF_REPORT_WHOLE] = 10, [GF_REPORT_DECIMAL] = 12, [GF_REPORT_FEN] = 18 };
    return column->width > 0 ? column->width : BY_CELL[column->cell];
}

/* Excel's rule for names: at most 31 characters, none of []:*?/\ ; "name (2)" for the second part. */
static void name_sheet(const gf_report_xlsx *x, char *out, size_t room)
{
    gf_str rest = x->sheet_name;
    gf_text text;
    uint32_t code;
    gf_text_init(&text, x->arena);
    for (int chars = 0; chars < SHEET_CHARS && gf_utf8_next(&rest, &code); chars++)
        gf_text_add_code(&text, code < 0x20 || (code < 0x80 && strchr("[]:*?/\\'", (int)code)) ? '_' : code);
    if (x->part > 1)
        (void)snprintf(out, room, "%.*s(%d)", GF_STR_ARG(gf_text_str(&text)), x->part);
    else
        (void)snprintf(out, room, "%.*s", GF_STR_ARG(gf_text_str(&text)));
}

static void lay_out(gf_report_xlsx *x)
{
    for (size_t i = 0; i < x->column_count; i++)
        (void)worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, width_of(&x->columns[i]), NULL);
    worksheet_freeze_panes(x->sheet, 1, 0);
    worksheet_set_landscape(x->sheet);
    worksheet_set_paper(x->sheet, 9);  /* A4 */
    worksheet_fit_to_pages(x->sheet, 1, 0);
    (void)worksheet_repeat_rows(x->sheet, 0, 0);
    (void)worksheet_set_footer(x->sheet, "&C&P / &N");
    if (x->demo) {
        worksheet_set_tab_color(x->sheet, 0xC1272D);
        (void)worksheet_set_header(x->sheet, "&C演示数据，全部虚构 · demo data, all invented");
    }
}

static gf_status begin_sheet(gf_report_xlsx *x, gf_error *err)
{
    char name[160];
    name_sheet(x, name, sizeof name);
    x->sheet = workbook_add_worksheet(x->book, name);
    if (!x->sheet)
        return gf_fail(err, GF_EINPUT, "xlsx.sheet", "Give every sheet a name of its own.", "the workbook takes no sheet \"%s\"", name);
    lay_out(x);
    lxw_error error = LXW_NO_ERROR;
    for (size_t i = 0; i < x->column_count && error == LXW_NO_ERROR; i++) {
        const char *head = gf_str_cstr(x->arena, x->columns[i].head);
        error = head ? worksheet_write_string(x->sheet, 0, (lxw_col_t)i, head, x->head) : LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    gf_arena_rewind(x->arena, x->mark);
    x->row = 1;
    return error == LXW_NO_ERROR ? GF_OK : fail_xlsx(error, err);
}

gf_status gf_report_xlsx_head(gf_report_xlsx *x, gf_str sheet, const gf_report_xlsx_column *columns, size_t count, gf_error *err)
{
    if (count == 0 || count > COLUMNS_MAX)
        return gf_fail(err, GF_ELIMIT, "xlsx.columns", "Choose fewer columns.", "a sheet takes 1 to %d columns, not %zu", COLUMNS_MAX, count);
    end_sheet(x);
    x->columns = gf_new(x->arena, gf_report_xlsx_column, count);
    x->sheet_name = gf_str_copy(x->arena, sheet);
    if (!x->columns || !x->sheet_name.data)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        x->columns[i] = (gf_report_xlsx_column){ gf_str_copy(x->arena, columns[i].head), columns[i].cell, columns[i].width };
    x->column_count = count;
    x->part = 1;
    x->mark = gf_arena_mark(x->arena);
    return begin_sheet(x, err);
}

/* ---- Cells ---- */

/* A number that a spreadsheet keeps to the last digit. */
static bool exact_double(gf_decimal value, double *out)
{
    static const int64_t LIMIT = INT64_C(1000000000000000);
    char text[GF_DECIMAL_BYTES];
    if (value.digits >= LIMIT || value.digits <= -LIMIT)
        return false;
    (void)gf_decimal_format(value, text);
    *out = strtod(text, NULL);  /* the nearest double: the same 15 digits come back */
    return true;
}

static lxw_error write_text(gf_report_xlsx *x, lxw_col_t column, gf_str cell)
{
    gf_text text;
    uint32_t code;
    size_t chars = gf_utf8_count(cell);
    gf_text_init(&text, x->arena);
    if (chars > TEXT_CHARS_MAX) {
        gf_str rest = cell;
        for (int i = 0; i < TEXT_CHARS_MAX / 2 && gf_utf8_next(&rest, &code); i++)  /* half: a character may count as two */
            gf_text_add_code(&text, code);
        gf_text_format(&text, "… [%zu 字，此处截断，全文见 CSV · %zu characters, cut here, whole in CSV]", chars, chars);
    } else
        gf_text_add(&text, cell);
    gf_str whole = gf_text_str(&text);
    return text.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED : worksheet_write_string(x->sheet, x->row, column, whole.data, x->text);
}

static lxw_error write_fen(gf_report_xlsx *x, lxw_col_t column, gf_str cell)
{
    lxw_format *format = gf_str_starts(cell, GF_STR(">=")) ? x->fen_at_least : gf_str_starts(cell, GF_STR("~")) ? x->fen_about : x->fen;
    gf_str digits = gf_str_slice(cell, format == x->fen_at_least ? 2 : format == x->fen_about ? 1 : 0, cell.len);
    int64_t fen;
    double yuan;
    gf_text text;
    char number[GF_DECIMAL_BYTES];
    if (!gf_str_to_int(digits, &fen))
        return write_text(x, column, cell);
    if (exact_double(gf_fen_to_yuan(fen), &yuan) && fen < INT64_C(1000000000000000) && fen > -INT64_C(1000000000000000))
        return worksheet_write_number(x->sheet, x->row, column, yuan, format);
    gf_text_init(&text, x->arena);
    gf_text_add_c(&text, format == x->fen_at_least ? "≥ " : format == x->fen_about ? "≈ " : "");
    gf_text_add(&text, (gf_str){ number, gf_decimal_format(gf_fen_to_yuan(fen), number) });
    return write_text(x, column, gf_text_str(&text));
}

static lxw_error write_cell(gf_report_xlsx *x, lxw_col_t column, gf_str cell)
{
    gf_decimal value;
    double number;
    gf_report_cell kind = x->columns[column].cell;
    if (cell.len == 0)
        return LXW_NO_ERROR;
    if (kind == GF_REPORT_FEN)
        return write_fen(x, column, cell);
    if (kind != GF_REPORT_TEXT && gf_decimal_parse(cell, &value) && exact_double(value, &number))
        return worksheet_write_number(x->sheet, x->row, column, number, kind == GF_REPORT_WHOLE ? x->whole : x->decimal);
    return write_text(x, column, cell);
}

gf_status gf_report_xlsx_row(gf_report_xlsx *x, const gf_str *cells, gf_error *err)
{
    gf_status status = GF_OK;
    if (x->row > ROWS_MAX) {
        end_sheet(x);
        x->part++;
        status = begin_sheet(x, err);
    }
    lxw_error error = LXW_NO_ERROR;
    for (size_t i = 0; status == GF_OK && i < x->column_count && error == LXW_NO_ERROR; i++)
        error = write_cell(x, (lxw_col_t)i, cells[i]);
    gf_arena_rewind(x->arena, x->mark);
    x->row++;
    return status != GF_OK ? status : error == LXW_NO_ERROR ? GF_OK : fail_xlsx(error, err);
}

/* ---- Into text ---- */

static gf_status take_bytes(FILE *file, gf_text *out, gf_error *err)
{
    char part[65536];
    size_t got;
    rewind(file);
    while ((got = fread(part, 1, sizeof part, file)) > 0)
        gf_text_add(out, (gf_str){ part, got });
    return ferror(file) ? gf_fail(err, GF_EIO, "xlsx.write", "", "the workbook cannot be read back") : gf_text_done(out, err);
}

/* libxlsxwriter writes to a path only: the descriptor of a file without a name has one. */
gf_status xlsx_into_text(const gf_report_xlsx_options *options, xlsx_fill_fn *fill, void *context, gf_text *out, gf_error *err)
{
    char path[64];
    gf_report_xlsx *x = NULL;
    gf_report_xlsx_options own = *options;
    FILE *file = tmpfile();
    if (!file)
        return gf_fail(err, GF_EIO, "xlsx.write", "See that /tmp may be written.", "no file for the workbook can be made");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    own.path = path;
    gf_status status = gf_report_xlsx_open(&own, &x, err);
    if (status == GF_OK)
        status = fill(x, context, err);
    if (status == GF_OK)
        status = gf_report_xlsx_close(x, err);
    else
        gf_report_xlsx_drop(x);
    if (status == GF_OK)
        status = take_bytes(file, out, err);
    (void)fclose(file);
    return status;
}

gf_str xlsx_fen_cell(gf_arena *arena, gf_fen amount, gf_figure_bound bound)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_format(&text, "%s%lld", bound == GF_FIGURE_AT_LEAST ? ">=" : bound == GF_FIGURE_ABOUT ? "~" : "", (long long)amount);
    return gf_text_str(&text);
}
