/* A window over the input holds one whole record at a time; fields are pointers into it.
 *
 * find_record_end() looks for the line feed that is outside quotes; split() cuts the record in place and takes the
 * doubled quotes out. A bare field costs one memchr; quoted ones are rare in ledgers and walked byte by byte.
 */
#include "file/gf_file.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_BYTES_MIN = 256 * 1024, RECORD_BYTES_MAX = 1 << 20, FIELDS_MAX = 128 };

struct gf_file_csv {
    gf_file_read_fn *read;
    void            *context;
    const char      *name;
    size_t           record_bytes_max, fields_max;
    char            *window;
    size_t           room, start, end;   /* unread bytes are [start, end) */
    bool             at_end;
    size_t           line, next_line;
    gf_str          *fields;
};

gf_status gf_file_csv_open(const gf_file_csv_options *options, gf_file_read_fn *read, void *context, gf_file_csv **out,
                           gf_error *err)
{
    gf_file_csv *csv = calloc(1, sizeof *csv);
    if (!csv)
        return gf_fail_memory(err);
    csv->read = read;
    csv->context = context;
    csv->name = options->name;
    csv->record_bytes_max = options->record_bytes_max ? options->record_bytes_max : RECORD_BYTES_MAX;
    csv->fields_max = options->fields_max ? options->fields_max : FIELDS_MAX;
    csv->room = WINDOW_BYTES_MIN;
    csv->next_line = 1;
    csv->window = malloc(csv->room);
    csv->fields = calloc(csv->fields_max, sizeof *csv->fields);
    if (!csv->window || !csv->fields) {
        gf_file_csv_close(csv);
        return gf_fail_memory(err);
    }
    *out = csv;
    return GF_OK;
}

void gf_file_csv_close(gf_file_csv *csv)
{
    if (!csv)
        return;
    free(csv->window);
    free(csv->fields);
    free(csv);
}

size_t gf_file_csv_line(const gf_file_csv *csv) { return csv->line; }

static gf_status fail_here(const gf_file_csv *csv, gf_error *err)
{
    return gf_fail_at(err, "%s:%zu", csv->name, csv->line);
}

/* ---- The window ---- */

/* Read more behind the unread bytes, moving or growing the window when it is full. */
static gf_status read_more(gf_file_csv *csv, gf_error *err)
{
    if (csv->start > 0) {
        memmove(csv->window, csv->window + csv->start, csv->end - csv->start);
        csv->end -= csv->start;
        csv->start = 0;
    }
    if (csv->end == csv->room) {
        if (csv->room > csv->record_bytes_max) {
            (void)gf_fail(err, GF_ELIMIT, "csv.long", "Look for a quote that is not closed, or split the text.",
                          "a record is longer than %zu bytes", csv->record_bytes_max);
            return fail_here(csv, err), GF_ELIMIT;
        }
        char *larger = realloc(csv->window, csv->room * 2);
        if (!larger)
            return gf_fail_memory(err);
        csv->window = larger;
        csv->room *= 2;
    }
    size_t got = csv->read(csv->context, csv->window + csv->end, csv->room - csv->end);
    if (got == SIZE_MAX) {
        (void)gf_fail(err, GF_EIO, "csv.read", "", "reading failed");
        return fail_here(csv, err), GF_EIO;
    }
    csv->at_end = got == 0;
    csv->end += got;
    return GF_OK;
}

/* Offset behind the record's line feed, from csv->start; 0 while the window does not hold it whole.
 * `*from` and `*quoted` carry the scan on over a refill. */
static size_t find_record_end(const gf_file_csv *csv, size_t *from, bool *quoted)
{
    const char *base = csv->window + csv->start;
    size_t len = csv->end - csv->start;
    while (*from < len) {
        const char *feed = memchr(base + *from, '\n', len - *from);
        size_t stop = feed ? (size_t)(feed - base) : len;
        for (const char *q = base + *from; (q = memchr(q, '"', (size_t)(base + stop - q))) != NULL; q++)
            *quoted = !*quoted;
        *from = feed ? stop + 1 : stop;
        if (feed && !*quoted)
            return *from;
    }
    return 0;
}

/* Bring one whole record into the window; *len is 0 at the end of the file. */
static gf_status hold_record(gf_file_csv *csv, size_t *len, gf_error *err)
{
    size_t scanned = 0;
    bool quoted = false;
    for (;;) {
        *len = find_record_end(csv, &scanned, &quoted);
        if (*len == 0 && csv->at_end)
            *len = csv->end - csv->start;
        if (*len > csv->record_bytes_max) {
            (void)gf_fail(err, GF_ELIMIT, "csv.long", "Look for a quote that is not closed, or split the text.",
                          "a record is longer than %zu bytes", csv->record_bytes_max);
            return fail_here(csv, err), GF_ELIMIT;
        }
        if (*len || csv->at_end)
            return GF_OK;
        gf_status status = read_more(csv, err);
        if (status != GF_OK)
            return status;
    }
}

/* ---- One record ---- */

static gf_status fail_quote(const gf_file_csv *csv, const char *what, gf_error *err)
{
    (void)gf_fail(err, GF_EINPUT, "csv.quote", "Put the whole field in quotes and double the quotes inside it.", "%s", what);
    return fail_here(csv, err);
}

/* A quoted field at p: its text without the doubled quotes; *p is left behind the closing quote. */
static gf_status take_quoted(const gf_file_csv *csv, char **p, const char *end, gf_str *field, gf_error *err)
{
    char *from = *p + 1, *write = from, *start = from;
    for (;; from++) {
        if (from >= end)
            return fail_quote(csv, "a quote is opened and not closed", err);
        if (*from == '"') {
            if (from + 1 < end && from[1] == '"')
                from++;
            else
                break;
        }
        *write++ = *from;
    }
    *field = (gf_str){ start, (size_t)(write - start) };
    *p = from + 1;
    return GF_OK;
}

static gf_status take_bare(const gf_file_csv *csv, char **p, const char *end, gf_str *field, gf_error *err)
{
    size_t left = (size_t)(end - *p);
    char *comma = memchr(*p, ',', left);
    size_t len = comma ? (size_t)(comma - *p) : left;
    *field = (gf_str){ *p, len };
    if (memchr(*p, '"', len))
        return fail_quote(csv, "a quote stands inside a field that is not quoted", err);
    *p += len;
    return GF_OK;
}

static gf_status split(gf_file_csv *csv, char *p, const char *end, size_t *count, gf_error *err)
{
    for (*count = 0;; p++) {
        if (*count == csv->fields_max) {
            (void)gf_fail(err, GF_ELIMIT, "csv.fields", "Compare the row with the header.", "a row has more than %zu fields",
                          csv->fields_max);
            return fail_here(csv, err), GF_ELIMIT;
        }
        gf_str *field = &csv->fields[(*count)++];
        bool quoted = p < end && *p == '"';
        gf_status status = quoted ? take_quoted(csv, &p, end, field, err) : take_bare(csv, &p, end, field, err);
        if (status != GF_OK)
            return GF_EINPUT;
        if (p >= end)
            return GF_OK;
        if (*p != ',')
            return fail_quote(csv, "text follows a closing quote", err), GF_EINPUT;
    }
}

static size_t count_lines(const char *p, size_t len)
{
    size_t lines = 0;
    for (const char *end = p + len; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        lines++;
    return lines;
}

static gf_status check_text(const gf_file_csv *csv, gf_str record, gf_error *err)
{
    size_t bad = 0;
    if (!gf_utf8_valid(record, &bad))
        (void)gf_fail(err, GF_EINPUT, "csv.encoding", "Save the file as UTF-8.", "byte %zu of the row is not UTF-8", bad + 1);
    else if (memchr(record.data, '\0', record.len))
        (void)gf_fail(err, GF_EINPUT, "csv.nul", "Export the table again as plain CSV.", "the row holds a zero byte");
    else
        return GF_OK;
    return fail_here(csv, err), GF_EINPUT;
}

static void skip_byte_order_mark(gf_str *record)
{
    if (gf_str_starts(*record, GF_STR("\xEF\xBB\xBF")))
        *record = gf_str_slice(*record, 3, record->len);
}

gf_status gf_file_csv_next(gf_file_csv *csv, const gf_str **fields, size_t *count, gf_error *err)
{
    *count = 0;
    for (;;) {
        size_t len;
        csv->line = csv->next_line;
        gf_status status = hold_record(csv, &len, err);
        if (status != GF_OK || len == 0)
            return status;
        gf_str record = { csv->window + csv->start, len };
        csv->start += len;
        csv->next_line += count_lines(record.data, len);
        status = check_text(csv, record, err);
        if (status != GF_OK)
            return status;
        if (csv->line == 1)
            skip_byte_order_mark(&record);
        if (gf_str_ends(record, GF_STR("\n")))
            record.len--;
        if (gf_str_ends(record, GF_STR("\r")))
            record.len--;
        if (record.len == 0 || record.data[0] == '#')
            continue;
        char *first = csv->window + (record.data - csv->window);
        *fields = csv->fields;
        return split(csv, first, first + record.len, count, err);
    }
}

/* ---- Writing ---- */

static bool needs_quotes(gf_str value, size_t index)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] == ',' || value.data[i] == '"' || value.data[i] == '\n' || value.data[i] == '\r')
            return true;
    return index == 0 && (value.len == 0 || value.data[0] == '#');
}

void gf_file_csv_field(gf_text *out, size_t index, gf_str value)
{
    if (index)
        gf_text_add_char(out, ',');
    if (!needs_quotes(value, index)) {
        gf_text_add(out, value);
        return;
    }
    gf_text_add_char(out, '"');
    gf_str rest = value;
    while (rest.len) {
        size_t quote = gf_str_find(rest, GF_STR("\""));
        gf_text_add(out, gf_str_slice(rest, 0, quote));
        if (quote < rest.len)
            gf_text_add_c(out, "\"\"");
        rest = gf_str_slice(rest, quote + 1, rest.len);
    }
    gf_text_add_char(out, '"');
}

void gf_file_csv_end(gf_text *out) { gf_text_add_char(out, '\n'); }
