/* Jobs as the store keeps them: who ordered them, how they stand, what came of them.
 *
 * A result is written in pieces of a mebibyte, before the row says that the job has ended, so that no batch holds the right to
 * write for long; pieces of a job that never ended go with it. Texts and pieces are sealed, each bound to its job and its place,
 * by a key drawn from the store's own: backups and dumps of the database show none of them, and a rotation of the
 * master key opens them still. Whoever is erased meanwhile takes all results along (erase.c), and what a job under way has read
 * before is not kept when it ends: it compares the number of certificates then and now.
 */
#include "app/gf_app_servers.h"
#include "app/keys.h"
#include "app/servers.h"

#include <assert.h>

enum { SIGNS_MAX = 256, PLACE_BYTES = 64, TEXT_BYTES_MAX = 64 << 20 };
#define KEPT_MS INT64_C(3600000)
static const gf_str PURPOSE = GF_STR_INIT("results of jobs");
static const char DROPPED[] = "what it said went with the text of an erased person";
static const char *const RESULTS[] = { "none", "kept", "large", "dropped" };
static_assert(GF_COUNT(RESULTS) == GF_APP_RESULT_COUNT, "every result has a word");

/* ---- Sealing ---- */

static gf_str place_of(int64_t id, const char *what, int64_t part, char out[PLACE_BYTES])
{
    int len = snprintf(out, PLACE_BYTES, "job/%lld/%s/%lld", (long long)id, what, (long long)part);
    return (gf_str){ out, (size_t)len };
}

/* As it stands where the store has no key: there is nothing personal in it then. */
static gf_str close_text(gf_app *app, int64_t id, const char *what, gf_str plain, gf_arena *keep)
{
    gf_seal_key key;
    char place[PLACE_BYTES];
    if (plain.len == 0)
        return (gf_str){ "", 0 };
    if (!keys_for(app, PURPOSE, &key))
        return plain;
    gf_str sealed = gf_seal_text(&key, place_of(id, what, 0, place), plain, keep);
    gf_seal_wipe(&key);
    return sealed;
}

/* "" when it does not open: a server without the store's key. */
static gf_str open_text(gf_app *app, int64_t id, const char *what, gf_str kept, gf_arena *keep)
{
    gf_seal_key key;
    char place[PLACE_BYTES];
    gf_str plain = { "", 0 };
    if (!gf_seal_is_sealed(kept))
        return kept;
    if (keys_for(app, PURPOSE, &key)) {
        (void)gf_seal_open_text(&key, place_of(id, what, 0, place), kept, keep, &plain);
        gf_seal_wipe(&key);
    }
    return plain;
}

/* ---- Written by its server ---- */

gf_status gf_app_job_add(gf_app *app, const gf_app_job *job, int64_t *id, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(GF_MIB);
    if (!scratch)
        return gf_fail_memory(err);
    gf_stmt *next = gf_store_named(app->store, "server_job_next");
    *id = gf_stmt_row(next) ? gf_row_int(next, 0) : 0;
    gf_stmt_end(next);
    gf_str label = close_text(app, *id, "label", job->label, scratch);
    gf_stmt *stmt = gf_store_named(app->store, "server_job_add");
    gf_stmt_int(stmt, 1, *id);
    gf_stmt_str(stmt, 2, job->server);
    gf_stmt_str(stmt, 3, job->owner);
    gf_stmt_str(stmt, 4, job->kind);
    gf_stmt_str(stmt, 5, label);
    gf_stmt_int(stmt, 6, app->now());
    (void)gf_stmt_run(stmt);
    gf_arena_close(scratch);
    return label.data ? gf_store_ok(app->store, err) : gf_fail_memory(err);
}

int64_t servers_erasures(gf_app *app)
{
    gf_stmt *stmt = gf_store_named(app->store, "erasure_count");
    int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : -1;
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, NULL) == GF_OK ? count : -1;
}

/* A negative count: it was not asked when the job began, or could not be. */
static bool has_erased_since(gf_app *app, int64_t erasures) { return erasures < 0 || servers_erasures(app) != erasures; }

gf_status gf_app_job_note(gf_app *app, const gf_app_job *job, int64_t erasures, bool *open, gf_error *err)
{
    gf_arena *scratch = gf_arena_open((size_t)TEXT_BYTES_MAX);
    gf_str answer = { "", 0 };
    if (!scratch)
        return gf_fail_memory(err);
    if (job->answer.len && !has_erased_since(app, erasures))
        answer = close_text(app, job->id, "answer", job->answer, scratch);
    gf_stmt *stmt = gf_store_named(app->store, "server_job_note");
    gf_stmt_str(stmt, 1, job->state);
    gf_stmt_int(stmt, 2, job->done);
    gf_stmt_int(stmt, 3, job->total);
    gf_stmt_int(stmt, 4, job->started);
    gf_stmt_str(stmt, 5, answer);
    gf_stmt_int(stmt, 6, job->id);
    (void)gf_stmt_run(stmt);
    gf_arena_close(scratch);
    *open = gf_store_changes(app->store) > 0;
    return gf_store_ok(app->store, err);
}

static gf_status put_part(gf_app *app, int64_t id, int64_t part, bool sealed, const void *bytes, size_t len, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "server_part_keep");
    gf_stmt_int(stmt, 1, id);
    gf_stmt_int(stmt, 2, part);
    gf_stmt_int(stmt, 3, sealed);
    gf_stmt_blob(stmt, 4, bytes, len);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_job_keep_part(gf_app *app, int64_t id, int64_t part, gf_str bytes, gf_error *err)
{
    gf_seal_key key;
    char place[PLACE_BYTES];
    if (!keys_for(app, PURPOSE, &key))
        return put_part(app, id, part, false, bytes.data, bytes.len, err);
    gf_arena *scratch = gf_arena_open((size_t)2 * GF_APP_PART_BYTES);
    uint8_t *sealed = scratch ? gf_new(scratch, uint8_t, bytes.len + GF_SEAL_BYTES_MORE) : NULL;
    gf_str where = place_of(id, "part", part, place);
    if (sealed)
        gf_seal_bytes(&key, where.data, where.len, bytes.data, bytes.len, sealed);
    gf_seal_wipe(&key);
    gf_status status = sealed ? put_part(app, id, part, true, sealed, bytes.len + GF_SEAL_BYTES_MORE, err) : gf_fail_memory(err);
    gf_arena_close(scratch);
    return status;
}

gf_status gf_app_job_drop_parts(gf_app *app, int64_t id, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "server_parts_drop");
    gf_stmt_int(stmt, 1, id);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

int64_t gf_app_job_erasures(gf_app *app) { return servers_erasures(app); }

static gf_status put_end(gf_app *app, const gf_app_job *job, gf_arena *scratch, gf_error *err)
{
    const bool failed = job->error.status != GF_OK, dropped = job->result == GF_APP_RESULT_DROPPED;
    gf_str what = !failed ? (gf_str){ "", 0 } : dropped ? gf_str_of(DROPPED) : close_text(app, job->id, "what", gf_str_of(job->error.what), scratch);
    gf_str place = !failed || dropped ? (gf_str){ "", 0 } : close_text(app, job->id, "place", gf_str_of(job->error.where), scratch);
    gf_str label = dropped ? job->kind : close_text(app, job->id, "label", job->label, scratch);
    gf_str answer = dropped ? (gf_str){ "", 0 } : close_text(app, job->id, "answer", job->answer, scratch);
    if (!what.data || !place.data || !label.data || !answer.data)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "server_job_end");
    gf_stmt_str(stmt, 1, job->state);
    gf_stmt_int(stmt, 2, job->done);
    gf_stmt_int(stmt, 3, job->total);
    gf_stmt_int(stmt, 4, job->started);
    gf_stmt_int(stmt, 5, job->ended);
    gf_stmt_int(stmt, 6, failed ? (int64_t)job->error.status : 0);
    gf_stmt_str(stmt, 7, failed ? gf_str_of(job->error.code) : (gf_str){ "", 0 });
    gf_stmt_str(stmt, 8, place);
    gf_stmt_str(stmt, 9, what);
    gf_stmt_str(stmt, 10, failed ? gf_str_of(job->error.hint) : (gf_str){ "", 0 });
    gf_stmt_str(stmt, 11, job->file_name);
    gf_stmt_str(stmt, 12, gf_str_of(RESULTS[job->result]));
    gf_stmt_str(stmt, 13, label);
    gf_stmt_str(stmt, 14, answer);
    gf_stmt_int(stmt, 15, job->id);
    gf_stmt_str(stmt, 16, job->server);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_job_end(gf_app *app, const gf_app_job *job, int64_t erasures, gf_app_result *kept, gf_error *err)
{
    gf_app_job ended = *job;
    gf_status status = GF_OK;
    if (job->started && has_erased_since(app, erasures)) {
        ended.result = GF_APP_RESULT_DROPPED;
        status = gf_app_job_drop_parts(app, job->id, err);
    }
    gf_arena *scratch = status == GF_OK ? gf_arena_open((size_t)TEXT_BYTES_MAX) : NULL;
    if (status == GF_OK)
        status = scratch ? put_end(app, &ended, scratch, err) : gf_fail_memory(err);
    gf_arena_close(scratch);
    *kept = ended.result;
    return status;
}

/* ---- Asked by anybody ---- */

static gf_app_result result_of(gf_str word)
{
    for (size_t i = 0; i < GF_COUNT(RESULTS); i++)
        if (gf_str_is(word, RESULTS[i]))
            return (gf_app_result)i;
    return GF_APP_RESULT_NONE;
}

/* A row as it stands; its texts are opened when its statement has ended, for opening asks the store for the key. */
typedef struct kept_job { gf_app_job job; gf_str place, what; } kept_job;

static void read_row(gf_stmt *row, gf_arena *keep, kept_job *out)
{
    gf_str code = gf_row_copy(row, 11, keep), hint = gf_row_str(row, 14);
    *out = (kept_job){ .job = { .id = gf_row_int(row, 0), .server = gf_row_copy(row, 1, keep), .owner = gf_row_copy(row, 2, keep), .kind = gf_row_copy(row, 3, keep), .label = gf_row_copy(row, 4, keep),
                                .state = gf_row_copy(row, 5, keep), .done = gf_row_int(row, 6), .total = gf_row_int(row, 7), .started = gf_row_int(row, 8), .ended = gf_row_int(row, 9),
                                .file_name = gf_row_copy(row, 15, keep), .result = result_of(gf_row_str(row, 16)), .answer = gf_row_copy(row, 17, keep) },
                       .place = gf_row_copy(row, 12, keep), .what = gf_row_copy(row, 13, keep) };
    out->job.error.status = (gf_status)gf_row_int(row, 10);
    out->job.error.code = code.data ? code.data : "";
    (void)snprintf(out->job.error.hint, sizeof out->job.error.hint, "%.*s", GF_STR_ARG(hint));
}

static void open_row(gf_app *app, kept_job *k, gf_arena *keep)
{
    gf_app_job *job = &k->job;
    job->label = open_text(app, job->id, "label", job->label, keep);
    job->answer = open_text(app, job->id, "answer", job->answer, keep);
    (void)snprintf(job->error.where, sizeof job->error.where, "%.*s", GF_STR_ARG(open_text(app, job->id, "place", k->place, keep)));
    (void)snprintf(job->error.what, sizeof job->error.what, "%.*s", GF_STR_ARG(open_text(app, job->id, "what", k->what, keep)));
}

gf_status gf_app_job_get(gf_app *app, gf_str owner, int64_t id, gf_arena *keep, gf_app_job *out, gf_error *err)
{
    kept_job found;
    gf_stmt *stmt = gf_store_named(app->store, "server_job_get");
    gf_stmt_str(stmt, 1, owner);
    gf_stmt_int(stmt, 2, id);
    gf_stmt_int(stmt, 3, app->now() - KEPT_MS);
    bool there = gf_stmt_row(stmt);
    if (there)
        read_row(stmt, keep, &found);
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status != GF_OK)
        return status;
    if (!there)
        return gf_fail(err, GF_ENOTFOUND, "job.none", "Jobs are forgotten after an hour.", "there is no job %lld", (long long)id);
    open_row(app, &found, keep);
    *out = found.job;
    return gf_store_ok(app->store, err);
}

gf_status gf_app_jobs_of(gf_app *app, gf_str owner, gf_arena *keep, gf_app_job *out, size_t room, size_t *count, gf_error *err)
{
    *count = 0;
    kept_job *rows = gf_new(keep, kept_job, room);
    if (!rows)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "server_jobs_of");
    gf_stmt_str(stmt, 1, owner);
    gf_stmt_int(stmt, 2, app->now() - KEPT_MS);
    gf_stmt_int(stmt, 3, (int64_t)room);
    while (*count < room && gf_stmt_row(stmt))
        read_row(stmt, keep, &rows[(*count)++]);
    gf_stmt_end(stmt);
    for (size_t i = 0; i < *count; i++) {
        open_row(app, &rows[i], keep);
        out[i] = rows[i].job;
    }
    return gf_store_ok(app->store, err);
}

bool gf_app_job_part(gf_app *app, int64_t id, int64_t part, gf_arena *keep, gf_str *out, gf_error *err)
{
    gf_seal_key key;
    char place[PLACE_BYTES];
    gf_stmt *stmt = gf_store_named(app->store, "server_part_get");
    gf_stmt_int(stmt, 1, id);
    gf_stmt_int(stmt, 2, part);
    bool there = gf_stmt_row(stmt), sealed = there && gf_row_int(stmt, 0);
    gf_str kept = there ? gf_row_copy(stmt, 1, keep) : (gf_str){ "", 0 };
    gf_stmt_end(stmt);
    if (gf_store_ok(app->store, err) != GF_OK || !there)
        return false;
    *out = kept;
    if (!sealed)
        return true;
    uint8_t *plain = kept.len > GF_SEAL_BYTES_MORE ? gf_new(keep, uint8_t, kept.len) : NULL;
    gf_str where = place_of(id, "part", part, place);
    bool open = plain && keys_for(app, PURPOSE, &key);
    if (open) {
        open = gf_seal_open_bytes(&key, where.data, where.len, (const uint8_t *)kept.data, kept.len, plain);
        gf_seal_wipe(&key);
    }
    if (!open)
        return gf_fail(err, GF_EIO, "job.sealed", "Every server of this store needs the same key file.", "the result of job %lld does not open here", (long long)id), false;
    *out = (gf_str){ (const char *)plain, kept.len - GF_SEAL_BYTES_MORE };
    return true;
}

gf_status gf_app_job_cancel(gf_app *app, gf_str owner, int64_t id, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "server_job_cancel");
    gf_stmt_int(stmt, 1, id);
    gf_stmt_str(stmt, 2, owner);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

/* ---- Between servers ---- */

/* Columns: id, owner, and for jobs elsewhere heard, done, total. */
static gf_status read_signs(gf_app *app, const char *query, gf_str server, bool whole, gf_arena *keep, gf_app_job_sign **out, size_t *count, gf_error *err)
{
    *count = 0;
    *out = gf_new(keep, gf_app_job_sign, SIGNS_MAX);
    if (!*out)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, query);
    gf_stmt_str(stmt, 1, server);
    while (*count < SIGNS_MAX && gf_stmt_row(stmt)) {
        gf_app_job_sign *sign = &(*out)[(*count)++];
        *sign = (gf_app_job_sign){ .id = gf_row_int(stmt, 0), .owner = gf_row_copy(stmt, 1, keep) };
        if (whole) {
            sign->heard = gf_row_int(stmt, 2);
            sign->done = gf_row_int(stmt, 3);
            sign->total = gf_row_int(stmt, 4);
        }
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_jobs_elsewhere(gf_app *app, gf_str server, gf_arena *keep, gf_app_job_sign **out, size_t *count, gf_error *err)
{
    return read_signs(app, "server_jobs_elsewhere", server, true, keep, out, count, err);
}

gf_status gf_app_jobs_marked(gf_app *app, gf_str server, gf_arena *keep, gf_app_job_sign **out, size_t *count, gf_error *err)
{
    return read_signs(app, "server_jobs_marked", server, false, keep, out, count, err);
}

gf_status gf_app_jobs_dropped(gf_app *app, gf_str server, gf_arena *keep, gf_app_job_sign **out, size_t *count, gf_error *err)
{
    return read_signs(app, "server_jobs_dropped", server, false, keep, out, count, err);
}

gf_status gf_app_jobs_heard(gf_app *app, gf_str server, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "server_job_heard");
    gf_stmt_int(stmt, 1, app->now());
    gf_stmt_str(stmt, 2, server);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_job_lost(gf_app *app, const gf_app_job_sign *sign, bool *done, gf_error *err)
{
    gf_error lost = { .status = GF_OK };
    (void)gf_fail(&lost, GF_EIO, "job.lost", "See whether what it was to do is there, then order it again.", "the server that ran it gave no sign of life for half a minute");
    gf_stmt *stmt = gf_store_named(app->store, "server_job_lost");
    gf_stmt_int(stmt, 1, app->now());
    gf_stmt_int(stmt, 2, (int64_t)lost.status);
    gf_stmt_str(stmt, 3, gf_str_of(lost.code));
    gf_stmt_str(stmt, 4, gf_str_of(lost.what));
    gf_stmt_str(stmt, 5, gf_str_of(lost.hint));
    gf_stmt_int(stmt, 6, sign->id);
    gf_stmt_int(stmt, 7, sign->heard);
    (void)gf_stmt_run(stmt);
    *done = gf_store_changes(app->store) > 0;
    return gf_store_ok(app->store, err);
}

gf_status servers_drop_results(gf_app *app, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "server_results_drop");
    gf_stmt_str(stmt, 1, gf_str_of(DROPPED));
    (void)gf_stmt_run(stmt);
    (void)gf_stmt_run(gf_store_named(app->store, "server_answers_drop"));
    (void)gf_stmt_run(gf_store_named(app->store, "server_parts_drop_all"));
    return gf_store_ok(app->store, err);
}
