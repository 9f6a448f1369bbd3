/* The sun's place, by the equations of NREL/TP-560-34302.
 *
 * In full a position costs about 190 cosines of periodic terms and 126 of nutation. Of these quantities a day needs few:
 * right ascension, declination, sidereal time, distance and equation of time are smooth, their shortest period is the
 * month's, so that a cubic through the instants 0, 1/3, 2/3 and 1 of a day is within 1e-7 degrees. What is left for each instant
 * is the turn of the earth, parallax and refraction: seven sines and arcs.
 */
#include "solar/gf_solar.h"
#include "solar/inside.h"
#include "solar/sun_terms.h"

static const double DAY_MS = 86400000, JD_1970 = 2440587.5, JD_2000 = 2451545;

/* ---- The report's steps ---- */

static double sum_series(const sun_series *series, size_t powers, double jme)
{
    double sum = 0;
    for (size_t p = powers; p-- > 0;) {
        double of_power = 0;
        for (size_t i = 0; i < series[p].count; i++) {
            const sun_wave *w = &series[p].waves[i];
            of_power += w->amplitude * cos(w->phase_rad + w->rate * jme);
        }
        sum = sum * jme + of_power;
    }
    return sum / 1e8;
}

/* Elongation and anomalies of moon and sun, the moon's argument of latitude, its node. */
static void nutation_arguments(double t, double x[5])
{
    x[0] = 297.85036 + 445267.111480 * t - 0.0019142 * t * t + t * t * t / 189474;
    x[1] = 357.52772 + 35999.050340 * t - 0.0001603 * t * t - t * t * t / 300000;
    x[2] = 134.96298 + 477198.867398 * t + 0.0086972 * t * t + t * t * t / 56250;
    x[3] = 93.27191 + 483202.017538 * t - 0.0036825 * t * t + t * t * t / 327270;
    x[4] = 125.04452 - 1934.136261 * t + 0.0020708 * t * t + t * t * t / 450000;
}

static void nutate(gf_solar_terms *s)
{
    double psi = 0, eps = 0;
    nutation_arguments(s->jce, s->x);
    for (size_t i = 0; i < SUN_NUTATION_COUNT; i++) {
        const sun_nutation *n = &SUN_NUTATION[i];
        double angle = 0;
        for (size_t k = 0; k < 5; k++)
            angle += n->of[k] * s->x[k];
        angle = rad(angle);
        psi += (n->psi + n->psi_rate * s->jce) * sin(angle);
        eps += (n->eps + n->eps_rate * s->jce) * cos(angle);
    }
    s->dpsi = psi / 36e6;
    s->deps = eps / 36e6;
}

static double mean_obliquity_arcsec(double jme)
{
    static const double C[] = { 2.45, 5.79, 27.87, 7.12, -39.05, -249.67, -51.38, 1999.25, -1.55, -4680.93, 84381.448 };
    double u = jme / 10, sum = 0;
    for (size_t i = 0; i < GF_COUNT(C); i++)
        sum = sum * u + C[i];
    return sum;
}

static void work_out(double jd, double delta_t_s, gf_solar_terms *s)
{
    s->jd = jd;
    s->jc = (jd - JD_2000) / 36525;
    s->jde = jd + delta_t_s / 86400;
    s->jce = (s->jde - JD_2000) / 36525;
    s->jme = s->jce / 10;
    s->l = turn(deg(sum_series(SUN_LONGITUDE, GF_COUNT(SUN_LONGITUDE), s->jme)));
    s->b = deg(sum_series(SUN_LATITUDE, GF_COUNT(SUN_LATITUDE), s->jme));
    s->r = sum_series(SUN_RADIUS, GF_COUNT(SUN_RADIUS), s->jme);
    s->theta = turn(s->l + 180);
    s->beta = -s->b;
    nutate(s);
    s->eps0_arcsec = mean_obliquity_arcsec(s->jme);
    s->eps = s->eps0_arcsec / 3600 + s->deps;
    s->dtau = -20.4898 / (3600 * s->r);
    s->lambda = s->theta + s->dpsi + s->dtau;
    s->nu0 = turn(280.46061837 + 360.98564736629 * (jd - JD_2000) + 0.000387933 * s->jc * s->jc - s->jc * s->jc * s->jc / 38710000);
    s->nu = s->nu0 + s->dpsi * cosd(s->eps);
    double sin_eps = sind(s->eps), cos_eps = cosd(s->eps), sin_lambda = sind(s->lambda);
    s->alpha = turn(deg(atan2(sin_lambda * cos_eps - tan(rad(s->beta)) * sin_eps, cosd(s->lambda))));
    s->delta = deg(asin(sind(s->beta) * cos_eps + cosd(s->beta) * sin_eps * sin_lambda));
}

static double julian_day(gf_utc_ms instant) { return (double)instant / DAY_MS + JD_1970; }

void gf_solar_terms_at(gf_utc_ms instant, double delta_t_s, gf_solar_terms *out)
{
    work_out(julian_day(instant), isnan(delta_t_s) ? gf_solar_delta_t_at(instant) : delta_t_s, out);
}

static double equation_of_time(const gf_solar_terms *s)
{
    double t = s->jme, mean = 280.4664567 + t * (360007.6982779 + t * (0.03032028 + t * (1.0 / 49931 + t * (-1.0 / 15300 - t / 2000000))));
    double minutes = 4 * turn(mean - 0.0057183 - s->alpha + s->dpsi * cosd(s->eps));
    return minutes > 20 ? minutes - 1440 : minutes;
}

/* ---- Seen from a place ---- */

typedef struct geocentric { double hour_angle_deg, delta_deg, distance_au, eot_min; } geocentric;

void gf_solar_view_prepare(const gf_solar_site *site, gf_solar_view *out)
{
    double lat = rad(site->lat_deg), u = atan(0.99664719 * tan(lat));
    *out = (gf_solar_view){
        .lon_deg = site->lon_deg, .sin_lat = sin(lat), .cos_lat = cos(lat),
        .x = cos(u) + site->alt_m / 6378140 * cos(lat), .y = 0.99664719 * sin(u) + site->alt_m / 6378140 * sin(lat),
        .air = site->pressure_pa / 101000 * (283 / (273 + site->temp_c)), .horizon_deg = -(0.26667 + site->refract_deg),
    };
}

static double refraction_deg(const gf_solar_view *v, double elevation_deg)
{
    if (elevation_deg < v->horizon_deg)
        return 0;
    return v->air * 1.02 / (60 * tan(rad(elevation_deg + 10.3 / (elevation_deg + 5.11))));
}

/* Parallax: tangents of the shift in right ascension and of the declination that is left. */
typedef struct shifted { double sin_h, cos_h, cos_shift, sin_shift, tan_delta; } shifted;

static shifted shift_by_parallax(const gf_solar_view *v, const geocentric *g)
{
    double xi = sin(rad(8.794 / (3600 * g->distance_au))), h = rad(g->hour_angle_deg), d = rad(g->delta_deg);
    double sin_h = sin(h), cos_h = cos(h), across = cos(d) - v->x * xi * cos_h;
    double shift = -v->x * xi * sin_h / across, secant = sqrt(1 + shift * shift);
    return (shifted){ sin_h, cos_h, 1 / secant, shift / secant, (sin(d) - v->y * xi) / (secant * across) };
}

static void see_from(const gf_solar_view *v, const geocentric *g, gf_solar_sun *out)
{
    const shifted p = shift_by_parallax(v, g);
    double sin_h = p.sin_h, cos_h = p.cos_h, cos_shift = p.cos_shift, sin_shift = p.sin_shift, tan_d = p.tan_delta;
    double cos_d2 = 1 / sqrt(1 + tan_d * tan_d), sin_d2 = tan_d * cos_d2;
    double sin_h2 = sin_h * cos_shift - cos_h * sin_shift, cos_h2 = cos_h * cos_shift + sin_h * sin_shift;
    double elevation = deg(asin(clamp(v->sin_lat * sin_d2 + v->cos_lat * cos_d2 * cos_h2, -1, 1)));
    out->zenith_deg = 90 - elevation;
    out->apparent_zenith_deg = out->zenith_deg - refraction_deg(v, elevation);
    double azimuth = deg(atan2(sin_h2, cos_h2 * v->sin_lat - tan_d * v->cos_lat)) + 180;
    out->azimuth_deg = azimuth < 0 ? azimuth + 360 : azimuth >= 360 ? azimuth - 360 : azimuth;
    out->eot_min = g->eot_min;
    out->distance_au = g->distance_au;
}

void gf_solar_parallax_of(const gf_solar_site *site, const gf_solar_terms *s, gf_solar_parallax *out)
{
    gf_solar_view v;
    gf_solar_view_prepare(site, &v);
    const geocentric g = { s->nu + site->lon_deg - s->alpha, s->delta, s->r, 0 };
    const shifted p = shift_by_parallax(&v, &g);
    *out = (gf_solar_parallax){ 8.794 / (3600 * s->r), deg(atan2(p.sin_shift, p.cos_shift)), deg(atan(p.tan_delta)) };
}

void gf_solar_position(const gf_solar_site *site, gf_utc_ms instant, double delta_t_s, gf_solar_sun *out)
{
    gf_solar_terms s;
    gf_solar_view v;
    gf_solar_terms_at(instant, delta_t_s, &s);
    gf_solar_view_prepare(site, &v);
    const geocentric g = { s.nu + site->lon_deg - s.alpha, s.delta, s.r, equation_of_time(&s) };
    see_from(&v, &g, out);
}

/* ---- By the day ---- */

/* Coefficients of the cubic through the values at 0, 1/3, 2/3, 1. */
static void fit_cubic(const double y[4], double c[4])
{
    c[0] = y[0];
    c[1] = (-11 * y[0] + 18 * y[1] - 9 * y[2] + 2 * y[3]) / 2;
    c[2] = 9 * (2 * y[0] - 5 * y[1] + 4 * y[2] - y[3]) / 2;
    c[3] = 9 * (-y[0] + 3 * y[1] - 3 * y[2] + y[3]) / 2;
}

static double cubic(const double c[4], double t) { return c[0] + t * (c[1] + t * (c[2] + t * c[3])); }

void gf_solar_day_prepare(gf_day day, double delta_t_s, gf_solar_day *out)
{
    double delta_t = isnan(delta_t_s) ? gf_solar_delta_t_at((gf_utc_ms)day * 86400000) : delta_t_s;
    double alpha[4] = { 0 }, delta[4], nu[4] = { 0 }, distance[4], eot[4];
    for (int i = 0; i < 4; i++) {
        gf_solar_terms s;
        work_out(JD_1970 + day + i / 3.0, delta_t, &s);
        alpha[i] = i && s.alpha < alpha[0] - 180 ? s.alpha + 360 : s.alpha;
        nu[i] = s.nu - 360.98564736629 * i / 3.0;
        nu[i] = i ? nu[0] + remainder(nu[i] - nu[0], 360) : nu[i];
        delta[i] = s.delta;
        distance[i] = s.r;
        eot[i] = equation_of_time(&s);
    }
    out->day = day;
    fit_cubic(alpha, out->alpha_deg);
    fit_cubic(delta, out->delta_deg);
    fit_cubic(nu, out->nu_deg);
    out->nu_deg[1] += 360.98564736629;
    fit_cubic(distance, out->distance_au);
    fit_cubic(eot, out->eot_min);
}

void gf_solar_position_of_day(const gf_solar_day *day, const gf_solar_view *view, gf_utc_ms instant, gf_solar_sun *out)
{
    double t = (double)(instant - (gf_utc_ms)day->day * 86400000) / DAY_MS;
    const geocentric g = {
        cubic(day->nu_deg, t) + view->lon_deg - cubic(day->alpha_deg, t), cubic(day->delta_deg, t), cubic(day->distance_au, t), cubic(day->eot_min, t),
    };
    see_from(view, &g, out);
}

void gf_solar_positions(const gf_solar_site *site, const gf_utc_ms *instant, size_t count, double delta_t_s, gf_solar_sun *out)
{
    gf_solar_view view;
    gf_solar_day day = { .day = GF_DAY_NONE };
    gf_solar_view_prepare(site, &view);
    for (size_t i = 0; i < count; i++) {
        gf_day wanted = gf_utc_day(instant[i], 0);
        if (wanted != day.day)
            gf_solar_day_prepare(wanted, delta_t_s, &day);
        gf_solar_position_of_day(&day, &view, instant[i], &out[i]);
    }
}
