/* Water networks in the books, opened: text and brief out of the documents, solvers made ready, sizes read and written.
 *
 * An opened network of 40 pipes takes some 200 kB and is made in about a millisecond; who asks often keeps it (api/water.c).
 */
#include "app/water_net.h"
#include "app/village_books.h"

#include "app/land.h"
#include "geo/gf_geo.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t OPEN_BYTES_MAX = (size_t)256 << 20;
static const double FEN_SLIP = 1e-6; /* a price of 0.07 is 7 fen, whatever a double makes of it */

/* ---- Documents ---- */

/* Failures name the document by its id, which stands in the network's record: its title may be of a paper that the asker does
 * not see. */
gf_status water_read_document(gf_app *app, gf_str id, gf_arena *arena, gf_str *bytes, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "water_blob");
    gf_stmt_str(stmt, 1, id);
    bool found = gf_stmt_row(stmt);
    if (found)
        *bytes = gf_row_copy(stmt, 0, arena);
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status != GF_OK)
        return status;
    if (!found)
        return gf_fail(err, GF_EINPUT, "water.file", "Upload the file into its document record.", "the document \"%.*s\" has no content here",
                       GF_STR_ARG(gf_str_slice(id, 0, 80)));
    if (bytes->len > GF_APP_WATER_FILE_BYTES_MAX)
        return gf_fail(err, GF_ELIMIT, "water.file", "Use gongfu water on the command line for networks of this size.",
                       "the document \"%.*s\" is larger than 4 MiB", GF_STR_ARG(gf_str_slice(id, 0, 80)));
    return GF_OK;
}

static gf_str hash_of(gf_app *app, gf_str document, gf_arena *keep)
{
    gf_stmt *stmt = gf_store_named(app->store, "water_document_hash");
    gf_stmt_str(stmt, 1, document);
    gf_str hash = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, keep) : (gf_str){ "", 0 };
    gf_stmt_end(stmt);
    return hash;
}

gf_status gf_app_water_key(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, gf_str *out, gf_error *err)
{
    gf_app_record rec;
    record network;
    gf_text key;
    gf_status status = gf_app_record_get(app, actor, gf_register_find(GF_STR("water_networks")), id, keep, &rec, err);
    if (status == GF_OK)
        status = record_read(app, "water_networks", id, keep, &network, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&key, keep);
    gf_text_format(&key, "%.*s %.*s ", GF_STR_ARG(id), GF_STR_ARG(gf_app_record_version(&rec)));
    gf_text_add(&key, hash_of(app, record_value(&network, "network"), keep));
    gf_text_add_char(&key, ' ');
    gf_text_add(&key, hash_of(app, record_value(&network, "problem"), keep));
    *out = gf_text_str(&key);
    status = gf_text_done(&key, err);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

/* ---- Places ---- */

/* Coordinates of the file in degrees; the file's places stay unknown where none are told. */
static gf_status place(gf_app_water_open *o, gf_str crs, gf_error *err)
{
    const gf_water_net *net = &o->net;
    size_t count = 0, all = (size_t)net->node_count + net->vertex_count;
    gf_geo_point *points = gf_new(o->arena, gf_geo_point, all + 1);
    o->nodes = gf_new(o->arena, gf_app_water_spot, net->node_count + 1);
    o->vertices = gf_new(o->arena, gf_app_water_spot, net->vertex_count + 1);
    if (!points || !o->nodes || !o->vertices)
        return gf_fail_memory(err);
    if (crs.len == 0)
        return GF_OK;
    for (uint32_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].placed)
            points[count++] = (gf_geo_point){ net->nodes[i].x, net->nodes[i].y };
    for (uint32_t i = 0; i < net->vertex_count; i++)
        points[count++] = (gf_geo_point){ net->vertices[i].x, net->vertices[i].y };
    int epsg;
    gf_geo *geo = NULL;
    gf_status status = gf_geo_parse(crs, &epsg, err);
    if (status == GF_OK)
        status = gf_geo_open(epsg, GF_GEO_WGS84, &geo, err);
    if (status == GF_OK)
        status = gf_geo_forward(geo, points, count, err);
    gf_geo_close(geo);
    if (status != GF_OK)
        return status;
    count = 0;
    for (uint32_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].placed) {
            o->nodes[i] = (gf_app_water_spot){ true, points[count].x, points[count].y };
            count++;
        }
    for (uint32_t i = 0; i < net->vertex_count; i++, count++)
        o->vertices[i] = (gf_app_water_spot){ true, points[count].x, points[count].y };
    return GF_OK;
}

/* ---- Prices ---- */

static gf_status price(gf_app_water_open *o, gf_error *err)
{
    o->sizes = gf_new(o->arena, gf_app_water_size, o->brief.option_count);
    if (!o->sizes)
        return gf_fail_memory(err);
    if (!gf_str_is(o->problem.currency, "CNY") || !gf_str_is(o->problem.length_unit, "m"))
        return gf_fail(err, GF_EINPUT, "water.price", "Write \"currency\": \"CNY\" and \"length_unit\": \"m\".",
                       "the brief counts in %.*s and %.*s: the books count in yuan and metres", GF_STR_ARG(gf_str_slice(o->problem.currency, 0, 8)),
                       GF_STR_ARG(gf_str_slice(o->problem.length_unit, 0, 8)));
    for (uint32_t i = 0; i < o->brief.option_count; i++) {
        gf_app_water_size *size = &o->sizes[i];
        char text[32];
        double fen = o->brief.options[i].unit_cost * 100;
        size->diameter_mm = o->brief.options[i].diameter_m * 1000;
        size->price_fen = (int64_t)(fen + 0.5);
        int len = snprintf(text, sizeof text, "%.9g", size->diameter_mm);
        size->text = gf_str_copy(o->arena, (gf_str){ text, (size_t)len });
        if (fabs(fen - (double)size->price_fen) > FEN_SLIP)
            return gf_fail(err, GF_EINPUT, "water.price", "Give prices with at most two decimals.", "size %s: a metre costs a part of a fen", text);
    }
    return GF_OK;
}

/* ---- Solvers, one for each case ---- */

static gf_status make_solvers(gf_app_water_open *o, gf_error *err)
{
    const gf_water_solve_options options = { .accuracy = 1e-9, .iterations_max = 500, .may_vanish = o->may_vanish };
    o->solvers = gf_new(o->arena, gf_water_solver *, o->brief.case_count);
    if (!o->solvers)
        return gf_fail_memory(err);
    for (uint32_t c = 0; c < o->brief.case_count; c++) {
        gf_status status = gf_water_solver_make(&o->net, &options, o->arena, &o->solvers[c], err);
        if (status != GF_OK)
            return status;
        const double *demand = o->brief.cases[c].demand_m3s;
        for (uint32_t i = 0; demand && i < o->net.node_count; i++)
            if (o->net.nodes[i].kind == GF_WATER_JUNCTION)
                gf_water_set_demand(o->solvers[c], i, demand[i]);
    }
    return GF_OK;
}

static gf_status index_pipes(gf_app_water_open *o, gf_error *err)
{
    o->pipe_of = gf_new(o->arena, int32_t, o->net.link_count);
    o->may_vanish = gf_new(o->arena, uint8_t, o->net.link_count);
    if (!o->pipe_of || !o->may_vanish)
        return gf_fail_memory(err);
    for (uint32_t i = 0; i < o->net.link_count; i++)
        o->pipe_of[i] = GF_WATER_NONE;
    for (uint32_t i = 0; i < o->brief.pipe_count; i++) {
        const gf_water_size_pipe *pipe = &o->brief.pipes[i];
        o->pipe_of[pipe->link] = (int32_t)i;
        o->may_vanish[pipe->link] = pipe->option_count > 0 && !(o->brief.options[pipe->options[0]].diameter_m > 0);
    }
    return GF_OK;
}

/* ---- Open ---- */

static gf_status open_files(gf_app *app, const record *network, gf_app_water_open *o, gf_error *err)
{
    gf_str bytes, file = record_value(network, "network"), brief = record_value(network, "problem");
    gf_status status = water_read_document(app, file, o->arena, &bytes, err);
    if (status == GF_OK)
        status = gf_water_inp_parse(bytes, gf_str_cstr(o->arena, file), o->arena, &o->net, NULL, NULL, err);
    if (status == GF_OK && o->net.link_count > GF_APP_WATER_LINKS_MAX)
        return gf_fail(err, GF_ELIMIT, "water.large", "Use gongfu water on the command line for networks of this size.",
                       "the network has %u links, more than 2,000", o->net.link_count);
    if (status == GF_OK)
        status = water_read_document(app, brief, o->arena, &bytes, err);
    if (status == GF_OK && village_is_design(bytes))
        return gf_fail(err, GF_EINPUT, "water.designed", "Open it on the page of village designs.", "the network was designed from a village: it has a bill, not a brief");
    if (status == GF_OK)
        status = gf_app_water_problem_parse(bytes, gf_str_cstr(o->arena, brief), o->arena, &o->problem, err);
    if (status == GF_OK)
        status = gf_app_water_brief(&o->problem, &o->net, o->arena, &o->brief, err);
    if (status == GF_OK && o->brief.gear_count > 0)
        return gf_fail(err, GF_EINPUT, "water.gears", "Use gongfu water size on the command line for this brief.",
                       "the brief also chooses pumps or levels, which a page cannot");
    return status;
}

gf_status gf_app_water_open_net(gf_app *app, gf_str id, gf_app_water_open **out, gf_error *err)
{
    record network;
    gf_app_water_open *o = calloc(1, sizeof *o);
    gf_status status = o && (o->arena = gf_arena_open(OPEN_BYTES_MAX)) ? GF_OK : gf_fail_memory(err);
    if (status == GF_OK)
        status = record_read(app, "water_networks", id, o->arena, &network, err);
    if (status == GF_OK) {
        o->id = gf_str_copy(o->arena, id);
        status = open_files(app, &network, o, err);
    }
    if (status == GF_OK)
        status = place(o, record_value(&network, "crs"), err);
    if (status == GF_OK)
        status = price(o, err);
    if (status == GF_OK)
        status = index_pipes(o, err);
    if (status == GF_OK)
        status = make_solvers(o, err);
    if (status == GF_OK)
        *out = o;
    else
        gf_app_water_close_net(o);
    return status;
}

void gf_app_water_close_net(gf_app_water_open *o)
{
    if (!o)
        return;
    gf_app_water_problem_close(&o->problem);
    gf_arena_close(o->arena);
    free(o);
}

size_t gf_app_water_bytes(const gf_app_water_open *o) { return gf_arena_used(o->arena); }
gf_str gf_app_water_network_id(const gf_app_water_open *o) { return o->id; }
const gf_water_net *gf_app_water_net_of(const gf_app_water_open *o) { return &o->net; }

/* ---- Sizes as text ---- */

static gf_status bad_sizes(gf_error *err, const char *what, const char *name)
{
    return gf_fail(err, GF_EINPUT, "water.sizes", "Write every pipe of the brief once, under its size: {\"110.2\":[\"p1\"]}.", "sizes: %s \"%.60s\"",
                   what, name);
}

static bool find_size(const gf_app_water_open *o, const char *text, uint16_t *out)
{
    char *end;
    double mm = strtod(text, &end);
    for (uint32_t i = 0; *end == '\0' && i < o->brief.option_count; i++)
        if (fabs(o->sizes[i].diameter_mm - mm) <= 1e-6 * (1 + mm)) {
            *out = (uint16_t)i;
            return true;
        }
    return false;
}

static bool allows(const gf_water_size_pipe *pipe, uint16_t option)
{
    for (uint32_t i = 0; i < pipe->option_count; i++)
        if (pipe->options[i] == option)
            return true;
    return false;
}

static gf_status take_pipe(const gf_app_water_open *o, json_t *item, uint16_t size, uint16_t *option, uint32_t *taken, gf_error *err)
{
    const char *name = json_is_string(item) ? json_string_value(item) : "";
    int32_t link = gf_water_find_link(&o->net, gf_str_of(name)), pipe = link < 0 ? GF_WATER_NONE : o->pipe_of[link];
    if (pipe < 0)
        return bad_sizes(err, "no such pipe in the brief", name);
    if (option[pipe] != UINT16_MAX)
        return bad_sizes(err, "twice the pipe", name);
    if (!allows(&o->brief.pipes[pipe], size))
        return bad_sizes(err, "that size is not allowed for the pipe", name);
    option[pipe] = size;
    ++*taken;
    return GF_OK;
}

gf_status gf_app_water_sizes_parse(const gf_app_water_open *o, gf_str text, gf_arena *keep, uint16_t **out, gf_error *err)
{
    json_error_t where;
    json_t *json = json_loadb(text.data ? text.data : "", text.len, JSON_REJECT_DUPLICATES, &where), *list, *item;
    uint16_t *option = gf_new(keep, uint16_t, o->brief.pipe_count);
    gf_status status = option ? GF_OK : gf_fail_memory(err);
    const char *key;
    uint32_t taken = 0;
    size_t i;
    for (uint32_t p = 0; option && p < o->brief.pipe_count; p++)
        option[p] = UINT16_MAX;
    if (status == GF_OK && !json_is_object(json))
        status = bad_sizes(err, json ? "no object" : where.text, "");
    json_object_foreach(json, key, list)
    {
        uint16_t size = 0;
        if (status == GF_OK && (!json_is_array(list) || !find_size(o, key, &size)))
            status = bad_sizes(err, "no such size in the catalogue", key);
        json_array_foreach(list, i, item) if (status == GF_OK) status = take_pipe(o, item, size, option, &taken, err);
    }
    json_decref(json);
    for (uint32_t p = 0; status == GF_OK && taken < o->brief.pipe_count && p < o->brief.pipe_count; p++)
        if (option[p] == UINT16_MAX)
            status = bad_sizes(err, "no size for the pipe", gf_str_cstr(keep, o->net.links[o->brief.pipes[p].link].id));
    if (status == GF_OK)
        *out = option;
    return status;
}

void gf_app_water_sizes_write(const gf_app_water_open *o, const uint16_t *option, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    for (uint32_t s = 0; s < o->brief.option_count; s++) {
        bool any = false;
        for (uint32_t i = 0; i < o->brief.pipe_count; i++) {
            if (option[i] != s)
                continue;
            if (!any)
                gf_json_begin(&json, o->sizes[s].text.data, '[');
            any = true;
            gf_json_str(&json, NULL, o->net.links[o->brief.pipes[i].link].id);
        }
        if (any)
            gf_json_end(&json, ']');
    }
    gf_json_end(&json, '}');
}

/* ---- Out ---- */

gf_status gf_app_water_inp(const gf_app_water_open *o, const uint16_t *option, gf_arena *keep, gf_text *out, gf_error *err)
{
    uint16_t *copy = gf_new(keep, uint16_t, o->brief.pipe_count);
    gf_water_net net;
    if (!copy)
        return gf_fail_memory(err);
    memcpy(copy, option, o->brief.pipe_count * sizeof *copy);
    const gf_water_sizing sizing = { .option = copy };
    gf_status status = gf_app_water_sized(&o->brief, &sizing, keep, &net, err);
    if (status != GF_OK)
        return status;
    gf_water_inp_write(&net, out);
    return gf_text_done(out, err);
}
