/* EPANET files: what is read is a network whose parts name parts that are there, and is written as a file that is read again to
 * the same counts; everything else is refused with a sentence and leaves nothing behind. */
#include "water/gf_water.h"

#include <math.h>
#include <stdlib.h>

static void need(bool holds)
{
    if (!holds)
        abort();
}

static void check_index(int32_t index, uint32_t count) { need(index >= GF_WATER_NONE && index < (int64_t)count); }

static void check_nodes(const gf_water_net *net)
{
    for (uint32_t i = 0; i < net->node_count; i++) {
        const gf_water_node *n = &net->nodes[i];
        need(n->id.len && gf_utf8_valid(n->id, NULL) && isfinite(n->elevation_m) && isfinite(n->emitter));
        need((uint64_t)n->demand_first + n->demand_count <= net->demand_count);
        check_index(n->pattern, net->pattern_count);
        check_index(n->volume_curve, net->curve_count);
        need(n->kind != GF_WATER_TANK || (n->level_min_m <= n->level_m && n->level_m <= n->level_max_m && n->diameter_m > 0));
    }
    for (uint32_t i = 0; i < net->demand_count; i++) {
        need(isfinite(net->demands[i].base_m3s));
        check_index(net->demands[i].pattern, net->pattern_count);
    }
}

static void check_links(const gf_water_net *net)
{
    for (uint32_t i = 0; i < net->link_count; i++) {
        const gf_water_link *l = &net->links[i];
        bool pipe = l->kind == GF_WATER_PIPE || l->kind == GF_WATER_PIPE_CHECKED;
        need(l->from < net->node_count && l->to < net->node_count && l->from != l->to && isfinite(l->setting));
        need(!pipe || (l->length_m > 0 && l->diameter_m > 0 && l->roughness > 0));
        need(l->kind != GF_WATER_PUMP || l->curve != GF_WATER_NONE || l->power_w > 0);
        need((uint64_t)l->vertex_first + l->vertex_count <= net->vertex_count);
        check_index(l->curve, net->curve_count);
        check_index(l->speed_pattern, net->pattern_count);
        check_index(l->efficiency_curve, net->curve_count);
        check_index(l->price_pattern, net->pattern_count);
    }
    for (uint32_t i = 0; i < net->control_count; i++)
        need(net->controls[i].link < net->link_count && net->controls[i].node < net->node_count && net->controls[i].time_s >= 0);
}

static void check_rules(const gf_water_net *net)
{
    for (uint32_t i = 0; i < net->rule_count; i++) {
        const gf_water_rule *rule = &net->rules[i];
        need(rule->premise_count && rule->then_count);
        for (uint32_t k = 0; k < rule->premise_count; k++)
            need(rule->premises[k].index < (rule->premises[k].object == GF_WATER_OF_NODE ? net->node_count : net->link_count));
        for (uint32_t k = 0; k < rule->then_count; k++)
            need(rule->then[k].link < net->link_count);
        for (uint32_t k = 0; k < rule->otherwise_count; k++)
            need(rule->otherwise[k].link < net->link_count);
    }
}

static bool same_counts(const gf_water_net *a, const gf_water_net *b)
{
    return a->node_count == b->node_count && a->link_count == b->link_count && a->demand_count == b->demand_count &&
           a->vertex_count == b->vertex_count && a->pattern_count == b->pattern_count && a->curve_count == b->curve_count &&
           a->control_count == b->control_count && a->rule_count == b->rule_count && a->kept_count == b->kept_count;
}

static void write_and_read_again(const gf_water_net *net, gf_arena *arena)
{
    gf_text text;
    gf_water_net again;
    gf_text_init(&text, arena);
    gf_water_inp_write(net, &text);
    need(gf_text_done(&text, NULL) == GF_OK);
    need(gf_water_inp_parse(gf_text_str(&text), "again", arena, &again, NULL, NULL, NULL) == GF_OK);
    need(same_counts(net, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(256 * GF_MIB);
    gf_error err = { .status = GF_OK };
    gf_water_net net;
    gf_water_note *notes;
    size_t count;
    need(arena != NULL);
    if (gf_water_inp_parse((gf_str){ (const char *)bytes, len }, "f", arena, &net, &notes, &count, &err) != GF_OK) {
        need(err.what[0] && err.code && gf_utf8_valid(gf_str_of(err.what), NULL) && gf_arena_used(arena) == 0);
    } else {
        for (size_t i = 0; i < count; i++)
            need(gf_utf8_valid(notes[i].text, NULL));
        check_nodes(&net);
        check_links(&net);
        check_rules(&net);
        write_and_read_again(&net, arena);
    }
    gf_arena_close(arena);
    return 0;
}
