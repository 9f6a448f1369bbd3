/* report/gf_report_water.h - answers about water networks as JSON, in the forms of the contracts. */
#pragma once
#include "app/gf_app_water.h"

/* "gongfu.water.solve/1". `name` is the network file's. */
void gf_report_water_solve_json(const gf_water_net *net, const char *name, const gf_app_water_solved *solved, double seconds, bool english, gf_text *out);
/* "gongfu.water.size/1". */
void gf_report_water_size_json(const gf_app_water_problem *problem, const gf_water_brief *brief, const gf_water_size_options *options,
                               const gf_water_sizing *sizing, bool english, gf_text *out);
