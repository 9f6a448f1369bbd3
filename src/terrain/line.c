/* One line, every crossing: the reference that views are held against. Some 2 ns a crossing; nothing is skipped. */
#include "terrain/gf_terrain.h"
#include "terrain/sight.h"

#include <stdlib.h>

typedef struct least { double margin_m, t; bool any, gap; } least;

/* The least margin; of two equal ones the nearer to the eye, so that the order of the walk does not matter. */
static void take(least *l, double clear_m, double t)
{
    if (isnan(clear_m)) {
        l->gap = true;
        return;
    }
    double margin_m = clear_m / t;
    if (!l->any || margin_m < l->margin_m || (margin_m == l->margin_m && t < l->t))
        *l = (least){ margin_m, t, true, l->gap };
}

static sight_axes axes_of(const gf_terrain_grid *grid, ptrdiff_t rows, ptrdiff_t columns)
{
    ptrdiff_t down = rows < 0 ? -(ptrdiff_t)grid->columns : (ptrdiff_t)grid->columns, right = columns < 0 ? -1 : 1;
    return labs(columns) >= labs(rows) ? (sight_axes){ right, down } : (sight_axes){ down, right };
}

void gf_terrain_line_walk(const gf_terrain_grid *grid, gf_terrain_air air, gf_terrain_cell from, double mast_m, gf_terrain_cell to,
                          double target_m, gf_terrain_line *out)
{
    ptrdiff_t rows = (ptrdiff_t)to.row - (ptrdiff_t)from.row, columns = (ptrdiff_t)to.column - (ptrdiff_t)from.column;
    const float *origin = grid->height_m + (size_t)from.row * grid->columns + from.column;
    double ground = (double)grid->height_m[(size_t)to.row * grid->columns + to.column], eye = (double)*origin + mast_m;
    double n = (double)(labs(rows) > labs(columns) ? labs(rows) : labs(columns)), m = (double)(labs(rows) + labs(columns)) - n;
    sight_line s = { .eye_m = eye, .rise_m = ground + target_m - eye, .bend_m = sight_bend(air, grid->cell_m, n * n + m * m), .n = n, .m = m,
                     .over_n = 1 / n, .over_m = 1 / m };
    least l = { .any = false };
    sight_axes a = axes_of(grid, rows, columns);
    for (double j = 1; j < n; j++)
        take(&l, sight_major(&s, origin, a, j), j * s.over_n);
    for (double q = 1; q < m; q++)
        take(&l, sight_minor(&s, origin, a, q), q * s.over_m);
    bool ends_known = !isnan(s.rise_m), hidden = l.any && l.margin_m < 0;
    *out = (gf_terrain_line){ .dist_m = grid->cell_m * sqrt(n * n + m * m), .has_blocker = l.any && ends_known,
                              .sight = !ends_known ? GF_TERRAIN_UNKNOWN : hidden ? GF_TERRAIN_HIDDEN : l.gap ? GF_TERRAIN_UNKNOWN : GF_TERRAIN_SEEN,
                              .margin_m = l.any ? l.margin_m : (double)INFINITY };
    out->blocker_dist_m = l.any ? l.t * out->dist_m : 0;
}
