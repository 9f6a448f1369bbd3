/* Fast change: what is in front of the view that has been seen so far.
 *
 * Each pixel keeps a few words (Kim et al. 2005 call such a set a codebook): a colour, its slope, and a weight, the share of time it was
 * seen. A pixel is background while the words near its colour weigh enough together. How near is near follows the pixel: its own noise
 * (mean distance to the nearest word), and its slope times how far the picture may be misplaced. Where leaves or water move, the words of
 * neighbours count too (Elgammal et al. 2000). A darker pixel that keeps hue and slope is a shadow.
 * Pixels become regions before they are learned from: what is scattered is learned at once, what hangs together as a thing only now and then,
 * so that a thing does not melt away while leaves do. No sample is chosen by chance and none is spread to neighbours.
 * Cost: one word is looked at for most pixels; about 15 ns a pixel.
 */
#include "vision/vision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FULL = 65535, REGIONS_MAX = 8192, NOISE_SHIFT = 4, TURNS = 4, TURNS_FROM = 64 };
enum { BACK = 0, SHADE = 1, WEAK = 2, STRONG = 3 };

typedef struct word { uint8_t y, u, v; int8_t gx, gy; uint8_t unused; uint16_t weight; } word;
typedef struct sample { int y, u, v, gx, gy; } sample;

struct change {
    gf_vision_tuning t;
    int width, height, words;
    uint32_t frames;
    uint32_t accept, established;        /* weights, of FULL */
    int      plain;                      /* reach of a pixel without noise and slope */
    word    *word;
    uint8_t *noise;                      /* mean distance to the nearest word, in 1/16 of a grey level */
    uint8_t *blink;                      /* how often the pixel changes sides, of 255 */
    uint8_t *level, *raw, *raw_before, *strong, *mask, *work, *soft, *u, *v;
    uint16_t *room;
    uint32_t *label, *parent;
    region  *region;
    uint32_t region_count;
};

change *change_make(const gf_vision_tuning *tuning, int width, int height, gf_arena *keep)
{
    size_t pixels = (size_t)width * (size_t)height;
    change *c = gf_new(keep, change, 1);
    if (!c)
        return NULL;
    *c = (change){ .t = *tuning, .width = width, .height = height, .words = (int)tuning->words,
                   .accept = (uint32_t)(tuning->accept * FULL), .established = (uint32_t)(tuning->word_least * FULL), .plain = (int)tuning->reach };
    c->word = gf_new(keep, word, pixels * (size_t)c->words);
    uint8_t **const BYTES[] = { &c->noise, &c->blink, &c->level, &c->raw, &c->raw_before, &c->strong, &c->mask, &c->work, &c->soft, &c->u, &c->v };
    bool there = c->word != NULL;
    for (size_t i = 0; i < GF_COUNT(BYTES); i++)
        there = (*BYTES[i] = gf_new(keep, uint8_t, pixels)) && there;
    c->room = gf_new(keep, uint16_t, pixels);
    c->label = gf_new(keep, uint32_t, pixels);
    c->parent = gf_new(keep, uint32_t, pixels + 1);
    c->region = gf_new(keep, region, REGIONS_MAX);
    return there && c->room && c->label && c->parent && c->region ? c : NULL;
}

/* ---- One pixel against its words ---- */

static int least_int(int a, int b) { return a < b ? a : b; }
static int most_int(int a, int b) { return a > b ? a : b; }

static int apart(const word *w, const sample *s, int chroma16)
{
    return abs(s->y - w->y) + ((chroma16 * (abs(s->u - w->u) + abs(s->v - w->v))) >> 4);
}

/* How far a colour may be from a word to be the same. */
static int reach_of(const change *c, size_t i, const sample *s, int edge256)
{
    int slope = abs(s->gx) + abs(s->gy);
    int reach = (int)c->t.reach + ((int)(c->t.reach_noise * 16) * c->noise[i] >> (4 + NOISE_SHIFT)) + ((slope * edge256) >> 8);
    return least_int(reach, (int)c->t.reach_max);
}

/* Darker by a factor, the same hue, the same slope. */
static bool is_shadow(const change *c, const word *w, const sample *s)
{
    if (s->y >= w->y * c->t.shadow_light || s->y < w->y * c->t.shadow_dark)
        return false;
    int ratio256 = (s->y << 8) / (w->y ? w->y : 1);
    int du = s->u - 128 - (((w->u - 128) * ratio256) >> 8), dv = s->v - 128 - (((w->v - 128) * ratio256) >> 8);
    if (abs(du) + abs(dv) > (int)c->t.shadow_chroma)
        return false;
    int dx = s->gx - ((w->gx * ratio256) >> 8), dy = s->gy - ((w->gy * ratio256) >> 8);
    return abs(dx) + abs(dy) <= (int)c->t.shadow_edge;
}

static bool neighbours_know(const change *c, int x, int y, const sample *s, int reach, int chroma16)
{
    int radius = (int)c->t.second_chance;
    for (int j = most_int(0, y - radius); j <= least_int(c->height - 1, y + radius); j++)
        for (int i = most_int(0, x - radius); i <= least_int(c->width - 1, x + radius); i++) {
            const word *w = c->word + ((size_t)j * (size_t)c->width + (size_t)i) * (size_t)c->words;
            for (int k = 0; k < c->words && w[k].weight >= c->accept; k++)
                if (apart(&w[k], s, chroma16) <= reach)
                    return true;
        }
    return false;
}

static uint8_t judge(change *c, int x, int y, const sample *s, int edge256, int chroma16, bool shaky)
{
    size_t i = (size_t)y * (size_t)c->width + (size_t)x;
    const word *w = c->word + i * (size_t)c->words;
    int reach = reach_of(c, i, s, edge256), nearest = 1 << 20;
    uint32_t weight = 0;
    for (int k = 0; k < c->words && w[k].weight; k++) {
        int d = apart(&w[k], s, chroma16);
        if (d <= reach) {
            weight += w[k].weight;
            if (weight >= c->accept)
                return BACK;
        }
        if (w[k].weight >= c->established)
            nearest = least_int(nearest, d);
    }
    if (c->t.second_chance >= 1 && (shaky || c->blink[i] > c->t.blink * 255) && neighbours_know(c, x, y, s, reach, chroma16))
        return BACK;
    for (int k = 0; k < c->words && w[k].weight >= c->accept; k++)
        if (is_shadow(c, &w[k], s))
            return SHADE;
    return nearest > c->t.strong * reach ? STRONG : WEAK;
}

static sample sample_at(const change *c, const view *p, int x, int y)
{
    size_t i = (size_t)y * (size_t)c->width + (size_t)x;
    int left = x > 0 ? 1 : 0, right = x < c->width - 1 ? 1 : 0, up = y > 0 ? c->width : 0, down = y < c->height - 1 ? c->width : 0;
    return (sample){ c->soft[i], p->u[i], p->v[i], (c->soft[i + (size_t)right] - c->soft[i - (size_t)left]) / 2,
                     (c->soft[i + (size_t)down] - c->soft[i - (size_t)up]) / 2 };
}

/* Most pixels are near their heaviest word, whatever their slope allows them. */
static bool is_plain(const change *c, const view *p, size_t i, int chroma16)
{
    const word *w = c->word + i * (size_t)c->words;
    int d = abs(c->soft[i] - w->y) + ((chroma16 * (abs(p->u[i] - w->u) + abs(p->v[i] - w->v))) >> 4);
    return d <= c->plain && w->weight >= c->accept;
}

static void judge_all(change *c, const view *p, const uint8_t *valid, double shaky_px)
{
    int edge256 = (int)(256 * (c->t.reach_edge + c->t.reach_shaky * shaky_px)), chroma16 = (int)(c->t.chroma * 16);
    for (int y = 0; y < c->height; y++)
        for (int x = 0; x < c->width; x++) {
            size_t i = (size_t)y * (size_t)c->width + (size_t)x;
            uint8_t level = BACK;
            if ((!valid || valid[i]) && !is_plain(c, p, i, chroma16)) {
                sample s = sample_at(c, p, x, y);
                level = judge(c, x, y, &s, edge256, chroma16, shaky_px > 0);
            }
            c->level[i] = level;
            c->raw[i] = level >= WEAK ? 255 : 0;
            c->strong[i] = level == STRONG;
        }
}

/* ---- Light ---- */

enum { RATIO_BINS = 256, RATIO_MIDDLE = 128 };

/* By what factor the picture is brighter than the model. Cameras open and close their iris when something bright drives by; most of the
 * view changes by one factor, which is where the ratios pile up. The mode, for the mean and the median follow large things. */
static double light_factor(const change *c)
{
    uint32_t pile[RATIO_BINS] = { 0 }, best = 0, count = 0;
    int mode = RATIO_MIDDLE;
    double sum = 0;
    for (int y = 1; y < c->height; y += 4)
        for (int x = 1 + (y >> 2 & 1) * 2; x < c->width; x += 4) {
            size_t i = (size_t)y * (size_t)c->width + (size_t)x;
            const word *w = c->word + i * (size_t)c->words;
            if (w->weight > FULL / 4 && w->y > 24 && w->y < 245 && c->soft[i] < 245)
                pile[least_int(RATIO_BINS - 1, c->soft[i] * RATIO_MIDDLE / w->y)]++;
        }
    for (int b = 2; b < RATIO_BINS - 2; b++) {
        uint32_t height = pile[b - 2] + 2 * pile[b - 1] + 3 * pile[b] + 2 * pile[b + 1] + pile[b + 2];
        if (height > best) {
            best = height;
            mode = b;
        }
    }
    for (int b = most_int(0, mode - 5); b <= least_int(RATIO_BINS - 1, mode + 5); b++) {
        sum += pile[b] * (b + 0.5);
        count += pile[b];
    }
    return count > 50 && mode > RATIO_MIDDLE / 3 ? sum / count / RATIO_MIDDLE : 1;
}

static uint8_t scale8(double value, double middle, double factor)
{
    double scaled = middle + (value - middle) * factor + 0.5;
    return (uint8_t)(scaled < 0 ? 0 : scaled > 255 ? 255 : scaled);
}

/* Bring the picture to the model's light: luma in `soft`, chroma in planes of our own. */
static void even_light(change *c, view *p)
{
    double factor = c->frames < 2 ? 1 : light_factor(c);
    uint8_t luma[256], chroma[256];
    size_t pixels = (size_t)c->width * (size_t)c->height;
    if (fabs(factor - 1) < c->t.light_least)
        return;
    for (int i = 0; i < 256; i++) {
        luma[i] = scale8(i, 0, 1 / factor);
        chroma[i] = scale8(i, 128, 1 / factor);
    }
    for (size_t i = 0; i < pixels; i++)
        c->soft[i] = luma[c->soft[i]];
    for (size_t i = 0; i < pixels; i++) {
        c->u[i] = chroma[p->u[i]];
        c->v[i] = chroma[p->v[i]];
    }
    p->u = c->u;
    p->v = c->v;
}

/* ---- Regions ---- */

static void drop_small(change *c)
{
    uint32_t least = (uint32_t)(c->t.area_least * c->width * c->height) + 1;
    uint32_t count = label_regions(c->mask, c->strong, c->width, c->height, c->label, c->parent, c->region, REGIONS_MAX);
    size_t pixels = (size_t)c->width * (size_t)c->height;
    for (uint32_t r = 1; r < count; r++)
        if (c->region[r].area < least || c->region[r].strong < c->t.strong_least * c->region[r].area)
            c->region[r].area = 0;
    c->region[0].area = 0;
    for (size_t i = 0; i < pixels; i++)
        c->mask[i] = c->label[i] && c->region[c->label[i]].area ? 255 : 0;
}

/* Holes: regions of background that do not reach the picture's edge and are small. */
static void fill_holes(change *c)
{
    size_t pixels = (size_t)c->width * (size_t)c->height;
    uint32_t most = (uint32_t)(c->t.fill * (double)pixels);
    for (size_t i = 0; i < pixels; i++)
        c->work[i] = c->mask[i] ? 0 : 255;
    uint32_t count = label_regions(c->work, NULL, c->width, c->height, c->label, c->parent, c->region, REGIONS_MAX);
    c->region[0].area = UINT32_MAX;
    for (uint32_t r = 1; r < count; r++) {
        const region *a = &c->region[r];
        if (a->left == 0 || a->top == 0 || a->right == c->width || a->bottom == c->height)
            c->region[r].area = UINT32_MAX;
    }
    for (size_t i = 0; i < pixels; i++)
        if (c->work[i] && c->region[c->label[i]].area <= most)
            c->mask[i] = 255;
}

static void clean(change *c)
{
    majority(c->raw, c->width, c->height, (int)c->t.median, c->mask, c->room);
    drop_small(c);
    fill_holes(c);
    c->region_count = label_regions(c->mask, c->strong, c->width, c->height, c->label, c->parent, c->region, REGIONS_MAX);
}

const region *change_regions(const change *c, uint32_t *count)
{
    *count = c->region_count;
    return c->region;
}

/* ---- Learning ---- */

/* Half the way, one at least and `most` at most: follows the light, not the noise. */
static int step_to(int from, int to, int most)
{
    int half = (to - from) / 2;
    return half ? from + most_int(-most, least_int(most, half)) : from + (to > from) - (to < from);
}

static void learn_word(change *c, word *w, const sample *s, uint32_t rate, int step, int reach, int chroma16, uint8_t *noise)
{
    int best = -1, nearest = 1 << 20, last = c->words - 1;
    for (int k = 0; k < c->words && w[k].weight; k++) {
        int d = apart(&w[k], s, chroma16);
        if (d < nearest) {
            nearest = d;
            best = k;
        }
        w[k].weight = (uint16_t)(w[k].weight - (w[k].weight + rate - 1) / rate);
    }
    uint32_t gain = (FULL + rate - 1) / rate;
    if (best < 0 || nearest > reach) {
        int k = 0;
        while (k < last && w[k].weight)
            k++;
        w[k] = (word){ (uint8_t)s->y, (uint8_t)s->u, (uint8_t)s->v, (int8_t)s->gx, (int8_t)s->gy, 0, (uint16_t)gain };
        best = k;
    } else {
        word *b = &w[best];
        b->weight = (uint16_t)least_int(FULL, (int)(b->weight + gain));
        b->y = (uint8_t)step_to(b->y, s->y, step);
        b->u = (uint8_t)step_to(b->u, s->u, step);
        b->v = (uint8_t)step_to(b->v, s->v, step);
        b->gx = (int8_t)step_to(b->gx, s->gx, step);
        b->gy = (int8_t)step_to(b->gy, s->gy, step);
        int target = least_int(nearest << NOISE_SHIFT, 255), now = *noise;
        *noise = (uint8_t)(now + (target - now) / 16 + (target > now) - (target < now));
    }
    for (; best > 0 && w[best].weight > w[best - 1].weight; best--) {
        word swap = w[best];
        w[best] = w[best - 1];
        w[best - 1] = swap;
    }
}

/* A thing's pixels take turns, so that it is learned evenly. */
static bool in_turn(const change *c, int x, int y)
{
    return (((uint32_t)x * 2654435761u ^ (uint32_t)y * 2246822519u ^ c->frames * 3266489917u) >> 8) % (uint32_t)c->t.blob_leak == 0;
}

/* How often a pixel changes sides outside of things. */
static void learn_blink(change *c)
{
    for (size_t i = 0; i < (size_t)c->width * (size_t)c->height; i++) {
        int blink = c->blink[i], up = blink + (255 - blink) / 16 + (blink < 255), down = blink - (blink + 63) / 64;
        bool changed = (c->raw[i] != c->raw_before[i]) & !c->mask[i];
        c->blink[i] = (uint8_t)(changed ? up : down);
    }
}

static void learn_all(change *c, const view *p, const uint8_t *valid, double shaky_px)
{
    int edge256 = (int)(256 * (c->t.reach_edge + c->t.reach_shaky * shaky_px)), chroma16 = (int)(c->t.chroma * 16);
    bool first = c->frames < c->t.rate_first;
    /* Once it knows the view, a quarter of the pixels learns from each frame, four times as much. */
    int turns = c->frames < TURNS_FROM ? 1 : TURNS;
    uint32_t rate = (uint32_t)most_int(1, least_int((int)c->frames + 1, (int)c->t.rate) / turns);
    for (int y = 0; y < c->height; y++)
        for (int x = (int)((c->frames + (uint32_t)y * 2) % (uint32_t)turns); x < c->width; x += turns) {
            size_t i = (size_t)y * (size_t)c->width + (size_t)x;
            if (valid && !valid[i])
                continue;
            if (!first && c->mask[i] && !in_turn(c, x, y))
                continue;
            sample s = sample_at(c, p, x, y);
            learn_word(c, c->word + i * (size_t)c->words, &s, rate, turns, reach_of(c, i, &s, edge256), chroma16, &c->noise[i]);
        }
}

const uint8_t *change_step(change *c, const view *picture, const uint8_t *valid, double shaky_px)
{
    smooth(picture->y, c->width, c->height, c->soft, c->room);
    memcpy(c->raw_before, c->raw, (size_t)c->width * (size_t)c->height);
    view even = *picture;
    even_light(c, &even);
    judge_all(c, &even, valid, shaky_px);
    clean(c);
    learn_blink(c);
    learn_all(c, &even, valid, shaky_px);
    c->frames++;
    return c->mask;
}
