/* water/gf_water_size.h - the cheapest sizes of pipes that keep every limit, and a bound that tells how far from the cheapest.
 *
 * Exact where flows are known: a branch without a loop is solved by dynamic programming over head and cost, so a tree gets a
 * proven optimum. Around loops a search (simulated annealing, several threads that exchange at fixed counts of work) chooses
 * the sizes of the core, each branch answering with its exact optimum; a linear relaxation with branching over flow ranges
 * gives a bound that no feasible design can undercut.
 * The same brief, seed, threads and work give the same answer to the byte.
 */
#pragma once
#include "water/gf_water_solve.h"

typedef struct gf_water_size_option {
    double diameter_m;              /* inner; 0 = not laid */
    double unit_cost;               /* money per unit of length */
} gf_water_size_option;

/* One pipe to be sized. */
typedef struct gf_water_size_pipe {
    uint32_t        link;
    double          length;         /* that its cost is paid for, in the unit of unit_cost */
    const uint16_t *options;        /* that may be taken: indices into the brief's, from small to large */
    uint32_t        option_count;
} gf_water_size_pipe;

/* A pump or a source that may be chosen with the pipes. */
typedef enum gf_water_size_gear_kind { GF_WATER_GEAR_HEAD, GF_WATER_GEAR_POWER } gf_water_size_gear_kind;
typedef struct gf_water_size_gear {
    gf_water_size_gear_kind kind;
    uint32_t      index;            /* node of HEAD, link of POWER */
    const double *values, *costs;   /* metres of head, watts; money */
    uint32_t      count;
} gf_water_size_gear;

/* One moment that the design must serve: peak hour, fire, night. */
typedef struct gf_water_size_case {
    gf_str        name;
    const double *demand_m3s;       /* by node; NULL = as the network's first moment */
    const double *pressure_min_m;   /* by node; NAN = none */
    const double *pressure_max_m;   /* by node; NAN = none; NULL = none at all */
    double        velocity_max_ms;  /* of the pipes to be sized; INFINITY = none */
} gf_water_size_case;

typedef struct gf_water_brief {
    const gf_water_net         *net;
    const gf_water_size_option *options; uint32_t option_count;     /* diameters rising */
    const gf_water_size_pipe   *pipes;   uint32_t pipe_count;
    const gf_water_size_gear   *gears;   uint32_t gear_count;
    const gf_water_size_case   *cases;   uint32_t case_count;
} gf_water_brief;

enum { GF_WATER_CASES_MAX = 8, GF_WATER_THREADS_MAX = 64 };

typedef enum gf_water_size_limit { GF_WATER_LIMIT_NONE, GF_WATER_LIMIT_MIN_HEAD, GF_WATER_LIMIT_MAX_HEAD, GF_WATER_LIMIT_VELOCITY } gf_water_size_limit;

/* How near a design comes to a limit: slack < 0 is broken. Metres, or m/s for velocities. */
typedef struct gf_water_size_slack {
    gf_water_size_limit limit;
    uint32_t            index, at_case;     /* node, or link for velocities */
    double              slack;
} gf_water_size_slack;

typedef struct gf_water_size_progress {
    double   seconds, cost, lower_bound;    /* cost: INFINITY before the first feasible design */
    uint64_t solves;
} gf_water_size_progress;

typedef struct gf_water_size_options {
    double   seconds;               /* stop; <= 0 = none */
    uint64_t work;                  /* hydraulic solves of the search, all threads; 0 = none. One of both must be given. */
    uint64_t seed;
    uint32_t threads;               /* 0 = 1 */
    bool     bound;                 /* look for a lower bound around loops too; trees have theirs anyway */
    double (*now_s)(void *context);         /* a clock; NULL with `seconds` <= 0 only */
    bool   (*stop)(void *context);          /* asked between rounds; may be NULL */
    void   (*progress)(void *context, const gf_water_size_progress *progress);      /* may be NULL */
    void    *context;
} gf_water_size_options;

typedef enum gf_water_size_end { GF_WATER_END_PROVEN, GF_WATER_END_WORK, GF_WATER_END_SECONDS, GF_WATER_END_INTERRUPT } gf_water_size_end;

/* What would help a brief that cannot be met. */
typedef struct gf_water_size_remedy {
    uint32_t *links, link_count;    /* to be laid larger than any option allows; none when no pipe helps */
    double    diameter_m, cost_added;
    double    lift_m;               /* metres that the sources lack, when no pipe helps */
} gf_water_size_remedy;

typedef struct gf_water_sizing {
    bool                 feasible, proven;
    double               cost, lower_bound;         /* lower_bound <= cost of every feasible design; 0 = none known */
    uint16_t            *option;                    /* by pipe of the brief: index into options */
    uint16_t            *gear;                      /* by gear: index into its values */
    gf_water_size_slack  worst;                     /* of the answer; the most broken one when infeasible */
    gf_water_size_remedy remedy;                    /* when infeasible */
    uint64_t             solves;
    double               seconds;
    gf_water_size_end    end;
} gf_water_sizing;

/* Size the pipes. An infeasible brief is an answer (GF_OK, feasible = false), not a failure.
 * GF_EINPUT  an option without rising diameter, a pipe without options, a brief without pipes, a case without answer at any size
 * GF_ENOMEM */
gf_status gf_water_size(const gf_water_brief *brief, const gf_water_size_options *options, gf_arena *keep, gf_water_sizing *out, gf_error *err);

/* Check one design by tight solutions of every case; `worst` is the least slack. Independent of the search. */
gf_status gf_water_size_check(const gf_water_brief *brief, const uint16_t *option, const uint16_t *gear, gf_arena *keep, double *cost,
                              gf_water_size_slack *worst, gf_error *err);
