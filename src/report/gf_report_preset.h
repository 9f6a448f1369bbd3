/* report/gf_report_preset.h - what a preset watches, as JSON. */
#pragma once
#include "app/gf_app_preset.h"

/* gongfu.terrain.preset/1: the fitted pose with its errors, how many parcels are seen and watched; with a spot, the ground under it. */
void gf_report_preset_json(const gf_app_preset_view *view, const gf_app_preset_spot *spot, gf_text *out);
/* The members lon, lat, dist_m, pose_error_m, parcel, candidates of a spot. */
void gf_report_preset_spot_json(const gf_app_preset_view *view, const gf_app_preset_spot *spot, gf_json *json);
