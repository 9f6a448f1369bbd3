/* A line as code points: columns, look-behind and look-ahead are then plain indices. And numerals of all kinds.
 *
 * Chinese is read by looking one or two characters to either side, which bytes make awkward; a line costs 13 bytes for
 * each character while it is at hand. Chinese numerals are read by sections of 万 and 亿, as they are spoken.
 */
#include "figure/line.h"

#include <string.h>

bool line_make(gf_str text, size_t offset, gf_arena *keep, text_line *out)
{
    size_t count = gf_utf8_count(text), i = 0;
    *out = (text_line){ .text = text, .code = gf_new(keep, uint32_t, count + 1), .at = gf_new(keep, size_t, count + 1), .in_name = gf_new(keep, bool, count + 1), .count = count };
    if (!out->code || !out->at || !out->in_name)
        return false;
    for (gf_str rest = text; i < count; i++) {
        out->at[i] = offset + (size_t)(rest.data - text.data);
        if (!gf_utf8_next(&rest, &out->code[i]))
            break;
    }
    out->at[count] = offset + text.len;
    return true;
}

gf_str line_slice(const text_line *line, gf_str whole, size_t from, size_t to)
{
    return gf_str_slice(whole, line->at[from], line->at[to]);
}

size_t line_match(const text_line *line, size_t at, const char *text)
{
    gf_str rest = gf_str_of(text);
    uint32_t code;
    size_t length = 0;
    while (gf_utf8_next(&rest, &code)) {
        if (at + length >= line->count || line->code[at + length] != code)
            return 0;
        length++;
    }
    return length;
}

bool line_has(const text_line *line, size_t at, const char *text) { return line_match(line, at, text) > 0; }

bool line_clause_ends(const text_line *line, size_t at)
{
    static const uint32_t ENDS[] = { 0x3002 /* 。 */, 0xFF0C /* , */, ',', 0xFF1B /* ; */, ';', 0xFF01, '!', 0xFF1F, '?', 0x3001 /* 、 */, 0xFF1A /* : */, ':', '\n' };
    if (at >= line->count)
        return true;
    for (size_t i = 0; i < GF_COUNT(ENDS); i++)
        if (line->code[at] == ENDS[i])
            return true;
    return false;
}

/* ---- Numerals ---- */

bool numeral_is_arabic(uint32_t code) { return (code >= '0' && code <= '9') || (code >= 0xFF10 && code <= 0xFF19); }

int numeral_digit(uint32_t code)
{
    static const uint32_t DIGITS[] = { 0x3007 /* 〇 */, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D };
    if (numeral_is_arabic(code))
        return (int)(code >= 0xFF10 ? code - 0xFF10 : code - '0');
    for (int i = 0; i < 10; i++)
        if (code == DIGITS[i])
            return i;
    return code == 0x96F6 /* 零 */ ? 0 : code == 0x4E24 /* 两 */ ? 2 : -1;
}

static int64_t power_of(uint32_t code)
{
    switch (code) {
    case 0x5341: return 10;         /* 十 */
    case 0x767E: return 100;        /* 百 */
    case 0x5343: return 1000;       /* 千 */
    case 0x4E07: return 10000;      /* 万 */
    case 0x4EBF: return 100000000;  /* 亿 */
    default: return 0;
    }
}

bool numeral_is_chinese(uint32_t code) { return (numeral_digit(code) >= 0 && !numeral_is_arabic(code)) || power_of(code) > 0; }

/* Digits one by one: 二〇二三. */
static bool plain_digits(const uint32_t *code, size_t from, size_t to, int64_t *out)
{
    *out = 0;
    for (size_t i = from; i < to; i++) {
        if (numeral_digit(code[i]) < 0 || *out > INT64_C(100000000000))
            return false;
        *out = *out * 10 + numeral_digit(code[i]);
    }
    return to - from >= 2;
}

bool numeral_chinese(const uint32_t *code, size_t from, size_t to, int64_t *out)
{
    int64_t hundreds_of_millions = 0, ten_thousands = 0, section = 0, digit = 0;
    if (from >= to || plain_digits(code, from, to, out))
        return from < to;
    for (size_t i = from; i < to; i++) {
        int64_t power = power_of(code[i]), here = section + digit;
        if (power == 0 && numeral_digit(code[i]) < 0)
            return false;
        if (power == 0) {
            digit = numeral_digit(code[i]);
            continue;
        }
        if (power < 10000)
            section += (digit ? digit : 1) * power;
        else if (power == 10000)
            ten_thousands = (here ? here : 1) * power, section = 0;
        else
            hundreds_of_millions = (ten_thousands + (here ? here : ten_thousands ? 0 : 1)) * power, ten_thousands = section = 0;
        digit = 0;
    }
    *out = hundreds_of_millions + ten_thousands + section + digit;
    return true;
}
