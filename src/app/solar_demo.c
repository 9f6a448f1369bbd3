/* An invented year of a 120 kW plant in the county's hills, for demonstrations and for tests of the fault rules.
 *
 * Clouds: each day is clear, broken or overcast, by a Markov chain that stays as it was with 0.55 and else draws by the season (plum
 * rains in May and June, a dry autumn). Within a day the share of the clear sky's global light wanders about the state's mean
 * (0.97, 0.62, 0.25; deviation 0.02, 0.20, 0.08) with a memory of 0.8 a quarter of an hour. Diffuse and beam follow by Erbs. Air
 * temperature is a yearly and a daily wave. None of it was measured anywhere. Faults are put in month by month and listed. The village
 * uses 4 kW day and night and up to 16 kW more about noon, a third less on Sundays; what is above goes to the grid (fed_in_w).
 */
#include "app/gf_app_solar.h"

#include <math.h>
#include <string.h>

enum { STEP_MS = 900000, STEP_S = 900, A_DAY = 96, INVERTERS = 3, LABELS_MAX = 128 };
static const double PI = 3.14159265358979323846;

static const gf_solar_inverter INVERTER_OF[INVERTERS] = {
    { GF_STR_INIT("N1"), 33000, 0.975 }, { GF_STR_INIT("N2"), 33000, 0.975 }, { GF_STR_INIT("N3"), 33000, 0.975 },
};

typedef struct label { gf_solar_fault_kind kind; int inverter; size_t first, last; } label;

typedef struct demo {
    uint64_t state;                      /* splitmix64 */
    gf_solar_plant plant;
    size_t count;
    gf_solar_weather *weather;           /* as it was */
    gf_solar_yield *yield;
    double *ac_w;
    gf_solar_weather *read;              /* as it was read */
    double *power, *made;                /* as the inverters told it, and as it was */
    bool   *lost;
    label  labels[LABELS_MAX];
    size_t label_count;
} demo;

/* ---- Chance ---- */

static double draw(demo *d)
{
    uint64_t z = (d->state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static double draw_between(demo *d, double low, double high) { return low + (high - low) * draw(d); }
/* Near enough to normal: twelve draws. */
static double draw_normal(demo *d)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += draw(d);
    return sum;
}
static size_t draw_index(demo *d, size_t from, size_t to) { return from + (size_t)(draw(d) * (double)(to - from)); }

/* ---- Weather ---- */

static const double CLEAR_CHANCE[12] = { 0.35, 0.30, 0.25, 0.28, 0.25, 0.18, 0.40, 0.38, 0.42, 0.50, 0.45, 0.42 };
static const double OVERCAST_CHANCE[12] = { 0.35, 0.42, 0.45, 0.38, 0.42, 0.50, 0.18, 0.20, 0.22, 0.20, 0.25, 0.30 };
static const double CLOUD_MEAN[3] = { 0.97, 0.62, 0.25 }, CLOUD_SPREAD[3] = { 0.02, 0.20, 0.08 };

static size_t next_sky(demo *d, size_t sky, int month)
{
    double chance = draw(d), kind = draw(d);
    if (chance < 0.55)
        return sky;
    return kind < CLEAR_CHANCE[month - 1] ? 0 : kind > 1 - OVERCAST_CHANCE[month - 1] ? 2 : 1;
}

static double air_temperature(gf_day day, double local_hour, size_t sky)
{
    double yearly = 16.5 - 10 * cos(2 * PI * (gf_solar_day_of_year(day) - 20) / 365);
    return yearly - (sky == 0 ? 5 : sky == 1 ? 3.5 : 1.5) * cos(2 * PI * (local_hour - 2.5) / 24);
}

static void make_weather(demo *d, gf_day first_day)
{
    size_t sky = 1;
    double wander = 0, gust = 0;
    for (size_t i = 0; i < d->count; i++) {
        gf_utc_ms begin = (gf_utc_ms)first_day * 86400000 - (gf_utc_ms)d->plant.zone_minutes * 60000 + (gf_utc_ms)i * STEP_MS;
        gf_day local = gf_utc_day(begin, d->plant.zone_minutes);
        int year, month, mday;
        gf_day_split(local, &year, &month, &mday);
        if (i % A_DAY == 0)
            sky = next_sky(d, sky, month);
        wander = 0.8 * wander + 0.6 * draw_normal(d);
        gust = 0.9 * gust + 0.44 * draw_normal(d);
        double share = CLOUD_MEAN[sky] + CLOUD_SPREAD[sky] * wander, clear = d->yield[i].ghi;
        d->weather[i] = (gf_solar_weather){ begin + STEP_MS / 2, clear * fmin(fmax(share, 0.05), 1.05), NAN, NAN, NAN,
                                            air_temperature(local, (double)(i % A_DAY) / 4, sky) + 0.3 * gust, fmax(1.8 + 0.8 * gust, 0) };
    }
}

/* Beam and diffuse of the same light; the sensor in the plane is 1 % uneasy. */
static void read_weather(demo *d)
{
    const gf_solar_run_options options = { .step_s = STEP_S, .delta_t_s = NAN };
    gf_solar_plant_run(&d->plant, d->weather, d->count, &options, d->yield, d->ac_w);
    for (size_t i = 0; i < d->count; i++) {
        gf_solar_weather *w = &d->read[i];
        gf_solar_sun sun;
        gf_solar_sky sky;
        *w = d->weather[i];
        gf_solar_positions(&d->plant.site, &w->at, 1, NAN, &sun);
        gf_solar_split_global(d->plant.split, w->ghi, sun.zenith_deg, gf_solar_day_of_year(gf_utc_day(w->at, 0)), d->plant.site.pressure_pa, &sky, NULL);
        w->dni = sky.dni;
        w->dhi = sky.dhi;
        w->poa = d->yield[i].poa * (1 + 0.01 * draw_normal(d));
        for (size_t v = 0; v < INVERTERS; v++)
            d->made[i * INVERTERS + v] = d->power[i * INVERTERS + v] = fmin(d->ac_w[i * INVERTERS + v] * (1 + 0.015 * draw_normal(d)), INVERTER_OF[v].ac0_w);
    }
}

/* ---- Faults ---- */

static void add_label(demo *d, gf_solar_fault_kind kind, int inverter, size_t first, size_t last)
{
    if (d->label_count < LABELS_MAX)
        d->labels[d->label_count++] = (label){ kind, inverter, first, last };
}

/* First step of a day of a month, days from 0; the year begins at civil midnight. */
static size_t step_of(const demo *d, int month, size_t day)
{
    static const int BEFORE[12] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    size_t at = ((size_t)BEFORE[month - 1] + day) * A_DAY;
    return at < d->count ? at : d->count - A_DAY;
}

static double *power_at(demo *d, size_t i, size_t inverter) { return &d->power[i * INVERTERS + inverter]; }

/* What is not made, not only told wrongly. */
static void lose(demo *d, size_t i, size_t inverter, double share)
{
    *power_at(d, i, inverter) *= share;
    d->made[i * INVERTERS + inverter] *= share;
}

static void put_snow(demo *d)
{
    size_t first = step_of(d, 1, draw_index(d, 8, 20)), last = first + 2 * A_DAY - 1;
    for (size_t i = first; i <= last; i++) {
        d->read[i].air_c = -2 + 2 * sin(2 * PI * (double)(i % A_DAY) / A_DAY - 2);
        for (size_t v = 0; v < INVERTERS; v++)
            lose(d, i, v, 0.08);
    }
    add_label(d, GF_SOLAR_FAULT_SNOW, -1, first, last);
}

static void put_stale(demo *d, int month)
{
    for (size_t k = 0; k < 3; k++) {
        size_t v = draw_index(d, 0, INVERTERS), first = step_of(d, month, 2 + 8 * k) + draw_index(d, 32, 44), length = draw_index(d, 8, 20);
        double held = *power_at(d, first, v);
        for (size_t i = first; i < first + length; i++)
            *power_at(d, i, v) = held;
        if (held > 0)
            add_label(d, GF_SOLAR_FAULT_STALE, (int)v, first, first + length - 1);
    }
}

static void put_night(demo *d)
{
    for (size_t k = 0; k < 4; k++) {
        size_t v = draw_index(d, 0, INVERTERS), first = step_of(d, 3, 2 + 6 * k) + draw_index(d, 2, 10), length = draw_index(d, 4, 9);
        for (size_t i = first; i < first + length; i++)
            *power_at(d, i, v) = draw_between(d, 0.02, 0.10) * INVERTER_OF[v].ac0_w;
        add_label(d, GF_SOLAR_FAULT_NIGHT, (int)v, first, first + length - 1);
    }
}

static void put_dead(demo *d)
{
    size_t v = draw_index(d, 0, INVERTERS), first = step_of(d, 4, draw_index(d, 5, 15)) + draw_index(d, 40, 50), length = draw_index(d, 2 * A_DAY, 4 * A_DAY);
    for (size_t i = first; i < first + length; i++)
        lose(d, i, v, 0);
    add_label(d, GF_SOLAR_FAULT_DEAD, (int)v, first, first + length - 1);
}

static void put_closure(demo *d)
{
    size_t first = step_of(d, 10, draw_index(d, 12, 20)), last = first + 4 * A_DAY - 1;
    for (size_t i = first; i <= last; i++)
        d->read[i].ghi *= 0.75;
    add_label(d, GF_SOLAR_FAULT_CLOSURE, -1, first, last);
}

/* The logger's clock: everything of these days stands 480 minutes late. */
static void put_clock(demo *d)
{
    enum { LATE = 32 };
    size_t first = step_of(d, 6, draw_index(d, 4, 14)), last = first + 10 * A_DAY - 1;
    for (size_t i = last + 1; i-- > first;) {
        gf_utc_ms at = d->read[i].at;
        d->read[i] = d->read[i - LATE];
        d->read[i].at = at;
        for (size_t v = 0; v < INVERTERS; v++) {
            *power_at(d, i, v) = *power_at(d, i - LATE, v);
            d->made[i * INVERTERS + v] = d->made[(i - LATE) * INVERTERS + v];
        }
    }
    add_label(d, GF_SOLAR_FAULT_CLOCK, -1, first, last);
}

static void put_string(demo *d)
{
    size_t v = draw_index(d, 0, INVERTERS), first = step_of(d, 7, draw_index(d, 2, 10)), last = first + 20 * A_DAY - 1;
    for (size_t i = first; i <= last; i++)
        lose(d, i, v, 0.75);   /* one of four */
    add_label(d, GF_SOLAR_FAULT_STRING, (int)v, first, last);
}

static void put_gap(demo *d)
{
    size_t first = step_of(d, 8, draw_index(d, 5, 25)) + 36, last = first + 20;
    for (size_t i = first; i <= last; i++)
        d->lost[i] = true;
    for (size_t v = 0; v < INVERTERS; v++)
        add_label(d, GF_SOLAR_FAULT_GAP, (int)v, first, last);
}

static void put_soiling(demo *d)
{
    size_t first = step_of(d, 8, 26), last = first + 42 * A_DAY - 1;
    for (size_t i = first; i <= last; i++)
        for (size_t v = 0; v < INVERTERS; v++)
            lose(d, i, v, 1 - 0.12 * (double)(i - first) / (double)(last - first));
    add_label(d, GF_SOLAR_FAULT_SOILING, -1, first, last);
}

/* Single values 0.3 to 1.0 of the rating off; a day apart at least. */
static void put_outliers(demo *d)
{
    for (size_t k = 0; k < 24; k++) {
        size_t v = draw_index(d, 0, INVERTERS), i = step_of(d, 11, 2 + k) + draw_index(d, 30, 66);
        double off = draw_between(d, 0.3, 1.0) * INVERTER_OF[v].ac0_w, is = *power_at(d, i, v);
        *power_at(d, i, v) = is - off >= 0 && draw(d) < 0.5 ? is - off : is + off;
        add_label(d, GF_SOLAR_FAULT_OUTLIER, (int)v, i, i);
    }
}

static void put_faults(demo *d)
{
    put_snow(d);
    put_stale(d, 2);
    put_night(d);
    put_dead(d);
    put_clock(d);
    put_string(d);
    put_gap(d);
    put_soiling(d);
    put_closure(d);
    put_outliers(d);
    put_stale(d, 12);
}

/* ---- Out ---- */

static double fed_in_w(const demo *d, size_t i)
{
    double hour = (double)(i % A_DAY) / 4, week = (i / A_DAY) % 7 == 6 ? 0.67 : 1, made = 0;
    for (size_t v = 0; v < INVERTERS; v++)
        made += d->made[i * INVERTERS + v];
    return fmax(made - week * (4000 + 16000 * fmax(sin(PI * (hour - 7) / 12), 0)), 0);
}

static void write_rows(const demo *d, int64_t seed, bool power, gf_text *out)
{
    gf_text_format(out, "# origin demo: invented by gongfu demo pv --seed %lld; no such plant, no such weather\n", (long long)seed);
    gf_text_add_c(out, "utc,ghi_w_m2,dni_w_m2,dhi_w_m2,poa_w_m2,temp_air_c,wind_m_s");
    for (size_t v = 0; v < INVERTERS && power; v++)
        gf_text_format(out, ",%s_ac_w", INVERTER_OF[v].name.data);
    gf_text_add_c(out, power ? ",fed_in_w\n" : "\n");
    for (size_t i = 0; i < d->count; i++) {
        const gf_solar_weather *w = &d->read[i];
        char at[GF_UTC_BYTES];
        if (d->lost[i])
            continue;
        (void)gf_utc_format(w->at - STEP_MS / 2, at);
        gf_text_format(out, "%s,%.1f,%.1f,%.1f,%.1f,%.1f,%.1f", at, w->ghi, w->dni, w->dhi, w->poa, w->air_c, w->wind_m_s);
        for (size_t v = 0; v < INVERTERS && power; v++)
            gf_text_format(out, ",%.2f", d->power[i * INVERTERS + v]);
        if (power)
            gf_text_format(out, ",%.1f", fed_in_w(d, i));
        gf_text_add_char(out, '\n');
    }
}

static void write_labels(const demo *d, gf_text *out)
{
    gf_text_add_c(out, "# origin demo: the faults that were put in\nkind,inverter,first_utc,last_utc\n");
    for (size_t i = 0; i < d->label_count; i++) {
        const label *l = &d->labels[i];
        char first[GF_UTC_BYTES], last[GF_UTC_BYTES];
        (void)gf_utc_format(d->read[l->first].at - STEP_MS / 2, first);
        (void)gf_utc_format(d->read[l->last].at - STEP_MS / 2, last);
        gf_text_format(out, "%s,%s,%s,%s\n", gf_solar_fault_name(l->kind), l->inverter < 0 ? "" : INVERTER_OF[l->inverter].name.data, first, last);
    }
}

static void describe(gf_solar_array arrays[INVERTERS], gf_solar_plant *out)
{
    static const double LINKE[12] = { 3.2, 3.4, 3.8, 4.0, 4.2, 4.4, 4.2, 4.1, 3.8, 3.4, 3.2, 3.1 };
    *out = (gf_solar_plant){
        .name = GF_STR("泰顺 120 kW 演示电站(虚构)"), .site = { 27.56, 119.72, 530, gf_solar_pressure_at(530), 16.5, 0.5667 }, .zone_minutes = 480,
        .arrays = arrays, .array_count = INVERTERS, .inverters = INVERTER_OF, .inverter_count = INVERTERS, .transposition = GF_SOLAR_PEREZ, .split = GF_SOLAR_ERBS,
    };
    memcpy(out->linke, LINKE, sizeof LINKE);
    for (uint32_t i = 0; i < INVERTERS; i++) {
        arrays[i] = GF_SOLAR_ARRAY_DEFAULT;
        arrays[i].name = INVERTER_OF[i].name;
        arrays[i].inverter = i;
        arrays[i].strings = 4;
        arrays[i].dc0_w = 40000;
        arrays[i].tilt_deg = 18;
        arrays[i].loss = 0.08;
    }
}

static gf_status open_demo(demo *d, int64_t seed, int year, gf_arena *scratch, gf_day *first, gf_error *err)
{
    gf_day next;
    if (!gf_day_make(year, 1, 1, first) || !gf_day_make(year + 1, 1, 1, &next))
        return gf_fail(err, GF_EUSAGE, "demo.year", "Give a year between 1000 and 9998.", "%d is no year", year);
    d->state = (uint64_t)seed;
    d->count = (size_t)(next - *first) * A_DAY;
    d->weather = gf_new(scratch, gf_solar_weather, d->count);
    d->yield = gf_new(scratch, gf_solar_yield, d->count);
    d->ac_w = gf_new(scratch, double, d->count * INVERTERS);
    d->read = gf_new(scratch, gf_solar_weather, d->count);
    d->power = gf_new(scratch, double, d->count * INVERTERS);
    d->made = gf_new(scratch, double, d->count * INVERTERS);
    d->lost = gf_new(scratch, bool, d->count);
    return d->weather && d->yield && d->ac_w && d->read && d->power && d->made && d->lost ? GF_OK : gf_fail_memory(err);
}

gf_status gf_app_solar_demo_make(int64_t seed, int year, gf_arena *scratch, gf_app_solar_demo *out, gf_error *err)
{
    gf_solar_array arrays[INVERTERS];
    demo *d = gf_new(scratch, demo, 1);
    gf_day first;
    gf_status status = d ? open_demo(d, seed, year, scratch, &first, err) : gf_fail_memory(err);
    if (status != GF_OK)
        return status;
    describe(arrays, &d->plant);
    for (size_t i = 0; i < d->count; i++)   /* the clear sky first */
        d->weather[i] = (gf_solar_weather){ (gf_utc_ms)first * 86400000 - (gf_utc_ms)480 * 60000 + (gf_utc_ms)i * STEP_MS + STEP_MS / 2, NAN, NAN, NAN, NAN, NAN, NAN };
    gf_solar_plant_run(&d->plant, d->weather, d->count, &(gf_solar_run_options){ .step_s = STEP_S, .delta_t_s = NAN, .clear = true }, d->yield, NULL);
    make_weather(d, first);
    read_weather(d);
    write_rows(d, seed, false, &out->weather_csv);
    put_faults(d);
    write_rows(d, seed, true, &out->readings_csv);
    write_labels(d, &out->faults_csv);
    gf_app_solar_plant_write(&d->plant, "demo", &out->plant_json);
    return GF_OK;
}
