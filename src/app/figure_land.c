/* Figures of sight: what the newest run says of a parcel, or of one tower and a parcel.
 *
 *   sight.<parcel>#<what>              seen, before, nodata (shares of its area), towers (how many see any of it)
 *   sight.<parcel>@<tower>#<what>      seen, dist_m, pixel_m, incidence_deg
 *
 * A run is an answer of an engine, not of the books: it is kept whole and not computed again for a question. What went
 * into it stands under each figure: the towers, where each camera looks, the parcel, the day of the run, and the ground.
 */
#include "app/figures.h"

#include "app/land.h"

#include <string.h>

static gf_app_node *record_node(const figure_ask *ask, const record *row, const char *column)
{
    gf_str name = record_value(row, "name");
    gf_app_node *node = figure_node(ask, "observation", figure_text(ask->keep, "record.%s.%.*s#%s", row->reg->name, GF_STR_ARG(record_key(row)), column), name.len ? name : record_key(row));
    figure_amount amount = figure_amount_of(row, gf_register_column(row->reg, gf_str_of(column)));
    if (node)
        node->source = row->source;
    if (amount.has_value)
        figure_node_value(node, amount.value, amount.unit, amount.bound);
    return node;
}

/* "方位 0–120°" of the columns that are filled in. */
static void add_span(gf_text *text, const record *camera, const char *from, const char *to, const char *format)
{
    gf_str a = record_value(camera, from), b = record_value(camera, to);
    if (a.len && b.len)
        gf_text_format(text, format, GF_STR_ARG(a), GF_STR_ARG(b));
}

static void add_one(gf_text *text, const record *camera, const char *column, const char *format)
{
    gf_str value = record_value(camera, column);
    if (value.len)
        gf_text_format(text, format, GF_STR_ARG(value));
}

/* Where a camera stands and looks, in words. */
static gf_str pose_words(const figure_ask *ask, const record *camera)
{
    gf_text text;
    bool zh = figure_zh(ask);
    gf_text_init(&text, ask->keep);
    gf_text_add(&text, record_value(camera, "name"));
    add_one(&text, camera, "height_m", zh ? "，离地 %.*s 米" : ", %.*s m above ground");
    add_span(&text, camera, "pan_from_deg", "pan_to_deg", zh ? "，方位 %.*s—%.*s°" : ", pan %.*s to %.*s°");
    add_span(&text, camera, "pitch_min_deg", "pitch_max_deg", zh ? "，俯仰 %.*s—%.*s°" : ", pitch %.*s to %.*s°");
    add_one(&text, camera, "range_m", zh ? "，有效距离 %.*s 米" : ", range %.*s m");
    return gf_text_str(&text);
}

/* A tower and where each of its cameras looks; one without a camera looks all round from its top. */
static gf_app_node *tower_node(const figure_ask *ask, gf_str id, const record *cameras, size_t camera_count)
{
    record tower;
    if (record_read(ask->app, "towers", id, ask->keep, &tower, NULL) != GF_OK)
        return figure_node(ask, "observation", (gf_str){ "", 0 }, id);
    gf_app_node *node = record_node(ask, &tower, "mast_m");
    for (size_t i = 0; node && i < camera_count; i++)
        if (gf_str_eq(record_value(&cameras[i], "tower"), id))
            figure_child(node, figure_node(ask, "observation", figure_text(ask->keep, "cameras/%.*s", GF_STR_ARG(record_key(&cameras[i]))), pose_words(ask, &cameras[i])));
    if (node && !node->first_child)
        figure_child(node, figure_node(ask, "observation", (gf_str){ "", 0 }, figure_zh(ask) ? GF_STR("没有登记摄像机：按塔顶四周计算") : GF_STR("no camera on record: reckoned all round from the top")));
    return node;
}

/* ---- The run ---- */

static gf_status weaken_by(const figure_ask *ask, const char *reg, gf_figure_basis *weakest, gf_error *err)
{
    record *rows;
    size_t count;
    gf_status status = record_all(ask->app, reg, ask->keep, &rows, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        *weakest = gf_figure_weaker(*weakest, record_basis(ask->app, rows[i].source, (gf_str){ "", 0 }, rows[i].origin));
    return status;
}

static void add_ground(const figure_ask *ask, gf_app_node *parent)
{
    gf_stmt *stmt = gf_store_named(ask->app->store, "land_elevation");
    while (gf_stmt_row(stmt)) {
        gf_app_node *node = figure_node(ask, "document", figure_text(ask->keep, "doc.%.*s", GF_STR_ARG(gf_row_str(stmt, 0))), gf_row_copy(stmt, 1, ask->keep));
        if (node)
            node->sha256 = gf_row_copy(stmt, 2, ask->keep);
        figure_child(parent, node);
    }
    gf_stmt_end(stmt);
}

gf_status figure_add_run(const figure_ask *ask, gf_app_node *parent, gf_figure_basis *weakest, gf_error *err)
{
    gf_app_land run = { .computed = false };
    char day[GF_DAY_BYTES];
    bool zh = figure_zh(ask);
    gf_status status = land_run_read(ask->app, ask->keep, &run, err);
    if (status == GF_OK)
        status = weaken_by(ask, "towers", weakest, err);
    if (status == GF_OK)
        status = weaken_by(ask, "cameras", weakest, err);
    if (status != GF_OK)
        return status;
    *weakest = run.computed ? gf_figure_weaker(*weakest, GF_FIGURE_DOCUMENTED) : GF_FIGURE_NONE;   /* no better than its elevation, which is a paper */
    gf_app_node *node = figure_node(ask, run.computed ? "observation" : "none", (gf_str){ "", 0 }, zh ? GF_STR("还没有算过") : GF_STR("not computed yet"));
    if (node && run.computed) {
        node->label = figure_text(ask->keep, zh ? "视域计算：高程格网 %g 米，EPSG:%d%s" : "computation of sight: elevation grid %g m, EPSG:%d%s", run.cell_m, run.epsg,
                                  run.fresh ? "" : zh ? "；此后有塔、摄像机、图斑或高程改动" : "; a tower, camera, parcel or elevation has changed since");
        node->date = gf_str_copy(ask->keep, (gf_str){ day, gf_day_format(gf_utc_day(run.at, 480), day) });
        add_ground(ask, node);
    }
    figure_child(parent, node);
    return gf_store_ok(ask->app->store, err);
}

/* ---- One sight ---- */

typedef struct measure { const char *name, *unit, *node; bool of_pair, of_parcel; int column; unsigned scale; } measure;
/* Shares are kept in parts of 10,000: two places of a percent. The columns are those of land_sight_of_parcel and land_sight_of_pair. */
static const measure MEASURES[] = {
    { "seen", "percent", "ratio", true, true, 0, 2 },          { "before", "percent", "ratio", false, true, 1, 2 }, { "nodata", "percent", "ratio", false, true, 2, 2 },
    { "towers", "tower", "count", false, true, 3, 0 },         { "dist_m", "m", "observation", true, false, 1, 0 }, { "pixel_m", "m", "observation", true, false, 2, 3 },
    { "incidence_deg", "degree", "observation", true, false, 3, 1 },
};

typedef struct sight_ask { gf_str parcel, tower; const measure *what; } sight_ask;

static gf_status parse(const figure_ask *ask, sight_ask *out, gf_error *err)
{
    size_t mark = gf_str_find(ask->rest, GF_STR("#")), at = gf_str_find(gf_str_slice(ask->rest, 0, mark), GF_STR("@"));
    *out = (sight_ask){ gf_str_slice(ask->rest, 0, at), at < mark ? gf_str_slice(ask->rest, at + 1, mark) : (gf_str){ "", 0 }, NULL };
    for (size_t i = 0; i < GF_COUNT(MEASURES); i++)
        if (gf_str_is(gf_str_slice(ask->rest, mark + 1, ask->rest.len), MEASURES[i].name) && (out->tower.len ? MEASURES[i].of_pair : MEASURES[i].of_parcel))
            out->what = &MEASURES[i];
    if (out->what)
        return GF_OK;
    return gf_fail(err, GF_ENOTFOUND, "figure.sight", "Write sight.<parcel>#seen or sight.<parcel>@<tower>#dist_m.", "there is no sight \"%.*s\"", GF_STR_ARG(gf_str_slice(ask->id, 0, 80)));
}

static gf_status read_value(const figure_ask *ask, const sight_ask *sight, gf_figure *figure, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(ask->app->store, sight->tower.len ? "land_sight_of_pair" : "land_sight_of_parcel");
    gf_stmt_str(stmt, 1, sight->parcel);
    if (sight->tower.len)
        gf_stmt_str(stmt, 2, sight->tower);
    bool found = gf_stmt_row(stmt);
    int64_t value = found ? gf_row_int(stmt, sight->what->column) : -1;
    gf_stmt_end(stmt);
    figure->has_value = value >= 0 && gf_decimal_make(value, sight->what->scale, &figure->value);   /* below zero: not told */
    gf_status status = gf_store_ok(ask->app->store, err);
    if (status == GF_OK && !found)
        return gf_fail(err, GF_ENOTFOUND, "figure.sight", "The newest run tells which towers see a parcel.", "the newest run knows nothing of \"%.*s\"", GF_STR_ARG(gf_str_slice(ask->rest, 0, 80)));
    return status;
}

/* The towers that see any of the parcel, each with its own share. */
static gf_status add_towers(const figure_ask *ask, const sight_ask *sight, figure_answer *out, const record *cameras, size_t camera_count, gf_error *err)
{
    gf_app_land_sight *sights;
    size_t count;
    int64_t counted = 0;
    gf_status status = gf_app_land_sights(ask->app, ask->reader, (gf_str){ "", 0 }, sight->parcel, ask->keep, &sights, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++, counted++) {
        gf_decimal share;
        gf_app_node *tower = tower_node(ask, sights[i].tower, cameras, camera_count);
        gf_app_node *node = figure_node(ask, "ratio", figure_text(ask->keep, "sight.%.*s@%.*s#seen", GF_STR_ARG(sight->parcel), GF_STR_ARG(sights[i].tower)), tower ? tower->label : sights[i].tower);
        if (gf_decimal_make(sights[i].seen, 2, &share))
            figure_node_value(node, share, GF_STR("percent"), GF_FIGURE_EXACT);
        figure_child(node, tower);
        figure_child(out->tree, node);
    }
    if (status == GF_OK && strcmp(sight->what->name, "towers") == 0 && gf_str_is(ask->reader->scope, "all")) {
        out->has_recomputed = true;
        out->recomputed = (gf_decimal){ counted, 0 };
        out->equal = gf_decimal_cmp(out->recomputed, out->derived.figure.value) == 0;
    }
    return status;
}

gf_status figure_sight(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    sight_ask sight;
    record parcel, *cameras;
    size_t camera_count;
    gf_figure *figure = &out->derived.figure;
    gf_status status = parse(ask, &sight, err);
    if (status == GF_OK)
        status = record_read(ask->app, "parcels", sight.parcel, ask->keep, &parcel, err);
    if (status == GF_OK)
        status = read_value(ask, &sight, figure, err);
    if (status == GF_OK)
        status = record_all(ask->app, "cameras", ask->keep, &cameras, &camera_count, err);
    if (status != GF_OK)
        return status;
    gf_str number = record_value(&parcel, "number"), whole = number.len ? number : sight.parcel;
    figure->label = figure_text(ask->keep, figure_zh(ask) ? "图斑 %.*s" : "parcel %.*s", GF_STR_ARG(whole));
    figure->unit = gf_str_of(sight.what->unit);
    figure->origin = parcel.origin;
    figure->where = figure_place_name(ask->app, record_value(&parcel, "place"), ask->keep);
    figure->basis = record_basis(ask->app, parcel.source, (gf_str){ "", 0 }, parcel.origin);
    out->derived.op = "value";
    out->tree = figure_node(ask, sight.what->node, figure->id, figure->label);
    if (figure->has_value)
        figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    if (sight.tower.len)
        figure_child(out->tree, tower_node(ask, sight.tower, cameras, camera_count));
    else
        status = add_towers(ask, &sight, out, cameras, camera_count, err);
    figure_child(out->tree, record_node(ask, &parcel, "area_m2"));
    if (status == GF_OK)
        status = figure_add_run(ask, out->tree, &figure->basis, err);
    return status == GF_OK ? figure_add_input(ask, out, figure->id, err) : status;
}
