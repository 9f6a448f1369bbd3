/* Networks that were read are solved for three moments with few turns: settled with water that adds up, or refused. Whatever the
 * numbers of the file are, no flow or head of a settled moment is none. */
#include "water/gf_water_solve.h"

#include <math.h>
#include <stdlib.h>

enum { MOMENTS_MAX = 3, TURNS_MAX = 30, NODES_MAX = 200 };

static void need(bool holds)
{
    if (!holds)
        abort();
}

static bool look(void *context, int64_t time_s, const gf_water_solver *solver)
{
    (void)solver, (void)time_s;
    return ++*(int *)context < MOMENTS_MAX;
}

static void solve(const gf_water_net *net, bool unfolded, gf_arena *arena)
{
    gf_error err = { .status = GF_OK };
    gf_water_solver *solver = NULL;
    gf_water_quality quality;
    gf_water_run_result result;
    gf_water_shortage why;
    int moments = 0;
    gf_status status = gf_water_solver_make(net, &(gf_water_solve_options){ .iterations_max = TURNS_MAX, .unfolded = unfolded }, arena, &solver, &err);
    if (status != GF_OK) {
        need(err.what[0] && solver == NULL);
        return;
    }
    status = gf_water_solve(solver, &quality, &err);
    need(status == GF_OK ? quality.converged && quality.mass_error <= 1e-6 : status == GF_EUNSOLVED && err.what[0]);
    for (uint32_t i = 0; status == GF_OK && i < net->node_count; i++)
        need(isfinite(gf_water_state_of(solver).head_m[i]));
    for (uint32_t i = 0; status == GF_OK && i < net->link_count; i++)
        need(isfinite(gf_water_state_of(solver).flow_m3s[i]) && isfinite(gf_water_velocity_ms(solver, i)));
    if (status == GF_OK && net->nodes[0].kind == GF_WATER_JUNCTION)
        (void)gf_water_explain(solver, 0, 10, arena, &why, NULL);
    (void)gf_water_run(solver, &(gf_water_run_options){ .duration_s = 86400, .report = look, .context = &moments }, arena, &result, NULL);
    need(!result.converged || result.mass_error <= 1e-6);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(256 * GF_MIB);
    gf_water_net net;
    need(arena != NULL);
    if (gf_water_inp_parse((gf_str){ (const char *)bytes, len }, "f.inp", arena, &net, NULL, NULL, NULL) == GF_OK && net.node_count <= NODES_MAX) {
        net.options.unbalanced_extra = net.options.unbalanced_extra < TURNS_MAX ? net.options.unbalanced_extra : TURNS_MAX;
        solve(&net, false, arena);
        solve(&net, true, arena);
    }
    gf_arena_close(arena);
    return 0;
}
