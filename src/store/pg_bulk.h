/* store/pg_bulk.h - inside the room only: heaps of rows go over by COPY on a thread of their own, so that rows are read and checked
 * here while they are sent there.
 *
 * The connection belongs to that thread while anything is under way: pg_bulk_settle() gives it back, and comes before whatever
 * else is done with it. Heaps go over in the order in which they were given.
 */
#pragma once
#include "base/gf_base.h"

#include <libpq-fe.h>

/* Rows in COPY's binary form, without what begins and ends them. */
typedef struct pg_heap { char *bytes; size_t used, room; } pg_heap;

typedef struct pg_bulk pg_bulk;

/* What went wrong first; `result` NULL: the connection says it. Freed by who asked. */
typedef struct pg_fault { bool failed; PGresult *result; } pg_fault;

/* NULL without memory or threads. */
pg_bulk *pg_bulk_open(PGconn *conn);
/* What is under way is ended, what waits is dropped. NULL is a no-op. */
void     pg_bulk_close(pg_bulk *bulk);
/* The rows of `heap` are taken by `copy_sql`, which lives until they are settled; an empty heap is left in their place. False: something went
 * wrong earlier, settle it; the rows are gone. */
bool     pg_bulk_give(pg_bulk *bulk, const char *copy_sql, pg_heap *heap);
/* Everything that was given has gone over, or, with `drop`, is forgotten. What went wrong since the last call; nothing behind it was done. */
pg_fault pg_bulk_settle(pg_bulk *bulk, bool drop);
/* One heap now, on the caller's thread. */
pg_fault pg_bulk_send(PGconn *conn, const char *copy_sql, const pg_heap *heap);
