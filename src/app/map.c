/* Open addressing, linear probing, at most half full. The 64-bit hash is compared first: keys rarely are. Nothing is
 * ever taken out, so there are no tombstones; growing doubles and moves every slot, which costs two moves a key in
 * all.
 */
#define _DEFAULT_SOURCE
#include "app/map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ROOM_MIN = 256, LARGE_PAGE_BYTES = 2 << 20 };

void *map_slots(size_t count, size_t item_bytes)
{
    void *slots = NULL;
    if (count < 2 * (size_t)LARGE_PAGE_BYTES / item_bytes || count > SIZE_MAX / 2 / item_bytes)
        return calloc(count, item_bytes);
    size_t bytes = count * item_bytes;
    if (posix_memalign(&slots, LARGE_PAGE_BYTES, bytes) != 0)
        return NULL;
    (void)madvise(slots, bytes, MADV_HUGEPAGE);  /* a wish */
    return memset(slots, 0, bytes);
}

void map_init(text_map *map, gf_arena *keys) { *map = (struct text_map){ .keys = keys }; }

void map_done(text_map *map)
{
    free(map->slots);
    map->slots = NULL;
    map->room = map->count = 0;
}

static map_slot *slot_of(const text_map *map, uint64_t hash, gf_str key)
{
    size_t i = (hash ^ hash >> 32) & (map->room - 1);
    while (map->slots[i].hash && !(map->slots[i].hash == hash && gf_str_eq(map->slots[i].key, key)))
        i = (i + 1) & (map->room - 1);
    return &map->slots[i];
}

static bool grow(text_map *map)
{
    struct text_map larger = { .room = map->room ? map->room * 2 : ROOM_MIN, .count = map->count, .keys = map->keys };
    larger.slots = map_slots(larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < map->room; i++)
        if (map->slots[i].hash)
            *slot_of(&larger, map->slots[i].hash, map->slots[i].key) = map->slots[i];
    free(map->slots);
    *map = larger;
    return true;
}

static uint64_t hash_of(gf_str key) { return gf_str_hash(key) | 1; }  /* 0 marks a free slot */

int64_t *map_find(const text_map *map, gf_str key)
{
    if (map->count == 0)
        return NULL;
    map_slot *slot = slot_of(map, hash_of(key), key);
    return slot->hash ? &slot->value : NULL;
}

int64_t *map_put(text_map *map, gf_str key, bool *fresh)
{
    if (map->count * 2 >= map->room && !grow(map))
        return NULL;
    uint64_t hash = hash_of(key);
    map_slot *slot = slot_of(map, hash, key);
    *fresh = slot->hash == 0;
    if (*fresh) {
        gf_str copy = gf_str_copy(map->keys, key);
        if (!copy.data)
            return NULL;
        *slot = (map_slot){ hash, copy, 0 };
        map->count++;
    }
    return &slot->value;
}

/* ---- Hashes alone ---- */

static bool grow_set(hash_set *set)
{
    hash_set larger = { .room = set->room ? set->room * 2 : ROOM_MIN };
    larger.slots = map_slots(larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < set->room; i++)
        if (set->slots[i])
            (void)hash_set_meet(&larger, set->slots[i]);
    free(set->slots);
    *set = larger;
    return true;
}

bool hash_set_meet(hash_set *set, uint64_t hash)
{
    hash = hash ? hash : 1;
    if (set->count * 2 >= set->room && !grow_set(set))
        return true;
    size_t i = (hash ^ hash >> 32) & (set->room - 1);
    for (; set->slots[i]; i = (i + 1) & (set->room - 1))
        if (set->slots[i] == hash)
            return true;
    set->slots[i] = hash;
    set->count++;
    return false;
}

void hash_set_done(hash_set *set)
{
    free(set->slots);
    *set = (hash_set){ NULL, 0, 0 };
}
