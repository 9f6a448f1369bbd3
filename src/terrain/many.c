/* Views by several workers: the octants of one observer, or one observer each.
 *
 * Workers draw the next piece from a counter. What a worker needs it allocates once and keeps; memory grows with the
 * workers, never with the observers. Results that are handed over wait for their turn, so that the order is the
 * observers' whatever the workers do; bits are written where they belong and wait for nobody.
 */
#define _POSIX_C_SOURCE 200809L
#include "terrain/sweep.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS_MAX = 64 };

static bool is_cancelled(const gf_terrain_work *work) { return work && work->cancelled && work->cancelled(work->context); }

static size_t workers_of(const gf_terrain_work *work, size_t pieces)
{
    size_t workers = work && work->workers ? work->workers : 1;
    workers = workers < WORKERS_MAX ? workers : WORKERS_MAX;
    return workers < pieces ? workers : pieces ? pieces : 1;
}

static gf_status fail_cancelled(gf_error *err) { return gf_fail(err, GF_ECANCELLED, "terrain.cancelled", "", "cancelled"); }

/* Run `work` as many times at once, this thread included. */
static void run(size_t workers, void *(*function)(void *), void *context)
{
    pthread_t thread[WORKERS_MAX];
    size_t started = 0;
    while (started + 1 < workers && pthread_create(&thread[started], NULL, function, context) == 0)
        started++;   /* fewer threads are slower, not wrong */
    (void)function(context);
    for (size_t i = 0; i < started; i++)
        (void)pthread_join(thread[i], NULL);
}

/* ---- One observer ---- */

typedef struct octants {
    const view_plan       *plan;
    const gf_terrain_view *view;
    const gf_terrain_work *work;
    atomic_int             next;
    atomic_int             failed;      /* a gf_status */
} octants;

static void *sweep_octants(void *context)
{
    octants *o = context;
    int32_t *memory = malloc((view_reach(o->view) + 2) * sizeof *memory);
    if (!memory)
        atomic_store(&o->failed, GF_ENOMEM);
    for (int i; memory && (i = atomic_fetch_add(&o->next, 1)) < OCTANTS;) {
        if (is_cancelled(o->work))
            atomic_store(&o->failed, GF_ECANCELLED);
        if (atomic_load(&o->failed) == GF_OK)
            view_sweep(o->plan, i, o->view, memory);
    }
    free(memory);
    return NULL;
}

gf_status gf_terrain_view_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observer, const gf_terrain_work *work,
                               gf_arena *keep, gf_terrain_view *out, gf_error *err)
{
    gf_status status = view_check(grid, observer, err);
    if (status != GF_OK)
        return status;
    view_plan plan;
    gf_terrain_view view;
    view_prepare(grid, air, observer, &plan);
    view_window(&plan, &view);
    size_t cells = (size_t)view.rows * view.columns;
    view.sight = gf_new(keep, uint8_t, cells);
    view.margin_m = work && work->margin ? gf_new(keep, float, cells) : NULL;
    if (!view.sight || (work && work->margin && !view.margin_m))
        return gf_fail_memory(err);
    view_clear(&plan, &view);
    octants o = { .plan = &plan, .view = &view, .work = work };
    atomic_init(&o.next, 0);
    atomic_init(&o.failed, GF_OK);
    run(workers_of(work, OCTANTS), sweep_octants, &o);
    if (atomic_load(&o.failed) != GF_OK)
        return atomic_load(&o.failed) == GF_ECANCELLED ? fail_cancelled(err) : gf_fail_memory(err);
    view_count(&view);
    *out = view;
    return GF_OK;
}

/* ---- Many observers ---- */

typedef struct crowd {
    const gf_terrain_grid     *grid;
    gf_terrain_air             air;
    const gf_terrain_observer *observers;
    size_t                     count;
    const gf_terrain_work     *work;
    gf_terrain_each_fn        *each;
    void                      *context;
    bool                       ordered;
    atomic_size_t              next;
    pthread_mutex_t            lock;
    pthread_cond_t             turned;
    size_t                     turn;        /* whose result is handed over next; under the lock */
    gf_status                  status;      /* the first failure; under the lock */
    gf_error                  *err;
} crowd;

/* What a worker keeps from one observer to the next: room for the largest window so far. */
typedef struct desk { uint8_t *sight; float *margin_m; int32_t *memory; size_t cells, reach; } desk;

static void clear_desk(desk *d)
{
    free(d->sight);
    free(d->margin_m);
    free(d->memory);
    *d = (desk){ .cells = 0 };
}

static bool make_desk(desk *d, size_t cells, size_t reach, bool margin)
{
    if (cells <= d->cells && reach <= d->reach)
        return true;
    clear_desk(d);
    *d = (desk){ .sight = malloc(cells), .margin_m = margin ? malloc(cells * sizeof(float)) : NULL, .memory = malloc(reach * sizeof(int32_t)),
                 .cells = cells, .reach = reach };
    return d->sight && d->memory && (d->margin_m || !margin);
}

static gf_status make_one(const crowd *c, size_t index, desk *d, gf_terrain_view *view, gf_error *err)
{
    view_plan plan;
    view_prepare(c->grid, c->air, &c->observers[index], &plan);
    view_window(&plan, view);
    if (!make_desk(d, (size_t)view->rows * view->columns, view_reach(view) + 2, c->work && c->work->margin))
        return gf_fail_memory(err);
    view->sight = d->sight;
    view->margin_m = d->margin_m;
    view_clear(&plan, view);
    for (int i = 0; i < OCTANTS; i++) {
        if (is_cancelled(c->work))
            return fail_cancelled(err);
        view_sweep(&plan, i, view, d->memory);
    }
    view_count(view);
    return GF_OK;
}

/* Wait for our turn, hand over, pass the turn on. A failure is kept and lets the others run out. */
static bool hand_over(crowd *c, size_t index, const gf_terrain_view *view, gf_status status, gf_error *err)
{
    (void)pthread_mutex_lock(&c->lock);
    while (c->ordered && c->turn != index && c->status == GF_OK)
        (void)pthread_cond_wait(&c->turned, &c->lock);
    if (c->status == GF_OK && status == GF_OK && c->ordered)
        status = c->each(c->context, index, view, err);
    if (c->status == GF_OK && status != GF_OK) {
        c->status = status;
        if (c->err)
            *c->err = *err;
    }
    c->turn = index + 1;
    bool goes_on = c->status == GF_OK;
    (void)pthread_cond_broadcast(&c->turned);
    (void)pthread_mutex_unlock(&c->lock);
    return goes_on;
}

static void *serve(void *context)
{
    crowd *c = context;
    desk d = { .cells = 0 };
    bool goes_on = true;
    for (size_t i; goes_on && (i = atomic_fetch_add(&c->next, 1)) < c->count;) {
        gf_error err = { .status = GF_OK };
        gf_terrain_view view;
        gf_status status = make_one(c, i, &d, &view, &err);
        if (status == GF_OK && !c->ordered)
            status = c->each(c->context, i, &view, &err);
        goes_on = hand_over(c, i, &view, status, &err);
    }
    clear_desk(&d);
    return NULL;
}

static gf_status run_crowd(crowd *c, gf_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        gf_status status = view_check(c->grid, &c->observers[i], err);
        if (status != GF_OK) {
            (void)gf_fail_at(err, "observer %zu", i + 1);
            return status;
        }
    }
    c->err = err;
    atomic_init(&c->next, 0);
    if (pthread_mutex_init(&c->lock, NULL) != 0)
        return gf_fail_memory(err);
    if (pthread_cond_init(&c->turned, NULL) != 0) {
        (void)pthread_mutex_destroy(&c->lock);
        return gf_fail_memory(err);
    }
    run(workers_of(c->work, c->count), serve, c);
    (void)pthread_cond_destroy(&c->turned);
    (void)pthread_mutex_destroy(&c->lock);
    return c->status;
}

gf_status gf_terrain_view_each(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observers, size_t count,
                               const gf_terrain_work *work, gf_terrain_each_fn *each, void *context, gf_error *err)
{
    crowd c = { .grid = grid, .air = air, .observers = observers, .count = count, .work = work, .each = each, .context = context, .ordered = true };
    return run_crowd(&c, err);
}

/* ---- Bits ---- */

static void place_bits(const gf_terrain_view *window, gf_terrain_bits *bits)
{
    uint32_t last = (window->column0 + window->columns - 1) / 64;
    *bits = (gf_terrain_bits){ .row0 = window->row0, .rows = window->rows, .word0 = window->column0 / 64, .words_per_row = last - window->column0 / 64 + 1 };
}

static void set_bits(const gf_terrain_view *view, const gf_terrain_bits *bits, gf_terrain_sight sight, uint64_t *plane)
{
    for (uint32_t r = 0; r < view->rows; r++) {
        const uint8_t *from = view->sight + (size_t)r * view->columns;
        uint64_t *to = plane + (size_t)r * bits->words_per_row;
        uint32_t column = view->column0 - bits->word0 * 64;
        for (uint32_t c = 0; c < view->columns; c++, column++)
            to[column / 64] |= (uint64_t)(from[c] == sight) << (column % 64);
    }
}

/* Unknown cells are rare: their plane is made only where there are any, from a store that several workers share. */
typedef struct bit_store { gf_terrain_bits *bits; gf_arena *keep; pthread_mutex_t lock; } bit_store;

static gf_status keep_bits(void *context, size_t index, const gf_terrain_view *view, gf_error *err)
{
    bit_store *s = context;
    gf_terrain_bits *bits = &s->bits[index];
    bits->seen_count = view->seen;
    bits->unknown_count = view->unknown;
    set_bits(view, bits, GF_TERRAIN_SEEN, bits->seen);
    if (!view->unknown)
        return GF_OK;
    (void)pthread_mutex_lock(&s->lock);
    bits->unknown = gf_new(s->keep, uint64_t, (size_t)bits->rows * bits->words_per_row);
    (void)pthread_mutex_unlock(&s->lock);
    if (!bits->unknown)
        return gf_fail_memory(err);
    set_bits(view, bits, GF_TERRAIN_UNKNOWN, bits->unknown);
    return GF_OK;
}

static gf_status make_room(const crowd *c, bit_store *s, gf_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        view_plan plan;
        gf_terrain_view window;
        gf_status status = view_check(c->grid, &c->observers[i], err);
        if (status != GF_OK) {
            (void)gf_fail_at(err, "observer %zu", i + 1);
            return status;
        }
        view_prepare(c->grid, c->air, &c->observers[i], &plan);
        view_window(&plan, &window);
        place_bits(&window, &s->bits[i]);
        s->bits[i].seen = gf_new(s->keep, uint64_t, (size_t)s->bits[i].rows * s->bits[i].words_per_row);
        if (!s->bits[i].seen)
            return gf_fail_memory(err);
    }
    return GF_OK;
}

gf_status gf_terrain_bits_make(const gf_terrain_grid *grid, gf_terrain_air air, const gf_terrain_observer *observers, size_t count,
                               const gf_terrain_work *work, gf_arena *keep, gf_terrain_bits **out, gf_error *err)
{
    bit_store s = { .bits = gf_new(keep, gf_terrain_bits, count + 1), .keep = keep };
    crowd c = { .grid = grid, .air = air, .observers = observers, .count = count, .work = work, .each = keep_bits, .context = &s };
    if (!s.bits || pthread_mutex_init(&s.lock, NULL) != 0)
        return gf_fail_memory(err);
    gf_status status = make_room(&c, &s, err);
    if (status == GF_OK)
        status = run_crowd(&c, err);
    (void)pthread_mutex_destroy(&s.lock);
    if (status == GF_OK)
        *out = s.bits;
    return status;
}
