/* solar/sun_terms.h - inside the room only: the periodic terms of the sun's place. */
#pragma once
#include "base/gf_base.h"

typedef struct sun_wave { double amplitude, phase_rad, rate; } sun_wave;       /* amplitude * cos(phase + rate * millennia) */
typedef struct sun_series { const sun_wave *waves; size_t count; } sun_series;   /* of one power of the millennia */
extern const sun_series SUN_LONGITUDE[6], SUN_LATITUDE[2], SUN_RADIUS[5];       /* 1e-8 rad, 1e-8 rad, 1e-8 au */

enum { SUN_NUTATION_COUNT = 63 };
typedef struct sun_nutation {
    int8_t of[5];                     /* of the five arguments X0 ... X4 */
    double psi, psi_rate, eps, eps_rate;   /* 0.0001 arc seconds, and that a century */
} sun_nutation;
extern const sun_nutation SUN_NUTATION[SUN_NUTATION_COUNT];
