/* What an item of a line says: words by their leading letters, numbers, times.
 *
 * EPANET takes a word when it begins with the keyword: "CLOSED", "closed", "Closed_by_hand". Numbers are decimal and finite;
 * strtod's other forms (hexadecimal, inf, nan) are no numbers of a network. Up to 15 digits and a power of ten up to 22 are
 * exact in a double, so that one multiplication rounds them rightly (Clinger 1990); longer ones go through strtod. Bounds keep
 * sums and products of what was read finite, and what is written readable: nothing beyond 1e30, and no quantity beyond 1e25 (some files say 1e20
 * for "no limit").
 */
#include "water/inp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NUMBER_MAX = 1e30, NUMBER_TINY = 1e-30, QUANTITY_MAX = 1e25;
enum { EXACT_DIGITS = 15, EXACT_POWER = 22, NUMBER_BYTES_MAX = 127, EXPONENT_MAX = 9999 };

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

bool inp_says(gf_str item, const char *word)
{
    size_t i = 0;
    for (; word[i]; i++)
        if (i >= item.len || upper(item.data[i]) != upper(word[i]))
            return false;
    return i > 0;
}

int inp_word_of(gf_str item, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (inp_says(item, words[i]))
            return i;
    return -1;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* [eE][+-]digits, to the end. */
static bool read_exponent(gf_str s, size_t i, int *exponent)
{
    bool minus = false;
    *exponent = 0;
    if (i == s.len)
        return true;
    if (upper(s.data[i++]) != 'E')
        return false;
    if (i < s.len && (s.data[i] == '-' || s.data[i] == '+'))
        minus = s.data[i++] == '-';
    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        if (!is_digit(s.data[i]))
            return false;
        if (*exponent < EXPONENT_MAX)
            *exponent = *exponent * 10 + (s.data[i] - '0');
    }
    *exponent = minus ? -*exponent : *exponent;
    return true;
}

static bool read_long(gf_str s, double *out)
{
    char text[NUMBER_BYTES_MAX + 1];
    if (s.len > NUMBER_BYTES_MAX)
        return false;
    memcpy(text, s.data, s.len);
    text[s.len] = '\0';
    double value = strtod(text, NULL);
    *out = fabs(value) < NUMBER_TINY ? 0 : value;
    return fabs(value) <= NUMBER_MAX;
}

bool inp_to_number(gf_str s, double *out)
{
    static const double POWERS[EXACT_POWER + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
                                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    size_t i = s.len && (s.data[0] == '-' || s.data[0] == '+') ? 1 : 0, seen = 0;
    bool minus = i && s.data[0] == '-', point = false;
    uint64_t digits = 0;
    int kept = 0, behind = 0, exponent;
    for (; i < s.len; i++) {
        char c = s.data[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c))
            break;
        seen++;
        behind += point;
        if (kept <= EXACT_DIGITS) {
            digits = digits * 10 + (uint64_t)(c - '0');
            kept += digits > 0;
        }
    }
    if (!seen || !read_exponent(s, i, &exponent))
        return false;
    exponent -= behind;
    if (kept > EXACT_DIGITS || seen > NUMBER_BYTES_MAX || exponent > EXACT_POWER || exponent < -EXACT_POWER)
        return read_long(s, out);
    double value = exponent < 0 ? (double)digits / POWERS[-exponent] : (double)digits * POWERS[exponent];
    *out = minus ? -value : value;
    return fabs(value) <= NUMBER_MAX;
}

/* h, h:mm or h:mm:ss; how many parts, or 0. */
static int split_clock(gf_str value, double part[3])
{
    gf_str piece;
    int count = 0;
    part[0] = part[1] = part[2] = 0;
    while (gf_str_cut(&value, ':', &piece))
        if (count == 3 || !inp_to_number(piece, &part[count]) || part[count++] < 0)
            return 0;
    return count;
}

/* EPANET's own arithmetic, in hours: a control cuts the second that a sum of parts misses by a last bit, and with it must
 * this reader, or a pump would start a second later here. */
bool inp_to_hours(gf_str value, gf_str unit, double *hours)
{
    static const struct {
        const char *word;
        double per_hour, hours;
    } UNITS[] = { { "SEC", 3600, 1 }, { "MIN", 60, 1 }, { "HOU", 1, 1 }, { "DAY", 1, 24 } };
    static const double HOURS_MAX = 1e7;   /* a thousand years */
    double part[3];
    int count = split_clock(value, part);
    double y = part[0];
    bool told = unit.len == 0, noon = inp_says(unit, "PM");
    for (size_t i = 0; i < GF_COUNT(UNITS) && count == 1; i++)
        if (inp_says(unit, UNITS[i].word)) {
            y = part[0] / UNITS[i].per_hour * UNITS[i].hours;
            told = true;
        }
    if (count > 1)
        y = part[0] + part[1] / 60 + part[2] / 3600;
    if (!told && (noon || inp_says(unit, "AM"))) {
        told = y < 13;
        y = y >= 12 ? y - 12 : y;   /* 12 AM is midnight, 12 PM noon */
        y = noon ? y + 12 : y;
    }
    *hours = y;
    return count && told && y <= HOURS_MAX;
}

gf_status inp_number_at(inp_reader *r, uint32_t item, const char *what, double *out)
{
    if (inp_to_number(r->items[item], out) && fabs(*out) <= QUANTITY_MAX)
        return GF_OK;
    return inp_fail(r, "water.inp.number", "Write a decimal number such as 12.5.", "%s '%.*s' is not a number that a network can have", what,
                    GF_STR_ARG(r->items[item]));
}

gf_status inp_positive_at(inp_reader *r, uint32_t item, const char *what, double *out)
{
    gf_status status = inp_number_at(r, item, what, out);
    if (status == GF_OK && !(*out > 0))
        status = inp_fail(r, "water.inp.range", "Give a value above 0.", "%s '%.*s' is not above 0", what, GF_STR_ARG(r->items[item]));
    return status;
}

gf_status inp_not_negative_at(inp_reader *r, uint32_t item, const char *what, double *out)
{
    gf_status status = inp_number_at(r, item, what, out);
    if (status == GF_OK && *out < 0)
        status = inp_fail(r, "water.inp.range", "Give 0 or a value above it.", "%s '%.*s' is negative", what, GF_STR_ARG(r->items[item]));
    return status;
}
