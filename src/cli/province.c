/* gongfu demo province: the folder of an invented province. */
#include "app/gf_app_province.h"
#include "cli/cli.h"

static gf_status whole_option(const cli_call *cli, cli_option option, const char *name, int64_t *value, gf_error *err)
{
    if (!cli->option[option] || (gf_str_to_int(cli_option_text(cli, option), value) && *value >= 0))
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "cli.number", "Write digits only.", "%s cannot take \"%.40s\"", name, cli->option[option]);
}

static void tell_json(const gf_app_province_made *made, const char *folder, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "folder", folder);
    gf_json_int(&json, "lines", made->lines);
    gf_json_int(&json, "entries", made->entries);
    gf_json_int(&json, "bytes", made->bytes);
    gf_json_begin(&json, "rows", '{');
    for (size_t i = 0; i < made->file_count; i++)
        gf_json_int(&json, made->files[i].name, made->files[i].rows);
    gf_json_end(&json, '}');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

static void tell_text(const cli_call *cli, const gf_app_province_made *made, const char *folder, gf_text *out)
{
    for (size_t i = 0; i < made->file_count; i++)
        gf_text_format(out, "  %-20s %lld\n", made->files[i].name, (long long)made->files[i].rows);
    gf_text_format(out, cli_word(cli, "%s:账目 %lld 行,共 %lld 字节;全部虚构\n", "%s: %lld lines of the ledger, %lld bytes; all invented\n"), folder, (long long)made->lines, (long long)made->bytes);
}

/* gongfu demo province --seed S [--lines N] [--out DIR] */
gf_status demo_province(cli_call *cli, gf_error *err)
{
    int64_t seed = 1, lines = GF_APP_PROVINCE_LINES;
    char folder[48];
    gf_app_province_made made;
    gf_text text;
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = whole_option(cli, OPT_SEED, "--seed", &seed, err);
    if (status == GF_OK)
        status = whole_option(cli, OPT_LINES, "--lines", &lines, err);
    (void)snprintf(folder, sizeof folder, "province-%lld", (long long)seed);
    gf_app_province_options options = { .folder = cli->option[OPT_OUT] ? cli->option[OPT_OUT] : folder, .seed = (uint64_t)seed, .lines = lines, .cancelled = cli_cancelled };
    if (status == GF_OK)
        status = gf_app_province_write(&options, &made, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, cli->arena);
    if (cli->option[OPT_JSON])
        tell_json(&made, options.folder, &text);
    else
        tell_text(cli, &made, options.folder, &text);
    cli_call told = *cli;
    told.option[OPT_OUT] = NULL;   /* it named the folder */
    return cli_write(&told, &text, err);
}
