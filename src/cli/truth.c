/* Commands about truth: check, trace, report, press. Exit 1 means the answer is "no", and the answer is printed. */
#include "cli/cli.h"

#include <string.h>

enum { ANCHOR_BYTES_MAX = 64 << 20 };

gf_status cli_check(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_str anchor = { "", 0 };
    gf_app_checked checked = { .ok = false };
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK && cli->option[OPT_ANCHOR])
        status = cli_read_file(cli, cli->option[OPT_ANCHOR], ANCHOR_BYTES_MAX, &anchor, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_check(app, anchor, cli->arena, &checked, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_check_json(&checked, &text);
    else
        gf_report_check_text(&checked, cli->lang, &text);
    status = cli_write(cli, &text, err);
    return status == GF_OK && !checked.ok ? GF_ENO : status;
}

/* Exit 1 when the figure and what its tree adds up to differ: the books are then damaged, and check says where. */
gf_status cli_trace(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_traced traced;
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_trace(app, NULL, gf_str_of(cli->argument[0]), cli->lang, cli->arena, &traced, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_trace_json(&traced, &text);
    else
        gf_report_trace_text(&traced, cli->lang, &text);
    status = cli_write(cli, &text, err);
    return status == GF_OK && !traced.equal ? GF_ENO : status;
}

/* Two files in a folder, which is made when it is not there. */
static gf_status write_iati(cli_call *cli, const gf_app_report_options *options, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_iati iati;
    gf_text activities, organisations;
    if (!cli->option[OPT_OUT] || strcmp(cli->option[OPT_OUT], "-") == 0)
        return gf_fail(err, GF_EUSAGE, "cli.out", "Write --out FOLDER.", "IATI is two files and needs a folder");
    gf_text_init(&activities, cli->arena);
    gf_text_init(&organisations, cli->arena);
    gf_status status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_iati_read(app, options, cli->arena, &iati, err);
    gf_app_close(app);
    if (status == GF_OK)
        status = gf_report_iati_activities(&iati, &activities, err);
    if (status == GF_OK)
        status = gf_report_iati_organisations(&iati, &organisations, err);
    if (status == GF_OK)
        status = cli_write_in(cli, "activities.xml", &activities, err);
    return status == GF_OK ? cli_write_in(cli, "organisations.xml", &organisations, err) : status;
}

/* Nothing is left out: on the machine itself there is no reader to keep anything from. */
gf_status cli_report(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_reported reported;
    gf_app_report_options options = { cli_option_text(cli, OPT_PROGRAMME), cli_option_text(cli, OPT_ORIGIN), cli_option_text(cli, OPT_FROM),
                                      cli_option_text(cli, OPT_TO), cli->lang, .place = cli_option_text(cli, OPT_PLACE) };
    gf_str format = cli->option[OPT_FORMAT] ? cli_option_text(cli, OPT_FORMAT) : cli->option[OPT_JSON] ? GF_STR("json") : GF_STR("md");
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK)
        status = cli_check_format(format, "md|json|pdf|xlsx|iati", err);
    if (status == GF_OK && gf_str_is(format, "iati"))
        return write_iati(cli, &options, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_report(app, &options, cli->arena, &reported, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (gf_str_is(format, "json"))
        gf_report_report_json(&reported, &text);
    else if (gf_str_is(format, "pdf"))
        status = gf_report_report_pdf(&reported, &text, err);
    else if (gf_str_is(format, "xlsx"))
        status = gf_report_report_xlsx(&reported, &text, err);
    else
        gf_report_report_markdown(&reported, &text);
    return status == GF_OK ? cli_write(cli, &text, err) : status;
}

/* Exit 1 when a number differs from ours or has no basis; what is only stated is no reason. The text is read before the
 * books are opened, so that a wrong name costs nothing. */
gf_status cli_press(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_str content;
    gf_app_pressed pressed;
    gf_app_press_options options = { cli_option_text(cli, OPT_PROGRAMME), cli_option_text(cli, OPT_ORIGIN), cli->lang };
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = cli_read_file(cli, cli->argument[0], GF_FIGURE_TEXT_BYTES_MAX, &content, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_press(app, &options, content, cli->arena, &pressed, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    const char *slash = strrchr(cli->argument[0], '/');
    gf_str file = gf_str_of(slash ? slash + 1 : cli->argument[0]);
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_press_json(&pressed, file, &text);
    else
        gf_report_press_text(&pressed, file, cli->lang, &text);
    status = cli_write(cli, &text, err);
    bool trouble = pressed.counts[GF_FIGURE_DIFFERENT] + pressed.counts[GF_FIGURE_WITHOUT_BASIS] > 0;
    return status == GF_OK && trouble ? GF_ENO : status;
}
