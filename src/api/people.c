/* Sessions, accounts, logs: the same calls for the page and for programs.
 *
 * Logging in runs in the slow lane, for the password takes tens of milliseconds. The cookie is HttpOnly, SameSite=Lax
 * and, over TLS, Secure; the mark that a write must carry comes in the body, where another site's page cannot read it.
 */
#include "api/api.h"

#include <string.h>

/* ---- Coming in ---- */

/* The store keeps only the mark of the token; the browser keeps it where scripts cannot read it. */
static gf_status set_cookie(api_call *call, gf_str token, bool away, gf_error *err)
{
    gf_text text = api_text(call);
    gf_text_format(&text, "gongfu_session=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s", GF_STR_ARG(token), call->request->encrypted ? "; Secure" : "", away ? "; Max-Age=0" : "");
    return gf_http_add_header(call->request, call->out, "Set-Cookie", gf_text_str(&text)) ? GF_OK : gf_fail_memory(err);
}

/* A page of another site may not log anybody in: a form cannot send this type without asking first. */
static gf_status require_json(const api_call *call, gf_error *err)
{
    if (gf_str_starts(call->request->content_type, GF_STR("application/json")))
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "api.type", "Send Content-Type: application/json.", "the body is not JSON by its type");
}

/* Without a session, in the slow lane: 401 with the sentence why, 429 while the account is locked. */
gf_status api_session_open(api_call *call, gf_error *err)
{
    gf_app_session session;
    gf_app_login login = { api_field(call, "user"), api_field(call, "password"), api_field(call, "totp"), call->request->address, call->api->options.demo };
    gf_status status = require_json(call, err);
    if (status == GF_OK)
        status = gf_app_log_in(call->app, &login, call->arena, &session, err);
    if (status != GF_OK) {
        call->out->status = status == GF_EDENIED ? 401 : status == GF_ELIMIT ? 429 : 0;
        return status;
    }
    gf_text text = api_text(call);
    gf_report_session_json(&session, &text);
    status = set_cookie(call, session.token, false, err);
    return status == GF_OK ? api_send_text(call, &text, err) : status;
}

gf_status api_session_get(api_call *call, gf_error *err)
{
    gf_text text = api_text(call);
    gf_report_session_json(&call->session, &text);
    return api_send_text(call, &text, err);
}

/* The cookie's session, whoever else's tokens go on. The gate forgets all, so that it ends at once and not in a second. */
gf_status api_session_close(api_call *call, gf_error *err)
{
    gf_str token = gf_http_cookie(gf_http_header(call->request, "Cookie"), "gongfu_session");
    gf_status status = gf_app_session_end(call->app, token, &call->session.actor, err);
    gate_forget_all(call->api->gate);
    if (status == GF_OK)
        status = set_cookie(call, (gf_str){ "", 0 }, true, err);
    return status == GF_OK ? api_no_content(call) : status;
}

/* Ends every session of the user, this one too. */
gf_status api_password(api_call *call, gf_error *err)
{
    gf_status status = gf_app_password_change(call->app, &call->session.actor, api_field(call, "old"), api_field(call, "new"), call->arena, err);
    gate_forget_all(call->api->gate);
    return status == GF_OK ? api_no_content(call) : status;
}

/* As an otpauth address, which an authenticator reads from a picture. Route and answer are secret: never kept for an
 * Idempotency-Key. */
gf_status api_totp_begin(api_call *call, gf_error *err)
{
    gf_str secret;
    gf_json json;
    gf_text text = api_text(call), uri = api_text(call);
    gf_status status = gf_app_totp_begin(call->app, &call->session.actor, call->arena, &secret, err);
    if (status != GF_OK)
        return status;
    gf_text_format(&uri, "otpauth://totp/gongfu:%.*s?secret=%.*s&issuer=gongfu", GF_STR_ARG(call->session.actor.user), GF_STR_ARG(secret));
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "secret", secret);
    gf_json_str(&json, "uri", gf_text_str(&uri));
    gf_json_end(&json, '}');
    return api_send_text(call, &text, err);
}

/* From now on the role's rights are there: the gate must not believe what it knew. */
gf_status api_totp_confirm(api_call *call, gf_error *err)
{
    gf_status status = gf_app_totp_confirm(call->app, &call->session.actor, api_field(call, "code"), call->arena, err);
    gate_forget_all(call->api->gate);
    return status == GF_OK ? api_no_content(call) : status;
}

/* Empty unless the server was started with --demo. */
gf_status api_demo_accounts(api_call *call, gf_error *err)
{
    gf_json json;
    gf_text text = api_text(call);
    bool zh = gf_str_is(call->lang, "zh");
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "accounts", '[');
    for (size_t i = 0; call->api->options.demo && i < GF_APP_DEMO_ACCOUNT_COUNT; i++) {
        const gf_app_demo_account *a = &GF_APP_DEMO_ACCOUNTS[i];
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "user", a->user);
        gf_json_cstr(&json, "password", a->password);
        gf_json_cstr(&json, "role", a->role);
        gf_json_cstr(&json, "name", zh ? a->name_zh : a->name_en);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    return api_send_text(call, &text, err);
}

/* Without a session: the token of the link is what lets in. */
gf_status api_invitation(api_call *call, gf_error *err)
{
    gf_status status = require_json(call, err);
    if (status == GF_OK)
        status = gf_app_invitation_take(call->app, api_field(call, "token"), api_field(call, "password"), call->request->address, call->arena, err);
    return status == GF_OK ? api_no_content(call) : status;
}

/* ---- Accounts ---- */

gf_status api_users(api_call *call, gf_error *err)
{
    gf_app_user *users;
    size_t count;
    gf_text text = api_text(call);
    gf_status status = gf_app_require_area(&call->session.actor, "users", err);
    if (status == GF_OK)
        status = gf_app_users(call->app, call->arena, &users, &count, err);
    if (status != GF_OK)
        return status;
    gf_report_users_json(users, count, &text);
    return api_send_text(call, &text, err);
}

/* A list of ids as the store keeps it; data NULL when it is not given. */
static gf_str joined(api_call *call, const char *name)
{
    const json_t *list = json_object_get(call->body, name), *item;
    size_t i;
    gf_text text = api_text(call);
    if (!list)
        return (gf_str){ NULL, 0 };
    gf_text_add_c(&text, "");
    json_array_foreach(list, i, item)
        gf_text_format(&text, "%s%s", i ? ";" : "", json_string_value(item));
    return gf_str_copy(call->arena, gf_text_str(&text));
}

/* A field that is not given has data NULL: a change leaves it as it is. */
static gf_app_user read_user(api_call *call)
{
    return (gf_app_user){ .id = api_field(call, "id"), .name = api_field(call, "name"), .role = api_field(call, "role"), .scope = api_field(call, "scope"), .units = joined(call, "units"),
                          .unit = api_field(call, "unit"), .place = api_field(call, "place"), .state = api_field(call, "state") };
}

/* A path without a host: only the reader's browser knows under which address it came. */
static gf_status send_invitation(api_call *call, gf_str token, int code, gf_error *err)
{
    gf_json json;
    gf_text text = api_text(call), link = api_text(call);
    gf_text_format(&link, "/app/#/invitation?token=%.*s", GF_STR_ARG(token));
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "invitation", gf_text_str(&link));
    gf_json_end(&json, '}');
    gf_status status = api_send_text(call, &text, err);
    call->out->status = status == GF_OK ? code : 0;
    return status;
}

gf_status api_user_add(api_call *call, gf_error *err)
{
    gf_app_user user = read_user(call);
    gf_str token;
    const gf_str empty = { "", 0 };
    gf_str *const optional[] = { &user.name, &user.role, &user.scope, &user.units, &user.unit, &user.place };
    for (size_t i = 0; i < GF_COUNT(optional); i++)
        if (!optional[i]->data)
            *optional[i] = empty;
    gf_status status = gf_app_user_add(call->app, &call->session.actor, &user, call->arena, &token, err);
    return status == GF_OK ? send_invitation(call, token, 201, err) : status;
}

/* The id comes from the path, whatever the body says. */
gf_status api_user_change(api_call *call, gf_error *err)
{
    gf_app_user user = read_user(call);
    user.id = call->request->params[0];
    gf_status status = gf_app_user_change(call->app, &call->session.actor, &user, call->arena, err);
    gate_forget_all(call->api->gate);
    return status == GF_OK ? api_no_content(call) : status;
}

gf_status api_user_invite(api_call *call, gf_error *err)
{
    gf_str token;
    gf_status status = gf_app_user_invite(call->app, &call->session.actor, call->request->params[0], call->arena, &token, err);
    return status == GF_OK ? send_invitation(call, token, 201, err) : status;
}

gf_status api_user_unlock(api_call *call, gf_error *err)
{
    gf_status status = gf_app_user_unlock(call->app, &call->session.actor, call->request->params[0], err);
    return status == GF_OK ? api_no_content(call) : status;
}

/* ---- Logs ---- */

/* A cell that a spreadsheet would take for a formula is put in as text. */
static void add_cell(gf_text *text, gf_str value, const char *end)
{
    bool formula = value.len && strchr("=+-@\t\r", value.data[0]);
    gf_text_add_c(text, formula ? "\"'" : "\"");
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '"')
            gf_text_add_char(text, '"');
        gf_text_add_char(text, value.data[i]);
    }
    gf_text_add_c(text, "\"");
    gf_text_add_c(text, end);
}

static gf_status send_log_csv(api_call *call, const gf_app_log_line *lines, size_t count, gf_error *err)
{
    char at[GF_UTC_BYTES];
    gf_text text = api_text(call);
    gf_text_add_c(&text, "\xEF\xBB\xBFid,at_utc,actor,role,address,action,object,outcome,reason,hash\n");
    for (size_t i = 0; i < count; i++) {
        const gf_app_log_line *l = &lines[i];
        const gf_str cells[] = { { at, gf_utc_format(l->at, at) }, l->actor, l->role, l->address, l->action, l->object, l->outcome, l->reason, l->hash };
        gf_text_format(&text, "%lld,", (long long)l->id);
        for (size_t k = 0; k < GF_COUNT(cells); k++)
            add_cell(&text, cells[k], k + 1 < GF_COUNT(cells) ? "," : "\n");
    }
    call->out->type = "text/csv; charset=utf-8";
    call->out->body = gf_text_str(&text);
    (void)gf_http_add_header(call->request, call->out, "Content-Disposition", GF_STR("attachment; filename=\"log.csv\""));
    return gf_text_done(&text, err);
}

/* A page as JSON, or up to a thousand lines as CSV, which is logged itself. */
static gf_status send_log(api_call *call, const char *log, const char *area, gf_error *err)
{
    gf_app_log_line *lines;
    size_t count;
    int64_t next;
    bool csv = gf_str_is(api_query(call, "format"), "csv");
    gf_app_log_ask ask = { log, api_query(call, "actor"), api_query(call, "action"), api_query(call, "from"), api_query(call, "to"), api_query(call, "q"),
                           api_query_int(call, "cursor", 0), api_query_int(call, "limit", csv ? 1000 : 50) };
    gf_status status = gf_app_require_area(&call->session.actor, area, err);
    if (status == GF_OK)
        status = gf_app_log_read(call->app, &ask, call->arena, &lines, &count, &next, err);
    if (status != GF_OK)
        return status;
    if (csv) {  /* what leaves the house is written down */
        status = gf_app_log_alone(call->app, &call->session.actor, "export", gf_str_of(log), (gf_str){ "", 0 }, err);
        return status == GF_OK ? send_log_csv(call, lines, count, err) : status;
    }
    gf_text text = api_text(call);
    gf_report_log_json(lines, count, next, &text);
    return api_send_text(call, &text, err);
}

gf_status api_log_operations(api_call *call, gf_error *err) { return send_log(call, "operations", "logs", err); }
gf_status api_log_logins(api_call *call, gf_error *err) { return send_log(call, "logins", "logins", err); }
