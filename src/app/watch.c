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

typedef struct run {
    const gf_app_watch_source *source;
    const gf_app_watch_options *o;
    gf_app_watch_result r;
    gf_vision_watch *watch;
    gf_arena *scratch;
    FILE *events, *poses;
    uint64_t spent_ns[GF_APP_WATCH_COST_COUNT];
} run;

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

static gf_status hash_tuning(run *w, gf_error *err)
{
    gf_text text;
    uint8_t hash[GF_HASH_BYTES];
    gf_mark mark = gf_arena_mark(w->scratch);
    gf_text_init(&text, w->scratch);
    gf_vision_tuning_write(&w->o->tuning, &text);
    gf_status status = gf_text_done(&text, err);
    if (status == GF_OK && gf_hash_bytes(GF_HASH_SHA256, gf_text_str(&text).data, gf_text_str(&text).len, hash))
        gf_hex_format(hash, sizeof hash, w->r.parameters_sha256);
    gf_arena_rewind(w->scratch, mark);
    return status;
}

/* ---- Findings ---- */

static const char *const KINDS[] = { "motion", "lasting_change", "state" };

static void add_time(gf_json *j, const run *w, const gf_vision_finding *f)
{
    char at[GF_UTC_BYTES];
    if (w->o->timed)
        (void)gf_utc_format(f->at_first, at);
    gf_json_cstr(j, "time_utc", w->o->timed ? at : NULL);
}

static void add_box(gf_json *j, const gf_vision_finding *f)
{
    if (f->kind == GF_VISION_STATE_CHANGE) {
        gf_json_null(j, "box_px");
        gf_json_null(j, "area_px");
        return;
    }
    const int BOX[4] = { f->left, f->top, f->width, f->height };
    gf_json_begin(j, "box_px", '[');
    for (size_t i = 0; i < 4; i++)
        gf_json_int(j, NULL, BOX[i]);
    gf_json_end(j, ']');
    gf_json_int(j, "area_px", f->area_px);
}

/* `pose_error_m` needs the ground, which a folder of pictures has not: the error in pixels stands beside it. */
static void add_finding(gf_json *j, run *w, const gf_vision_finding *f)
{
    static const char *const UNKNOWN[] = { "lon", "lat", "pose_error_m" };
    gf_json_begin(j, NULL, '{');
    gf_json_cstr(j, "schema", "gongfu.watch.event/1");
    gf_json_int(j, "id", (int64_t)++w->r.events);
    gf_json_cstr(j, "type", KINDS[f->kind]);
    gf_json_cstr(j, "state", f->kind == GF_VISION_STATE_CHANGE ? gf_vision_state_name(f->state) : NULL);
    gf_json_null(j, "preset");
    gf_json_int(j, "frame_first", (int64_t)f->frame_first);
    gf_json_int(j, "frame_last", (int64_t)f->frame_last);
    add_time(j, w, f);
    add_box(j, f);
    gf_json_real(j, "score", f->score, 3);
    gf_json_null(j, "class");
    gf_json_begin(j, "witnesses", '[');
    if (f->kind != GF_VISION_STATE_CHANGE)
        gf_json_cstr(j, NULL, KINDS[f->kind]);
    gf_json_end(j, ']');
    gf_json_null(j, "parcel");
    gf_json_begin(j, "candidates", '[');
    gf_json_end(j, ']');
    for (size_t i = 0; i < GF_COUNT(UNKNOWN); i++)
        gf_json_null(j, UNKNOWN[i]);
    if (f->pose_error_px >= 0)
        gf_json_real(j, "pose_error_px", f->pose_error_px, 2);
    else
        gf_json_null(j, "pose_error_px");
    gf_json_begin(j, "pictures", '[');
    gf_json_end(j, ']');
    gf_json_end(j, '}');
}

static gf_status write_findings(run *w, const gf_vision_step *step, gf_error *err)
{
    gf_mark mark = gf_arena_mark(w->scratch);
    gf_status status = GF_OK;
    for (size_t i = 0; i < step->finding_count && status == GF_OK; i++) {
        gf_text text;
        gf_json json;
        gf_text_init(&text, w->scratch);
        gf_json_init(&json, &text);
        add_finding(&json, w, &step->findings[i]);
        w->r.events_of[step->findings[i].kind]++;
        gf_text_add_char(&text, '\n');
        status = gf_text_done(&text, err);
        if (status == GF_OK && w->events)
            (void)fwrite(gf_text_str(&text).data, 1, gf_text_str(&text).len, w->events);  /* failures are asked for when it is closed */
    }
    gf_arena_rewind(w->scratch, mark);
    return status;
}

/* ---- One frame ---- */

static void write_pose(run *w, const gf_vision_frame *frame, const gf_vision_fit *fit)
{
    if (!w->poses)
        return;
    if (fit->accepted)
        (void)fprintf(w->poses, "%llu,1,%.4f,%.4f,%.5f,%.6f\n", (unsigned long long)frame->number, fit->pose.dx_px, fit->pose.dy_px, fit->pose.rotation_rad * 57.29577951308232, fit->pose.scale);
    else
        (void)fprintf(w->poses, "%llu,0,,,,\n", (unsigned long long)frame->number);
}

static gf_status write_mask(run *w, gf_str name, const uint8_t *mask, gf_error *err)
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

static gf_status open_watch(run *w, const gf_vision_frame *frame, gf_error *err)
{
    gf_vision_options options = GF_VISION_OPTIONS_DEFAULT;
    options.tuning = w->o->tuning;
    options.clock_ns = cpu_ns;
    w->r.width = frame->width;
    w->r.height = frame->height;
    return gf_vision_watch_open(&options, frame->width, frame->height, &w->watch, err);
}

static gf_status take_frame(run *w, const gf_vision_frame *frame, gf_str name, gf_error *err)
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
    uint64_t begun = cpu_ns(NULL);
    write_pose(w, frame, &step.fit);
    status = write_findings(w, &step, err);
    if (status == GF_OK && w->o->masks)
        status = write_mask(w, name, step.mask, err);
    w->spent_ns[GF_APP_WATCH_WRITE] += cpu_ns(NULL) - begun;
    return status;
}

static gf_status watch_all(run *w, gf_error *err)
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
        status = write_findings(w, &step, err);
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

static void sum_up(run *w)
{
    double frames = w->r.frames ? (double)w->r.frames : 1;
    for (int i = 0; i < GF_APP_WATCH_COST_COUNT; i++) {
        w->r.cpu_ms[i] = (double)w->spent_ns[i] / 1e6 / frames;
        w->r.cpu_ms_total += w->r.cpu_ms[i];
    }
    w->r.rss_mb_max = most_memory_mb();
}

gf_status gf_app_watch_run(const gf_app_watch_source *source, const gf_app_watch_options *options, gf_app_watch_result *out, gf_error *err)
{
    run w = { .source = source, .o = options, .scratch = gf_arena_open(SCRATCH_BYTES_MAX) };
    gf_status status = w.scratch ? hash_tuning(&w, err) : gf_fail_memory(err);
    if (status == GF_OK && options->masks)
        status = watch_make_folder(options->masks, err);
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
    sum_up(&w);
    gf_vision_watch_close(w.watch);
    gf_arena_close(w.scratch);
    if (status == GF_OK)
        *out = w.r;
    return status;
}
