/* PV plants as an actor sees them: the list, a plant with its months, faults and tariffs, its days. All of it comes from the newest run. */
#include "app/plant.h"

#include "app/figures.h"
#include "app/side.h"

#include <math.h>
#include <string.h>

enum { DAYS_MAX = 1830, MONTHS_MAX = 600, FAULTS_MAX = GF_SOLAR_FAULTS_MAX };

static const gf_register *plants(void) { return gf_register_find(GF_STR("plants")); }

/* ---- Days and months of the newest run ---- */

void plant_share_out(gf_app_plant_day *d, bool surplus)
{
    bool fed_all_day = d->fed_in_wh >= 0 && d->steps_fed == d->steps;
    if (!surplus)
        d->fed_in_wh = d->generated_wh;
    d->self_use_wh = !surplus ? 0 : !fed_all_day ? -1 : d->generated_wh > d->fed_in_wh ? d->generated_wh - d->fed_in_wh : 0;
}

gf_status plant_days_read(gf_app *app, gf_str id, gf_day first, gf_day last, bool surplus, gf_arena *keep, gf_app_plant_day **out, size_t *count, gf_error *err)
{
    *count = 0;
    if ((int64_t)last - first >= DAYS_MAX)
        return gf_fail(err, GF_EUSAGE, "solar.span", "Ask for five years at most.", "the span is too long");
    *out = gf_new(keep, gf_app_plant_day, last >= first ? (size_t)(last - first) + 1 : 1);
    if (!*out)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "plant_days_of");
    gf_stmt_str(stmt, 1, id);
    gf_stmt_int(stmt, 2, first);
    gf_stmt_int(stmt, 3, last);
    while (gf_stmt_row(stmt)) {
        gf_app_plant_day *d = &(*out)[(*count)++];
        int64_t *const sums[] = { &d->generated_wh, &d->fed_in_wh, &d->expected_wh, &d->clear_wh, &d->light_wh_m2, &d->left_out_wh, &d->steps, &d->steps_read, &d->steps_fed };
        d->day = (gf_day)gf_row_int(stmt, 0);
        for (size_t i = 0; i < GF_COUNT(sums); i++)
            *sums[i] = gf_row_int(stmt, (int)i + 1);
        plant_share_out(d, surplus);
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static void read_ends(gf_app *app, gf_app_plant_line *line)
{
    gf_stmt *stmt = gf_store_named(app->store, "plant_day_ends");
    gf_stmt_str(stmt, 1, line->id);
    if (gf_stmt_row(stmt) && gf_row_kind(stmt, 0) != GF_VALUE_NULL) {
        line->first = (gf_day)gf_row_int(stmt, 0);
        line->last = (gf_day)gf_row_int(stmt, 1);
        line->day_count = (size_t)(line->last - line->first) + 1;
    }
    gf_stmt_end(stmt);
}

static void add_known(int64_t *sum, int64_t value) { *sum = value < 0 ? *sum : (*sum < 0 ? 0 : *sum) + value; }

static void add_day(gf_app_plant_month *m, const gf_app_plant_day *d)
{
    add_known(&m->generated_wh, d->generated_wh);
    add_known(&m->fed_in_wh, d->fed_in_wh);
    add_known(&m->self_use_wh, d->self_use_wh);
    add_known(&m->expected_wh, d->expected_wh);
    add_known(&m->clear_wh, d->clear_wh);
    add_known(&m->light_wh_m2, d->light_wh_m2);
    add_known(&m->left_out_wh, d->left_out_wh);
    m->steps += d->steps;
    m->steps_read += d->steps_read;
}

static void sum_months(const gf_app_plant_day *days, size_t count, gf_app_plant *out)
{
    for (size_t i = 0; i < count; i++) {
        int year, month, mday, next_year, next_month;
        gf_day_split(days[i].day, &year, &month, &mday);
        gf_day_split(days[i].day + 1, &next_year, &next_month, &mday);
        gf_app_plant_month *m = out->month_count ? &out->months[out->month_count - 1] : NULL;
        if (!m || m->year != year || m->month != month) {
            if (out->month_count == MONTHS_MAX)
                return;
            m = &out->months[out->month_count++];
            *m = (gf_app_plant_month){ .year = year, .month = month, .generated_wh = -1, .fed_in_wh = -1, .self_use_wh = -1, .expected_wh = -1, .clear_wh = -1, .light_wh_m2 = -1,
                                       .left_out_wh = -1, .ratio_ppm = -1, .corrected_ppm = -1 };
        }
        add_day(m, &days[i]);
        m->whole = m->whole || next_month != month;
    }
}

static void read_ratios(gf_app *app, gf_app_plant *out)
{
    gf_stmt *stmt = gf_store_named(app->store, "plant_months_of");
    gf_stmt_str(stmt, 1, out->line.id);
    while (gf_stmt_row(stmt))
        for (size_t i = 0; i < out->month_count; i++)
            if (out->months[i].year * 100 + out->months[i].month == gf_row_int(stmt, 0)) {
                out->months[i].ratio_ppm = gf_row_int(stmt, 1);
                out->months[i].corrected_ppm = gf_row_int(stmt, 2);
            }
    gf_stmt_end(stmt);
}

/* The last five years; what lies before is asked for by span. */
static gf_status read_months(gf_app *app, const record *row, gf_arena *keep, gf_app_plant *out, gf_error *err)
{
    gf_app_plant_day *days;
    size_t count;
    gf_day first = out->line.last - DAYS_MAX + 1 > out->line.first ? out->line.last - DAYS_MAX + 1 : out->line.first;
    out->months = gf_new(keep, gf_app_plant_month, MONTHS_MAX);
    if (!out->months)
        return gf_fail_memory(err);
    if (out->line.day_count == 0)
        return GF_OK;
    gf_status status = plant_days_read(app, out->line.id, first, out->line.last, plant_is_surplus(row), keep, &days, &count, err);
    if (status != GF_OK)
        return status;
    sum_months(days, count, out);
    read_ratios(app, out);
    for (size_t i = 0; status == GF_OK && i < out->month_count; i++)
        status = plant_earn(app, out->line.id, out->tariffs, out->tariff_count, days, count, out->months[i].year, out->months[i].month, keep, out->months[i].part, err);
    return status;
}

/* ---- Faults ---- */

static bool is_over(gf_app *app, gf_str case_id)
{
    gf_stmt *stmt = gf_store_named(app->store, "plant_case_closed");
    gf_stmt_str(stmt, 1, case_id);
    bool closed = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return closed;
}

static gf_status read_faults(gf_app *app, gf_arena *keep, gf_app_plant *out, gf_error *err)
{
    out->faults = gf_new(keep, gf_app_plant_fault, FAULTS_MAX);
    if (!out->faults)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "plant_found_of");
    gf_stmt_str(stmt, 1, out->line.id);
    while (out->fault_count < FAULTS_MAX && gf_stmt_row(stmt))
        out->faults[out->fault_count++] = (gf_app_plant_fault){ .kind = gf_row_copy(stmt, 0, keep), .inverter = gf_row_copy(stmt, 1, keep), .first = gf_row_int(stmt, 2), .last = gf_row_int(stmt, 3),
                                                                .value = gf_row_copy(stmt, 4, keep), .expected = gf_row_copy(stmt, 5, keep), .lost_wh = gf_row_int(stmt, 6),
                                                                .fault = gf_row_copy(stmt, 7, keep), .case_id = gf_row_copy(stmt, 8, keep) };
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

/* Alarms of the plant whose case is not closed, of all runs. */
static size_t count_open(gf_app *app, gf_str id, gf_arena *keep)
{
    gf_str cases_of[256];
    size_t count = 0, open = 0;
    gf_stmt *stmt = gf_store_named(app->store, "plant_cases_of");
    gf_stmt_str(stmt, 1, id);
    while (count < GF_COUNT(cases_of) && gf_stmt_row(stmt))
        cases_of[count++] = gf_row_copy(stmt, 0, keep);
    gf_stmt_end(stmt);
    for (size_t i = 0; i < count; i++)
        open += !is_over(app, cases_of[i]);
    return open;
}

/* ---- One plant ---- */

static gf_status read_line(gf_app *app, gf_str id, gf_arena *keep, record *row, gf_app_plant *out, plant_open *open, gf_error *err)
{
    gf_error why;
    gf_status status = record_read(app, "plants", id, keep, row, err);
    if (status != GF_OK)
        return status;
    out->line = (gf_app_plant_line){ .id = record_key(row), .name = record_value(row, "name"), .name_en = record_value(row, "name_en"), .asset = record_value(row, "asset"),
                                     .place = record_value(row, "place"), .use = record_value(row, "use"), .origin = row->origin, .dc_w = NAN, .ac_w = NAN };
    out->line.place_name = figure_place_name(app, out->line.place, keep);
    status = plant_run_read(app, id, keep, out, err);
    if (status != GF_OK)
        return status;
    read_ends(app, &out->line);
    out->line.open_alarms = count_open(app, id, keep);
    if (plant_open_description(app, id, NULL, keep, open, &why) == GF_OK) {
        out->line.dc_w = gf_solar_plant_dc0_w(&open->plant);
        out->line.ac_w = gf_solar_plant_ac0_w(&open->plant);
    } else if (out->line.problem.len == 0)
        out->line.problem = gf_str_copy(keep, gf_str_of(why.what));
    return gf_store_ok(app->store, err);
}

gf_status gf_app_plant_read(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_app_plant *out, gf_error *err)
{
    record row;
    plant_open open = { .horizon = "none" };
    *out = (gf_app_plant){ .at = 0 };
    gf_status status = access_require_record(app, actor, plants(), id, keep, err);
    if (status == GF_OK)
        status = app_begin_read(app, err);
    if (status != GF_OK)
        return status;
    status = read_line(app, id, keep, &row, out, &open, err);
    if (status == GF_OK)
        status = plant_read_tariffs(app, id, keep, &out->tariffs, &out->tariff_count, err);
    if (status == GF_OK)
        status = plant_read_batches(app, id, keep, &out->batches, &out->batch_count, err);
    if (status == GF_OK)
        status = read_months(app, &row, keep, out, err);
    if (status == GF_OK)
        status = read_faults(app, keep, out, err);
    status = app_end_read(app, status, err);
    if (status != GF_OK)
        return status;
    out->note = record_value(&row, "note");
    out->fund = record_value(&row, "fund");
    out->project = record_value(&row, "project");
    out->keeper = record_value(&row, "keeper");
    out->document = record_value(&row, "plant");
    out->lat_deg = open.plant.site.lat_deg;
    out->lon_deg = open.plant.site.lon_deg;
    out->zone_minutes = open.plant.zone_minutes;
    out->inverter_count = open.plant.inverter_count;
    out->array_count = open.plant.array_count;
    return GF_OK;
}

gf_status gf_app_plants(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_arena *keep, gf_app_plant_line **out, size_t *count, gf_error *err)
{
    side s;
    gf_str *ids = gf_new(keep, gf_str, GF_APP_PLANTS_MAX);
    *out = gf_new(keep, gf_app_plant_line, GF_APP_PLANTS_MAX);
    *count = 0;
    gf_status status = ids && *out ? gf_app_require(actor, plants(), GF_APP_READ, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = side_of(app, programme, &s, err);
    if (status != GF_OK)
        return status;
    browse_params params = { .count = 0 };
    gf_text sql;
    gf_text_init(&sql, keep);
    gf_text_add_c(&sql, "SELECT r.id FROM plants r WHERE ");
    browse_text(&params, actor->user);
    access_where(&sql, actor, plants(), "r");
    side_where(&sql, &params, &s, plants(), "r");
    gf_text_add_c(&sql, " ORDER BY r.id");
    gf_stmt *stmt = browse_bind(app, &sql, &params);
    size_t found = 0;
    while (found < GF_APP_PLANTS_MAX && gf_stmt_row(stmt))
        ids[found++] = gf_row_copy(stmt, 0, keep);
    gf_stmt_end(stmt);
    for (size_t i = 0; status == GF_OK && i < found; i++) {
        record row;
        gf_app_plant plant = { .at = 0 };
        plant_open open;
        status = read_line(app, ids[i], keep, &row, &plant, &open, err);
        (*out)[(*count)++] = plant.line;
    }
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

gf_status gf_app_plant_days(gf_app *app, const gf_app_actor *actor, gf_str id, gf_day first, gf_day last, gf_arena *keep, gf_app_plant_day **out, size_t *count, gf_error *err)
{
    record row;
    gf_status status = access_require_record(app, actor, plants(), id, keep, err);
    if (status == GF_OK)
        status = record_read(app, "plants", id, keep, &row, err);
    return status == GF_OK ? plant_days_read(app, id, first, last, plant_is_surplus(&row), keep, out, count, err) : status;
}
