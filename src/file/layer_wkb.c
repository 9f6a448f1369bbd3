/* Geometry as GeoPackage keeps it: its own head ("GP", flags, envelope), then well-known binary in either byte order. */
#include "file/layer_inside.h"

#include <string.h>

enum { POLYGON = 3, MULTIPOLYGON = 6, LINE = 2, MULTILINE = 5 };

typedef struct wkb {
    gf_str bytes;
    size_t at;
    bool   little, failed;
} wkb;

static uint64_t take(wkb *w, size_t count)
{
    uint64_t value = 0;
    if (w->failed || count > w->bytes.len - w->at) {
        w->failed = true;
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        value |= (uint64_t)(uint8_t)w->bytes.data[w->at + i] << 8 * (w->little ? i : count - 1 - i);
    w->at += count;
    return value;
}

static double take_double(wkb *w)
{
    uint64_t bits = take(w, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Byte order and type; the dimensions are told in the thousands (ISO) or in the upper bits (as PostGIS writes). */
static uint32_t take_type(wkb *w, size_t *dimensions)
{
    w->little = take(w, 1) == 1;
    uint32_t type = (uint32_t)take(w, 4), iso = (type & 0xFFFF) / 1000;
    *dimensions = 2u + (iso == 3 ? 2u : iso > 0 ? 1u : 0u) + (type >> 31) + (type >> 30 & 1);
    if (type >> 29 & 1)
        (void)take(w, 4);   /* a system of its own */
    return (type & 0xFFFF) % 1000;
}

static gf_status read_line(layer_build *b, wkb *w, size_t index, size_t dimensions, gf_error *err)
{
    gf_file_point *points;
    size_t count = (size_t)take(w, 4);
    if (w->failed || count > (w->bytes.len - w->at) / (8 * dimensions))
        return layer_damaged(err, "a shape claims more points than it holds");
    gf_status status = layer_part(b, index, count, &points, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        points[i] = (gf_file_point){ .x = take_double(w) };
        points[i].y = take_double(w);
        w->at += 8 * (dimensions - 2);
    }
    return status;
}

/* How many rings or lines one polygon or line has; leaves `w` before its first point. */
static size_t count_parts(wkb *w, uint32_t type) { return type == POLYGON ? (size_t)take(w, 4) : 1; }

/* Passes over one polygon or line, to count. */
static bool pass_over(wkb *w, size_t *parts)
{
    size_t dimensions;
    uint32_t type = take_type(w, &dimensions);
    if (type != POLYGON && type != LINE)
        return false;
    size_t rings = count_parts(w, type);
    for (size_t i = 0; i < rings && !w->failed; i++) {
        size_t count = (size_t)take(w, 4);
        if (w->failed || count > (w->bytes.len - w->at) / (8 * dimensions))
            return false;
        w->at += count * 8 * dimensions;
    }
    *parts += rings;
    return !w->failed;
}

static gf_status read_single(layer_build *b, wkb *w, size_t *index, gf_error *err)
{
    size_t dimensions;
    uint32_t type = take_type(w, &dimensions);
    size_t rings = count_parts(w, type);
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < rings; i++)
        status = read_line(b, w, (*index)++, dimensions, err);
    return status;
}

static gf_status read_shapes(layer_build *b, wkb *w, gf_error *err)
{
    wkb look = *w;
    size_t dimensions, singles = 1, parts = 0, index = 0;
    uint32_t type = take_type(&look, &dimensions);
    if (look.failed)
        return layer_damaged(err, "a shape is cut off");
    bool line = type == LINE || type == MULTILINE, several = type == MULTIPOLYGON || type == MULTILINE;
    if ((type != POLYGON && !line && !several) || (line && !b->options->boundary))
        return gf_fail(err, GF_EINPUT, "layer.shape", "Give polygons with straight sides.", "a shape is of kind %u, not a polygon", (unsigned)type);
    if (several) {
        singles = (size_t)take(&look, 4);
        w->at = look.at;
    } else {
        look = *w;
    }
    for (size_t i = 0; i < singles; i++)
        if (!pass_over(&look, &parts))
            return layer_damaged(err, "a shape is cut off");
    gf_status status = layer_feature(b, parts, err);
    for (size_t i = 0; status == GF_OK && i < singles; i++)
        status = read_single(b, w, &index, err);
    return status;
}

gf_status layer_wkb(layer_build *b, gf_str bytes, gf_error *err)
{
    static const size_t ENVELOPES[] = { 0, 32, 48, 48, 64 };
    if (bytes.len < 8 || bytes.data[0] != 'G' || bytes.data[1] != 'P')
        return bytes.len ? layer_damaged(err, "a shape is not in GeoPackage form") : layer_feature(b, 0, err);
    uint8_t flags = (uint8_t)bytes.data[3], envelope = flags >> 1 & 7;
    if (flags >> 5 & 1)
        return gf_fail(err, GF_EINPUT, "layer.shape", "Give polygons with straight sides.", "a shape is of a kind of its own (extended GeoPackage)");
    if (flags >> 4 & 1)
        return layer_feature(b, 0, err);
    if (envelope >= GF_COUNT(ENVELOPES) || bytes.len < 8 + ENVELOPES[envelope])
        return layer_damaged(err, "a shape is cut off");
    wkb w = { .bytes = bytes, .at = 8 + ENVELOPES[envelope] };
    return read_shapes(b, &w, err);
}
