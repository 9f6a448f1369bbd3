/* http/gf_http.h - a small HTTP server on libmicrohttpd: routes, bounded requests, safe headers. No domain knowledge.
 *
 * A route runs in a lane. GF_HTTP_FAST handlers run on the server's own threads and must answer within milliseconds.
 * GF_HTTP_SLOW handlers run on a pool of workers while their connection waits. GF_HTTP_WRITE handlers run on one
 * thread, several requests together: `batch_begin` before the first, `batch_end` behind the last, and no answer leaves
 * before batch_end has said that the work is kept. A request and its answer live in the request's arena.
 * Failures of a handler become problem documents (RFC 9457).
 */
#pragma once
#include "base/gf_base.h"

enum { GF_HTTP_PARAMS_MAX = 4, GF_HTTP_QUERY_MAX = 32, GF_HTTP_HEADERS_MAX = 6 };

typedef struct gf_http_pair { gf_str name, value; } gf_http_pair;

typedef enum gf_http_lane { GF_HTTP_FAST, GF_HTTP_SLOW, GF_HTTP_WRITE, GF_HTTP_LANE_COUNT } gf_http_lane;

typedef struct gf_http_request {
    const char  *method;
    gf_str       path;
    gf_str       params[GF_HTTP_PARAMS_MAX];    /* what stood for {name} in the route, decoded */
    size_t       param_count;
    gf_http_pair query[GF_HTTP_QUERY_MAX];      /* decoded */
    size_t       query_count;
    gf_str       content_type, body;
    gf_str       address;                       /* of who asks, as text; behind a proxy what the proxy says */
    bool         encrypted;                     /* over TLS, or over TLS as far as the proxy */
    void        *connection;                    /* for gf_http_header(); NULL in tests */
    const void  *user;                          /* of the route table: gf_http_route.user */
    gf_arena    *arena;
    gf_http_lane lane;                          /* where the handler runs now */
} gf_http_request;

typedef struct gf_http_stream gf_http_stream;

typedef struct gf_http_response {
    int          status;                        /* 0 = 200 */
    const char  *type;                          /* content type */
    gf_str       body;                          /* copied before the arena goes */
    gf_str       etag;                          /* without quotes; "" = none */
    gf_http_pair headers[GF_HTTP_HEADERS_MAX];  /* names and values are terminated texts */
    size_t       header_count;
    bool         fixed;                         /* the body outlives the server: it need not be copied */
    bool         keep_forever;                  /* its name changes with its content: browsers need not ask again */
    gf_str       topics, owner;                 /* a stream of events instead of a body: see gf_http_publish() */
    bool         slowly;                        /* set by a fast handler: ask me again in the slow lane */
    int          fd;                            /* > 0: send this file instead of `body`, and close it */
} gf_http_response;

typedef gf_status gf_http_handler(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err);

typedef struct gf_http_route {
    const char      *method, *path;             /* "/records/{register}/{id}"; {name*} takes all that is left */
    gf_http_handler *handler;
    gf_http_lane     lane;
    size_t           body_bytes_max;            /* 0 = the server's */
    const void      *user;                      /* handed to the handler with the request */
} gf_http_route;

/* Told of every answer: for counting and for logs. */
typedef void gf_http_done_fn(void *context, const gf_http_request *request, const gf_http_route *route, int status, int64_t microseconds);

typedef struct gf_http_options {
    gf_str               listen;                /* "127.0.0.1:8080"; port 0 takes a free one */
    const gf_http_route *routes;
    size_t               route_count;
    void                *context;
    size_t               body_bytes_max;        /* 0 = 2 MiB */
    unsigned             threads;               /* 0 = one per core */
    unsigned             slow_threads;          /* 0 = two */
    bool                 behind_proxy;          /* trust X-Forwarded-For and -Proto of the last hop; any Host, any address */
    const char          *tls_certificate, *tls_key;   /* PEM texts; both or neither */
    gf_status          (*batch_begin)(void *context, gf_error *err);
    gf_status          (*batch_end)(void *context, gf_error *err);
    gf_http_done_fn     *done;
} gf_http_options;

typedef struct gf_http gf_http;

/* GF_EUSAGE malformed address · GF_EDENIED another address than loopback without TLS or proxy, or a port that is not
 * ours · GF_ECONFLICT the port is taken · GF_EINPUT certificate and key do not fit
 * GF_EIO the machine does not let us listen. HEAD goes to the handler of GET; OPTIONS is answered here. */
gf_status gf_http_open(const gf_http_options *options, gf_http **out, gf_error *err);
void      gf_http_close(gf_http *server);       /* waits for running requests; NULL is a no-op */
unsigned  gf_http_port(const gf_http *server);

gf_str    gf_http_query(const gf_http_request *request, const char *name);   /* "" when absent */
gf_str    gf_http_header(const gf_http_request *request, const char *name);  /* "" when absent; borrowed */
/* The value of a cookie in a Cookie header: "" when absent, or given twice. */
gf_str    gf_http_cookie(gf_str header, const char *name);
/* Name and value are copied into the request's arena. False when there is no room, or a control character in it. */
bool      gf_http_add_header(const gf_http_request *request, gf_http_response *out, const char *name, gf_str value);

/* A file that somebody sends. All borrowed from the request; `name` has no folder, `type` is what the sender claims. */
typedef struct gf_http_file { gf_str name, type, bytes; } gf_http_file;
bool      gf_http_is_form(gf_str content_type);
/* The first file of a form (multipart/form-data). GF_EUSAGE malformed, cut off, or without a file. */
gf_status gf_http_form_file(gf_str content_type, gf_str body, gf_arena *keep, gf_http_file *out, gf_error *err);

/* Send the event `name` to every stream that subscribes to `topic` (its topics hold ";topic;") and, when `owner` is not
 * empty, belongs to that owner. `data` is one line. The last 256 events can be asked for again by Last-Event-ID. */
void      gf_http_publish(gf_http *server, gf_str name, gf_str topic, gf_str owner, gf_str data);
size_t    gf_http_stream_count(gf_http *server);

/* For tests and fuzzers: percent decoding, false when malformed or not UTF-8; and the match of one route. */
bool      gf_http_decode(gf_str text, bool plus_is_blank, gf_arena *keep, gf_str *out);
bool      gf_http_match(const char *pattern, gf_str path, gf_http_request *request);
bool      gf_http_parse_query(gf_str text, gf_http_request *request);        /* false: malformed or too many */
