/* Taking an import back. Nothing is torn out: what it added goes and history keeps that it was there, what it changed is
 * changed back, what it booked is reversed. Somebody's later work is never lost: then the undo is refused and says whose.
 */
#include "app/access.h"
#include "app/keys.h"
#include "app/ledger.h"
#include "app/load_inside.h"
#include "app/record.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 500, LATER_MAX = 64 };

typedef struct undo { gf_app *app; const gf_app_actor *actor; const gf_register *reg; int64_t id, history_first, history_last, entry_first, entry_last; gf_arena *arena; load_job load; } undo;

/* One field of one record before the import; op "create" stands for the whole record. */
typedef struct step { gf_str key, op, field, old; int64_t version; size_t order; } step;

/* A field as it stood right after the import, and as it stands now. */
typedef struct later { gf_str field, before, now; } later;

/* ---- The list ---- */

gf_status gf_app_imports(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_app_import_line **out, size_t *count, gf_error *err)
{
    gf_status status = gf_app_require_area(actor, "exchange", err);
    *out = gf_new(keep, gf_app_import_line, LINES_MAX);
    *count = 0;
    if (status != GF_OK || !*out)
        return status == GF_OK ? gf_fail_memory(err) : status;
    gf_stmt *stmt = gf_store_named(app->store, "import_list");
    while (gf_stmt_row(stmt) && *count < LINES_MAX) {
        const gf_register *reg = gf_register_find(gf_row_str(stmt, 1));
        bool own = gf_str_is(actor->scope, "all") || gf_str_eq(gf_row_str(stmt, 4), actor->user);
        if (reg && own && (gf_app_rights(actor, reg) & GF_APP_READ))
            (*out)[(*count)++] = (gf_app_import_line){ .id = gf_row_int(stmt, 0), .reg = gf_row_copy(stmt, 1, keep), .file = gf_row_copy(stmt, 2, keep), .at = gf_row_int(stmt, 3),
                                                       .author = gf_row_copy(stmt, 4, keep), .rows = gf_row_int(stmt, 5), .added = gf_row_int(stmt, 6), .changed = gf_row_int(stmt, 7),
                                                       .state = gf_row_copy(stmt, 8, keep) };
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

/* ---- Records ---- */

/* The steps of one record stand together, the newest first. */
static int by_key(const void *a, const void *b)
{
    const step *x = a, *y = b;
    int order = gf_str_cmp(x->key, y->key);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static gf_status read_steps(undo *u, step **out, size_t *count, gf_error *err)
{
    size_t room = 0;
    *out = NULL;
    *count = 0;
    gf_stmt *stmt = gf_store_named(u->app->store, "import_history");
    gf_stmt_int(stmt, 1, u->history_first);
    gf_stmt_int(stmt, 2, u->history_last);
    gf_stmt_str(stmt, 3, gf_str_of(u->reg->name));
    while (gf_stmt_row(stmt)) {
        if (*count == room) {
            step *larger = gf_new(u->arena, step, room ? room * 2 : 256);
            if (!larger)
                return gf_stmt_end(stmt), gf_fail_memory(err);
            if (*count)
                memcpy(larger, *out, *count * sizeof *larger);
            *out = larger;
            room = room ? room * 2 : 256;
        }
        gf_str sealed = gf_row_str(stmt, 5);
        (*out)[*count] = (step){ gf_row_copy(stmt, 0, u->arena), gf_row_copy(stmt, 1, u->arena), gf_row_copy(stmt, 2, u->arena),
                                 gf_str_copy(u->arena, sealed.len ? sealed : gf_row_str(stmt, 3)), gf_row_int(stmt, 4), *count };
        ++*count;
    }
    if (*count)
        qsort(*out, *count, sizeof **out, by_key);
    return gf_store_ok(u->app->store, err);
}

/* Did later changes leave anything? Another import that was taken back has left the record as it found it. */
static gf_status changed_since(undo *u, gf_str key, bool *changed, gf_error *err)
{
    size_t count = 0;
    later first[LATER_MAX];
    *changed = false;
    gf_stmt *stmt = gf_store_named(u->app->store, "history_after");
    gf_stmt_str(stmt, 1, gf_str_of(u->reg->name));
    gf_stmt_str(stmt, 2, key);
    gf_stmt_int(stmt, 3, u->history_last);
    while (gf_stmt_row(stmt) && !*changed) {
        size_t i = 0;
        bool sealed = gf_row_int(stmt, 4) != 0;
        while (i < count && !gf_str_eq(first[i].field, gf_row_str(stmt, 1)))
            i++;
        *changed = !gf_str_is(gf_row_str(stmt, 0), "change") || i == LATER_MAX;
        if (*changed)
            break;
        if (i == count)
            first[count++] = (later){ gf_row_copy(stmt, 1, u->arena), gf_row_copy(stmt, sealed ? 5 : 2, u->arena), { "", 0 } };
        first[i].now = gf_row_copy(stmt, sealed ? 6 : 3, u->arena);
    }
    gf_stmt_end(stmt);
    for (size_t i = 0; i < count; i++)
        *changed = *changed || !gf_str_eq(first[i].before, first[i].now);
    return gf_store_ok(u->app->store, err);
}

/* The record as it stands may go back; its present version is the one that goes. */
static gf_status check_untouched(undo *u, step *s, gf_error *err)
{
    char sql[200];
    bool changed = true;
    (void)snprintf(sql, sizeof sql, "SELECT version, author FROM \"%s\" WHERE \"%s\" = ?", u->reg->name, u->reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(u->app->store, sql);
    gf_stmt_str(stmt, 1, s->key);
    int64_t version = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : -1;
    gf_str author = gf_str_copy(u->arena, version >= 0 ? gf_row_str(stmt, 1) : (gf_str){ "", 0 });
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(u->app->store, err);
    if (version == s->version || status != GF_OK)
        return status;
    if (version >= 0)
        status = changed_since(u, s->key, &changed, err);
    s->version = version;
    if (!changed || status != GF_OK)
        return status;
    return gf_fail(err, GF_ECONFLICT, "undo.changed", "Take that change back first, or leave the import as it is.", version < 0 ? "%.*s \"%.*s\" is not there any more%.*s"
                                                                                                                        : "%.*s \"%.*s\" has been changed since, by %.*s",
                   (int)strlen(u->reg->name), u->reg->name, GF_STR_ARG(gf_str_slice(s->key, 0, 80)), GF_STR_ARG(gf_str_slice(author, 0, 60)));
}

/* Does a record that stays name one that would go? One reading of each column that could. */
static gf_status check_referred(undo *u, const text_map *going, gf_error *err)
{
    for (size_t r = 0; r < GF_REGISTER_COUNT; r++)
        for (size_t c = 0; c < GF_REGISTERS[r].column_count; c++) {
            const gf_register *reg = &GF_REGISTERS[r];
            const gf_column *column = &reg->columns[c];
            char sql[300];
            bool refers = (column->type == GF_COLUMN_REF || column->type == GF_COLUMN_REFS) && strstr(column->arg, u->reg->name) && strcmp(reg->name, "entries") != 0;
            if (!refers)
                continue;
            (void)snprintf(sql, sizeof sql, "SELECT \"%s\", \"%s\" FROM \"%s\" WHERE \"%s\" <> ''", reg->columns[0].name, column->name, reg->name, column->name);
            gf_stmt *stmt = gf_store_text(u->app->store, sql);
            while (gf_stmt_row(stmt)) {
                gf_str rest = gf_row_str(stmt, 1), id;
                bool own = reg == u->reg && map_find(going, gf_row_str(stmt, 0));
                while (!own && gf_str_cut(&rest, ';', &id))
                    if (map_find(going, id)) {
                        (void)gf_fail(err, GF_ECONFLICT, "undo.referred", "Change that record first.", "%s \"%.*s\" refers to \"%.*s\"", reg->name, GF_STR_ARG(gf_str_slice(gf_row_str(stmt, 0), 0, 60)),
                                      GF_STR_ARG(gf_str_slice(id, 0, 60)));
                        return gf_stmt_end(stmt), GF_ECONFLICT;
                    }
            }
        }
    return gf_store_ok(u->app->store, err);
}

/* Money that stands at a place, a fund or a party keeps it in its register. */
static gf_status check_booked(undo *u, const text_map *going, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(u->app->store, "account_all");
    while (gf_stmt_row(stmt))
        for (int i = 3; i < 7; i++)
            if (gf_row_str(stmt, i).len && map_find(going, gf_row_str(stmt, i))) {
                (void)gf_fail(err, GF_ECONFLICT, "undo.booked", "Entries never change: what they name must stay.", "entries name \"%.*s\"", GF_STR_ARG(gf_str_slice(gf_row_str(stmt, i), 0, 60)));
                return gf_stmt_end(stmt), GF_ECONFLICT;
            }
    return gf_store_ok(u->app->store, err);
}

static gf_status change_back(undo *u, const step *steps, size_t count, size_t first, gf_error *err)
{
    record rec;
    load_row row = { .value = { { "", 0 } } };
    bool changed;
    gf_arena_rewind(u->load.row_arena, (gf_mark){ NULL, 0 });
    gf_status status = record_read(u->app, u->reg->name, steps[first].key, u->load.row_arena, &rec, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < u->reg->column_count; i++) {
        const gf_column *column = &u->reg->columns[i];
        char sql[200];
        row.value[i] = rec.value[i];
        if (column->type != GF_COLUMN_PERSONAL)
            continue;
        (void)snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s_personal\" WHERE \"%s\" = ?", column->name, u->reg->name, u->reg->columns[0].name);
        gf_stmt *stmt = gf_store_text(u->app->store, sql);
        gf_stmt_str(stmt, 1, steps[first].key);
        row.value[i] = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, u->load.row_arena) : (gf_str){ "", 0 };  /* sealed: the same bytes are no change */
        gf_stmt_end(stmt);
    }
    row.value[u->reg->column_count + LOAD_SOURCE] = rec.source;
    row.value[u->reg->column_count + LOAD_ORIGIN] = rec.origin;
    for (size_t i = first; i < count && gf_str_eq(steps[i].key, steps[first].key); i++)
        for (size_t k = 0; k < u->reg->column_count + LOAD_AUTHOR; k++)
            if (gf_str_is(steps[i].field, k < u->reg->column_count ? u->reg->columns[k].name : LOAD_COMMON_NAMES[k - u->reg->column_count]))
                row.value[k] = steps[i].old;
    return load_save_row(&u->load, u->reg, &row, false, &changed, err);
}

static gf_status undo_records(undo *u, gf_error *err)
{
    step *steps;
    size_t count;
    text_map going;
    map_init(&going, u->arena);
    gf_status status = read_steps(u, &steps, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        bool fresh;
        if (gf_str_is(steps[i].op, "create") && !map_put(&going, steps[i].key, &fresh))
            status = gf_fail_memory(err);
    }
    for (size_t i = 0; status == GF_OK && i < count; i++)
        if (i == 0 || !gf_str_eq(steps[i].key, steps[i - 1].key))
            status = check_untouched(u, &steps[i], err);
    if (status == GF_OK && going.count)
        status = check_referred(u, &going, err);
    if (status == GF_OK && going.count)
        status = check_booked(u, &going, err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        if (i == 0 || !gf_str_eq(steps[i].key, steps[i - 1].key))
            status = map_find(&going, steps[i].key) ? load_remove_row(&u->load, u->reg, steps[i].key, steps[i].version, err) : change_back(u, steps, count, i, err);
    map_done(&going);
    if (status == GF_OK && u->load.scopes_changed)
        status = access_renew(u->app, err);
    u->load.counts[u->reg - GF_REGISTERS]++;
    return status == GF_OK ? load_renew_totals(&u->load, err) : status;
}

/* ---- Entries ---- */

static gf_status reverse(undo *u, int64_t id, gf_error *err)
{
    gf_app_entry e;
    bool fresh;
    int64_t made;
    gf_text key;
    gf_arena_rewind(u->load.row_arena, (gf_mark){ NULL, 0 });
    gf_stmt *stmt = gf_store_named(u->app->store, "entry_reversal_of");
    gf_stmt_int(stmt, 1, id);
    bool taken = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    if (taken)
        return gf_fail(err, GF_ECONFLICT, "undo.reversed", "Reverse the others one by one.", "entry %lld has been reversed since", (long long)id);
    gf_status status = gf_app_entry_read(u->app, id, u->load.row_arena, &e, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&key, u->load.row_arena);
    gf_text_format(&key, "undo/%lld/%.*s", (long long)u->id, GF_STR_ARG(e.key));
    e.key = gf_text_str(&key);
    e.verb = GF_STR("冲销");
    e.reverses = id;
    if (gf_str_is(e.origin, "article") || gf_str_is(e.origin, "sensor"))
        e.origin = GF_STR("entered");
    return gf_app_entry_post(u->app, u->actor, &e, &made, &fresh, err);
}

/* ---- All of it ---- */

static gf_status read_import(undo *u, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(u->app->store, "import_one");
    gf_stmt_int(stmt, 1, u->id);
    bool found = gf_stmt_row(stmt), done = found && gf_str_is(gf_row_str(stmt, 5), "done");
    if (found) {
        u->reg = gf_register_find(gf_row_str(stmt, 0));
        u->history_first = gf_row_int(stmt, 1);
        u->history_last = gf_row_int(stmt, 2);
        u->entry_first = gf_row_int(stmt, 3);
        u->entry_last = gf_row_int(stmt, 4);
        found = gf_str_is(u->actor->scope, "all") || gf_str_eq(gf_row_str(stmt, 6), u->actor->user);  /* another's is not told apart from none */
    }
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(u->app->store, err);
    if (status == GF_OK && (!found || !u->reg))
        return gf_fail(err, GF_ENOTFOUND, "undo.none", "The list of imports has their numbers.", "there is no import %lld", (long long)u->id);
    if (status == GF_OK && !done)
        return gf_fail(err, GF_ECONFLICT, "undo.twice", "", "import %lld was taken back already", (long long)u->id);
    return status;
}

static gf_status run(undo *u, gf_error *err)
{
    gf_status status = read_import(u, err);
    if (status == GF_OK)
        status = gf_app_require(u->actor, u->reg, GF_APP_READ | GF_APP_WRITE, err);
    u->load.history_id = load_last_id(&u->load, "history_last");
    if (status == GF_OK && u->history_first)
        status = undo_records(u, err);
    for (int64_t id = u->entry_last; status == GF_OK && u->entry_first && id >= u->entry_first; id--)
        status = reverse(u, id, err);
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = gf_store_named(u->app->store, "import_undone");
    gf_stmt_int(stmt, 1, u->id);
    (void)gf_stmt_run(stmt);
    char object[80];
    (void)snprintf(object, sizeof object, "%s/import %lld", u->reg->name, (long long)u->id);
    return gf_app_log(u->app, u->actor, "import.undo", gf_str_of(object), "done", (gf_str){ "", 0 }, err);
}

gf_status gf_app_import_undo(gf_app *app, const gf_app_actor *actor, int64_t id, gf_error *err)
{
    const gf_app_load_options options = { .path_count = 0 };
    undo u = { .app = app, .actor = actor, .id = id, .arena = gf_arena_open(512 * GF_MIB) };
    gf_status status = u.arena ? load_job_open(app, &options, &u.load, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = gf_store_begin(app->store, err);
    if (status == GF_OK) {
        app->author = actor->user;
        status = run(&u, err);
        if (status == GF_OK)
            status = gf_store_commit(app->store, err);
        else
            gf_store_rollback(app->store);
        app->author = GF_STR("load");
        ledger_drop(app);
    }
    load_job_close(&u.load);
    gf_arena_close(u.arena);
    return status;
}
