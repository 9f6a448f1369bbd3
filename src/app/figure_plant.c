/* Figures of PV plants: energy, performance ratio, what a month earns.
 *
 *   energy.<plant>.<what>@<period>     kWh: generated, fed_in, self_use, expected, clear, left_out; a day, a month, a year, a span
 *   light.<plant>@<period>             kWh/m2 on the plane of the modules
 *   pr.<plant>@<month>                 percent; pr.<plant>.corrected@<month> as if the cells had been at their mean temperature
 *   earning.<plant>.<part>@<month>     yuan: energy times the tariff in force
 *
 * A figure is taken from the newest run; when its tree is opened it is worked out a second time, from the bytes of the readings.
 */
#include "app/figures.h"

#include "app/plant.h"

#include <math.h>
#include <string.h>

enum { RECOMPUTE_BYTES_MAX = 1 << 30, NODES_MAX = 62 };

typedef struct plant_ask {
    gf_str plant, what, period;
    gf_period span;
    record row;
    bool   surplus;
} plant_ask;

static gf_status fail_form(const figure_ask *ask, gf_error *err)
{
    return gf_fail(err, GF_ENOTFOUND, "figure.plant", "Write energy.<plant>.generated@2025-05, pr.<plant>@2025-05, earning.<plant>.feed_in@2025-05.", "there is no figure \"%.*s\"", GF_STR_ARG(gf_str_slice(ask->id, 0, 80)));
}

static size_t last_dot(gf_str text)
{
    size_t at = text.len;
    for (size_t i = 0; i < text.len; i++)
        at = text.data[i] == '.' ? i : at;
    return at;
}

/* "<plant>.<what>@<period>"; a plant's id may have dots of its own. `optional`: the part behind the last dot may be missing. */
static gf_status parse(const figure_ask *ask, const char *optional, plant_ask *out, gf_error *err)
{
    size_t at = gf_str_find(ask->rest, GF_STR("@"));
    gf_str head = gf_str_slice(ask->rest, 0, at);
    size_t dot = last_dot(head);
    *out = (plant_ask){ .plant = gf_str_slice(head, 0, dot), .what = gf_str_slice(head, dot + 1, head.len), .period = gf_str_slice(ask->rest, at + 1, ask->rest.len) };
    if (optional && !gf_str_is(out->what, optional)) {
        out->plant = head;
        out->what = (gf_str){ "", 0 };
    }
    if (at >= ask->rest.len || out->plant.len == 0)
        return fail_form(ask, err);
    gf_status status = gf_period_parse(out->period, &out->span, err);
    if (status == GF_OK)
        status = record_read(ask->app, "plants", out->plant, ask->keep, &out->row, err);
    out->surplus = status == GF_OK && plant_is_surplus(&out->row);
    return status;
}

static void begin(const figure_ask *ask, const plant_ask *p, const char *zh, const char *en, const char *unit, figure_answer *out)
{
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = figure_text(ask->keep, "%.*s · %s", GF_STR_ARG(record_value(&p->row, "name")), figure_zh(ask) ? zh : en), .unit = gf_str_of(unit), .period = p->period,
                           .origin = p->row.origin, .where = figure_place_name(ask->app, record_value(&p->row, "place"), ask->keep), .bound = GF_FIGURE_EXACT, .basis = GF_FIGURE_DERIVED };
    out->tree = figure_node(ask, "sum", figure->id, figure->label);
}

/* The files that the readings came in; the basis is never better than they are. */
static gf_status add_readings(const figure_ask *ask, const plant_ask *p, figure_answer *out, gf_error *err)
{
    gf_app_plant_batch *batches;
    size_t count, used = 0;
    gf_status status = plant_read_batches(ask->app, p->plant, ask->keep, &batches, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        if (!plant_batch_touches(&batches[i], p->span))
            continue;
        out->derived.figure.basis = gf_figure_weaker(out->derived.figure.basis, record_basis(ask->app, (gf_str){ "", 0 }, batches[i].document, p->row.origin));
        if (used++ < NODES_MAX)
            figure_child(out->tree, figure_document_node(ask, batches[i].document));
    }
    if (status == GF_OK && used == 0) {
        out->derived.figure.basis = GF_FIGURE_NONE;
        figure_child(out->tree, figure_node(ask, "none", (gf_str){ "", 0 }, figure_zh(ask) ? GF_STR("没有读数") : GF_STR("no readings")));
    }
    return status;
}

/* Another figure below: its value and its id, to be opened from there. */
static gf_status add_figure(const figure_ask *ask, gf_str id, gf_app_node *node, gf_error *err)
{
    figure_answer under;
    gf_status status = figure_open(ask->app, ask->reader, id, ask->lang, false, ask->keep, &under, err);
    gf_app_node *child = status == GF_OK ? figure_node(ask, "sum", id, under.derived.figure.label) : NULL;
    if (child && under.derived.figure.has_value)
        figure_node_value(child, under.derived.figure.value, under.derived.figure.unit, under.derived.figure.bound);
    figure_child(node, child);
    return status;
}

/* ---- Energy ---- */

typedef struct measure { const char *name, *zh, *en; size_t at; } measure;
#define OF(field) offsetof(gf_app_plant_day, field)
static const measure MEASURES[] = {
    { "generated", "发电量", "energy made", OF(generated_wh) },       { "fed_in", "上网电量", "energy fed into the grid", OF(fed_in_wh) },
    { "self_use", "自用电量", "energy used in the village", OF(self_use_wh) }, { "expected", "应发电量", "energy expected", OF(expected_wh) },
    { "clear", "晴空下可发电量", "energy under a clear sky", OF(clear_wh) },  { "left_out", "未采信读数的电量", "energy of readings not believed", OF(left_out_wh) },
};
static const measure LIGHT = { "", "组件面辐照量", "light on the modules", OF(light_wh_m2) };

static int64_t value_of(const gf_app_plant_day *d, const measure *m)
{
    int64_t value;
    memcpy(&value, (const char *)d + m->at, sizeof value);
    return value;
}

static const measure *measure_of(gf_str name)
{
    for (size_t i = 0; i < GF_COUNT(MEASURES); i++)
        if (gf_str_is(name, MEASURES[i].name))
            return &MEASURES[i];
    return NULL;
}

typedef struct total { int64_t wh; bool told, loose; } total;

static total sum_of(const gf_app_plant_day *days, size_t count, const measure *m)
{
    total t = { 0, false, false };
    for (size_t i = 0; i < count; i++) {
        int64_t value = value_of(&days[i], m);
        t.told = t.told || value >= 0;
        t.loose = t.loose || value < 0 || !plant_day_is_whole(&days[i]);
        t.wh += value > 0 ? value : 0;
    }
    return t;
}

static void set_value(const total *t, gf_figure *figure)
{
    figure->has_value = t->told && gf_decimal_make(t->wh, 3, &figure->value);
    figure->bound = t->loose ? GF_FIGURE_AT_LEAST : GF_FIGURE_EXACT;
}

/* Children: days of a month at most, else months. */
static void add_parts(const figure_ask *ask, const measure *m, const char *prefix, const gf_app_plant_day *days, size_t count, figure_answer *out)
{
    bool by_day = count <= 31;
    for (size_t i = 0, nodes = 0; out->tree && i < count && nodes < NODES_MAX; nodes++) {
        int year, month, mday, y, mo;
        size_t from = i;
        gf_day_split(days[i].day, &year, &month, &mday);
        for (i++; !by_day && i < count; i++) {
            gf_day_split(days[i].day, &y, &mo, &mday);
            if (y != year || mo != month)
                break;
        }
        gf_day_split(days[from].day, &year, &month, &mday);
        total t = sum_of(&days[from], i - from, m);
        gf_decimal value;
        gf_str span = by_day ? figure_text(ask->keep, "%04d-%02d-%02d", year, month, mday) : figure_text(ask->keep, "%04d-%02d", year, month);
        gf_app_node *node = figure_node(ask, "observation", figure_text(ask->keep, "%s@%.*s", prefix, GF_STR_ARG(span)), span);
        if (t.told && gf_decimal_make(t.wh, 3, &value))
            figure_node_value(node, value, out->derived.figure.unit, t.loose ? GF_FIGURE_AT_LEAST : GF_FIGURE_EXACT);
        if (count > 1)
            figure_child(out->tree, node);
    }
}

/* Again from the bytes of the readings, as the run did. */
static gf_status recompute(const figure_ask *ask, const plant_ask *p, const measure *m, figure_answer *out)
{
    gf_arena *arena = gf_arena_open(RECOMPUTE_BYTES_MAX), *scratch = gf_arena_open(RECOMPUTE_BYTES_MAX);
    gf_app_ground *ground = NULL;
    plant_open open;
    plant_work work = { .day_count = 0 };
    gf_app_plant run = { .at = 0 };
    gf_status status = arena && scratch ? plant_run_read(ask->app, p->plant, scratch, &run, NULL) : GF_ENOMEM;
    if (status == GF_OK && gf_str_is(run.horizon, "terrain"))
        status = gf_app_ground_open(ask->app, &ground, NULL);
    if (status == GF_OK)
        status = plant_open_description(ask->app, p->plant, ground, arena, &open, NULL);
    if (status == GF_OK)
        status = plant_open_readings(ask->app, arena, scratch, &open, NULL);
    if (status == GF_OK && open.series.count)
        status = plant_work_out(&open, arena, scratch, &work, NULL);
    size_t count = 0;
    for (size_t i = 0; status == GF_OK && i < work.day_count; i++)
        if (gf_period_has(p->span, work.days[i].day)) {
            work.days[count] = work.days[i];
            plant_share_out(&work.days[count++], p->surplus);
        }
    total t = sum_of(work.days, status == GF_OK ? count : 0, m);
    out->has_recomputed = status == GF_OK && t.told && gf_decimal_make(t.wh, 3, &out->recomputed);
    out->equal = !out->has_recomputed ? !out->derived.figure.has_value : gf_decimal_cmp(out->recomputed, out->derived.figure.value) == 0;
    gf_app_ground_close(ground);
    gf_arena_close(scratch);
    gf_arena_close(arena);
    return GF_OK;
}

static gf_status open_energy(const figure_ask *ask, const plant_ask *p, const measure *m, const char *unit, figure_answer *out, gf_error *err)
{
    gf_app_plant_day *days = NULL;
    size_t count = 0;
    gf_day last = p->span.last == INT32_MAX ? p->span.first + 366 : p->span.last;
    gf_status status = plant_days_read(ask->app, p->plant, p->span.first, last, p->surplus, ask->keep, &days, &count, err);
    if (status != GF_OK)
        return status;
    begin(ask, p, m->zh, m->en, unit, out);
    total t = sum_of(days, count, m);
    set_value(&t, &out->derived.figure);
    if (out->derived.figure.has_value)
        figure_node_value(out->tree, out->derived.figure.value, out->derived.figure.unit, out->derived.figure.bound);
    gf_str prefix = gf_str_slice(ask->id, 0, gf_str_find(ask->id, GF_STR("@")));
    add_parts(ask, m, figure_text(ask->keep, "%.*s", GF_STR_ARG(prefix)).data, days, count, out);
    status = add_readings(ask, p, out, err);
    if (status == GF_OK && ask->want_tree)
        status = recompute(ask, p, m, out);
    return status == GF_OK ? figure_add_input(ask, out, out->derived.figure.id, err) : status;
}

gf_status figure_energy(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    plant_ask p;
    gf_status status = parse(ask, NULL, &p, err);
    const measure *m = measure_of(p.what);
    if (status == GF_OK && !m)
        return fail_form(ask, err);
    return status == GF_OK ? open_energy(ask, &p, m, "kWh", out, err) : status;
}

gf_status figure_light(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    plant_ask p;
    gf_status status = parse(ask, "", &p, err);
    return status == GF_OK ? open_energy(ask, &p, &LIGHT, "kWh/m2", out, err) : status;
}

/* ---- Performance ratio ---- */

gf_status figure_performance(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    plant_ask p;
    int year, month, mday;
    gf_status status = parse(ask, "corrected", &p, err);
    if (status != GF_OK)
        return status;
    bool corrected = p.what.len > 0;
    begin(ask, &p, corrected ? "温度修正后性能比" : "性能比", corrected ? "performance ratio, corrected for temperature" : "performance ratio", "percent", out);
    if (out->tree)
        out->tree->node = "ratio";
    gf_day_split(p.span.first, &year, &month, &mday);
    int64_t ppm = -1;
    gf_stmt *stmt = gf_store_named(ask->app->store, "plant_months_of");
    gf_stmt_str(stmt, 1, p.plant);
    while (gf_stmt_row(stmt))
        if (gf_row_int(stmt, 0) == year * 100 + month)
            ppm = gf_row_int(stmt, corrected ? 2 : 1);
    gf_stmt_end(stmt);
    gf_figure *figure = &out->derived.figure;
    gf_decimal millionths, places;
    figure->has_value = ppm >= 0 && gf_decimal_make(ppm, 4, &millionths) && gf_decimal_make(1, 0, &places) && gf_decimal_div(millionths, places, 1, &figure->value);
    if (figure->has_value)
        figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    const gf_str under[] = { figure_text(ask->keep, "energy.%.*s.generated@%.*s", GF_STR_ARG(p.plant), GF_STR_ARG(p.period)),
                             figure_text(ask->keep, "light.%.*s@%.*s", GF_STR_ARG(p.plant), GF_STR_ARG(p.period)) };
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(under); i++)
        status = add_figure(ask, under[i], out->tree, err);
    if (status != GF_OK)
        return status;
    status = add_readings(ask, &p, out, err);
    return status == GF_OK ? figure_add_input(ask, out, figure->id, err) : status;
}

/* ---- Earnings ---- */

static bool part_of(gf_str name, gf_app_plant_part *out)
{
    for (int i = 0; i < GF_APP_PLANT_PARTS; i++)
        if (gf_str_is(name, gf_app_plant_part_name((gf_app_plant_part)i))) {
            *out = (gf_app_plant_part)i;
            return true;
        }
    return false;
}

static const char *const ENERGY_OF[GF_APP_PLANT_PARTS] = { "self_use", "fed_in", "generated" };

static gf_status add_energy(const figure_ask *ask, const plant_ask *p, gf_app_plant_part part, gf_app_node *node, gf_error *err)
{
    return add_figure(ask, figure_text(ask->keep, "energy.%.*s.%s@%.*s", GF_STR_ARG(p->plant), ENERGY_OF[part], GF_STR_ARG(p->period)), node, err);
}

static void add_tariffs(const figure_ask *ask, const gf_app_plant_tariff *tariffs, size_t count, gf_str part, gf_app_node *node)
{
    gf_decimal price;
    for (size_t i = 0; i < count; i++)
        if (gf_str_eq(tariffs[i].part, part) && gf_decimal_parse(tariffs[i].price, &price)) {
            gf_app_node *child = figure_node(ask, "observation", figure_text(ask->keep, "record.plant_tariffs.%.*s#price_yuan_kwh", GF_STR_ARG(tariffs[i].id)),
                                             figure_text(ask->keep, figure_zh(ask) ? "电价，%.*s 起" : "tariff from %.*s", GF_STR_ARG(tariffs[i].begins)));
            figure_node_value(child, price, GF_STR("CNY/kWh"), GF_FIGURE_EXACT);
            if (tariffs[i].document.len)
                figure_child(child, figure_document_node(ask, tariffs[i].document));
            figure_child(node, child);
        }
}

gf_status figure_earning(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    static const struct { const char *zh, *en; } LABELS[GF_APP_PLANT_PARTS] = { { "自用电费", "energy used in the village" }, { "上网电费", "energy fed into the grid" }, { "发电补贴", "subsidy" } };
    plant_ask p;
    gf_app_plant_part part;
    gf_app_plant_earning earned[GF_APP_PLANT_PARTS];
    gf_app_plant_tariff *tariffs;
    gf_app_plant_day *days;
    size_t tariff_count, day_count;
    int year, month, mday;
    gf_status status = parse(ask, NULL, &p, err);
    if (status == GF_OK && !part_of(p.what, &part))
        return fail_form(ask, err);
    if (status == GF_OK)
        status = plant_read_tariffs(ask->app, p.plant, ask->keep, &tariffs, &tariff_count, err);
    if (status == GF_OK)
        status = plant_days_read(ask->app, p.plant, p.span.first, p.span.last, p.surplus, ask->keep, &days, &day_count, err);
    if (status != GF_OK)
        return status;
    gf_day_split(p.span.first, &year, &month, &mday);
    status = plant_earn(ask->app, p.plant, tariffs, tariff_count, days, day_count, year, month, ask->keep, earned, err);
    if (status != GF_OK)
        return status;
    begin(ask, &p, LABELS[part].zh, LABELS[part].en, "CNY", out);
    gf_figure *figure = &out->derived.figure;
    figure->has_value = earned[part].priced;
    figure->value = gf_fen_to_yuan(earned[part].amount);
    figure->bound = earned[part].bound;
    if (figure->has_value)
        figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    status = add_energy(ask, &p, part, out->tree, err);
    add_tariffs(ask, tariffs, tariff_count, p.what, out->tree);
    if (status == GF_OK)
        status = add_readings(ask, &p, out, err);
    return status == GF_OK ? figure_add_input(ask, out, figure->id, err) : status;
}

/* ---- Under an entry ---- */

/* "solar/<plant>/<month>/<part>", and what may follow. */
gf_status figure_add_settlement(const figure_ask *ask, gf_str key, gf_app_node *node, gf_error *err)
{
    gf_str rest = key, head, plant, month, part_name;
    gf_app_plant_part part;
    if (!node || !gf_str_cut(&rest, '/', &head) || !gf_str_is(head, "solar") || !gf_str_cut(&rest, '/', &plant) || !gf_str_cut(&rest, '/', &month) || !gf_str_cut(&rest, '/', &part_name) ||
        !part_of(part_name, &part) || access_require_record(ask->app, ask->reader, gf_register_find(GF_STR("plants")), plant, ask->keep, NULL) != GF_OK)
        return GF_OK;
    const plant_ask p = { .plant = plant, .period = month };
    return add_energy(ask, &p, part, node, err);
}
