/* The tree of a public figure. Where an entry goes to or comes from a person or household, no entry of that tree shows its
 * amount: the one that is hidden could else be found by subtraction. Purposes, names of papers and the rows behind a count
 * stay inside. */
#include "app/figures.h"
#include "app/public_inside.h"

#include <string.h>

typedef struct public_tree { gf_app *app; gf_str lang; gf_arena *keep; bool personal; } public_tree;

static bool touches_person(gf_app *app, const gf_app_node *node)
{
    int64_t entry;
    if (strcmp(node->node, "entry") != 0 || !gf_str_to_int(gf_str_slice(node->id, strlen("entry."), node->id.len), &entry))
        return false;
    gf_stmt *stmt = gf_store_named(app->store, "entry_touches_person");
    gf_stmt_int(stmt, 1, entry);
    bool found = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return found;
}

static bool has_person(gf_app *app, const gf_app_node *node)
{
    if (touches_person(app, node))
        return true;
    for (const gf_app_node *child = node->first_child; child; child = child->next)
        if (has_person(app, child))
            return true;
    return false;
}

/* "投入 鹿城区 → 泰顺县": the verb and the two sides, without the purpose. */
static gf_str entry_label(const public_tree *tree, const gf_app_node *node)
{
    int64_t entry = 0;
    gf_str label = { "", 0 };
    (void)gf_str_to_int(gf_str_slice(node->id, strlen("entry."), node->id.len), &entry);
    gf_stmt *stmt = gf_store_named(tree->app->store, "entry_parties");
    gf_stmt_int(stmt, 1, entry);
    if (gf_stmt_row(stmt)) {
        gf_str verb = gf_row_copy(stmt, 0, tree->keep), from = gf_row_copy(stmt, 1, tree->keep), to = gf_row_copy(stmt, 2, tree->keep);
        const gf_str unstated = gf_str_is(tree->lang, "en") ? GF_STR("not stated") : GF_STR("未说明");
        label = figure_text(tree->keep, "%.*s %.*s → %.*s", GF_STR_ARG(verb), GF_STR_ARG(gf_str_is(from, "unstated") ? unstated : figure_unit_names(tree->app, from, tree->lang, tree->keep)),
                            GF_STR_ARG(gf_str_is(to, "unstated") ? unstated : figure_unit_names(tree->app, to, tree->lang, tree->keep)));
    }
    gf_stmt_end(stmt);
    return label;
}

static void clean_entry(const public_tree *tree, gf_app_node *node)
{
    bool person = touches_person(tree->app, node);
    node->label = person ? (gf_str_is(tree->lang, "en") ? GF_STR("a person or household: not public") : GF_STR("个人或农户，不公开")) : entry_label(tree, node);
    if (tree->personal)
        node->has_value = false;
    if (person)
        node->date = (gf_str){ "", 0 };
    if (tree->personal)
        node->first_child = NULL;
}

static void clean(const public_tree *tree, gf_app_node *node)
{
    if (strcmp(node->node, "count") == 0)
        node->first_child = NULL;
    else if (strcmp(node->node, "entry") == 0)
        clean_entry(tree, node);
    else if (strcmp(node->node, "document") == 0)
        node->label = node->source = (gf_str){ "", 0 };
    else if (strcmp(node->node, "observation") == 0)
        node->label = (gf_str){ "", 0 };
    for (gf_app_node *child = node->first_child; child; child = child->next)
        clean(tree, child);
}

static gf_status trace(gf_app *app, gf_str id, gf_str lang, gf_arena *keep, gf_app_traced *out, gf_error *err)
{
    figure_answer answer;
    gf_status status = figure_open(app, NULL, id, lang, true, keep, &answer, err);
    if (status == GF_ENOMEM || status == GF_EIO || status == GF_ELIMIT)
        return status;
    if (status != GF_OK || !public_figure(&answer.derived.figure))
        return gf_fail(err, GF_ENOTFOUND, "public.figure", "Figures of the public pages open by their links.", "there is no public figure \"%.*s\"", GF_STR_ARG(gf_str_slice(id, 0, 80)));
    const public_tree tree = { app, lang, keep, answer.tree && has_person(app, answer.tree) };
    if (answer.tree)
        clean(&tree, answer.tree);
    *out = (gf_app_traced){ answer.derived.figure, answer.tree, answer.has_recomputed, answer.equal, answer.recomputed };
    return GF_OK;
}

gf_status gf_app_publish_trace(gf_app *app, gf_str figure_id, gf_str lang, gf_arena *keep, gf_app_traced *out, gf_error *err)
{
    gf_status status = app_begin_read(app, err);
    return status == GF_OK ? app_end_read(app, trace(app, figure_id, lang, keep, out, err), err) : status;
}
