/* News between servers on one store.
 *
 * A row for each server, name and subject: writing it anew gives it the next number, so the table stays as small as the number
 * of registers and running jobs however much is written, and a reader that slept long misses nothing but repetitions.
 * Numbers are given inside the one right to write, so they appear in their order. The newest row is never forgotten: the
 * next number is counted from it.
 */
#include "app/app.h"
#include "app/gf_app_servers.h"
#include "seal/gf_seal.h"

enum { NEWS_MAX = 256, NAME_BYTES = 8 };
#define KEPT_MS INT64_C(3600000)

void gf_app_server_name(char out[GF_APP_SERVER_BYTES])
{
    gf_seal_key random;
    gf_seal_make_key(&random);
    gf_hex_format(random.bytes, NAME_BYTES, out);
}

bool gf_app_servers_moved(gf_app *app, int64_t *seen)
{
    gf_app_settle(app);
    if (app->moved == *seen || app->moved < 0)
        return false;
    *seen = app->moved;
    return true;
}

static void run_before(gf_app *app, const char *query)
{
    gf_stmt *stmt = gf_store_named(app->store, query);
    gf_stmt_int(stmt, 1, app->now() - KEPT_MS);
    (void)gf_stmt_run(stmt);
}

gf_status gf_app_servers_expire(gf_app *app, gf_error *err)
{
    run_before(app, "server_event_expire");
    run_before(app, "server_parts_expire");
    run_before(app, "server_job_expire");
    return gf_store_ok(app->store, err);
}

gf_status gf_app_news_keep(gf_app *app, gf_str server, const gf_app_news *news, gf_error *err)
{
    const gf_str texts[] = { server, news->name, news->subject, news->topic, news->owner, news->data };
    gf_stmt *stmt = gf_store_named(app->store, "server_event_keep");
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        gf_stmt_str(stmt, (int)i + 1, texts[i]);
    gf_stmt_int(stmt, 7, app->now());
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_news_newest(gf_app *app, int64_t *out, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "server_event_newest");
    *out = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_news_read(gf_app *app, gf_str server, int64_t *seen, gf_arena *keep, gf_app_news **out, size_t *count, gf_error *err)
{
    *count = 0;
    *out = gf_new(keep, gf_app_news, NEWS_MAX);
    if (!*out)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "server_events_behind");
    gf_stmt_int(stmt, 1, *seen);
    gf_stmt_str(stmt, 2, server);
    while (*count < NEWS_MAX && gf_stmt_row(stmt)) {
        *seen = gf_row_int(stmt, 0);
        (*out)[(*count)++] = (gf_app_news){ gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep), gf_row_copy(stmt, 4, keep), gf_row_copy(stmt, 5, keep) };
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}
