/* The similarity that most blocks agree on: pairs of blocks propose, all blocks vote, those that agree are weighed (Tukey's weights) and
 * fitted by least squares (Umeyama 1991 has the closed form; in the plane with one complex factor it is linear).
 */
#include "vision/align_inside.h"

#include <math.h>

enum { PROPOSALS = 300, ROUNDS = 6 };
static const double STRAY_LEAST_PX = 0.1;

static double off_px(const similarity *s, const block *b, double mid_x, double mid_y)
{
    double x = b->x - mid_x, y = b->y - mid_y;
    return hypot(mid_x + s->a * x - s->b * y + s->dx - b->seen_x, mid_y + s->b * x + s->a * y + s->dy - b->seen_y);
}

static bool propose(const block *p, const block *q, double mid_x, double mid_y, similarity *out)
{
    double dx = q->x - p->x, dy = q->y - p->y, ex = q->seen_x - p->seen_x, ey = q->seen_y - p->seen_y, length = dx * dx + dy * dy;
    if (length < 40 * 40)
        return false;
    out->a = (dx * ex + dy * ey) / length;
    out->b = (dx * ey - dy * ex) / length;
    double x = p->x - mid_x, y = p->y - mid_y;
    out->dx = p->seen_x - mid_x - (out->a * x - out->b * y);
    out->dy = p->seen_y - mid_y - (out->b * x + out->a * y);
    double scale = hypot(out->a, out->b);
    return scale > 0.85 && scale < 1.18 && fabs(out->b) < 0.12;
}

/* Weighted least squares; coordinates are taken from the weighted means, which parts the four unknowns. */
static bool solve_weighted(const block *blocks, int count, const double *weight, double mid_x, double mid_y, similarity *out)
{
    double w = 0, x = 0, y = 0, u = 0, v = 0, square = 0, a = 0, b = 0;
    for (int i = 0; i < count; i++) {
        w += weight[i];
        x += weight[i] * blocks[i].x;
        y += weight[i] * blocks[i].y;
        u += weight[i] * blocks[i].seen_x;
        v += weight[i] * blocks[i].seen_y;
    }
    if (!(w > 0))
        return false;
    x /= w, y /= w, u /= w, v /= w;
    for (int i = 0; i < count; i++) {
        double px = blocks[i].x - x, py = blocks[i].y - y, qx = blocks[i].seen_x - u, qy = blocks[i].seen_y - v;
        square += weight[i] * (px * px + py * py);
        a += weight[i] * (px * qx + py * qy);
        b += weight[i] * (px * qy - py * qx);
    }
    if (!(square > w))
        return false;
    out->a = a / square;
    out->b = b / square;
    out->dx = u - mid_x - (out->a * (x - mid_x) - out->b * (y - mid_y));
    out->dy = v - mid_y - (out->b * (x - mid_x) + out->a * (y - mid_y));
    return true;
}

static double vote(const block *blocks, int count, const similarity *s, double mid_x, double mid_y, double tolerance_px)
{
    double agreeing = 0;
    for (int i = 0; i < count; i++)
        agreeing += blocks[i].seen && off_px(s, &blocks[i], mid_x, mid_y) < tolerance_px ? blocks[i].trust : 0;
    return agreeing;
}

bool fit_similarity(const block *blocks, int count, double mid_x, double mid_y, double tolerance_px, similarity *out, double *agreeing, double *residual_px)
{
    uint32_t turn = 12345;
    similarity best = { 1, 0, 0, 0 }, one;
    double weight[BLOCKS_MAX];
    *agreeing = 0;
    for (int k = 0; k < PROPOSALS && count > 2; k++) {
        turn = turn * 1664525u + 1013904223u;
        const block *p = &blocks[(turn >> 8) % (uint32_t)count];
        turn = turn * 1664525u + 1013904223u;
        const block *q = &blocks[(turn >> 8) % (uint32_t)count];
        if (p == q || !p->seen || !q->seen || !propose(p, q, mid_x, mid_y, &one))
            continue;
        double votes = vote(blocks, count, &one, mid_x, mid_y, tolerance_px);
        if (votes > *agreeing) {
            *agreeing = votes;
            best = one;
        }
    }
    if (*agreeing < 3)
        return false;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < count; i++) {
            double part = blocks[i].seen ? off_px(&best, &blocks[i], mid_x, mid_y) / (1.0 * tolerance_px) : 1;
            double exact = blocks[i].trust / (STRAY_LEAST_PX * STRAY_LEAST_PX + blocks[i].stray_px * blocks[i].stray_px);
            weight[i] = part < 1 ? exact * (1 - part * part) * (1 - part * part) : 0;
        }
        if (!solve_weighted(blocks, count, weight, mid_x, mid_y, &best))
            return false;
    }
    double sum = 0;
    *agreeing = vote(blocks, count, &best, mid_x, mid_y, tolerance_px);
    for (int i = 0; i < count; i++)
        if (blocks[i].seen && off_px(&best, &blocks[i], mid_x, mid_y) < tolerance_px)
            sum += blocks[i].trust * off_px(&best, &blocks[i], mid_x, mid_y);
    *residual_px = *agreeing > 0 ? sum / *agreeing : 0;
    *out = best;
    return *agreeing >= 3;
}
