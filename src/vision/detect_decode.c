/* From a network's output to boxes. Most cells hold nothing: the object's score is looked at first, for no class can lift a
 * score above what it allows. */
#include "vision/detect_inside.h"

#include <math.h>

typedef struct sink {
    const gf_vision_detect_model *model;
    const gf_vision_detect_rect  *part;
    detect_lay                    lay;
    float                         floor;     /* the least score that any class asks for */
    gf_vision_detect_box         *boxes;
    size_t                        room, kept, found;
} sink;

static float least_of(const gf_vision_detect_model *m, size_t i) { return m->class[i].score_least > 0 ? m->class[i].score_least : m->score_least; }

static float floor_of(const gf_vision_detect_model *m)
{
    float least = 1;
    for (size_t i = 0; i < m->class_count; i++)
        if (m->class[i].reported && least_of(m, i) < least)
            least = least_of(m, i);
    return least;
}

/* When there is no room, the weakest makes place: a picture full of things keeps the best of them. */
static void put(sink *s, const gf_vision_detect_box *box)
{
    s->found++;
    if (s->kept < s->room) {
        s->boxes[s->kept++] = *box;
        return;
    }
    size_t weakest = 0;
    for (size_t i = 1; i < s->kept; i++)
        weakest = s->boxes[i].score < s->boxes[weakest].score ? i : weakest;
    if (s->kept && s->boxes[weakest].score < box->score)
        s->boxes[weakest] = *box;
}

/* A box in the input's pixels, by its centre. */
static void add(sink *s, float score, size_t class_index, double cx, double cy, double width, double height)
{
    const gf_vision_detect_class *c = &s->model->class[class_index];
    if (!c->reported || !(score >= least_of(s->model, class_index)) || !isfinite(score) || !isfinite(cx + cy + width + height))
        return;
    const gf_vision_detect_rect *p = s->part;
    double left = p->x + (cx - width / 2) / s->lay.x_scale, right = left + width / s->lay.x_scale;
    double top = p->y + (cy - height / 2) / s->lay.y_scale, bottom = top + height / s->lay.y_scale;
    left = left < p->x ? p->x : left;
    top = top < p->y ? p->y : top;
    right = right > p->x + p->width ? p->x + p->width : right;
    bottom = bottom > p->y + p->height ? p->y + p->height : bottom;
    if (right > left && bottom > top)
        put(s, &(gf_vision_detect_box){ { left, top, right - left, bottom - top }, score > 1 ? 1 : score, (uint32_t)class_index, c->name });
}

static size_t best_class(const float *first, size_t step, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        best = first[i * step] > first[best * step] ? i : best;
    return best;
}

static void decode_yolox(sink *s, const float *row)
{
    const gf_vision_detect_model *m = s->model;
    for (size_t k = 0; k < m->stride_count; k++) {
        const int stride = m->stride[k];
        for (int y = 0; y < m->height / stride; y++)
            for (int x = 0; x < m->width / stride; x++, row += 5 + m->class_count) {
                if (!(row[4] >= s->floor))
                    continue;
                const size_t best = best_class(row + 5, 1, m->class_count);
                add(s, row[4] * row[5 + best], best, ((double)row[0] + x) * stride, ((double)row[1] + y) * stride, exp((double)row[2]) * stride, exp((double)row[3]) * stride);
            }
    }
}

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static void decode_fastestdet(sink *s, const float *out)
{
    const gf_vision_detect_model *m = s->model;
    const int stride = m->stride[0], columns = m->width / stride, rows = m->height / stride;
    const size_t cells = (size_t)columns * (size_t)rows;
    for (size_t i = 0; i < cells; i++) {
        const float *cell = out + i;
        const size_t column = i % (size_t)columns, row = i / (size_t)columns;
        if (!(pow((double)cell[0], 0.6) >= (double)s->floor))
            continue;
        const size_t best = best_class(cell + 5 * cells, cells, m->class_count);
        const double score = pow((double)cell[0], 0.6) * pow((double)cell[(5 + best) * cells], 0.4);
        add(s, (float)score, best, ((double)column + tanh((double)cell[cells])) * stride, ((double)row + tanh((double)cell[2 * cells])) * stride,
            sigmoid((double)cell[3 * cells]) * m->width, sigmoid((double)cell[4 * cells]) * m->height);
    }
}

typedef void decode_fn(sink *s, const float *output);
static decode_fn *const DECODERS[GF_VISION_HEAD_COUNT] = { decode_yolox, decode_fastestdet };

size_t gf_vision_detect_decode(const gf_vision_detect_model *m, const gf_vision_detect_rect *part, const float *output, gf_vision_detect_box *boxes, size_t room)
{
    sink s = { .model = m, .part = part, .lay = detect_lay_of(m, part), .floor = floor_of(m), .boxes = boxes, .room = room };
    DECODERS[m->head](&s, output);
    return s.found;
}
