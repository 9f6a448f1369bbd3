/* report/xlsx.h - inside the room only: a workbook into text, and cells made of numbers. */
#pragma once
#include "report/words.h"

/* Fill a workbook that was opened for it. */
typedef gf_status xlsx_fill_fn(gf_report_xlsx *xlsx, void *context, gf_error *err);

/* Open on a file without a name, fill, close, and take the bytes into `out`. options->path is set here. */
gf_status xlsx_into_text(const gf_report_xlsx_options *options, xlsx_fill_fn *fill, void *context, gf_text *out, gf_error *err);

gf_str xlsx_fen_cell(gf_arena *arena, gf_fen amount, gf_figure_bound bound);    /* as GF_REPORT_FEN reads it */
