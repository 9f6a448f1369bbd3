/* app/gf_app_watch.h - a source of pictures watched from end to end: masks, poses and findings out.
 *
 * No store is opened. A source is a table of functions, so that a folder of pictures, a video file and a camera are watched by the same
 * lines; it gives frames in the vision room's own form.
 */
#pragma once
#include "app/gf_app_detect.h"
#include "app/gf_app_preset.h"
#include "base/gf_base.h"
#include "vision/gf_vision.h"
#include "vision/gf_vision_scene.h"

#include <pthread.h>

/* ---- Sources ---- */

typedef struct gf_app_watch_source {
    void *context;
    /* The next frame, borrowed until the next call, and its name for the mask ("in000470.jpg"); *frame_there is false at the end. The frame's
     * number and time are the source's own. */
    gf_status (*next)(void *context, gf_vision_frame *frame, gf_str *name, bool *frame_there, gf_error *err);
    void      (*close)(void *context);
    uint64_t  (*elsewhere_ns)(void *context);   /* processor time that its own threads have taken to decode; NULL = none */
    const bool *studio_range;            /* brightness of the frame at hand goes from 16 to 235; NULL = from 0 to 255 */
} gf_app_watch_source;

enum { GF_APP_WATCH_FILES_MAX = 1000000 };

/* JPEG, PNG and BMP files of a folder in the order of their names; others are passed over. Times are `start` and the count over `fps`
 * (> 0). Memory is kept in `keep`, a frame's in an arena of the source. GF_ENOTFOUND no folder, or no picture in it; GF_ELIMIT more than
 * GF_APP_WATCH_FILES_MAX. next: as gf_file_picture_read(), err->where is the file; GF_EINPUT "watch.size" a picture of another size. */
gf_status gf_app_watch_folder(const char *folder, double fps, gf_utc_ms start, gf_arena *keep, gf_app_watch_source *out, gf_error *err);

/* ---- A watch ---- */

/* A detector as a second witness: what its model sees in a frame every so often. It names what it was trained for and nothing else. */
typedef struct gf_app_watch_eye {
    const gf_app_detector *detector;
    const char *file;                    /* of the description, for the record */
    gf_vision_detect_infer *infer;
    void       *context;
    gf_utc_ms   every_ms;                /* between two looks, by the source's time */
    pthread_mutex_t *turn;               /* of watches that share the network: one looks at a time, so that its buffers exist once; NULL = alone */
} gf_app_watch_eye;

typedef struct gf_app_watch_options {
    gf_vision_tuning tuning;
    const char *masks;                   /* folder, made when it is not there; NULL = none are written */
    const char *events, *poses;          /* files, replaced; NULL likewise */
    const char *pictures;                /* folder for pictures of findings: what lies outside the preset's parcels is painted over; NULL = none */
    const char *live;                    /* file for the newest frame, painted over likewise, replaced whole; NULL = none */
    gf_utc_ms   live_every_ms;           /* by this machine's steady clock */
    const gf_app_watch_eye *eye;         /* NULL = no detector */
    const gf_app_preset_view *ground;    /* of the preset, for places and parcels; NULL = not known */
    gf_str      preset;                  /* its name */
    double      margin_px;               /* about parcels, that stays visible, in pixels of the preset's picture */
    bool timed;                          /* the source's times are instants; otherwise findings have none */
    bool (*cancelled)(void);             /* asked once a frame; may be NULL */
} gf_app_watch_options;

typedef enum gf_app_watch_cost { GF_APP_WATCH_DECODE, GF_APP_WATCH_GATE, GF_APP_WATCH_REGISTER, GF_APP_WATCH_CHANGE, GF_APP_WATCH_SLOW, GF_APP_WATCH_DETECT,
                                 GF_APP_WATCH_WRITE, GF_APP_WATCH_COST_COUNT } gf_app_watch_cost;

typedef struct gf_app_watch_result {
    int width, height;
    uint64_t frames, states[GF_VISION_STATE_COUNT], accepted, rejected, events, events_of[3];   /* by gf_vision_kind */
    uint64_t looks, detections;          /* of the detector; things that it saw three times and more */
    char parameters_sha256[GF_HASH_HEX_BYTES];
    const char *detector_file, *detector_sha256;   /* of the description, of the model; NULL = no detector */
    double cpu_ms[GF_APP_WATCH_COST_COUNT], cpu_ms_total;   /* mean a frame, of this thread */
    double rss_mb_max;
} gf_app_watch_result;

/* Watch a source to its end. GF_EIO a file cannot be written; GF_ECANCELLED; else as the source and gf_vision_watch_open(). What was
 * written by then stays. */
gf_status gf_app_watch_run(const gf_app_watch_source *source, const gf_app_watch_options *options, gf_app_watch_result *out, gf_error *err);

/* ---- Many sources ---- */

/* One of them: `source` and `options` go in, status with its sentence or the result come out. */
typedef struct gf_app_watch_one {
    gf_app_watch_source  source;
    gf_app_watch_options options;
    gf_app_watch_result  result;
    gf_status            status;
    gf_error             err;
} gf_app_watch_one;

enum { GF_APP_WATCH_SOURCES_MAX = 256 };
/* Watch all of them to their ends, each in a thread of its own; what fails in one stays in it. GF_ELIMIT too many. */
gf_status gf_app_watch_many(gf_app_watch_one *all, size_t count, gf_error *err);

/* ---- Samples ---- */

/* What a watch said, what people said of it, and the pictures that it was said of. */
typedef struct gf_app_watch_samples {
    const gf_app_watch_source *source;
    gf_str events, poses;                /* as gf_app_watch_run() wrote them */
    gf_str verdicts;                     /* a line of JSON each: {"event":12,"verdict":"true|false|permitted|unclear","class":"excavator"|null,"by":"pe-1"} */
    const gf_app_preset_view *ground;    /* outside its parcels is painted over; NULL only with `whole` */
    double      margin_px;
    bool        whole;                   /* the pictures may leave as they are */
    const char *out;                     /* folder: images/, labels/ (YOLO), classes.txt, manifest.jsonl */
} gf_app_watch_samples;
/* unclear: no sample; without_pose: the frame does not lie on the reference, or the box lies outside it; without_frame: the source has no such frame. */
typedef struct gf_app_watch_sampled { uint64_t samples, unclear, without_pose, without_frame; } gf_app_watch_sampled;
/* GF_EINPUT a line, err->where "verdicts:12" · GF_ECONFLICT samples are there already · GF_EUSAGE neither ground nor whole · GF_EIO. */
gf_status gf_app_watch_samples_make(const gf_app_watch_samples *ask, gf_app_watch_sampled *out, gf_error *err);

/* ---- Invented sway ---- */

typedef struct gf_app_watch_sway {
    uint64_t seed;
    double   sigma_px;
    uint32_t count;                      /* frames, the first is the reference itself; 1 ... 100000 */
    const char *from;                    /* folder whose pictures are swayed one after the other; NULL = a made scene of 640 x 480 */
    const char *out;                     /* folder for the frames and poses.csv */
} gf_app_watch_sway;

/* Frames of a swaying camera and the truth about them, "frame,dx_px,dy_px,rotation_deg,scale,gain" (frame to reference, about the middle of
 * the picture). GF_EUSAGE; GF_EIO; as gf_app_watch_folder(). */
gf_status gf_app_watch_sway_make(const gf_app_watch_sway *sway, gf_error *err);
