/* The choice: lazy greedy (a gain only shrinks as others are chosen, so an old one is a bound), then exchanges.
 *
 * An exchange of site i for candidate k changes the covered weight by gain(k) + (cells that only i covers and k sees) - (cells that
 * only i covers): one pass over k's cells gives it for every i at once. The best exchange is made until none helps. With a
 * budget greedy runs by gain, by gain for money, and by gain less a price on money, for eight prices; the best end is taken. Ties go to
 * the lower index. */
#include "terrain/siting.h"

#include <math.h>
#include <string.h>

enum { EXCHANGES_MAX = 200, NOBODY = UINT32_MAX, PRICES = 8 };
static const double FOR_MONEY = -1;   /* in place of a price: gain divided by cost */
static const double WORTH = 1e-9;   /* of the total: a gain below is none */

typedef struct choice {
    const gf_terrain_cover *c;
    const gf_terrain_work  *work;
    size_t   *sites, count;
    size_t    left_new, left_upgrade;
    int64_t   left;                  /* of the budget */
    uint64_t *covered;
    uint32_t *owner;                 /* of each cell: the place in `sites` of the only one that covers it */
    uint8_t  *times;                 /* how many do: 0, 1, 2 = more */
    double   *alone;                 /* by site: what only it covers */
    bool     *chosen;                /* by candidate */
    struct offer { double value; uint32_t site; } *offers;   /* by candidate: its best exchange */
} choice;

/* ---- Greedy ---- */

static bool fits(const choice *s, size_t i)
{
    const gf_terrain_candidate *k = &s->c->candidates[i];
    return !s->chosen[i] && (k->upgrade ? s->left_upgrade : s->left_new) > 0 && k->cost <= s->left;
}

static double gain_now(const choice *s, size_t i)
{
    double gain = 0;
    const uint64_t *row = siting_row(s->c, i);
    for (size_t k = 0; k < s->c->words; k++)
        for (uint64_t word = row[k] & ~s->covered[k]; word; word &= word - 1)
            gain += s->c->w[k * 64 + (size_t)__builtin_ctzll(word)];
    return gain;
}

static void take(choice *s, size_t i)
{
    const gf_terrain_candidate *k = &s->c->candidates[i];
    s->chosen[i] = true;
    s->sites[s->count++] = i;
    s->left_new -= !k->upgrade;
    s->left_upgrade -= k->upgrade;
    s->left -= k->cost;
    for (size_t w = 0; w < s->c->words; w++)
        s->covered[w] |= siting_row(s->c, i)[w];
}

typedef struct first_gains { const choice *s; double *gains; } first_gains;
static bool first_gain(void *context, size_t i)
{
    const first_gains *f = context;
    f->gains[i] = gain_now(f->s, i);
    return true;
}

static double key_of(const choice *s, const double *gains, size_t i, double price)
{
    double cost = (double)s->c->candidates[i].cost;
    return price == FOR_MONEY ? gains[i] / (cost + 1e-3) : gains[i] - price * cost;
}

/* gains[i] is what i gained when `seen[i]` sites were chosen. */
static bool greedy(choice *s, double *gains, size_t *seen, double price)
{
    first_gains first = { s, gains };
    double least = WORTH * s->c->total;
    if (!crew_run(s->work, s->c->count, first_gain, &first))
        return false;
    memset(seen, 0, s->c->count * sizeof *seen);
    for (;;) {
        size_t best = s->c->count;
        for (size_t i = 0; i < s->c->count; i++)
            if (fits(s, i) && gains[i] > least && key_of(s, gains, i, price) > 0 &&
                (best == s->c->count || key_of(s, gains, i, price) > key_of(s, gains, best, price)))
                best = i;
        if (best == s->c->count)
            return true;
        if (seen[best] == s->count) {
            take(s, best);
            continue;
        }
        gains[best] = gain_now(s, best);
        seen[best] = s->count;
    }
}

/* ---- Exchanges ---- */

static void count_cover(choice *s)
{
    memset(s->times, 0, s->c->cells);
    memset(s->alone, 0, (s->count + 1) * sizeof *s->alone);
    for (size_t n = 0; n < s->count; n++) {
        const uint64_t *row = siting_row(s->c, s->sites[n]);
        for (size_t k = 0; k < s->c->words; k++)
            for (uint64_t word = row[k]; word; word &= word - 1) {
                size_t j = k * 64 + (size_t)__builtin_ctzll(word);
                s->owner[j] = (uint32_t)n;
                s->times[j] = s->times[j] < 2 ? (uint8_t)(s->times[j] + 1) : 2;
            }
    }
    for (size_t j = 0; j < s->c->cells; j++)
        if (s->times[j] == 1)
            s->alone[s->owner[j]] += s->c->w[j];
}

static bool may_replace(const choice *s, size_t candidate, size_t n)
{
    const gf_terrain_candidate *in = &s->c->candidates[candidate], *out = &s->c->candidates[s->sites[n]];
    return in->upgrade == out->upgrade && in->cost <= s->left + out->cost;
}

static bool make_offer(void *context, size_t i)
{
    enum { SITES_AT_HAND = 1024 };
    const choice *s = context;
    double shared[SITES_AT_HAND] = { 0 }, gain = 0;
    s->offers[i] = (struct offer){ 0, NOBODY };
    if (s->chosen[i] || s->count > SITES_AT_HAND)
        return true;
    const uint64_t *row = siting_row(s->c, i);
    for (size_t k = 0; k < s->c->words; k++)
        for (uint64_t word = row[k]; word; word &= word - 1) {
            size_t j = k * 64 + (size_t)__builtin_ctzll(word);
            if (s->times[j] == 0)
                gain += s->c->w[j];
            else if (s->times[j] == 1)
                shared[s->owner[j]] += s->c->w[j];
        }
    for (size_t n = 0; n < s->count; n++) {
        double value = gain + shared[n] - s->alone[n];
        if (value > s->offers[i].value && may_replace(s, i, n))
            s->offers[i] = (struct offer){ value, (uint32_t)n };
    }
    return true;
}

static void cover_again(choice *s)
{
    memset(s->covered, 0, s->c->words * sizeof *s->covered);
    for (size_t n = 0; n < s->count; n++)
        for (size_t k = 0; k < s->c->words; k++)
            s->covered[k] |= siting_row(s->c, s->sites[n])[k];
}

static void replace(choice *s, size_t n, size_t candidate)
{
    s->left += s->c->candidates[s->sites[n]].cost - s->c->candidates[candidate].cost;
    s->chosen[s->sites[n]] = false;
    s->chosen[candidate] = true;
    s->sites[n] = candidate;
}

static bool exchange(choice *s)
{
    double least = WORTH * s->c->total;
    for (int turn = 0; turn < EXCHANGES_MAX; turn++) {
        size_t best = s->c->count;
        count_cover(s);
        if (!crew_run(s->work, s->c->count, make_offer, s))
            return false;
        for (size_t i = 0; i < s->c->count; i++)
            if (s->offers[i].site != NOBODY && s->offers[i].value > least && (best == s->c->count || s->offers[i].value > s->offers[best].value))
                best = i;
        if (best == s->c->count)
            break;
        replace(s, s->offers[best].site, best);
    }
    cover_again(s);
    return true;
}

/* ---- Both ---- */

static double covered_weight(const choice *s)
{
    double sum = 0;
    for (size_t j = 0; j < s->c->cells; j++)
        sum += s->covered[j / 64] >> (j % 64) & 1 ? s->c->w[j] : 0;
    return sum;
}

static bool begin(choice *s, const siting_task *task, gf_arena *arena)
{
    const gf_terrain_cover *c = task->cover;
    *s = (choice){ .c = c, .work = task->work, .left_new = task->options->new_count, .left_upgrade = task->options->upgrade_count,
                   .left = task->options->budget };
    s->sites = gf_new(arena, size_t, c->count + 1);
    s->covered = gf_new(arena, uint64_t, c->words + 1);
    s->owner = gf_new(arena, uint32_t, c->words * 64 + 1);
    s->times = gf_new(arena, uint8_t, c->words * 64 + 1);
    s->alone = gf_new(arena, double, c->count + 1);
    s->chosen = gf_new(arena, bool, c->count + 1);
    s->offers = gf_new(arena, struct offer, c->count + 1);
    return s->sites && s->covered && s->owner && s->times && s->alone && s->chosen && s->offers;
}

/* What an exchange saved, and what a price left unspent, may buy more. */
static bool fill_and_exchange(choice *s, double *gains, size_t *seen, double price)
{
    return greedy(s, gains, seen, price) && exchange(s) && greedy(s, gains, seen, FOR_MONEY) && exchange(s) && greedy(s, gains, seen, 0);
}

static gf_status choose_by(const siting_task *task, double price, gf_arena *arena, choice *s, gf_error *err)
{
    double *gains = gf_new(arena, double, task->cover->count + 1);
    size_t *seen = gf_new(arena, size_t, task->cover->count + 1);
    if (!gains || !seen || !begin(s, task, arena))
        return gf_fail_memory(err);
    return fill_and_exchange(s, gains, seen, price) ? GF_OK : gf_fail(err, GF_ECANCELLED, "terrain.cancelled", "", "cancelled");
}

typedef struct ending { size_t *sites, *count; double weight; } ending;

static void keep_better(const choice *s, ending *best)
{
    double weight = covered_weight(s);
    if (weight <= best->weight)
        return;
    best->weight = weight;
    *best->count = s->count;
    memcpy(best->sites, s->sites, s->count * sizeof *s->sites);
}

gf_status siting_choose(const siting_task *task, gf_arena *arena, size_t *sites, size_t *count, gf_error *err)
{
    choice made;
    ending best = { sites, count, -1 };
    double money = (double)task->options->budget;
    gf_status status = choose_by(task, 0, arena, &made, err);
    if (status != GF_OK)
        return status;
    keep_better(&made, &best);
    double fair = money > 0 ? best.weight / money : 0;   /* what money brings on the average */
    for (int i = -1; i < PRICES && task->options->budget < INT64_MAX && status == GF_OK; i++) {
        gf_mark mark = gf_arena_mark(arena);
        status = choose_by(task, i < 0 ? FOR_MONEY : fair * 0.2 * (i + 1), arena, &made, err);
        if (status == GF_OK)
            keep_better(&made, &best);
        gf_arena_rewind(arena, mark);
    }
    return status;
}
