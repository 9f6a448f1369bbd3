/* A design as tables: pipes, bill, households, and the line of the water as a profile. */
#include "app/village.h"
#include "file/gf_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const gf_village_design *chosen(const gf_village_plan *plan) { return &plan->designs[plan->chosen]; }

static void put_number(gf_text *out, size_t index, double value, int decimals)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%.*f", decimals, value);
    gf_file_csv_field(out, index, isfinite(value) ? gf_str_of(text) : (gf_str){ "", 0 });
}

/* Thousandths and hundredths as they are: no rounding on the way out. */
static void put_fixed(gf_text *out, size_t index, int64_t value, int64_t unit, int decimals)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%s%lld.%0*lld", value < 0 ? "-" : "", (long long)(llabs(value) / unit), decimals, (long long)(llabs(value) % unit));
    gf_file_csv_field(out, index, gf_str_of(text));
}

static void put_head(gf_text *out, const char *names)
{
    gf_str rest = gf_str_of(names), name;
    for (size_t i = 0; gf_str_cut(&rest, ',', &name); i++)
        gf_file_csv_field(out, i, name);
    gf_file_csv_end(out);
}

void gf_app_village_pipes_csv(const gf_village_plan *plan, gf_text *out)
{
    const gf_village_design *d = chosen(plan);
    put_head(out, "id,from,to,kind,zone,length_m,dn_mm,sdr,inner_mm,pn_mpa,still_max_m,flow_lps,velocity_ms,crossings");
    for (uint32_t i = 0; i < d->pipe_count; i++) {
        const gf_village_pipe *p = &d->pipes[i];
        const gf_water_pe *pe = p->pe >= 0 ? &plan->village->catalogue.pipes[p->pe] : NULL;
        gf_file_csv_field(out, 0, p->id);
        gf_file_csv_field(out, 1, d->nodes[p->from].id);
        gf_file_csv_field(out, 2, d->nodes[p->to].id);
        gf_file_csv_field(out, 3, gf_str_of(p->is_prv ? "prv" : p->is_loop ? "loop" : "pipe"));
        put_number(out, 4, p->zone + 1, 0);
        put_number(out, 5, p->length_m, 2);
        put_number(out, 6, pe ? pe->dn_mm : NAN, 0);
        gf_file_csv_field(out, 7, gf_str_of(pe ? pe->sdr : ""));
        put_number(out, 8, pe ? pe->inner_mm : NAN, 1);
        put_number(out, 9, pe ? pe->pn_mpa : NAN, 2);
        put_number(out, 10, p->is_prv ? NAN : d->zones[p->zone].still_m - p->low_m, 2);
        put_number(out, 11, p->flow_m3s * 1000, 4);
        put_number(out, 12, p->velocity_ms, 3);
        put_number(out, 13, p->crossings, 0);
        gf_file_csv_end(out);
    }
}

void gf_app_village_bill_csv(const gf_village_plan *plan, gf_text *out)
{
    const gf_village_bill *b = &chosen(plan)->bill;
    put_head(out, "code,name_zh,name_en,size,unit,quantity,price_fen,total_fen");
    for (size_t i = 0; i < b->count; i++) {
        const gf_village_item *item = &b->items[i];
        gf_file_csv_field(out, 0, gf_str_of(item->code));
        gf_file_csv_field(out, 1, gf_str_of(item->zh));
        gf_file_csv_field(out, 2, gf_str_of(item->en));
        gf_file_csv_field(out, 3, item->size);
        gf_file_csv_field(out, 4, gf_str_of(item->unit));
        put_fixed(out, 5, item->quantity_milli, 1000, 3);
        put_number(out, 6, (double)item->price, 0);
        put_number(out, 7, (double)item->total, 0);
        gf_file_csv_end(out);
    }
    const struct { const char *code, *zh, *en; gf_fen total; } SUMS[] = { { "works", "工程费", "works", b->works }, { "contingency", "预备费", "contingency", b->contingency },
                                                                         { "total", "合计", "total", b->total } };
    for (size_t i = 0; i < GF_COUNT(SUMS); i++)
        gf_text_format(out, "%s,%s,%s,,,,,%lld\n", SUMS[i].code, SUMS[i].zh, SUMS[i].en, (long long)SUMS[i].total);
}

void gf_app_village_houses_csv(const gf_village_plan *plan, gf_text *out)
{
    const gf_village_design *d = chosen(plan);
    put_head(out, "id,node,persons,storeys,need_m3d,ground_m,pressure_m,pressure_min_m,still_m,still_max_m,house_prv,connection_m,lpd,quantity,minutes,convenience,"
                  "reliability_percent,reliability,quality,all");
    for (size_t i = 0; i < plan->village->house_count; i++) {
        const gf_village_house *h = &plan->village->houses[i];
        const gf_village_verdict *v = &plan->verdicts[i];
        gf_file_csv_field(out, 0, h->id);
        gf_file_csv_field(out, 1, d->nodes[v->node].id);
        put_number(out, 2, h->persons, 1);
        put_number(out, 3, h->storeys, 0);
        put_number(out, 4, h->used_m3d, 4);
        put_number(out, 5, h->place.z, 2);
        put_number(out, 6, v->pressure_m, 2);
        put_number(out, 7, h->head_min_m, 2);
        put_number(out, 8, v->still_m, 2);
        put_number(out, 9, plan->village->norms.value[GF_WATER_NORM_HEAD_TAP_MAX], 2);
        put_number(out, 10, v->house_prv, 0);
        put_number(out, 11, v->connection_m, 2);
        put_number(out, 12, v->lpd, 1);
        gf_file_csv_field(out, 13, gf_str_of(gf_village_level_word(v->quantity)));
        put_number(out, 14, v->minutes, 0);
        gf_file_csv_field(out, 15, gf_str_of(gf_village_level_word(v->convenience)));
        put_number(out, 16, v->reliability_percent, 1);
        gf_file_csv_field(out, 17, gf_str_of(gf_village_level_word(v->reliability)));
        gf_file_csv_field(out, 18, gf_str_of(gf_village_level_word(v->quality)));
        gf_file_csv_field(out, 19, gf_str_of(gf_village_level_word(v->all)));
        gf_file_csv_end(out);
    }
}

/* ---- The line of the water ---- */

/* The house node with the least head to spare at peak hour. */
static uint32_t tightest(const gf_village_design *d)
{
    uint32_t best = 0;
    double least = INFINITY;
    for (uint32_t i = 0; i < d->node_count; i++)
        if (d->nodes[i].kind == GF_VILLAGE_NODE_HOUSE && d->nodes[i].head_m[0] - d->nodes[i].floor_m < least) {
            least = d->nodes[i].head_m[0] - d->nodes[i].floor_m;
            best = i;
        }
    return best;
}

/* Pipes that lead to a node, the first one first; through breaks, and from the tank on to the first source. */
static size_t way_to(const gf_village_design *d, uint32_t node, uint32_t *way)
{
    size_t count = 0;
    for (;;) {
        uint32_t i = 0;
        while (i < d->pipe_count && (d->pipes[i].to != node || d->pipes[i].is_loop))
            i++;
        if (i < d->pipe_count) {
            way[count++] = i;
            node = d->pipes[i].from;
        } else if (d->nodes[node].kind == GF_VILLAGE_NODE_BREAK)
            node--;                                     /* its inlet stands before it */
        else if (d->nodes[node].kind == GF_VILLAGE_NODE_TANK) {
            for (i = 0; i < d->node_count && d->nodes[i].kind != GF_VILLAGE_NODE_TANK_IN; i++)
                ;
            node = i;
        } else
            break;
    }
    for (size_t a = 0, b = count; a + 1 < b; a++) {
        uint32_t t = way[a];
        way[a] = way[--b];
        way[b] = t;
    }
    return count;
}

gf_status gf_app_village_profile(const gf_village_plan *plan, gf_arena *keep, gf_village_profile_point **out, size_t *count, gf_error *err)
{
    const gf_village_design *d = chosen(plan);
    uint32_t *way = gf_new(keep, uint32_t, d->pipe_count);
    size_t pipes = way ? way_to(d, tightest(d), way) : 0, room = 0;
    for (size_t i = 0; i < pipes; i++)
        room += d->pipes[way[i]].point_count;
    gf_village_profile_point *points = gf_new(keep, gf_village_profile_point, room);
    double at = 0;
    *count = 0;
    if (!way || !points)
        return gf_fail_memory(err);
    for (size_t i = 0; i < pipes; i++) {
        const gf_village_pipe *p = &d->pipes[way[i]];
        double first = d->nodes[p->from].head_m[0], last = d->nodes[p->to].head_m[0], run = 0;
        if (p->is_prv)
            continue;
        for (size_t k = 0; k < p->point_count; k++) {
            gf_village_place b = p->points[k], a = p->points[k ? k - 1 : 0];
            double step = sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y) + (b.z - a.z) * (b.z - a.z));
            run += step;
            bool ends = k == 0 || k + 1 == p->point_count;
            points[(*count)++] = (gf_village_profile_point){ .at_m = at + run, .ground_m = b.z, .head_m = first + (last - first) * (p->length_m > 0 ? run / p->length_m : 0),
                                                             .still_m = d->zones[p->zone].still_m, .node = ends ? d->nodes[k ? p->to : p->from].id : (gf_str){ "", 0 } };
        }
        at += p->length_m;
    }
    *out = points;
    return GF_OK;
}

void gf_app_village_profile_csv(const gf_village_plan *plan, gf_text *out)
{
    gf_village_profile_point *points;
    size_t count;
    put_head(out, "distance_m,ground_m,head_m,pressure_m,still_head_m,node");
    if (gf_app_village_profile(plan, out->arena, &points, &count, NULL) != GF_OK) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        put_number(out, 0, points[i].at_m, 2);
        put_number(out, 1, points[i].ground_m, 2);
        put_number(out, 2, points[i].head_m, 3);
        put_number(out, 3, points[i].head_m - points[i].ground_m, 3);
        put_number(out, 4, points[i].still_m, 2);
        gf_file_csv_field(out, 5, points[i].node);
        gf_file_csv_end(out);
    }
}
