/* Answers: safe headers on every one, problem documents for failures, bodies from memory, a file or a stream.
 *
 * The content policy lets nothing in but what this server serves. A body is copied unless it outlives the server,
 * because the request's arena may go before the last byte has been sent. ETag and If-None-Match are settled here, so
 * that no handler has to know of 304.
 */
#include "http/http_inside.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct { const char *name, *value; } SAFE_HEADERS[] = {
    { "Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'" },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "no-referrer" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Permissions-Policy", "camera=(), microphone=(), geolocation=()" },
};

int64_t http_now_us(void)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* What kind of failure a status found before any handler is, in words. */
static const struct { int status; gf_status kind; const char *code, *what, *hint; } REFUSALS[] = {
    { 400, GF_EUSAGE, "http.query", "the query is malformed", "Write name=value pairs, percent-encoded UTF-8." },
    { 404, GF_ENOTFOUND, "http.path", "there is nothing under this path", "/api/openapi.json lists every path." },
    { 405, GF_EUSAGE, "http.method", "this method is not served here", "The header Allow lists the methods." },
    { 413, GF_ELIMIT, "http.large", "the request is larger than this server takes", "" },
    { 421, GF_EDENIED, "http.host", "this server answers to the name of this machine only", "Open it as http://127.0.0.1, or start it with --behind-proxy or TLS." },
    { 503, GF_ELIMIT, "http.busy", "too many requests wait already", "Try again in a moment." },
};

static void write_problem(exchange *x, int status)
{
    gf_text text;
    gf_json json;
    gf_text_init(&text, x->arena);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "type", "about:blank");
    gf_json_cstr(&json, "title", gf_status_name(x->err.status));
    gf_json_int(&json, "status", status);
    gf_json_cstr(&json, "detail", x->err.what);
    gf_json_cstr(&json, "code", x->err.code);
    gf_json_cstr(&json, "where", x->err.where);
    gf_json_cstr(&json, "hint", x->err.hint);
    if (x->answer.body.len && x->answer.status)   /* a member of the problem that the handler wrote: "current":{...} */
        gf_text_add_char(&text, ','), gf_text_add(&text, x->answer.body);
    gf_json_end(&json, '}');
    x->answer.status = status;
    x->answer.type = "application/problem+json; charset=utf-8";
    x->answer.body = gf_text_str(&text);
    x->answer.etag.len = 0;
    x->answer.fixed = false;
}

void answer_take_back(exchange *x)
{
    if (x->answer.fd > 0)
        (void)close(x->answer.fd);
    x->answer = (gf_http_response){ .status = 0 };
}

static bool promises(int status) { return status >= 200 && status < 300; }

static void settle(exchange *x)
{
    for (size_t i = 0; x->refusal && i < GF_COUNT(REFUSALS); i++)
        if (REFUSALS[i].status == x->refusal) {
            (void)gf_fail(&x->err, REFUSALS[i].kind, REFUSALS[i].code, REFUSALS[i].hint, "%s", REFUSALS[i].what);
            x->status = x->err.status;
            write_problem(x, x->refusal);
            return;
        }
    if (x->status != GF_OK && promises(x->answer.status))
        answer_take_back(x);  /* the handler was done when something behind it failed: a commit, a line to a server */
    if (x->status != GF_OK)
        write_problem(x, x->answer.status ? x->answer.status : gf_status_http(x->status));
    else if (x->answer.status == 0)
        x->answer.status = 200;
    gf_str held = x->answer.status == 200 ? gf_http_header(&x->request, "If-None-Match") : (gf_str){ "", 0 };
    if (held.len && x->answer.etag.len && gf_str_has(held, x->answer.etag)) {
        x->answer.status = 304;
        x->answer.body.len = 0;
    }
}

static struct MHD_Response *make_response(exchange *x)
{
    const gf_http_response *a = &x->answer;
    struct stat info;
    if (a->topics.len)
        return stream_response(x);
    if (a->fd > 0 && fstat(a->fd, &info) == 0)
        return MHD_create_response_from_fd((size_t)info.st_size, a->fd);
    return MHD_create_response_from_buffer(a->body.len, (void *)(uintptr_t)a->body.data, a->fixed ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
}

static bool add_headers(struct MHD_Response *response, const exchange *x)
{
    const gf_http_response *a = &x->answer;
    bool added = !a->type || MHD_add_response_header(response, "Content-Type", a->type) == MHD_YES;
    for (size_t i = 0; i < GF_COUNT(SAFE_HEADERS); i++)
        added = MHD_add_response_header(response, SAFE_HEADERS[i].name, SAFE_HEADERS[i].value) == MHD_YES && added;
    added = MHD_add_response_header(response, "Cache-Control", a->keep_forever ? "public, max-age=31536000, immutable" : "no-cache") == MHD_YES && added;
    if (x->request.encrypted)
        added = MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000") == MHD_YES && added;
    if (a->etag.len) {
        char etag[80];
        (void)snprintf(etag, sizeof etag, "\"%.*s\"", GF_STR_ARG(gf_str_slice(a->etag, 0, 70)));
        added = MHD_add_response_header(response, "ETag", etag) == MHD_YES && added;
    }
    for (size_t i = 0; i < a->header_count; i++)
        added = MHD_add_response_header(response, a->headers[i].name.data, a->headers[i].value.data) == MHD_YES && added;
    if (x->allow.data && x->allow.len && !x->route)
        added = MHD_add_response_header(response, "Allow", x->allow.data) == MHD_YES && added;
    return added;
}

enum MHD_Result answer_send(exchange *x)
{
    settle(x);
    const gf_http_options *o = &x->server->options;
    if (o->done)
        o->done(o->context, &x->request, x->route, x->answer.status, http_now_us() - x->began_us);
    struct MHD_Response *response = make_response(x);
    if (!response) {
        if (x->answer.fd > 0)
            (void)close(x->answer.fd);
        return MHD_NO;
    }
    enum MHD_Result queued = add_headers(response, x) ? MHD_queue_response(x->connection, (unsigned)x->answer.status, response) : MHD_NO;
    MHD_destroy_response(response);
    return queued;
}
