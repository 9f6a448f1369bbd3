/* store/sqlite_bulk.h - inside the room only: a bulk load's changes on a thread of their own, so that rows are read and checked
 * on one core while they are written on another.
 *
 * The connection belongs to that thread while anything is under way: sqlite_bulk_settle() gives it back, and comes before
 * whatever else is done with it. Changes are made in the order in which they were given.
 */
#pragma once
#include "base/gf_base.h"

#include <sqlite3.h>

typedef struct sqlite_value { int type; int64_t number; const void *bytes; size_t len; } sqlite_value;   /* SQLITE_INTEGER, _TEXT, _BLOB or _NULL */

typedef struct sqlite_bulk sqlite_bulk;

/* What went wrong first: SQLite's code and words. */
typedef struct sqlite_fault { int code; char words[160]; } sqlite_fault;

/* NULL without memory or threads: the changes are then made at once. */
sqlite_bulk *sqlite_bulk_open(sqlite3 *db);
/* What is under way is ended, what waits is dropped. NULL is a no-op. */
void sqlite_bulk_close(sqlite_bulk *bulk);
/* Bind and step later: values are copied. False when a row is larger than a heap: nothing was done. */
bool sqlite_bulk_add(sqlite_bulk *bulk, sqlite3_stmt *stmt, const sqlite_value *values, int count);
/* Everything that was given is done, or, with `drop`, forgotten. The first failure since the last call: SQLITE_OK when there
 * was none; nothing behind it was done. */
sqlite_fault sqlite_bulk_settle(sqlite_bulk *bulk, bool drop);
/* Bind and step now; SQLITE_DONE when it went well. */
int sqlite_bulk_step(sqlite3_stmt *stmt, const sqlite_value *values, int count);
