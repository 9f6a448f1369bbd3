/* What pages beside the cockpit show, in one answer each: the flow of money, the story of a place or a unit.
 * Everything is asked through lists and sums that know the scope of who asks.
 */
#include "app/browse.h"
#include "app/figures.h"

#include "fund/gf_fund.h"

#include <stdlib.h>
#include <string.h>

enum { FLOW_MAX = 20000, EVENTS_MAX = 2000, EVENTS_OF_REGISTER = 200 };

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
    out->links[out->link_count++] = (gf_app_flow_link){ from, to, row->stage, { "", 0 }, row->amount, row->rows, row->first, row->at_least, row->about };
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

/* Of a province: what each county's money came to, at its furthest stage; thousands of projects would be no drawing. */
static gf_status flow_by_county(flow_job *job, gf_str programme, gf_error *err)
{
    enum { COUNTIES_MAX = 400 };
    flow_row *rows = gf_new(job->keep, flow_row, COUNTIES_MAX);
    size_t count = 0;
    gf_app_flow *out = job->out;
    *out = (gf_app_flow){ .kind = job->kind, .by_county = true, .nodes = gf_new(job->keep, gf_app_flow_node, COUNTIES_MAX + 1), .links = gf_new(job->keep, gf_app_flow_link, COUNTIES_MAX) };
    if (!rows || !out->nodes || !out->links)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(job->app->store, "flow_of_counties");
    gf_stmt_str(stmt, 1, programme);
    gf_stmt_str(stmt, 2, job->kind);
    while (gf_stmt_row(stmt) && count < COUNTIES_MAX) {
        gf_str place = gf_str_slice(gf_row_copy(stmt, 0, job->keep), strlen("place:"), SIZE_MAX), stage = gf_row_copy(stmt, 1, job->keep);
        bool again = count && gf_str_eq(rows[count - 1].place, place), further = !again || stage_rank(job->kind, stage) > stage_rank(job->kind, rows[count - 1].stage);
        if (gf_row_int(stmt, 2) <= 0 || !further)
            continue;
        rows[again ? count - 1 : count] = (flow_row){ .place = place, .stage = stage, .amount = gf_row_int(stmt, 2), .rows = gf_row_int(stmt, 3), .at_least = gf_row_int(stmt, 4) > 0, .about = gf_row_int(stmt, 5) > 0 };
        count += !again;
    }
    gf_stmt_end(stmt);
    bool en = gf_str_is(job->lang, "en");
    if (count)
        out->nodes[out->node_count++] = (gf_app_flow_node){ GF_STR("unit:"), en ? GF_STR("the group") : GF_STR("团组"), "unit" };
    for (size_t i = 0; i < count; i++) {
        gf_str to = figure_text(job->keep, "place:%.*s", GF_STR_ARG(rows[i].place));
        out->nodes[out->node_count++] = (gf_app_flow_node){ to, figure_place_name(job->app, rows[i].place, job->keep), "place" };
        out->links[out->link_count++] = (gf_app_flow_link){ .from = GF_STR("unit:"), .to = to, .stage = rows[i].stage, .amount = rows[i].amount, .rows = rows[i].rows, .at_least = rows[i].at_least, .about = rows[i].about,
                                                            .figure = figure_text(job->keep, "total.%.*s/%.*s.%.*s.%.*s@all", GF_STR_ARG(programme), GF_STR_ARG(to), GF_STR_ARG(job->kind), GF_STR_ARG(rows[i].stage)) };
    }
    return gf_store_ok(job->app->store, err);
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
    bool demo = gf_app_is_demo(app, programme, keep);
    if (status == GF_OK && programme.len && access_sees_all(actor, gf_register_find(GF_STR("entries"))) && cockpit_by_county(app, demo)) {
        flow_job whole = { app, keep, lang, kind, out };
        return flow_by_county(&whole, programme, err);
    }
    if (status == GF_OK)
        status = read_flow(app, actor, kind, demo, keep, &rows, &count, err);
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
