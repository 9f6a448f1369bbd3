/* vision/gf_vision_detect.h - a detector's second witness: from a picture to a network's input, from its output to named boxes.
 *
 * The network itself is run by somebody else (gf_vision_detect_infer): here are the pictures before it and the boxes behind it,
 * the classes that it was trained for, and the samples that people's verdicts leave for training the next one.
 *
 * A detector names nothing but what its model was trained for: a box's class is one of the names that the model's
 * description lists, in the model's order, and none can be given another name here.
 *
 * Pure: no file, clock, global or log. Boxes are in pixels of the picture, from its upper left corner; x to the right, y down.
 * Methods: Ge et al., "YOLOX: Exceeding YOLO Series in 2021" (arXiv:2107.08430), for the decoding of its heads; FastestDet's
 * by its author's description; greedy suppression by overlap.
 */
#pragma once
#include "base/gf_base.h"

enum {
    GF_VISION_CLASSES_MAX = 256, GF_VISION_CLASS_BYTES = 48, GF_VISION_INPUT_MAX = 2048, GF_VISION_TILES_MAX = 64,
    GF_VISION_BOXES_MAX = 256, GF_VISION_STRIDES_MAX = 4
};

/* I420, as in gf_link_frame. Borrowed. */
typedef struct gf_vision_detect_image {
    int            width, height;        /* 2 ... 16384 */
    const uint8_t *y, *u, *v;
    int            y_stride, uv_stride;
    bool           full_range;           /* brightness from 0 to 255 instead of 16 to 235 */
} gf_vision_detect_image;

/* ---- The model's description ---- */

/* YOLOX: a row for each cell of each stride, centre and logarithm of the size in cells, object, classes. FASTESTDET: a
 * plane for each of object, centre and size (before tanh and sigmoid), classes, over one grid; score object^0.6 class^0.4. */
typedef enum gf_vision_detect_head { GF_VISION_HEAD_YOLOX, GF_VISION_HEAD_FASTESTDET, GF_VISION_HEAD_COUNT } gf_vision_detect_head;
/* How a picture comes into the input: LETTERBOX keeps its shape, at the upper left, and pads; STRETCH does not. */
typedef enum gf_vision_detect_fit { GF_VISION_FIT_LETTERBOX, GF_VISION_FIT_STRETCH, GF_VISION_FIT_COUNT } gf_vision_detect_fit;
/* "yolox", "fastestdet"; "letterbox", "stretch": what a description calls them. Static; NULL for an unknown number. */
const char *gf_vision_detect_head_name(gf_vision_detect_head head);
const char *gf_vision_detect_fit_name(gf_vision_detect_fit fit);

typedef struct gf_vision_detect_class {
    char name[GF_VISION_CLASS_BYTES];    /* what the model was trained for */
    bool reported;                       /* boxes of the others are dropped */
    float score_least;                   /* of its own; 0 = the model's */
} gf_vision_detect_class;

typedef struct gf_vision_detect_model {
    gf_vision_detect_head head;
    gf_vision_detect_fit  fit;
    int    width, height;                /* of the input, a multiple of each stride */
    int    stride[GF_VISION_STRIDES_MAX];
    size_t stride_count;
    bool   rgb;                          /* planes in the order R, G, B instead of B, G, R */
    float  scale, pad;                   /* input = colour (0 ... 255) * scale; the padding's colour, before it */
    float  score_least;
    float  overlap_most;                 /* of two boxes, intersection over union: beyond it, the lower score goes */
    int    tile_columns, tile_rows;      /* a picture is looked at in so many pieces */
    float  tile_overlap;                 /* share of a tile that it has in common with the next */
    size_t class_count;
    gf_vision_detect_class class[GF_VISION_CLASSES_MAX];
} gf_vision_detect_model;

/* Are all values within their bounds, and the names different? GF_EINPUT "detect.model" with the name of the value. */
gf_status gf_vision_detect_model_check(const gf_vision_detect_model *model, gf_error *err);
/* Floats of input and output that follow from the description; a network of other sizes is another model. */
size_t    gf_vision_detect_input_floats(const gf_vision_detect_model *model);
size_t    gf_vision_detect_output_floats(const gf_vision_detect_model *model);

/* ---- Looking ---- */

typedef struct gf_vision_detect_rect { double x, y, width, height; } gf_vision_detect_rect;

typedef struct gf_vision_detect_box {
    gf_vision_detect_rect at;            /* within the picture */
    float       score;                   /* 0 ... 1 */
    uint32_t    class_index;             /* in the model's order */
    const char *class_name;              /* borrowed from the model */
} gf_vision_detect_box;

/* Run the network: `input` and `output` have gf_vision_detect_input_floats() and _output_floats(). */
typedef gf_status gf_vision_detect_infer(void *context, const float *input, float *output, gf_error *err);

/* The model's tiles over a picture; `rects` has room for GF_VISION_TILES_MAX. They cover it and lie within it. */
size_t gf_vision_detect_tiles(const gf_vision_detect_model *model, int width, int height, gf_vision_detect_rect *rects);

/* Look at parts of a picture (tiles, or what has changed), each with one run of the network; boxes in falling score, at most
 * GF_VISION_BOXES_MAX. One class wins in each place: suppression asks for no equal class. A box that was cut by the edge of
 * one part is joined with what lies over it in another.
 *
 *   model    has passed gf_vision_detect_model_check()
 *   scratch  holds input, output and candidates; rewound. Another arena than keep
 *
 * GF_EINPUT "detect.image"   a size or stride that is none, or a rectangle outside the picture
 * GF_ENOMEM                  keep or scratch reached its limit; and what `infer` answers
 */
gf_status gf_vision_detect_run(const gf_vision_detect_model *model, const gf_vision_detect_image *image, const gf_vision_detect_rect *parts, size_t part_count,
                               gf_vision_detect_infer *infer, void *context, gf_arena *keep, gf_arena *scratch, gf_vision_detect_box **boxes, size_t *box_count, gf_error *err);

/* ---- Its two halves, for tests ---- */

/* Fill the network's input from a part of the picture: each plane by area where it shrinks and bilinear where it grows,
 * BT.601 to colours, not rounded. GF_ENOMEM. */
gf_status gf_vision_detect_fill(const gf_vision_detect_model *model, const gf_vision_detect_image *image, const gf_vision_detect_rect *part, gf_arena *scratch, float *input, gf_error *err);
/* Boxes of reported classes that reach their score, in pixels of the picture, not suppressed. Returns how many there are; the best
 * `room` of them are written, in no order. What is no number in `output` is no box. */
size_t    gf_vision_detect_decode(const gf_vision_detect_model *model, const gf_vision_detect_rect *part, const float *output, gf_vision_detect_box *boxes, size_t room);

/* ---- Samples for training ---- */

/* Where to cut a sample out of a picture: the box with `margin` times its longer side around it (at least 16 pixels), square where the picture
 * allows it, on whole and even pixels. */
gf_vision_detect_rect gf_vision_sample_crop(const gf_vision_detect_rect *box, double margin, int width, int height);
/* The crop's pixels, R G B, crop->width * crop->height * 3 bytes. The crop must lie within the picture, on whole pixels. */
void gf_vision_sample_pixels(const gf_vision_detect_image *image, const gf_vision_detect_rect *crop, uint8_t *rgb);

typedef enum gf_vision_verdict { GF_VISION_VERDICT_TRUE, GF_VISION_VERDICT_FALSE, GF_VISION_VERDICT_PERMITTED, GF_VISION_VERDICT_UNCLEAR, GF_VISION_VERDICT_COUNT } gf_vision_verdict;
/* "true", "false", "permitted", "unclear". Static. */
const char *gf_vision_verdict_name(gf_vision_verdict verdict);

/* What a person said about one place of one picture. */
typedef struct gf_vision_sample {
    gf_str                picture;       /* the crop's file name, without a folder */
    gf_vision_detect_rect crop, box;     /* in pixels of the whole picture; the box within the crop */
    gf_vision_verdict     verdict;
    gf_str                class_name;    /* by the person; empty: there is nothing to be learned to see */
    uint32_t              class_index;   /* of that name, in the list of the model to be trained */
    gf_utc_ms             at;            /* of the picture; 0: not known */
    gf_str                by;            /* who said so: an id, never a name */
    gf_str                parcel, weather, preset, case_id, model_sha256;   /* empty: not known; the model whose box it was */
} gf_vision_sample;

/* The label file of the crop (YOLO: class, centre and size as shares of the crop, one line a box). A verdict of "false", or one
 * without a class, makes the empty file: a picture with nothing in it. "unclear" is no sample.
 * GF_EINPUT "sample.verdict" unclear; "sample.box" the box is not within the crop. */
gf_status gf_vision_sample_label(const gf_vision_sample *sample, gf_text *out, gf_error *err);
/* One line of the manifest: {"schema":"gongfu.watch.sample/1",...}. The same failures. */
gf_status gf_vision_sample_manifest(const gf_vision_sample *sample, gf_text *out, gf_error *err);
