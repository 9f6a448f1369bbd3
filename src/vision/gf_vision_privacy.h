/* vision/gf_vision_privacy.h - what of a picture may be kept: everything else is painted over.
 *
 * A shield says for cells of the reference picture whether they may be seen. A frame that lies on the reference is painted where its
 * pixels fall on closed cells, and whole where it does not lie on it: what is not known to be open is closed. Nothing is blurred, for
 * blur can be undone; what is painted is one grey. Pure.
 */
#pragma once
#include "vision/gf_vision.h"

typedef struct gf_vision_shield {
    int      width, height;              /* of the reference picture */
    uint32_t columns, rows;              /* of the cells: each is width / columns by height / rows pixels */
    const uint8_t *open;                 /* columns * rows, 1 = may be seen */
} gf_vision_shield;

/* Paint over a picture of any size with the reference's shape: I420 as in gf_vision_frame, its planes writable. `pose` leads from the
 * frame to the reference in pixels of a frame of frame_width; NULL, or a NULL shield, closes everything. Returns the share of pixels that stay. */
double gf_vision_shield_paint(const gf_vision_shield *shield, const gf_vision_pose *pose, int frame_width, int frame_height, int width, int height,
                              uint8_t *y, int y_stride, uint8_t *u, uint8_t *v, int uv_stride);
