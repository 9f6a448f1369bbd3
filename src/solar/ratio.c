/* Performance ratios, and what a plant loses by the year.
 *
 * The corrected ratio is that of Dierauf and others (2013), NREL/TP-5200-57991: DC at each step's own cell temperature, brought to a
 * reference: the irradiance-weighted mean of the site's year, so that a cold week is not taken for a good one. Brought to the mean
 * of the same steps it is the plain ratio again: the differences from a mean add up to nothing.
 * The yearly rate compares each month with the same month a year on, as Jordan and others (2018) do by days: seasons fall out
 * without a model of them. Medians bear outages; the interval is the one of the median's ranks (binomial), which asks nothing
 * of the distribution.
 */
#include "solar/gf_solar_plant.h"
#include "solar/inside.h"

#include <stdlib.h>

enum { MONTH_DAYS_MIN = 10, PAIRS_MIN = 12 };

static bool is_complete(const gf_solar_weather *w, double ac_w)
{
    return !isnan(w->poa) && !isnan(w->air_c) && !isnan(w->wind_m_s) && !isnan(ac_w);
}

static double cell_of(const gf_solar_weather *w, const double heat[3]) { return gf_solar_temp_sapm_cell(w->poa, w->air_c, w->wind_m_s, heat[0], heat[1], heat[2]); }

void gf_solar_performance_ratio(const gf_solar_weather *weather, const double *ac_w, size_t count, double dc0_w, double gamma_per_c, const double heat[3], double reference_c, gf_solar_ratio *out)
{
    double light = 0, warm = 0, ac = 0, dc = 0;
    *out = (gf_solar_ratio){ NAN, NAN, NAN, 0 };
    for (size_t i = 0; i < count; i++)
        if (is_complete(&weather[i], ac_w[i])) {
            light += weather[i].poa;
            warm += weather[i].poa * cell_of(&weather[i], heat);
            ac += ac_w[i];
            out->counted++;
        }
    if (!(light > 0))
        return;
    out->cell_c = warm / light;
    double at_c = isnan(reference_c) ? out->cell_c : reference_c;
    for (size_t i = 0; i < count; i++)
        if (is_complete(&weather[i], ac_w[i]))
            dc += gf_solar_pvwatts_dc(weather[i].poa, cell_of(&weather[i], heat), dc0_w, gamma_per_c, at_c);
    out->plain = ac / (light * 0.001 * dc0_w);
    out->corrected = ac / dc;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of_sorted(const double *v, size_t count) { return count % 2 ? v[count / 2] : (v[count / 2 - 1] + v[count / 2]) / 2; }

/* How many values may be left out at each end: P(B(n, 1/2) <= k - 1) <= 2.5 %. */
static size_t rank_of_interval(size_t pairs)
{
    double chance = pow(0.5, (double)pairs), sum = chance;
    size_t k = 0;
    while (sum <= 0.025 && k < pairs / 2) {
        k++;
        chance *= (double)(pairs - k + 1) / (double)k;
        sum += chance;
    }
    return k ? k - 1 : 0;
}

/* Medians of calendar months from the first day's on; NAN where too few days speak. Returns how many months there are. */
static size_t month_medians(const gf_day *day, const double *ratio, size_t count, double *held, double *month, size_t months_max)
{
    int year, m, mday, first_year, first_month;
    size_t months = 0, kept = 0, at = 0;
    gf_day_split(day[0], &first_year, &first_month, &mday);
    for (size_t i = 0; i <= count; i++) {
        size_t index = months_max;
        if (i < count) {
            gf_day_split(day[i], &year, &m, &mday);
            index = (size_t)((year - first_year) * 12 + m - first_month);
        }
        if (index != at) {
            qsort(held, kept, sizeof *held, by_value);
            if (at < months_max)
                month[at] = kept >= MONTH_DAYS_MIN ? median_of_sorted(held, kept) : NAN;
            months = at < months_max ? at + 1 : months;
            for (size_t k = at + 1; k < index && k < months_max && i < count; k++)
                month[k] = NAN;
            kept = 0;
            at = index;
        }
        if (i < count && ratio[i] > 0)
            held[kept++] = ratio[i];
    }
    return months;
}

static gf_status fail_short(size_t pairs, gf_error *err)
{
    return gf_fail(err, GF_EUNSOLVED, "solar.degradation", "Give two years of readings and more.", "%zu pairs of months a year apart; %d are needed", pairs, (int)PAIRS_MIN);
}

gf_status gf_solar_degrade(const gf_day *day, const double *ratio, size_t count, gf_arena *scratch, gf_solar_degradation *out, gf_error *err)
{
    enum { MONTHS_MAX = 1200 };
    if (!count)
        return fail_short(0, err);
    gf_mark mark = gf_arena_mark(scratch);
    double *held = gf_new(scratch, double, count), *month = gf_new(scratch, double, MONTHS_MAX), *rate = gf_new(scratch, double, MONTHS_MAX);
    if (!held || !month || !rate)
        return gf_fail_memory(err);
    size_t months = month_medians(day, ratio, count, held, month, MONTHS_MAX), pairs = 0;
    for (size_t i = 12; i < months; i++)
        if (!isnan(month[i]) && !isnan(month[i - 12]))
            rate[pairs++] = month[i] / month[i - 12] - 1;
    if (pairs < PAIRS_MIN) {
        gf_arena_rewind(scratch, mark);
        return fail_short(pairs, err);
    }
    qsort(rate, pairs, sizeof *rate, by_value);
    size_t cut = rank_of_interval(pairs);
    *out = (gf_solar_degradation){ median_of_sorted(rate, pairs), rate[cut], rate[pairs - 1 - cut], pairs };
    gf_arena_rewind(scratch, mark);
    return GF_OK;
}
