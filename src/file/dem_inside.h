/* file/dem_inside.h - inside the room only: the readers behind gf_file_dem_read(), and what they share. */
#pragma once
#include "file/gf_file.h"

typedef gf_status dem_reader(gf_str bytes, gf_str name, const gf_file_dem_options *options, gf_arena *keep, gf_file_dem *out, gf_error *err);
dem_reader dem_hgt, dem_tiff, dem_asc;

/* Is rows * columns within the limit, and none of them 0? */
gf_status dem_check_size(uint64_t rows, uint64_t columns, const gf_file_dem_options *options, gf_error *err);
/* Are corner and steps numbers that a map can have? */
gf_status dem_check_place(const gf_file_dem *dem, gf_error *err);
/* One value of the file as a height: NAN for a void. GF_EINPUT "dem.height" */
gf_status dem_height(double value, const gf_file_dem_options *options, size_t row, size_t column, float *out, gf_error *err);
