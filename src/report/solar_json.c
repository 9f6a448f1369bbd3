/* Answers about the sun and PV plants, as JSON and as lines. */
#include "report/gf_report_solar.h"

#include <math.h>
#include <string.h>

static void real_or_null(gf_json *j, const char *key, double value, int decimals)
{
    if (isfinite(value))
        gf_json_real(j, key, value, decimals);
    else
        gf_json_null(j, key);
}

static void instant(gf_json *j, const char *key, gf_utc_ms at)
{
    char text[GF_UTC_BYTES];
    (void)gf_utc_format(at, text);
    gf_json_cstr(j, key, text);
}

static void begin(gf_json *j, gf_text *out, const char *schema)
{
    gf_json_init(j, out);
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "schema", schema);
}

static void end(gf_json *j)
{
    gf_json_end(j, '}');
    gf_text_add_char(j->out, '\n');
}

void gf_report_solar_moments_json(const gf_app_solar_moment *moments, size_t count, bool sky, gf_text *out)
{
    gf_json j;
    begin(&j, out, sky ? "gongfu.solar.clearsky/1" : "gongfu.solar.position/1");
    gf_json_begin(&j, sky ? "skies" : "positions", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_app_solar_moment *m = &moments[i];
        gf_json_begin(&j, NULL, '{');
        instant(&j, "utc", m->at);
        gf_json_real(&j, "apparent_zenith_deg", m->sun.apparent_zenith_deg, 6);
        if (sky) {
            gf_json_real(&j, "ghi_w_m2", m->sky.ghi, 3);
            gf_json_real(&j, "dni_w_m2", m->sky.dni, 3);
            gf_json_real(&j, "dhi_w_m2", m->sky.dhi, 3);
        } else {
            gf_json_real(&j, "zenith_deg", m->sun.zenith_deg, 6);
            gf_json_real(&j, "elevation_deg", 90 - m->sun.zenith_deg, 6);
            gf_json_real(&j, "apparent_elevation_deg", 90 - m->sun.apparent_zenith_deg, 6);
            gf_json_real(&j, "azimuth_deg", m->sun.azimuth_deg, 6);
            gf_json_real(&j, "eot_min", m->sun.eot_min, 6);
            gf_json_real(&j, "distance_au", m->sun.distance_au, 9);
        }
        gf_json_end(&j, '}');
    }
    gf_json_end(&j, ']');
    end(&j);
}

void gf_report_solar_days_json(const gf_app_solar_civil *days, size_t count, int zone_minutes, gf_text *out)
{
    static const char *const RISINGS[] = { "rises", "up_all_day", "down_all_day" };
    gf_json j;
    begin(&j, out, "gongfu.solar.riseset/1");
    gf_json_int(&j, "zone_minutes", zone_minutes);
    gf_json_begin(&j, "days", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_solar_rise *r = &days[i].rise;
        char day[GF_DAY_BYTES];
        bool rises = r->rising == GF_SOLAR_RISES;
        const struct { const char *key; gf_utc_ms at; } TIMES[] = {
            { "sunrise_utc", r->sunrise_nrel }, { "sunset_utc", r->sunset_nrel }, { "sunrise_exact_utc", r->sunrise }, { "sunset_exact_utc", r->sunset },
        };
        (void)gf_day_format(days[i].day, day);
        gf_json_begin(&j, NULL, '{');
        gf_json_cstr(&j, "day", day);
        gf_json_cstr(&j, "rising", RISINGS[r->rising]);
        instant(&j, "transit_utc", r->transit);
        for (size_t k = 0; k < GF_COUNT(TIMES); k++)
            if (rises)
                instant(&j, TIMES[k].key, TIMES[k].at);
            else
                gf_json_null(&j, TIMES[k].key);
        gf_json_real(&j, "noon_elevation_deg", r->noon_elevation_deg, 4);
        gf_json_end(&j, '}');
    }
    gf_json_end(&j, ']');
    end(&j);
}

static void put_yields(gf_json *j, const gf_solar_plant *plant, const gf_app_solar_series *s, const gf_app_solar_yields *y)
{
    static const char *const LIGHTS[] = { "plane", "beam", "global", "clear" };
    gf_json_str(j, "plant", plant->name);
    gf_json_real(j, "dc_w", gf_solar_plant_dc0_w(plant), 1);
    gf_json_real(j, "ac_w", gf_solar_plant_ac0_w(plant), 1);
    gf_json_cstr(j, "form", s->form);
    gf_json_bool(j, "typical_year", s->typical);
    instant(j, "first_utc", s->weather[0].at);
    instant(j, "last_utc", s->weather[s->count - 1].at);
    gf_json_real(j, "step_s", s->step_s, 0);
    gf_json_int(j, "steps", (int64_t)s->count);
    gf_json_int(j, "steps_missing", (int64_t)s->missing);
    gf_json_int(j, "steps_air_or_wind_assumed", (int64_t)y->assumed);
    gf_json_begin(j, "steps_by_light", '{');
    for (size_t i = 0; i < GF_COUNT(LIGHTS); i++)
        gf_json_int(j, LIGHTS[i], (int64_t)y->of_light[i]);
    gf_json_end(j, '}');
    gf_json_real(j, "expected_kwh", y->expected_kwh, 3);
    gf_json_real(j, "poa_kwh_m2", y->poa_kwh_m2, 4);
    real_or_null(j, "yield_kwh_kw_year", y->year_kwh_kw, 1);
    gf_json_begin(j, "months", '[');
    for (size_t i = 0; i < y->month_count; i++) {
        const gf_app_solar_month *m = &y->months[i];
        char month[32];
        (void)snprintf(month, sizeof month, "%04d-%02d", m->year, m->month);
        gf_json_begin(j, NULL, '{');
        gf_json_cstr(j, "month", month);
        gf_json_real(j, "expected_kwh", m->expected_kwh, 3);
        gf_json_real(j, "poa_kwh_m2", m->poa_kwh_m2, 4);
        if (s->ac_count)
            gf_json_real(j, "read_kwh", m->read_kwh, 3);
        gf_json_int(j, "steps", (int64_t)m->steps);
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

void gf_report_solar_yield_json(const gf_solar_plant *plant, const gf_app_solar_series *s, const gf_app_solar_yields *y, int64_t ms, gf_text *out)
{
    gf_json j;
    begin(&j, out, "gongfu.solar.yield/1");
    put_yields(&j, plant, s, y);
    gf_json_int(&j, "ms", ms);
    end(&j);
}

/* ---- Check ---- */

static double read_of(const gf_app_solar_checked *c, const double *values, size_t i, uint32_t inverter)
{
    double sum = 0;
    if (inverter != UINT32_MAX)
        return values[i * c->plant.inverter_count + inverter];
    for (size_t v = 0; v < c->plant.inverter_count; v++)
        sum += values[i * c->plant.inverter_count + v];
    return sum;
}

static void put_readings(gf_json *j, const gf_app_solar_series *s, const gf_app_solar_checked *c, const gf_solar_fault *f, size_t most)
{
    size_t count = f->last - f->first + 1, step = most && count > most ? (count + most - 1) / most : 1;
    gf_json_begin(j, "readings", '[');
    for (size_t i = f->first; i <= f->last && most; i += step) {
        const gf_solar_weather *w = &s->weather[i];
        gf_json_begin(j, NULL, '{');
        instant(j, "utc", w->at);
        real_or_null(j, "ac_w", read_of(c, c->ac_w, i, f->inverter), 2);
        real_or_null(j, "expected_ac_w", read_of(c, c->yields.ac_w, i, f->inverter), 2);
        real_or_null(j, "poa_w_m2", isnan(w->poa) ? c->yields.yield[i].poa : w->poa, 2);
        if (f->kind == GF_SOLAR_FAULT_CLOSURE) {
            real_or_null(j, "ghi_w_m2", w->ghi, 2);
            real_or_null(j, "dni_w_m2", w->dni, 2);
            real_or_null(j, "dhi_w_m2", w->dhi, 2);
        }
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

static void put_fault(gf_json *j, const gf_app_solar_series *s, const gf_app_solar_checked *c, const gf_solar_fault *f, size_t readings_max)
{
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "kind", gf_solar_fault_name(f->kind));
    if (f->inverter == UINT32_MAX || c->merged)
        gf_json_null(j, "inverter");
    else
        gf_json_str(j, "inverter", c->plant.inverters[f->inverter].name);
    instant(j, "first_utc", s->weather[f->first].at);
    instant(j, "last_utc", s->weather[f->last].at);
    gf_json_int(j, "steps", (int64_t)(f->last - f->first + 1));
    real_or_null(j, "value", f->value, 4);
    real_or_null(j, "expected", f->expected, 4);
    real_or_null(j, "lost_kwh", f->lost_wh / 1000, 3);
    put_readings(j, s, c, f, readings_max);
    gf_json_end(j, '}');
}

void gf_report_solar_check_json(const gf_app_solar_series *s, const gf_app_solar_checked *c, size_t readings_max, int64_t ms, gf_text *out)
{
    gf_json j;
    begin(&j, out, "gongfu.solar.check/1");
    put_yields(&j, &c->plant, s, &c->yields);
    gf_json_bool(&j, "whole_plant_only", c->merged);
    gf_json_begin(&j, "read", '{');
    gf_json_real(&j, "ac_kwh", c->read_kwh, 3);
    gf_json_real(&j, "expected_kwh", c->expected_kwh, 3);
    real_or_null(&j, "ratio", c->read_kwh / c->expected_kwh, 6);
    gf_json_end(&j, '}');
    gf_json_begin(&j, "performance_ratio", '{');
    real_or_null(&j, "plain", c->ratio.plain, 8);
    real_or_null(&j, "weather_corrected", c->ratio.corrected, 8);
    gf_json_int(&j, "steps", (int64_t)c->ratio.counted);
    gf_json_end(&j, '}');
    if (c->has_degradation) {
        gf_json_begin(&j, "degradation", '{');
        gf_json_real(&j, "rate_per_year", c->degradation.rate, 6);
        gf_json_real(&j, "low", c->degradation.low, 6);
        gf_json_real(&j, "high", c->degradation.high, 6);
        gf_json_int(&j, "pairs", (int64_t)c->degradation.pairs);
        gf_json_end(&j, '}');
    } else
        gf_json_null(&j, "degradation");
    gf_json_begin(&j, "faults", '[');
    for (size_t i = 0; i < c->found.count; i++)
        put_fault(&j, s, c, &c->found.faults[i], readings_max);
    gf_json_end(&j, ']');
    gf_json_bool(&j, "more_faults", c->found.more);
    gf_json_int(&j, "ms", ms);
    end(&j);
}

void gf_report_solar_time(gf_utc_ms at, int zone_minutes, char out[GF_REPORT_SOLAR_TIME_BYTES])
{
    char text[GF_UTC_BYTES];
    (void)gf_utc_format(at + (gf_utc_ms)zone_minutes * 60000, text);
    (void)snprintf(out, GF_REPORT_SOLAR_TIME_BYTES, "%.16s", text);
}

void gf_report_solar_check_text(const gf_app_solar_series *s, const gf_app_solar_checked *c, gf_str lang, gf_text *out)
{
    static const char *const ZH[GF_SOLAR_FAULT_KINDS] = {
        "读数不变", "孤立异常值", "夜间出力", "缺读数", "逆变器无出力", "组串缺失", "削峰", "积雪", "积灰(随后被清洗)", "低于往常", "辐照三分量不闭合", "时钟偏移",
    };
    /* What value and expected are, by kind. */
    static const char *const TELLS[GF_SOLAR_FAULT_KINDS][2] = {
        { ":%.0f 瓦(应为 %.0f)", ": %.0f W (expected %.0f)" }, { ":%.0f 瓦(应为 %.0f)", ": %.0f W (expected %.0f)" }, { ":%.0f 瓦", ": %.0f W" }, { "", "" },
        { ":%.0f 瓦(应为 %.0f)", ": %.0f W (expected %.0f)" }, { ":约 %.1f 串", ": about %.1f strings" }, { ":占出力时段的 %.2g", ": %.2g of the time with power" },
        { ":实发为应发的 %.2f(往常 %.2f)", ": %.2f of the expected (usually %.2f)" }, { ":降到应发的 %.3f(之前 %.3f)", ": down to %.3f of the expected (%.3f before)" },
        { ":为前一月的 %.2f", ": %.2f of the month before" }, { ":总辐照 %.0f,由分量算得 %.0f 瓦/平方米", ": global %.0f, from its parts %.0f W/m2" }, { ":偏 %.0f 分钟", ": off by %.0f minutes" },
    };
    bool zh = gf_str_is(lang, "zh");
    gf_text_format(out, zh ? "实发 %.1f 千瓦时,应发 %.1f 千瓦时(%.1f %%)\n" : "read %.1f kWh, expected %.1f kWh (%.1f %%)\n", c->read_kwh, c->expected_kwh,
                   c->expected_kwh > 0 ? 100 * c->read_kwh / c->expected_kwh : 0);
    if (isfinite(c->ratio.corrected))
        gf_text_format(out, zh ? "性能比 %.3f,温度修正后 %.3f\n" : "performance ratio %.3f, corrected for temperature %.3f\n", c->ratio.plain, c->ratio.corrected);
    if (c->has_degradation)
        gf_text_format(out, zh ? "年衰减 %.2f %%(95 %% 区间 %.2f … %.2f)\n" : "change a year %.2f %% (95 %% interval %.2f to %.2f)\n", 100 * c->degradation.rate, 100 * c->degradation.low,
                       100 * c->degradation.high);
    for (size_t i = 0; i < c->found.count; i++) {
        const gf_solar_fault *f = &c->found.faults[i];
        char first[GF_REPORT_SOLAR_TIME_BYTES], last[GF_REPORT_SOLAR_TIME_BYTES];
        gf_report_solar_time(s->weather[f->first].at, c->plant.zone_minutes, first);
        gf_report_solar_time(s->weather[f->last].at, c->plant.zone_minutes, last);
        gf_str inverter = f->inverter == UINT32_MAX ? GF_STR("") : c->plant.inverters[f->inverter].name;
        gf_text_format(out, zh ? "%s … %s%s%.*s %s" : "%s to %s%s%.*s %s", first, last, inverter.len ? " " : "", GF_STR_ARG(inverter), zh ? ZH[f->kind] : gf_solar_fault_name(f->kind));
        if (!isnan(f->value))
            gf_text_format(out, TELLS[f->kind][zh ? 0 : 1], f->value, f->expected);
        if (f->lost_wh > 0)
            gf_text_format(out, zh ? ",少发 %.1f 千瓦时" : ", %.1f kWh lost", f->lost_wh / 1000);
        gf_text_add_char(out, '\n');
    }
    gf_text_format(out, zh ? "%zu 项\n" : "%zu found\n", c->found.count);
}
