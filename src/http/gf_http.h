/* http/gf_http.h - a small HTTP server on libmicrohttpd: routes, bounded requests, safe headers. No domain knowledge.
 *
 * Handlers run on a pool of threads, one request at a time each; what they share must be safe for that. A request and
 * its answer live in the request's arena. Failures of a handler become problem documents (RFC 9457).
 */
#pragma once
#include "base/gf_base.h"

enum { GF_HTTP_PARAMS_MAX = 4, GF_HTTP_QUERY_MAX = 32 };

typedef struct gf_http_pair { gf_str name, value; } gf_http_pair;

typedef struct gf_http_request {
    const char  *method;
    gf_str       path;
    gf_str       params[GF_HTTP_PARAMS_MAX];    /* what stood for {name} in the route, decoded */
    size_t       param_count;
    gf_http_pair query[GF_HTTP_QUERY_MAX];      /* decoded */
    size_t       query_count;
    gf_str       content_type, body;
    gf_arena    *arena;
} gf_http_request;

typedef struct gf_http_response {
    int         status;                         /* 0 = 200 */
    const char *type;                           /* content type */
    gf_str      body;                           /* copied before the arena goes */
    gf_str      etag;                           /* without quotes; "" = none */
} gf_http_response;

typedef gf_status gf_http_handler(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err);

typedef struct gf_http_route { const char *method, *path; gf_http_handler *handler; } gf_http_route;   /* "/trace/{figure}" */

typedef struct gf_http_options {
    gf_str               listen;                /* "127.0.0.1:8080"; port 0 takes a free one */
    const gf_http_route *routes;
    size_t               route_count;
    void                *context;
    size_t               body_bytes_max;        /* 0 = 2 MiB */
    unsigned             threads;               /* 0 = one per core */
} gf_http_options;

typedef struct gf_http gf_http;

/* GF_EUSAGE malformed address · GF_EDENIED not loopback, or a port that is not ours · GF_ECONFLICT the port is taken
 * GF_EIO the machine does not let us listen. HEAD goes to the handler of GET; OPTIONS is answered here. */
gf_status gf_http_open(const gf_http_options *options, gf_http **out, gf_error *err);
void      gf_http_close(gf_http *server);       /* waits for running requests; NULL is a no-op */
unsigned  gf_http_port(const gf_http *server);

gf_str    gf_http_query(const gf_http_request *request, const char *name);   /* "" when absent */

/* For tests and fuzzers: percent decoding, false when malformed or not UTF-8; and the match of one route. */
bool      gf_http_decode(gf_str text, bool plus_is_blank, gf_arena *keep, gf_str *out);
bool      gf_http_match(const char *pattern, gf_str path, gf_http_request *request);
bool      gf_http_parse_query(gf_str text, gf_http_request *request);        /* false: malformed or too many */
