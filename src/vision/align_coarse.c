/* The coarse step: by how much the whole picture is shifted, whatever its light.
 *
 * Correlation of local contrast over the part that both show, at every shift within reach; some 80 pixels of width, so a shift of a
 * hundred pixels is a dozen here. Whole-frame phase correlation was dropped: it answers with nonsense on a third of real frames.
 * Several peaks are handed on, for a row of crops or a fence has more than one; the blocks decide.
 */
#include "vision/align_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURHOOD = 3, PEAK_APART = 2 };

/* Sums over squares by an integral image of int32: 80 x 60 x 255 fits. */
void coarse_contrast(const uint8_t *from, int width, int height, int8_t *to, int32_t *room)
{
    int stride = width + 1;
    memset(room, 0, (size_t)stride * sizeof *room);
    for (int y = 0; y < height; y++) {
        int32_t row = 0;
        room[(y + 1) * stride] = 0;
        for (int x = 0; x < width; x++) {
            row += from[y * width + x];
            room[(y + 1) * stride + x + 1] = room[y * stride + x + 1] + row;
        }
    }
    double square = 0;
    for (int pass = 0; pass < 2; pass++) {
        double gain = 40 / (sqrt(square / ((double)width * height)) + 0.5);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                int x0 = x > NEIGHBOURHOOD ? x - NEIGHBOURHOOD : 0, x1 = x + NEIGHBOURHOOD < width ? x + NEIGHBOURHOOD + 1 : width;
                int y0 = y > NEIGHBOURHOOD ? y - NEIGHBOURHOOD : 0, y1 = y + NEIGHBOURHOOD < height ? y + NEIGHBOURHOOD + 1 : height;
                double mean = (double)(room[y1 * stride + x1] - room[y0 * stride + x1] - room[y1 * stride + x0] + room[y0 * stride + x0]) / ((x1 - x0) * (y1 - y0));
                double contrast = from[y * width + x] - mean;
                if (pass == 0)
                    square += contrast * contrast;
                else
                    to[y * width + x] = (int8_t)fmax(-127, fmin(127, contrast * gain));
            }
    }
}

static float correlate(const int8_t *reference, const int8_t *picture, int width, int height, int dx, int dy)
{
    int x0 = dx < 0 ? -dx : 0, x1 = dx > 0 ? width - dx : width, y0 = dy < 0 ? -dy : 0, y1 = dy > 0 ? height - dy : height;
    int64_t product = 0, a2 = 0, b2 = 0;
    for (int y = y0; y < y1; y++) {
        const int8_t *a = reference + y * width, *b = picture + (y + dy) * width + dx;
        int32_t row = 0, row_a = 0, row_b = 0;
        for (int x = x0; x < x1; x++) {
            row += a[x] * b[x];
            row_a += a[x] * a[x];
            row_b += b[x] * b[x];
        }
        product += row;
        a2 += row_a;
        b2 += row_b;
    }
    return (float)((double)product / sqrt((double)a2 * (double)b2 + 1));
}

int coarse_peaks(const int8_t *reference, const int8_t *picture, int width, int height, int reach, float *room, shift *peaks, int most)
{
    int side = 2 * reach + 1, count = 0;
    for (int dy = -reach; dy <= reach; dy++)
        for (int dx = -reach; dx <= reach; dx++)
            room[(dy + reach) * side + dx + reach] = abs(dx) < width / 2 && abs(dy) < height / 2 ? correlate(reference, picture, width, height, dx, dy) : -1;
    while (count < most) {
        shift best = { 0, 0, 0 };
        for (int i = 0; i < side * side; i++) {
            int dx = i % side - reach, dy = i / side - reach;
            bool apart = true;
            for (int k = 0; k < count; k++)
                apart = apart && (abs(dx - peaks[k].dx) > PEAK_APART || abs(dy - peaks[k].dy) > PEAK_APART);
            if (apart && room[i] > best.score)
                best = (shift){ dx, dy, room[i] };
        }
        if (best.score <= 0)
            break;
        peaks[count++] = best;
    }
    return count;
}
