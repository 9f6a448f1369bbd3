/* JSON text, written as it comes: no tree in memory, so a long list costs only its output. Runs of plain ASCII are
 * copied at once; only what must be escaped is looked at by itself. Other characters stay as they are: RFC 8259 wants
 * UTF-8.
 *
 * Reading is jansson's, in the rooms that read; a tree for writing was left out, for lists here have 100,000 rows.
 */
#include "base/gf_base.h"

#include <assert.h>

void gf_json_init(gf_json *json, gf_text *out) { *json = (gf_json){ .out = out }; }

static void write_escaped(gf_text *out, gf_str s)
{
    gf_text_add_char(out, '"');
    while (s.len) {
        size_t plain = 0;  /* most text needs no escape: copy runs at once */
        while (plain < s.len && (unsigned char)s.data[plain] >= 0x20 && (unsigned char)s.data[plain] < 0x7F &&
               s.data[plain] != '"' && s.data[plain] != '\\')
            plain++;
        gf_text_add(out, (gf_str){ s.data, plain });
        s = gf_str_slice(s, plain, s.len);
        uint32_t code;
        if (!gf_utf8_next(&s, &code))
            break;
        switch (code) {
        case '"': gf_text_add_c(out, "\\\""); break;
        case '\\': gf_text_add_c(out, "\\\\"); break;
        case '\n': gf_text_add_c(out, "\\n"); break;
        case '\t': gf_text_add_c(out, "\\t"); break;
        case '\r': gf_text_add_c(out, "\\r"); break;
        default:
            if (code < 0x20 || code == 0x7F)
                gf_text_format(out, "\\u%04x", (unsigned)code);
            else
                gf_text_add_code(out, code);
        }
    }
    gf_text_add_char(out, '"');
}

/* Comma if needed, then the key if there is one. */
static void lead(gf_json *json, const char *key)
{
    if (json->comma[json->depth])
        gf_text_add_char(json->out, ',');
    json->comma[json->depth] = true;
    if (key) {
        write_escaped(json->out, gf_str_of(key));
        gf_text_add_char(json->out, ':');
    }
}

void gf_json_begin(gf_json *json, const char *key, char bracket)
{
    assert(json->depth + 1 < GF_COUNT(json->comma));
    lead(json, key);
    gf_text_add_char(json->out, bracket);
    json->comma[++json->depth] = false;
}

void gf_json_end(gf_json *json, char bracket)
{
    assert(json->depth > 0);
    json->depth--;
    gf_text_add_char(json->out, bracket);
}

void gf_json_str(gf_json *json, const char *key, gf_str value)
{
    lead(json, key);
    write_escaped(json->out, value);
}

void gf_json_cstr(gf_json *json, const char *key, const char *value)
{
    if (value)
        gf_json_str(json, key, gf_str_of(value));
    else
        gf_json_null(json, key);
}

void gf_json_opt_str(gf_json *json, const char *key, gf_str value)
{
    if (value.len)
        gf_json_str(json, key, value);
    else
        gf_json_null(json, key);
}

void gf_json_int(gf_json *json, const char *key, int64_t value)
{
    lead(json, key);
    gf_text_format(json->out, "%lld", (long long)value);
}

void gf_json_decimal(gf_json *json, const char *key, gf_decimal value)
{
    char text[GF_DECIMAL_BYTES];
    size_t len = gf_decimal_format(value, text);
    lead(json, key);
    gf_text_add(json->out, (gf_str){ text, len });
}

void gf_json_real(gf_json *json, const char *key, double value, int decimals)
{
    lead(json, key);
    gf_text_format(json->out, "%.*f", decimals, value);
}

void gf_json_bool(gf_json *json, const char *key, bool value)
{
    lead(json, key);
    gf_text_add_c(json->out, value ? "true" : "false");
}

void gf_json_null(gf_json *json, const char *key)
{
    lead(json, key);
    gf_text_add_c(json->out, "null");
}

void gf_json_error(gf_json *json, const char *key, const gf_error *err)
{
    gf_json_begin(json, key, '{');
    gf_json_cstr(json, "status", gf_status_name(err->status));
    gf_json_cstr(json, "code", err->code ? err->code : "");
    gf_json_cstr(json, "where", err->where);
    gf_json_cstr(json, "what", err->what);
    gf_json_cstr(json, "hint", err->hint);
    gf_json_end(json, '}');
}
