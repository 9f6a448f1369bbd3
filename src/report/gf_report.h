/* report/gf_report.h - the answers of app as documents: JSON by the contracts, Markdown and plain text for people.
 *
 * Pure: takes an answer, appends to `out`; a failed growth of `out` is latched there (gf_text_done). `lang` is "zh" or
 * "en"; the JSON keys are the same in both.
 */
#pragma once
#include "app/gf_app.h"

void gf_report_loaded_json(const gf_app_loaded *loaded, gf_text *out);
void gf_report_loaded_text(const gf_app_loaded *loaded, gf_str lang, gf_text *out);

void gf_report_check_json(const gf_app_checked *checked, gf_text *out);
void gf_report_check_text(const gf_app_checked *checked, gf_str lang, gf_text *out);

void gf_report_trace_json(const gf_app_traced *traced, gf_text *out);   /* gongfu.trace/1 */
void gf_report_trace_text(const gf_app_traced *traced, gf_str lang, gf_text *out);

void gf_report_report_json(const gf_app_reported *reported, gf_text *out);      /* gongfu.report/1 */
void gf_report_report_markdown(const gf_app_reported *reported, gf_text *out);

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
