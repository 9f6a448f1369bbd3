/* Answers kept for those who ask again, and contents of documents that come and go over the wire.
 *
 * An answer is kept in the part that did the work, so the same key twice does one thing even across a crash. Contents
 * are kept by their hash in the store itself: a backup is one file, and a paper that comes ten times is stored once.
 */
#include "app/access.h"
#include "app/load_inside.h"

#include <string.h>

static const size_t CONTENT_BYTES_MAX = (size_t)32 << 20;

gf_status gf_app_answer_find(gf_app *app, const gf_app_actor *actor, gf_str key, gf_arena *keep, gf_app_answer *out, bool *found, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "idempotency_find");
    gf_stmt_str(stmt, 1, actor->user);
    gf_stmt_str(stmt, 2, key);
    *found = gf_stmt_row(stmt);
    if (*found)
        *out = (gf_app_answer){ gf_row_copy(stmt, 0, keep), gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep), gf_row_int(stmt, 4) };
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_answer_keep(gf_app *app, const gf_app_actor *actor, gf_str key, const gf_app_answer *answer, gf_error *err)
{
    const gf_str texts[] = { actor->user, key, answer->request, answer->etag, answer->location, answer->body };
    gf_stmt *stmt = gf_store_named(app->store, "idempotency_keep");
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        gf_stmt_str(stmt, (int)i + 1, texts[i]);
    gf_stmt_int(stmt, 7, answer->status);
    gf_stmt_int(stmt, 8, app->now());
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

/* ---- Contents ---- */

gf_status gf_app_content_put(gf_app *app, const gf_app_actor *actor, gf_str name, gf_str bytes, gf_arena *keep, gf_app_content *out, gf_error *err)
{
    uint8_t hash[GF_HASH_BYTES];
    char hex[GF_HASH_HEX_BYTES];
    gf_status status = gf_app_require(actor, gf_register_find(GF_STR("documents")), GF_APP_READ | GF_APP_WRITE, err);
    if (status != GF_OK)
        return status;
    if (bytes.len == 0 || bytes.len > CONTENT_BYTES_MAX)
        return gf_fail(err, bytes.len ? GF_ELIMIT : GF_EINPUT, "content.size", "Send a file of 1 byte to 32 MiB.", "the file has %zu bytes", bytes.len);
    if (!gf_hash_bytes(GF_HASH_SHA256, bytes.data, bytes.len, hash))
        return gf_fail_memory(err);
    gf_hex_format(hash, sizeof hash, hex);
    *out = (gf_app_content){ gf_str_copy(keep, gf_str_of(hex)), gf_str_of(load_media_type(bytes)), bytes, name };
    gf_stmt *stmt = gf_store_named(app->store, "document_blob_put");
    gf_stmt_str(stmt, 1, out->sha256);
    gf_stmt_blob(stmt, 2, bytes.data, bytes.len);
    (void)gf_stmt_run(stmt);
    return gf_app_log(app, actor, "upload", out->sha256, "done", (gf_str){ "", 0 }, err);
}

gf_status gf_app_content_get(gf_app *app, const gf_app_actor *actor, gf_str sha256, gf_arena *keep, gf_app_content *out, gf_error *err)
{
    const gf_register *reg = gf_register_find(GF_STR("documents"));
    gf_text sql;
    gf_status status = gf_app_require(actor, reg, GF_APP_READ, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&sql, keep);
    gf_text_add_c(&sql, "SELECT r.name, r.media_type, b.bytes FROM documents r JOIN document_blob b ON b.sha256 = r.sha256 WHERE ");
    access_where(&sql, actor, reg, "r");
    gf_text_add_c(&sql, " AND r.sha256 = ? LIMIT 1");
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
    gf_stmt_str(stmt, 1, actor->user);
    gf_stmt_str(stmt, 2, sha256);
    bool found = gf_stmt_row(stmt);
    if (found)
        *out = (gf_app_content){ sha256, gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 0, keep) };
    gf_stmt_end(stmt);
    status = gf_store_ok(app->store, err);
    if (status == GF_OK && !found)
        return gf_fail(err, GF_ENOTFOUND, "content.none", "Check the document.", "there is no such file");
    return status;
}
