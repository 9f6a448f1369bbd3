/* Do two looks at a place, hours or weeks apart, show the same thing?
 *
 * Light changes by a factor and an offset that vary over the picture, so squares are compared by correlation, which knows neither. A square
 * without texture has no correlation: there brightness and hue must tell, and only by more than light can do. A shadow keeps the texture it
 * falls on and changes nothing but along its edge, which is thin.
 */
#include "vision/slow_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { APART_LUMA = 30, APART_CHROMA = 12, APART_CHROMA_TEXTURED = 16 };
static const double TEXTURED = 3.5, CORRELATION_LEAST = 0.3, NOISE_SQUARE = 2;

bool glance_make(glance *g, int width, int height, gf_arena *keep)
{
    uint8_t **const PLANES[] = { &g->y, &g->u, &g->v };
    bool there = true;
    for (size_t i = 0; i < GF_COUNT(PLANES); i++)
        there = (*PLANES[i] = gf_new(keep, uint8_t, (size_t)width * (size_t)height)) && there;
    g->there = false;
    g->mean = gf_new(keep, float, (size_t)width * (size_t)height);
    g->spread = gf_new(keep, float, (size_t)width * (size_t)height);
    return there && g->mean && g->spread;
}

typedef struct square { int x0, x1, y0, y1, count; } square;

static square square_at(int width, int height, int x, int y)
{
    square s = { x > WINDOW ? x - WINDOW : 0, x + WINDOW < width ? x + WINDOW + 1 : width, y > WINDOW ? y - WINDOW : 0, y + WINDOW < height ? y + WINDOW + 1 : height, 0 };
    s.count = (s.x1 - s.x0) * (s.y1 - s.y0);
    return s;
}

static uint64_t sum64(const uint64_t *integral, int stride, const square *s)
{
    return integral[s->y1 * stride + s->x1] - integral[s->y0 * stride + s->x1] - integral[s->y1 * stride + s->x0] + integral[s->y0 * stride + s->x0];
}

void glance_measure(glance *g, int width, int height, uint32_t *integral, uint64_t *integral2)
{
    int stride = width + 1;
    memset(integral, 0, (size_t)stride * sizeof *integral);
    memset(integral2, 0, (size_t)stride * sizeof *integral2);
    for (int y = 0; y < height; y++) {
        uint32_t row = 0;
        uint64_t row2 = 0;
        integral[(y + 1) * stride] = 0;
        integral2[(y + 1) * stride] = 0;
        for (int x = 0; x < width; x++) {
            uint32_t value = g->y[y * width + x];
            row += value;
            row2 += value * value;
            integral[(y + 1) * stride + x + 1] = integral[y * stride + x + 1] + row;
            integral2[(y + 1) * stride + x + 1] = integral2[y * stride + x + 1] + row2;
        }
    }
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            square s = square_at(width, height, x, y);
            uint32_t sum = integral[s.y1 * stride + s.x1] - integral[s.y0 * stride + s.x1] - integral[s.y1 * stride + s.x0] + integral[s.y0 * stride + s.x0];
            float mean = (float)sum / (float)s.count, variance = (float)sum64(integral2, stride, &s) / (float)s.count - mean * mean;
            g->mean[y * width + x] = mean;
            g->spread[y * width + x] = sqrtf(variance > 0 ? variance : 0);
        }
}

static void integrate_product(const uint8_t *a, const uint8_t *b, int width, int height, uint64_t *product)
{
    int stride = width + 1;
    memset(product, 0, (size_t)stride * sizeof *product);
    for (int y = 0; y < height; y++) {
        uint64_t row = 0;
        product[(y + 1) * stride] = 0;
        for (int x = 0; x < width; x++) {
            row += (uint64_t)(a[y * width + x] * b[y * width + x]);
            product[(y + 1) * stride + x + 1] = product[y * stride + x + 1] + row;
        }
    }
}

/* The mode of the ratio of means in per cent: most of the view is what it was. */
static double light_between(const glance *a, const glance *b, size_t pixels)
{
    uint32_t pile[400] = { 0 }, best = 0;
    int mode = 100;
    for (size_t i = 0; i < pixels; i += 7)
        if (a->mean[i] > 16 && a->mean[i] < 250 && b->mean[i] < 250) {
            int ratio = (int)(b->mean[i] * 100 / a->mean[i]);
            pile[ratio < 399 ? ratio : 399]++;
        }
    for (int k = 4; k < 395; k++) {
        uint32_t height = 0;
        for (int j = -4; j <= 4; j++)
            height += pile[k + j];
        if (height > best) {
            best = height;
            mode = k;
        }
    }
    return mode / 100.0;
}

/* The middle of the differences of a plane. */
static int hue_between(const uint8_t *a, const uint8_t *b, size_t pixels)
{
    uint32_t pile[511] = { 0 }, count = 0, below = 0;
    for (size_t i = 0; i < pixels; i += 7, count++)
        pile[b[i] - a[i] + 255]++;
    int k = 0;
    while (k < 510 && (below += pile[k]) * 2 < count)
        k++;
    return k - 255;
}

light glance_light(const glance *reference, const glance *visit, size_t pixels)
{
    return (light){ light_between(reference, visit, pixels), hue_between(reference->u, visit->u, pixels), hue_between(reference->v, visit->v, pixels) };
}

static uint8_t clamp8(double value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5); }

void glance_borrow(glance *to, const glance *from, size_t i, const light *l)
{
    to->y[i] = clamp8(from->y[i] * l->factor);
    to->u[i] = clamp8(from->u[i] + l->u);
    to->v[i] = clamp8(from->v[i] + l->v);
}

static int hue_apart(const glance *a, const glance *b, size_t i, const light *l)
{
    return abs(a->u[i] + l->u - b->u[i]) + abs(a->v[i] + l->v - b->v[i]);
}

static bool flat_differs(const glance *a, const glance *b, size_t i, const light *l)
{
    double expected = a->mean[i] * l->factor;
    int chroma = hue_apart(a, b, i, l);
    /* Darker may be shadow: only what is brighter, or of another hue, tells. */
    return b->mean[i] - expected > APART_LUMA || chroma > APART_CHROMA;
}

void glance_compare(const glance *reference, const glance *visit, int width, int height, uint64_t *product, uint8_t *differs)
{
    int stride = width + 1;
    size_t pixels = (size_t)width * (size_t)height;
    const light l = glance_light(reference, visit, pixels);
    integrate_product(reference->y, visit->y, width, height, product);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            size_t i = (size_t)y * (size_t)width + (size_t)x;
            if (reference->spread[i] * l.factor < TEXTURED && visit->spread[i] < TEXTURED) {
                differs[i] = flat_differs(reference, visit, i, &l);
                continue;
            }
            square s = square_at(width, height, x, y);
            double covariance = (double)sum64(product, stride, &s) / s.count - (double)reference->mean[i] * visit->mean[i];
            double correlation = covariance / ((double)reference->spread[i] * visit->spread[i] + NOISE_SQUARE);
            differs[i] = correlation < CORRELATION_LEAST || hue_apart(reference, visit, i, &l) > APART_CHROMA_TEXTURED;
        }
}
