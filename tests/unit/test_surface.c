/* Coordinate systems and surfaces: places known from elsewhere, tiles that share edges, degrees on a metric grid. */
#include "unit/check.h"
#include "unit/ground.h"

#include "geo/gf_geo.h"

#include <string.h>

#define near_to(got, expected, tolerance) assert_true(fabs((got) - (expected)) <= (tolerance))

static gf_geo_point change(int from, int to, double x, double y)
{
    gf_geo *geo;
    gf_geo_point p = { x, y };
    assert_int_equal(gf_geo_open(from, to, &geo, NULL), GF_OK);
    assert_int_equal(gf_geo_forward(geo, &p, 1, NULL), GF_OK);
    gf_geo_close(geo);
    return p;
}

static void names_are_read_in_every_case(void **state)
{
    static const struct { const char *text; int epsg; } GOOD[] = { { "EPSG:4549", 4549 }, { "epsg:4528", 4528 }, { "4490", 4490 }, { "WGS84", 4326 }, { "GCJ02", GF_GEO_GCJ02 } };
    static const char *const BAD[] = { "", "EPSG:", "EPSG:0", "mars", "4549x", "EPSG:99999999" };
    int epsg;
    (void)state;
    for (size_t i = 0; i < GF_COUNT(GOOD); i++) {
        assert_int_equal(gf_geo_parse(gf_str_of(GOOD[i].text), &epsg, NULL), GF_OK);
        assert_int_equal(epsg, GOOD[i].epsg);
    }
    for (size_t i = 0; i < GF_COUNT(BAD); i++)
        assert_int_equal(gf_geo_parse(gf_str_of(BAD[i]), &epsg, NULL), GF_EUSAGE);
}

/* The first tower of the shared observers: x, y and degrees as that table has them. On the central meridian
 * x is 500 km, with zone prefix 40 500 km. */
static void zones_of_cgcs2000_are_where_they_should(void **state)
{
    gf_geo_system system;
    gf_geo_point p = change(4326, 4549, 119.922497, 27.546282);
    (void)state;
    near_to(p.x, 492345, 0.1);
    near_to(p.y, 3048165, 0.1);
    near_to(change(4490, 4549, 120, 27).x, 500000, 1e-6);
    near_to(change(4490, 4528, 120, 27).x, 40500000, 1e-6);
    assert_int_equal(gf_geo_zone(119.5), 4549);
    assert_int_equal(gf_geo_zone(118.6), 4549);
    assert_int_equal(gf_geo_zone(118.4), 4548);
    assert_int_equal(gf_geo_zone(0), 0);
    assert_int_equal(gf_geo_describe(4549, &system, NULL), GF_OK);
    assert_false(system.geographic);
    near_to(system.unit_m, 1, 0);
    assert_int_equal(gf_geo_describe(4490, &system, NULL), GF_OK);
    assert_true(system.geographic);
    assert_int_equal(gf_geo_describe(999998, &system, NULL), GF_EINPUT);
}

/* At 27.53N 119.87E the shift is some 433 m to the east and 373 m to the south (measured on county boundaries against relief). */
static void gcj02_is_shifted_and_comes_back(void **state)
{
    gf_geo_point there = change(GF_GEO_WGS84, GF_GEO_GCJ02, 119.87, 27.53), back = change(GF_GEO_GCJ02, GF_GEO_WGS84, there.x, there.y);
    gf_geo_point a = change(4326, 4549, 119.87, 27.53), b = change(GF_GEO_GCJ02, 4549, 119.87, 27.53);
    (void)state;
    near_to(back.x, 119.87, 1e-9);
    near_to(back.y, 27.53, 1e-9);
    near_to(b.x - a.x, -433, 3);
    near_to(b.y - a.y, 373, 3);
    near_to(change(GF_GEO_WGS84, GF_GEO_GCJ02, 2.35, 48.85).x, 2.35, 0);   /* Paris is not shifted */
}

static void points_outside_change_nothing(void **state)
{
    gf_geo *geo;
    gf_geo_point p[2] = { { 120, 27 }, { NAN, 27 } };
    gf_error err;
    (void)state;
    assert_int_equal(gf_geo_open(4326, 4549, &geo, NULL), GF_OK);
    assert_int_equal(gf_geo_forward(geo, p, 2, &err), GF_EINPUT);
    assert_string_equal(err.code, "geo.outside");
    near_to(p[0].x, 120, 0);
    gf_geo_close(geo);
}

/* ---- Surfaces ---- */

static gf_terrain_tile tile(double west, double north, size_t rows, size_t columns, double step, const float *height)
{
    return (gf_terrain_tile){ .rows = rows, .columns = columns, .west = west, .north = north, .step_x = step, .step_y = step, .height_m = height, .name = "t" };
}

static gf_status join(gf_arena *keep, const gf_terrain_tile *tiles, size_t count, const gf_terrain_surface_options *options, gf_terrain_grid *grid, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(64 * GF_MIB);
    gf_status status = gf_terrain_grid_join(tiles, count, options, keep, scratch, grid, err);
    gf_arena_close(scratch);
    return status;
}

static void tiles_that_share_an_edge_are_one_surface(void **state)
{
    float left[] = { 1, 2, 3, 4 }, right[] = { 22, 5, NAN, 6 };   /* the second column of `left` is the first of `right` */
    gf_terrain_tile tiles[2] = { tile(300, 1000, 2, 2, 10, left), tile(310, 990, 2, 2, 10, right) };
    const gf_terrain_surface_options options = { .epsg = 4549 };
    gf_terrain_grid grid;
    assert_int_equal(join(*state, tiles, 2, &options, &grid, NULL), GF_OK);
    /* rows from 1000 down: 1 2 . / 3 4 5 / . . 6, where the first tile's 4 lies over the second's 22 */
    static const float EXPECTED[] = { 1, 2, NAN, 3, 4, 5, NAN, NAN, 6 };
    assert_int_equal(grid.rows, 3);
    assert_int_equal(grid.columns, 3);
    assert_int_equal(grid.void_count, 3);
    for (size_t i = 0; i < 9; i++)
        assert_true(grid.height_m[i] == EXPECTED[i] || (isnan(grid.height_m[i]) && isnan(EXPECTED[i])));
    gf_terrain_tile turned[2] = { tiles[1], tiles[0] };
    assert_int_equal(join(*state, turned, 2, &options, &grid, NULL), GF_OK);
    assert_int_equal(grid.first_row, 1);
    assert_int_equal(grid.first_column, 1);
    near_to(grid.height_m[4], 22, 0);
}

static void tiles_that_do_not_fit_are_refused(void **state)
{
    float height[] = { 1, 2, 3, 4 }, nothing[] = { NAN, NAN, NAN, NAN };
    const gf_terrain_surface_options metric = { .epsg = 4549 }, feet = { .epsg = 2225 };
    gf_terrain_tile shifted[2] = { tile(0, 0, 2, 2, 10, height), tile(13, 0, 2, 2, 10, height) };
    gf_terrain_tile coarse[2] = { tile(0, 0, 2, 2, 10, height), tile(20, 0, 2, 2, 20, height) };
    gf_terrain_tile far_off[2] = { tile(0, 0, 2, 2, 10, height), tile(5e6, 5e6, 2, 2, 10, height) };
    gf_terrain_tile empty[1] = { tile(0, 0, 2, 2, 10, nothing) };
    gf_terrain_grid grid;
    gf_error err;
    assert_int_equal(join(*state, shifted, 2, &metric, &grid, &err), GF_EINPUT);
    assert_string_equal(err.code, "terrain.tiles");
    assert_int_equal(join(*state, coarse, 2, &metric, &grid, &err), GF_EINPUT);
    assert_string_equal(err.code, "terrain.tiles");
    assert_int_equal(join(*state, far_off, 2, &metric, &grid, &err), GF_ELIMIT);
    assert_int_equal(join(*state, empty, 1, &metric, &grid, &err), GF_EINPUT);
    assert_string_equal(err.code, "terrain.empty");
    assert_int_equal(join(*state, empty, 1, &feet, &grid, &err), GF_EINPUT);
    assert_string_equal(err.code, "terrain.unit");
}

/* A plane in degrees stays that plane: each cell's height is the plane at its centre taken back by libproj, one by one. */
static void degrees_are_reprojected_where_they_belong(void **state)
{
    enum { SIDE = 301 };
    double step = 1.0 / 1200;
    float *height = gf_new(*state, float, SIDE * SIDE);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        height[i] = (float)(i % SIDE) * 2 + (float)(i / SIDE);
    gf_terrain_tile one = { .rows = SIDE, .columns = SIDE, .west = 119, .north = 28, .step_x = step, .step_y = step, .height_m = height, .name = "t" };
    const gf_terrain_surface_options options = { .epsg = 4326 };
    gf_terrain_grid grid;
    gf_geo *geo;
    size_t known = 0;
    assert_int_equal(join(*state, &one, 1, &options, &grid, NULL), GF_OK);
    assert_int_equal(grid.epsg, 4549);
    near_to(grid.cell_m, 90, 0);
    near_to(fmod(grid.west_m, 90), 0, 0);
    assert_int_equal(gf_geo_open(4326, 4549, &geo, NULL), GF_OK);
    for (uint32_t r = 0; r < grid.rows; r++)
        for (uint32_t c = 0; c < grid.columns; c++) {
            gf_geo_point p = { gf_terrain_cell_x(&grid, c), gf_terrain_cell_y(&grid, r) };
            assert_int_equal(gf_geo_inverse(geo, &p, 1, NULL), GF_OK);
            double x = (p.x - 119) / step - 0.5, y = (28 - p.y) / step - 0.5;
            float h = grid.height_m[(size_t)r * grid.columns + c];
            bool inside = x >= 0 && y >= 0 && x <= SIDE - 1 && y <= SIDE - 1;
            bool border = fabs(x) < 1e-3 || fabs(y) < 1e-3 || fabs(x - SIDE + 1) < 1e-3 || fabs(y - SIDE + 1) < 1e-3;
            if (border)
                continue;
            assert_int_equal(!isnan(h), inside);
            known += inside ? 1 : 0;
            if (inside)
                near_to(h, 2 * x + y, 2e-3);   /* two thousandths of a cell, and float */
        }
    gf_geo_close(geo);
    assert_true(known > 80000);
}

static void a_void_spreads_to_the_cells_it_weighs_in(void **state)
{
    enum { SIDE = 40 };
    float *height = gf_new(*state, float, SIDE * SIDE);
    height[20 * SIDE + 20] = NAN;
    gf_terrain_tile one = { .rows = SIDE, .columns = SIDE, .west = 119.9, .north = 27.9, .step_x = 1.0 / 1200, .step_y = 1.0 / 1200, .height_m = height, .name = "t" };
    const gf_terrain_surface_options options = { .epsg = 4490 };
    gf_terrain_grid grid;
    size_t voids = 0;
    assert_int_equal(join(*state, &one, 1, &options, &grid, NULL), GF_OK);
    for (uint32_t r = 4; r < grid.rows - 4; r++)
        for (uint32_t c = 4; c < grid.columns - 4; c++)
            voids += isnan(grid.height_m[(size_t)r * grid.columns + c]) ? 1 : 0;
    assert_in_range(voids, 2, 6);   /* two cells to a side, of 90 m against 82 x 92 m: about four */
}

static void exchanged_x_and_y_are_noticed(void **state)
{
    float height[] = { 1, 2, 3, 4 };
    gf_terrain_tile one = tile(500000, 3000000, 2, 2, 90, height);
    const gf_terrain_surface_options options = { .epsg = 4549 };
    gf_terrain_grid grid;
    gf_terrain_cell cell;
    gf_error err;
    assert_int_equal(join(*state, &one, 1, &options, &grid, NULL), GF_OK);
    assert_int_equal(gf_terrain_cell_at(&grid, 500095, 2999995, &cell, &err), GF_OK);
    assert_true(cell.row == 0 && cell.column == 1);
    assert_int_equal(gf_terrain_cell_at(&grid, 2999995, 500095, &cell, &err), GF_EINPUT);
    assert_non_null(strstr(err.hint, "exchanged"));
    assert_int_equal(gf_terrain_cell_at(&grid, 0, 0, &cell, &err), GF_EINPUT);
    assert_null(strstr(err.hint, "exchanged"));
    assert_int_equal(gf_terrain_cell_at(&grid, NAN, 0, &cell, &err), GF_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_are_read_in_every_case), TEST(zones_of_cgcs2000_are_where_they_should), TEST(gcj02_is_shifted_and_comes_back), TEST(points_outside_change_nothing),
        TEST(tiles_that_share_an_edge_are_one_surface), TEST(tiles_that_do_not_fit_are_refused), TEST(degrees_are_reprojected_where_they_belong),
        TEST(a_void_spreads_to_the_cells_it_weighs_in), TEST(exchanged_x_and_y_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
