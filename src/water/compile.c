/* From a network to a solver: which links may be folded, in which order, and the layout of the system.
 *
 * A link is plain when nothing can ever change it but its diameter: an open pipe without check valve, control, rule or tank at
 * an end. A junction is foldable when its outflow does not hang on its head and nothing asks for its head between solutions.
 *   1. leaves: a foldable junction with one plain link is peeled off, again and again; its flow is what hangs below it;
 *   2. stretches: foldable junctions with two plain links are passed through; the pipes between two kept nodes are an element;
 *   3. every other link is an element of its own.
 * Balerma's 443 junctions leave 16 unknowns, Hanoi's 31 leave 4.
 */
#include "water/solver.h"
#include <assert.h>
#include <string.h>

typedef struct plan {
    const gf_water_net *net;
    uint8_t  *plain, *foldable, *interior;          /* by link, node, node */
    uint32_t *degree, *first, *near;                /* links left at a node; links of a node */
    uint8_t  *used;                                 /* by link: peeled, or in an element */
    uint32_t *peel_link, *peel_node, *peel_root, peel_count;
    uint32_t *stretch_link, *stretch_node;          /* by core slot */
    int8_t   *stretch_sign;
    uint32_t  stretch_count;
    gf_arena *scratch;
} plan;

static uint32_t other_end(const gf_water_net *net, uint32_t link, uint32_t node)
{
    return net->links[link].from == node ? net->links[link].to : net->links[link].from;
}

static bool plan_alloc(plan *p, const gf_water_net *net, gf_arena *scratch)
{
    uint32_t nodes = net->node_count, links = net->link_count;
    *p = (plan){ .net = net, .scratch = scratch };
    p->plain = gf_new(scratch, uint8_t, links);
    p->foldable = gf_new(scratch, uint8_t, nodes);
    p->interior = gf_new(scratch, uint8_t, nodes);
    p->degree = gf_new(scratch, uint32_t, nodes);
    p->first = gf_new(scratch, uint32_t, nodes + 1);
    p->near = gf_new(scratch, uint32_t, 2 * (size_t)links);
    p->used = gf_new(scratch, uint8_t, links);
    p->peel_link = gf_new(scratch, uint32_t, links);
    p->peel_node = gf_new(scratch, uint32_t, links);
    p->peel_root = gf_new(scratch, uint32_t, links);
    p->stretch_link = gf_new(scratch, uint32_t, links);
    p->stretch_node = gf_new(scratch, uint32_t, links);
    p->stretch_sign = gf_new(scratch, int8_t, links);
    return p->plain && p->foldable && p->interior && p->degree && p->first && p->near && p->used && p->peel_link && p->peel_node
        && p->peel_root && p->stretch_link && p->stretch_node && p->stretch_sign;
}

static void plan_neighbours(plan *p)
{
    const gf_water_net *net = p->net;
    for (uint32_t i = 0; i < net->link_count; i++) p->first[net->links[i].from + 1]++, p->first[net->links[i].to + 1]++;
    for (uint32_t i = 0; i < net->node_count; i++) p->first[i + 1] += p->first[i];
    for (uint32_t i = 0; i < net->link_count; i++) {
        const gf_water_link *link = &net->links[i];
        p->near[p->first[link->from] + p->degree[link->from]++] = i;
        p->near[p->first[link->to] + p->degree[link->to]++] = i;
    }
}

/* Every junction must be able to get water when all is open: otherwise no head is defined for it. */
static gf_status check_reached(const plan *p, gf_error *err)
{
    const gf_water_net *net = p->net;
    uint8_t *seen = gf_new(p->scratch, uint8_t, net->node_count);
    uint32_t *queue = gf_new(p->scratch, uint32_t, net->node_count), tail = 0;
    if (!seen || !queue) return gf_fail_memory(err);
    for (uint32_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].kind != GF_WATER_JUNCTION) seen[i] = 1, queue[tail++] = i;
    for (uint32_t head = 0; head < tail; head++)
        for (uint32_t k = p->first[queue[head]]; k < p->first[queue[head] + 1]; k++) {
            uint32_t next = other_end(net, p->near[k], queue[head]);
            if (!seen[next]) seen[next] = 1, queue[tail++] = next;
        }
    for (uint32_t i = 0; i < net->node_count; i++)
        if (!seen[i])
            return gf_fail(err, GF_EINPUT, "water.unreached", "Connect it with pipes to a reservoir or tank, or take it out.",
                           "node '%.*s' is not connected to any source", GF_STR_ARG(net->nodes[i].id));
    return GF_OK;
}

static void plan_mark(plan *p, const gf_water_solver *s)
{
    const gf_water_net *net = p->net;
    bool fixed_demands = net->options.demand_model == GF_WATER_DEMAND_DRIVEN && !s->wanted.unfolded;
    for (uint32_t i = 0; i < net->node_count; i++)
        p->foldable[i] = fixed_demands && net->nodes[i].kind == GF_WATER_JUNCTION && !(net->nodes[i].emitter > 0);
    for (uint32_t i = 0; i < net->link_count; i++) {
        const gf_water_link *link = &net->links[i];
        p->plain[i] = link->kind == GF_WATER_PIPE && s->state[i] == IS_OPEN && net->nodes[link->from].kind != GF_WATER_TANK
            && net->nodes[link->to].kind != GF_WATER_TANK && !(s->wanted.may_vanish && s->wanted.may_vanish[i]);
    }
    for (uint32_t i = 0; i < net->control_count; i++) {
        const gf_water_control *c = &net->controls[i];
        p->plain[c->link] = 0;
        if (c->kind == GF_WATER_ABOVE || c->kind == GF_WATER_BELOW) p->foldable[c->node] = 0;
    }
    for (uint32_t i = 0; i < net->rule_count; i++) {
        const gf_water_rule *r = &net->rules[i];
        for (uint32_t k = 0; k < r->premise_count; k++)
            if (r->premises[k].object == GF_WATER_OF_NODE) p->foldable[r->premises[k].index] = 0;
        for (uint32_t k = 0; k < r->then_count; k++) p->plain[r->then[k].link] = 0;
        for (uint32_t k = 0; k < r->otherwise_count; k++) p->plain[r->otherwise[k].link] = 0;
    }
}

static uint32_t only_link(const plan *p, uint32_t node)
{
    uint32_t k = p->first[node];
    while (k + 1 < p->first[node + 1] && p->used[p->near[k]]) k++;
    assert(!p->used[p->near[k]]);  /* a leaf has a link */
    return p->near[k];
}

static void peel_leaves(plan *p)
{
    for (uint32_t start = 0; start < p->net->node_count; start++) {
        uint32_t node = start;
        while (p->foldable[node] && p->degree[node] == 1) {
            uint32_t link = only_link(p, node), root = other_end(p->net, link, node);
            if (!p->plain[link]) break;
            p->used[link] = 1;
            p->degree[node] = 0;
            p->degree[root]--;
            p->peel_link[p->peel_count] = link;
            p->peel_node[p->peel_count] = node;
            p->peel_root[p->peel_count++] = root;
            node = root;
        }
    }
}

static void mark_interior(plan *p)
{
    for (uint32_t i = 0; i < p->net->node_count; i++) {
        if (!p->foldable[i] || p->degree[i] != 2) continue;
        uint32_t plain = 0;
        for (uint32_t k = p->first[i]; k < p->first[i + 1]; k++) plain += !p->used[p->near[k]] && p->plain[p->near[k]];
        p->interior[i] = plain == 2;
    }
}

/* Follow a stretch from `node` over `link` to the next kept node; `put` writes it down. */
static uint32_t walk(plan *p, uint32_t node, uint32_t link, bool put)
{
    for (;;) {
        uint32_t next = other_end(p->net, link, node);
        if (put) {
            p->used[link] = 1;
            p->stretch_link[p->stretch_count] = link;
            p->stretch_sign[p->stretch_count] = p->net->links[link].from == node ? 1 : -1;
            p->stretch_node[p->stretch_count++] = next;
        }
        if (!p->interior[next]) return next;
        uint32_t onward = link;
        for (uint32_t k = p->first[next]; k < p->first[next + 1]; k++)
            if (p->near[k] != link && p->degree[next] == 2 && p->plain[p->near[k]] && !p->used[p->near[k]]) onward = p->near[k];
        assert(onward != link);
        link = onward;
        node = next;
    }
}

/* A stretch that comes back to where it began would have no flow of its own to solve for: keep one of its nodes. */
static void open_rings(plan *p)
{
    for (uint32_t i = 0; i < p->net->node_count; i++) {
        if (p->interior[i]) continue;
        for (uint32_t k = p->first[i]; k < p->first[i + 1]; k++) {
            uint32_t link = p->near[k], next = other_end(p->net, link, i);
            if (!p->used[link] && p->plain[link] && p->interior[next] && walk(p, i, link, false) == i) p->interior[next] = 0;
        }
    }
}

static bool alone(const plan *p, uint32_t link) { return !p->plain[link]; }

/* Elements in the order of their first link's number: the same network gives the same order. */
static gf_status make_elements(plan *p, gf_water_solver *s, gf_arena *keep, gf_error *err)
{
    const gf_water_net *net = p->net;
    s->elements = gf_new(keep, element, net->link_count);
    s->special = gf_new(keep, uint32_t, net->link_count);
    if (!s->elements || !s->special) return gf_fail_memory(err);
    for (uint32_t i = 0; i < net->link_count; i++) {
        const gf_water_link *link = &net->links[i];
        if (p->used[i] || (p->interior[link->from] && p->interior[link->to])) continue;
        element *e = &s->elements[s->element_count++];
        bool backward = p->interior[link->from];
        *e = (element){ .slot_first = p->stretch_count, .link = GF_WATER_NONE, .from = backward ? link->to : link->from };
        if (alone(p, i)) {
            e->link = (int32_t)i;
            e->to = link->to;
            p->used[i] = 1;
            s->special[s->special_count++] = s->element_count - 1;
            if (link->kind > GF_WATER_PIPE_CHECKED) continue;
            p->stretch_link[p->stretch_count] = i;
            p->stretch_sign[p->stretch_count] = 1;
            p->stretch_node[p->stretch_count++] = link->to;
        } else {
            e->to = walk(p, e->from, i, true);
        }
        e->slot_count = p->stretch_count - e->slot_first;
    }
    return GF_OK;
}

static bool slots_alloc(gf_water_solver *s, gf_arena *keep)
{
    uint32_t n = s->slot_padded;
    double **const reals[] = { &s->slot_flow, &s->slot_loss, &s->slot_grad, &s->slot_resist, &s->slot_minor, &s->slot_rough, &s->slot_visc,
        &s->slot_offset, &s->slot_base, &s->slot_d_ft };
    for (size_t i = 0; i < GF_COUNT(reals); i++)
        if (!(*reals[i] = gf_new(keep, double, n))) return false;
    s->changed = gf_new(keep, uint32_t, n);
    s->slot_link = gf_new(keep, uint32_t, n);
    s->slot_sign = gf_new(keep, int8_t, n);
    s->chain_node = gf_new(keep, uint32_t, n);
    s->branch_node = gf_new(keep, uint32_t, n);
    s->branch_root = gf_new(keep, uint32_t, n);
    return s->changed && s->slot_link && s->slot_sign && s->chain_node && s->branch_node && s->branch_root;
}

static uint32_t in_lanes(uint32_t count) { return (count + PIPE_LANES - 1) / PIPE_LANES * PIPE_LANES; }

/* Core slots first, filled up to a whole four, then the branches. Filling slots have a harmless pipe. */
static gf_status fill_slots(const plan *p, gf_water_solver *s, gf_arena *keep, gf_error *err)
{
    s->slot_used = p->stretch_count;
    s->slot_core = in_lanes(p->stretch_count);
    s->branch_count = p->peel_count;
    s->slot_padded = s->slot_core + in_lanes(p->peel_count);
    if (!slots_alloc(s, keep)) return gf_fail_memory(err);
    for (uint32_t i = 0; i < s->slot_padded; i++) s->slot_resist[i] = s->slot_visc[i] = s->slot_rough[i] = s->slot_base[i] = s->slot_d_ft[i] = 1;
    for (uint32_t i = 0; i < p->stretch_count; i++) {
        s->slot_link[i] = p->stretch_link[i];
        s->slot_sign[i] = p->stretch_sign[i];
        s->chain_node[i] = p->stretch_node[i];
        s->slot_of[p->stretch_link[i]] = (int32_t)i;
    }
    for (uint32_t i = 0; i < p->peel_count; i++) {
        uint32_t slot = s->slot_core + i, link = p->peel_link[i];
        s->slot_link[slot] = link;
        s->slot_sign[slot] = p->net->links[link].from == p->peel_node[i] ? 1 : -1;
        s->branch_node[slot] = p->peel_node[i];
        s->branch_root[slot] = p->peel_root[i];
        s->slot_of[link] = (int32_t)slot;
    }
    return GF_OK;
}

static void mark_folded(const plan *p, gf_water_solver *s)
{
    for (uint32_t i = 0; i < p->net->node_count; i++) s->folded[i] = p->interior[i];
    for (uint32_t i = 0; i < p->peel_count; i++) s->folded[p->peel_node[i]] = 2;
}

static gf_status lay_out_system(gf_water_solver *s, gf_arena *keep, gf_arena *scratch, gf_error *err)
{
    uint32_t size = 0, edges = 0;
    factor_edge *edge = gf_new(scratch, factor_edge, s->element_count);
    uint32_t *entry = gf_new(scratch, uint32_t, s->element_count);
    int32_t *unknown = gf_new(scratch, int32_t, s->net->node_count);
    if (!edge || !entry || !unknown) return gf_fail_memory(err);
    for (uint32_t i = 0; i < s->net->node_count; i++)
        unknown[i] = s->net->nodes[i].kind == GF_WATER_JUNCTION && !s->folded[i] ? (int32_t)size++ : GF_WATER_NONE;
    for (uint32_t i = 0; i < s->element_count; i++) {
        int32_t a = unknown[s->elements[i].from], b = unknown[s->elements[i].to];
        if (a >= 0 && b >= 0) edge[edges++] = (factor_edge){ (uint32_t)a, (uint32_t)b };
    }
    gf_status status = factor_make(size, edge, edges, keep, &s->system, entry, err);
    if (status != GF_OK) return status;
    for (uint32_t i = 0; i < s->net->node_count; i++)
        s->row[i] = unknown[i] >= 0 ? (int32_t)s->system.place[unknown[i]] : GF_WATER_NONE;
    edges = 0;
    for (uint32_t i = 0; i < s->element_count; i++) {
        element *e = &s->elements[i];
        e->row_from = s->row[e->from];
        e->row_to = s->row[e->to];
        e->entry = e->row_from >= 0 && e->row_to >= 0 ? (int32_t)entry[edges++] : GF_WATER_NONE;
        if (e->link >= 0) s->element_of[e->link] = (int32_t)i;
        for (uint32_t k = 0; k < e->slot_count; k++) s->element_of[s->slot_link[e->slot_first + k]] = (int32_t)i;
    }
    s->right = gf_new(keep, double, size + FACTOR_SPARE);
    s->row_node = gf_new(keep, uint32_t, size);
    if (!s->right || !s->row_node) return gf_fail_memory(err);
    for (uint32_t i = 0; i < s->net->node_count; i++)
        if (s->row[i] >= 0) s->row_node[s->row[i]] = i;
    return GF_OK;
}

static bool solver_alloc(gf_water_solver *s, gf_arena *keep)
{
    uint32_t nodes = s->net->node_count, links = s->net->link_count;
    double **const by_node[] = { &s->head, &s->elevation, &s->demand, &s->demand_full, &s->pending, &s->outflow, &s->emitter, &s->emitter_flow,
        &s->excess, &s->volume, &s->set_demand };
    double **const by_link[] = { &s->flow, &s->inverse, &s->shift, &s->step, &s->mend, &s->setting, &s->diameter, &s->minor, &s->minor_unit, &s->link_flow, &s->power_kw,
        &s->efficiency, &s->power_w, &s->rule_priority };
    for (size_t i = 0; i < GF_COUNT(by_node); i++)
        if (!(*by_node[i] = gf_new(keep, double, nodes))) return false;
    for (size_t i = 0; i < GF_COUNT(by_link); i++)
        if (!(*by_link[i] = gf_new(keep, double, links))) return false;
    s->folded = gf_new(keep, uint8_t, nodes);
    s->row = gf_new(keep, int32_t, nodes);
    s->state = gf_new(keep, uint8_t, links);
    s->closed = gf_new(keep, uint8_t, links);
    s->slot_of = gf_new(keep, int32_t, links);
    s->element_of = gf_new(keep, int32_t, links);
    s->pump_of = gf_new(keep, int32_t, links);
    s->rule_action = gf_new(keep, const gf_water_action *, links);
    s->rule_flips = gf_new(keep, uint32_t, links);
    s->rule_turn = gf_new(keep, uint8_t, links);
    return s->folded && s->row && s->state && s->closed && s->slot_of && s->element_of && s->pump_of && s->rule_action && s->rule_flips && s->rule_turn;
}

/* What the network says of each part, once. */
static void read_parts(gf_water_solver *s)
{
    const gf_water_net *net = s->net;
    for (uint32_t i = 0; i < net->node_count; i++) {
        const gf_water_node *node = &net->nodes[i];
        s->elevation[i] = node->elevation_m;
        s->set_demand[i] = NAN;
        if (node->kind == GF_WATER_JUNCTION && node->emitter > 0) {
            s->emitter[i] = pow(1 / node->emitter, 1 / net->options.emitter_exponent);
            s->has_outflows = true;
        }
    }
    for (uint32_t i = 0; i < net->link_count; i++) {
        const gf_water_link *link = &net->links[i];
        s->slot_of[i] = s->element_of[i] = s->pump_of[i] = GF_WATER_NONE;
        s->diameter[i] = link->diameter_m;
        s->power_w[i] = link->power_w;
        s->has_valves |= link->kind == GF_WATER_PRV || link->kind == GF_WATER_PSV || link->kind == GF_WATER_FCV;
        solver_start_state(s, i);
        gf_water_set_diameter(s, i, link->diameter_m);
    }
    s->has_outflows |= s->has_valves || net->options.demand_model == GF_WATER_PRESSURE_DRIVEN;
}

static void slot_bases(gf_water_solver *s)
{
    for (uint32_t slot = 0; slot < s->slot_padded; slot++) {
        if (slot >= s->slot_used && (slot < s->slot_core || slot >= s->slot_core + s->branch_count)) continue;
        const gf_water_link *pipe = &s->net->links[s->slot_link[slot]];
        double length_ft = pipe->length_m / FOOT_M, c = pipe->roughness;
        if (s->options.headloss == GF_WATER_HAZEN_WILLIAMS)
            s->slot_base[slot] = 4.727 * length_ft * pow(c, -1.852) * FOOT_M * pow(CFS_M3S, -1.852);
        if (s->options.headloss == GF_WATER_CHEZY_MANNING)
            s->slot_base[slot] = 16 * c * c / (1.49 * 1.49 * PI * PI) * pow(4, 1.333) * length_ft * FOOT_M / (CFS_M3S * CFS_M3S);
        gf_water_set_diameter(s, s->slot_link[slot], s->diameter[s->slot_link[slot]]);
    }
}

static gf_status compile(gf_water_solver *s, gf_arena *keep, gf_arena *scratch, gf_error *err)
{
    plan p;
    if (!solver_alloc(s, keep) || !plan_alloc(&p, s->net, scratch)) return gf_fail_memory(err);
    read_parts(s);
    plan_neighbours(&p);
    gf_status status = check_reached(&p, err);
    if (status == GF_OK) status = solver_fit_pumps(s, keep, err);
    if (status != GF_OK) return status;
    plan_mark(&p, s);
    peel_leaves(&p);
    mark_interior(&p);
    open_rings(&p);
    status = make_elements(&p, s, keep, err);
    if (status == GF_OK) status = fill_slots(&p, s, keep, err);
    if (status != GF_OK) return status;
    mark_folded(&p, s);
    slot_bases(s);
    return lay_out_system(s, keep, scratch, err);
}

gf_status gf_water_solver_make(const gf_water_net *net, const gf_water_solve_options *options, gf_arena *keep, gf_water_solver **out,
                               gf_error *err)
{
    gf_water_solver *s = gf_new(keep, gf_water_solver, 1);
    gf_arena *scratch = gf_arena_open((size_t)4 << 30);
    gf_status status = s && scratch ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK) {
        s->net = net;
        s->options = net->options;
        if (options) s->wanted = *options;
        if (!(s->wanted.accuracy > 0)) s->wanted.accuracy = net->options.accuracy;
        if (s->wanted.iterations_max == 0) s->wanted.iterations_max = net->options.trials_max;
        status = compile(s, keep, scratch, err);
    }
    gf_arena_close(scratch);
    if (status != GF_OK) return status;
    gf_water_reset(s);
    *out = s;
    return GF_OK;
}
