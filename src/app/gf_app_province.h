/* app/gf_app_province.h - an invented province, to load and to measure with. No store; every row's origin is demo.
 *
 * Counties, people and money are made up: place codes begin with 99 and ids with pv-, which nobody has. The same seed and
 * size give the same bytes everywhere.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_APP_PROVINCE_LINES = 5000000, GF_APP_PROVINCE_LINES_MIN = 10000, GF_APP_PROVINCE_LINES_MAX = 20000000 };

typedef struct gf_app_province { int64_t counties, villages, projects, households, persons, entries, lines; } gf_app_province;

/* A folder of tables for gf_app_load(), written as it is made: 26 counties, and for 5,000,000 ledger lines 496,000 households
 * with 760,000 persons; other sizes in proportion. `lines` is even and within the bounds above. The folder must be new or
 * empty: GF_ECONFLICT. GF_EUSAGE a size out of bounds; GF_EIO the disk. */
gf_status gf_app_province_demo(const char *folder, int64_t seed, int64_t lines, gf_app_province *out, gf_error *err);
