/* GeoTIFF: one band of plain numbers in strips or tiles, any compression that libtiff was built with.
 *
 * The key directory is a table of four shorts each, read here directly: libgeotiff would bring nothing but its registry
 * of tags, which is a global. A tag of a type other than the standard's is passed over, so that a forged one cannot make
 * us read past its end. A tile or strip of which nothing was stored (GDAL writes those sparse) is void.
 * Memory: the heights, and one tile or row.
 */
#include "file/dem_inside.h"
#include "file/geotiff.h"
#include "file/tiff_memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct layout {
    uint32_t rows, columns;
    uint16_t bits, format, compression;
    double   nodata;
    bool     has_nodata, tiled;
    uint32_t tile_rows, tile_columns;
} layout;

static gf_status fail_damaged(const tiff_memory *memory, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "dem.form", "Fetch or write it again.", "the TIFF is damaged: %s",
                   memory->said[0] ? memory->said : "it cannot be read");
}

/* The values of a tag, only if it has the type that the standard gives it. */
static const void *tag_values(TIFF *tiff, uint32_t tag, TIFFDataType type, size_t least, size_t *count)
{
    const TIFFField *field = TIFFFindField(tiff, tag, type);
    void *values = NULL;
    uint32_t many = 0;
    if (!field || TIFFFieldDataType(field) != type || !TIFFFieldPassCount(field) || TIFFFieldReadCount(field) != TIFF_VARIABLE2)
        return NULL;
    if (!TIFFGetField(tiff, tag, &many, &values) || !values || many < least)
        return NULL;
    *count = many;
    return values;
}

/* ---- Where it lies ---- */

static unsigned key_of(TIFF *tiff, unsigned key)
{
    size_t count;
    const uint16_t *keys = tag_values(tiff, TAG_KEYS, TIFF_SHORT, 4, &count);
    for (size_t i = 1; keys && i <= keys[3] && 4 * i + 3 < count; i++)
        if (keys[4 * i] == key && keys[4 * i + 1] == 0)
            return keys[4 * i + 3];
    return 0;
}

static gf_status fail_place(gf_error *err, bool turned)
{
    return turned ? gf_fail(err, GF_EINPUT, "dem.turned", "Save it again with north up.", "the raster is rotated or mirrored")
                  : gf_fail(err, GF_EINPUT, "dem.place", "Save it again as a GeoTIFF.", "the TIFF does not say where it lies");
}

static gf_status read_place(TIFF *tiff, gf_file_dem *out, gf_error *err)
{
    size_t scale_count, tie_count, count;
    const double *scale = tag_values(tiff, TAG_PIXEL_SCALE, TIFF_DOUBLE, 2, &scale_count);
    const double *tie = tag_values(tiff, TAG_TIEPOINT, TIFF_DOUBLE, 6, &tie_count);
    const double *m = tag_values(tiff, TAG_TRANSFORM, TIFF_DOUBLE, 16, &count);
    double shift = key_of(tiff, KEY_RASTER_TYPE) == RASTER_IS_POINT ? 0.5 : 0;
    if (scale && tie) {
        if (!(scale[0] > 0 && scale[1] > 0) || tie_count > 6)
            return fail_place(err, true);
        out->step_x = scale[0];
        out->step_y = scale[1];
        out->west = tie[3] - (tie[0] + shift) * scale[0];
        out->north = tie[4] + (tie[1] + shift) * scale[1];
    } else if (m) {
        if (m[1] != 0 || m[4] != 0 || !(m[0] > 0) || !(m[5] < 0))
            return fail_place(err, true);
        out->step_x = m[0];
        out->step_y = -m[5];
        out->west = m[3] - shift * m[0];
        out->north = m[7] - shift * m[5];
    } else
        return fail_place(err, false);
    unsigned model = key_of(tiff, KEY_MODEL_TYPE), epsg = key_of(tiff, model == MODEL_GEOGRAPHIC ? KEY_GEOGRAPHIC : KEY_PROJECTED);
    out->epsg = epsg == KEY_USER_DEFINED ? 0 : (int)epsg;
    out->degrees = model == MODEL_GEOGRAPHIC;
    if (!model)   /* no keys at all: do the numbers look like degrees? */
        out->degrees = out->step_x < 0.1 && fabs(out->west) <= 181 && fabs(out->north) <= 91;
    return GF_OK;
}

/* ---- What it holds ---- */

static bool is_plain(const layout *l)
{
    if (l->format == SAMPLEFORMAT_IEEEFP)
        return l->bits == 32 || l->bits == 64;
    return (l->format == SAMPLEFORMAT_INT || l->format == SAMPLEFORMAT_UINT) && (l->bits == 8 || l->bits == 16 || l->bits == 32);
}

static void read_nodata(TIFF *tiff, layout *l)
{
    char word[64];
    size_t count;
    const char *text = tag_values(tiff, TAG_NODATA, TIFF_ASCII, 1, &count);
    if (!text)
        return;
    (void)snprintf(word, sizeof word, "%.*s", (int)(count < sizeof word ? count : sizeof word - 1), text);
    char *end;
    l->nodata = strtod(word, &end);
    l->has_nodata = end != word;
    if (l->bits == 32 && l->format == SAMPLEFORMAT_IEEEFP)
        l->nodata = (double)(float)l->nodata;   /* "-3.4028235e+38" is meant as the float it names */
}

static gf_status read_layout(TIFF *tiff, layout *l, gf_error *err)
{
    uint16_t samples = 1, planar = 1;
    *l = (layout){ .bits = 1, .format = SAMPLEFORMAT_UINT };
    (void)TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &l->columns);
    (void)TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &l->rows);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &l->bits);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &l->format);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    (void)TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &l->compression);
    l->tiled = TIFFIsTiled(tiff) != 0;
    if (l->tiled) {
        (void)TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &l->tile_columns);
        (void)TIFFGetField(tiff, TIFFTAG_TILELENGTH, &l->tile_rows);
    }
    if (samples != 1 || !is_plain(l) || l->compression == COMPRESSION_JPEG || l->compression == COMPRESSION_OJPEG)
        return gf_fail(err, GF_EINPUT, "dem.kind", "Give a raster of one band: heights as whole or floating numbers.",
                       "the TIFF holds %u bands of %u bits, which are no heights", samples, l->bits);
    read_nodata(tiff, l);
    return GF_OK;
}

static double sample_of(const unsigned char *raw, const layout *l)
{
    union { int8_t i8; uint8_t u8; int16_t i16; uint16_t u16; int32_t i32; uint32_t u32; float f32; double f64; } v;
    memcpy(&v, raw, l->bits / 8u);
    if (l->format == SAMPLEFORMAT_IEEEFP)
        return l->bits == 32 ? (double)v.f32 : v.f64;
    bool sign = l->format == SAMPLEFORMAT_INT;
    return l->bits == 8 ? (sign ? v.i8 : v.u8) : l->bits == 16 ? (sign ? v.i16 : v.u16) : sign ? (double)v.i32 : (double)v.u32;
}

static gf_status take_row(const layout *l, const gf_file_dem_options *options, const unsigned char *raw, size_t row, size_t from, size_t count,
                          float *height, gf_error *err)
{
    for (size_t i = 0; i < count; i++) {
        double value = sample_of(raw + i * (l->bits / 8u), l);
        bool is_void = l->has_nodata && value == l->nodata;
        gf_status status = dem_height(is_void ? (double)NAN : value, options, row, from + i, &height[row * l->columns + from + i], err);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

static bool is_sparse(TIFF *tiff, uint32_t part)
{
    int failed = 0;
    return TIFFGetStrileByteCountWithErr(tiff, part, &failed) == 0 && !failed;
}

static gf_status read_tile(TIFF *tiff, const tiff_memory *memory, const layout *l, const gf_file_dem_options *options, uint32_t row0, uint32_t column0,
                           unsigned char *buffer, tmsize_t bytes, float *height, gf_error *err)
{
    uint32_t rows = l->rows - row0 < l->tile_rows ? l->rows - row0 : l->tile_rows;
    uint32_t columns = l->columns - column0 < l->tile_columns ? l->columns - column0 : l->tile_columns;
    uint32_t part = TIFFComputeTile(tiff, column0, row0, 0, 0);
    bool sparse = is_sparse(tiff, part);
    if (!sparse && TIFFReadEncodedTile(tiff, part, buffer, bytes) != bytes)
        return fail_damaged(memory, err);
    for (uint32_t r = 0; r < rows; r++) {
        if (sparse) {
            for (uint32_t c = 0; c < columns; c++)
                height[(size_t)(row0 + r) * l->columns + column0 + c] = NAN;
            continue;
        }
        gf_status status = take_row(l, options, buffer + (size_t)r * l->tile_columns * (l->bits / 8u), row0 + r, column0, columns, height, err);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

static gf_status read_tiles(TIFF *tiff, const tiff_memory *memory, const layout *l, const gf_file_dem_options *options, float *height, gf_error *err)
{
    static const tmsize_t TILE_BYTES_MAX = (tmsize_t)128 << 20;
    tmsize_t bytes = TIFFTileSize(tiff);
    if (bytes <= 0 || bytes > TILE_BYTES_MAX || (uint64_t)bytes != (uint64_t)l->tile_rows * l->tile_columns * (l->bits / 8u))
        return fail_damaged(memory, err);
    unsigned char *buffer = malloc((size_t)bytes);
    if (!buffer)
        return gf_fail_memory(err);
    gf_status status = GF_OK;
    for (uint64_t r = 0; r < l->rows && status == GF_OK; r += l->tile_rows)
        for (uint64_t c = 0; c < l->columns && status == GF_OK; c += l->tile_columns)
            status = read_tile(tiff, memory, l, options, (uint32_t)r, (uint32_t)c, buffer, bytes, height, err);
    free(buffer);
    return status;
}

static gf_status read_rows(TIFF *tiff, const tiff_memory *memory, const layout *l, const gf_file_dem_options *options, float *height, gf_error *err)
{
    uint64_t needed = (uint64_t)l->columns * (l->bits / 8u);
    tmsize_t bytes = TIFFScanlineSize(tiff);
    if (bytes <= 0 || (uint64_t)bytes < needed)
        return fail_damaged(memory, err);
    unsigned char *buffer = malloc((size_t)bytes);
    if (!buffer)
        return gf_fail_memory(err);
    gf_status status = GF_OK;
    for (uint32_t r = 0; r < l->rows && status == GF_OK; r++) {
        if (is_sparse(tiff, TIFFComputeStrip(tiff, r, 0))) {
            for (uint32_t c = 0; c < l->columns; c++)
                height[(size_t)r * l->columns + c] = NAN;
        } else
            status = TIFFReadScanline(tiff, buffer, r, 0) == 1 ? take_row(l, options, buffer, r, 0, l->columns, height, err) : fail_damaged(memory, err);
    }
    free(buffer);
    return status;
}

static gf_status read_heights(TIFF *tiff, const tiff_memory *memory, const layout *l, const gf_file_dem_options *options, gf_arena *keep,
                              gf_file_dem *out, gf_error *err)
{
    uint64_t raw_bytes = (uint64_t)l->rows * l->columns * (l->bits / 8u);
    if (l->compression == COMPRESSION_NONE && !l->tiled && raw_bytes > memory->len)
        return gf_fail(err, GF_EINPUT, "dem.form", "Fetch it again.", "the file is too short for the %u x %u cells it announces", l->columns, l->rows);
    float *height = gf_new(keep, float, (size_t)l->rows * l->columns);
    if (!height)
        return gf_fail_memory(err);
    out->rows = l->rows;
    out->columns = l->columns;
    out->height_m = height;
    return l->tiled ? read_tiles(tiff, memory, l, options, height, err) : read_rows(tiff, memory, l, options, height, err);
}

gf_status dem_tiff(gf_str bytes, gf_str name, const gf_file_dem_options *options, gf_arena *keep, gf_file_dem *out, gf_error *err)
{
    (void)name;
    tiff_memory memory = { .bytes = (const unsigned char *)bytes.data, .len = bytes.len };
    TIFF *tiff = tiff_memory_open(&memory, "r");
    layout l;
    if (!tiff)
        return fail_damaged(&memory, err);
    *out = (gf_file_dem){ .rows = 0 };
    gf_status status = read_layout(tiff, &l, err);
    if (status == GF_OK)
        status = dem_check_size(l.rows, l.columns, options, err);
    if (status == GF_OK)
        status = read_place(tiff, out, err);
    if (status == GF_OK)
        status = read_heights(tiff, &memory, &l, options, keep, out, err);
    TIFFClose(tiff);
    return status;
}
