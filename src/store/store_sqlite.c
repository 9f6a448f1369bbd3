/* The store on SQLite: one file, WAL, one writer.
 *
 * Durability: synchronous=FULL, so that what was answered is on disk. cell_size_check finds a damaged page on first
 * reading; trusted_schema=OFF and the defensive flag keep a doctored file from running anything.
 * Statements are prepared once per store and kept in a small open table by their text's hash.
 */
#include "store/gf_store.h"
#include "store/sql_text.h"
#include "store/sqlite_rows.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    STATEMENTS_MAX = 1024,       /* a power of two; named statements and register inserts together stay below 300 */
    BUSY_MS = 10000,
    ROW_PROBLEMS_MAX = 1000,
    WALKS_MAX = 3,
    CACHE_KIB_DEFAULT = 2048,
    CACHE_KIB_BULK = 262144,
    APPLICATION_ID = 0x676f6e67  /* "gong" */
};
static_assert((STATEMENTS_MAX & (STATEMENTS_MAX - 1)) == 0, "statements are found by a mask");

struct gf_stmt {
    gf_store     *store;
    sqlite3_stmt *handle;
    uint64_t      hash;
    bool          running;
};

struct gf_store {
    sqlite3 *db;
    char    *address;
    gf_error failure;            /* latched; status GF_OK while none */
    int      engine_code;        /* SQLite's own code of it */
    bool     in_transaction;
    uint64_t undone;             /* times that something was taken back */
    gf_stmt *statements[STATEMENTS_MAX];
    size_t   statement_count;
    gf_stmt  dead;               /* handed out after a failure: does nothing */
};

/* ---- Failures ---- */

static void latch(gf_store *store, int code)
{
    assert(code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE);  /* a latched success would stop the store for nothing */
    if (store->failure.status != GF_OK)
        return;
    store->engine_code = code;
    int primary = code & 0xFF;
    gf_status status = primary == SQLITE_CONSTRAINT ? GF_ECONFLICT : primary == SQLITE_NOMEM ? GF_ENOMEM : GF_EIO;
    const char *hint = primary == SQLITE_FULL      ? "Free some space on the disk and try again; nothing was changed."
                       : primary == SQLITE_BUSY    ? "Another program is writing; try again in a moment."
                       : primary == SQLITE_CORRUPT ? "Run gongfu check, and restore a backup."
                                                   : "";
    (void)gf_fail(&store->failure, status, "store.step", hint, "the store said: %s", sqlite3_errmsg(store->db));
}

gf_status gf_store_ok(gf_store *store, gf_error *err)
{
    if (store->failure.status != GF_OK && err)
        *err = store->failure;
    return store->failure.status;
}

bool gf_store_take_damage(gf_store *store, gf_str *what)
{
    int primary = store->engine_code & 0xFF;
    if (store->failure.status == GF_OK || (primary != SQLITE_CORRUPT && primary != SQLITE_NOTADB && primary != SQLITE_IOERR))
        return false;
    *what = gf_str_of(store->failure.what);
    store->failure.status = GF_OK;
    return true;
}

/* ---- Opening ---- */

static gf_status run_text(gf_store *store, const char *sql, gf_error *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return GF_OK;
    gf_status status = (code & 0xFF) == SQLITE_NOTADB ? GF_EINPUT : GF_EIO;
    return gf_fail(err, status, "store.sql", "", "the store said: %s", sqlite3_errmsg(store->db));
}

static int64_t pragma_int(gf_store *store, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

int gf_store_schema_version(gf_store *store) { return (int)pragma_int(store, "PRAGMA user_version"); }

int gf_store_schema_latest(void) { return gf_sql_migration_count(); }

static gf_status set_up(gf_store *store, const gf_store_options *options, gf_error *err)
{
    sqlite3_busy_timeout(store->db, BUSY_MS);
    (void)sqlite3_extended_result_codes(store->db, 1);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    int cache = options->cache_kib ? options->cache_kib : options->bulk ? CACHE_KIB_BULK : CACHE_KIB_DEFAULT;
    char text[256];
    (void)snprintf(text, sizeof text,
                   "PRAGMA cell_size_check=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-%d;%s",
                   cache, options->create ? " PRAGMA journal_mode=WAL;" : "");
    return run_text(store, text, err);
}

static gf_status run_migrations(gf_store *store, int from, gf_error *err)
{
    gf_status status = run_text(store, "BEGIN IMMEDIATE", err);
    for (int version = from + 1; status == GF_OK && version <= gf_sql_migration_count(); version++)
        status = run_text(store, gf_sql_migration(version), err);
    char text[96];
    (void)snprintf(text, sizeof text, "PRAGMA user_version=%d; PRAGMA application_id=%d; COMMIT;",
                   gf_sql_migration_count(), APPLICATION_ID);
    if (status == GF_OK)
        status = run_text(store, text, err);
    if (status != GF_OK)
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static void count_problem(void *context, const gf_store_problem *problem)
{
    (void)problem;
    ++*(size_t *)context;
}

/* Read a whole store file through; true when nothing is wrong with it. */
static bool reads_clean(const char *path)
{
    char address[4096];
    (void)snprintf(address, sizeof address, "sqlite:%.4000s", path);
    gf_store file = { .address = address };
    size_t problems = 1;
    if (sqlite3_open_v2(path, &file.db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        problems = 0;
        if (gf_store_verify(&file, count_problem, &problems, NULL) != GF_OK)
            problems++;
    }
    (void)sqlite3_close(file.db);
    return problems == 0;
}

/* Before an older store is changed, a copy is made beside it and read through. */
static gf_status back_up_before(gf_store *store, int version, gf_error *err)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s.before-v%d", store->address + strlen("sqlite:"), version + 1);
    gf_status status = gf_store_copy(store, gf_str_of(path), err);
    if (status == GF_OK && !reads_clean(path))
        status = gf_fail(err, GF_EIO, "store.backup", "Look at the disk; the store was not changed.",
                         "the copy made before the upgrade could not be read back");
    return status;
}

static gf_status bring_up_to_date(gf_store *store, const gf_store_options *options, gf_error *err)
{
    int version = gf_store_schema_version(store), latest = gf_sql_migration_count();
    if (version < 0)
        return gf_fail(err, GF_EIO, "store.form", "Name a store made by gongfu, or a new file.",
                       "%s is not a store", store->address);
    if (version == latest)
        return GF_OK;
    if (version > latest)
        return gf_fail(err, GF_ECONFLICT, "store.newer", "Use the newer program.",
                       "the store has schema %d, this program knows %d", version, latest);
    if (!options->create)
        return gf_fail(err, version ? GF_ECONFLICT : GF_ENOTFOUND, "store.older", "Run gongfu load first.",
                       "the store has schema %d, this program needs %d", version, latest);
    if (version == 0 && pragma_int(store, "SELECT count(*) FROM sqlite_schema") > 0)
        return gf_fail(err, GF_EINPUT, "store.foreign", "Name a store made by gongfu, or a new file.",
                       "%s is a database of another program", store->address);
    gf_status status = version ? back_up_before(store, version, err) : GF_OK;
    return status == GF_OK ? run_migrations(store, version, err) : status;
}

static gf_status open_file(gf_store *store, const char *path, const gf_store_options *options, gf_error *err)
{
    bool in_memory = strcmp(path, ":memory:") == 0;
    struct stat info;
    if (!options->create && !in_memory && stat(path, &info) != 0)
        return gf_fail(err, GF_ENOTFOUND, "store.none", "Make one with: gongfu load data/taishun",
                       "there is no store at %s", path);
    int flags = options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (options->create)
        flags |= SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return gf_fail(err, GF_EIO, "store.open", "See that the folder exists and may be written.",
                       "%s cannot be opened: %s", path, store->db ? sqlite3_errmsg(store->db) : "out of memory");
    gf_status status = set_up(store, options, err);
    return status == GF_OK ? bring_up_to_date(store, options, err) : status;
}

gf_status gf_store_open(const gf_store_options *options, gf_store **out, gf_error *err)
{
    static const gf_str PREFIX = GF_STR_INIT("sqlite:");
    if (!gf_str_starts(options->address, PREFIX) || options->address.len <= PREFIX.len || options->address.len > 4000)
        return gf_fail(err, GF_EUSAGE, "store.address", "Write --db sqlite:PATH.",
                       "\"%.*s\" is no address of a store that this build knows",
                       GF_STR_ARG(gf_str_slice(options->address, 0, 80)));
    gf_store *store = calloc(1, sizeof *store);
    if (!store)
        return gf_fail_memory(err);
    store->dead.store = store;
    store->address = strndup(options->address.data, options->address.len);
    if (!store->address) {
        gf_store_close(store);
        return gf_fail_memory(err);
    }
    gf_status status = open_file(store, store->address + PREFIX.len, options, err);
    if (status != GF_OK) {
        gf_store_close(store);
        return status;
    }
    *out = store;
    return GF_OK;
}

void gf_store_close(gf_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        if (store->statements[i]) {
            sqlite3_finalize(store->statements[i]->handle);
            free(store->statements[i]);
        }
    (void)sqlite3_close(store->db);
    free(store->address);
    free(store);
}

gf_str gf_store_address(const gf_store *store) { return gf_str_of(store->address); }

/* ---- Transactions ---- */

static void reset_all(gf_store *store)
{
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        if (store->statements[i] && store->statements[i]->running)
            gf_stmt_end(store->statements[i]);
}

/* Questions of people make statements without end: when the table fills, all are dropped, at a moment when nobody holds one. */
static void drop_statements(gf_store *store)
{
    if (store->statement_count < STATEMENTS_MAX / 2)
        return;
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        if (store->statements[i]) {
            sqlite3_finalize(store->statements[i]->handle);
            free(store->statements[i]);
            store->statements[i] = NULL;
        }
    store->statement_count = 0;
}

void gf_store_rest(gf_store *store) { drop_statements(store); }

gf_status gf_store_begin(gf_store *store, gf_error *err)
{
    drop_statements(store);
    if (gf_store_ok(store, err) != GF_OK)
        return store->failure.status;
    gf_status status = run_text(store, sqlite3_db_readonly(store->db, "main") == 1 ? "BEGIN" : "BEGIN IMMEDIATE", err);
    store->in_transaction = status == GF_OK;
    return status;
}

gf_status gf_store_begin_read(gf_store *store, gf_error *err)
{
    drop_statements(store);
    if (gf_store_ok(store, err) != GF_OK)
        return store->failure.status;
    /* The moment is taken by the first reading, not by BEGIN. */
    gf_status status = run_text(store, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", err);
    if (status != GF_OK)
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->in_transaction = status == GF_OK;
    return status;
}

gf_status gf_store_commit(gf_store *store, gf_error *err)
{
    reset_all(store);
    gf_status status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = run_text(store, "COMMIT", err);
    if (status != GF_OK)
        gf_store_rollback(store);
    store->in_transaction = false;
    return status;
}

uint64_t gf_store_undone(const gf_store *store) { return store->undone; }

void gf_store_rollback(gf_store *store)
{
    store->undone++;
    reset_all(store);
    if (store->in_transaction)
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);  /* fails only when there is nothing to undo */
    store->in_transaction = false;
    store->failure.status = GF_OK;
}

gf_status gf_store_mark(gf_store *store, gf_error *err)
{
    gf_status status = gf_store_ok(store, err);
    return status == GF_OK ? run_text(store, "SAVEPOINT part", err) : status;
}

gf_status gf_store_keep(gf_store *store, gf_error *err)
{
    reset_all(store);
    gf_status status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = run_text(store, "RELEASE part", err);
    if (status != GF_OK)
        gf_store_back(store);
    return status;
}

void gf_store_back(gf_store *store)
{
    reset_all(store);
    store->undone++;
    (void)sqlite3_exec(store->db, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);  /* fails only when there is nothing to undo */
    store->failure.status = GF_OK;
}

int64_t gf_store_moved(gf_store *store)
{
    gf_stmt *stmt = gf_store_text(store, "PRAGMA data_version");
    int64_t version = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : -1;
    gf_stmt_end(stmt);
    return version;
}

/* ---- Statements ---- */

static gf_stmt *prepare(gf_store *store, gf_str sql, uint64_t hash)
{
    gf_stmt *stmt = calloc(1, sizeof *stmt);
    if (!stmt)
        return NULL;
    stmt->store = store;
    stmt->hash = hash;
    assert(sql.len <= INT32_MAX);
    int code = sqlite3_prepare_v3(store->db, sql.data, (int)sql.len, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
    if (code != SQLITE_OK) {
        latch(store, code);
        free(stmt);
        return NULL;
    }
    return stmt;
}

static gf_stmt *find_or_prepare(gf_store *store, gf_str key, bool named)
{
    if (store->failure.status != GF_OK)
        return &store->dead;
    uint64_t hash = gf_str_hash(key) | 1;
    for (size_t i = hash & (STATEMENTS_MAX - 1), turn = 0; turn < STATEMENTS_MAX; i = (i + 1) & (STATEMENTS_MAX - 1), turn++) {
        gf_stmt *found = store->statements[i];
        if (found && found->hash != hash)
            continue;
        if (!found) {
            gf_str sql = named ? gf_sql_named(key.data) : key;
            found = sql.len ? prepare(store, sql, hash) : NULL;
            store->statements[i] = found;
            store->statement_count += found != NULL;
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

static bool alive(gf_stmt *stmt) { return stmt->handle && stmt->store->failure.status == GF_OK; }

static void check_bind(gf_stmt *stmt, int code)
{
    if (code != SQLITE_OK)
        latch(stmt->store, code);
}

void gf_stmt_int(gf_stmt *stmt, int index, int64_t value)
{
    if (alive(stmt))
        check_bind(stmt, sqlite3_bind_int64(stmt->handle, index, value));
}

void gf_stmt_str(gf_stmt *stmt, int index, gf_str value)
{
    assert(value.len <= INT32_MAX);  /* every text that comes in is bounded long before */
    if (alive(stmt))
        check_bind(stmt, sqlite3_bind_text(stmt->handle, index, value.data ? value.data : "", (int)value.len, SQLITE_STATIC));
}

void gf_stmt_blob(gf_stmt *stmt, int index, const void *bytes, size_t len)
{
    if (alive(stmt))
        check_bind(stmt, sqlite3_bind_blob64(stmt->handle, index, len ? bytes : "", len, SQLITE_STATIC));
}

void gf_stmt_null(gf_stmt *stmt, int index)
{
    if (alive(stmt))
        check_bind(stmt, sqlite3_bind_null(stmt->handle, index));
}

bool gf_stmt_row(gf_stmt *stmt)
{
    if (!alive(stmt))
        return false;
    int code = sqlite3_step(stmt->handle);
    stmt->running = code == SQLITE_ROW;
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        latch(stmt->store, code);
    (void)sqlite3_reset(stmt->handle);  /* repeats the code of the step just reported */
    return false;
}

bool gf_stmt_run(gf_stmt *stmt)
{
    while (gf_stmt_row(stmt))
        continue;
    return alive(stmt);
}

void gf_stmt_end(gf_stmt *stmt)
{
    if (stmt->handle)
        (void)sqlite3_reset(stmt->handle);
    stmt->running = false;
}

gf_value_kind gf_row_kind(gf_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt->handle, column)) {
    case SQLITE_INTEGER: return GF_VALUE_INT;
    case SQLITE_FLOAT: return GF_VALUE_REAL;
    case SQLITE_TEXT: return GF_VALUE_TEXT;
    case SQLITE_BLOB: return GF_VALUE_BLOB;
    default: return GF_VALUE_NULL;
    }
}

int64_t gf_row_int(gf_stmt *stmt, int column) { return sqlite3_column_int64(stmt->handle, column); }

/* The bytes of a text or blob as they are stored; the store is UTF-8, so nothing is converted. */
gf_str gf_row_str(gf_stmt *stmt, int column)
{
    const char *data = sqlite3_column_blob(stmt->handle, column);
    int len = sqlite3_column_bytes(stmt->handle, column);
    return (gf_str){ data ? data : "", data ? (size_t)len : 0 };
}

gf_str gf_row_copy(gf_stmt *stmt, int column, gf_arena *keep) { return gf_str_copy(keep, gf_row_str(stmt, column)); }

int gf_row_columns(gf_stmt *stmt) { return stmt->handle ? sqlite3_column_count(stmt->handle) : 0; }

int64_t gf_store_changes(gf_store *store) { return sqlite3_changes64(store->db); }

/* ---- Care ---- */

/* "Tree 5 page 7 cell 3: ..." or "On tree page 7 cell 3: ...": the number behind the last "page ". */
static int64_t page_of(gf_str line)
{
    static const gf_str WORD = GF_STR_INIT("page ");
    size_t at = gf_str_find(line, WORD);
    int64_t page = 0;
    for (size_t i = at + WORD.len; i < line.len && line.data[i] >= '0' && line.data[i] <= '9' && page < INT32_MAX; i++)
        page = page * 10 + (line.data[i] - '0');
    return page;
}

static gf_status check_by_engine(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1000)", -1, &stmt, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(stmt);
        if (code != SQLITE_ROW)
            break;
        gf_str rest = gf_str_of((const char *)sqlite3_column_text(stmt, 0)), line;
        while (gf_str_cut(&rest, '\n', &line))
            if (!gf_str_is(line, "ok") && line.len)
                problem(context, &(gf_store_problem){ .page = page_of(line), .what = line });
    }
    sqlite3_finalize(stmt);
    if (code == SQLITE_DONE)
        return GF_OK;
    if ((code & 0xFF) != SQLITE_CORRUPT && (code & 0xFF) != SQLITE_NOTADB)
        return gf_fail(err, GF_EIO, "store.verify", "", "the store's own check failed: %s", sqlite3_errmsg(store->db));
    problem(context, &(gf_store_problem){ .what = gf_str_of(sqlite3_errmsg(store->db)) });
    return GF_OK;
}

/* ---- Bytes that the engine passes over ---- */

typedef struct row_check { gf_store_problem_fn *problem; void *context; size_t count; } row_check;

static void note_row(void *context, const sqlite_table *table, int64_t page, int64_t row, const char *what)
{
    row_check *check = context;
    check->count++;
    if (check->problem && check->count <= ROW_PROBLEMS_MAX)
        check->problem(check->context, &(gf_store_problem){ page, table->name, row, gf_str_of(what) });
}

/* Every table whose integer key is the row's number. A schema that cannot be read is told by the engine's check. */
static bool walk_tables(sqlite3 *db, const sqlite_bytes *file, row_check *check)
{
    static const char SQL[] =
        "SELECT t.name, t.rootpage, (SELECT count(*) FROM pragma_table_info(t.name)), k.cid "
        "FROM sqlite_schema t JOIN pragma_table_info(t.name) k "
        "WHERE t.type = 'table' AND t.rootpage > 0 AND k.pk = 1 AND upper(k.type) = 'INTEGER' "
        "AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i WHERE i.origin = 'pk')";
    sqlite3_stmt *stmt = NULL;
    bool read = true;
    int code = sqlite3_prepare_v2(db, SQL, -1, &stmt, NULL);
    while (code == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        const sqlite_table table = { gf_str_of((const char *)sqlite3_column_text(stmt, 0)), (uint32_t)sqlite3_column_int64(stmt, 1),
                                     (uint32_t)sqlite3_column_int64(stmt, 2), (uint32_t)sqlite3_column_int64(stmt, 3) };
        read = sqlite_rows_walk(file, &table, note_row, check) && read;
    }
    sqlite3_finalize(stmt);
    return read;
}

/* True when the file alone holds everything: no frame of the write-ahead log is ahead of it. */
static bool file_is_whole(gf_store *store)
{
    int frames = 0, moved = 0;
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
    return code == SQLITE_OK && frames == moved;  /* both -1 without a log */
}

static bool read_bytes(void *context, void *bytes, size_t count, uint64_t offset)
{
    sqlite3_file *file = context;
    return file->pMethods->xRead(file, bytes, (int)count, (sqlite3_int64)offset) == SQLITE_OK;
}

/* Through the engine's own handle: a descriptor of our own would drop the engine's locks when it is closed. */
static void walk_file(sqlite3 *db, row_check *check)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    bool read = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file && file->pMethods &&
                file->pMethods->xFileSize(file, &size) == SQLITE_OK;
    const sqlite_bytes bytes = { file, (uint64_t)size, read_bytes };
    if (!read || !walk_tables(db, &bytes, check))
        note_row(check, &(sqlite_table){ .name = { "", 0 } }, 0, 0, "the rows of the store could not all be read");
}

/* Under a read transaction, which keeps pages from being moved into the file as long as the file is whole. */
static size_t walk_once(gf_store *store, row_check check)
{
    (void)sqlite3_exec(store->db, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);  /* when it fails the walk is just less guarded */
    walk_file(store->db, &check);
    (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return check.count;
}

static gf_status walk_copy(gf_store *store, const char *path, row_check check, gf_error *err)
{
    char copy[4096];
    sqlite3 *db = NULL;
    (void)snprintf(copy, sizeof copy, "%.4000s.checking-%ld", path, (long)getpid());
    gf_status status = gf_store_copy(store, gf_str_of(copy), err);
    if (status == GF_OK && sqlite3_open_v2(copy, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
        walk_file(db, &check);
    (void)sqlite3_close(db);
    (void)unlink(copy);
    return status;
}

/* Look without telling first: while others write, the file may be half moved, and what seems odd is believed only when
 * nobody wrote meanwhile. A store that is never still is read from a copy. */
static gf_status check_rows(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    const char *path = store->address + strlen("sqlite:");
    const row_check quiet = { .count = 0 }, loud = { problem, context, 0 };
    if (strcmp(path, ":memory:") == 0 || store->in_transaction)
        return GF_OK;  /* nobody else can reach these bytes */
    for (int turn = 0; turn < WALKS_MAX; turn++) {
        if (!file_is_whole(store))
            continue;
        int64_t version = pragma_int(store, "PRAGMA data_version");
        size_t odd = walk_once(store, quiet);
        if (odd && version == pragma_int(store, "PRAGMA data_version"))
            (void)walk_once(store, loud);
        else if (odd)
            continue;
        return GF_OK;
    }
    return walk_copy(store, path, loud, err);
}

gf_status gf_store_verify(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    gf_status status = check_by_engine(store, problem, context, err);
    return status == GF_OK ? check_rows(store, problem, context, err) : status;
}

gf_status gf_store_copy(gf_store *store, gf_str path, gf_error *err)
{
    char target_path[4096];
    (void)snprintf(target_path, sizeof target_path, "%.*s", GF_STR_ARG(path));
    struct stat info;
    if (stat(target_path, &info) == 0)
        return gf_fail(err, GF_ECONFLICT, "store.copy", "Name a file that does not exist yet.", "%s is there already",
                       target_path);
    sqlite3 *target = NULL;
    int code = sqlite3_open_v2(target_path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *backup = code == SQLITE_OK ? sqlite3_backup_init(target, "main", store->db, "main") : NULL;
    if (backup) {
        do {
            code = sqlite3_backup_step(backup, 1024);
        } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
        code = sqlite3_backup_finish(backup);
        if (code == SQLITE_OK)  /* one file to carry: no -wal beside it */
            code = sqlite3_exec(target, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    }
    gf_status status = GF_OK;
    if (!backup || code != SQLITE_OK)
        status = gf_fail(err, GF_EIO, "store.copy", "See that the folder exists and has room.", "%s cannot be written: %s",
                         target_path, target ? sqlite3_errmsg(target) : "out of memory");
    (void)sqlite3_close(target);
    if (status != GF_OK)
        (void)unlink(target_path);
    return status;
}
