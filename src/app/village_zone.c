/* Where still heads are too great for taps or pipes, the tree is broken: into zones under break-pressure tanks or reducing valves.
 *
 * From the tank down, each pipe is asked: does something below break its ceiling, and is there a place on this pipe whose head
 * still serves the highest house below? As long as the break would not settle all that lies below, it is left to the branches, until
 * a house itself forces it or the drop is worth it. What no break can settle gets a valve in the house (counted by the sizing).
 */
#include "app/village.h"

#include <math.h>
#include <string.h>

static const double LOSS_SLOPE = 0.008, ALLOWANCE_M = 1.5, DROP_LEAST_M = 4, DROP_WORTH_M = 20, FLOAT_VALVE_M = 3, LINE_SHARE = 0.5;

/* What a subtree asks of the head at a node: `need` for its highest house with losses by length, `least` and `most` its lowest ceilings. */
typedef struct wants { double need, ceiling; } wants;

static double class_head(const gf_village *v)
{
    double best = 0;
    for (size_t i = 0; i < v->catalogue.count; i++)
        best = fmax(best, gf_water_pe_head_m(&v->catalogue.pipes[i]));
    return best / v->norms.value[GF_WATER_NORM_CLASS_RESERVE];
}

static wants wants_through(const gf_village *v, const gf_village_pipe *p, const wants *at)
{
    return (wants){ fmax(at[p->to].need + LOSS_SLOPE * p->length_m, p->high_m + v->norms.value[GF_WATER_NORM_HEAD_LINE_MIN]),
                    fmin(at[p->to].ceiling, p->low_m + class_head(v)) };
}

static wants *all_wants(const gf_village *v, const village_tree *t, gf_arena *keep)
{
    wants *at = gf_new(keep, wants, t->node_count);
    for (uint32_t i = 0; at && i < t->node_count; i++)
        at[i] = (wants){ isnan(t->nodes[i].floor_m) ? -INFINITY : t->nodes[i].floor_m + ALLOWANCE_M, t->nodes[i].ceiling_m };
    for (uint32_t i = t->pipe_count; at && i-- > 0;) {
        wants w = wants_through(v, &t->pipes[i], at);
        wants *up = &at[t->pipes[i].from];
        up->need = fmax(up->need, w.need);
        up->ceiling = fmin(up->ceiling, w.ceiling);
    }
    return at;
}

/* ---- Copying ---- */

typedef struct copying {
    const gf_village   *village;
    const village_tree *tree;
    gf_village_breaks   kind;
    gf_arena           *keep;
    gf_village_design  *design;
    uint32_t           *map, room, breaks;
    double             *far;            /* by node of the design: way from its zone's root */
} copying;

static uint32_t put_node(copying *c, gf_village_node node, uint32_t zone)
{
    gf_village_design *d = c->design;
    node.zone = zone;
    d->nodes[d->node_count] = node;
    return d->node_count++;
}

static uint32_t put_zone(copying *c, uint32_t root, double low_m, double still_m, bool raw)
{
    gf_village_design *d = c->design;
    d->zones[d->zone_count] = (gf_village_zone){ root, low_m, still_m, raw };
    return d->zone_count++;
}

static gf_village_pipe piece_of(const gf_village_pipe *p, size_t from, size_t to)
{
    gf_village_pipe piece = *p;
    piece.points = p->points + from;
    piece.point_count = to - from + 1;
    piece.length_m = 0;
    piece.low_m = INFINITY;
    piece.high_m = -INFINITY;
    for (size_t i = 0; i < piece.point_count; i++) {
        gf_village_place b = piece.points[i], a = piece.points[i ? i - 1 : 0];
        piece.low_m = fmin(piece.low_m, b.z);
        piece.high_m = fmax(piece.high_m, b.z);
        piece.length_m += sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y) + (b.z - a.z) * (b.z - a.z));
    }
    return piece;
}

static void put_pipe(copying *c, gf_village_pipe pipe, uint32_t from, uint32_t to, const char *suffix)
{
    gf_village_design *d = c->design;
    pipe.from = from;
    pipe.to = to;
    pipe.zone = d->nodes[from].zone;
    c->far[to] = d->nodes[to].zone == pipe.zone ? c->far[from] + pipe.length_m : 0;
    if (suffix) {
        gf_text id;
        gf_text_init(&id, c->keep);
        gf_text_format(&id, "%.*s%s", GF_STR_ARG(pipe.id), suffix);
        pipe.id = gf_text_str(&id);
    }
    d->pipes[d->pipe_count++] = pipe;
}

static gf_village_node break_node(copying *c, gf_village_node_kind kind, gf_village_place place, bool inlet)
{
    gf_text id;
    gf_text_init(&id, c->keep);
    gf_text_format(&id, c->kind == GF_VILLAGE_BREAK_TANKS ? "X%u%s" : "R%u%s", c->breaks, inlet ? "-in" : "");
    return (gf_village_node){ .id = gf_text_str(&id), .kind = kind, .place = place, .floor_m = NAN, .ceiling_m = INFINITY };
}

/* ---- Where to break ---- */

/* `sure_m`: head that is left at the pipe's end with a low tank and usual losses. The best point of a pipe, and the head behind it: the highest that spares everything below, else the lowest that serves. */
static bool best_break(const copying *c, const gf_village_pipe *p, wants below, double sure_m, size_t *at, double *head)
{
    bool found = false, spares = false;
    double top_behind = -INFINITY;
    for (size_t k = p->point_count - 1; k-- > 1;) {
        double z = p->points[k].z, need = fmax(below.need, top_behind + c->village->norms.value[GF_WATER_NORM_HEAD_LINE_MIN]);
        top_behind = fmax(top_behind, z);
        double h = c->kind == GF_VILLAGE_BREAK_TANKS ? z : fmax(need, fmin(below.ceiling, sure_m - DROP_LEAST_M));
        bool fits = h >= need && z <= h && h <= sure_m - DROP_LEAST_M && z <= sure_m - FLOAT_VALVE_M;
        bool good = h <= below.ceiling;
        if (!fits || (found && (good != spares ? !good : good ? h <= *head : h >= *head)))
            continue;
        found = true;
        spares = good;
        *at = k;
        *head = h;
    }
    return found;
}

static bool wants_break(const copying *c, const gf_village_pipe *p, wants below, double still_m, double sure_m, size_t *at, double *head)
{
    if (still_m <= below.ceiling || p->point_count < 3 || !best_break(c, p, below, sure_m, at, head))
        return false;
    bool settles = *head <= below.ceiling, forced = c->tree->nodes[p->to].ceiling_m < still_m || p->low_m + class_head(c->village) < still_m;
    return settles || forced || still_m - *head >= DROP_WORTH_M;
}

static void put_break(copying *c, const gf_village_pipe *p, size_t at, double head)
{
    gf_village_design *d = c->design;
    bool tank = c->kind == GF_VILLAGE_BREAK_TANKS;
    uint32_t from = c->map[p->from];
    bool raw = d->zones[d->nodes[from].zone].raw;
    c->breaks++;
    gf_village_place place = p->points[at];
    gf_village_node in = break_node(c, tank ? GF_VILLAGE_NODE_BREAK_IN : GF_VILLAGE_NODE_PRV_IN, place, true);
    in.floor_m = tank ? place.z + FLOAT_VALVE_M : fmax(head, place.z) + 2;
    uint32_t in_at = put_node(c, in, d->nodes[from].zone);
    put_pipe(c, piece_of(p, 0, at), from, in_at, "a");
    uint32_t zone = put_zone(c, d->node_count, head, head, raw);
    uint32_t out = put_node(c, break_node(c, tank ? GF_VILLAGE_NODE_BREAK : GF_VILLAGE_NODE_PRV, place, false), zone);
    if (!tank) {
        gf_village_pipe valve = { .id = d->nodes[out].id, .is_prv = true, .prv_head_m = head, .points = p->points + at, .point_count = 1, .pe = -1,
                                  .low_m = place.z, .high_m = place.z };
        put_pipe(c, valve, in_at, out, "v");
        d->pipes[d->pipe_count - 1].zone = zone;
    }
    c->map[p->to] = put_node(c, c->tree->nodes[p->to], zone);
    put_pipe(c, piece_of(p, at, p->point_count - 1), out, c->map[p->to], "b");
}

/* A line needs some pressure everywhere, but close to a source it can have no more than the fall so far. */
static void set_line_floors(copying *c)
{
    double least = c->village->norms.value[GF_WATER_NORM_HEAD_LINE_MIN];
    gf_village_design *d = c->design;
    for (uint32_t i = 0; i < d->node_count; i++) {
        gf_village_node *n = &d->nodes[i];
        const gf_village_zone *z = &d->zones[n->zone];
        n->still_m = z->still_m;
        if (isnan(n->floor_m) && i != z->root)
            n->floor_m = n->place.z + fmin(least, fmax(0, LINE_SHARE * (z->low_m - n->place.z)));
    }
}

gf_status village_zones_make(const gf_village *v, const village_tree *tree, gf_village_breaks kind, gf_arena *keep, gf_village_design *out, uint32_t **node_map,
                             gf_error *err)
{
    copying c = { .village = v, .tree = tree, .kind = kind, .keep = keep, .design = out };
    wants *at = all_wants(v, tree, keep);
    c.room = tree->node_count + 2 * tree->pipe_count + 2;
    c.map = gf_new(keep, uint32_t, tree->node_count);
    c.far = gf_new(keep, double, c.room);
    out->nodes = gf_new(keep, gf_village_node, c.room);
    out->pipes = gf_new(keep, gf_village_pipe, 4 * tree->pipe_count + 64);
    out->zones = gf_new(keep, gf_village_zone, c.room);
    if (!at || !c.map || !c.far || !out->nodes || !out->pipes || !out->zones)
        return gf_fail_memory(err);
    double depth = v->norms.value[GF_WATER_NORM_TANK_DEPTH];
    for (uint32_t i = 0; i < tree->node_count; i++) {       /* roots: sources and the tank */
        const gf_village_node *n = &tree->nodes[i];
        if (n->kind != GF_VILLAGE_NODE_SOURCE && n->kind != GF_VILLAGE_NODE_TANK)
            continue;
        bool raw = n->kind == GF_VILLAGE_NODE_SOURCE;
        uint32_t zone = put_zone(&c, out->node_count, n->place.z, n->place.z + (raw ? 0 : depth), raw);
        c.map[i] = put_node(&c, *n, zone);
    }
    for (uint32_t i = 0; i < tree->pipe_count; i++) {
        const gf_village_pipe *p = &tree->pipes[i];
        const gf_village_zone *zone = &out->zones[out->nodes[c.map[p->from]].zone];
        double still = zone->still_m, sure = zone->low_m - LOSS_SLOPE * (c.far[c.map[p->from]] + p->length_m), head = 0;
        size_t where = 0;
        if (wants_break(&c, p, at[p->to], still, sure, &where, &head)) {
            put_break(&c, p, where, head);
            continue;
        }
        c.map[p->to] = put_node(&c, tree->nodes[p->to], out->nodes[c.map[p->from]].zone);
        put_pipe(&c, *p, c.map[p->from], c.map[p->to], NULL);
    }
    out->breaks = c.breaks;
    set_line_floors(&c);
    *node_map = c.map;
    return GF_OK;
}

/* ---- Loops ---- */

typedef struct chord { uint32_t a, b; double gain; gf_village_pipe pipe; } chord;

/* Way along the tree between two nodes of one zone; INFINITY when they share none. */
static double way_between(const gf_village_design *d, const int32_t *up, const uint32_t *deep, uint32_t a, uint32_t b)
{
    double way = 0;
    while (a != b) {
        uint32_t *lower = deep[a] >= deep[b] ? &a : &b;
        if (up[*lower] < 0)
            return INFINITY;
        way += d->pipes[up[*lower]].length_m;
        *lower = d->pipes[up[*lower]].from;
    }
    return way;
}

static bool may_join(const gf_village_design *d, uint32_t a, uint32_t b)
{
    const gf_village_node *x = &d->nodes[a], *y = &d->nodes[b];
    bool kinds = (x->kind == GF_VILLAGE_NODE_HOUSE || x->kind == GF_VILLAGE_NODE_BRANCH) && (y->kind == GF_VILLAGE_NODE_HOUSE || y->kind == GF_VILLAGE_NODE_BRANCH);
    return kinds && x->zone == y->zone;
}

static void best_chord(const gf_village *v, const village_mesh *mesh, gf_village_design *d, const int32_t *up, const uint32_t *deep,
                       const uint8_t *looped, gf_arena *keep, chord *best)
{
    static const double LONGEST_M = 400, SHORTEST_M = 15, WORTH = 2.5;
    for (uint32_t a = 0; a < d->node_count; a++)
        for (uint32_t b = a + 1; b < d->node_count; b++) {
            if (looped[a] || looped[b] || !may_join(d, a, b))
                continue;
            double far = hypot(d->nodes[a].place.x - d->nodes[b].place.x, d->nodes[a].place.y - d->nodes[b].place.y);
            if (far > LONGEST_M || far < SHORTEST_M)
                continue;
            double gain = way_between(d, up, deep, a, b) / far;
            gf_village_pipe pipe = { .pe = -1, .is_loop = true };
            if (gain > WORTH && gain > best->gain && gain < INFINITY && village_straight(v, mesh, d->nodes[a].place, d->nodes[b].place, keep, &pipe))
                *best = (chord){ a, b, gain, pipe };
        }
}

/* What lies on a loop is fed from two sides now: further loops look elsewhere. */
static void mark_loop(const gf_village_design *d, const int32_t *up, const uint32_t *deep, uint32_t a, uint32_t b, uint8_t *looped)
{
    while (a != b) {
        uint32_t *lower = deep[a] >= deep[b] ? &a : &b;
        looped[*lower] = 1;
        *lower = d->pipes[up[*lower]].from;
    }
}

gf_status village_loops_add(const gf_village *v, const village_mesh *mesh, uint32_t most, gf_arena *keep, gf_village_design *d, gf_error *err)
{
    int32_t *up = gf_new(keep, int32_t, d->node_count);
    uint32_t *deep = gf_new(keep, uint32_t, d->node_count);
    uint8_t *looped = gf_new(keep, uint8_t, d->node_count);
    if (!up || !deep || !looped)
        return gf_fail_memory(err);
    memset(up, 0xFF, d->node_count * sizeof *up);
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        if (d->pipes[i].is_prv)
            continue;
        up[d->pipes[i].to] = (int32_t)i;
        deep[d->pipes[i].to] = deep[d->pipes[i].from] + 1;
    }
    for (; d->loops < most; d->loops++) {
        chord best = { .gain = 0 };
        best_chord(v, mesh, d, up, deep, looped, keep, &best);
        if (best.gain <= 0)
            return GF_OK;
        gf_text id;
        gf_text_init(&id, keep);
        gf_text_format(&id, "L%u", d->loops + 1);
        best.pipe.id = gf_text_str(&id);
        best.pipe.from = best.a;
        best.pipe.to = best.b;
        best.pipe.zone = d->nodes[best.a].zone;
        d->pipes[d->pipe_count++] = best.pipe;
        mark_loop(d, up, deep, best.a, best.b, looped);
    }
    return GF_OK;
}
