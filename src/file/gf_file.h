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

/* ---- Elevation: SRTM tiles (.hgt), GeoTIFF, ESRI grids (.asc), each of them also as the only one in a .zip ---- */

typedef struct gf_file_dem {
    size_t rows, columns;             /* > 0 */
    double west, north;               /* outer corner of the upper left cell */
    double step_x, step_y;            /* width and height of a cell, > 0, in the unit of the coordinates */
    int    epsg;                      /* 0: the file does not say */
    bool   degrees;                   /* the file says, or its numbers show, that its coordinates are degrees */
    const float *height_m;            /* rows * columns, row by row from the north; NAN where nothing is known */
    size_t void_count;                /* cells that are NAN */
} gf_file_dem;

typedef struct gf_file_dem_options {
    uint64_t cells_max;               /* 0 = 400 million */
    double   nodata;                  /* one more value that means "nothing known", where has_nodata */
    bool     has_nodata;
} gf_file_dem_options;

/* Read the heights. `name` is the file's own name without folders: an SRTM tile tells its place by it, messages show it.
 * Voids are the value the file itself declares (any value, positive ones too), -32768 in an SRTM tile, and what is not
 * a finite number. Other heights outside -500 ... 9000 m are refused: such a file has a void value that it does not declare.
 *
 *   keep   owns out->height_m; nothing else stays in it
 *
 * GF_EINPUT  "dem.form" none of the kinds, or a damaged one; "dem.name" an SRTM tile whose name tells no place;
 *            "dem.height" a value that is no height; "dem.turned" a raster that is rotated or mirrored; "dem.kind" samples
 *            that are no plain numbers; "dem.place" a raster that tells no place
 * GF_ELIMIT  "dem.large" it claims more than cells_max cells: said before anything is allocated
 */
gf_status gf_file_dem_read(gf_str bytes, gf_str name, const gf_file_dem_options *options, gf_arena *keep, gf_file_dem *out,
                           gf_error *err);

/* ---- Rasters out ---- */

typedef enum gf_file_sample { GF_FILE_UINT8, GF_FILE_FLOAT32 } gf_file_sample;

typedef struct gf_file_raster {
    size_t rows, columns;
    double west, north, step_x, step_y;
    int    epsg;                      /* a projected system */
    gf_file_sample sample;
    double nodata;                    /* declared in the file */
    /* Give one row: `columns` samples. Called from the north on, once a row, and again for none. */
    void (*row)(void *context, size_t row, void *samples);
    void  *context;
} gf_file_raster;

/* A GeoTIFF: tiles of 256 x 256, Deflate. GF_ENOMEM; GF_ELIMIT "raster.large" over 4 GB. */
gf_status gf_file_raster_tiff(const gf_file_raster *raster, gf_text *out, gf_error *err);

/* A palette picture: samples (uint8) index `palette`, 0xRRGGBBAA. `world` is the text of its .pgw file. */
gf_status gf_file_raster_png(const gf_file_raster *raster, const uint32_t palette[256], gf_text *out, gf_text *world, gf_error *err);

/* ---- Pictures: JPEG, PNG and BMP into planes, masks out ---- */

/* I420: luma in full size, both chroma planes in half size rounded up; full range by BT.601 as in JFIF. A grey picture has
 * 128 in both. Rows lie without gaps. */
typedef struct gf_file_picture {
    size_t   width, height;
    uint8_t *y, *u, *v;
} gf_file_picture;

enum { GF_FILE_PICTURE_SIDE_MIN = 8, GF_FILE_PICTURE_SIDE_MAX = 16384 };

/* The kind is told by the first bytes, never by a name. `pixels_max` bounds the picture before memory is taken for it. Planes
 * live in `keep`. BMP: 8 bits with palette, 24 and 32, uncompressed. PNG: every kind; 16 bits are cut to 8, transparency is
 * laid on black. JPEG: grey and colour; CMYK is refused.
 *
 * GF_EINPUT "picture.kind" none of the three; "picture.broken" damaged or cut short; GF_ELIMIT "picture.large" sides outside the
 * bounds or more than pixels_max; GF_ENOMEM. On failure `keep` is as it was. */
gf_status gf_file_picture_read(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err);

/* A PNG of one channel with 8 bits, rows `stride` bytes apart. GF_ENOMEM. */
gf_status gf_file_picture_write_grey(const uint8_t *grey, size_t width, size_t height, size_t stride, gf_text *out, gf_error *err);
/* A PNG in colour, for people and for the frames of demos. GF_ENOMEM. */
gf_status gf_file_picture_write(const gf_file_picture *picture, gf_text *out, gf_error *err);
/* The same from R G B, three bytes a pixel without gaps. */
gf_status gf_file_picture_write_rgb(const uint8_t *rgb, size_t width, size_t height, gf_text *out, gf_error *err);

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

/* Any of them, told by its first bytes; a shapefile as a .zip of its parts. */
gf_status gf_file_layer_read(gf_str bytes, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err);

/* Index of a field, whatever the case of its letters; field_count when it is not there. */
size_t gf_file_layer_field(const gf_file_layer *layer, const char *name);

/* ---- Outlines as text: well-known text, POLYGON or MULTIPOLYGON ---- */

/* GF_EINPUT "layer.wkt" another shape, an open ring, a number that is none; GF_ELIMIT "layer.large". `values` stays NULL. */
gf_status gf_file_wkt_read(gf_str text, gf_arena *keep, gf_file_feature *out, gf_error *err);
/* At most `decimals` places behind the point: seven are a centimetre of a degree. Costs rings squared. */
void      gf_file_wkt_write(const gf_file_feature *feature, int decimals, gf_text *out);
