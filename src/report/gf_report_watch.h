/* report/gf_report_watch.h - what came of a watch, as JSON and as lines; docs/watch.md has the form. */
#pragma once
#include "app/gf_app_watch.h"

/* "gongfu.watch/1": one source. */
void gf_report_watch_json(const gf_app_watch_result *result, gf_str source, gf_text *out);
/* "gongfu.watch_many/1": an object as above for each source, or its failure; processor seconds and memory of all. */
void gf_report_watch_many_json(const gf_app_watch_one *all, const char *const *sources, size_t count, gf_text *out);
/* "gongfu.watch.samples/1": how many samples were made, and why others were not. */
void gf_report_watch_sampled_json(const gf_app_watch_sampled *made, gf_text *out);
/* lang "zh" or "en". */
void gf_report_watch_text(const gf_app_watch_result *result, gf_str lang, gf_text *out);
