/* report/gf_report_fields.h - answers about towers, parcels and sites as JSON. `ms` is what the work took, files apart. */
#pragma once
#include "app/gf_app_fields.h"

void gf_report_towers_json(const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *seen, int64_t ms, gf_text *out);
/* `choice_ms` of `ms` went into the choice and its bound, the rest into the views. */
void gf_report_sites_json(const gf_app_surface *surface, const gf_app_parcels *parcels, gf_str weight, const gf_app_sited *sited, int64_t ms, int64_t choice_ms,
                          gf_text *out);
void gf_report_crs_json(const gf_terrain_crs_answer *answer, gf_text *out);
