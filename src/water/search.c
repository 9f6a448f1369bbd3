/* The sizes of the core: simulated annealing in cycles of growing length, each followed by a descent.
 *
 * One cycle starts afresh from a random design, the next from the best one known, reheated; the penalty for a missing metre
 * rises while designs are infeasible and falls while they are feasible, so that the walk keeps to the border, where the cheap
 * ones are. Before all, pipes are made smaller one after the other as long as that is feasible: large networks have a fair
 * design then. The descent tries every smaller size, every pair of one larger and one smaller, and stops when none helps.
 * A space of a few thousand designs is simply gone through, which proves the best of them.
 * What a thread does hangs on its seed and on the designs given to it at fixed counts of solves, never on the clock.
 */
#include "water/size.h"
#include <string.h>

/* From so many pipes on a random design is too far from any that works: a fresh cycle begins near the largest sizes. */
enum { LARGE_CORE = 250 };
enum { LIST_MAX = 20000 };
enum { CYCLE_LEAST = 3000, CYCLE_PER_PIPE = 250, CYCLE_DOUBLINGS = 7, BALANCE_EVERY = 50 };

typedef enum phase { LISTING, SWEEPING, ANNEALING, DESCENDING } phase;

struct search {
    const ready *ready;
    trial        trial;
    uint64_t     random;
    uint32_t     thread, threads, cycle;
    uint64_t     listed, to_list;   /* designs gone through, and all there are; 0 = too many */
    bool         unsolved;          /* one of them had no steady state: nothing is proven then */
    phase        phase;
    uint16_t    *best_option, *best_gear, *local_option, *local_gear;   /* of all; of this cycle */
    double       best_cost, best_missing, local_cost;
    verdict      now;
    double       penalty, heat_first, heat_last;
    uint64_t     step, steps;       /* of the annealing */
    uint32_t     tried, infeasible;
    uint32_t     at, at_other, unchanged;       /* of sweep and descent: pipe or pair under trial, trials without gain */
    uint16_t    *order;
};

static uint64_t draw(search *s)     /* splitmix64 */
{
    uint64_t z = s->random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t below(search *s, uint32_t count) { return (uint32_t)((draw(s) >> 32) * count >> 32); }
static double chance(search *s) { return (double)(draw(s) >> 11) * 0x1p-53; }

/* ---- Sizes as ranks among those a pipe may have ---- */

static uint32_t rank_of(const gf_water_size_pipe *p, uint16_t option)
{
    uint32_t k = 0;
    while (k + 1 < p->option_count && p->options[k] != option) k++;
    return k;
}

static bool move_rank(search *s, uint32_t pipe, int by)
{
    const gf_water_size_pipe *p = &s->ready->brief->pipes[pipe];
    int to = (int)rank_of(p, s->trial.option[pipe]) + by;
    if (to < 0 || to >= (int)p->option_count) return false;
    trial_set(&s->trial, pipe, p->options[to]);
    return true;
}

/* ---- Keeping the best ---- */

static bool solved_tightly(search *s)
{
    double cost;
    gf_water_size_slack worst;
    gf_arena *scratch = gf_arena_open((size_t)1 << 30);
    bool good = scratch && gf_water_size_check(s->ready->brief, s->trial.option, s->trial.gear, scratch, &cost, &worst, NULL) == GF_OK
        && worst.slack >= SIZE_MARGIN_M / 2;
    gf_arena_close(scratch);
    s->trial.solves += s->ready->brief->case_count;
    return good;
}

static void keep_best(search *s)
{
    const gf_water_brief *b = s->ready->brief;
    if (s->now.missing > 0 || !s->now.solved) {
        if (s->best_cost < INFINITY || !s->now.solved || s->now.missing >= s->best_missing) return;
        s->best_missing = s->now.missing;
        trial_write_branches(&s->trial);
    } else {
        if (s->now.cost < s->local_cost - 1e-9 * fabs(s->now.cost)) {
            s->local_cost = s->now.cost;
            memcpy(s->local_option, s->trial.option, b->pipe_count * sizeof *s->local_option);
            memcpy(s->local_gear, s->trial.gear, b->gear_count * sizeof *s->local_gear);
        }
        if (s->now.cost >= s->best_cost - 1e-9 * fabs(s->now.cost)) return;
        trial_write_branches(&s->trial);
        if (!solved_tightly(s)) return;
        s->best_cost = s->now.cost;
    }
    memcpy(s->best_option, s->trial.option, b->pipe_count * sizeof *s->best_option);
    memcpy(s->best_gear, s->trial.gear, b->gear_count * sizeof *s->best_gear);
}

/* ---- Annealing ---- */

static void begin_cycle(search *s)
{
    const gf_water_brief *b = s->ready->brief;
    uint32_t turn = s->cycle++ + s->thread, doublings = s->cycle / 2 < CYCLE_DOUBLINGS ? s->cycle / 2 : CYCLE_DOUBLINGS;
    bool large = s->ready->core_count >= LARGE_CORE, fresh = (turn % 3 == 0 && !(large && s->cycle < 4)) || !(s->best_cost < INFINITY);
    s->steps = (uint64_t)(CYCLE_LEAST + CYCLE_PER_PIPE * s->ready->core_count) << doublings;
    s->step = 0;
    s->tried = s->infeasible = 0;
    s->phase = ANNEALING;
    s->local_cost = INFINITY;
    double warmer = s->cycle / 3 % 2 ? 1.5 : 1;
    s->heat_first = s->ready->step_cost * warmer * (fresh ? 2 : turn % 3 == 1 ? 0.15 : 0.5);
    s->heat_last = s->ready->step_cost * 0.003;
    if (fresh) {
        for (uint32_t i = 0; i < s->ready->core_count; i++) {
            const gf_water_size_pipe *p = &b->pipes[s->ready->core_pipes[i]];
            uint32_t rank = s->ready->core_count < LARGE_CORE ? below(s, p->option_count) : p->option_count - 1 - below(s, p->option_count > 2 ? 2 : 1);
            trial_set(&s->trial, s->ready->core_pipes[i], p->options[rank]);
        }
        for (uint32_t i = 0; i < b->gear_count; i++) trial_set_gear(&s->trial, i, (uint16_t)below(s, b->gears[i].count));
        s->penalty = s->ready->step_cost * 10;
    } else {
        trial_take(&s->trial, s->best_option, s->best_gear);
    }
    s->now = trial_judge(&s->trial);
    keep_best(s);
}

static double energy(const search *s, const verdict *v) { return v->solved ? v->cost + s->penalty * v->missing : INFINITY; }

/* What was changed, so that it can be taken back. */
typedef struct change { uint32_t pipe[2]; uint16_t option[2], gear; uint32_t count, at_gear; bool gears; } change;

static void note(search *s, change *c, uint32_t pipe)
{
    c->pipe[c->count] = pipe;
    c->option[c->count++] = s->trial.option[pipe];
}

static void take_back(search *s, const change *c)
{
    for (uint32_t i = c->count; i-- > 0;) trial_set(&s->trial, c->pipe[i], c->option[i]);
    if (c->gears) trial_set_gear(&s->trial, c->at_gear, c->gear);
    trial_restore_flows(&s->trial);
}

static bool random_change(search *s, change *c)
{
    const gf_water_brief *b = s->ready->brief;
    *c = (change){ 0 };
    if (b->gear_count > 0 && (s->ready->core_count == 0 || below(s, 20) == 0)) {
        uint32_t g = below(s, b->gear_count);
        *c = (change){ .gears = true, .at_gear = g, .gear = s->trial.gear[g] };
        trial_set_gear(&s->trial, g, (uint16_t)below(s, b->gears[g].count));
        return s->trial.gear[g] != c->gear;
    }
    uint32_t first = s->ready->core_pipes[below(s, s->ready->core_count)], kind = below(s, 100);
    int by = below(s, 2) ? 1 : -1;
    if (kind < 8) by *= 2;
    note(s, c, first);
    bool moved = move_rank(s, first, by);
    if (kind < 50 || s->ready->core_count < 2) return moved;
    uint32_t second = s->ready->core_pipes[below(s, s->ready->core_count)];
    if (second == first) return moved;
    note(s, c, second);
    return move_rank(s, second, by > 0 ? -1 : 1) || moved;
}

static void balance_penalty(search *s)
{
    if (++s->tried < BALANCE_EVERY) return;
    s->penalty *= s->infeasible * 10 > s->tried * 6 ? 1.15 : s->infeasible * 10 < s->tried * 4 ? 1 / 1.15 : 1;
    s->penalty = fmax(s->penalty, s->ready->step_cost * 1e-3);
    s->tried = s->infeasible = 0;
}

static void anneal(search *s)
{
    double heat = s->heat_first * pow(s->heat_last / s->heat_first, (double)s->step / (double)s->steps);
    change c;
    s->step++;
    trial_keep_flows(&s->trial);
    if (!random_change(s, &c)) {
        take_back(s, &c);
        return;
    }
    verdict next = trial_judge(&s->trial);
    double rise = energy(s, &next) - energy(s, &s->now);
    if (next.solved && (rise <= 0 || chance(s) < exp(-rise / heat))) {
        s->now = next;
        keep_best(s);
    } else {
        take_back(s, &c);
    }
    s->infeasible += s->now.missing > 0;
    balance_penalty(s);
}

/* ---- Sweep and descent ---- */

static void shuffle(search *s)
{
    s->at = s->at_other = s->unchanged = 0;
    for (uint32_t i = 0; i < s->ready->core_count; i++) s->order[i] = (uint16_t)i;
    for (uint32_t i = s->ready->core_count; i-- > 1;) {
        uint32_t k = below(s, i + 1);
        uint16_t kept = s->order[i];
        s->order[i] = s->order[k];
        s->order[k] = kept;
    }
}

/* One pipe one size smaller, in turn; false when none can be any more. */
static bool sweep(search *s)
{
    uint32_t count = s->ready->core_count;
    if (s->unchanged++ >= count || s->now.missing > 0 || !s->now.solved) return false;
    change c = { 0 };
    uint32_t pipe = s->ready->core_pipes[s->order[s->at]];
    s->at = s->at + 1 < count ? s->at + 1 : 0;
    trial_keep_flows(&s->trial);
    note(s, &c, pipe);
    if (!move_rank(s, pipe, -1)) return true;
    verdict next = trial_judge(&s->trial);
    if (next.solved && next.missing <= 0 && next.cost <= s->now.cost) {
        s->now = next;
        s->unchanged = 0;
    } else {
        take_back(s, &c);
    }
    return true;
}

static void begin_descent(search *s)
{
    s->phase = DESCENDING;
    shuffle(s);
    trial_take(&s->trial, s->local_option, s->local_gear);
    s->now = trial_judge(&s->trial);
}

/* Pairs (up, down) in turn; the same pipe twice stands for one smaller size alone. */
static bool next_pair(search *s, uint32_t *up, uint32_t *down)
{
    uint32_t count = s->ready->core_count;
    if (s->unchanged >= count * count || count == 0) return false;
    *up = s->ready->core_pipes[s->order[s->at]];
    *down = s->ready->core_pipes[s->order[s->at_other]];
    if (++s->at_other == count) {
        s->at_other = 0;
        if (++s->at == count) s->at = 0;
    }
    s->unchanged++;
    return true;
}

static bool cheaper_pair(const search *s, uint32_t up, uint32_t down)
{
    const gf_water_brief *b = s->ready->brief;
    const gf_water_size_pipe *more = &b->pipes[up], *less = &b->pipes[down];
    uint32_t u = rank_of(more, s->trial.option[up]), d = rank_of(less, s->trial.option[down]);
    if (d == 0 || (up != down && u + 1 >= more->option_count)) return false;
    double saved = (b->options[less->options[d]].unit_cost - b->options[less->options[d - 1]].unit_cost) * less->length;
    double added = up == down ? 0 : (b->options[more->options[u + 1]].unit_cost - b->options[more->options[u]].unit_cost) * more->length;
    return saved > added || s->ready->core_count < s->ready->brief->pipe_count;     /* branches may pay for the difference */
}

static bool descend(search *s)
{
    uint32_t up, down;
    do {
        if (!next_pair(s, &up, &down)) return false;
    } while (!cheaper_pair(s, up, down));
    change c = { 0 };
    trial_keep_flows(&s->trial);
    note(s, &c, down);
    (void)move_rank(s, down, -1);
    if (up != down) {
        note(s, &c, up);
        (void)move_rank(s, up, 1);
    }
    verdict next = trial_judge(&s->trial);
    if (next.solved && next.missing <= 0 && next.cost < s->now.cost - 1e-9 * fabs(s->now.cost)) {
        s->now = next;
        s->unchanged = 0;
        keep_best(s);
    } else {
        take_back(s, &c);
    }
    return true;
}

/* ---- Going through all ---- */

static uint64_t count_designs(const ready *r)
{
    uint64_t all = 1;
    for (uint32_t i = 0; i < r->core_count && all <= LIST_MAX; i++) all *= r->brief->pipes[r->core_pipes[i]].option_count;
    for (uint32_t i = 0; i < r->brief->gear_count && all <= LIST_MAX; i++) all *= r->brief->gears[i].count;
    return all <= LIST_MAX && r->exact ? all : 0;
}

/* The next design of this thread's share; false behind the last. */
static bool list_next(search *s)
{
    if (s->listed >= s->to_list) return false;
    uint64_t rest = s->listed;
    s->listed += s->threads;
    for (uint32_t i = 0; i < s->ready->core_count; i++) {
        const gf_water_size_pipe *p = &s->ready->brief->pipes[s->ready->core_pipes[i]];
        uint16_t option = p->options[rest % p->option_count];
        rest /= p->option_count;
        if (s->trial.option[s->ready->core_pipes[i]] != option) trial_set(&s->trial, s->ready->core_pipes[i], option);
    }
    for (uint32_t i = 0; i < s->ready->brief->gear_count; i++) {
        trial_set_gear(&s->trial, i, (uint16_t)(rest % s->ready->brief->gears[i].count));
        rest /= s->ready->brief->gears[i].count;
    }
    s->now = trial_judge(&s->trial);
    s->unsolved |= !s->now.solved;
    keep_best(s);
    return true;
}

/* ---- Rounds ---- */

static verdict all_at_rank(search *s, uint32_t rank)
{
    for (uint32_t i = 0; i < s->ready->core_count; i++) {
        const gf_water_size_pipe *p = &s->ready->brief->pipes[s->ready->core_pipes[i]];
        trial_set(&s->trial, s->ready->core_pipes[i], p->options[rank < p->option_count ? rank : p->option_count - 1]);
    }
    return trial_judge(&s->trial);
}

/* Everything at its largest is mostly feasible, and a first answer; then the least rank that all pipes may share. */
static void first_design(search *s)
{
    uint32_t low = 0, high = 0;
    for (uint32_t i = 0; i < s->ready->core_count; i++) {
        uint32_t count = s->ready->brief->pipes[s->ready->core_pipes[i]].option_count;
        high = count > high ? count - 1 : high;
    }
    s->now = trial_judge(&s->trial);
    keep_best(s);
    if (!s->now.solved || s->now.missing > 0) return;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        verdict v = all_at_rank(s, middle);
        if (v.solved && v.missing <= 0) high = middle;
        else low = middle + 1;
    }
    s->now = all_at_rank(s, high);
    keep_best(s);
}

gf_status search_make(const ready *r, uint64_t seed, uint32_t thread, uint32_t threads, gf_arena *keep, search **out, gf_error *err)
{
    search *s = gf_new(keep, search, 1);
    if (!s) return gf_fail_memory(err);
    *s = (search){ .ready = r, .random = seed * 0x9e3779b97f4a7c15u + thread * 0xd1b54a32d192ed03u + 1, .thread = thread, .threads = threads,
        .listed = thread, .to_list = count_designs(r), .phase = LISTING, .best_cost = INFINITY, .best_missing = INFINITY };
    uint32_t pipes = r->brief->pipe_count, gears = r->brief->gear_count;
    s->best_option = gf_new(keep, uint16_t, pipes);
    s->local_option = gf_new(keep, uint16_t, pipes);
    s->best_gear = gf_new(keep, uint16_t, gears);
    s->local_gear = gf_new(keep, uint16_t, gears);
    s->order = gf_new(keep, uint16_t, pipes);
    if (!s->best_option || !s->local_option || !s->best_gear || !s->local_gear || !s->order) return gf_fail_memory(err);
    gf_status status = trial_make(r, 1e-4, keep, &s->trial, err);
    if (status != GF_OK) return status;
    first_design(s);
    if (s->to_list == 0) s->phase = SWEEPING;
    if (s->ready->core_count > 0) shuffle(s);
    *out = s;
    return GF_OK;
}

bool search_exhausted(const search *s) { return s->to_list > 0 && s->listed >= s->to_list && !s->unsolved; }

void search_round(search *s, uint64_t solves, bool (*late)(const void *context), const void *context)
{
    uint64_t until = s->trial.solves + solves;
    while (s->trial.solves < until && !(late && late(context))) {
        if (s->phase == LISTING) {
            if (list_next(s)) continue;
            if (s->ready->core_count == 0 || search_exhausted(s)) return;
            s->phase = SWEEPING;
        } else if (s->phase == SWEEPING) {
            if (sweep(s)) continue;
            keep_best(s);
            begin_cycle(s);
        } else if (s->phase == ANNEALING && s->step < s->steps) anneal(s);
        else if (s->phase == ANNEALING && s->local_cost < INFINITY) begin_descent(s);
        else if (s->phase == ANNEALING || !descend(s)) begin_cycle(s);
    }
    if (s->phase == SWEEPING) keep_best(s);     /* a sweep may be longer than the time there is */
}

double search_best(const search *s, const uint16_t **option, const uint16_t **gear)
{
    *option = s->best_option;
    *gear = s->best_gear;
    return s->best_cost;
}

double search_missing(const search *s) { return s->best_cost < INFINITY ? 0 : s->best_missing; }

void search_adopt(search *s, double cost, const uint16_t *option, const uint16_t *gear)
{
    if (cost >= s->best_cost) return;
    s->best_cost = cost;
    memcpy(s->best_option, option, s->ready->brief->pipe_count * sizeof *option);
    memcpy(s->best_gear, gear, s->ready->brief->gear_count * sizeof *gear);
}

uint64_t search_solves(const search *s) { return s->trial.solves; }
