/* Ten thousand random operations (a million with GONGFU_PROOF=1) over 20 seeds, a full scan after every thousand.
 *
 * Operations come in loads of up to 100: entries of one to four rows, the same key again, the same key with other content,
 * reversals written either way, second reversals, rows that break a rule. What must be refused must leave no trace.
 * The scan is the rules of the design written a second time, over the rows of the store; it shares no code with posting
 * or check: sum zero for each fund and kind, totals = scan, group = sum of views - internal (+ outside), a key books once.
 * Last, faults are put in by triggers while operations run: each must make both the scan and gf_app_check() say no, or
 * the proof would prove nothing.
 */
#include "unit/books.h"

enum {
    SEEDS = 20,
    OPERATIONS_TEST = 10 * 1000,
#if defined(__SANITIZE_ADDRESS__)
    OPERATIONS_PROOF = 100 * 1000,   /* ten times slower: the plain build runs the million, see scripts/test.sh */
#else
    OPERATIONS_PROOF = 1000 * 1000,
#endif
    SCAN_EVERY = 1000,
    OPERATIONS_AT_ONCE = 100,
    ROWS_AT_ONCE = OPERATIONS_AT_ONCE * 4,
    CELL_BYTES = 24,
};

static const char *const UNITS[] = { "u0", "u1", "u2", "u3", "u4" };
static const char *const PLACES[] = { "330329", "330329100", "330329100200", "330329100201" };
static const int PARENTS[] = { -1, 0, 1, 1 };
static const char *const FUNDS[] = { "f0", "f1" };
static const char *const PROJECTS[] = { "j0", "j1" };
/* A project has its fund and place, as in life; every load reads all accounts, and these keep them below two thousand. */
static const char *const SITES[][3] = { { "f0", "j0", "330329100200" }, { "f1", "j1", "330329100201" }, { "f0", "", "330329100" }, { "f1", "j0", "" },
                                        { "", "", "330329" }, { "", "j1", "330329100200" }, { "", "", "" } };
static const char *const KINDS[] = { "cash", "in_kind", "loan", "investment", "result" };
static const char *const STAGES[] = { "", "applied", "approved", "received", "paid", "drawn", "repaid" };
enum { UNIT_COUNT = 5, MEMBER_COUNT = 4, PLACE_COUNT = 4, KIND_COUNT = 5, STAGE_COUNT = 7 };
/* By scope: the units, the places, the funds, the projects, group, outside. */
enum { AT_PLACES = UNIT_COUNT, AT_FUNDS = AT_PLACES + PLACE_COUNT, AT_PROJECTS = AT_FUNDS + 2, AT_GROUP = AT_PROJECTS + 2, AT_OUTSIDE, SCOPE_COUNT };

/* ---- Chance ---- */

typedef struct chance { uint64_t state; } chance;

static uint32_t draw(chance *c, uint32_t below)  /* xorshift64*: the same seed, the same operations */
{
    c->state ^= c->state >> 12;
    c->state ^= c->state << 25;
    c->state ^= c->state >> 27;
    return (uint32_t)((c->state * UINT64_C(2685821657736338717)) >> 33) % below;
}

/* ---- Operations ---- */

typedef struct operation { row rows[4]; int row_count; char key[CELL_BYTES], amount[4][CELL_BYTES], date[CELL_BYTES]; bool reversed, reversal; } operation;

typedef struct history { operation *done; int64_t count, room, tried, twice, refused; } history;

static const char *any_party(chance *c)
{
    uint32_t pick = draw(c, 12);
    return pick < 6 ? UNITS[pick % UNIT_COUNT] : pick < 10 ? PLACES[pick - 6] : "unstated";
}

static const char *any_stage(chance *c, const char *kind)
{
    if (strcmp(kind, "result") == 0)
        return "received";
    return STAGES[1 + draw(c, strcmp(kind, "loan") == 0 ? 6 : 4)];
}

static void fill_row(chance *c, operation *op, int i, const char *kind)
{
    row *r = &op->rows[i];
    (void)snprintf(op->amount[i], CELL_BYTES, "%u", 1 + draw(c, 1000000));
    *r = ROW([LEDGER_KIND] = kind, [LEDGER_FROM_PARTY] = any_party(c), [LEDGER_TO_PARTY] = any_party(c), [LEDGER_AMOUNT_FEN] = op->amount[i],
             [LEDGER_ORIGIN] = "entered", [LEDGER_DATE] = op->date, [LEDGER_VERB] = "记账");
    r->cell[LEDGER_STAGE_TO] = any_stage(c, kind);
    r->cell[LEDGER_STAGE_FROM] = draw(c, 3) == 0 ? r->cell[LEDGER_STAGE_TO] : draw(c, 2) ? "" : any_stage(c, kind);
    if (strcmp(r->cell[LEDGER_FROM_PARTY], r->cell[LEDGER_TO_PARTY]) == 0 && strcmp(r->cell[LEDGER_STAGE_FROM], r->cell[LEDGER_STAGE_TO]) == 0)
        r->cell[LEDGER_STAGE_FROM] = "";
    const char *const *site = SITES[draw(c, GF_COUNT(SITES))];
    r->cell[LEDGER_FUND] = site[0];
    r->cell[LEDGER_PROJECT] = site[1];
    r->cell[LEDGER_PLACE] = site[2];
    r->cell[LEDGER_BOUND] = (const char *[]){ "exact", "exact", "at_least", "about" }[draw(c, 4)];
    r->cell[LEDGER_PERIOD] = (const char *[]){ "", "", "", "2022", "2021-07/2023-12" }[draw(c, 5)];
}

static void new_entry(chance *c, operation *op, int64_t number)
{
    *op = (operation){ .row_count = draw(c, 4) ? 1 : 1 + (int)draw(c, 4) };
    (void)snprintf(op->key, CELL_BYTES, "k%lld", (long long)number);
    (void)snprintf(op->date, CELL_BYTES, "202%u-%02u-%02u", 1 + draw(c, 3), 1 + draw(c, 12), 1 + draw(c, 28));
    const char *unit = draw(c, 3) ? "" : UNITS[draw(c, UNIT_COUNT)], *voucher = draw(c, 2) ? "v" : "";
    for (int i = 0; i < op->row_count; i++) {
        fill_row(c, op, i, KINDS[draw(c, KIND_COUNT)]);
        op->rows[i].cell[LEDGER_UNIT] = unit;
        op->rows[i].cell[LEDGER_VOUCHER] = voucher;
    }
}

static void take_back(chance *c, operation *op, const operation *original, int64_t number)
{
    *op = *original;
    bool turned = draw(c, 2) != 0;
    (void)snprintf(op->key, CELL_BYTES, "k%lld", (long long)number);
    op->reversal = true;
    for (int i = 0; turned && i < op->row_count; i++) {
        const row was = op->rows[i];
        op->rows[i].cell[LEDGER_FROM_PARTY] = was.cell[LEDGER_TO_PARTY];
        op->rows[i].cell[LEDGER_TO_PARTY] = was.cell[LEDGER_FROM_PARTY];
        op->rows[i].cell[LEDGER_STAGE_FROM] = was.cell[LEDGER_STAGE_TO];
        op->rows[i].cell[LEDGER_STAGE_TO] = was.cell[LEDGER_STAGE_FROM];
    }
}

/* Cells that point into an operation are set when it lies where it stays. */
static void point(operation *op, const char *label, const char *reverses)
{
    for (int i = 0; i < op->row_count; i++) {
        op->rows[i].cell[LEDGER_ENTRY] = label;
        op->rows[i].cell[LEDGER_KEY] = op->key;
        op->rows[i].cell[LEDGER_DATE] = op->date;
        op->rows[i].cell[LEDGER_AMOUNT_FEN] = op->amount[i];
        op->rows[i].cell[LEDGER_REVERSES] = reverses;
    }
}

typedef struct batch {
    operation ops[OPERATIONS_AT_ONCE];
    char      labels[OPERATIONS_AT_ONCE][CELL_BYTES], reverses[OPERATIONS_AT_ONCE][CELL_BYTES];
    int64_t   reversed_at[OPERATIONS_AT_ONCE];   /* in history; -1 none */
    bool      is_fresh[OPERATIONS_AT_ONCE];      /* its key was never booked */
    row       rows[ROWS_AT_ONCE];
    size_t    op_count, row_count;
    int64_t   fresh;
    gf_status expected;
} batch;

static bool is_in_batch(const batch *b, const char *key)
{
    bool found = false;
    for (size_t k = 0; k < b->op_count; k++)
        found = found || strcmp(b->ops[k].key, key) == 0;
    return found;
}

/* An operation that must be refused; the batch ends with it. */
static bool spoil(chance *c, history *h, batch *b, operation *op, char *reverses)
{
    const operation *old = &h->done[draw(c, (uint32_t)h->count)];
    switch (draw(c, 4)) {
    case 0:  /* the same key, other content */
        if (old->reversal || is_in_batch(b, old->key))
            return false;
        *op = *old;
        (void)snprintf(op->amount[0], CELL_BYTES, "%d", atoi(op->amount[0]) + 1);
        b->expected = GF_ECONFLICT;
        return true;
    case 1:  /* taken back twice */
        if (!old->reversed || old->reversal)
            return false;
        take_back(c, op, old, h->tried);
        (void)snprintf(reverses, CELL_BYTES, "%s", old->key);
        b->expected = GF_ECONFLICT;
        return true;
    case 2:
        new_entry(c, op, h->tried);
        op->rows[0].cell[LEDGER_TO_PARTY] = "nobody";
        b->expected = GF_EINPUT;
        return true;
    default:
        new_entry(c, op, h->tried);
        (void)snprintf(op->amount[0], CELL_BYTES, "-7");
        b->expected = GF_EINPUT;
        return true;
    }
}

static void add_operation(chance *c, history *h, batch *b)
{
    size_t at = b->op_count;
    operation *op = &b->ops[at];
    uint32_t pick = draw(c, 200);
    bool fresh = true;
    h->tried++;
    b->reversed_at[at] = -1;
    b->reverses[at][0] = '\0';
    new_entry(c, op, h->tried);
    if (h->count && pick < 20) {         /* word for word again */
        int64_t old = (int64_t)draw(c, (uint32_t)h->count);
        /* Twice in one load is another matter: see test_ledger.c. */
        if (!h->done[old].reversal && !is_in_batch(b, h->done[old].key)) {
            *op = h->done[old];
            fresh = false;
        }
        h->twice += !fresh;
    } else if (h->count && pick < 40) {  /* taken back */
        int64_t old = (int64_t)draw(c, (uint32_t)h->count);
        bool free = !h->done[old].reversed && !h->done[old].reversal;
        for (size_t k = 0; k < at; k++)
            free = free && b->reversed_at[k] != old;
        if (free) {
            take_back(c, op, &h->done[old], h->tried);
            b->reversed_at[at] = old;
            (void)snprintf(b->reverses[at], CELL_BYTES, "%s", h->done[old].key);
        }
    } else if (h->count && pick < 41 && spoil(c, h, b, op, b->reverses[at]))
        h->refused++;
    b->is_fresh[at] = fresh;
    b->fresh += fresh;
    b->op_count++;
    /* Labels as offices write them: numbers in a row, numbers with gaps, words. */
    (void)snprintf(b->labels[at], CELL_BYTES, draw(c, 8) ? "%lld" : "e%lld", (long long)at + 1);
    point(op, b->labels[at], b->reverses[at]);
    for (int i = 0; i < op->row_count; i++)
        b->rows[b->row_count++] = op->rows[i];
}

static void keep(history *h, const batch *b)
{
    for (size_t i = 0; i < b->op_count; i++) {
        if (b->reversed_at[i] >= 0)
            h->done[b->reversed_at[i]].reversed = true;
        if (!b->is_fresh[i])
            continue;
        if (h->count == h->room) {
            h->room = h->room ? h->room * 2 : 1024;
            h->done = realloc(h->done, (size_t)h->room * sizeof *h->done);
            assert_non_null(h->done);
        }
        h->done[h->count++] = b->ops[i];
    }
}

static void run_batch(gf_app *app, chance *c, history *h, bool whole)
{
    static batch b;  /* half a megabyte: too much for the stack under a sanitizer */
    b.op_count = b.row_count = 0;
    b.fresh = 0;
    b.expected = GF_OK;
    size_t wanted = 1 + draw(c, OPERATIONS_AT_ONCE);
    while (b.op_count < wanted && b.expected == GF_OK)
        add_operation(c, h, &b);
    gf_error err;
    int64_t added, before = count_of(app, "SELECT count(*) FROM entry");
    gf_status status = load(app, b.rows, b.row_count, &added, &err);
    if (whole && status != b.expected)
        fail_msg("expected status %d, got %d: %s %s", (int)b.expected, (int)status, err.where, err.what);
    if (whole)
        assert_int_equal(count_of(app, "SELECT count(*) FROM entry"), before + (status == GF_OK ? b.fresh : 0));
    if (whole && status == GF_OK)
        assert_int_equal(added, b.fresh);
    if (status == GF_OK)
        keep(h, &b);
}

/* ---- The scan ---- */

typedef struct tally { int64_t amount[SCOPE_COUNT][KIND_COUNT][STAGE_COUNT], lines[SCOPE_COUNT][KIND_COUNT][STAGE_COUNT]; int64_t twice[KIND_COUNT][STAGE_COUNT]; } tally;
typedef struct end { int kind, stage, unit, place, fund, project; } end;  /* -1: none of them; place is the account's own */

static int index_of(gf_str text, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (gf_str_is(text, names[i]))
            return i;
    return -1;
}

static end read_end(gf_stmt *stmt)
{
    return (end){ index_of(gf_row_str(stmt, 4), KINDS, KIND_COUNT), index_of(gf_row_str(stmt, 5), STAGES, STAGE_COUNT), index_of(gf_row_str(stmt, 6), UNITS, UNIT_COUNT),
                  index_of(gf_row_str(stmt, 9), PLACES, PLACE_COUNT), index_of(gf_row_str(stmt, 7), FUNDS, 2), index_of(gf_row_str(stmt, 8), PROJECTS, 2) };
}

static void count_in(tally *t, int scope, const end *to, int64_t amount)
{
    t->amount[scope][to->kind][to->stage] += amount;
    t->lines[scope][to->kind][to->stage] += amount < 0 ? -1 : 1;
}

/* A transfer as the design words it: each unit that gives, takes or acts sees it; who moves money on inside a stage saw it
 * before; the group sees it once. */
static void count_transfer(tally *t, end from, end to, int unit, bool back, int64_t amount)
{
    if (back) {
        end was = from;
        from = to;
        to = was;
        amount = -amount;
    }
    bool move = from.stage > 0 && from.stage == to.stage;
    bool old = move && from.unit >= 0 && from.unit < MEMBER_COUNT;
    int members = 0;
    for (int u = 0; u < UNIT_COUNT; u++) {
        if (u != from.unit && u != to.unit && u != unit)
            continue;
        members += u < MEMBER_COUNT;
        if (!(move && u == from.unit))
            count_in(t, u, &to, amount);
    }
    if (members == 0)
        count_in(t, AT_OUTSIDE, &to, amount);
    t->twice[to.kind][to.stage] += members > 1 ? (members - 1) * amount : 0;
    if (old)
        return;
    count_in(t, AT_GROUP, &to, amount);
    for (int p = to.place; p >= 0; p = PARENTS[p])
        count_in(t, AT_PLACES + p, &to, amount);
    if (to.fund >= 0)
        count_in(t, AT_FUNDS + to.fund, &to, amount);
    if (to.project >= 0)
        count_in(t, AT_PROJECTS + to.project, &to, amount);
}

static int scope_index(gf_str scope)
{
    static const struct { gf_str prefix; const char *const *names; int count, at; } PREFIXES[] = {
        { GF_STR_INIT("unit:"), UNITS, UNIT_COUNT, 0 }, { GF_STR_INIT("place:"), PLACES, PLACE_COUNT, AT_PLACES },
        { GF_STR_INIT("fund:"), FUNDS, 2, AT_FUNDS }, { GF_STR_INIT("project:"), PROJECTS, 2, AT_PROJECTS },
    };
    if (gf_str_is(scope, "group") || gf_str_is(scope, "outside"))
        return gf_str_is(scope, "group") ? AT_GROUP : AT_OUTSIDE;
    for (size_t i = 0; i < GF_COUNT(PREFIXES); i++)
        if (gf_str_starts(scope, PREFIXES[i].prefix)) {
            int found = index_of(gf_str_slice(scope, PREFIXES[i].prefix.len, scope.len), PREFIXES[i].names, PREFIXES[i].count);
            return found < 0 ? -1 : found + PREFIXES[i].at;
        }
    return -1;
}

static void scan_lines(gf_app *app, tally *t)
{
    gf_stmt *stmt = gf_store_text(app->store,
        "SELECT e.id, e.unit, e.reverses, l.amount_fen, a.kind, a.stage, a.party, a.fund, a.project, a.place "
        "FROM entry_line l JOIN entry e ON e.id = l.entry_id JOIN account a ON a.id = l.account_id ORDER BY l.id");
    while (gf_stmt_row(stmt)) {
        end from = read_end(stmt);
        int unit = index_of(gf_row_str(stmt, 1), UNITS, UNIT_COUNT);
        bool back = gf_row_int(stmt, 2) != 0;
        assert_true(gf_stmt_row(stmt));
        count_transfer(t, from, read_end(stmt), unit, back, gf_row_int(stmt, 3));
    }
}

static const char *compare_totals(gf_app *app, tally *kept)
{
    gf_stmt *stmt = gf_store_text(app->store, "SELECT scope, kind, stage, sum(amount_fen), sum(lines) FROM total WHERE programme = 'p' GROUP BY scope, kind, stage");
    while (gf_stmt_row(stmt)) {
        int scope = scope_index(gf_row_str(stmt, 0)), kind = index_of(gf_row_str(stmt, 1), KINDS, KIND_COUNT), stage = index_of(gf_row_str(stmt, 2), STAGES, STAGE_COUNT);
        if (scope < 0 || kind < 0 || stage < 0) {
            gf_stmt_end(stmt);
            return "a total of something that is not there";
        }
        kept->amount[scope][kind][stage] = gf_row_int(stmt, 3);
        kept->lines[scope][kind][stage] = gf_row_int(stmt, 4);
    }
    return NULL;
}

/* What is wrong with the store, or NULL. */
static const char *scan(gf_app *app)
{
    static tally ours, kept;
    memset(&ours, 0, sizeof ours);
    memset(&kept, 0, sizeof kept);
    if (count_of(app, "SELECT count(*) FROM (SELECT 1 FROM entry_line l JOIN account a ON a.id = l.account_id GROUP BY a.fund, a.kind HAVING sum(l.amount_fen) <> 0) uneven"))
        return "the lines of a fund and kind do not sum to zero";
    if (count_of(app, "SELECT count(*) - count(DISTINCT key) FROM entry"))
        return "a key is booked twice";
    scan_lines(app, &ours);
    const char *wrong = compare_totals(app, &kept);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (int stage = 0; stage < STAGE_COUNT; stage++) {
            int64_t views = 0;
            for (int s = 0; s < SCOPE_COUNT; s++)
                if (ours.amount[s][kind][stage] != kept.amount[s][kind][stage] || ours.lines[s][kind][stage] != kept.lines[s][kind][stage])
                    wrong = "a kept total is not what the scan finds";
            for (int u = 0; u < MEMBER_COUNT; u++)
                views += kept.amount[u][kind][stage];
            if (kept.amount[AT_GROUP][kind][stage] != views - ours.twice[kind][stage] + kept.amount[AT_OUTSIDE][kind][stage])
                wrong = "the group is not the sum of its views less what is internal";
        }
    return wrong;
}

/* The ledger's own tests in the answer of check; the registers here have no history, which is not the matter. */
static bool ledger_checks(gf_app *app, gf_arena *arena)
{
    gf_app_checked checked;
    assert_int_equal(gf_app_check(app, (gf_str){ "", 0 }, arena, &checked, NULL), GF_OK);
    bool ok = true;
    for (size_t i = 0; i < checked.test_count; i++)
        ok = ok && (checked.tests[i].ok || strcmp(checked.tests[i].name, "history") == 0);
    return ok;
}

/* ---- Proof ---- */

static void random_operations_keep_every_promise(void **state)
{
    int64_t operations = getenv("GONGFU_PROOF") ? OPERATIONS_PROOF : OPERATIONS_TEST, twice = 0, refused = 0, entries = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        chance c = { seed * UINT64_C(0x9e3779b97f4a7c15) };
        history h = { .count = 0 };
        gf_app *app = open_books(seed % 2 ? GF_HASH_SHA256 : GF_HASH_SM3);
        for (int64_t next = SCAN_EVERY; h.tried < operations / SEEDS;) {
            run_batch(app, &c, &h, true);
            if (h.tried < next && h.tried < operations / SEEDS)
                continue;
            const char *wrong = scan(app);
            if (wrong)
                fail_msg("seed %llu after %lld operations: %s", (unsigned long long)seed, (long long)h.tried, wrong);
            next += SCAN_EVERY;
        }
        assert_true(ledger_checks(app, *state));
        entries += count_of(app, "SELECT count(*) FROM entry");
        twice += h.twice;
        refused += h.refused;
        free(h.done);
        gf_app_close(app);
    }
    print_message("%lld operations: %lld entries booked, %lld keys came twice, %lld loads refused\n", (long long)operations, (long long)entries,
                  (long long)twice, (long long)refused);
    assert_true(twice > operations / 50 && refused > operations / 500 && entries > operations / 10);
}

#define THE_ROW "(programme, scope, kind, stage, origin, month_first, month_last) = (NEW.programme, NEW.scope, NEW.kind, NEW.stage, NEW.origin, NEW.month_first, NEW.month_last)"

/* Each takes one rule away while operations run. */
static const char *const FAULTS[] = {
    "CREATE TRIGGER fault AFTER INSERT ON entry_line WHEN NEW.id % 50 = 0 BEGIN UPDATE entry_line SET amount_fen = amount_fen + 1 WHERE id = NEW.id; END",
    "CREATE TRIGGER fault AFTER INSERT ON entry_line WHEN NEW.id % 50 = 0 BEGIN DELETE FROM entry_line WHERE id = NEW.id; END",
    "CREATE TRIGGER fault AFTER INSERT ON total WHEN NEW.scope = 'unit:u1' BEGIN DELETE FROM total WHERE scope = 'unit:u1'; END",
    "CREATE TRIGGER fault AFTER INSERT ON total WHEN NEW.scope = 'outside' BEGIN DELETE FROM total WHERE scope = 'outside'; END",
    "CREATE TRIGGER fault AFTER UPDATE ON total WHEN NEW.scope = 'group' BEGIN UPDATE total SET amount_fen = OLD.amount_fen WHERE " THE_ROW "; END",
    "CREATE TRIGGER fault AFTER UPDATE ON total WHEN NEW.lines < OLD.lines BEGIN UPDATE total SET lines = OLD.lines WHERE " THE_ROW "; END",
};

static bool scan_says_no(gf_app *app)
{
    /* Lines that no longer come in pairs cannot be read as transfers at all. */
    return count_of(app, "SELECT count(*) FROM entry_line") % 2 || count_of(app, "SELECT max(id) - count(*) FROM entry_line") || scan(app);
}

static void a_rule_taken_away_is_noticed(void **state)
{
    if (on_postgres())
        skip();  /* the faults are triggers as SQLite writes them */
    for (size_t i = 0; i < GF_COUNT(FAULTS); i++) {
        chance c = { 77 };
        history h = { .count = 0 };
        gf_app *app = open_books(GF_HASH_SHA256);
        assert_true(gf_stmt_run(gf_store_text(app->store, FAULTS[i])));
        while (h.tried < SCAN_EVERY)
            run_batch(app, &c, &h, false);
        if (!scan_says_no(app))
            fail_msg("the scan does not see: %s", FAULTS[i]);
        if (ledger_checks(app, *state))
            fail_msg("check does not see: %s", FAULTS[i]);
        free(h.done);
        gf_app_close(app);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(random_operations_keep_every_promise), TEST(a_rule_taken_away_is_noticed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
