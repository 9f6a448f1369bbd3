/* Rows go over in heaps, a few of which go round: one is filled while another is written. A heap that is still small when
 * somebody wants the connection is written by who wants it: to wake a thread would take longer.
 */
#include "store/beside.h"
#include "store/sqlite_bulk.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { HEAPS = 32, HEAP_BYTES = 1 << 15, VALUES_MAX = 128 };

typedef struct heap { size_t used; char bytes[HEAP_BYTES]; } heap;

/* Before a row's values: whose they are, and how many. */
typedef struct row_head { sqlite3_stmt *stmt; int32_t count; } row_head;
/* Before each value: a number is itself, of text and bytes it is how many follow. */
typedef struct value_head { int64_t number; int32_t type; } value_head;

struct sqlite_bulk {
    sqlite3     *db;
    beside      *beside;
    heap        *heaps;
    atomic_bool  dropping;           /* what waits is passed over */
    sqlite_fault fault;              /* the thread's while heaps wait, else the caller's */
};

/* ---- Rows ---- */

int sqlite_bulk_step(sqlite3_stmt *stmt, const sqlite_value *values, int count)
{
    int code = SQLITE_OK;
    for (int i = 0; code == SQLITE_OK && i < count; i++) {
        const sqlite_value *v = &values[i];
        if (v->type == SQLITE_INTEGER)
            code = sqlite3_bind_int64(stmt, i + 1, v->number);
        else if (v->type == SQLITE_TEXT)
            code = sqlite3_bind_text(stmt, i + 1, v->bytes, (int)v->len, SQLITE_STATIC);
        else if (v->type == SQLITE_BLOB)
            code = sqlite3_bind_blob64(stmt, i + 1, v->bytes, v->len, SQLITE_STATIC);
        else
            code = sqlite3_bind_null(stmt, i + 1);
    }
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    return code;
}

static size_t take_value(const char *at, sqlite_value *out)
{
    value_head head;
    memcpy(&head, at, sizeof head);
    bool bytes = head.type == SQLITE_TEXT || head.type == SQLITE_BLOB;
    *out = (sqlite_value){ head.type, head.number, at + sizeof head, bytes ? (size_t)head.number : 0 };
    return sizeof head + out->len;
}

/* Up to the first that fails. */
static void write_heap(sqlite3 *db, const heap *h, sqlite_fault *fault)
{
    for (size_t at = 0; fault->code == SQLITE_OK && at < h->used;) {
        sqlite_value values[VALUES_MAX];
        row_head head;
        memcpy(&head, h->bytes + at, sizeof head);
        at += sizeof head;
        for (int32_t i = 0; i < head.count; i++)
            at += take_value(h->bytes + at, &values[i]);
        int code = sqlite_bulk_step(head.stmt, values, head.count);
        if (code != SQLITE_DONE) {
            fault->code = code;
            (void)snprintf(fault->words, sizeof fault->words, "%s", sqlite3_errmsg(db));
        }
        (void)sqlite3_reset(head.stmt);  /* repeats the code of the step just kept */
    }
}

/* ---- The thread ---- */

static void write_slot(void *context, unsigned slot)
{
    sqlite_bulk *b = context;
    if (!atomic_load(&b->dropping))
        write_heap(b->db, &b->heaps[slot], &b->fault);
    b->heaps[slot].used = 0;
}

sqlite_bulk *sqlite_bulk_open(sqlite3 *db)
{
    sqlite_bulk *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->db = db;
    b->heaps = calloc(HEAPS, sizeof *b->heaps);
    b->beside = b->heaps ? beside_open(HEAPS, write_slot, b) : NULL;
    if (b->beside)
        return b;
    free(b->heaps);
    free(b);
    return NULL;
}

void sqlite_bulk_close(sqlite_bulk *b)
{
    if (!b)
        return;
    beside_close(b->beside);
    free(b->heaps);
    free(b);
}

/* ---- The caller ---- */

static char *put(char *at, const void *bytes, size_t count)
{
    if (count)
        memcpy(at, bytes, count);
    return at + count;
}

bool sqlite_bulk_add(sqlite_bulk *b, sqlite3_stmt *stmt, const sqlite_value *values, int count)
{
    size_t bytes = sizeof(row_head);
    for (int i = 0; i < count; i++)
        bytes += sizeof(value_head) + values[i].len;
    if (bytes > HEAP_BYTES || count > VALUES_MAX)
        return false;
    heap *h = &b->heaps[beside_slot(b->beside)];
    if (h->used + bytes > HEAP_BYTES) {
        beside_give(b->beside);
        h = &b->heaps[beside_slot(b->beside)];
    }
    char *at = put(h->bytes + h->used, &(row_head){ stmt, count }, sizeof(row_head));
    for (int i = 0; i < count; i++) {
        const sqlite_value *v = &values[i];
        at = put(at, &(value_head){ v->type == SQLITE_INTEGER ? v->number : (int64_t)v->len, v->type }, sizeof(value_head));
        at = put(at, v->bytes, v->len);
    }
    h->used = (size_t)(at - h->bytes);
    return true;
}

sqlite_fault sqlite_bulk_settle(sqlite_bulk *b, bool drop)
{
    atomic_store(&b->dropping, drop);
    beside_wait(b->beside);
    write_slot(b, beside_slot(b->beside));
    atomic_store(&b->dropping, false);
    sqlite_fault fault = b->fault;
    b->fault = (sqlite_fault){ .code = SQLITE_OK };
    return drop ? (sqlite_fault){ .code = SQLITE_OK } : fault;
}
