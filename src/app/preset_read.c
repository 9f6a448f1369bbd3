/* A preset from its JSON document. Keys that are not known are refused, for they are misspelt. */
#include "app/gf_app_preset.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const double RANGE_M = 5000, MARGIN_PX = 24;

/* A number of the document: its key, bounds, and where it goes; NAN as default = it must be there. */
typedef struct number { const char *key; double least, most, usual; size_t at; } number;
#define AT(field) offsetof(gf_app_preset, field)
static const number NUMBERS[] = {
    { "lon", -180, 180, NAN, AT(lon) },           { "lat", -85, 85, NAN, AT(lat) },             { "lens_m", 0, 500, NAN, AT(lens_m) },
    { "heading_deg", -360, 360, NAN, AT(heading_deg) }, { "tilt_deg", -90, 90, NAN, AT(tilt_deg) }, { "roll_deg", -45, 45, 0, AT(roll_deg) },
    { "focal_px", 50, 1e6, NAN, AT(focal_px) },   { "range_m", 10, 100000, 5000, AT(range_m) }, { "margin_px", 0, 1000, 24, AT(margin_px) },
};
static const char *const OTHERS[] = { "schema", "name", "width", "height", "points" };

static gf_status fail_json(gf_str name, const char *hint, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "preset.json", hint, "%.*s is no preset of schema gongfu.watch.preset/1", GF_STR_ARG(gf_str_slice(name, 0, 80)));
}

static bool is_known(const char *key)
{
    for (size_t i = 0; i < GF_COUNT(NUMBERS); i++)
        if (strcmp(key, NUMBERS[i].key) == 0)
            return true;
    for (size_t i = 0; i < GF_COUNT(OTHERS); i++)
        if (strcmp(key, OTHERS[i]) == 0)
            return true;
    return false;
}

static gf_status check_keys(json_t *root, gf_error *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
        if (!is_known(key))
            return gf_fail(err, GF_EINPUT, "preset.json", "docs/watch.md lists the keys.", "the key \"%.60s\" is not known", key);
    return GF_OK;
}

static gf_status take_numbers(json_t *root, gf_app_preset *out, gf_error *err)
{
    for (size_t i = 0; i < GF_COUNT(NUMBERS); i++) {
        const number *n = &NUMBERS[i];
        json_t *value = json_object_get(root, n->key);
        double told = json_is_number(value) ? json_number_value(value) : value ? NAN : n->usual;
        if (!(told >= n->least && told <= n->most))
            return gf_fail(err, GF_EINPUT, "preset.json", "Write a number within the bounds.", "%s is missing, or does not lie between %g and %g", n->key, n->least, n->most);
        memcpy((char *)out + n->at, &told, sizeof told);
    }
    return GF_OK;
}

static gf_status take_side(json_t *root, const char *key, int *out, gf_error *err)
{
    json_int_t value = json_integer_value(json_object_get(root, key));
    if (value < 64 || value > 8192)
        return gf_fail(err, GF_EINPUT, "preset.json", "Give the sides of the reference picture in pixels.", "%s is missing, or does not lie between 64 and 8192", key);
    *out = (int)value;
    return GF_OK;
}

static gf_status take_point(json_t *item, size_t index, gf_app_preset_point *out, gf_error *err)
{
    static const char *const KEYS[] = { "x", "y", "lon", "lat", "height_m" };
    double value[GF_COUNT(KEYS)];
    for (size_t i = 0; i < GF_COUNT(KEYS); i++) {
        json_t *told = json_object_get(item, KEYS[i]);
        value[i] = json_is_number(told) ? json_number_value(told) : NAN;
        if ((isnan(value[i]) && i < 4) || fabs(value[i]) > 1e6)
            return gf_fail(err, GF_EINPUT, "preset.points", "Write {\"x\":812,\"y\":377,\"lon\":119.7377,\"lat\":27.5111}, and height_m for what does not lie on the ground.",
                           "point %zu has no %s", index + 1, KEYS[i]);
    }
    *out = (gf_app_preset_point){ value[0], value[1], value[2], value[3], value[4] };
    return GF_OK;
}

static gf_status take_points(json_t *root, gf_arena *keep, gf_app_preset *out, gf_error *err)
{
    json_t *list = json_object_get(root, "points"), *item;
    size_t i, count = json_array_size(list);
    if (count < GF_APP_PRESET_POINTS_MIN || count > GF_APP_PRESET_POINTS_MAX)
        return gf_fail(err, GF_EINPUT, "preset.points", "Pick corners of fields, poles, houses whose place is known, spread over the picture.", "a preset has %d to %d control points, not %zu",
                       (int)GF_APP_PRESET_POINTS_MIN, (int)GF_APP_PRESET_POINTS_MAX, count);
    gf_app_preset_point *points = gf_new(keep, gf_app_preset_point, count);
    if (!points)
        return gf_fail_memory(err);
    json_array_foreach(list, i, item) {
        gf_status status = take_point(item, i, &points[i], err);
        if (status != GF_OK)
            return status;
    }
    out->points = points;
    out->point_count = count;
    return GF_OK;
}

gf_status gf_app_preset_read(gf_str bytes, gf_str name, gf_arena *keep, gf_app_preset *out, gf_error *err)
{
    json_t *root = json_loadb(bytes.data ? bytes.data : "", bytes.len, JSON_REJECT_DUPLICATES, NULL);
    const char *schema = json_string_value(json_object_get(root, "schema")), *told = json_string_value(json_object_get(root, "name"));
    gf_app_preset made = { .range_m = RANGE_M, .margin_px = MARGIN_PX };
    gf_status status = schema && strcmp(schema, "gongfu.watch.preset/1") == 0 ? check_keys(root, err) : fail_json(name, "docs/watch.md has a sample.", err);
    if (status == GF_OK)
        status = take_numbers(root, &made, err);
    if (status == GF_OK)
        status = take_side(root, "width", &made.width, err);
    if (status == GF_OK)
        status = take_side(root, "height", &made.height, err);
    if (status == GF_OK)
        status = take_points(root, keep, &made, err);
    made.name = gf_str_copy(keep, told ? gf_str_of(told) : name);
    json_decref(root);
    if (status == GF_OK)
        *out = made;
    return status;
}
