/* From the ground to a tree of pipes: a mesh over the village, trenches by the terrain room, a tank on the way, bends, humps and lows. */
#include "app/village.h"

#include <math.h>
#include <string.h>

static const double MARGIN_M = 250, CELLS_MAX = 400000, HUMP_M = 3, RUN_M = 150, TANK_ALLOWANCE_M = 3, TANK_SLOPE = 0.005, RAW_SLOPE = 0.01, INLET_M = 1;

/* ---- Mesh ---- */

typedef struct box { double west, south, east, north; } box;

static void widen(box *b, gf_village_place p)
{
    b->west = fmin(b->west, p.x);
    b->east = fmax(b->east, p.x);
    b->south = fmin(b->south, p.y);
    b->north = fmax(b->north, p.y);
}

static box box_of(const gf_village *v)
{
    box b = { INFINITY, INFINITY, -INFINITY, -INFINITY };
    for (size_t i = 0; i < v->house_count; i++)
        widen(&b, v->houses[i].place);
    for (size_t i = 0; i < v->source_count; i++)
        widen(&b, v->sources[i].place);
    if (v->has_tank)
        widen(&b, v->tank);
    return (box){ b.west - MARGIN_M, b.south - MARGIN_M, b.east + MARGIN_M, b.north + MARGIN_M };
}

gf_village_place village_cell_place(const village_mesh *m, uint32_t cell)
{
    return (gf_village_place){ m->west_m + (cell % m->mesh.columns + 0.5) * m->mesh.cell_m, m->north_m - (cell / m->mesh.columns + 0.5) * m->mesh.cell_m,
                               m->height_m[cell] };
}

static bool cell_of(const village_mesh *m, double x, double y, uint32_t *cell)
{
    double column = floor((x - m->west_m) / m->mesh.cell_m), row = floor((m->north_m - y) / m->mesh.cell_m);
    if (!(column >= 0 && row >= 0 && column < m->mesh.columns && row < m->mesh.rows))
        return false;
    *cell = (uint32_t)row * m->mesh.columns + (uint32_t)column;
    return true;
}

static bool inside(const gf_village_shape *ring, double x, double y)
{
    bool in = false;
    for (size_t i = 0, k = ring->count - 1; i < ring->count; k = i++) {
        gf_village_place a = ring->points[i], b = ring->points[k];
        if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x)
            in = !in;
    }
    return in;
}

/* Every cell that a line passes, by steps of a third of a cell. */
static void mark_line(village_mesh *m, const gf_village_shape *line, bool closed, float factor)
{
    for (size_t i = 0; i + (closed ? 0 : 1) < line->count; i++) {
        gf_village_place a = line->points[i], b = line->points[(i + 1) % line->count];
        double steps = fmin(ceil(hypot(b.x - a.x, b.y - a.y) / m->mesh.cell_m * 3) + 1, 1e6);
        for (double s = 0; s <= steps; s++) {
            uint32_t cell;
            if (cell_of(m, a.x + (b.x - a.x) * s / steps, a.y + (b.y - a.y) * s / steps, &cell) && m->factor[cell] > 0)
                m->factor[cell] = factor;
        }
    }
}

static void forbid(village_mesh *m, const gf_village_shape *ring)
{
    for (uint32_t cell = 0; cell < m->mesh.rows * m->mesh.columns; cell++) {
        gf_village_place p = village_cell_place(m, cell);
        if (inside(ring, p.x, p.y))
            m->factor[cell] = 0;
    }
    mark_line(m, ring, true, 0);
}

gf_status village_mesh_make(const gf_village *v, gf_arena *keep, village_mesh *out, gf_error *err)
{
    box b = box_of(v);
    double cell = v->norms.value[GF_WATER_NORM_ROUTE_CELL];
    while ((b.east - b.west) * (b.north - b.south) / cell / cell > CELLS_MAX)
        cell *= 1.25;
    if (cell > 100)
        return gf_fail(err, GF_ELIMIT, "water.village", "Look at the places, or design it in parts.", "the village is %.0f km wide", fmax(b.east - b.west, b.north - b.south) / 1000);
    village_mesh m = { .west_m = b.west, .north_m = b.north };
    m.mesh = (gf_terrain_mesh){ .rows = (uint32_t)ceil((b.north - b.south) / cell), .columns = (uint32_t)ceil((b.east - b.west) / cell), .cell_m = cell,
                                .slope_penalty = v->norms.value[GF_WATER_NORM_SLOPE_PENALTY] };
    uint32_t cells = m.mesh.rows * m.mesh.columns;
    m.height_m = gf_new(keep, double, cells);
    m.factor = gf_new(keep, float, cells);
    if (!m.height_m || !m.factor)
        return gf_fail_memory(err);
    m.mesh.height_m = m.height_m;
    m.mesh.factor = m.factor;
    for (uint32_t i = 0; i < cells; i++) {
        gf_village_place p = village_cell_place(&m, i);
        m.height_m[i] = village_ground(&v->surface->grid, p.x, p.y);
        m.factor[i] = 1;
    }
    for (size_t i = 0; i < v->road_count; i++)
        mark_line(&m, &v->roads[i], false, (float)v->norms.value[GF_WATER_NORM_ROAD_FACTOR]);
    for (size_t i = 0; i < v->forbidden_count; i++)
        forbid(&m, &v->forbidden[i]);
    *out = m;
    return GF_OK;
}

/* ---- Straight trenches ---- */

static bool crosses(gf_village_place a, gf_village_place b, gf_village_place c, gf_village_place d)
{
    double abc = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x), abd = (b.x - a.x) * (d.y - a.y) - (b.y - a.y) * (d.x - a.x);
    double cda = (d.x - c.x) * (a.y - c.y) - (d.y - c.y) * (a.x - c.x), cdb = (d.x - c.x) * (b.y - c.y) - (d.y - c.y) * (b.x - c.x);
    return (abc > 0) != (abd > 0) && (cda > 0) != (cdb > 0);
}

static void measure(const gf_village *v, gf_village_pipe *p)
{
    p->length_m = 0;
    p->crossings = 0;
    p->low_m = INFINITY;
    p->high_m = -INFINITY;
    for (size_t i = 0; i < p->point_count; i++) {
        gf_village_place b = p->points[i], a = p->points[i ? i - 1 : 0];
        p->low_m = fmin(p->low_m, b.z);
        p->high_m = fmax(p->high_m, b.z);
        p->length_m += sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y) + (b.z - a.z) * (b.z - a.z));
        for (size_t r = 0; i && r < v->road_count; r++)
            for (size_t k = 1; k < v->roads[r].count; k++)
                p->crossings += crosses(a, b, v->roads[r].points[k - 1], v->roads[r].points[k]);
    }
}

static bool passes(const village_mesh *m, gf_village_place a, gf_village_place b)
{
    double steps = ceil(hypot(b.x - a.x, b.y - a.y) / m->mesh.cell_m * 2) + 1;
    for (double s = 0; s <= steps; s++) {
        uint32_t cell;
        if (!cell_of(m, a.x + (b.x - a.x) * s / steps, a.y + (b.y - a.y) * s / steps, &cell) || m->factor[cell] <= 0 || isnan(m->height_m[cell]))
            return false;
    }
    return true;
}

/* Points a cell apart on the way from a to b, b included, a not. */
static size_t sample(const gf_village *v, const village_mesh *m, gf_village_place a, gf_village_place b, gf_village_place *out)
{
    size_t steps = (size_t)ceil(hypot(b.x - a.x, b.y - a.y) / m->mesh.cell_m);
    steps = steps ? steps : 1;
    for (size_t i = 1; i < steps; i++) {
        double t = (double)i / (double)steps;
        out[i - 1] = (gf_village_place){ a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, 0 };
        out[i - 1].z = village_ground(&v->surface->grid, out[i - 1].x, out[i - 1].y);
        if (isnan(out[i - 1].z))
            out[i - 1].z = a.z + (b.z - a.z) * t;
    }
    out[steps - 1] = b;
    return steps;
}

bool village_straight(const gf_village *v, const village_mesh *m, gf_village_place a, gf_village_place b, gf_arena *keep, gf_village_pipe *pipe)
{
    if (!passes(m, a, b))
        return false;
    size_t room = (size_t)ceil(hypot(b.x - a.x, b.y - a.y) / m->mesh.cell_m) + 3;
    gf_village_place *points = gf_new(keep, gf_village_place, room);
    if (!points)
        return false;
    points[0] = a;
    pipe->point_count = 1 + sample(v, m, a, b, points + 1);
    pipe->points = points;
    measure(v, pipe);
    return true;
}

/* ---- Stretches of cells into bends, bends into points ---- */

static void keep_bends(const village_mesh *m, const gf_village_place *p, size_t from, size_t to, uint8_t *bend)
{
    double worst = -1, dx = p[to].x - p[from].x, dy = p[to].y - p[from].y, length = hypot(dx, dy);
    size_t at = from + 1;
    if (to <= from + 1)
        return;
    for (size_t i = from + 1; i < to; i++) {
        double off = length > 0 ? fabs(dx * (p[i].y - p[from].y) - dy * (p[i].x - p[from].x)) / length : hypot(p[i].x - p[from].x, p[i].y - p[from].y);
        if (off > worst) {
            worst = off;
            at = i;
        }
    }
    if (worst <= 0.75 * m->mesh.cell_m && passes(m, p[from], p[to]))
        return;
    bend[at] = 1;
    keep_bends(m, p, from, at, bend);
    keep_bends(m, p, at, to, bend);
}

static gf_status line_of(const gf_village *v, const village_mesh *m, const uint32_t *cells, size_t count, gf_arena *keep, gf_village_place **out, size_t *points,
                         gf_error *err)
{
    gf_village_place *centres = gf_new(keep, gf_village_place, count), *line = gf_new(keep, gf_village_place, 2 * count + 2);
    uint8_t *bend = gf_new(keep, uint8_t, count);
    if (!centres || !line || !bend)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        centres[i] = village_cell_place(m, cells[i]);
    keep_bends(m, centres, 0, count - 1, bend);
    line[0] = centres[0];
    *points = 1;
    for (size_t i = 1, from = 0; i < count; i++)
        if (bend[i] || i + 1 == count) {
            *points += sample(v, m, centres[from], centres[i], line + *points);
            from = i;
        }
    *out = line;
    return GF_OK;
}

/* ---- Growing the lists ---- */

typedef struct making {
    gf_village         *village;
    const village_mesh *mesh;
    gf_arena           *keep;
    gf_error           *err;
    village_tree        tree;
    uint32_t            node_room, pipe_room;
    uint32_t            counter[GF_VILLAGE_NODE_KIND_COUNT];
} making;

static uint32_t add_node(making *k, gf_village_node_kind kind, gf_village_place place, gf_str id)
{
    static const char *const PREFIX[GF_VILLAGE_NODE_KIND_COUNT] = { "S", "TANK-IN", "TANK", "H", "B", "A", "D", "P", "X", "X", "R", "R" };
    village_tree *t = &k->tree;
    if (t->node_count == k->node_room)
        return UINT32_MAX;
    if (!id.len) {
        gf_text text;
        gf_text_init(&text, k->keep);
        uint32_t number = ++k->counter[kind];
        bool only = kind == GF_VILLAGE_NODE_TANK || (kind == GF_VILLAGE_NODE_TANK_IN && number == 1);
        gf_text_format(&text, only ? "%s" : "%s-%u", PREFIX[kind], number);
        id = gf_text_str(&text);
    }
    t->nodes[t->node_count] = (gf_village_node){ .id = id, .kind = kind, .place = place, .floor_m = NAN, .ceiling_m = INFINITY };
    return t->node_count++;
}

static void add_pipe(making *k, uint32_t from, uint32_t to, const gf_village_place *points, size_t count)
{
    village_tree *t = &k->tree;
    if (t->pipe_count == k->pipe_room)
        return;
    gf_village_pipe *p = &t->pipes[t->pipe_count++];
    gf_text id;
    gf_text_init(&id, k->keep);
    gf_text_format(&id, "p%u", t->pipe_count);
    *p = (gf_village_pipe){ .id = gf_text_str(&id), .from = from, .to = to, .points = points, .point_count = count, .pe = -1 };
    measure(k->village, p);
}

/* Turning points of a line: where it has risen, or fallen, by HUMP_M since the last and does so again. */
static size_t next_turn(const gf_village_place *line, size_t from, size_t count, bool *hump)
{
    double top = line[from].z, low = line[from].z;
    size_t top_at = from, low_at = from;
    for (size_t i = from + 1; i < count; i++) {
        if (line[i].z > top) {
            top = line[i].z;
            top_at = i;
        }
        if (line[i].z < low) {
            low = line[i].z;
            low_at = i;
        }
        if (top - line[i].z >= HUMP_M && top_at > from && top - line[from].z >= HUMP_M)
            return *hump = true, top_at;
        if (line[i].z - low >= HUMP_M && low_at > from && line[from].z - low >= HUMP_M)
            return *hump = false, low_at;
    }
    return count - 1;
}

/* Pipes along a line from a node to another: cut at humps, lows, and runs of 150 m. */
static void lay_line(making *k, uint32_t from, uint32_t to, const gf_village_place *line, size_t count)
{
    size_t at = 0;
    while (at + 1 < count) {
        bool hump = false;
        size_t turn = next_turn(line, at, count, &hump), end = at + 1;
        double run = 0;
        for (; end < turn && run < RUN_M; end++)
            run += hypot(line[end + 1].x - line[end].x, line[end + 1].y - line[end].y);
        if (turn == count - 1 && count - 1 - end < 3)
            end = turn;
        uint32_t node = end == count - 1 ? to
                      : add_node(k, end == turn ? (hump ? GF_VILLAGE_NODE_HUMP : GF_VILLAGE_NODE_LOW) : GF_VILLAGE_NODE_POINT, line[end], (gf_str){ "", 0 });
        if (node == UINT32_MAX)
            return;
        add_pipe(k, from, node, line + at, end - at + 1);
        from = node;
        at = end;
    }
}

/* ---- The tank ---- */

static void name_failed(const gf_village *v, size_t failed, gf_error *err)
{
    if (failed == SIZE_MAX)
        (void)gf_fail_at(err, "the source or the tank");
    else
        (void)gf_fail_at(err, "household %.*s", GF_STR_ARG(v->houses[failed].id));
}

static gf_status cells_of_houses(const gf_village *v, const village_mesh *m, gf_arena *keep, uint32_t **out, gf_error *err)
{
    *out = gf_new(keep, uint32_t, v->house_count);
    if (!*out)
        return gf_fail_memory(err);
    for (size_t i = 0; i < v->house_count; i++) {
        if (!cell_of(m, v->houses[i].place.x, v->houses[i].place.y, &(*out)[i]))
            (*out)[i] = UINT32_MAX;         /* refused by the router, which names it */
    }
    return GF_OK;
}

/* Where the head suffices: the lowest cell on the trunk from the source to the first house or branch that stands above what every house
 * asks for; the highest one when none does. It must be filled from the source. `trunk`: cells before the first branch. */
static size_t choose_tank(const gf_village *v, const village_mesh *m, const gf_terrain_tree *tree, size_t trunk, const uint32_t *house_cells)
{
    double wanted = -INFINITY, source = m->height_m[tree->order[0]], depth = v->norms.value[GF_WATER_NORM_TANK_DEPTH];
    for (size_t i = 0; i < v->house_count; i++) {
        double way = 0;
        for (uint32_t c = house_cells[i]; tree->parent[c] >= 0; c = (uint32_t)tree->parent[c])
            way += m->mesh.cell_m;
        wanted = fmax(wanted, v->houses[i].place.z + v->houses[i].head_min_m + TANK_ALLOWANCE_M + TANK_SLOPE * way);
    }
    size_t best = 0, highest = 0;
    double best_z = INFINITY, highest_z = -INFINITY;
    for (size_t i = 1; i < trunk; i++) {
        double z = m->height_m[tree->order[i]];
        bool filled = source - RAW_SLOPE * (double)i * m->mesh.cell_m >= z + depth + INLET_M;
        if (!filled)
            continue;
        if (z >= wanted && z < best_z) {
            best = i;
            best_z = z;
        }
        if (z > highest_z) {
            highest = i;
            highest_z = z;
        }
    }
    return best ? best : highest;
}

static size_t trunk_of(const gf_terrain_tree *tree, const uint8_t *key)
{
    size_t i = 1;
    while (i < tree->count && !key[tree->order[i]] && tree->parent[tree->order[i]] == (int32_t)tree->order[i - 1] &&
           (i + 1 >= tree->count || tree->parent[tree->order[i + 1]] == (int32_t)tree->order[i]))
        i++;
    return i;
}

/* ---- A tree of cells into nodes and pipes ---- */

static gf_status lay_tree(making *k, const gf_terrain_tree *tree, uint32_t root, uint32_t root_node, const uint32_t *house_cells)
{
    const village_mesh *m = k->mesh;
    uint32_t cells = m->mesh.rows * m->mesh.columns, *children = gf_new(k->keep, uint32_t, cells), *stretch = gf_new(k->keep, uint32_t, cells);
    int32_t *node = gf_new(k->keep, int32_t, cells), *house = gf_new(k->keep, int32_t, cells);
    uint8_t *below = gf_new(k->keep, uint8_t, cells);
    if (!children || !stretch || !node || !house || !below)
        return gf_fail_memory(k->err);
    memset(node, 0xFF, cells * sizeof *node);
    memset(house, 0xFF, cells * sizeof *house);
    for (size_t i = k->village->house_count; i-- > 0;)
        house[house_cells[i]] = (int32_t)i;
    for (size_t i = 0; i < tree->count; i++)
        if (tree->parent[tree->order[i]] >= 0)
            children[tree->parent[tree->order[i]]]++;
    node[root] = (int32_t)root_node;
    below[root] = 1;
    for (size_t i = 0; i < tree->count; i++) {      /* parents first: what lies above the root (the raw water's trunk) is passed over */
        uint32_t cell = tree->order[i];
        below[cell] = cell == root || (tree->parent[cell] >= 0 && below[tree->parent[cell]]);
        if (!below[cell] || cell == root || (house[cell] < 0 && children[cell] == 1))
            continue;
        size_t count = 0;
        uint32_t c = cell;
        for (; count == 0 || node[c] < 0; c = (uint32_t)tree->parent[c])
            stretch[count++] = c;
        stretch[count++] = c;
        for (size_t a = 0, b = count - 1; a < b; a++, b--) {
            uint32_t t = stretch[a];
            stretch[a] = stretch[b];
            stretch[b] = t;
        }
        gf_village_place *line;
        size_t points;
        gf_status status = line_of(k->village, m, stretch, count, k->keep, &line, &points, k->err);
        if (status != GF_OK)
            return status;
        /* Its own node comes after those on the way: the order is that of the water. */
        uint32_t first = k->tree.node_count, own = UINT32_MAX - 1;
        lay_line(k, (uint32_t)node[c], own, line, points);
        own = add_node(k, house[cell] >= 0 ? GF_VILLAGE_NODE_HOUSE : GF_VILLAGE_NODE_BRANCH, village_cell_place(m, cell),
                       (gf_str){ "", 0 });
        if (own == UINT32_MAX || first > own)
            return gf_fail(k->err, GF_ELIMIT, "water.village", "Design it in parts.", "the trenches need too many pipes");
        k->tree.pipes[k->tree.pipe_count - 1].to = own;
        node[cell] = (int32_t)own;
    }
    for (size_t i = 0; i < k->village->house_count; i++)
        k->tree.house_node[i] = (uint32_t)node[house_cells[i]];
    return GF_OK;
}

static gf_status lay_raw(making *k, size_t source, const uint32_t *cells, size_t count, gf_village_place tank)
{
    gf_village_place *line;
    size_t points;
    gf_status status = line_of(k->village, k->mesh, cells, count, k->keep, &line, &points, k->err);
    if (status != GF_OK)
        return status;
    uint32_t from = add_node(k, GF_VILLAGE_NODE_SOURCE, line[0], k->village->sources[source].id), own = UINT32_MAX - 1;
    lay_line(k, from, own, line, points);
    own = add_node(k, GF_VILLAGE_NODE_TANK_IN, tank, (gf_str){ "", 0 });
    if (own == UINT32_MAX)
        return gf_fail(k->err, GF_ELIMIT, "water.village", "Design it in parts.", "the trenches need too many pipes");
    k->tree.pipes[k->tree.pipe_count - 1].to = own;
    k->tree.nodes[own].floor_m = tank.z + k->village->norms.value[GF_WATER_NORM_TANK_DEPTH] + INLET_M;
    return GF_OK;
}

/* From a source to the tank by a way of its own. */
static gf_status route_raw(making *k, size_t source, uint32_t tank_cell, gf_arena *scratch)
{
    gf_terrain_tree tree;
    size_t failed, count = 0;
    uint32_t cell;
    const gf_village_source *s = &k->village->sources[source];
    if (!cell_of(k->mesh, s->place.x, s->place.y, &cell))
        return gf_fail(k->err, GF_EINPUT, "water.village", "", "source %.*s lies off the mesh", GF_STR_ARG(s->id));
    if (cell == tank_cell)
        return gf_fail(k->err, GF_EINPUT, "water.tank", "Place the tank below the source.", "the tank and source %.*s stand in one place", GF_STR_ARG(s->id));
    gf_status status = gf_terrain_route(&k->mesh->mesh, cell, &tank_cell, 1, scratch, &tree, &failed, k->err);
    if (status != GF_OK)
        return gf_fail_at(k->err, "source %.*s", GF_STR_ARG(s->id)), status;
    uint32_t *cells = gf_new(scratch, uint32_t, tree.count);
    if (!cells)
        return gf_fail_memory(k->err);
    for (size_t i = 0; i < tree.count; i++)
        cells[count++] = tree.order[i];
    return lay_raw(k, source, cells, count, village_cell_place(k->mesh, tank_cell));
}

/* ---- What each node needs ---- */

static void set_needs(making *k, const gf_water_need *need)
{
    const gf_village *v = k->village;
    double tap = v->norms.value[GF_WATER_NORM_HEAD_TAP_MAX];
    for (size_t i = 0; i < v->house_count; i++) {
        const gf_village_house *h = &v->houses[i];
        gf_village_node *n = &k->tree.nodes[k->tree.house_node[i]];
        double floor = h->place.z + h->head_min_m, ceiling = h->place.z + tap;
        n->floor_m = isnan(n->floor_m) ? floor : fmax(n->floor_m, floor);
        n->ceiling_m = fmin(n->ceiling_m, ceiling);
        n->peak_m3s += need->used_m3 > 0 ? h->used_m3d / need->used_m3 * need->peak_lps / 1000 : 0;
    }
}

/* Hydrants at junctions with houses, each at least the spacing from the others on the map. */
static void set_hydrants(making *k)
{
    double spacing = k->village->norms.value[GF_WATER_NORM_HYDRANT_SPACING];
    for (uint32_t i = 0; i < k->tree.node_count; i++) {
        gf_village_node *n = &k->tree.nodes[i];
        n->hydrant = n->kind == GF_VILLAGE_NODE_HOUSE;
        for (uint32_t j = 0; j < i && n->hydrant; j++)
            n->hydrant = !k->tree.nodes[j].hydrant || hypot(k->tree.nodes[j].place.x - n->place.x, k->tree.nodes[j].place.y - n->place.y) >= spacing;
    }
}

static size_t best_source(const gf_village *v)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < v->source_count; i++) {
        const gf_village_source *s = &v->sources[i];
        if (s->used)
            continue;
        if (best == SIZE_MAX || (isnan(v->sources[best].dry_m3d) ? -1 : v->sources[best].dry_m3d) < (isnan(s->dry_m3d) ? -1 : s->dry_m3d))
            best = i;
    }
    return best;
}

/* The one that gives most in the dry season first; others join while it is not enough. */
static gf_status join_sources(making *k, size_t first, const gf_water_need *need, uint32_t tank_cell, bool first_laid, gf_arena *scratch)
{
    gf_village *v = k->village;
    double dry = v->sources[first].dry_m3d;
    v->sources[first].used = true;
    gf_status status = first_laid ? GF_OK : route_raw(k, first, tank_cell, scratch);
    for (size_t next; status == GF_OK && dry < need->max_day_m3 * (1 + v->norms.value[GF_WATER_NORM_RAW_PERCENT] / 100) && (next = best_source(v)) != SIZE_MAX;) {
        v->sources[next].used = true;
        if (v->sources[next].place.z < k->mesh->height_m[tank_cell] + v->norms.value[GF_WATER_NORM_TANK_DEPTH] + INLET_M) {
            v->sources[next].used = false;      /* too low to fill the tank */
            break;
        }
        status = route_raw(k, next, tank_cell, scratch);
        dry += v->sources[next].dry_m3d;
    }
    return status;
}

/* ---- The whole ---- */

static gf_status make_tree(making *k, const gf_water_need *need, gf_arena *scratch)
{
    gf_village *v = k->village;
    const village_mesh *m = k->mesh;
    gf_terrain_tree tree;
    uint32_t *houses, root;
    size_t failed, first = best_source(v);
    gf_village_place start = v->has_tank ? v->tank : v->sources[first].place;
    gf_status status = cells_of_houses(v, m, scratch, &houses, k->err);
    if (status != GF_OK)
        return status;
    if (!cell_of(m, start.x, start.y, &root))
        return gf_fail(k->err, GF_EINPUT, "water.village", "", "the source lies off the mesh");
    status = gf_terrain_route(&m->mesh, root, houses, v->house_count, scratch, &tree, &failed, k->err);
    if (status != GF_OK)
        return name_failed(v, failed, k->err), status;
    k->tree.trench_cost = tree.cost;
    k->tree.trench_grown = tree.cost_grown;
    uint32_t tank_cell = root;
    if (!v->has_tank) {
        uint8_t *key = gf_new(scratch, uint8_t, m->mesh.rows * m->mesh.columns);
        if (!key)
            return gf_fail_memory(k->err);
        for (size_t i = 0; i < v->house_count; i++)
            key[houses[i]] = 1;
        size_t at = choose_tank(v, m, &tree, trunk_of(&tree, key), houses);
        if (at == 0)
            return gf_fail(k->err, GF_EUNSOLVED, "water.tank", "Give a tank below the source, or a source further up.",
                           "no place between source %.*s and the first house can be filled from the source", GF_STR_ARG(v->sources[first].id));
        tank_cell = tree.order[at];
        v->sources[first].used = true;
        status = lay_raw(k, first, tree.order, at + 1, village_cell_place(m, tank_cell));
    }
    if (status == GF_OK)
        status = join_sources(k, first, need, tank_cell, !v->has_tank, scratch);
    if (status != GF_OK)
        return status;
    k->tree.tank = add_node(k, GF_VILLAGE_NODE_TANK, village_cell_place(m, tank_cell), (gf_str){ "", 0 });
    return k->tree.tank == UINT32_MAX ? gf_fail_memory(k->err) : lay_tree(k, &tree, tank_cell, k->tree.tank, houses);
}

gf_status village_tree_make(gf_village *v, const gf_water_need *need, const village_mesh *mesh, gf_arena *keep, village_tree *out, gf_error *err)
{
    enum { ROOM = 60000 };
    gf_error own;
    making k = { .village = v, .mesh = mesh, .keep = keep, .err = err ? err : &own, .node_room = ROOM, .pipe_room = ROOM };
    k.tree.nodes = gf_new(keep, gf_village_node, ROOM);
    k.tree.pipes = gf_new(keep, gf_village_pipe, ROOM);
    k.tree.house_node = gf_new(keep, uint32_t, v->house_count);
    if (!k.tree.nodes || !k.tree.pipes || !k.tree.house_node)
        return gf_fail_memory(err);
    gf_status status = make_tree(&k, need, keep);
    if (status != GF_OK)
        return status;
    set_needs(&k, need);
    if (v->hydrants)
        set_hydrants(&k);
    *out = k.tree;
    return GF_OK;
}
