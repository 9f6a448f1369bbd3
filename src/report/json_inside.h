/* report/json_inside.h - inside the room only: parts of a report's JSON that the cockpit shows too. */
#pragma once
#include "report/gf_report.h"

/* The member "indicators": figures by their ids. */
void report_indicators(gf_json *json, const gf_app_reported *reported);
/* The member "figures": every figure of the report with its derivation. */
void report_figures(gf_json *json, const gf_app_reported *reported);
