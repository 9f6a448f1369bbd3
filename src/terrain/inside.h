/* terrain/inside.h - inside the room only: blocks of greatest heights, and how a grid is filled. */
#pragma once
#include "geo/gf_geo.h"
#include "terrain/gf_terrain.h"

/* Levels of blocks of 4 x 4, 16 x 16 and 64 x 64 cells. Block (r, c) covers rows r * side ... (r + 1) * side, both included:
 * it shares its border cells with the next, so that a crossing lies within a block together with both of its neighbours. */
enum { BLOCK_LEVELS = 3, BLOCK_SHIFT_FINEST = 2, BLOCK_SHIFT_STEP = 2 };

typedef struct block_level {
    uint32_t rows, columns, shift;
    float   *top_m;              /* the greatest known height; -INFINITY when none is known */
    uint8_t *gap;                /* 1 when a cell of it is unknown */
} block_level;

struct gf_terrain_blocks { block_level level[BLOCK_LEVELS]; };

gf_status blocks_make(uint32_t rows, uint32_t columns, const float *height_m, gf_arena *keep, const gf_terrain_blocks **out, gf_error *err);

/* The joined tiles, still in their own system, as a metric grid of square cells. `out` gets everything but its blocks. */
gf_status resample(const gf_terrain_tile *joined, const gf_geo_system *system, const gf_terrain_surface_options *options, uint64_t cells_max,
                   gf_arena *keep, gf_arena *scratch, gf_terrain_grid *out, gf_error *err);
