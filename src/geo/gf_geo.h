/* geo/gf_geo.h - where a pair of numbers lies: coordinate systems by EPSG number, and GCJ-02 by name.
 *
 * libproj with a context of its own for every handle: no network, no global, nothing kept between handles. A handle
 * belongs to one thread at a time; threads may each open their own.
 * x is east or longitude and y is north or latitude, whatever order an authority prefers. Degrees stand in degrees,
 * lengths in the unit of the system (metres in every Chinese one).
 * WGS84 (4326) and CGCS2000 (4490) differ by centimetres and are taken as equal, as libproj does.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_GEO_WGS84 = 4326, GF_GEO_CGCS2000 = 4490, GF_GEO_GCJ02 = -2 /* by name: it has no number */ };

typedef struct gf_geo_point { double x, y; } gf_geo_point;

/* What is known of a system. */
typedef struct gf_geo_system {
    int    epsg;             /* or GF_GEO_GCJ02 */
    bool   geographic;       /* degrees, not lengths */
    double unit_m;           /* metres in one unit; 0 for degrees */
    char   name[96];         /* "CGCS2000 / 3-degree Gauss-Kruger CM 120E" */
} gf_geo_system;

/* "EPSG:4549", "4549", "wgs84", "cgcs2000", "gcj02", in any case. GF_EUSAGE "geo.name" */
gf_status gf_geo_parse(gf_str text, int *epsg, gf_error *err);

/* GF_EINPUT "geo.unknown" libproj has no such system, or one that is neither geographic nor projected */
gf_status gf_geo_describe(int epsg, gf_geo_system *out, gf_error *err);

/* The 3-degree zone of CGCS2000 for a longitude, without zone prefix: 4534 (75E) ... 4554 (135E). 0 outside China's zones. */
int gf_geo_zone(double lon_deg);

typedef struct gf_geo gf_geo;    /* from one system to another, and back */

/* GF_EINPUT "geo.unknown", "geo.pair" no way leads from one to the other; GF_ENOMEM */
gf_status gf_geo_open(int from_epsg, int to_epsg, gf_geo **out, gf_error *err);
void      gf_geo_close(gf_geo *geo);

/* Change `count` points in place. All or none: where one of them has no place in the other system nothing is changed.
 * GF_EINPUT "geo.outside" names the first such point. */
gf_status gf_geo_forward(gf_geo *geo, gf_geo_point *points, size_t count, gf_error *err);
gf_status gf_geo_inverse(gf_geo *geo, gf_geo_point *points, size_t count, gf_error *err);
