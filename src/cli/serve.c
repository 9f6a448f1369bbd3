/* gongfu serve, and what of its settings is read again while it serves.
 *
 * A service has its options in a file of lines NAME=VALUE, which its manager reads when it starts it (packaging/gongfu.default). With
 * --settings the server reads the same file when it is told to reload: what the file names is taken, what it does not name stays
 * as it was given on the command line. Which of it can change without a restart is api's to say.
 */
#include "cli/cli.h"

#include <string.h>

enum { SETTINGS_BYTES_MAX = 1 << 16, WORDS_MAX = 64 };

/* Half a pair of TLS files is a mistake, never a reason to serve without. */
static gf_status read_options(const cli_call *cli, gf_cli_serve *out, gf_error *err)
{
    if ((cli->option[OPT_TLS_CERT] == NULL) != (cli->option[OPT_TLS_KEY] == NULL))
        return gf_fail(err, GF_EUSAGE, "cli.tls", "Give --tls-cert and --tls-key together.", "one of the two is missing");
    out->behind_proxy = out->behind_proxy || cli->option[OPT_BEHIND_PROXY];
    out->demo = out->demo || cli->option[OPT_DEMO];
    if (cli->option[OPT_LISTEN])
        out->listen = cli_option_text(cli, OPT_LISTEN);
    if (cli->option[OPT_TLS_KEY]) {
        out->tls_certificate = cli_option_text(cli, OPT_TLS_CERT);
        out->tls_key = cli_option_text(cli, OPT_TLS_KEY);
    }
    return cli->option[OPT_BACKUP] ? cli_backup_folder(cli, cli->option[OPT_BACKUP], &out->backup, err) : GF_OK;
}

/* The value of the last line NAME=VALUE, without the quotes around it; data NULL when there is none. */
static gf_str value_of(gf_str file, const char *name)
{
    gf_str found = { NULL, 0 }, line, key;
    while (gf_str_cut(&file, '\n', &line)) {
        gf_str rest = gf_str_trim(line);
        if (!gf_str_cut(&rest, '=', &key) || !gf_str_is(gf_str_trim(key), name))
            continue;
        rest = gf_str_trim(rest);
        bool quoted = rest.len >= 2 && (rest.data[0] == '"' || rest.data[0] == '\'') && rest.data[rest.len - 1] == rest.data[0];
        found = quoted ? gf_str_slice(rest, 1, rest.len - 1) : rest;
    }
    return found;
}

/* As the service's manager splits them: at blanks. */
static gf_status take_line(cli_call *cli, gf_str line, gf_error *err)
{
    char *words[WORDS_MAX + 1] = { (char[]){ "gongfu" } };
    int count = 1;
    gf_str word;
    while (gf_str_cut(&line, ' ', &word)) {
        if (gf_str_trim(word).len == 0)
            continue;
        if (count == WORDS_MAX)
            return gf_fail(err, GF_ELIMIT, "cli.settings", "", "GONGFU_OPTIONS has more than %d words", WORDS_MAX);
        gf_text copy;
        gf_text_init(&copy, cli->arena);
        gf_text_add(&copy, gf_str_trim(word));
        words[count++] = copy.data;
        if (gf_text_done(&copy, err) != GF_OK)
            return GF_ENOMEM;
    }
    gf_status status = cli_take_words(cli, count, words, err);
    return status == GF_OK ? cli_expect(cli, 0, 0, err) : status;
}

static gf_status reread(const gf_cli_serve *given, gf_arena *keep, gf_cli_serve *out, gf_error *err)
{
    gf_str file;
    cli_call *cli = gf_new(keep, cli_call, 1);
    const struct { const char *name; gf_str *to; } PLACES[] = { { "GONGFU_DB", &out->db }, { "GONGFU_KEY_FILE", &out->key_file }, { "GONGFU_LISTEN", &out->listen } };
    if (!cli)
        return gf_fail_memory(err);
    *out = *given;
    cli->arena = keep;
    gf_status status = cli_read_file(cli, gf_str_cstr(keep, given->settings), SETTINGS_BYTES_MAX, &file, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < GF_COUNT(PLACES); i++) {
        gf_str value = value_of(file, PLACES[i].name);
        if (value.len)
            *PLACES[i].to = value;
    }
    status = take_line(cli, value_of(file, "GONGFU_OPTIONS"), err);
    return status == GF_OK ? read_options(cli, out, err) : status;
}

gf_status cli_serve_pages(cli_call *cli, gf_error *err)
{
    gf_status status = cli_expect(cli, 0, 0, err);
    gf_cli_serve serve = { .db = cli_db(cli), .key_file = cli_key_file(), .listen = GF_STR_INIT("127.0.0.1:8080"), .settings = cli_option_text(cli, OPT_SETTINGS) };
    serve.reread = serve.settings.len ? reread : NULL;
    if (status == GF_OK)
        status = read_options(cli, &serve, err);
    return status == GF_OK ? cli->doors->serve(&serve, err) : status;
}
