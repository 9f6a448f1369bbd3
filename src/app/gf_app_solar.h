/* app/gf_app_solar.h - the sun on files: a plant as JSON, series as CSV, what a plant should yield, what is wrong with it.
 *
 * No store is opened. Bytes come in, answers go out; times are UTC, and where a file has civil times its own zone or the plant's is
 * used. Everything that is returned lives in `keep`.
 */
#pragma once
#include "base/gf_base.h"
#include "solar/gf_solar_plant.h"

enum { GF_APP_SOLAR_ROWS_MAX = 1200000, GF_APP_SOLAR_INVERTERS_MAX = GF_SOLAR_INVERTERS_MAX };   /* two years of minutes and more */

/* ---- The sun over a place ---- */

typedef struct gf_app_solar_ask {
    gf_solar_site site;
    double delta_t_s, linke;             /* NAN = worked out; turbidity */
    gf_utc_ms first, last, step_ms;      /* both ends belong to it; step > 0 */
} gf_app_solar_ask;
typedef struct gf_app_solar_moment { gf_utc_ms at; gf_solar_sun sun; gf_solar_sky sky; } gf_app_solar_moment;   /* the sky is clear */
/* GF_EUSAGE "solar.place", "solar.span"; GF_ELIMIT more than GF_APP_SOLAR_ROWS_MAX moments. */
gf_status gf_app_solar_moments(const gf_app_solar_ask *ask, gf_arena *keep, gf_app_solar_moment **out, size_t *count, gf_error *err);
typedef struct gf_app_solar_civil { gf_day day; gf_solar_rise rise; } gf_app_solar_civil;
/* Rise and set of civil days, both ends included. Fails likewise. */
gf_status gf_app_solar_days(const gf_app_solar_ask *ask, gf_day first, gf_day last, int zone_minutes, gf_arena *keep, gf_app_solar_civil **out, size_t *count, gf_error *err);

/* ---- Plants ---- */

/* A plant of schema gongfu.solar.plant/1 (docs/solar.md); keys that are not known are refused, for they are misspelt.
 * GF_EINPUT "solar.json" no such document; "solar.plant" as gf_solar_plant_check(). */
gf_status gf_app_solar_plant_read(gf_str bytes, gf_str name, gf_arena *keep, gf_solar_plant *out, gf_error *err);
/* The same document out. */
void      gf_app_solar_plant_write(const gf_solar_plant *plant, const char *origin, gf_text *out);

/* ---- Series ---- */

typedef enum gf_app_solar_stamp { GF_APP_SOLAR_STAMP_FORM, GF_APP_SOLAR_STAMP_BEGIN, GF_APP_SOLAR_STAMP_MIDDLE, GF_APP_SOLAR_STAMP_END } gf_app_solar_stamp;

typedef struct gf_app_solar_series {
    const char *form;                    /* "plain", "pvgis", "nrel tmy3", "nrel pvwatts", "nrel nsrdb" */
    gf_solar_weather *weather;           /* every step from the first to the last; lost ones are NAN */
    size_t count, missing;               /* steps, and how many of them no row is there for */
    double step_s;
    double *ac_w;                        /* count * ac_count, or NULL */
    double *fed_in_w;                    /* count: what the meter at the grid let out, NAN = not read; NULL without a column fed_in */
    gf_str  ac_name[GF_APP_SOLAR_INVERTERS_MAX];   /* as the columns have them; "" for the column of the whole plant */
    size_t  ac_count;
    bool    typical;                     /* of no year: 1990 was put in */
} gf_app_solar_series;

typedef struct gf_app_solar_read_options {
    gf_str name;                         /* of the file, for messages */
    int    zone_minutes;                 /* for civil times where the file names no zone */
    gf_app_solar_stamp stamp;            /* what a row's time means; FORM: begin of the step in plain files, else as the form has it */
} gf_app_solar_read_options;

/* GF_EINPUT "solar.csv" no head is found, or no column of use; "solar.unit" a column without a unit; "solar.cell" no number or time;
 * "solar.steps" times that do not rise by equal steps; GF_ELIMIT too many rows, or too long a gap. */
gf_status gf_app_solar_series_read(gf_str bytes, const gf_app_solar_read_options *options, gf_arena *keep, gf_arena *scratch, gf_app_solar_series *out, gf_error *err);

/* ---- Yield ---- */

typedef struct gf_app_solar_month { int year, month; double expected_kwh, poa_kwh_m2, read_kwh; size_t steps; } gf_app_solar_month;

typedef struct gf_app_solar_yields {
    gf_solar_yield *yield;               /* one a step */
    double *ac_w;                        /* count * inverter_count */
    gf_app_solar_month *months;          /* of the plant's civil time */
    size_t month_count;
    double expected_kwh, poa_kwh_m2;
    size_t of_light[4];                  /* steps by gf_solar_light */
    size_t assumed;
    double year_kwh_kw;                  /* a year's yield by rating, from the months that are there; NAN under 28 days */
} gf_app_solar_yields;

gf_status gf_app_solar_yield(const gf_solar_plant *plant, const gf_app_solar_series *series, bool clear, gf_arena *keep, gf_app_solar_yields *out, gf_error *err);
/* utc,ghi_w_m2,poa_w_m2,temp_cell_c,dc_w,ac_w,light: a row a step, the time as the file was read: its middle. */
void      gf_app_solar_yield_csv(const gf_app_solar_series *series, const gf_app_solar_yields *yields, gf_text *out);

/* ---- Check ---- */

typedef struct gf_app_solar_checked {
    gf_solar_plant plant;                /* with one inverter where the readings are of the whole plant only */
    bool   merged;
    gf_app_solar_yields yields;
    double *ac_w;                        /* count * plant.inverter_count, in the plant's order */
    gf_solar_found found;
    double read_kwh, expected_kwh;       /* over the steps that were read */
    gf_solar_ratio ratio;                /* by measured plane irradiance; NAN without */
    gf_solar_degradation degradation;
    bool   has_degradation;
} gf_app_solar_checked;

/* GF_EINPUT "solar.readings" no power in the file, or a column of no inverter of the plant. */
gf_status gf_app_solar_check(const gf_solar_plant *plant, const gf_app_solar_series *series, gf_arena *keep, gf_arena *scratch, gf_app_solar_checked *out, gf_error *err);

/* ---- An invented plant ---- */

typedef struct gf_app_solar_demo { gf_text plant_json, weather_csv, readings_csv, faults_csv; } gf_app_solar_demo;
/* A year of 120 kW in the county's climate: clear sky times a stated model of clouds, with faults put in and listed. The texts must be begun. */
gf_status gf_app_solar_demo_make(int64_t seed, int year, gf_arena *scratch, gf_app_solar_demo *out, gf_error *err);
