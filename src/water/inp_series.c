/* [PATTERNS] and [CURVES]: counted in a first turn, filled in a second; the lines of one id need not stand together. */
#include "water/inp.h"

static bool make_kind(inp_reader *r, inp_ids *ids, uint32_t count_max) { return inp_ids_open(ids, r->scratch, count_max); }

static gf_status check_count(inp_reader *r, uint32_t lines, const char *what)
{
    if (lines <= GF_WATER_ITEMS_MAX)
        return GF_OK;
    return gf_fail(r->err, GF_ELIMIT, "water.inp.limit", "Leave out what the network does not need.", "the file has %u lines of %s, more than %d",
                   lines, what, GF_WATER_ITEMS_MAX);
}

/* ---- Patterns ---- */

static uint32_t count_items(gf_str rest)
{
    uint32_t count = 0;
    gf_str item;
    while (inp_cut_item(&rest, &item))
        count++;
    return count;
}

/* The comment above the first line; the head of the columns, ";ID ...", is none. */
static gf_str series_note(const inp_reader *r)
{
    return inp_says(r->above, "ID ") || inp_says(r->above, "ID\t") ? GF_STR("") : r->above;
}

gf_status inp_count_pattern(inp_reader *r)
{
    gf_water_net *net = r->net;
    gf_status status = inp_need(r, 2, "id factor factor ...");
    if (status != GF_OK)
        return status;
    int32_t index = inp_ids_find(&r->patterns, r->items[0]);
    if (index == GF_WATER_NONE) {
        index = (int32_t)net->pattern_count;
        if ((status = inp_add_id(r, &r->patterns, r->items[0], net->pattern_count, "pattern")) != GF_OK)
            return status;
        net->patterns[net->pattern_count++] = (gf_water_pattern){ .id = r->items[0], .note = series_note(r) };
    }
    uint32_t factors = count_items(r->said) - 1;
    if (factors > 39)
        inp_note(r, "the line has %u factors; EPANET would read 39", factors);
    net->patterns[index].count += factors;
    r->factor_count += factors;
    return GF_OK;
}

gf_status inp_make_patterns(inp_reader *r)
{
    gf_water_net *net = r->net;
    if (net->patterns == NULL) {
        gf_status status = check_count(r, r->lines[INP_PATTERNS], "patterns");
        if (status != GF_OK)
            return status;
        net->patterns = gf_new(r->keep, gf_water_pattern, r->lines[INP_PATTERNS]);
        return net->patterns && make_kind(r, &r->patterns, r->lines[INP_PATTERNS]) ? GF_OK : gf_fail_memory(r->err);
    }
    double *at = r->factors = gf_new(r->keep, double, r->factor_count);
    if (!at)
        return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < net->pattern_count; i++) {
        net->patterns[i].factors = at;
        at += net->patterns[i].count;
        net->patterns[i].count = 0;
    }
    return GF_OK;
}

gf_status inp_read_pattern(inp_reader *r)
{
    gf_water_pattern *pattern = &r->net->patterns[inp_ids_find(&r->patterns, r->items[0])];
    double *factors = r->factors + (pattern->factors - r->factors);
    gf_str rest = r->said, item;
    (void)inp_cut_item(&rest, &item);
    while (inp_cut_item(&rest, &item))
        if (!inp_to_number(item, &factors[pattern->count++]))
            return inp_fail(r, "water.inp.number", "Write a decimal number such as 1.2.", "the factor '%.*s' is not a number",
                            GF_STR_ARG(gf_str_slice(item, 0, 60)));
    return GF_OK;
}

/* ---- Curves ---- */

static const char *const KINDS[] = { "VOLUME", "PUMP", "EFFIC", "HEADLOSS", "GENERIC", "VALVE", NULL };
static const char *const KIND_NAMES[] = { "VOLUME", "PUMP", "EFFICIENCY", "HEADLOSS", "GENERIC", "VALVE" };

/* ";PUMP: the old one" says the kind, then a note. */
static void name_kind(gf_water_curve *curve, gf_str comment)
{
    size_t colon = gf_str_find(comment, GF_STR(":"));
    int kind = colon < comment.len ? inp_word_of(gf_str_slice(comment, 0, colon), KINDS) : -1;
    curve->note = kind < 0 ? comment : gf_str_trim(gf_str_slice(comment, colon + 1, comment.len));
    curve->kind = kind < 0 ? GF_STR("") : gf_str_of(KIND_NAMES[kind]);
}

gf_status inp_count_curve(inp_reader *r)
{
    gf_water_net *net = r->net;
    gf_status status = inp_need(r, 3, "id x y");
    if (status != GF_OK)
        return status;
    int32_t index = inp_ids_find(&r->curves, r->items[0]);
    if (index == GF_WATER_NONE) {
        index = (int32_t)net->curve_count;
        if ((status = inp_add_id(r, &r->curves, r->items[0], net->curve_count, "curve")) != GF_OK)
            return status;
        net->curves[net->curve_count] = (gf_water_curve){ .id = r->items[0] };
        name_kind(&net->curves[net->curve_count++], series_note(r));
    }
    net->curves[index].count++;
    r->point_count++;
    return GF_OK;
}

gf_status inp_make_curves(inp_reader *r)
{
    gf_water_net *net = r->net;
    if (net->curves == NULL) {   /* pump lines of EPANET 1 add some */
        uint32_t lines = r->lines[INP_CURVES] + r->lines[INP_PUMPS];
        gf_status status = check_count(r, lines, "curves and pumps");
        if (status != GF_OK)
            return status;
        net->curves = gf_new(r->keep, gf_water_curve, lines);
        return net->curves && make_kind(r, &r->curves, lines) ? GF_OK : gf_fail_memory(r->err);
    }
    double *x = r->points_x = gf_new(r->keep, double, r->point_count), *y = r->points_y = gf_new(r->keep, double, r->point_count);
    if (!x || !y)
        return gf_fail_memory(r->err);
    for (uint32_t i = 0; i < net->curve_count; i++) {
        gf_water_curve *curve = &net->curves[i];
        curve->x = x, curve->y = y;
        x += curve->count, y += curve->count;
        curve->count = 0;
    }
    return GF_OK;
}

gf_status inp_read_curve(inp_reader *r)
{
    gf_water_curve *curve = &r->net->curves[inp_ids_find(&r->curves, r->items[0])];
    size_t at = (size_t)(curve->x - r->points_x) + curve->count;
    gf_status status = inp_number_at(r, 1, "x of the curve", &r->points_x[at]);
    if (status == GF_OK)
        status = inp_number_at(r, 2, "y of the curve", &r->points_y[at]);
    if (status != GF_OK)
        return status;
    if (curve->count && !(r->points_x[at] > r->points_x[at - 1]))
        return inp_fail(r, "water.inp.rising", "Put the points in the order of x, each x once.", "x of curve '%.*s' does not rise from %g to %g",
                        GF_STR_ARG(gf_str_slice(curve->id, 0, 60)), r->points_x[at - 1], r->points_x[at]);
    curve->count++;
    int kind = r->item_count > 3 ? inp_word_of(r->items[3], KINDS) : -1;   /* 2.3 writes it behind the point */
    if (kind >= 0)
        curve->kind = gf_str_of(KIND_NAMES[kind]);
    return GF_OK;
}
