/* An invented village: houses a few dozen metres apart along contours of a gentle slope, a spring above, a road below, one patch of
 * forbidden ground between. It says that it is invented, in the file and in every document made of it. */
#include "app/village.h"
#include "geo/gf_geo.h"

#include <math.h>

enum { TRIES = 4000, TERRACES = 4, CLIMB_STEPS = 160, ROAD_POINTS = 8 };
static const double REACH_M = 2500, STEP_M = 10, TERRACE_M = 9, SPRING_ABOVE_M = 30, SLOPE_LEAST = 0.06, SLOPE_MOST = 0.45, PATCH_M = 25;

/* Steele, Lea and Flood (2014), splitmix64. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double between(uint64_t *state, double low, double high) { return low + (high - low) * ((double)(next_random(state) >> 11) / 9007199254740992.0); }

typedef struct ground { double z, east, north, steep; } ground;

static bool ground_at(const gf_terrain_grid *g, double x, double y, ground *out)
{
    double reach = fmax(20, g->cell_m / 2), e = village_ground(g, x + reach, y), w = village_ground(g, x - reach, y), n = village_ground(g, x, y + reach),
           s = village_ground(g, x, y - reach);
    *out = (ground){ village_ground(g, x, y), (e - w) / (2 * reach), (n - s) / (2 * reach), 0 };
    out->steep = hypot(out->east, out->north);
    return isfinite(out->z) && isfinite(out->steep);
}

/* From a point straight up or down the slope until it has changed by so many metres. */
static bool climb(const gf_terrain_grid *g, gf_village_place *p, double rise)
{
    double from = p->z, sign = rise > 0 ? 1 : -1;
    for (int i = 0; i < CLIMB_STEPS && (p->z - from) * sign < fabs(rise); i++) {
        ground at;
        if (!ground_at(g, p->x, p->y, &at) || at.steep < 0.02)
            return false;
        p->x += sign * STEP_M * at.east / at.steep;
        p->y += sign * STEP_M * at.north / at.steep;
        p->z = village_ground(g, p->x, p->y);
        if (isnan(p->z))
            return false;
    }
    return (p->z - from) * sign >= fabs(rise);
}

/* Along the contour: to the right as seen from below, or to the left. */
static bool along(const gf_terrain_grid *g, gf_village_place *p, double length, double side)
{
    double level = p->z;
    for (double done = 0; done < length; done += STEP_M) {
        ground at;
        if (!ground_at(g, p->x, p->y, &at) || at.steep < SLOPE_LEAST / 2)
            return false;
        double back = fmax(-STEP_M, fmin(STEP_M, (level - at.z) / at.steep));      /* towards the contour again */
        p->x += side * STEP_M * at.north / at.steep + back * at.east / at.steep;
        p->y += -side * STEP_M * at.east / at.steep + back * at.north / at.steep;
        p->z = village_ground(g, p->x, p->y);
        if (isnan(p->z))
            return false;
    }
    return true;
}

typedef struct settling { gf_village_place *houses, spring, road[ROAD_POINTS]; size_t count; } settling;

static bool settle(const gf_terrain_grid *g, gf_village_place start, uint32_t wanted, uint64_t *dice, settling *out)
{
    gf_village_place foot = start;
    size_t per = (wanted + TERRACES - 1) / TERRACES;
    out->count = 0;
    for (int t = 0; t < TERRACES; t++) {
        gf_village_place left = foot, right = foot;
        for (size_t i = 0; i < per && out->count < wanted; i++) {
            gf_village_place *end = i % 2 ? &left : &right;
            if (!along(g, end, between(dice, 18, 45), i % 2 ? -1 : 1))
                return false;
            out->houses[out->count++] = *end;
        }
        if (!climb(g, &foot, TERRACE_M))
            return false;
    }
    out->spring = foot;
    gf_village_place road = start;
    if (!climb(g, &out->spring, SPRING_ABOVE_M + between(dice, 0, 30)) || !climb(g, &road, -6))
        return false;
    for (int i = 0; i < ROAD_POINTS; i++) {
        out->road[i] = road;
        if (!along(g, &road, 40, 1))
            return false;
    }
    return true;
}

static bool find_place(const gf_terrain_grid *g, const gf_village_demo *ask, gf_village_place near, uint64_t *dice, settling *out)
{
    double width = g->columns * g->cell_m / 2, height = g->rows * g->cell_m / 2, reach_x = ask->has_near ? REACH_M : width, reach_y = ask->has_near ? REACH_M : height;
    for (int i = 0; i < TRIES; i++) {
        gf_village_place p = { near.x + between(dice, -reach_x, reach_x), near.y + between(dice, -reach_y, reach_y), 0 };
        ground at;
        if (!ground_at(g, p.x, p.y, &at) || at.steep < SLOPE_LEAST || at.steep > SLOPE_MOST)
            continue;
        p.z = at.z;
        if (settle(g, p, ask->houses, dice, out))
            return true;
    }
    return false;
}

/* ---- The file ---- */

typedef struct writing { gf_json json; gf_geo *way; gf_error *err; gf_status status; } writing;

static gf_geo_point told_place(writing *w, gf_village_place p)
{
    gf_geo_point point = { p.x, p.y };
    if (w->way && w->status == GF_OK)
        w->status = gf_geo_inverse(w->way, &point, 1, w->err);
    return point;
}

static void put_place(writing *w, gf_village_place p)
{
    gf_geo_point point = told_place(w, p);
    gf_json_real(&w->json, w->way ? "lon" : "x", point.x, w->way ? 7 : 2);
    gf_json_real(&w->json, w->way ? "lat" : "y", point.y, w->way ? 7 : 2);
}

static void put_pair(writing *w, gf_village_place p)
{
    gf_geo_point point = told_place(w, p);
    gf_json_begin(&w->json, NULL, '[');
    gf_json_real(&w->json, NULL, point.x, w->way ? 7 : 2);
    gf_json_real(&w->json, NULL, point.y, w->way ? 7 : 2);
    gf_json_end(&w->json, ']');
}

static void put_id(writing *w, const char *letter, size_t number, const char *name)
{
    char text[48];
    gf_text_add_char(w->json.out, '\n');
    gf_json_begin(&w->json, NULL, '{');
    (void)snprintf(text, sizeof text, "%s%zu", letter, number);
    gf_json_cstr(&w->json, "id", text);
    (void)snprintf(text, sizeof text, "%s%zu", name, number);
    gf_json_cstr(&w->json, "name", text);
}

static void put_house(writing *w, const gf_village_place *place, size_t index, uint64_t *dice, double *used_l)
{
    int persons = 2 + (int)between(dice, 0, 4.999), storeys = 1 + (int)between(dice, 0, 2.999), pigs = between(dice, 0, 1) < 0.3 ? 1 + (int)between(dice, 0, 3) : 0,
        hens = (int)between(dice, 0, 12);
    put_id(w, "h", index + 1, "演示户");
    put_place(w, *place);
    gf_json_int(&w->json, "persons", persons);
    gf_json_int(&w->json, "storeys", storeys);
    gf_json_begin(&w->json, "livestock", '{');
    gf_json_int(&w->json, "pig", pigs);
    gf_json_int(&w->json, "hen", hens);
    gf_json_end(&w->json, '}');
    gf_json_end(&w->json, '}');
    *used_l += persons * 100 + pigs * 35 + hens;
}

static void put_file(writing *w, const gf_village_demo *ask, const settling *s, uint64_t *dice)
{
    gf_json *j = &w->json;
    double used_l = 0;
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "schema", "gongfu.water.village.in/1");
    gf_json_cstr(j, "name", "演示村(虚构)");
    gf_json_cstr(j, "origin", "demo");
    gf_json_cstr(j, "note", "演示数据:虚构的村庄、农户与水源,不是真实地点的资料 / an invented village: no real household or spring");
    gf_json_int(j, "seed", (int64_t)ask->seed);
    gf_json_begin(j, "households", '[');
    for (size_t i = 0; i < s->count; i++)
        put_house(w, &s->houses[i], i, dice, &used_l);
    gf_json_end(j, ']');
    gf_json_begin(j, "sources", '[');
    put_id(w, "s", 1, "演示山泉");
    put_place(w, s->spring);
    gf_json_real(j, "yield_m3d", used_l * 2.6 / 1000, 1);
    gf_json_real(j, "dry_yield_m3d", used_l * 1.6 / 1000, 1);
    gf_json_int(j, "reliability_percent", 95);
    gf_json_cstr(j, "quality", "unknown");
    gf_json_end(j, '}');
    gf_json_end(j, ']');
    gf_json_begin(j, "forbidden", '[');
    put_id(w, "f", 1, "演示保护地");
    gf_village_place middle = { (s->spring.x + s->houses[0].x) / 2, (s->spring.y + s->houses[0].y) / 2, 0 };
    gf_json_begin(j, "ring", '[');
    for (int i = 0; i < 4; i++)
        put_pair(w, (gf_village_place){ middle.x + (i == 1 || i == 2 ? PATCH_M : -PATCH_M), middle.y + (i >= 2 ? PATCH_M : -PATCH_M), 0 });
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    gf_json_end(j, ']');
    gf_json_begin(j, "roads", '[');
    put_id(w, "r", 1, "演示村道");
    gf_json_begin(j, "line", '[');
    for (int i = 0; i < ROAD_POINTS; i++)
        put_pair(w, s->road[i]);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    gf_json_end(j, ']');
    gf_json_begin(j, "options", '{');
    gf_json_bool(j, "timed", false);
    gf_json_bool(j, "hydrants", false);
    gf_json_end(j, '}');
    gf_json_end(j, '}');
    gf_text_add_char(j->out, '\n');
}

/* The patch must not lie under a house or the spring. */
static bool patch_is_free(const settling *s)
{
    double x = (s->spring.x + s->houses[0].x) / 2, y = (s->spring.y + s->houses[0].y) / 2;
    bool free = fmax(fabs(s->spring.x - x), fabs(s->spring.y - y)) > 2 * PATCH_M;
    for (size_t i = 0; i < s->count && free; i++)
        free = fmax(fabs(s->houses[i].x - x), fabs(s->houses[i].y - y)) > 2 * PATCH_M;
    return free;
}

gf_status gf_app_village_demo_json(const gf_app_surface *surface, const gf_village_demo *ask, gf_arena *scratch, gf_text *out, gf_error *err)
{
    const gf_terrain_grid *g = &surface->grid;
    gf_village_place near = { g->west_m + g->columns * g->cell_m / 2, g->north_m - g->rows * g->cell_m / 2, 0 };
    uint64_t dice = ask->seed;
    settling s = { .houses = gf_new(scratch, gf_village_place, ask->houses) };
    writing w = { .err = err };
    if (ask->houses < 4 || ask->houses > VILLAGE_HOUSES_MAX)
        return gf_fail(err, GF_EUSAGE, "water.demo", "Write --count N.", "a demo village has 4 to 3,000 households");
    if (!s.houses)
        return gf_fail_memory(err);
    if (g->epsg)
        w.status = gf_geo_open(GF_GEO_WGS84, g->epsg, &w.way, err);
    if (w.status == GF_OK && ask->has_near) {
        gf_geo_point p = { ask->near_x, ask->near_y };
        w.status = w.way ? gf_geo_forward(w.way, &p, 1, err) : GF_OK;
        near = (gf_village_place){ p.x, p.y, 0 };
    }
    bool found = false;
    for (int i = 0; i < 20 && !found && w.status == GF_OK; i++)
        found = find_place(g, ask, near, &dice, &s) && patch_is_free(&s);
    if (w.status == GF_OK && !found)
        w.status = gf_fail(err, GF_EINPUT, "water.demo", "Choose another point, or fewer households.", "no slope near there would carry %u households below a spring", ask->houses);
    gf_json_init(&w.json, out);
    if (w.status == GF_OK)
        put_file(&w, ask, &s, &dice);
    gf_geo_close(w.way);
    return w.status;
}
