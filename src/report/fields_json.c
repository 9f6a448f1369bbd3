/* Towers, parcels and sites as JSON, in the forms of the contracts. */
#include "report/gf_report_fields.h"

void gf_report_towers_json(const gf_app_surface *surface, const gf_app_parcels *parcels, const gf_app_overlooked *seen, int64_t ms, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.terrain.towers/1");
    gf_json_int(&json, "epsg", surface->grid.epsg);
    gf_json_real(&json, "cell_m", surface->grid.cell_m, 3);
    gf_json_int(&json, "parcels_epsg", parcels->epsg);
    gf_json_opt_str(&json, "key", parcels->key_field);
    gf_json_int(&json, "towers", (int64_t)seen->tower_count);
    gf_json_int(&json, "parcels", (int64_t)parcels->count);
    gf_json_int(&json, "pairs", (int64_t)seen->seen.pair_count);
    gf_json_int(&json, "unseen", (int64_t)seen->unseen);
    gf_json_int(&json, "unknown", (int64_t)seen->unknown);
    gf_json_int(&json, "ms", ms);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}
