/* Writes a network as EPANET 2.2 reads it: sections in the manual's order, those that say nothing left out.
 *
 * A section begins when its first line is written. Numbers go back by the same factors by which they came, so that what was
 * read comes out as it was told, and reads again as the same doubles.
 */
#include "water/inp.h"

enum { ID_BYTES = 16, FACTORS_A_LINE = 8 };

/* Writes the head before the first line of a section. */
static void begin_line(inp_writer *w, bool *begun, inp_section section, const char *columns)
{
    if (!*begun)
        inp_put_head(w, section, columns);
    *begun = true;
}

static gf_str pattern_id(const gf_water_net *net, int32_t index) { return net->patterns[index].id; }
static gf_str curve_id(const gf_water_net *net, int32_t index) { return net->curves[index].id; }

/* A line must not begin a section. */
static void write_title(inp_writer *w)
{
    gf_str rest = w->net->title, line;
    inp_put_head(w, INP_TITLE, NULL);
    while (gf_str_cut(&rest, '\n', &line)) {
        gf_str said = gf_str_trim(line);
        bool head = said.len && said.data[0] == '[';
        gf_text_add_c(w->out, head ? "(" : "");
        gf_text_add(w->out, head ? gf_str_slice(said, 1, said.len) : line);
        gf_text_add_char(w->out, '\n');
    }
}

/* ---- Nodes ---- */

/* One demand without a category stands on the junction's own line. */
static bool stands_alone(const gf_water_net *net, const gf_water_node *node)
{
    return node->demand_count == 1 && !net->demands[node->demand_first].category.len;
}

static void put_demand(inp_writer *w, const gf_water_demand *demand)
{
    inp_put_number(w, demand->base_m3s, w->net->units.flow_m3s);
    if (demand->pattern != GF_WATER_NONE)
        inp_put_id(w, pattern_id(w->net, demand->pattern), ID_BYTES);
}

static void write_junctions(inp_writer *w)
{
    const gf_water_net *net = w->net;
    inp_put_head(w, INP_JUNCTIONS, "ID               Elevation    Demand       Pattern");
    for (uint32_t i = 0; i < net->node_count; i++) {
        const gf_water_node *node = &net->nodes[i];
        if (node->kind != GF_WATER_JUNCTION)
            continue;
        inp_put_id(w, node->id, ID_BYTES);
        inp_put_number(w, node->elevation_m, net->units.length_m);
        if (stands_alone(net, node))
            put_demand(w, &net->demands[node->demand_first]);
        inp_put_end(w, node->note);
    }
}

static void write_reservoirs(inp_writer *w)
{
    const gf_water_net *net = w->net;
    bool begun = false;
    for (uint32_t i = 0; i < net->node_count; i++) {
        const gf_water_node *node = &net->nodes[i];
        if (node->kind != GF_WATER_RESERVOIR)
            continue;
        begin_line(w, &begun, INP_RESERVOIRS, "ID               Head         Pattern");
        inp_put_id(w, node->id, ID_BYTES);
        inp_put_number(w, node->elevation_m, net->units.length_m);
        if (node->pattern != GF_WATER_NONE)
            inp_put_id(w, pattern_id(net, node->pattern), ID_BYTES);
        inp_put_end(w, node->note);
    }
}

static void write_tanks(inp_writer *w)
{
    const gf_water_net *net = w->net;
    const gf_water_units *u = &net->units;
    bool begun = false;
    for (uint32_t i = 0; i < net->node_count; i++) {
        const gf_water_node *node = &net->nodes[i];
        if (node->kind != GF_WATER_TANK)
            continue;
        begin_line(w, &begun, INP_TANKS,
                   "ID               Elevation    Level        Least        Greatest     Diameter     LeastVolume  Curve            Overflow");
        inp_put_id(w, node->id, ID_BYTES);
        inp_put_number(w, node->elevation_m, u->length_m);
        inp_put_number(w, node->level_m, u->length_m);
        inp_put_number(w, node->level_min_m, u->length_m);
        inp_put_number(w, node->level_max_m, u->length_m);
        inp_put_number(w, node->diameter_m, u->length_m);
        inp_put_number(w, node->volume_min_m3, u->volume_m3);
        if (node->volume_curve != GF_WATER_NONE || node->overflows)
            inp_put_id(w, node->volume_curve == GF_WATER_NONE ? GF_STR("*") : curve_id(net, node->volume_curve), ID_BYTES);
        if (node->overflows)
            inp_put_word(w, "YES");
        inp_put_end(w, node->note);
    }
}

static void write_demands(inp_writer *w)
{
    const gf_water_net *net = w->net;
    bool begun = false;
    for (uint32_t i = 0; i < net->node_count; i++) {
        const gf_water_node *node = &net->nodes[i];
        for (uint32_t k = 0; k < node->demand_count && !stands_alone(net, node); k++) {
            const gf_water_demand *demand = &net->demands[node->demand_first + k];
            begin_line(w, &begun, INP_DEMANDS, "Junction         Demand       Pattern          Category");
            inp_put_id(w, node->id, ID_BYTES);
            put_demand(w, demand);
            inp_put_end(w, demand->category);
        }
    }
}

static void write_emitters(inp_writer *w)
{
    const gf_water_net *net = w->net;
    bool begun = false;
    for (uint32_t i = 0; i < net->node_count; i++) {
        if (net->nodes[i].emitter == 0)
            continue;
        begin_line(w, &begun, INP_EMITTERS, "Junction         Coefficient");
        inp_put_id(w, net->nodes[i].id, ID_BYTES);
        inp_put_number(w, net->nodes[i].emitter, inp_emitter_unit(net));
        inp_put_end(w, GF_STR(""));
    }
}

/* ---- Links ---- */

static void put_ends(inp_writer *w, const gf_water_link *link)
{
    inp_put_id(w, link->id, ID_BYTES);
    inp_put_id(w, w->net->nodes[link->from].id, ID_BYTES);
    inp_put_id(w, w->net->nodes[link->to].id, ID_BYTES);
}

static void put_pipe(inp_writer *w, const gf_water_link *pipe)
{
    inp_put_number(w, pipe->length_m, w->net->units.length_m);
    inp_put_number(w, pipe->diameter_m, w->net->units.diameter_m);
    inp_put_number(w, pipe->roughness, inp_roughness_unit(w->net));
    inp_put_number(w, pipe->minor_loss, 1);
    inp_put_word(w, pipe->kind == GF_WATER_PIPE_CHECKED ? "CV" : pipe->status == GF_WATER_CLOSED ? "Closed" : "Open");
}

static void put_pump(inp_writer *w, const gf_water_link *pump)
{
    if (pump->curve != GF_WATER_NONE) {
        gf_text_add_c(w->out, " HEAD");
        inp_put_id(w, curve_id(w->net, pump->curve), ID_BYTES);
    } else {
        gf_text_add_c(w->out, " POWER");
        inp_put_number(w, pump->power_w, w->net->units.power_w);
    }
    if (pump->setting != 1) {
        gf_text_add_c(w->out, " SPEED");
        inp_put_number(w, pump->setting, 1);
    }
    if (pump->speed_pattern != GF_WATER_NONE) {
        gf_text_add_c(w->out, " PATTERN");
        inp_put_id(w, pattern_id(w->net, pump->speed_pattern), ID_BYTES);
    }
}

static void put_valve(inp_writer *w, const gf_water_link *valve)
{
    static const char *const KINDS[GF_WATER_LINK_KIND_COUNT] = {
        [GF_WATER_PRV] = "PRV", [GF_WATER_PSV] = "PSV", [GF_WATER_PBV] = "PBV",
        [GF_WATER_FCV] = "FCV", [GF_WATER_TCV] = "TCV", [GF_WATER_GPV] = "GPV",
    };
    inp_put_number(w, valve->diameter_m, w->net->units.diameter_m);
    inp_put_word(w, KINDS[valve->kind]);
    if (valve->kind == GF_WATER_GPV)
        inp_put_id(w, curve_id(w->net, valve->curve), ID_BYTES);
    else
        inp_put_number(w, valve->setting, inp_setting_unit(w->net, valve->kind));
    inp_put_number(w, valve->minor_loss, 1);
}

static inp_section section_of(gf_water_link_kind kind)
{
    return kind == GF_WATER_PUMP ? INP_PUMPS : kind == GF_WATER_PIPE || kind == GF_WATER_PIPE_CHECKED ? INP_PIPES : INP_VALVES;
}

static void write_links(inp_writer *w, inp_section section, const char *columns, void (*put)(inp_writer *w, const gf_water_link *link))
{
    bool begun = false;
    for (uint32_t i = 0; i < w->net->link_count; i++) {
        const gf_water_link *link = &w->net->links[i];
        if (section_of(link->kind) != section)
            continue;
        begin_line(w, &begun, section, columns);
        put_ends(w, link);
        put(w, link);
        inp_put_end(w, link->note);
    }
}

/* A pump that stands, a valve that is held open or shut: what their own lines cannot say. */
static void write_status(inp_writer *w)
{
    bool begun = false;
    for (uint32_t i = 0; i < w->net->link_count; i++) {
        const gf_water_link *link = &w->net->links[i];
        bool valve = section_of(link->kind) == INP_VALVES, closed = link->status == GF_WATER_CLOSED;
        bool told = valve ? closed || (link->status == GF_WATER_OPEN && link->kind != GF_WATER_GPV) : link->kind == GF_WATER_PUMP && closed;
        if (!told)
            continue;
        begin_line(w, &begun, INP_STATUS, "Link             Status");
        inp_put_id(w, link->id, ID_BYTES);
        inp_put_word(w, closed ? "Closed" : "Open");
        inp_put_end(w, GF_STR(""));
    }
}

/* ---- Series ---- */

static void write_patterns(inp_writer *w)
{
    for (uint32_t i = 0; i < w->net->pattern_count; i++) {
        const gf_water_pattern *pattern = &w->net->patterns[i];
        bool begun = i > 0;
        begin_line(w, &begun, INP_PATTERNS, NULL);
        gf_text_add_char(w->out, ';');
        inp_put_note(w, pattern->note);
        gf_text_add_char(w->out, '\n');
        for (uint32_t k = 0; k < pattern->count; k++) {
            if (k % FACTORS_A_LINE == 0)
                inp_put_id(w, pattern->id, ID_BYTES);
            inp_put_number(w, pattern->factors[k], 1);
            if (k % FACTORS_A_LINE == FACTORS_A_LINE - 1 || k + 1 == pattern->count)
                inp_put_end(w, GF_STR(""));
        }
    }
}

static void write_curves(inp_writer *w)
{
    for (uint32_t i = 0; i < w->net->curve_count; i++) {
        const gf_water_curve *curve = &w->net->curves[i];
        bool begun = i > 0;
        begin_line(w, &begun, INP_CURVES, NULL);
        gf_text_format(w->out, ";%.*s%s", GF_STR_ARG(curve->kind), curve->kind.len ? ": " : "");
        inp_put_note(w, curve->note);
        inp_put_end(w, GF_STR(""));
        for (uint32_t k = 0; k < curve->count; k++) {
            inp_put_id(w, curve->id, ID_BYTES);
            inp_put_number(w, curve->x[k], 1);
            inp_put_number(w, curve->y[k], 1);
            inp_put_end(w, GF_STR(""));
        }
    }
}

/* ---- Drawing ---- */

static void put_tag(inp_writer *w, bool *begun, const char *object, gf_str id, gf_str tag)
{
    if (!tag.len)
        return;
    begin_line(w, begun, INP_TAGS, NULL);
    gf_text_add_char(w->out, ' ');
    gf_text_add_c(w->out, object);
    inp_put_id(w, id, ID_BYTES);
    inp_put_id(w, tag, 0);
    inp_put_end(w, GF_STR(""));
}

static void write_tags(inp_writer *w)
{
    bool begun = false;
    for (uint32_t i = 0; i < w->net->node_count; i++)
        put_tag(w, &begun, "NODE", w->net->nodes[i].id, w->net->nodes[i].tag);
    for (uint32_t i = 0; i < w->net->link_count; i++)
        put_tag(w, &begun, "LINK", w->net->links[i].id, w->net->links[i].tag);
}

static void put_place(inp_writer *w, gf_str id, double x, double y)
{
    inp_put_id(w, id, ID_BYTES);
    inp_put_number(w, x, 1);
    inp_put_number(w, y, 1);
    inp_put_end(w, GF_STR(""));
}

static void write_places(inp_writer *w)
{
    const gf_water_net *net = w->net;
    bool begun = false;
    for (uint32_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].placed) {
            begin_line(w, &begun, INP_COORDINATES, "Node             X            Y");
            put_place(w, net->nodes[i].id, net->nodes[i].x, net->nodes[i].y);
        }
    begun = false;
    for (uint32_t i = 0; i < net->link_count; i++)
        for (uint32_t k = 0; k < net->links[i].vertex_count; k++) {
            const gf_water_point *point = &net->vertices[net->links[i].vertex_first + k];
            begin_line(w, &begun, INP_VERTICES, "Link             X            Y");
            put_place(w, net->links[i].id, point->x, point->y);
        }
}

static void write_kept(inp_writer *w)
{
    for (uint32_t i = 0; i < w->net->kept_count; i++) {
        const gf_water_kept *kept = &w->net->kept[i];
        if (gf_str_is(kept->section, inp_section_name(INP_OPTIONS)))
            continue;   /* inside the options */
        gf_text_format(w->out, "\n[%.*s]\n%.*s\n", GF_STR_ARG(kept->section), GF_STR_ARG(kept->text));
    }
}

void gf_water_inp_write(const gf_water_net *net, gf_text *out)
{
    inp_writer w = { net, out };
    write_title(&w);
    write_junctions(&w);
    write_reservoirs(&w);
    write_tanks(&w);
    write_links(&w, INP_PIPES, "ID               Node1            Node2            Length       Diameter     Roughness    MinorLoss    Status",
                put_pipe);
    write_links(&w, INP_PUMPS, "ID               Node1            Node2            Parameters", put_pump);
    write_links(&w, INP_VALVES, "ID               Node1            Node2            Diameter     Type         Setting      MinorLoss", put_valve);
    write_tags(&w);
    write_demands(&w);
    write_status(&w);
    write_patterns(&w);
    write_curves(&w);
    inp_write_controls(&w);
    inp_write_rules(&w);
    write_emitters(&w);
    inp_write_settings(&w);
    write_kept(&w);
    write_places(&w);
    inp_put_head(&w, INP_END, NULL);
}
