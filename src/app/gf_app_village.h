/* app/gf_app_village.h - a village's drinking water, designed: from households and springs on the ground to pipes, works and money.
 *
 * In: one JSON file (docs/water-village.md) and elevation. Out: demand, trenches, sizes, zones, bill, verdicts, and their files as
 * text. No store, no disk. Positions are in the metric system of the elevation; money is fen; results live in the caller's arena.
 */
#pragma once
#include "app/gf_app_terrain.h"
#include "water/gf_water_catalogue.h"
#include "water/gf_water_size.h"

/* ---- What is told ---- */

typedef struct gf_village_place { double x, y, z; } gf_village_place;      /* z: ground, metres */

typedef enum gf_village_quality { GF_VILLAGE_QUALITY_UNKNOWN, GF_VILLAGE_QUALITY_PASS, GF_VILLAGE_QUALITY_FAIL } gf_village_quality;

typedef struct gf_village_house {           /* or a public building */
    gf_str id, name;
    gf_village_place place;
    bool   is_public;
    double persons, storeys, livestock[GF_WATER_LIVESTOCK_COUNT], public_m3d;
    double used_m3d;                        /* of the greatest day, without losses */
    double head_min_m;                      /* by storeys */
} gf_village_house;

typedef struct gf_village_source {
    gf_str id, name;
    gf_village_place place;
    double yield_m3d, dry_m3d, reliability_percent;     /* NAN = not known */
    gf_village_quality quality;
    bool   used;
} gf_village_source;

typedef struct gf_village_shape { const gf_village_place *points; size_t count; } gf_village_shape;

/* Prices, all illustrative until the village file gives its own. */
typedef enum gf_village_price {
    GF_VILLAGE_RESIN_KG, GF_VILLAGE_DIG_M3, GF_VILLAGE_SAND_M3, GF_VILLAGE_FILL_M3, GF_VILLAGE_CROSSING, GF_VILLAGE_VALVE, GF_VILLAGE_AIR_VALVE,
    GF_VILLAGE_DRAIN, GF_VILLAGE_BREAK_TANK, GF_VILLAGE_PRV, GF_VILLAGE_HOUSE_PRV, GF_VILLAGE_TANK_M3, GF_VILLAGE_INTAKE, GF_VILLAGE_DISINFECTION,
    GF_VILLAGE_CONNECTION, GF_VILLAGE_CONNECTION_M, GF_VILLAGE_HYDRANT, GF_VILLAGE_PRICE_COUNT
} gf_village_price;
typedef struct gf_village_price_row { const char *id; gf_fen fen; const char *unit, *zh, *en; } gf_village_price_row;
const gf_village_price_row *gf_village_price_of(gf_village_price price);

typedef struct gf_village {
    gf_str name, origin;                    /* origin: entered, demo ... */
    const gf_app_surface *surface;
    gf_village_house  *houses;   size_t house_count;
    gf_village_source *sources;  size_t source_count;
    gf_village_shape  *forbidden; size_t forbidden_count;
    gf_village_shape  *roads;    size_t road_count;
    bool   has_tank, timed, hydrants;
    gf_village_place tank;
    gf_water_norms norms;
    gf_water_catalogue catalogue;
    gf_fen prices[GF_VILLAGE_PRICE_COUNT];
    bool   own_prices;                      /* the file gives some */
} gf_village;

/* GF_EINPUT with the place in the document: no JSON, a missing key, an id twice, a point off the elevation or on unknown ground. */
gf_status gf_app_village_parse(gf_str json, gf_str name, const gf_app_surface *surface, gf_arena *keep, gf_village *out, gf_error *err);

/* ---- What is designed ---- */

typedef enum gf_village_node_kind {
    GF_VILLAGE_NODE_SOURCE, GF_VILLAGE_NODE_TANK_IN, GF_VILLAGE_NODE_TANK, GF_VILLAGE_NODE_HOUSE, GF_VILLAGE_NODE_BRANCH, GF_VILLAGE_NODE_HUMP,
    GF_VILLAGE_NODE_LOW, GF_VILLAGE_NODE_POINT, GF_VILLAGE_NODE_BREAK_IN, GF_VILLAGE_NODE_BREAK, GF_VILLAGE_NODE_PRV_IN, GF_VILLAGE_NODE_PRV,
    GF_VILLAGE_NODE_KIND_COUNT
} gf_village_node_kind;
const char *gf_village_node_word(gf_village_node_kind kind);

enum { GF_VILLAGE_FIRES_MAX = 4, GF_VILLAGE_CASES = 2 + GF_VILLAGE_FIRES_MAX };     /* peak, night, fires */

typedef struct gf_village_node {
    gf_str   id;
    gf_village_node_kind kind;
    gf_village_place place;
    uint32_t zone;
    double   floor_m, ceiling_m;            /* absolute heads: needed at peak hour; greatest still head at its taps (INFINITY: none) */
    double   peak_m3s;                      /* taken here */
    bool     hydrant;
    double   head_m[GF_VILLAGE_CASES];      /* solved */
    double   still_m;                       /* head of its zone with full tank and no flow */
} gf_village_node;

typedef struct gf_village_pipe {
    gf_str   id;
    uint32_t from, to, zone;
    bool     is_prv, is_loop;
    double   prv_head_m;                    /* absolute, of PRVs */
    const gf_village_place *points; size_t point_count;     /* both ends included */
    double   length_m, low_m, high_m;       /* true length; lowest and highest ground */
    uint32_t crossings;                     /* of roads */
    int32_t  pe;                            /* in the catalogue; -1 before it is sized */
    double   flow_m3s, velocity_ms;         /* at peak hour */
} gf_village_pipe;

typedef struct gf_village_zone { uint32_t root; double low_m, still_m; bool raw; } gf_village_zone;     /* heads at its root */

typedef struct gf_village_item {            /* a line of the bill */
    const char *code, *zh, *en, *unit;
    gf_str   size;                          /* "DN63 SDR17" */
    int64_t  quantity_milli;
    gf_fen   price, total;
} gf_village_item;

typedef struct gf_village_bill { gf_village_item *items; size_t count; gf_fen works, contingency, total; } gf_village_bill;

typedef struct gf_village_short {           /* why it cannot be met */
    bool   any;
    gf_str node, links;                     /* links to be laid larger than any option */
    double short_m, lift_m, diameter_m;
    gf_water_size_limit limit;
} gf_village_short;

typedef enum gf_village_breaks { GF_VILLAGE_BREAK_TANKS, GF_VILLAGE_BREAK_PRVS } gf_village_breaks;

typedef struct gf_village_design {
    const char *id, *zh, *en;               /* "tree.tanks", "tree.prvs", "loops" */
    gf_village_node *nodes; uint32_t node_count;
    gf_village_pipe *pipes; uint32_t pipe_count;
    gf_village_zone *zones; uint32_t zone_count;
    uint32_t breaks, loops, house_prvs;
    double   connections_m;                 /* pipe from the junctions to the houses */
    uint32_t fires, fire_node[GF_VILLAGE_FIRES_MAX];
    bool     feasible, proven;              /* proven: the sizes of every zone */
    double   cost, lower_bound;             /* of what the sizes decide, yuan */
    gf_village_short lack;
    gf_village_bill  bill;
    gf_water_net     net;                   /* as solved: peak hour in its demands */
    double   pressure_least_m, pressure_most_m;     /* at houses: peak hour; still, before house PRVs */
    gf_str   node_least, node_most;
    double   velocity_most_ms;
} gf_village_design;

typedef enum gf_village_level { GF_VILLAGE_UNKNOWN, GF_VILLAGE_PASS, GF_VILLAGE_BASIC, GF_VILLAGE_FAIL } gf_village_level;
typedef struct gf_village_verdict {         /* of drinking-water safety, once built; a house passes when all four do */
    gf_village_level quantity, convenience, reliability, quality, all;
    double lpd, minutes, reliability_percent;           /* NAN = not known */
    uint32_t node;
    double pressure_m, still_m, connection_m;           /* at the house: peak hour; greatest */
    bool   house_prv;
} gf_village_verdict;
const char *gf_village_level_word(gf_village_level level);      /* "pass" ...: static */
/* What a number says: at least `pass`, at least `basic`; NAN is unknown. */
gf_village_level gf_village_level_of(double value, double pass, double basic);

typedef struct gf_village_plan {
    const gf_village  *village;
    gf_water_users     users;
    gf_water_need      need;
    double             dry_m3d;             /* of the used sources; NAN = not known */
    gf_village_design *designs; size_t design_count, chosen;
    gf_village_verdict *verdicts;           /* by house, of the chosen design */
    double             trench_cost, trench_grown;
    uint64_t           seed;
} gf_village_plan;

/* Design it. `sizes` as for gf_water_size(). An infeasible design is an answer: designs[chosen].feasible = false.
 * GF_EINPUT, GF_EUNSOLVED  a house that no trench reaches, no source, a spring without ground */
gf_status gf_app_village_design(const gf_village *village, const gf_water_size_options *sizes, gf_arena *keep, gf_village_plan *out, gf_error *err);

/* ---- As files ---- */

gf_status gf_app_village_geojson(const gf_village_plan *plan, gf_text *out, gf_error *err);
void      gf_app_village_dxf(const gf_village_plan *plan, gf_text *out);
void      gf_app_village_profile_csv(const gf_village_plan *plan, gf_text *out);
void      gf_app_village_bill_csv(const gf_village_plan *plan, gf_text *out);
void      gf_app_village_houses_csv(const gf_village_plan *plan, gf_text *out);
void      gf_app_village_pipes_csv(const gf_village_plan *plan, gf_text *out);

/* The line of the water from a source through the tank to the lowest head over its need: what profiles show. */
typedef struct gf_village_profile_point { double at_m, ground_m, head_m, still_m; gf_str node; } gf_village_profile_point;  /* node: "" between nodes */
gf_status gf_app_village_profile(const gf_village_plan *plan, gf_arena *keep, gf_village_profile_point **out, size_t *count, gf_error *err);

/* ---- Invented ---- */

typedef struct gf_village_demo { uint64_t seed; uint32_t houses; bool has_near; double near_x, near_y; } gf_village_demo;  /* near: degrees; x and y on a bare grid */
/* A village file of origin demo: houses along contours below a spring. GF_EINPUT: no ground that would carry a village. */
gf_status gf_app_village_demo_json(const gf_app_surface *surface, const gf_village_demo *ask, gf_arena *scratch, gf_text *out, gf_error *err);
