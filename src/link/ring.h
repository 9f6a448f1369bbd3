/* link/ring.h - the last packets of a stream, bounded in bytes and time. Inside the room only; the caller locks. */
#pragma once
#include "link/camera_module.h"

typedef struct ring_entry {
    size_t    at_byte, len;
    int64_t   pts_us, dts_us;    /* one timeline over all connections: rising, however the camera's clock jumps */
    gf_utc_ms at;
    uint32_t  era;               /* of one size and coding */
    bool      key;
} ring_entry;

typedef struct ring {
    uint8_t    *bytes;
    size_t      room, write;
    ring_entry *entry;
    size_t      first, count, entry_room;
    int64_t     span_ms, offset_us, last_dts_us;
    gf_utc_ms   last_at;
    uint32_t    era;
    bool        begun;
    camera_head head[2];         /* of the present era and the one before, by era % 2; older ones are forgotten */
} ring;

/* Room for so much; `bytes` 0 keeps nothing. False: no memory. */
bool ring_open(ring *r, size_t bytes, uint32_t seconds);
void ring_close(ring *r);
/* A connection begins: the same head goes on with the era, another begins one. */
void ring_head(ring *r, const camera_head *head);
/* The pictures are of this size since the last key frame put: when it is another one, an era begins there. */
void ring_resize(ring *r, int width, int height);
/* A packet larger than the whole ring empties it. */
void ring_put(ring *r, const camera_packet *packet, gf_utc_ms at);
/* Bytes held, and milliseconds from the oldest to the newest. */
void ring_size(const ring *r, uint64_t *bytes, uint64_t *ms);
/* The packets of a clip: from the last key frame at or before `from` (else the oldest key frame) until `to`, in one era.
 * *packets and their bytes are in one block from malloc, the caller's. GF_ENOTFOUND without a key frame, GF_ENOMEM. */
gf_status ring_clip(const ring *r, gf_utc_ms from, gf_utc_ms to, camera_packet **packets, size_t *count, camera_head *head, gf_link_clip *out, gf_error *err);
