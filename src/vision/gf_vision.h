/* vision/gf_vision.h - what moves and what has changed in a view that is looked at again and again.
 *
 * A watch takes frames of one view in their order and says for each: can anything be seen (gate), how does the frame lie on the view's
 * reference (registration), which pixels are of something that was not there (change), and which regions have changed for good (slow
 * change). It knows no names of things: a finding is a place, a time and a kind of evidence. Where the frame cannot be looked at or does
 * not lie on the reference, nothing is learned and nothing is found.
 *
 * Pure: no file, clock, global or log; the same frames give the same answers, whatever the machine. Handles belong to one thread at a
 * time; as many may be open as there is memory for. Pixels are counted from the upper left; x to the right, y down. Lengths in pixels of
 * the frame, angles in radians, clockwise as seen. Methods and their limits: docs/watch.md.
 */
#pragma once
#include "base/gf_base.h"

/* ---- Frames ---- */

/* I420: luma in full size, chroma in half size rounded up, rows `stride` bytes apart. Borrowed for the call. */
typedef struct gf_vision_frame {
    int width, height;
    const uint8_t *y, *u, *v;
    int y_stride, uv_stride;
    gf_utc_ms at;                        /* when it was taken; never before the frame before it */
    uint64_t number;                     /* the caller's count, for findings */
} gf_vision_frame;

enum { GF_VISION_SIDE_MIN = 64, GF_VISION_SIDE_MAX = 8192, GF_VISION_WORK_WIDTH_MAX = 640 };

/* ---- Parameters ---- */

/* One set serves every camera; a test or a trial may change it. docs/watch.md says what each does. */
typedef struct gf_vision_tuning {
    double words, word_least, accept, rate, rate_first, blob_leak;       /* the model of a pixel */
    double reach, reach_noise, reach_edge, reach_shaky, reach_max, chroma, strong;    /* how near is the same */
    double second_chance, blink;                                         /* motion of leaves and water */
    double light_least;                                                  /* changes of light below this share are left to the words */
    double shadow_dark, shadow_light, shadow_chroma, shadow_edge;        /* what a shadow looks like */
    double median, area_least, fill, strong_least;                       /* from pixels to regions */
} gf_vision_tuning;

extern const gf_vision_tuning GF_VISION_TUNING_DEFAULT;

/* The parameters by name, for records and trials: *name is NULL behind the last. */
typedef struct gf_vision_parameter { const char *name; size_t offset; double least, most; } gf_vision_parameter;
/* All of them, ended by one without a name. Static. */
const gf_vision_parameter *gf_vision_parameters(void);
/* "name=value" a line, in a fixed order and form: what a record's hash is taken of. */
void gf_vision_tuning_write(const gf_vision_tuning *tuning, gf_text *out);
/* SHA-256 of this room's files as they were built, 64 hexadecimal digits: the constants that no caller may set, and the method itself. Static. */
const char *gf_vision_method(void);

/* ---- Registration ---- */

/* A similarity about the middle of the picture ((width - 1) / 2, (height - 1) / 2): turn, scale, then move. */
typedef struct gf_vision_pose { double dx_px, dy_px, rotation_rad, scale; } gf_vision_pose;
#define GF_VISION_POSE_NONE ((gf_vision_pose){ 0, 0, 0, 1 })

/* Where a point comes to lie. */
void   gf_vision_pose_apply(const gf_vision_pose *pose, int width, int height, double x, double y, double *to_x, double *to_y);
/* The way back. scale must not be 0. */
gf_vision_pose gf_vision_pose_inverse(const gf_vision_pose *pose);
/* Mean distance between where two poses put the pixels of a picture, taken over 9 x 9 of them. */
double gf_vision_pose_apart_px(const gf_vision_pose *a, const gf_vision_pose *b, int width, int height);

typedef struct gf_vision_fit {
    bool accepted;
    gf_vision_pose pose;                 /* frame to reference; none when not accepted */
    double residual_px;                  /* mean of what the blocks that agree are off */
    int blocks, agreeing;                /* with texture in the reference; of them on this pose, weighed by how often they were right lately */
} gf_vision_fit;

/* ---- A watch ---- */

/* Why a frame can or cannot be looked at. BLIND: it does not lie on the reference and nothing else explains it. */
typedef enum gf_vision_state {
    GF_VISION_LOOKING, GF_VISION_MOVING, GF_VISION_BLIND, GF_VISION_DARK, GF_VISION_FOG, GF_VISION_FROZEN, GF_VISION_COVERED, GF_VISION_STATE_COUNT
} gf_vision_state;
/* "looking", "moving", ...: static. */
const char *gf_vision_state_name(gf_vision_state state);

typedef enum gf_vision_kind { GF_VISION_MOTION, GF_VISION_LASTING_CHANGE, GF_VISION_STATE_CHANGE } gf_vision_kind;

/* What was found. The box and the area are in pixels of the reference frame; none for a change of state. */
typedef struct gf_vision_finding {
    gf_vision_kind  kind;
    gf_vision_state state;               /* the new one, of a change of state */
    uint64_t  frame_first, frame_last;   /* when it was first seen, and when for the last time or when it was settled */
    gf_utc_ms at_first, at_last;
    uint64_t  frame_box;                 /* of what moved: the frame whose box it is */
    int       left, top, width, height;  /* where most of it was seen */
    int       path_left, path_top, path_width, path_height;   /* of what moved: all that it passed */
    uint32_t  area_px;
    double    score;                     /* 0 ... 1: share of the looks since that show it */
    double    pose_error_px;             /* what the registration leaves open; -1 where there is none */
} gf_vision_finding;

typedef enum gf_vision_stage { GF_VISION_GATE, GF_VISION_REGISTER, GF_VISION_CHANGE, GF_VISION_SLOW, GF_VISION_STAGE_COUNT } gf_vision_stage;

typedef struct gf_vision_options {
    gf_vision_tuning tuning;
    uint64_t (*clock_ns)(void *context); /* processor time, for step.cpu_ns; NULL = not measured */
    void    *context;
    size_t   bytes_max;                  /* of the handle; 0 = 256 MiB */
} gf_vision_options;
#define GF_VISION_OPTIONS_DEFAULT ((gf_vision_options){ .tuning = GF_VISION_TUNING_DEFAULT })

typedef struct gf_vision_step {
    gf_vision_state state;
    gf_vision_fit   fit;                 /* in pixels of the frame; not accepted where the gate was shut */
    const uint8_t  *mask;                /* 0/255, of the frame's size and place, rows without gaps; all 0 unless looking; borrowed until the next step */
    const gf_vision_finding *findings;   /* settled at this frame; borrowed likewise */
    size_t   finding_count;
    uint64_t cpu_ns[GF_VISION_STAGE_COUNT];
} gf_vision_step;

typedef struct gf_vision_watch gf_vision_watch;
/* For frames of one size. GF_ELIMIT "vision.size" sides outside GF_VISION_SIDE_MIN ... MAX, or too narrow once it is scaled to
 * GF_VISION_WORK_WIDTH_MAX; GF_EINPUT "vision.tuning" a parameter outside its
 * bounds; GF_ENOMEM. */
gf_status gf_vision_watch_open(const gf_vision_options *options, int width, int height, gf_vision_watch **out, gf_error *err);
/* NULL is a no-op. */
void      gf_vision_watch_close(gf_vision_watch *watch);
/* GF_EINPUT "vision.frame" another size, or a time before the last frame's: nothing is learned from it. */
gf_status gf_vision_watch_step(gf_vision_watch *watch, const gf_vision_frame *frame, gf_vision_step *step, gf_error *err);
/* What is still open at the end of the source: step->findings only. */
void      gf_vision_watch_finish(gf_vision_watch *watch, gf_vision_step *step);
