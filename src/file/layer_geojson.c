/* GeoJSON (RFC 7946, and the `crs` member of 2008 that Chinese tools still write).
 *
 * jansson reads one feature at a time: the collection's own brackets and commas are walked here, so that memory is that of the
 * largest feature, not of the file. */
#include "file/layer_inside.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EPSG_DEFAULT = 4326 };

typedef struct geojson {
    layer_build build;
    gf_str      bytes;
    size_t      at, seen;          /* byte; features */
    int         epsg;
    bool        has_features;
} geojson;

static gf_status damaged_at(const geojson *g, gf_error *err, const char *what)
{
    size_t line = 1;
    for (size_t i = 0; i < g->at && i < g->bytes.len; i++)
        line += g->bytes.data[i] == '\n';
    gf_status status = layer_damaged(err, what);
    (void)gf_fail_at(err, "%.60s:%zu", g->build.options->name, line);
    return status;
}

/* ---- Walking the file ---- */

static char peek(geojson *g)
{
    while (g->at < g->bytes.len && strchr(" \t\r\n", g->bytes.data[g->at]) && g->bytes.data[g->at])
        g->at++;
    return g->at < g->bytes.len ? g->bytes.data[g->at] : '\0';
}

static bool take(geojson *g, char mark)
{
    if (peek(g) != mark)
        return false;
    g->at++;
    return true;
}

/* The next value, whatever it is; the caller drops it. */
static gf_status next_value(geojson *g, json_t **out, gf_error *err)
{
    json_error_t why;
    (void)peek(g);
    json_t *value = json_loadb(g->bytes.data + g->at, g->bytes.len - g->at, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &why);
    if (!value) {
        g->at += why.position > 0 ? (size_t)why.position : 0;
        char what[140];
        (void)snprintf(what, sizeof what, "this is no JSON: %.110s", why.text);
        return damaged_at(g, err, what);
    }
    g->at += (size_t)why.position;
    *out = value;
    return GF_OK;
}

/* ---- Shapes ---- */

static bool read_point(const json_t *pair, gf_file_point *out)
{
    const json_t *x = json_array_get(pair, 0), *y = json_array_get(pair, 1);
    if (!json_is_number(x) || !json_is_number(y))
        return false;
    *out = (gf_file_point){ json_number_value(x), json_number_value(y) };
    return true;
}

static gf_status read_part(layer_build *b, size_t index, const json_t *list, gf_error *err)
{
    gf_file_point *points;
    if (!json_is_array(list))
        return layer_damaged(err, "coordinates are no list of points");
    gf_status status = layer_part(b, index, json_array_size(list), &points, err);
    for (size_t i = 0; status == GF_OK && i < json_array_size(list); i++)
        if (!read_point(json_array_get(list, i), &points[i]))
            status = gf_fail(err, GF_EINPUT, "layer.number", "A point is [x, y].", "point %zu of part %zu is no pair of numbers", i + 1, index + 1);
    return status;
}

/* depth 0: one line; 1: rings or lines; 2: polygons */
static gf_status read_parts(layer_build *b, const json_t *coordinates, int depth, gf_error *err)
{
    size_t count = 0, index = 0, polygons = json_array_size(coordinates);
    if (depth < 2)
        count = depth == 0 ? 1 : polygons;
    for (size_t i = 0; depth == 2 && i < polygons; i++)
        count += json_array_size(json_array_get(coordinates, i));
    gf_status status = layer_feature(b, count, err);
    if (status == GF_OK && depth == 0)
        return read_part(b, 0, coordinates, err);
    for (size_t i = 0; status == GF_OK && i < polygons; i++) {
        const json_t *inner = json_array_get(coordinates, i);
        if (depth == 1)
            status = read_part(b, index++, inner, err);
        for (size_t k = 0; depth == 2 && status == GF_OK && k < json_array_size(inner); k++)
            status = read_part(b, index++, json_array_get(inner, k), err);
    }
    return status;
}

static gf_status read_geometry(layer_build *b, const json_t *geometry, gf_error *err)
{
    static const struct { const char *type; int depth; bool line; } TYPES[] = {
        { "Polygon", 1, false }, { "MultiPolygon", 2, false }, { "LineString", 0, true }, { "MultiLineString", 1, true },
    };
    const char *type = json_string_value(json_object_get(geometry, "type"));
    if (!type)
        return layer_feature(b, 0, err);   /* says that it has no shape */
    for (size_t i = 0; i < GF_COUNT(TYPES); i++)
        if (strcmp(type, TYPES[i].type) == 0 && (!TYPES[i].line || b->options->boundary))
            return read_parts(b, json_object_get(geometry, "coordinates"), TYPES[i].depth, err);
    return gf_fail(err, GF_EINPUT, "layer.shape", "Give polygons.", "a shape is a %.30s", type);
}

/* ---- Attributes ---- */

static gf_status add_value(layer_build *b, const char *key, const json_t *value, gf_error *err)
{
    size_t field;
    char number[40], *text = NULL;
    gf_status status = layer_field(b, gf_str_of(key), &field, err);
    if (status != GF_OK || json_is_null(value))
        return status;
    if (json_is_string(value))
        return layer_value(b, field, (gf_str){ json_string_value(value), json_string_length(value) }, err);
    if (json_is_real(value)) {
        (void)snprintf(number, sizeof number, "%.15g", json_real_value(value));
        if (strtod(number, NULL) != json_real_value(value))
            (void)snprintf(number, sizeof number, "%.17g", json_real_value(value));
        return layer_value(b, field, gf_str_of(number), err);
    }
    text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    status = text ? layer_value(b, field, gf_str_of(text), err) : gf_fail_memory(err);
    free(text);
    return status;
}

static gf_status read_properties(layer_build *b, json_t *properties, gf_error *err)
{
    const char *key;
    json_t *value;
    gf_status status = GF_OK;
    json_object_foreach(properties, key, value) {
        status = add_value(b, key, value, err);
        if (status != GF_OK)
            break;
    }
    return status;
}

static gf_status read_feature(geojson *g, json_t *feature, gf_error *err)
{
    gf_status status = json_is_object(feature) ? read_geometry(&g->build, json_object_get(feature, "geometry"), err)
                                               : layer_damaged(err, "the list of features holds something else");
    if (status == GF_OK)
        status = read_properties(&g->build, json_object_get(feature, "properties"), err);
    if (status != GF_OK)
        (void)gf_fail_at(err, "%.60s, feature %zu", g->build.options->name, g->seen);
    return status;
}

static gf_status read_features(geojson *g, gf_error *err)
{
    if (!take(g, '['))
        return damaged_at(g, err, "\"features\" is no list");
    g->has_features = true;
    if (take(g, ']'))
        return GF_OK;
    do {
        json_t *feature;
        gf_status status = next_value(g, &feature, err);
        if (status != GF_OK)
            return status;
        g->seen++;
        status = read_feature(g, feature, err);
        json_decref(feature);
        if (status != GF_OK)
            return status;
    } while (take(g, ','));
    return take(g, ']') ? GF_OK : damaged_at(g, err, "the list of features does not end");
}

/* ---- The collection ---- */

/* "urn:ogc:def:crs:EPSG::4549", "EPSG:4549", "urn:ogc:def:crs:OGC:1.3:CRS84" */
static gf_status read_crs(geojson *g, const json_t *crs, gf_error *err)
{
    const char *name = json_string_value(json_object_get(json_object_get(crs, "properties"), "name"));
    gf_str text = gf_str_of(name), number = text;
    if (json_is_null(crs) || gf_str_ends(text, GF_STR("CRS84")))
        return GF_OK;
    for (size_t i = text.len; i > 0; i--)
        if (text.data[i - 1] == ':') {
            number = gf_str_slice(text, i, text.len);
            break;
        }
    int64_t epsg;
    if (!gf_str_has(text, GF_STR("EPSG:")) || !gf_str_to_int(number, &epsg) || epsg <= 0 || epsg > 999999)
        return gf_fail(err, GF_EINPUT, "layer.system", "Give its number with --layer-crs EPSG:n.", "the layer's system \"%.60s\" is not one that is known here",
                       name ? name : "");
    g->epsg = (int)epsg;
    return GF_OK;
}

static gf_status read_member(geojson *g, gf_error *err)
{
    json_t *key = NULL, *value = NULL;
    gf_status status = peek(g) == '"' ? next_value(g, &key, err) : damaged_at(g, err, "a name is missing");
    if (status == GF_OK && !take(g, ':'))
        status = damaged_at(g, err, "a colon is missing");
    if (status == GF_OK && strcmp(json_string_value(key), "features") == 0)
        status = read_features(g, err);
    else if (status == GF_OK)
        status = next_value(g, &value, err);
    if (status == GF_OK && value && strcmp(json_string_value(key), "crs") == 0)
        status = g->build.options->epsg ? GF_OK : read_crs(g, value, err);
    json_decref(key);
    json_decref(value);
    return status;
}

static gf_status read_collection(geojson *g, gf_error *err)
{
    if (gf_str_starts(g->bytes, GF_STR("\xEF\xBB\xBF")))
        g->at = 3;
    if (!take(g, '{'))
        return layer_damaged(err, g->bytes.len ? "the file is no GeoJSON" : "the file is empty");
    do {
        gf_status status = read_member(g, err);
        if (status != GF_OK)
            return status;
    } while (take(g, ','));
    if (!take(g, '}') || peek(g) != '\0' || g->at != g->bytes.len)
        return damaged_at(g, err, "the file does not end where it should");
    return g->has_features ? GF_OK : layer_damaged(err, "the file holds no FeatureCollection");
}

gf_status gf_file_layer_geojson(gf_str bytes, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err)
{
    geojson g = { .bytes = bytes, .epsg = EPSG_DEFAULT };
    gf_mark mark = gf_arena_mark(keep);
    layer_begin(&g.build, options, keep);
    gf_status status = read_collection(&g, err);
    if (status == GF_OK)
        status = layer_end(&g.build, g.epsg, out, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%.80s", options->name);
        gf_arena_rewind(keep, mark);
    }
    return status;
}
