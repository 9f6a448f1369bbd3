/* vision/slow_inside.h - inside slow change only: pictures of visits, how two of them differ, and what a region that stays is. */
#pragma once
#include "vision/vision.h"

enum { WINDOW = 3, HOURS = 8, GATHER = 5, TOLD_MAX = 64, SLOW_REGIONS_MAX = 4096 };   /* WINDOW: half side of the square that is compared; HOURS: of the day that have a reference */

/* A visit or a reference: luma and chroma, with mean and deviation of luma around every pixel. */
typedef struct glance { uint8_t *y, *u, *v; float *mean, *spread; bool there; int hour; gf_utc_ms at; } glance;
/* What light does between two looks: a factor on luma, a shift of hue. */
typedef struct light { double factor; int u, v; } light;

struct slow {
    int width, height, full_width, full_height, halved;
    view gathered[GATHER];
    uint8_t *gathered_valid;             /* of all pictures gathered */
    int gathered_count, dwell_visits;    /* dwell_visits: made since the last gap */
    gf_utc_ms dwell_at;                  /* when the first of them began */
    uint64_t gathered_number;
    gf_utc_ms gathered_at, gathered_last;
    glance visit, before, old, reference[HOURS];   /* before: the last visit; old: what was there before a finding */
    uint8_t *had, *differs, *other, *mask, *restless, *room8, *edge_ref, *edge_now;
    uint16_t *age, *dwells, *room16;     /* visits and dwells for which a pixel has been a candidate */
    gf_utc_ms *since;                    /* and from when */
    uint64_t *since_number;
    uint32_t *integral, *label, *parent, visits;
    uint64_t *integral2;
    region *region, told[TOLD_MAX];      /* boxes of what was told, the oldest replaced first */
    uint32_t told_count, told_visit[TOLD_MAX];
};

bool   glance_make(glance *g, int width, int height, gf_arena *keep);
void   glance_measure(glance *g, int width, int height, uint32_t *integral, uint64_t *integral2);
light  glance_light(const glance *reference, const glance *visit, size_t pixels);
/* A pixel of `from` as it would be in the light of `to`; l leads from `from` to `to`. */
void   glance_borrow(glance *to, const glance *from, size_t i, const light *l);
/* Sets differs[i] to 1 where the two do not show the same thing, whatever the light; leaves 0 elsewhere. `product` is room for an
 * integral image. */
void   glance_compare(const glance *reference, const glance *visit, int width, int height, uint64_t *product, uint8_t *differs);

/* The reference whose hour of the day is nearest to the visit's; NULL before there is one. */
const glance *slow_nearest(const slow *s);
/* 1 where a pixel within `reach` is `value`, else 0. `rows` is room for a picture. */
void   slow_spread(const uint8_t *from, uint8_t value, int width, int height, int reach, uint8_t *rows, uint8_t *to);
/* How old candidates become findings: what stays (s->other) is cut into regions, those that are things are told unless they were, and taken
 * into the references. */
void   slow_find_lasting(slow *s, findings *out);
