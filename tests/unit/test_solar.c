/* The sun by hand, properties of sky and plane, the plant's chain by hand, fault rules on series made for them. */
#include "unit/check.h"
#include "solar/gf_solar_plant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define near_to(got, expected, tolerance) assert_true(fabs((got) - (expected)) <= (tolerance))

static const gf_solar_site TAISHUN = { 27.56, 119.72, 530, 95128, 16, 0.5667 };

static gf_utc_ms at(const char *text)
{
    gf_utc_ms instant = 0;
    assert_true(gf_utc_parse(gf_str_of(text), &instant));
    return instant;
}

static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* ---- The sun ---- */

/* At the solstice of 2024 (20 June, 20:51 UT) the declination is the obliquity, 23.436 degrees (23 26 10): at noon in Taishun the sun
 * stands 27.56 - 23.436 = 4.124 degrees from overhead, less 0.0006 (parallax lowers it by 8.8" sin 4.1). */
static void noon_of_the_solstice_is_the_obliquity_away(void **state)
{
    gf_solar_rise rise;
    gf_solar_sun sun;
    gf_day day;
    (void)state;
    assert_true(gf_day_make(2024, 6, 21, &day));
    gf_solar_rise_of(&TAISHUN, day, 480, NAN, &rise);
    gf_solar_position(&TAISHUN, rise.transit, NAN, &sun);
    near_to(sun.zenith_deg, 27.56 - 23.436, 0.003);
    near_to(sun.azimuth_deg, 180, 0.05);
    near_to(rise.noon_elevation_deg, 90 - sun.zenith_deg, 0.001);
    /* Noon: 12:00 - 4 min * (119.72 - 120) - equation of time (-1.8 min) = 12:02.9. */
    near_to((double)(rise.transit - at("2024-06-21T04:02:55Z")) / 1000, 0, 20);
}

static void a_day_s_cubics_agree_with_the_full_way(void **state)
{
    uint64_t chance = 1;
    double worst = 0;
    (void)state;
    for (int i = 0; i < 400; i++) {
        gf_solar_site site = { draw(&chance) * 170 - 85, draw(&chance) * 360 - 180, draw(&chance) * 4000, 90000, 10, 0.5667 };
        gf_utc_ms instant = at("1950-01-01T00:00:00Z") + (gf_utc_ms)(draw(&chance) * 4.7e12);
        gf_solar_sun full, fast;
        gf_solar_position(&site, instant, 70, &full);
        gf_solar_positions(&site, &instant, 1, 70, &fast);
        worst = fmax(worst, fabs(full.zenith_deg - fast.zenith_deg));
        worst = fmax(worst, fabs(remainder(full.azimuth_deg - fast.azimuth_deg, 360)) * sin(full.zenith_deg * acos(-1) / 180));
        near_to(full.eot_min, fast.eot_min, 1e-5);
        near_to(full.distance_au, fast.distance_au, 1e-8);
    }
    near_to(worst, 0, 1e-6);
}

/* Just above the edge -(0.26667 + 0.5667) the sun is lifted by half a degree and more; just below not at all. */
static void refraction_ends_below_the_horizon_s_edge(void **state)
{
    gf_solar_rise rise;
    gf_solar_sun sun;
    (void)state;
    gf_solar_rise_of(&TAISHUN, 19900, 480, NAN, &rise);
    gf_solar_position(&TAISHUN, rise.sunrise + 30000, NAN, &sun);
    assert_true(sun.zenith_deg - sun.apparent_zenith_deg > 0.5);
    gf_solar_position(&TAISHUN, rise.sunrise - 30000, NAN, &sun);
    assert_true(sun.zenith_deg == sun.apparent_zenith_deg);
}

/* At the instants found the sun's centre is 0.8333 degrees below the plane horizon (0.0024 of parallax apart); the day lies between. */
static void the_sun_rises_where_it_is_said_to(void **state)
{
    (void)state;
    for (gf_day day = 19723; day < 19723 + 366; day += 7) {
        gf_solar_rise rise;
        gf_solar_sun sun[2];
        gf_solar_rise_of(&TAISHUN, day, 480, NAN, &rise);
        gf_solar_position(&TAISHUN, rise.sunrise, NAN, &sun[0]);
        gf_solar_position(&TAISHUN, rise.sunset, NAN, &sun[1]);
        assert_int_equal(rise.rising, GF_SOLAR_RISES);
        assert_int_equal(gf_utc_day(rise.transit, 480), day);
        near_to(sun[0].zenith_deg, 90.8333 + 0.0024, 0.0005);
        near_to(sun[1].zenith_deg, 90.8333 + 0.0024, 0.0005);
        assert_true(rise.sunrise < rise.transit && rise.transit < rise.sunset);
        assert_true(llabs(rise.sunrise - rise.sunrise_nrel) < 180000);
    }
}

static void beyond_the_circle_the_sun_stays_up_or_down(void **state)
{
    gf_solar_site north = TAISHUN;
    gf_solar_rise rise;
    gf_day day;
    (void)state;
    north.lat_deg = 75;
    assert_true(gf_day_make(2024, 6, 21, &day));
    gf_solar_rise_of(&north, day, 480, NAN, &rise);
    assert_int_equal(rise.rising, GF_SOLAR_UP_ALL_DAY);
    gf_solar_rise_of(&north, day + 183, 480, NAN, &rise);
    assert_int_equal(rise.rising, GF_SOLAR_DOWN_ALL_DAY);
}

/* ---- Sky and plane ---- */

static gf_solar_plane_in plane_in(uint64_t *chance)
{
    double zenith = draw(chance) * 88, dni = draw(chance) * 900, dhi = draw(chance) * 400;
    return (gf_solar_plane_in){ draw(chance) * 90, draw(chance) * 360, zenith, draw(chance) * 360, dni * cos(zenith * acos(-1) / 180) + dhi, dni, dhi, 1367,
                                gf_solar_air_mass(GF_SOLAR_MASS_KASTEN_YOUNG, zenith), 0.2 };
}

/* A plane that lies flat sees the whole sky: its diffuse is DHI, whatever the model. Perez bounds the sun at 5 degrees, so up to 85. */
static void a_flat_plane_gets_what_there_is(void **state)
{
    uint64_t chance = 2;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        gf_solar_plane_in in = plane_in(&chance);
        gf_solar_plane on;
        in.tilt_deg = 0;
        in.zenith_deg = fmin(in.zenith_deg, 84.9);
        in.ghi = in.dni * cos(in.zenith_deg * acos(-1) / 180) + in.dhi;
        for (int model = GF_SOLAR_ISOTROPIC; model <= GF_SOLAR_PEREZ_DRIESSE; model++) {
            gf_solar_plane_of((gf_solar_transposition)model, &in, &on);
            if (model != GF_SOLAR_KLUCHER)   /* whose factor for the ring stays on a flat plane */
                near_to(on.beam + on.sky, in.ghi, 1e-9);
            assert_true(on.ground == 0);
        }
    }
}

static void no_diffuse_is_no_diffuse_on_the_plane(void **state)
{
    uint64_t chance = 3;
    (void)state;
    for (int i = 0; i < 500; i++) {
        gf_solar_plane_in in = plane_in(&chance);
        in.dhi = 0;
        for (int model = GF_SOLAR_ISOTROPIC; model <= GF_SOLAR_PEREZ_DRIESSE; model++)
            assert_true(gf_solar_sky_on_plane((gf_solar_transposition)model, &in) == 0);
    }
}

static void diffuse_on_a_plane_is_never_negative_or_unknown(void **state)
{
    uint64_t chance = 4;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        gf_solar_plane_in in = plane_in(&chance);
        if (i % 3 == 0)
            in.zenith_deg = 85 + draw(&chance) * 20;
        in.air_mass_relative = gf_solar_air_mass(GF_SOLAR_MASS_KASTEN_YOUNG, in.zenith_deg);
        for (int model = GF_SOLAR_ISOTROPIC; model <= GF_SOLAR_PEREZ_DRIESSE; model++)
            assert_true(gf_solar_sky_on_plane((gf_solar_transposition)model, &in) >= 0);
    }
}

static void a_split_sky_closes(void **state)
{
    uint64_t chance = 5;
    (void)state;
    for (int i = 0; i < 2000; i++) {
        double zenith = draw(&chance) * 89, ghi = draw(&chance) * 1100 * cos(zenith * acos(-1) / 180);
        for (int model = GF_SOLAR_ERBS; model <= GF_SOLAR_DISC; model++) {
            gf_solar_sky sky;
            gf_solar_split_global((gf_solar_split)model, ghi, zenith, 172, 101325, &sky, NULL);
            near_to(sky.dni * cos(zenith * acos(-1) / 180) + sky.dhi, ghi, 1e-9);
            assert_true(sky.dni >= 0);
        }
    }
}

/* ---- The plant ---- */

static const gf_solar_inverter ONE = { GF_STR_INIT("A"), 9600, 0.96 };

static gf_solar_plant plant_of(const gf_solar_array *array)
{
    gf_solar_plant p = { .site = TAISHUN, .zone_minutes = 480, .arrays = array, .array_count = 1, .inverters = &ONE, .inverter_count = 1, .transposition = GF_SOLAR_PEREZ };
    for (size_t i = 0; i < 12; i++)
        p.linke[i] = 3;
    assert_int_equal(gf_solar_plant_check(&p, NULL), GF_OK);
    return p;
}

static gf_solar_array array_of(void)
{
    gf_solar_array a = GF_SOLAR_ARRAY_DEFAULT;
    a.dc0_w = 10000;
    a.heat_model = GF_SOLAR_HEAT_ROSS;   /* NOCT 20: the cell is as warm as the air */
    a.heat[0] = 20;
    a.soiling = 0.02;
    a.loss = 0.10;
    a.gamma_per_c = -0.004;
    return a;
}

/* 800 W/m2 measured, air 35 C: 800 * 0.98 = 784 passes; DC 10000 * 0.784 * (1 - 0.004 * 10) * 0.9 = 6773.76 W. The inverter's DC rating is
 * 9600 / 0.96 = 10000: load 0.677376, efficiency 0.96 / 0.9637 * (-0.0162 * 0.677376 - 0.0059 / 0.677376 + 0.9858) = 0.962406. */
static void measured_light_becomes_power_by_hand(void **state)
{
    gf_solar_array a = array_of();
    gf_solar_plant p = plant_of(&a);
    const gf_solar_weather w = { at("2024-06-21T04:00:00Z"), NAN, NAN, NAN, 800, 35, 1 };
    gf_solar_yield got;
    (void)state;
    gf_solar_plant_run(&p, &w, 1, &(gf_solar_run_options){ .step_s = 900, .delta_t_s = NAN }, &got, NULL);
    assert_int_equal(got.light, GF_SOLAR_LIGHT_PLANE);
    near_to(got.dc_w, 6773.76, 0.01);
    near_to(got.ac_w, 6773.76 * 0.962406, 0.05);
    near_to(got.cell_c, 35, 1e-9);
}

/* A skyline of 60 degrees all about takes the beam of a sun that stands at 55, and nothing of one at 85. */
static void a_skyline_takes_the_beam_behind_it(void **state)
{
    double skyline[36];
    gf_solar_array open = array_of(), shut = array_of();
    gf_solar_yield got[2];
    (void)state;
    for (size_t i = 0; i < 36; i++)
        skyline[i] = 60;
    shut.horizon_deg = skyline;
    shut.horizon_count = 36;
    gf_solar_plant a = plant_of(&open), b = plant_of(&shut);
    const gf_solar_run_options options = { .step_s = 900, .delta_t_s = NAN };
    gf_solar_weather w = { at("2024-06-21T01:30:00Z"), NAN, 700, 100, NAN, 25, 1 };   /* 09:30: the sun at 55 */
    gf_solar_plant_run(&a, &w, 1, &options, &got[0], NULL);
    gf_solar_plant_run(&b, &w, 1, &options, &got[1], NULL);
    near_to(got[0].zenith_deg, 35, 3);
    assert_true(got[1].poa < 200 && got[0].poa > 600);
    w.at = at("2024-06-21T04:00:00Z");
    gf_solar_plant_run(&a, &w, 1, &options, &got[0], NULL);
    gf_solar_plant_run(&b, &w, 1, &options, &got[1], NULL);
    assert_true(got[0].poa == got[1].poa);
}

static void a_plant_that_is_not_physical_is_refused_with_its_part(void **state)
{
    gf_solar_array a = array_of();
    gf_solar_plant p = plant_of(&a);
    gf_error err;
    (void)state;
    a.tilt_deg = NAN;
    a.name = GF_STR("south");
    assert_int_equal(gf_solar_plant_check(&p, &err), GF_EINPUT);
    assert_non_null(strstr(err.what, "array 1 \"south\": tilt"));
    a = array_of();
    p.linke[3] = 0;
    assert_int_equal(gf_solar_plant_check(&p, &err), GF_EINPUT);
}

/* ---- Ratios ---- */

/* Two steps of 500 and 1000 W/m2 at 25 C and no heat of the light (a = -100): cells at 25, so that both ratios are
 * (40 + 80) / (100 * 1.5) = 0.8; a step without power is not counted. */
static void a_ratio_counts_what_was_measured(void **state)
{
    static const double COLD[3] = { -100, 0, 0 };
    const gf_solar_weather w[3] = { { 0, NAN, NAN, NAN, 500, 25, 1 }, { 1, NAN, NAN, NAN, 1000, 25, 1 }, { 2, NAN, NAN, NAN, 900, 25, 1 } };
    const double ac[3] = { 40, 80, NAN };
    gf_solar_ratio ratio;
    (void)state;
    gf_solar_performance_ratio(w, ac, 3, 100, -0.004, COLD, NAN, &ratio);
    near_to(ratio.plain, 0.8, 1e-12);
    near_to(ratio.corrected, 0.8, 1e-12);
    assert_int_equal(ratio.counted, 2);
}

/* 25 months; the months' ratios fall by 1 % against the same month a year before: 13 pairs, each -0.01. */
static void degradation_is_the_median_of_years(void **state)
{
    enum { DAYS = 760 };
    gf_day day[DAYS];
    double ratio[DAYS];
    gf_solar_degradation got;
    for (int i = 0; i < DAYS; i++) {
        int year, month, mday;
        day[i] = 19723 + i;   /* 2024-01-01 */
        gf_day_split(day[i], &year, &month, &mday);
        ratio[i] = (0.8 + 0.05 * sin(month)) * pow(0.99, year - 2024);
        if (i % 9 == 0)
            ratio[i] = i % 2 ? NAN : 0;   /* outages say nothing */
    }
    assert_int_equal(gf_solar_degrade(day, ratio, DAYS, *state, &got, NULL), GF_OK);
    near_to(got.rate, -0.01, 1e-9);
    assert_true(got.pairs == 13 && got.low <= got.rate && got.rate <= got.high);
    gf_error err;
    assert_int_equal(gf_solar_degrade(day, ratio, 400, *state, &got, &err), GF_EUNSOLVED);
}

/* ---- Faults ---- */

static void five_equal_values_may_be_chance_six_are_stale(void **state)
{
    const double value[] = { 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 5, 5, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    bool flag[GF_COUNT(value)];
    (void)state;
    gf_solar_mark_stale(value, GF_COUNT(value), flag);
    for (size_t i = 0; i < GF_COUNT(value); i++)
        assert_int_equal(flag[i], i >= 13 && i <= 18);
}

static void a_spike_is_an_outlier_and_a_step_is_not(void **state)
{
    enum { COUNT = 60 };
    double value[COUNT];
    bool flag[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        value[i] = i < 40 ? 50 + (double)(i % 3) : 10 + (double)(i % 3);
    value[20] = 95;
    assert_int_equal(gf_solar_mark_outliers(value, NULL, COUNT, 100, *state, flag, NULL), GF_OK);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(flag[i], i == 20);
}

enum { DAYS = 12, A_DAY = 96, COUNT = DAYS * A_DAY };
typedef struct series { gf_solar_array array; gf_solar_plant plant; gf_solar_weather weather[COUNT]; gf_solar_yield yield[COUNT]; double expected[COUNT], clear[COUNT], ac[COUNT]; } series;

/* Twelve clear days of one inverter that gives what it should. */
static series *series_of(gf_arena *arena)
{
    series *s = gf_new(arena, series, 1);
    assert_non_null(s);
    s->array = array_of();
    s->plant = plant_of(&s->array);
    for (size_t i = 0; i < COUNT; i++)
        s->weather[i] = (gf_solar_weather){ at("2024-05-01T16:07:30Z") + (gf_utc_ms)i * 900000, NAN, NAN, NAN, NAN, 20, 1 };
    gf_solar_plant_run(&s->plant, s->weather, COUNT, &(gf_solar_run_options){ .step_s = 900, .delta_t_s = NAN }, s->yield, s->clear);
    for (size_t i = 0; i < COUNT; i++)
        s->weather[i].poa = s->yield[i].poa;
    gf_solar_plant_run(&s->plant, s->weather, COUNT, &(gf_solar_run_options){ .step_s = 900, .delta_t_s = NAN }, s->yield, s->expected);
    memcpy(s->ac, s->expected, sizeof s->ac);
    return s;
}

static gf_solar_found look(series *s, gf_arena *arena)
{
    const gf_solar_readings r = { s->weather, s->yield, s->expected, s->clear, s->ac, COUNT, 900 };
    gf_arena *scratch = gf_arena_open(64 * GF_MIB);
    gf_solar_found found;
    assert_int_equal(gf_solar_find_faults(&s->plant, &r, arena, scratch, &found, NULL), GF_OK);
    gf_arena_close(scratch);
    return found;
}

static void a_sound_plant_has_no_fault(void **state)
{
    assert_int_equal(look(series_of(*state), *state).count, 0);
}

static void a_dead_inverter_is_one_fault_with_its_loss(void **state)
{
    series *s = series_of(*state);
    double lost = 0;
    for (size_t i = 5 * A_DAY; i < 7 * A_DAY; i++) {
        lost += s->ac[i] / 4;
        s->ac[i] = 0;
    }
    gf_solar_found found = look(s, *state);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.faults[0].kind, GF_SOLAR_FAULT_DEAD);
    near_to(found.faults[0].lost_wh, lost, lost * 0.01);
    assert_true(found.faults[0].first >= 5 * A_DAY && found.faults[0].last < 7 * A_DAY);
}

static void a_clock_that_stands_eight_hours_late_is_nothing_else(void **state)
{
    series *s = series_of(*state);
    for (size_t i = COUNT; i-- > 6 * A_DAY;) {
        s->ac[i] = s->ac[i - 32];
        gf_utc_ms instant = s->weather[i].at;
        s->weather[i] = s->weather[i - 32];
        s->weather[i].at = instant;
    }
    gf_solar_plant_run(&s->plant, s->weather, COUNT, &(gf_solar_run_options){ .step_s = 900, .delta_t_s = NAN }, s->yield, s->expected);
    gf_solar_found found = look(s, *state);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.faults[0].kind, GF_SOLAR_FAULT_CLOCK);
    near_to(found.faults[0].value, 480, 5);
    assert_int_equal(found.faults[0].first, 6 * A_DAY);
}

static void each_arena_that_is_too_small_is_said(void **state)
{
    series *s = series_of(*state);
    const gf_solar_readings r = { s->weather, s->yield, s->expected, s->clear, s->ac, COUNT, 900 };
    size_t refused = 0;
    for (size_t room = 0; room < 256 * 1024; room += 4096) {
        gf_arena *keep = gf_arena_open(8 * GF_MIB), *scratch = gf_arena_open(room);
        gf_solar_found found = { .count = 77 };
        gf_status status = gf_solar_find_faults(&s->plant, &r, keep, scratch, &found, NULL);
        assert_true(status == GF_OK || (status == GF_ENOMEM && found.count == 77));
        refused += status == GF_ENOMEM;
        gf_arena_close(keep);
        gf_arena_close(scratch);
    }
    assert_true(refused > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(noon_of_the_solstice_is_the_obliquity_away), TEST(a_day_s_cubics_agree_with_the_full_way), TEST(refraction_ends_below_the_horizon_s_edge),
        TEST(the_sun_rises_where_it_is_said_to), TEST(beyond_the_circle_the_sun_stays_up_or_down), TEST(a_flat_plane_gets_what_there_is),
        TEST(no_diffuse_is_no_diffuse_on_the_plane), TEST(diffuse_on_a_plane_is_never_negative_or_unknown), TEST(a_split_sky_closes),
        TEST(measured_light_becomes_power_by_hand), TEST(a_skyline_takes_the_beam_behind_it), TEST(a_plant_that_is_not_physical_is_refused_with_its_part),
        TEST(a_ratio_counts_what_was_measured), TEST(degradation_is_the_median_of_years), TEST(five_equal_values_may_be_chance_six_are_stale),
        TEST(a_spike_is_an_outlier_and_a_step_is_not), TEST(a_sound_plant_has_no_fault), TEST(a_dead_inverter_is_one_fault_with_its_loss),
        TEST(a_clock_that_stands_eight_hours_late_is_nothing_else), TEST(each_arena_that_is_too_small_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
