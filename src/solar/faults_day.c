/* Faults that show by the day: snow, lost strings, dirt, and a plant that does worse than it did.
 *
 * What is compared is each day's energy against the expected, over readings in good light that no other fault explains. That
 * ratio knows no weather any more; its own median is the plant's usual. Strings are judged between inverters (all of them get
 * the same dirt and sky), the other rules on the whole plant.
 */
#include "solar/faults.h"

#include <stdlib.h>

static const double COLD_C = 4;

typedef struct day_sum { double read, wanted; size_t lit, first, last; } day_sum;

static const double GOOD_W_M2 = 200, SOME_W_M2 = 50;

/* ratio[d] of one inverter (or WHOLE_PLANT): NAN for a day without an hour of light over `least`. */
static void sum_days(const fault_search *s, int inverter, double least_w_m2, day_sum *day, double *ratio)
{
    size_t from = inverter < 0 ? 0 : (size_t)inverter, to = inverter < 0 ? s->plant->inverter_count : from + 1;
    for (size_t d = 0; d < s->days; d++)
        day[d] = (day_sum){ .first = SIZE_MAX };
    for (size_t i = 0; i < s->r->count; i++) {
        day_sum *d = &day[s->day_of[i]];
        bool lit = s->r->expected[i].light != GF_SOLAR_LIGHT_CLEAR && s->r->expected[i].poa > least_w_m2;
        for (size_t v = from; v < to && lit; v++) {
            double read = read_w(s, i, v);
            if (*spent_at(s, i, v) || isnan(read) || wanted_w(s, i, v) > 0.97 * s->plant->inverters[v].ac0_w)
                continue;
            d->read += read;
            d->wanted += wanted_w(s, i, v);
            d->lit++;
            d->first = d->first == SIZE_MAX ? i : d->first;
            d->last = i;
        }
    }
    for (size_t d = 0; d < s->days; d++)
        ratio[d] = day[d].wanted > 0 && (double)day[d].lit * s->r->step_s >= 3600.0 * (double)(to - from) ? day[d].read / day[d].wanted : NAN;
}

/* Median of the known values of [from, to). */
static double median_between(const fault_search *s, const double *ratio, size_t from, size_t to)
{
    gf_mark mark = gf_arena_mark(s->scratch);
    double *held = gf_new(s->scratch, double, to - from + 1), median = NAN;
    size_t n = 0;
    for (size_t d = from; held && d < to && d < s->days; d++)
        if (!isnan(ratio[d]))
            held[n++] = ratio[d];
    if (held)
        median = median_of(held, n);
    gf_arena_rewind(s->scratch, mark);
    return median;
}

typedef struct days { day_sum *sum; double *ratio, *other; } days;

static gf_status open_days(fault_search *s, days *out, gf_error *err)
{
    *out = (days){ gf_new(s->scratch, day_sum, s->days), gf_new(s->scratch, double, s->days), gf_new(s->scratch, double, s->days) };
    return out->sum && out->ratio && out->other ? GF_OK : gf_fail_memory(err);
}

/* ---- Snow ---- */

static double coldest(const fault_search *s, size_t first, size_t last)
{
    double least = NAN;
    for (size_t i = first; i <= last; i++)
        if (!(s->r->weather[i].air_c >= least))
            least = s->r->weather[i].air_c;
    return least;
}

gf_status faults_find_snow(fault_search *s, gf_error *err)
{
    days d;
    gf_status status = open_days(s, &d, err);
    if (status != GF_OK)
        return status;
    sum_days(s, WHOLE_PLANT, SOME_W_M2, d.sum, d.ratio);   /* it snows on dull days */
    double usual = median_between(s, d.ratio, 0, s->days);
    for (size_t i = 0; i < s->days; i++)
        if (d.ratio[i] < 0.5 * usual && coldest(s, d.sum[i].first, d.sum[i].last) < COLD_C) {
            size_t last = i;
            while (last + 1 < s->days && d.ratio[last + 1] < 0.5 * usual && coldest(s, d.sum[last + 1].first, d.sum[last + 1].last) < COLD_C)
                last++;
            fault_add(s, GF_SOLAR_FAULT_SNOW, WHOLE_PLANT, d.sum[i].first, d.sum[last].last, d.ratio[i], usual);
            i = last;
        }
    return GF_OK;
}

/* ---- Strings ---- */

/* Of one inverter against the middle of all; a single one against its own usual. */
static void against_others(const fault_search *s, size_t v, double *const *ratios, double *out)
{
    double near[GF_SOLAR_INVERTERS_MAX];
    double own = s->plant->inverter_count < 3 ? median_between(s, ratios[v], 0, s->days) : 0;
    for (size_t d = 0; d < s->days; d++) {
        size_t n = 0;
        for (size_t k = 0; k < s->plant->inverter_count; k++)
            if (!isnan(ratios[k][d]))
                near[n++] = ratios[k][d];
        out[d] = ratios[v][d] / (s->plant->inverter_count < 3 ? own : median_of(near, n));
    }
    double usual = median_between(s, out, 0, s->days);
    for (size_t d = 0; d < s->days; d++)
        out[d] /= usual;
}

static void find_strings_of(fault_search *s, size_t v, const double *relative, const day_sum *sum)
{
    enum { DAYS_MIN = 3 };
    uint32_t strings = 0;
    for (size_t i = 0; i < s->plant->array_count; i++)
        strings += s->plant->arrays[i].inverter == v ? s->plant->arrays[i].strings : 0;
    if (strings < 2)
        return;
    double limit = 1 - 0.6 / strings;
    for (size_t d = 0, end; d < s->days; d = end) {
        size_t bad = relative[d] < limit, last = d;
        for (end = d + 1; bad && end < s->days && !(relative[end] >= limit); end++)
            if (relative[end] < limit) {
                bad++;
                last = end;
            }
        if (bad >= DAYS_MIN)
            fault_add(s, GF_SOLAR_FAULT_STRING, (int)v, sum[d].first, sum[last].last, (1 - median_between(s, relative, d, last + 1)) * strings, 0);
    }
}

static gf_status find_strings(fault_search *s, gf_error *err)
{
    double *ratios[GF_SOLAR_INVERTERS_MAX];
    size_t count = s->plant->inverter_count;
    day_sum *sums = gf_new(s->scratch, day_sum, s->days * count);
    double *relative = gf_new(s->scratch, double, s->days);
    if (!sums || !relative)
        return gf_fail_memory(err);
    for (size_t v = 0; v < count; v++) {
        if (!(ratios[v] = gf_new(s->scratch, double, s->days)))
            return gf_fail_memory(err);
        sum_days(s, (int)v, GOOD_W_M2, &sums[v * s->days], ratios[v]);
    }
    for (size_t v = 0; v < count; v++) {
        against_others(s, v, ratios, relative);
        find_strings_of(s, v, relative, &sums[v * s->days]);
    }
    return GF_OK;
}

/* ---- Dirt, and less than usual ---- */

/* The day from which it fell: the last one about which the median still stands within 1 % of the level before. */
static size_t fall_begins(const fault_search *s, const double *ratio, size_t from, size_t to, double level)
{
    enum { ABOUT = 3 };
    size_t begun = from;
    for (size_t d = from; d < to; d++)
        if (median_between(s, ratio, d > ABOUT ? d - ABOUT : 0, d + ABOUT + 1) > level * 0.99)
            begun = d;
    return begun;
}

static void add_days(fault_search *s, gf_solar_fault_kind kind, const day_sum *sum, size_t first, size_t last, double value, double expected)
{
    while (first < last && sum[first].first == SIZE_MAX)
        first++;
    while (last > first && sum[last].first == SIZE_MAX)
        last--;
    if (sum[first].first != SIZE_MAX)
        fault_add(s, kind, WHOLE_PLANT, sum[first].first, sum[last].last, value, expected);
}

/* A cleaning or a heavy rain: four days stand 4 % and more above the four before. It was dirt when the weeks before it fell slowly: their
 * first third above the middle one, that above the last. */
static void find_soiling(fault_search *s, const double *ratio, const day_sum *sum)
{
    enum { EDGE = 4, DAYS_MIN = 10, DAYS_MAX = 90 };
    static const double LEAST = 0.04;
    size_t begun = 0;
    for (size_t d = DAYS_MIN; d + EDGE <= s->days; d++) {
        double before = median_between(s, ratio, d - EDGE, d), behind = median_between(s, ratio, d, d + EDGE);
        if (!(behind > before * (1 + LEAST)) || isnan(ratio[d]) || ratio[d] < (before + behind) / 2)
            continue;
        size_t from = d > DAYS_MAX && d - DAYS_MAX > begun ? d - DAYS_MAX : begun;
        double level = median_between(s, ratio, from, from + (d - from) / 3);
        size_t fell = fall_begins(s, ratio, from, d, level), third = (d - fell) / 3;
        if (d - fell >= DAYS_MIN && level > before * (1 + LEAST)) {
            double early = median_between(s, ratio, fell, fell + third), middle = median_between(s, ratio, fell + third, d - third), late = median_between(s, ratio, d - third, d);
            if (early > middle && middle > late)
                add_days(s, GF_SOLAR_FAULT_SOILING, sum, fell, d - 1, before, level);
        }
        begun = d;
        d += EDGE;
    }
}

static void find_low(fault_search *s, const double *ratio, double *low, const day_sum *sum)
{
    enum { WEEK = 7, MONTH = 30 };
    for (size_t d = 0; d < s->days; d++) {
        low[d] = 0;
        if (d + 1 < WEEK + MONTH)
            continue;
        double week = median_between(s, ratio, d + 1 - WEEK, d + 1), month = median_between(s, ratio, d + 1 - WEEK - MONTH, d + 1 - WEEK);
        low[d] = week < 0.9 * month ? week / month : 0;
    }
    for (size_t d = 0, end; d < s->days; d = end) {
        for (end = d + 1; end < s->days && (low[end] > 0) == (low[d] > 0); end++)
            ;
        if (low[d] > 0)
            add_days(s, GF_SOLAR_FAULT_LOW, sum, d, end - 1, low[(d + end - 1) / 2], 1);
    }
}

gf_status faults_find_by_day(fault_search *s, gf_error *err)
{
    days d;
    gf_status status = open_days(s, &d, err);
    if (status == GF_OK)
        status = find_strings(s, err);
    if (status != GF_OK)
        return status;
    sum_days(s, WHOLE_PLANT, GOOD_W_M2, d.sum, d.ratio);
    find_soiling(s, d.ratio, d.sum);
    find_low(s, d.ratio, d.other, d.sum);
    return GF_OK;
}
