/* Is a region that stays a thing, and was it told?
 *
 * What was seen to come within a dwell and what was found on return are judged apart: the first can be no season and no sun, the second may be either. A field that is mown changes up
 * to the border it had; what is put there brings one. */
#include "vision/slow_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* When what stays is looked at, and from which size on. Pixels are those of the working picture. */
enum { STAYS_MS = 5000, STAYS_VISITS = 4, STAYS_DWELLS = 4, LONG_VISITS = 6, RESTLESS = 130, AREA_LEAST_PX = 64, STEP_PX = 4, RING_LEAST = 150, EDGE_NOISE = 8, JOIN_PX = 6 };
/* Told once. */
enum { TOLD_AROUND_PX = 10, LATELY_VISITS = 2, LATELY_AROUND_PX = 12, ARRIVED_AROUND_PX = 24, WHOLE_VISITS = 25 };
/* Seen to come. */
enum { AREA_ARRIVED_LEAST_PX = 150, AREA_CLEAR_PX = 400 };
static const double AREA_ARRIVED_MOST = 0.25, FILL_ARRIVED_LEAST = 0.25, FILL_WHOLE_LEAST = 0.5, EDGE_ARRIVED_LEAST = 10, EDGE_GAIN_ARRIVED = 1.2, EDGE_KEPT_ARRIVED = 0.7, EDGE_LEFT = 0.6;
/* Found on return. */
enum { EDGE_LEAST = 25, FIELD_LEAST_PX = 1200, AREA_GREY_LEAST_PX = 600, AREA_MOST_PX = 8000, AREA_DULL_MOST_PX = 4900 };
static const double AREA_MOST = 0.08, AREA_DULL_MOST = 0.016, ASPECT_MOST = 2, EDGE_GAIN = 1.35, EDGE_KEPT = 0.5, EDGE_LONG_KEPT = 0.42, EDGE_GAIN_BOUNDED = 2, EDGE_CLEAR_LEAST = 10, EDGE_GAIN_CLEAR = 2.2,
                    INSIDE_GAIN = 1.5, EDGE_INSIDE_KEPT = 0.8, BORDER_GAIN = 1.2, BORDER_HUE = 7.5, BORDER_STEP = 12, FILL_LEAST = 0.4, FILL_LONG_LEAST = 0.55, COLOUR_LEAST = 14, HUE_LEAST = 2, STARK_LEAST = 60,
                    VIVID_LEAST = 2;

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

static int strongest_near(const uint8_t *edge, int width, int height, int x, int y)
{
    int most = 0;
    for (int j = y > 0 ? y - 1 : 0; j <= y + 1 && j < height; j++)
        for (int i = x > 0 ? x - 1 : 0; i <= x + 1 && i < width; i++)
            most = edge[j * width + i] > most ? edge[j * width + i] : most;
    return most;
}

/* Means over a region: the strongest edge near its outline, inside it and beside it, before and now; how far its colour has gone; how luma and hue differ across its outline. */
typedef struct traits { double edge_before, edge_now, colour, fill, aspect, age, ring, inside_before, inside_now, step_before, step_now, hue_before, hue_now; bool fresh; } traits;   /* fresh: seen to come in this dwell; aspect: the longer side over the shorter; age: visits, mean */

/* Do both looks show one edge, or none? */
static bool same_edge(int before, int now) { return now <= 3 * before + EDGE_NOISE && before <= 3 * now + EDGE_NOISE; }

/* How much starker edges are before than now beside the region, or in all the view: light, mist and clouds are in it. What came to stand a moment ago is held against what has not
 * changed; in what has been there for days, edges that are new all around tell of a field. */
static double edge_light(const slow *s, const region *r, bool fresh, double *ring)
{
    int reach = 6 + (r->right - r->left > r->bottom - r->top ? r->right - r->left : r->bottom - r->top) / 3;
    uint64_t before = 0, now = 0, count = 0;
    for (int all = 0; all < 2 && count < RING_LEAST; all++) {
        int left = all || r->left < reach ? 0 : r->left - reach, top = all || r->top < reach ? 0 : r->top - reach;
        int right = all || r->right + reach > s->width ? s->width : r->right + reach, bottom = all || r->bottom + reach > s->height ? s->height : r->bottom + reach;
        before = now = count = 0;
        for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++) {
                int i = y * s->width + x;
                if (s->mask[i] || !s->gathered_valid[i] || (fresh && !same_edge(s->edge_ref[i], s->edge_now[i])))
                    continue;
                before += s->edge_ref[i];
                now += s->edge_now[i];
                count++;
            }
    }
    *ring = (double)before / (double)(count + 1);
    return ((double)before + (double)count) / ((double)now + (double)count);
}

/* Across the outline: how far the luma and the hue of the ground inside are from those outside, as seen before and now. */
typedef struct steps { double luma_before, luma_now, hue_before, hue_now; int count; } steps;

static int mean3(const uint8_t *plane, int width, int i)
{
    const uint8_t *p = plane + i;
    return (p[-width - 1] + p[-width] + p[-width + 1] + p[-1] + p[0] + p[1] + p[width - 1] + p[width] + p[width + 1]) / 9;
}

static void step_across(const slow *s, uint32_t number, const glance *before, int x, int y, steps *t)
{
    int nx = 0, ny = 0;
    for (int j = -2; j <= 2; j++)
        for (int i = -2; i <= 2; i++)
            if (x + i >= 0 && y + j >= 0 && x + i < s->width && y + j < s->height && s->label[(y + j) * s->width + x + i] == number) {
                nx -= i;
                ny -= j;
            }
    double length = hypot(nx, ny);
    if (length < 1)
        return;
    int dx = (int)lround(STEP_PX * nx / length), dy = (int)lround(STEP_PX * ny / length);
    int ox = x + dx, oy = y + dy, ix = x - dx, iy = y - dy;
    if (ox < 1 || oy < 1 || ix < 1 || iy < 1 || ox >= s->width - 1 || oy >= s->height - 1 || ix >= s->width - 1 || iy >= s->height - 1)
        return;
    int o = oy * s->width + ox, i = iy * s->width + ix;
    t->luma_before += before->mean[i] - before->mean[o];
    t->luma_now += s->visit.mean[i] - s->visit.mean[o];
    t->hue_before += abs(mean3(before->u, s->width, i) - mean3(before->u, s->width, o)) + abs(mean3(before->v, s->width, i) - mean3(before->v, s->width, o));
    t->hue_now += abs(mean3(s->visit.u, s->width, i) - mean3(s->visit.u, s->width, o)) + abs(mean3(s->visit.v, s->width, i) - mean3(s->visit.v, s->width, o));
    t->count++;
}

static traits measure_region(const slow *s, uint32_t number, const glance *before, const light *l)
{
    const region *r = &s->region[number];
    traits t = { .fresh = true };
    steps st = { 0 };
    int outline = 0;
    for (int y = r->top; y < r->bottom; y++)
        for (int x = r->left; x < r->right; x++) {
            int i = y * s->width + x;
            if (s->label[i] != number)
                continue;
            t.age += s->age[i];
            t.fresh = t.fresh && (s->age[i] == 0 || s->since[i] > s->dwell_at);
            t.colour += abs(before->u[i] + l->u - s->visit.u[i]) + abs(before->v[i] + l->v - s->visit.v[i]);
            if (x > 0 && y > 0 && x < s->width - 1 && y < s->height - 1 && s->label[i - 1] == number && s->label[i + 1] == number && s->label[i - s->width] == number &&
                s->label[i + s->width] == number) {
                t.inside_before += strongest_near(s->edge_ref, s->width, s->height, x, y);
                t.inside_now += strongest_near(s->edge_now, s->width, s->height, x, y);
                continue;
            }
            outline++;
            step_across(s, number, before, x, y, &st);
            t.edge_before += strongest_near(s->edge_ref, s->width, s->height, x, y);
            t.edge_now += strongest_near(s->edge_now, s->width, s->height, x, y);
        }
    t.edge_before /= outline + 1;
    double el = edge_light(s, r, t.fresh, &t.ring), inside = r->area > (uint32_t)outline ? r->area - (uint32_t)outline : 1;
    t.inside_before /= inside;
    t.inside_now *= el / inside;
    t.edge_now *= el / (outline + 1);
    double steps_seen = st.count ? st.count : 1;
    t.step_before = fabs(st.luma_before) / steps_seen;
    t.step_now = fabs(st.luma_now) / steps_seen / l->factor;
    t.hue_before = st.hue_before / steps_seen;
    t.hue_now = st.hue_now / steps_seen;
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

/* What was seen to come within this dwell and stands: no field is mown and no shadow turns in seconds. It brings an outline; what leaves takes one away. */
static bool is_arrival(const traits *t, double part, uint32_t area_px)
{
    if (part > AREA_ARRIVED_MOST || area_px < AREA_ARRIVED_LEAST_PX)
        return false;
    bool outline = t->edge_now >= EDGE_ARRIVED_LEAST && t->edge_now >= EDGE_GAIN_ARRIVED * t->edge_before;
    if (area_px < AREA_CLEAR_PX)
        return outline && t->fill >= FILL_LEAST && t->age >= STAYS_VISITS;   /* joined gaps have no age */
    bool inside = t->inside_now >= EDGE_ARRIVED_LEAST && t->inside_now >= EDGE_GAIN_ARRIVED * t->inside_before;
    bool instead = t->fill >= FILL_WHOLE_LEAST && t->edge_now >= EDGE_ARRIVED_LEAST && t->edge_now >= EDGE_KEPT_ARRIVED * t->edge_before;   /* of other texture */
    return t->fill >= FILL_ARRIVED_LEAST && (outline || inside || instead || (t->colour >= COLOUR_LEAST && t->edge_now >= EDGE_KEPT * t->edge_before));
}

/* What leaves before our eyes takes its outline along: the ground without it is the view's. */
static bool has_left(const traits *t)
{
    return t->fresh && t->edge_now < EDGE_LEFT * t->edge_before && t->inside_now < EDGE_LEFT * t->inside_before;
}

/* A parcel had its border before it was mown: an edge where the outline is, and another hue or brightness beyond it. */
static bool was_bounded(const traits *t, uint32_t area_px)
{
    return area_px >= FIELD_LEAST_PX && t->edge_before >= BORDER_GAIN * t->inside_before && (t->hue_before >= BORDER_HUE || t->step_before >= BORDER_STEP);
}

/* A thing that was put there brings a hue or an edge that no shadow has, and an outline. A small one of another colour may do without; a mown parcel is large, or ends where the
 * edges were, and does not come within minutes; a shadow that is gone leaves less edge than there was, but not at every hour of a day. */
static bool is_thing(const slow *s, const region *r, const traits *t, bool vivid)
{
    double part = (double)r->area / ((double)s->width * s->height);
    if (r->area < (uint32_t)AREA_LEAST_PX >> s->halved)
        return false;
    if (t->fresh)
        return is_arrival(t, part, r->area << (2 * s->halved));
    uint32_t area_px = r->area << (2 * s->halved);
    if (part > AREA_MOST && area_px > AREA_MOST_PX)
        return false;
    bool compact = t->fill >= FILL_LONG_LEAST && t->aspect <= ASPECT_MOST, clear = t->edge_now >= EDGE_CLEAR_LEAST && t->edge_now >= EDGE_GAIN_CLEAR * t->edge_before;
    if (vivid && t->colour < HUE_LEAST && t->edge_now < STARK_LEAST && !(clear && compact && area_px >= AREA_GREY_LEAST_PX))
        return false;
    bool bounded = was_bounded(t, area_px), outline = t->edge_now >= EDGE_LEAST && t->edge_now >= (bounded ? EDGE_GAIN_BOUNDED : EDGE_GAIN) * t->edge_before;
    bool inside = t->inside_now >= EDGE_LEAST && t->inside_now >= INSIDE_GAIN * t->inside_before && t->edge_now >= EDGE_INSIDE_KEPT * t->edge_before && !bounded;
    if (outline || clear || inside)
        return true;
    if ((part > AREA_DULL_MOST && area_px > AREA_DULL_MOST_PX) || bounded || t->fill < FILL_LEAST || t->aspect > ASPECT_MOST)
        return false;
    return (t->colour >= COLOUR_LEAST && t->edge_now >= EDGE_KEPT * t->edge_before) || (t->age >= LONG_VISITS && t->fill >= FILL_LONG_LEAST && t->edge_now >= EDGE_LONG_KEPT * t->edge_before);
}

/* ---- Told once ---- */

/* The look of now goes into every reference, around the region too; the look before is remembered. */
static void take_in(slow *s, const region *r)
{
    enum { AROUND = WINDOW + 3 };
    const glance *before = slow_nearest(s);
    light l[HOURS];
    for (int h = 0; h < HOURS; h++)
        if (s->reference[h].there)
            l[h] = glance_light(&s->visit, &s->reference[h], (size_t)s->width * (size_t)s->height);
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
            for (int h = 0; h < HOURS; h++)
                if (s->reference[h].there)
                    glance_borrow(&s->reference[h], &s->visit, (size_t)i, &l[h]);
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
            if (s->label[i] == number && s->age[i] && s->since[i] < f.at_first) {
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
static bool is_told(slow *s, const region *r, bool fresh)
{
    for (uint32_t k = 0; k < s->told_count && k < TOLD_MAX; k++) {
        const region *t = &s->told[k];
        int wide = t->right - t->left, high = t->bottom - t->top, around = (TOLD_AROUND_PX >> s->halved) + (wide < high ? wide : high) / 6;
        bool lately = s->visits - s->told_visit[k] <= LATELY_VISITS;
        around = lately ? (fresh ? ARRIVED_AROUND_PX : LATELY_AROUND_PX) >> s->halved : around;
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

void slow_spread(const uint8_t *from, uint8_t value, int width, int height, int reach, uint8_t *rows, uint8_t *to)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int left = x > reach ? x - reach : 0, right = x + reach < width ? x + reach : width - 1;
            rows[y * width + x] = memchr(from + y * width + left, value, (size_t)(right - left + 1)) != NULL;
        }
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int at = y > reach ? y - reach : 0, below = y + reach < height ? y + reach : height - 1;
            while (at < below && !rows[at * width + x])
                at++;
            to[y * width + x] = rows[at * width + x];
        }
}

/* On plain ground only the edges of an arrival differ for sure: its parts are joined over small gaps. */
static void join_parts(slow *s)
{
    size_t pixels = (size_t)s->width * (size_t)s->height;
    int reach = JOIN_PX >> s->halved;
    slow_spread(s->other, 255, s->width, s->height, reach, s->room8, s->differs);
    slow_spread(s->differs, 0, s->width, s->height, reach, s->room8, s->other);
    for (size_t i = 0; i < pixels; i++)
        s->other[i] = s->other[i] ? 0 : 255;
}

void slow_find_lasting(slow *s, findings *out)
{
    size_t pixels = (size_t)s->width * (size_t)s->height;
    gf_utc_ms until = s->gathered_last + (s->gathered_count > 1 ? (s->gathered_last - s->gathered_at) / (s->gathered_count - 1) : 0);   /* a picture stands for its while */
    bool any = false, arrived = false;
    for (size_t i = 0; i < pixels; i++) {
        /* Seen to come it is told within this dwell; else it was looked at on several. */
        bool stays = s->age[i] >= STAYS_VISITS && until - s->since[i] >= STAYS_MS && (s->since[i] > s->dwell_at || s->dwells[i] >= STAYS_DWELLS) && s->restless[i] < RESTLESS;
        s->other[i] = stays ? 255 : 0;
        any = any || stays;
        arrived = arrived || (stays && s->since[i] > s->dwell_at);
    }
    if (!any)
        return;
    if (arrived)
        join_parts(s);
    const light l = glance_light(slow_nearest(s), &s->visit, pixels);
    bool vivid = is_vivid(slow_nearest(s), pixels);
    find_edges(slow_nearest(s), s->width, s->height, s->edge_ref);
    find_edges(&s->visit, s->width, s->height, s->edge_now);
    uint32_t count = label_regions(s->other, NULL, s->width, s->height, s->label, s->parent, s->region, SLOW_REGIONS_MAX);
    for (uint32_t k; (k = largest(s, count)) != 0; s->region[k].area = 0) {   /* so that parts come after the whole */
        const region *r = &s->region[k];
        traits t = measure_region(s, k, slow_nearest(s), &l);
        if (!is_thing(s, r, &t, vivid)) {
            if (has_left(&t))
                take_in(s, r);
            continue;
        }
        if (!is_told(s, r, t.fresh))
            tell(s, r, k, fmin(1, (t.edge_now + 10) / (t.edge_before + t.edge_now + 10)), out);
        take_in(s, r);
    }
}

