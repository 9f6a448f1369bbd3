/* Layers from whatever file they came in, as parcels on the grid. */
#include "app/fields.h"
#include "geo/gf_geo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool ends_in(gf_str name, const char *suffix)
{
    size_t len = strlen(suffix);
    return name.len >= len && strncasecmp(name.data + name.len - len, suffix, len) == 0;
}

gf_status fields_layer(const gf_app_layer_file *file, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err)
{
    if (ends_in(file->name, ".shp") || gf_str_starts(file->bytes, GF_STR("\x00\x00\x27\x0A"))) {
        const gf_file_shape shape = { file->bytes, file->dbf, file->prj, file->cpg };
        return gf_file_layer_shape(&shape, options, keep, out, err);
    }
    if (ends_in(file->name, ".gpkg") || gf_str_starts(file->bytes, GF_STR("SQLite format 3")))
        return gf_file_layer_gpkg(file->bytes, options, keep, out, err);
    if (ends_in(file->name, ".geojson") || ends_in(file->name, ".json") || gf_str_starts(gf_str_trim(file->bytes), GF_STR("{")))
        return gf_file_layer_geojson(file->bytes, options, keep, out, err);
    return gf_fail(err, GF_EINPUT, "fields.form", "Give GeoJSON, a shapefile (.shp) or a GeoPackage (.gpkg).", "%.80s is none of the kinds of layers that are read",
                   options->name);
}

gf_status fields_epsg(const gf_app_surface *surface, const gf_file_layer *layer, int *epsg, gf_error *err)
{
    enum { ZONE_FIRST = 25, ZONE_LAST = 45, EPSG_ZONE_FIRST = 4513 };
    *epsg = layer->epsg ? layer->epsg : surface->grid.epsg;
    if (layer->epsg)
        return GF_OK;
    if (layer->degrees)
        return gf_fail(err, GF_EINPUT, "layer.degrees", "Name it: --layer-crs EPSG:4490, EPSG:4326 or gcj02.",
                       "the layer is in degrees and does not say of which coordinate system");
    double zone = floor(layer->features[0].parts[0].points[0].x / 1e6);
    if (zone >= ZONE_FIRST && zone <= ZONE_LAST)
        *epsg = EPSG_ZONE_FIRST + (int)zone - ZONE_FIRST;
    return GF_OK;
}

bool fields_number(gf_str text, double *out)
{
    char word[48], *end;
    text = gf_str_trim(text);
    if (text.len == 0 || text.len >= sizeof word)
        return false;
    memcpy(word, text.data, text.len);
    word[text.len] = '\0';
    *out = strtod(word, &end);
    return *end == '\0' && isfinite(*out);
}

/* ---- Attributes ---- */

static const gf_str *column_of(const gf_file_layer *layer, const char *name, gf_arena *keep)
{
    size_t field = gf_file_layer_field(layer, name);
    gf_str *values = gf_new(keep, gf_str, layer->feature_count);
    for (size_t i = 0; values && i < layer->feature_count; i++)
        values[i] = field < layer->field_count && layer->features[i].values[field].data ? layer->features[i].values[field] : GF_STR("");
    return values;
}

static int by_text(const void *left, const void *right) { return gf_str_cmp(*(const gf_str *)left, *(const gf_str *)right); }

/* Is every value there, and no two alike? */
static bool names_each(const gf_str *values, size_t count, gf_arena *scratch)
{
    gf_str *sorted = gf_new(scratch, gf_str, count);
    if (!sorted)
        return false;
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_text);
    bool each = sorted[0].len > 0;
    for (size_t i = 1; each && i < count; i++)
        each = sorted[i].len > 0 && !gf_str_eq(sorted[i], sorted[i - 1]);
    return each;
}

static gf_status name_parcels(const gf_file_layer *layer, gf_arena *keep, gf_app_parcels *p, gf_error *err)
{
    static const char *const FIELDS[] = { "BSM", "id", "TBBH" };
    for (size_t i = 0; i < GF_COUNT(FIELDS); i++) {
        const gf_str *values = column_of(layer, FIELDS[i], keep);
        if (!values)
            return gf_fail_memory(err);
        if (names_each(values, layer->feature_count, keep)) {
            p->keys = values;
            p->key_field = gf_str_of(FIELDS[i]);
            return GF_OK;
        }
    }
    gf_str *numbers = gf_new(keep, gf_str, layer->feature_count);
    for (size_t i = 0; numbers && i < layer->feature_count; i++) {
        char word[24];
        (void)snprintf(word, sizeof word, "%zu", i + 1);
        numbers[i] = gf_str_copy(keep, gf_str_of(word));
        if (!numbers[i].data)
            return gf_fail_memory(err);
    }
    p->keys = numbers;
    return numbers ? GF_OK : gf_fail_memory(err);
}

static gf_status weigh_parcels(const gf_file_layer *layer, gf_str field, gf_arena *keep, gf_app_parcels *p, gf_error *err)
{
    const char *name = gf_str_cstr(keep, field);
    double *weights = gf_new(keep, double, layer->feature_count);
    if (!name || !weights)
        return gf_fail_memory(err);
    size_t index = gf_file_layer_field(layer, name);
    if (index == layer->field_count)
        return gf_fail(err, GF_EINPUT, "fields.weight", "Name a field of numbers, for example the people of a parcel.", "the layer has no field %.40s", name);
    for (size_t i = 0; i < layer->feature_count; i++)
        if (!fields_number(layer->features[i].values[index], &weights[i]) || weights[i] < 0)
            return gf_fail(err, GF_EINPUT, "fields.weight", "", "%.40s of feature %zu is no number of 0 or more", name, i + 1);
    p->weights = weights;
    return GF_OK;
}

static gf_status read_attributes(const gf_file_layer *layer, gf_str weight, gf_arena *keep, gf_app_parcels *p, gf_error *err)
{
    gf_status status = name_parcels(layer, keep, p, err);
    if (status == GF_OK && weight.len)
        status = weigh_parcels(layer, weight, keep, p, err);
    p->tbmj = column_of(layer, "TBMJ", keep);
    p->village_codes = column_of(layer, "ZLDWDM", keep);
    p->village_names = column_of(layer, "ZLDWMC", keep);
    if (status == GF_OK && !(p->tbmj && p->village_codes && p->village_names))
        status = gf_fail_memory(err);
    return status;
}

/* ---- Shapes ---- */

static gf_status project_feature(gf_geo *way, const gf_file_feature *f, gf_terrain_loop *rings, gf_geo_point *points, gf_error *err)
{
    gf_geo_point *at = points;
    for (size_t i = 0; i < f->part_count; i++) {
        rings[i] = (gf_terrain_loop){ at, f->parts[i].count };
        for (size_t k = 0; k < f->parts[i].count; k++)
            *at++ = (gf_geo_point){ f->parts[i].points[k].x, f->parts[i].points[k].y };
    }
    return gf_geo_forward(way, points, (size_t)(at - points), err);
}

static gf_status project(const gf_app_surface *surface, const gf_file_layer *layer, int epsg, gf_arena *arena, gf_terrain_shape *shapes, gf_error *err)
{
    gf_geo *way = NULL;
    gf_status status = gf_geo_open(epsg, surface->grid.epsg, &way, err);
    for (size_t i = 0; i < layer->feature_count && status == GF_OK; i++) {
        const gf_file_feature *f = &layer->features[i];
        size_t points = 0;
        for (size_t k = 0; k < f->part_count; k++)
            points += f->parts[k].count;
        gf_terrain_loop *rings = gf_new(arena, gf_terrain_loop, f->part_count);
        gf_geo_point *room = gf_new(arena, gf_geo_point, points);
        status = rings && room ? project_feature(way, f, rings, room, err) : gf_fail_memory(err);
        shapes[i] = (gf_terrain_shape){ rings, f->part_count };
        if (status != GF_OK)
            (void)gf_fail_at(err, "feature %zu", i + 1);
    }
    gf_geo_close(way);
    return status;
}

static gf_status make_parcels(const gf_app_surface *surface, const gf_file_layer *layer, gf_arena *keep, gf_app_parcels *p, gf_error *err)
{
    gf_terrain_shape *shapes = gf_new(keep, gf_terrain_shape, layer->feature_count);
    gf_status status = shapes ? fields_epsg(surface, layer, &p->epsg, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = project(surface, layer, p->epsg, keep, shapes, err);
    p->shapes = shapes;
    return status == GF_OK ? gf_terrain_parcels_make(&surface->grid, shapes, layer->feature_count, keep, &p->on_grid, err) : status;
}

gf_status gf_app_parcels_read(const gf_app_surface *surface, const gf_app_layer_file *file, const gf_app_layer_options *options, gf_str weight,
                              gf_arena *keep, gf_app_parcels *out, gf_error *err)
{
    gf_file_layer layer;
    gf_app_parcels made = { .count = 0 };
    const char *name = gf_str_cstr(keep, gf_str_slice(file->name, 0, 80));
    if (!name)
        return gf_fail_memory(err);
    const gf_file_layer_options reading = { .name = name, .table = options->table, .epsg = options->crs };
    gf_status status = fields_layer(file, &reading, keep, &layer, err);
    if (status == GF_OK)
        status = read_attributes(&layer, weight, keep, &made, err);
    if (status == GF_OK)
        status = make_parcels(surface, &layer, keep, &made, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%s", name);
        return status;
    }
    made.count = layer.feature_count;
    *out = made;
    return GF_OK;
}
