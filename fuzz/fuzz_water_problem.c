/* Problems of sizing, as JSON over one small network: refused with a sentence, or sized with little work into a design that
 * keeps what it says: its cost is the sum of its sizes, the bound is not above it, the checker finds it as told. */
#include "app/gf_app_water.h"

#include <math.h>
#include <stdlib.h>

static void need(bool holds)
{
    if (!holds)
        abort();
}

static const char NETWORK[] = "[JUNCTIONS]\nA 0 3\nB 5 2\nC 8 1\nD 2 1\n[RESERVOIRS]\nR 50\nS 0\n[TANKS]\nT 40 2 0 4 8 0\n[PIPES]\nP1 R A 400 100 130\nP2 A B 300 100 130\n"
                              "P3 B C 250 80 130\nP4 C A 350 80 130\nP5 B D 100 60 130\nP6 T C 200 100 130\n[PUMPS]\nU S A POWER 2\n[OPTIONS]\nUNITS LPS\n[END]\n";

static void check_answer(const gf_water_brief *b, const gf_water_sizing *z, gf_arena *arena)
{
    double cost;
    gf_water_size_slack worst;
    for (uint32_t i = 0; i < b->pipe_count; i++)
        need(z->option[i] < b->option_count);
    for (uint32_t i = 0; i < b->gear_count; i++)
        need(z->gear[i] < b->gears[i].count);
    if (!z->feasible)
        return;
    need(gf_water_size_check(b, z->option, z->gear, arena, &cost, &worst, NULL) == GF_OK);
    need(cost == z->cost && worst.slack >= 0 && z->lower_bound <= z->cost);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(256 * GF_MIB);
    gf_error err = { .status = GF_OK };
    gf_water_net net;
    gf_app_water_problem problem = { 0 };
    gf_water_brief brief;
    gf_water_sizing sizing;
    need(arena && gf_water_inp_parse(GF_STR(NETWORK), "net.inp", arena, &net, NULL, NULL, NULL) == GF_OK);
    gf_status status = gf_app_water_problem_parse((gf_str){ (const char *)bytes, len }, "f.json", arena, &problem, &err);
    if (status == GF_OK)
        status = gf_app_water_brief(&problem, &net, arena, &brief, &err);
    if (status == GF_OK)
        status = gf_water_size(&brief, &(gf_water_size_options){ .work = 40, .seed = 1, .threads = 1, .bound = true }, arena, &sizing, &err);
    if (status == GF_OK)
        check_answer(&brief, &sizing, arena);
    else
        need(err.status == status && err.what[0] && gf_utf8_valid(gf_str_of(err.what), NULL));
    gf_app_water_problem_close(&problem);
    gf_arena_close(arena);
    return 0;
}
