/* app/gf_app_preset.h - a camera's preset on the ground: which parcel is this pixel, which parcels does it watch.
 *
 * A preset is one fixed view of a camera, with a reference picture. Its heading and tilt are fitted to control points: pixels of that
 * picture whose place on the ground is known. Then every pixel of the reference has its ground, or the sky; a finding, which comes in
 * pixels of the reference because the frame was laid on it, lands on one parcel or on candidates, as far as the pose allows to tell.
 * No store is opened. Pixels from the upper left, x to the right, y down.
 */
#pragma once
#include "app/gf_app_fields.h"

enum { GF_APP_PRESET_POINTS_MIN = 4, GF_APP_PRESET_POINTS_MAX = 200, GF_APP_PRESET_STEP_PX = 4, GF_APP_PRESET_CANDIDATES_MAX = 8 };
#define GF_APP_PRESET_NONE UINT32_MAX

typedef struct gf_app_preset_point { double x_px, y_px, lon, lat, height_m; /* NAN = on the ground */ } gf_app_preset_point;

typedef struct gf_app_preset {
    gf_str name;
    int    width, height;                    /* of the reference picture */
    double lon, lat, lens_m;                 /* WGS84; metres above the ground */
    double heading_deg, tilt_deg, roll_deg;  /* as told; heading and tilt are fitted */
    double focal_px, range_m;
    double margin_px;                        /* about parcels, that stays visible in stored pictures */
    const gf_app_preset_point *points;
    size_t point_count;
} gf_app_preset;

/* A preset of schema gongfu.watch.preset/1 (docs/watch.md). GF_EINPUT "preset.json" no such document, an unknown key, a value out of its
 * bounds; "preset.points" fewer than GF_APP_PRESET_POINTS_MIN control points. */
gf_status gf_app_preset_read(gf_str bytes, gf_str name, gf_arena *keep, gf_app_preset *out, gf_error *err);

/* What the preset sees of one parcel. */
typedef struct gf_app_preset_parcel {
    uint32_t parcel;                         /* index into the parcels */
    uint32_t cells;                          /* of the reference picture, GF_APP_PRESET_STEP_PX pixels beside each other each */
    double   dist_m;                         /* the middle one of them, along the ground */
    double   object_px;                      /* how many pixels an object of 8 m takes there */
    bool     watched;                        /* 32 and more */
} gf_app_preset_parcel;

typedef struct gf_app_preset_view {
    const gf_app_parcels *parcels;
    int      epsg, width, height;            /* of the grid; of the picture */
    double   heading_deg, tilt_deg;          /* fitted */
    double   rms_px, heading_error_deg, tilt_error_deg;
    double   eye_m, focal_px, range_m;
    uint32_t columns, rows;                  /* of the map: every fourth pixel of every row, for a field at 2 km is a row or two high */
    const uint32_t *parcel;                  /* columns * rows: GF_APP_PRESET_NONE = sky, or no parcel's ground */
    const float *east_m, *north_m;           /* the ground there, in the grid's metres; NAN = sky or unknown */
    const gf_app_preset_parcel *seen;        /* by index of the parcel */
    size_t   seen_count, watched_count;
    const void *ground;                      /* for gf_app_preset_find() */
} gf_app_preset_view;

/* GF_EINPUT "terrain.off_grid" the camera stands outside the elevation; "preset.points", "terrain.pose" as gf_terrain_pose_fit().
 * GF_EUNSOLVED no pose shows the points there, or they lie more than a tenth of the picture off. `surface` and `parcels` must outlive
 * the view. Takes some tenths of a second for a picture of 1920 x 1080. */
gf_status gf_app_preset_open(const gf_app_surface *surface, const gf_app_preset *preset, const gf_app_parcels *parcels, gf_arena *keep, gf_app_preset_view *out, gf_error *err);

typedef struct gf_app_preset_spot {
    bool     on_ground;                      /* false: the sky, or no elevation */
    double   lon, lat, dist_m;
    double   pose_error_m;                   /* by how much the ground moves for the error in pixels; NAN where that reaches the sky */
    uint32_t parcel;                         /* the only one that it can be, and it lies inside; else GF_APP_PRESET_NONE */
    uint32_t candidates[GF_APP_PRESET_CANDIDATES_MAX];   /* within the error, the likeliest first; empty where `parcel` tells */
    size_t   candidate_count;
} gf_app_preset_spot;

/* The ground under a point of the reference picture that is known to error_px besides what the control points leave open. GF_EIO the
 * coordinates cannot be turned. */
gf_status gf_app_preset_find(const gf_app_preset_view *view, double x_px, double y_px, double error_px, gf_app_preset_spot *out, gf_error *err);

/* parcel,dist_m,object_px,picture_share,watched: every parcel that is seen, by key. */
void      gf_app_preset_csv(const gf_app_preset_view *view, gf_text *out);
/* Which cells of the map stay visible in stored pictures: columns * rows, 1 = parcels and the margin about them. */
gf_status gf_app_preset_open_cells(const gf_app_preset_view *view, double margin_px, gf_arena *keep, uint8_t **out, gf_error *err);
