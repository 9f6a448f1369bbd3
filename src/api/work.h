/* api/work.h - inside the room only: jobs, which run when the request that ordered them is long answered. */
#pragma once
#include "api/api.h"

enum { WORK_TEXT = 128, WORK_ARENA_MIB = 1024 };

/* What was ordered and by whom, in memory of its own: texts longer than WORK_TEXT are cut. Freed when the job is forgotten. */
typedef struct order {
    api_state *api;
    char       kind[WORK_TEXT], format[WORK_TEXT], reg[WORK_TEXT], programme[WORK_TEXT], origin[WORK_TEXT], scope[WORK_TEXT];
    char       on[WORK_TEXT], design[WORK_TEXT], from[WORK_TEXT], to[WORK_TEXT], lang[WORK_TEXT];
    char       user[WORK_TEXT], name[WORK_TEXT], role[WORK_TEXT], actor_scope[WORK_TEXT], unit[WORK_TEXT], place[WORK_TEXT];
    char       address[WORK_TEXT];
    int64_t    seed, work;                                  /* of a sizing; 0 = usual */
    bool       demo, must_enrol;
    char      *village;                                     /* file or document of a village; own memory */
    char       of_project[WORK_TEXT], of_place[WORK_TEXT];  /* what is made belongs to */
} order;

/* A document being made, on the job's thread: the job borrows an app of its own. `text` is in `arena`. */
typedef struct making { const order *o; gf_job *job; gf_app *app; gf_app_actor actor; gf_arena *arena; gf_text text; } making;

/* Asks the rights, makes the document and leaves it with the job. GF_EUSAGE "job.format". */
typedef gf_status work_make(making *m, gf_error *err);
work_make work_report, work_statement, work_check;      /* make.c */
work_make work_export;                                  /* export.c */
work_make work_sights, work_land;                       /* land.c */
work_make work_plants;                                  /* plant.c */
work_make work_size, work_water;                        /* water.c */
work_make work_village;                                 /* water_village.c */

/* Copied, terminated, cut at WORK_TEXT - 1 bytes. */
void         work_put(char out[WORK_TEXT], gf_str value);
/* Who asks, as far as rights go by role and scope; not whether a second factor is wanted. */
void         work_take_actor(const api_call *call, order *o);
/* The same as an actor; texts are borrowed from the order. */
gf_app_actor work_actor(const order *o);
/* A line of a table for spreadsheets: quoted, and text that one would run as a formula put in as text. */
void         work_csv_row(gf_text *out, const gf_str *cells, size_t count);
/* A job in the name of the program itself; GF_ELIMIT when too many wait. */
gf_status    work_order_own(api_state *api, const char *kind, gf_error *err);
/* In the write lane: the order is taken, and its job told with 202. It may run before the batch is kept; when that fails it is cancelled.
 * The context is the order's, also behind a failure. */
gf_status    work_begin(api_call *call, gf_job_order *job, gf_error *err);
/* How the caller's job stands, with the HTTP status `code`. GF_ENOTFOUND. */
gf_status    work_send_job(api_call *call, int64_t id, int code, gf_error *err);
