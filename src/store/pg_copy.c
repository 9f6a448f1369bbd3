/* A bulk load's rows on PostgreSQL, by COPY: five times as fast as the same rows as INSERTs.
 *
 * What is copied is an INSERT that names one row's columns and gives each a parameter, all of types that have a fixed form
 * on the line. Its rows gather in memory, one heap for each statement, and go over when a heap is full, or when something
 * else is to run that names their table: a question sees what was written before it, as it must. A heap goes over behind the
 * caller's back (pg_bulk.c). What goes wrong is latched when the line is next needed, at the latest by the commit, as for
 * everything that a bulk load sends ahead.
 */
#include "store/postgres.h"

#include <stdlib.h>
#include <string.h>

enum { HEAP_BYTES = 1 << 20, HEAP_FIRST = 1 << 14 };

/* ---- Which ---- */

static bool is_copied(Oid type) { return type == PG_OID_INT8 || type == PG_OID_TEXT || type == PG_OID_VARCHAR || type == PG_OID_BYTEA; }

/* The text up to VALUES, when ($1, $2, ...) is all that stands behind it. */
static gf_str head_of(const pg_statement *stmt)
{
    static const gf_str INTO = GF_STR_INIT("INSERT INTO "), VALUES = GF_STR_INIT("VALUES (");
    gf_str sql = gf_str_trim(gf_str_of(stmt->sql));
    size_t at = gf_str_find(sql, VALUES);
    if (!gf_str_starts(sql, INTO) || at == sql.len)
        return (gf_str){ "", 0 };
    gf_str head = gf_str_trim(gf_str_slice(sql, INTO.len, at)), rest = gf_str_slice(sql, at + VALUES.len, sql.len);
    int commas = 0;
    for (size_t i = 0; i < head.len; i++)
        commas += head.data[i] == ',';
    for (int i = 1; i <= stmt->param_count; i++) {
        char mark[24];
        (void)snprintf(mark, sizeof mark, "$%d%s", i, i < stmt->param_count ? ", " : ")");
        if (!gf_str_starts(rest, gf_str_of(mark)))
            return (gf_str){ "", 0 };
        rest = gf_str_slice(rest, strlen(mark), rest.len);
    }
    return rest.len == 0 && commas == stmt->param_count - 1 ? head : (gf_str){ "", 0 };
}

/* Once for a statement: the COPY that does the same, and the table's name. */
static void settle_form(pg_statement *stmt)
{
    stmt->copy_known = true;
    gf_str head = head_of(stmt);
    bool copied = head.len > 0;
    for (int i = 0; i < stmt->param_count; i++)
        copied = copied && is_copied(stmt->types[i]);
    if (!copied)
        return;
    size_t room = head.len + sizeof "COPY  FROM STDIN (FORMAT binary)";
    gf_str table = gf_str_trim(gf_str_slice(head, 0, gf_str_find(head, GF_STR("("))));
    if (table.len > 2 && table.data[0] == '"')
        table = gf_str_slice(table, 1, table.len - 1);
    stmt->copy_sql = malloc(room);
    stmt->copy_table = strndup(table.data, table.len);
    if (stmt->copy_sql)
        (void)snprintf(stmt->copy_sql, room, "COPY %.*s FROM STDIN (FORMAT binary)", GF_STR_ARG(head));
}

/* ---- Bytes ---- */

static void put_big_endian(char *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (char)(uint8_t)(value >> 8 * (bytes - 1 - i));
}

static bool grow(pg_heap *heap, size_t more)
{
    if (heap->used + more <= heap->room)
        return true;
    size_t room = heap->room ? heap->room : HEAP_FIRST;
    while (room < heap->used + more)
        room *= 2;
    char *larger = realloc(heap->bytes, room);
    if (!larger)
        return false;
    heap->bytes = larger;
    heap->room = room;
    return true;
}

/* A whole number as it was bound, in text; false: the server shall say what is wrong with it. */
static bool take_number(const char *text, int64_t *out) { return gf_str_to_int(gf_str_of(text), out); }

static bool put_value(pg_statement *stmt, int index, char **at)
{
    const char *value = stmt->values[index];
    if (!value) {
        put_big_endian(*at, UINT32_MAX, 4);
        *at += 4;
        return true;
    }
    if (stmt->types[index] == PG_OID_INT8) {
        int64_t number;
        if (!take_number(value, &number))
            return false;
        put_big_endian(*at, 8, 4);
        put_big_endian(*at + 4, (uint64_t)number, 8);
        *at += 12;
        return true;
    }
    size_t len = stmt->formats[index] ? (size_t)stmt->lengths[index] : strlen(value);
    put_big_endian(*at, len, 4);
    memcpy(*at + 4, value, len);
    *at += 4 + len;
    return true;
}

static size_t row_bytes(const pg_statement *stmt)
{
    size_t bytes = 2 + 12 * (size_t)stmt->param_count;
    for (int i = 0; i < stmt->param_count; i++)
        bytes += !stmt->values[i] ? 0 : stmt->formats[i] ? (size_t)stmt->lengths[i] : strlen(stmt->values[i]);
    return bytes;
}

/* ---- The line ---- */

static void fail_memory(gf_store *store)
{
    if (store->failure.status == GF_OK)
        (void)gf_fail_memory(&store->failure);
}

static void latch(gf_store *store, pg_fault fault)
{
    if (fault.failed)
        pg_latch(store, fault.result);
    PQclear(fault.result);
}

static void give_back(gf_store *store, bool drop)
{
    pg_store *pg = pg_of(store);
    if (!pg->copying)
        return;
    pg->copying = false;
    latch(store, pg_bulk_settle(pg->sender, drop));
}

/* What a commit has counted anew. */
static void note_copied(pg_store *pg, const char *table, size_t bytes)
{
    char name[128];
    size_t used = strlen(pg->copied);
    (void)snprintf(name, sizeof name, "\"%s\"", table);
    if (!strstr(pg->copied, name) && used + strlen(name) + 3 < sizeof pg->copied)
        (void)snprintf(pg->copied + used, sizeof pg->copied - used, "%s%s", used ? ", " : "", name);
    pg->copied_bytes += bytes;
}

/* Without a thread it goes over here and now. */
static void send_heap(gf_store *store, pg_statement *stmt)
{
    pg_store *pg = pg_of(store);
    if (store->failure.status != GF_OK)
        stmt->heap.used = 0;
    if (stmt->heap.used == 0)
        return;
    note_copied(pg, stmt->copy_table, stmt->heap.used);
    if (!pg->copying)
        pg_line(store);
    if (!pg->sender)
        pg->sender = pg_bulk_open(pg->conn);
    if (!pg->sender) {
        latch(store, pg_bulk_send(pg->conn, stmt->copy_sql, &stmt->heap));
        stmt->heap.used = 0;
        return;
    }
    pg->copying = true;
    if (!pg_bulk_give(pg->sender, stmt->copy_sql, &stmt->heap))
        give_back(store, false);
}

/* ---- What the room calls ---- */

static void enlist(pg_statement *stmt)
{
    pg_store *pg = pg_of(stmt->base.store);
    if (stmt->heap_listed)
        return;
    stmt->heap_listed = true;
    stmt->heap_next = pg->heaps;
    pg->heaps = stmt;
}

bool pg_copy_row(pg_statement *stmt)
{
    gf_store *store = stmt->base.store;
    pg_store *pg = pg_of(store);
    if (!stmt->copy_known)
        settle_form(stmt);
    if (!stmt->copy_sql || !stmt->copy_table)
        return false;
    if (!grow(&stmt->heap, row_bytes(stmt)))
        return fail_memory(store), true;
    char *at = stmt->heap.bytes + stmt->heap.used;
    put_big_endian(at, (uint64_t)stmt->param_count, 2);
    at += 2;
    for (int i = 0; i < stmt->param_count; i++)
        if (!put_value(stmt, i, &at))
            return false;
    stmt->heap.used = (size_t)(at - stmt->heap.bytes);
    enlist(stmt);
    pg->changes = 1;
    if (stmt->heap.used >= HEAP_BYTES)
        send_heap(store, stmt);
    return true;
}

void pg_copy_wait(gf_store *store) { give_back(store, false); }

void pg_copy_settle(gf_store *store, const char *sql)
{
    pg_store *pg = pg_of(store);
    for (pg_statement **link = &pg->heaps; *link;) {
        pg_statement *stmt = *link;
        if (sql && !strstr(sql, stmt->copy_table)) {
            link = &stmt->heap_next;
            continue;
        }
        *link = stmt->heap_next;
        stmt->heap_listed = false;
        send_heap(store, stmt);
    }
    give_back(store, false);
}

void pg_copy_drop(gf_store *store)
{
    pg_store *pg = pg_of(store);
    for (; pg->heaps; pg->heaps = pg->heaps->heap_next) {
        pg->heaps->heap_listed = false;
        pg->heaps->heap.used = 0;
    }
    give_back(store, true);
}

void pg_copy_free(pg_statement *stmt)
{
    for (pg_statement **link = &pg_of(stmt->base.store)->heaps; *link; link = &(*link)->heap_next)
        if (*link == stmt) {
            *link = stmt->heap_next;
            break;
        }
    give_back(stmt->base.store, false);  /* the text of its COPY may be in use */
    free(stmt->copy_sql);
    free(stmt->copy_table);
    free(stmt->heap.bytes);
}
