/* Polygons as runs of cells.
 *
 * Every side crosses the lines through the cell centres of some rows; the crossings of a polygon, sorted by row and x, are the
 * ends of its runs (even-odd). A side takes its lower end and leaves its upper one, a run its west end and not its east one, and
 * a side is always computed from its lower end up: so a centre on a side that two parcels share belongs to exactly one. */
#include "terrain/gf_terrain_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double ROWS_MAX = 1e6;

typedef struct crossing { int64_t row; double x; } crossing;

typedef struct raster {
    const gf_terrain_grid *grid;
    crossing       *crossings;
    size_t          crossing_count, crossing_room;
    gf_terrain_run *runs;
    size_t          run_count, run_room;
    uint64_t        cells;
} raster;

static bool room_for(void **items, size_t count, size_t *room, size_t item_bytes)
{
    if (count < *room)
        return true;
    size_t more = *room ? *room * 2 : 256;
    void *larger = realloc(*items, more * item_bytes);
    if (!larger)
        return false;
    *items = larger;
    *room = more;
    return true;
}

/* ---- Sides ---- */

/* Rows count from the north, so the lower end of a side has the greater row. Row r has its centres at y = north - (r + 0.5) cell. */
static double row_at(const gf_terrain_grid *g, double y) { return (g->north_m - y) / g->cell_m - 0.5; }
static double row_y(const gf_terrain_grid *g, int64_t row) { return g->north_m - ((double)row + 0.5) * g->cell_m; }

static bool add_side(raster *r, gf_geo_point a, gf_geo_point b)
{
    if (a.y == b.y)
        return true;
    gf_geo_point low = a.y < b.y ? a : b, high = a.y < b.y ? b : a;
    for (int64_t row = (int64_t)ceil(row_at(r->grid, high.y)) - 1; row_y(r->grid, row) >= low.y; row++) {
        double y = row_y(r->grid, row);
        if (y >= high.y)
            continue;   /* the first rows: rounding may begin one too early, never too late */
        void *crossings = r->crossings;
        if (!room_for(&crossings, r->crossing_count, &r->crossing_room, sizeof *r->crossings))
            return false;
        r->crossings = crossings;
        r->crossings[r->crossing_count++] = (crossing){ row, low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x) };
    }
    return true;
}

static int by_row_and_x(const void *left, const void *right)
{
    const crossing *a = left, *b = right;
    return a->row != b->row ? (a->row > b->row) - (a->row < b->row) : (a->x > b->x) - (a->x < b->x);
}

/* ---- Runs ---- */

static bool add_run(raster *r, int64_t row, int64_t from, int64_t to, gf_terrain_parcel *p)
{
    if (from >= to)
        return true;
    p->cells += (uint64_t)(to - from);
    int64_t inside_from = from > 0 ? from : 0, inside_to = to < (int64_t)r->grid->columns ? to : (int64_t)r->grid->columns;
    if (row < 0 || row >= (int64_t)r->grid->rows || inside_from >= inside_to) {
        p->nodata_cells += (uint64_t)(to - from);
        return true;
    }
    p->nodata_cells += (uint64_t)(to - from - (inside_to - inside_from));
    void *runs = r->runs;
    if (!room_for(&runs, r->run_count, &r->run_room, sizeof *r->runs))
        return false;
    r->runs = runs;
    r->runs[r->run_count++] = (gf_terrain_run){ (uint32_t)row, (uint32_t)inside_from, (uint32_t)(inside_to - inside_from) };
    p->run_count++;
    r->cells += (uint64_t)(inside_to - inside_from);
    return true;
}

/* The first column whose centre is not west of x. */
static int64_t column_from(const gf_terrain_grid *g, double x) { return (int64_t)ceil((x - g->west_m) / g->cell_m - 0.5); }

static bool add_runs(raster *r, gf_terrain_parcel *p)
{
    if (r->crossing_count)
        qsort(r->crossings, r->crossing_count, sizeof *r->crossings, by_row_and_x);
    for (size_t i = 0; i + 1 < r->crossing_count; i += 2)   /* each row has an even number of them */
        if (!add_run(r, r->crossings[i].row, column_from(r->grid, r->crossings[i].x), column_from(r->grid, r->crossings[i + 1].x), p))
            return false;
    return true;
}

static bool add_inner_cell(raster *r, const gf_terrain_shape *shape, gf_terrain_parcel *p)
{
    gf_geo_point at = gf_terrain_inner_point(shape);
    int64_t row = (int64_t)floor((r->grid->north_m - at.y) / r->grid->cell_m), column = (int64_t)floor((at.x - r->grid->west_m) / r->grid->cell_m);
    return add_run(r, row, column, column + 1, p);
}

static void look_at_runs(const raster *r, gf_terrain_parcel *p)
{
    p->row0 = p->column0 = UINT32_MAX;
    for (size_t i = p->first_run; i < p->first_run + p->run_count; i++) {
        const gf_terrain_run *run = &r->runs[i];
        const float *height = r->grid->height_m + (size_t)run->row * r->grid->columns + run->column;
        for (uint32_t c = 0; c < run->length; c++)
            p->nodata_cells += isnan(height[c]) ? 1 : 0;
        p->row0 = run->row < p->row0 ? run->row : p->row0;
        p->row1 = run->row > p->row1 ? run->row : p->row1;
        p->column0 = run->column < p->column0 ? run->column : p->column0;
        p->column1 = run->column + run->length - 1 > p->column1 ? run->column + run->length - 1 : p->column1;
    }
}

/* ---- Areas and inner points ---- */

typedef struct box { double west, east, south, north; } box;

static box box_of(const gf_terrain_shape *shape)
{
    box b = { INFINITY, -INFINITY, INFINITY, -INFINITY };
    for (size_t i = 0; i < shape->ring_count; i++)
        for (size_t k = 0; k < shape->rings[i].count; k++) {
            gf_geo_point p = shape->rings[i].points[k];
            b.west = fmin(b.west, p.x), b.east = fmax(b.east, p.x);
            b.south = fmin(b.south, p.y), b.north = fmax(b.north, p.y);
        }
    return b;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Where the line at y crosses the shape, from west to east; at most `room` of them. */
static size_t cross_line(const gf_terrain_shape *shape, double y, double *x, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; i < shape->ring_count; i++)
        for (size_t k = 0; k + 1 < shape->rings[i].count && count < room; k++) {
            gf_geo_point a = shape->rings[i].points[k], b = shape->rings[i].points[k + 1];
            if ((a.y <= y) != (b.y <= y))
                x[count++] = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
        }
    qsort(x, count, sizeof *x, by_value);
    return count;
}

gf_geo_point gf_terrain_inner_point(const gf_terrain_shape *shape)
{
    enum { ROOM = 512 };
    double x[ROOM];
    box b = box_of(shape);
    gf_geo_point best = { (b.west + b.east) / 2, (b.south + b.north) / 2 };
    double widest = -1, y = best.y;
    size_t count = cross_line(shape, y, x, ROOM);
    for (size_t i = 0; i + 1 < count; i += 2)
        if (x[i + 1] - x[i] > widest) {
            widest = x[i + 1] - x[i];
            best = (gf_geo_point){ (x[i] + x[i + 1]) / 2, y };
        }
    return best;
}

static bool holds(const gf_terrain_loop *ring, gf_geo_point p)
{
    bool inside = false;
    for (size_t k = 0; k + 1 < ring->count; k++) {
        gf_geo_point a = ring->points[k], b = ring->points[k + 1];
        if ((a.y <= p.y) != (b.y <= p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x))
            inside = !inside;
    }
    return inside;
}

static double ring_area(const gf_terrain_loop *ring)
{
    gf_geo_point o = ring->points[0];
    double sum = 0;
    for (size_t k = 0; k + 1 < ring->count; k++)
        sum += (ring->points[k].x - o.x) * (ring->points[k + 1].y - o.y) - (ring->points[k + 1].x - o.x) * (ring->points[k].y - o.y);
    return fabs(sum) / 2;
}

/* Which way a ring turns is not believed: one that lies within an odd number of larger ones is a hole. */
static double shape_area(const gf_terrain_shape *shape)
{
    double area = 0;
    for (size_t i = 0; i < shape->ring_count; i++) {
        const gf_terrain_shape alone = { &shape->rings[i], 1 };
        double own = ring_area(&shape->rings[i]);
        gf_geo_point inner = shape->ring_count > 1 ? gf_terrain_inner_point(&alone) : (gf_geo_point){ 0, 0 };
        size_t around = 0;
        for (size_t k = 0; k < shape->ring_count; k++)
            around += k != i && ring_area(&shape->rings[k]) > own && holds(&shape->rings[k], inner);
        area += around % 2 ? -own : own;
    }
    return fabs(area);
}

/* ---- The door ---- */

static gf_status add_parcel(raster *r, const gf_terrain_shape *shape, gf_terrain_parcel *p, gf_error *err)
{
    box b = box_of(shape);
    double reach = ROWS_MAX * r->grid->cell_m;
    if (!(b.north - b.south < reach && b.east - b.west < reach && fabs(b.north - r->grid->north_m) < 1000 * reach))
        return gf_fail(err, GF_EINPUT, "terrain.parcel", "See that the layer is in the system it is said to be in.",
                       "it is %.6g km wide and %.6g km high", (b.east - b.west) / 1000, (b.north - b.south) / 1000);
    *p = (gf_terrain_parcel){ .area_m2 = shape_area(shape), .first_run = (uint32_t)r->run_count };
    r->crossing_count = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < shape->ring_count; i++)
        for (size_t k = 0; ok && k + 1 < shape->rings[i].count; k++)
            ok = add_side(r, shape->rings[i].points[k], shape->rings[i].points[k + 1]);
    ok = ok && add_runs(r, p) && (p->cells > 0 || add_inner_cell(r, shape, p)) && r->run_count < UINT32_MAX;
    if (!ok)
        return gf_fail_memory(err);
    look_at_runs(r, p);
    return GF_OK;
}

gf_status gf_terrain_parcels_make(const gf_terrain_grid *grid, const gf_terrain_shape *shapes, size_t count, gf_arena *keep,
                                  gf_terrain_parcels *out, gf_error *err)
{
    raster r = { .grid = grid };
    gf_terrain_parcel *parcels = gf_new(keep, gf_terrain_parcel, count);
    gf_status status = parcels ? GF_OK : gf_fail_memory(err);
    for (size_t i = 0; i < count && status == GF_OK; i++) {
        status = add_parcel(&r, &shapes[i], &parcels[i], err);
        if (status != GF_OK)
            (void)gf_fail_at(err, "parcel %zu", i + 1);
    }
    gf_terrain_run *runs = status == GF_OK ? gf_new(keep, gf_terrain_run, r.run_count) : NULL;
    if (status == GF_OK && !runs)
        status = gf_fail_memory(err);
    if (status == GF_OK) {
        if (r.run_count)
            memcpy(runs, r.runs, r.run_count * sizeof *runs);
        *out = (gf_terrain_parcels){ .count = count, .parcels = parcels, .runs = runs, .cells = r.cells };
    }
    free(r.crossings);
    free(r.runs);
    return status;
}
