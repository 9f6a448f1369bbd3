/* A design as drawings: GeoJSON in degrees, DXF R12 with a layer for each DN. */
#include "app/village.h"
#include "geo/gf_geo.h"

#include <math.h>
#include <string.h>

static const gf_village_design *chosen(const gf_village_plan *plan) { return &plan->designs[plan->chosen]; }

/* ---- GeoJSON ---- */

typedef struct drawing { const gf_village_plan *plan; gf_geo *way; gf_json json; gf_error *err; } drawing;

static gf_status put_point(drawing *g, gf_village_place place)
{
    gf_geo_point p = { place.x, place.y };
    gf_status status = g->way ? gf_geo_inverse(g->way, &p, 1, g->err) : GF_OK;
    if (status != GF_OK)
        return status;
    gf_json_begin(&g->json, NULL, '[');
    gf_json_real(&g->json, NULL, p.x, g->way ? 7 : 3);
    gf_json_real(&g->json, NULL, p.y, g->way ? 7 : 3);
    gf_json_real(&g->json, NULL, place.z, 2);
    gf_json_end(&g->json, ']');
    return GF_OK;
}

static void begin_feature(drawing *g, gf_str id, const char *kind)
{
    gf_text_add_char(g->json.out, '\n');
    gf_json_begin(&g->json, NULL, '{');
    gf_json_cstr(&g->json, "type", "Feature");
    gf_json_begin(&g->json, "properties", '{');
    gf_json_str(&g->json, "id", id);
    gf_json_cstr(&g->json, "kind", kind);
}

static gf_status end_feature(drawing *g, const char *type, const gf_village_place *points, size_t count)
{
    bool line = strcmp(type, "LineString") == 0;
    gf_status status = GF_OK;
    gf_json_end(&g->json, '}');
    gf_json_begin(&g->json, "geometry", '{');
    gf_json_cstr(&g->json, "type", type);
    if (line)
        gf_json_begin(&g->json, "coordinates", '[');
    else {
        gf_geo_point p = { points[0].x, points[0].y };
        status = g->way ? gf_geo_inverse(g->way, &p, 1, g->err) : GF_OK;
        gf_json_begin(&g->json, "coordinates", '[');
        gf_json_real(&g->json, NULL, p.x, g->way ? 7 : 3);
        gf_json_real(&g->json, NULL, p.y, g->way ? 7 : 3);
        gf_json_real(&g->json, NULL, points[0].z, 2);
    }
    for (size_t i = 0; line && i < count && status == GF_OK; i++)
        status = put_point(g, points[i]);
    gf_json_end(&g->json, ']');
    gf_json_end(&g->json, '}');
    gf_json_end(&g->json, '}');
    return status;
}

static gf_status put_pipe(drawing *g, const gf_village_design *d, const gf_village_pipe *p)
{
    const gf_water_pe *pe = p->pe >= 0 ? &g->plan->village->catalogue.pipes[p->pe] : NULL;
    begin_feature(g, p->id, p->is_loop ? "loop" : "pipe");
    gf_json_str(&g->json, "from", d->nodes[p->from].id);
    gf_json_str(&g->json, "to", d->nodes[p->to].id);
    gf_json_int(&g->json, "zone", p->zone + 1);
    gf_json_real(&g->json, "length_m", p->length_m, 2);
    if (pe) {
        gf_json_int(&g->json, "dn_mm", pe->dn_mm);
        gf_json_cstr(&g->json, "sdr", pe->sdr);
    }
    gf_json_real(&g->json, "flow_lps", p->flow_m3s * 1000, 4);
    gf_json_real(&g->json, "velocity_ms", p->velocity_ms, 3);
    return end_feature(g, "LineString", p->points, p->point_count);
}

static gf_status put_node(drawing *g, const gf_village_node *n)
{
    begin_feature(g, n->id, gf_village_node_word(n->kind));
    gf_json_int(&g->json, "zone", n->zone + 1);
    gf_json_real(&g->json, "ground_m", n->place.z, 2);
    gf_json_real(&g->json, "head_m", n->head_m[0], 3);
    gf_json_real(&g->json, "pressure_m", n->head_m[0] - n->place.z, 3);
    gf_json_real(&g->json, "still_m", n->still_m - n->place.z, 2);
    gf_json_bool(&g->json, "hydrant", n->hydrant);
    return end_feature(g, "Point", &n->place, 1);
}

static gf_status put_house(drawing *g, const gf_village_house *h, const gf_village_verdict *v)
{
    begin_feature(g, h->id, h->is_public ? "public" : "household");
    gf_json_real(&g->json, "pressure_m", v->pressure_m, 2);
    gf_json_real(&g->json, "still_m", v->still_m, 2);
    gf_json_cstr(&g->json, "quantity", gf_village_level_word(v->quantity));
    gf_json_cstr(&g->json, "convenience", gf_village_level_word(v->convenience));
    gf_json_cstr(&g->json, "reliability", gf_village_level_word(v->reliability));
    gf_json_cstr(&g->json, "quality", gf_village_level_word(v->quality));
    return end_feature(g, "Point", &h->place, 1);
}

gf_status gf_app_village_geojson(const gf_village_plan *plan, gf_text *out, gf_error *err)
{
    const gf_village_design *d = chosen(plan);
    int epsg = plan->village->surface->grid.epsg;
    drawing g = { .plan = plan, .err = err };
    gf_status status = epsg ? gf_geo_open(GF_GEO_WGS84, epsg, &g.way, err) : GF_OK;
    if (status != GF_OK)
        return status;
    gf_json_init(&g.json, out);
    gf_json_begin(&g.json, NULL, '{');
    gf_json_cstr(&g.json, "type", "FeatureCollection");
    gf_json_str(&g.json, "name", plan->village->name);
    gf_json_str(&g.json, "origin", plan->village->origin);
    gf_json_begin(&g.json, "features", '[');
    for (uint32_t i = 0; i < d->pipe_count && status == GF_OK; i++)
        if (!d->pipes[i].is_prv)
            status = put_pipe(&g, d, &d->pipes[i]);
    for (uint32_t i = 0; i < d->node_count && status == GF_OK; i++)
        status = put_node(&g, &d->nodes[i]);
    for (size_t i = 0; i < plan->village->house_count && status == GF_OK; i++)
        status = put_house(&g, &plan->village->houses[i], &plan->verdicts[i]);
    gf_geo_close(g.way);
    gf_json_end(&g.json, ']');
    gf_json_end(&g.json, '}');
    gf_text_add_char(out, '\n');
    return status;
}

/* ---- DXF R12: ASCII only, so names of places stay out of it ---- */

static void pair(gf_text *out, int code, const char *value) { gf_text_format(out, "%d\n%s\n", code, value); }
static void number(gf_text *out, int code, double value) { gf_text_format(out, "%d\n%.3f\n", code, value); }

static void layer_name(const gf_village_plan *plan, const gf_village_pipe *p, char *out, size_t room)
{
    if (p->pe >= 0)
        (void)snprintf(out, room, "PIPE_DN%u", plan->village->catalogue.pipes[p->pe].dn_mm);
    else
        (void)snprintf(out, room, "PIPE_OPEN");
}

static void layer(gf_text *out, const char *name, int colour)
{
    pair(out, 0, "LAYER");
    pair(out, 2, name);
    pair(out, 70, "0");
    gf_text_format(out, "62\n%d\n6\nCONTINUOUS\n", colour);
}

static void layers(const gf_village_plan *plan, gf_text *out)
{
    static const char *const FIXED[] = { "NODES", "HOUSES", "TEXT", "FORBIDDEN", "ROADS", "PIPE_OPEN" };
    const gf_village_design *d = chosen(plan);
    uint8_t met[256] = { 0 };
    uint32_t count = (uint32_t)GF_COUNT(FIXED);
    for (uint32_t i = 0; i < d->pipe_count; i++)
        if (d->pipes[i].pe >= 0) {
            uint8_t *seen = &met[plan->village->catalogue.pipes[d->pipes[i].pe].dn_mm];
            count += !*seen;
            *seen = 1;
        }
    pair(out, 0, "SECTION");
    pair(out, 2, "TABLES");
    pair(out, 0, "TABLE");
    pair(out, 2, "LAYER");
    gf_text_format(out, "70\n%u\n", count);
    for (size_t i = 0; i < GF_COUNT(FIXED); i++)
        layer(out, FIXED[i], 7 + (int)i);
    for (int dn = 0, colour = 1; dn < 256; dn++)
        if (met[dn]) {
            char name[24];
            (void)snprintf(name, sizeof name, "PIPE_DN%d", dn);
            layer(out, name, colour++ % 6 + 1);
        }
    pair(out, 0, "ENDTAB");
    pair(out, 0, "ENDSEC");
}

static void polyline(gf_text *out, const char *on, const gf_village_place *points, size_t count, bool closed, bool high)
{
    pair(out, 0, "POLYLINE");
    pair(out, 8, on);
    gf_text_format(out, "66\n1\n70\n%d\n", (high ? 8 : 0) | (closed ? 1 : 0));
    for (size_t i = 0; i < count; i++) {
        pair(out, 0, "VERTEX");
        pair(out, 8, on);
        number(out, 10, points[i].x);
        number(out, 20, points[i].y);
        number(out, 30, high ? points[i].z : 0);
        if (high)
            pair(out, 70, "32");
    }
    pair(out, 0, "SEQEND");
}

static void label(gf_text *out, gf_village_place place, gf_str text)
{
    pair(out, 0, "TEXT");
    pair(out, 8, "TEXT");
    number(out, 10, place.x + 1.5);
    number(out, 20, place.y + 1.5);
    number(out, 30, 0);
    number(out, 40, 2.5);
    gf_text_add_c(out, "1\n");
    for (size_t i = 0; i < text.len; i++)
        gf_text_add_char(out, (unsigned char)text.data[i] >= 0x20 && (unsigned char)text.data[i] < 0x7F ? text.data[i] : '?');
    gf_text_add_char(out, '\n');
}

static void spot(gf_text *out, const char *on, gf_village_place place, gf_str text)
{
    pair(out, 0, "POINT");
    pair(out, 8, on);
    number(out, 10, place.x);
    number(out, 20, place.y);
    number(out, 30, place.z);
    label(out, place, text);
}

void gf_app_village_dxf(const gf_village_plan *plan, gf_text *out)
{
    const gf_village_design *d = chosen(plan);
    const gf_village *v = plan->village;
    pair(out, 0, "SECTION");
    pair(out, 2, "HEADER");
    pair(out, 9, "$ACADVER");
    pair(out, 1, "AC1009");
    pair(out, 0, "ENDSEC");
    layers(plan, out);
    pair(out, 0, "SECTION");
    pair(out, 2, "ENTITIES");
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        char name[24], text[64];
        const gf_village_pipe *p = &d->pipes[i];
        if (p->is_prv)
            continue;
        layer_name(plan, p, name, sizeof name);
        polyline(out, name, p->points, p->point_count, false, true);
        (void)snprintf(text, sizeof text, "%.*s %s L=%.1f", GF_STR_ARG(p->id), name + strlen("PIPE_"), p->length_m);
        label(out, p->points[p->point_count / 2], gf_str_of(text));
    }
    for (uint32_t i = 0; i < d->node_count; i++)
        spot(out, "NODES", d->nodes[i].place, d->nodes[i].id);
    for (size_t i = 0; i < v->house_count; i++)
        spot(out, "HOUSES", v->houses[i].place, v->houses[i].id);
    for (size_t i = 0; i < v->forbidden_count; i++)
        polyline(out, "FORBIDDEN", v->forbidden[i].points, v->forbidden[i].count, true, false);
    for (size_t i = 0; i < v->road_count; i++)
        polyline(out, "ROADS", v->roads[i].points, v->roads[i].count, false, false);
    pair(out, 0, "ENDSEC");
    pair(out, 0, "EOF");
}
