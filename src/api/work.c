/* Jobs: what is ordered, how it stands, and its result. A job opens the books itself: it runs when the request that
 * ordered it is long answered. It runs here; what is told of it is what the store keeps, for every server of the store.
 */
#include "api/servers.h"
#include "api/work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_SHOWN = 50 };

static const struct { const char *kind; gf_status (*make)(making *, gf_error *); } KINDS[] = { { "report", work_report }, { "statement", work_statement }, { "export", work_export }, { "check", work_check },
    { "sights", work_sights }, { "land", work_land }, { "size", work_size }, { "water", work_water },
    { "village", work_village }, { "plants", work_plants } };

gf_app_actor work_actor(const order *o)
{
    return (gf_app_actor){ .user = gf_str_of(o->user), .name = gf_str_of(o->name), .role = gf_str_of(o->role), .scope = gf_str_of(o->actor_scope), .unit = gf_str_of(o->unit), .place = gf_str_of(o->place), .address = gf_str_of(o->address),
                           .demo = o->demo, .must_enrol = o->must_enrol };
}

static gf_status run_order(gf_job *job, void *context, gf_error *err)
{
    order *o = context;
    making m = { .o = o, .job = job, .arena = gf_arena_open((size_t)WORK_ARENA_MIB * GF_MIB) };
    m.actor = work_actor(o);
    gf_status status = m.arena ? api_borrow(o->api, &o->api->writers, &m.app, err) : gf_fail_memory(err);
    if (m.arena)
        gf_text_init(&m.text, m.arena);
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(KINDS); i++)
        if (strcmp(KINDS[i].kind, o->kind) == 0) {
            status = KINDS[i].make(&m, err);
            break;
        }
    api_return(o->api, &o->api->writers, m.app);
    gf_arena_close(m.arena);
    return status;
}

/* ---- Ordering ---- */

void work_put(char out[WORK_TEXT], gf_str value) { (void)snprintf(out, WORK_TEXT, "%.*s", GF_STR_ARG(value)); }

void work_take_actor(const api_call *call, order *o)
{
    const gf_app_actor *a = &call->session.actor;
    const struct { char *to; gf_str from; } WHO[] = { { o->user, a->user }, { o->name, a->name }, { o->role, a->role }, { o->actor_scope, a->scope }, { o->unit, a->unit }, { o->place, a->place },
                                                      { o->address, a->address } };
    for (size_t i = 0; i < GF_COUNT(WHO); i++)
        work_put(WHO[i].to, WHO[i].from);
    o->api = call->api;
    o->demo = a->demo;
    o->must_enrol = a->must_enrol;
}

static bool is_ours(const api_call *call, const gf_app_job *job) { return gf_str_is(job->server, servers_name(call->api->servers)); }

static void write_error(const api_call *call, gf_json *json, const gf_app_job *job)
{
    gf_error said = job->error;
    if (api_reads_chinese(call->request))
        gf_report_fault_zh(&said);
    gf_json_error(json, "error", &said);
}

static void write_job(const api_call *call, gf_json *json, const gf_app_job *job)
{
    char at[GF_UTC_BYTES], link[80];
    bool has_result = job->ended && (job->result == GF_APP_RESULT_KEPT || job->result == GF_APP_RESULT_LARGE);
    gf_json_begin(json, NULL, '{');
    gf_json_int(json, "id", job->id);
    gf_json_str(json, "kind", job->kind);
    gf_json_str(json, "label", job->label);
    gf_json_str(json, "state", job->state);
    gf_json_int(json, "done", job->done);
    gf_json_int(json, "total", job->total);
    if (job->started)
        gf_json_str(json, "started_utc", (gf_str){ at, gf_utc_format(job->started, at) });
    else
        gf_json_null(json, "started_utc");
    if (gf_str_is(job->state, gf_job_state_name(GF_JOB_FAILED)))
        write_error(call, json, job);
    else
        gf_json_null(json, "error");
    (void)snprintf(link, sizeof link, "/api/v1/jobs/%lld/result", (long long)job->id);
    gf_json_cstr(json, "result", has_result ? link : NULL);
    if (has_result)
        gf_json_str(json, "file_name", job->file_name);
    else
        gf_json_null(json, "file_name");
    if (job->answer.len) {
        gf_text_add_c(json->out, ",\"answer\":");
        gf_text_add(json->out, job->answer);
    } else
        gf_json_null(json, "answer");
    gf_json_end(json, '}');
}

gf_status work_send_job(api_call *call, int64_t id, int code, gf_error *err)
{
    gf_app_job job;
    gf_json json;
    gf_text text = api_text(call);
    gf_status status = gf_app_job_get(call->app, call->session.actor.user, id, call->arena, &job, err);
    if (status != GF_OK)
        return status;
    gf_json_init(&json, &text);
    write_job(call, &json, &job);
    status = api_send_text(call, &text, err);
    call->out->status = status == GF_OK ? code : 0;
    return status;
}

static void forget(void *context)
{
    order *o = context;
    if (o)
        free(o->village);
    free(o);
}

static gf_status take_village(const api_call *call, order *o, gf_error *err)
{
    gf_str told = api_field(call, "village");
    if (told.len)
        o->village = strndup(told.data, told.len);
    return told.len && !o->village ? gf_fail_memory(err) : GF_OK;
}

/* When the batch is not kept batch_end() cancels it. */
gf_status work_begin(api_call *call, gf_job_order *job, gf_error *err)
{
    api_state *api = call->api;
    int64_t id;
    begun_job made = { .undone = false };
    (void)snprintf(made.owner, sizeof made.owner, "%s", job->owner);
    gf_status status = servers_add_job(api, call->app, job, &id, err);  /* frees the order when it fails */
    if (status != GF_OK)
        return status;
    made.id = id;
    if (api->begun_count < API_BEGUN_MAX)
        api->begun[api->begun_count++] = made;
    return work_send_job(call, id, 202, err);
}

gf_status api_job_add(api_call *call, gf_error *err)
{
    order *o = calloc(1, sizeof *o);
    char label[WORK_TEXT * 6];
    if (!o)
        return gf_fail_memory(err);
    const struct { char *to; const char *name; } FIELDS[] = { { o->kind, "kind" }, { o->format, "format" }, { o->reg, "register" }, { o->programme, "programme" }, { o->origin, "origin" },
                                                              { o->scope, "scope" }, { o->on, "on" }, { o->design, "design" }, { o->from, "from" }, { o->to, "to" }, { o->lang, "lang" },
                                                              { o->of_project, "project" }, { o->of_place, "place" } };
    for (size_t i = 0; i < GF_COUNT(FIELDS); i++)
        work_put(FIELDS[i].to, api_field(call, FIELDS[i].name));
    o->seed = json_integer_value(json_object_get(call->body, "seed"));
    o->work = json_integer_value(json_object_get(call->body, "work"));
    if (!o->lang[0])
        work_put(o->lang, call->lang);
    work_take_actor(call, o);
    (void)snprintf(label, sizeof label, "%s %s %s%s%s", o->kind, o->format, o->reg, o->scope, o->programme);
    gf_job_order job = { o->user, o->kind, label, run_order, o, forget, 0 };
    gf_status status = take_village(call, o, err);
    if (status != GF_OK) {
        forget(o);
        return status;
    }
    return work_begin(call, &job, err);
}

/* In the name of the program itself: it may do what the command line may. */
gf_status work_order_own(api_state *api, const char *kind, gf_error *err)
{
    order *o = calloc(1, sizeof *o);
    int64_t id;
    if (!o)
        return gf_fail_memory(err);
    o->api = api;
    work_put(o->kind, gf_str_of(kind));
    work_put(o->format, GF_STR("json"));
    work_put(o->lang, GF_STR("zh"));
    work_put(o->user, GF_STR("system"));
    work_put(o->role, GF_STR("cli"));
    work_put(o->actor_scope, GF_STR("all"));
    gf_job_order job = { o->user, o->kind, o->kind, run_order, o, free, 0 };
    gf_app *app = NULL;
    gf_status status = api_borrow(api, &api->writers, &app, err);
    if (status == GF_OK)
        status = servers_add_job_alone(api, app, &job, &id, err);
    else
        free(o);
    api_return(api, &api->writers, app);
    return status;
}

static int64_t job_of(const api_call *call)
{
    int64_t id;
    return gf_str_to_int(call->request->params[0], &id) ? id : 0;
}

gf_status api_jobs(api_call *call, gf_error *err)
{
    gf_json json;
    size_t count;
    gf_text text = api_text(call);
    gf_app_job *jobs = gf_new(call->arena, gf_app_job, JOBS_SHOWN);
    if (!jobs)
        return gf_fail_memory(err);
    gf_status status = gf_app_jobs_of(call->app, call->session.actor.user, call->arena, jobs, JOBS_SHOWN, &count, err);
    if (status != GF_OK)
        return status;
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "jobs", '[');
    for (size_t i = 0; i < count; i++)
        write_job(call, &json, &jobs[i]);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    return api_send_text(call, &text, err);
}

gf_status api_job_get(api_call *call, gf_error *err) { return work_send_job(call, job_of(call), 200, err); }

/* The mark is kept first, then the job stopped: stopping one that waits is written down by a connection of its own. */
gf_status api_job_cancel(api_call *call, gf_error *err)
{
    gf_app_job job;
    gf_str owner = call->session.actor.user;
    gf_status status = gf_app_job_get(call->app, owner, job_of(call), call->arena, &job, err);
    if (status == GF_OK)
        status = gf_app_batch_begin(call->app, err);
    if (status != GF_OK)
        return status;
    status = gf_app_job_cancel(call->app, owner, job.id, err);
    gf_status ended = gf_app_batch_end(call->app, status == GF_OK ? err : NULL);
    status = status == GF_OK ? ended : status;
    if (status == GF_OK && is_ours(call, &job))
        (void)gf_jobs_cancel(call->api->jobs, gf_str_cstr(call->arena, owner), job.id, NULL);
    return status == GF_OK ? api_no_content(call) : status;
}

/* A result that another server made, or this one before it was started again, out of the store into a file without a name. */
static gf_status fetch(api_call *call, const gf_app_job *job, gf_error *err)
{
    char path[GF_JOB_TEXT_BYTES];
    gf_str piece;
    gf_error broken = { .status = GF_OK };
    gf_status status = gf_job_temp_path(path, err);
    int fd = status == GF_OK ? open(path, O_RDWR | O_CLOEXEC) : -1;
    bool ok = fd >= 0;
    if (status == GF_OK)
        (void)unlink(path);
    for (int64_t part = 0; ok; part++) {
        gf_mark mark = gf_arena_mark(call->arena);
        if (!gf_app_job_part(call->app, job->id, part, call->arena, &piece, &broken))
            break;
        for (size_t at = 0; ok && at < piece.len;) {
            ssize_t wrote = write(fd, piece.data + at, piece.len - at);
            ok = wrote > 0 || (wrote < 0 && errno == EINTR);
            at += wrote > 0 ? (size_t)wrote : 0;
        }
        gf_arena_rewind(call->arena, mark);
    }
    if (status == GF_OK && broken.status != GF_OK)
        status = (*err = broken).status;
    else if (status == GF_OK && !ok)
        status = gf_fail(err, GF_EIO, "job.file", "See that there is room in the folder of TMPDIR.", "the result cannot be written");
    if (status == GF_OK)
        call->out->fd = fd;
    else if (fd >= 0)
        (void)close(fd);
    return status;
}

static gf_status lend_result(api_call *call, const gf_app_job *job, gf_error *err)
{
    char name[GF_JOB_TEXT_BYTES];
    long long id = (long long)job->id;
    if (job->result == GF_APP_RESULT_DROPPED)
        return gf_fail(err, GF_ENOTFOUND, "job.dropped", "Order it again.", "the result of job %lld went with the text of a person who was erased", id);
    if (!job->ended || job->result == GF_APP_RESULT_NONE)
        return gf_fail(err, GF_ENOTFOUND, "job.result", "Wait until the job is done.", "job %lld has no result", id);
    if (is_ours(call, job) && gf_jobs_result(call->api->jobs, gf_str_cstr(call->arena, job->owner), job->id, &call->out->fd, name, NULL) == GF_OK)
        return GF_OK;
    if (job->result == GF_APP_RESULT_LARGE)
        return gf_fail(err, GF_ENOTFOUND, "job.far", "Ask again, or order it again.", "the result of job %lld is large and lies with the server that made it", id);
    call->out->slowly = call->request->lane == GF_HTTP_FAST;  /* it is copied out of the store first */
    return call->out->slowly ? GF_OK : fetch(call, job, err);
}

gf_status api_job_result(api_call *call, gf_error *err)
{
    static const struct { const char *ending, *type; } TYPES[] = {
        { ".pdf", "application/pdf" }, { ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }, { ".csv", "text/csv; charset=utf-8" },
        { ".xml", "application/xml" }, { ".json", "application/json" }, { ".md", "text/markdown; charset=utf-8" },
        { ".geojson", "application/geo+json" }, { ".inp", "text/plain; charset=utf-8" },
    };
    char header[GF_JOB_TEXT_BYTES + 40];
    gf_app_job job;
    gf_status status = gf_app_job_get(call->app, call->session.actor.user, job_of(call), call->arena, &job, err);
    if (status == GF_OK)
        status = lend_result(call, &job, err);
    if (status != GF_OK || call->out->slowly)
        return status;
    call->out->type = "application/octet-stream";
    for (size_t i = 0; i < GF_COUNT(TYPES); i++)
        if (gf_str_ends(job.file_name, gf_str_of(TYPES[i].ending)))
            call->out->type = TYPES[i].type;
    (void)snprintf(header, sizeof header, "attachment; filename=\"%.*s\"", GF_STR_ARG(gf_str_slice(job.file_name, 0, GF_JOB_TEXT_BYTES)));
    (void)gf_http_add_header(call->request, call->out, "Content-Disposition", gf_str_of(header));
    return GF_OK;
}
