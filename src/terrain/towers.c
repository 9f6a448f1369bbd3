/* What each tower sees of each parcel.
 *
 * The views are bits on the grid, made once; a parcel is a few runs of cells, so that "how much of it does this tower see" is a
 * popcount over a handful of words. For each pair that sees anything one exact sight line is walked, for the
 * numbers that an office asks for. Towers are handed to the workers one by one; the tables are put together in their order. */
#include "terrain/crew.h"
#include "terrain/gf_terrain_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double DEG_PER_RAD = 57.29577951308232;

typedef struct pair_list { gf_terrain_pair *pairs; size_t count, room; } pair_list;

typedef struct overlook {
    const gf_terrain_grid    *grid;
    gf_terrain_air            air;
    const gf_terrain_tower   *towers;
    const gf_terrain_parcels *parcels;
    const gf_terrain_bits    *bits;
    pair_list                *lists;         /* by tower */
    gf_terrain_tower_seen    *tower_seen;
} overlook;

/* ---- Bits of a run ---- */

/* The bits of columns `from` to `to` within one word that begins at column `first`. */
static uint64_t mask_of(uint64_t first, uint64_t from, uint64_t to)
{
    uint64_t low = from > first ? from - first : 0, high = to < first + 63 ? to - first : 63;
    return (~UINT64_C(0) << low) & (~UINT64_C(0) >> (63 - high));
}

/* Calls for each word that a run shares with a plane; words of the plane's row begin at column 64 * word0. */
typedef struct words { const uint64_t *row; uint64_t from, to; uint32_t word, last, word0; } words;

static bool words_begin(words *w, const gf_terrain_bits *bits, const uint64_t *plane, const gf_terrain_run *run)
{
    if (run->row < bits->row0 || run->row - bits->row0 >= bits->rows)
        return false;
    w->from = run->column;
    w->to = (uint64_t)run->column + run->length - 1;
    w->row = plane + (size_t)(run->row - bits->row0) * bits->words_per_row;
    w->word0 = bits->word0;
    w->word = run->column / 64 > bits->word0 ? run->column / 64 : bits->word0;
    w->last = (uint32_t)(w->to / 64);
    if (w->last >= bits->word0 + bits->words_per_row)
        w->last = bits->word0 + bits->words_per_row - 1;
    return w->word <= w->last && w->to / 64 >= bits->word0;
}

static bool words_next(words *w, uint64_t *word, uint32_t *first)
{
    if (w->word > w->last)
        return false;
    *first = w->word * 64;
    *word = w->row[w->word - w->word0] & mask_of(*first, w->from, w->to);
    w->word++;
    return true;
}

static uint64_t count_seen(const gf_terrain_bits *bits, const gf_terrain_run *runs, size_t count)
{
    uint64_t seen = 0, word;
    uint32_t first;
    words w;
    for (size_t i = 0; i < count; i++)
        if (words_begin(&w, bits, bits->seen, &runs[i]))
            while (words_next(&w, &word, &first))
                seen += (uint64_t)__builtin_popcountll(word);
    return seen;
}

/* ---- The cell that stands for the pair ---- */

typedef struct middle { double row, column; uint64_t count; double best2; gf_terrain_cell best; bool choosing; } middle;

static void look_at_cell(middle *m, uint32_t row, uint32_t column)
{
    if (!m->choosing) {
        m->row += row;
        m->column += column;
        m->count++;
        return;
    }
    double dr = row - m->row, dc = column - m->column, d2 = dr * dr + dc * dc;
    if (d2 < m->best2) {
        m->best2 = d2;
        m->best = (gf_terrain_cell){ row, column };
    }
}

static void look_at_seen(middle *m, const gf_terrain_bits *bits, const gf_terrain_run *runs, size_t count)
{
    uint64_t word;
    uint32_t first;
    words w;
    for (size_t i = 0; i < count; i++)
        if (words_begin(&w, bits, bits->seen, &runs[i]))
            while (words_next(&w, &word, &first))
                for (; word; word &= word - 1)
                    look_at_cell(m, runs[i].row, first + (uint32_t)__builtin_ctzll(word));
}

/* Of the cells seen the one nearest to their middle; the first from the north-west where two are as near. */
static gf_terrain_cell middle_cell(const gf_terrain_bits *bits, const gf_terrain_run *runs, size_t count)
{
    middle m = { .best2 = INFINITY };
    look_at_seen(&m, bits, runs, count);
    m.row /= (double)m.count;
    m.column /= (double)m.count;
    m.choosing = true;
    look_at_seen(&m, bits, runs, count);
    return m.best;
}

/* ---- Its sight line ---- */

/* Rise of the ground per metre along an axis; one-sided beside a void or the border, NAN between two. */
static double rise(const gf_terrain_grid *g, size_t at, bool before, bool after, size_t step)
{
    double here = (double)g->height_m[at], low = before ? (double)g->height_m[at - step] : (double)NAN, high = after ? (double)g->height_m[at + step] : (double)NAN;
    if (!isnan(low) && !isnan(high))
        return (high - low) / (2 * g->cell_m);
    return isnan(low) ? (high - here) / g->cell_m : (here - low) / g->cell_m;
}

/* Between the line to the eye (east, north, up) and the normal of the ground. */
static double incidence(const gf_terrain_grid *g, gf_terrain_cell c, double east_m, double north_m, double up_m)
{
    size_t at = (size_t)c.row * g->columns + c.column;
    double slope_east = rise(g, at, c.column > 0, c.column + 1 < g->columns, 1), slope_north = -rise(g, at, c.row > 0, c.row + 1 < g->rows, g->columns);
    double dot = -slope_east * east_m - slope_north * north_m + up_m;
    double lengths = sqrt(slope_east * slope_east + slope_north * slope_north + 1) * sqrt(east_m * east_m + north_m * north_m + up_m * up_m);
    return lengths > 0 ? acos(fmax(-1, fmin(1, dot / lengths))) * DEG_PER_RAD : 0;
}

static void measure(const overlook *o, const gf_terrain_tower *tower, gf_terrain_pair *pair)
{
    const gf_terrain_grid *g = o->grid;
    const gf_terrain_observer *eye = &tower->observer;
    gf_terrain_line line;
    gf_terrain_line_walk(g, o->air, eye->cell, eye->mast_m, pair->cell, eye->target_m, &line);
    double east_m = ((double)eye->cell.column - pair->cell.column) * g->cell_m, north_m = ((double)pair->cell.row - eye->cell.row) * g->cell_m;
    double up_m = (double)g->height_m[(size_t)eye->cell.row * g->columns + eye->cell.column] + eye->mast_m -
                  (double)g->height_m[(size_t)pair->cell.row * g->columns + pair->cell.column] - eye->target_m;
    up_m += o->air.k * line.dist_m * line.dist_m / (2 * o->air.radius_m);
    bool camera = tower->focal_mm > 0 && tower->pixel_um > 0;
    pair->dist_m = line.dist_m;
    pair->pixel_m = camera ? sqrt(line.dist_m * line.dist_m + up_m * up_m) * tower->pixel_um / tower->focal_mm / 1000 : (double)NAN;
    pair->incidence_deg = incidence(g, pair->cell, east_m, north_m, up_m);
    pair->blocker_dist_m = line.has_blocker ? line.blocker_dist_m : (double)NAN;
}

/* ---- One tower ---- */

static bool add_pair(pair_list *list, const gf_terrain_pair *pair)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 256;
        gf_terrain_pair *larger = realloc(list->pairs, room * sizeof *larger);
        if (!larger)
            return false;
        list->pairs = larger;
        list->room = room;
    }
    list->pairs[list->count++] = *pair;
    return true;
}

static bool out_of_sight(const gf_terrain_bits *b, const gf_terrain_parcel *p)
{
    return p->run_count == 0 || p->row1 < b->row0 || p->row0 >= b->row0 + b->rows || p->column1 / 64 < b->word0 ||
           p->column0 / 64 >= b->word0 + b->words_per_row;
}

static bool in_pan(const gf_terrain_observer *o, double east, double north)
{
    double wide = fmod(o->pan_to_deg - o->pan_from_deg + 720, 360), at = fmod(atan2(east, north) * DEG_PER_RAD - o->pan_from_deg + 1080, 360);
    return !o->has_pan || fabs(o->pan_to_deg - o->pan_from_deg) >= 360 || at <= wide || (east == 0 && north == 0);
}

/* Of the cells in range and pan, how many lack a height. Cells off the grid do. */
static double nodata_share(const overlook *o, const gf_terrain_observer *observer)
{
    const gf_terrain_grid *g = o->grid;
    double cells = fmin(observer->range_m / g->cell_m, (double)g->rows + g->columns);   /* "no limit" ends somewhere */
    uint64_t all = 0, without = 0;
    for (double dr = -floor(cells); dr <= cells; dr++) {
        int64_t row = (int64_t)observer->cell.row + (int64_t)dr;
        double half = floor(sqrt(fmax(0, cells * cells - dr * dr)));
        for (double dc = -half; dc <= half; dc++) {
            int64_t column = (int64_t)observer->cell.column + (int64_t)dc;
            if (observer->has_pan && !in_pan(observer, dc, -dr))
                continue;
            bool known = row >= 0 && row < g->rows && column >= 0 && column < g->columns && !isnan(g->height_m[(size_t)row * g->columns + (size_t)column]);
            all++;
            without += !known;
        }
    }
    return all ? (double)without / (double)all : 0;
}

static bool look_from(void *context, size_t index)
{
    const overlook *o = context;
    const gf_terrain_bits *bits = &o->bits[index];
    gf_terrain_tower_seen *seen = &o->tower_seen[index];
    for (size_t i = 0; i < o->parcels->count; i++) {
        const gf_terrain_parcel *p = &o->parcels->parcels[i];
        if (out_of_sight(bits, p))
            continue;
        const gf_terrain_run *runs = &o->parcels->runs[p->first_run];
        gf_terrain_pair pair = { .tower = (uint32_t)index, .parcel = (uint32_t)i, .seen_cells = count_seen(bits, runs, p->run_count) };
        if (pair.seen_cells == 0)
            continue;
        pair.cell = middle_cell(bits, runs, p->run_count);
        measure(o, &o->towers[index], &pair);
        if (!add_pair(&o->lists[index], &pair))
            return false;
        seen->seen_m2 += p->area_m2 * (double)pair.seen_cells / (double)p->cells;
    }
    seen->parcel_count = o->lists[index].count;
    seen->nodata_share = nodata_share(o, &o->towers[index].observer);
    return true;
}

/* ---- All towers ---- */

/* Everybody's bits on one plane that covers the grid. */
static void unite(const gf_terrain_bits *bits, size_t count, bool unknown, gf_terrain_bits *all)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t *plane = unknown ? bits[i].unknown : bits[i].seen;
        for (uint32_t r = 0; plane && r < bits[i].rows; r++)
            for (uint32_t w = 0; w < bits[i].words_per_row; w++)
                all->seen[(size_t)(bits[i].row0 + r) * all->words_per_row + bits[i].word0 + w] |= plane[(size_t)r * bits[i].words_per_row + w];
    }
}

static bool plane_of_grid(const gf_terrain_grid *g, gf_arena *keep, gf_terrain_bits *all)
{
    *all = (gf_terrain_bits){ .rows = g->rows, .words_per_row = (g->columns + 63) / 64 };
    all->seen = gf_new(keep, uint64_t, (size_t)all->rows * all->words_per_row);
    return all->seen != NULL;
}

/* Cells with a height that nobody sees for sure while some tower cannot tell. */
static uint64_t count_unknown(const gf_terrain_grid *g, const gf_terrain_bits *seen, const gf_terrain_bits *unknown, const gf_terrain_run *runs, size_t count)
{
    uint64_t cells = 0;
    for (size_t i = 0; i < count; i++)
        for (uint32_t c = runs[i].column; c < runs[i].column + runs[i].length; c++)
            cells += gf_terrain_bits_has(unknown, unknown->seen, runs[i].row, c) && !gf_terrain_bits_has(seen, seen->seen, runs[i].row, c) &&
                     !isnan(g->height_m[(size_t)runs[i].row * g->columns + c]);
    return cells;
}

static gf_status see_parcels(const overlook *o, size_t tower_count, gf_terrain_parcel_seen *out, gf_arena *keep, gf_error *err)
{
    gf_terrain_bits seen, unknown;
    gf_mark mark = gf_arena_mark(keep);
    if (!plane_of_grid(o->grid, keep, &seen) || !plane_of_grid(o->grid, keep, &unknown))
        return gf_fail_memory(err);
    unite(o->bits, tower_count, false, &seen);
    unite(o->bits, tower_count, true, &unknown);
    for (size_t i = 0; i < o->parcels->count; i++) {
        const gf_terrain_parcel *p = &o->parcels->parcels[i];
        const gf_terrain_run *runs = &o->parcels->runs[p->first_run];
        out[i].seen_cells = count_seen(&seen, runs, p->run_count);
        out[i].unknown_cells = count_unknown(o->grid, &seen, &unknown, runs, p->run_count);
    }
    gf_arena_rewind(keep, mark);
    return GF_OK;
}

static bool is_better(const gf_terrain_pair *a, const gf_terrain_pair *b)
{
    return a->seen_cells > b->seen_cells || (a->seen_cells == b->seen_cells && a->dist_m < b->dist_m);
}

/* The lists one after another; and who of them sees each parcel best. `best` has a pair for each parcel. */
static void join_lists(const overlook *o, size_t tower_count, const gf_terrain_pair **best, gf_terrain_overlook *out)
{
    for (size_t t = 0; t < tower_count; t++) {
        o->tower_seen[t].first_pair = out->pair_count;
        if (o->lists[t].count)
            memcpy(out->pairs + out->pair_count, o->lists[t].pairs, o->lists[t].count * sizeof *out->pairs);
        out->pair_count += o->lists[t].count;
    }
    for (size_t i = 0; i < out->pair_count; i++) {
        const gf_terrain_pair *pair = &out->pairs[i];
        gf_terrain_parcel_seen *seen = &out->parcels[pair->parcel];
        if (seen->tower_count++ == 0 || is_better(pair, best[pair->parcel])) {
            best[pair->parcel] = pair;
            seen->best_tower = pair->tower;
        }
    }
}

static gf_status join(const overlook *o, size_t tower_count, gf_arena *keep, gf_terrain_overlook *out, gf_error *err)
{
    size_t pairs = 0;
    for (size_t t = 0; t < tower_count; t++)
        pairs += o->lists[t].count;
    gf_terrain_overlook made = { .towers = o->tower_seen, .pairs = gf_new(keep, gf_terrain_pair, pairs),
                                 .parcels = gf_new(keep, gf_terrain_parcel_seen, o->parcels->count) };
    gf_mark mark = gf_arena_mark(keep);
    const gf_terrain_pair **best = gf_new(keep, const gf_terrain_pair *, o->parcels->count);
    if (!made.pairs || !made.parcels || !best)
        return gf_fail_memory(err);
    for (size_t i = 0; i < o->parcels->count; i++)
        made.parcels[i].best_tower = GF_TERRAIN_NO_TOWER;
    join_lists(o, tower_count, best, &made);
    gf_arena_rewind(keep, mark);
    gf_status status = see_parcels(o, tower_count, made.parcels, keep, err);
    if (status == GF_OK)
        *out = made;
    return status;
}

gf_status gf_terrain_overlook_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_tower *towers, size_t tower_count,
                                   const gf_terrain_parcels *parcels, const gf_terrain_work *work, gf_arena *keep, gf_terrain_overlook *out,
                                   gf_error *err)
{
    overlook o = { .grid = grid, .air = air, .towers = towers, .parcels = parcels, .lists = calloc(tower_count + 1, sizeof *o.lists),
                   .tower_seen = gf_new(keep, gf_terrain_tower_seen, tower_count) };
    gf_terrain_observer *observers = gf_new(keep, gf_terrain_observer, tower_count);
    gf_terrain_bits *bits = NULL;
    gf_status status = o.lists && o.tower_seen && observers ? GF_OK : gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < tower_count; i++)
        observers[i] = towers[i].observer;
    if (status == GF_OK)
        status = gf_terrain_bits_make(grid, air, observers, tower_count, work, keep, &bits, err);
    o.bits = bits;
    if (status == GF_OK && !crew_run(work, tower_count, look_from, &o))
        status = work && work->cancelled && work->cancelled(work->context) ? gf_fail(err, GF_ECANCELLED, "terrain.cancelled", "", "cancelled") : gf_fail_memory(err);
    if (status == GF_OK)
        status = join(&o, tower_count, keep, out, err);
    for (size_t i = 0; o.lists && i < tower_count; i++)
        free(o.lists[i].pairs);
    free(o.lists);
    return status;
}
