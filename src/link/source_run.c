/* A source's thread: connect, read, decode what is worth it, hand over what is due; and again, for a camera never ends.
 *
 * A live source is believed in nothing but its bytes. Its pictures carry the time of their arrival, for its own stamps may
 * run at another speed, stand still or jump. What its stamps are still good for is the order of a file's pictures.
 *
 * Damage: after a packet that did not decode, or a picture that the decoder had to mend, all that builds on it is wrong in
 * places that look like change on the ground. Such pictures are counted and withheld until the next sound key frame.
 *
 * Floods: the thread's own processor time is measured over each second. Beyond its share the source decodes nothing until
 * a key frame of a later second, and when reading alone costs more, it stops reading: then the network pushes back.
 */
#include "link/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct turn {
    gf_link_source *source;
    camera         *camera;
    int64_t  connected_us, good_us;      /* when it connected; when the last sound picture came */
    int64_t  window_us, window_cpu_us;   /* the second in which processor time is counted */
    int64_t  due_us, first_us, newest_us;/* of fps_max; of a file's first stamp and newest one */
    int64_t  paced_us;
    int64_t  rate_from_us;               /* packets that came at once with the connection say nothing of the rate */
    uint64_t rate_packets;
    bool     await_key;                  /* decode nothing before the next key frame */
    bool     damaged;                    /* withhold pictures before the next sound key frame */
} turn;

static int64_t clock_us(clockid_t id)
{
    struct timespec t;
    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t now_us(void) { return clock_us(CLOCK_MONOTONIC); }
static int64_t cpu_us(void) { return clock_us(CLOCK_THREAD_CPUTIME_ID); }

/* The wall clock: the room stands at the edge, and what comes from outside is stamped where it comes in. */
static gf_utc_ms wall_ms(void) { return clock_us(CLOCK_REALTIME) / 1000; }

static bool stopped(void *context)
{
    gf_link_source *s = context;
    return atomic_load(&s->stop);
}

static void set_state(gf_link_source *s, gf_link_state state, gf_status status, gf_error *err)
{
    (void)pthread_mutex_lock(&s->lock);
    s->stats.state = state;
    if (status) {
        err->status = status;
        (void)gf_fail_at(err, "%s", s->shown);
        s->stats.trouble = *err;
    }
    (void)pthread_mutex_unlock(&s->lock);
}

/* ---- Pictures ---- */

static void output_size(const gf_link_options *o, const camera_picture *p, int *width, int *height)
{
    *width = p->width;
    *height = p->height;
    if (o->width > 0 && o->width < p->width) {
        *width = o->width;
        *height = (int)lround((double)p->height * o->width / p->width / 2) * 2;
        *height = *height < 2 ? 2 : *height;
    }
}

static int64_t picture_time_us(turn *t, const camera_picture *p, double fps)
{
    if (t->source->live)
        return now_us();
    int64_t at = p->pts_us != CAMERA_NO_STAMP ? p->pts_us : t->newest_us + (int64_t)(1e6 / (fps > 0 ? fps : 25));
    if (t->first_us == CAMERA_NO_STAMP)
        t->first_us = at;
    return t->newest_us = at;
}

/* A cap of 5 from 25 takes every fifth; an uneven rate is kept on average. A clock that jumps back begins anew. */
static bool is_due(turn *t, int64_t at_us)
{
    const double cap = t->source->options.fps_max;
    if (cap <= 0)
        return true;
    const int64_t every = (int64_t)(1e6 / cap), slack = every / 20;
    if (t->due_us == CAMERA_NO_STAMP || t->due_us - at_us > 2 * every)
        t->due_us = at_us;
    if (at_us + slack < t->due_us)
        return false;
    t->due_us = t->due_us + every + slack < at_us ? at_us + every : t->due_us + every;
    return true;
}

static void pace(turn *t, int64_t at_us)
{
    gf_link_source *s = t->source;
    if (!s->options.paced || s->live)
        return;
    if (t->paced_us == CAMERA_NO_STAMP)
        t->paced_us = now_us() - (at_us - t->first_us);
    const int64_t early = t->paced_us + (at_us - t->first_us) - now_us();
    if (early > 1000 && early < 3600000000)   /* a stamp of next year is not waited for */
        (void)mailbox_rest(&s->mail, (uint32_t)(early / 1000));
}

static gf_status hand_over(turn *t, const camera_picture *p, int64_t at_us, uint64_t number, gf_error *err)
{
    gf_link_source *s = t->source;
    int width, height;
    bool memory;
    output_size(&s->options, p, &width, &height);
    pace(t, at_us);
    slot *place = mailbox_begin(&s->mail, width, height, &memory);
    if (!place)
        return memory ? GF_OK : gf_fail_memory(err);
    const int64_t begun = cpu_us();
    gf_status status = s->module->scale(t->camera, &place->planes, err);
    const int64_t spent = cpu_us() - begun;
    if (status) {
        mailbox_giveup(&s->mail, place);
        return status;
    }
    const gf_utc_ms at = s->live ? wall_ms() : s->options.start + (at_us - t->first_us) / 1000;
    (void)pthread_mutex_lock(&s->lock);
    s->stats.handed++;
    s->stats.scale_us += (uint64_t)spent;
    (void)pthread_mutex_unlock(&s->lock);
    mailbox_post(&s->mail, place, &(gf_link_frame){ .at = at, .number = number, .key = p->key, .full_range = p->full_range });
    return GF_OK;
}

static void note_picture(turn *t, const camera_picture *p, bool withheld, uint64_t *number, double *fps)
{
    gf_link_source *s = t->source;
    (void)pthread_mutex_lock(&s->lock);
    gf_link_stats *stats = &s->stats;
    *number = stats->frames++;
    *fps = stats->fps_stated;
    stats->keys += p->key;
    stats->damaged += withheld;
    stats->size_changes += stats->width && (p->width != stats->width || p->height != stats->height);
    stats->width = p->width;
    stats->height = p->height;
    if (!withheld)
        stats->last_frame = wall_ms();
    ring_resize(&s->ring, p->width, p->height);
    (void)pthread_mutex_unlock(&s->lock);
}

static gf_status take_pictures(turn *t, gf_error *err)
{
    gf_link_source *s = t->source;
    camera_picture p;
    gf_status status = GF_OK;
    for (int64_t begun = cpu_us(); !status && s->module->picture(t->camera, &p); begun = cpu_us()) {
        (void)pthread_mutex_lock(&s->lock);
        s->stats.decode_us += (uint64_t)(cpu_us() - begun);
        (void)pthread_mutex_unlock(&s->lock);
        uint64_t number;
        double fps;
        t->damaged = p.damaged || (t->damaged && !p.key);
        const bool withheld = t->damaged && !s->options.keep_damaged;
        note_picture(t, &p, withheld, &number, &fps);
        const int64_t at = picture_time_us(t, &p, fps);
        if (!withheld)
            t->good_us = now_us();
        if (!withheld && is_due(t, at))
            status = hand_over(t, &p, at, number, err);
    }
    return status;
}

/* ---- Packets ---- */

static void note_packet(turn *t, const camera_packet *p, int64_t spent_us)
{
    gf_link_source *s = t->source;
    const int64_t now = now_us();
    if (t->rate_from_us == 0 && now - t->connected_us > 1000000)
        t->rate_from_us = now;
    else if (t->rate_from_us)
        t->rate_packets++;
    const double seconds = (double)(now - t->rate_from_us) / 1e6;
    if (!s->live && t->first_us == CAMERA_NO_STAMP)
        t->first_us = p->pts_us != CAMERA_NO_STAMP ? p->pts_us : p->dts_us;
    const int64_t stamp = p->dts_us != CAMERA_NO_STAMP ? p->dts_us : t->newest_us;
    const gf_utc_ms at = s->live ? wall_ms() : s->options.start + (stamp - (t->first_us == CAMERA_NO_STAMP ? stamp : t->first_us)) / 1000;
    (void)pthread_mutex_lock(&s->lock);
    s->stats.packets++;
    s->stats.key_packets += p->key;
    s->stats.bytes += p->len;
    s->stats.read_us += (uint64_t)spent_us;
    s->stats.fps_arrived = t->rate_packets > 20 ? (double)t->rate_packets / seconds : s->stats.fps_arrived;
    ring_put(&s->ring, p, at);
    (void)pthread_mutex_unlock(&s->lock);
}

/* Within its share of the processor? A source far beyond it also rests until the second is over. */
static void keep_share(turn *t)
{
    gf_link_source *s = t->source;
    const int64_t now = now_us(), share = (int64_t)s->options.cpu_ms_per_s_max * 1000;
    if (!s->live || share == 0)
        return;
    if (now - t->window_us >= 1000000) {
        t->window_us = now;
        t->window_cpu_us = cpu_us();
    }
    const int64_t used = cpu_us() - t->window_cpu_us;
    if (used > share)
        t->await_key = true;
    if (used > share + share / 4)
        (void)mailbox_rest(&s->mail, (uint32_t)((t->window_us + 1000000 - now) / 1000) + 1);
}

static bool over_share(const turn *t)
{
    const gf_link_options *o = &t->source->options;
    return t->source->live && o->cpu_ms_per_s_max && cpu_us() - t->window_cpu_us > (int64_t)o->cpu_ms_per_s_max * 1000;
}

/* Is this packet decoded, and how thoroughly? */
static bool choose_effort(turn *t, const camera_packet *p, camera_effort *effort)
{
    const gf_link_options *o = &t->source->options;
    if ((t->await_key || o->key_only) && (!p->key || over_share(t)))
        return false;
    t->await_key = false;
    *effort = o->key_only ? CAMERA_ALONE : CAMERA_ALL;
    /* Under a cap, pictures before the next one due need not exist when no other is made from them. */
    const int64_t stamp = t->source->live ? now_us() : p->pts_us;
    if (!o->key_only && o->fps_max > 0 && t->due_us != CAMERA_NO_STAMP && stamp != CAMERA_NO_STAMP && stamp < t->due_us - (int64_t)(1e6 / o->fps_max) / 20)
        *effort = CAMERA_REFERENCES;
    return true;
}

static gf_status decode(turn *t, camera_effort effort, gf_error *err)
{
    gf_link_source *s = t->source;
    const int64_t begun = cpu_us();
    gf_status status = s->module->decode(t->camera, effort, err);
    (void)pthread_mutex_lock(&s->lock);
    s->stats.decode_us += (uint64_t)(cpu_us() - begun);
    if (status == GF_ENO) {   /* one packet that makes no sense is no reason to leave the camera */
        s->stats.damaged++;
        t->damaged = true;
        status = GF_OK;
    }
    (void)pthread_mutex_unlock(&s->lock);
    return status ? status : take_pictures(t, err);
}

static gf_status read_one(turn *t, gf_error *err)
{
    gf_link_source *s = t->source;
    camera_packet p;
    camera_effort effort;
    const int64_t begun = cpu_us();
    gf_status status = s->module->packet(t->camera, &p, err);
    if (status)
        return status;
    note_packet(t, &p, cpu_us() - begun);
    keep_share(t);
    if (choose_effort(t, &p, &effort)) {
        status = decode(t, effort, err);
    } else if (!s->options.key_only && over_share(t)) {
        (void)pthread_mutex_lock(&s->lock);
        s->stats.skipped++;
        (void)pthread_mutex_unlock(&s->lock);
    }
    if (!status && s->live && now_us() - t->good_us > (int64_t)s->options.silent_ms * 1000)
        return gf_fail(err, GF_EIO, "link.silent", "The source is tried again.", "packets came for %u s and no picture could be made of them", s->options.silent_ms / 1000);
    return status;
}

/* ---- Connections ---- */

static gf_status connect_to(turn *t, gf_error *err)
{
    gf_link_source *s = t->source;
    const gf_link_options *o = &s->options;
    const camera_ask ask = { .address = s->address, .live = s->live, .rtsp = s->rtsp, .udp = o->udp, .all_packets = !o->key_only || o->evidence_bytes,
                             .open_ms = o->open_ms, .read_ms = o->read_ms, .pixels_max = o->pixels_max, .stopped = stopped, .context = s };
    const int64_t begun = cpu_us();
    set_state(s, GF_LINK_CONNECTING, GF_OK, NULL);
    gf_status status = s->module->open(&ask, &t->camera, err);
    if (status)
        return status;
    camera_head head;
    s->module->head(t->camera, &head);
    t->connected_us = t->good_us = t->window_us = now_us();
    t->window_cpu_us = cpu_us();
    (void)pthread_mutex_lock(&s->lock);
    gf_link_stats *stats = &s->stats;
    stats->state = GF_LINK_LIVE;
    stats->connections++;
    stats->read_us += (uint64_t)(t->window_cpu_us - begun);
    memcpy(stats->codec, head.name, sizeof stats->codec);
    if (head.width && stats->frames == 0) {   /* later, only pictures tell */
        stats->width = head.width;
        stats->height = head.height;
    }
    stats->fps_stated = head.fps;
    ring_head(&s->ring, &head);
    (void)pthread_mutex_unlock(&s->lock);
    return GF_OK;
}

/* One connection, from its first packet to its end: GF_ENO when a file is over. */
static gf_status run_once(gf_link_source *s, bool *pictures, gf_error *err)
{
    turn t = { .source = s, .due_us = CAMERA_NO_STAMP, .first_us = CAMERA_NO_STAMP, .paced_us = CAMERA_NO_STAMP, .await_key = true };
    const uint64_t before = s->stats.handed;   /* written by this thread alone */
    gf_status status = connect_to(&t, err);
    while (!status && !stopped(s))
        status = read_one(&t, err);
    if (status == GF_ENO && !s->options.key_only) {
        gf_status rest = decode(&t, CAMERA_DRAIN, err);
        status = rest ? rest : GF_ENO;
    }
    s->module->close(t.camera);
    *pictures = s->stats.handed > before;
    return status;
}

/* Doubled each time, and each camera a little apart from its neighbours: a switch that comes back wakes them all at once.
 * A password that was refused is not tried again soon: cameras lock the account. */
static uint32_t wait_before(const gf_link_source *s, uint32_t attempt, gf_status why)
{
    uint64_t wait = why == GF_EDENIED ? s->options.retry_ms_max : s->options.retry_ms_min;
    for (uint32_t i = 1; i < attempt && wait < s->options.retry_ms_max; i++)
        wait *= 2;
    wait = wait < s->options.retry_ms_max ? wait : s->options.retry_ms_max;
    return (uint32_t)(wait - wait / 8 + wait / 4 * (gf_str_hash(gf_str_of(s->address)) % 64) / 64);
}

void *source_run(void *context)
{
    gf_link_source *s = context;
    gf_error err = { 0 };
    gf_status status = GF_OK;
    for (uint32_t attempt = 0; !stopped(s);) {
        bool pictures = false;
        status = run_once(s, &pictures, &err);
        if (status == GF_ENO || !s->live || stopped(s))
            break;
        attempt = pictures ? 1 : attempt + 1;
        if (s->options.retry_count_max && attempt >= s->options.retry_count_max && !pictures)
            break;
        set_state(s, GF_LINK_WAITING, status, &err);
        if (mailbox_rest(&s->mail, wait_before(s, attempt, status)))
            break;
    }
    const bool over = status == GF_ENO || status == GF_OK;
    set_state(s, over ? GF_LINK_ENDED : GF_LINK_FAILED, over ? GF_OK : status, &err);
    mailbox_end(&s->mail, over ? GF_OK : status, &err);
    return NULL;
}
