/* What holds whatever the engine: an address chooses it, a failure latches, a statement is prepared once and kept in a small
 * open table by its text's hash. Everything else is the engine's, through the table of engine.h.
 */
#include "store/engine.h"
#include "store/sql_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert((STORE_STATEMENTS_MAX & (STORE_STATEMENTS_MAX - 1)) == 0, "statements are found by a mask");

enum { ADDRESS_BYTES_MAX = 4000, STORE_NAME_BYTES = 64 };

static const store_engine *const ENGINES[] = { &STORE_SQLITE, &STORE_POSTGRES };

/* ---- Failures ---- */

gf_status gf_store_ok(gf_store *store, gf_error *err)
{
    if (store->failure.status != GF_OK && err)
        *err = store->failure;
    return store->failure.status;
}

bool gf_store_take_damage(gf_store *store, gf_str *what)
{
    if (store->failure.status == GF_OK || !store->engine->is_damage(store))
        return false;
    *what = gf_str_of(store->failure.what);
    store->failure.status = GF_OK;
    return true;
}

/* ---- Opening ---- */

static const store_engine *engine_of(gf_str address)
{
    for (size_t i = 0; i < GF_COUNT(ENGINES); i++)
        for (size_t k = 0; k < GF_COUNT(ENGINES[i]->prefixes); k++) {
            gf_str prefix = gf_str_of(ENGINES[i]->prefixes[k] ? ENGINES[i]->prefixes[k] : "");
            if (prefix.len && gf_str_starts(address, prefix) && address.len > prefix.len)
                return ENGINES[i];
        }
    return NULL;
}

bool gf_store_is_file(gf_str address) { return engine_of(address) == &STORE_SQLITE; }

int store_wanted_schema(const gf_store_options *options) { return options->schema ? options->schema : gf_sql_migration_count(); }

static gf_status foreign(const char *name, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "store.foreign", "Name a store made by gongfu, or a new file.", "%s is a database of another program", name);
}

static gf_status judge_older(const char *name, int version, const gf_store_options *options, int64_t tables, bool *upgrade, gf_error *err)
{
    *upgrade = version == 0 && tables == 0;
    if (options->schema < 1 || options->schema > gf_sql_migration_count())
        return gf_fail(err, GF_ECONFLICT, "store.newer", "Use the newer program.", "schema %d is wanted, this program knows %d", options->schema, gf_sql_migration_count());
    if (version == 0 && tables > 0)
        return foreign(name, err);
    if (*upgrade || version == options->schema)
        return GF_OK;
    return gf_fail(err, GF_ECONFLICT, "store.taken", "Name a new store; what is there is never written over.", "%s has schema %d, and schema %d is wanted", name, version, options->schema);
}

gf_status store_judge_version(const char *name, int version, const gf_store_options *options, int64_t tables, bool *upgrade, gf_error *err)
{
    int latest = gf_sql_migration_count();
    bool create = options->create;
    *upgrade = false;
    if (options->schema && version >= 0)
        return judge_older(name, version, options, tables, upgrade, err);
    if (version < 0)
        return gf_fail(err, GF_EIO, "store.form", "Name a store made by gongfu, or a new file.", "%s is not a store", name);
    if (version == latest)
        return GF_OK;
    if (version > latest)
        return gf_fail(err, GF_ECONFLICT, "store.newer", "Use the newer program.",
                       "the store has schema %d, this program knows %d", version, latest);
    if (!create)
        return gf_fail(err, version ? GF_ECONFLICT : GF_ENOTFOUND, "store.older", "Run gongfu load first.",
                       "the store has schema %d, this program needs %d", version, latest);
    if (version == 0 && tables > 0)
        return foreign(name, err);
    *upgrade = true;
    return GF_OK;
}

/* What is shown of an address that nobody knows: it may hold a password, so no more than its beginning. */
static gf_str shown(gf_str address) { return gf_str_slice(address, 0, gf_str_has(address, GF_STR("@")) ? gf_str_find(address, GF_STR(":")) : 80); }

gf_status gf_store_open(const gf_store_options *options, gf_store **out, gf_error *err)
{
    const store_engine *engine = engine_of(options->address);
    if (!engine || options->address.len > ADDRESS_BYTES_MAX)
        return gf_fail(err, GF_EUSAGE, "store.address", "Write --db sqlite:PATH, or postgres://USER@HOST/NAME.",
                       "\"%.*s\" is no address of a store that this build knows", GF_STR_ARG(shown(options->address)));
    gf_store *store = calloc(1, engine->store_bytes);
    if (!store)
        return gf_fail_memory(err);
    store->engine = engine;
    store->dead.store = store;
    store->read_only = options->read_only;
    store->address = strndup(options->address.data, options->address.len);
    gf_status status = store->address ? engine->open(store, options, err) : gf_fail_memory(err);
    if (status != GF_OK) {
        gf_store_close(store);
        return status;
    }
    *out = store;
    return GF_OK;
}

static void finalize_all(gf_store *store)
{
    for (size_t i = 0; i < STORE_STATEMENTS_MAX; i++)
        if (store->statements[i]) {
            store->engine->finalize(store->statements[i]);
            store->statements[i] = NULL;
        }
    store->statement_count = 0;
}

static void forget_delayed(gf_store *store)
{
    while (store->delayed_count)
        free(store->delayed[--store->delayed_count]);
}

void gf_store_close(gf_store *store)
{
    if (!store)
        return;
    forget_delayed(store);
    finalize_all(store);
    store->engine->close(store);
    free(store->address);
    free(store->shown);
    free(store);
}

gf_str gf_store_address(const gf_store *store) { return gf_str_of(store->address); }

gf_str gf_store_shown(const gf_store *store) { return gf_str_of(store->shown ? store->shown : store->address); }

int gf_store_schema_version(gf_store *store) { return store->engine->schema_version(store); }

int gf_store_schema_latest(void) { return gf_sql_migration_count(); }

/* ---- Transactions ---- */

static void reset_all(gf_store *store)
{
    for (size_t i = 0; i < STORE_STATEMENTS_MAX; i++)
        if (store->statements[i] && store->statements[i]->running)
            gf_stmt_end(store->statements[i]);
}

/* Questions of people make statements without end: when the table fills, all are dropped, at a moment when nobody holds one. */
static void drop_statements(gf_store *store)
{
    if (store->statement_count < STORE_STATEMENTS_MAX / 2)
        return;
    finalize_all(store);
    store->engine->settle(store);
}

void gf_store_rest(gf_store *store) { drop_statements(store); }

gf_status gf_store_begin(gf_store *store, gf_error *err)
{
    drop_statements(store);
    gf_status status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = store->engine->begin(store, err);
    store->in_transaction = store->in_transaction || status == GF_OK;
    store->turn += status == GF_OK;
    return status;
}

gf_status gf_store_begin_read(gf_store *store, gf_error *err)
{
    drop_statements(store);
    gf_status status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = store->engine->begin_read(store, err);
    store->in_transaction = store->in_transaction || status == GF_OK;
    store->turn += status == GF_OK;
    return status;
}

/* Is there no row in the table of this index? Then *make and *drop are what makes it and what takes it away, else NULL. */
static void look_at_index(gf_store *store, const char *index, char **make, char **drop)
{
    char question[STORE_NAME_BYTES * 2];
    *make = *drop = NULL;
    gf_stmt *stmt = gf_store_text(store, store->engine->index_sql);
    gf_stmt_str(stmt, 1, gf_str_of(index));
    if (!gf_stmt_row(stmt)) {
        gf_stmt_end(stmt);
        return;
    }
    (void)snprintf(question, sizeof question, "SELECT 1 FROM \"%.*s\" LIMIT 1", GF_STR_ARG(gf_str_slice(gf_row_str(stmt, 0), 0, STORE_NAME_BYTES)));
    char *kept[2] = { strndup(gf_row_str(stmt, 1).data, gf_row_str(stmt, 1).len), strndup(gf_row_str(stmt, 2).data, gf_row_str(stmt, 2).len) };
    gf_stmt_end(stmt);
    stmt = gf_store_text(store, question);
    bool filled = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    if (!filled && kept[0] && kept[1]) {
        *make = kept[0];
        *drop = kept[1];
        return;
    }
    free(kept[0]);
    free(kept[1]);
}

gf_status gf_store_delay(gf_store *store, const char *index, gf_error *err)
{
    char *make, *drop;
    assert(store->in_transaction && store->delayed_count < STORE_DELAYED_MAX);
    look_at_index(store, index, &make, &drop);
    if (!make)
        return gf_store_ok(store, err);
    store->delayed[store->delayed_count++] = make;
    (void)gf_stmt_run(gf_store_text(store, drop));
    free(drop);
    return gf_store_ok(store, err);
}

/* Made from all rows at once: sorted, where one by one each would be sought its place. */
static gf_status make_delayed(gf_store *store, gf_error *err)
{
    for (size_t i = 0; i < store->delayed_count; i++)
        (void)gf_stmt_run(gf_store_text(store, store->delayed[i]));
    forget_delayed(store);
    return gf_store_ok(store, err);
}

gf_status gf_store_commit(gf_store *store, gf_error *err)
{
    reset_all(store);
    gf_status status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = make_delayed(store, err);
    if (status == GF_OK)
        status = store->engine->commit(store, err);
    if (status != GF_OK)
        gf_store_rollback(store);
    store->in_transaction = false;
    return status;
}

uint64_t gf_store_undone(const gf_store *store) { return store->undone; }

uint64_t gf_store_turn(const gf_store *store) { return store->in_transaction ? store->turn : 0; }

void gf_store_rollback(gf_store *store)
{
    store->undone++;
    reset_all(store);
    forget_delayed(store);  /* they are there again */
    if (store->in_transaction)
        store->engine->rollback(store);
    store->in_transaction = false;
    store->failure.status = GF_OK;
}

gf_status gf_store_mark(gf_store *store, gf_error *err)
{
    gf_status status = gf_store_ok(store, err);
    return status == GF_OK ? store->engine->mark(store, err) : status;
}

gf_status gf_store_keep(gf_store *store, gf_error *err)
{
    reset_all(store);
    gf_status status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = store->engine->keep(store, err);
    if (status != GF_OK)
        gf_store_back(store);
    return status;
}

void gf_store_back(gf_store *store)
{
    reset_all(store);
    store->undone++;
    store->engine->back(store);
    store->failure.status = GF_OK;
}

int64_t gf_store_moved(gf_store *store)
{
    int64_t moved = store->failure.status == GF_OK ? store->engine->moved(store) : -1;
    return store->failure.status == GF_OK ? moved : -1;
}

/* ---- Statements ---- */

static gf_stmt *find_or_prepare(gf_store *store, gf_str key, bool named)
{
    if (store->failure.status != GF_OK)
        return &store->dead;
    uint64_t hash = gf_str_hash(key) | 1;
    for (size_t i = hash & (STORE_STATEMENTS_MAX - 1), turn = 0; turn < STORE_STATEMENTS_MAX; i = (i + 1) & (STORE_STATEMENTS_MAX - 1), turn++) {
        gf_stmt *found = store->statements[i];
        if (found && found->hash != hash)
            continue;
        if (!found) {
            gf_str sql = named ? gf_sql_named(key.data) : key;
            found = sql.len ? store->engine->prepare(store, sql) : NULL;
            store->statements[i] = found;
            store->statement_count += found != NULL;
            if (found) {
                found->store = store;
                found->hash = hash;
            }
        }
        if (found && found->running)
            gf_stmt_end(found);
        if (!found && store->failure.status == GF_OK)
            (void)gf_fail(&store->failure, GF_EIO, "store.statement", "This is a fault of the program: please report it.",
                          "no statement named %.60s", key.data);
        return found ? found : &store->dead;
    }
    (void)gf_fail(&store->failure, GF_ELIMIT, "store.statements", "", "too many statements");
    return &store->dead;
}

gf_stmt *gf_store_named(gf_store *store, const char *name) { return find_or_prepare(store, gf_str_of(name), true); }

gf_stmt *gf_store_text(gf_store *store, const char *sql) { return find_or_prepare(store, gf_str_of(sql), false); }

static bool is_real(const gf_stmt *stmt) { return stmt->hash != 0; }
static bool alive(const gf_stmt *stmt) { return is_real(stmt) && stmt->store->failure.status == GF_OK; }

void gf_stmt_int(gf_stmt *stmt, int index, int64_t value)
{
    if (alive(stmt))
        stmt->store->engine->bind_int(stmt, index, value);
}

void gf_stmt_str(gf_stmt *stmt, int index, gf_str value)
{
    assert(value.len <= INT32_MAX);  /* every text that comes in is bounded long before */
    if (alive(stmt))
        stmt->store->engine->bind_str(stmt, index, (gf_str){ value.data ? value.data : "", value.data ? value.len : 0 });
}

void gf_stmt_blob(gf_stmt *stmt, int index, const void *bytes, size_t len)
{
    if (alive(stmt))
        stmt->store->engine->bind_blob(stmt, index, len ? bytes : "", len);
}

void gf_stmt_null(gf_stmt *stmt, int index)
{
    if (alive(stmt))
        stmt->store->engine->bind_null(stmt, index);
}

bool gf_stmt_row(gf_stmt *stmt) { return alive(stmt) && stmt->store->engine->row(stmt); }

bool gf_stmt_run(gf_stmt *stmt)
{
    while (gf_stmt_row(stmt))
        continue;
    return alive(stmt);
}

void gf_stmt_end(gf_stmt *stmt)
{
    if (is_real(stmt))
        stmt->store->engine->end(stmt);
    stmt->running = false;
}

gf_value_kind gf_row_kind(gf_stmt *stmt, int column) { return is_real(stmt) ? stmt->store->engine->kind(stmt, column) : GF_VALUE_NULL; }

int64_t gf_row_int(gf_stmt *stmt, int column) { return is_real(stmt) ? stmt->store->engine->row_int(stmt, column) : 0; }

gf_str gf_row_str(gf_stmt *stmt, int column) { return is_real(stmt) ? stmt->store->engine->row_str(stmt, column) : (gf_str){ "", 0 }; }

gf_str gf_row_copy(gf_stmt *stmt, int column, gf_arena *keep) { return gf_str_copy(keep, gf_row_str(stmt, column)); }

int gf_row_columns(gf_stmt *stmt) { return is_real(stmt) ? stmt->store->engine->columns(stmt) : 0; }

int64_t gf_store_changes(gf_store *store) { return store->engine->changes(store); }

/* ---- Care ---- */

gf_status gf_store_verify(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    return store->engine->verify(store, true, problem, context, err);
}

gf_status gf_store_skim(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    return store->engine->verify(store, false, problem, context, err);
}

gf_status gf_store_scrub(gf_store *store, const char *const *tables, size_t count, gf_error *err)
{
    assert(!store->in_transaction);
    return store->engine->scrub(store, tables, count, err);
}

gf_status gf_store_copy(gf_store *store, gf_str path, gf_store_copied *out, gf_error *err)
{
    *out = (gf_store_copied){ .archive = false };
    return store->engine->copy(store, path, out, err);
}

gf_status gf_store_raise(gf_store *store, gf_error *err)
{
    assert(store->in_transaction);
    reset_all(store);
    gf_status status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = make_delayed(store, err);
    return status == GF_OK ? store->engine->raise(store, err) : status;
}
