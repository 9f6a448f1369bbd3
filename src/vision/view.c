/* From the camera's frame to the picture the engine works on.
 *
 * Most cameras send 1080p; changes are looked for at 640 pixels of width, where an object of 32 pixels still has ten, noise is a third
 * and the work a ninth. Smaller frames are taken as they are.
 */
#include "vision/vision.h"

#include <math.h>
#include <string.h>

void view_size(int width, int height, int *work_width, int *work_height)
{
    int times = (width + GF_VISION_WORK_WIDTH_MAX - 1) / GF_VISION_WORK_WIDTH_MAX;
    *work_width = width / times;
    *work_height = height / times;
}

view view_make(int width, int height, gf_arena *keep)
{
    size_t pixels = (size_t)width * (size_t)height;
    return (view){ width, height, gf_new(keep, uint8_t, pixels), gf_new(keep, uint8_t, pixels), gf_new(keep, uint8_t, pixels) };
}

/* Means over `times` x `times` pixels; what does not fill a whole square at the right and below is left out. */
static void shrink(const uint8_t *from, int stride, int times, int width, int height, uint8_t *to)
{
    uint32_t share = 65536 / (uint32_t)(times * times) + 1;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const uint8_t *at = from + (ptrdiff_t)y * times * stride + (ptrdiff_t)x * times;
            uint32_t sum = 0;
            for (int j = 0; j < times; j++)
                for (int i = 0; i < times; i++)
                    sum += at[j * stride + i];
            to[y * width + x] = (uint8_t)((sum * share) >> 16);
        }
}

static void shrink3(const uint8_t *from, int stride, int width, int height, uint8_t *to)
{
    for (int y = 0; y < height; y++) {
        const uint8_t *a = from + (ptrdiff_t)y * 3 * stride, *b = a + stride, *c = b + stride;
        for (int x = 0; x < width; x++) {
            int i = 3 * x;
            uint32_t sum = (uint32_t)(a[i] + a[i + 1] + a[i + 2] + b[i] + b[i + 1] + b[i + 2] + c[i] + c[i + 1] + c[i + 2]);
            to[y * width + x] = (uint8_t)((sum * 7282) >> 16);
        }
    }
}

/* Nearest sample: chroma is coarse by nature. */
static void stretch(const uint8_t *from, int from_width, int from_height, int stride, int width, int height, uint8_t *to)
{
    uint32_t step_x = ((uint32_t)from_width << 16) / (uint32_t)width, step_y = ((uint32_t)from_height << 16) / (uint32_t)height;
    for (int y = 0; y < height; y++) {
        const uint8_t *row = from + (ptrdiff_t)(((uint32_t)y * step_y + step_y / 2) >> 16) * stride;
        uint32_t at = step_x / 2;
        for (int x = 0; x < width; x++, at += step_x)
            to[y * width + x] = row[at >> 16];
    }
}

void view_take(view *out, const gf_vision_frame *f)
{
    int times = f->width / out->width;
    if (times == 1)
        for (int y = 0; y < out->height; y++)
            memcpy(out->y + (size_t)y * (size_t)out->width, f->y + (ptrdiff_t)y * f->y_stride, (size_t)out->width);
    else if (times == 3)
        shrink3(f->y, f->y_stride, out->width, out->height, out->y);
    else
        shrink(f->y, f->y_stride, times, out->width, out->height, out->y);
    /* The part of the chroma planes that the working picture covers. */
    int chroma_width = (out->width * times + 1) / 2, chroma_height = (out->height * times + 1) / 2;
    stretch(f->u, chroma_width, chroma_height, f->uv_stride, out->width, out->height, out->u);
    stretch(f->v, chroma_width, chroma_height, f->uv_stride, out->width, out->height, out->v);
}

void halve(const uint8_t *from, int width, int height, uint8_t *to)
{
    int half_width = width / 2, half_height = height / 2;
    for (int y = 0; y < half_height; y++) {
        const uint8_t *a = from + (ptrdiff_t)2 * y * width, *b = a + width;
        for (int x = 0; x < half_width; x++)
            to[y * half_width + x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
    }
}

void smooth(const uint8_t *from, int width, int height, uint8_t *to, uint16_t *room)
{
    for (int y = 0; y < height; y++) {
        const uint8_t *row = from + (ptrdiff_t)y * width;
        uint16_t *out = room + (ptrdiff_t)y * width;
        out[0] = (uint16_t)(3 * row[0] + row[1]);
        for (int x = 1; x < width - 1; x++)
            out[x] = (uint16_t)(row[x - 1] + 2 * row[x] + row[x + 1]);
        out[width - 1] = (uint16_t)(row[width - 2] + 3 * row[width - 1]);
    }
    for (int y = 0; y < height; y++) {
        const uint16_t *b = room + (ptrdiff_t)y * width, *a = y > 0 ? b - width : b, *c = y < height - 1 ? b + width : b;
        for (int x = 0; x < width; x++)
            to[y * width + x] = (uint8_t)((a[x] + 2 * b[x] + c[x] + 8) >> 4);
    }
}
