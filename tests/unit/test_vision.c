/* Registration, fast and slow change on made pictures, where the truth is known because we made it. */
#include "unit/made.h"

static void a_pose_and_its_inverse_undo_each_other(void **state)
{
    (void)state;
    const gf_vision_pose pose = { 31.5, -12.25, 0.02, 1.015 }, back = gf_vision_pose_inverse(&pose);
    double x, y;
    gf_vision_pose_apply(&pose, 640, 480, 17, 401, &x, &y);
    gf_vision_pose_apply(&back, 640, 480, x, y, &x, &y);
    assert_true(fabs(x - 17) < 1e-9 && fabs(y - 401) < 1e-9);
}

/* By hand: a quarter turn about (1, 1) of a 3 x 3 picture takes (2, 1) to (1, 2), clockwise as seen; then one to the right. */
static void a_pose_turns_about_the_middle_and_then_moves(void **state)
{
    (void)state;
    const gf_vision_pose pose = { 1, 0, 1.5707963267948966, 1 };
    double x, y;
    gf_vision_pose_apply(&pose, 3, 3, 2, 1, &x, &y);
    assert_true(fabs(x - 2) < 1e-9 && fabs(y - 2) < 1e-9);
}

/* Half the deviation of the 640 pixels, for half the width. */
static void a_swaying_frame_is_laid_to_half_a_pixel(void **state)
{
    made *m = *state;
    double worst = 0;
    int refused = 0;
    made_look(m, &GF_VISION_POSE_NONE, 1, 0);
    made_show(m);
    for (int i = 0; i < 40; i++) {
        gf_vision_pose pose;
        double gain;
        gf_vision_sway_draw(i % 2 ? 2.5 : 20, &m->random, &pose, &gain);
        made_look(m, &pose, gain, 4);
        made_show(m);
        refused += !m->step.fit.accepted;
        if (m->step.fit.accepted)
            worst = fmax(worst, gf_vision_pose_apart_px(&pose, &m->step.fit.pose, MADE_WIDTH, MADE_HEIGHT));
    }
    assert_true(refused <= 1);
    assert_true(worst < 0.5);
}

static void another_view_is_refused_and_nothing_is_found(void **state)
{
    made *m = *state;
    const gf_vision_scene other = { .seed = 99 };
    gf_vision_picture elsewhere;
    made_rest(m, 10);
    assert_int_equal(gf_vision_scene_make(&other, MADE_WIDTH, MADE_HEIGHT, m->arena, &elsewhere, NULL), GF_OK);
    int wrong = 0, masked = 0;
    for (int i = 0; i < 20; i++) {
        const gf_vision_pose pan = { 4.0 * i, 0, 0, 1 };
        gf_vision_scene_look(&elsewhere, &pan, 1, 2, &m->random, &m->frame);
        made_show(m);
        wrong += m->step.fit.accepted;
        for (int k = 0; k < MADE_WIDTH * MADE_HEIGHT; k++)
            masked += m->step.mask[k] != 0;
    }
    assert_int_equal(wrong, 0);
    assert_int_equal(masked, 0);
    assert_int_equal(m->findings[GF_VISION_MOTION] + m->findings[GF_VISION_LASTING_CHANGE], 0);
}

static void a_camera_that_rests_elsewhere_begins_a_new_view(void **state)
{
    made *m = *state;
    const gf_vision_scene other = { .seed = 99 };
    made_rest(m, 10);
    assert_int_equal(gf_vision_scene_make(&other, MADE_WIDTH, MADE_HEIGHT, m->arena, &m->scene, NULL), GF_OK);
    made_rest(m, 50);                      /* two seconds */
    assert_int_equal(m->step.state, GF_VISION_BLIND);
    made_rest(m, 40);
    assert_int_equal(m->step.state, GF_VISION_LOOKING);
    assert_int_equal(m->findings[GF_VISION_MOTION] + m->findings[GF_VISION_LASTING_CHANGE], 0);
}

static void a_thing_that_drives_by_is_masked_and_told_once(void **state)
{
    made *m = *state;
    int inside, outside, covered = 0, spilled = 0;
    made_rest(m, 60);
    for (int i = 0; i < 50; i++) {
        made_look(m, &GF_VISION_POSE_NONE, 1, 2);
        made_box(m, 4 * i, 100, 30, 230);
        made_show(m);
        made_count(m, 4 * i, 100, 30, &inside, &outside);
        covered += inside;
        spilled += outside;
    }
    assert_true(covered > 50 * 30 * 30 * 9 / 10);
    assert_true(spilled < 50 * 4 * 30 * 3 / 2);                       /* a ring of a pixel and a half */
    made_rest(m, 40);
    assert_int_equal(m->findings[GF_VISION_MOTION], 1);
}

/* A shadow darkens by a factor, luma and chroma alike: the texture under it stays. */
static void a_shadow_is_no_thing(void **state)
{
    made *m = *state;
    int inside, outside;
    made_rest(m, 60);
    made_look(m, &GF_VISION_POSE_NONE, 1, 2);
    for (int y = 100; y < 140; y++)
        for (int x = 100; x < 140; x++)
            m->frame.y[y * MADE_WIDTH + x] = (uint8_t)(m->frame.y[y * MADE_WIDTH + x] * 0.75);
    for (int y = 50; y < 70; y++)
        for (int x = 50; x < 70; x++) {
            int i = y * (MADE_WIDTH / 2) + x;
            m->frame.u[i] = (uint8_t)(128 + (m->frame.u[i] - 128) * 0.75);
            m->frame.v[i] = (uint8_t)(128 + (m->frame.v[i] - 128) * 0.75);
        }
    made_show(m);
    made_count(m, 100, 100, 40, &inside, &outside);
    assert_true(inside + outside < 40 * 40 / 5);
}

/* The iris opens and closes: the whole view is a third brighter or darker. */
static void a_change_of_light_is_no_change(void **state)
{
    made *m = *state;
    int inside, outside;
    made_rest(m, 60);
    for (int i = 0; i < 10; i++) {
        made_look(m, &GF_VISION_POSE_NONE, i % 2 ? 0.75 : 1.2, 2);
        made_show(m);
        made_count(m, 0, 0, 0, &inside, &outside);
        assert_true(outside < MADE_WIDTH * MADE_HEIGHT / 200);
    }
}

static void a_shed_that_stays_is_told_once_and_when_it_came(void **state)
{
    made *m = *state;
    made_rest(m, 75);
    uint64_t came = m->number, told = 0, first = 0;
    for (int i = 0; i < 400; i++) {
        made_look(m, &GF_VISION_POSE_NONE, 1, 2);
        made_box(m, 140, 90, 40, 235);
        made_box(m, 150, 110, 12, 30);
        made_show(m);
        for (size_t k = 0; k < m->step.finding_count; k++)
            if (m->step.findings[k].kind == GF_VISION_LASTING_CHANGE) {
                told = m->number;
                first = m->step.findings[k].frame_first;
                assert_true(m->step.findings[k].left > 125 && m->step.findings[k].left + m->step.findings[k].width < 195);
            }
    }
    assert_int_equal(m->findings[GF_VISION_LASTING_CHANGE], 1);
    assert_true(told >= came + 115 && told <= came + 200);            /* five seconds, from the first picture of the visit in which it came */
    assert_true(first + 25 >= came && first <= came + 25);            /* within a second */
}

static void a_frame_of_another_size_is_refused(void **state)
{
    made *m = *state;
    gf_error err;
    gf_vision_step step;
    made_rest(m, 2);
    gf_vision_frame frame = gf_vision_picture_frame(&m->frame, 1000, 9);
    frame.width -= 2;
    assert_int_equal(gf_vision_watch_step(m->watch, &frame, &step, &err), GF_EINPUT);
    frame.width += 2;
    frame.at = 0;
    assert_int_equal(gf_vision_watch_step(m->watch, &frame, &step, &err), GF_EINPUT);
    assert_string_equal(err.code, "vision.frame");
}

static void frames_too_small_too_large_or_too_narrow_are_refused(void **state)
{
    (void)state;
    static const int SIZES[][2] = { { 63, 100 }, { 100, 63 }, { 8193, 1000 }, { 8192, 64 }, { 0, 0 }, { -5, 100 } };
    gf_vision_options options = GF_VISION_OPTIONS_DEFAULT;
    gf_vision_watch *watch = NULL;
    for (size_t i = 0; i < GF_COUNT(SIZES); i++)
        assert_int_equal(gf_vision_watch_open(&options, SIZES[i][0], SIZES[i][1], &watch, NULL), GF_ELIMIT);
    options.tuning.reach = 0;
    assert_int_equal(gf_vision_watch_open(&options, 320, 240, &watch, NULL), GF_EINPUT);
}

/* Odd sides, the smallest and portraits: every pixel of the mask is written, nothing beyond it (the sanitizer looks on). */
static void every_size_is_watched_to_its_edges(void **state)
{
    (void)state;
    static const int SIZES[][2] = { { 64, 64 }, { 65, 67 }, { 161, 129 }, { 127, 641 }, { 701, 301 }, { 1283, 723 } };
    for (size_t i = 0; i < GF_COUNT(SIZES); i++) {
        int width = SIZES[i][0], height = SIZES[i][1];
        gf_arena *arena = gf_arena_open(64 * GF_MIB);
        gf_vision_options options = GF_VISION_OPTIONS_DEFAULT;
        gf_vision_watch *watch = NULL;
        gf_vision_picture scene, frame;
        gf_vision_random random = { i };
        gf_vision_step step;
        assert_non_null(arena);
        assert_int_equal(gf_vision_watch_open(&options, width, height, &watch, NULL), GF_OK);
        assert_int_equal(gf_vision_scene_make(&(gf_vision_scene){ .seed = i }, width, height, arena, &scene, NULL), GF_OK);
        assert_int_equal(gf_vision_picture_make(width, height, arena, &frame, NULL), GF_OK);
        for (int k = 0; k < 8; k++) {
            const gf_vision_pose pose = { k % 3, k % 2, 0, 1 };
            gf_vision_scene_look(&scene, &pose, 1, 2, &random, &frame);
            const gf_vision_frame shown = gf_vision_picture_frame(&frame, k * 400, (uint64_t)k);
            assert_int_equal(gf_vision_watch_step(watch, &shown, &step, NULL), GF_OK);
            for (int p = 0; p < width * height; p++)
                assert_true(step.mask[p] == 0 || step.mask[p] == 255);
        }
        gf_vision_watch_close(watch);
        gf_arena_close(arena);
    }
}

/* Whatever size the arena has: the watch opens or says why not. */
static void a_watch_without_memory_is_refused(void **state)
{
    (void)state;
    gf_vision_options options = GF_VISION_OPTIONS_DEFAULT;
    int opened = 0;
    for (options.bytes_max = 1000; options.bytes_max < (size_t)64 << 20; options.bytes_max = options.bytes_max * 5 / 4) {
        gf_vision_watch *watch = NULL;
        gf_status status = gf_vision_watch_open(&options, 320, 240, &watch, NULL);
        assert_true(status == GF_OK || (status == GF_ENOMEM && !watch));
        opened += status == GF_OK;
        gf_vision_watch_close(watch);
    }
    assert_true(opened > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pose_and_its_inverse_undo_each_other),
        cmocka_unit_test(a_pose_turns_about_the_middle_and_then_moves),
        MADE(a_swaying_frame_is_laid_to_half_a_pixel),
        MADE(another_view_is_refused_and_nothing_is_found),
        MADE(a_camera_that_rests_elsewhere_begins_a_new_view),
        MADE(a_thing_that_drives_by_is_masked_and_told_once),
        MADE(a_shadow_is_no_thing),
        MADE(a_change_of_light_is_no_change),
        MADE(a_shed_that_stays_is_told_once_and_when_it_came),
        MADE(a_frame_of_another_size_is_refused),
        cmocka_unit_test(frames_too_small_too_large_or_too_narrow_are_refused),
        cmocka_unit_test(every_size_is_watched_to_its_edges),
        cmocka_unit_test(a_watch_without_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
