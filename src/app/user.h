/* app/user.h - inside the room only: rows of user_account, and lines of the two logs. Asks no right. */
#pragma once
#include "app/app.h"

/* password: as gf_seal_password() wrote it, "" = none yet. totp: sealed, with ? in front until it is confirmed, "" = none.
 * invitation: the mark of the one-time link, "" = none. */
typedef struct user_row {
    gf_str    id, name, role, scope, units, unit, place, state, password, totp, invitation;
    bool      demo;
    int64_t   totp_step, failures, version;                      /* totp_step: the last one used; failures in a row */
    gf_utc_ms locked_until, last_login, invitation_until;        /* 0 = none */
} user_row;

/* *found false, and *out untouched, when nobody has that name. */
gf_status user_read(gf_app *app, gf_str id, gf_arena *keep, user_row *out, bool *found, gf_error *err);
/* Adds the row or replaces it, with the next version; inside a transaction. Nothing is checked. */
gf_status user_write(gf_app *app, const user_row *row, gf_error *err);
/* The actor that a user is; texts are borrowed from the row and `address`. */
gf_app_actor user_actor(const user_row *row, gf_str address);
/* 10 characters to 200 bytes of valid text: GF_EINPUT "user.password". */
gf_status user_check_password(gf_str password, gf_error *err);
/* End all sessions of a user but `but` (a mark, or ""); inside a transaction. */
gf_status user_end_sessions(gf_app *app, gf_str id, gf_str but, gf_error *err);

/* One line behind the last one of a log: table "operation_log" or "login_log"; its hash covers the one before. Inside a
 * transaction. `reason` is cut at 1000 bytes. Never a credential, key or personal field. */
gf_status log_add(gf_app *app, const char *table, const gf_app_actor *actor, const char *action, gf_str object, const char *outcome, gf_str reason, gf_error *err);
typedef void log_broken_fn(void *context, int64_t id, const char *what);
/* Recompute a chain; calls `broken` with the number of each line that is missing or not what was written. *count lines. A
 * log whose last lines were taken off shows nothing: only an anchor outside would tell. */
gf_status log_check(gf_app *app, const char *table, log_broken_fn *broken, void *context, int64_t *count, gf_error *err);
