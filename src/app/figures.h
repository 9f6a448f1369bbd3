/* app/figures.h - inside the room only: any figure by its id, with its derivation and, when wanted, its tree. */
#pragma once
#include "app/app.h"
#include "app/ledger.h"
#include "app/record.h"

typedef struct figure_answer {
    gf_app_derived derived;
    gf_app_node   *tree;             /* NULL unless asked for */
    bool           has_recomputed, equal;
    gf_decimal     recomputed;
} figure_answer;

/* One question; the same for all kinds of figures. */
typedef struct figure_ask {
    gf_app    *app;
    gf_str     id, rest;             /* "fact.F074", "F074" */
    gf_str     lang;
    bool       want_tree;
    gf_arena  *keep;
} figure_ask;

gf_status figure_open(gf_app *app, gf_str id, gf_str lang, bool want_tree, gf_arena *keep, figure_answer *out, gf_error *err);

/* The kinds, one file each or two. */
gf_status figure_fact(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_entry(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_observation(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_document(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_total(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_indicator(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_count(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_quantity(const figure_ask *ask, figure_answer *out, gf_error *err);   /* record.<register>.<key> */

/* ---- Shared by the kinds ---- */

gf_app_node *figure_node(const figure_ask *ask, const char *node, gf_str id, gf_str label);   /* NULL at the limit */
void         figure_child(gf_app_node *parent, gf_app_node *child);     /* appended; a NULL child is dropped */
void         figure_node_value(gf_app_node *node, gf_decimal value, gf_str unit, gf_figure_bound bound);
gf_str       figure_text(gf_arena *keep, const char *format, ...) __attribute__((format(printf, 2, 3)));
gf_str       figure_place_name(gf_app *app, gf_str code, gf_arena *keep);      /* the code itself when unknown */
gf_str       figure_unit_names(gf_app *app, gf_str ids, gf_str lang, gf_arena *keep);   /* short names joined */
bool         figure_zh(const figure_ask *ask);
gf_status    figure_add_input(const figure_ask *ask, figure_answer *out, gf_str input, gf_error *err);
/* What carries a record: statements, documents, or a node "none". */
void         figure_add_papers(const figure_ask *ask, gf_app_node *parent, gf_str source, gf_str paper);
gf_app_node *figure_statement_node(const figure_ask *ask, gf_str fact_id);
gf_app_node *figure_document_node(const figure_ask *ask, gf_str document_id);

/* An entry's money, read from its lines. */
typedef struct figure_money { gf_decimal yuan; gf_fen amount; gf_figure_bound bound; gf_figure_basis basis; gf_str kind, period, origin, label, date; gf_str source, voucher, who, where; } figure_money;
gf_status figure_read_entry(gf_app *app, int64_t id, gf_str lang, gf_arena *keep, figure_money *out, gf_error *err);
gf_app_node *figure_entry_node(const figure_ask *ask, int64_t id, const figure_money *money);

/* Which programme a store speaks of when nobody says: the first that is not demo. "" when there is none. */
gf_str figure_default_programme(gf_app *app, gf_arena *keep);
/* The origins a programme counts: all but demo, or demo alone. */
gf_str figure_programme_origins(gf_app *app, gf_str programme, gf_arena *keep);
