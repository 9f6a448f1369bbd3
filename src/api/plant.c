/* PV plants: what they made, what they should have made, readings in, months settled; and the job that works them out again when a
 * plant, its readings or the ground have changed.
 */
#include "api/servers.h"
#include "api/work.h"

#include "app/gf_app_plant.h"
#include "report/gf_report_plant.h"

#include <string.h>

enum { RUNS_MAX = 1000 };

/* ---- Handlers ---- */

gf_status api_plants(api_call *call, gf_error *err)
{
    gf_app_plant_line *lines;
    size_t count;
    gf_text text = api_text(call);
    gf_status status = gf_app_plants(call->app, &call->session.actor, api_query(call, "programme"), call->arena, &lines, &count, err);
    if (status != GF_OK)
        return status;
    gf_report_plants_json(lines, count, &text);
    return api_send_text(call, &text, err);
}

gf_status api_plant(api_call *call, gf_error *err)
{
    gf_app_plant plant;
    gf_text text = api_text(call);
    gf_status status = gf_app_plant_read(call->app, &call->session.actor, call->request->params[0], call->arena, &plant, err);
    if (status != GF_OK)
        return status;
    gf_report_plant_json(&plant, &text);
    return api_send_text(call, &text, err);
}

/* API_DAY was checked: a day in the calendar. */
static gf_day day_of(const api_call *call, const char *name)
{
    gf_period day = { 0, 0 };
    (void)gf_period_parse(api_query(call, name), &day, NULL);
    return day.first;
}

gf_status api_plant_days(api_call *call, gf_error *err)
{
    gf_app_plant_day *days;
    size_t count;
    gf_text text = api_text(call);
    gf_status status = gf_app_plant_days(call->app, &call->session.actor, call->request->params[0], day_of(call, "from"), day_of(call, "to"), call->arena, &days, &count, err);
    if (status != GF_OK)
        return status;
    gf_report_plant_days_json(days, count, &text);
    return api_send_text(call, &text, err);
}

/* A store without elevation has plants without a skyline. */
static gf_status borrow_ground(api_state *api, gf_app *app, gf_arena *arena, land_ground **out, gf_error *err)
{
    gf_status status = land_ground_borrow(api, app, arena, out, err);
    if (status == GF_ENOTFOUND) {
        *out = NULL;
        return GF_OK;
    }
    return status;
}

gf_status api_plant_course(api_call *call, gf_error *err)
{
    gf_app_plant_course course;
    land_ground *ground = NULL;
    gf_text text = api_text(call);
    gf_status status = borrow_ground(call->api, call->app, call->arena, &ground, err);
    if (status == GF_OK)
        status = gf_app_plant_course_read(call->app, &call->session.actor, call->request->params[0], ground ? land_ground_of(ground) : NULL, day_of(call, "from"), day_of(call, "to"),
                                          call->arena, &course, err);
    land_ground_return(call->api, ground);
    if (status != GF_OK)
        return status;
    gf_report_plant_course_json(&course, &text);
    return api_send_text(call, &text, err);
}

/* In a write of its own: trying them out took too long for the lane of writes. */
static gf_status keep_readings(api_call *call, gf_str stamp, gf_app_record *batch, gf_error *err)
{
    const gf_app_actor *actor = &call->session.actor;
    gf_str name = call->upload.name.len ? call->upload.name : GF_STR("readings.csv");
    gf_status status = gf_app_batch_begin(call->app, err);
    if (status != GF_OK)
        return status;
    status = gf_app_part_begin(call->app, actor, err);
    if (status == GF_OK)
        status = gf_app_part_end(call->app, actor, gf_app_plant_take(call->app, actor, call->request->params[0], name, call->upload.bytes, stamp, call->arena, batch, err), err);
    gf_status ended = gf_app_batch_end(call->app, status == GF_OK ? err : NULL);
    return status == GF_OK ? ended : status;
}

gf_status api_plant_readings(api_call *call, gf_error *err)
{
    gf_app_record batch;
    gf_json json;
    gf_text text = api_text(call);
    gf_str stamp = api_query(call, "stamp");
    gf_status status = gf_app_plant_try(call->app, &call->session.actor, call->request->params[0], call->upload.bytes, stamp, err);
    if (status == GF_OK)
        status = keep_readings(call, stamp, &batch, err);
    if (status != GF_OK)
        return status;
    servers_tell_change(call->api, "plant_readings");
    (void)work_order_own(call->api, "plants", NULL);   /* a full queue: the keeper orders it again */
    plant_note_change(call->api, "plant_readings");
    gf_json_init(&json, &text);
    gf_report_record_json(&batch, &json, NULL);
    status = api_send_text(call, &text, err);
    call->out->status = status == GF_OK ? 201 : 0;
    return status;
}

gf_status api_plant_settle(api_call *call, gf_error *err)
{
    gf_app_plant_settled settled;
    gf_period month;
    int year, mon, mday;
    gf_text text = api_text(call);
    gf_str told = api_field(call, "month");
    if (told.len != 7 || gf_period_parse(told, &month, NULL) != GF_OK)
        return gf_fail(err, GF_EUSAGE, "solar.month", "Write 2025-05.", "\"%.*s\" is no month", GF_STR_ARG(gf_str_slice(told, 0, 20)));
    gf_day_split(month.first, &year, &mon, &mday);
    gf_status status = gf_app_plant_settle(call->app, &call->session.actor, call->request->params[0], year, mon, call->arena, &settled, err);
    if (status != GF_OK)
        return status;
    if (settled.booked) {
        api_announce_change(call, gf_register_find(GF_STR("entries")));
        api_announce_change(call, gf_register_find(GF_STR("documents")));
    }
    gf_report_plant_settled_json(&settled, &text);
    return api_send_text(call, &text, err);
}

/* ---- The job ---- */

void plant_note_change(api_state *api, const char *reg)
{
    static const char *const REGISTERS[] = { "plants", "plant_readings", "documents" };
    for (size_t i = 0; i < GF_COUNT(REGISTERS); i++)
        if (strcmp(REGISTERS[i], reg) == 0) {
            (void)pthread_mutex_lock(&api->lock);
            api->plants_due = true;
            (void)pthread_mutex_unlock(&api->lock);
        }
}

/* The id of a plant whose run is not of what the books hold; "" = none. */
static gf_str find_stale(gf_app *app, gf_arena *arena)
{
    gf_str id;
    return gf_app_plant_stale(app, arena, &id, NULL) == GF_OK ? id : (gf_str){ "", 0 };
}

static bool needs_run(api_state *api)
{
    gf_app *app = NULL;
    gf_arena *scratch = gf_arena_open(64 * GF_MIB);
    bool stale = scratch && api_borrow(api, &api->writers, &app, NULL) == GF_OK && find_stale(app, scratch).len > 0;
    api_return(api, &api->writers, app);
    gf_arena_close(scratch);
    return stale;
}

void plant_order_run(api_state *api)
{
    (void)pthread_mutex_lock(&api->lock);
    bool due = api->plants_due;
    api->plants_due = false;
    (void)pthread_mutex_unlock(&api->lock);
    if (due && needs_run(api))
        (void)work_order_own(api, "plants", NULL);   /* a full queue: the next change orders it again */
}

gf_status work_plants(making *m, gf_error *err)
{
    gf_app_plant_ran ran = { .days = 0 };
    int64_t plants = 0, alarms = 0;
    land_ground *ground = NULL;
    gf_status status = gf_app_require(&m->actor, gf_register_find(GF_STR("plants")), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = gf_app_require(&m->actor, gf_register_find(GF_STR("cases")), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = borrow_ground(m->o->api, m->app, m->arena, &ground, err);
    for (gf_str id = find_stale(m->app, m->arena); status == GF_OK && id.len && plants < RUNS_MAX; id = find_stale(m->app, m->arena)) {
        status = gf_app_plant_run(m->app, &m->actor, id, ground ? land_ground_of(ground) : NULL, &ran, err);
        plants++;
        alarms += ran.alarms;
        if (status == GF_OK && !gf_job_step(m->job, plants, plants + 1))
            status = gf_job_cancelled(err);
    }
    land_ground_return(m->o->api, ground);
    if (status != GF_OK)
        return status;
    gf_text_format(&m->text, "{\"plants\":%lld,\"alarms\":%lld}\n", (long long)plants, (long long)alarms);
    gf_job_answer(m->job, gf_text_str(&m->text));
    if (plants)
        servers_tell_change(m->o->api, "plants");
    if (alarms)
        servers_tell_change(m->o->api, "cases");
    return GF_OK;
}
