/* A camera's pose: by hand, there and back, corrected from known points, the horizon. */
#include "unit/check.h"
#include "unit/ground.h"

#include "terrain/gf_terrain_pose.h"

enum { SIDE = 300, CELL_M = 30 };
static const gf_terrain_air NO_AIR = { 0, 6371000 };

static gf_terrain_grid hills(void *arena, uint64_t seed)
{
    dice d = { seed };
    gf_terrain_grid g;
    assert_int_equal(gf_terrain_grid_of(SIDE, SIDE, CELL_M, make_ground(arena, &d, SIDE, SIDE, 150, false), arena, &g, NULL), GF_OK);
    return g;
}

static gf_terrain_pose pose_on(const gf_terrain_grid *g, double heading_deg, double tilt_deg, double roll_deg)
{
    gf_terrain_pose p = { .x_m = g->west_m + SIDE * CELL_M / 2.0, .y_m = g->north_m - SIDE * CELL_M / 2.0, .heading_deg = heading_deg, .tilt_deg = tilt_deg,
                          .roll_deg = roll_deg, .focal_px = 2000, .centre_x_px = 960, .centre_y_px = 540 };
    assert_true(gf_terrain_height_at(g, p.x_m, p.y_m, &p.eye_m));
    p.eye_m += 60;
    return p;
}

/* By hand, on a plain at 100 m without curvature: an eye 40 m above it looks east, 45 degrees down: the middle pixel meets the ground 40 m east.
 * Looking level with 1,000 px, a pixel 100 px below the middle meets it at 40 / 0.1 = 400 m; one 100 px to the right of that 40 m further south. */
static void rays_by_hand(void **state)
{
    float *height = gf_new(*state, float, 100 * 100);
    gf_terrain_grid g;
    for (size_t i = 0; i < 100 * 100; i++)
        height[i] = 100;
    assert_int_equal(gf_terrain_grid_of(100, 100, 10, height, *state, &g, NULL), GF_OK);
    gf_terrain_pose pose = { g.west_m + 300, g.north_m - 500, 140, 90, -45, 0, 1000, 500, 300 };
    const gf_terrain_pixel middle = { 500, 300 }, low[] = { { 500, 400 }, { 600, 400 }, { 500, 300 } };
    gf_terrain_ground at[3];
    gf_terrain_pixels_to_ground(&g, NO_AIR, &pose, 5000, &middle, 1, at);
    assert_int_equal(at[0].kind, GF_TERRAIN_GROUND);
    assert_true(fabs(at[0].x_m - (pose.x_m + 40)) < 1e-6 && fabs(at[0].y_m - pose.y_m) < 1e-6 && fabs(at[0].height_m - 100) < 1e-6);
    pose.tilt_deg = 0;
    gf_terrain_pixels_to_ground(&g, NO_AIR, &pose, 450, low, 3, at);
    assert_true(fabs(at[0].dist_m - 400) < 1e-6);
    assert_true(fabs(at[1].x_m - (pose.x_m + 400)) < 1e-6 && fabs(at[1].y_m - (pose.y_m - 40)) < 1e-6);
    assert_int_equal(at[2].kind, GF_TERRAIN_SKY);        /* level: nothing within range */
    gf_terrain_pixels_to_ground(&g, NO_AIR, &pose, 5000, low + 2, 1, at);
    assert_int_equal(at[0].kind, GF_TERRAIN_NO_DATA);    /* the grid ends before the range does */
    /* rolled a quarter clockwise, what was below the middle is seen to its left */
    pose.roll_deg = 90;
    gf_terrain_pixel seen;
    assert_true(gf_terrain_point_to_pixel(NO_AIR, &pose, pose.x_m + 400, pose.y_m, 100, &seen));
    assert_true(fabs(fabs(seen.x - 500) - 100) < 1e-6 && fabs(seen.y - 300) < 1e-6);
    assert_false(gf_terrain_point_to_pixel(NO_AIR, &pose, pose.x_m - 400, pose.y_m, 100, &seen));   /* behind */
}

/* Every pixel that meets the ground comes back to itself, and the ground that it meets is the first on its way. */
static void there_and_back_within_a_hundredth_of_a_pixel(void **state)
{
    size_t met = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        gf_terrain_grid g = hills(*state, seed);
        gf_terrain_pose pose = pose_on(&g, 47.0 * (double)seed, -4, 2.5);
        dice d = { seed };
        for (size_t i = 0; i < 500; i++) {
            gf_terrain_pixel pixel = { roll(&d) * 1920, roll(&d) * 1080 }, back;
            gf_terrain_ground at;
            gf_terrain_pixels_to_ground(&g, GF_TERRAIN_AIR_DEFAULT, &pose, 4000, &pixel, 1, &at);
            if (at.kind != GF_TERRAIN_GROUND)
                continue;
            met++;
            assert_true(gf_terrain_point_to_pixel(GF_TERRAIN_AIR_DEFAULT, &pose, at.x_m, at.y_m, at.height_m, &back));
            assert_true(fabs(back.x - pixel.x) < 0.01 && fabs(back.y - pixel.y) < 0.01);
        }
    }
    assert_true(met > 1000);
}

/* The other way: a cell that R3 sees with more than 0.2 m to spare. The ray aims 0.1 m below its ground (a crest that is only touched
 * could as well be passed), so it is above all ground before the cell's neighbours, and must end within one cell. */
static void ground_to_pixel_and_back_within_a_cell(void **state)
{
    size_t asked = 0, within = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        gf_terrain_grid g = hills(*state, seed);
        dice d = { seed + 10 };
        gf_terrain_cell own = { SIDE / 2, SIDE / 2 };
        gf_terrain_pose pose = { gf_terrain_cell_x(&g, own.column), gf_terrain_cell_y(&g, own.row), 0, 0, -3, 0, 1500, 960, 540 };
        pose.eye_m = (double)g.height_m[own.row * SIDE + own.column] + 40;
        for (size_t i = 0; i < 3000; i++) {
            gf_terrain_cell to = { roll_below(&d, SIDE), roll_below(&d, SIDE) };
            gf_terrain_line line;
            gf_terrain_line_walk(&g, GF_TERRAIN_AIR_DEFAULT, own, 40, to, 0, &line);
            if (line.sight != GF_TERRAIN_SEEN || !line.has_blocker || line.margin_m < 0.2)
                continue;
            double x = gf_terrain_cell_x(&g, to.column), y = gf_terrain_cell_y(&g, to.row);
            gf_terrain_pixel pixel;
            gf_terrain_ground at;
            pose.heading_deg = atan2(x - pose.x_m, y - pose.y_m) * 57.29577951308232 + roll(&d) * 20 - 10;
            assert_true(gf_terrain_point_to_pixel(GF_TERRAIN_AIR_DEFAULT, &pose, x, y, (double)g.height_m[to.row * SIDE + to.column] - 0.1, &pixel));
            gf_terrain_pixels_to_ground(&g, GF_TERRAIN_AIR_DEFAULT, &pose, 1e5, &pixel, 1, &at);
            asked++;
            within += at.kind == GF_TERRAIN_GROUND && hypot(at.x_m - x, at.y_m - y) <= CELL_M;
        }
    }
    assert_true(asked > 1000);
    assert_int_equal(within, asked);
}

static void fill_points(const gf_terrain_grid *g, const gf_terrain_pose *pose, dice *d, double noise_px, gf_terrain_known_point *points, size_t count)
{
    for (size_t n = 0; n < count;) {
        gf_terrain_pixel pixel = { roll(d) * 1920, 540 + roll(d) * 540 };
        gf_terrain_ground at;
        gf_terrain_pixels_to_ground(g, GF_TERRAIN_AIR_DEFAULT, pose, 4000, &pixel, 1, &at);
        if (at.kind != GF_TERRAIN_GROUND)
            continue;
        pixel.x += noise_px * (2 * roll(d) - 1);
        pixel.y += noise_px * (2 * roll(d) - 1);
        points[n++] = (gf_terrain_known_point){ at.x_m, at.y_m, at.height_m, pixel, { 0, 0 } };
    }
}

static void heading_and_tilt_are_found_from_known_points(void **state)
{
    static const double WRONG_DEG[] = { 0.3, -1, 8, 90, 180, -135 };
    gf_terrain_grid g = hills(*state, 3);
    for (size_t i = 0; i < GF_COUNT(WRONG_DEG); i++) {
        gf_terrain_pose real = pose_on(&g, 210, -5, 1), told = real;
        gf_terrain_known_point points[4];
        gf_terrain_fit fit;
        dice d = { i + 1 };
        fill_points(&g, &real, &d, 0, points, 4);
        told.heading_deg += WRONG_DEG[i];
        told.tilt_deg -= 1.5;
        assert_int_equal(gf_terrain_pose_fit(&g, GF_TERRAIN_AIR_DEFAULT, &told, points, 4, &fit, NULL), GF_OK);
        assert_true(fabs(fit.pose.heading_deg - 210) < 1e-4 && fabs(fit.pose.tilt_deg + 5) < 1e-4);
        assert_true(fabs(remainder(fit.heading_by_deg + WRONG_DEG[i], 360)) < 1e-4 && fabs(fit.tilt_by_deg - 1.5) < 1e-4);
        assert_true(fit.rms_px < 0.01);
    }
}

/* Points that are read off with an error of up to 3 px: residuals of that size, and standard errors that hold the truth. */
static void residuals_tell_how_good_the_points_are(void **state)
{
    gf_terrain_grid g = hills(*state, 4);
    size_t held = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        gf_terrain_pose real = pose_on(&g, 75, -6, 0), told = real;
        gf_terrain_known_point points[6];
        gf_terrain_fit fit;
        dice d = { seed };
        fill_points(&g, &real, &d, 3, points, 6);
        told.heading_deg += 2;
        assert_int_equal(gf_terrain_pose_fit(&g, GF_TERRAIN_AIR_DEFAULT, &told, points, 6, &fit, NULL), GF_OK);
        assert_true(fit.rms_px > 0.3 && fit.rms_px < 4.3);
        held += fabs(fit.pose.heading_deg - 75) < 2.5 * fit.heading_error_deg && fabs(fit.pose.tilt_deg + 6) < 2.5 * fit.tilt_error_deg;
    }
    assert_true(held >= 17);
}

static void a_pose_that_cannot_be_is_refused(void **state)
{
    gf_terrain_grid g = hills(*state, 2);
    gf_terrain_pose pose = pose_on(&g, 0, 0, 0);
    gf_terrain_known_point point = { g.west_m - 5000, g.north_m, NAN, { 1, 1 }, { 0, 0 } };
    gf_terrain_fit fit;
    gf_error err;
    assert_int_equal(gf_terrain_pose_fit(&g, GF_TERRAIN_AIR_DEFAULT, &pose, &point, 0, &fit, &err), GF_EINPUT);
    assert_int_equal(gf_terrain_pose_fit(&g, GF_TERRAIN_AIR_DEFAULT, &pose, &point, 1, &fit, &err), GF_EINPUT);
    assert_string_equal(err.what, "the ground under known point 1 is unknown");
    pose.focal_px = 0;
    assert_int_equal(gf_terrain_pose_fit(&g, GF_TERRAIN_AIR_DEFAULT, &pose, &point, 1, &fit, &err), GF_EINPUT);
    /* two points in opposite directions are never in front of one camera */
    pose = pose_on(&g, 0, 0, 0);
    gf_terrain_known_point apart[2] = { { pose.x_m + 1000, pose.y_m, NAN, { 1, 1 }, { 0, 0 } }, { pose.x_m - 1000, pose.y_m, NAN, { 1, 1 }, { 0, 0 } } };
    assert_int_equal(gf_terrain_pose_fit(&g, GF_TERRAIN_AIR_DEFAULT, &pose, apart, 2, &fit, &err), GF_EUNSOLVED);
}

/* A pixel below the horizon meets ground, one 3 px above it does not: where the horizon is known. */
static void below_the_horizon_is_ground_above_it_is_not(void **state)
{
    gf_terrain_grid g = hills(*state, 6);
    gf_terrain_pose pose = pose_on(&g, 130, 1, 3);
    gf_terrain_horizon_point line[200];
    double range_m = SIDE * CELL_M / 2.0 - 2 * CELL_M;
    size_t known = 0;
    gf_terrain_horizon(&g, GF_TERRAIN_AIR_DEFAULT, &pose, 1920, range_m, 200, line);
    for (size_t i = 0; i < 200; i++) {
        gf_terrain_pixel pixels[2] = { { line[i].pixel.x, line[i].pixel.y + 3 }, { line[i].pixel.x, line[i].pixel.y - 3 } };
        gf_terrain_ground at[2];
        if (!line[i].known)
            continue;
        known++;
        gf_terrain_pixels_to_ground(&g, GF_TERRAIN_AIR_DEFAULT, &pose, range_m, pixels, 2, at);
        assert_int_equal(at[0].kind, GF_TERRAIN_GROUND);
        assert_int_equal(at[1].kind, GF_TERRAIN_SKY);
    }
    assert_true(known > 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rays_by_hand), TEST(there_and_back_within_a_hundredth_of_a_pixel), TEST(ground_to_pixel_and_back_within_a_cell),
        TEST(heading_and_tilt_are_found_from_known_points), TEST(residuals_tell_how_good_the_points_are), TEST(a_pose_that_cannot_be_is_refused),
        TEST(below_the_horizon_is_ground_above_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
