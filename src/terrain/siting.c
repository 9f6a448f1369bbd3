/* Who covers which cells, and the answer put together. The choice is in siting_choose.c, the bound in siting_bound.c. */
#include "terrain/siting.h"

#include <math.h>
#include <string.h>

enum { CHUNK = 64 };   /* views held at once: their bits are on the whole grid, what is kept is only on parcels */

/* ---- Cells and their weights ---- */

static gf_status weigh(const gf_terrain_parcels *parcels, const double *weights, gf_terrain_cover *c, gf_error *err)
{
    size_t j = 0;
    for (size_t i = 0; i < parcels->count; i++) {
        const gf_terrain_parcel *p = &parcels->parcels[i];
        double weight = weights ? weights[i] : p->area_m2;
        if (!(weight >= 0 && weight < 1e15))
            return gf_fail(err, GF_EINPUT, "terrain.weight", "A weight is a number from 0 on.", "the weight of parcel %zu is %g", i + 1, weight);
        c->total += weight;
        for (size_t r = p->first_run; r < (size_t)p->first_run + p->run_count; r++)
            for (uint32_t k = 0; k < parcels->runs[r].length; k++)
                c->w[j++] = weight / (double)p->cells;
    }
    return GF_OK;
}

/* The bits of a view, on the cells of the parcels. */
static void gather(const gf_terrain_parcels *parcels, size_t run_count, const gf_terrain_bits *bits, uint64_t *row)
{
    size_t j = 0;
    for (size_t r = 0; r < run_count; r++) {
        const gf_terrain_run *run = &parcels->runs[r];
        bool near = run->row >= bits->row0 && run->row - bits->row0 < bits->rows;
        for (uint32_t k = 0; near && k < run->length; k++)
            if (gf_terrain_bits_has(bits, bits->seen, run->row, run->column + k))
                row[(j + k) / 64] |= UINT64_C(1) << ((j + k) % 64);
        j += run->length;
    }
}

typedef struct gathering {
    const gf_terrain_parcels *parcels;
    size_t                    run_count, words;
    const gf_terrain_bits    *bits;
    uint64_t                 *rows;
} gathering;

static bool gather_one(void *context, size_t index)
{
    const gathering *g = context;
    gather(g->parcels, g->run_count, &g->bits[index], g->rows + index * g->words);
    return true;
}

/* Rows of `observers`, a chunk at a time. */
static gf_status look(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observers, size_t count, const gf_terrain_parcels *parcels,
                      const gf_terrain_work *work, size_t words, uint64_t *rows, gf_error *err)
{
    gf_arena *arena = gf_arena_open((size_t)8 << 30);
    gf_status status = arena ? GF_OK : gf_fail_memory(err);
    gathering g = { .parcels = parcels, .words = words };
    for (size_t i = 0; i < parcels->count; i++)
        g.run_count += parcels->parcels[i].run_count;
    for (size_t from = 0; from < count && status == GF_OK; from += CHUNK) {
        size_t chunk = count - from < CHUNK ? count - from : CHUNK;
        gf_terrain_bits *bits = NULL;
        gf_arena_rewind(arena, (gf_mark){ NULL, 0 });
        status = gf_terrain_bits_make(grid, air, observers + from, chunk, work, arena, &bits, err);
        g.bits = bits;
        g.rows = rows + from * words;
        if (status == GF_OK && !crew_run(work, chunk, gather_one, &g))
            status = gf_fail(err, GF_ECANCELLED, "terrain.cancelled", "", "cancelled");
    }
    gf_arena_close(arena);
    return status;
}

static gf_status look_from_standing(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *standing, size_t count,
                                    const gf_terrain_parcels *parcels, const gf_terrain_work *work, gf_terrain_cover *c, gf_arena *keep, gf_error *err)
{
    gf_mark mark = gf_arena_mark(keep);
    uint64_t *rows = gf_new(keep, uint64_t, count * c->words + 1);
    gf_status status = rows ? look(grid, air, standing, count, parcels, work, c->words, rows, err) : gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        for (size_t k = 0; k < c->words; k++)
            c->base[k] |= rows[i * c->words + k];
    gf_arena_rewind(keep, mark);
    return status;
}

static bool make_room(gf_terrain_cover *c, const gf_terrain_parcels *parcels, gf_arena *keep)
{
    c->cells = (size_t)parcels->cells;
    c->words = (c->cells + 63) / 64;
    c->w = gf_new(keep, double, c->words * 64 + 1);
    c->base = gf_new(keep, uint64_t, c->words + 1);
    c->bits = gf_new(keep, uint64_t, c->count * c->words + 1);
    return c->w && c->base && c->bits;
}

/* What stands covers is of no further interest. */
static void leave_out_base(gf_terrain_cover *c)
{
    for (size_t j = 0; j < c->cells; j++)
        c->before += c->base[j / 64] >> (j % 64) & 1 ? c->w[j] : 0;
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->words; k++)
            c->bits[i * c->words + k] &= ~c->base[k];
}

gf_status gf_terrain_cover_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *standing, size_t standing_count,
                                const gf_terrain_candidate *candidates, size_t candidate_count, const gf_terrain_parcels *parcels,
                                const double *weights, const gf_terrain_work *work, gf_arena *keep, const gf_terrain_cover **out, gf_error *err)
{
    gf_terrain_cover *c = gf_new(keep, gf_terrain_cover, 1);
    gf_terrain_observer *observers = gf_new(keep, gf_terrain_observer, candidate_count + 1);
    if (!c || !observers)
        return gf_fail_memory(err);
    *c = (gf_terrain_cover){ .candidates = candidates, .count = candidate_count, .parcels = parcels };
    if (!make_room(c, parcels, keep))
        return gf_fail_memory(err);
    for (size_t i = 0; i < candidate_count; i++)
        observers[i] = candidates[i].observer;
    gf_status status = weigh(parcels, weights, c, err);
    if (status == GF_OK)
        status = look_from_standing(grid, air, standing, standing_count, parcels, work, c, keep, err);
    if (status == GF_OK)
        status = look(grid, air, observers, candidate_count, parcels, work, c->words, c->bits, err);
    if (status != GF_OK)
        return status;
    leave_out_base(c);
    *out = c;
    return GF_OK;
}

/* ---- The answer ---- */

static double gain_of(const gf_terrain_cover *c, size_t site, const uint64_t *covered)
{
    double gain = 0;
    const uint64_t *row = siting_row(c, site);
    for (size_t k = 0; k < c->words; k++)
        for (uint64_t word = row[k] & ~covered[k]; word; word &= word - 1)
            gain += c->w[k * 64 + (size_t)__builtin_ctzll(word)];
    return gain;
}

/* Each the best of those that are left, given those before. */
static void rank(const gf_terrain_cover *c, size_t *sites, size_t count, uint64_t *covered, gf_terrain_siting *out)
{
    out->after = c->before;
    for (size_t n = 0; n < count; n++) {
        size_t best = n;
        double best_gain = -1;
        for (size_t i = n; i < count; i++) {
            double gain = gain_of(c, sites[i], covered);
            if (gain > best_gain || (gain == best_gain && sites[i] < sites[best])) {
                best = i;
                best_gain = gain;
            }
        }
        size_t site = sites[best];
        sites[best] = sites[n];
        sites[n] = site;
        for (size_t k = 0; k < c->words; k++)
            covered[k] |= siting_row(c, site)[k];
        out->after += best_gain;
        out->sites[n] = (gf_terrain_site){ .candidate = site, .gain = best_gain, .covered_total = out->after };
    }
}

static void share_out(const gf_terrain_parcels *parcels, const gf_terrain_cover *c, const uint64_t *covered, double *by_parcel)
{
    size_t j = 0;
    for (size_t i = 0; i < parcels->count; i++)
        for (size_t r = parcels->parcels[i].first_run; r < (size_t)parcels->parcels[i].first_run + parcels->parcels[i].run_count; r++)
            for (uint32_t k = 0; k < parcels->runs[r].length; k++, j++)
                by_parcel[i] += covered[j / 64] >> (j % 64) & 1 ? c->w[j] : 0;
}

static gf_status answer(const siting_task *task, gf_arena *scratch, gf_terrain_siting *out, gf_error *err)
{
    const gf_terrain_cover *c = task->cover;
    size_t *sites = gf_new(scratch, size_t, c->count + 1);
    uint64_t *covered = gf_new(scratch, uint64_t, c->words + 1);
    gf_status status = sites && covered ? siting_choose(task, scratch, sites, &out->site_count, err) : gf_fail_memory(err);
    if (status != GF_OK)
        return status;
    out->total = c->total;
    out->before = c->before;
    memcpy(covered, c->base, c->words * sizeof *covered);
    share_out(c->parcels, c, covered, out->parcel_before);
    rank(c, sites, out->site_count, covered, out);
    share_out(c->parcels, c, covered, out->parcel_after);
    return siting_bound(task, sites, out->site_count, out->after, scratch, &out->upper_bound, err);
}

gf_status gf_terrain_siting_make(const gf_terrain_cover *cover, const gf_terrain_siting_options *options, const gf_terrain_work *work,
                                 gf_arena *keep, gf_terrain_siting *out, gf_error *err)
{
    const siting_task task = { cover, options, work };
    gf_terrain_siting made = { .sites = gf_new(keep, gf_terrain_site, cover->count + 1), .parcel_before = gf_new(keep, double, cover->parcels->count),
                               .parcel_after = gf_new(keep, double, cover->parcels->count) };
    gf_arena *scratch = gf_arena_open((size_t)8 << 30);
    bool room = scratch && made.sites && made.parcel_before && made.parcel_after;
    gf_status status = room ? answer(&task, scratch, &made, err) : gf_fail_memory(err);
    gf_arena_close(scratch);
    if (status == GF_OK)
        *out = made;
    return status;
}
