/* A water network as JSON for its page, one answer about its sizes, and its files: GeoJSON and a workbook. */
#include "report/xlsx.h"

#include <math.h>

static const double LITRES = 1000;

static void real(gf_json *j, const char *key, double value, int decimals)
{
    if (isfinite(value))
        gf_json_real(j, key, value, decimals);
    else
        gf_json_null(j, key);
}

static void whole(gf_json *j, const char *key, int64_t value)
{
    if (value < 0)
        gf_json_null(j, key);
    else
        gf_json_int(j, key, value);
}

static const char *kind_of(const gf_water_node *node)
{
    return node->kind == GF_WATER_JUNCTION ? "junction" : node->kind == GF_WATER_RESERVOIR ? "reservoir" : "tank";
}

static double case_demand(const gf_app_water_view *v, uint32_t node)
{
    const double *demand = v->brief->cases[0].demand_m3s;
    double sum = 0;
    if (demand)
        return demand[node];
    for (uint32_t i = 0; i < v->net->nodes[node].demand_count; i++)
        sum += v->net->demands[v->net->nodes[node].demand_first + i].base_m3s;
    return sum;
}

static void spot(gf_json *j, const gf_app_water_spot *s)
{
    gf_json_begin(j, NULL, '[');
    gf_json_real(j, NULL, s->lon, 6);
    gf_json_real(j, NULL, s->lat, 6);
    gf_json_end(j, ']');
}

/* ---- The network ---- */

static void write_sizes(gf_json *j, const gf_app_water_view *v)
{
    gf_json_begin(j, "sizes", '[');
    for (uint32_t i = 0; i < v->brief->option_count; i++) {
        gf_json_begin(j, NULL, '{');
        gf_json_str(j, "key", v->sizes[i].text);
        gf_json_int(j, "price_fen", v->sizes[i].price_fen);
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

static void write_nodes(gf_json *j, const gf_app_water_view *v)
{
    gf_json_begin(j, "nodes", '[');
    for (uint32_t i = 0; i < v->net->node_count; i++) {
        const gf_water_node *node = &v->net->nodes[i];
        gf_json_begin(j, NULL, '{');
        gf_json_str(j, "id", node->id);
        gf_json_cstr(j, "kind", kind_of(node));
        real(j, "elevation_m", node->elevation_m, 2);
        real(j, "demand_lps", case_demand(v, i) * LITRES, 3);
        real(j, "min_m", v->brief->cases[0].pressure_min_m[i], 2);
        if (v->nodes[i].known) {
            gf_json_real(j, "lon", v->nodes[i].lon, 6);
            gf_json_real(j, "lat", v->nodes[i].lat, 6);
        } else {
            gf_json_null(j, "lon");
            gf_json_null(j, "lat");
        }
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

static void write_line(gf_json *j, const gf_app_water_view *v, const gf_water_link *link)
{
    gf_json_begin(j, "vertices", '[');
    for (uint32_t i = 0; i < link->vertex_count; i++)
        if (v->vertices[link->vertex_first + i].known)
            spot(j, &v->vertices[link->vertex_first + i]);
    gf_json_end(j, ']');
}

static void write_links(gf_json *j, const gf_app_water_view *v, const int32_t *pipe_of)
{
    gf_json_begin(j, "links", '[');
    for (uint32_t i = 0; i < v->net->link_count; i++) {
        const gf_water_link *link = &v->net->links[i];
        gf_json_begin(j, NULL, '{');
        gf_json_str(j, "id", link->id);
        gf_json_cstr(j, "kind", gf_water_link_kind_name(link->kind));
        gf_json_int(j, "from", link->from);
        gf_json_int(j, "to", link->to);
        real(j, "length_m", link->length_m, 3);
        write_line(j, v, link);
        if (pipe_of[i] < 0)
            gf_json_null(j, "options");
        else {
            const gf_water_size_pipe *pipe = &v->brief->pipes[pipe_of[i]];
            gf_json_begin(j, "options", '[');
            for (uint32_t k = 0; k < pipe->option_count; k++)
                gf_json_int(j, NULL, pipe->options[k]);
            gf_json_end(j, ']');
        }
        gf_json_end(j, '}');
    }
    gf_json_end(j, ']');
}

static void write_design(gf_json *j, const gf_app_water_view *v, const gf_app_water_design *d, const int32_t *pipe_of)
{
    gf_json_begin(j, NULL, '{');
    const struct {
        const char *key;
        gf_str value;
    } TEXTS[] = { { "id", d->id },       { "name", d->name },   { "name_en", d->name_en }, { "role", d->role }, { "feasible", d->feasible },
                  { "worst", d->worst }, { "slack", d->slack }, { "made_on", d->made_on }, { "note", d->note }, { "origin", d->origin } };
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_json_str(j, TEXTS[i].key, TEXTS[i].value);
    whole(j, "cost_fen", d->cost_fen);
    whole(j, "bound_fen", d->bound_fen);
    whole(j, "seed", d->seed);
    whole(j, "work", d->work);
    if (!d->option)
        gf_json_null(j, "chosen");
    else {
        gf_json_begin(j, "chosen", '[');
        for (uint32_t i = 0; i < v->net->link_count; i++)
            if (pipe_of[i] < 0)
                gf_json_null(j, NULL);
            else
                gf_json_int(j, NULL, d->option[pipe_of[i]]);
        gf_json_end(j, ']');
    }
    gf_json_end(j, '}');
}

gf_status gf_report_water_json(const gf_app_water_view *v, gf_arena *scratch, gf_text *out, gf_error *err)
{
    gf_json j;
    int32_t *pipe_of = gf_new(scratch, int32_t, v->net->link_count);
    if (!pipe_of)
        return gf_fail_memory(err);
    for (uint32_t i = 0; i < v->net->link_count; i++)
        pipe_of[i] = GF_WATER_NONE;
    for (uint32_t i = 0; i < v->brief->pipe_count; i++)
        pipe_of[v->brief->pipes[i].link] = (int32_t)i;
    gf_json_init(&j, out);
    gf_json_begin(&j, NULL, '{');
    const struct {
        const char *key;
        gf_str value;
    } TEXTS[] = { { "id", v->id },         { "name", v->name },       { "name_en", v->name_en },
                  { "place", v->place },   { "project", v->project }, { "project_name", v->project_name },
                  { "budget", v->budget }, { "note", v->note },       { "origin", v->origin } };
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_json_str(&j, TEXTS[i].key, TEXTS[i].value);
    whole(&j, "project_budget_fen", v->project_budget_fen);
    whole(&j, "project_version", v->project_version);
    gf_json_begin(&j, "cases", '[');
    for (uint32_t i = 0; i < v->brief->case_count; i++)
        gf_json_str(&j, NULL, v->brief->cases[i].name);
    gf_json_end(&j, ']');
    real(&j, "velocity_max_ms", v->brief->cases[0].velocity_max_ms, 3);
    write_sizes(&j, v);
    write_nodes(&j, v);
    write_links(&j, v, pipe_of);
    gf_json_begin(&j, "designs", '[');
    for (size_t i = 0; i < v->design_count; i++)
        write_design(&j, v, &v->designs[i], pipe_of);
    gf_json_end(&j, ']');
    gf_json_end(&j, '}');
    return GF_OK;
}

/* ---- An answer ---- */

static void numbers(gf_json *j, const char *key, const double *values, size_t count, double factor, int decimals)
{
    gf_json_begin(j, key, '[');
    for (size_t i = 0; i < count; i++)
        real(j, NULL, values[i] * factor, decimals);
    gf_json_end(j, ']');
}

static void write_slack(gf_json *j, const char *key, const gf_water_size_slack *s)
{
    static const char *const WORDS[] = { "none", "min_head", "max_head", "velocity" };
    gf_json_begin(j, key, '{');
    gf_json_cstr(j, "limit", WORDS[s->limit]);
    gf_json_int(j, "index", s->index);
    gf_json_int(j, "case", s->at_case);
    real(j, "slack", s->slack, 3);
    gf_json_end(j, '}');
}

static void write_shortage(gf_json *j, const gf_app_water_answer *a)
{
    const gf_water_shortage *s = &a->shortage;
    if (!a->has_shortage) {
        gf_json_null(j, "shortage");
        return;
    }
    gf_json_begin(j, "shortage", '{');
    gf_json_int(j, "node", s->node);
    real(j, "short_m", s->short_m, 3);
    real(j, "static_m", s->static_m, 3);
    gf_json_bool(j, "cut_off", s->cut_off);
    whole(j, "worst_link", s->link_count ? (int64_t)s->links[0] : -1);
    real(j, "worst_loss_m", s->link_count ? s->loss_m[0] : NAN, 3);
    whole(j, "remedy_link", s->remedy_helps ? (int64_t)s->remedy_link : -1);
    real(j, "remedy_mm", s->remedy_helps ? s->remedy_diameter_m * 1000 : NAN, 1);
    gf_json_end(j, '}');
}

void gf_report_water_answer_json(const gf_water_net *net, const gf_app_water_answer *a, double ms, gf_text *out)
{
    gf_json j;
    gf_json_init(&j, out);
    gf_json_begin(&j, NULL, '{');
    gf_json_int(&j, "cost_fen", a->cost_fen);
    gf_json_begin(&j, "sums", '[');
    for (size_t i = 0; i < a->sum_count; i++) {
        gf_json_begin(&j, NULL, '{');
        gf_json_int(&j, "size", a->sums[i].option);
        gf_json_int(&j, "pipes", a->sums[i].pipes);
        gf_json_int(&j, "length_mm", a->sums[i].length_mm);
        gf_json_int(&j, "cost_fen", a->sums[i].cost_fen);
        gf_json_end(&j, '}');
    }
    gf_json_end(&j, ']');
    gf_json_int(&j, "case", a->at_case);
    write_slack(&j, "worst", &a->worst);
    gf_json_begin(&j, "broken", '[');
    for (size_t i = 0; i < a->broken_count; i++)
        write_slack(&j, NULL, &a->broken[i]);
    gf_json_end(&j, ']');
    gf_json_int(&j, "broken_all", (int64_t)a->broken_all);
    write_shortage(&j, a);
    numbers(&j, "head_m", a->head_m, net->node_count, 1, 3);
    numbers(&j, "pressure_m", a->pressure_m, net->node_count, 1, 3);
    numbers(&j, "slack_m", a->slack_m, net->node_count, 1, 3);
    numbers(&j, "flow_lps", a->flow_m3s, net->link_count, LITRES, 4);
    numbers(&j, "velocity_ms", a->velocity_ms, net->link_count, 1, 3);
    numbers(&j, "loss_m", a->loss_m, net->link_count, 1, 3);
    real(&j, "pump_kw", a->pump_w / 1000, 3);
    gf_json_begin(&j, "way", '{');
    gf_json_begin(&j, "nodes", '[');
    for (uint32_t i = 0; i < a->way_count; i++)
        gf_json_int(&j, NULL, a->way[i]);
    gf_json_end(&j, ']');
    numbers(&j, "at_m", a->way_m, a->way_count, 1, 1);
    gf_json_end(&j, '}');
    real(&j, "ms", ms, 3);
    gf_json_end(&j, '}');
}

/* ---- GeoJSON ---- */

typedef struct sized {
    const gf_app_water_view *view;
    const gf_app_water_design *design;
    const gf_app_water_answer *answer;
    const int32_t *pipe_of;
    gf_arena *arena;
    bool zh;
} sized;

static double inner_mm(const sized *s, uint32_t link)
{
    int32_t pipe = s->pipe_of[link];
    return pipe < 0 ? s->view->net->links[link].diameter_m * 1000 : s->view->sizes[s->design->option[pipe]].diameter_mm;
}

static void begin_feature(gf_json *j, const char *shape)
{
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "type", "Feature");
    gf_json_begin(j, "geometry", '{');
    gf_json_cstr(j, "type", shape);
}

static void node_feature(gf_json *j, const sized *s, uint32_t i)
{
    const gf_water_node *node = &s->view->net->nodes[i];
    begin_feature(j, "Point");
    gf_json_begin(j, "coordinates", '[');
    gf_json_real(j, NULL, s->view->nodes[i].lon, 7);
    gf_json_real(j, NULL, s->view->nodes[i].lat, 7);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    gf_json_begin(j, "properties", '{');
    gf_json_str(j, "id", node->id);
    gf_json_cstr(j, "kind", kind_of(node));
    real(j, "elevation_m", node->elevation_m, 3);
    real(j, "head_m", s->answer->head_m[i], 3);
    real(j, "pressure_m", s->answer->pressure_m[i], 3);
    gf_json_end(j, '}');
    gf_json_end(j, '}');
}

static void link_feature(gf_json *j, const sized *s, uint32_t i)
{
    const gf_water_link *link = &s->view->net->links[i];
    begin_feature(j, "LineString");
    gf_json_begin(j, "coordinates", '[');
    spot(j, &s->view->nodes[link->from]);
    for (uint32_t v = 0; v < link->vertex_count; v++)
        spot(j, &s->view->vertices[link->vertex_first + v]);
    spot(j, &s->view->nodes[link->to]);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    gf_json_begin(j, "properties", '{');
    gf_json_str(j, "id", link->id);
    gf_json_cstr(j, "kind", gf_water_link_kind_name(link->kind));
    real(j, "length_m", link->length_m, 3);
    real(j, "diameter_mm", inner_mm(s, i), 1);
    real(j, "flow_lps", s->answer->flow_m3s[i] * LITRES, 4);
    real(j, "velocity_ms", s->answer->velocity_ms[i], 3);
    real(j, "loss_m", s->answer->loss_m[i], 3);
    gf_json_end(j, '}');
    gf_json_end(j, '}');
}

static gf_status begin_sized(const gf_app_water_view *v, const gf_app_water_design *d, const gf_app_water_answer *a, gf_arena *scratch, sized *out,
                             gf_error *err)
{
    int32_t *pipe_of = gf_new(scratch, int32_t, v->net->link_count);
    if (!pipe_of)
        return gf_fail_memory(err);
    for (uint32_t i = 0; i < v->net->link_count; i++)
        pipe_of[i] = GF_WATER_NONE;
    for (uint32_t i = 0; i < v->brief->pipe_count; i++)
        pipe_of[v->brief->pipes[i].link] = (int32_t)i;
    *out = (sized){ v, d, a, pipe_of, scratch, false };
    return GF_OK;
}

gf_status gf_report_water_geojson(const gf_app_water_view *v, const gf_app_water_design *d, const gf_app_water_answer *a, gf_arena *scratch,
                                  gf_text *out, gf_error *err)
{
    gf_json j;
    sized s = { .arena = NULL };
    gf_status status = begin_sized(v, d, a, scratch, &s, err);
    if (status != GF_OK)
        return status;
    gf_json_init(&j, out);
    gf_json_begin(&j, NULL, '{');
    gf_json_cstr(&j, "type", "FeatureCollection");
    gf_json_begin(&j, "features", '[');
    for (uint32_t i = 0; i < v->net->node_count; i++)
        if (v->nodes[i].known)
            node_feature(&j, &s, i);
    for (uint32_t i = 0; i < v->net->link_count; i++)
        if (v->nodes[v->net->links[i].from].known && v->nodes[v->net->links[i].to].known)
            link_feature(&j, &s, i);
    gf_json_end(&j, ']');
    gf_json_end(&j, '}');
    return gf_text_done(out, err);
}

/* ---- Workbook ---- */

static gf_str number(const sized *s, double value, int decimals)
{
    char text[48];
    int len = isfinite(value) ? snprintf(text, sizeof text, "%.*f", decimals, value) : 0;
    return gf_str_copy(s->arena, (gf_str){ text, (size_t)len });
}

static gf_str fen(const sized *s, int64_t value)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%lld", (long long)value);
    return gf_str_copy(s->arena, (gf_str){ text, (size_t)len });
}

static gf_status pipe_sheet(const sized *s, gf_report_xlsx *book, gf_error *err)
{
    const gf_report_xlsx_column columns[] = { { s->zh ? GF_STR("管段") : GF_STR("Link"), GF_REPORT_TEXT, 12 },
                                              { s->zh ? GF_STR("起点") : GF_STR("From"), GF_REPORT_TEXT, 12 },
                                              { s->zh ? GF_STR("终点") : GF_STR("To"), GF_REPORT_TEXT, 12 },
                                              { s->zh ? GF_STR("长度（米）") : GF_STR("Length, m"), GF_REPORT_DECIMAL, 12 },
                                              { s->zh ? GF_STR("内径（毫米）") : GF_STR("Inner diameter, mm"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("单价（元/米）") : GF_STR("Price, CNY/m"), GF_REPORT_FEN, 14 },
                                              { s->zh ? GF_STR("流量（升/秒）") : GF_STR("Flow, L/s"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("流速（米/秒）") : GF_STR("Velocity, m/s"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("水头损失（米）") : GF_STR("Head loss, m"), GF_REPORT_DECIMAL, 14 } };
    gf_status status = gf_report_xlsx_head(book, s->zh ? GF_STR("管段") : GF_STR("Links"), columns, GF_COUNT(columns), err);
    for (uint32_t i = 0; status == GF_OK && i < s->view->net->link_count; i++) {
        const gf_water_link *link = &s->view->net->links[i];
        int32_t pipe = s->pipe_of[i];
        const gf_str cells[] = { link->id,
                                 s->view->net->nodes[link->from].id,
                                 s->view->net->nodes[link->to].id,
                                 number(s, link->length_m, 3),
                                 number(s, inner_mm(s, i), 1),
                                 pipe < 0 ? (gf_str){ "", 0 } : fen(s, s->view->sizes[s->design->option[pipe]].price_fen),
                                 number(s, s->answer->flow_m3s[i] * LITRES, 4),
                                 number(s, s->answer->velocity_ms[i], 3),
                                 number(s, s->answer->loss_m[i], 3) };
        status = gf_report_xlsx_row(book, cells, err);
    }
    return status;
}

static gf_status node_sheet(const sized *s, gf_report_xlsx *book, gf_error *err)
{
    const gf_report_xlsx_column columns[] = { { s->zh ? GF_STR("节点") : GF_STR("Node"), GF_REPORT_TEXT, 12 },
                                              { s->zh ? GF_STR("类别") : GF_STR("Kind"), GF_REPORT_TEXT, 12 },
                                              { s->zh ? GF_STR("地面高程（米）") : GF_STR("Ground, m"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("用水（升/秒）") : GF_STR("Demand, L/s"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("水头（米）") : GF_STR("Head, m"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("水压（米）") : GF_STR("Pressure, m"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("余量（米）") : GF_STR("Slack, m"), GF_REPORT_DECIMAL, 14 } };
    gf_status status = gf_report_xlsx_head(book, s->zh ? GF_STR("节点") : GF_STR("Nodes"), columns, GF_COUNT(columns), err);
    for (uint32_t i = 0; status == GF_OK && i < s->view->net->node_count; i++) {
        const gf_water_node *node = &s->view->net->nodes[i];
        const gf_str cells[] = { node->id,
                                 gf_str_of(kind_of(node)),
                                 number(s, node->elevation_m, 3),
                                 number(s, case_demand(s->view, i) * LITRES, 4),
                                 number(s, s->answer->head_m[i], 3),
                                 number(s, s->answer->pressure_m[i], 3),
                                 number(s, s->answer->slack_m[i], 3) };
        status = gf_report_xlsx_row(book, cells, err);
    }
    return status;
}

static gf_status bill_sheet(const sized *s, gf_report_xlsx *book, gf_error *err)
{
    const gf_report_xlsx_column columns[] = { { s->zh ? GF_STR("内径（毫米）") : GF_STR("Inner diameter, mm"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("段数") : GF_STR("Pipes"), GF_REPORT_WHOLE, 10 },
                                              { s->zh ? GF_STR("长度（米）") : GF_STR("Length, m"), GF_REPORT_DECIMAL, 14 },
                                              { s->zh ? GF_STR("单价（元/米）") : GF_STR("Price, CNY/m"), GF_REPORT_FEN, 14 },
                                              { s->zh ? GF_STR("金额（元）") : GF_STR("Cost, CNY"), GF_REPORT_FEN, 16 } };
    gf_status status = gf_report_xlsx_head(book, s->zh ? GF_STR("造价") : GF_STR("Cost"), columns, GF_COUNT(columns), err);
    for (size_t i = 0; status == GF_OK && i < s->answer->sum_count; i++) {
        const gf_app_water_sum *sum = &s->answer->sums[i];
        const gf_app_water_size *size = &s->view->sizes[sum->option];
        const gf_str cells[] = { number(s, size->diameter_mm, 1), fen(s, sum->pipes), number(s, (double)sum->length_mm / 1000, 3),
                                 fen(s, size->price_fen), fen(s, sum->cost_fen) };
        status = gf_report_xlsx_row(book, cells, err);
    }
    return status;
}

static gf_status fill(gf_report_xlsx *book, void *context, gf_error *err)
{
    gf_status status = pipe_sheet(context, book, err);
    if (status == GF_OK)
        status = node_sheet(context, book, err);
    return status == GF_OK ? bill_sheet(context, book, err) : status;
}

gf_status gf_report_water_xlsx(const gf_app_water_view *v, const gf_app_water_design *d, const gf_app_water_answer *a, gf_str lang, gf_arena *scratch,
                               gf_text *out, gf_error *err)
{
    sized s = { .arena = NULL };
    const gf_report_xlsx_options options = { .title = d->name, .as_of = d->made_on, .demo = gf_str_is(d->origin, "demo") };
    gf_status status = begin_sized(v, d, a, scratch, &s, err);
    s.zh = report_in_zh(lang);
    return status == GF_OK ? xlsx_into_text(&options, fill, &s, out, err) : status;
}
