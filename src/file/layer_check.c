/* What every layer must keep, whatever file it came from: rings that close, do not cross themselves and hold an area; numbers
 * that fit the system they are said to be in.
 *
 * Crossings are looked for among segments whose spans in x overlap: sorted by their west ends, each is held against those that
 * begin before it ends. A parcel of 50 points costs a few hundred comparisons, a county boundary of 5,000 some 100,000. A ring
 * may touch itself (many real parcels do); only two segments that cross each other inside count. */
#include "file/layer_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t COMPARISONS_MAX = 500000000;
static const double NEAR_M = 0.001, NEAR_DEG = 1e-8;   /* nearer to a line than this is on it: rounding makes no crossing */

/* ---- Rings ---- */

typedef struct segment { double west, east; gf_file_point a, b; } segment;

static int by_west(const void *left, const void *right)
{
    const segment *a = left, *b = right;
    return (a->west > b->west) - (a->west < b->west);
}

/* +1 when p lies left of a -> b, -1 right, 0 on it or nearer than `near`. */
static int side(gf_file_point a, gf_file_point b, gf_file_point p, double near)
{
    double east = b.x - a.x, north = b.y - a.y, turn = east * (p.y - a.y) - north * (p.x - a.x);
    return fabs(turn) <= near * hypot(east, north) ? 0 : turn > 0 ? 1 : -1;
}

static bool cross(const segment *s, const segment *t, double near)
{
    return side(s->a, s->b, t->a, near) * side(s->a, s->b, t->b, near) < 0 && side(t->a, t->b, s->a, near) * side(t->a, t->b, s->b, near) < 0;
}

static gf_status fail_crossing(const segment *s, const segment *t, size_t part, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "layer.shape", "Repair the ring, for example with ST_MakeValid or the geometry checker of QGIS.",
                   "ring %zu crosses itself: (%.9g, %.9g) to (%.9g, %.9g) and (%.9g, %.9g) to (%.9g, %.9g)", part + 1, s->a.x, s->a.y, s->b.x,
                   s->b.y, t->a.x, t->a.y, t->b.x, t->b.y);
}

static gf_status find_crossing(segment *segments, size_t count, size_t part, gf_error *err)
{
    size_t comparisons = 0;
    double near = fabs(segments[0].a.x) <= 180 && fabs(segments[0].a.y) <= 180 ? NEAR_DEG : NEAR_M;
    qsort(segments, count, sizeof *segments, by_west);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count && segments[k].west <= segments[i].east; k++) {
            if (++comparisons > COMPARISONS_MAX)
                return gf_fail(err, GF_ELIMIT, "layer.large", "Cut it into pieces.", "ring %zu is too tangled to be checked", part + 1);
            if (cross(&segments[i], &segments[k], near))
                return fail_crossing(&segments[i], &segments[k], part, err);
        }
    return GF_OK;
}

static gf_status check_crossing(const gf_file_part *ring, size_t part, gf_error *err)
{
    enum { AT_HAND = 64 };
    segment at_hand[AT_HAND], *segments = ring->count <= AT_HAND ? at_hand : calloc(ring->count, sizeof *segments);
    if (!segments)
        return gf_fail_memory(err);
    for (size_t i = 0; i + 1 < ring->count; i++) {
        gf_file_point a = ring->points[i], b = ring->points[i + 1];
        segments[i] = (segment){ a.x < b.x ? a.x : b.x, a.x < b.x ? b.x : a.x, a, b };
    }
    gf_status status = find_crossing(segments, ring->count - 1, part, err);
    if (segments != at_hand)
        free(segments);
    return status;
}

/* Twice the area, seen from the first point so that large coordinates do not eat the digits. */
static double double_area(const gf_file_part *ring)
{
    gf_file_point o = ring->points[0];
    double sum = 0;
    for (size_t i = 0; i + 1 < ring->count; i++)
        sum += (ring->points[i].x - o.x) * (ring->points[i + 1].y - o.y) - (ring->points[i + 1].x - o.x) * (ring->points[i].y - o.y);
    return fabs(sum);
}

gf_status layer_check_rings(const gf_file_part *parts, size_t count, gf_error *err)
{
    double area = 0;
    for (size_t i = 0; i < count; i++) {
        const gf_file_part *ring = &parts[i];
        if (ring->count < 4)
            return gf_fail(err, GF_EINPUT, "layer.shape", "A ring needs three corners, and its first point again at the end.",
                           "ring %zu has %zu points", i + 1, ring->count);
        gf_file_point first = ring->points[0], last = ring->points[ring->count - 1];
        if (first.x != last.x || first.y != last.y)
            return gf_fail(err, GF_EINPUT, "layer.shape", "End it where it begins.", "ring %zu is open: it begins at (%.9g, %.9g) and ends at (%.9g, %.9g)",
                           i + 1, first.x, first.y, last.x, last.y);
        gf_status status = check_crossing(ring, i, err);
        if (status != GF_OK)
            return status;
        area += double_area(ring);
    }
    return area > 0 ? GF_OK : gf_fail(err, GF_EINPUT, "layer.shape", "Draw it again, or leave it out.", "it has no area");
}

/* ---- Numbers against the system ---- */

typedef struct span { double west, east, south, north; } span;

static span span_of(const layer_build *b)
{
    span s = { INFINITY, -INFINITY, INFINITY, -INFINITY };
    for (size_t i = 0; i < b->feature_count; i++)
        for (size_t k = 0; k < b->features[i].part_count; k++)
            for (size_t n = 0; n < b->features[i].parts[k].count; n++) {
                gf_file_point p = b->features[i].parts[k].points[n];
                s.west = fmin(s.west, p.x), s.east = fmax(s.east, p.x);
                s.south = fmin(s.south, p.y), s.north = fmax(s.north, p.y);
            }
    return s;
}

/* Numbers as a position in China has them. */
static bool within(double low, double high, double least, double most) { return low >= least && high <= most; }
static bool is_easting(double low, double high)
{
    double zone = floor(low / 1e6) * 1e6;   /* 40,500,000 carries its zone in front */
    return within(low, high, 1e5, 9.5e5) || (zone >= 13e6 && zone <= 45e6 && within(low - zone, high - zone, 1e5, 9.5e5));
}
static bool is_northing(double low, double high) { return within(low, high, 1.5e6, 6.2e6); }
static bool is_longitude(double low, double high) { return within(low, high, 70, 140); }
static bool is_latitude(double low, double high) { return within(low, high, 0, 60); }

typedef enum unit { UNIT_UNKNOWN, UNIT_DEGREES, UNIT_METRES } unit;

/* As far as it matters in China; other systems are not held against their numbers. */
static unit unit_of(int epsg)
{
    bool degrees = epsg == 4326 || epsg == 4490 || epsg == 4479 || epsg == 4610 || epsg == 4214 || epsg < 0;
    bool metres = (epsg >= 4491 && epsg <= 4554) || (epsg >= 32601 && epsg <= 32660) || (epsg >= 2327 && epsg <= 2442) || epsg == 3857;
    return degrees ? UNIT_DEGREES : metres ? UNIT_METRES : UNIT_UNKNOWN;
}

static gf_status fail_system(gf_error *err, const char *code, const char *hint, const span *s, const char *what)
{
    return gf_fail(err, GF_EINPUT, code, hint, "%s: x from %.9g to %.9g, y from %.9g to %.9g", what, s->west, s->east, s->south, s->north);
}

static gf_status check_degrees(const span *s, bool swapped, gf_error *err)
{
    if (swapped)
        return fail_system(err, "layer.swapped", "Exchange x and y.", s, "longitude and latitude seem to have changed places");
    if (!within(s->west, s->east, -180, 180) || !within(s->south, s->north, -90, 90))
        return fail_system(err, "layer.degrees", "Name the system, for example --layer-crs EPSG:4549 (GeoJSON without crs is in degrees).", s,
                           "the layer is said to be in degrees, but these are none");
    return GF_OK;
}

gf_status layer_check_system(const layer_build *b, int epsg, bool *degrees, gf_error *err)
{
    span s = span_of(b);
    bool look_degrees = within(s.west, s.east, -180, 180) && within(s.south, s.north, -180, 180);
    bool swapped_degrees = is_latitude(s.west, s.east) && is_longitude(s.south, s.north);
    bool swapped_metres = is_northing(s.west, s.east) && is_easting(s.south, s.north) && !is_easting(s.west, s.east);
    unit told = unit_of(epsg);
    gf_status status = GF_OK;
    if (told == UNIT_DEGREES || (told == UNIT_UNKNOWN && look_degrees && epsg == 0))
        status = check_degrees(&s, swapped_degrees, err);
    else if (told == UNIT_METRES && look_degrees)
        status = fail_system(err, "layer.degrees", "Name the system they are in: --layer-crs EPSG:4490 or EPSG:4326.", &s,
                             "the layer is said to be in metres, but the numbers look like degrees");
    else if (told != UNIT_UNKNOWN || epsg == 0)
        status = swapped_metres ? fail_system(err, "layer.swapped", "Surveyors write X = north; here x is east. Exchange them.", &s,
                                              "x and y seem to have changed places") : GF_OK;
    if (status == GF_OK)
        *degrees = told == UNIT_DEGREES || (told == UNIT_UNKNOWN && look_degrees);
    else
        (void)gf_fail_at(err, "%.80s", b->options->name);
    return status;
}
