/* Units of the file, default options, names of kinds: what a file that says little means.
 * The factors are those of EPANET (public domain manual, appendix C of the 2.2 user manual), not sharper ones: a design that
 * is feasible here must be feasible there, to the last millimetre.
 */
#include "water/gf_water.h"

#define FOOT_M 0.3048
#define CFS_M3S (FOOT_M * FOOT_M * FOOT_M)
#define PSI_PER_FOOT 0.4333
#define KPA_PER_PSI 6.895
#define BAR_PER_PSI 0.068948
#define WATT_PER_HORSEPOWER 745.7

/* How many of the unit are one cubic foot per second. */
static const struct { const char *word; double per_cfs; bool metric; } FLOW_UNITS[GF_WATER_FLOW_UNIT_COUNT] = {
    [GF_WATER_CFS] = { "CFS", 1.0, false },      [GF_WATER_GPM] = { "GPM", 448.831, false },  [GF_WATER_MGD] = { "MGD", 0.64632, false },
    [GF_WATER_IMGD] = { "IMGD", 0.5382, false }, [GF_WATER_AFD] = { "AFD", 1.9837, false },   [GF_WATER_LPS] = { "LPS", 28.317, true },
    [GF_WATER_LPM] = { "LPM", 1699.0, true },    [GF_WATER_MLD] = { "MLD", 2.4466, true },    [GF_WATER_CMH] = { "CMH", 101.94, true },
    [GF_WATER_CMD] = { "CMD", 2446.6, true },    [GF_WATER_CMS] = { "CMS", 0.028317, true },
};

/* Metres of head in one unit of pressure: of psi, kPa and bar a heavier fluid needs less head. */
static double pressure_m(gf_water_pressure_unit unit, double specific_gravity)
{
    switch (unit) {
    case GF_WATER_PSI: return FOOT_M / (PSI_PER_FOOT * specific_gravity);
    case GF_WATER_KPA: return FOOT_M / (PSI_PER_FOOT * KPA_PER_PSI * specific_gravity);
    case GF_WATER_BAR: return FOOT_M / (PSI_PER_FOOT * BAR_PER_PSI * specific_gravity);
    case GF_WATER_FEET: return FOOT_M;
    case GF_WATER_METRES: break;
    }
    return 1.0;
}

gf_water_units gf_water_units_of(gf_water_flow_unit flow, gf_water_pressure_unit pressure, double specific_gravity)
{
    bool metric = FLOW_UNITS[flow].metric;
    return (gf_water_units){
        .flow_m3s = CFS_M3S / FLOW_UNITS[flow].per_cfs, .length_m = metric ? 1.0 : FOOT_M, .diameter_m = metric ? 0.001 : FOOT_M / 12,
        .pressure_m = pressure_m(pressure, specific_gravity), .power_w = metric ? 1000.0 : WATT_PER_HORSEPOWER, .volume_m3 = metric ? 1.0 : CFS_M3S,
        .velocity_ms = metric ? 1.0 : FOOT_M, .roughness_m = metric ? 0.001 : FOOT_M / 1000, .flow_word = FLOW_UNITS[flow].word, .metric = metric,
    };
}

gf_water_options gf_water_options_default(void)
{
    return (gf_water_options){
        .flow_unit = GF_WATER_GPM, .pressure_unit = GF_WATER_PSI, .headloss = GF_WATER_HAZEN_WILLIAMS,
        .viscosity_m2s = 1.1e-5 * FOOT_M * FOOT_M, .specific_gravity = 1.0, .accuracy = 0.001, .trials_max = 200,
        .unbalanced = GF_WATER_STOP, .demand_pattern = GF_WATER_NONE, .demand_factor = 1.0, .emitter_exponent = 0.5, .emitter_backflow = true,
        .demand_model = GF_WATER_DEMAND_DRIVEN, .pressure_required_m = 0.1 * FOOT_M / PSI_PER_FOOT, .pressure_exponent = 0.5,
        .check_every = 2, .check_until = 10, .pump_efficiency = 0.75, .price_pattern = GF_WATER_NONE,
        .step_s = 3600, .quality_step_s = 360, .rule_step_s = 360, .pattern_step_s = 3600, .report_step_s = 3600,
    };
}

int32_t gf_water_find_node(const gf_water_net *net, gf_str id)
{
    for (uint32_t i = 0; i < net->node_count; i++)
        if (gf_str_eq(net->nodes[i].id, id)) return (int32_t)i;
    return GF_WATER_NONE;
}

int32_t gf_water_find_link(const gf_water_net *net, gf_str id)
{
    for (uint32_t i = 0; i < net->link_count; i++)
        if (gf_str_eq(net->links[i].id, id)) return (int32_t)i;
    return GF_WATER_NONE;
}

const char *gf_water_link_kind_name(gf_water_link_kind kind)
{
    static const char *const NAMES[GF_WATER_LINK_KIND_COUNT] = {
        [GF_WATER_PIPE] = "pipe", [GF_WATER_PIPE_CHECKED] = "check_pipe", [GF_WATER_PUMP] = "pump", [GF_WATER_PRV] = "prv", [GF_WATER_PSV] = "psv",
        [GF_WATER_PBV] = "pbv", [GF_WATER_FCV] = "fcv", [GF_WATER_TCV] = "tcv", [GF_WATER_GPV] = "gpv",
    };
    return NAMES[kind];
}
