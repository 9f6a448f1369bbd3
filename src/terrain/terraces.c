/* Invented parcels that lie as terraces do: a stack begins at a point of a slope of 1 to 25 degrees below 1,000 m; its lowest edge
 * follows the contour line for 40 to 130 m, each strip is 5 to 25 m deep, the steeper the narrower, and the next begins at its upper edge.
 * At most one stack stands in each block of 300 m, so that stacks do not overlap. */
#include "terrain/gf_terrain_fields.h"

#include <math.h>
#include <string.h>

enum { STEP_M = 8, STEPS_LEAST = 2, STEPS_MOST = 7, STRIPS_MOST = 10, POINTS_MAX = 2 * STEPS_MOST + 1 };
static const double BLOCK_M = 300, REACH_M = 140, SLOPE_LEAST = 0.0175, SLOPE_MOST = 0.466, HEIGHT_MOST_M = 1000, DEG_PER_RAD = 57.29577951308232;

/* Steele, Lea and Flood (2014), splitmix64. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
static double random_between(uint64_t *state, double low, double high) { return low + (high - low) * ((double)(next_random(state) >> 11) / 9007199254740992.0); }

/* ---- Ground between the cell centres ---- */

typedef struct slope { double height_m, east, north; } slope;   /* bilinear, and its gradient */

static bool slope_at(const gf_terrain_grid *g, gf_geo_point p, slope *out)
{
    double column = (p.x - g->west_m) / g->cell_m - 0.5, row = (g->north_m - p.y) / g->cell_m - 0.5;
    if (!(column >= 0 && row >= 0 && column < (double)g->columns - 1 && row < (double)g->rows - 1))
        return false;
    size_t c = (size_t)column, r = (size_t)row;
    double u = column - (double)c, v = row - (double)r;
    const float *at = g->height_m + r * g->columns + c;
    double a = (double)at[0], b = (double)at[1], d = (double)at[g->columns], e = (double)at[g->columns + 1];
    *out = (slope){ (a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + e * u) * v, ((b - a) * (1 - v) + (e - d) * v) / g->cell_m,
                    ((a - d) * (1 - u) + (b - e) * u) / g->cell_m };
    return !isnan(out->height_m);
}

static double steepness(const slope *s) { return sqrt(s->east * s->east + s->north * s->north); }

static bool is_gentle(const slope *s)
{
    double steep = steepness(s);
    return steep >= SLOPE_LEAST && steep <= SLOPE_MOST && s->height_m > 0 && s->height_m < HEIGHT_MOST_M;
}

/* ---- One stack ---- */

/* Points along the contour line, from left to right as seen from below. */
static bool follow_contour(const gf_terrain_grid *g, gf_geo_point from, size_t steps, gf_geo_point *edge)
{
    edge[steps] = from;
    for (int side = -1; side <= 1; side += 2)
        for (size_t i = 1; i <= steps; i++) {
            gf_geo_point *last = side < 0 ? &edge[steps - i + 1] : &edge[steps + i - 1], *next = side < 0 ? last - 1 : last + 1;
            slope s;
            if (!slope_at(g, *last, &s) || !is_gentle(&s))
                return false;
            double steep = steepness(&s);
            *next = (gf_geo_point){ last->x + side * STEP_M * s.north / steep, last->y - side * STEP_M * s.east / steep };
        }
    return true;
}

static bool climb(const gf_terrain_grid *g, const gf_geo_point *edge, size_t count, double depth_m, gf_geo_point *upper)
{
    for (size_t i = 0; i < count; i++) {
        slope s;
        if (!slope_at(g, edge[i], &s) || !is_gentle(&s))
            return false;
        double steep = steepness(&s);
        upper[i] = (gf_geo_point){ edge[i].x + depth_m * s.east / steep, edge[i].y + depth_m * s.north / steep };
    }
    return true;
}

static double turn(gf_geo_point a, gf_geo_point b, gf_geo_point c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

/* A strip does not cross itself when all of its quarters turn the same way and its edges bend by less than a right angle. */
static bool is_sound(const gf_geo_point *lower, const gf_geo_point *upper, size_t count)
{
    const gf_geo_point *edges[] = { lower, upper };
    for (size_t i = 0; i + 1 < count; i++) {
        bool sound = turn(lower[i], lower[i + 1], upper[i]) > 1 && turn(lower[i + 1], upper[i + 1], upper[i]) > 1 &&
                     turn(lower[i], lower[i + 1], upper[i + 1]) > 1 && turn(lower[i], upper[i + 1], upper[i]) > 1;
        for (size_t k = 0; sound && k < 2; k++) {
            gf_geo_point a = edges[k][0], b = edges[k][1], c = edges[k][i], d = edges[k][i + 1];
            sound = (b.x - a.x) * (d.x - c.x) + (b.y - a.y) * (d.y - c.y) > 0;
        }
        if (!sound)
            return false;
    }
    return true;
}

static bool close_ring(const gf_geo_point *lower, const gf_geo_point *upper, size_t count, gf_arena *keep, gf_terrain_terrace *out)
{
    gf_geo_point *ring = gf_new(keep, gf_geo_point, 2 * count + 1);
    if (!ring)
        return false;
    memcpy(ring, lower, count * sizeof *ring);
    for (size_t i = 0; i < count; i++)
        ring[count + i] = upper[count - 1 - i];
    ring[2 * count] = ring[0];
    double area = 0;
    for (size_t i = 0; i < 2 * count; i++)
        area += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) - (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
    out->ring = ring;
    out->count = 2 * count + 1;
    out->area_m2 = fabs(area) / 2;
    return true;
}

/* How many strips were added; SIZE_MAX when memory ended. */
static size_t add_stack(const gf_terrain_grid *g, gf_geo_point from, uint64_t *random, uint32_t group, size_t room, gf_arena *keep, gf_terrain_terrace *out)
{
    gf_geo_point lower[POINTS_MAX], upper[POINTS_MAX];
    slope s;
    size_t steps = STEPS_LEAST + next_random(random) % (STEPS_MOST - STEPS_LEAST + 1), strips = 1 + next_random(random) % STRIPS_MOST;
    size_t count = 2 * steps + 1, made = 0;
    double spare = random_between(random, 0.7, 1.3), climbed = 0;
    if (!follow_contour(g, from, steps, lower))
        return 0;
    for (; made < strips && made < room && slope_at(g, lower[steps], &s); made++) {
        double depth = fmax(5, fmin(25, 3 / steepness(&s))) * spare;
        climbed += depth;
        if (climbed > REACH_M / 2 || !climb(g, lower, count, depth, upper) || !is_sound(lower, upper, count))
            break;
        out[made] = (gf_terrain_terrace){ .slope_deg = atan(steepness(&s)) * DEG_PER_RAD, .height_m = s.height_m, .group = group };
        if (!close_ring(lower, upper, count, keep, &out[made]))
            return SIZE_MAX;
        memcpy(lower, upper, count * sizeof *lower);
    }
    return made;
}

/* ---- Blocks in a random order ---- */

static uint32_t *shuffled(uint32_t count, uint64_t *random, gf_arena *keep)
{
    uint32_t *order = gf_new(keep, uint32_t, count);
    for (uint32_t i = 0; order && i < count; i++) {
        uint32_t k = (uint32_t)(next_random(random) % (i + 1));
        order[i] = order[k];
        order[k] = i;
    }
    return order;
}

gf_status gf_terrain_terraces_make(const gf_terrain_grid *grid, size_t count, uint64_t seed, gf_arena *keep, gf_terrain_terrace **out, gf_error *err)
{
    uint64_t random = seed;
    uint32_t wide = (uint32_t)(grid->columns * grid->cell_m / BLOCK_M), high = (uint32_t)(grid->rows * grid->cell_m / BLOCK_M);
    gf_terrain_terrace *made = gf_new(keep, gf_terrain_terrace, count);
    uint32_t *order = shuffled(wide * high, &random, keep), group = 0;
    size_t done = 0;
    if (!made || !order)
        return gf_fail_memory(err);
    for (uint32_t i = 0; i < wide * high && done < count; i++) {
        uint32_t row = order[i] / wide;
        double x = grid->west_m + (order[i] % wide) * BLOCK_M, y = grid->north_m - row * BLOCK_M;
        gf_geo_point from = { random_between(&random, x + REACH_M, x + BLOCK_M - REACH_M), random_between(&random, y - BLOCK_M + REACH_M, y - REACH_M) };
        size_t added = add_stack(grid, from, &random, group, count - done, keep, made + done);
        if (added == SIZE_MAX)
            return gf_fail_memory(err);
        done += added;
        group += added > 0;
    }
    if (done < count)
        return gf_fail(err, GF_ELIMIT, "terrain.terraces", "Ask for fewer, or give more elevation.", "this ground has room for %zu parcels only", done);
    *out = made;
    return GF_OK;
}
