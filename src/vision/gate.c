/* The gate: can this frame be looked at? Told from a picture of about 100 x 60 in a tenth of a millisecond.
 *
 * Dark is little light, or a camera that has shown colour and shows none: it has turned to infrared. Fog takes the contrast and leaves light;
 * a cover takes contrast and the picture with it. Both are held against what this camera shows when all is well, which is learned
 * while it does. Frozen is the same bytes again and again, which no sensor sends.
 */
#include "vision/vision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_WIDTH = 160, TILES_X = 8, TILES_Y = 6, TILES = TILES_X * TILES_Y, FROZEN_MS = 3000, FROZEN_FRAMES = 10 };
static const double DARK_LUMA = 20, DARK_BRIGHTEST = 60, GREY_CHROMA = 1.2, GREY_SHARE = 0.3, COLOUR_CHROMA = 3, FOG_SHARE = 0.35, FOG_CONTRAST = 2.2, FOG_LUMA = 70, COVER_SHARE = 0.2,
                    TILE_TEXTURE = 3, COVERED_TILES = 0.55;

struct gate {
    int level, width, height;
    uint8_t *small[2], *room;            /* this picture and the one before */
    double usual[TILES], seen[TILES];    /* contrast of tiles: as it is when all is well, and now */
    double usual_luma, usual_contrast, usual_chroma;
    bool   any;
    uint32_t same_frames, looks;
    gf_utc_ms changed_at;
    uint64_t hash;
};

gate *gate_make(int width, int height, gf_arena *keep)
{
    gate *g = gf_new(keep, gate, 1);
    if (!g)
        return NULL;
    *g = (gate){ .width = width, .height = height };
    while (g->width > SMALL_WIDTH) {
        g->width /= 2;
        g->height /= 2;
        g->level++;
    }
    size_t pixels = (size_t)width * (size_t)height / 4 + (size_t)width * (size_t)height * (g->level == 0);
    for (int i = 0; i < 2; i++)
        g->small[i] = gf_new(keep, uint8_t, pixels);
    g->room = gf_new(keep, uint8_t, pixels);
    return g->small[0] && g->small[1] && g->room ? g : NULL;
}

static void make_small(gate *g, const view *p)
{
    uint8_t *swap = g->small[1];
    g->small[1] = g->small[0];
    g->small[0] = swap;
    if (g->level == 0)
        memcpy(g->small[0], p->y, (size_t)g->width * (size_t)g->height);
    int width = p->width, height = p->height;
    const uint8_t *from = p->y;
    for (int k = 0; k < g->level; k++, width /= 2, height /= 2) {
        uint8_t *to = (g->level - k) % 2 ? g->small[0] : g->room;
        halve(from, width, height, to);
        from = to;
    }
}

static double chroma_of(const view *p)
{
    int64_t sum = 0, count = 0;
    for (int y = 0; y < p->height; y += 8)
        for (int x = 0; x < p->width; x += 8, count++)
            sum += abs(p->u[y * p->width + x] - 128) + abs(p->v[y * p->width + x] - 128);
    return (double)sum / (double)count;
}

/* Every eleventh byte of full size: two frames of a sensor never agree in all. */
static uint64_t hash_of(const view *p)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i += 11)
        hash = (hash ^ p->y[i]) * 1099511628211u;
    return hash;
}

typedef struct look { double luma, brightest, contrast; } look;

static look measure(gate *g)
{
    uint32_t histogram[256] = { 0 };
    const uint8_t *p = g->small[0];
    int64_t luma = 0;
    double contrast = 0;
    for (int t = 0; t < TILES; t++) {
        int x0 = g->width * (t % TILES_X) / TILES_X, x1 = g->width * (t % TILES_X + 1) / TILES_X - 1, y0 = g->height * (t / TILES_X) / TILES_Y, y1 = g->height * (t / TILES_X + 1) / TILES_Y - 1;
        int64_t slope = 0;
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++) {
                const uint8_t *at = p + y * g->width + x;
                slope += abs(at[1] - at[0]) + abs(at[g->width] - at[0]);
                luma += at[0];
                histogram[at[0]]++;
            }
        g->seen[t] = (double)slope / (2.0 * (x1 > x0 ? x1 - x0 : 1) * (y1 > y0 ? y1 - y0 : 1));
        contrast += g->seen[t] / TILES;
    }
    uint32_t pixels = 0, above = 0;
    for (int i = 0; i < 256; i++)
        pixels += histogram[i];
    int brightest = 255;
    while (brightest > 0 && (above += histogram[brightest]) * 100 < pixels)
        brightest--;
    return (look){ pixels ? (double)luma / pixels : 0, brightest, contrast };
}

/* Share of the tiles with texture that have lost it. */
static double lost_share(const gate *g)
{
    int had = 0, lost = 0;
    for (int t = 0; t < TILES; t++)
        if (g->usual[t] > TILE_TEXTURE) {
            had++;
            lost += g->seen[t] < COVER_SHARE * g->usual[t];
        }
    return had >= TILES / 6 ? (double)lost / had : 0;
}

static gf_vision_state judge(const gate *g, const look *l, double chroma)
{
    if ((l->luma < DARK_LUMA && l->brightest < DARK_BRIGHTEST) || (g->usual_chroma > COLOUR_CHROMA && chroma < GREY_CHROMA && chroma < GREY_SHARE * g->usual_chroma))
        return GF_VISION_DARK;
    bool weak = g->looks ? l->contrast < FOG_SHARE * g->usual_contrast : false;
    if ((weak || l->contrast < FOG_CONTRAST / 4) && l->luma >= FOG_LUMA && l->luma > (g->looks ? 0.75 * g->usual_luma : 0) && l->contrast >= 0.15)
        return GF_VISION_FOG;
    if ((g->looks && lost_share(g) > COVERED_TILES) || l->contrast < 0.25)
        return GF_VISION_COVERED;
    return GF_VISION_LOOKING;
}

static void learn(gate *g, const look *l, double chroma)
{
    double part = g->looks < 50 ? 1.0 / (g->looks + 1) : 0.02;
    for (int t = 0; t < TILES; t++)
        g->usual[t] += part * (g->seen[t] - g->usual[t]);
    g->usual_luma += part * (l->luma - g->usual_luma);
    g->usual_contrast += part * (l->contrast - g->usual_contrast);
    g->usual_chroma += part * (chroma - g->usual_chroma);
    g->looks++;
}

static bool is_frozen(gate *g, const view *picture, gf_utc_ms at)
{
    uint64_t hash = hash_of(picture);
    if (!g->any || hash != g->hash) {
        g->same_frames = 0;
        g->changed_at = at;
    } else
        g->same_frames++;
    g->hash = hash;
    g->any = true;
    return g->same_frames >= FROZEN_FRAMES && at - g->changed_at >= FROZEN_MS;
}

gf_vision_state gate_look(gate *g, const view *picture, gf_utc_ms at)
{
    make_small(g, picture);
    bool frozen = is_frozen(g, picture, at);
    double chroma = chroma_of(picture);
    look l = measure(g);
    gf_vision_state state = judge(g, &l, chroma);
    if (frozen && state == GF_VISION_LOOKING)
        state = GF_VISION_FROZEN;
    if (state == GF_VISION_LOOKING)
        learn(g, &l, chroma);
    return state;
}

/* Sums of differences at the nine nearest shifts: the middle must be the least, and small against the picture's own slope. */
bool gate_steady(const gate *g)
{
    int64_t here = 0, around = INT64_MAX;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            int64_t sum = 0;
            for (int y = 1; y < g->height - 1; y += 2)
                for (int x = 1; x < g->width - 1; x++)
                    sum += abs(g->small[0][y * g->width + x] - g->small[1][(y + dy) * g->width + x + dx]);
            if (dx == 0 && dy == 0)
                here = sum;
            else
                around = sum < around ? sum : around;
        }
    return here * 2 < around;
}
