/* app/gf_app_terrain.h - the use cases of terrain on files: elevation, sight lines, views. No store, no account.
 *
 * Bytes come in, answers go out as values or as the bytes of files; nothing is read from or written to a disk here.
 * Coordinates: x is east or longitude, y is north or latitude.
 */
#pragma once
#include "app/gf_app.h"
#include "terrain/gf_terrain.h"

/* ---- The surface ---- */

typedef struct gf_app_dem_file { gf_str name, bytes; } gf_app_dem_file;

typedef struct gf_app_surface_options {
    const gf_app_dem_file *files;        /* tiles of one surface, the first one first */
    size_t                 count;
    int                    crs;          /* EPSG of points, and of an elevation that names none; 0 = the elevation's own */
    bool                   has_nodata;
    double                 nodata;       /* one more void value */
} gf_app_surface_options;

typedef struct gf_app_surface {
    gf_terrain_grid grid;
    int    epsg;                         /* of the files */
    int    points_epsg;                  /* of x and y in questions */
    size_t first_rows, first_columns;    /* the first file's own grid, which row and column in questions count in */
    double first_west, first_north, first_step_x, first_step_y;
} gf_app_surface;

/* GF_EINPUT "terrain.crs" an elevation that names no system while none is given, or files of different systems; "dem.*", "terrain.*", "geo.*" */
gf_status gf_app_surface_read(const gf_app_surface_options *options, gf_arena *keep, gf_arena *scratch, gf_app_surface *out, gf_error *err);

/* How a question names a place. */
typedef enum gf_app_spot_kind { GF_APP_SPOT_CELL, GF_APP_SPOT_XY, GF_APP_SPOT_LONLAT } gf_app_spot_kind;
typedef struct gf_app_spot { gf_app_spot_kind kind; double a, b; /* row, column | x, y | longitude, latitude (WGS84) */ } gf_app_spot;

/* The cell of each place. GF_EINPUT "terrain.off_grid"; *failed is the place that has none. */
gf_status gf_app_spots_find(const gf_app_surface *surface, const gf_app_spot *spots, size_t count, gf_terrain_cell *cells, size_t *failed, gf_error *err);

/* ---- Lines ---- */

typedef struct gf_app_pair { gf_str id; gf_terrain_cell from, to; double mast_m, target_m; gf_terrain_line line; } gf_app_pair;
typedef struct gf_app_lined { gf_app_pair *pairs; size_t count, seen, hidden, unknown; } gf_app_lined;

/* The pairs of a table (contracts: line), answered in its order. Columns are found by name: id; obs_row, obs_col, tgt_row,
 * tgt_col | obs_x, obs_y, tgt_x, tgt_y | obs_lon, obs_lat, tgt_lon, tgt_lat; obs_h_m, tgt_h_m. Others are ignored.
 * GF_EINPUT with where "name:line". GF_ECANCELLED when `progress` returns false. */
gf_status gf_app_lines(const gf_app_surface *surface, gf_str name, gf_str csv, gf_app_progress_fn *progress, void *context, gf_arena *keep,
                       gf_app_lined *out, gf_error *err);
void      gf_app_lines_csv(const gf_app_lined *lined, gf_text *out);

/* ---- Views ---- */

typedef struct gf_app_view_options {
    gf_app_spot spot;
    gf_terrain_observer observer;        /* its cell is set from the spot */
    bool   margin;
    size_t workers;
    bool (*cancelled)(void *context);    /* may be NULL */
    void  *context;
} gf_app_view_options;

gf_status gf_app_view(const gf_app_surface *surface, const gf_app_view_options *options, gf_arena *keep, gf_terrain_view *out, gf_error *err);

/* The view as files. Rasters cover the whole surface; outlines are in WGS84 degrees, the seen and the unknown area apart. */
gf_status gf_app_view_tiff(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_error *err);
gf_status gf_app_view_margin_tiff(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_error *err);
gf_status gf_app_view_png(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_text *world, gf_error *err);
gf_status gf_app_view_geojson(const gf_app_surface *surface, const gf_terrain_view *view, gf_text *out, gf_error *err);
gf_status gf_app_view_kml(const gf_app_surface *surface, const gf_terrain_view *view, gf_str lang, gf_text *out, gf_error *err);
