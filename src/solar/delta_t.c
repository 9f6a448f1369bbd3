/* TT - UT, by the polynomials of Espenak and Meeus ("Five Millennium Canon of Solar Eclipses", NASA/TP-2006-214141). One row a
 * stretch of years: value = sum of c[i] * ((y - origin) / unit)^i, y the year with its part. */
#include "solar/gf_solar.h"
#include "solar/inside.h"

typedef struct stretch { int before; double origin, unit; double c[8]; } stretch;

static const stretch STRETCHES[] = {
    { -500, 1820, 100, { -20, 0, 32 } },
    { 500, 0, 100, { 10583.6, -1014.41, 33.78311, -5.952053, -0.1798452, 0.022174192, 0.0090316521 } },
    { 1600, 1000, 100, { 1574.2, -556.01, 71.23472, 0.319781, -0.8503463, -0.005050998, 0.0083572073 } },
    { 1700, 1600, 1, { 120, -0.9808, -0.01532, 1.0 / 7129 } },
    { 1800, 1700, 1, { 8.83, 0.1603, -0.0059285, 0.00013336, -1.0 / 1174000 } },
    { 1860, 1800, 1, { 13.72, -0.332447, 0.0068612, 0.0041116, -0.00037436, 1.21272e-05, -1.699e-07, 8.75e-10 } },
    { 1900, 1860, 1, { 7.62, 0.5737, -0.251754, 0.01680668, -0.0004473624, 1.0 / 233174 } },
    { 1920, 1900, 1, { -2.79, 1.494119, -0.0598939, 0.0061966, -0.000197 } },
    { 1941, 1920, 1, { 21.2, 0.84493, -0.0761, 0.0020936 } },
    { 1961, 1950, 1, { 29.07, 0.407, -1.0 / 233, 1.0 / 2547 } },
    { 1986, 1975, 1, { 45.45, 1.067, -1.0 / 260, -1.0 / 718 } },
    { 2005, 2000, 1, { 63.86, 0.3345, -0.060374, 0.0017275, 0.000651814, 2.373599e-05 } },
    { 2050, 2000, 1, { 62.92, 0.32217, 0.005589 } },
    { 2150, 1820, 100, { -20 - 0.5628 * (2150 - 1820), 56.28, 32 } },
    { INT32_MAX, 1820, 100, { -20, 0, 32 } },
};

double gf_solar_delta_t(int year, int month)
{
    const stretch *s = STRETCHES;
    while (year >= s->before)
        s++;
    double t = (year + (month - 0.5) / 12 - s->origin) / s->unit, sum = 0;
    for (size_t i = GF_COUNT(s->c); i-- > 0;)
        sum = sum * t + s->c[i];
    return sum;
}

double gf_solar_delta_t_at(gf_utc_ms instant)
{
    int year, month, mday;
    gf_day_split(gf_utc_day(instant, 0), &year, &month, &mday);
    return gf_solar_delta_t(year, month);
}
