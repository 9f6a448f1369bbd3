/* The bill of quantities: what the design needs, counted and measured, times prices in fen. */
#include "app/village.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS_MAX = 100 };
static const double CROSSING_WIDTH_M = 6;

static double per_metre(const gf_village *v, const gf_water_trench *t)
{
    return t->dig_m3 * (double)v->prices[GF_VILLAGE_DIG_M3] + t->sand_m3 * (double)v->prices[GF_VILLAGE_SAND_M3] + t->fill_m3 * (double)v->prices[GF_VILLAGE_FILL_M3];
}

double village_metre_cost(const gf_village *v, size_t pe)
{
    const gf_water_pe *pipe = &v->catalogue.pipes[pe];
    gf_water_trench t = gf_water_trench_of(&v->norms, pipe->dn_mm, false);
    return ((double)pipe->fen_m * (1 + v->norms.value[GF_WATER_NORM_FITTINGS_PERCENT] / 100) + per_metre(v, &t)) / 100;
}

/* ---- Lines ---- */

typedef struct billing { const gf_village *village; gf_village_bill *bill; gf_arena *keep; bool overflow; } billing;

static void add_item(billing *b, gf_village_item item)
{
    if (item.quantity_milli == 0)
        return;
    if (b->bill->count == ITEMS_MAX || !gf_water_cost(item.quantity_milli, item.price, &item.total) || !gf_fen_add(b->bill->works, item.total, &b->bill->works)) {
        b->overflow = true;
        return;
    }
    b->bill->items[b->bill->count++] = item;
}

static void add_priced(billing *b, gf_village_price price, double quantity)
{
    const gf_village_price_row *row = gf_village_price_of(price);
    add_item(b, (gf_village_item){ .code = row->id, .zh = row->zh, .en = row->en, .unit = row->unit, .size = { "", 0 }, .quantity_milli = llround(quantity * 1000),
                                   .price = b->village->prices[price] });
}

gf_fen village_share(gf_fen sum, double percent)
{
    int64_t points = llround(percent * 100), product;       /* hundredths of a percent: money is not multiplied by doubles */
    return __builtin_mul_overflow(sum, points, &product) ? 0 : (product + 5000) / 10000;
}

static void add_pipes(billing *b, const gf_village_design *d)
{
    const gf_water_catalogue *c = &b->village->catalogue;
    gf_fen before = b->bill->works;
    for (size_t pe = 0; pe < c->count; pe++) {
        double length = 0;
        for (uint32_t i = 0; i < d->pipe_count; i++)
            if (d->pipes[i].pe == (int32_t)pe)
                length += d->pipes[i].length_m;
        gf_text size;
        gf_text_init(&size, b->keep);
        gf_text_format(&size, "DN%u SDR%s", c->pipes[pe].dn_mm, c->pipes[pe].sdr);
        add_item(b, (gf_village_item){ .code = "pipe", .zh = "PE100 给水管", .en = "PE100 pipe", .unit = "m", .size = gf_text_str(&size), .quantity_milli = llround(length * 1000),
                                       .price = c->pipes[pe].fen_m });
    }
    add_item(b, (gf_village_item){ .code = "fittings", .zh = "管件", .en = "fittings", .unit = "项", .size = { "", 0 }, .quantity_milli = 1000,
                                   .price = village_share(b->bill->works - before, b->village->norms.value[GF_WATER_NORM_FITTINGS_PERCENT]) });
}

static void add_trenches(billing *b, const gf_village_design *d)
{
    double dig = 0, sand = 0, fill = 0;
    uint32_t crossings = 0;
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        const gf_village_pipe *p = &d->pipes[i];
        if (p->pe < 0)
            continue;
        double dn = b->village->catalogue.pipes[p->pe].dn_mm, road = fmin(p->length_m, p->crossings * CROSSING_WIDTH_M);
        gf_water_trench plain = gf_water_trench_of(&b->village->norms, dn, false), deep = gf_water_trench_of(&b->village->norms, dn, true);
        dig += plain.dig_m3 * (p->length_m - road) + deep.dig_m3 * road;
        sand += plain.sand_m3 * (p->length_m - road) + deep.sand_m3 * road;
        fill += plain.fill_m3 * (p->length_m - road) + deep.fill_m3 * road;
        crossings += p->crossings;
    }
    add_priced(b, GF_VILLAGE_DIG_M3, dig);
    add_priced(b, GF_VILLAGE_SAND_M3, sand);
    add_priced(b, GF_VILLAGE_FILL_M3, fill);
    add_priced(b, GF_VILLAGE_CROSSING, crossings);
}

/* A valve at each arm that leaves a branching. */
static uint32_t valves_of(const gf_village_design *d, gf_arena *keep)
{
    uint32_t *arms = gf_new(keep, uint32_t, d->node_count), count = 0;
    for (uint32_t i = 0; arms && i < d->pipe_count; i++)
        arms[d->pipes[i].from] += d->pipes[i].pe >= 0;
    for (uint32_t i = 0; arms && i < d->node_count; i++)
        count += arms[i] > 1 ? arms[i] : 0;
    return count;
}

static void add_gear(billing *b, const gf_village_design *d)
{
    uint32_t kinds[GF_VILLAGE_NODE_KIND_COUNT] = { 0 }, hydrants = 0;
    for (uint32_t i = 0; i < d->node_count; i++) {
        kinds[d->nodes[i].kind]++;
        hydrants += d->nodes[i].hydrant;
    }
    add_priced(b, GF_VILLAGE_VALVE, valves_of(d, b->keep));
    add_priced(b, GF_VILLAGE_AIR_VALVE, kinds[GF_VILLAGE_NODE_HUMP]);
    add_priced(b, GF_VILLAGE_DRAIN, kinds[GF_VILLAGE_NODE_LOW]);
    add_priced(b, GF_VILLAGE_BREAK_TANK, kinds[GF_VILLAGE_NODE_BREAK]);
    add_priced(b, GF_VILLAGE_PRV, kinds[GF_VILLAGE_NODE_PRV]);
    add_priced(b, GF_VILLAGE_HOUSE_PRV, d->house_prvs);
    add_priced(b, GF_VILLAGE_HYDRANT, hydrants);
    add_priced(b, GF_VILLAGE_INTAKE, kinds[GF_VILLAGE_NODE_SOURCE]);
    add_priced(b, GF_VILLAGE_DISINFECTION, 1);
}

gf_status village_bill(const gf_village *v, const gf_water_need *need, gf_arena *keep, gf_village_design *d, gf_error *err)
{
    billing b = { .village = v, .bill = &d->bill, .keep = keep };
    d->bill = (gf_village_bill){ .items = gf_new(keep, gf_village_item, ITEMS_MAX) };
    if (!d->bill.items)
        return gf_fail_memory(err);
    add_pipes(&b, d);
    add_trenches(&b, d);
    add_gear(&b, d);
    add_priced(&b, GF_VILLAGE_TANK_M3, need->tank_m3);
    add_priced(&b, GF_VILLAGE_CONNECTION, (double)v->house_count);
    add_priced(&b, GF_VILLAGE_CONNECTION_M, d->connections_m);
    d->bill.contingency = village_share(d->bill.works, v->norms.value[GF_WATER_NORM_CONTINGENCY_PERCENT]);
    if (b.overflow || !gf_fen_add(d->bill.works, d->bill.contingency, &d->bill.total))
        return gf_fail(err, GF_ELIMIT, "water.bill", "Look at the prices.", "the bill is larger than money can be counted");
    return GF_OK;
}
