/* Forms with files: multipart/form-data (RFC 7578, RFC 2046 section 5.1). Parts are borrowed from the body, nothing is
 * copied but the file's name. A form that is cut off, or whose boundary is none, is refused whole.
 */
#include "http/gf_http.h"

#include <string.h>
#include <strings.h>

enum { BOUNDARY_BYTES_MAX = 70, HEAD_BYTES_MAX = 8192, PARTS_MAX = 64 };

static gf_status fail_form(gf_error *err, const char *what)
{
    return gf_fail(err, GF_EUSAGE, "http.form", "Send multipart/form-data with one file, as browsers and curl -F do.", "%s", what);
}

static bool starts_fold(gf_str s, const char *prefix) { return s.len >= strlen(prefix) && strncasecmp(s.data, prefix, strlen(prefix)) == 0; }

/* `name="value"` or `name=value` among the parameters that follow the first `;`. A quoted value keeps its escapes. */
static gf_str parameter(gf_str header, const char *name)
{
    size_t at = gf_str_find(header, GF_STR(";")), len = strlen(name);
    while (at < header.len) {
        gf_str rest = gf_str_trim(gf_str_slice(header, at + 1, header.len));
        bool wanted = rest.len > len && starts_fold(rest, name) && rest.data[len] == '=';
        size_t i = 0;
        while (i < rest.len && rest.data[i] != '=' && rest.data[i] != ';')
            i++;
        size_t begin = i < rest.len && rest.data[i] == '=' ? i + 1 : i, end;
        bool quoted = begin < rest.len && rest.data[begin] == '"';
        for (end = begin += quoted; end < rest.len && rest.data[end] != (quoted ? '"' : ';'); end++)
            end += quoted && rest.data[end] == '\\' && end + 1 < rest.len;
        if (wanted)
            return gf_str_slice(rest, begin, end);
        size_t next = gf_str_find(gf_str_slice(rest, end, rest.len), GF_STR(";"));
        at = (size_t)(rest.data - header.data) + end + next;
    }
    return (gf_str){ NULL, 0 };
}

/* A name as browsers send it: %22 for a quote, or a backslash before it; folders before the last slash are left out. */
static bool file_name(gf_str raw, gf_arena *keep, gf_str *out)
{
    char *made = gf_new(keep, char, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0; made && i < raw.len; i++) {
        bool escaped = raw.data[i] == '\\' && i + 1 < raw.len && (raw.data[i + 1] == '"' || raw.data[i + 1] == '\\');
        bool percent = i + 2 < raw.len && memcmp(raw.data + i, "%22", 3) == 0;
        i += escaped ? 1 : percent ? 2 : 0;
        char c = percent ? '"' : raw.data[i];
        if ((unsigned char)c < ' ' || c == 0x7f)
            return false;
        len = c == '/' || c == '\\' ? 0 : len;
        if (c != '/' && c != '\\')
            made[len++] = c;
    }
    *out = (gf_str){ made, len };
    return made && gf_utf8_valid(*out, NULL);
}

/* One part from behind its delimiter line: its headers, its bytes; *rest begins behind the next delimiter. */
static gf_status take_part(gf_str *rest, gf_str mark, gf_http_file *part, gf_str *named, gf_error *err)
{
    gf_str head = gf_str_slice(*rest, 0, HEAD_BYTES_MAX);
    size_t blank = gf_str_starts(*rest, GF_STR("\r\n")) ? 0 : gf_str_find(head, GF_STR("\r\n\r\n"));
    if (blank == head.len)
        return fail_form(err, "a part of the form has no end of its headers");
    gf_str body = gf_str_slice(*rest, blank + (blank ? 4 : 2), rest->len), line;
    size_t end = gf_str_find(body, mark);
    if (end == body.len)
        return fail_form(err, "the form is cut off: its last boundary is missing");
    *part = (gf_http_file){ .bytes = gf_str_slice(body, 0, end) };
    *named = (gf_str){ NULL, 0 };
    for (gf_str lines = gf_str_slice(head, 0, blank); gf_str_cut(&lines, '\n', &line);) {
        if (starts_fold(line, "content-disposition:"))
            *named = parameter(gf_str_trim(line), "filename");
        else if (starts_fold(line, "content-type:"))
            part->type = gf_str_trim(gf_str_slice(line, strlen("content-type:"), line.len));
    }
    *rest = gf_str_slice(body, end + mark.len, body.len);
    return GF_OK;
}

bool gf_http_is_form(gf_str content_type) { return starts_fold(content_type, "multipart/form-data"); }

gf_status gf_http_form_file(gf_str content_type, gf_str body, gf_arena *keep, gf_http_file *out, gf_error *err)
{
    char mark_bytes[BOUNDARY_BYTES_MAX + 8];
    gf_str boundary = parameter(content_type, "boundary"), named;
    if (boundary.len == 0 || boundary.len > BOUNDARY_BYTES_MAX)
        return fail_form(err, "the form names no boundary of 1 to 70 characters");
    (void)snprintf(mark_bytes, sizeof mark_bytes, "\r\n--%.*s", GF_STR_ARG(boundary));
    gf_str mark = gf_str_of(mark_bytes), first = gf_str_slice(mark, 2, mark.len);
    size_t begin = gf_str_starts(body, first) ? 0 : gf_str_find(body, mark);
    if (begin == body.len)
        return fail_form(err, "the form has no part");
    gf_str rest = gf_str_slice(body, begin + (begin ? mark.len : first.len), body.len);
    for (int i = 0; i < PARTS_MAX && !gf_str_starts(rest, GF_STR("--")); i++) {
        gf_http_file part;
        size_t line = gf_str_find(rest, GF_STR("\r\n"));
        rest = gf_str_slice(rest, line < rest.len ? line + 2 : line, rest.len);
        gf_status status = take_part(&rest, mark, &part, &named, err);
        if (status != GF_OK)
            return status;
        if (!named.data)
            continue;
        if (!file_name(named, keep, &part.name))
            return fail_form(err, "the name of the file is no text");
        *out = part;
        return GF_OK;
    }
    return fail_form(err, "the form holds no file");
}
