/* The promises of gf_store.h, on whichever engine the tests are run. */
#include "unit/stores.h"

#include "store/engine.h"
#include "store/pg_text.h"
#include "store/sql_text.h"

#include <pthread.h>

extern const gf_embedded gf_embedded_sql[];
extern const size_t      gf_embedded_sql_count;

static const char PUT[] = "INSERT INTO setting (name, value) VALUES (:name, :value)";

static void put(gf_store *store, const char *name, const char *value)
{
    gf_stmt *stmt = gf_store_text(store, PUT);
    gf_stmt_str(stmt, 1, gf_str_of(name));
    gf_stmt_str(stmt, 2, gf_str_of(value));
    (void)gf_stmt_run(stmt);
}

static int64_t count_settings(gf_store *store)
{
    gf_stmt *stmt = gf_store_text(store, "SELECT count(*) FROM setting");
    int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : -1;
    gf_stmt_end(stmt);
    return count;
}

/* ---- Failures ---- */

static void broken_constraint_latches_until_rollback(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    gf_error err;
    fresh_store(address);
    gf_store *store = open_store(address);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    put(store, "a", "1");
    put(store, "a", "2");
    assert_int_equal(gf_store_ok(store, &err), GF_ECONFLICT);
    put(store, "b", "3");
    assert_int_equal(count_settings(store), -1);
    assert_int_equal(gf_store_commit(store, &err), GF_ECONFLICT);
    assert_int_equal(gf_store_ok(store, NULL), GF_OK);
    assert_int_equal(count_settings(store), 0);
    gf_store_close(store);
    drop_store(address);
}

static void unknown_statement_latches(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    fresh_store(address);
    gf_store *store = open_store(address);
    assert_false(gf_stmt_row(gf_store_named(store, "no_such_statement")));
    assert_int_equal(gf_store_ok(store, NULL), GF_EIO);
    gf_store_rollback(store);
    assert_false(gf_stmt_row(gf_store_text(store, "SELECT nonsense FROM nowhere")));
    assert_int_equal(gf_store_ok(store, NULL), GF_EIO);
    gf_store_rollback(store);
    gf_stmt *stmt = gf_store_text(store, PUT);
    gf_stmt_int(stmt, 3, 1);
    assert_int_equal(gf_store_ok(store, NULL), GF_EIO);
    gf_store_rollback(store);
    assert_int_equal(count_settings(store), 0);
    gf_store_close(store);
    drop_store(address);
}

/* Text that no UTF-8 database takes must not be cut off unseen. */
static void text_with_nul_is_kept_whole_or_refused(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    fresh_store(address);
    gf_store *store = open_store(address);
    gf_stmt *stmt = gf_store_text(store, PUT);
    gf_stmt_str(stmt, 1, GF_STR("n"));
    gf_stmt_str(stmt, 2, (gf_str){ "a\0b", 3 });
    if (gf_stmt_run(stmt)) {
        stmt = gf_store_text(store, "SELECT value FROM setting WHERE name = 'n'");
        assert_true(gf_stmt_row(stmt));
        assert_int_equal(gf_row_str(stmt, 0).len, 3);
        gf_stmt_end(stmt);
    } else
        assert_int_equal(gf_store_ok(store, NULL), GF_EIO);
    gf_store_rollback(store);
    gf_store_close(store);
    drop_store(address);
}

/* ---- Transactions ---- */

static void part_is_taken_back_alone(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    fresh_store(address);
    gf_store *store = open_store(address);
    uint64_t undone = gf_store_undone(store);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    put(store, "before", "1");
    assert_int_equal(gf_store_mark(store, NULL), GF_OK);
    put(store, "gone", "1");
    put(store, "gone", "2");
    assert_int_equal(gf_store_keep(store, NULL), GF_ECONFLICT);
    assert_int_equal(gf_store_mark(store, NULL), GF_OK);
    put(store, "kept", "1");
    assert_int_equal(gf_store_keep(store, NULL), GF_OK);
    assert_int_equal(gf_store_mark(store, NULL), GF_OK);
    put(store, "back", "1");
    gf_store_back(store);
    assert_int_equal(gf_store_commit(store, NULL), GF_OK);
    assert_int_equal(gf_store_undone(store), undone + 2);
    assert_int_equal(count_settings(store), 2);
    gf_store_close(store);
    drop_store(address);
}

static void reader_stays_in_its_moment(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    fresh_store(address);
    gf_store *writer = open_store(address), *reader = open_store(address);
    put(writer, "a", "1");
    assert_int_equal(gf_store_begin_read(reader, NULL), GF_OK);
    put(writer, "b", "1");
    assert_int_equal(count_settings(reader), 1);
    gf_store_rollback(reader);
    assert_int_equal(count_settings(reader), 2);
    gf_store_close(writer);
    gf_store_close(reader);
    drop_store(address);
}

static void moved_tells_of_others_alone(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    fresh_store(address);
    gf_store *one = open_store(address), *other = open_store(address);
    int64_t before = gf_store_moved(one);
    assert_true(before >= 0);
    put(one, "own", "1");
    assert_int_equal(gf_store_begin(one, NULL), GF_OK);
    put(one, "own too", "1");
    assert_int_equal(gf_store_commit(one, NULL), GF_OK);
    assert_int_equal(gf_store_moved(one), before);
    assert_int_equal(gf_store_begin(other, NULL), GF_OK);
    put(other, "taken back", "1");
    gf_store_rollback(other);
    assert_int_equal(gf_store_moved(one), before);
    put(other, "by another", "1");
    int64_t after = gf_store_moved(one);
    assert_int_not_equal(after, before);
    assert_int_equal(gf_store_begin(other, NULL), GF_OK);
    put(other, "by another again", "1");
    assert_int_equal(gf_store_moved(one), after);  /* not there yet */
    assert_int_equal(gf_store_commit(other, NULL), GF_OK);
    assert_int_not_equal(gf_store_moved(one), after);
    gf_store_close(one);
    gf_store_close(other);
    drop_store(address);
}

enum { WRITERS = 4, TURNS = 25 };

/* Reads a number and writes the next: lost when two could write at once. */
static void *count_up(void *context)
{
    gf_store *store = open_store(context);
    size_t failed = 0;
    for (int i = 0; i < TURNS; i++) {
        bool begun = gf_store_begin(store, NULL) == GF_OK;
        gf_stmt *stmt = gf_store_text(store, "SELECT at_utc_ms FROM batch WHERE id = 1");
        int64_t value = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : -1;
        gf_stmt_end(stmt);
        stmt = gf_store_text(store, "UPDATE batch SET at_utc_ms = ? WHERE id = 1");
        gf_stmt_int(stmt, 1, value + 1);
        (void)gf_stmt_run(stmt);
        failed += !begun || gf_store_changes(store) != 1 || gf_store_commit(store, NULL) != GF_OK;
    }
    gf_store_close(store);
    return failed ? context : NULL;
}

static void one_writes_at_a_time(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    pthread_t threads[WRITERS];
    fresh_store(address);
    gf_store *store = open_store(address);
    assert_true(gf_stmt_run(gf_store_text(store, "INSERT INTO batch (id, at_utc_ms, author, entry_first, entry_last) VALUES (1, 0, 'a', 1, 1)")));
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, address), 0);
    for (int i = 0; i < WRITERS; i++) {
        void *failed;
        (void)pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    gf_stmt *stmt = gf_store_text(store, "SELECT at_utc_ms FROM batch WHERE id = 1");
    assert_true(gf_stmt_row(stmt));
    assert_int_equal(gf_row_int(stmt, 0), WRITERS * TURNS);
    gf_stmt_end(stmt);
    gf_store_close(store);
    drop_store(address);
}

/* ---- A bulk load ---- */

enum { BULK_ROWS = 1300 };   /* more than are sent ahead at once */

static void fill_in_bulk(gf_store *store)
{
    char name[16];
    for (int i = 0; i < BULK_ROWS; i++) {
        (void)snprintf(name, sizeof name, "k%04d", i);
        put(store, name, name);
        if (i % 7 == 0) {
            gf_stmt *stmt = gf_store_text(store, "SELECT value FROM setting WHERE name >= ? ORDER BY name");
            gf_stmt_str(stmt, 1, gf_str_of(name));
            assert_true(gf_stmt_row(stmt));
            assert_text(gf_row_str(stmt, 0), name);
            if (i % 2)
                gf_stmt_end(stmt);
            else
                assert_false(gf_stmt_row(stmt));
        }
        if (i % 100 == 0)
            assert_int_equal(gf_store_changes(store), 1);
    }
}

static void bulk_load_reads_what_it_wrote_and_tells_what_failed(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    gf_store *store = NULL;
    fresh_store(address);
    const gf_store_options options = { .address = gf_str_of(address), .create = true, .bulk = true };
    assert_int_equal(gf_store_open(&options, &store, NULL), GF_OK);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    fill_in_bulk(store);
    put(store, "k0001", "again");
    put(store, "never", "1");
    assert_int_equal(gf_store_commit(store, NULL), GF_ECONFLICT);
    assert_int_equal(count_settings(store), 0);

    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    fill_in_bulk(store);
    assert_int_equal(gf_store_mark(store, NULL), GF_OK);
    put(store, "k0001", "again");
    assert_int_equal(gf_store_keep(store, NULL), GF_ECONFLICT);
    put(store, "k0001", "again");
    assert_int_equal(count_settings(store), -1);  /* a question behind the failure */
    assert_int_equal(gf_store_ok(store, NULL), GF_ECONFLICT);
    gf_store_rollback(store);

    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    fill_in_bulk(store);
    assert_int_equal(gf_store_commit(store, NULL), GF_OK);
    assert_int_equal(count_settings(store), BULK_ROWS);
    gf_store_close(store);
    drop_store(address);
}

/* Rows of several tables, larger than any heap, between questions, changes and parts: each is seen in its turn. */
static void bulk_changes_keep_their_order(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES], name[32], long_text[70000];
    fresh_store(address);
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    gf_store *store = NULL;
    const gf_store_options options = { .address = gf_str_of(address), .create = true, .bulk = true };
    assert_int_equal(gf_store_open(&options, &store, NULL), GF_OK);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    for (int i = 0; i < 3000; i++) {
        (void)snprintf(name, sizeof name, "n%d", i);
        put(store, name, i == 1500 ? long_text : name);
        gf_stmt *key = gf_store_named(store, "subject_key_add");
        gf_stmt_str(key, 1, GF_STR("persons"));
        gf_stmt_str(key, 2, gf_str_of(name));
        gf_stmt_str(key, 3, GF_STR("w"));
        (void)gf_stmt_run(key);
        if (i % 500 == 0)
            assert_int_equal(count_settings(store), i + 1);
    }
    gf_stmt *change = gf_store_text(store, "UPDATE setting SET value = 'changed' WHERE name = ?");
    gf_stmt_str(change, 1, GF_STR("n2999"));
    (void)gf_stmt_run(change);
    assert_int_equal(gf_store_mark(store, NULL), GF_OK);
    put(store, "part", "1");
    gf_store_back(store);
    assert_int_equal(count_settings(store), 3000);
    gf_stmt *read = gf_store_text(store, "SELECT value FROM setting WHERE name IN ('n1500', 'n2999') ORDER BY name");
    assert_true(gf_stmt_row(read));
    assert_int_equal(gf_row_str(read, 0).len, sizeof long_text - 1);
    put(store, "meanwhile", "1");   /* while a row is at hand */
    assert_true(gf_stmt_row(read) && gf_str_is(gf_row_str(read, 0), "changed"));
    gf_stmt_end(read);
    assert_int_equal(gf_store_commit(store, NULL), GF_OK);
    assert_int_equal(count_settings(store), 3001);
    gf_store_close(store);
    drop_store(address);
}

static bool has_index(gf_store *store, const char *name)
{
    gf_stmt *stmt = gf_store_text(store, store->engine->index_sql);
    gf_stmt_str(stmt, 1, gf_str_of(name));
    bool there = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return there;
}

static void put_line(gf_store *store, int64_t id)
{
    gf_stmt *stmt = gf_store_named(store, "entry_line_insert");
    for (int i = 1; i <= 5; i++)
        gf_stmt_int(stmt, i, id);
    gf_stmt_str(stmt, 6, GF_STR(""));
    (void)gf_stmt_run(stmt);
}

static void a_delayed_index_is_there_after_the_commit_and_after_a_rollback(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    static const char INDEX[] = "entry_line_account";
    fresh_store(address);
    gf_store *store = NULL;
    const gf_store_options options = { .address = gf_str_of(address), .create = true, .bulk = true };
    assert_int_equal(gf_store_open(&options, &store, NULL), GF_OK);
    for (int commits = 0; commits < 2; commits++) {
        assert_int_equal(gf_store_begin(store, NULL), GF_OK);
        assert_int_equal(gf_store_delay(store, INDEX, NULL), GF_OK);
        assert_int_equal(gf_store_delay(store, "no_such_index", NULL), GF_OK);
        assert_false(has_index(store, INDEX));
        put_line(store, 1);
        if (commits)
            assert_int_equal(gf_store_commit(store, NULL), GF_OK);
        else
            gf_store_rollback(store);
        assert_true(has_index(store, INDEX));
    }
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    assert_int_equal(gf_store_delay(store, INDEX, NULL), GF_OK);
    assert_true(has_index(store, INDEX));   /* the table has a row */
    gf_store_rollback(store);
    gf_store_close(store);
    drop_store(address);
}

static void store_is_filled_from_another(void **state)
{
    (void)state;
    char one[STORE_ADDRESS_BYTES], two[STORE_ADDRESS_BYTES];
    int64_t rows = 0;
    gf_error err;
    fresh_store(one);
    fresh_store(two);
    gf_store *from = open_store(one), *to = open_store(two);
    put(from, "0", "");
    put(from, "1", "");
    put(from, "2", "");
    gf_stmt *stmt = gf_store_named(from, "document_blob_put");
    gf_stmt_str(stmt, 1, GF_STR("s"));
    gf_stmt_blob(stmt, 2, "\0\xff", 2);
    assert_true(gf_stmt_run(stmt));
    assert_int_equal(gf_store_begin_read(from, NULL), GF_OK);
    assert_int_equal(gf_store_begin(to, NULL), GF_OK);
    assert_int_equal(gf_store_fill(to, from, &rows, NULL), GF_OK);
    assert_int_equal(gf_store_commit(to, NULL), GF_OK);
    assert_int_equal(rows, 4);
    assert_int_equal(count_settings(to), 3);
    stmt = gf_store_named(to, "document_blob_get");
    gf_stmt_str(stmt, 1, GF_STR("s"));
    assert_true(gf_stmt_row(stmt));
    assert_int_equal(gf_row_str(stmt, 0).len, 2);
    gf_stmt_end(stmt);
    assert_int_equal(gf_store_begin(to, NULL), GF_OK);
    assert_int_equal(gf_store_fill(to, from, &rows, &err), GF_ECONFLICT);
    assert_string_equal(err.code, "store.taken");
    gf_store_rollback(to);
    gf_store_close(from);
    gf_store_close(to);
    drop_store(one);
    drop_store(two);
}

/* ---- Values ---- */

static void values_come_back_as_they_were(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    static const char BYTES[] = { 0, 1, (char)0xff, '\\', 'x', 0 };
    fresh_store(address);
    gf_store *store = open_store(address);
    gf_stmt *stmt = gf_store_text(store, "INSERT INTO facts (id, line, char, phrase, origin, author, version) VALUES (?, ?, ?, :text, '?:no', 'a', :big)");
    gf_stmt_str(stmt, 1, GF_STR("f"));
    gf_stmt_int(stmt, 2, INT64_MIN);
    gf_stmt_null(stmt, 3);
    gf_stmt_str(stmt, 4, (gf_str){ NULL, 0 });
    gf_stmt_int(stmt, 5, INT64_MAX);
    assert_true(gf_stmt_run(stmt));
    stmt = gf_store_text(store, "INSERT INTO document_blob (sha256, bytes) VALUES (:s, :b)");
    gf_stmt_str(stmt, 1, GF_STR("泰顺'\"\\"));
    gf_stmt_blob(stmt, 2, BYTES, sizeof BYTES);
    assert_true(gf_stmt_run(stmt));
    gf_stmt_str(stmt, 1, GF_STR("none"));
    gf_stmt_blob(stmt, 2, NULL, 0);
    assert_true(gf_stmt_run(stmt));
    assert_int_equal(gf_store_changes(store), 1);

    stmt = gf_store_text(store, "SELECT line, \"char\", phrase, version, origin, line < 0, (SELECT sum(version - 1) FROM facts) FROM facts WHERE id = :id AND :id <> ''");
    gf_stmt_str(stmt, 1, GF_STR("f"));
    assert_true(gf_stmt_row(stmt));
    assert_int_equal(gf_row_columns(stmt), 7);
    assert_true(gf_row_int(stmt, 0) == INT64_MIN && gf_row_int(stmt, 3) == INT64_MAX && gf_row_int(stmt, 5) == 1);
    assert_true(gf_row_int(stmt, 6) == INT64_MAX - 1);
    assert_int_equal(gf_row_kind(stmt, 0), GF_VALUE_INT);
    assert_int_equal(gf_row_kind(stmt, 1), GF_VALUE_NULL);
    assert_int_equal(gf_row_kind(stmt, 2), GF_VALUE_TEXT);
    assert_int_equal(gf_row_kind(stmt, 6), GF_VALUE_INT);
    assert_text(gf_row_str(stmt, 1), "");
    assert_text(gf_row_str(stmt, 3), "9223372036854775807");
    assert_text(gf_row_str(stmt, 4), "?:no");
    assert_text(gf_row_str(stmt, 5), "1");
    assert_false(gf_stmt_row(stmt));

    stmt = gf_store_text(store, "SELECT sha256, bytes, length(bytes), 7 FROM document_blob ORDER BY length(bytes) DESC");
    assert_true(gf_stmt_row(stmt));
    assert_text(gf_row_str(stmt, 0), "泰顺'\"\\");
    assert_int_equal(gf_row_kind(stmt, 1), GF_VALUE_BLOB);
    assert_int_equal(gf_row_str(stmt, 1).len, sizeof BYTES);
    assert_memory_equal(gf_row_str(stmt, 1).data, BYTES, sizeof BYTES);
    assert_int_equal(gf_row_int(stmt, 2), sizeof BYTES);
    assert_text(gf_row_str(stmt, 2), "6");
    assert_int_equal(gf_row_int(stmt, 3), 7);
    assert_true(gf_stmt_row(stmt));
    assert_int_equal(gf_row_str(stmt, 1).len, 0);
    assert_int_equal(gf_row_kind(stmt, 1), GF_VALUE_BLOB);
    gf_stmt_end(stmt);
    assert_int_equal(gf_store_ok(store, NULL), GF_OK);
    gf_store_close(store);
    drop_store(address);
}

/* Other statements run while rows of the first are still to come, one of them many times; the row at hand stays. */
static void statements_run_inside_a_loop(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES], name[16];
    int seen = 0;
    fresh_store(address);
    gf_store *store = open_store(address);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    for (int i = 0; i < 500; i++) {
        (void)snprintf(name, sizeof name, "k%03d", i);
        put(store, name, name);
    }
    gf_stmt *outer = gf_store_text(store, "SELECT name, value, NULL FROM setting ORDER BY name");
    while (gf_stmt_row(outer)) {
        gf_stmt *inner = gf_store_text(store, "SELECT value FROM setting WHERE name = ?");
        gf_stmt_str(inner, 1, gf_row_str(outer, 0));
        assert_true(gf_stmt_row(inner));
        (void)snprintf(name, sizeof name, "k%03d", seen++);
        assert_text(gf_row_str(inner, 0), name);
        assert_text(gf_row_str(outer, 1), name);
        assert_int_equal(gf_row_kind(outer, 2), GF_VALUE_NULL);
        gf_stmt_end(inner);
    }
    assert_int_equal(seen, 500);
    assert_int_equal(gf_store_commit(store, NULL), GF_OK);
    gf_store_close(store);
    drop_store(address);
}

static void text_sorts_by_its_bytes(void **state)
{
    (void)state;
    static const char *const NAMES[] = { "", "A", "Z", "_", "a", "a b", "ab", "z", "é", "中", "乙" };
    char address[STORE_ADDRESS_BYTES];
    fresh_store(address);
    gf_store *store = open_store(address);
    for (size_t i = GF_COUNT(NAMES); i-- > 0;)
        put(store, NAMES[i], "");
    gf_stmt *stmt = gf_store_named(store, "setting_all");
    for (size_t i = 0; i < GF_COUNT(NAMES); i++) {
        assert_true(gf_stmt_row(stmt));
        assert_text(gf_row_str(stmt, 0), NAMES[i]);
    }
    assert_false(gf_stmt_row(stmt));
    gf_store_close(store);
    drop_store(address);
}

/* ---- SQL ---- */

static void every_named_statement_is_understood(void **state)
{
    (void)state;
    static const gf_str HEAD = GF_STR_INIT("-- name: ");
    char address[STORE_ADDRESS_BYTES], name[80];
    int seen = 0;
    fresh_store(address);
    gf_store *store = open_store(address);
    for (size_t i = 0; i < gf_embedded_sql_count; i++) {
        gf_str rest = { (const char *)gf_embedded_sql[i].bytes, gf_embedded_sql[i].len }, line;
        while (!strstr(gf_embedded_sql[i].name, "schema/") && gf_str_cut(&rest, '\n', &line)) {
            gf_error err = { .what = "" };
            if (!gf_str_starts(line, HEAD))
                continue;
            (void)snprintf(name, sizeof name, "%.*s", GF_STR_ARG(gf_str_trim(gf_str_slice(line, HEAD.len, line.len))));
            (void)gf_store_named(store, name);
            if (gf_store_ok(store, &err) != GF_OK)
                fail_msg("%s: %s", name, err.what);
            seen++;
        }
    }
    assert_true(seen > 150);
    gf_store_close(store);
    drop_store(address);
}

static void parameters_are_numbered_by_first_appearance(void **state)
{
    (void)state;
    static const struct { const char *sql, *turned; int count; } CASES[] = {
        { "SELECT :a, :b, :a", "SELECT $1, $2, $1", 2 },
        { "SELECT ?, :a, ?, :a", "SELECT $1, $2, $3, $2", 3 },
        { "SELECT ':a', \"?\", '''?', :a -- :b ?\n, ?", "SELECT ':a', \"?\", '''?', $1 -- :b ?\n, $2", 2 },
        { "SELECT ':a", "SELECT ':a", 0 },
        { "", "", 0 },
    };
    for (size_t i = 0; i < GF_COUNT(CASES); i++) {
        int count = -1;
        char *turned = pg_text_statement(gf_str_of(CASES[i].sql), &count);
        assert_string_equal(turned, CASES[i].turned);
        assert_int_equal(count, CASES[i].count);
        free(turned);
    }
    char *migration = pg_text_migration("CREATE TABLE t (\"INTEGER\" INTEGER, b BLOB DEFAULT 'BLOB') STRICT, WITHOUT ROWID; -- STRICT\nINTEGERS");
    assert_string_equal(migration, "CREATE TABLE t (\"INTEGER\" BIGINT, b BYTEA DEFAULT 'BLOB') ; -- STRICT\nINTEGERS");
    free(migration);
}

/* ---- Opening ---- */

static void empty_store_is_not_opened_for_reading(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    gf_store *store = NULL;
    fresh_store(address);
    const gf_store_options options = { .address = gf_str_of(address), .read_only = true };
    assert_int_equal(gf_store_open(&options, &store, NULL), GF_ENOTFOUND);
    gf_store *made = open_store(address);
    assert_int_equal(gf_store_schema_version(made), gf_store_schema_latest());
    assert_int_equal(gf_store_open(&options, &store, NULL), GF_OK);
    put(store, "a", "1");
    assert_int_equal(gf_store_ok(store, NULL), GF_EIO);
    gf_store_rollback(store);
    assert_int_equal(count_settings(store), 0);
    gf_store_close(store);
    gf_store_close(made);
    drop_store(address);
}

/* As a later program leaves it: this one must not touch it. */
static void newer_store_is_refused(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    gf_store *store = NULL;
    fresh_store(address);
    gf_store *made = open_store(address);
    assert_true(gf_stmt_run(gf_store_text(made, on_postgres() ? "UPDATE gf_store SET schema = 9999" : "PRAGMA user_version = 9999")));
    const gf_store_options options = { .address = gf_str_of(address), .create = true };
    assert_int_equal(gf_store_open(&options, &store, NULL), GF_ECONFLICT);
    gf_store_close(made);
    drop_store(address);
}

static void address_of_nobody_is_refused_without_its_password(void **state)
{
    (void)state;
    gf_store *store = NULL;
    gf_error err;
    const gf_store_options options = { .address = GF_STR_INIT("mysql://root:secret@db/x"), .create = true };
    assert_int_equal(gf_store_open(&options, &store, &err), GF_EUSAGE);
    assert_null(strstr(err.what, "secret"));
}

/* ---- PostgreSQL alone ---- */

static void database_of_another_program_is_refused(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES], name[80];
    gf_store *store = NULL;
    gf_error err;
    gf_str all = gf_str_of(strrchr(fresh_store(address).data, '@') + 2);
    (void)snprintf(name, sizeof name, "%.*s", GF_STR_ARG(gf_str_slice(all, 0, gf_str_find(all, GF_STR("?")))));
    pg_owner(name, "CREATE TABLE theirs (a int)");
    const gf_store_options options = { .address = gf_str_of(address), .create = true };
    assert_int_equal(gf_store_open(&options, &store, &err), GF_EINPUT);
    assert_string_equal(err.code, "store.foreign");
    drop_store(address);
}

static void database_that_sorts_otherwise_is_refused(void **state)
{
    (void)state;
    char address[STORE_ADDRESS_BYTES];
    gf_store *store = NULL;
    gf_error err;
    fresh_store_with(address, "LOCALE_PROVIDER icu ICU_LOCALE 'zh'");
    const gf_store_options options = { .address = gf_str_of(address), .create = true };
    assert_int_equal(gf_store_open(&options, &store, &err), GF_EINPUT);
    assert_string_equal(err.code, "store.collation");
    drop_store(address);
}

/* The server ends the connection, as when it is restarted: what was under way is lost and told, the next begins anew. */
static void lost_connection_is_made_again(void **state)
{
    (void)state;
    static const char END[] = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    char address[STORE_ADDRESS_BYTES], name[80];
    gf_str all = gf_str_of(strrchr(fresh_store(address).data, '@') + 2);
    (void)snprintf(name, sizeof name, "%.*s", GF_STR_ARG(gf_str_slice(all, 0, gf_str_find(all, GF_STR("?")))));
    gf_store *store = open_store(address);
    put(store, "kept", "1");
    pg_owner(name, END);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    put(store, "lost", "1");
    pg_owner(name, END);
    put(store, "lost too", "1");
    assert_int_equal(gf_store_ok(store, NULL), GF_EIO);
    assert_int_equal(gf_store_commit(store, NULL), GF_EIO);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    put(store, "kept again", "1");
    assert_int_equal(gf_store_commit(store, NULL), GF_OK);
    pg_owner(name, END);
    assert_true(gf_store_moved(store) >= 0);
    assert_int_equal(count_settings(store), 2);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    put(store, "unsure", "1");
    pg_owner(name, END);
    assert_int_equal(gf_store_commit(store, NULL), GF_EIO);  /* never told as kept when it was not */
    assert_true(gf_store_moved(store) >= 0);
    assert_int_equal(count_settings(store), 2);
    gf_store_close(store);
    const gf_store_options bulk = { .address = gf_str_of(address), .bulk = true };
    assert_int_equal(gf_store_open(&bulk, &store, NULL), GF_OK);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    put(store, "sent ahead", "1");
    pg_owner(name, END);
    for (int i = 0; i < 600; i++)
        put(store, "sent ahead too", "1");
    assert_int_equal(gf_store_commit(store, NULL), GF_EIO);
    assert_int_equal(gf_store_begin(store, NULL), GF_OK);
    put(store, "behind it", "1");
    assert_int_equal(gf_store_commit(store, NULL), GF_OK);
    assert_int_equal(count_settings(store), 3);
    gf_store_close(store);
    drop_store(address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(broken_constraint_latches_until_rollback), TEST(unknown_statement_latches), TEST(text_with_nul_is_kept_whole_or_refused), TEST(part_is_taken_back_alone), TEST(reader_stays_in_its_moment),
        TEST(moved_tells_of_others_alone), TEST(one_writes_at_a_time), TEST(values_come_back_as_they_were), TEST(statements_run_inside_a_loop), TEST(text_sorts_by_its_bytes), TEST(bulk_load_reads_what_it_wrote_and_tells_what_failed), TEST(bulk_changes_keep_their_order), TEST(a_delayed_index_is_there_after_the_commit_and_after_a_rollback), TEST(store_is_filled_from_another),
        TEST(every_named_statement_is_understood), TEST(parameters_are_numbered_by_first_appearance), TEST(empty_store_is_not_opened_for_reading), TEST(newer_store_is_refused),
        TEST(address_of_nobody_is_refused_without_its_password),
    };
    const struct CMUnitTest on_a_server[] = { TEST(database_of_another_program_is_refused), TEST(database_that_sorts_otherwise_is_refused), TEST(lost_connection_is_made_again) };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return on_postgres() ? failed + cmocka_run_group_tests(on_a_server, NULL, NULL) : failed;
}
