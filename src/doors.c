/* The room link on one side, plain tables of functions on the other: frames and floats are handed over as they are. */
#include "doors.h"

#include "link/gf_link.h"
#include "link/gf_link_detect.h"

#include <stdlib.h>

enum { WAIT_MS = 500, NAME_BYTES = 32, LIVE_RETRIES_MAX = 5 };

/* ---- Cameras ---- */

typedef struct camera {
    gf_link_cameras *cameras;
    gf_link_source  *source;
    bool (*cancelled)(void);
    char name[NAME_BYTES];
    bool studio_range;
} camera;

static void close_camera(void *context)
{
    camera *c = context;
    if (!c)
        return;
    gf_link_source_close(c->source);
    gf_link_cameras_close(c->cameras);
    free(c);
}

static gf_status next_frame(void *context, gf_vision_frame *frame, gf_str *name, bool *frame_there, gf_error *err)
{
    camera *c = context;
    gf_link_news news = GF_LINK_NOTHING;
    gf_link_frame got;
    gf_status status = GF_OK;
    *frame_there = false;
    while (status == GF_OK && news == GF_LINK_NOTHING && !(c->cancelled && c->cancelled()))
        status = gf_link_source_take(c->source, WAIT_MS, &news, &got, err);
    if (status != GF_OK || news != GF_LINK_FRAME)
        return status;
    *frame = (gf_vision_frame){ got.width, got.height, got.y, got.u, got.v, got.y_stride, got.uv_stride, got.at, got.number };
    c->studio_range = !got.full_range;
    int len = snprintf(c->name, sizeof c->name, "%08llu.png", (unsigned long long)got.number);
    *name = (gf_str){ c->name, (size_t)len };
    *frame_there = true;
    return GF_OK;
}

static uint64_t decode_ns(void *context)
{
    gf_link_stats stats;
    gf_link_source_stats(((camera *)context)->source, &stats);
    return (stats.read_us + stats.decode_us + stats.scale_us) * 1000;
}

gf_status doors_open_camera(const gf_cli_camera *ask, gf_app_watch_source *out, gf_error *err)
{
    camera *c = calloc(1, sizeof *c);
    gf_link_options options = GF_LINK_OPTIONS_DEFAULT;
    options.key_only = ask->key_only;
    options.width = ask->width;
    options.fps_max = ask->fps_max;
    options.start = ask->start;
    options.retry_count_max = LIVE_RETRIES_MAX;   /* who waits at a terminal wants to know; a server would go on */
    options.cpu_ms_per_s_max = 0;
    gf_status status = c ? gf_link_cameras_open(NULL, &c->cameras, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = gf_link_source_open(c->cameras, ask->address, &options, &c->source, err);
    if (status != GF_OK) {
        close_camera(c);
        return status;
    }
    c->cancelled = ask->cancelled;
    *out = (gf_app_watch_source){ c, next_frame, close_camera, decode_ns, &c->studio_range };
    return GF_OK;
}

/* ---- Networks ---- */

static void close_network(void *context) { gf_link_detector_close(context); }

gf_status doors_open_network(gf_str model, gf_cli_network *out, gf_error *err)
{
    gf_link_detector *detector = NULL;
    gf_status status = gf_link_detector_open(NULL, model.data, model.len, &detector, err);
    if (status == GF_OK)
        *out = (gf_cli_network){ detector, gf_link_detector_run, gf_link_detector_input(detector)->floats, gf_link_detector_output(detector)->floats, close_network };
    return status;
}
