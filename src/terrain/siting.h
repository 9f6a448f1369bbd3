/* terrain/siting.h - inside the room only: who covers which cells of the parcels, and the bound. */
#pragma once
#include "terrain/crew.h"
#include "terrain/gf_terrain_fields.h"

/* The cells of all runs, one after another: cell j has the weight w[j], and candidate i sees it when bit j of row i is set. */
struct gf_terrain_cover {
    const gf_terrain_candidate *candidates;
    const gf_terrain_parcels   *parcels;
    size_t    count, cells, words;
    uint64_t *bits;                  /* count rows of `words`; without what stands sees */
    uint64_t *base;                  /* what stands sees */
    double   *w;
    double    total, before;
};

/* One question about a cover. */
typedef struct siting_task {
    const gf_terrain_cover          *cover;
    const gf_terrain_siting_options *options;
    const gf_terrain_work           *work;
} siting_task;

static inline const uint64_t *siting_row(const gf_terrain_cover *c, size_t i) { return c->bits + i * c->words; }

/* Choose: *sites gets the indices. */
gf_status siting_choose(const siting_task *task, gf_arena *arena, size_t *sites, size_t *count, gf_error *err);

/* No choice covers more than *bound. `sites` is a good one that covers `covered`, what stands included. */
gf_status siting_bound(const siting_task *task, const size_t *sites, size_t count, double covered, gf_arena *arena, double *bound, gf_error *err);
