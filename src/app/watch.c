/* One source from end to end: every frame through the watch, its mask to a file, its pose to a row, what was found to a line of JSON.
 *
 * A finding has no class unless a detector gave one, no place on the ground unless the camera's pose on the ground is known, and no time
 * unless the source has one: absent is null, never a guess.
 */
#include "app/watch.h"
#include "file/gf_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const size_t SCRATCH_BYTES_MAX = (size_t)256 << 20;

static uint64_t cpu_ns(void *context)
{
    struct timespec t;
    (void)context;
    return clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0 ? (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec : 0;
}

static gf_status open_file(const char *path, FILE **out, gf_error *err)
{
    *out = path ? fopen(path, "we") : NULL;
    return !path || *out ? GF_OK : gf_fail(err, GF_EIO, "watch.out", "See that the folder exists and may be written.", "%s cannot be written: %s", path, strerror(errno));
}

static gf_status close_file(FILE *file, const char *path, gf_error *err)
{
    if (!file)
        return GF_OK;
    bool failed = ferror(file) != 0;
    failed = fclose(file) != 0 || failed;
    return failed ? gf_fail(err, GF_EIO, "watch.write", "See that the disk has room.", "%s cannot be written", path) : GF_OK;
}

static gf_status hash_tuning(watch_run *w, gf_error *err)
{
    gf_text text;
    uint8_t hash[GF_HASH_BYTES];
    gf_mark mark = gf_arena_mark(w->scratch);
    gf_text_init(&text, w->scratch);
    gf_vision_tuning_write(&w->o->tuning, &text);
    gf_text_format(&text, "method=%s\n", gf_vision_method());
    gf_status status = gf_text_done(&text, err);
    if (status == GF_OK && gf_hash_bytes(GF_HASH_SHA256, gf_text_str(&text).data, gf_text_str(&text).len, hash))
        gf_hex_format(hash, sizeof hash, w->r.parameters_sha256);
    gf_arena_rewind(w->scratch, mark);
    return status;
}

/* ---- One frame ---- */

static void write_pose(watch_run *w, const gf_vision_frame *frame, const gf_vision_fit *fit)
{
    if (!w->poses)
        return;
    if (fit->accepted)
        (void)fprintf(w->poses, "%llu,1,%.4f,%.4f,%.5f,%.6f\n", (unsigned long long)frame->number, fit->pose.dx_px, fit->pose.dy_px, fit->pose.rotation_rad * 57.29577951308232, fit->pose.scale);
    else
        (void)fprintf(w->poses, "%llu,0,,,,\n", (unsigned long long)frame->number);
}

static gf_status write_mask(watch_run *w, gf_str name, const uint8_t *mask, gf_error *err)
{
    gf_text png, file;
    gf_mark mark = gf_arena_mark(w->scratch);
    size_t stem = name.len;
    while (stem > 0 && name.data[stem - 1] != '.')
        stem--;
    gf_text_init(&png, w->scratch);
    gf_text_init(&file, w->scratch);
    gf_text_format(&file, "%.*spng", (int)stem, name.data);
    gf_status status = gf_file_picture_write_grey(mask, (size_t)w->r.width, (size_t)w->r.height, (size_t)w->r.width, &png, err);
    if (status == GF_OK)
        status = gf_text_done(&file, err);
    if (status == GF_OK)
        status = watch_write(w->o->masks, gf_text_str(&file).data, gf_text_str(&png), err);
    gf_arena_rewind(w->scratch, mark);
    return status;
}

static gf_status open_watch(watch_run *w, const gf_vision_frame *frame, gf_error *err)
{
    gf_vision_options options = GF_VISION_OPTIONS_DEFAULT;
    options.tuning = w->o->tuning;
    options.clock_ns = cpu_ns;
    if (w->o->ground && (w->o->ground->width * frame->height != w->o->ground->height * frame->width))
        return gf_fail(err, GF_EINPUT, "watch.preset", "Give the preset of this camera and this picture shape.", "the preset's picture is %d x %d, the source's %d x %d", w->o->ground->width, w->o->ground->height,
                       frame->width, frame->height);
    w->r.width = frame->width;
    w->r.height = frame->height;
    return gf_vision_watch_open(&options, frame->width, frame->height, &w->watch, err);
}

static gf_status take_frame(watch_run *w, const gf_vision_frame *frame, gf_str name, gf_error *err)
{
    gf_vision_step step;
    gf_status status = w->watch ? GF_OK : open_watch(w, frame, err);
    if (status == GF_OK)
        status = gf_vision_watch_step(w->watch, frame, &step, err);
    if (status != GF_OK)
        return status;
    for (int i = 0; i < GF_VISION_STAGE_COUNT; i++)
        w->spent_ns[GF_APP_WATCH_GATE + i] += step.cpu_ns[i];
    w->r.frames++;
    w->r.states[step.state]++;
    w->r.accepted += step.fit.accepted;
    w->r.rejected += !step.fit.accepted;
    w->last = step.fit;
    uint64_t begun = cpu_ns(NULL);
    if (w->o->eye)
        status = watch_look(w, frame, &step, err);
    w->spent_ns[GF_APP_WATCH_DETECT] += cpu_ns(NULL) - begun;
    begun = cpu_ns(NULL);
    write_pose(w, frame, &step.fit);
    if (status == GF_OK)
        status = watch_write_findings(w, frame, &step, err);
    if (status == GF_OK && w->o->masks)
        status = write_mask(w, name, step.mask, err);
    if (status == GF_OK)
        status = watch_show(w, frame, &step, err);
    w->spent_ns[GF_APP_WATCH_WRITE] += cpu_ns(NULL) - begun;
    return status;
}

static gf_status watch_all(watch_run *w, gf_error *err)
{
    gf_vision_frame frame;
    gf_str name;
    bool there = true;
    gf_status status = GF_OK;
    while (status == GF_OK && there) {
        uint64_t begun = cpu_ns(NULL);
        status = w->source->next(w->source->context, &frame, &name, &there, err);
        w->spent_ns[GF_APP_WATCH_DECODE] += cpu_ns(NULL) - begun;
        if (status == GF_OK && there)
            status = take_frame(w, &frame, name, err);
        if (status == GF_OK && w->o->cancelled && w->o->cancelled())
            status = gf_fail(err, GF_ECANCELLED, "watch.cancelled", "", "the watch was ended before its source");
    }
    if (status == GF_OK && w->watch) {
        gf_vision_step step;
        gf_vision_watch_finish(w->watch, &step);
        status = watch_write_findings(w, NULL, &step, err);
    }
    return status;
}

/* The most memory this program has had. getrusage() counts what the one that started it had too, so it is only asked where there is no
 * /proc. */
static double most_memory_mb(void)
{
    char line[128] = "";
    long kib = 0;
    struct rusage usage;
    FILE *file = fopen("/proc/self/status", "re");
    while (file && fgets(line, sizeof line, file) && strncmp(line, "VmHWM:", 6) != 0)
        line[0] = '\0';
    if (file) {
        kib = strncmp(line, "VmHWM:", 6) == 0 ? strtol(line + 6, NULL, 10) : 0;
        (void)fclose(file);
    }
    if (kib == 0 && getrusage(RUSAGE_SELF, &usage) == 0)
        kib = usage.ru_maxrss;
    return (double)kib / 1024;
}

static void sum_up(watch_run *w)
{
    if (w->source->elsewhere_ns)
        w->spent_ns[GF_APP_WATCH_DECODE] += w->source->elsewhere_ns(w->source->context);
    double frames = w->r.frames ? (double)w->r.frames : 1;
    for (int i = 0; i < GF_APP_WATCH_COST_COUNT; i++) {
        w->r.cpu_ms[i] = (double)w->spent_ns[i] / 1e6 / frames;
        w->r.cpu_ms_total += w->r.cpu_ms[i];
    }
    w->r.rss_mb_max = most_memory_mb();
}

gf_status gf_app_watch_run(const gf_app_watch_source *source, const gf_app_watch_options *options, gf_app_watch_result *out, gf_error *err)
{
    watch_run w = { .source = source, .o = options, .scratch = gf_arena_open(SCRATCH_BYTES_MAX) };
    gf_status status = w.scratch ? hash_tuning(&w, err) : gf_fail_memory(err);
    if (status == GF_OK && options->masks)
        status = watch_make_folder(options->masks, err);
    if (status == GF_OK && options->pictures)
        status = watch_make_folder(options->pictures, err);
    if (status == GF_OK && options->ground)
        status = gf_app_preset_open_cells(options->ground, options->margin_px, w.scratch, &w.open_cells, err);
    if (status == GF_OK)
        status = open_file(options->events, &w.events, err);
    if (status == GF_OK)
        status = open_file(options->poses, &w.poses, err);
    if (w.poses)
        (void)fputs("frame,accepted,dx_px,dy_px,rotation_deg,scale\n", w.poses);
    if (status == GF_OK)
        status = watch_all(&w, err);
    gf_status closed = close_file(w.events, options->events, status == GF_OK ? err : NULL);
    status = status == GF_OK ? closed : status;
    closed = close_file(w.poses, options->poses, status == GF_OK ? err : NULL);
    status = status == GF_OK ? closed : status;
    if (options->eye) {
        w.r.detector_file = options->eye->file;
        w.r.detector_sha256 = options->eye->detector->sha256;
    }
    if (status != GF_OK && options->live)
        (void)remove(options->live);   /* what is shown as now must not be of then */
    sum_up(&w);
    gf_vision_watch_close(w.watch);
    gf_arena_close(w.scratch);
    if (status == GF_OK)
        *out = w.r;
    return status;
}
