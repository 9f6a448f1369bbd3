/* Greatest heights of blocks. A line that passes above the top of a block meets nothing in it, whatever it crosses there:
 * most of a visible line is proven so, 4, 16 or 64 columns at a time. Costs 5 bytes for every 16 cells. */
#include "terrain/inside.h"

#include <math.h>

static bool make_room(block_level *l, uint32_t rows, uint32_t columns, uint32_t shift, gf_arena *keep)
{
    l->shift = shift;
    l->rows = (rows >> shift) + 1;
    l->columns = (columns >> shift) + 1;
    l->top_m = gf_new(keep, float, (size_t)l->rows * l->columns);
    l->gap = gf_new(keep, uint8_t, (size_t)l->rows * l->columns);
    return l->top_m && l->gap;
}

static void fill_block(block_level *l, uint32_t rows, uint32_t columns, const float *height_m, uint32_t r, uint32_t c)
{
    uint32_t side = 1u << l->shift, r0 = r * side, c0 = c * side;
    uint32_t r1 = r0 + side + 1 < rows ? r0 + side + 1 : rows, c1 = c0 + side + 1 < columns ? c0 + side + 1 : columns;
    float top_m = -INFINITY;
    uint8_t gap = 0;
    for (uint32_t row = r0; row < r1; row++)
        for (uint32_t column = c0; column < c1; column++) {
            float h = height_m[(size_t)row * columns + column];
            gap = isnan(h) ? 1 : gap;
            top_m = h > top_m ? h : top_m;
        }
    l->top_m[(size_t)r * l->columns + c] = top_m;
    l->gap[(size_t)r * l->columns + c] = gap;
}

static void gather_block(block_level *l, const block_level *fine, uint32_t r, uint32_t c)
{
    uint32_t times = 1u << (l->shift - fine->shift);
    size_t at = (size_t)r * l->columns + c;
    l->top_m[at] = -INFINITY;
    for (uint32_t row = r * times; row < (r + 1) * times && row < fine->rows; row++)
        for (uint32_t column = c * times; column < (c + 1) * times && column < fine->columns; column++) {
            size_t from = (size_t)row * fine->columns + column;
            l->top_m[at] = fine->top_m[from] > l->top_m[at] ? fine->top_m[from] : l->top_m[at];
            l->gap[at] |= fine->gap[from];
        }
}

gf_status blocks_make(uint32_t rows, uint32_t columns, const float *height_m, gf_arena *keep, const gf_terrain_blocks **out, gf_error *err)
{
    gf_terrain_blocks *b = gf_new(keep, gf_terrain_blocks, 1);
    for (uint32_t i = 0; b && i < BLOCK_LEVELS; i++)
        if (!make_room(&b->level[i], rows, columns, BLOCK_SHIFT_FINEST + i * BLOCK_SHIFT_STEP, keep))
            return gf_fail_memory(err);
    if (!b)
        return gf_fail_memory(err);
    for (uint32_t i = 0; i < BLOCK_LEVELS; i++)
        for (uint32_t r = 0; r < b->level[i].rows; r++)
            for (uint32_t c = 0; c < b->level[i].columns; c++) {
                if (i == 0)
                    fill_block(&b->level[i], rows, columns, height_m, r, c);
                else
                    gather_block(&b->level[i], &b->level[i - 1], r, c);
            }
    *out = b;
    return GF_OK;
}
