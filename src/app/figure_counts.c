/* Figures of indicators and counts of registers.
 *
 *   indicator.<id>@<period>            the observation of that period, or the entries of kind result at its place
 *   indicator.<id>.target@<period>     what was aimed at
 *   indicator.<id>.change@<a>/<b>      value at b less value at a
 *   count.<register>[.<column>=<value>,...]@<date>   rows in force on the day; @all: every row, whenever
 *   count.<programme>/<register>...                  the rows of a list: figure_rows.c
 */
#include "app/figures.h"

#include <string.h>

static bool cut_last(gf_str *head, char mark, gf_str *tail)
{
    for (size_t i = head->len; i-- > 0;)
        if (head->data[i] == mark) {
            *tail = gf_str_slice(*head, i + 1, head->len);
            head->len = i;
            return true;
        }
    return false;
}

/* ---- Indicators ---- */

static gf_str indicator_name(const figure_ask *ask, const record *indicator)
{
    gf_str en = record_value(indicator, "name_en");
    return figure_zh(ask) || en.len == 0 ? record_value(indicator, "name") : en;
}

static void fill_indicator(const figure_ask *ask, const record *indicator, gf_str period, gf_figure *figure)
{
    figure->label = indicator_name(ask, indicator);
    figure->unit = record_value(indicator, "unit");
    figure->period = period;
    figure->who = figure_unit_names(ask->app, record_value(indicator, "units"), ask->lang, ask->keep);
    figure->where = figure_place_name(ask->app, record_value(indicator, "place"), ask->keep);
    figure->origin = indicator->origin;
}

/* Take over another figure whole: value, bound, basis, tree below ours. */
static gf_status take_over(const figure_ask *ask, gf_str id, figure_answer *out, figure_answer *inner, gf_error *err)
{
    gf_status status = figure_open(ask->app, ask->reader, id, ask->lang, ask->want_tree, ask->keep, inner, err);
    if (status != GF_OK)
        return status;
    const gf_figure *from = &inner->derived.figure;
    gf_figure *figure = &out->derived.figure;
    figure->has_value = from->has_value;
    figure->value = from->value;
    figure->bound = from->bound;
    figure->basis = from->basis;
    figure->unit = from->unit.len ? from->unit : figure->unit;
    out->has_recomputed = inner->has_recomputed;
    out->recomputed = inner->recomputed;
    out->equal = inner->equal;
    return figure_add_input(ask, out, id, err);
}

/* "programme/" of a demo indicator: its totals are those of the demo programme. */
static gf_str programme_prefix(const figure_ask *ask, gf_str origin)
{
    gf_str prefix = { "", 0 };
    gf_stmt *stmt = gf_store_named(ask->app->store, "programmes_by_origin");
    while (gf_str_is(origin, "demo") && prefix.len == 0 && gf_stmt_row(stmt))
        if (gf_str_is(gf_row_str(stmt, 1), "demo"))
            prefix = figure_text(ask->keep, "%.*s/", GF_STR_ARG(gf_row_str(stmt, 0)));
    gf_stmt_end(stmt);
    return prefix;
}

static gf_status value_at(const figure_ask *ask, const record *indicator, gf_str period, figure_answer *out, gf_error *err)
{
    figure_answer inner;
    gf_str id = { "", 0 }, prefix = programme_prefix(ask, indicator->origin);
    if (gf_str_is(record_value(indicator, "reads"), "entries"))
        id = figure_text(ask->keep, "total.%.*splace:%.*s.result.received@%.*s", GF_STR_ARG(prefix), GF_STR_ARG(record_value(indicator, "place")), GF_STR_ARG(period));
    else {
        gf_stmt *stmt = gf_store_named(ask->app->store, "observations_of");
        gf_stmt_str(stmt, 1, record_key(indicator));
        gf_stmt_str(stmt, 2, period);
        if (gf_stmt_row(stmt))
            id = figure_text(ask->keep, "obs.%.*s", GF_STR_ARG(gf_row_str(stmt, 0)));
        gf_stmt_end(stmt);
    }
    if (id.len == 0)
        return gf_fail(err, GF_ENOTFOUND, "figure.indicator", "See the register observations for the periods there are.",
                       "%.*s was not observed in \"%.*s\"", GF_STR_ARG(record_key(indicator)), GF_STR_ARG(gf_str_slice(period, 0, 30)));
    gf_status status = take_over(ask, id, out, &inner, err);
    out->tree = status == GF_OK ? inner.tree : NULL;
    return status;
}

static gf_status target_of(const figure_ask *ask, const record *indicator, gf_str period, figure_answer *out, gf_error *err)
{
    gf_figure *figure = &out->derived.figure;
    figure->has_value = gf_decimal_parse(record_value(indicator, "target"), &figure->value);
    if (!figure->has_value || !gf_str_eq(period, record_value(indicator, "target_period")))
        return gf_fail(err, GF_ENOTFOUND, "figure.target", "", "%.*s has no target for that period", GF_STR_ARG(record_key(indicator)));
    figure->basis = record_basis(ask->app, indicator->source, (gf_str){ "", 0 }, indicator->origin);
    out->tree = figure_node(ask, "observation", figure->id, figure->label);
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    figure_add_papers(ask, out->tree, indicator->source, (gf_str){ "", 0 });
    out->has_recomputed = true;
    out->recomputed = figure->value;
    return figure_add_input(ask, out, figure->id, err);
}

static gf_status change_of(const figure_ask *ask, const record *indicator, gf_str period, figure_answer *out, gf_error *err)
{
    gf_figure *figure = &out->derived.figure;
    size_t slash = gf_str_find(period, GF_STR("/"));
    const gf_str sides[2] = { gf_str_slice(period, slash + 1, period.len), gf_str_slice(period, 0, slash) };
    figure_answer side[2];
    out->tree = figure_node(ask, "difference", figure->id, figure->label);
    for (int i = 0; i < 2; i++) {
        gf_str id = figure_text(ask->keep, "indicator.%.*s@%.*s", GF_STR_ARG(record_key(indicator)), GF_STR_ARG(sides[i]));
        figure_answer whole = { .equal = true };
        gf_status status = take_over(ask, id, &whole, &side[i], err);
        if (status == GF_OK)
            status = figure_add_input(ask, out, id, err);
        if (status != GF_OK)
            return status;
        figure_child(out->tree, side[i].tree);
    }
    const gf_figure *later = &side[0].derived.figure, *earlier = &side[1].derived.figure;
    figure->has_value = later->has_value && earlier->has_value && gf_decimal_sub(later->value, earlier->value, &figure->value);
    figure->bound = gf_figure_looser(later->bound, earlier->bound);
    figure->basis = gf_figure_weaker(later->basis, earlier->basis);
    figure->unit = later->unit;
    out->derived.op = "difference";
    out->has_recomputed = figure->has_value && gf_decimal_sub(side[0].recomputed, side[1].recomputed, &out->recomputed);
    out->equal = side[0].equal && side[1].equal && (!figure->has_value || gf_decimal_cmp(out->recomputed, figure->value) == 0);
    if (figure->has_value)
        figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    return GF_OK;
}

gf_status figure_indicator(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    gf_str id = ask->rest, period = { "", 0 };
    (void)cut_last(&id, '@', &period);
    bool target = gf_str_ends(id, GF_STR(".target")), change = gf_str_ends(id, GF_STR(".change"));
    if (target || change)
        id.len -= strlen(".target");
    record indicator;
    gf_status status = record_read(ask->app, "indicators", id, ask->keep, &indicator, err);
    if (status != GF_OK)
        return status;
    fill_indicator(ask, &indicator, period, &out->derived.figure);
    return target ? target_of(ask, &indicator, period, out, err) : change ? change_of(ask, &indicator, period, out, err) : value_at(ask, &indicator, period, out, err);
}

/* ---- Counts ---- */

static bool row_fits(const record *row, gf_str filter)
{
    gf_str condition;
    while (gf_str_cut(&filter, ',', &condition)) {
        size_t equals = gf_str_find(condition, GF_STR("="));
        gf_str value = gf_str_slice(condition, equals + 1, condition.len), name = gf_str_slice(condition, 0, equals);
        bool met = false;
        for (size_t i = 0; i < row->reg->column_count; i++)
            if (gf_str_is(name, row->reg->columns[i].name))
                met = gf_str_eq(row->value[i], value) || record_list_has(row->value[i], value);
        met = met || (gf_str_is(name, "origin") && gf_str_eq(row->origin, value));
        if (!met)
            return false;
    }
    return true;
}

/* A row is in force on a day unless its period says otherwise. */
static bool row_in_force(const record *row, gf_day day)
{
    gf_period period;
    gf_str text = record_value(row, "period");
    return text.len == 0 || gf_period_parse(text, &period, NULL) != GF_OK || gf_period_has(period, day);
}

static gf_status check_filter(const gf_register *reg, gf_str filter, gf_error *err)
{
    gf_str condition;
    while (gf_str_cut(&filter, ',', &condition)) {
        gf_str name = gf_str_slice(condition, 0, gf_str_find(condition, GF_STR("=")));
        const gf_column *column = gf_register_column(reg, name);
        if (name.len == condition.len || (!column && !gf_str_is(name, "origin")) || (column && column->type == GF_COLUMN_PERSONAL))
            return gf_fail(err, GF_ENOTFOUND, "figure.filter", "Write column=value, for example role=lead.", "%s has no filter \"%.*s\"", reg->name,
                           GF_STR_ARG(gf_str_slice(condition, 0, 60)));
    }
    return GF_OK;
}

static gf_status parse_count(const figure_ask *ask, const gf_register **reg, gf_str *filter, gf_period *day, bool *ever, gf_error *err)
{
    gf_str name = ask->rest, date = { "", 0 };
    if (!cut_last(&name, '@', &date))
        return gf_fail(err, GF_ENOTFOUND, "figure.count", "Write count.pairings@2023-12-31.", "the count names no day");
    size_t dot = gf_str_find(name, GF_STR("."));
    *filter = gf_str_slice(name, dot + 1, name.len);
    *reg = gf_register_find(gf_str_slice(name, 0, dot));
    if (!*reg || strcmp((*reg)->name, "entries") == 0)
        return gf_fail(err, GF_ENOTFOUND, "figure.count", "gongfu load --templates DIR names the registers.", "there is no register \"%.*s\" to count",
                       GF_STR_ARG(gf_str_slice(name, 0, gf_str_find(name, GF_STR(".")))));
    *ever = gf_str_is(date, "all");
    gf_status status = *ever ? GF_OK : gf_period_parse(date, day, err);
    return status == GF_OK ? check_filter(*reg, *filter, err) : status;
}

gf_status figure_count(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    enum { SHOWN = 1000 };
    if (figure_names_list(ask->rest))
        return figure_list_count(ask, out, err);
    const gf_register *reg = NULL;
    gf_str filter;
    gf_period day = { 0, 0 };
    bool ever = false;
    record *rows;
    size_t count;
    gf_status status = parse_count(ask, &reg, &filter, &day, &ever, err);
    if (status == GF_OK)
        status = record_all(ask->app, reg->name, ask->keep, &rows, &count, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    bool asks_origin = gf_str_has(filter, GF_STR("origin="));
    out->tree = figure_node(ask, "count", figure->id, figure_zh(ask) ? gf_str_of(reg->label_zh) : gf_str_of(reg->label_en));
    int64_t met = 0;
    gf_figure_basis weakest = GF_FIGURE_DERIVED;
    for (size_t i = 0; i < count; i++) {
        const record *row = &rows[i];
        if (!row_fits(row, filter) || (!ever && !row_in_force(row, day.last)) || (!asks_origin && gf_str_is(row->origin, "demo")))
            continue;
        met++;
        /* A row that no statement carries is the register's own: it counts as derived. */
        gf_figure_basis basis = row->source.len ? record_basis(ask->app, row->source, (gf_str){ "", 0 }, row->origin) : GF_FIGURE_DERIVED;
        weakest = gf_figure_weaker(weakest, basis == GF_FIGURE_DOCUMENTED ? GF_FIGURE_DERIVED : basis);
        gf_app_node *node = met <= SHOWN ? figure_node(ask, "observation", figure_text(ask->keep, "%s/%.*s", reg->name, GF_STR_ARG(record_key(row))), record_value(row, "name")) : NULL;
        if (node)
            node->source = row->source;
        figure_child(out->tree, node);
    }
    *figure = (gf_figure){ .id = figure->id, .label = out->tree ? out->tree->label : gf_str_of(reg->label_zh), .unit = GF_STR("item"), .has_value = true, .value = { met, 0 },
                           .basis = met ? weakest : GF_FIGURE_DERIVED };
    out->derived.op = "count";
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    out->has_recomputed = true;
    out->recomputed = figure->value;
    return GF_OK;
}
