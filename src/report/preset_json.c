/* A preset's pose and parcels as JSON. */
#include "report/gf_report_preset.h"

#include <math.h>

static void real(gf_json *j, const char *key, double value, int decimals)
{
    if (isfinite(value))
        gf_json_real(j, key, value, decimals);
    else
        gf_json_null(j, key);
}

void gf_report_preset_spot_json(const gf_app_preset_view *v, const gf_app_preset_spot *s, gf_json *j)
{
    real(j, "lon", s->lon, 7);
    real(j, "lat", s->lat, 7);
    real(j, "dist_m", s->dist_m, 1);
    real(j, "pose_error_m", s->pose_error_m, 1);
    if (s->parcel == GF_APP_PRESET_NONE)
        gf_json_null(j, "parcel");
    else
        gf_json_str(j, "parcel", v->parcels->keys[s->parcel]);
    gf_json_begin(j, "candidates", '[');
    for (size_t i = 0; i < s->candidate_count; i++)
        gf_json_str(j, NULL, v->parcels->keys[s->candidates[i]]);
    gf_json_end(j, ']');
}

void gf_report_preset_json(const gf_app_preset_view *v, const gf_app_preset_spot *spot, gf_text *out)
{
    gf_json json, *j = &json;
    gf_json_init(j, out);
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "schema", "gongfu.terrain.preset/1");
    real(j, "heading_deg", v->heading_deg, 5);
    real(j, "tilt_deg", v->tilt_deg, 5);
    real(j, "heading_error_deg", v->heading_error_deg, 5);
    real(j, "tilt_error_deg", v->tilt_error_deg, 5);
    real(j, "rms_px", v->rms_px, 2);
    gf_json_int(j, "parcels", (int64_t)v->parcels->count);
    gf_json_int(j, "seen", (int64_t)v->seen_count);
    gf_json_int(j, "watched", (int64_t)v->watched_count);
    if (spot) {
        gf_json_begin(j, "spot", '{');
        gf_json_bool(j, "on_ground", spot->on_ground);
        gf_report_preset_spot_json(v, spot, j);
        gf_json_end(j, '}');
    }
    gf_json_end(j, '}');
    gf_text_add_char(out, '\n');
}
