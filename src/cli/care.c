/* Commands of care and of questions: backup, restore, doctor, statement, ageing, roster, queue, serve. None asks a
 * question, so that they can stand in a script.
 */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef void table_fn(const gf_app_table *table, gf_text *out);

static gf_status write_table(cli_call *cli, const gf_app_table *table, gf_error *err)
{
    gf_text text;
    gf_text_init(&text, cli->arena);
    table_fn *write = cli->option[OPT_JSON] ? gf_report_table_json : gf_report_table_text;
    write(table, &text);
    return cli_write(cli, &text, err);
}

static gf_status backup_file(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_backed_up done;
    gf_text text;
    gf_status status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_backup(app, cli->argument[0], cli->arena, &done, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    gf_report_backed_up_json(&done, &text);
    return cli_write(cli, &text, err);
}

/* --keep 7,5,12: days, weeks, months. Without it nothing goes. */
gf_status cli_backup_folder(const cli_call *cli, const char *path, gf_app_backup_folder *out, gf_error *err)
{
    gf_str rest = cli_option_text(cli, OPT_KEEP), one;
    int64_t number[3] = { 0, 0, 0 };
    size_t count = 0;
    bool fits = true;
    while (cli->option[OPT_KEEP] && fits && gf_str_cut(&rest, ',', &one)) {
        fits = count < 3 && gf_str_to_int(one, &number[count]) && number[count] >= 0 && number[count] <= 10000;
        count++;
    }
    *out = (gf_app_backup_folder){ gf_str_of(path), cli_option_text(cli, OPT_KEY), (int)number[0], (int)number[1], (int)number[2] };
    if (!cli->option[OPT_KEEP] || (fits && count == 3 && number[0] + number[1] + number[2] > 0))
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "cli.keep", "Write --keep 7,5,12: days, weeks and months whose newest backup stays.", "--keep cannot take that");
}

static gf_status backup_into(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_backup_folder folder;
    gf_app_backed_into done;
    gf_text text;
    gf_status status = cli_backup_folder(cli, cli->argument[1], &folder, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_backup_into(app, &folder, cli->arena, &done, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    gf_report_backed_into_json(&done, &text);
    return cli_write(cli, &text, err);
}

static gf_status backup_list(cli_call *cli, gf_error *err)
{
    gf_app_snapshot *all;
    size_t count;
    gf_text text;
    gf_status status = gf_app_backup_list(gf_str_of(cli->argument[1]), cli->arena, &all, &count, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    gf_report_snapshots_json(all, count, &text);
    return cli_write(cli, &text, err);
}

/* backup FILE, or a folder of backups. */
gf_status cli_backup(cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 1, 2, err);
    if (status != GF_OK || cli->argument_count == 1)
        return status == GF_OK ? backup_file(cli, err) : status;
    gf_str verb = gf_str_of(cli->argument[0]);
    if (gf_str_is(verb, "into"))
        return backup_into(cli, err);
    if (gf_str_is(verb, "list"))
        return backup_list(cli, err);
    return gf_fail(err, GF_EUSAGE, "cli.verb", "Write backup FILE, backup into DIR or backup list DIR.", "gongfu backup knows no \"%.*s\"", GF_STR_ARG(gf_str_slice(verb, 0, 40)));
}

/* A server's store is no file to be replaced: the backup, an archive or a store, is filled into it, which must be empty. */
static gf_status put_in_place(cli_call *cli, const char *file, gf_app_restored *restored, gf_error *err)
{
    if (gf_str_starts(cli_db(cli), GF_STR("sqlite:")))
        return gf_app_restore(cli_db(cli), file, cli_key_file(), gf_utc_now_ms, restored, err);
    *restored = (gf_app_restored){ .erased_again = 0 };
    return gf_app_restore_server(cli_db(cli), file, cli_key_file(), gf_utc_now_ms, cli->arena, err);
}

static gf_status restore_from_folder(cli_call *cli, gf_app_restored *restored, gf_error *err)
{
    gf_app_backup_folder folder;
    gf_app_snapshot snapshot;
    char path[4096];
    gf_str db = cli_db(cli);
    if (gf_str_starts(db, GF_STR("sqlite:")))
        (void)snprintf(path, sizeof path, "%.*s.fetched-%ld", GF_STR_ARG(gf_str_slice(db, strlen("sqlite:"), db.len)), (long)getpid());
    else
        (void)snprintf(path, sizeof path, "%s/gongfu-fetched-%ld", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (long)getpid());
    gf_status status = cli_backup_folder(cli, cli->argument[0], &folder, err);
    cli_make_parent(cli->arena, db);
    if (status == GF_OK)
        status = gf_app_backup_fetch(&folder, cli_option_text(cli, OPT_AT), path, cli->arena, &snapshot, err);
    if (status != GF_OK)
        return status;
    status = put_in_place(cli, path, restored, err);
    (void)unlink(path);
    return status;
}

/* Opens nothing before: the store in place may be the damaged one. */
gf_status cli_restore(cli_call *cli, gf_error *err)
{
    gf_app_restored restored;
    gf_text text;
    struct stat info;
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status != GF_OK)
        return status;
    status = stat(cli->argument[0], &info) == 0 && S_ISDIR(info.st_mode) ? restore_from_folder(cli, &restored, err) : put_in_place(cli, cli->argument[0], &restored, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    gf_report_restored_json(&restored, &text);
    return cli_write(cli, &text, err);
}

/* What a service does before it serves. */
gf_status cli_upgrade(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_text text;
    gf_status status = cli_expect(cli, 0, 0, err);
    if (status == GF_OK)
        status = cli_open(cli, true, &app, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    gf_text_format(&text, "schema %d\n", gf_app_schema_version(app));
    gf_app_close(app);
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
        status = gf_app_doctor(cli_db(cli), cli_key_file(), cli->lang, cli->arena, &table, err);
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
