/* link/gf_link_detect.h - run a detector's network: floats in, floats out, through ONNX Runtime.
 *
 * The library is loaded when the first network is opened; without it everything else works, and the failure says "no
 * detector". What the floats mean is the room vision's. One thread computes each call: cameras are the parallelism.
 */
#pragma once
#include "base/gf_base.h"

typedef struct gf_link_detector gf_link_detector;

enum { GF_LINK_SHAPE_MAX = 5, GF_LINK_MODEL_BYTES_MAX = 256 << 20 };

typedef struct gf_link_shape { size_t count; int64_t side[GF_LINK_SHAPE_MAX]; size_t floats; } gf_link_shape;   /* floats: the product */

/* `model` is an ONNX file's bytes, borrowed for the call: weights in files beside it are not looked for. `folder` is where
 * libonnxruntime.so.1 stands; NULL looks beside the program, where gongfu was installed and where the machine keeps libraries.
 *
 * GF_ENOTFOUND "link.detector"   no library: no detector; the hint names make detector
 * GF_EINPUT    "link.detector"   the library does not load, or is older than version 1.11
 * GF_EINPUT    "link.model"      no model, or one with other than one input and one output of floats in fixed shapes
 * GF_ELIMIT    "link.model"      larger than GF_LINK_MODEL_BYTES_MAX, or more than 2^26 floats in or out
 */
gf_status gf_link_detector_open(const char *folder, const void *model, size_t bytes, gf_link_detector **out, gf_error *err);
/* NULL is a no-op. */
void      gf_link_detector_close(gf_link_detector *detector);

/* Borrowed from the detector. */
const gf_link_shape *gf_link_detector_input(const gf_link_detector *detector);
const gf_link_shape *gf_link_detector_output(const gf_link_detector *detector);
/* "1.30.0": the library's own word for its version. */
const char          *gf_link_detector_version(const gf_link_detector *detector);

/* Compute. `input` and `output` have the floats of the two shapes. Threads may call it at the same time. Has the form of
 * gf_vision_detect_infer, with the detector as its context.
 *
 * GF_EUNSOLVED "link.detector"   the library refuses to compute; err holds its words
 */
gf_status gf_link_detector_run(void *detector, const float *input, float *output, gf_error *err);
