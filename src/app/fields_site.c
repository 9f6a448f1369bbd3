/* Candidates in, sites out, and which village gains what. */
#include "app/fields.h"

#include <stdlib.h>
#include <string.h>

struct gf_app_cover {
    const gf_app_tower     *candidates;
    size_t                  count, standing_count;
    bool                    has_costs;
    const gf_app_parcels   *parcels;
    gf_terrain_candidate   *asked;
    const gf_terrain_cover *cover;
};

/* ---- Candidates ---- */

typedef struct named { gf_str id; size_t index; } named;
static int by_id(const void *left, const void *right) { return gf_str_cmp(((const named *)left)->id, ((const named *)right)->id); }

static named *sorted(const gf_app_tower *towers, size_t count, gf_arena *keep)
{
    named *names = gf_new(keep, named, count + 1);
    for (size_t i = 0; names && i < count; i++)
        names[i] = (named){ towers[i].id, i };
    if (names)
        qsort(names, count, sizeof *names, by_id);
    return names;
}

static gf_status check_ids(const gf_app_tower *rows, size_t count, gf_str name, gf_arena *keep, gf_error *err)
{
    named *names = sorted(rows, count, keep);
    for (size_t i = 1; names && i < count; i++)
        if (gf_str_eq(names[i].id, names[i - 1].id)) {
            size_t a = rows[names[i].index].line, b = rows[names[i - 1].index].line;
            gf_status status = gf_fail(err, GF_EINPUT, "fields.twice", "Give each candidate its own id.", "the id \"%.*s\" also stands in line %zu",
                                       GF_STR_ARG(gf_str_slice(names[i].id, 0, 40)), a < b ? a : b);
            (void)gf_fail_at(err, "%.*s:%zu", GF_STR_ARG(gf_str_slice(name, 0, 60)), a < b ? b : a);
            return status;
        }
    return names ? GF_OK : gf_fail_memory(err);
}

static gf_status tell_upgrades(gf_app_tower *rows, size_t count, const gf_app_tower *standing, size_t standing_count, gf_arena *keep, gf_error *err)
{
    named *names = sorted(standing, standing_count, keep);
    if (!names)
        return gf_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        const named key = { rows[i].id, 0 };
        rows[i].upgrade = rows[i].upgrade || bsearch(&key, names, standing_count, sizeof *names, by_id) != NULL;
    }
    return GF_OK;
}

/* Costs have at most two decimals: in hundredths they are whole. */
static bool hundredths(gf_decimal cost, int64_t *out) { return gf_fen_from_yuan(cost, out); }

static gf_status ask_candidates(gf_app_cover *c, gf_str name, gf_arena *keep, gf_error *err)
{
    c->asked = gf_new(keep, gf_terrain_candidate, c->count);
    c->has_costs = true;
    if (!c->asked)
        return gf_fail_memory(err);
    for (size_t i = 0; i < c->count; i++) {
        const gf_app_tower *row = &c->candidates[i];
        c->asked[i] = (gf_terrain_candidate){ .observer = row->tower.observer, .upgrade = row->upgrade };
        c->has_costs = c->has_costs && row->has_cost;
        if (row->has_cost && (!hundredths(row->cost, &c->asked[i].cost) || c->asked[i].cost > INT64_C(1000000000000000))) {
            gf_status status = gf_fail(err, GF_EINPUT, "fields.cost", "", "the cost is too large");
            (void)gf_fail_at(err, "%.*s:%zu", GF_STR_ARG(gf_str_slice(name, 0, 60)), row->line);
            return status;
        }
    }
    return GF_OK;
}

static gf_status make_cover(const gf_app_surface *surface, const gf_app_tower *standing, const gf_app_fields_options *options, gf_arena *keep,
                            gf_app_cover *c, gf_error *err)
{
    gf_app_fields_options asked = *options;
    const gf_terrain_work work = { .workers = options->threads, .cancelled = fields_cancelled, .context = &asked };
    gf_terrain_observer *eyes = gf_new(keep, gf_terrain_observer, c->standing_count + 1);
    if (!eyes)
        return gf_fail_memory(err);
    for (size_t i = 0; i < c->standing_count; i++)
        eyes[i] = standing[i].tower.observer;
    return gf_terrain_cover_make(&surface->grid, GF_TERRAIN_AIR_DEFAULT, eyes, c->standing_count, c->asked, c->count, &c->parcels->on_grid,
                                 c->parcels->weights, &work, keep, &c->cover, err);
}

gf_status gf_app_cover_make(const gf_app_surface *surface, const gf_app_table_file *standing, const gf_app_table_file *candidates,
                            const gf_app_parcels *parcels, const gf_app_fields_options *options, gf_arena *keep, gf_app_cover **out, gf_error *err)
{
    gf_app_cover *c = gf_new(keep, gf_app_cover, 1);
    gf_app_tower *rows = NULL, *towers = NULL;
    gf_status status = c ? fields_towers(surface, candidates, true, options->target_m, keep, &rows, &c->count, err) : gf_fail_memory(err);
    if (status == GF_OK && standing->bytes.data)
        status = fields_towers(surface, standing, false, options->target_m, keep, &towers, &c->standing_count, err);
    if (status == GF_OK)
        status = check_ids(rows, c->count, candidates->name, keep, err);
    if (status == GF_OK)
        status = tell_upgrades(rows, c->count, towers, c->standing_count, keep, err);
    if (status != GF_OK)
        return status;
    c->candidates = rows;
    c->parcels = parcels;
    status = ask_candidates(c, candidates->name, keep, err);
    if (status == GF_OK)
        status = make_cover(surface, towers, options, keep, c, err);
    if (status == GF_OK)
        *out = c;
    return status;
}

/* ---- Villages ---- */

static int by_code(const void *left, const void *right)
{
    const gf_app_village *a = left, *b = right;
    int order = gf_str_cmp(a->code, b->code);
    return order ? order : gf_str_cmp(a->name, b->name);
}

static gf_status sum_villages(const gf_app_parcels *p, gf_arena *keep, gf_app_sited *sited, gf_error *err)
{
    gf_app_village *rows = gf_new(keep, gf_app_village, p->count);
    size_t count = 0, last = 0;
    if (!rows)
        return gf_fail_memory(err);
    for (size_t i = 0; i < p->count; i++)
        if (p->village_codes[i].len || p->village_names[i].len)
            rows[count++] = (gf_app_village){ p->village_codes[i], p->village_names[i], p->weights ? p->weights[i] : p->on_grid.parcels[i].area_m2,
                                              sited->siting.parcel_before[i], sited->siting.parcel_after[i] };
    qsort(rows, count, sizeof *rows, by_code);
    for (size_t i = 1; i < count; i++)
        if (by_code(&rows[last], &rows[i]) == 0) {
            rows[last].total += rows[i].total;
            rows[last].before += rows[i].before;
            rows[last].after += rows[i].after;
        } else {
            rows[++last] = rows[i];
        }
    sited->villages = rows;
    sited->village_count = count ? last + 1 : 0;
    return GF_OK;
}

/* ---- The choice ---- */

gf_status gf_app_site(const gf_app_cover *cover, const gf_app_siting_options *options, gf_arena *keep, gf_app_sited *out, gf_error *err)
{
    gf_app_sited made = { .candidates = cover->candidates, .candidate_count = cover->count, .standing_count = cover->standing_count };
    gf_app_fields_options asked = options->views;
    const gf_terrain_work work = { .workers = asked.threads, .cancelled = fields_cancelled, .context = &asked };
    gf_terrain_siting_options siting = { .new_count = options->new_count, .upgrade_count = options->upgrade_count, .budget = INT64_MAX };
    if (options->has_budget && !cover->has_costs)
        return gf_fail(err, GF_EINPUT, "fields.cost", "Give every candidate a cost.", "there is a budget, but not every candidate has a cost");
    if (options->has_budget && (!hundredths(options->budget, &siting.budget) || siting.budget < 0))
        return gf_fail(err, GF_EUSAGE, "fields.budget", "Give it with at most two decimals.", "the budget is no amount from 0 on");
    gf_status status = gf_terrain_siting_make(cover->cover, &siting, &work, keep, &made.siting, err);
    if (status == GF_OK)
        status = sum_villages(cover->parcels, keep, &made, err);
    if (status == GF_OK)
        *out = made;
    return status;
}

void gf_app_sites_csv(const gf_app_sited *sited, gf_text *out)
{
    gf_text_add_c(out, "rank,id,kind,cost,gain,covered_total\n");
    for (size_t i = 0; i < sited->siting.site_count; i++) {
        const gf_terrain_site *site = &sited->siting.sites[i];
        const gf_app_tower *row = &sited->candidates[site->candidate];
        char cost[GF_DECIMAL_BYTES] = "";
        if (row->has_cost)
            (void)gf_decimal_format(row->cost, cost);
        gf_text_format(out, "%zu", i + 1);
        gf_file_csv_field(out, 1, row->id);
        gf_text_format(out, ",%s,%s,%.2f,%.2f\n", row->upgrade ? "upgrade" : "new", cost, site->gain, site->covered_total);
    }
}
