/* A few heaps go round: while one is sent, others wait or are being filled. To wake a thread costs little beside a heap. */
#include "store/pg_bulk.h"

#include <pthread.h>
#include <stdlib.h>

enum { HEAPS = 8 };

static const char BEGIN[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";   /* no flags, no extension */
enum { BEGIN_BYTES = 19 };

typedef struct given { const char *copy_sql; pg_heap heap; } given;

struct pg_bulk {
    PGconn         *conn;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  given, taken;
    given           ring[HEAPS];     /* [first, first + waiting) are given */
    unsigned        first, waiting;
    bool            closing, dropping;
    pg_fault        fault;           /* under the lock */
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

static void *send_heaps(void *context)
{
    pg_bulk *b = context;
    (void)pthread_mutex_lock(&b->lock);
    for (;;) {
        while (b->waiting == 0 && !b->closing)
            (void)pthread_cond_wait(&b->given, &b->lock);
        if (b->closing)
            break;
        given *next = &b->ring[b->first];
        bool passed_over = b->dropping || b->fault.failed;
        (void)pthread_mutex_unlock(&b->lock);
        pg_fault fault = { .failed = false };
        if (!passed_over)
            fault = pg_bulk_send(b->conn, next->copy_sql, &next->heap);
        (void)pthread_mutex_lock(&b->lock);
        if (fault.failed)
            b->fault = fault;
        b->first = (b->first + 1) % HEAPS;
        b->waiting--;
        (void)pthread_cond_signal(&b->taken);
    }
    (void)pthread_mutex_unlock(&b->lock);
    return NULL;
}

pg_bulk *pg_bulk_open(PGconn *conn)
{
    pg_bulk *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->conn = conn;
    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_cond_init(&b->given, NULL);
    (void)pthread_cond_init(&b->taken, NULL);
    if (pthread_create(&b->thread, NULL, send_heaps, b) == 0)
        return b;
    free(b);
    return NULL;
}

void pg_bulk_close(pg_bulk *b)
{
    if (!b)
        return;
    (void)pthread_mutex_lock(&b->lock);
    b->closing = true;
    (void)pthread_cond_signal(&b->given);
    (void)pthread_mutex_unlock(&b->lock);
    (void)pthread_join(b->thread, NULL);
    (void)pthread_mutex_destroy(&b->lock);
    (void)pthread_cond_destroy(&b->given);
    (void)pthread_cond_destroy(&b->taken);
    for (unsigned i = 0; i < HEAPS; i++)
        free(b->ring[i].heap.bytes);
    PQclear(b->fault.result);
    free(b);
}

/* ---- The caller ---- */

bool pg_bulk_give(pg_bulk *b, const char *copy_sql, pg_heap *heap)
{
    (void)pthread_mutex_lock(&b->lock);
    while (b->waiting == HEAPS)
        (void)pthread_cond_wait(&b->taken, &b->lock);
    given *slot = &b->ring[(b->first + b->waiting) % HEAPS];
    pg_heap spare = slot->heap;
    *slot = (given){ copy_sql, *heap };
    *heap = (pg_heap){ spare.bytes, 0, spare.room };
    b->waiting++;
    bool sound = !b->fault.failed;
    (void)pthread_cond_signal(&b->given);
    (void)pthread_mutex_unlock(&b->lock);
    return sound;
}

pg_fault pg_bulk_settle(pg_bulk *b, bool drop)
{
    (void)pthread_mutex_lock(&b->lock);
    b->dropping = drop;
    while (b->waiting)
        (void)pthread_cond_wait(&b->taken, &b->lock);
    b->dropping = false;
    pg_fault fault = b->fault;
    b->fault = (pg_fault){ .failed = false };
    (void)pthread_mutex_unlock(&b->lock);
    return fault;
}
