/* Branches without a loop: their flows are known, so the cheapest sizes for every head at the root can be told exactly.
 *
 * From the leaves inwards each junction has a stair of labels (head needed, cost), none better than another in both. A pipe
 * turns the stair of its junction into one at its root: each size shifts it by its loss and cost. Stairs that meet are merged.
 * With one loading case a stair is a sorted list, both steps are linear; with several, needs are vectors and a label stays
 * unless another needs less in every case and costs less.
 * A label remembers what it was made of: of a pipe, `left` = label of its junction and `right` = option; of a merge, `left` =
 * label of the stair before and `right` = label of the pipe's stair.
 */
#include "water/size.h"
#include <stdlib.h>
#include <string.h>

/* Labels of one stair: beyond, sorted ones are thinned and wide ones given up, and the answer is not exact. All branches
 * together have LABELS_ALL, so that a county's tree is still answered in seconds. */
enum { LABELS_MAX = 400000, LABELS_LEAST = 200, LABELS_MAX_WIDE = 600, LABELS_ALL = 20000000 };

typedef struct joint { stair merged; uint32_t slot, before; } joint;        /* a merge at a node: with which branch pipe, after which joint */

struct branches {
    uint32_t  dimensions;
    stair    *own, *pipe;           /* by node: its own limit; by branch number: the stair at the pipe's root */
    joint    *joints;               /* by branch number: the merge at its root */
    uint32_t *last;                 /* by node: last joint; NO_LABEL = none */
    const gf_water_solver *layout;
};

static const stair *stair_of(const branches *b, uint32_t node)
{
    return b->last[node] == NO_LABEL ? &b->own[node] : &b->joints[b->last[node]].merged;
}

static gf_status stair_alloc(stair *s, uint32_t room, uint32_t dimensions, gf_arena *keep, gf_error *err)
{
    s->count = 0;
    s->cost = gf_new(keep, double, room);
    s->need = gf_new(keep, double, (size_t)room * dimensions);
    s->left = gf_new(keep, uint32_t, room);
    s->right = gf_new(keep, uint32_t, room);
    return s->cost && s->need && s->left && s->right ? GF_OK : gf_fail_memory(err);
}

/* ---- Many dimensions: labels in any order, then sorted and sieved ---- */

typedef struct candidate { double cost, need[DIMENSIONS_MAX]; uint32_t left, right; } candidate;
typedef struct pool { candidate *labels; size_t count, room; } pool;

static int cheaper(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->cost != y->cost) return x->cost < y->cost ? -1 : 1;
    if (x->need[0] != y->need[0]) return x->need[0] < y->need[0] ? -1 : 1;
    return x->left != y->left ? (x->left < y->left ? -1 : 1) : (x->right > y->right) - (x->right < y->right);
}

static bool pool_add(pool *p, const candidate *l)
{
    if (p->count == p->room) {
        size_t room = p->room ? 2 * p->room : 1024;
        candidate *grown = realloc(p->labels, room * sizeof *grown);
        if (!grown) return false;
        p->labels = grown;
        p->room = room;
    }
    p->labels[p->count++] = *l;
    return true;
}

static bool dominated(const candidate *kept, size_t count, const candidate *l, uint32_t dimensions)
{
    for (size_t i = count; i-- > 0;) {      /* costs rise: every kept one is as cheap */
        uint32_t d = 0;
        while (d < dimensions && kept[i].need[d] <= l->need[d]) d++;
        if (d == dimensions) return true;
    }
    return false;
}

static gf_status pool_to_stair(pool *p, uint32_t dimensions, gf_arena *keep, stair *out, bool *exact, gf_error *err)
{
    if (p->count > 0) qsort(p->labels, p->count, sizeof *p->labels, cheaper);
    size_t kept = 0;
    for (size_t i = 0; i < p->count; i++)
        if (!dominated(p->labels, kept, &p->labels[i], dimensions)) p->labels[kept++] = p->labels[i];
    if (kept > LABELS_MAX_WIDE) *exact = false;     /* branches are given up: see size_prepare() */
    gf_status status = stair_alloc(out, (uint32_t)kept, dimensions, keep, err);
    for (size_t i = 0; status == GF_OK && i < kept; i++) {
        out->cost[i] = p->labels[i].cost;
        memcpy(out->need + i * dimensions, p->labels[i].need, dimensions * sizeof(double));
        out->left[i] = p->labels[i].left;
        out->right[i] = p->labels[i].right;
    }
    if (status == GF_OK) out->count = (uint32_t)kept;
    p->count = 0;
    return status;
}

/* ---- A pipe ---- */

typedef struct shift { double cost, loss[GF_WATER_CASES_MAX]; uint32_t option, at; } shift;      /* at: next label of the stair under it */

/* Sizes that keep the velocity, with what they lose in each case. */
static uint32_t shifts_of(const ready *r, gf_water_solver *const *solvers, uint32_t slot, shift *out)
{
    uint32_t link = solvers[0]->slot_link[slot], count = 0;
    int32_t index = r->pipe_of[link];
    const gf_water_size_pipe *pipe = index >= 0 ? &r->brief->pipes[index] : NULL;
    for (uint32_t k = 0; k < (pipe ? pipe->option_count : 1); k++) {
        const gf_water_size_option *option = pipe ? &r->brief->options[pipe->options[k]] : NULL;
        shift s = { .cost = pipe ? option->unit_cost * pipe->length : 0, .option = pipe ? pipe->options[k] : 0 };
        bool good = true;
        for (uint32_t c = 0; c < r->brief->case_count; c++) {
            gf_water_solver *solver = solvers[c];
            double d = pipe ? option->diameter_m : solver->diameter[link], speed = fabs(solver->slot_flow[slot]) / (PI / 4 * d * d);
            if (pipe) gf_water_set_diameter(solver, link, d);
            solver_pipe_losses(solver, slot / PIPE_LANES * PIPE_LANES, PIPE_LANES);
            s.loss[c] = -solver->slot_loss[slot];       /* slots of branches run from the leaf to the root */
            good &= !pipe || speed <= r->brief->cases[c].velocity_max_ms;
        }
        if (good) out[count++] = s;
    }
    return count;
}

static double shifted(const ready *r, double need, uint32_t dimension, const shift *s)
{
    uint32_t cases = r->brief->case_count;
    return dimension < cases ? need + s->loss[dimension] : need - s->loss[dimension - cases];
}

/* Every second label stays: the one that needs less. */
static uint32_t halve(stair *s)
{
    uint32_t kept = 0;
    for (uint32_t n = 1; n < s->count; n += 2, kept++) {
        s->cost[kept] = s->cost[n], s->need[kept] = s->need[n];
        s->left[kept] = s->left[n], s->right[kept] = s->right[n];
    }
    return kept;
}

static gf_status stair_copy(const stair *from, gf_arena *keep, stair *out, gf_error *err)
{
    gf_status status = stair_alloc(out, from->count, 1, keep, err);
    if (status != GF_OK) return status;
    out->count = from->count;
    memcpy(out->cost, from->cost, from->count * sizeof *out->cost);
    memcpy(out->need, from->need, from->count * sizeof *out->need);
    memcpy(out->left, from->left, from->count * sizeof *out->left);
    memcpy(out->right, from->right, from->count * sizeof *out->right);
    return GF_OK;
}

/* One dimension: the stairs of all sizes in one pass by rising cost. */
static gf_status extend_sorted(const ready *r, const stair *from, shift *shifts, uint32_t count, stair *work, gf_arena *keep, stair *out,
                               bool *exact, gf_error *err)
{
    uint32_t room = r->labels_max;
    double least = INFINITY, taken_cost = -INFINITY, grain = 0;
    work->count = 0;
    for (;;) {
        uint32_t best = count;
        double cost = INFINITY;
        for (uint32_t k = 0; k < count; k++)
            if (shifts[k].at < from->count && from->cost[shifts[k].at] + shifts[k].cost < cost) best = k, cost = from->cost[shifts[k].at] + shifts[k].cost;
        if (best == count) break;
        uint32_t i = shifts[best].at++;
        double need = shifted(r, from->need[i], 0, &shifts[best]);
        if (need >= least) continue;
        if (work->count == 1 && work->need[0] > r->head_cap_m) work->count = 0;     /* out of reach: only the last such one stays, to tell what is missing */
        if (cost - taken_cost < grain && work->count > 0) {     /* thinning: the cheaper one gives way to the one that needs less */
            work->count--;
            *exact = false;
        }
        if (work->count == room) {
            grain = (cost - work->cost[0]) / (room / 2);
            work->count = halve(work);
            *exact = false;
        }
        least = need;
        taken_cost = cost;
        work->cost[work->count] = cost;
        work->need[work->count] = need;
        work->left[work->count] = i;
        work->right[work->count++] = shifts[best].option;
    }
    return stair_copy(work, keep, out, err);
}

static gf_status extend_wide(const ready *r, const stair *from, const shift *shifts, uint32_t count, pool *p, gf_arena *keep, stair *out, bool *exact,
                             gf_error *err)
{
    uint32_t dimensions = r->dimensions;
    for (uint32_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < from->count; i++) {
            candidate l = { .cost = from->cost[i] + shifts[k].cost, .left = i, .right = shifts[k].option };
            bool reachable = true;
            for (uint32_t d = 0; d < dimensions; d++) {
                l.need[d] = shifted(r, from->need[(size_t)i * dimensions + d], d, &shifts[k]);
                reachable &= d >= r->brief->case_count || l.need[d] <= r->head_cap_m;
            }
            if ((reachable || k + 1 == count) && !pool_add(p, &l)) return gf_fail_memory(err);     /* the largest size stays, to tell what is missing */
        }
    return pool_to_stair(p, dimensions, keep, out, exact, err);
}

/* ---- Stairs that meet ---- */

/* Both by rising cost and falling need: the one that binds takes the next step. */
static gf_status merge_sorted(const ready *r, const stair *a, const stair *b, stair *work, gf_arena *keep, stair *out, bool *exact, gf_error *err)
{
    work->count = 0;
    for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
        bool a_binds = a->need[i] >= b->need[k];
        if (work->count == r->labels_max) {
            work->count = halve(work);
            *exact = false;
        }
        work->cost[work->count] = a->cost[i] + b->cost[k];
        work->need[work->count] = a_binds ? a->need[i] : b->need[k];
        work->left[work->count] = i;
        work->right[work->count++] = k;
        if (a->need[i] <= b->need[k]) k++;
        if (a_binds) i++;
    }
    return stair_copy(work, keep, out, err);
}

static gf_status merge_wide(const ready *r, const stair *a, const stair *b, pool *p, gf_arena *keep, stair *out, bool *exact, gf_error *err)
{
    uint32_t dimensions = r->dimensions;
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t k = 0; k < b->count; k++) {
            candidate l = { .cost = a->cost[i] + b->cost[k], .left = i, .right = k };
            for (uint32_t d = 0; d < dimensions; d++) l.need[d] = fmax(a->need[(size_t)i * dimensions + d], b->need[(size_t)k * dimensions + d]);
            if (!pool_add(p, &l)) return gf_fail_memory(err);
        }
    return pool_to_stair(p, dimensions, keep, out, exact, err);
}

/* ---- All of them ---- */

/* What a junction asks for itself; reservoirs ask nothing. */
static gf_status own_stair(const ready *r, uint32_t node, gf_arena *keep, stair *out, gf_error *err)
{
    gf_status status = stair_alloc(out, 1, r->dimensions, keep, err);
    if (status != GF_OK) return status;
    out->count = 1;
    uint32_t cases = r->brief->case_count;
    bool junction = r->net.nodes[node].kind == GF_WATER_JUNCTION;
    for (uint32_t d = 0; d < r->dimensions; d++) {
        const gf_water_size_case *c = &r->brief->cases[d % cases];
        double least = c->pressure_min_m[node], most = c->pressure_max_m ? c->pressure_max_m[node] : NAN, ground = r->net.nodes[node].elevation_m;
        out->need[d] = -INFINITY;
        if (junction && d < cases && !isnan(least)) out->need[d] = ground + least + SIZE_MARGIN_M;
        if (junction && d >= cases && !isnan(most)) out->need[d] = -(ground + most - SIZE_MARGIN_M);
    }
    return GF_OK;
}

static gf_status answer_pipe(ready *r, gf_water_solver *const *solvers, uint32_t index, pool *p, stair *work, gf_arena *keep, gf_error *err)
{
    branches *b = r->branches;
    uint32_t slot = solvers[0]->slot_core + index, node = solvers[0]->branch_node[slot], root = solvers[0]->branch_root[slot];
    const stair *from = stair_of(b, node);
    shift *shifts = calloc(r->brief->option_count + 1, sizeof *shifts);
    if (!shifts) return gf_fail_memory(err);
    uint32_t count = shifts_of(r, solvers, slot, shifts);
    gf_status status = r->dimensions == 1 ? extend_sorted(r, from, shifts, count, work, keep, &b->pipe[index], &r->exact, err)
        : extend_wide(r, from, shifts, count, p, keep, &b->pipe[index], &r->exact, err);
    free(shifts);
    if (status != GF_OK) return status;
    joint *j = &b->joints[index];
    *j = (joint){ .slot = slot, .before = b->last[root] };
    const stair *at_root = stair_of(b, root);
    status = r->dimensions == 1 ? merge_sorted(r, at_root, &b->pipe[index], work, keep, &j->merged, &r->exact, err)
        : merge_wide(r, at_root, &b->pipe[index], p, keep, &j->merged, &r->exact, err);
    b->last[root] = index;
    return status;
}

gf_status branch_prepare(ready *r, gf_water_solver *const *solvers, gf_arena *keep, gf_error *err)
{
    branches *b = gf_new(keep, branches, 1);
    if (!b) return gf_fail_memory(err);
    *b = (branches){ .dimensions = r->dimensions, .layout = solvers[0] };
    b->own = gf_new(keep, stair, r->net.node_count);
    b->last = gf_new(keep, uint32_t, r->net.node_count);
    b->pipe = gf_new(keep, stair, solvers[0]->branch_count);
    b->joints = gf_new(keep, joint, solvers[0]->branch_count);
    if (!b->own || !b->last || !b->pipe || !b->joints) return gf_fail_memory(err);
    r->branches = b;
    r->exact = true;
    gf_status status = GF_OK;
    for (uint32_t i = 0; status == GF_OK && i < r->net.node_count; i++) {
        b->last[i] = NO_LABEL;
        status = own_stair(r, i, keep, &b->own[i], err);
    }
    pool p = { 0 };
    stair work = { 0 };
    gf_arena *scratch = gf_arena_open((size_t)1 << 30);
    uint32_t share = LABELS_ALL / (solvers[0]->branch_count + 1);
    r->labels_max = share > LABELS_MAX ? LABELS_MAX : share < LABELS_LEAST ? LABELS_LEAST : share;
    if (status == GF_OK) status = scratch ? stair_alloc(&work, r->labels_max, 1, scratch, err) : gf_fail_memory(err);
    for (uint32_t i = 0; status == GF_OK && i < solvers[0]->branch_count && (r->exact || r->dimensions == 1); i++)
        status = answer_pipe(r, solvers, i, &p, &work, keep, err);
    free(p.labels);
    gf_arena_close(scratch);
    return status;
}

/* The cheapest label that these heads allow; NO_LABEL when there is none. */
static uint32_t find_label(const stair *s, uint32_t dimensions, const double *value)
{
    if (dimensions == 1) {
        uint32_t low = 0, high = s->count;          /* needs fall: the first that is met */
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (s->need[middle] <= value[0]) high = middle;
            else low = middle + 1;
        }
        return low < s->count ? low : NO_LABEL;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t d = 0;
        while (d < dimensions && s->need[(size_t)i * dimensions + d] <= value[d]) d++;
        if (d == dimensions) return i;
    }
    return NO_LABEL;
}

/* Labels that lack least: the last of a sorted stair, else looked for. */
static uint32_t nearest_label(const stair *s, uint32_t dimensions, const double *value, double *missing)
{
    uint32_t best = NO_LABEL;
    *missing = INFINITY;
    for (uint32_t i = dimensions == 1 && s->count > 0 ? s->count - 1 : 0; i < s->count; i++) {
        double sum = 0;
        for (uint32_t d = 0; d < dimensions; d++) sum += fmax(0, s->need[(size_t)i * dimensions + d] - value[d]);
        if (sum < *missing) *missing = sum, best = i;
    }
    return best;
}

bool branch_cost(const branches *b, uint32_t node, const double *value, double *cost, double *missing)
{
    const stair *s = stair_of(b, node);
    uint32_t label = find_label(s, b->dimensions, value);
    *missing = 0;
    if (label == NO_LABEL) {
        label = nearest_label(s, b->dimensions, value, missing);
        *cost = label == NO_LABEL ? 0 : s->cost[label];
        if (label == NO_LABEL) *missing = 1e6;      /* no size at all keeps the velocity or reaches the head of any source */
        return false;
    }
    *cost = s->cost[label];
    return true;
}

static void choose(const ready *r, uint32_t node, uint32_t label, uint16_t *option)
{
    const branches *b = r->branches;
    for (uint32_t j = b->last[node]; j != NO_LABEL && label != NO_LABEL; j = b->joints[j].before) {
        const joint *at = &b->joints[j];
        uint32_t of_pipe = at->merged.right[label];
        const stair *pipe = &b->pipe[at->slot - b->layout->slot_core];
        int32_t index = r->pipe_of[b->layout->slot_link[at->slot]];
        if (index >= 0) option[index] = (uint16_t)pipe->right[of_pipe];
        choose(r, b->layout->branch_node[at->slot], pipe->left[of_pipe], option);
        label = at->merged.left[label];
    }
}

void branch_choose(const ready *r, uint32_t node, const double *value, uint16_t *option)
{
    const stair *s = stair_of(r->branches, node);
    double missing;
    uint32_t label = find_label(s, r->dimensions, value);
    choose(r, node, label != NO_LABEL ? label : nearest_label(s, r->dimensions, value, &missing), option);
}

double branch_cheapest(const branches *b, uint32_t node)
{
    const stair *s = stair_of(b, node);
    return s->count > 0 ? s->cost[0] : 0;
}

/* Points (head needed in the case, cost) by falling cost; their lower left hull is below every label. */
typedef struct point { double head, cost; } point;

static int by_head(const void *a, const void *b)
{
    const point *x = a, *y = b;
    return x->head != y->head ? (x->head < y->head ? -1 : 1) : (x->cost > y->cost) - (x->cost < y->cost);
}

static double turn(const point *a, const point *b, const point *c)
{
    return (b->head - a->head) * (c->cost - a->cost) - (b->cost - a->cost) * (c->head - a->head);
}

uint32_t branch_hull(const branches *b, uint32_t node, uint32_t at_case, double ease_m, hull_line *out, uint32_t room)
{
    const stair *s = stair_of(b, node);
    point *points = s->count > 0 && s->cost[s->count - 1] > 0 ? malloc(s->count * sizeof *points) : NULL;
    uint32_t count = 0, lines = 0;
    if (!points) return 0;
    for (uint32_t i = 0; i < s->count; i++) points[i] = (point){ s->need[(size_t)i * b->dimensions + at_case] - ease_m, s->cost[i] };
    qsort(points, s->count, sizeof *points, by_head);
    for (uint32_t i = 0; i < s->count; i++) {
        if (count > 0 && points[i].cost >= points[count - 1].cost) continue;        /* needs more, costs more */
        while (count >= 2 && turn(&points[count - 2], &points[count - 1], &points[i]) <= 0) count--;
        points[count++] = points[i];
    }
    out[lines++] = (hull_line){ 0, points[count - 1].cost };        /* never cheaper than the cheapest */
    for (uint32_t i = count - 1; i > 0 && lines < room; i--) {
        double slope = (points[i].cost - points[i - 1].cost) / (points[i].head - points[i - 1].head);
        out[lines++] = (hull_line){ slope, points[i].cost - slope * points[i].head };
    }
    free(points);
    return lines;
}
