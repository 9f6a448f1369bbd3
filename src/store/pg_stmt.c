/* Statements on PostgreSQL: prepared once on a connection, rows taken as they come.
 *
 * A question's rows stay on the line until they are asked for, so that a ledger of millions is never held at once. One
 * line carries one question: when another statement is to run meanwhile, the rows still to come are taken in and kept in
 * one block of memory, each cell as its length and its bytes.
 * In a bulk load plain rows go over by COPY (pg_copy.c); other changes are sent one behind the other and answered together
 * (libpq's pipeline): the line would else be waited for after each. What goes wrong is latched when the answers are read, at the latest by the commit.
 * Values go over as text, blobs as bytes; rows come as text unless a column is bytea, whose text form is twice as long.
 */
#include "store/pg_text.h"
#include "store/postgres.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_FIRST = 1 << 14, KEPT_IDLE = 1 << 20, QUEUED_MAX = 512 };

static pg_statement *own(gf_stmt *stmt) { return (pg_statement *)stmt; }

/* ---- Preparing ---- */

static void fail_memory(gf_store *store)
{
    if (store->failure.status == GF_OK)
        (void)gf_fail_memory(&store->failure);
}

/* May the text change anything? Values never stand in it, so a word is enough; said too often it costs a transaction. */
static bool may_write(gf_str sql)
{
    static const gf_str WORDS[] = { GF_STR_INIT("INSERT INTO "), GF_STR_INIT("UPDATE "), GF_STR_INIT("DELETE FROM ") };
    static const gf_str READS = GF_STR_INIT("SELECT");
    if (gf_str_starts(gf_str_trim(sql), READS))
        return false;
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (gf_str_has(sql, WORDS[i]))
            return true;
    return false;
}

static bool prepare_on_line(gf_store *store, pg_statement *stmt)
{
    pg_store *pg = pg_of(store);
    pg_line(store);
    PGresult *result = store->failure.status == GF_OK ? PQprepare(pg->conn, stmt->name, stmt->sql, 0, NULL) : NULL;
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done && store->failure.status == GF_OK)
        pg_latch(store, result);
    PQclear(result);
    stmt->epoch = pg->epoch;
    return done;
}

static bool allocate(pg_statement *stmt)
{
    size_t params = (size_t)stmt->param_count + 1, columns = (size_t)stmt->column_count + 1;  /* never zero bytes */
    stmt->types = calloc(params, sizeof *stmt->types);
    stmt->values = calloc(params, sizeof *stmt->values);
    stmt->lengths = calloc(params, sizeof *stmt->lengths);
    stmt->formats = calloc(params, sizeof *stmt->formats);
    stmt->numbers = calloc(params, sizeof *stmt->numbers);
    stmt->copies = calloc(params, sizeof *stmt->copies);
    stmt->column_types = calloc(columns, sizeof *stmt->column_types);
    stmt->cells = calloc(columns, sizeof *stmt->cells);
    stmt->shown = calloc(columns, sizeof *stmt->shown);
    return stmt->types && stmt->values && stmt->lengths && stmt->formats && stmt->numbers && stmt->copies && stmt->column_types && stmt->cells && stmt->shown;
}

/* What the server made of the parameters and columns. */
static bool describe(gf_store *store, pg_statement *stmt)
{
    PGresult *result = PQdescribePrepared(pg_of(store)->conn, stmt->name);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done)
        pg_latch(store, result);
    stmt->param_count = done ? PQnparams(result) : 0;
    stmt->column_count = done ? PQnfields(result) : 0;
    if (done && !allocate(stmt)) {
        fail_memory(store);
        done = false;
    }
    for (int i = 0; done && i < stmt->param_count; i++)
        stmt->types[i] = PQparamtype(result, i);
    for (int i = 0; done && i < stmt->column_count; i++) {
        stmt->column_types[i] = PQftype(result, i);
        stmt->binary = stmt->binary || stmt->column_types[i] == PG_OID_BYTEA;
    }
    PQclear(result);
    return done;
}

gf_stmt *pg_prepare(gf_store *store, gf_str sql)
{
    pg_statement *stmt = calloc(1, sizeof *stmt);
    if (!stmt)
        return fail_memory(store), NULL;
    stmt->base.store = store;
    stmt->writes = may_write(sql);
    stmt->sql = pg_text_statement(sql, &stmt->param_count);
    (void)snprintf(stmt->name, sizeof stmt->name, "s%u", ++pg_of(store)->next_name);
    if (!stmt->sql)
        fail_memory(store);
    if (stmt->sql && prepare_on_line(store, stmt) && describe(store, stmt))
        return &stmt->base;
    stmt->param_count = stmt->copies ? stmt->param_count : 0;
    pg_finalize(&stmt->base);
    return NULL;
}

void pg_finalize(gf_stmt *base)
{
    pg_statement *stmt = own(base);
    pg_store *pg = pg_of(base->store);
    if (pg->streaming == stmt)
        pg_end(base);
    pg_copy_free(stmt);
    PQclear(stmt->result);
    for (int i = 0; stmt->copies && i < stmt->param_count; i++)
        free(stmt->copies[i]);
    void *const PARTS[] = { stmt->sql, stmt->types, stmt->values, stmt->lengths, stmt->formats, stmt->numbers, stmt->copies, stmt->column_types, stmt->cells, stmt->shown, stmt->kept };
    for (size_t i = 0; i < GF_COUNT(PARTS); i++)
        free(PARTS[i]);
    free(stmt);
}

/* ---- Binding ---- */

static bool has_index(pg_statement *stmt, int index)
{
    gf_store *store = stmt->base.store;
    if (index >= 1 && index <= stmt->param_count)
        return true;
    if (store->failure.status == GF_OK)
        (void)gf_fail(&store->failure, GF_EIO, "store.bind", "This is a fault of the program: please report it.", "the statement has no parameter %d", index);
    return false;
}

static void bind(pg_statement *stmt, int index, const char *value, size_t len, int format)
{
    stmt->values[index - 1] = value;
    stmt->lengths[index - 1] = (int)len;
    stmt->formats[index - 1] = format;
}

void pg_int(gf_stmt *base, int index, int64_t value)
{
    pg_statement *stmt = own(base);
    if (!has_index(stmt, index))
        return;
    char *number = stmt->numbers[index - 1];
    (void)snprintf(number, PG_NUMBER_BYTES, "%lld", (long long)value);
    bind(stmt, index, number, 0, 0);
}

/* Text is sent as it lies, with its length. Another type is read from text, which must end with NUL. */
void pg_str(gf_stmt *base, int index, gf_str value)
{
    pg_statement *stmt = own(base);
    if (!has_index(stmt, index))
        return;
    Oid type = stmt->types[index - 1];
    if (type == PG_OID_TEXT || type == PG_OID_VARCHAR) {
        bind(stmt, index, value.data, value.len, 1);
        return;
    }
    char **copy = &stmt->copies[index - 1];
    free(*copy);
    *copy = strndup(value.data, value.len);
    if (!*copy)
        fail_memory(base->store);
    bind(stmt, index, *copy, 0, 0);
}

void pg_blob(gf_stmt *base, int index, const void *bytes, size_t len)
{
    pg_statement *stmt = own(base);
    if (has_index(stmt, index))
        bind(stmt, index, bytes, len, 1);
}

void pg_null(gf_stmt *base, int index)
{
    pg_statement *stmt = own(base);
    if (has_index(stmt, index))
        bind(stmt, index, NULL, 0, 0);
}

/* ---- Rows ---- */

static bool keep_bytes(pg_statement *stmt, const void *bytes, size_t count)
{
    if (stmt->kept_bytes + count > stmt->kept_room) {
        size_t room = stmt->kept_room ? stmt->kept_room : KEPT_FIRST;
        while (room < stmt->kept_bytes + count)
            room *= 2;
        char *larger = realloc(stmt->kept, room);
        if (!larger)
            return false;
        stmt->kept = larger;
        stmt->kept_room = room;
    }
    if (count)
        memcpy(stmt->kept + stmt->kept_bytes, bytes, count);
    stmt->kept_bytes += count;
    return true;
}

static bool keep_row(pg_statement *stmt, int row)
{
    bool kept = true;
    for (int i = 0; kept && i < stmt->column_count; i++) {
        bool null = PQgetisnull(stmt->result, row, i) == 1;
        int len = null ? -1 : PQgetlength(stmt->result, row, i);
        kept = keep_bytes(stmt, &len, sizeof len) && (null || keep_bytes(stmt, PQgetvalue(stmt->result, row, i), (size_t)len + 1));
    }
    return kept;
}

/* ---- The line ---- */

/* Up to the mark behind all that was sent ahead. A line that broke gives NULL for ever. */
static void leave_pipeline(gf_store *store)
{
    pg_store *pg = pg_of(store);
    bool synced = false;
    for (int ends = 0; !synced && ends < 2;) {
        PGresult *result = PQgetResult(pg->conn);
        synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        ends = result ? 0 : ends + 1;
        PQclear(result);
    }
    pg->piped = false;
    if (PQexitPipelineMode(pg->conn) != 1 || PQstatus(pg->conn) == CONNECTION_BAD)
        pg_latch(store, NULL);
}

/* Everything of the statement that is still on the line is read and forgotten. */
static void finish_line(gf_store *store)
{
    for (PGresult *rest; (rest = PQgetResult(pg_of(store)->conn));)
        PQclear(rest);
    pg_of(store)->streaming = NULL;
    if (pg_of(store)->piped)
        leave_pipeline(store);
}

/* The next row from the line into stmt->result; false at the end and after a failure, which is latched. */
static bool take_row(pg_statement *stmt)
{
    gf_store *store = stmt->base.store;
    pg_store *pg = pg_of(store);
    PQclear(stmt->result);
    stmt->result = PQgetResult(pg->conn);
    ExecStatusType status = PQresultStatus(stmt->result);
    if (status == PGRES_SINGLE_TUPLE)
        return true;
    bool kept = true;  /* where the line would not give rows one by one, they come with the end */
    for (int row = 0; kept && status == PGRES_TUPLES_OK && row < PQntuples(stmt->result); row++)
        kept = keep_row(stmt, row);
    if (!kept)
        fail_memory(store);
    if (status == PGRES_COMMAND_OK)
        pg->changes = strtoll(PQcmdTuples(stmt->result), NULL, 10);
    else if (status != PGRES_TUPLES_OK && (status != PGRES_PIPELINE_ABORTED || store->failure.status == GF_OK))
        pg_latch(store, stmt->result);
    finish_line(store);
    return false;
}

/* Answers come in the order of the questions, a NULL behind each; behind a failure the rest are passed over. */
static void take_answers(gf_store *store)
{
    pg_store *pg = pg_of(store);
    for (; pg->queued; pg->queued--)
        for (PGresult *result; (result = PQgetResult(pg->conn));) {
            ExecStatusType status = PQresultStatus(result);
            if (status == PGRES_COMMAND_OK)
                pg->changes = strtoll(PQcmdTuples(result), NULL, 10);
            else if (status != PGRES_PIPELINE_ABORTED)
                pg_latch(store, result);
            PQclear(result);
        }
}

static void answer_queued(gf_store *store)
{
    bool synced = PQpipelineSync(pg_of(store)->conn) == 1;
    if (!synced)
        pg_latch(store, NULL);
    take_answers(store);
    leave_pipeline(store);
}

void pg_line(gf_store *store)
{
    pg_copy_wait(store);
    if (pg_of(store)->queued)
        answer_queued(store);
    pg_statement *stmt = pg_of(store)->streaming;
    if (!stmt)
        return;
    PGresult *at_hand = stmt->result;  /* its cells may still be read */
    stmt->result = NULL;
    bool kept = true;
    while (kept && take_row(stmt))
        kept = keep_row(stmt, 0);
    if (!kept) {
        fail_memory(store);
        finish_line(store);
    }
    PQclear(stmt->result);
    stmt->result = at_hand;
}

/* A statement that once kept much does not go on holding it. */
static void forget_kept(pg_statement *stmt)
{
    stmt->kept_bytes = stmt->kept_at = 0;
    if (stmt->kept_room <= KEPT_IDLE)
        return;
    free(stmt->kept);
    stmt->kept = NULL;
    stmt->kept_room = 0;
}

static void read_kept(pg_statement *stmt)
{
    for (int i = 0; i < stmt->column_count; i++) {
        int len;
        memcpy(&len, stmt->kept + stmt->kept_at, sizeof len);
        stmt->kept_at += sizeof len;
        stmt->cells[i] = (pg_cell){ stmt->kept + stmt->kept_at, len };
        stmt->kept_at += len < 0 ? 0 : (size_t)len + 1;
    }
}

static void read_result(pg_statement *stmt)
{
    for (int i = 0; i < stmt->column_count; i++)
        stmt->cells[i] = (pg_cell){ PQgetvalue(stmt->result, 0, i), PQgetisnull(stmt->result, 0, i) ? -1 : PQgetlength(stmt->result, 0, i) };
}

static bool next_row(pg_statement *stmt)
{
    pg_store *pg = pg_of(stmt->base.store);
    bool kept = stmt->kept_at < stmt->kept_bytes, more = kept || (pg->streaming == stmt && take_row(stmt));
    kept = kept || stmt->kept_at < stmt->kept_bytes;
    more = more || kept;
    if (kept)
        read_kept(stmt);
    else if (more)
        read_result(stmt);
    else
        forget_kept(stmt);
    stmt->base.running = more;
    return more;
}

static int send(pg_statement *stmt)
{
    return PQsendQueryPrepared(pg_of(stmt->base.store)->conn, stmt->name, stmt->param_count, stmt->values, stmt->lengths, stmt->formats, stmt->binary);
}

/* A question behind changes that were sent ahead goes with them: the line is waited for once. */
static bool send_behind(pg_statement *stmt)
{
    gf_store *store = stmt->base.store;
    pg_store *pg = pg_of(store);
    if (send(stmt) != 1) {
        pg_latch(store, NULL);
        answer_queued(store);
        return false;
    }
    if (PQpipelineSync(pg->conn) != 1)
        pg_latch(store, NULL);
    take_answers(store);
    pg->piped = true;
    return true;
}

static bool start(pg_statement *stmt)
{
    gf_store *store = stmt->base.store;
    pg_store *pg = pg_of(store);
    bool sent = false;
    stmt->kept_bytes = stmt->kept_at = 0;
    if (pg->heaps || pg->copying)
        pg_copy_settle(store, stmt->sql);
    if (pg->queued && stmt->epoch == pg->epoch)
        sent = send_behind(stmt);
    else {
        pg_line(store);
        if (store->failure.status != GF_OK || (stmt->epoch != pg->epoch && !prepare_on_line(store, stmt)))
            return false;
        sent = send(stmt) == 1;
        if (!sent)
            pg_latch(store, NULL);
    }
    if (sent) {
        (void)PQsetSingleRowMode(pg->conn);  /* where it cannot be set, take_row() takes them all */
        pg->streaming = stmt;
    }
    return sent;
}

/* A change that is sent ahead; false: it has no rows. */
static bool queue(pg_statement *stmt)
{
    gf_store *store = stmt->base.store;
    pg_store *pg = pg_of(store);
    if (pg->heaps || pg->copying)
        pg_copy_settle(store, stmt->sql);
    if (!pg->queued)
        pg_line(store);
    if (store->failure.status != GF_OK || (stmt->epoch != pg->epoch && !prepare_on_line(store, stmt)))
        return false;
    bool sent = (pg->queued || PQenterPipelineMode(pg->conn) == 1) &&
                send(stmt) == 1;
    pg->queued += sent;
    if (!sent)
        pg_latch(store, NULL);
    if (!sent || pg->queued >= QUEUED_MAX)
        answer_queued(store);
    return false;
}

/* Outside a transaction a change is one of its own, with the right to write and the count that others watch. */
static bool write_alone(pg_statement *stmt)
{
    gf_store *store = stmt->base.store;
    gf_error err = { .status = GF_OK };
    gf_status status = pg_begin(store, &err);
    store->in_transaction = true;  /* nothing in it is sent twice */
    if (status == GF_OK && start(stmt))
        while (next_row(stmt))
            continue;
    if (status == GF_OK && store->failure.status == GF_OK)
        status = pg_commit(store, &err);
    if (status != GF_OK && store->failure.status == GF_OK)
        store->failure = err;
    if (store->failure.status != GF_OK)
        pg_rollback(store);
    store->in_transaction = false;
    return false;
}

bool pg_row(gf_stmt *base)
{
    pg_statement *stmt = own(base);
    if (!base->running && stmt->writes && !base->store->in_transaction)
        return write_alone(stmt);
    if (stmt->writes && pg_of(base->store)->bulk && stmt->column_count == 0)
        return !pg_copy_row(stmt) && queue(stmt);
    return (base->running || start(stmt)) && next_row(stmt);
}

void pg_end(gf_stmt *base)
{
    pg_statement *stmt = own(base);
    if (pg_of(base->store)->streaming == stmt)
        finish_line(base->store);
    forget_kept(stmt);
    base->running = false;
}

/* ---- Values ---- */

static const pg_cell *cell_of(pg_statement *stmt, int column)
{
    static const pg_cell NONE = { "", -1 };
    return stmt->base.running && column >= 0 && column < stmt->column_count ? &stmt->cells[column] : &NONE;
}

static bool is_whole(Oid type) { return type == PG_OID_BOOL || type == PG_OID_INT8 || type == PG_OID_INT4 || type == PG_OID_INT2; }

gf_value_kind pg_kind(gf_stmt *base, int column)
{
    pg_statement *stmt = own(base);
    const pg_cell *cell = cell_of(stmt, column);
    if (cell->len < 0)
        return GF_VALUE_NULL;
    Oid type = stmt->column_types[column];
    if (is_whole(type) || (type == PG_OID_NUMERIC && !memchr(cell->data, '.', (size_t)cell->len)))
        return GF_VALUE_INT;  /* the sum of whole numbers is a numeric */
    if (type == PG_OID_BYTEA)
        return GF_VALUE_BLOB;
    return type == PG_OID_NUMERIC || type == PG_OID_FLOAT8 || type == PG_OID_FLOAT4 ? GF_VALUE_REAL : GF_VALUE_TEXT;
}

/* Two's complement, highest byte first, of 1, 2, 4 or 8 bytes. */
static int64_t big_endian(const pg_cell *cell)
{
    uint64_t value = cell->len > 0 && (cell->data[0] & 0x80) ? UINT64_MAX : 0;
    for (int i = 0; i < cell->len; i++)
        value = value << 8 | (uint8_t)cell->data[i];
    return (int64_t)value;
}

int64_t pg_row_int(gf_stmt *base, int column)
{
    pg_statement *stmt = own(base);
    const pg_cell *cell = cell_of(stmt, column);
    if (cell->len < 0)
        return 0;
    if (stmt->binary && is_whole(stmt->column_types[column]))
        return big_endian(cell);
    if (stmt->column_types[column] == PG_OID_BOOL)
        return cell->data[0] == 't';
    return stmt->column_types[column] == PG_OID_BYTEA ? 0 : strtoll(cell->data, NULL, 10);  /* libpq ends every value with NUL */
}

gf_str pg_row_str(gf_stmt *base, int column)
{
    pg_statement *stmt = own(base);
    const pg_cell *cell = cell_of(stmt, column);
    if (cell->len < 0)
        return (gf_str){ "", 0 };
    Oid type = stmt->column_types[column];
    if (!is_whole(type) || (!stmt->binary && type != PG_OID_BOOL))
        return (gf_str){ cell->data, (size_t)cell->len };
    char *shown = stmt->shown[column];
    (void)snprintf(shown, PG_NUMBER_BYTES, "%lld", (long long)pg_row_int(base, column));
    return gf_str_of(shown);
}

int pg_columns(gf_stmt *base) { return own(base)->column_count; }
