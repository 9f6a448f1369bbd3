/* gongfu water village, gongfu demo village: a village's supply designed; an invented one to try it on. */
#include "cli/terrain.h"
#include "geo/gf_geo.h"
#include "report/gf_report_village.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORK_DEFAULT = 20000, HOUSES_DEFAULT = 40 };
static const size_t VILLAGE_BYTES_MAX = (size_t)16 << 20;

static bool stop(void *context) { (void)context; return cli_cancelled(); }
static double seconds_now(void *context) { (void)context; return (double)gf_utc_now_ms() / 1000; }

static gf_status whole_option(const cli_call *cli, cli_option option, const char *name, double most, double *value, gf_error *err)
{
    gf_status status = terrain_number_option(cli, option, name, value, err);
    if (status == GF_OK && (!(*value >= 0) || *value > most))
        return gf_fail(err, GF_EUSAGE, "cli.number", "Write a number from 0 up.", "%s cannot take that number", name);
    return status;
}

static gf_status take_sizes(const cli_call *cli, gf_water_size_options *out, gf_error *err)
{
    double seed = 1, work = WORK_DEFAULT, seconds = 0, threads = 1;
    gf_status status = whole_option(cli, OPT_SEED, "--seed", 9e15, &seed, err);
    if (status == GF_OK)
        status = whole_option(cli, OPT_WORK, "--work", 9e15, &work, err);
    if (status == GF_OK)
        status = whole_option(cli, OPT_SECONDS, "--seconds", 1e6, &seconds, err);
    if (status == GF_OK)
        status = whole_option(cli, OPT_THREADS, "--threads", GF_WATER_THREADS_MAX, &threads, err);
    if (status == GF_OK && work < 1 && seconds <= 0)
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Write --work N or --seconds S.", "the search needs an end");
    *out = (gf_water_size_options){ .seed = (uint64_t)seed, .work = (uint64_t)work, .seconds = seconds, .threads = (uint32_t)fmax(1, threads), .now_s = seconds_now, .stop = stop };
    return status;
}

static gf_status make_files(const cli_call *cli, const gf_village_plan *plan, gf_report_village_file *files, gf_error *err)
{
    char day[GF_DAY_BYTES];
    size_t len = gf_day_format(gf_utc_day(gf_utc_now_ms(), 480), day);
    gf_str as_of = cli->option[OPT_ON] ? cli_option_text(cli, OPT_ON) : (gf_str){ day, len };
    return gf_report_village_files(plan, cli->lang, as_of, cli->arena, files, err);
}

static gf_status tell(cli_call *cli, const gf_village_plan *plan, double seconds, gf_error *err)
{
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_village_json(plan, seconds, &text);
    else
        gf_report_village_text(plan, cli->lang, &text);
    gf_status status = terrain_write_other(cli, NULL, &text, err);
    return status == GF_OK && !plan->designs[plan->chosen].feasible ? GF_ENO : status;
}

gf_status water_village(cli_call *cli, gf_arena *keep, gf_error *err)
{
    gf_app_surface surface;
    gf_water_size_options sizes;
    gf_village village;
    gf_village_plan plan;
    gf_str bytes;
    gf_report_village_file files[GF_REPORT_VILLAGE_FILES];
    cli_call call = *cli;
    call.arena = keep;
    gf_status status = cli_expect(cli, 2, 2, err);
    if (status == GF_OK && !cli->option[OPT_OUT])
        status = gf_fail(err, GF_EUSAGE, "cli.out", "Write --out DIR.", "the folder for the design is missing");
    if (status == GF_OK)
        status = take_sizes(cli, &sizes, err);
    if (status == GF_OK)
        status = cli_read_file(&call, cli->argument[1], VILLAGE_BYTES_MAX, &bytes, err);
    if (status == GF_OK)
        status = terrain_read_surface(&call, &surface, err);
    if (status == GF_OK)
        status = gf_app_village_parse(bytes, terrain_base_name(cli->argument[1]), &surface, keep, &village, err);
    double begun = seconds_now(NULL);
    if (status == GF_OK)
        status = gf_app_village_design(&village, &sizes, keep, &plan, err);
    if (status == GF_OK && cli_cancelled())
        status = gf_fail(err, GF_ECANCELLED, "water.cancelled", "", "stopped; nothing was written");
    if (status == GF_OK)
        status = make_files(&call, &plan, files, err);
    for (size_t i = 0; i < GF_REPORT_VILLAGE_FILES && status == GF_OK; i++)
        status = cli_write_in(&call, files[i].name, &files[i].text, err);
    return status == GF_OK ? tell(&call, &plan, seconds_now(NULL) - begun, err) : status;
}

/* gongfu demo village --seed N --dem F… [--lonlat LON,LAT] [--count 40] --out DIR */
gf_status demo_village(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_village_demo ask = { .seed = 1 };
    double seed = 1, count = HOUSES_DEFAULT;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = cli->option[OPT_OUT] ? GF_OK : gf_fail(err, GF_EUSAGE, "cli.out", "Write --out DIR.", "the folder for the village is missing");
    if (status == GF_OK)
        status = whole_option(cli, OPT_SEED, "--seed", 9e15, &seed, err);
    if (status == GF_OK)
        status = whole_option(cli, OPT_COUNT_OF, "--count", 1e6, &count, err);
    ask.seed = (uint64_t)seed;
    ask.houses = (uint32_t)count;
    ask.has_near = cli->option[OPT_LONLAT] != NULL;
    if (status == GF_OK && ask.has_near && sscanf(cli->option[OPT_LONLAT], "%lf,%lf", &ask.near_x, &ask.near_y) != 2)
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Write --lonlat LON,LAT.", "--lonlat cannot take \"%.40s\"", cli->option[OPT_LONLAT]);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = gf_app_village_demo_json(&surface, &ask, cli->arena, &text, err);
    return status == GF_OK ? cli_write_in(cli, "demo_village.json", &text, err) : status;
}
