/* Villages, as JSON over a small hill: refused with a sentence, or designed with little work into a plan that keeps what it says:
 * a chosen design among them, every pipe of it between two of its nodes and sized, every line of its bill quantity by price, the total their sum. */
#include "app/gf_app_village.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE = 24 };

static void need(bool holds)
{
    if (!holds)
        abort();
}

/* A slope to the south-east with a ridge, 20 m cells, one void. */
static void make_hill(float *heights)
{
    for (int i = 0; i < SIDE * SIDE; i++) {
        const int row = i / SIDE, column = i % SIDE;
        heights[i] = (float)(300 - 4 * row - 2 * column + (column == 12 ? 15 : 0));
    }
    heights[SIDE * 3 + 20] = NAN;
}

static void check_bill(const gf_village_design *d)
{
    gf_fen works = 0;
    for (size_t i = 0; i < d->bill.count; i++) {
        const gf_village_item *item = &d->bill.items[i];
        need(item->quantity_milli >= 0 && fabs((double)item->quantity_milli * (double)item->price / 1000 - (double)item->total) < 1);
        works += item->total;
    }
    need(works == d->bill.works && d->bill.works + d->bill.contingency == d->bill.total);
}

static void check_plan(const gf_village_plan *plan)
{
    need(plan->design_count > 0 && plan->chosen < plan->design_count);
    for (size_t k = 0; k < plan->design_count; k++) {
        const gf_village_design *d = &plan->designs[k];
        for (uint32_t i = 0; i < d->pipe_count; i++) {
            const gf_village_pipe *pipe = &d->pipes[i];
            need(pipe->from < d->node_count && pipe->to < d->node_count && pipe->length_m >= 0);
            need(pipe->pe < (int32_t)plan->village->catalogue.count && (!d->feasible || pipe->is_prv || pipe->pe >= 0));
        }
        need(d->lower_bound <= d->cost * (1 + 1e-9) || !d->feasible);
        check_bill(d);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static float heights[SIDE * SIDE];
    make_hill(heights);
    gf_arena *arena = gf_arena_open(512 * GF_MIB), *scratch = gf_arena_open(64 * GF_MIB);
    gf_error err = { .status = GF_OK };
    gf_app_surface surface = { .epsg = 4549, .points_epsg = 4549 };
    const gf_terrain_tile tile = { .rows = SIDE, .columns = SIDE, .west = 500000, .north = 3000000, .step_x = 20, .step_y = 20, .height_m = heights, .name = "hill" };
    need(arena && scratch && gf_terrain_grid_join(&tile, 1, &(gf_terrain_surface_options){ .epsg = 4549 }, arena, scratch, &surface.grid, &err) == GF_OK);
    gf_village village;
    gf_village_plan plan;
    gf_status status = gf_app_village_parse((gf_str){ (const char *)bytes, len }, GF_STR("f.json"), &surface, arena, &village, &err);
    if (status == GF_OK)
        status = gf_app_village_design(&village, &(gf_water_size_options){ .work = 40, .seed = 1, .threads = 1 }, arena, &plan, &err);
    if (status == GF_OK)
        check_plan(&plan);
    else
        need(err.status == status && err.what[0] && gf_utf8_valid(gf_str_of(err.what), NULL));
    gf_arena_close(scratch);
    gf_arena_close(arena);
    return 0;
}
