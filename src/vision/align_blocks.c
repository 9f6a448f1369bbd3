/* Blocks: small squares of good texture, one in each cell of a grid so that no corner of the picture rules the vote.
 *
 * Each is first sought in whole pixels by correlation, then brought to parts of a pixel by Lucas and Kanade's iteration on the block less
 * its mean and divided by its contrast, so that a sun behind a cloud moves nothing.
 */
#include "vision/align_inside.h"

#include <math.h>

enum { HALF = 7, SIDE = 2 * HALF + 1, SEARCH_HALF = 5, ITERATIONS = 8 };
static const double STEP_LEAST_PX = 0.02;
static const double TEXTURE_LEAST = 60;      /* smaller eigenvalue of the mean structure tensor, grey levels squared */
static const float CORRELATION_LEAST = 0.5f;

/* The smaller eigenvalue of [xx xy; xy yy] (Shi and Tomasi 1994). */
static double texture_at(const uint8_t *p, int width, int cx, int cy)
{
    double xx = 0, xy = 0, yy = 0;
    for (int y = cy - HALF; y <= cy + HALF; y++)
        for (int x = cx - HALF; x <= cx + HALF; x++) {
            int gx = p[y * width + x + 1] - p[y * width + x - 1], gy = p[(y + 1) * width + x] - p[(y - 1) * width + x];
            xx += gx * gx;
            xy += gx * gy;
            yy += gy * gy;
        }
    double half = (xx + yy) / 2, apart = sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
    return (half - apart) / (SIDE * SIDE * 4.0);
}

int choose_blocks(const uint8_t *picture, int width, int height, block *blocks)
{
    int count = 0, edge = HALF + 2;
    for (int j = 0; j < BLOCKS_Y; j++)
        for (int i = 0; i < BLOCKS_X; i++) {
            int x0 = edge + (width - 2 * edge) * i / BLOCKS_X, x1 = edge + (width - 2 * edge) * (i + 1) / BLOCKS_X;
            int y0 = edge + (height - 2 * edge) * j / BLOCKS_Y, y1 = edge + (height - 2 * edge) * (j + 1) / BLOCKS_Y, best_x = 0, best_y = 0;
            double best = 0;
            for (int y = y0; y < y1; y += 4)
                for (int x = x0; x < x1; x += 4) {
                    double texture = texture_at(picture, width, x, y);
                    if (texture > best) {
                        best = texture;
                        best_x = x;
                        best_y = y;
                    }
                }
            if (best * 16 > TEXTURE_LEAST)
                blocks[count++] = (block){ .x = (float)best_x, .y = (float)best_y };
        }
    return count;
}

static void place(const similarity *s, double mid_x, double mid_y, double x, double y, double *to_x, double *to_y)
{
    *to_x = mid_x + s->a * (x - mid_x) - s->b * (y - mid_y) + s->dx;
    *to_y = mid_y + s->b * (x - mid_x) + s->a * (y - mid_y) + s->dy;
}

static float correlate_block(const uint8_t *a, const uint8_t *b, int width, int ax, int ay, int bx, int by)
{
    int32_t sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0, n = (2 * SEARCH_HALF + 1) * (2 * SEARCH_HALF + 1);
    for (int j = -SEARCH_HALF; j <= SEARCH_HALF; j++) {
        const uint8_t *p = a + (ay + j) * width + ax, *q = b + (by + j) * width + bx;
        for (int i = -SEARCH_HALF; i <= SEARCH_HALF; i++) {
            sum_a += p[i];
            sum_b += q[i];
            aa += p[i] * p[i];
            bb += q[i] * q[i];
            ab += p[i] * q[i];
        }
    }
    double va = (double)aa - (double)sum_a * sum_a / n, vb = (double)bb - (double)sum_b * sum_b / n, cov = (double)ab - (double)sum_a * sum_b / n;
    return va > n && vb > n ? (float)(cov / sqrt(va * vb)) : 0;
}

static bool inside(int x, int y, int edge, int width, int height) { return x >= edge && y >= edge && x < width - edge && y < height - edge; }

void search_blocks(const pyramid *reference, const pyramid *picture, int level, int reach, const similarity *guess, block *blocks, int count)
{
    int width = reference->width[level], height = reference->height[level], scale = 1 << level;
    double mid_x = (reference->width[0] - 1) / 2.0, mid_y = (reference->height[0] - 1) / 2.0, half = (scale - 1) / 2.0;
    for (int k = 0; k < count; k++) {
        double at_x, at_y;
        block *b = &blocks[k];
        place(guess, mid_x, mid_y, b->x, b->y, &at_x, &at_y);
        int ax = (int)lround((b->x - half) / scale), ay = (int)lround((b->y - half) / scale);
        double off_x = ax * scale + half - b->x, off_y = ay * scale + half - b->y;
        int bx = (int)lround((at_x + off_x - half) / scale), by = (int)lround((at_y + off_y - half) / scale);
        float best = CORRELATION_LEAST;
        b->seen = false;
        if (!inside(ax, ay, SEARCH_HALF, width, height))
            continue;
        for (int dy = -reach; dy <= reach; dy++)
            for (int dx = -reach; dx <= reach; dx++) {
                if (!inside(bx + dx, by + dy, SEARCH_HALF, width, height))
                    continue;
                float score = correlate_block(reference->level[level], picture->level[level], width, ax, ay, bx + dx, by + dy);
                if (score > best) {
                    best = score;
                    b->seen = true;
                    b->seen_x = (float)((bx + dx) * scale + half - off_x);
                    b->seen_y = (float)((by + dy) * scale + half - off_y);
                }
            }
    }
}

/* Bilinear; false outside. */
static bool sample_at(const uint8_t *p, int width, int height, double x, double y, double *out)
{
    int ix = (int)floor(x), iy = (int)floor(y);
    if (ix < 0 || iy < 0 || ix >= width - 1 || iy >= height - 1)
        return false;
    const uint8_t *at = p + iy * width + ix;
    double fx = x - ix, fy = y - iy, above = at[0] + fx * (at[1] - at[0]), below = at[width] + fx * (at[width + 1] - at[width]);
    *out = above + fy * (below - above);
    return true;
}

typedef struct patch { float value[SIDE * SIDE], gx[SIDE * SIDE], gy[SIDE * SIDE]; double mean, norm, xx, xy, yy; } patch;

static void take_patch(const uint8_t *p, int width, const block *b, patch *out)
{
    int n = 0;
    double sum = 0, square = 0;
    out->xx = out->xy = out->yy = 0;
    for (int j = -HALF; j <= HALF; j++)
        for (int i = -HALF; i <= HALF; i++, n++) {
            const uint8_t *at = p + ((int)b->y + j) * width + (int)b->x + i;
            out->value[n] = at[0];
            out->gx[n] = (float)(at[1] - at[-1]) / 2;
            out->gy[n] = (float)(at[width] - at[-width]) / 2;
            sum += at[0];
            out->xx += out->gx[n] * out->gx[n];
            out->xy += out->gx[n] * out->gy[n];
            out->yy += out->gy[n] * out->gy[n];
        }
    out->mean = sum / n;
    for (int k = 0; k < n; k++)
        square += (out->value[k] - out->mean) * (out->value[k] - out->mean);
    out->norm = sqrt(square) + 1e-9;
}

/* The patch of the picture around a place, turned and scaled by the guess, less its mean and over its contrast. */
static bool take_seen(const uint8_t *p, int width, int height, const similarity *s, double x, double y, double *value, double *correlation, const patch *reference)
{
    double sum = 0, square = 0, product = 0;
    int n = 0;
    for (int j = -HALF; j <= HALF; j++)
        for (int i = -HALF; i <= HALF; i++, n++) {
            if (!sample_at(p, width, height, x + s->a * i - s->b * j, y + s->b * i + s->a * j, &value[n]))
                return false;
            sum += value[n];
        }
    double mean = sum / n;
    for (int k = 0; k < n; k++) {
        value[k] -= mean;
        square += value[k] * value[k];
    }
    double gain = reference->norm / (sqrt(square) + 1e-9);
    for (int k = 0; k < n; k++) {
        product += value[k] * (reference->value[k] - reference->mean);
        value[k] *= gain;
    }
    *correlation = product / (sqrt(square) * reference->norm + 1e-9);
    return true;
}

static void refine_one(const pyramid *reference, const pyramid *picture, const similarity *s, double x, double y, block *b)
{
    patch r;
    double value[SIDE * SIDE], correlation = 0, step = 1;
    take_patch(reference->level[0], reference->width[0], b, &r);
    double det = r.xx * r.yy - r.xy * r.xy, start_x = x, start_y = y;
    for (int k = 0; k < ITERATIONS && step > STEP_LEAST_PX; k++) {
        double ex = 0, ey = 0;
        if (!take_seen(picture->level[0], picture->width[0], picture->height[0], s, x, y, value, &correlation, &r))
            return;
        for (int n = 0; n < SIDE * SIDE; n++) {
            double d = r.value[n] - r.mean - value[n];
            ex += d * r.gx[n];
            ey += d * r.gy[n];
        }
        /* In the reference's frame; the picture's is turned by the guess. */
        double dx = (r.yy * ex - r.xy * ey) / (det + 1e-9), dy = (r.xx * ey - r.xy * ex) / (det + 1e-9);
        x += s->a * dx - s->b * dy;
        y += s->b * dx + s->a * dy;
        step = hypot(dx, dy);
        if (hypot(x - start_x, y - start_y) > 4)
            return;
    }
    b->seen = step < 0.1 && correlation > 0.6;
    b->seen_x = (float)x;
    b->seen_y = (float)y;
}

void refine_blocks(const pyramid *reference, const pyramid *picture, const similarity *guess, block *blocks, int count)
{
    double mid_x = (reference->width[0] - 1) / 2.0, mid_y = (reference->height[0] - 1) / 2.0, x, y;
    for (int k = 0; k < count; k++) {
        place(guess, mid_x, mid_y, blocks[k].x, blocks[k].y, &x, &y);
        blocks[k].seen = false;
        if (blocks[k].idle)
            continue;
        refine_one(reference, picture, guess, x, y, &blocks[k]);
    }
}
