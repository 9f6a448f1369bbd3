/* What would help a brief that no catalogue can meet: a few pipes larger than any on offer, or higher sources.
 *
 * From the best design found, the pipes on the way of the water to the worst node are widened together, from those that lose
 * most; each count of them with the least diameter that mends all limits, found by halving. The cheapest wins. The price of a
 * size that nobody offers is the catalogue's last step carried on: cost ~ diameter^b.
 */
#include "water/size.h"
#include <string.h>

enum { WIDEST = 8, PIPES_MAX = 24, TURNS = 20 };

typedef struct patient {
    const gf_water_brief *brief;
    gf_water_solver      *solvers[GF_WATER_CASES_MAX];
    const uint16_t       *option;
} patient;

static double price_beyond(const gf_water_brief *b, double diameter_m)
{
    const gf_water_size_option *last = &b->options[b->option_count - 1], *before = last;
    for (uint32_t i = b->option_count; i-- > 0;)
        if (b->options[i].diameter_m > 0 && b->options[i].diameter_m < last->diameter_m && b->options[i].unit_cost < last->unit_cost) {
            before = &b->options[i];
            break;
        }
    double power = before == last ? 1.5 : log(last->unit_cost / fmax(before->unit_cost, 1e-9)) / log(last->diameter_m / before->diameter_m);
    return last->unit_cost * pow(diameter_m / last->diameter_m, fmin(fmax(power, 1), 3));
}

static double least_slack(const patient *p, gf_water_size_slack *worst)
{
    *worst = (gf_water_size_slack){ 0 };
    for (uint32_t c = 0; c < p->brief->case_count; c++) {
        if (gf_water_solve(p->solvers[c], NULL, NULL) != GF_OK) return -INFINITY;
        size_slack(p->brief, c, p->solvers[c], worst);
    }
    return worst->slack;
}

static void set_diameter(const patient *p, uint32_t pipe, double diameter_m)
{
    for (uint32_t c = 0; c < p->brief->case_count; c++) gf_water_set_diameter(p->solvers[c], p->brief->pipes[pipe].link, diameter_m);
}

static double diameter_of(const patient *p, uint32_t pipe) { return p->brief->options[p->option[pipe]].diameter_m; }

/* Pipes to be sized on the way to a node, those that lose most per metre first; or the pipe that is too fast. */
static uint32_t pipes_on_way(patient *p, const gf_water_size_slack *worst, gf_arena *scratch, uint32_t *out)
{
    gf_water_shortage way = { 0 };
    uint32_t count = 0;
    uint32_t single[] = { worst->index };
    if (worst->limit != GF_WATER_LIMIT_VELOCITY && gf_water_explain(p->solvers[worst->at_case], worst->index, 0, scratch, &way, NULL) != GF_OK) return 0;
    const uint32_t *links = worst->limit == GF_WATER_LIMIT_VELOCITY ? single : way.links;
    uint32_t link_count = worst->limit == GF_WATER_LIMIT_VELOCITY ? 1 : way.link_count;
    for (uint32_t i = 0; i < link_count && count < PIPES_MAX; i++)
        for (uint32_t k = 0; k < p->brief->pipe_count; k++)
            if (p->brief->pipes[k].link == links[i] && diameter_of(p, k) > 0) out[count++] = k;
    return count;
}

/* The least diameter for the first `count` pipes that mends everything; 0 when even eight times the largest does not. */
static double mend(const patient *p, const uint32_t *pipes, uint32_t count)
{
    double low = p->brief->options[p->brief->option_count - 1].diameter_m, high = low * WIDEST, found = 0;
    gf_water_size_slack worst;
    for (int turn = 0; turn < TURNS && (turn == 0 || high - low > 0.0005); turn++) {
        double d = turn == 0 ? high : (low + high) / 2;
        for (uint32_t i = 0; i < count; i++) set_diameter(p, pipes[i], d);
        bool good = least_slack(p, &worst) >= SIZE_MARGIN_M / 2;
        if (turn == 0 && !good) break;
        if (good) found = high = d;
        else low = d;
    }
    for (uint32_t i = 0; i < count; i++) set_diameter(p, pipes[i], diameter_of(p, pipes[i]));
    return found;
}

gf_status size_remedy(const gf_water_brief *b, const uint16_t *option, const gf_water_size_slack *worst, gf_arena *keep, gf_water_size_remedy *out,
                      gf_error *err)
{
    *out = (gf_water_size_remedy){ .links = gf_new(keep, uint32_t, PIPES_MAX) };
    patient p = { .brief = b, .option = option };
    uint8_t *may_vanish = gf_new(keep, uint8_t, b->net->link_count);
    gf_status status = out->links && may_vanish ? GF_OK : gf_fail_memory(err);
    for (uint32_t i = 0; status == GF_OK && i < b->pipe_count; i++) may_vanish[b->pipes[i].link] = !(diameter_of(&p, i) > 0);
    for (uint32_t c = 0; status == GF_OK && c < b->case_count; c++) {
        gf_water_solve_options options = { .accuracy = 1e-6, .iterations_max = 300, .may_vanish = may_vanish };
        status = gf_water_solver_make(b->net, &options, keep, &p.solvers[c], err);
        for (uint32_t i = 0; status == GF_OK && b->cases[c].demand_m3s && i < b->net->node_count; i++)
            if (b->net->nodes[i].kind == GF_WATER_JUNCTION) gf_water_set_demand(p.solvers[c], i, b->cases[c].demand_m3s[i]);
    }
    if (status != GF_OK) return status;
    for (uint32_t i = 0; i < b->pipe_count; i++) set_diameter(&p, i, diameter_of(&p, i));
    gf_water_size_slack now;
    if (!(least_slack(&p, &now) > -INFINITY)) return GF_OK;
    uint32_t pipes[PIPES_MAX], count = pipes_on_way(&p, worst, keep, pipes);
    double best = INFINITY;
    for (uint32_t n = 1; n <= count; n++) {
        double d = mend(&p, pipes, n), added = 0;
        if (!(d > 0)) continue;
        for (uint32_t i = 0; i < n; i++) added += (price_beyond(b, d) - b->options[option[pipes[i]]].unit_cost) * b->pipes[pipes[i]].length;
        if (added >= best) continue;
        best = added;
        out->link_count = n;
        out->diameter_m = d;
        out->cost_added = added;
        for (uint32_t i = 0; i < n; i++) out->links[i] = b->pipes[pipes[i]].link;
    }
    if (out->link_count == 0 && worst->limit == GF_WATER_LIMIT_MIN_HEAD) out->lift_m = -worst->slack;
    return GF_OK;
}
