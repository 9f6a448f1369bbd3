/* Packets lie one behind the other in a circle of bytes, each in one piece; the oldest make room for the newest. A packet is
 * copied once: at 4 Mbit/s that is half a megabyte a second, nothing beside decoding it.
 *
 * Stamps of cameras jump: at every connection, at midnight, after a correction of their clock. The ring puts them on a line
 * of its own: as long as they rise by less than JUMP_US they are believed, else the time of arrival takes their place.
 */
#include "link/ring.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES_PER_SECOND = 120, ENTRIES_MIN = 1024, JUMP_US = 10000000, STEP_US_MIN = 1000 };

static ring_entry *nth(const ring *r, size_t i) { return &r->entry[(r->first + i) % r->entry_room]; }

bool ring_open(ring *r, size_t bytes, uint32_t seconds)
{
    *r = (ring){ .room = bytes, .span_ms = (int64_t)seconds * 1000 };
    if (bytes == 0)
        return true;
    r->entry_room = (size_t)seconds * ENTRIES_PER_SECOND + ENTRIES_MIN;
    r->bytes = malloc(bytes);
    r->entry = calloc(r->entry_room, sizeof *r->entry);
    return r->bytes && r->entry;
}

void ring_close(ring *r)
{
    free(r->bytes);
    free(r->entry);
    *r = (ring){ 0 };
}

static bool same_stream(const camera_head *a, const camera_head *b)
{
    const bool size = a->width == 0 || (a->width == b->width && a->height == b->height);   /* a description may not tell it */
    return size && a->codec == b->codec && a->extra_bytes == b->extra_bytes && memcmp(a->extra, b->extra, a->extra_bytes) == 0;
}

static void drop_first(ring *r)
{
    r->first = (r->first + 1) % r->entry_room;
    r->count--;
}

static void begin_era(ring *r, const camera_head *head)
{
    r->era++;
    r->head[r->era % 2] = *head;
    while (r->count && nth(r, 0)->era + 1 < r->era)
        drop_first(r);
}

void ring_head(ring *r, const camera_head *head)
{
    if (r->room && !(r->begun && same_stream(head, &r->head[r->era % 2])))
        begin_era(r, head);
}

void ring_resize(ring *r, int width, int height)
{
    if (r->room == 0)
        return;
    camera_head head = r->head[r->era % 2];
    const bool first = head.width == 0;
    if (head.width == width && head.height == height)
        return;
    head.width = width;
    head.height = height;
    if (first) {
        r->head[r->era % 2] = head;
        return;
    }
    begin_era(r, &head);
    for (size_t i = r->count; i-- > 0;) {
        nth(r, i)->era = r->era;
        if (nth(r, i)->key)
            break;
    }
}

static bool find_room(ring *r, size_t len)
{
    for (;; drop_first(r)) {
        if (r->count == 0) {
            r->write = 0;
            return len <= r->room;
        }
        const size_t oldest = nth(r, 0)->at_byte;
        if (r->count < r->entry_room && r->write > oldest && r->room - r->write >= len)
            return true;
        if (r->count < r->entry_room && r->write > oldest && oldest >= len) {
            r->write = 0;
            return true;
        }
        if (r->count < r->entry_room && r->write <= oldest && oldest - r->write >= len)
            return true;
    }
}

static void set_stamps(ring *r, const camera_packet *p, gf_utc_ms at, ring_entry *out)
{
    const int64_t said = p->dts_us != CAMERA_NO_STAMP ? p->dts_us : p->pts_us != CAMERA_NO_STAMP ? p->pts_us : at * 1000;
    int64_t dts = 0;
    const bool sane = !__builtin_add_overflow(said, r->offset_us, &dts) && r->begun && dts > r->last_dts_us && dts - r->last_dts_us < JUMP_US;
    if (!sane) {
        const int64_t step = (at - r->last_at) * 1000;
        dts = !r->begun ? at * 1000 : r->last_dts_us + (step < STEP_US_MIN ? STEP_US_MIN : step > JUMP_US ? JUMP_US : step);
        if (__builtin_sub_overflow(dts, said, &r->offset_us))
            r->offset_us = 0;
    }
    int64_t pts = dts;
    if (p->pts_us != CAMERA_NO_STAMP && (__builtin_add_overflow(p->pts_us, r->offset_us, &pts) || pts < dts || pts - dts > JUMP_US))
        pts = dts;
    out->dts_us = r->last_dts_us = dts;
    out->pts_us = pts;
    r->last_at = at;
    r->begun = true;
}

void ring_put(ring *r, const camera_packet *packet, gf_utc_ms at)
{
    if (r->room == 0)
        return;
    while (r->count && at - nth(r, 0)->at > r->span_ms)
        drop_first(r);
    if (!find_room(r, packet->len))
        return;
    ring_entry e = { .at_byte = r->write, .len = packet->len, .at = at, .era = r->era, .key = packet->key };
    set_stamps(r, packet, at, &e);
    memcpy(r->bytes + r->write, packet->bytes, packet->len);
    r->write += packet->len;
    *nth(r, r->count) = e;
    r->count++;
}

void ring_size(const ring *r, uint64_t *bytes, uint64_t *ms)
{
    *bytes = 0;
    for (size_t i = 0; i < r->count; i++)
        *bytes += nth(r, i)->len;
    *ms = r->count ? (uint64_t)(nth(r, r->count - 1)->at - nth(r, 0)->at) : 0;
}

/* The first packet of the clip; r->count when there is no key frame at or before `to`. */
static size_t clip_begin(const ring *r, gf_utc_ms from, gf_utc_ms to)
{
    size_t begin = r->count;
    for (size_t i = 0; i < r->count && nth(r, i)->at <= to; i++)
        if (nth(r, i)->key && (begin == r->count || nth(r, i)->at <= from))
            begin = i;
    return begin;
}

gf_status ring_clip(const ring *r, gf_utc_ms from, gf_utc_ms to, camera_packet **packets, size_t *count, camera_head *head, gf_link_clip *out, gf_error *err)
{
    const size_t begin = clip_begin(r, from, to);
    size_t end = begin, bytes = 0;
    if (begin == r->count)
        return gf_fail(err, GF_ENOTFOUND, "link.clip", "Keep more evidence, or ask sooner.", "no key frame of that time is kept");
    for (; end < r->count && nth(r, end)->era == nth(r, begin)->era && nth(r, end)->at <= to; end++)
        bytes += nth(r, end)->len;
    const size_t table = (end - begin) * sizeof **packets;
    camera_packet *list = malloc(table + bytes);
    if (!list)
        return gf_fail_memory(err);
    uint8_t *data = (uint8_t *)list + table;
    for (size_t i = begin; i < end; i++) {
        const ring_entry *e = nth(r, i);
        memcpy(data, r->bytes + e->at_byte, e->len);
        list[i - begin] = (camera_packet){ data, e->len, e->pts_us - nth(r, begin)->dts_us, e->dts_us - nth(r, begin)->dts_us, e->key };
        data += e->len;
    }
    *packets = list;
    *count = end - begin;
    *head = r->head[nth(r, begin)->era % 2];
    *out = (gf_link_clip){ nth(r, begin)->at, nth(r, end - 1)->at, end - begin, bytes };
    return GF_OK;
}
