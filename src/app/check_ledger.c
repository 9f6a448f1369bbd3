/* The ledger's part of check: one pass over all entries, and then what is kept is held against what was added up.
 *
 * Three things are reckoned a second way, so that a fault in one way of counting shows: the balance from single lines
 * by account, not from transfers; the totals by the same module that posting uses, against the rows kept; and the sum
 * of scopes from the kept rows against the number of members that each transfer touches (gf_fund_counted_twice).
 *
 * 5 million lines: about 15 s, most of it reading. Keys are remembered as 64 bits each, and only keys whose 64 bits
 * meet again are looked up, so memory is 32 bytes an entry at most.
 */
#include "app/check_inside.h"
#include "app/slots.h"
#include "app/totals.h"

#include <stdlib.h>
#include <string.h>

/* What was counted twice, by programme, kind, stage, origin and months: a total of the scope "internal" that is not kept. */
#define INTERNAL GF_STR("internal")

typedef struct pass {
    checker *c;
    totals  *totals;
    totals  *scopes;              /* by the scope "internal": counted twice, less what the kept totals say */
    slot_sums *slots;             /* what lists and grouped sums of entries must say */
    uint64_t  slot_marks;
    int64_t   slot_count;
    hash_set keys;
    uint8_t *known;               /* by account: 1 checked and known, 2 unknown */
    int64_t *reversed;            /* by entry that is taken back: who took it back */
    int64_t  reversed_room;
    int64_t  last;
} pass;

/* ---- Keys ---- */

static int64_t count_key(checker *c, gf_str key)
{
    gf_stmt *stmt = gf_store_named(c->app->store, "entry_count_by_key");
    gf_stmt_str(stmt, 1, key);
    int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return count;
}

/* An entry may be taken back once, by a later one. */
static void check_reversal(pass *p, const gf_fund_entry *entry)
{
    if (entry->reverses < 1 || entry->reverses >= entry->id || entry->reverses > p->c->out->entries) {
        (void)check_problem(p->c, T_KEYS, entry->id, "reverses", "the entry reverses none that stands before it");
        return;
    }
    if (entry->reverses >= p->reversed_room) {
        int64_t room = entry->reverses * 2 + 64;
        int64_t *larger = realloc(p->reversed, (size_t)room * sizeof *larger);
        if (!larger)
            return;
        memset(larger + p->reversed_room, 0, (size_t)(room - p->reversed_room) * sizeof *larger);
        p->reversed = larger;
        p->reversed_room = room;
    }
    if (p->reversed[entry->reverses]) {
        gf_app_problem *problem = check_problem(p->c, T_KEYS, entry->id, "reverses", "the entry reverses one that is reversed already");
        problem->found = check_int(p->c, p->reversed[entry->reverses]);
    }
    p->reversed[entry->reverses] = entry->id;
}

static void check_keys(pass *p, const gf_fund_entry *entry)
{
    p->c->out->tests[T_KEYS].counted++;
    uint64_t hash = gf_str_hash(entry->key);
    if (hash_set_meet(&p->keys, hash) && count_key(p->c, entry->key) > 1)
        (void)check_problem(p->c, T_KEYS, entry->id, "key", "the key stands under another entry too");
    if (entry->reverses)
        check_reversal(p, entry);
}

/* ---- Chain ---- */

static void check_chain(checker *c, const ledger_reader *reader, int64_t expected_id)
{
    const gf_fund_entry *entry = &reader->entry;
    uint8_t hash[GF_HASH_BYTES];
    if (entry->id != expected_id) {
        gf_app_problem *p = check_problem(c, T_CHAIN, expected_id, "id", "the entry is missing");
        p->found = check_int(c, entry->id);
    }
    if (reader->fault.len) {
        gf_app_problem *p = check_problem(c, T_CHAIN, entry->id, reader->fault_field, "");
        p->what = gf_str_copy(c->keep, reader->fault);
    }
    if (!gf_fund_hash(c->hash, c->head, entry, hash))
        (void)check_problem(c, T_CHAIN, entry->id, "hash", "the hash could not be computed");
    else if (memcmp(hash, reader->stored_hash, sizeof hash) != 0) {
        gf_app_problem *p = check_problem(c, T_CHAIN, entry->id, "hash", "the entry is not what was booked");
        p->expected = check_hex(c, hash);
        p->found = check_hex(c, reader->stored_hash);
    }
    memcpy(c->head, reader->stored_hash, sizeof c->head);  /* go on from what stands there: one fault, one report */
}

/* ---- One transfer ---- */

static void check_account(pass *p, const gf_fund_account *account, int64_t entry)
{
    gf_error err;
    uint8_t *known = &p->known[account->id];
    if (*known == 0)
        *known = ledger_world_check_account(&p->c->world, account, "party", NULL) == GF_OK ? 1 : 2;
    if (*known == 1)
        return;
    (void)ledger_world_check_account(&p->c->world, account, "party", &err);
    (void)check_problem(p->c, T_REFERENCES, entry, "account_id", err.what);
}

/* The bucket of a row in which scopes are held against each other. */
static bool add_to_scopes(pass *p, const total_dimension *of, int32_t first, int32_t last, gf_fen amount)
{
    const total_dimension d = { of->programme, INTERNAL, of->kind, of->stage, of->origin };
    return totals_add_amount(p->scopes, totals_number(p->scopes, &d), first, last, amount);
}

static void check_transfer(pass *p, const gf_fund_entry *entry, const gf_fund_transfer *t)
{
    checker *c = p->c;
    int32_t first, last;
    gf_error err;
    c->out->tests[T_REFERENCES].counted++;
    if (t->from.id == 0 || t->to.id == 0 || ledger_months(entry, t, &first, &last, NULL) != GF_OK) {
        (void)check_problem(c, T_CHAIN, entry->id, "period", "the line names no account, or a period that is not in the calendar");
        return;
    }
    check_account(p, &t->from, entry->id);
    check_account(p, &t->to, entry->id);
    int members = 0;
    if (totals_add_counting(p->totals, entry, t, &members, &err) != GF_OK) {
        (void)check_problem(c, T_TOTALS, entry->id, "amount_fen", err.what);
        return;
    }
    gf_fen twice = gf_fund_counted_twice(t->amount, members);
    if (twice == 0)
        return;
    const gf_fund_account *reached = entry->reverses ? &t->from : &t->to;
    const total_dimension d = { ledger_world_programme(&c->world, t->to.fund, entry->origin), INTERNAL, t->to.kind, reached->stage, entry->origin };
    if (!add_to_scopes(p, &d, first, last, entry->reverses ? -twice : twice))
        (void)check_problem(c, T_SCOPE_SUM, entry->id, "amount_fen", "the totals pass what can be counted");
}

/* Added up here as posting adds it, from entries read back. */
static void take_slots(pass *p, const gf_fund_entry *entry)
{
    size_t count;
    entry_slot *slots = slots_of(entry, p->c->scratch, &count);
    for (size_t i = 0; slots && i < count; i++) {
        p->slot_marks += slot_mark(&slots[i]);
        p->slot_count++;
        if (!slot_sums_add(p->slots, &slots[i]))
            slots = NULL;
    }
    if (!slots)
        (void)check_problem(p->c, T_TOTALS, entry->id, "amount_fen", "the sums by place and kind pass what can be counted");
}

static void check_entry(pass *p, const ledger_reader *reader)
{
    checker *c = p->c;
    const gf_fund_entry *entry = &reader->entry;
    gf_arena_rewind(c->scratch, (gf_mark){ NULL, 0 });
    check_chain(c, reader, p->last + 1);
    p->last = entry->id;
    c->out->entries++;
    c->out->lines += 2 * (int64_t)entry->transfer_count;
    check_keys(p, entry);
    gf_error err;
    if (gf_fund_check(entry, &err) != GF_OK)
        (void)check_problem(c, T_BALANCE, entry->id, "", err.what);
    if (entry->unit.len && !map_find(&c->world.units, entry->unit))
        (void)check_problem(c, T_REFERENCES, entry->id, "unit", "the unit of the entry is not in its register");
    for (size_t i = 0; i < entry->transfer_count; i++)
        check_transfer(p, entry, &entry->transfers[i]);
    take_slots(p, entry);
    /* An anchor that names no entry is found by its hash alone. */
    bool here = p->last == c->anchor_entry || (c->out->has_anchor && c->anchor_entry == 0);
    if (here && memcmp(c->head, c->anchor_hash, sizeof c->head) == 0) {
        c->out->anchor_match = true;
        c->anchor_entry = c->out->anchor_entry = p->last;
    }
}

/* ---- Balance ---- */

/* Every single line was added to its account while it was read: the accounts of a fund and kind sum to zero. */
static void check_balance(checker *c, const ledger_reader *reader)
{
    text_map index;
    map_init(&index, c->maps);
    gf_fen *sums = gf_new(c->maps, gf_fen, (size_t)reader->account_count + 1);
    if (reader->sums_overflow || !sums)
        (void)check_problem(c, T_BALANCE, 0, "amount_fen", "the lines of an account pass what can be counted");
    for (int64_t id = 1; sums && id <= reader->account_count; id++) {
        const gf_fund_account *a = &reader->accounts[id];
        char text[256];
        bool fresh;
        if (a->kind.len == 0)
            continue;
        int len = snprintf(text, sizeof text, "%.*s %.*s", GF_STR_ARG(gf_str_slice(a->fund, 0, 200)), GF_STR_ARG(gf_str_slice(a->kind, 0, 40)));
        int64_t *at = map_put(&index, (gf_str){ text, (size_t)len }, &fresh);
        if (at && fresh)
            *at = (int64_t)index.count - 1;
        if (!at || !gf_fen_add(sums[*at], reader->account_sums[id], &sums[*at]))
            (void)check_problem(c, T_BALANCE, 0, "amount_fen", "the lines of a fund and kind pass what can be counted");
    }
    c->out->tests[T_BALANCE].counted = (int64_t)index.count;
    for (size_t i = 0; i < index.room; i++) {
        const map_slot *slot = &index.slots[i];
        if (!slot->hash || sums[slot->value] == 0)
            continue;
        gf_app_problem *p = check_problem(c, T_BALANCE, 0, "amount_fen", "the lines of a fund and kind do not sum to zero");
        p->record = gf_str_copy(c->keep, slot->key);
        p->expected = check_text(c, "0");
        p->found = check_int(c, sums[slot->value]);
    }
    map_done(&index);
}

/* ---- Totals and scopes ---- */

typedef struct kept_row { total_dimension d; int64_t first, last; total_sum sum; } kept_row;

static kept_row read_kept(gf_stmt *stmt)
{
    return (kept_row){
        .d = { gf_row_str(stmt, 0), gf_row_str(stmt, 1), gf_row_str(stmt, 2), gf_row_str(stmt, 3), gf_row_str(stmt, 4) },
        .first = gf_row_int(stmt, 5), .last = gf_row_int(stmt, 6),
        .sum = { gf_row_int(stmt, 7), gf_row_int(stmt, 8), gf_row_int(stmt, 9), gf_row_int(stmt, 10), gf_row_int(stmt, 11), gf_row_int(stmt, 12) } };
}

static bool same_sum(const total_sum *a, const total_sum *b)
{
    return a->amount == b->amount && a->lines == b->lines && a->at_least == b->at_least && a->about == b->about &&
           a->unvouched == b->unvouched && a->unsupported == b->unsupported;
}

/* group + counted twice = views of members + what no member sees: the kept rows on their own side of it. */
static void take_scope(pass *p, const kept_row *row)
{
    gf_str scope = row->d.scope;
    bool group = gf_str_is(scope, "group"), outside = gf_str_is(scope, "outside");
    bool view = gf_str_starts(scope, GF_STR("unit:")) &&
                ledger_world_is_member(&p->c->world, row->d.programme, gf_str_slice(scope, strlen("unit:"), scope.len));
    if ((!group && !outside && !view) || row->sum.amount == INT64_MIN)
        return;
    gf_fen amount = group ? row->sum.amount : -row->sum.amount;
    if (!add_to_scopes(p, &row->d, (int32_t)row->first, (int32_t)row->last, amount))
        (void)check_problem(p->c, T_SCOPE_SUM, 0, "amount_fen", "the totals pass what can be counted");
}

static void check_totals(pass *p)
{
    checker *c = p->c;
    gf_stmt *stmt = gf_store_named(c->app->store, "total_all");
    size_t met = 0, made;
    while (gf_stmt_row(stmt)) {
        kept_row row = read_kept(stmt);
        const total_row *ours = totals_find(p->totals, &row.d, row.first, row.last);
        c->out->tests[T_TOTALS].counted++;
        met += ours != NULL;
        take_scope(p, &row);
        if (ours && same_sum(&ours->sum, &row.sum))
            continue;
        gf_app_problem *problem = check_problem(c, T_TOTALS, 0, "amount_fen", "a kept total is not the sum of its entries");
        problem->record = gf_str_copy(c->keep, row.d.scope);
        problem->expected = check_int(c, ours ? ours->sum.amount : 0);
        problem->found = check_int(c, row.sum.amount);
    }
    check_lost(c, T_TOTALS, p->last);
    (void)totals_rows(p->totals, &made);
    if (met != made)
        (void)check_problem(c, T_TOTALS, 0, "", "totals are missing");
}

/* The kept slots hold what the entries say: the same number of them, with the same marks. */
static void check_slots(pass *p)
{
    checker *c = p->c;
    int64_t count = 0;
    uint64_t marks = 0;
    gf_stmt *stmt = gf_store_named(c->app->store, "slot_all");
    for (; gf_stmt_row(stmt); count++) {
        const entry_slot s = { gf_row_str(stmt, 0), gf_row_str(stmt, 1), gf_row_str(stmt, 2), gf_row_int(stmt, 3), gf_row_int(stmt, 4) == 1, gf_row_int(stmt, 5), gf_row_int(stmt, 6) };
        marks += slot_mark(&s);
    }
    check_lost(c, T_TOTALS, p->last);
    if (count == p->slot_count && marks == p->slot_marks)
        return;
    gf_app_problem *problem = check_problem(c, T_TOTALS, 0, "entry_slot", "the list of entries by place and kind is not what the entries say");
    problem->expected = check_int(c, p->slot_count);
    problem->found = check_int(c, count);
}

static void check_slot_totals(pass *p)
{
    checker *c = p->c;
    size_t met = 0;
    gf_stmt *stmt = gf_store_named(c->app->store, "slot_total_all");
    for (; gf_stmt_row(stmt); met++) {
        int64_t rows = 0;
        gf_fen amount = 0;
        bool found = slot_sums_find(p->slots, gf_row_str(stmt, 0), gf_row_str(stmt, 1), gf_row_int(stmt, 2) == 1, &rows, &amount);
        if (found && rows == gf_row_int(stmt, 3) && amount == gf_row_int(stmt, 4))
            continue;
        gf_app_problem *problem = check_problem(c, T_TOTALS, 0, "slot_total", "the sum of a place and kind is not that of its entries");
        problem->record = gf_row_copy(stmt, 0, c->keep);
        problem->expected = check_int(c, amount);
        problem->found = check_int(c, gf_row_int(stmt, 4));
    }
    check_lost(c, T_TOTALS, p->last);
    if (met != slot_sums_count(p->slots))
        (void)check_problem(c, T_TOTALS, 0, "slot_total", "sums of places and kinds are missing");
}

static void check_scopes(pass *p)
{
    size_t count;
    const total_row *rows = totals_rows(p->scopes, &count);
    p->c->out->tests[T_SCOPE_SUM].counted = p->c->out->entries;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].sum.amount == 0)
            continue;
        total_dimension d = totals_dimension(p->scopes, rows[i].dimension);
        gf_app_problem *problem = check_problem(p->c, T_SCOPE_SUM, 0, "amount_fen",
                                                "the group is not the sum of its units' views less what is counted twice");
        gf_text text;
        gf_text_init(&text, p->c->keep);
        gf_text_format(&text, "%.*s %.*s %.*s %d-%02d", GF_STR_ARG(d.programme), GF_STR_ARG(d.kind), GF_STR_ARG(d.stage),
                       (int)rows[i].month_first / 12, (int)rows[i].month_first % 12 + 1);
        problem->record = gf_text_str(&text);
        problem->expected = check_text(p->c, "0");
        problem->found = check_int(p->c, rows[i].sum.amount);
    }
}

/* ---- All of it ---- */

static void read_through(pass *p, ledger_reader *reader)
{
    checker *c = p->c;
    while (ledger_reader_next(reader))
        check_entry(p, reader);
    bool stray = reader->line_waiting && gf_store_ok(c->app->store, NULL) == GF_OK;
    check_lost(c, T_CHAIN, p->last);
    if (stray)
        (void)check_problem(c, T_CHAIN, p->last + 1, "entry_id", "lines stand behind the last entry");
    c->out->head_entry = p->last;
    c->out->head_hash = p->last ? check_hex(c, c->head) : (gf_str){ "", 0 };
    c->out->tests[T_CHAIN].counted = c->out->entries;
    check_balance(c, reader);
}

void check_ledger(checker *c)
{
    pass p = { .c = c, .totals = totals_open(&c->world), .scopes = totals_open(&c->world), .slots = slot_sums_open() };
    ledger_reader reader;
    bool opened = ledger_reader_open(c->app, 1, INT64_MAX, &reader, NULL) == GF_OK;
    reader.strict = true;
    p.known = opened ? calloc((size_t)reader.account_count + 1, 1) : NULL;
    if (opened && p.known && p.totals && p.scopes && p.slots) {
        read_through(&p, &reader);
        check_totals(&p);
        check_slots(&p);
        check_slot_totals(&p);
        check_scopes(&p);
    } else {
        (void)check_problem(c, T_CHAIN, 0, "", "the ledger could not be read");
        check_lost(c, T_CHAIN, 0);
    }
    if (opened)
        ledger_reader_close(&reader);
    totals_close(p.totals);
    totals_close(p.scopes);
    slot_sums_close(p.slots);
    hash_set_done(&p.keys);
    free(p.known);
    free(p.reversed);
}
