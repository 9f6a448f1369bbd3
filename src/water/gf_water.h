/* water/gf_water.h - a pressurised water network: what it is made of, and its text in the EPANET 2.2 input format (INP).
 *
 * Pure: reads no file, clock or global, and logs nothing; threads may each work on their own network.
 * Values stand in SI units, as their names say; the file's own units are converted once, at reading and writing, with the
 * conversion factors that EPANET itself uses, so that both programs speak of the same number. Nodes, links, patterns and
 * curves are named by index, 0-based; GF_WATER_NONE is "none". Flow is positive from `from` to `to`.
 * Heads and flows: gf_water_solve.h. Sizes: gf_water_size.h.
 */
#pragma once
#include "base/gf_base.h"

enum {
    GF_WATER_NONE = -1,
    GF_WATER_ITEMS_MAX = 200000,            /* nodes, and links: a county's pipes, not a continent's */
    GF_WATER_TEXT_BYTES_MAX = 64 << 20      /* of an INP file */
};

/* ---- Units of the file ---- */

/* In the order of the words of [OPTIONS] UNITS; the first five are US customary, the others metric. */
typedef enum gf_water_flow_unit {
    GF_WATER_CFS, GF_WATER_GPM, GF_WATER_MGD, GF_WATER_IMGD, GF_WATER_AFD,
    GF_WATER_LPS, GF_WATER_LPM, GF_WATER_MLD, GF_WATER_CMH, GF_WATER_CMD, GF_WATER_CMS,
    GF_WATER_FLOW_UNIT_COUNT
} gf_water_flow_unit;

typedef enum gf_water_pressure_unit { GF_WATER_PSI, GF_WATER_KPA, GF_WATER_METRES, GF_WATER_BAR, GF_WATER_FEET } gf_water_pressure_unit;

/* How much of SI one unit of the file is: value_SI = value_in_file * factor. */
typedef struct gf_water_units {
    double flow_m3s;        /* of a flow */
    double length_m;        /* of lengths, elevations, heads, levels: m or ft */
    double diameter_m;      /* of pipe diameters: mm or inch; tanks are measured in length_m */
    double pressure_m;      /* of pressures, as metres of head */
    double power_w;         /* of pump power: kW or horsepower */
    double volume_m3;       /* m3 or ft3 */
    double velocity_ms;     /* m/s or ft/s */
    double roughness_m;     /* of Darcy-Weisbach roughness: mm or 0.001 ft */
    const char *flow_word;  /* "LPS": static */
    bool   metric;
} gf_water_units;

/* ---- Parts of a network ---- */

typedef enum gf_water_headloss { GF_WATER_HAZEN_WILLIAMS, GF_WATER_DARCY_WEISBACH, GF_WATER_CHEZY_MANNING } gf_water_headloss;

typedef enum gf_water_node_kind { GF_WATER_JUNCTION, GF_WATER_RESERVOIR, GF_WATER_TANK } gf_water_node_kind;

/* PIPE_CHECKED is a pipe with a check valve: water runs from `from` to `to` only. */
typedef enum gf_water_link_kind {
    GF_WATER_PIPE, GF_WATER_PIPE_CHECKED, GF_WATER_PUMP,
    GF_WATER_PRV, GF_WATER_PSV, GF_WATER_PBV, GF_WATER_FCV, GF_WATER_TCV, GF_WATER_GPV,
    GF_WATER_LINK_KIND_COUNT
} gf_water_link_kind;

/* What a link is told to be. ACTIVE: a valve that keeps its setting. */
typedef enum gf_water_status { GF_WATER_CLOSED, GF_WATER_OPEN, GF_WATER_ACTIVE } gf_water_status;

typedef struct gf_water_demand {            /* one of several at a junction */
    double  base_m3s;
    int32_t pattern;                        /* GF_WATER_NONE: the default pattern of the options, when there is one */
    gf_str  category;
} gf_water_demand;

typedef struct gf_water_node {
    gf_str             id;
    gf_water_node_kind kind;
    double             elevation_m;         /* ground of a junction, head of a reservoir, bottom of a tank */
    uint32_t           demand_first, demand_count;   /* in net->demands; 0 for other kinds */
    double             emitter;             /* m3/s per m^(1/exponent form of the options); 0 = none */
    int32_t            pattern;             /* of a reservoir's head */
    double             level_m, level_min_m, level_max_m, diameter_m, volume_min_m3;   /* of a tank; level at the start */
    int32_t            volume_curve;        /* of a tank */
    bool               overflows;           /* of a tank: full, it spills instead of closing its inlets */
    bool               placed;
    double             x, y;                /* as in [COORDINATES], when placed */
    gf_str             note, tag;           /* behind ';' on its line; from [TAGS] */
} gf_water_node;

typedef struct gf_water_point { double x, y; } gf_water_point;

typedef struct gf_water_link {
    gf_str             id;
    gf_water_link_kind kind;
    uint32_t           from, to;            /* nodes, different */
    gf_water_status    status;              /* at the start */
    double             length_m, diameter_m;/* of pipes; valves have a diameter */
    double             roughness;           /* C of Hazen-Williams, metres of Darcy-Weisbach, n of Manning */
    double             minor_loss;          /* K of K v^2 / 2g */
    double             setting;             /* PRV PSV PBV metres of pressure, FCV m3/s, TCV K, pump relative speed */
    int32_t            curve;               /* head curve of a pump, loss curve of a GPV */
    double             power_w;             /* of a pump of constant power; 0 = it has a curve */
    int32_t            speed_pattern, efficiency_curve, price_pattern;   /* of a pump */
    double             price;               /* of a pump per kWh; < 0: the price of the options */
    uint32_t           vertex_first, vertex_count;    /* in net->vertices */
    gf_str             note, tag;
} gf_water_link;

typedef struct gf_water_pattern { gf_str id; const double *factors; uint32_t count; gf_str note; } gf_water_pattern;

/* Points stand in the units of the file: what they are is told by who uses them. x rises. The kind is what the file says of
 * it, "PUMP", "EFFICIENCY", "VOLUME", "HEADLOSS" ..., or empty. */
typedef struct gf_water_curve { gf_str id; const double *x, *y; uint32_t count; gf_str kind, note; } gf_water_curve;

typedef enum gf_water_control_kind { GF_WATER_ABOVE, GF_WATER_BELOW, GF_WATER_AT_TIME, GF_WATER_AT_CLOCK } gf_water_control_kind;
typedef struct gf_water_control {           /* [CONTROLS]: one line */
    uint32_t              link;
    bool                  sets_status;      /* status, else setting */
    gf_water_status       status;
    double                setting;          /* SI as of the link */
    gf_water_control_kind kind;
    uint32_t              node;             /* ABOVE, BELOW */
    double                value_m;          /* ABOVE, BELOW: level of a tank above its bottom, pressure of a junction */
    int64_t               time_s;           /* AT_TIME from the start, AT_CLOCK of the day */
    bool                  disabled;         /* kept, but never acts */
} gf_water_control;

/* What a premise or an action of a rule speaks of. */
typedef enum gf_water_rule_object { GF_WATER_OF_NODE, GF_WATER_OF_LINK, GF_WATER_OF_SYSTEM } gf_water_rule_object;
typedef enum gf_water_rule_variable {
    GF_WATER_VAR_DEMAND, GF_WATER_VAR_HEAD, GF_WATER_VAR_PRESSURE, GF_WATER_VAR_LEVEL, GF_WATER_VAR_FILL_TIME, GF_WATER_VAR_DRAIN_TIME,
    GF_WATER_VAR_FLOW, GF_WATER_VAR_STATUS, GF_WATER_VAR_SETTING, GF_WATER_VAR_POWER, GF_WATER_VAR_TIME, GF_WATER_VAR_CLOCK
} gf_water_rule_variable;
typedef enum gf_water_rule_relation { GF_WATER_EQ, GF_WATER_NE, GF_WATER_LE, GF_WATER_GE, GF_WATER_LT, GF_WATER_GT } gf_water_rule_relation;
typedef struct gf_water_premise {
    bool                   or_else;         /* OR, else AND (IF counts as AND); AND binds as in EPANET: from left to right */
    gf_water_rule_object   object;
    uint32_t               index;           /* node or link */
    gf_water_rule_variable variable;
    gf_water_rule_relation relation;
    gf_water_status        status;          /* VAR_STATUS */
    double                 value;           /* SI: m, m3/s, W, s; settings as of the link */
} gf_water_premise;
typedef struct gf_water_action {
    uint32_t        link;
    bool            sets_status;
    gf_water_status status;
    double          setting;
} gf_water_action;
typedef struct gf_water_rule {
    gf_str                  id;
    const gf_water_premise *premises;
    const gf_water_action  *then, *otherwise;
    uint32_t                premise_count, then_count, otherwise_count;
    double                  priority;       /* the higher wins; 0 = none told */
    bool                    disabled;       /* kept, but never acts */
} gf_water_rule;

typedef enum gf_water_demand_model { GF_WATER_DEMAND_DRIVEN, GF_WATER_PRESSURE_DRIVEN } gf_water_demand_model;
typedef enum gf_water_unbalanced { GF_WATER_STOP, GF_WATER_CONTINUE } gf_water_unbalanced;

typedef struct gf_water_options {
    gf_water_flow_unit     flow_unit;
    gf_water_pressure_unit pressure_unit;
    gf_water_headloss      headloss;
    double                 viscosity_m2s, specific_gravity;
    double                 accuracy, head_error_m, flow_change_m3s;    /* stop when the flows move less; the last two 0 = off */
    uint32_t               trials_max;
    gf_water_unbalanced    unbalanced;
    uint32_t               unbalanced_extra;
    int32_t                demand_pattern;  /* of demands that name none */
    double                 demand_factor, emitter_exponent;            /* q = emitter * pressure^emitter_exponent */
    bool                   emitter_backflow;
    gf_water_demand_model  demand_model;
    double                 pressure_min_m, pressure_required_m, pressure_exponent;    /* of PRESSURE_DRIVEN */
    uint32_t               check_every, check_until;                   /* trials between looks at pumps, check valves, tanks */
    double                 damp_limit;
    double                 pump_efficiency, energy_price, demand_charge;   /* efficiency 0..1; price per kWh, charge per kW */
    int32_t                price_pattern;
    int64_t                duration_s, step_s, quality_step_s, rule_step_s, pattern_step_s, pattern_start_s,
                           report_step_s, report_start_s, clock_start_s;
    gf_str                 statistic, quality;                         /* words kept for writing */
} gf_water_options;

/* Sections that speak of quality, drawing and printing: kept as they were written, and written back. */
typedef struct gf_water_kept { gf_str section, text; } gf_water_kept;

typedef struct gf_water_net {
    gf_str            title;
    gf_water_options  options;
    gf_water_units    units;
    gf_water_node    *nodes;      uint32_t node_count;
    gf_water_link    *links;      uint32_t link_count;
    gf_water_demand  *demands;    uint32_t demand_count;
    gf_water_point   *vertices;   uint32_t vertex_count;
    gf_water_pattern *patterns;   uint32_t pattern_count;
    gf_water_curve   *curves;     uint32_t curve_count;
    gf_water_control *controls;   uint32_t control_count;
    gf_water_rule    *rules;      uint32_t rule_count;
    gf_water_kept    *kept;       uint32_t kept_count;
} gf_water_net;

/* Of a unit and a pressure unit. For US files pressures are psi, for metric ones metres, unless the file says otherwise. */
gf_water_units gf_water_units_of(gf_water_flow_unit flow, gf_water_pressure_unit pressure, double specific_gravity);

/* What a file that says nothing means: gpm, Hazen-Williams, accuracy 0.001, 1 h steps, ... of EPANET 2.2. */
gf_water_options gf_water_options_default(void);

/* Index of a node or link by its id; GF_WATER_NONE when there is none. Takes time in proportion to the network: for people's
 * questions, not for loops. Ids are compared as bytes. */
int32_t gf_water_find_node(const gf_water_net *net, gf_str id);
int32_t gf_water_find_link(const gf_water_net *net, gf_str id);

/* "pipe", "prv" ...: static. */
const char *gf_water_link_kind_name(gf_water_link_kind kind);

/* ---- The file ---- */

/* What was mended or passed over while reading: a sentence with its line. */
typedef struct gf_water_note { uint32_t line; gf_str text; } gf_water_note;

/* Read an INP file. `name` stands in messages ("lingjiao.inp").
 *
 *   keep   owns all of *out; texts are copied
 *   notes  may be NULL; what real files carry and this reader mends: pump lines of EPANET 1, NUL bytes, Latin-1 and GBK texts,
 *          reservoirs among the tanks, coordinates of nodes that are not there
 *
 * GF_EINPUT  with "NAME:LINE" in err->where: an unknown word, node or section, a number that is none, a negative length ...,
 *            an id twice, a link from a node to itself, valves that EPANET lets not meet, no source at all
 * GF_ELIMIT  more than GF_WATER_TEXT_BYTES_MAX or GF_WATER_ITEMS_MAX
 * GF_ENOMEM  keep reached its limit */
gf_status gf_water_inp_parse(gf_str bytes, const char *name, gf_arena *keep, gf_water_net *out, gf_water_note **notes, size_t *note_count,
                             gf_error *err);

/* Write it as UTF-8 INP, LF, every section of 2.2 that says something. Reading it again gives the same network, numbers to
 * 12 digits; nodes stand as junctions, reservoirs, tanks and links as pipes, pumps, valves, which is the order that reading
 * gives. Ids and tags must be without ';', quotes and line ends, as those that were read are. A network near the limits may
 * be written longer than GF_WATER_TEXT_BYTES_MAX. */
void gf_water_inp_write(const gf_water_net *net, gf_text *out);

/* ---- Made up ---- */

/* A town on a grid of streets for trials: `node_count` junctions (4 to GF_WATER_ITEMS_MAX), one reservoir, every pipe open, LPS,
 * Hazen-Williams, pressures positive. Demand comes from hills of people. The same seed gives the same network. */
gf_status gf_water_demo_grid(uint32_t node_count, uint64_t seed, gf_arena *keep, gf_water_net *out, gf_error *err);
