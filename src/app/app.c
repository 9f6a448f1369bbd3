/* Opening and closing the books, and the settings that belong to a store.
 *
 * Everything that costs (ledger, keys, hashes) is opened when it is first used, so that a server can hold an app for
 * each thread. What is settled here once for a store - the method of its chain, that personal text is sealed - stands
 * in the table setting, inside the store, where a copy takes it along.
 */
#include "app/app.h"

#include "app/keys.h"
#include "app/ledger.h"

#include <stdlib.h>

enum { APP_BYTES_MAX = 1 << 20 };

gf_status app_begin_read(gf_app *app, gf_error *err)
{
    gf_status status = gf_store_begin_read(app->store, err);
    app->moment = (app_moment){ .on = status == GF_OK };
    return status;
}

gf_status app_end_read(gf_app *app, gf_status status, gf_error *err)
{
    if (status == GF_OK)
        status = gf_store_ok(app->store, err);
    gf_store_rollback(app->store);
    app->moment.on = false;
    return status;
}

gf_str app_setting(gf_app *app, const char *name, gf_arena *keep)
{
    gf_stmt *stmt = gf_store_named(app->store, "setting_get");
    gf_stmt_str(stmt, 1, gf_str_of(name));
    gf_str value = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, keep) : (gf_str){ "", 0 };
    gf_stmt_end(stmt);
    return value;
}

gf_status app_set_setting(gf_app *app, const char *name, gf_str value, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "setting_put");
    gf_stmt_str(stmt, 1, gf_str_of(name));
    gf_stmt_str(stmt, 2, value);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

/* A store keeps the hash it was made with: a chain cannot change its method half way. */
static gf_status settle_hash(gf_app *app, const gf_app_options *options, gf_error *err)
{
    gf_str kept = app_setting(app, "ledger.hash", app->arena);
    if (kept.len) {
        app->ledger_hash = gf_str_is(kept, "sm3") ? GF_HASH_SM3 : GF_HASH_SHA256;
        return gf_store_ok(app->store, err);
    }
    app->ledger_hash = options->ledger_hash;
    if (!options->create)
        return gf_store_ok(app->store, err);
    return app_set_setting(app, "ledger.hash", options->ledger_hash == GF_HASH_SM3 ? GF_STR("sm3") : GF_STR("sha256"), err);
}

/* Personal text of a store from before it was sealed is sealed once. */
static gf_status settle_personal(gf_app *app, gf_error *err)
{
    if (app_setting(app, "personal.sealed", app->arena).len)
        return gf_store_ok(app->store, err);
    gf_status status = gf_store_begin(app->store, err);
    if (status != GF_OK)
        return status;
    status = keys_seal_all(app, err);
    if (status == GF_OK)
        status = app_set_setting(app, "personal.sealed", GF_STR("1"), err);
    if (status == GF_OK)
        return gf_store_commit(app->store, err);
    gf_store_rollback(app->store);
    return status;
}

gf_status gf_app_open(const gf_app_options *options, gf_app **out, gf_error *err)
{
    gf_app *app = gf_seal_start() ? calloc(1, sizeof *app) : NULL;
    if (!app)
        return gf_fail_memory(err);
    app->arena = gf_arena_open(APP_BYTES_MAX);
    app->now = options->now;
    gf_store_options store = { .address = options->db, .create = options->create, .read_only = options->read_only,
                               .bulk = options->bulk };
    gf_status status = app->arena ? gf_store_open(&store, &app->store, err) : gf_fail_memory(err);
    if (status == GF_OK) {
        app->author = gf_str_copy(app->arena, options->author.len ? options->author : GF_STR("load"));
        app->key_file = gf_str_copy(app->arena, options->key_file);
        status = settle_hash(app, options, err);
    }
    if (status == GF_OK && options->create)
        status = settle_personal(app, err);
    if (status != GF_OK) {
        gf_app_close(app);
        return status;
    }
    *out = app;
    return GF_OK;
}

void gf_app_close(gf_app *app)
{
    if (!app)
        return;
    ledger_drop(app);
    ledger_partials_drop(app);
    keys_drop(app);
    gf_hash_close(app->log_hash);
    gf_store_close(app->store);
    gf_arena_close(app->arena);
    free(app);
}

int gf_app_schema_version(gf_app *app) { return gf_store_schema_version(app->store); }

gf_utc_ms gf_app_newest_instant(gf_app *app)
{
    gf_stmt *stmt = gf_store_named(app->store, "newest_instant");
    gf_utc_ms newest = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return newest;
}
