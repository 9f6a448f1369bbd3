/* file/gf_file.h - bytes in, values out: comma-separated tables (RFC 4180) in UTF-8.
 *
 * Reads from a function, never from a path, so that the same reader serves files, uploads and fuzzers. Memory is
 * bounded by the longest record allowed, whatever the length of the file. A line that begins with # is a comment
 * (templates carry one); a first field that begins with # is written quoted.
 */
#pragma once
#include "base/gf_base.h"

/* Fill up to `room` bytes; 0 at the end; SIZE_MAX when reading failed. */
typedef size_t gf_file_read_fn(void *context, char *bytes, size_t room);

typedef struct gf_file_csv_options {
    const char *name;             /* for messages: "units.csv"; borrowed */
    size_t      record_bytes_max; /* 0 = 1 MiB */
    size_t      fields_max;       /* 0 = 128 */
} gf_file_csv_options;

typedef struct gf_file_csv gf_file_csv;

/* GF_ENOMEM only: nothing is read yet. */
gf_status gf_file_csv_open(const gf_file_csv_options *options, gf_file_read_fn *read, void *context, gf_file_csv **out,
                           gf_error *err);
void      gf_file_csv_close(gf_file_csv *csv);

/* The next record: *fields is borrowed until the next call; *count is 0 at the end of the file.
 * Blank lines and comments are passed over. CRLF, LF and a UTF-8 byte order mark are accepted.
 *
 * GF_EINPUT  not UTF-8, a NUL byte, a quote that does not close or stands inside a bare field
 * GF_ELIMIT  a record longer than record_bytes_max, or with more than fields_max fields
 * GF_EIO     reading failed
 * err->where is "name:line".
 */
gf_status gf_file_csv_next(gf_file_csv *csv, const gf_str **fields, size_t *count, gf_error *err);

/* Line, from 1, on which the last record began. */
size_t gf_file_csv_line(const gf_file_csv *csv);

/* Append one field; `index` 0 begins the record. End the record with gf_file_csv_end(). */
void gf_file_csv_field(gf_text *out, size_t index, gf_str value);
void gf_file_csv_end(gf_text *out);

/* ---- Sheets: what people upload ---- */

typedef enum gf_file_cell_kind {
    GF_FILE_TEXT,
    GF_FILE_NUMBER,      /* text is its shortest decimal form */
    GF_FILE_DATE,        /* text is a civil day: 2024-02-05 */
    GF_FILE_LOST,        /* a number that the spreadsheet has rounded: "2.02E+19" was an order number once */
    GF_FILE_ERROR        /* #REF! and the like, or a day that is none */
} gf_file_cell_kind;

typedef struct gf_file_cell { gf_str text; gf_file_cell_kind kind; } gf_file_cell;

typedef struct gf_file_sheet_options {
    const char *name;             /* for messages; borrowed */
    size_t      rows_max;         /* 0 = 1,048,576 */
    size_t      columns_max;      /* 0 = 256 */
    size_t      unpacked_bytes_max;   /* of the whole workbook; 0 = 1 GiB */
} gf_file_sheet_options;

typedef struct gf_file_sheet gf_file_sheet;

/* The first sheet of a workbook (.xlsx), or a table of text: commas, semicolons or tabs, in UTF-8 or GB18030. `bytes` must
 * stay until the sheet is closed.
 *
 * GF_EINPUT  neither of them: an older .xls, a workbook with a password, a damaged one, text of an unknown encoding
 * GF_ELIMIT  it unpacks to more than is allowed, or packs suspiciously well
 */
gf_status   gf_file_sheet_open(gf_str bytes, const gf_file_sheet_options *options, gf_file_sheet **out, gf_error *err);
void        gf_file_sheet_close(gf_file_sheet *sheet);
/* The next row that holds anything: *cells is borrowed until the next call; *count is 0 at the end. */
gf_status   gf_file_sheet_next(gf_file_sheet *sheet, const gf_file_cell **cells, size_t *count, gf_error *err);
size_t      gf_file_sheet_row(const gf_file_sheet *sheet);            /* number of the last row, from 1, as the spreadsheet shows it */
const char *gf_file_sheet_form(const gf_file_sheet *sheet);           /* "xlsx", "csv, UTF-8", "csv, GB18030" */

/* ---- Layers: polygons and boundaries with their attributes, from GeoJSON, shapefile, GeoPackage ---- */

typedef struct gf_file_point { double x, y; } gf_file_point;   /* x is east or longitude; finite */

/* A ring (its last point equals its first) or a line. */
typedef struct gf_file_part { const gf_file_point *points; size_t count; } gf_file_part;

typedef struct gf_file_feature {
    const gf_file_part *parts;        /* all rings of all its polygons: inside is even-odd */
    size_t        part_count;         /* > 0 */
    const gf_str *values;             /* of gf_file_layer.fields, as written; data NULL where it has none */
} gf_file_feature;

typedef struct gf_file_layer {
    int    epsg;                      /* 0: the file does not say */
    bool   degrees;                   /* the numbers are degrees */
    const gf_str *fields;             /* BSM, TBBH, DLBM, TBMJ ...: names and values are kept as they are */
    size_t field_count;
    const gf_file_feature *features;
    size_t feature_count, point_count;
} gf_file_layer;

typedef struct gf_file_layer_options {
    const char *name;                 /* for messages; borrowed */
    gf_str      table;                /* of a GeoPackage that holds several; may be empty */
    int         epsg;                 /* what the numbers are in, whatever the file says; 0: as it says */
    bool        boundary;             /* lines are welcome, and rings may cross themselves */
    size_t      features_max;         /* 0 = 2 million */
    size_t      points_max;           /* 0 = 100 million */
} gf_file_layer_options;

/* A shapefile's parts; only `shp` must be there. Text without .cpg is UTF-8 when all of it is, else GB18030. */
typedef struct gf_file_shape { gf_str shp, dbf, prj, cpg; } gf_file_shape;

/* Every reader: `keep` owns the layer (rewound on failure); heights and measures are dropped.
 *
 * GF_EINPUT  "layer.form" another kind of file, or a damaged one; "layer.shape" points where areas are wanted, an open ring,
 *            a ring that crosses itself, no area; "layer.number" NaN; "layer.swapped" x and y changed places;
 *            "layer.degrees" degrees in a system of metres, or metres in one of degrees; "layer.system" a system that has
 *            no number here: give options->epsg; "layer.text" text in no known encoding; "layer.table" which one?
 * GF_ELIMIT  "layer.large" it claims more than the options allow: said before anything is allocated
 * err->where is "name", or "name, feature 12 (BSM 3303290000000012)".
 */
gf_status gf_file_layer_geojson(gf_str bytes, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err);
gf_status gf_file_layer_shape(const gf_file_shape *shape, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err);
gf_status gf_file_layer_gpkg(gf_str bytes, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err);

/* Index of a field, whatever the case of its letters; field_count when it is not there. */
size_t gf_file_layer_field(const gf_file_layer *layer, const char *name);
