/* tests/unit/books.h - small books in memory (or on the server that the tests are run on), and one load into them. */
#pragma once
#include "unit/stores.h"

#include "app/app.h"
#include "app/ledger.h"

#include <stdlib.h>
#include <string.h>

/* Units u0 to u3 are members of the group of programme p, u4 is not; d is a demo. Two villages, one town, one county. */
static const char SETTING[] =
    "INSERT INTO units (id, origin, author, version) VALUES ('u0','entered','t',1),('u1','entered','t',1),('u2','entered','t',1),"
    "('u3','entered','t',1),('u4','entered','t',1);"
    "INSERT INTO places (code, parent, origin, author, version) VALUES ('330329','','entered','t',1),('330329100','330329','entered','t',1),"
    "('330329100200','330329100','entered','t',1),('330329100201','330329100','entered','t',1);"
    "INSERT INTO programmes (id, origin, author, version) VALUES ('p','entered','t',1),('d','demo','t',1);"
    "INSERT INTO groups (id, programme, origin, author, version) VALUES ('g','p','entered','t',1);"
    "INSERT INTO members (id, \"group\", unit, origin, author, version) VALUES ('m0','g','u0','entered','t',1),('m1','g','u1','entered','t',1),"
    "('m2','g','u2','entered','t',1),('m3','g','u3','entered','t',1);"
    "INSERT INTO funds (id, programme, origin, author, version) VALUES ('f0','p','entered','t',1),('f1','p','entered','t',1),('fd','d','demo','t',1);"
    "INSERT INTO projects (id, origin, author, version) VALUES ('j0','entered','t',1),('j1','entered','t',1);";

static inline gf_utc_ms clock_of_test(void) { return 0; }

static inline void run_sql(gf_app *app, const char *sql)
{
    gf_str rest = gf_str_of(sql), one;
    while (gf_str_cut(&rest, ';', &one)) {
        char text[1200];
        (void)snprintf(text, sizeof text, "%.*s", GF_STR_ARG(one));
        if (gf_str_trim(one).len)
            assert_true(gf_stmt_run(gf_store_text(app->store, text)));
    }
}

static inline gf_app *open_books(gf_hash_kind kind)
{
    gf_app *app;
    char address[STORE_ADDRESS_BYTES];
    const gf_app_options options = { .db = on_postgres() ? fresh_store(address) : GF_STR("sqlite::memory:"), .create = true, .now = clock_of_test, .ledger_hash = kind };
    assert_int_equal(gf_app_open(&options, &app, NULL), GF_OK);
    run_sql(app, SETTING);
    return app;
}

/* ---- One load ---- */

typedef struct row { const char *cell[LEDGER_COLUMN_COUNT]; } row;
#define ROW(...) ((row){ .cell = { __VA_ARGS__ } })

/* All or nothing, as gf_app_load() does it. */
static inline gf_status load(gf_app *app, const row *rows, size_t count, int64_t *added, gf_error *err)
{
    int64_t seen = 0;
    *added = 0;
    *err = (gf_error){ .code = "" };
    assert_int_equal(gf_store_begin(app->store, NULL), GF_OK);
    gf_status status = ledger_start(app, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        gf_str cells[LEDGER_COLUMN_COUNT];
        for (int k = 0; k < LEDGER_COLUMN_COUNT; k++)
            cells[k] = gf_str_of(rows[i].cell[k]);
        status = ledger_row(app, cells, i + 2, err);
    }
    if (status == GF_OK)
        status = ledger_finish(app, added, &seen, err);
    if (status == GF_OK)
        status = gf_store_commit(app->store, err);
    else
        gf_store_rollback(app->store);
    ledger_drop(app);
    return status;
}

static inline int64_t count_of(gf_app *app, const char *sql)
{
    gf_stmt *stmt = gf_store_text(app->store, sql);
    int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : -1;
    gf_stmt_end(stmt);
    return count;
}
