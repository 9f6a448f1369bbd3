/* Slots of entries and their sums. One entry touches one or two places and kinds, so its slots are found by looking
 * through those found before; a load touches some thousand sums, kept in a map and written once.
 */
#include "app/slots.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SUMS_BYTES_MAX = 1 << 28, SUMS_FIRST = 64 };

typedef struct sum { gf_str place, kind; bool demo; int64_t rows; gf_fen amount; } sum;

struct slot_sums {
    gf_arena *arena;
    text_map  numbers;       /* place and kind -> 1 + index */
    sum      *sums;
    size_t    count, room;
};

slot_sums *slot_sums_open(void)
{
    slot_sums *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->arena = gf_arena_open(SUMS_BYTES_MAX);
    map_init(&s->numbers, s->arena);
    if (s->arena)
        return s;
    slot_sums_close(s);
    return NULL;
}

void slot_sums_close(slot_sums *s)
{
    if (!s)
        return;
    map_done(&s->numbers);
    free(s->sums);
    gf_arena_close(s->arena);
    free(s);
}

size_t slot_sums_count(const slot_sums *s) { return s->count; }

static size_t write_name(char *out, size_t room, gf_str place, gf_str kind, bool demo)
{
    int len = snprintf(out, room, "%d%.*s\x1f%.*s", demo, GF_STR_ARG(kind), GF_STR_ARG(place));
    return len < 0 || (size_t)len >= room ? 0 : (size_t)len;
}

enum { NAME_BYTES = 5000 };  /* a place's code may be as long as a text of an entry */

static sum *sum_of(slot_sums *s, const entry_slot *found)
{
    char name[NAME_BYTES];
    bool fresh;
    size_t len = write_name(name, sizeof name, found->place, found->kind, found->demo);
    int64_t *number = len ? map_put(&s->numbers, (gf_str){ name, len }, &fresh) : NULL;
    if (!number)
        return NULL;
    assert(fresh || (*number >= 1 && (size_t)*number <= s->count));  /* 0: it failed once, and the sums were used on */
    if (!fresh)
        return &s->sums[*number - 1];
    if (s->count == s->room) {
        size_t room = s->room ? s->room * 2 : SUMS_FIRST;
        sum *larger = realloc(s->sums, room * sizeof *larger);
        if (!larger)
            return NULL;
        s->sums = larger;
        s->room = room;
    }
    s->sums[s->count] = (sum){ gf_str_copy(s->arena, found->place), gf_str_copy(s->arena, found->kind), found->demo, 0, 0 };
    *number = (int64_t)++s->count;
    return s->sums[s->count - 1].kind.data ? &s->sums[s->count - 1] : NULL;
}

bool slot_sums_add(slot_sums *s, const entry_slot *found)
{
    sum *at = sum_of(s, found);
    if (!at)
        return false;
    at->rows += found->rows;
    return gf_fen_add(at->amount, found->amount, &at->amount);
}

bool slot_sums_find(const slot_sums *s, gf_str place, gf_str kind, bool demo, int64_t *rows, gf_fen *amount)
{
    char name[NAME_BYTES];
    size_t len = write_name(name, sizeof name, place, kind, demo);
    const int64_t *number = len ? map_find(&s->numbers, (gf_str){ name, len }) : NULL;
    if (!number)
        return false;
    assert(*number >= 1 && (size_t)*number <= s->count);
    *rows = s->sums[*number - 1].rows;
    *amount = s->sums[*number - 1].amount;
    return true;
}

void slot_sums_clear(slot_sums *s)
{
    for (size_t i = 0; i < s->count; i++) {
        s->sums[i].rows = 0;
        s->sums[i].amount = 0;
    }
}

gf_status slot_sums_write(slot_sums *s, gf_app *app, gf_error *err)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->sums[i].rows == 0)
            continue;
        gf_stmt *stmt = gf_store_named(app->store, "slot_total_add");
        gf_stmt_str(stmt, 1, s->sums[i].place);
        gf_stmt_str(stmt, 2, s->sums[i].kind);
        gf_stmt_int(stmt, 3, s->sums[i].demo);
        gf_stmt_int(stmt, 4, s->sums[i].rows);
        gf_stmt_int(stmt, 5, s->sums[i].amount);
        (void)gf_stmt_run(stmt);
    }
    slot_sums_clear(s);
    return gf_store_ok(app->store, err);
}

entry_slot *slots_of(const gf_fund_entry *entry, gf_arena *keep, size_t *count)
{
    entry_slot *slots = gf_new(keep, entry_slot, entry->transfer_count);
    *count = 0;
    for (size_t i = 0; slots && i < entry->transfer_count; i++) {
        const gf_fund_transfer *t = &entry->transfers[i];
        size_t k = 0;
        while (k < *count && !(gf_str_eq(slots[k].place, t->to.place) && gf_str_eq(slots[k].kind, t->to.kind)))
            k++;
        if (k == *count)
            slots[(*count)++] = (entry_slot){ .place = t->to.place, .kind = t->to.kind, .date = entry->date, .entry = entry->id, .demo = gf_str_is(entry->origin, "demo") };
        slots[k].rows++;
        if (!gf_fen_add(slots[k].amount, entry->reverses ? -t->amount : t->amount, &slots[k].amount))
            return NULL;
    }
    return slots;
}

static bool write_slot(gf_app *app, const entry_slot *s)
{
    gf_stmt *stmt = gf_store_named(app->store, "slot_insert");
    gf_stmt_str(stmt, 1, s->place);
    gf_stmt_str(stmt, 2, s->kind);
    gf_stmt_str(stmt, 3, s->date);
    gf_stmt_int(stmt, 4, s->entry);
    gf_stmt_int(stmt, 5, s->demo);
    gf_stmt_int(stmt, 6, s->rows);
    gf_stmt_int(stmt, 7, s->amount);
    return gf_stmt_run(stmt);
}

gf_status slots_post(gf_app *app, slot_sums *sums, const gf_fund_entry *entry, gf_arena *scratch, gf_error *err)
{
    size_t count;
    entry_slot *slots = slots_of(entry, scratch, &count);
    if (!slots)
        return gf_fail(err, GF_ELIMIT, "ledger.total", "Look for amounts with zeros too many.", "the rows of the entry pass what can be counted");
    for (size_t i = 0; i < count; i++) {
        if (!slot_sums_add(sums, &slots[i]))
            return gf_fail(err, GF_ELIMIT, "ledger.total", "Look for amounts with zeros too many.", "the sum of a place and kind passes what can be counted");
        if (!write_slot(app, &slots[i]))
            break;
    }
    return gf_store_ok(app->store, err);
}

static uint64_t stir(uint64_t x)  /* the finaliser of splitmix64 */
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

uint64_t slot_mark(const entry_slot *s)
{
    uint64_t texts = stir(gf_str_hash(s->place)) ^ stir(gf_str_hash(s->kind) + 1) ^ stir(gf_str_hash(s->date) + 2);
    return stir(texts ^ stir((uint64_t)s->entry * 2 + s->demo + 3) ^ stir((uint64_t)s->rows + 4) ^ stir((uint64_t)s->amount + 5));
}
