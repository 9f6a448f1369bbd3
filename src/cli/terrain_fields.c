/* Commands about towers and parcels: what each sees, where to build. */
#include "cli/terrain.h"
#include "geo/gf_geo.h"
#include "report/gf_report_fields.h"

#include <string.h>

static const size_t LAYER_BYTES_MAX = (size_t)2 << 30;

/* ---- Layers ---- */

static bool is_shapefile(const char *path)
{
    size_t len = strlen(path);
    return len > 4 && (strcmp(path + len - 4, ".shp") == 0 || strcmp(path + len - 4, ".SHP") == 0);
}

/* The file beside a .shp; not there is no fault. */
static gf_status read_beside(cli_call *cli, const char *shp, const char *suffix, gf_str *out, gf_error *err)
{
    gf_text path;
    gf_text_init(&path, cli->arena);
    bool upper = shp[strlen(shp) - 1] == 'P';
    gf_text_add(&path, gf_str_slice(gf_str_of(shp), 0, strlen(shp) - 3));
    for (const char *c = suffix; *c; c++)
        gf_text_add_char(&path, (char)(upper ? *c - 32 : *c));
    gf_status status = gf_text_done(&path, err);
    if (status == GF_OK)
        status = cli_read_file(cli, gf_text_str(&path).data, LAYER_BYTES_MAX, out, err);
    return status == GF_ENOTFOUND ? GF_OK : status;
}

static gf_status read_layer_file(cli_call *cli, cli_option option, const char *name, gf_app_layer_file *file, gf_app_layer_options *options,
                                 gf_error *err)
{
    const char *path = cli->option[option];
    if (!path)
        return gf_fail(err, GF_EUSAGE, "cli.layer", "gongfu help terrain shows the command.", "%s is missing", name);
    gf_status status = cli_read_file(cli, path, LAYER_BYTES_MAX, &file->bytes, err);
    file->name = terrain_base_name(path);
    if (status == GF_OK && is_shapefile(path)) {
        status = read_beside(cli, path, "dbf", &file->dbf, err);
        if (status == GF_OK)
            status = read_beside(cli, path, "prj", &file->prj, err);
        if (status == GF_OK)
            status = read_beside(cli, path, "cpg", &file->cpg, err);
    }
    options->table = cli_option_text(cli, OPT_TABLE);
    if (status == GF_OK && cli->option[OPT_LAYER_CRS])
        status = gf_geo_parse(cli_option_text(cli, OPT_LAYER_CRS), &options->crs, err);
    return status;
}

gf_status terrain_read_parcels(cli_call *cli, const gf_app_surface *surface, gf_app_parcels *parcels, gf_error *err)
{
    gf_app_layer_file file = { .name = { NULL, 0 } };
    gf_app_layer_options options = { .crs = 0 };
    gf_status status = read_layer_file(cli, OPT_PARCELS, "--parcels", &file, &options, err);
    return status == GF_OK ? gf_app_parcels_read(surface, &file, &options, cli_option_text(cli, OPT_WEIGHT), cli->arena, parcels, err) : status;
}

static gf_status read_table(cli_call *cli, cli_option option, const char *name, gf_app_table_file *file, gf_error *err)
{
    const char *path = cli->option[option];
    if (!path)
        return gf_fail(err, GF_EUSAGE, "cli.table", "gongfu help terrain shows the command.", "%s is missing", name);
    file->name = terrain_base_name(path);
    return cli_read_file(cli, path, TABLE_BYTES_MAX, &file->bytes, err);
}

static gf_status take_options(cli_call *cli, gf_app_fields_options *options, gf_error *err)
{
    double threads = 2, target_m = 1.5;
    gf_status status = terrain_number_option(cli, OPT_THREADS, "--threads", &threads, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_TARGET, "--target", &target_m, err);
    *options = (gf_app_fields_options){ .target_m = target_m, .threads = threads >= 1 && threads <= 64 ? (size_t)threads : 1, .progress = terrain_progress };
    return status;
}

/* ---- towers ---- */

static gf_status write_tables(cli_call *cli, const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *seen, gf_error *err)
{
    gf_text pairs, fields, towers;
    gf_text_init(&pairs, cli->arena);
    gf_text_init(&fields, cli->arena);
    gf_text_init(&towers, cli->arena);
    gf_app_overlook_csv(surface, parcels, seen, &pairs, &fields, &towers);
    const struct { const char *name; const gf_text *text; } FILES[] = { { "pairs.csv", &pairs }, { "parcels.csv", &fields }, { "towers.csv", &towers } };
    gf_status status = GF_OK;
    for (size_t i = 0; i < GF_COUNT(FILES) && status == GF_OK; i++)
        status = gf_text_done(FILES[i].text, err);
    for (size_t i = 0; i < GF_COUNT(FILES) && status == GF_OK; i++)
        status = cli_write_in(cli, FILES[i].name, FILES[i].text, err);
    return status;
}

static gf_status tell_towers(cli_call *cli, const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *seen, int64_t ms,
                             gf_error *err)
{
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_towers_json(surface, parcels, seen, ms, &text);
    else
        gf_text_format(&text, cli_word(cli, "%zu 座塔,%zu 个图斑:%zu 个无塔可见,%zu 个未知(缺高程)\n",
                                       "%zu towers, %zu parcels: %zu seen by none, %zu unknown (no elevation)\n"),
                       seen->tower_count, parcels->count, seen->unseen, seen->unknown);
    return terrain_write_other(cli, NULL, &text, err);
}

gf_status terrain_towers(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_app_parcels parcels;
    gf_app_table_file table;
    gf_app_fields_options options;
    gf_app_overlooked seen;
    const char *out = cli->option[OPT_OUT];
    if (!out || strcmp(out, "-") == 0)
        return gf_fail(err, GF_EUSAGE, "cli.out", "Write --out FOLDER: it gets pairs.csv, parcels.csv and towers.csv.", "the folder of the tables is missing");
    gf_status status = take_options(cli, &options, err);
    if (status == GF_OK)
        status = read_table(cli, OPT_TOWERS, "--towers", &table, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = terrain_read_parcels(cli, &surface, &parcels, err);
    gf_utc_ms begun = gf_utc_now_ms();
    if (status == GF_OK)
        status = gf_app_overlook(&surface, &table, &parcels, &options, cli->arena, &seen, err);
    int64_t ms = gf_utc_now_ms() - begun;
    terrain_progress_end();
    if (status == GF_OK)
        status = write_tables(cli, &surface, &parcels, &seen, err);
    return status == GF_OK ? tell_towers(cli, &surface, &parcels, &seen, ms, err) : status;
}

/* ---- site ---- */

static gf_status count_option(const cli_call *cli, cli_option option, const char *name, size_t *out, gf_error *err)
{
    double value = 0;
    gf_status status = terrain_number_option(cli, option, name, &value, err);
    if (status == GF_OK && !(value >= 0 && value <= 100000 && value == (double)(size_t)value))
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Give a whole number from 0 on.", "%s takes a number of sites", name);
    if (status == GF_OK)
        *out = (size_t)value;
    return status;
}

static gf_status take_siting(cli_call *cli, gf_app_siting_options *o, gf_error *err)
{
    gf_status status = take_options(cli, &o->views, err);
    if (status == GF_OK)
        status = count_option(cli, OPT_NEW, "--new", &o->new_count, err);
    if (status == GF_OK)
        status = count_option(cli, OPT_UPGRADE, "--upgrade", &o->upgrade_count, err);
    o->has_budget = cli->option[OPT_BUDGET] != NULL;
    if (status == GF_OK && o->has_budget && !gf_decimal_parse(cli_option_text(cli, OPT_BUDGET), &o->budget))
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Write --budget 1200 or 1200.50.", "--budget takes an amount");
    if (status == GF_OK && o->new_count + o->upgrade_count == 0)
        status = gf_fail(err, GF_EUSAGE, "cli.new", "Write --new N, --upgrade M, or both.", "the number of sites is missing");
    return status;
}

static gf_status tell_sites(cli_call *cli, const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_sited *sited, int64_t ms,
                            int64_t choice_ms, gf_error *err)
{
    gf_text text, table;
    gf_text_init(&text, cli->arena);
    gf_text_init(&table, cli->arena);
    gf_app_sites_csv(sited, &table);
    const char *out = cli->option[OPT_OUT];
    bool to_file = out && strcmp(out, "-") != 0;
    gf_status status = to_file || !cli->option[OPT_JSON] ? cli_write(cli, &table, err) : GF_OK;
    if (cli->option[OPT_JSON])
        gf_report_sites_json(surface, parcels, cli_option_text(cli, OPT_WEIGHT), sited, ms, choice_ms, &text);
    else if (to_file)
        gf_text_format(&text, cli_word(cli, "%zu 处站址:覆盖 %.2f → %.2f(共 %.2f),任何选法不超过 %.2f\n",
                                       "%zu sites: %.2f -> %.2f covered (of %.2f); no choice covers more than %.2f\n"),
                       sited->siting.site_count, sited->siting.before, sited->siting.after, sited->siting.total, sited->siting.upper_bound);
    return status == GF_OK && text.len ? terrain_write_other(cli, NULL, &text, err) : status;
}

gf_status terrain_site(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_app_parcels parcels;
    gf_app_table_file standing = { .name = { NULL, 0 } }, candidates;
    gf_app_siting_options options = { .new_count = 0 };
    gf_app_cover *cover = NULL;
    gf_app_sited sited;
    gf_status status = take_siting(cli, &options, err);
    if (status == GF_OK && cli->option[OPT_TOWERS])
        status = read_table(cli, OPT_TOWERS, "--towers", &standing, err);
    if (status == GF_OK)
        status = read_table(cli, OPT_CANDIDATES, "--candidates", &candidates, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = terrain_read_parcels(cli, &surface, &parcels, err);
    gf_utc_ms begun = gf_utc_now_ms();
    if (status == GF_OK)
        status = gf_app_cover_make(&surface, &standing, &candidates, &parcels, &options.views, cli->arena, &cover, err);
    gf_utc_ms seen = gf_utc_now_ms();
    if (status == GF_OK)
        status = gf_app_site(cover, &options, cli->arena, &sited, err);
    gf_utc_ms ended = gf_utc_now_ms();
    terrain_progress_end();
    return status == GF_OK ? tell_sites(cli, &surface, &parcels, &sited, ended - begun, ended - seen, err) : status;
}

/* ---- crs ---- */

static void tell_crs(const cli_call *cli, const gf_terrain_crs_answer *a, gf_text *out)
{
    static const struct { const char *zh, *en; } ANSWERS[] = {
        [GF_TERRAIN_CRS_UNSURE] = { "无法确定", "unsure" },
        [GF_TERRAIN_CRS_WGS84] = { "WGS84 / CGCS2000", "WGS84 or CGCS2000" },
        [GF_TERRAIN_CRS_GCJ02] = { "GCJ-02", "GCJ-02" },
    };
    gf_text_format(out, cli_word(cli, "%s:贴合度 %.1f 米(按 WGS84)、%.1f 米(按 GCJ-02);东移 %.0f 米、北移 %.0f 米最贴合(%zu 个点)\n",
                                      "%s: score %.1f m as WGS84, %.1f m as GCJ-02; fits best moved %.0f m east and %.0f m north (%zu points)\n"),
                   cli_word(cli, ANSWERS[a->crs].zh, ANSWERS[a->crs].en), a->score_told, a->score_gcj02, a->east_m, a->north_m, a->points);
}

gf_status terrain_crs(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_app_layer_file file = { .name = { NULL, 0 } };
    gf_app_layer_options options = { .crs = 0 };
    gf_terrain_crs_answer answer;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = read_layer_file(cli, OPT_LAYER, "--layer", &file, &options, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = gf_app_crs(&surface, &file, &options, cli->arena, &answer, err);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON])
        gf_report_crs_json(&answer, &text);
    else
        tell_crs(cli, &answer, &text);
    status = cli_write(cli, &text, err);
    return status == GF_OK && answer.crs == GF_TERRAIN_CRS_UNSURE ? GF_ENO : status;
}

/* ---- demo parcels ---- */

gf_status demo_parcels(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_app_demo_parcels ask = { .epsg = 0 };
    double count = 1000, seed = 1;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = terrain_number_option(cli, OPT_COUNT_OF, "--count", &count, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_SEED, "--seed", &seed, err);
    if (status == GF_OK && cli->option[OPT_LAYER_CRS])
        status = gf_geo_parse(cli_option_text(cli, OPT_LAYER_CRS), &ask.epsg, err);
    if (status == GF_OK && (count < 1 || seed < 0 || seed > 9e15))
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Write --count N --seed S, whole numbers.", "a count is at least 1, a seed at least 0");
    ask.count = (size_t)count;
    ask.seed = (uint64_t)seed;
    if (status == GF_OK)
        status = terrain_read_surface(cli, &surface, err);
    if (status == GF_OK)
        status = gf_app_demo_parcels_geojson(&surface, &ask, cli->arena, &text, err);
    return status == GF_OK ? cli_write(cli, &text, err) : status;
}
