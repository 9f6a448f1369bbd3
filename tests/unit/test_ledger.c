/* The ledger's meaning, each rule by an example reckoned by hand. Random operations: test_ledger_random.c. */
#include "unit/books.h"

static ledger_sum total_in(gf_app *app, const char *scope, const char *stage, const char *span)
{
    ledger_query query = { GF_STR("p"), gf_str_of(scope), GF_STR("cash"), gf_str_of(stage), GF_STR("entered"), { INT32_MIN, INT32_MAX } };
    ledger_sum sum;
    gf_error err;
    if (span)
        assert_int_equal(gf_period_parse(gf_str_of(span), &query.span, NULL), GF_OK);
    if (ledger_total(app, &query, &sum, &err) != GF_OK)
        fail_msg("%s: %s", err.code, err.what);
    return sum;
}

static gf_fen total(gf_app *app, const char *scope, const char *stage) { return total_in(app, scope, stage, NULL).amount; }

static row cash(const char *entry, const char *key, const char *from, const char *to, const char *before, const char *after, const char *fen)
{
    return ROW([LEDGER_ENTRY] = entry, [LEDGER_KEY] = key, [LEDGER_DATE] = "2023-03-05", [LEDGER_KIND] = "cash", [LEDGER_FROM_PARTY] = from,
               [LEDGER_TO_PARTY] = to, [LEDGER_STAGE_FROM] = before, [LEDGER_STAGE_TO] = after, [LEDGER_AMOUNT_FEN] = fen, [LEDGER_ORIGIN] = "entered");
}

static void expect(gf_app *app, const row *rows, size_t count, gf_status status, const char *code)
{
    gf_error err;
    int64_t added, before = count_of(app, "SELECT count(*) FROM entry");
    gf_status got = load(app, rows, count, &added, &err);
    if (got != status || strcmp(err.code, code) != 0)
        fail_msg("expected %s, got %s (%s)", code, err.code, err.what);
    if (status != GF_OK) {
        assert_int_equal(count_of(app, "SELECT count(*) FROM entry"), before);
        assert_int_equal(strncmp(err.where, "entries.csv:", 12), 0);
        assert_true(err.what[0] && err.hint[0]);
    }
}

static void book(gf_app *app, row r) { expect(app, &r, 1, GF_OK, ""); }
static void refuse(gf_app *app, row r, gf_status status, const char *code) { expect(app, &r, 1, status, code); }

/* ---- Meaning ---- */

static void a_transfer_between_members_is_counted_once(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    book(app, cash("1", "k1", "u0", "u1", "", "received", "100"));
    assert_int_equal(total(app, "unit:u0", "received"), 100);
    assert_int_equal(total(app, "unit:u1", "received"), 100);
    assert_int_equal(total(app, "group", "received"), 100);   /* 100 + 100 - internal 100 */
    assert_int_equal(total(app, "outside", "received"), 0);
    gf_app_close(app);
}

static void money_moved_on_inside_a_stage_is_not_new(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    book(app, cash("1", "k1", "", "u0", "", "received", "100"));
    book(app, cash("2", "k2", "u0", "u1", "received", "received", "40"));
    assert_int_equal(total(app, "unit:u0", "received"), 100);
    assert_int_equal(total(app, "unit:u1", "received"), 40);
    assert_int_equal(total(app, "group", "received"), 100);   /* 100 + 40 - internal 40 */
    gf_app_close(app);
}

static void what_no_member_touches_is_outside(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    book(app, cash("1", "k1", "u4", "330329100200", "", "paid", "7"));
    assert_int_equal(total(app, "group", "paid"), 7);
    assert_int_equal(total(app, "outside", "paid"), 7);
    assert_int_equal(total(app, "unit:u4", "paid"), 7);
    row acted = cash("2", "k2", "", "330329100200", "", "paid", "5");
    acted.cell[LEDGER_UNIT] = "u2";                           /* a member acts: inside again */
    book(app, acted);
    assert_int_equal(total(app, "outside", "paid"), 7);
    assert_int_equal(total(app, "unit:u2", "paid"), 5);
    gf_app_close(app);
}

static void a_village_counts_in_its_town_and_county(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    row r = cash("1", "k1", "u0", "330329100200", "", "paid", "9");
    r.cell[LEDGER_PLACE] = "330329100200";
    book(app, r);
    assert_int_equal(total(app, "place:330329100200", "paid"), 9);
    assert_int_equal(total(app, "place:330329100", "paid"), 9);
    assert_int_equal(total(app, "place:330329", "paid"), 9);
    assert_int_equal(total(app, "place:330329100201", "paid"), 0);
    gf_app_close(app);
}

static void a_reversal_takes_back_amount_and_bound(void **state)
{
    (void)state;
    for (int turned = 0; turned < 2; turned++) {
        gf_app *app = open_books(GF_HASH_SHA256);
        row original = cash("1", "k1", "u0", "u1", "", "paid", "100"), back = cash("2", "k2", "u0", "u1", "", "paid", "100");
        original.cell[LEDGER_BOUND] = "at_least";
        if (turned)
            back = cash("2", "k2", "u1", "u0", "paid", "", "100");
        back.cell[LEDGER_REVERSES] = "1";
        const row rows[] = { original, back };
        expect(app, rows, 1, GF_OK, "");
        assert_int_equal(total_in(app, "group", "paid", NULL).bound, GF_FIGURE_AT_LEAST);
        expect(app, rows, 2, GF_OK, "");
        ledger_sum sum = total_in(app, "group", "paid", NULL);
        assert_int_equal(sum.amount, 0);
        assert_int_equal(sum.bound, GF_FIGURE_EXACT);
        back.cell[LEDGER_KEY] = "k3";
        refuse(app, back, GF_ECONFLICT, "ledger.reversed");
        back.cell[LEDGER_REVERSES] = "k2";
        refuse(app, back, GF_EINPUT, "ledger.mirror");        /* nobody takes back a taking back */
        gf_app_close(app);
    }
}

static void a_reversal_must_mirror_its_entry(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    book(app, cash("1", "k1", "u0", "u1", "", "paid", "100"));
    row less = cash("2", "k2", "u0", "u1", "", "paid", "99");
    less.cell[LEDGER_REVERSES] = "1";
    refuse(app, less, GF_EINPUT, "ledger.mirror");
    less.cell[LEDGER_REVERSES] = "77";
    refuse(app, less, GF_EINPUT, "ledger.reverses");
    gf_app_close(app);
}

/* What a load takes back was booked by itself or before it: the answer is the same, and so is the chain. */
static void where_the_original_was_booked_makes_no_difference(void **state)
{
    (void)state;
    row two[2] = { cash("1", "k1", "u0", "u1", "", "paid", "100"), cash("1", "k1", "u1", "u2", "", "paid", "40") };
    row back[2] = { cash("2", "k2", "u1", "u0", "paid", "", "100"), cash("2", "k2", "u2", "u1", "paid", "", "40") };
    two[0].cell[LEDGER_BOUND] = "about";
    back[0].cell[LEDGER_REVERSES] = back[1].cell[LEDGER_REVERSES] = "k1";
    row straight[2] = { two[0], two[1] }, crossed[2] = { back[1], back[0] }, nobody[2] = { back[0], back[1] }, again[2] = { back[0], back[1] }, twice[2] = { back[0], back[1] };
    for (int i = 0; i < 2; i++) {
        straight[i].cell[LEDGER_ENTRY] = "2";
        straight[i].cell[LEDGER_KEY] = "k2";
        straight[i].cell[LEDGER_BOUND] = "";
        straight[i].cell[LEDGER_REVERSES] = "k1";
        nobody[i].cell[LEDGER_TO_PARTY] = "u3";
        again[i].cell[LEDGER_ENTRY] = twice[i].cell[LEDGER_ENTRY] = "3";
        again[i].cell[LEDGER_KEY] = twice[i].cell[LEDGER_KEY] = "k3";
        twice[i].cell[LEDGER_REVERSES] = "2";
    }
    const struct { const row *rows; size_t count; bool behind_a_reversal; const char *code; gf_status status; } CASES[] = {
        { back, 2, false, "", GF_OK }, { straight, 2, false, "", GF_OK }, { back, 1, false, "ledger.mirror", GF_EINPUT }, { crossed, 2, false, "ledger.mirror", GF_EINPUT },
        { nobody, 2, false, "ledger.mirror", GF_EINPUT }, { again, 2, true, "ledger.reversed", GF_ECONFLICT }, { twice, 2, true, "ledger.mirror", GF_EINPUT },
    };
    for (size_t c = 0; c < GF_COUNT(CASES); c++) {
        row rows[6] = { two[0], two[1], back[0], back[1] };
        size_t before = CASES[c].behind_a_reversal ? 4 : 2;
        memcpy(rows + before, CASES[c].rows, CASES[c].count * sizeof *rows);
        char heads[2][GF_HASH_HEX_BYTES] = { "", "" };
        for (int apart = 0; apart < 2; apart++) {
            gf_app *app = open_books(GF_HASH_SHA256);
            int64_t entry;
            if (apart)
                expect(app, rows, before, GF_OK, "");
            expect(app, apart ? rows + before : rows, apart ? CASES[c].count : before + CASES[c].count, CASES[c].status, CASES[c].code);
            assert_int_equal(ledger_head(app, &entry, heads[apart], NULL), GF_OK);
            assert_int_equal(entry, CASES[c].status == GF_OK ? 2 : apart ? before / 2 : 0);
            gf_app_close(app);
        }
        if (CASES[c].status == GF_OK)
            assert_string_equal(heads[0], heads[1]);
    }
}

/* Entries by the ten thousand, each taken back far behind, so that what is held of them passes its blocks. */
static void a_long_load_takes_back_what_lies_far_behind(void **state)
{
    (void)state;
    enum { ENTRIES = 40000 };
    gf_app *app = open_books(GF_HASH_SHA256);
    row *rows = calloc(2 * ENTRIES, sizeof *rows);
    char (*texts)[3][16] = calloc(2 * ENTRIES, sizeof *texts);
    assert_true(rows && texts);
    for (int i = 0; i < 2 * ENTRIES; i++) {
        int of = i < ENTRIES ? i : i - ENTRIES;
        (void)snprintf(texts[i][0], 16, "%d", i + 1);
        (void)snprintf(texts[i][1], 16, "k%d", i + 1);
        (void)snprintf(texts[i][2], 16, "%d", of + 1);
        rows[i] = cash(texts[i][0], texts[i][1], "u0", of % 3 ? "u1" : "u2", "", "paid", texts[i][2]);
        if (i >= ENTRIES)
            rows[i].cell[LEDGER_REVERSES] = texts[i][2];
    }
    expect(app, rows, 2 * ENTRIES, GF_OK, "");
    assert_int_equal(total(app, "group", "paid"), 0);
    assert_int_equal(count_of(app, "SELECT count(*) FROM entry WHERE reverses > 0 AND reverses = id - 40000"), ENTRIES);
    gf_app_close(app);
    free(texts);
    free(rows);
}

/* An import goes on behind an entry that failed, to tell all that is wrong: here by a total that passes what can be counted. */
static void who_goes_on_behind_a_failure_may_take_back(void **state)
{
    (void)state;
    enum { ENTRIES = 120 };
    gf_app *app = open_books(GF_HASH_SHA256);
    gf_error err;
    int failed = 0, turned = 0;
    assert_int_equal(gf_store_begin(app->store, NULL), GF_OK);
    assert_int_equal(ledger_start(app, NULL), GF_OK);
    for (int i = 1; i <= ENTRIES; i++) {
        char entry[16], key[16], reverses[16];
        (void)snprintf(entry, sizeof entry, "%d", i);
        (void)snprintf(key, sizeof key, "k%d", i);
        (void)snprintf(reverses, sizeof reverses, "k%d", i - 1);
        row r = cash(entry, key, "u0", "u1", "", "paid", i == ENTRIES ? "100000000000000000" : "99999999999999999");
        if (i > ENTRIES - 10)
            r.cell[LEDGER_REVERSES] = reverses;
        gf_str cells[LEDGER_COLUMN_COUNT];
        size_t line;
        for (int k = 0; k < LEDGER_COLUMN_COUNT; k++)
            cells[k] = gf_str_of(r.cell[k]);
        if (ledger_row(app, cells, (size_t)i + 1, &err) == GF_OK && ledger_close(app, &line, &err) == GF_OK)
            continue;
        failed += strcmp(err.code, "ledger.total") == 0;
        turned += strncmp(err.code, "ledger.", 7) == 0 && i > ENTRIES - 10;
        ledger_skip(app);
    }
    assert_true(failed > 0);
    assert_true(turned > 0);
    gf_store_rollback(app->store);
    ledger_drop(app);
    assert_int_equal(count_of(app, "SELECT count(*) FROM entry"), 0);
    gf_app_close(app);
}

static void the_same_key_books_once(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    gf_error err;
    int64_t added;
    row r = cash("1", "k1", "u0", "u1", "", "paid", "100");
    assert_int_equal(load(app, &r, 1, &added, &err), GF_OK);
    assert_int_equal(added, 1);
    r.cell[LEDGER_ENTRY] = "another label";
    assert_int_equal(load(app, &r, 1, &added, &err), GF_OK);
    assert_int_equal(added, 0);
    assert_int_equal(total(app, "group", "paid"), 100);
    r.cell[LEDGER_AMOUNT_FEN] = "101";
    refuse(app, r, GF_ECONFLICT, "ledger.booked");
    const row fresh[] = { cash("2", "k2", "u0", "u1", "", "paid", "5"), cash("3", "k2", "u0", "u1", "", "paid", "5") };
    expect(app, fresh, 2, GF_EINPUT, "ledger.key");
    const row booked[] = { cash("2", "k1", "u0", "u1", "", "paid", "100"), cash("3", "k1", "u0", "u1", "", "paid", "100") };
    expect(app, booked, 2, GF_EINPUT, "ledger.key");
    gf_app_close(app);
}

static void a_verb_names_the_stage_and_a_silent_party_is_unstated(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    row r = cash("1", "k1", "", "u1", "", "", "100");
    r.cell[LEDGER_VERB] = "取得";
    book(app, r);
    assert_int_equal(total(app, "unit:u1", "received"), 100);
    assert_int_equal(count_of(app, "SELECT count(*) FROM account WHERE party = 'unstated' AND stage = ''"), 1);
    r = cash("2", "k2", "", "u1", "", "", "100");
    r.cell[LEDGER_VERB] = "赞扬";
    refuse(app, r, GF_EINPUT, "fund.stage");
    gf_app_close(app);
}

static void bad_rows_are_refused_by_name(void **state)
{
    (void)state;
    static const struct { ledger_column column; const char *value, *code; } BAD[] = {
        { LEDGER_AMOUNT_FEN, "-5", "fund.amount" },    { LEDGER_AMOUNT_FEN, "0", "fund.amount" },      { LEDGER_AMOUNT_FEN, "1e30", "ledger.amount" },
        { LEDGER_AMOUNT_FEN, "9223372036854775808", "ledger.amount" }, { LEDGER_AMOUNT_FEN, "9000000000000000000", "fund.amount" },
        { LEDGER_AMOUNT_FEN, "1.5", "ledger.amount" }, { LEDGER_AMOUNT_FEN, "", "ledger.amount" },     { LEDGER_KIND, "gold", "fund.kind" },
        { LEDGER_FROM_PARTY, "nobody", "ledger.unknown" }, { LEDGER_TO_PARTY, "nobody", "ledger.unknown" }, { LEDGER_FUND, "none", "ledger.unknown" },
        { LEDGER_PROJECT, "none", "ledger.unknown" },  { LEDGER_PLACE, "999999", "ledger.unknown" },   { LEDGER_UNIT, "nobody", "ledger.unknown" },
        { LEDGER_DATE, "2023-02-31", "date.day" },     { LEDGER_PERIOD, "2023-13", "date.form" },      { LEDGER_BOUND, "maybe", "ledger.bound" },
        { LEDGER_STAGE_TO, "somewhere", "fund.stage" }, { LEDGER_KEY, "", "ledger.key" },
    };
    gf_app *app = open_books(GF_HASH_SHA256);
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {
        gf_error err;
        int64_t added;
        row r = cash("1", "k1", "u0", "u1", "", "paid", "100");
        r.cell[BAD[i].column] = BAD[i].value;
        gf_status status = load(app, &r, 1, &added, &err);
        bool date = BAD[i].column == LEDGER_DATE || BAD[i].column == LEDGER_PERIOD;  /* base chooses between its two codes */
        if (status != GF_EINPUT || (date ? strncmp(err.code, "date.", 5) : strcmp(err.code, BAD[i].code)) != 0)
            fail_msg("%s = \"%s\": %s %s", LEDGER_COLUMN_NAMES[BAD[i].column], BAD[i].value, err.code, err.what);
        assert_string_equal(err.where, "entries.csv:2");
        assert_int_equal(count_of(app, "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM account) + (SELECT count(*) FROM total)"), 0);
    }
    gf_app_close(app);
}

/* 93 entries of 10^17 fen pass 2^63: told as a limit, and nothing of the load stays. */
static void a_total_that_does_not_fit_is_told(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    static char text[100][16];
    row rows[100];
    for (int i = 0; i < 100; i++) {
        (void)snprintf(text[i], sizeof text[i], "%d", i + 1);
        rows[i] = cash(text[i], text[i], "u0", "u1", "", "paid", "100000000000000000");
    }
    gf_error err;
    int64_t added;
    assert_int_equal(load(app, rows, 92, &added, &err), GF_OK);
    gf_app_close(app);
    app = open_books(GF_HASH_SHA256);
    assert_int_equal(load(app, rows, 93, &added, &err), GF_ELIMIT);
    assert_int_equal(count_of(app, "SELECT count(*) FROM entry"), 0);
    gf_app_close(app);
}

static void kinds_and_demo_are_never_added_to_others(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    row real = cash("1", "k1", "u0", "u1", "", "paid", "100"), demo = cash("2", "k2", "u0", "u1", "", "paid", "50");
    demo.cell[LEDGER_ORIGIN] = "demo";
    demo.cell[LEDGER_FUND] = "fd";
    book(app, real);
    book(app, demo);
    assert_int_equal(total(app, "group", "paid"), 100);
    ledger_query query = { GF_STR("p"), GF_STR("group"), GF_STR("all"), GF_STR("paid"), GF_STR("entered"), { INT32_MIN, INT32_MAX } };
    ledger_sum sum;
    gf_error err;
    assert_int_equal(ledger_total(app, &query, &sum, &err), GF_EDENIED);
    assert_non_null(strstr(err.what, "never added into one"));
    query.kind = GF_STR("cash");
    query.origins = GF_STR("entered,demo");
    assert_int_equal(ledger_total(app, &query, &sum, &err), GF_EDENIED);
    query.origins = GF_STR("demo");
    query.programme = GF_STR("d");
    assert_int_equal(ledger_total(app, &query, &sum, &err), GF_OK);
    assert_int_equal(sum.amount, 50);
    gf_app_close(app);
}

static void a_loose_period_belongs_where_it_overlaps(void **state)
{
    (void)state;
    gf_app *app = open_books(GF_HASH_SHA256);
    row loose = cash("1", "k1", "u0", "u1", "", "paid", "100"), day = cash("2", "k2", "u0", "u1", "", "paid", "7"), never = cash("3", "k3", "u0", "u1", "", "paid", "1");
    loose.cell[LEDGER_DATE] = "";
    loose.cell[LEDGER_PERIOD] = "2021-07/2023-12";
    never.cell[LEDGER_DATE] = "";
    const row rows[] = { loose, day, never };
    expect(app, rows, 3, GF_OK, "");
    static const struct { const char *span; gf_fen amount; } SPANS[] = {
        { "2023-03", 108 }, { "2023-03-05", 108 }, { "2023-03-06/2023-03-31", 101 }, { "2021-06", 1 }, { "2021-07-01", 101 }, { "2024", 1 },
        { "2020/2024", 108 }, { "2021-06-15/2021-07-15", 101 },
    };
    for (size_t i = 0; i < GF_COUNT(SPANS); i++)
        assert_int_equal(total_in(app, "group", "paid", SPANS[i].span).amount, SPANS[i].amount);
    gf_app_close(app);
}

/* 100 came on 10 January and 50 on 1 February; 120 were paid on 1 March, which leaves 30 of the second; the payment was
 * taken back on 1 April, which nobody knew in March. Days: 1 February to 31 March 27 + 31 = 58. */
static void ageing_takes_the_oldest_receipt_first(void **state)
{
    static const struct { const char *on; size_t count; gf_fen unpaid[2]; int64_t days[2]; } ASKED[] = {
        { "2023-01-09", 0, { 0 }, { 0 } },      { "2023-02-15", 2, { 100, 50 }, { 36, 14 } }, { "2023-03-31", 1, { 30 }, { 58 } },
        { "2023-04-01", 2, { 100, 50 }, { 81, 59 } },
    };
    gf_app *app = open_books(GF_HASH_SHA256);
    row rows[] = { cash("1", "k1", "", "u0", "", "received", "100"), cash("2", "k2", "", "u0", "", "received", "50"),
                   cash("3", "k3", "u0", "u1", "received", "received", "70"), cash("4", "k4", "u1", "330329100200", "received", "paid", "120"),
                   cash("5", "k5", "u1", "330329100200", "received", "paid", "120") };
    static const char *const DATES[] = { "2023-01-10", "2023-02-01", "2023-02-02", "2023-03-01", "2023-04-01" };
    for (size_t i = 0; i < GF_COUNT(rows); i++) {
        rows[i].cell[LEDGER_DATE] = DATES[i];
        rows[i].cell[LEDGER_FUND] = "f0";
    }
    rows[4].cell[LEDGER_REVERSES] = "4";
    expect(app, rows, GF_COUNT(rows), GF_OK, "");
    for (size_t i = 0; i < GF_COUNT(ASKED); i++) {
        gf_app_aged *aged;
        size_t count;
        assert_int_equal(gf_app_ageing(app, (gf_str){ "", 0 }, gf_str_of(ASKED[i].on), *state, &aged, &count, NULL), GF_OK);
        assert_int_equal(count, ASKED[i].count);
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(aged[k].unpaid, ASKED[i].unpaid[k]);
            assert_int_equal(aged[k].days, ASKED[i].days[k]);
        }
    }
    gf_app_close(app);
}

static gf_fen line_of(const gf_app_statement *statement, const char *kind, const char *stage)
{
    for (size_t i = 0; i < statement->line_count; i++)
        if (strcmp(statement->lines[i].kind, kind) == 0 && strcmp(statement->lines[i].stage ? statement->lines[i].stage : "", stage) == 0)
            return statement->lines[i].amount;
    return 0;
}

/* 100 from u0 to u1 and 7 from u4, who is no member: two statements show 100, the group 107 = 100 + 100 - 100 + 7. The
 * 40 that u0 applied for stand in a line of their own, with nothing counted twice; so do results without a stage. */
static void statements_of_members_and_group_agree(void **state)
{
    gf_app *app = open_books(GF_HASH_SHA256);
    row rows[] = { cash("1", "k1", "u0", "u1", "", "paid", "10000"), cash("2", "k2", "u4", "", "", "paid", "700"),
                   cash("3", "k3", "", "u0", "", "applied", "4000"), cash("4", "k4", "u0", "330329100200", "", "", "500") };
    rows[3].cell[LEDGER_KIND] = "result";
    expect(app, rows, GF_COUNT(rows), GF_OK, "");
    run_sql(app, "INSERT INTO members (id, \"group\", unit, origin, author, version) VALUES ('again','g','u0','entered','t',1)");
    gf_app_statement group, one;
    assert_int_equal(gf_app_state(app, GF_STR("group"), (gf_str){ "", 0 }, *state, &group, NULL), GF_OK);
    assert_int_equal(line_of(&group, "cash", "paid"), 10700);
    assert_int_equal(line_of(&group, "result", ""), 500);
    for (size_t i = 0; i < group.line_count; i++)
        assert_int_equal(group.internal[i], strcmp(group.lines[i].kind, "cash") == 0 && strcmp(group.lines[i].stage, "paid") == 0 ? 10000 : 0);
    static const char *const MEMBERS[] = { "unit:u0", "unit:u1" };
    for (size_t i = 0; i < GF_COUNT(MEMBERS); i++) {
        assert_int_equal(gf_app_state(app, gf_str_of(MEMBERS[i]), (gf_str){ "", 0 }, *state, &one, NULL), GF_OK);
        assert_int_equal(line_of(&one, "cash", "paid"), 10000);
        assert_null(one.internal);
    }
    assert_int_equal(gf_app_state(app, GF_STR("group"), GF_STR("2023-03-04"), *state, &group, NULL), GF_OK);
    assert_int_equal(group.line_count, 0);                    /* the day before */
    gf_app_close(app);
}

/* Registers change behind booked entries: the totals follow, and check agrees. */
static void totals_follow_the_registers(void **state)
{
    gf_app *app = open_books(GF_HASH_SHA256);
    row r = cash("1", "k1", "u0", "330329100200", "", "paid", "9");
    r.cell[LEDGER_PLACE] = "330329100200";
    book(app, r);
    static const struct { const char *change, *scope; gf_fen before, after; } CHANGES[] = {
        { "DELETE FROM members WHERE unit = 'u0'", "outside", 0, 9 },
        { "UPDATE places SET parent = '' WHERE code = '330329100'", "place:330329", 9, 0 },
    };
    for (size_t i = 0; i < GF_COUNT(CHANGES); i++) {
        gf_app_checked checked;
        assert_int_equal(total(app, CHANGES[i].scope, "paid"), CHANGES[i].before);
        run_sql(app, CHANGES[i].change);
        assert_int_equal(gf_store_begin(app->store, NULL), GF_OK);
        assert_int_equal(ledger_renew_totals(app, NULL), GF_OK);
        assert_int_equal(gf_store_commit(app->store, NULL), GF_OK);
        assert_int_equal(total(app, CHANGES[i].scope, "paid"), CHANGES[i].after);
        assert_int_equal(gf_app_check(app, (gf_str){ "", 0 }, *state, &checked, NULL), GF_OK);
        for (size_t k = 0; k < checked.problem_count; k++)
            assert_string_equal(checked.problems[k].test, "history");   /* these registers were put in by hand */
    }
    gf_app_close(app);
}

static void both_hashes_chain_and_differ(void **state)
{
    (void)state;
    char heads[2][GF_HASH_HEX_BYTES];
    for (int kind = 0; kind < 2; kind++) {
        gf_app *app = open_books(kind ? GF_HASH_SM3 : GF_HASH_SHA256);
        int64_t entry;
        book(app, cash("1", "k1", "u0", "u1", "", "paid", "100"));
        assert_int_equal(ledger_head(app, &entry, heads[kind], NULL), GF_OK);
        assert_int_equal(entry, 1);
        gf_app_close(app);
    }
    assert_string_not_equal(heads[0], heads[1]);
}


int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_transfer_between_members_is_counted_once), TEST(money_moved_on_inside_a_stage_is_not_new), TEST(what_no_member_touches_is_outside),
        TEST(a_village_counts_in_its_town_and_county), TEST(a_reversal_takes_back_amount_and_bound), TEST(a_reversal_must_mirror_its_entry),
        TEST(where_the_original_was_booked_makes_no_difference), TEST(a_long_load_takes_back_what_lies_far_behind), TEST(who_goes_on_behind_a_failure_may_take_back),
        TEST(the_same_key_books_once), TEST(a_verb_names_the_stage_and_a_silent_party_is_unstated), TEST(bad_rows_are_refused_by_name),
        TEST(a_total_that_does_not_fit_is_told), TEST(kinds_and_demo_are_never_added_to_others), TEST(a_loose_period_belongs_where_it_overlaps),
        TEST(ageing_takes_the_oldest_receipt_first), TEST(statements_of_members_and_group_agree), TEST(totals_follow_the_registers), TEST(both_hashes_chain_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
