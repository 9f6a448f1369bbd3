/* water/gf_water_norms.h - what Chinese rural practice asks of a village's supply: every number named, with source and doubt.
 *
 * The texts of the standards were not at hand when the table was written: `source` names what is said to hold the number, `doubt`
 * how sure that is (H well established, M believed right, L look it up before quoting). A village's file may override each one.
 * Pure values; no state.
 */
#pragma once
#include "base/gf_base.h"

typedef enum gf_water_norm {
    GF_WATER_NORM_PERSON_LPD, GF_WATER_NORM_GROWTH_PERCENT, GF_WATER_NORM_LIFE_YEARS,
    GF_WATER_NORM_DAIRY_COW, GF_WATER_NORM_CATTLE, GF_WATER_NORM_HORSE, GF_WATER_NORM_SOW, GF_WATER_NORM_PIG, GF_WATER_NORM_SHEEP,
    GF_WATER_NORM_HEN, GF_WATER_NORM_DUCK,
    GF_WATER_NORM_PUBLIC_PERCENT, GF_WATER_NORM_LOSS_PERCENT, GF_WATER_NORM_KD,
    GF_WATER_NORM_KH_I_II, GF_WATER_NORM_KH_III, GF_WATER_NORM_KH_IV, GF_WATER_NORM_KH_V, GF_WATER_NORM_KH_TIMED, GF_WATER_NORM_TIMED_HOURS,
    GF_WATER_NORM_RAW_PERCENT, GF_WATER_NORM_RAW_HOURS,
    GF_WATER_NORM_HEAD_FIRST, GF_WATER_NORM_HEAD_STOREY, GF_WATER_NORM_HEAD_TAP_MAX, GF_WATER_NORM_HEAD_LINE_MIN,
    GF_WATER_NORM_VELOCITY_MAX, GF_WATER_NORM_VELOCITY_RAW_MIN, GF_WATER_NORM_C_PLASTIC, GF_WATER_NORM_LOCAL_PERCENT, GF_WATER_NORM_CLASS_RESERVE, GF_WATER_NORM_DN_MIN,
    GF_WATER_NORM_FIRE_LPS, GF_WATER_NORM_FIRE_HOURS, GF_WATER_NORM_FIRE_HEAD, GF_WATER_NORM_HYDRANT_SPACING,
    GF_WATER_NORM_COVER, GF_WATER_NORM_COVER_ROAD, GF_WATER_NORM_TRENCH_SIDE, GF_WATER_NORM_TRENCH_MIN, GF_WATER_NORM_BEDDING,
    GF_WATER_NORM_SLOPE_PENALTY, GF_WATER_NORM_ROAD_FACTOR, GF_WATER_NORM_ROUTE_CELL, GF_WATER_NORM_FITTINGS_PERCENT, GF_WATER_NORM_CONTINGENCY_PERCENT,
    GF_WATER_NORM_TANK_I_II, GF_WATER_NORM_TANK_III, GF_WATER_NORM_TANK_IV, GF_WATER_NORM_TANK_V, GF_WATER_NORM_TANK_DEPTH,
    GF_WATER_NORM_QUANTITY_PASS, GF_WATER_NORM_QUANTITY_BASIC, GF_WATER_NORM_CARRY_PASS, GF_WATER_NORM_CARRY_BASIC,
    GF_WATER_NORM_RELIABLE_PASS, GF_WATER_NORM_RELIABLE_BASIC,
    GF_WATER_NORM_COUNT
} gf_water_norm;

enum { GF_WATER_LIVESTOCK_COUNT = GF_WATER_NORM_DUCK - GF_WATER_NORM_DAIRY_COW + 1 };    /* kinds, in the order of the norms */

typedef struct gf_water_norm_row {
    const char *id;                 /* as the village file writes it; of livestock also the key of its kind */
    double      value, low, high;   /* low and high: the range of practice */
    const char *unit, *source;
    char        doubt;              /* H, M, L */
    const char *zh, *en;
} gf_water_norm_row;

/* By gf_water_norm; static. */
const gf_water_norm_row *gf_water_norm_of(gf_water_norm norm);

/* The numbers in force. */
typedef struct gf_water_norms { double value[GF_WATER_NORM_COUNT]; bool given[GF_WATER_NORM_COUNT]; } gf_water_norms;

gf_water_norms gf_water_norms_default(void);
/* GF_EINPUT "water.norm": no norm of that id, or a number that is none, negative, or further from the range of practice than
 * a factor of 10. */
gf_status      gf_water_norms_set(gf_water_norms *norms, gf_str id, double value, gf_error *err);

/* ---- Demand ---- */

typedef enum gf_water_plant { GF_WATER_PLANT_I, GF_WATER_PLANT_II, GF_WATER_PLANT_III, GF_WATER_PLANT_IV, GF_WATER_PLANT_V } gf_water_plant;

typedef struct gf_water_users {
    double persons;
    double livestock[GF_WATER_LIVESTOCK_COUNT];
    double public_m3d;              /* measured or told; < 0: a share of the domestic demand */
    bool   timed, hydrants;
} gf_water_users;

/* Each step as it was reckoned, so that a report can show the formula with its numbers. Volumes per day. */
typedef struct gf_water_need {
    double persons, growth;         /* at the end of the design life; growth: the factor */
    double domestic_m3, livestock_m3, public_m3, used_m3, loss_m3;
    double max_day_m3, average_day_m3;          /* average = max / Kd */
    gf_water_plant plant;
    double kd, kh, hours;           /* hours of supply */
    double mean_lps, peak_lps;      /* of the hours of supply on the greatest day; peak = mean * kh */
    double raw_lps;                 /* from the source */
    double tank_share, fire_m3, tank_m3;        /* tank_m3 = share * max day + fire */
} gf_water_need;

gf_water_need gf_water_need_of(const gf_water_norms *norms, const gf_water_users *users);

/* Pressure that a house of so many storeys asks for, in metres. */
double gf_water_head_of(const gf_water_norms *norms, double storeys);
/* "I" ... "V": static. */
const char *gf_water_plant_name(gf_water_plant plant);
