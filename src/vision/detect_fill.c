/* From a part of an I420 picture to a network's input, in floats.
 *
 * Each plane is resampled on its own, columns before rows, with weights worked out once a line: the share of each source pixel in the
 * output pixel's area where the picture shrinks, the two neighbours' where it grows. Then colours by BT.601. Nothing is
 * rounded on the way, so that a second program can say the same numbers. About 1 ms for 416 x 234 from 640 x 360.
 * Chroma samples are taken to lie between the two columns and rows that they stand for.
 */
#include "vision/detect_inside.h"

#include <math.h>
#include <string.h>

typedef struct axis { int *first, *count; float *weight; int span; } axis;   /* weight[i * span ...] for output i */

detect_lay detect_lay_of(const gf_vision_detect_model *m, const gf_vision_detect_rect *part)
{
    detect_lay lay = { m->width, m->height, m->width / part->width, m->height / part->height };
    if (m->fit == GF_VISION_FIT_LETTERBOX) {
        const double r = lay.x_scale < lay.y_scale ? lay.x_scale : lay.y_scale;
        lay.across = (int)(part->width * r + 1e-9);
        lay.down = (int)(part->height * r + 1e-9);
        lay.across = lay.across < 1 ? 1 : lay.across;
        lay.down = lay.down < 1 ? 1 : lay.down;
        lay.x_scale = lay.y_scale = r;
    }
    return lay;
}

/* Output i stands for [from + i * step, from + (i + 1) * step) of the source, whose pixels beyond its ends repeat the last. */
static bool lay_axis(axis *a, double from, double length, int out_count, int source_count, gf_arena *scratch)
{
    const double step = length / out_count;
    a->span = step <= 1 ? 2 : (int)ceil(step) + 1;
    a->first = gf_new(scratch, int, (size_t)out_count);
    a->count = gf_new(scratch, int, (size_t)out_count);
    a->weight = gf_new(scratch, float, (size_t)out_count * (size_t)a->span);
    if (!a->first || !a->count || !a->weight)
        return false;
    for (int i = 0; i < out_count; i++) {
        const double centre = from + (i + 0.5) * step, low = step <= 1 ? centre - 0.5 : from + i * step, high = low + (step <= 1 ? 1 : step);
        const int begin = (int)floor(low);
        a->first[i] = begin < 0 ? 0 : begin >= source_count ? source_count - 1 : begin;
        a->count[i] = 1;
        for (int k = begin; k < high && k - begin < a->span; k++) {
            const double share = ((k + 1 < high ? k + 1 : high) - (k > low ? k : low)) / (high - low);
            const int pixel = k < 0 ? 0 : k >= source_count ? source_count - 1 : k, at = pixel - a->first[i];
            a->weight[(size_t)i * (size_t)a->span + (size_t)at] += (float)(share > 0 ? share : 0);
            a->count[i] = at + 1 > a->count[i] ? at + 1 : a->count[i];
        }
    }
    return true;
}

static void resample_row(const axis *a, const uint8_t *row, int out_count, float *out)
{
    for (int i = 0; i < out_count; i++) {
        const uint8_t *p = row + a->first[i];
        const float *w = a->weight + (size_t)i * (size_t)a->span;
        float sum = 0;
        for (int k = 0; k < a->count[i]; k++)
            sum += w[k] * (float)p[k];
        out[i] = sum;
    }
}

/* Rows are resampled once each and kept while outputs still need them. */
static gf_status resample(const uint8_t *plane, int stride, int width, int height, const gf_vision_detect_rect *part, int across, int down, gf_arena *scratch, float *out, gf_error *err)
{
    axis columns, rows;
    if (!lay_axis(&columns, part->x, part->width, across, width, scratch) || !lay_axis(&rows, part->y, part->height, down, height, scratch))
        return gf_fail_memory(err);
    float *kept = gf_new(scratch, float, (size_t)across * (size_t)rows.span);
    int *which = gf_new(scratch, int, (size_t)rows.span);
    if (!kept || !which)
        return gf_fail_memory(err);
    for (int i = 0; i < rows.span; i++)
        which[i] = -1;
    for (int y = 0; y < down; y++) {
        float *line = out + (size_t)y * (size_t)across;
        memset(line, 0, (size_t)across * sizeof *line);
        for (int k = 0; k < rows.count[y]; k++) {
            const int source = rows.first[y] + k, place = source % rows.span;
            float *row = kept + (size_t)place * (size_t)across;
            const float w = rows.weight[(size_t)y * (size_t)rows.span + (size_t)k];
            if (which[place] != source) {
                resample_row(&columns, plane + (ptrdiff_t)source * stride, across, row);
                which[place] = source;
            }
            for (int x = 0; x < across; x++)
                line[x] += w * row[x];
        }
    }
    return GF_OK;
}

static float clamp(float colour) { return colour < 0 ? 0 : colour > 255 ? 255 : colour; }

typedef struct colours { float y_scale, y_from, rv, gu, gv, bu; } colours;
/* BT.601: studio range from 16 to 235 and 240, and full range. */
static const colours STUDIO = { 255.0f / 219, 16, 1.596026786f, 0.391762290f, 0.812967647f, 2.017232143f };
static const colours FULL = { 1, 0, 1.402f, 0.344136286f, 0.714136286f, 1.772f };

static void to_colours(const gf_vision_detect_model *m, const detect_lay *lay, const colours *c, const float *y, const float *u, const float *v, float *input)
{
    const size_t plane = (size_t)m->width * (size_t)m->height;
    float *red = input + (m->rgb ? 0 : 2) * plane, *green = input + plane, *blue = input + (m->rgb ? 2 : 0) * plane;
    for (int row = 0; row < lay->down; row++)
        for (int x = 0; x < lay->across; x++) {
            const size_t from = (size_t)row * (size_t)lay->across + (size_t)x, to = (size_t)row * (size_t)m->width + (size_t)x;
            const float light = (y[from] - c->y_from) * c->y_scale, cb = u[from] - 128, cr = v[from] - 128;
            red[to] = clamp(light + c->rv * cr) * m->scale;
            green[to] = clamp(light - c->gu * cb - c->gv * cr) * m->scale;
            blue[to] = clamp(light + c->bu * cb) * m->scale;
        }
}

gf_status gf_vision_detect_fill(const gf_vision_detect_model *m, const gf_vision_detect_image *image, const gf_vision_detect_rect *part, gf_arena *scratch, float *input, gf_error *err)
{
    const gf_mark mark = gf_arena_mark(scratch);
    const detect_lay lay = detect_lay_of(m, part);
    const size_t count = (size_t)lay.across * (size_t)lay.down;
    const gf_vision_detect_rect half = { part->x / 2, part->y / 2, part->width / 2, part->height / 2 };
    const int half_width = (image->width + 1) / 2, half_height = (image->height + 1) / 2;
    float *planes = gf_new(scratch, float, count * 3);
    gf_status status = planes ? resample(image->y, image->y_stride, image->width, image->height, part, lay.across, lay.down, scratch, planes, err) : gf_fail_memory(err);
    if (!status)
        status = resample(image->u, image->uv_stride, half_width, half_height, &half, lay.across, lay.down, scratch, planes + count, err);
    if (!status)
        status = resample(image->v, image->uv_stride, half_width, half_height, &half, lay.across, lay.down, scratch, planes + 2 * count, err);
    if (!status) {
        if (lay.across < m->width || lay.down < m->height)
            for (size_t i = 0; i < gf_vision_detect_input_floats(m); i++)
                input[i] = m->pad * m->scale;
        to_colours(m, &lay, image->full_range ? &FULL : &STUDIO, planes, planes + count, planes + 2 * count, input);
    }
    gf_arena_rewind(scratch, mark);
    return status;
}
