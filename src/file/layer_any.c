/* A layer whatever its form, told by its first bytes: GeoPackage, GeoJSON, or a shapefile, whose parts come in one .zip. */
#include "file/gf_file.h"

#include <string.h>
#include <zip.h>

enum { MEMBERS_MAX = 200 };
static const size_t MEMBER_BYTES_MAX = (size_t)1 << 30;

static gf_status read_member(zip_t *zip, zip_uint64_t index, gf_arena *keep, gf_str *out, gf_error *err)
{
    zip_stat_t stat;
    if (zip_stat_index(zip, index, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE) || stat.size > MEMBER_BYTES_MAX)
        return gf_fail(err, GF_ELIMIT, "layer.large", "Split the layer.", "a part of the archive is too large");
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    char *bytes = gf_arena_alloc(keep, (size_t)stat.size + 1, 1);
    zip_int64_t got = file && bytes ? zip_fread(file, bytes, stat.size) : -1;
    if (file)
        (void)zip_fclose(file);
    if (!bytes)
        return gf_fail_memory(err);
    if (got < 0 || (zip_uint64_t)got != stat.size)
        return gf_fail(err, GF_EINPUT, "layer.form", "Make the archive again.", "a part of the archive cannot be unpacked");
    *out = (gf_str){ bytes, (size_t)stat.size };
    return GF_OK;
}

static bool ends_fold(const char *name, const char *ending)
{
    size_t len = strlen(name), tail = strlen(ending);
    for (size_t i = 0; i < tail; i++)
        if (len < tail || (name[len - tail + i] | 0x20) != (ending[i] | 0x20))
            return false;
    return true;
}

static gf_status unpack_shape(gf_str bytes, gf_arena *keep, gf_file_shape *out, gf_error *err)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.data, bytes.len, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    if (!zip) {
        zip_source_free(source);
        return gf_fail(err, GF_EINPUT, "layer.form", "Put .shp, .dbf and .prj into one .zip.", "the archive cannot be opened");
    }
    const struct { const char *ending; gf_str *part; } PARTS[] = { { ".shp", &out->shp }, { ".dbf", &out->dbf }, { ".prj", &out->prj }, { ".cpg", &out->cpg } };
    gf_status status = GF_OK;
    *out = (gf_file_shape){ .shp = { NULL, 0 } };
    for (zip_int64_t i = 0, count = zip_get_num_entries(zip, 0); status == GF_OK && i < count && i < MEMBERS_MAX; i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        for (size_t k = 0; status == GF_OK && name && k < GF_COUNT(PARTS); k++)
            if (ends_fold(name, PARTS[k].ending) && !PARTS[k].part->data)
                status = read_member(zip, (zip_uint64_t)i, keep, PARTS[k].part, err);
    }
    zip_discard(zip);
    return status == GF_OK && !out->shp.data ? gf_fail(err, GF_EINPUT, "layer.form", "Put .shp, .dbf and .prj into one .zip.", "the archive holds no .shp") : status;
}

gf_status gf_file_layer_read(gf_str bytes, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err)
{
    gf_file_shape shape;
    if (gf_str_starts(bytes, GF_STR("SQLite format 3")))
        return gf_file_layer_gpkg(bytes, options, keep, out, err);
    if (!gf_str_starts(bytes, GF_STR("PK")))
        return gf_file_layer_geojson(bytes, options, keep, out, err);
    gf_status status = unpack_shape(bytes, keep, &shape, err);
    return status == GF_OK ? gf_file_layer_shape(&shape, options, keep, out, err) : status;
}
