/* What the first pages show, in one answer each: the cockpit, the flow of money, the story of a place or a unit.
 * Everything is asked through lists and sums that know the scope of who asks.
 */
#include "app/browse.h"
#include "app/figures.h"

#include "fund/gf_fund.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES_MAX = 5000, PAIRINGS_MAX = 5000, FLOW_MAX = 20000, EVENTS_MAX = 2000, EVENTS_OF_REGISTER = 200 };

gf_status gf_app_table_of(gf_app *app, const gf_register *reg, size_t column, bool demo, gf_arena *scratch, gf_app_table *table, gf_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->row_count; i++) {
        record rec;
        if (record_read(app, reg->name, table->rows[i].cells[column], scratch, &rec, NULL) == GF_OK && gf_str_is(rec.origin, "demo") == demo)
            table->rows[kept++] = table->rows[i];
    }
    table->row_count = kept;
    return gf_store_ok(app->store, err);
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

static gf_app_seat *find_seat(gf_app_cockpit *out, gf_str code)
{
    for (size_t i = 0; i < out->place_count; i++)
        if (gf_str_eq(out->places[i].code, code))
            return &out->places[i];
    return NULL;
}

static gf_status read_seats(gf_app *app, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    out->places = gf_new(keep, gf_app_seat, PLACES_MAX);
    if (!out->places)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "cockpit_places");
    while (gf_stmt_row(stmt) && out->place_count < PLACES_MAX) {
        gf_app_seat *seat = &out->places[out->place_count++];
        gf_str *const targets[] = { &seat->code, &seat->name, &seat->level, &seat->parent, &seat->lon, &seat->lat, &seat->match };
        for (size_t i = 0; i < GF_COUNT(targets); i++)
            *targets[i] = gf_row_copy(stmt, (int)i, keep);
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static void count_at_places(gf_app *app, const gf_app_actor *actor, const char *reg, bool demo, size_t offset, gf_arena *keep, gf_app_cockpit *out)
{
    if (!access_may_read(actor, reg))
        return;
    gf_stmt *stmt = seen_rows(app, actor, reg, "r.place, count(*)", "AND r.place <> '' GROUP BY r.place ORDER BY r.place", demo, keep);
    while (gf_stmt_row(stmt)) {
        gf_app_seat *seat = find_seat(out, gf_row_str(stmt, 0));
        if (seat)
            *(int64_t *)((char *)seat + offset) = gf_row_int(stmt, 1);
    }
}

static gf_status read_pairings(gf_app *app, const gf_app_actor *actor, bool demo, gf_str lang, gf_arena *keep, gf_app_cockpit *out, gf_error *err)
{
    out->pairings = gf_new(keep, gf_app_paired, PAIRINGS_MAX);
    if (!out->pairings)
        return gf_fail_memory(err);
    if (!access_may_read(actor, "pairings"))
        return GF_OK;
    gf_stmt *stmt = seen_rows(app, actor, "pairings", "r.place, r.unit, r.role, r.period", "ORDER BY r.place, r.unit", demo, keep);
    while (gf_stmt_row(stmt) && out->pairing_count < PAIRINGS_MAX)
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
    const gf_app_report_options options = { .programme = out->programme, .lang = lang, .reader = actor };
    status = whole ? fill_whole(app, &options, keep, out, err) : read_money(app, actor, keep, out, err);
    if (status == GF_OK)
        status = read_seats(app, keep, out, err);
    if (status != GF_OK)
        return status;
    count_at_places(app, actor, "projects", demo, offsetof(gf_app_seat, projects), keep, out);
    count_at_places(app, actor, "activities", demo, offsetof(gf_app_seat, activities), keep, out);
    count_at_places(app, actor, "visits", demo, offsetof(gf_app_seat, visits), keep, out);
    count_at_places(app, actor, "assets", demo, offsetof(gf_app_seat, assets), keep, out);
    status = read_pairings(app, actor, demo, lang, keep, out, err);
    if (status == GF_OK)
        status = read_stages(app, actor, demo, keep, out, err);
    if (status == GF_OK)
        status = read_tallies(app, actor, demo, keep, out, err);
    if (status == GF_OK && access_may_read(actor, "cases"))
        status = gf_app_cases(app, (gf_str){ "", 0 }, lang, keep, &out->cases, err);
    if (status == GF_OK && access_may_read(actor, "cases"))
        status = gf_app_table_seen(app, actor, gf_register_find(GF_STR("cases")), 0, keep, &out->cases, err);
    if (status == GF_OK && access_may_read(actor, "cases"))
        status = gf_app_table_of(app, gf_register_find(GF_STR("cases")), 0, demo, keep, &out->cases, err);
    return status;
}

/* ---- The flow of money ---- */

/* One step of the same money: who, where, what for; how far it came. */
typedef struct flow_row { gf_str unit, place, project, stage; gf_fen amount; int64_t rows, first; bool at_least, about; } flow_row;

static int stage_rank(gf_str kind, gf_str stage)
{
    gf_fund_kind of;
    int rank = 0;
    if (!gf_fund_kind_parse(kind, &of))
        return -1;
    for (const char *const *s = gf_fund_stages(of); s && *s; s++, rank++)
        if (gf_str_is(stage, *s))
            return rank;
    return -1;
}

static gf_status read_flow(gf_app *app, const gf_app_actor *actor, gf_str kind, bool demo, gf_arena *keep, flow_row **out, size_t *count, gf_error *err)
{
    gf_text sql;
    gf_text_init(&sql, keep);
    gf_text_add_c(&sql, "SELECT CASE WHEN e.unit <> '' THEN e.unit WHEN f.party IN (SELECT id FROM units) THEN f.party WHEN t.party IN (SELECT id FROM units) THEN t.party ELSE '' END, "
                        "t.place, t.project, t.stage, sum(CASE WHEN e.reverses <> 0 THEN -l.amount_fen ELSE l.amount_fen END), count(*), min(e.id), max(CASE WHEN l.bound = 1 THEN 1 ELSE 0 END), max(CASE WHEN l.bound = 2 THEN 1 ELSE 0 END) "
                        "FROM entry e JOIN entry_line l ON l.entry_id = e.id AND l.id % 2 = 0 JOIN account t ON t.id = l.account_id JOIN entry_line o ON o.id = l.id - 1 JOIN account f ON f.id = o.account_id WHERE ");
    access_where(&sql, actor, gf_register_find(GF_STR("entries")), "e");
    gf_text_format(&sql, " AND e.origin %s 'demo' AND t.kind = ? GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4 LIMIT %d", demo ? "=" : "<>", FLOW_MAX);
    *out = gf_new(keep, flow_row, FLOW_MAX);
    *count = 0;
    if (!*out)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
    gf_stmt_str(stmt, 1, actor->user);
    gf_stmt_str(stmt, 2, kind);
    while (gf_stmt_row(stmt) && *count < FLOW_MAX)
        (*out)[(*count)++] = (flow_row){ gf_row_copy(stmt, 0, keep), gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep), gf_row_int(stmt, 4),
                                         gf_row_int(stmt, 5), gf_row_int(stmt, 6), gf_row_int(stmt, 7) == 1, gf_row_int(stmt, 8) == 1 };
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

/* The same money at an earlier stage is not drawn again beside its later one. */
static size_t furthest_only(gf_str kind, flow_row *rows, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool passed = rows[i].amount <= 0;
        for (size_t k = 0; k < count && !passed; k++)
            passed = k != i && gf_str_eq(rows[k].unit, rows[i].unit) && gf_str_eq(rows[k].place, rows[i].place) && gf_str_eq(rows[k].project, rows[i].project) && rows[k].amount > 0 &&
                     stage_rank(kind, rows[k].stage) > stage_rank(kind, rows[i].stage);
        if (!passed)
            rows[kept++] = rows[i];
    }
    return kept;
}

typedef struct flow_job { gf_app *app; gf_arena *keep; gf_str lang, kind; gf_app_flow *out; } flow_job;

static gf_str project_name(gf_app *app, const char *reg, gf_str id, gf_arena *keep)
{
    record rec;
    return record_read(app, reg, id, keep, &rec, NULL) == GF_OK && record_value(&rec, "name").len ? record_value(&rec, "name") : id;
}

static gf_str node_of(flow_job *job, const char *column, gf_str id)
{
    gf_app_flow *out = job->out;
    gf_str key = figure_text(job->keep, "%s:%.*s", column, GF_STR_ARG(id));
    for (size_t i = 0; i < out->node_count; i++)
        if (gf_str_eq(out->nodes[i].id, key))
            return key;
    bool en = gf_str_is(job->lang, "en");
    gf_str label = id;
    if (id.len == 0)
        label = strcmp(column, "unit") == 0 ? (en ? GF_STR("giver unnamed") : GF_STR("未说明来源")) : en ? GF_STR("place unnamed") : GF_STR("未说明地点");
    else if (strcmp(column, "unit") == 0)
        label = figure_unit_names(job->app, id, job->lang, job->keep);
    else if (strcmp(column, "place") == 0)
        label = figure_place_name(job->app, id, job->keep);
    else
        label = project_name(job->app, strcmp(column, "asset") == 0 ? "assets" : "projects", id, job->keep);
    out->nodes[out->node_count++] = (gf_app_flow_node){ key, label, column };
    return key;
}

static void add_link(flow_job *job, gf_str from, gf_str to, const flow_row *row)
{
    gf_app_flow *out = job->out;
    for (size_t i = 0; i < out->link_count; i++) {
        gf_app_flow_link *link = &out->links[i];
        if (!gf_str_eq(link->from, from) || !gf_str_eq(link->to, to))
            continue;
        (void)gf_fen_add(link->amount, row->amount, &link->amount);
        link->rows += row->rows;
        link->at_least = link->at_least || row->at_least;
        link->about = link->about || row->about;
        return;
    }
    out->links[out->link_count++] = (gf_app_flow_link){ from, to, row->stage, row->amount, row->rows, row->first, row->at_least, row->about };
}

/* The asset that a project became; "" when there is none, or when there are several and nobody said what went where. */
static gf_str only_asset(gf_app *app, gf_str project, gf_arena *keep)
{
    gf_stmt *stmt = gf_store_named(app->store, "assets_of_project");
    gf_stmt_str(stmt, 1, project);
    gf_str asset = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, keep) : (gf_str){ "", 0 };
    bool several = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return several ? (gf_str){ "", 0 } : asset;
}

gf_status gf_app_flow_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str kind, gf_str lang, gf_arena *keep, gf_app_flow *out, gf_error *err)
{
    flow_row *rows;
    size_t count;
    gf_fund_kind known;
    gf_status status = gf_app_require(actor, gf_register_find(GF_STR("entries")), GF_APP_READ, err);
    if (status == GF_OK && !gf_fund_kind_parse(kind, &known))
        status = gf_fail(err, GF_EUSAGE, "flow.kind", "cash, in_kind, loan, investment or result.", "there is no such kind of money");
    programme = programme.len ? programme : figure_default_programme(app, keep);
    if (status == GF_OK)
        status = read_flow(app, actor, kind, gf_app_is_demo(app, programme, keep), keep, &rows, &count, err);
    if (status != GF_OK)
        return status;
    count = furthest_only(kind, rows, count);
    *out = (gf_app_flow){ .kind = kind, .nodes = gf_new(keep, gf_app_flow_node, 4 * count + 4), .links = gf_new(keep, gf_app_flow_link, 3 * count + 3) };
    if (!out->nodes || !out->links)
        return gf_fail_memory(err);
    flow_job job = { app, keep, lang, kind, out };
    for (size_t i = 0; i < count; i++) {
        gf_str unit = node_of(&job, "unit", rows[i].unit), place = node_of(&job, "place", rows[i].place);
        add_link(&job, unit, place, &rows[i]);
        if (rows[i].project.len == 0)
            continue;
        gf_str project = node_of(&job, "project", rows[i].project), asset = only_asset(app, rows[i].project, keep);
        add_link(&job, place, project, &rows[i]);
        if (asset.len)
            add_link(&job, project, node_of(&job, "asset", asset), &rows[i]);
    }
    return gf_store_ok(app->store, err);
}

/* ---- Stories ---- */

/* Registers that tell what happened, and the column that says when. */
static const struct { const char *reg, *when, *label, *detail; } TOLD[] = {
    { "pairings", "period", "role", "note" },      { "assignments", "period", "post", "note" },  { "projects", "period", "name", "note" },      { "assets", "built", "name", "note" },
    { "systems", "period", "name", "note" },       { "activities", "period", "name", "note" },   { "agreements", "period", "name", "note" },    { "donations", "period", "name", "note" },
    { "employment", "period", "name", "note" },    { "contracts", "period", "name", "note" },    { "matches", "period", "name", "note" },       { "investments", "period", "name", "note" },
    { "loans", "period", "name", "note" },         { "awards", "period", "name", "note" },       { "publications", "period", "name", "note" },  { "research", "period", "name", "note" },
    { "observations", "period", "indicator", "note" }, { "visits", "period", "name", "seen" },   { "measures", "period", "name", "note" },      { "cases", "opened", "name", "note" },
};

static gf_str cell(const gf_app_record *rec, const char *name)
{
    for (size_t i = 0; i < rec->reg->column_count; i++)
        if (strcmp(rec->reg->columns[i].name, name) == 0)
            return rec->cells[i];
    return (gf_str){ "", 0 };
}

/* Its id to those who see the observation and not the indicator. */
static gf_str indicator_name(gf_app *app, const gf_app_actor *actor, gf_str id, gf_str lang, gf_arena *keep)
{
    record rec;
    if (access_require_record(app, actor, gf_register_find(GF_STR("indicators")), id, keep, NULL) != GF_OK || record_read(app, "indicators", id, keep, &rec, NULL) != GF_OK)
        return id;
    gf_str en = record_value(&rec, "name_en");
    return gf_str_is(lang, "en") && en.len ? en : record_value(&rec, "name");
}

/* What was counted or measured, with its unit and bound. */
static void add_value(gf_app *app, const gf_app_actor *actor, const gf_app_record *rec, gf_str lang, gf_arena *keep, gf_app_event *e)
{
    bool observed = strcmp(rec->reg->name, "observations") == 0;
    if (observed) {
        e->label = indicator_name(app, actor, cell(rec, "indicator"), lang, keep);
        e->figure = figure_text(keep, "obs.%.*s", GF_STR_ARG(rec->cells[0]));
    } else if (cell(rec, "quantity").len)
        e->figure = figure_text(keep, "record.%s.%.*s", rec->reg->name, GF_STR_ARG(rec->cells[0]));
    else
        return;
    e->value = cell(rec, observed ? "value" : "quantity");
    e->unit = cell(rec, observed ? "unit" : "quantity_unit");
    (void)gf_figure_bound_parse(cell(rec, "bound"), &e->bound);
}

static void add_event(gf_app *app, const gf_app_actor *actor, const gf_app_record *rec, size_t told, gf_str lang, gf_arena *keep, gf_app_story *out)
{
    gf_str en = cell(rec, "name_en"), label = cell(rec, TOLD[told].label), source = rec->cells[rec->reg->column_count], origin = rec->cells[rec->reg->column_count + 1];
    bool observed = strcmp(rec->reg->name, "observations") == 0;   /* whose unit is one of measure */
    gf_str units = cell(rec, "units").len ? cell(rec, "units") : observed ? (gf_str){ "", 0 } : cell(rec, "unit");
    static const char *const MONEY[] = { "amount_fen", "value_fen", "approved_fen" };
    int64_t amount = 0;
    size_t found = 0;
    while (found < GF_COUNT(MONEY) && !gf_str_to_int(cell(rec, MONEY[found]), &amount))
        found++;
    bool money = found < GF_COUNT(MONEY);
    if (out->event_count == EVENTS_MAX)
        return;
    gf_app_event *e = &out->events[out->event_count++];
    *e = (gf_app_event){ .period = cell(rec, TOLD[told].when), .reg = rec->reg->name, .id = rec->cells[0], .label = gf_str_is(lang, "en") && en.len ? en : label, .detail = cell(rec, TOLD[told].detail),
                         .place = cell(rec, "place"), .origin = origin, .has_amount = money, .amount = amount, .basis = record_basis(app, source, cell(rec, "document"), origin) };
    e->units = figure_unit_names(app, units, lang, keep);
    e->stage = cell(rec, "stage");
    if (money) {
        e->figure = figure_text(keep, "record.%s.%.*s#%s", rec->reg->name, GF_STR_ARG(rec->cells[0]), MONEY[found]);
        (void)gf_figure_bound_parse(cell(rec, "bound"), &e->bound);
    } else
        add_value(app, actor, rec, lang, keep, e);
}

static gf_status add_entry(gf_app *app, int64_t id, gf_str lang, gf_arena *keep, gf_app_story *out, gf_error *err)
{
    gf_app_entry entry;
    gf_status status = gf_app_entry_read(app, id, keep, &entry, err);
    if (status != GF_OK || out->event_count == EVENTS_MAX)
        return status;
    gf_app_event *e = &out->events[out->event_count++];
    *e = (gf_app_event){ .period = entry.date.len ? entry.date : entry.row_count ? entry.rows[0].period : (gf_str){ "", 0 }, .reg = "entries", .id = figure_text(keep, "%lld", (long long)id),
                         .label = entry.purpose.len ? entry.purpose : entry.verb, .detail = entry.verb, .origin = entry.origin, .has_amount = true,
                         .figure = figure_text(keep, "entry.%lld", (long long)id), .basis = entry.voucher.len ? GF_FIGURE_DERIVED : record_basis(app, entry.source, entry.voucher, entry.origin) };
    for (size_t i = 0; i < entry.row_count; i++) {
        (void)gf_fen_add(e->amount, entry.reverses ? -entry.rows[i].amount : entry.rows[i].amount, &e->amount);
        e->bound = entry.rows[i].bound > e->bound ? entry.rows[i].bound : e->bound;
    }
    e->place = entry.row_count ? entry.rows[0].place : (gf_str){ "", 0 };
    e->kind = entry.row_count ? entry.rows[0].kind : (gf_str){ "", 0 };
    e->stage = entry.row_count ? entry.rows[0].stage_to : (gf_str){ "", 0 };
    e->units = figure_unit_names(app, entry.unit, lang, keep);
    return GF_OK;
}

static int by_period(const void *a, const void *b)
{
    const gf_app_event *x = a, *y = b;
    int order = gf_str_cmp(x->period, y->period);
    return order ? order : strcmp(x->reg, y->reg);
}

static gf_status tell_register(gf_app *app, const gf_app_actor *actor, size_t told, gf_str column, gf_str id, gf_str lang, gf_arena *keep, gf_app_story *out, gf_error *err)
{
    const gf_register *reg = gf_register_find(gf_str_of(TOLD[told].reg));
    gf_app_list list;
    gf_app_list_ask ask = { .reg = reg, .limit = EVENTS_OF_REGISTER };
    bool place = gf_str_is(column, "place");
    gf_str by = place ? column : gf_register_column(reg, GF_STR("units")) ? GF_STR("units") : GF_STR("unit");
    if (!access_may_read(actor, reg->name) || !gf_register_column(reg, by))
        return GF_OK;
    ask.filters[ask.filter_count++] = (gf_app_filter){ by, GF_APP_EQUALS, id };
    gf_status status = gf_app_list_records(app, actor, &ask, keep, &list, err);
    for (size_t i = 0; status == GF_OK && i < list.count; i++)
        add_event(app, actor, &list.records[i], told, lang, keep, out);
    return status;
}

/* Stages of the projects and upkeep of the assets that were told of: they name those, not the place. */
static gf_status tell_beside(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_app_story *out, gf_error *err)
{
    static const struct { const char *of, *reg, *column, *when, *detail; } BESIDE[] = {
        { "projects", "project_stages", "project", "date", "note" }, { "assets", "asset_upkeep", "asset", "period", "work" },
    };
    gf_status status = GF_OK;
    size_t told = out->event_count;
    for (size_t i = 0; status == GF_OK && i < told; i++)
        for (size_t k = 0; status == GF_OK && k < GF_COUNT(BESIDE); k++) {
            gf_app_list list;
            const gf_app_event of = out->events[i];
            gf_app_list_ask ask = { .reg = gf_register_find(gf_str_of(BESIDE[k].reg)), .limit = EVENTS_OF_REGISTER, .filter_count = 1,
                                    .filters = { { gf_str_of(BESIDE[k].column), GF_APP_EQUALS, of.id } } };
            if (strcmp(of.reg, BESIDE[k].of) != 0 || !access_may_read(actor, BESIDE[k].reg))
                continue;
            status = gf_app_list_records(app, actor, &ask, keep, &list, err);
            for (size_t n = 0; status == GF_OK && n < list.count && out->event_count < EVENTS_MAX; n++) {
                const gf_app_record *rec = &list.records[n];
                gf_str source = rec->cells[rec->reg->column_count], origin = rec->cells[rec->reg->column_count + 1];
                out->events[out->event_count++] = (gf_app_event){ .period = cell(rec, BESIDE[k].when), .reg = BESIDE[k].reg, .id = rec->cells[0], .label = of.label, .detail = cell(rec, BESIDE[k].detail),
                                                                  .units = of.units, .place = of.place, .origin = origin, .stage = cell(rec, "stage"),
                                                                  .basis = record_basis(app, source, cell(rec, "document"), origin) };
            }
        }
    return status;
}

static gf_status tell_entries(gf_app *app, const gf_app_actor *actor, gf_str column, gf_str id, gf_str lang, gf_arena *keep, gf_app_story *out, gf_error *err)
{
    gf_app_entry_list list;
    gf_app_list_ask ask = { .reg = gf_register_find(GF_STR("entries")), .limit = EVENTS_OF_REGISTER };
    if (!access_may_read(actor, "entries"))
        return GF_OK;
    ask.filters[ask.filter_count++] = (gf_app_filter){ gf_str_is(column, "place") ? GF_STR("place") : GF_STR("unit"), GF_APP_EQUALS, id };
    gf_status status = gf_app_list_entries(app, actor, &ask, keep, &list, err);
    for (size_t i = 0; status == GF_OK && i < list.count; i++)
        status = add_entry(app, list.ids[i], lang, keep, out, err);
    return status;
}

gf_status gf_app_story_read(gf_app *app, const gf_app_actor *actor, const char *of, gf_str id, gf_str programme, gf_str lang, gf_arena *keep, gf_app_story *out, gf_error *err)
{
    record rec;
    bool place = strcmp(of, "places") == 0;
    gf_status status = gf_app_require_area(actor, "home", err);
    if (status == GF_OK)
        status = record_read(app, of, id, keep, &rec, err);
    if (status != GF_OK)
        return status;
    gf_str en = record_value(&rec, "name_en");
    *out = (gf_app_story){ .id = id, .name = gf_str_is(lang, "en") && en.len ? en : record_value(&rec, "name"), .events = gf_new(keep, gf_app_event, EVENTS_MAX) };
    if (!out->events)
        return gf_fail_memory(err);
    gf_str column = place ? GF_STR("place") : GF_STR("unit");
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(TOLD); i++)
        status = tell_register(app, actor, i, column, id, lang, keep, out, err);
    if (status == GF_OK)
        status = tell_beside(app, actor, keep, out, err);
    if (status == GF_OK)
        status = tell_entries(app, actor, column, id, lang, keep, out, err);
    bool demo = gf_app_is_demo(app, programme, keep);
    size_t kept = 0;
    for (size_t i = 0; status == GF_OK && i < out->event_count; i++)  /* invented rows never stand among others */
        if (gf_str_is(out->events[i].origin, "demo") == demo)
            out->events[kept++] = out->events[i];
    out->event_count = kept;
    if (status == GF_OK && out->event_count)
        qsort(out->events, out->event_count, sizeof *out->events, by_period);
    return status;
}
