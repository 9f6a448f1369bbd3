/* report/gf_report_terrain.h - answers about terrain as JSON, in the forms of the contracts. */
#pragma once
#include "app/gf_app_terrain.h"

void gf_report_lines_json(const gf_app_surface *surface, const gf_app_lined *lined, gf_text *out);
void gf_report_view_json(const gf_app_surface *surface, const gf_terrain_view *view, int64_t ms, gf_text *out);
