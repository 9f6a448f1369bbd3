/* A list of jobs under one lock, and workers that wait for the next. A job's own function runs without the lock.
 *
 * Load: a handful of jobs at a time, each of seconds, so one list is scanned for every question. Results are files
 * without a name: they vanish with the process whatever happens, and a download that has begun outlives the job.
 */
#define _DEFAULT_SOURCE  /* mkstemp in older C libraries */
#include "job/gf_job.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORKERS_MAX = 4, WAITING_DEFAULT = 64 };
#define KEEP_DEFAULT_MS INT64_C(3600000)

struct gf_job {
    gf_jobs   *home;
    gf_job_view view;
    gf_job_fn *run;
    void      *context;
    void     (*release)(void *);
    bool       cancel;
    int        fd;                    /* of the result; -1 none */
    char      *answer;
    gf_job    *next;
};

struct gf_jobs {
    gf_jobs_options options;
    pthread_mutex_t lock;
    pthread_cond_t  filled;
    pthread_t       threads[WORKERS_MAX];
    unsigned        thread_count;
    gf_job         *jobs;             /* the newest first */
    int64_t         last_id;
    size_t          waiting;
    bool            closing;
};

const char *gf_job_state_name(gf_job_state state)
{
    static const char *const NAMES[] = { "waiting", "running", "done", "failed", "cancelled" };
    static_assert(GF_COUNT(NAMES) == GF_JOB_CANCELLED + 1, "every state has a name");
    assert((size_t)state < GF_COUNT(NAMES));
    return NAMES[state];
}

static void drop(gf_job *job)
{
    if (job->release)
        job->release(job->context);
    if (job->fd >= 0)
        (void)close(job->fd);
    free(job->answer);
    free(job);
}

static bool has_ended(const gf_job *job) { return job->view.state > GF_JOB_RUNNING; }

/* Under the lock: forget what ended long ago. */
static void forget_old(gf_jobs *jobs)
{
    gf_utc_ms before = jobs->options.now() - jobs->options.keep_ms;
    for (gf_job **at = &jobs->jobs; *at;) {
        gf_job *job = *at;
        if (!has_ended(job) || job->view.ended > before) {
            at = &job->next;
            continue;
        }
        *at = job->next;
        drop(job);
    }
}

static void tell(gf_jobs *jobs, const gf_job_view *view)
{
    if (jobs->options.changed)
        jobs->options.changed(jobs->options.context, view);
}

/* ---- Workers ---- */

static gf_job *oldest_waiting(gf_jobs *jobs)
{
    gf_job *found = NULL;
    for (gf_job *job = jobs->jobs; job; job = job->next)
        if (job->view.state == GF_JOB_WAITING)
            found = job;
    return found;
}

static gf_job *take(gf_jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->lock);
    gf_job *job = NULL;
    while (!jobs->closing && !(job = oldest_waiting(jobs)))
        (void)pthread_cond_wait(&jobs->filled, &jobs->lock);
    if (jobs->closing)
        job = NULL;
    if (job) {
        assert(jobs->waiting > 0);
        jobs->waiting--;
        job->view.state = GF_JOB_RUNNING;
        job->view.started = jobs->options.now();
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return job;
}

static void *work(void *context)
{
    gf_jobs *jobs = context;
    gf_job *job;
    while ((job = take(jobs)) != NULL) {
        gf_error err = { .status = GF_OK, .code = "" };
        tell(jobs, &job->view);
        gf_status status = job->run(job, job->context, &err);
        (void)pthread_mutex_lock(&jobs->lock);
        assert(job->view.state == GF_JOB_RUNNING);  /* only its worker ends it: nobody forgot or cancelled it under its feet */
        job->view.state = status == GF_OK ? GF_JOB_DONE : status == GF_ECANCELLED ? GF_JOB_CANCELLED : GF_JOB_FAILED;
        job->view.error = err;
        job->view.ended = jobs->options.now();
        job->view.has_result = job->fd >= 0;
        gf_job_view view = job->view;
        (void)pthread_mutex_unlock(&jobs->lock);
        tell(jobs, &view);
    }
    return NULL;
}

gf_jobs *gf_jobs_open(const gf_jobs_options *options)
{
    gf_jobs *jobs = calloc(1, sizeof *jobs);
    if (!jobs)
        return NULL;
    jobs->options = *options;
    jobs->options.waiting_max = options->waiting_max ? options->waiting_max : WAITING_DEFAULT;
    jobs->options.keep_ms = options->keep_ms ? options->keep_ms : KEEP_DEFAULT_MS;
    (void)pthread_mutex_init(&jobs->lock, NULL);
    (void)pthread_cond_init(&jobs->filled, NULL);
    unsigned workers = options->workers ? options->workers : 1;
    for (; jobs->thread_count < workers && jobs->thread_count < WORKERS_MAX; jobs->thread_count++)
        if (pthread_create(&jobs->threads[jobs->thread_count], NULL, work, jobs) != 0)
            break;
    if (jobs->thread_count)
        return jobs;
    gf_jobs_close(jobs);
    return NULL;
}

void gf_jobs_stop(gf_jobs *jobs)
{
    if (!jobs)
        return;
    (void)pthread_mutex_lock(&jobs->lock);
    jobs->closing = true;
    for (gf_job *job = jobs->jobs; job; job = job->next)
        __atomic_store_n(&job->cancel, true, __ATOMIC_RELAXED);
    (void)pthread_cond_broadcast(&jobs->filled);
    (void)pthread_mutex_unlock(&jobs->lock);
    for (unsigned i = 0; i < jobs->thread_count; i++)
        (void)pthread_join(jobs->threads[i], NULL);
    jobs->thread_count = 0;
}

void gf_jobs_close(gf_jobs *jobs)
{
    if (!jobs)
        return;
    gf_jobs_stop(jobs);
    while (jobs->jobs) {
        gf_job *job = jobs->jobs;
        jobs->jobs = job->next;
        drop(job);
    }
    (void)pthread_cond_destroy(&jobs->filled);
    (void)pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

/* ---- From outside ---- */

gf_status gf_jobs_add(gf_jobs *jobs, const gf_job_order *order, int64_t *id, gf_error *err)
{
    gf_job *job = calloc(1, sizeof *job);
    if (!job) {
        if (order->release)
            order->release(order->context);
        return gf_fail_memory(err);
    }
    *job = (gf_job){ .home = jobs, .run = order->run, .context = order->context, .release = order->release, .fd = -1 };
    (void)snprintf(job->view.owner, sizeof job->view.owner, "%s", order->owner);
    (void)snprintf(job->view.kind, sizeof job->view.kind, "%s", order->kind);
    (void)snprintf(job->view.label, sizeof job->view.label, "%s", order->label);
    job->view.error.code = "";
    (void)pthread_mutex_lock(&jobs->lock);
    forget_old(jobs);
    bool room = jobs->waiting < jobs->options.waiting_max && !jobs->closing;
    if (room) {
        *id = job->view.id = order->id ? order->id : ++jobs->last_id;
        job->next = jobs->jobs;
        jobs->jobs = job;
        jobs->waiting++;
        (void)pthread_cond_signal(&jobs->filled);
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    if (room)
        return GF_OK;
    drop(job);
    return gf_fail(err, GF_ELIMIT, "job.many", "Wait until one of them has ended.", "too many jobs wait already");
}

static gf_job *find(gf_jobs *jobs, const char *owner, int64_t id)
{
    for (gf_job *job = jobs->jobs; job; job = job->next)
        if (job->view.id == id && strcmp(job->view.owner, owner) == 0)
            return job;
    return NULL;
}

static gf_status fail_none(int64_t id, gf_error *err)
{
    return gf_fail(err, GF_ENOTFOUND, "job.none", "Jobs are forgotten after an hour.", "there is no job %lld", (long long)id);
}

static void copy_view(const gf_job *job, gf_arena *keep, gf_job_view *out)
{
    *out = job->view;
    out->answer = gf_str_copy(keep, gf_str_of(job->answer));
}

gf_status gf_jobs_get(gf_jobs *jobs, const char *owner, int64_t id, gf_arena *keep, gf_job_view *out, gf_error *err)
{
    (void)pthread_mutex_lock(&jobs->lock);
    const gf_job *job = find(jobs, owner, id);
    if (job)
        copy_view(job, keep, out);
    (void)pthread_mutex_unlock(&jobs->lock);
    return job ? GF_OK : fail_none(id, err);
}

size_t gf_jobs_list(gf_jobs *jobs, const char *owner, gf_arena *keep, gf_job_view *out, size_t room)
{
    size_t count = 0;
    (void)pthread_mutex_lock(&jobs->lock);
    for (const gf_job *job = jobs->jobs; job && count < room; job = job->next)
        if (strcmp(job->view.owner, owner) == 0)
            copy_view(job, keep, &out[count++]);
    (void)pthread_mutex_unlock(&jobs->lock);
    return count;
}

gf_status gf_jobs_cancel(gf_jobs *jobs, const char *owner, int64_t id, gf_error *err)
{
    (void)pthread_mutex_lock(&jobs->lock);
    gf_job *job = find(jobs, owner, id);
    gf_job_view view;
    bool never_ran = job && job->view.state == GF_JOB_WAITING;
    if (job)
        __atomic_store_n(&job->cancel, true, __ATOMIC_RELAXED);
    if (never_ran) {
        job->view.state = GF_JOB_CANCELLED;
        job->view.ended = jobs->options.now();
        view = job->view;
        assert(jobs->waiting > 0);
        jobs->waiting--;
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    if (never_ran)
        tell(jobs, &view);
    return job ? GF_OK : fail_none(id, err);
}

gf_status gf_jobs_result(gf_jobs *jobs, const char *owner, int64_t id, int *fd, char file_name[GF_JOB_TEXT_BYTES], gf_error *err)
{
    (void)pthread_mutex_lock(&jobs->lock);
    const gf_job *job = find(jobs, owner, id);
    *fd = job && job->fd >= 0 && has_ended(job) ? fcntl(job->fd, F_DUPFD_CLOEXEC, 3) : -1;
    if (*fd >= 0)
        memcpy(file_name, job->view.file_name, GF_JOB_TEXT_BYTES);
    (void)pthread_mutex_unlock(&jobs->lock);
    if (!job)
        return fail_none(id, err);
    return *fd >= 0 ? GF_OK : gf_fail(err, GF_ENOTFOUND, "job.result", "Wait until the job is done.", "job %lld has no result", (long long)id);
}

void gf_jobs_drop_result(gf_jobs *jobs, int64_t id)
{
    (void)pthread_mutex_lock(&jobs->lock);
    for (gf_job *job = jobs->jobs; job; job = job->next)
        if (job->view.id == id && has_ended(job)) {
            if (job->fd >= 0)
                (void)close(job->fd);
            free(job->answer);
            job->fd = -1;
            job->answer = NULL;
            job->view.has_result = false;
        }
    (void)pthread_mutex_unlock(&jobs->lock);
}

/* ---- From inside ---- */

bool gf_job_step(gf_job *job, int64_t done, int64_t total)
{
    gf_jobs *jobs = job->home;
    (void)pthread_mutex_lock(&jobs->lock);
    bool news = total == 0 || job->view.total != total || done * 50 / total != job->view.done * 50 / total;
    job->view.done = done;
    job->view.total = total;
    gf_job_view view = job->view;
    (void)pthread_mutex_unlock(&jobs->lock);
    if (news)
        tell(jobs, &view);
    return !__atomic_load_n(&job->cancel, __ATOMIC_RELAXED);
}

gf_status gf_job_cancelled(gf_error *err) { return gf_fail(err, GF_ECANCELLED, "job.cancelled", "", "stopped on request; nothing was changed"); }

static const char *temp_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder && strlen(folder) < 100 ? folder : "/tmp";
}

gf_status gf_job_temp_path(char out[GF_JOB_TEXT_BYTES], gf_error *err)
{
    (void)snprintf(out, GF_JOB_TEXT_BYTES, "%s/gongfu-job-XXXXXX", temp_folder());
    int fd = mkstemp(out);
    if (fd < 0)
        return gf_fail(err, GF_EIO, "job.file", "See that there is room in the folder of TMPDIR.", "a file for the result cannot be made: %s", strerror(errno));
    (void)close(fd);
    return GF_OK;
}

static gf_status keep_fd(gf_job *job, const char *file_name, int fd)
{
    (void)pthread_mutex_lock(&job->home->lock);
    if (job->fd >= 0)
        (void)close(job->fd);
    job->fd = fd;
    (void)snprintf(job->view.file_name, sizeof job->view.file_name, "%s", file_name);
    (void)pthread_mutex_unlock(&job->home->lock);
    return GF_OK;
}

gf_status gf_job_keep_file(gf_job *job, const char *file_name, const char *path, gf_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    (void)unlink(path);  /* the descriptor keeps it */
    return fd >= 0 ? keep_fd(job, file_name, fd) : gf_fail(err, GF_EIO, "job.file", "", "the result cannot be read back: %s", strerror(errno));
}

gf_status gf_job_keep_text(gf_job *job, const char *file_name, gf_str bytes, gf_error *err)
{
    char path[GF_JOB_TEXT_BYTES];
    gf_status status = gf_job_temp_path(path, err);
    int fd = status == GF_OK ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    bool ok = fd >= 0;
    while (ok && bytes.len) {
        ssize_t wrote = write(fd, bytes.data, bytes.len);
        ok = wrote > 0 || (wrote < 0 && errno == EINTR);
        bytes = gf_str_slice(bytes, wrote > 0 ? (size_t)wrote : 0, bytes.len);
    }
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    if (status == GF_OK && !ok) {
        (void)unlink(path);
        status = gf_fail(err, GF_EIO, "job.file", "See that there is room in the folder of TMPDIR.", "the result cannot be written");
    }
    return status == GF_OK ? gf_job_keep_file(job, file_name, path, err) : status;
}

void gf_job_answer(gf_job *job, gf_str json)
{
    char *copy = strndup(json.data, json.len);
    (void)pthread_mutex_lock(&job->home->lock);
    free(job->answer);
    job->answer = copy;
    (void)pthread_mutex_unlock(&job->home->lock);
}
