/* [OPTIONS]: read first, since all other numbers stand in its units.
 *
 * Numbers are put into the options as the file has them and converted at the end, when units and gravity are known. Lines
 * that say nothing to a hydraulic solver (MAP, TOLERANCE, DIFFUSIVITY ...) are kept as they are.
 */
#include "water/inp.h"

#include <math.h>
#include <string.h>

static const char *const FLOW_UNITS[] = { "CFS", "GPM", "MGD", "IMGD", "AFD", "LPS", "LPM", "MLD", "CMH", "CMD", "CMS", "SI", NULL };
static const char *const PRESSURE_UNITS[] = { "PSI", "KPA", "METERS", "BAR", "FEET", NULL };
static const char *const HEADLOSSES[] = { "H-W", "D-W", "C-M", NULL };
static const char *const DEMAND_MODELS[] = { "DDA", "PDA", NULL };
static const char *const UNBALANCED[] = { "STOP", "CONTINUE", NULL };
static const char *const NO_YES[] = { "NO", "YES", NULL };
static const double PRESSURE_RANGE_MIN = 0.1;   /* of required above minimum pressure, in the file's unit; EPANET's MINPDIFF */

double inp_setting_unit(const gf_water_net *net, gf_water_link_kind kind)
{
    if (kind == GF_WATER_PRV || kind == GF_WATER_PSV || kind == GF_WATER_PBV)
        return net->units.pressure_m;
    return kind == GF_WATER_FCV ? net->units.flow_m3s : 1.0;
}

double inp_emitter_unit(const gf_water_net *net)
{
    double metres = net->units.metric ? 1.0 : gf_water_units_of(GF_WATER_GPM, GF_WATER_PSI, net->options.specific_gravity).pressure_m;
    return net->units.flow_m3s / pow(metres, net->options.emitter_exponent);
}

double inp_roughness_unit(const gf_water_net *net)
{
    return net->options.headloss == GF_WATER_DARCY_WEISBACH ? net->units.roughness_m : 1.0;
}

static gf_status choose(inp_reader *r, uint32_t item, const char *const *words, int *choice)
{
    *choice = inp_word_of(r->items[item], words);
    if (*choice >= 0)
        return GF_OK;
    char hint[200] = "Write one of:";
    for (size_t i = 0; words[i]; i++)
        (void)snprintf(hint + strlen(hint), sizeof hint - strlen(hint), "%s %s", i ? "," : "", words[i]);
    return inp_fail(r, "water.inp.word", hint, "'%.*s' is not a word for this option", GF_STR_ARG(gf_str_slice(r->items[item], 0, 60)));
}

static gf_status read_flow_unit(inp_reader *r, uint32_t item)
{
    int choice;
    gf_status status = choose(r, item, FLOW_UNITS, &choice);
    if (status != GF_OK)
        return status;
    if (choice == GF_WATER_FLOW_UNIT_COUNT)
        inp_note(r, "units SI are litres per second");
    r->net->options.flow_unit = choice == GF_WATER_FLOW_UNIT_COUNT ? GF_WATER_LPS : (gf_water_flow_unit)choice;
    return GF_OK;
}

static gf_status read_pressure_unit(inp_reader *r, uint32_t item)
{
    int choice;
    gf_status status = choose(r, item, PRESSURE_UNITS, &choice);
    if (status == GF_OK) {
        r->net->options.pressure_unit = (gf_water_pressure_unit)choice;
        r->pressure_told = true;
    }
    return status;
}

static gf_status read_headloss(inp_reader *r, uint32_t item)
{
    int choice;
    gf_status status = choose(r, item, HEADLOSSES, &choice);
    if (status == GF_OK)
        r->net->options.headloss = (gf_water_headloss)choice;
    return status;
}

static gf_status read_demand_model(inp_reader *r, uint32_t item)
{
    int choice;
    gf_status status = choose(r, item, DEMAND_MODELS, &choice);
    if (status == GF_OK)
        r->net->options.demand_model = (gf_water_demand_model)choice;
    return status;
}

static gf_status read_backflow(inp_reader *r, uint32_t item)
{
    int choice;
    gf_status status = choose(r, item, NO_YES, &choice);
    if (status == GF_OK)
        r->net->options.emitter_backflow = choice;
    return status;
}

static gf_status read_unbalanced(inp_reader *r, uint32_t item)
{
    int choice;
    double extra = 0;
    gf_status status = choose(r, item, UNBALANCED, &choice);
    if (status == GF_OK && choice == GF_WATER_CONTINUE && r->item_count > item + 1)
        status = inp_not_negative_at(r, item + 1, "the number of further trials", &extra);
    if (status != GF_OK)
        return status;
    r->net->options.unbalanced = (gf_water_unbalanced)choice;
    r->net->options.unbalanced_extra = extra > 1e6 ? 1000000 : (uint32_t)extra;
    return GF_OK;
}

static gf_status read_demand_pattern(inp_reader *r, uint32_t item)
{
    r->demand_pattern = r->items[item];
    r->demand_pattern_line = r->line;
    return GF_OK;
}

static gf_status read_quality(inp_reader *r, uint32_t item)
{
    gf_text words;
    gf_text_init(&words, r->keep);
    for (uint32_t i = item; i < r->item_count; i++) {
        gf_text_add_c(&words, i > item ? " " : "");
        gf_text_add(&words, r->items[i]);
    }
    r->net->options.quality = gf_text_str(&words);
    if (!inp_says(r->items[item], "TRACE"))
        return gf_text_done(&words, r->err);
    r->trace = r->item_count > item + 1 ? r->items[item + 1] : GF_STR("");
    r->trace_line = r->line;
    return gf_text_done(&words, r->err);
}

static gf_status keep_line(inp_reader *r, uint32_t item)
{
    (void)item;
    if (r->other_options.len)
        gf_text_add_char(&r->other_options, '\n');
    gf_text_add(&r->other_options, gf_str_trim(r->said));
    return gf_text_done(&r->other_options, r->err);
}

/* Which values a numeric option may have. */
typedef enum option_range { ANY, FROM_0, ABOVE_0, HUNDREDFOLD } option_range;   /* 0.01 to 100 */

typedef struct option {
    const char *word, *second;                              /* leading letters; a second word that decides, or NULL */
    uint32_t    item;                                       /* of the value; a line that has none says nothing */
    gf_status (*read)(inp_reader *r, uint32_t item);        /* or a number: */
    size_t      real, count;                                /* offset + 1 in gf_water_options */
    option_range range;
} option;

#define AT(field) (offsetof(gf_water_options, field) + 1)
static const option OPTIONS[] = {
    { "UNIT", NULL, 1, read_flow_unit },
    { "PRESSURE", "EXP", 2, NULL, AT(pressure_exponent), 0, FROM_0 },
    { "PRESSURE", NULL, 1, read_pressure_unit },
    { "HEADL", NULL, 1, read_headloss },
    { "HYDR", NULL, 1, keep_line },
    { "QUAL", NULL, 1, read_quality },
    { "MAP", NULL, 1, keep_line },
    { "VERI", NULL, 1, keep_line },
    { "SEGM", NULL, 1, keep_line },
    { "TOLER", NULL, 1, keep_line },
    { "DIFF", NULL, 1, keep_line },
    { "HTOL", NULL, 1, keep_line },
    { "QTOL", NULL, 1, keep_line },
    { "RQTOL", NULL, 1, keep_line },
    { "UNBA", NULL, 1, read_unbalanced },
    { "PATT", NULL, 1, read_demand_pattern },
    { "DEMAND", "MODEL", 2, read_demand_model },
    { "DEMAND", NULL, 2, NULL, AT(demand_factor), 0, ABOVE_0 },
    { "BACK", NULL, 2, read_backflow },
    { "EMIT", "BACK", 2, read_backflow },
    { "EMIT", NULL, 2, NULL, AT(emitter_exponent), 0, HUNDREDFOLD },
    { "VISC", NULL, 1, NULL, AT(viscosity_m2s), 0, ABOVE_0 },
    { "SPEC", NULL, 2, NULL, AT(specific_gravity), 0, HUNDREDFOLD },
    { "TRIAL", NULL, 1, NULL, 0, AT(trials_max), ABOVE_0 },
    { "ACCU", NULL, 1, NULL, AT(accuracy), 0, ABOVE_0 },
    { "HEADERROR", NULL, 1, NULL, AT(head_error_m), 0, FROM_0 },
    { "FLOWCHANGE", NULL, 1, NULL, AT(flow_change_m3s), 0, FROM_0 },
    { "MINI", NULL, 2, NULL, AT(pressure_min_m), 0, FROM_0 },
    { "REQ", NULL, 2, NULL, AT(pressure_required_m), 0, FROM_0 },
    { "CHECKFREQ", NULL, 1, NULL, 0, AT(check_every), ABOVE_0 },
    { "MAXCHECK", NULL, 1, NULL, 0, AT(check_until), ABOVE_0 },
    { "DAMPLIMIT", NULL, 1, NULL, AT(damp_limit), 0, ANY },
};

static gf_status read_in_range(inp_reader *r, const option *o, double *value)
{
    static const char *const WHAT = "the value of the option";
    static const double LEAST = 0.01, MOST = 100;
    gf_status status = o->range == ANY ? inp_number_at(r, o->item, WHAT, value)
                       : o->range == FROM_0 ? inp_not_negative_at(r, o->item, WHAT, value) : inp_positive_at(r, o->item, WHAT, value);
    if (status == GF_OK && o->range == HUNDREDFOLD && (*value < LEAST || *value > MOST))
        return inp_fail(r, "water.inp.range", "Give a value from 0.01 to 100.", "%s %g is not of this world", WHAT, *value);
    return status;
}

static gf_status read_value(inp_reader *r, const option *o)
{
    double value;
    gf_status status = read_in_range(r, o, &value);
    char *options = (char *)&r->net->options;
    if (status != GF_OK)
        return status;
    if (o->real)
        memcpy(options + o->real - 1, &value, sizeof value);
    uint32_t count = value > 1e9 ? 1000000000 : value < 1 ? 1 : (uint32_t)value;
    if (o->count)
        memcpy(options + o->count - 1, &count, sizeof count);
    if (o->real == AT(pressure_required_m))
        r->required_line = r->line;
    return GF_OK;
}

gf_status inp_read_option(inp_reader *r)
{
    for (size_t i = 0; i < GF_COUNT(OPTIONS); i++) {
        const option *o = &OPTIONS[i];
        if (!inp_says(r->items[0], o->word) || (o->second && (r->item_count < 2 || !inp_says(r->items[1], o->second))))
            continue;
        if (r->item_count <= o->item)
            return GF_OK;
        return o->read ? o->read(r, o->item) : read_value(r, o);
    }
    return inp_fail(r, "water.inp.word", "Take the line out, or write an option of EPANET 2.2.", "there is no option '%.*s'",
                    GF_STR_ARG(gf_str_slice(r->items[0], 0, 60)));
}

static gf_status finish_pressures(inp_reader *r)
{
    gf_water_options *o = &r->net->options;
    if (!r->required_line)
        o->pressure_required_m = o->pressure_min_m + PRESSURE_RANGE_MIN;
    r->line = r->required_line;
    if (o->pressure_required_m - o->pressure_min_m < PRESSURE_RANGE_MIN * (1 - 1e-9))
        return inp_fail(r, "water.inp.range", "Demands need a span of pressure to grow in.",
                        "REQUIRED PRESSURE %g is not at least %g above MINIMUM PRESSURE %g", o->pressure_required_m, PRESSURE_RANGE_MIN,
                        o->pressure_min_m);
    o->pressure_min_m *= r->net->units.pressure_m;
    o->pressure_required_m *= r->net->units.pressure_m;
    return GF_OK;
}

/* EPANET holds the accuracy between these. */
static void hold_accuracy(inp_reader *r, double *accuracy)
{
    static const double LEAST = 1e-5, MOST = 1e-1;
    double held = *accuracy < LEAST ? LEAST : *accuracy > MOST ? MOST : *accuracy;
    if (held != *accuracy)
        inp_note(r, "the accuracy %g is taken as %g, as EPANET does", *accuracy, held);
    *accuracy = held;
}

gf_status inp_finish_options(inp_reader *r)
{
    gf_water_options *o = &r->net->options;
    gf_water_units *u = &r->net->units;
    r->line = 0;
    if (!r->pressure_told)
        o->pressure_unit = o->flow_unit >= GF_WATER_LPS ? GF_WATER_METRES : GF_WATER_PSI;
    *u = gf_water_units_of(o->flow_unit, o->pressure_unit, o->specific_gravity);
    double water = gf_water_options_default().viscosity_m2s;
    if (o->viscosity_m2s != water)
        o->viscosity_m2s *= o->viscosity_m2s > INP_VISCOSITY_MULTIPLE_ABOVE ? water : u->length_m * u->length_m;
    o->head_error_m *= u->length_m;
    o->flow_change_m3s *= u->flow_m3s;
    hold_accuracy(r, &o->accuracy);
    return finish_pressures(r);
}
