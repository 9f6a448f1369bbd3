/* A watch: gate, registration, change, tracks, slow change, in this order for every frame. Nothing is learned from a frame that one of the first two refuses.
 *
 * The first frame that can be looked at is the reference. A camera that has come to rest elsewhere is a new view: after three seconds of
 * steady frames that do not lie on the reference the watch begins anew with what it sees.
 * A camera that stands still is not resampled: a pose smaller than a third of a pixel is taken as none, for interpolation would cost
 * more sharpness than the shift does.
 */
#include "vision/vision.h"

#include <math.h>
#include <string.h>

enum { NEW_VIEW_MS = 3000, NEW_VIEW_FRAMES = 10 };
static const size_t BYTES_MAX = (size_t)256 << 20;
static const double STILL_PX = 0.35, STILL_RATE = 0.05;

struct gf_vision_watch {
    gf_vision_options o;
    gf_arena *arena;
    int width, height, times;            /* of the frame; pixels of it in one of the working picture */
    view seen, laid;
    uint8_t *valid, *mask, *back;
    gate *gate;
    align *align;
    change *change;
    tracks *tracks;
    slow *slow;
    findings found;
    gf_mark fresh;                       /* where the model's memory begins */
    bool referred;
    double shaky_px;                     /* mean way between poses of the last frames, in working pixels */
    gf_vision_pose pose;                 /* of the last frame that lay on the reference */
    gf_vision_state state;
    gf_utc_ms at, lost_at;
    uint32_t frames, lost_frames;
};

static const char *const STATES[] = { "looking", "moving", "blind", "dark", "fog", "frozen", "covered" };
const char *gf_vision_state_name(gf_vision_state state) { return (size_t)state < GF_COUNT(STATES) ? STATES[state] : "blind"; }

static gf_status check_options(const gf_vision_options *o, int width, int height, gf_error *err)
{
    if (width < GF_VISION_SIDE_MIN || height < GF_VISION_SIDE_MIN || width > GF_VISION_SIDE_MAX || height > GF_VISION_SIDE_MAX)
        return gf_fail(err, GF_ELIMIT, "vision.size", "", "frames of %d x %d pixels; sides of %d to %d are watched", width, height, GF_VISION_SIDE_MIN, GF_VISION_SIDE_MAX);
    int work_width, work_height;
    view_size(width, height, &work_width, &work_height);
    if (work_width < GF_VISION_SIDE_MIN || work_height < GF_VISION_SIDE_MIN)
        return gf_fail(err, GF_ELIMIT, "vision.size", "Cut the picture into parts.", "frames of %d x %d pixels are too narrow to be watched at %d of width", width, height,
                       GF_VISION_WORK_WIDTH_MAX);
    for (const gf_vision_parameter *p = gf_vision_parameters(); p->name; p++) {
        double value = *(const double *)(const void *)((const char *)&o->tuning + p->offset);
        if (!(value >= p->least && value <= p->most))
            return gf_fail(err, GF_EINPUT, "vision.tuning", "", "%s is %g, and goes from %g to %g", p->name, value, p->least, p->most);
    }
    return GF_OK;
}

/* Model and tracks, again from nothing. */
static bool begin_view(gf_vision_watch *w)
{
    gf_arena_rewind(w->arena, w->fresh);
    w->change = change_make(&w->o.tuning, w->seen.width, w->seen.height, w->arena);
    w->tracks = tracks_make(w->seen.width, w->seen.height, w->arena);
    w->slow = slow_make(w->seen.width, w->seen.height, w->arena);
    w->shaky_px = 0;
    w->pose = GF_VISION_POSE_NONE;
    w->referred = false;
    return w->change && w->tracks && w->slow;
}

gf_status gf_vision_watch_open(const gf_vision_options *options, int width, int height, gf_vision_watch **out, gf_error *err)
{
    gf_status status = check_options(options, width, height, err);
    gf_arena *arena = status == GF_OK ? gf_arena_open(options->bytes_max ? options->bytes_max : BYTES_MAX) : NULL;
    gf_vision_watch *w = arena ? gf_new(arena, gf_vision_watch, 1) : NULL;
    if (!w) {
        gf_arena_close(arena);
        return status == GF_OK ? gf_fail_memory(err) : status;
    }
    int work_width, work_height;
    view_size(width, height, &work_width, &work_height);
    size_t pixels = (size_t)work_width * (size_t)work_height;
    *w = (gf_vision_watch){ .o = *options, .arena = arena, .width = width, .height = height, .times = width / work_width };
    w->seen = view_make(work_width, work_height, arena);
    w->laid = view_make(work_width, work_height, arena);
    w->valid = gf_new(arena, uint8_t, pixels);
    w->back = gf_new(arena, uint8_t, pixels);
    w->mask = gf_new(arena, uint8_t, (size_t)width * (size_t)height);
    w->gate = gate_make(work_width, work_height, arena);
    w->align = align_make(work_width, work_height, arena);
    bool there = w->seen.y && w->seen.u && w->seen.v && w->laid.y && w->laid.u && w->laid.v && w->valid && w->back && w->mask && w->gate && w->align;
    w->fresh = gf_arena_mark(arena);
    if (!there || !begin_view(w)) {
        gf_arena_close(arena);
        return gf_fail_memory(err);
    }
    *out = w;
    return GF_OK;
}

void gf_vision_watch_close(gf_vision_watch *watch)
{
    if (watch)
        gf_arena_close(watch->arena);
}

/* ---- One frame ---- */

static uint64_t now_ns(const gf_vision_watch *w) { return w->o.clock_ns ? w->o.clock_ns(w->o.context) : 0; }

static void lap(const gf_vision_watch *w, gf_vision_step *step, gf_vision_stage stage, uint64_t *since)
{
    uint64_t now = now_ns(w);
    step->cpu_ns[stage] += now - *since;
    *since = now;
}

/* A camera that rests where it does not belong begins a new view. True when it did. */
static bool lose(gf_vision_watch *w, const gf_vision_frame *frame, gf_vision_state *state)
{
    bool steady = gate_steady(w->gate);
    *state = steady ? GF_VISION_BLIND : GF_VISION_MOVING;
    if (!steady || !w->lost_frames) {
        w->lost_at = frame->at;
        w->lost_frames = 0;
    }
    w->lost_frames++;
    if (w->lost_frames < NEW_VIEW_FRAMES || frame->at - w->lost_at < NEW_VIEW_MS)
        return false;
    w->lost_frames = 0;
    return true;
}

/* The reference's mask as the frame lies: each pixel of the frame asks the reference. */
static void put_mask(gf_vision_watch *w, const uint8_t *mask, const gf_vision_pose *pose)
{
    int width = w->seen.width, height = w->seen.height;
    if (pose) {
        for (int y = 0; y < height; y++) {
            double x0, y0, x1, y1;
            gf_vision_pose_apply(pose, width, height, 0, y, &x0, &y0);
            gf_vision_pose_apply(pose, width, height, 1, y, &x1, &y1);
            int64_t at_x = (int64_t)(x0 * 65536) + 32768, at_y = (int64_t)(y0 * 65536) + 32768, step_x = (int64_t)lround((x1 - x0) * 65536), step_y = (int64_t)lround((y1 - y0) * 65536);
            for (int x = 0; x < width; x++, at_x += step_x, at_y += step_y) {
                int64_t ix = at_x >> 16, iy = at_y >> 16;
                w->back[y * width + x] = ix >= 0 && iy >= 0 && ix < width && iy < height ? mask[iy * width + ix] : 0;
            }
        }
        mask = w->back;
    }
    if (w->times == 1) {
        for (int y = 0; y < height; y++)
            memcpy(w->mask + (size_t)y * (size_t)w->width, mask + (size_t)y * (size_t)width, (size_t)width);
        return;
    }
    for (int y = 0; y < height * w->times; y++) {
        const uint8_t *from = mask + (size_t)(y / w->times) * (size_t)width;
        uint8_t *to = w->mask + (size_t)y * (size_t)w->width;
        if (y % w->times)
            memcpy(to, to - w->width, (size_t)w->width);
        else
            for (int x = 0; x < width * w->times; x++)
                to[x] = from[x / w->times];
    }
}

/* The pose to be used, or NULL while the camera stands still. */
static const gf_vision_pose *settle(gf_vision_watch *w, const gf_vision_fit *fit)
{
    static const gf_vision_pose NONE = { 0, 0, 0, 1 };
    double moved = gf_vision_pose_apart_px(&fit->pose, &w->pose, w->seen.width, w->seen.height), off = gf_vision_pose_apart_px(&fit->pose, &NONE, w->seen.width, w->seen.height);
    w->shaky_px += STILL_RATE * (fmin(moved, 2) - w->shaky_px);
    w->pose = fit->pose;
    return off < STILL_PX && w->shaky_px < STILL_PX ? NULL : &w->pose;
}

static void look(gf_vision_watch *w, const gf_vision_frame *frame, gf_vision_step *step, uint64_t *since)
{
    const gf_vision_pose *pose = settle(w, &step->fit);
    uint32_t count;
    if (pose)
        align_warp(&w->seen, pose, &w->laid, w->valid);
    lap(w, step, GF_VISION_REGISTER, since);
    const uint8_t *mask = change_step(w->change, pose ? &w->laid : &w->seen, pose ? w->valid : NULL, pose ? fmin(step->fit.residual_px, 0.5) : 0);
    put_mask(w, mask, pose);
    const region *regions = change_regions(w->change, &count);
    tracks_step(w->tracks, regions, count, frame->number, frame->at, &w->found);
    lap(w, step, GF_VISION_CHANGE, since);
    slow_step(w->slow, pose ? &w->laid : &w->seen, pose ? w->valid : NULL, frame->number, frame->at, &w->found);
    lap(w, step, GF_VISION_SLOW, since);
}

/* From working pixels to the frame's. */
static void enlarge(gf_vision_watch *w, const gf_vision_step *step)
{
    for (size_t i = 0; i < w->found.count; i++) {
        gf_vision_finding *f = &w->found.item[i];
        f->left *= w->times;
        f->top *= w->times;
        f->width *= w->times;
        f->height *= w->times;
        f->area_px *= (uint32_t)(w->times * w->times);
        f->pose_error_px = f->kind == GF_VISION_STATE_CHANGE ? -1 : step->fit.residual_px;
    }
}

static void tell_state(gf_vision_watch *w, const gf_vision_frame *frame, gf_vision_state state)
{
    if (w->frames && state == w->state)
        return;
    if (w->frames) {
        gf_vision_finding f = { .kind = GF_VISION_STATE_CHANGE, .state = state, .frame_first = frame->number, .frame_last = frame->number, .at_first = frame->at, .at_last = frame->at,
                                .score = 1, .pose_error_px = -1 };
        findings_add(&w->found, &f);
    }
    w->state = state;
}

static gf_vision_state judge(gf_vision_watch *w, const gf_vision_frame *frame, gf_vision_step *step, uint64_t *since)
{
    gf_vision_state state = gate_look(w->gate, &w->seen, frame->at);
    lap(w, step, GF_VISION_GATE, since);
    if (state != GF_VISION_LOOKING)
        return state;
    if (!w->referred) {
        align_refer(w->align, &w->seen);
        w->referred = true;
    }
    align_find(w->align, &w->seen, &step->fit);
    lap(w, step, GF_VISION_REGISTER, since);
    if (step->fit.accepted) {
        w->lost_frames = 0;
        return GF_VISION_LOOKING;
    }
    if (lose(w, frame, &state) && begin_view(w)) {
        align_refer(w->align, &w->seen);
        align_find(w->align, &w->seen, &step->fit);
        w->referred = step->fit.accepted;
        state = step->fit.accepted ? GF_VISION_LOOKING : GF_VISION_BLIND;
    }
    return state;
}

gf_status gf_vision_watch_step(gf_vision_watch *w, const gf_vision_frame *frame, gf_vision_step *step, gf_error *err)
{
    if (frame->width != w->width || frame->height != w->height)
        return gf_fail(err, GF_EINPUT, "vision.frame", "Open another watch for it.", "frame %llu has %d x %d pixels instead of %d x %d", (unsigned long long)frame->number, frame->width,
                       frame->height, w->width, w->height);
    if (w->frames && frame->at < w->at)
        return gf_fail(err, GF_EINPUT, "vision.frame", "Give frames in their order.", "frame %llu is older than the one before it", (unsigned long long)frame->number);
    uint64_t since = now_ns(w);
    *step = (gf_vision_step){ .fit = { .pose = GF_VISION_POSE_NONE } };
    w->found.count = 0;
    view_take(&w->seen, frame);
    gf_vision_state state = judge(w, frame, step, &since);
    if (state == GF_VISION_LOOKING)
        look(w, frame, step, &since);
    else {
        memset(w->mask, 0, (size_t)w->width * (size_t)w->height);
        tracks_drop(w->tracks);
        slow_drop(w->slow);
    }
    enlarge(w, step);
    tell_state(w, frame, state);
    w->at = frame->at;
    w->frames++;
    step->state = state;
    step->fit.pose.dx_px *= w->times;
    step->fit.pose.dy_px *= w->times;
    step->fit.residual_px *= w->times;
    step->mask = w->mask;
    step->findings = w->found.item;
    step->finding_count = w->found.count;
    return GF_OK;
}

void gf_vision_watch_finish(gf_vision_watch *w, gf_vision_step *step)
{
    *step = (gf_vision_step){ .state = w->state, .fit = { .pose = GF_VISION_POSE_NONE }, .mask = w->mask };
    w->found.count = 0;
    tracks_finish(w->tracks, &w->found);
    enlarge(w, step);
    step->findings = w->found.item;
    step->finding_count = w->found.count;
}
