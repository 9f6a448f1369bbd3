/* Commands that move records: load, dump, demo. A terminal sees progress, a pipe does not; Ctrl-C takes back what was
 * loaded so far, for a load is one transaction.
 */
#define _POSIX_C_SOURCE 200809L
#include "cli/terrain.h"

#include "app/gf_app_province.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Short loads stay quiet. */
static bool show_progress(void *context, const char *stage, int64_t done, int64_t total)
{
    (void)context, (void)total;
    if (isatty(STDERR_FILENO) && done > 10000)
        (void)fprintf(stderr, "\r%s %lld", stage, (long long)done);
    return !cli_cancelled();
}

/* The store is made or brought up to date when it is not. */
static gf_status load_paths(cli_call *cli, const char *const *paths, size_t count, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_loaded loaded;
    gf_app_load_options options = { .paths = paths, .path_count = count, .progress = show_progress };
    gf_status status = cli_open(cli, true, &app, err);
    if (status == GF_OK)
        status = gf_app_load(app, &options, cli->arena, &loaded, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_loaded_json(&loaded, &text);
    else
        gf_report_loaded_text(&loaded, cli->lang, &text);
    return cli_write(cli, &text, err);
}

/* Templates need no store. */
gf_status cli_load(cli_call *cli, gf_error *err)
{
    if (cli->option[OPT_TEMPLATES])
        return gf_app_templates(cli->option[OPT_TEMPLATES], err);
    gf_status status = cli_expect(cli, 1, CLI_ARGUMENTS_MAX, err);
    return status == GF_OK ? load_paths(cli, cli->argument, cli->argument_count, err) : status;
}

/* One account per role, with the passwords that serve --demo shows: only such a server lets them in. */
static gf_status make_accounts(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_text out;
    gf_status status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_demo_accounts(app, err);
    gf_app_close(app);
    gf_text_init(&out, cli->arena);
    for (size_t i = 0; status == GF_OK && i < GF_APP_DEMO_ACCOUNT_COUNT; i++)
        gf_text_format(&out, "%-10s %-20s %s\n", GF_APP_DEMO_ACCOUNTS[i].user, GF_APP_DEMO_ACCOUNTS[i].password, cli_word(cli, GF_APP_DEMO_ACCOUNTS[i].name_zh, GF_APP_DEMO_ACCOUNTS[i].name_en));
    return status == GF_OK ? cli_write(cli, &out, err) : status;
}

/* ---- Demo ---- */

static gf_status demo_accounts(cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 1, 1, err);
    return status == GF_OK ? make_accounts(cli, err) : status;
}

/* The second word names another folder of invented rows. */
static gf_status demo_taishun(cli_call *cli, gf_error *err)
{
    static const char *const TAISHUN[] = { "data/demo" };
    return cli->argument_count == 2 ? load_paths(cli, cli->argument + 1, 1, err) : load_paths(cli, TAISHUN, 1, err);
}

static void remove_tables(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        (void)unlinkat(dirfd(dir), entry->d_name, 0);  /* "." and ".." refuse */
    if (dir)
        (void)closedir(dir);
    (void)rmdir(folder);
}

static gf_status tell_province(cli_call *cli, const gf_app_province *made, gf_error *err)
{
    gf_text out;
    gf_text_init(&out, cli->arena);
    gf_text_format(&out, cli_word(cli, "%lld 县 %lld 村 %lld 项目 %lld 户 %lld 人,分录 %lld,明细 %lld\n", "%lld counties, %lld villages, %lld projects, %lld households, %lld persons, %lld entries, %lld lines\n"),
                   (long long)made->counties, (long long)made->villages, (long long)made->projects, (long long)made->households, (long long)made->persons, (long long)made->entries, (long long)made->lines);
    cli->option[OPT_OUT] = NULL;  /* the folder; what is told goes to the terminal */
    return cli_write(cli, &out, err);
}

/* With --out the tables stand there; without, they are loaded, and go. */
static gf_status demo_province(cli_call *cli, gf_error *err)
{
    double seed = 1, lines = GF_APP_PROVINCE_LINES;
    char folder[4096];
    const char *temporary = getenv("TMPDIR"), *out = cli->option[OPT_OUT];
    gf_app_province made;
    gf_status status = terrain_number_option(cli, OPT_SEED, "--seed", &seed, err);
    if (status == GF_OK)
        status = terrain_number_option(cli, OPT_LINES, "--lines", &lines, err);
    if (status == GF_OK && !(seed >= 0 && seed <= 9e15 && lines >= 0 && lines <= 9e15))
        status = gf_fail(err, GF_EUSAGE, "cli.number", "Write --seed S --lines N, whole numbers.", "the seed or the number of lines cannot be used");
    if (status != GF_OK)
        return status;
    (void)snprintf(folder, sizeof folder, "%s/gongfu-province-XXXXXX", temporary && temporary[0] ? temporary : "/tmp");
    if (!out && !mkdtemp(folder))
        return gf_fail(err, GF_EIO, "province.folder", "Set TMPDIR to a folder with room for a gigabyte.", "%.200s cannot be made", folder);
    status = gf_app_province_demo(out ? out : folder, (int64_t)seed, (int64_t)lines, &made, err);
    const char *const paths[] = { folder };
    if (status == GF_OK)
        status = out ? tell_province(cli, &made, err) : load_paths(cli, paths, 1, err);
    if (!out)
        remove_tables(folder);
    return status;
}

static const struct { const char *name; gf_status (*make)(cli_call *, gf_error *); } DEMOS[] = {
    { "accounts", demo_accounts }, { "parcels", demo_parcels }, { "province", demo_province }, { "pv", demo_pv },
    { "sway", demo_sway }, { "taishun", demo_taishun }, { "village", demo_village }, { "water", cli_demo_water },
};

/* Invented rows and files, all of origin demo. */
gf_status cli_demo(cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 1, 2, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < GF_COUNT(DEMOS); i++)
        if (strcmp(cli->argument[0], DEMOS[i].name) == 0)
            return DEMOS[i].make(cli, err);
    return gf_fail(err, GF_EUSAGE, "cli.demo", "Write gongfu demo taishun [FOLDER], demo province, demo accounts, demo parcels, demo pv, demo sway, demo water, or demo village.",
                   "there is no demo \"%.40s\"", cli->argument[0]);
}

/* Personal fields leave sealed unless a reason is given, and the reason is logged before the first file is written. */
gf_status cli_dump(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK && cli->option[OPT_REVEAL] && cli_option_text(cli, OPT_REASON).len == 0)
        return gf_fail(err, GF_EUSAGE, "cli.reason", "Write --reveal --reason \"…\": it is kept in the log.", "--reveal needs a reason");
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_dump(app, cli->argument[0], cli->option[OPT_REVEAL] ? cli_option_text(cli, OPT_REASON) : (gf_str){ "", 0 }, err);
    gf_app_close(app);
    return status;
}
