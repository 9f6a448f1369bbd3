/* What the first page shows, in one answer: where, with whom, what money, what is not proven, what is open.
 *
 * Everything is asked through lists and sums that know the scope of who asks, and every question is asked once for all rows, never once
 * for each. A programme of a whole province, with more members and pairings than PAIRINGS_TOLD, is told by its counties: what stands at towns
 * and villages is counted at the county around them, and figures are those of the group and the indicators.
 */
#include "app/browse.h"
#include "app/figures.h"
#include "app/map.h"

#include <string.h>

enum { PLACES_MAX = 20000, PAIRINGS_TOLD = 200, DEPTH_MAX = 16 };

gf_status gf_app_table_of(gf_app *app, const gf_register *reg, size_t column, bool demo, gf_arena *scratch, gf_app_table *table, gf_error *err)
{
    size_t kept = 0;
    text_map invented;
    gf_text sql;
    gf_text_init(&sql, scratch);
    gf_text_format(&sql, "SELECT \"%s\" FROM \"%s\" WHERE origin = 'demo'", reg->columns[0].name, reg->name);
    gf_status status = record_keys(app, gf_store_text(app->store, gf_text_str(&sql).data), scratch, &invented, err);
    for (size_t i = 0; status == GF_OK && i < table->row_count; i++)
        if ((map_find(&invented, table->rows[i].cells[column]) != NULL) == demo)
            table->rows[kept++] = table->rows[i];
    map_done(&invented);
    table->row_count = status == GF_OK ? kept : table->row_count;
    return status;
}

/* "... FROM reg r WHERE <seen> AND <of this programme's origins>", with the actor bound. */
static gf_stmt *seen_rows(gf_app *app, const gf_app_actor *actor, const char *reg, const char *what, const char *behind, bool demo, gf_arena *keep)
{
    gf_text sql;
    gf_text_init(&sql, keep);
    gf_text_format(&sql, "SELECT %s FROM \"%s\" r WHERE ", what, reg);
    access_where(&sql, actor, gf_register_find(gf_str_of(reg)), "r");
    gf_text_format(&sql, " AND r.origin %s 'demo' %s", demo ? "=" : "<>", behind);
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
    gf_stmt_str(stmt, 1, actor->user);
    return stmt;
}

/* ---- The cockpit: places ---- */

static gf_status read_seats(gf_app *app, text_map *index, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    out->places = gf_new(keep, gf_app_seat, PLACES_MAX);
    if (!out->places)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "cockpit_places");
    while (gf_stmt_row(stmt) && out->place_count < PLACES_MAX) {
        gf_app_seat *seat = &out->places[out->place_count];
        bool fresh;
        gf_str *const targets[] = { &seat->code, &seat->name, &seat->level, &seat->parent, &seat->lon, &seat->lat, &seat->match };
        for (size_t i = 0; i < GF_COUNT(targets); i++)
            *targets[i] = gf_row_copy(stmt, (int)i, keep);
        int64_t *at = map_put(index, seat->code, &fresh);
        if (!at)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        *at = (int64_t)out->place_count++;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static gf_app_seat *find_seat(const text_map *index, gf_app_cockpit *out, gf_str code)
{
    const int64_t *at = map_find(index, code);
    return at ? &out->places[*at] : NULL;
}

static bool is_seat_of_county(const gf_app_seat *seat) { return gf_str_is(seat->level, "county") || gf_str_is(seat->level, "city") || gf_str_is(seat->level, "province"); }

/* The place itself, or the county around it. */
static gf_app_seat *seat_for(const text_map *index, gf_app_cockpit *out, gf_str code)
{
    gf_app_seat *seat = find_seat(index, out, code);
    for (int depth = 0; out->by_county && seat && !is_seat_of_county(seat) && depth < DEPTH_MAX; depth++)
        seat = find_seat(index, out, seat->parent);
    return seat;
}

static void count_at_places(gf_app *app, const gf_app_actor *actor, const char *reg, bool demo, size_t offset, const text_map *index, gf_arena *keep, gf_app_cockpit *out)
{
    if (!access_may_read(actor, reg))
        return;
    gf_stmt *stmt = seen_rows(app, actor, reg, "r.place, count(*)", "AND r.place <> '' GROUP BY r.place ORDER BY r.place", demo, keep);
    while (gf_stmt_row(stmt)) {
        gf_app_seat *seat = seat_for(index, out, gf_row_str(stmt, 0));
        if (seat)
            *(int64_t *)((char *)seat + offset) += gf_row_int(stmt, 1);
    }
}

static void count_all_places(gf_app *app, const gf_app_actor *actor, bool demo, const text_map *index, gf_arena *keep, gf_app_cockpit *out)
{
    static const struct { const char *reg; size_t offset; } COUNTED[] = {
        { "projects", offsetof(gf_app_seat, projects) }, { "activities", offsetof(gf_app_seat, activities) }, { "visits", offsetof(gf_app_seat, visits) }, { "assets", offsetof(gf_app_seat, assets) },
    };
    size_t kept = 0;
    for (size_t i = 0; i < GF_COUNT(COUNTED); i++)
        count_at_places(app, actor, COUNTED[i].reg, demo, COUNTED[i].offset, index, keep, out);
    for (size_t i = 0; out->by_county && i < out->place_count; i++)   /* the index is of no use from here on */
        if (is_seat_of_county(&out->places[i]))
            out->places[kept++] = out->places[i];
    out->place_count = out->by_county ? kept : out->place_count;
}

static gf_status read_places(gf_app *app, const gf_app_actor *actor, bool demo, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    text_map index;
    map_init(&index, keep);
    gf_status status = read_seats(app, &index, keep, out, err);
    if (status == GF_OK)
        count_all_places(app, actor, demo, &index, keep, out);
    map_done(&index);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

/* A county has some dozens of members and pairings, a province thousands. */
bool cockpit_by_county(gf_app *app, bool demo)
{
    gf_stmt *stmt = gf_store_named(app->store, demo ? "ties_invented" : "ties_real");
    bool many = gf_stmt_row(stmt) && gf_row_int(stmt, 0) > PAIRINGS_TOLD;
    gf_stmt_end(stmt);
    return many;
}

static gf_status read_pairings(gf_app *app, const gf_app_actor *actor, bool demo, gf_str lang, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    out->pairings = gf_new(keep, gf_app_paired, PAIRINGS_TOLD);
    if (!out->pairings)
        return gf_fail_memory(err);
    if (!access_may_read(actor, "pairings") || out->by_county)
        return GF_OK;
    gf_stmt *stmt = seen_rows(app, actor, "pairings", "r.place, r.unit, r.role, r.period", "ORDER BY r.place, r.unit", demo, keep);
    while (gf_stmt_row(stmt) && out->pairing_count < PAIRINGS_TOLD)
        out->pairings[out->pairing_count++] = (gf_app_paired){ gf_row_copy(stmt, 0, keep), gf_row_copy(stmt, 1, keep), { "", 0 }, gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep) };
    gf_stmt_end(stmt);
    for (size_t i = 0; i < out->pairing_count; i++)
        out->pairings[i].unit_name = figure_unit_names(app, out->pairings[i].unit, lang, keep);
    return gf_store_ok(app->store, err);
}

static gf_status read_stages(gf_app *app, const gf_app_actor *actor, bool demo, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    enum { STAGES = 16 };
    out->stages = gf_new(keep, gf_app_stage, STAGES);
    if (!out->stages || !access_may_read(actor, "projects"))
        return out->stages ? GF_OK : gf_fail_memory(err);
    gf_stmt *stmt = seen_rows(app, actor, "projects", "r.stage, count(*)", "GROUP BY r.stage ORDER BY r.stage", demo, keep);
    while (gf_stmt_row(stmt) && out->stage_count < STAGES)
        out->stages[out->stage_count++] = (gf_app_stage){ gf_row_copy(stmt, 0, keep), gf_row_int(stmt, 1) };
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

/* The same rows that count.<register>@all counts, for those who see them all. */
static gf_status read_tallies(gf_app *app, const gf_app_actor *actor, bool demo, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    static const char *const REGISTERS[] = { "members", "pairings", "projects", "activities", "visits" };
    out->tallies = gf_new(keep, gf_app_tally, GF_COUNT(REGISTERS));
    if (!out->tallies)
        return gf_fail_memory(err);
    for (size_t i = 0; i < GF_COUNT(REGISTERS); i++) {
        if (!access_may_read(actor, REGISTERS[i]))
            continue;
        gf_stmt *stmt = seen_rows(app, actor, REGISTERS[i], "count(*)", "", demo, keep);
        out->tallies[out->tally_count++] = (gf_app_tally){ REGISTERS[i], gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0 };
        gf_stmt_end(stmt);
    }
    return gf_store_ok(app->store, err);
}

/* Money of the scope that the actor has: the group's, a unit's, or a place's. */
static gf_status read_money(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    gf_app_statement statement;
    if (!access_may_read(actor, "entries"))
        return GF_OK;
    gf_str scope = actor->unit.len ? figure_text(keep, "unit:%.*s", GF_STR_ARG(actor->unit)) : actor->place.len ? figure_text(keep, "place:%.*s", GF_STR_ARG(actor->place)) : (gf_str){ "", 0 };
    if (scope.len == 0)
        return GF_OK;
    gf_status status = gf_app_state(app, scope, (gf_str){ "", 0 }, keep, &statement, err);
    out->scope = scope;
    out->money = statement.lines;
    out->money_count = status == GF_OK ? statement.line_count : 0;
    return status;
}

static gf_status fill_whole(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    out->scope = GF_STR("group");
    out->reported = gf_new(keep, gf_app_reported, 1);
    gf_status status = out->reported ? gf_app_report(app, options, keep, out->reported, err) : gf_fail_memory(err);
    if (status != GF_OK)
        return status;
    const gf_app_reported *r = out->reported;
    out->money = gf_new(keep, gf_app_money, r->money_count + 1);
    for (size_t i = 0; out->money && i < r->money_count; i++)
        if (gf_str_is(r->money[i].scope, "group"))
            out->money[out->money_count++] = r->money[i];
    return out->money ? GF_OK : gf_fail_memory(err);
}

/* Of thousands of cases those that are done with are not sent along: the page shows the open ones. */
static void leave_out_closed(gf_app_table *cases)
{
    enum { STAGE = 4 };   /* column of gf_app_cases() */
    size_t kept = 0;
    for (size_t i = 0; i < cases->row_count; i++)
        if (!gf_str_is(cases->rows[i].cells[STAGE], "closed") && !gf_str_is(cases->rows[i].cells[STAGE], "passed_on"))
            cases->rows[kept++] = cases->rows[i];
    cases->row_count = kept;
}

gf_status gf_app_cockpit_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str lang, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    *out = (gf_app_cockpit){ .programme = programme.len ? programme : figure_default_programme(app, keep), .scope = GF_STR_INIT("") };
    gf_status status = gf_app_require_area(actor, "home", err);
    if (status != GF_OK)
        return status;
    bool demo = gf_app_is_demo(app, out->programme, keep);
    record rec;
    if (out->programme.len) {
        status = record_read(app, "programmes", out->programme, keep, &rec, err);
        if (status != GF_OK)
            return status;
        gf_str en = record_value(&rec, "name_en");
        out->name = gf_str_is(lang, "en") && en.len ? en : record_value(&rec, "name");
        out->place = record_value(&rec, "place");
        out->period = record_value(&rec, "period");
        out->origin = rec.origin;
    }
    bool whole = gf_str_is(actor->scope, "all") && gf_app_has_area(actor, "report") && out->programme.len;
    out->by_county = cockpit_by_county(app, demo);
    const gf_app_report_options options = { .programme = out->programme, .lang = lang, .reader = actor, .brief = out->by_county };
    status = whole ? fill_whole(app, &options, keep, out, err) : read_money(app, actor, keep, out, err);
    if (status == GF_OK)
        status = read_places(app, actor, demo, keep, out, err);
    if (status == GF_OK)
        status = read_pairings(app, actor, demo, lang, keep, out, err);
    if (status == GF_OK)
        status = read_stages(app, actor, demo, keep, out, err);
    if (status == GF_OK)
        status = read_tallies(app, actor, demo, keep, out, err);
    if (status == GF_OK && access_may_read(actor, "cases"))
        status = gf_app_cases(app, (gf_str){ "", 0 }, lang, keep, &out->cases, err);
    if (status == GF_OK && access_may_read(actor, "cases"))
        status = gf_app_table_seen(app, actor, gf_register_find(GF_STR("cases")), 0, keep, &out->cases, err);
    if (status == GF_OK && out->by_county)
        leave_out_closed(&out->cases);
    if (status == GF_OK && access_may_read(actor, "cases"))
        status = gf_app_table_of(app, gf_register_find(GF_STR("cases")), 0, demo, keep, &out->cases, err);
    return status;
}
