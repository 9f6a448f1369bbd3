/* The server: libmicrohttpd with epoll and a pool of threads; the fastest of those measured for this program.
 *
 * A request is gathered first (headers, then a bounded body), handled, and answered from a copy. Host must name this
 * machine: a page of another site must not reach the books through a name that it points here.
 */
#include "http/gf_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS_MAX = 16, DRAIN_TIMES = 8, BODY_BYTES_MAX = 2 << 20, URL_BYTES_MAX = 8192, CONNECTION_SECONDS = 30, CONNECTIONS_MAX = 512 };
static const size_t REQUEST_BYTES_MAX = (size_t)1 << 30;

struct gf_http {
    struct MHD_Daemon *daemon;
    gf_http_options    options;
    unsigned           port;
};

/* A request being gathered. */
typedef struct gathering { gf_arena *arena; gf_text body; gf_str raw_url; size_t seen_bytes; bool too_large; } gathering;

/* ---- Answers ---- */

static const struct { const char *name, *value; } SAFE_HEADERS[] = {
    { "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'" },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "no-referrer" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cache-Control", "no-cache" },
};

static enum MHD_Result send_response(struct MHD_Connection *connection, const gf_http_response *answer, const char *allow)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(answer->body.len, (void *)(uintptr_t)answer->body.data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    bool added = MHD_add_response_header(response, "Content-Type", answer->type) == MHD_YES;
    for (size_t i = 0; i < GF_COUNT(SAFE_HEADERS); i++)
        added = MHD_add_response_header(response, SAFE_HEADERS[i].name, SAFE_HEADERS[i].value) == MHD_YES && added;
    if (answer->etag.len) {
        char etag[80];
        (void)snprintf(etag, sizeof etag, "\"%.*s\"", GF_STR_ARG(gf_str_slice(answer->etag, 0, 70)));
        added = MHD_add_response_header(response, "ETag", etag) == MHD_YES && added;
    }
    if (allow)
        added = MHD_add_response_header(response, "Allow", allow) == MHD_YES && added;
    enum MHD_Result queued = added ? MHD_queue_response(connection, (unsigned)answer->status, response) : MHD_NO;
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result send_problem(struct MHD_Connection *connection, gf_arena *arena, int status, const gf_error *err, const char *allow)
{
    gf_text text;
    gf_json json;
    gf_text_init(&text, arena);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "type", "about:blank");
    gf_json_cstr(&json, "title", gf_status_name(err->status));
    gf_json_int(&json, "status", status);
    gf_json_cstr(&json, "detail", err->what);
    gf_json_cstr(&json, "code", err->code);
    gf_json_cstr(&json, "where", err->where);
    gf_json_cstr(&json, "hint", err->hint);
    gf_json_end(&json, '}');
    gf_http_response answer = { status, "application/problem+json; charset=utf-8", gf_text_str(&text), { "", 0 } };
    return send_response(connection, &answer, allow);
}

/* ---- One request ---- */

static bool is_local_name(gf_str host)
{
    static const char *const NAMES[] = { "127.0.0.1", "localhost", "[::1]" };
    size_t colon = host.len;
    while (colon > 0 && host.data[colon - 1] != ':' && host.data[colon - 1] != ']')
        colon--;
    if (colon > 0 && host.data[colon - 1] == ':')
        host.len = colon - 1;
    for (size_t i = 0; i < GF_COUNT(NAMES); i++)
        if (gf_str_is(host, NAMES[i]))
            return true;
    return false;
}

static bool serves(const gf_http_route *route, const char *method)
{
    return strcmp(route->method, method) == 0 || (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

/* The route, or NULL. `allow` becomes the methods of the path, "" when there is nothing under it. */
static const gf_http_route *find_route(const gf_http *server, gf_http_request *request, gf_text *allow)
{
    gf_text_init(allow, request->arena);
    for (size_t i = 0; i < server->options.route_count; i++) {
        const gf_http_route *route = &server->options.routes[i];
        if (!gf_http_match(route->path, request->path, request))
            continue;
        if (serves(route, request->method))
            return route;
        gf_text_format(allow, "%s%s, ", route->method, strcmp(route->method, "GET") == 0 ? ", HEAD" : "");
    }
    if (gf_text_str(allow).len)
        gf_text_add_c(allow, "OPTIONS");
    return NULL;
}

static enum MHD_Result fail_request(struct MHD_Connection *connection, gf_arena *arena, int status, const char *allow, gf_status kind, const char *code,
                                    const char *what)
{
    gf_error err;
    (void)gf_fail(&err, kind, code, "", "%s", what);
    return send_problem(connection, arena, status, &err, allow);
}

static bool is_fresh(struct MHD_Connection *connection, gf_str etag)
{
    const char *held = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    return held && etag.len && gf_str_has(gf_str_of(held), etag);
}

static enum MHD_Result answer_request(const gf_http *server, struct MHD_Connection *connection, const char *method, gathering *got)
{
    gf_http_request request = { .method = method, .arena = got->arena, .body = gf_text_str(&got->body) };
    gf_http_response answer = { 0, "text/plain; charset=utf-8", { "", 0 }, { "", 0 } };
    gf_error err = { .status = GF_OK };
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    size_t mark = gf_str_find(got->raw_url, GF_STR("?"));
    gf_text allow;
    if (!host || !is_local_name(gf_str_of(host)))
        return fail_request(connection, got->arena, 421, NULL, GF_EDENIED, "http.host", "this server answers to the name of this machine only");
    if (got->too_large)
        return fail_request(connection, got->arena, 413, NULL, GF_ELIMIT, "http.large", "the request is larger than this server takes");
    request.path = gf_str_slice(got->raw_url, 0, mark);
    request.content_type = gf_str_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type"));
    if (!gf_http_parse_query(gf_str_slice(got->raw_url, mark + 1, got->raw_url.len), &request))
        return fail_request(connection, got->arena, 400, NULL, GF_EUSAGE, "http.query", "the query is malformed");
    const gf_http_route *route = find_route(server, &request, &allow);
    const char *methods = route || !gf_text_str(&allow).len ? NULL : gf_text_str(&allow).data;
    if (methods && strcmp(method, "OPTIONS") == 0) {
        answer.status = 204;
        return send_response(connection, &answer, methods);
    }
    if (methods)
        return fail_request(connection, got->arena, 405, methods, GF_EUSAGE, "http.method", "this method is not served here");
    if (!route)
        return fail_request(connection, got->arena, 404, NULL, GF_ENOTFOUND, "http.path", "there is nothing under this path");
    gf_status status = route->handler(server->options.context, &request, &answer, &err);
    if (status != GF_OK)
        return send_problem(connection, got->arena, gf_status_http(status), &err, NULL);
    answer.status = answer.status ? answer.status : 200;
    if (is_fresh(connection, answer.etag)) {
        answer.status = 304;
        answer.body.len = 0;
    }
    return send_response(connection, &answer, NULL);
}

static void *begin_request(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)context, (void)connection;
    gathering *got = calloc(1, sizeof *got);
    if (!got)
        return NULL;
    got->arena = gf_arena_open(REQUEST_BYTES_MAX);
    if (!got->arena) {
        free(got);
        return NULL;
    }
    gf_text_init(&got->body, got->arena);
    size_t len = strnlen(uri, URL_BYTES_MAX + 1);
    got->too_large = len > URL_BYTES_MAX;
    got->raw_url = gf_str_copy(got->arena, (gf_str){ uri, got->too_large ? 0 : len });
    return got;
}

static void end_request(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    (void)context, (void)connection, (void)why;
    gathering *got = *state;
    if (got) {
        gf_arena_close(got->arena);
        free(got);
    }
    *state = NULL;
}

/* libmicrohttpd calls this once with the headers, then for each part of the body, then once more without one. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                                  const char *part, size_t *part_len, void **state)
{
    (void)url, (void)version;
    const gf_http *server = context;
    gathering *got = *state;
    if (!got)
        return MHD_NO;
    if (!got->body.data) {  /* first call: make room, so that the next ones are told apart */
        gf_text_add_c(&got->body, " ");
        got->body.len = 0;
        return got->body.failed ? MHD_NO : MHD_YES;
    }
    if (*part_len) {
        got->seen_bytes += *part_len;
        got->too_large = got->too_large || got->seen_bytes > server->options.body_bytes_max;
        if (got->seen_bytes / DRAIN_TIMES > server->options.body_bytes_max)
            return MHD_NO;  /* read on so that the refusal can be heard, but not for ever */
        if (!got->too_large)
            gf_text_add(&got->body, (gf_str){ part, *part_len });
        *part_len = 0;
        return MHD_YES;
    }
    return answer_request(server, connection, method, got);
}

/* ---- Opening ---- */

static gf_status parse_address(gf_str listen, struct sockaddr_in *out, gf_error *err)
{
    size_t colon = listen.len;
    while (colon > 0 && listen.data[colon - 1] != ':')
        colon--;
    char host[64];
    int64_t port;
    gf_str name = gf_str_slice(listen, 0, colon ? colon - 1 : 0);
    if (gf_str_is(name, "localhost"))
        name = GF_STR("127.0.0.1");
    (void)snprintf(host, sizeof host, "%.*s", GF_STR_ARG(gf_str_slice(name, 0, 60)));
    *out = (struct sockaddr_in){ .sin_family = AF_INET };
    if (colon == 0 || !gf_str_to_int(gf_str_slice(listen, colon, listen.len), &port) || port < 0 || port > 65535 || inet_pton(AF_INET, host, &out->sin_addr) != 1)
        return gf_fail(err, GF_EUSAGE, "http.address", "Write --listen 127.0.0.1:8080.", "\"%.*s\" is no address", GF_STR_ARG(gf_str_slice(listen, 0, 60)));
    if ((ntohl(out->sin_addr.s_addr) >> 24) != 127)
        return gf_fail(err, GF_EDENIED, "http.loopback", "Listen on 127.0.0.1.", "this version serves its own machine only, not %s", host);
    out->sin_port = htons((uint16_t)port);
    return GF_OK;
}

static unsigned count_threads(unsigned asked)
{
    long cores = asked ? (long)asked : sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
}

static gf_status fail_to_listen(int cause, gf_str listen, gf_error *err)
{
    if (cause == EACCES)
        return gf_fail(err, GF_EDENIED, "http.port", "Choose a port from 1024 up with --listen 127.0.0.1:PORT.", "%.*s is not ours to take", GF_STR_ARG(listen));
    if (cause == EADDRINUSE)
        return gf_fail(err, GF_ECONFLICT, "http.port", "Choose another port with --listen 127.0.0.1:PORT.", "%.*s is taken by another program", GF_STR_ARG(listen));
    return gf_fail(err, GF_EIO, "http.port", "", "cannot listen on %.*s: %s", GF_STR_ARG(listen), strerror(cause));
}

gf_status gf_http_open(const gf_http_options *options, gf_http **out, gf_error *err)
{
    struct sockaddr_in address;
    gf_status status = parse_address(options->listen, &address, err);
    gf_http *server = status == GF_OK ? calloc(1, sizeof *server) : NULL;
    if (!server)
        return status == GF_OK ? gf_fail_memory(err) : status;
    server->options = *options;
    if (server->options.body_bytes_max == 0)
        server->options.body_bytes_max = BODY_BYTES_MAX;
    server->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR, &address,
                                      MHD_OPTION_THREAD_POOL_SIZE, count_threads(options->threads), MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                                      MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_SECONDS, MHD_OPTION_URI_LOG_CALLBACK, begin_request, server,
                                      MHD_OPTION_NOTIFY_COMPLETED, end_request, server, MHD_OPTION_END);
    if (!server->daemon) {
        int cause = errno;
        free(server);
        return fail_to_listen(cause, options->listen, err);
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : ntohs(address.sin_port);
    *out = server;
    return GF_OK;
}

void gf_http_close(gf_http *server)
{
    if (!server)
        return;
    MHD_stop_daemon(server->daemon);
    free(server);
}

unsigned gf_http_port(const gf_http *server) { return server->port; }
