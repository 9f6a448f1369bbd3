/* link/gf_link.h - doors to the outside world's libraries: cameras through FFmpeg, detectors through ONNX Runtime.
 *
 * Neither is linked into the program. FFmpeg stands in the module gongfu-camera.so (Debian's FFmpeg is a GPL build), ONNX
 * Runtime in its own libonnxruntime.so.1; both are loaded when the first one asks, and their absence is a sentence.
 *
 * A source is one video file or one camera with a thread of its own. Whatever it does - dies, floods, lies about its rate,
 * sends garbage, changes its size - stays in that thread: its mailbox, its memory, its time of the processor and its waits
 * are bounded, and other sources share nothing with it but the loaded module.
 *
 * Instants are UTC milliseconds, sizes pixels. Addresses of cameras hold passwords: no failure and no answer repeats them.
 */
#pragma once
#include "base/gf_base.h"

/* ---- Frames ---- */

/* I420: planes of brightness and of two colours at half the size, rounded up. Borrowed. */
typedef struct gf_link_frame {
    int            width, height;
    const uint8_t *y, *u, *v;
    int            y_stride, uv_stride;
    gf_utc_ms      at;          /* a live source: when it came; a file: `start` and its own stamps */
    uint64_t       number;      /* of the picture within the source, from 0, counting those that were not handed over */
    bool           key;         /* stands alone: no other picture was needed to make it */
    bool           full_range;  /* brightness from 0 to 255 instead of 16 to 235 */
} gf_link_frame;

/* ---- Sources ---- */

typedef struct gf_link_cameras gf_link_cameras;
typedef struct gf_link_source gf_link_source;

/* Load the module. `folder` NULL looks beside the program, one folder above it, then where it was installed.
 *
 * GF_ENOTFOUND "link.module"   there is no gongfu-camera.so; the hint names the package
 * GF_EINPUT    "link.module"   it is there and does not load, or is of another version
 */
gf_status   gf_link_cameras_open(const char *folder, gf_link_cameras **out, gf_error *err);
/* After every source of it. NULL is a no-op. */
void        gf_link_cameras_close(gf_link_cameras *cameras);
/* "libavformat 59.27.100, ...": what was loaded. Lives as long as `cameras`. */
const char *gf_link_cameras_about(const gf_link_cameras *cameras);

/* All zero but the defaults: every picture, as it comes, over TCP, no evidence kept. */
typedef struct gf_link_options {
    bool      key_only;              /* decode key frames alone: 7 to 8 times cheaper, one picture every few seconds */
    bool      udp;                   /* RTP in datagrams instead of inside the RTSP connection */
    bool      paced;                 /* a file plays at its own rate instead of as fast as it is taken */
    bool      keep_damaged;          /* hand over pictures made from damaged or missing data, too */
    int       width;                 /* scale down to this width by area; 0, or wider than the source: as it comes */
    double    fps_max;               /* hand over at most so many a second; 0 = all */
    uint32_t  mailbox;               /* pictures that may wait for their taker: 1 ... 16 */
    uint32_t  open_ms, read_ms;      /* how long the network may be silent */
    uint32_t  silent_ms;             /* packets without one good picture for so long: connect anew */
    uint32_t  retry_ms_min, retry_ms_max;   /* waits between attempts: doubled from the first to the second; refused passwords: the second */
    uint32_t  retry_count_max;       /* attempts without a picture before the source is given up; 0 = never */
    uint32_t  cpu_ms_per_s_max;      /* a live source may use so much of a core; beyond, it waits for a key frame. 0 = all */
    uint32_t  pixels_max;            /* of one picture: larger streams are refused */
    size_t    evidence_bytes;        /* packets kept for clips, with evidence_s; 0 = none */
    uint32_t  evidence_s;
    gf_utc_ms start;                 /* of a file: the instant of its first picture */
} gf_link_options;

#define GF_LINK_OPTIONS_DEFAULT ((gf_link_options){ .mailbox = 2, .open_ms = 10000, .read_ms = 10000, .silent_ms = 60000, \
    .retry_ms_min = 1000, .retry_ms_max = 30000, .cpu_ms_per_s_max = 500, .pixels_max = 4096 * 2304, .evidence_s = 30 })

/* A file's path, or rtsp://, rtsps://, http://, https://. Starts the thread and returns; whether there is a camera is told
 * by gf_link_source_take() and gf_link_source_stats(). A file is opened by that thread, too.
 *
 * GF_EUSAGE "link.option"   an option out of its bounds; "link.address" empty, or another scheme than those
 * GF_ENOMEM                 no memory for mailbox and evidence, or no thread
 */
gf_status gf_link_source_open(gf_link_cameras *cameras, gf_str address, const gf_link_options *options, gf_link_source **out, gf_error *err);
/* Ends the thread: within a moment, also while it waits for the network. NULL is a no-op. */
void      gf_link_source_close(gf_link_source *source);

typedef enum gf_link_news {
    GF_LINK_FRAME,      /* *out holds a picture */
    GF_LINK_NOTHING,    /* none came within the time; the source is still trying */
    GF_LINK_END         /* the file is over */
} gf_link_news;

/* The next picture; borrowed until the next call for this source, by one taker. A live source keeps the newest pictures
 * when its taker is late, and counts those dropped; a file waits for its taker.
 *
 * GF_EIO, GF_EINPUT, GF_ENOTFOUND, GF_ELIMIT, GF_EDENIED   the source has been given up, and says so each time: no such file, not
 *                     a video that is read here, larger than pixels_max, password refused; a camera after retry_count_max attempts
 */
gf_status gf_link_source_take(gf_link_source *source, uint32_t wait_ms, gf_link_news *news, gf_link_frame *out, gf_error *err);

typedef enum gf_link_state { GF_LINK_CONNECTING, GF_LINK_LIVE, GF_LINK_WAITING, GF_LINK_ENDED, GF_LINK_FAILED, GF_LINK_STATE_COUNT } gf_link_state;
/* "connecting" ... "failed". Static. */
const char *gf_link_state_name(gf_link_state state);

typedef struct gf_link_stats {
    gf_link_state state;
    char     codec[16];                  /* "h264"; empty before the first connection */
    int      width, height;              /* of the stream, before scaling */
    double   fps_stated, fps_arrived;    /* what the stream says of itself; packets a second since it connected */
    uint64_t packets, bytes, key_packets;
    uint64_t frames;                     /* decoded, key frames among them */
    uint64_t keys;
    uint64_t handed;                     /* put into the mailbox */
    uint64_t dropped;                    /* thrown out of it because the taker was late */
    uint64_t damaged;                    /* packets that did not decode, and pictures withheld for damage */
    uint64_t skipped;                    /* packets passed over because of cpu_ms_per_s_max */
    uint64_t connections, size_changes;
    uint64_t read_us, decode_us, scale_us;   /* of the processor, in this source's thread */
    uint64_t evidence_bytes, evidence_ms;    /* in the ring now */
    gf_utc_ms last_frame;                /* of the machine's clock; 0 before the first */
    gf_error trouble;                    /* the last one, also of a source that has recovered; status GF_OK: none yet */
} gf_link_stats;

/* How the source does now. Any thread. */
void gf_link_source_stats(gf_link_source *source, gf_link_stats *out);

/* ---- Evidence ---- */

typedef struct gf_link_clip {
    gf_utc_ms first, last;               /* of the packets written */
    uint64_t  packets, bytes;
} gf_link_clip;

/* Write the packets from the last key frame at or before `from` (the oldest that there is, when none is so old) until `to`,
 * without encoding anew, into `path` (.mp4 or .mkv). The file appears whole or not at all. Any thread; the source goes on.
 * A clip never crosses a change of the stream's size or coding.
 *
 * GF_EUSAGE "link.clip"      another ending than those
 * GF_ENOTFOUND "link.clip"   no key frame in the ring, or the source keeps none
 * GF_EIO                     the file cannot be written
 */
gf_status gf_link_source_clip(gf_link_source *source, const char *path, gf_utc_ms from, gf_utc_ms to, gf_link_clip *out, gf_error *err);
