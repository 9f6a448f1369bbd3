/* water/solver.h - inside the room only: the solver's arrays, and what its files do with them.
 *
 * An element is a stretch of pipes in a row, or one other link, between two kept nodes. Pipes stand in "slots": first all
 * pipes of elements, element after element, then those of folded branches, from the leaf inwards.
 */
#pragma once
#include "water/gf_water_solve.h"
#include "water/factor.h"
#include <math.h>

#define PI 3.14159265358979323846

/* Thresholds of the EPANET manual, from feet and cubic feet per second. */
#define FOOT_M 0.3048
#define CFS_M3S (FOOT_M * FOOT_M * FOOT_M)
#define GRADIENT_UNIT (FOOT_M / CFS_M3S)                /* (ft / cfs) in m / (m3/s) */
#define HEAD_TOLERANCE_M (0.0005 * FOOT_M)
#define FLOW_TOLERANCE_M3S (0.0001 * CFS_M3S)
#define FLOW_ZERO_M3S (1e-6 * CFS_M3S)
#define GRADIENT_LOW (1e-7 * GRADIENT_UNIT)             /* below, a loss is taken as linear */
#define GRADIENT_CLOSED (1e8 * GRADIENT_UNIT)           /* of what is shut */
#define GRADIENT_OPEN (1e-6 * GRADIENT_UNIT)            /* of what resists nothing */
#define CONDUCTANCE_FIXED (1e8 / GRADIENT_UNIT)         /* holds a head at its setting */

enum { PIPE_LANES = 4 };            /* slots are counted in fours: the loss loops take four at a time */

typedef enum link_state {           /* in this order: <= IS_CLOSED lets nothing pass */
    IS_HEAD_SHORT,                  /* a pump that cannot lift so high */
    IS_SHUT_FOR_NOW,                /* at a full or empty tank, or a pump of constant power without flow */
    IS_CLOSED, IS_OPEN, IS_ACTIVE,
    IS_FLOW_SHORT,                  /* FCV that cannot pass its flow: open */
    IS_PRESSURE_LOST                /* PRV or PSV that cannot hold its setting: open */
} link_state;

typedef enum pump_kind { PUMP_POWER, PUMP_LAW, PUMP_POINTS } pump_kind;
typedef struct pump {               /* head gain = shutoff - loss * q^exponent at speed 1 */
    uint32_t  link;
    pump_kind kind;
    double    shutoff_m, loss, exponent, flow_m3s, head_max_m, head_flow;   /* head_flow = m * m3/s of a pump of constant power */
} pump;

typedef struct element {
    uint32_t slot_first, slot_count;        /* pipes; a link that is no plain pipe has one slot of no loss when it is a pipe, else none */
    int32_t  link;                          /* the link when it is handled alone (status, valve, pump, check pipe), else GF_WATER_NONE */
    uint32_t from, to;                      /* kept nodes */
    int32_t  row_from, row_to;              /* of the system, GF_WATER_NONE for sources */
    int32_t  entry;                         /* of the factor; GF_WATER_NONE when an end is a source */
} element;

struct gf_water_solver {
    const gf_water_net *net;
    gf_water_options    options;
    gf_water_solve_options wanted;

    /* by slot: pipes in the order of the elements, then of the branches */
    uint32_t  slot_used, slot_core, branch_count, slot_padded;      /* pipes of elements, these in fours, branches from there on, all */
    uint32_t *slot_link;
    int8_t   *slot_sign;                    /* +1: the link's own direction is the element's; branches: leaf to root */
    double   *slot_flow, *slot_loss, *slot_grad;        /* in the direction of the element */
    double   *slot_resist, *slot_minor, *slot_rough, *slot_visc;    /* visc: viscosity * diameter; rough: relative */
    double   *slot_base;                    /* what of the resistance does not hang on the diameter */
    double   *slot_d_ft;                    /* diameter; 1 in filling slots */
    uint32_t *changed, changed_count;       /* slots whose resistance is to be computed again */
    double   *slot_offset;                  /* core: what left the stretch before this pipe: q_slot = q_element - offset */

    element  *elements; uint32_t element_count;
    double   *flow, *inverse, *shift, *step;    /* by element: q, 1/gradient, loss/gradient, what q last lost */
    double   *mend;                         /* by element: what is told beside q, so that water adds up to the last drop */
    uint32_t *chain_node;                   /* by core slot: node at the end of the pipe, inside a stretch; the last is the kept node */
    uint32_t *branch_node, *branch_root;    /* by branch slot: the folded node, and the node it hangs on */

    /* by node */
    uint8_t  *folded;                       /* folded: 0 kept, 1 in a stretch, 2 in a branch */
    int32_t  *row;                          /* of the system; GF_WATER_NONE for sources and folded nodes */
    double   *head, *elevation, *demand, *demand_full, *pending, *outflow;   /* demand: present; pending: with what hangs on it */
    double   *emitter, *emitter_flow;       /* emitter: loss coefficient 1/K^(1/exponent), 0 = none */
    double   *excess, *volume;
    double   *set_demand;                   /* NAN: from the file */

    /* by link */
    uint8_t  *state;
    double   *setting, *diameter, *minor, *minor_unit, *link_flow;      /* minor = K * minor_unit */
    int32_t  *slot_of, *element_of, *pump_of;
    pump     *pumps; uint32_t pump_count;
    uint32_t *special; uint32_t special_count;      /* elements whose link is handled alone */
    double   *power_w;                      /* by link: of pumps of constant power */
    double   *power_kw, *efficiency;        /* by link: of pumps, at present */

    factor    system;
    double   *right;
    uint32_t *row_node;                     /* by place */
    double    branch_flow_sum, demand_sum, flow_sum;       /* flow_sum: of the last turn */
    const gf_water_action **rule_action;    /* by link: what the rules of the moment want of it */
    double   *rule_priority;
    uint32_t *rule_flips;                   /* by link: looks in a row at which rules turned it round ... */
    uint8_t  *rule_turn;                    /* ... and how at the last: 1 shut, 2 opened, 0 left alone */
    bool      core_only;                    /* the search asks for heads of the core alone: no branches, no balance */
    bool      started, has_outflows, has_valves;      /* outflows: something beside fixed demands and pipes */
    uint8_t  *closed;
    gf_water_quality quality;
};

/* loss.c: friction and minor losses of slots [first, first + count), both in fours. */
void solver_pipe_losses(gf_water_solver *s, uint32_t first, uint32_t count);
/* note a new diameter of a slot's link; the resistance follows with the next losses */
void solver_resist(gf_water_solver *s, uint32_t slot);

/* links.c */
gf_status solver_fit_pumps(gf_water_solver *s, gf_arena *keep, gf_error *err);
void      solver_special(gf_water_solver *s, uint32_t element_index);       /* inverse and shift of a pump or valve, or of what is shut */
void      solver_control_valves(gf_water_solver *s);                        /* active PRV, PSV, FCV into the system */

/* status.c: true when something changed */
bool solver_check_valves(gf_water_solver *s);
bool solver_check_links(gf_water_solver *s);
bool solver_check_pressure_controls(gf_water_solver *s);
bool solver_apply_control(gf_water_solver *s, const gf_water_control *control);

/* steady.c */
void solver_spread(gf_water_solver *s);     /* demands of folded nodes to those that feed them; flows of branches */
void solver_refresh(gf_water_solver *s);
void solver_start_flows(gf_water_solver *s);
void solver_restart_pump(gf_water_solver *s, uint32_t link);    /* one of constant power needs a flow to begin with */
void solver_start_state(gf_water_solver *s, uint32_t link);     /* its state and setting, as the file has them */

/* run.c: a state aside, and back; NULL without memory */
double *solver_keep(const gf_water_solver *s, gf_arena *scratch);
void    solver_bring_back(gf_water_solver *s, const double *kept);

/* hours: controls.c, rules.c, tank.c */
void    hours_set_status(gf_water_solver *s, uint32_t link, bool open);
void    hours_set_setting(gf_water_solver *s, uint32_t link, double setting);
void    hours_demands(gf_water_solver *s, int64_t time_s);
void    hours_controls(gf_water_solver *s, int64_t time_s);
int64_t hours_control_step(const gf_water_solver *s, int64_t time_s, int64_t step_s);
int64_t hours_tank_step(const gf_water_solver *s, int64_t step_s);
void    hours_tanks(gf_water_solver *s, int64_t step_s);
bool    hours_rules(gf_water_solver *s, int64_t time_s, int64_t step_s);
double  tank_volume(const gf_water_solver *s, uint32_t node, double head_m);
double  tank_head(const gf_water_solver *s, uint32_t node, double volume_m3);
double  tank_volume_max(const gf_water_solver *s, uint32_t node);
double  tank_volume_min(const gf_water_solver *s, uint32_t node);
double  solver_pattern(const gf_water_solver *s, int32_t pattern, int64_t time_s);     /* factor of the moment; 1 for none */
double  curve_at(const gf_water_curve *curve, bool by_y, double x);
