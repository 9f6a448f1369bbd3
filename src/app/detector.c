/* Reading a detector's description. Each key stands in a table with its kind and its place; classes and strides are lists and read
 * by hand. */
#include "app/gf_app_detect.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

typedef enum key_kind { NUMBER, WHOLE, WORD, OTHER } key_kind;
typedef struct key { const char *name; key_kind kind; bool optional; size_t offset, room; } key;
#define PLACE(kind, name, optional, member) { name, kind, optional, offsetof(gf_app_detector, member), sizeof(((gf_app_detector *)0)->member) }

static const key TOP[] = {
    PLACE(WORD, "file", false, file), PLACE(WORD, "sha256", false, sha256), { "schema", OTHER, false, 0, 0 }, { "head", OTHER, false, 0, 0 }, { "input", OTHER, false, 0, 0 },
    { "strides", OTHER, false, 0, 0 }, PLACE(NUMBER, "score_least", true, model.score_least), PLACE(NUMBER, "overlap_most", true, model.overlap_most),
    { "tiles", OTHER, true, 0, 0 }, { "classes", OTHER, false, 0, 0 }, { "report", OTHER, true, 0, 0 }, { "licence", OTHER, true, 0, 0 }, { "origin", OTHER, true, 0, 0 }, { NULL, OTHER, true, 0, 0 },
};
static const key INPUT[] = {
    PLACE(WHOLE, "width", false, model.width), PLACE(WHOLE, "height", false, model.height), { "fit", OTHER, false, 0, 0 }, { "colours", OTHER, false, 0, 0 },
    PLACE(NUMBER, "scale", true, model.scale), PLACE(NUMBER, "pad", true, model.pad), { NULL, OTHER, true, 0, 0 },
};
static const key TILES[] = {
    PLACE(WHOLE, "columns", false, model.tile_columns), PLACE(WHOLE, "rows", false, model.tile_rows), PLACE(NUMBER, "overlap", true, model.tile_overlap), { NULL, OTHER, true, 0, 0 },
};

static gf_status refuse(gf_error *err, const char *name, const char *what)
{
    return gf_fail(err, GF_EINPUT, "detect.json", "docs/watch.md shows a description.", "\"%.60s\": %s", name, what);
}

static gf_status read_key(const key *k, const json_t *value, gf_app_detector *out, gf_error *err)
{
    char *to = (char *)out + k->offset;
    if (k->kind == NUMBER) {
        if (!json_is_number(value))
            return refuse(err, k->name, "must be a number");
        *(float *)(void *)to = (float)json_number_value(value);
    } else if (k->kind == WHOLE) {
        if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > INT32_MAX)
            return refuse(err, k->name, "must be a whole number");
        *(int *)(void *)to = (int)json_integer_value(value);
    } else if (k->kind == WORD) {
        if (!json_is_string(value) || json_string_length(value) == 0 || json_string_length(value) >= k->room)
            return refuse(err, k->name, "must be a text, and shorter");
        memcpy(to, json_string_value(value), json_string_length(value) + 1);
    }
    return GF_OK;
}

static gf_status read_keys(const key *keys, const json_t *object, const char *name, gf_app_detector *out, gf_error *err)
{
    const char *given;
    json_t *value;
    gf_status status = GF_OK;
    if (!json_is_object(object))
        return refuse(err, name, "must be an object");
    for (const key *k = keys; k->name; k++)
        if (!k->optional && !json_object_get(object, k->name))
            return refuse(err, k->name, "is missing");
    json_object_foreach((json_t *)object, given, value) {
        const key *k = keys;
        while (k->name && strcmp(k->name, given) != 0)
            k++;
        status = status ? status : !k->name ? refuse(err, given, "is not known here") : read_key(k, value, out, err);
    }
    return status;
}

/* A word that must be one of `count` names: which? */
static gf_status choose(const json_t *object, const char *name, const char *const *names, size_t count, size_t *out, gf_error *err)
{
    const char *word = json_string_value(json_object_get(object, name));
    for (*out = 0; word && *out < count; (*out)++)
        if (strcmp(word, names[*out]) == 0)
            return GF_OK;
    return refuse(err, name, "must be one of the words of docs/watch.md");
}

static gf_status read_strides(const json_t *list, gf_vision_detect_model *m, gf_error *err)
{
    if (!json_is_array(list) || json_array_size(list) > GF_VISION_STRIDES_MAX)
        return refuse(err, "strides", "must be a short list");
    for (m->stride_count = 0; m->stride_count < json_array_size(list); m->stride_count++) {
        const json_int_t stride = json_integer_value(json_array_get(list, m->stride_count));
        if (stride < 1 || stride > GF_VISION_INPUT_MAX)
            return refuse(err, "strides", "must be whole numbers of pixels");
        m->stride[m->stride_count] = (int)stride;
    }
    return GF_OK;
}

static gf_status read_classes(const json_t *list, gf_vision_detect_model *m, gf_error *err)
{
    if (!json_is_array(list) || json_array_size(list) > GF_VISION_CLASSES_MAX)
        return refuse(err, "classes", "must be a list of at most 256 names");
    for (m->class_count = 0; m->class_count < json_array_size(list); m->class_count++) {
        const json_t *name = json_array_get(list, m->class_count);
        if (!json_is_string(name) || json_string_length(name) >= GF_VISION_CLASS_BYTES)
            return refuse(err, "classes", "must be names of up to 47 bytes");
        memcpy(m->class[m->class_count].name, json_string_value(name), json_string_length(name) + 1);
    }
    return GF_OK;
}

static gf_status report_one(gf_vision_detect_model *m, const char *name, double score_least, gf_error *err)
{
    for (size_t i = 0; name && i < m->class_count; i++)
        if (strcmp(m->class[i].name, name) == 0) {
            m->class[i].reported = true;
            m->class[i].score_least = (float)score_least;
            return GF_OK;
        }
    return gf_fail(err, GF_EINPUT, "detect.json", "Report only what the model was trained for.", "\"report\": \"%.60s\" is none of the model's classes", name ? name : "");
}

static gf_status read_report(json_t *report, gf_vision_detect_model *m, gf_error *err)
{
    const char *name;
    json_t *value;
    gf_status status = GF_OK;
    if (!report)
        for (size_t i = 0; i < m->class_count; i++)
            m->class[i].reported = true;
    else if (json_is_array(report))
        for (size_t i = 0; !status && i < json_array_size(report); i++)
            status = report_one(m, json_string_value(json_array_get(report, i)), 0, err);
    else if (json_is_object(report))
        json_object_foreach(report, name, value)
            status = status ? status : !json_is_number(value) ? refuse(err, name, "must be a least score") : report_one(m, name, json_number_value(value), err);
    else
        status = refuse(err, "report", "must be a list of names, or names with least scores");
    return status;
}

static gf_status read_all(json_t *root, gf_app_detector *d, gf_error *err)
{
    static const char *const COLOURS[] = { "bgr", "rgb" };
    const char *heads[GF_VISION_HEAD_COUNT], *fits[GF_VISION_FIT_COUNT];
    const char *schema = json_string_value(json_object_get(root, "schema"));
    json_t *input = json_object_get(root, "input"), *tiles = json_object_get(root, "tiles");
    size_t head = 0, fit = 0, colours = 0;
    uint8_t hash[GF_HASH_BYTES];
    for (size_t i = 0; i < GF_VISION_HEAD_COUNT; i++)
        heads[i] = gf_vision_detect_head_name((gf_vision_detect_head)i);
    for (size_t i = 0; i < GF_VISION_FIT_COUNT; i++)
        fits[i] = gf_vision_detect_fit_name((gf_vision_detect_fit)i);
    gf_status status = read_keys(TOP, root, "description", d, err);
    if (!status && (!schema || strcmp(schema, "gongfu.watch.detector/1") != 0))
        status = refuse(err, "schema", "must be gongfu.watch.detector/1");
    if (!status && (strchr(d->file, '/') || strcmp(d->file, "..") == 0))
        status = refuse(err, "file", "must stand beside the description: a name without a folder");
    if (!status && !gf_hex_parse(gf_str_of(d->sha256), hash, sizeof hash))
        status = refuse(err, "sha256", "must be 64 hexadecimal digits");
    status = status ? status : read_keys(INPUT, input, "input", d, err);
    status = status || !tiles ? status : read_keys(TILES, tiles, "tiles", d, err);
    status = status ? status : choose(root, "head", heads, GF_COUNT(heads), &head, err);
    status = status ? status : choose(input, "fit", fits, GF_COUNT(fits), &fit, err);
    status = status ? status : choose(input, "colours", COLOURS, GF_COUNT(COLOURS), &colours, err);
    d->model.head = (gf_vision_detect_head)head;
    d->model.fit = (gf_vision_detect_fit)fit;
    d->model.rgb = colours == 1;
    status = status ? status : read_strides(json_object_get(root, "strides"), &d->model, err);
    status = status ? status : read_classes(json_object_get(root, "classes"), &d->model, err);
    status = status ? status : read_report(json_object_get(root, "report"), &d->model, err);
    return status ? status : gf_vision_detect_model_check(&d->model, err);
}

gf_status gf_app_detector_read(gf_str json, gf_app_detector *out, gf_error *err)
{
    json_error_t why;
    if (json.len > GF_APP_DETECTOR_BYTES_MAX)
        return gf_fail(err, GF_ELIMIT, "detect.json", "", "a description has at most %d bytes", GF_APP_DETECTOR_BYTES_MAX);
    json_t *root = json_loadb(json.data ? json.data : "", json.len, JSON_REJECT_DUPLICATES, &why);
    if (!root)
        return gf_fail(err, GF_EINPUT, "detect.json", "", "line %d is no JSON: %.120s", why.line, why.text);
    gf_app_detector d = { .model = { .scale = 1, .pad = 114, .score_least = 0.25f, .overlap_most = 0.45f, .tile_columns = 1, .tile_rows = 1, .tile_overlap = 0.1f } };
    gf_status status = read_all(root, &d, err);
    json_decref(root);
    if (!status)
        *out = d;
    return status;
}

gf_status gf_app_detector_verify(const gf_app_detector *d, gf_str model_bytes, gf_error *err)
{
    uint8_t want[GF_HASH_BYTES], got[GF_HASH_BYTES];
    char hex[GF_HASH_HEX_BYTES];
    if (!gf_hash_bytes(GF_HASH_SHA256, model_bytes.data, model_bytes.len, got) || !gf_hex_parse(gf_str_of(d->sha256), want, sizeof want))
        return gf_fail(err, GF_EIO, "detect.hash", "", "the model's hash cannot be taken");
    gf_hex_format(got, sizeof got, hex);
    if (memcmp(want, got, sizeof got) != 0)
        return gf_fail(err, GF_EINPUT, "detect.hash", "Another model has another list of classes: write its own description.", "\"%.60s\" has the hash %.16s..., not the one described", d->file, hex);
    return GF_OK;
}
