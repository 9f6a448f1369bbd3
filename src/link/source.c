/* Sources from the outside: options, addresses, opening and closing. What the thread does stands in source_run.c. */
#include "link/source.h"

#include "link/module.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gf_link_cameras { void *handle; const camera_module *module; };

enum { ADDRESS_MAX = 2000, EVIDENCE_BYTES_MAX = 1 << 30, EVIDENCE_S_MAX = 3600, WIDTH_MAX = 8192, WAIT_MS_MAX = 3600000 };

gf_status gf_link_cameras_open(const char *folder, gf_link_cameras **out, gf_error *err)
{
    char why[200];
    bool found;
    void *handle = module_load(folder, "gongfu-camera.so", false, &found, why);
    if (!handle)
        return gf_fail(err, found ? GF_EINPUT : GF_ENOTFOUND, "link.module", "Install FFmpeg's libraries (libavformat-dev and others in scripts/packages.txt) and run make again.",
                       found ? "gongfu-camera.so does not load: %s" : "gongfu-camera.so is not here, so videos and cameras cannot be read%s", why);
    const camera_module *module = dlsym(handle, CAMERA_MODULE_SYMBOL);
    gf_link_cameras *cameras = module && module->version == CAMERA_MODULE_VERSION && module->bytes == sizeof *module ? malloc(sizeof *cameras) : NULL;
    if (!cameras) {
        (void)dlclose(handle);
        return gf_fail(err, GF_EINPUT, "link.module", "Build program and module together: make.", "gongfu-camera.so is of another version than this program");
    }
    *cameras = (gf_link_cameras){ handle, module };
    *out = cameras;
    return GF_OK;
}

void gf_link_cameras_close(gf_link_cameras *cameras)
{
    if (!cameras)
        return;
    (void)dlclose(cameras->handle);
    free(cameras);
}

const char *gf_link_cameras_about(const gf_link_cameras *cameras) { return cameras->module->about; }

const char *gf_link_state_name(gf_link_state state)
{
    static const char *const NAMES[GF_LINK_STATE_COUNT] = { "connecting", "live", "waiting", "ended", "failed" };
    return (unsigned)state < GF_LINK_STATE_COUNT ? NAMES[state] : "failed";
}

/* ---- What is asked ---- */

typedef struct bound { const char *name; double value, least, most; } bound;

static gf_status check_options(const gf_link_options *o, gf_error *err)
{
    const bound bounds[] = {
        { "width", o->width, 0, WIDTH_MAX },
        { "fps_max", o->fps_max, 0, 1000 },
        { "mailbox", o->mailbox, 1, MAILBOX_MAX },
        { "open_ms", o->open_ms, 1, WAIT_MS_MAX },
        { "read_ms", o->read_ms, 1, WAIT_MS_MAX },
        { "silent_ms", o->silent_ms, 1, WAIT_MS_MAX },
        { "retry_ms_min", o->retry_ms_min, 1, o->retry_ms_max },
        { "retry_ms_max", o->retry_ms_max, 1, WAIT_MS_MAX },
        { "cpu_ms_per_s_max", o->cpu_ms_per_s_max, 0, 1000 },
        { "pixels_max", o->pixels_max, 1, 8192.0 * 8192 },
        { "evidence_bytes", (double)o->evidence_bytes, 0, EVIDENCE_BYTES_MAX },
        { "evidence_s", o->evidence_s, o->evidence_bytes ? 1 : 0, EVIDENCE_S_MAX },
    };
    for (size_t i = 0; i < GF_COUNT(bounds); i++)
        if (!(bounds[i].value >= bounds[i].least && bounds[i].value <= bounds[i].most))
            return gf_fail(err, GF_EUSAGE, "link.option", "", "%s must be from %g to %g", bounds[i].name, bounds[i].least, bounds[i].most);
    return GF_OK;
}

typedef struct scheme { gf_str begin; bool live, rtsp; } scheme;
static const scheme SCHEMES[] = {
    { GF_STR_INIT("rtsp://"), true, true },
    { GF_STR_INIT("rtsps://"), true, true },
    { GF_STR_INIT("http://"), true, false },
    { GF_STR_INIT("https://"), true, false },
};

/* Names, passwords and what stands behind "?" are left out: cameras take passwords there, too. */
static void show_address(gf_link_source *s, gf_str address, size_t begin)
{
    if (!s->live) {
        (void)snprintf(s->shown, sizeof s->shown, "%.*s", GF_STR_ARG(address));
        return;
    }
    gf_str rest = gf_str_slice(address, begin, address.len);
    rest = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR("?")));
    for (size_t at; (at = gf_str_find(rest, GF_STR("@"))) < rest.len;)
        rest = gf_str_slice(rest, at + 1, rest.len);
    (void)snprintf(s->shown, sizeof s->shown, "%.*s%.*s", (int)begin, address.data, GF_STR_ARG(rest));
}

static gf_status set_address(gf_link_source *s, gf_str address, gf_error *err)
{
    const scheme *found = NULL;
    if (address.len == 0 || address.len > ADDRESS_MAX || memchr(address.data, '\0', address.len))
        return gf_fail(err, GF_EUSAGE, "link.address", "Give a video file or the address of a camera.", "an address has from 1 to %d bytes", ADDRESS_MAX);
    for (size_t i = 0; i < GF_COUNT(SCHEMES) && !found; i++)
        found = gf_str_starts(address, SCHEMES[i].begin) ? &SCHEMES[i] : NULL;
    if (!found && gf_str_has(address, GF_STR("://")))
        return gf_fail(err, GF_EUSAGE, "link.address", "Cameras are read from rtsp://, rtsps://, http:// and https://.", "addresses of this kind are not read");
    s->live = found;
    s->rtsp = found && found->rtsp;
    show_address(s, address, found ? found->begin.len : 0);
    s->address = malloc(address.len + 6);
    if (!s->address)
        return gf_fail_memory(err);
    /* "file:" keeps a colon in a file's name from being taken for a protocol. */
    (void)snprintf(s->address, address.len + 6, "%s%.*s", found ? "" : "file:", GF_STR_ARG(address));
    return GF_OK;
}

/* ---- Life ---- */

gf_status gf_link_source_open(gf_link_cameras *cameras, gf_str address, const gf_link_options *options, gf_link_source **out, gf_error *err)
{
    gf_status status = check_options(options, err);
    if (status)
        return status;
    gf_link_source *s = calloc(1, sizeof *s);
    if (!s)
        return gf_fail_memory(err);
    s->module = cameras->module;
    s->options = *options;
    atomic_init(&s->stop, false);
    status = set_address(s, address, err);
    if (!mailbox_open(&s->mail, options->mailbox, !s->live) || pthread_mutex_init(&s->lock, NULL) != 0 || !ring_open(&s->ring, options->evidence_bytes, options->evidence_s))
        status = status ? status : gf_fail_memory(err);
    if (!status && pthread_create(&s->thread, NULL, source_run, s) != 0)
        status = gf_fail(err, GF_ENOMEM, "link.thread", "Run fewer sources on this machine.", "the machine gives no further thread");
    if (status) {
        gf_link_source_close(s);
        return status;
    }
    s->started = true;
    *out = s;
    return GF_OK;
}

void gf_link_source_close(gf_link_source *s)
{
    if (!s)
        return;
    atomic_store(&s->stop, true);
    mailbox_stop(&s->mail);
    if (s->started)
        (void)pthread_join(s->thread, NULL);
    mailbox_close(&s->mail);
    ring_close(&s->ring);
    (void)pthread_mutex_destroy(&s->lock);
    free(s->address);
    free(s);
}

gf_status gf_link_source_take(gf_link_source *s, uint32_t wait_ms, gf_link_news *news, gf_link_frame *out, gf_error *err)
{
    return mailbox_take(&s->mail, wait_ms, news, out, err);
}

void gf_link_source_stats(gf_link_source *s, gf_link_stats *out)
{
    (void)pthread_mutex_lock(&s->lock);
    *out = s->stats;
    ring_size(&s->ring, &out->evidence_bytes, &out->evidence_ms);
    (void)pthread_mutex_unlock(&s->lock);
    (void)pthread_mutex_lock(&s->mail.lock);
    out->dropped = s->mail.dropped;
    (void)pthread_mutex_unlock(&s->mail.lock);
}

/* ---- Clips ---- */

typedef struct container { gf_str ending; const char *name; } container;
static const container CONTAINERS[] = { { GF_STR_INIT(".mp4"), "mp4" }, { GF_STR_INIT(".mkv"), "matroska" } };

static gf_status write_clip(const camera_module *module, const char *path, const char *kind, const camera_head *head, const camera_packet *packets, size_t count, gf_error *err)
{
    const size_t room = strlen(path) + 16;
    char *address = malloc(room);
    if (!address)
        return gf_fail_memory(err);
    const char *part = address + 5;   /* the path behind "file:" */
    (void)snprintf(address, room, "file:%s.part", path);
    gf_status status = module->clip(address, kind, head, packets, count, err);
    if (!status && rename(part, path) != 0)
        status = gf_fail(err, GF_EIO, "link.clip", "", "the clip cannot be given its name: %s", strerror(errno));
    if (status)
        (void)unlink(part);
    free(address);
    return status;
}

gf_status gf_link_source_clip(gf_link_source *s, const char *path, gf_utc_ms from, gf_utc_ms to, gf_link_clip *out, gf_error *err)
{
    const container *kind = NULL;
    for (size_t i = 0; i < GF_COUNT(CONTAINERS) && !kind; i++)
        kind = gf_str_ends(gf_str_of(path), CONTAINERS[i].ending) ? &CONTAINERS[i] : NULL;
    if (!kind)
        return gf_fail(err, GF_EUSAGE, "link.clip", "Name the clip .mp4 or .mkv.", "a clip of this ending is not written");
    camera_packet *packets = NULL;
    camera_head head;
    gf_link_clip clip;
    size_t count = 0;
    (void)pthread_mutex_lock(&s->lock);
    gf_status status = ring_clip(&s->ring, from, to, &packets, &count, &head, &clip, err);
    (void)pthread_mutex_unlock(&s->lock);
    if (status)
        return status;
    status = write_clip(s->module, path, kind->name, &head, packets, count, err);
    free(packets);
    if (!status)
        *out = clip;
    return status;
}
