/* What a design of a water network costs, opened: for each size the length of its pipes times the price of a metre. The price
 * list is a document, so the cost stands on that paper and on the network's.
 */
#include "app/figures.h"
#include "app/village_books.h"
#include "app/water_net.h"

static gf_str size_label(const figure_ask *ask, const gf_app_water_size *size, const gf_app_water_sum *sum)
{
    return figure_text(ask->keep,
                       figure_zh(ask) ? "内径 %.*s 毫米：%u 段 %lld.%03lld 米 × %lld.%02lld 元/米"
                                      : "inner diameter %.*s mm: %u pipes, %lld.%03lld m × %lld.%02lld yuan/m",
                       GF_STR_ARG(size->text), sum->pipes, (long long)(sum->length_mm / 1000), (long long)(sum->length_mm % 1000),
                       (long long)(size->price_fen / 100), (long long)(size->price_fen % 100));
}

static gf_figure_basis weaker(gf_figure_basis a, gf_figure_basis b) { return a < b ? a : b; }

static gf_figure_basis basis_of(gf_app *app, const record *design, gf_arena *keep)
{
    record network;
    const gf_str none = { "", 0 };
    if (record_read(app, "water_networks", record_value(design, "network"), keep, &network, NULL) != GF_OK)
        return GF_FIGURE_NONE;
    return weaker(record_basis(app, none, record_value(&network, "network"), network.origin),
                  record_basis(app, none, record_value(&network, "problem"), network.origin));
}

/* ---- A village's design: the lines of its bill ---- */

static gf_str line_label(const figure_ask *ask, const village_line *line)
{
    return figure_text(ask->keep, figure_zh(ask) ? "%.*s %.*s：%lld.%03lld %.*s × %lld.%02lld 元" : "%.*s %.*s: %lld.%03lld %.*s × %lld.%02lld yuan",
                       GF_STR_ARG(line->name), GF_STR_ARG(line->size), (long long)(line->quantity_milli / 1000), (long long)(line->quantity_milli % 1000),
                       GF_STR_ARG(line->unit), (long long)(line->price / 100), (long long)(line->price % 100));
}

static void add_line(const figure_ask *ask, gf_app_node *node, gf_str id, gf_str label, gf_fen total)
{
    gf_app_node *line = figure_node(ask, "observation", id, label);
    figure_node_value(line, gf_fen_to_yuan(total), GF_STR("CNY"), GF_FIGURE_EXACT);
    figure_child(node, line);
}

/* Is the design a village's? Then its cost is opened here. */
static gf_status add_bill(const figure_ask *ask, const record *design, gf_app_node *node, gf_figure_basis *basis, gf_decimal *recomputed, bool *is, gf_error *err)
{
    record network;
    gf_str bytes;
    village_paper paper;
    if (record_read(ask->app, "water_networks", record_value(design, "network"), ask->keep, &network, NULL) != GF_OK ||
        water_read_document(ask->app, record_value(&network, "problem"), ask->keep, &bytes, NULL) != GF_OK || !village_is_design(bytes))
        return GF_OK;
    *is = true;
    gf_status status = village_paper_read(bytes, figure_zh(ask), ask->keep, &paper, err);
    if (status != GF_OK)
        return status;
    for (size_t i = 0; i < paper.count; i++)
        add_line(ask, node, figure_text(ask->keep, "bill.%zu", i + 1), line_label(ask, &paper.lines[i]), paper.lines[i].total);
    add_line(ask, node, GF_STR("bill.contingency"), figure_zh(ask) ? GF_STR("预备费") : GF_STR("contingency"), paper.contingency);
    figure_child(node, figure_document_node(ask, record_value(&network, "problem")));
    *recomputed = gf_fen_to_yuan(paper.total);
    *basis = basis_of(ask->app, design, ask->keep);
    return GF_OK;
}

static gf_status add_sizes(const figure_ask *ask, const record *design, gf_app_node *node, gf_figure_basis *basis, gf_decimal *recomputed,
                             gf_error *err)
{
    gf_app_water_open *open = NULL;
    gf_app_water_sum *sums = NULL;
    uint16_t *option;
    size_t count = 0;
    int64_t cost_fen = 0;
    gf_status status = gf_app_water_open_net(ask->app, record_value(design, "network"), &open, err);
    if (status == GF_OK)
        status = gf_app_water_sizes_parse(open, record_value(design, "sizes"), ask->keep, &option, err);
    if (status == GF_OK)
        status = gf_app_water_cost(open, option, ask->keep, &sums, &count, &cost_fen, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        const gf_app_water_size *size = &open->sizes[sums[i].option];
        gf_app_node *line =
            figure_node(ask, "observation", figure_text(ask->keep, "size.%.*s", GF_STR_ARG(size->text)), size_label(ask, size, &sums[i]));
        figure_node_value(line, gf_fen_to_yuan(sums[i].cost_fen), GF_STR("CNY"), GF_FIGURE_EXACT);
        figure_child(node, line);
    }
    if (status == GF_OK) {
        record network;
        *recomputed = gf_fen_to_yuan(cost_fen);
        *basis = basis_of(ask->app, design, ask->keep);
        if (record_read(ask->app, "water_networks", open->id, ask->keep, &network, NULL) == GF_OK) {
            figure_child(node, figure_document_node(ask, record_value(&network, "network")));
            figure_child(node, figure_document_node(ask, record_value(&network, "problem")));
        }
    }
    gf_app_water_close_net(open);
    return status;
}

gf_status figure_design_cost(const figure_ask *ask, const record *design, gf_app_node *node, gf_figure_basis *basis, gf_decimal *recomputed,
                             gf_error *err)
{
    bool is_village = false;
    gf_status status = add_bill(ask, design, node, basis, recomputed, &is_village, err);
    return is_village || status != GF_OK ? status : add_sizes(ask, design, node, basis, recomputed, err);
}

/* The design that a project's budget was taken from, when it still says the same. */
gf_status figure_add_budget(const figure_ask *ask, const record *project, gf_app_node *node, gf_figure_basis *basis, gf_error *err)
{
    record design;
    gf_decimal cost;
    gf_stmt *stmt = gf_store_named(ask->app->store, "water_budget_of");
    gf_stmt_str(stmt, 1, record_key(project));
    gf_str id = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, ask->keep) : (gf_str){ "", 0 };
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(ask->app->store, err);
    if (status != GF_OK || id.len == 0 ||
        access_require_record(ask->app, ask->reader, gf_register_find(GF_STR("water_designs")), id, ask->keep, NULL) != GF_OK)
        return status;
    status = record_read(ask->app, "water_designs", id, ask->keep, &design, err);
    if (status != GF_OK)
        return status;
    gf_app_node *child =
        figure_node(ask, "sum", figure_text(ask->keep, "record.water_designs.%.*s#cost_fen", GF_STR_ARG(id)), record_value(&design, "name"));
    status = figure_design_cost(ask, &design, child, basis, &cost, err);
    if (status != GF_OK)
        return status;
    figure_node_value(child, cost, GF_STR("CNY"), GF_FIGURE_EXACT);
    figure_child(node, child);
    return GF_OK;
}
