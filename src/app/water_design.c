/* Designs of a network: read with it, judged and kept as records, one of them taken as the project's budget. */
#include "app/water_net.h"

#include <math.h>
#include <string.h>

enum { DESIGNS_MAX = 100, SIZES_BYTES_MAX = 20000, ID_TRIES_MAX = 10000 };

static const gf_register *networks(void) { return gf_register_find(GF_STR("water_networks")); }
static const gf_register *designs(void) { return gf_register_find(GF_STR("water_designs")); }

static int64_t whole_or(gf_stmt *stmt, int column)
{
    int64_t value;
    return gf_str_to_int(gf_row_str(stmt, column), &value) ? value : -1;
}

/* ---- Read ---- */

/* The rows are the network's own: who sees it sees them. */
static gf_status read_designs(gf_app *app, const gf_app_water_open *o, gf_arena *keep, gf_app_water_view *out, gf_error *err)
{
    out->designs = gf_new(keep, gf_app_water_design, DESIGNS_MAX);
    if (!out->designs)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "water_designs_of");
    gf_stmt_str(stmt, 1, o->id);
    while (out->design_count < DESIGNS_MAX && gf_stmt_row(stmt)) {
        gf_app_water_design *d = &out->designs[out->design_count++];
        gf_str sizes = gf_row_copy(stmt, 4, keep);
        *d = (gf_app_water_design){ .id = gf_row_copy(stmt, 0, keep),
                                    .name = gf_row_copy(stmt, 1, keep),
                                    .name_en = gf_row_copy(stmt, 2, keep),
                                    .role = gf_row_copy(stmt, 3, keep),
                                    .feasible = gf_row_copy(stmt, 7, keep),
                                    .worst = gf_row_copy(stmt, 8, keep),
                                    .slack = gf_row_copy(stmt, 9, keep),
                                    .made_on = gf_row_copy(stmt, 12, keep),
                                    .note = gf_row_copy(stmt, 13, keep),
                                    .origin = gf_row_copy(stmt, 14, keep),
                                    .cost_fen = whole_or(stmt, 5),
                                    .bound_fen = whole_or(stmt, 6),
                                    .seed = whole_or(stmt, 10),
                                    .work = whole_or(stmt, 11),
                                    .version = whole_or(stmt, 15) };
        if (gf_app_water_sizes_parse(o, sizes, keep, &d->option, NULL) != GF_OK)
            d->option = NULL;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static void read_project(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_app_water_view *out)
{
    gf_app_record project;
    record values;
    out->project_budget_fen = out->project_version = -1;
    if (out->project.len == 0 || gf_app_record_get(app, actor, gf_register_find(GF_STR("projects")), out->project, keep, &project, NULL) != GF_OK ||
        record_read(app, "projects", out->project, keep, &values, NULL) != GF_OK)
        return;
    out->project_name = record_value(&values, "name");
    (void)gf_str_to_int(gf_app_record_version(&project), &out->project_version);
    if (!gf_str_to_int(record_value(&values, "budget_fen"), &out->project_budget_fen))
        out->project_budget_fen = -1;
}

gf_status gf_app_water_read(gf_app *app, const gf_app_actor *actor, const gf_app_water_open *o, gf_arena *keep, gf_app_water_view *out, gf_error *err)
{
    record network;
    gf_status status = access_require_record(app, actor, networks(), o->id, keep, err);
    if (status == GF_OK)
        status = record_read(app, "water_networks", o->id, keep, &network, err);
    if (status != GF_OK)
        return status;
    *out = (gf_app_water_view){ .id = o->id,
                                .name = record_value(&network, "name"),
                                .name_en = record_value(&network, "name_en"),
                                .place = record_value(&network, "place"),
                                .project = record_value(&network, "project"),
                                .budget = record_value(&network, "budget"),
                                .note = record_value(&network, "note"),
                                .origin = network.origin,
                                .net = &o->net,
                                .brief = &o->brief,
                                .nodes = o->nodes,
                                .vertices = o->vertices,
                                .sizes = o->sizes };
    read_project(app, actor, keep, out);
    return read_designs(app, o, keep, out, err);
}

/* ---- Keep ---- */

static gf_status free_id(gf_app *app, gf_str network, gf_arena *keep, gf_str *out, gf_error *err)
{
    char text[128];
    for (int i = 1; i < ID_TRIES_MAX; i++) {
        int len = snprintf(text, sizeof text, "%.*s-%d", GF_STR_ARG(gf_str_slice(network, 0, 88)), i);
        gf_stmt *stmt = gf_store_named(app->store, "water_design_taken");
        gf_stmt_str(stmt, 1, (gf_str){ text, (size_t)len });
        bool taken = gf_stmt_row(stmt);
        gf_stmt_end(stmt);
        if (!taken) {
            *out = gf_str_copy(keep, (gf_str){ text, (size_t)len });
            return gf_store_ok(app->store, err);
        }
    }
    return gf_fail(err, GF_ELIMIT, "water.designs", "Name the design yourself in the register.", "the network has %d designs", ID_TRIES_MAX);
}

static void put_worst(cells *c, const gf_app_water_open *o, const gf_water_size_slack *worst)
{
    static const char *const WORDS[] = { "", "min_head", "max_head", "velocity" };
    char text[160], slack[32];
    bool velocity = worst->limit == GF_WATER_LIMIT_VELOCITY;
    gf_str id = velocity ? o->net.links[worst->index].id : o->net.nodes[worst->index].id;
    int len = snprintf(text, sizeof text, "%s %.*s", WORDS[worst->limit], GF_STR_ARG(gf_str_slice(id, 0, 100)));
    cells_put(c, designs(), "worst", gf_str_copy(c->keep, (gf_str){ text, (size_t)len }));
    len = snprintf(slack, sizeof slack, "%.3f", floor(worst->slack * 1000) / 1000); /* never better than it is */
    cells_put(c, designs(), "slack", gf_str_copy(c->keep, (gf_str){ slack, (size_t)len }));
}

gf_status gf_app_water_keep(gf_app *app, const gf_app_actor *actor, gf_app_water_open *o, const gf_app_water_new *design, gf_arena *keep,
                            gf_app_record *out, gf_error *err)
{
    cells c = { .keep = keep };
    gf_app_water_answer answer;
    gf_text sizes;
    gf_str id = { "", 0 };
    gf_text_init(&sizes, keep);
    gf_status status = gf_app_require(actor, designs(), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = access_require_record(app, actor, networks(), o->id, keep, err);
    if (status == GF_OK)
        status = gf_app_water_ask(o, design->option, (gf_str){ "", 0 }, keep, &answer, err);
    if (status == GF_OK)
        status = free_id(app, o->id, keep, &id, err);
    if (status != GF_OK)
        return status;
    gf_app_water_sizes_write(o, design->option, &sizes);
    if (gf_text_str(&sizes).len > SIZES_BYTES_MAX)
        return gf_fail(err, GF_ELIMIT, "water.large", "Use gongfu water on the command line for networks of this size.",
                       "the sizes take more than 20,000 bytes");
    const struct {
        const char *column;
        gf_str value;
    } TEXTS[] = {
        { "id", id },
        { "name", design->name },
        { "name_en", design->name_en },
        { "network", o->id },
        { "role", design->role },
        { "sizes", gf_text_str(&sizes) },
        { "feasible", answer.worst.slack >= 0 ? GF_STR("yes") : GF_STR("no") },
    };
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        cells_put(&c, designs(), TEXTS[i].column, TEXTS[i].value);
    cells_put_int(&c, designs(), "cost_fen", answer.cost_fen);
    cells_put_int(&c, designs(), "bound_fen", design->bound_fen < answer.cost_fen || answer.worst.slack < 0 ? design->bound_fen : answer.cost_fen);
    cells_put_int(&c, designs(), "seed", design->seed);
    cells_put_int(&c, designs(), "work", design->work);
    put_worst(&c, o, &answer.worst);
    cells_put_today(app, &c, designs(), "made_on");
    return gf_app_record_create(app, actor, designs(), c.value, keep, out, err);
}

/* ---- Budget ---- */

static gf_status read_budget(gf_app *app, const gf_app_actor *actor, gf_app_water_open *o, gf_str id, gf_arena *keep, int64_t *cost_fen,
                             gf_error *err)
{
    record design;
    uint16_t *option;
    gf_app_water_answer answer;
    gf_status status = access_require_record(app, actor, designs(), id, keep, err);
    if (status == GF_OK)
        status = record_read(app, "water_designs", id, keep, &design, err);
    if (status == GF_OK && !gf_str_eq(record_value(&design, "network"), o->id))
        return gf_fail(err, GF_ENOTFOUND, "record.none", "Check the id.", "the design is of another network");
    if (status == GF_OK)
        status = gf_app_water_sizes_parse(o, record_value(&design, "sizes"), keep, &option, err);
    if (status == GF_OK)
        status = gf_app_water_ask(o, option, (gf_str){ "", 0 }, keep, &answer, err);
    if (status != GF_OK)
        return status;
    if (answer.worst.slack < 0)
        return gf_fail(err, GF_EINPUT, "water.short", "Take a design that keeps every limit, or enlarge pipes first.", "the design breaks %zu limits",
                       answer.broken_all);
    int64_t told;
    if (!gf_str_to_int(record_value(&design, "cost_fen"), &told) || told != answer.cost_fen)
        return gf_fail(err, GF_ECONFLICT, "water.cost", "Save the design again: prices or lengths have changed since.",
                       "the design's cost is not what its sizes cost now");
    *cost_fen = answer.cost_fen;
    return GF_OK;
}

gf_status gf_app_water_budget(gf_app *app, const gf_app_actor *actor, gf_app_water_open *o, gf_str design, gf_str version, gf_arena *keep,
                              gf_app_record *project, gf_error *err)
{
    const gf_register *projects = gf_register_find(GF_STR("projects"));
    gf_app_record network;
    record values;
    cells change = { .keep = keep }, mark = { .keep = keep };
    int64_t cost_fen = 0;
    gf_status status = gf_app_require(actor, networks(), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = gf_app_record_get(app, actor, networks(), o->id, keep, &network, err);
    if (status == GF_OK)
        status = record_read(app, "water_networks", o->id, keep, &values, err);
    if (status == GF_OK)
        status = read_budget(app, actor, o, design, keep, &cost_fen, err);
    if (status != GF_OK)
        return status;
    gf_str id = record_value(&values, "project");
    if (id.len == 0)
        return gf_fail(err, GF_EINPUT, "water.project", "Name the project in the network's record first.", "the network belongs to no project");
    cells_put_int(&change, projects, "budget_fen", cost_fen);
    cells_put(&mark, networks(), "budget", design);
    status = gf_app_record_change(app, actor, projects, id, version, change.value, keep, project, err);
    if (status == GF_OK)
        status = gf_app_record_change(app, actor, networks(), o->id, gf_app_record_version(&network), mark.value, keep, &network, err);
    return status;
}
