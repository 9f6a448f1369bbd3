/* app/gf_app_servers.h - several servers on one store: news of changes, and jobs that are listed, followed, fetched and
 * cancelled wherever one asks.
 *
 * Each server has a name, made when it starts. What it tells its listeners it also keeps here, the newest of each subject, in
 * the transaction of the change where it can; the others read what is behind the last they have seen. A job waits and runs in
 * the memory of one server; how it stands, and its result, is kept here by that server. While it has jobs that have not
 * ended it leaves a sign of life. Everything is forgotten an hour after its end.
 * The texts of a job are sealed by a key of the store where it has one; a store without a key holds nothing personal.
 */
#pragma once
#include "app/gf_app.h"

enum { GF_APP_SERVER_BYTES = 17 };

/* Sixteen hexadecimal digits and a NUL: never the same twice. */
void      gf_app_server_name(char out[GF_APP_SERVER_BYTES]);
/* Settles the app (gf_app_settle) and says whether another connection has written since *seen; *seen is brought up to date.
 * One cheap question. False also when the store cannot be read now. */
bool      gf_app_servers_moved(gf_app *app, int64_t *seen);
/* News, jobs and results that are older than an hour are forgotten. Inside a batch; writes nothing when there are none. */
gf_status gf_app_servers_expire(gf_app *app, gf_error *err);

/* ---- News ---- */

/* name: changed, job; subject: what about; owner "" = whoever subscribes to the topic. Never a personal field. */
typedef struct gf_app_news { gf_str name, subject, topic, owner, data; } gf_app_news;

/* Kept with the open batch; an older one of the same server, name and subject gives way. */
gf_status gf_app_news_keep(gf_app *app, gf_str server, const gf_app_news *news, gf_error *err);
/* The number of the newest news: where a server that starts begins to read. */
gf_status gf_app_news_newest(gf_app *app, int64_t *out, gf_error *err);
/* What others have told behind *seen, at most 256, oldest first; *seen is brought up to the last of them. */
gf_status gf_app_news_read(gf_app *app, gf_str server, int64_t *seen, gf_arena *keep, gf_app_news **out, size_t *count, gf_error *err);

/* ---- Jobs ---- */

/* GF_APP_RESULT_LARGE: only the server that made it has it. GF_APP_RESULT_DROPPED: a person was erased since it was begun. */
typedef enum gf_app_result { GF_APP_RESULT_NONE, GF_APP_RESULT_KEPT, GF_APP_RESULT_LARGE, GF_APP_RESULT_DROPPED, GF_APP_RESULT_COUNT } gf_app_result;

enum { GF_APP_PART_BYTES = 1 << 20, GF_APP_RESULT_BYTES_MAX = 64 << 20 };

typedef struct gf_app_job {
    int64_t       id, done, total;
    gf_str        server, owner, kind, label;
    gf_str        state;                          /* waiting, running, done, failed, cancelled */
    gf_utc_ms     started, ended;                 /* 0 = not yet */
    gf_error      error;                          /* status GF_OK = none */
    gf_str        file_name, answer;
    gf_app_result result;
} gf_app_job;

/* A job that waits: server, owner, kind and label are taken; *id is its number over all servers. Inside a batch. */
gf_status gf_app_job_add(gf_app *app, const gf_app_job *job, int64_t *id, gf_error *err);
/* How far it is: state, done, total, started, and what it answers so far; erasures as for gf_app_job_end(). *open false: it has
 * ended, and stays as it is. Inside a batch. */
gf_status gf_app_job_note(gf_app *app, const gf_app_job *job, int64_t erasures, bool *open, gf_error *err);
/* A piece of the result: all of GF_APP_PART_BYTES but the last; `part` counts from 0. Inside a batch. */
gf_status gf_app_job_keep_part(gf_app *app, int64_t id, int64_t part, gf_str bytes, gf_error *err);
/* Pieces that were kept before, of a try that came to nothing, go. Inside a batch. */
gf_status gf_app_job_drop_parts(gf_app *app, int64_t id, gf_error *err);
/* It has ended, as `job` says; only its own server may say so, also of one that was told lost. erasures: of gf_app_job_erasures()
 * when it began; when there are more now its result is dropped. Inside a batch. *kept: what became of the result. */
gf_status gf_app_job_end(gf_app *app, const gf_app_job *job, int64_t erasures, gf_app_result *kept, gf_error *err);
/* To be asked before a job reads anything. -1 when it cannot be read: then nothing of its result will be kept. */
int64_t   gf_app_job_erasures(gf_app *app);

/* GF_ENOTFOUND "job.none" when there is none, it was forgotten, or it belongs to somebody else: the three look the same. */
gf_status gf_app_job_get(gf_app *app, gf_str owner, int64_t id, gf_arena *keep, gf_app_job *out, gf_error *err);
/* The owner's, the newest first, at most `room`. */
gf_status gf_app_jobs_of(gf_app *app, gf_str owner, gf_arena *keep, gf_app_job *out, size_t room, size_t *count, gf_error *err);
/* A piece of a kept result; false when there is none behind the last, with err->status GF_OK. */
bool      gf_app_job_part(gf_app *app, int64_t id, int64_t part, gf_arena *keep, gf_str *out, gf_error *err);
/* Its server shall stop it. Inside a batch. GF_OK also when it has ended; asks nothing of who it belongs to: gf_app_job_get() did. */
gf_status gf_app_job_cancel(gf_app *app, gf_str owner, int64_t id, gf_error *err);

/* ---- Between servers ---- */

/* A job of another server that has not ended, and its server's last sign of life; or one of one's own. */
typedef struct gf_app_job_sign { int64_t id, done, total; gf_utc_ms heard; gf_str owner; } gf_app_job_sign;

/* At most 256 of each. */
gf_status gf_app_jobs_elsewhere(gf_app *app, gf_str server, gf_arena *keep, gf_app_job_sign **out, size_t *count, gf_error *err);
/* Own jobs that somebody has asked to stop, through any server. */
gf_status gf_app_jobs_marked(gf_app *app, gf_str server, gf_arena *keep, gf_app_job_sign **out, size_t *count, gf_error *err);
/* Own jobs whose results were dropped because a person was erased. */
gf_status gf_app_jobs_dropped(gf_app *app, gf_str server, gf_arena *keep, gf_app_job_sign **out, size_t *count, gf_error *err);
/* A sign of life for every job of the server that has not ended. Inside a batch. */
gf_status gf_app_jobs_heard(gf_app *app, gf_str server, gf_error *err);
/* Told as failed with "job.lost"; *done false when its server has been heard since. Inside a batch. */
gf_status gf_app_job_lost(gf_app *app, const gf_app_job_sign *sign, bool *done, gf_error *err);
