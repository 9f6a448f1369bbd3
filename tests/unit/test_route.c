/* Trenches on grids small enough to be walked by hand. */
#include "terrain/gf_terrain_route.h"
#include "unit/check.h"

#include <math.h>

static void near(double got, double want) { assert_true(fabs(got - want) < 1e-6); }

static gf_terrain_tree route(gf_arena *arena, const gf_terrain_mesh *mesh, uint32_t root, const uint32_t *places, size_t count)
{
    gf_terrain_tree tree;
    size_t failed;
    assert_int_equal(gf_terrain_route(mesh, root, places, count, arena, &tree, &failed, NULL), GF_OK);
    return tree;
}

/* Flat, 10 m cells, from corner to corner of 3 x 4: two diagonals and one straight step = 10 (2 sqrt 2 + 1). */
static void flat_way_is_diagonal_then_straight(void **state)
{
    const double height[12] = { 0 };
    const gf_terrain_mesh mesh = { .rows = 3, .columns = 4, .cell_m = 10, .height_m = height };
    const uint32_t place = 11;
    gf_terrain_tree tree = route(*state, &mesh, 0, &place, 1);
    near(tree.cost, 10 * (2 * sqrt(2) + 1));
    assert_int_equal(tree.count, 4);
    assert_int_equal(tree.order[0], 0);
    assert_int_equal(tree.parent[0], GF_TERRAIN_ROUTE_NONE);
}

/* One step of 10 m that rises 10 m: length sqrt 200, slope 1, penalty 2: cost 3 sqrt 200. */
static void slope_is_paid_by_true_length_and_penalty(void **state)
{
    const double height[2] = { 0, 10 };
    const gf_terrain_mesh mesh = { .rows = 1, .columns = 2, .cell_m = 10, .height_m = height, .slope_penalty = 2 };
    const uint32_t place = 1;
    near(route(*state, &mesh, 0, &place, 1).cost, 3 * sqrt(200));
}

/* A wall of forbidden cells with one gap at the foot: 5 rows x 3 columns, from the upper left to the upper right cell:
 * down three and one diagonal, up one diagonal and three: 10 (6 + 2 sqrt 2). */
static void forbidden_ground_is_gone_round(void **state)
{
    const double height[15] = { 0 };
    float factor[15];
    for (int i = 0; i < 15; i++)
        factor[i] = i % 3 == 1 && i < 12 ? 0 : 1;
    const gf_terrain_mesh mesh = { .rows = 5, .columns = 3, .cell_m = 10, .height_m = height, .factor = factor };
    const uint32_t place = 2;
    near(route(*state, &mesh, 0, &place, 1).cost, 10 * (6 + 2 * sqrt(2)));
}

static void what_lies_behind_forbidden_ground_is_named(void **state)
{
    const double height[9] = { 0, NAN, 0, 0, NAN, 0, 0, NAN, 0 };
    const gf_terrain_mesh mesh = { .rows = 3, .columns = 3, .cell_m = 10, .height_m = height };
    const uint32_t places[] = { 3, 5 }, bad[] = { 3, 4 };
    gf_terrain_tree tree;
    size_t failed = 99;
    assert_int_equal(gf_terrain_route(&mesh, 0, places, 2, *state, &tree, &failed, NULL), GF_EUNSOLVED);
    assert_int_equal(failed, 1);
    assert_int_equal(gf_terrain_route(&mesh, 0, bad, 2, *state, &tree, &failed, NULL), GF_EINPUT);
    assert_int_equal(failed, 1);
}

/* Flat 5 x 9 (10 m): both upper corners and the middle of the foot, which lies four diagonal steps from each: 2 x 4 x 10 sqrt 2. */
static void three_places_are_joined_by_two_diagonals(void **state)
{
    double height[45] = { 0 };
    const gf_terrain_mesh mesh = { .rows = 5, .columns = 9, .cell_m = 10, .height_m = height };
    const uint32_t places[] = { 8, 40 };
    near(route(*state, &mesh, 0, places, 2).cost, 80 * sqrt(2));
}

/* Random places: parents come before children, every place is joined, the cost is the sum of the steps, improving never costs. */
static void trees_are_trees(void **state)
{
    enum { SIDE = 30 };
    uint64_t x = 7;
    int improved = 0;
    for (int turn = 0; turn < 20; turn++) {
        double height[SIDE * SIDE];
        uint32_t places[12];
        for (size_t i = 0; i < SIDE * SIDE; i++)
            height[i] = 30 * sin((double)(i % SIDE) / 3) + (double)(i / SIDE) * turn;
        for (size_t i = 0; i < 12; i++)
            places[i] = (uint32_t)((x = x * UINT64_C(6364136223846793005) + 1442695040888963407) >> 33) % (SIDE * SIDE);
        const gf_terrain_mesh mesh = { .rows = SIDE, .columns = SIDE, .cell_m = 10, .height_m = height, .slope_penalty = 1 };
        gf_terrain_tree tree = route(*state, &mesh, 0, places, 12);
        double cost = 0;
        uint8_t met[SIDE * SIDE] = { 0 };
        for (size_t i = 0; i < tree.count; i++) {
            assert_false(met[tree.order[i]]);
            met[tree.order[i]] = 1;
            if (i) {
                assert_true(met[tree.parent[tree.order[i]]]);
                cost += gf_terrain_step_cost(&mesh, tree.order[i], (uint32_t)tree.parent[tree.order[i]]);
            }
        }
        for (size_t i = 0; i < 12; i++)
            assert_true(met[places[i]]);
        near(cost, tree.cost);
        assert_true(tree.cost <= tree.cost_grown + 1e-6);
        improved += tree.cost < tree.cost_grown - 1;
    }
    assert_true(improved > 0);      /* the exchanges do something */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(flat_way_is_diagonal_then_straight), TEST(slope_is_paid_by_true_length_and_penalty), TEST(forbidden_ground_is_gone_round),
        TEST(what_lies_behind_forbidden_ground_is_named), TEST(three_places_are_joined_by_two_diagonals), TEST(trees_are_trees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
