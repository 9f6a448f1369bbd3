/* store/gf_store.h - one port to the database: named statements, values in, rows out, transactions.
 *
 * The engine behind it is named by the address (sqlite:PATH). SQL is the common subset of SQLite and PostgreSQL and
 * lives in sql/queries/ (named statements) and sql/schema/ (numbered migrations), both compiled in.
 * Parameters are :name in the text and are bound by position of first appearance, from 1. Columns count from 0.
 *
 * Failures latch: after the first failed step every later call on the store does nothing, and gf_store_ok() tells it
 * once at the end. A rollback clears the latch. One store belongs to one thread.
 */
#pragma once
#include "base/gf_base.h"

typedef struct gf_store gf_store;
typedef struct gf_stmt  gf_stmt;

typedef struct gf_store_options {
    gf_str address;      /* "sqlite:var/gongfu.db", "sqlite::memory:" */
    bool   create;       /* make the store, and bring an older one up to this program's schema */
    bool   read_only;
    bool   bulk;         /* one large load: a bigger cache; the same promises */
    int    cache_kib;    /* page cache; 0 = 4 MiB */
} gf_store_options;

/* GF_ENOTFOUND no store there and !create · GF_ECONFLICT made by a newer program, or older and !create ·
 * GF_EIO cannot be opened or is not a store */
gf_status gf_store_open(const gf_store_options *options, gf_store **out, gf_error *err);
void      gf_store_close(gf_store *store);
gf_str    gf_store_address(const gf_store *store);
int       gf_store_schema_version(gf_store *store);     /* what the store holds; borrowed by check */
int       gf_store_schema_latest(void);                 /* what this program writes */

/* Transactions do not nest. */
gf_status gf_store_begin(gf_store *store, gf_error *err);
/* Everything read until gf_store_rollback() is one moment of the store; others go on writing meanwhile. */
gf_status gf_store_begin_read(gf_store *store, gf_error *err);
gf_status gf_store_commit(gf_store *store, gf_error *err);   /* reports the latched failure, and rolls back then */
void      gf_store_rollback(gf_store *store);
/* A part of a transaction that can be taken back alone; parts do not nest. gf_store_back() clears the latch. */
gf_status gf_store_mark(gf_store *store, gf_error *err);
gf_status gf_store_keep(gf_store *store, gf_error *err);     /* reports the latched failure, and takes the part back then */
void      gf_store_back(gf_store *store);
/* A moment when no statement is held: those that many different questions have left may go. */
void      gf_store_rest(gf_store *store);
/* A number that changes when another connection has written. */
int64_t   gf_store_moved(gf_store *store);
gf_status gf_store_ok(gf_store *store, gf_error *err);       /* the latched failure, if any */

/* A statement of sql/queries by its name, or text built from a const table of the program (never from input).
 * It is ready to bind; the handle belongs to the store and is reused when asked for again. NULL latches a failure. */
gf_stmt *gf_store_named(gf_store *store, const char *name);
gf_stmt *gf_store_text(gf_store *store, const char *sql);

void gf_stmt_int(gf_stmt *stmt, int index, int64_t value);
void gf_stmt_str(gf_stmt *stmt, int index, gf_str value);    /* borrowed until the next reset */
void gf_stmt_blob(gf_stmt *stmt, int index, const void *bytes, size_t len);
void gf_stmt_null(gf_stmt *stmt, int index);

bool gf_stmt_row(gf_stmt *stmt);       /* run to the next row; false at the end (then ready again) or on failure */
bool gf_stmt_run(gf_stmt *stmt);       /* run to the end, rows dropped, ready again; false on failure */
void gf_stmt_end(gf_stmt *stmt);       /* stop early, ready again */

typedef enum gf_value_kind { GF_VALUE_NULL, GF_VALUE_INT, GF_VALUE_REAL, GF_VALUE_TEXT, GF_VALUE_BLOB } gf_value_kind;
gf_value_kind gf_row_kind(gf_stmt *stmt, int column);
int64_t gf_row_int(gf_stmt *stmt, int column);
gf_str  gf_row_str(gf_stmt *stmt, int column);    /* borrowed until the next row; NULL comes as the empty text */
gf_str  gf_row_copy(gf_stmt *stmt, int column, gf_arena *keep);
int     gf_row_columns(gf_stmt *stmt);

int64_t gf_store_changes(gf_store *store);        /* rows touched by the last run */

/* Care. */
typedef struct gf_store_problem {
    int64_t page;        /* 0 when unknown */
    gf_str  table;       /* "" unless the finding is about one row */
    int64_t row;         /* the row's integer key then */
    gf_str  what;
} gf_store_problem;
typedef void gf_store_problem_fn(void *context, const gf_store_problem *problem);   /* borrowed for the call */
/* The engine's own integrity check, and every byte of a row that the engine itself would not look at: calls `problem`
 * for each finding. */
gf_status gf_store_verify(gf_store *store, gf_store_problem_fn *problem, void *context, gf_error *err);
/* Was the last latched failure a damaged page? Clears the latch when it was, so that a checker can go on. */
bool      gf_store_take_damage(gf_store *store, gf_str *what);
/* Copy the whole store to a new file while others read and write. GF_ECONFLICT when the file is there. */
gf_status gf_store_copy(gf_store *store, gf_str path, gf_error *err);
