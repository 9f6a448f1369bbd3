/* gongfu import: files from Excel, their templates, and taking a whole import back: the same use cases as the page,
 * with the progress on the terminal and the errors as lines or as a workbook.
 */
#include "cli/cli.h"

#include <string.h>
#include <unistd.h>

static const size_t FILE_BYTES_MAX = (size_t)256 << 20;
enum { CHOICES_MAX = 2000 };

static bool show_progress(void *context, const char *stage, int64_t done, int64_t total)
{
    (void)context, (void)total;
    if (isatty(STDERR_FILENO) && done > 2000)
        (void)fprintf(stderr, "\r%s %lld", stage, (long long)done);
    return !cli_cancelled();
}

static gf_status find_register(const cli_call *cli, gf_str name, const gf_register **out, gf_error *err)
{
    (void)cli;
    *out = gf_register_find(name);
    return *out ? GF_OK : gf_fail(err, GF_EUSAGE, "cli.register", "Write --register units, visits, entries ...", "there is no register \"%.*s\"", GF_STR_ARG(gf_str_slice(name, 0, 40)));
}

/* With the keys that are in the store now as lists to choose from, at most CHOICES_MAX for each column. */
static gf_status write_template(cli_call *cli, gf_error *err)
{
    const gf_register *reg;
    gf_app *app = NULL;
    const char *path = cli->option[OPT_OUT];
    gf_status status = find_register(cli, cli_option_text(cli, OPT_TEMPLATE), &reg, err);
    if (status == GF_OK && !path)
        return gf_fail(err, GF_EUSAGE, "cli.out", "Write --out FILE.xlsx.", "--out is missing");
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status != GF_OK)
        return status;
    gf_report_choices *choices = gf_new(cli->arena, gf_report_choices, reg->column_count);
    for (size_t i = 0; status == GF_OK && choices && i < reg->column_count; i++) {
        if (reg->columns[i].type != GF_COLUMN_REF)
            continue;
        gf_app_choice *rows = gf_new(cli->arena, gf_app_choice, CHOICES_MAX);
        size_t count = 0;
        status = rows ? gf_app_choices(app, &GF_APP_ACTOR_CLI, &reg->columns[i], cli->arena, rows, CHOICES_MAX, &count, err) : gf_fail_memory(err);
        choices[i] = (gf_report_choices){ rows, count };
    }
    gf_app_close(app);
    return status == GF_OK ? gf_report_template_xlsx(reg, choices, path, err) : status;
}

static bool take_row(void *context, int64_t row, const gf_str *cells, size_t count) { return gf_report_errors_row(context, row, cells, count); }

/* Reads the file a second time: the rows were not kept while it was checked. */
static gf_status write_errors(cli_call *cli, const char *path, gf_str name, gf_str bytes, const gf_app_imported *imported, gf_error *err)
{
    gf_report_errors *book = NULL;
    (void)cli;
    gf_status status = gf_report_errors_open(path, imported, &book, err);
    if (status != GF_OK)
        return status;
    gf_status rows = gf_app_sheet_rows(name, bytes, take_row, book, err);
    status = gf_report_errors_close(book, rows == GF_OK ? err : NULL);
    return rows == GF_OK ? status : rows;
}

/* Exit 1 when rows were refused, dry or not; nothing was kept then. */
static gf_status import_file(cli_call *cli, gf_error *err)
{
    const char *path = cli->argument[0], *slash = strrchr(path, '/');
    gf_app *app = NULL;
    gf_app_imported imported;
    gf_app_import_options options = { .name = gf_str_of(slash ? slash + 1 : path), .dry = cli->option[OPT_DRY_RUN] != NULL, .progress = show_progress };
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = find_register(cli, cli_option_text(cli, OPT_REGISTER), &options.reg, err);
    if (status == GF_OK)
        status = cli_read_file(cli, path, FILE_BYTES_MAX, &options.bytes, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_land_table(app, options.reg, cli->arena, &options.name, &options.bytes, err);
    if (status == GF_OK)
        status = gf_app_import(app, &GF_APP_ACTOR_CLI, &options, cli->arena, &imported, err);
    gf_app_close(app);
    if (status == GF_OK && cli->option[OPT_ERRORS] && imported.error_count)
        status = write_errors(cli, cli->option[OPT_ERRORS], options.name, options.bytes, &imported, err);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON])
        gf_report_imported_json(&imported, &text);
    else
        gf_report_imported_text(&imported, cli->lang, &text);
    status = cli_write(cli, &text, err);
    return status == GF_OK && imported.error_count ? GF_ENO : status;
}

/* All of the import or nothing: err names the record that stands against it. */
static gf_status undo(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    int64_t id;
    gf_status status = cli_expect(cli, 2, 2, err);
    if (status == GF_OK && (!gf_str_to_int(gf_str_of(cli->argument[1]), &id) || id < 1))
        return gf_fail(err, GF_EUSAGE, "cli.import", "gongfu import list shows them.", "\"%.40s\" is no number of an import", cli->argument[1]);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_import_undo(app, &GF_APP_ACTOR_CLI, id, err);
    gf_app_close(app);
    return status;
}

static gf_status list(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_import_line *lines;
    size_t count;
    gf_text text;
    gf_text_init(&text, cli->arena);
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_imports(app, &GF_APP_ACTOR_CLI, cli->arena, &lines, &count, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    if (cli->option[OPT_JSON])
        gf_report_imports_json(lines, count, &text);
    for (size_t i = 0; !cli->option[OPT_JSON] && i < count; i++)
        gf_text_format(&text, "%5lld  %-20.*s %-8.*s +%lld ~%lld  %.*s\n", (long long)lines[i].id, GF_STR_ARG(lines[i].reg), GF_STR_ARG(lines[i].state), (long long)lines[i].added, (long long)lines[i].changed,
                       GF_STR_ARG(lines[i].file));
    return cli_write(cli, &text, err);
}

/* undo and list are words of their own, so a file of such a name is written ./undo. */
gf_status cli_import(cli_call *cli, gf_error *err)
{
    if (cli->option[OPT_TEMPLATE])
        return write_template(cli, err);
    if (cli->argument_count && strcmp(cli->argument[0], "undo") == 0)
        return undo(cli, err);
    if (cli->argument_count && strcmp(cli->argument[0], "list") == 0)
        return list(cli, err);
    gf_status status = cli_expect(cli, 1, 1, err);
    return status == GF_OK ? import_file(cli, err) : status;
}
