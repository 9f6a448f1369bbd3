/* report/json_inside.h - inside the room only: parts of a report's JSON that the cockpit shows too. */
#pragma once
#include "report/gf_report.h"

void report_indicators(gf_json *json, const gf_app_reported *reported);      /* the member "indicators" */
void report_figures(gf_json *json, const gf_app_reported *reported);         /* the member "figures" */
