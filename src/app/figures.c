/* Figures by id: the prefix tells the kind, the kind's own file opens it. And the small things all kinds share.
 *
 * A figure is computed when it is asked for and kept nowhere: what stands on a screen is what the books say now. Its
 * tree is made only for who wants to see it, which a report of hundreds of figures does not.
 */
#include "app/access.h"
#include "app/figures.h"

#include <stdarg.h>
#include <string.h>

enum { INPUTS_FIRST = 4, LABEL_BYTES = 600 };

typedef gf_status open_fn(const figure_ask *ask, figure_answer *out, gf_error *err);
static const struct { gf_str prefix; open_fn *open; } KINDS[] = {
    { GF_STR_INIT("fact."), figure_fact },   { GF_STR_INIT("entry."), figure_entry },         { GF_STR_INIT("obs."), figure_observation },
    { GF_STR_INIT("doc."), figure_document }, { GF_STR_INIT("total."), figure_total },         { GF_STR_INIT("indicator."), figure_indicator },
    { GF_STR_INIT("count."), figure_count },   { GF_STR_INIT("record."), figure_quantity },   { GF_STR_INIT("sum."), figure_list_sum },
    { GF_STR_INIT("sight."), figure_sight },   { GF_STR_INIT("ratio."), figure_ratio },       { GF_STR_INIT("difference."), figure_difference },
    { GF_STR_INIT("age."), figure_age },       { GF_STR_INIT("unpaid."), figure_unpaid },     { GF_STR_INIT("rank."), figure_rank },
    { GF_STR_INIT("import."), figure_import }, { GF_STR_INIT("internal."), figure_internal },
    { GF_STR_INIT("energy."), figure_energy }, { GF_STR_INIT("light."), figure_light },       { GF_STR_INIT("pr."), figure_performance },
    { GF_STR_INIT("earning."), figure_earning },
};

gf_status figure_open(gf_app *app, const gf_app_actor *reader, gf_str id, gf_str lang, bool want_tree, gf_arena *keep, figure_answer *out, gf_error *err)
{
    for (size_t i = 0; i < GF_COUNT(KINDS); i++) {
        if (!gf_str_starts(id, KINDS[i].prefix))
            continue;
        gf_str copy = gf_str_copy(keep, id);
        if (!copy.data)
            return gf_fail_memory(err);
        figure_ask ask = { app, reader ? reader : &GF_APP_ACTOR_CLI, copy, gf_str_slice(copy, KINDS[i].prefix.len, copy.len), lang, want_tree, keep };
        *out = (figure_answer){ .equal = true };
        out->derived.figure.id = copy;
        out->derived.key = copy.data;
        out->derived.op = "value";
        return KINDS[i].open(&ask, out, err);
    }
    return gf_fail(err, GF_ENOTFOUND, "figure.id", "docs/commands.md lists the forms: fact.F074, entry.12, total.…, count.…, record.…",
                   "there is no figure \"%.*s\"", GF_STR_ARG(gf_str_slice(id, 0, 80)));
}

gf_status gf_app_trace(gf_app *app, const gf_app_actor *reader, gf_str figure_id, gf_str lang, gf_arena *keep, gf_app_traced *out, gf_error *err)
{
    figure_answer answer;
    gf_status status = app_begin_read(app, err);
    if (status == GF_OK)
        status = app_end_read(app, figure_open(app, reader, figure_id, lang, true, keep, &answer, err), err);
    if (status != GF_OK)
        return status;
    *out = (gf_app_traced){ answer.derived.figure, answer.tree, answer.has_recomputed, answer.equal, answer.recomputed };
    return answer.tree ? GF_OK : gf_fail_memory(err);
}

/* ---- Shared ---- */

bool figure_zh(const figure_ask *ask) { return !gf_str_is(ask->lang, "en"); }

gf_app_node *figure_node(const figure_ask *ask, const char *node, gf_str id, gf_str label)
{
    if (!ask->want_tree)
        return NULL;
    gf_app_node *fresh = gf_new(ask->keep, gf_app_node, 1);
    if (fresh) {
        fresh->node = node;
        fresh->id = id;
        fresh->label = label;
    }
    return fresh;
}

void figure_child(gf_app_node *parent, gf_app_node *child)
{
    if (!parent || !child)
        return;
    gf_app_node **at = &parent->first_child;
    while (*at)
        at = &(*at)->next;
    *at = child;
}

void figure_node_value(gf_app_node *node, gf_decimal value, gf_str unit, gf_figure_bound bound)
{
    if (!node)
        return;
    node->has_value = true;
    node->value = value;
    node->unit = unit;
    node->bound = bound;
}

gf_str figure_text(gf_arena *keep, const char *format, ...)
{
    char text[LABEL_BYTES];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    gf_str made = gf_str_of(text);
    while (len >= LABEL_BYTES && made.len && !gf_utf8_valid(made, NULL))
        made.len--;
    return gf_str_copy(keep, made);
}

gf_str figure_place_name(gf_app *app, gf_str code, gf_arena *keep)
{
    gf_stmt *stmt = gf_store_named(app->store, "place_name");
    gf_stmt_str(stmt, 1, code);
    gf_str name = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, keep) : code;
    gf_stmt_end(stmt);
    return name;
}

gf_str figure_unit_names(gf_app *app, gf_str ids, gf_str lang, gf_arena *keep)
{
    gf_text text;
    gf_text_init(&text, keep);
    gf_str id;
    while (gf_str_cut(&ids, ';', &id)) {
        gf_stmt *stmt = gf_store_named(app->store, gf_str_is(lang, "en") ? "unit_name_en" : "unit_name");
        gf_stmt_str(stmt, 1, id);
        if (text.len)
            gf_text_add_c(&text, gf_str_is(lang, "en") ? ", " : "、");
        gf_text_add(&text, gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, keep) : figure_place_name(app, id, keep));
        gf_stmt_end(stmt);
    }
    return gf_text_str(&text);
}

gf_status figure_add_input(const figure_ask *ask, figure_answer *out, gf_str input, gf_error *err)
{
    gf_app_derived *derived = &out->derived;
    size_t count = derived->input_count;
    if (count == 0 || (count >= INPUTS_FIRST && (count & (count - 1)) == 0)) {  /* the room doubles at powers of two */
        gf_str *larger = gf_new(ask->keep, gf_str, count ? count * 2 : INPUTS_FIRST);
        if (!larger)
            return gf_fail_memory(err);
        if (count)
            memcpy(larger, derived->inputs, count * sizeof *larger);
        derived->inputs = larger;
    }
    derived->inputs[derived->input_count++] = input;
    return GF_OK;
}

gf_app_node *figure_statement_node(const figure_ask *ask, gf_str fact_id)
{
    record fact;
    gf_app_node *node = figure_node(ask, "statement", figure_text(ask->keep, "fact.%.*s", GF_STR_ARG(fact_id)), (gf_str){ "", 0 });
    if (!node || record_read(ask->app, "facts", fact_id, ask->keep, &fact, NULL) != GF_OK)
        return node;
    gf_decimal value;
    gf_figure_bound bound;
    gf_str line = record_value(&fact, "line"), at = record_value(&fact, "char");
    node->phrase = record_value(&fact, "phrase");
    node->label = record_value(&fact, "speaker");
    node->date = record_value(&fact, "period");
    node->source = line.len ? figure_text(ask->keep, figure_zh(ask) ? "%.*s 第%.*s行第%.*s字" : "%.*s line %.*s character %.*s", GF_STR_ARG(fact.source),
                                          GF_STR_ARG(line), GF_STR_ARG(at))
                            : fact.source;
    if (gf_decimal_parse(record_value(&fact, "value"), &value) && gf_figure_bound_parse(record_value(&fact, "bound"), &bound))
        figure_node_value(node, value, record_value(&fact, "unit"), bound);
    return node;
}

gf_app_node *figure_document_node(const figure_ask *ask, gf_str document_id)
{
    record document;
    if (!ask->want_tree)
        return NULL;
    if (record_read(ask->app, "documents", document_id, ask->keep, &document, NULL) != GF_OK)
        return figure_node(ask, "document", (gf_str){ "", 0 }, document_id);  /* a paper known by its number only */
    if (access_require_record(ask->app, ask->reader, document.reg, document_id, ask->keep, NULL) != GF_OK)
        return figure_node(ask, "document", (gf_str){ "", 0 }, figure_zh(ask) ? GF_STR("一份文件（不在您的范围内）") : GF_STR("a document outside your scope"));
    gf_str sha256 = record_value(&document, "sha256"), id = sha256.len ? sha256 : document_id;
    gf_app_node *node = figure_node(ask, "document", figure_text(ask->keep, "doc.%.*s", GF_STR_ARG(id)), record_value(&document, "name"));
    if (node) {
        node->sha256 = sha256;
        node->date = record_value(&document, "date");
        node->source = record_value(&document, "issuer");
    }
    return node;
}

static bool exists(gf_app *app, const char *reg, gf_str id, gf_arena *keep)
{
    record unused;
    return record_read(app, reg, id, keep, &unused, NULL) == GF_OK;
}

void figure_add_papers(const figure_ask *ask, gf_app_node *parent, gf_str source, gf_str paper)
{
    if (!parent)
        return;
    gf_str id;
    if (paper.len)
        figure_child(parent, figure_document_node(ask, paper));
    while (gf_str_cut(&source, ';', &id)) {
        record origin;
        if (exists(ask->app, "facts", id, ask->keep))
            figure_child(parent, figure_statement_node(ask, id));
        else if (exists(ask->app, "documents", id, ask->keep))
            figure_child(parent, figure_document_node(ask, id));
        else if (record_read(ask->app, "sources", id, ask->keep, &origin, NULL) == GF_OK)
            figure_child(parent, figure_node(ask, "document", figure_text(ask->keep, "doc.%.*s", GF_STR_ARG(id)), record_value(&origin, "name")));
    }
    if (!parent->first_child)
        figure_child(parent, figure_node(ask, "none", (gf_str){ "", 0 }, figure_zh(ask) ? GF_STR("没有依据") : GF_STR("nothing stands under it")));
}

gf_str figure_programme_of(gf_app *app, gf_str origin, gf_arena *keep)
{
    bool demo = gf_str_is(origin, "demo");
    gf_stmt *stmt = gf_store_named(app->store, "programmes_by_origin");
    gf_str found = { "", 0 };
    while (found.len == 0 && gf_stmt_row(stmt))
        if (gf_str_is(gf_row_str(stmt, 1), "demo") == demo)
            found = gf_row_copy(stmt, 0, keep);
    gf_stmt_end(stmt);
    return found;
}

/* Kept for the moment when it fits. */
static void keep_text(char *room, size_t bytes, gf_str text)
{
    if (text.len < bytes)
        (void)snprintf(room, bytes, "%.*s", GF_STR_ARG(text));
}

gf_str figure_default_programme(gf_app *app, gf_arena *keep)
{
    app_moment *moment = &app->moment;
    if (moment->on && moment->has_usual)
        return gf_str_copy(keep, gf_str_of(moment->usual));
    gf_str usual = figure_programme_of(app, (gf_str){ "", 0 }, keep);
    keep_text(moment->usual, sizeof moment->usual, usual);
    moment->has_usual = moment->on && usual.len < sizeof moment->usual;
    return usual;
}

gf_str figure_programme_origins(gf_app *app, gf_str programme, gf_arena *keep)
{
    record found;
    app_moment *moment = &app->moment;
    if (moment->on && moment->origins && gf_str_is(programme, moment->programme))
        return gf_str_of(moment->origins);
    bool demo = programme.len && record_read(app, "programmes", programme, keep, &found, NULL) == GF_OK && gf_str_is(found.origin, "demo");
    const char *origins = demo ? "demo" : "article,entered,imported,sensor";
    keep_text(moment->programme, sizeof moment->programme, programme);
    moment->origins = moment->on && programme.len < sizeof moment->programme ? origins : NULL;
    return gf_str_of(origins);
}
