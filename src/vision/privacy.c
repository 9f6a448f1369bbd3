/* Painting over what lies outside the shield, two by two pixels: the grain of the colours. A square stays only when all its corners fall
 * on open cells, so that an edge errs on the side of closing.
 */
#include "vision/gf_vision_privacy.h"

#include <math.h>

enum { GREY_Y = 96, GREY_UV = 128 };

typedef struct painter {
    const gf_vision_shield *shield;
    const gf_vision_pose *pose;
    int frame_width, frame_height;       /* in whose pixels the pose counts */
    double scale_x, scale_y;             /* picture to frame */
} painter;

static bool is_open(const painter *p, double x, double y)
{
    double at_x, at_y;
    gf_vision_pose_apply(p->pose, p->frame_width, p->frame_height, (x + 0.5) * p->scale_x - 0.5, (y + 0.5) * p->scale_y - 0.5, &at_x, &at_y);
    double column = floor((at_x + 0.5) / p->frame_width * p->shield->columns), row = floor((at_y + 0.5) / p->frame_height * p->shield->rows);
    if (!(column >= 0 && row >= 0 && column < p->shield->columns && row < p->shield->rows))
        return false;
    return p->shield->open[(size_t)row * p->shield->columns + (size_t)column] != 0;
}

static bool square_is_open(const painter *p, int x, int y)
{
    return p->shield && p->pose && is_open(p, x, y) && is_open(p, x + 1, y) && is_open(p, x, y + 1) && is_open(p, x + 1, y + 1);
}

double gf_vision_shield_paint(const gf_vision_shield *shield, const gf_vision_pose *pose, int frame_width, int frame_height, int width, int height,
                              uint8_t *y, int y_stride, uint8_t *u, uint8_t *v, int uv_stride)
{
    const painter p = { shield, pose, frame_width, frame_height, (double)frame_width / width, (double)frame_height / height };
    uint64_t kept = 0, all = 0;
    for (int row = 0; row < height; row += 2)
        for (int column = 0; column < width; column += 2, all++) {
            if (square_is_open(&p, column, row)) {
                kept++;
                continue;
            }
            for (int i = 0; i < 4; i++)
                if (row + i / 2 < height && column + i % 2 < width)
                    y[(size_t)(row + i / 2) * (size_t)y_stride + (size_t)(column + i % 2)] = GREY_Y;
            u[(size_t)(row / 2) * (size_t)uv_stride + (size_t)(column / 2)] = GREY_UV;
            v[(size_t)(row / 2) * (size_t)uv_stride + (size_t)(column / 2)] = GREY_UV;
        }
    return all ? (double)kept / (double)all : 0;
}
