/* Names in a line, longest first: units and places by any form the books give them.
 *
 * Names are sorted by their first character and then by length; at each place of a line the few that begin so are
 * compared, the longest first. A place is also known by its stem (百丈 of 百丈镇), which hides numerals but names nobody: a
 * stem may stand in other words.
 */
#include "figure/line.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_CODES_MAX = 64, STEM_CODES_MIN = 2 };

typedef struct entry { uint32_t first; uint32_t *code; size_t length; const gf_figure_name *name; bool stem; } entry;
struct name_index { entry *entries; size_t count; };

static int by_first_then_longer(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->length != y->length)
        return x->length > y->length ? -1 : 1;
    return x->stem - y->stem;
}

static bool is_place_suffix(uint32_t code)
{
    static const uint32_t SUFFIXES[] = { 0x6751 /* 村 */, 0x9547 /* 镇 */, 0x4E61 /* 乡 */, 0x53BF /* 县 */, 0x5E02 /* 市 */, 0x533A /* 区 */ };
    for (size_t i = 0; i < GF_COUNT(SUFFIXES); i++)
        if (code == SUFFIXES[i])
            return true;
    return false;
}

static bool add(name_index *index, const gf_figure_name *name, size_t drop, gf_arena *keep)
{
    entry *e = &index->entries[index->count];
    gf_str rest = name->text;
    size_t count = gf_utf8_count(rest);
    if (count < STEM_CODES_MIN + drop || count > NAME_CODES_MAX)
        return true;
    *e = (entry){ .code = gf_new(keep, uint32_t, count), .length = count - drop, .name = name, .stem = drop > 0 };
    if (!e->code)
        return false;
    for (size_t i = 0; i < count; i++)
        (void)gf_utf8_next(&rest, &e->code[i]);
    if (drop && !is_place_suffix(e->code[count - 1]))
        return true;
    e->first = e->code[0];
    index->count++;
    return true;
}

name_index *name_index_make(const gf_figure_name *names, size_t count, gf_arena *keep)
{
    name_index *index = gf_new(keep, name_index, 1);
    if (!index)
        return NULL;
    index->entries = gf_new(keep, entry, 2 * count + 1);
    bool room = index->entries != NULL;
    for (size_t i = 0; room && i < count; i++) {
        room = add(index, &names[i], 0, keep);
        if (room && names[i].kind == GF_FIGURE_NAME_PLACE)
            room = add(index, &names[i], 1, keep);
    }
    if (!room)
        return NULL;
    qsort(index->entries, index->count, sizeof *index->entries, by_first_then_longer);
    return index;
}

static size_t first_with(const name_index *index, uint32_t code)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (index->entries[middle].first < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const entry *longest_at(const name_index *index, const text_line *line, size_t at)
{
    for (size_t i = first_with(index, line->code[at]); i < index->count && index->entries[i].first == line->code[at]; i++) {
        const entry *e = &index->entries[i];
        if (at + e->length <= line->count && memcmp(e->code, line->code + at, e->length * sizeof *e->code) == 0)
            return e;
    }
    return NULL;
}

size_t name_index_find(const name_index *index, text_line *line, name_hit *hits, size_t max)
{
    size_t count = 0;
    for (size_t at = 0; at < line->count;) {
        const entry *e = longest_at(index, line, at);
        if (!e) {
            at++;
            continue;
        }
        for (size_t i = at; i < at + e->length; i++)
            line->in_name[i] = true;
        if (!e->stem && count < max)
            hits[count++] = (name_hit){ at, at + e->length, e->name };
        at += e->length;
    }
    return count;
}
