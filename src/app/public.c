/* What everybody may see of a programme: aggregates, indicators, words that were said in public. One rule decides it for
 * pages and traces alike, so that no page links to a figure that would not open. */
#include "app/public_inside.h"
#include "app/report_inside.h"

#include <string.h>

static bool public_total(gf_str rest)
{
    static const char *const SCOPES[] = { "group.", "unit:", "place:", "project:" };
    gf_str dot = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR(".")));
    size_t slash = gf_str_find(dot, GF_STR("/"));   /* "taishun-demo/group" */
    gf_str scope = slash < dot.len ? gf_str_slice(rest, slash + 1, rest.len) : rest;
    for (size_t i = 0; i < GF_COUNT(SCOPES); i++)
        if (gf_str_starts(scope, gf_str_of(SCOPES[i])))
            return true;
    return false;
}

static bool counts_people(gf_str unit)
{
    static const char *const WORDS[] = { "person", "people", "household", "child", "pupil", "student", "teacher", "farmer" };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (gf_str_has(unit, gf_str_of(WORDS[i])))
            return true;
    return false;
}

bool public_figure(const gf_figure *figure)
{
    const gf_decimal least = { PUBLIC_COUNT_LEAST, 0 };
    bool few = figure->has_value && gf_decimal_cmp(figure->value, least) < 0;
    if (gf_str_starts(figure->id, GF_STR("total.")))
        return public_total(gf_str_slice(figure->id, strlen("total."), figure->id.len));
    if (gf_str_starts(figure->id, GF_STR("count.")))   /* of registers, not of lists that anybody narrows down as he likes */
        return !few && !gf_str_has(figure->id, GF_STR("/"));
    if (gf_str_starts(figure->id, GF_STR("fact.")))
        return !(few && counts_people(figure->unit));
    return gf_str_starts(figure->id, GF_STR("indicator."));
}

/* ---- The report without what is not public ---- */

static void drop_figures(gf_app_reported *reported)
{
    size_t kept = 0;
    memset(reported->marks, 0, sizeof reported->marks);
    for (size_t i = 0; i < reported->figure_count; i++)
        if (public_figure(&reported->figures[i].figure)) {
            reported->marks[reported->figures[i].figure.basis]++;
            reported->figures[kept++] = reported->figures[i];
        }
    reported->figure_count = kept;
    reported->chapters = NULL;
    reported->chapter_count = 0;
}

static void drop_money(gf_app_reported *reported)
{
    size_t kept = 0;
    for (size_t i = 0; i < reported->money_count; i++) {
        gf_figure figure = { .id = reported->money[i].figure };
        if (public_figure(&figure))
            reported->money[kept++] = reported->money[i];
    }
    reported->money_count = kept;
}

/* ---- Who helps whom ---- */

static gf_str town_of(gf_app *app, const record *place, gf_arena *keep)
{
    gf_str level = record_value(place, "level"), parent = record_value(place, "parent");
    return gf_str_is(level, "village") || gf_str_is(level, "site") ? (parent.len ? figure_place_name(app, parent, keep) : parent) : (gf_str){ "", 0 };
}

static gf_status list_pairings(gf_app *app, gf_str origins, gf_arena *keep, gf_app_published *out, gf_error *err)
{
    record *rows, place;
    size_t count;
    gf_status status = record_all(app, "pairings", keep, &rows, &count, err);
    out->pairings = status == GF_OK ? gf_new(keep, gf_app_pairing, count + 1) : NULL;
    if (status != GF_OK || !out->pairings)
        return status != GF_OK ? status : gf_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        gf_str code = record_value(&rows[i], "place");
        if (!record_wanted(origins, rows[i].origin))
            continue;
        bool known = record_read(app, "places", code, keep, &place, NULL) == GF_OK;
        out->pairings[out->pairing_count++] = (gf_app_pairing){ figure_unit_names(app, record_value(&rows[i], "unit"), out->reported.lang, keep),
            known ? record_value(&place, "name") : code, known ? town_of(app, &place, keep) : (gf_str){ "", 0 }, record_value(&rows[i], "role"), record_value(&rows[i], "period") };
    }
    return GF_OK;
}

static gf_status publish(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_published *out, gf_error *err)
{
    record programme;
    *out = (gf_app_published){ .demo = false };
    gf_status status = report_make(app, options, keep, &out->reported, err);
    if (status == GF_OK)
        status = record_read(app, "programmes", out->reported.programme, keep, &programme, err);
    if (status != GF_OK)
        return status;
    drop_figures(&out->reported);
    drop_money(&out->reported);
    out->demo = gf_str_is(programme.origin, "demo");
    out->usual = gf_str_eq(out->reported.programme, figure_default_programme(app, keep));
    out->lead = figure_unit_names(app, record_value(&programme, "lead"), out->reported.lang, keep);
    out->place = figure_place_name(app, record_value(&programme, "place"), keep);
    out->term = record_value(&programme, "period");
    return list_pairings(app, figure_programme_origins(app, out->reported.programme, keep), keep, out, err);
}

gf_status gf_app_publish(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_published *out, gf_error *err)
{
    gf_status status = app_begin_read(app, err);
    return status == GF_OK ? app_end_read(app, publish(app, options, keep, out, err), err) : status;
}
