/* Pictures that are shown: painted over outside the preset's parcels, and small ones of now for whoever looks on.
 *
 * Whatever is written here has gone through the shield with the pose of its own frame; a frame without one is closed whole. The live picture is
 * replaced by renaming: who reads it sees one frame or the next.
 */
#include "app/watch.h"
#include "file/gf_file.h"
#include "vision/gf_vision_privacy.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LIVE_WIDTH_MOST = 640, PATH_BYTES = 4096 };

/* Means of factor by factor pixels: whole squares only. */
static void shrink_plane(uint8_t *to, int width, int height, const uint8_t *from, int stride, int factor)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            unsigned sum = 0;
            for (int j = 0; j < factor; j++)
                for (int i = 0; i < factor; i++)
                    sum += from[(size_t)(y * factor + j) * (size_t)stride + (size_t)(x * factor + i)];
            to[(size_t)y * (size_t)width + (size_t)x] = (uint8_t)(sum / (unsigned)(factor * factor));
        }
}

gf_status watch_paint(watch_run *w, const gf_vision_frame *frame, const gf_vision_pose *pose, int width_most, gf_text *png, gf_error *err)
{
    const gf_app_preset_view *v = w->o->ground;
    int factor = (frame->width + width_most - 1) / width_most;
    int half_width = (frame->width + 1) / 2 / factor, half_height = (frame->height + 1) / 2 / factor;
    int width = factor == 1 ? frame->width : half_width * 2, height = factor == 1 ? frame->height : half_height * 2;
    size_t luma = (size_t)width * (size_t)height, chroma = (size_t)half_width * (size_t)half_height;
    uint8_t *y = gf_new(w->scratch, uint8_t, luma), *u = gf_new(w->scratch, uint8_t, chroma), *c = gf_new(w->scratch, uint8_t, chroma);
    if (!y || !u || !c || half_width < 1 || half_height < 1)
        return gf_fail_memory(err);
    height = height * factor > frame->height ? frame->height / factor : height;   /* an odd side has half a square more of colour than of light */
    width = width * factor > frame->width ? frame->width / factor : width;
    shrink_plane(y, width, height, frame->y, frame->y_stride, factor);
    shrink_plane(u, half_width, half_height, frame->u, frame->uv_stride, factor);
    shrink_plane(c, half_width, half_height, frame->v, frame->uv_stride, factor);
    const gf_vision_shield shield = { frame->width, frame->height, v->columns, v->rows, w->open_cells };
    (void)gf_vision_shield_paint(&shield, pose, frame->width, frame->height, width, height, y, width, u, c, half_width);
    const gf_file_picture picture = { .width = (size_t)width, .height = (size_t)height, .y = y, .u = u, .v = c };
    return gf_file_picture_write(&picture, png, err);
}

static gf_utc_ms steady_ms(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_MONOTONIC, &t) == 0 ? (gf_utc_ms)t.tv_sec * 1000 + t.tv_nsec / 1000000 : 0;
}

static gf_status replace(const char *path, gf_str bytes, gf_error *err)
{
    char fresh[PATH_BYTES];
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "we");
    bool ok = file && fwrite(bytes.data, 1, bytes.len, file) == bytes.len;
    if (file)
        ok = fclose(file) == 0 && ok;
    ok = ok && rename(fresh, path) == 0;
    return ok ? GF_OK : gf_fail(err, GF_EIO, "watch.live", "See that the folder exists and has room.", "%s cannot be written: %s", path, strerror(errno));
}

gf_status watch_show(watch_run *w, const gf_vision_frame *frame, const gf_vision_step *step, gf_error *err)
{
    gf_utc_ms now = steady_ms();
    gf_text png;
    if (!w->o->live || !w->o->ground || (w->shown && now - w->shown < w->o->live_every_ms))
        return GF_OK;
    w->shown = now;
    gf_mark mark = gf_arena_mark(w->scratch);
    gf_text_init(&png, w->scratch);
    gf_status status = watch_paint(w, frame, step->fit.accepted ? &step->fit.pose : NULL, LIVE_WIDTH_MOST, &png, err);
    if (status == GF_OK)
        status = replace(w->o->live, gf_text_str(&png), err);
    gf_arena_rewind(w->scratch, mark);
    return status;
}
