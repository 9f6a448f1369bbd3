/* report/pdf_report.h - inside the room only: the printed report while it is drawn, and its parts. */
#pragma once
#include "report/pdf.h"

typedef struct report_print {
    const gf_app_reported *reported;
    gf_arena *arena;
    size_t   *note;             /* by index of figures: its number in the annex, 0 = not named yet */
    size_t   *order;            /* numbers - 1 to indices */
    size_t    note_count, section;
    bool      zh;
} report_print;

/* A figure as it is written, kept on one line with its sign and number; what is no figure of the report stands plain. It
 * gets its number when it is first named, the same in both passes. */
void print_add_figure(report_print *print, gf_text *markup, gf_str id, gf_str written);
/* Written by its own value; "—" for no figure. */
void print_add_value(report_print *print, gf_text *markup, gf_str id);
/* A heading, numbered as an office numbers: 一、 or 1. */
void print_section(report_print *print, pdf_sheet *sheet, gf_str title);
/* Bars, and five columns of the group. */
void print_money(report_print *print, pdf_sheet *sheet);
/* A table of all, and bars of the first 24 that can be drawn. */
void print_indicators(report_print *print, pdf_sheet *sheet);
/* Five columns of every scope. */
void print_money_annex(report_print *print, pdf_sheet *sheet);
/* Every numbered figure with its derivation; last, for it reads the numbers. */
void print_figure_annex(report_print *print, pdf_sheet *sheet);
