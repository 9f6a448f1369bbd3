/* Series of weather and power out of CSV, whoever wrote it.
 *
 * What is before the head (the row that names columns) is the form's own: places and zones are taken from it. Rows become steps of one
 * length: what lies between two rows that are further apart is filled with "not measured".
 */
#include "app/solar_series.h"

#include <math.h>
#include <string.h>

enum { HEAD_ROWS_MAX = 60 };

/* shift: from a row's time to the middle of its step, in steps. */
static const struct { const char *name; double shift; } FORMS[] = {
    { "none", 0 }, { "plain", 0.5 }, { "pvgis", 0 }, { "nrel tmy3", -0.5 }, { "nrel pvwatts", 0.5 }, { "nrel nsrdb", 0 },
};

/* ---- Rows ---- */

static bool is_unknown(gf_str cell)
{
    static const char *const WORDS[] = { "", "nan", "NaN", "NA", "null", "-9999", "-9900" };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (gf_str_is(cell, WORDS[i]))
            return true;
    return false;
}

static gf_status fail_cell(const series_reading *r, gf_str cell, const char *what)
{
    gf_fail(r->err, GF_EINPUT, "solar.cell", "Correct the row, or leave the cell empty.", "\"%.*s\" is no %s", GF_STR_ARG(gf_str_slice(cell, 0, 40)), what);
    return gf_fail_at(r->err, "%.*s:%zu", GF_STR_ARG(gf_str_slice(r->o->name, 0, 60)), gf_file_csv_line(r->csv));
}

static gf_status make_room(series_reading *r)
{
    if (r->count < r->room)
        return GF_OK;
    size_t room = r->room ? r->room * 2 : 4096, ac = r->s->ac_count;
    if (r->count >= GF_APP_SOLAR_ROWS_MAX)
        return gf_fail(r->err, GF_ELIMIT, "solar.large", "Split the file.", "%.*s has more than %d rows", GF_STR_ARG(r->o->name), (int)GF_APP_SOLAR_ROWS_MAX);
    gf_solar_weather *rows = gf_new(r->scratch, gf_solar_weather, room);
    double *power = gf_new(r->scratch, double, room * (ac ? ac : 1)), *fed_in = gf_new(r->scratch, double, room);
    if (!rows || !power || !fed_in)
        return gf_fail_memory(r->err);
    if (r->count) {
        memcpy(rows, r->rows, r->count * sizeof *rows);
        memcpy(power, r->ac, r->count * ac * sizeof *power);
        memcpy(fed_in, r->fed_in, r->count * sizeof *fed_in);
    }
    r->rows = rows;
    r->ac = power;
    r->fed_in = fed_in;
    r->room = room;
    return GF_OK;
}

static double *place_of(gf_solar_weather *w, role role_of)
{
    switch ((int)role_of) {
    case ROLE_GHI: return &w->ghi;
    case ROLE_DNI: return &w->dni;
    case ROLE_DHI: return &w->dhi;
    case ROLE_POA: case ROLE_POA_PART: return &w->poa;
    case ROLE_AIR: return &w->air_c;
    case ROLE_WIND: return &w->wind_m_s;
    }
    return NULL;
}

static gf_status take_value(series_reading *r, const column *c, gf_str cell, gf_solar_weather *w, double *ac)
{
    double value = NAN, *place = c->role == ROLE_AC ? &ac[c->ac] : c->role == ROLE_FED_IN ? &r->fed_in[r->count] : place_of(w, c->role);
    if (!is_unknown(cell) && !series_number(cell, &value))
        return fail_cell(r, cell, "number");
    value *= c->scale;
    *place = c->role == ROLE_POA_PART && !isnan(*place) ? *place + value : value;
    return GF_OK;
}

static bool take_time(series_reading *r, const column *c, gf_str cell, series_parts *p, gf_utc_ms *at)
{
    if (c->role == ROLE_UTC)
        return (p->dated = p->timed = series_iso(cell, 0, at));
    if (c->role == ROLE_LOCAL)
        return (p->dated = p->timed = series_iso(cell, r->o->zone_minutes, at));
    if (c->role == ROLE_PVGIS)
        return (p->dated = p->timed = series_pvgis(cell, at));
    return series_part(c->role, cell, p);
}

static gf_status take_row(series_reading *r, const gf_str *fields, size_t count)
{
    gf_status status = make_room(r);
    if (status != GF_OK)
        return status;
    gf_solar_weather *w = &r->rows[r->count];
    double *ac = &r->ac[r->count * r->s->ac_count];
    series_parts p = { .year = TYPICAL_YEAR, .mday = 1 };
    *w = (gf_solar_weather){ 0, NAN, NAN, NAN, NAN, NAN, NAN };
    r->fed_in[r->count] = NAN;
    for (size_t i = 0; i < r->s->ac_count; i++)
        ac[i] = NAN;
    for (size_t i = 0; i < r->column_count; i++) {
        const column *c = &r->columns[i];
        gf_str cell = i < count ? gf_str_trim(fields[i]) : GF_STR("");
        if (c->role >= ROLE_UTC && !take_time(r, c, cell, &p, &w->at))
            return fail_cell(r, cell, "time");
        if (c->role > ROLE_NONE && c->role < ROLE_UTC && (status = take_value(r, c, cell, w, ac)) != GF_OK)
            return status;
    }
    if (r->form == FORM_TMY3 || r->form == FORM_PVWATTS || r->form == FORM_NSRDB) {
        if (!p.dated || !p.timed || !series_instant(r->s->typical ? TYPICAL_YEAR : p.year, p.month, p.mday, p.minutes, 0, &w->at))
            return fail_cell(r, count ? fields[0] : GF_STR(""), "date");
        w->at -= (gf_utc_ms)(r->zone_minutes * 60000);
    }
    r->count++;
    return GF_OK;
}

/* PVGIS writes its legend behind the rows. */
static bool is_legend(const series_reading *r, const gf_str *fields, size_t count)
{
    return r->form == FORM_PVGIS && r->count && (count < r->column_count || fields[0].len == 0 || fields[0].data[0] < '0' || fields[0].data[0] > '9');
}

static gf_status read_rows(series_reading *r)
{
    const gf_str *fields;
    size_t count, before = 0;
    gf_status status;
    while ((status = gf_file_csv_next(r->csv, &fields, &count, r->err)) == GF_OK && count) {
        if (r->form == FORM_NONE) {
            if (++before > HEAD_ROWS_MAX)
                break;
            r->form = series_form_of(fields, count);
            if (r->form == FORM_NONE)
                series_take_before_head(r, fields, count);
            else
                status = series_take_head(r, fields, count);
        } else if (is_legend(r, fields, count))
            break;
        else if (r->form == FORM_PVWATTS && count && gf_str_is(fields[0], "Totals"))
            break;
        else
            status = take_row(r, fields, count);
        if (status != GF_OK)
            return status;
    }
    if (status == GF_OK && r->form == FORM_NONE)
        return gf_fail(r->err, GF_EINPUT, "solar.csv", "The head needs a column utc or local_time, or must be PVGIS's or NREL's.", "%.*s has no row that names a time column", GF_STR_ARG(r->o->name));
    return status;
}

/* ---- Steps ---- */

/* A typical year of PVGIS is put together of months of many years. */
static void make_typical(series_reading *r)
{
    bool falls = false;
    for (size_t i = 1; i < r->count; i++)
        falls = falls || r->rows[i].at < r->rows[i - 1].at - (gf_utc_ms)86400000 * 28;
    if (!falls || r->form != FORM_PVGIS)
        return;
    r->s->typical = true;
    for (size_t i = 0; i < r->count; i++) {
        int year, month, mday;
        gf_day day;
        gf_day_split(gf_utc_day(r->rows[i].at, 0), &year, &month, &mday);
        if (gf_day_make(TYPICAL_YEAR, month, mday, &day))
            r->rows[i].at += ((gf_utc_ms)day - gf_utc_day(r->rows[i].at, 0)) * 86400000;
    }
}

static gf_status fail_steps(const series_reading *r, size_t row, const char *what)
{
    char at[GF_UTC_BYTES];
    (void)gf_utc_format(r->rows[row].at, at);
    return gf_fail(r->err, GF_EINPUT, "solar.steps", "Sort the rows; leave one for each time; use one length of step.", "%.*s: the row of %s %s", GF_STR_ARG(gf_str_slice(r->o->name, 0, 60)), at, what);
}

static gf_status find_step(const series_reading *r, gf_utc_ms *step)
{
    *step = INT64_MAX;
    for (size_t i = 1; i < r->count; i++) {
        gf_utc_ms apart = r->rows[i].at - r->rows[i - 1].at;
        if (apart <= 0)
            return fail_steps(r, i, apart ? "lies before the one above" : "is there twice");
        *step = apart < *step ? apart : *step;
    }
    if (r->count < 2 || *step > 86400000)
        return gf_fail(r->err, GF_EINPUT, "solar.steps", "Give two rows and more, a day apart at most.", "%.*s has too few rows", GF_STR_ARG(r->o->name));
    for (size_t i = 1; i < r->count; i++)
        if ((r->rows[i].at - r->rows[0].at) % *step != 0)
            return fail_steps(r, i, "does not fit the steps of the others");
    return GF_OK;
}

static gf_status fill_steps(series_reading *r)
{
    gf_app_solar_series *s = r->s;
    gf_utc_ms step;
    gf_status status = find_step(r, &step);
    if (status != GF_OK)
        return status;
    uint64_t wanted = (uint64_t)((r->rows[r->count - 1].at - r->rows[0].at) / step) + 1;
    if (wanted > GF_APP_SOLAR_ROWS_MAX)
        return gf_fail(r->err, GF_ELIMIT, "solar.large", "Split the file where it has no rows.", "%.*s spans more than %d steps", GF_STR_ARG(r->o->name), (int)GF_APP_SOLAR_ROWS_MAX);
    s->count = (size_t)wanted;
    s->step_s = (double)step / 1000;
    s->missing = s->count - r->count;
    s->weather = gf_new(r->keep, gf_solar_weather, s->count);
    s->ac_w = s->ac_count ? gf_new(r->keep, double, s->count * s->ac_count) : NULL;
    s->fed_in_w = r->has_fed_in ? gf_new(r->keep, double, s->count) : NULL;
    if (!s->weather || (s->ac_count && !s->ac_w) || (r->has_fed_in && !s->fed_in_w))
        return gf_fail_memory(r->err);
    static const double SHIFTS[] = { 0, 0.5, 0, -0.5 };
    double shift = r->o->stamp == GF_APP_SOLAR_STAMP_FORM ? FORMS[r->form].shift : SHIFTS[r->o->stamp];
    for (size_t i = 0, row = 0; i < s->count; i++) {
        gf_utc_ms at = r->rows[0].at + (gf_utc_ms)i * step;
        bool there = r->rows[row].at == at;
        s->weather[i] = there ? r->rows[row] : (gf_solar_weather){ at, NAN, NAN, NAN, NAN, NAN, NAN };
        s->weather[i].at = at + (gf_utc_ms)(shift * (double)step);
        for (size_t k = 0; k < s->ac_count; k++)
            s->ac_w[i * s->ac_count + k] = there ? r->ac[row * s->ac_count + k] : NAN;
        if (s->fed_in_w)
            s->fed_in_w[i] = there ? r->fed_in[row] : NAN;
        row += there;
    }
    return GF_OK;
}

static size_t read_memory(void *context, char *bytes, size_t room)
{
    gf_str *rest = context;
    size_t len = rest->len < room ? rest->len : room;
    if (len)
        memcpy(bytes, rest->data, len);
    *rest = gf_str_slice(*rest, len, rest->len);
    return len;
}

gf_status gf_app_solar_series_read(gf_str bytes, const gf_app_solar_read_options *options, gf_arena *keep, gf_arena *scratch, gf_app_solar_series *out, gf_error *err)
{
    const char *name = gf_str_cstr(scratch, options->name);
    const gf_file_csv_options csv = { .name = name };
    gf_app_solar_series series = { 0 };
    gf_mark mark = gf_arena_mark(scratch);
    series_reading *r = gf_new(scratch, series_reading, 1);
    if (!r || !name)
        return gf_fail_memory(err);
    *r = (series_reading){ .o = options, .keep = keep, .scratch = scratch, .err = err, .s = &series, .zone_minutes = options->zone_minutes };
    gf_status status = gf_file_csv_open(&csv, read_memory, &bytes, &r->csv, err);
    if (status == GF_OK)
        status = read_rows(r);
    gf_file_csv_close(r->csv);
    if (status == GF_OK)
        make_typical(r);
    if (status == GF_OK)
        status = fill_steps(r);
    series.form = FORMS[r->form].name;
    gf_arena_rewind(scratch, mark);
    if (status == GF_OK)
        *out = series;
    return status;
}
