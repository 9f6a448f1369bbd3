/* app/land.h - inside the room only: what the files of farmland share. */
#pragma once
#include "app/access.h"
#include "app/gf_app_land.h"
#include "app/load_inside.h"
#include "app/record.h"

/* A decimal column as a number to compute with; `fallback` where it is empty. */
double    land_number(gf_str text, double fallback);
/* The hash of what a run is made from: towers, cameras, parcels, elevation. */
gf_status land_input(gf_app *app, gf_arena *scratch, char out[GF_HASH_HEX_BYTES], gf_error *err);
/* computed, at, fresh, epsg and cell_m of *out: what there is to say of the newest run. */
gf_status land_run_read(gf_app *app, gf_arena *scratch, gf_app_land *out, gf_error *err);
/* Where a tower stands, as the actor sees it. GF_ENOTFOUND. */
gf_status land_tower_read(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *keep, double *lon, double *lat, double *mast_m, gf_error *err);
/* Through the first camera of a tower, or all round from its top. */
gf_status land_first_look(gf_app *app, gf_str tower, double mast_m, gf_arena *keep, gf_terrain_observer *out, gf_error *err);
