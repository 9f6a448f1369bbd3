/* Status names, exit codes, HTTP codes: one table for the whole program. And how a failure is written down.
 *
 * An error has a fixed size, so that reporting one cannot fail. Whatever stands in it may have been cut, by the room
 * or by a precision in the format: broken characters are taken out at the end, once, instead of being avoided
 * everywhere.
 */
#include "base/gf_base.h"

#include <stdarg.h>
#include <string.h>

typedef struct status_row { const char *name; int exit_code; int http; } status_row;

static const status_row STATUS_ROWS[GF_STATUS_COUNT] = {
    [GF_OK]         = { "ok",        0,   200 },
    [GF_ENO]        = { "no",        1,   200 },
    [GF_EUSAGE]     = { "usage",     2,   400 },
    [GF_EINPUT]     = { "input",     3,   422 },
    [GF_ENOTFOUND]  = { "not_found", 4,   404 },
    [GF_ECONFLICT]  = { "conflict",  5,   409 },
    [GF_ELIMIT]     = { "limit",     6,   413 },
    [GF_ENOMEM]     = { "memory",    6,   503 },
    [GF_EIO]        = { "io",        7,   503 },
    [GF_EDENIED]    = { "refused",   8,   403 },
    [GF_EUNSOLVED]  = { "unsolved",  9,   422 },
    [GF_ECANCELLED] = { "cancelled", 130, 503 },
};

static const status_row *row_of(gf_status status)
{
    return &STATUS_ROWS[(unsigned)status < GF_STATUS_COUNT ? status : GF_EIO];
}

const char *gf_status_name(gf_status status) { return row_of(status)->name; }
int gf_status_exit_code(gf_status status) { return row_of(status)->exit_code; }
int gf_status_http(gf_status status) { return row_of(status)->http; }

/* A text that was cut inside a character, by the room or by the format, would be broken UTF-8: what is left of it goes. */
static void keep_whole_characters(char *text)
{
    size_t bad;
    while (!gf_utf8_valid(gf_str_of(text), &bad))
        memmove(text + bad, text + bad + 1, strlen(text + bad));  /* with the terminator */
}

static void fill(char *out, size_t room, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
static void fill(char *out, size_t room, const char *format, va_list args)
{
    (void)vsnprintf(out, room, format, args);  /* a cut message is still a message */
    keep_whole_characters(out);
}

gf_status gf_fail(gf_error *err, gf_status status, const char *code, const char *hint, const char *format, ...)
{
    if (!err)
        return status;
    err->status = status;
    err->code = code;
    err->where[0] = '\0';
    (void)snprintf(err->hint, sizeof err->hint, "%s", hint ? hint : "");
    keep_whole_characters(err->hint);
    va_list args;
    va_start(args, format);
    fill(err->what, sizeof err->what, format, args);
    va_end(args);
    return status;
}

gf_status gf_fail_at(gf_error *err, const char *format, ...)
{
    if (!err)
        return GF_EIO;
    if (!err->where[0]) {
        va_list args;
        va_start(args, format);
        fill(err->where, sizeof err->where, format, args);
        va_end(args);
    }
    return err->status;
}

gf_status gf_fail_memory(gf_error *err)
{
    return gf_fail(err, GF_ENOMEM, "memory.limit", "Use a smaller input, or raise the memory limit.",
                   "the memory set aside for this work is used up");
}
