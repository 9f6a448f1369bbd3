/* Commands about people and keys: user, token, key. On the machine itself: who may run them may do everything.
 *
 * They act as "cli" and are logged as that. The first administrator comes from here, by a one-time link: no password
 * is ever an argument, where other users of the machine could read it.
 */
#include "cli/cli.h"

#include <string.h>

typedef gf_status people_fn(cli_call *cli, gf_app *app, gf_text *out, gf_error *err);

/* The word behind the command, "" when it is not there; an option that was not given keeps data NULL, which a change
 * reads as "leave it as it is". */
static gf_str argument(const cli_call *cli, size_t i) { return i < cli->argument_count ? gf_str_of(cli->argument[i]) : (gf_str){ "", 0 }; }
static gf_str option_or_null(const cli_call *cli, cli_option option) { return cli->option[option] ? gf_str_of(cli->option[option]) : (gf_str){ NULL, 0 }; }

/* Commas as people write them, semicolons as the store keeps them. */
static gf_str list_option(const cli_call *cli, cli_option option)
{
    char *copy = (char *)(uintptr_t)gf_str_cstr(cli->arena, cli_option_text(cli, option));
    for (char *c = copy; c && *c; c++)
        *c = *c == ',' ? ';' : *c;
    return cli->option[option] ? gf_str_of(copy) : (gf_str){ NULL, 0 };
}

static gf_app_user user_of(const cli_call *cli, gf_str id)
{
    return (gf_app_user){ .id = id, .name = option_or_null(cli, OPT_NAME), .role = option_or_null(cli, OPT_ROLE), .scope = option_or_null(cli, OPT_SCOPE), .units = list_option(cli, OPT_UNITS),
                          .unit = option_or_null(cli, OPT_UNIT), .place = option_or_null(cli, OPT_PLACE) };
}

/* The path alone: the command does not know under which address the server is reached. */
static void tell_link(const cli_call *cli, gf_str token, gf_text *out)
{
    gf_text_format(out, "%s\n/app/#/invitation?token=%.*s\n", cli_word(cli, "一次性链接(三天内有效),接在服务地址后面打开:", "One-time link (three days), to be opened behind the address of the server:"),
                   GF_STR_ARG(token));
}

/* On the machine itself a role is given at once; from the browser an account begins as a viewer. */
static gf_status user_add(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    gf_app_user user = user_of(cli, argument(cli, 1));
    gf_str token;
    const gf_str empty = { "", 0 };
    gf_str *const optional[] = { &user.scope, &user.units, &user.unit, &user.place };
    for (size_t i = 0; i < GF_COUNT(optional); i++)
        *optional[i] = optional[i]->data ? *optional[i] : empty;
    user.name = user.name.data ? user.name : user.id;
    if (!user.role.data)
        return gf_fail(err, GF_EUSAGE, "cli.role", "Write --role office, finance, unit, village, warden, engineer, teacher, viewer, system_admin, security_admin or audit_admin.", "--role is missing");
    gf_status status = gf_app_user_add(app, &GF_APP_ACTOR_CLI, &user, cli->arena, &token, err);
    if (status == GF_OK)
        tell_link(cli, token, out);
    return status;
}

static gf_status user_invite(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    gf_str token;
    gf_status status = gf_app_user_invite(app, &GF_APP_ACTOR_CLI, argument(cli, 1), cli->arena, &token, err);
    if (status == GF_OK)
        tell_link(cli, token, out);
    return status;
}

static gf_status user_set(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    gf_app_user user = user_of(cli, argument(cli, 1));
    (void)out;
    return gf_app_user_change(app, &GF_APP_ACTOR_CLI, &user, cli->arena, err);
}

/* Every session of the user ends with it. An account without a password becomes invited, not active. */
static gf_status change_state(cli_call *cli, gf_app *app, const char *state, gf_error *err)
{
    gf_app_user user = { .id = argument(cli, 1), .state = gf_str_of(state) };
    return gf_app_user_change(app, &GF_APP_ACTOR_CLI, &user, cli->arena, err);
}

static gf_status user_disable(cli_call *cli, gf_app *app, gf_text *out, gf_error *err) { (void)out; return change_state(cli, app, "disabled", err); }
static gf_status user_enable(cli_call *cli, gf_app *app, gf_text *out, gf_error *err) { (void)out; return change_state(cli, app, "active", err); }
static gf_status user_unlock(cli_call *cli, gf_app *app, gf_text *out, gf_error *err) { (void)out; return gf_app_user_unlock(app, &GF_APP_ACTOR_CLI, argument(cli, 1), err); }

static gf_status user_list(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    gf_app_user *users;
    size_t count;
    gf_status status = gf_app_users(app, cli->arena, &users, &count, err);
    if (status == GF_OK && cli->option[OPT_JSON])
        gf_report_users_json(users, count, out);
    for (size_t i = 0; status == GF_OK && !cli->option[OPT_JSON] && i < count; i++)
        gf_text_format(out, "%-20.*s %-16.*s %-8.*s %-9.*s %.*s\n", GF_STR_ARG(users[i].id), GF_STR_ARG(users[i].role), GF_STR_ARG(users[i].scope), GF_STR_ARG(users[i].state), GF_STR_ARG(users[i].name));
    return status;
}

/* Told once: the store keeps its mark only. */
static gf_status token_add(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    gf_str token;
    int64_t days = 30;
    if (cli->option[OPT_DAYS] && !gf_str_to_int(cli_option_text(cli, OPT_DAYS), &days))
        return gf_fail(err, GF_EUSAGE, "cli.days", "Write --days 30.", "--days is no whole number");
    gf_status status = gf_app_token_add(app, &GF_APP_ACTOR_CLI, argument(cli, 1), cli_option_text(cli, OPT_NAME), days, cli->arena, &token, err);
    if (status == GF_OK)
        gf_text_format(out, "%.*s\n", GF_STR_ARG(token));
    return status;
}

static gf_status token_list(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    gf_app_table table;
    gf_status status = gf_app_tokens(app, cli->lang, cli->arena, &table, err);
    if (status == GF_OK && cli->option[OPT_JSON])
        gf_report_table_json(&table, out);
    else if (status == GF_OK)
        gf_report_table_text(&table, out);
    return status;
}

static gf_status token_revoke(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    (void)out;
    return gf_app_token_revoke(app, &GF_APP_ACTOR_CLI, argument(cli, 1), err);
}

/* ---- One person's data ---- */

/* "persons/pe-1": the register and the record of the word behind the verb. */
static gf_status take_record(const cli_call *cli, const gf_register **reg, gf_str *key, gf_error *err)
{
    gf_str word = argument(cli, 1);
    size_t slash = gf_str_find(word, GF_STR("/"));
    *reg = gf_register_find(gf_str_slice(word, 0, slash));
    *key = gf_str_slice(word, slash + 1, word.len);
    if (*reg && slash < word.len && key->len)
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "cli.record", "Write persons/ID, households/ID or household_members/ID.", "\"%.*s\" names no record", GF_STR_ARG(gf_str_slice(word, 0, 80)));
}

static gf_status person_erase(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    const gf_register *reg;
    gf_str key;
    gf_app_erased erased;
    gf_status status = take_record(cli, &reg, &key, err);
    if (status == GF_OK)
        status = gf_app_erase(app, &GF_APP_ACTOR_CLI, reg, key, cli_option_text(cli, OPT_REASON), cli->arena, &erased, err);
    if (status == GF_OK)
        gf_text_format(out, "{\"certificate\":\"erasures/%.*s\",\"texts\":%lld}\n", GF_STR_ARG(erased.certificate), (long long)erased.texts);
    return status;
}

static gf_status person_copy(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    const gf_register *reg;
    gf_str key, format = cli->option[OPT_FORMAT] ? cli_option_text(cli, OPT_FORMAT) : GF_STR("json");
    gf_app_own_copy copy;
    gf_status status = cli_check_format(format, "json|pdf", err);
    if (status == GF_OK)
        status = take_record(cli, &reg, &key, err);
    if (status == GF_OK)
        status = gf_app_own_copy_make(app, &GF_APP_ACTOR_CLI, reg, key, cli_option_text(cli, OPT_REASON), cli->arena, &copy, err);
    if (status == GF_OK && gf_str_is(format, "pdf"))
        return gf_report_own_copy_pdf(&copy, cli->lang, out, err);
    if (status == GF_OK)
        gf_report_own_copy_json(&copy, out);
    return status;
}

static gf_status person_retain(cli_call *cli, gf_app *app, gf_text *out, gf_error *err)
{
    int64_t count = 0;
    bool dry = cli->option[OPT_DRY_RUN] != NULL;
    gf_status status = gf_app_retain(app, &GF_APP_ACTOR_CLI, dry, &count, err);
    if (status == GF_OK)
        gf_text_format(out, "{\"%s\":%lld}\n", dry ? "due" : "erased", (long long)count);
    return status;
}

static const struct { const char *area, *verb; size_t words; people_fn *run; } VERBS[] = {
    { "user", "add", 2, user_add },         { "user", "list", 1, user_list },     { "user", "invite", 2, user_invite }, { "user", "set", 2, user_set },
    { "user", "disable", 2, user_disable }, { "user", "enable", 2, user_enable }, { "user", "unlock", 2, user_unlock }, { "token", "add", 2, token_add },
    { "token", "list", 1, token_list },     { "token", "revoke", 2, token_revoke },
    { "person", "erase", 2, person_erase }, { "person", "copy", 2, person_copy }, { "person", "retain", 1, person_retain },
};

/* A batch of one part, so that a refusal is logged as on the server. What is printed is printed once it is kept. */
static gf_status run_verb(cli_call *cli, size_t verb, gf_error *err)
{
    gf_app *app = NULL;
    gf_text out;
    gf_text_init(&out, cli->arena);
    gf_status status = cli_expect(cli, VERBS[verb].words, VERBS[verb].words, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_batch_begin(app, err);
    if (status == GF_OK) {
        status = gf_app_part_begin(app, &GF_APP_ACTOR_CLI, err);
        if (status == GF_OK)
            status = gf_app_part_end(app, &GF_APP_ACTOR_CLI, VERBS[verb].run(cli, app, &out, err), err);
        gf_status kept = gf_app_batch_end(app, status == GF_OK ? err : NULL);
        status = status == GF_OK ? kept : status;
    }
    if (status == GF_OK && (VERBS[verb].run == person_erase || VERBS[verb].run == person_retain))
        status = gf_app_erase_settle(app, err);
    gf_app_close(app);
    return status == GF_OK ? cli_write(cli, &out, err) : status;
}

static gf_status run_area(cli_call *cli, const char *area, gf_error *err)
{
    gf_str verb = argument(cli, 0);
    for (size_t i = 0; i < GF_COUNT(VERBS); i++)
        if (strcmp(VERBS[i].area, area) == 0 && gf_str_is(verb, VERBS[i].verb))
            return run_verb(cli, i, err);
    return gf_fail(err, GF_EUSAGE, "cli.verb", "gongfu help shows each command.", "gongfu %s knows no \"%.*s\"", area, GF_STR_ARG(gf_str_slice(verb, 0, 40)));
}

gf_status cli_user(cli_call *cli, gf_error *err) { return run_area(cli, "user", err); }
gf_status cli_token(cli_call *cli, gf_error *err) { return run_area(cli, "token", err); }
gf_status cli_person(cli_call *cli, gf_error *err) { return run_area(cli, "person", err); }

/* Also while a server runs: it sees that what it holds is not the key any more before it wraps with it. */
gf_status cli_key(cli_call *cli, gf_error *err)
{
    gf_app *app = NULL;
    gf_text out;
    int64_t count = 0;
    gf_text_init(&out, cli->arena);
    if (!gf_str_is(argument(cli, 0), "rotate"))
        return gf_fail(err, GF_EUSAGE, "cli.verb", "Write gongfu key rotate.", "gongfu key knows only rotate");
    gf_status status = cli_expect(cli, 1, 1, err);
    if (status == GF_OK)
        status = cli_open(cli, false, &app, err);
    if (status == GF_OK)
        status = gf_app_rotate_key(app, &count, err);
    gf_app_close(app);
    if (status != GF_OK)
        return status;
    gf_text_format(&out, cli_word(cli, "已换主密钥,重新包裹了 %lld 把密钥\n", "new master key; %lld keys were wrapped again\n"), (long long)count);
    return cli_write(cli, &out, err);
}
