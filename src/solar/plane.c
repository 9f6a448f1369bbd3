/* What reaches a tilted plane. Klucher (1979), Hay and Davies (1980), Reindl (1990), Perez (1990) with the coefficients
 * "all sites composite 1990", and its continuous form by Driesse, Jensen and Perez (2024) on quadratic splines. */
#include "solar/gf_solar.h"
#include "solar/inside.h"

static const double KAPPA = 1.041, COS_85 = 0.08715574274765817;   /* Perez bounds the sun's height at 5 degrees */

double gf_solar_aoi_cos(double tilt_deg, double azimuth_deg, double zenith_deg, double sun_azimuth_deg)
{
    return clamp(cosd(tilt_deg) * cosd(zenith_deg) + sind(tilt_deg) * sind(zenith_deg) * cosd(sun_azimuth_deg - azimuth_deg), -1, 1);
}

static double facing(const gf_solar_plane_in *in) { return at_least(gf_solar_aoi_cos(in->tilt_deg, in->azimuth_deg, in->zenith_deg, in->sun_azimuth_deg), 0); }
static double sky_view(const gf_solar_plane_in *in) { return (1 + cosd(in->tilt_deg)) / 2; }
static double cube(double x) { return x * x * x; }

static double klucher(const gf_solar_plane_in *in)
{
    double cos_aoi = facing(in), f = in->ghi > 0 ? 1 - (in->dhi / in->ghi) * (in->dhi / in->ghi) : 0;
    return in->dhi * sky_view(in) * (1 + f * cube(sind(in->tilt_deg / 2))) * (1 + f * cos_aoi * cos_aoi * cube(sind(in->zenith_deg)));
}

static double beam_ratio(const gf_solar_plane_in *in) { return facing(in) / at_least(cosd(in->zenith_deg), 0.01745); }

static double hay_davies(const gf_solar_plane_in *in)
{
    double a = in->dni / in->dni_extra;
    return at_least(in->dhi * (1 - a) * sky_view(in), 0) + at_least(in->dhi * a * beam_ratio(in), 0);
}

static double reindl(const gf_solar_plane_in *in)
{
    double a = in->dni / in->dni_extra, beam = at_least(in->dni * cosd(in->zenith_deg), 0);
    double horizon = in->ghi > 0 ? sqrt(beam / in->ghi) * cube(sind(in->tilt_deg / 2)) : 0, around = (1 - a) * sky_view(in);
    return in->dhi * (around + a * beam_ratio(in) + around * horizon);
}

/* F1 from the ring about the sun, F2 from the horizon. */
static double perez_sum(const gf_solar_plane_in *in, double f1, double f2)
{
    double around = (1 - f1) * sky_view(in), ring = f1 * facing(in) / at_least(cosd(in->zenith_deg), COS_85);
    return at_least(in->dhi * (around + ring + f2 * sind(in->tilt_deg)), 0);
}

static double perez(const gf_solar_plane_in *in)
{
    static const double EDGES[] = { 1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2 };
    static const double F[8][6] = {
        { -0.008, 0.588, -0.062, -0.06, 0.072, -0.022 }, { 0.13, 0.683, -0.151, -0.019, 0.066, -0.029 }, { 0.33, 0.487, -0.221, 0.055, -0.064, -0.026 },
        { 0.568, 0.187, -0.295, 0.109, -0.152, -0.014 }, { 0.873, -0.392, -0.362, 0.226, -0.462, 0.001 }, { 1.132, -1.237, -0.412, 0.288, -0.823, 0.056 },
        { 1.06, -1.6, -0.359, 0.264, -1.127, 0.131 }, { 0.678, -0.327, -0.25, 0.156, -1.377, 0.251 },
    };
    if (in->dhi <= 0 || isnan(in->air_mass_relative))
        return 0;
    double z = rad(in->zenith_deg), bright = in->dhi * in->air_mass_relative / in->dni_extra, k = KAPPA * cube(z);
    double clear = ((in->dhi + in->dni) / in->dhi + k) / (1 + k);
    size_t bin = 0;
    while (bin < GF_COUNT(EDGES) && clear >= EDGES[bin])
        bin++;
    const double *f = F[bin];
    return perez_sum(in, at_least(f[0] + f[1] * bright + f[2] * z, 0), f[3] + f[4] * bright + f[5] * z);
}

/* ---- Driesse: the same coefficients as splines of a clearness between 0 and 1 ---- */

enum { KNOTS = 13, PIECES = 10 };
static const double KNOT[KNOTS] = { 0, 0, 0, 0.061, 0.187, 0.333, 0.487, 0.643, 0.778, 0.839, 1, 1, 1 };
static const double SPLINE[PIECES][6] = {
    { -0.053, 0.529, -0.028, -0.071, 0.061, -0.019 }, { -0.008, 0.588, -0.062, -0.06, 0.072, -0.022 }, { 0.131, 0.77, -0.167, -0.026, 0.106, -0.032 },
    { 0.328, 0.471, -0.216, 0.069, -0.105, -0.028 }, { 0.557, 0.241, -0.3, 0.086, -0.085, -0.012 }, { 0.861, -0.323, -0.355, 0.24, -0.467, -0.008 },
    { 1.212, -1.239, -0.444, 0.305, -0.797, 0.047 }, { 1.099, -1.847, -0.365, 0.275, -1.132, 0.124 }, { 0.544, 0.157, -0.213, 0.118, -1.455, 0.292 },
    { 0.544, 0.157, -0.213, 0.118, -1.455, 0.292 },
};

/* The three quadratic B-splines that are not 0 at x, of pieces i - 2, i - 1, i (de Boor). */
static size_t spline_weights(double x, double weight[3])
{
    size_t i = 2;
    while (i < PIECES - 1 && x >= KNOT[i + 1])
        i++;
    double left = (x - KNOT[i]) / (KNOT[i + 1] - KNOT[i]);
    double a = (x - KNOT[i - 1]) / (KNOT[i + 1] - KNOT[i - 1]), b = (x - KNOT[i]) / (KNOT[i + 2] - KNOT[i]);
    weight[0] = (1 - left) * (1 - a);
    weight[1] = (1 - left) * a + left * (1 - b);
    weight[2] = left * b;
    return i - 2;
}

static double perez_driesse(const gf_solar_plane_in *in)
{
    double mass = in->zenith_deg >= 90 ? gf_solar_air_mass(GF_SOLAR_MASS_KASTEN_YOUNG, 90) : in->air_mass_relative;
    double z = rad(in->zenith_deg), bright = in->dhi * mass / in->dni_extra, weight[3], f[6] = { 0 };
    if (in->dhi <= 0 || isnan(mass))
        return 0;
    double clear = in->dni / (in->dhi + in->dni);
    clear = clamp(clear / (1 - KAPPA * cube(z) * (clear - 1)), 0, 1);
    size_t first = spline_weights(clear, weight);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 6; k++)
            f[k] += weight[i] * SPLINE[first + i][k];
    return perez_sum(in, clamp(f[0] + f[1] * bright + f[2] * z, 0, 0.9), f[3] + f[4] * bright + f[5] * z);
}

double gf_solar_sky_on_plane(gf_solar_transposition model, const gf_solar_plane_in *in)
{
    switch (model) {
    case GF_SOLAR_ISOTROPIC: return in->dhi * sky_view(in);
    case GF_SOLAR_KLUCHER: return klucher(in);
    case GF_SOLAR_HAY_DAVIES: return hay_davies(in);
    case GF_SOLAR_REINDL: return reindl(in);
    case GF_SOLAR_PEREZ: return perez(in);
    case GF_SOLAR_PEREZ_DRIESSE: return perez_driesse(in);
    }
    return NAN;
}

double gf_solar_ground_on_plane(double tilt_deg, double ghi, double albedo) { return ghi * albedo * (1 - cosd(tilt_deg)) / 2; }

void gf_solar_plane_of(gf_solar_transposition model, const gf_solar_plane_in *in, gf_solar_plane *out)
{
    double cos_aoi = gf_solar_aoi_cos(in->tilt_deg, in->azimuth_deg, in->zenith_deg, in->sun_azimuth_deg);
    *out = (gf_solar_plane){
        .beam = in->zenith_deg < 90 ? at_least(in->dni * cos_aoi, 0) : 0,
        .sky = gf_solar_sky_on_plane(model, in), .ground = gf_solar_ground_on_plane(in->tilt_deg, in->ghi, in->albedo), .aoi_deg = deg(acos(cos_aoi)),
    };
}
