/* app/gf_app.h - the use cases: what an office asks of its books, each one call.
 *
 * A call loads what it needs, computes with the engines, and saves in one transaction or changes nothing.
 * Answers live in the caller's arena `keep`. Nothing here prints or logs. The clock comes in with gf_app_options.
 * One gf_app belongs to one thread; several may be open on one store (one writes at a time).
 */
#pragma once
#include "base/gf_base.h"
#include "figure/gf_figure.h"

/* ---- The open books ---- */

typedef struct gf_app gf_app;

typedef struct gf_app_options {
    gf_str       db;             /* "sqlite:PATH" */
    bool         create;         /* make or upgrade the store */
    bool         read_only;
    bool         bulk;           /* one large load */
    gf_str       author;         /* who acts: stands in history; "" = "load" */
    gf_utc_ms  (*now)(void);     /* the clock of the edge */
    gf_hash_kind ledger_hash;    /* for a new store only */
} gf_app_options;

gf_status gf_app_open(const gf_app_options *options, gf_app **out, gf_error *err);
void      gf_app_close(gf_app *app);

/* ---- Records in and out ---- */

/* Called now and then during long work; return false to cancel (GF_ECANCELLED, nothing changed). */
typedef bool gf_app_progress_fn(void *context, const char *stage, int64_t done, int64_t total);

typedef struct gf_app_load_options {
    const char *const  *paths;          /* folders and .csv files */
    size_t              path_count;
    int64_t             document_bytes_max;  /* one document; 0 = 32 MiB */
    gf_app_progress_fn *progress;       /* may be NULL */
    void               *progress_context;
} gf_app_load_options;

typedef struct gf_app_count { const char *name; int64_t count; } gf_app_count;

typedef struct gf_app_loaded {
    int64_t       loaded;               /* rows added or changed; entries count once each */
    gf_app_count *by_register;          /* registers with rows in the input, in loading order */
    size_t        register_count;
} gf_app_loaded;

/* All or nothing. The same folder twice adds nothing. A folder written by gf_app_dump() restores history as it was.
 * GF_EINPUT with where "file:line"; GF_ECONFLICT when an entry's key is taken by another entry. */
gf_status gf_app_load(gf_app *app, const gf_app_load_options *options, gf_arena *keep, gf_app_loaded *out, gf_error *err);
/* One CSV per register with header and a commented example. The folder is made. */
gf_status gf_app_templates(const char *folder, gf_error *err);
/* Every register, entries, history and documents. The folder must be new or empty: GF_ECONFLICT. */
gf_status gf_app_dump(gf_app *app, const char *folder, gf_error *err);

/* ---- Truth: check ---- */

typedef struct gf_app_problem { const char *test; int64_t entry; /* 0 none */ gf_str record, field, expected, found, what; } gf_app_problem;
typedef struct gf_app_test { const char *name; bool ok; int64_t counted; } gf_app_test;

typedef struct gf_app_checked {
    bool            ok;
    gf_str          store;
    int             schema_version;
    int64_t         entries, lines, head_entry;
    gf_str          head_hash;          /* hex; empty when there is no entry */
    bool            has_anchor, anchor_match;
    gf_str          anchor_hash;
    int64_t         anchor_entry;
    double          seconds;
    gf_app_test    *tests;
    size_t          test_count;
    gf_app_problem *problems;           /* at most GF_APP_PROBLEMS_MAX */
    size_t          problem_count;
} gf_app_checked;
enum { GF_APP_PROBLEMS_MAX = 1000 };

/* anchor: bytes of a file that names a head (JSON with head_entry and head_hash, or a line with both), or "".
 * GF_OK also when problems were found: see out->ok. */
gf_status gf_app_check(gf_app *app, gf_str anchor, gf_arena *keep, gf_app_checked *out, gf_error *err);

/* ---- Truth: trace ---- */

typedef struct gf_app_node gf_app_node;
struct gf_app_node {
    const char   *node;                 /* sum difference ratio count entry observation document statement none */
    gf_str        id, label, unit, date, source, phrase, sha256;
    bool          has_value;
    gf_decimal    value;
    gf_figure_bound bound;
    gf_app_node  *first_child, *next;
};

typedef struct gf_app_traced {
    gf_figure    figure;
    gf_app_node *tree;
    bool         has_recomputed, equal;
    gf_decimal   recomputed;
} gf_app_traced;

/* GF_ENOTFOUND unknown figure; GF_EDENIED a total across kinds, with the sentence that says why. */
gf_status gf_app_trace(gf_app *app, gf_str figure_id, gf_str lang, gf_arena *keep, gf_app_traced *out, gf_error *err);

/* ---- Truth: report ---- */

typedef struct gf_app_report_options {
    gf_str programme;                   /* "" = the only one that is not demo */
    gf_str origins;                     /* "article,entered"; "" = everything but demo (demo alone for a demo programme) */
    gf_str from, to;                    /* civil dates; "" = the programme's term */
    gf_str lang;                        /* "zh" or "en" */
} gf_app_report_options;

typedef struct gf_app_money { gf_str scope, scope_label; const char *kind, *stage; /* NULL: none */ gf_fen amount; gf_figure_bound bound; gf_str figure; } gf_app_money;

typedef struct gf_app_indicator { gf_str id, name, place, unit, baseline, target, actual, change; /* figure ids or "" */ } gf_app_indicator;

/* A run of a paragraph: plain text, or a figure as it is written (figure is its id then). */
typedef struct gf_app_part { gf_str text, figure; } gf_app_part;
typedef struct gf_app_paragraph {
    gf_str       text;                  /* the parts joined */
    gf_app_part *parts;
    size_t       part_count;
    gf_str      *figures;               /* ids, in the order of the text, each once */
    size_t       figure_count;
} gf_app_paragraph;
typedef struct gf_app_chapter { gf_str id, scope, title; gf_app_paragraph *paragraphs; size_t paragraph_count; } gf_app_chapter;

/* A figure with how it is made: op over inputs ("fact.F074", "entry.3", "obs.5", "doc.<sha256>", other figures). */
typedef struct gf_app_derived { gf_figure figure; const char *key; /* the id, terminated */ const char *op; gf_str *inputs; size_t input_count; } gf_app_derived;

typedef struct gf_app_reported {
    gf_str            programme, programme_name, lang, from, to, as_of;
    gf_str           *origins;
    size_t            origin_count;
    int64_t           head_entry;
    gf_str            head_hash;
    gf_app_money     *money;
    size_t            money_count;
    gf_app_indicator *indicators;
    size_t            indicator_count;
    gf_app_chapter   *chapters;
    size_t            chapter_count;
    gf_app_derived   *figures;          /* every figure named above, sorted by id */
    size_t            figure_count;
    int64_t           marks[4];         /* by gf_figure_basis */
} gf_app_reported;

gf_status gf_app_report(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_reported *out, gf_error *err);

/* ---- Exchange: IATI 2.03 ---- */

/* Plain values in the shape of the standard; report writes them as XML. Only what the books hold: what the standard has
 * no place for (an application, a day that nobody told) stands in notes, in both languages. docs/iati.md says how. */
typedef struct gf_app_words { gf_str zh, en; /* en "" when the books have none */ } gf_app_words;

typedef struct gf_app_iati_org {
    gf_str       ref;                   /* CN-USCI-<credit code>, or a placeholder that says so; "" for who has none */
    gf_app_words name;
    const char  *type;                  /* OrganisationType */
    const char  *role;                  /* OrganisationRole in an activity; NULL elsewhere */
} gf_app_iati_org;

typedef struct gf_app_iati_date { const char *type; gf_str day; gf_app_words note; } gf_app_iati_date;

typedef struct gf_app_iati_place { gf_str code, name, lat, lon, geonames; const char *exactness; } gf_app_iati_place;

typedef struct gf_app_iati_money {
    int64_t         entry;
    const char     *type, *finance;     /* TransactionType, FinanceType; finance NULL when no code fits */
    gf_str          day;
    gf_fen          amount;
    gf_app_words    said;
    gf_app_iati_org provider, receiver; /* name.zh "" = nobody said */
} gf_app_iati_money;

typedef struct gf_app_iati_value { gf_str year, from, to, value; gf_app_words note; } gf_app_iati_value;   /* value "" = none */
typedef struct gf_app_iati_result { gf_str id; gf_app_words name; const char *measure; gf_app_iati_value baseline, target, actual; } gf_app_iati_result;

typedef struct gf_app_iati_activity {
    gf_str              id, parent;     /* parent "" for the programme itself */
    gf_app_words        title, about;
    gf_app_words       *notes;
    const char         *status;
    gf_app_iati_org    *orgs;
    gf_app_iati_date   *dates;
    gf_app_iati_money  *money;
    gf_app_iati_place  *places;
    gf_app_iati_result *results;
    gf_str              budget_from, budget_to;     /* "" = no budget known that the standard takes */
    gf_fen              budget;
    const char         *budget_status;
    size_t              note_count, org_count, date_count, money_count, place_count, result_count;
    size_t              note_room, org_room, date_room, money_room, place_room, result_room;
} gf_app_iati_activity;

typedef struct gf_app_iati {
    gf_app_iati_org       reporter;
    gf_str                as_of;
    bool                  demo;
    gf_app_iati_activity *activities;   /* the programme first */
    gf_app_iati_org      *orgs;
    size_t                activity_count, org_count;
} gf_app_iati;

/* The programme, its projects, and the funds whose entries name no project. */
gf_status gf_app_iati_read(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_iati *out, gf_error *err);

/* ---- Truth: press check ---- */

typedef struct gf_app_press_options { gf_str programme, origins, lang; } gf_app_press_options;

typedef struct gf_app_pressed {
    gf_str                programme, sha256;
    gf_figure_press_token *tokens;
    size_t                token_count;
    int64_t               counts[5];    /* by gf_figure_verdict */
} gf_app_pressed;

gf_status gf_app_press(gf_app *app, const gf_app_press_options *options, gf_str text, gf_arena *keep, gf_app_pressed *out,
                       gf_error *err);

/* ---- Money questions ---- */

/* One line of a statement: what reached a stage, by kind. */
typedef struct gf_app_statement {
    gf_str        scope, scope_label, on;
    gf_app_money *lines;
    size_t        line_count;
    gf_str        programme_name, as_of, head_hash;   /* for the foot of a printed statement */
    int64_t       head_entry;
    bool          demo;                 /* the scope belongs to a demo programme */
    gf_fen       *internal;             /* by line, the group's statement only, else NULL: what its members' views hold too often */
} gf_app_statement;

/* scope: group, unit:ID, place:CODE, fund:ID, project:ID; on: a civil date or "" for all. GF_ENOTFOUND unknown scope. */
gf_status gf_app_state(gf_app *app, gf_str scope, gf_str on, gf_arena *keep, gf_app_statement *out, gf_error *err);

typedef struct gf_app_aged { gf_str fund, fund_name, received_on; gf_fen received, unpaid; int64_t days; int64_t entry; } gf_app_aged;
/* Cash received and not yet paid on a date, oldest receipt first (first in, first out inside a fund). */
gf_status gf_app_ageing(gf_app *app, gf_str on, gf_arena *keep, gf_app_aged **out, size_t *count, gf_error *err);

typedef struct gf_app_row { gf_str *cells; } gf_app_row;
typedef struct gf_app_table { gf_str title; gf_str *heads; size_t column_count; gf_app_row *rows; size_t row_count; } gf_app_table;

/* The programmes of the store: id, name, origin; the one that is meant when nobody names one comes first. */
gf_status gf_app_programmes(gf_app *app, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Who was paired with whom and posted where on a date. what: "pairings", "assignments", "gaps" (both, gaps and overlaps). */
gf_status gf_app_roster(gf_app *app, gf_str what, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Cases with their stage on a day, and when the next step is due by the calendar. */
gf_status gf_app_cases(gf_app *app, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Loans waiting, in the order of their bank's priority policy. */
gf_status gf_app_loan_queue(gf_app *app, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);

/* ---- Care ---- */

typedef struct gf_app_backed_up { gf_str path, sha256, head_hash; int64_t bytes, head_entry; } gf_app_backed_up;
/* Copies the store while it is in use, reads the copy through, and writes PATH.manifest.json beside it. */
gf_status gf_app_backup(gf_app *app, const char *path, gf_arena *keep, gf_app_backed_up *out, gf_error *err);
/* Puts a backup in the place of a store; what stood there is kept beside it as PATH.before-restore. */
gf_status gf_app_restore(gf_str db, const char *backup_path, gf_error *err);
/* What this build and this machine have and lack, as rows item, state, note. */
gf_status gf_app_doctor(gf_str db, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
