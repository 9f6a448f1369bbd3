/* What only the whole network shows, each in time linear in it. The limits are EPANET's: what it refuses is refused here. */
#include "water/inp.h"

static const double LEVEL_SLACK = 1e-6;   /* EPANET's TINY, in the file's unit */

/* ---- Valves that cannot stand together ---- */

/* Which end of which valve is at a node. */
enum { PRV_IN = 1, PRV_OUT = 2, PSV_IN = 4, PSV_OUT = 8, FCV_IN = 16, FCV_OUT = 32 };

/* IN: water comes into the node by it. Two valves that hold the same pressure, or one that would undo the other. */
static const struct { gf_water_link_kind kind; uint8_t out, out_against, in, in_against; } VALVES[] = {
    { GF_WATER_PRV, PRV_OUT, PRV_IN, PRV_IN, PRV_IN | PRV_OUT | PSV_OUT | FCV_OUT },
    { GF_WATER_PSV, PSV_OUT, PSV_OUT | PSV_IN | PRV_IN | FCV_IN, PSV_IN, PSV_OUT },
    { GF_WATER_FCV, FCV_OUT, PRV_IN, FCV_IN, PSV_OUT },
};

static gf_status check_ends(inp_reader *r, const gf_water_link *valve)
{
    const gf_water_node *nodes = r->net->nodes;
    const gf_water_node *fixed = nodes[valve->from].kind != GF_WATER_JUNCTION ? &nodes[valve->from] : &nodes[valve->to];
    if (fixed->kind == GF_WATER_JUNCTION)
        return GF_OK;
    return inp_fail(r, "water.inp.valve", "Put a short pipe between them.", "valve '%.*s' meets '%.*s', whose head is fixed",
                    GF_STR_ARG(gf_str_slice(valve->id, 0, 60)), GF_STR_ARG(gf_str_slice(fixed->id, 0, 60)));
}

gf_status inp_check_valve(inp_reader *r, const gf_water_link *valve)
{
    for (size_t i = 0; i < GF_COUNT(VALVES); i++) {
        if (VALVES[i].kind != valve->kind)
            continue;
        gf_status status = check_ends(r, valve);
        uint8_t *from = &r->valve_marks[valve->from], *to = &r->valve_marks[valve->to];
        if (status != GF_OK)
            return status;
        if ((*from & VALVES[i].out_against) || (*to & VALVES[i].in_against))
            return inp_fail(r, "water.inp.valve", "Put a pipe between them, or take one out.",
                            "valve '%.*s' meets another valve that it cannot work with", GF_STR_ARG(gf_str_slice(valve->id, 0, 60)));
        *from |= VALVES[i].out;
        *to |= VALVES[i].in;
    }
    return GF_OK;
}

/* ---- Nodes ---- */

static gf_status check_tank(inp_reader *r, const gf_water_node *tank)
{
    const gf_water_curve *curve = tank->volume_curve == GF_WATER_NONE ? NULL : &r->net->curves[tank->volume_curve];
    double unit = r->net->units.length_m, least = tank->level_min_m / unit, most = tank->level_max_m / unit;
    if (!(tank->level_min_m <= tank->level_m && tank->level_m <= tank->level_max_m))
        return inp_fail(r, "water.inp.tank", "Let the level at the start lie between the least and the greatest.",
                        "tank '%.*s' starts at %g, outside %g to %g", GF_STR_ARG(gf_str_slice(tank->id, 0, 60)), tank->level_m / unit, least, most);
    if (curve && (least < curve->x[0] - LEVEL_SLACK || most > curve->x[curve->count - 1] + LEVEL_SLACK))
        return inp_fail(r, "water.inp.tank", "Let the curve reach from the least to the greatest level.",
                        "the volume curve of tank '%.*s' goes from %g to %g, its levels from %g to %g", GF_STR_ARG(gf_str_slice(tank->id, 0, 60)),
                        curve->x[0], curve->x[curve->count - 1], least, most);
    return GF_OK;
}

static gf_status check_linked(inp_reader *r)
{
    const gf_water_net *net = r->net;
    uint8_t *linked = gf_new(r->scratch, uint8_t, net->node_count);
    uint32_t first = 0, more = 0;
    if (!linked)
        return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < net->link_count; i++)
        linked[net->links[i].from] = linked[net->links[i].to] = 1;
    for (uint32_t i = 0; i < net->node_count; i++)
        if (!linked[i] && net->nodes[i].kind == GF_WATER_JUNCTION && more++ == 0)
            first = i;
    if (!more)
        return GF_OK;
    r->line = r->node_lines[first];
    return inp_fail(r, "water.inp.unlinked", "Connect it, or take it out.", "junction '%.*s' has no link%s",
                    GF_STR_ARG(gf_str_slice(net->nodes[first].id, 0, 60)), more > 1 ? ", and others neither" : "");
}

static gf_status check_nodes(inp_reader *r)
{
    const gf_water_net *net = r->net;
    bool source = false;
    gf_status status = GF_OK;
    for (uint32_t i = 0; i < net->node_count && status == GF_OK; i++) {
        source |= net->nodes[i].kind != GF_WATER_JUNCTION;
        r->line = r->node_lines[i];
        if (net->nodes[i].kind == GF_WATER_TANK)
            status = check_tank(r, &net->nodes[i]);
    }
    r->line = 0;
    if (status != GF_OK)
        return status;
    if (net->node_count < 2)
        return inp_fail(r, "water.inp.few", "Give at least a source and a junction.", "%s: the network has %u nodes", r->name, net->node_count);
    if (!source)
        return inp_fail(r, "water.inp.source", "Add a reservoir or a tank.", "%s: the network has no source", r->name);
    return check_linked(r);
}

/* ---- Pumps ---- */

/* Heads fall as the flow grows; of a single point both are above 0. */
static gf_status check_pumps(inp_reader *r)
{
    const gf_water_net *net = r->net;
    for (uint32_t i = 0; i < net->link_count; i++) {
        const gf_water_link *pump = &net->links[i];
        if (pump->kind != GF_WATER_PUMP || pump->curve == GF_WATER_NONE)
            continue;
        const gf_water_curve *curve = &net->curves[pump->curve];
        bool falls = curve->count > 1 || (curve->x[0] > 0 && curve->y[0] > 0);
        for (uint32_t k = 1; k < curve->count; k++)
            falls &= curve->y[k] < curve->y[k - 1];
        if (falls)
            continue;
        r->line = r->link_lines[i];
        return inp_fail(r, "water.inp.head_curve", "Let the head fall as the flow grows.", "curve '%.*s' cannot be the head of pump '%.*s'",
                        GF_STR_ARG(gf_str_slice(curve->id, 0, 60)), GF_STR_ARG(gf_str_slice(pump->id, 0, 60)));
    }
    return GF_OK;
}

static gf_status check_trace(inp_reader *r)
{
    if (!r->trace_line || inp_ids_find(&r->nodes, r->trace) != GF_WATER_NONE)
        return GF_OK;
    r->line = r->trace_line;
    return inp_fail(r, "water.inp.node", "Name a node whose water is followed.", "QUALITY TRACE names '%.*s', which is no node",
                    GF_STR_ARG(gf_str_slice(r->trace, 0, 60)));
}

gf_status inp_check(inp_reader *r)
{
    gf_status status = check_nodes(r);
    if (status == GF_OK)
        status = check_pumps(r);
    return status == GF_OK ? check_trace(r) : status;
}
