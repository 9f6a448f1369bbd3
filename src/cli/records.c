/* Commands that move records: load, dump, demo. A terminal sees progress, a pipe does not; Ctrl-C takes back what was
 * loaded so far, for a load is one transaction.
 */
#include "cli/terrain.h"

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

/* Invented rows, all of origin demo; the second word names another folder of them. */
gf_status cli_demo(cli_call *cli, gf_error *err)
{
    static const char *const TAISHUN[] = { "data/demo" };
    gf_status status = cli_expect(cli, 1, 2, err);
    if (status != GF_OK)
        return status;
    if (strcmp(cli->argument[0], "accounts") == 0)
        return make_accounts(cli, err);
    if (strcmp(cli->argument[0], "parcels") == 0)
        return demo_parcels(cli, err);
    if (strcmp(cli->argument[0], "province") == 0)
        return demo_province(cli, err);
    if (strcmp(cli->argument[0], "pv") == 0)
        return demo_pv(cli, err);
    if (strcmp(cli->argument[0], "sway") == 0)
        return demo_sway(cli, err);
    if (strcmp(cli->argument[0], "village") == 0)
        return demo_village(cli, err);
    if (strcmp(cli->argument[0], "water") == 0)
        return cli_demo_water(cli, err);
    if (strcmp(cli->argument[0], "taishun") != 0)
        return gf_fail(err, GF_EUSAGE, "cli.demo", "Write gongfu demo taishun [FOLDER], demo accounts, demo parcels, demo province, demo pv, demo sway, demo water, or demo village.",
                       "there is no demo \"%.40s\"", cli->argument[0]);
    return cli->argument_count == 2 ? load_paths(cli, cli->argument + 1, 1, err) : load_paths(cli, TAISHUN, 1, err);
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
