/* Series of weather and power out of CSV, whoever wrote it.
 *
 * What is before the head (the row that names columns) is the form's own: places and zones are taken from it. Columns are told by
 * name; a plain file says the unit in the name ("ghi_w_m2", "GHI (W/m2)", "north_ac_kw"), and one that does not is refused, for
 * kilowatts taken for watts look like a good plant. Rows become steps of one length: what lies between two rows that are further apart
 * is filled with "not measured".
 */
#include "app/gf_app_solar.h"
#include "file/gf_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 128, NAME_BYTES = 64, HEAD_ROWS_MAX = 60, TYPICAL_YEAR = 1990 };

typedef enum role {
    ROLE_NONE, ROLE_GHI, ROLE_DNI, ROLE_DHI, ROLE_POA, ROLE_POA_PART, ROLE_AIR, ROLE_WIND, ROLE_FED_IN, ROLE_AC,
    ROLE_UTC, ROLE_LOCAL, ROLE_PVGIS, ROLE_DATE_US, ROLE_CLOCK, ROLE_YEAR, ROLE_MONTH, ROLE_DAY, ROLE_HOUR, ROLE_MINUTE,
} role;

typedef enum form { FORM_NONE, FORM_PLAIN, FORM_PVGIS, FORM_TMY3, FORM_PVWATTS, FORM_NSRDB } form;

/* shift: from a row's time to the middle of its step, in steps. */
static const struct { const char *name; double shift; } FORMS[] = {
    { "none", 0 }, { "plain", 0.5 }, { "pvgis", 0 }, { "nrel tmy3", -0.5 }, { "nrel pvwatts", 0.5 }, { "nrel nsrdb", 0 },
};

typedef struct column { role role; double scale; uint32_t ac; } column;

typedef struct reading {
    const gf_app_solar_read_options *o;
    gf_arena *keep, *scratch;
    gf_error *err;
    gf_file_csv *csv;
    form     form;
    column   columns[COLUMNS_MAX];
    size_t   column_count;
    bool     has_fed_in;
    double   zone_minutes;
    size_t   zone_column;                   /* NSRDB: where the row of names has the zone; 0 = nowhere */
    gf_app_solar_series *s;
    gf_solar_weather *rows;                 /* as they were read, `at` as written */
    double  *ac, *fed_in;                   /* the same */
    size_t   count, room;
} reading;

/* ---- Names of columns ---- */

/* Lower case, without ^ and degree signs, ² as 2. */
static gf_str plain_name(gf_str field, char out[NAME_BYTES])
{
    size_t n = 0;
    gf_str rest = gf_str_trim(field);
    for (uint32_t code; n + 2 < NAME_BYTES && gf_utf8_next(&rest, &code);) {
        if (code == 0xB2)
            out[n++] = '2';
        else if (code != '^' && code != 0xB0)
            out[n++] = code > 126 ? '?' : (char)(code >= 'A' && code <= 'Z' ? code + 32 : code);
    }
    out[n] = '\0';
    return (gf_str){ out, n };
}

static const struct { const char *name; role role; form form; } EXACT[] = {
    { "utc", ROLE_UTC, FORM_PLAIN }, { "time_utc", ROLE_UTC, FORM_PLAIN }, { "timestamp", ROLE_UTC, FORM_PLAIN },
    { "local_time", ROLE_LOCAL, FORM_PLAIN }, { "time_local", ROLE_LOCAL, FORM_PLAIN },
    { "time(utc)", ROLE_PVGIS, FORM_PVGIS }, { "time", ROLE_PVGIS, FORM_PVGIS },
    { "g(h)", ROLE_GHI, FORM_PVGIS }, { "gb(n)", ROLE_DNI, FORM_PVGIS }, { "gd(h)", ROLE_DHI, FORM_PVGIS }, { "g(i)", ROLE_POA, FORM_PVGIS },
    { "gb(i)", ROLE_POA_PART, FORM_PVGIS }, { "gd(i)", ROLE_POA_PART, FORM_PVGIS }, { "gr(i)", ROLE_POA_PART, FORM_PVGIS },
    { "t2m", ROLE_AIR, FORM_PVGIS }, { "ws10m", ROLE_WIND, FORM_PVGIS }, { "p", ROLE_AC, FORM_PVGIS },
    { "date (mm/dd/yyyy)", ROLE_DATE_US, FORM_TMY3 }, { "time (hh:mm)", ROLE_CLOCK, FORM_TMY3 }, { "dry-bulb (c)", ROLE_AIR, FORM_TMY3 }, { "wspd (m/s)", ROLE_WIND, FORM_TMY3 },
    { "ghi (w/m2)", ROLE_GHI, FORM_TMY3 }, { "dni (w/m2)", ROLE_DNI, FORM_TMY3 }, { "dhi (w/m2)", ROLE_DHI, FORM_TMY3 },
    { "year", ROLE_YEAR, FORM_NSRDB }, { "month", ROLE_MONTH, FORM_PVWATTS }, { "day", ROLE_DAY, FORM_PVWATTS }, { "hour", ROLE_HOUR, FORM_PVWATTS }, { "minute", ROLE_MINUTE, FORM_NSRDB },
    { "beam irradiance (w/m2)", ROLE_DNI, FORM_PVWATTS }, { "diffuse irradiance (w/m2)", ROLE_DHI, FORM_PVWATTS }, { "plane of array irradiance (w/m2)", ROLE_POA, FORM_PVWATTS },
    { "ambient temperature (c)", ROLE_AIR, FORM_PVWATTS }, { "wind speed (m/s)", ROLE_WIND, FORM_PVWATTS }, { "ac system output (w)", ROLE_AC, FORM_PVWATTS },
    { "ghi", ROLE_GHI, FORM_NSRDB }, { "dni", ROLE_DNI, FORM_NSRDB }, { "dhi", ROLE_DHI, FORM_NSRDB }, { "temperature", ROLE_AIR, FORM_NSRDB }, { "wind speed", ROLE_WIND, FORM_NSRDB },
};

/* Units at the end of a plain name, by what they may measure; longer ones first. */
static const struct { const char *unit; double scale; const char *kind; } UNITS[] = {
    { "_kw_m2", 1000, "light" }, { " (kw/m2)", 1000, "light" }, { "_w_m2", 1, "light" }, { " (w/m2)", 1, "light" }, { "_wm2", 1, "light" },
    { "_m_s", 1, "wind" }, { " (m/s)", 1, "wind" }, { "_kw", 1000, "power" }, { " (kw)", 1000, "power" }, { "_w", 1, "power" }, { " (w)", 1, "power" },
    { "_c", 1, "heat" }, { " (c)", 1, "heat" },
};

static const struct { const char *name; role role; const char *kind; } PLAIN[] = {
    { "ghi", ROLE_GHI, "light" }, { "dni", ROLE_DNI, "light" }, { "dhi", ROLE_DHI, "light" }, { "poa", ROLE_POA, "light" },
    { "temp_air", ROLE_AIR, "heat" }, { "air", ROLE_AIR, "heat" }, { "wind", ROLE_WIND, "wind" }, { "wind_speed", ROLE_WIND, "wind" }, { "ac", ROLE_AC, "power" },
    { "fed_in", ROLE_FED_IN, "power" },
};

/* A name without its unit; *scale 0 when it has none. */
static gf_str cut_unit(gf_str name, double *scale, const char **kind)
{
    *scale = 0;
    *kind = "";
    for (size_t i = 0; i < GF_COUNT(UNITS); i++)
        if (gf_str_ends(name, gf_str_of(UNITS[i].unit))) {
            *scale = UNITS[i].scale;
            *kind = UNITS[i].kind;
            return gf_str_slice(name, 0, name.len - strlen(UNITS[i].unit));
        }
    return name;
}

static gf_status add_ac(reading *r, column *c, gf_str inverter)
{
    gf_app_solar_series *s = r->s;
    if (s->ac_count == GF_APP_SOLAR_INVERTERS_MAX)
        return gf_fail(r->err, GF_ELIMIT, "solar.large", "Split the file.", "%.*s has power of more than %d inverters", GF_STR_ARG(r->o->name), (int)GF_APP_SOLAR_INVERTERS_MAX);
    c->ac = (uint32_t)s->ac_count;
    s->ac_name[s->ac_count] = gf_str_copy(r->keep, inverter);
    return s->ac_name[s->ac_count++].data ? GF_OK : gf_fail_memory(r->err);
}

static gf_status fail_unit(const reading *r, gf_str field, gf_str name)
{
    return gf_fail(r->err, GF_EINPUT, "solar.unit", "Write the unit into the name: ghi_w_m2, temp_air_c, wind_m_s, ac_w, ac_kw.", "%.*s: column \"%.*s\" tells no unit that fits \"%.*s\"",
                   GF_STR_ARG(gf_str_slice(r->o->name, 0, 60)), GF_STR_ARG(gf_str_slice(field, 0, 30)), GF_STR_ARG(gf_str_slice(name, 0, 20)));
}

static bool ends_like(gf_str text, gf_str lower)
{
    for (size_t i = 0; i < lower.len; i++) {
        char c = text.len >= lower.len ? text.data[text.len - lower.len + i] : '\0';
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower.data[i])
            return false;
    }
    return true;
}

/* The inverter's name as it was written, its case kept: NAME_ac and a unit, or ac_NAME and a unit. False when the field does not
 * read so letter by letter (a plain name leaves some signs out). */
static bool inverter_name(gf_str field, gf_str unit, bool behind, gf_str *out)
{
    gf_str own = gf_str_trim(field);
    if (!ends_like(own, unit))
        return false;
    own = gf_str_slice(own, 0, own.len - unit.len);
    *out = behind ? gf_str_slice(own, 0, own.len - 3) : gf_str_slice(own, 3, own.len);
    return own.len > 3 && ends_like(behind ? own : gf_str_slice(own, 0, 3), behind ? GF_STR("_ac") : GF_STR("ac_"));
}

static gf_status take_plain_column(reading *r, gf_str field, column *c)
{
    char bytes[NAME_BYTES];
    const char *kind;
    gf_str whole = plain_name(field, bytes), name = cut_unit(whole, &c->scale, &kind), inverter;
    for (size_t i = 0; i < GF_COUNT(PLAIN); i++)
        if (gf_str_is(name, PLAIN[i].name)) {
            if (strcmp(kind, PLAIN[i].kind) != 0)
                return fail_unit(r, field, name);
            c->role = PLAIN[i].role;
            return c->role == ROLE_AC ? add_ac(r, c, GF_STR("")) : GF_OK;
        }
    bool behind = gf_str_ends(name, GF_STR("_ac")), before = gf_str_starts(name, GF_STR("ac_"));
    if (!behind && !before)
        return GF_OK;
    if (strcmp(kind, "power") != 0 || !inverter_name(field, gf_str_slice(whole, name.len, whole.len), behind, &inverter))
        return fail_unit(r, field, name);
    c->role = ROLE_AC;
    return add_ac(r, c, inverter);
}

/* The form that a head tells, FORM_NONE when the row is no head. */
static form form_of(const gf_str *fields, size_t count)
{
    bool has[ROLE_MINUTE + 1] = { false };
    form found = FORM_NONE;
    for (size_t i = 0; i < count; i++) {
        char bytes[NAME_BYTES];
        gf_str name = plain_name(fields[i], bytes);
        for (size_t k = 0; k < GF_COUNT(EXACT); k++)
            if (gf_str_is(name, EXACT[k].name) && EXACT[k].role >= ROLE_UTC) {
                has[EXACT[k].role] = true;
                found = EXACT[k].role <= ROLE_DATE_US ? EXACT[k].form : found;
            }
    }
    if (has[ROLE_DATE_US] && has[ROLE_CLOCK])
        return FORM_TMY3;
    if (has[ROLE_MONTH] && has[ROLE_DAY] && has[ROLE_HOUR])
        return has[ROLE_YEAR] ? FORM_NSRDB : FORM_PVWATTS;
    return has[ROLE_UTC] || has[ROLE_LOCAL] || (has[ROLE_PVGIS] && count > 1) ? found : FORM_NONE;
}

static gf_status take_head(reading *r, const gf_str *fields, size_t count)
{
    bool useful = false;
    r->column_count = count < COLUMNS_MAX ? count : COLUMNS_MAX;
    for (size_t i = 0; i < r->column_count; i++) {
        char bytes[NAME_BYTES];
        gf_str name = plain_name(fields[i], bytes);
        column *c = &r->columns[i];
        *c = (column){ .scale = 1 };
        for (size_t k = 0; k < GF_COUNT(EXACT) && !c->role; k++)
            if (gf_str_is(name, EXACT[k].name) && (EXACT[k].role >= ROLE_UTC || (r->form != FORM_PLAIN && EXACT[k].form == r->form) ))
                c->role = EXACT[k].role;
        gf_status status = c->role == ROLE_AC ? add_ac(r, c, GF_STR("")) : !c->role && r->form == FORM_PLAIN ? take_plain_column(r, fields[i], c) : GF_OK;
        if (status != GF_OK)
            return status;
        useful = useful || (c->role > ROLE_NONE && c->role < ROLE_UTC);
        r->has_fed_in = r->has_fed_in || c->role == ROLE_FED_IN;
    }
    r->s->typical = r->form == FORM_TMY3 || r->form == FORM_PVWATTS;
    return useful ? GF_OK : gf_fail(r->err, GF_EINPUT, "solar.csv", "Name columns like ghi_w_m2, poa_w_m2, temp_air_c, ac_w.", "%.*s has no column of light, weather or power", GF_STR_ARG(r->o->name));
}

/* ---- Before the head ---- */

static bool to_number(gf_str text, double *out)
{
    char word[40], *end;
    text = gf_str_trim(text);
    if (!text.len || text.len >= sizeof word)
        return false;
    memcpy(word, text.data, text.len);
    word[text.len] = '\0';
    *out = strtod(word, &end);
    return *end == '\0' && isfinite(*out);
}

/* TMY3: station,name,state,zone,lat,lon,alt. PVWatts: "Time Zone:","-7". NSRDB: names in one row, values in the next. */
static void take_before_head(reading *r, const gf_str *fields, size_t count)
{
    double value;
    char bytes[NAME_BYTES];
    if (r->zone_column && r->zone_column < count && to_number(fields[r->zone_column], &value) && fabs(value) <= 14)
        r->zone_minutes = value * 60;
    r->zone_column = 0;
    if (count == 7 && to_number(fields[3], &value) && fabs(value) <= 14)
        r->zone_minutes = value * 60;
    for (size_t i = 0; i < count; i++) {
        gf_str name = plain_name(fields[i], bytes);
        bool zone = gf_str_starts(name, GF_STR("time zone")), local = gf_str_is(name, "local time zone");
        if (local || (zone && i > 0))
            r->zone_column = local ? i : r->zone_column ? r->zone_column : i;
        if (zone && i == 0 && count > 1 && to_number(fields[1], &value) && fabs(value) <= 14)
            r->zone_minutes = value * 60;
    }
}

/* ---- Times ---- */

typedef struct scan { const char *at, *end; } scan;

static bool take_int(scan *s, int digits_max, int *out)
{
    int n = 0, value = 0;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9' && n < digits_max) {
        value = value * 10 + (*s->at++ - '0');
        n++;
    }
    *out = value;
    return n > 0;
}

static bool take_char(scan *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool make_instant(int year, int month, int mday, int minutes, double seconds, gf_utc_ms *out)
{
    gf_day day;
    if (!gf_day_make(year, month, mday, &day))
        return false;
    *out = (gf_utc_ms)day * 86400000 + (gf_utc_ms)minutes * 60000 + (gf_utc_ms)(seconds * 1000);
    return true;
}

/* H:MM[:SS[.sss]] and, where it is written, Z or ±HH:MM; *offset says so. */
static bool take_clock(scan *s, int *minutes, double *seconds, bool *has_offset, int *offset)
{
    int hour, minute, second = 0, oh, om = 0;
    *has_offset = false;
    *offset = 0;
    if (!take_int(s, 2, &hour) || !take_char(s, ':') || !take_int(s, 2, &minute) || hour > 24 || minute > 59)
        return false;
    if (take_char(s, ':') && (!take_int(s, 2, &second) || second > 59))
        return false;
    if (take_char(s, '.')) {
        int part;
        (void)take_int(s, 9, &part);   /* parts of a second are not needed */
    }
    if (take_char(s, 'Z'))
        *has_offset = true;
    else if (s->at < s->end && (*s->at == '+' || *s->at == '-')) {
        int sign = *s->at++ == '-' ? -1 : 1;
        if (!take_int(s, 2, &oh) || (take_char(s, ':'), !take_int(s, 2, &om)) || oh > 14 || om > 59)
            return false;
        *has_offset = true;
        *offset = sign * (oh * 60 + om);
    }
    *minutes = hour * 60 + minute;
    *seconds = second;
    return s->at == s->end;
}

/* 2022-01-02T00:15[:00][Z|+08:00], the same with a blank, and 2/1/2019 0:05 (month first). */
static bool take_iso(gf_str text, int zone_minutes, gf_utc_ms *out)
{
    scan s = { text.data, text.data + text.len };
    int a, b, c, minutes, offset;
    double seconds;
    bool has_offset;
    if (!take_int(&s, 4, &a))
        return false;
    bool iso = take_char(&s, '-');
    if (!(iso ? take_int(&s, 2, &b) && take_char(&s, '-') && take_int(&s, 2, &c) : take_char(&s, '/') && take_int(&s, 2, &b) && take_char(&s, '/') && take_int(&s, 4, &c)))
        return false;
    if (!take_char(&s, 'T') && !take_char(&s, ' '))
        return false;
    if (!take_clock(&s, &minutes, &seconds, &has_offset, &offset) || !make_instant(iso ? a : c, iso ? b : a, iso ? c : b, minutes, seconds, out))
        return false;
    *out -= (gf_utc_ms)(has_offset ? offset : zone_minutes) * 60000;
    return true;
}

static bool take_pvgis(gf_str text, gf_utc_ms *out)
{
    scan s = { text.data, text.data + text.len };
    int year, month, mday, hour, minute;
    return take_int(&s, 4, &year) && take_int(&s, 2, &month) && take_int(&s, 2, &mday) && take_char(&s, ':') && take_int(&s, 2, &hour) && take_int(&s, 2, &minute) &&
           s.at == s.end && hour < 24 && minute < 60 && make_instant(year, month, mday, hour * 60 + minute, 0, out);
}

typedef struct parts { int year, month, mday, minutes; bool dated, timed; } parts;

static bool take_part(role role_of, gf_str text, parts *p)
{
    scan s = { text.data, text.data + text.len };
    int a = 0, b = 0, c = 0;
    bool has_offset;
    double seconds;
    switch ((int)role_of) {
    case ROLE_DATE_US:
        p->dated = take_int(&s, 2, &a) && take_char(&s, '/') && take_int(&s, 2, &b) && take_char(&s, '/') && take_int(&s, 4, &c) && s.at == s.end;
        p->year = c, p->month = a, p->mday = b;
        return p->dated;
    case ROLE_CLOCK: return take_clock(&s, &p->minutes, &seconds, &has_offset, &c) && (p->timed = true);
    case ROLE_YEAR: return take_int(&s, 4, &p->year) && s.at == s.end;
    case ROLE_MONTH: return take_int(&s, 2, &p->month) && s.at == s.end && (p->dated = true);
    case ROLE_DAY: return take_int(&s, 2, &p->mday) && s.at == s.end;
    case ROLE_HOUR: return take_int(&s, 2, &a) && s.at == s.end && a <= 24 && (p->minutes += a * 60, p->timed = true);
    case ROLE_MINUTE: return take_int(&s, 2, &a) && s.at == s.end && a < 60 && (p->minutes += a, true);
    }
    return true;
}

/* ---- Rows ---- */

static bool is_unknown(gf_str cell)
{
    static const char *const WORDS[] = { "", "nan", "NaN", "NA", "null", "-9999", "-9900" };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (gf_str_is(cell, WORDS[i]))
            return true;
    return false;
}

static gf_status fail_cell(const reading *r, gf_str cell, const char *what)
{
    gf_fail(r->err, GF_EINPUT, "solar.cell", "Correct the row, or leave the cell empty.", "\"%.*s\" is no %s", GF_STR_ARG(gf_str_slice(cell, 0, 40)), what);
    return gf_fail_at(r->err, "%.*s:%zu", GF_STR_ARG(gf_str_slice(r->o->name, 0, 60)), gf_file_csv_line(r->csv));
}

static gf_status make_room(reading *r)
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

static gf_status take_value(reading *r, const column *c, gf_str cell, gf_solar_weather *w, double *ac)
{
    double value = NAN, *place = c->role == ROLE_AC ? &ac[c->ac] : c->role == ROLE_FED_IN ? &r->fed_in[r->count] : place_of(w, c->role);
    if (!is_unknown(cell) && !to_number(cell, &value))
        return fail_cell(r, cell, "number");
    value *= c->scale;
    *place = c->role == ROLE_POA_PART && !isnan(*place) ? *place + value : value;
    return GF_OK;
}

static bool take_time(reading *r, const column *c, gf_str cell, parts *p, gf_utc_ms *at)
{
    if (c->role == ROLE_UTC)
        return (p->dated = p->timed = take_iso(cell, 0, at));
    if (c->role == ROLE_LOCAL)
        return (p->dated = p->timed = take_iso(cell, r->o->zone_minutes, at));
    if (c->role == ROLE_PVGIS)
        return (p->dated = p->timed = take_pvgis(cell, at));
    return take_part(c->role, cell, p);
}

static gf_status take_row(reading *r, const gf_str *fields, size_t count)
{
    gf_status status = make_room(r);
    if (status != GF_OK)
        return status;
    gf_solar_weather *w = &r->rows[r->count];
    double *ac = &r->ac[r->count * r->s->ac_count];
    parts p = { .year = TYPICAL_YEAR, .mday = 1 };
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
        if (!p.dated || !p.timed || !make_instant(r->s->typical ? TYPICAL_YEAR : p.year, p.month, p.mday, p.minutes, 0, &w->at))
            return fail_cell(r, count ? fields[0] : GF_STR(""), "date");
        w->at -= (gf_utc_ms)(r->zone_minutes * 60000);
    }
    r->count++;
    return GF_OK;
}

/* PVGIS writes its legend behind the rows. */
static bool is_legend(const reading *r, const gf_str *fields, size_t count)
{
    return r->form == FORM_PVGIS && r->count && (count < r->column_count || fields[0].len == 0 || fields[0].data[0] < '0' || fields[0].data[0] > '9');
}

static gf_status read_rows(reading *r)
{
    const gf_str *fields;
    size_t count, before = 0;
    gf_status status;
    while ((status = gf_file_csv_next(r->csv, &fields, &count, r->err)) == GF_OK && count) {
        if (r->form == FORM_NONE) {
            if (++before > HEAD_ROWS_MAX)
                break;
            r->form = form_of(fields, count);
            if (r->form == FORM_NONE)
                take_before_head(r, fields, count);
            else
                status = take_head(r, fields, count);
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
static void make_typical(reading *r)
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

static gf_status fail_steps(const reading *r, size_t row, const char *what)
{
    char at[GF_UTC_BYTES];
    (void)gf_utc_format(r->rows[row].at, at);
    return gf_fail(r->err, GF_EINPUT, "solar.steps", "Sort the rows; leave one for each time; use one length of step.", "%.*s: the row of %s %s", GF_STR_ARG(gf_str_slice(r->o->name, 0, 60)), at, what);
}

static gf_status find_step(const reading *r, gf_utc_ms *step)
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

static gf_status fill_steps(reading *r)
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
    reading *r = gf_new(scratch, reading, 1);
    if (!r || !name)
        return gf_fail_memory(err);
    *r = (reading){ .o = options, .keep = keep, .scratch = scratch, .err = err, .s = &series, .zone_minutes = options->zone_minutes };
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
