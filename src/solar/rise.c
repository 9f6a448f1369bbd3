/* Sunrise, transit and sunset of a civil day.
 *
 * The instants are found on the day's cubics by Newton steps on the report's condition (geocentric, the centre at -0.8333
 * degrees): the transit first, the one within twelve hours of the middle of the civil day, then rise and set from the hour angle at
 * it. Six steps leave less than a millisecond, where appendix A.2 of the report corrects once.
 *
 * The report looks for all three within one UT day and moves what falls outside by whole days: the sunset of Denver's 2 August
 * is the one of 02:14 UT on 2 August, said to be on the 3rd. Published tables of NREL follow it, up to a minute and a half from the
 * sun. Both are given: of NREL's, the search begins at the same part of that UT day.
 */
#include "solar/gf_solar.h"
#include "solar/inside.h"

enum { STEPS = 6 };
static const double EDGE_DEG = -0.8333, TURN_DEG_A_DAY = 360.985647;

typedef struct days { double delta_t_s; gf_solar_day day; } days;

static double cubic(const double c[4], double t) { return c[0] + t * (c[1] + t * (c[2] + t * c[3])); }

/* Hour angle (-180 ... 180, seen from lon) and declination at an instant in days since 1970. */
static void place_at(days *d, double lon_deg, double instant_days, double *hour_deg, double *delta_deg)
{
    gf_day wanted = (gf_day)floor(instant_days);
    if (wanted != d->day.day)
        gf_solar_day_prepare(wanted, d->delta_t_s, &d->day);
    double t = instant_days - wanted;
    *hour_deg = remainder(cubic(d->day.nu_deg, t) + lon_deg - cubic(d->day.alpha_deg, t), 360);
    *delta_deg = cubic(d->day.delta_deg, t);
}

static double find_transit(days *d, double lon_deg, double noon_days)
{
    double at = noon_days, hour, delta;
    for (int i = 0; i < STEPS; i++) {
        place_at(d, lon_deg, at, &hour, &delta);
        at -= hour / TURN_DEG_A_DAY;
    }
    return at;
}

static double find_edge(days *d, const gf_solar_site *site, double at)
{
    double sin_lat = sind(site->lat_deg), cos_lat = cosd(site->lat_deg), hour, delta;
    for (int i = 0; i < STEPS; i++) {
        place_at(d, site->lon_deg, at, &hour, &delta);
        double slope = cosd(delta) * cos_lat * sind(hour);   /* of -elevation by hour angle, times cos(elevation) */
        double elevation = deg(asin(clamp(sin_lat * sind(delta) + cos_lat * cosd(delta) * cosd(hour), -1, 1)));
        if (fabs(slope) < 1e-6)
            break;
        at += clamp((elevation - EDGE_DEG) / (360 * slope), -0.1, 0.1);
    }
    return at;
}

static gf_utc_ms to_ms(double instant_days) { return (gf_utc_ms)llround(instant_days * 86400000); }

/* As the report does: found within the UT day, then moved back by the days it was folded. */
static double find_edge_folded(days *d, const gf_solar_site *site, gf_day ut_day, double at)
{
    double moved = floor(at) - ut_day;
    return find_edge(d, site, at - moved) + moved;
}

void gf_solar_rise_of(const gf_solar_site *site, gf_day civil_day, int zone_minutes, double delta_t_s, gf_solar_rise *out)
{
    double noon = civil_day + 0.5 - zone_minutes / 1440.0, hour, delta;
    days d = { .delta_t_s = delta_t_s, .day.day = GF_DAY_NONE };
    double transit = find_transit(&d, site->lon_deg, noon);
    place_at(&d, site->lon_deg, transit, &hour, &delta);
    double cos_arc = (sind(EDGE_DEG) - sind(site->lat_deg) * sind(delta)) / (cosd(site->lat_deg) * cosd(delta));
    gf_utc_ms at_noon = to_ms(transit);
    *out = (gf_solar_rise){ .transit = at_noon, .sunrise = at_noon, .sunset = at_noon, .sunrise_nrel = at_noon, .sunset_nrel = at_noon,
                            .noon_elevation_deg = 90 - fabs(site->lat_deg - delta) };
    out->rising = cos_arc > 1 ? GF_SOLAR_DOWN_ALL_DAY : cos_arc < -1 ? GF_SOLAR_UP_ALL_DAY : GF_SOLAR_RISES;
    if (out->rising != GF_SOLAR_RISES)
        return;
    double arc = deg(acos(cos_arc)) / 360;
    out->sunrise = to_ms(find_edge(&d, site, transit - arc));
    out->sunset = to_ms(find_edge(&d, site, transit + arc));
    out->sunrise_nrel = to_ms(find_edge_folded(&d, site, civil_day, transit - arc));
    out->sunset_nrel = to_ms(find_edge_folded(&d, site, civil_day, transit + arc));
}
