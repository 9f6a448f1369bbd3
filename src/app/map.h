/* app/map.h - inside the room only: text to number, and which keys were met, in memory while one use case runs.
 *
 * A few tens of bytes for each key beside the key itself. Keys that somebody chooses to collide make it slow, never wrong;
 * what is loaded is bounded, and kept no longer than the call.
 */
#pragma once
#include "base/gf_base.h"

typedef struct map_slot { uint64_t hash; /* 0 = free */ gf_str key; int64_t value; } map_slot;
typedef struct text_map { map_slot *slots; size_t room, count; gf_arena *keys; } text_map;   /* room 0 or a power of two */

/* Zeroed memory for the slots of a table, for free(); NULL when there is none. A large one is written through, in large pages where the system has
 * them: slots are met in no order, and one that is read before it is written would be faulted in twice, stopping every thread the second time. */
void    *map_slots(size_t count, size_t item_bytes);

/* Empty; takes no memory yet. Keys are copied into the arena, which must live as long; a zeroed map reads as empty. */
void     map_init(text_map *map, gf_arena *keys);
/* The slots go; the keys stay in their arena. Again does no harm. */
void     map_done(text_map *map);
/* NULL when it is not there; dies with the next map_put. */
int64_t *map_find(const text_map *map, gf_str key);
/* The value of `key`, 0 when new; *fresh tells. NULL when out of memory, and then the map is as it was. Dies with the next
 * map_put. */
int64_t *map_put(text_map *map, gf_str key, bool *fresh);

/* Which keys were met, by their hash alone: eight bytes a key, at most half full. A zeroed one is empty. */
typedef struct hash_set { uint64_t *slots; size_t room, count; } hash_set;

/* True when the hash was there already, or when memory is short: then the key is asked of the store. */
bool     hash_set_meet(hash_set *set, uint64_t hash);
/* Again does no harm. */
void     hash_set_done(hash_set *set);
