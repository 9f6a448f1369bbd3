/* Rays by the same rule as sight lines (R3): at every crossing with a row or column of cell centres the ground is interpolated between two
 * neighbours, between crossings it runs straight. So a point that a sight line sees is where its pixel leads, and
 * nothing is sampled. 10 km at 30 m are some 450 crossings. */
#include "terrain/gf_terrain_pose.h"

#include <math.h>

static const double RAD = 0.017453292519943295, STEEPEST = 1e-9;
enum { FIT_TURNS_MAX = 50, HEADINGS = 360 };

typedef struct vector { double east, north, up; } vector;
typedef struct axes { vector ahead, right, above; } axes;

static double dot(vector a, vector b) { return a.east * b.east + a.north * b.north + a.up * b.up; }
static vector mix(double p, vector a, double q, vector b)
{
    return (vector){ p * a.east + q * b.east, p * a.north + q * b.north, p * a.up + q * b.up };
}

static axes axes_of(const gf_terrain_pose *pose)
{
    double h = pose->heading_deg * RAD, t = pose->tilt_deg * RAD, r = pose->roll_deg * RAD;
    vector right = { cos(h), -sin(h), 0 }, above = { -sin(h) * sin(t), -cos(h) * sin(t), cos(t) };
    return (axes){ { sin(h) * cos(t), cos(h) * cos(t), sin(t) }, mix(cos(r), right, -sin(r), above), mix(sin(r), right, cos(r), above) };
}

/* ---- Ground ---- */

bool gf_terrain_height_at(const gf_terrain_grid *g, double x_m, double y_m, double *height_m)
{
    double column = (x_m - g->west_m) / g->cell_m - 0.5, row = (g->north_m - y_m) / g->cell_m - 0.5;
    if (!(column >= 0 && row >= 0 && column <= (double)g->columns - 1 && row <= (double)g->rows - 1))
        return false;
    size_t c = (size_t)column, r = (size_t)row;
    double u = column - (double)c, v = row - (double)r;
    const float *at = g->height_m + r * g->columns + c;
    size_t east = c + 1 < g->columns ? 1 : 0, south = r + 1 < g->rows ? g->columns : 0;   /* at the last centre the next weighs nothing */
    double upper = (double)at[0] + u * ((double)at[east] - (double)at[0]), lower = (double)at[south] + u * ((double)at[south + east] - (double)at[south]);
    *height_m = upper + v * (lower - upper);
    return !isnan(*height_m);
}

/* ---- Crossings ---- */

/* A line on the map from (x, y), by the crossings with the rows and columns of cell centres; there the ground is interpolated
 * between two neighbours, as R3 does. In units of cells, from the first centre; `du` and `dv` for a metre. */
typedef struct walk {
    const gf_terrain_grid *grid;
    double u, v, du, dv;
    double next_u, next_v;               /* whole numbers that are crossed next */
    double dist_u, dist_v;               /* where; INFINITY for never */
} walk;

static double first_whole(double from, double by) { return by > 0 ? floor(from) + 1 : ceil(from) - 1; }
static double dist_to(double whole, double from, double by) { return by != 0 ? (whole - from) / by : INFINITY; }

static walk walk_from(const gf_terrain_grid *g, double x_m, double y_m, double east, double north)
{
    walk w = { .grid = g, .u = (x_m - g->west_m) / g->cell_m - 0.5, .v = (g->north_m - y_m) / g->cell_m - 0.5, .du = east / g->cell_m, .dv = -north / g->cell_m };
    w.next_u = first_whole(w.u, w.du);
    w.next_v = first_whole(w.v, w.dv);
    w.dist_u = dist_to(w.next_u, w.u, w.du);
    w.dist_v = dist_to(w.next_v, w.v, w.dv);
    return w;
}

/* Between two neighbours of a row or column; the second one is not looked at where it weighs nothing. */
static bool between(const float *at, size_t step, double share, double *height_m)
{
    *height_m = share > 0 ? (double)*at + share * ((double)at[step] - (double)*at) : (double)*at;
    return !isnan(*height_m);
}

static double walk_dist(const walk *w) { return w->dist_u < w->dist_v ? w->dist_u : w->dist_v; }

/* The next crossing and its ground; false where that is unknown. */
static bool walk_next(walk *w, double *dist_m, double *height_m)
{
    const gf_terrain_grid *g = w->grid;
    bool column = w->dist_u <= w->dist_v;
    double dist = column ? w->dist_u : w->dist_v, whole = column ? w->next_u : w->next_v, across = column ? w->v + w->dv * dist : w->u + w->du * dist;
    double whole_most = column ? (double)g->columns - 1 : (double)g->rows - 1, across_most = column ? (double)g->rows - 1 : (double)g->columns - 1;
    if (!(whole >= 0 && whole <= whole_most && across >= 0 && across <= across_most))
        return false;
    *dist_m = dist;
    if (column) {
        w->next_u += w->du > 0 ? 1 : -1;
        w->dist_u = dist_to(w->next_u, w->u, w->du);
    } else {
        w->next_v += w->dv > 0 ? 1 : -1;
        w->dist_v = dist_to(w->next_v, w->v, w->dv);
    }
    size_t along = (size_t)whole, first = (size_t)across;
    const float *at = g->height_m + (column ? first * g->columns + along : along * g->columns + first);
    return between(at, column ? g->columns : 1, across - (double)first, height_m);
}

/* ---- Pixel to ground ---- */

typedef struct ray { double x_m, y_m, eye_m, east, north, slope, bend; } ray;   /* east, north: of one metre on the map */

static double ray_height(const ray *r, double dist_m) { return r->eye_m + r->slope * dist_m + r->bend * dist_m * dist_m; }

static gf_terrain_ground ground_at(const ray *r, double dist_m)
{
    return (gf_terrain_ground){ GF_TERRAIN_GROUND, r->x_m + r->east * dist_m, r->y_m + r->north * dist_m, ray_height(r, dist_m), dist_m };
}

static gf_terrain_ground follow(const gf_terrain_grid *g, const ray *r, double range_m)
{
    walk w = walk_from(g, r->x_m, r->y_m, r->east, r->north);
    double last = 0, dist = 0, height;
    if (!gf_terrain_height_at(g, r->x_m, r->y_m, &height))
        return (gf_terrain_ground){ .kind = GF_TERRAIN_NO_DATA };
    double above = r->eye_m - height;
    if (above <= 0)
        return ground_at(r, 0);
    while (last < range_m) {
        if (!walk_next(&w, &dist, &height))
            return (gf_terrain_ground){ .kind = GF_TERRAIN_NO_DATA };
        double next = ray_height(r, dist) - height;
        if (next <= 0) {
            double hit = last + (dist - last) * above / (above - next);
            return hit <= range_m ? ground_at(r, hit) : (gf_terrain_ground){ .kind = GF_TERRAIN_SKY };
        }
        above = next;
        last = dist;
    }
    return (gf_terrain_ground){ .kind = GF_TERRAIN_SKY };
}

void gf_terrain_pixels_to_ground(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_pose *pose, double range_m,
                                 const gf_terrain_pixel *pixels, size_t count, gf_terrain_ground *out)
{
    axes a = axes_of(pose);
    for (size_t i = 0; i < count; i++) {
        vector to = mix(pose->focal_px, a.ahead, pixels[i].x - pose->centre_x_px, a.right);
        to = mix(1, to, pose->centre_y_px - pixels[i].y, a.above);
        double flat = fmax(hypot(to.east, to.north), STEEPEST * pose->focal_px);   /* straight down is very steep */
        const ray r = { pose->x_m, pose->y_m, pose->eye_m, to.east / flat, to.north / flat, to.up / flat, air.k / (2 * air.radius_m) };
        out[i] = follow(grid, &r, range_m);
    }
}

/* ---- Ground to pixel ---- */

bool gf_terrain_point_to_pixel(gf_terrain_air air, const gf_terrain_pose *pose, double x_m, double y_m, double height_m, gf_terrain_pixel *out)
{
    axes a = axes_of(pose);
    vector to = { x_m - pose->x_m, y_m - pose->y_m, 0 };
    to.up = height_m - air.k * (to.east * to.east + to.north * to.north) / (2 * air.radius_m) - pose->eye_m;
    double depth = dot(to, a.ahead);
    if (!(depth > 0))
        return false;
    *out = (gf_terrain_pixel){ pose->centre_x_px + pose->focal_px * dot(to, a.right) / depth, pose->centre_y_px - pose->focal_px * dot(to, a.above) / depth };
    return true;
}

/* ---- Least squares ---- */

static gf_status fail_pose(gf_error *err, const char *hint, const char *what) { return gf_fail(err, GF_EINPUT, "terrain.pose", hint, "%s", what); }

static gf_status find_heights(const gf_terrain_grid *g, gf_terrain_known_point *points, size_t count, gf_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (isnan(points[i].height_m) && !gf_terrain_height_at(g, points[i].x_m, points[i].y_m, &points[i].height_m))
            return gf_fail(err, GF_EINPUT, "terrain.pose", "Give its height, or another point.", "the ground under known point %zu is unknown", i + 1);
    return GF_OK;
}

/* Sum of squared residuals, which are kept in the points; INFINITY when one of them lies behind the camera. */
static double residuals(gf_terrain_air air, const gf_terrain_pose *pose, gf_terrain_known_point *points, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        gf_terrain_pixel expected;
        if (!gf_terrain_point_to_pixel(air, pose, points[i].x_m, points[i].y_m, points[i].height_m, &expected))
            return INFINITY;
        points[i].residual = (gf_terrain_pixel){ points[i].pixel.x - expected.x, points[i].pixel.y - expected.y };
        sum += points[i].residual.x * points[i].residual.x + points[i].residual.y * points[i].residual.y;
    }
    return sum;
}

/* The heading told may be anything: begin with the best of all degrees. */
static void begin_heading(gf_terrain_air air, gf_terrain_pose *pose, gf_terrain_known_point *points, size_t count)
{
    gf_terrain_pose best = *pose;
    double least = residuals(air, pose, points, count);
    for (int i = 0; i < HEADINGS; i++) {
        gf_terrain_pose turned = *pose;
        turned.heading_deg += i * 360.0 / HEADINGS;
        double sum = residuals(air, &turned, points, count);
        if (sum < least) {
            least = sum;
            best = turned;
        }
    }
    *pose = best;
}

typedef struct normal { double hh, ht, tt, h, t; } normal;   /* of heading and tilt: J'J and J'r, per degree */

static normal normal_of(gf_terrain_air air, const gf_terrain_pose *pose, const gf_terrain_known_point *points, size_t count)
{
    static const double STEP_DEG = 1e-4;
    normal n = { 0 };
    for (size_t i = 0; i < count; i++) {
        gf_terrain_pose turned = *pose, tilted = *pose;
        gf_terrain_pixel at, by_heading, by_tilt;
        turned.heading_deg += STEP_DEG;
        tilted.tilt_deg += STEP_DEG;
        const gf_terrain_known_point *p = &points[i];
        if (!gf_terrain_point_to_pixel(air, pose, p->x_m, p->y_m, p->height_m, &at) ||
            !gf_terrain_point_to_pixel(air, &turned, p->x_m, p->y_m, p->height_m, &by_heading) ||
            !gf_terrain_point_to_pixel(air, &tilted, p->x_m, p->y_m, p->height_m, &by_tilt))
            continue;
        double hx = (by_heading.x - at.x) / STEP_DEG, hy = (by_heading.y - at.y) / STEP_DEG;
        double tx = (by_tilt.x - at.x) / STEP_DEG, ty = (by_tilt.y - at.y) / STEP_DEG;
        n.hh += hx * hx + hy * hy;
        n.ht += hx * tx + hy * ty;
        n.tt += tx * tx + ty * ty;
        n.h += hx * p->residual.x + hy * p->residual.y;
        n.t += tx * p->residual.x + ty * p->residual.y;
    }
    return n;
}

/* One step, halved until it helps (Gauss-Newton). False when no step does: the end, or a dead end. */
static bool improve(gf_terrain_air air, gf_terrain_pose *pose, gf_terrain_known_point *points, size_t count, double *sum)
{
    normal n = normal_of(air, pose, points, count);
    double det = n.hh * n.tt - n.ht * n.ht;
    if (!(det > 0))
        return false;
    double by_heading = (n.tt * n.h - n.ht * n.t) / det, by_tilt = (n.hh * n.t - n.ht * n.h) / det;
    for (double share = 1; share > 1e-6; share /= 2) {
        gf_terrain_pose next = *pose;
        next.heading_deg += share * by_heading;
        next.tilt_deg = fmax(-90, fmin(90, next.tilt_deg + share * by_tilt));
        double after = residuals(air, &next, points, count);
        if (after < *sum) {
            bool worth = *sum - after > 1e-12 * (1 + *sum);
            *pose = next;
            *sum = after;
            return worth;
        }
    }
    (void)residuals(air, pose, points, count);
    return false;
}

static void judge(gf_terrain_air air, const gf_terrain_known_point *points, size_t count, double sum, gf_terrain_fit *fit)
{
    normal n = normal_of(air, &fit->pose, points, count);
    double det = n.hh * n.tt - n.ht * n.ht, variance = count > 1 ? sum / (double)(2 * count - 2) : (double)NAN;
    fit->rms_px = sqrt(sum / (double)count);
    fit->heading_error_deg = sqrt(variance * n.tt / det);
    fit->tilt_error_deg = sqrt(variance * n.hh / det);
}

gf_status gf_terrain_pose_fit(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_pose *told, gf_terrain_known_point *points,
                              size_t count, gf_terrain_fit *out, gf_error *err)
{
    if (count == 0)
        return fail_pose(err, "Two or three, well apart, are better than one.", "there is no known point");
    if (!(told->focal_px > 0 && fabs(told->tilt_deg) <= 90 && isfinite(told->heading_deg) && isfinite(told->eye_m)))
        return fail_pose(err, "Give the focal length in pixels (focal_mm * 1000 / pixel_um).", "the pose told is none");
    gf_status status = find_heights(grid, points, count, err);
    if (status != GF_OK)
        return status;
    gf_terrain_fit fit = { .pose = *told };
    begin_heading(air, &fit.pose, points, count);
    double sum = residuals(air, &fit.pose, points, count);
    while (isfinite(sum) && fit.turns < FIT_TURNS_MAX && improve(air, &fit.pose, points, count, &sum))
        fit.turns++;
    if (!isfinite(sum) || fit.turns == FIT_TURNS_MAX)
        return gf_fail(err, GF_EUNSOLVED, "terrain.pose", "See that the points and the camera's place are right.", "no heading and tilt shows the points there");
    fit.pose.heading_deg = fmod(fmod(fit.pose.heading_deg, 360) + 360, 360);
    fit.heading_by_deg = remainder(fit.pose.heading_deg - told->heading_deg, 360);
    fit.tilt_by_deg = fit.pose.tilt_deg - told->tilt_deg;
    judge(air, points, count, sum, &fit);
    *out = fit;
    return GF_OK;
}

/* ---- The horizon ---- */

static gf_terrain_horizon_point look_along(const gf_terrain_grid *g, gf_terrain_air air, const gf_terrain_pose *pose, double azimuth_deg, double range_m)
{
    gf_terrain_horizon_point out = { .azimuth_deg = azimuth_deg, .known = true };
    walk w = walk_from(g, pose->x_m, pose->y_m, sin(azimuth_deg * RAD), cos(azimuth_deg * RAD));
    double best = -INFINITY, dist, height;
    while (walk_dist(&w) <= range_m) {
        if (!walk_next(&w, &dist, &height)) {
            out.known = false;
            break;
        }
        double slope = (height - air.k * dist * dist / (2 * air.radius_m) - pose->eye_m) / dist;
        if (slope > best && dist > 0) {
            best = slope;
            out.dist_m = dist;
        }
    }
    out.elevation_deg = atan(best) / RAD;
    return out;
}

void gf_terrain_horizon(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_pose *pose, double width_px, double range_m, size_t count,
                        gf_terrain_horizon_point *out)
{
    axes a = axes_of(pose);
    for (size_t i = 0; i < count; i++) {
        double across = (count > 1 ? width_px * (double)i / (double)(count - 1) : width_px / 2) - pose->centre_x_px;
        vector to = mix(pose->focal_px, a.ahead, across, a.right);
        out[i] = look_along(grid, air, pose, atan2(to.east, to.north) / RAD, range_m);
        double slope = tan(out[i].elevation_deg * RAD), far = out[i].dist_m > 0 ? out[i].dist_m : 1;
        const gf_terrain_air none = { 0, 1 };
        if (!gf_terrain_point_to_pixel(none, pose, pose->x_m + far * sin(out[i].azimuth_deg * RAD), pose->y_m + far * cos(out[i].azimuth_deg * RAD),
                                       pose->eye_m + far * slope, &out[i].pixel))
            out[i].known = false;
    }
}

void gf_terrain_skyline(const gf_terrain_grid *grid, gf_terrain_air air, double x_m, double y_m, double eye_m, double range_m, size_t count,
                        gf_terrain_horizon_point *out)
{
    const gf_terrain_pose from = { .x_m = x_m, .y_m = y_m, .eye_m = eye_m };
    for (size_t i = 0; i < count; i++)
        out[i] = look_along(grid, air, &from, 360.0 * (double)i / (double)count, range_m);
}
