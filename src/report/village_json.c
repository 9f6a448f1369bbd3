/* A village's water design as JSON and as a few lines of text. */
#include "report/gf_report_village.h"
#include "report/words.h"

#include <math.h>

static void put_real(gf_json *j, const char *key, double value, int decimals)
{
    if (isfinite(value))
        gf_json_real(j, key, value, decimals);
    else
        gf_json_null(j, key);
}

void gf_report_village_lack(const gf_village_design *d, gf_str lang, gf_text *out)
{
    const gf_village_short *s = &d->lack;
    bool zh = report_in_zh(lang);
    if (!s->any)
        return;
    if (s->limit == GF_WATER_LIMIT_MAX_HEAD)
        gf_text_format(out, zh ? "管段 %.*s 静水头 %.1f 米，没有足够压力等级的管材。改线，或在其上设减压。" : "Pipe %.*s stands a still head of %.1f m, for which no pressure class is strong enough. Move it, or break the pressure above it.",
                       GF_STR_ARG(s->node), s->short_m);
    else if (s->limit == GF_WATER_LIMIT_VELOCITY)
        gf_text_format(out, zh ? "管段 %.*s 流速超出 %.2f m/s。" : "The water in %.*s is %.2f m/s too fast.", GF_STR_ARG(s->node), s->short_m);
    else
        gf_text_format(out, zh ? "节点 %.*s 水头差 %.2f 米。" : "Node %.*s lacks %.2f m of head.", GF_STR_ARG(s->node), s->short_m);
    if (s->lift_m > 0)
        gf_text_format(out, zh ? "加大管径无济于事：水源或水池须高 %.2f 米，或设泵。" : " No pipe helps: source or tank must stand %.2f m higher, or a pump must lift.", s->lift_m);
    else if (s->links.len)
        gf_text_format(out, zh ? "须把 %.*s 放大到内径 %.0f mm 以上。" : " %.*s would have to be laid larger, from %.0f mm inside.", GF_STR_ARG(s->links), s->diameter_m * 1000);
}

static void put_need(gf_json *j, const gf_village_plan *plan)
{
    const gf_water_need *n = &plan->need;
    gf_json_begin(j, "demand", '{');
    put_real(j, "persons", n->persons, 2);
    put_real(j, "domestic_m3d", n->domestic_m3, 4);
    put_real(j, "livestock_m3d", n->livestock_m3, 4);
    put_real(j, "public_m3d", n->public_m3, 4);
    put_real(j, "loss_m3d", n->loss_m3, 4);
    put_real(j, "max_day_m3", n->max_day_m3, 4);
    put_real(j, "average_day_m3", n->average_day_m3, 4);
    gf_json_cstr(j, "plant", gf_water_plant_name(n->plant));
    put_real(j, "kd", n->kd, 3);
    put_real(j, "kh", n->kh, 3);
    put_real(j, "hours", n->hours, 1);
    put_real(j, "peak_lps", n->peak_lps, 5);
    put_real(j, "raw_lps", n->raw_lps, 5);
    put_real(j, "tank_m3", n->tank_m3, 3);
    put_real(j, "fire_m3", n->fire_m3, 2);
    put_real(j, "dry_yield_m3d", plan->dry_m3d, 2);
    gf_json_end(j, '}');
}

static void put_norms(gf_json *j, const gf_water_norms *norms)
{
    gf_json_begin(j, "norms", '[');
    for (int i = 0; i < GF_WATER_NORM_COUNT; i++) {
        const gf_water_norm_row *row = gf_water_norm_of((gf_water_norm)i);
        char doubt[2] = { row->doubt, '\0' };
        gf_json_begin(j, NULL, '{');
        gf_json_cstr(j, "id", row->id);
        put_real(j, "value", norms->value[i], 4);
        put_real(j, "low", row->low, 4);
        put_real(j, "high", row->high, 4);
        gf_json_cstr(j, "unit", row->unit);
        gf_json_cstr(j, "source", row->source);
        gf_json_cstr(j, "doubt", doubt);
        gf_json_bool(j, "given", norms->given[i]);
        gf_json_cstr(j, "zh", row->zh);
        gf_json_cstr(j, "en", row->en);
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

static void put_bill(gf_json *j, const gf_village_bill *b)
{
    gf_json_begin(j, "bill", '[');
    for (size_t i = 0; i < b->count; i++) {
        gf_json_begin(j, NULL, '{');
        gf_json_cstr(j, "code", b->items[i].code);
        gf_json_cstr(j, "zh", b->items[i].zh);
        gf_json_cstr(j, "en", b->items[i].en);
        gf_json_opt_str(j, "size", b->items[i].size);
        gf_json_cstr(j, "unit", b->items[i].unit);
        gf_json_real(j, "quantity", (double)b->items[i].quantity_milli / 1000, 3);
        gf_json_int(j, "price_fen", b->items[i].price);
        gf_json_int(j, "total_fen", b->items[i].total);
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

static double pipe_length(const gf_village_design *d)
{
    double length = 0;
    for (uint32_t i = 0; i < d->pipe_count; i++)
        length += d->pipes[i].length_m;
    return length;
}

/* Why it cannot be met, in one language; null where it can. */
static void put_lack(gf_json *j, const char *key, const gf_village_design *d, gf_str lang)
{
    gf_text lack;
    gf_text_init(&lack, j->out->arena);
    gf_report_village_lack(d, lang, &lack);
    gf_json_opt_str(j, key, gf_text_str(&lack));
}

static void put_design(gf_json *j, const gf_village_design *d)
{
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "id", d->id);
    gf_json_cstr(j, "zh", d->zh);
    gf_json_cstr(j, "en", d->en);
    gf_json_bool(j, "feasible", d->feasible);
    gf_json_bool(j, "proven", d->proven);
    put_lack(j, "lack", d, GF_STR("en"));
    put_lack(j, "lack_zh", d, GF_STR("zh"));
    put_real(j, "sized_cost", d->cost, 2);
    put_real(j, "lower_bound", d->lower_bound, 2);
    gf_json_int(j, "works_fen", d->bill.works);
    gf_json_int(j, "contingency_fen", d->bill.contingency);
    gf_json_int(j, "total_fen", d->bill.total);
    put_real(j, "pipe_m", pipe_length(d), 2);
    gf_json_int(j, "breaks", d->breaks);
    gf_json_int(j, "loops", d->loops);
    gf_json_int(j, "house_prvs", d->house_prvs);
    gf_json_int(j, "zones", d->zone_count);
    put_real(j, "pressure_least_m", d->pressure_least_m, 3);
    gf_json_str(j, "pressure_least_at", d->node_least);
    put_real(j, "still_most_m", d->pressure_most_m, 3);
    gf_json_str(j, "still_most_at", d->node_most);
    put_real(j, "velocity_most_ms", d->velocity_most_ms, 3);
    gf_json_end(j, '}');
}

static void put_verdicts(gf_json *j, const gf_village_plan *plan)
{
    gf_json_begin(j, "verdicts", '[');
    for (size_t i = 0; i < plan->village->house_count; i++) {
        const gf_village_verdict *v = &plan->verdicts[i];
        gf_json_begin(j, NULL, '{');
        gf_json_str(j, "id", plan->village->houses[i].id);
        gf_json_cstr(j, "quantity", gf_village_level_word(v->quantity));
        gf_json_cstr(j, "convenience", gf_village_level_word(v->convenience));
        gf_json_cstr(j, "reliability", gf_village_level_word(v->reliability));
        gf_json_cstr(j, "quality", gf_village_level_word(v->quality));
        gf_json_cstr(j, "all", gf_village_level_word(v->all));
        put_real(j, "lpd", v->lpd, 1);
        put_real(j, "pressure_m", v->pressure_m, 2);
        put_real(j, "still_m", v->still_m, 2);
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

void gf_report_village_json(const gf_village_plan *plan, double seconds, gf_text *out)
{
    const gf_village_design *d = &plan->designs[plan->chosen];
    gf_json j;
    gf_json_init(&j, out);
    gf_json_begin(&j, NULL, '{');
    gf_json_cstr(&j, "schema", "gongfu.water.village/1");
    gf_json_str(&j, "name", plan->village->name);
    gf_json_str(&j, "origin", plan->village->origin);
    gf_json_int(&j, "epsg", plan->village->surface->grid.epsg);
    gf_json_int(&j, "households", (int64_t)plan->village->house_count);
    gf_json_bool(&j, "feasible", d->feasible);
    gf_json_bool(&j, "own_prices", plan->village->own_prices);
    gf_json_int(&j, "seed", (int64_t)plan->seed);
    put_need(&j, plan);
    put_real(&j, "trench_cost", plan->trench_cost, 2);
    put_real(&j, "trench_cost_before", plan->trench_grown, 2);
    gf_json_cstr(&j, "chosen", d->id);
    gf_json_begin(&j, "designs", '[');
    for (size_t i = 0; i < plan->design_count; i++)
        put_design(&j, &plan->designs[i]);
    gf_json_end(&j, ']');
    put_bill(&j, &d->bill);
    put_verdicts(&j, plan);
    put_norms(&j, &plan->village->norms);
    if (seconds >= 0)
        gf_json_real(&j, "seconds", seconds, 2);
    gf_json_end(&j, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_village_text(const gf_village_plan *plan, gf_str lang, gf_text *out)
{
    bool zh = report_in_zh(lang);
    gf_text_format(out, zh ? "%.*s：%zu 户，最高日 %.2f m³，高峰 %.3f L/s，水池 %.1f m³\n" : "%.*s: %zu households, greatest day %.2f m3, peak %.3f L/s, tank %.1f m3\n",
                   GF_STR_ARG(plan->village->name), plan->village->house_count, plan->need.max_day_m3, plan->need.peak_lps, plan->need.tank_m3);
    for (size_t i = 0; i < plan->design_count; i++) {
        const gf_village_design *d = &plan->designs[i];
        gf_text_format(out, zh ? "%s %s：%s%s，管线 %.0f m，减压 %u 处，入户减压 %u 户，预算 %.2f 元\n" : "%s %s: %s%s, %.0f m of pipe, %u breaks, %u house valves, budget %.2f yuan\n",
                       i == plan->chosen ? "*" : " ", zh ? d->zh : d->en, d->feasible ? (zh ? "可行" : "feasible") : (zh ? "不可行" : "NOT feasible"),
                       d->feasible && d->proven ? (zh ? "，管径已证最省" : ", sizes proven cheapest") : "", pipe_length(d), d->breaks, d->house_prvs, (double)d->bill.total / 100);
        if (d->lack.any) {
            gf_text_add_c(out, "    ");
            gf_report_village_lack(d, lang, out);
            gf_text_add_char(out, '\n');
        }
    }
}

void gf_report_village_norms_json(gf_text *out)
{
    gf_json j;
    const gf_water_norms norms = gf_water_norms_default();
    gf_json_init(&j, out);
    gf_json_begin(&j, NULL, '{');
    put_norms(&j, &norms);
    gf_json_begin(&j, "prices", '[');
    for (int i = 0; i < GF_VILLAGE_PRICE_COUNT; i++) {
        const gf_village_price_row *row = gf_village_price_of((gf_village_price)i);
        gf_json_begin(&j, NULL, '{');
        gf_json_cstr(&j, "id", row->id);
        gf_json_int(&j, "fen", row->fen);
        gf_json_cstr(&j, "unit", row->unit);
        gf_json_cstr(&j, "zh", row->zh);
        gf_json_cstr(&j, "en", row->en);
        gf_json_end(&j, '}');
    }
    gf_json_end(&j, ']');
    gf_json_end(&j, '}');
}
