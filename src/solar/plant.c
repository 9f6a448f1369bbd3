/* The chain from weather to alternating current. One pass, no memory but the heat of Fuentes' plates: a year of minutes is
 * half a million turns. The sun's slow terms are kept for the day; light below 0 (the zero of a sensor at night) counts as 0. */
#include "solar/gf_solar_plant.h"
#include "solar/inside.h"

static const double AIR_ASSUMED_C = 20, WIND_ASSUMED_M_S = 1, ETA_REFERENCE = 0.9637;

/* ---- Checks ---- */

static gf_status fail_part(const char *part, gf_str name, size_t index, const char *what, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "solar.plant", "Correct it in the description of the plant.", "%s %zu \"%.*s\": %s", part, index + 1,
                   GF_STR_ARG(gf_str_slice(name, 0, 40)), what);
}

static const char *array_fault(const gf_solar_array *a, size_t inverter_count)
{
    if (!(a->tilt_deg >= 0 && a->tilt_deg <= 90)) return "tilt is not between 0 and 90 degrees";
    if (!(a->azimuth_deg >= 0 && a->azimuth_deg <= 360)) return "azimuth is not between 0 and 360 degrees";
    if (!(a->dc0_w > 0 && a->dc0_w < 1e10)) return "power is not positive";
    if (!(a->gamma_per_c > -0.02 && a->gamma_per_c <= 0)) return "the coefficient of temperature is not between -2 % and 0 a degree";
    if (!(a->loss >= 0 && a->loss < 1) || !(a->soiling >= 0 && a->soiling < 1)) return "a loss is not between 0 and 1";
    if (!(a->albedo >= 0 && a->albedo <= 1)) return "albedo is not between 0 and 1";
    if (a->strings < 1) return "it has no string";
    if (a->inverter >= inverter_count) return "its inverter is not there";
    if (a->horizon_count > GF_SOLAR_HORIZON_MAX) return "its horizon has too many points";
    return NULL;
}

static const char *plant_fault(const gf_solar_plant *p)
{
    if (!(fabs(p->site.lat_deg) <= 90 && fabs(p->site.lon_deg) <= 180)) return "latitude or longitude is no place";
    if (!(p->site.alt_m >= -500 && p->site.alt_m <= 9000)) return "altitude is not between -500 and 9000 m";
    if (!p->array_count || !p->inverter_count) return "there is no array or no inverter";
    for (size_t i = 0; i < 12; i++)
        if (!(p->linke[i] >= 1 && p->linke[i] <= 12)) return "turbidity is not between 1 and 12";
    return NULL;
}

gf_status gf_solar_plant_check(const gf_solar_plant *p, gf_error *err)
{
    const char *fault = plant_fault(p);
    if (p->array_count > GF_SOLAR_ARRAYS_MAX || p->inverter_count > GF_SOLAR_INVERTERS_MAX)
        return gf_fail(err, GF_ELIMIT, "solar.large", "Describe it as several plants.", "the plant has more than %d arrays or %d inverters", GF_SOLAR_ARRAYS_MAX, GF_SOLAR_INVERTERS_MAX);
    if (fault)
        return gf_fail(err, GF_EINPUT, "solar.plant", "Correct it in the description of the plant.", "%s", fault);
    for (size_t i = 0; i < p->array_count; i++)
        if ((fault = array_fault(&p->arrays[i], p->inverter_count)) != NULL)
            return fail_part("array", p->arrays[i].name, i, fault, err);
    for (size_t i = 0; i < p->inverter_count; i++) {
        const gf_solar_inverter *v = &p->inverters[i];
        if (!(v->ac0_w > 0 && v->ac0_w < 1e10) || !(v->eta_nominal > 0.5 && v->eta_nominal <= 1))
            return fail_part("inverter", v->name, i, "power or efficiency is not physical", err);
    }
    return GF_OK;
}

double gf_solar_plant_dc0_w(const gf_solar_plant *p)
{
    double sum = 0;
    for (size_t i = 0; i < p->array_count; i++)
        sum += p->arrays[i].dc0_w;
    return sum;
}

double gf_solar_plant_ac0_w(const gf_solar_plant *p)
{
    double sum = 0;
    for (size_t i = 0; i < p->inverter_count; i++)
        sum += p->inverters[i].ac0_w;
    return sum;
}

/* ---- Light ---- */

typedef struct instant {
    gf_solar_sun sun;
    gf_solar_sky sky;
    gf_solar_light light;
    double mass, extra, poa, air_c, wind_m_s;
} instant;

static bool is_below_horizon(const gf_solar_array *a, const gf_solar_sun *sun)
{
    if (!a->horizon_count)
        return false;
    double at = sun->azimuth_deg / 360 * (double)a->horizon_count, part = at - floor(at);
    size_t i = (size_t)at % a->horizon_count, next = (i + 1) % a->horizon_count;
    return 90 - sun->apparent_zenith_deg < a->horizon_deg[i] * (1 - part) + a->horizon_deg[next] * part;
}

static void clear_sky(const gf_solar_plant *p, instant *at, int month)
{
    double mass = gf_solar_air_mass_absolute(at->mass, p->site.pressure_pa);
    at->light = GF_SOLAR_LIGHT_CLEAR;
    gf_solar_clear_ineichen(at->sun.apparent_zenith_deg, mass, p->linke[month - 1], p->site.alt_m, at->extra, false, &at->sky);
}

static void take_light(const gf_solar_plant *p, const gf_solar_weather *w, bool clear, int month, int day_of_year, instant *at)
{
    at->poa = clear ? NAN : w->poa;
    if (!clear && !isnan(w->dni) && !isnan(w->dhi)) {
        double dni = at_least(w->dni, 0), dhi = at_least(w->dhi, 0);
        at->light = GF_SOLAR_LIGHT_BEAM;
        at->sky = (gf_solar_sky){ dni * at_least(cosd(at->sun.apparent_zenith_deg), 0) + dhi, dni, dhi };
    } else if (!clear && !isnan(w->ghi)) {
        at->light = GF_SOLAR_LIGHT_GLOBAL;
        gf_solar_split_global(p->split, at_least(w->ghi, 0), at->sun.zenith_deg, day_of_year, p->site.pressure_pa, &at->sky, NULL);
    } else
        clear_sky(p, at, month);
    if (!isnan(at->poa))
        at->light = GF_SOLAR_LIGHT_PLANE;
}

/* ---- One array ---- */

static double glass_of(gf_solar_glass glass, double aoi_deg)
{
    switch (glass) {
    case GF_SOLAR_GLASS_PHYSICAL: return gf_solar_iam_physical(aoi_deg, 1.526, 4, 0.002);
    case GF_SOLAR_GLASS_ASHRAE: return gf_solar_iam_ashrae(aoi_deg, 0.05);
    case GF_SOLAR_GLASS_MARTIN_RUIZ: return gf_solar_iam_martin_ruiz(aoi_deg, 0.16);
    case GF_SOLAR_GLASS_NONE: break;
    }
    return 1;
}

static double cell_temperature(const gf_solar_array *a, gf_solar_fuentes *plate, double poa, const instant *at, double hours)
{
    const double *h = a->heat;
    switch (a->heat_model) {
    case GF_SOLAR_HEAT_SAPM: return gf_solar_temp_sapm_cell(poa, at->air_c, at->wind_m_s, h[0], h[1], h[2]);
    case GF_SOLAR_HEAT_FAIMAN: return gf_solar_temp_faiman(poa, at->air_c, at->wind_m_s, h[0], h[1]);
    case GF_SOLAR_HEAT_PVSYST: return gf_solar_temp_pvsyst(poa, at->air_c, at->wind_m_s, h[0], h[1], h[2], h[3]);
    case GF_SOLAR_HEAT_NOCT: return gf_solar_temp_noct(poa, at->air_c, at->wind_m_s, h[0], h[1], h[2], h[3] >= 2 ? 2 : 1, h[4]);
    case GF_SOLAR_HEAT_ROSS: return gf_solar_temp_ross(poa, at->air_c, h[0]);
    case GF_SOLAR_HEAT_FUENTES: return gf_solar_fuentes_step(plate, poa, at->air_c, at->wind_m_s, hours);
    }
    return NAN;
}

/* Light on the plane, and what of it passes the glass (of the beam; diffuse is taken whole, as PVWatts does). */
static void light_on(const gf_solar_plant *p, const gf_solar_array *a, const instant *at, double *poa, double *passed)
{
    if (at->light == GF_SOLAR_LIGHT_PLANE) {
        *poa = *passed = at_least(at->poa, 0);
        return;
    }
    *poa = *passed = 0;
    if (!(at->sky.ghi > 0 || at->sky.dhi > 0))
        return;
    const gf_solar_plane_in in = {
        .tilt_deg = a->tilt_deg, .azimuth_deg = a->azimuth_deg, .zenith_deg = at->sun.apparent_zenith_deg, .sun_azimuth_deg = at->sun.azimuth_deg,
        .ghi = at->sky.ghi, .dni = at->sky.dni, .dhi = at->sky.dhi, .dni_extra = at->extra, .air_mass_relative = at->mass, .albedo = a->albedo,
    };
    gf_solar_plane on;
    gf_solar_plane_of(p->transposition, &in, &on);
    if (is_below_horizon(a, &at->sun))
        on.beam = 0;
    *poa = on.beam + on.sky + on.ground;
    *passed = on.beam > 0 ? on.beam * glass_of(a->glass, on.aoi_deg) + on.sky + on.ground : *poa;
}

/* ---- All of it ---- */

static void yield_of(const gf_solar_plant *p, const instant *at, double hours, double dc0_w, gf_solar_fuentes *plates, gf_solar_yield *out, double *ac_w)
{
    double dc[GF_SOLAR_INVERTERS_MAX] = { 0 };
    for (size_t i = 0; i < p->array_count; i++) {
        const gf_solar_array *a = &p->arrays[i];
        double poa, passed;
        light_on(p, a, at, &poa, &passed);
        double cell_c = cell_temperature(a, &plates[i], poa * (1 - a->soiling), at, hours);
        double power = at_least(gf_solar_pvwatts_dc(passed * (1 - a->soiling), cell_c, a->dc0_w, a->gamma_per_c, 25), 0) * (1 - a->loss);
        dc[a->inverter] += power;
        out->dc_w += power;
        out->poa += poa * (a->dc0_w / dc0_w);
        out->cell_c += cell_c * (a->dc0_w / dc0_w);
    }
    for (size_t i = 0; i < p->inverter_count; i++) {
        const gf_solar_inverter *v = &p->inverters[i];
        double power = gf_solar_pvwatts_ac(dc[i], v->ac0_w / v->eta_nominal, v->eta_nominal, ETA_REFERENCE);
        out->ac_w += power;
        if (ac_w)
            ac_w[i] = power;
    }
}

void gf_solar_plant_run(const gf_solar_plant *p, const gf_solar_weather *weather, size_t count, const gf_solar_run_options *options, gf_solar_yield *out, double *ac_w)
{
    gf_solar_view view;
    gf_solar_day day = { .day = GF_DAY_NONE };
    gf_solar_fuentes plates[GF_SOLAR_ARRAYS_MAX];
    int month = 1, day_of_year = 1, year, mday;
    double dc0_w = gf_solar_plant_dc0_w(p);
    gf_solar_view_prepare(&p->site, &view);
    for (size_t i = 0; i < p->array_count; i++)
        if (p->arrays[i].heat_model == GF_SOLAR_HEAT_FUENTES)
            gf_solar_fuentes_begin(p->arrays[i].heat[0], p->arrays[i].tilt_deg, &plates[i]);
    for (size_t i = 0; i < count; i++) {
        const gf_solar_weather *w = &weather[i];
        gf_day wanted = gf_utc_day(w->at, 0);
        instant at;
        if (wanted != day.day) {
            gf_solar_day_prepare(wanted, options->delta_t_s, &day);
            gf_day_split(gf_utc_day(w->at, p->zone_minutes), &year, &month, &mday);
            day_of_year = gf_solar_day_of_year(wanted);
        }
        gf_solar_position_of_day(&day, &view, w->at, &at.sun);
        at.mass = gf_solar_air_mass(GF_SOLAR_MASS_KASTEN_YOUNG, at.sun.apparent_zenith_deg);
        at.extra = gf_solar_extra_distance(at.sun.distance_au, GF_SOLAR_CONSTANT);
        at.air_c = isnan(w->air_c) ? AIR_ASSUMED_C : w->air_c;
        at.wind_m_s = isnan(w->wind_m_s) ? WIND_ASSUMED_M_S : at_least(w->wind_m_s, 0);
        take_light(p, w, options->clear, month, day_of_year, &at);
        out[i] = (gf_solar_yield){ .light = at.light, .assumed = isnan(w->air_c) || isnan(w->wind_m_s), .zenith_deg = (float)at.sun.apparent_zenith_deg,
                                   .azimuth_deg = (float)at.sun.azimuth_deg, .ghi = at.sky.ghi };
        yield_of(p, &at, options->step_s / 3600, dc0_w, plates, &out[i], ac_w ? &ac_w[i * p->inverter_count] : NULL);
    }
}
