/* Briefs for sizing pipes, from JSON. Keys: docs/water.md. Unknown keys are left alone: people note things in such files.
 *
 * Beside the one loading of the public benchmark files a brief may hold several cases, pressure classes of the catalogue, and
 * sources or pumps to choose; what is missing means "as the network file has it".
 */
#include "app/gf_app_water.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FOOT_M 0.3048

typedef struct reading {
    const gf_app_water_problem *problem;
    const gf_water_net *net;
    gf_arena *keep;
    gf_error *err;
    const char *name;
} reading;

/* ---- Pieces of JSON ---- */

static gf_status fail_key(gf_error *err, const char *key, const char *what, const char *hint)
{
    gf_fail(err, GF_EINPUT, "water.problem", hint, "%s: %s", key, what);
    return GF_EINPUT;
}

static gf_status take_text(json_t *object, const char *key, gf_arena *keep, gf_str *out, gf_error *err)
{
    json_t *value = json_object_get(object, key);
    if (!json_is_string(value)) return fail_key(err, key, "is missing or no text", "See docs/water.md for the keys of a problem.");
    *out = gf_str_copy(keep, (gf_str){ json_string_value(value), json_string_length(value) });
    return out->data ? GF_OK : gf_fail_memory(err);
}

/* A number, or `missing` when the key is absent or null. */
static gf_status take_number(json_t *object, const char *key, double missing, double *out, gf_error *err)
{
    json_t *value = json_object_get(object, key);
    *out = json_is_number(value) ? json_number_value(value) : missing;
    if (value && !json_is_null(value) && !json_is_number(value)) return fail_key(err, key, "is no number", "Write a number, or null.");
    return GF_OK;
}

static gf_status take_unit(json_t *object, const char *key, const char *small, double small_m, gf_arena *keep, gf_str *word, double *metres, gf_error *err)
{
    gf_status status = take_text(object, key, keep, word, err);
    if (status != GF_OK) return status;
    static const struct { const char *word; double metres; } UNITS[] = { { "m", 1 }, { "ft", FOOT_M }, { "mm", 0.001 }, { "in", FOOT_M / 12 } };
    for (size_t i = 0; i < GF_COUNT(UNITS); i++)
        if (gf_str_is(*word, UNITS[i].word) && (small ? UNITS[i].metres <= small_m : UNITS[i].metres >= 0.3)) {
            *metres = UNITS[i].metres;
            return GF_OK;
        }
    return fail_key(err, key, "is no unit known here", small ? "Write \"mm\" or \"in\"." : "Write \"m\" or \"ft\".");
}

gf_status gf_app_water_problem_parse(gf_str bytes, const char *name, gf_arena *keep, gf_app_water_problem *out, gf_error *err)
{
    json_error_t where;
    json_t *json = json_loadb(bytes.data ? bytes.data : "", bytes.len, JSON_REJECT_DUPLICATES, &where);
    if (!json_is_object(json)) {
        gf_fail(err, GF_EINPUT, "water.json", "Write one JSON object, as docs/water.md shows.", "%s", json ? "the document is no object" : where.text);
        if (json) (void)gf_fail_at(err, "%s", name);
        else (void)gf_fail_at(err, "%s:%d:%d", name, where.line, where.column);
        json_decref(json);
        return GF_EINPUT;
    }
    gf_app_water_problem p = { .json = json };
    gf_status status = take_text(json, "name", keep, &p.name, err);
    if (status == GF_OK) status = take_text(json, "network", keep, &p.network, err);
    if (status == GF_OK) status = take_text(json, "currency", keep, &p.currency, err);
    if (status == GF_OK) status = take_unit(json, "diameter_unit", "mm", 0.0255, keep, &p.diameter_unit, &p.diameter_m, err);
    if (status == GF_OK) status = take_unit(json, "length_unit", NULL, 0, keep, &p.length_unit, &p.length_m, err);
    if (status == GF_OK) status = take_unit(json, "head_unit", NULL, 0, keep, &p.head_unit, &p.head_m, err);
    if (status == GF_OK) {
        *out = p;
        return GF_OK;
    }
    json_decref(json);
    gf_fail_at(err, "%s", name);
    return status;
}

void gf_app_water_problem_close(gf_app_water_problem *problem)
{
    if (problem && problem->json) json_decref(problem->json);
    if (problem) problem->json = NULL;
}

/* ---- Catalogue ---- */

typedef struct catalogue { gf_water_size_option *options; double *pressure_max_m; uint32_t count; } catalogue;

static gf_status read_catalogue(const reading *r, catalogue *out)
{
    json_t *list = json_object_get(r->problem->json, "catalogue"), *item;
    size_t count = json_array_size(list), i;
    if (count == 0 || count > 1000) return fail_key(r->err, "catalogue", "is missing, empty or over 1,000 sizes", "Give sizes with diameter and unit_cost.");
    out->options = gf_new(r->keep, gf_water_size_option, count);
    out->pressure_max_m = gf_new(r->keep, double, count);
    if (!out->options || !out->pressure_max_m) return gf_fail_memory(r->err);
    json_array_foreach(list, i, item) {
        double diameter, cost, pressure;
        char key[40];
        (void)snprintf(key, sizeof key, "catalogue[%zu]", i);
        gf_status status = take_number(item, "diameter", NAN, &diameter, r->err);
        if (status == GF_OK) status = take_number(item, "unit_cost", NAN, &cost, r->err);
        if (status == GF_OK) status = take_number(item, "pressure_max", INFINITY, &pressure, r->err);
        if (status != GF_OK) return status;
        if (!(diameter >= 0) || !(cost >= 0) || !(diameter < 1e5) || !(cost < 1e12))
            return fail_key(r->err, key, "needs a diameter and a unit_cost of 0 or more", "Give both as numbers.");
        if (i > 0 && (diameter * r->problem->diameter_m <= out->options[i - 1].diameter_m || cost < out->options[i - 1].unit_cost))
            return fail_key(r->err, key, "diameter and cost must rise from size to size",
                            "Sort by diameter, and leave out a size that a larger and cheaper one replaces.");
        out->options[i] = (gf_water_size_option){ .diameter_m = diameter * r->problem->diameter_m, .unit_cost = cost };
        out->pressure_max_m[i] = pressure * r->problem->head_m;
    }
    out->count = (uint32_t)count;
    return GF_OK;
}

/* ---- Pipes ---- */

static double highest_source(const gf_water_net *net)
{
    double head = -INFINITY;
    for (uint32_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].kind != GF_WATER_JUNCTION) head = fmax(head, net->nodes[i].elevation_m + (net->nodes[i].kind == GF_WATER_TANK ? net->nodes[i].level_max_m : 0));
    return head;
}

/* Sizes that stand the static head at the pipe's lower end. */
static gf_status options_of(const reading *r, const catalogue *c, gf_water_size_pipe *pipe)
{
    const gf_water_link *link = &r->net->links[pipe->link];
    double low = fmin(r->net->nodes[link->from].elevation_m, r->net->nodes[link->to].elevation_m), still = highest_source(r->net) - low;
    uint16_t *options = gf_new(r->keep, uint16_t, c->count);
    if (!options) return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < c->count; i++)
        if (c->pressure_max_m[i] >= still) options[pipe->option_count++] = (uint16_t)i;
    pipe->options = options;
    if (pipe->option_count > 0) return GF_OK;
    return gf_fail(r->err, GF_EINPUT, "water.pressure_class", "Offer a higher class, or break the pressure with a tank or valve above it.",
                   "link '%.*s': its static head of %.1f m is over every pressure class of the catalogue", GF_STR_ARG(link->id), still);
}

static gf_status add_pipe(const reading *r, const catalogue *c, uint32_t link, uint8_t *taken, gf_water_size_pipe *pipes, uint32_t *count)
{
    const gf_water_link *l = &r->net->links[link];
    if (l->kind > GF_WATER_PIPE_CHECKED)
        return gf_fail(r->err, GF_EINPUT, "water.decision", "Name pipes only.", "decision_links: '%.*s' is no pipe", GF_STR_ARG(l->id));
    if (taken[link]) return gf_fail(r->err, GF_EINPUT, "water.decision", "Name each pipe once.", "decision_links: '%.*s' stands there twice", GF_STR_ARG(l->id));
    taken[link] = 1;
    gf_water_size_pipe *pipe = &pipes[(*count)++];
    *pipe = (gf_water_size_pipe){ .link = link, .length = l->length_m / r->problem->length_m };
    return options_of(r, c, pipe);
}

typedef struct named { gf_str id; uint32_t index; } named;

static int by_id(const void *a, const void *b) { return gf_str_cmp(((const named *)a)->id, ((const named *)b)->id); }

/* Nodes or links by id, sorted: a problem may name thousands. */
static named *names_of(const gf_water_net *net, bool nodes, gf_arena *keep)
{
    uint32_t count = nodes ? net->node_count : net->link_count;
    named *names = gf_new(keep, named, count);
    for (uint32_t i = 0; names && i < count; i++) names[i] = (named){ nodes ? net->nodes[i].id : net->links[i].id, i };
    if (names && count > 0) qsort(names, count, sizeof *names, by_id);
    return names;
}

static bool find_name(const named *names, uint32_t count, gf_str id, uint32_t *index)
{
    const named key = { .id = id }, *found = count > 0 ? bsearch(&key, names, count, sizeof *names, by_id) : NULL;
    if (found) *index = found->index;
    return found != NULL;
}

static gf_status read_pipes(const reading *r, const catalogue *c, gf_water_brief *brief)
{
    json_t *list = json_object_get(r->problem->json, "decision_links"), *item;
    uint8_t *taken = gf_new(r->keep, uint8_t, r->net->link_count);
    gf_water_size_pipe *pipes = gf_new(r->keep, gf_water_size_pipe, r->net->link_count);
    named *names = names_of(r->net, false, r->keep);
    gf_status status = GF_OK;
    size_t i;
    if (!taken || !pipes || !names) return gf_fail_memory(r->err);
    brief->pipes = pipes;
    if (json_is_string(list) && strcmp(json_string_value(list), "all") == 0) {
        for (uint32_t k = 0; status == GF_OK && k < r->net->link_count; k++)
            if (r->net->links[k].kind <= GF_WATER_PIPE_CHECKED) status = add_pipe(r, c, k, taken, pipes, &brief->pipe_count);
        return status;
    }
    if (!json_is_array(list)) return fail_key(r->err, "decision_links", "is missing", "Write \"all\", or an array of link ids.");
    json_array_foreach(list, i, item) {
        gf_str id = json_is_string(item) ? (gf_str){ json_string_value(item), json_string_length(item) } : (gf_str){ 0 };
        uint32_t link;
        if (!find_name(names, r->net->link_count, id, &link))
            return gf_fail(r->err, GF_EINPUT, "water.decision", "Write the ids of links as in the network file.",
                           "decision_links[%zu]: no link '%.*s' in the network", i, GF_STR_ARG(id));
        status = add_pipe(r, c, link, taken, pipes, &brief->pipe_count);
        if (status != GF_OK) return status;
    }
    return GF_OK;
}

/* ---- Limits ---- */

static double *fresh(const reading *r, double value)
{
    double *list = gf_new(r->keep, double, r->net->node_count);
    for (uint32_t i = 0; list && i < r->net->node_count; i++) list[i] = value;
    return list;
}

static gf_status read_limits(const reading *r, const named *names, json_t *object, double least, double *least_m, double *most_m)
{
    json_t *list = json_object_get(object, "node_limits"), *item;
    size_t i;
    (void)least;
    json_array_foreach(list, i, item) {
        json_t *node = json_object_get(item, "node");
        gf_str id = json_is_string(node) ? (gf_str){ json_string_value(node), json_string_length(node) } : (gf_str){ 0 };
        uint32_t index;
        double low, high;
        if (!find_name(names, r->net->node_count, id, &index))
            return gf_fail(r->err, GF_EINPUT, "water.limit", "Write the ids of nodes as in the network file.",
                           "node_limits[%zu]: no node '%.*s' in the network", i, GF_STR_ARG(id));
        gf_status status = take_number(item, "pmin", NAN, &low, r->err);
        if (status == GF_OK) status = take_number(item, "pmax", NAN, &high, r->err);
        if (status != GF_OK) return status;
        if (r->net->nodes[index].kind != GF_WATER_JUNCTION) continue;       /* a source has no pressure to keep */
        if (!isnan(low)) least_m[index] = low * r->problem->head_m;
        if (!isnan(high)) most_m[index] = high * r->problem->head_m;
    }
    return GF_OK;
}

/* Demands of a case: those of the network's first moment, times a factor, with what it adds at some nodes. */
static gf_status read_demands(const reading *r, const named *names, json_t *object, const double *base, double **out)
{
    double factor;
    json_t *list = json_object_get(object, "demands"), *item;
    size_t i;
    gf_status status = take_number(object, "demand_factor", 1, &factor, r->err);
    if (status != GF_OK) return status;
    if (!(factor >= 0) || factor > 1000) return fail_key(r->err, "demand_factor", "is not between 0 and 1000", "Write 1 for the network's own demands.");
    double *demand = gf_new(r->keep, double, r->net->node_count);
    if (!demand) return gf_fail_memory(r->err);
    for (uint32_t k = 0; k < r->net->node_count; k++) demand[k] = base[k] * factor;
    json_array_foreach(list, i, item) {
        json_t *node = json_object_get(item, "node");
        gf_str id = json_is_string(node) ? (gf_str){ json_string_value(node), json_string_length(node) } : (gf_str){ 0 };
        uint32_t index;
        double add;
        if (!find_name(names, r->net->node_count, id, &index))
            return gf_fail(r->err, GF_EINPUT, "water.limit", "Write the ids of nodes as in the network file.",
                           "demands[%zu]: no node '%.*s' in the network", i, GF_STR_ARG(id));
        status = take_number(item, "add", 0, &add, r->err);
        if (status != GF_OK) return status;
        demand[index] += add * r->net->units.flow_m3s;
    }
    *out = demand;
    return GF_OK;
}

static gf_status read_case(const reading *r, const named *names, json_t *object, const double *base, gf_water_size_case *out)
{
    double least, speed;
    json_t *whole = r->problem->json, *name = json_object_get(object, "name");
    gf_status status = take_number(whole, "pressure_head_min_default", NAN, &least, r->err);
    if (status == GF_OK) status = take_number(object, "pressure_head_min_default", least, &least, r->err);
    if (status == GF_OK) status = take_number(whole, "velocity_max", INFINITY, &speed, r->err);
    if (status == GF_OK) status = take_number(object, "velocity_max", speed, &speed, r->err);
    if (status != GF_OK) return status;
    double *least_m = fresh(r, least * r->problem->head_m), *most_m = fresh(r, NAN), *demand = NULL;
    if (!least_m || !most_m) return gf_fail_memory(r->err);
    status = read_limits(r, names, whole, least, least_m, most_m);
    if (status == GF_OK && object != whole) status = read_limits(r, names, object, least, least_m, most_m);
    if (status == GF_OK && object != whole) status = read_demands(r, names, object, base, &demand);
    *out = (gf_water_size_case){ .name = json_is_string(name) && object != whole ? gf_str_of(json_string_value(name)) : GF_STR("design"),
        .demand_m3s = demand, .pressure_min_m = least_m, .pressure_max_m = most_m, .velocity_max_ms = speed * r->problem->length_m };
    return status;
}

/* What leaves at every node in the first moment of the network. */
static double *first_demands(const reading *r)
{
    double *base = fresh(r, 0);
    gf_water_solver *solver;
    if (!base || gf_water_solver_make(r->net, NULL, r->keep, &solver, r->err) != GF_OK) return NULL;
    for (uint32_t i = 0; i < r->net->node_count; i++) base[i] = gf_water_demand_m3s(solver, i);
    return base;
}

static gf_status read_cases(const reading *r, gf_water_brief *brief)
{
    json_t *list = json_object_get(r->problem->json, "cases"), *item;
    size_t count = json_array_size(list), i;
    named *names = names_of(r->net, true, r->keep);
    gf_water_size_case *cases = gf_new(r->keep, gf_water_size_case, count > 0 ? count : 1);
    if (!names || !cases) return gf_fail_memory(r->err);
    if (count > GF_WATER_CASES_MAX) return fail_key(r->err, "cases", "are more than eight", "Keep those that can be the hardest.");
    brief->cases = cases;
    brief->case_count = count > 0 ? (uint32_t)count : 1;
    if (count == 0) return read_case(r, names, r->problem->json, NULL, &cases[0]);
    double *base = first_demands(r);
    if (!base) return r->err->status != GF_OK ? r->err->status : gf_fail_memory(r->err);
    json_array_foreach(list, i, item) {
        gf_status status = read_case(r, names, item, base, &cases[i]);
        if (status != GF_OK) return status;
    }
    return GF_OK;
}

/* ---- Sources and pumps to choose ---- */

static gf_status read_gear(const reading *r, json_t *item, const char *key, bool head, const named *names, gf_water_size_gear *out)
{
    json_t *id = json_object_get(item, head ? "node" : "link"), *list = json_object_get(item, "choices"), *choice;
    size_t count = json_array_size(list), i;
    double *values = gf_new(r->keep, double, count), *costs = gf_new(r->keep, double, count);
    *out = (gf_water_size_gear){ .kind = head ? GF_WATER_GEAR_HEAD : GF_WATER_GEAR_POWER, .values = values, .costs = costs, .count = (uint32_t)count };
    if (!values || !costs) return gf_fail_memory(r->err);
    gf_str name = json_is_string(id) ? (gf_str){ json_string_value(id), json_string_length(id) } : (gf_str){ 0 };
    if (!find_name(names, head ? r->net->node_count : r->net->link_count, name, &out->index) || count == 0 || count > 1000)
        return fail_key(r->err, key, "names something that is not in the network, or has no choices", "Give a node or link of the network, and its choices.");
    bool fits = head ? r->net->nodes[out->index].kind != GF_WATER_JUNCTION
                     : r->net->links[out->index].kind == GF_WATER_PUMP && r->net->links[out->index].power_w > 0;
    if (!fits) return fail_key(r->err, key, head ? "names a node that is no source" : "names a link that is no pump of constant power", "");
    json_array_foreach(list, i, choice) {
        gf_status status = take_number(choice, head ? "head" : "power", NAN, &values[i], r->err);
        if (status == GF_OK) status = take_number(choice, "cost", 0, &costs[i], r->err);
        if (status != GF_OK) return status;
        if (!isfinite(values[i])) return fail_key(r->err, key, "has a choice without a number", head ? "Give each a head." : "Give each a power.");
        values[i] *= head ? r->problem->head_m : r->net->units.power_w;
    }
    return GF_OK;
}

static gf_status read_gears(const reading *r, gf_water_brief *brief)
{
    json_t *heads = json_object_get(r->problem->json, "sources"), *pumps = json_object_get(r->problem->json, "pumps"), *item;
    size_t count = json_array_size(heads) + json_array_size(pumps), i;
    if (count == 0) return GF_OK;
    gf_water_size_gear *gears = gf_new(r->keep, gf_water_size_gear, count);
    named *nodes = names_of(r->net, true, r->keep), *links = names_of(r->net, false, r->keep);
    if (!gears || !nodes || !links) return gf_fail_memory(r->err);
    brief->gears = gears;
    gf_status status = GF_OK;
    json_array_foreach(heads, i, item)
        if (status == GF_OK) status = read_gear(r, item, "sources", true, nodes, &gears[brief->gear_count++]);
    json_array_foreach(pumps, i, item)
        if (status == GF_OK) status = read_gear(r, item, "pumps", false, links, &gears[brief->gear_count++]);
    return status;
}

gf_status gf_app_water_brief(const gf_app_water_problem *problem, const gf_water_net *net, gf_arena *keep, gf_water_brief *out, gf_error *err)
{
    gf_error own;
    reading r = { .problem = problem, .net = net, .keep = keep, .err = err ? err : &own };
    gf_water_brief brief = { .net = net };
    catalogue c = { 0 };
    r.err->status = GF_OK;
    gf_status status = read_catalogue(&r, &c);
    brief.options = c.options;
    brief.option_count = c.count;
    if (status == GF_OK) status = read_pipes(&r, &c, &brief);
    if (status == GF_OK) status = read_cases(&r, &brief);
    if (status == GF_OK) status = read_gears(&r, &brief);
    if (status == GF_OK) *out = brief;
    return status;
}

gf_status gf_app_water_sized(const gf_water_brief *brief, const gf_water_sizing *sizing, gf_arena *keep, gf_water_net *out, gf_error *err)
{
    gf_water_net net = *brief->net;
    net.links = gf_new(keep, gf_water_link, net.link_count);
    net.nodes = gf_new(keep, gf_water_node, net.node_count);
    if (!net.links || !net.nodes) return gf_fail_memory(err);
    memcpy(net.links, brief->net->links, net.link_count * sizeof *net.links);
    memcpy(net.nodes, brief->net->nodes, net.node_count * sizeof *net.nodes);
    for (uint32_t i = 0; i < brief->pipe_count; i++) {
        double d = brief->options[sizing->option[i]].diameter_m;
        gf_water_link *link = &net.links[brief->pipes[i].link];
        if (d > 0) link->diameter_m = d;
        else link->status = GF_WATER_CLOSED;
    }
    for (uint32_t i = 0; i < brief->gear_count; i++) {
        const gf_water_size_gear *g = &brief->gears[i];
        double value = g->values[sizing->gear[i]];
        if (g->kind == GF_WATER_GEAR_POWER) net.links[g->index].power_w = value;
        else if (net.nodes[g->index].kind == GF_WATER_TANK) net.nodes[g->index].level_m = value - net.nodes[g->index].elevation_m;
        else net.nodes[g->index].elevation_m = value;
    }
    *out = net;
    return GF_OK;
}
