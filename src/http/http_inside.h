/* http/http_inside.h - inside the room only: what the files of the server share, a request on its way, lanes, streams.
 *
 * An exchange belongs to one thread at a time: the server's own until lane_take() has taken it, the lane's worker until
 * the connection is resumed, the server's again from there on.
 */
#pragma once
#include "http/gf_http.h"

#include <microhttpd.h>
#include <pthread.h>

typedef struct exchange exchange;

/* Requests that wait for a thread, oldest first. Bounded: what does not fit is refused at once (503). */
typedef struct lane {
    pthread_mutex_t lock;           /* over first, last, waiting, closing */
    pthread_cond_t  filled;
    exchange       *first, *last;
    size_t          waiting;
    bool            closing;        /* takes nothing more; what waits is still handled */
    pthread_t       threads[8];
    unsigned        thread_count;
} lane;

typedef struct streams streams;
typedef struct deadlines deadlines;
typedef struct visitor visitor;

enum { HTTP_RETIRED_MAX = 4 };

/* A daemon that takes no new connection, with what is still open on it; socket: closed behind its stop. */
typedef struct retired { struct MHD_Daemon *daemon; MHD_socket socket; } retired;

struct gf_http {
    struct MHD_Daemon *daemon;
    retired            retired[HTTP_RETIRED_MAX];
    size_t             retired_count;
    gf_http_options    options;     /* defaults filled in */
    unsigned           port;
    lane               slow, write;
    streams           *streams;
    deadlines         *deadlines;
    int                whole_exchanges;  /* read whole and not yet answered to the last byte; counted atomically */
};

/* A request being gathered, then handled, then answered. */
struct exchange {
    gf_http             *server;
    gf_arena            *arena;
    struct MHD_Connection *connection;
    gf_text              body;
    gf_str               raw_url;          /* as sent, "" when it was too long */
    size_t               seen_bytes, body_bytes_max;
    bool                 routed, too_large, whole, handled;   /* whole: headers and body are read */
    gf_http_request      request;
    const gf_http_route *route;
    int                  refusal;          /* an HTTP status found before any handler; 0 none */
    gf_text              allow;            /* methods of the path, for 405 and OPTIONS */
    gf_http_response     answer;
    gf_status            status;           /* of the handler */
    gf_error             err;
    int64_t              began_us;         /* by the steady clock */
    exchange            *next;             /* in its lane */
};

/* ---- lane.c ---- */

/* Starts the workers of both lanes. GF_EIO when a thread cannot be started; lanes_close() then still must be called. */
gf_status lanes_open(gf_http *server, gf_error *err);
/* Waits until everything that was taken has been handled. */
void      lanes_close(gf_http *server);
/* Suspends the connection until a worker has handled it; false when the lane is full or closing. x is not the caller's
 * any more when it is true. */
bool      lane_take(gf_http *server, exchange *x);
/* What the handler said does not hold: forgotten, its file closed. */
void      answer_take_back(exchange *x);

/* ---- answer.c ---- */

/* Turns what the handler said, or why there was none, into the answer and queues it; once for each exchange. */
enum MHD_Result answer_send(exchange *x);
/* Microseconds of a clock that is never set: for durations only. */
int64_t   http_now_us(void);

/* ---- stream.c ---- */

/* name: gf_http_options.stream_name. NULL when out of memory. */
streams  *streams_open(const char *name);
/* Ends every stream: before the daemon stops, which would wait for suspended connections. */
void      streams_close(streams *s);
/* Behind the daemon's stop, when no reader is left. NULL is a no-op. */
void      streams_free(streams *s);
/* The answer that goes on; begins behind Last-Event-ID when the request names one, with the oldest event when it is none of
 * ours. NULL when out of memory. */
struct MHD_Response *stream_response(exchange *x);

/* ---- deadline.c ---- */

/* NULL when out of memory. */
deadlines *deadlines_open(void);
/* Behind the daemon's stop, when no connection is left. NULL is a no-op. */
void      deadlines_close(deadlines *d);
/* libmicrohttpd's notice of connections, with the deadlines as its context. */
void      deadlines_on_connection(void *d, struct MHD_Connection *connection, void **socket_context, enum MHD_ConnectionNotificationCode what);
/* A request begins, or `bytes` of its body have come; it is whole and being answered; it is answered, and the next may come. */
void      deadlines_sends(deadlines *d, struct MHD_Connection *connection, size_t bytes);
void      deadlines_is_served(deadlines *d, struct MHD_Connection *connection);
void      deadlines_waits(deadlines *d, struct MHD_Connection *connection);
