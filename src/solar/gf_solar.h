/* solar/gf_solar.h - where the sun stands, what of it reaches a tilted plane, what a module makes of that.
 *
 * The sun's place follows Reda and Andreas (2008), NREL/TP-560-34302, from the report's equations and tables; within 0.0003
 * degrees from -2000 to 6000. Everything that depends on the day alone is worked out once a day: gf_solar_day_prepare().
 * Models of sky, plane and module carry the names of their authors; docs/solar.md cites each.
 *
 * Pure: no file, clock, global or log. Degrees (azimuth clockwise from north), W/m2, pascal, metres, degrees Celsius, m/s.
 * NAN in, NAN out where nothing else is said; irradiance of a sun below the horizon is 0.
 */
#pragma once
#include "base/gf_base.h"

/* ---- The sun ---- */

typedef struct gf_solar_site {
    double lat_deg, lon_deg, alt_m;
    double pressure_pa, temp_c;          /* of a year's average: for refraction only */
    double refract_deg;                  /* at sunrise and sunset */
} gf_solar_site;
#define GF_SOLAR_SITE_DEFAULT ((gf_solar_site){ .pressure_pa = 101325, .temp_c = 12, .refract_deg = 0.5667 })

typedef struct gf_solar_sun {
    double zenith_deg;                   /* without the air */
    double apparent_zenith_deg;          /* lifted by refraction, down to a sun just below the horizon's edge */
    double azimuth_deg;                  /* 0 <= azimuth < 360 */
    double eot_min;                      /* equation of time: apparent less mean solar time */
    double distance_au;
} gf_solar_sun;

/* The quantities of the report on the way to a position, for proof; angles in degrees. */
typedef struct gf_solar_terms {
    double jd, jc, jde, jce, jme, l, b, r, theta, beta, x[5], dpsi, deps, eps0_arcsec, eps, dtau, lambda, nu0, nu, alpha, delta;
} gf_solar_terms;

/* Of a site: the sun's horizontal parallax, what it shifts right ascension by, the declination that is left. */
typedef struct gf_solar_parallax { double xi, shift, delta; } gf_solar_parallax;

/* TT - UT in seconds, by the polynomials of Espenak and Meeus. */
double gf_solar_delta_t(int year, int month);
/* Years and months as they stand in the calendar of the instant; what the functions below use for delta_t_s = NAN. */
double gf_solar_delta_t_at(gf_utc_ms instant);

void gf_solar_terms_at(gf_utc_ms instant, double delta_t_s, gf_solar_terms *out);
void gf_solar_parallax_of(const gf_solar_site *site, const gf_solar_terms *terms, gf_solar_parallax *out);
/* By the report in full: about 20 us. The reference of the faster one below. */
void gf_solar_position(const gf_solar_site *site, gf_utc_ms instant, double delta_t_s, gf_solar_sun *out);

/* What one UTC day needs: cubics through four instants of it, each worked out in full. Within 1e-7 degrees of the full way. */
typedef struct gf_solar_day {
    gf_day day;
    double alpha_deg[4], delta_deg[4], nu_deg[4], distance_au[4], eot_min[4];   /* coefficients of powers of the day's part */
} gf_solar_day;
/* A site's own part. */
typedef struct gf_solar_view { double lon_deg, sin_lat, cos_lat, x, y, air, horizon_deg; } gf_solar_view;

void gf_solar_day_prepare(gf_day day, double delta_t_s, gf_solar_day *out);
void gf_solar_view_prepare(const gf_solar_site *site, gf_solar_view *out);
/* `instant` belongs to the day, or lies close to it. */
void gf_solar_position_of_day(const gf_solar_day *day, const gf_solar_view *view, gf_utc_ms instant, gf_solar_sun *out);
/* Many instants, in any order; days are prepared as they change. */
void gf_solar_positions(const gf_solar_site *site, const gf_utc_ms *instant, size_t count, double delta_t_s, gf_solar_sun *out);

typedef enum gf_solar_rising { GF_SOLAR_RISES, GF_SOLAR_UP_ALL_DAY, GF_SOLAR_DOWN_ALL_DAY } gf_solar_rising;
typedef struct gf_solar_rise {
    gf_solar_rising rising;
    gf_utc_ms transit;                   /* the one within the civil day */
    gf_utc_ms sunrise, sunset;           /* before and behind that transit; the transit itself where the sun does not rise */
    gf_utc_ms sunrise_nrel, sunset_nrel; /* as NREL's tables have them: of the UT day of the same date, moved by whole days */
    double    noon_elevation_deg;        /* at transit, without the air */
} gf_solar_rise;
/* Of a civil day in a zone (minutes east of UTC): the sun's centre at -0.8333 degrees, refraction and radius of the report. */
void gf_solar_rise_of(const gf_solar_site *site, gf_day civil_day, int zone_minutes, double delta_t_s, gf_solar_rise *out);

/* ---- The air ---- */

typedef enum gf_solar_mass { GF_SOLAR_MASS_KASTEN_YOUNG, GF_SOLAR_MASS_KASTEN, GF_SOLAR_MASS_PICKERING, GF_SOLAR_MASS_SIMPLE } gf_solar_mass;
/* NAN below the horizon (zenith > 90). Kasten and Young take the apparent zenith. */
double gf_solar_air_mass(gf_solar_mass model, double zenith_deg);
double gf_solar_air_mass_absolute(double relative, double pressure_pa);
double gf_solar_pressure_at(double alt_m);           /* of the standard atmosphere, Pa */
double gf_solar_altitude_of(double pressure_pa);

/* On a plane that faces the sun outside the air, by the day of the year: 1 ... 366. */
double gf_solar_extra_spencer(double day_of_year, double constant_w_m2);
double gf_solar_extra_asce(double day_of_year, double constant_w_m2);
double gf_solar_extra_distance(double distance_au, double constant_w_m2);
#define GF_SOLAR_CONSTANT 1366.1
int    gf_solar_day_of_year(gf_day day);

typedef struct gf_solar_sky { double ghi, dni, dhi; } gf_solar_sky;

/* Ineichen and Perez (2002); `enhance` is Perez's term of 2002 for the low sun. */
void   gf_solar_clear_ineichen(double apparent_zenith_deg, double air_mass_absolute, double linke, double alt_m, double dni_extra,
                               bool enhance, gf_solar_sky *out);
double gf_solar_clear_haurwitz(double apparent_zenith_deg);

/* ---- From global to beam and diffuse ---- */

typedef enum gf_solar_split { GF_SOLAR_ERBS, GF_SOLAR_ORGILL_HOLLANDS, GF_SOLAR_BOLAND, GF_SOLAR_DISC } gf_solar_split;
/* `day_of_year` is that of the instant in UTC, for all of them. `pressure_pa` is read by DISC alone. Beyond a zenith of 87 degrees all
 * is diffuse. *kt, the clearness, may be NULL. */
void gf_solar_split_global(gf_solar_split model, double ghi, double zenith_deg, double day_of_year, double pressure_pa, gf_solar_sky *out, double *kt);

/* ---- A tilted plane ---- */

typedef enum gf_solar_transposition {
    GF_SOLAR_ISOTROPIC, GF_SOLAR_KLUCHER, GF_SOLAR_HAY_DAVIES, GF_SOLAR_REINDL, GF_SOLAR_PEREZ, GF_SOLAR_PEREZ_DRIESSE
} gf_solar_transposition;

typedef struct gf_solar_plane_in {
    double tilt_deg, azimuth_deg;        /* of the plane: the direction that it faces */
    double zenith_deg, sun_azimuth_deg;  /* of the sun: apparent zenith */
    double ghi, dni, dhi, dni_extra;
    double air_mass_relative;            /* Perez and Perez-Driesse; NAN for a sun below the horizon */
    double albedo;
} gf_solar_plane_in;

typedef struct gf_solar_plane { double beam, sky, ground, aoi_deg; } gf_solar_plane;

double gf_solar_aoi_cos(double tilt_deg, double azimuth_deg, double zenith_deg, double sun_azimuth_deg);
/* Diffuse of the sky alone. With no diffuse at all there is none on the plane: nothing is divided by it. */
double gf_solar_sky_on_plane(gf_solar_transposition model, const gf_solar_plane_in *in);
double gf_solar_ground_on_plane(double tilt_deg, double ghi, double albedo);
void   gf_solar_plane_of(gf_solar_transposition model, const gf_solar_plane_in *in, gf_solar_plane *out);

/* ---- The module ---- */

/* Share of the beam that passes the glass, against a square fall. */
double gf_solar_iam_physical(double aoi_deg, double n, double k_per_m, double thickness_m);
double gf_solar_iam_ashrae(double aoi_deg, double b);
double gf_solar_iam_martin_ruiz(double aoi_deg, double a_r);

double gf_solar_temp_sapm_module(double poa, double air_c, double wind_m_s, double a, double b);
double gf_solar_temp_sapm_cell(double poa, double air_c, double wind_m_s, double a, double b, double delta_c);
double gf_solar_temp_faiman(double poa, double air_c, double wind_m_s, double u0, double u1);
double gf_solar_temp_pvsyst(double poa, double air_c, double wind_m_s, double u_c, double u_v, double efficiency, double absorption);
double gf_solar_temp_ross(double poa, double air_c, double noct_c);
/* `height` 1 or 2 storeys; `standoff_inches` 4 and more is a free rack. */
double gf_solar_temp_noct(double poa, double air_c, double wind_m_s, double noct_c, double efficiency, double transmittance, int height, double standoff_inches);

/* Fuentes (1987): the module has a heat capacity, so one instant follows another. */
typedef struct gf_solar_fuentes { double tilt_deg, convection, ground, capacity, last_k, last_sun; } gf_solar_fuentes;
void   gf_solar_fuentes_begin(double noct_c, double tilt_deg, gf_solar_fuentes *out);
/* Cell temperature at the end of a step of `hours`. Wind is that of a mast of 9.144 m over a module at 5 m. */
double gf_solar_fuentes_step(gf_solar_fuentes *state, double poa, double air_c, double wind_m_s, double hours);

double gf_solar_pvwatts_dc(double poa_effective, double cell_c, double pdc0_w, double gamma_per_c, double ref_c);
double gf_solar_pvwatts_ac(double dc_w, double dc0_w, double eta_nominal, double eta_reference);
/* Percent each, in the order of PVWatts: soiling, shading, snow, mismatch, wiring, connections, light-induced, nameplate, age, availability. */
enum { GF_SOLAR_LOSSES = 10 };
double gf_solar_pvwatts_losses(const double percent[GF_SOLAR_LOSSES]);
