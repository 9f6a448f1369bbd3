/* report/words.h - inside the room only: kinds, stages and bases as people read them, shared by every document. */
#pragma once
#include "report/gf_report.h"

enum { REPORT_KINDS = 5, REPORT_STAGES = 9 };

/* name: as tables and JSON have it. */
typedef struct report_word { const char *name, *zh, *en; } report_word;
typedef struct report_basis { const char *sign, *zh, *en, *zh_means, *en_means, *colour; } report_basis;

extern const report_word  REPORT_KIND[REPORT_KINDS];        /* five columns, always in this order, never added */
extern const report_word  REPORT_STAGE[REPORT_STAGES];      /* in the order of a grant's life */
extern const report_basis REPORT_BASIS[4];                  /* by gf_figure_basis; signs of GB 2312: every Chinese font has them */

/* Static. */
const char *report_word_in(const report_word *word, gf_str lang);
/* "—" for a line without a stage (NULL). Static. */
const char *report_stage_word(const char *stage, gf_str lang);
/* True for every language but "en". */
bool        report_in_zh(gf_str lang);
/* Are its rows invented? */
bool        report_is_demo(const gf_app_reported *reported);

/* The amount of a money line for one scope, kind and stage (NULL: none); NULL when the books hold none. */
const gf_app_money   *report_money(const gf_app_reported *reported, gf_str scope, const char *kind, const char *stage);
/* By bisection; NULL when it is not in the report. */
const gf_app_derived *report_figure_of(const gf_app_reported *reported, gf_str id);
/* Money under a head that names the currency: "700余万元", or ">= 7,000,000" with a real sign. */
void report_amount(gf_text *out, gf_fen amount, gf_figure_bound bound, gf_str lang);
