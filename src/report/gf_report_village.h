/* report/gf_report_village.h - a village's water design as documents: JSON, a calculation report for paper, a workbook, the profile drawn.
 *
 * `as_of` is the civil day that stands on the documents. The same plan gives the same bytes.
 */
#pragma once
#include "app/gf_app_village.h"

/* gongfu.water.village/1 */
void gf_report_village_json(const gf_village_plan *plan, double seconds, gf_text *out);
/* For a terminal. */
void gf_report_village_text(const gf_village_plan *plan, gf_str lang, gf_text *out);
/* Ground, head and still head over the true length of the way to the house with the least to spare. */
void gf_report_village_profile_svg(const gf_village_plan *plan, gf_str lang, gf_text *out);
gf_status gf_report_village_pdf(const gf_village_plan *plan, gf_str lang, gf_str as_of, gf_text *out, gf_error *err);
gf_status gf_report_village_xlsx(const gf_village_plan *plan, gf_str lang, gf_str as_of, gf_text *out, gf_error *err);
/* Why it cannot be met, and what would help: a sentence. */
void gf_report_village_lack(const gf_village_design *design, gf_str lang, gf_text *out);

/* Every file of a design: village.json, network.inp, design.geojson ... report.xlsx. Texts in `keep`. */
enum { GF_REPORT_VILLAGE_FILES = 11 };
typedef struct gf_report_village_file { const char *name; gf_text text; } gf_report_village_file;
gf_status gf_report_village_files(const gf_village_plan *plan, gf_str lang, gf_str as_of, gf_arena *keep, gf_report_village_file files[GF_REPORT_VILLAGE_FILES],
                                  gf_error *err);
/* The parameters and prices of every village, before one is read. */
void gf_report_village_norms_json(gf_text *out);
