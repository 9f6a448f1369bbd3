/* The sky without clouds. Ineichen and Perez (2002), "A new airmass independent formulation for the Linke turbidity
 * coefficient", with the bound on the beam of Ineichen's "Raymond" form as in Sandia's PV_LIB; Haurwitz (1945). */
#include "solar/gf_solar.h"
#include "solar/inside.h"

void gf_solar_clear_ineichen(double apparent_zenith_deg, double mass, double linke, double alt_m, double dni_extra, bool enhance, gf_solar_sky *out)
{
    double cos_z = cosd(apparent_zenith_deg);
    *out = (gf_solar_sky){ 0, 0, 0 };
    if (!(cos_z > 0) || isnan(mass))
        return;
    double fh1 = exp(-alt_m / 8000), fh2 = exp(-alt_m / 1250);
    double cg1 = 5.09e-05 * alt_m + 0.868, cg2 = 3.92e-05 * alt_m + 0.0387;
    double ghi = cg1 * dni_extra * cos_z * exp(-cg2 * mass * (fh1 + fh2 * (linke - 1))) * (enhance ? exp(0.01 * pow(mass, 1.8)) : 1);
    double beam = dni_extra * (0.664 + 0.163 / fh1) * exp(-0.09 * mass * (linke - 1));
    double bound = ghi * clamp((1 - (0.1 - 0.2 * exp(-linke)) / (0.1 + 0.882 / fh1)) / cos_z, 0, 1e20);
    double dni = at_most(beam, bound);
    *out = (gf_solar_sky){ ghi, dni, ghi - dni * cos_z };
}

double gf_solar_clear_haurwitz(double apparent_zenith_deg)
{
    double cos_z = cosd(apparent_zenith_deg);
    return cos_z > 0 ? 1098 * cos_z * exp(-0.059 / cos_z) : isnan(cos_z) ? NAN : 0;
}
