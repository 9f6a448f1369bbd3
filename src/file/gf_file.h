/* file/gf_file.h - bytes in, values out: comma-separated tables (RFC 4180), and the sheets that people upload.
 *
 * Reads from a function or from bytes at hand, never from a path, so that the same reader serves files, uploads and
 * fuzzers. Memory is bounded by the longest record allowed, whatever the length of the file. A line that begins with #
 * is a comment (templates carry one); a first field that begins with # is written quoted.
 * Nothing is global: each reader belongs to one thread, and as many may be open as there is memory for.
 */
#pragma once
#include "base/gf_base.h"

/* Fill up to `room` bytes, room > 0; 0 at the end; SIZE_MAX when reading failed. Short reads are fine. */
typedef size_t gf_file_read_fn(void *context, char *bytes, size_t room);

typedef struct gf_file_csv_options {
    const char *name;             /* for messages: "units.csv"; borrowed until the reader is closed */
    size_t      record_bytes_max; /* with its line end; 0 = 1 MiB */
    size_t      fields_max;       /* of one record; 0 = 128 */
} gf_file_csv_options;

typedef struct gf_file_csv gf_file_csv;

/* GF_ENOMEM only: nothing is read yet. `read` and `context` are borrowed until the reader is closed. */
gf_status gf_file_csv_open(const gf_file_csv_options *options, gf_file_read_fn *read, void *context, gf_file_csv **out,
                           gf_error *err);
/* NULL is a no-op. What the reader reads from is not closed. */
void      gf_file_csv_close(gf_file_csv *csv);

/* The next record: *fields is borrowed until the next call; *count is 0 at the end of the file.
 * Blank lines and comments are passed over. CRLF, LF and a UTF-8 byte order mark are accepted.
 *
 * GF_EINPUT  not UTF-8, a NUL byte, a quote that does not close or stands inside a bare field
 * GF_ELIMIT  a record longer than record_bytes_max, or with more than fields_max fields
 * GF_EIO     reading failed
 * err->where is "name:line". After GF_EINPUT the reader may be asked again: it goes on behind that record.
 */
gf_status gf_file_csv_next(gf_file_csv *csv, const gf_str **fields, size_t *count, gf_error *err);

/* Line, from 1, on which the last record began; 0 before the first. A quoted field may span lines. */
size_t gf_file_csv_line(const gf_file_csv *csv);

/* Append one field, quoted where it must be; `index` 0 begins the record. The caller keeps the text valid UTF-8. */
void gf_file_csv_field(gf_text *out, size_t index, gf_str value);
/* End the record, with LF. */
void gf_file_csv_end(gf_text *out);

/* ---- Sheets: what people upload ---- */

typedef enum gf_file_cell_kind {
    GF_FILE_TEXT,
    GF_FILE_NUMBER,      /* text is its shortest decimal form */
    GF_FILE_DATE,        /* text is a civil day: 2024-02-05 */
    GF_FILE_LOST,        /* a number that the spreadsheet has rounded: "2.02E+19" was an order number once */
    GF_FILE_ERROR        /* #REF! and the like, or a day that is none */
} gf_file_cell_kind;

/* Of a table of text only GF_FILE_TEXT and GF_FILE_LOST come: there is nothing in it that says what a cell is. */
typedef struct gf_file_cell { gf_str text; gf_file_cell_kind kind; } gf_file_cell;

typedef struct gf_file_sheet_options {
    const char *name;             /* for messages; borrowed until the sheet is closed */
    size_t      rows_max;         /* 0 = 1,048,576, what a spreadsheet can hold */
    size_t      columns_max;      /* 0 = 256; cells of a workbook further right are not read */
    size_t      unpacked_bytes_max;   /* of the whole workbook; 0 = 1 GiB */
} gf_file_sheet_options;

typedef struct gf_file_sheet gf_file_sheet;

/* The first visible sheet of a workbook (.xlsx), or a table of text: commas, semicolons or tabs, in UTF-8 or GB18030.
 * `bytes` must stay until the sheet is closed. Text in GB18030 or with other marks costs a copy of the whole.
 *
 * GF_EINPUT  neither of them: an older .xls, a workbook with a password, a damaged one, text of an unknown encoding
 * GF_ELIMIT  it unpacks to more than is allowed, or packs suspiciously well
 */
gf_status   gf_file_sheet_open(gf_str bytes, const gf_file_sheet_options *options, gf_file_sheet **out, gf_error *err);
/* NULL is a no-op. */
void        gf_file_sheet_close(gf_file_sheet *sheet);
/* The next row that holds anything: *cells is borrowed until the next call; *count is 0 at the end.
 * GF_EINPUT and GF_ELIMIT as for opening: a damaged part may show only here; text fails as gf_file_csv_next(). */
gf_status   gf_file_sheet_next(gf_file_sheet *sheet, const gf_file_cell **cells, size_t *count, gf_error *err);
/* Number of the last row, from 1, as the spreadsheet shows it: blank rows count. */
size_t      gf_file_sheet_row(const gf_file_sheet *sheet);
/* "xlsx", "csv, UTF-8", "csv, GB18030": static, for the answer that tells what was read. */
const char *gf_file_sheet_form(const gf_file_sheet *sheet);
