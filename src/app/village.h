/* app/village.h - inside the room only: the steps of a village's design. */
#pragma once
#include "app/gf_app_village.h"
#include "terrain/gf_terrain_route.h"

enum { VILLAGE_HOUSES_MAX = 3000, VILLAGE_SOURCES_MAX = 16, VILLAGE_SHAPES_MAX = 2000, VILLAGE_POINTS_MAX = 20000 };

/* Ground by bilinear interpolation; NAN off the grid or where a neighbour is unknown. */
double village_ground(const gf_terrain_grid *grid, double x, double y);

/* ---- village_trench.c ---- */

typedef struct village_mesh { gf_terrain_mesh mesh; double west_m, north_m; float *factor; double *height_m; } village_mesh;

gf_status village_mesh_make(const gf_village *village, gf_arena *keep, village_mesh *out, gf_error *err);
gf_village_place village_cell_place(const village_mesh *mesh, uint32_t cell);
/* A straight trench, sampled at each cell; false where it would cross forbidden ground. */
bool village_straight(const gf_village *village, const village_mesh *mesh, gf_village_place a, gf_village_place b, gf_arena *keep, gf_village_pipe *pipe);

/* The tree without breaks: nodes and pipes in the order of the water, each pipe leads to a node after its `from`.
 * house_node: by house. */
typedef struct village_tree {
    gf_village_node *nodes; uint32_t node_count;
    gf_village_pipe *pipes; uint32_t pipe_count;
    uint32_t tank, *house_node;
    double trench_cost, trench_grown;
} village_tree;
gf_status village_tree_make(gf_village *village, const gf_water_need *need, const village_mesh *mesh, gf_arena *keep, village_tree *out, gf_error *err);

/* ---- village_zone.c ---- */

/* Copy the tree into a design, broken into zones where still heads are too great. `node_map`: by node of the tree. */
gf_status village_zones_make(const gf_village *village, const village_tree *tree, gf_village_breaks kind, gf_arena *keep, gf_village_design *out,
                             uint32_t **node_map, gf_error *err);
/* Links that close loops within zones and save the most way for their length; at most `most`. */
gf_status village_loops_add(const gf_village *village, const village_mesh *mesh, uint32_t most, gf_arena *keep, gf_village_design *design, gf_error *err);

/* ---- village_size.c ---- */

gf_status village_size(const gf_village *village, const gf_water_need *need, const gf_water_size_options *sizes, gf_arena *keep, gf_village_design *design,
                       gf_error *err);

/* ---- village_works.c ---- */

/* Yuan a metre of pipe laid, fittings and trench in: what the sizes decide about. */
double    village_metre_cost(const gf_village *village, size_t pe);
gf_status village_bill(const gf_village *village, const gf_water_need *need, gf_arena *keep, gf_village_design *design, gf_error *err);
/* A percentage of a sum, in hundredths of a percent, rounded to the fen; 0 where it cannot be counted. */
gf_fen    village_share(gf_fen sum, double percent);
