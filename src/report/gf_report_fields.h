/* report/gf_report_fields.h - answers about towers, parcels and sites as JSON. `ms` is what the work took, files apart. */
#pragma once
#include "app/gf_app_fields.h"

void gf_report_towers_json(const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *seen, int64_t ms, gf_text *out);
