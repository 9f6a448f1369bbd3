/* The detector as a second witness.
 *
 * It looks every so often, only at frames that lie on the reference, at the model's tiles. What it sees three times, as the same class and
 * never farther than its own length from where it was, is a sight and becomes an event of its own; a finding of motion or lasting change
 * that a sight of its time lies on is borne out by it and takes its class. A single look proves nothing: such models flicker.
 */
#include "app/watch.h"

#include <math.h>
#include <string.h>

enum { HITS_TOLD = 3, MISSES_MAX = 3, WITNESS_MS = 5000 };
static const double SAME_THING = 0.8, BORNE_OUT = 0.4;

static double common(const gf_vision_detect_rect *a, const gf_vision_detect_rect *b)
{
    double width = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x), height = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);
    return width > 0 && height > 0 ? width * height : 0;
}

/* How far two boxes lie apart, over the longer side of the larger: a car is the same one when it has moved less than its length. */
static double apart(const gf_vision_detect_rect *a, const gf_vision_detect_rect *b)
{
    double side = fmax(fmax(a->width, a->height), fmax(b->width, b->height));
    return hypot(a->x + a->width / 2 - b->x - b->width / 2, a->y + a->height / 2 - b->y - b->height / 2) / fmax(side, 1);
}

/* The box of the reference that holds a box of the frame. */
static gf_vision_detect_rect to_reference(const watch_run *w, const gf_vision_pose *pose, const gf_vision_detect_rect *box)
{
    double west = INFINITY, north = INFINITY, east = -INFINITY, south = -INFINITY;
    for (int i = 0; i < 4; i++) {
        double x, y;
        gf_vision_pose_apply(pose, w->r.width, w->r.height, box->x + (i % 2 ? box->width : 0), box->y + (i / 2 ? box->height : 0), &x, &y);
        west = fmin(west, x);
        east = fmax(east, x);
        north = fmin(north, y);
        south = fmax(south, y);
    }
    return (gf_vision_detect_rect){ west, north, east - west, south - north };
}

static watch_sight *find_sight(watch_run *w, const gf_vision_detect_rect *at, uint32_t class_index)
{
    watch_sight *best = NULL;
    double least = SAME_THING;
    for (size_t i = 0; i < w->sight_count; i++) {
        double now = w->sights[i].class_index == class_index && w->sights[i].misses <= MISSES_MAX ? apart(&w->sights[i].at, at) : INFINITY;
        if (now <= least) {
            least = now;
            best = &w->sights[i];
        }
    }
    return best;
}

static void take_box(watch_run *w, const gf_vision_frame *frame, const gf_vision_detect_rect *at, const gf_vision_detect_box *box)
{
    watch_sight *s = find_sight(w, at, box->class_index);
    if (!s && w->sight_count < WATCH_SIGHTS_MAX) {
        s = &w->sights[w->sight_count++];
        *s = (watch_sight){ .class_index = box->class_index, .frame_first = frame->number, .at_first = frame->at };
    }
    if (!s)
        return;
    s->at = *at;
    s->hits++;
    s->misses = 0;
    s->score_sum += (double)box->score;
    s->frame_last = frame->number;
    s->at_last = frame->at;
}

/* Sights that three looks in a row did not show are over; they stay for a while as witnesses of what is settled later. */
static void forget_old(watch_run *w, gf_utc_ms now)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->sight_count; i++)
        if (w->sights[i].misses <= MISSES_MAX || now - w->sights[i].at_last <= WITNESS_MS)
            w->sights[kept++] = w->sights[i];
    w->sight_count = kept;
}

static gf_status run_model(watch_run *w, const gf_vision_frame *frame, gf_vision_detect_box **boxes, size_t *count, gf_arena *scratch, gf_error *err)
{
    const gf_app_watch_eye *eye = w->o->eye;
    gf_vision_detect_rect tiles[GF_VISION_TILES_MAX];
    const gf_vision_detect_image image = { frame->width, frame->height, frame->y, frame->u, frame->v, frame->y_stride, frame->uv_stride, !w->source->studio_range || !*w->source->studio_range };
    size_t tile_count = gf_vision_detect_tiles(&eye->detector->model, frame->width, frame->height, tiles);
    return gf_vision_detect_run(&eye->detector->model, &image, tiles, tile_count, eye->infer, eye->context, w->scratch, scratch, boxes, count, err);
}

static gf_status tell_sights(watch_run *w, const gf_vision_frame *frame, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < w->sight_count; i++)
        if (w->sights[i].hits >= HITS_TOLD && !w->sights[i].told) {
            w->sights[i].told = true;
            status = watch_write_sight(w, frame, &w->sights[i], err);
        }
    return status;
}

gf_status watch_look(watch_run *w, const gf_vision_frame *frame, const gf_vision_step *step, gf_error *err)
{
    enum { SCRATCH_BYTES = 256 << 20 };
    gf_vision_detect_box *boxes;
    size_t count = 0;
    if (!step->fit.accepted || step->state != GF_VISION_LOOKING || (w->has_looked && frame->at - w->looked < w->o->eye->every_ms))
        return GF_OK;
    w->looked = frame->at;
    w->has_looked = true;
    w->r.looks++;
    gf_mark mark = gf_arena_mark(w->scratch);
    if (w->o->eye->turn)
        (void)pthread_mutex_lock(w->o->eye->turn);
    gf_arena *scratch = gf_arena_open(SCRATCH_BYTES);
    gf_status status = scratch ? run_model(w, frame, &boxes, &count, scratch, err) : gf_fail_memory(err);
    gf_arena_close(scratch);   /* the boxes are kept in w->scratch */
    if (w->o->eye->turn)
        (void)pthread_mutex_unlock(w->o->eye->turn);
    for (size_t i = 0; i < w->sight_count; i++)
        w->sights[i].misses++;
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        gf_vision_detect_rect at = to_reference(w, &step->fit.pose, &boxes[i].at);
        take_box(w, frame, &at, &boxes[i]);
    }
    gf_arena_rewind(w->scratch, mark);
    forget_old(w, frame->at);
    return status == GF_OK ? tell_sights(w, frame, err) : status;
}

const watch_sight *watch_witness(const watch_run *w, const gf_vision_finding *f)
{
    const gf_vision_detect_rect at = f->path_width ? (gf_vision_detect_rect){ f->path_left, f->path_top, f->path_width, f->path_height } : (gf_vision_detect_rect){ f->left, f->top, f->width, f->height };
    const watch_sight *best = NULL;
    for (size_t i = 0; i < w->sight_count; i++) {
        const watch_sight *s = &w->sights[i];
        bool of_its_time = s->at_last >= f->at_first - WITNESS_MS && s->at_first <= f->at_last + WITNESS_MS;
        double smaller = fmin(at.width * at.height, s->at.width * s->at.height);
        if (s->hits >= HITS_TOLD && of_its_time && common(&s->at, &at) >= BORNE_OUT * smaller && (!best || s->score_sum / s->hits > best->score_sum / best->hits))
            best = s;
    }
    return best;
}
