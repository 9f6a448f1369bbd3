/* Figures between two others: a share, a difference, the days from one to another.
 *
 *   ratio.<figure>|<figure>            the first over the second, in percent, to one place
 *   difference.<figure>|<figure>       the first less the second
 *   age.<register>.<key>#<column>@<day>   days from the first day that the column can mean; entries have the column date
 *
 * The two stand side by side in the tree, each with all that stands under it. Neither may be made of two again: a chain
 * would have no end that a reader could follow.
 */
#include "app/figures.h"

#include <string.h>

enum { SIDES = 2, SHARE_PLACES = 1 };

static gf_status fail_form(const figure_ask *ask, gf_error *err)
{
    return gf_fail(err, GF_ENOTFOUND, "figure.between", "Write ratio.<figure>|<figure>, difference.<figure>|<figure> or age.<register>.<key>#<column>@<day>.",
                   "\"%.*s\" does not name two sides", GF_STR_ARG(gf_str_slice(ask->id, 0, 80)));
}

bool figure_cut_sides(gf_str rest, gf_str *first, gf_str *second)
{
    size_t bar = gf_str_find(rest, GF_STR("|"));
    *first = gf_str_slice(rest, 0, bar);
    *second = gf_str_slice(rest, bar + 1, rest.len);
    const gf_str sides[SIDES] = { *first, *second };
    for (int i = 0; i < SIDES; i++)
        if (sides[i].len == 0 || gf_str_starts(sides[i], GF_STR("ratio.")) || gf_str_starts(sides[i], GF_STR("difference.")))
            return false;
    return true;
}

static gf_status open_sides(const figure_ask *ask, figure_answer *out, figure_answer side[SIDES], gf_error *err)
{
    gf_str id[SIDES];
    if (!figure_cut_sides(ask->rest, &id[0], &id[1]))
        return fail_form(ask, err);
    gf_figure *figure = &out->derived.figure;
    out->tree = figure_node(ask, out->derived.op, figure->id, (gf_str){ "", 0 });
    for (int i = 0; i < SIDES; i++) {
        gf_status status = figure_open(ask->app, ask->reader, id[i], ask->lang, ask->want_tree, ask->keep, &side[i], err);
        if (status == GF_OK)
            status = figure_add_input(ask, out, id[i], err);
        if (status != GF_OK)
            return status;
        figure_child(out->tree, side[i].tree);
    }
    const gf_figure *a = &side[0].derived.figure, *b = &side[1].derived.figure;
    if (!gf_str_eq(a->unit, b->unit))
        return gf_fail(err, GF_EDENIED, "figure.units", "Both sides must be of one unit.", "%.*s and %.*s are not one unit", GF_STR_ARG(a->unit), GF_STR_ARG(b->unit));
    *figure = (gf_figure){ .id = figure->id, .label = figure_text(ask->keep, "%.*s %s %.*s", GF_STR_ARG(a->label), gf_str_is(gf_str_of(out->derived.op), "ratio") ? "÷" : "−", GF_STR_ARG(b->label)),
                           .who = a->who, .where = a->where, .origin = a->origin, .period = a->period, .unit = a->unit,
                           .bound = gf_figure_looser(a->bound, b->bound), .basis = gf_figure_weaker(a->basis, b->basis) };
    if (out->tree)
        out->tree->label = figure->label;
    return GF_OK;
}

static bool share_of(gf_decimal part, gf_decimal whole, gf_decimal *out)
{
    gf_decimal hundredfold;
    return gf_decimal_mul_int(part, 100, &hundredfold) && gf_decimal_div(hundredfold, whole, SHARE_PLACES, out);
}

typedef bool join_fn(gf_decimal a, gf_decimal b, gf_decimal *out);

static gf_status join(const figure_ask *ask, join_fn *between, figure_answer *out, gf_error *err)
{
    figure_answer side[SIDES];
    gf_status status = open_sides(ask, out, side, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    bool both = side[0].derived.figure.has_value && side[1].derived.figure.has_value;
    figure->has_value = both && between(side[0].derived.figure.value, side[1].derived.figure.value, &figure->value);
    if (between == share_of)
        figure->unit = GF_STR("percent");
    if (figure->has_value)
        figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    out->has_recomputed = figure->has_value && side[0].has_recomputed && side[1].has_recomputed && between(side[0].recomputed, side[1].recomputed, &out->recomputed);
    out->equal = side[0].equal && side[1].equal && (!out->has_recomputed || gf_decimal_cmp(out->recomputed, figure->value) == 0);
    return GF_OK;
}

gf_status figure_ratio(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    out->derived.op = "ratio";
    return join(ask, share_of, out, err);
}

gf_status figure_difference(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    out->derived.op = "difference";
    return join(ask, gf_decimal_sub, out, err);
}

/* ---- Days ---- */

/* The day that a record names, its basis, and the node that carries it. */
typedef struct since { gf_str text, label; gf_figure_basis basis; gf_app_node *node; } since;

static gf_status since_entry(const figure_ask *ask, gf_str key, since *out, gf_error *err)
{
    int64_t id;
    figure_money money;
    if (!gf_str_to_int(key, &id) || id < 1)
        return fail_form(ask, err);
    gf_status status = figure_read_entry(ask->app, id, ask->lang, ask->keep, &money, err);
    if (status == GF_OK)
        *out = (since){ money.date, money.label, money.basis, figure_entry_node(ask, id, &money) };
    return status;
}

static gf_status since_record(const figure_ask *ask, const gf_register *reg, gf_str key, gf_str column, since *out, gf_error *err)
{
    record row;
    const gf_column *known = gf_register_column(reg, column);
    if (!known || (known->type != GF_COLUMN_DATE && known->type != GF_COLUMN_PERIOD))
        return gf_fail(err, GF_ENOTFOUND, "figure.column", "/api/v1/registers lists the columns.", "%s has no column of days \"%.*s\"", reg->name, GF_STR_ARG(gf_str_slice(column, 0, 60)));
    gf_status status = record_read(ask->app, reg->name, key, ask->keep, &row, err);
    if (status != GF_OK)
        return status;
    gf_str name = record_value(&row, "name"), paper = record_value(&row, "document");
    *out = (since){ record_value(&row, known->name), name.len ? name : key, record_basis(ask->app, row.source, paper, row.origin), NULL };
    out->node = figure_node(ask, "observation", figure_text(ask->keep, "record.%s.%.*s#%s", reg->name, GF_STR_ARG(key), known->name), out->label);
    if (out->node)
        out->node->date = out->text;
    figure_add_papers(ask, out->node, row.source, paper);
    return GF_OK;
}

gf_status figure_age(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    since from = { .node = NULL };
    gf_period first, last;
    size_t at = gf_str_find(ask->rest, GF_STR("@")), dot = gf_str_find(ask->rest, GF_STR(".")), mark = gf_str_find(ask->rest, GF_STR("#"));
    const gf_register *reg = gf_register_find(gf_str_slice(ask->rest, 0, dot));
    gf_str key = gf_str_slice(ask->rest, dot + 1, mark), column = gf_str_slice(ask->rest, mark + 1, at), day = gf_str_slice(ask->rest, at + 1, ask->rest.len);
    if (!reg || mark > at || key.len == 0)
        return fail_form(ask, err);
    gf_status status = gf_period_parse(day, &last, err);
    if (status == GF_OK)
        status = strcmp(reg->name, "entries") == 0 ? since_entry(ask, key, &from, err) : since_record(ask, reg, key, column, &from, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    bool zh = figure_zh(ask);
    *figure = (gf_figure){ .id = figure->id, .label = from.label, .unit = GF_STR("day"), .period = figure_text(ask->keep, "%.*s/%.*s", GF_STR_ARG(from.text), GF_STR_ARG(day)), .basis = from.basis };
    figure->has_value = from.text.len && gf_period_parse(from.text, &first, NULL) == GF_OK;
    figure->period = figure->has_value ? figure->period : (gf_str){ "", 0 };
    out->derived.op = "difference";
    out->tree = figure_node(ask, "difference", figure->id, figure->label);
    gf_app_node *until = figure_node(ask, "observation", (gf_str){ "", 0 }, zh ? GF_STR("问的那一天，减去下面这一天") : GF_STR("the day that was asked for, less the day below"));
    if (until)
        until->date = day;
    figure_child(out->tree, until);
    figure_child(out->tree, from.node);
    if (figure->has_value) {
        figure->value = (gf_decimal){ (int64_t)last.last - first.first, 0 };
        figure->bound = first.first == first.last ? GF_FIGURE_EXACT : GF_FIGURE_ABOUT;   /* of a month only the month is known */
        figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    }
    out->has_recomputed = figure->has_value;
    out->recomputed = figure->value;
    return figure_add_input(ask, out, figure_text(ask->keep, "%s.%.*s", strcmp(reg->name, "entries") == 0 ? "entry" : reg->name, GF_STR_ARG(key)), err);
}
