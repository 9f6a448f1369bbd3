/* The server: libmicrohttpd with epoll and a pool of threads; the fastest of those measured for this program.
 *
 * A request is gathered first (headers, then a bounded body), handled in its lane, and answered. Unless a proxy or TLS
 * stands before it the server answers to the name of this machine only: a page of another site must not reach the
 * books through a name that it points here.
 */
#include "http/http_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 16, DRAIN_TIMES = 8, BODY_BYTES_MAX = 2 << 20, URL_BYTES_MAX = 8192, CONNECTION_SECONDS = 30, CONNECTIONS_MAX = 10200, PER_ADDRESS_MAX = 10200,
       HEADER_BYTES_MAX = 16 << 10 };
static const size_t REQUEST_BYTES_MAX = (size_t)1 << 30;

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
static const gf_http_route *find_route(exchange *x)
{
    const gf_http_options *o = &x->server->options;
    gf_text_init(&x->allow, x->arena);
    for (size_t i = 0; i < o->route_count; i++) {
        const gf_http_route *route = &o->routes[i];
        if (!gf_http_match(route->path, x->request.path, &x->request))
            continue;
        if (serves(route, x->request.method))
            return route;
        gf_text_format(&x->allow, "%s%s, ", route->method, strcmp(route->method, "GET") == 0 ? ", HEAD" : "");
    }
    if (x->allow.len)
        gf_text_add_c(&x->allow, "OPTIONS");
    return NULL;
}

gf_str gf_http_header(const gf_http_request *request, const char *name)
{
    return gf_str_of(request->connection ? MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name) : NULL);
}

static gf_str last_of_list(gf_str list)
{
    size_t at = list.len;
    while (at > 0 && list.data[at - 1] != ',')
        at--;
    return gf_str_trim(gf_str_slice(list, at, list.len));
}

static gf_str client_address(exchange *x)
{
    char text[INET6_ADDRSTRLEN] = "";
    gf_str told = x->server->options.behind_proxy ? last_of_list(gf_http_header(&x->request, "X-Forwarded-For")) : (gf_str){ "", 0 };
    if (told.len)
        return gf_str_copy(x->arena, gf_str_slice(told, 0, 60));
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info && info->client_addr->sa_family == AF_INET)
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, text, sizeof text);
    return gf_str_copy(x->arena, gf_str_of(text));
}

/* Fill in what the headers say, and find the route: once, when the headers are there. */
static void take_headers(exchange *x, const char *method)
{
    const gf_http_options *o = &x->server->options;
    bool guarded = !o->behind_proxy && !o->tls_key;
    size_t mark = gf_str_find(x->raw_url, GF_STR("?"));
    x->routed = true;
    x->request = (gf_http_request){ .method = method, .arena = x->arena, .connection = x->connection, .path = gf_str_slice(x->raw_url, 0, mark) };
    gf_str host = gf_http_header(&x->request, "Host");
    x->request.content_type = gf_http_header(&x->request, "Content-Type");
    x->request.address = client_address(x);
    x->request.encrypted = o->tls_key || (o->behind_proxy && gf_str_is(last_of_list(gf_http_header(&x->request, "X-Forwarded-Proto")), "https"));
    if (host.len == 0 || (guarded && !is_local_name(host)))
        x->refusal = 421;
    else if (x->too_large)
        x->refusal = 413;
    else if (!gf_http_parse_query(gf_str_slice(x->raw_url, mark + 1, x->raw_url.len), &x->request))
        x->refusal = 400;
    else
        x->route = find_route(x);
    x->body_bytes_max = x->route && x->route->body_bytes_max ? x->route->body_bytes_max : o->body_bytes_max;
    if (x->route)
        x->request.user = x->route->user;
}

static void *begin_request(void *context, const char *uri, struct MHD_Connection *connection)
{
    exchange *x = calloc(1, sizeof *x);
    if (!x)
        return NULL;
    x->server = context;
    x->connection = connection;
    deadlines_sends(x->server->deadlines, connection, 0);
    x->arena = gf_arena_open(REQUEST_BYTES_MAX);
    if (!x->arena) {
        free(x);
        return NULL;
    }
    x->began_us = http_now_us();
    size_t len = strnlen(uri, URL_BYTES_MAX + 1);
    x->too_large = len > URL_BYTES_MAX;
    x->raw_url = gf_str_copy(x->arena, (gf_str){ uri, x->too_large ? 0 : len });
    gf_text_init(&x->body, x->arena);
    return x;
}

static void end_request(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    gf_http *server = context;
    (void)why;
    exchange *x = *state;
    deadlines_waits(server->deadlines, connection);
    if (x) {
        if (x->whole)
            (void)__atomic_sub_fetch(&server->whole_exchanges, 1, __ATOMIC_RELAXED);
        gf_arena_close(x->arena);
        free(x);
    }
    *state = NULL;
}

/* The body of a part; false when the connection must be given up. */
static bool take_part(exchange *x, const char *part, size_t len)
{
    x->seen_bytes += len;
    deadlines_sends(x->server->deadlines, x->connection, x->seen_bytes);
    x->too_large = x->too_large || x->seen_bytes > x->body_bytes_max;
    if (x->seen_bytes / DRAIN_TIMES > x->body_bytes_max)
        return false;  /* read on so that the refusal can be heard, but not for ever */
    if (!x->too_large)
        gf_text_add(&x->body, (gf_str){ part, len });
    return true;
}

static enum MHD_Result handle(exchange *x)
{
    const gf_http_options *o = &x->server->options;
    if (!x->refusal && x->too_large)
        x->refusal = 413;
    if (!x->refusal && !x->route && x->allow.len && strcmp(x->request.method, "OPTIONS") == 0)
        x->answer.status = 204;
    else if (!x->refusal && !x->route)
        x->refusal = x->allow.len ? 405 : 404;
    if (x->refusal || !x->route)
        return answer_send(x);
    x->request.body = gf_text_str(&x->body);
    x->answer = (gf_http_response){ .type = "text/plain; charset=utf-8" };
    x->request.lane = x->route->lane;
    if (x->body.failed)
        x->status = gf_fail_memory(&x->err);
    else if (x->request.lane == GF_HTTP_FAST)
        x->status = x->route->handler(o->context, &x->request, &x->answer, &x->err);
    bool slowly = x->status == GF_OK && x->answer.slowly;
    if (slowly) {
        x->request.lane = GF_HTTP_SLOW;
        x->answer = (gf_http_response){ .type = x->answer.type };
    }
    if (x->status == GF_OK && x->request.lane != GF_HTTP_FAST) {
        if (lane_take(x->server, x))
            return MHD_YES;
        x->refusal = 503;
    }
    return answer_send(x);
}

/* libmicrohttpd calls this once with the headers, then for each part of the body, then once more without one; and
 * again when a lane has handled the request. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
                                  const char *part, size_t *part_len, void **state)
{
    (void)context, (void)connection, (void)url, (void)version;
    exchange *x = *state;
    if (!x)
        return MHD_NO;
    if (x->handled)
        return answer_send(x);
    if (!x->routed) {
        take_headers(x, method);
        return MHD_YES;
    }
    if (*part_len) {
        bool go_on = take_part(x, part, *part_len);
        *part_len = 0;
        return go_on ? MHD_YES : MHD_NO;
    }
    x->whole = true;
    (void)__atomic_add_fetch(&x->server->whole_exchanges, 1, __ATOMIC_RELAXED);
    deadlines_is_served(x->server->deadlines, connection);
    return handle(x);
}

/* ---- Opening ---- */

static gf_status parse_address(const gf_http_options *o, struct sockaddr_in *out, gf_error *err)
{
    gf_str listen = o->listen;
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
    if ((ntohl(out->sin_addr.s_addr) >> 24) != 127 && !o->behind_proxy && !o->tls_key)
        return gf_fail(err, GF_EDENIED, "http.loopback", "Give --tls-cert and --tls-key, or --behind-proxy, or listen on 127.0.0.1.",
                       "%s can be reached from outside, and passwords would travel unencrypted", host);
    out->sin_port = htons((uint16_t)port);
    return GF_OK;
}

static unsigned count_threads(unsigned asked)
{
    long cores = asked ? (long)asked : sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
}

static gf_status fail_to_listen(int cause, const gf_http_options *o, gf_error *err)
{
    gf_str listen = o->listen;
    if (cause == EACCES)
        return gf_fail(err, GF_EDENIED, "http.port", "Choose a port from 1024 up with --listen 127.0.0.1:PORT.", "%.*s is not ours to take", GF_STR_ARG(listen));
    if (cause == EADDRINUSE)
        return gf_fail(err, GF_ECONFLICT, "http.port", "Choose another port with --listen 127.0.0.1:PORT.", "%.*s is taken by another program", GF_STR_ARG(listen));
    if (o->tls_key)
        return gf_fail(err, GF_EINPUT, "http.tls", "Give a PEM certificate and the private key that belongs to it.", "TLS cannot be set up with this certificate and key");
    return gf_fail(err, GF_EIO, "http.port", "", "cannot listen on %.*s: %s", GF_STR_ARG(listen), strerror(cause));
}

typedef struct pem_pair { const char *certificate, *key; } pem_pair;   /* NULL = no TLS */

/* On the address, or on a socket that listens already: MHD_INVALID_SOCKET = none. */
static struct MHD_Daemon *start_daemon(gf_http *server, struct sockaddr_in *address, pem_pair pem, MHD_socket listening)
{
    const gf_http_options *o = &server->options;
    struct MHD_OptionItem extra[4] = { { MHD_OPTION_END, 0, NULL } };
    size_t count = 0;
    if (pem.key) {
        extra[count++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)pem.key };
        extra[count++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)pem.certificate };
    }
    if (listening != MHD_INVALID_SOCKET)
        extra[count++] = (struct MHD_OptionItem){ MHD_OPTION_LISTEN_SOCKET, listening, NULL };
    extra[count] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (pem.key ? (unsigned)MHD_USE_TLS : 0u);
    errno = 0;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_THREAD_POOL_SIZE, count_threads(o->threads),
                            MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT, PER_ADDRESS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_SECONDS,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES_MAX * 2, MHD_OPTION_URI_LOG_CALLBACK, begin_request, server, MHD_OPTION_NOTIFY_COMPLETED, end_request, server,
                            MHD_OPTION_NOTIFY_CONNECTION, deadlines_on_connection, server->deadlines,
                            MHD_OPTION_ARRAY, extra, MHD_OPTION_END);
}

static gf_status open_parts(gf_http *server, struct sockaddr_in *address, gf_error *err)
{
    gf_status status = lanes_open(server, err);
    server->streams = streams_open(server->options.stream_name);
    server->deadlines = deadlines_open();
    if (status == GF_OK && (!server->streams || !server->deadlines))
        status = gf_fail_memory(err);
    if (status != GF_OK)
        return status;
    server->daemon = start_daemon(server, address, (pem_pair){ server->options.tls_certificate, server->options.tls_key }, MHD_INVALID_SOCKET);
    if (!server->daemon)
        return fail_to_listen(errno, &server->options, err);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : ntohs(address->sin_port);
    return GF_OK;
}

gf_status gf_http_open(const gf_http_options *options, gf_http **out, gf_error *err)
{
    struct sockaddr_in address;
    gf_status status = parse_address(options, &address, err);
    gf_http *server = status == GF_OK ? calloc(1, sizeof *server) : NULL;
    if (!server)
        return status == GF_OK ? gf_fail_memory(err) : status;
    server->options = *options;
    if (server->options.body_bytes_max == 0)
        server->options.body_bytes_max = BODY_BYTES_MAX;
    status = open_parts(server, &address, err);
    if (status != GF_OK) {
        gf_http_close(server);
        return status;
    }
    *out = server;
    return GF_OK;
}

static void stop_retired(gf_http *server, size_t i)
{
    MHD_stop_daemon(server->retired[i].daemon);
    if (server->retired[i].socket != MHD_INVALID_SOCKET)
        (void)close(server->retired[i].socket);
    server->retired[i] = server->retired[--server->retired_count];
}

static void stop_retired_without_connections(gf_http *server)
{
    for (size_t i = 0; i < server->retired_count;) {
        const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->retired[i].daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
        if (info && info->num_connections == 0)
            stop_retired(server, i);
        else
            i++;
    }
}

/* The library does not say whether a daemon that cannot start has closed its socket; the number may be another file's by then. */
static bool is_same_socket(int a, int b)
{
    struct stat one, other;
    return fstat(a, &one) == 0 && fstat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* The library takes a certificate only when a daemon starts. So a second one starts on the same socket, and only then the first
 * stops to take connections: there is no moment at which nobody listens. */
gf_status gf_http_take_certificate(gf_http *server, const char *certificate, const char *key, gf_error *err)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    if (!server->options.tls_key)
        return gf_fail(err, GF_EUSAGE, "http.tls", "Start it with --tls-cert and --tls-key.", "the server was started without TLS");
    stop_retired_without_connections(server);
    if (server->retired_count == HTTP_RETIRED_MAX)
        return gf_fail(err, GF_ELIMIT, "http.retired", "Wait, or restart.", "connections of the last %d certificates are still open", HTTP_RETIRED_MAX);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_LISTEN_FD);
    int listening = info ? fcntl(info->listen_fd, F_DUPFD_CLOEXEC, 3) : -1;
    if (listening < 0)
        return gf_fail(err, GF_EIO, "http.port", "", "the socket cannot be shared: %s", strerror(errno));
    struct MHD_Daemon *next = start_daemon(server, &address, (pem_pair){ certificate, key }, listening);
    if (!next) {
        if (is_same_socket(listening, info->listen_fd))
            (void)close(listening);
        return gf_fail(err, GF_EINPUT, "http.tls", "Give a PEM certificate and the private key that belongs to it.", "TLS cannot be set up with this certificate and key");
    }
    server->retired[server->retired_count++] = (retired){ server->daemon, MHD_quiesce_daemon(server->daemon) };
    server->daemon = next;
    return GF_OK;
}

/* What was handled still travels: stopping the daemon would cut it off. Whoever takes too long to read is not waited for. */
static void wait_for_answers(const gf_http *server)
{
    enum { TURNS = 1000 };
    const struct timespec turn = { .tv_nsec = 10000000 };
    for (int i = 0; i < TURNS && __atomic_load_n(&server->whole_exchanges, __ATOMIC_RELAXED) > 0; i++)
        (void)nanosleep(&turn, NULL);
}

void gf_http_close(gf_http *server)
{
    if (!server)
        return;
    lanes_close(server);  /* what waits is still handled, and its connection goes on */
    if (server->streams)
        streams_close(server->streams);
    if (server->daemon) {
        wait_for_answers(server);
        MHD_stop_daemon(server->daemon);
        while (server->retired_count)
            stop_retired(server, 0);
    }
    streams_free(server->streams);
    deadlines_close(server->deadlines);
    free(server);
}

unsigned gf_http_port(const gf_http *server) { return server->port; }
