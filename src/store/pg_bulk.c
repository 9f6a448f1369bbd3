/* To wake a thread costs little beside a heap. */
#include "store/beside.h"
#include "store/pg_bulk.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { HEAPS = 8 };

static const char BEGIN[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";   /* no flags, no extension */
enum { BEGIN_BYTES = 19 };

typedef struct given { const char *copy_sql; pg_heap heap; } given;

struct pg_bulk {
    PGconn     *conn;
    beside     *beside;
    given       ring[HEAPS];
    atomic_bool dropping, failed;    /* what waits is passed over */
    pg_fault    fault;               /* the thread's while heaps wait, else the caller's */
};

/* ---- One heap ---- */

static pg_fault failed(PGresult *result) { return (pg_fault){ true, result }; }

/* The answer is read to its end, whatever it is. */
static pg_fault answer(PGconn *conn)
{
    pg_fault fault = { .failed = false };
    for (PGresult *result; (result = PQgetResult(conn));) {
        if (PQresultStatus(result) == PGRES_COMMAND_OK || fault.failed)
            PQclear(result);
        else
            fault = failed(result);
    }
    return fault;
}

pg_fault pg_bulk_send(PGconn *conn, const char *copy_sql, const pg_heap *heap)
{
    PGresult *begun = PQexec(conn, copy_sql);
    if (PQresultStatus(begun) != PGRES_COPY_IN)
        return failed(begun);
    PQclear(begun);
    bool sent = PQputCopyData(conn, BEGIN, BEGIN_BYTES) == 1 && PQputCopyData(conn, heap->bytes, (int)heap->used) == 1 && PQputCopyData(conn, "\377\377", 2) == 1 &&
                PQputCopyEnd(conn, NULL) == 1;
    pg_fault fault = answer(conn);
    return sent || fault.failed ? fault : failed(NULL);
}

/* ---- The thread ---- */

static void send_slot(void *context, unsigned slot)
{
    pg_bulk *b = context;
    if (atomic_load(&b->dropping) || b->fault.failed)
        return;
    b->fault = pg_bulk_send(b->conn, b->ring[slot].copy_sql, &b->ring[slot].heap);
    atomic_store(&b->failed, b->fault.failed);
}

pg_bulk *pg_bulk_open(PGconn *conn)
{
    pg_bulk *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->conn = conn;
    b->beside = beside_open(HEAPS, send_slot, b);
    if (b->beside)
        return b;
    free(b);
    return NULL;
}

void pg_bulk_close(pg_bulk *b)
{
    if (!b)
        return;
    beside_close(b->beside);
    for (unsigned i = 0; i < HEAPS; i++)
        free(b->ring[i].heap.bytes);
    PQclear(b->fault.result);
    free(b);
}

/* ---- The caller ---- */

bool pg_bulk_give(pg_bulk *b, const char *copy_sql, pg_heap *heap)
{
    given *slot = &b->ring[beside_slot(b->beside)];
    pg_heap spare = slot->heap;
    *slot = (given){ copy_sql, *heap };
    *heap = (pg_heap){ spare.bytes, 0, spare.room };
    beside_give(b->beside);
    return !atomic_load(&b->failed);
}

pg_fault pg_bulk_settle(pg_bulk *b, bool drop)
{
    atomic_store(&b->dropping, drop);
    beside_wait(b->beside);
    atomic_store(&b->dropping, false);
    atomic_store(&b->failed, false);
    pg_fault fault = b->fault;
    b->fault = (pg_fault){ .failed = false };
    return fault;
}
