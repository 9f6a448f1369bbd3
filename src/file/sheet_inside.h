/* file/sheet_inside.h - inside the room only: the two kinds of sheet behind one door. */
#pragma once
#include "file/gf_file.h"

typedef struct xlsx xlsx;

/* As gf_file_sheet_open() for a workbook; every field of `options` is set. The zip is read where it lies in `bytes`. */
gf_status xlsx_open(gf_str bytes, const gf_file_sheet_options *options, xlsx **out, gf_error *err);
/* Accepts NULL and a half-opened workbook. */
void      xlsx_close(xlsx *x);
/* As gf_file_sheet_next(); the memory of the row before is given back first. */
gf_status xlsx_next(xlsx *x, const gf_file_cell **cells, size_t *count, gf_error *err);
/* Of the last row, as the file numbers it. */
size_t    xlsx_row(const xlsx *x);

enum { SHEET_NUMBER_BYTES = 64 };
/* A number as the file writes it ("28.5", "1E-3") as a cell: exact to 15 digits, which is what a double keeps, or lost
 * from 10^15 on. The cell's text lives in `out`, or is `text` itself when that is no number. */
gf_file_cell sheet_number(const char *text, char out[SHEET_NUMBER_BYTES]);
/* Text that once was a long number: "2.02E+19". */
bool         sheet_is_lost(gf_str text);
/* A serial day as a date, of the 1900 or the 1904 system; GF_FILE_ERROR for 29 February 1900, which never was, and for
 * what lies outside 0 to 9999-12-31. The hours of the day are dropped. */
gf_file_cell sheet_day(double serial, bool from_1904, char out[SHEET_NUMBER_BYTES]);
