/* report/gf_report_watch.h - what came of a watch, as JSON and as lines; docs/watch.md has the form. */
#pragma once
#include "app/gf_app_watch.h"

void gf_report_watch_json(const gf_app_watch_result *result, gf_str source, gf_text *out);
/* lang "zh" or "en". */
void gf_report_watch_text(const gf_app_watch_result *result, gf_str lang, gf_text *out);
