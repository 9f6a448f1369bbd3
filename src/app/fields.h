/* app/fields.h - inside the room only: what the use cases on layers share. */
#pragma once
#include "app/gf_app_fields.h"
#include "file/gf_file.h"

/* The towers of a table, on the surface. `candidates`: cost and kind are looked for too. GF_EINPUT with where "name:line" */
gf_status fields_towers(const gf_app_surface *surface, const gf_app_table_file *file, bool candidates, double target_m, gf_arena *keep,
                        gf_app_tower **out, size_t *count, gf_error *err);
/* GeoJSON, shapefile or GeoPackage, told by name and first bytes. */
gf_status fields_layer(const gf_app_layer_file *file, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err);
/* The layer's own system; where it tells none, that of the grid, or the zone in front of its numbers. GF_EINPUT "layer.degrees" */
gf_status fields_epsg(const gf_app_surface *surface, const gf_file_layer *layer, int *epsg, gf_error *err);
bool fields_number(gf_str text, double *out);
/* Asks `progress` whether to go on. */
bool fields_cancelled(void *options);
