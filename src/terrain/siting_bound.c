/* How much better could any choice be? The dual of the linear relaxation of maximal covering.
 *
 * Give every cell j a price p_j from 0 to w_j. Whoever covers cells earns their prices; the rest of their weight is given away. Then for
 * every choice X that keeps counts and budget
 *
 *     covered(X) <= before + sum_j (w_j - p_j) + sum_{i in X} sum_{j seen by i} p_j
 *
 * because a covered cell brings w_j on the left and at least (w_j - p_j) + p_j on the right. So the greatest right-hand side over all X is
 * a bound whatever the prices are: the most expensive candidates of each kind, and under a budget the same
 * with a price on money. Prices are moved against the subgradient (cells that two of the dearest see become cheaper, those that
 * none sees dearer; Held, Wolfe and Crowder 1974), with Polyak's step towards what is known to be reachable. */
#include "terrain/siting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS_LEAST = 8, TURNS_MOST = 400, PATIENCE = 6, MONEY_TURNS = 60 };
static const uint64_t VISITS_MAX = 200000000;
static const double NEAR_ENOUGH = 1e-4;   /* a gap below is as good as none */
static const double SHARE_LEAST = 0.02;    /* steps below lead nowhere */

typedef struct earner { double value; size_t candidate; } earner;

typedef struct dual {
    const gf_terrain_cover          *c;
    const gf_terrain_siting_options *options;
    const gf_terrain_work           *work;
    double   *price, *earned;        /* by cell; by candidate */
    uint16_t *times;                 /* by cell: how many of the dearest see it */
    earner   *order[2];              /* new, upgrade: scratch of dearest() */
    size_t   *dearest, dearest_count;
    double    free;                  /* sum of w_j - p_j of cells not covered by what stands */
} dual;

/* ---- The dearest choice for given prices ---- */

static bool earn(void *context, size_t i)
{
    dual *d = context;
    double sum = 0;
    const uint64_t *row = siting_row(d->c, i);
    for (size_t k = 0; k < d->c->words; k++)
        for (uint64_t word = row[k]; word; word &= word - 1)
            sum += d->price[k * 64 + (size_t)__builtin_ctzll(word)];
    d->earned[i] = sum;
    return true;
}

static int by_value(const void *left, const void *right)
{
    const earner *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? 1 : -1;
    return (a->candidate > b->candidate) - (a->candidate < b->candidate);
}

/* The best sum without a budget when each unit of money costs `rate`. */
static double best_sum(dual *d, double rate, bool keep)
{
    const size_t most[2] = { d->options->new_count, d->options->upgrade_count };
    size_t counts[2] = { 0, 0 };
    double sum = 0;
    for (size_t i = 0; i < d->c->count; i++) {
        int kind = d->c->candidates[i].upgrade;
        double value = d->earned[i] - rate * (double)d->c->candidates[i].cost;
        if (value > 0 && d->c->candidates[i].cost <= d->options->budget)
            d->order[kind][counts[kind]++] = (earner){ value, i };
    }
    d->dearest_count = keep ? 0 : d->dearest_count;
    for (int kind = 0; kind < 2; kind++) {
        qsort(d->order[kind], counts[kind], sizeof **d->order, by_value);
        for (size_t n = 0; n < counts[kind] && n < most[kind]; n++) {
            sum += d->order[kind][n].value;
            if (keep)
                d->dearest[d->dearest_count++] = d->order[kind][n].candidate;
        }
    }
    return sum;
}

/* Under a budget: the least over the price of money, a convex function, by thirds. */
static double best_within_budget(dual *d)
{
    if (d->options->budget == INT64_MAX)
        return best_sum(d, 0, true);
    double low = 0, high = 0, money = (double)d->options->budget;
    for (size_t i = 0; i < d->c->count; i++)
        if (d->c->candidates[i].cost > 0)
            high = fmax(high, d->earned[i] / (double)d->c->candidates[i].cost);
    for (int turn = 0; turn < MONEY_TURNS; turn++) {
        double a = low + (high - low) / 3, b = high - (high - low) / 3;
        if (best_sum(d, a, false) + a * money <= best_sum(d, b, false) + b * money)
            high = b;
        else
            low = a;
    }
    double at_rate = best_sum(d, high, true) + high * money, without = best_sum(d, 0, false);
    return fmin(at_rate, without);
}

/* ---- Prices ---- */

static double value_of(dual *d)
{
    (void)crew_run(d->work, d->c->count, earn, d);
    return d->c->before + d->free + best_within_budget(d);
}

static void count_times(dual *d, const size_t *sites, size_t count)
{
    memset(d->times, 0, d->c->words * 64 * sizeof *d->times);
    for (size_t n = 0; n < count; n++) {
        const uint64_t *row = siting_row(d->c, sites[n]);
        for (size_t k = 0; k < d->c->words; k++)
            for (uint64_t word = row[k]; word; word &= word - 1)
                d->times[k * 64 + (size_t)__builtin_ctzll(word)] += 1;
    }
}

static bool is_open(const gf_terrain_cover *c, size_t j) { return !(c->base[j / 64] >> (j % 64) & 1); }

static void sum_free(dual *d)
{
    d->free = 0;
    for (size_t j = 0; j < d->c->cells; j++)
        d->free += is_open(d->c, j) ? d->c->w[j] - d->price[j] : 0;
}

static bool may_move(const dual *d, size_t j)
{
    int slope = (int)d->times[j] - 1;   /* of the bound, when the price rises */
    return is_open(d->c, j) && ((slope > 0 && d->price[j] > 0) || (slope < 0 && d->price[j] < d->c->w[j]));
}

/* Towards `goal`, by `share` of the way that a linear bound would need. False when no price can move. */
static bool move_prices(dual *d, double value, double goal, double share)
{
    double norm = 0;
    for (size_t j = 0; j < d->c->cells; j++)
        if (may_move(d, j)) {
            double slope = d->c->w[j] * ((double)d->times[j] - 1);
            norm += slope * slope;
        }
    if (!(norm > 0))
        return false;
    double step = share * (value - goal) / norm;
    for (size_t j = 0; j < d->c->cells; j++)
        if (may_move(d, j)) {
            double moved = d->price[j] - step * d->c->w[j] * d->c->w[j] * ((double)d->times[j] - 1);
            d->price[j] = fmax(0, fmin(d->c->w[j], moved));
        }
    sum_free(d);
    return true;
}

/* ---- The search ---- */

static size_t turns_of(const gf_terrain_cover *c, const gf_terrain_siting_options *options)
{
    uint64_t visits = 1, most = options->visits_max ? options->visits_max : VISITS_MAX;
    for (size_t k = 0; k < c->count * c->words; k++)
        visits += (uint64_t)__builtin_popcountll(c->bits[k]);
    uint64_t turns = most / visits;
    return turns < TURNS_LEAST ? TURNS_LEAST : turns > TURNS_MOST ? TURNS_MOST : (size_t)turns;
}

static bool begin(dual *d, const siting_task *task, gf_arena *arena)
{
    const gf_terrain_cover *c = task->cover;
    *d = (dual){ .c = c, .options = task->options, .work = task->work };
    d->price = gf_new(arena, double, c->words * 64 + 1);
    d->earned = gf_new(arena, double, c->count + 1);
    d->times = gf_new(arena, uint16_t, c->words * 64 + 1);
    d->order[0] = gf_new(arena, earner, c->count + 1);
    d->order[1] = gf_new(arena, earner, c->count + 1);
    d->dearest = gf_new(arena, size_t, c->count + 1);
    return d->price && d->earned && d->times && d->order[0] && d->order[1] && d->dearest;
}

/* Prices of the choice at hand: a cell that nobody or one of it covers is worth all, one that several cover nothing. */
static void price_by(dual *d, const size_t *sites, size_t count)
{
    count_times(d, sites, count);
    for (size_t j = 0; j < d->c->cells; j++)
        d->price[j] = is_open(d->c, j) && d->times[j] < 2 ? d->c->w[j] : 0;
    sum_free(d);
}

gf_status siting_bound(const siting_task *task, const size_t *sites, size_t count, double covered, gf_arena *arena, double *bound, gf_error *err)
{
    const gf_terrain_cover *c = task->cover;
    const gf_terrain_work *work = task->work;
    dual d;
    if (!begin(&d, task, arena))
        return gf_fail_memory(err);
    double best = c->total, share = 1.5;
    size_t turns = turns_of(c, task->options), since = 0;
    price_by(&d, sites, count);
    for (size_t turn = 0; turn < turns; turn++) {
        if (work && work->cancelled && work->cancelled(work->context))
            return gf_fail(err, GF_ECANCELLED, "terrain.cancelled", "", "cancelled");
        double value = value_of(&d);
        since = value < best * (1 - 1e-6) ? 0 : since + 1;
        best = fmin(best, value);
        if (since >= PATIENCE) {
            share /= 2;
            since = 0;
        }
        if (best - covered <= NEAR_ENOUGH * best || share < SHARE_LEAST)
            break;
        count_times(&d, d.dearest, d.dearest_count);
        if (!move_prices(&d, value, covered, share))
            break;
    }
    *bound = fmax(best, covered);   /* rounding apart it never is below */
    return GF_OK;
}
