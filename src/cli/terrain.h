/* cli/terrain.h - inside the room only: what the commands on files (terrain, solar) share. */
#pragma once
#include "app/gf_app_fields.h"
#include "cli/cli.h"
#include "report/gf_report_terrain.h"

enum { TABLE_BYTES_MAX = 512 << 20 };

cli_command_fn terrain_towers, terrain_site, terrain_crs, terrain_preset, demo_parcels, demo_pv;

/* Keeps *value where the option was not given. */
gf_status terrain_number_option(const cli_call *cli, cli_option option, const char *name, double *value, gf_error *err);
bool      terrain_progress(void *context, const char *stage, int64_t done, int64_t total);
void      terrain_progress_end(void);
gf_str    terrain_base_name(const char *path);
/* The files of --dem as one surface, with --crs and --nodata. */
gf_status terrain_read_surface(cli_call *cli, gf_app_surface *surface, gf_error *err);
/* The layer --parcels on a surface. */
gf_status terrain_read_parcels(cli_call *cli, const gf_app_surface *surface, gf_app_parcels *parcels, gf_error *err);
/* Another file than --out; NULL is standard output. */
gf_status terrain_write_other(const cli_call *cli, const char *path, const gf_text *text, gf_error *err);
