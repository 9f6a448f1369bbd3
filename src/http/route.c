/* Paths and queries: bounded, decoded once, UTF-8 or refused. Names are decoded after the path has been cut at its
 * slashes, so that an encoded slash stays inside its segment. Routes are tried one after another, in the order of the
 * table.
 */
#include "http/gf_http.h"

#include <string.h>

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool gf_http_decode(gf_str text, bool plus_is_blank, gf_arena *keep, gf_str *out)
{
    char *made = gf_new(keep, char, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; made && i < text.len; i++) {
        char c = text.data[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex_value(text.data[i + 1]) : -1, low = i + 2 < text.len ? hex_value(text.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_blank)
            c = ' ';
        if (c == '\0')
            return false;
        made[len++] = c;
    }
    *out = (gf_str){ made, len };
    return made && gf_utf8_valid(*out, NULL);
}

bool gf_http_parse_query(gf_str text, gf_http_request *request)
{
    gf_str piece;
    while (gf_str_cut(&text, '&', &piece)) {
        if (piece.len == 0)
            continue;
        if (request->query_count == GF_HTTP_QUERY_MAX)
            return false;
        size_t equals = gf_str_find(piece, GF_STR("="));
        gf_http_pair *pair = &request->query[request->query_count++];
        if (!gf_http_decode(gf_str_slice(piece, 0, equals), true, request->arena, &pair->name) ||
            !gf_http_decode(gf_str_slice(piece, equals + 1, piece.len), true, request->arena, &pair->value))
            return false;
    }
    return true;
}

gf_str gf_http_query(const gf_http_request *request, const char *name)
{
    for (size_t i = 0; i < request->query_count; i++)
        if (gf_str_is(request->query[i].name, name))
            return request->query[i].value;
    return (gf_str){ "", 0 };
}

/* Segment by segment; {name} takes one, {name*} the rest. */
bool gf_http_match(const char *pattern, gf_str path, gf_http_request *request)
{
    gf_str rest = gf_str_of(pattern);
    request->param_count = 0;
    for (;;) {
        size_t brace = gf_str_find(rest, GF_STR("{"));
        gf_str fixed = gf_str_slice(rest, 0, brace);
        if (!gf_str_starts(path, fixed))
            return false;
        path = gf_str_slice(path, fixed.len, path.len);
        if (brace == rest.len)
            return path.len == 0;
        size_t close = gf_str_find(rest, GF_STR("}"));
        bool whole = close > 0 && rest.data[close - 1] == '*';
        rest = gf_str_slice(rest, close + 1, rest.len);
        size_t end = whole ? path.len : gf_str_find(path, GF_STR("/"));
        if (end == 0 || request->param_count == GF_HTTP_PARAMS_MAX ||
            !gf_http_decode(gf_str_slice(path, 0, end), false, request->arena, &request->params[request->param_count++]))
            return false;
        path = gf_str_slice(path, end, path.len);
    }
}

/* ---- Headers ---- */

gf_str gf_http_cookie(gf_str header, const char *name)
{
    gf_str piece, found = { "", 0 };
    bool met = false;
    while (gf_str_cut(&header, ';', &piece)) {
        piece = gf_str_trim(piece);
        size_t equals = gf_str_find(piece, GF_STR("="));
        if (!gf_str_is(gf_str_slice(piece, 0, equals), name))
            continue;
        if (met)
            return (gf_str){ "", 0 };  /* two of a name: somebody planted one */
        met = true;
        found = gf_str_slice(piece, equals + 1, piece.len);
    }
    return found;
}

bool gf_http_add_header(const gf_http_request *request, gf_http_response *out, const char *name, gf_str value)
{
    bool clean = out->header_count < GF_HTTP_HEADERS_MAX;
    for (size_t i = 0; i < value.len; i++)
        clean = clean && (unsigned char)value.data[i] >= ' ' && value.data[i] != 0x7f;
    gf_str kept = clean ? gf_str_copy(request->arena, value) : (gf_str){ NULL, 0 };
    if (!kept.data)
        return false;
    out->headers[out->header_count++] = (gf_http_pair){ gf_str_of(name), kept };
    return true;
}
