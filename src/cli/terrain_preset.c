/* gongfu terrain preset: which parcels a fixed view of a camera watches, and which ground is under one of its pixels. */
#include "cli/terrain.h"

#include "app/gf_app_preset.h"
#include "report/gf_report_preset.h"

#include <stdio.h>

enum { PRESET_BYTES_MAX = 4 << 20 };

static gf_status open_view(cli_call *cli, gf_app_surface *surface, gf_app_parcels *parcels, gf_app_preset_view *view, gf_error *err)
{
    gf_str bytes;
    gf_app_preset preset;
    const char *path = cli->option[OPT_PRESET];
    if (!path)
        return gf_fail(err, GF_EUSAGE, "preset.missing", "Write --preset P.json; docs/watch.md shows one.", "the preset is missing");
    gf_status status = cli_read_file(cli, path, PRESET_BYTES_MAX, &bytes, err);
    if (status == GF_OK)
        status = gf_app_preset_read(bytes, terrain_base_name(path), cli->arena, &preset, err);
    if (status == GF_OK)
        status = terrain_read_surface(cli, surface, err);
    if (status == GF_OK)
        status = terrain_read_parcels(cli, surface, parcels, err);
    return status == GF_OK ? gf_app_preset_open(surface, &preset, parcels, cli->arena, view, err) : status;
}

static gf_status find_pixel(const cli_call *cli, const gf_app_preset_view *view, gf_app_preset_spot *spot, gf_error *err)
{
    double x, y, error_px = 1;
    char rest;
    gf_status status = terrain_number_option(cli, OPT_PIXEL_ERROR, "--pixel-error", &error_px, err);
    if (status == GF_OK && (sscanf(cli->option[OPT_PIXEL], "%lf,%lf%c", &x, &y, &rest) != 2 || !(x > -1e5 && x < 1e5 && y > -1e5 && y < 1e5)))
        return gf_fail(err, GF_EUSAGE, "preset.pixel", "Write --pixel 812,377.", "--pixel cannot take \"%.40s\"", cli->option[OPT_PIXEL]);
    return status == GF_OK ? gf_app_preset_find(view, x, y, error_px, spot, err) : status;
}

gf_status terrain_preset(cli_call *cli, gf_error *err)
{
    gf_app_surface surface;
    gf_app_parcels parcels;
    gf_app_preset_view view;
    gf_app_preset_spot spot;
    gf_text text, csv;
    gf_text_init(&text, cli->arena);
    gf_text_init(&csv, cli->arena);
    gf_status status = open_view(cli, &surface, &parcels, &view, err);
    if (status == GF_OK && cli->option[OPT_PIXEL])
        status = find_pixel(cli, &view, &spot, err);
    if (status != GF_OK)
        return status;
    gf_report_preset_json(&view, cli->option[OPT_PIXEL] ? &spot : NULL, &text);
    if (!cli->option[OPT_JSON] || cli->option[OPT_OUT]) {
        gf_app_preset_csv(&view, &csv);
        status = cli_write(cli, &csv, err);
    }
    return status == GF_OK && cli->option[OPT_JSON] ? terrain_write_other(cli, NULL, &text, err) : status;
}
