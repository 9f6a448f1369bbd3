/* Threads that draw the next piece from a counter: none waits for another, and the pieces need not be alike. */
#define _POSIX_C_SOURCE 200809L
#include "terrain/crew.h"

#include <pthread.h>
#include <stdatomic.h>

enum { WORKERS_MAX = 64 };

typedef struct crew {
    const gf_terrain_work *work;
    size_t                 count;
    crew_piece_fn         *piece;
    void                  *context;
    atomic_size_t          next;
    atomic_bool            ended;
} crew;

static void *draw(void *context)
{
    crew *c = context;
    for (size_t i; !atomic_load(&c->ended) && (i = atomic_fetch_add(&c->next, 1)) < c->count;)
        if ((c->work && c->work->cancelled && c->work->cancelled(c->work->context)) || !c->piece(c->context, i))
            atomic_store(&c->ended, true);
    return NULL;
}

bool crew_run(const gf_terrain_work *work, size_t count, crew_piece_fn *piece, void *context)
{
    crew c = { .work = work, .count = count, .piece = piece, .context = context };
    pthread_t thread[WORKERS_MAX];
    size_t started = 0, wanted = work && work->workers ? work->workers : 1;
    wanted = wanted < WORKERS_MAX ? wanted : WORKERS_MAX;
    wanted = wanted < count ? wanted : count;
    atomic_init(&c.next, 0);
    atomic_init(&c.ended, false);
    while (started + 1 < wanted && pthread_create(&thread[started], NULL, draw, &c) == 0)
        started++;   /* fewer threads are slower, not wrong */
    (void)draw(&c);
    for (size_t i = 0; i < started; i++)
        (void)pthread_join(thread[i], NULL);
    return !atomic_load(&c.ended);
}
