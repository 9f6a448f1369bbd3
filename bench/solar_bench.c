/* solar_bench: rates of the solar room on one core. Each figure is the best of five. */
#include "solar/gf_solar_plant.h"

#include <math.h>
#include <time.h>

enum { MINUTES = 365 * 1440, TURNS = 5 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static gf_solar_weather *weather_of(gf_arena *arena)
{
    gf_solar_weather *w = gf_new(arena, gf_solar_weather, MINUTES);
    for (size_t i = 0; w && i < MINUTES; i++)
        w[i] = (gf_solar_weather){ (gf_utc_ms)1704038400000 + (gf_utc_ms)i * 60000, NAN, NAN, NAN, NAN, 15, 2 };
    return w;
}

static void bench_positions(const gf_solar_site *site, const gf_solar_weather *w, gf_arena *arena)
{
    gf_utc_ms *at = gf_new(arena, gf_utc_ms, MINUTES);
    gf_solar_sun *sun = gf_new(arena, gf_solar_sun, MINUTES);
    double best = INFINITY, full = INFINITY, sum = 0;
    for (size_t i = 0; at && i < MINUTES; i++)
        at[i] = w[i].at;
    for (int turn = 0; turn < TURNS && at && sun; turn++) {
        double begun = now_s();
        gf_solar_positions(site, at, MINUTES, NAN, sun);
        best = fmin(best, now_s() - begun);
        begun = now_s();
        for (size_t i = 0; i < MINUTES; i += 100)
            gf_solar_position(site, at[i], NAN, &sun[i]);
        full = fmin(full, now_s() - begun);
        sum += sun[turn].zenith_deg;
    }
    printf("positions_by_day_per_s %.0f\npositions_in_full_per_s %.0f\ncheck %.6f\n", MINUTES / best, MINUTES / 100.0 / full, sum);
}

static void bench_chain(const gf_solar_plant *p, gf_solar_weather *w, const char *name, gf_solar_yield *out, double *ac)
{
    double best = INFINITY, kwh = 0;
    const gf_solar_run_options options = { .step_s = 60, .delta_t_s = NAN };
    for (int turn = 0; turn < TURNS; turn++) {
        double begun = now_s();
        gf_solar_plant_run(p, w, MINUTES, &options, out, ac);
        best = fmin(best, now_s() - begun);
    }
    for (size_t i = 0; i < MINUTES; i++)
        kwh += out[i].ac_w / 60000;
    printf("year_of_minutes_%s_s %.3f\nkwh_%s %.1f\n", name, best, name, kwh);
}

static void bench_faults(const gf_solar_plant *p, const gf_solar_weather *w, const gf_solar_yield *expected, const double *ac, gf_arena *arena)
{
    double best = INFINITY;
    gf_solar_found found = { .count = 0 };
    for (int turn = 0; turn < TURNS; turn++) {
        gf_arena *keep = gf_arena_open(64 * GF_MIB);
        const gf_solar_readings r = { w, expected, ac, NULL, ac, MINUTES, 60 };
        double begun = now_s();
        if (gf_solar_find_faults(p, &r, keep, arena, &found, NULL) != GF_OK)
            printf("failed\n");
        best = fmin(best, now_s() - begun);
        gf_arena_close(keep);
    }
    printf("year_of_minutes_faults_s %.3f\nfaults %zu\n", best, found.count);
}

int main(void)
{
    static const gf_solar_inverter ONE = { { "A", 1 }, 100000, 0.975 };
    gf_arena *arena = gf_arena_open((size_t)2 << 30);
    gf_solar_array array = GF_SOLAR_ARRAY_DEFAULT;
    gf_solar_plant p = { .site = { 27.56, 119.72, 530, 95128, 16, 0.5667 }, .zone_minutes = 480, .arrays = &array, .array_count = 1, .inverters = &ONE, .inverter_count = 1,
                         .transposition = GF_SOLAR_PEREZ };
    gf_solar_weather *w = weather_of(arena);
    gf_solar_yield *out = gf_new(arena, gf_solar_yield, MINUTES);
    double *ac = gf_new(arena, double, MINUTES);
    array.dc0_w = 120000;
    for (size_t i = 0; i < 12; i++)
        p.linke[i] = 3;
    if (!w || !out || !ac || gf_solar_plant_check(&p, NULL) != GF_OK)
        return 1;
    bench_positions(&p.site, w, arena);
    bench_chain(&p, w, "clear", out, ac);
    for (size_t i = 0; i < MINUTES; i++)
        w[i].ghi = out[i].ghi * 0.8;
    bench_chain(&p, w, "global", out, ac);
    array.heat_model = GF_SOLAR_HEAT_FUENTES;
    array.heat[0] = 45;
    bench_chain(&p, w, "fuentes", out, ac);
    bench_faults(&p, w, out, ac, arena);
    gf_arena_close(arena);
    return 0;
}
