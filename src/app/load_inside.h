/* app/load_inside.h - inside the room only: what loading, importing and single writes share, the load and the row at hand.
 *
 * Everything that writes stands inside a transaction of the caller. A failure of a row is GF_EINPUT or GF_ELIMIT with the
 * column in its words; the caller adds the place.
 */
#pragma once
#include "app/app.h"
#include "app/map.h"
#include "app/register.h"
#include "app/search.h"

enum { LOAD_COLUMNS_MAX = 64 };

/* Behind the columns of its register every record has these. */
typedef enum load_common { LOAD_SOURCE, LOAD_ORIGIN, LOAD_AUTHOR, LOAD_VERSION, LOAD_COMMON_COUNT } load_common;
extern const char *const LOAD_COMMON_NAMES[LOAD_COMMON_COUNT];

/* A reference to something that was not there yet when the row was read; looked up again at the end. */
typedef struct load_pending { const char *column, *registers; gf_str id, file; size_t line; struct load_pending *next; } load_pending;

/* Does a load know what a register holds? LOAD_WHOLE: what is not among its keys is new, and nothing was ever taken out. */
typedef enum load_stock { LOAD_UNKNOWN, LOAD_WHOLE, LOAD_ASKED } load_stock;

/* The statements that save a row of a register. */
typedef enum load_sql { LOAD_INSERT, LOAD_UPDATE, LOAD_SELECT, LOAD_PERSONAL_INSERT, LOAD_PERSONAL_UPDATE, LOAD_PERSONAL_SELECT, LOAD_SQL_COUNT } load_sql;
typedef struct load_texts { gf_str text[LOAD_SQL_COUNT]; } load_texts;

typedef struct load_job {
    gf_app                    *app;
    const gf_app_load_options *options;
    gf_arena     *arena;               /* for the whole load */
    gf_arena     *row_arena;           /* rewound with every row */
    text_map     *keys;                /* by register: key -> line of this load, 0 when it was there before */
    bool         *keys_read;
    load_stock   *stock;               /* by register */
    load_texts   *sql;                 /* by register, each made when it is first wanted; not for a single record */
    int64_t      *counts;              /* by register */
    bool         *met;
    load_pending *pending;
    bool          scopes_changed;      /* a register that scopes hang on */
    bool          single;              /* one record: what it names is looked up, not read whole */
    bool          restoring;           /* a dump into an empty store: history comes with it */
    int64_t       history_id;
    search_run    search;
    int64_t       entry_first;         /* before this load */
    gf_utc_ms     now;
    gf_str        file;                /* "units.csv" */
    size_t        line;
    int           dirfd;               /* folder of the file at hand */
    void        (*tell_column)(void *context, const char *column, const gf_error *err);  /* set: every wrong column of a row
                                                                                            is told, not the first alone */
    void         *tell_context;
} load_job;

/* Values of one row in the order of the register's columns, then the common ones. */
typedef struct load_row { gf_str value[LOAD_COLUMNS_MAX + LOAD_COMMON_COUNT]; } load_row;

/* A file that only dumps carry, and what takes one of its rows; `before`: in front of the registers. In loading order. */
enum { LOAD_DUMP_FILE_COUNT = 5 };
typedef struct load_dump_file { const char *name; bool before; gf_status (*take)(load_job *load, const gf_str *fields, size_t count, gf_error *err); } load_dump_file;
extern const load_dump_file LOAD_DUMP_FILES[LOAD_DUMP_FILE_COUNT];

/* GF_ENOMEM; load_job_close() takes a half-opened one too. */
gf_status load_job_open(gf_app *app, const gf_app_load_options *options, load_job *load, gf_error *err);
/* Memory only: what was written is the transaction's. */
void      load_job_close(load_job *load);
/* One row of a register, or of entries (between ledger_start() and ledger_finish()): checked and saved. GF_EINPUT
 * "load.twice" also for a key that this load had before. */
gf_status load_take_row(load_job *load, const gf_register *reg, load_row *row, gf_error *err);
/* References, the tree of places, cases, scopes: when all rows are there. */
gf_status load_finish(load_job *load, gf_error *err);
/* Makes the totals again when a register that they hang on has changed in this load and there are entries from before. */
gf_status load_renew_totals(load_job *load, gf_error *err);
/* Who booked the entries first..last, and when. */
gf_status load_add_batch(load_job *load, int64_t id, gf_utc_ms at, gf_str author, int64_t first, int64_t last, gf_error *err);
/* The number that a named statement gives; 0 when there is none. */
int64_t   load_last_id(load_job *load, const char *name);
/* Told of each reference that names nothing: the row it stands in, its column and id. */
typedef void load_unknown_fn(void *context, size_t line, const char *column, gf_str id);
/* Looks up again what was put off; the newest first. */
gf_status load_each_unknown(load_job *load, load_unknown_fn *tell, void *context, gf_error *err);
/* Take a record out, with its personal fields and its words; history keeps that it was there. */
gf_status load_remove_row(load_job *load, const gf_register *reg, gf_str key, int64_t version, gf_error *err);
/* Check and bring into canonical form (numbers shortest, origin filled in); references are looked up or put off. With
 * tell_column set every column is told, and the status is that of the last wrong one. */
gf_status load_check_row(load_job *load, const gf_register *reg, load_row *row, gf_error *err);
/* Insert, change or leave alone; history, seals and the index of words with it. `fresh`: it is known that nothing stands under
 * its key, nor ever stood. *changed tells whether anything was written. GF_EINPUT "load.sealed" a field that another store has sealed; GF_EIO "keys.open". */
gf_status load_save_row(load_job *load, const gf_register *reg, const load_row *row, bool fresh, bool *changed, gf_error *err);
/* A list of ids in `registers` ("units|places"); unknown ones are put off to the end of the load. */
gf_status load_check_refs(load_job *load, const char *column, const char *registers, gf_str ids, gf_error *err);
/* GF_EINPUT "load.unknown" with the one that stands first in the input, when any is still unknown. */
gf_status load_resolve_pending(load_job *load, gf_error *err);
/* Places of the whole store form a tree of at most 16 levels: GF_EINPUT "load.cycle". */
gf_status load_check_place_tree(load_job *load, gf_error *err);
/* Every case's steps follow the rules of its kind (cases.c); all cases of the store are looked at. GF_EINPUT "case....". */
gf_status load_check_cases(load_job *load, gf_error *err);
/* The content named by a documents row goes into the store; sha256, bytes and media_type of the row are filled. A row
 * without a file is left as it is. GF_EINPUT "load.sha256" it is another content; else as folder_open_file(). */
gf_status load_document(load_job *load, const gf_register *reg, load_row *row, gf_error *err);
/* By what the bytes are, whatever the name says; "application/octet-stream" when they tell nothing. Static. */
const char *load_media_type(gf_str bytes);
/* column_count when it is not there: an index that a load_row takes all the same, as the first common one. */
size_t    load_column_index(const gf_register *reg, const char *name);
/* Before a row of the register is taken: is what it holds known? Of an empty one at once, of another when many rows come. */
gf_status load_take_stock(load_job *load, const gf_register *reg, gf_error *err);
/* Is there such a record? Whoever may see it. */
bool      load_exists(gf_app *app, const gf_register *reg, gf_str key);
/* gf_app_record_create() for registers too that are not for hands: certificates. */
gf_status write_record(gf_app *app, const gf_app_actor *actor, const gf_register *reg, const gf_str *cells, gf_arena *keep, gf_app_record *out, gf_error *err);
/* GF_EINPUT "reveal.reason": the reason of a reveal or an erasure is a few words, 500 bytes at most. */
gf_status write_check_reason(gf_str reason, gf_error *err);
