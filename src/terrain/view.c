/* One octant of a view, ring by ring from the observer outwards; every cell gets the answer of R3 on its own line.
 *
 * Hidden cells are most of them (80-90 % in the mountains of Taishun). One crossing above the line proves a cell hidden,
 * and the crossing that hid a neighbour nearly always hides this one too: it is tried on this cell's own line first. What that does
 * not settle is walked from the target back to the observer in stretches of 64, 16 and 4 major lines: where the line
 * stays above the tops of the blocks it passes, nothing there can hide the target, and the stretch is skipped; only the others are
 * evaluated crossing by crossing. Skipping and guessing save work and decide nothing that R3 would decide otherwise.
 *
 * Dropped: R2 rays with a margin (their error near a ridge has no bound that is small), XDraw (its error grows with
 * distance), a sweep of events (a log factor and 100 bytes a cell).
 */
#include "terrain/sweep.h"

static const double SURE_M = 1e-6;     /* far above the rounding of a height in double, far below any height */

#define STEP static inline __attribute__((always_inline))   /* so that `margins` is a constant wherever it is asked */

typedef struct octant {
    const view_plan *plan;
    const float *origin;               /* the observer's height */
    sight_axes   axes;                 /* in the grid */
    uint8_t     *sight;                /* the observer's cell in the window */
    float       *margin_m;             /* may be NULL */
    sight_axes   out;                  /* in the window */
    double       u0, v0, su, sv;       /* the observer's place on both axes, and their directions */
    uint32_t     reach, breadth;       /* cells along major and minor */
    uint32_t     least_m;              /* 1 where the axis belongs to the neighbour */
    bool         diagonal;             /* does the diagonal belong to this octant? */
    double       east_major, north_major, east_minor, north_minor;
    const block_level *level[BLOCK_LEVELS];
    ptrdiff_t    level_major[BLOCK_LEVELS], level_minor[BLOCK_LEVELS];
} octant;

/* How a walk stands. Without margins only the sign counts, and `least_m` is the least height of the line above the ground;
 * with margins it is the margin itself, which costs a division at every crossing. */
typedef struct walk { double least_m; bool gap; int32_t blocker; } walk;

/* ---- Setting up ---- */

static void set_up(const view_plan *plan, int index, const gf_terrain_view *view, octant *o)
{
    const gf_terrain_grid *g = plan->grid;
    gf_terrain_cell at = plan->observer.cell;
    bool down = index & 1, right = index & 2, by_columns = index & 4;
    uint32_t high = down ? view->row0 + view->rows - 1 - at.row : at.row - view->row0;
    uint32_t wide = right ? view->column0 + view->columns - 1 - at.column : at.column - view->column0;
    ptrdiff_t row = down ? (ptrdiff_t)g->columns : -(ptrdiff_t)g->columns, column = right ? 1 : -1;
    ptrdiff_t out_row = down ? (ptrdiff_t)view->columns : -(ptrdiff_t)view->columns;
    size_t own = (size_t)(at.row - view->row0) * view->columns + (at.column - view->column0);
    double north = down ? -1 : 1, east = right ? 1 : -1;
    *o = (octant){ .plan = plan, .origin = g->height_m + (size_t)at.row * g->columns + at.column, .sight = view->sight + own,
                   .margin_m = view->margin_m ? view->margin_m + own : NULL,
                   .axes = by_columns ? (sight_axes){ column, row } : (sight_axes){ row, column },
                   .out = by_columns ? (sight_axes){ column, out_row } : (sight_axes){ out_row, column },
                   .u0 = by_columns ? at.column : at.row, .v0 = by_columns ? at.row : at.column,
                   .su = by_columns ? east : -north, .sv = by_columns ? -north : east,
                   .reach = by_columns ? wide : high, .breadth = by_columns ? high : wide,
                   .least_m = (by_columns ? down : right) ? 0 : 1, .diagonal = by_columns };
    o->east_major = by_columns ? east : 0;
    o->north_major = by_columns ? 0 : north;
    o->east_minor = by_columns ? 0 : east;
    o->north_minor = by_columns ? north : 0;
    for (int i = 0; i < BLOCK_LEVELS; i++) {
        o->level[i] = &g->blocks->level[i];
        o->level_major[i] = by_columns ? 1 : (ptrdiff_t)o->level[i]->columns;
        o->level_minor[i] = by_columns ? (ptrdiff_t)o->level[i]->columns : 1;
    }
}

/* ---- Is the cell asked for? ---- */

static bool in_sector(const view_plan *p, double x, double y)
{
    double after_from = p->from_y * x - p->from_x * y, before_to = y * p->to_x - x * p->to_y;
    if (p->over_half) {   /* not strictly within the rest of the circle, from `to` clockwise to `from` */
        double after_to = p->to_y * x - p->to_x * y, before_from = y * p->from_x - x * p->from_y;
        return !(after_to > 0 && before_from > 0);
    }
    return after_from >= 0 && before_to >= 0 && x * (p->from_x + p->to_x) + y * (p->from_y + p->to_y) >= 0;
}

static bool in_pitch(const view_plan *p, const sight_line *s)
{
    double dist_m = p->grid->cell_m * sqrt(s->n * s->n + s->m * s->m), up_m = s->rise_m - s->bend_m;
    return up_m >= p->pitch_min * dist_m && up_m <= p->pitch_max * dist_m;
}

/* The widest m of ring n within range. */
static uint32_t widest(const octant *o, uint32_t n)
{
    double n2 = (double)n * n, left = o->plan->range2 - n2;
    uint32_t most = o->diagonal ? n : n - 1;
    most = most < o->breadth ? most : o->breadth;
    if (left >= (double)most * most)
        return most;
    uint32_t m = (uint32_t)sqrt(left);
    while ((double)m * m > left)
        m--;
    while ((double)(m + 1) * (m + 1) <= left)
        m++;
    return m;
}

/* ---- The walk ---- */

STEP void take(bool margins, walk *w, double clear_m, double t, int32_t crossing)
{
    double value_m = margins ? clear_m / t : clear_m;
    if (value_m < w->least_m) {
        w->least_m = value_m;
        w->blocker = crossing;
    }
    w->gap |= isnan(clear_m);
}

/* Crossings of one kind, first ... last, as sight_ground() computes them, without a division for each. */
STEP void cross(bool margins, const sight_line *s, const float *origin, ptrdiff_t along, ptrdiff_t across, double along_count,
                         double across_count, double over_along, int32_t first, int32_t last, int32_t sign, walk *w)
{
    if (first > last)   /* on the axis there is no minor line, and no 1 / m */
        return;
    double product = across_count * first;
    ptrdiff_t whole = (ptrdiff_t)((product + 0.5) * over_along);
    double rest = product - (double)whole * along_count;
    const float *at = origin + first * along + whole * across;
    ptrdiff_t step = (ptrdiff_t)((across_count + 0.5) * over_along);   /* lines passed at every crossing: 0 or 1 along the major axis */
    double step_rest = across_count - (double)step * along_count;
    ptrdiff_t next = across_count > 0 ? across : 0;                    /* on the axis the cell beside may not exist */
    for (int32_t i = first; i <= last; i++) {
        double near = (double)*at, more = ((double)at[next] - near) * (rest * over_along), t = i * over_along;
        take(margins, w, sight_level(s, t) - (near + (rest == 0 ? 0 : more)), t, sign * i);
        rest += step_rest;
        bool passes = rest >= along_count;
        rest -= passes ? along_count : 0;
        at += along + step * across + (passes ? across : 0);
    }
}

STEP void cross_stretch(bool margins, const octant *o, const sight_line *s, int32_t lo, int32_t hi, walk *w)
{
    int32_t n = (int32_t)s->n, m = (int32_t)s->m;
    int32_t j0 = lo > 1 ? lo : 1, j1 = hi < n - 1 ? hi : n - 1;
    int32_t q0 = (int32_t)(s->m * lo * s->over_n), q1 = (int32_t)((s->m * hi + 0.5) * s->over_n);
    cross(margins, s, o->origin, o->axes.major, o->axes.minor, s->n, s->m, s->over_n, j0, j1, 1, w);
    cross(margins, s, o->origin, o->axes.minor, o->axes.major, s->m, s->n, s->over_m, q0 > 1 ? q0 : 1, q1 < m - 1 ? q1 : m - 1, -1, w);
}

/* A place on the line where a stretch ends: major line, part of the way, height of the line, row or column below it. */
typedef struct stop { int32_t j, across; double t, level_m; } stop;

/* `across` is exact: a block missed by rounding would be a hill not seen. */
STEP stop stop_at(const octant *o, const sight_line *s, int32_t j)
{
    double product = s->m * j, t = j * s->over_n;
    int32_t whole = (int32_t)((product + 0.5) * s->over_n);
    int32_t across = (int32_t)o->v0 + (o->sv > 0 ? whole : -whole - ((double)whole * s->n != product ? 1 : 0));
    return (stop){ j, across, t, sight_level(s, t) };
}

/* Where the block of the unit stretch that ends at `hi` begins. */
static int32_t stretch_begin(const octant *o, const block_level *l, int32_t hi)
{
    int32_t side = 1 << l->shift, u0 = (int32_t)o->u0, begin;
    if (o->su > 0)
        begin = ((u0 + hi - 1) >> l->shift) * side - u0;
    else
        begin = u0 - ((u0 - hi) >> l->shift) * side - side;
    return begin > 0 ? begin : 0;
}

/* Can nothing between two stops bring the margin below the least? The line is convex in t and sags below its lower end by
 * at most bend dt^2 / 4. The stretch is no longer along the minor axis than a block, so two blocks hold it. */
STEP bool is_clear(bool margins, const octant *o, const sight_line *s, int level, stop lo, stop hi, const walk *w)
{
    const block_level *l = o->level[level];
    int32_t block = (o->su > 0 ? (int32_t)o->u0 + hi.j - 1 : (int32_t)o->u0 - hi.j) >> l->shift;
    ptrdiff_t at = block * o->level_major[level];
    ptrdiff_t at0 = at + (lo.across >> l->shift) * o->level_minor[level], at1 = at + (hi.across >> l->shift) * o->level_minor[level];
    if ((l->gap[at0] | l->gap[at1]) && !w->gap)
        return false;
    double top_m = (double)(l->top_m[at0] > l->top_m[at1] ? l->top_m[at0] : l->top_m[at1]), dt = hi.t - lo.t;
    double least_m = (lo.level_m < hi.level_m ? lo.level_m : hi.level_m) - s->bend_m * dt * dt / 4 - SURE_M - top_m;
    if (!margins)
        return least_m > 0;
    return least_m > w->least_m * (least_m > 0 ? hi.t : lo.t) + SURE_M;
}

/* From the target back to the observer: the largest stretch that is clear is skipped, the smallest that is not is crossed.
 * Without margins it ends at the first stretch that hides. */
STEP void walk_line(bool margins, const octant *o, const sight_line *s, walk *w)
{
    stop hi = stop_at(o, s, (int32_t)s->n);
    int32_t tested[BLOCK_LEVELS];     /* where the last stretch tested on each level begins: nothing above it is tested twice */
    for (int level = 0; level < BLOCK_LEVELS; level++)
        tested[level] = hi.j;
    while (hi.j > 0) {
        stop lo = hi;
        bool clear = false;
        for (int level = BLOCK_LEVELS - 1; level >= 0 && !clear; level--)
            if (hi.j <= tested[level]) {
                tested[level] = stretch_begin(o, o->level[level], hi.j);
                lo = stop_at(o, s, tested[level]);
                clear = is_clear(margins, o, s, level, lo, hi, w);
            }
        if (!clear) {
            cross_stretch(margins, o, s, lo.j, hi.j, w);
            if (!margins && w->least_m < 0)
                return;
        }
        hi = lo;
    }
}

/* ---- One cell ---- */

STEP bool try_blocker(bool margins, const octant *o, const sight_line *s, int32_t crossing, walk *w)
{
    if (crossing > 0 && crossing < (int32_t)s->n)
        take(margins, w, sight_major(s, o->origin, o->axes, crossing), crossing * s->over_n, crossing);
    else if (crossing < 0 && -crossing < (int32_t)s->m)
        take(margins, w, sight_minor(s, o->origin, o->axes, -crossing), -crossing * s->over_m, crossing);
    return !margins && w->least_m < 0;
}

STEP gf_terrain_sight decide(bool margins, const octant *o, const sight_line *s, const int32_t guess[3], walk *w)
{
    for (int i = 0; i < 3; i++)
        if ((i == 0 || guess[i] != guess[i - 1]) && try_blocker(margins, o, s, guess[i], w))
            return GF_TERRAIN_HIDDEN;
    walk_line(margins, o, s, w);
    return w->least_m < 0 ? GF_TERRAIN_HIDDEN : w->gap ? GF_TERRAIN_UNKNOWN : GF_TERRAIN_SEEN;
}

/* `memory` holds, by m, the crossing that hid the cell of the ring before; cells go from the diagonal to the axis, so
 * that what is overwritten is no longer needed. */
STEP void sweep_cell(bool margins, const octant *o, double n, uint32_t m, double over_n, int32_t *memory)
{
    const view_plan *p = o->plan;
    double x = o->east_major * n + o->east_minor * m, y = o->north_major * n + o->north_minor * m;
    if (!p->whole_circle && !in_sector(p, x, y))
        return;
    double ground_m = (double)o->origin[(ptrdiff_t)n * o->axes.major + (ptrdiff_t)m * o->axes.minor];
    ptrdiff_t at = (ptrdiff_t)n * o->out.major + (ptrdiff_t)m * o->out.minor;
    if (isnan(ground_m)) {
        o->sight[at] = GF_TERRAIN_UNKNOWN;
        return;
    }
    const sight_line s = { .eye_m = p->eye_m, .rise_m = ground_m + p->observer.target_m - p->eye_m, .bend_m = p->bend_m * (n * n + (double)m * m),
                           .n = n, .m = m, .over_n = over_n, .over_m = 1 / (double)m };
    if (p->observer.has_pitch && !in_pitch(p, &s))
        return;
    const int32_t guess[3] = { memory[m + 1], memory[m], m ? memory[m - 1] : 0 };
    walk w = { .least_m = INFINITY };
    gf_terrain_sight sight = decide(margins, o, &s, guess, &w);
    o->sight[at] = (uint8_t)sight;
    memory[m] = w.blocker;
    if (margins && sight != GF_TERRAIN_UNKNOWN)
        o->margin_m[at] = (float)w.least_m;
}

/* Written once, compiled twice: with margins and without. */
STEP void sweep_rings(bool margins, const octant *o, int32_t *memory)
{
    for (uint32_t n = 1; n <= o->reach && (double)n * n <= o->plan->range2; n++) {
        double over_n = 1 / (double)n;
        for (uint32_t m = widest(o, n) + 1; m > o->least_m; m--)
            sweep_cell(margins, o, n, m - 1, over_n, memory);
    }
}

void view_sweep(const view_plan *plan, int index, const gf_terrain_view *view, int32_t *memory)
{
    octant o;
    set_up(plan, index, view, &o);
    for (size_t i = 0; i < view_reach(view) + 2; i++)
        memory[i] = 0;
    if (o.margin_m)
        sweep_rings(true, &o, memory);
    else
        sweep_rings(false, &o, memory);
}
