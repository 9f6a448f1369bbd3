/* Sizes of pipes: against all combinations on small networks, the bound, several cases and other limits, briefs that cannot be
 * met, the same answer for the same work, copies that must fare as well, memory. */
#include "water.h"

#include <stdlib.h>

enum { SIZES = 4, PIPES_MAX = 6, COMBINATIONS_MAX = 4096 };
#define MARGIN_M 1e-4           /* what a design keeps to spare: see size.h */

/* 40 to 150 mm at prices that rise with the bore, all for every pipe. */
static const gf_water_size_option OPTIONS[SIZES] = { { 0.04, 10 }, { 0.063, 18 }, { 0.1, 35 }, { 0.15, 70 } };
static const gf_water_size_option WITH_NONE[SIZES] = { { 0, 0 }, { 0.05, 12 }, { 0.1, 35 }, { 0.15, 70 } };
static const uint16_t ALL[] = { 0, 1, 2, 3 };

static double *filled(gf_arena *arena, uint32_t count, double value)
{
    double *list = gf_new(arena, double, count);
    for (uint32_t i = 0; i < count; i++) list[i] = value;
    return list;
}

/* Every pipe but the first (which brings the water) is sized; one case, 10 m at every junction. */
static gf_water_brief *brief_of(gf_arena *arena, const gf_water_net *net, uint32_t first_pipe)
{
    gf_water_brief *b = gf_new(arena, gf_water_brief, 1);
    gf_water_size_pipe *pipes = gf_new(arena, gf_water_size_pipe, net->link_count);
    gf_water_size_case *cases = gf_new(arena, gf_water_size_case, GF_WATER_CASES_MAX);
    *b = (gf_water_brief){ .net = net, .options = OPTIONS, .option_count = SIZES, .pipes = pipes, .cases = cases, .case_count = 1 };
    for (uint32_t i = first_pipe; i < net->link_count; i++)
        pipes[b->pipe_count++] = (gf_water_size_pipe){ .link = i, .length = net->links[i].length_m, .options = ALL, .option_count = SIZES };
    for (uint32_t c = 0; c < GF_WATER_CASES_MAX; c++)
        cases[c] = (gf_water_size_case){ .name = GF_STR("peak"), .pressure_min_m = filled(arena, net->node_count, 10), .velocity_max_ms = INFINITY };
    return b;
}

static gf_water_size_case *case_of(gf_water_brief *b, uint32_t index) { return (gf_water_size_case *)&b->cases[index]; }
static gf_water_size_pipe *pipe_of(gf_water_brief *b, uint32_t index) { return (gf_water_size_pipe *)&b->pipes[index]; }

static gf_water_sizing size_with(gf_arena *arena, const gf_water_brief *b, gf_water_size_options options)
{
    gf_water_sizing z;
    gf_error err = { 0 };
    if (gf_water_size(b, &options, arena, &z, &err) != GF_OK) fail_msg("%s", err.what);
    return z;
}

static gf_water_sizing size_of(gf_arena *arena, const gf_water_brief *b)
{
    return size_with(arena, b, (gf_water_size_options){ .work = 20000, .seed = 1, .threads = 1, .bound = true });
}

/* ---- All combinations ---- */

/* The least slack of a design in one case, by the public solver and limits looked at here. */
static double slack_of(gf_arena *arena, const gf_water_brief *b, uint32_t at_case, const uint16_t *option, const uint16_t *gear)
{
    const gf_water_size_case *c = &b->cases[at_case];
    uint8_t *may_vanish = gf_new(arena, uint8_t, b->net->link_count);
    for (uint32_t i = 0; i < b->pipe_count; i++) may_vanish[b->pipes[i].link] = b->options[option[i]].diameter_m == 0;
    gf_water_solver *s = make_solver(arena, b->net, (gf_water_solve_options){ .accuracy = 1e-9, .iterations_max = 300, .may_vanish = may_vanish });
    for (uint32_t i = 0; i < b->pipe_count; i++) gf_water_set_diameter(s, b->pipes[i].link, b->options[option[i]].diameter_m);
    for (uint32_t i = 0; i < b->gear_count; i++) {
        const gf_water_size_gear *g = &b->gears[i];
        if (g->kind == GF_WATER_GEAR_HEAD) gf_water_set_head(s, g->index, g->values[gear[i]]);
        else gf_water_set_power(s, g->index, g->values[gear[i]]);
    }
    for (uint32_t i = 0; c->demand_m3s && i < b->net->node_count; i++)
        if (b->net->nodes[i].kind == GF_WATER_JUNCTION) gf_water_set_demand(s, i, c->demand_m3s[i]);
    if (gf_water_solve(s, NULL, NULL) != GF_OK) return -INFINITY;
    double least = INFINITY;
    for (uint32_t i = 0; i < b->net->node_count; i++) {
        double pressure = gf_water_state_of(s).head_m[i] - b->net->nodes[i].elevation_m;
        if (b->net->nodes[i].kind != GF_WATER_JUNCTION) continue;
        if (!isnan(c->pressure_min_m[i])) least = fmin(least, pressure - c->pressure_min_m[i]);
        if (c->pressure_max_m && !isnan(c->pressure_max_m[i])) least = fmin(least, c->pressure_max_m[i] - pressure);
    }
    for (uint32_t i = 0; isfinite(c->velocity_max_ms) && i < b->pipe_count; i++) {
        double d = b->options[option[i]].diameter_m, q = fabs(gf_water_state_of(s).flow_m3s[b->pipes[i].link]);
        if (d > 0) least = fmin(least, c->velocity_max_ms - q / (CIRCLE / 4 * d * d));
    }
    return least;
}

static double cost_of(const gf_water_brief *b, const uint16_t *option, const uint16_t *gear)
{
    double cost = 0;
    for (uint32_t i = 0; i < b->pipe_count; i++) cost += b->options[option[i]].unit_cost * b->pipes[i].length;
    for (uint32_t i = 0; i < b->gear_count; i++) cost += b->gears[i].costs[gear[i]];
    return cost;
}

/* The cheapest design with `spare` metres to spare, and how few metres the best design of all misses. */
static double cheapest(gf_arena *arena, const gf_water_brief *b, double spare, double *best_slack)
{
    double least = INFINITY;
    uint16_t option[PIPES_MAX] = { 0 }, gear[2] = { 0 }, rank[PIPES_MAX + 2] = { 0 };
    *best_slack = -INFINITY;
    for (;;) {
        for (uint32_t i = 0; i < b->pipe_count; i++) option[i] = b->pipes[i].options[rank[i]];
        for (uint32_t i = 0; i < b->gear_count; i++) gear[i] = rank[b->pipe_count + i];
        double slack = INFINITY, cost = cost_of(b, option, gear);
        gf_mark mark = gf_arena_mark(arena);
        for (uint32_t c = 0; c < b->case_count && slack >= *best_slack; c++) slack = fmin(slack, slack_of(arena, b, c, option, gear));
        gf_arena_rewind(arena, mark);
        if (slack > *best_slack) *best_slack = fmin(slack, spare);
        if (slack >= spare && cost < least) least = cost;
        uint32_t at = 0, all = b->pipe_count + b->gear_count;
        for (; at < all; at++) {
            uint32_t count = at < b->pipe_count ? b->pipes[at].option_count : b->gears[at - b->pipe_count].count;
            if (++rank[at] < count) break;
            rank[at] = 0;
        }
        if (at == all) return least;
    }
}

static double smallest_sum(const gf_water_brief *b)
{
    double sum = 0;
    for (uint32_t i = 0; i < b->pipe_count; i++) sum += b->options[b->pipes[i].options[0]].unit_cost * b->pipes[i].length;
    return sum;
}

/* What holds of every answer: its cost is the sum of its sizes, it keeps every limit, nothing cheaper does, and no feasible
 * design undercuts the bound. */
static gf_water_sizing assert_as_all_combinations(gf_arena *arena, const gf_water_brief *b)
{
    double best_slack, spare_slack, open = cheapest(arena, b, 0, &best_slack), spare = cheapest(arena, b, MARGIN_M, &spare_slack);
    gf_water_sizing z = size_of(arena, b);
    if (!z.feasible) {
        assert_true(spare == INFINITY);
        return z;
    }
    assert_true(open < INFINITY);
    assert_near(z.cost, cost_of(b, z.option, z.gear), 1e-6);
    for (uint32_t c = 0; c < b->case_count; c++) assert_true(slack_of(arena, b, c, z.option, z.gear) >= 0);
    assert_true(z.worst.slack >= 0);
    if (!(z.cost <= spare + 1e-6)) fail_msg("%.4f, and %.4f is to be had", z.cost, spare);
    if (!(z.cost >= open - 1e-6)) fail_msg("%.4f, where nothing below %.4f keeps the limits", z.cost, open);
    if (!z.proven && !(z.lower_bound <= open + 1e-6)) fail_msg("bound %.4f over the optimum %.4f", z.lower_bound, open);
    assert_true(z.lower_bound <= z.cost && z.lower_bound >= smallest_sum(b) - 1e-6);
    return z;
}

static const recipe TREES = { 6, 0, 0.4, false, "H-W", 120, 150, 0 }, LOOPS = { 5, 2, 0.6, false, "H-W", 120, 150, 0.2 },
    ROUGH = { 5, 1, 0.6, false, "D-W", 0.0015, 0.1, 0 };

static gf_water_net *small_net(gf_arena *arena, const recipe *r, uint64_t *seed, double demand)
{
    gf_water_net *net = random_net(arena, r, seed);
    while (net->link_count - 1 > PIPES_MAX) net = random_net(arena, r, seed);
    net->nodes[node_at(net, "R")].elevation_m = 45 + 10 * chance(seed);
    for (uint32_t i = 0; i < net->demand_count; i++) net->demands[i].base_m3s *= demand;
    return net;
}

static void trees_get_the_cheapest_of_all_and_its_proof(void **state)
{
    uint64_t seed = 21;
    int feasible = 0, above = 0;
    for (int turn = 0; turn < 12; turn++) {
        gf_water_brief *b = brief_of(*state, small_net(*state, &TREES, &seed, 1.5), 1);
        gf_water_sizing z = assert_as_all_combinations(*state, b);
        if (!z.feasible) continue;
        assert_true(z.proven && z.end == GF_WATER_END_PROVEN && z.lower_bound == z.cost);
        feasible++;
        above += z.lower_bound > smallest_sum(b);
    }
    assert_true(feasible >= 8 && above >= 4);       /* the heads bind: or this were no trial */
}

static void loops_get_the_cheapest_of_all_and_a_bound_below_it(void **state)
{
    uint64_t seed = 22;
    int feasible = 0, above = 0;
    for (int turn = 0; turn < 12; turn++) {
        gf_water_brief *b = brief_of(*state, small_net(*state, turn % 3 == 2 ? &ROUGH : &LOOPS, &seed, 2.5), 1);
        gf_water_sizing z = assert_as_all_combinations(*state, b);
        if (!z.feasible || z.cost < smallest_sum(b) + 1) continue;
        feasible++;
        above += z.lower_bound > smallest_sum(b);
    }
    assert_true(feasible >= 6 && above == feasible);
}

static void pipes_may_stay_out(void **state)
{
    uint64_t seed = 23;
    int left_out = 0;
    for (int turn = 0; turn < 8; turn++) {
        gf_water_brief *b = brief_of(*state, small_net(*state, &LOOPS, &seed, 1), 1);
        b->options = WITH_NONE;
        gf_water_sizing z = assert_as_all_combinations(*state, b);
        for (uint32_t i = 0; z.feasible && i < b->pipe_count; i++) left_out += z.option[i] == 0;
    }
    assert_true(left_out > 0);
}

/* The night asks for little and must not pass 32 m; the fire asks for more at the last junction, and keeps 5 m. */
static void several_moments_are_served_by_one_design(void **state)
{
    uint64_t seed = 24;
    int feasible = 0, dearer = 0;
    for (int turn = 0; turn < 10; turn++) {
        gf_water_brief *b = brief_of(*state, small_net(*state, turn % 2 ? &TREES : &LOOPS, &seed, 1.2), 1);
        gf_water_sizing alone = size_of(*state, b);
        double *night = gf_new(*state, double, b->net->node_count), *fire = gf_new(*state, double, b->net->node_count);
        for (uint32_t i = 0; i < b->net->demand_count; i++) night[i] = 0.3 * b->net->demands[i].base_m3s, fire[i] = b->net->demands[i].base_m3s;
        fire[b->net->demand_count - 1] += 0.004;
        b->case_count = 3;
        case_of(b, 1)->demand_m3s = night;
        case_of(b, 1)->pressure_max_m = filled(*state, b->net->node_count, 55);
        case_of(b, 2)->demand_m3s = fire;
        case_of(b, 2)->pressure_min_m = filled(*state, b->net->node_count, 5);
        gf_water_sizing z = assert_as_all_combinations(*state, b);
        feasible += z.feasible;
        dearer += z.feasible && alone.feasible && z.cost > alone.cost + 1;
    }
    assert_true(feasible >= 4 && dearer >= 1);
}

static void speed_is_kept_within_its_limit(void **state)
{
    uint64_t seed = 25;
    int feasible = 0, dearer = 0;
    for (int turn = 0; turn < 10; turn++) {
        gf_water_brief *b = brief_of(*state, small_net(*state, turn % 2 ? &TREES : &LOOPS, &seed, 1.5), 1);
        gf_water_sizing free_of_it = size_of(*state, b);
        case_of(b, 0)->velocity_max_ms = 0.8;
        gf_water_sizing z = assert_as_all_combinations(*state, b);
        feasible += z.feasible;
        dearer += z.feasible && free_of_it.feasible && z.cost > free_of_it.cost + 1;
    }
    assert_true(feasible >= 4 && dearer >= 1);
}

/* Some pipes may take the two larger sizes only: their class. */
static void a_pipe_takes_only_what_it_may(void **state)
{
    static const uint16_t LARGE[] = { 2, 3 };
    uint64_t seed = 26;
    for (int turn = 0; turn < 6; turn++) {
        gf_water_brief *b = brief_of(*state, small_net(*state, turn % 2 ? &TREES : &LOOPS, &seed, 1), 1);
        pipe_of(b, 1)->options = LARGE, pipe_of(b, 1)->option_count = 2;
        gf_water_sizing z = assert_as_all_combinations(*state, b);
        assert_true(z.option[1] >= 2);
    }
}

static void sources_may_be_chosen_with_the_pipes(void **state)
{
    static const double HEADS[] = { 40, 48, 60 }, COSTS[] = { 0, 4000, 9000 };
    uint64_t seed = 27;
    int chosen[3] = { 0 };
    for (int turn = 0; turn < 8; turn++) {
        recipe r = LOOPS;
        r.junctions = 4;
        gf_water_net *net = small_net(*state, &r, &seed, 2);
        gf_water_size_gear gear = { .kind = GF_WATER_GEAR_HEAD, .index = node_at(net, "R"), .values = HEADS, .costs = COSTS, .count = 3 };
        gf_water_brief *b = brief_of(*state, net, 1);
        b->gears = &gear, b->gear_count = 1;
        gf_water_sizing z = assert_as_all_combinations(*state, b);
        if (z.feasible) chosen[z.gear[0]]++;
    }
    assert_true((chosen[0] > 0) + (chosen[1] > 0) + (chosen[2] > 0) >= 2);
}

static void pumps_may_be_chosen_with_the_pipes(void **state)
{
    static const double POWERS[] = { 500, 1500, 3000 }, COSTS[] = { 1000, 3000, 9000 };
    gf_water_net *net = read_net(*state, "[JUNCTIONS]\nI 0 0\nA 5 3\nB 10 2\nC 8 1\n[RESERVOIRS]\nR 0\n[PIPES]\nP I A 200 100 140\nQ A B 300 100 140\n"
                                         "S B C 200 100 140\nT C A 250 100 140\n[PUMPS]\nU R I POWER 3\n[OPTIONS]\nUNITS LPS\n[END]\n");
    gf_water_size_gear gear = { .kind = GF_WATER_GEAR_POWER, .index = link_at(net, "U"), .values = POWERS, .costs = COSTS, .count = 3 };
    gf_water_brief *b = brief_of(*state, net, 0);
    b->pipe_count = 4;
    b->gears = &gear, b->gear_count = 1;
    gf_water_sizing z = assert_as_all_combinations(*state, b);
    assert_true(z.feasible);
}

/* A ring that feeds nobody lies still in every design, and rounding makes flows in it for ever: it hinders nothing. */
static void an_idle_ring_hinders_nothing(void **state)
{
    gf_water_net *net = read_net(*state, "[JUNCTIONS]\nA 0 5\nB 0 0\nC 0 0\n[RESERVOIRS]\nR 40\n[PIPES]\nP R A 500 100 130\nQ A B 100 100 130\nS B C 100 100 130\n"
                                         "T C A 100 100 130\n[OPTIONS]\nUNITS LPS\n[END]\n");
    gf_water_sizing z = assert_as_all_combinations(*state, brief_of(*state, net, 0));
    assert_true(z.feasible);
}

/* One size for every pipe of a ring: nothing to search for, whatever work is allowed. */
static void where_nothing_is_to_be_chosen_nothing_is_searched(void **state)
{
    static const uint16_t ONE[] = { 3 };
    uint64_t seed = 33;
    gf_water_brief *b = brief_of(*state, small_net(*state, &LOOPS, &seed, 1), 1);
    for (uint32_t i = 0; i < b->pipe_count; i++) pipe_of(b, i)->options = ONE, pipe_of(b, i)->option_count = 1;
    gf_water_sizing z = size_with(*state, b, (gf_water_size_options){ .work = (uint64_t)1 << 60, .seed = 1, .bound = true });
    assert_true(z.feasible && z.proven && z.solves < 100);
}

/* ---- Briefs that cannot be met ---- */

/* 20 L/s through 800 m: even 150 mm lose too much. The remedy, laid and solved, keeps the limit. */
static void an_infeasible_brief_names_the_node_and_a_remedy_that_helps(void **state)
{
    gf_water_net *net = read_net(*state, "[JUNCTIONS]\nA 0 10\nB 5 10\n[RESERVOIRS]\nR 17\n[PIPES]\nP R A 400 100 130\nQ A B 400 100 130\n[OPTIONS]\nUNITS LPS\n[END]\n");
    gf_water_brief *b = brief_of(*state, net, 0);
    gf_water_sizing z = assert_as_all_combinations(*state, b);
    assert_false(z.feasible);
    assert_int_equal(z.worst.index, node_at(net, "B"));
    double missing = 15 - (17 - pipe_loss(net, 0, 0.15, 20 * LPS) - pipe_loss(net, 1, 0.15, 10 * LPS));
    assert_true(missing > 0);
    assert_near(-z.worst.slack, missing, 1e-4);
    assert_true(z.remedy.link_count > 0 && z.remedy.cost_added > 0 && z.remedy.diameter_m > 0.15);
    gf_water_solver *s = make_solver(*state, net, (gf_water_solve_options){ .accuracy = 1e-9, .iterations_max = 300 });
    for (uint32_t i = 0; i < b->pipe_count; i++) gf_water_set_diameter(s, b->pipes[i].link, OPTIONS[z.option[i]].diameter_m);
    for (uint32_t i = 0; i < z.remedy.link_count; i++) gf_water_set_diameter(s, z.remedy.links[i], z.remedy.diameter_m);
    settle(s);
    assert_true(gf_water_state_of(s).head_m[node_at(net, "B")] >= 15 && gf_water_state_of(s).head_m[node_at(net, "A")] >= 10);
}

static void a_source_too_low_is_told_in_metres(void **state)
{
    gf_water_net *net = read_net(*state, "[JUNCTIONS]\nA 25 1\n[RESERVOIRS]\nR 30\n[PIPES]\nP R A 400 100 130\n[OPTIONS]\nUNITS LPS\n[END]\n");
    gf_water_sizing z = size_of(*state, brief_of(*state, net, 0));
    assert_false(z.feasible);
    assert_int_equal(z.remedy.link_count, 0);
    assert_near(z.remedy.lift_m, 5 + pipe_loss(net, 0, 0.15, LPS), 1e-4);
}

/* ---- The same work, the same bytes ---- */

static void the_same_work_gives_the_same_answer(void **state)
{
    uint64_t seed = 28;
    const recipe r = { 20, 10, 0.6, false, "H-W", 120, 150, 0.1 };
    gf_water_net *net = random_net(*state, &r, &seed);
    gf_water_brief *b = brief_of(*state, net, 1);
    for (uint32_t threads = 1; threads <= 3; threads++)
        for (uint64_t s = 1; s <= 2; s++) {
            gf_water_size_options options = { .work = 30000, .seed = s, .threads = threads, .bound = true };
            gf_water_sizing one = size_with(*state, b, options), two = size_with(*state, b, options);
            assert_true(one.feasible && one.cost == two.cost && one.lower_bound == two.lower_bound && one.solves == two.solves && one.end == two.end);
            assert_memory_equal(one.option, two.option, b->pipe_count * sizeof *one.option);
        }
}

static bool at_once(void *context) { return ++*(int *)context > 2; }

static void an_interrupt_gives_the_best_so_far(void **state)
{
    uint64_t seed = 29;
    int asked = 0;
    const recipe r = { 20, 10, 0.6, false, "H-W", 120, 150, 0 };
    gf_water_net *net = random_net(*state, &r, &seed);
    net->nodes[node_at(net, "R")].elevation_m = 50;
    gf_water_brief *b = brief_of(*state, net, 1);
    gf_water_sizing z = size_with(*state, b, (gf_water_size_options){ .work = (uint64_t)1 << 60, .seed = 1, .stop = at_once, .context = &asked });
    assert_true(z.feasible && z.end == GF_WATER_END_INTERRUPT && slack_of(*state, b, 0, z.option, z.gear) >= 0);
}

/* ---- Copies fare as well ---- */

static gf_water_sizing size_village(gf_arena *arena, gf_water_net *net)
{
    static const gf_water_size_option FINER[] = { { 0.04, 10 }, { 0.05, 13 }, { 0.063, 18 }, { 0.075, 23 }, { 0.09, 30 }, { 0.11, 41 }, { 0.14, 62 }, { 0.2, 110 } };
    static const uint16_t EIGHT[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    gf_water_brief *b = brief_of(arena, net, 0);
    b->options = FINER, b->option_count = 8;
    for (uint32_t i = 0; i < b->pipe_count; i++) pipe_of(b, i)->options = EIGHT, pipe_of(b, i)->option_count = 8;
    gf_water_sizing z = size_with(arena, b, (gf_water_size_options){ .work = 200000, .seed = 1, .threads = 2, .bound = true });
    assert_true(z.feasible && z.lower_bound <= z.cost);
    return z;
}

static gf_water_net *copy_of(gf_arena *arena, const gf_water_net *net)
{
    gf_water_net *copy = gf_new(arena, gf_water_net, 1);
    *copy = *net;
    copy->links = gf_new(arena, gf_water_link, net->link_count);
    copy->nodes = gf_new(arena, gf_water_node, net->node_count);
    copy->demands = gf_new(arena, gf_water_demand, net->demand_count);
    memcpy(copy->links, net->links, net->link_count * sizeof *net->links);
    memcpy(copy->nodes, net->nodes, net->node_count * sizeof *net->nodes);
    memcpy(copy->demands, net->demands, net->demand_count * sizeof *net->demands);
    return copy;
}

/* Renamed and turned round: the same optimum to a thousandth. Lengths times 1.7, flows times 1.7^(-1/1.852): every loss is as
 * before, so the optimum is 1.7 times as dear. Shaken by a percent: within five of the first. */
static void copies_of_a_village_fare_as_well(void **state)
{
    uint64_t seed = 30;
    const recipe r = { 18, 7, 0.7, false, "H-W", 140, 140, 0.1 };
    gf_water_net *net = random_net(*state, &r, &seed);
    for (uint32_t i = 0; i < net->link_count; i++) net->links[i].minor_loss = 0;
    net->nodes[node_at(net, "R")].elevation_m = 55;
    double cost = size_village(*state, net).cost;

    gf_water_net *turned = copy_of(*state, net);
    for (uint32_t i = 0; i < net->link_count; i++) {
        turned->links[i] = net->links[net->link_count - 1 - i];
        turned->links[i].id = net->links[i].id;
        if (i % 2) turned->links[i].from = net->links[net->link_count - 1 - i].to, turned->links[i].to = net->links[net->link_count - 1 - i].from;
    }
    assert_near(size_village(*state, turned).cost, cost, 1e-3 * cost);

    gf_water_net *scaled = copy_of(*state, net);
    for (uint32_t i = 0; i < net->link_count; i++) scaled->links[i].length_m *= 1.7;
    for (uint32_t i = 0; i < net->demand_count; i++) scaled->demands[i].base_m3s *= pow(1.7, -1 / 1.852);
    assert_near(size_village(*state, scaled).cost, 1.7 * cost, 2e-3 * cost);

    gf_water_net *shaken = copy_of(*state, net);
    for (uint32_t i = 0; i < net->link_count; i++) shaken->links[i].length_m *= 0.995 + 0.01 * chance(&seed);
    for (uint32_t i = 0; i < net->demand_count; i++) shaken->demands[i].base_m3s *= 0.995 + 0.01 * chance(&seed);
    assert_near(size_village(*state, shaken).cost, cost, 0.05 * cost);
}

/* ---- Refused, and without memory ---- */

static void a_brief_that_is_none_is_refused(void **state)
{
    static const gf_water_size_option FALLING[] = { { 0.1, 10 }, { 0.1, 18 }, { 0.08, 35 }, { 0.15, 70 } };
    uint64_t seed = 31;
    gf_water_size_options options = { .work = 1000, .seed = 1 };
    gf_water_sizing z;
    gf_error err = { 0 };
    gf_water_brief *b = brief_of(*state, small_net(*state, &TREES, &seed, 1), 1);
    gf_water_brief none = *b, falling = *b;
    none.pipe_count = 0;
    assert_int_equal(gf_water_size(&none, &options, *state, &z, &err), GF_EINPUT);
    falling.options = FALLING;
    assert_int_equal(gf_water_size(&falling, &options, *state, &z, &err), GF_EINPUT);
    pipe_of(b, 0)->option_count = 0;
    assert_int_equal(gf_water_size(b, &options, *state, &z, &err), GF_EINPUT);
    assert_true(err.what[0] != '\0');
}

static void sizing_without_memory_is_refused(void **state)
{
    uint64_t seed = 32;
    gf_water_brief *b = brief_of(*state, small_net(*state, &LOOPS, &seed, 1), 1);
    uint32_t refused = 0;
    bool sized = false;
    for (size_t bytes = 64; !sized && bytes < 8 * GF_MIB; bytes += 64 + bytes / 40) {
        gf_arena *small = gf_arena_open(bytes);
        gf_water_sizing z;
        gf_error err = { 0 };
        gf_status status = gf_water_size(b, &(gf_water_size_options){ .work = 200, .seed = 1, .threads = 2, .bound = true }, small, &z, &err);
        sized = status == GF_OK;
        if (!sized) {
            if (status != GF_ENOMEM) fail_msg("%zu bytes: %s", bytes, err.what);
            refused++;
        }
        gf_arena_close(small);
    }
    assert_true(sized && refused > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(trees_get_the_cheapest_of_all_and_its_proof),
        TEST(loops_get_the_cheapest_of_all_and_a_bound_below_it),
        TEST(pipes_may_stay_out),
        TEST(several_moments_are_served_by_one_design),
        TEST(speed_is_kept_within_its_limit),
        TEST(a_pipe_takes_only_what_it_may),
        TEST(sources_may_be_chosen_with_the_pipes),
        TEST(pumps_may_be_chosen_with_the_pipes),
        TEST(an_idle_ring_hinders_nothing),
        TEST(where_nothing_is_to_be_chosen_nothing_is_searched),
        TEST(an_infeasible_brief_names_the_node_and_a_remedy_that_helps),
        TEST(a_source_too_low_is_told_in_metres),
        TEST(the_same_work_gives_the_same_answer),
        TEST(an_interrupt_gives_the_best_so_far),
        TEST(copies_of_a_village_fare_as_well),
        TEST(a_brief_that_is_none_is_refused),
        TEST(sizing_without_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
