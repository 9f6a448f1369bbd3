/* The skyline of a plant from the elevation: the mountains that the beam has to pass. Steps of one degree; the grid's north is
 * turned to true north. 30 km is where a range 500 m above the site stands under one degree.
 */
#include "app/gf_app_plant.h"

#include "geo/gf_geo.h"
#include "terrain/gf_terrain_pose.h"

#include <math.h>
#include <string.h>

static const double RANGE_M = 30000, DEG = 57.29577951308232, MODULE_M = 2, NORTH_STEP_DEG = 0.01;

static gf_status off_grid(double lat_deg, double lon_deg, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "terrain.off_grid", "Add elevation that holds the site.", "the site at %.5f, %.5f lies outside the known elevation", lon_deg, lat_deg);
}

/* Where the site is on the grid, and by how much the grid's north is turned clockwise from true north, in degrees. */
static gf_status stand(const gf_app_surface *surface, double lat_deg, double lon_deg, gf_geo_point *at, double *turn_deg, gf_error *err)
{
    gf_geo *geo = NULL;
    gf_geo_point points[2] = { { lon_deg, lat_deg }, { lon_deg, lat_deg + NORTH_STEP_DEG } };
    gf_status status = gf_geo_open(GF_GEO_WGS84, surface->grid.epsg, &geo, err);
    if (status == GF_OK)
        status = gf_geo_forward(geo, points, 2, err);
    gf_geo_close(geo);
    *at = points[0];   /* also after a failure: it is not looked at */
    *turn_deg = -atan2(points[1].x - points[0].x, points[1].y - points[0].y) * DEG;
    return status;
}

gf_status gf_app_solar_skyline(const gf_app_surface *surface, double lat_deg, double lon_deg, double height_m, gf_arena *keep, double *elevation_deg, size_t *unknown, gf_error *err)
{
    gf_geo_point at = { 0, 0 };
    double turn_deg = 0, ground_m;
    gf_terrain_horizon_point *points = gf_new(keep, gf_terrain_horizon_point, GF_APP_SKYLINE_STEPS);
    gf_status status = points ? stand(surface, lat_deg, lon_deg, &at, &turn_deg, err) : gf_fail_memory(err);
    if (status != GF_OK)
        return status;
    if (!gf_terrain_height_at(&surface->grid, at.x, at.y, &ground_m))
        return off_grid(lat_deg, lon_deg, err);
    gf_terrain_skyline(&surface->grid, GF_TERRAIN_AIR_DEFAULT, at.x, at.y, ground_m + height_m, RANGE_M, GF_APP_SKYLINE_STEPS, points);
    *unknown = 0;
    for (size_t i = 0; i < GF_APP_SKYLINE_STEPS; i++) {
        double from = remainder((double)i - turn_deg, 360);
        const gf_terrain_horizon_point *p = &points[(size_t)lround(from < 0 ? from + 360 : from) % GF_APP_SKYLINE_STEPS];
        elevation_deg[i] = fmax(p->elevation_deg, 0);
        *unknown += !p->known;
    }
    return GF_OK;
}

gf_status gf_app_solar_plant_shade(const gf_app_surface *surface, gf_arena *keep, gf_solar_plant *plant, size_t *unknown, gf_error *err)
{
    double *skyline = gf_new(keep, double, GF_APP_SKYLINE_STEPS);
    gf_solar_array *arrays = gf_new(keep, gf_solar_array, plant->array_count);
    if (!skyline || !arrays)
        return gf_fail_memory(err);
    gf_status status = gf_app_solar_skyline(surface, plant->site.lat_deg, plant->site.lon_deg, MODULE_M, keep, skyline, unknown, err);
    if (status != GF_OK)
        return status;
    memcpy(arrays, plant->arrays, plant->array_count * sizeof *arrays);
    for (size_t i = 0; i < plant->array_count; i++)
        if (arrays[i].horizon_count == 0) {
            arrays[i].horizon_deg = skyline;
            arrays[i].horizon_count = GF_APP_SKYLINE_STEPS;
        }
    plant->arrays = arrays;
    return GF_OK;
}
