/* Elevation: the first byte says which reader is meant, the rest are the file's bytes. Whatever is read is a grid of the
 * size it claims, with heights that can be; what is refused leaves the arena as it was. */
#include "file/gf_file.h"

#include <math.h>
#include <stdlib.h>

static const char *const NAMES[] = { "a.tif", "a.asc", "N27E119.hgt", "a.zip" };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const gf_file_dem_options OPTIONS = { .cells_max = 1 << 20, .has_nodata = true, .nodata = 7 };
    gf_arena *arena = gf_arena_open(64 * GF_MIB);
    gf_file_dem dem;
    gf_error err;
    if (len == 0) {
        gf_arena_close(arena);
        return 0;
    }
    gf_status status = gf_file_dem_read((gf_str){ (const char *)bytes + 1, len - 1 }, gf_str_of(NAMES[bytes[0] % 4]), &OPTIONS, arena, &dem, &err);
    if (status != GF_OK && gf_arena_used(arena) != 0)
        abort();
    size_t voids = 0;
    for (size_t i = 0; status == GF_OK && i < dem.rows * dem.columns; i++) {
        if (!isnan(dem.height_m[i]) && !(dem.height_m[i] >= -500 && dem.height_m[i] <= 9000))
            abort();
        voids += isnan(dem.height_m[i]) ? 1 : 0;
    }
    if (status == GF_OK && (voids != dem.void_count || !(dem.step_x > 0) || !(dem.step_y > 0) || dem.rows * dem.columns > OPTIONS.cells_max))
        abort();
    gf_arena_close(arena);
    return 0;
}
