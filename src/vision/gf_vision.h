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
    double reach, reach_noise, reach_edge, reach_shaky, reach_max, chroma, strong, weak;    /* how near is the same */
    double second_chance, blink;                                         /* motion of leaves and water */
    double shadow_dark, shadow_light, shadow_chroma, shadow_edge;        /* what a shadow looks like */
    double median, area_least, fill, strong_least, grow;                 /* from pixels to regions */
} gf_vision_tuning;

extern const gf_vision_tuning GF_VISION_TUNING_DEFAULT;

/* The parameters by name, for records and trials: *name is NULL behind the last. */
typedef struct gf_vision_parameter { const char *name; size_t offset; double least, most; } gf_vision_parameter;
const gf_vision_parameter *gf_vision_parameters(void);
/* "name=value" a line, in a fixed order and form: what a record's hash is taken of. */
void gf_vision_tuning_write(const gf_vision_tuning *tuning, gf_text *out);

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
    int blocks, agreeing;                /* with texture in the reference; of them on this pose */
} gf_vision_fit;
