/* vision/slow_inside.h - inside slow change only: pictures of visits and how two of them differ. */
#pragma once
#include "vision/vision.h"

enum { WINDOW = 3 };                     /* half side of the square that is compared */

/* A visit or a reference: luma and chroma, with mean and deviation of luma around every pixel. */
typedef struct glance { uint8_t *y, *u, *v; float *mean, *spread; bool there; int hour; gf_utc_ms at; } glance;

bool   glance_make(glance *g, int width, int height, gf_arena *keep);
void   glance_measure(glance *g, int width, int height, uint32_t *integral, uint64_t *integral2);
/* Sets differs[i] to 1 where the two do not show the same thing, whatever the light; leaves 0 elsewhere. `product` is room for an
 * integral image. */
void   glance_compare(const glance *reference, const glance *visit, int width, int height, uint64_t *product, uint8_t *differs);
