/* report/xlsx.h - inside the room only: a workbook into text, and cells made of numbers. */
#pragma once
#include "report/words.h"

/* Fill a workbook that was opened for it: heads and rows, no closing. */
typedef gf_status xlsx_fill_fn(gf_report_xlsx *xlsx, void *context, gf_error *err);

/* Open on a file without a name, fill, close, and take the bytes into `out`; what waits on disk dies with it, whatever
 * comes. options->path is set here. GF_EIO, or what `fill` gave. */
gf_status xlsx_into_text(const gf_report_xlsx_options *options, xlsx_fill_fn *fill, void *context, gf_text *out, gf_error *err);

/* As GF_REPORT_FEN reads it: "500", ">=500", "~500". */
gf_str xlsx_fen_cell(gf_arena *arena, gf_fen amount, gf_figure_bound bound);
