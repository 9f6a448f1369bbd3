/* Commands about terrain: elevation comes as files, no store is opened. */
#define _POSIX_C_SOURCE 200809L
#include "cli/cli.h"
#include "geo/gf_geo.h"
#include "report/gf_report_terrain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TABLE_BYTES_MAX = 512 << 20 };
static const size_t DEM_BYTES_MAX = (size_t)2 << 30, SCRATCH_BYTES_MAX = (size_t)8 << 30;

/* ---- Words into numbers ---- */

static gf_status fail_number(const char *option, const char *text, const char *form, gf_error *err)
{
    char hint[80];
    (void)snprintf(hint, sizeof hint, "Write %s %s.", option, form);
    return gf_fail(err, GF_EUSAGE, "cli.number", hint, "%s cannot take \"%.40s\"", option, text);
}

static bool take_number(const char **text, double *out)
{
    char *end;
    *out = strtod(*text, &end);
    bool taken = end != *text && isfinite(*out);
    *text = end;
    return taken;
}

static gf_status number_option(const cli_call *cli, cli_option option, const char *name, double *value, gf_error *err)
{
    const char *text = cli->option[option];
    if (!text)
        return GF_OK;
    return take_number(&text, value) && *text == '\0' ? GF_OK : fail_number(name, cli->option[option], "NUMBER", err);
}

static gf_status pair_option(const cli_call *cli, cli_option option, const char *name, double *a, double *b, gf_error *err)
{
    const char *text = cli->option[option];
    if (!text)
        return GF_OK;
    bool taken = take_number(&text, a) && *text++ == ',' && take_number(&text, b) && *text == '\0';
    return taken ? GF_OK : fail_number(name, cli->option[option], "NUMBER,NUMBER", err);
}

/* ---- Shared by the commands ---- */

static bool show_progress(void *context, const char *stage, int64_t done, int64_t total)
{
    (void)context;
    if (isatty(STDERR_FILENO) && total > 0)
        (void)fprintf(stderr, "\r%s %lld %%", stage, (long long)(100 * done / total));
    return !cli_cancelled();
}

static void end_progress(void)
{
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r\033[K");
}

static gf_str base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return gf_str_of(slash ? slash + 1 : path);
}

static gf_status read_files(cli_call *cli, gf_arena *scratch, gf_app_dem_file *files, size_t *count, gf_error *err)
{
    cli_call reading = *cli;
    reading.arena = scratch;
    size_t at = 0;
    for (const char *path; (path = cli_option_next(cli, OPT_DEM, &at)) != NULL;) {
        gf_status status = cli_read_file(&reading, path, DEM_BYTES_MAX, &files[*count].bytes, err);
        if (status != GF_OK)
            return status;
        files[(*count)++].name = base_name(path);
    }
    return GF_OK;
}

static gf_status read_surface(cli_call *cli, gf_app_surface *surface, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(SCRATCH_BYTES_MAX);
    gf_app_dem_file files[CLI_GIVEN_MAX];
    gf_app_surface_options options = { .files = files, .has_nodata = cli->option[OPT_NODATA] != NULL };
    gf_status status = scratch ? number_option(cli, OPT_NODATA, "--nodata", &options.nodata, err) : gf_fail_memory(err);
    if (status == GF_OK && cli->option[OPT_CRS])
        status = gf_geo_parse(cli_option_text(cli, OPT_CRS), &options.crs, err);
    if (status == GF_OK)
        status = read_files(cli, scratch, files, &options.count, err);
    if (status == GF_OK)
        status = gf_app_surface_read(&options, cli->arena, scratch, surface, err);
    gf_arena_close(scratch);
    return status;
}

/* ---- line ---- */

static gf_status terrain_line(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_app_lined lined;
    gf_str pairs;
    const char *path = cli->option[OPT_PAIRS];
    if (!path)
        return gf_fail(err, GF_EUSAGE, "cli.pairs", "Write --pairs P.csv.", "the table of sight lines is missing");
    gf_status status = cli_read_file(cli, path, TABLE_BYTES_MAX, &pairs, err);
    if (status == GF_OK)
        status = read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = gf_app_lines(&surface, base_name(path), pairs, show_progress, NULL, cli->arena, &lined, err);
    end_progress();
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_lines_json(&surface, &lined, &text);
    else
        gf_app_lines_csv(&lined, &text);
    return cli_write(cli, &text, err);
}

/* ---- The area ---- */

static const struct { const char *verb; cli_command_fn *run; } VERBS[] = { { "line", terrain_line } };

gf_status cli_terrain(cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < GF_COUNT(VERBS); i++)
        if (strcmp(cli->argument[0], VERBS[i].verb) == 0)
            return VERBS[i].run(cli, err);
    return gf_fail(err, GF_EUSAGE, "cli.verb", "gongfu help terrain shows them.", "there is no terrain command \"%.40s\"", cli->argument[0]);
}
