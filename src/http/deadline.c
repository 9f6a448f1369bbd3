/* Deadlines of connections: libmicrohttpd ends one that is silent, not one that sends a byte now and then. Whoever is slower than a
 * bad telephone line with its headers or its body holds a place that somebody else waits for, and is cut off.
 */
#include "http/http_inside.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { LOOK_SECONDS = 5, WAIT_SECONDS = 45, GATHER_SECONDS = 30, BYTES_A_SECOND_LEAST = 4096 };

typedef enum visitor_state { VISITOR_WAITS, VISITOR_SENDS, VISITOR_IS_SERVED } visitor_state;

struct visitor {
    visitor  *before, *behind;
    int       fd;
    visitor_state state;
    int64_t   since_us;
    size_t    bytes;                 /* of the body at hand */
};

struct deadlines {
    pthread_mutex_t lock;            /* over the list and everything in it */
    pthread_cond_t  wake;
    visitor        *first;
    bool            closing, started;
    pthread_t       thread;
};

static bool is_late(const visitor *v, int64_t now_us)
{
    int64_t waited_s = (now_us - v->since_us) / 1000000;
    switch (v->state) {
    case VISITOR_WAITS: return waited_s > WAIT_SECONDS;
    case VISITOR_SENDS: return waited_s > GATHER_SECONDS + (int64_t)(v->bytes / BYTES_A_SECOND_LEAST);
    default: return false;
    }
}

/* The connection's own thread sees the end of it and tells us: until then its descriptor is its own, for that needs our lock. */
static void *look(void *context)
{
    deadlines *d = context;
    (void)pthread_mutex_lock(&d->lock);
    while (!d->closing) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += LOOK_SECONDS;
        (void)pthread_cond_timedwait(&d->wake, &d->lock, &until);
        int64_t now = http_now_us();
        for (visitor *v = d->first; v; v = v->behind)
            if (is_late(v, now))
                (void)shutdown(v->fd, SHUT_RDWR);
    }
    (void)pthread_mutex_unlock(&d->lock);
    return NULL;
}

deadlines *deadlines_open(void)
{
    deadlines *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    (void)pthread_mutex_init(&d->lock, NULL);
    (void)pthread_cond_init(&d->wake, NULL);
    d->started = pthread_create(&d->thread, NULL, look, d) == 0;
    return d;
}

void deadlines_close(deadlines *d)
{
    if (!d)
        return;
    (void)pthread_mutex_lock(&d->lock);
    d->closing = true;
    (void)pthread_cond_signal(&d->wake);
    (void)pthread_mutex_unlock(&d->lock);
    if (d->started)
        (void)pthread_join(d->thread, NULL);
    (void)pthread_cond_destroy(&d->wake);
    (void)pthread_mutex_destroy(&d->lock);
    free(d);
}

void deadlines_on_connection(void *context, struct MHD_Connection *connection, void **socket_context, enum MHD_ConnectionNotificationCode what)
{
    deadlines *d = context;
    visitor *v = *socket_context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        v = info ? calloc(1, sizeof *v) : NULL;
        *socket_context = v;
        if (!v)
            return;  /* nobody looks after it but libmicrohttpd */
        *v = (visitor){ .fd = info->connect_fd, .since_us = http_now_us() };
        (void)pthread_mutex_lock(&d->lock);
        v->behind = d->first;
        if (d->first)
            d->first->before = v;
        d->first = v;
        (void)pthread_mutex_unlock(&d->lock);
        return;
    }
    if (!v)
        return;
    (void)pthread_mutex_lock(&d->lock);
    *(v->before ? &v->before->behind : &d->first) = v->behind;
    if (v->behind)
        v->behind->before = v->before;
    (void)pthread_mutex_unlock(&d->lock);
    free(v);
    *socket_context = NULL;
}

static void change(deadlines *d, struct MHD_Connection *connection, visitor_state state, size_t bytes)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    visitor *v = info ? info->socket_context : NULL;
    if (!v)
        return;
    (void)pthread_mutex_lock(&d->lock);
    if (v->state != state || state == VISITOR_WAITS)
        v->since_us = http_now_us();
    v->state = state;
    v->bytes = bytes;
    (void)pthread_mutex_unlock(&d->lock);
}

void deadlines_sends(deadlines *d, struct MHD_Connection *connection, size_t bytes) { change(d, connection, VISITOR_SENDS, bytes); }
void deadlines_is_served(deadlines *d, struct MHD_Connection *connection) { change(d, connection, VISITOR_IS_SERVED, 0); }
void deadlines_waits(deadlines *d, struct MHD_Connection *connection) { change(d, connection, VISITOR_WAITS, 0); }
