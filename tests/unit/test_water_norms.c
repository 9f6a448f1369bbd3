/* Demand by norms, the catalogue and trenches against numbers reckoned by hand. */
#include "water/gf_water_catalogue.h"
#include "unit/check.h"

#include <math.h>
#include <string.h>

static void near(double got, double want) { assert_true(got > want - 1e-9 * (1 + want) && got < want + 1e-9 * (1 + want)); }

/* 200 persons x 1.1 x 100 L = 22 m3; 40 pigs x 35 L + 100 hens x 0.8 L = 1.48 m3; public 8 % of 22 = 1.76; used 25.24; losses 15 % = 3.786;
 * greatest day 29.026; average 29.026 / 1.5; class V, Kh 2.6; mean 29.026 / 86.4 L/s; tank 50 %. */
static void demand_of_a_village_matches_hand_calculation(void **state)
{
    (void)state;
    gf_water_norms norms = gf_water_norms_default();
    assert_int_equal(gf_water_norms_set(&norms, GF_STR("growth_percent"), 10, NULL), GF_OK);
    gf_water_users users = { .persons = 200, .public_m3d = -1 };
    users.livestock[GF_WATER_NORM_PIG - GF_WATER_NORM_DAIRY_COW] = 40;
    users.livestock[GF_WATER_NORM_HEN - GF_WATER_NORM_DAIRY_COW] = 100;
    gf_water_need n = gf_water_need_of(&norms, &users);
    near(n.domestic_m3, 22);
    near(n.livestock_m3, 1.48);
    near(n.public_m3, 1.76);
    near(n.loss_m3, 3.786);
    near(n.max_day_m3, 29.026);
    near(n.average_day_m3, 29.026 / 1.5);
    assert_int_equal(n.plant, GF_WATER_PLANT_V);
    near(n.peak_lps, 29.026 / 86.4 * 2.6);
    near(n.raw_lps, 29.026 * 1.05 / 86.4);
    near(n.tank_m3, 14.513);
}

/* Timed supply: Kh 3.5. Hydrants: 5 L/s x 2 h = 36 m3 more in the tank. 1,200 persons x 100 L x 1.08 x 1.15 = 149.04 m3/d: class IV, 40 %. */
static void timed_supply_and_hydrants_change_factor_and_tank(void **state)
{
    (void)state;
    gf_water_norms norms = gf_water_norms_default();
    gf_water_users users = { .persons = 1200, .public_m3d = -1, .timed = true, .hydrants = true };
    gf_water_need n = gf_water_need_of(&norms, &users);
    near(n.max_day_m3, 149.04);
    assert_string_equal(gf_water_plant_name(n.plant), "IV");
    near(n.kh, 3.5);
    near(n.fire_m3, 36);
    near(n.tank_m3, 149.04 * 0.4 + 36);
}

static void head_rises_with_storeys(void **state)
{
    (void)state;
    gf_water_norms norms = gf_water_norms_default();
    near(gf_water_head_of(&norms, 1), 10);
    near(gf_water_head_of(&norms, 2), 12);
    near(gf_water_head_of(&norms, 4), 20);
}

static void every_norm_has_words_a_source_and_a_doubt(void **state)
{
    (void)state;
    for (int i = 0; i < GF_WATER_NORM_COUNT; i++) {
        const gf_water_norm_row *row = gf_water_norm_of((gf_water_norm)i);
        assert_true(row->id && row->unit && row->zh && row->en && row->source && row->source[0]);
        assert_true(row->value >= row->low && row->value <= row->high);
        assert_true(row->doubt == 'H' || row->doubt == 'M' || row->doubt == 'L');
        for (int k = 0; k < i; k++)
            assert_string_not_equal(row->id, gf_water_norm_of((gf_water_norm)k)->id);
    }
}

static void norms_out_of_reason_are_refused(void **state)
{
    (void)state;
    gf_water_norms norms = gf_water_norms_default();
    gf_error err;
    assert_int_equal(gf_water_norms_set(&norms, GF_STR("person_lpd"), 10000, &err), GF_EINPUT);
    assert_int_equal(gf_water_norms_set(&norms, GF_STR("persons"), 100, &err), GF_EINPUT);
    assert_int_equal(gf_water_norms_set(&norms, GF_STR("kd"), -1, &err), GF_EINPUT);
    assert_false(norms.given[GF_WATER_NORM_KD]);
}

/* DN110 SDR17: 110 - 2 x 6.6 = 96.8; mass pi x 0.0066 x 0.1034 x 955 = 2.0474 kg; at 1,400 fen: 2.047 kg x 1400 = 2,865.8 -> 2,866 fen. */
static void catalogue_has_inner_diameters_classes_and_prices(void **state)
{
    (void)state;
    gf_water_catalogue c;
    gf_water_catalogue_make(1400, &c);
    assert_int_equal(c.count, 14 + 12 + 11 + 10 + 9);
    size_t found = 0;
    for (size_t i = 0; i < c.count; i++) {
        assert_true(i == 0 || c.pipes[i].inner_mm > c.pipes[i - 1].inner_mm + 1e-6);
        if (c.pipes[i].dn_mm == 110 && strcmp(c.pipes[i].sdr, "17") == 0) {
            near(c.pipes[i].inner_mm, 96.8);
            near(gf_water_pe_head_m(&c.pipes[i]), 101.97);
            assert_int_equal(c.pipes[i].fen_m, 2866);
            found++;
        }
        if (c.pipes[i].dn_mm == 20) {
            near(c.pipes[i].inner_mm, 15.4);
            near(c.pipes[i].pn_mpa, 1.6);
            found++;
        }
    }
    assert_int_equal(found, 2);
    assert_int_equal(gf_water_catalogue_price(&c, 63, GF_STR("26"), 999, NULL), GF_OK);
    assert_int_equal(gf_water_catalogue_price(&c, 20, GF_STR("26"), 999, NULL), GF_EINPUT);
}

/* DN63: width max(0.4, 0.363) = 0.4; depth 0.7 + 0.063 + 0.1 = 0.863; dug 0.3452; sand 0.04; pipe pi/4 x 0.063^2 = 0.003117. */
static void trench_of_a_metre_matches_hand_calculation(void **state)
{
    (void)state;
    gf_water_norms norms = gf_water_norms_default();
    gf_water_trench t = gf_water_trench_of(&norms, 63, false);
    near(t.dig_m3, 0.3452);
    near(t.sand_m3, 0.04);
    assert_true(fabs(t.fill_m3 - (0.3452 - 0.04 - 0.003117)) < 1e-6);
    near(gf_water_trench_of(&norms, 63, true).depth_m, 1.163);
}

static void money_is_rounded_once_and_never_overflows(void **state)
{
    (void)state;
    gf_fen out;
    assert_true(gf_water_cost(1500, 333, &out) && out == 500);         /* 499.5 */
    assert_true(gf_water_cost(-1500, 333, &out) && out == -500);
    assert_false(gf_water_cost(INT64_MAX, 2, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demand_of_a_village_matches_hand_calculation),
        cmocka_unit_test(timed_supply_and_hydrants_change_factor_and_tank),
        cmocka_unit_test(head_rises_with_storeys),
        cmocka_unit_test(every_norm_has_words_a_source_and_a_doubt),
        cmocka_unit_test(norms_out_of_reason_are_refused),
        cmocka_unit_test(catalogue_has_inner_diameters_classes_and_prices),
        cmocka_unit_test(trench_of_a_metre_matches_hand_calculation),
        cmocka_unit_test(money_is_rounded_once_and_never_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
