/* Civil days, loose periods and instants. Day numbers by Howard Hinnant's published algorithms (days_from_civil):
 * integer arithmetic only, no table of years, constant time.
 *
 * The C library's mktime and strptime were left aside: they read the machine's zone and locale, and know no loose
 * period. Years are 1000 to 9999, so that a date as text sorts by bytes as it sorts by day.
 */
#include "base/gf_base.h"

#include <time.h>

enum { YEAR_MIN = 1000, YEAR_MAX = 9999, MS_PER_DAY = 86400000 };

static int days_in_month(int year, int month)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : DAYS[month - 1];
}

static gf_day day_number(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400, of_era = year % 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool gf_day_make(int year, int month, int day, gf_day *out)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *out = day_number(year, month, day);
    return true;
}

void gf_day_split(gf_day day, int *year, int *month, int *mday)
{
    int64_t shifted = (int64_t)day + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int of_era = (int)(shifted - era * 146097);
    int years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * years + years / 4 - years / 100);
    int part = (5 * of_year + 2) / 153;
    *mday = of_year - (153 * part + 2) / 5 + 1;
    *month = part < 10 ? part + 3 : part - 9;
    *year = (int)(years + era * 400) + (*month <= 2);
}

int gf_day_weekday(gf_day day) { return (int)((((int64_t)day + 3) % 7 + 7) % 7) + 1; }

size_t gf_day_format(gf_day day, char out[GF_DAY_BYTES])
{
    int year, month, mday;
    gf_day_split(day, &year, &month, &mday);
    int len = snprintf(out, GF_DAY_BYTES, "%04d-%02d-%02d", year, month, mday);
    return len > 0 && len < GF_DAY_BYTES ? (size_t)len : 0;
}

/* Take exactly `count` digits. */
static bool take_number(gf_str *s, size_t count, int *out)
{
    if (s->len < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->data[i] < '0' || s->data[i] > '9')
            return false;
        value = value * 10 + (s->data[i] - '0');
    }
    *s = gf_str_slice(*s, count, s->len);
    *out = value;
    return true;
}

static bool take_char(gf_str *s, char c)
{
    if (s->len == 0 || s->data[0] != c)
        return false;
    *s = gf_str_slice(*s, 1, s->len);
    return true;
}

static gf_status fail_form(gf_str whole, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "date.form",
                   "Write 2023, 2023-07, 2023-12-27, or two of them with a slash: 2021-07/2023-12.",
                   "\"%.*s\" is not a date or period", GF_STR_ARG(gf_str_slice(whole, 0, 40)));
}

static gf_status fail_day(gf_str whole, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "date.day", "Check month and day against the calendar.",
                   "\"%.*s\" is not in the calendar", GF_STR_ARG(gf_str_slice(whole, 0, 40)));
}

/* One side of a period: a year, a month or a day. */
static gf_status parse_side(gf_str side, gf_period *out, gf_error *err)
{
    gf_str rest = side;
    int year, month = 0, day = 0;
    if (!take_number(&rest, 4, &year))
        return fail_form(side, err);
    if (rest.len && !(take_char(&rest, '-') && take_number(&rest, 2, &month)))
        return fail_form(side, err);
    if (rest.len && !(take_char(&rest, '-') && take_number(&rest, 2, &day)))
        return fail_form(side, err);
    if (rest.len)
        return fail_form(side, err);
    bool has_month = side.len > 4, has_day = side.len > 7;
    int last_month = has_month ? month : 12;
    if (has_month && (month < 1 || month > 12))
        return fail_day(side, err);
    if (!gf_day_make(year, has_month ? month : 1, has_day ? day : 1, &out->first) ||
        !gf_day_make(year, last_month, has_day ? day : days_in_month(year, last_month), &out->last))
        return fail_day(side, err);
    return GF_OK;
}

gf_status gf_period_parse(gf_str s, gf_period *out, gf_error *err)
{
    size_t slash = gf_str_find(s, GF_STR("/"));
    gf_period first, last;
    gf_status status = parse_side(gf_str_slice(s, 0, slash), &first, err);
    if (status != GF_OK)
        return status;
    if (slash == s.len) {
        *out = first;
        return GF_OK;
    }
    gf_str behind = gf_str_slice(s, slash + 1, s.len);
    if (gf_str_is(behind, "..")) {
        *out = (gf_period){ first.first, INT32_MAX };
        return GF_OK;
    }
    status = parse_side(behind, &last, err);
    if (status != GF_OK)
        return status;
    if (last.last < first.first)
        return gf_fail(err, GF_EINPUT, "date.order", "Put the earlier date before the slash.",
                       "\"%.*s\" ends before it begins", GF_STR_ARG(s));
    *out = (gf_period){ first.first, last.last };
    return GF_OK;
}

bool gf_period_overlaps(gf_period a, gf_period b) { return a.first <= b.last && b.first <= a.last; }

bool gf_period_has(gf_period period, gf_day day) { return period.first <= day && day <= period.last; }

/* ---- Instants ---- */

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

gf_day gf_utc_day(gf_utc_ms instant, int zone_minutes)
{
    return (gf_day)floor_div(instant + (int64_t)zone_minutes * 60000, MS_PER_DAY);
}

size_t gf_utc_format(gf_utc_ms instant, char out[GF_UTC_BYTES])
{
    int year, month, mday;
    int64_t day = floor_div(instant, MS_PER_DAY);
    int ms = (int)(instant - day * MS_PER_DAY);
    gf_day_split((gf_day)day, &year, &month, &mday);
    int len = snprintf(out, GF_UTC_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d", year % 10000, month, mday, ms / 3600000,
                       ms / 60000 % 60, ms / 1000 % 60);
    if (ms % 1000)
        len += snprintf(out + len, GF_UTC_BYTES - (size_t)len, ".%03d", ms % 1000);
    out[len++] = 'Z';
    out[len] = '\0';
    return (size_t)len;
}

bool gf_utc_parse(gf_str s, gf_utc_ms *out)
{
    int year, month, mday, hour, minute, second, ms = 0;
    gf_day day;
    if (!take_number(&s, 4, &year) || !take_char(&s, '-') || !take_number(&s, 2, &month) || !take_char(&s, '-') ||
        !take_number(&s, 2, &mday) || !take_char(&s, 'T') || !take_number(&s, 2, &hour) || !take_char(&s, ':') ||
        !take_number(&s, 2, &minute) || !take_char(&s, ':') || !take_number(&s, 2, &second))
        return false;
    if (take_char(&s, '.') && !take_number(&s, 3, &ms))
        return false;
    if (!take_char(&s, 'Z') || s.len || hour > 23 || minute > 59 || second > 59)
        return false;
    if (!gf_day_make(year, month, mday, &day))
        return false;
    *out = (gf_utc_ms)day * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * (gf_utc_ms)1000 + ms;
    return true;
}

gf_utc_ms gf_utc_now_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return 0;
    return (gf_utc_ms)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
