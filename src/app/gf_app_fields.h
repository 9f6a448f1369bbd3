/* app/gf_app_fields.h - the use cases of terrain on layers: towers and parcels, where to build, whose coordinates. No store.
 *
 * Bytes come in, tables go out. A table of towers has the columns id; x, y | lon, lat; mast_m; and may have range_m, pan_from_deg,
 * pan_to_deg, pitch_min_deg, pitch_max_deg, focal_mm, pixel_um (other columns are ignored); one of candidates also cost and kind
 * (new, upgrade).
 */
#pragma once
#include "app/gf_app_terrain.h"
#include "terrain/gf_terrain_crs.h"
#include "terrain/gf_terrain_fields.h"

/* ---- Layers ---- */

typedef struct gf_app_layer_file { gf_str name, bytes, dbf, prj, cpg; } gf_app_layer_file;   /* the last three of a shapefile */

typedef struct gf_app_layer_options {
    int    crs;                          /* what its numbers are in, whatever the file says; 0 = as it says */
    gf_str table;                        /* of a GeoPackage */
} gf_app_layer_options;

typedef struct gf_app_parcels {
    size_t count;
    int    epsg;                         /* of the file, or of the grid where it says none */
    gf_str key_field;                    /* what names a parcel: BSM, else id, else TBBH, where each is there and different; empty: its number */
    const gf_str *keys, *tbmj, *village_codes, *village_names;   /* as written; "" where there is none */
    const double *weights;               /* of the field asked for; NULL */
    const gf_terrain_shape *shapes;      /* the outlines, in the grid's metres */
    gf_terrain_parcels on_grid;
} gf_app_parcels;

/* Parcels on the surface's grid. `weight` is the name of a field of numbers, or empty.
 * GF_EINPUT "layer.*", "geo.*", "terrain.parcel", "fields.weight"; GF_EUSAGE "fields.form" a name that tells no kind of file */
gf_status gf_app_parcels_read(const gf_app_surface *surface, const gf_app_layer_file *file, const gf_app_layer_options *options, gf_str weight,
                              gf_arena *keep, gf_app_parcels *out, gf_error *err);

/* ---- Towers ---- */

typedef struct gf_app_table_file { gf_str name, bytes; } gf_app_table_file;

typedef struct gf_app_tower { gf_str id; gf_terrain_tower tower; gf_decimal cost; bool has_cost, upgrade; size_t line; } gf_app_tower;

typedef struct gf_app_overlooked {
    const gf_app_tower *towers;
    size_t              tower_count;
    gf_terrain_overlook seen;
    size_t unseen, unknown;              /* parcels that no tower sees: for sure, and where somebody cannot tell or data lack */
} gf_app_overlooked;

typedef struct gf_app_fields_options {
    double target_m;                     /* height of what is looked at; above ground */
    size_t threads;
    gf_app_progress_fn *progress;        /* may be NULL; only asked whether to go on */
    void  *context;
} gf_app_fields_options;

gf_status gf_app_overlook(const gf_app_surface *surface, const gf_app_table_file *towers, const gf_app_parcels *parcels,
                          const gf_app_fields_options *options, gf_arena *keep, gf_app_overlooked *out, gf_error *err);
void gf_app_overlook_csv(const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *seen, gf_text *pairs,
                         gf_text *parcels_csv, gf_text *towers);

/* ---- Invented parcels ---- */

typedef struct gf_app_demo_parcels { size_t count; uint64_t seed; int epsg; /* to write in; 0 = WGS84 */ } gf_app_demo_parcels;

/* GeoJSON with the national field names; the file and every parcel of it say that they are invented. */
gf_status gf_app_demo_parcels_geojson(const gf_app_surface *surface, const gf_app_demo_parcels *ask, gf_arena *scratch, gf_text *out, gf_error *err);

/* ---- Where to build ---- */

typedef struct gf_app_village { gf_str code, name; double total, before, after; } gf_app_village;

typedef struct gf_app_sited {
    const gf_app_tower *candidates;
    size_t              candidate_count, standing_count;
    gf_terrain_siting   siting;
    gf_app_village     *villages;        /* by code; those that the parcels name */
    size_t              village_count;
} gf_app_sited;

typedef struct gf_app_siting_options {
    gf_app_fields_options views;
    size_t     new_count, upgrade_count;
    bool       has_budget;
    gf_decimal budget;                   /* in the unit of the candidates' costs */
} gf_app_siting_options;

typedef struct gf_app_cover gf_app_cover;

/* The views of a question, then as many choices as one likes. A candidate of kind upgrade, or whose id is that of a standing tower, is an
 * upgrade: its row says what the tower will be. `standing` may have bytes NULL: nothing stands.
 * GF_EINPUT with where "name:line"; "fields.twice" an id that occurs twice among the candidates; "fields.cost" a cost is missing under a budget */
gf_status gf_app_cover_make(const gf_app_surface *surface, const gf_app_table_file *standing, const gf_app_table_file *candidates,
                            const gf_app_parcels *parcels, const gf_app_fields_options *options, gf_arena *keep, gf_app_cover **out, gf_error *err);
gf_status gf_app_site(const gf_app_cover *cover, const gf_app_siting_options *options, gf_arena *keep, gf_app_sited *out, gf_error *err);
void      gf_app_sites_csv(const gf_app_sited *sited, gf_text *out);

/* ---- Whose coordinates ---- */

/* Holds a boundary against the relief (see terrain/gf_terrain_crs.h). Polygons and lines alike; what the file says of its system only places
 * it: geometry decides. GF_EINPUT "layer.*", "fields.ground" no part of it lies on known ground */
gf_status gf_app_crs(const gf_app_surface *surface, const gf_app_layer_file *file, const gf_app_layer_options *options, gf_arena *scratch,
                     gf_terrain_crs_answer *out, gf_error *err);
