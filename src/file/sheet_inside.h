/* file/sheet_inside.h - inside the room only: the two kinds of sheet behind one door. */
#pragma once
#include "file/gf_file.h"

typedef struct xlsx xlsx;

gf_status xlsx_open(gf_str bytes, const gf_file_sheet_options *options, xlsx **out, gf_error *err);
void      xlsx_close(xlsx *x);
gf_status xlsx_next(xlsx *x, const gf_file_cell **cells, size_t *count, gf_error *err);
size_t    xlsx_row(const xlsx *x);

/* A number as the file writes it ("28.5", "1E-3") as a cell: exact, or lost. Text lives in `out`. */
enum { SHEET_NUMBER_BYTES = 64 };
gf_file_cell sheet_number(const char *text, char out[SHEET_NUMBER_BYTES]);
bool         sheet_is_lost(gf_str text);     /* text that once was a long number: "2.02E+19" */
gf_file_cell sheet_day(double serial, bool from_1904, char out[SHEET_NUMBER_BYTES]);
