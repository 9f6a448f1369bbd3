/* Air mass, pressure by height, and the sun outside the air. Kasten (1966), Kasten and Young (1989), Pickering (2002); the
 * standard atmosphere as in Sandia's PV_LIB; Spencer (1971) and the ASCE form (2005) of the distance's yearly course. */
#include "solar/gf_solar.h"
#include "solar/inside.h"

double gf_solar_air_mass(gf_solar_mass model, double z)
{
    if (!(z <= 90))
        return NAN;
    switch (model) {
    case GF_SOLAR_MASS_KASTEN_YOUNG: return 1 / (cosd(z) + 0.50572 * pow(6.07995 + (90 - z), -1.6364));
    case GF_SOLAR_MASS_KASTEN: return 1 / (cosd(z) + 0.15 * pow(93.885 - z, -1.253));
    case GF_SOLAR_MASS_PICKERING: return 1 / sind(90 - z + 244 / (165 + 47 * pow(90 - z, 1.1)));
    case GF_SOLAR_MASS_SIMPLE: return 1 / cosd(z);
    }
    return NAN;
}

double gf_solar_air_mass_absolute(double relative, double pressure_pa) { return relative * pressure_pa / 101325; }
double gf_solar_pressure_at(double alt_m) { return 100 * pow((44331.514 - alt_m) / 11880.516, 1 / 0.1902632); }
double gf_solar_altitude_of(double pressure_pa) { return 44331.5 - 4946.62 * pow(pressure_pa, 0.190263); }

double gf_solar_extra_spencer(double day_of_year, double constant_w_m2)
{
    double b = 2 * PI / 365 * (day_of_year - 1);
    return constant_w_m2 * (1.00011 + 0.034221 * cos(b) + 0.00128 * sin(b) + 0.000719 * cos(2 * b) + 7.7e-05 * sin(2 * b));
}

double gf_solar_extra_asce(double day_of_year, double constant_w_m2) { return constant_w_m2 * (1 + 0.033 * cos(2 * PI / 365 * day_of_year)); }
double gf_solar_extra_distance(double distance_au, double constant_w_m2) { return constant_w_m2 / (distance_au * distance_au); }

int gf_solar_day_of_year(gf_day day)
{
    int year, month, mday;
    gf_day first;
    gf_day_split(day, &year, &month, &mday);
    return gf_day_make(year, 1, 1, &first) ? day - first + 1 : 1;
}
