/* Figures that are one record: an entry, an observation, a document, a fact with the records that cite it.
 *
 * A record's basis is the best of its papers, and never better than they are: what only statements carry is stated. A
 * fact is opened with everything that cites it, so that a reader sees what stands beside the words; each costs a
 * look-up.
 */
#include "app/figures.h"

#include "app/ledger_inside.h"

#include <string.h>

/* ---- Entries ---- */

static gf_figure_basis entry_basis(gf_app *app, const gf_fund_entry *entry)
{
    gf_figure_basis basis = record_basis(app, entry->source, (gf_str){ "", 0 }, entry->origin);
    if (entry->voucher.len) {
        gf_figure_basis paper = record_basis(app, (gf_str){ "", 0 }, entry->voucher, entry->origin);
        gf_stmt *stmt = gf_store_named(app->store, "document_sha256");
        gf_stmt_str(stmt, 1, entry->voucher);
        bool only_named = gf_stmt_row(stmt) && gf_row_str(stmt, 0).len == 0;  /* in the register, its content is not held */
        gf_stmt_end(stmt);
        paper = only_named ? paper : GF_FIGURE_DERIVED;
        basis = paper > basis ? paper : basis;
    }
    return basis;
}

static gf_str entry_label(gf_app *app, const gf_fund_entry *entry, gf_str lang, gf_arena *keep)
{
    const gf_fund_transfer *t = &entry->transfers[0];
    bool zh = !gf_str_is(lang, "en");
    gf_str from = gf_str_is(t->from.party, "unstated") ? (zh ? GF_STR("未说明") : GF_STR("unstated")) : figure_unit_names(app, t->from.party, lang, keep);
    gf_str to = gf_str_is(t->to.party, "unstated") ? (zh ? GF_STR("未说明") : GF_STR("unstated")) : figure_unit_names(app, t->to.party, lang, keep);
    return figure_text(keep, "%.*s %.*s → %.*s%s%.*s", GF_STR_ARG(entry->verb), GF_STR_ARG(from), GF_STR_ARG(to), entry->purpose.len ? " " : "",
                       GF_STR_ARG(gf_str_slice(entry->purpose, 0, 200)));
}

gf_status figure_read_entry(gf_app *app, int64_t id, gf_str lang, gf_arena *keep, figure_money *out, gf_error *err)
{
    ledger_reader reader;
    gf_status status = ledger_reader_open(app, id, id, &reader, err);
    if (status != GF_OK)
        return status;
    bool found = ledger_reader_next(&reader) && reader.entry.transfer_count > 0;
    *out = (figure_money){ .bound = GF_FIGURE_EXACT };
    if (found) {
        gf_fund_entry *entry = &reader.entry;
        for (size_t i = 0; i < entry->transfer_count; i++) {
            out->amount += entry->transfers[i].amount;
            out->bound = gf_figure_looser(out->bound, (gf_figure_bound)entry->transfers[i].bound);
        }
        if (entry->reverses)
            out->amount = -out->amount;
        out->yuan = gf_fen_to_yuan(out->amount);
        out->kind = gf_str_copy(keep, entry->transfers[0].to.kind);
        out->period = gf_str_copy(keep, entry->transfers[0].period.len ? entry->transfers[0].period : entry->date);
        out->date = gf_str_copy(keep, entry->date.len ? entry->date : entry->transfers[0].period);
        out->origin = gf_str_copy(keep, entry->origin);
        out->source = gf_str_copy(keep, entry->source);
        out->voucher = gf_str_copy(keep, entry->voucher);
        out->key = gf_str_copy(keep, entry->key);
        out->label = entry_label(app, entry, lang, keep);
        out->who = figure_unit_names(app, gf_str_copy(keep, entry->unit.len ? entry->unit : gf_str_is(entry->transfers[0].from.party, "unstated") ? entry->transfers[0].to.party : entry->transfers[0].from.party), lang, keep);
        out->where = figure_place_name(app, gf_str_copy(keep, entry->transfers[0].to.place), keep);
        out->basis = entry_basis(app, entry);
    }
    ledger_reader_close(&reader);
    status = gf_store_ok(app->store, err);
    if (status == GF_OK && !found)
        return gf_fail(err, GF_ENOTFOUND, "figure.entry", "Check the number.", "there is no entry %lld", (long long)id);
    return status;
}

gf_app_node *figure_entry_node(const figure_ask *ask, int64_t id, const figure_money *money)
{
    gf_app_node *node = figure_node(ask, "entry", figure_text(ask->keep, "entry.%lld", (long long)id), money->label);
    if (!node)
        return NULL;
    figure_node_value(node, money->yuan, GF_STR("CNY"), money->bound);
    node->date = money->date;
    node->source = money->source;
    figure_add_papers(ask, node, money->source, money->voucher);
    return node;
}

/* Of an entry of several transfers one alone, as it is written: a reversal shows who pays whom. */
static gf_status take_transfer(const figure_ask *ask, int64_t id, gf_str number, figure_money *money, gf_error *err)
{
    int64_t index;
    gf_app_entry entry;
    gf_status status = gf_app_entry_read(ask->app, id, ask->keep, &entry, err);
    if (status == GF_OK && (!gf_str_to_int(number, &index) || index < 1 || (size_t)index > entry.row_count))
        return gf_fail(err, GF_ENOTFOUND, "figure.entry", "Transfers are numbered 1, 2, 3 ...", "entry %lld has no transfer \"%.*s\"", (long long)id, GF_STR_ARG(gf_str_slice(number, 0, 20)));
    if (status != GF_OK)
        return status;
    money->amount = entry.rows[index - 1].amount;
    money->yuan = gf_fen_to_yuan(money->amount);
    money->bound = entry.rows[index - 1].bound;
    return GF_OK;
}

gf_status figure_entry(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    int64_t id;
    figure_money money;
    size_t mark = gf_str_find(ask->rest, GF_STR("#"));
    if (!gf_str_to_int(gf_str_slice(ask->rest, 0, mark), &id) || id < 1)
        return gf_fail(err, GF_ENOTFOUND, "figure.entry", "Write entry.12, or entry.12#2 for its second transfer.", "there is no entry \"%.*s\"", GF_STR_ARG(gf_str_slice(ask->rest, 0, 40)));
    gf_status status = figure_read_entry(ask->app, id, ask->lang, ask->keep, &money, err);
    if (status == GF_OK && mark < ask->rest.len)
        status = take_transfer(ask, id, gf_str_slice(ask->rest, mark + 1, ask->rest.len), &money, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = money.label, .unit = GF_STR("CNY"), .period = money.period, .origin = money.origin, .who = money.who,
                           .where = money.where, .has_value = true, .value = money.yuan, .bound = money.bound, .basis = money.basis };
    out->tree = figure_entry_node(ask, id, &money);
    status = figure_add_settlement(ask, money.key, out->tree, err);
    if (status != GF_OK)
        return status;
    out->has_recomputed = true;
    out->recomputed = money.yuan;
    return figure_add_input(ask, out, figure->id, err);
}

/* ---- Observations ---- */

static gf_app_node *observation_node(const figure_ask *ask, const record *obs, gf_str label, gf_str id)
{
    gf_app_node *node = figure_node(ask, "observation", id, label);
    gf_decimal value;
    gf_figure_bound bound;
    if (!node)
        return NULL;
    if (gf_decimal_parse(record_value(obs, "value"), &value) && gf_figure_bound_parse(record_value(obs, "bound"), &bound))
        figure_node_value(node, value, record_value(obs, "unit"), bound);
    node->date = record_value(obs, "period");
    node->source = record_value(obs, "method");
    figure_add_papers(ask, node, obs->source, record_value(obs, "document"));
    return node;
}

gf_status figure_observation(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    record obs, indicator = { .reg = NULL };
    gf_status status = record_read(ask->app, "observations", ask->rest, ask->keep, &obs, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    gf_str name = { "", 0 };
    if (record_read(ask->app, "indicators", record_value(&obs, "indicator"), ask->keep, &indicator, NULL) == GF_OK)
        name = figure_zh(ask) || record_value(&indicator, "name_en").len == 0 ? record_value(&indicator, "name") : record_value(&indicator, "name_en");
    *figure = (gf_figure){ .id = figure->id, .label = name, .unit = record_value(&obs, "unit"), .period = record_value(&obs, "period"), .origin = obs.origin,
                           .where = figure_place_name(ask->app, record_value(&obs, "place"), ask->keep) };
    if (indicator.reg)
        figure->who = figure_unit_names(ask->app, record_value(&indicator, "units"), ask->lang, ask->keep);
    figure->has_value = gf_decimal_parse(record_value(&obs, "value"), &figure->value);
    (void)gf_figure_bound_parse(record_value(&obs, "bound"), &figure->bound);
    figure->basis = record_basis(ask->app, obs.source, record_value(&obs, "document"), obs.origin);
    out->tree = observation_node(ask, &obs, name, figure->id);
    out->has_recomputed = figure->has_value;
    out->recomputed = figure->value;
    return figure_add_input(ask, out, figure->id, err);
}

/* ---- Documents ---- */

gf_status figure_document(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    gf_str id = ask->rest;
    record document;
    gf_stmt *stmt = gf_store_named(ask->app->store, "document_by_sha256");
    gf_stmt_str(stmt, 1, ask->rest);
    if (ask->rest.len == 64 && gf_stmt_row(stmt))
        id = gf_row_copy(stmt, 0, ask->keep);
    gf_stmt_end(stmt);
    gf_status status = record_read(ask->app, "documents", id, ask->keep, &document, err);
    if (status == GF_ENOTFOUND)
        status = record_read(ask->app, "sources", id, ask->keep, &document, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    bool held = record_value(&document, "sha256").len > 0;
    *figure = (gf_figure){ .id = figure->id, .label = record_value(&document, "name"), .period = record_value(&document, "date"),
                           .who = record_value(&document, "issuer"), .origin = document.origin, .basis = held ? GF_FIGURE_DOCUMENTED : GF_FIGURE_STATED };
    out->tree = figure_document_node(ask, id);
    gf_str rest = document.source, fact;
    while (out->tree && gf_str_cut(&rest, ';', &fact))
        figure_child(out->tree, figure_statement_node(ask, fact));
    return figure_add_input(ask, out, figure->id, err);
}

/* ---- The quantity of any record, or what one of its columns says ---- */

bool figure_is_amount(const gf_column *column) { return column->type == GF_COLUMN_FEN || column->type == GF_COLUMN_INT || column->type == GF_COLUMN_DECIMAL; }

/* What the name of a column says of its unit: whole names first, then endings. */
gf_str figure_unit_of(const gf_column *column)
{
    static const struct { gf_str ending, unit; } UNITS[] = {
        { GF_STR_INIT("birth_year"), GF_STR_INIT("calendar_year") }, { GF_STR_INIT("bytes"), GF_STR_INIT("byte") },   { GF_STR_INIT("person_months"), GF_STR_INIT("person_month") },
        { GF_STR_INIT("lon"), GF_STR_INIT("degree") },               { GF_STR_INIT("lat"), GF_STR_INIT("degree") },   { GF_STR_INIT("_found"), GF_STR_INIT("degree") },
        { GF_STR_INIT("_m2"), GF_STR_INIT("m2") },                   { GF_STR_INIT("_m"), GF_STR_INIT("m") },         { GF_STR_INIT("_deg"), GF_STR_INIT("degree") },
        { GF_STR_INIT("_mm"), GF_STR_INIT("mm") },                   { GF_STR_INIT("_um"), GF_STR_INIT("um") },       { GF_STR_INIT("_px"), GF_STR_INIT("pixel") },
        { GF_STR_INIT("_percent"), GF_STR_INIT("percent") },         { GF_STR_INIT("_fen"), GF_STR_INIT("CNY") },
    };
    for (size_t i = 0; i < GF_COUNT(UNITS); i++)
        if (gf_str_ends(gf_str_of(column->name), UNITS[i].ending))
            return UNITS[i].unit;
    return (gf_str){ "", 0 };
}

/* The column that names the unit of this one; NULL when its own name does. */
static const char *unit_column(const gf_column *column)
{
    static const struct { const char *column, *unit; } NAMED[] = { { "quantity", "quantity_unit" }, { "capacity", "capacity_unit" }, { "value", "unit" }, { "target", "unit" } };
    for (size_t i = 0; i < GF_COUNT(NAMED); i++)
        if (strcmp(column->name, NAMED[i].column) == 0)
            return NAMED[i].unit;
    return NULL;
}

figure_amount figure_amount_of(const record *row, const gf_column *column)
{
    figure_amount out = { .unit = figure_unit_of(column) };
    gf_str text = record_value(row, column->name);
    int64_t fen;
    const char *unit = unit_column(column);
    if (column->type == GF_COLUMN_FEN) {
        out.has_value = gf_str_to_int(text, &fen);
        out.value = out.has_value ? gf_fen_to_yuan(fen) : out.value;
    } else
        out.has_value = gf_decimal_parse(text, &out.value);
    if (unit)
        out.unit = record_value(row, unit);
    if (unit || column->type == GF_COLUMN_FEN)   /* a bound speaks of what is counted or paid, not of a height or a day */
        (void)gf_figure_bound_parse(record_value(row, "bound"), &out.bound);
    return out;
}

/* "record.loans.lo-1#quota_fen", "record.parcels.3#area_m2", "record.cases.c-1#opened": false when it is no number and no day. */
static bool take_column(const figure_ask *ask, const record *row, gf_str name, gf_figure *figure)
{
    const gf_column *column = gf_register_column(row->reg, name);
    if (!column || (!figure_is_amount(column) && column->type != GF_COLUMN_DATE && column->type != GF_COLUMN_PERIOD))
        return false;
    if (column->type != GF_COLUMN_FEN)
        figure->label = figure_text(ask->keep, "%.*s · %s", GF_STR_ARG(figure->label.len ? figure->label : record_key(row)), figure_zh(ask) ? column->label_zh : column->label_en);
    if (!figure_is_amount(column)) {
        figure->period = record_value(row, column->name);
        return true;
    }
    const figure_amount amount = figure_amount_of(row, column);
    figure->has_value = amount.has_value;
    figure->value = amount.value;
    figure->unit = amount.unit;
    figure->bound = amount.bound;
    return true;
}

gf_status figure_quantity(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    size_t dot = gf_str_find(ask->rest, GF_STR(".")), mark = gf_str_find(ask->rest, GF_STR("#"));
    const gf_register *reg = gf_register_find(gf_str_slice(ask->rest, 0, dot));
    gf_str column = gf_str_slice(ask->rest, mark + 1, ask->rest.len);
    record found;
    if (!reg || strcmp(reg->name, "entries") == 0)
        return gf_fail(err, GF_ENOTFOUND, "figure.record", "Write record.projects.ID.", "there is no record \"%.*s\"", GF_STR_ARG(gf_str_slice(ask->rest, 0, 80)));
    gf_status status = record_read(ask->app, reg->name, gf_str_slice(ask->rest, dot + 1, mark), ask->keep, &found, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = record_value(&found, "name"), .period = record_value(&found, "period"), .origin = found.origin,
                           .who = figure_unit_names(ask->app, record_value(&found, "units"), ask->lang, ask->keep),
                           .where = figure_place_name(ask->app, record_value(&found, "place"), ask->keep) };
    if (column.len == 0)
        figure->has_value = record_quantity(&found, &figure->value, &figure->unit, &figure->bound);
    else if (!take_column(ask, &found, column, figure))
        return gf_fail(err, GF_ENOTFOUND, "figure.column", "/api/v1/registers lists the columns.", "%s has no column of numbers or days \"%.*s\"", reg->name, GF_STR_ARG(gf_str_slice(column, 0, 60)));
    figure->basis = record_basis(ask->app, found.source, record_value(&found, "document"), found.origin);
    out->tree = figure_node(ask, "observation", figure->id, figure->label);
    if (figure->has_value)
        figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    else if (out->tree)
        out->tree->date = figure->period;
    out->has_recomputed = figure->has_value;
    out->recomputed = figure->value;
    bool cost = figure->has_value && strcmp(reg->name, "water_designs") == 0 && gf_str_is(column, "cost_fen");
    if (cost) {
        if (out->tree)
            out->tree->node = "sum";
        status = figure_design_cost(ask, &found, out->tree, &figure->basis, &out->recomputed, err);
        out->equal = gf_decimal_cmp(out->recomputed, figure->value) == 0;
    } else if (figure->has_value && strcmp(reg->name, "projects") == 0 && gf_str_is(column, "budget_fen"))
        status = figure_add_budget(ask, &found, out->tree, &figure->basis, err);
    if (status != GF_OK)
        return status;
    if (!cost && !(out->tree && out->tree->first_child))
        figure_add_papers(ask, out->tree, found.source, record_value(&found, "document"));
    return figure_add_input(ask, out, figure->id, err);
}

/* ---- Facts ---- */

/* What cites a fact: its entries, or the record that carries the same number. */
typedef struct citing { gf_app_node *nodes; bool has_value; gf_decimal value; gf_str unit, input; gf_figure_bound bound; gf_str period; } citing;

static gf_status cite_entries(const figure_ask *ask, figure_answer *out, citing *found, gf_error *err)
{
    int64_t ids[64];
    size_t count = 0;
    gf_stmt *stmt = gf_store_named(ask->app->store, "entries_citing");
    gf_stmt_str(stmt, 1, ask->rest);
    while (count < GF_COUNT(ids) && gf_stmt_row(stmt))
        if (record_list_has(gf_row_str(stmt, 1), ask->rest))
            ids[count++] = gf_row_int(stmt, 0);
    gf_stmt_end(stmt);
    gf_app_node *sum = count > 1 ? figure_node(ask, "sum", ask->id, (gf_str){ "", 0 }) : NULL;
    for (size_t i = 0; i < count; i++) {
        figure_money money;
        gf_status status = figure_read_entry(ask->app, ids[i], ask->lang, ask->keep, &money, err);
        if (status == GF_OK)
            status = figure_add_input(ask, out, figure_text(ask->keep, "entry.%lld", (long long)ids[i]), err);
        if (status != GF_OK)
            return status;
        if (!gf_decimal_add(found->value, money.yuan, &found->value))
            return gf_fail(err, GF_ELIMIT, "figure.sum", "", "the sum passes what can be counted");
        found->bound = gf_figure_looser(found->bound, money.bound);
        found->period = money.period;
        gf_app_node *node = figure_entry_node(ask, ids[i], &money);
        figure_child(sum, node);
        found->nodes = sum ? sum : node;
    }
    found->has_value = count > 0;
    found->unit = GF_STR("CNY");
    out->derived.op = count > 1 ? "sum" : "value";
    if (sum)
        figure_node_value(sum, found->value, found->unit, found->bound);
    return gf_store_ok(ask->app->store, err);
}

static gf_status cite_observation(const figure_ask *ask, figure_answer *out, citing *found, gf_error *err)
{
    record *rows;
    size_t count;
    gf_status status = record_citing(ask->app, "observations", ask->rest, ask->keep, &rows, &count, err);
    if (status != GF_OK || count == 0)
        return status;
    const record *obs = &rows[0];
    gf_str id = figure_text(ask->keep, "obs.%.*s", GF_STR_ARG(record_key(obs)));
    found->has_value = gf_decimal_parse(record_value(obs, "value"), &found->value);
    (void)gf_figure_bound_parse(record_value(obs, "bound"), &found->bound);
    found->unit = record_value(obs, "unit");
    found->period = record_value(obs, "period");
    found->nodes = observation_node(ask, obs, record_value(obs, "indicator"), id);
    return found->has_value ? figure_add_input(ask, out, id, err) : GF_OK;
}

/* The record of any other register that cites the fact; the first with a quantity gives the value. */
static gf_status cite_record(const figure_ask *ask, citing *found, gf_error *err)
{
    static const char *const LEFT_OUT[] = { "facts", "entries", "observations", "indicators", "units", "places", "funds", "members", "holidays" };
    for (size_t i = 0; i < GF_REGISTER_COUNT && !found->has_value; i++) {
        const gf_register *reg = &GF_REGISTERS[i];
        bool left_out = false;
        for (size_t k = 0; k < GF_COUNT(LEFT_OUT); k++)
            left_out = left_out || strcmp(reg->name, LEFT_OUT[k]) == 0;
        record *rows = NULL;
        size_t count = 0;
        gf_status status = left_out ? GF_OK : record_citing(ask->app, reg->name, ask->rest, ask->keep, &rows, &count, err);
        if (status != GF_OK)
            return status;
        for (size_t r = 0; r < count && !found->has_value; r++) {
            gf_app_node *node = figure_node(ask, "count", figure_text(ask->keep, "%s/%.*s", reg->name, GF_STR_ARG(record_key(&rows[r]))), record_value(&rows[r], "name"));
            found->has_value = record_quantity(&rows[r], &found->value, &found->unit, &found->bound);
            found->period = record_value(&rows[r], "period");
            if (node && found->has_value)
                figure_node_value(node, found->value, found->unit, found->bound);
            if (node && (!found->nodes || found->has_value)) {
                node->source = rows[r].source;
                found->nodes = node;
            }
        }
    }
    return GF_OK;
}

static gf_status find_citing(const figure_ask *ask, figure_answer *out, bool money, citing *found, gf_error *err)
{
    gf_status status = money ? cite_entries(ask, out, found, err) : GF_OK;
    if (status == GF_OK && !found->has_value)
        status = cite_observation(ask, out, found, err);
    if (status == GF_OK && !found->has_value)
        status = cite_record(ask, found, err);
    return status;
}

/* Without a reading of its own, a fact takes the one number of its words, if there is just one. */
static void read_phrase(const figure_ask *ask, const record *fact, gf_figure *figure)
{
    gf_figure_token *tokens;
    size_t count, figures = 0;
    if (gf_figure_scan(record_value(fact, "phrase"), NULL, 0, ask->keep, &tokens, &count, NULL) != GF_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind != GF_FIGURE_TOKEN_FIGURE)
            continue;
        figures++;
        figure->value = tokens[i].value;
        figure->unit = tokens[i].value_unit;
        figure->bound = tokens[i].bound;
    }
    figure->has_value = figures == 1;
}

gf_status figure_fact(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    record fact;
    gf_status status = record_read(ask->app, "facts", ask->rest, ask->keep, &fact, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    gf_str what = record_value(&fact, "what"), phrase = record_value(&fact, "phrase");
    *figure = (gf_figure){ .id = figure->id, .label = figure_zh(ask) || what.len == 0 ? phrase : what, .unit = record_value(&fact, "unit"),
                           .period = record_value(&fact, "period"), .origin = fact.origin, .who = figure_unit_names(ask->app, record_value(&fact, "units"), ask->lang, ask->keep),
                           .where = figure_place_name(ask->app, record_value(&fact, "place"), ask->keep), .basis = GF_FIGURE_STATED };
    figure->has_value = gf_decimal_parse(record_value(&fact, "value"), &figure->value);
    (void)gf_figure_bound_parse(record_value(&fact, "bound"), &figure->bound);
    if (!figure->has_value)
        read_phrase(ask, &fact, figure);
    citing found = { .unit = { "", 0 }, .bound = GF_FIGURE_EXACT };
    status = find_citing(ask, out, !figure->has_value || gf_str_is(figure->unit, "CNY"), &found, err);
    if (status != GF_OK)
        return status;
    if (!figure->has_value && found.has_value) {
        figure->has_value = true;
        figure->value = found.value;
        figure->unit = found.unit;
        figure->bound = found.bound;
    }
    bool carried = found.has_value && gf_str_eq(found.unit, figure->unit);  /* a record may count something else of the same words */
    out->has_recomputed = figure->has_value;
    out->recomputed = carried ? found.value : figure->value;
    out->equal = !figure->has_value || gf_decimal_cmp(out->recomputed, figure->value) == 0;
    if (out->derived.input_count == 0 || !carried) {
        out->derived.input_count = 0;
        out->derived.op = "value";
        status = figure_add_input(ask, out, figure->id, err);
    }
    gf_app_node *statement = figure_statement_node(ask, ask->rest);
    if (statement && found.nodes && !found.nodes->first_child)
        figure_child(found.nodes, statement);
    out->tree = found.nodes ? found.nodes : statement;
    if (statement && figure->has_value && !statement->has_value)
        figure_node_value(statement, figure->value, figure->unit, figure->bound);
    return status;
}
