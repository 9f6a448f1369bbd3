/* A sparse Cholesky factor L D L' for systems that keep their pattern while their values change.
 *
 * Order: approximate minimum degree (Amestoy, Davis, Duff 1996) on a quotient graph, without supervariables: networks are
 * nearly planar and small beside those that the method was made for. An eliminated unknown becomes a clique, whose members are
 * at the same time the rows of its column in L: no separate symbolic pass is needed.
 * Then the elimination tree is walked in postorder, so that columns with the same rows stand side by side.
 * Values: column by column to the left, gathered in one dense column. A village of 1,000 junctions has about 3 entries for
 * each column, a square grid of 12,500 about 25: systems of that kind go to factor_blocks.c.
 */
#include "water/factor.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS_FROM_OPERATIONS = 400000 };   /* multiplications of one factoring, from which dense blocks pay */

/* The graph while it is eliminated. Variable i lists first the cliques that it belongs to, then its plain neighbours; both
 * together never outgrow its first degree, so that each list stays where it began. */
typedef struct quotient {
    uint32_t  size;
    uint32_t *first, *clique_count, *plain_count, *list;
    uint32_t *degree, *bucket, *next, *before;      /* variables by degree, doubly linked; size = none */
    uint32_t **clique, *clique_size, *clique_left;  /* by the variable that made it; left: members outside the newest clique */
    uint32_t *born;                                 /* size of the clique when it was made: entries of the column */
    uint32_t *mark, *touched;                       /* stamps */
    uint8_t  *gone;
    gf_arena *keep;
} quotient;

static void bucket_add(quotient *q, uint32_t v, uint32_t degree)
{
    uint32_t head = q->bucket[degree];
    q->degree[v] = degree;
    q->next[v] = head;
    q->before[v] = q->size;
    if (head != q->size) q->before[head] = v;
    q->bucket[degree] = v;
}

static void bucket_remove(quotient *q, uint32_t v)
{
    if (q->before[v] != q->size) q->next[q->before[v]] = q->next[v];
    else q->bucket[q->degree[v]] = q->next[v];
    if (q->next[v] != q->size) q->before[q->next[v]] = q->before[v];
}

static bool quotient_alloc(quotient *q, uint32_t size, uint32_t edge_count, gf_arena *keep)
{
    *q = (quotient){ .size = size, .keep = keep };
    q->first = gf_new(keep, uint32_t, size + 1);
    q->clique_count = gf_new(keep, uint32_t, size);
    q->plain_count = gf_new(keep, uint32_t, size);
    q->list = gf_new(keep, uint32_t, 2 * (size_t)edge_count);
    q->degree = gf_new(keep, uint32_t, size);
    q->bucket = gf_new(keep, uint32_t, size + 1);
    q->next = gf_new(keep, uint32_t, size);
    q->before = gf_new(keep, uint32_t, size);
    q->clique = gf_new(keep, uint32_t *, size);
    q->clique_size = gf_new(keep, uint32_t, size);
    q->clique_left = gf_new(keep, uint32_t, size);
    q->born = gf_new(keep, uint32_t, size);
    q->mark = gf_new(keep, uint32_t, size);
    q->touched = gf_new(keep, uint32_t, size);
    q->gone = gf_new(keep, uint8_t, size);
    return q->first && q->clique_count && q->plain_count && q->list && q->degree && q->bucket && q->next && q->before && q->clique
        && q->clique_size && q->clique_left && q->born && q->mark && q->touched && q->gone;
}

/* Neighbours of every variable, each once. */
static void quotient_fill(quotient *q, const factor_edge *edges, uint32_t edge_count)
{
    for (uint32_t e = 0; e < edge_count; e++) q->first[edges[e].a + 1]++, q->first[edges[e].b + 1]++;
    for (uint32_t i = 0; i < q->size; i++) q->first[i + 1] += q->first[i];
    for (uint32_t e = 0; e < edge_count; e++) {
        uint32_t a = edges[e].a, b = edges[e].b;
        assert(a != b);
        q->list[q->first[a] + q->plain_count[a]++] = b;
        q->list[q->first[b] + q->plain_count[b]++] = a;
    }
    for (uint32_t i = 0; i < q->size; i++) {
        uint32_t kept = 0, *list = q->list + q->first[i];
        for (uint32_t k = 0; k < q->plain_count[i]; k++) {
            if (q->mark[list[k]] == i + 1) continue;
            q->mark[list[k]] = i + 1;
            list[kept++] = list[k];
        }
        q->plain_count[i] = kept;
    }
    memset(q->mark, 0, q->size * sizeof *q->mark);
    for (uint32_t i = 0; i <= q->size; i++) q->bucket[i] = q->size;
    for (uint32_t i = q->size; i-- > 0;) bucket_add(q, i, q->plain_count[i]);
}

/* Members of the clique that `v` leaves behind: its neighbours, and those of its cliques, which it swallows. */
static bool quotient_clique(quotient *q, uint32_t v, uint32_t stamp)
{
    uint32_t *list = q->list + q->first[v], room = q->plain_count[v], count = 0;
    for (uint32_t k = 0; k < q->clique_count[v]; k++) room += q->clique_size[list[k]];
    uint32_t *members = gf_new(q->keep, uint32_t, room);
    if (!members) return false;
    q->mark[v] = stamp;
    for (uint32_t k = 0; k < q->clique_count[v] + q->plain_count[v]; k++) {
        bool is_clique = k < q->clique_count[v];
        const uint32_t *from = is_clique ? q->clique[list[k]] : &list[k];
        uint32_t from_count = is_clique ? q->clique_size[list[k]] : 1;
        for (uint32_t m = 0; m < from_count; m++) {
            uint32_t i = from[m];
            if (q->gone[i] || q->mark[i] == stamp) continue;
            q->mark[i] = stamp;
            members[count++] = i;
        }
        if (is_clique) q->clique_size[list[k]] = 0;
    }
    q->clique[v] = members;
    q->clique_size[v] = q->born[v] = count;
    return true;
}

/* How many members of each other clique that a member belongs to stand outside the new one. */
static void quotient_outside(quotient *q, uint32_t v, uint32_t stamp)
{
    for (uint32_t m = 0; m < q->clique_size[v]; m++) {
        uint32_t i = q->clique[v][m], *list = q->list + q->first[i];
        for (uint32_t k = 0; k < q->clique_count[i]; k++) {
            uint32_t c = list[k];
            if (q->touched[c] != stamp) q->touched[c] = stamp, q->clique_left[c] = q->clique_size[c];
            if (q->clique_left[c] > 0) q->clique_left[c]--;
        }
    }
}

/* Rewrite the lists of a member: cliques swallowed or wholly inside the new one go, plain neighbours inside it go, the new one
 * comes. At least one place is free for it: the variable that made it, or one of its cliques, stood there. Returns the bound
 * of the member's degree. */
static uint32_t quotient_update(quotient *q, uint32_t v, uint32_t i, uint32_t stamp)
{
    uint32_t *list = q->list + q->first[i], cliques = 0, plains = 0, degree = q->clique_size[v] - 1;
    uint32_t *plain = list + q->clique_count[i];
    for (uint32_t k = 0; k < q->clique_count[i]; k++) {
        uint32_t c = list[k];
        if (q->clique_size[c] == 0 || q->clique_left[c] == 0) continue;
        degree += q->clique_left[c];
        list[cliques++] = c;
    }
    for (uint32_t k = 0; k < q->plain_count[i]; k++) {
        uint32_t j = plain[k];
        if (q->gone[j] || q->mark[j] == stamp) continue;
        degree++;
        list[cliques + plains++] = j;
    }
    list[cliques + plains] = list[cliques];
    list[cliques] = v;
    q->clique_count[i] = cliques + 1;
    q->plain_count[i] = plains;
    return degree < q->size ? degree : q->size - 1;
}

/* Eliminate one variable after the other, each time one of the least bound of degree. */
static bool quotient_order(quotient *q, uint32_t *order)
{
    uint32_t least = 0;
    for (uint32_t k = 0; k < q->size; k++) {
        while (least < q->size && q->bucket[least] == q->size) least++;
        uint32_t v = q->bucket[least], stamp = k + 1;
        bucket_remove(q, v);
        order[k] = v;
        q->gone[v] = 1;
        if (!quotient_clique(q, v, stamp)) return false;
        quotient_outside(q, v, stamp);
        for (uint32_t m = 0; m < q->clique_size[v]; m++) {
            uint32_t i = q->clique[v][m];
            uint32_t degree = quotient_update(q, v, i, stamp);
            bucket_remove(q, i);
            bucket_add(q, i, degree);
            if (degree < least) least = degree;
        }
    }
    return true;
}

static int compare_places(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The members of a clique were all behind its maker in the order: they are the rows of its column. */
static uint32_t column_rows(const factor *f, const quotient *q, uint32_t k, uint32_t *out)
{
    uint32_t v = f->order[k];
    for (uint32_t m = 0; m < q->born[v]; m++) out[m] = f->place[q->clique[v][m]];
    qsort(out, q->born[v], sizeof *out, compare_places);
    return q->born[v];
}

static gf_status lay_out(factor *f, const quotient *q, gf_arena *keep, gf_error *err)
{
    size_t total = 0;
    for (uint32_t i = 0; i < f->size; i++) total += q->born[i];
    if (total > INT32_MAX)
        return gf_fail(err, GF_ELIMIT, "water.fill", "Split the network into parts.", "the network is too tightly meshed to be solved at once");
    f->column = gf_new(keep, uint32_t, f->size + 1);
    f->rows = gf_new(keep, uint32_t, total);
    f->use_first = gf_new(keep, uint32_t, f->size + 1);
    f->use_entry = gf_new(keep, uint32_t, total);
    f->use_column = gf_new(keep, uint32_t, total);
    f->lower = gf_new(keep, double, total);
    f->pivot = gf_new(keep, double, f->size);
    f->work = gf_new(keep, double, f->size);
    uint32_t *fill = gf_new(keep, uint32_t, f->size);
    if (!f->column || !f->rows || !f->use_first || !f->use_entry || !f->use_column || !f->lower || !f->pivot || !f->work || !fill)
        return gf_fail_memory(err);
    f->lower_count = (uint32_t)total;
    for (uint32_t k = 0; k < f->size; k++) f->column[k + 1] = f->column[k] + column_rows(f, q, k, f->rows + f->column[k]);
    for (size_t e = 0; e < total; e++) f->use_first[f->rows[e] + 1]++;
    for (uint32_t k = 0; k < f->size; k++) f->use_first[k + 1] += f->use_first[k];
    for (uint32_t k = 0; k < f->size; k++)
        for (uint32_t e = f->column[k]; e < f->column[k + 1]; e++) {
            uint32_t at = f->use_first[f->rows[e]] + fill[f->rows[e]]++;
            f->use_entry[at] = e;
            f->use_column[at] = k;
        }
    return GF_OK;
}

/* Renumber the places so that every unknown follows all below it in the elimination tree, each subtree in one piece. */
static bool postorder(factor *f, const quotient *q, gf_arena *scratch)
{
    uint32_t size = f->size, count = 0, none = size;
    uint32_t *child = gf_new(scratch, uint32_t, size + 1), *sibling = gf_new(scratch, uint32_t, size), *order = gf_new(scratch, uint32_t, size);
    uint32_t *stack = gf_new(scratch, uint32_t, size + 1), depth = 0;
    if (!child || !sibling || !order || !stack) return false;
    for (uint32_t k = 0; k <= size; k++) child[k] = none;
    for (uint32_t k = size; k-- > 0;) {
        uint32_t v = f->order[k], parent = size;        /* of roots: `size` itself */
        for (uint32_t m = 0; m < q->born[v]; m++) parent = f->place[q->clique[v][m]] < parent ? f->place[q->clique[v][m]] : parent;
        sibling[k] = child[parent];
        child[parent] = k;
    }
    for (stack[depth++] = size; depth > 0;) {
        uint32_t top = stack[depth - 1];
        if (child[top] != none) {
            stack[depth++] = child[top];
            child[top] = sibling[child[top]];
        } else {
            depth--;
            if (top < size) order[count++] = f->order[top];
        }
    }
    memcpy(f->order, order, size * sizeof *order);
    return true;
}

static bool wants_blocks(const factor *f)
{
    double operations = 0;
    for (uint32_t k = 0; k < f->size; k++) {
        double rows = f->column[k + 1] - f->column[k];
        operations += rows * (rows + 1) / 2;
    }
    return operations > BLOCKS_FROM_OPERATIONS;
}

/* Where the value of the edge between two places stands. */
static uint32_t find_entry(const factor *f, uint32_t a, uint32_t b)
{
    uint32_t column = a < b ? a : b, row = a < b ? b : a, low = f->column[column], high = f->column[column + 1];
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (f->rows[middle] <= row) low = middle;
        else high = middle;
    }
    assert(low < f->column[column + 1] && f->rows[low] == row);
    return low;
}

gf_status factor_make(uint32_t size, const factor_edge *edges, uint32_t edge_count, gf_arena *keep, factor *out, uint32_t *entry,
                      gf_error *err)
{
    factor f = { .size = size };
    f.order = gf_new(keep, uint32_t, size);
    f.place = gf_new(keep, uint32_t, size);
    gf_arena *graph = gf_arena_open((size_t)8 << 30);
    quotient q = { 0 };
    gf_status status = f.order && f.place && graph && quotient_alloc(&q, size, edge_count, graph) ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK) {
        quotient_fill(&q, edges, edge_count);
        if (!quotient_order(&q, f.order)) status = gf_fail_memory(err);
    }
    if (status == GF_OK) {
        for (uint32_t k = 0; k < size; k++) f.place[f.order[k]] = k;
        if (!postorder(&f, &q, graph)) status = gf_fail_memory(err);
    }
    if (status == GF_OK) {
        for (uint32_t k = 0; k < size; k++) f.place[f.order[k]] = k;
        status = lay_out(&f, &q, keep, err);
    }
    for (uint32_t e = 0; status == GF_OK && e < edge_count; e++) entry[e] = find_entry(&f, f.place[edges[e].a], f.place[edges[e].b]);
    gf_arena_close(graph);
    if (status == GF_OK && wants_blocks(&f)) status = factor_blocks_make(&f, entry, edge_count, keep, err);
    if (status == GF_OK) *out = f;
    return status;
}

uint32_t factor_compute(factor *f)
{
    if (f->blocks) return factor_blocks_compute(f);
    double *work = f->work, *lower = f->lower;
    for (uint32_t j = 0; j < f->size; j++) {
        uint32_t begin = f->column[j], end = f->column[j + 1];
        double pivot = f->pivot[j];
        for (uint32_t e = begin; e < end; e++) work[f->rows[e]] = lower[e];
        for (uint32_t u = f->use_first[j]; u < f->use_first[j + 1]; u++) {
            uint32_t at = f->use_entry[u], last = f->column[f->use_column[u] + 1];
            double share = lower[at] * f->pivot[f->use_column[u]];
            pivot -= lower[at] * share;
            for (uint32_t e = at + 1; e < last; e++) work[f->rows[e]] -= lower[e] * share;
        }
        if (!(pivot > 0)) return j;
        f->pivot[j] = pivot;
        double inverse = 1 / pivot;
        for (uint32_t e = begin; e < end; e++) lower[e] = work[f->rows[e]] * inverse;
    }
    return f->size;
}

void factor_solve(const factor *f, double *right)
{
    if (f->blocks) {
        factor_blocks_solve(f, right);
        return;
    }
    for (uint32_t j = 0; j < f->size; j++) {
        double x = right[j];
        for (uint32_t e = f->column[j]; e < f->column[j + 1]; e++) right[f->rows[e]] -= f->lower[e] * x;
    }
    for (uint32_t j = f->size; j-- > 0;) {
        double x = right[j] / f->pivot[j];
        for (uint32_t e = f->column[j]; e < f->column[j + 1]; e++) x -= f->lower[e] * right[f->rows[e]];
        right[j] = x;
    }
}
