/* terrain/gf_terrain_pose.h - a camera on a tower: from pixel to ground and back (monoplotting).
 *
 * A pinhole without distortion. Heading clockwise from grid north, tilt above the horizontal (cameras that look down have a negative one), roll
 * clockwise as the camera's holder sees it; pixels count from the upper left corner, x to the right, y down. The ground is that
 * of sight lines: straight between its crossings with the rows and columns of cell centres, falling away by k d^2 / 2R. A degree of heading is 52 m at 3 km: the
 * pose of a camera is corrected from known points before anything is read off it. Pure; threads may share a grid.
 */
#pragma once
#include "geo/gf_geo.h"
#include "terrain/gf_terrain.h"

typedef struct gf_terrain_pose {
    double x_m, y_m;                     /* in the grid's system */
    double eye_m;                        /* absolute height of the lens */
    double heading_deg, tilt_deg, roll_deg;
    double focal_px;                     /* focal length / pixel size; > 0 */
    double centre_x_px, centre_y_px;     /* principal point */
} gf_terrain_pose;

typedef struct gf_terrain_pixel { double x, y; } gf_terrain_pixel;

typedef enum gf_terrain_ground_kind { GF_TERRAIN_GROUND, GF_TERRAIN_SKY, GF_TERRAIN_NO_DATA } gf_terrain_ground_kind;
typedef struct gf_terrain_ground {
    gf_terrain_ground_kind kind;         /* SKY: nothing within range; NO_DATA: a void or the border of the grid comes first */
    double x_m, y_m, height_m, dist_m;   /* of GROUND; the distance is that on the map */
} gf_terrain_ground;

/* Where the ray of each pixel first meets the ground, within range_m. */
void gf_terrain_pixels_to_ground(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_pose *pose, double range_m,
                                 const gf_terrain_pixel *pixels, size_t count, gf_terrain_ground *out);

/* Bilinear height; false where one of the four cells around is unknown, or off the cell centres. */
bool gf_terrain_height_at(const gf_terrain_grid *grid, double x_m, double y_m, double *height_m);

/* The pixel of a point in space; false for one behind the camera. Whether something stands in between is not asked: see
 * gf_terrain_line_walk(). */
bool gf_terrain_point_to_pixel(gf_terrain_air air, const gf_terrain_pose *pose, double x_m, double y_m, double height_m, gf_terrain_pixel *out);

/* ---- Correcting a pose ---- */

typedef struct gf_terrain_known_point {
    double x_m, y_m, height_m;           /* height NAN: on the ground */
    gf_terrain_pixel pixel;              /* where the picture shows it */
    gf_terrain_pixel residual;           /* out: shown minus expected, in pixels */
} gf_terrain_known_point;

typedef struct gf_terrain_fit {
    gf_terrain_pose pose;                /* heading and tilt corrected */
    double heading_by_deg, tilt_by_deg;  /* the corrections */
    double rms_px;                       /* of the residuals */
    double heading_error_deg, tilt_error_deg;   /* standard errors; NAN with one point, which leaves nothing to judge by */
    size_t turns;
} gf_terrain_fit;

/* Heading and tilt by least squares over the pixels. The heading told may be wrong by any angle.
 * GF_EINPUT "terrain.pose" no point, a focal length that is none, a point without known ground; GF_EUNSOLVED no pose shows the points there */
gf_status gf_terrain_pose_fit(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_pose *told, gf_terrain_known_point *points,
                              size_t count, gf_terrain_fit *out, gf_error *err);

/* ---- The horizon ---- */

typedef struct gf_terrain_horizon_point {
    gf_terrain_pixel pixel;
    double azimuth_deg, elevation_deg, dist_m;
    bool   known;                        /* false: a void or the border came before range_m; the horizon may be higher */
} gf_terrain_horizon_point;

/* The skyline as the camera should see it: `count` directions from the left to the right edge of a picture of width_px. */
void gf_terrain_horizon(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_pose *pose, double width_px, double range_m, size_t count,
                        gf_terrain_horizon_point *out);

/* The skyline all round from a point in the grid's system, eye_m above the sea: `count` equal steps clockwise from grid north; pixels stay 0.
 * elevation_deg is -90 where no ground is met. */
void gf_terrain_skyline(const gf_terrain_grid *grid, gf_terrain_air air, double x_m, double y_m, double eye_m, double range_m, size_t count,
                        gf_terrain_horizon_point *out);
