/* Sizes zone by zone: each is a network of its own under a fixed head, what a lower zone takes is a demand at its inlet. Trees are
 * answered exactly by the water room. Then the whole network is put together and solved once more for every case: what is told of
 * heads comes from there, and a design counts as feasible only if that solution keeps every limit too.
 */
#include "app/village.h"

#include <math.h>
#include <string.h>

enum { PEAK, NIGHT, FIRE_FIRST };
static const double NIGHT_SHARE = 0.1, SLACK_M = 0.01;

typedef struct sizing_work {
    const gf_village    *village;
    const gf_water_need *need;
    const gf_water_size_options *sizes;
    gf_arena            *keep;
    gf_error            *err;
    gf_village_design   *design;
    double              *own[GF_VILLAGE_CASES];     /* by node: what is taken there */
    double              *inflow[GF_VILLAGE_CASES];  /* by zone */
    uint32_t             cases;
    gf_water_size_option *options;
} sizing_work;

/* ---- Demands ---- */

static bool is_inlet(const gf_village_node *n) { return n->kind == GF_VILLAGE_NODE_BREAK_IN || n->kind == GF_VILLAGE_NODE_PRV_IN; }
static bool is_root(const gf_village_node *n)
{
    return n->kind == GF_VILLAGE_NODE_SOURCE || n->kind == GF_VILLAGE_NODE_TANK || n->kind == GF_VILLAGE_NODE_BREAK;
}

/* Hydrants that are hardest to serve: the highest under their zone's head, and the furthest. */
static void choose_fires(gf_village_design *d, const double *far)
{
    for (d->fires = 0; d->fires < GF_VILLAGE_FIRES_MAX; d->fires++) {
        double best = -INFINITY;
        bool by_height = d->fires % 2 == 0;
        for (uint32_t i = 0; i < d->node_count; i++) {
            const gf_village_node *n = &d->nodes[i];
            double score = by_height ? n->place.z - d->zones[n->zone].low_m : far[i];
            bool taken = !n->hydrant || score <= best;
            for (uint32_t k = 0; k < d->fires && !taken; k++)
                taken = d->fire_node[k] == i;
            if (taken)
                continue;
            best = score;
            d->fire_node[d->fires] = i;
        }
        if (isinf(best))
            return;
    }
}

static gf_status make_demands(sizing_work *w)
{
    gf_village_design *d = w->design;
    double *far = gf_new(w->keep, double, d->node_count), fire = w->village->norms.value[GF_WATER_NORM_FIRE_LPS] / 1000, sources = 0;
    if (!far)
        return gf_fail_memory(w->err);
    for (uint32_t i = 0; i < d->pipe_count; i++)
        if (!d->pipes[i].is_loop)
            far[d->pipes[i].to] = far[d->pipes[i].from] + d->pipes[i].length_m;
    choose_fires(d, far);
    for (uint32_t i = 0; i < d->node_count; i++)
        sources += d->nodes[i].kind == GF_VILLAGE_NODE_SOURCE;
    w->cases = FIRE_FIRST + d->fires;
    for (uint32_t c = 0; c < w->cases; c++) {
        w->own[c] = gf_new(w->keep, double, d->node_count);
        w->inflow[c] = gf_new(w->keep, double, d->zone_count);
        if (!w->own[c] || !w->inflow[c])
            return gf_fail_memory(w->err);
        double share = c == PEAK ? 1 : (c == NIGHT ? NIGHT_SHARE : 1) / w->need->kh;
        for (uint32_t i = 0; i < d->node_count; i++)
            w->own[c][i] = d->nodes[i].kind == GF_VILLAGE_NODE_TANK_IN ? w->need->raw_lps / 1000 / sources : d->nodes[i].peak_m3s * share;
        if (c >= FIRE_FIRST)
            w->own[c][d->fire_node[c - FIRE_FIRST]] += fire;
        for (uint32_t i = d->node_count; i-- > 0;) {    /* lower zones come later */
            const gf_village_node *n = &d->nodes[i];
            w->inflow[c][n->zone] += w->own[c][i] + (is_inlet(n) ? w->inflow[c][d->nodes[i + 1].zone] : 0);
        }
    }
    return GF_OK;
}

/* ---- A zone as a network ---- */

static double roughness_of(const gf_village *v)
{
    return v->norms.value[GF_WATER_NORM_C_PLASTIC] / pow(1 + v->norms.value[GF_WATER_NORM_LOCAL_PERCENT] / 100, 1 / 1.852);
}

static gf_water_net empty_net(gf_str title)
{
    gf_water_net net = { .title = title, .options = gf_water_options_default() };
    net.options.flow_unit = GF_WATER_LPS;
    net.options.pressure_unit = GF_WATER_METRES;
    net.options.headloss = GF_WATER_HAZEN_WILLIAMS;
    net.options.accuracy = 1e-5;
    net.units = gf_water_units_of(GF_WATER_LPS, GF_WATER_METRES, 1);
    return net;
}

static gf_water_link link_of(const gf_village *v, const gf_village_pipe *p, uint32_t from, uint32_t to, double diameter_m)
{
    return (gf_water_link){ .id = p->id, .kind = GF_WATER_PIPE, .from = from, .to = to, .status = GF_WATER_OPEN, .length_m = p->length_m, .diameter_m = diameter_m,
                            .roughness = roughness_of(v), .curve = GF_WATER_NONE, .speed_pattern = GF_WATER_NONE, .efficiency_curve = GF_WATER_NONE,
                            .price_pattern = GF_WATER_NONE, .price = -1 };
}

typedef struct zone_net {
    gf_water_net        net;
    gf_water_size_pipe *pipes;
    uint32_t           *node_of, *pipe_of;      /* indices in the design */
    int32_t            *at;                     /* by node of the design */
    bool                unclassed;              /* a pipe for which no class is strong enough */
} zone_net;

static gf_status choose_options(sizing_work *w, const gf_village_zone *zone, const gf_village_pipe *p, gf_water_size_pipe *out)
{
    const gf_water_catalogue *c = &w->village->catalogue;
    double still = (zone->still_m - p->low_m) * w->village->norms.value[GF_WATER_NORM_CLASS_RESERVE];
    uint16_t *options = gf_new(w->keep, uint16_t, c->count);
    if (!options)
        return gf_fail_memory(w->err);
    for (size_t i = 0; i < c->count; i++) {
        bool best = c->pipes[i].dn_mm >= w->village->norms.value[GF_WATER_NORM_DN_MIN] && gf_water_pe_head_m(&c->pipes[i]) >= still;
        for (size_t k = i + 1; k < c->count && best; k++)       /* a thinner wall of the same DN that also stands it */
            best = c->pipes[k].dn_mm != c->pipes[i].dn_mm || gf_water_pe_head_m(&c->pipes[k]) < still;
        if (best)
            options[out->option_count++] = (uint16_t)i;
    }
    out->options = options;
    return GF_OK;
}

static gf_status build_zone(sizing_work *w, uint32_t zone, zone_net *out)
{
    const gf_village_design *d = w->design;
    zone_net z = { .net = empty_net(GF_STR("zone")) };
    z.net.nodes = gf_new(w->keep, gf_water_node, d->node_count);
    z.net.links = gf_new(w->keep, gf_water_link, d->pipe_count);
    z.pipes = gf_new(w->keep, gf_water_size_pipe, d->pipe_count);
    z.node_of = gf_new(w->keep, uint32_t, d->node_count);
    z.pipe_of = gf_new(w->keep, uint32_t, d->pipe_count);
    z.at = gf_new(w->keep, int32_t, d->node_count);
    if (!z.net.nodes || !z.net.links || !z.pipes || !z.node_of || !z.pipe_of || !z.at)
        return gf_fail_memory(w->err);
    for (uint32_t i = 0; i < d->node_count; i++) {
        const gf_village_node *n = &d->nodes[i];
        if (n->zone != zone)
            continue;
        bool root = i == d->zones[zone].root;
        z.at[i] = (int32_t)z.net.node_count;
        z.node_of[z.net.node_count] = i;
        z.net.nodes[z.net.node_count++] = (gf_water_node){ .id = n->id, .kind = root ? GF_WATER_RESERVOIR : GF_WATER_JUNCTION, .pattern = GF_WATER_NONE, .volume_curve = GF_WATER_NONE,
                                                           .elevation_m = root ? d->zones[zone].low_m : n->place.z };
    }
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        const gf_village_pipe *p = &d->pipes[i];
        if (p->zone != zone || p->is_prv)
            continue;
        gf_water_size_pipe *pipe = &z.pipes[z.net.link_count];
        gf_status status = choose_options(w, &d->zones[zone], p, pipe);
        if (status != GF_OK)
            return status;
        if (pipe->option_count == 0) {
            z.unclassed = true;
            w->design->lack = (gf_village_short){ .any = true, .node = p->id, .short_m = d->zones[zone].still_m - p->low_m, .limit = GF_WATER_LIMIT_MAX_HEAD };
            break;
        }
        pipe->link = z.net.link_count;
        pipe->length = p->length_m;
        z.pipe_of[z.net.link_count] = i;
        z.net.links[z.net.link_count++] = link_of(w->village, p, (uint32_t)z.at[p->from], (uint32_t)z.at[p->to], w->options[pipe->options[0]].diameter_m);
    }
    *out = z;
    return GF_OK;
}

/* ---- Cases ---- */

static double floor_in(const sizing_work *w, uint32_t at_case, uint32_t node)
{
    const gf_village_node *n = &w->design->nodes[node];
    if (at_case == PEAK || is_inlet(n) || n->kind == GF_VILLAGE_NODE_TANK_IN)
        return n->floor_m;
    bool burns = at_case >= FIRE_FIRST && w->design->fire_node[at_case - FIRE_FIRST] == node;
    return burns ? n->place.z + w->village->norms.value[GF_WATER_NORM_FIRE_HEAD] : NAN;
}

static gf_status make_case(const sizing_work *w, const zone_net *z, uint32_t at_case, gf_water_size_case *out)
{
    double *demand = gf_new(w->keep, double, z->net.node_count), *least = gf_new(w->keep, double, z->net.node_count);
    if (!demand || !least)
        return gf_fail_memory(w->err);
    for (uint32_t i = 0; i < z->net.node_count; i++) {
        uint32_t node = z->node_of[i];
        const gf_village_node *n = &w->design->nodes[node];
        demand[i] = z->net.nodes[i].kind == GF_WATER_JUNCTION ? w->own[at_case][node] + (is_inlet(n) ? w->inflow[at_case][w->design->nodes[node + 1].zone] : 0) : 0;
        least[i] = floor_in(w, at_case, node) - n->place.z;     /* NAN stays NAN */
    }
    *out = (gf_water_size_case){ .name = at_case == PEAK ? GF_STR("peak") : GF_STR("fire"), .demand_m3s = demand, .pressure_min_m = least,
                                 .velocity_max_ms = at_case == PEAK ? w->village->norms.value[GF_WATER_NORM_VELOCITY_MAX] : INFINITY };
    return GF_OK;
}

static void take_lack(sizing_work *w, const zone_net *z, const gf_water_sizing *s)
{
    gf_village_short *lack = &w->design->lack;
    if (lack->any)
        return;
    *lack = (gf_village_short){ .any = true, .short_m = -s->worst.slack, .lift_m = s->remedy.lift_m, .diameter_m = s->remedy.diameter_m, .limit = s->worst.limit };
    lack->node = s->worst.limit == GF_WATER_LIMIT_VELOCITY ? z->net.links[s->worst.index].id : z->net.nodes[s->worst.index].id;
    gf_text links;
    gf_text_init(&links, w->keep);
    for (uint32_t i = 0; i < s->remedy.link_count; i++)
        gf_text_format(&links, "%s%.*s", i ? " " : "", GF_STR_ARG(z->net.links[s->remedy.links[i]].id));
    lack->links = gf_text_str(&links);
}

/* Each case by itself, exactly; a pipe is laid as the greatest of its sizes. In a tree that serves every case, for wider pipes lose less
 * head, and no design can cost less than the dearest single case. (All cases at once would need labels of many heads: a fire at
 * four hydrants took minutes and gigabytes.) */
static gf_status size_case(sizing_work *w, const zone_net *z, uint32_t at_case, double *bound, bool *proven)
{
    gf_village_design *d = w->design;
    gf_water_size_case one;
    gf_water_sizing sizing;
    const gf_water_brief brief = { .net = &z->net, .options = w->options, .option_count = (uint32_t)w->village->catalogue.count, .pipes = z->pipes,
                                   .pipe_count = z->net.link_count, .cases = &one, .case_count = 1 };
    gf_status status = make_case(w, z, at_case, &one);
    if (status == GF_OK)
        status = gf_water_size(&brief, w->sizes, w->keep, &sizing, w->err);
    if (status != GF_OK)
        return status;
    d->feasible = d->feasible && sizing.feasible;
    *proven = *proven && sizing.proven;
    *bound = fmax(*bound, sizing.lower_bound);
    if (!sizing.feasible)
        take_lack(w, z, &sizing);
    for (uint32_t i = 0; i < z->net.link_count; i++) {
        int32_t *pe = &d->pipes[z->pipe_of[i]].pe;
        *pe = sizing.option[i] > *pe ? sizing.option[i] : *pe;
    }
    return GF_OK;
}

static gf_status size_zone(sizing_work *w, uint32_t zone)
{
    gf_village_design *d = w->design;
    zone_net z;
    gf_status status = build_zone(w, zone, &z);
    if (status != GF_OK || z.unclassed || z.net.link_count == 0) {
        d->feasible = d->feasible && !z.unclassed;
        return status;
    }
    double bound = 0, cost = 0;
    bool proven = true;
    for (uint32_t c = 0; c < w->cases && status == GF_OK; c++) {
        bool matters = c == PEAK || (c >= FIRE_FIRST && w->inflow[c][zone] > w->inflow[PEAK][zone] / w->need->kh * (1 + 1e-9) && !d->zones[zone].raw);
        if (matters)
            status = size_case(w, &z, c, &bound, &proven);
    }
    for (uint32_t i = 0; i < z.net.link_count; i++)
        cost += w->options[d->pipes[z.pipe_of[i]].pe].unit_cost * d->pipes[z.pipe_of[i]].length_m;
    d->cost += cost;
    d->lower_bound += bound;
    d->proven = d->proven && proven && bound >= cost * (1 - 1e-9);
    return status;
}

/* ---- The whole network ---- */

static uint32_t size_before(const gf_village_design *d, uint32_t node)
{
    for (uint32_t i = 0; i < d->pipe_count; i++)
        if (d->pipes[i].to == node && d->pipes[i].pe >= 0)
            return (uint32_t)d->pipes[i].pe;
    return 0;
}

static gf_status assemble(sizing_work *w)
{
    gf_village_design *d = w->design;
    gf_water_net net = empty_net(w->village->name);
    uint32_t vertices = 0;
    for (uint32_t i = 0; i < d->pipe_count; i++)
        vertices += (uint32_t)d->pipes[i].point_count;
    net.nodes = gf_new(w->keep, gf_water_node, d->node_count);
    net.links = gf_new(w->keep, gf_water_link, d->pipe_count);
    net.demands = gf_new(w->keep, gf_water_demand, d->node_count);
    net.vertices = gf_new(w->keep, gf_water_point, vertices);
    if (!net.nodes || !net.links || !net.demands || !net.vertices)
        return gf_fail_memory(w->err);
    for (uint32_t i = 0; i < d->node_count; i++) {
        const gf_village_node *n = &d->nodes[i];
        gf_water_node *out = &net.nodes[net.node_count++];
        *out = (gf_water_node){ .id = n->id, .kind = is_root(n) ? GF_WATER_RESERVOIR : GF_WATER_JUNCTION, .elevation_m = n->place.z, .pattern = GF_WATER_NONE,
                                .volume_curve = GF_WATER_NONE, .placed = true, .x = n->place.x, .y = n->place.y, .tag = gf_str_of(gf_village_node_word(n->kind)) };
        if (is_root(n))
            continue;
        double demand = w->own[PEAK][i] + (n->kind == GF_VILLAGE_NODE_BREAK_IN ? w->inflow[PEAK][d->nodes[i + 1].zone] : 0);
        out->demand_first = net.demand_count;
        out->demand_count = 1;
        net.demands[net.demand_count++] = (gf_water_demand){ .base_m3s = demand, .pattern = GF_WATER_NONE };
    }
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        const gf_village_pipe *p = &d->pipes[i];
        size_t pe = p->is_prv ? size_before(d, p->from) : p->pe >= 0 ? (size_t)p->pe : 0;
        gf_water_link *l = &net.links[net.link_count++];
        *l = link_of(w->village, p, p->from, p->to, w->village->catalogue.pipes[pe].inner_mm / 1000);
        if (p->is_prv) {
            l->kind = GF_WATER_PRV;
            l->status = GF_WATER_ACTIVE;
            l->setting = p->prv_head_m - d->nodes[p->to].place.z;
            l->length_m = l->roughness = 0;
            continue;
        }
        l->vertex_first = net.vertex_count;
        for (size_t k = 1; k + 1 < p->point_count; k++)
            net.vertices[net.vertex_count++] = (gf_water_point){ p->points[k].x, p->points[k].y };
        l->vertex_count = net.vertex_count - l->vertex_first;
    }
    d->net = net;
    return GF_OK;
}

/* A reducing valve whose inlet has more head than it is set to (its floor asks for that) is a source of fixed head below and a demand
 * above: solved so, the zones are as independent as they were sized, and valves in a row cannot chase each other. */
static gf_status part_at_valves(const sizing_work *w, gf_water_net *out)
{
    const gf_village_design *d = w->design;
    *out = d->net;
    out->nodes = gf_new(w->keep, gf_water_node, d->node_count);
    out->links = gf_new(w->keep, gf_water_link, d->pipe_count);
    if (!out->nodes || !out->links)
        return gf_fail_memory(w->err);
    memcpy(out->nodes, d->net.nodes, d->node_count * sizeof *out->nodes);
    memcpy(out->links, d->net.links, d->pipe_count * sizeof *out->links);
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        const gf_village_pipe *p = &d->pipes[i];
        if (!p->is_prv)
            continue;
        gf_water_node *below = &out->nodes[p->to];
        below->kind = GF_WATER_RESERVOIR;
        below->elevation_m = p->prv_head_m;
        below->demand_count = 0;
        out->links[i].kind = GF_WATER_PIPE;
        out->links[i].status = GF_WATER_CLOSED;
        out->links[i].length_m = 1;
        out->links[i].roughness = roughness_of(w->village);
    }
    return GF_OK;
}

static bool is_fixed(const gf_village_node *n) { return is_root(n) || n->kind == GF_VILLAGE_NODE_PRV; }

static gf_status solve_cases(sizing_work *w)
{
    gf_village_design *d = w->design;
    gf_water_solver *solver = NULL;
    gf_water_quality quality;
    gf_water_net net;
    gf_status status = part_at_valves(w, &net);
    if (status == GF_OK)
        status = gf_water_solver_make(&net, &(gf_water_solve_options){ .accuracy = 1e-6, .iterations_max = 200 }, w->keep, &solver, w->err);
    for (uint32_t c = 0; c < w->cases && status == GF_OK; c++) {
        gf_water_reset(solver);     /* valves as at the start: one case says nothing about the next */
        for (uint32_t i = 0; i < d->node_count; i++)
            if (!is_fixed(&d->nodes[i]))
                gf_water_set_demand(solver, i, w->own[c][i] + (is_inlet(&d->nodes[i]) ? w->inflow[c][d->nodes[i + 1].zone] : 0));
        status = gf_water_solve(solver, &quality, w->err);
        gf_water_state state = gf_water_state_of(solver);
        for (uint32_t i = 0; i < d->node_count && status == GF_OK; i++)
            d->nodes[i].head_m[c] = state.head_m[i];
        for (uint32_t i = 0; c == PEAK && i < d->pipe_count && status == GF_OK; i++) {
            bool valve = d->pipes[i].is_prv;
            d->pipes[i].flow_m3s = valve ? w->inflow[PEAK][d->pipes[i].zone] : state.flow_m3s[i];
            d->pipes[i].velocity_ms = valve ? 0 : gf_water_velocity_ms(solver, i);
        }
    }
    return status;
}

static void judge(sizing_work *w)
{
    gf_village_design *d = w->design;
    for (uint32_t c = 0; c < w->cases; c++)
        for (uint32_t i = 0; i < d->node_count; i++) {
            double slack = d->nodes[i].head_m[c] - floor_in(w, c, i);
            if (is_root(&d->nodes[i]) || c == NIGHT || !(slack < -SLACK_M))
                continue;
            if (!d->lack.any || slack < -d->lack.short_m)
                d->lack = (gf_village_short){ .any = true, .node = d->nodes[i].id, .short_m = -slack, .limit = GF_WATER_LIMIT_MIN_HEAD, .lift_m = d->lack.lift_m,
                                              .links = d->lack.links, .diameter_m = d->lack.diameter_m };
            d->feasible = false;
        }
    for (uint32_t i = 0; i < d->pipe_count; i++)
        d->velocity_most_ms = d->pipes[i].is_prv ? d->velocity_most_ms : fmax(d->velocity_most_ms, d->pipes[i].velocity_ms);
}

gf_status village_size(const gf_village *v, const gf_water_need *need, const gf_water_size_options *sizes, gf_arena *keep, gf_village_design *d, gf_error *err)
{
    gf_error own;
    sizing_work w = { .village = v, .need = need, .sizes = sizes, .keep = keep, .err = err ? err : &own, .design = d };
    w.options = gf_new(keep, gf_water_size_option, v->catalogue.count);
    if (!w.options)
        return gf_fail_memory(err);
    for (size_t i = 0; i < v->catalogue.count; i++)
        w.options[i] = (gf_water_size_option){ .diameter_m = v->catalogue.pipes[i].inner_mm / 1000, .unit_cost = village_metre_cost(v, i) };
    d->feasible = d->proven = true;
    gf_status status = make_demands(&w);
    for (uint32_t zone = 0; zone < d->zone_count && status == GF_OK; zone++)
        status = size_zone(&w, zone);
    if (status == GF_OK)
        status = assemble(&w);
    if (status == GF_OK)
        status = solve_cases(&w);
    if (status == GF_OK)
        judge(&w);
    return status;
}
