/* geo/gcj02.h - inside the room only: the shifted degrees of Chinese web maps. */
#pragma once
#include "geo/gf_geo.h"

gf_geo_point gcj02_from_wgs84(gf_geo_point wgs84);
gf_geo_point gcj02_to_wgs84(gf_geo_point gcj02);
