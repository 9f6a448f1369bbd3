/* Layers: the first byte chooses the reader. GeoJSON and GeoPackage take the rest; a shapefile's .shp, .dbf, .prj and .cpg are
 * cut apart by the lengths of the first three. The lengths in a .shp's head are put right, since a mutation seldom does that.
 * A reader answers with a layer whose rings close or a sentence; every value is read through. */
#include "file/gf_file.h"

#include <stdlib.h>
#include <string.h>

static void look_through(const gf_file_layer *layer)
{
    double sum = 0;
    size_t points = 0;
    for (size_t i = 0; i < layer->feature_count; i++) {
        const gf_file_feature *f = &layer->features[i];
        for (size_t k = 0; k < f->part_count; k++) {
            points += f->parts[k].count;
            for (size_t n = 0; n < f->parts[k].count; n++)
                sum += f->parts[k].points[n].x + f->parts[k].points[n].y;
        }
        for (size_t k = 0; k < layer->field_count; k++)
            if (!gf_utf8_valid(f->values[k], NULL))
                abort();
    }
    if (points != layer->point_count || sum != sum || layer->feature_count == 0)
        abort();
}

static gf_str cut(gf_str *rest, size_t len)
{
    gf_str piece = gf_str_slice(*rest, 0, len);
    *rest = gf_str_slice(*rest, len, rest->len);
    return piece;
}

static gf_status read_shape(gf_str rest, const gf_file_layer_options *options, gf_arena *arena, gf_file_layer *layer, gf_error *err)
{
    if (rest.len < 5)
        return GF_ENO;
    const uint8_t *lengths = (const uint8_t *)rest.data;
    size_t shp = lengths[0] | (size_t)lengths[1] << 8, dbf = lengths[2] | (size_t)lengths[3] << 8, prj = lengths[4];
    (void)cut(&rest, 5);
    gf_str given = cut(&rest, shp);
    char *copy = malloc(given.len + 1);
    if (!copy)
        abort();
    memcpy(copy, given.data, given.len);
    for (size_t i = 0; i < 4 && given.len >= 100; i++)
        copy[24 + i] = (char)(given.len / 2 >> 8 * (3 - i));
    gf_file_shape shape = { .shp = { copy, given.len & ~(size_t)1 } };
    shape.dbf = cut(&rest, dbf);
    shape.prj = cut(&rest, prj);
    shape.cpg = rest;
    if (shape.dbf.len == 0)
        shape.dbf = (gf_str){ NULL, 0 };
    gf_status status = gf_file_layer_shape(&shape, options, arena, layer, err);
    free(copy);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return 0;
    gf_arena *arena = gf_arena_open(64 * GF_MIB);
    gf_str rest = { (const char *)bytes + 1, len - 1 };
    const gf_file_layer_options options = { .name = "f", .boundary = bytes[0] & 4, .epsg = bytes[0] & 8 ? 4549 : 0 };
    gf_file_layer layer = { .epsg = -7 };
    gf_error err = { .status = GF_OK };
    gf_status status;
    if (!arena)
        abort();
    switch (bytes[0] & 3) {
    case 0: status = gf_file_layer_geojson(rest, &options, arena, &layer, &err); break;
    case 1: status = gf_file_layer_gpkg(rest, &options, arena, &layer, &err); break;
    case 2: status = read_shape(rest, &options, arena, &layer, &err); break;
    default: status = gf_file_layer_read(rest, &options, arena, &layer, &err); break;
    }
    if (status == GF_OK)
        look_through(&layer);
    else if (status != GF_ENO && (layer.epsg != -7 || !err.what[0] || !gf_utf8_valid(gf_str_of(err.what), NULL) || gf_arena_used(arena)))
        abort();
    gf_arena_close(arena);
    return 0;
}
