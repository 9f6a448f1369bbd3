/* vision/align_inside.h - inside the registration only: pyramid, blocks, the fit. */
#pragma once
#include "vision/vision.h"

enum { LEVELS_MAX = 5, BLOCKS_X = 12, BLOCKS_Y = 9, BLOCKS_MAX = BLOCKS_X * BLOCKS_Y, PEAKS_MAX = 14 };

typedef struct pyramid { int count, width[LEVELS_MAX], height[LEVELS_MAX]; uint8_t *level[LEVELS_MAX]; } pyramid;
/* Where a block's middle lies in the reference, and where it was seen in the picture; pixels of level 0. */
/* trust: its voice in the vote, 0 ... 1; stray_px: how far it is off when it agrees, lately; idle: not asked. */
typedef struct block { float x, y, seen_x, seen_y, trust, stray_px; bool seen, idle; } block;
typedef struct shift { int dx, dy; float score; } shift;

/* Reference to picture: x' = mid + a x - b y + dx, y' = mid + b x + a y + dy, from the middle. */
typedef struct similarity { double a, b, dx, dy; } similarity;

/* Shifts of the coarse pictures (reference point + shift = picture point), best first, far from each other. Pictures without their mean. */
int    coarse_peaks(const int8_t *reference, const int8_t *picture, int width, int height, int reach, float *room, shift *peaks, int most);
/* Local contrast in -127 ... 127: the mean of the neighbourhood is gone, and the picture's own contrast divided out. */
void   coarse_contrast(const uint8_t *from, int width, int height, int8_t *to, int32_t *room);

/* The similarity most blocks agree on within `tolerance_px`, refined over those; false under three. *agreeing (the sum of
 * their trust) and *residual_px tell how many and how well. */
bool   fit_similarity(const block *blocks, int count, double mid_x, double mid_y, double tolerance_px, similarity *out, double *agreeing, double *residual_px);

/* Positions of good texture, one a cell at most. */
int    choose_blocks(const uint8_t *picture, int width, int height, block *blocks);
/* Whole pixels of one level around the place where `guess` puts each block. */
void   search_blocks(const pyramid *reference, const pyramid *picture, int level, int reach, const similarity *guess, block *blocks, int count);
/* Parts of pixels of level 0, by Lucas and Kanade; a block that does not settle is not seen. */
void   refine_blocks(const pyramid *reference, const pyramid *picture, const similarity *guess, block *blocks, int count);
