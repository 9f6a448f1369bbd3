/* app/gf_app_plant.h - PV plants of the books: what they made, what they should have made, what is wrong, what it earns.
 *
 * A plant is a record with an asset; its description (docs/solar.md) and its readings are documents. Days, months, ratios and
 * faults are computed from them by a run, kept by the newest, and never entered. A reading that an alarm disproves is left out of
 * what was made, and said so. Energy is in Wh, whole; -1 is "not told".
 */
#pragma once
#include "app/gf_app.h"
#include "app/gf_app_land.h"
#include "app/gf_app_solar.h"

/* ---- Skylines ---- */

enum { GF_APP_SKYLINE_STEPS = 360 };
/* The skyline of a site on a surface, an eye's height_m above its ground, within 30 km: elevation in degrees at one-degree
 * steps clockwise from true north, never below 0. *unknown: directions in which the elevation ends before that.
 * GF_EINPUT "terrain.off_grid" the site lies outside. */
gf_status gf_app_solar_skyline(const gf_app_surface *surface, double lat_deg, double lon_deg, double height_m, gf_arena *keep, double *elevation_deg /* GF_APP_SKYLINE_STEPS */,
                               size_t *unknown, gf_error *err);
/* The plant with that skyline for every array that tells none of its own. */
gf_status gf_app_solar_plant_shade(const gf_app_surface *surface, gf_arena *keep, gf_solar_plant *plant, size_t *unknown, gf_error *err);

/* ---- What is told of a plant ---- */

typedef enum gf_app_plant_part { GF_APP_PLANT_SELF_USE, GF_APP_PLANT_FEED_IN, GF_APP_PLANT_SUBSIDY, GF_APP_PLANT_PARTS } gf_app_plant_part;
const char *gf_app_plant_part_name(gf_app_plant_part part);   /* "self_use", ...: static */

typedef struct gf_app_plant_day {
    gf_day  day;
    int64_t generated_wh, fed_in_wh, expected_wh, clear_wh, light_wh_m2, left_out_wh;
    int64_t steps, steps_read, steps_fed;    /* with the sun up; of them believed; of them with the meter at the grid */
    int64_t self_use_wh;                     /* -1: no meter at the grid, or it was not read all day */
} gf_app_plant_day;

/* What a part of the energy earns: by tariff and by day, rounded once for the part. */
typedef struct gf_app_plant_earning {
    int64_t wh;
    gf_fen  amount;
    gf_figure_bound bound;                   /* at_least when readings are missing or left out */
    bool    priced;                          /* every day has a tariff; a part without any is not earned */
    int64_t entry, reversed;                 /* the newest entry booked for it, 0 = none; the entry that took it back, 0 = none */
    gf_fen  booked;                          /* what that entry says */
    gf_str  key, voucher;                    /* of that entry; what the next one is to be called when there is none */
} gf_app_plant_earning;

typedef struct gf_app_plant_month {
    int     year, month;
    int64_t generated_wh, fed_in_wh, self_use_wh, expected_wh, clear_wh, light_wh_m2, left_out_wh;   /* sums of its days */
    int64_t steps, steps_read;
    int64_t ratio_ppm, corrected_ppm;        /* performance ratio; -1 */
    bool    whole;                           /* readings reach its last day */
    gf_app_plant_earning part[GF_APP_PLANT_PARTS];
} gf_app_plant_month;

typedef struct gf_app_plant_fault {
    gf_str    kind, inverter, value, expected, fault, case_id;   /* fault: the alarm's record; "" = none */
    gf_utc_ms first, last;
    int64_t   lost_wh;
} gf_app_plant_fault;

/* first, last: the civil days that it speaks of; first > last = no run has read it yet. */
typedef struct gf_app_plant_batch { gf_str id, document, received, stamp; gf_day first, last; } gf_app_plant_batch;
typedef struct gf_app_plant_tariff { gf_str id, part, begins, ends, price, payer, document; } gf_app_plant_tariff;

typedef struct gf_app_plant_line {
    gf_str  id, name, name_en, asset, place, place_name, use, origin;
    double  dc_w, ac_w;                      /* NAN when the description cannot be read */
    gf_str  problem;                         /* why nothing could be worked out; "" */
    bool    computed, fresh;
    gf_day  first, last;                     /* of its days */
    size_t  day_count, open_alarms;
} gf_app_plant_line;

typedef struct gf_app_plant {
    gf_app_plant_line line;
    gf_str  note, fund, project, keeper, horizon, document, rate, zone;   /* horizon: file, terrain, none; rate: share;low;high or "" */
    double  lat_deg, lon_deg;
    int     zone_minutes;
    size_t  inverter_count, array_count;
    gf_utc_ms at;
    int64_t step_ms, ms;
    gf_app_plant_month  *months;
    gf_app_plant_fault  *faults;
    gf_app_plant_batch  *batches;
    gf_app_plant_tariff *tariffs;
    size_t  month_count, fault_count, batch_count, tariff_count;
} gf_app_plant;

enum { GF_APP_PLANTS_MAX = 1000, GF_APP_PLANT_BATCHES_MAX = 2000 };

/* Those that the actor sees, of a programme's side ("" = all). GF_EDENIED. */
gf_status gf_app_plants(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_arena *keep, gf_app_plant_line **out, size_t *count, gf_error *err);
/* GF_EDENIED · GF_ENOTFOUND. What could not be worked out is told, not failed: line.problem. */
gf_status gf_app_plant_read(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_app_plant *out, gf_error *err);
/* Days of a span, both ends included; at most five years. */
gf_status gf_app_plant_days(gf_app *app, const gf_app_actor *actor, gf_str id, gf_day first, gf_day last, gf_arena *keep, gf_app_plant_day **out, size_t *count, gf_error *err);

/* Expected against read within a span of days, step by step: worked out anew from the documents. NAN as in the series. */
typedef struct gf_app_plant_course {
    gf_solar_plant plant;                    /* its inverters are those of read_w */
    size_t     count;
    double     step_s;
    gf_utc_ms *at;
    double    *read_w, *expected_w;          /* count * plant.inverter_count */
    double    *light;                        /* on the plane */
    bool      *left_out;                     /* count * plant.inverter_count */
} gf_app_plant_course;
enum { GF_APP_PLANT_COURSE_DAYS_MAX = 31 };
/* GF_EUSAGE "solar.span" longer than that; else as the run. `ground` may be NULL. */
gf_status gf_app_plant_course_read(gf_app *app, const gf_app_actor *actor, gf_str id, const gf_app_ground *ground, gf_day first, gf_day last, gf_arena *keep,
                                   gf_app_plant_course *out, gf_error *err);

/* ---- Runs ---- */

/* Would a run be of another plant, other readings or another ground than the newest? *id: such a plant, "" = none. */
gf_status gf_app_plant_stale(gf_app *app, gf_arena *keep, gf_str *id, gf_error *err);

typedef struct gf_app_plant_ran { int64_t days, faults, alarms, ms; bool problem; } gf_app_plant_ran;
/* Works one plant out and keeps it; opens an alarm for every fault that has none yet: a record of plant_faults and a case of kind
 * alarm in the name of the plant's reporter, given to its keeper. In one transaction of its own. A description or a reading that
 * cannot be read is kept as the run's problem. `ground` may be NULL: arrays without a skyline have none then.
 * GF_ENOTFOUND · GF_ENOMEM · GF_EIO */
gf_status gf_app_plant_run(gf_app *app, const gf_app_actor *actor, gf_str id, const gf_app_ground *ground, gf_app_plant_ran *out, gf_error *err);

/* ---- Readings in ---- */

/* Could these readings be taken in? Read whole, laid over those that are there, and worked out; nothing is written. Takes as long as a run.
 * GF_EDENIED · GF_ENOTFOUND the plant · GF_EINPUT "solar.*" as gf_app_solar_series_read(), a column of no inverter of the plant, another
 * length of step than the batches before. */
gf_status gf_app_plant_try(gf_app *app, const gf_app_actor *actor, gf_str id, gf_str csv, gf_str stamp, gf_error *err);
/* Inside a part, after gf_app_plant_try(): the table becomes a document and a batch of the plant. GF_EDENIED · GF_ENOTFOUND ·
 * GF_ECONFLICT "solar.twice" the same bytes are there already. */
gf_status gf_app_plant_take(gf_app *app, const gf_app_actor *actor, gf_str id, gf_str file_name, gf_str csv, gf_str stamp, gf_arena *keep, gf_app_record *batch, gf_error *err);

/* ---- Settling ---- */

typedef struct gf_app_plant_settled { int64_t entry[GF_APP_PLANT_PARTS], reversal[GF_APP_PLANT_PARTS]; gf_str document; size_t booked, unchanged; } gf_app_plant_settled;
/* Inside a part: a month's energy by tariff parts as entries of kind result in the village's own book. The voucher is a document
 * that holds days, tariffs and the hashes of the readings. What is booked already with the same amount stays; with another it is
 * taken back and booked anew.
 * GF_EDENIED · GF_ENOTFOUND · GF_ECONFLICT "solar.stale" the run is not of the newest readings · GF_EINPUT "solar.month" the month is not
 * over, "solar.tariff" a day has no price, "solar.book" the plant names no place or purse to book into. */
gf_status gf_app_plant_settle(gf_app *app, const gf_app_actor *actor, gf_str id, int year, int month, gf_arena *keep, gf_app_plant_settled *out, gf_error *err);
