/* What the books claim, made ready to be asked: by value, by words, by place.
 *
 * Words are compared by pairs of characters. Each pair lists the known figures that hold it; pairs that stand in very
 * many figures say little and are passed over, so that a number costs a bounded amount of work however large the books.
 */
#include "figure/press_inside.h"

#include <stdlib.h>
#include <string.h>

enum { PAIR_CLAIMS_MAX = 400, VISITS_MAX = 20000, PAIRS_MIN = 4, ANCESTORS_MAX = 12 };

/* ---- Pairs of characters ---- */

static bool counts_in_pair(uint32_t code)
{
    return !numeral_is_arabic(code) && code > ' ' && !(code >= 0x3000 && code <= 0x303F) && !(code >= 0xFF00 && code <= 0xFF0F) && !(code >= 0x2010 && code <= 0x206F) &&
           code != ',' && code != '.' && code != 0xFF1A && code != 0xFF1B;
}

static int by_pair(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

size_t press_pairs(const uint32_t *code, size_t count, uint64_t *out)
{
    size_t made = 0, kept = 0;
    for (size_t i = 0; i + 1 < count; i++)
        if (counts_in_pair(code[i]) && counts_in_pair(code[i + 1]))
            out[made++] = (uint64_t)code[i] << 32 | code[i + 1];
    qsort(out, made, sizeof *out, by_pair);
    for (size_t i = 0; i < made; i++)
        if (kept == 0 || out[kept - 1] != out[i])
            out[kept++] = out[i];
    return kept;
}

/* ---- Claims ---- */

size_t press_equal_slot(const press *p, gf_decimal value, gf_str unit)
{
    uint64_t hash = gf_str_hash(unit) ^ (uint64_t)value.digits * 0x9E3779B97F4A7C15u ^ value.scale;
    return (size_t)((hash ^ hash >> 29) & (p->equal_room - 1));
}

static bool add_claim(press *p, const claim *made)
{
    if (p->claim_count + 1 >= p->claim_room) {
        uint32_t room = p->claim_room ? p->claim_room * 2 : 1024;
        claim *larger = gf_new(p->keep, claim, room);
        if (!larger)
            return false;
        if (p->claim_count)
            memcpy(larger, p->claims, (p->claim_count + 1) * sizeof *larger);
        p->claims = larger;
        p->claim_room = room;
    }
    p->claims[++p->claim_count] = *made;
    return true;
}

static bool is_claim(gf_figure_token_kind kind)
{
    return kind == GF_FIGURE_TOKEN_FIGURE || kind == GF_FIGURE_TOKEN_ORDINAL || kind == GF_FIGURE_TOKEN_YEAR || kind == GF_FIGURE_TOKEN_DATE;
}

/* What a known figure claims: its reading, and every other number of its words. */
static gf_status add_claims(press *p, const gf_figure_known *known, uint32_t index, gf_error *err)
{
    gf_figure_token *tokens;
    size_t count;
    p->words[index].first_claim = p->claim_count + 1;
    if (known->has_value && !add_claim(p, &(claim){ known, known->value, known->unit, known->bound, { "", 0 }, index, 0 }))
        return gf_fail_memory(err);
    gf_status status = gf_figure_scan(known->phrase, p->books->names, 0, p->keep, &tokens, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        const gf_figure_token *t = &tokens[i];
        bool same = known->has_value && gf_decimal_cmp(t->value, known->value) == 0 && gf_str_eq(t->value_unit, known->unit);
        if (is_claim(t->kind) && !same && !add_claim(p, &(claim){ known, t->value, t->value_unit, t->bound, t->iso, index, 0 }))
            return gf_fail_memory(err);
    }
    p->words[index].claim_count = p->claim_count + 1 - p->words[index].first_claim;
    return status;
}

static bool add_words(press *p, const gf_figure_known *known, uint32_t index)
{
    text_line line;
    gf_mark mark = gf_arena_mark(p->scratch);
    uint64_t *pairs = line_make(known->phrase, 0, p->scratch, &line) ? gf_new(p->scratch, uint64_t, line.count + 1) : NULL;
    if (!pairs)
        return false;
    size_t count = press_pairs(line.code, line.count, pairs);
    p->words[index].pairs = gf_new(p->keep, uint64_t, count + 1);
    if (!p->words[index].pairs)
        return false;
    memcpy(p->words[index].pairs, pairs, count * sizeof *pairs);
    p->words[index].count = (uint32_t)count;
    gf_arena_rewind(p->scratch, mark);
    return true;
}

static int by_posting(const void *a, const void *b)
{
    const posting *x = a, *y = b;
    return x->pair != y->pair ? (x->pair < y->pair ? -1 : 1) : (x->words > y->words) - (x->words < y->words);
}

static bool make_postings(press *p)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < p->books->known_count; i++)
        total += p->words[i].count;
    p->postings = gf_new(p->keep, posting, total + 1);
    if (!p->postings)
        return false;
    for (size_t i = 0; i < p->books->known_count; i++)
        for (uint32_t k = 0; k < p->words[i].count; k++)
            p->postings[at++] = (posting){ p->words[i].pairs[k], (uint32_t)i };
    p->posting_count = total;
    qsort(p->postings, total, sizeof *p->postings, by_posting);
    return true;
}

static bool make_equal(press *p)
{
    for (p->equal_room = 1024; p->equal_room < 2u * (p->claim_count + 1u); p->equal_room *= 2)
        continue;
    p->equal = gf_new(p->keep, uint32_t, p->equal_room);
    for (uint32_t i = 1; p->equal && i <= p->claim_count; i++) {
        size_t slot = press_equal_slot(p, p->claims[i].value, p->claims[i].unit);
        p->claims[i].next_equal = p->equal[slot];
        p->equal[slot] = i;
    }
    return p->equal != NULL;
}

/* ---- Places inside places ---- */

typedef struct place_row { gf_str id, parent; } place_row;

static int by_place_id(const void *a, const void *b) { return gf_str_cmp(((const place_row *)a)->id, ((const place_row *)b)->id); }

static bool make_places(press *p)
{
    size_t count = 0;
    place_row *rows = gf_new(p->keep, place_row, p->books->name_count + 1);
    p->place_ids = gf_new(p->keep, gf_str, p->books->name_count + 1);
    p->place_parents = gf_new(p->keep, gf_str, p->books->name_count + 1);
    if (!rows || !p->place_ids || !p->place_parents)
        return false;
    for (size_t i = 0; i < p->books->name_count; i++)
        if (p->books->names[i].kind == GF_FIGURE_NAME_PLACE)
            rows[count++] = (place_row){ p->books->names[i].id, p->books->names[i].parent };
    qsort(rows, count, sizeof *rows, by_place_id);
    for (size_t i = 0; i < count; i++) {
        p->place_ids[i] = rows[i].id;
        p->place_parents[i] = rows[i].parent;
    }
    p->place_count = count;
    return true;
}

static gf_str parent_of(const press *p, gf_str id)
{
    size_t low = 0, high = p->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = gf_str_cmp(p->place_ids[middle], id);
        if (order == 0)
            return p->place_parents[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (gf_str){ "", 0 };
}

bool press_lies_in(const press *p, gf_str inner, gf_str outer)
{
    for (int depth = 0; inner.len && depth < ANCESTORS_MAX; depth++) {
        if (gf_str_eq(inner, outer))
            return true;
        inner = parent_of(p, inner);
    }
    return false;
}

bool press_is_place(const press *p, gf_str id)
{
    size_t low = 0, high = p->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = gf_str_cmp(p->place_ids[middle], id);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* ---- Likeness ---- */

double press_alike(const press *p, const spot *s, uint32_t index)
{
    const words *w = &p->words[index];
    size_t shared = 0;
    for (size_t i = 0, k = 0; i < s->pair_count && k < w->count;) {
        if (s->pairs[i] == w->pairs[k])
            shared++, i++, k++;
        else if (s->pairs[i] < w->pairs[k])
            i++;
        else
            k++;
    }
    if (w->count < PAIRS_MIN && gf_str_has(s->sentence, p->books->known[index].phrase))
        return 1;  /* too short for pairs, and there word by word */
    return (double)shared / (double)(w->count > PAIRS_MIN ? w->count : PAIRS_MIN);
}

static size_t first_posting(const press *p, uint64_t pair)
{
    size_t low = 0, high = p->posting_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->postings[middle].pair < pair)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void note_best(spot *s, uint32_t index, double likeness)
{
    size_t at = s->best_count < PRESS_CANDIDATES ? s->best_count++ : PRESS_CANDIDATES - 1;
    if (at == PRESS_CANDIDATES - 1 && s->alike[at] >= likeness && s->best_count == PRESS_CANDIDATES && s->best[at] != UINT32_MAX)
        return;
    for (; at > 0 && s->alike[at - 1] < likeness; at--) {
        s->alike[at] = s->alike[at - 1];
        s->best[at] = s->best[at - 1];
    }
    s->alike[at] = likeness;
    s->best[at] = index;
}

/* The known figures whose words are most like the window. */
void press_find_alike(press *p, spot *s)
{
    size_t visits = 0;
    p->touched_count = 0;
    s->best_count = 0;
    for (size_t i = 0; i < PRESS_CANDIDATES; i++)
        s->best[i] = UINT32_MAX;
    for (size_t i = 0; i < s->pair_count && visits < VISITS_MAX; i++) {
        size_t from = first_posting(p, s->pairs[i]), to = from;
        while (to < p->posting_count && p->postings[to].pair == s->pairs[i] && to - from <= PAIR_CLAIMS_MAX)
            to++;
        if (to - from > PAIR_CLAIMS_MAX)
            continue;
        visits += to - from;
        for (size_t k = from; k < to; k++)
            if (p->shared[p->postings[k].words]++ == 0)
                p->touched[p->touched_count++] = p->postings[k].words;
    }
    for (size_t i = 0; i < p->touched_count; i++) {
        uint32_t index = p->touched[i];
        if (p->shared[index] >= 2 || p->words[index].count <= PAIRS_MIN)
            note_best(s, index, press_alike(p, s, index));
        p->shared[index] = 0;
    }
}

gf_status press_prepare(press *p, gf_error *err)
{
    size_t count = p->books->known_count;
    p->words = gf_new(p->keep, words, count + 1);
    p->shared = gf_new(p->keep, uint16_t, count + 1);
    p->touched = gf_new(p->keep, uint32_t, count + 1);
    p->index = name_index_make(p->books->names, p->books->name_count, p->keep);
    if (!p->words || !p->shared || !p->touched || !p->index)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        gf_status status = add_claims(p, &p->books->known[i], (uint32_t)i, err);
        if (status != GF_OK)
            return status;
        if (!add_words(p, &p->books->known[i], (uint32_t)i))
            return gf_fail_memory(err);
    }
    return make_postings(p) && make_equal(p) && make_places(p) ? GF_OK : gf_fail_memory(err);
}
