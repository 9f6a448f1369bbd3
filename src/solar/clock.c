/* Does a series' clock agree with the sun?
 *
 * Only where the light of a day lies is compared with a clear day, never how much there is: clouds move the middle of a day's energy
 * by hours, but the first and last light by minutes. A day that is shorter or longer than a clear one does not speak; five days about
 * it decide, and three of them must agree.
 */
#include "solar/faults.h"

typedef struct light_day { double middle, width; } light_day;   /* in steps; NAN where the day cannot tell */

/* A single reading that both neighbours do not bear out counts for nothing. */
static double without_spike(const double *v, size_t count, size_t i)
{
    double before = v[(i + count - 1) % count], behind = v[(i + 1) % count], beside = before > behind ? before : behind;
    return v[i] > beside ? beside : v[i];
}

/* Where the light lies within one day's values: opposite the longest dark, the day taken as a ring, for a shifted day runs over midnight. */
static light_day find_light(const double *v, size_t count, double scale)
{
    static const light_day NONE = { NAN, NAN };
    double most = 0;
    size_t from = 0, best = 0, known = 0;
    for (size_t i = 0; i < count; i++) {
        double value = without_spike(v, count, i);
        most = value > most ? value : most;
        known += isnan(v[i]) ? 0 : 1;
    }
    double edge = most * 0.05;
    if (most < 0.05 * scale || known * 10 < count * 9)
        return NONE;
    for (size_t i = 0, run = 0; i < 2 * count; i++) {
        run = without_spike(v, count, i % count) > edge ? 0 : run + 1;
        if (run > best && run <= count) {
            best = run;
            from = i + 1 - run;
        }
    }
    if (best * 6 < count || best == count)
        return NONE;
    /* Where the edge is crossed between two readings. */
    double first = at_least(v[from % count], 0), last = at_least(v[(from + best - 1) % count], 0), after = v[(from + best) % count], before = v[(from + count - 1) % count];
    double set = (before - edge) / (before - first), rise = (edge - last) / (after - last);
    double dark_from = (double)from - 1 + set, dark_to = (double)(from + best) - 1 + rise;
    return (light_day){ fmod((dark_from + dark_to + (double)count) / 2, (double)count), (double)count - (dark_to - dark_from) };
}

/* Snow on the morning's panels, or power at night, make the day shorter or longer than a clear one: such a day cannot tell. */
static double day_shift(const double *value, const double *clear, size_t count, double scale, double step_s)
{
    light_day read = find_light(value, count, scale), wanted = find_light(clear, count, scale);
    if (!(read.width > 0.8 * wanted.width && read.width < 1.2 * wanted.width))
        return NAN;
    return remainder(read.middle - wanted.middle, (double)count) * step_s / 60;
}

/* The median of some days' shifts, when three of them say the same. */
static double agreed_shift(double *near, size_t count, double within_min)
{
    enum { TELLING_MIN = 3 };
    size_t agree = 0;
    double middle = small_median(near, count);
    for (size_t i = 0; i < count; i++)
        agree += fabs(near[i] - middle) <= within_min;
    return agree >= TELLING_MIN ? middle : NAN;
}

/* How well a day lies under the clear one moved by `shift_min`. */
static double likeness(const double *v, const double *clear, size_t count, double shift_min, double step_s)
{
    size_t moved = (size_t)(lround(shift_min * 60 / step_s) + (long)count) % count;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += isnan(v[i]) ? 0 : v[i] * clear[(i + count - moved) % count];
    return sum;
}

/* Days that could not tell by themselves go with the side that they are more like: the shift told last before them, or first behind. */
static void settle_days(const double *const *value, const double *const *clear, size_t whole, double step_s, double *shift, size_t days)
{
    for (size_t d = 0, end; d < days; d = end) {
        for (end = d + 1; end < days && isnan(shift[d]) && isnan(shift[end]); end++)
            ;
        if (!isnan(shift[d]) || d == 0 || end == days)
            continue;
        for (size_t k = d; k < end; k++)
            if (value[k])
                shift[k] = likeness(value[k], clear[k], whole, shift[d - 1], step_s) >= likeness(value[k], clear[k], whole, shift[end], step_s) ? shift[d - 1] : shift[end];
    }
}

/* A logger that lives off the inverter sleeps at night: rows that are missing for three hours and more between readings of next to
 * nothing are a night without power, not a gap. */
static void fill_nights(const double *value, size_t count, double scale, double step_s, double *out)
{
    size_t least = (size_t)(3 * 3600 / step_s), most = (size_t)(20 * 3600 / step_s);
    for (size_t i = 0, end; i < count; i = end) {
        end = i + 1;
        out[i] = value[i];
        if (!isnan(value[i]))
            continue;
        while (end < count && isnan(value[end]))
            end++;
        bool dim = (i == 0 || value[i - 1] < 0.05 * scale) && (end == count || value[end] < 0.05 * scale);
        bool sleeps = dim && end - i >= least && end - i <= most;
        for (size_t k = i; k < end; k++)
            out[k] = sleeps ? 0 : NAN;
    }
}

gf_status gf_solar_clock_shifts(const gf_utc_ms *at, const double *value, const double *clear, size_t count, double step_s, int zone_minutes,
                                gf_arena *scratch, double *shift_min, size_t days, gf_error *err)
{
    enum { HALF = 2 };
    gf_mark mark = gf_arena_mark(scratch);
    double *single = gf_new(scratch, double, days + 1), *filled = gf_new(scratch, double, count + 1), scale = 0;
    const double **values = gf_new(scratch, const double *, days + 1), **clears = gf_new(scratch, const double *, days + 1);
    if (!single || !filled || !values || !clears)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        scale = clear[i] > scale ? clear[i] : scale;
    fill_nights(value, count, scale, step_s, filled);
    size_t whole = (size_t)lround(86400 / step_s);
    for (size_t d = 0; d < days; d++)
        single[d] = NAN;
    for (size_t i = 0, end; i < count; i = end) {
        gf_day day = gf_utc_day(at[i], zone_minutes);
        for (end = i + 1; end < count && gf_utc_day(at[end], zone_minutes) == day; end++)
            ;
        size_t d = (size_t)(day - gf_utc_day(at[0], zone_minutes));
        if (end - i == whole && d < days) {
            values[d] = filled + i;
            clears[d] = clear + i;
            single[d] = day_shift(filled + i, clear + i, whole, scale, step_s);
        }
    }
    for (size_t d = 0; d < days; d++) {
        double near[2 * HALF + 1];
        size_t n = 0;
        for (size_t k = d > HALF ? d - HALF : 0; k <= d + HALF && k < days; k++)
            if (!isnan(single[k]))
                near[n++] = single[k];
        shift_min[d] = agreed_shift(near, n, at_least(20, 1.5 * step_s / 60));
    }
    settle_days(values, clears, whole, step_s, shift_min, days);
    gf_arena_rewind(scratch, mark);
    return GF_OK;
}
