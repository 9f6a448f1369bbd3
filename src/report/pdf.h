/* report/pdf.h - inside the room only: A4 pages of running text, tables and bars, on pango and cairo.
 *
 * A document is drawn twice: once to count its pages, once to write them. Lengths are points. Texts given as `markup`
 * are Pango markup made by the pdf_add functions, which escape; everything else is plain.
 * GLib ends the program when memory runs out: what is ours is bounded by the arena, what is theirs by PDF_PAGES_MAX.
 */
#pragma once
#include "report/words.h"

#include <pango/pangocairo.h>

#define PDF_WIDTH  595.28
#define PDF_HEIGHT 841.89
#define PDF_LEFT   62.0
#define PDF_TOP    74.0
#define PDF_BOTTOM 770.0
#define PDF_INNER  (PDF_WIDTH - 2 * PDF_LEFT)

enum { PDF_PAGES_MAX = 2000, PDF_COLUMNS_MAX = 8 };

/* What runs at the head and foot of every page. */
typedef struct pdf_running { gf_str title, right, anchor, as_of, lang; bool demo; } pdf_running;

typedef enum pdf_face { PDF_SERIF, PDF_SANS, PDF_SANS_BOLD } pdf_face;

typedef struct pdf_look { pdf_face face; double size, line, indent; PangoAlignment align; bool justify; const char *colour; } pdf_look;

typedef struct pdf_column { const char *head; double share; PangoAlignment align; } pdf_column;

typedef struct pdf_sheet {
    const pdf_running *running;
    cairo_surface_t   *surface;
    cairo_t           *cr;
    PangoFontMap      *fonts;
    PangoContext      *context;
    gf_arena          *scratch;             /* rewound behind every paragraph and row */
    double             y;
    int                page, page_count;    /* page_count 0 while counting */
    int64_t            unknown_glyphs;
    bool               full;                /* PDF_PAGES_MAX was reached: nothing more is drawn */
    const pdf_column  *columns;             /* of the open table */
    size_t             column_count, row;
    double             table_size;
} pdf_sheet;

typedef void pdf_draw_fn(pdf_sheet *sheet, void *context);

/* Draw, count, draw again; the bytes go to `out`. GF_EIO no font for Chinese · GF_ELIMIT too many pages · GF_ENOMEM */
gf_status pdf_write(const pdf_running *running, pdf_draw_fn *draw, void *context, gf_text *out, gf_error *err);

void pdf_add(gf_text *markup, gf_str plain);                   /* escaped */
void pdf_add_c(gf_text *markup, const char *plain);
void pdf_add_sign(gf_text *markup, gf_figure_basis basis, size_t note);     /* raised shape and number; note 0 = shape alone */

bool pdf_keep(pdf_sheet *sheet, double height);               /* turn the page unless so much room is left */
void pdf_space(pdf_sheet *sheet, double height);
void pdf_rule(pdf_sheet *sheet, double x, double width, double thickness, const char *colour);
void pdf_box(pdf_sheet *sheet, double x, double y, double width, double height, const char *colour);
void pdf_text(pdf_sheet *sheet, const pdf_look *look, gf_str markup);       /* over pages, line by line */
double pdf_put(pdf_sheet *sheet, const pdf_look *look, double x, double y, double width, gf_str markup);   /* returns its height */
void pdf_heading(pdf_sheet *sheet, gf_str plain, int level);   /* 1 and 2; 1 also stands in the outline */

void pdf_table(pdf_sheet *sheet, const pdf_column *columns, size_t count, double size);
void pdf_row(pdf_sheet *sheet, const gf_str *cells);           /* markup; the head is drawn again on each page */
void pdf_table_end(pdf_sheet *sheet);

/* Bars from zero on one scale, a row each. */
typedef struct pdf_bar { gf_str label, value; double amount, before; /* < 0: none */ const char *colour; } pdf_bar;
void pdf_bars(pdf_sheet *sheet, double x, double width, double label_width, const pdf_bar *bars, size_t count);
double pdf_bars_height(size_t count);
