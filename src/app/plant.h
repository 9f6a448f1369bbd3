/* app/plant.h - inside the room only: what the files of PV plants share. */
#pragma once
#include "app/access.h"
#include "app/cells.h"
#include "app/gf_app_plant.h"
#include "app/record.h"

/* A plant with its description and all its readings as one series. Lives in the arena that it was opened in. */
typedef struct plant_open {
    record row;
    gf_str id;
    gf_solar_plant plant;
    const char *horizon;               /* "file", "terrain", "none" */
    size_t unknown;                    /* directions of the skyline in which the elevation ends */
    gf_app_plant_batch *batches;
    size_t batch_count;
    gf_str fresh_csv, fresh_stamp;     /* readings that are not kept yet, laid over all others; "" = none */
    gf_app_solar_series series;        /* count 0: no batch */
} plant_open;

/* The record and its description; the skyline where `ground` is not NULL. GF_ENOTFOUND · GF_EINPUT as the description's. */
gf_status plant_open_description(gf_app *app, gf_str id, const gf_app_ground *ground, gf_arena *arena, plant_open *out, gf_error *err);
/* The batches laid over each other: what came later stands over what came before, cell by cell. Fails as their files do. */
gf_status plant_open_readings(gf_app *app, gf_arena *arena, gf_arena *scratch, plant_open *p, gf_error *err);
/* The content of a document; GF_EINPUT "solar.file" it has none. */
gf_status plant_document(gf_app *app, gf_str id, gf_arena *arena, gf_str *bytes, gf_error *err);
/* Does it speak of any of these days? One that no run has read may. */
bool      plant_batch_touches(const gf_app_plant_batch *batch, gf_period days);
gf_status plant_read_batches(gf_app *app, gf_str id, gf_arena *keep, gf_app_plant_batch **out, size_t *count, gf_error *err);

/* What a run works out. */
typedef struct plant_work {
    gf_app_solar_checked checked;
    bool  *left_out;                   /* count * inverters: an alarm disproves the reading */
    gf_app_plant_day *days;
    size_t day_count;
    struct { int key; double ratio, corrected; } *months;   /* key 202405; NAN = no light */
    size_t month_count;
} plant_work;
/* The series must have power. */
gf_status plant_work_out(const plant_open *p, gf_arena *arena, gf_arena *scratch, plant_work *out, gf_error *err);

/* The hash of what a run of the plant is made from. */
gf_status plant_input(gf_app *app, gf_str id, gf_arena *scratch, char out[GF_HASH_HEX_BYTES], gf_error *err);
/* The newest run: computed, fresh, problem, and the like in *out. */
gf_status plant_run_read(gf_app *app, gf_str id, gf_arena *keep, gf_app_plant *out, gf_error *err);
/* From the newest run. */
gf_status plant_days_read(gf_app *app, gf_str id, gf_day first, gf_day last, bool surplus, gf_arena *keep, gf_app_plant_day **out, size_t *count, gf_error *err);
/* Sets self_use_wh, and fed_in_wh where all goes into the grid: its meter is the plant's then. */
void      plant_share_out(gf_app_plant_day *day, bool surplus);
bool      plant_is_surplus(const record *plant);

/* Alarms for what was found: writes plant_faults, cases and their first step; `fault_of` gets the record's id by fault, "" = none. */
gf_status plant_open_alarms(gf_app *app, const gf_app_actor *actor, const plant_open *p, const plant_work *work, gf_arena *arena, gf_str *fault_of, int64_t *opened, gf_error *err);

/* ---- Earnings ---- */

gf_status plant_read_tariffs(gf_app *app, gf_str id, gf_arena *keep, gf_app_plant_tariff **out, size_t *count, gf_error *err);
/* What the days of one month earn, and which entry says so. */
gf_status plant_earn(gf_app *app, gf_str id, const gf_app_plant_tariff *tariffs, size_t tariff_count, const gf_app_plant_day *days, size_t day_count, int year, int month,
                     gf_arena *keep, gf_app_plant_earning out[GF_APP_PLANT_PARTS], gf_error *err);
/* The energy of a part on a day; -1 = not told. A subsidy is paid for all that was made. */
int64_t   plant_part_wh(const gf_app_plant_day *day, gf_app_plant_part part);
/* Is every daylight reading there and believed? */
bool      plant_day_is_whole(const gf_app_plant_day *day);
