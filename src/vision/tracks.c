/* Things that move: regions followed from frame to frame by where they overlap.
 *
 * A thing that moved was seen for a second and has gone further than its own half: a branch that swings comes back. It is told once, when
 * it is gone. Frames nobody could look at end every track without a word.
 */
#include "vision/vision.h"

#include <math.h>
#include <string.h>

enum { TRACKS_MAX = 128, LIFE_LEAST_MS = 1000, LOST_MS = 1000, SEEN_LEAST = 4 };
static const double WAY_LEAST_PX = 8;

typedef struct track {
    bool live;
    region box, first, best, path;       /* now; where it began; where most of it was seen; all that it passed */
    uint64_t frame_first, frame_last, frame_best;
    gf_utc_ms at_first, at_last;
    uint32_t seen, frames, area_most;
    double way;                          /* furthest from where it began, over its own size */
} track;

struct tracks { int width, height; track track[TRACKS_MAX]; };

void findings_add(findings *list, const gf_vision_finding *finding)
{
    if (list->count < FINDINGS_MAX)
        list->item[list->count++] = *finding;
}

tracks *tracks_make(int width, int height, gf_arena *keep)
{
    tracks *t = gf_new(keep, tracks, 1);
    if (t)
        *t = (tracks){ .width = width, .height = height };
    return t;
}

static int overlap(const region *a, const region *b)
{
    int width = (a->right < b->right ? a->right : b->right) - (a->left > b->left ? a->left : b->left);
    int height = (a->bottom < b->bottom ? a->bottom : b->bottom) - (a->top > b->top ? a->top : b->top);
    return width > 0 && height > 0 ? width * height : 0;
}

static void tell(const track *k, findings *out)
{
    if (k->at_last - k->at_first < LIFE_LEAST_MS || k->seen < SEEN_LEAST || k->way < 1)
        return;
    const region *b = &k->best, *p = &k->path;
    gf_vision_finding f = { .kind = GF_VISION_MOTION, .frame_first = k->frame_first, .frame_last = k->frame_last, .frame_box = k->frame_best, .at_first = k->at_first, .at_last = k->at_last,
                            .left = b->left, .top = b->top, .width = b->right - b->left, .height = b->bottom - b->top, .area_px = k->area_most,
                            .score = (double)k->seen / (k->frames ? k->frames : 1), .pose_error_px = -1,
                            .path_left = p->left, .path_top = p->top, .path_width = p->right - p->left, .path_height = p->bottom - p->top };
    findings_add(out, &f);
}

static void widen(region *all, const region *r)
{
    all->left = r->left < all->left ? r->left : all->left;
    all->top = r->top < all->top ? r->top : all->top;
    all->right = r->right > all->right ? r->right : all->right;
    all->bottom = r->bottom > all->bottom ? r->bottom : all->bottom;
}

static void follow(track *k, const region *r, uint64_t number, gf_utc_ms at)
{
    double dx = (r->left + r->right - k->first.left - k->first.right) / 2.0, dy = (r->top + r->bottom - k->first.top - k->first.bottom) / 2.0;
    double size = fmax(fmax(0.5 * sqrt(r->area), 0.5 * sqrt(k->first.area)), WAY_LEAST_PX), way = hypot(dx, dy) / size;
    k->way = way > k->way ? way : k->way;
    k->box = *r;
    k->best = r->area > k->area_most ? *r : k->best;
    k->frame_best = r->area > k->area_most ? number : k->frame_best;
    widen(&k->path, r);
    k->area_most = r->area > k->area_most ? r->area : k->area_most;
    k->frame_last = number;
    k->at_last = at;
    k->seen++;
}

static void begin(tracks *t, const region *r, uint64_t number, gf_utc_ms at)
{
    for (int i = 0; i < TRACKS_MAX; i++)
        if (!t->track[i].live) {
            t->track[i] = (track){ .live = true, .box = *r, .first = *r, .best = *r, .path = *r, .frame_first = number, .frame_last = number, .frame_best = number, .at_first = at, .at_last = at, .seen = 1, .area_most = r->area };
            return;
        }
}

void tracks_step(tracks *t, const region *regions, uint32_t count, uint64_t number, gf_utc_ms at, findings *out)
{
    for (int i = 0; i < TRACKS_MAX; i++)
        t->track[i].frames += t->track[i].live;
    for (uint32_t r = 1; r < count; r++) {
        if (!regions[r].area)
            continue;
        int best = -1, most = 0;
        for (int i = 0; i < TRACKS_MAX; i++)
            if (t->track[i].live && t->track[i].frame_last != number && overlap(&t->track[i].box, &regions[r]) > most) {
                most = overlap(&t->track[i].box, &regions[r]);
                best = i;
            }
        if (best >= 0)
            follow(&t->track[best], &regions[r], number, at);
        else
            begin(t, &regions[r], number, at);
    }
    for (int i = 0; i < TRACKS_MAX; i++)
        if (t->track[i].live && at - t->track[i].at_last > LOST_MS) {
            tell(&t->track[i], out);
            t->track[i].live = false;
        }
}

void tracks_drop(tracks *t)
{
    for (int i = 0; i < TRACKS_MAX; i++)
        t->track[i].live = false;
}

void tracks_finish(tracks *t, findings *out)
{
    for (int i = 0; i < TRACKS_MAX; i++)
        if (t->track[i].live)
            tell(&t->track[i], out);
    tracks_drop(t);
}
