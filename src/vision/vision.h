/* vision/vision.h - inside the room only: the working picture, and the steps of a watch. */
#pragma once
#include "vision/gf_vision.h"

/* A picture the engine works on: at most GF_VISION_WORK_WIDTH_MAX wide, all planes in full size, rows without gaps. */
typedef struct view { int width, height; uint8_t *y, *u, *v; } view;

/* What the working size is for a frame, and how many pixels of the frame one of it covers in x and y. */
void view_size(int width, int height, int *work_width, int *work_height);
/* NULL planes when the arena is full. */
view view_make(int width, int height, gf_arena *keep);
/* Area averages of the frame; chroma is stretched back to the luma's size. */
void view_take(view *out, const gf_vision_frame *frame);
/* Half the size, by means of four. */
void halve(const uint8_t *from, int width, int height, uint8_t *to);
/* Mean over 3 x 3, weights 1 2 1: `room` holds a picture of uint16. */
void smooth(const uint8_t *from, int width, int height, uint8_t *to, uint16_t *room);

/* ---- Change ---- */

typedef struct change change;
/* NULL at the arena's limit. */
change *change_make(const gf_vision_tuning *tuning, int width, int height, gf_arena *keep);
/* Look at an aligned picture. valid (or NULL): 0 where the frame shows nothing of the view. shaky_px: by how much the alignment may be
 * off. The mask (0/255) is borrowed until the next call. */
const uint8_t *change_step(change *c, const view *picture, const uint8_t *valid, double shaky_px);

/* ---- Regions ---- */

typedef struct region { int left, top, right, bottom; uint32_t area, strong; } region;   /* right and bottom are behind the last pixel */

/* Majority over a square of side 2 radius + 1. */
void majority(const uint8_t *from, int width, int height, int radius, uint8_t *to, uint16_t *room);
/* Label the set pixels of a mask, 8 neighbours; labels from 1 in `label`, regions[0] unused. Returns their count + 1, at most `most`: what
 * comes later is left out and its pixels have label 0. `strong` may be NULL. */
uint32_t label_regions(const uint8_t *mask, const uint8_t *strong, int width, int height, uint32_t *label, uint32_t *parent, region *regions, uint32_t most);

/* ---- Registration ---- */

typedef struct align align;
/* NULL at the arena's limit. */
align *align_make(int width, int height, gf_arena *keep);
/* The picture that others are laid on. */
void   align_refer(align *a, const view *reference);
/* Where the picture lies; pose in pixels of the working picture, picture to reference. */
void   align_find(align *a, const view *picture, gf_vision_fit *fit);
/* Lay a picture on the reference; valid is 0 where the picture has nothing to show. */
void   align_warp(const view *from, const gf_vision_pose *pose, view *to, uint8_t *valid);

/* ---- Gate ---- */

typedef struct gate gate;
/* NULL at the arena's limit. */
gate *gate_make(int width, int height, gf_arena *keep);
/* Looking, or why not; moving and blind are the registration's to say. */
gf_vision_state gate_look(gate *g, const view *picture, gf_utc_ms at);
/* True while the last two small pictures show the same, shifted by less than a hundredth of the width. */
bool  gate_steady(const gate *g);

/* The regions of the last mask: regions[1 ... *count - 1] with an area above 0. */
const region *change_regions(const change *c, uint32_t *count);

/* ---- Findings ---- */

enum { FINDINGS_MAX = 256 };
typedef struct findings { gf_vision_finding item[FINDINGS_MAX]; size_t count; } findings;
/* What does not fit is left out; the count stays at the bound. */
void findings_add(findings *list, const gf_vision_finding *finding);

/* ---- Tracks: things that move ---- */

typedef struct tracks tracks;
tracks *tracks_make(int width, int height, gf_arena *keep);
/* Follow the regions of a mask; tracks that ended as a thing that moved become findings in working pixels. */
void    tracks_step(tracks *t, const region *regions, uint32_t count, uint64_t number, gf_utc_ms at, findings *out);
/* Nobody looked for a while: what was followed is forgotten, not told. */
void    tracks_drop(tracks *t);
void    tracks_finish(tracks *t, findings *out);

/* ---- Slow change ---- */

typedef struct slow slow;
/* NULL at the arena's limit. */
slow *slow_make(int width, int height, gf_arena *keep);
/* An aligned picture of the dwell; every few make a visit. Findings are in working pixels. */
void  slow_step(slow *s, const view *picture, const uint8_t *valid, uint64_t number, gf_utc_ms at, findings *out);
/* The camera went elsewhere or could not see: pictures gathered for a visit are put away. */
void  slow_drop(slow *s);
