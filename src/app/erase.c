/* Erasing a person's text: fields, their history, the words that search finds them by, and the key that they were sealed with.
 *
 * What hangs on the person stays: entries, visits, cases name a record that no longer tells who it was, so sums and chains
 * hold. A certificate says what was erased; restoring an older backup erases again what has a certificate (care.c). Results of
 * jobs that are kept for their hour (servers_jobs.c) may hold the text, and nobody knows which: all of them go. What other
 * records say in their own free text is not found here, and the certificate does not claim it.
 */
#include "app/cells.h"
#include "app/keys.h"
#include "app/load_inside.h"
#include "app/record.h"
#include "app/search.h"
#include "app/servers.h"

#include <string.h>

enum { SQL_BYTES = 200, IDS_TRIED_MAX = 1000000, DAYS_A_MONTH = 30 };
#define DAY_MS INT64_C(86400000)

/* What lies in pages that nothing points to any more, or in dead rows, once the part is kept. */
static const char *const TOUCHED[] = { "persons_personal", "households_personal", "household_members_personal", "history_personal", "subject_key", "search_record", "search_word", "server_job", "server_job_part" };

static int64_t number_of(gf_app *app, const char *query, const gf_register *reg, gf_str key)
{
    gf_stmt *stmt = gf_store_named(app->store, query);
    gf_stmt_str(stmt, 1, gf_str_of(reg->name));
    gf_stmt_str(stmt, 2, key);
    int64_t number = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return number;
}

static gf_status run_on(gf_app *app, const char *query, const gf_register *reg, gf_str key, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, query);
    gf_stmt_str(stmt, 1, gf_str_of(reg->name));
    gf_stmt_str(stmt, 2, key);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

/* Personal columns that are not empty get an empty cell; their names joined by ; and how many. */
static size_t empty_cells(const gf_register *reg, const gf_app_record *rec, gf_str *given, gf_text *names)
{
    size_t count = 0;
    for (size_t i = 0; i < reg->column_count; i++) {
        if (reg->columns[i].type != GF_COLUMN_PERSONAL || rec->cells[i].len == 0)
            continue;
        given[i] = (gf_str){ "", 0 };
        if (count++)
            gf_text_add_char(names, ';');
        gf_text_add_c(names, reg->columns[i].name);
    }
    return count;
}

static gf_str free_id(gf_app *app, const gf_register *reg, gf_arena *keep)
{
    char id[32];
    gf_stmt *stmt = gf_store_named(app->store, "erasure_count");
    int64_t number = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    for (int i = 0; i < IDS_TRIED_MAX; i++) {
        (void)snprintf(id, sizeof id, "er-%lld", (long long)++number);
        if (!load_exists(app, reg, gf_str_of(id)))
            break;
    }
    return gf_str_copy(keep, gf_str_of(id));
}

static gf_str cell_named(const gf_app_record *rec, const char *column)
{
    size_t at = load_column_index(rec->reg, column);
    return at < rec->reg->column_count ? rec->cells[at] : (gf_str){ "", 0 };
}

/* A member of a household lies where the household does. */
static gf_str place_of_record(gf_app *app, const gf_app_record *rec, gf_arena *keep)
{
    gf_str place = cell_named(rec, "place"), household = cell_named(rec, "household");
    struct record one;
    if (place.len || household.len == 0 || record_read(app, "households", household, keep, &one, NULL) != GF_OK)
        return place;
    return record_value(&one, "place");
}

static gf_status certify(gf_app *app, const gf_app_actor *actor, const gf_app_record *was, gf_str fields, gf_str reason, gf_arena *keep, gf_app_erased *out, gf_error *err)
{
    const gf_register *reg = gf_register_find(GF_STR("erasures"));
    cells c = { .keep = keep };
    gf_app_record made;
    out->certificate = free_id(app, reg, keep);
    cells_put(&c, reg, "id", out->certificate);
    cells_put(&c, reg, "register", gf_str_of(was->reg->name));
    cells_put(&c, reg, "record", was->cells[0]);
    cells_put_today(app, &c, reg, "date");
    cells_put(&c, reg, "fields", fields);
    cells_put_int(&c, reg, "texts", out->texts);
    cells_put(&c, reg, "reason", reason);
    cells_put(&c, reg, "unit", cell_named(was, "unit"));
    cells_put(&c, reg, "place", place_of_record(app, was, keep));
    cells_put_invented(&c, reg, gf_str_is(was->cells[was->reg->column_count + LOAD_ORIGIN], "demo"));
    return write_record(app, actor, reg, c.value, keep, &made, err);
}

gf_status gf_app_erase(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_str reason, gf_arena *keep, gf_app_erased *out, gf_error *err)
{
    gf_app_record rec, after;
    gf_str given[LOAD_COLUMNS_MAX + LOAD_COMMON_COUNT] = { { NULL, 0 } };
    gf_text fields;
    gf_status status = gf_app_require(actor, reg, GF_APP_READ | GF_APP_WRITE | GF_APP_REVEAL, err);
    if (status == GF_OK)
        status = write_check_reason(reason, err);
    if (status == GF_OK)
        status = gf_app_record_get(app, actor, reg, key, keep, &rec, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&fields, keep);
    size_t count = empty_cells(reg, &rec, given, &fields);
    out->texts = (int64_t)count + number_of(app, "personal_history_count", reg, key);
    if (out->texts == 0)
        return gf_fail(err, GF_ECONFLICT, "erase.nothing", "Nothing is to be done.", "no personal text of %s \"%.*s\" is kept", reg->name, GF_STR_ARG(gf_str_slice(key, 0, 80)));
    if (count)
        status = gf_app_record_change(app, actor, reg, key, gf_app_record_version(&rec), given, keep, &after, err);
    static const char *const GO[] = { "personal_history_erase", "subject_key_drop" };
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(GO); i++)
        status = run_on(app, GO[i], reg, key, err);
    if (status == GF_OK)
        status = search_forget_personal(app, reg, key, keep, err);
    if (status == GF_OK)
        status = servers_drop_results(app, err);
    keys_drop(app);  /* the person's key may be held there */
    if (status == GF_OK && count == 0)
        gf_text_add_c(&fields, "history");
    if (status == GF_OK)
        status = certify(app, actor, &rec, gf_text_str(&fields), reason, keep, out, err);
    char object[160];
    (void)snprintf(object, sizeof object, "%s/%.*s", reg->name, GF_STR_ARG(gf_str_slice(key, 0, 96)));
    return status == GF_OK ? gf_app_log(app, actor, "erase", gf_str_of(object), "done", reason, err) : status;
}

gf_status gf_app_erase_settle(gf_app *app, gf_error *err) { return gf_store_scrub(app->store, TOUCHED, GF_COUNT(TOUCHED), err); }

/* ---- Older backups ---- */

/* Does it still hold any text, or a key? */
static bool is_open(gf_app *app, const gf_register *reg, gf_str key)
{
    char sql[SQL_BYTES];
    bool any = number_of(app, "personal_history_count", reg, key) > 0;
    for (size_t i = 0; !any && i < reg->column_count; i++) {
        if (reg->columns[i].type != GF_COLUMN_PERSONAL)
            continue;
        (void)snprintf(sql, sizeof sql, "SELECT 1 FROM \"%s_personal\" WHERE \"%s\" = ? AND \"%s\" <> ''", reg->name, reg->columns[0].name, reg->columns[i].name);
        gf_stmt *stmt = gf_store_text(app->store, sql);
        gf_stmt_str(stmt, 1, key);
        any = gf_stmt_row(stmt);
        gf_stmt_end(stmt);
    }
    return any;
}

gf_status gf_app_erase_again(gf_app *app, gf_app *newer, int64_t *count, gf_error *err)
{
    typedef struct erased { struct erased *next; const gf_register *reg; gf_str key, reason; } erased;
    gf_arena *arena = gf_arena_open(256 * GF_MIB);
    erased *first = NULL;
    gf_status status = arena ? GF_OK : gf_fail_memory(err);
    gf_stmt *stmt = arena ? gf_store_named(newer->store, "erasure_all") : NULL;
    while (status == GF_OK && gf_stmt_row(stmt)) {
        erased *e = gf_new(arena, erased, 1);
        const gf_register *reg = gf_register_find(gf_row_str(stmt, 0));
        if (!e)
            status = gf_fail_memory(err);
        else if (reg) {
            *e = (erased){ first, reg, gf_row_copy(stmt, 1, arena), gf_row_copy(stmt, 2, arena) };
            first = e;
        }
    }
    if (arena)
        gf_stmt_end(stmt);
    *count = 0;
    for (erased *e = first; status == GF_OK && e; e = e->next) {
        gf_app_erased done;
        if (!load_exists(app, e->reg, e->key) || !is_open(app, e->reg, e->key))
            continue;
        status = gf_app_erase(app, &GF_APP_ACTOR_CLI, e->reg, e->key, e->reason, arena, &done, err);
        ++*count;
    }
    gf_arena_close(arena);
    return status;
}

/* ---- Retention ---- */

/* The newest change of the record itself and of what names it. */
static gf_utc_ms last_heard(gf_app *app, const gf_register *reg, gf_str key)
{
    char sql[2 * SQL_BYTES];
    gf_utc_ms newest = number_of(app, "record_last_change", reg, key);
    for (size_t r = 0; r < GF_REGISTER_COUNT; r++) {
        const gf_register *other = &GF_REGISTERS[r];
        for (size_t i = 0; i < other->column_count; i++) {
            if (!record_names(&other->columns[i], reg))
                continue;
            (void)snprintf(sql, sizeof sql, "SELECT coalesce(max(h.at_utc_ms), 0) FROM history h JOIN \"%s\" r ON h.register = '%s' AND h.record = r.\"%s\" WHERE r.\"%s\" = ?", other->name,
                           other->name, other->columns[0].name, other->columns[i].name);
            gf_stmt *stmt = gf_store_text(app->store, sql);
            gf_stmt_str(stmt, 1, key);
            gf_utc_ms at = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
            gf_stmt_end(stmt);
            newest = at > newest ? at : newest;
        }
    }
    return newest;
}

static gf_status keys_of_register(gf_app *app, const gf_register *reg, gf_arena *keep, gf_str **out, size_t *count, gf_error *err)
{
    enum { ROOM_FIRST = 256 };
    char sql[SQL_BYTES];
    size_t room = 0;
    gf_str *all = NULL;
    gf_status status = GF_OK;
    (void)snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s_personal\" ORDER BY 1", reg->columns[0].name, reg->name);
    gf_stmt *stmt = gf_store_text(app->store, sql);
    for (*count = 0; status == GF_OK && gf_stmt_row(stmt); ++*count) {
        if (*count == room) {
            gf_str *larger = gf_new(keep, gf_str, room ? room * 2 : ROOM_FIRST);
            if (larger && room)
                memcpy(larger, all, room * sizeof *all);
            all = larger;
            room = room ? room * 2 : ROOM_FIRST;
        }
        if (!all)
            status = gf_fail_memory(err);
        else
            all[*count] = gf_row_copy(stmt, 0, keep);
    }
    gf_stmt_end(stmt);
    *out = all;
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

static gf_status retain_register(gf_app *app, const gf_app_actor *actor, const gf_register *reg, int64_t months, bool dry, gf_arena *arena, int64_t *count, gf_error *err)
{
    gf_str *keys;
    size_t key_count;
    char reason[80];
    gf_utc_ms since = app->now() - months * DAYS_A_MONTH * DAY_MS;
    gf_status status = keys_of_register(app, reg, arena, &keys, &key_count, err);
    (void)snprintf(reason, sizeof reason, "保留期满 retention: %lld months", (long long)months);
    for (size_t i = 0; status == GF_OK && i < key_count; i++) {
        gf_app_erased done;
        gf_mark mark = gf_arena_mark(arena);
        if (is_open(app, reg, keys[i]) && last_heard(app, reg, keys[i]) < since) {
            status = dry ? GF_OK : gf_app_erase(app, actor, reg, keys[i], gf_str_of(reason), arena, &done, err);
            ++*count;
        }
        gf_arena_rewind(arena, mark);
    }
    return status;
}

gf_status gf_app_retain(gf_app *app, const gf_app_actor *actor, bool dry, int64_t *count, gf_error *err)
{
    enum { RETENTIONS_MAX = 64 };
    struct { const gf_register *reg; int64_t months; } rule[RETENTIONS_MAX];
    size_t rules = 0;
    gf_stmt *stmt = gf_store_named(app->store, "retention_all");
    while (rules < RETENTIONS_MAX && gf_stmt_row(stmt)) {
        rule[rules].reg = gf_register_find(gf_row_str(stmt, 0));
        rule[rules].months = gf_row_int(stmt, 1);
        rules += rule[rules].reg != NULL;
    }
    gf_stmt_end(stmt);
    gf_arena *arena = gf_arena_open(512 * GF_MIB);
    gf_status status = arena ? gf_store_ok(app->store, err) : gf_fail_memory(err);
    *count = 0;
    for (size_t i = 0; status == GF_OK && i < rules; i++) {
        bool personal = false;
        for (size_t k = 0; k < rule[i].reg->column_count; k++)
            personal = personal || rule[i].reg->columns[k].type == GF_COLUMN_PERSONAL;
        if (personal)
            status = retain_register(app, actor, rule[i].reg, rule[i].months, dry, arena, count, err);
    }
    gf_arena_close(arena);
    return status;
}
