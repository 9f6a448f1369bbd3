/* One steady state: Newton steps on heads and flows together until the flows settle and nobody wants to open or close.
 *
 * Each turn: losses and slopes of all pipes at their present flows; one linear equation for each kept junction; its heads; the
 * flows that go with them. A stretch of pipes is one element whose loss and slope are the sums over its pipes. Heads inside
 * stretches and branches are written once, at the end.
 */
#include "water/solver.h"
#include <float.h>
#include <string.h>

#define MASS_ERROR_MAX 1e-6
#define DAMPED 0.6
#define ROUNDING_MOST 1e-5          /* a share of all flow that rounding may move, at most */
enum { MENDS_MAX = 100, ROUNDINGS = 8 };      /* roundings: of a head, in the last places */

/* ---- Beginnings ---- */

void solver_start_state(gf_water_solver *s, uint32_t i)
{
    const gf_water_link *link = &s->net->links[i];
    s->state[i] = link->status == GF_WATER_CLOSED ? IS_CLOSED : link->status == GF_WATER_ACTIVE ? IS_ACTIVE : IS_OPEN;
    s->setting[i] = link->setting;
    if (link->kind <= GF_WATER_PIPE_CHECKED) s->state[i] = s->diameter[i] > 1e-6 && link->status != GF_WATER_CLOSED ? IS_OPEN : IS_CLOSED;
    if (link->kind == GF_WATER_PUMP && link->setting == 0) s->state[i] = IS_CLOSED;
    if (link->kind > GF_WATER_PUMP && link->kind != GF_WATER_GPV && link->status != GF_WATER_ACTIVE) s->setting[i] = NAN;
}

void solver_restart_pump(gf_water_solver *s, uint32_t link)
{
    const pump *p = &s->pumps[s->pump_of[link]];
    if (p->kind == PUMP_POWER) s->flow[s->element_of[link]] = p->flow_m3s;
}

/* 1 ft/s in pipes, the middle of the curve in pumps, nothing in what is shut. */
void solver_start_flows(gf_water_solver *s)
{
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        uint32_t link = e->link >= 0 ? (uint32_t)e->link : s->slot_link[e->slot_first];
        double area = PI / 4 * s->diameter[link] * s->diameter[link];
        s->flow[i] = e->link >= 0 && s->state[link] <= IS_CLOSED ? FLOW_ZERO_M3S
            : s->pump_of[link] >= 0 ? s->setting[link] * s->pumps[s->pump_of[link]].flow_m3s : FOOT_M * area;
    }
    for (uint32_t i = 0; i < s->net->node_count; i++) s->emitter_flow[i] = s->emitter[i] > 0 ? CFS_M3S : 0;
}

void gf_water_reset(gf_water_solver *s)
{
    for (uint32_t i = 0; i < s->net->link_count; i++) solver_start_state(s, i), s->rule_flips[i] = s->rule_turn[i] = 0;
    for (uint32_t i = 0; i < s->net->node_count; i++) {
        const gf_water_node *node = &s->net->nodes[i];
        s->set_demand[i] = NAN;
        s->head[i] = node->elevation_m + (node->kind == GF_WATER_TANK ? node->level_m : 0);
        s->outflow[i] = 0;
        if (node->kind == GF_WATER_TANK) s->volume[i] = tank_volume(s, i, s->head[i]);
    }
    hours_demands(s, 0);
    solver_start_flows(s);
    s->started = false;
}

/* ---- Changes between solutions ---- */

void gf_water_set_diameter(gf_water_solver *s, uint32_t link, double diameter_m)
{
    int32_t slot = s->slot_of[link];
    s->diameter[link] = diameter_m > 1e-6 ? diameter_m : 0;
    if (s->net->links[link].kind <= GF_WATER_PIPE_CHECKED && s->element_of[link] >= 0 && s->elements[s->element_of[link]].link >= 0)
        s->state[link] = s->diameter[link] > 0 ? (s->state[link] <= IS_CLOSED ? IS_OPEN : s->state[link]) : IS_CLOSED;
    double d_ft = diameter_m / FOOT_M;
    s->minor_unit[link] = 0.02517 / (d_ft * d_ft * d_ft * d_ft) * FOOT_M / (CFS_M3S * CFS_M3S);
    s->minor[link] = s->net->links[link].minor_loss > 0 ? s->net->links[link].minor_loss * s->minor_unit[link] : 0;
    if (slot >= 0) solver_resist(s, (uint32_t)slot);
}

void gf_water_set_demand(gf_water_solver *s, uint32_t node, double demand_m3s)
{
    s->set_demand[node] = s->demand[node] = s->demand_full[node] = demand_m3s;
    s->started = false;
}

void gf_water_set_head(gf_water_solver *s, uint32_t node, double head_m) { s->head[node] = head_m; }

void gf_water_set_power(gf_water_solver *s, uint32_t link, double power_w) { s->power_w[link] = power_w; }

/* Give the demands of folded nodes to those that feed them: leaves to their roots, stretches to their far end. */
void solver_spread(gf_water_solver *s)
{
    memcpy(s->pending, s->demand, s->net->node_count * sizeof *s->pending);
    s->branch_flow_sum = 0;
    for (uint32_t i = 0; i < s->branch_count; i++) {
        uint32_t slot = s->slot_core + i;
        double passing = s->pending[s->branch_node[slot]];
        s->pending[s->branch_root[slot]] += passing;
        s->slot_flow[slot] = -passing;
        s->branch_flow_sum += fabs(passing);
    }
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        double taken = 0;
        for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count; k++) {
            s->slot_offset[k] = taken;
            if (k + 1 < e->slot_first + e->slot_count) taken += s->pending[s->chain_node[k]];
        }
        s->pending[e->to] += taken;
    }
    s->started = true;
}

/* ---- One turn ---- */

static void set_slot_flows(gf_water_solver *s)
{
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count; k++) s->slot_flow[k] = s->flow[i] - s->slot_offset[k];
    }
}

static void linearise(gf_water_solver *s)
{
    solver_pipe_losses(s, 0, s->slot_core);
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        double loss = 0, grad = 0;
        for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count; k++) loss += s->slot_loss[k], grad += s->slot_grad[k];
        s->inverse[i] = 1 / grad;
        s->shift[i] = loss * s->inverse[i];
    }
    for (uint32_t i = 0; i < s->special_count; i++) {
        uint32_t index = s->special[i];
        int32_t link = s->elements[index].link;
        gf_water_link_kind kind = s->net->links[link].kind;
        bool control_valve = (kind == GF_WATER_PRV || kind == GF_WATER_PSV || kind == GF_WATER_FCV) && !isnan(s->setting[link]);
        if (control_valve) s->inverse[index] = 0;
        else solver_special(s, index);
    }
}

/* A barrier of the 2.2 engine: nearly nothing on the allowed side, a wall on the other. */
static void barrier(double over, double side, double *loss, double *grad)
{
    double a = 1e9 * over, b = sqrt(a * a + 1e-6);
    *loss += (a + side * b) / 2 * FOOT_M;
    *grad += 1e9 / 2 * (1 + side * a / b) * GRADIENT_UNIT;
}

static void emitter_loss(const gf_water_solver *s, uint32_t node, double *loss, double *grad)
{
    double n = 1 / s->options.emitter_exponent, q = s->emitter_flow[node];
    *grad = n * s->emitter[node] * pow(fabs(q), n - 1);
    if (*grad < GRADIENT_LOW) *grad = GRADIENT_LOW / n, *loss = *grad * q;
    else *loss = *grad * q / n;
    if (!s->options.emitter_backflow) barrier(q / CFS_M3S, -1, loss, grad);
}

/* Pressure above the least one, as a loss of the outflow: the demand law turned round. */
static void demand_loss(const gf_water_solver *s, uint32_t node, double *loss, double *grad)
{
    double range = fmax(s->options.pressure_required_m - s->options.pressure_min_m, 0.1 * FOOT_M), n = 1 / s->options.pressure_exponent;
    double q = s->demand[node], full = s->demand_full[node];
    *grad = n * range * pow(fabs(q) / full, n - 1) / full;
    *loss = *grad * q / n;
    barrier(q / CFS_M3S, -1, loss, grad);
    barrier((q - full) / CFS_M3S, 1, loss, grad);
}

static bool pressure_driven(const gf_water_solver *s, uint32_t node)
{
    return s->options.demand_model == GF_WATER_PRESSURE_DRIVEN && s->demand_full[node] > 0;
}

static void add_outflows(gf_water_solver *s)
{
    for (uint32_t row = 0; row < s->system.size; row++) {
        uint32_t node = s->row_node[row];
        double loss, grad;
        if (s->emitter[node] > 0) {
            emitter_loss(s, node, &loss, &grad);
            s->system.pivot[row] += 1 / grad;
            s->right[row] += (loss + s->elevation[node]) / grad;
            s->excess[node] -= s->emitter_flow[node];
        }
        if (pressure_driven(s, node)) {
            demand_loss(s, node, &loss, &grad);
            s->system.pivot[row] += 1 / grad;
            s->right[row] += (loss + s->elevation[node] + s->options.pressure_min_m) / grad;
        }
    }
}

static void assemble(gf_water_solver *s)
{
    factor *f = &s->system;
    memset(f->pivot, 0, f->size * sizeof *f->pivot);
    memset(f->lower, 0, f->lower_count * sizeof *f->lower);
    for (uint32_t row = 0; row < f->size; row++) s->right[row] = s->has_outflows ? 0 : -s->pending[s->row_node[row]];
    if (s->has_outflows)
        for (uint32_t i = 0; i < s->net->node_count; i++) s->excess[i] = -s->pending[i];
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        double p = s->inverse[i], q = s->flow[i], push = s->shift[i];
        if (p == 0) continue;
        if (s->has_outflows) s->excess[e->from] -= q, s->excess[e->to] += q;
        else push -= q;
        if (e->row_from >= 0) {
            f->pivot[e->row_from] += p;
            s->right[e->row_from] += e->row_to >= 0 ? push : push + p * s->head[e->to];
        }
        if (e->row_to >= 0) {
            f->pivot[e->row_to] += p;
            s->right[e->row_to] -= e->row_from >= 0 ? push : push - p * s->head[e->from];
        }
        if (e->entry >= 0) f->lower[e->entry] -= p;
    }
    if (!s->has_outflows) return;
    add_outflows(s);
    for (uint32_t row = 0; row < f->size; row++) s->right[row] += s->excess[s->row_node[row]];
    solver_control_valves(s);
}

static double move_flow(gf_water_solver *s, uint32_t i, double relax)
{
    const element *e = &s->elements[i];
    double step = (s->shift[i] - s->inverse[i] * (s->head[e->from] - s->head[e->to])) * relax;
    if (e->link >= 0 && s->pump_of[e->link] >= 0 && s->pumps[s->pump_of[e->link]].kind == PUMP_POWER && step > s->flow[i]) step = s->flow[i] / 2;
    s->flow[i] -= step;
    s->step[i] = step;
    return fabs(step);
}

static void move_outflows(gf_water_solver *s, double relax, double *moved, double *all)
{
    for (uint32_t row = 0; row < s->system.size; row++) {
        uint32_t node = s->row_node[row];
        double loss, grad;
        if (s->emitter[node] > 0) {
            emitter_loss(s, node, &loss, &grad);
            double step = (loss - (s->head[node] - s->elevation[node])) / grad * relax;
            s->emitter_flow[node] -= step;
            *moved += fabs(step), *all += fabs(s->emitter_flow[node]);
        }
        if (pressure_driven(s, node)) {
            demand_loss(s, node, &loss, &grad);
            double step = (loss - (s->head[node] - s->elevation[node] - s->options.pressure_min_m)) / grad * relax, most = 0.4 * s->demand_full[node];
            step = fmin(fmax(step, -most), most);
            s->demand[node] -= step;
            s->pending[node] -= step;
            *moved += fabs(step), *all += fabs(s->demand[node]);
        }
    }
}

/* Heads into flows; returns the share of all flow that moved. */
static double move_flows(gf_water_solver *s, double relax)
{
    double moved = 0, all = s->branch_flow_sum;
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        double step = move_flow(s, i, relax);
        moved += step * (e->slot_count > 1 ? e->slot_count : 1);
        if (e->slot_count == 0) all += fabs(s->flow[i]);
        for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count; k++) {
            s->slot_flow[k] = s->flow[i] - s->slot_offset[k];
            all += fabs(s->slot_flow[k]);
        }
    }
    if (s->has_outflows) move_outflows(s, relax, &moved, &all);
    s->flow_sum = all;
    return all > s->wanted.accuracy * CFS_M3S ? moved / all : moved / CFS_M3S;
}

/* ---- The end ---- */

static bool is_shut(const gf_water_solver *s, const element *e) { return e->link >= 0 && s->state[e->link] <= IS_CLOSED; }

/* Heads inside stretches: the losses of the last turn, carried along their slopes to the flows that came of it, add up to the
 * difference of the ends exactly. */
static void write_stretches(gf_water_solver *s)
{
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        double head = s->head[e->from];
        for (uint32_t k = e->slot_first; k + 1 < e->slot_first + e->slot_count; k++) {
            head -= s->slot_loss[k] - s->slot_grad[k] * s->step[i];
            s->head[s->chain_node[k]] = head;
        }
        for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count; k++) s->link_flow[s->slot_link[k]] = (s->slot_flow[k] + s->mend[i]) * s->slot_sign[k];
        if (e->link >= 0) s->link_flow[e->link] = is_shut(s, e) ? 0 : s->flow[i] + s->mend[i];     /* what seeps through is the method's */
    }
}

static void write_branches(gf_water_solver *s)
{
    if (s->branch_count > 0) solver_pipe_losses(s, s->slot_core, s->slot_padded - s->slot_core);
    for (uint32_t i = s->branch_count; i-- > 0;) {
        uint32_t slot = s->slot_core + i;
        s->head[s->branch_node[slot]] = s->head[s->branch_root[slot]] + s->slot_loss[slot];
        s->link_flow[s->slot_link[slot]] = s->slot_flow[slot] * s->slot_sign[slot];
    }
}

/* What comes in and does not go out again at every node, and the worst of junctions. */
static void weigh_balance(gf_water_solver *s)
{
    const gf_water_net *net = s->net;
    double *surplus = s->excess, demand = 0, worst = 0;
    for (uint32_t i = 0; i < net->node_count; i++) surplus[i] = -(s->outflow[i] = s->demand[i] + s->emitter_flow[i]);
    for (uint32_t i = 0; i < net->link_count; i++) {
        surplus[net->links[i].from] -= s->link_flow[i];
        surplus[net->links[i].to] += s->link_flow[i];
    }
    for (uint32_t i = 0; i < net->node_count; i++) {
        if (net->nodes[i].kind != GF_WATER_JUNCTION) continue;
        demand += fabs(s->outflow[i]);
        if (fabs(surplus[i]) > worst) worst = fabs(surplus[i]), s->quality.worst_node = i;
    }
    s->quality.mass_error = demand > 0 ? worst / demand : worst / FLOW_TOLERANCE_M3S;
}

static bool holds_head(const gf_water_solver *s, const element *e)
{
    if (e->link < 0 || s->state[e->link] != IS_ACTIVE) return false;
    gf_water_link_kind kind = s->net->links[e->link].kind;
    return kind == GF_WATER_PRV || kind == GF_WATER_PSV;
}

/* A valve that holds a head passes what its held side lacks; its flow is one turn behind the others'. */
static void mend_valves(gf_water_solver *s)
{
    for (uint32_t i = 0; i < s->special_count; i++) {
        const element *e = &s->elements[s->special[i]];
        if (!holds_head(s, e)) continue;
        double step = s->net->links[e->link].kind == GF_WATER_PRV ? -s->excess[e->to] : s->excess[e->from];
        s->mend[s->special[i]] += step;
        s->excess[e->from] -= step;
        s->excess[e->to] += step;
    }
}

/* Heads are rounded, and a pipe that resists little makes a flow of the rounding: solve for the surplus, and take the small
 * heads that come of it into the flows that are told. The turns to come start from the unmended ones. */
static void mend_flows(gf_water_solver *s)
{
    mend_valves(s);
    for (uint32_t row = 0; row < s->system.size; row++) s->right[row] = s->excess[s->row_node[row]];
    factor_solve(&s->system, s->right);
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        s->mend[i] += ((e->row_from >= 0 ? s->right[e->row_from] : 0) - (e->row_to >= 0 ? s->right[e->row_to] : 0)) * s->inverse[i];
    }
}

/* Heads and flows by node and link, and whether all water adds up. */
static bool write_state(gf_water_solver *s)
{
    memset(s->mend, 0, s->element_count * sizeof *s->mend);
    write_stretches(s);
    if (s->core_only) return true;
    write_branches(s);
    weigh_balance(s);
    if (s->wanted.unmended) return true;
    double before = INFINITY;       /* water asked for behind what is shut is not to be mended */
    for (int turn = 0; turn < MENDS_MAX && s->quality.mass_error > MASS_ERROR_MAX && s->quality.mass_error < 0.9 * before; turn++) {
        before = s->quality.mass_error;
        mend_flows(s);
        write_stretches(s);
        weigh_balance(s);
    }
    return s->quality.mass_error <= MASS_ERROR_MAX;
}

/* What sources give or take, and what is shut. */
static void close_books(gf_water_solver *s)
{
    for (uint32_t i = 0; i < s->net->node_count; i++)
        if (s->net->nodes[i].kind != GF_WATER_JUNCTION) s->outflow[i] = s->excess[i];
    for (uint32_t i = 0; i < s->special_count; i++) {
        const element *e = &s->elements[s->special[i]];
        s->closed[e->link] = is_shut(s, e);
    }
}

static bool heads_agree(gf_water_solver *s)
{
    if (!(s->options.head_error_m > 0)) return true;
    linearise(s);
    for (uint32_t i = 0; i < s->element_count; i++) {
        const element *e = &s->elements[i];
        if (s->inverse[i] == 0 || (e->link >= 0 && s->state[e->link] <= IS_CLOSED)) continue;
        if (fabs(s->head[e->from] - s->head[e->to] - s->shift[i] / s->inverse[i]) > s->options.head_error_m) return false;
    }
    return true;
}

static bool outflows_agree(const gf_water_solver *s)
{
    double range = s->options.pressure_required_m - s->options.pressure_min_m;
    for (uint32_t row = 0; row < s->system.size; row++) {
        uint32_t node = s->row_node[row];
        if (!pressure_driven(s, node)) continue;
        double p = s->head[node] - s->elevation[node], full = s->demand_full[node];
        double wanted = p <= s->options.pressure_min_m ? 0 : p >= s->options.pressure_required_m ? full
            : full * pow((p - s->options.pressure_min_m) / range, s->options.pressure_exponent);
        if (fabs(wanted - s->demand[node]) > FLOW_TOLERANCE_M3S) return false;
    }
    return true;
}

/* Heads are rounded, and what resists next to nothing (an idle pipe, an open valve) makes a flow of the rounding, around its
 * loop and for ever: flows that move by no more than that stand still, and so do the heads. */
static bool still_but_for_rounding(const gf_water_solver *s, double change)
{
    double rounding = 0;
    if (change > ROUNDING_MOST) return false;
    for (uint32_t i = 0; i < s->element_count; i++)
        rounding += s->inverse[i] * (fabs(s->head[s->elements[i].from]) + fabs(s->head[s->elements[i].to]));
    return change * s->flow_sum <= ROUNDINGS * DBL_EPSILON * rounding;
}

static bool settled(gf_water_solver *s, double change)
{
    if (change > s->wanted.accuracy && !still_but_for_rounding(s, change)) return false;
    if (s->options.flow_change_m3s > 0)
        for (uint32_t i = 0; i < s->element_count; i++)
            if (fabs(s->step[i]) > s->options.flow_change_m3s) return false;
    return outflows_agree(s) && heads_agree(s);
}

/* A system that cannot be solved is mostly a valve that cannot hold its setting: open it and go on. */
static bool open_bad_valve(gf_water_solver *s, uint32_t place)
{
    uint32_t node = s->row_node[place];
    for (uint32_t i = 0; i < s->special_count; i++) {
        const element *e = &s->elements[s->special[i]];
        gf_water_link_kind kind = s->net->links[e->link].kind;
        if ((e->from != node && e->to != node) || s->state[e->link] != IS_ACTIVE) continue;
        if (kind != GF_WATER_PRV && kind != GF_WATER_PSV && kind != GF_WATER_FCV) continue;
        s->state[e->link] = kind == GF_WATER_FCV ? IS_FLOW_SHORT : IS_PRESSURE_LOST;
        return true;
    }
    return false;
}

static bool solve_heads(gf_water_solver *s)
{
    for (;;) {
        assemble(s);
        uint32_t place = factor_compute(&s->system);
        if (place == s->system.size) break;
        if (!open_bad_valve(s, place)) {
            s->quality.worst_node = s->row_node[place];
            return false;
        }
        linearise(s);
    }
    factor_solve(&s->system, s->right);
    for (uint32_t row = 0; row < s->system.size; row++) s->head[s->row_node[row]] = s->right[row];
    return true;
}

/* Turns until all is settled. Extra turns, when the file grants them, change no more states. */
static bool iterate(gf_water_solver *s)
{
    const gf_water_options *o = &s->options;
    uint32_t most = s->wanted.iterations_max + (o->unbalanced == GF_WATER_CONTINUE ? o->unbalanced_extra : 0), next_check = o->check_every;
    double relax = 1;
    set_slot_flows(s);
    for (s->quality.iterations = 1; s->quality.iterations <= most; s->quality.iterations++) {
        linearise(s);
        if (!solve_heads(s)) return false;
        s->quality.change = move_flows(s, relax);
        bool frozen = s->quality.iterations > s->wanted.iterations_max, changed = false;
        bool damped = o->damp_limit > 0 && s->quality.change <= o->damp_limit;
        relax = damped ? DAMPED : 1;
        if (!(o->damp_limit > 0) || damped) changed = solver_check_valves(s);
        if (settled(s, s->quality.change)) {
            if (!frozen) changed |= solver_check_links(s);
            if (!frozen && s->net->control_count > 0) changed |= solver_check_pressure_controls(s);
            if ((frozen || !changed) && write_state(s)) return true;
            next_check = s->quality.iterations + o->check_every;
        } else if (s->quality.iterations <= o->check_until && s->quality.iterations == next_check) {
            solver_check_links(s);
            next_check += o->check_every;
        }
    }
    s->quality.iterations = most;
    return false;
}

/* Heads and flows by node and link for the state as it stands: after one was brought back. */
void solver_refresh(gf_water_solver *s)
{
    solver_spread(s);
    set_slot_flows(s);
    linearise(s);
    memset(s->step, 0, s->element_count * sizeof *s->step);
    (void)write_state(s);
    close_books(s);
}

gf_status gf_water_solve(gf_water_solver *s, gf_water_quality *quality, gf_error *err)
{
    if (!s->started) solver_spread(s);
    s->quality.converged = iterate(s);
    if (!s->quality.converged) (void)write_state(s);
    if (!s->core_only) close_books(s);
    if (quality) *quality = s->quality;
    if (s->quality.converged) return GF_OK;
    gf_str id = s->net->nodes[s->quality.worst_node].id;
    return gf_fail(err, GF_EUNSOLVED, "water.unsolved", "Look at the pumps, valves and closed links near it; a check valve or control may switch to and fro.",
                   "no steady state after %u turns: flows still move by %.3g of all flow, and water does not add up near node '%.*s'",
                   s->quality.iterations, s->quality.change, GF_STR_ARG(id));
}

gf_water_state gf_water_state_of(const gf_water_solver *s)
{
    return (gf_water_state){ .head_m = s->head, .demand_m3s = s->outflow, .flow_m3s = s->link_flow, .setting = s->setting, .closed = s->closed };
}

double gf_water_demand_m3s(const gf_water_solver *s, uint32_t node) { return s->demand_full[node]; }

double gf_water_velocity_ms(const gf_water_solver *s, uint32_t link)
{
    double d = s->diameter[link];
    return s->pump_of[link] >= 0 || !(d > 0) ? 0 : fabs(s->link_flow[link]) / (PI / 4 * d * d);
}
