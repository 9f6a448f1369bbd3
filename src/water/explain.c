/* Why a tap runs dry: the way of the water to it, what each stretch costs in head, and one pipe that would mend it.
 * The way follows the strongest inflow upstream. A remedy is only told after it was solved.
 */
#include "water/solver.h"
#include <stdlib.h>
#include <string.h>

static uint32_t strongest_inflow(const gf_water_solver *s, uint32_t node)
{
    uint32_t best = UINT32_MAX;
    double most = FLOW_ZERO_M3S;
    for (uint32_t i = 0; i < s->net->link_count; i++) {
        const gf_water_link *l = &s->net->links[i];
        double in = l->to == node ? s->link_flow[i] : l->from == node ? -s->link_flow[i] : 0;
        if (in > most) most = in, best = i;
    }
    return best;
}

static double loss_per_metre(const gf_water_solver *s, uint32_t link, double loss_m)
{
    double length = s->net->links[link].length_m;
    return length > 0 ? loss_m / length : loss_m;
}

static void worst_first(const gf_water_solver *s, gf_water_shortage *out)
{
    for (uint32_t i = 1; i < out->link_count; i++)
        for (uint32_t k = i; k > 0; k--) {
            uint32_t link = out->links[k];
            double loss = out->loss_m[k];
            if (loss_per_metre(s, link, loss) <= loss_per_metre(s, out->links[k - 1], out->loss_m[k - 1])) break;
            out->links[k] = out->links[k - 1], out->loss_m[k] = out->loss_m[k - 1];
            out->links[k - 1] = link, out->loss_m[k - 1] = loss;
        }
}

static void trace_way(const gf_water_solver *s, gf_water_shortage *out)
{
    uint32_t node = out->node;
    while (out->link_count < s->net->node_count && s->net->nodes[node].kind == GF_WATER_JUNCTION) {
        uint32_t link = strongest_inflow(s, node);
        if (link == UINT32_MAX) {
            out->cut_off = out->link_count == 0;
            return;
        }
        uint32_t before = s->net->links[link].to == node ? s->net->links[link].from : s->net->links[link].to;
        out->links[out->link_count] = link;
        out->loss_m[out->link_count++] = s->head[before] - s->head[node];
        node = before;
    }
}

/* Only what could be open counts: a node behind a closed link is cut off even if a trickle is computed for it. */
static bool reaches_source(const gf_water_solver *s, uint32_t node, gf_arena *scratch)
{
    uint8_t *seen = gf_new(scratch, uint8_t, s->net->node_count);
    uint32_t *queue = gf_new(scratch, uint32_t, s->net->node_count), tail = 0;
    if (!seen || !queue) return true;
    seen[node] = 1, queue[tail++] = node;
    for (uint32_t head = 0; head < tail; head++) {
        if (s->net->nodes[queue[head]].kind != GF_WATER_JUNCTION) return true;
        for (uint32_t i = 0; i < s->net->link_count; i++) {
            const gf_water_link *l = &s->net->links[i];
            uint32_t next = l->from == queue[head] ? l->to : l->to == queue[head] ? l->from : queue[head];
            if (seen[next] || s->state[i] <= IS_CLOSED) continue;
            seen[next] = 1, queue[tail++] = next;
        }
    }
    return false;
}

static double highest_source(const gf_water_solver *s)
{
    double most = -INFINITY;
    for (uint32_t i = 0; i < s->net->node_count; i++)
        if (s->net->nodes[i].kind != GF_WATER_JUNCTION && s->head[i] > most) most = s->head[i];
    return most;
}

/* Widen one pipe until the node has its pressure; false when even four times the diameter does not do. */
static bool widened(gf_water_solver *s, uint32_t link, uint32_t node, double wanted_m, double *diameter_m)
{
    double old = s->diameter[link], low = old, high = old * 4;
    for (int turn = 0; turn < 24; turn++) {
        double d = turn == 0 ? high : (low + high) / 2;
        gf_water_set_diameter(s, link, d);
        bool good = gf_water_solve(s, NULL, NULL) == GF_OK && s->head[node] - s->elevation[node] >= wanted_m;
        if (turn == 0 && !good) break;
        if (good) *diameter_m = high = d;
        else low = d;
        if (high - low < 0.001) break;
    }
    gf_water_set_diameter(s, link, old);
    return high < old * 4 || *diameter_m > 0;
}

static void find_remedy(gf_water_solver *s, double wanted_m, gf_water_shortage *out)
{
    enum { TRIES = 8 };
    double best = INFINITY;
    for (uint32_t i = 0; i < out->link_count && i < TRIES; i++) {
        uint32_t link = out->links[i];
        double diameter = 0;
        if (s->net->links[link].kind > GF_WATER_PIPE_CHECKED || out->loss_m[i] <= 0) continue;
        if (!widened(s, link, out->node, wanted_m, &diameter)) continue;
        double iron = s->net->links[link].length_m * (diameter * diameter - s->diameter[link] * s->diameter[link]);     /* what is added, roughly as cost goes */
        if (iron < best) {
            best = iron;
            out->remedy_helps = true;
            out->remedy_link = link;
            out->remedy_diameter_m = diameter;
        }
    }
}

/* Widen the whole way by one factor until the node has its pressure; 0 when four times is not enough. */
static double widen_way(gf_water_solver *s, double wanted_m, const gf_water_shortage *why, gf_arena *scratch)
{
    double low = 1, high = 4, found = 0, *old = gf_new(scratch, double, why->link_count);
    for (uint32_t i = 0; old && i < why->link_count; i++) old[i] = s->diameter[why->links[i]];
    for (int turn = 0; old && turn < 14; turn++) {
        double times = turn == 0 ? high : (low + high) / 2;
        for (uint32_t i = 0; i < why->link_count; i++)
            if (s->net->links[why->links[i]].kind <= GF_WATER_PIPE_CHECKED) gf_water_set_diameter(s, why->links[i], old[i] * times);
        bool good = gf_water_solve(s, NULL, NULL) == GF_OK && s->head[why->node] - s->elevation[why->node] >= wanted_m;
        if (turn == 0 && !good) break;
        if (good) found = high = times;
        else low = times;
    }
    for (uint32_t i = 0; old && i < why->link_count; i++)
        if (s->net->links[why->links[i]].kind <= GF_WATER_PIPE_CHECKED) gf_water_set_diameter(s, why->links[i], old[i]);
    return found;
}

gf_status gf_water_explain(gf_water_solver *s, uint32_t node, double wanted_m, gf_arena *keep, gf_water_shortage *out, gf_error *err)
{
    gf_water_shortage got = { .node = node, .short_m = wanted_m - (s->head[node] - s->elevation[node]) };
    got.static_m = highest_source(s) - s->elevation[node];
    got.links = gf_new(keep, uint32_t, s->net->node_count);
    got.loss_m = gf_new(keep, double, s->net->node_count);
    gf_arena *scratch = gf_arena_open((size_t)1 << 30);
    gf_status status = got.links && got.loss_m && scratch ? GF_OK : gf_fail_memory(err);
    double *kept = status == GF_OK ? solver_keep(s, scratch) : NULL;
    if (status == GF_OK && !kept) status = gf_fail_memory(err);
    if (status == GF_OK) {
        trace_way(s, &got);
        got.cut_off |= !reaches_source(s, node, scratch);
        worst_first(s, &got);
        if (!got.cut_off && got.static_m >= wanted_m) find_remedy(s, wanted_m, &got);
        if (!got.cut_off && got.static_m >= wanted_m && !got.remedy_helps) got.remedy_factor = widen_way(s, wanted_m, &got, scratch);
        solver_bring_back(s, kept);
        solver_refresh(s);
        *out = got;
    }
    gf_arena_close(scratch);
    return status;
}
