/* Heads and flows: laws by hand, water and heads that add up on networks made at random, pumps and valves, taps that lack
 * pressure and why, limits of memory. Hours, controls, rules, energy: test_water_hours.c. */
#define _POSIX_C_SOURCE 200809L
#include "water.h"

#include <pthread.h>

/* One pipe from R at 100 m to J, and what the test says. */
static const char *one_pipe(gf_arena *arena, double demand_lps, double roughness, double minor, const char *law)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_format(&text, "[JUNCTIONS]\nJ 0 %g\n[RESERVOIRS]\nR 100\n[PIPES]\nP R J 1000 200 %g %g\n[OPTIONS]\nUNITS LPS\nHEADLOSS %s\n[END]\n", demand_lps,
                   roughness, minor, law);
    return gf_text_str(&text).data;
}

static void assert_loss(gf_arena *arena, const char *text, double expected_m)
{
    solved s = solve_text(arena, text);
    assert_near(100 - head_of(s, "J"), expected_m, 3e-6 * expected_m);
}

/* ---- Laws: 1,000 m of 200 mm ---- */

/* 4.727 C^-1.852 d^-4.871 L q^1.852 in ft and cfs: C 130, d 0.656168, L 3280.84, q 10 / 28.317: 2.13637 ft. */
static void hazen_williams_matches_hand_calculation(void **state)
{
    assert_loss(*state, one_pipe(*state, 10, 130, 0, "H-W"), 0.6511646);
}

/* nu 1.1e-5 ft2/s, roughness 0.1 mm, 10 L/s: Re 62,295; f = 0.25 / log10(e / 3.7 d + 5.74 / Re^0.9)^2 = 0.0218312;
 * f L v^2 / (64.4 d) = 0.563434 m. */
static void darcy_weisbach_in_turbulent_flow_matches_hand_calculation(void **state)
{
    assert_loss(*state, one_pipe(*state, 10, 0.1, 0, "D-W"), 0.5634340);
}

/* 0.5 L/s: Re 3,114.8, between the laws: Dunlop's cubic gives f = 0.0347136 where 64 / Re were 0.0205; 2.23977 mm. */
static void darcy_weisbach_between_the_laws_matches_hand_calculation(void **state)
{
    assert_loss(*state, one_pipe(*state, 0.5, 0.1, 0, "D-W"), 0.00223977229);
}

/* 0.2 L/s: Re 1,245.9, f = 64 / Re = 0.0513683: 0.530297 mm, whatever the roughness. */
static void darcy_weisbach_in_laminar_flow_matches_hand_calculation(void **state)
{
    assert_loss(*state, one_pipe(*state, 0.2, 0.1, 0, "D-W"), 0.000530297);
    assert_loss(*state, one_pipe(*state, 0.2, 1, 0, "D-W"), 0.000530297);
}

/* v = 1.49 / n R^(2/3) S^(1/2) solved for S, R = d / 4, with R^1.333 as EPANET has it: n 0.012, 10 L/s. */
static void chezy_manning_matches_hand_calculation(void **state)
{
    assert_loss(*state, one_pipe(*state, 10, 0.012, 0, "C-M"), 0.7872641);
}

/* K v^2 / 2g with K 10, v 0.3183 m/s: 0.0516 m more than friction alone (0.02517 K q^2 / d^4 in ft and cfs). */
static void minor_losses_add_to_friction(void **state)
{
    assert_loss(*state, one_pipe(*state, 10, 130, 10, "H-W"), 0.6511646 + 0.05161115);
}

/* Same loss, same length, same C: q ~ d^(4.871 / 1.852), so 200 and 100 mm share as 2^2.63013 : 1. */
static void parallel_pipes_share_by_their_diameters(void **state)
{
    solved s = solve_text(*state, "[JUNCTIONS]\nJ 0 20\n[RESERVOIRS]\nR 100\n[PIPES]\nA R J 500 200 120\nB J R 500 100 120\n[OPTIONS]\nUNITS LPS\n[END]\n");
    double ratio = pow(2, 4.871 / 1.852);
    assert_near(flow_of(s, "A"), 20 * LPS * ratio / (ratio + 1), 1e-9);
    assert_near(flow_of(s, "B"), -20 * LPS / (ratio + 1), 1e-9);
    assert_near(demand_of(s, "R"), -20 * LPS, 1e-12);
}

/* ---- Networks at random ---- */

static const recipe RECIPES[] = {
    { 40, 0, 0.5, false, "H-W", 90, 150, 0.2 },      /* a bush */
    { 60, 0, 0.95, false, "D-W", 0.0015, 0.5, 0.2 }, /* long rows of pipes */
    { 30, 25, 0.3, false, "H-W", 90, 150, 0.2 },     /* meshed */
    { 50, 12, 0.7, true, "D-W", 0.0015, 0.5, 0.2 },  /* mixed, two sources */
    { 25, 20, 0.5, true, "C-M", 0.009, 0.015, 0.2 },
    { 3, 4, 1, false, "H-W", 90, 150, 0.2 },         /* parallel pipes */
    { 120, 40, 0.8, true, "H-W", 90, 150, 0.2 },
};
enum { ROUNDS = 8 };

static void heads_and_water_add_up_on_any_network(void **state)
{
    uint64_t seed = 5;
    for (size_t i = 0; i < GF_COUNT(RECIPES) * ROUNDS; i++) {
        gf_water_net *net = random_net(*state, &RECIPES[i % GF_COUNT(RECIPES)], &seed);
        gf_water_solver *solver = make_solver(*state, net, (gf_water_solve_options){ .accuracy = 1e-9, .iterations_max = 500 });
        settle(solver);
        assert_lawful(net, solver, 1e-6);
    }
}

/* Where all pipes carry water both agree to the last digits. Behind idle taps a system that keeps them is left with the rounding
 * of what resists nothing: a millionth of all water may be missing there, which is some 0.1 mm of head. */
static void folding_changes_no_head(void **state)
{
    uint64_t seed = 77;
    for (size_t i = 0; i < GF_COUNT(RECIPES) * ROUNDS; i++) {
        recipe r = RECIPES[i % GF_COUNT(RECIPES)];
        if (i % 2 == 0) r.idle = 0;
        gf_water_net *net = random_net(*state, &r, &seed);
        gf_water_solver *folded = make_solver(*state, net, (gf_water_solve_options){ .accuracy = 1e-10, .iterations_max = 500 });
        gf_water_solver *plain = make_solver(*state, net, (gf_water_solve_options){ .accuracy = 1e-10, .iterations_max = 500, .unfolded = true });
        settle(folded);
        settle(plain);
        for (uint32_t k = 0; k < net->node_count; k++)
            assert_near(gf_water_state_of(folded).head_m[k], gf_water_state_of(plain).head_m[k], r.idle > 0 ? 2e-4 : 1e-6);
        for (uint32_t k = 0; k < net->link_count; k++)
            assert_near(gf_water_state_of(folded).flow_m3s[k], gf_water_state_of(plain).flow_m3s[k], 1e-7);
    }
}

/* 9,000 junctions are factored in dense blocks, 400 column by column: the laws hold on both, and no head differs where one
 * town is solved after each pipe of it was changed and changed back. */
static void towns_on_grids_keep_the_laws(void **state)
{
    static const uint32_t COUNTS[] = { 4, 5, 30, 400, 2500, 9000 };
    for (size_t i = 0; i < GF_COUNT(COUNTS); i++) {
        gf_water_net net;
        assert_int_equal(gf_water_demo_grid(COUNTS[i], i, *state, &net, NULL), GF_OK);
        gf_water_solver *solver = make_solver(*state, &net, (gf_water_solve_options){ .accuracy = 1e-9, .iterations_max = 500 });
        settle(solver);
        assert_lawful(&net, solver, 1e-5);
        double before = gf_water_state_of(solver).head_m[COUNTS[i] - 1];
        for (uint32_t k = 0; k < net.link_count; k++) gf_water_set_diameter(solver, k, 1.2 * net.links[k].diameter_m);
        settle(solver);
        assert_true(gf_water_state_of(solver).head_m[COUNTS[i] - 1] > before);
        for (uint32_t k = 0; k < net.link_count; k++) gf_water_set_diameter(solver, k, net.links[k].diameter_m);
        settle(solver);
        assert_near(gf_water_state_of(solver).head_m[COUNTS[i] - 1], before, 1e-6);
    }
}

/* What is changed in a solver is what a file with the changed number gives. */
static void changes_in_a_solver_equal_a_changed_file(void **state)
{
    uint64_t seed = 12;
    for (int turn = 0; turn < 20; turn++) {
        gf_water_net *net = random_net(*state, &RECIPES[turn % (int)GF_COUNT(RECIPES)], &seed);
        uint8_t *may_vanish = gf_new(*state, uint8_t, net->link_count);
        uint32_t away = 1 + pick(&seed, net->link_count - 1), wider = pick(&seed, net->link_count), node = pick(&seed, net->node_count - 2);
        may_vanish[away] = 1;
        gf_water_solve_options tight = { .accuracy = 1e-10, .iterations_max = 500, .may_vanish = may_vanish };
        gf_water_solver *solver = make_solver(*state, net, tight);
        settle(solver);
        gf_water_set_diameter(solver, away, 0);
        gf_water_set_diameter(solver, wider, wider == away ? 0 : 0.35);
        gf_water_set_demand(solver, node, 0.002);
        net->links[away].status = GF_WATER_CLOSED;
        if (wider != away) net->links[wider].diameter_m = 0.35;
        gf_water_net changed = *net;
        changed.demands = gf_new(*state, gf_water_demand, net->demand_count + 1);
        memcpy(changed.demands, net->demands, net->demand_count * sizeof *net->demands);
        changed.demands[net->demand_count] = (gf_water_demand){ .base_m3s = 0.002, .pattern = GF_WATER_NONE };
        changed.nodes[node].demand_first = changed.demand_count++;
        changed.nodes[node].demand_count = 1;
        gf_water_solver *fresh = make_solver(*state, &changed, (gf_water_solve_options){ .accuracy = 1e-10, .iterations_max = 500 });
        gf_status status = gf_water_solve(solver, NULL, NULL), again = gf_water_solve(fresh, NULL, NULL);
        if (RECIPES[turn % (int)GF_COUNT(RECIPES)].more == 0) continue;     /* a bush falls apart: no head is defined beyond */
        assert_int_equal(status, again);
        for (uint32_t k = 0; status == GF_OK && k < net->link_count; k++)
            assert_near(gf_water_state_of(solver).flow_m3s[k], gf_water_state_of(fresh).flow_m3s[k], 1e-6);
    }
}

/* ---- Outflows that hang on pressure ---- */

/* C sqrt(p) = 10 L/s where the pipe of the first test leaves p = 100 - 0.6511646 m: C = 1.003270 L/s per m^0.5. */
static void an_emitter_gives_by_its_pressure(void **state)
{
    gf_text text;
    gf_text_init(&text, *state);
    gf_text_format(&text, "[JUNCTIONS]\nJ 0 0\n[RESERVOIRS]\nR 100\n[PIPES]\nP R J 1000 200 130\n[EMITTERS]\nJ %.9f\n[OPTIONS]\nUNITS LPS\n[END]\n",
                   10 / sqrt(100 - 0.6511646));
    solved s = solve_text(*state, gf_text_str(&text).data);
    assert_near(demand_of(s, "J"), 10 * LPS, 1e-8);
    assert_near(flow_of(s, "P"), 10 * LPS, 1e-8);
    assert_near(head_of(s, "J"), 100 - 0.6511646, 1e-5);
}

/* 20 L/s are asked for, pressures 5 to 25 m: q = 20 ((p - 5) / 20)^0.5. At 10 L/s the pipe loses 0.6511646 m, so an elevation of
 * 89.3488354 m leaves p = 10 m, and the law gives 20 * 0.5 = 10 L/s. */
static const char *driven(gf_arena *arena, double elevation_m)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_format(&text, "[JUNCTIONS]\nJ %.7f 20\n[RESERVOIRS]\nR 100\n[PIPES]\nP R J 1000 200 130\n[OPTIONS]\nUNITS LPS\nDEMAND MODEL PDA\n"
                   "MINIMUM PRESSURE 5\nREQUIRED PRESSURE 25\nPRESSURE EXPONENT 0.5\n[END]\n", elevation_m);
    return gf_text_str(&text).data;
}

static void demand_follows_pressure_between_its_limits(void **state)
{
    assert_near(demand_of(solve_text(*state, driven(*state, 89.3488354)), "J"), 10 * LPS, 1e-7);
    assert_near(demand_of(solve_text(*state, driven(*state, 60)), "J"), 20 * LPS, 1e-7);       /* over 25 m: all of it */
    assert_near(demand_of(solve_text(*state, driven(*state, 97)), "J"), 0, 1e-7);              /* 3 m: nothing */
}

/* ---- What is shut ---- */

#define FORK "[JUNCTIONS]\nA 0 5\nB 0 5\n[RESERVOIRS]\nR 100\nS 90\n[PIPES]\nP1 R A 500 200 130\nP2 R B 500 200 130\n" \
             "P3 A B 500 200 130 0 %s\nP4 B S 500 100 130 0 %s\n[OPTIONS]\nUNITS LPS\n[END]\n"
static solved fork_with(gf_arena *arena, const char *across, const char *down)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_format(&text, FORK, across, down);
    return solve_text(arena, gf_text_str(&text).data);
}

static void a_closed_pipe_carries_nothing(void **state)
{
    solved s = fork_with(*state, "Closed", "Closed");
    assert_true(closed_of(s, "P3") && flow_of(s, "P3") == 0 && flow_of(s, "P4") == 0);
    assert_near(flow_of(s, "P1"), 5 * LPS, 1e-9);
    assert_near(head_of(s, "A"), head_of(s, "B"), 1e-6);
}

static void a_check_valve_lets_water_run_one_way(void **state)
{
    solved down = fork_with(*state, "Open", "CV");      /* 100 m to 90 m: with the valve */
    assert_true(!closed_of(down, "P4") && flow_of(down, "P4") > 0);
    solved up = solve_text(*state, "[JUNCTIONS]\nA 0 5\n[RESERVOIRS]\nR 100\nS 90\n[PIPES]\nP R A 500 200 130\nV A S 500 200 130 0 CV\n[OPTIONS]\nUNITS LPS\n[END]\n");
    assert_true(flow_of(up, "V") > 0);
    solved against = solve_text(*state, "[JUNCTIONS]\nA 0 5\n[RESERVOIRS]\nR 100\nS 90\n[PIPES]\nP R A 500 200 130\nV S A 500 200 130 0 CV\n[OPTIONS]\nUNITS LPS\n[END]\n");
    assert_true(closed_of(against, "V") && flow_of(against, "V") == 0);
    assert_near(flow_of(against, "P"), 5 * LPS, 1e-9);
}

/* ---- Pumps: R at 0 m lifts to J, which asks for a flow; the head of J is the lift ---- */

static solved pumped(gf_arena *arena, const char *unit, double demand, const char *pump, const char *curve)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_format(&text, "[JUNCTIONS]\nJ 0 %g\n[RESERVOIRS]\nR 0\n[PUMPS]\nU R J %s\n[CURVES]\n%s\n[OPTIONS]\nUNITS %s\n[END]\n", demand, pump, curve, unit);
    return solve_text(arena, gf_text_str(&text).data);
}

/* One point (q0, h0): h = 4/3 h0 - h0 / 3 (q / q0)^2. At q0 / 2: 4/3 * 30 - 10 / 4 = 37.5. */
static void a_pump_of_one_point_follows_its_parabola(void **state)
{
    assert_near(head_of(pumped(*state, "LPS", 5, "HEAD C", "C 10 30"), "J"), 37.5, 1e-6);
    assert_near(head_of(pumped(*state, "GPM", 50, "HEAD C", "C 100 30"), "J"), 37.5 * FOOT, 1e-6);
}

/* (0, 50), (10, 40), (20, 10): c = log(40 / 10) / log 2 = 2, b = 10 / 10^2: h = 50 - q^2 / 10; 15 L/s: 27.5 m. */
static void a_pump_of_three_points_follows_its_law(void **state)
{
    assert_near(head_of(pumped(*state, "LPS", 15, "HEAD C", "C 0 50\nC 10 40\nC 20 10"), "J"), 27.5, 1e-6);
}

/* Between (10, 40) and (18, 24) at 14: half way, 32 m. */
static void a_pump_of_many_points_follows_straight_lines(void **state)
{
    const char *curve = "C 2 50\nC 10 40\nC 18 24\nC 20 10";
    assert_near(head_of(pumped(*state, "LPS", 14, "HEAD C", curve), "J"), 32, 1e-6);
    assert_near(head_of(pumped(*state, "GPM", 14, "HEAD C", curve), "J"), 32 * FOOT, 1e-6);
}

/* Affinity: at speed n, h = n^2 f(q / n). One point (10, 30), n 0.8, 4 L/s: 0.64 (40 - 10 (5 / 10)^2) = 24 m. */
static void speed_moves_the_curve_by_affinity(void **state)
{
    assert_near(head_of(pumped(*state, "LPS", 4, "HEAD C SPEED 0.8", "C 10 30"), "J"), 24, 1e-6);
}

/* h = P / (rho g q). In EPANET's numbers h[ft] = 8.814 P[hp] / q[cfs] with 0.7457 kW a horsepower: 5 kW at 10 L/s are
 * 8.814 * 6.70511 / 0.353145 ft = 51.01 m (5000 / (1000 * 9.81 * 0.01) = 50.97). EPANET 2.3.05 says 68.4 here: it converts twice. */
static void constant_power_lifts_by_power_over_flow(void **state)
{
    assert_near(head_of(pumped(*state, "LPS", 10, "POWER 5", ""), "J"), 8.814 * (5 / 0.7457) / (10 / 28.317) * FOOT, 1e-5);
    assert_near(head_of(pumped(*state, "LPS", 10, "POWER 5", ""), "J"), 5000 / (1000 * 9.81 * 0.01), 0.05);
    assert_near(head_of(pumped(*state, "CFS", 1, "POWER 10", ""), "J"), 88.14 * FOOT, 1e-6);
}

/* 50 m of lift are not enough for a tap at a source of 60 m: the pump gives up, the other source feeds. */
static void a_pump_that_cannot_lift_stands_still(void **state)
{
    solved s = solve_text(*state, "[JUNCTIONS]\nJ 0 5\n[RESERVOIRS]\nR 0\nS 60\n[PUMPS]\nU R J HEAD C\n[PIPES]\nP S J 100 300 130\n"
                                  "[CURVES]\nC 0 50\nC 10 40\nC 20 10\n[OPTIONS]\nUNITS LPS\n[END]\n");
    assert_true(closed_of(s, "U") && flow_of(s, "U") == 0);
    assert_near(flow_of(s, "P"), 5 * LPS, 1e-9);
}

/* ---- Valves between A and B: R at 100 m feeds A through the 0.6511646 m of the first test, B at 10 m asks for 10 L/s ---- */

static solved valve(gf_arena *arena, const char *line, const char *more)
{
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_format(&text, "[JUNCTIONS]\nA 0 0\nB 10 10\n[RESERVOIRS]\nR 100\n[PIPES]\nP R A 1000 200 130\n[VALVES]\n%s\n%s\n[OPTIONS]\nUNITS LPS\n[END]\n", line, more);
    return solve_text(arena, gf_text_str(&text).data);
}
#define BEFORE_M (100 - 0.6511646)      /* head of A */

static void a_reducing_valve_holds_the_pressure_behind_it(void **state)
{
    solved s = valve(*state, "V A B 200 PRV 30", "");
    assert_near(head_of(s, "B"), 10 + 30, 1e-4);
    assert_near(head_of(s, "A"), BEFORE_M, 1e-5);
    assert_near(flow_of(s, "V"), 10 * LPS, 1e-9);
}

/* 95 m over B's 10 would be 105 m, more than there is: open, and no loss but its own. */
static void a_reducing_valve_without_pressure_stands_open(void **state)
{
    assert_near(head_of(valve(*state, "V A B 200 PRV 95", ""), "B"), BEFORE_M, 1e-4);
}

/* S at 80 m stands behind a valve set to 30 m over B: water would come back, and it shuts. */
static void a_reducing_valve_lets_no_water_back(void **state)
{
    solved s = valve(*state, "V A B 200 PRV 30", "[RESERVOIRS]\nS 80\n[PIPES]\nQ S B 100 200 130");
    assert_true(closed_of(s, "V") && flow_of(s, "V") == 0);
    assert_near(flow_of(s, "Q"), 10 * LPS, 1e-9);
}

/* A pipe of 100 mm lets more through to S at 20 m than leaves A 60 m: the valve throttles until A has just that. */
static void a_sustaining_valve_holds_the_pressure_before_it(void **state)
{
    solved s = valve(*state, "V A B 200 PSV 60", "[RESERVOIRS]\nS 20\n[PIPES]\nQ B S 10 200 130");
    assert_near(head_of(s, "A"), 60, 1e-4);
    assert_near(pipe_loss(s.net, link_at(s.net, "P"), 0.2, flow_of(s, "V")), 40, 1e-3);
    assert_true(flow_of(s, "V") > 10 * LPS);
}

static void a_breaker_valve_takes_its_setting(void **state)
{
    assert_near(head_of(valve(*state, "V A B 200 PBV 25", ""), "B"), BEFORE_M - 25, 1e-4);
}

/* S at 20 m draws what the valve lets through: 15 L/s, of which 10 stay at B. */
static void a_flow_valve_passes_its_flow(void **state)
{
    solved s = valve(*state, "V A B 200 FCV 15", "[RESERVOIRS]\nS 20\n[PIPES]\nQ B S 10 200 130");
    assert_near(flow_of(s, "V"), 15 * LPS, 1e-7);      /* an active valve seeps as EPANET's does: 70 m make 6e-8 m3/s */
    assert_near(flow_of(s, "Q"), 5 * LPS, 1e-7);
    /* 90 L/s are wanted, and B takes 10: open, no loss */
    assert_near(head_of(valve(*state, "V A B 200 FCV 90", ""), "B"), BEFORE_M, 1e-4);
}

/* K 50 in 100 mm at 10 L/s: v = 1.27324 m/s, 50 v^2 / 2g = 4.129 m (0.02517 K q^2 / d^4 in ft and cfs: 4.12889). */
static void a_throttle_valve_loses_by_its_coefficient(void **state)
{
    assert_near(BEFORE_M - head_of(valve(*state, "V A B 100 TCV 50", ""), "B"), 0.02517 * 50 * pow(10 / 28.317, 2) / pow(0.1 / FOOT, 4) * FOOT, 1e-5);
}

/* Losses 2 m at 5 L/s, 12 m at 15: half way between, 7 m at 10. */
static void a_general_valve_loses_by_its_curve(void **state)
{
    assert_near(BEFORE_M - head_of(valve(*state, "V A B 200 GPV G", "[CURVES]\nG 0 0\nG 5 2\nG 15 12"), "B"), 7, 1e-5);
}

static void a_valve_told_to_be_closed_or_open_is_so(void **state)
{
    solved open = valve(*state, "V A B 200 PRV 30", "[STATUS]\nV Open");
    assert_near(head_of(open, "B"), BEFORE_M, 1e-4);
    assert_true(isnan(gf_water_state_of(open.solver).setting[link_at(open.net, "V")]));
    solved shut = valve(*state, "V A B 200 PRV 30", "[STATUS]\nV Closed\n[RESERVOIRS]\nS 80\n[PIPES]\nQ S B 100 200 130");
    assert_true(closed_of(shut, "V"));
}

/* ---- Why a tap runs dry ---- */

/* 500 m of 80 mm lose what the tap at 80 m lacks; the 300 mm before it lose nothing to speak of. */
#define THIRSTY "[JUNCTIONS]\nA 0 0\nB 80 8\n[RESERVOIRS]\nR 100\n[PIPES]\nWIDE R A 500 300 130\nNARROW A B 500 80 130\n[OPTIONS]\nUNITS LPS\n[END]\n"

static void a_shortage_names_the_stretch_and_a_pipe_that_mends_it(void **state)
{
    solved s = solve_text(*state, THIRSTY);
    gf_water_shortage why;
    uint32_t node = node_at(s.net, "B"), narrow = link_at(s.net, "NARROW");
    double before = head_of(s, "B");
    assert_int_equal(gf_water_explain(s.solver, node, 10, *state, &why, NULL), GF_OK);
    assert_true(head_of(s, "B") == before);     /* to the last bit */
    assert_near(why.short_m, 90 - before, 1e-9);
    assert_true(why.short_m > 0 && !why.cut_off && why.link_count == 2);
    assert_int_equal(why.links[0], narrow);
    assert_near(why.loss_m[0], pipe_loss(s.net, narrow, 0.08, 8 * LPS), 1e-6);
    assert_near(why.static_m, 20, 1e-9);
    assert_true(why.remedy_helps && why.remedy_link == narrow);
    gf_water_set_diameter(s.solver, narrow, why.remedy_diameter_m);
    settle(s.solver);
    assert_true(head_of(s, "B") - 80 >= 10);
    gf_water_set_diameter(s.solver, narrow, why.remedy_diameter_m - 0.002);      /* and a little less does not do */
    settle(s.solver);
    assert_true(head_of(s, "B") - 80 < 10);
}

static void a_source_too_low_is_told_and_no_pipe(void **state)
{
    solved s = solve_text(*state, THIRSTY);
    gf_water_shortage why;
    assert_int_equal(gf_water_explain(s.solver, node_at(s.net, "B"), 25, *state, &why, NULL), GF_OK);
    assert_true(why.static_m < 25 && !why.remedy_helps && !why.cut_off);
}

static void a_tap_behind_a_closed_pipe_is_cut_off(void **state)
{
    gf_water_net *net = read_net(*state, "[JUNCTIONS]\nA 0 1\nB 0 1\n[RESERVOIRS]\nR 100\n[PIPES]\nP R A 500 300 130\nQ A B 500 80 130 0 Closed\n"
                                         "[OPTIONS]\nUNITS LPS\n[END]\n");
    solved s = { net, make_solver(*state, net, (gf_water_solve_options){ 0 }) };
    gf_water_shortage why;
    (void)gf_water_solve(s.solver, NULL, NULL);
    assert_int_equal(gf_water_explain(s.solver, node_at(net, "B"), 10, *state, &why, NULL), GF_OK);
    assert_true(why.cut_off && !why.remedy_helps);
    assert_int_equal(gf_water_explain(s.solver, node_at(net, "A"), 10, *state, &why, NULL), GF_OK);
    assert_false(why.cut_off);
}

/* ---- What is refused ---- */

static void a_pump_without_a_law_is_named(void **state)
{
    gf_water_net *net = read_net(*state, "[JUNCTIONS]\nJ 0 1\n[RESERVOIRS]\nR 0\n[PUMPS]\nLIFT R J HEAD C\n[CURVES]\nC 0 10\nC 5 8\nC 9 3\n[END]\n");
    gf_water_solver *solver = NULL;
    net->links[0].curve = GF_WATER_NONE;
    gf_error err = { 0 };
    assert_int_equal(gf_water_solver_make(net, &(gf_water_solve_options){ 0 }, *state, &solver, &err), GF_EINPUT);
    assert_non_null(strstr(err.what, "LIFT"));
    assert_null(solver);
}

/* ---- The same twice; beside each other; without memory ---- */

static uint64_t print_of(const gf_water_net *net, const gf_water_solver *solver)
{
    gf_water_state state = gf_water_state_of(solver);
    uint64_t a = gf_str_hash((gf_str){ (const char *)state.head_m, net->node_count * sizeof(double) });
    return a * 31 + gf_str_hash((gf_str){ (const char *)state.flow_m3s, net->link_count * sizeof(double) });
}

typedef struct walk { const gf_water_net *net; gf_arena *arena; uint64_t print; } walk;

/* A hundred changes, each solved. */
static void *walk_through(void *context)
{
    walk *w = context;
    uint64_t seed = 3;
    gf_water_solver *solver = NULL;
    if (gf_water_solver_make(w->net, &(gf_water_solve_options){ .accuracy = 1e-5 }, w->arena, &solver, NULL) != GF_OK) return NULL;
    for (int turn = 0; turn < 100; turn++) {
        gf_water_set_diameter(solver, pick(&seed, w->net->link_count), 0.08 + 0.2 * chance(&seed));
        (void)gf_water_solve(solver, NULL, NULL);
        w->print = w->print * 31 + print_of(w->net, solver);
    }
    return NULL;
}

static void threads_on_one_network_give_the_same_bytes(void **state)
{
    uint64_t seed = 9;
    walk walks[4] = { 0 };
    pthread_t threads[2];
    gf_water_net *net = random_net(*state, &RECIPES[6], &seed);
    for (size_t i = 0; i < 4; i++) walks[i] = (walk){ .net = net, .arena = gf_arena_open(16 * GF_MIB) };
    for (size_t i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, walk_through, &walks[i]), 0);
    walk_through(&walks[2]);
    walk_through(&walks[3]);
    for (size_t i = 0; i < 2; i++) (void)pthread_join(threads[i], NULL);
    for (size_t i = 0; i < 4; i++) gf_arena_close(walks[i].arena);
    assert_true(walks[0].print != 0);
    for (size_t i = 1; i < 4; i++) assert_true(walks[i].print == walks[0].print);
}

/* The arena ends at every 16 bytes in turn: either GF_ENOMEM and nothing written, or a solver that works. */
static void a_solver_without_memory_is_refused(void **state)
{
    gf_water_net *net = read_net(*state, THIRSTY);
    bool made = false;
    uint32_t refused = 0;
    for (size_t bytes = 16; !made && bytes < GF_MIB; bytes += 16) {
        gf_arena *small = gf_arena_open(bytes);
        gf_water_solver *solver = NULL;
        gf_error err = { 0 };
        gf_status status = gf_water_solver_make(net, &(gf_water_solve_options){ 0 }, small, &solver, &err);
        made = status == GF_OK;
        if (made) settle(solver);
        else {
            assert_true(status == GF_ENOMEM && solver == NULL);
            refused++;
        }
        gf_arena_close(small);
    }
    assert_true(made && refused > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hazen_williams_matches_hand_calculation),
        TEST(darcy_weisbach_in_turbulent_flow_matches_hand_calculation),
        TEST(darcy_weisbach_between_the_laws_matches_hand_calculation),
        TEST(darcy_weisbach_in_laminar_flow_matches_hand_calculation),
        TEST(chezy_manning_matches_hand_calculation),
        TEST(minor_losses_add_to_friction),
        TEST(parallel_pipes_share_by_their_diameters),
        TEST(heads_and_water_add_up_on_any_network),
        TEST(folding_changes_no_head),
        TEST(towns_on_grids_keep_the_laws),
        TEST(changes_in_a_solver_equal_a_changed_file),
        TEST(an_emitter_gives_by_its_pressure),
        TEST(demand_follows_pressure_between_its_limits),
        TEST(a_closed_pipe_carries_nothing),
        TEST(a_check_valve_lets_water_run_one_way),
        TEST(a_pump_of_one_point_follows_its_parabola),
        TEST(a_pump_of_three_points_follows_its_law),
        TEST(a_pump_of_many_points_follows_straight_lines),
        TEST(speed_moves_the_curve_by_affinity),
        TEST(constant_power_lifts_by_power_over_flow),
        TEST(a_pump_that_cannot_lift_stands_still),
        TEST(a_reducing_valve_holds_the_pressure_behind_it),
        TEST(a_reducing_valve_without_pressure_stands_open),
        TEST(a_reducing_valve_lets_no_water_back),
        TEST(a_sustaining_valve_holds_the_pressure_before_it),
        TEST(a_breaker_valve_takes_its_setting),
        TEST(a_flow_valve_passes_its_flow),
        TEST(a_throttle_valve_loses_by_its_coefficient),
        TEST(a_general_valve_loses_by_its_curve),
        TEST(a_valve_told_to_be_closed_or_open_is_so),
        TEST(a_shortage_names_the_stretch_and_a_pipe_that_mends_it),
        TEST(a_source_too_low_is_told_and_no_pipe),
        TEST(a_tap_behind_a_closed_pipe_is_cut_off),
        TEST(a_pump_without_a_law_is_named),
        TEST(threads_on_one_network_give_the_same_bytes),
        TEST(a_solver_without_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
