#include "store/beside.h"

#include <pthread.h>
#include <stdlib.h>

struct beside {
    beside_fn      *work;
    void           *context;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  given, taken;
    unsigned        count, first, waiting;   /* [first, first + waiting) are given; the one behind them is being filled */
    bool            closing;
};

static void *do_all(void *context)
{
    beside *b = context;
    (void)pthread_mutex_lock(&b->lock);
    for (;;) {
        while (b->waiting == 0 && !b->closing)
            (void)pthread_cond_wait(&b->given, &b->lock);
        if (b->closing)
            break;
        unsigned slot = b->first;
        (void)pthread_mutex_unlock(&b->lock);
        b->work(b->context, slot);
        (void)pthread_mutex_lock(&b->lock);
        b->first = (b->first + 1) % b->count;
        b->waiting--;
        (void)pthread_cond_signal(&b->taken);
    }
    (void)pthread_mutex_unlock(&b->lock);
    return NULL;
}

static void forget(beside *b)
{
    (void)pthread_mutex_destroy(&b->lock);
    (void)pthread_cond_destroy(&b->given);
    (void)pthread_cond_destroy(&b->taken);
    free(b);
}

beside *beside_open(unsigned count, beside_fn *work, void *context)
{
    beside *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->work = work;
    b->context = context;
    b->count = count;
    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_cond_init(&b->given, NULL);
    (void)pthread_cond_init(&b->taken, NULL);
    if (pthread_create(&b->thread, NULL, do_all, b) == 0)
        return b;
    forget(b);
    return NULL;
}

void beside_close(beside *b)
{
    if (!b)
        return;
    (void)pthread_mutex_lock(&b->lock);
    b->closing = true;
    (void)pthread_cond_signal(&b->given);
    (void)pthread_mutex_unlock(&b->lock);
    (void)pthread_join(b->thread, NULL);
    forget(b);
}

unsigned beside_slot(beside *b)
{
    (void)pthread_mutex_lock(&b->lock);
    unsigned slot = (b->first + b->waiting) % b->count;
    (void)pthread_mutex_unlock(&b->lock);
    return slot;
}

void beside_give(beside *b)
{
    (void)pthread_mutex_lock(&b->lock);
    b->waiting++;
    (void)pthread_cond_signal(&b->given);
    while (b->waiting == b->count)
        (void)pthread_cond_wait(&b->taken, &b->lock);
    (void)pthread_mutex_unlock(&b->lock);
}

void beside_wait(beside *b)
{
    (void)pthread_mutex_lock(&b->lock);
    while (b->waiting)
        (void)pthread_cond_wait(&b->taken, &b->lock);
    (void)pthread_mutex_unlock(&b->lock);
}
