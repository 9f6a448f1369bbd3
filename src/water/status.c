/* Who opens and who closes, once heads and flows are known: the rules of the EPANET 2.2 manual for check valves, pumps, PRV,
 * PSV, FCV, pipes at tanks, and controls by the pressure of a junction.
 */
#include "water/solver.h"

static link_state check_valve_state(link_state now, double drop_m, double flow)
{
    if (drop_m < -HEAD_TOLERANCE_M || flow < -FLOW_TOLERANCE_M3S) return IS_CLOSED;
    return drop_m > HEAD_TOLERANCE_M ? IS_OPEN : now;
}

static link_state pump_state(const gf_water_solver *s, uint32_t link, double gain_m, double flow)
{
    const pump *p = &s->pumps[s->pump_of[link]];
    if (p->kind == PUMP_POWER) return flow < FLOW_ZERO_M3S ? IS_SHUT_FOR_NOW : IS_OPEN;
    return gain_m > s->setting[link] * s->setting[link] * p->head_max_m + HEAD_TOLERANCE_M ? IS_HEAD_SHORT : IS_OPEN;
}

static link_state flow_valve_state(const gf_water_solver *s, uint32_t link, link_state now, double drop_m, double flow)
{
    if (drop_m < -HEAD_TOLERANCE_M || flow < -FLOW_TOLERANCE_M3S) return IS_FLOW_SHORT;
    if (now == IS_FLOW_SHORT) return flow >= s->setting[link] ? IS_ACTIVE : now;
    if (now == IS_ACTIVE && drop_m / (flow * flow) < s->minor[link]) return IS_FLOW_SHORT;
    return now;
}

/* A full tank takes nothing, an empty one gives nothing. `flow` is out of the tank. */
static link_state tank_link_state(const gf_water_solver *s, uint32_t node, link_state now, double flow)
{
    const gf_water_node *tank = &s->net->nodes[node];
    if (tank->kind != GF_WATER_TANK || now <= IS_CLOSED) return now;
    if (s->head[node] >= tank->elevation_m + tank->level_max_m && !tank->overflows && flow < 0) return IS_SHUT_FOR_NOW;
    if (s->head[node] <= tank->elevation_m + tank->level_min_m && flow > 0) return IS_SHUT_FOR_NOW;
    return now;
}

static link_state next_state(const gf_water_solver *s, const element *e, double flow)
{
    uint32_t link = (uint32_t)e->link;
    gf_water_link_kind kind = s->net->links[link].kind;
    link_state before = s->state[link], now = before == IS_HEAD_SHORT || before == IS_SHUT_FOR_NOW ? IS_OPEN : before;
    double drop = s->head[e->from] - s->head[e->to];
    if (s->diameter[link] <= 0 && kind <= GF_WATER_PIPE_CHECKED) return IS_CLOSED;
    if (kind == GF_WATER_PIPE_CHECKED) now = check_valve_state(now, drop, flow);
    if (kind == GF_WATER_PUMP && now >= IS_OPEN && s->setting[link] > 0) now = pump_state(s, link, -drop, flow);
    if (kind == GF_WATER_FCV && !isnan(s->setting[link])) now = flow_valve_state(s, link, before, drop, flow);
    now = tank_link_state(s, e->from, now, flow);
    return tank_link_state(s, e->to, now, -flow);
}

bool solver_check_links(gf_water_solver *s)
{
    bool changed = false;
    for (uint32_t i = 0; i < s->special_count; i++) {
        const element *e = &s->elements[s->special[i]];
        link_state next = next_state(s, e, s->flow[s->special[i]]);
        changed |= next != s->state[e->link];
        s->state[e->link] = (uint8_t)next;
    }
    return changed;
}

static link_state reducing_state(link_state now, double set_m, double before_m, double behind_m, double open_loss_m, double flow)
{
    const double tolerance = HEAD_TOLERANCE_M;
    switch (now) {
    case IS_ACTIVE: return flow < -FLOW_TOLERANCE_M3S ? IS_CLOSED : before_m - open_loss_m < set_m - tolerance ? IS_OPEN : IS_ACTIVE;
    case IS_OPEN: return flow < -FLOW_TOLERANCE_M3S ? IS_CLOSED : behind_m >= set_m + tolerance ? IS_ACTIVE : IS_OPEN;
    case IS_CLOSED:
        if (before_m >= set_m + tolerance && behind_m < set_m - tolerance) return IS_ACTIVE;
        return before_m < set_m - tolerance && before_m > behind_m + tolerance ? IS_OPEN : IS_CLOSED;
    case IS_PRESSURE_LOST: return flow < -FLOW_TOLERANCE_M3S ? IS_CLOSED : now;
    default: return now;
    }
}

static link_state sustaining_state(link_state now, double set_m, double before_m, double behind_m, double open_loss_m, double flow)
{
    const double tolerance = HEAD_TOLERANCE_M;
    switch (now) {
    case IS_ACTIVE: return flow < -FLOW_TOLERANCE_M3S ? IS_CLOSED : behind_m + open_loss_m > set_m + tolerance ? IS_OPEN : IS_ACTIVE;
    case IS_OPEN: return flow < -FLOW_TOLERANCE_M3S ? IS_CLOSED : before_m < set_m - tolerance ? IS_ACTIVE : IS_OPEN;
    case IS_CLOSED:
        if (before_m <= behind_m + tolerance) return IS_CLOSED;
        return behind_m > set_m + tolerance ? IS_OPEN : before_m >= set_m + tolerance ? IS_ACTIVE : IS_CLOSED;
    case IS_PRESSURE_LOST: return flow < -FLOW_TOLERANCE_M3S ? IS_CLOSED : now;
    default: return now;
    }
}

bool solver_check_valves(gf_water_solver *s)
{
    bool changed = false;
    for (uint32_t i = 0; s->has_valves && i < s->special_count; i++) {
        const element *e = &s->elements[s->special[i]];
        uint32_t link = (uint32_t)e->link;
        gf_water_link_kind kind = s->net->links[link].kind;
        if ((kind != GF_WATER_PRV && kind != GF_WATER_PSV) || isnan(s->setting[link])) continue;
        double flow = s->flow[s->special[i]], open_loss = s->minor[link] * flow * flow, before = s->head[e->from], behind = s->head[e->to];
        link_state next = kind == GF_WATER_PRV
            ? reducing_state(s->state[link], s->elevation[e->to] + s->setting[link], before, behind, open_loss, flow)
            : sustaining_state(s->state[link], s->elevation[e->from] + s->setting[link], before, behind, open_loss, flow);
        changed |= next != s->state[link];
        s->state[link] = (uint8_t)next;
    }
    return changed;
}

/* What a control makes of its link; false when it is so already. */
bool solver_apply_control(gf_water_solver *s, const gf_water_control *c)
{
    uint32_t link = c->link;
    gf_water_link_kind kind = s->net->links[link].kind;
    link_state state = s->state[link], told;
    double setting = s->setting[link], wanted = setting;
    if (c->sets_status) {
        told = c->status == GF_WATER_CLOSED ? IS_CLOSED : IS_OPEN;
        if (kind == GF_WATER_PUMP) wanted = told == IS_OPEN ? 1 : 0;
        else if (kind > GF_WATER_PUMP && kind != GF_WATER_GPV) wanted = NAN;
    } else {
        wanted = c->setting;
        told = kind == GF_WATER_PUMP ? (wanted > 0 ? IS_OPEN : IS_CLOSED) : IS_ACTIVE;
    }
    bool same_setting = wanted == setting || (isnan(wanted) && isnan(setting));
    bool was_shut = state <= IS_CLOSED;
    if (same_setting && was_shut == (told == IS_CLOSED)) return false;
    if (kind == GF_WATER_PUMP && was_shut && told == IS_OPEN) solver_restart_pump(s, link);
    s->state[link] = (uint8_t)told;
    s->setting[link] = wanted;
    return true;
}

bool solver_check_pressure_controls(gf_water_solver *s)
{
    bool changed = false;
    for (uint32_t i = 0; i < s->net->control_count; i++) {
        const gf_water_control *c = &s->net->controls[i];
        bool low = c->kind == GF_WATER_BELOW, high = c->kind == GF_WATER_ABOVE;
        if (c->disabled || (!low && !high) || s->net->nodes[c->node].kind != GF_WATER_JUNCTION) continue;
        double above = s->head[c->node] - (s->elevation[c->node] + c->value_m);
        if ((low && above <= HEAD_TOLERANCE_M) || (high && above >= -HEAD_TOLERANCE_M)) changed |= solver_apply_control(s, c);
    }
    return changed;
}
