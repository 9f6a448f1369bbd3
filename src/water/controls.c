/* What a moment asks for: demands by their patterns, heads of reservoirs, speeds of pumps, controls; and rules between moments.
 * Meanings and their order are those of the EPANET 2.2 manual.
 */
#include "water/solver.h"

enum { DAY_S = 86400 };
#define VALUE_TOLERANCE 1e-3        /* of rules, in the units of the file */

static double factor_at(const gf_water_net *net, int32_t pattern, int64_t period)
{
    if (pattern < 0 || net->patterns[pattern].count == 0) return 1;
    return net->patterns[pattern].factors[period % net->patterns[pattern].count];
}

static int64_t period_of(const gf_water_net *net, int64_t time_s)
{
    return (time_s + net->options.pattern_start_s) / net->options.pattern_step_s;
}

double solver_pattern(const gf_water_solver *s, int32_t pattern, int64_t time_s) { return factor_at(s->net, pattern, period_of(s->net, time_s)); }

void hours_set_status(gf_water_solver *s, uint32_t link, bool open)
{
    gf_water_link_kind kind = s->net->links[link].kind;
    if (kind == GF_WATER_PUMP) {
        if (open && s->state[link] == IS_CLOSED) solver_restart_pump(s, link);
        s->setting[link] = open;
    } else if (kind > GF_WATER_PUMP && kind != GF_WATER_GPV) {
        s->setting[link] = NAN;
    }
    s->state[link] = open ? IS_OPEN : IS_CLOSED;
}

void hours_set_setting(gf_water_solver *s, uint32_t link, double setting)
{
    gf_water_link_kind kind = s->net->links[link].kind;
    if (kind == GF_WATER_PUMP) {
        if (setting > 0 && s->state[link] <= IS_CLOSED) {
            solver_restart_pump(s, link);
            s->state[link] = IS_OPEN;
        }
        if (setting == 0 && s->state[link] > IS_CLOSED) s->state[link] = IS_CLOSED;
    } else if (kind == GF_WATER_FCV) {
        s->state[link] = IS_ACTIVE;
    } else if (isnan(s->setting[link]) && s->state[link] <= IS_CLOSED) {
        s->state[link] = IS_OPEN;
    }
    s->setting[link] = setting;
}

void hours_demands(gf_water_solver *s, int64_t time_s)
{
    const gf_water_net *net = s->net;
    int64_t period = period_of(net, time_s);
    s->demand_sum = 0;
    for (uint32_t i = 0; i < net->node_count; i++) {
        const gf_water_node *node = &net->nodes[i];
        double sum = 0;
        for (uint32_t k = node->demand_first; k < node->demand_first + node->demand_count; k++) {
            const gf_water_demand *d = &net->demands[k];
            double part = d->base_m3s * factor_at(net, d->pattern >= 0 ? d->pattern : net->options.demand_pattern, period) * net->options.demand_factor;
            if (part > 0) s->demand_sum += part;
            sum += part;
        }
        s->demand_full[i] = s->demand[i] = isnan(s->set_demand[i]) ? sum : s->set_demand[i];
        if (node->kind == GF_WATER_RESERVOIR && node->pattern >= 0) s->head[i] = node->elevation_m * factor_at(net, node->pattern, period);
    }
    for (uint32_t i = 0; i < s->pump_count; i++) {
        uint32_t link = s->pumps[i].link;
        if (net->links[link].speed_pattern >= 0) hours_set_setting(s, link, factor_at(net, net->links[link].speed_pattern, period));
    }
    s->started = false;
}

void hours_controls(gf_water_solver *s, int64_t time_s)
{
    for (uint32_t i = 0; i < s->net->control_count; i++) {
        const gf_water_control *c = &s->net->controls[i];
        bool due = false;
        if (c->disabled) continue;
        if (c->kind == GF_WATER_AT_TIME) due = c->time_s == time_s;
        if (c->kind == GF_WATER_AT_CLOCK) due = (time_s + s->net->options.clock_start_s) % DAY_S == c->time_s;
        if ((c->kind == GF_WATER_ABOVE || c->kind == GF_WATER_BELOW) && s->net->nodes[c->node].kind == GF_WATER_TANK) {
            double now = tank_volume(s, c->node, s->head[c->node]), soon = fabs(s->outflow[c->node]);
            double at = tank_volume(s, c->node, s->elevation[c->node] + c->value_m);
            due = c->kind == GF_WATER_BELOW ? now <= at + soon : now >= at - soon;
        }
        if (due) (void)solver_apply_control(s, c);
    }
}

/* Whether a control would change anything if it were due. */
static bool control_matters(const gf_water_solver *s, const gf_water_control *c)
{
    gf_water_link_kind kind = s->net->links[c->link].kind;
    if (!c->sets_status) return s->setting[c->link] != c->setting || s->state[c->link] <= IS_CLOSED || kind != GF_WATER_PUMP;
    link_state told = c->status == GF_WATER_CLOSED ? IS_CLOSED : IS_OPEN;
    if (kind > GF_WATER_PUMP && kind != GF_WATER_GPV) return !isnan(s->setting[c->link]) || s->state[c->link] != told;
    return s->state[c->link] != told;
}

static int64_t control_due(const gf_water_solver *s, const gf_water_control *c, int64_t time_s)
{
    if (c->kind == GF_WATER_AT_TIME) return c->time_s - time_s;
    if (c->kind == GF_WATER_AT_CLOCK) {
        int64_t clock = (time_s + s->net->options.clock_start_s) % DAY_S;
        return c->time_s >= clock ? c->time_s - clock : DAY_S - clock + c->time_s;
    }
    if (s->net->nodes[c->node].kind != GF_WATER_TANK || fabs(s->outflow[c->node]) <= FLOW_ZERO_M3S) return 0;
    double in = s->outflow[c->node], at = s->elevation[c->node] + c->value_m, head = s->head[c->node];
    bool comes = (head < at && c->kind == GF_WATER_ABOVE && in > 0) || (head > at && c->kind == GF_WATER_BELOW && in < 0);
    return comes ? (int64_t)floor((tank_volume(s, c->node, at) - s->volume[c->node]) / in + 0.5) : 0;
}

int64_t hours_control_step(const gf_water_solver *s, int64_t time_s, int64_t step_s)
{
    for (uint32_t i = 0; i < s->net->control_count; i++) {
        int64_t due = s->net->controls[i].disabled ? 0 : control_due(s, &s->net->controls[i], time_s);
        if (due > 0 && due < step_s && control_matters(s, &s->net->controls[i])) step_s = due;
    }
    return step_s;
}

/* ---- Rules ---- */

static bool time_holds(const gf_water_solver *s, const gf_water_premise *p, int64_t time_s, int64_t step_s)
{
    int64_t from = time_s - step_s + 1, to = time_s, at = (int64_t)p->value;
    if (p->variable == GF_WATER_VAR_CLOCK) {
        from = (from + s->net->options.clock_start_s) % DAY_S;
        to = (to + s->net->options.clock_start_s) % DAY_S;
    }
    bool passed = to < from ? at >= from || at <= to : at >= from && at <= to;
    switch (p->relation) {
    case GF_WATER_LT: return to < at;
    case GF_WATER_LE: return to <= at;
    case GF_WATER_GT: return to > at;
    case GF_WATER_GE: return to >= at;
    case GF_WATER_EQ: return passed;
    case GF_WATER_NE: return !passed;
    }
    return false;
}

static bool status_holds(const gf_water_solver *s, const gf_water_premise *p)
{
    link_state state = s->state[p->index];
    gf_water_status is = state <= IS_CLOSED ? GF_WATER_CLOSED : state == IS_ACTIVE ? GF_WATER_ACTIVE : GF_WATER_OPEN;
    return p->relation == GF_WATER_NE ? is != p->status : p->relation == GF_WATER_EQ && is == p->status;
}

/* Unit in which a setting is compared and told: pressures and flows have one, speeds and coefficients none. */
static double setting_unit(const gf_water_solver *s, uint32_t link)
{
    switch (s->net->links[link].kind) {
    case GF_WATER_PRV: case GF_WATER_PSV: case GF_WATER_PBV: return s->net->units.pressure_m;
    case GF_WATER_FCV: return s->net->units.flow_m3s;
    default: return 1;
    }
}

/* The value of a premise and the unit of the file it is compared in; false when there is none. */
static bool premise_value(const gf_water_solver *s, const gf_water_premise *p, double *value, double *unit)
{
    const gf_water_units *u = &s->net->units;
    uint32_t i = p->index;
    double in = p->object == GF_WATER_OF_NODE ? s->outflow[i] : 0;
    *unit = 1;
    switch (p->variable) {
    case GF_WATER_VAR_DEMAND: *value = p->object == GF_WATER_OF_SYSTEM ? s->demand_sum : in; *unit = u->flow_m3s; return true;
    case GF_WATER_VAR_HEAD: *value = s->head[i]; *unit = u->length_m; return true;
    case GF_WATER_VAR_PRESSURE: *value = s->head[i] - s->elevation[i]; *unit = u->pressure_m; return true;
    case GF_WATER_VAR_LEVEL: *value = s->head[i] - s->elevation[i]; *unit = u->length_m; return true;
    case GF_WATER_VAR_FLOW: *value = fabs(s->link_flow[i]); *unit = u->flow_m3s; return true;
    case GF_WATER_VAR_SETTING: *value = s->setting[i]; *unit = setting_unit(s, i); return !isnan(*value);
    case GF_WATER_VAR_FILL_TIME:
        if (s->net->nodes[i].kind != GF_WATER_TANK || in <= FLOW_ZERO_M3S) return false;
        *value = (tank_volume_max(s, i) - s->volume[i]) / in;
        return true;
    case GF_WATER_VAR_DRAIN_TIME:
        if (s->net->nodes[i].kind != GF_WATER_TANK || in >= -FLOW_ZERO_M3S) return false;
        *value = (tank_volume_min(s, i) - s->volume[i]) / in;
        return true;
    default: return false;
    }
}

static bool value_holds(const gf_water_solver *s, const gf_water_premise *p)
{
    double value, unit;
    if (!premise_value(s, p, &value, &unit)) return false;
    double over = (value - p->value) / unit;
    switch (p->relation) {
    case GF_WATER_EQ: return fabs(over) <= VALUE_TOLERANCE;
    case GF_WATER_NE: return fabs(over) >= VALUE_TOLERANCE;
    case GF_WATER_LT: return over <= VALUE_TOLERANCE;
    case GF_WATER_LE: return over <= -VALUE_TOLERANCE;
    case GF_WATER_GT: return over >= -VALUE_TOLERANCE;
    case GF_WATER_GE: return over >= VALUE_TOLERANCE;
    }
    return false;
}

static bool rule_holds(const gf_water_solver *s, const gf_water_rule *rule, int64_t time_s, int64_t step_s)
{
    bool holds = true;
    for (uint32_t k = 0; k < rule->premise_count; k++) {
        const gf_water_premise *p = &rule->premises[k];
        if (p->or_else ? holds : !holds) {
            if (!p->or_else) return false;
            continue;
        }
        holds = p->variable == GF_WATER_VAR_TIME || p->variable == GF_WATER_VAR_CLOCK ? time_holds(s, p, time_s, step_s)
            : p->variable == GF_WATER_VAR_STATUS ? status_holds(s, p) : value_holds(s, p);
    }
    return holds;
}

static bool take_action(gf_water_solver *s, const gf_water_action *a)
{
    if (a->sets_status) {
        bool open = a->status != GF_WATER_CLOSED, is_open = s->state[a->link] > IS_CLOSED;
        if (open == is_open) return false;
        hours_set_status(s, a->link, open);
        return true;
    }
    if (fabs(a->setting - s->setting[a->link]) <= VALUE_TOLERANCE) return false;
    hours_set_setting(s, a->link, a->setting);
    return true;
}

/* Later rules win over earlier ones only with a higher priority. */
static void note_actions(gf_water_solver *s, const gf_water_rule *rule, const gf_water_action *actions, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        uint32_t link = actions[k].link;
        if (s->rule_action[link] && !(rule->priority > s->rule_priority[link])) continue;
        s->rule_action[link] = &actions[k];
        s->rule_priority[link] = rule->priority;
    }
}

bool hours_rules(gf_water_solver *s, int64_t time_s, int64_t step_s)
{
    bool acted = false;
    for (uint32_t i = 0; i < s->net->rule_count; i++) {
        const gf_water_rule *rule = &s->net->rules[i];
        if (rule->disabled) continue;
        bool holds = rule_holds(s, rule, time_s, step_s);
        note_actions(s, rule, holds ? rule->then : rule->otherwise, holds ? rule->then_count : rule->otherwise_count);
    }
    for (uint32_t i = 0; i < s->net->link_count; i++) {
        bool flipped = s->rule_action[i] && take_action(s, s->rule_action[i]);
        uint8_t turned = !flipped || !s->rule_action[i]->sets_status ? 0 : s->rule_action[i]->status == GF_WATER_CLOSED ? 1 : 2;
        s->rule_flips[i] = turned && turned != s->rule_turn[i] ? s->rule_flips[i] + 1 : 0;
        s->rule_turn[i] = turned;
        s->rule_action[i] = NULL;
        acted |= flipped;
    }
    return acted;
}
