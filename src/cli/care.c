/* Commands of care and of questions: backup, restore, doctor, statement, ageing, roster, queue, serve. None asks a
 * question, so that they can stand in a script.
 */
#include "cli/cli.h"

typedef void table_fn(const gf_app_table *table, gf_text *out);

static gf_status write_table(cli_call *cli, const gf_app_table *table, gf_error *err)
{
    gf_text text;
    gf_text_init(&text, cli->arena);
    table_fn *write = cli->option[OPT_JSON] ? gf_report_table_json : gf_report_table_text;
    write(table, &text);
    return cli_write(cli, &text, err);
}

gf_status cli_backup(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_backed_up done;
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_backup(app, cli->argument[0], cli->arena, &done, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_report_backed_up_json(&done, &text);
    return cli_write(cli, &text, err);
}

/* Opens nothing before: the store in place may be the damaged one. */
gf_status cli_restore(cli_call *cli, gf_error *err)
{
    gf_app_restored restored;
    gf_text text;
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = gf_app_restore(cli_db(cli), cli->argument[0], cli_key_file(), gf_utc_now_ms, &restored, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    gf_text_format(&text, "{\"restored\":true,\"erased_again\":%lld,\"certificates_read\":%s}\n", (long long)restored.erased_again, restored.certificates_read ? "true" : "false");
    return cli_write(cli, &text, err);
}

/* The folder of a file that is to be made is made, as load does it. */
gf_status cli_move(cli_call *cli, gf_error *err)
{
    gf_app_moved moved;
    gf_str from = cli_option_text(cli, OPT_FROM), to = cli_option_text(cli, OPT_TO);
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK && (from.len == 0 || to.len == 0))
        status = gf_fail(err, GF_EUSAGE, "move.addresses", "Write --from sqlite:PATH --to postgres://USER@HOST/NAME, or the other way.", "move needs two stores");
    if (status == GF_OK) {
        cli_make_parent(cli->arena, to);
        status = gf_app_move(from, to, cli_key_file(), gf_utc_now_ms, cli->arena, &moved, err);
    }
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_report_moved_json(&moved, &text);
    return cli_write(cli, &text, err);
}

/* Always 0 when it could be asked: what is lacking stands in the table. */
gf_status cli_doctor(cli_call *cli, gf_error *err)
{
    gf_app_table table;
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK)
        status = gf_app_doctor(cli_db(cli), cli->lang, cli->arena, &table, err);
    return status == GF_OK ? write_table(cli, &table, err) : status;
}

/* The scope is the word behind the command; without --on all of the time. */
gf_status cli_statement(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_statement statement;
    gf_str format = cli->option[OPT_FORMAT] ? cli_option_text(cli, OPT_FORMAT) : cli->option[OPT_JSON] ? GF_STR("json") : GF_STR("text");
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = cli_check_format(format, "text|json|pdf|xlsx", err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_state(app, gf_str_of(cli->argument[0]), cli_option_text(cli, OPT_ON), cli->arena, &statement, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (gf_str_is(format, "json"))
        gf_report_statement_json(&statement, &text);
    else if (gf_str_is(format, "pdf"))
        status = gf_report_statement_pdf(&statement, cli->lang, &text, err);
    else if (gf_str_is(format, "xlsx"))
        status = gf_report_statement_xlsx(&statement, cli->lang, &text, err);
    else
        gf_report_statement_text(&statement, cli->lang, &text);
    return status == GF_OK ? cli_write(cli, &text, err) : status;
}

/* Of today unless --on names a day. */
gf_status cli_ageing(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_aged *aged = NULL;
    size_t count = 0;
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_ageing(app, (gf_str){ "", 0 }, cli_option_text(cli, OPT_ON), cli->arena, &aged, &count, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text text;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        gf_report_ageing_json(aged, count, &text);
    else
        gf_report_ageing_text(aged, count, cli->lang, &text);
    return cli_write(cli, &text, err);
}

/* The word is pairings, assignments or gaps; app refuses any other. */
gf_status cli_roster(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_table table;
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_roster(app, (gf_str){ "", 0 }, gf_str_of(cli->argument[0]), cli_option_text(cli, OPT_ON), cli->lang, cli->arena, &table, err);
    if (status == GF_OK)
        status = write_table(cli, &table, err);
    gf_app_close(app);
    return status;
}

gf_status cli_cases(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_table table;
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_cases(app, cli_option_text(cli, OPT_ON), cli->lang, cli->arena, &table, err);
    if (status == GF_OK)
        status = write_table(cli, &table, err);
    gf_app_close(app);
    return status;
}

gf_status cli_queue(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_table table;
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_loan_queue(app, cli_option_text(cli, OPT_ON), cli->lang, cli->arena, &table, err);
    if (status == GF_OK)
        status = write_table(cli, &table, err);
    gf_app_close(app);
    return status;
}
