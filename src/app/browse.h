/* app/browse.h - inside the room only: what lists of registers and of entries share.
 *
 * A page goes on behind a value and a key, never behind a number of rows: so it holds while others write.
 */
#pragma once
#include "app/access.h"

/* A value and a key, as one text that a browser carries back unread: hex, so that it stands in a query as it is. "" at the
 * limit of the arena. */
gf_str browse_cursor(gf_str value, gf_str key, gf_arena *keep);
/* False for what browse_cursor() has not written: nothing in a cursor is trusted. At most 4000 bytes. */
bool   browse_cursor_read(gf_str cursor, gf_arena *keep, gf_str *value, gf_str *key);
/* Between 1 and GF_APP_LIMIT_MAX; 25 when none is given. */
int64_t browse_limit(int64_t asked);

enum { BROWSE_PARAMS_MAX = 64 };   /* filters, words of a search, cursor and limit together stay well below */
/* Statements take their parameters in order: text is gathered first, values are bound then. */
typedef struct browse_params {
    gf_str  text[BROWSE_PARAMS_MAX];
    bool    number[BROWSE_PARAMS_MAX];     /* value counts, not text */
    int64_t value[BROWSE_PARAMS_MAX];
    size_t  count;
} browse_params;
/* Borrowed until the statement has run. */
void     browse_text(browse_params *params, gf_str value);
/* Likewise, as a number. */
void     browse_number(browse_params *params, int64_t value);
/* The statement with all of them bound, ready to run; a failure is latched in the store. */
gf_stmt *browse_bind(gf_app *app, const gf_text *sql, const browse_params *params);
/* Always GF_EUSAGE "list.column", with the column as its place. */
gf_status browse_bad_column(const gf_register *reg, gf_str column, gf_error *err);
/* gf_app_group_entries() inside a reading that is under way. */
gf_status browse_group_entries(gf_app *app, const gf_app_actor *actor, gf_str by, const gf_app_list_ask *filters, gf_arena *keep, gf_app_groups *out, gf_error *err);
/* Is the side's programme one of a whole province, told by its counties? (cockpit.c) */
bool     cockpit_by_county(gf_app *app, bool demo);
/* A personal field in the open: for search and reveals, never for lists. Asks no right. False when the key is not at hand
 * or was destroyed; an empty field opens as "". */
bool     personal_read(gf_app *app, const gf_register *reg, gf_str key, const char *field, gf_arena *keep, gf_str *out);
