/* GeoTIFF out: tiles of 256 x 256, Deflate, the tags that GDAL and QGIS read. One row of tiles is in memory at a time.
 * The same raster gives the same bytes. */
#include "file/geotiff.h"
#include "file/gf_file.h"
#include "file/tiff_memory.h"

#include <stdlib.h>
#include <string.h>

enum { TILE = 256 };
static const uint64_t BYTES_MAX = (uint64_t)4000 << 20;   /* where a classic TIFF ends */

static const TIFFFieldInfo FIELDS[] = {
    { TAG_PIXEL_SCALE, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelPixelScale" },
    { TAG_TIEPOINT, -1, -1, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelTiepoint" },
    { TAG_KEYS, -1, -1, TIFF_SHORT, FIELD_CUSTOM, 1, 1, (char *)"GeoKeyDirectory" },
    { TAG_NODATA, -1, -1, TIFF_ASCII, FIELD_CUSTOM, 1, 0, (char *)"GDALNoData" },
};

static size_t sample_bytes(const gf_file_raster *r) { return r->sample == GF_FILE_UINT8 ? 1 : 4; }

static bool set_tags(TIFF *tiff, const gf_file_raster *r)
{
    const uint16_t keys[] = { 1, 1, 0, 4, KEY_MODEL_TYPE, 0, 1, MODEL_PROJECTED, KEY_RASTER_TYPE, 0, 1, RASTER_IS_AREA,
                              KEY_PROJECTED, 0, 1, (uint16_t)r->epsg, KEY_LINEAR_UNIT, 0, 1, UNIT_METRE };
    const double scale[] = { r->step_x, r->step_y, 0 }, tie[] = { 0, 0, 0, r->west, r->north, 0 };
    char nodata[32];
    (void)snprintf(nodata, sizeof nodata, "%.9g", r->nodata);
    bool real = r->sample == GF_FILE_FLOAT32;
    return TIFFMergeFieldInfo(tiff, FIELDS, GF_COUNT(FIELDS)) == 0 && TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)r->columns) &&
           TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)r->rows) && TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, real ? 32 : 8) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, real ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT) && TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) &&
           TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) && TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
           TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE) && TIFFSetField(tiff, TIFFTAG_TILEWIDTH, (uint32_t)TILE) &&
           TIFFSetField(tiff, TIFFTAG_TILELENGTH, (uint32_t)TILE) && TIFFSetField(tiff, TAG_PIXEL_SCALE, 3, scale) &&
           TIFFSetField(tiff, TAG_TIEPOINT, 6, tie) && TIFFSetField(tiff, TAG_KEYS, (int)GF_COUNT(keys), keys) && TIFFSetField(tiff, TAG_NODATA, nodata);
}

/* The tiles of one band of rows: rows beyond the raster repeat nothing and stay 0. */
static bool write_band(TIFF *tiff, const gf_file_raster *r, size_t row0, unsigned char *band, unsigned char *tile)
{
    size_t each = sample_bytes(r), wide = r->columns * each;
    size_t rows = r->rows - row0 < TILE ? r->rows - row0 : TILE;
    for (size_t i = 0; i < rows; i++)
        r->row(r->context, row0 + i, band + i * wide);
    for (size_t column0 = 0; column0 < r->columns; column0 += TILE) {
        size_t part = (r->columns - column0 < TILE ? r->columns - column0 : TILE) * each;
        memset(tile, 0, TILE * TILE * each);
        for (size_t i = 0; i < rows; i++)
            memcpy(tile + i * TILE * each, band + i * wide + column0 * each, part);
        uint32_t index = TIFFComputeTile(tiff, (uint32_t)column0, (uint32_t)row0, 0, 0);
        if (TIFFWriteEncodedTile(tiff, index, tile, (tmsize_t)(TILE * TILE * each)) < 0)
            return false;
    }
    return true;
}

static bool write_all(TIFF *tiff, const gf_file_raster *r)
{
    size_t each = sample_bytes(r);
    unsigned char *band = malloc(TILE * r->columns * each), *tile = malloc(TILE * TILE * each);
    bool done = band && tile && set_tags(tiff, r);
    for (size_t row = 0; done && row < r->rows; row += TILE)
        done = write_band(tiff, r, row, band, tile);
    free(band);
    free(tile);
    return done;
}

gf_status gf_file_raster_tiff(const gf_file_raster *raster, gf_text *out, gf_error *err)
{
    if ((uint64_t)raster->rows * raster->columns * sample_bytes(raster) > BYTES_MAX)
        return gf_fail(err, GF_ELIMIT, "raster.large", "Write a part of it, or use larger cells.", "the raster has more than 4 GB");
    tiff_memory memory = { .bytes = NULL };
    TIFF *tiff = tiff_memory_open(&memory, "wl");   /* little-endian on every machine */
    bool done = tiff && write_all(tiff, raster) && TIFFFlush(tiff);
    if (tiff)
        TIFFClose(tiff);
    if (done)
        gf_text_add(out, (gf_str){ (const char *)memory.made, (size_t)memory.len });
    tiff_memory_done(&memory);
    return done ? gf_text_done(out, err) : gf_fail_memory(err);
}
