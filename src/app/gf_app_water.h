/* app/gf_app_water.h - water networks from files: solved, sized, made up for trials. No store is opened.
 *
 * Results live in the caller's arena. Progress comes through functions that may end the work.
 */
#pragma once
#include "water/gf_water_size.h"

/* ---- A brief from JSON ---- */

/* A problem as people write it: which pipes, from which catalogue, within which limits. */
typedef struct gf_app_water_problem {
    gf_str name, network, currency;         /* network: as written, relative to the problem's folder */
    gf_str diameter_unit, length_unit, head_unit;
    double diameter_m, length_m, head_m;    /* one of these units in metres */
    void  *json;                            /* the parsed document: gf_app_water_problem_close() */
} gf_app_water_problem;

/* GF_EINPUT with the place in the document: no JSON, a key that is missing or of a wrong kind, an unknown unit. */
gf_status gf_app_water_problem_parse(gf_str json, const char *name, gf_arena *keep, gf_app_water_problem *out, gf_error *err);
/* NULL and a problem that was never parsed are no-ops. */
void      gf_app_water_problem_close(gf_app_water_problem *problem);

/* Hold the problem against its network. `net` must outlive the brief.
 * GF_EINPUT: an unknown node or link, a catalogue that does not rise, a limit that is no number. */
gf_status gf_app_water_brief(const gf_app_water_problem *problem, const gf_water_net *net, gf_arena *keep, gf_water_brief *out, gf_error *err);

/* The network with the sizes of an answer written into it: to be saved as INP. Pipes that are not laid are closed. */
gf_status gf_app_water_sized(const gf_water_brief *brief, const gf_water_sizing *sizing, gf_arena *keep, gf_water_net *out, gf_error *err);

/* ---- A network solved over its hours ---- */

enum { GF_APP_WATER_PROBLEMS_MAX = 20 };

/* A junction without pressure, at its worst moment. */
typedef struct gf_app_water_dry { gf_water_shortage why; int64_t time_s; } gf_app_water_dry;

typedef struct gf_app_water_solved {
    gf_water_run_result run;
    int64_t             duration_s;
    uint32_t            iterations;         /* of the hardest moment */
    gf_app_water_dry   *dry;                /* the driest first */
    size_t              dry_count, dry_all; /* told here; all there were */
} gf_app_water_solved;

typedef struct gf_app_water_solve_options {
    int64_t duration_s;                     /* < 0 = the file's */
    bool  (*go_on)(void *context, int64_t time_s, int64_t duration_s);      /* may be NULL; false ends it (GF_ECANCELLED) */
    void   *context;
} gf_app_water_solve_options;

/* Solve `net` as its file says. `table`, when not NULL, gets a row for each node and link at every whole hour, CSV:
 * time_s,kind,id,head,pressure,demand,flow,velocity,headloss,status; metres or feet and the flow unit of the file.
 * GF_EUNSOLVED  a moment did not settle and the file says UNBALANCED STOP: *out and the table hold what came before */
gf_status gf_app_water_solve(const gf_water_net *net, const gf_app_water_solve_options *options, gf_arena *keep, gf_text *table,
                             gf_app_water_solved *out, gf_error *err);

/* What would mend a dry junction, as a sentence in the language; units of the network's file. */
void gf_app_water_remedy(const gf_water_net *net, const gf_water_shortage *why, bool english, gf_text *out);
