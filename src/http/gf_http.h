/* http/gf_http.h - a small HTTP server on libmicrohttpd: routes, bounded requests, safe headers. No domain knowledge.
 *
 * A route runs in a lane. GF_HTTP_FAST handlers run on the server's own threads and must answer within milliseconds.
 * GF_HTTP_SLOW handlers run on a pool of workers while their connection waits. GF_HTTP_WRITE handlers run on one
 * thread, several requests together: `batch_begin` before the first, `batch_end` behind the last, and no answer leaves
 * before batch_end has said that the work is kept. A request and its answer live in the request's arena.
 * Failures of a handler become problem documents (RFC 9457). Handlers of different requests run at the same time: what
 * they share is theirs to lock.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_HTTP_PARAMS_MAX = 4, GF_HTTP_QUERY_MAX = 32, GF_HTTP_HEADERS_MAX = 6 };

typedef struct gf_http_pair { gf_str name, value; } gf_http_pair;

typedef enum gf_http_lane { GF_HTTP_FAST, GF_HTTP_SLOW, GF_HTTP_WRITE, GF_HTTP_LANE_COUNT } gf_http_lane;

/* Everything in it is borrowed and dies with the request. */
typedef struct gf_http_request {
    const char  *method;                        /* as sent: HEAD comes to the handler of GET as HEAD */
    gf_str       path;                          /* without the query; not decoded */
    gf_str       params[GF_HTTP_PARAMS_MAX];    /* what stood for {name} in the route, decoded */
    size_t       param_count;
    gf_http_pair query[GF_HTTP_QUERY_MAX];      /* decoded, in the order sent; a name may come twice */
    size_t       query_count;
    gf_str       content_type, body;            /* "" when absent */
    gf_str       address;                       /* of who asks, as text; behind a proxy what the proxy says */
    bool         encrypted;                     /* over TLS, or over TLS as far as the proxy */
    void        *connection;                    /* for gf_http_header(); NULL in tests */
    const void  *user;                          /* of the route table: gf_http_route.user */
    gf_arena    *arena;                         /* for the handler too; at most 1 GiB */
    gf_http_lane lane;                          /* where the handler runs now */
} gf_http_request;

typedef struct gf_http_stream gf_http_stream;

/* What a handler fills in; all zero but `type` before. */
typedef struct gf_http_response {
    int          status;                        /* 0 = 200; of a failure, instead of the one that its gf_status has */
    const char  *type;                          /* content type; static. text/plain unless the handler says otherwise */
    gf_str       body;                          /* copied before the arena goes. Beside a failure with `status`: a member
                                                   of the problem document, "name":value */
    gf_str       etag;                          /* without quotes, at most 70 bytes; "" = none. Answers If-None-Match */
    gf_http_pair headers[GF_HTTP_HEADERS_MAX];  /* names and values are terminated texts: gf_http_add_header() */
    size_t       header_count;
    bool         fixed;                         /* the body outlives the server: it need not be copied */
    bool         keep_forever;                  /* its name changes with its content: browsers need not ask again */
    gf_str       topics, owner;                 /* a stream of events instead of a body: see gf_http_publish() */
    bool         slowly;                        /* set by a fast handler: ask me again in the slow lane */
    int          fd;                            /* > 0: send this file instead of `body`, and close it */
} gf_http_response;

/* GF_OK with *out filled, or a failure with err filled. `context` is gf_http_options.context. */
typedef gf_status gf_http_handler(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err);

typedef struct gf_http_route {
    const char      *method, *path;             /* "/records/{register}/{id}"; {name*} takes all that is left */
    gf_http_handler *handler;
    gf_http_lane     lane;
    size_t           body_bytes_max;            /* 0 = the server's */
    const void      *user;                      /* handed to the handler with the request */
} gf_http_route;

/* Told of every answer just before it leaves, on the server's threads: for counting and for logs. `route` is NULL when
 * none was found. */
typedef void gf_http_done_fn(void *context, const gf_http_request *request, const gf_http_route *route, int status, int64_t microseconds);

/* Copied; what it points to is borrowed until the server is closed. */
typedef struct gf_http_options {
    gf_str               listen;                /* "127.0.0.1:8080", IPv4; port 0 takes a free one */
    const gf_http_route *routes;                /* tried in order: the first that matches path and method serves */
    size_t               route_count;
    void                *context;
    size_t               body_bytes_max;        /* 0 = 2 MiB */
    unsigned             threads;               /* 0 = one per core; at most 16 */
    unsigned             slow_threads;          /* 0 = two; at most 8 */
    bool                 behind_proxy;          /* trust X-Forwarded-For and -Proto of the last hop; any Host, any address */
    const char          *tls_certificate, *tls_key;   /* PEM texts, read while it is opened; both or neither */
    gf_status          (*batch_begin)(void *context, gf_error *err);   /* NULL = no batches */
    gf_status          (*batch_end)(void *context, gf_error *err);     /* a failure is told to the whole batch */
    gf_http_done_fn     *done;                  /* may be NULL */
    const char          *stream_name;           /* stands in the ids of events, at most 31 bytes: who comes with an id of another server, or
                                                   of one before, gets all events kept. NULL = ids are numbers alone */
} gf_http_options;

typedef struct gf_http gf_http;

/* Listens, and serves from its own threads when it returns. HEAD goes to the handler of GET; OPTIONS is answered here.
 * Unless behind a proxy or TLS, only requests whose Host is this machine's own name are served (421 else): a page of
 * another site cannot reach in through a name that it points here.
 *
 * GF_EUSAGE     malformed address
 * GF_EDENIED    another address than loopback without TLS or proxy, or a port that is not ours
 * GF_ECONFLICT  the port is taken
 * GF_EINPUT     certificate and key do not fit
 * GF_EIO        the machine does not let us listen, or start a thread
 */
gf_status gf_http_open(const gf_http_options *options, gf_http **out, gf_error *err);
/* Handles what waits in the lanes, ends streams, answers what runs, then stops. NULL is a no-op. */
void      gf_http_close(gf_http *server);
/* A new certificate and key, PEM texts, for connections from here on; what is open goes on under the old ones to its end. Not
 * beside gf_http_close(), nor itself twice at once.
 *
 * GF_EUSAGE     the server was opened without TLS
 * GF_EINPUT     certificate and key do not fit: the old ones stay
 * GF_ELIMIT     connections of four certificates before are still open: the old one stays
 */
gf_status gf_http_take_certificate(gf_http *server, const char *certificate, const char *key, gf_error *err);
/* The port taken: of use when 0 was asked for. */
unsigned  gf_http_port(const gf_http *server);

/* ---- For handlers ---- */

/* The first of that name; "" when absent, which an empty value looks like too. */
gf_str    gf_http_query(const gf_http_request *request, const char *name);
/* Names in any case; "" when absent, or in a request without a connection. Borrowed from the request. */
gf_str    gf_http_header(const gf_http_request *request, const char *name);
/* The value of a cookie in a Cookie header (RFC 6265): "" when absent, or given twice, for then somebody planted one. */
gf_str    gf_http_cookie(gf_str header, const char *name);
/* The value is copied into the request's arena, the name is borrowed: a literal. False when there is no room for more than
 * GF_HTTP_HEADERS_MAX, or a control character in it, which could end the header. */
bool      gf_http_add_header(const gf_http_request *request, gf_http_response *out, const char *name, gf_str value);

/* A file that somebody sends. Borrowed from the request, but for the name; `name` has no folder and may be empty, `type`
 * is what the sender claims. */
typedef struct gf_http_file { gf_str name, type, bytes; } gf_http_file;
/* By the content type alone: multipart/form-data in any case. */
bool      gf_http_is_form(gf_str content_type);
/* The first file of a form (multipart/form-data, RFC 7578), among at most 64 parts. GF_EUSAGE "http.form" malformed, cut
 * off, or without a file; fields that are no files are passed over. */
gf_status gf_http_form_file(gf_str content_type, gf_str body, gf_arena *keep, gf_http_file *out, gf_error *err);

/* ---- Events ---- */

/* Send the event `name` to every stream that subscribes to `topic` (its topics hold ";topic;") and, when `owner` is not
 * empty, belongs to that owner. `data` is one line of at most 399 bytes, names and topics at most 39, owners 99: longer
 * ones are cut. The last 256 events can be asked for again by Last-Event-ID. Any thread. */
void      gf_http_publish(gf_http *server, gf_str name, gf_str topic, gf_str owner, gf_str data);
/* Streams open now. Any thread. */
size_t    gf_http_stream_count(gf_http *server);

/* ---- For tests and fuzzers ---- */

/* Percent decoding (RFC 3986): false when malformed, not UTF-8, or with a zero byte in it. */
bool      gf_http_decode(gf_str text, bool plus_is_blank, gf_arena *keep, gf_str *out);
/* Does the path fit the route's? Fills params; {name} takes one segment that is not empty. Needs request->arena. */
bool      gf_http_match(const char *pattern, gf_str path, gf_http_request *request);
/* Appends to request->query. False: malformed, or more than GF_HTTP_QUERY_MAX. */
bool      gf_http_parse_query(gf_str text, gf_http_request *request);
