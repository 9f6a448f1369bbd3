/* report/village_profile.h - inside the room only: what the documents share; the profile of a village's water, laid out once for paper and for SVG. */
#pragma once
#include "report/gf_report_village.h"

typedef struct profile_axis { double low, high, step; } profile_axis;

typedef struct profile_plot {
    gf_village_profile_point *points;
    size_t       count;
    profile_axis along, up;         /* metres of pipe; metres above sea */
    double       x, y, width, height;   /* of the plotting area, in the unit of the page */
} profile_plot;

/* False when there is no way to draw, or no memory. */
bool   profile_lay_out(const gf_village_plan *plan, gf_arena *arena, double x, double y, double width, double height, profile_plot *out);
double profile_x(const profile_plot *plot, double at_m);
double profile_y(const profile_plot *plot, double height_m);
/* Of one of the three lines: ground, head, still head. */
typedef enum profile_line { PROFILE_STILL, PROFILE_HEAD, PROFILE_GROUND, PROFILE_LINES } profile_line;
double      profile_value(const gf_village_profile_point *point, profile_line line);
const char *profile_word(profile_line line, gf_str lang);
extern const char *const PROFILE_COLOUR[PROFILE_LINES];

/* 个, 座 ... have no English: "no.". Static. */
const char *village_unit(const char *unit, bool zh);
