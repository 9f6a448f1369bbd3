/* store/gf_store.h - one port to the database: named statements, values in, rows out, transactions.
 *
 * The engine behind it is named by the address: sqlite:PATH, or postgres://... (postgresql://..., as libpq reads it). SQL is the common subset of SQLite and PostgreSQL and
 * lives in sql/queries/ (named statements) and sql/schema/ (numbered migrations), both compiled in.
 * Parameters are :name in the text and are bound by position of first appearance, from 1. Columns count from 0.
 *
 * Failures latch: after the first failed step every later call on the store does nothing, and gf_store_ok() tells it
 * once at the end. A rollback clears the latch. A constraint that is broken latches GF_ECONFLICT, lack of memory
 * GF_ENOMEM, anything else GF_EIO with the engine's own words.
 * One store belongs to one thread. Several stores may be open on one file: one writes at a time, and another that wants
 * to waits up to ten seconds; readers never wait.
 */
#pragma once
#include "base/gf_base.h"

typedef struct gf_store gf_store;
typedef struct gf_stmt  gf_stmt;

typedef struct gf_store_options {
    gf_str address;      /* "sqlite:var/gongfu.db", "sqlite::memory:", "postgres://office@db1/gongfu"; at most 4000 bytes */
    bool   create;       /* make the store, and bring an older one up to this program's schema */
    bool   read_only;
    bool   bulk;         /* one large load: a bigger cache, and a server is not waited for after each change: a failure of one
                            may be told by a later call, at the latest by gf_store_commit() */
    int    schema;       /* with `create`: an empty store is made at this older schema, and one of another schema refused; 0 = this program's */
    int    cache_kib;    /* page cache; 0 = 2 MiB, or 256 MiB with bulk */
} gf_store_options;

/* Opens; with `create` an older store is brought up to date in one transaction, on SQLite after a copy beside it
 * (PATH.before-vN, or .2, .3 ... behind it) has been made and read back.
 *
 * GF_EUSAGE     the address is none that this build knows
 * GF_ENOTFOUND  no store there, or an empty one, and !create
 * GF_ECONFLICT  made by a newer program, or older and !create
 * GF_EINPUT     a file or database of another program; a server or database that does not fit (docs/postgres.md)
 * GF_EIO        cannot be opened, is not a store, or the upgrade failed: nothing was changed then
 */
gf_status gf_store_open(const gf_store_options *options, gf_store **out, gf_error *err);
/* An open transaction is lost. NULL is a no-op; statements of the store die with it. */
void      gf_store_close(gf_store *store);
/* As it was given, which may hold a password; borrowed, dies with the store. */
gf_str    gf_store_address(const gf_store *store);
/* The same for eyes and logs: without a password. */
gf_str    gf_store_shown(const gf_store *store);
/* Is it a file of this machine? What stands beside a store (its key, a copy) can only stand beside a file. */
bool      gf_store_is_file(gf_str address);
/* What the store holds; 0 for an empty file, -1 when it cannot be read. */
int       gf_store_schema_version(gf_store *store);
/* What this program writes: the number of its migrations. */
int       gf_store_schema_latest(void);

/* ---- Transactions ---- */

/* To write: takes the one right to write at once, so that what is read before is not stale. On a read-only store it only
 * fixes a moment. Transactions do not nest. GF_EIO when another program went on writing; or the latched failure. */
gf_status gf_store_begin(gf_store *store, gf_error *err);
/* Everything read until gf_store_rollback() is one moment of the store; others go on writing meanwhile. */
gf_status gf_store_begin_read(gf_store *store, gf_error *err);
/* On GF_OK all is on disk (fsync). Else it reports the latched failure, or the commit's own, and has rolled back; but when the
 * line to a server breaks in this very call, nobody here knows whether it was kept: err says so. */
gf_status gf_store_commit(gf_store *store, gf_error *err);
/* For a load into an empty table: the index is not kept up to date row by row but made when the transaction commits, and
 * nobody may need it until then; a key that stands twice is told there. A table with rows, or a name that is no index, is left as it is. At most 512 in a transaction;
 * not together with gf_store_mark(). On PostgreSQL readers of the table wait until the commit. */
gf_status gf_store_delay(gf_store *store, const char *index, gf_error *err);
/* Ends running statements and clears the latch; without a transaction it does no more than that. */
void      gf_store_rollback(gf_store *store);
/* How often anything was taken back, parts included: what was kept in memory of rows written meanwhile may be of rows that
 * are not there. */
uint64_t  gf_store_undone(const gf_store *store);
/* The number of the transaction that is open, 0 outside: what was read of others in it holds to its end. */
uint64_t  gf_store_turn(const gf_store *store);
/* Begin a part of a transaction that can be taken back alone; parts do not nest. */
gf_status gf_store_mark(gf_store *store, gf_error *err);
/* End the part and keep it; reports the latched failure, and takes the part back then. Nothing is on disk yet. */
gf_status gf_store_keep(gf_store *store, gf_error *err);
/* Take the part back; clears the latch. What was written before the mark stays. */
void      gf_store_back(gf_store *store);
/* A moment when no statement is held: those that many different questions have left may go. Handles die. */
void      gf_store_rest(gf_store *store);
/* A number that changes when another connection has written; -1 when a failure is latched. */
int64_t   gf_store_moved(gf_store *store);
/* The latched failure, if any. Does not clear it; err is written only when there is one. */
gf_status gf_store_ok(gf_store *store, gf_error *err);

/* ---- Statements ---- */

/* A statement of sql/queries by its name. Ready to bind: one that still ran is ended. The handle belongs to the store and
 * is the same when asked for again, so a statement must not be asked for inside its own loop. Never NULL: an unknown
 * name latches GF_EIO, more than 1024 texts GF_ELIMIT, and the handle then does nothing. Handles die at gf_store_begin()
 * and gf_store_rest(). */
gf_stmt *gf_store_named(gf_store *store, const char *name);
/* The same for text built from a const table of the program: values never stand in it, they are bound. Prepared once for
 * each different text and kept. */
gf_stmt *gf_store_text(gf_store *store, const char *sql);

/* An index that the statement does not have latches a failure: a fault of the program. */
void gf_stmt_int(gf_stmt *stmt, int index, int64_t value);
/* Borrowed until the statement has run to its end. data NULL is the empty text, never NULL of SQL. */
void gf_stmt_str(gf_stmt *stmt, int index, gf_str value);
/* Borrowed likewise. No bytes are an empty blob. */
void gf_stmt_blob(gf_stmt *stmt, int index, const void *bytes, size_t len);
/* NULL of SQL: "not known", for numbers that are not there. */
void gf_stmt_null(gf_stmt *stmt, int index);

/* Run to the next row; false at the end (then ready again) or on failure, which only gf_store_ok() tells apart.
 * Parameters keep their values until they are bound anew; texts among them must still live when it runs again. */
bool gf_stmt_row(gf_stmt *stmt);
/* Run to the end, rows dropped, ready again; false on failure. */
bool gf_stmt_run(gf_stmt *stmt);
/* Stop early, ready again. Every loop that is left before its end owes this, or the store keeps an old moment open. */
void gf_stmt_end(gf_stmt *stmt);

typedef enum gf_value_kind { GF_VALUE_NULL, GF_VALUE_INT, GF_VALUE_REAL, GF_VALUE_TEXT, GF_VALUE_BLOB } gf_value_kind;
/* The type as it is stored, which a damaged or doctored file may have changed. Only while a row is at hand. */
gf_value_kind gf_row_kind(gf_stmt *stmt, int column);
/* What is not a whole number is turned into one, NULL into 0: who must know asks gf_row_kind() first. */
int64_t gf_row_int(gf_stmt *stmt, int column);
/* Text or blob as it stands, borrowed until the next row; NULL comes as the empty text. */
gf_str  gf_row_str(gf_stmt *stmt, int column);
/* The same in `keep`, terminated; data NULL at the limit. */
gf_str  gf_row_copy(gf_stmt *stmt, int column, gf_arena *keep);
/* 0 after a failure. */
int     gf_row_columns(gf_stmt *stmt);

/* Rows that the last insert, update or delete touched. */
int64_t gf_store_changes(gf_store *store);

/* ---- Care ---- */

typedef struct gf_store_problem {
    int64_t page;        /* 0 when unknown */
    gf_str  table;       /* "" unless the finding is about one row */
    int64_t row;         /* the row's integer key then */
    gf_str  what;        /* one line, in the engine's words or ours */
} gf_store_problem;
typedef void gf_store_problem_fn(void *context, const gf_store_problem *problem);   /* borrowed for the call */

/* The engine's own integrity check, and every byte of a row that the engine itself would not look at: calls `problem`
 * for each finding, at most a thousand of each sort. GF_OK also when there are some. Reads the whole file; where others
 * never stop writing it reads a copy beside the file, which it removes. In memory, or inside a transaction, the engine's
 * check alone. GF_EIO when it could not be done. */
gf_status gf_store_verify(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err);
/* The same without holding every index against its table, which costs four fifths of the time: enough for a copy of what is proven elsewhere. */
gf_status gf_store_skim(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err);
/* Was the last latched failure a damaged page? Clears the latch when it was, so that a checker can go on. *what is
 * borrowed until the next failure. */
bool      gf_store_take_damage(gf_store *store, gf_str *what);
/* What was deleted or written over is gone from where it lay: SQLite's log is emptied (its pages are overwritten as they are freed), a server's dead
 * rows of these tables are swept. Outside transactions. GF_ECONFLICT when another program goes on reading an older moment: ask again. */
gf_status gf_store_scrub(gf_store *store, const char *const *tables, size_t count, gf_error *err);
typedef struct gf_store_copied {
    bool    archive;                     /* an archive of rows, which was read back already: then what follows is of it */
    int64_t bytes;
    char    sha256[GF_HASH_HEX_BYTES];
} gf_store_copied;
/* Copy the whole store to a new file, one moment of it, while others read and write: that of the transaction that is open, if one is. Of a file the copy
 * is a store like it, and stands alone: no log beside it. Of a server it is an archive of rows (gf_store_archive.h), on disk and proven by reading it back. GF_ECONFLICT when the
 * file is there; GF_EIO when it cannot be written or does not read back, and then nothing of it is left. */
gf_status gf_store_copy(gf_store *store, gf_str path, gf_store_copied *out, gf_error *err);
/* Inside the transaction that filled a store that was made at an older schema: brings it up to this program's, without a copy of what it was. Indexes that were put off are made. */
gf_status gf_store_raise(gf_store *store, gf_error *err);
/* Every row of every table of `from` into the empty tables of `to`, whatever their engines: `to` is inside a transaction,
 * `from` should be, for one moment of it. Both have this program's schema. *rows is written on GF_OK.
 *
 * GF_ECONFLICT  `to` has rows, or other tables
 * GF_EINPUT     a value of a kind that no column has
 */
gf_status gf_store_fill(gf_store *to, gf_store *from, int64_t *rows, gf_error *err);
