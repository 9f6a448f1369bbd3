/* app/gf_app_land.h - farmland, the towers that watch it, the people who answer for it: 塔田对应, 人田对应.
 *
 * Towers, cameras, parcels and wardens are records. What a tower sees of a parcel is computed from them and from the
 * elevation among the documents (kind "dem"), kept by the newest run, and never entered by hand.
 */
#pragma once
#include "app/gf_app.h"
#include "app/gf_app_terrain.h"

/* ---- The ground ---- */

/* The elevation documents as one surface. Read-only: many threads may ask it at once. */
typedef struct gf_app_ground gf_app_ground;

/* What the surface is made of, as a text that changes when a document of kind "dem" comes, goes or changes; "" = none is there. */
gf_status gf_app_ground_key(gf_app *app, gf_arena *keep, gf_str *out, gf_error *err);
/* GF_ENOTFOUND "land.ground" no elevation among the documents; GF_EINPUT as gf_app_surface_read(). Takes up to a second. */
gf_status gf_app_ground_open(gf_app *app, gf_app_ground **out, gf_error *err);
/* NULL is a no-op. */
void      gf_app_ground_close(gf_app_ground *ground);
/* Borrowed until the ground is closed. */
const gf_app_surface *gf_app_ground_surface(const gf_app_ground *ground);

/* ---- The map ---- */

typedef struct gf_app_land_camera { gf_str id, name; double range_m, pan_from_deg, pan_to_deg; bool has_range, has_pan; } gf_app_land_camera;

typedef struct gf_app_land_tower {
    gf_str  id, name, place, state, project, origin;
    double  lon, lat, mast_m;
    int64_t parcels;                 /* that it sees anything of; -1 = not computed */
    gf_app_land_camera *cameras;
    size_t  camera_count;
} gf_app_land_tower;

typedef struct gf_app_land_parcel {
    gf_str  id, number, place, place_name, land_code, land_name, area_m2, shape, origin, best;   /* shape: WKT in degrees, WGS84 */
    int64_t seen, before, nodata;    /* shares of 10,000; before: by what stands today; -1 = not computed */
    int64_t towers;                  /* that see any of it; -1 = not computed */
    gf_str *wardens;                 /* ids, the county's among them */
    size_t  warden_count;
    bool    answered;                /* by somebody of the village or town: the county answers for everything */
} gf_app_land_parcel;

typedef struct gf_app_land_warden { gf_str id, person, post /* role of the person */, level, place, place_name, period; } gf_app_land_warden;

typedef struct gf_app_land_sum { const char *what; int64_t parcels, area_m2; } gf_app_land_sum;

typedef struct gf_app_land {
    bool      computed, fresh;       /* fresh: nothing has changed since the run */
    gf_utc_ms at;
    int       epsg;
    double    cell_m;
    gf_app_land_tower  *towers;
    gf_app_land_parcel *parcels;
    gf_app_land_warden *wardens;
    size_t    tower_count, parcel_count, warden_count;
    bool      more;                  /* there are more parcels than are given: ask for a place */
    gf_app_land_sum sums[6];         /* all, seen, before, unseen, unknown, unanswered: parcels and their area as the layer has it */
} gf_app_land;

enum { GF_APP_LAND_PARCELS_MAX = 20000 };
/* What the actor sees of a programme, within a place ("" = everywhere). GF_EDENIED the register · GF_ENOTFOUND the programme. */
gf_status gf_app_land_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str within, gf_arena *keep, gf_app_land *out, gf_error *err);

typedef struct gf_app_land_sight { gf_str tower, parcel; int64_t seen, dist_m, pixel_mm, incidence_ddeg, blocker_m; /* -1 = not told */ } gf_app_land_sight;
/* What one tower sees, or who sees one parcel (best first): give one of the two, else GF_EUSAGE. Of the newest run, and of
 * records that the actor sees. GF_ENOTFOUND. */
gf_status gf_app_land_sights(gf_app *app, const gf_app_actor *actor, gf_str tower, gf_str parcel, gf_arena *keep, gf_app_land_sight **out, size_t *count, gf_error *err);

/* ---- Questions on the map ---- */

/* The ground between a tower and a point, and why the point is seen or not: from its first camera, or from its top. */
typedef struct gf_app_land_profile {
    gf_terrain_line line;
    double  eye_m, target_m;         /* heights above the sea */
    double *dist_m, *ground_m, *sight_m;   /* by step; the ground lowered by the curve of the earth; the line of sight; NAN = void */
    size_t  count;
} gf_app_land_profile;
/* GF_ENOTFOUND the tower · GF_EINPUT "terrain.off_grid". */
gf_status gf_app_land_profile_read(gf_app *app, const gf_app_actor *actor, const gf_app_ground *ground, gf_str tower, double lon, double lat, gf_arena *keep,
                                   gf_app_land_profile *out, gf_error *err);
/* What a tower's cameras see, as outlines in WGS84: GeoJSON text. */
gf_status gf_app_land_view_read(gf_app *app, const gf_app_actor *actor, const gf_app_ground *ground, gf_str tower, gf_arena *keep, gf_text *geojson, gf_error *err);

/* ---- Computing ---- */

typedef struct gf_app_land_computed { int64_t towers, parcels, pairs, off_grid, ms; } gf_app_land_computed;
/* Every tower against every parcel, and again with what stands today; kept in one transaction. `workers` threads.
 * GF_ENOTFOUND "land.none" there is no tower or no parcel; GF_ECANCELLED nothing has changed. */
gf_status gf_app_land_compute(gf_app *app, const gf_app_ground *ground, size_t workers, gf_app_progress_fn *progress, void *context, gf_app_land_computed *out, gf_error *err);

/* Could a run be made, and would it be of other towers, cameras, parcels or elevation than the newest one? */
bool      gf_app_land_is_stale(gf_app *app, gf_arena *scratch);

/* ---- Parcels out of a layer ---- */

/* A layer with the national field names (BSM, TBBH, DLBM, DLMC, TBMJ, ZLDWDM) as the CSV that gf_app_import() takes for the
 * register parcels: GeoJSON, GeoPackage, or a shapefile in a .zip. GF_EINPUT "land.field" BSM is missing, "layer.*". */
gf_status gf_app_land_layer(gf_app *app, gf_str name, gf_str bytes, gf_arena *keep, gf_text *csv, gf_error *err);
/* What an import of `reg` reads: a layer becomes its table, in memory of `keep`; every other file stays as it is. */
gf_status gf_app_land_table(gf_app *app, const gf_register *reg, gf_arena *keep, gf_str *name, gf_str *bytes, gf_error *err);
