/* A layer while it is read. Counts are checked before memory is taken: a header may claim anything. */
#include "file/layer_inside.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const size_t FEATURES_MAX = 2000000, POINTS_MAX = 100000000;
enum { FIELDS_MAX = 256, FEATURES_FIRST = 64, FIELDS_FIRST = 32, NAME_SHOWN = 40 };

void layer_begin(layer_build *b, const gf_file_layer_options *options, gf_arena *keep)
{
    *b = (layer_build){ .options = options, .keep = keep };
}

gf_status layer_damaged(gf_error *err, const char *what)
{
    return gf_fail(err, GF_EINPUT, "layer.form", "Write the file again from the program it came from.", "%s", what);
}

/* Room for one more of `items`; the old ones are copied. */
static bool grow(gf_arena *arena, void **items, size_t count, size_t *room, size_t first, size_t item_bytes)
{
    if (count < *room)
        return true;
    size_t more = *room ? *room * 2 : first;
    void *larger = gf_arena_alloc(arena, more, item_bytes);
    if (!larger)
        return false;
    if (count)
        memcpy(larger, *items, count * item_bytes);
    *items = larger;
    *room = more;
    return true;
}

/* Every feature has room for `field_room` values: when that grows, all of them move. It grows four times at most. */
static bool grow_values(layer_build *b, size_t room)
{
    for (size_t i = 0; i < b->feature_count; i++) {
        gf_str *larger = gf_new(b->keep, gf_str, room);
        if (!larger)
            return false;
        memcpy(larger, b->features[i].values, b->field_count * sizeof *larger);
        b->features[i].values = larger;
        b->values = larger;
    }
    return true;
}

gf_status layer_field(layer_build *b, gf_str name, size_t *index, gf_error *err)
{
    for (size_t i = 0; i < b->field_count; i++)
        if (gf_str_eq(b->fields[i], name)) {
            *index = i;
            return GF_OK;
        }
    if (b->field_count == FIELDS_MAX)
        return gf_fail(err, GF_ELIMIT, "layer.large", "Leave out the fields that are not needed.", "there are more than %d fields",
                       FIELDS_MAX);
    void *fields = b->fields;
    size_t room = b->field_room;
    if (!grow(b->keep, &fields, b->field_count, &b->field_room, FIELDS_FIRST, sizeof *b->fields))
        return gf_fail_memory(err);
    b->fields = fields;
    if (b->field_room > room && !grow_values(b, b->field_room))
        return gf_fail_memory(err);
    gf_str copy = gf_str_copy(b->keep, name);
    if (!copy.data)
        return gf_fail_memory(err);
    *index = b->field_count;
    b->fields[b->field_count++] = copy;
    return GF_OK;
}

gf_status layer_feature(layer_build *b, size_t part_count, gf_error *err)
{
    size_t most = b->options->features_max ? b->options->features_max : FEATURES_MAX;
    if (b->feature_count >= most)
        return gf_fail(err, GF_ELIMIT, "layer.large", "Split the layer.", "there are more than %zu features", most);
    if (part_count == 0)
        return gf_fail(err, GF_EINPUT, "layer.shape", "Draw it, or leave it out of the layer.", "it has no shape");
    void *features = b->features;
    if (!grow(b->keep, &features, b->feature_count, &b->feature_room, FEATURES_FIRST, sizeof *b->features))
        return gf_fail_memory(err);
    b->features = features;
    b->parts = gf_new(b->keep, gf_file_part, part_count);
    b->values = gf_new(b->keep, gf_str, b->field_room);
    if (!b->parts || !b->values)
        return gf_fail_memory(err);
    b->features[b->feature_count++] = (gf_file_feature){ b->parts, part_count, b->values };
    return GF_OK;
}

gf_status layer_part(layer_build *b, size_t index, size_t count, gf_file_point **points, gf_error *err)
{
    size_t most = b->options->points_max ? b->options->points_max : POINTS_MAX;
    if (count > most - b->point_count)
        return gf_fail(err, GF_ELIMIT, "layer.large", "Split the layer.", "it claims more than %zu points", most);
    *points = gf_new(b->keep, gf_file_point, count);
    if (!*points)
        return gf_fail_memory(err);
    b->parts[index] = (gf_file_part){ *points, count };
    b->point_count += count;
    return GF_OK;
}

gf_status layer_value(layer_build *b, size_t field, gf_str value, gf_error *err)
{
    gf_str copy = gf_str_copy(b->keep, value);
    if (!copy.data)
        return gf_fail_memory(err);
    b->values[field] = copy;
    return GF_OK;
}

/* ---- The end ---- */

static gf_status check_numbers(const gf_file_feature *feature, gf_error *err)
{
    for (size_t i = 0; i < feature->part_count; i++)
        for (size_t k = 0; k < feature->parts[i].count; k++) {
            gf_file_point p = feature->parts[i].points[k];
            if (!(fabs(p.x) < 1e12 && fabs(p.y) < 1e12))  /* NAN fails too */
                return gf_fail(err, GF_EINPUT, "layer.number", "Repair the point.", "point %zu of part %zu is (%g, %g)", k + 1, i + 1, p.x, p.y);
        }
    return GF_OK;
}

static gf_status check_lines(const gf_file_feature *feature, gf_error *err)
{
    for (size_t i = 0; i < feature->part_count; i++)
        if (feature->parts[i].count < 2)
            return gf_fail(err, GF_EINPUT, "layer.shape", "", "part %zu is a single point", i + 1);
    return GF_OK;
}

size_t gf_file_layer_field(const gf_file_layer *layer, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < layer->field_count; i++)
        if (layer->fields[i].len == len && strncasecmp(layer->fields[i].data, name, len) == 0)
            return i;
    return layer->field_count;
}

/* "p.shp, feature 12 (BSM 330329...)" */
static void tell_feature(const gf_file_layer *layer, const char *name, size_t index, gf_error *err)
{
    static const char *const NAMES[] = { "BSM", "TBBH", "id", "name" };
    for (size_t i = 0; i < GF_COUNT(NAMES); i++) {
        size_t field = gf_file_layer_field(layer, NAMES[i]);
        if (field == layer->field_count || layer->features[index].values[field].len == 0)
            continue;
        gf_str value = gf_str_slice(layer->features[index].values[field], 0, NAME_SHOWN);
        (void)gf_fail_at(err, "%.30s, feature %zu (%s %.*s)", name, index + 1, NAMES[i], GF_STR_ARG(value));
        return;
    }
    (void)gf_fail_at(err, "%.60s, feature %zu", name, index + 1);
}

static gf_status check_features(const gf_file_layer *layer, const gf_file_layer_options *options, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; i < layer->feature_count && status == GF_OK; i++) {
        const gf_file_feature *feature = &layer->features[i];
        status = check_numbers(feature, err);
        if (status == GF_OK)
            status = options->boundary ? check_lines(feature, err) : layer_check_rings(feature->parts, feature->part_count, err);
        if (status != GF_OK)
            tell_feature(layer, options->name, i, err);
    }
    return status;
}

gf_status layer_end(layer_build *b, int told, gf_file_layer *out, gf_error *err)
{
    if (b->feature_count == 0)
        return layer_damaged(err, "the layer holds no feature");
    gf_file_layer layer = { .epsg = b->options->epsg ? b->options->epsg : told, .fields = b->fields, .field_count = b->field_count,
                            .features = b->features, .feature_count = b->feature_count, .point_count = b->point_count };
    gf_status status = check_features(&layer, b->options, err);
    if (status == GF_OK)
        status = layer_check_system(b, layer.epsg, &layer.degrees, err);
    if (status == GF_OK)
        *out = layer;
    return status;
}
