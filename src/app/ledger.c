/* Posting: rows of entries.csv become entries, lines, a chain of hashes and totals, all in the caller's transaction.
 *
 * Rows of one entry are gathered until the next label comes; then the entry is checked, told apart from what is booked
 * already, hashed and written. Totals are added up in memory (totals.c) and written once by ledger_finish(): a load of a
 * million entries touches some ten thousand totals. Cost for each row: two inserts, one lookup of the key in memory, eight additions.
 */
#include "app/slots.h"
#include "app/totals.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const size_t LEDGER_BYTES_MAX = (size_t)2 << 30;
enum { ENTRY_BYTES_MAX = 16 << 20, NAME_BYTES_MAX = 4000, KEYS_ASKED = 2000 };

const char *const LEDGER_COLUMN_NAMES[LEDGER_COLUMN_COUNT] = {
    "entry", "date", "period", "verb", "kind", "from_party", "to_party", "fund", "project", "place", "stage_from", "stage_to",
    "amount_fen", "bound", "purpose", "voucher", "source", "origin", "key", "reverses", "unit", "note",
};

/* Labels are mostly 1, 2, 3 ...: such a run needs no map. label - first is id - first_id. */
typedef struct label_run { int64_t first, first_id, count; } label_run;

struct ledger {
    ledger_world world;
    gf_arena    *arena;                /* keys of the maps, for the whole load */
    gf_arena    *entry_arena;          /* the entry at hand */
    gf_arena    *scratch;
    text_map     accounts, labels;     /* labels: those outside the run */
    label_run    run;
    uint8_t     *met;                  /* one bit for each entry that was booked before this load and came again */
    totals      *totals;
    slot_sums   *slots;
    ledger_booked *booked;             /* by this load */
    hash_set     keys;                 /* of all entries that are booked, once keys_whole */
    bool         keys_whole;
    bool         single;               /* ledger_post(): one entry at a time, its key may come again */
    int64_t      account_id, entry_id, line_id, entry_at_start;
    uint8_t      head[GF_HASH_BYTES];
    gf_hash     *hash;
    gf_str       label;                /* of the entry at hand; "" = none */
    gf_fund_entry entry;
    gf_str       reverses;             /* as written */
    size_t       transfer_room;
    int64_t      added, seen;
    size_t       line;                 /* of the last row of the entry at hand */
};

void ledger_drop(gf_app *app)
{
    ledger *l = app->ledger;
    if (!l)
        return;
    ledger_world_done(&l->world);
    map_done(&l->accounts);
    map_done(&l->labels);
    hash_set_done(&l->keys);
    ledger_booked_close(l->booked);
    totals_close(l->totals);
    slot_sums_close(l->slots);
    free(l->met);
    gf_arena_close(l->arena);
    gf_arena_close(l->entry_arena);
    gf_arena_close(l->scratch);
    gf_hash_close(l->hash);
    free(l);
    app->ledger = NULL;
}

/* ---- Accounts ---- */

static gf_str account_key(const gf_fund_account *a, gf_arena *scratch)
{
    const gf_str parts[] = { a->kind, a->stage, a->party, a->fund, a->project, a->place };
    gf_text text;
    gf_text_init(&text, scratch);
    for (size_t i = 0; i < GF_COUNT(parts); i++) {
        gf_text_add(&text, parts[i]);
        gf_text_add_char(&text, '\x1f');
    }
    return gf_text_str(&text);
}

static gf_status read_accounts(gf_app *app, ledger *l, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "account_all");
    while (gf_stmt_row(stmt)) {
        gf_mark mark = gf_arena_mark(l->scratch);
        gf_fund_account a = { gf_row_str(stmt, 1), gf_row_str(stmt, 2), gf_row_str(stmt, 3), gf_row_str(stmt, 4),
                              gf_row_str(stmt, 5), gf_row_str(stmt, 6), 0 };
        bool fresh;
        int64_t *id = map_put(&l->accounts, account_key(&a, l->scratch), &fresh);
        if (!id)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        *id = gf_row_int(stmt, 0);
        l->account_id = *id > l->account_id ? *id : l->account_id;
        gf_arena_rewind(l->scratch, mark);
    }
    return gf_store_ok(app->store, err);
}

/* The numbers of what a transfer names, 0 for an account that is not there: a reversal is held against them. */
static void number_accounts(ledger *l)
{
    for (size_t i = 0; i < l->entry.transfer_count; i++) {
        gf_fund_account *ends[] = { &l->entry.transfers[i].from, &l->entry.transfers[i].to };
        for (int end = 0; end < 2; end++) {
            gf_arena_rewind(l->scratch, (gf_mark){ NULL, 0 });
            const int64_t *id = map_find(&l->accounts, account_key(ends[end], l->scratch));
            ends[end]->id = id ? *id : 0;
        }
    }
}

static int64_t account_of(gf_app *app, ledger *l, const gf_fund_account *a)
{
    bool fresh;
    int64_t *id = map_put(&l->accounts, account_key(a, l->scratch), &fresh);
    if (!id)
        return 0;
    if (fresh) {
        *id = ++l->account_id;
        gf_stmt *stmt = gf_store_named(app->store, "account_insert");
        const gf_str parts[] = { a->kind, a->stage, a->party, a->fund, a->project, a->place };
        gf_stmt_int(stmt, 1, *id);
        for (size_t i = 0; i < GF_COUNT(parts); i++)
            gf_stmt_str(stmt, (int)i + 2, parts[i]);
        (void)gf_stmt_run(stmt);  /* a failure is latched and told at the end */
    }
    return *id;
}

/* ---- One entry ---- */

static gf_status check_names(const ledger *l, const gf_fund_transfer *t, gf_error *err)
{
    gf_status status = ledger_world_check_account(&l->world, &t->from, "from_party", err);
    if (status == GF_OK)
        status = ledger_world_check_account(&l->world, &t->to, "to_party", err);
    if (status == GF_OK && l->entry.unit.len && !map_find(&l->world.units, l->entry.unit))
        return gf_fail(err, GF_EINPUT, "ledger.unknown", "Add it to units.csv, or correct the id.", "unit \"%.*s\" is not known",
                       GF_STR_ARG(gf_str_slice(l->entry.unit, 0, 60)));
    return status;
}

/* A load that goes on holds the keys' hashes itself: a question for each entry costs as much as the entry. */
static void gather_keys(gf_app *app, ledger *l)
{
    if (l->keys_whole || l->single || (l->entry_at_start && l->seen < KEYS_ASKED))
        return;
    gf_stmt *stmt = gf_store_named(app->store, "entry_keys");
    while (gf_stmt_row(stmt))
        (void)hash_set_meet(&l->keys, gf_str_hash(gf_row_str(stmt, 0)));
    gf_stmt_end(stmt);
    l->keys_whole = true;
}

static bool is_key_of(gf_app *app, int64_t id, gf_str key)
{
    gf_stmt *stmt = gf_store_named(app->store, "entry_key_of");
    gf_stmt_int(stmt, 1, id);
    bool same = gf_stmt_row(stmt) && gf_str_eq(gf_row_str(stmt, 0), key);
    gf_stmt_end(stmt);
    return same;
}

/* The entry booked under this key: 0 when there is none. What this load booked is found by its number: the index of keys may be put off. */
static int64_t booked_under(gf_app *app, ledger *l, gf_str key)
{
    uint64_t hash = gf_str_hash(key);
    gather_keys(app, l);
    if (l->keys_whole && !hash_set_meet(&l->keys, hash))
        return 0;
    int64_t ours = ledger_booked_under(l->booked, hash);
    if (ours && is_key_of(app, ours, key))
        return ours;
    gf_stmt *stmt = gf_store_named(app->store, "entry_id_by_key");
    gf_stmt_str(stmt, 1, key);
    int64_t id = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return id;
}

/* The key of an entry that this load met already, under another label. */
static gf_status meet(ledger *l, int64_t id, gf_error *err)
{
    if (l->single)
        return GF_OK;
    if (id < 1)
        return gf_fail(err, GF_EIO, "ledger.damaged", "Run gongfu check.", "the store holds an entry of number %lld", (long long)id);
    bool again = id > l->entry_at_start || (l->met[id / 8] & 1u << id % 8);
    if (again)
        return gf_fail(err, GF_EINPUT, "ledger.key", "Give every entry a key of its own.",
                       "the key \"%.*s\" stands under two entries", GF_STR_ARG(gf_str_slice(l->entry.key, 0, 80)));
    l->met[id / 8] = (uint8_t)(l->met[id / 8] | 1u << id % 8);
    return GF_OK;
}

/* The same content gives the same hash behind the same entry before it: no field needs to be read back. */
static gf_status same_as_booked(gf_app *app, ledger *l, int64_t id, gf_error *err)
{
    gf_status status = meet(l, id, err);
    if (status != GF_OK)
        return status;
    uint8_t before[GF_HASH_BYTES] = { 0 }, stored[GF_HASH_BYTES] = { 0 }, ours[GF_HASH_BYTES];
    gf_stmt *stmt = gf_store_named(app->store, "entry_hash");
    for (int step = 0; step < 2; step++) {
        gf_stmt_int(stmt, 1, step ? id : id - 1);
        if (gf_stmt_row(stmt) && gf_row_str(stmt, 0).len == GF_HASH_BYTES)
            memcpy(step ? stored : before, gf_row_str(stmt, 0).data, GF_HASH_BYTES);
        gf_stmt_end(stmt);
    }
    l->entry.id = id;
    if (!gf_fund_hash(l->hash, before, &l->entry, ours))
        return gf_fail_memory(err);
    if (memcmp(ours, stored, sizeof ours) == 0)
        return GF_OK;
    return gf_fail(err, GF_ECONFLICT, "ledger.booked", "Entries never change: book one that reverses it, and a new one with a new key.",
                   "the key \"%.*s\" belongs to entry %lld, which says something else",
                   GF_STR_ARG(gf_str_slice(l->entry.key, 0, 80)), (long long)id);
}

/* ---- Labels ---- */

/* A whole number as it would be written: 7, never 07 or +7. */
static bool plain_number(gf_str text, int64_t *out)
{
    return text.len && text.data[0] >= '1' && text.data[0] <= '9' && gf_str_to_int(text, out);
}

static int64_t labelled(const ledger *l, gf_str label)
{
    int64_t number;
    if (l->run.count && plain_number(label, &number) && number >= l->run.first && number - l->run.first < l->run.count)
        return l->run.first_id + (number - l->run.first);
    const int64_t *id = map_find(&l->labels, label);
    return id ? *id : 0;
}

static bool keep_label(ledger *l, gf_str label, int64_t id)
{
    int64_t number;
    bool plain = plain_number(label, &number), fresh;
    if (plain && l->run.count == 0)
        l->run = (label_run){ number, id, 0 };
    if (plain && number == l->run.first + l->run.count && id == l->run.first_id + l->run.count) {
        l->run.count++;
        return true;
    }
    int64_t *kept = map_put(&l->labels, label, &fresh);
    if (kept)
        *kept = id;
    return kept != NULL;
}

/* The entry that a reversal names: a label of this load, an entry's number, or a key. */
static gf_status find_reversed(gf_app *app, ledger *l, gf_error *err)
{
    l->entry.reverses = 0;
    if (l->reverses.len == 0)
        return GF_OK;
    int64_t id = labelled(l, l->reverses);
    if (id == 0)
        id = booked_under(app, l, l->reverses);
    if (id == 0 && gf_str_to_int(l->reverses, &id) && (id < 1 || id > l->entry_id))
        id = 0;
    if (id == 0)
        return gf_fail(err, GF_EINPUT, "ledger.reverses", "Name an entry that stands above, or its key.",
                       "there is no entry \"%.*s\" to reverse", GF_STR_ARG(gf_str_slice(l->reverses, 0, 60)));
    l->entry.reverses = id;
    return GF_OK;
}

static bool write_line(gf_app *app, ledger *l, int64_t account, gf_fen amount, const gf_fund_transfer *t)
{
    assert(amount != 0);  /* gf_fund_check() lets no transfer of nothing through */
    gf_stmt *stmt = gf_store_named(app->store, "entry_line_insert");
    const int64_t numbers[] = { ++l->line_id, l->entry.id, account, amount, t->bound };
    for (int i = 0; i < 5; i++)
        gf_stmt_int(stmt, i + 1, numbers[i]);
    gf_stmt_str(stmt, 6, t->period);
    return account && gf_stmt_run(stmt);
}

static bool write_entry(gf_app *app, ledger *l)
{
    const gf_fund_entry *e = &l->entry;
    gf_stmt *stmt = gf_store_named(app->store, "entry_insert");
    const gf_str texts[] = { e->key, e->date, e->verb, e->purpose, e->voucher, e->source, e->origin, e->unit, e->note };
    gf_stmt_int(stmt, 1, e->id);
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        gf_stmt_str(stmt, (int)i + 2, texts[i]);
    gf_stmt_int(stmt, 11, e->reverses);
    gf_stmt_blob(stmt, 12, l->head, GF_HASH_BYTES);
    return gf_stmt_run(stmt);
}

static gf_status book(gf_app *app, ledger *l, gf_error *err)
{
    assert(l->entry.transfer_count > 0);  /* an entry without a line would be hashed and stand for nothing */
    const int64_t line_before = l->line_id;
    l->entry.id = ++l->entry_id;
    uint8_t hash[GF_HASH_BYTES];
    if (!gf_fund_hash(l->hash, l->head, &l->entry, hash))
        return gf_fail_memory(err);
    memcpy(l->head, hash, sizeof hash);
    (void)write_entry(app, l);
    for (size_t i = 0; i < l->entry.transfer_count; i++) {
        gf_fund_transfer *t = &l->entry.transfers[i];
        gf_arena_rewind(l->scratch, (gf_mark){ NULL, 0 });
        t->from.id = account_of(app, l, &t->from);
        t->to.id = account_of(app, l, &t->to);
        if (!write_line(app, l, t->from.id, -t->amount, t) || !write_line(app, l, t->to.id, t->amount, t))
            return gf_store_ok(app->store, NULL) == GF_OK ? gf_fail_memory(err) : gf_store_ok(app->store, err);
        gf_status status = totals_add(l->totals, &l->entry, t, err);
        if (status != GF_OK)
            return status;
    }
    assert(l->line_id == line_before + 2 * (int64_t)l->entry.transfer_count);  /* two lines each: reading pairs them by number */
    if (!l->single && !ledger_booked_add(l->booked, &l->entry))
        return gf_fail_memory(err);
    l->added++;
    gf_arena_rewind(l->scratch, (gf_mark){ NULL, 0 });
    return slots_post(app, l->slots, &l->entry, l->scratch, err);
}

static gf_status settle_entry(gf_app *app, ledger *l, gf_error *err)
{
    gf_status status = find_reversed(app, l, err);
    int64_t booked = status == GF_OK ? booked_under(app, l, l->entry.key) : 0;
    if (status == GF_OK && l->entry.reverses) {
        number_accounts(l);
        status = ledger_check_reversal(app, l->booked, &l->entry, booked != 0, err);
    }
    if (status == GF_OK)
        status = gf_fund_check(&l->entry, err);
    if (status == GF_OK)
        status = booked ? same_as_booked(app, l, booked, err) : book(app, l, err);
    return status;
}

static gf_status close_entry(gf_app *app, ledger *l, gf_error *err)
{
    if (l->label.len == 0)
        return GF_OK;
    gf_arena_rewind(l->scratch, (gf_mark){ NULL, 0 });
    gf_status status = settle_entry(app, l, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "entries.csv:%zu", l->line);
        return status;
    }
    if (!keep_label(l, l->label, l->entry.id))
        return gf_fail_memory(err);
    l->seen++;
    l->label.len = 0;
    return gf_store_ok(app->store, err);
}

/* ---- Rows ---- */

static const char *entry_fields_differ(const gf_fund_entry *entry, gf_str reverses, const gf_str row[])
{
    const struct { gf_str kept; ledger_column column; } PAIRS[] = {
        { entry->key, LEDGER_KEY },         { entry->date, LEDGER_DATE },     { entry->verb, LEDGER_VERB },
        { entry->purpose, LEDGER_PURPOSE }, { entry->voucher, LEDGER_VOUCHER }, { entry->source, LEDGER_SOURCE },
        { entry->origin, LEDGER_ORIGIN },   { entry->unit, LEDGER_UNIT },     { entry->note, LEDGER_NOTE },
        { reverses, LEDGER_REVERSES },
    };
    for (size_t i = 0; i < GF_COUNT(PAIRS); i++)
        if (!gf_str_eq(PAIRS[i].kept, row[PAIRS[i].column]))
            return LEDGER_COLUMN_NAMES[PAIRS[i].column];
    return NULL;
}

static gf_status open_entry(ledger *l, const gf_str row[], gf_error *err)
{
    if (labelled(l, row[LEDGER_ENTRY]))
        return gf_fail(err, GF_EINPUT, "ledger.apart", "Put all rows of an entry one below the other.",
                       "rows of entry \"%.*s\" stand apart", GF_STR_ARG(gf_str_slice(row[LEDGER_ENTRY], 0, 60)));
    if (row[LEDGER_KEY].len == 0)
        return gf_fail(err, GF_EINPUT, "ledger.key", "Give every entry a key that you keep, for example its voucher number.",
                       "the entry has no key");
    if (row[LEDGER_DATE].len) {
        gf_period day;
        gf_status status = gf_period_parse(row[LEDGER_DATE], &day, err);
        if (status != GF_OK)
            return status;
    }
    gf_arena_rewind(l->entry_arena, (gf_mark){ NULL, 0 });
    gf_str copy[LEDGER_COLUMN_COUNT];
    for (int i = 0; i < LEDGER_COLUMN_COUNT; i++) {
        copy[i] = gf_str_copy(l->entry_arena, row[i]);
        if (!copy[i].data)
            return gf_fail_memory(err);
    }
    l->label = copy[LEDGER_ENTRY];
    l->reverses = copy[LEDGER_REVERSES];
    l->transfer_room = 0;
    l->entry = (gf_fund_entry){ .key = copy[LEDGER_KEY], .date = copy[LEDGER_DATE], .verb = copy[LEDGER_VERB],
                                .purpose = copy[LEDGER_PURPOSE], .voucher = copy[LEDGER_VOUCHER], .source = copy[LEDGER_SOURCE],
                                .origin = copy[LEDGER_ORIGIN], .unit = copy[LEDGER_UNIT], .note = copy[LEDGER_NOTE] };
    return GF_OK;
}

static gf_status parse_amount(gf_str text, gf_fen *out, gf_error *err)
{
    if (gf_str_to_int(text, out))
        return GF_OK;
    return gf_fail(err, GF_EINPUT, "ledger.amount", "Write whole fen with digits only: 300 万元 is 300000000.",
                   "amount_fen \"%.*s\" is not a whole number of fen", GF_STR_ARG(gf_str_slice(text, 0, 40)));
}

static gf_status parse_bound(gf_str text, int *out, gf_error *err)
{
    gf_figure_bound bound;
    if (!gf_figure_bound_parse(text, &bound))
        return gf_fail(err, GF_EINPUT, "ledger.bound", "Write exact, at_least or about.", "\"%.*s\" is no bound",
                       GF_STR_ARG(gf_str_slice(text, 0, 40)));
    *out = (int)bound;
    return GF_OK;
}

static gf_status grow_transfers(ledger *l, gf_error *err)
{
    if (l->entry.transfer_count < l->transfer_room)
        return GF_OK;
    size_t room = l->transfer_room ? l->transfer_room * 2 : 4;
    gf_fund_transfer *larger = gf_new(l->entry_arena, gf_fund_transfer, room);
    if (!larger)
        return gf_fail_memory(err);
    if (l->entry.transfer_count)
        memcpy(larger, l->entry.transfers, l->entry.transfer_count * sizeof *larger);
    l->entry.transfers = larger;
    l->transfer_room = room;
    return GF_OK;
}

static gf_str keep_text(ledger *l, gf_str text) { return text.len ? gf_str_copy(l->entry_arena, text) : (gf_str){ "", 0 }; }

static gf_str party_of(ledger *l, gf_str text)
{
    static const gf_str PREFIX = GF_STR_INIT("place:");
    if (text.len == 0)
        return GF_STR("unstated");  /* nobody said: an account of its own, never left out */
    return keep_text(l, gf_str_starts(text, PREFIX) ? gf_str_slice(text, PREFIX.len, text.len) : text);
}

static gf_status add_transfer(ledger *l, const gf_str row[], gf_error *err)
{
    gf_status status = grow_transfers(l, err);
    gf_fund_transfer t = { .amount = 0 };
    if (status == GF_OK)
        status = parse_amount(row[LEDGER_AMOUNT_FEN], &t.amount, err);
    if (status == GF_OK)
        status = parse_bound(row[LEDGER_BOUND], &t.bound, err);
    gf_period span;
    if (status == GF_OK && row[LEDGER_PERIOD].len)
        status = gf_period_parse(row[LEDGER_PERIOD], &span, err);
    if (status != GF_OK)
        return status;
    gf_fund_account both = { .kind = keep_text(l, row[LEDGER_KIND]), .fund = keep_text(l, row[LEDGER_FUND]),
                             .project = keep_text(l, row[LEDGER_PROJECT]), .place = keep_text(l, row[LEDGER_PLACE]) };
    t.from = t.to = both;
    t.from.party = party_of(l, row[LEDGER_FROM_PARTY]);
    t.to.party = party_of(l, row[LEDGER_TO_PARTY]);
    t.from.stage = keep_text(l, row[LEDGER_STAGE_FROM]);
    const char *meant = gf_fund_verb_stage(row[LEDGER_VERB]);
    /* A reversal written the mirror's way names the stage that it leaves, and goes back to where the money was before. */
    bool turned = row[LEDGER_REVERSES].len && t.from.stage.len;
    bool by_verb = row[LEDGER_STAGE_TO].len == 0 && meant && !turned && !gf_str_is(both.kind, "result");
    t.to.stage = by_verb ? gf_str_of(meant) : keep_text(l, row[LEDGER_STAGE_TO]);
    t.period = keep_text(l, row[LEDGER_PERIOD]);
    l->entry.transfers[l->entry.transfer_count++] = t;
    return GF_OK;
}

static gf_status check_lengths(const gf_str row[], gf_error *err)
{
    for (int i = 0; i < LEDGER_COLUMN_COUNT; i++)
        if (row[i].len > NAME_BYTES_MAX)
            return gf_fail(err, GF_ELIMIT, "ledger.long", "Shorten the text.", "%s is longer than %d bytes", LEDGER_COLUMN_NAMES[i],
                           NAME_BYTES_MAX);
    return GF_OK;
}

gf_status ledger_row(gf_app *app, const gf_str row[LEDGER_COLUMN_COUNT], size_t line, gf_error *err)
{
    ledger *l = app->ledger;
    assert(l);  /* ledger_start() comes first */
    if (row[LEDGER_ENTRY].len == 0)
        return gf_fail(err, GF_EINPUT, "ledger.entry", "Number the entries: 1, 2, 3 ...", "the row names no entry");
    gf_status status = check_lengths(row, err);
    if (status == GF_OK && !gf_str_eq(l->label, row[LEDGER_ENTRY])) {
        status = close_entry(app, l, err);
        if (status == GF_OK)
            status = open_entry(l, row, err);
    } else if (status == GF_OK) {
        const char *column = entry_fields_differ(&l->entry, l->reverses, row);
        if (column)
            status = gf_fail(err, GF_EINPUT, "ledger.rows", "Rows of one entry repeat its key, date, verb and papers.",
                             "the rows of entry \"%.*s\" differ in %s", GF_STR_ARG(gf_str_slice(l->label, 0, 60)), column);
    }
    if (status == GF_OK)
        status = add_transfer(l, row, err);
    if (status == GF_OK)
        status = check_names(l, &l->entry.transfers[l->entry.transfer_count - 1], err);
    l->line = line;
    if (status != GF_OK)
        (void)gf_fail_at(err, "entries.csv:%zu", line);
    return status;
}

/* ---- Start and end ---- */

gf_status ledger_head(gf_app *app, int64_t *entry, char hash_hex[GF_HASH_HEX_BYTES], gf_error *err)
{
    app_moment *moment = &app->moment;
    if (moment->on && moment->has_head) {
        *entry = moment->head;
        memcpy(hash_hex, moment->head_hex, sizeof moment->head_hex);
        return GF_OK;
    }
    gf_stmt *stmt = gf_store_named(app->store, "entry_head");
    *entry = 0;
    hash_hex[0] = '\0';
    if (gf_stmt_row(stmt)) {
        *entry = gf_row_int(stmt, 0);
        gf_str hash = gf_row_str(stmt, 1);
        if (hash.len == GF_HASH_BYTES)
            gf_hex_format((const uint8_t *)hash.data, hash.len, hash_hex);
    }
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status == GF_OK && moment->on) {
        moment->has_head = true;
        moment->head = *entry;
        (void)snprintf(moment->head_hex, sizeof moment->head_hex, "%s", hash_hex);
    }
    return status;
}

static gf_status read_head(gf_app *app, ledger *l, gf_error *err)
{
    char hex[GF_HASH_HEX_BYTES];
    gf_status status = ledger_head(app, &l->entry_id, hex, err);
    l->entry_at_start = l->entry_id;
    (void)gf_hex_parse(gf_str_of(hex), l->head, sizeof l->head);  /* stays zero for the first entry */
    gf_stmt *lines = gf_store_named(app->store, "entry_line_last");
    l->line_id = gf_stmt_row(lines) ? gf_row_int(lines, 0) : 0;
    gf_stmt_end(lines);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

gf_status ledger_start(gf_app *app, gf_error *err)
{
    ledger_drop(app);
    ledger *l = app->ledger = calloc(1, sizeof *l);
    if (!l)
        return gf_fail_memory(err);
    l->arena = gf_arena_open(LEDGER_BYTES_MAX);
    l->entry_arena = gf_arena_open(ENTRY_BYTES_MAX);
    l->scratch = gf_arena_open(ENTRY_BYTES_MAX);
    l->hash = gf_hash_open(app->ledger_hash);
    if (!l->arena || !l->entry_arena || !l->scratch || !l->hash)
        return gf_fail_memory(err);
    map_init(&l->accounts, l->arena);
    map_init(&l->labels, l->arena);
    gf_status status = ledger_world_read(app, &l->world, err);
    if (status == GF_OK)
        status = read_accounts(app, l, err);
    if (status == GF_OK)
        status = read_head(app, l, err);
    if (status != GF_OK)
        return status;
    l->totals = totals_open(&l->world);
    l->slots = slot_sums_open();
    l->booked = ledger_booked_open();
    l->met = calloc((size_t)l->entry_at_start / 8 + 1, 1);
    return l->totals && l->slots && l->booked && l->met ? GF_OK : gf_fail_memory(err);
}

gf_status ledger_finish(gf_app *app, int64_t *added, int64_t *seen, gf_error *err)
{
    ledger *l = app->ledger;
    assert(l);
    gf_status status = close_entry(app, l, err);
    if (status == GF_OK)
        status = totals_write(l->totals, app, l->entry_at_start == 0, err);
    if (status == GF_OK)
        status = slot_sums_write(l->slots, app, err);
    *added = l->added;
    *seen = l->seen;
    if (status == GF_OK)
        status = gf_store_ok(app->store, err);
    ledger_drop(app);
    return status;
}

/* ---- One entry at once ---- */

static gf_status post_rows(gf_app *app, ledger *l, const ledger_cells *rows, size_t count, gf_error *err)
{
    gf_status status = count ? GF_OK : gf_fail(err, GF_EINPUT, "ledger.rows", "Give the entry at least one row.", "the entry has no rows");
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = ledger_row(app, rows[i].cell, i + 1, err);
    if (status == GF_OK)
        status = close_entry(app, l, err);
    if (status == GF_OK)
        status = totals_write(l->totals, app, false, err);
    return status == GF_OK ? slot_sums_write(l->slots, app, err) : status;
}

gf_status ledger_post(gf_app *app, const ledger_cells *rows, size_t count, int64_t *entry, bool *fresh, gf_error *err)
{
    gf_status status = app->ledger ? GF_OK : ledger_start(app, err);
    ledger *l = app->ledger;
    if (status != GF_OK)
        return ledger_drop(app), status;
    int64_t before = l->entry_id;
    l->single = true;
    l->run.count = 0;  /* the label of the entry before says nothing about this one */
    l->label.len = 0;
    status = post_rows(app, l, rows, count, err);
    totals_clear(l->totals);
    *fresh = l->entry_id > before;
    *entry = l->entry.id;
    if (status != GF_OK && *fresh)
        ledger_drop(app);  /* what is in memory is ahead of the store */
    return status;
}

gf_status ledger_close(gf_app *app, size_t *line, gf_error *err)
{
    assert(app->ledger);
    *line = app->ledger->line;
    return close_entry(app, app->ledger, err);
}

void ledger_skip(gf_app *app)
{
    if (app->ledger)
        app->ledger->label.len = 0;
}
