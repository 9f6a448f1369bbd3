/* Commands about the sun and PV plants: files in, answers out, no store is opened. */
#define _POSIX_C_SOURCE 200809L
#include "cli/terrain.h"
#include "app/gf_app_plant.h"
#include "report/gf_report_solar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t SCRATCH_BYTES_MAX = (size_t)2 << 30;
enum { PROOFS_MAX = 24 };

/* ---- A place and a span ---- */

static gf_status take_place(const cli_call *cli, gf_app_solar_ask *ask, gf_error *err)
{
    double pressure_hpa = NAN;
    const char *text = cli->option[OPT_LONLAT];
    char *end = NULL;
    *ask = (gf_app_solar_ask){ .site = GF_SOLAR_SITE_DEFAULT, .delta_t_s = NAN, .linke = 3 };
    if (text)
        ask->site.lon_deg = strtod(text, &end);
    if (text && *end == ',')
        ask->site.lat_deg = strtod(end + 1, &end);
    if (!text || *end)
        return gf_fail(err, GF_EUSAGE, "solar.place", "Write --lonlat 119.72,27.56.", "the place is missing or is no longitude and latitude");
    const struct { cli_option option; const char *name; double *value; } NUMBERS[] = {
        { OPT_ALT, "--alt", &ask->site.alt_m }, { OPT_PRESSURE, "--pressure", &pressure_hpa }, { OPT_TEMP, "--temp", &ask->site.temp_c },
        { OPT_DELTA_T, "--delta-t", &ask->delta_t_s }, { OPT_LINKE, "--linke", &ask->linke },
    };
    gf_status status = GF_OK;
    for (size_t i = 0; i < GF_COUNT(NUMBERS) && status == GF_OK; i++)
        status = terrain_number_option(cli, NUMBERS[i].option, NUMBERS[i].name, NUMBERS[i].value, err);
    ask->site.pressure_pa = isnan(pressure_hpa) ? gf_solar_pressure_at(ask->site.alt_m) : pressure_hpa * 100;
    return status;
}

static gf_status take_instant(const cli_call *cli, cli_option option, gf_utc_ms *out, gf_error *err)
{
    gf_period day;
    gf_str text = cli_option_text(cli, option);
    if (gf_utc_parse(text, out))
        return GF_OK;
    if (gf_period_parse(text, &day, NULL) == GF_OK) {
        *out = (gf_utc_ms)(option == OPT_TO ? day.last + 1 : day.first) * 86400000 - (option == OPT_TO);
        return GF_OK;
    }
    return gf_fail(err, GF_EUSAGE, "solar.utc", "Write 2024-06-21T04:00:00Z.", "\"%.*s\" is no instant", GF_STR_ARG(gf_str_slice(text, 0, 40)));
}

static gf_status take_span(const cli_call *cli, gf_app_solar_ask *ask, gf_error *err)
{
    double step_s = 3600;
    gf_status status = terrain_number_option(cli, OPT_STEP, "--step", &step_s, err);
    if (status == GF_OK && !(step_s >= 0.001 && step_s <= 1e8))
        status = gf_fail(err, GF_EUSAGE, "solar.span", "Write --step SECONDS.", "a step is a millisecond and more");
    ask->step_ms = status == GF_OK ? (gf_utc_ms)llround(step_s * 1000) : 1;
    if (status == GF_OK && cli->option[OPT_UTC]) {
        status = take_instant(cli, OPT_UTC, &ask->first, err);
        ask->last = ask->first;
        return status;
    }
    if (status == GF_OK && (!cli->option[OPT_FROM] || !cli->option[OPT_TO]))
        return gf_fail(err, GF_EUSAGE, "solar.utc", "Write --utc T, or --from T --to T.", "the time is missing");
    if (status == GF_OK)
        status = take_instant(cli, OPT_FROM, &ask->first, err);
    return status == GF_OK ? take_instant(cli, OPT_TO, &ask->last, err) : status;
}

static void moments_csv(const gf_app_solar_moment *m, size_t count, bool sky, gf_text *out)
{
    gf_text_add_c(out, sky ? "utc,apparent_zenith_deg,ghi_w_m2,dni_w_m2,dhi_w_m2\n"
                           : "utc,zenith_deg,apparent_zenith_deg,elevation_deg,apparent_elevation_deg,azimuth_deg,eot_min,distance_au\n");
    for (size_t i = 0; i < count; i++) {
        char at[GF_UTC_BYTES];
        const gf_solar_sun *s = &m[i].sun;
        (void)gf_utc_format(m[i].at, at);
        if (sky)
            gf_text_format(out, "%s,%.6f,%.3f,%.3f,%.3f\n", at, s->apparent_zenith_deg, m[i].sky.ghi, m[i].sky.dni, m[i].sky.dhi);
        else
            gf_text_format(out, "%s,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%.9f\n", at, s->zenith_deg, s->apparent_zenith_deg, 90 - s->zenith_deg, 90 - s->apparent_zenith_deg, s->azimuth_deg,
                           s->eot_min, s->distance_au);
    }
}

static gf_status tell_moments(cli_call *cli, bool sky, gf_error *err)
{
    gf_app_solar_ask ask;
    gf_app_solar_moment *moments;
    size_t count;
    gf_text text;
    gf_status status = take_place(cli, &ask, err);
    if (status == GF_OK)
        status = take_span(cli, &ask, err);
    if (status == GF_OK)
        status = gf_app_solar_moments(&ask, cli->arena, &moments, &count, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_solar_moments_json(moments, count, sky, &text);
    else
        moments_csv(moments, count, sky, &text);
    return cli_write(cli, &text, err);
}

static gf_status solar_position(cli_call *cli, gf_error *err) { return tell_moments(cli, false, err); }
static gf_status solar_clearsky(cli_call *cli, gf_error *err) { return tell_moments(cli, true, err); }

/* ---- riseset ---- */

static gf_status take_days(const cli_call *cli, gf_day *first, gf_day *last, gf_error *err)
{
    gf_period on, to;
    gf_status status = cli->option[OPT_ON] ? gf_period_parse(cli_option_text(cli, OPT_ON), &on, err)
                                           : gf_fail(err, GF_EUSAGE, "solar.day", "Write --on 2024-06-21.", "the day is missing");
    if (status == GF_OK && cli->option[OPT_TO])
        status = gf_period_parse(cli_option_text(cli, OPT_TO), &to, err);
    if (status != GF_OK)
        return status;
    *first = on.first;
    *last = cli->option[OPT_TO] ? to.last : on.last;
    return *last == INT32_MAX ? gf_fail(err, GF_EUSAGE, "solar.day", "Write --on 2024-06-21 --to 2024-12-21.", "the days have no end") : GF_OK;
}

static void days_csv(const gf_app_solar_civil *days, size_t count, gf_text *out)
{
    gf_text_add_c(out, "day,sunrise_utc,transit_utc,sunset_utc,sunrise_exact_utc,sunset_exact_utc,noon_elevation_deg\n");
    for (size_t i = 0; i < count; i++) {
        const gf_solar_rise *r = &days[i].rise;
        const gf_utc_ms TIMES[5] = { r->sunrise_nrel, r->transit, r->sunset_nrel, r->sunrise, r->sunset };
        char text[GF_UTC_BYTES];
        (void)gf_day_format(days[i].day, text);
        gf_text_add_c(out, text);
        for (size_t k = 0; k < 5; k++) {
            (void)gf_utc_format((TIMES[k] + 500) / 1000 * 1000, text);
            gf_text_format(out, ",%s", k == 1 || r->rising == GF_SOLAR_RISES ? text : "");
        }
        gf_text_format(out, ",%.4f\n", r->noon_elevation_deg);
    }
}

static gf_status solar_riseset(cli_call *cli, gf_error *err)
{
    gf_app_solar_ask ask;
    gf_app_solar_civil *days;
    size_t count;
    gf_day first, last;
    double zone = 480;
    gf_text text;
    gf_status status = take_place(cli, &ask, err);
    if (status == GF_OK)
        status = take_days(cli, &first, &last, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_ZONE, "--zone", &zone, err);
    if (status == GF_OK && !(fabs(zone) <= 14 * 60))
        status = gf_fail(err, GF_EUSAGE, "solar.zone", "China is 480.", "there is no zone of %g minutes", zone);
    if (status == GF_OK)
        status = gf_app_solar_days(&ask, first, last, (int)zone, cli->arena, &days, &count, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_solar_days_json(days, count, (int)zone, &text);
    else
        days_csv(days, count, &text);
    return cli_write(cli, &text, err);
}

/* ---- Plants ---- */

/* The mountains of an elevation, for arrays that tell no skyline of their own. */
static gf_status shade_plant(cli_call *cli, gf_solar_plant *plant, gf_error *err)
{
    gf_app_surface surface;
    size_t unknown = 0;
    gf_status status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = gf_app_solar_plant_shade(&surface, cli->arena, plant, &unknown, err);
    if (status == GF_OK && unknown)
        (void)fprintf(stderr, cli_word(cli, "天际线有 %zu 度的方向超出高程范围\n", "in %zu degrees of the skyline the elevation ends\n"), unknown);
    return status;
}

static gf_status read_plant(cli_call *cli, gf_solar_plant *plant, gf_error *err)
{
    enum { PLANT_BYTES_MAX = 4 << 20 };
    gf_str bytes;
    const char *path = cli->option[OPT_PLANT];
    if (!path)
        return gf_fail(err, GF_EUSAGE, "solar.plant", "Write --plant P.json; docs/solar.md shows one.", "the plant is missing");
    gf_status status = cli_read_file(cli, path, PLANT_BYTES_MAX, &bytes, err);
    if (status == GF_OK)
        status = gf_app_solar_plant_read(bytes, terrain_base_name(path), cli->arena, plant, err);
    return status == GF_OK && cli->option[OPT_DEM] ? shade_plant(cli, plant, err) : status;
}

static gf_status take_stamp(const cli_call *cli, gf_app_solar_stamp *out, gf_error *err)
{
    static const char *const STAMPS[] = { "form", "begin", "middle", "end" };
    *out = GF_APP_SOLAR_STAMP_FORM;
    for (size_t i = 1; i < GF_COUNT(STAMPS); i++)
        if (cli->option[OPT_STAMP] && strcmp(cli->option[OPT_STAMP], STAMPS[i]) == 0)
            *out = (gf_app_solar_stamp)i;
    return cli->option[OPT_STAMP] && *out == GF_APP_SOLAR_STAMP_FORM
               ? gf_fail(err, GF_EUSAGE, "solar.stamp", "Write begin, middle or end.", "--stamp cannot take \"%.40s\"", cli->option[OPT_STAMP]) : GF_OK;
}

static gf_status read_series(cli_call *cli, cli_option option, const char *name, const gf_solar_plant *plant, gf_arena *scratch, gf_app_solar_series *out, gf_error *err)
{
    gf_str bytes;
    const char *path = cli->option[option];
    gf_app_solar_read_options options = { .zone_minutes = plant->zone_minutes };
    if (!path)
        return gf_fail(err, GF_EUSAGE, "solar.series", "docs/solar.md shows which tables are read.", "%s F.csv is missing", name);
    options.name = terrain_base_name(path);
    gf_status status = take_stamp(cli, &options.stamp, err);
    if (status == GF_OK)
        status = cli_read_file(cli, path, TABLE_BYTES_MAX, &bytes, err);
    return status == GF_OK ? gf_app_solar_series_read(bytes, &options, cli->arena, scratch, out, err) : status;
}

static void yield_lines(const cli_call *cli, const gf_app_solar_series *s, const gf_app_solar_yields *y, gf_text *out)
{
    gf_text_format(out, cli_word(cli, "应发 %.1f 千瓦时,斜面辐照 %.1f 千瓦时/平方米(%zu 步,每步 %.0f 秒;缺 %zu 步)\n",
                                 "expected %.1f kWh, %.1f kWh/m2 on the plane (%zu steps of %.0f s; %zu missing)\n"),
                   y->expected_kwh, y->poa_kwh_m2, s->count, s->step_s, s->missing);
    if (y->of_light[GF_SOLAR_LIGHT_CLEAR])
        gf_text_format(out, cli_word(cli, "其中 %zu 步没有辐照读数,按晴空计算:是上限\n",
                                     "%zu steps had no light measured and were taken under a clear sky: an upper bound\n"),
                       y->of_light[GF_SOLAR_LIGHT_CLEAR]);
    if (y->assumed)
        gf_text_format(out, cli_word(cli, "其中 %zu 步缺气温或风速,按 20 摄氏度、1 米/秒计算\n", "%zu steps lacked air or wind and were taken at 20 C, 1 m/s\n"), y->assumed);
    for (size_t i = 0; i < y->month_count; i++)
        gf_text_format(out, cli_word(cli, "%04d-%02d %10.1f 千瓦时\n", "%04d-%02d %10.1f kWh\n"), y->months[i].year, y->months[i].month, y->months[i].expected_kwh);
}

static gf_status solar_yield(cli_call *cli, gf_error *err)
{
    gf_solar_plant plant;
    gf_app_solar_series series;
    gf_app_solar_yields yields;
    gf_arena *scratch = gf_arena_open(SCRATCH_BYTES_MAX);
    gf_text text, csv;
    gf_text_init(&text, cli->arena);
    gf_text_init(&csv, cli->arena);
    gf_status status = scratch ? read_plant(cli, &plant, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_series(cli, OPT_WEATHER, "--weather", &plant, scratch, &series, err);
    gf_utc_ms begun = gf_utc_now_ms();
    if (status == GF_OK)
        status = gf_app_solar_yield(&plant, &series, cli->option[OPT_CLEAR] != NULL, cli->arena, &yields, err);
    int64_t ms = gf_utc_now_ms() - begun;
    gf_arena_close(scratch);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON])
        gf_report_solar_yield_json(&plant, &series, &yields, ms, &text);
    else
        yield_lines(cli, &series, &yields, &text);
    if (cli->option[OPT_OUT]) {
        gf_app_solar_yield_csv(&series, &yields, &csv);
        status = cli_write(cli, &csv, err);
    }
    return status == GF_OK ? terrain_write_other(cli, NULL, &text, err) : status;
}

static gf_status solar_check(cli_call *cli, gf_error *err)
{
    gf_solar_plant plant;
    gf_app_solar_series series;
    gf_app_solar_checked checked;
    gf_arena *scratch = gf_arena_open(SCRATCH_BYTES_MAX);
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = scratch ? read_plant(cli, &plant, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_series(cli, OPT_READINGS, "--readings", &plant, scratch, &series, err);
    gf_utc_ms begun = gf_utc_now_ms();
    if (status == GF_OK)
        status = gf_app_solar_check(&plant, &series, cli->arena, scratch, &checked, err);
    int64_t ms = gf_utc_now_ms() - begun;
    gf_arena_close(scratch);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON])
        gf_report_solar_check_json(&series, &checked, PROOFS_MAX, ms, &text);
    else
        gf_report_solar_check_text(&series, &checked, cli->lang, &text);
    status = cli_write(cli, &text, err);
    /* Clipping is a share, no fault. */
    bool wrong = false;
    for (size_t i = 0; i < checked.found.count; i++)
        wrong = wrong || checked.found.faults[i].kind != GF_SOLAR_FAULT_CLIPPING;
    return status == GF_OK && wrong ? GF_ENO : status;
}

/* ---- Skyline ---- */

static gf_status solar_horizon(cli_call *cli, gf_error *err)
{
    gf_app_solar_ask place;
    gf_app_surface surface;
    double height_m = 2, *skyline = gf_new(cli->arena, double, GF_APP_SKYLINE_STEPS);
    size_t unknown = 0;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = skyline ? take_place(cli, &place, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_MAST, "--mast", &height_m, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = gf_app_solar_skyline(&surface, place.site.lat_deg, place.site.lon_deg, height_m, cli->arena, skyline, &unknown, err);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON])
        gf_text_format(&text, "{\"schema\":\"gongfu.solar.horizon/1\",\"unknown\":%zu,\"horizon_deg\":[", unknown);
    else
        gf_text_add_c(&text, "azimuth_deg,elevation_deg\n");
    for (size_t i = 0; i < GF_APP_SKYLINE_STEPS; i++)
        if (cli->option[OPT_JSON])
            gf_text_format(&text, "%s%.3f", i ? "," : "", skyline[i]);
        else
            gf_text_format(&text, "%zu,%.3f\n", i, skyline[i]);
    gf_text_add_c(&text, cli->option[OPT_JSON] ? "]}\n" : "");
    return cli_write(cli, &text, err);
}

/* ---- demo pv ---- */

gf_status demo_pv(cli_call *cli, gf_error *err)
{
    double seed = 1, year = 2024;
    gf_app_solar_demo demo;
    gf_arena *scratch = gf_arena_open(SCRATCH_BYTES_MAX);
    gf_text *const TEXTS[] = { &demo.plant_json, &demo.weather_csv, &demo.readings_csv, &demo.faults_csv };
    static const char *const NAMES[] = { "plant.json", "weather.csv", "readings.csv", "faults.csv" };
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_text_init(TEXTS[i], cli->arena);
    gf_status status = scratch ? terrain_number_option(cli, OPT_SEED, "--seed", &seed, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_YEAR, "--year", &year, err);
    if (status == GF_OK && (!cli->option[OPT_OUT] || !(fabs(seed) < 9e15) || !(year >= 1900 && year <= 2100)))
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Write --seed S --out DIR, and --year 1900 to 2100.", "the seed, the year or the folder cannot be used");
    if (status == GF_OK)
        status = gf_app_solar_demo_make((int64_t)seed, (int)year, scratch, &demo, err);
    for (size_t i = 0; i < GF_COUNT(TEXTS) && status == GF_OK; i++) {
        status = gf_text_done(TEXTS[i], err);
        if (status == GF_OK)
            status = cli_write_in(cli, NAMES[i], TEXTS[i], err);
    }
    gf_arena_close(scratch);
    return status;
}

/* ---- The area ---- */

static const struct { const char *verb; cli_command_fn *run; } VERBS[] = {
    { "position", solar_position }, { "riseset", solar_riseset }, { "clearsky", solar_clearsky }, { "yield", solar_yield }, { "check", solar_check }, { "horizon", solar_horizon },
};

gf_status cli_solar(cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < GF_COUNT(VERBS); i++)
        if (strcmp(cli->argument[0], VERBS[i].verb) == 0)
            return VERBS[i].run(cli, err);
    return gf_fail(err, GF_EUSAGE, "cli.verb", "gongfu help solar shows them.", "there is no solar command \"%.40s\"", cli->argument[0]);
}
