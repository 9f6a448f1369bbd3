/* Answers about water networks as JSON, in the forms of the contracts: units of the problem or of the network's file. */
#include "report/gf_report_water.h"
#include <math.h>

/* ---- water solve ---- */

static void write_dry(const gf_water_net *net, const gf_app_water_dry *dry, bool english, gf_json *json)
{
    gf_text text;
    gf_text_init(&text, json->out->arena);
    gf_app_water_remedy(net, &dry->why, english, &text);
    gf_json_begin(json, NULL, '{');
    gf_json_str(json, "node", net->nodes[dry->why.node].id);
    gf_json_int(json, "time_s", dry->time_s);
    gf_json_real(json, "short", dry->why.short_m / net->units.length_m, 4);
    gf_json_begin(json, "links", '[');
    for (uint32_t i = 0; i < dry->why.link_count; i++) gf_json_str(json, NULL, net->links[dry->why.links[i]].id);
    gf_json_end(json, ']');
    gf_json_begin(json, "losses", '[');
    for (uint32_t i = 0; i < dry->why.link_count; i++) gf_json_real(json, NULL, dry->why.loss_m[i] / net->units.length_m, 4);
    gf_json_end(json, ']');
    gf_json_str(json, "remedy", gf_text_str(&text));
    gf_json_end(json, '}');
}

static void write_pumps(const gf_water_net *net, const gf_water_run_result *run, gf_json *json)
{
    gf_json_begin(json, "pumps", '[');
    for (uint32_t i = 0; i < net->link_count; i++) {
        if (net->links[i].kind != GF_WATER_PUMP) continue;
        gf_json_begin(json, NULL, '{');
        gf_json_str(json, "id", net->links[i].id);
        gf_json_real(json, "hours", run->pumps[i].hours, 4);
        gf_json_real(json, "energy_kwh", run->pumps[i].kwh, 4);
        gf_json_real(json, "power_max_kw", run->pumps[i].kw_max, 4);
        gf_json_real(json, "hours_short", run->pumps[i].hours_short, 4);
        gf_json_real(json, "cost", run->pumps[i].cost, 4);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

void gf_report_water_solve_json(const gf_water_net *net, const char *name, const gf_app_water_solved *solved, double seconds, bool english, gf_text *out)
{
    gf_json json;
    const gf_water_run_result *run = &solved->run;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.water.solve/1");
    gf_json_cstr(&json, "network", name);
    gf_json_bool(&json, "converged", run->converged);
    gf_json_int(&json, "iterations", run->iterations);
    gf_json_real(&json, "mass_error", run->mass_error, 15);
    gf_json_real(&json, "hours", (double)solved->duration_s / 3600, 4);
    gf_json_int(&json, "solves", run->solves);
    gf_json_int(&json, "unsolved", run->unsolved);
    gf_json_real(&json, "seconds", seconds, 4);
    if (isfinite(run->pressure_m)) {
        gf_json_begin(&json, "worst", '{');
        gf_json_str(&json, "node", net->nodes[run->node].id);
        gf_json_real(&json, "pressure", run->pressure_m / net->units.length_m, 4);
        gf_json_int(&json, "time_s", run->time_s);
        gf_json_end(&json, '}');
    } else {
        gf_json_null(&json, "worst");
    }
    gf_json_real(&json, "energy_kwh", run->kwh, 4);
    gf_json_real(&json, "energy_cost", run->cost, 4);
    write_pumps(net, run, &json);
    gf_json_begin(&json, "problems", '[');
    for (size_t i = 0; i < solved->dry_count; i++) write_dry(net, &solved->dry[i], english, &json);
    gf_json_end(&json, ']');
    gf_json_int(&json, "problem_nodes", (int64_t)solved->dry_all);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

/* ---- water size ---- */

static const char *const LIMITS[] = { [GF_WATER_LIMIT_NONE] = "none", [GF_WATER_LIMIT_MIN_HEAD] = "min_head", [GF_WATER_LIMIT_MAX_HEAD] = "max_head",
    [GF_WATER_LIMIT_VELOCITY] = "velocity" };
static const char *const ENDS[] = { [GF_WATER_END_PROVEN] = "proven", [GF_WATER_END_WORK] = "work", [GF_WATER_END_SECONDS] = "seconds",
    [GF_WATER_END_INTERRUPT] = "interrupt" };

static bool of_velocity(const gf_water_size_slack *s) { return s->limit == GF_WATER_LIMIT_VELOCITY; }

static double slack_of(const gf_app_water_problem *p, const gf_water_size_slack *s) { return s->slack / (of_velocity(s) ? p->length_m : p->head_m); }

static void slack_unit(const gf_app_water_problem *p, const gf_water_size_slack *s, gf_json *json)
{
    gf_text unit;
    gf_text_init(&unit, json->out->arena);
    gf_text_add(&unit, of_velocity(s) ? p->length_unit : p->head_unit);
    if (of_velocity(s)) gf_text_add_c(&unit, "/s");
    gf_json_str(json, "unit", gf_text_str(&unit));
}

static gf_str name_of(const gf_water_brief *b, const gf_water_size_slack *s)
{
    return of_velocity(s) ? b->net->links[s->index].id : b->net->nodes[s->index].id;
}

static void write_worst(const gf_app_water_problem *p, const gf_water_brief *b, const gf_water_size_slack *s, gf_json *json)
{
    if (s->limit == GF_WATER_LIMIT_NONE) {
        gf_json_null(json, "worst");
        return;
    }
    gf_json_begin(json, "worst", '{');
    gf_json_cstr(json, "limit", LIMITS[s->limit]);
    gf_json_str(json, "id", name_of(b, s));
    gf_json_str(json, "case", b->cases[s->at_case].name);
    gf_json_real(json, "slack", slack_of(p, s), 6);
    slack_unit(p, s, json);
    gf_json_end(json, '}');
}

static void write_reason(const gf_app_water_problem *p, const gf_water_brief *b, const gf_water_sizing *z, bool english, gf_json *json)
{
    gf_text text;
    const gf_water_size_remedy *r = &z->remedy;
    double missing = -slack_of(p, &z->worst);
    gf_text_init(&text, json->out->arena);
    if (of_velocity(&z->worst))
        gf_text_format(&text, english ? "water runs %.3f %.*s/s too fast in link %.*s even in the largest size" : "即使用最大管径，管段流速仍超 %.3f %.*s/s：%.*s", missing,
                       GF_STR_ARG(p->length_unit), GF_STR_ARG(name_of(b, &z->worst)));
    else if (r->lift_m > 0)
        gf_text_format(&text, english ? "the sources are %.3f %.*s too low: no pipe helps" : "水源低了 %.3f %.*s：加大管径无用", missing, GF_STR_ARG(p->head_unit));
    else
        gf_text_format(&text, english ? "even the largest sizes leave %.3f %.*s missing at node %.*s" : "即使全部用最大管径仍差 %.3f %.*s：节点 %.*s", missing,
                       GF_STR_ARG(p->head_unit), GF_STR_ARG(name_of(b, &z->worst)));
    gf_json_str(json, "reason", gf_text_str(&text));
}

static void write_infeasible(const gf_app_water_problem *p, const gf_water_brief *b, const gf_water_sizing *z, bool english, gf_json *json)
{
    if (z->feasible) {
        gf_json_null(json, "infeasible");
        return;
    }
    gf_json_begin(json, "infeasible", '{');
    gf_json_str(json, "node", name_of(b, &z->worst));
    gf_json_real(json, "short", -slack_of(p, &z->worst), 6);
    slack_unit(p, &z->worst, json);
    write_reason(p, b, z, english, json);
    gf_json_begin(json, "remedy", '{');
    gf_json_begin(json, "links", '[');
    for (uint32_t i = 0; i < z->remedy.link_count; i++) gf_json_str(json, NULL, b->net->links[z->remedy.links[i]].id);
    gf_json_end(json, ']');
    if (z->remedy.link_count > 0) {
        gf_json_real(json, "diameter", z->remedy.diameter_m / p->diameter_m, 3);
        gf_json_real(json, "cost_added", z->remedy.cost_added, 2);
    } else {
        gf_json_null(json, "diameter");
        gf_json_null(json, "cost_added");
    }
    if (z->remedy.lift_m > 0) gf_json_real(json, "lift", z->remedy.lift_m / p->head_m, 6);
    gf_json_end(json, '}');
    gf_json_end(json, '}');
}

static void write_gears(const gf_app_water_problem *p, const gf_water_brief *b, const gf_water_sizing *z, gf_json *json)
{
    gf_json_begin(json, "choices", '{');
    for (uint32_t i = 0; i < b->gear_count; i++) {
        const gf_water_size_gear *g = &b->gears[i];
        bool head = g->kind == GF_WATER_GEAR_HEAD;
        gf_str id = head ? b->net->nodes[g->index].id : b->net->links[g->index].id;
        gf_json_real(json, gf_str_cstr(json->out->arena, id), g->values[z->gear[i]] / (head ? p->head_m : b->net->units.power_w), 4);
    }
    gf_json_end(json, '}');
}

/* A diameter as the catalogue writes it. */
static void write_diameter(gf_json *json, const char *key, double value)
{
    for (int decimals = 0; decimals < 6; decimals++) {
        double scale = pow(10, decimals);
        if (fabs(value * scale - floor(value * scale + 0.5)) < 1e-6 * scale) {
            gf_json_real(json, key, floor(value * scale + 0.5) / scale, decimals > 0 ? decimals : 1);
            return;
        }
    }
    gf_json_real(json, key, value, 6);
}

void gf_report_water_size_json(const gf_app_water_problem *p, const gf_water_brief *b, const gf_water_size_options *options, const gf_water_sizing *z,
                               bool english, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.water.size/1");
    gf_json_str(&json, "name", p->name);
    gf_json_bool(&json, "feasible", z->feasible);
    gf_json_real(&json, "cost", z->cost, 2);
    gf_json_str(&json, "currency", p->currency);
    gf_json_begin(&json, "diameters", '{');
    for (uint32_t i = 0; i < b->pipe_count; i++) {
        double value = b->options[z->option[i]].diameter_m / p->diameter_m;
        write_diameter(&json, gf_str_cstr(out->arena, b->net->links[b->pipes[i].link].id), value);
    }
    gf_json_end(&json, '}');
    if (b->gear_count > 0) write_gears(p, b, z, &json);
    write_worst(p, b, &z->worst, &json);
    double bound = floor(z->lower_bound * 100) / 100;       /* downwards: rounding must not lift a bound over the truth */
    if (z->feasible) {
        gf_json_real(&json, "lower_bound", z->proven ? z->cost : bound, 2);
        gf_json_real(&json, "gap", z->proven || !(z->cost > 0) ? 0 : (z->cost - bound) / z->cost, 6);
    } else {
        gf_json_null(&json, "lower_bound");
        gf_json_null(&json, "gap");
    }
    gf_json_bool(&json, "proven", z->proven);
    gf_json_int(&json, "solves", (int64_t)z->solves);
    gf_json_real(&json, "seconds", z->seconds, 3);
    gf_json_int(&json, "seed", (int64_t)options->seed);
    gf_json_int(&json, "threads", options->threads);
    if (options->work > 0) gf_json_int(&json, "work", (int64_t)options->work);
    else gf_json_null(&json, "work");
    gf_json_cstr(&json, "stopped", ENDS[z->end]);
    write_infeasible(p, b, z, english, &json);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}
