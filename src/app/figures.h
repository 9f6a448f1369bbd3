/* app/figures.h - inside the room only: any figure by its id, with its derivation and, when wanted, its tree.
 *
 * Nothing here asks a right: gf_app_require_figure() does before. Texts and nodes live in the asker's arena. Inside
 * app_begin_read() a figure and everything under it are of one moment.
 */
#pragma once
#include "app/app.h"
#include "app/ledger.h"
#include "app/record.h"

typedef struct figure_answer {
    gf_app_derived derived;
    gf_app_node   *tree;             /* NULL unless asked for, and when the arena is full */
    bool           has_recomputed, equal;   /* equal: nothing was recomputed, or it came out the same */
    gf_decimal     recomputed;
} figure_answer;

/* One question; the same for all kinds of figures. */
typedef struct figure_ask {
    gf_app    *app;
    const gf_app_actor *reader;      /* lists hold what he sees; never NULL */
    gf_str     id, rest;             /* "fact.F074", "F074" */
    gf_str     lang;                 /* "en", else Chinese */
    bool       want_tree;
    gf_arena  *keep;
} figure_ask;

/* reader: NULL sees everything. GF_ENOTFOUND unknown · GF_EINPUT a period that is none · GF_EDENIED across kinds or units,
 * demo beside others, a register that the reader's role does not read · GF_ELIMIT a sum that does not fit. */
gf_status figure_open(gf_app *app, const gf_app_actor *reader, gf_str id, gf_str lang, bool want_tree, gf_arena *keep, figure_answer *out, gf_error *err);

/* ---- The kinds, one file each or two: called by figure_open(), with *out begun ---- */

/* fact.<id>: what was said, and every record that cites it. */
gf_status figure_fact(const figure_ask *ask, figure_answer *out, gf_error *err);
/* entry.<number>: the money of one entry; a reversal is negative. entry.<number>#<n>: its n-th transfer alone. */
gf_status figure_entry(const figure_ask *ask, figure_answer *out, gf_error *err);
/* obs.<id>: one observation of an indicator. */
gf_status figure_observation(const figure_ask *ask, figure_answer *out, gf_error *err);
/* doc.<sha256 or id>: a paper; documented when its content is held. */
gf_status figure_document(const figure_ask *ask, figure_answer *out, gf_error *err);
/* total.<scope>.<kind>.<stage>@<period>: a maintained total. */
gf_status figure_total(const figure_ask *ask, figure_answer *out, gf_error *err);
/* indicator.<id>[.target|.change]@<period>. */
gf_status figure_indicator(const figure_ask *ask, figure_answer *out, gf_error *err);
/* internal.<kind>.<stage>@<period>: what the members' own totals count twice, for it moved between two of them. */
gf_status figure_internal(const figure_ask *ask, figure_answer *out, gf_error *err);
/* count.<register>[.<column>=<value>]@<day>: records in force; with <programme>/ in front of the register: figure_list_count(). */
gf_status figure_count(const figure_ask *ask, figure_answer *out, gf_error *err);
/* count.<programme>/...: as many rows as the reader's list of them has. */
gf_status figure_list_count(const figure_ask *ask, figure_answer *out, gf_error *err);
/* sum.<programme>/<register>#<column>...: what a column of that list adds up to. */
gf_status figure_list_sum(const figure_ask *ask, figure_answer *out, gf_error *err);
/* record.<register>.<key>: the quantity of a record; with #<column> a number or a day of it. */
gf_status figure_quantity(const figure_ask *ask, figure_answer *out, gf_error *err);
/* record.water_designs.<key>#cost_fen: the lines by size below `node`; what they add up to. As gf_app_water_open_net(). */
gf_status figure_design_cost(const figure_ask *ask, const record *design, gf_app_node *node, gf_figure_basis *basis, gf_decimal *recomputed, gf_error *err);
/* record.projects.<key>#budget_fen: the design that it was taken from below `node`, when the reader sees it. */
gf_status figure_add_budget(const figure_ask *ask, const record *project, gf_app_node *node, gf_figure_basis *basis, gf_error *err);
/* sight.<parcel>[@<tower>]#<what>: of the newest run. */
gf_status figure_sight(const figure_ask *ask, figure_answer *out, gf_error *err);
/* energy.<plant>.<what>@<period>, light.<plant>@<period>, pr.<plant>[.corrected]@<month>, earning.<plant>.<part>@<month>. */
gf_status figure_energy(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_light(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_performance(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_earning(const figure_ask *ask, figure_answer *out, gf_error *err);
/* The energy that an entry of a plant's settlement was made from, below `node`, when the reader sees the plant; other keys add nothing. */
gf_status figure_add_settlement(const figure_ask *ask, gf_str entry_key, gf_app_node *node, gf_error *err);
/* ratio.<figure>|<figure>, difference.<figure>|<figure>. */
gf_status figure_ratio(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_difference(const figure_ask *ask, figure_answer *out, gf_error *err);
/* age.<register>.<key>#<column>@<day>: days. */
gf_status figure_age(const figure_ask *ask, figure_answer *out, gf_error *err);
/* unpaid.<entry>@<day>, rank.<loan>@<day>, import.<number>#added|changed. */
gf_status figure_unpaid(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_rank(const figure_ask *ask, figure_answer *out, gf_error *err);
gf_status figure_import(const figure_ask *ask, figure_answer *out, gf_error *err);

/* ---- Shared by the kinds ---- */

/* A new node without value; NULL when no tree is wanted, or at the limit. `node` is static. Every function below takes a
 * NULL node and does nothing. */
gf_app_node *figure_node(const figure_ask *ask, const char *node, gf_str id, gf_str label);
/* Appended behind the others: one step for each of them. */
void         figure_child(gf_app_node *parent, gf_app_node *child);
/* In the base unit. */
void         figure_node_value(gf_app_node *node, gf_decimal value, gf_str unit, gf_figure_bound bound);
/* At most 599 bytes, cut at a character; terminated. data NULL at the limit. */
gf_str       figure_text(gf_arena *keep, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The code itself when unknown. */
gf_str       figure_place_name(gf_app *app, gf_str code, gf_arena *keep);
/* Short names of ids joined by ;, joined in the way of the language. What is no unit is looked for among the places. */
gf_str       figure_unit_names(gf_app *app, gf_str ids, gf_str lang, gf_arena *keep);
/* Is Chinese asked for? */
bool         figure_zh(const figure_ask *ask);
/* One more input of the derivation; borrowed. GF_ENOMEM. */
gf_status    figure_add_input(const figure_ask *ask, figure_answer *out, gf_str input, gf_error *err);
/* What carries a record: its paper, then statements and documents of its source, or a node "none". */
void         figure_add_papers(const figure_ask *ask, gf_app_node *parent, gf_str source, gf_str paper);
/* A fact as a node; bare when it is not there. */
gf_app_node *figure_statement_node(const figure_ask *ask, gf_str fact_id);
/* A document as a node, by id or, for a paper known by its number only, by that. */
gf_app_node *figure_document_node(const figure_ask *ask, gf_str document_id);

/* An entry's money, read from its lines. amount and yuan are negative for a reversal; kind, period and the rest are those
 * of the first line. */
typedef struct figure_money {
    gf_decimal      yuan;
    gf_fen          amount;
    gf_figure_bound bound;
    gf_figure_basis basis;
    gf_str          kind, period, origin, label, date, source, voucher, key, who, where;
} figure_money;
/* GF_ENOTFOUND. */
gf_status    figure_read_entry(gf_app *app, int64_t id, gf_str lang, gf_arena *keep, figure_money *out, gf_error *err);
/* The entry with its papers below it. */
gf_app_node *figure_entry_node(const figure_ask *ask, int64_t id, const figure_money *money);

/* "taishun/projects.stage=..." is of a programme's list; "projects.note=a/b" is not. */
bool          figure_names_list(gf_str rest);
/* What a column of numbers or money says; has_value false where it is empty. */
typedef struct figure_amount { bool has_value; gf_decimal value; gf_str unit; gf_figure_bound bound; } figure_amount;
/* Is it a column of whole numbers, decimals or money? */
bool          figure_is_amount(const gf_column *column);
/* `column` must be one. Money comes in yuan. */
figure_amount figure_amount_of(const record *row, const gf_column *column);
/* The unit that the column's name tells; "" when another column of the row names it. Static. */
gf_str        figure_unit_of(const gf_column *column);
/* The newest run of sights with the ground that it saw, below `parent`; *weakest is weakened by towers, cameras and ground. */
gf_status     figure_add_run(const figure_ask *ask, gf_app_node *parent, gf_figure_basis *weakest, gf_error *err);
/* "<figure>|<figure>" in two; false unless both are there and neither is made of two itself. */
bool          figure_cut_sides(gf_str rest, gf_str *first, gf_str *second);
/* The programme that rows of this origin belong to: the first that is demo, or the first that is not. "" when there is none. */
gf_str        figure_programme_of(gf_app *app, gf_str origin, gf_arena *keep);

/* Which programme a store speaks of when nobody says: the first that is not demo. "" when there is none. */
gf_str figure_default_programme(gf_app *app, gf_arena *keep);
/* The origins a programme counts: all but demo, or demo alone. Joined by commas. */
gf_str figure_programme_origins(gf_app *app, gf_str programme, gf_arena *keep);
