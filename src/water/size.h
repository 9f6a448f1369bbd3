/* water/size.h - inside the room only: a brief made ready, exact answers of branches, trials of designs. */
#pragma once
#include "water/gf_water_size.h"
#include "water/solver.h"

enum { DIMENSIONS_MAX = 2 * GF_WATER_CASES_MAX, NO_LABEL = UINT32_MAX };
#define SIZE_MARGIN_M 1e-4          /* a design must keep its limits by so much: no solver agrees to the last bit with another */

/* ---- branch.c: the cheapest branch for every head ---- */

/* Labels of one subtree, by rising cost: what head it needs at its root, in every dimension, and what it costs. With one
 * dimension the needs fall strictly. Dimensions: heads of the cases, then (if some junction has a greatest pressure) their
 * negatives. */
typedef struct stair {
    uint32_t count;
    double  *cost, *need;           /* need: count * dimensions */
    uint32_t *left, *right;         /* what it was made of: see branch.c */
} stair;

typedef struct branches branches;

/* ---- A brief made ready ---- */

typedef struct ready {
    const gf_water_brief *brief;
    gf_water_net   net;             /* tanks are sources of fixed head */
    uint8_t       *may_vanish;
    int32_t       *pipe_of;         /* by link: pipe of the brief */
    uint32_t       dimensions, *core_pipes, core_count;     /* core: pipes of the brief that no branch holds */
    uint32_t      *core_nodes, core_node_count;     /* nodes that no branch holds */
    double         step_cost;       /* mean cost of one size up or down in the core */
    double         head_cap_m;      /* no source is higher */
    branches      *branches;
    uint32_t       labels_max;      /* of one stair */
    bool           exact;           /* branches were answered exactly */
    bool           flat;            /* several cases made their stairs too wide: all pipes are searched, none is in a branch */
} ready;

gf_status size_prepare(const gf_water_brief *brief, gf_arena *keep, ready *out, gf_error *err);
gf_status size_solver(const ready *r, uint32_t at_case, double accuracy, gf_arena *keep, gf_water_solver **out, gf_error *err);

gf_status branch_prepare(ready *r, gf_water_solver *const *solvers, gf_arena *keep, gf_error *err);
/* Cost of all that hangs on a core node at these heads (value: by dimension); false, with how much is missing, when no label fits. */
bool      branch_cost(const branches *b, uint32_t node, const double *value, double *cost, double *missing);
/* Write the options of that answer, by pipe of the brief. The label with the least need when none fits. */
void      branch_choose(const ready *r, uint32_t node, const double *value, uint16_t *option);

typedef struct hull_line { double slope, offset; } hull_line;      /* y against slope * x + offset */
/* Lines below the cost of all that hangs on a node, over its head in one case; needs eased by `ease_m`. 0: nothing hangs there
 * that costs. Only the steepest `room` lines when there are more. */
uint32_t  branch_hull(const branches *b, uint32_t node, uint32_t at_case, double ease_m, hull_line *out, uint32_t room);
double    branch_cheapest(const branches *b, uint32_t node);

/* ---- size.c, remedy.c ---- */

/* The least slack of a solved case, if it is less than what `worst` holds. */
void      size_slack(const gf_water_brief *b, uint32_t at_case, const gf_water_solver *s, gf_water_size_slack *worst);
gf_status size_remedy(const gf_water_brief *b, const uint16_t *option, const gf_water_size_slack *worst, gf_arena *keep, gf_water_size_remedy *out,
                      gf_error *err);

/* ---- trial.c: one design after the other, in one thread ---- */

typedef struct verdict { double cost, missing; bool solved; } verdict;     /* missing: metres, and m/s, in sum; 0 = feasible */

typedef struct trial {
    const ready      *ready;
    gf_water_solver **solvers;      /* by case */
    uint16_t         *option, *gear;        /* the design as it stands; of branches only when written out */
    double           *flow_kept;    /* flows of all cases before the last change */
    uint64_t          solves;
    double           *value;        /* room for the dimensions of one node */
} trial;

gf_status trial_make(const ready *r, double accuracy, gf_arena *keep, trial *out, gf_error *err);
void      trial_set(trial *t, uint32_t pipe, uint16_t option);
void      trial_set_gear(trial *t, uint32_t gear, uint16_t value);
void      trial_take(trial *t, const uint16_t *option, const uint16_t *gear);      /* a whole design */
verdict   trial_judge(trial *t);
void      trial_keep_flows(trial *t);       /* before a change ... */
void      trial_restore_flows(trial *t);    /* ... that was not worth it */
void      trial_write_branches(trial *t);   /* options of the branches, for the heads as they stand */

/* ---- search.c ---- */

typedef struct search search;
gf_status search_make(const ready *r, uint64_t seed, uint32_t thread, uint32_t threads, gf_arena *keep, search **out, gf_error *err);
/* Go on for so many solves, or until it is late; `late` may be NULL. */
void      search_round(search *s, uint64_t solves, bool (*late)(const void *context), const void *context);
/* Best feasible design so far; INFINITY when none. The design of least missing otherwise. */
double    search_best(const search *s, const uint16_t **option, const uint16_t **gear);
void      search_adopt(search *s, double cost, const uint16_t *option, const uint16_t *gear);
uint64_t  search_solves(const search *s);
double    search_missing(const search *s);           /* of the best design, while none is feasible */
bool      search_exhausted(const search *s);        /* its share of all designs is gone through: with the others', the best is proven */

/* ---- bound.c ---- */

typedef struct bound bound;
/* For one loading case: each alone is a relaxation of all. */
gf_status bound_make(const ready *r, uint32_t at_case, gf_arena *keep, bound **out, gf_error *err);
void      bound_watch(bound *b, double (*seconds_left)(void *context), void *context);     /* a linear program ends with the time */
void      bound_close(bound *b);
/* Relax one more part of the space; true while a better bound may come. `cost`: of the best design, INFINITY for none. */
bool      bound_round(bound *b, double cost);
double    bound_value(const bound *b);
size_t    bound_entries(const bound *b);            /* of its last linear program: what it took, whatever the clock says */
