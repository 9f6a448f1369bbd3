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

/* The report as A4 pages, numbered, for print. The bytes are the same for the same report. GF_EIO no Chinese font here. */
gf_status gf_report_report_pdf(const gf_app_reported *reported, gf_text *out, gf_error *err);
gf_status gf_report_statement_pdf(const gf_app_statement *statement, gf_str lang, gf_text *out, gf_error *err);

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
