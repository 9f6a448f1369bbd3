/* Figures of what waits, and of what came in as a file.
 *
 *   unpaid.<entry>@<day>               of a receipt of cash, what is not yet paid: first in, first out inside its fund
 *   rank.<loan>@<day>                  its place in the queue that the banks' policies order; @all: of all that wait
 *   import.<number>#added|changed      what a file brought
 */
#include "app/figures.h"

#include "app/side.h"

#include <string.h>

static gf_status cut_day(const figure_ask *ask, gf_str *key, gf_str *day, gf_error *err)
{
    gf_period span;
    size_t at = gf_str_find(ask->rest, GF_STR("@"));
    *key = gf_str_slice(ask->rest, 0, at);
    *day = gf_str_slice(ask->rest, at + 1, ask->rest.len);
    if (at == ask->rest.len)
        return gf_fail(err, GF_ENOTFOUND, "figure.day", "Write unpaid.12@2024-06-30 or rank.lo-1@all.", "\"%.*s\" names no day", GF_STR_ARG(gf_str_slice(ask->id, 0, 80)));
    if (!gf_str_is(*day, "all"))
        return gf_period_parse(*day, &span, err);
    *day = (gf_str){ "", 0 };
    return GF_OK;
}

/* ---- Money that waits ---- */

static const gf_app_aged *find_aged(const gf_app_aged *rows, size_t count, int64_t entry)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].entry == entry)
            return &rows[i];
    return NULL;
}

/* What was paid from the fund up to the day took the oldest receipts first; what it took of this one is taken off. */
static gf_app_node *taken_node(const figure_ask *ask, const gf_app_aged *aged, gf_str programme, gf_str day)
{
    bool demo = gf_app_is_demo(ask->app, programme, ask->keep);
    gf_str span = day.len ? figure_text(ask->keep, "1949-10-01/%.*s", GF_STR_ARG(day)) : GF_STR("all");
    gf_str id = aged->fund.len ? figure_text(ask->keep, "total.%.*s%sfund:%.*s.cash.paid@%.*s", GF_STR_ARG(demo ? programme : GF_STR("")), demo ? "/" : "", GF_STR_ARG(aged->fund), GF_STR_ARG(span)) : (gf_str){ "", 0 };
    gf_app_node *node = figure_node(ask, "sum", id, figure_zh(ask) ? GF_STR("该资金已投入的钱先抵最早到账的；其中抵这一笔") : GF_STR("what was paid from the fund takes its oldest receipts first; of this one"));
    figure_node_value(node, gf_fen_to_yuan(aged->received - aged->unpaid), GF_STR("CNY"), GF_FIGURE_EXACT);
    return node;
}

gf_status figure_unpaid(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    gf_str key, day;
    int64_t id = 0;
    figure_money money;
    gf_app_aged *rows;
    size_t count;
    gf_status status = cut_day(ask, &key, &day, err);
    if (status == GF_OK)
        status = figure_read_entry(ask->app, gf_str_to_int(key, &id) ? id : 0, ask->lang, ask->keep, &money, err);
    gf_str programme = status == GF_OK ? figure_programme_of(ask->app, money.origin, ask->keep) : (gf_str){ "", 0 };
    if (status == GF_OK)
        status = gf_app_ageing(ask->app, programme, day, ask->keep, &rows, &count, err);
    const gf_app_aged *aged = status == GF_OK ? find_aged(rows, count, id) : NULL;
    if (status == GF_OK && !aged)
        status = gf_fail(err, GF_ENOTFOUND, "figure.unpaid", "See the ageing of that day.", "nothing of entry %lld waits on that day", (long long)id);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = money.label, .unit = GF_STR("CNY"), .period = day, .origin = money.origin, .who = money.who, .where = money.where,
                           .has_value = true, .value = gf_fen_to_yuan(aged->unpaid), .bound = money.bound, .basis = money.basis };
    out->derived.op = "difference";
    out->tree = figure_node(ask, "difference", figure->id, figure->label);
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    figure_child(out->tree, figure_entry_node(ask, id, &money));
    figure_child(out->tree, taken_node(ask, aged, programme, day));
    return figure_add_input(ask, out, figure_text(ask->keep, "entry.%lld", (long long)id), err);
}

/* ---- Loans that wait ---- */

static void add_policy(const figure_ask *ask, gf_app_node *parent, const record *loan, gf_error *err)
{
    record *policies;
    size_t count;
    if (record_all(ask->app, "loan_policies", ask->keep, &policies, &count, err) != GF_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (!gf_str_eq(record_value(&policies[i], "bank"), record_value(loan, "bank")) || !gf_str_eq(policies[i].origin, loan->origin))
            continue;
        gf_app_node *node = figure_node(ask, "observation", figure_text(ask->keep, "loan_policies/%.*s", GF_STR_ARG(record_key(&policies[i]))),
                                        figure_text(ask->keep, "%.*s: %.*s", GF_STR_ARG(record_value(&policies[i], "name")), GF_STR_ARG(record_value(&policies[i], "order_by"))));
        if (node)
            node->source = policies[i].source;
        figure_child(parent, node);
    }
}

gf_status figure_rank(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    enum { RANK = 0, ID = 1 };
    gf_str key, day;
    gf_app_table queue;
    record loan;
    gf_status status = cut_day(ask, &key, &day, err);
    if (status == GF_OK)
        status = record_read(ask->app, "loans", key, ask->keep, &loan, err);
    if (status == GF_OK)
        status = gf_app_loan_queue(ask->app, day, ask->lang, ask->keep, &queue, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = record_value(&loan, "name"), .unit = GF_STR("ordinal"), .period = day, .origin = loan.origin,
                           .basis = record_basis(ask->app, loan.source, (gf_str){ "", 0 }, loan.origin) };
    for (size_t i = 0; i < queue.row_count; i++)
        if (gf_str_eq(queue.rows[i].cells[ID], key))
            figure->has_value = gf_decimal_parse(queue.rows[i].cells[RANK], &figure->value);
    if (!figure->has_value)
        return gf_fail(err, GF_ENOTFOUND, "figure.rank", "Only loans in the state applied wait.", "the loan \"%.*s\" does not wait on that day", GF_STR_ARG(gf_str_slice(key, 0, 60)));
    out->tree = figure_node(ask, "count", figure->id, figure->label);
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    add_policy(ask, out->tree, &loan, NULL);
    gf_app_node *applied = figure_node(ask, "observation", figure_text(ask->keep, "record.loans.%.*s#priority", GF_STR_ARG(key)), figure->label);
    figure_amount priority = figure_amount_of(&loan, gf_register_column(loan.reg, GF_STR("priority")));
    if (applied)
        applied->date = record_value(&loan, "applied");
    if (priority.has_value)
        figure_node_value(applied, priority.value, priority.unit, priority.bound);
    figure_add_papers(ask, applied, loan.source, (gf_str){ "", 0 });
    figure_child(out->tree, applied);
    return figure_add_input(ask, out, figure_text(ask->keep, "record.loans.%.*s", GF_STR_ARG(key)), err);
}

/* ---- What a file brought ---- */

enum { STEPS_SHOWN = 1000 };

/* Records by what history says of the import; entries by their numbers. Counted again from there. */
static int64_t add_brought(const figure_ask *ask, figure_answer *out, const gf_register *reg, int64_t id, const char *op)
{
    int64_t counted = 0;
    gf_stmt *stmt = gf_store_named(ask->app->store, strcmp(reg->name, "entries") == 0 ? "import_entries" : "import_records");
    gf_stmt_int(stmt, 1, id);
    gf_stmt_str(stmt, 2, gf_str_of(op));
    for (; gf_stmt_row(stmt); counted++) {
        gf_str key = gf_row_copy(stmt, 0, ask->keep);
        gf_str node = figure_text(ask->keep, strcmp(reg->name, "entries") == 0 ? "entry.%.*s" : "%.*s", GF_STR_ARG(key));
        if (strcmp(reg->name, "entries") != 0)
            node = figure_text(ask->keep, "%s/%.*s", reg->name, GF_STR_ARG(key));
        if (counted < STEPS_SHOWN)
            figure_child(out->tree, figure_node(ask, "observation", node, key));
    }
    gf_stmt_end(stmt);
    return counted;
}

gf_status figure_import(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    gf_app_import_line *lines;
    size_t count, i = 0;
    int64_t id = 0;
    char day[GF_DAY_BYTES];
    size_t mark = gf_str_find(ask->rest, GF_STR("#"));
    gf_str what = gf_str_slice(ask->rest, mark + 1, ask->rest.len);
    bool added = gf_str_is(what, "added"), known = added || gf_str_is(what, "changed");
    gf_status status = gf_app_imports(ask->app, ask->reader, ask->keep, &lines, &count, err);
    if (status != GF_OK)
        return status;
    while (i < count && !(gf_str_to_int(gf_str_slice(ask->rest, 0, mark), &id) && lines[i].id == id))
        i++;
    if (i == count || !known)
        return gf_fail(err, GF_ENOTFOUND, "figure.import", "Write import.3#added; the list of imports has their numbers.", "there is no import \"%.*s\"", GF_STR_ARG(gf_str_slice(ask->rest, 0, 60)));
    const gf_register *reg = gf_register_find(lines[i].reg);
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = lines[i].file, .unit = GF_STR("item"), .who = lines[i].author, .origin = GF_STR("imported"),
                           .period = gf_str_copy(ask->keep, (gf_str){ day, gf_day_format(gf_utc_day(lines[i].at, 480), day) }),
                           .has_value = true, .value = { added ? lines[i].added : lines[i].changed, 0 }, .basis = GF_FIGURE_DERIVED };
    out->derived.op = "count";
    out->tree = figure_node(ask, "count", figure->id, figure->label);
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    out->has_recomputed = true;
    out->recomputed = (gf_decimal){ add_brought(ask, out, reg, id, added ? "create" : "change"), 0 };
    out->equal = gf_decimal_cmp(out->recomputed, figure->value) == 0;
    if (out->tree && !out->tree->first_child)
        figure_child(out->tree, figure_node(ask, "none", (gf_str){ "", 0 }, figure_zh(ask) ? GF_STR("没有这样的记录") : GF_STR("there is no such record")));
    status = gf_store_ok(ask->app->store, err);
    return status == GF_OK ? figure_add_input(ask, out, figure->id, err) : status;
}
