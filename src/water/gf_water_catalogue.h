/* water/gf_water_catalogue.h - PE100 pipes DN20 to DN200 by GB/T 13663.2 (ISO 4427): walls, classes, default prices; trenches.
 *
 * Prices are illustrative: what resin of so many fen a kilogram makes of the pipe's mass. No price list stands behind them, and
 * every one may be overridden. Pure.
 */
#pragma once
#include "water/gf_water_norms.h"

typedef struct gf_water_pe {
    uint16_t dn_mm;
    const char *sdr;                /* "11", "13.6", "17", "21", "26" */
    double   wall_mm, inner_mm;     /* inner = DN - 2 wall */
    double   pn_mpa;                /* 1.6, 1.25, 1.0, 0.8, 0.6 */
    double   kg_m;
    gf_fen   fen_m;                 /* price of a metre */
} gf_water_pe;

enum { GF_WATER_PE_MAX = 70 };

typedef struct gf_water_catalogue { gf_water_pe pipes[GF_WATER_PE_MAX]; size_t count; } gf_water_catalogue;

/* By inner diameter, rising; no two are equal. `fen_kg`: of pipe made of PE100, >= 0. */
void gf_water_catalogue_make(gf_fen fen_kg, gf_water_catalogue *out);
/* GF_EINPUT "water.pipe": no such pipe, or a price below 0 or above a million fen. */
gf_status gf_water_catalogue_price(gf_water_catalogue *catalogue, int64_t dn_mm, gf_str sdr, gf_fen fen_m, gf_error *err);
/* Static head in metres that the class stands, without reserve: 1 MPa is 101.97 m of water. */
double gf_water_pe_head_m(const gf_water_pe *pipe);

/* Of one metre of trench: what is dug, what is sand, what is filled back. */
typedef struct gf_water_trench { double width_m, depth_m, dig_m3, sand_m3, fill_m3; } gf_water_trench;
gf_water_trench gf_water_trench_of(const gf_water_norms *norms, double dn_mm, bool under_road);

/* Quantity in thousandths times price, to whole fen, halves away from zero. False on overflow. */
bool gf_water_cost(int64_t quantity_milli, gf_fen price, gf_fen *out);
