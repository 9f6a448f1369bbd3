/* Registration: how a frame lies on the view's reference.
 *
 * Shifts are proposed by the coarse picture, by the last pose and by "not moved"; blocks are sought around each proposal, vote for a
 * similarity, and are then refined to parts of a pixel, twice, for the second time starts from where the first has turned and scaled.
 * The pose stands only when enough blocks agree, over enough of the picture, and no other proposal does nearly as well. A false pose would
 * make every edge a finding, so what is doubtful is refused and the frame is not used.
 */
#include "vision/align_inside.h"

#include <math.h>
#include <string.h>

enum { COARSE_WIDTH = 100, BLOCKS_LEAST = 8, SEARCH_LEVEL = 2, SEARCH_REACH = 4, ASK_ALL_EVERY = 16, CALM_FRAMES = 8, EDGE = 12 };
static const double AGREE_SEARCH_PX = 4, AGREE_PX = 0.8, SHARE_LEAST = 0.3, RIVAL_SHARE = 0.75, SPREAD_LEAST = 0.16, REACH_SHARE = 0.36,
                    NEAR_PX = 1.5, NEAR_SHARE_LEAST = 0.12, NEAR_SPREAD_LEAST = 0.06, TRUST_LEAST = 0.3, TRUST_FLOOR = 0.05, TRUST_RATE = 0.06, QUICK_SHARE = 0.7, STRETCH_SHARE = 5, STRAY_FIRST_PX = 0.2, STRETCH_USUAL = 0.02, NEAR_PREFERRED = 0.4;

struct align {
    int width, height, coarse, reach;
    pyramid reference, picture;
    int8_t *contrast, *contrast_seen;
    int32_t *integral;
    float *scores;
    block block[BLOCKS_MAX], trial[BLOCKS_MAX], best[BLOCKS_MAX], near[BLOCKS_MAX];   /* of the reference; as tried now; as the best trial saw them, and the one near the last pose */
    int block_count;
    similarity last;
    int calm;                            /* frames in a row that lay where the one before lay */
    double usual;                        /* share of the trust that agrees when all is well */
    uint32_t finds;
};

static bool make_pyramid(pyramid *p, int width, int height, gf_arena *keep)
{
    p->count = LEVELS_MAX;
    for (int k = 0; k < LEVELS_MAX; k++) {
        p->width[k] = width >> k;
        p->height[k] = height >> k;
        if (p->width[k] < 8 || p->height[k] < 8) {
            p->count = k;
            break;
        }
        if (!(p->level[k] = gf_new(keep, uint8_t, (size_t)p->width[k] * (size_t)p->height[k])))
            return false;
    }
    return true;
}

static void fill_pyramid(pyramid *p, const uint8_t *from)
{
    memcpy(p->level[0], from, (size_t)p->width[0] * (size_t)p->height[0]);
    for (int k = 1; k < p->count; k++)
        halve(p->level[k - 1], p->width[k - 1], p->height[k - 1], p->level[k]);
}

align *align_make(int width, int height, gf_arena *keep)
{
    align *a = gf_new(keep, align, 1);
    if (!a)
        return NULL;
    *a = (align){ .width = width, .height = height, .last = { 1, 0, 0, 0 } };
    if (!make_pyramid(&a->reference, width, height, keep) || !make_pyramid(&a->picture, width, height, keep))
        return NULL;
    while (a->coarse < a->reference.count - 1 && a->reference.width[a->coarse] > COARSE_WIDTH)
        a->coarse++;
    size_t pixels = (size_t)a->reference.width[a->coarse] * (size_t)a->reference.height[a->coarse];
    a->reach = (int)(REACH_SHARE * a->reference.width[a->coarse]);
    a->contrast = gf_new(keep, int8_t, pixels);
    a->contrast_seen = gf_new(keep, int8_t, pixels);
    a->integral = gf_new(keep, int32_t, (size_t)(a->reference.width[a->coarse] + 1) * (size_t)(a->reference.height[a->coarse] + 1));
    a->scores = gf_new(keep, float, (size_t)(2 * a->reach + 1) * (size_t)(2 * a->reach + 1));
    return a->contrast && a->contrast_seen && a->integral && a->scores ? a : NULL;
}

void align_refer(align *a, const view *reference)
{
    int k = a->coarse;
    fill_pyramid(&a->reference, reference->y);
    coarse_contrast(a->reference.level[k], a->reference.width[k], a->reference.height[k], a->contrast, a->integral);
    a->block_count = choose_blocks(a->reference.level[0], a->width, a->height, a->block);
    for (int i = 0; i < BLOCKS_MAX; i++) {
        a->block[i].trust = 1;
        a->block[i].stray_px = (float)STRAY_FIRST_PX;
    }
    a->last = (similarity){ 1, 0, 0, 0 };
    a->finds = 0;
    a->usual = 1;
    a->calm = CALM_FRAMES;
}

/* ---- One proposal ---- */

typedef struct trial { similarity s; double agreeing, residual_px, spread; } trial;

/* The smaller of both spreads of the blocks that agree, as a share of the picture. */
static double spread_of(const align *a, const similarity *s)
{
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, mid_x = (a->width - 1) / 2.0, mid_y = (a->height - 1) / 2.0;
    for (int i = 0; i < a->block_count; i++) {
        const block *b = &a->trial[i];
        double px = b->x - mid_x, py = b->y - mid_y;
        if (!b->seen || hypot(mid_x + s->a * px - s->b * py + s->dx - b->seen_x, mid_y + s->b * px + s->a * py + s->dy - b->seen_y) > AGREE_PX)
            continue;
        n++;
        x += px, y += py, xx += px * px, yy += py * py;
    }
    return n > 0 ? fmin(sqrt(fmax(xx / n - x * x / n / n, 0)) / a->width, sqrt(fmax(yy / n - y * y / n / n, 0)) / a->height) : 0;
}

/* `quick`: no search, and only blocks that can be trusted; else all. */
static bool try_shift(align *a, const similarity *start, bool quick, trial *t)
{
    double mid_x = (a->width - 1) / 2.0, mid_y = (a->height - 1) / 2.0;
    int level = a->width >= 480 ? SEARCH_LEVEL : SEARCH_LEVEL - 1;
    memcpy(a->trial, a->block, sizeof a->trial);
    *t = (trial){ .s = *start };
    for (int i = 0; !quick && i < a->block_count; i++)
        a->trial[i].idle = false;
    if (!quick) {
        search_blocks(&a->reference, &a->picture, level, SEARCH_REACH, start, a->trial, a->block_count);
        if (!fit_similarity(a->trial, a->block_count, mid_x, mid_y, AGREE_SEARCH_PX, &t->s, &t->agreeing, &t->residual_px))
            return false;
    }
    for (int turn = 0; turn < 2; turn++) {
        refine_blocks(&a->reference, &a->picture, &t->s, a->trial, a->block_count);
        if (!fit_similarity(a->trial, a->block_count, mid_x, mid_y, AGREE_PX, &t->s, &t->agreeing, &t->residual_px))
            return false;
    }
    t->spread = spread_of(a, &t->s);
    return true;
}

static double apart(const align *a, const similarity *p, const similarity *q)
{
    double half = hypot(a->width, a->height) / 4;
    return hypot(p->dx - q->dx, p->dy - q->dy) + half * hypot(p->a - q->a, p->b - q->b);
}

/* The trust of the blocks that the pose leaves inside the picture. */
static double trust_inside(const align *a, const similarity *s)
{
    double count = 0, mid_x = (a->width - 1) / 2.0, mid_y = (a->height - 1) / 2.0;
    for (int i = 0; i < a->block_count; i++) {
        double px = a->block[i].x - mid_x, py = a->block[i].y - mid_y, x = mid_x + s->a * px - s->b * py + s->dx, y = mid_y + s->b * px + s->a * py + s->dy;
        count += x >= 8 && y >= 8 && x < a->width - 8 && y < a->height - 8 ? a->block[i].trust : 0;
    }
    return count;
}

static double trust_of_all(const align *a)
{
    double sum = 0;
    for (int i = 0; i < a->block_count; i++)
        sum += a->block[i].trust;
    return sum;
}

/* Of a camera at rest, close to its last pose, fewer blocks will do: half the view may be water. */
static bool stands(const align *a, const trial *t, const trial *rival)
{
    double inside = trust_inside(a, &t->s), all = trust_of_all(a);
    bool near = a->calm >= CALM_FRAMES && apart(a, &t->s, &a->last) < NEAR_PX;
    if (t->agreeing < BLOCKS_LEAST || inside < 0.25 * all)
        return false;
    if (near)
        return t->agreeing >= NEAR_SHARE_LEAST * inside && t->spread >= NEAR_SPREAD_LEAST;
    /* A mast and a worn zoom gear turn and scale by a little: what says otherwise must be said by more. */
    double share = SHARE_LEAST + STRETCH_SHARE * fmax(0, fabs(hypot(t->s.a, t->s.b) - 1) - STRETCH_USUAL);
    return t->agreeing >= share * inside && t->spread >= SPREAD_LEAST && rival->agreeing < RIVAL_SHARE * t->agreeing;
}

/* Which blocks a quick look asks; their trust together. */
static double choose_quick(align *a)
{
    double asked = 0;
    for (int i = 0; i < a->block_count; i++) {
        a->block[i].idle = a->finds % ASK_ALL_EVERY != 0 && a->block[i].trust < TRUST_LEAST;
        asked += a->block[i].idle ? 0 : a->block[i].trust;
    }
    return asked;
}

/* From an accepted pose: which blocks agreed, and how closely. Those outside the picture are not to blame. */
static void learn_trust(align *a, const similarity *s)
{
    double mid_x = (a->width - 1) / 2.0, mid_y = (a->height - 1) / 2.0;
    for (int i = 0; i < a->block_count; i++) {
        const block *b = &a->best[i];
        double px = b->x - mid_x, py = b->y - mid_y, x = mid_x + s->a * px - s->b * py + s->dx, y = mid_y + s->b * px + s->a * py + s->dy;
        double off = hypot(x - b->seen_x, y - b->seen_y);
        bool agrees = b->seen && off < AGREE_PX;
        if (b->idle || x < EDGE || y < EDGE || x > a->width - EDGE || y > a->height - EDGE)
            continue;
        a->block[i].trust = fmaxf((float)TRUST_FLOOR, a->block[i].trust + (float)TRUST_RATE * ((float)agrees - a->block[i].trust));
        if (agrees)
            a->block[i].stray_px += (float)TRUST_RATE * ((float)off - a->block[i].stray_px);
    }
}

static gf_vision_pose pose_of(const similarity *s)
{
    gf_vision_pose back = { s->dx, s->dy, atan2(s->b, s->a), hypot(s->a, s->b) };
    return gf_vision_pose_inverse(&back);
}

/* Proposals of the coarse picture, and "not moved". */
static void search_all(align *a, trial *best, trial *rival)
{
    int k = a->coarse, scale = 1 << k;
    shift peak[PEAKS_MAX];
    trial one;
    coarse_contrast(a->picture.level[k], a->picture.width[k], a->picture.height[k], a->contrast_seen, a->integral);
    int count = coarse_peaks(a->contrast, a->contrast_seen, a->reference.width[k], a->reference.height[k], a->reach, a->scores, peak, PEAKS_MAX - 1);
    peak[count++] = (shift){ 0, 0, 0 };
    for (int i = 0; i < count && best->agreeing < QUICK_SHARE * a->usual * trust_of_all(a); i++) {
        const similarity start = { 1, 0, peak[i].dx * scale, peak[i].dy * scale };
        if (!try_shift(a, &start, false, &one))
            continue;
        bool other = best->agreeing > 0 && apart(a, &best->s, &one.s) > 3;
        if (one.agreeing > best->agreeing) {
            if (other)
                *rival = *best;
            *best = one;
            memcpy(a->best, a->trial, sizeof a->best);
        } else if (other && one.agreeing > rival->agreeing)
            *rival = one;
    }
}

void align_find(align *a, const view *picture, gf_vision_fit *fit)
{
    trial best = { .agreeing = 0 }, rival = { .agreeing = 0 }, one;
    fill_pyramid(&a->picture, picture->y);
    *fit = (gf_vision_fit){ .pose = GF_VISION_POSE_NONE, .blocks = a->block_count };
    /* Most frames lie where the last one lay. */
    double asked = choose_quick(a);
    a->finds++;
    if (try_shift(a, &a->last, true, &one)) {
        best = one;
        memcpy(a->best, a->trial, sizeof a->best);
    }
    if (best.agreeing < QUICK_SHARE * a->usual * asked) {
        const trial none = { .agreeing = 0 };
        one = best;
        memcpy(a->near, a->best, sizeof a->near);
        search_all(a, &best, &rival);
        /* Waves and a long lorry agree among themselves; what stands where it stood is the ground. */
        if (a->calm >= CALM_FRAMES && one.agreeing >= NEAR_PREFERRED * best.agreeing && stands(a, &one, &none)) {
            best = one;
            rival = none;
            memcpy(a->best, a->near, sizeof a->best);
        }
    }
    fit->agreeing = (int)best.agreeing;
    fit->residual_px = best.residual_px;
    fit->accepted = best.agreeing > 0 && stands(a, &best, &rival);
    if (!fit->accepted)
        return;
    fit->pose = pose_of(&best.s);
    a->calm = apart(a, &best.s, &a->last) < NEAR_PX ? a->calm + (a->calm < CALM_FRAMES) : 0;
    a->last = best.s;
    learn_trust(a, &best.s);
    double inside = trust_inside(a, &best.s);
    a->usual += TRUST_RATE * (fmin(best.agreeing / fmax(inside, 1), 1) - a->usual);
}

/* ---- Laying a picture on the reference ---- */

static uint8_t between(const uint8_t *at, int width, uint32_t fx, uint32_t fy)
{
    uint32_t above = at[0] * (256 - fx) + at[1] * fx, below = at[width] * (256 - fx) + at[width + 1] * fx;
    return (uint8_t)((above * (256 - fy) + below * fy + 32768) >> 16);
}

/* Along a row of the reference the place in the picture moves by a constant: 16.16 fixed point, off by less than 0.02 px at the end. */
void align_warp(const view *from, const gf_vision_pose *pose, view *to, uint8_t *valid)
{
    gf_vision_pose back = gf_vision_pose_inverse(pose);
    int width = from->width, height = from->height;
    for (int y = 0; y < height; y++) {
        double x0, y0, x1, y1;
        gf_vision_pose_apply(&back, width, height, 0, y, &x0, &y0);
        gf_vision_pose_apply(&back, width, height, 1, y, &x1, &y1);
        int64_t at_x = (int64_t)(x0 * 65536), at_y = (int64_t)(y0 * 65536), step_x = (int64_t)lround((x1 - x0) * 65536), step_y = (int64_t)lround((y1 - y0) * 65536);
        for (int x = 0; x < width; x++, at_x += step_x, at_y += step_y) {
            int64_t ix = at_x >> 16, iy = at_y >> 16;
            ptrdiff_t i = (ptrdiff_t)y * width + x;
            valid[i] = ix >= 0 && iy >= 0 && ix < width - 1 && iy < height - 1;
            if (!valid[i])
                continue;
            uint32_t fx = (uint32_t)(at_x >> 8) & 255, fy = (uint32_t)(at_y >> 8) & 255;
            ptrdiff_t j = (ptrdiff_t)(iy * width + ix), near = j + (fx > 127) + (fy > 127 ? width : 0);
            to->y[i] = between(from->y + j, width, fx, fy);
            to->u[i] = from->u[near];
            to->v[i] = from->v[near];
        }
    }
}
