/* The logs of operations and of logins: append-only, each line's hash over its fields and the hash before, so that a
 * line that is changed, taken out or put in between shows. No credential, key or personal field is ever passed here.
 */
#include "app/user.h"

#include <string.h>

enum { REASON_BYTES_MAX = 1000, LIMIT_MAX = 1000 };

static bool is_logins(const char *table) { return strcmp(table, "login_log") == 0; }

/* Every field with its length before it: no two lines share their bytes. */
static bool hash_line(gf_hash *hash, const uint8_t before[GF_HASH_BYTES], int64_t id, gf_utc_ms at, const gf_str fields[7], uint8_t out[GF_HASH_BYTES])
{
    char head[64];
    int len = snprintf(head, sizeof head, "%lld %lld", (long long)id, (long long)at);
    bool ok = gf_hash_start(hash) && gf_hash_add(hash, before, GF_HASH_BYTES) && gf_hash_add(hash, head, (size_t)len);
    for (int i = 0; ok && i < 7; i++) {
        len = snprintf(head, sizeof head, " %zu:", fields[i].len);
        ok = gf_hash_add(hash, head, (size_t)len) && gf_hash_add(hash, fields[i].data ? fields[i].data : "", fields[i].len);
    }
    return ok && gf_hash_finish(hash, out);
}

gf_status log_add(gf_app *app, const char *table, const gf_app_actor *actor, const char *action, gf_str object, const char *outcome, gf_str reason, gf_error *err)
{
    bool logins = is_logins(table);
    uint8_t before[GF_HASH_BYTES] = { 0 }, hash[GF_HASH_BYTES];
    gf_stmt *head = gf_store_named(app->store, logins ? "login_log_head" : "operation_log_head");
    int64_t id = 1;
    if (gf_stmt_row(head)) {
        id = gf_row_int(head, 0) + 1;
        gf_str kept = gf_row_str(head, 1);
        memcpy(before, kept.data, kept.len < sizeof before ? kept.len : sizeof before);
    }
    gf_stmt_end(head);
    const gf_str fields[7] = { actor->user, actor->role, actor->address, gf_str_of(action), object, gf_str_of(outcome), gf_str_slice(reason, 0, REASON_BYTES_MAX) };
    gf_utc_ms at = app->now();
    if (!app->log_hash)
        app->log_hash = gf_hash_open(GF_HASH_SHA256);
    if (!app->log_hash || !hash_line(app->log_hash, before, id, at, fields, hash))
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, logins ? "login_log_insert" : "operation_log_insert");
    gf_stmt_int(stmt, 1, id);
    gf_stmt_int(stmt, 2, at);
    for (int i = 0; i < 7; i++)
        gf_stmt_str(stmt, i + 3, fields[i]);
    gf_stmt_blob(stmt, 10, hash, sizeof hash);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_log(gf_app *app, const gf_app_actor *actor, const char *action, gf_str object, const char *outcome, gf_str reason, gf_error *err)
{
    return log_add(app, "operation_log", actor, action, object, outcome, reason, err);
}

gf_status log_check(gf_app *app, const char *table, log_broken_fn *broken, void *context, int64_t *count, gf_error *err)
{
    uint8_t before[GF_HASH_BYTES] = { 0 }, hash[GF_HASH_BYTES];
    gf_hash *h = gf_hash_open(GF_HASH_SHA256);
    if (!h)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, is_logins(table) ? "login_log_all" : "operation_log_all");
    int64_t expected = 1;
    for (*count = 0; gf_stmt_row(stmt); ++*count, ++expected) {
        gf_str fields[7], kept = gf_row_str(stmt, 9);
        for (int i = 0; i < 7; i++)
            fields[i] = gf_row_str(stmt, i + 2);
        int64_t id = gf_row_int(stmt, 0);
        if (id != expected)
            broken(context, expected, "the line is missing");
        expected = id;
        if (!hash_line(h, before, id, gf_row_int(stmt, 1), fields, hash) || kept.len != sizeof hash || memcmp(hash, kept.data, sizeof hash) != 0)
            broken(context, id, "the line is not what was written");
        memcpy(before, kept.data, kept.len < sizeof before ? kept.len : sizeof before);
    }
    gf_hash_close(h);
    return gf_store_ok(app->store, err);
}

/* ---- Reading ---- */

static gf_utc_ms start_of(gf_str day, bool behind, gf_utc_ms fallback)
{
    gf_period period;
    if (day.len == 0 || gf_period_parse(day, &period, NULL) != GF_OK)
        return fallback;
    return ((gf_utc_ms)(behind ? period.last : period.first) + behind) * 86400000 - 8 * 3600000;  /* civil days of the programme's zone */
}

static void read_line(gf_stmt *stmt, gf_arena *keep, gf_app_log_line *out)
{
    char hex[GF_HASH_HEX_BYTES] = "";
    gf_str hash = gf_row_str(stmt, 9);
    if (hash.len == GF_HASH_BYTES)
        gf_hex_format((const uint8_t *)hash.data, hash.len, hex);
    *out = (gf_app_log_line){ gf_row_int(stmt, 0), gf_row_int(stmt, 1), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep), gf_row_copy(stmt, 4, keep),
                              gf_row_copy(stmt, 5, keep), gf_row_copy(stmt, 6, keep), gf_row_copy(stmt, 7, keep), gf_row_copy(stmt, 8, keep), gf_str_copy(keep, gf_str_of(hex)) };
}

gf_status gf_app_log_read(gf_app *app, const gf_app_log_ask *ask, gf_arena *keep, gf_app_log_line **out, size_t *count, int64_t *next, gf_error *err)
{
    int64_t limit = ask->limit < 1 ? 50 : ask->limit > LIMIT_MAX ? LIMIT_MAX : ask->limit;
    *out = gf_new(keep, gf_app_log_line, (size_t)limit + 1);
    *count = 0;
    *next = 0;
    if (!*out)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, strcmp(ask->log, "logins") == 0 ? "login_log_page" : "operation_log_page");
    gf_stmt_int(stmt, 1, ask->before > 0 ? ask->before : INT64_MAX);
    gf_stmt_str(stmt, 2, ask->actor);
    gf_stmt_str(stmt, 3, ask->action);
    gf_stmt_int(stmt, 4, start_of(ask->from, false, INT64_MIN));
    gf_stmt_int(stmt, 5, start_of(ask->to, true, INT64_MAX));
    gf_stmt_str(stmt, 6, ask->q);
    gf_stmt_int(stmt, 7, limit + 1);
    while (gf_stmt_row(stmt) && *count <= (size_t)limit)
        read_line(stmt, keep, &(*out)[(*count)++]);
    gf_stmt_end(stmt);
    if (*count > (size_t)limit) {
        *count = (size_t)limit;
        *next = (*out)[*count - 1].id;
    }
    return gf_store_ok(app->store, err);
}
