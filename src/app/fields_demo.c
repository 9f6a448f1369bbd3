/* Invented parcels as GeoJSON. Codes are of no real place: 330329999 is no town, and the villages are squares of 4 km. */
#include "app/fields.h"
#include "geo/gf_geo.h"

#include <math.h>

enum { COUNT_MAX = 2000000 };
static const double VILLAGE_M = 4000;

static void add_attributes(const gf_app_surface *surface, const gf_terrain_terrace *t, size_t index, gf_json *json)
{
    static const double LEVELS[] = { 2, 6, 15, 25 };   /* degrees: slope levels 1 to 5 of cultivated land */
    char word[40];
    bool wet = t->slope_deg < 12;
    int level = 1;
    uint32_t wide = (uint32_t)(surface->grid.columns * surface->grid.cell_m / VILLAGE_M) + 1;
    uint32_t village = (uint32_t)((surface->grid.north_m - t->ring[0].y) / VILLAGE_M) * wide + (uint32_t)((t->ring[0].x - surface->grid.west_m) / VILLAGE_M);
    for (size_t i = 0; i < GF_COUNT(LEVELS); i++)
        level += t->slope_deg > LEVELS[i];
    (void)snprintf(word, sizeof word, "330329999%09zu", index + 1);
    gf_json_cstr(json, "BSM", word);
    gf_json_cstr(json, "YSDM", "2001010100");
    (void)snprintf(word, sizeof word, "%zu", index + 1);
    gf_json_cstr(json, "TBBH", word);
    gf_json_cstr(json, "DLBM", wet ? "0101" : "0103");
    gf_json_cstr(json, "DLMC", wet ? "水田" : "旱地");
    (void)snprintf(word, sizeof word, "330329999%03u0000000", village % 1000);
    gf_json_cstr(json, "ZLDWDM", word);
    (void)snprintf(word, sizeof word, "演示村%03u", village % 1000);
    gf_json_cstr(json, "ZLDWMC", word);
    (void)snprintf(word, sizeof word, "%d", level);
    gf_json_cstr(json, "GDPDJ", word);
    gf_json_real(json, "TBMJ", t->area_m2, 2);
    gf_json_cstr(json, "origin", "demo");
}

static gf_status add_parcel(const gf_app_surface *surface, const gf_terrain_terrace *t, size_t index, gf_geo *way, int decimals, gf_json *json, gf_error *err)
{
    enum { POINTS = 64 };
    gf_geo_point points[POINTS];
    for (size_t i = 0; i < t->count; i++)
        points[i] = t->ring[i];
    gf_status status = gf_geo_forward(way, points, t->count, err);
    if (status != GF_OK)
        return status;
    gf_json_begin(json, NULL, '{');
    gf_json_cstr(json, "type", "Feature");
    gf_json_begin(json, "properties", '{');
    add_attributes(surface, t, index, json);
    gf_json_end(json, '}');
    gf_json_begin(json, "geometry", '{');
    gf_json_cstr(json, "type", "Polygon");
    gf_json_begin(json, "coordinates", '[');
    gf_json_begin(json, NULL, '[');
    for (size_t i = 0; i < t->count; i++) {
        gf_json_begin(json, NULL, '[');
        gf_json_real(json, NULL, points[i].x, decimals);
        gf_json_real(json, NULL, points[i].y, decimals);
        gf_json_end(json, ']');
    }
    gf_json_end(json, ']');
    gf_json_end(json, ']');
    gf_json_end(json, '}');
    gf_json_end(json, '}');
    return GF_OK;
}

static void add_head(const gf_app_demo_parcels *ask, int epsg, gf_json *json)
{
    char name[48];
    gf_json_begin(json, NULL, '{');
    gf_json_cstr(json, "type", "FeatureCollection");
    gf_json_cstr(json, "name", "demo_parcels");
    gf_json_bool(json, "synthetic", true);
    gf_json_cstr(json, "note", "演示数据:虚构图斑,不是真实地块 / invented parcels, no real land");
    gf_json_int(json, "seed", (int64_t)ask->seed);
    if (epsg == GF_GEO_WGS84)
        return;
    (void)snprintf(name, sizeof name, "urn:ogc:def:crs:EPSG::%d", epsg);
    gf_json_begin(json, "crs", '{');
    gf_json_cstr(json, "type", "name");
    gf_json_begin(json, "properties", '{');
    gf_json_cstr(json, "name", name);
    gf_json_end(json, '}');
    gf_json_end(json, '}');
}

gf_status gf_app_demo_parcels_geojson(const gf_app_surface *surface, const gf_app_demo_parcels *ask, gf_arena *scratch, gf_text *out, gf_error *err)
{
    gf_terrain_terrace *terraces = NULL;
    gf_geo *way = NULL;
    gf_geo_system system = { .epsg = 0 };
    gf_json json;
    int epsg = ask->epsg ? ask->epsg : GF_GEO_WGS84;
    if (ask->count < 1 || ask->count > COUNT_MAX)
        return gf_fail(err, GF_EUSAGE, "fields.count", "Write --count N.", "a number of parcels is from 1 to %d", COUNT_MAX);
    gf_status status = gf_geo_describe(epsg, &system, err);
    if (status == GF_OK)
        status = gf_geo_open(surface->grid.epsg, epsg, &way, err);
    if (status == GF_OK)
        status = gf_terrain_terraces_make(&surface->grid, ask->count, ask->seed, scratch, &terraces, err);
    gf_json_init(&json, out);
    if (status == GF_OK) {
        add_head(ask, epsg, &json);
        gf_json_begin(&json, "features", '[');
    }
    for (size_t i = 0; status == GF_OK && i < ask->count; i++) {
        gf_text_add_char(out, '\n');   /* one a line */
        status = add_parcel(surface, &terraces[i], i, way, system.geographic ? 8 : 3, &json, err);
    }
    gf_geo_close(way);
    if (status != GF_OK)
        return status;
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
    return GF_OK;
}
