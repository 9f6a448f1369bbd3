/* [PIPES], [VALVES], [STATUS], [VERTICES]; pumps: inp_pumps.c. */
#include "water/inp.h"

gf_status inp_begin_link(inp_reader *r, const char *kind, gf_water_link **link)
{
    gf_water_net *net = r->net;
    uint32_t from, to;
    gf_status status = inp_node_at(r, 1, &from);
    if (status != GF_OK || (status = inp_node_at(r, 2, &to)) != GF_OK)
        return status;
    if (from == to)
        return inp_fail(r, "water.inp.self", "Give it two different end nodes.", "%s '%.*s' goes from '%.*s' to itself", kind,
                        GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)), GF_STR_ARG(gf_str_slice(r->items[1], 0, 60)));
    if ((status = inp_add_id(r, &r->links, r->items[0], net->link_count, "link")) != GF_OK)
        return status;
    r->link_lines[net->link_count] = r->line;
    *link = &net->links[net->link_count++];
    **link = (gf_water_link){ .id = r->items[0], .from = from, .to = to, .status = GF_WATER_OPEN, .curve = GF_WATER_NONE,
                              .speed_pattern = GF_WATER_NONE, .efficiency_curve = GF_WATER_NONE, .price_pattern = GF_WATER_NONE,
                              .price = -1, .note = r->comment };
    return GF_OK;
}

/* ---- Pipes ---- */

static bool read_pipe_status(gf_str word, gf_water_link *pipe)
{
    static const char *const WORDS[] = { "CV", "CLOSED", "OPEN", NULL };
    int said = inp_word_of(word, WORDS);
    if (said == 0)
        pipe->kind = GF_WATER_PIPE_CHECKED;
    if (said == 1)
        pipe->status = GF_WATER_CLOSED;
    return said >= 0;
}

/* Behind the roughness: a loss, a status, or both. */
static gf_status read_pipe_end(inp_reader *r, gf_water_link *pipe)
{
    gf_status status;
    if (r->item_count < 7 || (r->item_count == 7 && read_pipe_status(r->items[6], pipe)))
        return GF_OK;
    if ((status = inp_not_negative_at(r, 6, "the minor loss", &pipe->minor_loss)) != GF_OK || r->item_count == 7)
        return status;
    if (read_pipe_status(r->items[7], pipe))
        return GF_OK;
    return inp_fail(r, "water.inp.word", "Write OPEN, CLOSED or CV.", "'%.*s' is no status of a pipe", GF_STR_ARG(gf_str_slice(r->items[7], 0, 60)));
}

gf_status inp_read_pipe(inp_reader *r)
{
    gf_water_link *pipe;
    gf_status status = inp_need(r, 6, "id node1 node2 length diameter roughness loss status");
    if (status != GF_OK || (status = inp_begin_link(r, "pipe", &pipe)) != GF_OK ||
        (status = inp_positive_at(r, 3, "the length", &pipe->length_m)) != GF_OK ||
        (status = inp_positive_at(r, 4, "the diameter", &pipe->diameter_m)) != GF_OK ||
        (status = inp_positive_at(r, 5, "the roughness", &pipe->roughness)) != GF_OK)
        return status;
    pipe->kind = GF_WATER_PIPE;
    pipe->length_m *= r->net->units.length_m;
    pipe->diameter_m *= r->net->units.diameter_m;
    pipe->roughness *= inp_roughness_unit(r->net);
    return read_pipe_end(r, pipe);
}

/* ---- Valves ---- */

static gf_status read_valve_kind(inp_reader *r, gf_water_link_kind *kind)
{
    static const char *const KINDS[] = { "PRV", "PSV", "PBV", "FCV", "TCV", "GPV", NULL };
    int found = inp_word_of(r->items[4], KINDS);
    if (found >= 0) {
        *kind = (gf_water_link_kind)(GF_WATER_PRV + found);
        return GF_OK;
    }
    if (inp_says(r->items[4], "PCV"))
        return inp_fail(r, "water.inp.word", "Write a TCV with its loss, or a GPV with its curve.",
                        "PCV is a valve of EPANET 2.3, which is not computed here");
    return inp_fail(r, "water.inp.word", "Write PRV, PSV, PBV, FCV, TCV or GPV.", "'%.*s' is no kind of valve",
                    GF_STR_ARG(gf_str_slice(r->items[4], 0, 60)));
}

gf_status inp_read_valve(inp_reader *r)
{
    gf_water_link *valve;
    gf_water_link_kind kind = GF_WATER_PRV;
    gf_status status = inp_need(r, 5, "id node1 node2 diameter kind setting loss");
    if (status != GF_OK || (status = read_valve_kind(r, &kind)) != GF_OK || (status = inp_begin_link(r, "valve", &valve)) != GF_OK ||
        (status = inp_positive_at(r, 3, "the diameter", &valve->diameter_m)) != GF_OK)
        return status;
    valve->kind = kind;
    valve->diameter_m *= r->net->units.diameter_m;
    valve->status = kind == GF_WATER_GPV ? GF_WATER_OPEN : GF_WATER_ACTIVE;
    if (kind == GF_WATER_GPV && (status = inp_need(r, 6, "id node1 node2 diameter GPV curve")) == GF_OK)
        status = inp_curve_at(r, 5, &valve->curve);
    else if (kind != GF_WATER_GPV && r->item_count > 5)
        status = inp_number_at(r, 5, "the setting", &valve->setting);
    if (status != GF_OK)
        return status;
    valve->setting *= inp_setting_unit(r->net, kind);
    if (r->item_count > 6 && (status = inp_not_negative_at(r, 6, "the minor loss", &valve->minor_loss)) != GF_OK)
        return status;
    return inp_check_valve(r, valve);
}

/* ---- Status ---- */

typedef struct told_status { gf_water_status status; bool sets_setting; double setting; } told_status;

static void set_status(const gf_water_net *net, gf_water_link *link, told_status told)
{
    bool plain = link->kind == GF_WATER_PIPE || link->kind == GF_WATER_GPV;
    if (link->kind == GF_WATER_PIPE_CHECKED || (plain && told.sets_setting))
        return;
    if (link->kind == GF_WATER_PUMP) {
        inp_set_pump(link, told.sets_setting ? told.setting : told.status == GF_WATER_OPEN ? 1 : 0);
        return;
    }
    link->status = told.sets_setting ? GF_WATER_ACTIVE : told.status;
    if (told.sets_setting)
        link->setting = told.setting * inp_setting_unit(net, link->kind);
}

static gf_status read_told(inp_reader *r, told_status *told)
{
    gf_str last = r->items[r->item_count - 1];
    *told = (told_status){ .status = GF_WATER_OPEN };
    if (inp_says(last, "OPEN"))
        return GF_OK;
    told->status = GF_WATER_CLOSED;
    if (inp_says(last, "CLOSED"))
        return GF_OK;
    told->sets_setting = true;
    return inp_not_negative_at(r, r->item_count - 1, "the status", &told->setting);
}

static int64_t leading_number(gf_str id)
{
    int64_t number = 0;
    for (size_t i = 0; i < id.len && id.data[i] >= '0' && id.data[i] <= '9' && number < INT64_MAX / 100; i++)
        number = number * 10 + (id.data[i] - '0');
    return number;
}

/* "first last status": by number when both begin with one, else by bytes. */
static gf_status set_range(inp_reader *r, told_status told)
{
    gf_water_net *net = r->net;
    gf_str first = r->items[0], last = r->items[1];
    int64_t from = leading_number(first), to = leading_number(last);
    if (r->range_count++ == INP_RANGES_MAX)
        return gf_fail(r->err, GF_ELIMIT, "water.inp.limit", "Name the links one by one.", "[STATUS] has more than %d ranges", INP_RANGES_MAX);
    for (uint32_t i = 0; i < net->link_count; i++) {
        gf_str id = net->links[i].id;
        int64_t number = leading_number(id);
        if (from > 0 && to > 0 ? number >= from && number <= to : gf_str_cmp(first, id) <= 0 && gf_str_cmp(last, id) >= 0)
            set_status(net, &net->links[i], told);
    }
    return GF_OK;
}

gf_status inp_read_status(inp_reader *r)
{
    told_status told;
    uint32_t index;
    gf_status status = inp_need(r, 2, "link OPEN, link CLOSED, or link setting");
    if (status != GF_OK || (status = read_told(r, &told)) != GF_OK)
        return status;
    if (r->item_count > 2)
        return set_range(r, told);
    if ((status = inp_link_at(r, 0, &index)) != GF_OK)
        return status;
    gf_water_link *link = &r->net->links[index];
    if (link->kind == GF_WATER_PIPE_CHECKED || (link->kind == GF_WATER_GPV && told.sets_setting))
        return inp_fail(r, "water.inp.status", "Take the line out.", "%s '%.*s' cannot be set so",
                        link->kind == GF_WATER_GPV ? "the valve with a curve" : "the pipe with a check valve",
                        GF_STR_ARG(gf_str_slice(link->id, 0, 60)));
    set_status(r->net, link, told);
    return GF_OK;
}

/* ---- Vertices ---- */

gf_status inp_read_vertex(inp_reader *r)
{
    gf_water_point point;
    int32_t index = inp_ids_find(&r->links, r->items[0]);
    if (index == GF_WATER_NONE || r->item_count < 3 || !inp_to_number(r->items[1], &point.x) || !inp_to_number(r->items[2], &point.y)) {
        inp_note(r, "the vertex of '%.*s' is passed over: %s", GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)),
                 index == GF_WATER_NONE ? "there is no such link" : "it is not two numbers");
        return GF_OK;
    }
    r->vertices[r->vertex_count++] = (inp_own_vertex){ (uint32_t)index, point };
    return GF_OK;
}

gf_status inp_finish_vertices(inp_reader *r)
{
    gf_water_net *net = r->net;
    uint32_t at = 0;
    net->vertex_count = r->vertex_count;
    net->vertices = gf_new(r->keep, gf_water_point, r->vertex_count);
    if (!net->vertices)
        return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < r->vertex_count; i++)
        net->links[r->vertices[i].link].vertex_count++;
    for (uint32_t i = 0; i < net->link_count; i++) {
        net->links[i].vertex_first = net->links[i].vertex_count ? at : 0;
        at += net->links[i].vertex_count;
        net->links[i].vertex_count = 0;
    }
    for (uint32_t i = 0; i < r->vertex_count; i++) {
        gf_water_link *link = &net->links[r->vertices[i].link];
        net->vertices[link->vertex_first + link->vertex_count++] = r->vertices[i].point;
    }
    return GF_OK;
}
