/* app/gf_app.h - the use cases: what an office asks of its books, each one call.
 *
 * A call loads what it needs, computes with the engines, and saves in one transaction or changes nothing.
 * Answers live in the caller's arena `keep`. Nothing here prints or logs. The clock comes in with gf_app_options.
 * One gf_app belongs to one thread; several may be open on one store (one writes at a time).
 */
#pragma once
#include "app/register.h"
#include "base/gf_base.h"
#include "figure/gf_figure.h"

/* ---- The open books ---- */

typedef struct gf_app gf_app;
struct gf_app_actor;

typedef struct gf_app_options {
    gf_str       db;             /* "sqlite:PATH" */
    bool         create;         /* make or upgrade the store */
    bool         read_only;
    bool         bulk;           /* one large load */
    gf_str       author;         /* who acts: stands in history; "" = "load" */
    gf_utc_ms  (*now)(void);     /* the clock of the edge */
    gf_hash_kind ledger_hash;    /* for a new store only */
    gf_str       key_file;       /* of the master key; "" = the path of the store with .key behind it */
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
/* Every register, entries, history and documents. The folder must be new or empty: GF_ECONFLICT. Personal fields go out
 * sealed; with `reason` not empty in the open, which is written into the log (the store must be writable then). */
gf_status gf_app_dump(gf_app *app, const char *folder, gf_str reason, gf_error *err);

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
    const struct gf_app_actor *reader;  /* what the role of who asks may not read is left out; NULL = nothing */
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

/* ---- What everybody may see ---- */

typedef struct gf_app_pairing { gf_str unit, place, town, role, period; } gf_app_pairing;   /* names; town "" when the place is one or above */

typedef struct gf_app_published {
    gf_app_reported reported;           /* no chapters; money of the group, units, places and projects; figures that are public */
    gf_str          lead, place, term;
    bool            demo, usual;        /* usual: the programme that is meant when nobody names one */
    gf_app_pairing *pairings;
    size_t          pairing_count;
} gf_app_published;

/* Aggregates, indicators and what was said in public; never a household, a person, a count below ten of anything. */
gf_status gf_app_publish(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_published *out, gf_error *err);
/* The tree of a public figure, without parties that are persons, purposes, or names of papers. GF_ENOTFOUND when the
 * figure is unknown or not public: the two are not told apart. */
gf_status gf_app_publish_trace(gf_app *app, gf_str figure_id, gf_str lang, gf_arena *keep, gf_app_traced *out, gf_error *err);

/* ---- Truth: press check ---- */

typedef struct gf_app_press_options { gf_str programme, origins, lang; const struct gf_app_actor *reader; /* as for reports */ } gf_app_press_options;

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
gf_status gf_app_ageing(gf_app *app, gf_str programme, gf_str on, gf_arena *keep, gf_app_aged **out, size_t *count, gf_error *err);

typedef struct gf_app_row { gf_str *cells; } gf_app_row;
typedef struct gf_app_table { gf_str title; gf_str *heads; size_t column_count; gf_app_row *rows; size_t row_count; } gf_app_table;

/* The programmes of the store: id, name, origin; the one that is meant when nobody names one comes first. */
gf_status gf_app_programmes(gf_app *app, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Who was paired with whom and posted where on a date. what: "pairings", "assignments", "gaps" (both, gaps and overlaps). */
gf_status gf_app_roster(gf_app *app, gf_str programme, gf_str what, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Is it a programme of invented rows? The empty name is the programme that is meant when nobody names one. */
bool gf_app_is_demo(gf_app *app, gf_str programme, gf_arena *scratch);
/* "taishun-demo/group": a scope as the totals of the programme name it. */
gf_str gf_app_scope_of(gf_app *app, gf_str programme, gf_str scope, gf_arena *keep);
/* Only the rows of a register's records that are invented, or only those that are not. */
gf_status gf_app_table_of(gf_app *app, const gf_register *reg, size_t column, bool demo, gf_arena *scratch, gf_app_table *table, gf_error *err);
gf_status gf_app_table_seen(gf_app *app, const struct gf_app_actor *actor, const gf_register *reg, size_t column, gf_arena *scratch, gf_app_table *table, gf_error *err);
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

/* ---- People and access ---- */

enum { GF_APP_READ = 1, GF_APP_WRITE = 2, GF_APP_REVEAL = 4, GF_APP_EXPORT = 8 };

/* Who asks. Scopes: all; units (chosen ones); unit (the own one); below (own unit and place and what lies below them);
 * own (own records). A unit's scope takes in the places that it is paired with. Nothing that is not granted is seen. */
typedef struct gf_app_actor gf_app_actor;
struct gf_app_actor {
    gf_str user, name, role, scope, unit, place;
    gf_str address;                     /* where the request came from */
    bool   demo, must_enrol;            /* must_enrol: the role asks for a second factor that is not there yet */
    bool   totp;
};

/* The command line on the machine itself: sees everything, and stands in the log as "cli". */
extern const gf_app_actor GF_APP_ACTOR_CLI;

unsigned    gf_app_rights(const gf_app_actor *actor, const gf_register *reg);   /* GF_APP_READ | ... */
const char *gf_app_areas(const gf_app_actor *actor);       /* groups of pages, joined by ; */
bool        gf_app_has_area(const gf_app_actor *actor, const char *area);
/* GF_EDENIED with the sentence why. */
gf_status   gf_app_require(const gf_app_actor *actor, const gf_register *reg, unsigned rights, gf_error *err);
gf_status   gf_app_require_area(const gf_app_actor *actor, const char *area, gf_error *err);
gf_status   gf_app_require_all(const gf_app_actor *actor, gf_error *err);      /* scope all */
/* May the actor see what a figure is made of? GF_ENOTFOUND or GF_EDENIED. */
gf_status   gf_app_require_figure(gf_app *app, const gf_app_actor *actor, gf_str figure_id, gf_arena *scratch, gf_error *err);
/* May the actor ask for the money of this scope (group, unit:ID, place:CODE, fund:ID, project:ID)? */
gf_status   gf_app_require_scope(gf_app *app, const gf_app_actor *actor, gf_str scope, gf_arena *scratch, gf_error *err);

typedef struct gf_app_role { const char *name, *label_zh, *label_en, *scope; bool second_factor; } gf_app_role;
extern const gf_app_role GF_APP_ROLES[];
extern const size_t      GF_APP_ROLE_COUNT;

/* Writing: batch_begin, then any number of parts, then batch_end, which makes all of them durable at once. A part that
 * ends with a failure leaves nothing behind but a line in the log when it was refused. */
gf_status gf_app_batch_begin(gf_app *app, gf_error *err);
gf_status gf_app_batch_end(gf_app *app, gf_error *err);
gf_status gf_app_part_begin(gf_app *app, const gf_app_actor *actor, gf_error *err);
gf_status gf_app_part_end(gf_app *app, const gf_app_actor *actor, gf_status status, gf_error *err);   /* the status of the part */

/* A line in the log of operations: inside a part. */
gf_status gf_app_log(gf_app *app, const gf_app_actor *actor, const char *action, gf_str object, const char *outcome, gf_str reason, gf_error *err);

/* The same outside a batch, in a transaction of its own. */
gf_status gf_app_log_alone(gf_app *app, const gf_app_actor *actor, const char *action, gf_str object, gf_str reason, gf_error *err);

/* The answer to a write, kept for a day for one who asks again with the same key: inside a part. */
typedef struct gf_app_answer { gf_str request /* hash of what was asked */, etag, location, body; int64_t status; } gf_app_answer;
gf_status gf_app_answer_find(gf_app *app, const gf_app_actor *actor, gf_str key, gf_arena *keep, gf_app_answer *out, bool *found, gf_error *err);
gf_status gf_app_answer_keep(gf_app *app, const gf_app_actor *actor, gf_str key, const gf_app_answer *answer, gf_error *err);

typedef struct gf_app_log_ask { const char *log; /* operations, logins */ gf_str actor, action, from, to, q; int64_t before, limit; } gf_app_log_ask;
typedef struct gf_app_log_line { int64_t id; gf_utc_ms at; gf_str actor, role, address, action, object, outcome, reason, hash; } gf_app_log_line;
/* Newest first; *next is the id to ask before, 0 at the end. */
gf_status gf_app_log_read(gf_app *app, const gf_app_log_ask *ask, gf_arena *keep, gf_app_log_line **out, size_t *count, int64_t *next, gf_error *err);

/* ---- Coming in ---- */

typedef struct gf_app_login { gf_str user, password, totp, address; bool demo; /* demo accounts may come in */ } gf_app_login;
typedef struct gf_app_session { gf_app_actor actor; gf_str token, csrf; gf_utc_ms seen, until; bool is_token; } gf_app_session;

/* GF_EDENIED "login.refused", "login.totp" (a code is wanted or wrong), GF_ELIMIT "login.locked". Takes 20 to 40 ms.
 * Writes: on an app of its own, outside a batch. */
gf_status gf_app_log_in(gf_app *app, const gf_app_login *login, gf_arena *keep, gf_app_session *out, gf_error *err);
/* The session behind a token; GF_EDENIED "session.none" when there is none, or it was idle for too long. Reads only. */
gf_status gf_app_session_find(gf_app *app, gf_str token, gf_utc_ms seen_elsewhere /* 0 = by the store alone */, gf_arena *keep, gf_app_session *out, gf_error *err);
gf_status gf_app_session_touch(gf_app *app, gf_str mark, gf_utc_ms seen, gf_error *err);     /* by mark: inside a batch */
gf_status gf_app_session_end(gf_app *app, gf_str token, const gf_app_actor *actor, gf_error *err);
gf_status gf_app_sessions_expire(gf_app *app, gf_error *err);
#define GF_APP_IDLE_MS INT64_C(1800000)

gf_status gf_app_password_change(gf_app *app, const gf_app_actor *actor, gf_str old, gf_str new, gf_arena *scratch, gf_error *err);
gf_status gf_app_totp_begin(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_str *secret, gf_error *err);
gf_status gf_app_totp_confirm(gf_app *app, const gf_app_actor *actor, gf_str code, gf_arena *scratch, gf_error *err);
/* The one-time link of a new user: sets the password. GF_EDENIED when it is unknown, used or older than three days. */
gf_status gf_app_invitation_take(gf_app *app, gf_str token, gf_str password, gf_str address, gf_arena *scratch, gf_error *err);

/* ---- Users ---- */

typedef struct gf_app_user {
    gf_str    id, name, role, scope, units, unit, place, state;
    gf_utc_ms locked_until, last_login;   /* 0 = none */
    bool      totp, demo;
    int64_t   version;
} gf_app_user;
gf_status gf_app_users(gf_app *app, gf_arena *keep, gf_app_user **out, size_t *count, gf_error *err);
/* Inside a part. system_admin makes accounts and links; security_admin gives role, scope and state, and unlocks: no one does both. */
gf_status gf_app_user_add(gf_app *app, const gf_app_actor *actor, const gf_app_user *user, gf_arena *keep, gf_str *invitation, gf_error *err);
/* Fields whose data is NULL stay as they are. */
gf_status gf_app_user_change(gf_app *app, const gf_app_actor *actor, const gf_app_user *change, gf_arena *scratch, gf_error *err);
gf_status gf_app_user_invite(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_str *invitation, gf_error *err);
gf_status gf_app_user_unlock(gf_app *app, const gf_app_actor *actor, gf_str id, gf_error *err);
/* A token for a program that acts as `user`; told once. */
gf_status gf_app_token_add(gf_app *app, const gf_app_actor *actor, gf_str user, gf_str name, int64_t days, gf_arena *keep, gf_str *token, gf_error *err);
gf_status gf_app_tokens(gf_app *app, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
gf_status gf_app_token_revoke(gf_app *app, const gf_app_actor *actor, gf_str mark, gf_error *err);   /* the first letters of its mark will do */
/* One account per role, with its password as told on the login page; demo stores only. */
typedef struct gf_app_demo_account { const char *user, *password, *role, *name_zh, *name_en, *scope, *unit, *place; } gf_app_demo_account;
extern const gf_app_demo_account GF_APP_DEMO_ACCOUNTS[];
extern const size_t              GF_APP_DEMO_ACCOUNT_COUNT;
gf_status gf_app_demo_accounts(gf_app *app, gf_error *err);
/* A new master key: every person's key is wrapped again. Tells how many. */
gf_status gf_app_rotate_key(gf_app *app, int64_t *count, gf_error *err);

/* ---- Records, one by one and in lists ---- */

enum { GF_APP_FILTERS_MAX = 16, GF_APP_LIMIT_MAX = 200, GF_APP_COMMON_COUNT = 4 /* source, origin, author, version, behind the columns */ };

typedef enum gf_app_match { GF_APP_EQUALS, GF_APP_FROM, GF_APP_TO } gf_app_match;   /* from and to take in their ends */
typedef struct gf_app_filter { gf_str column; gf_app_match match; gf_str value; } gf_app_filter;

typedef struct gf_app_list_ask {
    const gf_register *reg;
    gf_app_filter      filters[GF_APP_FILTERS_MAX];
    size_t             filter_count;
    gf_str             q;               /* text that stands somewhere in the record's words */
    gf_str             within;          /* a place: records of it and of the places below it */
    gf_str             programme;       /* rows of its side only: demo rows never stand among others; "" = all */
    gf_str             sort;            /* a column; "" = the key, for entries the newest first */
    bool               descending;
    gf_str             cursor;          /* of the page before; "" = the first */
    int64_t            limit;           /* 1 ... GF_APP_LIMIT_MAX; 0 = 25 */
    bool               want_count;
} gf_app_list_ask;

/* Cells by column, then source, origin, author, version. Personal fields are masked. Absent numbers are empty. */
typedef struct gf_app_record { const gf_register *reg; gf_str *cells; } gf_app_record;
typedef struct gf_app_list { gf_app_record *records; size_t count; gf_str next; int64_t total; /* -1 when not asked for */ } gf_app_list;

/* GF_EDENIED the register · GF_EUSAGE an unknown column, a cursor that is none. Any register but entries. */
gf_status gf_app_list_records(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, gf_app_list *out, gf_error *err);
gf_status gf_app_record_get(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_record *out, gf_error *err);
gf_str    gf_app_record_version(const gf_app_record *record);

/* Write: inside a part. Cells as in gf_app_record; data NULL = not given. Masked personal fields that come back unchanged stay. */
gf_status gf_app_record_create(gf_app *app, const gf_app_actor *actor, const gf_register *reg, const gf_str *cells, gf_arena *keep, gf_app_record *out, gf_error *err);
/* GF_ECONFLICT "record.changed" when the version is another one; *out is the record as it stands then. */
gf_status gf_app_record_change(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_str version, const gf_str *cells, gf_arena *keep, gf_app_record *out,
                               gf_error *err);
/* Personal fields in the open, with a reason that goes into the log: inside a part. */
gf_status gf_app_record_reveal(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, const gf_str *fields, size_t count, gf_str reason, gf_arena *keep, gf_str *out,
                               gf_error *err);

typedef struct gf_app_change { gf_utc_ms at; gf_str author, op, field, old, new; int64_t version; } gf_app_change;
gf_status gf_app_record_history(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_change **out, size_t *count, gf_error *err);

typedef struct gf_app_found { const char *reg; gf_str id, label, place; } gf_app_found;
gf_status gf_app_search(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str q, int64_t limit, gf_arena *keep, gf_app_found **out, size_t *count, gf_error *err);

/* Contents of documents, by their hash. Put: inside a part; a file is stored once however often it comes. Get: GF_ENOTFOUND
 * when no document that the actor sees names it. */
typedef struct gf_app_content { gf_str sha256, media_type, bytes, name; } gf_app_content;
gf_status gf_app_content_put(gf_app *app, const gf_app_actor *actor, gf_str name, gf_str bytes, gf_arena *keep, gf_app_content *out, gf_error *err);
gf_status gf_app_content_get(gf_app *app, const gf_app_actor *actor, gf_str sha256, gf_arena *keep, gf_app_content *out, gf_error *err);

/* ---- Entries ---- */

typedef struct gf_app_entry_row { gf_str period, kind, from_party, to_party, fund, project, place, stage_from, stage_to; gf_fen amount; gf_figure_bound bound; } gf_app_entry_row;
typedef struct gf_app_entry { int64_t id, reverses; gf_str key, date, verb, purpose, voucher, source, origin, unit, note, hash; gf_app_entry_row *rows; size_t row_count; } gf_app_entry;

/* The numbers of the entries that are asked for and seen; read each with gf_app_entry_read(), which asks no right. */
typedef struct gf_app_entry_list { int64_t *ids; size_t count; gf_str next; int64_t total; } gf_app_entry_list;
gf_status gf_app_list_entries(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, gf_app_entry_list *out, gf_error *err);
gf_status gf_app_entry_see(gf_app *app, const gf_app_actor *actor, int64_t id, gf_arena *scratch, gf_error *err);   /* GF_OK when it may be seen */
gf_status gf_app_entry_read(gf_app *app, int64_t id, gf_arena *keep, gf_app_entry *out, gf_error *err);
/* Inside a part. The key again with the same content gives the entry that is booked, and *fresh false. */
gf_status gf_app_entry_post(gf_app *app, const gf_app_actor *actor, const gf_app_entry *entry, int64_t *id, bool *fresh, gf_error *err);

/* Net sums of rows by any of place, kind, month, date, fund, project, verb, stage; a reversal counts against. */
enum { GF_APP_GROUP_MAX = 4 };
typedef struct gf_app_group { gf_str by[GF_APP_GROUP_MAX]; gf_fen amount; int64_t rows; } gf_app_group;
typedef struct gf_app_groups { const char *by[GF_APP_GROUP_MAX]; size_t by_count; gf_app_group *groups; size_t count; int64_t head_entry; } gf_app_groups;
gf_status gf_app_group_entries(gf_app *app, const gf_app_actor *actor, gf_str by, const gf_app_list_ask *filters, gf_arena *keep, gf_app_groups *out, gf_error *err);

/* ---- The first pages ---- */

typedef struct gf_app_seat { gf_str code, name, level, parent, lon, lat, match; int64_t projects, activities, visits, assets; } gf_app_seat;   /* lon "" = position not recorded */
typedef struct gf_app_paired { gf_str place, unit, unit_name, role, period; } gf_app_paired;
typedef struct gf_app_stage { gf_str stage; int64_t count; } gf_app_stage;
typedef struct gf_app_tally { const char *reg; int64_t count; } gf_app_tally;
typedef struct gf_app_cockpit {
    gf_str           programme, name, place, period, origin, scope;   /* scope of the money: "group", "unit:u-x", "" none */
    gf_app_seat     *places;
    gf_app_paired   *pairings;
    gf_app_stage    *stages;
    gf_app_money    *money;
    gf_app_table     cases;
    gf_app_tally    *tallies;           /* members, pairings, projects, activities, visits that the actor sees */
    size_t           place_count, pairing_count, stage_count, money_count, tally_count;
    gf_app_reported *reported;          /* the whole programme; NULL when the scope does not take it in */
} gf_app_cockpit;
gf_status gf_app_cockpit_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str lang, gf_arena *keep, gf_app_cockpit *out, gf_error *err);

/* Money of one kind from units to places, projects and assets, each at the furthest stage that it reached. */
typedef struct gf_app_flow_node { gf_str id, label; const char *column; /* unit, place, project, asset */ } gf_app_flow_node;
typedef struct gf_app_flow_link { gf_str from, to, stage; gf_fen amount; int64_t rows, first_entry; bool at_least, about; } gf_app_flow_link;
typedef struct gf_app_flow { gf_str kind; gf_app_flow_node *nodes; gf_app_flow_link *links; size_t node_count, link_count; } gf_app_flow;
gf_status gf_app_flow_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str kind, gf_str lang, gf_arena *keep, gf_app_flow *out, gf_error *err);

/* What happened at a place ("places") or by a unit ("units"), by time. */
typedef struct gf_app_event {
    gf_str          period, id, label, detail, units, place, origin, figure, kind;   /* figure "" = none */
    gf_str          value, unit, stage;    /* of a quantity or an observation; how far a project or its money came; "" = not told */
    const char     *reg;
    bool            has_amount;
    gf_fen          amount;
    gf_figure_bound bound;
    gf_figure_basis basis;
} gf_app_event;
typedef struct gf_app_story { gf_str id, name; gf_app_event *events; size_t event_count; } gf_app_story;
gf_status gf_app_story_read(gf_app *app, const gf_app_actor *actor, const char *of, gf_str id, gf_str programme, gf_str lang, gf_arena *keep, gf_app_story *out, gf_error *err);

/* Between two questions of different people, when nothing is being read: what others have written meanwhile counts. */
void gf_app_settle(gf_app *app);

/* ---- Files from Excel ---- */

enum { GF_APP_IMPORT_ERRORS_MAX = 10000 };
typedef struct gf_app_import_options {
    const gf_register  *reg;
    gf_str              name, bytes;         /* of the file: .xlsx or .csv */
    bool                dry;                 /* check only */
    gf_app_progress_fn *progress;            /* may be NULL */
    void               *progress_context;
} gf_app_import_options;

typedef struct gf_app_import_error { int64_t row; int column; /* from 1; 0 = the whole row */ gf_str head, what, hint; } gf_app_import_error;
typedef struct gf_app_imported {
    int64_t              id;                 /* 0 when nothing was kept: dry, or errors */
    int64_t              rows, added, changed, unchanged, refused;
    const char          *form;               /* "xlsx", "csv, GB18030" ... */
    gf_app_import_error *errors;
    size_t               error_count;
} gf_app_imported;

/* Rows of a sheet into a register: columns are found by their names or labels in either language, in any order. All or
 * nothing; GF_OK also when rows were refused: see out->refused. In a transaction of its own.
 * GF_EINPUT no header row was found, or the file is none of those that are read. */
gf_status gf_app_import(gf_app *app, const gf_app_actor *actor, const gf_app_import_options *options, gf_arena *keep, gf_app_imported *out, gf_error *err);

typedef struct gf_app_import_line { int64_t id, rows, added, changed; gf_utc_ms at; gf_str reg, file, author, state; } gf_app_import_line;
gf_status gf_app_imports(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_app_import_line **out, size_t *count, gf_error *err);
/* Take a whole import back: what it added goes, what it changed is as it was, what it booked is reversed. GF_ECONFLICT
 * names the record that somebody has changed or referred to since. In a transaction of its own. */
gf_status gf_app_import_undo(gf_app *app, const gf_app_actor *actor, int64_t id, gf_error *err);

/* The rows of an uploaded sheet as text, for a copy that shows what is wrong in it. Return false to stop. */
typedef bool gf_app_sheet_row_fn(void *context, int64_t row, const gf_str *cells, size_t count);
gf_status gf_app_sheet_rows(gf_str name, gf_str bytes, gf_app_sheet_row_fn *take, void *context, gf_error *err);

/* What a column that refers may name, as the actor sees it: keys and names, at most `room`. */
typedef struct gf_app_choice { gf_str id, name; } gf_app_choice;
gf_status gf_app_choices(gf_app *app, const gf_app_actor *actor, const gf_column *column, gf_arena *keep, gf_app_choice *out, size_t room, size_t *count, gf_error *err);
