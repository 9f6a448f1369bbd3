/* Reads EPANET's INP format: the sections in the order of who names whom (see inp.h).
 *
 * What EPANET means by each line was learnt from its manual and, where that is silent, from how it behaves; where versions
 * differ, 2.2 is followed. Readings of a line are in the file of their section; here is their order, and what the sections
 * that are only kept become.
 */
#include "water/inp.h"

#include <string.h>

enum { SCRATCH_BYTES_MAX = 1 << 30, NAME_BYTES_MAX = 80 };

static gf_status check_lines(inp_reader *r, uint64_t lines, const char *what)
{
    if (lines <= GF_WATER_ITEMS_MAX)
        return GF_OK;
    (void)gf_fail(r->err, GF_ELIMIT, "water.inp.limit", "Split the network, or draw it coarser.", "the network has more than %d %s",
                  GF_WATER_ITEMS_MAX, what);
    if (r->over_line > 0)
        (void)gf_fail_at(r->err, "%s:%u", r->name, r->over_line);
    return GF_ELIMIT;
}

static gf_status make_nodes(inp_reader *r)
{
    gf_water_net *net = r->net;
    uint64_t junctions = r->lines[INP_JUNCTIONS], lines = junctions + r->lines[INP_RESERVOIRS] + r->lines[INP_TANKS];
    gf_status status = check_lines(r, lines, "nodes");
    if (status != GF_OK)
        return status;
    net->nodes = gf_new(r->keep, gf_water_node, lines);
    r->node_lines = gf_new(r->scratch, uint32_t, lines);
    r->valve_marks = gf_new(r->scratch, uint8_t, lines);
    r->demands = gf_new(r->scratch, inp_own_demand, junctions + r->lines[INP_DEMANDS]);
    return net->nodes && r->node_lines && r->valve_marks && r->demands && inp_ids_open(&r->nodes, r->scratch, (uint32_t)lines)
               ? GF_OK
               : gf_fail_memory(r->err);
}

static gf_status make_links(inp_reader *r)
{
    gf_water_net *net = r->net;
    uint64_t lines = (uint64_t)r->lines[INP_PIPES] + r->lines[INP_PUMPS] + r->lines[INP_VALVES];
    gf_status status = check_lines(r, lines, "links");
    if (status != GF_OK)
        return status;
    net->links = gf_new(r->keep, gf_water_link, lines);
    r->link_lines = gf_new(r->scratch, uint32_t, lines);
    r->vertices = gf_new(r->scratch, inp_own_vertex, r->lines[INP_VERTICES]);
    return net->links && r->link_lines && r->vertices && inp_ids_open(&r->links, r->scratch, (uint32_t)lines) ? GF_OK : gf_fail_memory(r->err);
}

static gf_status make_rules(inp_reader *r)
{
    gf_water_net *net = r->net;
    gf_status status = check_lines(r, (uint64_t)r->lines[INP_CONTROLS] + r->lines[INP_RULES], "lines of controls and rules");
    if (status != GF_OK)
        return status;
    net->controls = gf_new(r->keep, gf_water_control, r->lines[INP_CONTROLS]);
    net->rules = gf_new(r->keep, gf_water_rule, r->lines[INP_RULES]);
    r->premises = gf_new(r->keep, gf_water_premise, r->lines[INP_RULES]);
    r->actions = gf_new(r->keep, gf_water_action, r->lines[INP_RULES]);
    return net->controls && net->rules && r->premises && r->actions ? GF_OK : gf_fail_memory(r->err);
}

/* The default pattern is "1" when the options name none; a name that is no pattern says "none". */
static gf_status find_demand_pattern(inp_reader *r)
{
    bool told = r->demand_pattern_line > 0;
    r->net->options.demand_pattern = inp_ids_find(&r->patterns, told ? r->demand_pattern : GF_STR("1"));
    r->line = r->demand_pattern_line;
    if (told && r->net->options.demand_pattern == GF_WATER_NONE && !gf_str_is(r->demand_pattern, "1"))
        inp_note(r, "there is no pattern '%.*s': demands that name none are constant", GF_STR_ARG(gf_str_slice(r->demand_pattern, 0, 60)));
    return GF_OK;
}

/* ---- Sections that are kept ---- */

static const inp_section KEPT[] = { INP_QUALITY, INP_SOURCES,  INP_REACTIONS, INP_MIXING, INP_REPORT,
                                    INP_LABELS,  INP_BACKDROP, INP_ROUGHNESS, INP_LEAKAGE };

static bool is_kept(inp_section section)
{
    for (size_t i = 0; i < GF_COUNT(KEPT); i++)
        if (KEPT[i] == section)
            return true;
    return false;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

/* Without empty lines before it and blanks behind it; what leads its first line stays. */
static gf_str block_text(const inp_reader *r, const inp_block *block)
{
    gf_str text = gf_str_slice(r->text, block->start, block->end);
    size_t first = 0;
    while (text.len && is_blank(text.data[text.len - 1]))
        text.len--;
    for (size_t i = 0; i < text.len && is_blank(text.data[i]); i++)
        if (text.data[i] == '\n')
            first = i + 1;
    return gf_str_slice(text, first, text.len);
}

static gf_status keep_sections(inp_reader *r)
{
    gf_water_net *net = r->net;
    net->kept = gf_new(r->keep, gf_water_kept, r->block_count + 1);
    if (!net->kept)
        return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < r->block_count; i++) {
        const inp_block *block = &r->blocks[i];
        gf_str text = block_text(r, block);
        if (!is_kept(block->section) || !text.len)
            continue;
        net->kept[net->kept_count++] = (gf_water_kept){ gf_str_of(inp_section_name(block->section)), text };
        r->line = block->line;
        if (block->section == INP_LEAKAGE && r->lines[INP_LEAKAGE])
            inp_note(r, "[LEAKAGE] is of EPANET 2.3: it is kept, but not computed");
    }
    if (r->other_options.len)
        net->kept[net->kept_count++] = (gf_water_kept){ GF_STR("OPTIONS"), gf_text_str(&r->other_options) };
    return GF_OK;
}

static gf_status read_title(inp_reader *r)
{
    for (uint32_t i = 0; i < r->block_count && !r->net->title.len; i++)
        if (r->blocks[i].section == INP_TITLE)
            r->net->title = block_text(r, &r->blocks[i]);
    return GF_OK;
}

/* ---- The order of reading ---- */

typedef struct step { inp_section section; inp_line_fn *read; gf_status (*then)(inp_reader *r); } step;
static const step STEPS[] = {
    { INP_TITLE, NULL, read_title },
    { INP_OPTIONS, inp_read_option, inp_finish_options },
    { INP_TIMES, inp_read_time, inp_finish_times },
    { INP_PATTERNS, NULL, inp_make_patterns },
    { INP_PATTERNS, inp_count_pattern, inp_make_patterns },
    { INP_PATTERNS, inp_read_pattern, find_demand_pattern },
    { INP_CURVES, NULL, inp_make_curves },
    { INP_CURVES, inp_count_curve, inp_make_curves },
    { INP_CURVES, inp_read_curve, make_nodes },
    { INP_JUNCTIONS, inp_read_junction, NULL },
    { INP_RESERVOIRS, inp_read_reservoir, NULL },
    { INP_TANKS, inp_note_reservoir, NULL },
    { INP_RESERVOIRS, inp_read_tank, NULL },
    { INP_TANKS, inp_read_tank, make_links },
    { INP_PIPES, inp_read_pipe, NULL },
    { INP_PUMPS, inp_read_pump, NULL },
    { INP_VALVES, inp_read_valve, NULL },
    { INP_DEMANDS, inp_read_demand, inp_finish_demands },
    { INP_EMITTERS, inp_read_emitter, NULL },
    { INP_STATUS, inp_read_status, NULL },
    { INP_ENERGY, inp_read_energy, make_rules },
    { INP_CONTROLS, inp_read_control, NULL },
    { INP_RULES, inp_read_rule, inp_finish_rules },
    { INP_COORDINATES, inp_read_coordinate, NULL },
    { INP_VERTICES, inp_read_vertex, inp_finish_vertices },
    { INP_TAGS, inp_read_tag, keep_sections },
    { INP_END, NULL, inp_check },
};

static gf_status read_all(inp_reader *r, gf_str bytes)
{
    gf_status status = inp_decode(r, bytes);
    if (status == GF_OK)
        status = inp_find_blocks(r);
    for (size_t i = 0; i < GF_COUNT(STEPS) && status == GF_OK; i++) {
        if (STEPS[i].read)
            status = inp_each_line(r, STEPS[i].section, STEPS[i].read);
        if (status == GF_OK && STEPS[i].then)
            status = STEPS[i].then(r);
    }
    return status;
}

static gf_status end_notes(inp_reader *r, gf_water_note **notes, size_t *count)
{
    if (r->note_more) {
        char text[80];
        (void)snprintf(text, sizeof text, "%u more lines were mended or passed over", r->note_more);
        gf_str kept = gf_str_copy(r->keep, gf_str_of(text));
        if (!kept.data)
            return gf_fail_memory(r->err);
        r->notes[r->note_count++] = (gf_water_note){ 0, kept };
    }
    if (notes)
        *notes = r->notes;
    if (count)
        *count = r->note_count;
    return GF_OK;
}

/* So much of a long path that the line's number still has room behind it. */
static const char *end_of_name(const char *name)
{
    size_t len = strlen(name);
    const char *end = len > NAME_BYTES_MAX ? name + len - NAME_BYTES_MAX : name;
    const char *slash = end > name ? strchr(end, '/') : NULL;
    return slash ? slash + 1 : end;
}

gf_status gf_water_inp_parse(gf_str bytes, const char *name, gf_arena *keep, gf_water_net *out, gf_water_note **notes, size_t *note_count,
                             gf_error *err)
{
    gf_mark mark = gf_arena_mark(keep);
    gf_water_net net = { .options = gf_water_options_default() };
    gf_error own = { .status = GF_OK };
    inp_reader r = { .name = end_of_name(name), .keep = keep, .scratch = gf_arena_open(SCRATCH_BYTES_MAX), .net = &net, .err = err ? err : &own };
    net.options.quality_step_s = net.options.rule_step_s = net.options.report_step_s = 0;   /* they follow from others */
    r.notes = gf_new(keep, gf_water_note, INP_NOTES_MAX + 1);
    gf_text_init(&r.other_options, keep);
    gf_status status = r.scratch && r.notes ? read_all(&r, bytes) : gf_fail_memory(r.err);
    if (status == GF_OK)
        status = end_notes(&r, notes, note_count);
    gf_arena_close(r.scratch);
    if (status == GF_OK) {
        *out = net;
        return GF_OK;
    }
    gf_arena_rewind(keep, mark);
    return status == GF_ENOMEM ? status : gf_fail_at(r.err, "%s", r.name);
}
