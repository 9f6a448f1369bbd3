/* What the head of a table says: whose form it is, and what each column holds.
 *
 * Columns are told by name. A plain file says the unit in the name ("ghi_w_m2", "GHI (W/m2)", "north_ac_kw"), and one that does not is
 * refused, for kilowatts taken for watts look like a good plant.
 */
#include "app/solar_series.h"

#include <math.h>
#include <string.h>

/* ---- Names of columns ---- */

/* Lower case, without ^ and degree signs, ² as 2. */
static gf_str series_plain_name(gf_str field, char out[NAME_BYTES])
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

static gf_status add_ac(series_reading *r, column *c, gf_str inverter)
{
    gf_app_solar_series *s = r->s;
    if (s->ac_count == GF_APP_SOLAR_INVERTERS_MAX)
        return gf_fail(r->err, GF_ELIMIT, "solar.large", "Split the file.", "%.*s has power of more than %d inverters", GF_STR_ARG(r->o->name), (int)GF_APP_SOLAR_INVERTERS_MAX);
    c->ac = (uint32_t)s->ac_count;
    s->ac_name[s->ac_count] = gf_str_copy(r->keep, inverter);
    return s->ac_name[s->ac_count++].data ? GF_OK : gf_fail_memory(r->err);
}

static gf_status fail_unit(const series_reading *r, gf_str field, gf_str name)
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

static gf_status take_plain_column(series_reading *r, gf_str field, column *c)
{
    char bytes[NAME_BYTES];
    const char *kind;
    gf_str whole = series_plain_name(field, bytes), name = cut_unit(whole, &c->scale, &kind), inverter;
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
form series_form_of(const gf_str *fields, size_t count)
{
    bool has[ROLE_MINUTE + 1] = { false };
    form found = FORM_NONE;
    for (size_t i = 0; i < count; i++) {
        char bytes[NAME_BYTES];
        gf_str name = series_plain_name(fields[i], bytes);
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

gf_status series_take_head(series_reading *r, const gf_str *fields, size_t count)
{
    bool useful = false;
    r->column_count = count < COLUMNS_MAX ? count : COLUMNS_MAX;
    for (size_t i = 0; i < r->column_count; i++) {
        char bytes[NAME_BYTES];
        gf_str name = series_plain_name(fields[i], bytes);
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

/* TMY3: station,name,state,zone,lat,lon,alt. PVWatts: "Time Zone:","-7". NSRDB: names in one row, values in the next. */
void series_take_before_head(series_reading *r, const gf_str *fields, size_t count)
{
    double value;
    char bytes[NAME_BYTES];
    if (r->zone_column && r->zone_column < count && series_number(fields[r->zone_column], &value) && fabs(value) <= 14)
        r->zone_minutes = value * 60;
    r->zone_column = 0;
    if (count == 7 && series_number(fields[3], &value) && fabs(value) <= 14)
        r->zone_minutes = value * 60;
    for (size_t i = 0; i < count; i++) {
        gf_str name = series_plain_name(fields[i], bytes);
        bool zone = gf_str_starts(name, GF_STR("time zone")), local = gf_str_is(name, "local time zone");
        if (local || (zone && i > 0))
            r->zone_column = local ? i : r->zone_column ? r->zone_column : i;
        if (zone && i == 0 && count > 1 && series_number(fields[1], &value) && fabs(value) <= 14)
            r->zone_minutes = value * 60;
    }
}
