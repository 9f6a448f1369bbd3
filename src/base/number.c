/* Exact decimals and fen. 128-bit intermediates keep every step exact; what does not fit is refused, never rounded.
 *
 * A decimal is one int64 and a scale: 18 digits are more than any amount or measure of a programme has. Values are
 * kept normalised, so that equal values are equal in every field and hash alike. Arithmetic is constant time but for
 * the powers of ten, which are made by multiplying: at most 35 turns.
 */
#include "base/gf_base.h"

#include <assert.h>
#include <string.h>

enum { SCALE_MAX = 18 };
static const int64_t DIGITS_MAX = 999999999999999999;  /* 10^18 - 1 */

typedef __int128 wide;

static wide power_of_ten(unsigned exponent)
{
    assert(exponent <= 38);  /* 10^38 is the last one that 127 bits hold */
    wide power = 1;
    while (exponent--)
        power *= 10;
    return power;
}

static bool normalise(wide digits, unsigned scale, gf_decimal *out)
{
    while (scale > 0 && digits % 10 == 0) {
        digits /= 10;
        scale--;
    }
    if (scale > SCALE_MAX || digits > DIGITS_MAX || digits < -DIGITS_MAX)
        return false;
    *out = (gf_decimal){ (int64_t)digits, (uint8_t)scale };
    return true;
}

bool gf_decimal_make(int64_t digits, unsigned scale, gf_decimal *out)
{
    return scale <= 2 * SCALE_MAX && normalise(digits, scale, out);
}

bool gf_decimal_parse(gf_str s, gf_decimal *out)
{
    size_t i = s.len && (s.data[0] == '-' || s.data[0] == '+') ? 1 : 0;
    bool minus = i && s.data[0] == '-', point = false;
    wide digits = 0;
    unsigned scale = 0, seen = 0;
    for (; i < s.len; i++) {
        char c = s.data[i];
        if (c == '.' && !point && seen) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || digits > power_of_ten(35))
            return false;
        digits = digits * 10 + (c - '0');
        scale += point;
        seen++;
    }
    if (!seen || (point && scale == 0))
        return false;
    return normalise(minus ? -digits : digits, scale, out);
}

static wide scaled(gf_decimal value, unsigned scale)
{
    assert(scale >= value.scale);  /* brought to a finer scale only: nothing is cut off */
    return (wide)value.digits * power_of_ten(scale - value.scale);
}

static unsigned common_scale(gf_decimal a, gf_decimal b) { return a.scale > b.scale ? a.scale : b.scale; }

int gf_decimal_cmp(gf_decimal a, gf_decimal b)
{
    unsigned scale = common_scale(a, b);
    wide x = scaled(a, scale), y = scaled(b, scale);
    return (x > y) - (x < y);
}

bool gf_decimal_add(gf_decimal a, gf_decimal b, gf_decimal *out)
{
    unsigned scale = common_scale(a, b);
    return normalise(scaled(a, scale) + scaled(b, scale), scale, out);
}

bool gf_decimal_sub(gf_decimal a, gf_decimal b, gf_decimal *out)
{
    b.digits = -b.digits;
    return gf_decimal_add(a, b, out);
}

bool gf_decimal_mul_int(gf_decimal a, int64_t factor, gf_decimal *out)
{
    return normalise((wide)a.digits * factor, a.scale, out);
}

bool gf_decimal_div(gf_decimal a, gf_decimal b, unsigned scale, gf_decimal *out)
{
    if (b.digits == 0 || scale > SCALE_MAX)
        return false;
    /* a/b = (a.digits * 10^(b.scale + scale)) / (b.digits * 10^a.scale), in units of 10^-scale */
    unsigned up = b.scale + scale, down = a.scale;
    unsigned shared = up < down ? up : down;
    up -= shared, down -= shared;
    if (up > SCALE_MAX + 2)
        return false;
    wide over = (wide)a.digits * power_of_ten(up), under = (wide)b.digits * power_of_ten(down);
    bool minus = (over < 0) != (under < 0);
    over = over < 0 ? -over : over;
    under = under < 0 ? -under : under;
    assert(over >= 0 && under > 0);
    wide digits = over / under;
    if (over % under >= under - over % under)  /* half up, without doubling */
        digits++;
    return normalise(minus ? -digits : digits, scale, out);
}

size_t gf_decimal_format(gf_decimal value, char out[GF_DECIMAL_BYTES])
{
    assert(value.scale <= SCALE_MAX);  /* sign, zero, point and 18 digits are what `out` has room for */
    uint64_t rest = value.digits < 0 ? (uint64_t)-value.digits : (uint64_t)value.digits;
    char reversed[GF_DECIMAL_BYTES];
    size_t len = 0;
    for (unsigned place = 0; rest || place <= value.scale; place++, rest /= 10) {
        if (place == value.scale && place > 0)
            reversed[len++] = '.';
        reversed[len++] = (char)('0' + rest % 10);
    }
    if (value.digits < 0)
        reversed[len++] = '-';
    for (size_t i = 0; i < len; i++)
        out[i] = reversed[len - 1 - i];
    out[len] = '\0';
    return len;
}

bool gf_fen_add(gf_fen a, gf_fen b, gf_fen *out) { return !__builtin_add_overflow(a, b, out); }

gf_decimal gf_fen_to_yuan(gf_fen amount)
{
    gf_decimal yuan = { 0, 0 };
    (void)normalise(amount, 2, &yuan);  /* a sum beyond 10^18 fen is stopped by the ledger long before */
    return yuan;
}

bool gf_fen_from_yuan(gf_decimal yuan, gf_fen *out)
{
    if (yuan.scale > 2)
        return false;
    wide fen = (wide)yuan.digits * power_of_ten(2u - yuan.scale);
    if (fen > INT64_MAX || fen < INT64_MIN)
        return false;
    *out = (gf_fen)fen;
    return true;
}
