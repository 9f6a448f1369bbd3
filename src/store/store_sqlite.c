/* The store on SQLite: one file, WAL, one writer.
 *
 * Durability: synchronous=FULL, so that what was answered is on disk. cell_size_check finds a damaged page on first
 * reading; trusted_schema=OFF and the defensive flag keep a doctored file from running anything.
 */
#include "store/engine.h"
#include "store/sql_text.h"
#include "store/sqlite_bulk.h"
#include "store/sqlite_rows.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_MS = 10000,
    ROW_PROBLEMS_MAX = 1000,
    WALKS_MAX = 3,
    COPIES_MAX = 1000,
    PATH_BYTES = 4096,
    CACHE_KIB_DEFAULT = 2048,
    CACHE_KIB_BULK = 262144,
    APPLICATION_ID = 0x676f6e67  /* "gong" */
};

typedef struct sqlite_statement {
    gf_stmt       base;
    sqlite3_stmt *handle;
    sqlite_value *values;        /* of a change in a bulk load, which is made later; NULL: values are bound as they come */
    int           value_count;
} sqlite_statement;

typedef struct sqlite_store {
    gf_store base;
    sqlite3 *db;
    int      engine_code;        /* SQLite's own code of the latched failure */
    sqlite3_stmt *data_version;  /* asked for with each request, so it is kept */
    bool     bulk_wanted;
    sqlite_bulk *bulk;           /* made with the first change of a bulk load */
    bool     bulk_busy;          /* something was given to it since it was last settled */
    unsigned reading;            /* statements with a row at hand: meanwhile changes are made at once */
} sqlite_store;

static sqlite_store *own(gf_store *store) { return (sqlite_store *)store; }
static sqlite_statement *own_stmt(gf_stmt *stmt) { return (sqlite_statement *)stmt; }
static void settle(gf_store *store);

/* The connection, with nothing under way on it. */
static sqlite3 *db_of(gf_store *store)
{
    settle(store);
    return own(store)->db;
}

static sqlite3_stmt *handle_of(const gf_stmt *stmt) { return ((const sqlite_statement *)stmt)->handle; }

/* ---- Failures ---- */

/* What to do about it; the engine's own words say what happened. */
static const char *hint_of(int code)
{
    static const struct { int primary; const char *hint; } HINTS[] = {
        { SQLITE_FULL, "Free some space on the disk and send it again; nothing was changed." },
        { SQLITE_BUSY, "Another program is writing; try again in a moment." },
        { SQLITE_CORRUPT, "Run gongfu check, and restore a backup." },
        { SQLITE_IOERR, "The disk refuses to be read or written: look at it and send it again; nothing was acknowledged." },
        { SQLITE_READONLY, "The disk or the file may not be written: look at how it is mounted and who owns it; nothing was changed." },
    };
    for (size_t i = 0; i < GF_COUNT(HINTS); i++)
        if (HINTS[i].primary == (code & 0xFF))
            return HINTS[i].hint;
    return "";
}

static void latch_words(gf_store *store, int code, const char *words)
{
    assert(code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE);  /* a latched success would stop the store for nothing */
    if (store->failure.status != GF_OK)
        return;
    own(store)->engine_code = code;
    int primary = code & 0xFF;
    gf_status status = primary == SQLITE_CONSTRAINT ? GF_ECONFLICT : primary == SQLITE_NOMEM ? GF_ENOMEM : GF_EIO;
    (void)gf_fail(&store->failure, status, "store.step", hint_of(code), "the store said: %s", words);
}

static void latch(gf_store *store, int code) { latch_words(store, code, sqlite3_errmsg(own(store)->db)); }

/* What a bulk load has given is done; what went wrong in it is latched here. */
static void settle(gf_store *store)
{
    if (!own(store)->bulk_busy)
        return;
    own(store)->bulk_busy = false;
    sqlite_fault fault = sqlite_bulk_settle(own(store)->bulk, false);
    if (fault.code != SQLITE_OK)
        latch_words(store, fault.code, fault.words);
}

/* It is taken back: there is no need to do it first. */
static void forget_given(gf_store *store)
{
    if (own(store)->bulk_busy)
        (void)sqlite_bulk_settle(own(store)->bulk, true);
    own(store)->bulk_busy = false;
}

static bool sqlite_is_damage(gf_store *store)
{
    int primary = ((sqlite_store *)store)->engine_code & 0xFF;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_IOERR;
}

/* ---- Opening ---- */

static gf_status run_text(gf_store *store, const char *sql, gf_error *err)
{
    sqlite3 *db = db_of(store);
    if (store->failure.status != GF_OK)
        return gf_store_ok(store, err);  /* of a change that was given before */
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return GF_OK;
    gf_status status = (code & 0xFF) == SQLITE_NOTADB ? GF_EINPUT : GF_EIO;
    return gf_fail(err, status, "store.sql", hint_of(code), "the store said: %s", sqlite3_errmsg(db_of(store)));
}

static int64_t pragma_int(gf_store *store, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(db_of(store), sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

static int sqlite_schema_version(gf_store *store) { return (int)pragma_int(store, "PRAGMA user_version"); }

static int64_t sqlite_moved(gf_store *store)
{
    sqlite3_stmt **stmt = &((sqlite_store *)store)->data_version;
    int code = *stmt ? SQLITE_OK : sqlite3_prepare_v2(db_of(store), "PRAGMA data_version", -1, stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(*stmt);
    int64_t version = code == SQLITE_ROW ? sqlite3_column_int64(*stmt, 0) : -1;
    if (code != SQLITE_ROW)
        latch(store, code);
    (void)sqlite3_reset(*stmt);
    return version;
}

static gf_status set_up(gf_store *store, const gf_store_options *options, gf_error *err)
{
    own(store)->bulk_wanted = options->bulk;
    sqlite3_busy_timeout(db_of(store), BUSY_MS);
    (void)sqlite3_extended_result_codes(db_of(store), 1);
    (void)sqlite3_db_config(db_of(store), SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    (void)sqlite3_db_config(db_of(store), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
    int cache = options->cache_kib ? options->cache_kib : options->bulk ? CACHE_KIB_BULK : CACHE_KIB_DEFAULT;
    char text[256];
    (void)snprintf(text, sizeof text,
                   "PRAGMA cell_size_check=ON; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA cache_size=-%d;%s%s",
                   cache, options->bulk ? " PRAGMA threads=2;" : "", options->create ? " PRAGMA journal_mode=WAL;" : "");
    return run_text(store, text, err);
}

/* Inside a transaction. */
static gf_status migrate(gf_store *store, int from, int to, gf_error *err)
{
    char text[96];
    gf_status status = GF_OK;
    for (int version = from + 1; status == GF_OK && version <= to; version++)
        status = run_text(store, gf_sql_migration(version), err);
    (void)snprintf(text, sizeof text, "PRAGMA user_version=%d; PRAGMA application_id=%d;", to, APPLICATION_ID);
    return status == GF_OK ? run_text(store, text, err) : status;
}

static gf_status sqlite_raise(gf_store *store, gf_error *err)
{
    settle(store);
    return migrate(store, sqlite_schema_version(store), gf_sql_migration_count(), err);
}

static gf_status run_migrations(gf_store *store, int from, int to, gf_error *err)
{
    gf_status status = run_text(store, "BEGIN IMMEDIATE", err);
    if (status == GF_OK)
        status = migrate(store, from, to, err);
    if (status == GF_OK)
        status = run_text(store, "COMMIT", err);
    if (status != GF_OK)
        (void)sqlite3_exec(db_of(store), "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static gf_status sqlite_verify(gf_store *store, bool indexes, gf_store_problem_fn *problem, void *context, gf_error *err);
static gf_status sqlite_copy(gf_store *store, gf_str path, gf_store_copied *out, gf_error *err);

static void count_problem(void *context, const gf_store_problem *problem)
{
    (void)problem;
    ++*(size_t *)context;
}

/* Read a whole store file through; true when nothing is wrong with it. */
static bool reads_clean(const char *path)
{
    char address[PATH_BYTES];
    (void)snprintf(address, sizeof address, "sqlite:%.4000s", path);
    sqlite_store file = { .base.engine = &STORE_SQLITE, .base.address = address };
    size_t problems = 1;
    if (sqlite3_open_v2(path, &file.db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        problems = 0;
        if (sqlite_verify(&file.base, false, count_problem, &problems, NULL) != GF_OK)
            problems++;
    }
    (void)sqlite3_close(file.db);
    return problems == 0;
}

/* The first of PATH.before-vN, PATH.before-vN.2 ... that is not there: no copy is ever written over. */
static void free_name(const char *path, int version, char out[PATH_BYTES])
{
    struct stat info;
    (void)snprintf(out, PATH_BYTES, "%s.before-v%d", path, version);
    for (int i = 2; stat(out, &info) == 0 && i < COPIES_MAX; i++)
        (void)snprintf(out, PATH_BYTES, "%s.before-v%d.%d", path, version, i);
}

/* Before an older store is changed, a copy is made beside it and read through. One that an upgrade left half made when the power went
 * is made anew: it has its name only when it is whole. */
static gf_status back_up_before(gf_store *store, int version, gf_error *err)
{
    const char *path = store->address + strlen("sqlite:");
    char making[PATH_BYTES], kept[PATH_BYTES];
    (void)snprintf(making, sizeof making, "%s.before-v%d.making", path, version + 1);
    (void)unlink(making);
    gf_status status = sqlite_copy(store, gf_str_of(making), NULL, err);
    if (status == GF_OK && !reads_clean(making))
        status = gf_fail(err, GF_EIO, "store.backup", "Look at the disk; the store was not changed.",
                         "the copy made before the upgrade could not be read back");
    free_name(path, version + 1, kept);
    if (status == GF_OK && rename(making, kept) != 0)
        status = gf_fail(err, GF_EIO, "store.backup", "See that the folder may be written; the store was not changed.", "the copy made before the upgrade cannot be named %s", kept);
    return status;
}

static gf_status bring_up_to_date(gf_store *store, const gf_store_options *options, gf_error *err)
{
    int version = sqlite_schema_version(store);
    bool upgrade;
    int64_t tables = version == 0 ? pragma_int(store, "SELECT count(*) FROM sqlite_schema") : 0;
    gf_status status = store_judge_version(store->address, version, options, tables, &upgrade, err);
    if (status != GF_OK || !upgrade)
        return status;
    status = version ? back_up_before(store, version, err) : GF_OK;
    return status == GF_OK ? run_migrations(store, version, store_wanted_schema(options), err) : status;
}

static gf_status sqlite_open(gf_store *store, const gf_store_options *options, gf_error *err)
{
    const char *path = store->address + strlen("sqlite:");
    sqlite3 **db = &((sqlite_store *)store)->db;
    bool in_memory = strcmp(path, ":memory:") == 0;
    struct stat info;
    if (!options->create && !in_memory && stat(path, &info) != 0)
        return gf_fail(err, GF_ENOTFOUND, "store.none", "Make one with: gongfu load data/taishun",
                       "there is no store at %s", path);
    int flags = options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (options->create)
        flags |= SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return gf_fail(err, GF_EIO, "store.open", "See that the folder exists and may be written.",
                       "%s cannot be opened: %s", path, *db ? sqlite3_errmsg(*db) : "out of memory");
    gf_status status = set_up(store, options, err);
    return status == GF_OK ? bring_up_to_date(store, options, err) : status;
}

static void sqlite_close_store(gf_store *store)
{
    forget_given(store);
    sqlite_bulk_close(own(store)->bulk);
    sqlite3_finalize(((sqlite_store *)store)->data_version);
    (void)sqlite3_close(db_of(store));
}

/* ---- Transactions ---- */

static gf_status sqlite_begin(gf_store *store, gf_error *err)
{
    return run_text(store, sqlite3_db_readonly(db_of(store), "main") == 1 ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

static void sqlite_rollback(gf_store *store)
{
    forget_given(store);
    (void)sqlite3_exec(db_of(store), "ROLLBACK", NULL, NULL, NULL);  /* fails only when there is nothing to undo */
}

static gf_status sqlite_begin_read(gf_store *store, gf_error *err)
{
    /* The moment is taken by the first reading, not by BEGIN. */
    gf_status status = run_text(store, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", err);
    if (status != GF_OK)
        sqlite_rollback(store);
    return status;
}

static gf_status sqlite_commit(gf_store *store, gf_error *err) { return run_text(store, "COMMIT", err); }
static gf_status sqlite_mark(gf_store *store, gf_error *err) { return run_text(store, "SAVEPOINT part", err); }
static gf_status sqlite_keep(gf_store *store, gf_error *err) { return run_text(store, "RELEASE part", err); }

static void sqlite_back(gf_store *store)
{
    forget_given(store);
    (void)sqlite3_exec(db_of(store), "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);  /* fails only when there is nothing to undo */
}

/* ---- Statements ---- */

static gf_stmt *sqlite_prepare(gf_store *store, gf_str sql)
{
    sqlite_statement *stmt = calloc(1, sizeof *stmt);
    if (!stmt)
        return NULL;
    assert(sql.len <= INT32_MAX);
    int code = sqlite3_prepare_v3(db_of(store), sql.data, (int)sql.len, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
    bool later = code == SQLITE_OK && own(store)->bulk_wanted && sqlite3_column_count(stmt->handle) == 0 && !sqlite3_stmt_readonly(stmt->handle);
    if (later) {
        stmt->value_count = sqlite3_bind_parameter_count(stmt->handle);
        stmt->values = calloc((size_t)stmt->value_count + 1, sizeof *stmt->values);
    }
    if (code == SQLITE_OK && (!later || stmt->values))
        return &stmt->base;
    latch(store, code == SQLITE_OK ? SQLITE_NOMEM : code);
    sqlite3_finalize(stmt->handle);
    free(stmt);
    return NULL;
}

static void sqlite_drop(gf_stmt *stmt)
{
    settle(stmt->store);
    sqlite3_finalize(handle_of(stmt));
    free(own_stmt(stmt)->values);
    free(stmt);
}

static void sqlite_settle(gf_store *store) { (void)store; }

/* Kept until the change is made, or bound at once. */
static bool keep_value(gf_stmt *stmt, int index, sqlite_value value)
{
    sqlite_statement *s = own_stmt(stmt);
    if (s->values && index >= 1 && index <= s->value_count) {
        s->values[index - 1] = value;
        return true;
    }
    settle(stmt->store);
    return false;
}

static void check_bind(gf_stmt *stmt, int code)
{
    if (code != SQLITE_OK)
        latch(stmt->store, code);
}

static void sqlite_int(gf_stmt *stmt, int index, int64_t value)
{
    if (!keep_value(stmt, index, (sqlite_value){ .type = SQLITE_INTEGER, .number = value }))
        check_bind(stmt, sqlite3_bind_int64(handle_of(stmt), index, value));
}

static void sqlite_str(gf_stmt *stmt, int index, gf_str value)
{
    if (!keep_value(stmt, index, (sqlite_value){ .type = SQLITE_TEXT, .bytes = value.data, .len = value.len }))
        check_bind(stmt, sqlite3_bind_text(handle_of(stmt), index, value.data, (int)value.len, SQLITE_STATIC));
}

static void sqlite_blob(gf_stmt *stmt, int index, const void *bytes, size_t len)
{
    if (!keep_value(stmt, index, (sqlite_value){ .type = SQLITE_BLOB, .bytes = bytes, .len = len }))
        check_bind(stmt, sqlite3_bind_blob64(handle_of(stmt), index, bytes, len, SQLITE_STATIC));
}

static void sqlite_null(gf_stmt *stmt, int index)
{
    if (!keep_value(stmt, index, (sqlite_value){ .type = SQLITE_NULL }))
        check_bind(stmt, sqlite3_bind_null(handle_of(stmt), index));
}

/* A change of a bulk load goes to the thread, unless somebody has a row at hand: its cells are the connection's. */
static bool give(gf_stmt *stmt)
{
    sqlite_store *store = own(stmt->store);
    if (!store->base.in_transaction || store->reading || !store->bulk_wanted)
        return false;
    if (!store->bulk)
        store->bulk = sqlite_bulk_open(store->db);
    store->bulk_wanted = store->bulk != NULL;
    bool given = store->bulk && sqlite_bulk_add(store->bulk, handle_of(stmt), own_stmt(stmt)->values, own_stmt(stmt)->value_count);
    store->bulk_busy = store->bulk_busy || given;
    return given;
}

static bool sqlite_row(gf_stmt *stmt)
{
    sqlite_statement *s = own_stmt(stmt);
    if (s->values && give(stmt))
        return false;
    settle(stmt->store);
    if (stmt->store->failure.status != GF_OK)
        return false;
    int code = s->values ? sqlite_bulk_step(s->handle, s->values, s->value_count) : sqlite3_step(s->handle);
    own(stmt->store)->reading += (code == SQLITE_ROW) - (unsigned)stmt->running;
    stmt->running = code == SQLITE_ROW;
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        latch(stmt->store, code);
    (void)sqlite3_reset(s->handle);  /* repeats the code of the step just reported */
    return false;
}

static void sqlite_end(gf_stmt *stmt)
{
    if (!stmt->running)
        return;
    own(stmt->store)->reading--;
    stmt->running = false;
    (void)sqlite3_reset(handle_of(stmt));
}

static gf_value_kind sqlite_kind(gf_stmt *stmt, int column)
{
    switch (sqlite3_column_type(handle_of(stmt), column)) {
    case SQLITE_INTEGER: return GF_VALUE_INT;
    case SQLITE_FLOAT: return GF_VALUE_REAL;
    case SQLITE_TEXT: return GF_VALUE_TEXT;
    case SQLITE_BLOB: return GF_VALUE_BLOB;
    default: return GF_VALUE_NULL;
    }
}

static int64_t sqlite_row_int(gf_stmt *stmt, int column) { return sqlite3_column_int64(handle_of(stmt), column); }

/* The bytes of a text or blob as they are stored; the store is UTF-8, so nothing is converted. */
static gf_str sqlite_row_str(gf_stmt *stmt, int column)
{
    const char *data = sqlite3_column_blob(handle_of(stmt), column);
    int len = sqlite3_column_bytes(handle_of(stmt), column);
    return (gf_str){ data ? data : "", data ? (size_t)len : 0 };
}

static int sqlite_columns(gf_stmt *stmt) { return sqlite3_column_count(handle_of(stmt)); }

static int64_t sqlite_changes(gf_store *store) { return sqlite3_changes64(db_of(store)); }

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

static gf_status check_by_engine(gf_store *store, bool indexes, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(db_of(store), indexes ? "PRAGMA integrity_check(1000)" : "PRAGMA quick_check(1000)", -1, &stmt, NULL);
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
        return gf_fail(err, GF_EIO, "store.verify", "", "the store's own check failed: %s", sqlite3_errmsg(db_of(store)));
    problem(context, &(gf_store_problem){ .what = gf_str_of(sqlite3_errmsg(db_of(store))) });
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
    int code = sqlite3_wal_checkpoint_v2(db_of(store), NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
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
    (void)sqlite3_exec(db_of(store), "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);  /* when it fails the walk is just less guarded */
    walk_file(db_of(store), &check);
    (void)sqlite3_exec(db_of(store), "ROLLBACK", NULL, NULL, NULL);
    return check.count;
}

static gf_status walk_copy(gf_store *store, const char *path, row_check check, gf_error *err)
{
    char copy[PATH_BYTES];
    sqlite3 *db = NULL;
    (void)snprintf(copy, sizeof copy, "%.4000s.checking-%ld", path, (long)getpid());
    gf_status status = sqlite_copy(store, gf_str_of(copy), NULL, err);
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

static gf_status sqlite_verify(gf_store *store, bool indexes, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    gf_status status = check_by_engine(store, indexes, problem, context, err);
    return status == GF_OK ? check_rows(store, problem, context, err) : status;
}

static gf_status sqlite_copy(gf_store *store, gf_str path, gf_store_copied *out, gf_error *err)
{
    (void)out;  /* what it says of a store is what it begins with */
    char target_path[PATH_BYTES];
    (void)snprintf(target_path, sizeof target_path, "%.*s", GF_STR_ARG(path));
    struct stat info;
    if (stat(target_path, &info) == 0)
        return gf_fail(err, GF_ECONFLICT, "store.copy", "Name a file that does not exist yet.", "%s is there already",
                       target_path);
    sqlite3 *target = NULL;
    int code = sqlite3_open_v2(target_path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *backup = code == SQLITE_OK ? sqlite3_backup_init(target, "main", db_of(store), "main") : NULL;
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

/* secure_delete zeroes what is freed in the file; the log still holds the pages as they were. */
static gf_status sqlite_scrub(gf_store *store, const char *const *tables, size_t count, gf_error *err)
{
    (void)tables;
    (void)count;
    int code = sqlite3_wal_checkpoint_v2(db_of(store), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code == SQLITE_OK)
        return GF_OK;
    gf_status status = (code & 0xFF) == SQLITE_BUSY ? GF_ECONFLICT : GF_EIO;
    return gf_fail(err, status, "store.scrub", hint_of(code), "the store's log could not be emptied: %s", sqlite3_errmsg(db_of(store)));
}

const store_engine STORE_SQLITE = {
    .prefixes = { "sqlite:" },
    .store_bytes = sizeof(sqlite_store),
    .open = sqlite_open,
    .close = sqlite_close_store,
    .schema_version = sqlite_schema_version,
    .moved = sqlite_moved,
    .begin = sqlite_begin,
    .begin_read = sqlite_begin_read,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .mark = sqlite_mark,
    .keep = sqlite_keep,
    .back = sqlite_back,
    .prepare = sqlite_prepare,
    .finalize = sqlite_drop,
    .settle = sqlite_settle,
    .bind_int = sqlite_int,
    .bind_str = sqlite_str,
    .bind_blob = sqlite_blob,
    .bind_null = sqlite_null,
    .row = sqlite_row,
    .end = sqlite_end,
    .kind = sqlite_kind,
    .row_int = sqlite_row_int,
    .row_str = sqlite_row_str,
    .columns = sqlite_columns,
    .changes = sqlite_changes,
    .verify = sqlite_verify,
    .is_damage = sqlite_is_damage,
    .scrub = sqlite_scrub,
    .copy = sqlite_copy,
    .raise = sqlite_raise,
    .index_sql = "SELECT tbl_name, sql, 'DROP INDEX \"' || name || '\"' FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND name = ?",
    .indexes_sql = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
    .columns_sql = "SELECT t.name, c.name, c.type FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
};
