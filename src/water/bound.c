/* What no feasible design can undercut: a linear relaxation, tightened by branching over flows and sizes.
 *
 * Unknown at first: the flow of every element of the core. Within known bounds of a flow, a pipe of one size loses head along a
 * known curve; the relaxation lets a pipe be a mixture of sizes, each with its own share of flow and loss, shares between lines
 * below and above the curve (perspective of the curve's envelope: whoever takes one whole size is inside). Junctions balance,
 * heads keep their limits, branches cost the convex hull of their exact stairs. The true design is one point of this polytope,
 * so its least cost is a bound. Halving the bounds of the flow whose curve is missed most, or the sizes of the pipe that is
 * most mixed, gives two better relaxations; the worst of all open ones is the bound (best first).
 * The bound is not the solver's objective but computed from its prices (Neumaier & Shcherbina 2004): it holds whatever the
 * tolerances were, and even where the linear program was stopped half way. Several loading cases: the greatest bound of all,
 * for each case alone is a relaxation. Solver: Clp of COIN-OR.
 */
#include "water/size.h"
#include <coin/Clp_C_Interface.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS_MAX = 300000, OPEN_MAX = 20000, SAMPLES = 12, CUTS_MAX = 8 };
#define DROP_CAP_M 1e4              /* no head differs by more where nothing limits it */
#define SHIFT_SAFE 1e-9             /* cuts step back by this share of the greatest loss */

typedef struct open_box {           /* a part of the space: flows of elements, ranks of sizes of core pipes */
    double    value;
    double   *low, *high;
    uint16_t *least, *most;
} open_box;

typedef struct program {            /* one linear program, column by column in triplets */
    size_t   columns, rows, entries, column_room, row_room, entry_room;
    double  *cost, *column_low, *column_high, *column_unit, *row_low, *row_high, *value;      /* column_unit: SI of one */
    int     *entry_row, *entry_column;
    bool     failed;
} program;

struct bound {
    const ready     *ready;
    uint32_t         at_case, elements;
    gf_water_solver *solver;        /* for its layout and its loss curves */
    gf_arena        *keep;
    open_box        *heap; size_t heap_count;
    double           value, cost_scale, floor, stuck;       /* stuck: least value of boxes given up */
    double          *node_low, *node_high;  /* heads that a feasible design can have */
    double           flow_unit;             /* of the flows of elements: all demand */
    uint64_t         solved;
    int32_t         *core_of;       /* by pipe of the brief: place among the core pipes */
    size_t          *head_column, *flow_column, *slot_column;      /* of the program at work; slot: of its first size */
    size_t           entries;               /* of the last program */
    bool             done, truncated;
    double         (*seconds_left)(void *context);
    void            *context;
};

/* ---- A program, piece by piece ---- */

static bool grow(size_t *room, size_t need, size_t bytes, size_t lists, void **more[])
{
    if (need <= *room) return true;
    size_t wider = *room ? *room * 2 : 4096;
    while (wider < need) wider *= 2;
    for (size_t i = 0; i < lists; i++) {
        void *grown = realloc(*more[i], wider * bytes);
        if (!grown) return false;
        *more[i] = grown;
    }
    *room = wider;
    return true;
}

static size_t add_column(program *p, double cost, double low, double high)
{
    void **lists[] = { (void **)&p->cost, (void **)&p->column_low, (void **)&p->column_high, (void **)&p->column_unit };
    if (!grow(&p->column_room, p->columns + 1, sizeof(double), 4, lists)) {
        p->failed = true;
        return 0;
    }
    p->cost[p->columns] = cost;
    p->column_low[p->columns] = low;
    p->column_high[p->columns] = high;
    p->column_unit[p->columns] = 1;
    return p->columns++;
}

static size_t add_row(program *p, double low, double high)
{
    void **lists[] = { (void **)&p->row_low, (void **)&p->row_high };
    if (!grow(&p->row_room, p->rows + 1, sizeof(double), 2, lists)) {
        p->failed = true;
        return 0;
    }
    p->row_low[p->rows] = low;
    p->row_high[p->rows] = high;
    return p->rows++;
}

static void put(program *p, size_t row, size_t column, double value)
{
    size_t room = p->entry_room;
    void **ints[] = { (void **)&p->entry_row, (void **)&p->entry_column }, **reals[] = { (void **)&p->value };
    if (p->failed || !grow(&room, p->entries + 1, sizeof(int), 2, ints) || !grow(&p->entry_room, p->entries + 1, sizeof(double), 1, reals)) {
        p->failed = true;
        return;
    }
    p->entry_row[p->entries] = (int)row;
    p->entry_column[p->entries] = (int)column;
    p->value[p->entries++] = value;
}

static void program_free(program *p)
{
    free(p->cost), free(p->column_low), free(p->column_high), free(p->column_unit), free(p->row_low), free(p->row_high);
    free(p->value), free(p->entry_row), free(p->entry_column);
}

/* ---- Curves and the lines around them ---- */

static double loss_of(const bound *b, uint32_t slot, double diameter_m, double flow, double *slope)
{
    gf_water_solver *s = b->solver;
    uint32_t link = s->slot_link[slot];
    if (s->diameter[link] != diameter_m) gf_water_set_diameter(s, link, diameter_m);
    s->slot_flow[slot] = flow;
    solver_pipe_losses(s, slot / PIPE_LANES * PIPE_LANES, PIPE_LANES);
    *slope = s->slot_grad[slot];
    return s->slot_loss[slot];
}

typedef struct curve { const bound *b; uint32_t slot; double diameter_m, sign; } curve;    /* sign -1: turned by 180 degrees */

static double curve_loss(const curve *c, double flow, double *slope) { return c->sign * loss_of(c->b, c->slot, c->diameter_m, c->sign * flow, slope); }

static hull_line tangent_at(const curve *c, double flow)
{
    hull_line l;
    double loss = curve_loss(c, flow, &l.slope);
    l.offset = loss - l.slope * flow;
    return l;
}

static hull_line chord(const curve *c, double low, double high)
{
    double ignored, at_low = curve_loss(c, low, &ignored), at_high = curve_loss(c, high, &ignored);
    hull_line l = { .slope = high > low ? (at_high - at_low) / (high - low) : 0 };
    l.offset = at_low - l.slope * low;
    return l;
}

/* Where the line from the negative end touches the curve on the positive side; `high` when it does not touch before. */
static double touching(const curve *c, double low, double high)
{
    double slope, from = curve_loss(c, low, &slope), left = 0, right = high;
    for (int turn = 0; turn < 60; turn++) {
        double q = (left + right) / 2, loss = curve_loss(c, q, &slope);
        if (slope * (q - low) < loss - from) left = q;
        else right = q;
    }
    return right;
}

/* Lines that stay below the curve on [low, high]. */
static uint32_t lines_below(const curve *c, double low, double high, hull_line *out)
{
    uint32_t count = 0;
    if (high <= low) {
        out[count++] = tangent_at(c, low);
    } else if (high <= 0) {
        out[count++] = chord(c, low, high);
    } else {
        double from = low;
        if (low < 0) {
            from = touching(c, low, high);
            out[count++] = chord(c, low, from);
        } else {
            out[count++] = tangent_at(c, low);
        }
        if (from < high) {
            out[count++] = tangent_at(c, (from + high) / 2);
            out[count++] = tangent_at(c, high);
        }
    }
    double ignored, greatest = fmax(fabs(curve_loss(c, low, &ignored)), fabs(curve_loss(c, high, &ignored)));
    for (uint32_t i = 0; i < count; i++) {      /* laws are not convex to the last digit (Re 2000 to 4000): step back where one crosses */
        double over = SHIFT_SAFE * greatest;
        for (int k = 0; k <= SAMPLES; k++) {
            double q = low + (high - low) * k / SAMPLES;
            over = fmax(over, out[i].slope * q + out[i].offset - curve_loss(c, q, &ignored) + SHIFT_SAFE * greatest);
        }
        out[i].offset -= over;
    }
    return count;
}

/* Lines above: those below the curve turned round. */
static uint32_t lines_above(const curve *c, double low, double high, hull_line *out)
{
    curve turned = *c;
    turned.sign = -c->sign;
    uint32_t count = lines_below(&turned, -high, -low, out);
    for (uint32_t i = 0; i < count; i++) out[i].offset = -out[i].offset;
    return count;
}

/* ---- The relaxation of one box ---- */

typedef struct column_set { size_t share, flow, loss; double flow_unit, loss_unit; } column_set;     /* units: m3/s and metres of one */

/* One size of a pipe: its share, its flow, its loss (heads fall along the element). `fixed`: the whole pipe has this size. */
static column_set add_size(const bound *b, program *p, uint32_t slot, double diameter_m, double cost, double low, double high, bool fixed)
{
    column_set c = { .flow_unit = fmax(fabs(low), fabs(high)), .loss_unit = 1 };
    if (!(c.flow_unit > 0)) c.flow_unit = 1;
    c.share = add_column(p, cost, fixed ? 1 : 0, 1);
    c.flow = add_column(p, 0, fmin(low, 0) / c.flow_unit, fmax(high, 0) / c.flow_unit);
    if (!(diameter_m > 0)) {                    /* not laid: no flow, any heads */
        p->column_low[c.flow] = p->column_high[c.flow] = 0;
        c.loss = add_column(p, 0, -DROP_CAP_M, DROP_CAP_M);
        return c;
    }
    curve k = { b, slot, diameter_m, 1 };
    double ignored, loss_low = curve_loss(&k, low, &ignored), loss_high = curve_loss(&k, high, &ignored);
    c.loss_unit = fmax(fmax(fabs(loss_low), fabs(loss_high)), 1e-9);
    p->column_unit[c.flow] = c.flow_unit;
    c.loss = add_column(p, 0, fmin(fmin(loss_low, loss_high), 0) / c.loss_unit - 1e-6, fmax(fmax(loss_low, loss_high), 0) / c.loss_unit + 1e-6);
    p->column_unit[c.loss] = c.loss_unit;
    size_t row;
    if (low != 0) row = add_row(p, 0, INFINITY), put(p, row, c.flow, 1), put(p, row, c.share, -low / c.flow_unit);
    if (high != 0) row = add_row(p, -INFINITY, 0), put(p, row, c.flow, 1), put(p, row, c.share, -high / c.flow_unit);
    hull_line lines[CUTS_MAX];
    for (uint32_t i = 0, count = lines_below(&k, low, high, lines); i < count; i++) {
        row = add_row(p, 0, INFINITY);
        put(p, row, c.loss, 1), put(p, row, c.flow, -lines[i].slope * c.flow_unit / c.loss_unit), put(p, row, c.share, -lines[i].offset / c.loss_unit);
    }
    for (uint32_t i = 0, count = lines_above(&k, low, high, lines); i < count; i++) {
        row = add_row(p, -INFINITY, 0);
        put(p, row, c.loss, 1), put(p, row, c.flow, -lines[i].slope * c.flow_unit / c.loss_unit), put(p, row, c.share, -lines[i].offset / c.loss_unit);
    }
    return c;
}

/* The greatest flow, up to `most`, that loses no more than `drop` on the way (in the direction of `sign`). */
static double flow_at_drop(const bound *b, uint32_t slot, double diameter_m, double drop, double most)
{
    double slope, low = 0, high = most;
    if (drop <= 0) return 0;
    if (loss_of(b, slot, diameter_m, most, &slope) <= drop) return most;
    for (int turn = 0; turn < 50; turn++) {
        double q = (low + high) / 2;
        if (loss_of(b, slot, diameter_m, q, &slope) <= drop) low = q;
        else high = q;
    }
    return high;
}

/* The flows that a size can carry within velocity, and within the heads that its ends can have; false when there are none. */
static bool size_flows(const bound *b, uint32_t slot, double diameter_m, uint32_t from, uint32_t to, double *low, double *high)
{
    if (!(diameter_m > 0)) {
        bool idle = *low <= 0 && *high >= 0;
        *low = *high = 0;
        return idle;
    }
    double most = b->ready->brief->cases[b->at_case].velocity_max_ms * PI / 4 * diameter_m * diameter_m * (1 + 1e-9);
    double down = b->node_high[from] - b->node_low[to] + 1e-6, up = b->node_high[to] - b->node_low[from] + 1e-6;
    if (*high > 0) *high = fmin(fmin(*high, most), flow_at_drop(b, slot, diameter_m, down, *high) * (1 + 1e-9));
    if (*low < 0) *low = fmax(fmax(*low, -most), -flow_at_drop(b, slot, diameter_m, up, -*low) * (1 + 1e-9));
    double least = *low > 0 ? *low : *high < 0 ? -*high : 0, slope;
    return *low <= *high && least <= most && loss_of(b, slot, diameter_m, least, &slope) <= (*low > 0 ? down : *high < 0 ? up : INFINITY) * (1 + 1e-9);
}

/* A pipe between two heads: its sizes, their shares adding up to one, their flows to the element's, their losses to the drop. */
static bool add_pipe(const bound *b, program *p, const open_box *box, uint32_t index, uint32_t slot, uint32_t from, uint32_t to)
{
    const gf_water_brief *brief = b->ready->brief;
    double offset = b->solver->slot_offset[slot], low = box->low[index] - offset, high = box->high[index] - offset;
    int32_t pipe = b->ready->pipe_of[b->solver->slot_link[slot]];
    double unit = b->flow_unit;
    size_t whole = add_row(p, 1, 1), flow = add_row(p, -offset / unit, -offset / unit), drop = add_row(p, 0, 0);
    put(p, flow, b->flow_column[index], -1);
    put(p, drop, b->head_column[from], -1), put(p, drop, b->head_column[to], 1);
    uint32_t sizes = 0;
    b->slot_column[slot] = p->columns;
    if (pipe < 0) {
        column_set c = add_size(b, p, slot, b->solver->net->links[b->solver->slot_link[slot]].diameter_m, 0, low, high, true);
        put(p, whole, c.share, 1), put(p, flow, c.flow, c.flow_unit / unit), put(p, drop, c.loss, c.loss_unit);
        return true;
    }
    const gf_water_size_pipe *of = &brief->pipes[pipe];
    int32_t place = b->core_of[pipe];
    for (uint32_t k = box->least[place]; k <= box->most[place]; k++) {
        const gf_water_size_option *option = &brief->options[of->options[k]];
        double d = option->diameter_m, l = low, h = high;
        if (!size_flows(b, slot, d, from, to, &l, &h)) {
            (void)add_column(p, 0, 0, 0), (void)add_column(p, 0, 0, 0), (void)add_column(p, 0, 0, 0);
            continue;
        }
        column_set c = add_size(b, p, slot, d, option->unit_cost * of->length / b->cost_scale, l, h, false);
        if (!(d > 0)) {                         /* "any heads" only as far as it is taken */
            size_t row = add_row(p, 0, INFINITY);
            put(p, row, c.loss, 1), put(p, row, c.share, DROP_CAP_M);
            row = add_row(p, -INFINITY, 0);
            put(p, row, c.loss, 1), put(p, row, c.share, -DROP_CAP_M);
        }
        put(p, whole, c.share, 1), put(p, flow, c.flow, c.flow_unit / unit), put(p, drop, c.loss, c.loss_unit);
        sizes++;
    }
    return sizes > 0;
}

/* What a core node's branches and limits ask of its head: bounds, and cost above the convex hull of the stair. */
static void add_node(const bound *b, program *p, uint32_t node)
{
    b->head_column[node] = add_column(p, 0, b->node_low[node], b->node_high[node]);
    hull_line hull[64];
    uint32_t lines = branch_hull(b->ready->branches, node, b->at_case, 2 * SIZE_MARGIN_M, hull, GF_COUNT(hull));
    if (lines == 0) return;
    double dearest = 0;
    for (uint32_t i = 0; i < lines; i++) dearest = fmax(dearest, hull[i].offset + hull[i].slope * b->node_low[node]);
    size_t paid = add_column(p, 1, 0, dearest / b->cost_scale);
    for (uint32_t i = 0; i < lines; i++) {
        size_t row = add_row(p, hull[i].offset / b->cost_scale, INFINITY);
        put(p, row, paid, 1), put(p, row, b->head_column[node], -hull[i].slope / b->cost_scale);
    }
}

static bool add_element(const bound *b, program *p, const open_box *box, uint32_t index)
{
    const element *e = &b->solver->elements[index];
    uint32_t from = e->from;
    for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count; k++) {
        uint32_t to = k + 1 < e->slot_first + e->slot_count ? b->solver->chain_node[k] : e->to;
        if (!add_pipe(b, p, box, index, k, from, to)) return false;
        from = to;
    }
    if (e->slot_count > 0) return true;
    uint32_t link = (uint32_t)e->link;
    if (b->solver->pump_of[link] < 0) return true;          /* a valve: what it takes is left open */
    size_t row = add_row(p, -INFINITY, INFINITY);           /* a pump: between no lift and the most it has at these flows */
    put(p, row, b->head_column[e->to], 1), put(p, row, b->head_column[e->from], -1);
    const pump *pump_at = &b->solver->pumps[b->solver->pump_of[link]];
    bool powered = pump_at->kind == PUMP_POWER, chosen = false;
    for (uint32_t g = 0; g < b->ready->brief->gear_count; g++)
        chosen |= b->ready->brief->gears[g].kind == GF_WATER_GEAR_POWER && b->ready->brief->gears[g].index == link;
    if (powered && !chosen && box->low[index] > 0) {
        p->row_low[row] = pump_at->head_flow / box->high[index] * (1 - 1e-9) - 1e-6;
        p->row_high[row] = pump_at->head_flow / box->low[index] * (1 + 1e-9) + 1e-6;
    } else if (!powered) {
        p->row_high[row] = pump_at->head_max_m * b->solver->setting[link] * b->solver->setting[link] + 1e-6;
    }
    return true;
}

static bool build(bound *b, program *p, const open_box *box)
{
    const gf_water_solver *s = b->solver;
    for (uint32_t i = 0; i < s->net->node_count; i++)
        if (s->folded[i] != 2) add_node(b, p, i);
    for (uint32_t i = 0; i < b->elements; i++) b->flow_column[i] = add_column(p, 0, box->low[i] / b->flow_unit, box->high[i] / b->flow_unit);
    size_t first = p->rows;
    for (uint32_t row = 0; row < s->system.size; row++) {
        double out = s->pending[s->row_node[row]] / b->flow_unit;
        (void)add_row(p, out, out);
    }
    for (uint32_t i = 0; i < b->elements; i++) {
        const element *e = &s->elements[i];
        if (e->row_from >= 0) put(p, first + (size_t)e->row_from, b->flow_column[i], -1);
        if (e->row_to >= 0) put(p, first + (size_t)e->row_to, b->flow_column[i], 1);
    }
    for (uint32_t i = 0; i < b->elements; i++)
        if (!add_element(b, p, box, i)) return false;
    return true;
}

/* ---- Solving it, and what its prices prove ---- */

/* Every row by its greatest entry. */
static void scale_rows(program *p)
{
    double *most = calloc(p->rows + 1, sizeof *most);
    for (size_t i = 0; most && i < p->entries; i++) most[p->entry_row[i]] = fmax(most[p->entry_row[i]], fabs(p->value[i]));
    for (size_t i = 0; most && i < p->entries; i++) p->value[i] /= most[p->entry_row[i]] > 0 ? most[p->entry_row[i]] : 1;
    for (size_t i = 0; most && i < p->rows; i++)
        if (most[i] > 0) p->row_low[i] /= most[i], p->row_high[i] /= most[i];
    free(most);
}

static Clp_Simplex *load(const program *p)
{
    size_t *start = calloc(p->columns + 1, sizeof *start);
    int *starts = malloc((p->columns + 1) * sizeof *starts), *rows = malloc((p->entries + 1) * sizeof *rows);
    double *values = malloc((p->entries + 1) * sizeof *values);
    Clp_Simplex *model = start && starts && rows && values ? Clp_newModel() : NULL;
    if (model) {
        for (size_t i = 0; i < p->entries; i++) start[p->entry_column[i] + 1]++;
        for (size_t i = 0; i < p->columns; i++) start[i + 1] += start[i];
        for (size_t i = 0; i <= p->columns; i++) starts[i] = (int)start[i];
        for (size_t i = 0; i < p->entries; i++) {
            size_t at = start[p->entry_column[i]]++;
            rows[at] = p->entry_row[i];
            values[at] = p->value[i];
        }
        Clp_setLogLevel(model, 0);
        Clp_scaling(model, 0);          /* rows and columns are near one already; with its own scaling prices come back untrue */
        Clp_loadProblem(model, (int)p->columns, (int)p->rows, starts, rows, values, p->column_low, p->column_high, p->cost, p->row_low, p->row_high);
    }
    free(start), free(starts), free(rows), free(values);
    return model;
}

/* Weak duality: for any prices of the right sign, what they make of the rows and of the columns' bounds is below every feasible
 * cost. */
static double proven(const program *p, const double *price)
{
    double *reduced = malloc(p->columns * sizeof *reduced), sum = 0;
    if (!reduced) return -INFINITY;
    memcpy(reduced, p->cost, p->columns * sizeof *reduced);
    double *clipped = malloc((p->rows + 1) * sizeof *clipped);
    for (size_t i = 0; clipped && i < p->rows; i++) {
        double y = price[i];
        if (y > 0 && p->row_low[i] == -INFINITY) y = 0;
        if (y < 0 && p->row_high[i] == INFINITY) y = 0;
        clipped[i] = y;
        if (y != 0) sum += y * (y > 0 ? p->row_low[i] : p->row_high[i]);
    }
    for (size_t i = 0; clipped && i < p->entries; i++) reduced[p->entry_column[i]] -= clipped[p->entry_row[i]] * p->value[i];
    for (size_t i = 0; i < p->columns; i++) sum += reduced[i] > 0 ? reduced[i] * p->column_low[i] : reduced[i] * p->column_high[i];
    if (!clipped) sum = -INFINITY;
    free(reduced);
    free(clipped);
    return sum;
}

/* ---- Boxes ---- */

static bool box_alloc(bound *b, open_box *box)
{
    box->low = malloc(2 * b->elements * sizeof(double) + 2 * b->ready->core_count * sizeof(uint16_t) + 16);
    if (!box->low) return false;
    box->high = box->low + b->elements;
    box->least = (uint16_t *)(box->high + b->elements);
    box->most = box->least + b->ready->core_count;
    return true;
}

static bool box_copy(bound *b, open_box *to, const open_box *from)
{
    if (!box_alloc(b, to)) return false;
    memcpy(to->low, from->low, 2 * b->elements * sizeof(double) + 2 * b->ready->core_count * sizeof(uint16_t));
    to->value = from->value;
    return true;
}

/* What a junction's other flows leave for each: tightened until nothing moves; false when nothing is left. */
static bool propagate(const bound *b, open_box *box)
{
    const gf_water_solver *s = b->solver;
    double *least = calloc(2 * s->system.size + 1, sizeof *least), *most = least + s->system.size;
    bool moved = least != NULL, good = true;
    for (int turn = 0; moved && good && turn < 20; turn++) {
        moved = false;
        for (uint32_t r = 0; r < s->system.size; r++) least[r] = most[r] = -s->pending[s->row_node[r]];    /* sum of inflows - demand */
        for (uint32_t i = 0; i < b->elements; i++) {
            const element *e = &s->elements[i];
            if (e->row_from >= 0) least[e->row_from] -= box->high[i], most[e->row_from] -= box->low[i];
            if (e->row_to >= 0) least[e->row_to] += box->low[i], most[e->row_to] += box->high[i];
        }
        for (uint32_t i = 0; good && i < b->elements; i++) {
            const element *e = &s->elements[i];
            double low = box->low[i], high = box->high[i], slack = 1e-12 + 1e-9 * (fabs(low) + fabs(high));
            if (e->row_to >= 0) low = fmax(low, high - most[e->row_to] - slack), high = fmin(high, box->low[i] - least[e->row_to] + slack);
            if (e->row_from >= 0) low = fmax(low, box->high[i] + least[e->row_from] - slack), high = fmin(high, box->low[i] + most[e->row_from] + slack);
            good = low <= high + slack;
            if (low > high) low = high = (low + high) / 2;
            if (low > box->low[i] + 1e-3 * (high - low) + 1e-12 || high < box->high[i] - 1e-3 * (high - low) - 1e-12) moved = true;
            box->low[i] = low, box->high[i] = high;
            if (moved) break;       /* sums are stale: begin anew */
        }
    }
    free(least);
    return good;
}

static bool heap_push(bound *b, const open_box *box)
{
    if (b->heap_count == OPEN_MAX) return false;
    size_t i = b->heap_count++;
    for (; i > 0 && b->heap[(i - 1) / 2].value > box->value; i = (i - 1) / 2) b->heap[i] = b->heap[(i - 1) / 2];
    b->heap[i] = *box;
    return true;
}

static open_box heap_pop(bound *b)
{
    open_box top = b->heap[0], last = b->heap[--b->heap_count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < b->heap_count; i = child) {
        if (child + 1 < b->heap_count && b->heap[child + 1].value < b->heap[child].value) child++;
        if (last.value <= b->heap[child].value) break;
        b->heap[i] = b->heap[child];
    }
    b->heap[i] = last;
    return top;
}

/* ---- Where to cut ---- */

typedef struct cut { bool size; uint32_t index; double at; } cut;

/* How far the program's losses are from what its sizes would lose at their flows, in metres; and how mixed its sizes are. */
typedef struct untruth { double metres, most_share, mean_rank, cost; } untruth;

static untruth look_at_pipe(const bound *b, const program *p, const open_box *box, uint32_t slot, double flow_of_element, const double *x)
{
    const gf_water_brief *brief = b->ready->brief;
    int32_t pipe = b->ready->pipe_of[b->solver->slot_link[slot]], place = pipe >= 0 ? b->core_of[pipe] : 0;
    uint32_t first = pipe >= 0 ? box->least[place] : 0, last = pipe >= 0 ? box->most[place] : 0;
    untruth u = { 0 };
    for (uint32_t o = first; o <= last; o++) {
        size_t at = b->slot_column[slot] + 3 * (o - first);
        const gf_water_size_option *option = pipe >= 0 ? &brief->options[brief->pipes[pipe].options[o]] : NULL;
        double share = x[at], slope, d = option ? option->diameter_m : b->solver->net->links[b->solver->slot_link[slot]].diameter_m;
        if (share < 1e-6) continue;
        u.mean_rank += share * o;
        u.most_share = fmax(u.most_share, share);
        u.cost += option ? share * option->unit_cost * brief->pipes[pipe].length : 0;
        if (!(d > 0)) continue;
        double flow = x[at + 1] * p->column_unit[at + 1], loss = x[at + 2] * p->column_unit[at + 2];
        u.metres += fabs(loss - share * loss_of(b, slot, d, flow / share, &slope));
        u.metres += fabs(flow - share * (flow_of_element - b->solver->slot_offset[slot])) * slope;
    }
    return u;
}

/* The element whose losses are most untrue is cut by its flow; once flows are narrow, the most mixed pipe by its size. */
static bool find_cut(const bound *b, const program *p, const open_box *box, const double *x, cut *out)
{
    const gf_water_solver *s = b->solver;
    double worst_flow = 0, worst_mix = 0, widest = 0;
    cut by_flow = { 0 }, by_size = { .size = true };
    for (uint32_t i = 0; i < b->elements; i++) {
        const element *e = &s->elements[i];
        double metres = 0, q = x[b->flow_column[i]] * b->flow_unit, width = box->high[i] - box->low[i];
        for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count; k++) {
            untruth u = look_at_pipe(b, p, box, k, q, x);
            int32_t pipe = b->ready->pipe_of[s->slot_link[k]], place = pipe >= 0 ? b->core_of[pipe] : GF_WATER_NONE;
            double mix = (1 - u.most_share) * u.cost;
            metres += u.metres;
            if (place >= 0 && mix > worst_mix && box->most[place] > box->least[place]) worst_mix = mix, by_size.index = (uint32_t)place, by_size.at = u.mean_rank;
        }
        if (metres > 1e-6) widest = fmax(widest, width / (fabs(box->high[i]) + fabs(box->low[i]) + 1e-12));
        if (metres * width > worst_flow && width > 1e-9) worst_flow = metres * width, by_flow = (cut){ .index = i, .at = q };
    }
    if (worst_flow > 0 && (widest > 0.15 || worst_mix <= 0)) *out = by_flow;
    else if (worst_mix > 0) *out = by_size;
    else return false;
    return true;
}

static void cut_box(const cut *c, open_box *left, open_box *right)
{
    if (c->size) {
        uint16_t at = (uint16_t)c->at;
        if (at >= left->most[c->index]) at = (uint16_t)(left->most[c->index] - 1);
        if (at < left->least[c->index]) at = left->least[c->index];
        left->most[c->index] = at;
        right->least[c->index] = (uint16_t)(at + 1);
        return;
    }
    double low = left->low[c->index], high = left->high[c->index], at = c->at, width = high - low;
    if (low < 0 && high > 0) at = 0;
    else at = fmin(fmax(at, low + 0.2 * width), high - 0.2 * width);
    left->high[c->index] = at;
    right->low[c->index] = at;
}

/* ---- The work ---- */

/* Relax a box: its bound into value; false when nothing feasible is in it. `cut` tells where to go on, when there is a where. */
static bool relax(bound *b, open_box *box, double parent, cut *next, bool *has_cut)
{
    program p = { 0 };
    *has_cut = false;
    box->value = parent;
    if (!propagate(b, box)) return false;
    bool possible = build(b, &p, box);
    if (p.failed || !possible) {
        program_free(&p);
        return possible;
    }
    scale_rows(&p);
    Clp_Simplex *model = load(&p);
    if (model) {
        Clp_setMaximumIterations(model, ITERATIONS_MAX);
        if (b->seconds_left) Clp_setMaximumSeconds(model, fmax(b->seconds_left(b->context), 0.01));
        (void)Clp_dual(model, 0);       /* no presolve: its prices for rows that it took out are not to be trusted */
        int status = Clp_status(model);
        double found = proven(&p, Clp_dualRowSolution(model));
        if (found > box->value) box->value = found;
        if (status == 1) possible = false;
        if (status == 0) *has_cut = find_cut(b, &p, box, Clp_primalColumnSolution(model), next);
        if (status > 1) b->truncated = true;
        Clp_deleteModel(model);
    }
    b->solved++;
    b->entries = p.entries;
    program_free(&p);
    return possible;
}

static double total_flow(const bound *b)
{
    double in = 0;
    for (uint32_t r = 0; r < b->solver->system.size; r++) in += fabs(b->solver->pending[b->solver->row_node[r]]);
    return in;
}

static bool first_box(bound *b, open_box *box)
{
    const gf_water_brief *brief = b->ready->brief;
    if (!box_alloc(b, box)) return false;
    double most = total_flow(b), speed = brief->cases[b->at_case].velocity_max_ms;
    for (uint32_t i = 0; i < b->elements; i++) {
        const element *e = &b->solver->elements[i];
        box->low[i] = e->link >= 0 && b->solver->net->links[e->link].kind != GF_WATER_PIPE ? 0 : -most;
        box->high[i] = most;
        if (e->link >= 0 && b->solver->net->links[e->link].kind > GF_WATER_PUMP) box->low[i] = -most;
        for (uint32_t k = e->slot_first; k < e->slot_first + e->slot_count && speed < INFINITY; k++) {
            int32_t pipe = b->ready->pipe_of[b->solver->slot_link[k]];
            if (pipe < 0) continue;
            double d = brief->options[brief->pipes[pipe].options[brief->pipes[pipe].option_count - 1]].diameter_m;
            double cap = speed * PI / 4 * d * d * (1 + 1e-9), offset = b->solver->slot_offset[k];
            box->high[i] = fmin(box->high[i], cap + offset), box->low[i] = fmax(box->low[i], -cap + offset);
        }
    }
    for (uint32_t i = 0; i < b->ready->core_count; i++) {
        box->least[i] = 0;
        box->most[i] = (uint16_t)(brief->pipes[b->ready->core_pipes[i]].option_count - 1);
    }
    return true;
}

/* The highest head that sources and pumps can give together. */
static double highest_head(const bound *b, const open_box *whole)
{
    const gf_water_solver *s = b->solver;
    double most = -INFINITY;
    for (uint32_t i = 0; i < s->net->node_count; i++) most = s->net->nodes[i].kind == GF_WATER_JUNCTION ? most : fmax(most, b->node_high[i]);
    for (uint32_t i = 0; i < b->elements; i++) {
        const element *e = &s->elements[i];
        if (e->link < 0 || s->pump_of[e->link] < 0) continue;
        const pump *p = &s->pumps[s->pump_of[e->link]];
        double power = p->head_flow;
        for (uint32_t g = 0; g < b->ready->brief->gear_count; g++) {
            const gf_water_size_gear *gear = &b->ready->brief->gears[g];
            if (gear->kind != GF_WATER_GEAR_POWER || gear->index != (uint32_t)e->link) continue;
            for (uint32_t k = 0; k < gear->count; k++) power = fmax(power, gear->values[k] / s->net->links[e->link].power_w * p->head_flow);
        }
        if (p->kind == PUMP_POWER) most += whole->low[i] > 0 ? power / whole->low[i] * (1 + 1e-9) : INFINITY;
        else most += p->head_max_m * s->setting[e->link] * s->setting[e->link];
    }
    return fmin(most, DROP_CAP_M);
}

/* Between the limits of the brief and what sources and pumps can lift. */
static bool node_ranges(bound *b)
{
    const gf_water_brief *brief = b->ready->brief;
    const gf_water_size_case *c = &brief->cases[b->at_case];
    open_box whole;
    for (uint32_t i = 0; i < b->ready->net.node_count; i++) {
        const gf_water_node *n = &b->ready->net.nodes[i];
        b->node_low[i] = n->kind != GF_WATER_JUNCTION ? n->elevation_m : isnan(c->pressure_min_m[i]) ? -DROP_CAP_M : n->elevation_m + c->pressure_min_m[i];
        b->node_high[i] = n->kind != GF_WATER_JUNCTION ? n->elevation_m : DROP_CAP_M;
        if (n->kind == GF_WATER_JUNCTION && c->pressure_max_m && !isnan(c->pressure_max_m[i])) b->node_high[i] = n->elevation_m + c->pressure_max_m[i];
    }
    for (uint32_t g = 0; g < brief->gear_count; g++)
        for (uint32_t k = 0; brief->gears[g].kind == GF_WATER_GEAR_HEAD && k < brief->gears[g].count; k++) {
            double value = brief->gears[g].values[k];
            uint32_t node = brief->gears[g].index;
            b->node_low[node] = k == 0 ? value : fmin(b->node_low[node], value);
            b->node_high[node] = k == 0 ? value : fmax(b->node_high[node], value);
        }
    if (!first_box(b, &whole)) return false;
    (void)propagate(b, &whole);
    double most = highest_head(b, &whole);
    free(whole.low);
    for (uint32_t i = 0; i < b->ready->net.node_count; i++)
        if (b->ready->net.nodes[i].kind == GF_WATER_JUNCTION) b->node_high[i] = fmax(fmin(b->node_high[i], most), b->node_low[i]);
    return true;
}

/* All is branch: what the stairs say of the sources' heads is the optimum itself. */
static gf_status answer_tree(bound *b, gf_arena *keep, gf_error *err)
{
    trial t;
    gf_status status = trial_make(b->ready, 1e-4, keep, &t, err);
    if (status != GF_OK) return status;
    verdict v = trial_judge(&t);
    if (v.solved && !(v.missing > 0) && b->ready->exact) b->value = v.cost * (1 - 1e-9);
    b->done = true;
    return GF_OK;
}

gf_status bound_make(const ready *r, uint32_t at_case, gf_arena *keep, bound **out, gf_error *err)
{
    bound *b = gf_new(keep, bound, 1);
    if (!b) return gf_fail_memory(err);
    *b = (bound){ .ready = r, .at_case = at_case, .keep = keep, .cost_scale = 1 };
    gf_status status = size_solver(r, at_case, 1e-4, keep, &b->solver, err);
    if (status != GF_OK) return status;
    solver_spread(b->solver);
    b->elements = b->solver->element_count;
    b->flow_unit = fmax(total_flow(b), 1e-9);
    b->heap = gf_new(keep, open_box, OPEN_MAX);
    b->core_of = gf_new(keep, int32_t, r->brief->pipe_count);
    b->head_column = gf_new(keep, size_t, r->net.node_count);
    b->flow_column = gf_new(keep, size_t, b->elements);
    b->slot_column = gf_new(keep, size_t, b->solver->slot_core);
    b->node_low = gf_new(keep, double, r->net.node_count);
    b->node_high = gf_new(keep, double, r->net.node_count);
    if (!b->heap || !b->core_of || !b->head_column || !b->flow_column || !b->slot_column || !b->node_low || !b->node_high) return gf_fail_memory(err);
    status = node_ranges(b) ? GF_OK : gf_fail_memory(err);
    if (status != GF_OK) return status;
    for (uint32_t i = 0; i < r->core_count; i++) {
        const gf_water_size_pipe *p = &r->brief->pipes[r->core_pipes[i]];
        b->core_of[r->core_pipes[i]] = (int32_t)i;
        b->floor += r->brief->options[p->options[0]].unit_cost * p->length;
    }
    for (uint32_t i = 0; i < r->net.node_count; i++)
        if (b->solver->folded[i] != 2) b->floor += branch_cheapest(r->branches, i);
    b->value = b->floor;
    *out = b;
    return r->core_count == 0 && r->brief->gear_count == 0 ? answer_tree(b, keep, err) : GF_OK;
}

void bound_watch(bound *b, double (*seconds_left)(void *), void *context)
{
    b->seconds_left = seconds_left;
    b->context = context;
}

void bound_close(bound *b)
{
    for (size_t i = 0; b && i < b->heap_count; i++) free(b->heap[i].low);
    if (b) b->heap_count = 0;
}

static void consider(bound *b, open_box *box, double parent, double cost)
{
    cut next = { 0 };
    bool has_cut;
    if (!relax(b, box, parent, &next, &has_cut) || box->value >= cost / b->cost_scale) {
        free(box->low);
        return;
    }
    if (!has_cut) {             /* as good as it gets: it stays open, but nothing will come of it */
        b->stuck = fmin(b->stuck, box->value);
        free(box->low);
        return;
    }
    open_box left = *box, right;
    if (!box_copy(b, &right, box)) {
        b->stuck = fmin(b->stuck, box->value);
        free(box->low);
        return;
    }
    cut_box(&next, &left, &right);
    if (!heap_push(b, &left)) b->stuck = fmin(b->stuck, left.value), free(left.low);
    if (!heap_push(b, &right)) b->stuck = fmin(b->stuck, right.value), free(right.low);
}

/* One box: the open one of the least bound. The first call begins with the whole space. */
bool bound_round(bound *b, double cost)
{
    if (b->done) return false;
    if (b->solved == 0) {
        open_box whole;
        b->cost_scale = cost < INFINITY ? cost : b->floor > 0 ? b->floor : 1;
        b->stuck = INFINITY;
        if (!first_box(b, &whole)) return false;
        consider(b, &whole, b->floor / b->cost_scale, cost);
    } else {
        open_box box = heap_pop(b);
        consider(b, &box, box.value, cost);
    }
    double open = b->heap_count > 0 ? b->heap[0].value : INFINITY, least = fmin(open, b->stuck) * b->cost_scale;
    b->value = fmax(b->value, fmin(least, cost));
    b->done = b->heap_count == 0 || b->stuck <= open;
    return !b->done;
}

double bound_value(const bound *b) { return b->value; }
size_t bound_entries(const bound *b) { return b->entries; }
