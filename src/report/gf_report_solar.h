/* report/gf_report_solar.h - answers about the sun and PV plants as JSON, in the forms of docs/solar.md. */
#pragma once
#include "app/gf_app_solar.h"

void gf_report_solar_moments_json(const gf_app_solar_moment *moments, size_t count, bool sky, gf_text *out);
void gf_report_solar_days_json(const gf_app_solar_civil *days, size_t count, int zone_minutes, gf_text *out);
void gf_report_solar_yield_json(const gf_solar_plant *plant, const gf_app_solar_series *series, const gf_app_solar_yields *yields, int64_t ms, gf_text *out);
/* Each fault with up to `readings_max` of the readings that prove it. */
void gf_report_solar_check_json(const gf_app_solar_series *series, const gf_app_solar_checked *checked, size_t readings_max, int64_t ms, gf_text *out);
/* The same as lines for people; lang "zh" or "en". */
void gf_report_solar_check_text(const gf_app_solar_series *series, const gf_app_solar_checked *checked, gf_str lang, gf_text *out);
/* "2024-06-21T12:00" in a zone, terminated. */
#define GF_REPORT_SOLAR_TIME_BYTES 24
void gf_report_solar_time(gf_utc_ms at, int zone_minutes, char out[GF_REPORT_SOLAR_TIME_BYTES]);
