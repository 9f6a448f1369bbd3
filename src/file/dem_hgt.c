/* SRTM tiles: a square of big-endian int16 whose cell centres lie on the degree lines, so that neighbours share an edge.
 * The place is the file's name: N27E119.hgt is the square whose south-west centre is 27N 119E. */
#include "file/dem_inside.h"

#include <math.h>

enum { VOID_HEIGHT = -32768 };

static bool take_degrees(gf_str *rest, char plus, char minus, size_t digits, int *degrees)
{
    char sign = rest->len ? (char)(rest->data[0] & ~0x20) : '\0';
    int64_t number;
    if (rest->len < digits + 1 || (sign != plus && sign != minus) || !gf_str_to_int(gf_str_slice(*rest, 1, digits + 1), &number) || number < 0)
        return false;
    *degrees = sign == plus ? (int)number : -(int)number;
    *rest = gf_str_slice(*rest, digits + 1, rest->len);
    return true;
}

static gf_status read_place(gf_str name, int *lat_deg, int *lon_deg, gf_error *err)
{
    if (take_degrees(&name, 'N', 'S', 2, lat_deg) && take_degrees(&name, 'E', 'W', 3, lon_deg) && *lat_deg >= -90 && *lat_deg < 90 &&
        *lon_deg >= -180 && *lon_deg < 180)
        return GF_OK;
    return gf_fail(err, GF_EINPUT, "dem.name", "Call it by its south-west corner, for example N27E119.hgt.", "the name of this SRTM tile tells no place");
}

gf_status dem_hgt(gf_str bytes, gf_str name, const gf_file_dem_options *options, gf_arena *keep, gf_file_dem *out, gf_error *err)
{
    size_t side = bytes.len == 2u * 1201 * 1201 ? 1201 : bytes.len == 2u * 3601 * 3601 ? 3601 : 0;
    int lat_deg = 0, lon_deg = 0;
    if (!side)
        return gf_fail(err, GF_EINPUT, "dem.form", "Fetch it again.", "an SRTM tile has 1201 x 1201 or 3601 x 3601 cells of two bytes, this one has %zu bytes", bytes.len);
    gf_status status = read_place(name, &lat_deg, &lon_deg, err);
    if (status == GF_OK)
        status = dem_check_size(side, side, options, err);
    if (status != GF_OK)
        return status;
    float *height = gf_new(keep, float, side * side);
    if (!height)
        return gf_fail_memory(err);
    const unsigned char *at = (const unsigned char *)bytes.data;
    for (size_t i = 0; i < side * side && status == GF_OK; i++) {
        int raw = at[2 * i] << 8 | at[2 * i + 1], value = raw < 0x8000 ? raw : raw - 0x10000;
        status = dem_height(value == VOID_HEIGHT ? (double)NAN : value, options, i / side, i % side, &height[i], err);
    }
    double step = 1.0 / (double)(side - 1);
    *out = (gf_file_dem){ .rows = side, .columns = side, .west = lon_deg - step / 2, .north = lat_deg + 1 + step / 2, .step_x = step,
                          .step_y = step, .epsg = 4326, .degrees = true, .height_m = height };
    return status;
}
