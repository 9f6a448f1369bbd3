/* What is wrong with a series of readings: the rules that look at runs of them.
 *
 * Order matters, for one cause shows under many rules: a wrong clock first (its days are passed over by all others), then what
 * the numbers alone tell (stale, outlier, gap), then night and dead, then by the day (faults_day.c). A reading that a fault
 * explains is spent. Each pass is linear in the readings; outliers cost a window's median more.
 */
#include "solar/faults.h"

#include <stdlib.h>
#include <string.h>

static const char *const NAMES[GF_SOLAR_FAULT_KINDS] = {
    "stale", "outlier", "night", "gap", "dead", "string", "clipping", "snow", "soiling", "low", "closure", "clock",
};

const char *gf_solar_fault_name(gf_solar_fault_kind kind) { return kind < GF_SOLAR_FAULT_KINDS ? NAMES[kind] : "unknown"; }

/* ---- Marks on a series ---- */

void gf_solar_mark_stale(const double *value, size_t count, bool *flag)
{
    enum { RUN_MIN = 6 };
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && value[end] == value[i]; end++)
            ;
        for (size_t k = i; k < end; k++)
            flag[k] = end - i >= RUN_MIN && value[i] != 0;
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median_of(double *values, size_t count)
{
    if (!count)
        return NAN;
    qsort(values, count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The median and its median distance of the window's known values, the middle one not among them. */
enum { REACH = 4, WINDOW = 2 * REACH };

double small_median(double *v, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && v[k] < v[k - 1]; k--) {
            double held = v[k];
            v[k] = v[k - 1];
            v[k - 1] = held;
        }
    return count ? count % 2 ? v[count / 2] : (v[count / 2 - 1] + v[count / 2]) / 2 : NAN;
}

static bool is_far(const double *rest, size_t count, size_t i, double floor_w)
{
    static const double SPREADS = 6 * 1.4826;
    double near[WINDOW], apart[WINDOW];
    size_t n = 0, from = i > REACH ? i - REACH : 0, to = i + REACH < count ? i + REACH : count - 1;
    for (size_t k = from; k <= to; k++)
        if (k != i && !isnan(rest[k]))
            near[n++] = rest[k];
    if (n < 3)
        return false;
    double middle = small_median(near, n);
    for (size_t k = 0; k < n; k++)
        apart[k] = fabs(near[k] - middle);
    double far = fabs(rest[i] - middle), spread = small_median(apart, n);
    return far > floor_w && far > SPREADS * spread;
}

gf_status gf_solar_mark_outliers(const double *value, const double *expected, size_t count, double scale, gf_arena *scratch, bool *flag, gf_error *err)
{
    enum { RUN_MAX = 3 };
    gf_mark mark = gf_arena_mark(scratch);
    double *rest = gf_new(scratch, double, count);
    if (!rest)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        rest[i] = expected && !isnan(expected[i]) ? value[i] - expected[i] : value[i];
    for (size_t i = 0; i < count; i++)
        flag[i] = !isnan(value[i]) && (value[i] > 1.25 * scale || value[i] < -0.1 * scale || is_far(rest, count, i, 0.10 * scale));
    /* A level that stays is no outlier, unless it cannot be. */
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && flag[i] && flag[end]; end++)
            ;
        for (size_t k = i; k < end && flag[i] && end - i > RUN_MAX; k++)
            flag[k] = value[k] > 1.25 * scale || value[k] < -0.1 * scale;
    }
    gf_arena_rewind(scratch, mark);
    return GF_OK;
}

/* ---- Faults ---- */

static double missing_wh(const fault_search *s, int inverter, size_t first, size_t last)
{
    double sum = 0;
    size_t from = inverter < 0 ? 0 : (size_t)inverter, to = inverter < 0 ? s->plant->inverter_count : from + 1;
    for (size_t i = first; i <= last; i++)
        for (size_t v = from; v < to; v++)
            if (!isnan(read_w(s, i, v)))
                sum += wanted_w(s, i, v) - read_w(s, i, v);
    return sum * s->r->step_s / 3600;
}

static bool tells_loss(gf_solar_fault_kind kind)
{
    return kind == GF_SOLAR_FAULT_DEAD || kind == GF_SOLAR_FAULT_STRING || kind == GF_SOLAR_FAULT_SNOW || kind == GF_SOLAR_FAULT_SOILING || kind == GF_SOLAR_FAULT_LOW;
}

void fault_add(fault_search *s, gf_solar_fault_kind kind, int inverter, size_t first, size_t last, double value, double expected)
{
    if (s->found->count == GF_SOLAR_FAULTS_MAX) {
        s->found->more = true;
        return;
    }
    s->found->faults[s->found->count++] = (gf_solar_fault){
        .kind = kind, .inverter = (uint32_t)inverter, .first = first, .last = last, .value = value, .expected = expected,
        .lost_wh = tells_loss(kind) ? at_least(missing_wh(s, inverter, first, last), 0) : 0,
    };
    /* Slow losses and shares leave their readings to other rules. */
    if (kind == GF_SOLAR_FAULT_SOILING || kind == GF_SOLAR_FAULT_LOW || kind == GF_SOLAR_FAULT_CLIPPING || kind == GF_SOLAR_FAULT_CLOSURE)
        return;
    for (size_t i = first; i <= last; i++)
        for (size_t v = 0; v < s->plant->inverter_count; v++)
            if (inverter < 0 || v == (size_t)inverter)
                *spent_at(s, i, v) = true;
}

/* Runs of marked readings of one inverter, `least` of them and more. */
static void add_runs(fault_search *s, gf_solar_fault_kind kind, int inverter, const bool *flag, size_t least)
{
    for (size_t i = 0, end; i < s->r->count; i = end) {
        for (end = i + 1; end < s->r->count && flag[end] == flag[i]; end++)
            ;
        size_t middle = (i + end - 1) / 2, v = inverter < 0 ? 0 : (size_t)inverter;
        if (flag[i] && end - i >= least)
            fault_add(s, kind, inverter, i, end - 1, read_w(s, middle, v), wanted_w(s, middle, v));
    }
}

static size_t steps_of(const fault_search *s, double minutes) { return (size_t)at_least(ceil(minutes * 60 / s->r->step_s - 1e-9), 1); }

static gf_status find_clock(fault_search *s, gf_error *err)
{
    const gf_solar_readings *r = s->r;
    if (!r->clear_ac_w || r->step_s > 3600 || fmod(86400, r->step_s) != 0)
        return GF_OK;
    double *total = gf_new(s->scratch, double, r->count), *shift = gf_new(s->scratch, double, s->days);
    gf_utc_ms *at = gf_new(s->scratch, gf_utc_ms, r->count);
    if (!total || !shift || !at)
        return gf_fail_memory(err);
    for (size_t i = 0; i < r->count; i++) {
        at[i] = r->weather[i].at;
        for (size_t v = 0; v < s->plant->inverter_count; v++)
            total[i] += read_w(s, i, v);
    }
    gf_status status = gf_solar_clock_shifts(at, total, r->clear_ac_w, r->count, r->step_s, s->plant->zone_minutes, s->scratch, shift, s->days, err);
    double least = at_least(20, 1.5 * r->step_s / 60);
    for (size_t i = 0, end; status == GF_OK && i < r->count; i = end) {
        uint32_t first = s->day_of[i];
        for (end = i + 1; end < r->count && fabs(shift[s->day_of[end]] - shift[first]) <= least && fabs(shift[s->day_of[end]]) >= least; end++)
            ;
        if (fabs(shift[first]) >= least && s->day_of[end - 1] - first >= 2)
            fault_add(s, GF_SOLAR_FAULT_CLOCK, WHOLE_PLANT, i, end - 1, shift[s->day_of[(i + end) / 2]], 0);
    }
    return status;
}

static gf_status find_by_numbers(fault_search *s, size_t v, double *value, double *wanted, bool *flag, gf_error *err)
{
    const gf_solar_readings *r = s->r;
    for (size_t i = 0; i < r->count; i++) {
        bool spent = *spent_at(s, i, v), clear = r->expected[i].light == GF_SOLAR_LIGHT_CLEAR;
        value[i] = spent ? NAN : read_w(s, i, v);
        wanted[i] = clear ? NAN : wanted_w(s, i, v);
    }
    gf_solar_mark_stale(value, r->count, flag);
    /* At its limit an inverter gives equal values by right. */
    for (size_t i = 0; i < r->count; i++)
        flag[i] = flag[i] && value[i] < 0.98 * s->plant->inverters[v].ac0_w;
    add_runs(s, GF_SOLAR_FAULT_STALE, (int)v, flag, 1);
    for (size_t i = 0; i < r->count; i++)
        value[i] = flag[i] ? NAN : value[i];
    gf_status status = gf_solar_mark_outliers(value, wanted, r->count, s->plant->inverters[v].ac0_w, s->scratch, flag, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < r->count; i++)   /* a value that the light bears out is none, whatever stands beside it */
        flag[i] = flag[i] && !(fabs(value[i] - wanted[i]) <= 0.05 * s->plant->inverters[v].ac0_w);
    add_runs(s, GF_SOLAR_FAULT_OUTLIER, (int)v, flag, 1);
    return GF_OK;
}

static void find_gaps_and_nights(fault_search *s, size_t v, bool *flag)
{
    static const double UP_DEG = 85, NIGHT_DEG = 94;
    const gf_solar_readings *r = s->r;
    for (size_t i = 0; i < r->count; i++)
        flag[i] = !*spent_at(s, i, v) && isnan(read_w(s, i, v)) && r->expected[i].zenith_deg < UP_DEG;
    add_runs(s, GF_SOLAR_FAULT_GAP, (int)v, flag, steps_of(s, 60));
    for (size_t i = 0; i < r->count; i++)
        flag[i] = !*spent_at(s, i, v) && r->expected[i].zenith_deg > NIGHT_DEG && read_w(s, i, v) > 0.01 * s->plant->inverters[v].ac0_w;
    add_runs(s, GF_SOLAR_FAULT_NIGHT, (int)v, flag, 1);
}

/* As far as it gives nothing where there should be something, in poor light too. */
static void widen_dead(const fault_search *s, size_t v, double nothing, size_t *first, size_t *last)
{
    const gf_solar_readings *r = s->r;
    for (size_t i = *first; i-- > 0 && !*spent_at(s, i, v) && read_w(s, i, v) <= nothing;)
        *first = wanted_w(s, i, v) > 2 * nothing ? i : *first;
    for (size_t i = *last + 1; i < r->count && !*spent_at(s, i, v) && read_w(s, i, v) <= nothing; i++)
        *last = wanted_w(s, i, v) > 2 * nothing ? i : *last;
}

/* Runs may bridge readings in poor light: an inverter that is dead all day is one fault, not one for each cloud. */
static void find_dead(fault_search *s, size_t v)
{
    const gf_solar_readings *r = s->r;
    double nothing = 0.005 * s->plant->inverters[v].ac0_w;
    size_t first = SIZE_MAX, last = 0, lit = 0, best = 0;
    for (size_t i = 0; i <= r->count; i++) {
        bool ends = i == r->count || *spent_at(s, i, v) || read_w(s, i, v) > nothing || isnan(read_w(s, i, v)) || s->day_of[i] > s->day_of[first < i ? last : i] + 1;
        if (ends) {
            if (lit >= steps_of(s, 30)) {
                widen_dead(s, v, nothing, &first, &last);
                fault_add(s, GF_SOLAR_FAULT_DEAD, (int)v, first, last, read_w(s, best, v), wanted_w(s, best, v));
            }
            first = SIZE_MAX;
            lit = 0;
        }
        if (i < r->count && !*spent_at(s, i, v) && read_w(s, i, v) <= nothing && is_lit(s, i) && wanted_w(s, i, v) > 5 * nothing) {
            best = first == SIZE_MAX || wanted_w(s, i, v) > wanted_w(s, best, v) ? i : best;
            first = first == SIZE_MAX ? i : first;
            last = i;
            lit++;
        }
    }
}

static void find_clipping(fault_search *s, size_t v)
{
    const gf_solar_readings *r = s->r;
    size_t held = 0, up = 0, first = 0, last = 0;
    for (size_t i = 0; i < r->count; i++) {
        up += read_w(s, i, v) > 0.01 * s->plant->inverters[v].ac0_w;
        if (!*spent_at(s, i, v) && read_w(s, i, v) >= 0.985 * s->plant->inverters[v].ac0_w) {
            first = held++ ? first : i;
            last = i;
        }
    }
    if (held >= 2)
        fault_add(s, GF_SOLAR_FAULT_CLIPPING, (int)v, first, last, (double)held / (double)up, 0);
}

/* Of a wrong clock, or under snow: no inverter's reading can be trusted. */
static bool is_spent_whole(const fault_search *s, size_t i)
{
    for (size_t v = 0; v < s->plant->inverter_count; v++)
        if (!*spent_at(s, i, v))
            return false;
    return true;
}

static void find_closure(fault_search *s, bool *flag)
{
    static const double LOW_SUN_DEG = 75, SHARE = 0.10, LEAST_W_M2 = 20;
    const gf_solar_readings *r = s->r;
    for (size_t i = 0; i < r->count; i++) {
        const gf_solar_weather *w = &r->weather[i];
        double sum = w->dni * cosd(r->expected[i].zenith_deg) + w->dhi, apart = fabs(w->ghi - sum);
        flag[i] = !is_spent_whole(s, i) && r->expected[i].zenith_deg < LOW_SUN_DEG && apart > LEAST_W_M2 && apart > SHARE * sum;
    }
    for (size_t i = 0, end; i < r->count; i = end) {
        for (end = i + 1; end < r->count && flag[end] == flag[i]; end++)
            ;
        size_t m = (i + end - 1) / 2;
        if (flag[i] && end - i >= steps_of(s, 30) && end - i >= 2)
            fault_add(s, GF_SOLAR_FAULT_CLOSURE, WHOLE_PLANT, i, end - 1, r->weather[m].ghi, r->weather[m].dni * cosd(r->expected[m].zenith_deg) + r->weather[m].dhi);
    }
}

static int by_time(const void *a, const void *b)
{
    const gf_solar_fault *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind : (x->inverter > y->inverter) - (x->inverter < y->inverter);
}

static gf_status find_all(fault_search *s, gf_error *err)
{
    size_t count = s->r->count;
    double *value = gf_new(s->scratch, double, count), *wanted = gf_new(s->scratch, double, count);
    bool *flag = gf_new(s->scratch, bool, count);
    gf_status status = value && wanted && flag ? find_clock(s, err) : gf_fail_memory(err);
    for (size_t v = 0; v < s->plant->inverter_count && status == GF_OK; v++) {
        status = find_by_numbers(s, v, value, wanted, flag, err);
        find_gaps_and_nights(s, v, flag);
    }
    if (status == GF_OK)
        status = faults_find_snow(s, err);
    for (size_t v = 0; v < s->plant->inverter_count && status == GF_OK; v++) {
        find_dead(s, v);
        find_clipping(s, v);
    }
    if (status == GF_OK) {
        find_closure(s, flag);
        status = faults_find_by_day(s, err);
    }
    return status;
}

gf_status gf_solar_find_faults(const gf_solar_plant *plant, const gf_solar_readings *r, gf_arena *keep, gf_arena *scratch, gf_solar_found *out, gf_error *err)
{
    gf_solar_found found = { .faults = gf_new(keep, gf_solar_fault, GF_SOLAR_FAULTS_MAX) };
    gf_mark mark = gf_arena_mark(scratch);
    fault_search s = { plant, r, &found, scratch, gf_new(scratch, bool, r->count * plant->inverter_count), gf_new(scratch, uint32_t, r->count), 0 };
    gf_status status = found.faults && s.spent && s.day_of ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK && r->count) {
        gf_day first = gf_utc_day(r->weather[0].at, plant->zone_minutes);
        for (size_t i = 0; i < r->count; i++)
            s.day_of[i] = (uint32_t)(gf_utc_day(r->weather[i].at, plant->zone_minutes) - first);
        s.days = s.day_of[r->count - 1] + (size_t)1;
        status = find_all(&s, err);
    }
    gf_arena_rewind(scratch, mark);
    if (status != GF_OK)
        return status;
    qsort(found.faults, found.count, sizeof *found.faults, by_time);
    *out = found;
    return GF_OK;
}
