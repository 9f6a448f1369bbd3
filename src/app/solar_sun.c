/* The sun over a place, moment by moment and day by day. */
#include "app/gf_app_solar.h"

#include <math.h>

static gf_status check_site(const gf_solar_site *site, gf_error *err)
{
    if (fabs(site->lat_deg) <= 90 && fabs(site->lon_deg) <= 180 && site->alt_m >= -500 && site->alt_m <= 9000 && site->pressure_pa > 0 && site->temp_c > -90 && site->temp_c < 70)
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "solar.place", "Write --lonlat 119.72,27.56 --alt 530.", "longitude, latitude, altitude, pressure or temperature is that of no place");
}

static gf_status check_span(int64_t steps, gf_error *err)
{
    if (steps < 0)
        return gf_fail(err, GF_EUSAGE, "solar.span", "Give the earlier one first.", "the span ends before it begins");
    if (steps >= GF_APP_SOLAR_ROWS_MAX)
        return gf_fail(err, GF_ELIMIT, "solar.span", "Ask for less at a time.", "the span has more than %d steps", (int)GF_APP_SOLAR_ROWS_MAX);
    return GF_OK;
}

gf_status gf_app_solar_moments(const gf_app_solar_ask *ask, gf_arena *keep, gf_app_solar_moment **out, size_t *count, gf_error *err)
{
    gf_status status = check_site(&ask->site, err);
    if (status == GF_OK)
        status = check_span(ask->step_ms > 0 ? (ask->last - ask->first) / ask->step_ms : -1, err);
    if (status == GF_OK && ask->last < ask->first)
        status = check_span(-1, err);
    if (status == GF_OK && !(ask->linke >= 1 && ask->linke <= 12))
        status = gf_fail(err, GF_EUSAGE, "solar.linke", "Clean mountain air has 2, hazy plains 5.", "turbidity is not between 1 and 12");
    if (status != GF_OK)
        return status;
    size_t n = (size_t)((ask->last - ask->first) / ask->step_ms) + 1;
    gf_app_solar_moment *moments = gf_new(keep, gf_app_solar_moment, n);
    gf_solar_view view;
    gf_solar_day day = { .day = GF_DAY_NONE };
    if (!moments)
        return gf_fail_memory(err);
    gf_solar_view_prepare(&ask->site, &view);
    for (size_t i = 0; i < n; i++) {
        gf_app_solar_moment *m = &moments[i];
        m->at = ask->first + (gf_utc_ms)i * ask->step_ms;
        gf_day wanted = gf_utc_day(m->at, 0);
        if (wanted != day.day)
            gf_solar_day_prepare(wanted, ask->delta_t_s, &day);
        gf_solar_position_of_day(&day, &view, m->at, &m->sun);
        double mass = gf_solar_air_mass_absolute(gf_solar_air_mass(GF_SOLAR_MASS_KASTEN_YOUNG, m->sun.apparent_zenith_deg), ask->site.pressure_pa);
        gf_solar_clear_ineichen(m->sun.apparent_zenith_deg, mass, ask->linke, ask->site.alt_m, gf_solar_extra_distance(m->sun.distance_au, GF_SOLAR_CONSTANT), false, &m->sky);
    }
    *out = moments;
    *count = n;
    return GF_OK;
}

gf_status gf_app_solar_days(const gf_app_solar_ask *ask, gf_day first, gf_day last, int zone_minutes, gf_arena *keep, gf_app_solar_civil **out, size_t *count, gf_error *err)
{
    gf_status status = check_site(&ask->site, err);
    if (status == GF_OK)
        status = check_span((int64_t)last - first, err);
    if (status != GF_OK)
        return status;
    gf_app_solar_civil *days = gf_new(keep, gf_app_solar_civil, (size_t)(last - first) + 1);
    if (!days)
        return gf_fail_memory(err);
    for (gf_day day = first; day <= last; day++) {
        days[day - first].day = day;
        gf_solar_rise_of(&ask->site, day, zone_minutes, ask->delta_t_s, &days[day - first].rise);
    }
    *out = days;
    *count = (size_t)(last - first) + 1;
    return GF_OK;
}
