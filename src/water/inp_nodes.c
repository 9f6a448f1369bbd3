/* [JUNCTIONS], [RESERVOIRS], [TANKS], [DEMANDS], [EMITTERS], [COORDINATES], [TAGS].
 *
 * Reservoirs and tanks share their lines: what has no diameter is a reservoir, wherever it stands. Both sections are gone
 * through twice, so that the nodes come as junctions, reservoirs, tanks: the order in which they are written again.
 */
#include "water/inp.h"

static gf_status begin_node(inp_reader *r, gf_water_node_kind kind, const char *name, gf_water_node **node)
{
    gf_water_net *net = r->net;
    gf_status status = inp_add_id(r, &r->nodes, r->items[0], net->node_count, name);
    if (status != GF_OK)
        return status;
    r->node_lines[net->node_count] = r->line;
    *node = &net->nodes[net->node_count++];
    **node = (gf_water_node){ .id = r->items[0], .kind = kind, .pattern = GF_WATER_NONE, .volume_curve = GF_WATER_NONE, .note = r->comment };
    return GF_OK;
}

gf_status inp_read_junction(inp_reader *r)
{
    gf_water_node *node;
    inp_own_demand *own = &r->demands[r->demand_count];
    gf_status status = begin_node(r, GF_WATER_JUNCTION, "node", &node);
    if (status != GF_OK || (status = inp_need(r, 2, "id elevation demand pattern")) != GF_OK)
        return status;
    *own = (inp_own_demand){ .node = r->net->node_count - 1, .demand = { .pattern = GF_WATER_NONE } };
    r->demand_count++;
    status = inp_number_at(r, 1, "the elevation", &node->elevation_m);
    node->elevation_m *= r->net->units.length_m;
    if (status == GF_OK && r->item_count > 2)
        status = inp_number_at(r, 2, "the demand", &own->demand.base_m3s);
    own->demand.base_m3s *= r->net->units.flow_m3s;
    if (status == GF_OK && r->item_count > 3)
        status = inp_pattern_at(r, 3, &own->demand.pattern);
    return status;
}

static bool is_tank(const inp_reader *r)
{
    double diameter;
    return r->item_count > 5 && (!inp_to_number(r->items[5], &diameter) || diameter != 0);
}

/* id head pattern; or a line of a tank without a diameter, whose water stands at its level. */
gf_status inp_read_reservoir(inp_reader *r)
{
    gf_water_node *node;
    double level = 0;
    gf_status status;
    if (is_tank(r))
        return GF_OK;
    if ((status = inp_need(r, 2, "id head pattern")) != GF_OK)
        return status;
    if (r->item_count == 4 || r->item_count == 5)
        return inp_fail(r, "water.inp.short", "Write a tank as: id elevation level level_min level_max diameter volume_min curve",
                        "the line has %u items: too many for a reservoir, too few for a tank", r->item_count);
    if ((status = begin_node(r, GF_WATER_RESERVOIR, "node", &node)) != GF_OK ||
        (status = inp_number_at(r, 1, "the head", &node->elevation_m)) != GF_OK)
        return status;
    if (r->item_count == 3)
        status = inp_pattern_at(r, 2, &node->pattern);
    else if (r->item_count > 3)
        status = inp_number_at(r, 2, "the level", &level);
    node->elevation_m = (node->elevation_m + level) * r->net->units.length_m;
    return status;
}

gf_status inp_note_reservoir(inp_reader *r)
{
    if (!is_tank(r))
        inp_note(r, "'%.*s' stands among the tanks and is read as a reservoir", GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)));
    return inp_read_reservoir(r);
}

static gf_status read_overflow(inp_reader *r, gf_water_node *node)
{
    node->overflows = inp_says(r->items[8], "YES");
    if (node->overflows || inp_says(r->items[8], "NO"))
        return GF_OK;
    return inp_fail(r, "water.inp.word", "Write YES or NO behind the volume curve.", "'%.*s' does not say whether the tank overflows",
                    GF_STR_ARG(gf_str_slice(r->items[8], 0, 60)));
}

gf_status inp_read_tank(inp_reader *r)
{
    gf_water_node *node;
    const gf_water_units *u = &r->net->units;
    gf_status status;
    if (!is_tank(r))
        return GF_OK;
    if ((status = begin_node(r, GF_WATER_TANK, "node", &node)) != GF_OK ||
        (status = inp_number_at(r, 1, "the elevation", &node->elevation_m)) != GF_OK ||
        (status = inp_not_negative_at(r, 2, "the level", &node->level_m)) != GF_OK ||
        (status = inp_not_negative_at(r, 3, "the least level", &node->level_min_m)) != GF_OK ||
        (status = inp_not_negative_at(r, 4, "the greatest level", &node->level_max_m)) != GF_OK ||
        (status = inp_positive_at(r, 5, "the diameter", &node->diameter_m)) != GF_OK)
        return status;
    if (r->item_count > 6 && (status = inp_not_negative_at(r, 6, "the least volume", &node->volume_min_m3)) != GF_OK)
        return status;
    if (r->item_count > 7 && r->items[7].len && r->items[7].data[0] != '*' && (status = inp_curve_at(r, 7, &node->volume_curve)) != GF_OK)
        return status;
    node->elevation_m *= u->length_m, node->level_m *= u->length_m, node->level_min_m *= u->length_m, node->level_max_m *= u->length_m;
    node->diameter_m *= u->length_m, node->volume_min_m3 *= u->volume_m3;
    return r->item_count > 8 ? read_overflow(r, node) : GF_OK;
}

/* ---- Demands ---- */

gf_status inp_read_demand(inp_reader *r)
{
    inp_own_demand told = { .demand = { .pattern = GF_WATER_NONE, .category = r->comment } };
    gf_status status = inp_need(r, 2, "junction demand pattern ;category");
    if (status != GF_OK)
        return status;
    if (inp_says(r->items[0], "MULTIPLY") && inp_ids_find(&r->nodes, r->items[0]) == GF_WATER_NONE) {
        inp_note(r, "the line MULTIPLY is read as DEMAND MULTIPLIER");
        return inp_positive_at(r, 1, "the factor", &r->net->options.demand_factor);
    }
    if ((status = inp_node_at(r, 0, &told.node)) != GF_OK || (status = inp_number_at(r, 1, "the demand", &told.demand.base_m3s)) != GF_OK)
        return status;
    if (r->net->nodes[told.node].kind != GF_WATER_JUNCTION) {
        inp_note(r, "the demand of '%.*s', which is no junction, is passed over", GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)));
        return GF_OK;
    }
    if (r->item_count > 2 && (status = inp_pattern_at(r, 2, &told.demand.pattern)) != GF_OK)
        return status;
    told.demand.base_m3s *= r->net->units.flow_m3s;
    r->demands[told.node].replaced = true;   /* the first entries are the junctions' own, by node */
    r->demands[r->demand_count++] = told;
    return GF_OK;
}

/* A demand of nothing says nothing. */
static bool says_demand(const inp_own_demand *d)
{
    return !d->replaced && (d->demand.base_m3s != 0 || d->demand.pattern != GF_WATER_NONE || d->demand.category.len);
}

/* By node, each node's in the order of the file: counted, then put in their places. */
gf_status inp_finish_demands(inp_reader *r)
{
    gf_water_net *net = r->net;
    uint32_t at = 0;
    for (uint32_t i = 0; i < r->demand_count; i++)
        net->nodes[r->demands[i].node].demand_count += says_demand(&r->demands[i]);
    for (uint32_t i = 0; i < net->node_count; i++) {
        net->nodes[i].demand_first = net->nodes[i].demand_count ? at : 0;
        at += net->nodes[i].demand_count;
        net->nodes[i].demand_count = 0;
    }
    net->demand_count = at;
    net->demands = gf_new(r->keep, gf_water_demand, at);
    if (!net->demands)
        return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < r->demand_count; i++)
        if (says_demand(&r->demands[i])) {
            gf_water_node *node = &net->nodes[r->demands[i].node];
            net->demands[node->demand_first + node->demand_count++] = r->demands[i].demand;
        }
    return GF_OK;
}

gf_status inp_read_emitter(inp_reader *r)
{
    uint32_t index;
    double coefficient;
    gf_status status = inp_need(r, 2, "junction coefficient");
    if (status != GF_OK || (status = inp_node_at(r, 0, &index)) != GF_OK ||
        (status = inp_not_negative_at(r, 1, "the coefficient", &coefficient)) != GF_OK)
        return status;
    if (r->net->nodes[index].kind == GF_WATER_JUNCTION)
        r->net->nodes[index].emitter = coefficient * inp_emitter_unit(r->net);
    else
        inp_note(r, "the emitter at '%.*s', which is no junction, is passed over", GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)));
    return GF_OK;
}

/* ---- Drawing ---- */

gf_status inp_read_coordinate(inp_reader *r)
{
    double x, y;
    int32_t index = inp_ids_find(&r->nodes, r->items[0]);
    if (index == GF_WATER_NONE || r->item_count < 3 || !inp_to_number(r->items[1], &x) || !inp_to_number(r->items[2], &y)) {
        inp_note(r, "the place of '%.*s' is passed over: %s", GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)),
                 index == GF_WATER_NONE ? "there is no such node" : "it is not two numbers");
        return GF_OK;
    }
    gf_water_node *node = &r->net->nodes[index];
    node->placed = true;
    node->x = x, node->y = y;
    return GF_OK;
}

gf_status inp_read_tag(inp_reader *r)
{
    gf_status status = inp_need(r, 3, "NODE id tag, or LINK id tag");
    if (status != GF_OK)
        return status;
    bool link = inp_says(r->items[0], "LINK"), node = inp_says(r->items[0], "NODE");
    int32_t index = inp_ids_find(link ? &r->links : &r->nodes, r->items[1]);
    if ((!link && !node) || index == GF_WATER_NONE)
        inp_note(r, "the tag of '%.*s' is passed over: there is no such %s", GF_STR_ARG(gf_str_slice(r->items[1], 0, 60)), link ? "link" : "node");
    else if (link)
        r->net->links[index].tag = r->items[2];
    else
        r->net->nodes[index].tag = r->items[2];
    return GF_OK;
}
