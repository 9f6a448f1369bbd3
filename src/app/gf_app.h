/* app/gf_app.h - the use cases: what an office asks of its books, each one call.
 *
 * A call loads what it needs, computes with the engines, and saves in one transaction or changes nothing. Answers live
 * in the caller's arena `keep` and may borrow from the arguments; `scratch` holds nothing that is answered. Nothing here
 * prints or logs to a terminal. The clock comes in with gf_app_options.
 *
 * One gf_app belongs to one thread; several may be open on one store (one writes at a time). Calls that say "inside a
 * part" want gf_app_part_begin() before them; calls that say "in a transaction of its own" must stand outside a batch.
 *
 * Every call may give, besides what its comment names: GF_ENOMEM when an arena is full, GF_EIO when the store or the
 * disk fails, and GF_ECONFLICT when a constraint of the store is broken, which the checks before it should have told.
 * `lang` is "en" or else Chinese: only words for people depend on it. Civil days of "today" are those of UTC+8.
 */
#pragma once
#include "app/register.h"
#include "base/gf_base.h"
#include "figure/gf_figure.h"

/* ---- The open books ---- */

typedef struct gf_app gf_app;
struct gf_app_actor;

typedef struct gf_app_options {
    gf_str       db;             /* "sqlite:PATH" or "postgres://..." */
    bool         create;         /* make or upgrade the store */
    bool         read_only;
    bool         bulk;           /* one large load: more memory, the same promises */
    gf_str       author;         /* who acts: stands in history; "" = "load". Copied */
    gf_utc_ms  (*now)(void);     /* the clock of the edge; never NULL */
    gf_hash_kind ledger_hash;    /* for a new store only: a chain keeps its method */
    gf_str       key_file;       /* of the master key; "" = the path of the store with .key behind it, none on a server. Copied */
} gf_app_options;

/* GF_EUSAGE an address of no store · GF_ENOTFOUND no store there and !create · GF_ECONFLICT made by a newer program, or
 * older and !create · GF_EINPUT a database of another program · GF_EIO "keys.none" an older store holds personal text to
 * be sealed, and its key file is another one. */
gf_status gf_app_open(const gf_app_options *options, gf_app **out, gf_error *err);
/* Wipes the keys that were held; what was not committed is lost. NULL and a half-opened app are fine. */
void      gf_app_close(gf_app *app);
/* The newest instant in the books' logs; 0 when there is none. */
gf_utc_ms gf_app_newest_instant(gf_app *app);
/* Of the store that is open: the number of its migrations. */
int       gf_app_schema_version(gf_app *app);

/* ---- Records in and out ---- */

/* Called now and then during long work, on its thread; total 0 = unknown. Return false to cancel (GF_ECANCELLED, nothing
 * changed). */
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

/* All or nothing, in a transaction of its own. The same folder twice adds nothing. A folder written by gf_app_dump()
 * restores history as it was, when the store has none yet.
 *
 * GF_ENOTFOUND  a path, or a document that a row names
 * GF_EINPUT     a row breaks a rule; err->where is "file:line"
 * GF_ECONFLICT  an entry's key is taken by another entry, or the entry that it reverses is reversed already
 * GF_EDENIED    a link, or a path out of its folder
 * GF_ELIMIT     a document, a text or a file list over its bound
 */
gf_status gf_app_load(gf_app *app, const gf_app_load_options *options, gf_arena *keep, gf_app_loaded *out, gf_error *err);
/* One CSV per register with header and a commented example. The folder is made, or must be empty: GF_ECONFLICT. */
gf_status gf_app_templates(const char *folder, gf_error *err);
/* Every register, entries, history and documents, of one moment while others write. The folder must be new or empty:
 * GF_ECONFLICT. It is filled under another name and renamed at the end. Personal fields go out sealed; with `reason` not
 * empty in the open, which is written into the log first (the store must be writable then). */
gf_status gf_app_dump(gf_app *app, const char *folder, gf_str reason, gf_error *err);

/* ---- Truth: check ---- */

typedef struct gf_app_problem {
    const char *test;                   /* a name of gf_app_checked.tests */
    int64_t     entry;                  /* 0 none */
    gf_str      record, field, expected, found, what;   /* "" where it says nothing */
} gf_app_problem;
typedef struct gf_app_test { const char *name; bool ok; int64_t counted; } gf_app_test;

typedef struct gf_app_checked {
    bool            ok;                 /* no problem in any test */
    gf_str          store;              /* its address */
    int             schema_version;
    int64_t         entries, lines, head_entry;
    gf_str          head_hash;          /* hex; empty when there is no entry */
    bool            has_anchor, anchor_match;
    gf_str          anchor_hash;
    int64_t         anchor_entry;
    double          seconds;            /* of the whole check, by the steady clock */
    gf_app_test    *tests;              /* file chain balance totals scope_sum keys references documents history sealed
                                           logs, in this order */
    size_t          test_count;
    gf_app_problem *problems;           /* at most GF_APP_PROBLEMS_MAX, the first that were met */
    size_t          problem_count;
} gf_app_checked;
enum { GF_APP_PROBLEMS_MAX = 1000 };

/* Proves again what can be proven: reads the file through, then ledger, registers and logs of one moment, however damaged.
 * anchor: bytes of a file that names a head (JSON with head_entry and head_hash, or a line with both), or "".
 * GF_OK also when problems were found: see out->ok. GF_EINPUT "check.anchor" the anchor names no hash. */
gf_status gf_app_check(gf_app *app, gf_str anchor, gf_arena *keep, gf_app_checked *out, gf_error *err);

/* ---- Truth: trace ---- */

typedef struct gf_app_node gf_app_node;
struct gf_app_node {
    const char   *node;                 /* sum difference ratio count entry observation document statement none */
    gf_str        id, label, unit, date, source, phrase, sha256;    /* "" where the kind of node has none */
    bool          has_value;
    gf_decimal    value;                /* in the base unit */
    gf_figure_bound bound;
    gf_app_node  *first_child, *next;   /* NULL at the end */
};

typedef struct gf_app_traced {
    gf_figure    figure;
    gf_app_node *tree;
    bool         has_recomputed, equal; /* equal: the figure and what its tree adds up to are the same */
    gf_decimal   recomputed;
} gf_app_traced;

/* Any figure by its id, of one moment; asks no right: gf_app_require_figure() does. Counts and sums of lists are of the
 * rows that the reader sees, NULL of all. Entries under a total are listed while
 * they are a thousand or fewer, then in stretches of a thousand.
 * GF_ENOTFOUND unknown figure · GF_EINPUT a period in the id that is none · GF_EDENIED a total across kinds, or of demo
 * rows beside others, with the sentence that says why. */
gf_status gf_app_trace(gf_app *app, const struct gf_app_actor *reader, gf_str figure_id, gf_str lang, gf_arena *keep, gf_app_traced *out, gf_error *err);

/* ---- Truth: report ---- */

typedef struct gf_app_report_options {
    gf_str programme;                   /* "" = the first one that is not demo */
    gf_str origins;                     /* "article,entered"; "" = everything but demo (demo alone for a demo programme) */
    gf_str from, to;                    /* civil dates; both "" = the programme's term; one "" = open on that side */
    gf_str lang;                        /* "zh" or "en" */
    const struct gf_app_actor *reader;  /* what the role of who asks may not read is left out; NULL = nothing */
    bool   brief;                       /* of the money the group's alone, no chapters of units and places */
    gf_str place;                       /* of this place and all below it, alone; "" = the whole programme: of a province its units and counties */
} gf_app_report_options;

/* A total: what reached a stage in a scope. Kinds are never added. */
typedef struct gf_app_money {
    gf_str          scope, scope_label; /* "group", "unit:u-x" ...; label for people */
    const char     *kind, *stage;       /* stage NULL: none */
    gf_fen          amount;             /* never 0 */
    gf_figure_bound bound;
    gf_str          figure;             /* id of the figure that it is */
} gf_app_money;

typedef struct gf_app_indicator {
    gf_str id, name, place, unit;
    gf_str baseline, target, actual, change;    /* figure ids; "" where the books hold none */
} gf_app_indicator;

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
typedef struct gf_app_derived {
    gf_figure   figure;
    const char *key;                    /* the id, terminated */
    const char *op;                     /* value, sum, difference, ratio, count */
    gf_str     *inputs;                 /* may be fewer than stand under it: a trace opens all */
    size_t      input_count;
} gf_app_derived;

typedef struct gf_app_reported {
    gf_str            programme, programme_name, lang, from, to, as_of;   /* civil days; from and to "" where open */
    gf_str            scope;            /* what it speaks of as a whole: "group", or "place:CODE" */
    gf_str           *origins;
    size_t            origin_count;
    int64_t           head_entry;       /* the last entry that it takes in ... */
    gf_str            head_hash;        /* ... and its hash, hex: what the report is anchored to */
    gf_app_money     *money;
    size_t            money_count;
    gf_app_indicator *indicators;
    size_t            indicator_count;
    gf_app_chapter   *chapters;
    size_t            chapter_count;
    gf_app_derived   *figures;          /* every figure named above, sorted by id */
    size_t            figure_count;
    int64_t           marks[4];         /* by gf_figure_basis: how many of the figures have it */
} gf_app_reported;

/* The whole report, of one moment, from maintained totals: its cost hangs on the registers, not on the ledger.
 * GF_ENOTFOUND no programme, or not that one, or no such place · GF_EINPUT from or to is no date. */
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

typedef struct gf_app_iati_date { const char *type; /* ActivityDateType */ gf_str day; gf_app_words note; } gf_app_iati_date;

typedef struct gf_app_iati_place {
    gf_str      code, name;
    gf_str      lat, lon, geonames;     /* decimal degrees WGS84; "" = not recorded */
    const char *exactness;              /* GeographicExactness; NULL without a position */
} gf_app_iati_place;

typedef struct gf_app_iati_money {
    int64_t         entry;
    const char     *type, *finance;     /* TransactionType, FinanceType; finance NULL when no code fits */
    gf_str          day;
    gf_fen          amount;
    gf_app_words    said;
    gf_app_iati_org provider, receiver; /* name.zh "" = nobody said */
} gf_app_iati_money;

typedef struct gf_app_iati_value { gf_str year, from, to, value; gf_app_words note; } gf_app_iati_value;   /* value "" = none */
typedef struct gf_app_iati_result {
    gf_str            id;
    gf_app_words      name;
    const char       *measure;          /* IndicatorMeasure */
    gf_app_iati_value baseline, target, actual;
} gf_app_iati_result;

typedef struct gf_app_iati_activity {
    gf_str              id, parent;     /* parent "" for the programme itself */
    gf_app_words        title, about;
    gf_app_words       *notes;
    const char         *status;         /* ActivityStatus */
    gf_app_iati_org    *orgs;
    gf_app_iati_date   *dates;
    gf_app_iati_money  *money;
    gf_app_iati_place  *places;
    gf_app_iati_result *results;
    gf_str              budget_from, budget_to;     /* "" = no budget known that the standard takes */
    gf_fen              budget;
    const char         *budget_status;  /* BudgetStatus */
    size_t              note_count, org_count, date_count, money_count, place_count, result_count;
    size_t              note_room, org_room, date_room, money_room, place_room, result_room;    /* while it is gathered */
} gf_app_iati_activity;

typedef struct gf_app_iati {
    gf_app_iati_org       reporter;
    gf_str                as_of;        /* civil day */
    bool                  demo;         /* every title and id says so too */
    gf_app_iati_activity *activities;   /* the programme first */
    gf_app_iati_org      *orgs;         /* all that are named, each once */
    size_t                activity_count, org_count;
} gf_app_iati;

/* The programme, its projects, and the funds whose entries name no project, of one moment; from and to only choose the
 * values of indicators. GF_ENOTFOUND no programme · GF_EINPUT "iati.reporter" "iati.term" it has no lead unit, or no
 * period, which the standard asks for. */
gf_status gf_app_iati_read(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_iati *out, gf_error *err);

/* ---- What everybody may see ---- */

/* Names, not ids; town "" when the place is one or above. */
typedef struct gf_app_pairing { gf_str unit, place, town, role, period; } gf_app_pairing;

typedef struct gf_app_published {
    gf_app_reported reported;           /* no chapters; money of group, units, places, projects; figures that are public */
    gf_str          lead, place, term;  /* names; the term as written */
    bool            demo, usual;        /* usual: the programme that is meant when nobody names one */
    gf_app_pairing *pairings;
    size_t          pairing_count;
} gf_app_published;

/* Aggregates, indicators and what was said in public; never a household, a person, a count below ten of anything.
 * GF_ENOTFOUND and GF_EINPUT as gf_app_report(). */
gf_status gf_app_publish(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_published *out, gf_error *err);
/* The tree of a public figure, without parties that are persons, purposes, or names of papers. GF_ENOTFOUND when the
 * figure is unknown or not public: the two are not told apart. */
gf_status gf_app_publish_trace(gf_app *app, gf_str figure_id, gf_str lang, gf_arena *keep, gf_app_traced *out, gf_error *err);

/* ---- Truth: press check ---- */

/* As for reports. */
typedef struct gf_app_press_options { gf_str programme, origins, lang; const struct gf_app_actor *reader; } gf_app_press_options;

typedef struct gf_app_pressed {
    gf_str                programme, sha256;    /* of the text, hex */
    gf_figure_press_token *tokens;              /* in the order of the text, from which they borrow */
    size_t                token_count;
    int64_t               counts[5];            /* by gf_figure_verdict */
} gf_app_pressed;

/* Holds every number of the text against the books, of one moment; the whole books are read each time.
 * GF_ENOTFOUND no such programme · GF_EINPUT not UTF-8 · GF_ELIMIT over 16 MiB. */
gf_status gf_app_press(gf_app *app, const gf_app_press_options *options, gf_str text, gf_arena *keep, gf_app_pressed *out,
                       gf_error *err);

/* ---- Money questions ---- */

/* What reached each stage, by kind: lines that are not zero, in the order of kinds and stages. */
typedef struct gf_app_statement {
    gf_str        scope, scope_label, on;
    gf_app_money *lines;
    size_t        line_count;
    gf_str        programme_name, as_of, head_hash;   /* for the foot of a printed statement */
    int64_t       head_entry;
    bool          demo;                 /* the scope belongs to a demo programme */
    gf_fen       *internal;             /* by line, for the group only, else NULL: what members' views hold too often */
} gf_app_statement;

/* scope: group, unit:ID, place:CODE, fund:ID, project:ID, of another programme with "programme/" in front; on: a civil
 * date or "" for all. Asks no right: gf_app_require_scope() does. GF_ENOTFOUND unknown scope · GF_EINPUT on is no date. */
gf_status gf_app_state(gf_app *app, gf_str scope, gf_str on, gf_arena *keep, gf_app_statement *out, gf_error *err);

typedef struct gf_app_aged {
    gf_str  fund, fund_name, received_on;       /* the day as written; "" when nobody told */
    gf_fen  received, unpaid;                   /* unpaid > 0 */
    int64_t days;                               /* since then; -1 when nobody told the day */
    int64_t entry;
} gf_app_aged;
/* Cash received and not yet paid on a date ("" = today), oldest receipt first (first in, first out inside a fund); what
 * was taken back by then does not count. One pass over the entries of cash. GF_EINPUT on is no date · GF_ENOTFOUND the programme. */
gf_status gf_app_ageing(gf_app *app, gf_str programme, gf_str on, gf_arena *keep, gf_app_aged **out, size_t *count, gf_error *err);

typedef struct gf_app_row { gf_str *cells; } gf_app_row;        /* column_count of them */
typedef struct gf_app_table { gf_str title; gf_str *heads; size_t column_count; gf_app_row *rows; size_t row_count; } gf_app_table;

/* The programmes of the store: id, name, origin; the one that is meant when nobody names one comes first. */
gf_status gf_app_programmes(gf_app *app, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Is it a programme of invented rows? The empty name is the programme that is meant when nobody names one; an unknown one
 * is not demo. */
bool      gf_app_is_demo(gf_app *app, gf_str programme, gf_arena *scratch);
/* "taishun-demo/group": a scope as the totals of the programme name it. */
gf_str    gf_app_scope_of(gf_app *app, gf_str programme, gf_str scope, gf_arena *keep);
/* Who was paired with whom and posted where on a date ("" = today). what: "pairings", "assignments", or "gaps" (gaps and
 * overlaps of both, at any time). GF_EUSAGE another word · GF_EINPUT on is no date. */
gf_status gf_app_roster(gf_app *app, gf_str programme, gf_str what, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Cases with their stage on a day ("" = today), and when the next step is due by the calendar; a year that is not in it
 * says "weekends only". GF_EINPUT on is no date. */
gf_status gf_app_cases(gf_app *app, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Loans waiting on a day ("" = all), in the order of their bank's priority policy. GF_EINPUT on is no date. */
gf_status gf_app_loan_queue(gf_app *app, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Keeps only the rows of a table whose cell in `column` is the key of a record that the actor sees. One look-up for each
 * row, unless the actor sees all. GF_EDENIED the register. */
gf_status gf_app_table_seen(gf_app *app, const struct gf_app_actor *actor, const gf_register *reg, size_t column, gf_arena *scratch, gf_app_table *table, gf_error *err);
/* Keeps only the rows of a register's records that are invented, or only those that are not. */
gf_status gf_app_table_of(gf_app *app, const gf_register *reg, size_t column, bool demo, gf_arena *scratch, gf_app_table *table, gf_error *err);

/* ---- Care ---- */

typedef struct gf_app_backed_up { gf_str path, sha256, head_hash; int64_t bytes, head_entry; } gf_app_backed_up;
/* Copies the store while it is in use, reads the copy through, and writes PATH.manifest.json beside it, in place of an
 * older one. The copy of a file is a store, that of a server an archive of rows. The master key is not in it. GF_ECONFLICT the file is there · GF_EIO it cannot be written or read back; then
 * it is taken away. */
gf_status gf_app_backup(gf_app *app, const char *path, gf_arena *keep, gf_app_backed_up *out, gf_error *err);
/* A folder of backups: content in blocks that are written once, however many backups hold them, and a snapshot file for each backup. */
typedef struct gf_app_backup_folder {
    gf_str path;
    gf_str key_file;                    /* blocks are sealed by the key in it, which is made when it is not there; "" = open */
    int    keep_days, keep_weeks, keep_months;   /* the newest backup of each of so many days, weeks and months stays; all 0: all stay */
} gf_app_backup_folder;
typedef struct gf_app_snapshot { gf_str name, sha256, head_hash; gf_utc_ms made; int64_t bytes, head_entry, blocks; bool sealed; } gf_app_snapshot;
typedef struct gf_app_backed_into { gf_app_snapshot snapshot; int64_t blocks_new, bytes_new, snapshots_dropped, blocks_dropped; } gf_app_backed_into;
/* A backup into the folder, which is made when it is not there: the copy is read through as gf_app_backup() does, then only what the folder
 * does not hold is written, and all blocks are read back and compared before the snapshot gets its name. Then older ones go by the rule.
 * GF_EIO; GF_EDENIED another key than the folder's; GF_ENOMEM. */
gf_status gf_app_backup_into(gf_app *app, const gf_app_backup_folder *folder, gf_arena *keep, gf_app_backed_into *out, gf_error *err);
/* The newest last. GF_ENOTFOUND no such folder. */
gf_status gf_app_backup_list(gf_str path, gf_arena *keep, gf_app_snapshot **out, size_t *count, gf_error *err);
/* The store of a snapshot (name "" = the newest) as a file at `path`, which must not be there. GF_ENOTFOUND · GF_EDENIED the key · GF_EINPUT a block
 * is missing or damaged, or the whole is not what was backed up; then nothing stands at `path`. */
gf_status gf_app_backup_fetch(const gf_app_backup_folder *folder, gf_str name, const char *path, gf_arena *keep, gf_app_snapshot *out, gf_error *err);

typedef struct gf_app_restored { int64_t erased_again; bool certificates_read; } gf_app_restored;
/* Puts a backup in the place of a store, which no program may have open; what stood there is kept beside it as
 * PATH.before-restore, and whom that store has certificates of erasure for is erased again in the restored one:
 * certificates_read is false when it is too damaged to be asked, or there was none. GF_EUSAGE not a file's address ·
 * GF_ECONFLICT an earlier restore's copy stands there · GF_EINPUT the backup is damaged, or not the one of its manifest. */
gf_status gf_app_restore(gf_str db, const char *backup_path, gf_str key_file, gf_utc_ms (*now)(void), gf_app_restored *out, gf_error *err);
/* The same into a server, of an archive of rows or a store in a file: into a database without rows, in one transaction; then all of it is checked, and the head compared with
 * the manifest's. GF_ECONFLICT the database holds something · GF_EINPUT as above, or the books do not check (then the database is filled by then). */
gf_status gf_app_restore_server(gf_str db, const char *backup, gf_str key_file, gf_utc_ms (*now)(void), gf_arena *keep, gf_error *err);
typedef struct gf_app_moved { gf_str from, to, head_hash; int64_t rows, head_entry; } gf_app_moved;
/* Copies a store into another, whatever the engines: every row of one moment, in one transaction of the target. Then both are
 * checked, and their heads must be the same. The source stays as it is; the master key is not moved. `now`: the clock.
 *
 * GF_ENOTFOUND  no store at `from`
 * GF_ECONFLICT  `to` is not empty, or is the same store; or `from` is of another schema
 * GF_EINPUT     a check found something: in the source (then nothing was copied), or in the target
 */
gf_status gf_app_move(gf_str from, gf_str to, gf_str key_file, gf_utc_ms (*now)(void), gf_arena *keep, gf_app_moved *out, gf_error *err);
/* What this build and this machine have and lack, as rows item, state, note. What is lacking is a row, no failure. */
gf_status gf_app_doctor(gf_str db, gf_str key_file, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);

/* ---- People and access ---- */

enum { GF_APP_READ = 1, GF_APP_WRITE = 2, GF_APP_REVEAL = 4, GF_APP_EXPORT = 8 };

/* Who asks. Scopes: all; units (chosen ones); unit (the own one); below (own unit and place and what lies below them);
 * own (own records). A unit's scope takes in the places that it is paired with. Nothing that is not granted is seen. */
typedef struct gf_app_actor gf_app_actor;
struct gf_app_actor {
    gf_str user, name, role, scope, unit, place;    /* unit and place "" = none */
    gf_str address;                     /* where the request came from; "" = not told */
    bool   demo, must_enrol;            /* must_enrol: no right until the second factor that the role asks for is there */
    bool   totp;                        /* has a second factor */
};

/* The command line on the machine itself: sees everything, and stands in the log as "cli". */
extern const gf_app_actor GF_APP_ACTOR_CLI;

/* GF_APP_READ | ...; 0 for an unknown role, a register that no role names, and who must enrol first. By role alone: which
 * rows is the scope's question. */
unsigned    gf_app_rights(const gf_app_actor *actor, const gf_register *reg);
/* Groups of pages, joined by ;, static; "" when there is none. */
const char *gf_app_areas(const gf_app_actor *actor);
/* Is it one of them? */
bool        gf_app_has_area(const gf_app_actor *actor, const char *area);
/* All of `rights`. GF_EDENIED "access.role" or "access.enrol" with the sentence why. */
gf_status   gf_app_require(const gf_app_actor *actor, const gf_register *reg, unsigned rights, gf_error *err);
/* GF_EDENIED "access.role" or "access.enrol". */
gf_status   gf_app_require_area(const gf_app_actor *actor, const char *area, gf_error *err);
/* The scope all. GF_EDENIED "access.scope". */
gf_status   gf_app_require_all(const gf_app_actor *actor, gf_error *err);
/* May the actor see what a figure is made of? GF_ENOTFOUND when it is unknown or about a record outside the scope;
 * GF_EDENIED by role, or a total or count that asks for more than the scope. */
gf_status   gf_app_require_figure(gf_app *app, const gf_app_actor *actor, gf_str figure_id, gf_arena *scratch, gf_error *err);
/* May the actor ask for the money of this scope (group, unit:ID, place:CODE, fund:ID, project:ID)? GF_EDENIED, or
 * GF_ENOTFOUND for a fund or project outside the scope. */
gf_status   gf_app_require_scope(gf_app *app, const gf_app_actor *actor, gf_str scope, gf_arena *scratch, gf_error *err);

/* scope: the one that an account of this role begins with. */
typedef struct gf_app_role { const char *name, *label_zh, *label_en, *scope; bool second_factor; } gf_app_role;
extern const gf_app_role GF_APP_ROLES[];
extern const size_t      GF_APP_ROLE_COUNT;

/* ---- Writing in parts ---- */

/* Batch_begin, then any number of parts, then batch_end, which makes all of them durable at once. A part that ends with a
 * failure leaves nothing behind but a line in the log when it was refused. Begin takes the store's one right to write:
 * GF_EIO when another program does not let go of it. */
gf_status gf_app_batch_begin(gf_app *app, gf_error *err);
/* On GF_OK every part is on disk; else none is. */
gf_status gf_app_batch_end(gf_app *app, gf_error *err);
/* Parts do not nest. `actor` is borrowed until the part ends: history and records carry its name as author. */
gf_status gf_app_part_begin(gf_app *app, const gf_app_actor *actor, gf_error *err);
/* Keeps the part when `status` is GF_OK, takes it back else, and returns what became of it; a refusal (GF_EDENIED) in err
 * is logged. */
gf_status gf_app_part_end(gf_app *app, const gf_app_actor *actor, gf_status status, gf_error *err);
/* Between two questions of different people, when nothing is being read: what others have written meanwhile counts, and
 * statements that nobody holds may go. */
void      gf_app_settle(gf_app *app);

/* ---- Logs and kept answers ---- */

/* A line in the log of operations: inside a part. `reason` is cut at 1000 bytes. Never a personal field, key or password. */
gf_status gf_app_log(gf_app *app, const gf_app_actor *actor, const char *action, gf_str object, const char *outcome, gf_str reason, gf_error *err);
/* The same outside a batch, in a transaction of its own, with the outcome "done". */
gf_status gf_app_log_alone(gf_app *app, const gf_app_actor *actor, const char *action, gf_str object, gf_str reason, gf_error *err);

/* The answer to a write, kept for a day for one who asks again with the same key. request: a hash of what was asked. */
typedef struct gf_app_answer { gf_str request, etag, location, body; int64_t status; } gf_app_answer;
/* The actor's own answer under `key`; *found false and *out untouched when there is none. Whether the request is the same
 * one is the caller's to compare. */
gf_status gf_app_answer_find(gf_app *app, const gf_app_actor *actor, gf_str key, gf_arena *keep, gf_app_answer *out, bool *found, gf_error *err);
/* Inside the part that did the work, so that both stand or fall together. GF_ECONFLICT the key is taken. */
gf_status gf_app_answer_keep(gf_app *app, const gf_app_actor *actor, gf_str key, const gf_app_answer *answer, gf_error *err);

typedef struct gf_app_log_ask {
    const char *log;                    /* "operations" or "logins" */
    gf_str      actor, action, from, to, q;     /* "" = any; from and to are civil days and take in their ends */
    int64_t     before, limit;          /* before: a line's id, 0 = the newest; limit 1 ... 1000, 0 = 50 */
} gf_app_log_ask;
typedef struct gf_app_log_line { int64_t id; gf_utc_ms at; gf_str actor, role, address, action, object, outcome, reason, hash; } gf_app_log_line;
/* Newest first; *next is the id to ask before, 0 at the end. Asks no right: the areas logs and logins do. */
gf_status gf_app_log_read(gf_app *app, const gf_app_log_ask *ask, gf_arena *keep, gf_app_log_line **out, size_t *count, int64_t *next, gf_error *err);

/* ---- Coming in ---- */

/* totp "" = not given. demo: demo accounts may come in. */
typedef struct gf_app_login { gf_str user, password, totp, address; bool demo; } gf_app_login;
typedef struct gf_app_session {
    gf_app_actor actor;
    gf_str       token;                 /* of gf_app_log_in(): the secret, told once; of gf_app_session_find(): its mark */
    gf_str       csrf;                  /* to be sent with every write; "" for a program's token */
    gf_utc_ms    seen, until;           /* last use; the end of a token, 0 = by idleness */
    bool         is_token;              /* a program's, not a browser's */
} gf_app_session;

/* A new session. Takes 20 to 40 ms of one core, also for a name that nobody has: keep it off the threads that answer.
 * Writes, in transactions of its own: on an app of its own, outside a batch.
 *
 * GF_EDENIED "login.refused"  name, password or code do not fit, the account is not active, or a demo one here
 * GF_EDENIED "login.totp"     the password fits, and the six digits are wanted
 * GF_ELIMIT  "login.locked"   five failures in a row; for ten minutes
 */
gf_status gf_app_log_in(gf_app *app, const gf_app_login *login, gf_arena *keep, gf_app_session *out, gf_error *err);
/* The session behind a token; GF_EDENIED "session.none" when there is none, it has ended, its user is not active, or it
 * was idle for GF_APP_IDLE_MS. seen_elsewhere: when the caller saw it last, 0 = by the store alone. Reads only. */
gf_status gf_app_session_find(gf_app *app, gf_str token, gf_utc_ms seen_elsewhere, gf_arena *keep, gf_app_session *out, gf_error *err);
/* Writes down when a session was last used, by its mark: inside a batch. An unknown mark changes nothing. */
gf_status gf_app_session_touch(gf_app *app, gf_str mark, gf_utc_ms seen, gf_error *err);
/* Ends the session of this token (the secret itself) and logs it: inside a part. */
gf_status gf_app_session_end(gf_app *app, gf_str token, const gf_app_actor *actor, gf_error *err);
/* Drops sessions that are idle or at their end, and kept answers older than a day: inside a batch. */
gf_status gf_app_sessions_expire(gf_app *app, gf_error *err);
#define GF_APP_IDLE_MS INT64_C(1800000)

/* In a transaction of its own; takes as long as two logins, and ends every session of the user. GF_EINPUT the new one is
 * under 10 characters or over 200 bytes · GF_EDENIED the old one does not fit, or a demo account. */
gf_status gf_app_password_change(gf_app *app, const gf_app_actor *actor, gf_str old, gf_str new, gf_arena *scratch, gf_error *err);
/* A secret for the authenticator, told once; counts only when it has been confirmed: inside a part. GF_EDENIED a demo
 * account · GF_ECONFLICT there is a second factor · GF_EIO "keys.none" the master key is not at hand. */
gf_status gf_app_totp_begin(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_str *secret, gf_error *err);
/* The first code of that secret: inside a part. GF_EINPUT it does not fit, or nothing was begun. */
gf_status gf_app_totp_confirm(gf_app *app, const gf_app_actor *actor, gf_str code, gf_arena *scratch, gf_error *err);
/* The one-time link of a new user: sets the password, in a transaction of its own. GF_EINPUT as for a change · GF_EDENIED
 * when it is unknown, used or older than three days, or the account was disabled. */
gf_status gf_app_invitation_take(gf_app *app, gf_str token, gf_str password, gf_str address, gf_arena *scratch, gf_error *err);

/* ---- Users ---- */

typedef struct gf_app_user {
    gf_str    id, name, role, scope, units, unit, place, state;   /* units joined by ;; state invited, active, disabled */
    gf_utc_ms locked_until, last_login;   /* 0 = none */
    bool      totp, demo;
    int64_t   version;
} gf_app_user;

/* All of them. Asks no right: the area users does. */
gf_status gf_app_users(gf_app *app, gf_arena *keep, gf_app_user **out, size_t *count, gf_error *err);
/* A new account and its one-time link. system_admin makes accounts and links; security_admin gives role, scope and state,
 * and unlocks: no one does both. From anywhere but the command line it begins as a viewer of its own records. Inside a
 * part. GF_EDENIED "user.apart" · GF_EINPUT a name, role, scope, unit or place that is none · GF_ECONFLICT the name is
 * taken. */
gf_status gf_app_user_add(gf_app *app, const gf_app_actor *actor, const gf_app_user *user, gf_arena *keep, gf_str *invitation, gf_error *err);
/* Fields whose data is NULL stay as they are. Ends every session of the user. Inside a part. GF_EDENIED "user.apart", or
 * "user.self" one's own account · GF_ENOTFOUND · GF_EINPUT as for adding. */
gf_status gf_app_user_change(gf_app *app, const gf_app_actor *actor, const gf_app_user *change, gf_arena *scratch, gf_error *err);
/* A new one-time link; the one before is void. Inside a part. GF_EDENIED "user.apart" · GF_ENOTFOUND. */
gf_status gf_app_user_invite(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_str *invitation, gf_error *err);
/* Inside a part. GF_EDENIED "user.apart" · GF_ENOTFOUND. */
gf_status gf_app_user_unlock(gf_app *app, const gf_app_actor *actor, gf_str id, gf_error *err);
/* A token for a program that acts as `user`, for 1 to 366 days; told once. Inside a part. GF_EDENIED "user.apart" ·
 * GF_ENOTFOUND the user · GF_EUSAGE the days. */
gf_status gf_app_token_add(gf_app *app, const gf_app_actor *actor, gf_str user, gf_str name, int64_t days, gf_arena *keep, gf_str *token, gf_error *err);
/* The first thousand: mark (its first letters), user, name, last used, until. */
gf_status gf_app_tokens(gf_app *app, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err);
/* Every token whose mark begins with `mark`, of eight letters or more. Inside a part. GF_EDENIED "user.apart" · GF_EUSAGE
 * too short · GF_ENOTFOUND. */
gf_status gf_app_token_revoke(gf_app *app, const gf_app_actor *actor, gf_str mark, gf_error *err);

/* One account per role, with its password as told on the login page; demo stores only. */
typedef struct gf_app_demo_account { const char *user, *password, *role, *name_zh, *name_en, *scope, *unit, *place; } gf_app_demo_account;
extern const gf_app_demo_account GF_APP_DEMO_ACCOUNTS[];
extern const size_t              GF_APP_DEMO_ACCOUNT_COUNT;
/* Makes those that are not there yet, in a transaction of its own. GF_EINPUT a unit or place of theirs is not loaded. */
gf_status gf_app_demo_accounts(gf_app *app, gf_error *err);
/* A new master key: every person's key is wrapped again, in a transaction of its own; *count tells how many. The new file
 * is written before and renamed behind it: a rotation that is cut off is finished or forgotten by whoever opens the keys
 * next. GF_EIO the old key is not at hand, or the file cannot be written. */
gf_status gf_app_rotate_key(gf_app *app, int64_t *count, gf_error *err);

/* ---- Records, one by one and in lists ---- */

/* Common: source, origin, author, version, behind the columns. */
enum { GF_APP_FILTERS_MAX = 16, GF_APP_LIMIT_MAX = 200, GF_APP_COMMON_COUNT = 4 };

typedef enum gf_app_match { GF_APP_EQUALS, GF_APP_FROM, GF_APP_TO } gf_app_match;   /* from and to take in their ends */
typedef struct gf_app_filter { gf_str column; gf_app_match match; gf_str value; } gf_app_filter;

typedef struct gf_app_list_ask {
    const gf_register *reg;
    gf_app_filter      filters[GF_APP_FILTERS_MAX];
    size_t             filter_count;
    gf_str             q;               /* text that stands somewhere in the record's words; "" = any */
    gf_str             within;          /* a place: records of it and of the places below it; "" = anywhere */
    gf_str             programme;       /* rows of its side only: demo rows never stand among others; "" = all */
    gf_str             sort;            /* a column; "" = the key, for entries the newest first */
    bool               descending;
    gf_str             cursor;          /* of the page before, asked the same way; "" = the first */
    int64_t            limit;           /* 1 ... GF_APP_LIMIT_MAX; 0 = 25 */
    bool               want_count;      /* costs a scan */
} gf_app_list_ask;

/* Cells by column, then source, origin, author, version. Personal fields are masked. Absent numbers are empty. */
typedef struct gf_app_record { const gf_register *reg; gf_str *cells; } gf_app_record;
/* next "" at the end; total -1 when not asked for. */
typedef struct gf_app_list { gf_app_record *records; size_t count; gf_str next; int64_t total; } gf_app_list;

/* A page of what the actor sees: it holds while others write, for it goes on behind a value and key. Any register but
 * entries. GF_EDENIED the register · GF_EUSAGE an unknown or personal column, a value of the wrong form, a cursor that is
 * none. */
gf_status gf_app_list_records(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, gf_app_list *out, gf_error *err);
/* GF_EDENIED the register · GF_ENOTFOUND not there, or not seen: the two look the same. */
gf_status gf_app_record_get(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_record *out, gf_error *err);
/* A whole number from 1 as text, for ETag and If-Match; borrowed from the record. */
gf_str    gf_app_record_version(const gf_app_record *record);

/* Write: inside a part. Cells as in gf_app_record; data NULL = not given; author and version are not looked at. *out is
 * the record as it then stands. GF_EDENIED by role, or it would lie outside the scope · GF_ECONFLICT "record.taken" ·
 * GF_EINPUT a rule, err->where the column · GF_EUSAGE entries, which are booked. */
gf_status gf_app_record_create(gf_app *app, const gf_app_actor *actor, const gf_register *reg, const gf_str *cells, gf_arena *keep, gf_app_record *out, gf_error *err);
/* The same for a record that is there; masked personal fields that come back unchanged stay. GF_ECONFLICT
 * "record.changed" when the version is another one; *out is the record as it stands then. Else as for creating, and
 * GF_ENOTFOUND. */
gf_status gf_app_record_change(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_str version, const gf_str *cells, gf_arena *keep, gf_app_record *out,
                               gf_error *err);
/* Personal fields in the open, out[i] for fields[i], with a reason that goes into the log: inside a part. GF_EDENIED ·
 * GF_ENOTFOUND · GF_EINPUT a reason under two characters or over 500 bytes, or a field that is not personal · GF_EIO
 * "keys.open" the key is not at hand, or was destroyed. */
gf_status gf_app_record_reveal(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, const gf_str *fields, size_t count, gf_str reason, gf_arena *keep, gf_str *out,
                               gf_error *err);

/* ---- Erasing, and a person's own copy ---- */

/* texts: fields and earlier values of fields that are gone. */
typedef struct gf_app_erased { gf_str certificate; int64_t texts; } gf_app_erased;
/* A record's personal text is gone: fields, history, words of search, and its key; the record and what hangs on it stay. A
 * certificate (register erasures) says what was erased. Needs no key. Inside a part; gf_app_erase_settle() is owed once the
 * batch is kept. GF_EDENIED · GF_ENOTFOUND · GF_EINPUT the reason · GF_ECONFLICT "erase.nothing". */
gf_status gf_app_erase(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_str reason, gf_arena *keep, gf_app_erased *out, gf_error *err);
/* What was erased is gone from the store's log and dead rows too. Outside a batch. GF_ECONFLICT when others read without
 * end: ask again. */
gf_status gf_app_erase_settle(gf_app *app, gf_error *err);
/* A store that came out of an older backup: erase again what `newer` has a certificate for. Inside a part; settle is owed. */
gf_status gf_app_erase_again(gf_app *app, gf_app *newer, int64_t *count, gf_error *err);
/* Erase whose months of keeping are over (register retentions): counted from the newest change of the record and of what
 * names it. Inside a part; settle is owed. dry: count only. */
gf_status gf_app_retain(gf_app *app, const gf_app_actor *actor, bool dry, int64_t *count, gf_error *err);

typedef struct gf_app_change gf_app_change;
typedef struct gf_app_reveal { gf_utc_ms at; gf_str actor, role, fields, reason; } gf_app_reveal;
/* changes and related as the actor sees them, personal fields masked; record in the open. */
typedef struct gf_app_own_copy {
    gf_app_record  record, *related;
    gf_app_change *changes;
    gf_app_reveal *reveals;
    size_t         related_count, change_count, reveal_count;
    gf_utc_ms      made;
} gf_app_own_copy;
/* All that the books hold of one person, for that person: logged as a reveal. Inside a part. Fails as
 * gf_app_record_reveal(). */
gf_status gf_app_own_copy_make(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_str reason, gf_arena *keep, gf_app_own_copy *out, gf_error *err);

/* op create, change or remove; old and new "***" for personal fields. */
struct gf_app_change { gf_utc_ms at; gf_str author, op, field, old, new; int64_t version; };
/* All changes of a record that the actor sees. GF_EDENIED · GF_ENOTFOUND. */
gf_status gf_app_record_history(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_change **out, size_t *count, gf_error *err);

typedef struct gf_app_found { const char *reg; gf_str id, label, place; } gf_app_found;     /* a personal label is masked */
/* Records that hold every word of `q` (up to six), from two characters on anywhere in a text, one character at its
 * beginning; whole numbers of persons. Personal fields only for who may reveal them. limit 1 ... 100, else 20.
 * Of one programme's side; "" = all. GF_EUSAGE nothing to search for · GF_ENOTFOUND the programme. */
gf_status gf_app_search(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str q, int64_t limit, gf_arena *keep, gf_app_found **out, size_t *count, gf_error *err);

/* Contents of documents, by their hash. The media type is told by the bytes. */
typedef struct gf_app_content { gf_str sha256, media_type, bytes, name; } gf_app_content;
/* Inside a part; a file is stored once however often it comes; *out borrows name and bytes. GF_EDENIED · GF_EINPUT no byte
 * · GF_ELIMIT over 32 MiB. */
gf_status gf_app_content_put(gf_app *app, const gf_app_actor *actor, gf_str name, gf_str bytes, gf_arena *keep, gf_app_content *out, gf_error *err);
/* GF_EDENIED · GF_ENOTFOUND when no document that the actor sees names it. */
gf_status gf_app_content_get(gf_app *app, const gf_app_actor *actor, gf_str sha256, gf_arena *keep, gf_app_content *out, gf_error *err);

/* ---- Entries ---- */

/* One transfer. */
typedef struct gf_app_entry_row {
    gf_str          period, kind, from_party, to_party, fund, project, place, stage_from, stage_to;
    gf_fen          amount;             /* > 0 */
    gf_figure_bound bound;
} gf_app_entry_row;
typedef struct gf_app_entry {
    int64_t           id, reverses;     /* reverses 0 = none */
    gf_str            key, date, verb, purpose, voucher, source, origin, unit, note, hash;   /* hash in hex */
    gf_app_entry_row *rows;
    size_t            row_count;
} gf_app_entry;

/* The numbers of the entries that are asked for and seen; read each with gf_app_entry_read(), which asks no right. */
typedef struct gf_app_entry_list { int64_t *ids; size_t count; gf_str next; int64_t total; } gf_app_entry_list;
/* As gf_app_list_records(), with ask->reg the register entries. The newest, and a place and kind by date, come from an
 * index; anything else is a scan. A filter on a column of rows means entries of which one row fits all of them. */
gf_status gf_app_list_entries(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, gf_app_entry_list *out, gf_error *err);
/* GF_OK when it may be seen. GF_EDENIED · GF_ENOTFOUND when it lies outside the scope; who sees all entries gets GF_OK for
 * any number. */
gf_status gf_app_entry_see(gf_app *app, const gf_app_actor *actor, int64_t id, gf_arena *scratch, gf_error *err);
/* GF_ENOTFOUND. Entries never change: what was read may be kept for good. */
gf_status gf_app_entry_read(gf_app *app, int64_t id, gf_arena *keep, gf_app_entry *out, gf_error *err);
/* Inside a part. The key again with the same content gives the entry that is booked, and *fresh false. `id` and `hash` of
 * the entry are not looked at. GF_EDENIED by role, or it would lie outside the scope · GF_EINPUT a rule or an unknown
 * name · GF_ECONFLICT the key is another entry's, or what it reverses is reversed already. */
gf_status gf_app_entry_post(gf_app *app, const gf_app_actor *actor, const gf_app_entry *entry, int64_t *id, bool *fresh, gf_error *err);

enum { GF_APP_GROUP_MAX = 4 };
typedef struct gf_app_group { gf_str by[GF_APP_GROUP_MAX]; gf_fen amount; int64_t rows; } gf_app_group;
/* by: the names of the columns, static. Groups in the order of their values. head_entry: the last entry that is in them. */
typedef struct gf_app_groups { const char *by[GF_APP_GROUP_MAX]; size_t by_count; gf_app_group *groups; size_t count; int64_t head_entry; } gf_app_groups;
/* Net sums of rows by up to four of place, kind, month, date, year, fund, project, verb, stage, origin, joined by commas;
 * a reversal counts against; demo rows only when the origin is asked for. Place and kind alone come from kept sums, dates
 * from the slots, anything else from the lines. GF_EDENIED the register, or money of different kinds in one sum ·
 * GF_EUSAGE another column · GF_ELIMIT over 20,000 groups. */
gf_status gf_app_group_entries(gf_app *app, const gf_app_actor *actor, gf_str by, const gf_app_list_ask *filters, gf_arena *keep, gf_app_groups *out, gf_error *err);

/* ---- The first pages ---- */

/* A place, and how many records that the actor sees stand at it. lon "" = position not recorded. */
typedef struct gf_app_seat { gf_str code, name, level, parent, lon, lat, match; int64_t projects, activities, visits, assets; } gf_app_seat;
typedef struct gf_app_paired { gf_str place, unit, unit_name, role, period; } gf_app_paired;
typedef struct gf_app_stage { gf_str stage; int64_t count; } gf_app_stage;
typedef struct gf_app_tally { const char *reg; int64_t count; } gf_app_tally;
typedef struct gf_app_cockpit {
    gf_str           programme, name, place, period, origin, scope;   /* scope of the money: "group", "unit:u-x", "" none */
    gf_app_seat     *places;            /* at most 20,000; of a province its counties, with all below them */
    gf_app_paired   *pairings;          /* at most 200; none by county */
    gf_app_stage    *stages;            /* of projects */
    gf_app_money    *money;
    gf_app_table     cases;             /* empty for who may not read them; by county the open ones alone */
    gf_app_tally    *tallies;           /* members, pairings, projects, activities, visits that the actor sees */
    size_t           place_count, pairing_count, stage_count, money_count, tally_count;
    bool             by_county;         /* more than 200 members and pairings: told by county, `reported` is brief */
    gf_app_reported *reported;          /* the whole programme; NULL when the scope does not take it in */
} gf_app_cockpit;
/* All of the first page, as far as role and scope go. GF_EDENIED the area home · GF_ENOTFOUND the programme. */
gf_status gf_app_cockpit_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str lang, gf_arena *keep, gf_app_cockpit *out, gf_error *err);

typedef struct gf_app_flow_node { gf_str id, label; const char *column; /* unit, place, project, asset */ } gf_app_flow_node;
typedef struct gf_app_flow_link { gf_str from, to, stage, figure; gf_fen amount; int64_t rows, first_entry; bool at_least, about; } gf_app_flow_link;   /* figure "": its entries */
typedef struct gf_app_flow { gf_str kind; gf_app_flow_node *nodes; gf_app_flow_link *links; size_t node_count, link_count; bool by_county; } gf_app_flow;
/* Money of one kind from units to places, projects and assets, each at the furthest stage that it reached, from entries
 * that the actor sees. A scan of the entries; of a province, for who sees all, from the kept totals: from the group to its counties.
 * GF_EDENIED the register · GF_EUSAGE no kind of money. */
gf_status gf_app_flow_read(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str kind, gf_str lang, gf_arena *keep, gf_app_flow *out, gf_error *err);

typedef struct gf_app_event {
    gf_str          period, id, label, detail, units, place, origin, figure, kind;   /* figure "" = none */
    gf_str          value, unit, stage;    /* of a quantity or an observation; how far a project or its money came; "" = not told */
    const char     *reg;                /* the register that it stands in */
    bool            has_amount;
    gf_fen          amount;
    gf_figure_bound bound;
    gf_figure_basis basis;
} gf_app_event;
typedef struct gf_app_story { gf_str id, name; gf_app_event *events; size_t event_count; } gf_app_story;
/* What happened at a place (of "places") or by a unit ("units"), by time, of what the actor sees: at most 200 records of a
 * register and 2000 in all. GF_EDENIED the area home · GF_ENOTFOUND the place or unit. */
gf_status gf_app_story_read(gf_app *app, const gf_app_actor *actor, const char *of, gf_str id, gf_str programme, gf_str lang, gf_arena *keep, gf_app_story *out, gf_error *err);

/* ---- Files from Excel ---- */

enum { GF_APP_IMPORT_ERRORS_MAX = 10000 };
typedef struct gf_app_import_options {
    const gf_register  *reg;
    gf_str              name, bytes;         /* of the file: .xlsx or .csv */
    bool                dry;                 /* check only */
    gf_app_progress_fn *progress;            /* may be NULL */
    void               *progress_context;
} gf_app_import_options;

/* row and column from 1, as the spreadsheet shows them; 0 = the whole file, the whole row. head: of the column. */
typedef struct gf_app_import_error { int64_t row; int column; gf_str head, what, hint; } gf_app_import_error;
typedef struct gf_app_imported {
    int64_t              id;                 /* 0 when nothing was kept: dry, errors, or nothing new */
    int64_t              rows, added, changed, unchanged, refused;   /* refused: rows with an error, each once */
    const char          *form;               /* "xlsx", "csv, GB18030" ... */
    gf_app_import_error *errors;             /* at most GF_APP_IMPORT_ERRORS_MAX */
    size_t               error_count;
} gf_app_imported;

/* Rows of a sheet into a register: columns are found by their names or labels in either language, in any order. All or
 * nothing; GF_OK also when rows were refused: see out->refused. In a transaction of its own, also when dry.
 * GF_EDENIED by role, or without the scope all · GF_EINPUT no header row was found, or the file is none of those that are
 * read · GF_ELIMIT it is too large. */
gf_status gf_app_import(gf_app *app, const gf_app_actor *actor, const gf_app_import_options *options, gf_arena *keep, gf_app_imported *out, gf_error *err);

typedef struct gf_app_import_line { int64_t id, rows, added, changed; gf_utc_ms at; gf_str reg, file, author, state; } gf_app_import_line;
/* Of the newest 500 those of registers that the actor reads; none without the scope all. GF_EDENIED the area exchange. */
gf_status gf_app_imports(gf_app *app, const gf_app_actor *actor, gf_arena *keep, gf_app_import_line **out, size_t *count, gf_error *err);
/* Take a whole import back: what it added goes, what it changed is as it was, what it booked is reversed. In a transaction
 * of its own. GF_EDENIED · GF_ENOTFOUND · GF_ECONFLICT it was taken back already, or somebody has changed or referred to
 * what it brought since: err names the record. */
gf_status gf_app_import_undo(gf_app *app, const gf_app_actor *actor, int64_t id, gf_error *err);

/* Cells are borrowed for the call; row from 1 as the spreadsheet shows it. Return false to stop. */
typedef bool gf_app_sheet_row_fn(void *context, int64_t row, const gf_str *cells, size_t count);
/* The rows of an uploaded sheet as text, for a copy that shows what is wrong in it. Fails as the import of the file. */
gf_status gf_app_sheet_rows(gf_str name, gf_str bytes, gf_app_sheet_row_fn *take, void *context, gf_error *err);

typedef struct gf_app_choice { gf_str id, name; } gf_app_choice;
/* What a column that refers may name, as the actor sees it: keys and names, at most `room` of them in `out`. Registers
 * that the actor may not read give none. */
gf_status gf_app_choices(gf_app *app, const gf_app_actor *actor, const gf_column *column, gf_arena *keep, gf_app_choice *out, size_t room, size_t *count, gf_error *err);
