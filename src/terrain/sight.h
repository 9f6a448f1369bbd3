/* terrain/sight.h - inside the room only: the arithmetic of R3, written once for lines and views.
 *
 * Let t in (0, 1) be the part of the way, D its length, c = k D^2 / 2R. Lowering every height by k d^2 / 2R and comparing
 * slopes is the same as comparing each ground height h(t) with the sight line
 *
 *     L(t) = eye + rise t - c t (1 - t),      rise = target - eye
 *
 * and (target's slope - slope at t) D = (L(t) - h(t)) / t. So a target is hidden when L(t) - h(t) < 0 at a crossing, and its
 * margin is the least (L(t) - h(t)) / t. The sign needs no division and no square root.
 *
 * An octant has a major and a minor axis. The target lies n cells along the major and m <= n along the minor axis. Crossings
 * with the major lines are j = 1 .. n-1 at minor position m j / n; with the minor lines q = 1 .. m-1 at major position
 * n q / m. Whole part and remainder of such a fraction are computed exactly. Only counts of cells from the observer
 * enter, never rows or columns, which is why turned grids give the same bits.
 */
#pragma once
#include "terrain/gf_terrain.h"

#include <math.h>

/* Heights seen from the observer's cell: index arithmetic of one octant. */
typedef struct sight_axes { ptrdiff_t major, minor; } sight_axes;   /* steps of the index along the axes */

typedef struct sight_line {
    double eye_m, rise_m, bend_m;   /* bend_m is c */
    double n, m;
    double over_n, over_m;          /* 1 / n, 1 / m */
} sight_line;

static inline double sight_level(const sight_line *s, double t) { return s->eye_m + t * s->rise_m - s->bend_m * (t * (1 - t)); }

/* Ground at `steps` whole lines along the `along` axis; the position across is across_count * steps / along_count. The
 * product is below 2^53 and lies at least half a 1/along_count from the next whole number, so that truncation is exact. */
static inline double sight_ground(const float *origin, ptrdiff_t along, ptrdiff_t across, double along_count, double across_count, double over_along,
                                  double steps)
{
    double product = across_count * steps;
    ptrdiff_t whole = (ptrdiff_t)((product + 0.5) * over_along);
    double rest = product - (double)whole * along_count;
    const float *at = origin + (ptrdiff_t)steps * along + whole * across;
    double near = (double)*at;
    return rest == 0 ? near : near + ((double)at[across] - near) * (rest * over_along);
}

static inline double sight_major(const sight_line *s, const float *origin, sight_axes a, double j)
{
    return sight_level(s, j * s->over_n) - sight_ground(origin, a.major, a.minor, s->n, s->m, s->over_n, j);
}

static inline double sight_minor(const sight_line *s, const float *origin, sight_axes a, double q)
{
    return sight_level(s, q * s->over_m) - sight_ground(origin, a.minor, a.major, s->m, s->n, s->over_m, q);
}

/* The drop of the ground at a distance of `cells2` squared cells. */
static inline double sight_bend(gf_terrain_air air, double cell_m, double cells2) { return air.k / (2 * air.radius_m) * (cell_m * cell_m) * cells2; }
