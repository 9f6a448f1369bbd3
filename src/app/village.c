/* A village's supply from end to end: demand, trenches, zones, sizes, bill, alternatives side by side, verdicts. */
#include "app/village.h"

#include <math.h>
#include <string.h>

enum { LOOPS_MAX = 2, DESIGNS = 3 };
static const double CONNECTION_LEAST_M = 3;

static const char *const NODE_WORDS[GF_VILLAGE_NODE_KIND_COUNT] = { "source", "tank_inlet", "tank", "house", "branch", "air_valve", "drain", "point", "break_inlet",
                                                                    "break_tank", "prv_inlet", "prv" };
const char *gf_village_node_word(gf_village_node_kind kind) { return NODE_WORDS[kind]; }

const char *gf_village_level_word(gf_village_level level)
{
    static const char *const WORDS[] = { "unknown", "pass", "basic", "fail" };
    return WORDS[level];
}

/* ---- Demand ---- */

static void reckon(gf_village *v, gf_village_plan *plan)
{
    gf_water_users users = { .public_m3d = -1, .timed = v->timed, .hydrants = v->hydrants };
    double told = 0;
    bool any_told = false;
    for (size_t i = 0; i < v->house_count; i++) {
        users.persons += v->houses[i].persons;
        for (size_t k = 0; k < GF_WATER_LIVESTOCK_COUNT; k++)
            users.livestock[k] += v->houses[i].livestock[k];
        any_told = any_told || v->houses[i].is_public;
        told += v->houses[i].public_m3d;
    }
    users.public_m3d = any_told ? told : -1;
    plan->users = users;
    plan->need = gf_water_need_of(&v->norms, &users);
    for (size_t i = 0; i < v->house_count; i++) {       /* a share that no building takes is spread over the people */
        gf_village_house *h = &v->houses[i];
        h->used_m3d = h->persons * plan->need.growth * v->norms.value[GF_WATER_NORM_PERSON_LPD] / 1000 + h->public_m3d;
        for (size_t k = 0; k < GF_WATER_LIVESTOCK_COUNT; k++)
            h->used_m3d += h->livestock[k] * v->norms.value[GF_WATER_NORM_DAIRY_COW + k] / 1000;
        if (!any_told && users.persons > 0)
            h->used_m3d += plan->need.public_m3 * h->persons / users.persons;
    }
}

/* ---- Verdicts ---- */

gf_village_level gf_village_level_of(double value, double pass, double basic)
{
    return isnan(value) ? GF_VILLAGE_UNKNOWN : value >= pass ? GF_VILLAGE_PASS : value >= basic ? GF_VILLAGE_BASIC : GF_VILLAGE_FAIL;
}

/* Worst of the four; one that fails decides, else one that is unknown. */
static gf_village_level together(const gf_village_verdict *v)
{
    const gf_village_level four[] = { v->quantity, v->convenience, v->reliability, v->quality };
    gf_village_level all = GF_VILLAGE_PASS;
    for (size_t i = 0; i < GF_COUNT(four); i++)
        if (four[i] == GF_VILLAGE_FAIL)
            return GF_VILLAGE_FAIL;
    for (size_t i = 0; i < GF_COUNT(four); i++)
        if (four[i] == GF_VILLAGE_UNKNOWN)
            return GF_VILLAGE_UNKNOWN;
    for (size_t i = 0; i < GF_COUNT(four); i++)
        all = four[i] == GF_VILLAGE_BASIC ? GF_VILLAGE_BASIC : all;
    return all;
}

/* What the sources are known for together: yields add, reliability and quality are those of the weakest. */
typedef struct supply { double dry_m3d, reliability; gf_village_level quality; } supply;

static supply supply_of(const gf_village *v)
{
    supply s = { 0, INFINITY, GF_VILLAGE_PASS };
    for (size_t i = 0; i < v->source_count; i++) {
        const gf_village_source *source = &v->sources[i];
        if (!source->used)
            continue;
        s.dry_m3d += source->dry_m3d;
        s.reliability = isnan(source->reliability_percent) || isnan(s.reliability) ? NAN : fmin(s.reliability, source->reliability_percent);
        if (source->quality == GF_VILLAGE_QUALITY_FAIL)
            s.quality = GF_VILLAGE_FAIL;
        else if (source->quality == GF_VILLAGE_QUALITY_UNKNOWN && s.quality == GF_VILLAGE_PASS)
            s.quality = GF_VILLAGE_UNKNOWN;
    }
    return s;
}

static double connection_of(const gf_village_house *h, const gf_village_node *n)
{
    double flat = hypot(h->place.x - n->place.x, h->place.y - n->place.y);
    return fmax(CONNECTION_LEAST_M, hypot(flat, h->place.z - n->place.z));
}

static void judge_house(const gf_village_plan *plan, const supply *s, const gf_village_design *d, const gf_village_house *h, gf_village_verdict *out)
{
    const double *v = plan->village->norms.value;
    const gf_village_node *n = &d->nodes[out->node];
    double share = fmin(1, s->dry_m3d / plan->need.max_day_m3);
    out->connection_m = connection_of(h, n);
    out->pressure_m = n->head_m[0] - h->place.z;
    out->still_m = n->still_m - h->place.z;
    out->house_prv = out->still_m > v[GF_WATER_NORM_HEAD_TAP_MAX];
    out->lpd = isnan(s->dry_m3d) ? NAN : v[GF_WATER_NORM_PERSON_LPD] * share;
    out->quantity = gf_village_level_of(out->lpd, v[GF_WATER_NORM_QUANTITY_PASS], v[GF_WATER_NORM_QUANTITY_BASIC]);
    out->minutes = out->pressure_m > 0 ? 0 : NAN;       /* water in the house; without pressure nobody knows where it would be fetched */
    out->convenience = gf_village_level_of(-out->minutes, -v[GF_WATER_NORM_CARRY_PASS], -v[GF_WATER_NORM_CARRY_BASIC]);
    out->reliability_percent = s->reliability;
    out->reliability = gf_village_level_of(s->reliability, v[GF_WATER_NORM_RELIABLE_PASS], v[GF_WATER_NORM_RELIABLE_BASIC]);
    out->quality = s->quality;
    out->all = together(out);
}

/* ---- Designs ---- */

static void look_at_houses(const gf_village *v, const uint32_t *house_node, gf_village_design *d)
{
    double tap = v->norms.value[GF_WATER_NORM_HEAD_TAP_MAX];
    d->pressure_least_m = INFINITY;
    d->pressure_most_m = -INFINITY;
    for (size_t i = 0; i < v->house_count; i++) {
        const gf_village_node *n = &d->nodes[house_node[i]];
        double pressure = n->head_m[0] - v->houses[i].place.z, still = n->still_m - v->houses[i].place.z;
        d->house_prvs += still > tap;
        d->connections_m += connection_of(&v->houses[i], n);
        if (pressure < d->pressure_least_m) {
            d->pressure_least_m = pressure;
            d->node_least = v->houses[i].id;
        }
        if (still > d->pressure_most_m) {
            d->pressure_most_m = still;
            d->node_most = v->houses[i].id;
        }
    }
}

typedef struct designing {
    gf_village         *village;
    gf_village_plan    *plan;
    const village_tree *tree;
    const village_mesh *mesh;
    const gf_water_size_options *sizes;
    gf_arena           *keep;
    uint32_t           *house_node[DESIGNS];
} designing;

static gf_status make_design(designing *g, gf_village_breaks kind, uint32_t loops, const char *id, const char *zh, const char *en, gf_error *err)
{
    gf_village_plan *plan = g->plan;
    gf_village_design *d = &plan->designs[plan->design_count];
    uint32_t *map;
    *d = (gf_village_design){ .id = id, .zh = zh, .en = en };
    gf_status status = village_zones_make(g->village, g->tree, kind, g->keep, d, &map, err);
    if (status == GF_OK && loops)
        status = village_loops_add(g->village, g->mesh, loops, g->keep, d, err);
    if (status != GF_OK || (loops && !d->loops))
        return status;          /* nowhere a loop pays: there is no such alternative */
    uint32_t *house_node = gf_new(g->keep, uint32_t, g->village->house_count);
    if (!house_node)
        return gf_fail_memory(err);
    for (size_t i = 0; i < g->village->house_count; i++)
        house_node[i] = map[g->tree->house_node[i]];
    g->house_node[plan->design_count++] = house_node;
    status = village_size(g->village, &plan->need, g->sizes, g->keep, d, err);
    if (status != GF_OK)
        return status;
    look_at_houses(g->village, house_node, d);
    return village_bill(g->village, &plan->need, g->keep, d, err);
}

static size_t cheapest(const gf_village_plan *plan)
{
    size_t best = 0;
    for (size_t i = 1; i < plan->design_count; i++) {
        const gf_village_design *a = &plan->designs[i], *b = &plan->designs[best];
        if (a->feasible != b->feasible ? a->feasible : a->bill.total < b->bill.total)
            best = i;
    }
    return best;
}

/* Breaks by tanks and by valves are both designed and priced; loops are added to the cheaper one. */
static gf_status make_designs(designing *g, gf_error *err)
{
    gf_status status = make_design(g, GF_VILLAGE_BREAK_TANKS, 0, "tree_tanks", "树状,减压池", "tree, break-pressure tanks", err);
    gf_village_breaks kind = GF_VILLAGE_BREAK_TANKS;
    if (status == GF_OK && (g->plan->designs[0].breaks || g->plan->designs[0].house_prvs)) {
        status = make_design(g, GF_VILLAGE_BREAK_PRVS, 0, "tree_prvs", "树状,减压阀", "tree, reducing valves", err);
        kind = status == GF_OK && cheapest(g->plan) == 1 ? GF_VILLAGE_BREAK_PRVS : GF_VILLAGE_BREAK_TANKS;
    }
    if (status != GF_OK)
        return status;
    status = make_design(g, kind, LOOPS_MAX, "loops", "树状加环通", "tree with loops closed", err);
    g->plan->chosen = cheapest(g->plan);
    return status;
}

static gf_status make_verdicts(designing *g, gf_error *err)
{
    gf_village_plan *plan = g->plan;
    supply s = supply_of(g->village);
    plan->verdicts = gf_new(g->keep, gf_village_verdict, g->village->house_count);
    if (!plan->verdicts)
        return gf_fail_memory(err);
    plan->dry_m3d = s.dry_m3d;
    for (size_t i = 0; i < g->village->house_count; i++) {
        plan->verdicts[i].node = g->house_node[plan->chosen][i];
        judge_house(plan, &s, &plan->designs[plan->chosen], &g->village->houses[i], &plan->verdicts[i]);
    }
    return GF_OK;
}

gf_status gf_app_village_design(const gf_village *village, const gf_water_size_options *sizes, gf_arena *keep, gf_village_plan *out, gf_error *err)
{
    gf_village *own = gf_new(keep, gf_village, 1);      /* used sources and demands are written into a copy */
    gf_village_house *houses = gf_new(keep, gf_village_house, village->house_count);
    gf_village_source *sources = gf_new(keep, gf_village_source, village->source_count);
    gf_village_plan plan = { .village = own, .seed = sizes->seed, .designs = gf_new(keep, gf_village_design, DESIGNS) };
    if (!own || !houses || !sources || !plan.designs)
        return gf_fail_memory(err);
    memcpy(houses, village->houses, village->house_count * sizeof *houses);
    memcpy(sources, village->sources, village->source_count * sizeof *sources);
    *own = *village;
    own->houses = houses;
    own->sources = sources;
    reckon(own, &plan);
    if (!(plan.need.max_day_m3 > 0))
        return gf_fail(err, GF_EINPUT, "water.village", "Give persons, livestock or public demand.", "nobody uses any water");
    village_mesh mesh;
    village_tree tree;
    gf_status status = village_mesh_make(own, keep, &mesh, err);
    if (status == GF_OK)
        status = village_tree_make(own, &plan.need, &mesh, keep, &tree, err);
    if (status != GF_OK)
        return status;
    plan.trench_cost = tree.trench_cost;
    plan.trench_grown = tree.trench_grown;
    designing g = { .village = own, .plan = &plan, .tree = &tree, .mesh = &mesh, .sizes = sizes, .keep = keep };
    status = make_designs(&g, err);
    if (status == GF_OK)
        status = make_verdicts(&g, err);
    if (status == GF_OK)
        *out = plan;
    return status;
}
