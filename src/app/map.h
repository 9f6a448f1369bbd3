/* app/map.h - inside the room only: text to number, and number to number, in memory while one use case runs. */
#pragma once
#include "base/gf_base.h"

typedef struct map_slot { uint64_t hash; gf_str key; int64_t value; } map_slot;
typedef struct text_map { map_slot *slots; size_t room, count; gf_arena *keys; } text_map;

void     map_init(text_map *map, gf_arena *keys);                 /* keys are copied into the arena */
void     map_done(text_map *map);
int64_t *map_find(const text_map *map, gf_str key);               /* NULL when it is not there; dies with the next map_put */
/* The value of `key`, 0 when new; *fresh tells. NULL when out of memory. */
int64_t *map_put(text_map *map, gf_str key, bool *fresh);
