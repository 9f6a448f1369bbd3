/* Answers about terrain as JSON, in the forms of the contracts. */
#include "report/gf_report_terrain.h"

void gf_report_lines_json(const gf_app_surface *surface, const gf_app_lined *lined, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.terrain.line/1");
    gf_json_int(&json, "epsg", surface->grid.epsg);
    gf_json_real(&json, "cell_m", surface->grid.cell_m, 3);
    gf_json_int(&json, "seen", (int64_t)lined->seen);
    gf_json_int(&json, "hidden", (int64_t)lined->hidden);
    gf_json_int(&json, "unknown", (int64_t)lined->unknown);
    gf_json_begin(&json, "lines", '[');
    for (size_t i = 0; i < lined->count; i++) {
        const gf_terrain_line *l = &lined->pairs[i].line;
        bool known = l->sight != GF_TERRAIN_UNKNOWN;
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "id", lined->pairs[i].id);
        if (known)
            gf_json_bool(&json, "visible", l->sight == GF_TERRAIN_SEEN);
        else
            gf_json_null(&json, "visible");
        gf_json_real(&json, "dist_m", l->dist_m, 3);
        if (known && l->has_blocker) {
            gf_json_real(&json, "margin_m", l->margin_m, 4);
            gf_json_real(&json, "blocker_dist_m", l->blocker_dist_m, 1);
        } else {
            gf_json_null(&json, "margin_m");
            gf_json_null(&json, "blocker_dist_m");
        }
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}

void gf_report_view_json(const gf_app_surface *surface, const gf_terrain_view *view, int64_t ms, gf_text *out)
{
    gf_json json;
    const gf_terrain_grid *g = &surface->grid;
    uint64_t cells = (uint64_t)g->rows * g->columns;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_cstr(&json, "schema", "gongfu.terrain.view/1");
    gf_json_int(&json, "epsg", g->epsg);
    gf_json_real(&json, "cell_m", g->cell_m, 3);
    gf_json_int(&json, "seen", (int64_t)view->seen);
    gf_json_int(&json, "hidden", (int64_t)view->hidden);
    gf_json_int(&json, "unknown", (int64_t)view->unknown);
    gf_json_int(&json, "outside", (int64_t)(cells - view->seen - view->hidden - view->unknown));
    gf_json_real(&json, "seen_km2", (double)view->seen * g->cell_m * g->cell_m / 1e6, 4);
    gf_json_int(&json, "ms", ms);
    gf_json_end(&json, '}');
    gf_text_add_char(out, '\n');
}
