/* A brief made ready, and designs tried one after the other: the core is solved, each branch answers for its root's head.
 */
#include "water/size.h"
#include <string.h>

#define VELOCITY_WEIGHT 10.0        /* metres that 1 m/s too fast counts as */
enum { TURNS_MAX = 60 };

/* ---- Making ready ---- */

static gf_status fail_brief(gf_error *err, const char *what, const char *hint) { return gf_fail(err, GF_EINPUT, "water.brief", hint, "%s", what); }

static gf_status fail_rising(uint32_t size, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "water.catalogue", "Sort the catalogue by diameter, and leave out sizes that a larger and cheaper one replaces.",
                   "size %u of the catalogue: diameter and cost must rise", size + 1);
}

static gf_status check_options(const gf_water_brief *b, gf_error *err)
{
    if (b->pipe_count == 0) return fail_brief(err, "the brief has no pipe to size", "Name the links in decision_links.");
    if (b->option_count == 0 || b->option_count > UINT16_MAX) return fail_brief(err, "the catalogue has no size, or too many", "Give 1 to 65535 sizes.");
    if (b->case_count == 0 || b->case_count > GF_WATER_CASES_MAX) return fail_brief(err, "the brief has no loading case, or more than eight", "Give 1 to 8 cases.");
    for (uint32_t i = 1; i < b->option_count; i++)
        if (!(b->options[i].diameter_m > b->options[i - 1].diameter_m))
            return fail_rising(i, err);
    for (uint32_t i = 0; i < b->pipe_count; i++) {
        gf_str id = b->net->links[b->pipes[i].link].id;
        if (b->pipes[i].option_count == 0)
            return gf_fail(err, GF_EINPUT, "water.options", "Widen the catalogue, or its pressure classes.", "no size may be laid as link '%.*s'", GF_STR_ARG(id));
        if (b->net->links[b->pipes[i].link].kind > GF_WATER_PIPE_CHECKED)
            return gf_fail(err, GF_EINPUT, "water.decision", "Name pipes only.", "link '%.*s' is no pipe and has no size to choose", GF_STR_ARG(id));
    }
    /* Costs must rise along what one pipe may take; between classes of pressure a thinner wall may be wider and cheaper. */
    for (uint32_t i = 0; i < b->pipe_count; i++)
        for (uint32_t k = 1; k < b->pipes[i].option_count; k++)
            if (b->pipes[i].options[k] <= b->pipes[i].options[k - 1] || !(b->options[b->pipes[i].options[k]].unit_cost >= b->options[b->pipes[i].options[k - 1]].unit_cost))
                return fail_rising(b->pipes[i].options[k], err);
    return GF_OK;
}

static bool limits_highest(const gf_water_brief *b)
{
    for (uint32_t c = 0; c < b->case_count; c++)
        for (uint32_t i = 0; b->cases[c].pressure_max_m && i < b->net->node_count; i++)
            if (b->net->nodes[i].kind == GF_WATER_JUNCTION && !isnan(b->cases[c].pressure_max_m[i])) return true;
    return false;
}

/* Tanks stand at their level: a design is judged at one moment. */
static gf_status still_net(ready *r, gf_arena *keep, gf_error *err)
{
    const gf_water_net *net = r->brief->net;
    r->net = *net;
    r->net.nodes = gf_new(keep, gf_water_node, net->node_count);
    if (!r->net.nodes) return gf_fail_memory(err);
    memcpy(r->net.nodes, net->nodes, net->node_count * sizeof *net->nodes);
    r->head_cap_m = -INFINITY;
    for (uint32_t i = 0; i < net->node_count; i++) {
        gf_water_node *node = &r->net.nodes[i];
        if (node->kind == GF_WATER_TANK) {
            node->kind = GF_WATER_RESERVOIR;
            node->elevation_m += node->level_m;
            node->pattern = GF_WATER_NONE;
        }
        if (node->kind == GF_WATER_RESERVOIR) r->head_cap_m = fmax(r->head_cap_m, node->elevation_m);
    }
    for (uint32_t i = 0; i < net->link_count; i++)
        if (net->links[i].kind == GF_WATER_PUMP) r->head_cap_m = INFINITY;       /* what it lifts hangs on the flow */
    for (uint32_t i = 0; i < r->brief->gear_count; i++)
        for (uint32_t k = 0; r->brief->gears[i].kind == GF_WATER_GEAR_HEAD && k < r->brief->gears[i].count; k++)
            r->head_cap_m = fmax(r->head_cap_m, r->brief->gears[i].values[k]);
    return GF_OK;
}

static gf_status index_pipes(ready *r, gf_arena *keep, gf_error *err)
{
    const gf_water_brief *b = r->brief;
    r->pipe_of = gf_new(keep, int32_t, b->net->link_count);
    r->may_vanish = gf_new(keep, uint8_t, b->net->link_count);
    r->core_pipes = gf_new(keep, uint32_t, b->pipe_count);
    if (!r->pipe_of || !r->may_vanish || !r->core_pipes) return gf_fail_memory(err);
    for (uint32_t i = 0; i < b->net->link_count; i++) r->pipe_of[i] = GF_WATER_NONE;
    for (uint32_t i = 0; i < b->pipe_count; i++) {
        r->pipe_of[b->pipes[i].link] = (int32_t)i;
        r->may_vanish[b->pipes[i].link] = !(b->options[b->pipes[i].options[0]].diameter_m > 0);
    }
    return GF_OK;
}

gf_status size_solver(const ready *r, uint32_t at_case, double accuracy, gf_arena *keep, gf_water_solver **out, gf_error *err)
{
    const gf_water_size_case *c = &r->brief->cases[at_case];
    gf_water_solve_options options = { .accuracy = accuracy, .may_vanish = r->may_vanish, .unfolded = r->flat };
    gf_status status = gf_water_solver_make(&r->net, &options, keep, out, err);
    for (uint32_t i = 0; status == GF_OK && c->demand_m3s && i < r->net.node_count; i++)
        if (r->net.nodes[i].kind == GF_WATER_JUNCTION) gf_water_set_demand(*out, i, c->demand_m3s[i]);
    return status;
}

static void find_core(ready *r, const gf_water_solver *s)
{
    double sum = 0;
    uint32_t steps = 0;
    for (uint32_t i = 0; i < r->brief->pipe_count; i++) {
        const gf_water_size_pipe *p = &r->brief->pipes[i];
        if (s->slot_of[p->link] >= (int32_t)s->slot_core) continue;
        r->core_pipes[r->core_count++] = i;
        for (uint32_t k = 1; k < p->option_count; k++, steps++)
            sum += (r->brief->options[p->options[k]].unit_cost - r->brief->options[p->options[k - 1]].unit_cost) * p->length;
    }
    r->step_cost = steps > 0 && sum > 0 ? sum / steps : 1;
}

/* Layout, core and branches, with or without folding. */
static gf_status lay_out(ready *r, gf_arena *keep, gf_error *err)
{
    gf_water_solver *solvers[GF_WATER_CASES_MAX];
    gf_status status = GF_OK;
    for (uint32_t c = 0; status == GF_OK && c < r->brief->case_count; c++) {
        status = size_solver(r, c, 1e-4, keep, &solvers[c], err);
        if (status == GF_OK) solver_spread(solvers[c]);
    }
    if (status != GF_OK) return status;
    r->core_nodes = gf_new(keep, uint32_t, r->net.node_count);
    if (!r->core_nodes) return gf_fail_memory(err);
    r->core_node_count = r->core_count = 0;
    for (uint32_t i = 0; i < r->net.node_count; i++)
        if (solvers[0]->folded[i] != 2) r->core_nodes[r->core_node_count++] = i;
    find_core(r, solvers[0]);
    return branch_prepare(r, solvers, keep, err);
}

gf_status size_prepare(const gf_water_brief *brief, gf_arena *keep, ready *out, gf_error *err)
{
    ready r = { .brief = brief };
    gf_status status = check_options(brief, err);
    if (status == GF_OK) status = still_net(&r, keep, err);
    if (status == GF_OK) status = index_pipes(&r, keep, err);
    r.dimensions = brief->case_count * (status == GF_OK && limits_highest(brief) ? 2 : 1);
    gf_mark mark = gf_arena_mark(keep);
    if (status == GF_OK) status = lay_out(&r, keep, err);
    if (status == GF_OK && !r.exact && r.dimensions > 1) {
        gf_arena_rewind(keep, mark);
        r.flat = true;
        status = lay_out(&r, keep, err);
    }
    if (status == GF_OK) *out = r;
    return status;
}

/* ---- Trying ---- */

gf_status trial_make(const ready *r, double accuracy, gf_arena *keep, trial *out, gf_error *err)
{
    trial t = { .ready = r };
    t.solvers = gf_new(keep, gf_water_solver *, r->brief->case_count);
    t.option = gf_new(keep, uint16_t, r->brief->pipe_count);
    t.gear = gf_new(keep, uint16_t, r->brief->gear_count);
    t.value = gf_new(keep, double, DIMENSIONS_MAX);
    t.flow_kept = gf_new(keep, double, (size_t)r->brief->case_count * r->net.link_count);
    if (!t.solvers || !t.option || !t.gear || !t.value || !t.flow_kept) return gf_fail_memory(err);
    for (uint32_t c = 0; c < r->brief->case_count; c++) {
        gf_status status = size_solver(r, c, accuracy, keep, &t.solvers[c], err);
        if (status != GF_OK) return status;
        t.solvers[c]->wanted.iterations_max = TURNS_MAX;
        t.solvers[c]->core_only = true;
    }
    *out = t;
    for (uint32_t i = 0; i < r->brief->pipe_count; i++) {
        const gf_water_size_pipe *p = &r->brief->pipes[i];
        trial_set(out, i, p->options[p->option_count - 1]);
    }
    for (uint32_t i = 0; i < r->brief->gear_count; i++) trial_set_gear(out, i, 0);
    return GF_OK;
}

void trial_set(trial *t, uint32_t pipe, uint16_t option)
{
    t->option[pipe] = option;
    for (uint32_t c = 0; c < t->ready->brief->case_count; c++)
        gf_water_set_diameter(t->solvers[c], t->ready->brief->pipes[pipe].link, t->ready->brief->options[option].diameter_m);
}

void trial_set_gear(trial *t, uint32_t gear, uint16_t value)
{
    const gf_water_size_gear *g = &t->ready->brief->gears[gear];
    t->gear[gear] = value;
    for (uint32_t c = 0; c < t->ready->brief->case_count; c++) {
        if (g->kind == GF_WATER_GEAR_HEAD) gf_water_set_head(t->solvers[c], g->index, g->values[value]);
        else gf_water_set_power(t->solvers[c], g->index, g->values[value]);
    }
}

void trial_take(trial *t, const uint16_t *option, const uint16_t *gear)
{
    for (uint32_t i = 0; i < t->ready->brief->pipe_count; i++)
        if (t->option[i] != option[i]) trial_set(t, i, option[i]);
    for (uint32_t i = 0; i < t->ready->brief->gear_count; i++)
        if (t->gear[i] != gear[i]) trial_set_gear(t, i, gear[i]);
}

void trial_keep_flows(trial *t)
{
    for (uint32_t c = 0; c < t->ready->brief->case_count; c++)
        memcpy(t->flow_kept + (size_t)c * t->ready->net.link_count, t->solvers[c]->flow, t->solvers[c]->element_count * sizeof(double));
}

void trial_restore_flows(trial *t)
{
    for (uint32_t c = 0; c < t->ready->brief->case_count; c++)
        memcpy(t->solvers[c]->flow, t->flow_kept + (size_t)c * t->ready->net.link_count, t->solvers[c]->element_count * sizeof(double));
}

static void node_values(const trial *t, uint32_t node)
{
    uint32_t cases = t->ready->brief->case_count;
    for (uint32_t d = 0; d < t->ready->dimensions; d++) t->value[d] = d < cases ? t->solvers[d]->head[node] : -t->solvers[d - cases]->head[node];
}

static void judge_nodes(const trial *t, verdict *v)
{
    for (uint32_t k = 0; k < t->ready->core_node_count; k++) {
        double cost, missing;
        node_values(t, t->ready->core_nodes[k]);
        (void)branch_cost(t->ready->branches, t->ready->core_nodes[k], t->value, &cost, &missing);
        v->cost += cost;
        v->missing += missing;
    }
}

static void judge_speeds(const trial *t, verdict *v)
{
    for (uint32_t c = 0; c < t->ready->brief->case_count; c++) {
        double most = t->ready->brief->cases[c].velocity_max_ms;
        for (uint32_t i = 0; most < INFINITY && i < t->ready->core_count; i++) {
            uint32_t link = t->ready->brief->pipes[t->ready->core_pipes[i]].link;
            double over = gf_water_velocity_ms(t->solvers[c], link) - most;
            if (over > -1e-7) v->missing += fmax(over, 1e-7) * VELOCITY_WEIGHT;
        }
    }
}

verdict trial_judge(trial *t)
{
    const gf_water_brief *b = t->ready->brief;
    verdict v = { .solved = true };
    for (uint32_t c = 0; c < b->case_count; c++) {
        v.solved &= gf_water_solve(t->solvers[c], NULL, NULL) == GF_OK;
        t->solves++;
    }
    for (uint32_t i = 0; i < t->ready->core_count; i++) {
        const gf_water_size_pipe *p = &b->pipes[t->ready->core_pipes[i]];
        v.cost += b->options[t->option[t->ready->core_pipes[i]]].unit_cost * p->length;
    }
    for (uint32_t i = 0; i < b->gear_count; i++) v.cost += b->gears[i].costs[t->gear[i]];
    if (v.solved) {
        judge_nodes(t, &v);
        judge_speeds(t, &v);
    }
    return v;
}

void trial_write_branches(trial *t)
{
    for (uint32_t k = 0; k < t->ready->core_node_count; k++) {
        node_values(t, t->ready->core_nodes[k]);
        branch_choose(t->ready, t->ready->core_nodes[k], t->value, t->option);
    }
}
