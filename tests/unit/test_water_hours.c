/* Hours: tanks, controls, rules, what pumps use, moments that do not settle. Every time and level is reckoned in the comment. */
#include "water.h"

enum { MOMENTS_MAX = 400 };
typedef struct diary { const gf_water_net *net; uint32_t node, link; size_t count; int64_t time_s[MOMENTS_MAX]; double head_m[MOMENTS_MAX], flow_m3s[MOMENTS_MAX]; } diary;

static bool note(void *context, int64_t time_s, const gf_water_solver *solver)
{
    diary *l = context;
    gf_water_state state = gf_water_state_of(solver);
    if (l->count == MOMENTS_MAX) return false;
    l->time_s[l->count] = time_s;
    l->head_m[l->count] = state.head_m[l->node];
    l->flow_m3s[l->count++] = state.flow_m3s[l->link];
    return true;
}

static gf_status run_text(gf_arena *arena, const char *text, const char *node, const char *link, int64_t report_step_s, diary *out, gf_water_run_result *result)
{
    gf_error err = { 0 };
    *out = (diary){ .net = read_net(arena, text) };
    out->node = node_at(out->net, node);
    out->link = link_at(out->net, link);
    gf_water_solver *solver = make_solver(arena, out->net, (gf_water_solve_options){ .accuracy = 1e-8, .iterations_max = 200 });
    return gf_water_run(solver, &(gf_water_run_options){ .duration_s = -1, .report_step_s = report_step_s, .report = note, .context = out }, arena, result, &err);
}

static size_t moment_of(const diary *l, int64_t time_s)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->time_s[i] == time_s) return i;
    fail_msg("nothing was told of %lld s", (long long)time_s);
    return 0;
}

static double level_at(const diary *l, int64_t time_s) { return l->head_m[moment_of(l, time_s)]; }     /* tanks stand at elevation 0 */
static double flow_at(const diary *l, int64_t time_s) { return l->flow_m3s[moment_of(l, time_s)]; }

/* T is 10 m wide: 78.5398 m2. The valve lets 20 L/s in, 10 stay at J: 10 L/s fill 36 m3 an hour, 0.458366 m. From 3 to 6 m:
 * 235.619 m3, 23,562 s. */
#define FILLING "[JUNCTIONS]\nA 0 0\nJ 0 10\n[RESERVOIRS]\nR 100\n[TANKS]\nT 0 3 1 6 10 0\n[PIPES]\nP R A 10 300 130\nQ J T 10 300 130\n" \
                "[VALVES]\nV A J 300 FCV 20\n[OPTIONS]\nUNITS LPS\n[TIMES]\nDURATION 10:00\n"
#define AREA_M2 (CIRCLE * 25)
#define RISE_M(seconds) (10 * LPS * (seconds) / AREA_M2)

static void a_tank_fills_by_the_water_that_comes(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, FILLING, "T", "Q", 0, &l, &result), GF_OK);
    assert_true(result.converged && result.mass_error <= 1e-6);
    for (int64_t hour = 0; hour <= 6; hour++) assert_near(level_at(&l, 3600 * hour), 3 + RISE_M(3600.0 * (double)hour), 2e-4);
    assert_near(level_at(&l, 23562), 6, 1e-9);
    assert_near(flow_at(&l, 23562), 0, 1e-12);              /* full: shut, to the second */
    assert_near(level_at(&l, 36000), 6, 1e-9);
}

/* The report of every hour is the same whether or not the run has moments between. */
static void reports_fall_on_whole_hours(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, FILLING, "T", "Q", 3600, &l, &result), GF_OK);
    assert_int_equal(l.count, 11);
    for (size_t i = 0; i < l.count; i++) assert_int_equal(l.time_s[i], 3600 * (int64_t)i);
    assert_near(l.head_m[5], 3 + RISE_M(18000), 2e-4);
}

/* J takes 10 L/s out of T alone: from 3 m to 1.1 m are 149.226 m3, 14,923 s (14,922.6). */
static void a_tank_runs_empty_to_the_second(void **state)
{
    diary l;
    gf_water_run_result result;
    (void)run_text(*state, "[JUNCTIONS]\nJ 0 10 d\n[RESERVOIRS]\nR -50\n[TANKS]\nT 0 3 1.1 6 10 0\n[PIPES]\nQ T J 10 300 130\nU R J 10 300 130 0 CV\n"
                           "[PATTERNS]\nd 1 1 1 1 1 1\n[OPTIONS]\nUNITS LPS\n[TIMES]\nDURATION 5:00\n", "T", "Q", 0, &l, &result);
    assert_near(level_at(&l, 3600), 3 - RISE_M(3600), 1e-6);
    assert_near(level_at(&l, 14923), 1.1, 1e-9);
    assert_near(flow_at(&l, 14923), 0, 1e-12);
    assert_true(result.converged);                          /* the well at -50 m feeds J from now on, below ground */
    assert_near(result.pressure_m, -50, 0.01);
    assert_int_equal(result.time_s, 14923);
}

/* Half a cone: the volume curve says 0 m3 at 0 m, 100 at 2 m, 300 at 4 m. 36 m3 an hour from 3 m (200 m3): 4 m after 10,000 s. */
static void a_volume_curve_tells_the_level(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, "[JUNCTIONS]\nA 0 0\nJ 0 10\n[RESERVOIRS]\nR 100\n[TANKS]\nT 0 3 0 4 10 0 C\n[PIPES]\nP R A 10 300 130\nQ J T 10 300 130\n"
                                      "[VALVES]\nV A J 300 FCV 20\n[CURVES]\nC 0 0\nC 2 100\nC 4 300\n[OPTIONS]\nUNITS LPS\n[TIMES]\nDURATION 3:00\n",
                              "T", "Q", 0, &l, &result), GF_OK);
    assert_near(level_at(&l, 3600), 3 + 2 * 36.0 / 200, 1e-4);
    assert_near(level_at(&l, 10000), 4, 1e-9);
}

/* Demands 10 L/s times 0.5, 1, 1.5, each two hours, around and around. */
static void patterns_follow_one_another(void **state)
{
    static const double FACTORS[] = { 0.5, 0.5, 1, 1, 1.5, 1.5, 0.5, 0.5 };
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, "[JUNCTIONS]\nJ 0 10 d\n[RESERVOIRS]\nR 50\n[PIPES]\nP R J 10 300 130\n[PATTERNS]\nd 0.5 1 1.5\n[OPTIONS]\nUNITS LPS\n"
                                      "[TIMES]\nDURATION 7:00\nPATTERN TIMESTEP 2:00\n", "J", "P", 0, &l, &result), GF_OK);
    for (int64_t hour = 0; hour < 8; hour++) assert_near(flow_at(&l, hour * 3600), 10 * LPS * FACTORS[hour], 1e-9);
}

/* ---- Controls ---- */

/* 5 m is reached after 157.08 m3: 15,708 s. Then the tank's pipe shuts and stays so. */
static void a_control_by_level_acts_to_the_second(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, FILLING "[CONTROLS]\nLINK Q CLOSED IF NODE T ABOVE 5\n", "T", "Q", 0, &l, &result), GF_OK);
    assert_near(flow_at(&l, 14400), 10 * LPS, 1e-7);
    assert_near(level_at(&l, 15708), 5, 2e-4);
    assert_near(flow_at(&l, 15708), 0, 1e-12);
    assert_near(level_at(&l, 36000), 5, 2e-4);
}

static void controls_by_time_and_clock_act_then(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, FILLING "START CLOCKTIME 7 AM\n[CONTROLS]\nLINK Q CLOSED AT TIME 2:30\nLINK Q OPEN AT CLOCKTIME 11 AM\n", "T", "Q", 0, &l,
                              &result), GF_OK);
    assert_near(flow_at(&l, 7200), 10 * LPS, 1e-7);
    assert_near(flow_at(&l, 9000), 0, 1e-12);               /* 2:30 */
    assert_near(flow_at(&l, 10800), 0, 1e-12);
    assert_near(flow_at(&l, 14400), 10 * LPS, 1e-7);        /* 11 o'clock is four hours after seven */
    assert_near(level_at(&l, 18000), 3 + RISE_M(9000 + 3600), 2e-4);
}

/* ---- Rules: looked at every six minutes ---- */

static void assert_rule(gf_arena *arena, const char *rules, int64_t open_until_s, int64_t shut_from_s)
{
    diary l;
    gf_water_run_result result;
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_format(&text, "%s[RULES]\n%s", FILLING, rules);
    assert_int_equal(run_text(arena, gf_text_str(&text).data, "T", "Q", 0, &l, &result), GF_OK);
    assert_true(flow_at(&l, open_until_s) > 0);
    if (shut_from_s >= 0) assert_near(flow_at(&l, shut_from_s), 0, 1e-12);
}

/* 5 m after 15,708 s: the next look is at 15,840. */
static void a_rule_acts_at_the_look_after_its_moment(void **state)
{
    assert_rule(*state, "RULE 1\nIF TANK T LEVEL ABOVE 5\nTHEN PIPE Q STATUS IS CLOSED\n", 14400, 15840);
}

/* AND wants both: after 3 hours, and 5 m at 15,840 s. OR wants one: 3 hours. */
static void and_wants_both_or_wants_one(void **state)
{
    assert_rule(*state, "RULE 1\nIF TANK T LEVEL ABOVE 5\nAND SYSTEM TIME > 3:00\nTHEN PIPE Q STATUS IS CLOSED\n", 14400, 15840);
    assert_rule(*state, "RULE 1\nIF TANK T LEVEL ABOVE 5\nAND SYSTEM TIME > 9:30\nTHEN PIPE Q STATUS IS CLOSED\n", 18000, -1);
    assert_rule(*state, "RULE 1\nIF TANK T LEVEL ABOVE 5\nOR SYSTEM TIME >= 3:00\nTHEN PIPE Q STATUS IS CLOSED\n", 7200, 10800);
}

/* Closed before 2:00 by ELSE, which the first look finds at 0:06. */
static void else_acts_while_the_premise_fails(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, FILLING "[RULES]\nRULE 1\nIF SYSTEM TIME >= 2:00\nTHEN PIPE Q STATUS IS OPEN\nELSE PIPE Q STATUS IS CLOSED\n", "T", "Q", 0, &l,
                              &result), GF_OK);
    assert_near(flow_at(&l, 360), 0, 1e-12);
    assert_near(flow_at(&l, 3600), 0, 1e-12);
    assert_true(flow_at(&l, 7200) > 0);
}

/* Two rules want Q to be different from 3 hours on: the higher priority wins, wherever it stands; without one, the first. */
#define SHUT "RULE S\nIF SYSTEM TIME >= 3:00\nTHEN PIPE Q STATUS IS CLOSED\n"
#define STAY "RULE O\nIF SYSTEM TIME >= 3:00\nTHEN PIPE Q STATUS IS OPEN\n"
static void the_higher_priority_wins(void **state)
{
    assert_rule(*state, SHUT "PRIORITY 1\n" STAY "PRIORITY 2\n", 14400, -1);
    assert_rule(*state, SHUT "PRIORITY 2\n" STAY "PRIORITY 1\n", 7200, 10800);
    assert_rule(*state, STAY "PRIORITY 1\n" SHUT "PRIORITY 2\n", 7200, 10800);
    assert_rule(*state, SHUT STAY, 7200, 10800);
    assert_rule(*state, STAY SHUT, 14400, -1);
}

/* ---- Energy ---- */

/* 10 L/s lifted by 30 m: rho g q h = 2.943 kW of water (EPANET's 8.814 cfs ft a horsepower, 0.7457 kW: 2.9406); at 60 % 4.90 kW
 * of power, 24 hours: 117.62 kWh. Half a yuan each, and 3 a kW of the highest: 58.81 + 14.70. */
static void pumps_use_what_lift_and_flow_need(void **state)
{
    diary l;
    gf_water_run_result result;
    double kw = 30 / FOOT * (10 / 28.317) / 8.814 * 0.7457 / 0.6;
    assert_int_equal(run_text(*state, "[JUNCTIONS]\nJ 0 10\n[RESERVOIRS]\nR 0\n[PUMPS]\nU R J HEAD C\n[CURVES]\nC 10 30\n[ENERGY]\nGLOBAL EFFICIENCY 60\n"
                                      "GLOBAL PRICE 0.5\nDEMAND CHARGE 3\n[OPTIONS]\nUNITS LPS\n[TIMES]\nDURATION 24:00\n", "J", "U", 0, &l, &result), GF_OK);
    const gf_water_pump_energy *e = &result.pumps[l.link];
    assert_near(kw, 2.943 / 0.6, 0.01);
    assert_near(e->hours, 24, 1e-9);
    assert_near(e->kw_max, kw, 1e-6);
    assert_near(e->kwh, 24 * kw, 1e-5);
    assert_near(result.kwh, e->kwh, 1e-9);
    assert_near(result.cost, 24 * kw * 0.5 + 3 * kw, 1e-5);
}

/* An efficiency of 50 % at 10 L/s by curve, six hours of the day switched off. */
static void a_pump_that_stands_uses_nothing(void **state)
{
    diary l;
    gf_water_run_result result;
    double kw = 30 / FOOT * (10 / 28.317) / 8.814 * 0.7457 / 0.5;
    assert_int_equal(run_text(*state, "[JUNCTIONS]\nJ 0 10 d\n[RESERVOIRS]\nR 0\n[PUMPS]\nU R J HEAD C\n[CURVES]\nC 10 30\nE 0 40\nE 20 60\n"
                                      "[PATTERNS]\nd 1 1 1 0 0\n[ENERGY]\nPUMP U EFFICIENCY E\n[CONTROLS]\nLINK U CLOSED AT TIME 18:00\n"
                                      "[OPTIONS]\nUNITS LPS\n[TIMES]\nDURATION 24:00\nPATTERN TIMESTEP 6:00\n", "J", "U", 0, &l, &result), GF_OK);
    assert_near(result.pumps[l.link].hours, 18, 1e-9);
    assert_near(result.kwh, 18 * kw, 1e-5);
}

/* ---- Moments that do not settle ---- */

/* Q shuts when J has more than 40 m and opens below 60: at 50 m both are due, for ever. */
#define NERVOUS "[JUNCTIONS]\nJ 0 1\n[RESERVOIRS]\nR 50\n[PIPES]\nP R J 10 300 130\nQ R J 10 300 130\n[CONTROLS]\nLINK Q CLOSED IF NODE J ABOVE 40\n" \
                "LINK Q OPEN IF NODE J BELOW 60\n[TIMES]\nDURATION 3:00\n[OPTIONS]\nUNITS LPS\nTRIALS 20\n"

static void a_run_stops_where_the_file_says_stop(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, NERVOUS "UNBALANCED STOP\n", "J", "Q", 0, &l, &result), GF_EUNSOLVED);
    assert_int_equal(result.unsolved, 1);
    assert_int_equal(l.count, 1);                           /* what was reached is told */
    assert_false(result.converged);
}

static void a_run_goes_past_where_the_file_says_continue(void **state)
{
    diary l;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, NERVOUS "UNBALANCED CONTINUE\n", "J", "Q", 0, &l, &result), GF_OK);
    assert_int_equal(result.unsolved, 4);
    assert_int_equal(l.count, 4);
    assert_false(result.converged);
    /* ten turns more in which nobody changes: settled, and said to be */
    assert_int_equal(run_text(*state, NERVOUS "UNBALANCED CONTINUE 10\n", "J", "Q", 0, &l, &result), GF_OK);
    assert_int_equal(result.unsolved, 0);
}

static bool stop_at_once(void *context, int64_t time_s, const gf_water_solver *solver)
{
    (void)context, (void)time_s, (void)solver;
    return false;
}

static void a_run_ends_when_it_is_told_to(void **state)
{
    gf_water_run_result result;
    gf_water_net *net = read_net(*state, FILLING);
    gf_water_solver *solver = make_solver(*state, net, (gf_water_solve_options){ 0 });
    assert_int_equal(gf_water_run(solver, &(gf_water_run_options){ .duration_s = -1, .report = stop_at_once }, *state, &result, NULL), GF_ECANCELLED);
    assert_int_equal(result.solves, 1);
}

static void a_run_twice_gives_the_same_bytes(void **state)
{
    diary first, second;
    gf_water_run_result result;
    assert_int_equal(run_text(*state, FILLING, "T", "Q", 0, &first, &result), GF_OK);
    assert_int_equal(run_text(*state, FILLING, "T", "Q", 0, &second, &result), GF_OK);
    assert_int_equal(first.count, second.count);
    assert_memory_equal(first.head_m, second.head_m, first.count * sizeof(double));
    assert_memory_equal(first.flow_m3s, second.flow_m3s, first.count * sizeof(double));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tank_fills_by_the_water_that_comes),
        TEST(reports_fall_on_whole_hours),
        TEST(a_tank_runs_empty_to_the_second),
        TEST(a_volume_curve_tells_the_level),
        TEST(patterns_follow_one_another),
        TEST(a_control_by_level_acts_to_the_second),
        TEST(controls_by_time_and_clock_act_then),
        TEST(a_rule_acts_at_the_look_after_its_moment),
        TEST(and_wants_both_or_wants_one),
        TEST(else_acts_while_the_premise_fails),
        TEST(the_higher_priority_wins),
        TEST(pumps_use_what_lift_and_flow_need),
        TEST(a_pump_that_stands_uses_nothing),
        TEST(a_run_stops_where_the_file_says_stop),
        TEST(a_run_goes_past_where_the_file_says_continue),
        TEST(a_run_ends_when_it_is_told_to),
        TEST(a_run_twice_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
