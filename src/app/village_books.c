/* A village's design kept: its files as documents, its pipes as a water network, its bill as what a design costs. The bill is
 * read back from the document and worked out again wherever it counts: nobody's sum is taken on trust.
 */
#include "app/village_books.h"
#include "app/load_inside.h"
#include "app/village.h"
#include "app/water_net.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { LINES_MAX = 200, IDS_MAX = 100000 };

static const gf_register *reg_of(const char *name) { return gf_register_find(gf_str_of(name)); }

/* ---- The bill as a document holds it ---- */

static json_t *parse(gf_str json)
{
    json_t *root = json_loadb(json.data ? json.data : "", json.len, JSON_REJECT_DUPLICATES, NULL);
    const char *schema = json_string_value(json_object_get(root, "schema"));
    if (schema && strcmp(schema, "gongfu.water.village/1") == 0)
        return root;
    json_decref(root);
    return NULL;
}

bool village_is_design(gf_str json)
{
    json_t *root = parse(json);
    json_decref(root);
    return root != NULL;
}

static gf_str text_in(const json_t *object, const char *key, gf_arena *keep)
{
    const char *text = json_string_value(json_object_get(object, key));
    return gf_str_copy(keep, gf_str_of(text ? text : ""));
}

static bool take_line(const json_t *item, bool zh, gf_arena *keep, village_paper *out)
{
    village_line *line = &out->lines[out->count++];
    double quantity = json_number_value(json_object_get(item, "quantity"));
    *line = (village_line){ .name = text_in(item, zh ? "zh" : "en", keep), .size = text_in(item, "size", keep), .unit = text_in(item, "unit", keep),
                            .price = json_integer_value(json_object_get(item, "price_fen")) };
    if (!(quantity >= 0 && quantity < 1e12))
        return false;
    line->quantity_milli = llround(quantity * 1000);
    return gf_water_cost(line->quantity_milli, line->price, &line->total) && gf_fen_add(out->works, line->total, &out->works);
}

static double percent_of(const json_t *root, const char *id)
{
    json_t *norm;
    size_t i;
    json_array_foreach(json_object_get(root, "norms"), i, norm) {
        const char *name = json_string_value(json_object_get(norm, "id"));
        if (name && strcmp(name, id) == 0)
            return json_number_value(json_object_get(norm, "value"));
    }
    return 0;
}

static gf_fen told_total(const json_t *root)
{
    const char *chosen = json_string_value(json_object_get(root, "chosen"));
    json_t *design;
    size_t i;
    json_array_foreach(json_object_get(root, "designs"), i, design) {
        const char *id = json_string_value(json_object_get(design, "id"));
        if (chosen && id && strcmp(chosen, id) == 0)
            return json_integer_value(json_object_get(design, "total_fen"));
    }
    return -1;
}

gf_status village_paper_read(gf_str json, bool zh, gf_arena *keep, village_paper *out, gf_error *err)
{
    json_t *root = parse(json), *bill = json_object_get(root, "bill"), *item;
    size_t i;
    bool fits = root && json_array_size(bill) <= LINES_MAX;
    *out = (village_paper){ .lines = gf_new(keep, village_line, LINES_MAX) };
    gf_status status = out->lines ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK)
        json_array_foreach(bill, i, item) fits = fits && take_line(item, zh, keep, out);
    out->contingency = village_share(out->works, percent_of(root, gf_water_norm_of(GF_WATER_NORM_CONTINGENCY_PERCENT)->id));
    fits = fits && gf_fen_add(out->works, out->contingency, &out->total);
    out->told = told_total(root);
    out->feasible = json_is_true(json_object_get(root, "feasible"));
    json_decref(root);
    if (status == GF_OK && !fits)
        status = gf_fail(err, GF_EINPUT, "water.paper", "Design the village again.", "the document holds no bill of a village's design that can be counted");
    return status;
}

/* ---- In ---- */

gf_status gf_app_village_document(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_app_village_file *out, gf_error *err)
{
    record document;
    gf_status status = access_require_record(app, actor, reg_of("documents"), id, keep, err);
    if (status == GF_OK)
        status = record_read(app, "documents", id, keep, &document, err);
    if (status == GF_OK)
        status = water_read_document(app, id, keep, &out->bytes, err);
    if (status != GF_OK)
        return status;
    out->name = record_value(&document, "name");
    out->origin = document.origin;
    return GF_OK;
}

/* ---- Kept ---- */

static gf_status free_id(gf_app *app, gf_arena *keep, gf_str *out, gf_error *err)
{
    char text[32];
    gf_stmt *stmt = gf_store_named(app->store, "water_network_count");
    int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    for (int64_t i = count + 1; i <= count + IDS_MAX; i++) {
        int len = snprintf(text, sizeof text, "wn-village-%lld", (long long)i);
        stmt = gf_store_named(app->store, "water_network_taken");
        gf_stmt_str(stmt, 1, (gf_str){ text, (size_t)len });
        bool taken = gf_stmt_row(stmt);
        gf_stmt_end(stmt);
        if (!taken) {
            *out = gf_str_copy(keep, (gf_str){ text, (size_t)len });
            return gf_store_ok(app->store, err);
        }
    }
    return gf_fail(err, GF_ELIMIT, "water.designs", "Take away networks that nobody uses.", "no id is free for another network");
}

static gf_str joined(gf_arena *keep, gf_str a, const char *b, gf_str c)
{
    gf_text text;
    gf_text_init(&text, keep);
    gf_text_format(&text, "%.*s%s%.*s", GF_STR_ARG(a), b, GF_STR_ARG(c));
    return gf_text_str(&text);
}

static const char *kind_of(gf_str file)
{
    return gf_str_ends(file, GF_STR(".inp")) ? "inp" : gf_str_is(file, "village.json") ? "design" : gf_str_is(file, "input.json") ? "village" : "deliverable";
}

static gf_status keep_file(gf_app *app, const gf_app_actor *actor, const gf_app_village_new *made, gf_str network, const gf_app_village_file *file, gf_arena *keep,
                           gf_error *err)
{
    const gf_register *reg = reg_of("documents");
    cells c = { .keep = keep };
    gf_app_content content;
    gf_app_record rec;
    gf_status status = gf_app_content_put(app, actor, file->name, file->bytes, keep, &content, err);
    if (status != GF_OK)
        return status;
    cells_put(&c, reg, "id", joined(keep, network, ".", file->name));
    cells_put(&c, reg, "name", joined(keep, made->name, " ", file->name));
    cells_put(&c, reg, "kind", gf_str_of(kind_of(file->name)));
    cells_put(&c, reg, "sha256", content.sha256);
    cells_put_today(app, &c, reg, "date");
    cells_put_invented(&c, reg, made->invented);
    return gf_app_record_create(app, actor, reg, c.value, keep, &rec, err);
}

static gf_status keep_network(gf_app *app, const gf_app_actor *actor, const gf_app_village_new *made, gf_str id, gf_str place, gf_arena *keep, gf_error *err)
{
    const gf_register *reg = reg_of("water_networks");
    cells c = { .keep = keep };
    gf_app_record rec;
    char crs[24];
    int len = snprintf(crs, sizeof crs, "EPSG:%d", made->plan->village->surface->grid.epsg);
    cells_put(&c, reg, "id", id);
    cells_put(&c, reg, "name", made->name);
    cells_put(&c, reg, "project", made->project);
    cells_put(&c, reg, "place", place);
    cells_put(&c, reg, "network", joined(keep, id, ".", GF_STR("network.inp")));
    cells_put(&c, reg, "problem", joined(keep, id, ".", GF_STR("village.json")));
    cells_put(&c, reg, "crs", gf_str_copy(keep, (gf_str){ crs, (size_t)len }));
    cells_put_invented(&c, reg, made->invented);
    return gf_app_record_create(app, actor, reg, c.value, keep, &rec, err);
}

/* What its sizes are stands in the INP: no brief chooses them again, so the sizes are told as none. */
static gf_status keep_design(gf_app *app, const gf_app_actor *actor, const gf_app_village_new *made, gf_str network, gf_str id, gf_arena *keep, gf_error *err)
{
    const gf_register *reg = reg_of("water_designs");
    const gf_village_design *d = &made->plan->designs[made->plan->chosen];
    cells c = { .keep = keep };
    gf_app_record rec;
    cells_put(&c, reg, "id", id);
    cells_put(&c, reg, "name", gf_str_of(d->zh));
    cells_put(&c, reg, "name_en", gf_str_of(d->en));
    cells_put(&c, reg, "network", network);
    cells_put(&c, reg, "role", GF_STR("after"));
    cells_put(&c, reg, "sizes", GF_STR("{}"));
    cells_put(&c, reg, "feasible", d->feasible ? GF_STR("yes") : GF_STR("no"));
    cells_put_int(&c, reg, "cost_fen", d->bill.total);
    cells_put_int(&c, reg, "seed", made->seed);
    cells_put_int(&c, reg, "work", made->work);
    cells_put_today(app, &c, reg, "made_on");
    cells_put_invented(&c, reg, made->invented);
    return gf_app_record_create(app, actor, reg, c.value, keep, &rec, err);
}

static gf_status invented_for_real(gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "water.invented", "Take a village file of real households, or a project of the demo programme.",
                   "the village is invented, the project is not");
}

/* The project, when one is named, is one that the actor sees; its place is the network's unless another is told. */
static gf_status look_at_project(gf_app *app, const gf_app_actor *actor, const gf_app_village_new *made, gf_arena *keep, gf_str *place, gf_error *err)
{
    record project;
    *place = made->place;
    if (made->project.len == 0)
        return GF_OK;
    gf_status status = access_require_record(app, actor, reg_of("projects"), made->project, keep, err);
    if (status == GF_OK)
        status = record_read(app, "projects", made->project, keep, &project, err);
    if (status == GF_OK && made->invented && !gf_str_is(project.origin, "demo"))
        return invented_for_real(err);
    if (status == GF_OK && place->len == 0)
        *place = gf_str_slice(record_value(&project, "place"), 0, 96);
    return status;
}

gf_status gf_app_village_keep(gf_app *app, const gf_app_actor *actor, const gf_app_village_new *made, gf_arena *keep, gf_app_village_kept *out, gf_error *err)
{
    gf_str place;
    gf_status status = gf_app_require(actor, reg_of("water_networks"), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = gf_app_require(actor, reg_of("water_designs"), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = look_at_project(app, actor, made, keep, &place, err);
    if (status == GF_OK)
        status = free_id(app, keep, &out->network, err);
    for (size_t i = 0; status == GF_OK && i < made->file_count; i++)
        status = keep_file(app, actor, made, out->network, &made->files[i], keep, err);
    if (status == GF_OK)
        status = keep_network(app, actor, made, out->network, place, keep, err);
    if (status != GF_OK)
        return status;
    out->design = joined(keep, out->network, "-", GF_STR("1"));
    return keep_design(app, actor, made, out->network, out->design, keep, err);
}

gf_status gf_app_village_file_of(gf_app *app, const gf_app_actor *actor, gf_str network, gf_str file, gf_arena *keep, gf_app_content *out, gf_error *err)
{
    record document;
    gf_str id = joined(keep, network, ".", file), bytes;
    gf_status status = access_require_record(app, actor, reg_of("water_networks"), network, keep, err);
    if (status == GF_OK)
        status = record_read(app, "documents", id, keep, &document, err);
    if (status == GF_OK)
        status = water_read_document(app, id, keep, &bytes, err);
    if (status == GF_OK)
        *out = (gf_app_content){ record_value(&document, "sha256"), record_value(&document, "media_type"), bytes, id };
    return status;
}

/* ---- Budget ---- */

gf_status gf_app_village_is(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, bool *out, gf_error *err)
{
    record network;
    gf_str bytes;
    gf_status status = access_require_record(app, actor, reg_of("water_networks"), id, keep, err);
    if (status == GF_OK)
        status = record_read(app, "water_networks", id, keep, &network, err);
    if (status == GF_OK)
        *out = water_read_document(app, record_value(&network, "problem"), keep, &bytes, NULL) == GF_OK && village_is_design(bytes);
    return status;
}

static gf_status read_bill(gf_app *app, const gf_app_actor *actor, const record *network, gf_str id, gf_arena *keep, village_paper *out, gf_error *err)
{
    record design;
    gf_str bytes;
    int64_t told = -1;
    gf_status status = access_require_record(app, actor, reg_of("water_designs"), id, keep, err);
    if (status == GF_OK)
        status = record_read(app, "water_designs", id, keep, &design, err);
    if (status == GF_OK && !gf_str_eq(record_value(&design, "network"), record_key(network)))
        return gf_fail(err, GF_ENOTFOUND, "record.none", "Check the id.", "the design is of another network");
    if (status == GF_OK)
        status = water_read_document(app, record_value(network, "problem"), keep, &bytes, err);
    if (status == GF_OK)
        status = village_paper_read(bytes, false, keep, out, err);
    if (status != GF_OK)
        return status;
    if (!out->feasible)
        return gf_fail(err, GF_EINPUT, "water.short", "Change springs, tank or parameters, and design again.", "the village's design does not bring every house its water");
    if (out->told != out->total || !gf_str_to_int(record_value(&design, "cost_fen"), &told) || told != out->total)
        return gf_fail(err, GF_ECONFLICT, "water.cost", "Design the village again.", "the design's cost is not what its bill adds up to");
    return GF_OK;
}

gf_status gf_app_village_budget(gf_app *app, const gf_app_actor *actor, gf_str id, gf_str design, gf_str version, gf_arena *keep, gf_app_record *project, gf_error *err)
{
    const gf_register *projects = reg_of("projects"), *networks = reg_of("water_networks");
    gf_app_record network;
    record values, owner;
    village_paper paper;
    cells change = { .keep = keep }, mark = { .keep = keep };
    gf_status status = gf_app_require(actor, networks, GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = gf_app_record_get(app, actor, networks, id, keep, &network, err);
    if (status == GF_OK)
        status = record_read(app, "water_networks", id, keep, &values, err);
    if (status == GF_OK)
        status = read_bill(app, actor, &values, design, keep, &paper, err);
    if (status != GF_OK)
        return status;
    gf_str project_id = record_value(&values, "project");
    if (project_id.len == 0)
        return gf_fail(err, GF_EINPUT, "water.project", "Name the project in the network's record first.", "the network belongs to no project");
    status = record_read(app, "projects", project_id, keep, &owner, err);
    if (status == GF_OK && gf_str_is(values.origin, "demo") && !gf_str_is(owner.origin, "demo"))
        return invented_for_real(err);
    cells_put_int(&change, projects, "budget_fen", paper.total);
    cells_put(&mark, networks, "budget", design);
    if (status == GF_OK)
        status = gf_app_record_change(app, actor, projects, project_id, version, change.value, keep, project, err);
    if (status == GF_OK)
        status = gf_app_record_change(app, actor, networks, id, gf_app_record_version(&network), mark.value, keep, &network, err);
    return status;
}
