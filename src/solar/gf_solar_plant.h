/* solar/gf_solar_plant.h - a plant: arrays on inverters, what it should yield, and what is wrong when it does not.
 *
 * The chain of one instant: sun -> sky (measured, split from global, or clear) -> each array's plane, behind its horizon -> cell
 * temperature -> DC -> inverter -> AC. Plane irradiance that was measured stands in for the first three steps.
 * Power is the mean over the step, the sun that of the step's middle. NAN is "not measured".
 *
 * Pure, as gf_solar.h. Watts, W/m2, degrees, shares of 1.
 */
#pragma once
#include "solar/gf_solar.h"

/* ---- The plant ---- */

typedef enum gf_solar_heat { GF_SOLAR_HEAT_SAPM, GF_SOLAR_HEAT_FAIMAN, GF_SOLAR_HEAT_PVSYST, GF_SOLAR_HEAT_NOCT, GF_SOLAR_HEAT_ROSS, GF_SOLAR_HEAT_FUENTES } gf_solar_heat;
typedef enum gf_solar_glass { GF_SOLAR_GLASS_NONE, GF_SOLAR_GLASS_PHYSICAL, GF_SOLAR_GLASS_ASHRAE, GF_SOLAR_GLASS_MARTIN_RUIZ } gf_solar_glass;

/* heat[]: SAPM a, b, delta C; Faiman u0, u1; PVsyst u_c, u_v, efficiency, absorption; NOCT noct C, efficiency, transmittance, height,
 * standoff inches; Ross and Fuentes noct C. */
typedef struct gf_solar_array {
    gf_str   name;
    uint32_t inverter;                   /* index into the plant's */
    uint32_t strings;                    /* alike, >= 1 */
    double   tilt_deg, azimuth_deg;
    double   dc0_w;                      /* of all its strings at 1000 W/m2 and 25 C */
    double   gamma_per_c;                /* of power, below 0 */
    double   loss;                       /* share lost before the inverter, soiling not among it */
    double   soiling;                    /* share that dirt takes of the light */
    double   albedo;
    gf_solar_heat heat_model;
    double   heat[5];
    gf_solar_glass glass;                /* with the usual constants: n 1.526, K 4 / m, 2 mm; b 0.05; a_r 0.16 */
    const double *horizon_deg;           /* elevation of the skyline at horizon_count equal steps clockwise from north; may be NULL */
    size_t   horizon_count;
} gf_solar_array;
#define GF_SOLAR_ARRAY_DEFAULT ((gf_solar_array){ .strings = 1, .tilt_deg = 20, .azimuth_deg = 180, .gamma_per_c = -0.0037, .loss = 0.10, .soiling = 0.02, \
    .albedo = 0.2, .heat_model = GF_SOLAR_HEAT_SAPM, .heat = { -3.56, -0.075, 3 }, .glass = GF_SOLAR_GLASS_PHYSICAL })

typedef struct gf_solar_inverter { gf_str name; double ac0_w, eta_nominal; } gf_solar_inverter;

enum { GF_SOLAR_ARRAYS_MAX = 64, GF_SOLAR_INVERTERS_MAX = 64, GF_SOLAR_HORIZON_MAX = 3600 };
typedef struct gf_solar_plant {
    gf_str name;
    gf_solar_site site;
    int    zone_minutes;                 /* civil time of the place, east of UTC */
    const gf_solar_array *arrays;
    size_t array_count;                  /* 1 ... GF_SOLAR_ARRAYS_MAX */
    const gf_solar_inverter *inverters;
    size_t inverter_count;               /* 1 ... GF_SOLAR_INVERTERS_MAX */
    gf_solar_transposition transposition;
    gf_solar_split split;
    double linke[12];                    /* turbidity by month */
} gf_solar_plant;

/* GF_EINPUT "solar.plant" with the array or inverter that is not physical; GF_ELIMIT too many. */
gf_status gf_solar_plant_check(const gf_solar_plant *plant, gf_error *err);
double    gf_solar_plant_dc0_w(const gf_solar_plant *plant);
double    gf_solar_plant_ac0_w(const gf_solar_plant *plant);

/* ---- What it should yield ---- */

typedef struct gf_solar_weather {
    gf_utc_ms at;                        /* the step's middle */
    double ghi, dni, dhi, poa;           /* NAN = not measured */
    double air_c, wind_m_s;              /* NAN = 20 C, 1 m/s: said by `assumed` */
} gf_solar_weather;

typedef enum gf_solar_light { GF_SOLAR_LIGHT_PLANE, GF_SOLAR_LIGHT_BEAM, GF_SOLAR_LIGHT_GLOBAL, GF_SOLAR_LIGHT_CLEAR } gf_solar_light;

typedef struct gf_solar_yield {
    gf_solar_light light;                /* what the light was taken from: plane, beam and diffuse, global, or a sky without clouds */
    bool   assumed;                      /* air or wind were not given */
    float  zenith_deg, azimuth_deg;      /* apparent */
    double ghi, poa;                     /* poa: mean of the arrays by their power */
    double cell_c, dc_w, ac_w;
} gf_solar_yield;

typedef struct gf_solar_run_options {
    double step_s;                       /* > 0 */
    double delta_t_s;                    /* NAN = worked out */
    bool   clear;                        /* whatever was measured, the sky is clear */
} gf_solar_run_options;

/* Any number of instants, in order of time (Fuentes' heat goes from one to the next). `ac_w` may be NULL; else count * inverter_count
 * values, instant by instant. The plant was checked. */
void gf_solar_plant_run(const gf_solar_plant *plant, const gf_solar_weather *weather, size_t count, const gf_solar_run_options *options,
                        gf_solar_yield *out, double *ac_w);

/* ---- How well it does ---- */

typedef struct gf_solar_ratio {
    double plain;                        /* AC energy / (DC rating * plane irradiation / 1000 W/m2) */
    double corrected;                    /* the same, as if the cells had been at the reference temperature (NREL/TP-5200-57991) */
    double cell_c;                       /* their mean temperature, weighted by irradiance */
    size_t counted;                      /* steps in which all was measured */
} gf_solar_ratio;
/* NAN where there was no light. `heat` are SAPM's a, b, delta. `reference_c`: the site's mean of a year; NAN = the mean of these
 * steps, with which the corrected ratio is the plain one. */
void gf_solar_performance_ratio(const gf_solar_weather *weather, const double *ac_w, size_t count, double dc0_w, double gamma_per_c,
                                const double heat[3], double reference_c, gf_solar_ratio *out);

typedef struct gf_solar_degradation {
    double rate, low, high;              /* share a year, below 0 when it loses; 95 % interval of the median by its ranks */
    size_t pairs;                        /* of the same calendar month, a year apart */
} gf_solar_degradation;
/* From daily ratios (NAN = none): medians of months (10 days at least), every pair a year apart gives a rate, the median of these is the
 * answer. GF_EUNSOLVED "solar.degradation" fewer than 12 pairs: two years of months are needed. */
gf_status gf_solar_degrade(const gf_day *day, const double *ratio, size_t count, gf_arena *scratch, gf_solar_degradation *out, gf_error *err);

/* ---- What is wrong ---- */

typedef enum gf_solar_fault_kind {
    GF_SOLAR_FAULT_STALE,                /* six equal values other than 0 and more */
    GF_SOLAR_FAULT_OUTLIER,              /* one to three values that the others do not bear out */
    GF_SOLAR_FAULT_NIGHT,                /* power while the sun is well below the horizon */
    GF_SOLAR_FAULT_GAP,                  /* nothing was read while the sun was up */
    GF_SOLAR_FAULT_DEAD,                 /* an inverter gives nothing in good light, for 30 minutes and more */
    GF_SOLAR_FAULT_STRING,               /* whole strings' worth is missing, day after day */
    GF_SOLAR_FAULT_CLIPPING,             /* the inverter holds at its limit: not a fault, a share */
    GF_SOLAR_FAULT_SNOW,                 /* light on the plane, hardly any power, cold, and it ends by itself */
    GF_SOLAR_FAULT_SOILING,              /* a slow loss that one day takes back */
    GF_SOLAR_FAULT_LOW,                  /* seven days are 10 % below the median of thirty */
    GF_SOLAR_FAULT_CLOSURE,              /* GHI is not DNI cos z + DHI */
    GF_SOLAR_FAULT_CLOCK,                /* the day stands at the wrong hours */
    GF_SOLAR_FAULT_KINDS
} gf_solar_fault_kind;

const char *gf_solar_fault_name(gf_solar_fault_kind kind);   /* "stale", ...: static */

typedef struct gf_solar_fault {
    gf_solar_fault_kind kind;
    uint32_t inverter;                   /* UINT32_MAX: of the whole plant or of a sensor */
    size_t   first, last;                /* readings that prove it, both included */
    double   value, expected;            /* at a reading that tells: W, W/m2; else a ratio, a share (clipping), strings, minutes (clock); NAN = none */
    double   lost_wh;                    /* energy that is missing against the expected; 0 where that is no question */
} gf_solar_fault;

typedef struct gf_solar_readings {
    const gf_solar_weather *weather;     /* `at` rises by equal steps; lost readings are rows of NAN */
    const gf_solar_yield *expected;      /* of gf_solar_plant_run() on the same */
    const double *expected_ac_w;         /* count * inverter_count */
    const double *clear_ac_w;            /* count: the whole plant's under a clear sky; NULL: the clock is not looked at */
    const double *ac_w;                  /* count * inverter_count, NAN = not read */
    size_t count;
    double step_s;
} gf_solar_readings;

typedef struct gf_solar_found { gf_solar_fault *faults; size_t count; bool more; } gf_solar_found;
enum { GF_SOLAR_FAULTS_MAX = 4096 };

/* All kinds, in order of time.
 *   keep     owns out->faults
 *   scratch  rewound
 * GF_ENOMEM; out->more tells that there were more than GF_SOLAR_FAULTS_MAX. */
gf_status gf_solar_find_faults(const gf_solar_plant *plant, const gf_solar_readings *readings, gf_arena *keep, gf_arena *scratch,
                               gf_solar_found *out, gf_error *err);

/* The rules that need no plant, on any series of numbers; each marks flag[i] (bool, count of them, cleared before). */
void      gf_solar_mark_stale(const double *value, size_t count, bool *flag);
/* `scale` is the greatest value that can be (a rating, or 1400 W/m2); `expected` may be NULL. */
gf_status gf_solar_mark_outliers(const double *value, const double *expected, size_t count, double scale, gf_arena *scratch, bool *flag, gf_error *err);
/* Minutes by which the clock of `value` runs late against the sun, one for each civil day of the zone from the first instant's on:
 * +480 where Chinese time was taken for UTC. `clear` is what a sky without clouds gives at the same instants. The shift of a day is the
 * median of five days about it; NAN where fewer than three of them can tell. `days` values are written. */
gf_status gf_solar_clock_shifts(const gf_utc_ms *at, const double *value, const double *clear, size_t count, double step_s, int zone_minutes,
                                gf_arena *scratch, double *shift_min, size_t days, gf_error *err);
