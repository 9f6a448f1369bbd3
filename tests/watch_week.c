/* watch_week --seeds FIRST-LAST [--clip] [--from FOLDER [--still]] [--width 640] [--frames 5] [--step-ms 250] [--noise 3] [--verbose]: does a shed that was put up come out, and
 * nothing else?
 *
 * Each seed is a week of one preset: eight visits a day, five frames a visit, of a made scene (gf_vision_scene.h). Light follows the hour and the
 * clouds, shadows turn with the sun, crops grow, a parcel is mown, crowns sway, it rains on some visits and mist lies on others, the mast
 * sways and the preset is not met to some twenty pixels. Three buildings or heaps of 8 to 64 pixels are put up in the middle of it, and stay.
 * A finding of lasting change that overlaps one of them is a hit, each once; any other is a false one.
 * --from: real ground. The frames of a visit are neighbours among the folder's pictures, with all that moves in them; things, light, clouds, mist, rain and sway are made.
 * --still: one of its pictures alone, where the folder's own camera shakes and a thing would slide over the ground.
 * --clip: each seed is a clip of 25 frames a second, not a week: a thing of 32 to 64 pixels is put there half-way and stays; the light stays, jumps with it, or drifts.
 * Seeds below 1000 were used while the method was made; its figures are told from 1000 on. Last line: N passed, N failed, of what the issue
 * asks: recall at 32 pixels and more, false findings a week, none found twice.
 */
#include "app/gf_app_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 640, DAYS = 7, VISITS = 8, OBJECTS = 3, STANDING = 6, CROWNS = 2, RADIUS = 34, SIZES = 6, CLIP_FRAMES = 400, CLIP_MS = 40, CLIP_WIDTH = 320, GROUNDS_MAX = 2000 };
static const int SIZE_PX[SIZES] = { 8, 16, 24, 32, 48, 64 };
static const double RECALL_LEAST = 0.9, FALSE_MOST = 1, RETURN_PX = 20, SWAY_PX = 3;   /* pixels of 640 */

typedef struct thing { int x, y, size, from, found; bool heap; double shade; } thing;   /* from: the visit it is put up at */
typedef struct sums { int there[SIZES], found[SIZES], twice, wrong, weeks, unseen, frames; } sums;

/* What is asked for. ground: pictures of real ground, none = made scenes. */
typedef struct plan_of { int width, height, frames, step_ms; double noise; bool verbose, clip, still; gf_vision_picture *ground; int ground_count; } plan_of;

typedef struct week {
    const plan_of *of;
    gf_vision_random random;
    int objects, standing_count, crowns, still;
    thing object[OBJECTS], standing[STANDING];
    int crown_x[CROWNS], crown_y[CROWNS];
    double mown_x, mown_y;
    int mown_from;
} week;

static int between(gf_vision_random *r, int low, int high) { return low + (int)(gf_vision_random_part(r) * (high - low)); }

static bool apart(const thing *a, const thing *b, int gap)
{
    return a->x > b->x + b->size + gap || b->x > a->x + a->size + gap || a->y > b->y + b->size + gap || b->y > a->y + a->size + gap;
}

static thing place(week *w, const thing *others, int count, int size, int from)
{
    thing t = { 0 };
    int width = w->of->width, height = w->of->height, low = 110 * width / WIDTH, high = 180 * width / WIDTH, gap = 30 * width / WIDTH;
    for (int turn = 0; turn < 200; turn++) {
        t = (thing){ between(&w->random, low, width - high), between(&w->random, low, height - high), size, from, 0, gf_vision_random_part(&w->random) < 0.4,
                     gf_vision_random_part(&w->random) };
        bool free_place = true;
        for (int k = 0; k < count; k++)
            free_place = free_place && apart(&t, &others[k], gap);
        for (int k = 0; k < w->crowns; k++)   /* nobody builds in a tree */
            free_place = free_place && apart(&t, &(thing){ .x = w->crown_x[k] - RADIUS, .y = w->crown_y[k] - RADIUS, .size = 2 * RADIUS }, gap);
        if (free_place)
            break;
    }
    return t;
}

static void plan(week *w, uint64_t seed, const plan_of *of)
{
    thing all[STANDING + OBJECTS];
    bool real = of->ground_count > 0;
    *w = (week){ .of = of, .random = { seed * 7919 + 5 }, .objects = of->clip ? 1 : of->width < 500 ? 2 : OBJECTS, .standing_count = real ? 0 : STANDING, .crowns = real ? 0 : CROWNS };
    for (int k = 0; k < w->crowns; k++) {
        w->crown_x[k] = between(&w->random, 60, of->width - 60);
        w->crown_y[k] = between(&w->random, 60, of->height - 60);
    }
    for (int k = 0; k < w->standing_count; k++)
        w->standing[k] = all[k] = place(w, all, k, between(&w->random, 14, 40), 0);
    for (int k = 0; k < w->objects; k++) {
        int size = of->clip ? SIZE_PX[3 + seed % 3] : SIZE_PX[(seed * (uint64_t)w->objects + (uint64_t)k) % SIZES];
        w->object[k] = all[w->standing_count + k] = place(w, all, w->standing_count + k, size, of->clip ? 1 : between(&w->random, 12, 40));
    }
    w->mown_x = 0.2 + 0.6 * gf_vision_random_part(&w->random);
    w->mown_y = 0.2 + 0.6 * gf_vision_random_part(&w->random);
    w->mown_from = between(&w->random, 16, 40);
    w->still = of->ground_count ? (int)(seed * 37 % (uint64_t)of->ground_count) : 0;
}

/* ---- A visit's picture ---- */

static uint8_t clamp8(double value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5); }

static void shade(gf_vision_picture *p, int x, int y, double factor)
{
    if (x >= 0 && y >= 0 && x < p->width && y < p->height)
        p->y[y * p->width + x] = clamp8(p->y[y * p->width + x] * factor);
}

static void hue(gf_vision_picture *p, int x, int y, int u, int v)
{
    p->u[y / 2 * ((p->width + 1) / 2) + x / 2] = (uint8_t)u;
    p->v[y / 2 * ((p->width + 1) / 2) + x / 2] = (uint8_t)v;
}

/* A shadow as long as the sun is low, to the side the sun is not on. */
static void cast_shadow(gf_vision_picture *p, const thing *t, double hour)
{
    double side = (hour - 12) / 6, length = t->size * (0.3 + 0.9 * fabs(side));
    for (int y = t->y + t->size / 2; y < t->y + t->size; y++)
        for (int x = 0; x < (int)length; x++)
            shade(p, side > 0 ? t->x + t->size + x : t->x - 1 - x, y, 0.55);
}

static void draw_heap(gf_vision_picture *p, const thing *t)
{
    gf_vision_random grain = { (uint64_t)t->x * 977 + (uint64_t)t->y };
    for (int y = 0; y < t->size; y++)
        for (int x = 0; x < t->size; x++) {
            double dx = (x - t->size / 2.0) / (t->size / 2.0), dy = (y - t->size * 0.8) / (t->size * 0.8), noise = gf_vision_random_normal(&grain);
            if (dx * dx + dy * dy > 1 || y > t->size * 0.9)
                continue;
            p->y[(t->y + y) * p->width + t->x + x] = clamp8(95 + 90 * t->shade - 35 * dx + 12 * noise);
            hue(p, t->x + x, t->y + y, 112, 142);
        }
}

static void draw_shed(gf_vision_picture *p, const thing *t)
{
    for (int y = 0; y < t->size; y++)
        for (int x = 0; x < t->size; x++) {
            bool roof = y < t->size * 2 / 5, door = y > t->size / 2 && x > t->size / 3 && x < t->size / 2;
            p->y[(t->y + y) * p->width + t->x + x] = (uint8_t)(roof ? 80 + (int)(90 * t->shade) : door ? 45 : 205);
            hue(p, t->x + x, t->y + y, roof ? 116 : 127, roof ? 138 : 129);
        }
}

static void draw(gf_vision_picture *p, const thing *t, double hour)
{
    cast_shadow(p, t, hour);
    if (t->heap)
        draw_heap(p, t);
    else
        draw_shed(p, t);
}

static void draw_cloud(gf_vision_picture *p, gf_vision_random *random)
{
    double cx = p->width * gf_vision_random_part(random), cy = p->height * gf_vision_random_part(random), r = (80 + 160 * gf_vision_random_part(random)) * p->width / WIDTH, depth = 0.4 * gf_vision_random_part(random);
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            double d = hypot(x - cx, y - cy) / r;
            if (d < 1.2)
                shade(p, x, y, d < 1 ? 1 - depth : 1 - depth * (1.2 - d) * 5);
        }
}

/* Mist takes contrast and gives light. */
static void draw_mist(gf_vision_picture *p, double part)
{
    for (int i = 0; i < p->width * p->height; i++)
        p->y[i] = clamp8(p->y[i] * (1 - part) + 170 * part);
}

/* A crown's pixels come from beside, another way every frame. */
static void sway_crowns(const week *w, const gf_vision_picture *from, gf_vision_picture *to, double time_s)
{
    for (int k = 0; k < w->crowns; k++)
        for (int y = -RADIUS; y <= RADIUS; y++)
            for (int x = -RADIUS; x <= RADIUS; x++) {
                int px = w->crown_x[k] + x, py = w->crown_y[k] + y;
                int sx = px + (int)lround(3 * sin(2.3 * time_s + py / 9.0)), sy = py + (int)lround(2 * sin(3.1 * time_s + px / 7.0));
                if (x * x + y * y < RADIUS * RADIUS && px >= 0 && py >= 0 && px < to->width && py < to->height && sx >= 0 && sy >= 0 && sx < to->width && sy < to->height)
                    to->y[py * to->width + px] = from->y[sy * to->width + sx];
            }
}

static void draw_rain(gf_vision_picture *p, gf_vision_random *random)
{
    for (int k = 0; k < 150; k++) {
        int x = between(random, 0, p->width), y = between(random, 0, p->height), length = between(random, 10, 30);
        for (int i = 0; i < length && y + i < p->height && x + i / 6 < p->width; i++)
            p->y[(y + i) * p->width + x + i / 6] = clamp8(p->y[(y + i) * p->width + x + i / 6] * 0.5 + 110);
    }
}

static void copy(const gf_vision_picture *from, gf_vision_picture *to)
{
    size_t half = (size_t)((to->width + 1) / 2) * (size_t)((to->height + 1) / 2);
    memcpy(to->y, from->y, (size_t)to->width * (size_t)to->height);
    memcpy(to->u, from->u, half);
    memcpy(to->v, from->v, half);
}

/* ---- A week ---- */

/* How much of a finding's box lies on a thing with some slack around it, in pixels. */
static int on_thing(const gf_vision_finding *f, const thing *t, int slack)
{
    int left = f->left > t->x - slack ? f->left : t->x - slack, right = f->left + f->width < t->x + t->size + slack ? f->left + f->width : t->x + t->size + slack;
    int top = f->top > t->y - slack ? f->top : t->y - slack, bottom = f->top + f->height < t->y + t->size + slack ? f->top + f->height : t->y + t->size + slack;
    return right > left && bottom > top ? (right - left) * (bottom - top) : 0;
}

/* The thing a finding lies on: on most of it, else on most of what is around it. */
static thing *thing_of(week *w, const gf_vision_finding *f, int visit)
{
    thing *best = NULL;
    for (int around = 0; around < 2 && !best; around++)
        for (int k = 0, most = 0; k < w->objects; k++) {
            thing *t = &w->object[k];
            int on = visit < t->from ? 0 : on_thing(f, t, around ? 6 + t->size / 2 : 0);
            if (on > most) {
                most = on;
                best = t;
            }
        }
    return best;
}

static void take_finding(week *w, const gf_vision_finding *f, int visit, bool verbose, sums *s)
{
    if (f->kind != GF_VISION_LASTING_CHANGE)
        return;
    thing *t = thing_of(w, f, visit);
    bool hit = t != NULL, again = hit && t->found > 0;
    if (hit)
        t->found++;
    s->twice += again;
    s->wrong += !hit;
    if (verbose)
        printf("visit %d: %s %d,%d %d x %d score %.2f\n", visit, again ? "AGAIN" : hit ? "hit" : "FALSE", f->left, f->top, f->width, f->height, f->score);
}

typedef struct pictures { gf_vision_picture day, mown, visit, swayed, frame; } pictures;
/* What the sky and the mast do at a visit. */
typedef struct weather { double hour, gain, off_x, off_y, sway, mist; bool rain, cloud; gf_vision_random clouds; } weather;

/* The ground of a frame: made for the visit, or one of the pictures. */
static void lay_ground(week *w, int visit, int start, int k, const weather *now, pictures *p)
{
    const plan_of *of = w->of;
    gf_vision_random clouds = now->clouds;
    if (of->ground_count)
        copy(&of->ground[of->still ? w->still : (start + (of->clip ? k : 5 * k)) % of->ground_count], &p->visit);
    else if (k == 0 || of->clip)
        copy(visit >= w->mown_from ? &p->mown : &p->day, &p->visit);
    else
        return;
    for (int i = 0; i < w->standing_count; i++)
        draw(&p->visit, &w->standing[i], now->hour);
    for (int i = 0; i < w->objects; i++)
        if (visit >= w->object[i].from)
            draw(&p->visit, &w->object[i], now->hour);
    if (now->cloud)
        draw_cloud(&p->visit, &clouds);
    if (now->mist > 0)
        draw_mist(&p->visit, now->mist);
}

static bool run_frame(week *w, int visit, int k, gf_utc_ms at, uint64_t number, const weather *now, pictures *p, gf_vision_watch *watch, sums *s)
{
    double unit = w->of->width / (double)WIDTH;
    gf_vision_pose pose = { unit * (now->off_x + now->sway * gf_vision_random_normal(&w->random)), unit * (now->off_y + now->sway * gf_vision_random_normal(&w->random)),
                            now->sway * 0.001 * gf_vision_random_normal(&w->random), 1 + now->sway * 0.001 * gf_vision_random_normal(&w->random) };
    if (number < (uint64_t)(w->of->clip ? 1 : w->of->frames))
        pose = GF_VISION_POSE_NONE;
    copy(&p->visit, &p->swayed);
    sway_crowns(w, &p->visit, &p->swayed, visit * 100 + k * 0.25);
    if (now->rain)
        draw_rain(&p->swayed, &w->random);
    gf_vision_scene_look(&p->swayed, &pose, now->gain, w->of->noise, &w->random, &p->frame);
    gf_vision_frame frame = gf_vision_picture_frame(&p->frame, at, number);
    gf_vision_step step;
    if (gf_vision_watch_step(watch, &frame, &step, NULL) != GF_OK)
        return false;
    s->unseen += step.state != GF_VISION_LOOKING;
    s->frames++;
    for (size_t i = 0; i < step.finding_count; i++)
        take_finding(w, &step.findings[i], visit, w->of->verbose, s);
    return true;
}

static bool run_visit(week *w, int visit, pictures *p, gf_vision_watch *watch, sums *s)
{
    double hour = 7 + 10.0 * (visit % VISITS) / (VISITS - 1);
    weather now = { .hour = hour, .gain = (0.6 + 0.5 * sin((hour - 5) / 14 * 3.14159)) * (0.75 + 0.3 * gf_vision_random_part(&w->random)), .sway = SWAY_PX };
    now.rain = gf_vision_random_part(&w->random) < 0.15;
    bool mist = gf_vision_random_part(&w->random) < 0.08;
    now.cloud = gf_vision_random_part(&w->random) < 0.5;
    now.off_x = RETURN_PX * gf_vision_random_normal(&w->random);
    now.off_y = RETURN_PX * gf_vision_random_normal(&w->random);
    now.clouds = w->random;
    for (int skip = 0; now.cloud && skip < 4; skip++)   /* what a cloud takes */
        (void)gf_vision_random_part(&w->random);
    if (mist)
        now.mist = 0.3 + 0.4 * gf_vision_random_part(&w->random);
    int start = w->of->ground_count ? between(&w->random, 0, w->of->ground_count) : 0;
    for (int k = 0; k < w->of->frames; k++) {
        gf_utc_ms at = ((gf_utc_ms)(visit / VISITS) * 24 * 60 + (gf_utc_ms)(hour * 60)) * 60000 + (gf_utc_ms)k * w->of->step_ms;
        lay_ground(w, visit, start, k, &now, p);
        if (!run_frame(w, visit, k, at, (uint64_t)visit * (uint64_t)w->of->frames + (uint64_t)k, &now, p, watch, s))
            return false;
    }
    return true;
}

/* Seeds take turns: the light stays, jumps when the thing comes, drifts; the mast stands or sways. */
static bool run_clip(week *w, uint64_t seed, pictures *p, gf_vision_watch *watch, sums *s)
{
    double from = 0.7 + 0.6 * gf_vision_random_part(&w->random), to = 0.7 + 0.6 * gf_vision_random_part(&w->random);
    weather now = { .hour = 9 + 6 * gf_vision_random_part(&w->random), .sway = seed / 3 % 2 ? 1.5 : 0 };
    int start = w->of->ground_count ? between(&w->random, 0, w->of->ground_count) : 0;
    bool ok = true;
    for (int k = 0; ok && k < CLIP_FRAMES; k++) {
        double along = seed / 6 % 3 == 0 ? 0 : seed / 6 % 3 == 1 ? k >= CLIP_FRAMES / 2 : (double)k / CLIP_FRAMES;
        now.gain = from + along * (to - from);
        lay_ground(w, k >= CLIP_FRAMES / 2, start, k, &now, p);
        ok = run_frame(w, k >= CLIP_FRAMES / 2, k, (gf_utc_ms)(now.hour * 3600000) + k * CLIP_MS, (uint64_t)k, &now, p, watch, s);
    }
    return ok;
}

static void count_things(const week *w, sums *s)
{
    for (int k = 0; k < w->objects; k++)
        for (int size = 0; size < SIZES; size++)
            if (w->object[k].size == SIZE_PX[size]) {
                s->there[size]++;
                s->found[size] += w->object[k].found > 0;
                if (w->of->verbose && !w->object[k].found)
                    printf("missed: %d px %s at %d,%d from visit %d shade %.2f\n", w->object[k].size, w->object[k].heap ? "heap" : "shed", w->object[k].x, w->object[k].y, w->object[k].from, w->object[k].shade);
            }
    s->weeks++;
}

static bool make_scenes(const week *w, uint64_t seed, int visit, gf_arena *arena, pictures *p)
{
    gf_vision_scene scene = { .seed = seed, .season = 0.3 * visit / (DAYS * VISITS), .mown_x = w->mown_x, .mown_y = w->mown_y };
    if (w->of->ground_count)
        return true;
    if (gf_vision_scene_make(&scene, w->of->width, w->of->height, arena, &p->day, NULL) != GF_OK)
        return false;
    scene.mown = true;
    return gf_vision_scene_make(&scene, w->of->width, w->of->height, arena, &p->mown, NULL) == GF_OK;
}

static bool run_week(uint64_t seed, const plan_of *of, sums *s)
{
    week w;
    pictures p;
    gf_arena *arena = gf_arena_open((size_t)512 << 20);
    gf_vision_watch *watch = NULL;
    gf_vision_options options = GF_VISION_OPTIONS_DEFAULT;
    plan(&w, seed, of);
    bool ok = arena && gf_vision_watch_open(&options, of->width, of->height, &watch, NULL) == GF_OK && gf_vision_picture_make(of->width, of->height, arena, &p.visit, NULL) == GF_OK &&
              gf_vision_picture_make(of->width, of->height, arena, &p.swayed, NULL) == GF_OK && gf_vision_picture_make(of->width, of->height, arena, &p.frame, NULL) == GF_OK;
    if (of->clip) {
        w.mown_from = 2;   /* never */
        ok = ok && make_scenes(&w, seed, 0, arena, &p) && run_clip(&w, seed, &p, watch, s);
    }
    for (int visit = 0; ok && !of->clip && visit < DAYS * VISITS; visit++)
        ok = (visit % VISITS || make_scenes(&w, seed, visit, arena, &p)) && run_visit(&w, visit, &p, watch, s);
    count_things(&w, s);
    gf_vision_watch_close(watch);
    gf_arena_close(arena);
    return ok;
}

/* The pictures of a folder, the engine's size or less. */
static bool read_grounds(const char *folder, gf_arena *keep, plan_of *of)
{
    gf_app_watch_source source = { 0 };
    gf_error err = { 0 };
    gf_vision_frame f;
    gf_str name;
    bool there = true, ok = gf_app_watch_folder(folder, 25, 0, keep, &source, &err) == GF_OK;
    of->ground = gf_new(keep, gf_vision_picture, GROUNDS_MAX);
    while (ok && of->ground && of->ground_count < GROUNDS_MAX && (ok = source.next(source.context, &f, &name, &there, &err) == GF_OK) && there) {
        gf_vision_picture *p = &of->ground[of->ground_count++];
        ok = gf_vision_picture_make(f.width, f.height, keep, p, &err) == GF_OK;
        for (int y = 0; ok && y < f.height; y++)
            memcpy(p->y + (ptrdiff_t)y * f.width, f.y + (ptrdiff_t)y * f.y_stride, (size_t)f.width);
        for (int y = 0; ok && y < (f.height + 1) / 2; y++) {
            ptrdiff_t half = (f.width + 1) / 2;
            if (f.u && f.v) {
                memcpy(p->u + y * half, f.u + (ptrdiff_t)y * f.uv_stride, (size_t)half);
                memcpy(p->v + y * half, f.v + (ptrdiff_t)y * f.uv_stride, (size_t)half);
            } else {
                memset(p->u + y * half, 128, (size_t)half);
                memset(p->v + y * half, 128, (size_t)half);
            }
        }
        of->width = f.width;
        of->height = f.height;
    }
    if (source.close)
        source.close(source.context);
    if (!ok)
        fprintf(stderr, "%s: %s\n", folder, err.what);
    return ok && of->ground_count > 0;
}

static double number_after(int argc, char **argv, const char *word, double otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return atof(argv[i + 1]);
    return otherwise;
}

static bool told(int argc, char **argv, const char *word)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

static int tell_sums(const sums *s, bool ok, const plan_of *of)
{
    int there = 0, found = 0;
    for (int k = 0; k < SIZES; k++) {
        printf("%d px: %d of %d\n", SIZE_PX[k], s->found[k], s->there[k]);
        there += SIZE_PX[k] >= 32 ? s->there[k] : 0;
        found += SIZE_PX[k] >= 32 ? s->found[k] : 0;
    }
    double recall = there ? (double)found / there : 0, wrong = s->weeks ? (double)s->wrong / s->weeks : 0;
    printf("recall at 32 px and more %.3f, false %.2f a %s, found twice %d, not looking %.1f %% of frames, %d %ss\n", recall, wrong, of->clip ? "clip" : "preset-week", s->twice,
           100.0 * s->unseen / (s->frames ? s->frames : 1), s->weeks, of->clip ? "clip" : "week");
    int passed = (recall >= RECALL_LEAST) + (wrong <= FALSE_MOST) + (s->twice == 0);
    printf("%d passed, %d failed\n", ok ? passed : 0, ok ? 3 - passed : 3);
    return ok && passed == 3 ? 0 : 1;
}

int main(int argc, char **argv)
{
    uint64_t first = 1000, last = 1003;
    gf_arena *keep = gf_arena_open((size_t)2 << 30);
    sums s = { 0 };
    plan_of of = { .clip = told(argc, argv, "--clip"), .verbose = told(argc, argv, "--verbose"), .still = told(argc, argv, "--still") };
    of.width = (int)number_after(argc, argv, "--width", of.clip ? CLIP_WIDTH : WIDTH);
    of.height = of.width * 3 / 4;
    of.frames = (int)number_after(argc, argv, "--frames", 5);
    of.step_ms = (int)number_after(argc, argv, "--step-ms", 250);
    of.noise = number_after(argc, argv, "--noise", 3);
    bool ok = keep != NULL;
    for (int i = 1; ok && i + 1 < argc; i++) {
        if (strcmp(argv[i], "--from") == 0)
            ok = read_grounds(argv[i + 1], keep, &of);
        if (strcmp(argv[i], "--seeds") == 0) {
            char *end = NULL;
            first = strtoull(argv[i + 1], &end, 10);
            last = *end == '-' ? strtoull(end + 1, NULL, 10) : first;
        }
    }
    for (uint64_t seed = first; ok && seed <= last; seed++)
        ok = run_week(seed, &of, &s);
    gf_arena_close(keep);
    return tell_sums(&s, ok, &of);
}
