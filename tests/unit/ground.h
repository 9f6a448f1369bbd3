/* tests/unit/ground.h - rough ground for the tests of terrain: the same seed gives the same hills. */
#pragma once
#include "terrain/gf_terrain.h"

#include <math.h>

typedef struct dice { uint64_t state; } dice;

static inline double roll(dice *d)   /* in [0, 1): xorshift64* */
{
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return (double)((d->state * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static inline uint32_t roll_below(dice *d, uint32_t count) { return (uint32_t)(roll(d) * count); }

/* Value noise in octaves: hills of every size, heights of whole metres when `whole` (so that ties happen). */
static inline float *make_ground(gf_arena *arena, dice *d, uint32_t rows, uint32_t columns, double relief_m, bool whole)
{
    float *height = gf_new(arena, float, (size_t)rows * columns);
    for (uint32_t step = 64; step >= 1; step /= 2, relief_m /= 1.9) {
        uint32_t wide = columns / step + 2, high = rows / step + 2;
        double *node = gf_new(arena, double, (size_t)wide * high);
        for (size_t i = 0; i < (size_t)wide * high; i++)
            node[i] = roll(d) * relief_m;
        for (uint32_t r = 0; r < rows; r++)
            for (uint32_t c = 0; c < columns; c++) {
                double y = (double)(r % step) / step, x = (double)(c % step) / step;
                const double *n = &node[(size_t)(r / step) * wide + c / step];
                height[(size_t)r * columns + c] += (float)((n[0] * (1 - x) + n[1] * x) * (1 - y) + (n[wide] * (1 - x) + n[wide + 1] * x) * y);
            }
    }
    for (size_t i = 0; whole && i < (size_t)rows * columns; i++)
        height[i] = roundf(height[i]);
    return height;
}

/* Single cells, and a patch, of which nothing is known. */
static inline void make_voids(dice *d, uint32_t rows, uint32_t columns, double share, float *height)
{
    for (size_t i = 0; i < (size_t)rows * columns; i++)
        if (roll(d) < share)
            height[i] = NAN;
    uint32_t r0 = roll_below(d, rows), c0 = roll_below(d, columns);
    for (uint32_t r = r0; share > 0 && r < rows && r < r0 + rows / 6; r++)
        for (uint32_t c = c0; c < columns && c < c0 + columns / 6; c++)
            height[(size_t)r * columns + c] = NAN;
}
