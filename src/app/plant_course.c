/* The course of some days, step by step: worked out anew from the documents, for a chart and for who doubts a fault. */
#include "app/plant.h"

#include <math.h>

enum { COURSE_BYTES_MAX = 1 << 30, DAY_MS = 86400000 };

static gf_status copy_course(const plant_open *p, const plant_work *w, gf_utc_ms from, gf_utc_ms to, gf_arena *keep, gf_app_plant_course *out, gf_error *err)
{
    const gf_app_solar_series *s = &p->series;
    size_t width = w->checked.plant.inverter_count, first = 0;
    while (first < s->count && s->weather[first].at < from)
        first++;
    while (first + out->count < s->count && s->weather[first + out->count].at < to)
        out->count++;
    size_t count = out->count, values = count * width;
    out->step_s = s->step_s;
    out->at = gf_new(keep, gf_utc_ms, count + 1);
    out->light = gf_new(keep, double, count + 1);
    out->read_w = gf_new(keep, double, values + 1);
    out->expected_w = gf_new(keep, double, values + 1);
    out->left_out = gf_new(keep, bool, values + 1);
    if (!out->at || !out->light || !out->read_w || !out->expected_w || !out->left_out)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const gf_solar_yield *y = &w->checked.yields.yield[first + i];
        bool lit = y->light != GF_SOLAR_LIGHT_CLEAR;
        out->at[i] = s->weather[first + i].at;
        out->light[i] = lit ? y->poa : NAN;
        for (size_t v = 0; v < width; v++) {
            out->read_w[i * width + v] = w->checked.ac_w[(first + i) * width + v];
            out->expected_w[i * width + v] = lit ? w->checked.yields.ac_w[(first + i) * width + v] : NAN;
            out->left_out[i * width + v] = w->left_out[(first + i) * width + v];
        }
    }
    return GF_OK;
}

static gf_status copy_inverters(const gf_solar_plant *from, gf_arena *keep, gf_solar_plant *out, gf_error *err)
{
    gf_solar_inverter *inverters = gf_new(keep, gf_solar_inverter, from->inverter_count);
    if (!inverters)
        return gf_fail_memory(err);
    for (size_t v = 0; v < from->inverter_count; v++) {
        inverters[v] = from->inverters[v];
        inverters[v].name = gf_str_copy(keep, from->inverters[v].name);
    }
    *out = (gf_solar_plant){ .site = from->site, .zone_minutes = from->zone_minutes, .inverters = inverters, .inverter_count = from->inverter_count };
    return GF_OK;
}

gf_status gf_app_plant_course_read(gf_app *app, const gf_app_actor *actor, gf_str id, const gf_app_ground *ground, gf_day first, gf_day last, gf_arena *keep,
                                   gf_app_plant_course *out, gf_error *err)
{
    plant_open open;
    plant_work work;
    *out = (gf_app_plant_course){ .count = 0 };
    if (last < first || (int64_t)last - first >= GF_APP_PLANT_COURSE_DAYS_MAX)
        return gf_fail(err, GF_EUSAGE, "solar.span", "Ask for 31 days at most.", "the span is too long, or ends before it begins");
    gf_arena *arena = gf_arena_open(COURSE_BYTES_MAX), *scratch = gf_arena_open(COURSE_BYTES_MAX);
    gf_status status = arena && scratch ? access_require_record(app, actor, gf_register_find(GF_STR("plants")), id, keep, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = plant_open_description(app, id, ground, arena, &open, err);
    if (status == GF_OK)
        status = plant_open_readings(app, arena, scratch, &open, err);
    if (status == GF_OK && open.series.count == 0)
        status = gf_fail(err, GF_ENOTFOUND, "solar.none", "Take in a table of readings first.", "the plant has no readings");
    if (status == GF_OK)
        status = plant_work_out(&open, arena, scratch, &work, err);
    if (status == GF_OK)
        status = copy_inverters(&work.checked.plant, keep, &out->plant, err);
    gf_utc_ms zone = status == GF_OK ? (gf_utc_ms)open.plant.zone_minutes * 60000 : 0;
    if (status == GF_OK)
        status = copy_course(&open, &work, (gf_utc_ms)first * DAY_MS - zone, ((gf_utc_ms)last + 1) * DAY_MS - zone, keep, out, err);
    gf_arena_close(scratch);
    gf_arena_close(arena);
    return status;
}
