/* One opened network with one set of sizes: cost by size, heads and flows of every case, what is broken and why, the way of
 * the water to a node. Solvers start from the flows of the last question: a dragged pipe costs a few Newton turns.
 */
#include "app/water_net.h"

#include <math.h>
#include <string.h>

static const double GRAVITY_RHO = 9806.65; /* N/m3 of water */

/* ---- Cost ---- */

static gf_status add_pipe(const gf_app_water_size *size, int64_t length_mm, gf_app_water_sum *sum, gf_error *err)
{
    int64_t cost;
    sum->pipes++;
    if (__builtin_add_overflow(sum->length_mm, length_mm, &sum->length_mm) || __builtin_mul_overflow(sum->length_mm, size->price_fen, &cost) ||
        cost > INT64_MAX - 500)
        return gf_fail(err, GF_ELIMIT, "water.cost", "Check lengths and prices.", "the cost passes what can be counted");
    sum->cost_fen = (cost + 500) / 1000;
    return GF_OK;
}

gf_status gf_app_water_cost(const gf_app_water_open *o, const uint16_t *option, gf_arena *keep, gf_app_water_sum **out, size_t *count,
                            int64_t *cost_fen, gf_error *err)
{
    gf_app_water_sum *sums = gf_new(keep, gf_app_water_sum, o->brief.option_count);
    if (!sums)
        return gf_fail_memory(err);
    for (uint32_t i = 0; i < o->brief.pipe_count; i++) {
        gf_status status = add_pipe(&o->sizes[option[i]], (int64_t)(o->brief.pipes[i].length * 1000 + 0.5), &sums[option[i]], err);
        if (status != GF_OK)
            return status;
    }
    *count = 0;
    *cost_fen = 0;
    for (uint32_t s = 0; s < o->brief.option_count; s++) {
        gf_app_water_sum sum = sums[s];
        sum.option = s;
        if (__builtin_add_overflow(*cost_fen, sum.cost_fen, cost_fen))
            return gf_fail(err, GF_ELIMIT, "water.cost", "Check lengths and prices.", "the cost passes what can be counted");
        if (sum.pipes)
            sums[(*count)++] = sum;
    }
    *out = sums;
    return GF_OK;
}

/* ---- Limits ---- */

static void meet(gf_app_water_answer *out, gf_water_size_limit limit, uint32_t index, uint32_t at_case, double slack)
{
    const gf_water_size_slack it = { .limit = limit, .index = index, .at_case = at_case, .slack = slack };
    if (limit != GF_WATER_LIMIT_VELOCITY && !(slack >= out->slack_m[index]))
        out->slack_m[index] = slack;
    if (out->worst.limit == GF_WATER_LIMIT_NONE || slack < out->worst.slack)
        out->worst = it;
    if (slack >= 0)
        return;
    out->broken_all++;
    size_t at = out->broken_count < GF_APP_WATER_BROKEN_MAX ? out->broken_count++ : out->broken_count;
    while (at > 0 && out->broken[at - 1].slack > slack) {
        if (at < GF_APP_WATER_BROKEN_MAX)
            out->broken[at] = out->broken[at - 1];
        at--;
    }
    if (at < GF_APP_WATER_BROKEN_MAX)
        out->broken[at] = it;
}

static gf_status ask_case(gf_app_water_open *o, uint32_t at_case, const uint16_t *option, gf_app_water_answer *out, gf_error *err)
{
    const gf_water_size_case *c = &o->brief.cases[at_case];
    gf_water_solver *s = o->solvers[at_case];
    for (uint32_t i = 0; i < o->brief.pipe_count; i++)
        gf_water_set_diameter(s, o->brief.pipes[i].link, o->brief.options[option[i]].diameter_m);
    gf_status status = gf_water_solve(s, NULL, err);
    if (status != GF_OK)
        return status;
    gf_water_state state = gf_water_state_of(s);
    for (uint32_t i = 0; i < o->net.node_count; i++) {
        double pressure = state.head_m[i] - o->net.nodes[i].elevation_m;
        if (o->net.nodes[i].kind != GF_WATER_JUNCTION)
            continue;
        if (!isnan(c->pressure_min_m[i]))
            meet(out, GF_WATER_LIMIT_MIN_HEAD, i, at_case, pressure - c->pressure_min_m[i]);
        if (c->pressure_max_m && !isnan(c->pressure_max_m[i]))
            meet(out, GF_WATER_LIMIT_MAX_HEAD, i, at_case, c->pressure_max_m[i] - pressure);
    }
    for (uint32_t i = 0; c->velocity_max_ms < INFINITY && i < o->brief.pipe_count; i++)
        meet(out, GF_WATER_LIMIT_VELOCITY, o->brief.pipes[i].link, at_case, c->velocity_max_ms - gf_water_velocity_ms(s, o->brief.pipes[i].link));
    return GF_OK;
}

/* ---- What the hardest case looks like ---- */

static double pump_w(const gf_app_water_open *o, uint32_t link, const gf_water_state *state)
{
    const gf_water_link *l = &o->net.links[link];
    double gain = state->head_m[l->to] - state->head_m[l->from], efficiency = o->net.options.pump_efficiency;
    if (l->kind != GF_WATER_PUMP || state->closed[link] || !(gain > 0) || !(state->flow_m3s[link] > 0))
        return 0;
    return GRAVITY_RHO * state->flow_m3s[link] * gain / (efficiency > 0 ? efficiency : 1);
}

static void copy_state(const gf_app_water_open *o, gf_app_water_answer *out)
{
    const gf_water_solver *s = o->solvers[out->at_case];
    gf_water_state state = gf_water_state_of(s);
    for (uint32_t i = 0; i < o->net.node_count; i++) {
        out->head_m[i] = state.head_m[i];
        out->pressure_m[i] = state.head_m[i] - o->net.nodes[i].elevation_m;
    }
    for (uint32_t i = 0; i < o->net.link_count; i++) {
        const gf_water_link *link = &o->net.links[i];
        out->flow_m3s[i] = state.flow_m3s[i];
        out->velocity_ms[i] = gf_water_velocity_ms(s, i);
        out->loss_m[i] = state.head_m[link->from] - state.head_m[link->to];
        out->pump_w += pump_w(o, i, &state);
    }
}

/* The remedy as a size that can be bought: the smallest allowed one near it or above with which the node has its pressure,
 * solved. Where none does, the plain diameter stays. */
static void buy_remedy(gf_app_water_open *o, uint32_t at_case, const uint16_t *option, double wanted_m, gf_water_shortage *s)
{
    static const double REMEDY_SLIP_M = 0.002; /* gf_water_explain() tells a remedy to the millimetre */
    gf_water_solver *solver = o->solvers[at_case];
    int32_t pipe = s->remedy_helps ? o->pipe_of[s->remedy_link] : GF_WATER_NONE;
    bool found = false;
    if (pipe < 0)
        return;
    const gf_water_size_pipe *p = &o->brief.pipes[pipe];
    for (uint32_t i = 0; i < p->option_count && !found; i++) {
        double diameter_m = o->brief.options[p->options[i]].diameter_m;
        if (diameter_m < s->remedy_diameter_m - REMEDY_SLIP_M)
            continue;
        gf_water_set_diameter(solver, p->link, diameter_m);
        found =
            gf_water_solve(solver, NULL, NULL) == GF_OK && gf_water_state_of(solver).head_m[s->node] - o->net.nodes[s->node].elevation_m >= wanted_m;
        s->remedy_diameter_m = found ? diameter_m : s->remedy_diameter_m;
    }
    gf_water_set_diameter(solver, p->link, o->brief.options[option[pipe]].diameter_m);
    (void)gf_water_solve(solver, NULL, NULL); /* as it was: solved before */
}

static gf_status explain(gf_app_water_open *o, const uint16_t *option, gf_arena *keep, gf_app_water_answer *out, gf_error *err)
{
    for (size_t i = 0; i < out->broken_count && !out->has_shortage; i++) {
        const gf_water_size_slack *b = &out->broken[i];
        if (b->limit != GF_WATER_LIMIT_MIN_HEAD)
            continue;
        double wanted = o->brief.cases[b->at_case].pressure_min_m[b->index];
        gf_status status = gf_water_explain(o->solvers[b->at_case], b->index, wanted, keep, &out->shortage, err);
        if (status != GF_OK)
            return status;
        buy_remedy(o, b->at_case, option, wanted, &out->shortage);
        out->has_shortage = true;
    }
    return GF_OK;
}

/* Against the water, along the link that brings most, until a source or a node that nothing flows into. */
static gf_status walk(const gf_app_water_open *o, uint32_t to, gf_arena *keep, gf_app_water_answer *out, gf_error *err)
{
    const gf_water_net *net = &o->net;
    double *length = gf_new(keep, double, net->node_count);
    out->way = gf_new(keep, uint32_t, net->node_count);
    out->way_m = gf_new(keep, double, net->node_count);
    if (!length || !out->way || !out->way_m)
        return gf_fail_memory(err);
    uint32_t node = to, count = 0;
    for (;;) {
        int32_t best = GF_WATER_NONE;
        double most = 1e-9;
        out->way[count] = node;
        for (uint32_t i = 0; i < net->link_count; i++) {
            double in = net->links[i].to == node ? out->flow_m3s[i] : net->links[i].from == node ? -out->flow_m3s[i] : 0;
            if (in > most) {
                most = in;
                best = (int32_t)i;
            }
        }
        length[count++] = best < 0 ? 0 : net->links[best].length_m;
        if (best < 0 || net->nodes[node].kind != GF_WATER_JUNCTION || count == net->node_count)
            break;
        node = net->links[best].to == node ? net->links[best].from : net->links[best].to;
    }
    for (uint32_t i = 0; i < count / 2; i++) {
        uint32_t other = out->way[i];
        out->way[i] = out->way[count - 1 - i];
        out->way[count - 1 - i] = other;
    }
    for (uint32_t i = 1; i < count; i++)
        out->way_m[i] = out->way_m[i - 1] + length[count - 1 - i];
    out->way_count = count;
    return GF_OK;
}

static gf_status make_room(const gf_app_water_open *o, gf_arena *keep, gf_app_water_answer *out, gf_error *err)
{
    double **const BY_NODE[] = { &out->head_m, &out->pressure_m, &out->slack_m },
                   **const BY_LINK[] = { &out->flow_m3s, &out->velocity_ms, &out->loss_m };
    for (size_t i = 0; i < GF_COUNT(BY_NODE); i++)
        if (!(*BY_NODE[i] = gf_new(keep, double, o->net.node_count)) || !(*BY_LINK[i] = gf_new(keep, double, o->net.link_count)))
            return gf_fail_memory(err);
    out->broken = gf_new(keep, gf_water_size_slack, GF_APP_WATER_BROKEN_MAX);
    for (uint32_t i = 0; i < o->net.node_count; i++)
        out->slack_m[i] = NAN;
    return out->broken ? GF_OK : gf_fail_memory(err);
}

gf_status gf_app_water_ask(gf_app_water_open *o, const uint16_t *option, gf_str to, gf_arena *keep, gf_app_water_answer *out, gf_error *err)
{
    *out = (gf_app_water_answer){ .at_case = 0 };
    int32_t target = to.len ? gf_water_find_node(&o->net, to) : GF_WATER_NONE;
    if (to.len && target < 0)
        return gf_fail(err, GF_ENOTFOUND, "water.node", "Write the id of a node as in the network file.", "there is no node \"%.*s\"",
                       GF_STR_ARG(gf_str_slice(to, 0, 60)));
    gf_status status = make_room(o, keep, out, err);
    if (status == GF_OK)
        status = gf_app_water_cost(o, option, keep, &out->sums, &out->sum_count, &out->cost_fen, err);
    for (uint32_t c = 0; status == GF_OK && c < o->brief.case_count; c++)
        status = ask_case(o, c, option, out, err);
    if (status != GF_OK)
        return status;
    const gf_water_size_slack *w = &out->worst;
    out->at_case = w->at_case;
    copy_state(o, out);
    status = explain(o, option, keep, out, err);
    if (target < 0)
        target = w->limit == GF_WATER_LIMIT_VELOCITY ? (int32_t)o->net.links[w->index].to : (int32_t)w->index;
    return status == GF_OK ? walk(o, (uint32_t)target, keep, out, err) : status;
}

/* ---- Size ---- */

static gf_status tell_infeasible(const gf_app_water_open *o, const gf_water_sizing *s, gf_error *err)
{
    char hint[160] = "Lower the limit, or add a source.";
    gf_str id = s->worst.limit == GF_WATER_LIMIT_VELOCITY ? o->net.links[s->worst.index].id : o->net.nodes[s->worst.index].id;
    if (s->remedy.lift_m > 0)
        (void)snprintf(hint, sizeof hint, "Raise the source by %.1f m, or lower the limit.", s->remedy.lift_m);
    else if (s->remedy.link_count > 0)
        (void)snprintf(hint, sizeof hint, "Lay %u pipes, \"%.*s\" among them, at %.0f mm: larger than the brief allows.", s->remedy.link_count,
                       GF_STR_ARG(gf_str_slice(o->net.links[s->remedy.links[0]].id, 0, 40)), s->remedy.diameter_m * 1000);
    return gf_fail(err, GF_EUNSOLVED, "water.infeasible", hint, "no sizes keep the limits: \"%.*s\" lacks %.3f at best",
                   GF_STR_ARG(gf_str_slice(id, 0, 60)), -s->worst.slack);
}

gf_status gf_app_water_find(const gf_app_water_open *o, const gf_water_size_options *options, gf_arena *keep, gf_app_water_sized_net *out,
                            gf_error *err)
{
    gf_water_sizing sizing;
    gf_status status = gf_water_size(&o->brief, options, keep, &sizing, err);
    if (status == GF_OK && !sizing.feasible)
        status = tell_infeasible(o, &sizing, err);
    if (status == GF_OK)
        *out = (gf_app_water_sized_net){ sizing.option, sizing.cost, sizing.lower_bound, sizing.solves };
    return status;
}
