/* [ENERGY], [TIMES], [OPTIONS]. Options that most files leave out are written only when they differ from the default. */
#include "water/inp.h"

#include <math.h>

static void put_line(inp_writer *w, const char *words, double value, double unit)
{
    gf_text_format(w->out, " %-20s", words);
    inp_put_number(w, value, unit);
    inp_put_end(w, GF_STR(""));
}

static void put_text(inp_writer *w, const char *words, gf_str text)
{
    gf_text_format(w->out, " %-20s %.*s\n", words, GF_STR_ARG(text));
}

/* ---- Energy ---- */

static void put_pump_id(inp_writer *w, const gf_water_link *pump, const char *word)
{
    gf_text_add_c(w->out, " PUMP");
    inp_put_id(w, pump->id, 16);
    gf_text_add_char(w->out, ' ');
    gf_text_add_c(w->out, word);
}

static void write_pump_energy(inp_writer *w, const gf_water_link *pump)
{
    if (pump->efficiency_curve != GF_WATER_NONE) {
        put_pump_id(w, pump, "EFFIC");
        inp_put_id(w, w->net->curves[pump->efficiency_curve].id, 0);
        inp_put_end(w, GF_STR(""));
    }
    if (pump->price >= 0) {
        put_pump_id(w, pump, "PRICE");
        inp_put_number(w, pump->price, 1);
        inp_put_end(w, GF_STR(""));
    }
    if (pump->price_pattern != GF_WATER_NONE) {
        put_pump_id(w, pump, "PATTERN");
        inp_put_id(w, w->net->patterns[pump->price_pattern].id, 0);
        inp_put_end(w, GF_STR(""));
    }
}

static void write_energy(inp_writer *w)
{
    const gf_water_net *net = w->net;
    inp_put_head(w, INP_ENERGY, NULL);
    put_line(w, "GLOBAL EFFIC", net->options.pump_efficiency, 0.01);
    put_line(w, "GLOBAL PRICE", net->options.energy_price, 1);
    put_line(w, "DEMAND CHARGE", net->options.demand_charge, 1);
    if (net->options.price_pattern != GF_WATER_NONE) {
        gf_text_format(w->out, " %-20s", "GLOBAL PATTERN");
        inp_put_id(w, net->patterns[net->options.price_pattern].id, 0);
        inp_put_end(w, GF_STR(""));
    }
    for (uint32_t i = 0; i < net->link_count; i++)
        if (net->links[i].kind == GF_WATER_PUMP)
            write_pump_energy(w, &net->links[i]);
}

/* ---- Times ---- */

static void write_times(inp_writer *w)
{
    const gf_water_options *o = &w->net->options;
    const struct { const char *words; int64_t seconds; } times[] = {
        { "DURATION", o->duration_s },            { "HYDRAULIC TIMESTEP", o->step_s },    { "QUALITY TIMESTEP", o->quality_step_s },
        { "RULE TIMESTEP", o->rule_step_s },      { "PATTERN TIMESTEP", o->pattern_step_s }, { "PATTERN START", o->pattern_start_s },
        { "REPORT TIMESTEP", o->report_step_s },  { "REPORT START", o->report_start_s },  { "START CLOCKTIME", o->clock_start_s },
    };
    inp_put_head(w, INP_TIMES, NULL);
    for (size_t i = 0; i < GF_COUNT(times); i++) {
        gf_text_format(w->out, " %-20s", times[i].words);
        inp_put_time(w, times[i].seconds);
        inp_put_end(w, GF_STR(""));
    }
    if (o->statistic.len)
        put_text(w, "STATISTIC", o->statistic);
}

/* ---- Options ---- */

static void write_pressures(inp_writer *w)
{
    const gf_water_options *o = &w->net->options;
    double unit = w->net->units.pressure_m, least = o->pressure_min_m / unit, needed = o->pressure_required_m / unit;
    bool told = needed - (least + 0.1) > 1e-9 || (o->demand_model == GF_WATER_PRESSURE_DRIVEN && fabs(needed - (least + 0.1)) > 1e-9);
    gf_text_format(w->out, " %-20s %s\n", "DEMAND MODEL", o->demand_model == GF_WATER_PRESSURE_DRIVEN ? "PDA" : "DDA");
    put_line(w, "MINIMUM PRESSURE", o->pressure_min_m, unit);
    if (told)   /* else it follows from the least */
        put_line(w, "REQUIRED PRESSURE", o->pressure_required_m, unit);
    put_line(w, "PRESSURE EXPONENT", o->pressure_exponent, 1);
}

static void write_viscosity(inp_writer *w)
{
    double value = w->net->options.viscosity_m2s, water = gf_water_options_default().viscosity_m2s, length = w->net->units.length_m;
    bool multiple = value / water > INP_VISCOSITY_MULTIPLE_ABOVE;
    put_line(w, "VISCOSITY", value, multiple ? water : length * length);
}

/* A pattern "1" is the default one unless the options name another, or one that is not there. */
static void write_demand_pattern(inp_writer *w)
{
    static const char *const NO_PATTERN[] = { "none", "no-pattern", "no-pattern-at-all" };
    const gf_water_net *net = w->net;
    bool one = false, there[GF_COUNT(NO_PATTERN)] = { false };
    for (uint32_t i = 0; i < net->pattern_count; i++) {
        one |= gf_str_is(net->patterns[i].id, "1");
        for (size_t k = 0; k < GF_COUNT(NO_PATTERN); k++)
            there[k] |= gf_str_is(net->patterns[i].id, NO_PATTERN[k]);
    }
    if (net->options.demand_pattern == GF_WATER_NONE && !one)
        return;
    gf_str id = gf_str_of(NO_PATTERN[there[0] ? there[1] ? 2 : 1 : 0]);
    gf_text_format(w->out, " %-20s", "PATTERN");
    inp_put_id(w, net->options.demand_pattern == GF_WATER_NONE ? id : net->patterns[net->options.demand_pattern].id, 0);
    inp_put_end(w, GF_STR(""));
}

static void write_units(inp_writer *w)
{
    static const char *const PRESSURES[] = { "PSI", "KPA", "METERS", "BAR", "FEET" };
    static const char *const HEADLOSSES[] = { "H-W", "D-W", "C-M" };
    const gf_water_options *o = &w->net->options;
    gf_text_format(w->out, " %-20s %s\n", "UNITS", w->net->units.flow_word);
    if (o->pressure_unit != (w->net->units.metric ? GF_WATER_METRES : GF_WATER_PSI))
        gf_text_format(w->out, " %-20s %s\n", "PRESSURE", PRESSURES[o->pressure_unit]);
    gf_text_format(w->out, " %-20s %s\n", "HEADLOSS", HEADLOSSES[o->headloss]);
}

static void write_search(inp_writer *w)
{
    const gf_water_options *o = &w->net->options;
    put_line(w, "TRIALS", o->trials_max, 1);
    put_line(w, "ACCURACY", o->accuracy, 1);
    put_line(w, "HEADERROR", o->head_error_m, w->net->units.length_m);
    put_line(w, "FLOWCHANGE", o->flow_change_m3s, w->net->units.flow_m3s);
    put_line(w, "CHECKFREQ", o->check_every, 1);
    put_line(w, "MAXCHECK", o->check_until, 1);
    put_line(w, "DAMPLIMIT", o->damp_limit, 1);
    if (o->unbalanced == GF_WATER_CONTINUE)
        put_line(w, "UNBALANCED CONTINUE", o->unbalanced_extra, 1);
    else
        put_text(w, "UNBALANCED", GF_STR("STOP"));
}

static void write_options(inp_writer *w)
{
    const gf_water_options *o = &w->net->options;
    inp_put_head(w, INP_OPTIONS, NULL);
    write_units(w);
    put_line(w, "SPECIFIC GRAVITY", o->specific_gravity, 1);
    write_viscosity(w);
    write_search(w);
    write_demand_pattern(w);
    put_line(w, "DEMAND MULTIPLIER", o->demand_factor, 1);
    write_pressures(w);
    put_line(w, "EMITTER EXPONENT", o->emitter_exponent, 1);
    if (!o->emitter_backflow)
        put_text(w, "BACKFLOW ALLOWED", GF_STR("NO"));
    if (o->quality.len)
        put_text(w, "QUALITY", o->quality);
    for (uint32_t i = 0; i < w->net->kept_count; i++)
        if (gf_str_is(w->net->kept[i].section, inp_section_name(INP_OPTIONS)))
            gf_text_format(w->out, " %.*s\n", GF_STR_ARG(w->net->kept[i].text));
}

void inp_write_settings(inp_writer *w)
{
    write_energy(w);
    write_times(w);
    write_options(w);
}
