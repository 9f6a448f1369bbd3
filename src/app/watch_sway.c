/* Frames of a camera on a swaying mast, with the truth beside them: what registration is measured on. */
#include "app/watch.h"
#include "file/gf_file.h"

#include <string.h>

enum { COUNT_MAX = 100000, WIDTH = 640, HEIGHT = 480 };
static const size_t KEEP_BYTES_MAX = (size_t)1 << 30;
static const double NOISE = 4, DEGREES = 57.29577951308232;

static gf_status take_scene(const gf_app_watch_source *source, bool *there, gf_vision_picture *scene, gf_arena *keep, gf_error *err)
{
    gf_vision_frame frame;
    gf_str name;
    gf_status status = source->next(source->context, &frame, &name, there, err);
    if (status != GF_OK || !*there)
        return status;
    if (!scene->y)
        status = gf_vision_picture_make(frame.width, frame.height, keep, scene, err);
    if (status != GF_OK)
        return status;
    size_t half = (size_t)((scene->width + 1) / 2) * (size_t)((scene->height + 1) / 2);
    memcpy(scene->y, frame.y, (size_t)scene->width * (size_t)scene->height);
    memcpy(scene->u, frame.u, half);
    memcpy(scene->v, frame.v, half);
    return GF_OK;
}

static gf_status write_frame(const gf_app_watch_sway *s, uint32_t number, const gf_vision_picture *frame, gf_arena *scratch, gf_error *err)
{
    const gf_file_picture picture = { (size_t)frame->width, (size_t)frame->height, frame->y, frame->u, frame->v };
    char name[32];
    gf_text png;
    gf_mark mark = gf_arena_mark(scratch);
    (void)snprintf(name, sizeof name, "in%06u.png", (unsigned)number);
    gf_text_init(&png, scratch);
    gf_status status = gf_file_picture_write(&picture, &png, err);
    if (status == GF_OK)
        status = watch_write(s->out, name, gf_text_str(&png), err);
    gf_arena_rewind(scratch, mark);
    return status;
}

static gf_status sway_all(const gf_app_watch_sway *s, const gf_app_watch_source *source, gf_arena *keep, gf_error *err)
{
    gf_vision_random random = { s->seed };
    gf_vision_picture scene = { 0 }, frame;
    gf_text poses;
    bool there = true;
    gf_text_init(&poses, keep);
    gf_text_add_c(&poses, "frame,dx_px,dy_px,rotation_deg,scale,gain\n");
    gf_status status = source ? take_scene(source, &there, &scene, keep, err) : gf_vision_scene_make(&(gf_vision_scene){ .seed = s->seed }, WIDTH, HEIGHT, keep, &scene, err);
    if (status == GF_OK)
        status = gf_vision_picture_make(scene.width, scene.height, keep, &frame, err);
    for (uint32_t k = 0; k < s->count && status == GF_OK && there; k++) {
        gf_vision_pose pose = GF_VISION_POSE_NONE;
        double gain = 1;
        if (k)
            gf_vision_sway_draw(s->sigma_px, &random, &pose, &gain);
        gf_vision_scene_look(&scene, &pose, gain, k ? NOISE : 0, &random, &frame);
        gf_text_format(&poses, "%u,%.4f,%.4f,%.5f,%.6f,%.4f\n", (unsigned)k, pose.dx_px, pose.dy_px, pose.rotation_rad * DEGREES, pose.scale, gain);
        status = write_frame(s, k, &frame, keep, err);
        if (status == GF_OK && source && k + 1 < s->count)
            status = take_scene(source, &there, &scene, keep, err);
    }
    if (status == GF_OK)
        status = gf_text_done(&poses, err);
    return status == GF_OK ? watch_write(s->out, "poses.csv", gf_text_str(&poses), err) : status;
}

gf_status gf_app_watch_sway_make(const gf_app_watch_sway *s, gf_error *err)
{
    if (s->count < 1 || s->count > COUNT_MAX || !(s->sigma_px >= 0 && s->sigma_px <= 1000))
        return gf_fail(err, GF_EUSAGE, "watch.sway", "Write --count 1 to 100000 and --sigma 0 to 1000.", "%u frames with a sway of %g pixels cannot be made", (unsigned)s->count, s->sigma_px);
    gf_arena *keep = gf_arena_open(KEEP_BYTES_MAX);
    gf_app_watch_source source = { 0 };
    gf_status status = keep ? watch_make_folder(s->out, err) : gf_fail_memory(err);
    if (status == GF_OK && s->from)
        status = gf_app_watch_folder(s->from, 25, 0, keep, &source, err);
    if (status == GF_OK)
        status = sway_all(s, s->from ? &source : NULL, keep, err);
    if (source.close)
        source.close(source.context);
    gf_arena_close(keep);
    return status;
}
