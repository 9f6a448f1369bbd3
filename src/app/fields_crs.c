/* A boundary as points along its lines, in both readings: as told, and as if it were in GCJ-02. */
#include "app/fields.h"
#include "geo/gf_geo.h"

#include <math.h>

enum { POINTS_MAX = 2000000, EVERY_MAX_M = 90 };
static const double PIECE_M = 1000, SIDE_MAX_M = 500000;

typedef struct walk {
    gf_geo_point *told;
    uint32_t     *piece;
    size_t        count, room;
    double        step_m, walked_m;      /* since the piece began */
    uint32_t      piece_now;
    bool          full;
} walk;

static void add(walk *w, gf_geo_point p, double step_m)
{
    if (w->count == w->room) {
        w->full = true;
        return;
    }
    w->walked_m += step_m;
    if (w->walked_m >= PIECE_M && w->count) {
        w->piece_now++;
        w->walked_m = 0;
    }
    w->told[w->count] = p;
    w->piece[w->count++] = w->piece_now;
}

/* Points at most a step apart along one part; parts begin a piece of their own. */
static void walk_part(walk *w, const gf_geo_point *points, size_t count)
{
    if (w->count && w->walked_m > 0) {
        w->piece_now++;
        w->walked_m = 0;
    }
    for (size_t i = 0; i + 1 < count && !w->full; i++) {
        double east = points[i + 1].x - points[i].x, north = points[i + 1].y - points[i].y, length = hypot(east, north);
        if (length > SIDE_MAX_M)
            continue;
        size_t steps = (size_t)ceil(length / w->step_m);
        for (size_t k = 0; k < steps && !w->full; k++)
            add(w, (gf_geo_point){ points[i].x + east * (double)k / (double)steps, points[i].y + north * (double)k / (double)steps }, length / (double)steps);
    }
}

static gf_status walk_layer(const gf_file_layer *layer, gf_geo *way, gf_arena *arena, walk *w, gf_error *err)
{
    for (size_t i = 0; i < layer->feature_count; i++)
        for (size_t k = 0; k < layer->features[i].part_count; k++) {
            const gf_file_part *part = &layer->features[i].parts[k];
            gf_mark mark = gf_arena_mark(arena);
            gf_geo_point *points = gf_new(arena, gf_geo_point, part->count);
            if (!points)
                return gf_fail_memory(err);
            for (size_t n = 0; n < part->count; n++)
                points[n] = (gf_geo_point){ part->points[n].x, part->points[n].y };
            gf_status status = gf_geo_forward(way, points, part->count, err);
            if (status != GF_OK)
                return status;
            walk_part(w, points, part->count);
            gf_arena_rewind(arena, mark);
        }
    return w->full ? gf_fail(err, GF_ELIMIT, "fields.large", "Give a part of it.", "the boundary has more than %d points", POINTS_MAX) : GF_OK;
}

/* The same points, had their degrees been GCJ-02. */
static gf_status read_as_gcj02(int grid_epsg, const walk *w, gf_geo_point *out, gf_error *err)
{
    gf_geo *degrees = NULL, *gcj02 = NULL;
    gf_status status = gf_geo_open(GF_GEO_WGS84, grid_epsg, &degrees, err);
    if (status == GF_OK)
        status = gf_geo_open(GF_GEO_GCJ02, grid_epsg, &gcj02, err);
    for (size_t i = 0; i < w->count; i++)
        out[i] = w->told[i];
    if (status == GF_OK)
        status = gf_geo_inverse(degrees, out, w->count, err);
    if (status == GF_OK)
        status = gf_geo_forward(gcj02, out, w->count, err);
    gf_geo_close(degrees);
    gf_geo_close(gcj02);
    return status;
}

static gf_status ask(const gf_app_surface *surface, const walk *w, gf_arena *scratch, gf_terrain_crs_answer *out, gf_error *err)
{
    gf_geo_point *gcj02 = gf_new(scratch, gf_geo_point, w->count + 1);
    gf_terrain_boundary_point *points = gf_new(scratch, gf_terrain_boundary_point, w->count + 1);
    gf_status status = gcj02 && points ? read_as_gcj02(surface->grid.epsg, w, gcj02, err) : gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < w->count; i++)
        points[i] = (gf_terrain_boundary_point){ w->told[i], gcj02[i], w->piece[i] };
    if (status == GF_OK)
        status = gf_terrain_crs_ask(&surface->grid, points, w->count, scratch, out, err);
    if (status == GF_OK && out->points == 0)
        status = gf_fail(err, GF_EINPUT, "fields.ground", "Give the elevation of the place.", "no part of the boundary lies on known ground");
    return status;
}

gf_status gf_app_crs(const gf_app_surface *surface, const gf_app_layer_file *file, const gf_app_layer_options *options, gf_arena *scratch,
                     gf_terrain_crs_answer *out, gf_error *err)
{
    gf_file_layer layer;
    gf_geo *way = NULL;
    int epsg = 0;
    const char *name = gf_str_cstr(scratch, gf_str_slice(file->name, 0, 80));
    walk w = { .told = gf_new(scratch, gf_geo_point, POINTS_MAX), .piece = gf_new(scratch, uint32_t, POINTS_MAX), .room = POINTS_MAX };
    if (!name || !w.told || !w.piece)
        return gf_fail_memory(err);
    w.step_m = fmin(surface->grid.cell_m, EVERY_MAX_M);
    const gf_file_layer_options reading = { .name = name, .table = options->table, .epsg = options->crs, .boundary = true };
    gf_status status = fields_layer(file, &reading, scratch, &layer, err);
    if (status == GF_OK)
        status = fields_epsg(surface, &layer, &epsg, err);
    if (status == GF_OK)
        status = gf_geo_open(epsg, surface->grid.epsg, &way, err);
    if (status == GF_OK)
        status = walk_layer(&layer, way, scratch, &w, err);
    gf_geo_close(way);
    if (status == GF_OK)
        status = ask(surface, &w, scratch, out, err);
    if (status != GF_OK)
        (void)gf_fail_at(err, "%s", name);
    return status;
}
