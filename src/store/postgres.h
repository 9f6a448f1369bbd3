/* store/postgres.h - inside the room only: what the two files of the PostgreSQL engine share. */
#pragma once
#include "store/engine.h"

#include <libpq-fe.h>

enum { PG_NUMBER_BYTES = 24 };

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
    char      sqlstate[6];       /* of the latched failure */
    pg_statement *streaming;     /* the one whose rows are still on the line */
} pg_store;

static inline pg_store *pg_of(gf_store *store) { return (pg_store *)store; }

/* Latch what `result` (or, when it is NULL, the connection) says. */
void pg_latch(gf_store *store, const PGresult *result);
/* The line is free for another statement: rows still on it are taken in, changes that were sent ahead are answered. */
void pg_quiet(gf_store *store);
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
