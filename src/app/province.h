/* app/province.h - inside the room only: what the files of an invented province share.
 *
 * Nothing is remembered but the counties: which village a household lies in, what stands in an entry, follows from its number and the
 * seed, so any row can be made again when another refers to it.
 */
#pragma once
#include "app/gf_app_province.h"

enum {
    PROVINCE_COUNTIES = 26, PROVINCE_TOWN_VILLAGES = 11, PROVINCE_VILLAGE_PROJECTS = 2, PROVINCE_UNITS = 10, PROVINCE_SHARED_UNITS = 8,
    PROVINCE_NAME_BYTES = 64, PROVINCE_CODE_BYTES = 16, PROVINCE_DAYS = 1095,
};

/* ---- Chance ---- */

/* What is drawn for; streams never share a draw. */
typedef enum province_stream { DRAW_COUNTIES, DRAW_PLACES, DRAW_PROJECTS, DRAW_CADRES, DRAW_CASES, DRAW_HOUSEHOLDS, DRAW_MEMBERS, DRAW_SHARE, DRAW_ENTRIES, DRAW_REVERSALS, DRAW_BUDGETS,
                              DRAW_STAGES, DRAW_CONDITIONS, DRAW_ASSETS, DRAW_OBSERVED, DRAW_DEALS, DRAW_VISITS, DRAW_MEASURES } province_stream;
typedef struct province_dice { uint64_t state; } province_dice;

/* Dice of one thing: the same seed, stream and number throw the same. */
province_dice province_throw(uint64_t seed, province_stream stream, int64_t number);
uint64_t      province_next(province_dice *dice);
/* 0 to count - 1; count is at most 2^32. */
int64_t       province_below(province_dice *dice, int64_t count);
/* True in `percent` of a hundred. */
bool          province_chance(province_dice *dice, int percent);

/* ---- The world ---- */

typedef struct province_county { int64_t first_village, village_count, first_town, town_count; int name; } province_county;

typedef struct province_world {
    uint64_t        seed;
    int64_t         rows, households, persons, villages, towns, projects, county_funds, cases;
    province_county county[PROVINCE_COUNTIES];
    char            day[PROVINCE_DAYS][GF_DAY_BYTES];   /* 2021-01-01 to 2023-12-31 */
} province_world;

/* `lines` is within its bounds. */
void province_world_make(uint64_t seed, int64_t lines, province_world *out);

/* Where a village stands. Codes: 99, county 6, town 9, village 12 digits. */
typedef struct province_village { int county; int64_t in_county, town; } province_village;
province_village province_village_at(const province_world *world, int64_t village);
void province_village_code(const province_world *world, int64_t village, char code[PROVINCE_CODE_BYTES]);
void province_town_code(const province_world *world, int county, int64_t town_in_county, char code[PROVINCE_CODE_BYTES]);
/* Names end with (演示); `bare` leaves that out. */
void province_village_name(const province_world *world, int64_t village, bool bare, char name[PROVINCE_NAME_BYTES]);
const char *province_county_name(const province_world *world, int county);

/* The first household of a village; that of the village behind the last is the number of households. */
int64_t province_first_household(const province_world *world, int64_t village);

/* A project stands in one village, draws on one fund of its county and is looked after by one of the county's units (1 to 9; 0 is the
 * county's treasury). */
typedef struct province_project { int64_t village; int county; int64_t fund; int unit; const char *subject; int stage; } province_project;   /* stage: 0 proposed to 5 handed over */
province_project province_project_at(const province_world *world, int64_t project);

/* "王秀英(示例)": invented, and says so. */
void province_person_name(province_dice *dice, char name[PROVINCE_NAME_BYTES]);

/* ---- Files ---- */

typedef struct province_out {
    int      fd;
    bool     failed;
    bool   (*cancelled)(void);
    bool     stopped;
    int64_t  rows, bytes, entries;
    size_t   len;
    char     buffer[1 << 16];
} province_out;

/* One whole row, with its line end; at most 4000 bytes, for nothing in it is longer. No cell needs quotes. */
void province_row(province_out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The ledger's rows are two thirds of all bytes and are put together piece by piece: four times as fast. */
void province_put(province_out *out, const char *text);
void province_put_number(province_out *out, int64_t value, int width);   /* >= 0; zeros before it up to the width */
void province_put_end(province_out *out);                                /* of a row */
/* False when writing failed or was stopped: let the caller leave its loop. */
bool province_goes_on(const province_out *out);

typedef void province_write_fn(const province_world *world, province_out *out);
province_write_fn province_places, province_units, province_programmes, province_groups, province_members, province_pairings, province_documents;
province_write_fn province_persons, province_assignments, province_projects, province_project_stages, province_project_conditions, province_funds, province_assets, province_indicators,
    province_observations, province_cases, province_case_steps;
province_write_fn province_households, province_household_members, province_visits, province_measures;
province_write_fn province_entries;

/* ---- Names: tables of invented parts ---- */

typedef struct province_words { const char *const *word; int count; } province_words;
extern const province_words PROVINCE_COUNTY_NAMES, PROVINCE_PLACE_FIRST, PROVINCE_PLACE_SECOND, PROVINCE_SURNAMES, PROVINCE_GIVEN, PROVINCE_SUBJECTS, PROVINCE_COUNTY_OFFICES,
    PROVINCE_SHARED_OFFICES, PROVINCE_CATEGORIES, PROVINCE_RELATIONS, PROVINCE_HEALTH, PROVINCE_PURPOSES, PROVINCE_POSTS, PROVINCE_MEASURES, PROVINCE_OCCASIONS, PROVINCE_TROUBLES;
/* One of them by chance. */
const char *province_word(province_dice *dice, const province_words *words);
