/* cli/cli.h - inside the room only: the command at hand and what commands share. */
#pragma once
#include "cli/gf_cli.h"
#include "report/gf_report.h"

typedef enum cli_option {
    OPT_LANG, OPT_DB, OPT_JSON, OPT_OUT, OPT_HELP, OPT_TEMPLATES, OPT_ANCHOR, OPT_PROGRAMME, OPT_ORIGIN, OPT_FROM, OPT_TO,
    OPT_FORMAT, OPT_LISTEN, OPT_ON, OPT_AUTHOR, OPT_HASH, OPT_ROLE, OPT_SCOPE, OPT_UNIT, OPT_UNITS, OPT_PLACE, OPT_NAME, OPT_DAYS,
    OPT_BEHIND_PROXY, OPT_DEMO, OPT_TLS_CERT, OPT_TLS_KEY, OPT_REVEAL, OPT_REASON, OPT_REGISTER, OPT_DRY_RUN, OPT_ERRORS, OPT_TEMPLATE,
    OPT_DEM, OPT_PAIRS, OPT_CRS, OPT_NODATA, OPT_CELL, OPT_AT, OPT_LONLAT, OPT_MAST, OPT_TARGET, OPT_RANGE, OPT_PAN, OPT_PITCH, OPT_MARGIN, OPT_THREADS,
    OPT_TOWERS, OPT_PARCELS, OPT_LAYER, OPT_LAYER_CRS, OPT_TABLE, OPT_CANDIDATES, OPT_NEW, OPT_UPGRADE, OPT_BUDGET, OPT_WEIGHT, OPT_COUNT_OF, OPT_SEED,
    OPT_SECONDS, OPT_WORK, OPT_HOURS, OPT_NODES, OPT_KEY, OPT_KEEP, OPT_BACKUP, OPT_SETTINGS,
    OPT_ALT, OPT_PRESSURE, OPT_TEMP, OPT_DELTA_T, OPT_LINKE, OPT_UTC, OPT_STEP, OPT_ZONE, OPT_PLANT, OPT_WEATHER, OPT_READINGS, OPT_STAMP, OPT_CLEAR, OPT_YEAR, OPT_PRESET, OPT_PIXEL, OPT_PIXEL_ERROR,
    OPT_MASKS, OPT_EVENTS, OPT_POSES, OPT_MODEL, OPT_FPS, OPT_START, OPT_SPEED, OPT_SIGMA, OPT_RATE, OPT_WIDTH, OPT_KEYS, OPT_EVERY, OPT_PICTURES, OPT_LIVE, OPT_LIVE_EVERY, OPT_VERDICTS, OPT_WHOLE, OPT_LINES,
    OPT_COUNT
} cli_option;

enum { CLI_ARGUMENTS_MAX = 256, CLI_GIVEN_MAX = 256 };

typedef struct cli_given { cli_option option; const char *value; } cli_given;

typedef struct cli_call {
    const char         *option[OPT_COUNT];      /* NULL = not given; "" for flags; the last one where it was repeated */
    cli_given           given[CLI_GIVEN_MAX];   /* every option with its value, in order: see cli_option_next() */
    size_t              given_count;
    const char         *argument[CLI_ARGUMENTS_MAX];
    size_t              argument_count;
    gf_arena           *arena;
    gf_str              lang;                   /* "zh" or "en" */
    const gf_cli_doors *doors;
} cli_call;

typedef gf_status cli_command_fn(cli_call *cli, gf_error *err);

cli_command_fn cli_load, cli_dump, cli_check, cli_trace, cli_report, cli_press, cli_backup, cli_restore, cli_upgrade, cli_move, cli_doctor, cli_demo,
    cli_roster, cli_cases, cli_queue, cli_statement, cli_ageing, cli_user, cli_token, cli_person, cli_key, cli_import, cli_land, cli_terrain, cli_solar, cli_plant, cli_water, cli_demo_water, demo_village, demo_province, cli_watch, cli_samples, demo_sway, cli_serve_pages;

/* A verb of the area water: `keep` owns what it reads. */
gf_status   water_village(cli_call *cli, gf_arena *keep, gf_error *err);
/* The one in the language asked for. */
const char *cli_word(const cli_call *cli, const char *zh, const char *en);
/* Words as of a command line, the first of them passed over, into options and arguments; borrowed. GF_EUSAGE what is no option. */
gf_status   cli_take_words(cli_call *cli, int argc, char **argv, gf_error *err);
/* The folder of backups at `path` with --key and --keep. GF_EUSAGE --keep. */
gf_status   cli_backup_folder(const cli_call *cli, const char *path, gf_app_backup_folder *out, gf_error *err);
/* "" when not given; a flag is told by cli->option[] alone. */
gf_str      cli_option_text(const cli_call *cli, cli_option option);
/* The next value of an option that may be repeated; *at begins at 0. NULL after the last. */
const char *cli_option_next(const cli_call *cli, cli_option option, size_t *at);
/* --db, $GONGFU_DB, or sqlite:var/gongfu.db. */
gf_str      cli_db(const cli_call *cli);
/* $GONGFU_KEY_FILE, or "": beside the store. */
gf_str      cli_key_file(void);
/* The folder of a store that is a file, when it is not there yet. */
void        cli_make_parent(gf_arena *arena, gf_str db);
/* Between `least` and `most` words behind the command, or GF_EUSAGE. */
gf_status   cli_expect(const cli_call *cli, size_t least, size_t most, gf_error *err);
/* The books of cli_db(), for writing; with `create` made or upgraded, and the folder of the file made. GF_EUSAGE --hash;
 * else as gf_app_open(). */
gf_status   cli_open(const cli_call *cli, bool create, gf_app **app, gf_error *err);
/* `format` is one of the words of `allowed` ("md|json"), or GF_EUSAGE that lists them. */
gf_status   cli_check_format(gf_str format, const char *allowed, gf_error *err);
/* Write text to --out, which is replaced, or to standard output. GF_ENOMEM a text that was cut; GF_EIO. */
gf_status   cli_write(const cli_call *cli, const gf_text *text, gf_error *err);
/* Write text to a file of the folder --out, which is made when it is not there. Fails likewise. */
gf_status   cli_write_in(const cli_call *cli, const char *name, const gf_text *text, gf_error *err);
/* A whole file, or standard input for "-". GF_ENOTFOUND; GF_EIO; GF_ELIMIT over bytes_max. */
gf_status   cli_read_file(const cli_call *cli, const char *path, size_t bytes_max, gf_str *out, gf_error *err);
/* Ctrl-C was pressed: to be asked by progress functions. */
bool        cli_cancelled(void);
