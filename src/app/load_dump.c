/* What only a dump carries: history, batches and imports as they were, persons' wrapped keys, the method of the chain. Taken in
 * by a store that has no history yet.
 */
#include "app/ledger.h"
#include "app/load_inside.h"

#include <string.h>

static int64_t int_of(gf_str text)
{
    int64_t value = 0;
    return gf_str_to_int(text, &value) ? value : 0;
}

/* history.csv: id, at, author, register, record, version, op, field, old, new, personal */
static gf_status history_row(load_job *load, const gf_str *f, size_t count, gf_error *err)
{
    gf_utc_ms at;
    if (count != 11 || !gf_utc_parse(f[1], &at))
        return gf_fail(err, GF_EINPUT, "load.history", "Only gongfu dump writes this file.", "the row is not one of history");
    bool personal = gf_str_is(f[10], "1");
    gf_stmt *stmt = gf_store_named(load->app->store, "history_insert");
    gf_stmt_int(stmt, 1, int_of(f[0]));
    gf_stmt_int(stmt, 2, at);
    for (int i = 2; i < 10; i++)
        if (i == 5)
            gf_stmt_int(stmt, 6, int_of(f[5]));
        else
            gf_stmt_str(stmt, i + 1, personal && i >= 8 ? (gf_str){ "", 0 } : f[i]);
    (void)gf_stmt_run(stmt);
    if (personal) {
        stmt = gf_store_named(load->app->store, "history_personal_insert");
        gf_stmt_int(stmt, 1, int_of(f[0]));
        gf_stmt_str(stmt, 2, f[8]);
        gf_stmt_str(stmt, 3, f[9]);
        (void)gf_stmt_run(stmt);
    }
    return gf_store_ok(load->app->store, err);
}

gf_status load_add_batch(load_job *load, int64_t id, gf_utc_ms at, gf_str author, int64_t first, int64_t last, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(load->app->store, "batch_insert");
    gf_stmt_int(stmt, 1, id);
    gf_stmt_int(stmt, 2, at);
    gf_stmt_str(stmt, 3, author);
    gf_stmt_int(stmt, 4, first);
    gf_stmt_int(stmt, 5, last);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(load->app->store, err);
}

static gf_status batch_row(load_job *load, const gf_str *f, size_t count, gf_error *err)
{
    gf_utc_ms at;
    if (count != 5 || !gf_utc_parse(f[1], &at))
        return gf_fail(err, GF_EINPUT, "load.batches", "Only gongfu dump writes this file.", "the row is not one of batches");
    return load_add_batch(load, int_of(f[0]), at, f[2], int_of(f[3]), int_of(f[4]), err);
}

/* settings.csv: name, value. Only the method of the chain is taken over, and only by an empty ledger. */
static gf_status setting_row(load_job *load, const gf_str *f, size_t count, gf_error *err)
{
    int64_t entry;
    char hex[GF_HASH_HEX_BYTES];
    gf_status status = ledger_head(load->app, &entry, hex, err);
    if (status != GF_OK || entry || count != 2 || !gf_str_is(f[0], "ledger.hash"))
        return status;
    load->app->ledger_hash = gf_str_is(f[1], "sm3") ? GF_HASH_SM3 : GF_HASH_SHA256;
    return app_set_setting(load->app, "ledger.hash", f[1], err);
}

/* subject_keys.csv: register, record, wrapped. Persons' keys, of use only with the master key that wrapped them. */
static gf_status subject_key_row(load_job *load, const gf_str *f, size_t count, gf_error *err)
{
    if (count != 3 || !gf_register_find(f[0]))
        return gf_fail(err, GF_EINPUT, "load.subject_keys", "Only gongfu dump writes this file.", "the row is not one of subject_keys");
    gf_stmt *stmt = gf_store_named(load->app->store, "subject_key_put");
    for (int i = 0; i < 3; i++)
        gf_stmt_str(stmt, i + 1, f[i]);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(load->app->store, err);
}

/* imports.csv: id, at, register, file, sha256, author, rows, added, changed, history_first, history_last, entry_first,
 * entry_last, state */
static gf_status import_row(load_job *load, const gf_str *f, size_t count, gf_error *err)
{
    gf_utc_ms at;
    if (count != 14 || !gf_utc_parse(f[1], &at))
        return gf_fail(err, GF_EINPUT, "load.imports", "Only gongfu dump writes this file.", "the row is not one of imports");
    const int64_t numbers[] = { int_of(f[0]), at, int_of(f[6]), int_of(f[7]), int_of(f[8]), int_of(f[9]), int_of(f[10]), int_of(f[11]), int_of(f[12]) };
    const int at_number[] = { 1, 5, 7, 8, 9, 10, 11, 12, 13 };
    gf_stmt *stmt = gf_store_named(load->app->store, "import_insert");
    for (size_t i = 0; i < GF_COUNT(numbers); i++)
        gf_stmt_int(stmt, at_number[i], numbers[i]);
    gf_stmt_str(stmt, 2, f[2]);
    gf_stmt_str(stmt, 3, f[3]);
    gf_stmt_str(stmt, 4, f[4]);
    gf_stmt_str(stmt, 6, f[5]);
    gf_stmt_str(stmt, 14, f[13]);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(load->app->store, err);
}

int64_t load_last_id(load_job *load, const char *name)
{
    gf_stmt *stmt = gf_store_named(load->app->store, name);
    int64_t id = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return id;
}

const load_dump_file LOAD_DUMP_FILES[LOAD_DUMP_FILE_COUNT] = {
    { "settings", true, setting_row }, { "subject_keys", true, subject_key_row }, { "history", false, history_row }, { "batches", false, batch_row }, { "imports", false, import_row },
};
