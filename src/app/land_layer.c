/* A layer of parcels as the table that an import takes: so that a dry run, errors by row, history and undo are those of
 * every other file. National field names; TBMJ stays as the layer has it. The first twelve digits of ZLDWDM are the village,
 * when that is a place here. Outlines go out in degrees of WGS84 with seven places (a centimetre).
 */
#include "app/land.h"

#include "file/gf_file.h"
#include "geo/gf_geo.h"

#include <string.h>

enum { DEGREES_DECIMALS = 7, VILLAGE_DIGITS = 12 };

/* ---- The table ---- */

enum { F_BSM, F_TBBH, F_DLBM, F_DLMC, F_TBMJ, F_ZLDWDM, FIELD_COUNT };
static const char *const FIELD[FIELD_COUNT] = { "BSM", "TBBH", "DLBM", "DLMC", "TBMJ", "ZLDWDM" };

static gf_str value(const gf_file_layer *layer, const gf_file_feature *feature, const size_t index[FIELD_COUNT], int field)
{
    return index[field] < layer->field_count && feature->values[index[field]].data ? gf_str_trim(feature->values[index[field]]) : (gf_str){ "", 0 };
}

/* The village of a 19-digit code, when it is a place here; else the town or county above it, else nothing. */
static gf_str place_of(gf_app *app, gf_str code)
{
    static const size_t LEVELS[] = { VILLAGE_DIGITS, 9, 6 };
    const gf_register *places = gf_register_find(GF_STR("places"));
    for (size_t i = 0; i < GF_COUNT(LEVELS); i++)
        if (code.len >= LEVELS[i] && load_exists(app, places, gf_str_slice(code, 0, LEVELS[i])))
            return gf_str_slice(code, 0, LEVELS[i]);
    return (gf_str){ "", 0 };
}

/* Its rings in degrees, into memory of their own: a layer is not changed. */
static gf_status in_degrees(gf_geo *geo, const gf_file_feature *from, gf_arena *keep, gf_file_feature *out, gf_error *err)
{
    gf_file_part *parts = gf_new(keep, gf_file_part, from->part_count);
    if (!parts)
        return gf_fail_memory(err);
    for (size_t i = 0; i < from->part_count; i++) {
        size_t count = from->parts[i].count;
        gf_geo_point *points = gf_new(keep, gf_geo_point, count);
        gf_file_point *turned = gf_new(keep, gf_file_point, count);
        if (!points || !turned)
            return gf_fail_memory(err);
        for (size_t k = 0; k < count; k++)
            points[k] = (gf_geo_point){ from->parts[i].points[k].x, from->parts[i].points[k].y };
        gf_status status = geo ? gf_geo_forward(geo, points, count, err) : GF_OK;
        if (status != GF_OK)
            return status;
        for (size_t k = 0; k < count; k++)
            turned[k] = (gf_file_point){ points[k].x, points[k].y };
        parts[i] = (gf_file_part){ turned, count };
    }
    *out = (gf_file_feature){ .parts = parts, .part_count = from->part_count };
    return GF_OK;
}

static gf_status add_parcel(gf_app *app, gf_geo *geo, const gf_file_layer *layer, size_t at, const size_t index[FIELD_COUNT], gf_arena *scratch, gf_text *csv, gf_error *err)
{
    const gf_file_feature *feature = &layer->features[at];
    gf_file_feature turned;
    gf_text shape;
    gf_status status = in_degrees(geo, feature, scratch, &turned, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&shape, scratch);
    gf_file_wkt_write(&turned, DEGREES_DECIMALS, &shape);
    const gf_str cells[] = { value(layer, feature, index, F_BSM), value(layer, feature, index, F_TBBH), place_of(app, value(layer, feature, index, F_ZLDWDM)),
                             value(layer, feature, index, F_DLBM), value(layer, feature, index, F_DLMC), value(layer, feature, index, F_TBMJ), gf_text_str(&shape) };
    for (size_t i = 0; i < GF_COUNT(cells); i++)
        gf_file_csv_field(csv, i, cells[i]);
    gf_file_csv_end(csv);
    return gf_text_done(&shape, err);
}

gf_status gf_app_land_layer(gf_app *app, gf_str name, gf_str bytes, gf_arena *keep, gf_text *csv, gf_error *err)
{
    gf_arena *scratch = gf_arena_open((size_t)4 << 30);
    gf_file_layer layer;
    gf_geo *geo = NULL;
    size_t index[FIELD_COUNT];
    const char *label = gf_str_cstr(keep, gf_str_slice(name, 0, 80));
    const gf_file_layer_options options = { .name = label };
    gf_status status = scratch && label ? gf_file_layer_read(bytes, &options, scratch, &layer, err) : gf_fail_memory(err);
    for (int i = 0; status == GF_OK && i < FIELD_COUNT; i++)
        index[i] = gf_file_layer_field(&layer, FIELD[i]);
    if (status == GF_OK && index[F_BSM] == layer.field_count)
        status = gf_fail(err, GF_EINPUT, "land.field", "The layer needs the field BSM: it is the key of a parcel.", "the layer has no field BSM");
    if (status == GF_OK && layer.epsg && layer.epsg != GF_GEO_WGS84)
        status = gf_geo_open(layer.epsg, GF_GEO_WGS84, &geo, err);
    if (status == GF_OK && !layer.epsg && !layer.degrees)
        status = gf_fail(err, GF_EINPUT, "layer.system", "Add the .prj, or save the layer with its coordinate system.", "the layer does not say its coordinate system");
    gf_text_add_c(csv, "id,number,place,land_code,land_name,area_m2,shape\n");
    for (size_t i = 0; status == GF_OK && i < layer.feature_count; i++) {
        gf_mark mark = gf_arena_mark(scratch);
        status = add_parcel(app, geo, &layer, i, index, scratch, csv, err);
        gf_arena_rewind(scratch, mark);
    }
    gf_geo_close(geo);
    gf_arena_close(scratch);
    return status == GF_OK ? gf_text_done(csv, err) : status;
}

static bool is_layer(gf_str name)
{
    static const char *const ENDINGS[] = { ".geojson", ".json", ".gpkg", ".zip" };
    for (size_t i = 0; i < GF_COUNT(ENDINGS); i++)
        if (gf_str_ends(name, gf_str_of(ENDINGS[i])))
            return true;
    return false;
}

gf_status gf_app_land_table(gf_app *app, const gf_register *reg, gf_arena *keep, gf_str *name, gf_str *bytes, gf_error *err)
{
    gf_text csv, label;
    if (!reg || strcmp(reg->name, "parcels") != 0 || !is_layer(*name))
        return GF_OK;
    gf_text_init(&csv, keep);
    gf_text_init(&label, keep);
    gf_text_format(&label, "%.*s.csv", GF_STR_ARG(gf_str_slice(*name, 0, 190)));
    gf_status status = gf_app_land_layer(app, *name, *bytes, keep, &csv, err);
    if (status == GF_OK)
        status = gf_text_done(&label, err);
    if (status != GF_OK)
        return status;
    *name = gf_text_str(&label);
    *bytes = gf_text_str(&csv);
    return GF_OK;
}
