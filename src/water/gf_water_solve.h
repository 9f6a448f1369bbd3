/* water/gf_water_solve.h - heads and flows of a network: one moment, or hours with tanks, controls and energy.
 *
 * Method: global gradient (Todini & Pilati 1988) on a reduced graph. Branches without a loop carry what hangs below them, and
 * pipes in a row carry one flow: both are folded away, so that the sparse Cholesky factor (ordered and laid out once for each
 * network) holds only nodes where paths meet. Loss laws: Hazen-Williams, Darcy-Weisbach (Swamee & Jain, Dunlop's cubic between
 * Re 2000 and 4000, Hagen-Poiseuille below), Chezy-Manning. Rules for valves, pumps, tanks, controls: those of the EPANET 2.2
 * manual, so that a file means here what it means there.
 * Deterministic: the same calls give the same bytes. A solver belongs to one thread; several may share one network.
 */
#pragma once
#include "water/gf_water.h"

typedef struct gf_water_solver gf_water_solver;

typedef struct gf_water_solve_options {
    double   accuracy;              /* stop when flows move less than this share of all flow; 0 = the file's */
    uint32_t iterations_max;        /* 0 = the file's */
    bool     unfolded;              /* nothing is folded away: the very turns that EPANET takes, so that where a loose accuracy stops
                                     * early, both stop at the same flows. Slower; for reading files, not for sizing. */
    bool     unmended;              /* flows are told as the last turn left them, even where water does not add up, and count as
                                     * converged: only for holding them against a program that does so */
    const uint8_t *may_vanish;      /* by link, NULL = none: pipes that gf_water_set_diameter() may take away and bring back */
} gf_water_solve_options;

/* What a solution is worth. */
typedef struct gf_water_quality {
    bool     converged;             /* flows settled, no valve, pump or tank wants to change, mass_error <= 1e-6 */
    uint32_t iterations;
    double   change;                /* last sum |dq| / sum |q| */
    double   mass_error;            /* largest |in - out - demand| of a junction, relative to all demand */
    uint32_t worst_node;            /* of mass_error */
} gf_water_quality;

/* Borrowed from the solver: valid until its next call. Heads and demands by node, flows and the rest by link. */
typedef struct gf_water_state {
    const double *head_m, *demand_m3s;      /* demand: what leaves at the node; a source that feeds has a negative one */
    const double *flow_m3s, *setting;       /* setting: NAN while a valve stands open or closed by order */
    const uint8_t *closed;                  /* 1: nothing passes, by order, by check valve or because it cannot */
} gf_water_state;

enum { GF_WATER_MASS_ERROR_PPM = 1 };       /* "converged" means a mass error of at most one millionth */

/* Read the network into a solver: once for each network, thread and topology.
 *
 * The solver lives in `keep`; `net` must outlive it. Time and memory grow with the network and the fill of its factor.
 * GF_EINPUT  a pump without curve or power, a curve that no pump has, a negative loss: err names it
 * GF_ELIMIT  the factor would need more than 2^31 entries
 * GF_ENOMEM */
gf_status gf_water_solver_make(const gf_water_net *net, const gf_water_solve_options *options, gf_arena *keep, gf_water_solver **out,
                               gf_error *err);

/* ---- Changing it between solutions ---- */

/* Inner diameter of a pipe; 0 = not laid (nothing passes), for links that may vanish. */
void gf_water_set_diameter(gf_water_solver *solver, uint32_t link, double diameter_m);
/* What leaves at a junction, instead of base demands and patterns; until gf_water_reset(). */
void gf_water_set_demand(gf_water_solver *solver, uint32_t node, double demand_m3s);
/* Head of a reservoir or tank. */
void gf_water_set_head(gf_water_solver *solver, uint32_t node, double head_m);
/* Power of a pump of constant power. */
void gf_water_set_power(gf_water_solver *solver, uint32_t link, double power_w);
/* Back to the start of the file: statuses, levels, demands, flows at 1 ft/s; diameters stay. */
void gf_water_reset(gf_water_solver *solver);

/* ---- Solving ---- */

/* One steady state with the demands of the moment, from the flows of the last solution (the first time from 1 ft/s).
 * GF_EUNSOLVED  not settled within iterations_max, or a system without an answer; err names the worst node, *quality and the
 *               state hold what was reached */
gf_status gf_water_solve(gf_water_solver *solver, gf_water_quality *quality, gf_error *err);

gf_water_state gf_water_state_of(const gf_water_solver *solver);

/* What the moment asks for at a node, before any pressure is known. */
double gf_water_demand_m3s(const gf_water_solver *solver, uint32_t node);

/* Water velocity in a pipe or valve; 0 for pumps. */
double gf_water_velocity_ms(const gf_water_solver *solver, uint32_t link);

/* ---- Hours ---- */

/* Told after every solution that is due for a report. False ends the run (GF_ECANCELLED). */
typedef bool gf_water_report_fn(void *context, int64_t time_s, const gf_water_solver *solver);

typedef struct gf_water_run_options {
    int64_t             duration_s;         /* < 0 = the file's */
    int64_t             report_step_s;      /* of `report`; 0 = every solution. A moment between two solutions is solved beside them. */
    gf_water_report_fn *report;
    void               *context;
} gf_water_run_options;

/* hours_short: told to run, but the head against it is over what it can lift. */
typedef struct gf_water_pump_energy { double kwh, hours, cost, kw_max, hours_short; } gf_water_pump_energy;

typedef struct gf_water_run_result {
    uint32_t              solves, iterations;   /* iterations: of all solves */
    bool                  converged;            /* all of them */
    double                mass_error;           /* the worst */
    uint32_t              node;                 /* the lowest pressure of all, among junctions with a demand if there is one */
    double                pressure_m;
    int64_t               time_s;
    double                kwh, cost;            /* of all pumps; cost in the file's money, demand charge included */
    gf_water_pump_energy *pumps;                /* by link, in keep; zero for others */
    uint32_t              unsolved;             /* solves that did not settle */
    int64_t               unsolved_time_s;      /* of the first */
} gf_water_run_result;

/* From the start of the file through the duration. A moment that does not settle is counted and gone past when the file says
 * UNBALANCED CONTINUE, and ends the run (GF_EUNSOLVED) when it says STOP. GF_EINPUT "water.rule_loop": rules switch a link to
 * and fro at every look. */
gf_status gf_water_run(gf_water_solver *solver, const gf_water_run_options *options, gf_arena *keep, gf_water_run_result *out, gf_error *err);

/* ---- Explaining ---- */

/* Why a junction lacks pressure, in the present state of the solver. */
typedef struct gf_water_shortage {
    uint32_t  node;
    double    short_m;              /* metres of pressure missing to `wanted_m` */
    uint32_t *links;                /* the way of the water to it, in keep: the worst stretch (metres lost per metre) first */
    double   *loss_m;
    uint32_t  link_count;
    double    static_m;             /* pressure with no flow at all: below wanted_m no pipe helps */
    uint32_t  remedy_link;          /* when `remedy_helps`: this link at this diameter alone lifts the node to wanted_m, re-solved */
    double    remedy_diameter_m;
    double    remedy_factor;        /* when no single pipe helps: every pipe of the way so many times as wide does, re-solved; 0 = not even that */
    bool      cut_off, remedy_helps;/* cut_off: no open way leads to a source */
} gf_water_shortage;

/* The solver's state is as before afterwards. GF_ENOMEM. */
gf_status gf_water_explain(gf_water_solver *solver, uint32_t node, double wanted_m, gf_arena *keep, gf_water_shortage *out, gf_error *err);
