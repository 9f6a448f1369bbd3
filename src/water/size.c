/* Sizing from end to end: make ready, search in rounds of fixed work, bound beside it, judge the answer once more.
 *
 * Rounds: every thread does its share, then all take over the best design in the order of cost and thread. Looks at Ctrl-C fall
 * between rounds, and the clock cuts only the last one short, so that they can end the work but never change it. The bound has
 * rounds of its own.
 */
#include "water/size.h"
#include <pthread.h>
#include <string.h>

#define CHECK_ACCURACY 1e-6         /* the last step is far smaller: Newton's squares it. Below, large networks only move by rounding. */
enum { ROUND_PIPE_SOLVES = 300000, ROUND_LEAST = 64 };      /* a round is some tenth of a second */

/* ---- Judging a design ---- */

static void worse(gf_water_size_slack *worst, gf_water_size_limit limit, uint32_t index, uint32_t at_case, double slack)
{
    if (worst->limit == GF_WATER_LIMIT_NONE || slack < worst->slack)
        *worst = (gf_water_size_slack){ .limit = limit, .index = index, .at_case = at_case, .slack = slack };
}

void size_slack(const gf_water_brief *b, uint32_t at_case, const gf_water_solver *s, gf_water_size_slack *worst)
{
    const gf_water_size_case *c = &b->cases[at_case];
    gf_water_state state = gf_water_state_of(s);
    for (uint32_t i = 0; i < b->net->node_count; i++) {
        double pressure = state.head_m[i] - b->net->nodes[i].elevation_m;
        if (b->net->nodes[i].kind != GF_WATER_JUNCTION) continue;
        if (!isnan(c->pressure_min_m[i])) worse(worst, GF_WATER_LIMIT_MIN_HEAD, i, at_case, pressure - c->pressure_min_m[i]);
        if (c->pressure_max_m && !isnan(c->pressure_max_m[i])) worse(worst, GF_WATER_LIMIT_MAX_HEAD, i, at_case, c->pressure_max_m[i] - pressure);
    }
    for (uint32_t i = 0; c->velocity_max_ms < INFINITY && i < b->pipe_count; i++)
        worse(worst, GF_WATER_LIMIT_VELOCITY, b->pipes[i].link, at_case, c->velocity_max_ms - gf_water_velocity_ms(s, b->pipes[i].link));
}

static gf_status check_case(const gf_water_brief *b, uint32_t at_case, const uint16_t *option, const uint16_t *gear, const uint8_t *may_vanish,
                            gf_arena *keep, gf_water_size_slack *worst, gf_error *err)
{
    const gf_water_size_case *c = &b->cases[at_case];
    gf_water_solver *s;
    gf_water_solve_options options = { .accuracy = CHECK_ACCURACY, .iterations_max = 500, .may_vanish = may_vanish };
    gf_status status = gf_water_solver_make(b->net, &options, keep, &s, err);
    if (status != GF_OK) return status;
    for (uint32_t i = 0; i < b->pipe_count; i++) gf_water_set_diameter(s, b->pipes[i].link, b->options[option[i]].diameter_m);
    for (uint32_t i = 0; i < b->gear_count; i++) {
        const gf_water_size_gear *g = &b->gears[i];
        if (g->kind == GF_WATER_GEAR_HEAD) gf_water_set_head(s, g->index, g->values[gear[i]]);
        else gf_water_set_power(s, g->index, g->values[gear[i]]);
    }
    for (uint32_t i = 0; c->demand_m3s && i < b->net->node_count; i++)
        if (b->net->nodes[i].kind == GF_WATER_JUNCTION) gf_water_set_demand(s, i, c->demand_m3s[i]);
    status = gf_water_solve(s, NULL, err);
    if (status != GF_OK) return status;
    size_slack(b, at_case, s, worst);
    return GF_OK;
}

gf_status gf_water_size_check(const gf_water_brief *b, const uint16_t *option, const uint16_t *gear, gf_arena *keep, double *cost,
                              gf_water_size_slack *worst, gf_error *err)
{
    gf_mark mark = gf_arena_mark(keep);
    uint8_t *may_vanish = gf_new(keep, uint8_t, b->net->link_count);
    if (!may_vanish) return gf_fail_memory(err);
    *worst = (gf_water_size_slack){ 0 };
    *cost = 0;
    for (uint32_t i = 0; i < b->pipe_count; i++) {
        *cost += b->options[option[i]].unit_cost * b->pipes[i].length;
        may_vanish[b->pipes[i].link] = !(b->options[option[i]].diameter_m > 0);
    }
    for (uint32_t i = 0; i < b->gear_count; i++) *cost += b->gears[i].costs[gear[i]];
    gf_status status = GF_OK;
    for (uint32_t c = 0; status == GF_OK && c < b->case_count; c++) {
        gf_mark inner = gf_arena_mark(keep);
        status = check_case(b, c, option, gear, may_vanish, keep, worst, err);
        gf_arena_rewind(keep, inner);
    }
    gf_arena_rewind(keep, mark);
    return status;
}

/* ---- Rounds ---- */

typedef struct team {
    search  **searches;
    gf_arena **arenas;
    uint32_t  count;
    uint64_t  share;
} team;

typedef struct errand { search *search; uint64_t solves; const gf_water_size_options *options; double begun; } errand;

static double clock_of(const gf_water_size_options *o) { return o->now_s ? o->now_s(o->context) : 0; }

static bool is_late(const void *context)
{
    const errand *e = context;
    return clock_of(e->options) - e->begun >= e->options->seconds;
}

static void *run_errand(void *context)
{
    errand *e = context;
    search_round(e->search, e->solves, e->options->seconds > 0 ? is_late : NULL, e);
    return NULL;
}

/* Threads that cannot be started are run here: the answer is the same. */
static void run_round(team *t, uint64_t share, const gf_water_size_options *o, double begun)
{
    pthread_t threads[GF_WATER_THREADS_MAX];
    errand errands[GF_WATER_THREADS_MAX];
    bool started[GF_WATER_THREADS_MAX] = { false };
    for (uint32_t i = 0; i < t->count; i++) errands[i] = (errand){ t->searches[i], share, o, begun };
    for (uint32_t i = 1; i < t->count; i++) started[i] = pthread_create(&threads[i], NULL, run_errand, &errands[i]) == 0;
    run_errand(&errands[0]);
    for (uint32_t i = 1; i < t->count; i++) {
        if (started[i]) (void)pthread_join(threads[i], NULL);
        else run_errand(&errands[i]);
    }
}

static uint32_t best_of(const team *t)
{
    const uint16_t *option, *gear;
    uint32_t best = 0;
    for (uint32_t i = 1; i < t->count; i++) {
        double cost = search_best(t->searches[i], &option, &gear), least = search_best(t->searches[best], &option, &gear);
        if (cost < least || (!(least < INFINITY) && search_missing(t->searches[i]) < search_missing(t->searches[best]))) best = i;
    }
    return best;
}

static void share_best(team *t)
{
    const uint16_t *option, *gear;
    uint32_t best = best_of(t);
    double cost = search_best(t->searches[best], &option, &gear);
    for (uint32_t i = 0; i < t->count; i++)
        if (i != best) search_adopt(t->searches[i], cost, option, gear);
}

static uint64_t solves_of(const team *t)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < t->count; i++) sum += search_solves(t->searches[i]);
    return sum;
}

static gf_status team_make(const ready *r, const gf_water_size_options *options, gf_arena *keep, team *t, gf_error *err)
{
    *t = (team){ .count = options->threads == 0 ? 1 : options->threads > GF_WATER_THREADS_MAX ? GF_WATER_THREADS_MAX : options->threads };
    t->searches = gf_new(keep, search *, t->count);
    uint32_t links = r->net.link_count;
    t->share = ROUND_PIPE_SOLVES / (links > 0 ? links : 1) / r->brief->case_count;
    if (t->share < ROUND_LEAST) t->share = ROUND_LEAST;
    if (!t->searches) return gf_fail_memory(err);
    gf_status status = GF_OK;
    for (uint32_t i = 0; status == GF_OK && i < t->count; i++) status = search_make(r, options->seed, i, t->count, keep, &t->searches[i], err);
    if (status == GF_OK) share_best(t);
    return status;
}

/* ---- The bound beside the search ---- */

/* Search and bound take turns by counts alone, as long as the clock does not end the work: a linear program is reckoned as so
 * many solves as take about its time. While the search still finds better designs it gets most; later the bound does. */
enum { SOLVES_PER_ENTRY = 1000, LATE_SHARE = 32, LATE_AFTER = 10, LATE_LEAST = 100000 };

#define SECONDS_PER_ENTRY 5e-5          /* of a slow machine: a program that cannot end in time is not begun */
enum { ENTRIES_MAX = 1000000 };         /* nor one that nobody would wait for */

/* About as many entries as the first linear program has. */
static size_t size_program_entries(const ready *r)
{
    size_t sizes = 0;
    for (uint32_t i = 0; i < r->core_count; i++) sizes += r->brief->pipes[r->core_pipes[i]].option_count;
    return 30 * sizes;
}

typedef struct proof {
    bound   *bounds[GF_WATER_CASES_MAX];
    uint32_t count;
    double   value, debt;           /* debt: solves that the search is still to do before the bound's next turn */
    bool     more;
    const gf_water_size_options *options;
    double   begun;
} proof;

static double seconds_left(void *context)
{
    const proof *p = context;
    return p->options->seconds > 0 ? p->begun + p->options->seconds - clock_of(p->options) : 1e9;
}

/* The brief with one of its cases: its branches are exact again, and their stairs sorted. */
static gf_status one_case(const gf_water_brief *brief, uint32_t at_case, gf_arena *keep, const ready **out, gf_error *err)
{
    gf_water_brief *alone = gf_new(keep, gf_water_brief, 1);
    ready *r = gf_new(keep, ready, 1);
    if (!alone || !r) return gf_fail_memory(err);
    *alone = *brief;
    alone->cases = &brief->cases[at_case];
    alone->case_count = 1;
    *out = r;
    return size_prepare(alone, keep, r, err);
}

static gf_status proof_make(const ready *r, const gf_water_size_options *options, double begun, gf_arena *keep, proof *out, gf_error *err)
{
    *out = (proof){ .options = options, .begun = begun, .more = options->bound && size_program_entries(r) <= ENTRIES_MAX };
    gf_status status = GF_OK;
    out->debt = (double)size_program_entries(r) * SOLVES_PER_ENTRY / r->net.link_count / LATE_SHARE;
    for (uint32_t c = 0; status == GF_OK && c < r->brief->case_count; c++) {
        const ready *alone = r;
        if (r->brief->case_count > 1) status = one_case(r->brief, c, keep, &alone, err);
        if (status == GF_OK) status = bound_make(alone, 0, keep, &out->bounds[c], err);
        if (status != GF_OK) break;
        out->count++;
        out->value = fmax(out->value, bound_value(out->bounds[c]));
        if (options->seconds > 0) bound_watch(out->bounds[c], seconds_left, out);
    }
    return status;
}

/* `late`: the search has long found nothing better. */
static void proof_round(proof *p, const ready *r, double cost, double solves, bool late)
{
    p->debt -= solves;
    if (!p->more || p->debt > 0 || seconds_left(p) < (double)size_program_entries(r) * SECONDS_PER_ENTRY) return;
    p->more = false;
    p->debt = 0;
    for (uint32_t c = 0; c < p->count; c++) {
        p->more |= bound_round(p->bounds[c], cost);
        p->value = fmax(p->value, bound_value(p->bounds[c]));
        p->debt += (double)bound_entries(p->bounds[c]) * SOLVES_PER_ENTRY / r->net.link_count / (late ? LATE_SHARE : 1);
    }
}

static void proof_close(proof *p)
{
    for (uint32_t c = 0; c < p->count; c++) bound_close(p->bounds[c]);
}

/* ---- From end to end ---- */

static void tell(const gf_water_size_options *o, const team *t, double seconds, double lower_bound)
{
    const uint16_t *option, *gear;
    gf_water_size_progress p = { .seconds = seconds, .solves = solves_of(t), .lower_bound = lower_bound,
        .cost = search_best(t->searches[0], &option, &gear) };
    if (o->progress) o->progress(o->context, &p);
}

/* The search has an answer that the bound cannot be told from. */
static bool closed(double cost, double bound_of) { return cost < INFINITY && bound_of >= cost - 1e-7 * fabs(cost); }

static bool all_gone_through(const team *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (!search_exhausted(t->searches[i])) return false;
    return true;
}

static gf_water_size_end run_team(const ready *r, team *t, proof *p, const gf_water_size_options *o, double begun)
{
    const uint16_t *option, *gear;
    uint64_t found_at = 0;
    for (;;) {
        uint64_t done = solves_of(t), share = t->share;
        double seconds = clock_of(o) - begun, cost = search_best(t->searches[0], &option, &gear);
        if (all_gone_through(t) || closed(cost, p->value)) return GF_WATER_END_PROVEN;
        if (o->work > 0 && done >= o->work) return GF_WATER_END_WORK;
        if (o->work > 0 && (o->work - done) / t->count < share) share = (o->work - done) / t->count + 1;
        if (o->seconds > 0 && seconds >= o->seconds) return GF_WATER_END_SECONDS;
        if (o->stop && o->stop(o->context)) return GF_WATER_END_INTERRUPT;
        double before = cost;
        run_round(t, share, o, begun);
        share_best(t);
        if (solves_of(t) == done && !all_gone_through(t)) return GF_WATER_END_WORK;      /* nothing is left to choose, and nothing proven */
        cost = search_best(t->searches[0], &option, &gear);
        if (cost < before) found_at = solves_of(t);
        proof_round(p, r, cost, (double)(solves_of(t) - done), solves_of(t) > LATE_AFTER * found_at + LATE_LEAST);
        tell(o, t, clock_of(o) - begun, p->value);
    }
}

static gf_status write_answer(const gf_water_brief *b, const team *t, gf_arena *keep, gf_water_sizing *out, gf_error *err)
{
    const uint16_t *option, *gear;
    double cost = search_best(t->searches[best_of(t)], &option, &gear);
    out->option = gf_new(keep, uint16_t, b->pipe_count);
    out->gear = gf_new(keep, uint16_t, b->gear_count);
    if (!out->option || !out->gear) return gf_fail_memory(err);
    memcpy(out->option, option, b->pipe_count * sizeof *option);
    memcpy(out->gear, gear, b->gear_count * sizeof *gear);
    out->feasible = cost < INFINITY;
    out->solves = solves_of(t);
    return gf_water_size_check(b, out->option, out->gear, keep, &out->cost, &out->worst, err);
}

gf_status gf_water_size(const gf_water_brief *brief, const gf_water_size_options *options, gf_arena *keep, gf_water_sizing *out, gf_error *err)
{
    double begun = clock_of(options);
    ready r;
    team t;
    proof p = { 0 };
    gf_water_sizing result = { 0 };
    gf_status status = size_prepare(brief, keep, &r, err);
    if (status == GF_OK) status = team_make(&r, options, keep, &t, err);
    if (status == GF_OK) status = proof_make(&r, options, begun, keep, &p, err);
    if (status != GF_OK) return status;
    result.end = run_team(&r, &t, &p, options, begun);
    proof_close(&p);
    status = write_answer(brief, &t, keep, &result, err);
    result.seconds = clock_of(options) - begun;
    result.proven = result.feasible && result.end == GF_WATER_END_PROVEN;
    if (status == GF_OK && !result.feasible) status = size_remedy(brief, result.option, &result.worst, keep, &result.remedy, err);
    result.lower_bound = result.proven ? result.cost : result.feasible ? fmin(p.value, result.cost) : 0;
    *out = result;
    return status;
}
