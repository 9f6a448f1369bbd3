/* A network file solved over its hours: the table of results, the lowest pressure, and why taps run dry.
 */
#include "app/gf_app_water.h"
#include <math.h>
#include <string.h>

typedef struct watching {
    const gf_water_net *net;
    const gf_app_water_solve_options *options;
    gf_arena            *keep;
    gf_text             *table;
    gf_app_water_solved *out;
    gf_water_solver     *solver;
    double              *short_m;           /* by node: worst so far */
    gf_error            *err;
    gf_status            status;
} watching;

/* ---- The table ---- */

static const char *status_word(const gf_water_net *net, const gf_water_state *state, uint32_t link)
{
    gf_water_link_kind kind = net->links[link].kind;
    if (state->closed[link]) return "closed";
    return kind > GF_WATER_PUMP && !isnan(state->setting[link]) ? "active" : "open";
}

static void quoted(gf_text *out, gf_str id)
{
    bool plain = true;
    for (size_t i = 0; i < id.len; i++) plain &= !strchr(",\"\r\n", id.data[i]) || id.data[i] == '\0';
    if (plain) {
        gf_text_add(out, id);
        return;
    }
    gf_text_add_char(out, '"');
    for (size_t i = 0; i < id.len; i++) {
        if (id.data[i] == '"') gf_text_add_char(out, '"');
        gf_text_add_char(out, id.data[i]);
    }
    gf_text_add_char(out, '"');
}

/* Minus nothing is nothing. */
static double shown(double value, double unit) { return value == 0 ? 0 : value / unit; }

static void write_rows(const watching *w, int64_t time_s)
{
    gf_water_state state = gf_water_state_of(w->solver);
    const gf_water_units *u = &w->net->units;
    for (uint32_t i = 0; i < w->net->node_count; i++) {
        const gf_water_node *node = &w->net->nodes[i];
        double pressure = node->kind == GF_WATER_RESERVOIR ? 0 : state.head_m[i] - node->elevation_m;
        gf_text_format(w->table, "%lld,node,", (long long)time_s);
        quoted(w->table, node->id);
        gf_text_format(w->table, ",%.6f,%.6f,%.7f,,,,\n", shown(state.head_m[i], u->length_m), shown(pressure, u->length_m), shown(state.demand_m3s[i], u->flow_m3s));
    }
    for (uint32_t i = 0; i < w->net->link_count; i++) {
        const gf_water_link *link = &w->net->links[i];
        double loss = state.closed[i] ? 0 : state.head_m[link->from] - state.head_m[link->to];
        gf_text_format(w->table, "%lld,link,", (long long)time_s);
        quoted(w->table, link->id);
        gf_text_format(w->table, ",,,,%.7f,%.6f,%.6f,%s\n", shown(state.flow_m3s[i], u->flow_m3s), shown(gf_water_velocity_ms(w->solver, i), u->velocity_ms),
                       shown(loss, u->length_m), status_word(w->net, &state, i));
    }
}

/* ---- Dry taps ---- */

/* Where the node stands in the list of the driest, or a place for it; the list stays short and sorted. */
static gf_app_water_dry *place_for(gf_app_water_solved *out, uint32_t node, double short_m)
{
    size_t at = 0;
    while (at < out->dry_count && out->dry[at].why.node != node) at++;
    if (at == out->dry_count) {
        if (out->dry_count == GF_APP_WATER_PROBLEMS_MAX) {
            at = out->dry_count - 1;
            if (out->dry[at].why.short_m >= short_m) return NULL;
        } else {
            out->dry_count++;
        }
    }
    for (; at > 0 && out->dry[at - 1].why.short_m < short_m; at--) out->dry[at] = out->dry[at - 1];
    return &out->dry[at];
}

/* A junction that is drier than at any moment before is explained again, if it belongs among the driest. */
static void note_dry(watching *w, int64_t time_s)
{
    gf_water_state state = gf_water_state_of(w->solver);
    for (uint32_t i = 0; i < w->net->node_count && w->status == GF_OK; i++) {
        double missing = w->net->nodes[i].elevation_m - state.head_m[i];
        if (w->net->nodes[i].kind != GF_WATER_JUNCTION || !(gf_water_demand_m3s(w->solver, i) > 0) || !(missing > 1e-6) || missing <= w->short_m[i] + 0.01) continue;
        if (w->short_m[i] == 0) w->out->dry_all++;
        w->short_m[i] = missing;
        gf_water_shortage why;
        size_t least = w->out->dry_count;
        if (least == GF_APP_WATER_PROBLEMS_MAX && w->out->dry[least - 1].why.short_m >= missing) continue;
        w->status = gf_water_explain(w->solver, i, 0, w->keep, &why, w->err);
        gf_app_water_dry *place = w->status == GF_OK ? place_for(w->out, i, missing) : NULL;
        if (place) *place = (gf_app_water_dry){ .why = why, .time_s = time_s };
    }
}

static bool report(void *context, int64_t time_s, const gf_water_solver *solver)
{
    watching *w = context;
    (void)solver;
    if (w->table && time_s % 3600 == 0) write_rows(w, time_s);
    note_dry(w, time_s);
    return w->status == GF_OK && (!w->options->go_on || w->options->go_on(w->options->context, time_s, w->out->duration_s));
}

gf_status gf_app_water_solve(const gf_water_net *net, const gf_app_water_solve_options *options, gf_arena *keep, gf_text *table,
                             gf_app_water_solved *out, gf_error *err)
{
    gf_app_water_solved solved = { .duration_s = options->duration_s < 0 ? net->options.duration_s : options->duration_s };
    gf_error own;
    watching w = { .net = net, .options = options, .keep = keep, .table = table, .out = &solved, .err = err ? err : &own };
    gf_water_run_options run = { .duration_s = solved.duration_s, .report_step_s = 3600, .report = report, .context = &w };
    solved.dry = gf_new(keep, gf_app_water_dry, GF_APP_WATER_PROBLEMS_MAX);
    w.short_m = gf_new(keep, double, net->node_count);
    if (!solved.dry || !w.short_m) return gf_fail_memory(err);
    gf_status status = gf_water_solver_make(net, &(gf_water_solve_options){ .unfolded = true }, keep, &w.solver, w.err);
    if (status != GF_OK) return status;
    if (table) gf_text_add_c(table, "time_s,kind,id,head,pressure,demand,flow,velocity,headloss,status\n");
    status = gf_water_run(w.solver, &run, keep, &solved.run, w.err);
    if (w.status != GF_OK) status = w.status;
    *out = solved;
    return status;
}

/* ---- In words ---- */

void gf_app_water_remedy(const gf_water_net *net, const gf_water_shortage *why, bool english, gf_text *out)
{
    const gf_water_units *u = &net->units;
    const char *metre = u->metric ? "m" : "ft", *small = u->metric ? "mm" : "in";
    if (why->cut_off) {
        gf_text_add_c(out, english ? "No open way leads to a source: open a closed link, or connect it." : "没有任何开启的管路通向水源：打开关闭的管段，或接通它。");
        return;
    }
    if (why->static_m < 0) {
        double lift = -why->static_m / u->length_m;
        gf_text_format(out, english ? "The ground lies %.2f %s above the highest source: no pipe helps, raise the source or pump." : "地面比最高水源还高 %.2f %s：加大管径无用，须抬高水源或加压。", lift, metre);
        return;
    }
    if (!why->remedy_helps && why->remedy_factor > 0) {
        double factor = ceil(why->remedy_factor * 100) / 100;
        gf_text_format(out, english ? "No single pipe mends it: lay all %u pipes of the way %.2f times as wide." : "单独加大任何一段都不够：来水管路上的 %u 段管径都要加大到 %.2f 倍。",
                       why->link_count, factor);
        return;
    }
    if (!why->remedy_helps) {
        gf_text_add_c(out, english ? "No single pipe mends it: widen the whole way from the source, or raise the source." : "单独加大任何一段都不够：整条来水管路都要加大，或抬高水源。");
        return;
    }
    const gf_water_link *link = &net->links[why->remedy_link];
    double loss = 0;
    for (uint32_t i = 0; i < why->link_count; i++)
        if (why->links[i] == why->remedy_link) loss = why->loss_m[i];
    gf_text_format(out, english ? "Lay pipe %.*s at %.1f %s in place of %.1f %s: %.2f %s of head are lost there." : "把管段 %.*s 由 %.1f %s 加大到 %.1f %s：那里损失水头 %.2f %s。",
                   GF_STR_ARG(link->id), english ? why->remedy_diameter_m / u->diameter_m : link->diameter_m / u->diameter_m, small,
                   english ? link->diameter_m / u->diameter_m : why->remedy_diameter_m / u->diameter_m, small, loss / u->length_m, metre);
}
