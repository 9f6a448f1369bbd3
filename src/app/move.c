/* A store moved to another engine: its own rows, all of one moment, in one transaction of the target. Nothing is read as a
 * record and written anew, so that ids, versions, logs, sealed fields and the chain stay what they are. That it is the same
 * is proven, not assumed: both stores are checked and their heads compared.
 */
#include "app/app.h"
#include "app/ledger.h"

static gf_status check_one(gf_app *app, const char *which, gf_arena *keep, gf_app_checked *out, gf_error *err)
{
    gf_status status = gf_app_check(app, (gf_str){ "", 0 }, keep, out, err);
    if (status == GF_OK && !out->ok)
        status = gf_fail(err, GF_EINPUT, "move.check", "gongfu check tells what.", "the %s does not check: %zu findings", which, out->problem_count);
    return status;
}

static gf_status pour(gf_store *from, gf_store *to, int64_t *rows, gf_error *err)
{
    gf_status status = gf_store_begin_read(from, err);
    if (status != GF_OK)
        return status;
    status = gf_store_begin(to, err);
    if (status == GF_OK) {
        status = gf_store_fill(to, from, rows, err);
        if (status == GF_OK)
            status = gf_store_commit(to, err);
        else
            gf_store_rollback(to);
    }
    gf_store_rollback(from);
    return status;
}

static gf_status fill_target(gf_app *source, gf_str to, gf_arena *keep, gf_app_moved *out, gf_error *err)
{
    gf_store *target = NULL;
    const gf_store_options options = { .address = to, .create = true, .bulk = true };
    gf_status status = gf_store_open(&options, &target, err);
    if (status == GF_OK && gf_str_eq(gf_store_shown(target), gf_store_shown(source->store)))
        status = gf_fail(err, GF_ECONFLICT, "move.same", "Name another store behind --to.", "both addresses name the same store");
    if (status == GF_OK)
        status = pour(source->store, target, &out->rows, err);
    if (status == GF_OK)
        out->to = gf_str_copy(keep, gf_store_shown(target));
    gf_store_close(target);
    return status;
}

/* The target as any program opens it. */
static gf_status prove(const gf_app_options *options, const gf_app_checked *source, gf_arena *keep, gf_app_moved *out, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_checked target;
    gf_status status = gf_app_open(options, &app, err);
    if (status == GF_OK)
        status = check_one(app, "target", keep, &target, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    if (!gf_str_eq(source->head_hash, target.head_hash) || source->head_entry != target.head_entry)
        return gf_fail(err, GF_EINPUT, "move.head", "Stop whoever writes to either store, empty the target, and move again.", "the heads of the two stores are not the same");
    out->head_entry = target.head_entry;
    out->head_hash = target.head_hash;
    return GF_OK;
}

gf_status gf_app_move(gf_str from, gf_str to, gf_str key_file, gf_utc_ms (*now)(void), gf_arena *keep, gf_app_moved *out, gf_error *err)
{
    const gf_app_options source = { .db = from, .read_only = true, .now = now, .key_file = key_file };
    const gf_app_options target = { .db = to, .read_only = true, .now = now, .key_file = key_file };
    gf_app *app = NULL;
    gf_app_checked checked;
    *out = (gf_app_moved){ .rows = 0 };
    if (gf_str_eq(from, to))
        return gf_fail(err, GF_ECONFLICT, "move.same", "Name another store behind --to.", "both addresses name the same store");
    gf_status status = gf_app_open(&source, &app, err);
    if (status == GF_OK)
        status = check_one(app, "source", keep, &checked, err);
    if (status == GF_OK) {
        out->from = gf_str_copy(keep, gf_store_shown(app->store));
        status = fill_target(app, to, keep, out, err);
    }
    gf_app_close(app);
    return status == GF_OK ? prove(&target, &checked, keep, out, err) : status;
}
