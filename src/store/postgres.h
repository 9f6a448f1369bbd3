/* store/postgres.h - inside the room only: what the files of the PostgreSQL engine share. */
#pragma once
#include "store/engine.h"
#include "store/pg_bulk.h"

#include <libpq-fe.h>

enum { PG_NUMBER_BYTES = 24, PG_COPIED_BYTES = 1024 };

/* Object ids of the types that the migrations know, fixed in PostgreSQL's own catalogue (pg_type.dat). */
enum { PG_OID_BOOL = 16, PG_OID_BYTEA = 17, PG_OID_INT8 = 20, PG_OID_INT2 = 21, PG_OID_INT4 = 23, PG_OID_TEXT = 25, PG_OID_FLOAT4 = 700, PG_OID_FLOAT8 = 701, PG_OID_VARCHAR = 1043, PG_OID_NUMERIC = 1700 };

typedef struct pg_cell { const char *data; int len; } pg_cell;   /* len -1: NULL */

typedef struct pg_statement {
    gf_stmt   base;
    char     *sql;               /* as PostgreSQL reads it */
    char      name[16];
    uint64_t  epoch;             /* of the connection it was prepared on */
    bool      writes;
    int       param_count;
    Oid      *types;
    const char **values;         /* one for each parameter; NULL = NULL of SQL */
    int      *lengths, *formats;
    char    (*numbers)[PG_NUMBER_BYTES];
    char    **copies;            /* texts that stand for another type */
    int       column_count;
    Oid      *column_types;
    pg_cell  *cells;             /* of the row at hand */
    char    (*shown)[PG_NUMBER_BYTES];
    bool      binary;            /* rows come as bytes, since one column is bytea */
    PGresult *result;            /* of the row at hand */
    char     *kept;              /* rows that had to be taken in before they were asked for: each cell its length and its bytes */
    size_t    kept_bytes, kept_room, kept_at;
    bool      copy_known;        /* whether its rows go over by COPY was asked */
    char     *copy_sql, *copy_table;   /* NULL: they do not */
    pg_heap   heap;              /* rows that have not gone over yet */
    bool      heap_listed;
    struct pg_statement *heap_next;
} pg_statement;

typedef struct pg_store {
    gf_store  base;
    PGconn   *conn;
    uint64_t  epoch;             /* counts connections: what was prepared on an earlier one is gone */
    int64_t   own;               /* commits of this handle, which others' are told from */
    int64_t   changes;
    unsigned  next_name;
    bool      bulk;              /* changes are sent on without waiting for each to be answered */
    unsigned  queued;            /* of those: not answered yet */
    bool      piped;             /* the streaming one was sent behind such changes */
    pg_statement *heaps;         /* those whose rows have not all gone over by COPY */
    pg_bulk  *sender;            /* made with the first heap */
    bool      copying;           /* the line is the sender's */
    uint64_t  copied_bytes;      /* in this transaction */
    char      copied[PG_COPIED_BYTES];   /* into these tables: "a", "b"; all that have room */
    bool      copying_in;        /* rows of an archive go over */
    char      sqlstate[6];       /* of the latched failure */
    pg_statement *streaming;     /* the one whose rows are still on the line */
} pg_store;

static inline pg_store *pg_of(gf_store *store) { return (pg_store *)store; }

/* Latch what `result` (or, when it is NULL, the connection) says. */
void pg_latch(gf_store *store, const PGresult *result);
/* The line is free for another statement: rows still on it are taken in, changes that were sent ahead are answered. */
void pg_line(gf_store *store);
/* Some SQL without parameters, rows dropped; what goes wrong is told in err. A connection that was lost is made again first
 * when no transaction hangs on it. */
gf_status pg_exec(gf_store *store, const char *sql, gf_error *err);
/* One whole number; -1 and latched when there is none. */
int64_t pg_ask(gf_store *store, const char *sql);

/* The entries of the engine table about statements: pg_stmt.c. */
gf_stmt *pg_prepare(gf_store *store, gf_str sql);
void pg_finalize(gf_stmt *stmt);
void pg_int(gf_stmt *stmt, int index, int64_t value);
void pg_str(gf_stmt *stmt, int index, gf_str value);
void pg_blob(gf_stmt *stmt, int index, const void *bytes, size_t len);
void pg_null(gf_stmt *stmt, int index);
bool pg_row(gf_stmt *stmt);
void pg_end(gf_stmt *stmt);
gf_value_kind pg_kind(gf_stmt *stmt, int column);
int64_t pg_row_int(gf_stmt *stmt, int column);
gf_str pg_row_str(gf_stmt *stmt, int column);
int pg_columns(gf_stmt *stmt);
/* Begin, commit and roll back, for a statement that writes alone. */
gf_status pg_begin(gf_store *store, gf_error *err);
gf_status pg_commit(gf_store *store, gf_error *err);
void pg_rollback(gf_store *store);

/* ---- Rows of a bulk load: pg_copy.c ---- */

/* The row that is bound is taken in, to go over by COPY; false: it cannot, and nothing was done. */
bool pg_copy_row(pg_statement *stmt);
/* The line is given back: every heap on its way has gone over. Rows that gather go on doing so. */
void pg_copy_wait(gf_store *store);
/* Rows for tables that `sql` names have gone over and are answered; NULL: all. */
void pg_copy_settle(gf_store *store, const char *sql);
/* What has not gone over yet is forgotten: it is taken back. */
void pg_copy_drop(gf_store *store);
/* The statement's part of all this is freed. */
void pg_copy_free(pg_statement *stmt);

/* ---- Archives of rows: pg_archive.c, entries of the engine table ---- */

gf_status pg_archive(gf_store *store, gf_str path, gf_store_copied *out, gf_error *err);
void pg_rows_begin(gf_store *store, gf_str names);
void pg_rows_add(gf_store *store, gf_str rows);
void pg_rows_end(gf_store *store);

/* The line is free, and every row of a bulk load has gone over. */
static inline void pg_quiet(gf_store *store)
{
    pg_copy_settle(store, NULL);
    pg_line(store);
}
