/* tests/unit/made.h - made pictures for the tests of vision: a scene, and a watch that is shown variations of it. */
#pragma once
#include "unit/check.h"

#include "vision/gf_vision_scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MADE_WIDTH = 320, MADE_HEIGHT = 240, MADE_STEP_MS = 40 };

typedef struct made { gf_arena *arena; gf_vision_watch *watch; gf_vision_picture scene, frame; gf_vision_random random; uint64_t number; gf_vision_step step; int findings[3]; } made;

static inline int made_open(void **state)
{
    static made m;
    gf_vision_options options = GF_VISION_OPTIONS_DEFAULT;
    m = (made){ .arena = gf_arena_open(64 * GF_MIB), .random = { 7 } };
    const gf_vision_scene scene = { .seed = 5 };
    bool ok = m.arena && gf_vision_scene_make(&scene, MADE_WIDTH, MADE_HEIGHT, m.arena, &m.scene, NULL) == GF_OK &&
              gf_vision_picture_make(MADE_WIDTH, MADE_HEIGHT, m.arena, &m.frame, NULL) == GF_OK && gf_vision_watch_open(&options, MADE_WIDTH, MADE_HEIGHT, &m.watch, NULL) == GF_OK;
    *state = &m;
    return ok ? 0 : -1;
}

static inline int made_close(void **state)
{
    made *m = *state;
    gf_vision_watch_close(m->watch);
    gf_arena_close(m->arena);
    return 0;
}

/* The scene from a pose into m->frame, with noise. */
static inline void made_look(made *m, const gf_vision_pose *pose, double gain, double noise) { gf_vision_scene_look(&m->scene, pose, gain, noise, &m->random, &m->frame); }

/* m->frame as the next frame of the watch. */
static inline void made_show(made *m)
{
    gf_vision_frame frame = gf_vision_picture_frame(&m->frame, (gf_utc_ms)m->number * MADE_STEP_MS, m->number);
    m->number++;
    assert_int_equal(gf_vision_watch_step(m->watch, &frame, &m->step, NULL), GF_OK);
    for (size_t i = 0; i < m->step.finding_count; i++)
        m->findings[m->step.findings[i].kind]++;
}

/* `count` frames of the camera at rest. */
static inline void made_rest(made *m, int count)
{
    for (int i = 0; i < count; i++) {
        made_look(m, &GF_VISION_POSE_NONE, 1, 2);
        made_show(m);
    }
}

static inline void made_box(made *m, int left, int top, int size, uint8_t luma)
{
    for (int y = top; y < top + size; y++)
        for (int x = left; x < left + size; x++)
            if (x >= 0 && y >= 0 && x < MADE_WIDTH && y < MADE_HEIGHT)
                m->frame.y[y * MADE_WIDTH + x] = luma;
}

/* Set pixels of the mask inside and outside a box. */
static inline void made_count(const made *m, int left, int top, int size, int *inside, int *outside)
{
    *inside = *outside = 0;
    for (int y = 0; y < MADE_HEIGHT; y++)
        for (int x = 0; x < MADE_WIDTH; x++) {
            bool in = x >= left && x < left + size && y >= top && y < top + size;
            if (m->step.mask[y * MADE_WIDTH + x])
                ++*(in ? inside : outside);
        }
}

#define MADE(name) cmocka_unit_test_setup_teardown(name, made_open, made_close)
