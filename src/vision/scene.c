/* Made pictures. Texture is value noise in octaves (Perlin's idea of 1985 with a hash for a table); parcels are the cells of jittered
 * points; what is drawn grows smaller towards the horizon.
 */
#include "vision/gf_vision_scene.h"

#include <math.h>
#include <string.h>

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double gf_vision_random_part(gf_vision_random *random)
{
    random->state += 0x9e3779b97f4a7c15u;
    return (double)(mix(random->state) >> 11) / 9007199254740992.0;
}

double gf_vision_random_normal(gf_vision_random *random)
{
    int sum = 0;
    random->state += 0x9e3779b97f4a7c15u;
    for (uint64_t z = mix(random->state); z; z >>= 8)
        sum += (int)(z & 255);
    return (sum - 1020) / 209.02153;             /* sqrt(8 (256^2 - 1) / 12) */
}

gf_vision_frame gf_vision_picture_frame(const gf_vision_picture *p, gf_utc_ms at, uint64_t number)
{
    return (gf_vision_frame){ p->width, p->height, p->y, p->u, p->v, p->width, (p->width + 1) / 2, at, number };
}

gf_status gf_vision_picture_make(int width, int height, gf_arena *keep, gf_vision_picture *out, gf_error *err)
{
    size_t pixels = (size_t)width * (size_t)height, half = (size_t)((width + 1) / 2) * (size_t)((height + 1) / 2);
    *out = (gf_vision_picture){ width, height, gf_new(keep, uint8_t, pixels), gf_new(keep, uint8_t, half), gf_new(keep, uint8_t, half) };
    return out->y && out->u && out->v ? GF_OK : gf_fail_memory(err);
}

/* ---- Texture ---- */

static double hash_part(uint64_t seed, int x, int y)
{
    return (double)(mix(seed ^ ((uint64_t)(uint32_t)x << 32 | (uint32_t)y)) >> 40) / 16777216.0;
}

static double noise_at(uint64_t seed, double x, double y)
{
    int ix = (int)floor(x), iy = (int)floor(y);
    double fx = x - ix, fy = y - iy;
    fx = fx * fx * (3 - 2 * fx);
    fy = fy * fy * (3 - 2 * fy);
    double a = hash_part(seed, ix, iy), b = hash_part(seed, ix + 1, iy), c = hash_part(seed, ix, iy + 1), d = hash_part(seed, ix + 1, iy + 1);
    return (a + fx * (b - a)) * (1 - fy) + (c + fx * (d - c)) * fy - 0.5;
}

typedef struct colour { double y, u, v; } colour;
enum { CELL = 90, HOUSES = 9 };
typedef struct cell { double nearest, second; uint64_t id; } cell;

/* The parcel of a point of the ground and how far its edge is. */
static cell cell_at(uint64_t seed, double x, double y)
{
    int ix = (int)floor(x / CELL), iy = (int)floor(y / CELL);
    cell out = { 1e9, 1e9, 0 };
    for (int j = iy - 1; j <= iy + 1; j++)
        for (int i = ix - 1; i <= ix + 1; i++) {
            double px = (i + 0.15 + 0.7 * hash_part(seed, i, j)) * CELL, py = (j + 0.15 + 0.7 * hash_part(seed + 1, i, j)) * CELL;
            double d = fmax(fabs(x - px), fabs(y - py)) + 0.25 * fmin(fabs(x - px), fabs(y - py));
            if (d < out.nearest) {
                out.second = out.nearest;
                out.nearest = d;
                out.id = mix(seed ^ (uint64_t)(uint32_t)i << 20 ^ (uint64_t)(uint32_t)j);
            } else if (d < out.second)
                out.second = d;
        }
    return out;
}

static const colour CROPS[] = { { 95, 118, 122 }, { 120, 112, 130 }, { 82, 120, 118 }, { 140, 108, 138 }, { 105, 122, 134 }, { 68, 122, 121 } };

static colour crop_at(uint64_t seed, const cell *c, double x, double y, double season)
{
    colour out = CROPS[c->id % GF_COUNT(CROPS)], next = CROPS[(c->id >> 4) % GF_COUNT(CROPS)];
    double along = (double)(c->id >> 8 & 255) / 40.0, rows = sin((x * cos(along) + y * sin(along)) * (0.5 + (double)(c->id >> 16 & 7) * 0.05));
    double fine = (1 - season) * noise_at(seed + 3, x / 9, y / 9) + season * noise_at(seed + 13, x / 9, y / 9);
    out.y += season * (next.y - out.y);
    out.u += season * (next.u - out.u);
    out.v += season * (next.v - out.v);
    out.y += 7 * rows + 22 * noise_at(seed + 2, x / 40, y / 40) + 26 * fine + 22 * noise_at(seed + 4, x / 3, y / 3);
    return out;
}

static colour ground_at(uint64_t seed, double x, double y, double season, uint64_t mown)
{
    cell c = cell_at(seed, x, y);
    if (c.second - c.nearest < 3)
        return (colour){ 165 + 30 * noise_at(seed + 5, x / 4, y / 4), 120, 133 };
    if (noise_at(seed + 6, x / 120, y / 120) > 0.2)   /* woods */
        return (colour){ 55 + 60 * noise_at(seed + 7, x / 7, y / 7) + 40 * noise_at(seed + 8, x / 2.5, y / 2.5), 122, 120 };
    if (c.id == mown)
        return (colour){ 150 + 14 * sin(x * 0.9) + 30 * noise_at(seed + 9, x / 5, y / 5), 108, 139 };
    return crop_at(seed, &c, x, y, season);
}

static void draw_houses(gf_vision_picture *p, uint64_t seed)
{
    gf_vision_random random = { seed };
    for (int k = 0; k < HOUSES; k++) {
        double depth = 0.15 + 0.8 * gf_vision_random_part(&random);
        int size = (int)(p->width * (0.015 + 0.03 * depth)), left = (int)((p->width - 2 * size) * gf_vision_random_part(&random)), top = (int)((p->height - 2 * size) * depth);
        int wall = 150 + (int)(90 * gf_vision_random_part(&random)), roof = 60 + (int)(60 * gf_vision_random_part(&random));
        for (int y = 0; y < size; y++)
            for (int x = 0; x < 2 * size && left + x < p->width && top + y < p->height; x++) {
                bool window = y > size / 2 && (x * 6 / size) % 2 == 1 && y < size * 4 / 5;
                ptrdiff_t i = (ptrdiff_t)(top + y) * p->width + left + x, j = (ptrdiff_t)((top + y) / 2) * ((p->width + 1) / 2) + (left + x) / 2;
                p->y[i] = (uint8_t)(y < size / 2 ? roof : window ? 40 : wall);
                p->u[j] = y < size / 2 ? 112 : 126;
                p->v[j] = y < size / 2 ? 150 : 130;
            }
    }
}

static uint8_t clamp8(double value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5); }

/* The ground under a pixel, in units of a pixel at 640 wide in the foreground. */
static void ground_of(double x, double y, int width, int height, double *gx, double *gy)
{
    double depth = 1.6 - 1.1 * (y + 0.5) / height, scale = 640.0 / width;
    *gx = (x - width / 2.0) * scale * depth;
    *gy = (y + 0.3 * y * (1 - y / height)) * scale * 1.7;
}

gf_status gf_vision_scene_make(const gf_vision_scene *scene, int width, int height, gf_arena *keep, gf_vision_picture *out, gf_error *err)
{
    gf_status status = gf_vision_picture_make(width, height, keep, out, err);
    if (status != GF_OK)
        return status;
    uint64_t seed = mix(scene->seed * 2654435761u + 99);
    double gx, gy;
    ground_of(scene->mown_x * width, scene->mown_y * height, width, height, &gx, &gy);
    uint64_t mown = scene->mown ? cell_at(seed, gx, gy).id : 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            ground_of(x, y, width, height, &gx, &gy);
            colour c = ground_at(seed, gx, gy, scene->season, mown);
            out->y[(size_t)y * (size_t)width + (size_t)x] = clamp8(c.y);
            if (x % 2 == 0 && y % 2 == 0) {
                size_t j = (size_t)(y / 2) * (size_t)((width + 1) / 2) + (size_t)(x / 2);
                out->u[j] = clamp8(c.u);
                out->v[j] = clamp8(c.v);
            }
        }
    draw_houses(out, seed + 77);
    return GF_OK;
}

/* ---- Looking at it ---- */

static double clamp(double value, double most) { return value < 0 ? 0 : value > most ? most : value; }

static double plane_at(const uint8_t *p, int width, int height, double x, double y)
{
    x = clamp(x, width - 1);
    y = clamp(y, height - 1);
    int ix = (int)x, iy = (int)y, right = ix < width - 1 ? 1 : 0, down = iy < height - 1 ? width : 0;
    const uint8_t *at = p + iy * width + ix;
    double fx = x - ix, fy = y - iy, above = at[0] + fx * (at[right] - at[0]), below = at[down] + fx * (at[down + right] - at[down]);
    return above + fy * (below - above);
}

void gf_vision_scene_look(const gf_vision_picture *scene, const gf_vision_pose *pose, double gain, double noise, gf_vision_random *random, gf_vision_picture *frame)
{
    int width = scene->width, height = scene->height, half_width = (width + 1) / 2, half_height = (height + 1) / 2;
    for (int y = 0; y < height; y++) {
        double x0, y0, x1, y1;
        gf_vision_pose_apply(pose, width, height, 0, y, &x0, &y0);
        gf_vision_pose_apply(pose, width, height, 1, y, &x1, &y1);
        for (int x = 0; x < width; x++) {
            double at_x = x0 + (x1 - x0) * x, at_y = y0 + (y1 - y0) * x;
            double luma = gain * plane_at(scene->y, width, height, at_x, at_y) + (noise > 0 ? noise * gf_vision_random_normal(random) : 0);
            frame->y[(size_t)y * (size_t)width + (size_t)x] = clamp8(luma);
            if (x % 2 == 0 && y % 2 == 0) {
                size_t j = (size_t)(y / 2) * (size_t)half_width + (size_t)(x / 2);
                frame->u[j] = clamp8(plane_at(scene->u, half_width, half_height, at_x / 2, at_y / 2));
                frame->v[j] = clamp8(plane_at(scene->v, half_width, half_height, at_x / 2, at_y / 2));
            }
        }
    }
}

void gf_vision_sway_draw(double sigma_px, gf_vision_random *random, gf_vision_pose *pose, double *gain)
{
    pose->dx_px = sigma_px * gf_vision_random_normal(random);
    pose->dy_px = sigma_px * gf_vision_random_normal(random);
    pose->rotation_rad = (2 * gf_vision_random_part(random) - 1) * 0.017453292519943295;
    pose->scale = 1 + (2 * gf_vision_random_part(random) - 1) * 0.02;
    *gain = 0.7 + 0.6 * gf_vision_random_part(random);
}
