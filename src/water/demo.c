/* A made-up town: streets on a grid, a reservoir on a hill at one corner, mains along two sides and every eighth street.
 */
#include "water/gf_water.h"
#include <math.h>

enum { MAIN_EVERY = 8 };
#define BLOCK_M 90.0
#define MEAN_DEMAND_M3S 0.00003

static double chance(uint64_t *seed)        /* splitmix64 */
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static gf_str name_of(gf_arena *keep, char letter, uint32_t number)
{
    gf_text text;
    gf_text_init(&text, keep);
    gf_text_format(&text, "%c%u", letter, number);
    return gf_text_str(&text);
}

/* Mains are sized for what the town drinks, so that heads stay positive at any size of it. */
static double diameter_of(uint32_t a, uint32_t b, uint32_t side, uint32_t count, uint64_t *seed)
{
    bool along = b == a + 1;
    uint32_t street = along ? a / side : a % side, distance = a / side + a % side;
    double all = sqrt(MEAN_DEMAND_M3S * count) * 0.9, near = 1 - 0.75 * distance / (2.0 * side);
    double d = street == 0 ? all * near * 1.3 : street % MAIN_EVERY == 0 ? all * near * 0.5 : 0.1 + 0.1 * floor(3 * chance(seed));
    return ceil(fmax(d, 0.1) * 20) / 20;
}

static void add_link(gf_water_net *net, uint32_t from, uint32_t to, double length_m, double diameter_m, gf_arena *keep)
{
    net->links[net->link_count] = (gf_water_link){ .id = name_of(keep, 'P', net->link_count + 1), .from = from, .to = to, .status = GF_WATER_OPEN,
        .length_m = length_m, .diameter_m = diameter_m, .roughness = 130, .setting = 0, .curve = GF_WATER_NONE, .speed_pattern = GF_WATER_NONE,
        .efficiency_curve = GF_WATER_NONE, .price_pattern = GF_WATER_NONE, .price = -1 };
    net->link_count++;
}

gf_status gf_water_demo_grid(uint32_t node_count, uint64_t seed, gf_arena *keep, gf_water_net *out, gf_error *err)
{
    if (node_count < 4 || node_count > GF_WATER_ITEMS_MAX / 2)
        return gf_fail(err, GF_EUSAGE, "water.demo", "", "a demo network has 4 to %d nodes", GF_WATER_ITEMS_MAX / 2);
    uint32_t side = (uint32_t)ceil(sqrt(node_count));
    uint64_t random = seed;
    gf_water_net net = { .title = GF_STR("Invented town of gongfu demo water, origin demo"), .options = gf_water_options_default() };
    net.options.flow_unit = GF_WATER_LPS;
    net.options.pressure_unit = GF_WATER_METRES;
    net.options.accuracy = 1e-5;
    net.units = gf_water_units_of(GF_WATER_LPS, GF_WATER_METRES, 1);
    net.nodes = gf_new(keep, gf_water_node, node_count + 1);
    net.demands = gf_new(keep, gf_water_demand, node_count);
    net.links = gf_new(keep, gf_water_link, 2 * (size_t)node_count + 1);
    if (!net.nodes || !net.demands || !net.links) return gf_fail_memory(err);
    for (uint32_t i = 0; i < node_count; i++) {
        double x = i % side, y = i / side, hill = sin(x / 9 + 1) * cos(y / 13);
        net.demands[net.demand_count] = (gf_water_demand){ .base_m3s = MEAN_DEMAND_M3S * (0.4 + 1.2 * chance(&random)), .pattern = GF_WATER_NONE };
        net.nodes[i] = (gf_water_node){ .id = name_of(keep, 'J', i + 1), .elevation_m = floor((20 + 12 * hill + 3 * chance(&random)) * 100) / 100,
            .demand_first = net.demand_count++, .demand_count = 1, .pattern = GF_WATER_NONE, .volume_curve = GF_WATER_NONE, .placed = true,
            .x = x * BLOCK_M, .y = y * BLOCK_M };
    }
    net.nodes[node_count] = (gf_water_node){ .id = GF_STR("R1"), .kind = GF_WATER_RESERVOIR, .elevation_m = 110, .pattern = GF_WATER_NONE,
        .volume_curve = GF_WATER_NONE, .placed = true, .x = -BLOCK_M, .y = -BLOCK_M };
    net.node_count = node_count + 1;
    add_link(&net, node_count, 0, BLOCK_M, ceil(sqrt(MEAN_DEMAND_M3S * node_count) * 40) / 20, keep);
    for (uint32_t i = 0; i < node_count; i++) {
        double length = BLOCK_M * (0.9 + 0.2 * chance(&random));
        if ((i + 1) % side != 0 && i + 1 < node_count) add_link(&net, i, i + 1, floor(length * 10) / 10, diameter_of(i, i + 1, side, node_count, &random), keep);
        if (i + side < node_count) add_link(&net, i, i + side, floor(length * 10) / 10, diameter_of(i, i + side, side, node_count, &random), keep);
    }
    *out = net;
    return GF_OK;
}
