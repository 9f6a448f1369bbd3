/* report/pdf.h - inside the room only: A4 pages of running text, tables and bars, on pango and cairo.
 *
 * A document is drawn twice: once to count its pages, once to write them. Lengths are points. Texts given as `markup`
 * are Pango markup made by the pdf_add functions, which escape; everything else is plain.
 * GLib ends the program when memory runs out: what is ours is bounded by the arena, what is theirs by PDF_PAGES_MAX.
 * x and y are from the upper left corner of the page; sheet->y is where the next thing goes. A sheet belongs to one thread.
 */
#pragma once
#include "report/words.h"

#include <pango/pangocairo.h>

/* A4, and what of it is for text. */
#define PDF_WIDTH  595.28
#define PDF_HEIGHT 841.89
#define PDF_LEFT   62.0
#define PDF_TOP    74.0
#define PDF_BOTTOM 770.0
#define PDF_INNER  (PDF_WIDTH - 2 * PDF_LEFT)

enum { PDF_PAGES_MAX = 2000, PDF_COLUMNS_MAX = 8 };

/* What runs at the head and foot of every page. */
typedef struct pdf_running {
    gf_str title, right;     /* head: at the left, at the right */
    gf_str anchor;           /* foot: the head of the ledger */
    gf_str as_of, lang;      /* as_of: the civil day that stands as the file's date */
    bool   demo;             /* a watermark, and a line on every page */
} pdf_running;

typedef enum pdf_face { PDF_SERIF, PDF_SANS, PDF_SANS_BOLD } pdf_face;

typedef struct pdf_look {
    pdf_face       face;
    double         size;       /* points */
    double         line;       /* line height in sizes; 0 = the font's */
    double         indent;     /* of the first line, points; < 0 hangs */
    PangoAlignment align;
    bool           justify;
    const char    *colour;     /* "#rrggbb"; NULL = ink */
} pdf_look;

/* head: markup. share: of PDF_INNER; those of a table sum to 1. */
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

/* Draws all of the document; called twice, and must do the same both times. */
typedef void pdf_draw_fn(pdf_sheet *sheet, void *context);

/* Draw, count, draw again; the bytes go to `out`. GF_EIO no font for Chinese, or cairo failed · GF_ELIMIT too many pages ·
 * GF_ENOMEM. */
gf_status pdf_write(const pdf_running *running, pdf_draw_fn *draw, void *context, gf_text *out, gf_error *err);

/* Escaped; controls but the line feed come as U+FFFD. */
void pdf_add(gf_text *markup, gf_str plain);
/* The same for a C string. */
void pdf_add_c(gf_text *markup, const char *plain);
/* Raised shape and number of a figure's note; note 0 = shape alone. */
void pdf_add_sign(gf_text *markup, gf_figure_basis basis, size_t note);

/* Turn the page unless so much room is left; true when it was turned. On a fresh page it never turns: what is taller than
 * a page runs over its foot. */
bool pdf_keep(pdf_sheet *sheet, double height);
/* Nothing at the top of a page. */
void pdf_space(pdf_sheet *sheet, double height);
/* A line at sheet->y, which moves on by its thickness. */
void pdf_rule(pdf_sheet *sheet, double x, double width, double thickness, const char *colour);
/* A filled box; moves nothing. */
void pdf_box(pdf_sheet *sheet, double x, double y, double width, double height, const char *colour);
/* A paragraph over the whole width, over pages, line by line; its first two lines stay together. */
void pdf_text(pdf_sheet *sheet, const pdf_look *look, gf_str markup);
/* Text at a place of its own; moves nothing and returns its height. */
double pdf_put(pdf_sheet *sheet, const pdf_look *look, double x, double y, double width, gf_str markup);
/* Level 1 or 2; 1 also stands in the outline. Stays with what follows. */
void pdf_heading(pdf_sheet *sheet, gf_str plain, int level);

/* Opens a table and draws its head; `columns` are borrowed until its end, at most PDF_COLUMNS_MAX. `size` in points. */
void pdf_table(pdf_sheet *sheet, const pdf_column *columns, size_t count, double size);
/* Cells are markup, one for each column; the head is drawn again on each page. A row is never cut. */
void pdf_row(pdf_sheet *sheet, const gf_str *cells);
/* The last rule. */
void pdf_table_end(pdf_sheet *sheet);

/* label and value are markup; amount and before in one unit; before < 0: none. */
typedef struct pdf_bar { gf_str label, value; double amount, before; const char *colour; } pdf_bar;
/* Bars from zero on one scale, a row each, a mark at `before`. Turns no page: ask pdf_keep() with their height. */
void pdf_bars(pdf_sheet *sheet, double x, double width, double label_width, const pdf_bar *bars, size_t count);
/* What so many of them take. */
double pdf_bars_height(size_t count);
