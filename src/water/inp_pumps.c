/* [PUMPS]: words and values, or the bare numbers of EPANET 1.
 *
 *   id node1 node2 HEAD curve SPEED s PATTERN p      EPANET 2
 *   id node1 node2 power                             EPANET 1: constant power
 *   id node1 node2 head flow                         one point of the pump's curve
 *   id node1 node2 head0 head1 flow1 head2 flow2     three points, the first at no flow
 *
 * The points of EPANET 1 become a curve named after the pump. A pump that is closed has speed 1: what it gets when it opens.
 */
#include "water/inp.h"

enum { OLD_NUMBERS_MAX = 5 };

void inp_set_pump(gf_water_link *pump, double speed)
{
    pump->status = speed > 0 ? GF_WATER_OPEN : GF_WATER_CLOSED;
    pump->setting = speed > 0 ? speed : 1;
}

/* ---- EPANET 1 ---- */

/* The pump's id, or that with a number behind it, when a curve has it already. */
static gf_status name_curve(inp_reader *r, gf_str pump, gf_str *id)
{
    gf_text name;
    *id = pump;
    for (uint32_t turn = 1; inp_ids_find(&r->curves, *id) != GF_WATER_NONE; turn++) {
        gf_text_init(&name, r->keep);
        gf_text_format(&name, "%.*s-%u", GF_STR_ARG(pump), turn);
        *id = gf_text_str(&name);
        if (gf_text_done(&name, r->err) != GF_OK)
            return GF_ENOMEM;
    }
    return inp_add_id(r, &r->curves, *id, r->net->curve_count, "curve");
}

static gf_status add_curve(inp_reader *r, gf_water_link *pump, const gf_water_point *points, uint32_t count)
{
    gf_water_net *net = r->net;
    double *x = gf_new(r->keep, double, count), *y = gf_new(r->keep, double, count);
    gf_water_curve curve = { .x = x, .y = y, .count = count, .kind = GF_STR("PUMP") };
    if (!x || !y)
        return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < count; i++) {
        if (i && !(points[i].x > points[i - 1].x))
            return inp_fail(r, "water.inp.rising", "Put the points in the order of the flow.", "the flow of the pump does not rise from %g to %g",
                            points[i - 1].x, points[i].x);
        x[i] = points[i].x, y[i] = points[i].y;
    }
    gf_status status = name_curve(r, pump->id, &curve.id);
    pump->curve = (int32_t)net->curve_count;
    if (status == GF_OK)
        net->curves[net->curve_count++] = curve;
    return status;
}

static gf_status read_old(inp_reader *r, gf_water_link *pump)
{
    double n[OLD_NUMBERS_MAX];
    uint32_t count = r->item_count - 3;
    gf_status status = GF_OK;
    inp_note(r, "the pump '%.*s' is written as in EPANET 1", GF_STR_ARG(gf_str_slice(pump->id, 0, 60)));
    for (uint32_t i = 0; i < count && i < OLD_NUMBERS_MAX && status == GF_OK; i++)
        status = inp_number_at(r, 3 + i, "the pump's number", &n[i]);
    if (status != GF_OK)
        return status;
    if (count == 1) {
        pump->power_w = n[0] * r->net->units.power_w;
        return inp_positive_at(r, 3, "the power", &n[0]);
    }
    if (count == 2)
        return add_curve(r, pump, &(gf_water_point){ n[1], n[0] }, 1);
    if (count >= OLD_NUMBERS_MAX)
        return add_curve(r, pump, (gf_water_point[]){ { 0, n[0] }, { n[2], n[1] }, { n[4], n[3] } }, 3);
    return inp_fail(r, "water.inp.short", "Write POWER kW, or HEAD curve.", "%u numbers do not describe a pump", count);
}

/* ---- EPANET 2 ---- */

static gf_status read_word(inp_reader *r, uint32_t item, gf_water_link *pump)
{
    static const char *const WORDS[] = { "POWER", "HEAD", "PATT", "SPEE", NULL };
    double value;
    gf_status status = GF_OK;
    switch (inp_word_of(r->items[item], WORDS)) {
    case 0:
        status = inp_positive_at(r, item + 1, "the power", &value);
        pump->power_w = status == GF_OK ? value * r->net->units.power_w : 0;
        return status;
    case 1: return inp_curve_at(r, item + 1, &pump->curve);
    case 2: return inp_pattern_at(r, item + 1, &pump->speed_pattern);
    case 3:
        if ((status = inp_not_negative_at(r, item + 1, "the speed", &value)) == GF_OK)
            inp_set_pump(pump, value);
        return status;
    default: break;
    }
    return inp_fail(r, "water.inp.word", "Write HEAD curve, POWER kW, SPEED factor or PATTERN id.", "'%.*s' says nothing of a pump",
                    GF_STR_ARG(gf_str_slice(r->items[item], 0, 60)));
}

/* A head curve comes before a power, as in EPANET. */
static gf_status check_pump(inp_reader *r, gf_water_link *pump)
{
    if (pump->curve != GF_WATER_NONE && pump->power_w > 0) {
        inp_note(r, "the pump has a head curve: its power is passed over");
        pump->power_w = 0;
    }
    if (pump->curve != GF_WATER_NONE || pump->power_w > 0)
        return GF_OK;
    return inp_fail(r, "water.inp.pump", "Write HEAD curve, or POWER kW (hp in US units).", "the pump '%.*s' has neither a head curve nor a power",
                    GF_STR_ARG(gf_str_slice(pump->id, 0, 60)));
}

gf_status inp_read_pump(inp_reader *r)
{
    gf_water_link *pump;
    double number;
    gf_status status = inp_need(r, 4, "id node1 node2 HEAD curve");
    if (status != GF_OK || (status = inp_begin_link(r, "pump", &pump)) != GF_OK)
        return status;
    pump->kind = GF_WATER_PUMP;
    inp_set_pump(pump, 1);
    if (inp_to_number(r->items[3], &number))
        return read_old(r, pump);
    for (uint32_t i = 3; i + 1 < r->item_count && status == GF_OK; i += 2)
        status = read_word(r, i, pump);
    return status == GF_OK ? check_pump(r, pump) : status;
}
