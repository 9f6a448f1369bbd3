/* terrain/gf_terrain_route.h - trenches over the ground: a tree of least cost that joins places to a root.
 *
 * A mesh of square cells, eight neighbours each. A step costs its true length times (1 + slope_penalty * slope) times the mean
 * of both cells' factors. The tree grows by the cheapest way from it to the nearest place not yet joined (Takahashi and
 * Matsuyama 1980: at most twice the least), then each stretch between two branches or places is taken out and joined again
 * by the cheapest way between both halves, until none pays.
 * Pure. Deterministic: ties go to the lower cell.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_TERRAIN_ROUTE_CELLS_MAX = 4000000, GF_TERRAIN_ROUTE_NONE = -1 };

typedef struct gf_terrain_mesh {
    uint32_t rows, columns;         /* cells are numbered row by row */
    double   cell_m;
    const double *height_m;         /* NAN: no way leads through */
    const float  *factor;           /* > 0; <= 0: no way; NULL: 1 everywhere */
    double   slope_penalty;         /* >= 0 */
} gf_terrain_mesh;

typedef struct gf_terrain_tree {
    const int32_t *parent;          /* by cell: the next one towards the root; NONE off the tree and at the root */
    const uint32_t *order;          /* cells of the tree, the root first, parents before children */
    size_t count;
    double cost, cost_grown;        /* at the end; before it was improved */
} gf_terrain_tree;

/* Join `places` (cells; repeated ones and the root are welcome) to `root`.
 *
 * GF_EINPUT     "terrain.place" the root or a place lies where no way leads; *failed is its index, SIZE_MAX for the root
 * GF_EUNSOLVED  "terrain.cut_off" no way leads to place *failed
 * GF_ELIMIT     a mesh of more than GF_TERRAIN_ROUTE_CELLS_MAX cells */
gf_status gf_terrain_route(const gf_terrain_mesh *mesh, uint32_t root, const uint32_t *places, size_t count, gf_arena *keep, gf_terrain_tree *out,
                           size_t *failed, gf_error *err);
/* Cost of a step between neighbours; INFINITY where none leads. */
double gf_terrain_step_cost(const gf_terrain_mesh *mesh, uint32_t from, uint32_t to);
