/* terrain/gf_terrain.h - elevation as one surface, and what sees what on it.
 *
 * The rule of sight (R3): the straight line on the map between two cell centres is walked; at every crossing with a line
 * through cell centres (a row or a column of the grid) the ground is interpolated between the two neighbours. Every
 * height is lowered by k d^2 / 2R against the horizontal at the eye. The target is seen when its slope is at least the greatest slope on the
 * way; a direct neighbour is always seen. Nothing is sampled, nothing is tolerated: views and lines are the same arithmetic
 * in double and agree in every cell, and the eight turns and mirrors of a grid give exactly turned answers.
 *
 * Unknown is a third answer. A target hidden by known ground is hidden, whatever the voids; it is seen only when nothing
 * unknown lies on the way; else it is unknown. A target on a void is unknown.
 *
 * Pure: no file, clock, global or log. A grid may be read by many threads at once. Metres everywhere; azimuths in degrees
 * clockwise from grid north (the direction of decreasing rows), pitch in degrees above the horizontal.
 */
#pragma once
#include "base/gf_base.h"

/* ---- The surface ---- */

/* One file's heights as they stand. */
typedef struct gf_terrain_tile {
    size_t rows, columns;
    double west, north, step_x, step_y;  /* outer corner of the upper left cell; > 0; degrees or metres as the system has it */
    const float *height_m;               /* rows * columns from the north; NAN = void */
    const char  *name;                   /* for messages */
} gf_terrain_tile;

typedef struct gf_terrain_blocks gf_terrain_blocks;   /* greatest heights of blocks: what the views skip by */

typedef struct gf_terrain_grid {
    uint32_t rows, columns;
    double   west_m, north_m;            /* outer corner of the upper left cell */
    double   cell_m;                     /* cells are squares */
    int      epsg;                       /* a metric system; 0 for a bare grid */
    const float *height_m;               /* from the north; NAN = unknown */
    size_t   void_count;
    int32_t  first_row, first_column;    /* the first tile's upper left cell; 0 where the surface was reprojected */
    bool     reprojected;
    const gf_terrain_blocks *blocks;
} gf_terrain_grid;

typedef struct gf_terrain_surface_options {
    int      epsg;                       /* of the tiles, all of them */
    int      to_epsg;                    /* 0: the tiles' own when metric, else the 3-degree CGCS2000 zone of their middle */
    double   cell_m;                     /* 0: the tiles' own; of degrees 30 m an arc second, so that 3" gives 90 m */
    uint64_t cells_max;                  /* 0 = 400 million */
} gf_terrain_surface_options;

/* Several tiles as one metric surface. Tiles must have one cell size and fit each other's cells (shared edges are welcome);
 * where they overlap the first that knows a height gives it. Between tiles, and outside them, nothing is known.
 * A grid in degrees, or with cells that are no squares, is resampled bilinearly; a cell next to a void that weighs in is void.
 *
 *   keep     owns the heights and blocks; tiles are not referred to afterwards
 *   scratch  holds the tiles joined while they are reprojected; rewound; another arena than keep
 *
 * GF_EINPUT "terrain.tiles" they do not fit; "terrain.unit" a system that is not in metres; "terrain.zone" degrees outside
 *           75-135E; "terrain.empty" no known height; "geo.*" as geo says
 * GF_ELIMIT "terrain.large"
 */
gf_status gf_terrain_grid_join(const gf_terrain_tile *tiles, size_t count, const gf_terrain_surface_options *options, gf_arena *keep,
                               gf_arena *scratch, gf_terrain_grid *out, gf_error *err);

/* A grid over heights that the caller keeps: for tests, resampled and simulated ground. Only the blocks are built. */
gf_status gf_terrain_grid_of(uint32_t rows, uint32_t columns, double cell_m, const float *height_m, gf_arena *keep, gf_terrain_grid *out,
                             gf_error *err);

typedef struct gf_terrain_cell { uint32_t row, column; } gf_terrain_cell;

/* The cell in which a point of the grid's system lies (its centre is the nearest). GF_EINPUT "terrain.off_grid"; the hint says so when
 * the point would lie on the grid with x and y exchanged (surveyors write X = north). */
gf_status gf_terrain_cell_at(const gf_terrain_grid *grid, double x_m, double y_m, gf_terrain_cell *out, gf_error *err);
double    gf_terrain_cell_x(const gf_terrain_grid *grid, uint32_t column);   /* of its centre */
double    gf_terrain_cell_y(const gf_terrain_grid *grid, uint32_t row);

/* ---- Lines ---- */

typedef struct gf_terrain_air { double k, radius_m; } gf_terrain_air;        /* heights are lowered by k d^2 / (2 radius) */
#define GF_TERRAIN_AIR_DEFAULT ((gf_terrain_air){ .k = 0.87, .radius_m = 6371000 })

typedef enum gf_terrain_sight { GF_TERRAIN_HIDDEN = 0, GF_TERRAIN_SEEN = 1, GF_TERRAIN_UNKNOWN = 2, GF_TERRAIN_OUTSIDE = 255 } gf_terrain_sight;

typedef struct gf_terrain_line {
    gf_terrain_sight sight;              /* never OUTSIDE */
    double dist_m;
    bool   has_blocker;                  /* false for a direct neighbour, and where nothing known lies on the way */
    double margin_m;                     /* (target's slope - greatest slope) * dist; of the known ground; +INFINITY without a blocker */
    double blocker_dist_m;               /* the place of the greatest slope, also when seen */
} gf_terrain_line;

/* R3 between two cells of the grid; each height is above its ground. Where the ground of an end is unknown, so is the answer. */
void gf_terrain_line_walk(const gf_terrain_grid *grid, gf_terrain_air air, gf_terrain_cell from, double mast_m, gf_terrain_cell to,
                          double target_m, gf_terrain_line *out);

/* ---- Views ---- */

typedef struct gf_terrain_observer {
    gf_terrain_cell cell;
    double mast_m;                       /* eye above ground, >= 0 */
    double target_m;                     /* target above ground, >= 0 */
    double range_m;                      /* > 0; INFINITY for the whole grid */
    bool   has_pan;                      /* from pan_from_deg clockwise to pan_to_deg, both included; from = to is one direction */
    double pan_from_deg, pan_to_deg;
    bool   has_pitch;                    /* of the line from the eye to the target, both included */
    double pitch_min_deg, pitch_max_deg;
} gf_terrain_observer;
#define GF_TERRAIN_OBSERVER_DEFAULT ((gf_terrain_observer){ .mast_m = 30, .target_m = 1.5, .range_m = 10000 })

/* The part of the grid within range: a window of it. */
typedef struct gf_terrain_view {
    uint32_t row0, column0, rows, columns;
    uint8_t *sight;                      /* rows * columns of gf_terrain_sight */
    float   *margin_m;                   /* the same, when asked for: NAN unless seen or hidden; INFINITY for direct neighbours */
    uint64_t seen, hidden, unknown, outside;   /* of the window */
} gf_terrain_view;

typedef struct gf_terrain_work {
    size_t workers;                      /* 0 counts as 1 */
    bool   margin;
    bool (*cancelled)(void *context);    /* may be NULL; asked between pieces of work, from any worker */
    void  *context;
} gf_terrain_work;

/* What one observer sees; its own cell is seen. `work` may be NULL. `keep` owns the arrays.
 *
 * GF_EINPUT  "terrain.observer" a cell off the grid or without a height, a mast, range, pan or pitch that is none
 * GF_ECANCELLED
 */
gf_status gf_terrain_view_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observer, const gf_terrain_work *work,
                               gf_arena *keep, gf_terrain_view *out, gf_error *err);

/* Each observer's view, handed over in the order of `observers`, one call at a time, from the thread that made it; the view
 * is borrowed for the call. Another status than GF_OK ends the work and is returned. */
typedef gf_status gf_terrain_each_fn(void *context, size_t index, const gf_terrain_view *view, gf_error *err);
gf_status gf_terrain_view_each(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observers, size_t count,
                               const gf_terrain_work *work, gf_terrain_each_fn *each, void *context, gf_error *err);

/* Who sees what: one bit for each observer and cell of its window. Rows are words of 64 columns of the grid, beginning at a
 * multiple of 64, so that the bits of two observers lie on each other: column c of row r is bit c % 64 of
 * words[(r - row0) * words_per_row + c / 64 - word0]. */
typedef struct gf_terrain_bits {
    uint32_t  row0, rows, word0, words_per_row;
    uint64_t *seen;
    uint64_t *unknown;                   /* NULL when nothing within range is unknown */
    uint64_t  seen_count, unknown_count;
} gf_terrain_bits;

/* `keep` owns *out, `count` of them. Memory: an eighth of a byte a cell of each window, plus one window a worker. */
gf_status gf_terrain_bits_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observers, size_t count,
                               const gf_terrain_work *work, gf_arena *keep, gf_terrain_bits **out, gf_error *err);

static inline bool gf_terrain_bits_has(const gf_terrain_bits *bits, const uint64_t *plane, uint32_t row, uint32_t column)
{
    uint32_t word = column / 64;
    if (row < bits->row0 || row - bits->row0 >= bits->rows || word < bits->word0 || word - bits->word0 >= bits->words_per_row)
        return false;
    return plane[(size_t)(row - bits->row0) * bits->words_per_row + (word - bits->word0)] >> (column % 64) & 1;
}

/* ---- Outlines ---- */

/* The cells of one answer as polygons: the exact borders of the cells, dissolved. Corners count in cell borders of the grid:
 * (0, 0) is its upper left corner. A ring is closed without repeating its first corner, and touches itself nowhere; cells
 * that meet at a corner only are polygons of their own. Seen on the map with north up, outer rings run counter-clockwise
 * and holes clockwise. Straight runs have a corner every 16 cells, so that they may be bent into another projection.
 * `scratch` is another arena than `keep`; it is rewound. */
typedef struct gf_terrain_corner { uint32_t row, column; } gf_terrain_corner;
typedef struct gf_terrain_ring { const gf_terrain_corner *corner; size_t count; } gf_terrain_ring;
typedef struct gf_terrain_polygon { gf_terrain_ring *rings; size_t count; } gf_terrain_polygon;   /* the outer ring, then its holes */
typedef struct gf_terrain_outline { gf_terrain_polygon *polygons; size_t count; } gf_terrain_outline;

gf_status gf_terrain_outline_make(const gf_terrain_view *view, gf_terrain_sight sight, gf_arena *keep, gf_arena *scratch, gf_terrain_outline *out,
                                  gf_error *err);
