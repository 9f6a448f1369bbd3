/* Beam and diffuse out of global: Erbs, Klein and Duffie (1982), Orgill and Hollands (1977), Boland (2008), DISC (Maxwell
 * 1987, SERI/TR-215-3087). The clearness is held between 0 and 1, and the sun's height above 0.065 for it. */
#include "solar/gf_solar.h"
#include "solar/inside.h"

static const double COS_MIN = 0.065, ZENITH_MAX_DEG = 87, MASS_MAX = 12;

static double clearness(double ghi, double zenith_deg, double extra)
{
    return clamp(ghi / (extra * at_least(cosd(zenith_deg), COS_MIN)), 0, 1);
}

static double diffuse_share(gf_solar_split model, double kt)
{
    if (model == GF_SOLAR_BOLAND)
        return 1 / (1 + exp(8.645 * (kt - 0.613)));
    if (model == GF_SOLAR_ORGILL_HOLLANDS)
        return kt < 0.35 ? 1 - 0.249 * kt : kt <= 0.75 ? 1.557 - 1.84 * kt : 0.177;
    return kt <= 0.22 ? 1 - 0.09 * kt : kt <= 0.8 ? 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336))) : 0.165;
}

static double disc_beam_share(double kt, double mass)
{
    bool cloudy = kt <= 0.6;
    double a = cloudy ? 0.512 + kt * (-1.56 + kt * (2.286 - 2.222 * kt)) : -5.743 + kt * (21.77 + kt * (-27.49 + 11.56 * kt));
    double b = cloudy ? 0.37 + 0.962 * kt : 41.4 + kt * (-118.5 + kt * (66.05 + 31.9 * kt));
    double c = cloudy ? -0.28 + kt * (0.932 - 2.048 * kt) : -47.01 + kt * (184.2 + kt * (-222 + 73.81 * kt));
    double clear = 0.866 + mass * (-0.122 + mass * (0.0121 + mass * (-0.000653 + 1.4e-05 * mass)));
    return clear - (a + b * exp(c * mass));
}

static double disc_beam(double ghi, double zenith_deg, double day_of_year, double pressure_pa, double *kt)
{
    double extra = gf_solar_extra_spencer(day_of_year, 1370), mass = gf_solar_air_mass(GF_SOLAR_MASS_KASTEN, zenith_deg);
    *kt = clearness(ghi, zenith_deg, extra);
    return extra * disc_beam_share(*kt, at_most(gf_solar_air_mass_absolute(mass, pressure_pa), MASS_MAX));
}

void gf_solar_split_global(gf_solar_split model, double ghi, double zenith_deg, double day_of_year, double pressure_pa, gf_solar_sky *out, double *kt)
{
    double k, dni, dhi, cos_z = cosd(zenith_deg);
    if (model == GF_SOLAR_DISC) {
        dni = disc_beam(ghi, zenith_deg, day_of_year, pressure_pa, &k);
        dhi = ghi - dni * cos_z;
    } else {
        k = clearness(ghi, zenith_deg, gf_solar_extra_spencer(day_of_year, GF_SOLAR_CONSTANT));
        dhi = diffuse_share(model, k) * ghi;
        dni = (ghi - dhi) / cos_z;
    }
    if (zenith_deg > ZENITH_MAX_DEG || ghi < 0 || dni < 0) {
        dni = 0;
        dhi = ghi;
    }
    *out = (gf_solar_sky){ ghi, dni, dhi };
    if (kt)
        *kt = k;
}
