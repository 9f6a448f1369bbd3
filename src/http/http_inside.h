/* http/http_inside.h - what the files of the server share: a request on its way, the lanes, the streams. */
#pragma once
#include "http/gf_http.h"

#include <microhttpd.h>
#include <pthread.h>

typedef struct exchange exchange;

/* Requests that wait for a thread. Bounded: what does not fit is refused at once. */
typedef struct lane {
    pthread_mutex_t lock;
    pthread_cond_t  filled;
    exchange       *first, *last;
    size_t          waiting;
    bool            closing;
    pthread_t       threads[8];
    unsigned        thread_count;
} lane;

typedef struct streams streams;

struct gf_http {
    struct MHD_Daemon *daemon;
    gf_http_options    options;
    unsigned           port;
    lane               slow, write;
    streams           *streams;
};

/* A request being gathered, then handled, then answered. */
struct exchange {
    gf_http             *server;
    gf_arena            *arena;
    struct MHD_Connection *connection;
    gf_text              body;
    gf_str               raw_url;
    size_t               seen_bytes, body_bytes_max;
    bool                 routed, too_large, handled;
    gf_http_request      request;
    const gf_http_route *route;
    int                  refusal;          /* an HTTP status found before any handler; 0 none */
    gf_text              allow;
    gf_http_response     answer;
    gf_status            status;
    gf_error             err;
    int64_t              began_us;
    exchange            *next;
};

/* lane.c */
gf_status lanes_open(gf_http *server, gf_error *err);
void      lanes_close(gf_http *server);
/* Suspends the connection until a worker has handled it; false when the lane is full or closing. */
bool      lane_take(gf_http *server, exchange *x);

/* answer.c */
enum MHD_Result answer_send(exchange *x);
int64_t   http_now_us(void);

/* stream.c */
streams  *streams_open(void);
void      streams_close(streams *s);       /* ends every stream: before the daemon stops */
void      streams_free(streams *s);
struct MHD_Response *stream_response(exchange *x);
