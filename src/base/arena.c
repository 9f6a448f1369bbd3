/* Arenas: blocks in a list, a pointer that moves. Rewinding frees the blocks behind the mark.
 *
 * Blocks double from 4 KiB to 1 MiB, so that a small request costs one block and a large load few. One freed block is
 * kept for the next request: an arena that is rewound with every row of a load would otherwise hand a megabyte back to
 * the system and take it again each time (18 s of 50 for 5 million lines). Under AddressSanitizer every allocation gets
 * a block of its own and none is kept: slower, but an overrun by one byte, or a use after a rewind, is seen.
 */
#include "base/gf_base.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ONE_BLOCK_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BLOCK_EACH 1
#endif
#endif
#ifndef ONE_BLOCK_EACH
#define ONE_BLOCK_EACH 0
#endif

enum { ALIGNMENT = 16, BLOCK_BYTES_MIN = 4096, BLOCK_BYTES_MAX = 1 << 20 };

typedef struct block {
    struct block *before;
    size_t        room;      /* bytes behind this head */
    size_t        used;
    size_t        pad;       /* keeps the data aligned to 16 */
} block;
static_assert(sizeof(block) % ALIGNMENT == 0, "what lies behind a head is aligned as the head is");

struct gf_arena {
    block *last;
    block *spare;            /* free, for the next block that fits into it; NULL while none */
    size_t bytes_max;
    size_t used;             /* over all blocks */
    size_t next_block;
};

gf_arena *gf_arena_open(size_t bytes_max)
{
    gf_arena *arena = calloc(1, sizeof *arena);
    if (arena) {
        arena->bytes_max = bytes_max;
        arena->next_block = BLOCK_BYTES_MIN;
    }
    return arena;
}

static void drop_last(gf_arena *arena)
{
    block *last = arena->last, *worse = last;
    assert(arena->used >= last->used);  /* `used` is the sum over all blocks */
    arena->used -= last->used;
    arena->last = last->before;
    if (!ONE_BLOCK_EACH && last->room <= BLOCK_BYTES_MAX && (!arena->spare || arena->spare->room < last->room)) {
        worse = arena->spare;
        arena->spare = last;
    }
    free(worse);
}

void gf_arena_close(gf_arena *arena)
{
    if (!arena)
        return;
    while (arena->last)
        drop_last(arena);
    free(arena->spare);
    free(arena);
}

static bool add_block(gf_arena *arena, size_t bytes)
{
    size_t room = ONE_BLOCK_EACH ? bytes : arena->next_block;
    if (room < bytes)
        room = bytes;
    block *fresh = arena->spare;
    if (fresh && fresh->room >= bytes) {
        *fresh = (block){ .before = arena->last, .room = fresh->room };
        arena->spare = NULL;
        arena->last = fresh;
        return true;
    }
    fresh = malloc(sizeof *fresh + room);
    if (!fresh)
        return false;
    *fresh = (block){ .before = arena->last, .room = room };
    arena->last = fresh;
    if (arena->next_block < BLOCK_BYTES_MAX)
        arena->next_block *= 2;
    return true;
}

void *gf_arena_alloc(gf_arena *arena, size_t count, size_t item_bytes)
{
    assert(arena->used <= arena->bytes_max);  /* or the subtraction below would wrap */
    if (item_bytes && count > arena->bytes_max / item_bytes)
        return NULL;
    size_t bytes = count * item_bytes;
    if (!ONE_BLOCK_EACH)
        bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (bytes == 0)
        bytes = 1;
    if (bytes > arena->bytes_max - arena->used)
        return NULL;
    if (ONE_BLOCK_EACH || !arena->last || arena->last->room - arena->last->used < bytes)
        if (!add_block(arena, bytes))
            return NULL;
    block *last = arena->last;
    assert(last->room - last->used >= bytes);
    unsigned char *start = (unsigned char *)(last + 1) + last->used;
    last->used += bytes;
    arena->used += bytes;
    return memset(start, 0, bytes);
}

gf_mark gf_arena_mark(const gf_arena *arena)
{
    return (gf_mark){ arena->last, arena->last ? arena->last->used : 0 };
}

void gf_arena_rewind(gf_arena *arena, gf_mark mark)
{
    while (arena->last && arena->last != mark.block)
        drop_last(arena);
    assert(arena->last == mark.block);  /* else the mark was another arena's, or died at an earlier rewind */
    if (arena->last) {
        assert(arena->last->used >= mark.used);
        arena->used -= arena->last->used - mark.used;
        arena->last->used = mark.used;
    }
}

size_t gf_arena_used(const gf_arena *arena) { return arena->used; }
