/* Similarities of the plane: applied, turned around, compared. */
#include "vision/gf_vision.h"

#include <math.h>

void gf_vision_pose_apply(const gf_vision_pose *p, int width, int height, double x, double y, double *to_x, double *to_y)
{
    double mid_x = (width - 1) / 2.0, mid_y = (height - 1) / 2.0, c = p->scale * cos(p->rotation_rad), s = p->scale * sin(p->rotation_rad);
    double from_x = x - mid_x, from_y = y - mid_y;
    *to_x = mid_x + c * from_x - s * from_y + p->dx_px;
    *to_y = mid_y + s * from_x + c * from_y + p->dy_px;
}

gf_vision_pose gf_vision_pose_inverse(const gf_vision_pose *p)
{
    double c = cos(p->rotation_rad) / p->scale, s = sin(p->rotation_rad) / p->scale;
    return (gf_vision_pose){ -(c * p->dx_px + s * p->dy_px), -(c * p->dy_px - s * p->dx_px), -p->rotation_rad, 1 / p->scale };
}

double gf_vision_pose_apart_px(const gf_vision_pose *a, const gf_vision_pose *b, int width, int height)
{
    double sum = 0;
    for (int j = 0; j < 9; j++)
        for (int i = 0; i < 9; i++) {
            double ax, ay, bx, by, x = (width - 1) * i / 8.0, y = (height - 1) * j / 8.0;
            gf_vision_pose_apply(a, width, height, x, y, &ax, &ay);
            gf_vision_pose_apply(b, width, height, x, y, &bx, &by);
            sum += hypot(ax - bx, ay - by);
        }
    return sum / 81;
}
