/* camera_probe SOURCE... [options]: read sources through the module, each in its own thread, and tell as JSON what came.
 *
 *   --key            key frames only            --fps N        hand over at most N a second
 *   --width W        scale down to W            --seconds S    stop after S seconds (default: at the end)
 *   --udp            RTP in datagrams           --frames N     stop each source after N pictures
 *   --paced          a file at its own rate     --damaged      hand over damaged pictures, too
 *   --share MS       processor ms per second    --pixels N     largest picture
 *   --open MS --read MS --silent MS --retry MS --tries N       waits and attempts
 *   --evidence BYTES --clip FILE [--clip-at S] [--clip-from S] write a clip of the first source, S seconds after the start,
 *                                               from S seconds before that
 *   --dump FILE      append the first source's pictures as raw I420
 *   --list FILE      one line a picture of the first source: number, at, key, mean brightness
 *   --slow MS        the taker rests so long behind each picture
 *   --module FOLDER  where gongfu-camera.so stands
 */
#define _GNU_SOURCE
#include "link/gf_link.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { SOURCES_MAX = 64 };

typedef struct probe {
    const char      *address;
    gf_link_source  *source;
    pthread_t        thread;
    uint64_t         frames, keys;
    int              width, height;
    int64_t          gap_ms_max, first_ms, last_ms;
    gf_status        status;
    gf_error         error;
    gf_link_stats    stats;
    FILE            *dump, *list;
} probe;

typedef struct asked {
    gf_link_options options;
    double      seconds, clip_at, clip_from;
    long        frames, slow_ms;
    const char *clip, *dump, *list, *module;
    probe       probes[SOURCES_MAX];
    size_t      count;
} asked;

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void dump_plane(FILE *file, const uint8_t *plane, int stride, int width, int height)
{
    for (int row = 0; row < height; row++)
        (void)fwrite(plane + (ptrdiff_t)row * stride, 1, (size_t)width, file);
}

static double brightness(const gf_link_frame *f)
{
    double sum = 0;
    for (int row = 0; row < f->height; row++)
        for (int x = 0; x < f->width; x++)
            sum += f->y[(ptrdiff_t)row * f->y_stride + x];
    return sum / ((double)f->width * f->height);
}

static void keep(probe *p, const gf_link_frame *f)
{
    const int64_t now = now_ms();
    if (p->frames == 0)
        p->first_ms = now;
    else if (now - p->last_ms > p->gap_ms_max)
        p->gap_ms_max = now - p->last_ms;
    p->last_ms = now;
    p->frames++;
    p->keys += f->key;
    p->width = f->width;
    p->height = f->height;
    if (p->dump) {
        dump_plane(p->dump, f->y, f->y_stride, f->width, f->height);
        dump_plane(p->dump, f->u, f->uv_stride, (f->width + 1) / 2, (f->height + 1) / 2);
        dump_plane(p->dump, f->v, f->uv_stride, (f->width + 1) / 2, (f->height + 1) / 2);
    }
    if (p->list)
        (void)fprintf(p->list, "%llu %lld %d %.2f %dx%d\n", (unsigned long long)f->number, (long long)f->at, f->key, brightness(f), f->width, f->height);
}

typedef struct work { probe *p; const asked *a; int64_t end_ms; } work;

static void *take(void *context)
{
    work *w = context;
    probe *p = w->p;
    gf_link_frame frame;
    gf_link_news news = GF_LINK_NOTHING;
    while (!p->status && news != GF_LINK_END && now_ms() < w->end_ms && (w->a->frames == 0 || p->frames < (uint64_t)w->a->frames)) {
        p->status = gf_link_source_take(p->source, 50, &news, &frame, &p->error);
        if (!p->status && news == GF_LINK_FRAME)
            keep(p, &frame);
        if (w->a->slow_ms)
            (void)nanosleep(&(struct timespec){ w->a->slow_ms / 1000, w->a->slow_ms % 1000 * 1000000 }, NULL);
    }
    gf_link_source_stats(p->source, &p->stats);
    return NULL;
}

/* ---- The answer ---- */

static double per(uint64_t us, uint64_t count) { return count ? (double)us / 1000 / (double)count : 0; }

static void tell_source(gf_json *json, const probe *p)
{
    const gf_link_stats *s = &p->stats;
    const double seconds = (double)(p->last_ms - p->first_ms) / 1000;
    gf_json_begin(json, NULL, '{');
    gf_json_cstr(json, "state", gf_link_state_name(s->state));
    gf_json_cstr(json, "codec", s->codec);
    gf_json_int(json, "source_width", s->width);
    gf_json_int(json, "source_height", s->height);
    gf_json_int(json, "width", p->width);
    gf_json_int(json, "height", p->height);
    gf_json_real(json, "fps_stated", s->fps_stated, 3);
    gf_json_real(json, "fps_arrived", s->fps_arrived, 3);
    gf_json_real(json, "fps_taken", seconds > 0 ? (double)(p->frames - 1) / seconds : 0, 3);
    gf_json_int(json, "taken", (int64_t)p->frames);
    gf_json_int(json, "taken_keys", (int64_t)p->keys);
    gf_json_int(json, "gap_ms_max", p->gap_ms_max);
    gf_json_int(json, "packets", (int64_t)s->packets);
    gf_json_int(json, "key_packets", (int64_t)s->key_packets);
    gf_json_int(json, "bytes", (int64_t)s->bytes);
    gf_json_int(json, "frames", (int64_t)s->frames);
    gf_json_int(json, "keys", (int64_t)s->keys);
    gf_json_int(json, "handed", (int64_t)s->handed);
    gf_json_int(json, "dropped", (int64_t)s->dropped);
    gf_json_int(json, "damaged", (int64_t)s->damaged);
    gf_json_int(json, "skipped", (int64_t)s->skipped);
    gf_json_int(json, "connections", (int64_t)s->connections);
    gf_json_int(json, "size_changes", (int64_t)s->size_changes);
    gf_json_int(json, "evidence_bytes", (int64_t)s->evidence_bytes);
    gf_json_int(json, "evidence_ms", (int64_t)s->evidence_ms);
    gf_json_begin(json, "cpu_ms", '{');
    gf_json_real(json, "read", (double)s->read_us / 1000, 1);
    gf_json_real(json, "decode", (double)s->decode_us / 1000, 1);
    gf_json_real(json, "scale", (double)s->scale_us / 1000, 1);
    gf_json_real(json, "per_frame", per(s->read_us + s->decode_us + s->scale_us, s->frames), 3);
    gf_json_end(json, '}');
    if (p->status)
        gf_json_error(json, "error", &p->error);
    if (s->trouble.status)
        gf_json_error(json, "trouble", &s->trouble);
    gf_json_end(json, '}');
}

/* The most that was resident, in MiB, since this program began: getrusage() would count its parent's, too. */
static double resident(void)
{
    char line[256];
    double kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtod(line + 6, NULL);
    if (file)
        (void)fclose(file);
    return kib / 1024;
}

static void tell(gf_json *json, const asked *a, const gf_link_cameras *cameras)
{
    struct rusage use;
    gf_json_cstr(json, "module", gf_link_cameras_about(cameras));
    gf_json_begin(json, "sources", '[');
    for (size_t i = 0; i < a->count; i++)
        tell_source(json, &a->probes[i]);
    gf_json_end(json, ']');
    (void)getrusage(RUSAGE_SELF, &use);
    gf_json_int(json, "cpu_ms_process", (int64_t)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000);
    gf_json_real(json, "rss_mb_max", resident(), 1);
}

/* ---- The question ---- */

typedef enum value_kind { FLAG, WHOLE, SIZE, INT, REAL, LONG, TEXT } value_kind;
typedef struct option { const char *name; value_kind kind; void *to; } option;

static void set(const option *o, const char *value)
{
    switch (o->kind) {
    case FLAG: *(bool *)o->to = true; break;
    case WHOLE: *(uint32_t *)o->to = (uint32_t)strtoul(value, NULL, 10); break;
    case SIZE: *(size_t *)o->to = strtoul(value, NULL, 10); break;
    case INT: *(int *)o->to = (int)strtol(value, NULL, 10); break;
    case REAL: *(double *)o->to = strtod(value, NULL); break;
    case LONG: *(long *)o->to = strtol(value, NULL, 10); break;
    case TEXT: *(const char **)o->to = value; break;
    }
}

static bool read_words(asked *a, int argc, char **argv)
{
    gf_link_options *o = &a->options;
    const option options[] = {
        { "--key", FLAG, &o->key_only }, { "--udp", FLAG, &o->udp }, { "--paced", FLAG, &o->paced }, { "--damaged", FLAG, &o->keep_damaged },
        { "--fps", REAL, &o->fps_max }, { "--width", INT, &o->width }, { "--share", WHOLE, &o->cpu_ms_per_s_max }, { "--pixels", WHOLE, &o->pixels_max },
        { "--open", WHOLE, &o->open_ms }, { "--read", WHOLE, &o->read_ms }, { "--silent", WHOLE, &o->silent_ms }, { "--retry", WHOLE, &o->retry_ms_min },
        { "--retry-max", WHOLE, &o->retry_ms_max }, { "--tries", WHOLE, &o->retry_count_max }, { "--evidence", SIZE, &o->evidence_bytes }, { "--evidence-s", WHOLE, &o->evidence_s },
        { "--mailbox", WHOLE, &o->mailbox }, { "--seconds", REAL, &a->seconds }, { "--frames", LONG, &a->frames }, { "--slow", LONG, &a->slow_ms }, { "--clip", TEXT, &a->clip },
        { "--clip-at", REAL, &a->clip_at }, { "--clip-from", REAL, &a->clip_from }, { "--dump", TEXT, &a->dump }, { "--list", TEXT, &a->list }, { "--module", TEXT, &a->module },
    };
    for (int i = 1; i < argc; i++) {
        const option *found = NULL;
        for (size_t k = 0; k < GF_COUNT(options); k++)
            found = strcmp(argv[i], options[k].name) == 0 ? &options[k] : found;
        if (!found && (argv[i][0] == '-' || a->count == SOURCES_MAX))
            return false;
        if (!found)
            a->probes[a->count++].address = argv[i];
        else if (found->kind == FLAG)
            set(found, NULL);
        else if (++i < argc)
            set(found, argv[i]);
        else
            return false;
    }
    return a->count > 0;
}

static gf_status run(asked *a, gf_link_cameras *cameras, gf_json *json, gf_error *err)
{
    work works[SOURCES_MAX];
    gf_link_clip clip = { 0 };
    gf_status status = GF_OK, clipped = GF_OK;
    size_t opened = 0;
    const int64_t begun = now_ms(), end = begun + (int64_t)((a->seconds > 0 ? a->seconds : 3600) * 1000);
    a->probes[0].dump = a->dump ? fopen(a->dump, "wb") : NULL;
    a->probes[0].list = a->list ? fopen(a->list, "w") : NULL;
    for (; !status && opened < a->count; opened += !status)
        status = gf_link_source_open(cameras, gf_str_of(a->probes[opened].address), &a->options, &a->probes[opened].source, err);
    for (size_t i = 0; !status && i < opened; i++) {
        works[i] = (work){ &a->probes[i], a, end };
        if (pthread_create(&a->probes[i].thread, NULL, take, &works[i]) != 0)
            abort();
    }
    if (!status && a->clip && a->clip_at > 0) {
        (void)nanosleep(&(struct timespec){ (time_t)a->clip_at, (long)((a->clip_at - (double)(time_t)a->clip_at) * 1e9) }, NULL);
        clipped = gf_link_source_clip(a->probes[0].source, a->clip, gf_utc_now_ms() - (gf_utc_ms)(a->clip_from * 1000), gf_utc_now_ms(), &clip, err);
    }
    for (size_t i = 0; !status && i < opened; i++)
        (void)pthread_join(a->probes[i].thread, NULL);
    if (!status && a->clip && a->clip_at <= 0)   /* of a file: by its own times */
        clipped = gf_link_source_clip(a->probes[0].source, a->clip, (gf_utc_ms)(a->clip_from * 1000), INT64_MAX, &clip, err);
    if (!status && a->clip) {
        gf_json_begin(json, "clip", '{');
        gf_json_int(json, "packets", (int64_t)clip.packets);
        gf_json_int(json, "ms", clip.last - clip.first);
        gf_json_int(json, "first", clip.first);
        if (clipped)
            gf_json_error(json, "error", err);
        gf_json_end(json, '}');
    }
    if (!status)
        tell(json, a, cameras);
    const int64_t closing = now_ms();
    while (opened > 0)
        gf_link_source_close(a->probes[--opened].source);
    gf_json_int(json, "close_ms", now_ms() - closing);
    if (a->probes[0].dump)
        (void)fclose(a->probes[0].dump);
    if (a->probes[0].list)
        (void)fclose(a->probes[0].list);
    return status;
}

int main(int argc, char **argv)
{
    static asked a = { .options = { 0 } };
    gf_error err = { 0 };
    gf_text text;
    gf_json json;
    gf_link_cameras *cameras = NULL;
    a.options = GF_LINK_OPTIONS_DEFAULT;
    if (!read_words(&a, argc, argv))
        return fputs("camera_probe SOURCE... [--key] [--fps N] [--width W] [--seconds S] ...\n", stderr), 2;
    gf_arena *arena = gf_arena_open(16 * GF_MIB);
    if (!arena)
        return 6;
    gf_text_init(&text, arena);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_status status = gf_link_cameras_open(a.module, &cameras, &err);
    if (!status)
        status = run(&a, cameras, &json, &err);
    if (status)
        gf_json_error(&json, "error", &err);
    gf_json_end(&json, '}');
    (void)printf("%.*s\n", GF_STR_ARG(gf_text_str(&text)));
    gf_link_cameras_close(cameras);
    gf_arena_close(arena);
    return gf_status_exit_code(status);
}
