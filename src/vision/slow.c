/* Slow change: a region that is new and stays.
 *
 * Pictures of a dwell are gathered by five; their median is a visit, which no passing car or raindrop is in. A visit is held against
 * references of several hours of the day: what differs from all of them is a candidate, for shadows fall as they fell at that hour before,
 * or keep the texture under them. What stands for five seconds and four visits, and was either seen to come or is there on four dwells, is
 * judged (slow_things.c) and told once: from then on its look belongs to the references, and what was there before is remembered, so that
 * its going is no news either. Where a place differs again and again without staying (leaves, water) it is not listened to.
 */
#include "vision/slow_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MIDDLE_LEAST = 3, GATHER_MS = 200, GAP_MS = 10000, WIDTH_HALVED = 400, COMPARED = 3, MAJORITY_RADIUS = 2, FIRST_LOOKS = 4 };
static const double LEARN = 0.1;

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
    s->dwells = gf_new(keep, uint16_t, pixels);
    s->room16 = gf_new(keep, uint16_t, pixels);
    s->since = gf_new(keep, gf_utc_ms, pixels);
    s->since_number = gf_new(keep, uint64_t, pixels);
    s->integral = gf_new(keep, uint32_t, corner);
    s->integral2 = gf_new(keep, uint64_t, corner);
    s->label = gf_new(keep, uint32_t, pixels);
    s->parent = gf_new(keep, uint32_t, pixels + 1);
    s->region = gf_new(keep, region, SLOW_REGIONS_MAX);
    return there && s->age && s->dwells && s->room16 && s->since && s->since_number && s->integral && s->integral2 && s->label && s->parent && s->region ? s : NULL;
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
                s->age[i] = s->dwells[i] = 0;
                s->since[i] = s->gathered_at;
                s->since_number[i] = s->gathered_number;
            }
            s->dwells[i] = (uint16_t)(s->dwells[i] + (s->age[i] == 0 || s->dwell_visits == 0));
            s->age[i] = (uint16_t)(s->age[i] < 60000 ? s->age[i] + 1 : s->age[i]);
        } else {
            /* It went before it was told. */
            restless = s->age[i] ? restless + (255 - restless) / 5 : restless - (restless + 63) / 64;
            s->age[i] = 0;
        }
        s->restless[i] = (uint8_t)restless;
    }
}

const glance *slow_nearest(const slow *s)
{
    const glance *best = NULL;
    for (int h = 0; h < HOURS; h++)
        if (s->reference[h].there && (!best || hours_apart(h, s->visit.hour) < hours_apart(best->hour, s->visit.hour)))
            best = &s->reference[h];
    return best;
}

/* The reference of this hour follows what has not changed. The first visit at an hour borrows what is in doubt from another hour. */
static void learn(slow *s)
{
    glance *r = &s->reference[s->visit.hour];
    bool first_looks = s->visits < FIRST_LOOKS;   /* nobody knows yet whether the first picture or the second is the rule */
    size_t pixels = (size_t)s->width * (size_t)s->height;
    const glance *near = slow_nearest(s);
    double part = r->there ? LEARN : 1;
    light l = { 1, 0, 0 };
    if (!r->there && near)
        l = glance_light(near, &s->visit, pixels);
    /* Squares this near hold some of a candidate: to learn there would wear it away from its edge. */
    slow_spread(s->mask, 255, s->width, s->height, WINDOW + MAJORITY_RADIUS, s->room8, s->other);
    for (size_t i = 0; i < pixels; i++) {
        bool settled = first_looks && s->age[i] >= 2, doubt = (s->other[i] && !settled) || !s->gathered_valid[i];
        if (r->there && doubt)
            continue;
        if (doubt && near) {
            glance_borrow(r, near, i, &l);
            continue;
        }
        double share = settled ? 1 : part;
        r->y[i] = (uint8_t)(r->y[i] + lround(share * (s->visit.y[i] - r->y[i])));
        r->u[i] = (uint8_t)(r->u[i] + lround(share * (s->visit.u[i] - r->u[i])));
        r->v[i] = (uint8_t)(r->v[i] + lround(share * (s->visit.v[i] - r->v[i])));
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
    if (s->dwell_visits == 0)
        s->dwell_at = s->gathered_at;
    if (s->visits) {
        find_candidates(s);
        grow_old(s);
        slow_find_lasting(s, out);
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
    if (s->gathered_count + s->dwell_visits > 0 && at - s->gathered_last >= GAP_MS) {
        if (s->gathered_count >= MIDDLE_LEAST || (s->gathered_count && s->dwell_visits == 0))   /* what is left of a dwell is no median */
            finish_visit(s, out);
        s->gathered_count = 0;
        s->dwell_visits = 0;
    }
    if (s->gathered_count + s->dwell_visits == 0 || at - s->gathered_last >= GATHER_MS)
        gather(s, picture, valid, number, at);
    if (s->gathered_count == GATHER)
        finish_visit(s, out);
}
