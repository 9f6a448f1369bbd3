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
