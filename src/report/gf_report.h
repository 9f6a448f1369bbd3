/* report/gf_report.h - the answers of app as documents: JSON by the contracts, Markdown and plain text for people.
 *
 * Pure: takes an answer, appends to `out`; a failed growth of `out` is latched there (gf_text_done). `lang` is "zh" or
 * "en"; the JSON keys are the same in both.
 */
#pragma once
#include "app/gf_app.h"
#include "app/gf_app_land.h"

void gf_report_loaded_json(const gf_app_loaded *loaded, gf_text *out);
void gf_report_loaded_text(const gf_app_loaded *loaded, gf_str lang, gf_text *out);

void gf_report_check_json(const gf_app_checked *checked, gf_text *out);
void gf_report_check_text(const gf_app_checked *checked, gf_str lang, gf_text *out);

void gf_report_trace_json(const gf_app_traced *traced, gf_text *out);   /* gongfu.trace/1 */
void gf_report_trace_text(const gf_app_traced *traced, gf_str lang, gf_text *out);

void gf_report_report_json(const gf_app_reported *reported, gf_text *out);      /* gongfu.report/1 */
void gf_report_report_markdown(const gf_app_reported *reported, gf_text *out);

/* The report as A4 pages, numbered, for print. The bytes are the same for the same report. GF_EIO no Chinese font here. */
gf_status gf_report_report_pdf(const gf_app_reported *reported, gf_text *out, gf_error *err);
gf_status gf_report_statement_pdf(const gf_app_statement *statement, gf_str lang, gf_text *out, gf_error *err);

/* The same as workbooks: money as numbers in yuan, or as exact text where a spreadsheet would round. */
gf_status gf_report_report_xlsx(const gf_app_reported *reported, gf_text *out, gf_error *err);
gf_status gf_report_statement_xlsx(const gf_app_statement *statement, gf_str lang, gf_text *out, gf_error *err);

/* ---- Tables of any size as .xlsx, row by row in bounded memory ---- */

typedef enum gf_report_cell {
    GF_REPORT_TEXT,         /* always text: "330329199001011234" keeps its digits, "=1+1" is no formula */
    GF_REPORT_WHOLE,        /* a whole number; text where it has more than 15 digits */
    GF_REPORT_DECIMAL,      /* an exact decimal, likewise */
    GF_REPORT_FEN           /* whole fen, shown as yuan with two decimals, likewise; ">=5" and "~5" carry their bound */
} gf_report_cell;

typedef struct gf_report_xlsx_column { gf_str head; gf_report_cell cell; double width; /* in characters; 0 = by the cell's kind */ } gf_report_xlsx_column;

typedef struct gf_report_xlsx_options {
    const char *path;           /* written when closed; replaced if there */
    const char *folder;         /* for what waits on disk meanwhile; NULL = $TMPDIR or /tmp */
    gf_str      title, as_of;   /* as_of: the civil day that stands as the file's date */
    bool        demo;           /* says so in header and tab */
    bool        large;          /* more than 4 GB unpacked may come: ZIP64 */
} gf_report_xlsx_options;

typedef struct gf_report_xlsx gf_report_xlsx;

/* Open, then for each sheet a head and its rows, then close. A cell that is no number of its kind is written as text.
 * Text over 32,000 characters is cut and says so; beyond 1,048,575 rows a further sheet begins with the same head. */
gf_status gf_report_xlsx_open(const gf_report_xlsx_options *options, gf_report_xlsx **out, gf_error *err);
gf_status gf_report_xlsx_head(gf_report_xlsx *xlsx, gf_str sheet, const gf_report_xlsx_column *columns, size_t count, gf_error *err);
gf_status gf_report_xlsx_row(gf_report_xlsx *xlsx, const gf_str *cells, gf_error *err);
gf_status gf_report_xlsx_close(gf_report_xlsx *xlsx, gf_error *err);    /* writes the file; the handle is gone whatever comes */
void      gf_report_xlsx_drop(gf_report_xlsx *xlsx);                   /* gives up, writes nothing; NULL is a no-op */

/* IATI 2.03, UTF-8. GF_EINPUT "iati.text": a character that XML may not hold, with the activity that has it. */
gf_status gf_report_iati_activities(const gf_app_iati *iati, gf_text *out, gf_error *err);
gf_status gf_report_iati_organisations(const gf_app_iati *iati, gf_text *out, gf_error *err);

/* Public pages: whole HTML documents, readable without a script; style and icon from /public/. Links keep language and
 * programme. */
void gf_report_public_home(const gf_app_published *published, gf_text *out);
void gf_report_public_money(const gf_app_published *published, gf_text *out);
void gf_report_public_results(const gf_app_published *published, gf_text *out);
void gf_report_public_figure(const gf_app_published *published, const gf_app_traced *traced, gf_text *out);
void gf_report_public_missing(gf_str lang, gf_text *out);       /* the body of a 404 */

/* `file` is the name of the text as the user gave it. */
void gf_report_press_json(const gf_app_pressed *pressed, gf_str file, gf_text *out);   /* gongfu.press/1 */
void gf_report_press_text(const gf_app_pressed *pressed, gf_str file, gf_str lang, gf_text *out);

void gf_report_statement_json(const gf_app_statement *statement, gf_text *out);
void gf_report_statement_text(const gf_app_statement *statement, gf_str lang, gf_text *out);
void gf_report_ageing_json(const gf_app_aged *aged, size_t count, gf_text *out);
void gf_report_ageing_text(const gf_app_aged *aged, size_t count, gf_str lang, gf_text *out);
void gf_report_table_json(const gf_app_table *table, gf_text *out);
void gf_report_table_text(const gf_app_table *table, gf_text *out);
void gf_report_backed_up_json(const gf_app_backed_up *backed_up, gf_text *out);

/* ---- The interface ---- */

/* A member `key` of `json`, or an element when key is NULL. Personal fields come as they stand in the answer: masked. */
void gf_report_record_json(const gf_app_record *record, gf_json *json, const char *key);
void gf_report_entry_json(const gf_app_entry *entry, gf_json *json, const char *key);
void gf_report_list_json(const gf_app_list *list, gf_text *out);
void gf_report_history_json(const gf_app_change *changes, size_t count, gf_text *out);
void gf_report_found_json(const gf_app_found *found, size_t count, gf_text *out);
void gf_report_groups_json(const gf_app_groups *groups, gf_text *out);
void gf_report_registers_json(const gf_app_actor *actor, gf_text *out);
void gf_report_session_json(const gf_app_session *session, gf_text *out);
void gf_report_users_json(const gf_app_user *users, size_t count, gf_text *out);
void gf_report_log_json(const gf_app_log_line *lines, size_t count, int64_t next, gf_text *out);
void gf_report_rights(unsigned rights, char out[5]);                 /* "rwvx", of the rights that are there */
const char *gf_report_column_type(gf_column_type type);
void gf_report_cockpit_json(const gf_app_cockpit *cockpit, gf_text *out);
void gf_report_flow_json(const gf_app_flow *flow, gf_text *out);
void gf_report_story_json(const gf_app_story *story, gf_text *out);
void gf_report_land_json(const gf_app_land *land, gf_text *out);
void gf_report_land_sights_json(const gf_app_land_sight *sights, size_t count, gf_text *out);
void gf_report_land_profile_json(const gf_app_land_profile *profile, gf_text *out);   /* voids are null */

/* ---- Workbooks to fill in, and to correct ---- */

/* The choices of a register's columns that refer to others; NULL where a column refers to none. */
typedef struct gf_report_choices { const gf_app_choice *rows; size_t count; } gf_report_choices;
/* A template: labels with the column's name in a note, lists to choose from, an example that an import passes over.
 * Written to `path`. */
gf_status gf_report_template_xlsx(const gf_register *reg, const gf_report_choices *choices, const char *path, gf_error *err);

/* The uploaded rows again, what is wrong in red with its sentence, and all sentences of a row behind it. */
typedef struct gf_report_errors gf_report_errors;
gf_status gf_report_errors_open(const char *path, const gf_app_imported *imported, gf_report_errors **out, gf_error *err);
bool      gf_report_errors_row(gf_report_errors *book, int64_t row, const gf_str *cells, size_t count);    /* a gf_app_sheet_row_fn with the book as context */
gf_status gf_report_errors_close(gf_report_errors *book, gf_error *err);     /* writes it; the handle is gone */
/* {"rows","added","changed","unchanged","refused","form","errors":[...],"import"}; at most 500 errors. */
void      gf_report_imported_json(const gf_app_imported *imported, gf_text *out);
void      gf_report_imported_text(const gf_app_imported *imported, gf_str lang, gf_text *out);
void      gf_report_imports_json(const gf_app_import_line *lines, size_t count, gf_text *out);
