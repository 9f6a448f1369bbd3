/* Coming in and going out: passwords, the second factor, sessions, one-time links.
 *
 * The password is checked outside any transaction, for it takes tens of milliseconds; what came of it is written in a
 * short one. A name that nobody has takes as long and hears the same sentence as a wrong password.
 */
#include "app/access.h"
#include "app/keys.h"
#include "app/user.h"

#include <string.h>

enum { FAILURES_MAX = 5 };
#define LOCK_MS INT64_C(600000)
#define IDEMPOTENCY_MS INT64_C(86400000)

static gf_status log_login(gf_app *app, const gf_app_actor *actor, const char *outcome, const char *reason, gf_error *err)
{
    return log_add(app, "login_log", actor, "login", (gf_str){ "", 0 }, outcome, gf_str_of(reason), err);
}

static gf_status refuse(gf_error *err)
{
    return gf_fail(err, GF_EDENIED, "login.refused", "After five failures in a row the account is locked for ten minutes.", "name and password do not fit");
}

static gf_status refuse_locked(gf_app *app, gf_utc_ms until, gf_error *err)
{
    return gf_fail(err, GF_ELIMIT, "login.locked", "A security administrator can unlock it earlier.", "the account is locked for %lld more minutes after five failures",
                   (long long)((until - app->now()) / 60000 + 1));
}

/* ---- What came of it ---- */

static gf_status in_transaction(gf_app *app, gf_status (*work)(gf_app *, void *, gf_error *), void *context, gf_error *err)
{
    gf_status status = gf_store_begin(app->store, err);
    if (status != GF_OK)
        return status;
    status = work(app, context, err);
    if (status == GF_OK)
        return gf_store_commit(app->store, err);
    gf_store_rollback(app->store);
    return status;
}

typedef struct attempt {
    const gf_app_login *login;
    gf_arena           *keep;
    user_row            row;
    bool                found;
    const char         *reason;        /* of a failure; NULL = the attempt is good */
    int64_t             totp_step;     /* of the code that fitted; 0 = none was asked for */
    gf_app_session     *session;
} attempt;

/* Counted from the row as it is now: attempts that run side by side are all counted. */
static gf_status write_failure(gf_app *app, void *context, gf_error *err)
{
    attempt *a = context;
    gf_app_actor actor = { .user = gf_str_slice(a->login->user, 0, 60), .role = GF_STR_INIT(""), .address = a->login->address };
    gf_status status = user_read(app, a->login->user, a->keep, &a->row, &a->found, err);
    if (status == GF_OK && a->found) {
        actor.role = a->row.role;
        a->row.failures++;
        if (a->row.failures >= FAILURES_MAX) {
            a->row.failures = 0;
            a->row.locked_until = app->now() + LOCK_MS;
        }
        status = user_write(app, &a->row, err);
    }
    return status == GF_OK ? log_login(app, &actor, "refused", a->reason, err) : status;
}

static gf_status add_session(gf_app *app, const attempt *a, gf_error *err)
{
    char token[GF_SEAL_TOKEN_BYTES], csrf[GF_SEAL_TOKEN_BYTES], mark[GF_HASH_HEX_BYTES];
    gf_seal_token(token);
    gf_seal_token(csrf);
    gf_seal_token_mark(gf_str_of(token), mark);
    gf_utc_ms now = app->now();
    const gf_str texts[] = { gf_str_of(mark), a->row.id, GF_STR("browser"), { "", 0 }, gf_str_of(csrf) };
    const int64_t numbers[] = { now, now, 0 };
    gf_stmt *stmt = gf_store_named(app->store, "session_add");
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        gf_stmt_str(stmt, (int)i + 1, texts[i]);
    for (size_t i = 0; i < GF_COUNT(numbers); i++)
        gf_stmt_int(stmt, (int)(GF_COUNT(texts) + i) + 1, numbers[i]);
    (void)gf_stmt_run(stmt);
    *a->session = (gf_app_session){ .token = gf_str_copy(a->keep, gf_str_of(token)), .csrf = gf_str_copy(a->keep, gf_str_of(csrf)), .seen = now };
    return gf_store_ok(app->store, err);
}

static gf_status write_success(gf_app *app, void *context, gf_error *err)
{
    attempt *a = context;
    gf_status status = user_read(app, a->login->user, a->keep, &a->row, &a->found, err);
    if (status != GF_OK)
        return status;
    if (!a->found || a->row.locked_until > app->now() || !gf_str_is(a->row.state, "active") || (a->totp_step && a->totp_step <= a->row.totp_step))
        return refuse(err);  /* it changed while the password was checked, or the code was used a moment ago */
    a->row.failures = 0;
    a->row.locked_until = 0;
    a->row.last_login = app->now();
    a->row.totp_step = a->totp_step ? a->totp_step : a->row.totp_step;
    status = user_write(app, &a->row, err);
    if (status == GF_OK)
        status = add_session(app, a, err);
    gf_app_actor actor = user_actor(&a->row, a->login->address);
    return status == GF_OK ? log_login(app, &actor, "done", "", err) : status;
}

/* ---- The attempt ---- */

static bool open_totp(gf_app *app, const user_row *row, gf_arena *scratch, gf_str *secret)
{
    char place[80];
    (void)snprintf(place, sizeof place, "totp/%.*s", GF_STR_ARG(gf_str_slice(row->id, 0, 60)));
    bool unconfirmed = row->totp.len && row->totp.data[0] == '?';
    return keys_open_own(app, gf_str_of(place), gf_str_slice(row->totp, unconfirmed, row->totp.len), scratch, secret);
}

static const char *judge(gf_app *app, attempt *a, bool *wants_code)
{
    gf_str password = a->found ? a->row.password : (gf_str){ "", 0 }, secret;
    bool fits = gf_seal_password_fits(password, a->login->password, a->keep);
    *wants_code = false;
    if (!fits || !gf_str_is(a->row.state, "active"))
        return a->found ? "password" : "name";
    if (a->row.demo && !a->login->demo)
        return "demo account";
    if (a->row.totp.len == 0 || a->row.totp.data[0] == '?')
        return NULL;
    *wants_code = true;
    if (a->login->totp.len == 0)
        return "code";
    a->totp_step = open_totp(app, &a->row, a->keep, &secret) ? gf_seal_totp_step(secret, a->login->totp, app->now()) : 0;
    return a->totp_step > a->row.totp_step ? NULL : "code";
}

gf_status gf_app_log_in(gf_app *app, const gf_app_login *login, gf_arena *keep, gf_app_session *out, gf_error *err)
{
    attempt a = { .login = login, .keep = keep, .session = out };
    bool wants_code;
    gf_status status = user_read(app, login->user, keep, &a.row, &a.found, err);
    if (status != GF_OK)
        return status;
    if (a.found && a.row.locked_until > app->now())
        return refuse_locked(app, a.row.locked_until, err);
    a.reason = judge(app, &a, &wants_code);
    if (wants_code && a.reason && login->totp.len == 0)
        return gf_fail(err, GF_EDENIED, "login.totp", "Open the authenticator on your phone.", "the six digits of the second factor are wanted");
    if (a.reason) {
        status = in_transaction(app, write_failure, &a, err);
        if (status != GF_OK)
            return status;
        return a.found && a.row.locked_until > app->now() ? refuse_locked(app, a.row.locked_until, err) : refuse(err);
    }
    status = in_transaction(app, write_success, &a, err);
    if (status == GF_OK)
        out->actor = user_actor(&a.row, login->address);
    return status;
}

/* ---- Sessions ---- */

gf_status gf_app_session_find(gf_app *app, gf_str token, gf_arena *keep, gf_app_session *out, gf_error *err)
{
    char mark[GF_HASH_HEX_BYTES];
    gf_seal_token_mark(token, mark);
    gf_stmt *stmt = gf_store_named(app->store, "session_find");
    gf_stmt_str(stmt, 1, gf_str_of(mark));
    bool found = token.len && gf_stmt_row(stmt);
    if (found) {
        user_row row = { .id = gf_row_copy(stmt, 4, keep), .name = gf_row_copy(stmt, 5, keep), .role = gf_row_copy(stmt, 6, keep), .scope = gf_row_copy(stmt, 7, keep),
                         .unit = gf_row_copy(stmt, 8, keep), .place = gf_row_copy(stmt, 9, keep), .state = gf_row_copy(stmt, 10, keep), .demo = gf_row_int(stmt, 11) != 0,
                         .totp = gf_row_copy(stmt, 12, keep) };
        *out = (gf_app_session){ .actor = user_actor(&row, (gf_str){ "", 0 }), .is_token = gf_str_is(gf_row_str(stmt, 0), "token"), .csrf = gf_row_copy(stmt, 1, keep),
                                 .seen = gf_row_int(stmt, 2), .until = gf_row_int(stmt, 3), .token = gf_str_copy(keep, gf_str_of(mark)) };
        gf_utc_ms now = app->now();
        found = gf_str_is(row.state, "active") && (out->until == 0 || out->until > now) && (out->is_token || out->seen + GF_APP_IDLE_MS > now);
        if (out->is_token)
            out->actor.must_enrol = false;  /* a program has no phone; its token lives for a stated time */
    }
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status != GF_OK || found)
        return status;
    return gf_fail(err, GF_EDENIED, "session.none", "Log in again.", "there is no session, or it was idle for 30 minutes");
}

gf_status gf_app_session_touch(gf_app *app, gf_str mark, gf_utc_ms seen, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "session_touch");
    gf_stmt_int(stmt, 1, seen);
    gf_stmt_str(stmt, 2, mark);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_session_end(gf_app *app, gf_str token, const gf_app_actor *actor, gf_error *err)
{
    char mark[GF_HASH_HEX_BYTES];
    gf_seal_token_mark(token, mark);
    gf_stmt *stmt = gf_store_named(app->store, "session_end");
    gf_stmt_str(stmt, 1, gf_str_of(mark));
    (void)gf_stmt_run(stmt);
    return log_add(app, "login_log", actor, "logout", (gf_str){ "", 0 }, "done", (gf_str){ "", 0 }, err);
}

gf_status gf_app_sessions_expire(gf_app *app, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "session_expire");
    gf_stmt_int(stmt, 1, app->now() - GF_APP_IDLE_MS);
    gf_stmt_int(stmt, 2, app->now());
    (void)gf_stmt_run(stmt);
    stmt = gf_store_named(app->store, "idempotency_expire");
    gf_stmt_int(stmt, 1, app->now() - IDEMPOTENCY_MS);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

/* ---- Password, second factor, one-time link ---- */

typedef struct renewal { const gf_app_actor *actor; user_row *row; const char *action; gf_str but; } renewal;

static gf_status write_renewal(gf_app *app, void *context, gf_error *err)
{
    const renewal *r = context;
    gf_status status = user_write(app, r->row, err);
    if (status == GF_OK)
        status = user_end_sessions(app, r->row->id, r->but, err);
    return status == GF_OK ? gf_app_log(app, r->actor, r->action, r->row->id, "done", (gf_str){ "", 0 }, err) : status;
}

gf_status gf_app_password_change(gf_app *app, const gf_app_actor *actor, gf_str old, gf_str new, gf_arena *scratch, gf_error *err)
{
    user_row row = { .failures = 0 };
    bool found;
    gf_status status = user_check_password(new, err);
    if (status == GF_OK)
        status = user_read(app, actor->user, scratch, &row, &found, err);
    if (status != GF_OK)
        return status;
    if (!found || row.demo || !gf_seal_password_fits(row.password, old, scratch))
        return gf_fail(err, GF_EDENIED, "user.password", row.demo ? "Demo accounts keep their passwords." : "Type the password that you log in with now.", "the old password does not fit");
    row.password = gf_seal_password(new, scratch);
    if (!row.password.data)
        return gf_fail_memory(err);
    renewal r = { actor, &row, "password.change", { "", 0 } };
    return in_transaction(app, write_renewal, &r, err);
}

gf_status gf_app_totp_begin(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_str *secret, gf_error *err)
{
    user_row row;
    bool found;
    char place[80];
    gf_str sealed;
    gf_text text;
    gf_status status = user_read(app, actor->user, keep, &row, &found, err);
    if (status == GF_OK && (!found || row.demo))
        return gf_fail(err, GF_EDENIED, "totp.demo", "Make an account of your own.", "demo accounts have no second factor");
    if (status == GF_OK && row.totp.len && row.totp.data[0] != '?')
        return gf_fail(err, GF_ECONFLICT, "totp.there", "A security administrator can take it off.", "there is a second factor already");
    *secret = gf_seal_totp_make(keep);
    (void)snprintf(place, sizeof place, "totp/%.*s", GF_STR_ARG(gf_str_slice(actor->user, 0, 60)));
    if (status == GF_OK)
        status = keys_seal_own(app, gf_str_of(place), *secret, keep, &sealed, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&text, keep);
    gf_text_format(&text, "?%.*s", GF_STR_ARG(sealed));
    row.totp = gf_text_str(&text);
    status = user_write(app, &row, err);
    return status == GF_OK ? gf_app_log(app, actor, "totp.begin", row.id, "done", (gf_str){ "", 0 }, err) : status;
}

gf_status gf_app_totp_confirm(gf_app *app, const gf_app_actor *actor, gf_str code, gf_arena *scratch, gf_error *err)
{
    user_row row;
    bool found;
    gf_str secret;
    gf_status status = user_read(app, actor->user, scratch, &row, &found, err);
    if (status != GF_OK)
        return status;
    int64_t step = found && row.totp.len && row.totp.data[0] == '?' && open_totp(app, &row, scratch, &secret) ? gf_seal_totp_step(secret, code, app->now()) : 0;
    if (step == 0)
        return gf_fail(err, GF_EINPUT, "totp.code", "Type the six digits that the phone shows now; see that its clock is right.", "the code does not fit");
    row.totp = gf_str_slice(row.totp, 1, row.totp.len);
    row.totp_step = step;
    status = user_write(app, &row, err);
    return status == GF_OK ? gf_app_log(app, actor, "totp.confirm", row.id, "done", (gf_str){ "", 0 }, err) : status;
}

gf_status gf_app_invitation_take(gf_app *app, gf_str token, gf_str password, gf_str address, gf_arena *scratch, gf_error *err)
{
    char mark[GF_HASH_HEX_BYTES];
    user_row row = { .failures = 0 };
    bool found = false;
    gf_seal_token_mark(token, mark);
    gf_status status = user_check_password(password, err);
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = gf_store_named(app->store, "user_by_invitation");
    gf_stmt_str(stmt, 1, gf_str_of(mark));
    gf_str id = token.len && gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, scratch) : (gf_str){ "", 0 };
    gf_stmt_end(stmt);
    if (id.len)
        status = user_read(app, id, scratch, &row, &found, err);
    if (status == GF_OK && (!found || row.invitation_until < app->now() || gf_str_is(row.state, "disabled")))
        return gf_fail(err, GF_EDENIED, "invitation.none", "Ask the system administrator for a new link.", "the link is unknown, used, or older than three days");
    if (status != GF_OK)
        return status;
    row.password = gf_seal_password(password, scratch);
    if (!row.password.data)
        return gf_fail_memory(err);
    row.invitation = GF_STR("");
    row.invitation_until = 0;
    row.failures = 0;
    row.locked_until = 0;
    row.state = GF_STR("active");
    gf_app_actor actor = user_actor(&row, address);
    renewal r = { &actor, &row, "invitation.take", { "", 0 } };
    return in_transaction(app, write_renewal, &r, err);
}
