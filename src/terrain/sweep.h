/* terrain/sweep.h - inside the room only: one observer's window, its eight octants, and the sweep over one of them. */
#pragma once
#include "terrain/inside.h"
#include "terrain/sight.h"

enum { OCTANTS = 8 };

/* What does not change within one view. */
typedef struct view_plan {
    const gf_terrain_grid *grid;
    gf_terrain_observer    observer;
    double eye_m;
    double bend_m;                    /* per squared cell */
    double range2;                    /* squared cells */
    bool   whole_circle, over_half;   /* of the pan sector */
    double from_x, from_y, to_x, to_y;   /* its edges as directions */
    double pitch_min, pitch_max;      /* as slopes */
} view_plan;

gf_status view_check(const gf_terrain_grid *grid, const gf_terrain_observer *observer, gf_error *err);
void      view_prepare(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observer, view_plan *plan);
/* The window's place and size; no array yet. */
void      view_window(const view_plan *plan, gf_terrain_view *view);
/* Arrays to what a sweep expects: everything outside, the observer's own cell seen. */
void      view_clear(const view_plan *plan, gf_terrain_view *view);
void      view_count(gf_terrain_view *view);
/* The longest side of an octant: `memory` of a sweep holds one more. */
size_t    view_reach(const gf_terrain_view *view);

/* Decide every cell of one octant (0 ... 7). Octants write different cells and may run at the same time, each with a
 * `memory` of its own. */
void view_sweep(const view_plan *plan, int octant, const gf_terrain_view *view, int32_t *memory);
