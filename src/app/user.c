/* Accounts of users: made by the system administrator, given role and scope by the security administrator.
 *
 * The three administrators stand apart: who makes an account cannot give it rights, and nobody changes his own. Every
 * change ends the sessions of whom it is about and is logged; what scopes open is written out again, so that a list
 * asks an index and not the rules.
 */
#include "app/access.h"
#include "app/keys.h"
#include "app/user.h"

#include <string.h>

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 200, ID_MAX = 60, INVITATION_DAYS = 3, USERS_FIRST = 64 };
#define DAY_MS INT64_C(86400000)

static const char *const SCOPES[] = { "all", "units", "unit", "below", "own" };
static const char *const STATES[] = { "invited", "active", "disabled" };

/* ---- Rows ---- */

static void take_row(gf_stmt *stmt, gf_arena *keep, user_row *out)
{
    gf_str *const texts[] = { &out->id, &out->name, &out->role, &out->scope, &out->units, &out->unit, &out->place, &out->state, &out->password, &out->totp, &out->invitation };
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        *texts[i] = gf_row_copy(stmt, (int)i, keep);
    out->demo = gf_row_int(stmt, 11) != 0;
    int64_t *const numbers[] = { &out->totp_step, &out->failures, &out->version, &out->locked_until, &out->last_login, &out->invitation_until };
    for (size_t i = 0; i < GF_COUNT(numbers); i++)
        *numbers[i] = gf_row_int(stmt, 12 + (int)i);
}

gf_status user_read(gf_app *app, gf_str id, gf_arena *keep, user_row *out, bool *found, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "user_read");
    gf_stmt_str(stmt, 1, id);
    *found = gf_stmt_row(stmt);
    if (*found)
        take_row(stmt, keep, out);
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status user_write(gf_app *app, const user_row *row, gf_error *err)
{
    const gf_str texts[] = { row->id, row->name, row->role, row->scope, row->units, row->unit, row->place, row->state, row->password, row->totp, row->invitation };
    const int64_t numbers[] = { row->demo, row->totp_step, row->failures, row->version + 1, row->locked_until, row->last_login, row->invitation_until };
    gf_stmt *stmt = gf_store_named(app->store, "user_write");
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        gf_stmt_str(stmt, (int)i + 1, texts[i]);
    for (size_t i = 0; i < GF_COUNT(numbers); i++)
        gf_stmt_int(stmt, (int)(GF_COUNT(texts) + i) + 1, numbers[i]);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

static const gf_app_role *role_named(gf_str name)
{
    for (size_t i = 0; i < GF_APP_ROLE_COUNT; i++)
        if (gf_str_is(name, GF_APP_ROLES[i].name))
            return &GF_APP_ROLES[i];
    return NULL;
}

gf_app_actor user_actor(const user_row *row, gf_str address)
{
    const gf_app_role *role = role_named(row->role);
    bool totp = row->totp.len && row->totp.data[0] != '?';
    return (gf_app_actor){ .user = row->id, .name = row->name, .role = row->role, .scope = row->scope, .unit = row->unit, .place = row->place, .address = address,
                           .demo = row->demo, .totp = totp, .must_enrol = role && role->second_factor && !totp && !row->demo };
}

gf_status user_end_sessions(gf_app *app, gf_str id, gf_str but, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "session_end_of_user");
    gf_stmt_str(stmt, 1, id);
    gf_stmt_str(stmt, 2, but);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

/* ---- What a user may be ---- */

gf_status user_check_password(gf_str password, gf_error *err)
{
    if (gf_utf8_valid(password, NULL) && gf_utf8_count(password) >= PASSWORD_MIN && password.len <= PASSWORD_MAX)
        return GF_OK;
    return gf_fail(err, GF_EINPUT, "user.password", "A short sentence is easy to keep in mind.", "a password has %d to %d characters", PASSWORD_MIN, PASSWORD_MAX);
}

static bool is_one_of(gf_str word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gf_str_is(word, words[i]))
            return true;
    return false;
}

static gf_status require_known(gf_app *app, const char *reg, gf_str id, gf_error *err)
{
    char sql[80];
    if (id.len == 0)
        return GF_OK;
    (void)snprintf(sql, sizeof sql, strcmp(reg, "units") == 0 ? "SELECT 1 FROM units WHERE id = ?" : "SELECT 1 FROM places WHERE code = ?");
    gf_stmt *stmt = gf_store_text(app->store, sql);
    gf_stmt_str(stmt, 1, id);
    bool known = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return known ? GF_OK : gf_fail(err, GF_EINPUT, "user.unknown", "Take an id from the register.", "there is no \"%.*s\" in %s", GF_STR_ARG(gf_str_slice(id, 0, 60)), reg);
}

static gf_status check_user(gf_app *app, const user_row *row, gf_error *err)
{
    bool plain = row->id.len > 0 && row->id.len <= ID_MAX;
    for (size_t i = 0; i < row->id.len; i++)
        plain = plain && strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", row->id.data[i]) && row->id.data[i];
    if (!plain)
        return gf_fail(err, GF_EINPUT, "user.id", "Use small letters, digits, dot, dash and underscore.", "\"%.*s\" is no name to log in with", GF_STR_ARG(gf_str_slice(row->id, 0, 60)));
    if (!role_named(row->role))
        return gf_fail(err, GF_EINPUT, "user.role", "office, finance, unit, village, warden, engineer, teacher, viewer, system_admin, security_admin, audit_admin.",
                       "there is no role \"%.*s\"", GF_STR_ARG(gf_str_slice(row->role, 0, 40)));
    if (!is_one_of(row->scope, SCOPES, GF_COUNT(SCOPES)))
        return gf_fail(err, GF_EINPUT, "user.scope", "all, units, unit, below or own.", "there is no scope \"%.*s\"", GF_STR_ARG(gf_str_slice(row->scope, 0, 40)));
    if (!is_one_of(row->state, STATES, GF_COUNT(STATES)))
        return gf_fail(err, GF_EINPUT, "user.state", "active or disabled.", "there is no state \"%.*s\"", GF_STR_ARG(gf_str_slice(row->state, 0, 40)));
    if (gf_str_is(row->scope, "unit") && row->unit.len == 0)
        return gf_fail(err, GF_EINPUT, "user.unit", "Name the unit.", "the scope unit needs a unit");
    gf_str rest = row->units, id;
    gf_status status = require_known(app, "units", row->unit, err);
    if (status == GF_OK)
        status = require_known(app, "places", row->place, err);
    while (status == GF_OK && gf_str_cut(&rest, ';', &id))
        status = require_known(app, "units", id, err);
    return status;
}

static gf_status may(const gf_app_actor *actor, const char *role, const char *what, gf_error *err)
{
    if (gf_str_is(actor->role, "cli") || (gf_str_is(actor->role, role) && !actor->must_enrol))
        return GF_OK;
    return gf_fail(err, GF_EDENIED, "user.apart", "The three administrators stand apart: ask the other one.", "only %s may %s", role, what);
}

/* ---- Invitations ---- */

static gf_status invite(gf_app *app, user_row *row, gf_arena *keep, gf_str *invitation, gf_error *err)
{
    char token[GF_SEAL_TOKEN_BYTES], mark[GF_HASH_HEX_BYTES];
    gf_seal_token(token);
    gf_seal_token_mark(gf_str_of(token), mark);
    row->invitation = gf_str_copy(keep, gf_str_of(mark));
    row->invitation_until = app->now() + INVITATION_DAYS * DAY_MS;
    *invitation = gf_str_copy(keep, gf_str_of(token));
    return invitation->data && row->invitation.data ? user_write(app, row, err) : gf_fail_memory(err);
}

gf_status gf_app_user_add(gf_app *app, const gf_app_actor *actor, const gf_app_user *user, gf_arena *keep, gf_str *invitation, gf_error *err)
{
    bool cli = gf_str_is(actor->role, "cli"), found;
    user_row row, taken;
    gf_status status = may(actor, "system_admin", "make accounts", err);
    if (status != GF_OK)
        return status;
    /* From the browser an account begins with the least: the security administrator gives it more. */
    row = (user_row){ .id = user->id, .name = user->name, .role = cli ? user->role : GF_STR("viewer"), .scope = cli && user->scope.len ? user->scope : GF_STR("own"),
                      .units = user->units, .unit = user->unit, .place = user->place, .state = GF_STR("invited") };
    if (cli && user->scope.len == 0 && role_named(user->role))
        row.scope = gf_str_of(role_named(user->role)->scope);
    status = check_user(app, &row, err);
    if (status == GF_OK)
        status = user_read(app, row.id, keep, &taken, &found, err);
    if (status == GF_OK && found)
        return gf_fail(err, GF_ECONFLICT, "user.taken", "Choose another name.", "the name \"%.*s\" is taken", GF_STR_ARG(row.id));
    if (status == GF_OK)
        status = invite(app, &row, keep, invitation, err);
    if (status == GF_OK)
        status = gf_app_log(app, actor, "user.add", row.id, "done", row.role, err);
    return status == GF_OK ? access_renew(app, err) : status;
}

static gf_status read_known(gf_app *app, gf_str id, gf_arena *keep, user_row *row, gf_error *err)
{
    bool found;
    gf_status status = user_read(app, id, keep, row, &found, err);
    if (status == GF_OK && !found)
        return gf_fail(err, GF_ENOTFOUND, "user.none", "Check the name.", "there is no user \"%.*s\"", GF_STR_ARG(gf_str_slice(id, 0, 60)));
    return status;
}

gf_status gf_app_user_invite(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_str *invitation, gf_error *err)
{
    user_row row;
    gf_status status = may(actor, "system_admin", "make links", err);
    if (status == GF_OK)
        status = read_known(app, id, keep, &row, err);
    if (status == GF_OK)
        status = invite(app, &row, keep, invitation, err);
    return status == GF_OK ? gf_app_log(app, actor, "user.invite", id, "done", (gf_str){ "", 0 }, err) : status;
}

gf_status gf_app_user_change(gf_app *app, const gf_app_actor *actor, const gf_app_user *change, gf_arena *scratch, gf_error *err)
{
    user_row row;
    gf_status status = may(actor, "security_admin", "give roles and scopes", err);
    if (status == GF_OK && gf_str_eq(actor->user, change->id))
        return gf_fail(err, GF_EDENIED, "user.self", "Ask another security administrator.", "nobody gives rights to himself");
    if (status == GF_OK)
        status = read_known(app, change->id, scratch, &row, err);
    if (status != GF_OK)
        return status;
    const struct { gf_str from, *to; const char *name; } FIELDS[] = {
        { change->name, &row.name, "name" }, { change->role, &row.role, "role" }, { change->scope, &row.scope, "scope" }, { change->units, &row.units, "units" },
        { change->unit, &row.unit, "unit" }, { change->place, &row.place, "place" }, { change->state, &row.state, "state" },
    };
    gf_text what;
    gf_text_init(&what, scratch);
    for (size_t i = 0; i < GF_COUNT(FIELDS); i++)
        if (FIELDS[i].from.data && !gf_str_eq(FIELDS[i].from, *FIELDS[i].to)) {
            gf_text_format(&what, "%s: %.*s -> %.*s; ", FIELDS[i].name, GF_STR_ARG(*FIELDS[i].to), GF_STR_ARG(FIELDS[i].from));
            *FIELDS[i].to = FIELDS[i].from;
        }
    if (gf_str_is(row.state, "active") && row.password.len == 0)
        row.state = GF_STR("invited");  /* nobody becomes active without a password */
    status = check_user(app, &row, err);
    if (status == GF_OK)
        status = user_write(app, &row, err);
    if (status == GF_OK)
        status = user_end_sessions(app, row.id, (gf_str){ "", 0 }, err);  /* rights changed: nobody goes on with the old ones */
    if (status == GF_OK)
        status = gf_app_log(app, actor, "user.change", row.id, "done", gf_text_str(&what), err);
    return status == GF_OK ? access_renew(app, err) : status;
}

gf_status gf_app_user_unlock(gf_app *app, const gf_app_actor *actor, gf_str id, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(GF_MIB);
    user_row row;
    gf_status status = scratch ? may(actor, "security_admin", "unlock accounts", err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = read_known(app, id, scratch, &row, err);
    if (status == GF_OK) {
        row.failures = 0;
        row.locked_until = 0;
        status = user_write(app, &row, err);
    }
    if (status == GF_OK)
        status = gf_app_log(app, actor, "user.unlock", id, "done", (gf_str){ "", 0 }, err);
    gf_arena_close(scratch);
    return status;
}

gf_status gf_app_users(gf_app *app, gf_arena *keep, gf_app_user **out, size_t *count, gf_error *err)
{
    size_t room = 0;
    *out = NULL;
    *count = 0;
    gf_stmt *stmt = gf_store_named(app->store, "user_all");
    while (gf_stmt_row(stmt)) {
        user_row row;
        if (*count == room) {
            gf_app_user *larger = gf_new(keep, gf_app_user, room ? room * 2 : USERS_FIRST);
            if (!larger)
                return gf_stmt_end(stmt), gf_fail_memory(err);
            if (*count)
                memcpy(larger, *out, *count * sizeof *larger);
            *out = larger;
            room = room ? room * 2 : USERS_FIRST;
        }
        take_row(stmt, keep, &row);
        (*out)[(*count)++] = (gf_app_user){ row.id, row.name, row.role, row.scope, row.units, row.unit, row.place, row.state, row.locked_until > app->now() ? row.locked_until : 0,
                                            row.last_login, row.totp.len && row.totp.data[0] != '?', row.demo, row.version };
    }
    return gf_store_ok(app->store, err);
}

/* ---- Demo accounts ---- */

const gf_app_demo_account GF_APP_DEMO_ACCOUNTS[] = {
    { "office", "demo-office-2024", "office", "团组办公室(演示)", "group office (demo)", "all", "", "" },
    { "finance", "demo-finance-2024", "finance", "财务(演示)", "finance (demo)", "all", "", "" },
    { "unit", "demo-unit-2024", "unit", "省体育局工作组(演示)", "sports bureau team (demo)", "unit", "u-sport", "" },
    { "village", "demo-village-2024", "village", "筱村镇干部(演示)", "Xiaocun town cadre (demo)", "below", "", "330329103" },
    { "warden", "demo-warden-2024", "warden", "田长(演示)", "field chief (demo)", "below", "", "330329" },
    { "engineer", "demo-engineer-2024", "engineer", "工程师(演示)", "engineer (demo)", "units", "u-hdec", "" },
    { "teacher", "demo-teacher-2024", "teacher", "支教教师(演示)", "teacher (demo)", "own", "", "" },
    { "viewer", "demo-viewer-2024", "viewer", "来访者(演示)", "visitor (demo)", "all", "", "" },
    { "system", "demo-system-2024", "system_admin", "系统管理员(演示)", "system administrator (demo)", "own", "", "" },
    { "security", "demo-security-2024", "security_admin", "安全管理员(演示)", "security administrator (demo)", "own", "", "" },
    { "audit", "demo-audit-2024", "audit_admin", "审计管理员(演示)", "audit administrator (demo)", "own", "", "" },
};
const size_t GF_APP_DEMO_ACCOUNT_COUNT = GF_COUNT(GF_APP_DEMO_ACCOUNTS);

static gf_status add_demo(gf_app *app, const gf_app_demo_account *a, gf_arena *scratch, gf_error *err)
{
    user_row row;
    bool found;
    gf_status status = user_read(app, gf_str_of(a->user), scratch, &row, &found, err);
    if (status != GF_OK || found)
        return status;
    row = (user_row){ .id = gf_str_of(a->user), .name = gf_str_of(a->name_zh), .role = gf_str_of(a->role), .scope = gf_str_of(a->scope), .units = gf_str_of(strcmp(a->scope, "units") == 0 ? a->unit : ""),
                      .unit = gf_str_of(a->unit), .place = gf_str_of(a->place), .state = GF_STR("active"), .demo = true,
                      .password = gf_seal_password(gf_str_of(a->password), scratch), .totp = GF_STR(""), .invitation = GF_STR("") };
    if (!row.password.data)
        return gf_fail_memory(err);
    status = check_user(app, &row, err);
    if (status == GF_OK)
        status = user_write(app, &row, err);
    return status == GF_OK ? gf_app_log(app, &GF_APP_ACTOR_CLI, "user.add", row.id, "done", GF_STR("demo"), err) : status;
}

gf_status gf_app_demo_accounts(gf_app *app, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(GF_MIB);
    gf_status status = scratch ? gf_store_begin(app->store, err) : gf_fail_memory(err);
    if (status != GF_OK)
        return gf_arena_close(scratch), status;
    for (size_t i = 0; status == GF_OK && i < GF_APP_DEMO_ACCOUNT_COUNT; i++)
        status = add_demo(app, &GF_APP_DEMO_ACCOUNTS[i], scratch, err);
    if (status == GF_OK)
        status = access_renew(app, err);
    if (status == GF_OK)
        status = gf_store_commit(app->store, err);
    else
        gf_store_rollback(app->store);
    gf_arena_close(scratch);
    return status;
}

/* ---- Tokens of programs ---- */

gf_status gf_app_token_add(gf_app *app, const gf_app_actor *actor, gf_str user, gf_str name, int64_t days, gf_arena *keep, gf_str *token, gf_error *err)
{
    char text[GF_SEAL_TOKEN_BYTES], mark[GF_HASH_HEX_BYTES];
    user_row row;
    gf_status status = may(actor, "system_admin", "make tokens", err);
    if (status == GF_OK)
        status = read_known(app, user, keep, &row, err);
    if (status == GF_OK && (days < 1 || days > 366))
        status = gf_fail(err, GF_EUSAGE, "token.days", "Give 1 to 366 days.", "a token lives for 1 to 366 days");
    if (status != GF_OK)
        return status;
    gf_seal_token(text);
    gf_seal_token_mark(gf_str_of(text), mark);
    gf_utc_ms now = app->now();
    gf_stmt *stmt = gf_store_named(app->store, "session_add");
    const gf_str texts[] = { gf_str_of(mark), user, GF_STR("token"), name, { "", 0 } };
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        gf_stmt_str(stmt, (int)i + 1, texts[i]);
    gf_stmt_int(stmt, 6, now);
    gf_stmt_int(stmt, 7, now);
    gf_stmt_int(stmt, 8, now + days * DAY_MS);
    (void)gf_stmt_run(stmt);
    *token = gf_str_copy(keep, gf_str_of(text));
    status = gf_store_ok(app->store, err);
    return status == GF_OK ? gf_app_log(app, actor, "token.add", user, "done", name, err) : status;
}

gf_status gf_app_token_revoke(gf_app *app, const gf_app_actor *actor, gf_str mark, gf_error *err)
{
    gf_status status = may(actor, "system_admin", "revoke tokens", err);
    if (status == GF_OK && mark.len < 8)
        status = gf_fail(err, GF_EUSAGE, "token.mark", "Give at least its first eight letters, as gongfu token list shows them.", "the mark of the token is too short");
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = gf_store_named(app->store, "token_revoke");
    gf_stmt_str(stmt, 1, mark);
    (void)gf_stmt_run(stmt);
    if (gf_store_ok(app->store, NULL) == GF_OK && gf_store_changes(app->store) == 0)
        return gf_fail(err, GF_ENOTFOUND, "token.none", "gongfu token list shows them.", "there is no such token");
    return gf_app_log(app, actor, "token.revoke", mark, "done", (gf_str){ "", 0 }, err);
}

gf_status gf_app_tokens(gf_app *app, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err)
{
    enum { COLUMNS = 5, ROWS_MAX = 1000 };
    static const char *const ZH[COLUMNS] = { "标记", "用户", "名称", "最近使用", "有效至" }, *const EN[COLUMNS] = { "mark", "user", "name", "last used", "until" };
    bool en = gf_str_is(lang, "en");
    *out = (gf_app_table){ .title = en ? GF_STR("tokens") : GF_STR("令牌"), .heads = gf_new(keep, gf_str, COLUMNS), .column_count = COLUMNS, .rows = gf_new(keep, gf_app_row, ROWS_MAX) };
    if (!out->heads || !out->rows)
        return gf_fail_memory(err);
    for (int i = 0; i < COLUMNS; i++)
        out->heads[i] = gf_str_of(en ? EN[i] : ZH[i]);
    gf_stmt *stmt = gf_store_named(app->store, "token_all");
    while (gf_stmt_row(stmt) && out->row_count < ROWS_MAX) {
        char seen[GF_UTC_BYTES], until[GF_UTC_BYTES];
        gf_str *cells = out->rows[out->row_count++].cells = gf_new(keep, gf_str, COLUMNS);
        if (!cells)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        const gf_str texts[COLUMNS] = { gf_str_slice(gf_row_str(stmt, 0), 0, 12), gf_row_str(stmt, 1), gf_row_str(stmt, 2), { seen, gf_utc_format(gf_row_int(stmt, 4), seen) },
                                        { until, gf_utc_format(gf_row_int(stmt, 5), until) } };
        for (int i = 0; i < COLUMNS; i++)
            cells[i] = gf_str_copy(keep, texts[i]);
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}
