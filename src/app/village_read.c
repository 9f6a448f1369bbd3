/* The village file: JSON to values, every refusal with its place. Unknown keys are left alone: people note things in such files. */
#include "app/village.h"
#include "geo/gf_geo.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const HINT = "docs/water-village.md lists the keys.";

static const gf_village_price_row PRICES[GF_VILLAGE_PRICE_COUNT] = {
    [GF_VILLAGE_RESIN_KG] = { "resin_kg", 1400, "kg", "PE100 管材(按质量)", "PE100 pipe by mass" },
    [GF_VILLAGE_DIG_M3] = { "dig_m3", 3500, "m³", "沟槽开挖", "trench dug" },
    [GF_VILLAGE_SAND_M3] = { "sand_m3", 18000, "m³", "砂垫层", "sand bed" },
    [GF_VILLAGE_FILL_M3] = { "fill_m3", 1800, "m³", "沟槽回填", "trench filled back" },
    [GF_VILLAGE_CROSSING] = { "crossing", 60000, "处", "穿路恢复", "road crossing" },
    [GF_VILLAGE_VALVE] = { "valve", 35000, "个", "支管检修阀", "valve at a branch" },
    [GF_VILLAGE_AIR_VALVE] = { "air_valve", 42000, "个", "排气阀", "air valve" },
    [GF_VILLAGE_DRAIN] = { "drain", 30000, "个", "泄水阀", "drain" },
    [GF_VILLAGE_BREAK_TANK] = { "break_tank", 600000, "座", "减压池", "break-pressure tank" },
    [GF_VILLAGE_PRV] = { "prv", 280000, "套", "减压阀及井", "pressure-reducing valve with chamber" },
    [GF_VILLAGE_HOUSE_PRV] = { "house_prv", 18000, "个", "入户减压阀", "reducing valve at a house" },
    [GF_VILLAGE_TANK_M3] = { "tank_m3", 90000, "m³", "高位水池", "service tank" },
    [GF_VILLAGE_INTAKE] = { "intake", 1500000, "处", "取水口及沉砂", "intake with settling box" },
    [GF_VILLAGE_DISINFECTION] = { "disinfection", 1200000, "套", "消毒设备", "disinfection" },
    [GF_VILLAGE_CONNECTION] = { "connection", 45000, "户", "入户(含水表)", "house connection with meter" },
    [GF_VILLAGE_CONNECTION_M] = { "connection_m", 1500, "m", "入户管 DN20", "connection pipe DN20, laid" },
    [GF_VILLAGE_HYDRANT] = { "hydrant", 260000, "个", "消火栓", "hydrant" },
};

const gf_village_price_row *gf_village_price_of(gf_village_price price) { return &PRICES[price]; }

typedef struct reading {
    gf_village *village;
    gf_arena   *keep;
    gf_geo     *lonlat, *own;       /* to the grid: degrees; the file's crs (NULL: the grid's) */
    gf_error   *err;
} reading;

static gf_status refuse(const reading *r, const char *where, const char *what)
{
    return gf_fail(r->err, GF_EINPUT, "water.village", HINT, "%s: %s", where, what);
}

static gf_str text_of(const json_t *value) { return json_is_string(value) ? (gf_str){ json_string_value(value), json_string_length(value) } : (gf_str){ "", 0 }; }

/* A finite number between least and most, or `missing`. */
static gf_status take_number(const reading *r, const json_t *object, const char *where, const char *key, double missing, double least, double most, double *out)
{
    json_t *value = json_object_get(object, key);
    char what[120];
    *out = json_is_number(value) ? json_number_value(value) : missing;
    if (!value || json_is_null(value) || (json_is_number(value) && *out >= least && *out <= most))
        return GF_OK;
    (void)snprintf(what, sizeof what, "%s is no number from %g to %g", key, least, most);
    return refuse(r, where, what);
}

/* ---- Places ---- */

double village_ground(const gf_terrain_grid *g, double x, double y)
{
    double column = (x - g->west_m) / g->cell_m - 0.5, row = (g->north_m - y) / g->cell_m - 0.5;
    if (!(column >= 0 && row >= 0 && column < (double)g->columns - 1 && row < (double)g->rows - 1))
        return NAN;
    size_t c = (size_t)column, r = (size_t)row;
    double u = column - (double)c, v = row - (double)r;
    const float *at = g->height_m + r * g->columns + c;
    return ((double)at[0] * (1 - u) + (double)at[1] * u) * (1 - v) + ((double)at[g->columns] * (1 - u) + (double)at[g->columns + 1] * u) * v;
}

static gf_status to_ground(const reading *r, const char *where, bool degrees, gf_geo_point point, bool needs_ground, gf_village_place *out)
{
    const gf_terrain_grid *g = &r->village->surface->grid;
    gf_geo *way = degrees ? r->lonlat : r->own;
    gf_status status = way ? gf_geo_forward(way, &point, 1, r->err) : GF_OK;
    if (status != GF_OK)
        return gf_fail_at(r->err, "%s", where), status;
    *out = (gf_village_place){ point.x, point.y, village_ground(g, point.x, point.y) };
    if (!needs_ground || !isnan(out->z))
        return GF_OK;
    bool inside = point.x >= g->west_m && point.y <= g->north_m && point.x <= g->west_m + g->columns * g->cell_m && point.y >= g->north_m - g->rows * g->cell_m;
    return gf_fail(r->err, GF_EINPUT, "water.ground", inside ? "Give an elevation without a gap there." : "Give --dem of that place, or look at lon and lat, x and y.",
                   inside ? "%s: the elevation knows no height there" : "%s: it lies off the elevation", where);
}

static gf_status take_place(const reading *r, const json_t *object, const char *where, gf_village_place *out)
{
    bool degrees = json_object_get(object, "lon") || json_object_get(object, "lat");
    gf_geo_point p;
    gf_status status = take_number(r, object, where, degrees ? "lon" : "x", NAN, -1e8, 1e8, &p.x);
    if (status == GF_OK)
        status = take_number(r, object, where, degrees ? "lat" : "y", NAN, -1e8, 1e8, &p.y);
    if (status == GF_OK && (isnan(p.x) || isnan(p.y)))
        status = refuse(r, where, "its place is missing: lon and lat, or x and y");
    return status == GF_OK ? to_ground(r, where, degrees, p, true, out) : status;
}

/* "ring" or "line" of [lon, lat] when the file has no crs, else of [x, y]. */
static gf_status take_shapes(const reading *r, const json_t *list, const char *name, const char *key, size_t least, gf_village_shape **out, size_t *count)
{
    json_t *item, *point;
    size_t i, k;
    *count = json_array_size(list);
    if (*count > VILLAGE_SHAPES_MAX)
        return refuse(r, name, "there are more than 2,000");
    *out = gf_new(r->keep, gf_village_shape, *count);
    if (!*out)
        return gf_fail_memory(r->err);
    json_array_foreach(list, i, item) {
        char where[60];
        json_t *line = json_object_get(item, key);
        size_t points = json_array_size(line);
        (void)snprintf(where, sizeof where, "%s[%zu].%s", name, i, key);
        gf_village_place *places = gf_new(r->keep, gf_village_place, points);
        if (points < least || points > VILLAGE_POINTS_MAX)
            return refuse(r, where, "too few or too many points");
        if (!places)
            return gf_fail_memory(r->err);
        json_array_foreach(line, k, point) {
            json_t *x = json_array_get(point, 0), *y = json_array_get(point, 1);
            if (!json_is_number(x) || !json_is_number(y))
                return refuse(r, where, "a point is no pair of numbers");
            gf_status status = to_ground(r, where, r->own == NULL, (gf_geo_point){ json_number_value(x), json_number_value(y) }, false, &places[k]);
            if (status != GF_OK)
                return status;
        }
        (*out)[i] = (gf_village_shape){ places, points };
    }
    return GF_OK;
}

/* ---- Ids ---- */

static gf_status take_id(const reading *r, const json_t *object, const char *where, gf_str *out)
{
    gf_str id = text_of(json_object_get(object, "id"));
    bool plain = id.len > 0 && id.len <= 31;
    for (size_t i = 0; i < id.len; i++)
        plain = plain && (unsigned char)id.data[i] > ' ' && id.data[i] != ';' && id.data[i] != '"';
    if (!plain)
        return refuse(r, where, "its id is missing, longer than 31 bytes, or holds blanks or \";");
    *out = gf_str_copy(r->keep, id);
    return out->data ? GF_OK : gf_fail_memory(r->err);
}

static int by_id(const void *a, const void *b) { return gf_str_cmp(*(const gf_str *)a, *(const gf_str *)b); }

static gf_status check_ids(const reading *r)
{
    const gf_village *v = r->village;
    size_t count = v->house_count + v->source_count;
    gf_str *ids = gf_new(r->keep, gf_str, count);
    if (!ids)
        return gf_fail_memory(r->err);
    for (size_t i = 0; i < count; i++)
        ids[i] = i < v->house_count ? v->houses[i].id : v->sources[i - v->house_count].id;
    qsort(ids, count, sizeof *ids, by_id);
    for (size_t i = 1; i < count; i++)
        if (gf_str_eq(ids[i], ids[i - 1]))
            return gf_fail(r->err, GF_EINPUT, "water.village", "Give each household, building and source an id of its own.", "the id \"%.*s\" stands twice", GF_STR_ARG(ids[i]));
    return GF_OK;
}

/* ---- Households, buildings, sources ---- */

static gf_status take_livestock(const reading *r, const json_t *object, const char *where, gf_village_house *house)
{
    json_t *animals = json_object_get(object, "livestock"), *value;
    const char *key;
    json_object_foreach(animals, key, value) {
        size_t kind = 0;
        while (kind < GF_WATER_LIVESTOCK_COUNT && strcmp(key, gf_water_norm_of((gf_water_norm)(GF_WATER_NORM_DAIRY_COW + kind))->id) != 0)
            kind++;
        if (kind == GF_WATER_LIVESTOCK_COUNT)
            return gf_fail(r->err, GF_EINPUT, "water.village", "Write dairy_cow, cattle, horse, sow, pig, sheep, hen or duck.", "%s: no animal \"%.30s\"", where, key);
        gf_status status = take_number(r, animals, where, key, 0, 0, 1e6, &house->livestock[kind]);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

static gf_status take_house(const reading *r, const json_t *object, bool is_public, const char *where, gf_village_house *out)
{
    *out = (gf_village_house){ .is_public = is_public };
    gf_status status = take_id(r, object, where, &out->id);
    out->name = gf_str_copy(r->keep, text_of(json_object_get(object, "name")));
    if (status == GF_OK)
        status = take_place(r, object, where, &out->place);
    if (status == GF_OK)
        status = take_number(r, object, where, "persons", is_public ? 0 : NAN, 0, 10000, &out->persons);
    if (status == GF_OK && isnan(out->persons))
        status = refuse(r, where, "persons are missing");
    if (status == GF_OK)
        status = take_number(r, object, where, "storeys", 2, 1, 12, &out->storeys);
    if (status == GF_OK)
        status = take_number(r, object, where, "m3d", is_public ? NAN : 0, 0, 10000, &out->public_m3d);
    if (status == GF_OK && isnan(out->public_m3d))
        status = refuse(r, where, "m3d, its demand a day, is missing");
    out->head_min_m = gf_water_head_of(&r->village->norms, out->storeys);
    return status == GF_OK ? take_livestock(r, object, where, out) : status;
}

static gf_status take_houses(const reading *r, const json_t *root)
{
    json_t *lists[] = { json_object_get(root, "households"), json_object_get(root, "public") }, *item;
    gf_village *v = r->village;
    size_t count = json_array_size(lists[0]) + json_array_size(lists[1]), i;
    if (!json_array_size(lists[0]))
        return refuse(r, "households", "there is none");
    if (count > VILLAGE_HOUSES_MAX)
        return gf_fail(r->err, GF_ELIMIT, "water.village", "Design it in parts.", "there are %zu households and buildings, at most 3,000 are taken", count);
    v->houses = gf_new(r->keep, gf_village_house, count);
    if (!v->houses)
        return gf_fail_memory(r->err);
    for (size_t list = 0; list < 2; list++)
        json_array_foreach(lists[list], i, item) {
            char where[60];
            (void)snprintf(where, sizeof where, list ? "public[%zu]" : "households[%zu]", i);
            gf_status status = take_house(r, item, list == 1, where, &v->houses[v->house_count++]);
            if (status != GF_OK)
                return status;
        }
    return GF_OK;
}

static gf_status take_source(const reading *r, const json_t *object, const char *where, gf_village_source *out)
{
    gf_str quality = text_of(json_object_get(object, "quality"));
    gf_status status = take_id(r, object, where, &out->id);
    out->name = gf_str_copy(r->keep, text_of(json_object_get(object, "name")));
    if (status == GF_OK)
        status = take_place(r, object, where, &out->place);
    if (status == GF_OK)
        status = take_number(r, object, where, "yield_m3d", NAN, 0, 1e7, &out->yield_m3d);
    if (status == GF_OK)
        status = take_number(r, object, where, "dry_yield_m3d", NAN, 0, 1e7, &out->dry_m3d);
    if (status == GF_OK)
        status = take_number(r, object, where, "reliability_percent", NAN, 0, 100, &out->reliability_percent);
    if (status == GF_OK && quality.len && !gf_str_is(quality, "pass") && !gf_str_is(quality, "fail") && !gf_str_is(quality, "unknown"))
        status = refuse(r, where, "quality is pass, fail or unknown");
    out->quality = gf_str_is(quality, "pass") ? GF_VILLAGE_QUALITY_PASS : gf_str_is(quality, "fail") ? GF_VILLAGE_QUALITY_FAIL : GF_VILLAGE_QUALITY_UNKNOWN;
    return status;
}

static gf_status take_sources(const reading *r, const json_t *root)
{
    json_t *list = json_object_get(root, "sources"), *item;
    gf_village *v = r->village;
    size_t i;
    if (!json_array_size(list) || json_array_size(list) > VILLAGE_SOURCES_MAX)
        return refuse(r, "sources", "there must be one to sixteen");
    v->sources = gf_new(r->keep, gf_village_source, json_array_size(list));
    if (!v->sources)
        return gf_fail_memory(r->err);
    json_array_foreach(list, i, item) {
        char where[60];
        (void)snprintf(where, sizeof where, "sources[%zu]", i);
        gf_status status = take_source(r, item, where, &v->sources[v->source_count++]);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

/* ---- Norms and prices ---- */

static gf_status take_norms(const reading *r, const json_t *root)
{
    json_t *value;
    const char *key;
    json_object_foreach(json_object_get(root, "norms"), key, value) {
        if (!json_is_number(value))
            return gf_fail(r->err, GF_EINPUT, "water.norm", HINT, "norms.%.40s is no number", key);
        gf_status status = gf_water_norms_set(&r->village->norms, gf_str_of(key), json_number_value(value), r->err);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

static gf_status take_price(const reading *r, const char *key, const json_t *value)
{
    enum { FEN_MAX = 1000000000 };
    for (size_t i = 0; i < GF_VILLAGE_PRICE_COUNT; i++)
        if (strcmp(key, PRICES[i].id) == 0) {
            if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > (i == GF_VILLAGE_RESIN_KG ? 1000000 : FEN_MAX))
                return gf_fail(r->err, GF_EINPUT, "water.bill", "Write whole fen.", "prices_fen.%s is no price in fen", key);
            r->village->prices[i] = json_integer_value(value);
            return GF_OK;
        }
    return gf_fail(r->err, GF_EINPUT, "water.bill", HINT, "there is no price \"%.40s\"", key);
}

static gf_status take_prices(const reading *r, const json_t *root)
{
    json_t *value, *list = json_object_get(root, "pipe_prices"), *prices = json_object_get(root, "prices_fen");
    const char *key;
    size_t i;
    r->village->own_prices = json_object_size(prices) || json_array_size(list);
    json_object_foreach(prices, key, value) {
        gf_status status = take_price(r, key, value);
        if (status != GF_OK)
            return status;
    }
    gf_water_catalogue_make(r->village->prices[GF_VILLAGE_RESIN_KG], &r->village->catalogue);
    json_array_foreach(list, i, value) {
        json_t *dn = json_object_get(value, "dn"), *fen = json_object_get(value, "fen_m");
        gf_status status = json_is_integer(dn) && json_is_integer(fen)
                         ? gf_water_catalogue_price(&r->village->catalogue, json_integer_value(dn), text_of(json_object_get(value, "sdr")), json_integer_value(fen), r->err)
                         : refuse(r, "pipe_prices", "each has dn, sdr (a text) and fen_m");
        if (status != GF_OK)
            return gf_fail_at(r->err, "pipe_prices[%zu]", i), status;
    }
    return GF_OK;
}

/* ---- The whole ---- */

static gf_status open_ways(reading *r, const json_t *root)
{
    gf_str crs = text_of(json_object_get(root, "crs"));
    int epsg = r->village->surface->grid.epsg, own = epsg;
    if (epsg == 0)
        return GF_OK;       /* a bare grid: x and y only */
    gf_status status = gf_geo_open(GF_GEO_WGS84, epsg, &r->lonlat, r->err);
    if (status == GF_OK && crs.len)
        status = gf_geo_parse(crs, &own, r->err);
    if (status == GF_OK && crs.len)
        status = gf_geo_open(own, epsg, &r->own, r->err);
    return status;
}

static gf_status read_village(reading *r, const json_t *root)
{
    gf_village *v = r->village;
    json_t *options = json_object_get(root, "options"), *tank = json_object_get(root, "tank");
    v->name = gf_str_copy(r->keep, text_of(json_object_get(root, "name")));
    v->origin = gf_str_copy(r->keep, text_of(json_object_get(root, "origin")));
    v->origin = v->origin.len ? v->origin : GF_STR("entered");
    v->timed = json_is_true(json_object_get(options, "timed"));
    v->hydrants = json_is_true(json_object_get(options, "hydrants"));
    v->has_tank = json_is_object(tank);
    if (!v->name.len)
        return refuse(r, "name", "the village has no name");
    gf_status status = open_ways(r, root);
    if (status == GF_OK)
        status = take_norms(r, root);
    if (status == GF_OK)
        status = take_prices(r, root);
    if (status == GF_OK)
        status = take_houses(r, root);
    if (status == GF_OK)
        status = take_sources(r, root);
    if (status == GF_OK)
        status = check_ids(r);
    if (status == GF_OK && v->has_tank)
        status = take_place(r, tank, "tank", &v->tank);
    if (status == GF_OK)
        status = take_shapes(r, json_object_get(root, "forbidden"), "forbidden", "ring", 3, &v->forbidden, &v->forbidden_count);
    if (status == GF_OK)
        status = take_shapes(r, json_object_get(root, "roads"), "roads", "line", 2, &v->roads, &v->road_count);
    return status;
}

gf_status gf_app_village_parse(gf_str bytes, gf_str name, const gf_app_surface *surface, gf_arena *keep, gf_village *out, gf_error *err)
{
    json_error_t where;
    json_t *json = json_loadb(bytes.data ? bytes.data : "", bytes.len, JSON_REJECT_DUPLICATES, &where);
    gf_error own;
    gf_village village = { .surface = surface, .norms = gf_water_norms_default() };
    reading r = { .village = &village, .keep = keep, .err = err ? err : &own };
    for (size_t i = 0; i < GF_VILLAGE_PRICE_COUNT; i++)
        village.prices[i] = PRICES[i].fen;
    gf_status status;
    if (!json)
        status = gf_fail(r.err, GF_EINPUT, "water.json", HINT, "%s", where.text), gf_fail_at(r.err, "%.*s:%d:%d", GF_STR_ARG(name), where.line, where.column);
    else if (!json_is_object(json))
        status = gf_fail(r.err, GF_EINPUT, "water.json", HINT, "the document is no object");
    else
        status = read_village(&r, json);
    if (status != GF_OK)
        (void)gf_fail_at(r.err, "%.*s", GF_STR_ARG(name));
    gf_geo_close(r.lonlat);
    gf_geo_close(r.own);
    json_decref(json);
    if (status == GF_OK)
        *out = village;
    return status;
}
