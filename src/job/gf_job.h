/* job/gf_job.h - long work beside the requests: a queue, a few workers, progress, cancel, results. No domain knowledge.
 *
 * A job is a function that runs on a worker thread. It tells its progress, asks now and then whether it should stop, and
 * leaves a result file or a short answer. Jobs live in memory: a restart forgets them, and what they wrote in the store
 * is whole or not there. Safe to call from any thread.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_JOB_TEXT_BYTES = 160 };

typedef enum gf_job_state { GF_JOB_WAITING, GF_JOB_RUNNING, GF_JOB_DONE, GF_JOB_FAILED, GF_JOB_CANCELLED } gf_job_state;
const char *gf_job_state_name(gf_job_state state);       /* "waiting" ... */

typedef struct gf_job gf_job;
typedef struct gf_jobs gf_jobs;

/* Runs on a worker. `context` is freed by `release` when the job is forgotten. */
typedef gf_status gf_job_fn(gf_job *job, void *context, gf_error *err);

typedef struct gf_job_order {
    const char *owner, *kind, *label;                    /* copied */
    gf_job_fn  *run;
    void       *context;
    void      (*release)(void *context);                 /* may be NULL */
} gf_job_order;

/* How a job stands: a copy. */
typedef struct gf_job_view {
    int64_t      id, done, total;                        /* total 0 = unknown */
    char         owner[GF_JOB_TEXT_BYTES], kind[GF_JOB_TEXT_BYTES], label[GF_JOB_TEXT_BYTES];
    gf_job_state state;
    gf_utc_ms    started, ended;                         /* 0 = not yet */
    gf_error     error;
    bool         has_result;
    char         file_name[GF_JOB_TEXT_BYTES];           /* of the result */
    gf_str       answer;                                 /* JSON in the caller's arena; "" none */
} gf_job_view;

typedef struct gf_jobs_options {
    unsigned workers;                                    /* 0 = 1 */
    size_t   waiting_max;                                /* 0 = 64 */
    int64_t  keep_ms;                                    /* ended jobs are forgotten after this; 0 = one hour */
    gf_utc_ms (*now)(void);
    void   (*changed)(void *context, const gf_job_view *view);   /* told of every step; may be NULL */
    void    *context;
} gf_jobs_options;

gf_jobs  *gf_jobs_open(const gf_jobs_options *options);  /* NULL when threads or memory are short */
void      gf_jobs_close(gf_jobs *jobs);                  /* cancels what runs, waits for it */
/* GF_ELIMIT when too many wait. The context is released in every case in the end, also when this fails. */
gf_status gf_jobs_add(gf_jobs *jobs, const gf_job_order *order, int64_t *id, gf_error *err);
/* GF_ENOTFOUND when there is none, or it belongs to somebody else. */
gf_status gf_jobs_get(gf_jobs *jobs, const char *owner, int64_t id, gf_arena *keep, gf_job_view *out, gf_error *err);
/* The newest first, at most `room`. */
size_t    gf_jobs_list(gf_jobs *jobs, const char *owner, gf_arena *keep, gf_job_view *out, size_t room);
gf_status gf_jobs_cancel(gf_jobs *jobs, const char *owner, int64_t id, gf_error *err);
/* A descriptor of the result that the caller closes. */
gf_status gf_jobs_result(gf_jobs *jobs, const char *owner, int64_t id, int *fd, char file_name[GF_JOB_TEXT_BYTES], gf_error *err);

/* ---- Inside a job ---- */

/* false: stop, somebody asked for it. */
bool      gf_job_step(gf_job *job, int64_t done, int64_t total);
gf_status gf_job_cancelled(gf_error *err);               /* the failure to return then */
/* A nameless file for the result, or one with a name for a library that wants one: it is unlinked by gf_job_keep_file(). */
gf_status gf_job_keep_text(gf_job *job, const char *file_name, gf_str bytes, gf_error *err);
gf_status gf_job_keep_file(gf_job *job, const char *file_name, const char *path, gf_error *err);
gf_status gf_job_temp_path(char out[GF_JOB_TEXT_BYTES], gf_error *err);
void      gf_job_answer(gf_job *job, gf_str json);       /* copied */
