/* Elevation files as one surface, and places named in questions as its cells. */
#include "app/gf_app_terrain.h"
#include "file/gf_file.h"
#include "geo/gf_geo.h"

#include <math.h>

static gf_status fail_crs(const gf_file_dem *dem, gf_error *err)
{
    return dem->degrees ? gf_fail(err, GF_EINPUT, "terrain.crs", "Name it: --crs EPSG:4326 for WGS84, EPSG:4490 for CGCS2000.",
                                  "the elevation is in degrees and does not say of which coordinate system")
                        : gf_fail(err, GF_EINPUT, "terrain.crs", "Name it, for example --crs EPSG:4549.", "the elevation does not say its coordinate system");
}

/* The system of a file: its own, else the one given. Degrees are never taken for metres. */
static gf_status system_of(const gf_file_dem *dem, int given, int *epsg, gf_error *err)
{
    gf_geo_system system;
    *epsg = dem->epsg ? dem->epsg : given;
    if (!*epsg)
        return fail_crs(dem, err);
    gf_status status = gf_geo_describe(*epsg, &system, err);
    if (status == GF_OK && dem->degrees && !system.geographic)
        status = gf_fail(err, GF_EINPUT, "terrain.crs", "Name the system of the degrees, for example --crs EPSG:4326.",
                         "the elevation is in degrees, and EPSG:%d is in metres", *epsg);
    return status;
}

static gf_status read_tiles(const gf_app_surface_options *o, gf_arena *arena, gf_terrain_tile *tiles, int *epsg, gf_error *err)
{
    const gf_file_dem_options options = { .has_nodata = o->has_nodata, .nodata = o->nodata };
    for (size_t i = 0; i < o->count; i++) {
        gf_file_dem dem;
        int own;
        gf_str name = gf_str_slice(o->files[i].name, 0, 80);
        gf_status status = gf_file_dem_read(o->files[i].bytes, o->files[i].name, &options, arena, &dem, err);
        if (status == GF_OK)
            status = system_of(&dem, o->crs, &own, err);
        if (status == GF_OK && i && own != *epsg)
            status = gf_fail(err, GF_EINPUT, "terrain.crs", "Bring them into one system first.", "this elevation is in EPSG:%d, the first one in EPSG:%d", own, *epsg);
        if (status != GF_OK) {
            (void)gf_fail_at(err, "%.*s", GF_STR_ARG(name));
            return status;
        }
        *epsg = own;
        tiles[i] = (gf_terrain_tile){ .rows = dem.rows, .columns = dem.columns, .west = dem.west, .north = dem.north, .step_x = dem.step_x,
                                      .step_y = dem.step_y, .height_m = dem.height_m, .name = gf_str_cstr(arena, name) };
        if (!tiles[i].name)
            return gf_fail_memory(err);
    }
    return GF_OK;
}

gf_status gf_app_surface_read(const gf_app_surface_options *options, gf_arena *keep, gf_arena *scratch, gf_app_surface *out, gf_error *err)
{
    if (options->count == 0)
        return gf_fail(err, GF_EUSAGE, "terrain.dem", "Give --dem FILE, once for every tile.", "no elevation was given");
    gf_mark mark = gf_arena_mark(scratch);
    gf_terrain_tile *tiles = gf_new(scratch, gf_terrain_tile, options->count);
    gf_app_surface surface = { .epsg = 0 };
    gf_status status = tiles ? read_tiles(options, scratch, tiles, &surface.epsg, err) : gf_fail_memory(err);
    if (status == GF_OK) {
        const gf_terrain_surface_options own = { .epsg = surface.epsg };
        surface.points_epsg = options->crs;
        surface.first_rows = tiles[0].rows;
        surface.first_columns = tiles[0].columns;
        surface.first_west = tiles[0].west;
        surface.first_north = tiles[0].north;
        surface.first_step_x = tiles[0].step_x;
        surface.first_step_y = tiles[0].step_y;
        status = gf_terrain_grid_join(tiles, options->count, &own, keep, scratch, &surface.grid, err);
    }
    gf_arena_rewind(scratch, mark);
    if (status != GF_OK)
        return status;
    surface.points_epsg = surface.points_epsg ? surface.points_epsg : surface.grid.epsg;
    *out = surface;
    return GF_OK;
}

/* ---- Places ---- */

static gf_status fail_cell(const gf_app_surface *s, gf_app_spot spot, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "terrain.off_grid", "Rows and columns count from 0 at the upper left cell of the first file.",
                   "row %.10g, column %.10g is off the first file's %zu rows and %zu columns", spot.a, spot.b, s->first_rows, s->first_columns);
}

/* Row and column count in the first file; where the surface was reprojected they lead through its coordinates. */
static gf_status of_first_file(const gf_app_surface *s, gf_app_spot spot, gf_geo_point *point, gf_terrain_cell *cell, gf_error *err)
{
    bool inside = spot.a >= 0 && spot.a < (double)s->first_rows && spot.b >= 0 && spot.b < (double)s->first_columns;
    if (!inside || spot.a != floor(spot.a) || spot.b != floor(spot.b))
        return fail_cell(s, spot, err);
    *point = (gf_geo_point){ s->first_west + (spot.b + 0.5) * s->first_step_x, s->first_north - (spot.a + 0.5) * s->first_step_y };
    if (!s->grid.reprojected)
        *cell = (gf_terrain_cell){ (uint32_t)((int32_t)spot.a + s->grid.first_row), (uint32_t)((int32_t)spot.b + s->grid.first_column) };
    return GF_OK;
}

typedef struct ways { gf_geo *way[3]; } ways;   /* by kind of spot, opened when first needed */

static gf_status to_grid(const gf_app_surface *s, ways *w, gf_app_spot_kind kind, gf_geo_point *point, gf_error *err)
{
    int from = kind == GF_APP_SPOT_CELL ? s->epsg : kind == GF_APP_SPOT_XY ? s->points_epsg : GF_GEO_WGS84;
    gf_status status = w->way[kind] ? GF_OK : gf_geo_open(from, s->grid.epsg, &w->way[kind], err);
    return status == GF_OK ? gf_geo_forward(w->way[kind], point, 1, err) : status;
}

static gf_status find_spot(const gf_app_surface *s, ways *w, gf_app_spot spot, gf_terrain_cell *cell, gf_error *err)
{
    gf_geo_point point = { spot.a, spot.b };
    if (spot.kind == GF_APP_SPOT_CELL) {
        gf_status status = of_first_file(s, spot, &point, cell, err);
        if (status != GF_OK || !s->grid.reprojected)
            return status;
    }
    if (!isfinite(point.x) || !isfinite(point.y))
        return gf_fail(err, GF_EINPUT, "terrain.off_grid", "", "a coordinate is no number");
    gf_status status = to_grid(s, w, spot.kind, &point, err);
    return status == GF_OK ? gf_terrain_cell_at(&s->grid, point.x, point.y, cell, err) : status;
}

/* Degrees given as latitude, longitude land outside China's zones or off the grid: say so when turning them helps. */
static void tell_exchanged(const gf_app_surface *s, ways *w, gf_app_spot spot, gf_error *err)
{
    gf_app_spot turned = { spot.kind, spot.b, spot.a };
    gf_terrain_cell ignored;
    if (err && spot.kind != GF_APP_SPOT_CELL && find_spot(s, w, turned, &ignored, NULL) == GF_OK)
        (void)snprintf(err->hint, sizeof err->hint, "%s",
                       spot.kind == GF_APP_SPOT_LONLAT ? "With the two exchanged it would lie on it: longitude comes first."
                                                       : "With x and y exchanged it would lie on it: x is east and y north here, where surveyors write X for north.");
}

gf_status gf_app_spots_find(const gf_app_surface *surface, const gf_app_spot *spots, size_t count, gf_terrain_cell *cells, size_t *failed, gf_error *err)
{
    ways w = { { NULL } };
    gf_status status = GF_OK;
    for (size_t i = 0; i < count && status == GF_OK; i++) {
        status = find_spot(surface, &w, spots[i], &cells[i], err);
        if (status != GF_OK) {
            *failed = i;
            tell_exchanged(surface, &w, spots[i], err);
        }
    }
    for (size_t i = 0; i < GF_COUNT(w.way); i++)
        gf_geo_close(w.way[i]);
    return status;
}
