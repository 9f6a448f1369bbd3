/* Plants and series: the first byte chooses the reader and what a row's time means. A plant that is taken passes the room's own check
 * and goes through its chain; a series has rising steps and as many of them as it says. Else there is a sentence. */
#include "app/gf_app_solar.h"

#include <math.h>
#include <stdlib.h>

static void run_plant(const gf_solar_plant *plant)
{
    const gf_solar_weather w = { 1718942400000, 800, NAN, NAN, NAN, 25, 2 };
    gf_solar_yield yield;
    double ac[GF_SOLAR_INVERTERS_MAX];
    if (gf_solar_plant_check(plant, NULL) != GF_OK)
        abort();
    gf_solar_plant_run(plant, &w, 1, &(gf_solar_run_options){ .step_s = 900, .delta_t_s = NAN }, &yield, ac);
}

static void look_through(const gf_app_solar_series *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (i && !(s->weather[i].at > s->weather[i - 1].at))
            abort();
        for (size_t k = 0; k < s->ac_count; k++)
            sum += s->ac_w[i * s->ac_count + k];
    }
    if (s->count < 2 || s->missing >= s->count || !(s->step_s > 0) || isinf(s->step_s))
        abort();
    for (size_t k = 0; k < s->ac_count; k++)
        if (!gf_utf8_valid(s->ac_name[k], NULL))
            abort();
    (void)sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (!len)
        return 0;
    gf_arena *keep = gf_arena_open(256 * GF_MIB), *scratch = gf_arena_open(256 * GF_MIB);
    gf_str text = { (const char *)bytes + 1, len - 1 };
    gf_error err = { .status = GF_OK };
    gf_solar_plant plant;
    gf_app_solar_series series;
    const gf_app_solar_read_options options = { .name = GF_STR("f"), .zone_minutes = 480, .stamp = (gf_app_solar_stamp)(bytes[0] >> 1 & 3) };
    bool of_plant = bytes[0] & 1;
    gf_status status = of_plant ? gf_app_solar_plant_read(text, GF_STR("f"), keep, &plant, &err) : gf_app_solar_series_read(text, &options, keep, scratch, &series, &err);
    if (status != GF_OK && (!err.what[0] || !gf_utf8_valid(gf_str_of(err.what), NULL)))
        abort();
    if (status == GF_OK && of_plant)
        run_plant(&plant);
    else if (status == GF_OK)
        look_through(&series);
    gf_arena_close(keep);
    gf_arena_close(scratch);
    return 0;
}
