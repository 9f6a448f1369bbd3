/* Hours: one steady state after the other, the water of the tanks between them, and what the pumps used.
 * A step ends at the next of: the step of the file, a change of pattern, a report, a full or empty tank, a control, a rule.
 */
#include "water/solver.h"
#include <string.h>

enum { RULE_FLIPS_MAX = 20 };
#define KW_HEAD_FLOW (1 / 8.814 * 0.7457 / (FOOT_M * CFS_M3S))      /* kW of one metre lifted by 1 m3/s */

typedef struct run {
    gf_water_solver           *s;
    const gf_water_run_options *options;
    gf_water_run_result       *out;
    int64_t                    time_s, duration_s, next_report_s, next_file_report_s;
    double                     kw_peak;
} run;

static void pump_power(gf_water_solver *s, uint32_t link)
{
    const gf_water_link *l = &s->net->links[link];
    double speed = s->setting[link], q = fabs(s->flow[s->element_of[link]]), percent = s->options.pump_efficiency * 100;
    s->power_kw[link] = s->efficiency[link] = 0;
    if (s->state[link] <= IS_CLOSED) return;
    if (l->efficiency_curve >= 0) {
        percent = curve_at(&s->net->curves[l->efficiency_curve], false, q / speed / s->net->units.flow_m3s);
        percent = 100 - (100 - percent) * pow(1 / speed, 0.1);          /* Sarbu & Borza 1998 */
    }
    s->efficiency[link] = fmin(fmax(percent, 1), 100) / 100;
    double lift = fabs(s->head[l->from] - s->head[l->to]);
    s->power_kw[link] = lift * q * s->options.specific_gravity * KW_HEAD_FLOW / s->efficiency[link];
}

static void add_energy(run *r, int64_t step_s)
{
    const gf_water_net *net = r->s->net;
    double hours = r->duration_s == 0 ? 1 : (double)step_s / 3600, kw = 0;
    for (uint32_t i = 0; i < r->s->pump_count; i++) {
        uint32_t link = r->s->pumps[i].link;
        const gf_water_link *l = &net->links[link];
        gf_water_pump_energy *e = &r->out->pumps[link];
        if (r->s->state[link] == IS_HEAD_SHORT) e->hours_short += hours;
        double power = r->s->power_kw[link], price = l->price > 0 ? l->price : net->options.energy_price;
        if (power == 0) continue;
        price *= solver_pattern(r->s, l->price_pattern >= 0 ? l->price_pattern : net->options.price_pattern, r->time_s);
        e->hours += hours;
        e->kwh += power * hours;
        e->cost += price * power * hours;
        e->kw_max = fmax(e->kw_max, power);
        kw += power;
    }
    r->kw_peak = fmax(r->kw_peak, kw);
}

static void note_lowest(run *r)
{
    const gf_water_net *net = r->s->net;
    for (uint32_t i = 0; i < net->node_count; i++) {
        if (net->nodes[i].kind != GF_WATER_JUNCTION || (r->s->demand_sum > 0 && !(r->s->demand_full[i] > 0))) continue;
        double pressure = r->s->head[i] - r->s->elevation[i];
        if (pressure < r->out->pressure_m) {
            r->out->pressure_m = pressure;
            r->out->node = i;
            r->out->time_s = r->time_s;
        }
    }
}

static gf_status solve_moment(run *r, gf_error *err)
{
    gf_water_quality quality;
    gf_status status = gf_water_solve(r->s, &quality, err);
    r->out->solves++;
    r->out->iterations += quality.iterations;
    r->out->mass_error = fmax(r->out->mass_error, quality.mass_error);
    if (status == GF_OK) return GF_OK;
    if (r->out->unsolved++ == 0) r->out->unsolved_time_s = r->time_s;
    r->out->converged = false;
    return status == GF_EUNSOLVED && r->s->options.unbalanced == GF_WATER_CONTINUE ? GF_OK : status;
}

/* Everything that a moment leaves in the solver and a look ahead would disturb. */
double *solver_keep(const gf_water_solver *s, gf_arena *scratch)
{
    size_t nodes = s->net->node_count, links = s->net->link_count;
    double *kept = gf_new(scratch, double, 6 * nodes + 3 * links);
    if (!kept) return NULL;
    const double *const by_node[] = { s->head, s->demand, s->outflow, s->emitter_flow, s->volume, s->demand_full };
    for (size_t i = 0; i < 6; i++) memcpy(kept + i * nodes, by_node[i], nodes * sizeof *kept);
    memcpy(kept + 6 * nodes, s->flow, links * sizeof *kept);
    memcpy(kept + 6 * nodes + links, s->setting, links * sizeof *kept);
    for (size_t i = 0; i < links; i++) kept[6 * nodes + 2 * links + i] = s->state[i];
    return kept;
}

void solver_bring_back(gf_water_solver *s, const double *kept)
{
    size_t nodes = s->net->node_count, links = s->net->link_count;
    double *const by_node[] = { s->head, s->demand, s->outflow, s->emitter_flow, s->volume, s->demand_full };
    for (size_t i = 0; i < 6; i++) memcpy(by_node[i], kept + i * nodes, nodes * sizeof *kept);
    memcpy(s->flow, kept + 6 * nodes, links * sizeof *kept);
    memcpy(s->setting, kept + 6 * nodes + links, links * sizeof *kept);
    for (size_t i = 0; i < links; i++) s->state[i] = (uint8_t)kept[6 * nodes + 2 * links + i];
    s->started = false;
}

static bool told(run *r)
{
    const gf_water_run_options *o = r->options;
    if (!o->report || r->time_s < r->next_report_s) return true;
    if (o->report_step_s > 0)
        while (r->next_report_s <= r->time_s) r->next_report_s += o->report_step_s;
    return o->report(o->context, r->time_s, r->s);
}

/* A report that falls between two solutions: the tanks as they will stand then, solved beside the way. */
static bool told_between(run *r, int64_t until_s, const double *tanks_at_start, gf_arena *scratch)
{
    const gf_water_run_options *o = r->options;
    while (o->report && o->report_step_s > 0 && r->next_report_s < until_s) {
        gf_mark mark = gf_arena_mark(scratch);
        double *kept = solver_keep(r->s, scratch);
        if (!kept) return false;
        int64_t moment = r->next_report_s, begun = r->time_s;
        for (uint32_t i = 0; i < r->s->net->node_count; i++) {
            if (r->s->net->nodes[i].kind != GF_WATER_TANK) continue;
            double share = (double)(moment - begun) / (double)(until_s - begun);
            r->s->volume[i] = tanks_at_start[i] + share * (r->s->volume[i] - tanks_at_start[i]);
            r->s->head[i] = tank_head(r->s, i, r->s->volume[i]);
        }
        (void)gf_water_solve(r->s, NULL, NULL);
        bool go_on = o->report(o->context, moment, r->s);
        solver_bring_back(r->s, kept);
        gf_arena_rewind(scratch, mark);
        r->next_report_s += o->report_step_s;
        if (!go_on) return false;
    }
    return true;
}

static int64_t least(int64_t a, int64_t b) { return b > 0 && b < a ? b : a; }

/* Length of the next step; tanks stand at its end afterwards, and rules have spoken. */
static int64_t advance(run *r)
{
    gf_water_solver *s = r->s;
    const gf_water_options *o = &s->options;
    int64_t periods = (r->time_s + o->pattern_start_s) / o->pattern_step_s + 1;
    int64_t step = least(o->step_s, periods * o->pattern_step_s - o->pattern_start_s - r->time_s);
    step = least(step, r->next_file_report_s - r->time_s);
    step = hours_tank_step(s, step);
    step = hours_control_step(s, r->time_s, step);
    if (s->net->rule_count == 0) {
        hours_tanks(s, step);
        return step;
    }
    int64_t until = r->time_s + step, clock = r->time_s, part = o->rule_step_s - r->time_s % o->rule_step_s;
    for (part = part < step ? part : step; part > 0; part = least(least(o->rule_step_s, step), until - clock)) {
        clock += part;
        hours_tanks(s, part);
        if (hours_rules(s, clock, part) || clock >= until) break;
    }
    return clock - r->time_s;
}

/* Rules that undo each other switch their link at every look; a tank's level or the clock would let some looks pass. */
static gf_status check_rule_loop(const run *r, gf_error *err)
{
    const gf_water_net *net = r->s->net;
    for (uint32_t i = 0; net->rule_count > 0 && i < net->link_count; i++)
        if (r->s->rule_flips[i] >= RULE_FLIPS_MAX)
            return gf_fail(err, GF_EINPUT, "water.rule_loop", "Make the rules' conditions leave a gap, or give one of them the higher priority.",
                           "rules switch link '%.*s' to and fro, %d looks in a row before %lld s", GF_STR_ARG(net->links[i].id), RULE_FLIPS_MAX, (long long)r->time_s);
    return GF_OK;
}

static gf_status run_through(run *r, gf_arena *scratch, gf_error *err)
{
    gf_water_solver *s = r->s;
    double *tanks = gf_new(scratch, double, s->net->node_count);
    if (!tanks) return gf_fail_memory(err);
    r->next_file_report_s = s->options.report_step_s;
    for (;;) {
        hours_demands(s, r->time_s);
        hours_controls(s, r->time_s);
        gf_status status = solve_moment(r, err);
        note_lowest(r);
        if (!told(r)) return gf_fail(err, GF_ECANCELLED, "water.cancelled", "", "the run was ended");
        if (status != GF_OK) return status;
        for (uint32_t i = 0; i < s->pump_count; i++) pump_power(s, s->pumps[i].link);
        if (r->time_s >= r->duration_s) {
            if (r->duration_s == 0) add_energy(r, 0);
            return GF_OK;
        }
        memcpy(tanks, s->volume, s->net->node_count * sizeof *tanks);
        int64_t step = advance(r);
        status = check_rule_loop(r, err);
        if (status != GF_OK) return status;
        add_energy(r, step);
        if (!told_between(r, r->time_s + step, tanks, scratch)) return gf_fail(err, GF_ECANCELLED, "water.cancelled", "", "the run was ended");
        r->time_s += step;
        if (r->time_s >= r->next_file_report_s) r->next_file_report_s += s->options.report_step_s;
    }
}

gf_status gf_water_run(gf_water_solver *s, const gf_water_run_options *options, gf_arena *keep, gf_water_run_result *out, gf_error *err)
{
    gf_arena *scratch = gf_arena_open((size_t)1 << 30);
    gf_water_run_result result = { .converged = true, .pressure_m = INFINITY, .pumps = gf_new(keep, gf_water_pump_energy, s->net->link_count) };
    run r = { .s = s, .options = options, .out = &result, .duration_s = options->duration_s < 0 ? s->options.duration_s : options->duration_s };
    gf_status status = scratch && result.pumps ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK) {
        gf_water_reset(s);
        status = run_through(&r, scratch, err);
        for (uint32_t i = 0; i < s->net->link_count; i++) result.kwh += result.pumps[i].kwh, result.cost += result.pumps[i].cost;
        result.cost += s->options.demand_charge * r.kw_peak;
    }
    gf_arena_close(scratch);
    *out = result;
    return status;
}
