/* app/gf_app_detect.h - a detector's description: the JSON beside the model.
 *
 *   {"schema":"gongfu.watch.detector/1","file":"M.onnx","sha256":"...","head":"yolox|fastestdet",
 *    "input":{"width","height","fit":"letterbox|stretch","colours":"bgr|rgb","scale","pad"},"strides":[8,16,32],
 *    "score_least","overlap_most","tiles":{"columns","rows","overlap"},"classes":[...],"report":[...]|{"car":0.3,...},
 *    "licence","origin"}
 *
 * `classes` are what the model was trained for, in its own order; they hold for the file of that hash and no other. `report`
 * chooses among them, with a least score of their own or not, and can add and rename nothing; absent, all are reported.
 * scale, pad, tiles, score_least (0.25) and overlap_most (0.45) may be left out; an unknown key is refused.
 */
#pragma once
#include "base/gf_base.h"
#include "vision/gf_vision_detect.h"

enum { GF_APP_DETECTOR_BYTES_MAX = 1 << 20, GF_APP_DETECTOR_FILE_BYTES = 256 };

typedef struct gf_app_detector {
    char                   file[GF_APP_DETECTOR_FILE_BYTES];   /* beside the description: a name without a folder */
    char                   sha256[GF_HASH_HEX_BYTES];
    gf_vision_detect_model model;                              /* checked */
} gf_app_detector;

/* GF_EINPUT "detect.json" no JSON, a key that is missing, unknown or of another kind; "detect.model" a value out of bounds.
 * GF_ELIMIT more than GF_APP_DETECTOR_BYTES_MAX. */
gf_status gf_app_detector_read(gf_str json, gf_app_detector *out, gf_error *err);

/* Are these the bytes that the description speaks of? GF_EINPUT "detect.hash". */
gf_status gf_app_detector_verify(const gf_app_detector *detector, gf_str model_bytes, gf_error *err);
