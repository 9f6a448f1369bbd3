/* PV plants as JSON: the list, one plant, its days, the course of some days, a settlement. */
#include "report/gf_report_plant.h"

#include "report/json_inside.h"

#include <math.h>

static void energy(gf_json *j, const char *key, int64_t value)
{
    if (value < 0)
        gf_json_null(j, key);
    else
        gf_json_int(j, key, value);
}

static void day(gf_json *j, const char *key, gf_day value)
{
    char text[GF_DAY_BYTES];
    gf_json_str(j, key, (gf_str){ text, gf_day_format(value, text) });
}

static void instant(gf_json *j, const char *key, gf_utc_ms value)
{
    char text[GF_UTC_BYTES];
    gf_json_str(j, key, (gf_str){ text, gf_utc_format(value, text) });
}

static void real(gf_json *j, const char *key, double value, int decimals)
{
    if (isfinite(value))
        gf_json_real(j, key, value, decimals);
    else
        gf_json_null(j, key);
}

static void write_line(gf_json *j, const gf_app_plant_line *l)
{
    const struct { const char *key; gf_str value; } TEXTS[] = { { "id", l->id }, { "name", l->name }, { "name_en", l->name_en }, { "asset", l->asset }, { "place", l->place },
                                                                { "place_name", l->place_name }, { "use", l->use }, { "origin", l->origin }, { "problem", l->problem } };
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_json_opt_str(j, TEXTS[i].key, TEXTS[i].value);
    real(j, "dc_w", l->dc_w, 0);
    real(j, "ac_w", l->ac_w, 0);
    gf_json_bool(j, "computed", l->computed);
    gf_json_bool(j, "fresh", l->fresh);
    gf_json_int(j, "open_alarms", (int64_t)l->open_alarms);
    if (l->day_count) {
        day(j, "first_day", l->first);
        day(j, "last_day", l->last);
    } else {
        gf_json_null(j, "first_day");
        gf_json_null(j, "last_day");
    }
}

void gf_report_plants_json(const gf_app_plant_line *lines, size_t count, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "plants", '[');
    for (size_t i = 0; i < count; i++) {
        gf_json_begin(&json, NULL, '{');
        write_line(&json, &lines[i]);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

/* ---- Months ---- */

static void write_part(gf_json *j, gf_app_plant_part part, const gf_app_plant_earning *e)
{
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "part", gf_app_plant_part_name(part));
    gf_json_int(j, "wh", e->wh);
    gf_json_int(j, "amount_fen", e->amount);
    gf_json_cstr(j, "bound", gf_figure_bound_name(e->bound));
    gf_json_bool(j, "priced", e->priced);
    energy(j, "entry", e->entry ? e->entry : -1);
    energy(j, "reversed", e->reversed ? e->reversed : -1);
    energy(j, "booked_fen", e->entry ? e->booked : -1);
    gf_json_end(j, '}');
}

static void write_month(gf_json *j, const gf_app_plant_month *m)
{
    char month[32];
    const struct { const char *key; int64_t value; } CELLS[] = { { "generated_wh", m->generated_wh }, { "fed_in_wh", m->fed_in_wh }, { "self_use_wh", m->self_use_wh }, { "expected_wh", m->expected_wh },
                                                                 { "clear_wh", m->clear_wh }, { "light_wh_m2", m->light_wh_m2 }, { "left_out_wh", m->left_out_wh }, { "steps", m->steps },
                                                                 { "steps_read", m->steps_read }, { "ratio_ppm", m->ratio_ppm }, { "corrected_ppm", m->corrected_ppm } };
    (void)snprintf(month, sizeof month, "%04d-%02d", m->year, m->month);
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "month", month);
    gf_json_bool(j, "whole", m->whole);
    for (size_t i = 0; i < GF_COUNT(CELLS); i++)
        energy(j, CELLS[i].key, CELLS[i].value);
    gf_json_begin(j, "parts", '[');
    for (int part = 0; part < GF_APP_PLANT_PARTS; part++)
        write_part(j, (gf_app_plant_part)part, &m->part[part]);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
}

/* ---- Lists of a plant ---- */

static void write_fault(gf_json *j, const gf_app_plant_fault *f)
{
    gf_json_begin(j, NULL, '{');
    gf_json_str(j, "kind", f->kind);
    gf_json_opt_str(j, "inverter", f->inverter);
    instant(j, "first_utc", f->first);
    instant(j, "last_utc", f->last);
    gf_json_opt_str(j, "value", f->value);
    gf_json_opt_str(j, "expected", f->expected);
    gf_json_int(j, "lost_wh", f->lost_wh);
    gf_json_opt_str(j, "fault", f->fault);
    gf_json_opt_str(j, "case", f->case_id);
    gf_json_end(j, '}');
}

static void write_batch(gf_json *j, const gf_app_plant_batch *b)
{
    gf_json_begin(j, NULL, '{');
    gf_json_str(j, "id", b->id);
    gf_json_str(j, "document", b->document);
    gf_json_str(j, "received", b->received);
    gf_json_opt_str(j, "stamp", b->stamp);
    if (b->first <= b->last) {
        day(j, "first_day", b->first);
        day(j, "last_day", b->last);
    }
    gf_json_end(j, '}');
}

static void write_tariff(gf_json *j, const gf_app_plant_tariff *t)
{
    gf_json_begin(j, NULL, '{');
    gf_json_str(j, "id", t->id);
    gf_json_str(j, "part", t->part);
    gf_json_str(j, "begins", t->begins);
    gf_json_opt_str(j, "ends", t->ends);
    gf_json_str(j, "price_yuan_kwh", t->price);
    gf_json_opt_str(j, "payer", t->payer);
    gf_json_opt_str(j, "document", t->document);
    gf_json_end(j, '}');
}

static void write_rate(gf_json *j, gf_str rate)
{
    static const char *const KEYS[] = { "loss_per_year", "loss_low", "loss_high" };
    gf_str one;
    for (size_t i = 0; i < GF_COUNT(KEYS); i++)
        if (gf_str_cut(&rate, ';', &one) && one.len)
            gf_json_str(j, KEYS[i], one);
        else
            gf_json_null(j, KEYS[i]);
}

void gf_report_plant_json(const gf_app_plant *p, gf_text *out)
{
    gf_json json, *j = &json;
    const struct { const char *key; gf_str value; } TEXTS[] = { { "note", p->note }, { "fund", p->fund }, { "project", p->project }, { "keeper", p->keeper }, { "horizon", p->horizon }, { "document", p->document } };
    gf_json_init(j, out);
    gf_json_begin(j, NULL, '{');
    write_line(j, &p->line);
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_json_opt_str(j, TEXTS[i].key, TEXTS[i].value);
    write_rate(j, p->rate);
    real(j, "lat_deg", p->lat_deg, 6);
    real(j, "lon_deg", p->lon_deg, 6);
    gf_json_int(j, "zone_minutes", p->zone_minutes);
    gf_json_int(j, "inverters", (int64_t)p->inverter_count);
    gf_json_int(j, "arrays", (int64_t)p->array_count);
    gf_json_int(j, "step_ms", p->step_ms);
    if (p->line.computed)
        instant(j, "run_utc", p->at);
    else
        gf_json_null(j, "run_utc");
    gf_json_begin(j, "months", '[');
    for (size_t i = 0; i < p->month_count; i++)
        write_month(j, &p->months[i]);
    gf_json_end(j, ']');
    gf_json_begin(j, "faults", '[');
    for (size_t i = 0; i < p->fault_count; i++)
        write_fault(j, &p->faults[i]);
    gf_json_end(j, ']');
    gf_json_begin(j, "batches", '[');
    for (size_t i = 0; i < p->batch_count; i++)
        write_batch(j, &p->batches[i]);
    gf_json_end(j, ']');
    gf_json_begin(j, "tariffs", '[');
    for (size_t i = 0; i < p->tariff_count; i++)
        write_tariff(j, &p->tariffs[i]);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
}

void gf_report_plant_days_json(const gf_app_plant_day *days, size_t count, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "days", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_app_plant_day *d = &days[i];
        const struct { const char *key; int64_t value; } CELLS[] = { { "generated_wh", d->generated_wh }, { "fed_in_wh", d->fed_in_wh }, { "self_use_wh", d->self_use_wh }, { "expected_wh", d->expected_wh },
                                                                     { "clear_wh", d->clear_wh }, { "light_wh_m2", d->light_wh_m2 }, { "left_out_wh", d->left_out_wh }, { "steps", d->steps },
                                                                     { "steps_read", d->steps_read }, { "steps_fed", d->steps_fed } };
        gf_json_begin(&json, NULL, '{');
        day(&json, "day", d->day);
        for (size_t k = 0; k < GF_COUNT(CELLS); k++)
            energy(&json, CELLS[k].key, CELLS[k].value);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

/* ---- The course ---- */

static void write_watts(gf_json *j, const char *key, const double *watt, size_t count, size_t width, size_t v)
{
    gf_json_begin(j, key, '[');
    for (size_t i = 0; i < count; i++)
        real(j, NULL, watt[i * width + v], 0);
    gf_json_end(j, ']');
}

void gf_report_plant_course_json(const gf_app_plant_course *c, gf_text *out)
{
    gf_json json, *j = &json;
    size_t width = c->plant.inverter_count;
    gf_json_init(j, out);
    gf_json_begin(j, NULL, '{');
    gf_json_real(j, "step_s", c->step_s, 3);
    gf_json_begin(j, "utc", '[');
    for (size_t i = 0; i < c->count; i++)
        instant(j, NULL, c->at[i]);
    gf_json_end(j, ']');
    write_watts(j, "light_w_m2", c->light, c->count, 1, 0);
    gf_json_begin(j, "inverters", '[');
    for (size_t v = 0; v < width; v++) {
        gf_json_begin(j, NULL, '{');
        gf_json_str(j, "name", c->plant.inverters[v].name);
        write_watts(j, "read_w", c->read_w, c->count, width, v);
        write_watts(j, "expected_w", c->expected_w, c->count, width, v);
        gf_json_begin(j, "left_out", '[');
        for (size_t i = 0; i < c->count; i++)
            if (c->left_out[i * width + v])
                gf_json_int(j, NULL, (int64_t)i);
        gf_json_end(j, ']');
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
    gf_json_end(j, '}');
}

void gf_report_plant_settled_json(const gf_app_plant_settled *s, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_opt_str(&json, "document", s->document);
    gf_json_int(&json, "booked", (int64_t)s->booked);
    gf_json_int(&json, "unchanged", (int64_t)s->unchanged);
    gf_json_begin(&json, "parts", '[');
    for (int part = 0; part < GF_APP_PLANT_PARTS; part++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "part", gf_app_plant_part_name((gf_app_plant_part)part));
        energy(&json, "entry", s->entry[part] ? s->entry[part] : -1);
        energy(&json, "reversal", s->reversal[part] ? s->reversal[part] : -1);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}
