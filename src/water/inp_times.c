/* [TIMES] and [ENERGY].
 *
 * Steps that the file leaves out follow from others, and none may be longer than the one it divides: the rules are EPANET's,
 * applied here once, so that a solver takes the options as they stand.
 */
#include "water/inp.h"

#include <string.h>

enum { DAY_S = 86400, HOUR_S = 3600, PARTS_OF_A_STEP = 10 };

#define AT(field) offsetof(gf_water_options, field)
static const struct { const char *word, *second; size_t field; } TIMES[] = {
    { "DURA", NULL, AT(duration_s) },           { "HYDR", NULL, AT(step_s) },            { "QUAL", NULL, AT(quality_step_s) },
    { "RULE", NULL, AT(rule_step_s) },          { "PATT", "TIME", AT(pattern_step_s) },  { "PATT", "STAR", AT(pattern_start_s) },
    { "REPO", "TIME", AT(report_step_s) },      { "REPO", "STAR", AT(report_start_s) },  { "STAR", NULL, AT(clock_start_s) },
};

static gf_status read_statistic(inp_reader *r)
{
    static const char *const STATISTICS[] = { "NONE", "NO", "AVERAGE", "MINIMUM", "MAXIMUM", "RANGE", NULL };
    gf_str word = r->items[r->item_count - 1];
    if (inp_word_of(word, STATISTICS) < 0)
        return inp_fail(r, "water.inp.word", "Write NONE, AVERAGE, MINIMUM, MAXIMUM or RANGE.", "'%.*s' is no statistic",
                        GF_STR_ARG(gf_str_slice(word, 0, 60)));
    r->net->options.statistic = word;
    return GF_OK;
}

gf_status inp_read_time(inp_reader *r)
{
    double hours;
    gf_status status = inp_need(r, 2, "DURATION 24:00");
    if (status != GF_OK)
        return status;
    gf_str last = r->items[r->item_count - 1], before = r->items[r->item_count - 2];
    if (inp_says(r->items[0], "STAT"))
        return read_statistic(r);
    if (!inp_to_hours(last, GF_STR(""), &hours) && !inp_to_hours(before, last, &hours))
        return inp_fail(r, "water.inp.time", INP_TIME_HINT, "'%.*s %.*s' does not end with a time", GF_STR_ARG(gf_str_slice(before, 0, 40)),
                        GF_STR_ARG(gf_str_slice(last, 0, 40)));
    int64_t seconds = (int64_t)(3600 * hours + 0.5);
    for (size_t i = 0; i < GF_COUNT(TIMES); i++)
        if (inp_says(r->items[0], TIMES[i].word) && (!TIMES[i].second || inp_says(r->items[1], TIMES[i].second))) {
            memcpy((char *)&r->net->options + TIMES[i].field, &seconds, sizeof seconds);
            return GF_OK;
        }
    if (inp_says(r->items[0], "MINI"))   /* MINIMUM TRAVELTIME of EPANET 1 */
        return GF_OK;
    return inp_fail(r, "water.inp.word", "Write a time of EPANET 2.2, such as HYDRAULIC TIMESTEP 1:00.", "there is no time '%.*s'",
                    GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)));
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t tenth(int64_t step_s) { return step_s > PARTS_OF_A_STEP ? step_s / PARTS_OF_A_STEP : 1; }

gf_status inp_finish_times(inp_reader *r)
{
    gf_water_options *o = &r->net->options;
    o->pattern_step_s = o->pattern_step_s ? o->pattern_step_s : HOUR_S;
    o->report_step_s = o->report_step_s ? o->report_step_s : o->pattern_step_s;
    o->step_s = least(o->step_s ? o->step_s : HOUR_S, least(o->pattern_step_s, o->report_step_s));
    o->report_start_s = o->report_start_s > o->duration_s ? 0 : o->report_start_s;
    o->quality_step_s = least(o->quality_step_s ? o->quality_step_s : tenth(o->step_s), o->step_s);
    o->rule_step_s = least(o->rule_step_s ? o->rule_step_s : tenth(o->step_s), o->step_s);
    o->clock_start_s %= DAY_S;
    return GF_OK;
}

/* ---- Energy ---- */

static const char *const ENERGY_WORDS[] = { "PRICE", "PATT", "EFFI", NULL };
enum { PRICE, PATTERN, EFFICIENCY };

static gf_status read_of_all(inp_reader *r, int word, uint32_t item)
{
    gf_water_options *o = &r->net->options;
    double value;
    gf_status status;
    if (word == PATTERN)
        return inp_pattern_at(r, item, &o->price_pattern);
    if (word == PRICE)
        return inp_not_negative_at(r, item, "the price", &o->energy_price);
    if ((status = inp_positive_at(r, item, "the efficiency", &value)) == GF_OK)
        o->pump_efficiency = value * 0.01;
    return status;
}

static gf_status read_of_pump(inp_reader *r, int word, uint32_t item)
{
    uint32_t index;
    double price;
    gf_status status = inp_link_at(r, 1, &index);
    if (status != GF_OK)
        return status;
    gf_water_link *pump = &r->net->links[index];
    if (pump->kind != GF_WATER_PUMP)
        return inp_fail(r, "water.inp.pump", "Name a pump.", "the link '%.*s' is not a pump", GF_STR_ARG(gf_str_slice(pump->id, 0, 60)));
    if (word == PATTERN)
        return inp_pattern_at(r, item, &pump->price_pattern);
    if (word == EFFICIENCY)
        return inp_curve_at(r, item, &pump->efficiency_curve);
    if ((status = inp_not_negative_at(r, item, "the price", &price)) == GF_OK)
        pump->price = price > 0 ? price : -1;   /* EPANET takes 0 as "not told" */
    return status;
}

gf_status inp_read_energy(inp_reader *r)
{
    gf_status status = inp_need(r, 3, "GLOBAL PRICE 0.6, PUMP id EFFIC curve, or DEMAND CHARGE 12");
    if (status != GF_OK)
        return status;
    if (inp_says(r->items[0], "DEMAN"))
        return inp_not_negative_at(r, 2, "the charge", &r->net->options.demand_charge);
    bool all = inp_says(r->items[0], "GLOB"), pump = inp_says(r->items[0], "PUMP");
    int word = inp_word_of(r->items[r->item_count - 2], ENERGY_WORDS);
    if ((!all && !pump) || word < 0)
        return inp_fail(r, "water.inp.word", "Write GLOBAL or PUMP id, then PRICE, PATTERN or EFFIC and its value.", "'%.*s' says nothing of energy",
                        GF_STR_ARG(gf_str_trim(gf_str_slice(r->said, 0, 60))));
    if (pump && (status = inp_need(r, 4, "PUMP id PRICE 0.6")) != GF_OK)
        return status;
    return pump ? read_of_pump(r, word, r->item_count - 1) : read_of_all(r, word, r->item_count - 1);
}
