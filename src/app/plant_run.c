/* A run: a plant's readings against what it should have made, by day and month, with what is wrong.
 *
 * A day's energy is the sum of the readings that are believed: one that stands in a fault of its sensor (stale, outlier, power at
 * night) is left out and counted apart. What was expected is summed over the same readings, so that the two may be held against
 * each other. A step counts as daylight with the sun 5 degrees up, where an inverter is surely awake. A year of quarter hours
 * takes some 50 ms. The old run goes and the new one comes in one transaction.
 */
#include "app/plant.h"

#include "app/ledger.h"
#include "app/load_inside.h"

#include <math.h>
#include <string.h>

enum { RUN_BYTES_MAX = 1 << 30, TEXT_BYTES = 40 };
static const double DAYLIGHT_ZENITH_DEG = 85;
static const char METHOD[] = "plant run 1\n";   /* another number makes every run stale */

/* ---- Which readings are believed ---- */

static bool is_of_sensor(gf_solar_fault_kind kind) { return kind == GF_SOLAR_FAULT_STALE || kind == GF_SOLAR_FAULT_OUTLIER || kind == GF_SOLAR_FAULT_NIGHT; }

static void mark_left_out(const gf_app_solar_checked *c, bool *left_out)
{
    size_t width = c->plant.inverter_count;
    for (size_t f = 0; f < c->found.count; f++) {
        const gf_solar_fault *fault = &c->found.faults[f];
        if (!is_of_sensor(fault->kind))
            continue;
        for (size_t i = fault->first; i <= fault->last; i++)
            for (size_t v = 0; v < width; v++)
                if (fault->inverter == UINT32_MAX || fault->inverter == v)
                    left_out[i * width + v] = true;
    }
}

/* ---- Days ---- */

typedef struct sums { double generated, fed_in, expected, clear, light, left_out; bool lit, fed; } sums;

/* Of one step; true when every inverter was read and is believed. */
static bool add_step(const gf_app_solar_series *s, const plant_work *w, size_t i, sums *day)
{
    size_t width = w->checked.plant.inverter_count;
    const gf_solar_yield *y = &w->checked.yields.yield[i];
    bool whole = true, lit = y->light != GF_SOLAR_LIGHT_CLEAR;
    for (size_t v = 0; v < width; v++) {
        double read = w->checked.ac_w[i * width + v];
        bool believed = !isnan(read) && !w->left_out[i * width + v];
        whole = whole && believed;
        day->generated += believed ? read : 0;
        day->left_out += w->left_out[i * width + v] && !isnan(read) ? read : 0;
        day->expected += believed && lit ? w->checked.yields.ac_w[i * width + v] : 0;
    }
    day->light += lit && !isnan(y->poa) ? y->poa : 0;
    day->lit = day->lit || lit;
    if (s->fed_in_w && !isnan(s->fed_in_w[i])) {
        day->fed_in += fmax(s->fed_in_w[i], 0);
        day->fed = true;
    }
    return whole;
}

static int64_t whole_wh(double watt, double step_s, bool told) { return told ? llround(fmax(watt, 0) * step_s / 3600) : -1; }

static void close_day(const gf_app_solar_series *s, const sums *sum, gf_app_plant_day *d)
{
    d->generated_wh = whole_wh(sum->generated, s->step_s, true);
    d->fed_in_wh = whole_wh(sum->fed_in, s->step_s, sum->fed);
    d->expected_wh = whole_wh(sum->expected, s->step_s, sum->lit);
    d->clear_wh = whole_wh(sum->clear, s->step_s, true);
    d->light_wh_m2 = whole_wh(sum->light, s->step_s, sum->lit);
    d->left_out_wh = whole_wh(sum->left_out, s->step_s, true);
}

static gf_status sum_days(const plant_open *p, const gf_solar_yield *clear, gf_arena *arena, plant_work *w, gf_error *err)
{
    const gf_app_solar_series *s = &p->series;
    size_t room = (size_t)((double)s->count * s->step_s / 86400) + 3;
    sums sum = { 0 };
    w->days = gf_new(arena, gf_app_plant_day, room);
    if (!w->days)
        return gf_fail_memory(err);
    for (size_t i = 0; i < s->count; i++) {
        gf_day day = gf_utc_day(s->weather[i].at, p->plant.zone_minutes);
        if (w->day_count == 0 || w->days[w->day_count - 1].day != day) {
            if (w->day_count)
                close_day(s, &sum, &w->days[w->day_count - 1]);
            sum = (sums){ 0 };
            w->days[w->day_count++] = (gf_app_plant_day){ .day = day };
        }
        gf_app_plant_day *d = &w->days[w->day_count - 1];
        bool whole = add_step(s, w, i, &sum), up = clear[i].zenith_deg < (float)DAYLIGHT_ZENITH_DEG;
        sum.clear += clear[i].ac_w;
        d->steps += up;
        d->steps_read += up && whole;
        d->steps_fed += up && s->fed_in_w && !isnan(s->fed_in_w[i]);
    }
    if (w->day_count)
        close_day(s, &sum, &w->days[w->day_count - 1]);
    return GF_OK;
}

/* ---- Months ---- */

static int month_key(gf_day day)
{
    int year, month, mday;
    gf_day_split(day, &year, &month, &mday);
    return year * 100 + month;
}

static gf_solar_ratio ratio_of(const plant_open *p, const double *total, size_t first, size_t count, double reference_c)
{
    static const double HEAT[3] = { -3.56, -0.075, 3 };
    const gf_solar_array *a = &p->plant.arrays[0];
    gf_solar_ratio ratio;
    gf_solar_performance_ratio(&p->series.weather[first], &total[first], count, gf_solar_plant_dc0_w(&p->plant), a->gamma_per_c, a->heat_model == GF_SOLAR_HEAT_SAPM ? a->heat : HEAT, reference_c, &ratio);
    return ratio;
}

/* Corrected to the mean of all readings that the plant has. */
static void judge_month(const plant_open *p, const double *total, size_t first, size_t count, double reference_c, plant_work *w)
{
    gf_solar_ratio ratio = ratio_of(p, total, first, count, reference_c);
    w->months[w->month_count].ratio = ratio.plain;
    w->months[w->month_count].corrected = ratio.corrected;
    w->months[w->month_count++].key = month_key(gf_utc_day(p->series.weather[first].at, p->plant.zone_minutes));
}

static gf_status judge_months(const plant_open *p, gf_arena *arena, gf_arena *scratch, plant_work *w, gf_error *err)
{
    const gf_app_solar_series *s = &p->series;
    size_t width = w->checked.plant.inverter_count, begun = 0;
    double *total = gf_new(scratch, double, s->count);
    w->months = gf_arena_alloc(arena, w->day_count / 28 + 3, sizeof *w->months);
    if (!total || !w->months)
        return gf_fail_memory(err);
    for (size_t i = 0; i < s->count; i++)
        for (size_t v = 0; v < width; v++)
            total[i] += w->left_out[i * width + v] ? NAN : w->checked.ac_w[i * width + v];
    double reference_c = ratio_of(p, total, 0, s->count, NAN).cell_c;
    for (size_t i = 1; i <= s->count; i++)
        if (i == s->count || month_key(gf_utc_day(s->weather[i].at, p->plant.zone_minutes)) != month_key(gf_utc_day(s->weather[begun].at, p->plant.zone_minutes))) {
            judge_month(p, total, begun, i - begun, reference_c, w);
            begun = i;
        }
    return GF_OK;
}

gf_status plant_work_out(const plant_open *p, gf_arena *arena, gf_arena *scratch, plant_work *out, gf_error *err)
{
    const gf_app_solar_series *s = &p->series;
    *out = (plant_work){ .day_count = 0 };
    gf_status status = gf_app_solar_check(&p->plant, s, arena, scratch, &out->checked, err);
    if (status != GF_OK)
        return status;
    out->left_out = gf_new(arena, bool, s->count * out->checked.plant.inverter_count);
    gf_solar_yield *clear = gf_new(scratch, gf_solar_yield, s->count);
    if (!out->left_out || !clear)
        return gf_fail_memory(err);
    mark_left_out(&out->checked, out->left_out);
    gf_solar_plant_run(&out->checked.plant, s->weather, s->count, &(gf_solar_run_options){ .step_s = s->step_s, .delta_t_s = NAN, .clear = true }, clear, NULL);
    status = sum_days(p, clear, arena, out, err);
    return status == GF_OK ? judge_months(p, arena, scratch, out, err) : status;
}

/* ---- Does the newest run still hold? ---- */

gf_status plant_input(gf_app *app, gf_str id, gf_arena *scratch, char out[GF_HASH_HEX_BYTES], gf_error *err)
{
    static const char *const PARTS[] = { "plant_input_plants", "plant_input_document", "plant_input_readings" };
    uint8_t hash[GF_HASH_BYTES];
    gf_text all;
    gf_str ground;
    gf_text_init(&all, scratch);
    gf_text_add_c(&all, METHOD);
    for (size_t i = 0; i < GF_COUNT(PARTS); i++) {
        gf_stmt *stmt = gf_store_named(app->store, PARTS[i]);
        gf_stmt_str(stmt, 1, id);
        gf_text_format(&all, "%s\n", PARTS[i]);
        while (gf_stmt_row(stmt)) {
            gf_text_add(&all, gf_row_str(stmt, 0));
            gf_text_add_char(&all, '\n');
        }
    }
    gf_status status = gf_app_ground_key(app, scratch, &ground, err);
    if (status != GF_OK)
        return status;
    gf_text_add(&all, ground);
    status = gf_text_done(&all, err);
    if (status == GF_OK && !gf_hash_bytes(GF_HASH_SHA256, gf_text_str(&all).data, gf_text_str(&all).len, hash))
        return gf_fail_memory(err);
    gf_hex_format(hash, sizeof hash, out);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

gf_status plant_run_read(gf_app *app, gf_str id, gf_arena *keep, gf_app_plant *out, gf_error *err)
{
    char input[GF_HASH_HEX_BYTES];
    gf_status status = plant_input(app, id, keep, input, err);
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = gf_store_named(app->store, "plant_run");
    gf_stmt_str(stmt, 1, id);
    out->line.computed = gf_stmt_row(stmt);
    if (out->line.computed) {
        out->at = gf_row_int(stmt, 0);
        out->line.fresh = gf_str_is(gf_row_str(stmt, 1), input);
        out->step_ms = gf_row_int(stmt, 2);
        out->horizon = gf_row_copy(stmt, 3, keep);
        out->line.problem = gf_row_copy(stmt, 4, keep);
        out->rate = gf_row_copy(stmt, 5, keep);
        out->ms = gf_row_int(stmt, 6);
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_plant_stale(gf_app *app, gf_arena *keep, gf_str *id, gf_error *err)
{
    gf_str *ids = gf_new(keep, gf_str, GF_APP_PLANTS_MAX);
    size_t count = 0;
    *id = (gf_str){ "", 0 };
    if (!ids)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "plant_ids");
    while (count < GF_APP_PLANTS_MAX && gf_stmt_row(stmt))
        ids[count++] = gf_row_copy(stmt, 0, keep);
    gf_stmt_end(stmt);
    for (size_t i = 0; i < count && id->len == 0; i++) {
        gf_app_plant run = { .at = 0 };
        gf_status status = plant_run_read(app, ids[i], keep, &run, err);
        if (status != GF_OK)
            return status;
        if (!run.line.computed || !run.line.fresh)
            *id = ids[i];
    }
    return gf_store_ok(app->store, err);
}

/* ---- Kept ---- */

static int64_t ppm(double ratio) { return isfinite(ratio) ? llround(ratio * 1e6) : -1; }

static void drop_old(gf_app *app, gf_str id)
{
    static const char *const OLD[] = { "plant_run_drop", "plant_day_drop", "plant_month_drop", "plant_found_drop", "plant_batch_drop" };
    for (size_t i = 0; i < GF_COUNT(OLD); i++) {
        gf_stmt *stmt = gf_store_named(app->store, OLD[i]);
        gf_stmt_str(stmt, 1, id);
        (void)gf_stmt_run(stmt);
    }
}

static void put_day(gf_app *app, gf_str id, const gf_app_plant_day *d)
{
    const int64_t values[] = { d->day, d->generated_wh, d->fed_in_wh, d->expected_wh, d->clear_wh, d->light_wh_m2, d->left_out_wh, d->steps, d->steps_read, d->steps_fed };
    gf_stmt *stmt = gf_store_named(app->store, "plant_day_put");
    gf_stmt_str(stmt, 1, id);
    for (size_t i = 0; i < GF_COUNT(values); i++)
        gf_stmt_int(stmt, (int)i + 2, values[i]);
    (void)gf_stmt_run(stmt);
}

static gf_str number_text(double value, char out[TEXT_BYTES])
{
    int len = isfinite(value) ? snprintf(out, TEXT_BYTES, "%.*f", fabs(value) < 10 ? 3 : fabs(value) < 1000 ? 1 : 0, value) : 0;
    return (gf_str){ out, (size_t)(len > 0 ? len : 0) };
}

static void put_found(gf_app *app, const plant_open *p, const plant_work *w, size_t number, gf_str fault_id)
{
    const gf_solar_fault *f = &w->checked.found.faults[number];
    char value[TEXT_BYTES], expected[TEXT_BYTES];
    gf_stmt *stmt = gf_store_named(app->store, "plant_found_put");
    gf_stmt_str(stmt, 1, p->id);
    gf_stmt_int(stmt, 2, (int64_t)number);
    gf_stmt_str(stmt, 3, gf_str_of(gf_solar_fault_name(f->kind)));
    gf_stmt_str(stmt, 4, f->inverter == UINT32_MAX ? (gf_str){ "", 0 } : w->checked.plant.inverters[f->inverter].name);
    gf_stmt_int(stmt, 5, p->series.weather[f->first].at);
    gf_stmt_int(stmt, 6, p->series.weather[f->last].at);
    gf_stmt_str(stmt, 7, number_text(f->value, value));
    gf_stmt_str(stmt, 8, number_text(f->expected, expected));
    gf_stmt_int(stmt, 9, llround(f->lost_wh));
    gf_stmt_str(stmt, 10, fault_id);
    (void)gf_stmt_run(stmt);
}

static void put_run(gf_app *app, const plant_open *p, const plant_work *w, const char *input, const char *problem, int64_t ms)
{
    char rate[TEXT_BYTES * 3] = "";
    const gf_solar_degradation *d = &w->checked.degradation;
    if (w->checked.has_degradation)
        (void)snprintf(rate, sizeof rate, "%.6f;%.6f;%.6f", d->rate, d->low, d->high);
    gf_stmt *stmt = gf_store_named(app->store, "plant_run_put");
    gf_stmt_str(stmt, 1, p->id);
    gf_stmt_int(stmt, 2, app->now());
    gf_stmt_str(stmt, 3, gf_str_of(input));
    gf_stmt_int(stmt, 4, llround(p->series.step_s * 1000));
    gf_stmt_str(stmt, 5, gf_str_of(p->horizon));
    gf_stmt_str(stmt, 6, gf_str_of(problem));
    gf_stmt_str(stmt, 7, gf_str_of(rate));
    gf_stmt_int(stmt, 8, ms);
    (void)gf_stmt_run(stmt);
}

static void put_months(gf_app *app, gf_str id, const plant_work *w)
{
    for (size_t i = 0; i < w->month_count; i++) {
        gf_stmt *stmt = gf_store_named(app->store, "plant_month_put");
        gf_stmt_str(stmt, 1, id);
        gf_stmt_int(stmt, 2, w->months[i].key);
        gf_stmt_int(stmt, 3, ppm(w->months[i].ratio));
        gf_stmt_int(stmt, 4, ppm(w->months[i].corrected));
        (void)gf_stmt_run(stmt);
    }
}

static void put_batches(gf_app *app, const plant_open *p)
{
    for (size_t i = 0; i < p->batch_count; i++) {
        gf_stmt *stmt = gf_store_named(app->store, "plant_batch_put");
        gf_stmt_str(stmt, 1, p->id);
        gf_stmt_str(stmt, 2, p->batches[i].id);
        gf_stmt_int(stmt, 3, p->batches[i].first);
        gf_stmt_int(stmt, 4, p->batches[i].last);
        (void)gf_stmt_run(stmt);
    }
}

typedef struct run { gf_app *app; const gf_app_actor *actor; plant_open plant; plant_work work; gf_arena *arena; char input[GF_HASH_HEX_BYTES]; gf_error problem; gf_utc_ms begun; } run;

static gf_status keep_run(run *r, gf_app_plant_ran *out, gf_error *err)
{
    size_t count = r->work.checked.found.count;
    gf_str *fault_of = gf_new(r->arena, gf_str, count + 1);
    if (!fault_of)
        return gf_fail_memory(err);
    drop_old(r->app, r->plant.id);
    gf_status status = out->problem ? GF_OK : plant_open_alarms(r->app, r->actor, &r->plant, &r->work, r->arena, fault_of, &out->alarms, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < r->work.day_count; i++)
        put_day(r->app, r->plant.id, &r->work.days[i]);
    for (size_t i = 0; i < count; i++)
        put_found(r->app, &r->plant, &r->work, i, fault_of[i]);
    put_months(r->app, r->plant.id, &r->work);
    if (!out->problem)
        put_batches(r->app, &r->plant);
    out->days = (int64_t)r->work.day_count;
    out->faults = (int64_t)count;
    out->ms = r->app->now() - r->begun;
    put_run(r->app, &r->plant, &r->work, r->input, r->problem.what, out->ms);
    return gf_store_ok(r->app->store, err);
}

/* What is wrong with the papers is the run's answer; what is wrong with the machine is a failure. */
static gf_status work_out(run *r, gf_str id, const gf_app_ground *ground, bool *problem, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(RUN_BYTES_MAX);
    gf_status status = scratch ? plant_open_description(r->app, id, ground, r->arena, &r->plant, &r->problem) : gf_fail_memory(&r->problem);
    if (status == GF_OK)
        status = plant_open_readings(r->app, r->arena, scratch, &r->plant, &r->problem);
    if (status == GF_OK && r->plant.series.count)
        status = plant_work_out(&r->plant, r->arena, scratch, &r->work, &r->problem);
    gf_arena_close(scratch);
    *problem = status == GF_EINPUT || status == GF_ELIMIT || status == GF_ENOTFOUND;
    if (*problem)
        r->work = (plant_work){ .day_count = 0 };
    else if (status != GF_OK && err)
        *err = r->problem;
    return *problem ? GF_OK : status;
}

gf_status gf_app_plant_run(gf_app *app, const gf_app_actor *actor, gf_str id, const gf_app_ground *ground, gf_app_plant_ran *out, gf_error *err)
{
    run r = { .app = app, .actor = actor, .arena = gf_arena_open(RUN_BYTES_MAX), .begun = app->now() };
    *out = (gf_app_plant_ran){ .days = 0 };
    gf_status status = r.arena ? access_require_record(app, actor, gf_register_find(GF_STR("plants")), id, r.arena, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = plant_input(app, id, r.arena, r.input, err);
    if (status == GF_OK)
        status = work_out(&r, id, ground, &out->problem, err);
    if (status == GF_OK)
        status = gf_app_batch_begin(app, err);
    if (status == GF_OK) {
        status = gf_app_part_begin(app, actor, err);
        if (status == GF_OK)
            status = gf_app_part_end(app, actor, keep_run(&r, out, err), err);
        gf_status ended = gf_app_batch_end(app, status == GF_OK ? err : NULL);
        status = status == GF_OK ? ended : status;
    }
    gf_arena_close(r.arena);
    return status;
}
