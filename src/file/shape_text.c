/* Outlines as text (OGC well-known text): POLYGON((x y, x y, ...),(...)) and MULTIPOLYGON(((...)),((...))). What is kept in a
 * column of a register, shown on a map and given to other programs. All rings of all polygons come as one list: inside
 * is even-odd. Written back, a ring that lies inside an odd number of others is a hole of the smallest of them.
 */
#include "file/gf_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RINGS_MAX = 10000, POINTS_MAX = 1000000, NUMBER_BYTES = 40 };
static const double COORDINATE_MAX = 1e9;   /* degrees or metres: beyond it nothing lies on the earth */

typedef struct wkt_reader { gf_str rest; gf_arena *keep; gf_error *err; gf_file_part *rings; size_t ring_count, ring_room, points; } wkt_reader;

static gf_status fail(wkt_reader *r, const char *what)
{
    return gf_fail(r->err, GF_EINPUT, "layer.wkt", "Write POLYGON((119.7 27.5,119.8 27.5,119.8 27.6,119.7 27.5)).", "%s", what);
}

static void skip_blanks(wkt_reader *r)
{
    while (r->rest.len && (r->rest.data[0] == ' ' || r->rest.data[0] == '\n' || r->rest.data[0] == '\t'))
        r->rest = gf_str_slice(r->rest, 1, r->rest.len);
}

static bool take_char(wkt_reader *r, char c)
{
    skip_blanks(r);
    if (r->rest.len == 0 || r->rest.data[0] != c)
        return false;
    r->rest = gf_str_slice(r->rest, 1, r->rest.len);
    return true;
}

static bool take_number(wkt_reader *r, double *out)
{
    char text[NUMBER_BYTES], *end;
    size_t len = 0;
    skip_blanks(r);
    while (len < r->rest.len && len + 1 < sizeof text && r->rest.data[len] && strchr("+-.0123456789eE", r->rest.data[len]))
        len++;
    memcpy(text, r->rest.data, len);
    text[len] = '\0';
    *out = strtod(text, &end);
    r->rest = gf_str_slice(r->rest, len, r->rest.len);
    return len > 0 && *end == '\0' && fabs(*out) <= COORDINATE_MAX;  /* written so that NAN fails too */
}

static size_t count_points(gf_str ring)
{
    size_t count = 1;
    for (size_t i = 0; i < ring.len && ring.data[i] != ')'; i++)
        count += ring.data[i] == ',';
    return count;
}

static gf_status take_ring(wkt_reader *r)
{
    if (!take_char(r, '('))
        return fail(r, "an outline has no opening bracket");
    size_t count = count_points(r->rest);
    r->points += count;
    if (r->points > POINTS_MAX || r->ring_count == RINGS_MAX)
        return gf_fail(r->err, GF_ELIMIT, "layer.large", "Split it.", "an outline has more than %d points", POINTS_MAX);
    gf_file_point *points = gf_new(r->keep, gf_file_point, count);
    if (!points)
        return gf_fail_memory(r->err);
    for (size_t i = 0; i < count; i++)
        if ((i && !take_char(r, ',')) || !take_number(r, &points[i].x) || !take_number(r, &points[i].y))
            return fail(r, "an outline has a point that is no pair of numbers");
    if (!take_char(r, ')'))
        return fail(r, "an outline has no closing bracket");
    bool closed = count >= 4 && points[0].x == points[count - 1].x && points[0].y == points[count - 1].y;
    if (!closed)
        return fail(r, "an outline does not come back to its first point");
    r->rings[r->ring_count++] = (gf_file_part){ points, count };
    return GF_OK;
}

static gf_status take_polygon(wkt_reader *r)
{
    if (!take_char(r, '('))
        return fail(r, "a polygon has no opening bracket");
    gf_status status = take_ring(r);
    while (status == GF_OK && take_char(r, ','))
        status = take_ring(r);
    return status == GF_OK && !take_char(r, ')') ? fail(r, "a polygon has no closing bracket") : status;
}

static bool take_word(wkt_reader *r, const char *word)
{
    size_t len = strlen(word);
    skip_blanks(r);
    for (size_t i = 0; i < len; i++)
        if (i >= r->rest.len || (r->rest.data[i] & ~0x20) != word[i])
            return false;
    r->rest = gf_str_slice(r->rest, len, r->rest.len);
    return true;
}

static size_t count_rings(gf_str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == '(';
    return count < RINGS_MAX ? count : RINGS_MAX;
}

gf_status gf_file_wkt_read(gf_str text, gf_arena *keep, gf_file_feature *out, gf_error *err)
{
    wkt_reader r = { .rest = text, .keep = keep, .err = err };
    gf_mark mark = gf_arena_mark(keep);
    r.rings = gf_new(keep, gf_file_part, count_rings(text) + 1);
    if (!r.rings)
        return gf_fail_memory(err);
    bool many = take_word(&r, "MULTIPOLYGON");
    gf_status status = many || take_word(&r, "POLYGON") ? GF_OK : fail(&r, "the outline is no POLYGON");
    if (status == GF_OK && many && !take_char(&r, '('))
        status = fail(&r, "an outline has no opening bracket");
    if (status == GF_OK)
        status = take_polygon(&r);
    while (status == GF_OK && many && take_char(&r, ','))
        status = take_polygon(&r);
    if (status == GF_OK && many && !take_char(&r, ')'))
        status = fail(&r, "an outline has no closing bracket");
    skip_blanks(&r);
    if (status == GF_OK && r.rest.len)
        status = fail(&r, "something stands behind the outline");
    if (status == GF_OK)
        *out = (gf_file_feature){ .parts = r.rings, .part_count = r.ring_count };
    else
        gf_arena_rewind(keep, mark);
    return status;
}

/* ---- Writing ---- */

static bool inside(const gf_file_part *ring, gf_file_point p)
{
    bool in = false;
    for (size_t i = 0; i + 1 < ring->count; i++) {
        gf_file_point a = ring->points[i], b = ring->points[i + 1];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
            in = !in;
    }
    return in;
}

static double area(const gf_file_part *ring)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < ring->count; i++)
        sum += (ring->points[i].x - ring->points[0].x) * (ring->points[i + 1].y - ring->points[0].y) - (ring->points[i + 1].x - ring->points[0].x) * (ring->points[i].y - ring->points[0].y);
    return fabs(sum);
}

/* The ring that this one is a hole of; SIZE_MAX = it is an outline itself. */
static size_t owner_of(const gf_file_feature *f, size_t ring)
{
    size_t owner = SIZE_MAX, depth = 0;
    for (size_t i = 0; i < f->part_count; i++) {
        if (i == ring || !inside(&f->parts[i], f->parts[ring].points[0]))
            continue;
        depth++;
        if (owner == SIZE_MAX || area(&f->parts[i]) < area(&f->parts[owner]))
            owner = i;
    }
    return depth % 2 ? owner : SIZE_MAX;
}

/* Rings that cross each other can claim a hole as their owner: such a ring is written as an outline, for none may be lost. */
static size_t hole_of(const gf_file_feature *f, size_t ring)
{
    size_t owner = owner_of(f, ring);
    return owner != SIZE_MAX && owner_of(f, owner) == SIZE_MAX ? owner : SIZE_MAX;
}

static void add_number(double value, int decimals, gf_text *out)
{
    char text[NUMBER_BYTES];
    size_t len = (size_t)snprintf(text, sizeof text, "%.*f", decimals, value);
    while (decimals > 0 && len && text[len - 1] == '0')
        len--;
    len -= len && text[len - 1] == '.';
    gf_text_add(out, (gf_str){ text, len });
}

static void add_ring(const gf_file_part *ring, int decimals, gf_text *out)
{
    gf_text_add_char(out, '(');
    for (size_t i = 0; i < ring->count; i++) {
        if (i)
            gf_text_add_char(out, ',');
        add_number(ring->points[i].x, decimals, out);
        gf_text_add_char(out, ' ');
        add_number(ring->points[i].y, decimals, out);
    }
    gf_text_add_char(out, ')');
}

void gf_file_wkt_write(const gf_file_feature *feature, int decimals, gf_text *out)
{
    size_t outlines = 0, written = 0;
    for (size_t i = 0; i < feature->part_count; i++)
        outlines += hole_of(feature, i) == SIZE_MAX;
    gf_text_add_c(out, outlines > 1 ? "MULTIPOLYGON(" : "POLYGON");
    for (size_t i = 0; i < feature->part_count; i++) {
        if (hole_of(feature, i) != SIZE_MAX)
            continue;
        gf_text_add_c(out, written++ ? ",(" : "(");
        add_ring(&feature->parts[i], decimals, out);
        for (size_t k = 0; k < feature->part_count; k++)
            if (hole_of(feature, k) == i) {
                gf_text_add_char(out, ',');
                add_ring(&feature->parts[k], decimals, out);
            }
        gf_text_add_char(out, ')');
    }
    if (outlines > 1)
        gf_text_add_char(out, ')');
}
