/* A plant out of the books: its description, its skyline, and its readings as one series.
 *
 * Batches may overlap: a corrected file is laid over the first one, cell by cell, in the order in which they came. All have one
 * length of step, and their rows stand on one raster of it.
 */
#include "app/plant.h"

#include "app/load_inside.h"

#include <math.h>
#include <string.h>

gf_status plant_document(gf_app *app, gf_str id, gf_arena *arena, gf_str *bytes, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "water_blob");
    gf_stmt_str(stmt, 1, id);
    *bytes = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, arena) : (gf_str){ NULL, 0 };
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status == GF_OK && !bytes->data)
        return gf_fail(err, GF_EINPUT, "solar.file", "Upload its content.", "the document \"%.*s\" has no content", GF_STR_ARG(gf_str_slice(id, 0, 80)));
    return status;
}

bool plant_is_surplus(const record *plant) { return gf_str_is(record_value(plant, "use"), "surplus"); }

static bool has_own_skyline(const gf_solar_plant *plant)
{
    for (size_t i = 0; i < plant->array_count; i++)
        if (plant->arrays[i].horizon_count)
            return true;
    return false;
}

gf_status plant_open_description(gf_app *app, gf_str id, const gf_app_ground *ground, gf_arena *arena, plant_open *out, gf_error *err)
{
    gf_str bytes;
    *out = (plant_open){ .id = id, .horizon = "none" };
    gf_status status = record_read(app, "plants", id, arena, &out->row, err);
    if (status == GF_OK)
        status = plant_document(app, record_value(&out->row, "plant"), arena, &bytes, err);
    if (status == GF_OK)
        status = gf_app_solar_plant_read(bytes, record_value(&out->row, "plant"), arena, &out->plant, err);
    if (status != GF_OK)
        return status;
    if (has_own_skyline(&out->plant))
        out->horizon = "file";
    else if (ground && gf_app_solar_plant_shade(gf_app_ground_surface(ground), arena, &out->plant, &out->unknown, NULL) == GF_OK)
        out->horizon = "terrain";   /* a site off the known ground has none: the page says so */
    return GF_OK;
}

bool plant_batch_touches(const gf_app_plant_batch *b, gf_period days) { return b->first > b->last || (b->first <= days.last && b->last >= days.first); }

gf_status plant_read_batches(gf_app *app, gf_str id, gf_arena *keep, gf_app_plant_batch **out, size_t *count, gf_error *err)
{
    *out = gf_new(keep, gf_app_plant_batch, GF_APP_PLANT_BATCHES_MAX);
    *count = 0;
    if (!*out)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "plant_batches");
    gf_stmt_str(stmt, 1, id);
    bool more = gf_stmt_row(stmt);
    for (; more && *count < GF_APP_PLANT_BATCHES_MAX; more = gf_stmt_row(stmt)) {
        bool read = gf_row_kind(stmt, 4) != GF_VALUE_NULL;
        (*out)[(*count)++] = (gf_app_plant_batch){ gf_row_copy(stmt, 0, keep), gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep),
                                                   read ? (gf_day)gf_row_int(stmt, 4) : INT32_MAX, read ? (gf_day)gf_row_int(stmt, 5) : INT32_MIN };
    }
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    return status == GF_OK && more ? gf_fail(err, GF_ELIMIT, "solar.large", "Join files of many days.", "the plant has more than %d batches of readings", (int)GF_APP_PLANT_BATCHES_MAX) : status;
}

/* ---- One series out of many ---- */

static gf_app_solar_stamp stamp_of(gf_str word)
{
    static const char *const WORDS[] = { "", "begin", "middle", "end" };
    for (size_t i = 1; i < GF_COUNT(WORDS); i++)
        if (gf_str_is(word, WORDS[i]))
            return (gf_app_solar_stamp)i;
    return GF_APP_SOLAR_STAMP_FORM;
}

static gf_status read_batch(gf_app *app, const plant_open *p, const gf_app_plant_batch *batch, gf_arena *arena, gf_arena *scratch, gf_app_solar_series *out, gf_error *err)
{
    gf_str bytes = p->fresh_csv;
    const gf_app_solar_read_options options = { batch->id, p->plant.zone_minutes, stamp_of(batch->stamp) };
    gf_status status = batch->document.len ? plant_document(app, batch->document, arena, &bytes, err) : GF_OK;
    return status == GF_OK ? gf_app_solar_series_read(bytes, &options, arena, scratch, out, err) : status;
}

typedef struct span { gf_utc_ms first, last, step; } span;

static gf_status widen(const gf_app_plant_batch *batch, const gf_app_solar_series *s, span *all, gf_error *err)
{
    gf_utc_ms step = (gf_utc_ms)(s->step_s * 1000), first = s->weather[0].at, last = s->weather[s->count - 1].at;
    if (all->step && (step != all->step || (first - all->first) % step != 0))
        return gf_fail(err, GF_EINPUT, "solar.steps", "Give all readings of a plant one length of step, on one raster.", "the readings \"%.*s\" have steps of %lld s, those before of %lld s, or lie between their times",
                       GF_STR_ARG(gf_str_slice(batch->id, 0, 60)), (long long)step / 1000, (long long)all->step / 1000);
    if (!all->step)
        *all = (span){ first, last, step };
    all->first = first < all->first ? first : all->first;
    all->last = last > all->last ? last : all->last;
    return GF_OK;
}

/* The column of the whole plant's power, or of the inverter; a new one where it is not there yet. */
static gf_status column_of(gf_app_solar_series *all, gf_str name, size_t *column, gf_error *err)
{
    for (*column = 0; *column < all->ac_count; ++*column)
        if (gf_str_eq(all->ac_name[*column], name))
            return GF_OK;
    if (all->ac_count == GF_APP_SOLAR_INVERTERS_MAX)
        return gf_fail(err, GF_ELIMIT, "solar.large", "", "the readings name more than %d inverters", (int)GF_APP_SOLAR_INVERTERS_MAX);
    all->ac_name[all->ac_count++] = name;
    return GF_OK;
}

static void lay(double *under, double over)
{
    if (!isnan(over))
        *under = over;
}

static void lay_weather(gf_solar_weather *under, const gf_solar_weather *over)
{
    lay(&under->ghi, over->ghi);
    lay(&under->dni, over->dni);
    lay(&under->dhi, over->dhi);
    lay(&under->poa, over->poa);
    lay(&under->air_c, over->air_c);
    lay(&under->wind_m_s, over->wind_m_s);
}

static void lay_series(gf_app_solar_series *all, const gf_app_solar_series *s, const size_t *columns, gf_utc_ms step)
{
    size_t at = (size_t)((s->weather[0].at - all->weather[0].at) / step);
    for (size_t i = 0; i < s->count; i++) {
        lay_weather(&all->weather[at + i], &s->weather[i]);
        for (size_t k = 0; k < s->ac_count; k++)
            lay(&all->ac_w[(at + i) * all->ac_count + columns[k]], s->ac_w[i * s->ac_count + k]);
        if (s->fed_in_w)
            lay(&all->fed_in_w[at + i], s->fed_in_w[i]);
    }
}

static gf_status make_room(const span *whole, bool fed_in, gf_arena *arena, gf_app_solar_series *all, gf_error *err)
{
    uint64_t count = (uint64_t)((whole->last - whole->first) / whole->step) + 1;
    if (count > GF_APP_SOLAR_ROWS_MAX)
        return gf_fail(err, GF_ELIMIT, "solar.large", "Keep older years as a plant of their own.", "the plant's readings span more than %d steps", (int)GF_APP_SOLAR_ROWS_MAX);
    all->count = (size_t)count;
    all->step_s = (double)whole->step / 1000;
    all->form = "plain";
    all->weather = gf_new(arena, gf_solar_weather, all->count);
    all->ac_w = gf_new(arena, double, all->count * all->ac_count);
    all->fed_in_w = fed_in ? gf_new(arena, double, all->count) : NULL;
    if (!all->weather || !all->ac_w || (fed_in && !all->fed_in_w))
        return gf_fail_memory(err);
    for (size_t i = 0; i < all->count; i++) {
        all->weather[i] = (gf_solar_weather){ whole->first + (gf_utc_ms)i * whole->step, NAN, NAN, NAN, NAN, NAN, NAN };
        if (fed_in)
            all->fed_in_w[i] = NAN;
    }
    for (size_t i = 0; i < all->count * all->ac_count; i++)
        all->ac_w[i] = NAN;
    return GF_OK;
}

gf_status plant_open_readings(gf_app *app, gf_arena *arena, gf_arena *scratch, plant_open *p, gf_error *err)
{
    span whole = { 0, 0, 0 };
    bool fed_in = false;
    gf_status status = plant_read_batches(app, p->id, arena, &p->batches, &p->batch_count, err);
    if (status == GF_OK && p->fresh_csv.len && p->batch_count < GF_APP_PLANT_BATCHES_MAX)
        p->batches[p->batch_count++] = (gf_app_plant_batch){ .id = GF_STR("readings"), .document = { "", 0 }, .stamp = p->fresh_stamp };
    gf_app_solar_series *each = status == GF_OK ? gf_new(scratch, gf_app_solar_series, p->batch_count + 1) : NULL;
    size_t(*columns)[GF_APP_SOLAR_INVERTERS_MAX] = each ? gf_arena_alloc(scratch, p->batch_count + 1, sizeof *columns) : NULL;
    if (status == GF_OK && !columns)
        status = gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < p->batch_count; i++) {
        status = read_batch(app, p, &p->batches[i], arena, scratch, &each[i], err);
        if (status == GF_OK) {
            status = widen(&p->batches[i], &each[i], &whole, err);
            p->batches[i].first = gf_utc_day(each[i].weather[0].at, p->plant.zone_minutes);
            p->batches[i].last = gf_utc_day(each[i].weather[each[i].count - 1].at, p->plant.zone_minutes);
        }
        for (size_t k = 0; status == GF_OK && k < each[i].ac_count; k++)
            status = column_of(&p->series, each[i].ac_name[k], &columns[i][k], err);
        fed_in = fed_in || (status == GF_OK && each[i].fed_in_w);
    }
    if (status != GF_OK || p->batch_count == 0)
        return status;
    status = make_room(&whole, fed_in, arena, &p->series, err);
    for (size_t i = 0; status == GF_OK && i < p->batch_count; i++)
        lay_series(&p->series, &each[i], columns[i], whole.step);
    return status;
}
