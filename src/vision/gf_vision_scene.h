/* vision/gf_vision_scene.h - made pictures with known truth: fields from a tower, swaying, under other light.
 *
 * For demos and tests: what is asked of the engine can be proven on a machine without a camera. Nothing here looks like a certain place;
 * the same seed gives the same bytes.
 */
#pragma once
#include "vision/gf_vision.h"

typedef struct gf_vision_random { uint64_t state; } gf_vision_random;
/* Uniform in [0, 1). SplitMix64 (Steele, Lea and Flood 2014). */
double gf_vision_random_part(gf_vision_random *random);
/* Nearly normal, mean 0 and deviation 1: the sum of eight bytes, so within +-4.9. */
double gf_vision_random_normal(gf_vision_random *random);

/* Planes of I420 without gaps, in the arena they were made in. */
typedef struct gf_vision_picture { int width, height; uint8_t *y, *u, *v; } gf_vision_picture;
gf_vision_frame gf_vision_picture_frame(const gf_vision_picture *picture, gf_utc_ms at, uint64_t number);
/* GF_ENOMEM. */
gf_status gf_vision_picture_make(int width, int height, gf_arena *keep, gf_vision_picture *out, gf_error *err);

/* What a scene is made of. Season moves crops on without moving their parcels; a mown parcel is stubble from edge to edge. */
typedef struct gf_vision_scene { uint64_t seed; double season; bool mown; double mown_x, mown_y; } gf_vision_scene;   /* mown: a point of the parcel, 0 ... 1 */
/* Parcels of crops with rows, tracks, woods, a few houses, seen at a slant. GF_ENOMEM. */
gf_status gf_vision_scene_make(const gf_vision_scene *scene, int width, int height, gf_arena *keep, gf_vision_picture *out, gf_error *err);

/* What a camera sees of a scene, both of one size: the pixel of the frame at x shows the scene at pose(x) (frame to reference); beyond the
 * scene its border is repeated. Luma is multiplied by `gain`, then noise of `noise` grey levels is added. `frame` may not be `scene`. */
void gf_vision_scene_look(const gf_vision_picture *scene, const gf_vision_pose *pose, double gain, double noise, gf_vision_random *random, gf_vision_picture *frame);

/* A pose of a swaying mast: shifts normal with deviation sigma_px, rotation within +-1 degree, zoom within +-2 %, gain 0.7 ... 1.3. */
void gf_vision_sway_draw(double sigma_px, gf_vision_random *random, gf_vision_pose *pose, double *gain);
