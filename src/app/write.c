/* One record at a time: created, changed, revealed. The same checks, sealing, history and index as a load of a
 * thousand; a load_job for one row is made here.
 */
#include "app/browse.h"
#include "app/keys.h"
#include "app/ledger.h"
#include "app/load_inside.h"

#include <string.h>

enum { ROW_BYTES_MAX = 8 << 20, REASON_MIN = 2, REASON_MAX = 500 };

/* What totals hang on: a change there makes them all again. Names and notes do not count. */
static const struct { const char *reg, *column; } COUNTED_BY[] = {
    { "members", NULL }, { "groups", "programme" }, { "groups", NULL }, { "programmes", "origin" }, { "places", "parent" }, { "funds", "programme" },
};
/* What the ledger in memory has read. */
static const char *const WORLD[] = { "units", "persons", "households", "places", "funds", "projects", "members", "groups", "programmes" };

/* ---- A load of one row ---- */

static gf_status open_job(gf_app *app, load_job *job, const gf_app_load_options *options, gf_error *err)
{
    *job = (load_job){ .app = app, .options = options, .now = app->now(), .dirfd = -1, .single = true, .line = 1, .file = GF_STR_INIT("record") };
    job->arena = gf_arena_open(ROW_BYTES_MAX);
    job->row_arena = gf_arena_open(ROW_BYTES_MAX);
    if (!job->arena || !job->row_arena)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "history_last");
    job->history_id = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    job->keys = gf_new(job->arena, text_map, GF_REGISTER_COUNT);
    job->keys_read = gf_new(job->arena, bool, GF_REGISTER_COUNT);
    return job->keys && job->keys_read ? gf_store_ok(app->store, err) : gf_fail_memory(err);
}

static void close_job(load_job *job)
{
    gf_arena_close(job->arena);
    gf_arena_close(job->row_arena);
}

/* A place in a browser's form is the column, not file and line. */
static gf_status at_column(const gf_register *reg, gf_status status, gf_error *err)
{
    if (status == GF_OK || !err)
        return status;
    for (size_t i = 0; i < reg->column_count; i++) {
        size_t len = strlen(reg->columns[i].name);
        if (strncmp(err->what, reg->columns[i].name, len) == 0 && err->what[len] == ' ')
            (void)snprintf(err->where, sizeof err->where, "%s", reg->columns[i].name);
    }
    if (strncmp(err->where, "record", 6) == 0)
        err->where[0] = '\0';
    return status;
}

/* Content that was uploaded before is named by its hash. */
static gf_status check_document(load_job *job, const gf_register *reg, load_row *row, gf_error *err)
{
    gf_str sha256 = row->value[load_column_index(reg, "sha256")];
    row->value[load_column_index(reg, "file")] = (gf_str){ "", 0 };
    if (sha256.len == 0)
        return GF_OK;
    gf_stmt *stmt = gf_store_named(job->app->store, "document_blob_size");
    gf_stmt_str(stmt, 1, sha256);
    bool found = gf_stmt_row(stmt);
    if (found)
        row->value[load_column_index(reg, "bytes")] = gf_row_copy(stmt, 0, job->row_arena);
    gf_stmt_end(stmt);
    return found ? gf_store_ok(job->app->store, err)
                 : gf_fail(err, GF_EINPUT, "load.sha256", "Upload the file first, with POST /api/v1/documents.", "sha256 \"%.*s\" is of no file that is here", GF_STR_ARG(gf_str_slice(sha256, 0, 64)));
}

static bool counts(const gf_register *reg, const gf_str *given, bool created)
{
    for (size_t i = 0; i < GF_COUNT(COUNTED_BY); i++) {
        if (strcmp(COUNTED_BY[i].reg, reg->name) != 0)
            continue;
        if (!COUNTED_BY[i].column)
            return true;
        size_t at = load_column_index(reg, COUNTED_BY[i].column);
        if (!created && (at >= reg->column_count || given[at].data))
            return true;
    }
    return false;
}

static gf_status settle(load_job *job, const gf_register *reg, const gf_str *given, bool created, gf_error *err)
{
    gf_app *app = job->app;
    gf_status status = load_resolve_pending(job, err);
    if (status == GF_OK && strcmp(reg->name, "places") == 0)
        status = load_check_place_tree(job, err);
    if (status == GF_OK && strcmp(reg->name, "case_steps") == 0)
        status = load_check_cases(job, err);
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(WORLD); i++)
        if (strcmp(WORLD[i], reg->name) == 0)
            ledger_drop(app);
    if (status == GF_OK && counts(reg, given, created))
        status = ledger_renew_totals(app, err);
    if (status == GF_OK && job->scopes_changed)
        status = access_renew(app, err);
    return status;
}

static gf_status save(load_job *job, const gf_register *reg, load_row *row, const gf_str *given, bool created, gf_error *err)
{
    bool changed = false;
    gf_status status = load_check_row(job, reg, row, err);
    if (status == GF_OK && strcmp(reg->name, "documents") == 0)
        status = check_document(job, reg, row, err);
    if (status == GF_OK)
        status = load_save_row(job, reg, row, false, &changed, err);
    if (status == GF_OK && changed)
        status = settle(job, reg, given, created, err);
    return at_column(reg, status, err);
}

/* ---- Rights of what is written ---- */

/* What demo people write is invented, and says so. */
static gf_status settle_origin(const gf_app_actor *actor, gf_str *origin, gf_str kept, gf_error *err)
{
    if (actor->demo && kept.len && !gf_str_is(kept, "demo") && origin->data && !gf_str_eq(*origin, kept))
        return gf_fail(err, GF_EDENIED, "access.demo", "Leave the origin as it is.", "a demo account does not change the origin of a real record");
    if (kept.len && (!origin->data || origin->len == 0))
        *origin = kept;
    else if (!kept.len && actor->demo)
        *origin = GF_STR("demo");
    else if (!origin->data || origin->len == 0)
        *origin = GF_STR("entered");
    bool fits = gf_str_eq(*origin, kept) || gf_str_is(*origin, "entered") || gf_str_is(*origin, "imported") || gf_str_is(*origin, "demo");
    return fits ? GF_OK : gf_fail(err, GF_EINPUT, "load.origin", "Write entered or imported.", "origin \"%.*s\" is not for people to give", GF_STR_ARG(gf_str_slice(*origin, 0, 20)));
}

/* ---- Create ---- */

static gf_status require_table(const gf_register *reg, gf_error *err)
{
    if (strcmp(reg->name, "erasures") == 0)
        return gf_fail(err, GF_EUSAGE, "record.erasures", "Erase the person: the certificate comes with it.", "certificates of erasure are not written by hand");
    return strcmp(reg->name, "entries") == 0 ? gf_fail(err, GF_EUSAGE, "record.entries", "Book an entry.", "entries are booked, never changed") : GF_OK;
}

static gf_status log_change(gf_app *app, const gf_app_actor *actor, const char *action, const gf_register *reg, gf_str key, gf_error *err)
{
    char object[160];
    (void)snprintf(object, sizeof object, "%s/%.*s", reg->name, GF_STR_ARG(gf_str_slice(key, 0, 96)));
    return gf_app_log(app, actor, action, gf_str_of(object), "done", (gf_str){ "", 0 }, err);
}

gf_status gf_app_record_create(gf_app *app, const gf_app_actor *actor, const gf_register *reg, const gf_str *cells, gf_arena *keep, gf_app_record *out, gf_error *err)
{
    gf_status status = require_table(reg, err);
    return status == GF_OK ? write_record(app, actor, reg, cells, keep, out, err) : status;
}

gf_status write_record(gf_app *app, const gf_app_actor *actor, const gf_register *reg, const gf_str *cells, gf_arena *keep, gf_app_record *out, gf_error *err)
{
    load_job job;
    load_row row;
    gf_app_load_options options = { .path_count = 0 };
    gf_status status = gf_app_require(actor, reg, GF_APP_READ | GF_APP_WRITE, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < reg->column_count + LOAD_COMMON_COUNT; i++)
        row.value[i] = cells[i].data ? cells[i] : (gf_str){ "", 0 };
    status = settle_origin(actor, &row.value[reg->column_count + LOAD_ORIGIN], (gf_str){ "", 0 }, err);
    if (status == GF_OK && load_exists(app, reg, row.value[0])) {
        (void)gf_fail(err, GF_ECONFLICT, "record.taken", "Change the record that is there, or choose another key.", "%s \"%.*s\" is taken", reg->columns[0].name,
                      GF_STR_ARG(gf_str_slice(row.value[0], 0, 80)));
        return gf_fail_at(err, "%s", reg->columns[0].name);
    }
    if (status != GF_OK)
        return status;
    status = open_job(app, &job, &options, err);
    if (status == GF_OK)
        status = save(&job, reg, &row, cells, true, err);
    if (status == GF_OK)
        status = access_require_inside(app, actor, reg, row.value[0], job.arena, err);
    if (status == GF_OK)
        status = log_change(app, actor, "create", reg, row.value[0], err);
    if (status == GF_OK)
        status = gf_app_record_get(app, actor, reg, row.value[0], keep, out, err);
    close_job(&job);
    return status;
}

/* ---- Change ---- */

/* The row as it is stored, personal fields open, with what was given laid over it. */
static gf_status lay_over(gf_app *app, const gf_register *reg, const gf_app_record *kept, const gf_str *cells, load_job *job, load_row *row, gf_error *err)
{
    for (size_t i = 0; i < reg->column_count + LOAD_COMMON_COUNT; i++) {
        bool personal = i < reg->column_count && reg->columns[i].type == GF_COLUMN_PERSONAL;
        bool same_mask = personal && cells[i].data && gf_str_eq(cells[i], kept->cells[i]);  /* shown masked, sent back as it was */
        row->value[i] = cells[i].data && !same_mask ? cells[i] : kept->cells[i];
        if (personal && (!cells[i].data || same_mask) && kept->cells[i].len &&
            !personal_read(app, reg, kept->cells[0], reg->columns[i].name, job->row_arena, &row->value[i]))
            return gf_fail(err, GF_EIO, "keys.open", "Put the right key file back, or name it with GONGFU_KEY_FILE.", "%s does not open", reg->columns[i].name);
    }
    return GF_OK;
}

gf_status gf_app_record_change(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_str version, const gf_str *cells, gf_arena *keep, gf_app_record *out,
                               gf_error *err)
{
    load_job job;
    load_row row;
    gf_app_load_options options = { .path_count = 0 };
    gf_status status = gf_app_require(actor, reg, GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = require_table(reg, err);
    if (status == GF_OK)
        status = gf_app_record_get(app, actor, reg, key, keep, out, err);
    if (status != GF_OK)
        return status;
    if (!gf_str_eq(version, gf_app_record_version(out)))
        return gf_fail(err, GF_ECONFLICT, "record.changed", "Look at both, and save again with the newer version.", "%.*s has changed it meanwhile: it is version %.*s now",
                       GF_STR_ARG(gf_str_slice(out->cells[reg->column_count + LOAD_AUTHOR], 0, 60)), GF_STR_ARG(gf_app_record_version(out)));
    if (cells[0].data && !gf_str_eq(cells[0], key))
        return gf_fail(err, GF_EINPUT, "record.key", "Leave the key as it is.", "%s cannot be changed", reg->columns[0].name);
    status = open_job(app, &job, &options, err);
    if (status == GF_OK)
        status = lay_over(app, reg, out, cells, &job, &row, err);
    gf_str kept_origin = out->cells[reg->column_count + LOAD_ORIGIN], *origin = &row.value[reg->column_count + LOAD_ORIGIN];
    if (status == GF_OK)
        status = settle_origin(actor, origin, kept_origin, err);
    if (status == GF_OK)
        status = save(&job, reg, &row, cells, false, err);
    if (status == GF_OK)
        status = access_require_inside(app, actor, reg, key, job.arena, err);
    if (status == GF_OK)
        status = log_change(app, actor, "change", reg, key, err);
    if (status == GF_OK)
        status = gf_app_record_get(app, actor, reg, key, keep, out, err);
    close_job(&job);
    return status;
}

/* ---- Reveal ---- */

gf_status write_check_reason(gf_str reason, gf_error *err)
{
    if (gf_utf8_count(gf_str_trim(reason)) >= REASON_MIN && reason.len <= REASON_MAX)
        return GF_OK;
    return gf_fail(err, GF_EINPUT, "reveal.reason", "Say in a few words what it is needed for.", "reason is missing or too long");
}

gf_status gf_app_record_reveal(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, const gf_str *fields, size_t count, gf_str reason, gf_arena *keep, gf_str *out,
                               gf_error *err)
{
    gf_text object;
    gf_status status = gf_app_require(actor, reg, GF_APP_READ | GF_APP_REVEAL, err);
    if (status == GF_OK)
        status = access_require_record(app, actor, reg, key, keep, err);
    if (status == GF_OK)
        status = write_check_reason(reason, err);
    if (status == GF_OK && count == 0)
        status = gf_fail(err, GF_EINPUT, "reveal.fields", "Name the fields.", "no field is named");
    gf_text_init(&object, keep);
    gf_text_format(&object, "%s/%.*s:", reg->name, GF_STR_ARG(gf_str_slice(key, 0, 96)));
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        const gf_column *column = gf_register_column(reg, fields[i]);
        if (!column || column->type != GF_COLUMN_PERSONAL)
            return gf_fail(err, GF_EINPUT, "reveal.field", "Only personal fields are hidden.", "\"%.*s\" is no personal field of %s", GF_STR_ARG(gf_str_slice(fields[i], 0, 40)), reg->name);
        if (!personal_read(app, reg, key, column->name, keep, &out[i]))
            return gf_fail(err, GF_EIO, "keys.open", "Put the right key file back, or name it with GONGFU_KEY_FILE.", "%s does not open", column->name);
        gf_text_format(&object, " %s", column->name);
    }
    return status == GF_OK ? gf_app_log(app, actor, "reveal", gf_text_str(&object), "done", reason, err) : status;
}
