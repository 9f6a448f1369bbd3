/* app/load_inside.h - what the files of loading share: the load at hand, and the row at hand. */
#pragma once
#include "app/app.h"
#include "app/map.h"
#include "app/register.h"

enum { LOAD_COLUMNS_MAX = 64 };

/* Behind the columns of its register every record has these. */
typedef enum load_common { LOAD_SOURCE, LOAD_ORIGIN, LOAD_AUTHOR, LOAD_VERSION, LOAD_COMMON_COUNT } load_common;
extern const char *const LOAD_COMMON_NAMES[LOAD_COMMON_COUNT];

/* A reference to something that was not there yet when the row was read; looked up again at the end. */
typedef struct load_pending { const char *column, *registers; gf_str id, file; size_t line; struct load_pending *next; } load_pending;

typedef struct load_job {
    gf_app                    *app;
    const gf_app_load_options *options;
    gf_arena     *arena;               /* for the whole load */
    gf_arena     *row_arena;           /* rewound with every row */
    text_map     *keys;                /* by register: key -> line of this load, 0 when it was there before */
    bool         *keys_read;
    int64_t      *counts;              /* by register */
    bool         *met;
    load_pending *pending;
    bool          scopes_changed;      /* a register that scopes hang on */
    bool          single;              /* one record: what it names is looked up, not read whole */
    bool          restoring;           /* a dump into an empty store: history comes with it */
    int64_t       history_id;
    int64_t       entry_first;         /* before this load */
    gf_utc_ms     now;
    gf_str        file;                /* "units.csv" */
    size_t        line;
    int           dirfd;               /* folder of the file at hand */
    void        (*tell_column)(void *context, const char *column, const gf_error *err);  /* set: every wrong column of a row is told, not the first alone */
    void         *tell_context;
} load_job;

/* Values of one row in the order of the register's columns, then the common ones. */
typedef struct load_row { gf_str value[LOAD_COLUMNS_MAX + LOAD_COMMON_COUNT]; } load_row;

gf_status load_job_open(gf_app *app, const gf_app_load_options *options, load_job *load, gf_error *err);
void      load_job_close(load_job *load);
/* One row of a register, or of entries (between ledger_start() and ledger_finish()): checked and saved. */
gf_status load_take_row(load_job *load, const gf_register *reg, load_row *row, gf_error *err);
/* References, the tree of places, cases, scopes: when all rows are there. */
gf_status load_finish(load_job *load, gf_error *err);
gf_status load_renew_totals(load_job *load, gf_error *err);
gf_status load_add_batch(load_job *load, int64_t id, gf_utc_ms at, gf_str author, int64_t first, int64_t last, gf_error *err);
int64_t   load_last_id(load_job *load, const char *name);     /* by the name of a statement; 0 when there is none */
/* Calls for each reference that names nothing: the row it stands in, its column and id. */
typedef void load_unknown_fn(void *context, size_t line, const char *column, gf_str id);
gf_status load_each_unknown(load_job *load, load_unknown_fn *tell, void *context, gf_error *err);
/* Take a record out, with its personal fields, its key and its words; history keeps that it was there. */
gf_status load_remove_row(load_job *load, const gf_register *reg, gf_str key, int64_t version, gf_error *err);
/* Check and bring into canonical form; references are looked up or put off. */
gf_status load_check_row(load_job *load, const gf_register *reg, load_row *row, gf_error *err);
/* Insert, change or leave alone; history. *changed tells whether anything was written. */
gf_status load_save_row(load_job *load, const gf_register *reg, const load_row *row, bool *changed, gf_error *err);
/* A list of ids in `registers` ("units|places"); unknown ones are put off to the end of the load. */
gf_status load_check_refs(load_job *load, const char *column, const char *registers, gf_str ids, gf_error *err);
gf_status load_resolve_pending(load_job *load, gf_error *err);
/* Places of the whole store form a tree. */
gf_status load_check_place_tree(load_job *load, gf_error *err);
/* Every case's steps follow the rules of its kind (cases.c). */
gf_status load_check_cases(load_job *load, gf_error *err);
/* The content named by a documents row goes into the store; sha256, bytes and media_type of the row are filled. */
gf_status load_document(load_job *load, const gf_register *reg, load_row *row, gf_error *err);
const char *load_media_type(gf_str bytes);        /* by what the bytes are, whatever the name says */
size_t    load_column_index(const gf_register *reg, const char *name);   /* column_count when it is not there */
bool      load_exists(gf_app *app, const gf_register *reg, gf_str key);   /* whoever may see it */
