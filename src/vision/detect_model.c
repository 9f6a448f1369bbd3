/* A model's description: its bounds, its sizes, its tiles. */
#include "vision/gf_vision_detect.h"

#include <string.h>

static const char *const HEADS[GF_VISION_HEAD_COUNT] = { "yolox", "fastestdet" };
static const char *const FITS[GF_VISION_FIT_COUNT] = { "letterbox", "stretch" };

const char *gf_vision_detect_head_name(gf_vision_detect_head head) { return (unsigned)head < GF_VISION_HEAD_COUNT ? HEADS[head] : NULL; }
const char *gf_vision_detect_fit_name(gf_vision_detect_fit fit) { return (unsigned)fit < GF_VISION_FIT_COUNT ? FITS[fit] : NULL; }

typedef struct bound { const char *name; double value, least, most; } bound;

static gf_status check_bounds(const gf_vision_detect_model *m, gf_error *err)
{
    const bound bounds[] = {
        { "head", m->head, 0, GF_VISION_HEAD_COUNT - 1 },
        { "fit", m->fit, 0, GF_VISION_FIT_COUNT - 1 },
        { "width", m->width, 8, GF_VISION_INPUT_MAX },
        { "height", m->height, 8, GF_VISION_INPUT_MAX },
        { "strides", (double)m->stride_count, 1, m->head == GF_VISION_HEAD_FASTESTDET ? 1 : GF_VISION_STRIDES_MAX },
        { "scale", (double)m->scale, 1e-6, 1e3 },
        { "pad", (double)m->pad, 0, 255 },
        { "score_least", (double)m->score_least, 0.001, 1 },
        { "overlap_most", (double)m->overlap_most, 0, 1 },
        { "tile columns", m->tile_columns, 1, 16 },
        { "tile rows", m->tile_rows, 1, 16 },
        { "tiles", (double)m->tile_columns * m->tile_rows, 1, GF_VISION_TILES_MAX },
        { "tile overlap", (double)m->tile_overlap, 0, 0.5 },
        { "classes", (double)m->class_count, 1, GF_VISION_CLASSES_MAX },
    };
    for (size_t i = 0; i < GF_COUNT(bounds); i++)
        if (!(bounds[i].value >= bounds[i].least && bounds[i].value <= bounds[i].most))   /* NAN fails too */
            return gf_fail(err, GF_EINPUT, "detect.model", "", "%s: %g is not from %g to %g", bounds[i].name, bounds[i].value, bounds[i].least, bounds[i].most);
    return GF_OK;
}

static gf_status check_classes(const gf_vision_detect_model *m, gf_error *err)
{
    bool any = false;
    for (size_t i = 0; i < m->class_count; i++) {
        const gf_vision_detect_class *c = &m->class[i];
        const char *end = memchr(c->name, '\0', sizeof c->name);
        if (!end || end == c->name || !gf_utf8_valid(gf_str_of(c->name), NULL))
            return gf_fail(err, GF_EINPUT, "detect.model", "Name what the model was trained for, in its order.", "class %zu has no name of up to %d bytes", i, GF_VISION_CLASS_BYTES - 1);
        if (!(c->score_least >= 0 && c->score_least <= 1))
            return gf_fail(err, GF_EINPUT, "detect.model", "", "class \"%s\": a least score of %g is not from 0 to 1", c->name, (double)c->score_least);
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->class[k].name, c->name) == 0)
                return gf_fail(err, GF_EINPUT, "detect.model", "", "classes %zu and %zu are both named \"%s\"", k, i, c->name);
        any = any || c->reported;
    }
    return any ? GF_OK : gf_fail(err, GF_EINPUT, "detect.model", "Report at least one class.", "no class is reported");
}

gf_status gf_vision_detect_model_check(const gf_vision_detect_model *m, gf_error *err)
{
    gf_status status = check_bounds(m, err);
    for (size_t i = 0; !status && i < m->stride_count; i++)
        if (m->stride[i] < 1 || m->width % m->stride[i] || m->height % m->stride[i])
            status = gf_fail(err, GF_EINPUT, "detect.model", "", "the input of %d x %d is no multiple of stride %d", m->width, m->height, m->stride[i]);
    return status ? status : check_classes(m, err);
}

size_t gf_vision_detect_input_floats(const gf_vision_detect_model *m) { return (size_t)m->width * (size_t)m->height * 3; }

size_t gf_vision_detect_output_floats(const gf_vision_detect_model *m)
{
    size_t cells = 0;
    for (size_t i = 0; i < m->stride_count; i++)
        cells += (size_t)(m->width / m->stride[i]) * (size_t)(m->height / m->stride[i]);
    return cells * (5 + m->class_count);
}

/* With a share o in common, n tiles of length t cover n t - (n - 1) o t. */
size_t gf_vision_detect_tiles(const gf_vision_detect_model *m, int width, int height, gf_vision_detect_rect *rects)
{
    const double o = (double)m->tile_overlap, across = width / (m->tile_columns - (m->tile_columns - 1) * o), down = height / (m->tile_rows - (m->tile_rows - 1) * o);
    size_t count = 0;
    for (int row = 0; row < m->tile_rows; row++)
        for (int column = 0; column < m->tile_columns; column++) {
            const double x = column * across * (1 - o), y = row * down * (1 - o);
            rects[count++] = (gf_vision_detect_rect){ x, y, x + across > width ? width - x : across, y + down > height ? height - y : down };
        }
    return count;
}
