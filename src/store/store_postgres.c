/* The store on PostgreSQL: one schema of one database, reached by libpq.
 *
 * One writes at a time, as on SQLite: the right to write is an advisory lock of the transaction, taken before anything is
 * read in it, so that READ COMMITTED sees no other's half. Readers take REPEATABLE READ and wait for nobody. A commit is
 * answered when the server has it on disk (synchronous_commit is put to `on` when it was off).
 * The table gf_store holds what SQLite has in its header: the schema's number, and a count of commits, by which every
 * handle knows that another has written.
 * Text must sort by its bytes, as it does on SQLite: a database with another collation is refused.
 * Considered and dropped: SERIALIZABLE with retries (every use case would have to be able to run twice); COLLATE "C" on each
 * column (parameters and recursive questions would still sort otherwise).
 */
#include "store/pg_text.h"
#include "store/postgres.h"
#include "store/sql_text.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 400, CODE_BYTES = 5, ANALYZED_BYTES = 1 << 18 };

#define WRITE_LOCK "113728291300981"   /* the bytes of "gongfu": any number that others do not take */

/* ---- Failures ---- */

static const struct { const char *state; gf_status status; const char *hint; } STATES[] = {   /* the first that the code begins with */
    { "23", GF_ECONFLICT, "" },
    { "53100", GF_EIO, "Free some space on the server's disk and try again; nothing was changed." },
    { "53200", GF_ENOMEM, "" },
    { "55P03", GF_EIO, "Another program is writing; try again in a moment." },
    { "25006", GF_EIO, "This server is a standby: name the primary." },
    { "08", GF_EIO, "The connection was lost; try again in a moment." },
    { "57P", GF_EIO, "The server is stopping or starting; try again in a moment." },
    { "XX", GF_EIO, "Run gongfu check, and restore a backup." },
    { "", GF_EIO, "" },
};

/* The first line of what the server said, or of what libpq says of the connection. */
static gf_status tell(gf_store *store, const PGresult *result, char state[CODE_BYTES + 1], gf_error *err)
{
    const char *code = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *words = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    gf_str line = gf_str_of(words ? words : PQerrorMessage(pg_of(store)->conn));
    line = gf_str_trim(gf_str_slice(line, 0, gf_str_find(line, GF_STR("\n"))));
    (void)snprintf(state, CODE_BYTES + 1, "%s", code ? code : "08006");
    size_t i = 0;
    while (strncmp(state, STATES[i].state, strlen(STATES[i].state)) != 0)
        i++;
    return gf_fail(err, STATES[i].status, "store.step", STATES[i].hint, "the store said: %.*s", GF_STR_ARG(gf_str_slice(line, 0, 160)));
}

void pg_latch(gf_store *store, const PGresult *result)
{
    if (store->failure.status == GF_OK)
        (void)tell(store, result, pg_of(store)->sqlstate, &store->failure);
}

/* ---- The line ---- */

static bool is_lost(gf_store *store) { return PQstatus(pg_of(store)->conn) == CONNECTION_BAD; }

static bool is_done(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static gf_status take(gf_store *store, PGresult *result, gf_error *err)
{
    char state[CODE_BYTES + 1];
    gf_status status = is_done(result) ? GF_OK : tell(store, result, state, err);
    PQclear(result);
    return status;
}

static gf_status run(gf_store *store, const char *sql, gf_error *err)
{
    pg_quiet(store);
    return take(store, PQexec(pg_of(store)->conn, sql), err);
}

/* What every connection is told first. `on` waits for the disk, and so do the stronger settings of a server with standbys. A page asked for out of
 * turn costs hardly more than the next one, in memory or on a disk without heads: told otherwise, the server would read half a million rows
 * for the first 25 of a county. */
static gf_status greet(gf_store *store, gf_error *err)
{
    gf_status status = run(store, "SET lock_timeout = '10s'; SET client_encoding = 'UTF8'; SET bytea_output = 'hex'; SET client_min_messages = 'warning'; SET random_page_cost = 1.1; "
                                  "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')", err);
    if (status == GF_OK && pg_of(store)->bulk)
        status = run(store, "SET maintenance_work_mem = '256MB'", err);  /* its indexes are made at the end, from millions of rows */
    return status == GF_OK && store->read_only ? run(store, "SET default_transaction_read_only = on", err) : status;
}

/* A lost connection is made again, when nothing hangs on it: what was prepared is prepared anew when it is next asked for. */
static gf_status ready(gf_store *store, gf_error *err)
{
    char state[CODE_BYTES + 1];
    if (!is_lost(store))
        return GF_OK;
    PQreset(pg_of(store)->conn);
    pg_of(store)->epoch++;
    return is_lost(store) ? tell(store, NULL, state, err) : greet(store, err);
}

/* That it is lost is often known only when something is sent: then it is sent again, unless a transaction went with it. */
static PGresult *send(gf_store *store, const char *sql)
{
    pg_quiet(store);
    for (int turn = 0;; turn++) {
        bool may_retry = !store->in_transaction && turn == 0;
        if (!store->in_transaction && ready(store, NULL) != GF_OK)
            return NULL;
        PGresult *result = PQexec(pg_of(store)->conn, sql);
        if (is_done(result) || !is_lost(store) || !may_retry)
            return result;
        PQclear(result);
    }
}

gf_status pg_exec(gf_store *store, const char *sql, gf_error *err) { return take(store, send(store, sql), err); }

int64_t pg_ask(gf_store *store, const char *sql)
{
    PGresult *result = send(store, sql);
    bool told = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    int64_t value = told ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : -1;
    if (!told)
        pg_latch(store, result);
    PQclear(result);
    return value;
}

/* ---- Opening ---- */

static gf_status check_form(gf_store *store, gf_error *err)
{
    static const char SQL[] = "SELECT count(*) FROM pg_database WHERE datname = current_database() AND datlocprovider = 'c' AND datcollate IN ('C', 'POSIX') AND pg_encoding_to_char(encoding) = 'UTF8'";
    if (PQserverVersion(pg_of(store)->conn) < 150000)
        return gf_fail(err, GF_EINPUT, "store.server", "Use PostgreSQL 15 or newer.", "the server is older than PostgreSQL 15");
    int64_t fits = pg_ask(store, SQL);
    if (fits == 1)
        return GF_OK;
    return fits < 0 ? gf_store_ok(store, err) : gf_fail(err, GF_EINPUT, "store.collation", "Make it with: createdb -T template0 -E UTF8 --locale=C NAME", "the database does not sort text by its bytes, or is not UTF-8");
}

static int pg_schema_version(gf_store *store)
{
    int64_t there = pg_ask(store, "SELECT count(*) FROM pg_class WHERE relname = 'gf_store' AND relnamespace = current_schema()::regnamespace");
    return (int)(there == 1 ? pg_ask(store, "SELECT schema FROM gf_store") : there);
}

static gf_status run_migration(gf_store *store, int version, gf_error *err)
{
    char *sql = pg_text_migration(gf_sql_migration(version));
    gf_status status = sql ? run(store, sql, err) : gf_fail_memory(err);
    free(sql);
    return status;
}

/* What SQLite has and PostgreSQL lacks: its header, and a function. */
static const char PRELUDE[] =
    "CREATE TABLE gf_store (schema BIGINT NOT NULL, commits BIGINT NOT NULL);"
    "INSERT INTO gf_store (schema, commits) VALUES (0, 0);"
    "CREATE FUNCTION instr(TEXT, TEXT) RETURNS INTEGER LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT strpos($1, $2)';";

/* What an upgrade starts from is kept beside it, in a schema of its own: before_v12 is as it was before schema 12. It goes with
 * the migrations or not at all; who is content drops it (docs/postgres.md). */
static const char KEEP_BEFORE[] =
    "DO $$ DECLARE t record; n text := 'before_v%d'; BEGIN "
    "WHILE EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = n) LOOP n := n || '_'; END LOOP; "
    "EXECUTE format('CREATE SCHEMA %%I', n); "
    "FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace LOOP "
    "EXECUTE format('CREATE TABLE %%I.%%I AS TABLE %%I.%%I', n, t.relname, current_schema(), t.relname); END LOOP; END $$";

static gf_status keep_before(gf_store *store, int version, gf_error *err)
{
    char text[sizeof KEEP_BEFORE + 16];
    gf_error said = { .status = GF_OK };
    (void)snprintf(text, sizeof text, KEEP_BEFORE, version);
    if (run(store, text, &said) == GF_OK)
        return GF_OK;
    return gf_fail(err, said.status, "store.backup", "Let the store's user make a schema in its database (GRANT CREATE ON DATABASE), or make room; nothing was changed.",
                   "no copy of the older store could be kept: %.200s", said.what);
}

/* Inside a transaction that holds the right to write. */
static gf_status migrate(gf_store *store, int from, int to, gf_error *err)
{
    char text[96];
    gf_status status = GF_OK;
    for (int version = from + 1; status == GF_OK && version <= to; version++)
        status = run_migration(store, version, err);
    (void)snprintf(text, sizeof text, "UPDATE gf_store SET schema = %d", to);
    return status == GF_OK ? run(store, text, err) : status;
}

/* What was filled just now is counted first: a migration that asks over millions of rows would be planned as if there were none. */
static gf_status pg_raise(gf_store *store, gf_error *err)
{
    int from = pg_schema_version(store);
    if (pg_of(store)->copied_bytes > ANALYZED_BYTES)
        (void)run(store, "ANALYZE", NULL);  /* when it fails the transaction does, and the next step tells it */
    return from < 0 ? gf_store_ok(store, err) : migrate(store, from, gf_sql_migration_count(), err);
}

/* Another program may bring it up to date at the same moment: the number is read again under the lock. */
static gf_status run_migrations(gf_store *store, int to, gf_error *err)
{
    gf_status status = run(store, "BEGIN; SELECT pg_advisory_xact_lock(" WRITE_LOCK ")", err);
    store->in_transaction = true;
    int from = status == GF_OK ? pg_schema_version(store) : -1;
    if (status == GF_OK && from < 0)
        status = gf_store_ok(store, err);
    if (status == GF_OK && from == 0)
        status = run(store, PRELUDE, err);
    if (status == GF_OK && from > 0 && from < to)
        status = keep_before(store, from + 1, err);
    if (status == GF_OK)
        status = migrate(store, from, from > to ? from : to, err);
    if (status == GF_OK)
        status = run(store, "UPDATE gf_store SET commits = commits + 1; COMMIT", err);
    if (status != GF_OK)
        (void)run(store, "ROLLBACK", NULL);  /* the failure is told already */
    store->in_transaction = false;
    return status;
}

static gf_status bring_up_to_date(gf_store *store, const gf_store_options *options, gf_error *err)
{
    bool upgrade;
    int version = pg_schema_version(store);
    int64_t tables = version == 0 ? pg_ask(store, "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')") : 0;
    if (gf_store_ok(store, err) != GF_OK)
        return store->failure.status;
    gf_status status = store_judge_version(store->shown, version, options, tables, &upgrade, err);
    return status == GF_OK && upgrade ? run_migrations(store, store_wanted_schema(options), err) : status;
}

static gf_status pg_open(gf_store *store, const gf_store_options *options, gf_error *err)
{
    pg_store *pg = pg_of(store);
    pg->bulk = options->bulk;
    pg->conn = PQconnectdb(store->address);
    if (!pg->conn)
        return gf_fail_memory(err);
    if (PQstatus(pg->conn) != CONNECTION_OK) {
        gf_str rest = gf_str_of(PQerrorMessage(pg->conn)), line, said = { "", 0 };
        while (gf_str_cut(&rest, '\n', &line))
            if (line.len && line.data[0] != '\t')
                said = line;  /* the last address that was tried; lines with a tab in front are guesses */
        return gf_fail(err, GF_EIO, "store.open", "See that the server runs and lets this user in; docs/postgres.md tells how to set it up.", "the server cannot be reached: %.*s",
                       GF_STR_ARG(gf_str_slice(said, 0, 150)));
    }
    char shown[SHOWN_BYTES];
    (void)snprintf(shown, sizeof shown, "postgres://%.80s@%.200s:%.10s/%.80s", PQuser(pg->conn), PQhost(pg->conn), PQport(pg->conn), PQdb(pg->conn));
    store->shown = strdup(shown);
    gf_status status = store->shown ? greet(store, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = check_form(store, err);
    return status == GF_OK ? bring_up_to_date(store, options, err) : status;
}

static void pg_close(gf_store *store)
{
    pg_bulk_close(pg_of(store)->sender);
    PQfinish(pg_of(store)->conn);
}

/* ---- Transactions ---- */

gf_status pg_begin(gf_store *store, gf_error *err)
{
    if (store->read_only)
        return pg_exec(store, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1", err);
    gf_status status = pg_exec(store, "BEGIN; SELECT pg_advisory_xact_lock(" WRITE_LOCK ")", err);
    if (status != GF_OK)
        pg_rollback(store);
    return status;
}

/* The moment is taken by the first question, not by BEGIN. */
static gf_status pg_begin_read(gf_store *store, gf_error *err)
{
    gf_status status = pg_exec(store, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1", err);
    if (status != GF_OK)
        pg_rollback(store);
    return status;
}

static void forget_copied(gf_store *store)
{
    pg_of(store)->copied_bytes = 0;
    pg_of(store)->copied[0] = '\0';
}

/* The server would come to it by itself a minute later, and answer badly until then. Failing does no harm. */
static void count_anew(gf_store *store)
{
    char sql[PG_COPIED_BYTES + 16];
    (void)snprintf(sql, sizeof sql, "ANALYZE %s", pg_of(store)->copied);
    if (pg_of(store)->copied_bytes > ANALYZED_BYTES)
        (void)run(store, sql, NULL);
}

/* A transaction that may have written is counted with it. */
gf_status pg_commit(gf_store *store, gf_error *err)
{
    pg_quiet(store);
    if (store->failure.status != GF_OK)
        return gf_store_ok(store, err);
    static const char COUNTED[] = "UPDATE gf_store SET commits = commits + 1; COMMIT";
    bool counts = !store->read_only && PQtransactionStatus(pg_of(store)->conn) == PQTRANS_INTRANS && pg_ask(store, "SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN 0 ELSE 1 END") == 1;
    if (store->failure.status != GF_OK)
        return gf_store_ok(store, err);
    if (PQtransactionStatus(pg_of(store)->conn) != PQTRANS_INTRANS)  /* the server would answer COMMIT with a rollback, and no error */
        return gf_fail(err, GF_EIO, "store.commit", "Nothing was changed; try again.", "the transaction had come to an end");
    gf_status status = run(store, counts ? COUNTED : "COMMIT", err);
    if (status == GF_OK)
        pg_of(store)->own += counts;
    else if (is_lost(store) && err)
        (void)gf_fail(err, GF_EIO, "store.commit", "Ask whether it is there before it is sent again, or send it again with the same key.", "the connection was lost while the change was being kept");
    if (status == GF_OK)
        count_anew(store);
    forget_copied(store);
    return status;
}

void pg_rollback(gf_store *store)
{
    pg_copy_drop(store);
    pg_line(store);  /* what it latches goes with the transaction */
    forget_copied(store);
    if (!is_lost(store) && PQtransactionStatus(pg_of(store)->conn) != PQTRANS_IDLE)
        (void)run(store, "ROLLBACK", NULL);  /* fails only with the connection, and then nothing was kept */
}

/* What was sent ahead is answered first: its failure is the one to tell. */
static gf_status run_behind(gf_store *store, const char *sql, gf_error *err)
{
    pg_quiet(store);
    gf_status status = gf_store_ok(store, err);
    return status == GF_OK ? run(store, sql, err) : status;
}

static gf_status pg_mark(gf_store *store, gf_error *err) { return run_behind(store, "SAVEPOINT part", err); }
static gf_status pg_keep(gf_store *store, gf_error *err) { return run_behind(store, "RELEASE SAVEPOINT part", err); }

static void pg_back(gf_store *store)
{
    pg_copy_drop(store);  /* what came before the mark went over with it */
    (void)run(store, "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part", NULL);  /* fails only when there is nothing to undo */
}

static int64_t pg_moved(gf_store *store)
{
    int64_t commits = pg_ask(store, "SELECT commits FROM gf_store");
    return commits < 0 ? -1 : commits - pg_of(store)->own;
}

/* Dead rows are taken out and their room closed up; what was archived of the server's own log is its keeper's. */
static gf_status pg_scrub(gf_store *store, const char *const *tables, size_t count, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        char sql[128];
        (void)snprintf(sql, sizeof sql, "VACUUM \"%s\"", tables[i]);
        status = run_behind(store, sql, err);
    }
    return status;
}

static void pg_settle(gf_store *store)
{
    (void)pg_exec(store, "DEALLOCATE ALL", NULL);  /* a name is never used twice: what stays costs only memory */
}

static int64_t pg_changes(gf_store *store)
{
    pg_quiet(store);
    return pg_of(store)->changes;
}

/* ---- Care ---- */

/* Every column of every row of every table is read, long ones too; where the extension amcheck may be used, every index is held
 * against its table. To write the rows out as text would read the same at three times the price. */
static const char QUESTIONS[] =
    "SELECT c.relname, format('SELECT coalesce(sum(%s), 0) FROM %I', string_agg(format(CASE a.atttypid WHEN 'bytea'::regtype THEN 'coalesce(octet_length(%I || ''''::bytea), 0)' "
    "WHEN 'text'::regtype THEN 'coalesce(octet_length(%I || ''''), 0)' ELSE 'CAST(%I IS NULL AS int)' END, a.attname), ' + ' ORDER BY a.attnum), c.relname) "
    "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace GROUP BY c.relname "
    "UNION ALL SELECT c.relname, format('SELECT %I.bt_index_check(%s, true)', n.nspname, c.oid) FROM pg_class c JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree', "
    "pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE c.relkind = 'i' AND c.relnamespace = current_schema()::regnamespace "
    "AND p.proname = 'bt_index_check' AND p.pronargs = 2 AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1";

static bool damages(const char *state) { return strncmp(state, "XX", 2) == 0 || strcmp(state, "58030") == 0; }

static gf_status look_at(gf_store *store, const char *table, const char *sql, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    char state[CODE_BYTES + 1] = "";
    gf_error said = { .status = GF_OK };
    bool part = store->in_transaction;
    if (part && run(store, "SAVEPOINT look", err) != GF_OK)
        return GF_EIO;
    PGresult *result = PQexec(pg_of(store)->conn, sql);
    gf_status status = PQresultStatus(result) == PGRES_TUPLES_OK ? GF_OK : tell(store, result, state, &said);
    PQclear(result);
    if (part)
        (void)run(store, status == GF_OK ? "RELEASE SAVEPOINT look" : "ROLLBACK TO SAVEPOINT look", NULL);  /* told below */
    if (status == GF_OK)
        return GF_OK;
    if (!damages(state)) {
        if (err)
            *err = said;
        return status;
    }
    problem(context, &(gf_store_problem){ .table = gf_str_of(table), .what = gf_str_of(said.what) });
    return GF_OK;
}

static gf_status pg_verify(gf_store *store, bool indexes, gf_store_problem_fn *problem, void *context, gf_error *err)
{
    (void)indexes;  /* what amcheck looks at is the server's choice */
    gf_status status = pg_exec(store, "SELECT 1", err);
    PGresult *list = status == GF_OK ? PQexec(pg_of(store)->conn, QUESTIONS) : NULL;
    if (status == GF_OK && PQresultStatus(list) != PGRES_TUPLES_OK) {
        char state[CODE_BYTES + 1];
        status = tell(store, list, state, err);
    }
    for (int i = 0; status == GF_OK && i < PQntuples(list); i++)
        status = look_at(store, PQgetvalue(list, i, 0), PQgetvalue(list, i, 1), problem, context, err);
    PQclear(list);
    return status;
}

/* A failure ends the transaction that a checker reads in; it goes on in one with another moment. */
static bool pg_is_damage(gf_store *store)
{
    bool damage = damages(pg_of(store)->sqlstate);
    if (damage && store->in_transaction) {
        pg_rollback(store);
        damage = run(store, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1", NULL) == GF_OK;
    }
    return damage;
}

const store_engine STORE_POSTGRES = {
    .prefixes = { "postgres://", "postgresql://" },
    .store_bytes = sizeof(pg_store),
    .open = pg_open,
    .close = pg_close,
    .schema_version = pg_schema_version,
    .moved = pg_moved,
    .begin = pg_begin,
    .begin_read = pg_begin_read,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .mark = pg_mark,
    .keep = pg_keep,
    .back = pg_back,
    .prepare = pg_prepare,
    .finalize = pg_finalize,
    .settle = pg_settle,
    .bind_int = pg_int,
    .bind_str = pg_str,
    .bind_blob = pg_blob,
    .bind_null = pg_null,
    .row = pg_row,
    .end = pg_end,
    .kind = pg_kind,
    .row_int = pg_row_int,
    .row_str = pg_row_str,
    .columns = pg_columns,
    .changes = pg_changes,
    .verify = pg_verify,
    .is_damage = pg_is_damage,
    .scrub = pg_scrub,
    .copy = pg_archive,
    .raise = pg_raise,
    .rows_begin = pg_rows_begin,
    .rows_add = pg_rows_add,
    .rows_end = pg_rows_end,
    .index_sql = "SELECT t.relname, CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.oid) ELSE format('ALTER TABLE %I ADD CONSTRAINT %I %s', t.relname, i.relname, pg_get_constraintdef(c.oid)) END, "
                 "CASE WHEN c.oid IS NULL THEN format('DROP INDEX %I', i.relname) ELSE format('ALTER TABLE %I DROP CONSTRAINT %I', t.relname, i.relname) END "
                 "FROM pg_class i JOIN pg_index x ON x.indexrelid = i.oid JOIN pg_class t ON t.oid = x.indrelid LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype IN ('p', 'u') "
                 "WHERE i.relname = ? AND i.relnamespace = CAST(current_schema() AS regnamespace)",
    .indexes_sql = "SELECT i.relname FROM pg_class i JOIN pg_index x ON x.indexrelid = i.oid WHERE i.relkind = 'i' AND i.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY i.relname",
    .columns_sql = "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
                   "WHERE c.relkind = 'r' AND c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relname <> 'gf_store' ORDER BY c.relname, a.attnum",
};
