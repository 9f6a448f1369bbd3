/* Shifts of a boundary over the relief.
 *
 * The topographic position of every cell comes from sums over rectangles (integral image). The boundary is scored at every shift of a square of
 * 1,260 m to each side. A system is named when all of this holds: the best shift lies within 260 m of its place (less than half of the
 * way between the two); the best shift stands out, by 3.4 standard deviations of all shifts (lines that follow no relief reach 2 to
 * 3.3); and of 400 boundaries redrawn from stretches of a kilometre (bootstrap, Efron 1979) half fit best there, while at most one in
 * twenty fits best at the other system's place. Else the answer is "unsure". */
#include "terrain/gf_terrain_crs.h"

#include <math.h>
#include <string.h>

enum { REDRAWS = 400, PIECES_LEAST = 8, POINTS_LEAST = 60 };
static const double WINDOW_M = 450, REACH_M = 1260, STEP_LEAST_M = 60, NEAR_M = 260, NEAR_LEAST = 0.5, OTHER_MOST = 0.05, PEAK_LEAST = 3.4;

typedef struct relief {
    const gf_terrain_grid *grid;
    double   *sum;                       /* (rows + 1) * (columns + 1): heights above and to the left */
    uint32_t *known;
    int64_t   window;                    /* cells to each side */
} relief;

typedef struct shifts {
    int64_t  reach;                      /* steps to each side */
    size_t   side, count;                /* of the square; side * side */
    double   step_m;
    double  *sum;                        /* pieces * count */
    double  *points;                     /* the same: how many had known ground */
    double  *drawn_sum, *drawn_points;   /* count */
} shifts;

/* ---- Topographic position ---- */

static bool relief_make(const gf_terrain_grid *g, gf_arena *scratch, relief *r)
{
    size_t wide = (size_t)g->columns + 1;
    *r = (relief){ .grid = g, .sum = gf_new(scratch, double, wide * (g->rows + 1)), .known = gf_new(scratch, uint32_t, wide * (g->rows + 1)),
                   .window = (int64_t)fmax(2, round(WINDOW_M / g->cell_m)) };
    if (!r->sum || !r->known)
        return false;
    for (size_t row = 0; row < g->rows; row++) {
        double sum = 0;
        uint32_t known = 0;
        for (size_t c = 0; c < g->columns; c++) {
            float h = g->height_m[row * g->columns + c];
            sum += isnan(h) ? 0 : (double)h;
            known += isnan(h) ? 0 : 1;
            r->sum[(row + 1) * wide + c + 1] = r->sum[row * wide + c + 1] + sum;
            r->known[(row + 1) * wide + c + 1] = r->known[row * wide + c + 1] + known;
        }
    }
    return true;
}

static int64_t clamp(int64_t value, int64_t most) { return value < 0 ? 0 : value > most ? most : value; }

/* How far the ground stands out, up or down; false where it, or most of what is around, is unknown. */
static bool position_at(const relief *r, double x, double y, double *out)
{
    const gf_terrain_grid *g = r->grid;
    double fc = floor((x - g->west_m) / g->cell_m), fr = floor((g->north_m - y) / g->cell_m);
    if (!(fc >= 0 && fr >= 0 && fc < g->columns && fr < g->rows))
        return false;
    int64_t row = (int64_t)fr, column = (int64_t)fc;
    float h = g->height_m[(size_t)row * g->columns + (size_t)column];
    if (isnan(h))
        return false;
    size_t wide = (size_t)g->columns + 1;
    size_t top = (size_t)clamp(row - r->window, g->rows) * wide, below = (size_t)clamp(row + r->window + 1, g->rows) * wide;
    size_t left = (size_t)clamp(column - r->window, g->columns), right = (size_t)clamp(column + r->window + 1, g->columns);
    double known = (double)r->known[below + right] - r->known[top + right] - r->known[below + left] + r->known[top + left];
    double sum = r->sum[below + right] - r->sum[top + right] - r->sum[below + left] + r->sum[top + left];
    double side = 2 * (double)r->window + 1;
    if (known < side * side / 2)
        return false;
    *out = fabs((double)h - sum / known);
    return true;
}

/* ---- Scores ---- */

static size_t pieces_of(const gf_terrain_boundary_point *points, size_t count) { return count ? (size_t)points[count - 1].piece + 1 : 0; }

static bool shifts_make(const gf_terrain_grid *g, size_t pieces, gf_arena *scratch, shifts *s)
{
    s->step_m = fmax(g->cell_m, STEP_LEAST_M);
    s->reach = (int64_t)ceil(REACH_M / s->step_m);
    s->side = (size_t)(2 * s->reach + 1);
    s->count = s->side * s->side;
    s->sum = gf_new(scratch, double, pieces * s->count);
    s->points = gf_new(scratch, double, pieces * s->count);
    s->drawn_sum = gf_new(scratch, double, s->count);
    s->drawn_points = gf_new(scratch, double, s->count);
    return s->sum && s->points && s->drawn_sum && s->drawn_points;
}

static double shift_east(const shifts *s, size_t i) { return ((double)(i % s->side) - (double)s->reach) * s->step_m; }
static double shift_north(const shifts *s, size_t i)
{
    size_t row = i / s->side;
    return ((double)s->reach - (double)row) * s->step_m;
}

static void score_all(const relief *r, const gf_terrain_boundary_point *points, size_t count, shifts *s)
{
    double value;
    for (size_t n = 0; n < count; n++)
        for (size_t i = 0; i < s->count; i++)
            if (position_at(r, points[n].as_told.x + shift_east(s, i), points[n].as_told.y + shift_north(s, i), &value)) {
                s->sum[points[n].piece * s->count + i] += value;
                s->points[points[n].piece * s->count + i] += 1;
            }
}

/* The shift with the greatest mean of what has been drawn; a shift that loses half of the points to unknown ground does not count. */
static size_t best_shift(const shifts *s)
{
    size_t centre = s->count / 2, best = centre;
    double best_mean = -1;
    for (size_t i = 0; i < s->count; i++) {
        double mean = s->drawn_points[i] > 0 && s->drawn_points[i] * 2 >= s->drawn_points[centre] ? s->drawn_sum[i] / s->drawn_points[i] : -1;
        if (mean > best_mean) {
            best = i;
            best_mean = mean;
        }
    }
    return best;
}

static void add_piece(shifts *s, size_t piece)
{
    for (size_t i = 0; i < s->count; i++) {
        s->drawn_sum[i] += s->sum[piece * s->count + i];
        s->drawn_points[i] += s->points[piece * s->count + i];
    }
}

static void forget(shifts *s)
{
    memset(s->drawn_sum, 0, s->count * sizeof *s->drawn_sum);
    memset(s->drawn_points, 0, s->count * sizeof *s->drawn_points);
}

/* ---- The answer ---- */

static void score_systems(const relief *r, const gf_terrain_boundary_point *points, size_t count, gf_terrain_crs_answer *a)
{
    double told = 0, gcj02 = 0, x, y;
    uint32_t last = UINT32_MAX;
    for (size_t n = 0; n < count; n++) {
        if (!position_at(r, points[n].as_told.x, points[n].as_told.y, &x) || !position_at(r, points[n].as_gcj02.x, points[n].as_gcj02.y, &y))
            continue;
        told += x;
        gcj02 += y;
        a->points++;
        a->pieces += points[n].piece != last ? 1 : 0;
        last = points[n].piece;
    }
    a->score_told = a->points ? told / (double)a->points : (double)NAN;
    a->score_gcj02 = a->points ? gcj02 / (double)a->points : (double)NAN;
}

/* How far the best shift stands above all of them, in standard deviations. */
static void look_at_peak(const shifts *s, size_t best, gf_terrain_crs_answer *a)
{
    double sum = 0, squares = 0, shifts_known = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->drawn_points[i] > 0) {
            double mean = s->drawn_sum[i] / s->drawn_points[i];
            sum += mean;
            squares += mean * mean;
            shifts_known++;
        }
    if (shifts_known == 0 || s->drawn_points[best] == 0)
        return;
    double mean = sum / shifts_known, spread = sqrt(fmax(0, squares / shifts_known - mean * mean));
    a->score_mean = mean;
    a->score_best = s->drawn_sum[best] / s->drawn_points[best];
    a->peak = spread > 0 ? (a->score_best - mean) / spread : 0;
    a->east_m = shift_east(s, best);
    a->north_m = shift_north(s, best);
}

/* Marsaglia (2003), xorshift: the same boundary gives the same answer. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void redraw(shifts *s, size_t pieces, gf_geo_point to_gcj02, gf_terrain_crs_answer *a)
{
    uint64_t random = UINT64_C(88172645463325252);
    double told = 0, gcj02 = 0;
    for (int n = 0; n < REDRAWS; n++) {
        forget(s);
        for (size_t i = 0; i < pieces; i++)
            add_piece(s, (size_t)(next_random(&random) % pieces));
        size_t best = best_shift(s);
        told += hypot(shift_east(s, best), shift_north(s, best)) <= NEAR_M;
        gcj02 += hypot(shift_east(s, best) - to_gcj02.x, shift_north(s, best) - to_gcj02.y) <= NEAR_M;
    }
    a->near_told = told / REDRAWS;
    a->near_gcj02 = gcj02 / REDRAWS;
}

/* From what is told to what it were, had the layer been in GCJ-02: nearly the same for all points. */
static gf_geo_point mean_shift(const gf_terrain_boundary_point *points, size_t count)
{
    gf_geo_point sum = { 0, 0 };
    for (size_t n = 0; n < count; n++) {
        sum.x += (points[n].as_gcj02.x - points[n].as_told.x) / (double)count;
        sum.y += (points[n].as_gcj02.y - points[n].as_told.y) / (double)count;
    }
    return sum;
}

static bool is_at(const gf_terrain_crs_answer *a, gf_geo_point place, double near, double near_other)
{
    return hypot(a->east_m - place.x, a->north_m - place.y) <= NEAR_M && near >= NEAR_LEAST && near_other <= OTHER_MOST;
}

static gf_terrain_crs decide(const gf_terrain_crs_answer *a, gf_geo_point to_gcj02)
{
    const gf_geo_point told = { 0, 0 };
    if (a->points < POINTS_LEAST || a->pieces < PIECES_LEAST || !(a->peak >= PEAK_LEAST))
        return GF_TERRAIN_CRS_UNSURE;
    if (is_at(a, told, a->near_told, a->near_gcj02))
        return GF_TERRAIN_CRS_WGS84;
    return is_at(a, to_gcj02, a->near_gcj02, a->near_told) ? GF_TERRAIN_CRS_GCJ02 : GF_TERRAIN_CRS_UNSURE;
}

gf_status gf_terrain_crs_ask(const gf_terrain_grid *grid, const gf_terrain_boundary_point *points, size_t count, gf_arena *scratch,
                             gf_terrain_crs_answer *out, gf_error *err)
{
    relief r;
    shifts s;
    gf_terrain_crs_answer a = { .crs = GF_TERRAIN_CRS_UNSURE };
    gf_mark mark = gf_arena_mark(scratch);
    size_t pieces = pieces_of(points, count);
    if (!relief_make(grid, scratch, &r) || !shifts_make(grid, pieces, scratch, &s)) {
        gf_arena_rewind(scratch, mark);
        return gf_fail_memory(err);
    }
    score_systems(&r, points, count, &a);
    if (a.points) {
        score_all(&r, points, count, &s);
        for (size_t i = 0; i < pieces; i++)
            add_piece(&s, i);
        look_at_peak(&s, best_shift(&s), &a);
        const gf_geo_point to_gcj02 = mean_shift(points, count);
        redraw(&s, pieces, to_gcj02, &a);
        a.crs = decide(&a, to_gcj02);
    }
    gf_arena_rewind(scratch, mark);
    *out = a;
    return GF_OK;
}
