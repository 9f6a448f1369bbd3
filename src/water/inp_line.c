/* Sections, lines, items, ids; and what is told of them. */
#include "water/inp.h"

#include <stdarg.h>
#include <string.h>

/* Heads are told by their leading letters, as in EPANET 2.2; 2.3 wants the whole word. */
static const struct { const char *head, *name; } SECTIONS[INP_SECTION_COUNT] = {
    [INP_TITLE] = { "[TITL", "TITLE" },           [INP_JUNCTIONS] = { "[JUNC", "JUNCTIONS" },
    [INP_RESERVOIRS] = { "[RESE", "RESERVOIRS" }, [INP_TANKS] = { "[TANK", "TANKS" },
    [INP_PIPES] = { "[PIPE", "PIPES" },           [INP_PUMPS] = { "[PUMP", "PUMPS" },
    [INP_VALVES] = { "[VALV", "VALVES" },         [INP_TAGS] = { "[TAGS", "TAGS" },
    [INP_DEMANDS] = { "[DEMA", "DEMANDS" },       [INP_STATUS] = { "[STAT", "STATUS" },
    [INP_PATTERNS] = { "[PATT", "PATTERNS" },     [INP_CURVES] = { "[CURV", "CURVES" },
    [INP_CONTROLS] = { "[CONT", "CONTROLS" },     [INP_RULES] = { "[RULE", "RULES" },
    [INP_ENERGY] = { "[ENER", "ENERGY" },         [INP_EMITTERS] = { "[EMIT", "EMITTERS" },
    [INP_QUALITY] = { "[QUAL", "QUALITY" },       [INP_SOURCES] = { "[SOUR", "SOURCES" },
    [INP_REACTIONS] = { "[REAC", "REACTIONS" },   [INP_MIXING] = { "[MIXI", "MIXING" },
    [INP_TIMES] = { "[TIME", "TIMES" },           [INP_REPORT] = { "[REPO", "REPORT" },
    [INP_OPTIONS] = { "[OPTI", "OPTIONS" },       [INP_COORDINATES] = { "[COOR", "COORDINATES" },
    [INP_VERTICES] = { "[VERT", "VERTICES" },     [INP_LABELS] = { "[LABE", "LABELS" },
    [INP_BACKDROP] = { "[BACK", "BACKDROP" },     [INP_ROUGHNESS] = { "[ROUG", "ROUGHNESS" },
    [INP_LEAKAGE] = { "[LEAK", "LEAKAGE" },       [INP_END] = { "[END", "END" },
};

const char *inp_section_name(inp_section section) { return SECTIONS[section].name; }

/* ---- Ids ---- */

bool inp_ids_open(inp_ids *ids, gf_arena *arena, uint32_t count_max)
{
    uint64_t room = 16;
    while (room < 2 * (uint64_t)count_max)
        room *= 2;
    ids->mask = room - 1;
    ids->slots = gf_new(arena, inp_id_slot, room);
    return ids->slots != NULL;
}

/* The place of an id, or the free one where it belongs; NULL when too many stand in the way. Steps are odd, so that they
 * visit every place, and differ between ids that begin at the same one. */
static inp_id_slot *place_of(const inp_ids *ids, gf_str id, uint64_t hash)
{
    uint64_t at = hash & ids->mask, step = hash >> 40 | 1;
    for (int probe = 0; probe < INP_PROBES_MAX; probe++, at = (at + step) & ids->mask) {
        inp_id_slot *slot = &ids->slots[at];
        if (!slot->id.len || (slot->hash == hash && gf_str_eq(slot->id, id)))
            return slot;
    }
    return NULL;
}

inp_id_answer inp_ids_add(inp_ids *ids, gf_str id, int32_t index)
{
    uint64_t hash = gf_str_hash(id);
    inp_id_slot *slot = place_of(ids, id, hash);
    if (!slot)
        return INP_ID_CROWDED;
    if (slot->id.len)
        return INP_ID_TWICE;
    *slot = (inp_id_slot){ hash, id, index };
    return INP_ID_NEW;
}

int32_t inp_ids_find(const inp_ids *ids, gf_str id)
{
    const inp_id_slot *slot = id.len ? place_of(ids, id, gf_str_hash(id)) : NULL;
    return slot && slot->id.len ? slot->index : GF_WATER_NONE;
}

/* ---- What is told ---- */

gf_status inp_fail(inp_reader *r, const char *code, const char *hint, const char *format, ...)
{
    char what[400];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(what, sizeof what, format, list);   /* cut text is still a sentence */
    va_end(list);
    (void)gf_fail(r->err, GF_EINPUT, code, hint, "%s", what);
    if (r->line)
        (void)gf_fail_at(r->err, "%s:%u", r->name, r->line);
    return GF_EINPUT;
}

void inp_note(inp_reader *r, const char *format, ...)
{
    char text[400];
    va_list list;
    if (r->note_count == INP_NOTES_MAX) {
        r->note_more++;
        return;
    }
    va_start(list, format);
    int len = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    size_t room = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    while (room && !gf_utf8_valid((gf_str){ text, room }, NULL))
        room--;   /* cut in a character */
    gf_str kept = gf_str_copy(r->keep, (gf_str){ text, room });
    if (kept.data)
        r->notes[r->note_count++] = (gf_water_note){ r->line, kept };
}

/* ---- Lines ---- */

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

static gf_str left_trim(gf_str s)
{
    size_t i = 0;
    while (i < s.len && is_blank(s.data[i]))
        i++;
    return gf_str_slice(s, i, s.len);
}

static gf_str cut_line(const inp_reader *r, uint32_t at)
{
    const char *start = r->text.data + at, *end = memchr(start, '\n', r->text.len - at);   /* the text ends with one */
    return (gf_str){ start, (size_t)(end - start) };
}

static gf_status begin_block(inp_reader *r, gf_str head, uint32_t start, inp_section *section)
{
    int found = 0;
    while (found < INP_SECTION_COUNT && !inp_says(head, SECTIONS[found].head))
        found++;
    if (found == INP_SECTION_COUNT) {
        gf_str word;
        (void)inp_cut_item(&head, &word);
        return inp_fail(r, "water.inp.section", "Use the section names of EPANET 2.2, such as [JUNCTIONS] and [PIPES].",
                        "there is no section '%.*s'", GF_STR_ARG(gf_str_slice(word, 0, 60)));
    }
    if (r->block_count == INP_BLOCKS_MAX)
        return gf_fail(r->err, GF_ELIMIT, "water.inp.limit", "Gather the lines of a kind in one section.", "the file has more than %d sections",
                       INP_BLOCKS_MAX);
    r->blocks[r->block_count++] = (inp_block){ (inp_section)found, start, start, r->line + 1 };
    *section = (inp_section)found;
    return GF_OK;
}

gf_status inp_find_blocks(inp_reader *r)
{
    inp_section section = INP_SECTION_COUNT;
    gf_status status = GF_OK;
    r->blocks = gf_new(r->scratch, inp_block, INP_BLOCKS_MAX);
    if (!r->blocks)
        return gf_fail_memory(r->err);
    r->line = 0;
    for (uint32_t at = 0; at < r->text.len && section != INP_END;) {
        gf_str line = cut_line(r, at), said = left_trim(line);
        at += (uint32_t)line.len + 1;
        r->line++;
        if (said.len && said.data[0] == '[') {
            if ((status = begin_block(r, said, at, &section)) != GF_OK)
                return status;
        } else if (r->block_count) {
            r->blocks[r->block_count - 1].end = at;
            r->lines[section] += said.len && said.data[0] != ';';
            if (r->lines[section] > GF_WATER_ITEMS_MAX && r->over_line == 0) r->over_line = r->line;
        }
    }
    if (r->block_count == 0) {
        r->line = 0;
        status = inp_fail(r, "water.inp.none", "Give a text in EPANET's INP format.", "%s: no line begins a section such as [JUNCTIONS]", r->name);
    } else if (section != INP_END)
        inp_note(r, "the file ends without [END]");
    return status;
}

bool inp_cut_item(gf_str *rest, gf_str *item)
{
    gf_str s = left_trim(*rest);
    size_t len = 0;
    if (!s.len)
        return false;
    if (s.data[0] == '"') {   /* up to the next quote: ids with blanks */
        const char *end = memchr(s.data + 1, '"', s.len - 1);
        len = end ? (size_t)(end - s.data) : s.len;
        *item = gf_str_slice(s, 1, len);
        *rest = gf_str_slice(s, len + 1, s.len);
        return true;
    }
    while (len < s.len && !is_blank(s.data[len]))
        len++;
    *item = gf_str_slice(s, 0, len);
    *rest = gf_str_slice(s, len, s.len);
    return true;
}

static void take_line(inp_reader *r, gf_str line)
{
    const char *mark = memchr(line.data, ';', line.len);
    size_t len = mark ? (size_t)(mark - line.data) : line.len;
    r->said = gf_str_slice(line, 0, len);
    r->comment = gf_str_trim(gf_str_slice(line, len + 1, line.len));
    gf_str rest = r->said;
    r->item_count = 0;
    while (r->item_count < INP_ITEMS_MAX && inp_cut_item(&rest, &r->items[r->item_count]))
        r->item_count++;
    if (line.len > INP_LINE_BYTES_EPANET && r->item_count)
        inp_note(r, "the line has %zu bytes; EPANET would cut it at %d", line.len, INP_LINE_BYTES_EPANET);
}

static gf_status read_block(inp_reader *r, const inp_block *block, inp_line_fn *read)
{
    gf_status status = GF_OK;
    r->above = GF_STR("");
    r->line = block->line;
    for (uint32_t at = block->start; at < block->end && status == GF_OK; r->line++) {
        gf_str line = cut_line(r, at);
        at += (uint32_t)line.len + 1;
        take_line(r, line);
        if (r->item_count) {
            if ((status = read(r)) != GF_OK)
                return status;
            r->above = GF_STR("");
        } else if (line.len)
            r->above = r->comment;
    }
    return status;
}

gf_status inp_each_line(inp_reader *r, inp_section section, inp_line_fn *read)
{
    gf_status status = GF_OK;
    for (uint32_t i = 0; i < r->block_count && status == GF_OK; i++)
        if (r->blocks[i].section == section)
            status = read_block(r, &r->blocks[i], read);
    return status;
}

/* ---- Items ---- */

gf_status inp_need(inp_reader *r, uint32_t count, const char *form)
{
    if (r->item_count >= count)
        return GF_OK;
    char hint[200];
    (void)snprintf(hint, sizeof hint, "Write it as: %s", form);
    return inp_fail(r, "water.inp.short", hint, "the line has %u items where %u are needed", r->item_count, count);
}

gf_status inp_add_id(inp_reader *r, inp_ids *ids, gf_str id, uint32_t index, const char *kind)
{
    if (!id.len)
        return inp_fail(r, "water.inp.id", "Give it a name.", "the %s has an empty id", kind);
    if (id.len > INP_ID_BYTES_EPANET)
        inp_note(r, "the id '%.*s' is longer than the %d bytes that EPANET takes", GF_STR_ARG(gf_str_slice(id, 0, 100)), INP_ID_BYTES_EPANET);
    switch (inp_ids_add(ids, id, (int32_t)index)) {
    case INP_ID_NEW: return GF_OK;
    case INP_ID_CROWDED:
        return gf_fail(r->err, GF_ELIMIT, "water.inp.ids", "Give plainer ids, such as numbers.",
                       "the ids are made so that they cannot be told apart quickly");
    case INP_ID_TWICE: break;
    }
    return inp_fail(r, "water.inp.twice", "Give each node, and each link, an id of its own.", "%s '%.*s' is there twice", kind,
                    GF_STR_ARG(gf_str_slice(id, 0, 60)));
}

gf_status inp_node_at(inp_reader *r, uint32_t item, uint32_t *index)
{
    int32_t found = inp_ids_find(&r->nodes, r->items[item]);
    if (found == GF_WATER_NONE)
        return inp_fail(r, "water.inp.node", "Add it to [JUNCTIONS], [RESERVOIRS] or [TANKS], or correct the id.", "there is no node '%.*s'",
                        GF_STR_ARG(gf_str_slice(r->items[item], 0, 60)));
    *index = (uint32_t)found;
    return GF_OK;
}

gf_status inp_link_at(inp_reader *r, uint32_t item, uint32_t *index)
{
    int32_t found = inp_ids_find(&r->links, r->items[item]);
    if (found == GF_WATER_NONE)
        return inp_fail(r, "water.inp.link", "Add it to [PIPES], [PUMPS] or [VALVES], or correct the id.", "there is no link '%.*s'",
                        GF_STR_ARG(gf_str_slice(r->items[item], 0, 60)));
    *index = (uint32_t)found;
    return GF_OK;
}

gf_status inp_pattern_at(inp_reader *r, uint32_t item, int32_t *index)
{
    *index = inp_ids_find(&r->patterns, r->items[item]);
    if (*index != GF_WATER_NONE || !r->items[item].len)
        return GF_OK;
    return inp_fail(r, "water.inp.pattern", "Add its factors to [PATTERNS], or correct the id.", "there is no pattern '%.*s'",
                    GF_STR_ARG(gf_str_slice(r->items[item], 0, 60)));
}

gf_status inp_curve_at(inp_reader *r, uint32_t item, int32_t *index)
{
    *index = inp_ids_find(&r->curves, r->items[item]);
    if (*index != GF_WATER_NONE)
        return GF_OK;
    return inp_fail(r, "water.inp.curve", "Add its points to [CURVES], or correct the id.", "there is no curve '%.*s'",
                    GF_STR_ARG(gf_str_slice(r->items[item], 0, 60)));
}
