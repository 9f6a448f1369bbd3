/* app/solar_series.h - inside the room only: a table of weather and power while it is read. */
#pragma once
#include "app/gf_app_solar.h"
#include "file/gf_file.h"

enum { COLUMNS_MAX = 128, NAME_BYTES = 64, TYPICAL_YEAR = 1990 };

typedef enum role {
    ROLE_NONE, ROLE_GHI, ROLE_DNI, ROLE_DHI, ROLE_POA, ROLE_POA_PART, ROLE_AIR, ROLE_WIND, ROLE_FED_IN, ROLE_AC,
    ROLE_UTC, ROLE_LOCAL, ROLE_PVGIS, ROLE_DATE_US, ROLE_CLOCK, ROLE_YEAR, ROLE_MONTH, ROLE_DAY, ROLE_HOUR, ROLE_MINUTE,
} role;

typedef enum form { FORM_NONE, FORM_PLAIN, FORM_PVGIS, FORM_TMY3, FORM_PVWATTS, FORM_NSRDB } form;

typedef struct column { role role; double scale; uint32_t ac; } column;

typedef struct series_reading {
    const gf_app_solar_read_options *o;
    gf_arena *keep, *scratch;
    gf_error *err;
    gf_file_csv *csv;
    form     form;
    column   columns[COLUMNS_MAX];
    size_t   column_count;
    bool     has_fed_in;
    double   zone_minutes;
    size_t   zone_column;                   /* NSRDB: where the row of names has the zone; 0 = nowhere */
    gf_app_solar_series *s;
    gf_solar_weather *rows;                 /* as they were read, `at` as written */
    double  *ac, *fed_in;                   /* the same */
    size_t   count, room;
} series_reading;

/* ---- solar_columns.c: what the head says ---- */

/* The form that a row tells; FORM_NONE when it is no head. */
form      series_form_of(const gf_str *fields, size_t count);
/* The roles of the columns. GF_EINPUT "solar.csv" none is of use, "solar.unit"; GF_ELIMIT too many inverters. */
gf_status series_take_head(series_reading *r, const gf_str *fields, size_t count);
/* A row before the head: the zone that it may tell. */
void      series_take_before_head(series_reading *r, const gf_str *fields, size_t count);

/* ---- solar_times.c: cells ---- */

/* A finite decimal number, blanks about it allowed. */
bool series_number(gf_str text, double *out);
/* 2022-01-02T00:15[:00][Z|+08:00], the same with a blank, and 2/1/2019 0:05 (month first). */
bool series_iso(gf_str text, int zone_minutes, gf_utc_ms *out);
/* 20160101:0010 */
bool series_pvgis(gf_str text, gf_utc_ms *out);
typedef struct series_parts { int year, month, mday, minutes; bool dated, timed; } series_parts;
/* One column of a date that is spread over several. */
bool series_part(role role_of, gf_str text, series_parts *p);
/* False for a day that is not in the calendar. */
bool series_instant(int year, int month, int mday, int minutes, double seconds, gf_utc_ms *out);
