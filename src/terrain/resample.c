/* Degrees, oblong cells or another zone become a metric grid of square cells.
 *
 * Each new cell's centre is taken back into the tiles' system and the height interpolated bilinearly there. Going back
 * through libproj for every cell would cost more than all the rest: it is done at the nodes of a mesh, and between
 * them the way back is interpolated. The mesh is as coarse as its error allows, and the error is measured, not believed:
 * at the middle of every edge of the mesh, where a bilinear function is furthest from a smooth one (not at the middle
 * of the mesh's cells: these maps are conformal, their coordinates harmonic, and there the errors of the two axes
 * cancel). Where any is over a five-thousandth of a cell the mesh is halved; a mesh of single cells is exact.
 */
#include "terrain/inside.h"

#include <math.h>

static const double ERROR_MAX = 2e-4;           /* of a cell of the tiles */
static const double SNAP = 1e-6;                /* of a cell: a weight below it is rounding */
static const double METRES_IN_ARC_SECOND = 30;  /* by custom, so that 1" gives 30 m and 3" 90 m */
enum { MESH_MOST = 64, EDGE_POINTS = 128 };

typedef struct mesh { size_t side, rows, columns; gf_geo_point *node; } mesh;   /* nodes every `side` cells, the last ones beyond the grid */

static gf_geo_point centre_of(const gf_terrain_grid *g, double row, double column)
{
    return (gf_geo_point){ g->west_m + (column + 0.5) * g->cell_m, g->north_m - (row + 0.5) * g->cell_m };
}

/* ---- The new grid ---- */

static gf_status choose_system(const gf_terrain_tile *t, const gf_geo_system *system, const gf_terrain_surface_options *o, int *epsg, gf_error *err)
{
    gf_geo_system target;
    double middle_deg = t->west + t->step_x * (double)t->columns / 2;
    *epsg = o->to_epsg ? o->to_epsg : system->geographic ? gf_geo_zone(middle_deg) : o->epsg;
    if (!*epsg)
        return gf_fail(err, GF_EINPUT, "terrain.zone", "Name a metric system: --crs EPSG:n.", "no 3-degree zone of CGCS2000 has the longitude %.2f", middle_deg);
    gf_status status = gf_geo_describe(*epsg, &target, err);
    if (status == GF_OK && (target.geographic || fabs(target.unit_m - 1) > 1e-9))
        status = gf_fail(err, GF_EINPUT, "terrain.unit", "Name a system of metres.", "EPSG:%d is not in metres", *epsg);
    return status;
}

/* The square that holds the whole border of the tiles, on whole multiples of the cell. */
static gf_status choose_extent(const gf_terrain_tile *t, gf_geo *way, uint64_t cells_max, gf_terrain_grid *g, gf_error *err)
{
    double wide = t->step_x * (double)t->columns, high = t->step_y * (double)t->rows;
    double x0 = INFINITY, x1 = -INFINITY, y0 = INFINITY, y1 = -INFINITY;
    for (int i = 0; i <= EDGE_POINTS; i++) {
        double part = (double)i / EDGE_POINTS;
        gf_geo_point p[4] = { { t->west + part * wide, t->north }, { t->west + part * wide, t->north - high }, { t->west, t->north - part * high },
                              { t->west + wide, t->north - part * high } };
        gf_status status = gf_geo_forward(way, p, 4, err);
        if (status != GF_OK)
            return status;
        for (int k = 0; k < 4; k++) {
            x0 = fmin(x0, p[k].x), x1 = fmax(x1, p[k].x);
            y0 = fmin(y0, p[k].y), y1 = fmax(y1, p[k].y);
        }
    }
    g->west_m = floor(x0 / g->cell_m) * g->cell_m;
    g->north_m = ceil(y1 / g->cell_m) * g->cell_m;
    double columns = ceil((x1 - g->west_m) / g->cell_m), rows = ceil((g->north_m - y0) / g->cell_m);
    if (!(columns >= 1 && rows >= 1 && columns * rows <= (double)cells_max && columns < 1e6 && rows < 1e6))
        return gf_fail(err, GF_ELIMIT, "terrain.large", "Give fewer tiles, or larger cells.", "the surface would have %.0f x %.0f cells", columns, rows);
    g->columns = (uint32_t)columns;
    g->rows = (uint32_t)rows;
    return GF_OK;
}

/* ---- The way back ---- */

static gf_geo_point between(gf_geo_point a, gf_geo_point b, double part) { return (gf_geo_point){ a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part }; }

/* The worst error at the middles of the edges to the right of and below every node, in cells of the tiles. */
static gf_status measure(const gf_terrain_tile *t, const gf_terrain_grid *g, const mesh *m, gf_geo *way, double *worst, gf_error *err)
{
    *worst = 0;
    for (size_t r = 0; r + 1 < m->rows; r++)
        for (size_t c = 0; c + 1 < m->columns; c++) {
            const gf_geo_point *n = &m->node[r * m->columns + c];
            double row = (double)(r * m->side), column = (double)(c * m->side), half = (double)m->side / 2;
            gf_geo_point true_[2] = { centre_of(g, row, column + half), centre_of(g, row + half, column) };
            gf_geo_point ours[2] = { between(n[0], n[1], 0.5), between(n[0], n[m->columns], 0.5) };
            gf_status status = gf_geo_inverse(way, true_, 2, err);
            if (status != GF_OK)
                return status;
            for (int k = 0; k < 2; k++)
                *worst = fmax(*worst, fmax(fabs(true_[k].x - ours[k].x) / t->step_x, fabs(true_[k].y - ours[k].y) / t->step_y));
        }
    return GF_OK;
}

static gf_status make_mesh(const gf_terrain_grid *g, size_t side, gf_geo *way, gf_arena *scratch, mesh *m, gf_error *err)
{
    *m = (mesh){ .side = side, .rows = (g->rows - 1) / side + 2, .columns = (g->columns - 1) / side + 2 };
    m->node = gf_new(scratch, gf_geo_point, m->rows * m->columns);
    if (!m->node)
        return gf_fail_memory(err);
    for (size_t r = 0; r < m->rows; r++)
        for (size_t c = 0; c < m->columns; c++)
            m->node[r * m->columns + c] = centre_of(g, (double)(r * side), (double)(c * side));
    return gf_geo_inverse(way, m->node, m->rows * m->columns, err);
}

static gf_status find_mesh(const gf_terrain_tile *t, const gf_terrain_grid *g, gf_geo *way, gf_arena *scratch, mesh *m, gf_error *err)
{
    for (size_t side = MESH_MOST;; side /= 2) {
        gf_mark mark = gf_arena_mark(scratch);
        double worst = 0;
        gf_status status = make_mesh(g, side, way, scratch, m, err);
        if (status == GF_OK && side > 1)
            status = measure(t, g, m, way, &worst, err);
        if (status != GF_OK || side == 1 || worst <= ERROR_MAX)
            return status;
        gf_arena_rewind(scratch, mark);
    }
}

/* ---- Heights ---- */

/* Split a position into its whole part and the weight of the next cell. */
static bool split(double at, size_t count, size_t *whole, float *weight)
{
    double base = floor(at), part = at - base;
    if (part > 1 - SNAP) {
        base += 1;
        part = 0;
    }
    part = part < SNAP ? 0 : part;
    if (!(base >= 0 && base + (part > 0 ? 1 : 0) <= (double)count - 1))
        return false;
    *whole = (size_t)base;
    *weight = (float)part;
    return true;
}

static float height_at(const gf_terrain_tile *t, gf_geo_point p)
{
    size_t r, c;
    float down, right;
    if (!split((p.x - t->west) / t->step_x - 0.5, t->columns, &c, &right) || !split((t->north - p.y) / t->step_y - 0.5, t->rows, &r, &down))
        return NAN;
    const float *at = t->height_m + r * t->columns + c, *below = down > 0 ? at + t->columns : at;
    size_t next = right > 0 ? 1 : 0;
    float above_m = at[0] + (at[next] - at[0]) * right, below_m = below[0] + (below[next] - below[0]) * right;
    return above_m + (below_m - above_m) * down;
}

static void fill(const gf_terrain_tile *t, const gf_terrain_grid *g, const mesh *m, float *height)
{
    for (size_t row = 0; row < g->rows; row++) {
        const gf_geo_point *n = &m->node[row / m->side * m->columns];
        double down = (double)(row % m->side) / (double)m->side;
        for (size_t c = 0; c + 1 < m->columns; c++) {
            gf_geo_point left = between(n[c], n[c + m->columns], down), right = between(n[c + 1], n[c + 1 + m->columns], down);
            for (size_t k = 0; k < m->side && c * m->side + k < g->columns; k++)
                height[row * g->columns + c * m->side + k] = height_at(t, between(left, right, (double)k / (double)m->side));
        }
    }
}

gf_status resample(const gf_terrain_tile *joined, const gf_geo_system *system, const gf_terrain_surface_options *options, uint64_t cells_max,
                   gf_arena *keep, gf_arena *scratch, gf_terrain_grid *out, gf_error *err)
{
    gf_terrain_grid g = { .reprojected = true };
    g.cell_m = options->cell_m > 0 ? options->cell_m : system->geographic ? round(joined->step_y * 3600 * METRES_IN_ARC_SECOND * 1e6) / 1e6
                                                                      : fmin(joined->step_x, joined->step_y);
    gf_geo *way = NULL;
    mesh m;
    gf_status status = choose_system(joined, system, options, &g.epsg, err);
    if (status == GF_OK)
        status = gf_geo_open(options->epsg, g.epsg, &way, err);
    if (status == GF_OK)
        status = choose_extent(joined, way, cells_max, &g, err);
    if (status == GF_OK)
        status = find_mesh(joined, &g, way, scratch, &m, err);
    gf_geo_close(way);
    if (status != GF_OK)
        return status;
    float *height = gf_new(keep, float, (size_t)g.rows * g.columns);
    if (!height)
        return gf_fail_memory(err);
    fill(joined, &g, &m, height);
    g.height_m = height;
    *out = g;
    return GF_OK;
}
