/* Commands about cameras: a source is watched from end to end; frames of a swaying camera are made. No store is opened. */
#include "cli/terrain.h"
#include "report/gf_report_watch.h"

#include <errno.h>
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

static size_t count_presets(const cli_call *cli)
{
    size_t at = 0, count = 0;
    while (cli_option_next(cli, OPT_PRESET, &at))
        count++;
    return count;
}

static gf_status check_words(const cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 1, CLI_ARGUMENTS_MAX, err);
    size_t presets = count_presets(cli);
    if (status == GF_OK && cli->option[OPT_SPEED] && strcmp(cli->option[OPT_SPEED], "max") != 0)
        return gf_fail(err, GF_EUSAGE, "watch.speed", "Write --speed max.", "--speed cannot take \"%.40s\"", cli->option[OPT_SPEED]);
    if (status == GF_OK && presets && presets != cli->argument_count)
        return gf_fail(err, GF_EUSAGE, "watch.presets", "Write --preset once for each source, in their order.", "%zu presets for %zu sources", presets, cli->argument_count);
    if (status == GF_OK && (cli->option[OPT_PICTURES] || cli->option[OPT_LIVE]) && !presets)
        return gf_fail(err, GF_EUSAGE, "watch.pictures", "Add --preset P.json --dem F --parcels P: what lies outside the parcels is painted over.", "without a preset nothing is known that may be shown");
    return status;
}

/* ---- Source ---- */

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static gf_status open_source(cli_call *cli, const char *address, gf_app_watch_source *out, gf_error *err)
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
    if (is_folder(address))
        return gf_app_watch_folder(address, fps, start, cli->arena, out, err);
    const gf_cli_camera ask = { .address = gf_str_of(address), .width = (int)width, .fps_max = rate, .key_only = cli->option[OPT_KEYS] != NULL, .start = start, .cancelled = cli_cancelled };
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

static gf_status open_place(cli_call *cli, const char *path, place *out, gf_error *err)
{
    enum { PRESET_BYTES_MAX = 4 << 20 };
    gf_str bytes;
    gf_status status = cli_read_file(cli, path, PRESET_BYTES_MAX, &bytes, err);
    if (status == GF_OK)
        status = gf_app_preset_read(bytes, terrain_base_name(path), cli->arena, &out->preset, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &out->surface, err);
    if (status == GF_OK)
        status = terrain_read_parcels(cli, &out->surface, &out->parcels, err);
    return status == GF_OK ? gf_app_preset_open(&out->surface, &out->preset, &out->parcels, cli->arena, &out->view, err) : status;
}

/* ---- All together ---- */

/* A file of one source: what was named; of several: a numbered one in the folder that was named. */
static const char *numbered(cli_call *cli, cli_option option, size_t number, const char *end, bool always)
{
    gf_text text;
    if (!cli->option[option] || (cli->argument_count == 1 && !always))
        return cli->option[option];
    gf_text_init(&text, cli->arena);
    gf_text_format(&text, "%s/%02zu%s", cli->option[option], number, end);
    return gf_text_str(&text).data;
}

static gf_status make_folders(cli_call *cli, gf_error *err)
{
    static const cli_option SEVERAL[] = { OPT_MASKS, OPT_PICTURES, OPT_EVENTS, OPT_POSES, OPT_LIVE };
    for (size_t i = cli->argument_count > 1 ? 0 : GF_COUNT(SEVERAL) - 1; i < GF_COUNT(SEVERAL); i++) {
        const char *folder = cli->option[SEVERAL[i]];
        if (folder && mkdir(folder, 0777) != 0 && errno != EEXIST)
            return gf_fail(err, GF_EIO, "watch.folder", "See that the folder above exists and may be written.", "%s: %s", folder, strerror(errno));
    }
    return GF_OK;
}

static gf_status open_one(cli_call *cli, size_t index, const char *preset, const gf_app_watch_eye *look, gf_utc_ms live_every_ms, gf_app_watch_one *out, gf_error *err)
{
    place *ground = preset ? gf_new(cli->arena, place, 1) : NULL;
    gf_status status = preset && !ground ? gf_fail_memory(err) : GF_OK;
    if (status == GF_OK && preset)
        status = open_place(cli, preset, ground, err);
    if (status != GF_OK)
        return status;
    size_t number = index + 1;
    out->options = (gf_app_watch_options){ .tuning = GF_VISION_TUNING_DEFAULT, .masks = numbered(cli, OPT_MASKS, number, "", false), .events = numbered(cli, OPT_EVENTS, number, ".jsonl", false),
                                           .poses = numbered(cli, OPT_POSES, number, ".csv", false), .pictures = numbered(cli, OPT_PICTURES, number, "", false),
                                           .live = numbered(cli, OPT_LIVE, number, ".png", true), .live_every_ms = live_every_ms, .eye = look, .ground = ground ? &ground->view : NULL,
                                           .preset = ground ? ground->preset.name : (gf_str){ "", 0 }, .margin_px = ground ? ground->preset.margin_px : 0,
                                           .timed = cli->option[OPT_START] != NULL || strstr(cli->argument[index], "://"), .cancelled = cli_cancelled };
    out->status = open_source(cli, cli->argument[index], &out->source, &out->err);
    return GF_OK;   /* a source that does not open is that source's failure */
}

static gf_status watch_sources(cli_call *cli, const gf_app_watch_eye *look, gf_app_watch_one *all, gf_error *err)
{
    double live_s = 1;
    size_t at = 0, opened = 0, count = cli->argument_count;
    gf_app_watch_one *open = gf_new(cli->arena, gf_app_watch_one, count);
    gf_status status = open ? terrain_number_option(cli, OPT_LIVE_EVERY, "--live-every", &live_s, err) : gf_fail_memory(err);
    if (status == GF_OK && !(live_s >= 0 && live_s <= 86400))
        status = gf_fail(err, GF_EUSAGE, "watch.live", "Write --live-every SECONDS.", "%g seconds between two pictures cannot be", live_s);
    if (status == GF_OK)
        status = make_folders(cli, err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = open_one(cli, i, cli_option_next(cli, OPT_PRESET, &at), look, (gf_utc_ms)(live_s * 1000), &all[i], err);
    for (size_t i = 0; i < count; i++)
        if (all[i].source.next)
            open[opened++] = all[i];
    if (status == GF_OK)
        status = gf_app_watch_many(open, opened, err);
    for (size_t i = 0, k = 0; i < count; i++)
        if (all[i].source.next) {
            all[i] = open[k++];
            all[i].source.close(all[i].source.context);
        }
    return status;
}

/* One source keeps the contract's form, and its failure is the command's; of several each tells its own, and the answer is "no" when one failed. */
static gf_status tell(cli_call *cli, const gf_app_watch_one *all, gf_error *err)
{
    size_t count = cli->argument_count, failed = 0;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (count == 1 && all->status != GF_OK) {
        if (err)
            *err = all->err;
        return all->status;
    }
    for (size_t i = 0; i < count; i++)
        failed += all[i].status != GF_OK;
    if (count == 1 && cli->option[OPT_JSON])
        gf_report_watch_json(&all->result, gf_str_of(cli->argument[0]), &text);
    else if (cli->option[OPT_JSON])
        gf_report_watch_many_json(all, cli->argument, count, &text);
    else
        for (size_t i = 0; i < count; i++) {
            if (count > 1)
                gf_text_format(&text, "%02zu %s\n", i + 1, cli->argument[i]);
            if (all[i].status == GF_OK)
                gf_report_watch_text(&all[i].result, cli->lang, &text);
            else
                gf_text_format(&text, "%s. %s\n", all[i].err.what, all[i].err.hint);
        }
    gf_status status = cli_write(cli, &text, err);
    return status == GF_OK && failed ? GF_ENO : status;
}

gf_status cli_watch(cli_call *cli, gf_error *err)
{
    static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
    eye *witness = gf_new(cli->arena, eye, 1);
    gf_app_watch_one *all = NULL;
    gf_status status = witness ? check_words(cli, err) : gf_fail_memory(err);
    if (status == GF_OK && !(all = gf_new(cli->arena, gf_app_watch_one, cli->argument_count)))
        status = gf_fail_memory(err);
    if (status == GF_OK && cli->option[OPT_MODEL])
        status = open_eye(cli, witness, err);
    if (status == GF_OK) {
        witness->eye.turn = &turn;
        status = watch_sources(cli, cli->option[OPT_MODEL] ? &witness->eye : NULL, all, err);
    }
    if (witness && witness->network.close)
        witness->network.close(witness->network.context);
    return status == GF_OK ? tell(cli, all, err) : status;
}

static gf_status read_option(cli_call *cli, cli_option option, const char *name, gf_str *out, gf_error *err)
{
    enum { LINES_BYTES_MAX = 256 << 20 };
    if (!cli->option[option])
        return gf_fail(err, GF_EUSAGE, "samples.words", "Write samples SOURCE --events E.jsonl --poses P.csv --verdicts V.jsonl --out DIR.", "%s is missing", name);
    return cli_read_file(cli, cli->option[option], LINES_BYTES_MAX, out, err);
}

gf_status cli_samples(cli_call *cli, gf_error *err)
{
    gf_app_watch_source source = { .next = NULL };
    gf_app_watch_samples ask = { .source = &source, .whole = cli->option[OPT_WHOLE] != NULL, .out = cli->option[OPT_OUT] };
    gf_app_watch_sampled made;
    place *ground = gf_new(cli->arena, place, 1);
    gf_text text;
    gf_status status = ground ? cli_expect(cli, 1, 1, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_option(cli, OPT_EVENTS, "--events", &ask.events, err);
    if (status == GF_OK)
        status = read_option(cli, OPT_POSES, "--poses", &ask.poses, err);
    if (status == GF_OK)
        status = read_option(cli, OPT_VERDICTS, "--verdicts", &ask.verdicts, err);
    if (status == GF_OK && !ask.out)
        status = gf_fail(err, GF_EUSAGE, "samples.words", "Name a new folder.", "--out is missing");
    if (status == GF_OK && cli->option[OPT_PRESET]) {
        status = open_place(cli, cli->option[OPT_PRESET], ground, err);
        ask.ground = &ground->view;
        ask.margin_px = ground->preset.margin_px;
    }
    if (status == GF_OK)
        status = open_source(cli, cli->argument[0], &source, err);
    if (status == GF_OK)
        status = gf_app_watch_samples_make(&ask, &made, err);
    if (source.close)
        source.close(source.context);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    gf_report_watch_sampled_json(&made, &text);
    cli->option[OPT_OUT] = NULL;   /* the folder; the answer goes to standard output */
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
