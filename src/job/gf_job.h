/* job/gf_job.h - long work beside the requests: a queue, a few workers, progress, cancel, results. No domain knowledge.
 *
 * A job is a function that runs on a worker thread. It tells its progress, asks now and then whether it should stop, and
 * leaves a result file or a short answer. Jobs live in memory: who wants more of them than that keeps what `changed` tells. Safe to call from any thread; `release` may call nothing here, `changed` not gf_jobs_close().
 */
#pragma once
#include "base/gf_base.h"

enum { GF_JOB_TEXT_BYTES = 160 };                        /* of each text with its NUL; longer ones are cut */

/* Only forward: waiting, running, and one of the three ends; what is cancelled while it waits never runs. */
typedef enum gf_job_state { GF_JOB_WAITING, GF_JOB_RUNNING, GF_JOB_DONE, GF_JOB_FAILED, GF_JOB_CANCELLED } gf_job_state;
/* "waiting" "running" "done" "failed" "cancelled": static. */
const char *gf_job_state_name(gf_job_state state);

typedef struct gf_job gf_job;
typedef struct gf_jobs gf_jobs;

/* Runs on a worker, once. GF_OK is done, GF_ECANCELLED cancelled, anything else failed with what stands in `err`, which is
 * never NULL. `context` is freed by `release` when the job is forgotten. */
typedef gf_status gf_job_fn(gf_job *job, void *context, gf_error *err);

typedef struct gf_job_order {
    const char *owner, *kind, *label;                    /* copied; the owner is who may ask about it */
    gf_job_fn  *run;
    void       *context;                                 /* the job's from gf_jobs_add() on */
    void      (*release)(void *context);                 /* may be NULL; may run under the jobs' lock */
    int64_t     id;                                      /* given by who numbers jobs over several lists; 0 = the next here */
} gf_job_order;

/* How a job stands: a copy. */
typedef struct gf_job_view {
    int64_t      id, done, total;                        /* id from 1; total 0 = unknown; done in the job's own unit */
    char         owner[GF_JOB_TEXT_BYTES], kind[GF_JOB_TEXT_BYTES], label[GF_JOB_TEXT_BYTES];
    gf_job_state state;
    gf_utc_ms    started, ended;                         /* 0 = not yet */
    gf_error     error;                                  /* of one that failed, or stopped when asked */
    bool         has_result;                             /* true only once it has ended */
    char         file_name[GF_JOB_TEXT_BYTES];           /* of the result, for who downloads it */
    gf_str       answer;                                 /* JSON in the caller's arena; "" none */
} gf_job_view;

typedef struct gf_jobs_options {
    unsigned workers;                                    /* 0 = 1; at most 4 */
    size_t   waiting_max;                                /* 0 = 64 */
    int64_t  keep_ms;                                    /* ended jobs are forgotten after this; 0 = one hour */
    gf_utc_ms (*now)(void);
    void   (*changed)(void *context, const gf_job_view *view);   /* every step, on the worker's thread (of one that is cancelled while
                                                                    it waits: on the canceller's), without `answer`; may be NULL */
    void    *context;                                    /* for `changed` */
} gf_jobs_options;

/* Starts the workers; fewer than asked for when threads are short. NULL when there is none, or memory is short. */
gf_jobs  *gf_jobs_open(const gf_jobs_options *options);
/* Asks what runs to stop and waits until it has; what waits never runs. All else may still be asked. NULL is a no-op. */
void      gf_jobs_stop(gf_jobs *jobs);
/* gf_jobs_stop(), then drops all and releases every context. NULL is a no-op. No other call may be under way. */
void      gf_jobs_close(gf_jobs *jobs);
/* GF_ELIMIT "job.many" when too many wait or the jobs are closing; GF_ENOMEM. The context is released in every case in the
 * end, also when this fails. Ended jobs that are old enough are forgotten here. */
gf_status gf_jobs_add(gf_jobs *jobs, const gf_job_order *order, int64_t *id, gf_error *err);
/* GF_ENOTFOUND when there is none, it was forgotten, or it belongs to somebody else: the three look the same. */
gf_status gf_jobs_get(gf_jobs *jobs, const char *owner, int64_t id, gf_arena *keep, gf_job_view *out, gf_error *err);
/* The owner's jobs, the newest first, at most `room`; returns how many. */
size_t    gf_jobs_list(gf_jobs *jobs, const char *owner, gf_arena *keep, gf_job_view *out, size_t room);
/* Asks it to stop: at once while it waits, else when the job next asks. GF_OK also when it has ended already.
 * GF_ENOTFOUND as for gf_jobs_get(). */
gf_status gf_jobs_cancel(gf_jobs *jobs, const char *owner, int64_t id, gf_error *err);
/* A descriptor of the result that the caller closes; it outlives the job. Descriptors of one result share their place in
 * the file: read with offsets. GF_ENOTFOUND "job.none", or "job.result" when it left none or has not ended. */
gf_status gf_jobs_result(gf_jobs *jobs, const char *owner, int64_t id, int *fd, char file_name[GF_JOB_TEXT_BYTES], gf_error *err);

/* Result and answer of one that has ended are gone at once, whoever owns it; a descriptor lent before goes on. */
void      gf_jobs_drop_result(gf_jobs *jobs, int64_t id);

/* ---- Inside a job: on its own thread only ---- */

/* Tell how far it is; false: stop, somebody asked for it. Of a known total only every fiftieth is told on, so it may be
 * called for each row. */
bool      gf_job_step(gf_job *job, int64_t done, int64_t total);
/* The failure to return then: GF_ECANCELLED "job.cancelled". The job has undone what it did before. */
gf_status gf_job_cancelled(gf_error *err);
/* The bytes as a nameless file on disk: the result, in place of an earlier one. GF_EIO when there is no room. */
gf_status gf_job_keep_text(gf_job *job, const char *file_name, gf_str bytes, gf_error *err);
/* The file at `path` as the result; its name is taken away at once, whatever comes. GF_EIO when it cannot be read. */
gf_status gf_job_keep_file(gf_job *job, const char *file_name, const char *path, gf_error *err);
/* An empty file with a name, below $TMPDIR or /tmp, for a library that wants one: the job's to unlink, or to hand to
 * gf_job_keep_file(). GF_EIO when none can be made. */
gf_status gf_job_temp_path(char out[GF_JOB_TEXT_BYTES], gf_error *err);
/* A short answer beside or instead of a file: copied; the last one counts. Out of memory it is none. */
void      gf_job_answer(gf_job *job, gf_str json);
