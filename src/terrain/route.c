/* The tree is kept as arms: for each cell a bit for each of its eight neighbours that it is joined to. */
#include "terrain/gf_terrain_route.h"
#include <math.h>
#include <string.h>

enum { ROUNDS_MAX = 6, WAYS = 8 };
static const int ROW[WAYS] = { -1, -1, 0, 1, 1, 1, 0, -1 }, COLUMN[WAYS] = { 0, 1, 1, 1, 0, -1, -1, -1 };   /* way w ^ 4 leads back */
static const double DIAGONAL = 1.41421356237309504880, GAIN_LEAST = 1e-9;

typedef struct entry { double cost; uint32_t cell; } entry;

typedef struct work {
    const gf_terrain_mesh *mesh;
    uint32_t cells, stamp;
    double   *cost;
    uint32_t *seen;             /* cost and came hold where seen = stamp */
    int8_t   *came;             /* the way back towards where the search began; -1 at its beginnings */
    uint8_t  *arms, *key, *in_tree, *side;
    entry    *heap;
    size_t    heap_count, heap_room;
    uint32_t *stack;
} work;

static bool passable(const gf_terrain_mesh *m, uint32_t cell)
{
    return !isnan(m->height_m[cell]) && (!m->factor || m->factor[cell] > 0);
}

static bool neighbour(const gf_terrain_mesh *m, uint32_t cell, int way, uint32_t *out)
{
    int64_t row = (int64_t)(cell / m->columns) + ROW[way], column = (int64_t)(cell % m->columns) + COLUMN[way];
    if (row < 0 || column < 0 || row >= m->rows || column >= m->columns)
        return false;
    *out = (uint32_t)(row * m->columns + column);
    return true;
}

double gf_terrain_step_cost(const gf_terrain_mesh *m, uint32_t from, uint32_t to)
{
    if (!passable(m, from) || !passable(m, to))
        return INFINITY;
    bool straight = from / m->columns == to / m->columns || from % m->columns == to % m->columns;
    double flat = m->cell_m * (straight ? 1 : DIAGONAL), rise = fabs(m->height_m[to] - m->height_m[from]);
    double factor = m->factor ? ((double)m->factor[from] + (double)m->factor[to]) / 2 : 1;
    return hypot(flat, rise) * (1 + m->slope_penalty * rise / flat) * factor;
}

/* ---- Heap: by cost, then by cell ---- */

static bool before(entry a, entry b) { return a.cost < b.cost || (a.cost == b.cost && a.cell < b.cell); }

static void push(work *w, entry e)
{
    size_t i = w->heap_count++;
    for (; i > 0 && before(e, w->heap[(i - 1) / 2]); i = (i - 1) / 2)
        w->heap[i] = w->heap[(i - 1) / 2];
    w->heap[i] = e;
}

static entry pop(work *w)
{
    entry top = w->heap[0], last = w->heap[--w->heap_count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < w->heap_count; i = child) {
        if (child + 1 < w->heap_count && before(w->heap[child + 1], w->heap[child]))
            child++;
        if (!before(w->heap[child], last))
            break;
        w->heap[i] = w->heap[child];
    }
    w->heap[i] = last;
    return top;
}

/* ---- Searching ---- */

static void begin(work *w)
{
    w->stamp++;
    w->heap_count = 0;
}

/* Each cell is pushed at most once for each neighbour, and once as a beginning: 9 entries a cell are room enough. */
static void reach(work *w, uint32_t cell, double cost, int8_t came)
{
    if (w->seen[cell] == w->stamp && w->cost[cell] <= cost)
        return;
    w->seen[cell] = w->stamp;
    w->cost[cell] = cost;
    w->came[cell] = came;
    push(w, (entry){ cost, cell });
}

typedef bool goal_fn(const work *w, uint32_t cell);
static bool is_open_place(const work *w, uint32_t cell) { return w->key[cell] && !w->in_tree[cell]; }
static bool is_other_side(const work *w, uint32_t cell) { return w->in_tree[cell] && !w->side[cell]; }

/* The cheapest goal below `most`, or false. */
static bool search(work *w, goal_fn *goal, double most, uint32_t *found)
{
    while (w->heap_count) {
        entry e = pop(w);
        if (e.cost > w->cost[e.cell])
            continue;
        if (e.cost >= most)
            return false;
        if (goal(w, e.cell)) {
            *found = e.cell;
            return true;
        }
        for (int way = 0; way < WAYS; way++) {
            uint32_t next;
            if (!neighbour(w->mesh, e.cell, way, &next))
                continue;
            double step = gf_terrain_step_cost(w->mesh, e.cell, next);
            if (step < INFINITY)
                reach(w, next, e.cost + step, (int8_t)(way ^ 4));
        }
    }
    return false;
}

static void join_back(work *w, uint32_t cell)
{
    w->in_tree[cell] = 1;
    while (w->came[cell] >= 0) {
        uint32_t next = cell;
        int way = w->came[cell];
        (void)neighbour(w->mesh, cell, way, &next);
        w->arms[cell] = (uint8_t)(w->arms[cell] | 1u << way);
        w->arms[next] = (uint8_t)(w->arms[next] | 1u << (way ^ 4));
        w->in_tree[next] = 1;
        cell = next;
    }
}

static void grow(work *w, uint32_t root, size_t open)
{
    uint32_t found;
    w->in_tree[root] = 1;
    for (; open > 0; open--) {
        begin(w);
        for (uint32_t cell = 0; cell < w->cells; cell++)
            if (w->in_tree[cell])
                reach(w, cell, 0, -1);
        if (!search(w, is_open_place, INFINITY, &found))
            return;
        join_back(w, found);
    }
}

/* ---- Improving ---- */

static int arm_count(const work *w, uint32_t cell) { return __builtin_popcount(w->arms[cell]); }
static bool is_key(const work *w, uint32_t cell) { return w->key[cell] || arm_count(w, cell) != 2; }

/* Walk from a key cell along one arm to the next key cell; cost of the stretch. */
static double walk(const work *w, uint32_t from, int way, uint32_t *end, int *last)
{
    double cost = 0;
    for (uint32_t cell = from;;) {
        uint32_t next = cell;
        (void)neighbour(w->mesh, cell, way, &next);
        cost += gf_terrain_step_cost(w->mesh, cell, next);
        *end = next;
        *last = way;
        if (is_key(w, next))
            return cost;
        way = __builtin_ctz((unsigned)(w->arms[next] & ~(1u << (way ^ 4))));
        cell = next;
    }
}

/* Take the stretch out, or (put = true) lay it again. */
static void lay(work *w, const uint32_t *cells, const int8_t *ways, size_t steps, bool put)
{
    for (size_t i = 0; i < steps; i++) {
        uint8_t there = (uint8_t)(1u << ways[i]), back = (uint8_t)(1u << (ways[i] ^ 4));
        w->arms[cells[i]] = (uint8_t)(put ? w->arms[cells[i]] | there : w->arms[cells[i]] & ~there);
        w->arms[cells[i + 1]] = (uint8_t)(put ? w->arms[cells[i + 1]] | back : w->arms[cells[i + 1]] & ~back);
        if (i > 0)
            w->in_tree[cells[i]] = put;
    }
}

static size_t trace(const work *w, uint32_t from, int way, uint32_t end, uint32_t *cells, int8_t *ways)
{
    size_t steps = 0;
    cells[0] = from;
    for (uint32_t cell = from; steps == 0 || cell != end;) {
        uint32_t next = cell;
        (void)neighbour(w->mesh, cell, way, &next);
        ways[steps++] = (int8_t)way;
        cells[steps] = next;
        way = next == end ? 0 : __builtin_ctz((unsigned)(w->arms[next] & ~(1u << (way ^ 4))));
        cell = next;
    }
    return steps;
}

/* Everything on the side of `from` begins the search. */
static void begin_at_side(work *w, uint32_t from)
{
    size_t count = 0;
    begin(w);
    memset(w->side, 0, w->cells);
    w->stack[count++] = from;
    w->side[from] = 1;
    while (count) {
        uint32_t cell = w->stack[--count], next;
        reach(w, cell, 0, -1);
        for (int way = 0; way < WAYS; way++)
            if (w->arms[cell] >> way & 1 && neighbour(w->mesh, cell, way, &next) && !w->side[next]) {
                w->side[next] = 1;
                w->stack[count++] = next;
            }
    }
}

static bool exchange(work *w, uint32_t from, int way, uint32_t *cells, int8_t *ways)
{
    uint32_t end, found;
    int last;
    double cost = walk(w, from, way, &end, &last);
    size_t steps = trace(w, from, way, end, cells, ways);
    lay(w, cells, ways, steps, false);
    begin_at_side(w, from);
    bool pays = search(w, is_other_side, cost - GAIN_LEAST * (1 + cost), &found);
    if (pays)
        join_back(w, found);
    else
        lay(w, cells, ways, steps, true);
    return pays;
}

/* A branch that leads to no place (its end was joined otherwise) is cut back. */
static void prune(work *w)
{
    for (uint32_t start = 0; start < w->cells; start++)
        for (uint32_t cell = start; w->in_tree[cell] && !w->key[cell] && arm_count(w, cell) <= 1;) {
            uint32_t next = cell;
            w->in_tree[cell] = 0;
            if (w->arms[cell]) {
                int way = __builtin_ctz(w->arms[cell]);
                (void)neighbour(w->mesh, cell, way, &next);
                w->arms[next] = (uint8_t)(w->arms[next] & ~(1u << (way ^ 4)));
                w->arms[cell] = 0;
            }
            cell = next;
        }
}

static bool improve(work *w, uint32_t *cells, int8_t *ways)
{
    bool any = false;
    for (uint32_t cell = 0; cell < w->cells; cell++)
        for (int way = 0; way < WAYS; way++)
            if (w->in_tree[cell] && is_key(w, cell) && w->arms[cell] >> way & 1 && exchange(w, cell, way, cells, ways)) {
                any = true;
                prune(w);
            }
    return any;
}

static double cost_of(const work *w)
{
    double cost = 0;
    for (uint32_t cell = 0; cell < w->cells; cell++)
        for (int way = 0; way < WAYS / 2; way++) {      /* half of the ways: each step once */
            uint32_t next;
            if (w->arms[cell] >> way & 1 && neighbour(w->mesh, cell, way, &next))
                cost += gf_terrain_step_cost(w->mesh, cell, next);
        }
    return cost;
}

/* ---- The answer ---- */

static gf_status root_tree(const work *w, uint32_t root, gf_arena *keep, gf_terrain_tree *out, gf_error *err)
{
    size_t count = 0;
    for (uint32_t cell = 0; cell < w->cells; cell++)
        count += w->in_tree[cell];
    int32_t *parent = gf_new(keep, int32_t, w->cells);
    uint32_t *order = gf_new(keep, uint32_t, count);
    if (!parent || !order)
        return gf_fail_memory(err);
    memset(parent, 0xFF, w->cells * sizeof *parent);
    size_t done = 0, added = 1;
    order[0] = root;
    for (; done < added; done++)
        for (int way = 0; way < WAYS; way++) {
            uint32_t next;
            if (w->arms[order[done]] >> way & 1 && neighbour(w->mesh, order[done], way, &next) && (int32_t)next != parent[order[done]]) {
                parent[next] = (int32_t)order[done];
                order[added++] = next;
            }
        }
    out->parent = parent;
    out->order = order;
    out->count = added;
    return GF_OK;
}

static gf_status make_work(const gf_terrain_mesh *m, gf_arena *keep, work *w, gf_error *err)
{
    uint64_t cells = (uint64_t)m->rows * m->columns;
    if (cells == 0 || cells > GF_TERRAIN_ROUTE_CELLS_MAX)
        return gf_fail(err, GF_ELIMIT, "terrain.mesh", "Take larger cells.", "a mesh of %llu cells cannot be searched", (unsigned long long)cells);
    *w = (work){ .mesh = m, .cells = (uint32_t)cells };
    w->cost = gf_new(keep, double, cells);
    w->seen = gf_new(keep, uint32_t, cells);
    w->came = gf_new(keep, int8_t, cells);
    w->arms = gf_new(keep, uint8_t, cells);
    w->key = gf_new(keep, uint8_t, cells);
    w->in_tree = gf_new(keep, uint8_t, cells);
    w->side = gf_new(keep, uint8_t, cells);
    w->heap = gf_new(keep, entry, 9 * cells);
    w->stack = gf_new(keep, uint32_t, cells + 1);
    bool made = w->cost && w->seen && w->came && w->arms && w->key && w->in_tree && w->side && w->heap && w->stack;
    return made ? GF_OK : gf_fail_memory(err);
}

static gf_status take_places(work *w, uint32_t root, const uint32_t *places, size_t count, size_t *open, size_t *failed, gf_error *err)
{
    *open = 0;
    w->key[root] = 1;
    for (size_t i = 0; i <= count; i++) {
        uint32_t cell = i < count ? places[i] : root;
        *failed = i < count ? i : SIZE_MAX;
        if (cell >= w->cells || !passable(w->mesh, cell))
            return gf_fail(err, GF_EINPUT, "terrain.place", "Move it, or the forbidden ground.", "no trench can reach it: forbidden ground, or no height is known there");
        *open += !w->key[cell];
        w->key[cell] = 1;
    }
    return GF_OK;
}

gf_status gf_terrain_route(const gf_terrain_mesh *mesh, uint32_t root, const uint32_t *places, size_t count, gf_arena *keep, gf_terrain_tree *out,
                           size_t *failed, gf_error *err)
{
    work w;
    size_t open;
    gf_status status = make_work(mesh, keep, &w, err);
    uint32_t *cells = status == GF_OK ? gf_new(keep, uint32_t, w.cells + 1) : NULL;
    int8_t *ways = status == GF_OK ? gf_new(keep, int8_t, w.cells + 1) : NULL;
    if (status == GF_OK && (!cells || !ways))
        status = gf_fail_memory(err);
    if (status == GF_OK)
        status = take_places(&w, root, places, count, &open, failed, err);
    if (status != GF_OK)
        return status;
    grow(&w, root, open);
    for (size_t i = 0; i < count; i++)
        if (!w.in_tree[places[i]]) {
            *failed = i;
            return gf_fail(err, GF_EUNSOLVED, "terrain.cut_off", "Open a way through the forbidden ground.", "forbidden or unknown ground lies all around it");
        }
    gf_terrain_tree tree = { .cost_grown = cost_of(&w) };
    for (int round = 0; round < ROUNDS_MAX && improve(&w, cells, ways); round++)
        ;
    tree.cost = cost_of(&w);
    status = root_tree(&w, root, keep, &tree, err);
    if (status == GF_OK)
        *out = tree;
    return status;
}
