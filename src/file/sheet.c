/* What people upload: a workbook, or a table of text in whatever encoding and with whatever mark between the fields.
 *
 * Its bytes tell what a file is, never its name. Text that is not UTF-8 is taken as GB18030, which Excel writes in
 * China; a few characters that happen to be valid in both are read as UTF-8. The mark is the one that the first line
 * has most of; other marks are rewritten to commas, so that one CSV reader serves all.
 */
#include "file/sheet_inside.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1048576, COLUMNS_MAX = 256, SNIFFED_BYTES = 4096 };
static const size_t UNPACKED_BYTES_MAX = (size_t)1 << 30;

struct gf_file_sheet {
    xlsx         *book;             /* or else: */
    gf_file_csv  *csv;
    char         *converted;        /* text out of another encoding, or with other marks */
    gf_str        rest;             /* not yet handed to the CSV reader */
    gf_file_cell *cells;
    gf_file_sheet_options options;
    const char   *form;
    size_t        rows;
};

/* ---- What it is ---- */

static const struct { gf_str magic; const char *code, *what, *hint; } REFUSED[] = {
    { GF_STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "sheet.old", "the file is an older .xls, or a workbook with a password", "Save it as .xlsx without a password." },
    { GF_STR_INIT("%PDF-"), "sheet.pdf", "the file is a PDF", "Upload the table itself, as .xlsx or .csv." },
    { GF_STR_INIT("{\\rtf"), "sheet.rtf", "the file is a text document", "Upload the table itself, as .xlsx or .csv." },
};

static bool is_zip(gf_str bytes) { return gf_str_starts(bytes, GF_STR("PK\x03\x04")); }

/* ---- Text ---- */

/* GB18030 to UTF-8; NULL when the bytes are neither. */
static char *convert(gf_str bytes, size_t *len)
{
    size_t room = bytes.len * 2 + 16, in_left = bytes.len, out_left = room;
    char *out = malloc(room), *to = out, *from = (char *)(uintptr_t)bytes.data;
    iconv_t way = iconv_open("UTF-8", "GB18030");
    bool ok = out && way != (iconv_t)-1 && iconv(way, &from, &in_left, &to, &out_left) != (size_t)-1 && in_left == 0;
    if (way != (iconv_t)-1)
        (void)iconv_close(way);
    if (!ok) {
        free(out);
        return NULL;
    }
    *len = room - out_left;
    return out;
}

/* The mark that stands most often in the first line, outside of quotes. */
static char sniff_mark(gf_str text)
{
    static const char MARKS[] = { ',', '\t', ';' };
    size_t counts[sizeof MARKS] = { 0 }, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len && i < SNIFFED_BYTES && (quoted || text.data[i] != '\n'); i++) {
        quoted = text.data[i] == '"' ? !quoted : quoted;
        for (size_t k = 0; k < sizeof MARKS; k++)
            counts[k] += !quoted && text.data[i] == MARKS[k];
    }
    for (size_t k = 1; k < sizeof MARKS; k++)
        best = counts[k] > counts[best] ? k : best;
    return MARKS[best];
}

/* The same table with commas: fields that hold one are put in quotes. */
static char *with_commas(gf_str text, char mark, size_t *len)
{
    gf_arena *arena = gf_arena_open(text.len * 4 + (1 << 20));
    gf_text out;
    bool quoted = false, field_quoted = false;
    size_t start = 0;
    if (!arena)
        return NULL;
    gf_text_init(&out, arena);
    for (size_t i = 0; i <= text.len; i++) {
        char c = i < text.len ? text.data[i] : '\n';
        if (c == '"') {
            quoted = !quoted;
            field_quoted = true;
        }
        if (quoted || (c != mark && c != '\n' && i < text.len))
            continue;
        gf_str field = gf_str_slice(text, start, i);
        bool needs = !field_quoted && memchr(field.data, ',', field.len);
        gf_text_add_c(&out, needs ? "\"" : "");
        gf_text_add(&out, field);
        gf_text_add_c(&out, needs ? "\"" : "");
        if (i < text.len)
            gf_text_add_char(&out, c == mark ? ',' : c);
        start = i + 1;
        field_quoted = false;
    }
    gf_str made = gf_text_str(&out);
    char *copy = out.failed ? NULL : malloc(made.len + 1);
    if (copy)
        memcpy(copy, made.data, made.len);
    *len = made.len;
    gf_arena_close(arena);
    return copy;
}

static size_t read_rest(void *context, char *bytes, size_t room)
{
    gf_file_sheet *s = context;
    size_t count = s->rest.len < room ? s->rest.len : room;
    memcpy(bytes, s->rest.data, count);
    s->rest = gf_str_slice(s->rest, count, s->rest.len);
    return count;
}

static gf_status open_text(gf_file_sheet *s, gf_str bytes, gf_error *err)
{
    size_t bad = 0, len = 0;
    gf_file_csv_options options = { .name = s->options.name, .fields_max = s->options.columns_max };
    s->form = "csv, UTF-8";
    s->rest = bytes;
    if (!gf_utf8_valid(bytes, &bad)) {
        s->converted = convert(bytes, &len);
        if (!s->converted)
            return gf_fail(err, GF_EINPUT, "sheet.encoding", "Save it as CSV UTF-8, or as .xlsx.", "the file is no workbook, and its text is neither UTF-8 (byte %zu) nor GB18030", bad + 1);
        s->form = "csv, GB18030";
        s->rest = (gf_str){ s->converted, len };
    }
    char mark = sniff_mark(s->rest);
    if (mark != ',') {
        char *made = with_commas(s->rest, mark, &len);
        if (!made)
            return gf_fail_memory(err);
        free(s->converted);
        s->converted = made;
        s->rest = (gf_str){ made, len };
    }
    return gf_file_csv_open(&options, read_rest, s, &s->csv, err);
}

/* ---- Cells of text ---- */

/* `6222..., '0123: marks that keep a spreadsheet from rounding. */
static gf_str without_guard(gf_str text)
{
    bool guarded = text.len > 1 && (text.data[0] == '`' || text.data[0] == '\'') && text.data[1] >= '0' && text.data[1] <= '9';
    return gf_str_trim(guarded ? gf_str_slice(text, 1, text.len) : text);
}

static gf_status next_text(gf_file_sheet *s, const gf_file_cell **cells, size_t *count, gf_error *err)
{
    const gf_str *fields;
    gf_status status = gf_file_csv_next(s->csv, &fields, count, err);
    if (status == GF_OK && *count && ++s->rows > s->options.rows_max)
        return gf_fail(err, GF_ELIMIT, "sheet.rows", "Split the table.", "there are more than %zu rows", s->options.rows_max);
    for (size_t i = 0; status == GF_OK && i < *count; i++) {
        gf_str text = without_guard(fields[i]);
        s->cells[i] = (gf_file_cell){ text, sheet_is_lost(text) ? GF_FILE_LOST : GF_FILE_TEXT };
    }
    *cells = s->cells;
    return status;
}

/* ---- The door ---- */

gf_status gf_file_sheet_open(gf_str bytes, const gf_file_sheet_options *options, gf_file_sheet **out, gf_error *err)
{
    for (size_t i = 0; i < GF_COUNT(REFUSED); i++)
        if (gf_str_starts(bytes, REFUSED[i].magic))
            return gf_fail(err, GF_EINPUT, REFUSED[i].code, REFUSED[i].hint, "%s", REFUSED[i].what);
    gf_file_sheet *s = calloc(1, sizeof *s);
    if (!s)
        return gf_fail_memory(err);
    s->options = *options;
    s->options.rows_max = options->rows_max ? options->rows_max : ROWS_MAX;
    s->options.columns_max = options->columns_max ? options->columns_max : COLUMNS_MAX;
    s->options.unpacked_bytes_max = options->unpacked_bytes_max ? options->unpacked_bytes_max : UNPACKED_BYTES_MAX;
    s->cells = calloc(s->options.columns_max + 1, sizeof *s->cells);
    s->form = "xlsx";
    gf_status status = !s->cells ? gf_fail_memory(err) : is_zip(bytes) ? xlsx_open(bytes, &s->options, &s->book, err) : open_text(s, bytes, err);
    if (status != GF_OK) {
        gf_file_sheet_close(s);
        return status;
    }
    *out = s;
    return GF_OK;
}

void gf_file_sheet_close(gf_file_sheet *s)
{
    if (!s)
        return;
    xlsx_close(s->book);
    gf_file_csv_close(s->csv);
    free(s->converted);
    free(s->cells);
    free(s);
}

gf_status gf_file_sheet_next(gf_file_sheet *s, const gf_file_cell **cells, size_t *count, gf_error *err)
{
    return s->book ? xlsx_next(s->book, cells, count, err) : next_text(s, cells, count, err);
}

size_t gf_file_sheet_row(const gf_file_sheet *s) { return s->book ? xlsx_row(s->book) : gf_file_csv_line(s->csv); }

const char *gf_file_sheet_form(const gf_file_sheet *s) { return s->form; }
