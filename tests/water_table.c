/* water_table FILE.inp…: heads, demands and flows against NAME.ref.tsv beside the file. Each row of it is one check: a head
 * within 0.01 m; a demand or flow within 0.1 % or 0.01 L/s. Rows: "N time_s node head demand", "L time_s link flow", in the
 * units of the network file. Where closed links cut nodes without any demand off from every source, no head is defined: such
 * heads are counted and told, not compared. Last line: N passed, N failed.
 */
#include "water/gf_water_solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double HEAD_M = 0.01, FLOW_SHARE = 0.001, FLOW_M3S = 0.01e-3;
enum { TOLD_MAX = 10 };

typedef struct row { char kind; int64_t time_s; gf_str id; double head, flow; bool seen; } row;
typedef struct table { const char *name; const gf_water_net *net; row *rows; size_t count, passed, failed, told, undefined; int32_t *index;
    uint32_t *group; bool *defined; } table;      /* by node: its group of open ways; by group: whether anything fixes its heads */

static bool read_all(gf_arena *arena, const char *path, gf_str *out)
{
    FILE *file = fopen(path, "rb");
    gf_text text;
    char part[65536];
    gf_text_init(&text, arena);
    for (size_t got; file && (got = fread(part, 1, sizeof part, file)) > 0;) gf_text_add(&text, (gf_str){ part, got });
    bool done = file && !ferror(file);
    if (file) (void)fclose(file);
    *out = gf_text_str(&text);
    return done && gf_text_done(&text, NULL) == GF_OK;
}

static bool take_row(gf_str line, row *out)
{
    gf_str piece[5] = { { 0 } };
    size_t count = 0;
    while (count < 5 && gf_str_cut(&line, '\t', &piece[count])) count++;
    if (count < 4 || piece[0].len != 1 || !strchr("NL", piece[0].data[0])) return false;
    *out = (row){ .kind = piece[0].data[0], .id = piece[2] };
    bool node = out->kind == 'N';
    if (!gf_str_to_int(piece[1], &out->time_s) || (node && count < 5)) return false;
    out->head = node ? strtod(piece[3].data, NULL) : 0;
    out->flow = strtod(piece[node ? 4 : 3].data, NULL);
    return true;
}

static bool read_rows(gf_arena *arena, gf_str text, table *t)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++) lines += text.data[i] == '\n';
    t->rows = gf_new(arena, row, lines);
    t->index = gf_new(arena, int32_t, lines);
    if (!t->rows || !t->index) return false;
    for (gf_str line; gf_str_cut(&text, '\n', &line);)
        if (take_row(line, &t->rows[t->count])) t->count++;
    size_t period = 0;          /* rows come in the same order at each time: a name is looked up once */
    for (size_t i = 0; i < t->count; i++) {
        if (period == 0 && t->rows[i].time_s != t->rows[0].time_s) period = i;
        const row *r = &t->rows[i];
        bool known = period > 0 && gf_str_eq(t->rows[i - period].id, r->id) && t->rows[i - period].kind == r->kind;
        t->index[i] = known ? t->index[i - period] : r->kind == 'N' ? gf_water_find_node(t->net, r->id) : gf_water_find_link(t->net, r->id);
    }
    return t->count > 0;
}

static void judge(table *t, size_t i, const char *what, double got, double want, double tolerance)
{
    bool good = fabs(got - want) <= tolerance;      /* written so that NAN fails */
    if (good) t->passed++;
    else t->failed++;
    if (!good && t->told++ < TOLD_MAX)
        printf("%s: %c %.*s at %lld s: %s is %.6g, not %.6g\n", t->name, t->rows[i].kind, GF_STR_ARG(t->rows[i].id), (long long)t->rows[i].time_s,
               what, got, want);
}

static uint32_t root_of(uint32_t *group, uint32_t node)
{
    while (group[node] != node) node = group[node] = group[group[node]];
    return node;
}

/* A head is defined where an open way leads to a source, or where water is asked for: then the network has no answer at all, or
 * one that the leak of closed links makes. */
static void find_defined(table *t, const gf_water_state *state)
{
    const gf_water_net *net = t->net;
    for (uint32_t i = 0; i < net->node_count; i++) t->group[i] = i, t->defined[i] = false;
    for (uint32_t i = 0; i < net->link_count; i++)
        if (!state->closed[i]) t->group[root_of(t->group, net->links[i].from)] = root_of(t->group, net->links[i].to);
    for (uint32_t i = 0; i < net->node_count; i++)
        if (net->nodes[i].kind != GF_WATER_JUNCTION || state->demand_m3s[i] != 0) t->defined[root_of(t->group, i)] = true;
}

static void judge_head(table *t, size_t i, double got, double want)
{
    if (t->defined[root_of(t->group, (uint32_t)t->index[i])]) judge(t, i, "head (m)", got, want, HEAD_M);
    else t->undefined++;
}

static double flow_tolerance(double want) { return fmax(FLOW_M3S, FLOW_SHARE * fabs(want)) + 1e-9; }

static bool compare(void *context, int64_t time_s, const gf_water_solver *solver)
{
    table *t = context;
    gf_water_state state = gf_water_state_of(solver);
    const gf_water_units *u = &t->net->units;
    find_defined(t, &state);
    for (size_t i = 0; i < t->count; i++) {
        row *r = &t->rows[i];
        if (r->time_s != time_s || t->index[i] < 0) continue;   /* a name that is not there stays unseen, and fails */
        r->seen = true;
        if (r->kind == 'N') judge_head(t, i, state.head_m[t->index[i]], r->head * u->length_m);
        double want = r->flow * u->flow_m3s;
        judge(t, i, r->kind == 'N' ? "demand (m3/s)" : "flow (m3/s)", r->kind == 'N' ? state.demand_m3s[t->index[i]] : state.flow_m3s[t->index[i]],
              want, flow_tolerance(want));
    }
    return true;
}

static gf_status run_table(gf_arena *arena, gf_str inp, gf_str tsv, table *t, gf_error *err)
{
    gf_water_net net;
    gf_status status = gf_water_inp_parse(inp, t->name, arena, &net, NULL, NULL, err);
    gf_water_solver *solver = NULL;
    gf_water_run_result result;
    t->net = &net;
    if (status == GF_OK) status = gf_water_solver_make(&net, &(gf_water_solve_options){ .unfolded = true, .unmended = true }, arena, &solver, err);
    if (status != GF_OK) return status;
    t->group = gf_new(arena, uint32_t, net.node_count);
    t->defined = gf_new(arena, bool, net.node_count);
    if (!t->group || !t->defined) return gf_fail_memory(err);
    if (!read_rows(arena, tsv, t)) return gf_fail(err, GF_EINPUT, "table.empty", "", "%s: the table has no rows", t->name);
    gf_water_run_options options = { .duration_s = -1, .report_step_s = 3600, .report = compare, .context = t };
    status = gf_water_run(solver, &options, arena, &result, err);
    for (size_t i = 0; i < t->count; i++) t->failed += !t->rows[i].seen;
    return status == GF_EUNSOLVED ? GF_OK : status;
}

int main(int argc, char **argv)
{
    size_t passed = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        gf_arena *arena = gf_arena_open((size_t)2 << 30);
        const char *slash = strrchr(argv[i], '/');
        table t = { .name = slash ? slash + 1 : argv[i] };
        gf_str inp, tsv;
        gf_error err = { 0 };
        gf_text beside;
        gf_text_init(&beside, arena);
        gf_text_add(&beside, (gf_str){ argv[i], strlen(argv[i]) - (gf_str_ends(gf_str_of(argv[i]), GF_STR(".inp")) ? 4 : 0) });
        gf_text_add_c(&beside, ".ref.tsv");
        if (!read_all(arena, argv[i], &inp) || !read_all(arena, gf_text_str(&beside).data, &tsv)) {
            printf("%s: the file or its table %s cannot be read\n", t.name, gf_text_str(&beside).data);
            t.failed++;
        } else if (run_table(arena, inp, tsv, &t, &err) != GF_OK) {
            printf("%s: %s: %s\n", t.name, err.where, err.what);
            t.failed++;
        }
        if (t.undefined > 0) printf("%s: %zu heads not compared: closed links cut them off, and no head is defined there\n", t.name, t.undefined);
        printf("%s: %zu of %zu\n", t.name, t.passed, t.passed + t.failed);
        passed += t.passed;
        failed += t.failed;
        gf_arena_close(arena);
    }
    printf("%zu passed, %zu failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
