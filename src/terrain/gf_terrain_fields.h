/* terrain/gf_terrain_fields.h - which parcels a tower sees, which none does, and where to build.
 *
 * A parcel is the cells whose centre lies inside it, even-odd; one smaller than a cell is the cell under its inner point. Two
 * parcels that share a side share no cell. Cells off the grid or without a height are "no data": nobody is said to see
 * them. Areas are those of the polygons in the grid's system. Shares are of all the cells of a parcel.
 *
 * Pure, and the same answer whatever the number of workers.
 */
#pragma once
#include "geo/gf_geo.h"
#include "terrain/gf_terrain.h"

/* ---- Parcels on the grid ---- */

typedef struct gf_terrain_loop { const gf_geo_point *points; size_t count; } gf_terrain_loop;       /* the last point equals the first */
typedef struct gf_terrain_shape { const gf_terrain_loop *rings; size_t ring_count; } gf_terrain_shape;   /* in the grid's system */

typedef struct gf_terrain_run { uint32_t row, column, length; } gf_terrain_run;   /* cells side by side */

typedef struct gf_terrain_parcel {
    double   area_m2;                    /* of the polygon */
    uint32_t first_run, run_count;       /* of gf_terrain_parcels.runs: its cells on the grid */
    uint32_t row0, row1, column0, column1;   /* what holds them, both included */
    uint64_t cells;                      /* all of them, on the grid and off it; > 0 */
    uint64_t nodata_cells;               /* off the grid, or without a height */
} gf_terrain_parcel;

typedef struct gf_terrain_parcels {
    size_t count;
    const gf_terrain_parcel *parcels;
    const gf_terrain_run    *runs;
    uint64_t cells;                      /* of all runs */
} gf_terrain_parcels;

/* GF_EINPUT "terrain.parcel" a parcel of more than a million rows of cells: the system is not the one it is said to be.
 * err->where names the parcel by its number from 1. */
gf_status gf_terrain_parcels_make(const gf_terrain_grid *grid, const gf_terrain_shape *shapes, size_t count, gf_arena *keep,
                                  gf_terrain_parcels *out, gf_error *err);

/* A point inside the shape: the middle of the widest stretch at half its height. */
gf_geo_point gf_terrain_inner_point(const gf_terrain_shape *shape);

/* ---- Towers and parcels ---- */

typedef struct gf_terrain_tower {
    gf_terrain_observer observer;
    double focal_mm, pixel_um;           /* of the camera at its longest; 0 = not told */
} gf_terrain_tower;

#define GF_TERRAIN_NO_TOWER UINT32_MAX

/* What one tower sees of one parcel. The numbers below `cell` are of the sight line to one cell: of those it sees, the one nearest
 * to their middle, so that each of them can be walked again by hand. */
typedef struct gf_terrain_pair {
    uint32_t tower, parcel;              /* indices */
    uint64_t seen_cells;                 /* > 0 */
    gf_terrain_cell cell;
    double dist_m;                       /* on the map */
    double pixel_m;                      /* what a pixel covers across the sight line; NAN without a camera */
    double incidence_deg;                /* between the sight line and the ground's normal: 0 from straight above, 90 along the
                                            ground, more when only the target's height shows; NAN where the ground's slope is unknown */
    double blocker_dist_m;               /* the place of the greatest slope on the way; NAN for a direct neighbour */
} gf_terrain_pair;

typedef struct gf_terrain_parcel_seen {
    uint64_t seen_cells;                 /* by at least one tower */
    uint64_t unknown_cells;              /* by none for sure, but some tower cannot tell */
    uint32_t tower_count, best_tower;    /* best: the greatest share, then the nearest; GF_TERRAIN_NO_TOWER */
} gf_terrain_parcel_seen;

typedef struct gf_terrain_tower_seen {
    double   seen_m2;                    /* of parcels */
    size_t   parcel_count, first_pair;   /* its pairs stand side by side */
    double   nodata_share;               /* of the cells within its range and pan, on the grid and off it */
} gf_terrain_tower_seen;

typedef struct gf_terrain_overlook {
    gf_terrain_pair        *pairs;       /* by tower, then parcel */
    size_t                  pair_count;
    gf_terrain_parcel_seen *parcels;
    gf_terrain_tower_seen  *towers;
} gf_terrain_overlook;

/* `keep` owns the tables. GF_EINPUT "terrain.observer" names the tower by its number; GF_ECANCELLED */
gf_status gf_terrain_overlook_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_tower *towers, size_t tower_count,
                                   const gf_terrain_parcels *parcels, const gf_terrain_work *work, gf_arena *keep, gf_terrain_overlook *out,
                                   gf_error *err);

/* ---- Where to build ---- */

typedef struct gf_terrain_candidate {
    gf_terrain_observer observer;
    int64_t cost;                        /* >= 0, in any unit that budget has too */
    bool    upgrade;                     /* of something that stands; else new */
} gf_terrain_candidate;

/* Who sees which cells of the parcels: made once, asked as often as one likes (it does not change). */
typedef struct gf_terrain_cover gf_terrain_cover;

/* `weights` of each parcel, spread over its cells; NULL = its area. `keep` owns the cover, which refers to `candidates` and `parcels`.
 * GF_EINPUT "terrain.weight" one that is negative or no number; "terrain.observer"; GF_ECANCELLED */
gf_status gf_terrain_cover_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *standing, size_t standing_count,
                                const gf_terrain_candidate *candidates, size_t candidate_count, const gf_terrain_parcels *parcels,
                                const double *weights, const gf_terrain_work *work, gf_arena *keep, const gf_terrain_cover **out, gf_error *err);

typedef struct gf_terrain_siting_options {
    size_t   new_count, upgrade_count;   /* at most so many */
    int64_t  budget;                     /* INT64_MAX = none */
    uint64_t visits_max;                 /* work of the bound, in cells looked at; 0 = 200 million */
} gf_terrain_siting_options;

typedef struct gf_terrain_site { size_t candidate; double gain, covered_total; } gf_terrain_site;

typedef struct gf_terrain_siting {
    gf_terrain_site *sites;              /* by gain, each given those before it */
    size_t  site_count;
    double  total, before, after;        /* weight of all parcels; covered by what stands; with the sites */
    double  upper_bound;                 /* no choice covers more than this */
    double *parcel_before, *parcel_after;   /* weight covered, by parcel */
} gf_terrain_siting;

/* Maximal covering given what stands: greedy, then exchanges until none helps; the bound from the dual of the linear
 * relaxation (subgradient). Costs and counts hold. GF_ECANCELLED */
gf_status gf_terrain_siting_make(const gf_terrain_cover *cover, const gf_terrain_siting_options *options, const gf_terrain_work *work,
                                 gf_arena *keep, gf_terrain_siting *out, gf_error *err);

/* ---- Invented parcels ---- */

typedef struct gf_terrain_terrace {
    const gf_geo_point *ring;            /* in the grid's system, closed */
    size_t   count;
    double   area_m2, slope_deg, height_m;
    uint32_t group;                      /* strips of one slope, from below */
} gf_terrain_terrace;

/* Strips along the contour lines of gentle slopes, in stacks of which one begins where the one below ends, as terraces do. The same
 * seed gives the same strips. GF_ELIMIT "terrain.terraces" the grid has no room for so many. */
gf_status gf_terrain_terraces_make(const gf_terrain_grid *grid, size_t count, uint64_t seed, gf_arena *keep, gf_terrain_terrace **out, gf_error *err);
