/* Commands about terrain: elevation comes as files, no store is opened. */
#define _POSIX_C_SOURCE 200809L
#include "cli/terrain.h"
#include "geo/gf_geo.h"
#include "report/gf_report_terrain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

gf_status terrain_number_option(const cli_call *cli, cli_option option, const char *name, double *value, gf_error *err)
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

bool terrain_progress(void *context, const char *stage, int64_t done, int64_t total)
{
    (void)context;
    if (isatty(STDERR_FILENO) && total > 0)
        (void)fprintf(stderr, "\r%s %lld %%", stage, (long long)(100 * done / total));
    return !cli_cancelled();
}

void terrain_progress_end(void)
{
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "\r\033[K");
}

gf_str terrain_base_name(const char *path)
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
        files[(*count)++].name = terrain_base_name(path);
    }
    return GF_OK;
}

gf_status terrain_read_surface(cli_call *cli, gf_app_surface *surface, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(SCRATCH_BYTES_MAX);
    gf_app_dem_file files[CLI_GIVEN_MAX];
    gf_app_surface_options options = { .files = files, .has_nodata = cli->option[OPT_NODATA] != NULL };
    gf_status status = scratch ? terrain_number_option(cli, OPT_NODATA, "--nodata", &options.nodata, err) : gf_fail_memory(err);
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
        status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = gf_app_lines(&surface, terrain_base_name(path), pairs, terrain_progress, NULL, cli->arena, &lined, err);
    terrain_progress_end();
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

/* ---- view ---- */

static bool is_cancelled(void *context) { (void)context; return cli_cancelled(); }

static gf_status take_spot(cli_call *cli, gf_app_spot *spot, gf_error *err)
{
    static const struct { cli_option option; const char *name; gf_app_spot_kind kind; } WAYS[] = {
        { OPT_CELL, "--cell", GF_APP_SPOT_CELL }, { OPT_AT, "--at", GF_APP_SPOT_XY }, { OPT_LONLAT, "--lonlat", GF_APP_SPOT_LONLAT },
    };
    size_t given = 0;
    for (size_t i = 0; i < GF_COUNT(WAYS); i++)
        if (cli->option[WAYS[i].option]) {
            gf_status status = pair_option(cli, WAYS[i].option, WAYS[i].name, &spot->a, &spot->b, err);
            if (status != GF_OK)
                return status;
            spot->kind = WAYS[i].kind;
            given++;
        }
    return given == 1 ? GF_OK : gf_fail(err, GF_EUSAGE, "cli.spot", "Write one of --cell ROW,COLUMN, --at X,Y and --lonlat LON,LAT.",
                                        given ? "the place of the tower is given more than once" : "the place of the tower is missing");
}

static gf_status take_view(cli_call *cli, gf_app_view_options *o, gf_error *err)
{
    double threads = 1;
    gf_status status = cli->option[OPT_MAST] ? take_spot(cli, &o->spot, err) : gf_fail(err, GF_EUSAGE, "cli.mast", "Write --mast METRES.", "the height of the mast is missing");
    const struct { cli_option option; const char *name; double *value; } NUMBERS[] = {
        { OPT_MAST, "--mast", &o->observer.mast_m }, { OPT_TARGET, "--target", &o->observer.target_m }, { OPT_RANGE, "--range", &o->observer.range_m },
        { OPT_THREADS, "--threads", &threads },
    };
    for (size_t i = 0; i < GF_COUNT(NUMBERS) && status == GF_OK; i++)
        status = terrain_number_option(cli, NUMBERS[i].option, NUMBERS[i].name, NUMBERS[i].value, err);
    if (status == GF_OK)
        status = pair_option(cli, OPT_PAN, "--pan", &o->observer.pan_from_deg, &o->observer.pan_to_deg, err);
    if (status == GF_OK)
        status = pair_option(cli, OPT_PITCH, "--pitch", &o->observer.pitch_min_deg, &o->observer.pitch_max_deg, err);
    o->observer.has_pan = cli->option[OPT_PAN] != NULL;
    o->observer.has_pitch = cli->option[OPT_PITCH] != NULL;
    o->margin = cli->option[OPT_MARGIN] != NULL;
    o->workers = threads >= 1 && threads <= 64 ? (size_t)threads : 1;
    return status;
}

static gf_str suffix_of(gf_str path)
{
    for (size_t i = path.len; i > 0 && path.data[i - 1] != '/'; i--)
        if (path.data[i - 1] == '.')
            return gf_str_slice(path, i, path.len);
    return GF_STR("");
}

/* A file beside --out: the world file of a picture has its name and the suffix .pgw. */
gf_status terrain_write_other(const cli_call *cli, const char *path, const gf_text *text, gf_error *err)
{
    cli_call other = *cli;
    other.option[OPT_OUT] = path;
    return cli_write(&other, text, err);
}

static const char *world_path(cli_call *cli, gf_str out)
{
    gf_text path;
    gf_text_init(&path, cli->arena);
    gf_text_format(&path, "%.*s.pgw", GF_STR_ARG(gf_str_slice(out, 0, out.len - suffix_of(out).len - 1)));
    return gf_text_done(&path, NULL) == GF_OK ? gf_text_str(&path).data : NULL;
}

static gf_status write_view(cli_call *cli, const gf_app_surface *surface, const gf_terrain_view *view, gf_error *err)
{
    gf_str out = cli_option_text(cli, OPT_OUT), suffix = suffix_of(out);
    gf_text text, world, margin;
    gf_text_init(&text, cli->arena);
    gf_text_init(&world, cli->arena);
    gf_text_init(&margin, cli->arena);
    gf_status status;
    if (gf_str_is(suffix, "png"))
        status = gf_app_view_png(surface, view, &text, &world, err);
    else if (gf_str_is(suffix, "geojson") || gf_str_is(suffix, "json"))
        status = gf_app_view_geojson(surface, view, &text, err);
    else if (gf_str_is(suffix, "kml"))
        status = gf_app_view_kml(surface, view, cli->lang, &text, err);
    else
        status = gf_app_view_tiff(surface, view, &text, err);
    if (status == GF_OK && view->margin_m)
        status = gf_app_view_margin_tiff(surface, view, &margin, err);
    if (status == GF_OK)
        status = cli_write(cli, &text, err);
    if (status == GF_OK && world.len)
        status = terrain_write_other(cli, world_path(cli, out), &world, err);
    return status == GF_OK && view->margin_m ? terrain_write_other(cli, cli->option[OPT_MARGIN], &margin, err) : status;
}

static gf_status tell_view(cli_call *cli, const gf_app_surface *surface, const gf_terrain_view *view, int64_t ms, gf_error *err)
{
    gf_text text;
    double km2 = surface->grid.cell_m * surface->grid.cell_m / 1e6;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_view_json(surface, view, ms, &text);
    else
        gf_text_format(&text, cli_word(cli, "EPSG:%d,格网 %g 米:可见 %.2f 平方公里,不可见 %.2f,未知(无高程)%.2f\n",
                                       "EPSG:%d, cells of %g m: seen %.2f km2, hidden %.2f, unknown (no elevation) %.2f\n"),
                       surface->grid.epsg, surface->grid.cell_m, (double)view->seen * km2, (double)view->hidden * km2, (double)view->unknown * km2);
    return terrain_write_other(cli, NULL, &text, err);
}

static gf_status check_suffix(gf_str out, gf_error *err)
{
    gf_str rest = GF_STR("tif|tiff|png|geojson|json|kml"), word, suffix = suffix_of(out);
    while (gf_str_cut(&rest, '|', &word))
        if (gf_str_eq(word, suffix))
            return GF_OK;
    return gf_fail(err, GF_EUSAGE, "cli.out", "Write --out with the suffix .tif, .png, .geojson or .kml.", "a view is written to a file of one of four kinds");
}

static gf_status terrain_view(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_terrain_view view;
    gf_app_view_options options = { .observer = GF_TERRAIN_OBSERVER_DEFAULT, .cancelled = is_cancelled };
    gf_status status = check_suffix(cli_option_text(cli, OPT_OUT), err);
    if (status == GF_OK)
        status = take_view(cli, &options, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &surface, err);
    gf_utc_ms begun = gf_utc_now_ms();
    if (status == GF_OK)
        status = gf_app_view(&surface, &options, cli->arena, &view, err);
    int64_t ms = gf_utc_now_ms() - begun;
    if (status == GF_OK)
        status = write_view(cli, &surface, &view, err);
    return status == GF_OK ? tell_view(cli, &surface, &view, ms, err) : status;
}

/* ---- The area ---- */

static const struct { const char *verb; cli_command_fn *run; } VERBS[] = { { "line", terrain_line }, { "view", terrain_view }, { "towers", terrain_towers }, { "site", terrain_site }, { "crs", terrain_crs },
    { "preset", terrain_preset } };

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
