/* The table of walls is the standard's least wall by DN and SDR; what is not made has no wall (0). */
#include "water/gf_water_catalogue.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DN_COUNT = 14, SDR_COUNT = 5, PRICE_MAX_FEN = 1000000 };
static const double PI = 3.14159265358979323846, DENSITY_KG_M3 = 955, METRES_PER_MPA = 101.97;
static const uint16_t DN[DN_COUNT] = { 20, 25, 32, 40, 50, 63, 75, 90, 110, 125, 140, 160, 180, 200 };
static const struct { const char *sdr; double pn_mpa; double wall_mm[DN_COUNT]; } WALLS[SDR_COUNT] = {
    { "11", 1.6, { 2.3, 2.3, 3.0, 3.7, 4.6, 5.8, 6.8, 8.2, 10.0, 11.4, 12.7, 14.6, 16.4, 18.2 } },
    { "13.6", 1.25, { 0, 0, 2.4, 3.0, 3.7, 4.7, 5.6, 6.7, 8.1, 9.2, 10.3, 11.8, 13.3, 14.7 } },
    { "17", 1.0, { 0, 0, 0, 2.4, 3.0, 3.8, 4.5, 5.4, 6.6, 7.4, 8.3, 9.5, 10.7, 11.9 } },
    { "21", 0.8, { 0, 0, 0, 0, 2.4, 3.0, 3.6, 4.3, 5.3, 6.0, 6.7, 7.7, 8.6, 9.6 } },
    { "26", 0.6, { 0, 0, 0, 0, 0, 2.5, 2.9, 3.5, 4.2, 4.8, 5.4, 6.2, 6.9, 7.7 } },
};

static int by_inner(const void *a, const void *b)
{
    double x = ((const gf_water_pe *)a)->inner_mm, y = ((const gf_water_pe *)b)->inner_mm;
    return (x > y) - (x < y);
}

void gf_water_catalogue_make(gf_fen fen_kg, gf_water_catalogue *out)
{
    out->count = 0;
    for (size_t s = 0; s < SDR_COUNT; s++)
        for (size_t d = 0; d < DN_COUNT; d++) {
            double wall = WALLS[s].wall_mm[d];
            if (wall <= 0)
                continue;
            double kg = PI * wall * (DN[d] - wall) * 1e-6 * DENSITY_KG_M3;
            int64_t milli_kg = (int64_t)(kg * 1000 + 0.5);
            gf_fen price = 0;
            (void)gf_water_cost(milli_kg, fen_kg, &price);      /* at most 11 kg: cannot overflow for a price within its bound */
            out->pipes[out->count++] = (gf_water_pe){ .dn_mm = DN[d], .sdr = WALLS[s].sdr, .wall_mm = wall, .inner_mm = DN[d] - 2 * wall,
                                                      .pn_mpa = WALLS[s].pn_mpa, .kg_m = kg, .fen_m = price };
        }
    qsort(out->pipes, out->count, sizeof *out->pipes, by_inner);
}

gf_status gf_water_catalogue_price(gf_water_catalogue *catalogue, int64_t dn_mm, gf_str sdr, gf_fen fen_m, gf_error *err)
{
    if (fen_m < 0 || fen_m > PRICE_MAX_FEN)
        return gf_fail(err, GF_EINPUT, "water.pipe", "Write the price of a metre in fen.", "a price of %lld fen a metre is none", (long long)fen_m);
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->pipes[i].dn_mm == dn_mm && gf_str_is(sdr, catalogue->pipes[i].sdr)) {
            catalogue->pipes[i].fen_m = fen_m;
            return GF_OK;
        }
    return gf_fail(err, GF_EINPUT, "water.pipe", "docs/water-village.md lists DN and SDR.", "the catalogue has no DN%lld SDR%.*s", (long long)dn_mm,
                   GF_STR_ARG(gf_str_slice(sdr, 0, 8)));
}

double gf_water_pe_head_m(const gf_water_pe *pipe) { return pipe->pn_mpa * METRES_PER_MPA; }

gf_water_trench gf_water_trench_of(const gf_water_norms *norms, double dn_mm, bool under_road)
{
    const double *v = norms->value;
    gf_water_trench t = { .width_m = fmax(v[GF_WATER_NORM_TRENCH_MIN], dn_mm / 1000 + v[GF_WATER_NORM_TRENCH_SIDE]) };
    t.depth_m = v[under_road ? GF_WATER_NORM_COVER_ROAD : GF_WATER_NORM_COVER] + dn_mm / 1000 + v[GF_WATER_NORM_BEDDING];
    t.dig_m3 = t.width_m * t.depth_m;
    t.sand_m3 = t.width_m * v[GF_WATER_NORM_BEDDING];
    t.fill_m3 = t.dig_m3 - t.sand_m3 - PI * dn_mm * dn_mm / 4e6;
    return t;
}

bool gf_water_cost(int64_t quantity_milli, gf_fen price, gf_fen *out)
{
    int64_t product;
    if (__builtin_mul_overflow(quantity_milli, price, &product))
        return false;
    *out = (product + (product >= 0 ? 500 : -500)) / 1000;
    return true;
}
