/* This server among others on the same store: what it tells them, what it hears of them.
 *
 * Told: news, with the batch that they are of; jobs, when they are ordered, begin and end, and how far they are once a second
 * while that changes. A job's end is told to nobody before it is kept: whoever hears of it may ask any server.
 * Heard: a thread asks twice a second whether another connection has written (one number, nothing is read when none has), and
 * then for news, for marks on jobs of ours, and for jobs of others. A job whose server has not been heard for half a minute, by
 * the steady clock here, is lost: clocks of two machines are never compared. An idle server writes nothing.
 */
#define _DEFAULT_SOURCE
#include "api/servers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TURN_MS = 500, NOTE_MS = 1000, HEARD_MS = 5000, LOST_MS = 30000, WAITED_MS = 2000, OTHERS_MAX = 256, NOTES_MAX = 64, PARTS_A_BATCH = 4, DATA_BYTES = 200 };
enum { TURN_MIB = 8, END_MIB = 128, ERASURES_UNREAD = -2 };

/* A job of this server until its end is kept. */
typedef struct own_job {
    gf_job_view     view;
    int64_t         erasures;         /* when it began; -1 unknown */
    bool            dirty, saving, warned;
    struct own_job *next;
} own_job;

typedef struct other_job { gf_app_job_sign sign; char owner[GF_JOB_TEXT_BYTES]; int64_t since_ms; } other_job;

struct servers {
    api_state      *api;
    char            name[GF_APP_SERVER_BYTES];
    pthread_mutex_t lock;             /* over `own` and `stopping` */
    pthread_cond_t  wake;
    own_job        *own;
    bool            stopping, started;
    pthread_t       thread;
    gf_app         *app;              /* this and all below: of the thread alone */
    int64_t         moved, news, noted_ms, heard_ms;
    other_job       others[OTHERS_MAX];
    size_t          other_count;
};

static int64_t steady_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static gf_str name_of(const servers *s) { return gf_str_of(s->name); }

const char *servers_name(const servers *s) { return s->name; }

/* ---- News ---- */

static void publish(api_state *api, const gf_app_news *n)
{
    if (api->server)
        gf_http_publish(api->server, n->name, n->topic, n->owner, n->data);
}

/* Texts are borrowed from the view and the buffers. */
static gf_app_news job_news(const gf_job_view *view, char subject[24], char data[DATA_BYTES])
{
    (void)snprintf(subject, 24, "%lld", (long long)view->id);
    (void)snprintf(data, DATA_BYTES, "{\"id\":%lld,\"state\":\"%s\",\"done\":%lld,\"total\":%lld}", (long long)view->id, gf_job_state_name(view->state), (long long)view->done, (long long)view->total);
    return (gf_app_news){ GF_STR("job"), gf_str_of(subject), GF_STR("job"), gf_str_of(view->owner), gf_str_of(data) };
}

static gf_app_news pending_news(const pending_event *e)
{
    return (gf_app_news){ gf_str_of(e->name), gf_str_of(e->topic), gf_str_of(e->topic), gf_str_of(e->owner), gf_str_of(e->data) };
}

gf_status servers_keep_pending(api_state *api, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < api->pending_count; i++) {
        const gf_app_news n = pending_news(&api->pending[i]);
        status = gf_app_news_keep(api->writer, name_of(api->servers), &n, err);
    }
    return status;
}

void servers_publish_pending(api_state *api)
{
    for (size_t i = 0; i < api->pending_count; i++) {
        const gf_app_news n = pending_news(&api->pending[i]);
        publish(api, &n);
    }
}

void servers_tell_change(api_state *api, const char *reg)
{
    char data[DATA_BYTES];
    gf_app *app = NULL;
    (void)snprintf(data, sizeof data, "{\"register\":\"%s\"}", reg);
    const gf_app_news n = { GF_STR("changed"), gf_str_of(reg), gf_str_of(reg), { "", 0 }, gf_str_of(data) };
    publish(api, &n);
    if (api_borrow(api, &api->writers, &app, NULL) == GF_OK && gf_app_batch_begin(app, NULL) == GF_OK) {
        (void)gf_app_news_keep(app, name_of(api->servers), &n, NULL);
        (void)gf_app_batch_end(app, NULL);  /* when it fails others hear of it with the next change */
    }
    api_return(api, &api->writers, app);
}

/* ---- Jobs of this server ---- */

/* Under the lock. */
static own_job *find_own(servers *s, int64_t id)
{
    own_job *j = s->own;
    while (j && j->view.id != id)
        j = j->next;
    return j;
}

static void forget_own(servers *s, int64_t id)
{
    (void)pthread_mutex_lock(&s->lock);
    for (own_job **at = &s->own; *at; at = &(*at)->next)
        if ((*at)->view.id == id) {
            own_job *gone = *at;
            *at = gone->next;
            free(gone);
            break;
        }
    (void)pthread_mutex_unlock(&s->lock);
}

/* A label was cut to its room by whoever made it: not within a character. */
static gf_str whole_characters(const char *text)
{
    gf_str all = gf_str_of(text);
    size_t bad = all.len;
    return gf_utf8_valid(all, &bad) ? all : gf_str_slice(all, 0, bad);
}

gf_status servers_add_job(api_state *api, gf_app *app, gf_job_order *order, int64_t *id, gf_error *err)
{
    servers *s = api->servers;
    const gf_app_job job = { .server = name_of(s), .owner = gf_str_of(order->owner), .kind = gf_str_of(order->kind), .label = whole_characters(order->label) };
    own_job *own = calloc(1, sizeof *own);
    gf_status status = own ? gf_app_job_add(app, &job, id, err) : gf_fail_memory(err);
    if (status != GF_OK) {
        free(own);
        if (order->release)
            order->release(order->context);
        return status;
    }
    own->view = (gf_job_view){ .id = *id, .state = GF_JOB_WAITING, .error.code = "" };
    own->erasures = ERASURES_UNREAD;
    (void)snprintf(own->view.owner, sizeof own->view.owner, "%s", order->owner);
    (void)snprintf(own->view.kind, sizeof own->view.kind, "%s", order->kind);
    (void)snprintf(own->view.label, sizeof own->view.label, "%s", order->label);
    (void)pthread_mutex_lock(&s->lock);
    own->next = s->own;
    s->own = own;
    (void)pthread_mutex_unlock(&s->lock);
    order->id = *id;
    int64_t same;
    status = gf_jobs_add(api->jobs, order, &same, err);
    if (status != GF_OK)
        forget_own(s, *id);
    return status;
}

gf_status servers_add_job_alone(api_state *api, gf_app *app, gf_job_order *order, int64_t *id, gf_error *err)
{
    gf_status status = gf_app_batch_begin(app, err);
    if (status != GF_OK) {
        if (order->release)
            order->release(order->context);
        return status;
    }
    status = gf_app_part_begin(app, &GF_APP_ACTOR_CLI, err);
    const char *owner = order->owner;
    if (status == GF_OK)
        status = gf_app_part_end(app, &GF_APP_ACTOR_CLI, servers_add_job(api, app, order, id, err), err);
    else if (order->release)
        order->release(order->context);
    gf_status ended = gf_app_batch_end(app, status == GF_OK ? err : NULL);
    if (status == GF_OK && ended != GF_OK)
        (void)gf_jobs_cancel(api->jobs, owner, *id, NULL);
    return status == GF_OK ? ended : status;
}

static gf_app_job as_kept(const servers *s, const gf_job_view *view)
{
    gf_app_job job = { .id = view->id, .server = name_of(s), .owner = gf_str_of(view->owner), .kind = gf_str_of(view->kind), .label = whole_characters(view->label),
                       .state = gf_str_of(gf_job_state_name(view->state)), .done = view->done, .total = view->total, .started = view->started, .ended = view->ended,
                       .file_name = whole_characters(view->file_name), .answer = view->answer, .error = view->error };
    job.error.status = view->state == GF_JOB_FAILED || view->state == GF_JOB_CANCELLED ? view->error.status : GF_OK;
    return job;
}

/* The bytes of the result, some pieces to a batch. */
static gf_status keep_pieces(gf_app *app, int64_t id, int fd, off_t size, gf_arena *arena, gf_error *err)
{
    char *piece = gf_new(arena, char, GF_APP_PART_BYTES);
    gf_status status = piece ? GF_OK : gf_fail_memory(err);
    for (int64_t part = 0; status == GF_OK && part * GF_APP_PART_BYTES < size;) {
        status = gf_app_batch_begin(app, err);
        if (status != GF_OK)
            break;
        if (part == 0)
            status = gf_app_job_drop_parts(app, id, err);
        for (int i = 0; status == GF_OK && i < PARTS_A_BATCH && part * GF_APP_PART_BYTES < size; i++, part++) {
            off_t at = (off_t)(part * GF_APP_PART_BYTES);
            size_t len = size - at < GF_APP_PART_BYTES ? (size_t)(size - at) : GF_APP_PART_BYTES;
            status = pread(fd, piece, len, at) == (ssize_t)len ? gf_app_job_keep_part(app, id, part, (gf_str){ piece, len }, err)
                                                                : gf_fail(err, GF_EIO, "job.file", "", "the result cannot be read back");
        }
        gf_status ended = gf_app_batch_end(app, status == GF_OK ? err : NULL);
        status = status == GF_OK ? ended : status;
    }
    return status;
}

static gf_status keep_result(servers *s, gf_app *app, const gf_job_view *view, gf_arena *arena, gf_app_result *kept, gf_error *err)
{
    char name[GF_JOB_TEXT_BYTES];
    int fd = -1;
    *kept = GF_APP_RESULT_NONE;
    if (!view->has_result || gf_jobs_result(s->api->jobs, view->owner, view->id, &fd, name, NULL) != GF_OK)
        return GF_OK;
    off_t size = lseek(fd, 0, SEEK_END);  /* readers of the same file name their offsets */
    *kept = size >= 0 && size <= GF_APP_RESULT_BYTES_MAX ? GF_APP_RESULT_KEPT : GF_APP_RESULT_LARGE;
    gf_status status = *kept == GF_APP_RESULT_KEPT ? keep_pieces(app, view->id, fd, size, arena, err) : GF_OK;
    (void)close(fd);
    return status;
}

static gf_status write_end(servers *s, gf_app *app, gf_job_view *view, int64_t erasures, gf_error *err)
{
    char subject[24], data[DATA_BYTES];
    gf_app_result kept = GF_APP_RESULT_NONE;
    gf_job_view whole;
    gf_arena *arena = gf_arena_open((size_t)END_MIB * GF_MIB);
    gf_status status = arena ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK && gf_jobs_get(s->api->jobs, view->owner, view->id, arena, &whole, NULL) == GF_OK)
        view->answer = whole.answer;
    if (status == GF_OK)
        status = keep_result(s, app, view, arena, &kept, err);
    if (status == GF_OK)
        status = gf_app_batch_begin(app, err);
    if (status == GF_OK) {
        gf_app_job job = as_kept(s, view);
        const gf_app_news n = job_news(view, subject, data);
        job.result = kept;
        status = gf_app_job_end(app, &job, erasures, &kept, err);
        if (status == GF_OK)
            status = gf_app_news_keep(app, name_of(s), &n, err);
        gf_status ended = gf_app_batch_end(app, status == GF_OK ? err : NULL);
        status = status == GF_OK ? ended : status;
    }
    if (status == GF_OK && kept == GF_APP_RESULT_DROPPED)
        gf_jobs_drop_result(s->api->jobs, view->id);
    view->answer = (gf_str){ "", 0 };  /* it was the arena's */
    gf_arena_close(arena);
    return status;
}

/* One that has ended, and that nobody is writing down just now. id 0 = any. */
static bool claim_ended(servers *s, int64_t id, gf_job_view *view, int64_t *erasures)
{
    (void)pthread_mutex_lock(&s->lock);
    own_job *j = s->own;
    while (j && !(j->view.state > GF_JOB_RUNNING && !j->saving && (id == 0 || j->view.id == id)))
        j = j->next;
    if (j) {
        j->saving = true;
        *view = j->view;
        *erasures = j->erasures;
    }
    (void)pthread_mutex_unlock(&s->lock);
    return j != NULL;
}

/* True when one was written down; false when there is none, or the store could not be written: the thread tries again. */
static bool save_end(servers *s, int64_t id)
{
    gf_job_view view;
    gf_error err = { .status = GF_OK };
    int64_t erasures;
    gf_app *app = NULL;
    char subject[24], data[DATA_BYTES];
    if (!claim_ended(s, id, &view, &erasures))
        return false;
    gf_status status = api_borrow(s->api, &s->api->writers, &app, &err);
    if (status == GF_OK)
        status = write_end(s, app, &view, erasures, &err);
    api_return(s->api, &s->api->writers, app);
    if (status == GF_OK) {
        forget_own(s, view.id);
        const gf_app_news n = job_news(&view, subject, data);
        publish(s->api, &n);
        return true;
    }
    (void)pthread_mutex_lock(&s->lock);
    own_job *j = find_own(s, view.id);
    bool first = j && !j->warned;
    if (j) {
        j->saving = false;
        j->warned = true;
    }
    (void)pthread_mutex_unlock(&s->lock);
    if (first)  /* it is tried twice a second */
        gf_log_line("warn", "job", "id=%lld code=%s", (long long)view.id, err.code ? err.code : "");
    return false;
}

/* How a job of ours stands, as it is to be written down. */
typedef struct standing { gf_job_view view; int64_t erasures; } standing;

static gf_status note_all(servers *s, gf_app *app, const standing *all, size_t count)
{
    char subject[24], data[DATA_BYTES];
    gf_status status = gf_app_batch_begin(app, NULL);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        bool open = false;
        const gf_app_job job = as_kept(s, &all[i].view);
        const gf_app_news n = job_news(&all[i].view, subject, data);
        status = gf_app_job_note(app, &job, all[i].erasures, &open, NULL);
        if (status == GF_OK && open)  /* it may have ended meanwhile: the end is not to be told over */
            status = gf_app_news_keep(app, name_of(s), &n, NULL);
    }
    if (status == GF_OK)
        status = gf_app_jobs_heard(app, name_of(s), NULL);
    gf_status ended = gf_app_batch_end(app, NULL);
    return status == GF_OK ? ended : status;
}

/* Before it reads anything: whoever is erased from here on takes its result along. That it runs is kept at once, so that no
 * two servers tell it in another order; when that fails the thread does it. */
static void note_begin(servers *s, const gf_job_view *view)
{
    gf_app *app = NULL;
    int64_t count = -1;
    bool noted = false;
    if (api_borrow(s->api, &s->api->writers, &app, NULL) == GF_OK) {
        count = gf_app_job_erasures(app);
        const standing now = { *view, count };
        noted = note_all(s, app, &now, 1) == GF_OK;
    }
    api_return(s->api, &s->api->writers, app);
    (void)pthread_mutex_lock(&s->lock);
    own_job *j = find_own(s, view->id);
    if (j) {
        j->erasures = count;
        j->dirty = !noted;
    }
    (void)pthread_mutex_unlock(&s->lock);
}

void servers_job_changed(void *context, const gf_job_view *view)
{
    api_state *api = context;
    servers *s = api->servers;
    char subject[24], data[DATA_BYTES];
    (void)pthread_mutex_lock(&s->lock);
    own_job *j = find_own(s, view->id);
    bool begins = j && j->erasures == ERASURES_UNREAD && view->state == GF_JOB_RUNNING;
    if (j) {
        j->view = *view;
        j->view.answer = (gf_str){ "", 0 };  /* read when it is written down */
        j->dirty = true;
    }
    (void)pthread_mutex_unlock(&s->lock);
    if (begins)
        note_begin(s, view);
    if (view->state > GF_JOB_RUNNING) {
        (void)save_end(s, view->id);
        return;
    }
    const gf_app_news n = job_news(view, subject, data);
    publish(api, &n);
}

/* ---- The thread ---- */

/* Jobs that have moved on, and whether any has not ended. */
static size_t gather(servers *s, standing *out, size_t room, bool *running)
{
    size_t count = 0;
    *running = false;
    (void)pthread_mutex_lock(&s->lock);
    for (own_job *j = s->own; j; j = j->next) {
        bool open = j->view.state <= GF_JOB_RUNNING;
        *running = *running || open;
        if (open && j->dirty && out && count < room) {
            out[count++] = (standing){ j->view, j->erasures };
            j->dirty = false;
        }
    }
    (void)pthread_mutex_unlock(&s->lock);
    return count;
}

static void note(servers *s, gf_arena *arena)
{
    int64_t now = steady_ms();
    bool running, due = now - s->noted_ms >= NOTE_MS;
    standing *all = due ? gf_new(arena, standing, NOTES_MAX) : NULL;
    size_t count = gather(s, all, NOTES_MAX, &running);
    if (!count && !(running && now - s->heard_ms >= HEARD_MS))
        return;
    for (size_t i = 0; i < count; i++) {
        gf_job_view whole;
        if (gf_jobs_get(s->api->jobs, all[i].view.owner, all[i].view.id, arena, &whole, NULL) == GF_OK)
            all[i].view.answer = whole.answer;
    }
    if (note_all(s, s->app, all, count) == GF_OK)
        s->heard_ms = now;
    s->noted_ms = now;
}

static other_job *find_other(servers *s, int64_t id)
{
    for (size_t i = 0; i < s->other_count; i++)
        if (s->others[i].sign.id == id)
            return &s->others[i];
    return NULL;
}

static gf_status hear_others(servers *s, gf_arena *arena)
{
    gf_app_job_sign *signs;
    size_t count, n = 0;
    int64_t now = steady_ms();
    gf_status status = gf_app_jobs_elsewhere(s->app, name_of(s), arena, &signs, &count, NULL);
    other_job *next = status == GF_OK ? gf_new(arena, other_job, OTHERS_MAX) : NULL;
    for (; next && n < count && n < OTHERS_MAX; n++) {
        const other_job *before = find_other(s, signs[n].id);
        bool same = before && before->sign.heard == signs[n].heard;
        next[n] = (other_job){ .sign = signs[n], .since_ms = same ? before->since_ms : now };
        (void)snprintf(next[n].owner, sizeof next[n].owner, "%.*s", GF_STR_ARG(signs[n].owner));
    }
    if (!next)
        return status == GF_OK ? GF_ENOMEM : status;
    memcpy(s->others, next, n * sizeof *next);
    s->other_count = n;
    return GF_OK;
}

static gf_status hear_news(servers *s, gf_arena *arena)
{
    gf_app_news *news;
    size_t count = 1;
    gf_status status = GF_OK;
    while (status == GF_OK && count) {
        gf_mark mark = gf_arena_mark(arena);
        status = gf_app_news_read(s->app, name_of(s), &s->news, arena, &news, &count, NULL);
        for (size_t i = 0; status == GF_OK && i < count; i++)
            publish(s->api, &news[i]);
        gf_arena_rewind(arena, mark);
    }
    return status;
}

/* What others ask of our jobs. */
static gf_status hear_marks(servers *s, gf_arena *arena)
{
    gf_app_job_sign *signs;
    size_t count;
    gf_status status = gf_app_jobs_marked(s->app, name_of(s), arena, &signs, &count, NULL);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        (void)gf_jobs_cancel(s->api->jobs, gf_str_cstr(arena, signs[i].owner), signs[i].id, NULL);
    if (status == GF_OK)
        status = gf_app_jobs_dropped(s->app, name_of(s), arena, &signs, &count, NULL);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        gf_jobs_drop_result(s->api->jobs, signs[i].id);
    return status;
}

static void hear(servers *s, gf_arena *arena)
{
    gf_status status = hear_news(s, arena);
    if (status == GF_OK)
        status = hear_marks(s, arena);
    if (status == GF_OK)
        status = hear_others(s, arena);
    if (status != GF_OK)
        s->moved = -1;  /* ask again with the next turn */
}

/* When the right to write was long in coming, that may be what kept the other silent. */
static bool tell_lost(servers *s, const other_job *other)
{
    char subject[24], data[DATA_BYTES];
    gf_job_view view = { .id = other->sign.id, .done = other->sign.done, .total = other->sign.total, .state = GF_JOB_FAILED };
    int64_t begun = steady_ms();
    bool lost = false;
    (void)snprintf(view.owner, sizeof view.owner, "%s", other->owner);
    if (gf_app_batch_begin(s->app, NULL) != GF_OK)
        return false;
    const gf_app_news n = job_news(&view, subject, data);
    bool ok = steady_ms() - begun < WAITED_MS && gf_app_job_lost(s->app, &other->sign, &lost, NULL) == GF_OK && lost && gf_app_news_keep(s->app, name_of(s), &n, NULL) == GF_OK;
    ok = gf_app_batch_end(s->app, NULL) == GF_OK && ok;
    if (ok) {
        gf_log_line("warn", "job_lost", "id=%lld", (long long)view.id);
        publish(s->api, &n);
    }
    return ok;
}

static void watch(servers *s)
{
    int64_t now = steady_ms();
    for (size_t i = 0; i < s->other_count;) {
        other_job *other = &s->others[i];
        if (now - other->since_ms < LOST_MS)
            i++;
        else if (tell_lost(s, other))
            *other = s->others[--s->other_count];
        else
            s->others[i++].since_ms = now;
    }
}

static void turn(servers *s)
{
    if (!s->app && api_borrow(s->api, &s->api->writers, &s->app, NULL) != GF_OK)
        return;
    gf_arena *arena = gf_arena_open((size_t)TURN_MIB * GF_MIB);
    if (!arena)
        return;
    while (save_end(s, 0))
        continue;
    if (gf_app_servers_moved(s->app, &s->moved))
        hear(s, arena);
    note(s, arena);
    watch(s);
    gf_arena_close(arena);
}

static void *run(void *context)
{
    servers *s = context;
    (void)pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        struct timespec until;
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TURN_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        if (pthread_cond_timedwait(&s->wake, &s->lock, &until) != ETIMEDOUT)
            continue;
        (void)pthread_mutex_unlock(&s->lock);
        turn(s);
        (void)pthread_mutex_lock(&s->lock);
    }
    (void)pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- Opening and closing ---- */

gf_status servers_open(api_state *api, gf_error *err)
{
    pthread_condattr_t steady;
    servers *s = api->servers = calloc(1, sizeof *s);
    if (!s)
        return gf_fail_memory(err);
    s->api = api;
    s->moved = -1;
    gf_app_server_name(s->name);
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&s->wake, &steady);
    (void)pthread_condattr_destroy(&steady);
    return gf_app_news_newest(api->writer, &s->news, err);
}

gf_status servers_start(api_state *api, gf_error *err)
{
    servers *s = api->servers;
    s->started = pthread_create(&s->thread, NULL, run, s) == 0;
    return s->started ? GF_OK : gf_fail(err, GF_EIO, "serve.threads", "Close other programs.", "a thread cannot be started");
}

/* What waits here will not run: nobody shall wait for it. */
static void leave(servers *s)
{
    for (own_job *j = s->own; j; j = j->next)
        if (j->view.state <= GF_JOB_RUNNING) {
            j->view.state = GF_JOB_FAILED;
            j->view.ended = gf_utc_now_ms();
            (void)gf_fail(&j->view.error, GF_ECANCELLED, "job.stopped", "Order it again.", "its server was stopped before it began");
        }
    while (save_end(s, 0))
        continue;
}

void servers_stop(api_state *api)
{
    servers *s = api->servers;
    if (!s)
        return;
    (void)pthread_mutex_lock(&s->lock);
    s->stopping = true;
    (void)pthread_cond_signal(&s->wake);
    (void)pthread_mutex_unlock(&s->lock);
    if (s->started)
        (void)pthread_join(s->thread, NULL);
    s->started = false;
    api_return(api, &api->writers, s->app);
    s->app = NULL;
    leave(s);
}

void servers_close(servers *s)
{
    if (!s)
        return;
    while (s->own) {
        own_job *gone = s->own;
        s->own = gone->next;
        free(gone);
    }
    (void)pthread_cond_destroy(&s->wake);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}
