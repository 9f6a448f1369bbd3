/* Jobs: what is ordered, how it stands, and its result. A job opens the books itself: it runs when the request that
 * ordered it is long answered.
 */
#include "api/work.h"

#include <stdlib.h>
#include <string.h>

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

static void write_job(const api_call *call, gf_json *json, const gf_job_view *view)
{
    char at[GF_UTC_BYTES], link[80];
    gf_json_begin(json, NULL, '{');
    gf_json_int(json, "id", view->id);
    gf_json_cstr(json, "kind", view->kind);
    gf_json_cstr(json, "label", view->label);
    gf_json_cstr(json, "state", gf_job_state_name(view->state));
    gf_json_int(json, "done", view->done);
    gf_json_int(json, "total", view->total);
    if (view->started)
        gf_json_str(json, "started_utc", (gf_str){ at, gf_utc_format(view->started, at) });
    else
        gf_json_null(json, "started_utc");
    if (view->state == GF_JOB_FAILED) {
        gf_error said = view->error;
        if (api_reads_chinese(call->request))
            gf_report_fault_zh(&said);
        gf_json_error(json, "error", &said);
    } else
        gf_json_null(json, "error");
    (void)snprintf(link, sizeof link, "/api/v1/jobs/%lld/result", (long long)view->id);
    gf_json_cstr(json, "result", view->has_result ? link : NULL);
    gf_json_cstr(json, "file_name", view->has_result ? view->file_name : NULL);
    if (view->answer.len) {
        gf_text_add_c(json->out, ",\"answer\":");
        gf_text_add(json->out, view->answer);
    } else
        gf_json_null(json, "answer");
    gf_json_end(json, '}');
}

gf_status work_send_job(api_call *call, int64_t id, int code, gf_error *err)
{
    gf_job_view view;
    gf_json json;
    gf_text text = api_text(call);
    gf_status status = gf_jobs_get(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), id, call->arena, &view, err);
    if (status != GF_OK)
        return status;
    gf_json_init(&json, &text);
    write_job(call, &json, &view);
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

gf_status api_job_add(api_call *call, gf_error *err)
{
    order *o = calloc(1, sizeof *o);
    int64_t id;
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
    const gf_job_order job = { o->user, o->kind, label, run_order, o, forget };
    gf_status status = take_village(call, o, err);
    if (status != GF_OK) {
        forget(o);
        return status;
    }
    status = gf_jobs_add(call->api->jobs, &job, &id, err);  /* frees the order when it fails */
    return status == GF_OK ? work_send_job(call, id, 202, err) : status;
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
    const gf_job_order job = { o->user, o->kind, o->kind, run_order, o, free };
    return gf_jobs_add(api->jobs, &job, &id, err);
}

static int64_t job_of(const api_call *call)
{
    int64_t id;
    return gf_str_to_int(call->request->params[0], &id) ? id : 0;
}

gf_status api_jobs(api_call *call, gf_error *err)
{
    gf_json json;
    gf_text text = api_text(call);
    gf_job_view *views = gf_new(call->arena, gf_job_view, JOBS_SHOWN);
    if (!views)
        return gf_fail_memory(err);
    size_t count = gf_jobs_list(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), call->arena, views, JOBS_SHOWN);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "jobs", '[');
    for (size_t i = 0; i < count; i++)
        write_job(call, &json, &views[i]);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    return api_send_text(call, &text, err);
}

gf_status api_job_get(api_call *call, gf_error *err) { return work_send_job(call, job_of(call), 200, err); }

gf_status api_job_cancel(api_call *call, gf_error *err)
{
    gf_status status = gf_jobs_cancel(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), job_of(call), err);
    return status == GF_OK ? api_no_content(call) : status;
}

gf_status api_job_result(api_call *call, gf_error *err)
{
    static const struct { const char *ending, *type; } TYPES[] = {
        { ".pdf", "application/pdf" }, { ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" }, { ".csv", "text/csv; charset=utf-8" },
        { ".xml", "application/xml" }, { ".json", "application/json" }, { ".md", "text/markdown; charset=utf-8" },
        { ".geojson", "application/geo+json" }, { ".inp", "text/plain; charset=utf-8" },
    };
    char name[GF_JOB_TEXT_BYTES], header[GF_JOB_TEXT_BYTES + 40];
    gf_status status = gf_jobs_result(call->api->jobs, gf_str_cstr(call->arena, call->session.actor.user), job_of(call), &call->out->fd, name, err);
    if (status != GF_OK)
        return status;
    call->out->type = "application/octet-stream";
    for (size_t i = 0; i < GF_COUNT(TYPES); i++)
        if (gf_str_ends(gf_str_of(name), gf_str_of(TYPES[i].ending)))
            call->out->type = TYPES[i].type;
    (void)snprintf(header, sizeof header, "attachment; filename=\"%s\"", name);
    (void)gf_http_add_header(call->request, call->out, "Content-Disposition", gf_str_of(header));
    return GF_OK;
}
