/* vision/detect_inside.h - between the files of the detector's part of the room. */
#pragma once
#include "vision/gf_vision_detect.h"

/* How a part of a picture lies in the network's input: `across` by `down` pixels from its upper left corner. */
typedef struct detect_lay { int across, down; double x_scale, y_scale; } detect_lay;
detect_lay detect_lay_of(const gf_vision_detect_model *model, const gf_vision_detect_rect *part);
