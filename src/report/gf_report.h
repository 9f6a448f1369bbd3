/* report/gf_report.h - the answers of app as documents: JSON by the contracts, Markdown and plain text for people, PDF,
 * workbooks, IATI and the public pages.
 *
 * Takes an answer, appends to `out`; reads no store and no clock, so the same answer gives the same bytes (but for the
 * workbook of errors, in which the library writes the instant of its making). A failed growth of `out` is latched there
 * (gf_text_done): functions that give nothing back cannot fail otherwise. `lang` is "en", or else Chinese; the JSON keys
 * are the same in both. Money leaves as it is: whole fen in JSON, yuan where people read. Rights were asked before: what
 * an answer holds is written. Any thread, each with its own `out`.
 */
#pragma once
#include "app/gf_app.h"
#include "app/gf_app_land.h"
#include "app/gf_app_water_net.h"

/* ---- Records in ---- */

/* {"loaded","by_register":{...}}: rows added or changed. */
void gf_report_loaded_json(const gf_app_loaded *loaded, gf_text *out);
/* A line for each register that changed, then the sum. */
void gf_report_loaded_text(const gf_app_loaded *loaded, gf_str lang, gf_text *out);

/* ---- Truth ---- */

/* All tests and problems; also what --anchor reads again: it holds head_entry and head_hash. */
void gf_report_check_json(const gf_app_checked *checked, gf_text *out);
/* A line for each test, then one for each problem. */
void gf_report_check_text(const gf_app_checked *checked, gf_str lang, gf_text *out);

/* gongfu.trace/1. */
void gf_report_trace_json(const gf_app_traced *traced, gf_text *out);
/* The tree as an indented list. */
void gf_report_trace_text(const gf_app_traced *traced, gf_str lang, gf_text *out);

/* gongfu.report/1: everything in it, every figure with its derivation. */
void gf_report_report_json(const gf_app_reported *reported, gf_text *out);
/* As an office would send it, with a footnote for every figure; in the report's own language. */
void gf_report_report_markdown(const gf_app_reported *reported, gf_text *out);

/* gongfu.press/1. `file` is the name of the text as the user gave it. */
void gf_report_press_json(const gf_app_pressed *pressed, gf_str file, gf_text *out);
/* A line for each number: where, what, verdict and reason, those that are no figures left out; then the counts. */
void gf_report_press_text(const gf_app_pressed *pressed, gf_str file, gf_str lang, gf_text *out);

/* ---- Paper ---- */

/* The report as A4 pages, numbered, for print, with the sign of its basis at every figure and an annex that opens each.
 * Drawn twice: once to count the pages. GF_EIO "pdf.font" no Chinese font here, or the pages cannot be drawn · GF_ELIMIT
 * more than 2000 pages · GF_ENOMEM. On a failure `out` may hold part of a document. */
gf_status gf_report_report_pdf(const gf_app_reported *reported, gf_text *out, gf_error *err);
/* One table of stages by kinds, with lines to sign on. Fails as the report. */
gf_status gf_report_statement_pdf(const gf_app_statement *statement, gf_str lang, gf_text *out, gf_error *err);
/* All that the books hold of one person: "gongfu.own_copy/1". */
void      gf_report_own_copy_json(const gf_app_own_copy *copy, gf_text *out);
/* The same as pages for the person. Fails as the report. */
gf_status gf_report_own_copy_pdf(const gf_app_own_copy *copy, gf_str lang, gf_text *out, gf_error *err);

/* The report as a workbook: money as numbers in yuan, or as exact text where a spreadsheet would round. Waits in a nameless
 * file on disk. GF_EIO it cannot be written. */
gf_status gf_report_report_xlsx(const gf_app_reported *reported, gf_text *out, gf_error *err);
/* The same for a statement. */
gf_status gf_report_statement_xlsx(const gf_app_statement *statement, gf_str lang, gf_text *out, gf_error *err);

/* ---- Tables of any size as .xlsx, row by row in bounded memory ---- */

typedef enum gf_report_cell {
    GF_REPORT_TEXT,         /* always text: "330329199001011234" keeps its digits, "=1+1" is no formula */
    GF_REPORT_WHOLE,        /* a whole number; text where it has more than 15 digits */
    GF_REPORT_DECIMAL,      /* an exact decimal, likewise */
    GF_REPORT_FEN           /* whole fen, shown as yuan with two decimals, likewise; ">=5" and "~5" carry their bound */
} gf_report_cell;

typedef struct gf_report_xlsx_column {
    gf_str         head;
    gf_report_cell cell;
    double         width;       /* in characters; 0 = by the cell's kind */
} gf_report_xlsx_column;

typedef struct gf_report_xlsx_options {
    const char *path;           /* written when closed; replaced if there */
    const char *folder;         /* for what waits on disk meanwhile; NULL = $TMPDIR or /tmp */
    gf_str      title, as_of;   /* as_of: the civil day that stands as the file's date */
    bool        demo;           /* says so in header and tab */
    bool        large;          /* more than 4 GB unpacked may come: ZIP64 */
} gf_report_xlsx_options;

typedef struct gf_report_xlsx gf_report_xlsx;

/* Open, then for each sheet a head and its rows, then close or drop. GF_ENOMEM, also where no file can be made. */
gf_status gf_report_xlsx_open(const gf_report_xlsx_options *options, gf_report_xlsx **out, gf_error *err);
/* Begins a sheet; columns are copied. GF_ELIMIT none or more than 256 · GF_EINPUT a name that is taken. */
gf_status gf_report_xlsx_head(gf_report_xlsx *xlsx, gf_str sheet, const gf_report_xlsx_column *columns, size_t count, gf_error *err);
/* One cell for each column; an empty one stays empty. A cell that is no number of its kind is written as text. Text over
 * 32,000 characters is cut and says so; beyond 1,048,575 rows a further sheet begins with the same head. GF_EIO. */
gf_status gf_report_xlsx_row(gf_report_xlsx *xlsx, const gf_str *cells, gf_error *err);
/* Writes the file; the handle is gone whatever comes. GF_EIO. */
gf_status gf_report_xlsx_close(gf_report_xlsx *xlsx, gf_error *err);
/* Gives up, writes nothing; NULL is a no-op. */
void      gf_report_xlsx_drop(gf_report_xlsx *xlsx);

/* ---- Exchange ---- */

/* IATI 2.03, UTF-8, elements in the order of the schema. GF_EINPUT "iati.text": a character that XML may not hold, with the
 * activity that has it. */
gf_status gf_report_iati_activities(const gf_app_iati *iati, gf_text *out, gf_error *err);
/* The organisations that the activities name. Fails likewise. */
gf_status gf_report_iati_organisations(const gf_app_iati *iati, gf_text *out, gf_error *err);

/* ---- Public pages: whole HTML documents, readable without a script; style and icon from /public/ ---- */

/* Overview: who helps whom, and the five columns. Links keep language and programme. */
void gf_report_public_home(const gf_app_published *published, gf_text *out);
/* Money of group, units, places and projects; kinds are never added. */
void gf_report_public_money(const gf_app_published *published, gf_text *out);
/* Indicators and what was said, each with its basis. */
void gf_report_public_results(const gf_app_published *published, gf_text *out);
/* One figure and what stands under it; `traced` from gf_app_publish_trace(), which left out what is not public. */
void gf_report_public_figure(const gf_app_published *published, const gf_app_traced *traced, gf_text *out);
/* The body of a 404. */
void gf_report_public_missing(gf_str lang, gf_text *out);

/* ---- Money questions, tables, care ---- */

/* Lines with scope, kind, stage, amount_fen, bound and figure, and what is internal to the group. */
void gf_report_statement_json(const gf_app_statement *statement, gf_text *out);
/* For a terminal: a line for each kind and stage, no sum. */
void gf_report_statement_text(const gf_app_statement *statement, gf_str lang, gf_text *out);
/* Oldest first, as given. */
void gf_report_ageing_json(const gf_app_aged *aged, size_t count, gf_text *out);
/* The same for a terminal. */
void gf_report_ageing_text(const gf_app_aged *aged, size_t count, gf_str lang, gf_text *out);
/* Heads and rows as texts. */
void gf_report_table_json(const gf_app_table *table, gf_text *out);
/* With tabs between, for a terminal or another program. */
void gf_report_table_text(const gf_app_table *table, gf_text *out);
/* Path, bytes, sha256 and the head of the chain. */
void gf_report_moved_json(const gf_app_moved *moved, gf_text *out);
void gf_report_backed_up_json(const gf_app_backed_up *backed_up, gf_text *out);
/* A backup into a folder, the folder's backups, and what a restore did, as JSON. */
void gf_report_backed_into_json(const gf_app_backed_into *done, gf_text *out);
void gf_report_snapshots_json(const gf_app_snapshot *all, size_t count, gf_text *out);
void gf_report_restored_json(const gf_app_restored *restored, gf_text *out);

/* ---- Failures ---- */

/* The failure in Chinese, when its code is known; what was said in English stays in brackets behind it, with its names and
 * numbers. Code and place are not touched. */
void gf_report_fault_zh(gf_error *err);

/* ---- The interface: the forms that OpenAPI describes ---- */

/* A member `key` of `json`, or an element when key is NULL. Personal fields come as they stand in the answer: masked. Whole
 * numbers are numbers, absent ones null; decimals stay texts, so that nobody's double rounds them. */
void gf_report_record_json(const gf_app_record *record, gf_json *json, const char *key);
/* The same for an entry with its rows and hash. */
void gf_report_entry_json(const gf_app_entry *entry, gf_json *json, const char *key);
/* {"records","next","count"}: next null at the end, count null when nobody asked. */
void gf_report_list_json(const gf_app_list *list, gf_text *out);
/* {"history":[...]}. */
void gf_report_history_json(const gf_app_change *changes, size_t count, gf_text *out);
/* {"found":[...]}. */
void gf_report_found_json(const gf_app_found *found, size_t count, gf_text *out);
/* {"head_entry","by","groups"}: head_entry names the moment that the sums are of. */
void gf_report_groups_json(const gf_app_groups *groups, gf_text *out);
/* The registers that the actor has a right to, with columns and rights. */
void gf_report_registers_json(const gf_app_actor *actor, gf_text *out);
/* Who is logged in, with rights, areas and csrf; never the token. */
void gf_report_session_json(const gf_app_session *session, gf_text *out);
/* {"users":[...]}: no password, link or second factor in it. */
void gf_report_users_json(const gf_app_user *users, size_t count, gf_text *out);
/* {"log":[...],"next"}: next is the id to ask before. */
void gf_report_log_json(const gf_app_log_line *lines, size_t count, int64_t next, gf_text *out);
/* Letters of the rights that are there, in the order rwvx, terminated. */
void gf_report_rights(unsigned rights, char out[5]);
/* "key", "text", "refs" ...: static. */
const char *gf_report_column_type(gf_column_type type);
/* The first page in one answer. */
void gf_report_cockpit_json(const gf_app_cockpit *cockpit, gf_text *out);
/* Nodes and links of the Sankey picture. */
void gf_report_flow_json(const gf_app_flow *flow, gf_text *out);
/* Events in the order given. */
void gf_report_story_json(const gf_app_story *story, gf_text *out);
void gf_report_land_json(const gf_app_land *land, gf_text *out);
void gf_report_land_sights_json(const gf_app_land_sight *sights, size_t count, gf_text *out);
void gf_report_land_profile_json(const gf_app_land_profile *profile, gf_text *out);   /* voids are null */

/* ---- Water networks ---- */

/* The network with its catalogue and designs; one answer about sizes, `ms`: how long it took. Sizes are indices of the
 * catalogue, nodes and links indices of the network. */
gf_status gf_report_water_json(const gf_app_water_view *view, gf_arena *scratch, gf_text *out, gf_error *err);
void      gf_report_water_answer_json(const gf_water_net *net, const gf_app_water_answer *answer, double ms, gf_text *out);
/* Nodes and links in WGS84, those whose places are known. */
gf_status gf_report_water_geojson(const gf_app_water_view *view, const gf_app_water_design *design, const gf_app_water_answer *answer, gf_arena *scratch,
                                  gf_text *out, gf_error *err);
/* Three sheets: links, nodes, cost by size. */
gf_status gf_report_water_xlsx(const gf_app_water_view *view, const gf_app_water_design *design, const gf_app_water_answer *answer, gf_str lang, gf_arena *scratch,
                               gf_text *out, gf_error *err);

/* ---- Workbooks to fill in, and to correct ---- */

/* The choices of a register's columns that refer to others; NULL where a column refers to none. */
typedef struct gf_report_choices { const gf_app_choice *rows; size_t count; } gf_report_choices;
/* A template: labels with the column's name in a note, lists to choose from, an example that an import passes over.
 * Written to `path`. `choices` by column, or NULL for none. GF_EIO. */
gf_status gf_report_template_xlsx(const gf_register *reg, const gf_report_choices *choices, const char *path, gf_error *err);

/* The uploaded rows again, what is wrong in red with its sentence, and all sentences of a row behind it. */
typedef struct gf_report_errors gf_report_errors;
/* `imported` is borrowed until the book is closed. GF_ENOMEM. */
gf_status gf_report_errors_open(const char *path, const gf_app_imported *imported, gf_report_errors **out, gf_error *err);
/* Rows in order; the first is the header. A gf_app_sheet_row_fn with the book as context: always true. */
bool      gf_report_errors_row(gf_report_errors *book, int64_t row, const gf_str *cells, size_t count);
/* Writes it; the handle is gone whatever comes. GF_EIO. */
gf_status gf_report_errors_close(gf_report_errors *book, gf_error *err);
/* {"rows","added","changed","unchanged","refused","form","import","error_count","errors":[...]}; the first errors only. */
void      gf_report_imported_json(const gf_app_imported *imported, gf_text *out);
/* What became of the rows, then a line for each error. */
void      gf_report_imported_text(const gf_app_imported *imported, gf_str lang, gf_text *out);
/* {"imports":[...]}. */
void      gf_report_imports_json(const gf_app_import_line *lines, size_t count, gf_text *out);
