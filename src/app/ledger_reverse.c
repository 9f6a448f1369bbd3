/* Taking back: a reversal mirrors its entry row by row, and an entry is taken back once.
 *
 * The original is what this load booked (in memory), or what the store holds. Accounts are told apart by their numbers:
 * the same words are the same account.
 */
#include "app/ledger_inside.h"

#include <assert.h>
#include <stdlib.h>

enum { BLOCK_LINES = 1 << 16, ENTRIES_FIRST = 1 << 12, BOUND_BITS = 2 };

typedef struct booked_line { int64_t amount_and_bound; uint32_t from, to; } booked_line;   /* the bound in the lowest two bits */
typedef struct booked_entry { uint64_t key_hash; uint32_t line; bool reversal, reversed; } booked_entry;   /* of its first line */

struct ledger_booked {
    booked_line **blocks;           /* of BLOCK_LINES each, so that what stands is never copied */
    size_t        block_count;
    uint32_t      line_count;
    booked_entry *entries;
    size_t        entry_count, entry_room;
    int64_t       first;            /* number of the first of them */
};

static_assert(GF_FUND_AMOUNT_MAX < INT64_MAX >> BOUND_BITS, "an amount leaves room for its bound");

ledger_booked *ledger_booked_open(void) { return calloc(1, sizeof(ledger_booked)); }

void ledger_booked_close(ledger_booked *booked)
{
    if (!booked)
        return;
    for (size_t i = 0; i < booked->block_count; i++)
        free(booked->blocks[i]);
    free(booked->blocks);
    free(booked->entries);
    free(booked);
}

/* ---- What this load booked ---- */

static booked_entry *entry_of(const ledger_booked *booked, int64_t id)
{
    return id >= booked->first && id - booked->first < (int64_t)booked->entry_count ? &booked->entries[id - booked->first] : NULL;
}

static uint32_t end_of(const ledger_booked *booked, const booked_entry *entry)
{
    return entry + 1 < booked->entries + booked->entry_count ? entry[1].line : booked->line_count;
}

static const booked_line *line_at(const ledger_booked *booked, uint32_t i) { return &booked->blocks[i / BLOCK_LINES][i % BLOCK_LINES]; }

static bool add_line(ledger_booked *booked, const gf_fund_transfer *t)
{
    if (booked->line_count == UINT32_MAX || t->from.id > UINT32_MAX || t->to.id > UINT32_MAX)
        return false;
    size_t block = booked->line_count / BLOCK_LINES;
    if (block == booked->block_count) {
        booked_line **blocks = realloc(booked->blocks, (block + 1) * sizeof *blocks);
        if (!blocks)
            return false;
        booked->blocks = blocks;
        blocks[block] = malloc(BLOCK_LINES * sizeof **blocks);
        if (!blocks[block])
            return false;
        booked->block_count++;
    }
    booked->blocks[block][booked->line_count++ % BLOCK_LINES] =
        (booked_line){ t->amount * (1 << BOUND_BITS) + t->bound, (uint32_t)t->from.id, (uint32_t)t->to.id };
    return true;
}

static bool grow_entries(ledger_booked *booked)
{
    size_t room = booked->entry_room ? booked->entry_room * 2 : ENTRIES_FIRST;
    booked_entry *larger = realloc(booked->entries, room * sizeof *larger);
    if (!larger)
        return false;
    booked->entries = larger;
    booked->entry_room = room;
    return true;
}

static bool add_entry(ledger_booked *booked, const gf_fund_entry *entry)
{
    if (booked->entry_count == booked->entry_room && !grow_entries(booked))
        return false;
    booked->entries[booked->entry_count++] =
        entry ? (booked_entry){ .key_hash = gf_str_hash(entry->key), .line = booked->line_count, .reversal = entry->reverses != 0 } : (booked_entry){ .line = booked->line_count };
    return true;
}

bool ledger_booked_add(ledger_booked *booked, const gf_fund_entry *entry)
{
    if (booked->entry_count == 0)
        booked->first = entry->id;
    while (booked->first + (int64_t)booked->entry_count < entry->id)  /* what failed while it was booked took a number, too */
        if (!add_entry(booked, NULL))
            return false;
    assert(entry->id == booked->first + (int64_t)booked->entry_count);
    booked_entry *original = entry->reverses ? entry_of(booked, entry->reverses) : NULL;
    if (original)
        original->reversed = true;
    if (!add_entry(booked, entry))
        return false;
    for (size_t i = 0; i < entry->transfer_count; i++)
        if (!add_line(booked, &entry->transfers[i]))
            return false;
    return true;
}

int64_t ledger_booked_under(const ledger_booked *booked, uint64_t key_hash)
{
    for (size_t i = booked->entry_count; i-- > 0;)
        if (booked->entries[i].key_hash == key_hash)
            return booked->first + (int64_t)i;
    return 0;
}

/* ---- Mirrors ---- */

/* A row of the original, wherever it was read. */
typedef struct row { gf_fen amount; int bound; int64_t from, to; } row;

/* Whether rows go the original's way, or turned. */
typedef struct ways { bool straight, turned; } ways;

static void compare(ways *w, const row *was, gf_fund_transfer *ours)
{
    ours->bound = ours->bound ? ours->bound : was->bound;
    bool same = ours->amount == was->amount && ours->bound == was->bound;
    w->straight = w->straight && same && ours->from.id == was->from && ours->to.id == was->to;
    w->turned = w->turned && same && ours->from.id == was->to && ours->to.id == was->from;
}

static gf_status fail_double(int64_t id, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "ledger.mirror", "Book the first entry again, with a new key.", "entry %lld is itself a reversal", (long long)id);
}

static gf_status settle(ways w, gf_fund_entry *entry, gf_error *err)
{
    if (w.straight && !w.turned)
        gf_fund_mirror(entry->transfers, entry->transfer_count);
    if (w.straight || w.turned)
        return GF_OK;
    return gf_fail(err, GF_EINPUT, "ledger.mirror", "Repeat every row of the entry with the same amounts and parties.",
                   "the rows do not mirror entry %lld", (long long)entry->reverses);
}

static gf_status mirror_booked(const ledger_booked *booked, const booked_entry *original, gf_fund_entry *entry, gf_error *err)
{
    if (original->reversal)
        return fail_double(entry->reverses, err);
    bool as_many = end_of(booked, original) - original->line == entry->transfer_count;
    ways w = { as_many, as_many };
    for (size_t i = 0; (w.straight || w.turned) && i < entry->transfer_count; i++) {
        const booked_line *line = line_at(booked, original->line + (uint32_t)i);
        const row was = { line->amount_and_bound >> BOUND_BITS, (int)(line->amount_and_bound & ((1 << BOUND_BITS) - 1)), line->from, line->to };
        compare(&w, &was, &entry->transfers[i]);
    }
    return settle(w, entry, err);
}

static gf_status mirror_read(const gf_fund_entry *original, gf_fund_entry *entry, gf_error *err)
{
    assert(original->id == entry->reverses);
    if (original->reverses)
        return fail_double(original->id, err);
    bool as_many = original->transfer_count == entry->transfer_count;
    ways w = { as_many, as_many };
    for (size_t i = 0; (w.straight || w.turned) && i < entry->transfer_count; i++) {
        const gf_fund_transfer *t = &original->transfers[i];
        compare(&w, &(row){ t->amount, t->bound, t->from.id, t->to.id }, &entry->transfers[i]);
    }
    return settle(w, entry, err);
}

/* ---- Check ---- */

static gf_status fail_taken(int64_t id, gf_error *err)
{
    return gf_fail(err, GF_ECONFLICT, "ledger.reversed", "Book a new entry instead.", "entry %lld is reversed already", (long long)id);
}

static gf_status check_stored(gf_app *app, gf_fund_entry *entry, bool again, gf_error *err)
{
    gf_stmt *reversed = gf_store_named(app->store, "entry_reversed_by");
    gf_stmt_int(reversed, 1, entry->reverses);
    bool taken = gf_stmt_row(reversed) && !again;
    gf_stmt_end(reversed);
    if (taken)
        return fail_taken(entry->reverses, err);
    ledger_reader reader;
    gf_status status = ledger_reader_open(app, entry->reverses, entry->reverses, &reader, err);
    if (status != GF_OK)
        return status;
    status = ledger_reader_next(&reader) ? mirror_read(&reader.entry, entry, err) : gf_store_ok(app->store, err);
    ledger_reader_close(&reader);
    return status;
}

gf_status ledger_check_reversal(gf_app *app, const ledger_booked *booked, gf_fund_entry *entry, bool again, gf_error *err)
{
    const booked_entry *original = entry_of(booked, entry->reverses);
    if (!original)
        return check_stored(app, entry, again, err);
    return original->reversed && !again ? fail_taken(entry->reverses, err) : mirror_booked(booked, original, entry, err);
}
