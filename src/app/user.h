/* app/user.h - inside the room only: rows of user_account, and lines of the two logs. */
#pragma once
#include "app/app.h"

typedef struct user_row {
    gf_str    id, name, role, scope, units, unit, place, state, password, totp, invitation;
    bool      demo;
    int64_t   totp_step, failures, version;
    gf_utc_ms locked_until, last_login, invitation_until;
} user_row;

/* *found false when nobody has that name. */
gf_status user_read(gf_app *app, gf_str id, gf_arena *keep, user_row *out, bool *found, gf_error *err);
gf_status user_write(gf_app *app, const user_row *row, gf_error *err);
/* The actor that a user is; texts are borrowed from the row. */
gf_app_actor user_actor(const user_row *row, gf_str address);
gf_status user_check_password(gf_str password, gf_error *err);       /* long enough, not too long, valid text */
/* End all sessions of a user but `but` (a mark, or ""). */
gf_status user_end_sessions(gf_app *app, gf_str id, gf_str but, gf_error *err);

/* One line behind the last one of a log: table "operation_log" or "login_log". */
gf_status log_add(gf_app *app, const char *table, const gf_app_actor *actor, const char *action, gf_str object, const char *outcome, gf_str reason, gf_error *err);
/* Recompute a chain; calls `broken` with the number of each line that is not what was written. *count lines. */
typedef void log_broken_fn(void *context, int64_t id, const char *what);
gf_status log_check(gf_app *app, const char *table, log_broken_fn *broken, void *context, int64_t *count, gf_error *err);
