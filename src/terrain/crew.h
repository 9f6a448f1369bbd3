/* terrain/crew.h - inside the room only: pieces of work drawn by several threads. */
#pragma once
#include "terrain/gf_terrain.h"

/* Do `piece` for 0 ... count - 1, each once, from `work->workers` threads (this one included). `piece` may run in any of them; false
 * ends the work. Returns false when a piece did or the work was cancelled. `work` may be NULL. */
typedef bool crew_piece_fn(void *context, size_t index);
bool crew_run(const gf_terrain_work *work, size_t count, crew_piece_fn *piece, void *context);
