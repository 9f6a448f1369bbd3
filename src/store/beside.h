/* store/beside.h - inside the room only: work done on a thread of its own while more of it is made ready. A few slots go round: the
 * caller fills one, those in front of it wait for the thread, which does them one by one, in order.
 *
 * A slot belongs to the caller while it is filled and to the thread once it is given; beside_wait() gives all of them back, with whatever
 * else the work touches.
 */
#pragma once
#include <stdbool.h>

typedef struct beside beside;

/* Do what stands in slot 0 ... count - 1. */
typedef void beside_fn(void *context, unsigned slot);

/* NULL without memory or threads. */
beside  *beside_open(unsigned count, beside_fn *work, void *context);
/* What is being done is ended, what waits is not begun. NULL is a no-op. */
void     beside_close(beside *b);
/* The slot to be filled. */
unsigned beside_slot(beside *b);
/* It is filled: the thread may have it. Waits until the next one is free. */
void     beside_give(beside *b);
/* Everything that was given is done. */
void     beside_wait(beside *b);
