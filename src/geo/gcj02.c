/* GCJ-02: WGS84 degrees shifted by a smooth field of some 500 m, as published by those who measured it (the series is
 * the well-known one on the Krasovsky ellipsoid, centred on 105E 35N). Outside the rectangle 72.004-137.8347E,
 * 0.8293-55.8271N nothing is shifted.
 *
 * The way back has no formula: the shift changes by less than 1 % over its own length, so that repeating
 * "subtract the shift found at the last guess" wins two digits a turn; eight turns pass the last bit of a double.
 */
#include "geo/gcj02.h"

#include <math.h>

static const double PI = 3.14159265358979323846;
static const double AXIS_M = 6378245.0, ECCENTRICITY2 = 0.00669342162296594323;
enum { TURNS = 8 };

static bool is_shifted(gf_geo_point p) { return p.x >= 72.004 && p.x <= 137.8347 && p.y >= 0.8293 && p.y <= 55.8271; }

/* The slow waves along one axis. */
static double waves(double v, double twelfth, double thirtieth)
{
    return (20 * sin(v * PI) + 40 * sin(v / 3 * PI) + twelfth * sin(v / 12 * PI) + thirtieth * sin(v / 30 * PI)) * 2 / 3;
}

static gf_geo_point shift_at(gf_geo_point p)
{
    double x = p.x - 105, y = p.y - 35, root = sqrt(fabs(x));
    double quick = (20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2 / 3;
    double north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + quick + waves(y, 160, 320);
    double east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + quick + waves(x, 150, 300);
    double lat_rad = p.y / 180 * PI, s = sin(lat_rad), magic = 1 - ECCENTRICITY2 * s * s, m = sqrt(magic);
    return (gf_geo_point){ .x = east_m * 180 / (AXIS_M / m * cos(lat_rad) * PI),
                           .y = north_m * 180 / (AXIS_M * (1 - ECCENTRICITY2) / (magic * m) * PI) };
}

gf_geo_point gcj02_from_wgs84(gf_geo_point wgs84)
{
    if (!is_shifted(wgs84))
        return wgs84;
    gf_geo_point d = shift_at(wgs84);
    return (gf_geo_point){ wgs84.x + d.x, wgs84.y + d.y };
}

gf_geo_point gcj02_to_wgs84(gf_geo_point gcj02)
{
    gf_geo_point guess = gcj02;
    for (int turn = 0; turn < TURNS; turn++) {
        gf_geo_point there = gcj02_from_wgs84(guess);
        guess.x -= there.x - gcj02.x;
        guess.y -= there.y - gcj02.y;
    }
    return guess;
}
