/* terrain/gf_terrain_crs.h - whose coordinates is a boundary in? Asked of the relief.
 *
 * Boundaries of counties and villages run along ridges and streams. Where a boundary lies right, the ground under it is unusually high or low
 * for its neighbourhood; moved by some hundred metres (GCJ-02 is 572 m off in Taishun) it is not. The score of a place is the
 * mean absolute topographic position: how far the ground is above or below the mean within half a kilometre.
 */
#pragma once
#include "geo/gf_geo.h"
#include "terrain/gf_terrain.h"

/* A point of the boundary, in the grid's system: as the layer says, and as it would be were the layer in GCJ-02. */
typedef struct gf_terrain_boundary_point { gf_geo_point as_told, as_gcj02; uint32_t piece; } gf_terrain_boundary_point;

typedef enum gf_terrain_crs { GF_TERRAIN_CRS_UNSURE, GF_TERRAIN_CRS_WGS84, GF_TERRAIN_CRS_GCJ02 } gf_terrain_crs;

typedef struct gf_terrain_crs_answer {
    gf_terrain_crs crs;
    double east_m, north_m;              /* moved by this the boundary fits best */
    double score_told, score_gcj02;      /* metres; NAN when no point lies on known ground */
    double score_best, score_mean;       /* at the best shift; over all shifts */
    double near_told, near_gcj02;        /* share of the resampled boundaries whose best shift is that of each */
    double peak;                         /* standard deviations of the best shift above the mean of all */
    size_t points, pieces;               /* on known ground */
} gf_terrain_crs_answer;

/* `points` in order, at most a cell apart; `piece` numbers stretches of about a kilometre, from 0 without gaps. GF_ENOMEM */
gf_status gf_terrain_crs_ask(const gf_terrain_grid *grid, const gf_terrain_boundary_point *points, size_t count, gf_arena *scratch,
                             gf_terrain_crs_answer *out, gf_error *err);
