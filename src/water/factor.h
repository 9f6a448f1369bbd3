/* water/factor.h - inside the room only: a sparse symmetric positive definite system, ordered and laid out once, then factored
 * and solved as often as its values change.
 */
#pragma once
#include "base/gf_base.h"

typedef struct factor_edge { uint32_t a, b; } factor_edge;     /* unknowns, different */

typedef struct factor_blocks factor_blocks;

typedef struct factor {
    uint32_t  size;
    uint32_t *order, *place;        /* order[k] = unknown eliminated k-th; place is its inverse */
    uint32_t *column;               /* size + 1: entries of L below the diagonal, column after column */
    uint32_t *rows;                 /* by entry: its row, as a place, rising within a column */
    uint32_t *use_first;            /* size + 1: for each row, the columns that reach it, in uses */
    uint32_t *use_entry, *use_column;
    double   *lower, *pivot, *work;
    uint32_t  lower_count;
    factor_blocks *blocks;          /* of large systems; NULL: column by column */
} factor;

/* Lay out the factor of a matrix whose entries off the diagonal are `edges` (an edge may come twice). entry[e] tells where in
 * `lower` the values of edge e are summed up. GF_ELIMIT beyond 2^31 entries, GF_ENOMEM. */
gf_status factor_make(uint32_t size, const factor_edge *edges, uint32_t edge_count, gf_arena *keep, factor *out, uint32_t *entry,
                      gf_error *err);

/* factor_blocks.c: the same in dense blocks of columns that share their rows. Moves the places of `entry` into the blocks. */
gf_status factor_blocks_make(factor *f, uint32_t *entry, uint32_t entry_count, gf_arena *keep, gf_error *err);
uint32_t  factor_blocks_compute(factor *f);
void      factor_blocks_solve(const factor *f, double *right);

/* Factor in place: `lower` holds the entries by factor_make()'s places, `pivot` the diagonal by place. Returns `size`, or the
 * place of the first pivot that is not positive. */
uint32_t factor_compute(factor *f);

enum { FACTOR_SPARE = 4 };      /* places behind the last that `right` must have room for */

/* Solve; `right` is by place and becomes the answer; it has FACTOR_SPARE finite numbers more. */
void factor_solve(const factor *f, double *right);
