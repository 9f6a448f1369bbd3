/* solar/faults.h - inside the room only: what the rules share. */
#pragma once
#include "solar/gf_solar_plant.h"
#include "solar/inside.h"

enum { WHOLE_PLANT = -1 };   /* as uint32_t, the `inverter` of a fault that is of none */

typedef struct fault_search {
    const gf_solar_plant    *plant;
    const gf_solar_readings *r;
    gf_solar_found *found;
    gf_arena *scratch;
    bool     *spent;           /* count * inverters: readings that a fault explains; later rules pass them over */
    uint32_t *day_of;          /* count: civil day from the first one's on */
    size_t    days;
} fault_search;

static inline double read_w(const fault_search *s, size_t i, size_t inverter) { return s->r->ac_w[i * s->plant->inverter_count + inverter]; }
static inline double wanted_w(const fault_search *s, size_t i, size_t inverter) { return s->r->expected_ac_w[i * s->plant->inverter_count + inverter]; }
static inline bool *spent_at(const fault_search *s, size_t i, size_t inverter) { return &s->spent[i * s->plant->inverter_count + inverter]; }
/* Light enough for a verdict, and measured: a clear sky is a guess. */
static inline bool is_lit(const fault_search *s, size_t i) { return s->r->expected[i].light != GF_SOLAR_LIGHT_CLEAR && s->r->expected[i].poa > 200; }

/* Keep one; the missing energy is worked out, and its readings are spent where they are of no use to other rules. `inverter` may be
 * WHOLE_PLANT. */
void fault_add(fault_search *s, gf_solar_fault_kind kind, int inverter, size_t first, size_t last, double value, double expected);
/* Sorts in place. NAN for none. */
double median_of(double *values, size_t count);
/* The same for a dozen values, by insertion. */
double small_median(double *values, size_t count);

/* By the day: snow before the dead, the rest behind them. */
gf_status faults_find_snow(fault_search *s, gf_error *err);
gf_status faults_find_by_day(fault_search *s, gf_error *err);
