/* Borders of cells, chained into rings.
 *
 * Every side between a cell of the set and one outside it is an edge that runs with the set on its left (counter-clockwise
 * with north up). At a corner where two cells of the set meet diagonally the edge stays with its own cell, so that a
 * ring belongs to one 4-connected patch. Such a ring may come back to a corner; what lies between the two visits is cut
 * off as a ring of its own, always a hole. A patch has one outer ring and any number of holes. Linear in cells.
 */
#include "terrain/gf_terrain.h"

#include <assert.h>

enum { EAST, NORTH, WEST, SOUTH, NO_LABEL = 0, RUN_MAX = 16 };

static const int ROW_STEP[4] = { 0, -1, 0, 1 }, COLUMN_STEP[4] = { 1, 0, -1, 0 };

typedef struct ring_link { struct ring_link *next; gf_terrain_ring ring; uint32_t label; bool outer; } ring_link;

typedef struct tracer {
    const gf_terrain_view *view;
    gf_terrain_sight sight;
    uint32_t  rows, columns;
    uint32_t *label;                 /* of each cell's patch, from 1; 0 outside the set */
    uint32_t  label_count;
    uint8_t  *done;                  /* by corner: a bit for each direction in which an edge left it */
    size_t   *visit;                 /* by corner: 1 + place in the path, 0 = not on it */
    gf_terrain_corner *path;
    uint8_t  *heading;               /* of the edge that leaves the corner of the path */
    ring_link *rings;
    size_t    ring_count;
    gf_arena *keep, *scratch;
} tracer;

static bool has(const tracer *t, int64_t row, int64_t column)
{
    return row >= 0 && column >= 0 && row < t->rows && column < t->columns && t->view->sight[(size_t)row * t->columns + (size_t)column] == t->sight;
}

/* ---- Patches ---- */

static void flood(tracer *t, uint32_t *stack, size_t from)
{
    size_t count = 0;
    t->label[from] = ++t->label_count;
    stack[count++] = (uint32_t)from;
    while (count) {
        uint32_t cell = stack[--count], row = cell / t->columns, column = cell % t->columns;
        for (int d = 0; d < 4; d++) {
            int64_t r = (int64_t)row + ROW_STEP[d], c = (int64_t)column + COLUMN_STEP[d];
            if (!has(t, r, c) || t->label[(size_t)r * t->columns + (size_t)c])
                continue;
            t->label[(size_t)r * t->columns + (size_t)c] = t->label_count;
            stack[count++] = (uint32_t)((size_t)r * t->columns + (size_t)c);
        }
    }
}

/* ---- Edges ---- */

/* The cell on the left of the edge that leaves the corner in a direction, and the one on its right. */
static void beside(uint32_t row, uint32_t column, int heading, int64_t left[2], int64_t right[2])
{
    static const int LEFT[4][2] = { { -1, 0 }, { -1, -1 }, { 0, -1 }, { 0, 0 } }, RIGHT[4][2] = { { 0, 0 }, { -1, 0 }, { -1, -1 }, { 0, -1 } };
    left[0] = (int64_t)row + LEFT[heading][0], left[1] = (int64_t)column + LEFT[heading][1];
    right[0] = (int64_t)row + RIGHT[heading][0], right[1] = (int64_t)column + RIGHT[heading][1];
}

static bool is_edge(const tracer *t, uint32_t row, uint32_t column, int heading)
{
    int64_t left[2], right[2];
    beside(row, column, heading, left, right);
    return has(t, left[0], left[1]) && !has(t, right[0], right[1]);
}

/* A left turn stays with the same cell; then straight on; then right. */
static int turn(const tracer *t, uint32_t row, uint32_t column, int heading)
{
    static const int ORDER[3] = { 1, 0, 3 };
    for (int i = 0; i < 3; i++)
        if (is_edge(t, row, column, (heading + ORDER[i]) & 3))
            return (heading + ORDER[i]) & 3;
    return heading;   /* cannot be: an edge that arrives at a corner has one that leaves it */
}

/* ---- Rings ---- */

/* Corners of the path from `first` on: where it turns, and every RUN_MAX cells of a straight run. */
static gf_status keep_ring(tracer *t, size_t first, size_t end, uint32_t label, gf_error *err)
{
    size_t count = 0, run = 0, length = end - first;
    int64_t twice_area = 0;
    gf_terrain_corner *corner = gf_new(t->keep, gf_terrain_corner, length);
    ring_link *link = gf_new(t->scratch, ring_link, 1);
    if (!corner || !link)
        return gf_fail_memory(err);
    for (size_t i = 0; i < length; i++) {
        gf_terrain_corner a = t->path[first + i], b = t->path[first + (i + 1) % length];
        bool turns = t->heading[first + i] != t->heading[first + (i + length - 1) % length];
        twice_area += (int64_t)b.column * a.row - (int64_t)a.column * b.row;   /* rows run south */
        run = turns ? 0 : run + 1;
        if (turns || run % RUN_MAX == 0)
            corner[count++] = (gf_terrain_corner){ a.row + t->view->row0, a.column + t->view->column0 };
    }
    *link = (ring_link){ .next = t->rings, .ring = { corner, count }, .label = label, .outer = twice_area > 0 };
    t->rings = link;
    t->ring_count++;
    return GF_OK;
}

static size_t corner_at(const tracer *t, uint32_t row, uint32_t column) { return (size_t)row * (t->columns + 1) + column; }

/* Follow the edges from a corner back to it; loops are cut off as soon as they close. */
static gf_status trace(tracer *t, uint32_t row, uint32_t column, int heading, gf_error *err)
{
    int64_t left[2], right[2];
    size_t count = 0;
    beside(row, column, heading, left, right);
    uint32_t label = t->label[(size_t)left[0] * t->columns + (size_t)left[1]];
    gf_status status = GF_OK;
    while (status == GF_OK) {
        size_t at = corner_at(t, row, column);
        if (t->visit[at]) {
            size_t first = t->visit[at] - 1;
            status = keep_ring(t, first, count, label, err);
            for (size_t i = first; i < count; i++)
                t->visit[corner_at(t, t->path[i].row, t->path[i].column)] = 0;
            count = first;
        }
        if (t->done[at] >> heading & 1)
            break;   /* the edge with which the walk began */
        t->done[at] |= (uint8_t)(1 << heading);
        t->path[count] = (gf_terrain_corner){ row, column };
        t->heading[count++] = (uint8_t)heading;
        t->visit[at] = count;
        row = (uint32_t)((int64_t)row + ROW_STEP[heading]);
        column = (uint32_t)((int64_t)column + COLUMN_STEP[heading]);
        heading = turn(t, row, column, heading);
    }
    return status;
}

/* ---- Polygons ---- */

static gf_status gather(tracer *t, gf_terrain_outline *out, gf_error *err)
{
    size_t *count = gf_new(t->scratch, size_t, t->label_count + 1);
    gf_terrain_polygon *polygons = gf_new(t->keep, gf_terrain_polygon, (size_t)t->label_count + 1);
    gf_terrain_ring *rings = gf_new(t->keep, gf_terrain_ring, t->ring_count + 1);
    if (!count || !polygons || !rings)
        return gf_fail_memory(err);
    for (const ring_link *r = t->rings; r; r = r->next)
        count[r->label]++;
    for (uint32_t label = 1, used = 0; label <= t->label_count; used += (uint32_t)count[label++])
        polygons[label - 1] = (gf_terrain_polygon){ .rings = rings + used, .count = 1 };
    for (const ring_link *r = t->rings; r; r = r->next) {
        gf_terrain_polygon *p = &polygons[r->label - 1];
        p->rings[r->outer ? 0 : p->count++] = r->ring;
    }
    *out = (gf_terrain_outline){ .polygons = polygons, .count = t->label_count };
    return GF_OK;
}

static gf_status prepare(tracer *t, gf_error *err)
{
    size_t cells = (size_t)t->rows * t->columns, corners = (size_t)(t->rows + 1) * (t->columns + 1);
    uint32_t *stack = gf_new(t->scratch, uint32_t, cells + 1);
    t->label = gf_new(t->scratch, uint32_t, cells);
    t->done = gf_new(t->scratch, uint8_t, corners);
    t->visit = gf_new(t->scratch, size_t, corners);
    t->path = gf_new(t->scratch, gf_terrain_corner, corners + 1);
    t->heading = gf_new(t->scratch, uint8_t, corners + 1);
    if (!stack || !t->label || !t->done || !t->visit || !t->path || !t->heading)
        return gf_fail_memory(err);
    for (size_t i = 0; i < cells; i++)
        if (t->view->sight[i] == t->sight && !t->label[i])
            flood(t, stack, i);
    return GF_OK;
}

gf_status gf_terrain_outline_make(const gf_terrain_view *view, gf_terrain_sight sight, gf_arena *keep, gf_arena *scratch, gf_terrain_outline *out,
                                  gf_error *err)
{
    assert(keep != scratch);
    gf_mark mark = gf_arena_mark(scratch);
    tracer t = { .view = view, .sight = sight, .rows = view->rows, .columns = view->columns, .keep = keep, .scratch = scratch };
    gf_status status = prepare(&t, err);
    for (uint32_t r = 0; r <= t.rows && status == GF_OK; r++)
        for (uint32_t c = 0; c <= t.columns && status == GF_OK; c++)
            for (int heading = 0; heading < 4 && status == GF_OK; heading++)
                if (!(t.done[corner_at(&t, r, c)] >> heading & 1) && is_edge(&t, r, c, heading))
                    status = trace(&t, r, c, heading, err);
    if (status == GF_OK)
        status = gather(&t, out, err);
    gf_arena_rewind(scratch, mark);
    return status;
}
