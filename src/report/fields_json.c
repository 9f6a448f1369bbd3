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

static void add_sites(const gf_app_sited *sited, gf_json *json)
{
    gf_json_begin(json, "sites", '[');
    for (size_t i = 0; i < sited->siting.site_count; i++) {
        const gf_terrain_site *site = &sited->siting.sites[i];
        const gf_app_tower *row = &sited->candidates[site->candidate];
        gf_json_begin(json, NULL, '{');
        gf_json_int(json, "rank", (int64_t)i + 1);
        gf_json_str(json, "id", row->id);
        gf_json_cstr(json, "kind", row->upgrade ? "upgrade" : "new");
        if (row->has_cost)
            gf_json_decimal(json, "cost", row->cost);
        else
            gf_json_null(json, "cost");
        gf_json_real(json, "gain", site->gain, 2);
        gf_json_real(json, "covered_total", site->covered_total, 2);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static void add_villages(const gf_app_sited *sited, gf_json *json)
{
    gf_json_begin(json, "villages", '[');
    for (size_t i = 0; i < sited->village_count; i++) {
        const gf_app_village *v = &sited->villages[i];
        gf_json_begin(json, NULL, '{');
        gf_json_opt_str(json, "code", v->code);
        gf_json_opt_str(json, "name", v->name);
        gf_json_real(json, "total", v->total, 2);
        gf_json_real(json, "before", v->before, 2);
        gf_json_real(json, "after", v->after, 2);
        gf_json_real(json, "gain", v->after - v->before, 2);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

void gf_report_sites_json(const gf_app_surface *surface, const gf_app_parcels *parcels, gf_str weight, const gf_app_sited *sited, int64_t ms, int64_t choice_ms,
                          gf_text *out)
{
    const gf_terrain_siting *s = &sited->siting;
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.terrain.site/1");
    gf_json_int(&json, "epsg", surface->grid.epsg);
    gf_json_int(&json, "parcels", (int64_t)parcels->count);
    gf_json_int(&json, "towers", (int64_t)sited->standing_count);
    gf_json_int(&json, "candidates", (int64_t)sited->candidate_count);
    gf_json_str(&json, "unit", weight.len ? weight : GF_STR("m2"));
    gf_json_real(&json, "total", s->total, 2);
    gf_json_real(&json, "covered_before", s->before, 2);
    gf_json_real(&json, "covered_total", s->after, 2);
    gf_json_real(&json, "upper_bound", s->upper_bound, 2);
    gf_json_real(&json, "gap", s->upper_bound > 0 ? (s->upper_bound - s->after) / s->upper_bound : 0, 6);
    add_sites(sited, &json);
    add_villages(sited, &json);
    gf_json_int(&json, "ms", ms);
    gf_json_int(&json, "choice_ms", choice_ms);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_crs_json(const gf_terrain_crs_answer *a, gf_text *out)
{
    static const char *const NAMES[] = { [GF_TERRAIN_CRS_UNSURE] = "unsure", [GF_TERRAIN_CRS_WGS84] = "wgs84", [GF_TERRAIN_CRS_GCJ02] = "gcj02" };
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.terrain.crs/1");
    gf_json_cstr(&json, "crs", NAMES[a->crs]);
    gf_json_begin(&json, "shift_m", '[');
    gf_json_real(&json, NULL, a->east_m, 0);
    gf_json_real(&json, NULL, a->north_m, 0);
    gf_json_end(&json, ']');
    gf_json_begin(&json, "score", '{');
    gf_json_real(&json, "wgs84", a->score_told, 2);
    gf_json_real(&json, "gcj02", a->score_gcj02, 2);
    gf_json_real(&json, "best", a->score_best, 2);
    gf_json_real(&json, "mean", a->score_mean, 2);
    gf_json_end(&json, '}');
    gf_json_begin(&json, "redrawn", '{');
    gf_json_real(&json, "wgs84", a->near_told, 4);
    gf_json_real(&json, "gcj02", a->near_gcj02, 4);
    gf_json_end(&json, '}');
    gf_json_real(&json, "peak", a->peak, 2);
    gf_json_int(&json, "points", (int64_t)a->points);
    gf_json_int(&json, "pieces", (int64_t)a->pieces);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}
