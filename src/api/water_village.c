/* A village's water design as a job: the village file of a document, or of the order itself, designed on the elevation of the
 * store, kept as documents, a network and a design in one write. The plain numbers behind it are a table of their own.
 */
#include "api/servers.h"
#include "api/work.h"

#include "app/gf_app_land.h"
#include "app/gf_app_village_books.h"
#include "report/gf_report_village.h"

#include <stdlib.h>
#include <string.h>

enum { VILLAGE_WORK = 20000, VILLAGE_WORK_MAX = 1000000, VILLAGE_BYTES_MAX = 4 << 20 };
enum { AT_READ, AT_GROUND, AT_SIZES, AT_FILES, AT_KEPT };       /* stages of the job */

typedef struct designing { making *m; uint64_t solves; bool stopped; } designing;

static bool stop(void *context)
{
    designing *d = context;
    d->stopped = !gf_job_step(d->m->job, AT_SIZES, AT_KEPT) || d->stopped;
    return d->stopped;
}

static gf_status read_village(making *m, gf_app_village_file *file, gf_error *err)
{
    gf_str told = gf_str_of(m->o->village ? m->o->village : "");
    if (told.len == 0)
        return gf_fail(err, GF_EUSAGE, "job.village", "Give a village file, or the id of a document that holds one.", "the village is missing");
    if (told.data[0] != '{')
        return gf_app_village_document(m->app, &m->actor, told, m->arena, file, err);
    *file = (gf_app_village_file){ .name = GF_STR("village.json"), .bytes = told };
    return GF_OK;
}

/* On a page nobody gives --dem: the elevation lies among the documents. */
static gf_status off_ground(gf_status status, gf_error *err)
{
    if (status != GF_OK && err && err->code && strcmp(err->code, "water.ground") == 0)
        (void)snprintf(err->hint, sizeof err->hint, "Add the elevation of that place as a document of kind dem, or look at lon and lat.");
    return status;
}

static gf_str today(gf_arena *keep)
{
    char day[GF_DAY_BYTES];
    size_t len = gf_day_format(gf_utc_day(gf_utc_now_ms(), 480), day);
    return gf_str_copy(keep, (gf_str){ day, len });
}

/* One write of its own, with its lines in history and log. */
static gf_status keep(making *m, const gf_app_village_new *made, gf_app_village_kept *kept, gf_error *err)
{
    gf_status status = gf_app_batch_begin(m->app, err);
    if (status != GF_OK)
        return status;
    status = gf_app_part_begin(m->app, &m->actor, err);
    if (status == GF_OK)
        status = gf_app_part_end(m->app, &m->actor, gf_app_village_keep(m->app, &m->actor, made, m->arena, kept, err), err);
    gf_status ended = gf_app_batch_end(m->app, status == GF_OK ? err : NULL);
    return status == GF_OK ? ended : status;
}

static void answer(making *m, const gf_village_plan *plan, const gf_app_village_kept *kept, const gf_app_village_file *files, size_t count)
{
    gf_json json;
    gf_json_init(&json, &m->text);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "network", kept->network);
    gf_json_str(&json, "design", kept->design);
    gf_json_bool(&json, "feasible", plan->designs[plan->chosen].feasible);
    gf_json_int(&json, "total_fen", plan->designs[plan->chosen].bill.total);
    gf_json_begin(&json, "documents", '[');
    for (size_t i = 0; i < count; i++) {
        gf_text id;
        gf_text_init(&id, m->arena);
        gf_text_format(&id, "%.*s.%.*s", GF_STR_ARG(kept->network), GF_STR_ARG(files[i].name));
        gf_json_str(&json, NULL, gf_text_str(&id));
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_job_answer(m->job, gf_text_str(&m->text));
}

static gf_status make_and_keep(making *m, const gf_app_village_file *input, const gf_village_plan *plan, gf_error *err)
{
    gf_report_village_file made[GF_REPORT_VILLAGE_FILES];
    gf_app_village_file files[GF_REPORT_VILLAGE_FILES + 1];
    gf_app_village_kept kept;
    gf_status status = gf_report_village_files(plan, gf_str_of(m->o->lang), today(m->arena), m->arena, made, err);
    if (status != GF_OK)
        return status;
    if (!gf_job_step(m->job, AT_FILES, AT_KEPT))
        return gf_job_cancelled(err);
    for (size_t i = 0; i < GF_REPORT_VILLAGE_FILES; i++)
        files[i] = (gf_app_village_file){ .name = gf_str_of(made[i].name), .bytes = gf_text_str(&made[i].text) };
    files[GF_REPORT_VILLAGE_FILES] = (gf_app_village_file){ .name = GF_STR("input.json"), .bytes = input->bytes };
    const gf_app_village_new wanted = { .name = plan->village->name,
                                        .project = gf_str_of(m->o->of_project),
                                        .place = gf_str_of(m->o->of_place),
                                        .invented = gf_str_is(plan->village->origin, "demo") || gf_str_is(input->origin, "demo"),
                                        .plan = plan,
                                        .files = files,
                                        .file_count = GF_COUNT(files),
                                        .seed = (int64_t)plan->seed,
                                        .work = m->o->work > 0 ? m->o->work : VILLAGE_WORK };
    status = keep(m, &wanted, &kept, err);
    if (status != GF_OK)
        return status;
    answer(m, plan, &kept, files, GF_COUNT(files));
    (void)gf_job_step(m->job, AT_KEPT, AT_KEPT);
    static const char *const CHANGED[] = { "documents", "water_networks", "water_designs" };
    for (size_t i = 0; i < GF_COUNT(CHANGED); i++)
        servers_tell_change(m->o->api, CHANGED[i]);
    return GF_OK;
}

static gf_status design_on(making *m, const gf_app_village_file *input, const gf_app_surface *surface, gf_error *err)
{
    gf_village village;
    gf_village_plan plan;
    designing d = { .m = m };
    const gf_water_size_options sizes = { .seed = m->o->seed > 0 ? (uint64_t)m->o->seed : 1,
                                          .work = m->o->work > 0 ? (uint64_t)m->o->work : VILLAGE_WORK,
                                          .threads = 1,
                                          .stop = stop,
                                          .context = &d };
    gf_status status = off_ground(gf_app_village_parse(input->bytes, input->name, surface, m->arena, &village, err), err);
    if (status == GF_OK && stop(&d))
        status = gf_job_cancelled(err);
    if (status == GF_OK)
        status = gf_app_village_design(&village, &sizes, m->arena, &plan, err);
    if (d.stopped)
        return gf_job_cancelled(err);
    return status == GF_OK ? make_and_keep(m, input, &plan, err) : status;
}

gf_status work_village(making *m, gf_error *err)
{
    gf_app_village_file input = { .origin = { "", 0 } };
    land_ground *ground = NULL;
    gf_status status = gf_app_require(&m->actor, gf_register_find(GF_STR("water_designs")), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK && m->o->work > VILLAGE_WORK_MAX)
        status = gf_fail(err, GF_ELIMIT, "water.work", "Use gongfu water village on the command line.", "the work passes %d solves", VILLAGE_WORK_MAX);
    if (status == GF_OK)
        status = read_village(m, &input, err);
    if (status == GF_OK && !gf_job_step(m->job, AT_READ, AT_KEPT))
        status = gf_job_cancelled(err);
    if (status == GF_OK)
        status = land_ground_borrow(m->o->api, m->app, m->arena, &ground, err);
    if (status == GF_OK && !gf_job_step(m->job, AT_GROUND, AT_KEPT))
        status = gf_job_cancelled(err);
    if (status == GF_OK)
        status = design_on(m, &input, gf_app_ground_surface(land_ground_of(ground)), err);
    land_ground_return(m->o->api, ground);
    return status;
}

gf_status api_village_norms(api_call *call, gf_error *err)
{
    gf_text text = api_text(call);
    gf_report_village_norms_json(&text);
    return api_send_text(call, &text, err);
}

gf_status api_village_file(api_call *call, gf_error *err)
{
    gf_app_content content;
    gf_status status = gf_app_village_file_of(call->app, &call->session.actor, call->request->params[0], call->request->params[1], call->arena, &content, err);
    if (status == GF_OK)
        api_send_content(call, &content);
    return status;
}
