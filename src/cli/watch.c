/* Commands about cameras: a source is watched from end to end; frames of a swaying camera are made. No store is opened. */
#include "cli/terrain.h"
#include "report/gf_report_watch.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

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
    if (status == GF_OK && cli->option[OPT_SPEED] && strcmp(cli->option[OPT_SPEED], "max") != 0)
        return gf_fail(err, GF_EUSAGE, "watch.speed", "Write --speed max.", "--speed cannot take \"%.40s\"", cli->option[OPT_SPEED]);
    if (status == GF_OK && cli->option[OPT_PICTURES] && !cli->option[OPT_PRESET])
        return gf_fail(err, GF_EUSAGE, "watch.pictures", "Add --preset P.json --dem F --parcels P: what lies outside the parcels is painted over.", "without a preset nothing is known that may be shown");
    return status;
}

/* ---- Source ---- */

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static gf_status open_source(cli_call *cli, gf_app_watch_source *out, gf_error *err)
{
    double fps = 25, rate = 0, width = 0;
    gf_utc_ms start;
    gf_status status = terrain_number_option(cli, OPT_FPS, "--fps", &fps, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_RATE, "--rate", &rate, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_WIDTH, "--width", &width, err);
    if (status == GF_OK)
        status = take_start(cli, &start, err);
    if (status == GF_OK && (!(rate >= 0 && rate <= 1000) || !(width >= 0 && width <= 8192)))
        status = gf_fail(err, GF_EUSAGE, "watch.rate", "Write --rate 5 --width 640, or leave them out.", "the rate or the width cannot be");
    if (status != GF_OK)
        return status;
    if (is_folder(cli->argument[0]))
        return gf_app_watch_folder(cli->argument[0], fps, start, cli->arena, out, err);
    const gf_cli_camera ask = { .address = gf_str_of(cli->argument[0]), .width = (int)width, .fps_max = rate, .key_only = cli->option[OPT_KEYS] != NULL, .start = start, .cancelled = cli_cancelled };
    return cli->doors->open_camera(&ask, out, err);
}

/* ---- Detector ---- */

typedef struct eye { gf_app_detector detector; gf_app_watch_eye eye; gf_cli_network network; } eye;

static gf_str beside(const char *path, const char *name, gf_arena *keep)
{
    const char *slash = strrchr(path, '/');
    gf_text text;
    gf_text_init(&text, keep);
    gf_text_add(&text, (gf_str){ path, slash ? (size_t)(slash - path) + 1 : 0 });
    gf_text_add_c(&text, name);
    return gf_text_str(&text);
}

static gf_status open_eye(cli_call *cli, eye *out, gf_error *err)
{
    enum { MODEL_BYTES_MAX = 256 << 20 };
    gf_str json, model;
    double every_s = 1;
    const char *path = cli->option[OPT_MODEL];
    gf_status status = cli_read_file(cli, path, GF_APP_DETECTOR_BYTES_MAX, &json, err);
    if (status == GF_OK)
        status = gf_app_detector_read(json, &out->detector, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_EVERY, "--every", &every_s, err);
    if (status == GF_OK && !(every_s >= 0 && every_s <= 86400))
        status = gf_fail(err, GF_EUSAGE, "watch.every", "Write --every SECONDS.", "%g seconds between two looks cannot be", every_s);
    if (status == GF_OK)
        status = cli_read_file(cli, beside(path, out->detector.file, cli->arena).data, MODEL_BYTES_MAX, &model, err);
    if (status == GF_OK)
        status = gf_app_detector_verify(&out->detector, model, err);
    if (status == GF_OK)
        status = cli->doors->open_network(model, &out->network, err);
    if (status == GF_OK && (out->network.input_floats != gf_vision_detect_input_floats(&out->detector.model) || out->network.output_floats != gf_vision_detect_output_floats(&out->detector.model)))
        status = gf_fail(err, GF_EINPUT, "detect.model", "Give the description of this model.", "the network takes and gives other numbers of floats than its description says");
    out->eye = (gf_app_watch_eye){ &out->detector, path, out->network.run, out->network.context, (gf_utc_ms)(every_s * 1000) };
    return status;
}

/* ---- Ground ---- */

typedef struct place { gf_app_preset preset; gf_app_surface surface; gf_app_parcels parcels; gf_app_preset_view view; } place;

static gf_status open_place(cli_call *cli, place *out, gf_error *err)
{
    enum { PRESET_BYTES_MAX = 4 << 20 };
    gf_str bytes;
    gf_status status = cli_read_file(cli, cli->option[OPT_PRESET], PRESET_BYTES_MAX, &bytes, err);
    if (status == GF_OK)
        status = gf_app_preset_read(bytes, terrain_base_name(cli->option[OPT_PRESET]), cli->arena, &out->preset, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &out->surface, err);
    if (status == GF_OK)
        status = terrain_read_parcels(cli, &out->surface, &out->parcels, err);
    return status == GF_OK ? gf_app_preset_open(&out->surface, &out->preset, &out->parcels, cli->arena, &out->view, err) : status;
}

/* ---- All together ---- */

static gf_status run_watch(cli_call *cli, const gf_app_watch_options *options, gf_app_watch_result *result, gf_error *err)
{
    gf_app_watch_source source;
    gf_status status = open_source(cli, &source, err);
    if (status != GF_OK)
        return status;
    status = gf_app_watch_run(&source, options, result, err);
    source.close(source.context);
    return status;
}

gf_status cli_watch(cli_call *cli, gf_error *err)
{
    gf_app_watch_result result;
    gf_text text;
    eye *witness = gf_new(cli->arena, eye, 1);
    place *ground = gf_new(cli->arena, place, 1);
    gf_status status = witness && ground ? check_words(cli, err) : gf_fail_memory(err);
    if (status == GF_OK && cli->option[OPT_MODEL])
        status = open_eye(cli, witness, err);
    if (status == GF_OK && cli->option[OPT_PRESET])
        status = open_place(cli, ground, err);
    bool placed = cli->option[OPT_PRESET] != NULL;
    if (status == GF_OK) {
        const gf_app_watch_options options = { .tuning = GF_VISION_TUNING_DEFAULT, .masks = cli->option[OPT_MASKS], .events = cli->option[OPT_EVENTS], .poses = cli->option[OPT_POSES],
                                               .pictures = cli->option[OPT_PICTURES], .eye = cli->option[OPT_MODEL] ? &witness->eye : NULL, .ground = placed ? &ground->view : NULL,
                                               .preset = placed ? ground->preset.name : (gf_str){ "", 0 }, .margin_px = placed ? ground->preset.margin_px : 0,
                                               .timed = cli->option[OPT_START] != NULL || strstr(cli->argument[0], "://"), .cancelled = cli_cancelled };
        status = run_watch(cli, &options, &result, err);
    }
    if (witness && witness->network.close)
        witness->network.close(witness->network.context);
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
