/* link/camera_module.h - what the program and gongfu-camera.so agree on: one table of functions, the module's only symbol.
 *
 * The table knows no threads, retries or clocks: it opens one stream, hands out its packets, decodes those it is told to,
 * scales pictures, and writes packets into a clip. Everything that decides stands in source.c, on this side.
 * A change of any type here is another CAMERA_MODULE_VERSION: a module of another version is not used.
 */
#pragma once
#include "link/gf_link.h"

#define CAMERA_MODULE_VERSION 1u
#define CAMERA_MODULE_SYMBOL "gf_camera_module"
#define CAMERA_NO_STAMP INT64_MIN

enum { CAMERA_EXTRA_MAX = 4096, CAMERA_PACKET_MAX = 8 << 20 };

typedef struct camera camera;

typedef struct camera_ask {
    const char *address;
    bool        live, rtsp, udp, all_packets;   /* all_packets: the container may not skip what is no key frame */
    uint32_t    open_ms, read_ms, pixels_max;
    bool      (*stopped)(void *context);        /* asked while the network is waited for */
    void       *context;
} camera_ask;

/* What a muxer must know of a stream. Plain bytes, so that two heads can be compared. */
typedef struct camera_head {
    int32_t  codec, width, height;
    uint32_t extra_bytes;
    uint8_t  extra[CAMERA_EXTRA_MAX];
    char     name[16];
    double   fps;
} camera_head;

typedef struct camera_packet {
    const uint8_t *bytes;
    size_t         len;
    int64_t        pts_us, dts_us;              /* CAMERA_NO_STAMP when the stream gives none */
    bool           key;
} camera_packet;

/* How much is asked of the decoder for one packet. */
typedef enum camera_effort {
    CAMERA_ALL,
    CAMERA_REFERENCES,   /* pictures that no other needs may be left out */
    CAMERA_ALONE,        /* a key frame by itself: out at once, nothing kept for the next */
    CAMERA_DRAIN         /* no packet: what is still inside comes out */
} camera_effort;

typedef struct camera_picture {
    int     width, height;
    int64_t pts_us;
    bool    key, damaged, full_range;
} camera_picture;

/* I420 planes to be filled. */
typedef struct camera_planes { uint8_t *y, *u, *v; int width, height, y_stride, uv_stride; } camera_planes;

typedef struct camera_module {
    uint32_t    version, bytes;
    const char *about;
    gf_status (*open)(const camera_ask *ask, camera **out, gf_error *err);
    void      (*close)(camera *c);
    void      (*head)(const camera *c, camera_head *out);
    /* The stream's next video packet, borrowed until the next call. GF_ENO at the end. */
    gf_status (*packet)(camera *c, camera_packet *out, gf_error *err);
    /* Give the packet got last to the decoder. GF_ENO: it makes no sense; the stream goes on. */
    gf_status (*decode)(camera *c, camera_effort effort, gf_error *err);
    /* The next picture that came out; false when there is none. It stays until the next call. */
    bool      (*picture)(camera *c, camera_picture *out);
    gf_status (*scale)(camera *c, const camera_planes *out, gf_error *err);
    /* Write packets, whose stamps rise, into a file; `path` names the container by its ending. */
    gf_status (*clip)(const char *path, const char *container, const camera_head *head, const camera_packet *packets, size_t count, gf_error *err);
} camera_module;
