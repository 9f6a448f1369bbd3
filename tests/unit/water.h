/* tests/unit/water.h - networks of the tests: read from a text, made at random, solved, and held against laws written anew.
 * The losses here are the equations of the EPANET 2.2 manual in feet and seconds, by the C library's own pow() and log(). */
#pragma once
#include "check.h"
#include "water/gf_water_size.h"

#include <math.h>
#include <string.h>

#define FOOT 0.3048
#define CFS (FOOT * FOOT * FOOT)
#define LPS (CFS / 28.317)                      /* EPANET's litre a second */
#define CIRCLE 3.14159265358979323846

static inline void near_or_fail(double got, double expected, double slack, const char *what, int line)
{
    if (!(fabs(got - expected) <= slack)) fail_msg("line %d: %s is %.9g, not %.9g", line, what, got, expected);
}
#define assert_near(got, expected, slack) near_or_fail((got), (expected), (slack), #got, __LINE__)

static inline gf_water_net *read_net(gf_arena *arena, const char *text)
{
    gf_water_net *net = gf_new(arena, gf_water_net, 1);
    gf_error err = { 0 };
    if (!net || gf_water_inp_parse(gf_str_of(text), "f.inp", arena, net, NULL, NULL, &err) != GF_OK) fail_msg("%s: %s", err.where, err.what);
    return net;
}

static inline uint32_t node_at(const gf_water_net *net, const char *id)
{
    int32_t index = gf_water_find_node(net, gf_str_of(id));
    if (index < 0) fail_msg("no node %s", id);
    return (uint32_t)index;
}

static inline uint32_t link_at(const gf_water_net *net, const char *id)
{
    int32_t index = gf_water_find_link(net, gf_str_of(id));
    if (index < 0) fail_msg("no link %s", id);
    return (uint32_t)index;
}

static inline gf_water_solver *make_solver(gf_arena *arena, const gf_water_net *net, gf_water_solve_options options)
{
    gf_water_solver *solver = NULL;
    gf_error err = { 0 };
    if (gf_water_solver_make(net, &options, arena, &solver, &err) != GF_OK) fail_msg("%s", err.what);
    return solver;
}

static inline void settle(gf_water_solver *solver)
{
    gf_water_quality quality;
    gf_error err = { 0 };
    if (gf_water_solve(solver, &quality, &err) != GF_OK) fail_msg("%s", err.what);
    assert_true(quality.converged && quality.mass_error <= 1e-6);
}

/* A text read, and its first moment solved to the last digits. */
typedef struct solved { const gf_water_net *net; gf_water_solver *solver; } solved;
static inline solved solve_text(gf_arena *arena, const char *text)
{
    gf_water_net *net = read_net(arena, text);
    solved s = { net, make_solver(arena, net, (gf_water_solve_options){ .accuracy = 1e-10, .iterations_max = 500 }) };
    settle(s.solver);
    return s;
}

static inline double head_of(solved s, const char *id) { return gf_water_state_of(s.solver).head_m[node_at(s.net, id)]; }
static inline double flow_of(solved s, const char *id) { return gf_water_state_of(s.solver).flow_m3s[link_at(s.net, id)]; }
static inline double demand_of(solved s, const char *id) { return gf_water_state_of(s.solver).demand_m3s[node_at(s.net, id)]; }
static inline bool closed_of(solved s, const char *id) { return gf_water_state_of(s.solver).closed[link_at(s.net, id)]; }

/* ---- Laws, written anew ---- */

static inline double friction_factor(double reynolds, double rough)     /* rough: relative */
{
    if (reynolds <= 2000) return 64 / reynolds;
    if (reynolds >= 4000) return 0.25 / pow(log10(rough / 3.7 + 5.74 / pow(reynolds, 0.9)), 2);
    double y2 = rough / 3.7 + 5.74 / pow(4000, 0.9), y3 = -0.86859 * log(y2), fa = 1 / (y3 * y3), fb = fa * (2 - 0.00514215 / (y2 * y3));
    double r = reynolds / 2000, x4 = r * (0.032 - 3 * fa + 0.5 * fb);
    return 7 * fa - fb + r * (0.128 - 17 * fa + 2.5 * fb + r * (-0.128 + 13 * fa - 2 * fb + x4));
}

static inline double pipe_loss(const gf_water_net *net, uint32_t link, double diameter_m, double flow_m3s)
{
    const gf_water_link *l = &net->links[link];
    double q = fabs(flow_m3s) / CFS, d = diameter_m / FOOT, length = l->length_m / FOOT, area = CIRCLE / 4 * d * d, v = q / area, h = 0;
    if (q == 0) return 0;
    if (net->options.headloss == GF_WATER_HAZEN_WILLIAMS) h = 4.727 * pow(l->roughness, -1.852) * pow(d, -4.871) * length * pow(q, 1.852);
    if (net->options.headloss == GF_WATER_CHEZY_MANNING) h = length * pow(l->roughness * v / 1.49, 2) / pow(d / 4, 1.333);
    if (net->options.headloss == GF_WATER_DARCY_WEISBACH)
        h = friction_factor(v * d * FOOT * FOOT / net->options.viscosity_m2s, l->roughness / diameter_m) * length / d * v * v / 64.4;
    h += l->minor_loss * 0.02517 * q * q / pow(d, 4);
    return copysign(h * FOOT, flow_m3s);
}

/* Water in = water out at every junction, sources give what the others take, and along every open pipe the heads fall by what
 * the law says. Around a loop the falls then add up to nothing. */
static inline void assert_lawful(const gf_water_net *net, const gf_water_solver *solver, double loss_slack_m)
{
    gf_water_state state = gf_water_state_of(solver);
    double all = 0, in[20000] = { 0 };
    assert_true(net->node_count <= GF_COUNT(in));
    for (uint32_t i = 0; i < net->link_count; i++) {
        const gf_water_link *l = &net->links[i];
        in[l->from] -= state.flow_m3s[i];
        in[l->to] += state.flow_m3s[i];
        if (state.closed[i]) assert_true(state.flow_m3s[i] == 0);
        else if (l->kind == GF_WATER_PIPE)
            assert_near(state.head_m[l->from] - state.head_m[l->to], pipe_loss(net, i, l->diameter_m, state.flow_m3s[i]), loss_slack_m);
    }
    for (uint32_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].kind == GF_WATER_JUNCTION) all += fabs(state.demand_m3s[i]);
    for (uint32_t i = 0; i < net->node_count; i++) assert_near(in[i], state.demand_m3s[i], 1e-6 * all + 1e-12);
}

/* ---- Networks at random ---- */

static inline double chance(uint64_t *seed)     /* splitmix64 */
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}
static inline uint32_t pick(uint64_t *seed, uint32_t count) { return (uint32_t)(chance(seed) * count); }

/* `junctions` nodes, each tied to an earlier one (the one before: a row; any: a bush), and `more` pipes across. R feeds J0; with
 * `second` a lower reservoir hangs at the last junction. `idle`: share of junctions that ask for nothing. */
typedef struct recipe { uint32_t junctions, more; double row; bool second; const char *law; double rough_low, rough_high, idle; } recipe;

static inline gf_water_net *random_net(gf_arena *arena, const recipe *r, uint64_t *seed)
{
    static const int SIZES[] = { 80, 100, 150, 200, 300 };
    gf_text text;
    gf_text_init(&text, arena);
    gf_text_add_c(&text, "[JUNCTIONS]\n");
    for (uint32_t i = 0; i < r->junctions; i++)
        gf_text_format(&text, "J%u %.2f %.3f\n", i, 30 * chance(seed), chance(seed) < r->idle ? 0 : chance(seed) < 0.02 ? -0.3 : 0.1 + chance(seed));
    gf_text_format(&text, "[RESERVOIRS]\nR 120\n%s[PIPES]\nP R J0 100 400 %g\n", r->second ? "S 100\n" : "", r->rough_high);
    if (r->second) gf_text_format(&text, "S S J%u 300 200 %g\n", r->junctions - 1, r->rough_high);
    for (uint32_t i = 1; i < r->junctions + r->more; i++) {
        uint32_t a = i < r->junctions ? i : pick(seed, r->junctions), b = i >= r->junctions ? pick(seed, r->junctions) : chance(seed) < r->row ? i - 1 : pick(seed, i);
        if (a == b) continue;
        bool turned = chance(seed) < 0.5;
        gf_text_format(&text, "P%u J%u J%u %.1f %d %g %g\n", i, turned ? b : a, turned ? a : b, 20 + 300 * chance(seed), SIZES[pick(seed, 5)],
                       r->rough_low + (r->rough_high - r->rough_low) * chance(seed), chance(seed) < 0.3 ? 2 * chance(seed) : 0);
    }
    gf_text_format(&text, "[OPTIONS]\nUNITS LPS\nHEADLOSS %s\n[END]\n", r->law);
    return read_net(arena, gf_text_str(&text).data);
}
