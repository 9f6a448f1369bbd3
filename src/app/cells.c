/* Cells by name of column. */
#include "app/cells.h"

#include "app/load_inside.h"

#include <string.h>

enum { ZONE_MINUTES = 480 };

void cells_put(cells *c, const gf_register *reg, const char *column, gf_str value)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (strcmp(reg->columns[i].name, column) == 0)
            c->value[i] = value;
}

void cells_put_int(cells *c, const gf_register *reg, const char *column, int64_t value)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%lld", (long long)value);
    if (value >= 0)
        cells_put(c, reg, column, gf_str_copy(c->keep, (gf_str){ text, (size_t)len }));
}

gf_str cells_today(gf_app *app, gf_arena *keep)
{
    char day[GF_DAY_BYTES];
    return gf_str_copy(keep, (gf_str){ day, gf_day_format(gf_utc_day(app->now(), ZONE_MINUTES), day) });
}

void cells_put_today(gf_app *app, cells *c, const gf_register *reg, const char *column) { cells_put(c, reg, column, cells_today(app, c->keep)); }

void cells_put_invented(cells *c, const gf_register *reg, bool invented)
{
    if (invented)
        c->value[reg->column_count + LOAD_ORIGIN] = GF_STR("demo");
}
