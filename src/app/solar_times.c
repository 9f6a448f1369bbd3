/* Cells of a table: numbers, and instants in every form that is read. */
#include "app/solar_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool series_number(gf_str text, double *out)
{
    char word[40], *end;
    text = gf_str_trim(text);
    if (!text.len || text.len >= sizeof word)
        return false;
    memcpy(word, text.data, text.len);
    word[text.len] = '\0';
    *out = strtod(word, &end);
    return *end == '\0' && isfinite(*out);
}

/* ---- Times ---- */

typedef struct scan { const char *at, *end; } scan;

static bool take_int(scan *s, int digits_max, int *out)
{
    int n = 0, value = 0;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9' && n < digits_max) {
        value = value * 10 + (*s->at++ - '0');
        n++;
    }
    *out = value;
    return n > 0;
}

static bool take_char(scan *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

bool series_instant(int year, int month, int mday, int minutes, double seconds, gf_utc_ms *out)
{
    gf_day day;
    if (!gf_day_make(year, month, mday, &day))
        return false;
    *out = (gf_utc_ms)day * 86400000 + (gf_utc_ms)minutes * 60000 + (gf_utc_ms)(seconds * 1000);
    return true;
}

/* H:MM[:SS[.sss]] and, where it is written, Z or ±HH:MM; *offset says so. */
static bool take_clock(scan *s, int *minutes, double *seconds, bool *has_offset, int *offset)
{
    int hour, minute, second = 0, oh, om = 0;
    *has_offset = false;
    *offset = 0;
    if (!take_int(s, 2, &hour) || !take_char(s, ':') || !take_int(s, 2, &minute) || hour > 24 || minute > 59)
        return false;
    if (take_char(s, ':') && (!take_int(s, 2, &second) || second > 59))
        return false;
    if (take_char(s, '.')) {
        int part;
        (void)take_int(s, 9, &part);   /* parts of a second are not needed */
    }
    if (take_char(s, 'Z'))
        *has_offset = true;
    else if (s->at < s->end && (*s->at == '+' || *s->at == '-')) {
        int sign = *s->at++ == '-' ? -1 : 1;
        if (!take_int(s, 2, &oh) || (take_char(s, ':'), !take_int(s, 2, &om)) || oh > 14 || om > 59)
            return false;
        *has_offset = true;
        *offset = sign * (oh * 60 + om);
    }
    *minutes = hour * 60 + minute;
    *seconds = second;
    return s->at == s->end;
}

/* 2022-01-02T00:15[:00][Z|+08:00], the same with a blank, and 2/1/2019 0:05 (month first). */
bool series_iso(gf_str text, int zone_minutes, gf_utc_ms *out)
{
    scan s = { text.data, text.data + text.len };
    int a, b, c, minutes, offset;
    double seconds;
    bool has_offset;
    if (!take_int(&s, 4, &a))
        return false;
    bool iso = take_char(&s, '-');
    if (!(iso ? take_int(&s, 2, &b) && take_char(&s, '-') && take_int(&s, 2, &c) : take_char(&s, '/') && take_int(&s, 2, &b) && take_char(&s, '/') && take_int(&s, 4, &c)))
        return false;
    if (!take_char(&s, 'T') && !take_char(&s, ' '))
        return false;
    if (!take_clock(&s, &minutes, &seconds, &has_offset, &offset) || !series_instant(iso ? a : c, iso ? b : a, iso ? c : b, minutes, seconds, out))
        return false;
    *out -= (gf_utc_ms)(has_offset ? offset : zone_minutes) * 60000;
    return true;
}

bool series_pvgis(gf_str text, gf_utc_ms *out)
{
    scan s = { text.data, text.data + text.len };
    int year, month, mday, hour, minute;
    return take_int(&s, 4, &year) && take_int(&s, 2, &month) && take_int(&s, 2, &mday) && take_char(&s, ':') && take_int(&s, 2, &hour) && take_int(&s, 2, &minute) &&
           s.at == s.end && hour < 24 && minute < 60 && series_instant(year, month, mday, hour * 60 + minute, 0, out);
}

bool series_part(role role_of, gf_str text, series_parts *p)
{
    scan s = { text.data, text.data + text.len };
    int a = 0, b = 0, c = 0;
    bool has_offset;
    double seconds;
    switch ((int)role_of) {
    case ROLE_DATE_US:
        p->dated = take_int(&s, 2, &a) && take_char(&s, '/') && take_int(&s, 2, &b) && take_char(&s, '/') && take_int(&s, 4, &c) && s.at == s.end;
        p->year = c, p->month = a, p->mday = b;
        return p->dated;
    case ROLE_CLOCK: return take_clock(&s, &p->minutes, &seconds, &has_offset, &c) && (p->timed = true);
    case ROLE_YEAR: return take_int(&s, 4, &p->year) && s.at == s.end;
    case ROLE_MONTH: return take_int(&s, 2, &p->month) && s.at == s.end && (p->dated = true);
    case ROLE_DAY: return take_int(&s, 2, &p->mday) && s.at == s.end;
    case ROLE_HOUR: return take_int(&s, 2, &a) && s.at == s.end && a <= 24 && (p->minutes += a * 60, p->timed = true);
    case ROLE_MINUTE: return take_int(&s, 2, &a) && s.at == s.end && a < 60 && (p->minutes += a, true);
    }
    return true;
}
