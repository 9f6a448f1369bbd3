/* Tiles joined into one surface. They are laid on the lattice of the first one; whatever does not fall on that lattice is
 * refused rather than resampled twice. Memory: the surface, and while degrees are reprojected the joined tiles beside it.
 */
#include "terrain/inside.h"

#include <assert.h>
#include <math.h>

static const uint64_t CELLS_MAX = 400u * 1000 * 1000;
static const double STEP_TOLERANCE = 1e-6, LATTICE_TOLERANCE = 0.02;   /* of a cell */

typedef struct extent { int64_t row0, column0, row1, column1; } extent;

static extent place_of(const gf_terrain_tile *t, const gf_terrain_tile *first, double *off)
{
    double c = (t->west - first->west) / first->step_x, r = (first->north - t->north) / first->step_y;
    *off = fmax(fabs(c - round(c)), fabs(r - round(r)));
    return (extent){ (int64_t)round(r), (int64_t)round(c), (int64_t)round(r) + (int64_t)t->rows, (int64_t)round(c) + (int64_t)t->columns };
}

static gf_status find_extent(const gf_terrain_tile *tiles, size_t count, uint64_t cells_max, extent *all, gf_error *err)
{
    const gf_terrain_tile *first = &tiles[0];
    *all = (extent){ 0, 0, (int64_t)first->rows, (int64_t)first->columns };
    for (size_t i = 1; i < count; i++) {
        const gf_terrain_tile *t = &tiles[i];
        double off, wide = fmax((double)t->columns, (double)first->columns), high = fmax((double)t->rows, (double)first->rows);
        bool same = fabs(t->step_x / first->step_x - 1) * wide < STEP_TOLERANCE * 1e4 && fabs(t->step_y / first->step_y - 1) * high < STEP_TOLERANCE * 1e4;
        bool near = fabs(t->west - first->west) < 1e6 * first->step_x && fabs(t->north - first->north) < 1e6 * first->step_y;
        extent e = same && near ? place_of(t, first, &off) : (extent){ 0 };
        if (!same || !near || !(off <= LATTICE_TOLERANCE))
            return gf_fail(err, GF_EINPUT, "terrain.tiles", "Resample them to one grid first, or give them one at a time.",
                           "%s has cells of %.9g x %.9g that do not fit those of %s (%.9g x %.9g)", t->name, t->step_x, t->step_y, first->name,
                           first->step_x, first->step_y);
        all->row0 = e.row0 < all->row0 ? e.row0 : all->row0;
        all->column0 = e.column0 < all->column0 ? e.column0 : all->column0;
        all->row1 = e.row1 > all->row1 ? e.row1 : all->row1;
        all->column1 = e.column1 > all->column1 ? e.column1 : all->column1;
    }
    uint64_t rows = (uint64_t)(all->row1 - all->row0), columns = (uint64_t)(all->column1 - all->column0);
    if (rows > cells_max / columns)
        return gf_fail(err, GF_ELIMIT, "terrain.large", "Give tiles that lie side by side.", "the tiles together span %llu x %llu cells, at most %llu in all are taken",
                       (unsigned long long)columns, (unsigned long long)rows, (unsigned long long)cells_max);
    return GF_OK;
}

static void lay(const gf_terrain_tile *t, extent at, extent all, float *height, size_t columns)
{
    for (size_t r = 0; r < t->rows; r++) {
        float *to = height + (size_t)(at.row0 - all.row0 + (int64_t)r) * columns + (size_t)(at.column0 - all.column0);
        const float *from = t->height_m + r * t->columns;
        for (size_t c = 0; c < t->columns; c++)
            to[c] = isnan(to[c]) ? from[c] : to[c];
    }
}

static gf_status join(const gf_terrain_tile *tiles, size_t count, uint64_t cells_max, gf_arena *arena, gf_terrain_tile *out, extent *all, gf_error *err)
{
    gf_status status = find_extent(tiles, count, cells_max, all, err);
    if (status != GF_OK)
        return status;
    size_t rows = (size_t)(all->row1 - all->row0), columns = (size_t)(all->column1 - all->column0);
    float *height = gf_new(arena, float, rows * columns);
    if (!height)
        return gf_fail_memory(err);
    for (size_t i = 0; i < rows * columns; i++)
        height[i] = NAN;
    double off;
    for (size_t i = 0; i < count; i++)
        lay(&tiles[i], place_of(&tiles[i], &tiles[0], &off), *all, height, columns);
    *out = (gf_terrain_tile){ .rows = rows, .columns = columns, .west = tiles[0].west + (double)all->column0 * tiles[0].step_x,
                              .north = tiles[0].north - (double)all->row0 * tiles[0].step_y, .step_x = tiles[0].step_x, .step_y = tiles[0].step_y,
                              .height_m = height, .name = tiles[0].name };
    return GF_OK;
}

static bool stays(const gf_terrain_tile *t, const gf_geo_system *system, const gf_terrain_surface_options *o)
{
    bool square = fabs(t->step_x / t->step_y - 1) < STEP_TOLERANCE;
    return !system->geographic && square && (!o->to_epsg || o->to_epsg == o->epsg) && (o->cell_m == 0 || o->cell_m == t->step_x);
}

static gf_status finish(gf_arena *keep, gf_terrain_grid *grid, gf_error *err)
{
    size_t cells = (size_t)grid->rows * grid->columns;
    grid->void_count = 0;
    for (size_t i = 0; i < cells; i++)
        grid->void_count += isnan(grid->height_m[i]) ? 1 : 0;
    if (grid->void_count == cells)
        return gf_fail(err, GF_EINPUT, "terrain.empty", "See that the void value is the right one.", "no cell of the elevation has a known height");
    return blocks_make(grid->rows, grid->columns, grid->height_m, keep, &grid->blocks, err);
}

gf_status gf_terrain_grid_join(const gf_terrain_tile *tiles, size_t count, const gf_terrain_surface_options *options, gf_arena *keep,
                               gf_arena *scratch, gf_terrain_grid *out, gf_error *err)
{
    assert(keep != scratch);
    uint64_t cells_max = options->cells_max ? options->cells_max : CELLS_MAX;
    gf_geo_system system;
    gf_status status = gf_geo_describe(options->epsg, &system, err);
    if (status == GF_OK && !system.geographic && fabs(system.unit_m - 1) > 1e-9)
        status = gf_fail(err, GF_EINPUT, "terrain.unit", "Give the elevation in a system of metres.", "EPSG:%d counts in units of %g m", options->epsg, system.unit_m);
    if (status != GF_OK)
        return status;
    bool metric = count == 0 || stays(&tiles[0], &system, options);
    gf_mark mark = gf_arena_mark(scratch);
    gf_terrain_tile joined = { .rows = 0 };
    gf_terrain_grid grid = { .rows = 0 };
    extent all = { 0 };
    status = count == 0 ? gf_fail(err, GF_EINPUT, "terrain.empty", "Give --dem FILE.", "there is no elevation") : join(tiles, count, cells_max, metric ? keep : scratch, &joined, &all, err);
    if (status == GF_OK && metric)
        grid = (gf_terrain_grid){ .rows = (uint32_t)joined.rows, .columns = (uint32_t)joined.columns, .west_m = joined.west, .north_m = joined.north,
                                  .cell_m = joined.step_x, .epsg = options->epsg, .height_m = joined.height_m, .first_row = (int32_t)-all.row0,
                                  .first_column = (int32_t)-all.column0 };
    else if (status == GF_OK)
        status = resample(&joined, &system, options, cells_max, keep, scratch, &grid, err);
    gf_arena_rewind(scratch, mark);
    if (status == GF_OK)
        status = finish(keep, &grid, err);
    if (status == GF_OK)
        *out = grid;
    return status;
}

gf_status gf_terrain_grid_of(uint32_t rows, uint32_t columns, double cell_m, const float *height_m, gf_arena *keep, gf_terrain_grid *out,
                             gf_error *err)
{
    gf_terrain_grid grid = { .rows = rows, .columns = columns, .cell_m = cell_m, .north_m = rows * cell_m, .height_m = height_m };
    gf_status status = finish(keep, &grid, err);
    if (status == GF_OK)
        *out = grid;
    return status;
}

static bool cell_of(const gf_terrain_grid *grid, double x_m, double y_m, gf_terrain_cell *out)
{
    double column = floor((x_m - grid->west_m) / grid->cell_m), row = floor((grid->north_m - y_m) / grid->cell_m);
    if (!(column >= 0 && column < grid->columns && row >= 0 && row < grid->rows))
        return false;
    *out = (gf_terrain_cell){ (uint32_t)row, (uint32_t)column };
    return true;
}

gf_status gf_terrain_cell_at(const gf_terrain_grid *grid, double x_m, double y_m, gf_terrain_cell *out, gf_error *err)
{
    gf_terrain_cell ignored;
    if (cell_of(grid, x_m, y_m, out))
        return GF_OK;
    const char *hint = cell_of(grid, y_m, x_m, &ignored)
                           ? "With x and y exchanged it would lie on it: x is east and y north here, where surveyors write X for north."
                           : "See that the point and the elevation are of one place and one coordinate system.";
    return gf_fail(err, GF_EINPUT, "terrain.off_grid", hint, "x %.1f, y %.1f is off the elevation, which spans x %.0f to %.0f and y %.0f to %.0f", x_m, y_m,
                   grid->west_m, grid->west_m + grid->columns * grid->cell_m, grid->north_m - grid->rows * grid->cell_m, grid->north_m);
}

double gf_terrain_cell_x(const gf_terrain_grid *grid, uint32_t column) { return grid->west_m + (column + 0.5) * grid->cell_m; }
double gf_terrain_cell_y(const gf_terrain_grid *grid, uint32_t row) { return grid->north_m - (row + 0.5) * grid->cell_m; }
