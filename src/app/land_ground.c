/* The elevation among the documents as one surface, and the questions of the map that need nothing else: the profile to a
 * point, the area that a tower sees. A surface of two SRTM tiles is made in some tenths of a second and takes 12 MB.
 */
#include "app/land.h"

#include "geo/gf_geo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TILES_MAX = 64, PROFILE_STEPS_MAX = 2000 };
static const size_t GROUND_BYTES_MAX = (size_t)3 << 30;
static const double TARGET_M = 1.5;  /* what is looked for stands as high as a man's chest */

struct gf_app_ground { gf_arena *arena; gf_app_surface surface; };

gf_status gf_app_ground_key(gf_app *app, gf_arena *keep, gf_str *out, gf_error *err)
{
    gf_text key;
    gf_text_init(&key, keep);
    gf_stmt *stmt = gf_store_named(app->store, "land_elevation");
    while (gf_stmt_row(stmt)) {
        gf_text_add(&key, gf_row_str(stmt, 2));
        gf_text_add_char(&key, ';');
    }
    *out = gf_text_str(&key);
    gf_status status = gf_store_ok(app->store, err);
    return status == GF_OK ? gf_text_done(&key, err) : status;
}

static gf_status read_files(gf_app *app, gf_arena *arena, gf_app_dem_file *files, size_t *count, gf_error *err)
{
    gf_str hash[TILES_MAX];
    *count = 0;
    gf_stmt *stmt = gf_store_named(app->store, "land_elevation");
    for (; *count < TILES_MAX && gf_stmt_row(stmt); ++*count) {
        files[*count].name = gf_row_copy(stmt, 1, arena);
        hash[*count] = gf_row_copy(stmt, 2, arena);
    }
    gf_stmt_end(stmt);
    for (size_t i = 0; i < *count; i++) {
        stmt = gf_store_named(app->store, "land_blob");
        gf_stmt_str(stmt, 1, hash[i]);
        files[i].bytes = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, arena) : (gf_str){ "", 0 };
        gf_stmt_end(stmt);
    }
    return gf_store_ok(app->store, err);
}

gf_status gf_app_ground_open(gf_app *app, gf_app_ground **out, gf_error *err)
{
    gf_app_dem_file files[TILES_MAX];
    gf_app_surface_options options = { .files = files };
    gf_app_ground *ground = calloc(1, sizeof *ground);
    gf_arena *scratch = gf_arena_open(GROUND_BYTES_MAX);
    gf_status status = ground && scratch ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK)
        ground->arena = gf_arena_open(GROUND_BYTES_MAX);
    if (status == GF_OK && !ground->arena)
        status = gf_fail_memory(err);
    if (status == GF_OK)
        status = read_files(app, scratch, files, &options.count, err);
    if (status == GF_OK && options.count == 0)
        status = gf_fail(err, GF_ENOTFOUND, "land.ground", "Add the elevation as a document of kind dem: .hgt.zip, GeoTIFF or .asc.", "there is no elevation among the documents");
    if (status == GF_OK)
        status = gf_app_surface_read(&options, ground->arena, scratch, &ground->surface, err);
    gf_arena_close(scratch);
    if (status == GF_OK)
        *out = ground;
    else
        gf_app_ground_close(ground);
    return status;
}

void gf_app_ground_close(gf_app_ground *ground)
{
    if (!ground)
        return;
    gf_arena_close(ground->arena);
    free(ground);
}

const gf_app_surface *gf_app_ground_surface(const gf_app_ground *ground) { return &ground->surface; }

/* ---- A tower's place ---- */

gf_status land_tower_read(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, double *lon, double *lat, double *mast_m, gf_error *err)
{
    record tower;
    gf_status status = access_require_record(app, actor, gf_register_find(GF_STR("towers")), id, keep, err);
    if (status == GF_OK)
        status = record_read(app, "towers", id, keep, &tower, err);
    if (status != GF_OK)
        return status;
    *lon = land_number(record_value(&tower, "lon"), NAN);
    *lat = land_number(record_value(&tower, "lat"), NAN);
    *mast_m = land_number(record_value(&tower, "mast_m"), 0);
    return GF_OK;
}

static gf_status find_cells(const gf_app_ground *ground, double lon, double lat, double to_lon, double to_lat, gf_terrain_cell cells[2], gf_error *err)
{
    const gf_app_spot spots[] = { { GF_APP_SPOT_LONLAT, lon, lat }, { GF_APP_SPOT_LONLAT, to_lon, to_lat } };
    size_t failed;
    return gf_app_spots_find(&ground->surface, spots, 2, cells, &failed, err);
}

/* ---- Profile ---- */

/* The ground under a point of the line, bilinearly; NAN where one of the four cells is unknown. */
static double ground_at(const gf_terrain_grid *grid, double row, double column)
{
    double r0 = floor(row), c0 = floor(column), fr = row - r0, fc = column - c0, sum = 0;
    for (int i = 0; i < 4; i++) {
        double weight = (i / 2 ? fr : 1 - fr) * (i % 2 ? fc : 1 - fc);
        if (weight > 0)
            sum += weight * (double)grid->height_m[(size_t)(r0 + i / 2) * grid->columns + (size_t)(c0 + i % 2)];
    }
    return sum;
}

static void walk_profile(const gf_terrain_grid *grid, const gf_terrain_cell cells[2], gf_app_land_profile *out)
{
    const gf_terrain_air air = GF_TERRAIN_AIR_DEFAULT;
    double rows = (double)cells[1].row - (double)cells[0].row, columns = (double)cells[1].column - (double)cells[0].column;
    double whole_m = out->line.dist_m, last = (double)(out->count - 1);
    double fall_m = air.k * whole_m * whole_m / (2 * air.radius_m), to_m = out->target_m - fall_m;
    for (size_t i = 0; i < out->count; i++) {
        double part = last > 0 ? (double)i / last : 0, dist_m = part * whole_m;
        out->dist_m[i] = dist_m;
        out->ground_m[i] = ground_at(grid, (double)cells[0].row + part * rows, (double)cells[0].column + part * columns) - air.k * dist_m * dist_m / (2 * air.radius_m);
        out->sight_m[i] = out->eye_m + part * (to_m - out->eye_m);
    }
}

gf_status gf_app_land_profile_read(gf_app *app, const gf_app_actor *actor, const gf_app_ground *ground, gf_str tower, double lon, double lat, gf_arena *keep,
                                   gf_app_land_profile *out, gf_error *err)
{
    const gf_terrain_grid *grid = &ground->surface.grid;
    gf_terrain_observer eye = GF_TERRAIN_OBSERVER_DEFAULT;
    double tower_lon, tower_lat, mast_m;
    gf_terrain_cell cells[2];
    *out = (gf_app_land_profile){ .count = 0 };
    gf_status status = land_tower_read(app, actor, tower, keep, &tower_lon, &tower_lat, &mast_m, err);
    if (status == GF_OK)
        status = land_first_look(app, tower, mast_m, keep, &eye, err);
    if (status == GF_OK)
        status = find_cells(ground, tower_lon, tower_lat, lon, lat, cells, err);
    if (status != GF_OK)
        return status;
    gf_terrain_line_walk(grid, GF_TERRAIN_AIR_DEFAULT, cells[0], eye.mast_m, cells[1], TARGET_M, &out->line);
    size_t steps = (size_t)(out->line.dist_m / (grid->cell_m / 2)) + 2;
    out->count = steps > PROFILE_STEPS_MAX ? PROFILE_STEPS_MAX : steps;
    double **const arrays[] = { &out->dist_m, &out->ground_m, &out->sight_m };
    for (size_t i = 0; i < GF_COUNT(arrays); i++)
        if (!(*arrays[i] = gf_new(keep, double, out->count)))
            return gf_fail_memory(err);
    out->eye_m = (double)grid->height_m[(size_t)cells[0].row * grid->columns + cells[0].column] + eye.mast_m;
    out->target_m = (double)grid->height_m[(size_t)cells[1].row * grid->columns + cells[1].column] + TARGET_M;
    walk_profile(grid, cells, out);
    return GF_OK;
}

/* ---- The area that a tower sees ---- */

/* Outlines of what its best-placed eye sees: through its first camera, or all round from its top. */
gf_status gf_app_land_view_read(gf_app *app, const gf_app_actor *actor, const gf_app_ground *ground, gf_str tower, gf_arena *keep, gf_text *geojson, gf_error *err)
{
    gf_app_view_options options = { .observer = GF_TERRAIN_OBSERVER_DEFAULT, .workers = 2 };
    gf_terrain_view view;
    double mast_m;
    options.spot.kind = GF_APP_SPOT_LONLAT;
    gf_status status = land_tower_read(app, actor, tower, keep, &options.spot.a, &options.spot.b, &mast_m, err);
    if (status == GF_OK)
        status = land_first_look(app, tower, mast_m, keep, &options.observer, err);
    if (status == GF_OK)
        status = gf_app_view(&ground->surface, &options, keep, &view, err);
    return status == GF_OK ? gf_app_view_geojson(&ground->surface, &view, geojson, err) : status;
}
