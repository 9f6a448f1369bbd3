/* A few slots under one lock: what is written, what waits, what the taker holds. The room for pictures is taken when a size
 * is first seen and grows only with it, so a running source allocates nothing. */
#include "link/mailbox.h"

#include <stdlib.h>
#include <time.h>

static bool init_cond(pthread_cond_t *cond)
{
    pthread_condattr_t attr;   /* waits by the clock that nobody sets */
    if (pthread_condattr_init(&attr) != 0)
        return false;
    bool ok = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 && pthread_cond_init(cond, &attr) == 0;
    (void)pthread_condattr_destroy(&attr);
    return ok;
}

bool mailbox_open(mailbox *m, uint32_t waiting_max, bool lossless)
{
    *m = (mailbox){ .waiting_max = waiting_max, .lossless = lossless };
    return pthread_mutex_init(&m->lock, NULL) == 0 && init_cond(&m->news) && init_cond(&m->room);
}

void mailbox_close(mailbox *m)
{
    for (size_t i = 0; i < GF_COUNT(m->slot); i++)
        free(m->slot[i].bytes);
    (void)pthread_cond_destroy(&m->news);
    (void)pthread_cond_destroy(&m->room);
    (void)pthread_mutex_destroy(&m->lock);
}

static struct timespec until(uint32_t wait_ms)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += wait_ms / 1000;
    t.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* The oldest in a state; NULL when there is none. */
static slot *oldest(mailbox *m, slot_state state)
{
    slot *best = NULL;
    for (size_t i = 0; i < m->waiting_max + 2u; i++)
        if (m->slot[i].state == state && (!best || m->slot[i].turn < best->turn))
            best = &m->slot[i];
    return best;
}

static slot *claim(mailbox *m)
{
    (void)pthread_mutex_lock(&m->lock);
    while (m->lossless && m->waiting >= m->waiting_max && !m->stopped)
        (void)pthread_cond_wait(&m->room, &m->lock);
    if (!m->stopped && m->waiting >= m->waiting_max) {
        oldest(m, SLOT_WAITING)->state = SLOT_FREE;
        m->waiting--;
        m->dropped++;
    }
    slot *s = m->stopped ? NULL : oldest(m, SLOT_FREE);
    if (s)
        s->state = SLOT_WRITING;
    (void)pthread_mutex_unlock(&m->lock);
    return s;
}

static bool lay_out(slot *s, int width, int height)
{
    const size_t w = (size_t)width, h = (size_t)height, stride = (w + 31) / 32 * 32, half = ((w + 1) / 2 + 31) / 32 * 32;
    const size_t y = stride * h, uv = half * ((h + 1) / 2), all = y + 2 * uv + 64;   /* scalers write whole vectors */
    if (all > s->room) {
        free(s->bytes);
        s->bytes = aligned_alloc(64, (all + 63) / 64 * 64);
        s->room = s->bytes ? (all + 63) / 64 * 64 : 0;
    }
    if (s->bytes)
        s->planes = (camera_planes){ s->bytes, s->bytes + y, s->bytes + y + uv, width, height, (int)stride, (int)half };
    return s->bytes != NULL;
}

slot *mailbox_begin(mailbox *m, int width, int height, bool *memory)
{
    slot *s = claim(m);
    *memory = !s || lay_out(s, width, height);
    if (*memory)
        return s;
    mailbox_giveup(m, s);
    return NULL;
}

void mailbox_giveup(mailbox *m, slot *s)
{
    (void)pthread_mutex_lock(&m->lock);
    s->state = SLOT_FREE;
    (void)pthread_mutex_unlock(&m->lock);
}

void mailbox_post(mailbox *m, slot *s, const gf_link_frame *about)
{
    const camera_planes *p = &s->planes;
    s->frame = *about;
    s->frame.width = p->width;
    s->frame.height = p->height;
    s->frame.y = p->y;
    s->frame.u = p->u;
    s->frame.v = p->v;
    s->frame.y_stride = p->y_stride;
    s->frame.uv_stride = p->uv_stride;
    (void)pthread_mutex_lock(&m->lock);
    s->state = SLOT_WAITING;
    s->turn = ++m->turn;
    m->waiting++;
    (void)pthread_cond_signal(&m->news);
    (void)pthread_mutex_unlock(&m->lock);
}

void mailbox_end(mailbox *m, gf_status status, const gf_error *error)
{
    (void)pthread_mutex_lock(&m->lock);
    m->over = true;
    m->status = status;
    if (status)
        m->error = *error;
    (void)pthread_cond_broadcast(&m->news);
    (void)pthread_mutex_unlock(&m->lock);
}

void mailbox_stop(mailbox *m)
{
    (void)pthread_mutex_lock(&m->lock);
    m->stopped = true;
    (void)pthread_cond_broadcast(&m->news);
    (void)pthread_cond_broadcast(&m->room);
    (void)pthread_mutex_unlock(&m->lock);
}

bool mailbox_rest(mailbox *m, uint32_t wait_ms)
{
    const struct timespec end = until(wait_ms);
    (void)pthread_mutex_lock(&m->lock);
    for (int got = 0; !m->stopped && got == 0;)
        got = pthread_cond_timedwait(&m->room, &m->lock, &end);
    const bool stopped = m->stopped;
    (void)pthread_mutex_unlock(&m->lock);
    return stopped;
}

gf_status mailbox_take(mailbox *m, uint32_t wait_ms, gf_link_news *news, gf_link_frame *out, gf_error *err)
{
    const struct timespec end = until(wait_ms);
    gf_status status = GF_OK;
    (void)pthread_mutex_lock(&m->lock);
    slot *held = oldest(m, SLOT_TAKEN);
    if (held)
        held->state = SLOT_FREE;
    for (int got = 0; m->waiting == 0 && !m->over && !m->stopped && got == 0;)
        got = pthread_cond_timedwait(&m->news, &m->lock, &end);
    slot *s = oldest(m, SLOT_WAITING);
    if (s) {
        s->state = SLOT_TAKEN;
        m->waiting--;
        *out = s->frame;
        *news = GF_LINK_FRAME;
        (void)pthread_cond_signal(&m->room);
    } else if (m->over && m->status) {
        if (err)
            *err = m->error;
        status = m->status;
    } else {
        *news = m->over ? GF_LINK_END : GF_LINK_NOTHING;
    }
    (void)pthread_mutex_unlock(&m->lock);
    return status;
}
