/* Glass, heat and power of a module. Incidence: De Soto (2006) after Snell and Bouguer, ASHRAE 93 (1977), Martin and Ruiz (2001).
 * Cell temperature: King (SAPM 2004), Faiman (2008), PVsyst, Ross (1981), NOCT as in SAM (Gilman 2015), Fuentes (1987, SAND85-0330).
 * Power: PVWatts version 5 (Dobos 2014, NREL/TP-6A20-62641). */
#include "solar/gf_solar.h"
#include "solar/inside.h"

/* ---- Glass ---- */

static double square(double x) { return x * x; }
static double cube_of(double x) { return x * x * x; }

double gf_solar_iam_physical(double aoi_deg, double n, double k_per_m, double thickness_m)
{
    double cos_out = at_least(cosd(aoi_deg), 0), cos_in = sqrt(1 - (1 - cos_out * cos_out) / (n * n));
    double through_s = 1 - square((cos_out - n * cos_in) / (cos_out + n * cos_in)), through_p = 1 - square((cos_in - n * cos_out) / (cos_in + n * cos_out));
    double through_0 = (1 - square((1 - n) / (1 + n))) * exp(-k_per_m * thickness_m);
    return (through_s + through_p) / 2 * exp(-k_per_m * thickness_m / cos_in) / through_0;
}

double gf_solar_iam_ashrae(double aoi_deg, double b) { return fabs(aoi_deg) >= 90 ? 0 : at_least(1 - b * (1 / cosd(aoi_deg) - 1), 0); }

double gf_solar_iam_martin_ruiz(double aoi_deg, double a_r)
{
    return fabs(aoi_deg) >= 90 ? 0 : (1 - exp(-cosd(aoi_deg) / a_r)) / (1 - exp(-1 / a_r));
}

/* ---- Heat ---- */

double gf_solar_temp_sapm_module(double poa, double air_c, double wind, double a, double b) { return poa * exp(a + b * wind) + air_c; }

double gf_solar_temp_sapm_cell(double poa, double air_c, double wind, double a, double b, double delta_c)
{
    return gf_solar_temp_sapm_module(poa, air_c, wind, a, b) + poa / 1000 * delta_c;
}

double gf_solar_temp_faiman(double poa, double air_c, double wind, double u0, double u1) { return air_c + poa / (u0 + u1 * wind); }

double gf_solar_temp_pvsyst(double poa, double air_c, double wind, double u_c, double u_v, double efficiency, double absorption)
{
    return air_c + poa * absorption * (1 - efficiency) / (u_c + u_v * wind);
}

double gf_solar_temp_ross(double poa, double air_c, double noct_c) { return air_c + (noct_c - 20) / 800 * poa; }

double gf_solar_temp_noct(double poa, double air_c, double wind, double noct_c, double efficiency, double transmittance, int height, double standoff_inches)
{
    static const struct { double below, add_c; } MOUNTS[] = { { 0.5, 18 }, { 1.5, 11 }, { 2.5, 6 }, { 3.5, 2 } };
    double noct = noct_c;
    for (size_t i = 0; i < GF_COUNT(MOUNTS) && standoff_inches > 0; i++)
        if (standoff_inches < MOUNTS[i].below || (i == 3 && standoff_inches <= 3.5)) {
            noct += MOUNTS[i].add_c;
            break;
        }
    double loss = 1 - efficiency / transmittance, cooled = 9.5 / (5.7 + 3.8 * wind * (height == 2 ? 0.61 : 0.51));
    return air_c + poa / 800 * (noct - 20) * loss * cooled;
}

/* Fuentes: a plate of 0.316 m between the air, the sky and the ground below it; SI units, kelvin. */
static const double STEFAN = 5.669e-08, EMISSIVITY = 0.84, ABSORPTION = 0.83, PLATE_M = 2 * 0.31579 * 1.2 / (0.31579 + 1.2);
static const double MODULE_M = 5, MAST_M = 9.144;

static double fourth(double x) { return square(square(x)); }

static double convection(double mean_k, double wind, double difference_k, double tilt_deg, bool turbulent_too)
{
    double density = 0.003484 * 101325 / mean_k, viscosity = 2.4237e-07 * pow(mean_k, 0.76) / density, conduction = 0.00021695 * pow(mean_k, 0.84);
    double reynolds = wind * PLATE_M / viscosity, forced = density * wind * 1007;
    forced *= turbulent_too && reynolds > 120000 ? 0.0282 / pow(reynolds, 0.2) / pow(0.71, 0.4) : 0.86 / sqrt(reynolds) / pow(0.71, 0.67);
    double grashof = 9.8 / mean_k * difference_k * cube_of(PLATE_M) / square(viscosity) * sind(tilt_deg);
    return cbrt(cube_of(0.21 * pow(grashof * 0.71, 0.32) * conduction / PLATE_M) + cube_of(forced));
}

void gf_solar_fuentes_begin(double noct_c, double tilt_deg, gf_solar_fuentes *out)
{
    double noct = noct_c + 273.15, air = 293.15, warm = noct - air, sky = fourth(282.21);
    double conv = convection((noct + air) / 2, 1, warm, tilt_deg, false), radiation = EMISSIVITY * STEFAN * (noct * noct + air * air) * (noct + air);
    double back = (ABSORPTION * 800 - EMISSIVITY * STEFAN * (fourth(noct) - sky) - conv * warm) / ((radiation + conv) * warm);
    double ground = clamp(sqrt(sqrt(fourth(noct) - back * (fourth(noct) - fourth(air)))), air, noct);
    *out = (gf_solar_fuentes){
        .tilt_deg = tilt_deg, .ground = (ground - air) / warm, .last_k = air,
        .convection = (ABSORPTION * 800 - EMISSIVITY * STEFAN * (2 * fourth(noct) - sky - fourth(ground))) / (conv * warm),
        .capacity = 11000 * (noct > 321.15 ? 1 + (noct - 321.15) / 12 : 1),
    };
}

/* One turn of the balance, with the coefficients at `guess_k`. */
static double fuentes_turn(const gf_solar_fuentes *s, double guess_k, double air_k, double sky_k, double wind, double sun, double seconds)
{
    double conv = s->convection * convection((guess_k + air_k) / 2, wind, fabs(guess_k - air_k), s->tilt_deg, true);
    double to_sky = EMISSIVITY * STEFAN * (guess_k * guess_k + sky_k * sky_k) * (guess_k + sky_k), ground_k = air_k + s->ground * (guess_k - air_k);
    double to_ground = EMISSIVITY * STEFAN * (guess_k * guess_k + ground_k * ground_k) * (guess_k + ground_k), all = conv + to_sky + to_ground;
    double eigen = -all / s->capacity * seconds, kept = eigen > -10 ? exp(eigen) : 0;
    double gain = conv * air_k + to_sky * sky_k + to_ground * ground_k + s->last_sun + (sun - s->last_sun) / eigen;
    return s->last_k * kept + ((1 - kept) * gain + sun - s->last_sun) / all;
}

double gf_solar_fuentes_step(gf_solar_fuentes *s, double poa, double air_c, double wind_m_s, double hours)
{
    enum { TURNS = 10 };
    double air_k = air_c + 273.15, sky_k = 0.68 * (0.0552 * air_k * sqrt(air_k)) + 0.32 * air_k, sun = poa * ABSORPTION;
    double wind = wind_m_s * pow(MODULE_M / MAST_M, 0.2) + 0.0001, guess_k = s->last_k;
    for (int i = 0; i < TURNS; i++)
        guess_k = fuentes_turn(s, guess_k, air_k, sky_k, wind, sun, hours * 3600);
    s->last_k = guess_k;
    s->last_sun = sun;
    return guess_k - 273.15;
}

/* ---- Power ---- */

double gf_solar_pvwatts_dc(double poa, double cell_c, double pdc0_w, double gamma_per_c, double ref_c)
{
    return poa * 0.001 * pdc0_w * (1 + gamma_per_c * (cell_c - ref_c));
}

double gf_solar_pvwatts_ac(double dc_w, double dc0_w, double eta_nominal, double eta_reference)
{
    double load = dc_w / dc0_w;
    if (load == 0)
        return 0;
    return clamp(eta_nominal / eta_reference * (-0.0162 * load - 0.0059 / load + 0.9858) * dc_w, 0, eta_nominal * dc0_w);
}

double gf_solar_pvwatts_losses(const double percent[GF_SOLAR_LOSSES])
{
    double left = 1;
    for (size_t i = 0; i < GF_SOLAR_LOSSES; i++)
        left *= 1 - percent[i] / 100;
    return (1 - left) * 100;
}
