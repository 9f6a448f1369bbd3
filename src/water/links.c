/* Pumps, valves and what is shut: their loss and its slope at the present flow, as the linear step of the method wants it,
 *     dq = shift - inverse * (head_from - head_to),   inverse = 1 / slope, shift = loss / slope.
 * An active PRV or PSV holds a head: it leaves the system as a great conductance to its setting, and its flow is what the node
 * behind (before) it lacks (has too much). An active FCV is a demand on one side and an inflow on the other.
 */
#include "water/solver.h"

#define PUMP_HEAD_FLOW (8.814 * FOOT_M * CFS_M3S / 745.7)       /* metres * m3/s of one watt: EPANET's 550 / 62.4 in SI */
#define FLOW_START_M3S CFS_M3S                                  /* a pump of constant power begins at 1 cfs */

static gf_status fail_pump(const gf_water_link *link, const char *what, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "water.pump_curve",
                   "Give one point (flow, head), three with falling heads of which the first has no flow, or more with falling heads.",
                   "pump '%.*s': %s", GF_STR_ARG(link->id), what);
}

/* Head gain = a - b q^c through three points (0, h0), (q1, h1), (q2, h2). */
static bool fit_law(pump *out, double h0, double q1, double h1, double q2, double h2)
{
    if (!(h0 > h1 && h1 > h2 && q1 > 0 && q2 > q1)) return false;
    out->kind = PUMP_LAW;
    out->shutoff_m = h0;
    out->exponent = log((h0 - h2) / (h0 - h1)) / log(q2 / q1);
    out->loss = (h0 - h1) / pow(q1, out->exponent);
    out->head_max_m = h0;
    return out->exponent > 0 && out->exponent <= 20;
}

static gf_status fit_pump(gf_water_solver *s, uint32_t index, pump *out, gf_error *err)
{
    const gf_water_link *link = &s->net->links[index];
    const gf_water_units *u = &s->net->units;
    *out = (pump){ .link = index, .kind = PUMP_POWER, .head_flow = link->power_w * PUMP_HEAD_FLOW, .flow_m3s = FLOW_START_M3S };
    if (link->power_w > 0) return GF_OK;
    if (link->curve < 0) return fail_pump(link, "it has neither a curve nor a power", err);
    const gf_water_curve *c = &s->net->curves[link->curve];
    if (c->count == 1) {
        double q = c->x[0] * u->flow_m3s, h = c->y[0] * u->length_m;
        out->flow_m3s = q;
        return fit_law(out, h * 4 / 3, q, h, 2 * q, 0) ? GF_OK : fail_pump(link, "the point of its curve is not positive", err);
    }
    if (c->count == 3 && c->x[0] == 0) {
        out->flow_m3s = c->x[1] * u->flow_m3s;
        return fit_law(out, c->y[0] * u->length_m, c->x[1] * u->flow_m3s, c->y[1] * u->length_m, c->x[2] * u->flow_m3s, c->y[2] * u->length_m)
            ? GF_OK : fail_pump(link, "no law fits the three points of its curve", err);
    }
    for (uint32_t k = 1; k < c->count; k++)
        if (!(c->y[k] < c->y[k - 1])) return fail_pump(link, "the heads of its curve do not fall", err);
    if (c->count < 2) return fail_pump(link, "its curve has no point", err);
    out->kind = PUMP_POINTS;
    out->flow_m3s = (c->x[0] + c->x[c->count - 1]) / 2 * u->flow_m3s;
    out->head_max_m = c->y[0] * u->length_m;
    return GF_OK;
}

gf_status solver_fit_pumps(gf_water_solver *s, gf_arena *keep, gf_error *err)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->net->link_count; i++) count += s->net->links[i].kind == GF_WATER_PUMP;
    s->pumps = gf_new(keep, pump, count);
    if (!s->pumps) return gf_fail_memory(err);
    for (uint32_t i = 0; i < s->net->link_count; i++) {
        if (s->net->links[i].kind != GF_WATER_PUMP) continue;
        gf_status status = fit_pump(s, i, &s->pumps[s->pump_count], err);
        if (status != GF_OK) return status;
        s->pump_of[i] = (int32_t)s->pump_count++;
    }
    return GF_OK;
}

static void take_linear(gf_water_solver *s, uint32_t e, double loss_m, double gradient)
{
    s->inverse[e] = 1 / gradient;
    s->shift[e] = loss_m / gradient;
}

static void take_shut(gf_water_solver *s, uint32_t e)
{
    s->inverse[e] = 1 / GRADIENT_CLOSED;
    s->shift[e] = s->flow[e];
}

static void take_open(gf_water_solver *s, uint32_t e)
{
    s->inverse[e] = 1 / GRADIENT_OPEN;
    s->shift[e] = s->flow[e];
}

/* Head at no flow and slope of the piece of a curve that a flow falls into, in SI; beyond the ends the outer pieces go on. */
static void curve_piece(const gf_water_solver *s, const gf_water_curve *c, double flow_m3s, double *head_m, double *slope)
{
    const gf_water_units *u = &s->net->units;
    double x = flow_m3s / u->flow_m3s;
    uint32_t k = 0;
    while (k < c->count && c->x[k] < x) k++;
    if (k == 0) k = 1;
    if (k >= c->count) k = c->count - 1;
    double per = c->count > 1 ? (c->y[k] - c->y[k - 1]) / (c->x[k] - c->x[k - 1]) : 0;
    *head_m = (c->count > 1 ? c->y[k - 1] - per * c->x[k - 1] : c->y[0]) * u->length_m;
    *slope = per * u->length_m / u->flow_m3s;
}

static void take_power_pump(gf_water_solver *s, uint32_t e, double head_flow)
{
    double q = s->flow[e], gradient = head_flow / (q * q);
    if (gradient > GRADIENT_CLOSED) take_shut(s, e);
    else if (gradient < GRADIENT_OPEN) take_open(s, e);
    else take_linear(s, e, -head_flow / q, gradient);
}

static void take_pump(gf_water_solver *s, uint32_t e, uint32_t link)
{
    const pump *p = &s->pumps[s->pump_of[link]];
    double speed = s->setting[link], q = s->flow[e];
    if (speed == 0) {
        take_shut(s, e);
    } else if (p->kind == PUMP_POWER) {
        take_power_pump(s, e, s->power_w[link] * PUMP_HEAD_FLOW * speed * speed * speed);
    } else if (p->kind == PUMP_POINTS) {
        double head, slope;
        curve_piece(s, &s->net->curves[s->net->links[link].curve], fabs(q) / speed, &head, &slope);
        double gradient = -slope * speed;
        take_linear(s, e, -head * speed * speed + gradient * q, gradient);
    } else {
        double shutoff = -p->shutoff_m * speed * speed, n = fabs(p->exponent - 1) < 1e-6 ? 1 : p->exponent;
        double resist = p->loss * pow(speed, 2 - n), gradient = n * resist * pow(fabs(q), n - 1);
        if (gradient < GRADIENT_LOW) take_linear(s, e, shutoff + GRADIENT_LOW * q, GRADIENT_LOW);
        else take_linear(s, e, shutoff + gradient * q / n, gradient);
    }
}

/* An open valve loses K v^2 / 2g, or nothing. */
static void take_valve(gf_water_solver *s, uint32_t e, uint32_t link, double minor)
{
    double q = s->flow[e], gradient = 2 * minor * fabs(q);
    if (s->state[link] <= IS_CLOSED) take_shut(s, e);
    else if (!(minor > 0)) take_open(s, e);
    else if (gradient < GRADIENT_LOW) take_linear(s, e, q * GRADIENT_LOW / 2, GRADIENT_LOW / 2);
    else take_linear(s, e, q * gradient / 2, gradient);
}

static void take_general_valve(gf_water_solver *s, uint32_t e, uint32_t link)
{
    double q = fmax(fabs(s->flow[e]), FLOW_ZERO_M3S), head, slope;
    curve_piece(s, &s->net->curves[s->net->links[link].curve], q, &head, &slope);
    slope = fmax(slope, 1e-6 * GRADIENT_UNIT);
    s->inverse[e] = 1 / slope;
    s->shift[e] = (head / slope + q) * (s->flow[e] < 0 ? -1 : 1);
}

void solver_special(gf_water_solver *s, uint32_t index)
{
    const element *e = &s->elements[index];
    uint32_t link = (uint32_t)e->link;
    double setting = s->setting[link], minor = s->minor[link];
    bool fixed = isnan(setting);
    if (s->state[link] <= IS_CLOSED) {
        take_shut(s, index);
        return;
    }
    switch (s->net->links[link].kind) {
    case GF_WATER_PIPE:
    case GF_WATER_PIPE_CHECKED: take_linear(s, index, s->slot_loss[e->slot_first], s->slot_grad[e->slot_first]); break;
    case GF_WATER_PUMP: take_pump(s, index, link); break;
    case GF_WATER_PBV:
        if (fixed || setting == 0 || minor * s->flow[index] * s->flow[index] > setting) {
            take_valve(s, index, link, minor);
        } else {
            s->inverse[index] = CONDUCTANCE_FIXED;
            s->shift[index] = setting * CONDUCTANCE_FIXED;
        }
        break;
    case GF_WATER_TCV: take_valve(s, index, link, fixed ? minor : setting * s->minor_unit[link]); break;
    case GF_WATER_GPV: take_general_valve(s, index, link); break;
    default: take_valve(s, index, link, minor); break;
    }
}

static void add_between(gf_water_solver *s, const element *e, uint32_t index)
{
    double p = s->inverse[index], push = s->shift[index] - s->flow[index];
    if (e->row_from >= 0) {
        s->system.pivot[e->row_from] += p;
        s->right[e->row_from] += push + (e->row_to < 0 ? p * s->head[e->to] : 0);
    }
    if (e->row_to >= 0) {
        s->system.pivot[e->row_to] += p;
        s->right[e->row_to] += (e->row_from < 0 ? p * s->head[e->from] : 0) - push;
    }
    if (e->entry >= 0) s->system.lower[e->entry] -= p;
}

/* Hold the head of `row`; the other side gets what flows through, and a thread of connection that keeps the system whole. */
static void hold_head(gf_water_solver *s, int32_t row, double head_m)
{
    if (row < 0) return;
    s->system.pivot[row] += CONDUCTANCE_FIXED;
    s->right[row] += head_m * CONDUCTANCE_FIXED;
}

static void control_valve(gf_water_solver *s, uint32_t index)
{
    const element *e = &s->elements[index];
    uint32_t link = (uint32_t)e->link;
    double setting = s->setting[link];
    if (s->state[link] != IS_ACTIVE) {
        take_valve(s, index, link, s->minor[link]);
        add_between(s, e, index);
        return;
    }
    switch (s->net->links[link].kind) {
    case GF_WATER_PRV:
        s->inverse[index] = 0;
        s->shift[index] = s->flow[index] + s->excess[e->to];
        hold_head(s, e->row_to, s->elevation[e->to] + setting);
        if (s->excess[e->to] < 0 && e->row_from >= 0) s->right[e->row_from] += s->excess[e->to];
        break;
    case GF_WATER_PSV:
        s->inverse[index] = 0;
        s->shift[index] = s->flow[index] - s->excess[e->from];
        hold_head(s, e->row_from, s->elevation[e->from] + setting);
        if (s->excess[e->from] > 0 && e->row_to >= 0) s->right[e->row_to] += s->excess[e->from];
        if (e->row_to >= 0) s->system.pivot[e->row_to] += 1 / GRADIENT_CLOSED;
        if (e->entry >= 0) s->system.lower[e->entry] -= 1 / GRADIENT_CLOSED;
        break;
    default:    /* FCV */
        s->excess[e->from] -= setting;
        s->excess[e->to] += setting;
        s->inverse[index] = 1 / GRADIENT_CLOSED;
        s->shift[index] = s->flow[index] - setting;
        add_between(s, e, index);
        /* add_between() took shift - flow = -setting from the one side and gave it to the other. */
        break;
    }
}

void solver_control_valves(gf_water_solver *s)
{
    for (uint32_t i = 0; i < s->special_count; i++) {
        const element *e = &s->elements[s->special[i]];
        gf_water_link_kind kind = s->net->links[e->link].kind;
        if ((kind == GF_WATER_PRV || kind == GF_WATER_PSV || kind == GF_WATER_FCV) && !isnan(s->setting[e->link])) control_valve(s, s->special[i]);
    }
}
