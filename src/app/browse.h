/* app/browse.h - inside the room only: what lists of registers and of entries share. */
#pragma once
#include "app/access.h"

/* A value and a key, as one text that a browser carries back unread. */
gf_str browse_cursor(gf_str value, gf_str key, gf_arena *keep);
bool   browse_cursor_read(gf_str cursor, gf_arena *keep, gf_str *value, gf_str *key);
/* Limit between 1 and the most; 25 when none is given. */
int64_t browse_limit(int64_t asked);
/* Statements take their parameters in order: text is gathered first, values are bound then. */
enum { BROWSE_PARAMS_MAX = 64 };
typedef struct browse_params { gf_str text[BROWSE_PARAMS_MAX]; bool number[BROWSE_PARAMS_MAX]; int64_t value[BROWSE_PARAMS_MAX]; size_t count; } browse_params;
void     browse_text(browse_params *params, gf_str value);
void     browse_number(browse_params *params, int64_t value);
gf_stmt *browse_bind(gf_app *app, const gf_text *sql, const browse_params *params);
gf_status browse_bad_column(const gf_register *reg, gf_str column, gf_error *err);
/* A personal field in the open: for search and reveals, never for lists. */
bool     personal_read(gf_app *app, const gf_register *reg, gf_str key, const char *field, gf_arena *keep, gf_str *out);
