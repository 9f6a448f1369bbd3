/* Parts of a picture through the network, one after the other, and their boxes together.
 *
 * Suppression is greedy by score: a few hundred candidates, so the square of their number costs nothing beside the network.
 */
#include "vision/detect_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 2048, SIDE_MAX = 16384 };
static const double INSIDE_LEAST = 0.7;   /* so much of the smaller of two boxes within the other, one of them cut: they are one */

typedef struct candidate { gf_vision_detect_box box; bool cut; } candidate;

static bool is_cut(const gf_vision_detect_rect *box, const gf_vision_detect_rect *part, const gf_vision_detect_image *image)
{
    const double near = 1;
    return (part->x > 0 && box->x < part->x + near) || (part->y > 0 && box->y < part->y + near) ||
           (part->x + part->width < image->width && box->x + box->width > part->x + part->width - near) ||
           (part->y + part->height < image->height && box->y + box->height > part->y + part->height - near);
}

/* Equal scores in the order of their place, so that the same picture gives the same boxes everywhere. */
static int by_score(const void *a, const void *b)
{
    const gf_vision_detect_box *p = &((const candidate *)a)->box, *q = &((const candidate *)b)->box;
    if (p->score != q->score)
        return p->score < q->score ? 1 : -1;
    if (p->at.y != q->at.y)
        return p->at.y > q->at.y ? 1 : -1;
    return p->at.x != q->at.x ? (p->at.x > q->at.x ? 1 : -1) : (p->class_index > q->class_index) - (p->class_index < q->class_index);
}

static double common(const gf_vision_detect_rect *a, const gf_vision_detect_rect *b)
{
    const double across = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x), down = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);
    return across > 0 && down > 0 ? across * down : 0;
}

static double area(const gf_vision_detect_rect *r) { return r->width * r->height; }

static void grow(gf_vision_detect_rect *to, const gf_vision_detect_rect *by)
{
    const double right = fmax(to->x + to->width, by->x + by->width), bottom = fmax(to->y + to->height, by->y + by->height);
    to->x = fmin(to->x, by->x);
    to->y = fmin(to->y, by->y);
    to->width = right - to->x;
    to->height = bottom - to->y;
}

/* Is this one said already by one that is kept? */
static bool is_said(const gf_vision_detect_model *m, candidate *kept, size_t count, const candidate *c)
{
    for (size_t i = 0; i < count; i++) {
        const double both = common(&kept[i].box.at, &c->box.at), a = area(&kept[i].box.at), b = area(&c->box.at);
        if (both > (double)m->overlap_most * (a + b - both))
            return true;
        if ((kept[i].cut || c->cut) && kept[i].box.class_index == c->box.class_index && both > INSIDE_LEAST * (a < b ? a : b)) {
            grow(&kept[i].box.at, &c->box.at);
            kept[i].cut = kept[i].cut && c->cut;
            return true;
        }
    }
    return false;
}

static gf_status check_image(const gf_vision_detect_image *i, const gf_vision_detect_rect *parts, size_t count, gf_error *err)
{
    if (i->width < 2 || i->height < 2 || i->width > SIDE_MAX || i->height > SIDE_MAX || i->y_stride < i->width || i->uv_stride < (i->width + 1) / 2 || !i->y || !i->u || !i->v)
        return gf_fail(err, GF_EINPUT, "detect.image", "", "a picture of %d x %d with rows of %d and %d bytes is none", i->width, i->height, i->y_stride, i->uv_stride);
    for (size_t k = 0; k < count; k++) {
        const gf_vision_detect_rect *p = &parts[k];
        if (!(p->x >= 0 && p->y >= 0 && p->width >= 1 && p->height >= 1 && p->x + p->width <= i->width + 1e-6 && p->y + p->height <= i->height + 1e-6))
            return gf_fail(err, GF_EINPUT, "detect.image", "", "part %zu at %g, %g of %g x %g is not within the picture of %d x %d", k + 1, p->x, p->y, p->width, p->height, i->width, i->height);
    }
    return GF_OK;
}

typedef struct run { const gf_vision_detect_model *model; const gf_vision_detect_image *image; gf_arena *scratch; candidate *list; size_t count; } run;

static gf_status look_at(run *r, const gf_vision_detect_rect *part, gf_vision_detect_infer *infer, void *context, float *input, float *output, gf_vision_detect_box *boxes, gf_error *err)
{
    gf_status status = gf_vision_detect_fill(r->model, r->image, part, r->scratch, input, err);
    if (!status)
        status = infer(context, input, output, err);
    if (status)
        return status;
    const size_t room = CANDIDATES_MAX - r->count, found = gf_vision_detect_decode(r->model, part, output, boxes, room);
    for (size_t i = 0; i < (found < room ? found : room); i++)
        r->list[r->count++] = (candidate){ boxes[i], is_cut(&boxes[i].at, part, r->image) };
    return GF_OK;
}

static gf_status choose(run *r, gf_arena *keep, gf_vision_detect_box **boxes, size_t *box_count, gf_error *err)
{
    size_t kept = 0;
    qsort(r->list, r->count, sizeof *r->list, by_score);
    for (size_t i = 0; i < r->count && kept < GF_VISION_BOXES_MAX; i++)
        if (!is_said(r->model, r->list, kept, &r->list[i]))
            r->list[kept++] = r->list[i];   /* never ahead of what is read */
    gf_vision_detect_box *out = gf_new(keep, gf_vision_detect_box, kept);
    if (!out)
        return gf_fail_memory(err);
    for (size_t i = 0; i < kept; i++)
        out[i] = r->list[i].box;
    *boxes = out;
    *box_count = kept;
    return GF_OK;
}

gf_status gf_vision_detect_run(const gf_vision_detect_model *m, const gf_vision_detect_image *image, const gf_vision_detect_rect *parts, size_t part_count,
                               gf_vision_detect_infer *infer, void *context, gf_arena *keep, gf_arena *scratch, gf_vision_detect_box **boxes, size_t *box_count, gf_error *err)
{
    const gf_mark mark = gf_arena_mark(scratch);
    gf_status status = check_image(image, parts, part_count, err);
    if (status)
        return status;
    run r = { m, image, scratch, gf_new(scratch, candidate, CANDIDATES_MAX), 0 };
    float *input = gf_new(scratch, float, gf_vision_detect_input_floats(m)), *output = gf_new(scratch, float, gf_vision_detect_output_floats(m));
    gf_vision_detect_box *found = gf_new(scratch, gf_vision_detect_box, CANDIDATES_MAX);
    if (!r.list || !input || !output || !found)
        status = gf_fail_memory(err);
    for (size_t i = 0; !status && i < part_count; i++)
        status = look_at(&r, &parts[i], infer, context, input, output, found, err);
    if (!status)
        status = choose(&r, keep, boxes, box_count, err);
    gf_arena_rewind(scratch, mark);
    return status;
}
