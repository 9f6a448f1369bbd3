/* store/engine.h - inside the room only: what an engine must be able to do. store.c keeps the promises of gf_store.h that
 * hold for every engine (latched failures, the table of statements, the ends of transactions); one file for each engine
 * fills this table. Which engine it is, the address says.
 */
#pragma once
#include "store/gf_store.h"

enum { STORE_DELAYED_MAX = 512 };
enum { STORE_STATEMENTS_MAX = 1024 };   /* a power of two; named statements and register inserts together stay below 300 */

typedef struct store_engine store_engine;

/* First member of an engine's own statement. */
struct gf_stmt {
    gf_store *store;
    uint64_t  hash;              /* of its text; 0 for the one that does nothing */
    bool      running;           /* rows of it may still come */
};

/* First member of an engine's own store. */
struct gf_store {
    const store_engine *engine;
    char    *address;
    char    *shown;              /* NULL when the address may be shown as it is */
    gf_error failure;            /* latched; status GF_OK while none */
    bool     in_transaction;
    bool     read_only;
    uint64_t undone;             /* times that something was taken back */
    uint64_t turn;               /* of transactions that were begun */
    gf_stmt *statements[STORE_STATEMENTS_MAX];
    size_t   statement_count;
    char    *delayed[STORE_DELAYED_MAX];   /* what makes the indexes again that this transaction has put off */
    size_t   delayed_count;
    gf_stmt  dead;               /* handed out after a failure: does nothing */
};

/* None of these looks at the latch: store.c calls none of them after a failure, but close, rollback, back, end and take_damage.
 * Those that return nothing or a pointer latch what goes wrong; the others tell it in err. */
struct store_engine {
    const char *prefixes[2];     /* of an address, "sqlite:"; NULL when there is but one */
    size_t      store_bytes;     /* of the engine's own store */
    gf_status (*open)(gf_store *store, const gf_store_options *options, gf_error *err);   /* address and engine are set */
    void      (*close)(gf_store *store);                 /* also one that was opened by half; statements are gone */
    int       (*schema_version)(gf_store *store);
    int64_t   (*moved)(gf_store *store);
    gf_status (*begin)(gf_store *store, gf_error *err);
    gf_status (*begin_read)(gf_store *store, gf_error *err);
    gf_status (*commit)(gf_store *store, gf_error *err); /* on failure store.c rolls back */
    void      (*rollback)(gf_store *store);              /* only inside a transaction */
    gf_status (*mark)(gf_store *store, gf_error *err);
    gf_status (*keep)(gf_store *store, gf_error *err);
    void      (*back)(gf_store *store);
    gf_stmt  *(*prepare)(gf_store *store, gf_str sql);   /* NULL after latching, or without memory */
    void      (*finalize)(gf_stmt *stmt);
    void      (*settle)(gf_store *store);                /* all statements have just been dropped */
    void      (*bind_int)(gf_stmt *stmt, int index, int64_t value);
    void      (*bind_str)(gf_stmt *stmt, int index, gf_str value);   /* data is never NULL */
    void      (*bind_blob)(gf_stmt *stmt, int index, const void *bytes, size_t len);
    void      (*bind_null)(gf_stmt *stmt, int index);
    bool      (*row)(gf_stmt *stmt);                     /* sets running */
    void      (*end)(gf_stmt *stmt);
    gf_value_kind (*kind)(gf_stmt *stmt, int column);
    int64_t   (*row_int)(gf_stmt *stmt, int column);
    gf_str    (*row_str)(gf_stmt *stmt, int column);
    int       (*columns)(gf_stmt *stmt);
    int64_t   (*changes)(gf_store *store);
    gf_status (*verify)(gf_store *store, bool indexes, gf_store_problem_fn *problem, void *context, gf_error *err);
    bool      (*is_damage)(gf_store *store);             /* was the latched failure a damaged page? the engine is ready to read on then */
    gf_status (*scrub)(gf_store *store, const char *const *tables, size_t count, gf_error *err);
    gf_status (*copy)(gf_store *store, gf_str path, gf_store_copied *out, gf_error *err);
    gf_status (*raise)(gf_store *store, gf_error *err);  /* migrations that the store lacks, inside a transaction */
    /* Rows of an archive as they stand in it; NULL: they are bound cell by cell. `names` is "t" ("a", "b"). What goes wrong is latched. */
    void      (*rows_begin)(gf_store *store, gf_str names);
    void      (*rows_add)(gf_store *store, gf_str rows);
    void      (*rows_end)(gf_store *store);
    const char *index_sql;       /* an index's table, what makes it and what drops it, by its name */
    const char *indexes_sql;     /* the names of all that index_sql knows */
    const char *columns_sql;     /* table, column and its type of all that the migrations make, tables by name, columns in their order */
};

extern const store_engine STORE_SQLITE, STORE_POSTGRES;

/* A store newer or older than this program, or none of ours: the sentence for it, the same for every engine. `tables`
 * counts what is there beside a store of ours. *upgrade tells whether migrations are to be run. */
gf_status store_judge_version(const char *name, int version, const gf_store_options *options, int64_t tables, bool *upgrade, gf_error *err);
/* The schema that an opened store is to have. */
int store_wanted_schema(const gf_store_options *options);
