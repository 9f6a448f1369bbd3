/* The lanes: a connection is suspended, a worker runs its handler, the connection goes on.
 *
 * The write lane has one thread. It takes all requests that wait, up to a bound, and runs them between batch_begin and
 * batch_end: one sync of the disk serves them all, so that eight clients write eight times as often as the disk syncs.
 * When batch_end fails nothing of the batch is kept, and every one of them hears so.
 */
#include "http/http_inside.h"

#include <assert.h>
#include <string.h>

enum { WAITING_MAX = 1024, BATCH_MAX = 64, SLOW_THREADS = 2, LANE_THREADS_MAX = 8 };

static void lane_push(lane *l, exchange *x)
{
    assert(l->waiting < WAITING_MAX && (l->first == NULL) == (l->last == NULL));
    x->next = NULL;
    if (l->last)
        l->last->next = x;
    else
        l->first = x;
    l->last = x;
    l->waiting++;
}

static exchange *lane_pop(lane *l)
{
    exchange *x = l->first;
    assert(x && l->waiting > 0);
    l->first = x->next;
    l->last = l->first ? l->last : NULL;
    l->waiting--;
    return x;
}

bool lane_take(gf_http *server, exchange *x)
{
    assert(x->request.lane != GF_HTTP_FAST);  /* such a handler has run already, on the server's own thread */
    lane *l = x->request.lane == GF_HTTP_WRITE ? &server->write : &server->slow;
    (void)pthread_mutex_lock(&l->lock);
    bool room = !l->closing && l->waiting < WAITING_MAX;
    if (room) {
        MHD_suspend_connection(x->connection);
        lane_push(l, x);
        (void)pthread_cond_signal(&l->filled);
    }
    (void)pthread_mutex_unlock(&l->lock);
    return room;
}

static void run(gf_http *server, exchange *x) { x->status = x->route->handler(server->options.context, &x->request, &x->answer, &x->err); }

static void finish(exchange *x)
{
    struct MHD_Connection *connection = x->connection;
    assert(!x->handled);  /* a connection that is resumed twice would be answered twice */
    x->handled = true;
    MHD_resume_connection(connection);  /* x belongs to the server's thread from here on */
}

/* Up to `most` waiting requests; none when the lane closes. */
static size_t wait_for_work(lane *l, exchange **out, size_t most)
{
    size_t count = 0;
    (void)pthread_mutex_lock(&l->lock);
    while (!l->first && !l->closing)
        (void)pthread_cond_wait(&l->filled, &l->lock);
    while (l->first && count < most)
        out[count++] = lane_pop(l);
    (void)pthread_mutex_unlock(&l->lock);
    return count;
}

static void *work_slow(void *context)
{
    gf_http *server = context;
    exchange *x;
    while (wait_for_work(&server->slow, &x, 1)) {
        run(server, x);
        finish(x);
    }
    return NULL;
}

static void fail_all(exchange **batch, size_t count, gf_status status, const gf_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (batch[i]->status == GF_OK) {
            batch[i]->status = status;
            batch[i]->err = *err;
            answer_take_back(batch[i]);  /* what the handler said was not kept */
        }
}

static void *work_write(void *context)
{
    gf_http *server = context;
    const gf_http_options *o = &server->options;
    exchange *batch[BATCH_MAX];
    size_t count;
    while ((count = wait_for_work(&server->write, batch, BATCH_MAX)) > 0) {
        gf_error err = { .status = GF_OK };
        gf_status status = o->batch_begin ? o->batch_begin(o->context, &err) : GF_OK;
        bool begun = status == GF_OK;
        for (size_t i = 0; begun && i < count; i++)
            run(server, batch[i]);
        if (begun && o->batch_end)
            status = o->batch_end(o->context, &err);
        if (status != GF_OK)
            fail_all(batch, count, status, &err);
        for (size_t i = 0; i < count; i++)
            finish(batch[i]);
    }
    return NULL;
}

static gf_status start(lane *l, unsigned threads, void *(*work)(void *), gf_http *server, gf_error *err)
{
    assert(threads <= GF_COUNT(l->threads));
    (void)pthread_mutex_init(&l->lock, NULL);
    (void)pthread_cond_init(&l->filled, NULL);
    for (; l->thread_count < threads; l->thread_count++)
        if (pthread_create(&l->threads[l->thread_count], NULL, work, server) != 0)
            return gf_fail(err, GF_EIO, "http.threads", "Close other programs.", "a thread of the server cannot be started");
    return GF_OK;
}

static void stop(lane *l)
{
    (void)pthread_mutex_lock(&l->lock);
    l->closing = true;
    (void)pthread_cond_broadcast(&l->filled);
    (void)pthread_mutex_unlock(&l->lock);
    for (unsigned i = 0; i < l->thread_count; i++)
        (void)pthread_join(l->threads[i], NULL);
    (void)pthread_cond_destroy(&l->filled);
    (void)pthread_mutex_destroy(&l->lock);
}

gf_status lanes_open(gf_http *server, gf_error *err)
{
    unsigned slow = server->options.slow_threads ? server->options.slow_threads : SLOW_THREADS;
    gf_status status = start(&server->slow, slow > LANE_THREADS_MAX ? LANE_THREADS_MAX : slow, work_slow, server, err);
    gf_status other = start(&server->write, 1, work_write, server, status == GF_OK ? err : NULL);
    return status == GF_OK ? other : status;
}

void lanes_close(gf_http *server)
{
    stop(&server->slow);
    stop(&server->write);
}
