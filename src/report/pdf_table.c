/* Tables whose head is drawn again on every page, and bars. Three rules as in a printed yearbook, hair lines between. */
#include "report/pdf.h"

static const double CELL_GAP = 3.5, ROW_GAP = 3.2, BAR_ROW = 15;
static const char *const HAIR = "#d9d4c8", *const STRONG = "#333333", *const TINT = "#f4f1ea";

static double put_cells(pdf_sheet *sheet, const gf_str *cells, bool head, bool draw)
{
    double x = PDF_LEFT, tallest = 0;
    int page_count = sheet->page_count;
    sheet->page_count = draw ? page_count : 0;  /* measured first, drawn when there is room */
    for (size_t i = 0; i < sheet->column_count; i++) {
        const pdf_column *column = &sheet->columns[i];
        double width = column->share * PDF_INNER;
        pdf_look look = { head ? PDF_SANS_BOLD : PDF_SANS, sheet->table_size, 0, 0, column->align, false, NULL };
        double height = pdf_put(sheet, &look, x + CELL_GAP, sheet->y + ROW_GAP, width - 2 * CELL_GAP, cells[i]);
        tallest = height > tallest ? height : tallest;
        x += width;
    }
    sheet->page_count = page_count;
    return tallest + 2 * ROW_GAP;
}

static void draw_head(pdf_sheet *sheet)
{
    gf_str heads[PDF_COLUMNS_MAX];
    for (size_t i = 0; i < sheet->column_count; i++)
        heads[i] = gf_str_of(sheet->columns[i].head);
    double height = put_cells(sheet, heads, true, false);
    pdf_box(sheet, PDF_LEFT, sheet->y, PDF_INNER, height, TINT);
    pdf_box(sheet, PDF_LEFT, sheet->y, PDF_INNER, 1.1, STRONG);
    (void)put_cells(sheet, heads, true, true);
    sheet->y += height;
    pdf_rule(sheet, PDF_LEFT, PDF_INNER, 0.6, STRONG);
}

void pdf_table(pdf_sheet *sheet, const pdf_column *columns, size_t count, double size)
{
    sheet->columns = columns;
    sheet->column_count = count;
    sheet->table_size = size;
    sheet->row = 0;
    (void)pdf_keep(sheet, 70);
    draw_head(sheet);
}

void pdf_row(pdf_sheet *sheet, const gf_str *cells)
{
    double height = put_cells(sheet, cells, false, false);
    if (sheet->y + height > PDF_BOTTOM)
        pdf_box(sheet, PDF_LEFT, sheet->y, PDF_INNER, 0.6, STRONG);
    if (pdf_keep(sheet, height))
        draw_head(sheet);
    else if (sheet->row)
        pdf_box(sheet, PDF_LEFT, sheet->y, PDF_INNER, 0.35, HAIR);
    (void)put_cells(sheet, cells, false, true);
    sheet->y += height;
    sheet->row++;
}

void pdf_table_end(pdf_sheet *sheet)
{
    pdf_rule(sheet, PDF_LEFT, PDF_INNER, 1.1, STRONG);
    pdf_space(sheet, 8);
}

/* ---- Bars ---- */

double pdf_bars_height(size_t count) { return BAR_ROW * (double)count; }

void pdf_bars(pdf_sheet *sheet, double x, double width, double label_width, const pdf_bar *bars, size_t count)
{
    static const pdf_look LABEL = { PDF_SANS, 8.5, 0, 0, PANGO_ALIGN_RIGHT, false, "#444444" }, VALUE = { PDF_SANS, 8.5, 0, 0, PANGO_ALIGN_LEFT, false, NULL };
    const double label = label_width, room = width - label - 125;
    double greatest = 0;
    for (size_t i = 0; i < count; i++) {
        greatest = bars[i].amount > greatest ? bars[i].amount : greatest;
        greatest = bars[i].before > greatest ? bars[i].before : greatest;
    }
    for (size_t i = 0; i < count; i++, sheet->y += BAR_ROW) {
        double length = greatest > 0 && bars[i].amount > 0 ? room * bars[i].amount / greatest : 0;
        double before = greatest > 0 && bars[i].before > 0 ? room * bars[i].before / greatest : 0;
        (void)pdf_put(sheet, &LABEL, x, sheet->y + 1, label - 6, bars[i].label);
        pdf_box(sheet, x + label, sheet->y + 3, length < 0.8 ? 0.8 : length, 8.5, bars[i].colour);
        if (bars[i].before >= 0)
            pdf_box(sheet, x + label + before, sheet->y + 1, 1.2, 12.5, STRONG);
        (void)pdf_put(sheet, &VALUE, x + label + (length > before ? length : before) + 6, sheet->y + 1, width, bars[i].value);
    }
}
