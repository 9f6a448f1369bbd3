/* Commands about cameras: a source is watched from end to end; frames of a swaying camera are made. No store is opened. */
#include "cli/terrain.h"
#include "report/gf_report_watch.h"

#include <math.h>
#include <string.h>

static gf_status take_start(const cli_call *cli, gf_utc_ms *start, gf_error *err)
{
    gf_str text = cli_option_text(cli, OPT_START);
    *start = 0;
    if (!text.len || gf_utc_parse(text, start))
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "watch.start", "Write --start 2024-06-21T04:00:00Z.", "\"%.*s\" is no instant", GF_STR_ARG(gf_str_slice(text, 0, 40)));
}

static gf_status check_words(const cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_SPEED] && strcmp(cli->option[OPT_SPEED], "max") != 0)
        return gf_fail(err, GF_EUSAGE, "watch.speed", "Write --speed max.", "--speed cannot take \"%.40s\"", cli->option[OPT_SPEED]);
    if (cli->option[OPT_MODEL])
        return gf_fail(err, GF_EUSAGE, "watch.model", "Leave --model out: motion and lasting change need none.", "no detector is part of this program");
    return GF_OK;
}

gf_status cli_watch(cli_call *cli, gf_error *err)
{
    double fps = 25;
    gf_utc_ms start;
    gf_app_watch_source source;
    gf_app_watch_result result;
    gf_text text;
    gf_status status = check_words(cli, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_FPS, "--fps", &fps, err);
    if (status == GF_OK)
        status = take_start(cli, &start, err);
    if (status == GF_OK)
        status = gf_app_watch_folder(cli->argument[0], fps, start, cli->arena, &source, err);
    if (status != GF_OK)
        return status;
    const gf_app_watch_options options = { .tuning = GF_VISION_TUNING_DEFAULT, .masks = cli->option[OPT_MASKS], .events = cli->option[OPT_EVENTS], .poses = cli->option[OPT_POSES],
                                           .timed = cli->option[OPT_START] != NULL, .cancelled = cli_cancelled };
    status = gf_app_watch_run(&source, &options, &result, err);
    source.close(source.context);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_watch_json(&result, gf_str_of(cli->argument[0]), &text);
    else
        gf_report_watch_text(&result, cli->lang, &text);
    return cli_write(cli, &text, err);
}

gf_status demo_sway(cli_call *cli, gf_error *err)
{
    double seed = 1, count = 100;
    gf_app_watch_sway sway = { .sigma_px = 5, .from = cli->option[OPT_FROM], .out = cli->option[OPT_OUT] };
    gf_status status = terrain_number_option(cli, OPT_SEED, "--seed", &seed, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_COUNT_OF, "--count", &count, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_SIGMA, "--sigma", &sway.sigma_px, err);
    if (status == GF_OK && (!sway.out || !(fabs(seed) < 9e15) || !(count >= 1 && count <= 100000)))
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Write --seed S --out DIR, and --count 1 to 100000.", "the seed, the count or the folder cannot be used");
    if (status != GF_OK)
        return status;
    sway.seed = (uint64_t)(int64_t)seed;
    sway.count = (uint32_t)count;
    return gf_app_watch_sway_make(&sway, err);
}
