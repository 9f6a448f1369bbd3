/* Systems by number through libproj, GCJ-02 in front of or behind it.
 *
 * Opening a handle makes libproj read its database; whoever has a grid to fill interpolates between points. libproj is told to be silent and to stay off the network.
 */
#include "geo/gf_geo.h"
#include "geo/gcj02.h"

#include <math.h>
#include <proj.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct gf_geo {
    PJ_CONTEXT *context;
    PJ         *way;                 /* NULL where both ends are the same system */
    bool        from_gcj02, to_gcj02;
};

static const struct { const char *name; int epsg; } NAMES[] = {
    { "wgs84", GF_GEO_WGS84 }, { "cgcs2000", GF_GEO_CGCS2000 }, { "gcj02", GF_GEO_GCJ02 }, { "gcj-02", GF_GEO_GCJ02 },
};

static void stay_silent(void *data, int level, const char *text) { (void)data; (void)level; (void)text; }

static PJ_CONTEXT *open_context(void)
{
    PJ_CONTEXT *context = proj_context_create();
    if (context) {
        proj_log_func(context, NULL, stay_silent);
        (void)proj_context_set_enable_network(context, 0);
    }
    return context;
}

gf_status gf_geo_parse(gf_str text, int *epsg, gf_error *err)
{
    char word[24];
    (void)snprintf(word, sizeof word, "%.*s", GF_STR_ARG(gf_str_slice(text, 0, sizeof word - 1)));
    for (size_t i = 0; i < GF_COUNT(NAMES); i++)
        if (strcasecmp(word, NAMES[i].name) == 0) {
            *epsg = NAMES[i].epsg;
            return GF_OK;
        }
    int64_t number;
    gf_str digits = strncasecmp(word, "epsg:", 5) == 0 ? gf_str_slice(text, 5, text.len) : text;
    if (!gf_str_to_int(digits, &number) || number < 1 || number > 999999)
        return gf_fail(err, GF_EUSAGE, "geo.name", "Write EPSG:4549, or one of wgs84, cgcs2000, gcj02.",
                       "\"%s\" names no coordinate system", word);
    *epsg = (int)number;
    return GF_OK;
}

static double unit_of(PJ_CONTEXT *context, const PJ *crs)
{
    double factor = 0;
    PJ *axes = proj_crs_get_coordinate_system(context, crs);
    if (!axes || !proj_cs_get_axis_info(context, axes, 0, NULL, NULL, NULL, &factor, NULL, NULL, NULL))
        factor = 0;
    proj_destroy(axes);
    return factor;
}

static gf_status look_up(PJ_CONTEXT *context, int epsg, gf_geo_system *out, gf_error *err)
{
    char name[24];
    (void)snprintf(name, sizeof name, "EPSG:%d", epsg);
    PJ *crs = proj_create(context, name);
    PJ_TYPE type = crs ? proj_get_type(crs) : PJ_TYPE_UNKNOWN;
    bool degrees = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
    double unit_m = degrees || !crs ? 0 : unit_of(context, crs);
    *out = (gf_geo_system){ .epsg = epsg, .geographic = degrees, .unit_m = unit_m };
    (void)snprintf(out->name, sizeof out->name, "%s", crs && proj_get_name(crs) ? proj_get_name(crs) : name);
    proj_destroy(crs);
    if (!degrees && !(type == PJ_TYPE_PROJECTED_CRS && unit_m > 0))
        return gf_fail(err, GF_EINPUT, "geo.unknown", "Name a system in degrees or in metres, for example EPSG:4549.",
                       "EPSG:%d is no coordinate system of maps", epsg);
    return GF_OK;
}

gf_status gf_geo_describe(int epsg, gf_geo_system *out, gf_error *err)
{
    if (epsg == GF_GEO_GCJ02) {
        *out = (gf_geo_system){ .epsg = epsg, .geographic = true, .name = "GCJ-02" };
        return GF_OK;
    }
    PJ_CONTEXT *context = open_context();
    if (!context)
        return gf_fail_memory(err);
    gf_geo_system found;
    gf_status status = look_up(context, epsg, &found, err);
    (void)proj_context_destroy(context);
    if (status == GF_OK)
        *out = found;
    return status;
}

int gf_geo_zone(double lon_deg)
{
    if (!(lon_deg >= 73.5 && lon_deg < 136.5))
        return 0;
    return 4534 + (int)floor((lon_deg - 73.5) / 3);
}

static gf_status open_way(gf_geo *geo, int from, int to, gf_error *err)
{
    char a[24], b[24];
    (void)snprintf(a, sizeof a, "EPSG:%d", from);
    (void)snprintf(b, sizeof b, "EPSG:%d", to);
    gf_geo_system ignored;
    gf_status status = look_up(geo->context, from, &ignored, err);
    if (status == GF_OK)
        status = look_up(geo->context, to, &ignored, err);
    if (status != GF_OK)
        return status;
    PJ *as_given = proj_create_crs_to_crs(geo->context, a, b, NULL);
    geo->way = as_given ? proj_normalize_for_visualization(geo->context, as_given) : NULL;
    proj_destroy(as_given);
    return geo->way ? GF_OK : gf_fail(err, GF_EINPUT, "geo.pair", "Give both in systems of the same region.", "no way leads from %s to %s", a, b);
}

gf_status gf_geo_open(int from_epsg, int to_epsg, gf_geo **out, gf_error *err)
{
    gf_geo *geo = calloc(1, sizeof *geo);
    if (geo)
        geo->context = open_context();
    if (!geo || !geo->context) {
        gf_geo_close(geo);
        return gf_fail_memory(err);
    }
    geo->from_gcj02 = from_epsg == GF_GEO_GCJ02;
    geo->to_gcj02 = to_epsg == GF_GEO_GCJ02;
    int from = geo->from_gcj02 ? GF_GEO_WGS84 : from_epsg, to = geo->to_gcj02 ? GF_GEO_WGS84 : to_epsg;
    gf_status status = from == to ? GF_OK : open_way(geo, from, to, err);
    if (status != GF_OK)
        gf_geo_close(geo);
    else
        *out = geo;
    return status;
}

void gf_geo_close(gf_geo *geo)
{
    if (!geo)
        return;
    proj_destroy(geo->way);
    (void)proj_context_destroy(geo->context);
    free(geo);
}

static gf_geo_point change(gf_geo *geo, gf_geo_point p, bool forward)
{
    if (forward ? geo->from_gcj02 : geo->to_gcj02)
        p = gcj02_to_wgs84(p);
    if (geo->way) {
        PJ_COORD c = proj_trans(geo->way, forward ? PJ_FWD : PJ_INV, proj_coord(p.x, p.y, 0, 0));
        p = (gf_geo_point){ c.xy.x, c.xy.y };
    }
    return (forward ? geo->to_gcj02 : geo->from_gcj02) ? gcj02_from_wgs84(p) : p;
}

static gf_status change_all(gf_geo *geo, bool forward, gf_geo_point *points, size_t count, gf_error *err)
{
    gf_geo_point *there = malloc((count + 1) * sizeof *there);
    if (!there)
        return gf_fail_memory(err);
    gf_status status = GF_OK;
    for (size_t i = 0; i < count && status == GF_OK; i++) {
        there[i] = change(geo, points[i], forward);
        if (!isfinite(there[i].x) || !isfinite(there[i].y))
            status = gf_fail(err, GF_EINPUT, "geo.outside",
                             "See that x is east or longitude, y north or latitude, and the system the right one.",
                             "point %zu (%.6g, %.6g) has no place in the other coordinate system", i + 1, points[i].x, points[i].y);
    }
    if (status == GF_OK && count)
        memcpy(points, there, count * sizeof *there);
    free(there);
    return status;
}

gf_status gf_geo_forward(gf_geo *geo, gf_geo_point *points, size_t count, gf_error *err) { return change_all(geo, true, points, count, err); }
gf_status gf_geo_inverse(gf_geo *geo, gf_geo_point *points, size_t count, gf_error *err) { return change_all(geo, false, points, count, err); }
