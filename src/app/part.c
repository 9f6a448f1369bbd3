/* Writing in parts: several people's writes share one transaction, and each stands or falls alone.
 *
 * A part is a savepoint of the batch's transaction: the disk is synced once for all of them. The ledger in memory is
 * forgotten when a part that touched it is taken back, or another program has written: it is read again with the next
 * entry.
 */
#include "app/access.h"
#include "app/ledger.h"
#include "app/user.h"

gf_status gf_app_batch_begin(gf_app *app, gf_error *err)
{
    gf_status status = gf_store_begin(app->store, err);
    if (status != GF_OK)
        return status;
    int64_t moved = gf_store_moved(app->store);
    if (moved != app->moved)
        ledger_drop(app);  /* another program has written: what is in memory may be behind */
    app->moved = moved;
    return GF_OK;
}

gf_status gf_app_batch_end(gf_app *app, gf_error *err)
{
    gf_status status = gf_store_commit(app->store, err);
    if (status != GF_OK)
        ledger_drop(app);
    return status;
}

gf_status gf_app_part_begin(gf_app *app, const gf_app_actor *actor, gf_error *err)
{
    app->author = actor->user;  /* borrowed until the part ends */
    app->ledger_touched = false;
    return gf_store_mark(app->store, err);
}

/* What was refused is worth a line, though nothing came of it. */
static void log_refusal(gf_app *app, const gf_app_actor *actor, const gf_error *refused)
{
    if (gf_store_mark(app->store, NULL) != GF_OK)
        return;
    if (gf_app_log(app, actor, "refused", gf_str_of(refused->code), "refused", gf_str_of(refused->what), NULL) == GF_OK)
        (void)gf_store_keep(app->store, NULL);
    else
        gf_store_back(app->store);
}

gf_status gf_app_part_end(gf_app *app, const gf_app_actor *actor, gf_status status, gf_error *err)
{
    if (status == GF_OK)
        status = gf_store_keep(app->store, err);
    else
        gf_store_back(app->store);
    if (status != GF_OK && app->ledger_touched)
        ledger_drop(app);
    if (status == GF_EDENIED && err)
        log_refusal(app, actor, err);
    app->author = GF_STR("load");
    return status;
}

void gf_app_settle(gf_app *app)
{
    if (gf_store_ok(app->store, NULL) != GF_OK)
        gf_store_rollback(app->store);  /* what failed was told to who asked; a line to a server may be there again */
    gf_store_rest(app->store);
    int64_t moved = gf_store_moved(app->store);
    if (moved != app->moved) {
        ledger_partials_drop(app);
        ledger_drop(app);
    }
    app->moved = moved;
}
