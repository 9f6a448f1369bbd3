/* total.<scope>.<kind>.<stage>@<period>: what reached a stage, from the maintained totals, recomputed from the entries.
 *
 * The id reads from its end, because ids of units and projects may hold dots. A scope of another programme than the
 * first real one is written programme/scope; other origins than the programme's own stand behind a ~.
 */
#include "app/figures.h"

#include "fund/gf_fund.h"

#include <string.h>

enum { ENTRIES_LISTED = 1000, LEDGER_ENTRIES_LISTED = 20000, STRETCH_ENTRIES = 1000 };

typedef struct total_ask { ledger_query query; gf_str period, scope_text; } total_ask;

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

static gf_status fail_form(const figure_ask *ask, gf_error *err)
{
    return gf_fail(err, GF_ENOTFOUND, "figure.total", "Write total.group.cash.paid@2021-07/2023-12 or total.unit:ID.loan.approved@all.",
                   "\"%.*s\" is not the name of a total", GF_STR_ARG(gf_str_slice(ask->id, 0, 80)));
}

static gf_status parse(const figure_ask *ask, total_ask *out, gf_error *err)
{
    gf_str rest = ask->rest, origins = { "", 0 }, stage, kind;
    *out = (total_ask){ .period = GF_STR_INIT("all") };
    (void)cut_last(&rest, '~', &origins);
    (void)cut_last(&rest, '@', &out->period);
    if (!cut_last(&rest, '.', &stage) || !cut_last(&rest, '.', &kind) || rest.len == 0)
        return fail_form(ask, err);
    out->scope_text = rest;
    out->query.span = (gf_period){ INT32_MIN, INT32_MAX };
    if (!gf_str_is(out->period, "all")) {
        gf_status status = gf_period_parse(out->period, &out->query.span, err);
        if (status != GF_OK)
            return status;
    }
    size_t slash = gf_str_find(rest, GF_STR("/"));
    bool named = slash < rest.len;
    out->query.programme = named ? gf_str_slice(rest, 0, slash) : figure_default_programme(ask->app, ask->keep);
    out->query.scope = named ? gf_str_slice(rest, slash + 1, rest.len) : rest;
    out->query.kind = kind;
    out->query.stage = gf_str_is(stage, "none") ? (gf_str){ "", 0 } : stage;
    out->query.origins = origins.len ? origins : figure_programme_origins(ask->app, out->query.programme, ask->keep);
    return GF_OK;
}

/* ---- Scopes ---- */

static const struct { gf_str prefix; const char *reg; } SCOPES[] = {
    { GF_STR_INIT("unit:"), "units" }, { GF_STR_INIT("place:"), "places" }, { GF_STR_INIT("fund:"), "funds" }, { GF_STR_INIT("project:"), "projects" },
};

static gf_status name_scope(const figure_ask *ask, gf_str scope, gf_str *label, gf_error *err)
{
    if (gf_str_is(scope, "group") || gf_str_is(scope, "outside")) {
        bool group = gf_str_is(scope, "group");
        *label = figure_zh(ask) ? (group ? GF_STR("团组") : GF_STR("团组外")) : (group ? GF_STR("the group") : GF_STR("outside the group"));
        return GF_OK;
    }
    app_moment *moment = &ask->app->moment;
    if (moment->on && moment->label_zh == figure_zh(ask) && moment->label[0] && gf_str_is(scope, moment->scope)) {
        *label = gf_str_copy(ask->keep, gf_str_of(moment->label));
        return label->data ? GF_OK : gf_fail_memory(err);
    }
    for (size_t i = 0; i < GF_COUNT(SCOPES); i++) {
        record found;
        if (!gf_str_starts(scope, SCOPES[i].prefix))
            continue;
        gf_status status = record_read(ask->app, SCOPES[i].reg, gf_str_slice(scope, SCOPES[i].prefix.len, scope.len), ask->keep, &found, err);
        if (status == GF_OK) {
            gf_str shorter = record_value(&found, "short_name"), en = record_value(&found, "name_en");
            *label = !figure_zh(ask) && en.len ? en : shorter.len ? shorter : record_value(&found, "name");
            bool fits = moment->on && scope.len < sizeof moment->scope && label->len < sizeof moment->label;   /* the next figure is of the same scope, mostly */
            (void)snprintf(moment->scope, sizeof moment->scope, "%.*s", fits ? (int)scope.len : 0, scope.data);
            (void)snprintf(moment->label, sizeof moment->label, "%.*s", fits ? (int)label->len : 0, label->data);
            moment->label_zh = figure_zh(ask);
        }
        return status;
    }
    return gf_fail(err, GF_ENOTFOUND, "figure.scope", "Write group, unit:ID, place:CODE, fund:ID or project:ID.", "there is no scope \"%.*s\"",
                   GF_STR_ARG(gf_str_slice(scope, 0, 60)));
}

static const struct { const char *word, *zh, *en; } WORDS[] = {
    { "cash", "现金", "cash" }, { "in_kind", "实物", "in kind" }, { "loan", "贷款", "loans" }, { "investment", "企业投资", "enterprise investment" },
    { "result", "经济成果", "economic results" }, { "applied", "申报", "applied" }, { "approved", "审批", "approved" }, { "committed", "承诺", "committed" },
    { "received", "到账", "received" }, { "allocated", "落实", "allocated" }, { "paid", "投入", "paid" }, { "accepted", "验收", "accepted" },
    { "drawn", "发放", "drawn" }, { "repaid", "归还", "repaid" },
};

static const char *word_of(gf_str word, bool zh)
{
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (gf_str_is(word, WORDS[i].word))
            return zh ? WORDS[i].zh : WORDS[i].en;
    return "";
}

/* ---- The entries under it ---- */

/* Of an entry only the transfers that reach the stage in the scope count; most entries have one. */
static gf_status read_part(const figure_ask *ask, const ledger_part *part, figure_money *money, gf_error *err)
{
    gf_status status = figure_read_entry(ask->app, part->entry, ask->lang, ask->keep, money, err);
    money->amount = part->sum.amount;
    money->yuan = gf_fen_to_yuan(part->sum.amount);
    return status;
}

/* Entries one by one while they are few; a long list is shown in stretches, each summed from its entries. */
static gf_status add_entries(const figure_ask *ask, figure_answer *out, const ledger_part *parts, size_t count, gf_fen *sum, gf_figure_basis *weakest,
                             gf_error *err)
{
    for (size_t i = 0; i < count; i++) {
        figure_money money;
        gf_status status = read_part(ask, &parts[i], &money, err);
        if (status == GF_OK)
            status = figure_add_input(ask, out, figure_text(ask->keep, "entry.%lld", (long long)parts[i].entry), err);
        if (status != GF_OK)
            return status;
        if (!gf_fen_add(*sum, money.amount, sum))
            return gf_fail(err, GF_ELIMIT, "figure.sum", "", "the sum passes what can be counted");
        *weakest = gf_figure_weaker(*weakest, money.basis);
        figure_child(out->tree, figure_entry_node(ask, parts[i].entry, &money));
    }
    return GF_OK;
}

static gf_status add_stretches(const figure_ask *ask, const ledger_query *query, figure_answer *out, gf_fen *sum, gf_error *err)
{
    ledger_stretch *rows;
    size_t count;
    gf_status status = ledger_stretches(ask->app, query, STRETCH_ENTRIES, ask->keep, &rows, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        gf_app_node *node = figure_node(ask, "sum", (gf_str){ "", 0 },
                                        figure_text(ask->keep, figure_zh(ask) ? "第%lld至%lld号分录" : "entries %lld to %lld", (long long)rows[i].first, (long long)rows[i].last));
        figure_node_value(node, gf_fen_to_yuan(rows[i].sum.amount), GF_STR("CNY"), rows[i].sum.bound);
        figure_child(out->tree, node);
        if (!gf_fen_add(*sum, rows[i].sum.amount, sum))
            return gf_fail(err, GF_ELIMIT, "figure.sum", "", "the sum passes what can be counted");
    }
    return status;
}

static gf_str total_label(const figure_ask *ask, const total_ask *total, gf_str scope)
{
    bool zh = figure_zh(ask);
    return figure_text(ask->keep, zh ? "%.*s %s%s%s" : "%.*s: %s %s%s", GF_STR_ARG(scope), word_of(total->query.kind, zh), zh ? "·" : "",
                       word_of(total->query.stage, zh));
}

gf_status figure_total(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    total_ask total;
    ledger_sum sum;
    gf_str scope;
    gf_status status = parse(ask, &total, err);
    if (status == GF_OK)
        status = ledger_check_kind(total.query.kind, err);
    gf_fund_kind kind;
    if (status == GF_OK && total.query.stage.len && gf_fund_kind_parse(total.query.kind, &kind) && !gf_fund_has_stage(kind, total.query.stage))
        return fail_form(ask, err);
    if (status == GF_OK)
        status = name_scope(ask, total.query.scope, &scope, err);
    if (status == GF_OK)
        status = ledger_total(ask->app, &total.query, &sum, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = total_label(ask, &total, scope), .unit = GF_STR("CNY"), .period = gf_str_is(total.period, "all") ? (gf_str){ "", 0 } : total.period,
                           .who = scope, .has_value = true, .value = gf_fen_to_yuan(sum.amount), .bound = sum.bound };
    out->derived.op = "sum";
    out->tree = figure_node(ask, "sum", figure->id, figure->label);
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    /* The entries themselves: listed and summed again while they are few. */
    int64_t count = 0;
    int64_t head;
    char hash[GF_HASH_HEX_BYTES];
    status = ledger_head(ask->app, &head, hash, err);
    /* A report of a large ledger does not read entries: check proves its totals, a trace opens them. */
    bool many = sum.entries > ENTRIES_LISTED || (!ask->want_tree && head > LEDGER_ENTRIES_LISTED);
    ledger_part *parts = gf_new(ask->keep, ledger_part, many ? 1 : ENTRIES_LISTED + 1);
    if (!parts)
        return gf_fail_memory(err);
    gf_fen again = 0;
    gf_figure_basis weakest = GF_FIGURE_DERIVED;
    if (!many)
        status = ledger_entries(ask->app, &total.query, parts, ENTRIES_LISTED + 1, &count, err);
    many = many || count > ENTRIES_LISTED;  /* reversals take each other out of the count, not out of the list */
    if (status == GF_OK && !many)
        status = add_entries(ask, out, parts, (size_t)count, &again, &weakest, err);
    if (status != GF_OK)
        return status;
    if (many && ask->want_tree)
        status = add_stretches(ask, &total.query, out, &again, err);
    else if (many)
        again = sum.amount;
    if (many)
        weakest = sum.unsupported ? GF_FIGURE_NONE : sum.unvouched ? GF_FIGURE_STATED : GF_FIGURE_DERIVED;
    figure->basis = sum.entries || count ? weakest : GF_FIGURE_NONE;
    out->has_recomputed = true;
    out->recomputed = gf_fen_to_yuan(again);
    out->equal = again == sum.amount;
    if (status == GF_OK && out->tree && !out->tree->first_child)
        figure_child(out->tree, figure_node(ask, "none", (gf_str){ "", 0 }, figure_zh(ask) ? GF_STR("没有分录") : GF_STR("no entry")));
    return status;
}
