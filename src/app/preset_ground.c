/* The ground of a preset's reference picture.
 *
 * Every fourth pixel of every row is sent to the ground once, when the preset is opened: 520,000 rays of a picture of 1920 x 1080. The map that comes of
 * it answers which parcels are seen, how large things are there, and which parts of a picture may be stored; mountains in front hide what is
 * behind, for a ray ends where it first meets the ground. A finding asks for its own ray, exactly, and for the map about it.
 */
#include "app/gf_app_preset.h"

#include "geo/gf_geo.h"
#include "terrain/gf_terrain_pose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double OBJECT_M = 8, OBJECT_LEAST_PX = 32, POSE_OFF_SHARE = 0.1, ERROR_LEAST_PX = 0.5;

typedef struct ground { const gf_terrain_grid *grid; gf_terrain_pose pose; } ground;

/* ---- Fitting ---- */

static gf_status to_grid(int epsg, gf_geo_point *points, size_t count, gf_error *err)
{
    gf_geo *geo = NULL;
    gf_status status = gf_geo_open(GF_GEO_WGS84, epsg, &geo, err);
    if (status == GF_OK)
        status = gf_geo_forward(geo, points, count, err);
    gf_geo_close(geo);
    return status;
}

static gf_status stand(const gf_app_surface *surface, const gf_app_preset *preset, gf_terrain_pose *out, gf_error *err)
{
    gf_geo_point at = { preset->lon, preset->lat };
    double ground_m = NAN;
    gf_status status = to_grid(surface->grid.epsg, &at, 1, err);
    if (status != GF_OK)
        return status;
    if (!gf_terrain_height_at(&surface->grid, at.x, at.y, &ground_m))
        return gf_fail(err, GF_EINPUT, "terrain.off_grid", "Add elevation that holds the camera.", "the camera at %.5f, %.5f stands outside the known elevation", preset->lon, preset->lat);
    *out = (gf_terrain_pose){ .x_m = at.x, .y_m = at.y, .eye_m = ground_m + preset->lens_m, .heading_deg = preset->heading_deg, .tilt_deg = preset->tilt_deg, .roll_deg = preset->roll_deg,
                              .focal_px = preset->focal_px, .centre_x_px = (preset->width - 1) / 2.0, .centre_y_px = (preset->height - 1) / 2.0 };
    return GF_OK;
}

static gf_status fit(const gf_app_surface *surface, const gf_app_preset *preset, gf_arena *keep, gf_terrain_pose *pose, gf_app_preset_view *out, gf_error *err)
{
    gf_terrain_known_point *points = gf_new(keep, gf_terrain_known_point, preset->point_count);
    gf_geo_point *places = gf_new(keep, gf_geo_point, preset->point_count);
    gf_terrain_fit fitted;
    if (!points || !places)
        return gf_fail_memory(err);
    for (size_t i = 0; i < preset->point_count; i++)
        places[i] = (gf_geo_point){ preset->points[i].lon, preset->points[i].lat };
    gf_status status = to_grid(surface->grid.epsg, places, preset->point_count, err);
    for (size_t i = 0; status == GF_OK && i < preset->point_count; i++)
        points[i] = (gf_terrain_known_point){ .x_m = places[i].x, .y_m = places[i].y, .height_m = preset->points[i].height_m, .pixel = { preset->points[i].x_px, preset->points[i].y_px } };
    if (status == GF_OK)
        status = gf_terrain_pose_fit(&surface->grid, GF_TERRAIN_AIR_DEFAULT, pose, points, preset->point_count, &fitted, err);
    if (status != GF_OK)
        return status;
    if (!(fitted.rms_px <= POSE_OFF_SHARE * preset->width))
        return gf_fail(err, GF_EUNSOLVED, "preset.points", "Look again which pixel belongs to which place, and at the focal length.", "the control points lie %.0f pixels off the best pose", fitted.rms_px);
    *pose = fitted.pose;
    out->heading_deg = fitted.pose.heading_deg;
    out->tilt_deg = fitted.pose.tilt_deg;
    out->rms_px = fitted.rms_px;
    out->heading_error_deg = fitted.heading_error_deg;
    out->tilt_error_deg = fitted.tilt_error_deg;
    return GF_OK;
}

/* ---- The map ---- */

static bool is_inside(const gf_terrain_shape *shape, double x, double y)
{
    bool inside = false;
    for (size_t r = 0; r < shape->ring_count; r++) {
        const gf_geo_point *p = shape->rings[r].points;
        for (size_t i = 0; i + 1 < shape->rings[r].count; i++)
            if ((p[i].y > y) != (p[i + 1].y > y) && x < (p[i + 1].x - p[i].x) * (y - p[i].y) / (p[i + 1].y - p[i].y) + p[i].x)
                inside = !inside;
    }
    return inside;
}

typedef struct box { double west, south, east, north; } box;

static box box_of(const gf_terrain_shape *shape)
{
    box b = { INFINITY, INFINITY, -INFINITY, -INFINITY };
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = 0; i < shape->rings[r].count; i++) {
            const gf_geo_point *p = &shape->rings[r].points[i];
            b = (box){ fmin(b.west, p->x), fmin(b.south, p->y), fmax(b.east, p->x), fmax(b.north, p->y) };
        }
    return b;
}

/* Rays meet parcels where they lie: each parcel looks only at the map's squares whose ground is within its box. */
static void mark_parcel(const gf_app_preset_view *v, const gf_terrain_shape *shape, uint32_t index, uint32_t *parcel)
{
    box b = box_of(shape);
    for (size_t i = 0; i < (size_t)v->columns * v->rows; i++) {
        double x = (double)v->east_m[i], y = (double)v->north_m[i];
        if (x >= b.west && x <= b.east && y >= b.south && y <= b.north && parcel[i] == GF_APP_PRESET_NONE && is_inside(shape, x, y))
            parcel[i] = index;
    }
}

static gf_status make_map(const ground *g, gf_app_preset_view *v, gf_arena *keep, float **dist_m, gf_error *err)
{
    size_t count = (size_t)v->columns * v->rows;
    gf_terrain_pixel *pixels = gf_new(keep, gf_terrain_pixel, count);
    gf_terrain_ground *hits = gf_new(keep, gf_terrain_ground, count);
    uint32_t *parcel = gf_new(keep, uint32_t, count);
    float *east = gf_new(keep, float, count), *north = gf_new(keep, float, count);
    *dist_m = gf_new(keep, float, count);
    if (!pixels || !hits || !parcel || !east || !north || !*dist_m)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        pixels[i] = (gf_terrain_pixel){ (double)(i % v->columns) * GF_APP_PRESET_STEP_PX + (GF_APP_PRESET_STEP_PX - 1) / 2.0, (double)(i / v->columns) };
    gf_terrain_pixels_to_ground(g->grid, GF_TERRAIN_AIR_DEFAULT, &g->pose, v->range_m, pixels, count, hits);
    for (size_t i = 0; i < count; i++) {
        bool met = hits[i].kind == GF_TERRAIN_GROUND;
        parcel[i] = GF_APP_PRESET_NONE;
        east[i] = met ? (float)(hits[i].x_m - g->pose.x_m) : NAN;   /* from the camera: a float holds centimetres there */
        north[i] = met ? (float)(hits[i].y_m - g->pose.y_m) : NAN;
        (*dist_m)[i] = met ? (float)hits[i].dist_m : NAN;
    }
    v->parcel = parcel;
    v->east_m = east;
    v->north_m = north;
    return GF_OK;
}

static int by_number(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Parcels relative to the camera, as the map is. */
static gf_status local_shape(const gf_terrain_shape *shape, const gf_terrain_pose *pose, gf_arena *keep, gf_terrain_shape *out, gf_error *err)
{
    gf_terrain_loop *rings = gf_new(keep, gf_terrain_loop, shape->ring_count + 1);
    if (!rings)
        return gf_fail_memory(err);
    for (size_t r = 0; r < shape->ring_count; r++) {
        gf_geo_point *points = gf_new(keep, gf_geo_point, shape->rings[r].count + 1);
        if (!points)
            return gf_fail_memory(err);
        for (size_t i = 0; i < shape->rings[r].count; i++)
            points[i] = (gf_geo_point){ shape->rings[r].points[i].x - pose->x_m, shape->rings[r].points[i].y - pose->y_m };
        rings[r] = (gf_terrain_loop){ points, shape->rings[r].count };
    }
    *out = (gf_terrain_shape){ rings, shape->ring_count };
    return GF_OK;
}

static bool within_reach(const gf_terrain_shape *local, double range_m)
{
    box b = box_of(local);
    double x = fmax(fmax(b.west, -b.east), 0), y = fmax(fmax(b.south, -b.north), 0);
    return hypot(x, y) <= range_m;
}

static gf_status mark_parcels(const ground *g, gf_app_preset_view *v, gf_arena *keep, gf_error *err)
{
    uint32_t *parcel = (uint32_t *)(uintptr_t)v->parcel;   /* ours until the view is handed out */
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < v->parcels->count; i++) {
        gf_terrain_shape local = { NULL, 0 };
        gf_mark mark = gf_arena_mark(keep);
        status = local_shape(&v->parcels->shapes[i], &g->pose, keep, &local, err);
        if (status == GF_OK && within_reach(&local, v->range_m))
            mark_parcel(v, &local, (uint32_t)i, parcel);
        gf_arena_rewind(keep, mark);
    }
    return status;
}

/* ---- What is seen of each parcel ---- */

static gf_status count_seen(gf_app_preset_view *v, const float *dist_m, gf_arena *keep, gf_error *err)
{
    size_t squares = (size_t)v->columns * v->rows;
    uint32_t *cells = gf_new(keep, uint32_t, v->parcels->count + 1), *at = gf_new(keep, uint32_t, v->parcels->count + 1);
    float *sorted = gf_new(keep, float, squares + 1);
    gf_app_preset_parcel *seen = gf_new(keep, gf_app_preset_parcel, v->parcels->count + 1);
    if (!cells || !at || !sorted || !seen)
        return gf_fail_memory(err);
    for (size_t i = 0; i < squares; i++)
        if (v->parcel[i] != GF_APP_PRESET_NONE)
            cells[v->parcel[i]]++;
    for (size_t i = 0, sum = 0; i < v->parcels->count; sum += cells[i++])
        at[i] = (uint32_t)sum;
    for (size_t i = 0; i < squares; i++)
        if (v->parcel[i] != GF_APP_PRESET_NONE)
            sorted[at[v->parcel[i]]++] = dist_m[i];
    for (uint32_t i = 0; i < v->parcels->count; i++) {
        if (!cells[i])
            continue;
        qsort(&sorted[at[i] - cells[i]], cells[i], sizeof *sorted, by_number);
        double dist = (double)sorted[at[i] - cells[i] + cells[i] / 2], object = dist > 0 ? v->focal_px * OBJECT_M / dist : INFINITY;
        seen[v->seen_count++] = (gf_app_preset_parcel){ i, cells[i], dist, object, object >= OBJECT_LEAST_PX };
        v->watched_count += object >= OBJECT_LEAST_PX;
    }
    v->seen = seen;
    return GF_OK;
}

gf_status gf_app_preset_open(const gf_app_surface *surface, const gf_app_preset *preset, const gf_app_parcels *parcels, gf_arena *keep, gf_app_preset_view *out, gf_error *err)
{
    ground *g = gf_new(keep, ground, 1);
    float *dist_m = NULL;
    gf_app_preset_view v = { .parcels = parcels, .epsg = surface->grid.epsg, .width = preset->width, .height = preset->height, .focal_px = preset->focal_px, .range_m = preset->range_m,
                             .columns = (uint32_t)preset->width / GF_APP_PRESET_STEP_PX, .rows = (uint32_t)preset->height };
    gf_status status = g ? stand(surface, preset, &g->pose, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = fit(surface, preset, keep, &g->pose, &v, err);
    if (status != GF_OK)
        return status;
    g->grid = &surface->grid;
    v.eye_m = g->pose.eye_m;
    v.ground = g;
    status = make_map(g, &v, keep, &dist_m, err);
    if (status == GF_OK)
        status = mark_parcels(g, &v, keep, err);
    if (status == GF_OK)
        status = count_seen(&v, dist_m, keep, err);
    if (status == GF_OK)
        *out = v;
    return status;
}

/* ---- A finding's ground ---- */

static gf_terrain_ground ray(const gf_app_preset_view *v, double x_px, double y_px)
{
    const ground *g = v->ground;
    const gf_terrain_pixel pixel = { x_px, y_px };
    gf_terrain_ground hit;
    gf_terrain_pixels_to_ground(g->grid, GF_TERRAIN_AIR_DEFAULT, &g->pose, v->range_m, &pixel, 1, &hit);
    return hit;
}

/* The farthest that the ground moves for an error in eight directions; NAN where one of them is the sky. */
static double error_on_ground(const gf_app_preset_view *v, const gf_terrain_ground *at, double x_px, double y_px, double error_px)
{
    double most = 0;
    for (int i = 0; i < 8; i++) {
        double angle = i * 0.78539816339744831;
        gf_terrain_ground hit = ray(v, x_px + error_px * cos(angle), y_px + error_px * sin(angle));
        if (hit.kind != GF_TERRAIN_GROUND)
            return NAN;
        most = fmax(most, hypot(hit.x_m - at->x_m, hit.y_m - at->y_m));
    }
    return most;
}

typedef struct tally { uint32_t parcel, squares; } tally;

static void count_candidate(tally *list, size_t *count, uint32_t parcel, uint32_t squares)
{
    for (size_t i = 0; i < *count; i++)
        if (list[i].parcel == parcel) {
            list[i].squares += squares;
            return;
        }
    if (*count < GF_APP_PRESET_CANDIDATES_MAX)
        list[(*count)++] = (tally){ parcel, squares };
}

static int by_squares(const void *a, const void *b)
{
    const tally *x = a, *y = b;
    return x->squares != y->squares ? (x->squares < y->squares ? 1 : -1) : (x->parcel > y->parcel) - (x->parcel < y->parcel);
}

/* Parcels whose ground lies within the error; the one that holds the point counts most. */
static size_t gather(const gf_app_preset_view *v, const gf_terrain_ground *at, double error_m, tally *list, uint32_t *holds)
{
    const ground *g = v->ground;
    double x = at->x_m - g->pose.x_m, y = at->y_m - g->pose.y_m;
    size_t count = 0;
    *holds = GF_APP_PRESET_NONE;
    for (size_t i = 0; i < v->seen_count && *holds == GF_APP_PRESET_NONE; i++)
        if (is_inside(&v->parcels->shapes[v->seen[i].parcel], at->x_m, at->y_m))
            *holds = v->seen[i].parcel;
    if (*holds != GF_APP_PRESET_NONE)
        count_candidate(list, &count, *holds, v->columns * v->rows);
    for (size_t i = 0; i < (size_t)v->columns * v->rows; i++)
        if (v->parcel[i] != GF_APP_PRESET_NONE && hypot((double)v->east_m[i] - x, (double)v->north_m[i] - y) <= error_m)
            count_candidate(list, &count, v->parcel[i], 1);
    qsort(list, count, sizeof *list, by_squares);
    return count;
}

static gf_status to_degrees(const gf_app_preset_view *v, const gf_terrain_ground *at, gf_app_preset_spot *out, gf_error *err)
{
    gf_geo *geo = NULL;
    gf_geo_point point = { at->x_m, at->y_m };
    gf_status status = gf_geo_open(v->epsg, GF_GEO_WGS84, &geo, err);
    if (status == GF_OK)
        status = gf_geo_forward(geo, &point, 1, err);
    gf_geo_close(geo);
    out->lon = point.x;
    out->lat = point.y;
    return status;
}

gf_status gf_app_preset_find(const gf_app_preset_view *v, double x_px, double y_px, double error_px, gf_app_preset_spot *out, gf_error *err)
{
    tally list[GF_APP_PRESET_CANDIDATES_MAX];
    uint32_t holds;
    gf_terrain_ground at = ray(v, x_px, y_px);
    *out = (gf_app_preset_spot){ .lon = NAN, .lat = NAN, .dist_m = NAN, .pose_error_m = NAN, .parcel = GF_APP_PRESET_NONE };
    if (at.kind != GF_TERRAIN_GROUND)
        return GF_OK;
    out->on_ground = true;
    out->dist_m = at.dist_m;
    out->pose_error_m = error_on_ground(v, &at, x_px, y_px, fmax(hypot(v->rms_px, error_px), ERROR_LEAST_PX));
    size_t count = gather(v, &at, isnan(out->pose_error_m) ? v->range_m : out->pose_error_m, list, &holds);
    if (count == 1 && holds != GF_APP_PRESET_NONE && !isnan(out->pose_error_m))
        out->parcel = holds;
    else
        for (; out->candidate_count < count; out->candidate_count++)
            out->candidates[out->candidate_count] = list[out->candidate_count].parcel;
    return to_degrees(v, &at, out, err);
}

/* ---- Out ---- */

void gf_app_preset_csv(const gf_app_preset_view *v, gf_text *out)
{
    double squares = (double)v->columns * v->rows;
    gf_text_add_c(out, "parcel,dist_m,object_px,picture_share,watched\n");
    for (size_t i = 0; i < v->seen_count; i++) {
        const gf_app_preset_parcel *p = &v->seen[i];
        gf_text_format(out, "%.*s,%.0f,%.1f,%.5f,%d\n", GF_STR_ARG(v->parcels->keys[p->parcel]), p->dist_m, p->object_px, (double)p->cells / squares, p->watched);
    }
}

gf_status gf_app_preset_open_cells(const gf_app_preset_view *v, double margin_px, gf_arena *keep, uint8_t **out, gf_error *err)
{
    uint8_t *open = gf_new(keep, uint8_t, (size_t)v->columns * v->rows + 1);
    int across = (int)ceil(margin_px / GF_APP_PRESET_STEP_PX), down = (int)ceil(margin_px);
    if (!open)
        return gf_fail_memory(err);
    for (int64_t i = 0; i < (int64_t)v->columns * v->rows; i++) {
        if (v->parcel[i] == GF_APP_PRESET_NONE)
            continue;
        int64_t row = i / v->columns, column = i % v->columns, edge = row == 0 || row + 1 == v->rows || column == 0 || column + 1 == v->columns;
        if (!edge && v->parcel[i - 1] != GF_APP_PRESET_NONE && v->parcel[i + 1] != GF_APP_PRESET_NONE && v->parcel[i - v->columns] != GF_APP_PRESET_NONE && v->parcel[i + v->columns] != GF_APP_PRESET_NONE) {
            open[i] = 1;   /* inside: its neighbours open what lies about it */
            continue;
        }
        for (int64_t r = row - down; r <= row + down; r++)
            for (int64_t c = column - across; c <= column + across; c++)
                if (r >= 0 && c >= 0 && r < v->rows && c < v->columns)
                    open[r * v->columns + c] = 1;
    }
    *out = open;
    return GF_OK;
}
