/* Slow change: a region that is new and stays.
 *
 * Pictures of a dwell are gathered for a second; their median is a visit, which no passing car or raindrop is in. A visit is held against
 * references of several hours of the day: what differs from all of them is a candidate, for shadows fall as they fell at that hour before,
 * or keep the texture under them. A candidate that stands for five seconds and four visits, is no larger than a building, and brings edges
 * of its own is told, once: from then on its look belongs to the references, and what was there before is remembered, so that its going is no
 * news either. A field that is mown changes up to the edges it had: it brings none.
 * Where a place differs again and again without staying (leaves, water) it is not listened to.
 */
#include "vision/slow_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOURS = 8, GATHER = 5, MIDDLE_LEAST = 3, GATHER_MS = 200, GAP_MS = 10000, STAYS_MS = 5000, STAYS_VISITS = 4, WIDTH_HALVED = 400, REGIONS_MAX = 4096, COMPARED = 3,
       AREA_LEAST_PX = 64, RESTLESS = 90, TOLD_MAX = 64, TOLD_AROUND_PX = 10, EDGE_LEAST = 25, LONG_VISITS = 10, FRESH_MS = 600000, LATELY_VISITS = 4, LATELY_AROUND_PX = 40, MAJORITY_RADIUS = 2, WHOLE_VISITS = 50 };
static const double AREA_MOST = 0.08, AREA_DULL_MOST = 0.0115, ASPECT_MOST = 2, EDGE_LONG_KEPT = 0.42, EDGE_GAIN = 1.35, EDGE_GAIN_FRESH = 1, EDGE_KEPT = 0.6, FILL_LEAST = 0.4, FILL_LONG_LEAST = 0.55, COLOUR_LEAST = 14, HUE_LEAST = 3, STARK_LEAST = 60, VIVID_LEAST = 2, LEARN = 0.1;

struct slow {
    int width, height, full_width, full_height, halved;
    view gathered[GATHER];
    uint8_t *gathered_valid;             /* of all pictures gathered */
    int gathered_count, dwell_visits;    /* dwell_visits: made since the last gap */
    uint64_t gathered_number;
    gf_utc_ms gathered_at, gathered_last;
    glance visit, before, old, reference[HOURS];   /* before: the last visit; old: what was there before a finding */
    uint8_t *had, *differs, *other, *mask, *restless, *room8, *edge_ref, *edge_now;
    uint16_t *age, *room16;              /* visits for which a pixel has been a candidate */
    gf_utc_ms *since;                    /* and from when */
    uint64_t *since_number;
    uint32_t *integral, *label, *parent, visits;
    uint64_t *integral2;
    region *region, told[TOLD_MAX];      /* boxes of what was told, the oldest replaced first */
    uint32_t told_count, told_visit[TOLD_MAX];
};

slow *slow_make(int width, int height, gf_arena *keep)
{
    slow *s = gf_new(keep, slow, 1);
    if (!s)
        return NULL;
    bool halved = width > WIDTH_HALVED;
    *s = (slow){ .full_width = width, .full_height = height, .halved = halved, .width = halved ? width / 2 : width, .height = halved ? height / 2 : height };
    size_t pixels = (size_t)s->width * (size_t)s->height, corner = (size_t)(s->width + 1) * (size_t)(s->height + 1);
    bool there = true;
    for (int i = 0; i < GATHER; i++) {
        s->gathered[i] = view_make(s->width, s->height, keep);
        there = there && s->gathered[i].y && s->gathered[i].u && s->gathered[i].v;
    }
    there = there && glance_make(&s->visit, s->width, s->height, keep) && glance_make(&s->before, s->width, s->height, keep) && glance_make(&s->old, s->width, s->height, keep);
    for (int i = 0; i < HOURS; i++)
        there = there && glance_make(&s->reference[i], s->width, s->height, keep);
    uint8_t **const BYTES[] = { &s->gathered_valid, &s->had, &s->differs, &s->other, &s->mask, &s->restless, &s->room8, &s->edge_ref, &s->edge_now };
    for (size_t i = 0; i < GF_COUNT(BYTES); i++)
        there = (*BYTES[i] = gf_new(keep, uint8_t, pixels)) && there;
    s->age = gf_new(keep, uint16_t, pixels);
    s->room16 = gf_new(keep, uint16_t, pixels);
    s->since = gf_new(keep, gf_utc_ms, pixels);
    s->since_number = gf_new(keep, uint64_t, pixels);
    s->integral = gf_new(keep, uint32_t, corner);
    s->integral2 = gf_new(keep, uint64_t, corner);
    s->label = gf_new(keep, uint32_t, pixels);
    s->parent = gf_new(keep, uint32_t, pixels + 1);
    s->region = gf_new(keep, region, REGIONS_MAX);
    return there && s->age && s->room16 && s->since && s->since_number && s->integral && s->integral2 && s->label && s->parent && s->region ? s : NULL;
}

void slow_drop(slow *s) { s->gathered_count = 0; }

/* ---- A visit ---- */

static void take_plane(const slow *s, const uint8_t *from, uint8_t *to)
{
    if (s->halved)
        halve(from, s->full_width, s->full_height, to);
    else
        memcpy(to, from, (size_t)s->width * (size_t)s->height);
}

static void gather(slow *s, const view *p, const uint8_t *valid, uint64_t number, gf_utc_ms at)
{
    view *g = &s->gathered[s->gathered_count];
    take_plane(s, p->y, g->y);
    take_plane(s, p->u, g->u);
    take_plane(s, p->v, g->v);
    if (s->gathered_count == 0) {
        memset(s->gathered_valid, 1, (size_t)s->width * (size_t)s->height);
        s->gathered_at = at;
        s->gathered_number = number;
    }
    for (int y = 0; valid && y < s->height; y++)
        for (int x = 0; x < s->width; x++)
            s->gathered_valid[y * s->width + x] &= valid[(y << s->halved) * s->full_width + (x << s->halved)];
    s->gathered_last = at;
    s->gathered_count++;
}

static uint8_t least8(uint8_t a, uint8_t b) { return a < b ? a : b; }
static uint8_t most8(uint8_t a, uint8_t b) { return a > b ? a : b; }

static uint8_t middle3(uint8_t a, uint8_t b, uint8_t c) { return most8(least8(a, b), least8(most8(a, b), c)); }

/* The middle of five: the largest of the smaller pairs and the smallest of the larger ones bound it (Smith 1996). */
static uint8_t middle5(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint8_t e)
{
    uint8_t low = most8(least8(a, b), least8(c, d)), high = least8(most8(a, b), most8(c, d));
    return middle3(low, high, e);
}

static void middle_plane(const slow *s, const uint8_t *const from[GATHER], uint8_t *to)
{
    size_t pixels = (size_t)s->width * (size_t)s->height;
    if (s->gathered_count < 3)
        memcpy(to, from[s->gathered_count - 1], pixels);
    else if (s->gathered_count < GATHER)
        for (size_t i = 0; i < pixels; i++)
            to[i] = middle3(from[0][i], from[1][i], from[2][i]);
    else
        for (size_t i = 0; i < pixels; i++)
            to[i] = middle5(from[0][i], from[1][i], from[2][i], from[3][i], from[4][i]);
}

static void make_visit(slow *s)
{
    const uint8_t *y[GATHER], *u[GATHER], *v[GATHER];
    for (int i = 0; i < GATHER; i++) {
        y[i] = s->gathered[i].y;
        u[i] = s->gathered[i].u;
        v[i] = s->gathered[i].v;
    }
    middle_plane(s, y, s->room8);
    smooth(s->room8, s->width, s->height, s->visit.y, s->room16);
    middle_plane(s, u, s->visit.u);
    middle_plane(s, v, s->visit.v);
    glance_measure(&s->visit, s->width, s->height, s->integral, s->integral2);
    int64_t minute = s->gathered_at / 60000 % 1440;
    s->visit.hour = (int)((minute < 0 ? minute + 1440 : minute) * HOURS / 1440);
    s->visit.at = s->gathered_at;
}

/* ---- Against the references ---- */

static int hours_apart(int a, int b)
{
    int d = abs(a - b);
    return d < HOURS - d ? d : HOURS - d;
}

/* What differs from each of the nearest references by hour, and from what was there before. */
static void find_candidates(slow *s)
{
    size_t pixels = (size_t)s->width * (size_t)s->height;
    int compared = 0;
    memset(s->differs, 1, pixels);
    for (int apart = 0; apart <= HOURS / 2 && compared < COMPARED; apart++)
        for (int h = 0; h < HOURS && compared < COMPARED; h++) {
            if (!s->reference[h].there || hours_apart(h, s->visit.hour) != apart)
                continue;
            glance_compare(&s->reference[h], &s->visit, s->width, s->height, s->integral2, s->other);
            for (size_t i = 0; i < pixels; i++)
                s->differs[i] &= s->other[i];
            compared++;
        }
    if (s->old.there) {
        glance_compare(&s->old, &s->visit, s->width, s->height, s->integral2, s->other);
        for (size_t i = 0; i < pixels; i++)
            s->differs[i] &= (uint8_t)(s->other[i] | !s->had[i]);
    }
    for (size_t i = 0; i < pixels; i++)
        s->other[i] = s->differs[i] & s->gathered_valid[i] ? 255 : 0;
    majority(s->other, s->width, s->height, MAJORITY_RADIUS, s->mask, s->room16);
}

/* How long each pixel has been a candidate and looked the same; one that comes and goes grows restless. */
static void grow_old(slow *s)
{
    glance_compare(&s->before, &s->visit, s->width, s->height, s->integral2, s->other);
    for (size_t i = 0; i < (size_t)s->width * (size_t)s->height; i++) {
        if (!s->gathered_valid[i])
            continue;
        int restless = s->restless[i];
        if (s->mask[i]) {
            if (s->age[i] && s->other[i])      /* something else stands there now */
                restless += (255 - restless) / 5;
            if (s->age[i] == 0 || s->other[i]) {
                s->age[i] = 0;
                s->since[i] = s->gathered_at;
                s->since_number[i] = s->gathered_number;
            }
            s->age[i] = (uint16_t)(s->age[i] < 60000 ? s->age[i] + 1 : s->age[i]);
        } else {
            /* It went before it was told. */
            restless = s->age[i] ? restless + (255 - restless) / 5 : restless - (restless + 63) / 64;
            s->age[i] = 0;
        }
        s->restless[i] = (uint8_t)restless;
    }
}

static void find_edges(const glance *g, int width, int height, uint8_t *edge)
{
    memset(edge, 0, (size_t)width * (size_t)height);
    for (int y = 1; y < height - 1; y++)
        for (int x = 1; x < width - 1; x++) {
            const uint8_t *p = g->y + y * width + x;
            int slope = abs(p[1] - p[-1]) + abs(p[width] - p[-width]);
            edge[y * width + x] = (uint8_t)(slope < 255 ? slope : 255);
        }
}

static const glance *nearest_reference(const slow *s)
{
    const glance *best = NULL;
    for (int h = 0; h < HOURS; h++)
        if (s->reference[h].there && (!best || hours_apart(h, s->visit.hour) < hours_apart(best->hour, s->visit.hour)))
            best = &s->reference[h];
    return best;
}

static int strongest_near(const uint8_t *edge, int width, int height, int x, int y)
{
    int most = 0;
    for (int j = y > 0 ? y - 1 : 0; j <= y + 1 && j < height; j++)
        for (int i = x > 0 ? x - 1 : 0; i <= x + 1 && i < width; i++)
            most = edge[j * width + i] > most ? edge[j * width + i] : most;
    return most;
}

/* Means over a region: the strongest edge near its outline, before and now, and how far its colour has gone. */
typedef struct traits { double edge_before, edge_now, colour, fill, aspect, age; bool fresh; } traits;   /* fresh: seen to come, minutes ago; aspect: the longer side over the shorter; age: visits, mean */

static traits measure_region(const slow *s, uint32_t number, const glance *before)
{
    const region *r = &s->region[number];
    traits t = { .fresh = true };
    int outline = 0;
    for (int y = r->top; y < r->bottom; y++)
        for (int x = r->left; x < r->right; x++) {
            int i = y * s->width + x;
            if (s->label[i] != number)
                continue;
            t.age += s->age[i];
            t.fresh = t.fresh && s->gathered_last - s->since[i] < FRESH_MS;
            t.colour += abs(before->u[i] - s->visit.u[i]) + abs(before->v[i] - s->visit.v[i]);
            if (x > 0 && y > 0 && x < s->width - 1 && y < s->height - 1 && s->label[i - 1] == number && s->label[i + 1] == number && s->label[i - s->width] == number &&
                s->label[i + s->width] == number)
                continue;
            outline++;
            t.edge_before += strongest_near(s->edge_ref, s->width, s->height, x, y);
            t.edge_now += strongest_near(s->edge_now, s->width, s->height, x, y);
        }
    t.edge_before /= outline + 1;
    t.edge_now /= outline + 1;
    t.colour /= r->area;
    t.age /= r->area;
    double wide = r->right - r->left, high = r->bottom - r->top;
    t.aspect = wide > high ? wide / high : high / wide;
    t.fill = (double)r->area / (wide * high);
    return t;
}

/* Does this view show colour at all? */
static bool is_vivid(const glance *g, size_t pixels)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < pixels; i++)
        sum += (uint64_t)(abs(g->u[i] - 128) + abs(g->v[i] - 128));
    return (double)sum >= VIVID_LEAST * (double)pixels;
}

/* A thing that was put there brings a hue or an edge that no shadow has, and an outline. A small one of another colour may do without; a mown parcel is large, or ends where the
 * edges were, and does not come within minutes; a shadow that is gone leaves less edge than there was, but not at every hour of a day. */
static bool is_thing(const slow *s, const region *r, const traits *t, bool vivid)
{
    double part = (double)r->area / ((double)s->width * s->height);
    if (part > AREA_MOST || r->area < (uint32_t)AREA_LEAST_PX >> s->halved)
        return false;
    if (vivid && t->colour < HUE_LEAST && t->edge_now < STARK_LEAST)
        return false;
    double gain = t->fresh ? EDGE_GAIN_FRESH : EDGE_GAIN;
    if (t->edge_now >= EDGE_LEAST && t->edge_now >= gain * t->edge_before)
        return true;
    if (part > AREA_DULL_MOST || t->fill < FILL_LEAST || t->aspect > ASPECT_MOST)
        return false;
    return (t->colour >= COLOUR_LEAST && t->edge_now >= EDGE_KEPT * t->edge_before) || (t->age >= LONG_VISITS && t->fill >= FILL_LONG_LEAST && t->edge_now >= EDGE_LONG_KEPT * t->edge_before);
}

/* ---- Told once ---- */

/* The look of now goes into every reference, around the region too; the look before is remembered. */
static void take_in(slow *s, const region *r)
{
    enum { AROUND = WINDOW + 3 };
    const glance *before = nearest_reference(s);
    for (int y = r->top - AROUND; y < r->bottom + AROUND; y++)
        for (int x = r->left - AROUND; x < r->right + AROUND; x++) {
            if (x < 0 || y < 0 || x >= s->width || y >= s->height)
                continue;
            int i = y * s->width + x;
            if (!s->had[i]) {
                s->old.y[i] = before->y[i];
                s->old.u[i] = before->u[i];
                s->old.v[i] = before->v[i];
                s->had[i] = 1;
            }
            for (int h = 0; h < HOURS; h++) {
                s->reference[h].y[i] = s->visit.y[i];
                s->reference[h].u[i] = s->visit.u[i];
                s->reference[h].v[i] = s->visit.v[i];
            }
            s->age[i] = 0;
            s->restless[i] = 0;
        }
    s->old.there = true;
}

static void tell(slow *s, const region *r, uint32_t number, double score, findings *out)
{
    gf_vision_finding f = { .kind = GF_VISION_LASTING_CHANGE, .at_first = INT64_MAX, .at_last = s->gathered_last, .left = r->left << s->halved, .top = r->top << s->halved,
                            .width = (r->right - r->left) << s->halved, .height = (r->bottom - r->top) << s->halved, .area_px = r->area << (2 * s->halved), .score = score };
    for (int y = r->top; y < r->bottom; y++)
        for (int x = r->left; x < r->right; x++) {
            int i = y * s->width + x;
            if (s->label[i] == number && s->since[i] < f.at_first) {
                f.at_first = s->since[i];
                f.frame_first = s->since_number[i];
            }
        }
    f.frame_last = s->gathered_number;
    findings_add(out, &f);
}

static bool holds(const region *whole, const region *part)
{
    return whole->left <= part->left && whole->right >= part->right && whole->top <= part->top && whole->bottom >= part->bottom;
}

/* What adjoins a told thing and is not much larger is its shadow at another hour; what comes out near it within the next visits is a part of it;
 * what comes out around it within days is the whole of what was told by a part. */
static bool is_told(slow *s, const region *r)
{
    for (uint32_t k = 0; k < s->told_count && k < TOLD_MAX; k++) {
        const region *t = &s->told[k];
        int wide = t->right - t->left, high = t->bottom - t->top, around = (TOLD_AROUND_PX >> s->halved) + (wide < high ? wide : high) / 6;
        bool lately = s->visits - s->told_visit[k] <= LATELY_VISITS;
        around = lately ? LATELY_AROUND_PX >> s->halved : around;
        if (s->visits - s->told_visit[k] <= WHOLE_VISITS && holds(r, t))
            return true;
        if ((lately || 2 * r->area <= 3 * t->area) && r->left < t->right + around && r->right > t->left - around && r->top < t->bottom + around && r->bottom > t->top - around)
            return true;
    }
    s->told_visit[s->told_count % TOLD_MAX] = s->visits;
    s->told[s->told_count++ % TOLD_MAX] = *r;
    return false;
}

/* Of regions large enough to be looked at; 0 when there is none left. */
static uint32_t largest(const slow *s, uint32_t count)
{
    uint32_t best = 0, area = ((uint32_t)AREA_LEAST_PX >> s->halved) - 1;
    for (uint32_t k = 1; k < count; k++)
        if (s->region[k].area > area) {
            area = s->region[k].area;
            best = k;
        }
    return best;
}

static void find_lasting(slow *s, findings *out)
{
    size_t pixels = (size_t)s->width * (size_t)s->height;
    bool any = false;
    for (size_t i = 0; i < pixels; i++) {
        bool stays = s->age[i] >= STAYS_VISITS && s->gathered_last - s->since[i] >= STAYS_MS && s->restless[i] < RESTLESS;
        s->other[i] = stays ? 255 : 0;
        any = any || stays;
    }
    if (!any)
        return;
    bool vivid = is_vivid(nearest_reference(s), pixels);
    find_edges(nearest_reference(s), s->width, s->height, s->edge_ref);
    find_edges(&s->visit, s->width, s->height, s->edge_now);
    uint32_t count = label_regions(s->other, NULL, s->width, s->height, s->label, s->parent, s->region, REGIONS_MAX);
    for (uint32_t k; (k = largest(s, count)) != 0; s->region[k].area = 0) {   /* so that parts come after the whole */
        const region *r = &s->region[k];
        traits t = measure_region(s, k, nearest_reference(s));
        if (!is_thing(s, r, &t, vivid))
            continue;
        if (!is_told(s, r))
            tell(s, r, k, fmin(1, (t.edge_now + 10) / (t.edge_before + t.edge_now + 10)), out);
        take_in(s, r);
    }
}

/* Pixels within `reach` of a candidate, whose squares hold some of it: to learn there would wear the candidate away from its edge. */
static void find_neighbourhood(const slow *s, int reach, uint8_t *rows, uint8_t *near)
{
    for (int y = 0; y < s->height; y++)
        for (int x = 0; x < s->width; x++) {
            int left = x > reach ? x - reach : 0, right = x + reach < s->width ? x + reach : s->width - 1;
            rows[y * s->width + x] = memchr(s->mask + y * s->width + left, 255, (size_t)(right - left + 1)) != NULL;
        }
    for (int y = 0; y < s->height; y++)
        for (int x = 0; x < s->width; x++) {
            int at = y > reach ? y - reach : 0, below = y + reach < s->height ? y + reach : s->height - 1;
            while (at < below && !rows[at * s->width + x])
                at++;
            near[y * s->width + x] = rows[at * s->width + x];
        }
}

/* The reference of this hour follows what has not changed. The first visit at an hour borrows what is in doubt from another hour. */
static void learn(slow *s)
{
    glance *r = &s->reference[s->visit.hour];
    size_t pixels = (size_t)s->width * (size_t)s->height;
    const glance *near = nearest_reference(s);
    double part = r->there ? LEARN : 1;
    find_neighbourhood(s, WINDOW + MAJORITY_RADIUS, s->room8, s->other);
    for (size_t i = 0; i < pixels; i++) {
        bool doubt = s->other[i] || !s->gathered_valid[i];
        if (r->there && doubt)
            continue;
        const glance *from = doubt && near ? near : &s->visit;
        r->y[i] = (uint8_t)(r->y[i] + lround(part * (from->y[i] - r->y[i])));
        r->u[i] = (uint8_t)(r->u[i] + lround(part * (from->u[i] - r->u[i])));
        r->v[i] = (uint8_t)(r->v[i] + lround(part * (from->v[i] - r->v[i])));
    }
    r->there = true;
    r->hour = s->visit.hour;
    r->at = s->visit.at;
}

static void measure_all(slow *s)
{
    for (int h = 0; h < HOURS; h++)
        if (s->reference[h].there)
            glance_measure(&s->reference[h], s->width, s->height, s->integral, s->integral2);
    if (s->old.there)
        glance_measure(&s->old, s->width, s->height, s->integral, s->integral2);
}

static void finish_visit(slow *s, findings *out)
{
    make_visit(s);
    if (s->visits) {
        find_candidates(s);
        grow_old(s);
        find_lasting(s, out);
    }
    learn(s);
    measure_all(s);
    glance swap = s->before;
    s->before = s->visit;
    s->visit = swap;
    s->visits++;
    s->dwell_visits++;
    s->gathered_count = 0;
}

void slow_step(slow *s, const view *picture, const uint8_t *valid, uint64_t number, gf_utc_ms at, findings *out)
{
    if (s->gathered_count && at - s->gathered_last >= GAP_MS) {
        if (s->gathered_count >= MIDDLE_LEAST || s->dwell_visits == 0)   /* what is left of a dwell is no median */
            finish_visit(s, out);
        s->gathered_count = 0;
        s->dwell_visits = 0;
    }
    if (s->gathered_count == 0 || at - s->gathered_last >= GATHER_MS)
        gather(s, picture, valid, number, at);
    if (s->gathered_count == GATHER)
        finish_visit(s, out);
}
