/* The map of farmland. The surface of the ground is made once, when it is first asked for, and shared by all until the
 * elevation documents change.
 */
#include "api/servers.h"
#include "api/work.h"

#include "app/gf_app_land.h"

#include <stdlib.h>
#include <string.h>

/* ---- The shared ground ---- */

/* A surface that is lent: the last to give it back closes it when a newer one has taken its place. */
struct land_ground { gf_app_ground *ground; gf_str key; size_t lent; bool old; gf_arena *arena; };

static void drop(land_ground *g)
{
    gf_app_ground_close(g->ground);
    gf_arena_close(g->arena);
    free(g);
}

static gf_status make(gf_app *app, gf_str key, land_ground **out, gf_error *err)
{
    land_ground *g = calloc(1, sizeof *g);
    gf_status status = g && (g->arena = gf_arena_open(GF_MIB)) ? gf_app_ground_open(app, &g->ground, err) : gf_fail_memory(err);
    if (status == GF_OK) {
        g->key = gf_str_copy(g->arena, key);
        *out = g;
    } else if (g)
        drop(g);
    return status;
}

static land_ground *take(api_state *api, gf_str key)
{
    land_ground *g = api->ground;
    if (g && gf_str_eq(g->key, key))
        g->lent++;
    else
        g = NULL;
    return g;
}

gf_status land_ground_borrow(api_state *api, gf_app *app, gf_arena *scratch, land_ground **out, gf_error *err)
{
    gf_str key;
    gf_status status = gf_app_ground_key(app, scratch, &key, err);
    if (status != GF_OK)
        return status;
    (void)pthread_mutex_lock(&api->ground_lock);  /* also over the making: two who ask at once make it once */
    *out = take(api, key);
    if (!*out && (status = make(app, key, out, err)) == GF_OK) {
        land_ground *before = api->ground;
        api->ground = *out;
        (*out)->lent = 1;
        if (before) {
            before->old = true;
            if (before->lent == 0)
                drop(before);
        }
    }
    (void)pthread_mutex_unlock(&api->ground_lock);
    return status;
}

const gf_app_ground *land_ground_of(const land_ground *g) { return g->ground; }

void land_ground_return(api_state *api, land_ground *g)
{
    if (!g)
        return;
    (void)pthread_mutex_lock(&api->ground_lock);
    g->lent--;
    if (g->old && g->lent == 0)
        drop(g);
    (void)pthread_mutex_unlock(&api->ground_lock);
}

void land_ground_close(api_state *api)
{
    if (api->ground)
        drop(api->ground);
    api->ground = NULL;
}

/* ---- Handlers ---- */

gf_status api_land(api_call *call, gf_error *err)
{
    gf_app_land land;
    gf_text text = api_text(call);
    gf_status status = gf_app_land_read(call->app, &call->session.actor, api_query(call, "programme"), api_query(call, "within"), call->arena, &land, err);
    if (status != GF_OK)
        return status;
    gf_report_land_json(&land, &text);
    return api_send_text(call, &text, err);
}

gf_status api_land_sights(api_call *call, gf_error *err)
{
    gf_app_land_sight *sights;
    size_t count;
    gf_text text = api_text(call);
    gf_status status = gf_app_land_sights(call->app, &call->session.actor, api_query(call, "tower"), api_query(call, "parcel"), call->arena, &sights, &count, err);
    if (status != GF_OK)
        return status;
    gf_report_land_sights_json(sights, count, &text);
    return api_send_text(call, &text, err);
}

static gf_status degrees(const api_call *call, const char *name, double *out, gf_error *err)
{
    gf_decimal value;
    if (!gf_decimal_parse(api_query(call, name), &value))
        return gf_fail(err, GF_EUSAGE, "api.value", "Write degrees: 119.7376.", "%s is no number", name);
    *out = (double)value.digits;
    for (unsigned i = 0; i < value.scale; i++)
        *out /= 10;
    return GF_OK;
}

gf_status api_land_profile(api_call *call, gf_error *err)
{
    gf_app_land_profile profile;
    land_ground *ground = NULL;
    double lon = 0, lat = 0;
    gf_text text = api_text(call);
    gf_status status = degrees(call, "lon", &lon, err);
    if (status == GF_OK)
        status = degrees(call, "lat", &lat, err);
    if (status == GF_OK)
        status = land_ground_borrow(call->api, call->app, call->arena, &ground, err);
    if (status == GF_OK)
        status = gf_app_land_profile_read(call->app, &call->session.actor, ground->ground, api_query(call, "tower"), lon, lat, call->arena, &profile, err);
    land_ground_return(call->api, ground);
    if (status != GF_OK)
        return status;
    gf_report_land_profile_json(&profile, &text);
    return api_send_text(call, &text, err);
}

gf_status api_land_view(api_call *call, gf_error *err)
{
    land_ground *ground = NULL;
    gf_text text = api_text(call);
    gf_status status = land_ground_borrow(call->api, call->app, call->arena, &ground, err);
    if (status == GF_OK)
        status = gf_app_land_view_read(call->app, &call->session.actor, ground->ground, call->request->params[0], call->arena, &text, err);
    land_ground_return(call->api, ground);
    return status == GF_OK ? api_send_text(call, &text, err) : status;
}

/* ---- The job ---- */

void land_note_change(api_state *api, const char *reg)
{
    static const char *const REGISTERS[] = { "towers", "cameras", "parcels", "documents" };
    for (size_t i = 0; i < GF_COUNT(REGISTERS); i++)
        if (strcmp(REGISTERS[i], reg) == 0) {
            (void)pthread_mutex_lock(&api->lock);
            api->sights_due = true;
            (void)pthread_mutex_unlock(&api->lock);
        }
}

/* A change that touches nothing the run is made from (another document) finds it fresh. */
static bool needs_run(api_state *api)
{
    gf_app *app = NULL;
    gf_arena *scratch = gf_arena_open(256 * GF_MIB);
    bool stale = false;
    if (scratch && api_borrow(api, &api->writers, &app, NULL) == GF_OK)
        stale = gf_app_land_is_stale(app, scratch);
    api_return(api, &api->writers, app);
    gf_arena_close(scratch);
    return stale;
}

void land_order_run(api_state *api)
{
    (void)pthread_mutex_lock(&api->lock);
    bool due = api->sights_due;
    api->sights_due = false;
    (void)pthread_mutex_unlock(&api->lock);
    if (due && needs_run(api))
        (void)work_order_own(api, "sights", NULL);  /* a full queue: the next change orders it again */
}

static bool step(void *context, const char *stage, int64_t done, int64_t total)
{
    (void)stage;
    return gf_job_step(context, done, total);
}

gf_status work_sights(making *m, gf_error *err)
{
    enum { WORKERS = 2 };
    gf_app_land_computed computed;
    land_ground *ground = NULL;
    gf_status status = gf_app_require(&m->actor, gf_register_find(GF_STR("towers")), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = land_ground_borrow(m->o->api, m->app, m->arena, &ground, err);
    if (status == GF_OK)
        status = gf_app_land_compute(m->app, ground->ground, WORKERS, step, m->job, &computed, err);
    land_ground_return(m->o->api, ground);
    if (status != GF_OK)
        return status;
    gf_text_format(&m->text, "{\"towers\":%lld,\"parcels\":%lld,\"pairs\":%lld,\"off_grid\":%lld,\"ms\":%lld}\n", (long long)computed.towers, (long long)computed.parcels,
                   (long long)computed.pairs, (long long)computed.off_grid, (long long)computed.ms);
    gf_job_answer(m->job, gf_text_str(&m->text));
    servers_tell_change(m->o->api, "parcels");
    return GF_OK;
}

/* ---- The map as a table ---- */

static gf_str share_text(int64_t of_ten_thousand, gf_arena *arena)
{
    gf_text text;
    gf_text_init(&text, arena);
    if (of_ten_thousand >= 0)
        gf_text_format(&text, "%lld.%04lld", (long long)(of_ten_thousand / 10000), (long long)(of_ten_thousand % 10000));
    return gf_text_str(&text);
}

static gf_str joined(const gf_str *ids, size_t count, gf_arena *arena)
{
    gf_text text;
    gf_text_init(&text, arena);
    for (size_t i = 0; i < count; i++)
        gf_text_format(&text, "%s%.*s", i ? ";" : "", GF_STR_ARG(ids[i]));
    return gf_text_str(&text);
}

/* Who sees each parcel and who answers for it, as the actor sees them. */
gf_status work_land(making *m, gf_error *err)
{
    static const gf_str HEAD[] = { GF_STR_INIT("parcel"), GF_STR_INIT("number"), GF_STR_INIT("place"), GF_STR_INIT("land_code"), GF_STR_INIT("land_name"), GF_STR_INIT("area_m2"),
                                   GF_STR_INIT("seen_share"), GF_STR_INIT("seen_today_share"), GF_STR_INIT("nodata_share"), GF_STR_INIT("towers"), GF_STR_INIT("best_tower"), GF_STR_INIT("wardens") };
    gf_app_land land;
    const gf_register *parcels = gf_register_find(GF_STR("parcels"));
    gf_status status = gf_app_require(&m->actor, parcels, GF_APP_READ | GF_APP_EXPORT, err);
    if (status == GF_OK && strcmp(m->o->format, "csv") != 0)
        status = gf_fail(err, GF_EUSAGE, "job.format", "csv.", "the map is not made as %s", m->o->format);
    if (status == GF_OK)
        status = gf_app_log_alone(m->app, &m->actor, "export", GF_STR("land"), (gf_str){ "", 0 }, err);
    if (status == GF_OK)
        status = gf_app_land_read(m->app, &m->actor, gf_str_of(m->o->programme), (gf_str){ "", 0 }, m->arena, &land, err);
    if (status != GF_OK)
        return status;
    gf_text_add_c(&m->text, "\xEF\xBB\xBF");
    work_csv_row(&m->text, HEAD, GF_COUNT(HEAD));
    for (size_t i = 0; i < land.parcel_count; i++) {
        const gf_app_land_parcel *p = &land.parcels[i];
        gf_text towers;
        gf_text_init(&towers, m->arena);
        if (p->towers >= 0)
            gf_text_format(&towers, "%lld", (long long)p->towers);
        const gf_str cells[] = { p->id, p->number, p->place, p->land_code, p->land_name, p->area_m2, share_text(p->seen, m->arena), share_text(p->before, m->arena),
                                 share_text(p->nodata, m->arena), gf_text_str(&towers), p->best, joined(p->wardens, p->warden_count, m->arena) };
        work_csv_row(&m->text, cells, GF_COUNT(cells));
    }
    return gf_job_keep_text(m->job, "land.csv", gf_text_str(&m->text), err);
}
