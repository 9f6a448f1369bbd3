/* Borrowed text, UTF-8, and text that grows in an arena.
 *
 * Text is a pointer and a length, so that pieces of a file or request are used where they lie. UTF-8 is decoded by the
 * table of RFC 3629 and nothing else. Growing text doubles; what it leaves behind in the arena is less than what it
 * is.
 */
#include "base/gf_base.h"

#include <stdarg.h>
#include <string.h>

gf_str gf_str_of(const char *text) { return (gf_str){ text ? text : "", text ? strlen(text) : 0 }; }

bool gf_str_eq(gf_str a, gf_str b) { return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0); }

bool gf_str_is(gf_str a, const char *b) { return gf_str_eq(a, gf_str_of(b)); }

int gf_str_cmp(gf_str a, gf_str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool gf_str_starts(gf_str s, gf_str prefix)
{
    return s.len >= prefix.len && gf_str_eq((gf_str){ s.data, prefix.len }, prefix);
}

bool gf_str_ends(gf_str s, gf_str suffix)
{
    return s.len >= suffix.len && gf_str_eq((gf_str){ s.data + (s.len - suffix.len), suffix.len }, suffix);
}

size_t gf_str_find(gf_str s, gf_str needle)
{
    if (needle.len == 0 || needle.len > s.len)
        return s.len;
    const char *at = s.data, *last = s.data + (s.len - needle.len);
    while (at <= last && (at = memchr(at, needle.data[0], (size_t)(last - at) + 1)) != NULL) {
        if (memcmp(at, needle.data, needle.len) == 0)
            return (size_t)(at - s.data);
        at++;
    }
    return s.len;
}

bool gf_str_has(gf_str s, gf_str needle) { return gf_str_find(s, needle) < s.len; }

gf_str gf_str_slice(gf_str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (gf_str){ s.data ? s.data + from : NULL, to - from };  /* no text at all: nothing is added to NULL */
}

static size_t blank_at_start(gf_str s)
{
    if (s.len && (s.data[0] == ' ' || (s.data[0] >= '\t' && s.data[0] <= '\r')))
        return 1;
    return gf_str_starts(s, GF_STR("\xE3\x80\x80")) ? 3 : 0;
}

static size_t blank_at_end(gf_str s)
{
    if (s.len && (s.data[s.len - 1] == ' ' || (s.data[s.len - 1] >= '\t' && s.data[s.len - 1] <= '\r')))
        return 1;
    return gf_str_ends(s, GF_STR("\xE3\x80\x80")) ? 3 : 0;
}

gf_str gf_str_trim(gf_str s)
{
    for (size_t n; (n = blank_at_start(s)) > 0;)
        s = (gf_str){ s.data + n, s.len - n };
    for (size_t n; (n = blank_at_end(s)) > 0;)
        s.len -= n;
    return s;
}

bool gf_str_cut(gf_str *rest, char mark, gf_str *piece)
{
    if (rest->len == 0)
        return false;
    const char *at = memchr(rest->data, mark, rest->len);
    size_t len = at ? (size_t)(at - rest->data) : rest->len;
    *piece = (gf_str){ rest->data, len };
    size_t skip = at ? len + 1 : len;
    *rest = (gf_str){ rest->data + skip, rest->len - skip };
    return true;
}

gf_str gf_str_copy(gf_arena *arena, gf_str s)
{
    char *copy = gf_new(arena, char, s.len + 1);
    if (!copy)
        return (gf_str){ NULL, 0 };
    if (s.len)
        memcpy(copy, s.data, s.len);
    return (gf_str){ copy, s.len };
}

const char *gf_str_cstr(gf_arena *arena, gf_str s) { return gf_str_copy(arena, s).data; }

uint64_t gf_str_hash(gf_str s)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.data[i]) * 0x100000001b3u;
    return hash;
}

bool gf_str_to_int(gf_str s, int64_t *out)
{
    bool minus = s.len && s.data[0] == '-';
    size_t i = s.len && (minus || s.data[0] == '+') ? 1 : 0;
    if (i == s.len)
        return false;
    int64_t value = 0;  /* kept negative: the negative range is the larger one */
    for (; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, s.data[i] - '0', &value))
            return false;
    }
    if (!minus && __builtin_sub_overflow((int64_t)0, value, &value))
        return false;
    *out = value;
    return true;
}

/* ---- UTF-8: the table of RFC 3629, section 4 ---- */

/* Length of the well-formed character at the start of s, or 0. */
static size_t character_bytes(const unsigned char *p, size_t len)
{
    if (p[0] < 0x80)
        return 1;
    size_t need = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || need > len)
        return 0;
    unsigned char low = 0x80, high = 0xBF;  /* range of the second byte */
    switch (p[0]) {
    case 0xE0: low = 0xA0; break;
    case 0xED: high = 0x9F; break;
    case 0xF0: low = 0x90; break;
    case 0xF4: high = 0x8F; break;
    default: break;
    }
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < need; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return need;
}

bool gf_utf8_valid(gf_str s, size_t *bad_offset)
{
    const unsigned char *p = (const unsigned char *)s.data;
    for (size_t i = 0; i < s.len;) {
        size_t bytes = character_bytes(p + i, s.len - i);
        if (bytes == 0) {
            if (bad_offset)
                *bad_offset = i;
            return false;
        }
        i += bytes;
    }
    return true;
}

bool gf_utf8_next(gf_str *rest, uint32_t *code)
{
    if (rest->len == 0)
        return false;
    const unsigned char *p = (const unsigned char *)rest->data;
    size_t bytes = character_bytes(p, rest->len);
    switch (bytes) {
    case 1: *code = p[0]; break;
    case 2: *code = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu); break;
    case 3: *code = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu); break;
    case 4: *code = (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu); break;
    default: *code = 0xFFFD; bytes = 1; break;
    }
    *rest = (gf_str){ rest->data + bytes, rest->len - bytes };
    return true;
}

size_t gf_utf8_count(gf_str s)
{
    size_t count = 0;
    for (uint32_t code; gf_utf8_next(&s, &code);)
        count++;
    return count;
}

/* ---- Growing text ---- */

enum { TEXT_ROOM_MIN = 256 };

void gf_text_init(gf_text *text, gf_arena *arena) { *text = (gf_text){ .arena = arena }; }

/* Old room stays in the arena until it is rewound: doubling keeps that below the final size. */
static bool make_room(gf_text *text, size_t more)
{
    if (text->failed)
        return false;
    size_t need = text->len + more + 1;
    if (need <= text->room)
        return true;
    size_t room = text->room ? text->room * 2 : TEXT_ROOM_MIN;
    if (room < need)
        room = need;
    char *data = gf_new(text->arena, char, room);
    if (!data) {
        text->failed = true;
        return false;
    }
    if (text->len)
        memcpy(data, text->data, text->len);
    text->data = data;
    text->room = room;
    return true;
}

void gf_text_add(gf_text *text, gf_str s)
{
    if (s.len == 0 || !make_room(text, s.len))
        return;
    memcpy(text->data + text->len, s.data, s.len);
    text->len += s.len;
    text->data[text->len] = '\0';
}

void gf_text_add_c(gf_text *text, const char *s) { gf_text_add(text, gf_str_of(s)); }

void gf_text_add_char(gf_text *text, char c) { gf_text_add(text, (gf_str){ &c, 1 }); }

void gf_text_format(gf_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        text->failed = true;
    else if (make_room(text, (size_t)len)) {
        (void)vsnprintf(text->data + text->len, (size_t)len + 1, format, again);
        text->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}

void gf_text_add_code(gf_text *text, uint32_t code)
{
    unsigned char b[4];
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char LEAD[5] = { 0, 0x00, 0xC0, 0xE0, 0xF0 };
    for (size_t i = n; i-- > 1; code >>= 6)
        b[i] = (unsigned char)(0x80 | (code & 0x3F));
    b[0] = (unsigned char)(LEAD[n] | code);
    gf_text_add(text, (gf_str){ (const char *)b, n });
}

gf_str gf_text_str(const gf_text *text) { return (gf_str){ text->data ? text->data : "", text->len }; }

gf_status gf_text_done(const gf_text *text, gf_error *err)
{
    return text->failed ? gf_fail_memory(err) : GF_OK;
}
