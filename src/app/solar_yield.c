/* Expected against read: a plant run over a series, summed by month of its civil time, and held against what was measured. */
#include "app/gf_app_solar.h"

#include <math.h>
#include <string.h>

/* ---- Yield ---- */

static gf_app_solar_month *month_at(gf_app_solar_yields *y, gf_utc_ms at, int zone_minutes, size_t room)
{
    int year, month, mday;
    gf_day_split(gf_utc_day(at, zone_minutes), &year, &month, &mday);
    gf_app_solar_month *last = y->month_count ? &y->months[y->month_count - 1] : NULL;
    if (last && last->year == year && last->month == month)
        return last;
    if (y->month_count == room)
        return last;
    y->months[y->month_count] = (gf_app_solar_month){ .year = year, .month = month };
    return &y->months[y->month_count++];
}

gf_status gf_app_solar_yield(const gf_solar_plant *plant, const gf_app_solar_series *s, bool clear, gf_arena *keep, gf_app_solar_yields *out, gf_error *err)
{
    size_t months = (size_t)((double)s->count * s->step_s / 86400 / 28) + 3;
    gf_app_solar_yields y = { .yield = gf_new(keep, gf_solar_yield, s->count), .ac_w = gf_new(keep, double, s->count * plant->inverter_count),
                              .months = gf_new(keep, gf_app_solar_month, months) };
    if (!y.yield || !y.ac_w || !y.months)
        return gf_fail_memory(err);
    const gf_solar_run_options options = { .step_s = s->step_s, .delta_t_s = NAN, .clear = clear };
    gf_solar_plant_run(plant, s->weather, s->count, &options, y.yield, y.ac_w);
    double kwh = s->step_s / 3.6e6;
    for (size_t i = 0; i < s->count; i++) {
        gf_app_solar_month *m = month_at(&y, s->weather[i].at, plant->zone_minutes, months);
        m->expected_kwh += y.yield[i].ac_w * kwh;
        m->poa_kwh_m2 += y.yield[i].poa * kwh;
        for (size_t k = 0; k < s->ac_count; k++)
            m->read_kwh += isnan(s->ac_w[i * s->ac_count + k]) ? 0 : s->ac_w[i * s->ac_count + k] * kwh;
        m->steps++;
        y.expected_kwh += y.yield[i].ac_w * kwh;
        y.poa_kwh_m2 += y.yield[i].poa * kwh;
        y.of_light[y.yield[i].light]++;
        y.assumed += y.yield[i].assumed;
    }
    double days = (double)s->count * s->step_s / 86400;
    y.year_kwh_kw = days >= 28 ? y.expected_kwh / days * 365.25 / (gf_solar_plant_dc0_w(plant) / 1000) : NAN;
    *out = y;
    return GF_OK;
}

static void add_number(gf_text *out, double value, int decimals)
{
    if (isnan(value))
        gf_text_add_char(out, ',');
    else
        gf_text_format(out, ",%.*f", decimals, value);
}

void gf_app_solar_yield_csv(const gf_app_solar_series *s, const gf_app_solar_yields *y, gf_text *out)
{
    static const char *const LIGHTS[] = { "plane", "beam", "global", "clear" };
    gf_text_add_c(out, "utc,ghi_w_m2,poa_w_m2,temp_cell_c,dc_w,ac_w,light\n");
    for (size_t i = 0; i < s->count; i++) {
        char at[GF_UTC_BYTES];
        (void)gf_utc_format(s->weather[i].at, at);
        gf_text_add_c(out, at);
        add_number(out, y->yield[i].ghi, 2);
        add_number(out, y->yield[i].poa, 2);
        add_number(out, y->yield[i].cell_c, 2);
        add_number(out, y->yield[i].dc_w, 1);
        add_number(out, y->yield[i].ac_w, 1);
        gf_text_format(out, ",%s\n", LIGHTS[y->yield[i].light]);
    }
}

/* ---- Check ---- */

/* The plant with one inverter for all: what the whole plant's meter can be held against. */
static gf_status merge(const gf_solar_plant *p, gf_arena *keep, gf_solar_plant *out, gf_error *err)
{
    gf_solar_array *arrays = gf_new(keep, gf_solar_array, p->array_count);
    gf_solar_inverter *one = gf_new(keep, gf_solar_inverter, 1);
    if (!arrays || !one)
        return gf_fail_memory(err);
    *one = (gf_solar_inverter){ .name = GF_STR("") };
    for (size_t i = 0; i < p->inverter_count; i++) {
        one->ac0_w += p->inverters[i].ac0_w;
        one->eta_nominal += p->inverters[i].eta_nominal * p->inverters[i].ac0_w;
    }
    one->eta_nominal /= one->ac0_w;
    memcpy(arrays, p->arrays, p->array_count * sizeof *arrays);
    for (size_t i = 0; i < p->array_count; i++)
        arrays[i].inverter = 0;
    *out = *p;
    out->arrays = arrays;
    out->inverters = one;
    out->inverter_count = 1;
    return GF_OK;
}

static gf_status fail_column(gf_str name, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "solar.readings", "Name the columns NAME_ac_w after the plant's inverters, or give one column ac_w.", "there is no inverter \"%.*s\" in the plant",
                   GF_STR_ARG(gf_str_slice(name, 0, 40)));
}

/* By inverter in the plant's order; those without a column are not read. */
static gf_status arrange(const gf_app_solar_series *s, gf_app_solar_checked *c, gf_arena *keep, gf_error *err)
{
    size_t count = c->plant.inverter_count, of[GF_APP_SOLAR_INVERTERS_MAX];
    c->ac_w = gf_new(keep, double, s->count * count);
    if (!c->ac_w)
        return gf_fail_memory(err);
    for (size_t k = 0; k < s->ac_count; k++) {
        of[k] = 0;
        while (s->ac_name[k].len && of[k] < count && !gf_str_eq(s->ac_name[k], c->plant.inverters[of[k]].name))
            of[k]++;
        if (of[k] == count)
            return fail_column(s->ac_name[k], err);
    }
    for (size_t i = 0; i < s->count; i++) {
        for (size_t v = 0; v < count; v++)
            c->ac_w[i * count + v] = NAN;
        for (size_t k = 0; k < s->ac_count; k++)
            c->ac_w[i * count + of[k]] = s->ac_w[i * s->ac_count + k];
    }
    return GF_OK;
}

static void sum_read(const gf_app_solar_series *s, gf_app_solar_checked *c)
{
    size_t count = c->plant.inverter_count;
    double kwh = s->step_s / 3.6e6;
    for (size_t i = 0; i < s->count * count; i++)
        if (!isnan(c->ac_w[i])) {
            c->read_kwh += c->ac_w[i] * kwh;
            c->expected_kwh += c->yields.ac_w[i] * kwh;
        }
}

/* Daily ratios of read to expected, for what the years take. */
static gf_status degrade(const gf_app_solar_series *s, const double *total, gf_app_solar_checked *c, gf_arena *scratch)
{
    size_t room = (size_t)((double)s->count * s->step_s / 86400) + 2, days = 0;
    gf_day *day = gf_new(scratch, gf_day, room);
    double *ratio = gf_new(scratch, double, room), read = 0, wanted = 0;
    if (!day || !ratio)
        return GF_ENOMEM;
    for (size_t i = 0; i < s->count; i++) {
        gf_day d = gf_utc_day(s->weather[i].at, c->plant.zone_minutes);
        if (c->yields.yield[i].light != GF_SOLAR_LIGHT_CLEAR && !isnan(total[i])) {
            read += total[i];
            wanted += c->yields.yield[i].ac_w;
        }
        if ((i + 1 == s->count || gf_utc_day(s->weather[i + 1].at, c->plant.zone_minutes) != d) && days < room) {
            day[days] = d;
            ratio[days++] = wanted > 0 ? read / wanted : NAN;
            read = wanted = 0;
        }
    }
    return gf_solar_degrade(day, ratio, days, scratch, &c->degradation, NULL);
}

static gf_status judge(const gf_app_solar_series *s, gf_app_solar_checked *c, gf_arena *keep, gf_arena *scratch, gf_error *err)
{
    size_t count = c->plant.inverter_count;
    double *clear_w = gf_new(scratch, double, s->count), *total = gf_new(scratch, double, s->count);
    gf_solar_yield *clear = gf_new(scratch, gf_solar_yield, s->count);
    if (!clear_w || !clear || !total)
        return gf_fail_memory(err);
    const gf_solar_run_options sky = { .step_s = s->step_s, .delta_t_s = NAN, .clear = true };
    gf_solar_plant_run(&c->plant, s->weather, s->count, &sky, clear, NULL);
    for (size_t i = 0; i < s->count; i++) {
        clear_w[i] = clear[i].ac_w;
        for (size_t v = 0; v < count; v++)
            total[i] += c->ac_w[i * count + v];
    }
    const gf_solar_readings readings = { s->weather, c->yields.yield, c->yields.ac_w, clear_w, c->ac_w, s->count, s->step_s };
    gf_status status = gf_solar_find_faults(&c->plant, &readings, keep, scratch, &c->found, err);
    const gf_solar_array *a = &c->plant.arrays[0];
    static const double HEAT[3] = { -3.56, -0.075, 3 };
    if (status == GF_OK)
        gf_solar_performance_ratio(s->weather, total, s->count, gf_solar_plant_dc0_w(&c->plant), a->gamma_per_c, a->heat_model == GF_SOLAR_HEAT_SAPM ? a->heat : HEAT, NAN, &c->ratio);
    c->has_degradation = status == GF_OK && degrade(s, total, c, scratch) == GF_OK;
    return status;
}

gf_status gf_app_solar_check(const gf_solar_plant *plant, const gf_app_solar_series *s, gf_arena *keep, gf_arena *scratch, gf_app_solar_checked *out, gf_error *err)
{
    gf_app_solar_checked c = { .plant = *plant };
    gf_mark mark = gf_arena_mark(scratch);
    gf_status status = GF_OK;
    if (!s->ac_count)
        return gf_fail(err, GF_EINPUT, "solar.readings", "Name a column ac_w or ac_kw, or one for each inverter.", "the readings have no power");
    c.merged = s->ac_count == 1 && s->ac_name[0].len == 0 && plant->inverter_count > 1;
    if (c.merged)
        status = merge(plant, keep, &c.plant, err);
    if (status == GF_OK)
        status = arrange(s, &c, keep, err);
    if (status == GF_OK)
        status = gf_app_solar_yield(&c.plant, s, false, keep, &c.yields, err);
    if (status == GF_OK) {
        sum_read(s, &c);
        status = judge(s, &c, keep, scratch, err);
    }
    gf_arena_rewind(scratch, mark);
    if (status == GF_OK)
        *out = c;
    return status;
}
