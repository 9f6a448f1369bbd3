/* A run: every tower against every parcel, and again with what stands today, so that before and after stand side by side.
 *
 * A tower looks through each of its cameras; of several cameras the one that sees most of a parcel counts. A tower without
 * a camera is taken to look all round from its top. Parcels are brought from degrees into the grid's metres. The old run
 * goes and the new one comes in one transaction: whoever reads meanwhile sees the old one whole.
 */
#include "app/land.h"

#include "file/gf_file.h"
#include "geo/gf_geo.h"
#include "terrain/gf_terrain_fields.h"

#include <math.h>
#include <string.h>

enum { LOOKS_MAX = 20000 };
static const size_t RUN_BYTES_MAX = (size_t)2 << 30;
static const double RANGE_M = 10000;

typedef struct sight_run {
    gf_app              *app;
    const gf_app_ground *ground;
    gf_arena            *arena;
    gf_str              *parcel_id;
    gf_terrain_shape    *shape;
    size_t               parcel_count;
    gf_str              *tower_id;                /* by look: a tower has one for each of its cameras */
    bool                *standing;
    gf_terrain_tower    *look;
    size_t               look_count, tower_count, off_grid;
    gf_terrain_parcels   parcels;
    gf_terrain_overlook  after, before;
    gf_app_progress_fn  *progress;
    void                *context;
} sight_run;

/* ---- What goes in ---- */

static gf_status bring_parcel(sight_run *run, gf_geo *geo, const record *row, gf_terrain_shape *out, gf_error *err)
{
    gf_file_feature feature;
    gf_status status = gf_file_wkt_read(record_value(row, "shape"), run->arena, &feature, err);
    gf_terrain_loop *rings = status == GF_OK ? gf_new(run->arena, gf_terrain_loop, feature.part_count) : NULL;
    if (!rings)
        return status == GF_OK ? gf_fail_memory(err) : status;
    for (size_t i = 0; status == GF_OK && i < feature.part_count; i++) {
        gf_geo_point *points = gf_new(run->arena, gf_geo_point, feature.parts[i].count);
        if (!points)
            return gf_fail_memory(err);
        for (size_t k = 0; k < feature.parts[i].count; k++)
            points[k] = (gf_geo_point){ feature.parts[i].points[k].x, feature.parts[i].points[k].y };
        status = gf_geo_forward(geo, points, feature.parts[i].count, err);
        rings[i] = (gf_terrain_loop){ points, feature.parts[i].count };
    }
    *out = (gf_terrain_shape){ rings, feature.part_count };
    return status;
}

static gf_status read_parcels(sight_run *run, gf_error *err)
{
    record *rows;
    gf_geo *geo = NULL;
    gf_status status = record_all(run->app, "parcels", run->arena, &rows, &run->parcel_count, err);
    if (status == GF_OK && run->parcel_count == 0)
        status = gf_fail(err, GF_ENOTFOUND, "land.none", "Take in a layer of parcels first.", "there is no parcel");
    if (status == GF_OK)
        status = gf_geo_open(GF_GEO_WGS84, gf_app_ground_surface(run->ground)->grid.epsg, &geo, err);
    run->parcel_id = status == GF_OK ? gf_new(run->arena, gf_str, run->parcel_count) : NULL;
    run->shape = status == GF_OK ? gf_new(run->arena, gf_terrain_shape, run->parcel_count) : NULL;
    if (status == GF_OK && (!run->parcel_id || !run->shape))
        status = gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < run->parcel_count; i++) {
        run->parcel_id[i] = record_key(&rows[i]);
        status = bring_parcel(run, geo, &rows[i], &run->shape[i], err);
        if (status != GF_OK)
            (void)gf_fail_at(err, "parcel %.*s", GF_STR_ARG(gf_str_slice(run->parcel_id[i], 0, 60)));
    }
    gf_geo_close(geo);
    return status;
}

static gf_terrain_tower look_of(gf_terrain_cell cell, double mast_m, const record *camera)
{
    gf_terrain_tower out = { .observer = GF_TERRAIN_OBSERVER_DEFAULT };
    out.observer.cell = cell;
    out.observer.mast_m = mast_m;
    out.observer.range_m = RANGE_M;
    if (!camera)
        return out;
    gf_str from = record_value(camera, "pan_from_deg"), to = record_value(camera, "pan_to_deg");
    gf_str low = record_value(camera, "pitch_min_deg"), high = record_value(camera, "pitch_max_deg");
    out.observer.mast_m = land_number(record_value(camera, "height_m"), mast_m);
    out.observer.range_m = land_number(record_value(camera, "range_m"), RANGE_M);
    out.observer.has_pan = from.len && to.len;
    out.observer.pan_from_deg = land_number(from, 0);
    out.observer.pan_to_deg = land_number(to, 360);
    out.observer.has_pan = out.observer.has_pan && out.observer.pan_to_deg - out.observer.pan_from_deg < 360;
    out.observer.has_pitch = low.len && high.len;
    out.observer.pitch_min_deg = land_number(low, -90);
    out.observer.pitch_max_deg = land_number(high, 90);
    out.focal_mm = land_number(record_value(camera, "focal_mm"), 0);
    out.pixel_um = land_number(record_value(camera, "pixel_um"), 0);
    return out;
}

gf_status land_first_look(gf_app *app, gf_str tower, double mast_m, gf_arena *keep, gf_terrain_observer *out, gf_error *err)
{
    record *cameras;
    size_t count, i = 0;
    gf_status status = record_all(app, "cameras", keep, &cameras, &count, err);
    if (status != GF_OK)
        return status;
    while (i < count && !gf_str_eq(record_value(&cameras[i], "tower"), tower))
        i++;
    *out = look_of((gf_terrain_cell){ 0, 0 }, mast_m, i < count ? &cameras[i] : NULL).observer;
    return GF_OK;
}

static void add_look(sight_run *run, const record *tower, gf_terrain_tower look)
{
    if (run->look_count == LOOKS_MAX)
        return;
    run->tower_id[run->look_count] = record_key(tower);
    run->standing[run->look_count] = gf_str_is(record_value(tower, "state"), "standing");
    run->look[run->look_count++] = look;
}

static void add_tower(sight_run *run, const record *tower, const record *cameras, size_t camera_count)
{
    const gf_app_spot spot = { GF_APP_SPOT_LONLAT, land_number(record_value(tower, "lon"), NAN), land_number(record_value(tower, "lat"), NAN) };
    const gf_app_surface *surface = gf_app_ground_surface(run->ground);
    double mast_m = land_number(record_value(tower, "mast_m"), 0);
    gf_terrain_cell cell;
    size_t failed, before = run->look_count;
    bool known = gf_app_spots_find(surface, &spot, 1, &cell, &failed, NULL) == GF_OK && isfinite(surface->grid.height_m[(size_t)cell.row * surface->grid.columns + cell.column]);
    if (!known) {
        run->off_grid++;
        return;
    }
    for (size_t i = 0; i < camera_count; i++)
        if (gf_str_eq(record_value(&cameras[i], "tower"), record_key(tower)))
            add_look(run, tower, look_of(cell, mast_m, &cameras[i]));
    if (run->look_count == before)
        add_look(run, tower, look_of(cell, mast_m, NULL));
    run->tower_count++;
}

static gf_status read_towers(sight_run *run, gf_error *err)
{
    record *towers, *cameras;
    size_t tower_count, camera_count;
    gf_status status = record_all(run->app, "towers", run->arena, &towers, &tower_count, err);
    if (status == GF_OK)
        status = record_all(run->app, "cameras", run->arena, &cameras, &camera_count, err);
    if (status == GF_OK && tower_count == 0)
        status = gf_fail(err, GF_ENOTFOUND, "land.none", "Enter towers first.", "there is no tower");
    if (status != GF_OK)
        return status;
    run->tower_id = gf_new(run->arena, gf_str, LOOKS_MAX);
    run->standing = gf_new(run->arena, bool, LOOKS_MAX);
    run->look = gf_new(run->arena, gf_terrain_tower, LOOKS_MAX);
    if (!run->tower_id || !run->standing || !run->look)
        return gf_fail_memory(err);
    for (size_t i = 0; i < tower_count; i++)
        add_tower(run, &towers[i], cameras, camera_count);
    return run->look_count ? GF_OK : gf_fail(err, GF_EINPUT, "land.off_grid", "Add elevation that holds the towers.", "no tower stands on known ground");
}

/* ---- The engine ---- */

static gf_status overlook(sight_run *run, const gf_terrain_tower *looks, size_t count, size_t workers, gf_terrain_overlook *out, gf_error *err)
{
    const gf_terrain_work work = { .workers = workers };
    return gf_terrain_overlook_make(&gf_app_ground_surface(run->ground)->grid, GF_TERRAIN_AIR_DEFAULT, looks, count, &run->parcels, &work, run->arena, out, err);
}

static bool go_on(sight_run *run, int64_t done) { return !run->progress || run->progress(run->context, "sights", done, 4); }

static gf_status compute(sight_run *run, size_t workers, gf_error *err)
{
    gf_terrain_tower *standing = gf_new(run->arena, gf_terrain_tower, run->look_count + 1);
    size_t count = 0;
    if (!standing)
        return gf_fail_memory(err);
    for (size_t i = 0; i < run->look_count; i++)
        if (run->standing[i])
            standing[count++] = run->look[i];
    gf_status status = gf_terrain_parcels_make(&gf_app_ground_surface(run->ground)->grid, run->shape, run->parcel_count, run->arena, &run->parcels, err);
    if (status == GF_OK && go_on(run, 1))
        status = overlook(run, run->look, run->look_count, workers, &run->after, err);
    if (status == GF_OK && count && go_on(run, 2))
        status = overlook(run, standing, count, workers, &run->before, err);
    if (status == GF_OK && !go_on(run, 3))
        status = gf_fail(err, GF_ECANCELLED, "land.cancelled", "", "stopped on request; nothing was changed");
    return status;
}

/* ---- What comes out ---- */

static int64_t share_of(uint64_t cells, uint64_t all)
{
    int64_t share = all ? (int64_t)((double)cells / (double)all * 10000 + 0.5) : 0;
    return cells && share == 0 ? 1 : share;  /* a little is not nothing */
}

static int64_t rounded(double value, double times) { return isfinite(value) ? (int64_t)(value * times + 0.5) : -1; }

/* Of two cameras of one tower the better one; pairs come by look, and the looks of a tower stand side by side. */
static const gf_terrain_pair **best_pairs(sight_run *run, size_t *count, gf_error *err)
{
    const gf_terrain_pair **best = gf_new(run->arena, const gf_terrain_pair *, run->after.pair_count + 1), **of_parcel = gf_new(run->arena, const gf_terrain_pair *, run->parcel_count);
    size_t *slot = gf_new(run->arena, size_t, run->parcel_count);
    *count = 0;
    if (!best || !of_parcel || !slot) {
        (void)gf_fail_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < run->after.pair_count; i++) {
        const gf_terrain_pair *pair = &run->after.pairs[i], *other = of_parcel[pair->parcel];
        bool same = other && gf_str_eq(run->tower_id[other->tower], run->tower_id[pair->tower]);
        if (same && other->seen_cells >= pair->seen_cells)
            continue;
        slot[pair->parcel] = same ? slot[pair->parcel] : (*count)++;
        best[slot[pair->parcel]] = of_parcel[pair->parcel] = pair;
    }
    return best;
}

static void put_pair(sight_run *run, const gf_terrain_pair *p)
{
    gf_stmt *stmt = gf_store_named(run->app->store, "land_sight_put");
    gf_stmt_str(stmt, 1, run->tower_id[p->tower]);
    gf_stmt_str(stmt, 2, run->parcel_id[p->parcel]);
    gf_stmt_int(stmt, 3, share_of(p->seen_cells, run->parcels.parcels[p->parcel].cells));
    gf_stmt_int(stmt, 4, rounded(p->dist_m, 1));
    gf_stmt_int(stmt, 5, rounded(p->pixel_m, 1000));
    gf_stmt_int(stmt, 6, rounded(p->incidence_deg, 10));
    gf_stmt_int(stmt, 7, rounded(p->blocker_dist_m, 1));
    (void)gf_stmt_run(stmt);
}

static void put_parcel(sight_run *run, size_t i, int64_t towers)
{
    const gf_terrain_parcel *parcel = &run->parcels.parcels[i];
    const gf_terrain_parcel_seen *seen = &run->after.parcels[i];
    gf_stmt *stmt = gf_store_named(run->app->store, "land_sight_parcel_put");
    gf_stmt_str(stmt, 1, run->parcel_id[i]);
    gf_stmt_int(stmt, 2, (int64_t)parcel->cells);
    gf_stmt_int(stmt, 3, share_of(parcel->nodata_cells, parcel->cells));
    gf_stmt_int(stmt, 4, share_of(seen->seen_cells, parcel->cells));
    gf_stmt_int(stmt, 5, run->before.parcels ? share_of(run->before.parcels[i].seen_cells, parcel->cells) : 0);
    gf_stmt_int(stmt, 6, towers);
    gf_stmt_str(stmt, 7, seen->best_tower == GF_TERRAIN_NO_TOWER ? (gf_str){ "", 0 } : run->tower_id[seen->best_tower]);
    (void)gf_stmt_run(stmt);
}

static void drop_old(gf_app *app)
{
    static const char *const OLD[] = { "land_run_drop", "land_sight_drop", "land_sight_parcel_drop" };
    for (size_t i = 0; i < GF_COUNT(OLD); i++)
        (void)gf_stmt_run(gf_store_named(app->store, OLD[i]));
}

static gf_status put_run(sight_run *run, const char *input, gf_app_land_computed *out, gf_error *err)
{
    const gf_terrain_grid *grid = &gf_app_ground_surface(run->ground)->grid;
    gf_stmt *stmt = gf_store_named(run->app->store, "land_run_put");
    gf_stmt_int(stmt, 1, run->app->now());
    gf_stmt_str(stmt, 2, gf_str_of(input));
    gf_stmt_int(stmt, 3, grid->epsg);
    gf_stmt_int(stmt, 4, rounded(grid->cell_m, 1000));
    gf_stmt_int(stmt, 5, out->towers);
    gf_stmt_int(stmt, 6, out->parcels);
    gf_stmt_int(stmt, 7, out->ms);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(run->app->store, err);
}

static gf_status keep_all(sight_run *run, const char *input, gf_app_land_computed *out, gf_error *err)
{
    size_t count;
    const gf_terrain_pair **pairs = best_pairs(run, &count, err);
    int64_t *towers = gf_new(run->arena, int64_t, run->parcel_count);
    if (!pairs || !towers)
        return gf_fail_memory(err);
    drop_old(run->app);
    for (size_t i = 0; i < count; i++) {
        put_pair(run, pairs[i]);
        towers[pairs[i]->parcel]++;
    }
    for (size_t i = 0; i < run->parcel_count; i++)
        put_parcel(run, i, towers[i]);
    out->pairs = (int64_t)count;
    return put_run(run, input, out, err);
}

gf_status gf_app_land_compute(gf_app *app, const gf_app_ground *ground, size_t workers, gf_app_progress_fn *progress, void *context, gf_app_land_computed *out, gf_error *err)
{
    sight_run run = { .app = app, .ground = ground, .arena = gf_arena_open(RUN_BYTES_MAX), .progress = progress, .context = context };
    char input[GF_HASH_HEX_BYTES];
    gf_utc_ms begun = app->now();
    *out = (gf_app_land_computed){ .towers = 0 };
    gf_status status = run.arena ? land_input(app, run.arena, input, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_parcels(&run, err);
    if (status == GF_OK)
        status = read_towers(&run, err);
    if (status == GF_OK)
        status = compute(&run, workers, err);
    if (status == GF_OK)
        status = gf_store_begin(app->store, err);
    if (status == GF_OK) {
        *out = (gf_app_land_computed){ .towers = (int64_t)run.tower_count, .parcels = (int64_t)run.parcel_count, .off_grid = (int64_t)run.off_grid, .ms = app->now() - begun };
        status = keep_all(&run, input, out, err);
        if (status == GF_OK)
            status = gf_store_commit(app->store, err);
        else
            gf_store_rollback(app->store);
    }
    gf_arena_close(run.arena);
    return status;
}
