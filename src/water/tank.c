/* Tanks: volume and head, how long until full or empty, and their water after a while. */
#include "water/solver.h"

/* A curve between its points; flat beyond its ends. `by_y`: x is looked for among the ordinates. */
double curve_at(const gf_water_curve *curve, bool by_y, double x)
{
    const double *xs = by_y ? curve->y : curve->x, *ys = by_y ? curve->x : curve->y;
    uint32_t last = curve->count - 1;
    if (x <= xs[0]) return ys[0];
    if (x >= xs[last]) return ys[last];
    uint32_t k = 1;
    while (xs[k] < x) k++;
    double width = xs[k] - xs[k - 1];
    return fabs(width) < 1e-12 ? ys[k] : ys[k - 1] + (x - xs[k - 1]) / width * (ys[k] - ys[k - 1]);
}

static double tank_area(const gf_water_node *tank) { return PI / 4 * tank->diameter_m * tank->diameter_m; }

static double volume_least(const gf_water_node *tank)
{
    return tank->volume_min_m3 > 0 ? tank->volume_min_m3 : tank_area(tank) * tank->level_min_m;
}

double tank_volume(const gf_water_solver *s, uint32_t node, double head_m)
{
    const gf_water_node *tank = &s->net->nodes[node];
    double level = head_m - tank->elevation_m;
    if (tank->volume_curve < 0) return volume_least(tank) + (level - tank->level_min_m) * tank_area(tank);
    const gf_water_units *u = &s->net->units;
    return curve_at(&s->net->curves[tank->volume_curve], false, level / u->length_m) * u->volume_m3;
}

double tank_head(const gf_water_solver *s, uint32_t node, double volume_m3)
{
    const gf_water_node *tank = &s->net->nodes[node];
    if (tank->volume_curve < 0) return tank->elevation_m + tank->level_min_m + (volume_m3 - volume_least(tank)) / tank_area(tank);
    const gf_water_units *u = &s->net->units;
    return tank->elevation_m + curve_at(&s->net->curves[tank->volume_curve], true, volume_m3 / u->volume_m3) * u->length_m;
}

double tank_volume_max(const gf_water_solver *s, uint32_t node)
{
    const gf_water_node *tank = &s->net->nodes[node];
    return tank_volume(s, node, tank->elevation_m + tank->level_max_m);
}

double tank_volume_min(const gf_water_solver *s, uint32_t node)
{
    const gf_water_node *tank = &s->net->nodes[node];
    return tank_volume(s, node, tank->elevation_m + tank->level_min_m);
}

int64_t hours_tank_step(const gf_water_solver *s, int64_t step_s)
{
    for (uint32_t i = 0; i < s->net->node_count; i++) {
        const gf_water_node *tank = &s->net->nodes[i];
        double in = s->outflow[i];
        if (tank->kind != GF_WATER_TANK || fabs(in) <= FLOW_ZERO_M3S) continue;
        bool fills = in > 0 && s->head[i] < tank->elevation_m + tank->level_max_m, drains = in < 0 && s->head[i] > tank->elevation_m + tank->level_min_m;
        if (!fills && !drains) continue;
        double seconds = ((fills ? tank_volume_max(s, i) : tank_volume_min(s, i)) - s->volume[i]) / in;
        if (fabs(seconds) > (double)step_s + 1) continue;
        int64_t whole = (int64_t)floor(seconds + 0.5);
        if (whole > 0 && whole < step_s) step_s = whole;
    }
    return step_s;
}

void hours_tanks(gf_water_solver *s, int64_t step_s)
{
    for (uint32_t i = 0; i < s->net->node_count; i++) {
        double in = s->outflow[i];
        if (s->net->nodes[i].kind != GF_WATER_TANK || fabs(in) <= FLOW_ZERO_M3S) continue;
        double volume = s->volume[i] + in * (double)step_s, most = tank_volume_max(s, i), least = tank_volume_min(s, i);
        if (volume + in >= most) volume = most;             /* full, or empty, within the next second */
        else if (volume + in <= least) volume = least;
        const gf_water_node *tank = &s->net->nodes[i];
        s->volume[i] = volume;      /* full and empty must be so to the last bit: statuses hang on them */
        s->head[i] = volume == most ? tank->elevation_m + tank->level_max_m : volume == least ? tank->elevation_m + tank->level_min_m
            : tank_head(s, i, volume);
    }
}
