/* The one door to elevation: which reader, which member of a .zip, and what every reader asks of a grid. */
#include "file/dem_inside.h"

#include <math.h>
#include <string.h>
#include <zip.h>

static const uint64_t CELLS_MAX = 400u * 1000 * 1000;
static const double HEIGHT_MIN_M = -500, HEIGHT_MAX_M = 9000;
static const size_t UNPACKED_BYTES_MAX = (size_t)4 << 30;
enum { ENTRIES_MAX = 10000, SIDE_MAX = 1 << 20, PACKED_TIMES_MAX = 2000 };

gf_status dem_check_size(uint64_t rows, uint64_t columns, const gf_file_dem_options *options, gf_error *err)
{
    uint64_t most = options->cells_max ? options->cells_max : CELLS_MAX;
    if (rows == 0 || columns == 0)
        return gf_fail(err, GF_EINPUT, "dem.form", "", "the grid has no cell");
    if (columns > most || rows > most / columns || rows > SIDE_MAX || columns > SIDE_MAX)
        return gf_fail(err, GF_ELIMIT, "dem.large", "Cut out the part that is needed, or split it into tiles.",
                       "the file claims %llu x %llu cells, at most %llu in all are read", (unsigned long long)columns,
                       (unsigned long long)rows, (unsigned long long)most);
    return GF_OK;
}

gf_status dem_check_place(const gf_file_dem *dem, gf_error *err)
{
    bool sound = dem->step_x > 0 && dem->step_y > 0 && dem->step_x < 1e6 && dem->step_y < 1e6 && fabs(dem->west) < 1e9 && fabs(dem->north) < 1e9;
    return sound ? GF_OK : gf_fail(err, GF_EINPUT, "dem.place", "Save it again with its place on the map.",
                                   "the corner (%g, %g) and the cell of %g x %g are no place on a map", dem->west, dem->north, dem->step_x, dem->step_y);
}

gf_status dem_height(double value, const gf_file_dem_options *options, size_t row, size_t column, float *out, gf_error *err)
{
    if (!isfinite(value) || (options->has_nodata && value == options->nodata)) {
        *out = NAN;
        return GF_OK;
    }
    if (!(value >= HEIGHT_MIN_M && value <= HEIGHT_MAX_M))
        return gf_fail(err, GF_EINPUT, "dem.height", "If it marks cells without data, name it: --nodata V.",
                       "row %zu, column %zu: %g m is no height on earth, and the file declares no such void", row, column, value);
    *out = (float)value;
    return GF_OK;
}

/* ---- What is it? ---- */

static bool ends_in(gf_str name, const char *suffix)
{
    size_t len = strlen(suffix);
    if (name.len < len)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = name.data[name.len - len + i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != suffix[i])
            return false;
    }
    return true;
}

static dem_reader *reader_of(gf_str bytes, gf_str name)
{
    if (gf_str_starts(bytes, GF_STR("II*\0")) || gf_str_starts(bytes, GF_STR("MM\0*")) || gf_str_starts(bytes, GF_STR("II+\0")) ||
        gf_str_starts(bytes, GF_STR("MM\0+")))
        return dem_tiff;
    if (ends_in(name, ".hgt"))
        return dem_hgt;
    gf_str head = gf_str_trim(gf_str_slice(bytes, 0, 200));
    bool grid = head.len > 5 && (head.data[0] == 'n' || head.data[0] == 'N') && (head.data[1] == 'c' || head.data[1] == 'C');
    return grid || ends_in(name, ".asc") ? dem_asc : NULL;
}

/* ---- In a .zip ---- */

static bool is_elevation(gf_str name)
{
    return ends_in(name, ".hgt") || ends_in(name, ".tif") || ends_in(name, ".tiff") || ends_in(name, ".asc");
}

static gf_str base_name(gf_str name)
{
    for (size_t i = name.len; i > 0; i--)
        if (name.data[i - 1] == '/')
            return gf_str_slice(name, i, name.len);
    return name;
}

static gf_status fail_zip(gf_error *err, const char *what)
{
    return gf_fail(err, GF_EINPUT, "dem.form", "Unpack it and give the grid itself.", "%s", what);
}

static gf_status find_member(zip_t *zip, zip_stat_t *found, gf_error *err)
{
    zip_int64_t count = zip_get_num_entries(zip, 0);
    size_t grids = 0;
    for (zip_int64_t i = 0; i < count && i < ENTRIES_MAX; i++) {
        zip_stat_t s;
        if (zip_stat_index(zip, (zip_uint64_t)i, 0, &s) == 0 && (s.valid & ZIP_STAT_NAME) && (s.valid & ZIP_STAT_SIZE) && is_elevation(gf_str_of(s.name))) {
            *found = s;
            grids++;
        }
    }
    return grids == 1 ? GF_OK : fail_zip(err, grids ? "the archive holds more than one grid" : "the archive holds no .hgt, .tif or .asc");
}

static gf_status unpack_member(zip_t *zip, size_t packed_bytes, gf_arena *arena, gf_str *bytes, gf_str *name, gf_error *err)
{
    zip_stat_t s = { .valid = 0 };
    gf_status status = find_member(zip, &s, err);
    if (status != GF_OK)
        return status;
    if (s.size > UNPACKED_BYTES_MAX || s.size / PACKED_TIMES_MAX > packed_bytes)
        return gf_fail(err, GF_ELIMIT, "dem.large", "Unpack it and give the grid itself.", "the archive claims to unpack to %llu bytes", (unsigned long long)s.size);
    char *data = gf_new(arena, char, s.size + 1);
    *name = gf_str_copy(arena, base_name(gf_str_of(s.name)));
    if (!data || !name->data)
        return gf_fail_memory(err);
    zip_file_t *file = zip_fopen_index(zip, s.index, 0);
    zip_int64_t got = file ? zip_fread(file, data, s.size) : -1;
    bool whole = got >= 0 && (zip_uint64_t)got == s.size;
    if (file && zip_fclose(file) != 0)
        whole = false;
    *bytes = (gf_str){ data, s.size };
    return whole ? GF_OK : fail_zip(err, "the archive is damaged");
}

static gf_status open_zip(gf_str bytes, gf_arena *arena, gf_str *inner, gf_str *name, gf_error *err)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.data, bytes.len, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    zip_error_fini(&why);
    if (!zip) {
        zip_source_free(source);
        return fail_zip(err, "the archive is damaged");
    }
    gf_status status = unpack_member(zip, bytes.len, arena, inner, name, err);
    zip_discard(zip);
    return status;
}

/* ---- The door ---- */

static gf_status read_plain(gf_str bytes, gf_str name, const gf_file_dem_options *options, gf_arena *keep, gf_file_dem *out, gf_error *err)
{
    if (bytes.len == 0)
        return gf_fail(err, GF_EINPUT, "dem.form", "Fetch it again.", "the file is empty");
    dem_reader *reader = reader_of(bytes, name);
    if (!reader)
        return gf_fail(err, GF_EINPUT, "dem.form", "Give SRTM .hgt, GeoTIFF or ESRI .asc, also zipped.", "this is none of the kinds of elevation that are read");
    gf_file_dem made = { .rows = 0 };
    gf_mark mark = gf_arena_mark(keep);
    gf_status status = reader(bytes, name, options, keep, &made, err);
    if (status == GF_OK)
        status = dem_check_place(&made, err);
    if (status != GF_OK) {
        gf_arena_rewind(keep, mark);
        return status;
    }
    for (size_t i = 0; i < made.rows * made.columns; i++)
        made.void_count += isnan(made.height_m[i]) ? 1 : 0;
    *out = made;
    return GF_OK;
}

gf_status gf_file_dem_read(gf_str bytes, gf_str name, const gf_file_dem_options *options, gf_arena *keep, gf_file_dem *out, gf_error *err)
{
    static const gf_file_dem_options DEFAULT = { .cells_max = 0 };
    options = options ? options : &DEFAULT;
    gf_arena *unpacked = NULL;
    gf_str shown = name;
    gf_status status = GF_OK;
    if (gf_str_starts(bytes, GF_STR("PK\3\4"))) {
        unpacked = gf_arena_open(UNPACKED_BYTES_MAX + GF_MIB);
        status = unpacked ? open_zip(bytes, unpacked, &bytes, &name, err) : gf_fail_memory(err);
    }
    if (status == GF_OK)
        status = read_plain(bytes, name, options, keep, out, err);
    if (status != GF_OK)
        (void)gf_fail_at(err, "%.*s", GF_STR_ARG(gf_str_slice(shown, 0, 80)));
    gf_arena_close(unpacked);
    return status;
}
