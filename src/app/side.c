#include "app/side.h"

#include "app/figures.h"

#include <string.h>

static const char *const COMMON_GROUND[] = { "places", "positions", "units", "holidays" };

static bool is_common_ground(const gf_register *reg)
{
    for (size_t i = 0; i < GF_COUNT(COMMON_GROUND); i++)
        if (strcmp(reg->name, COMMON_GROUND[i]) == 0)
            return true;
    return false;
}

static bool find_origin(gf_app *app, gf_str programme, bool *demo)
{
    gf_stmt *stmt = gf_store_named(app->store, "programme_origin");
    gf_stmt_str(stmt, 1, programme);
    bool found = gf_stmt_row(stmt);
    *demo = found && gf_str_is(gf_row_str(stmt, 0), "demo");
    gf_stmt_end(stmt);
    return found;
}

bool gf_app_is_demo(gf_app *app, gf_str programme, gf_arena *scratch)
{
    bool demo;
    (void)find_origin(app, programme.len ? programme : figure_default_programme(app, scratch), &demo);
    return demo;
}

gf_str gf_app_scope_of(gf_app *app, gf_str programme, gf_str scope, gf_arena *keep)
{
    return gf_app_is_demo(app, programme, keep) ? figure_text(keep, "%.*s/%.*s", GF_STR_ARG(programme), GF_STR_ARG(scope)) : scope;
}

gf_status side_of(gf_app *app, gf_str programme, side *out, gf_error *err)
{
    *out = (side){ programme, false };
    if (programme.len == 0 || find_origin(app, programme, &out->demo))
        return gf_store_ok(app->store, err);
    return gf_fail(err, GF_ENOTFOUND, "programme.none", "/api/v1/programmes lists them.", "there is no programme \"%.*s\"", GF_STR_ARG(gf_str_slice(programme, 0, 60)));
}

bool side_has(const side *s, gf_str origin) { return s->programme.len == 0 || gf_str_is(origin, "demo") == s->demo; }

bool side_sees(const side *s, const gf_register *reg, gf_str origin) { return side_has(s, origin) || (s->demo && is_common_ground(reg)); }

void side_where(gf_text *sql, browse_params *params, const side *s, const gf_register *reg, const char *row)
{
    if (s->programme.len == 0 || (s->demo && is_common_ground(reg)))
        return;
    gf_text_format(sql, " AND %s.origin %s 'demo'", row, s->demo ? "=" : "<>");
    if (!gf_register_column(reg, GF_STR("programme")))
        return;
    gf_text_format(sql, " AND %s.programme IN (?, '')", row);
    browse_text(params, s->programme);
}
