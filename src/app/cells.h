/* app/cells.h - inside the room only: the cells of a record that a use case writes, by name of column. */
#pragma once
#include "app/app.h"
#include "app/register.h"

/* What is not put is not given. Texts are borrowed; numbers and days are written into `keep`. */
typedef struct cells { gf_str value[32]; gf_arena *keep; } cells;
/* A column that the register has not is passed over. */
void cells_put(cells *c, const gf_register *reg, const char *column, gf_str value);
/* Nothing below 0. */
void cells_put_int(cells *c, const gf_register *reg, const char *column, int64_t value);
/* The civil day of now in China. */
gf_str cells_today(gf_app *app, gf_arena *keep);
void cells_put_today(gf_app *app, cells *c, const gf_register *reg, const char *column);
/* What comes of invented things is invented: origin demo. */
void cells_put_invented(cells *c, const gf_register *reg, bool invented);
