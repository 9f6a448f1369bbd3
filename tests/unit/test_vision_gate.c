/* The gate: why a frame cannot be looked at, told from made pictures. */
#include "unit/made.h"

/* Shows `count` copies of m->frame changed by a function of luma, with noise of the sensor, and gives the last state. */
static gf_vision_state show_changed(made *m, int count, double factor, double offset, int grey, double noise)
{
    for (int k = 0; k < count; k++) {
        made_look(m, &GF_VISION_POSE_NONE, 1, 0);
        for (int i = 0; i < MADE_WIDTH * MADE_HEIGHT; i++) {
            double luma = m->frame.y[i] * factor + offset + noise * gf_vision_random_normal(&m->random);
            m->frame.y[i] = (uint8_t)fmax(0, fmin(255, luma));
        }
        if (grey) {
            memset(m->frame.u, 128, (MADE_WIDTH / 2) * (MADE_HEIGHT / 2));
            memset(m->frame.v, 128, (MADE_WIDTH / 2) * (MADE_HEIGHT / 2));
        }
        made_show(m);
    }
    return m->step.state;
}

static void a_day_is_looked_at(void **state) { assert_int_equal(show_changed(*state, 30, 1, 0, 0, 2), GF_VISION_LOOKING); }

static void a_dim_or_bright_day_is_looked_at(void **state)
{
    assert_int_equal(show_changed(*state, 30, 1, 0, 0, 2), GF_VISION_LOOKING);
    assert_int_equal(show_changed(*state, 5, 0.55, 0, 0, 2), GF_VISION_LOOKING);
    assert_int_equal(show_changed(*state, 5, 1.4, 0, 0, 2), GF_VISION_LOOKING);
}

static void night_is_dark(void **state)
{
    assert_int_equal(show_changed(*state, 30, 1, 0, 0, 2), GF_VISION_LOOKING);
    assert_int_equal(show_changed(*state, 3, 0.08, 2, 0, 2), GF_VISION_DARK);
}

static void night_from_the_first_frame_is_dark(void **state) { assert_int_equal(show_changed(*state, 3, 0.08, 2, 0, 2), GF_VISION_DARK); }

static void a_colour_camera_without_colour_has_turned_to_infrared(void **state)
{
    assert_int_equal(show_changed(*state, 30, 1, 0, 0, 2), GF_VISION_LOOKING);
    assert_int_equal(show_changed(*state, 3, 1, 0, 1, 2), GF_VISION_DARK);
}

static void a_camera_without_colour_is_looked_at(void **state) { assert_int_equal(show_changed(*state, 30, 1, 0, 1, 2), GF_VISION_LOOKING); }

static void fog_takes_contrast_and_leaves_light(void **state)
{
    assert_int_equal(show_changed(*state, 30, 1, 0, 0, 1), GF_VISION_LOOKING);
    assert_int_equal(show_changed(*state, 3, 0.12, 150, 0, 1), GF_VISION_FOG);
}

/* A bag over the lens: dim, and the same everywhere. */
static void a_cover_takes_the_picture(void **state)
{
    assert_int_equal(show_changed(*state, 30, 1, 0, 0, 1), GF_VISION_LOOKING);
    assert_int_equal(show_changed(*state, 3, 0.02, 50, 0, 1), GF_VISION_COVERED);
}

static void the_same_bytes_for_three_seconds_are_frozen(void **state)
{
    made *m = *state;
    made_rest(m, 10);
    for (int i = 0; i < 70; i++)
        made_show(m);
    assert_int_equal(m->step.state, GF_VISION_LOOKING);
    for (int i = 0; i < 10; i++)
        made_show(m);
    assert_int_equal(m->step.state, GF_VISION_FROZEN);
    made_rest(m, 1);
    assert_int_equal(m->step.state, GF_VISION_LOOKING);
}

static void a_panning_camera_moves(void **state)
{
    made *m = *state;
    int moving = 0;
    made_rest(m, 5);
    for (int i = 0; i < 60; i++) {
        const gf_vision_pose pose = { 8.0 * i, 0, 0, 1 };
        made_look(m, &pose, 1, 2);
        made_show(m);
        moving += m->step.state == GF_VISION_MOVING || m->step.state == GF_VISION_COVERED;   /* the border is repeated: at the end there is nothing to see */
    }
    assert_true(moving > 15);
    assert_int_equal(m->findings[GF_VISION_MOTION] + m->findings[GF_VISION_LASTING_CHANGE], 0);
}

static void a_change_of_state_is_told_once_each_way(void **state)
{
    made *m = *state;
    (void)show_changed(m, 20, 1, 0, 0, 2);
    (void)show_changed(m, 20, 0.08, 2, 0, 2);
    (void)show_changed(m, 20, 1, 0, 0, 2);
    assert_int_equal(m->findings[GF_VISION_STATE_CHANGE], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MADE(a_day_is_looked_at),
        MADE(a_dim_or_bright_day_is_looked_at),
        MADE(night_is_dark),
        MADE(night_from_the_first_frame_is_dark),
        MADE(a_colour_camera_without_colour_has_turned_to_infrared),
        MADE(a_camera_without_colour_is_looked_at),
        MADE(fog_takes_contrast_and_leaves_light),
        MADE(a_cover_takes_the_picture),
        MADE(the_same_bytes_for_three_seconds_are_frozen),
        MADE(a_panning_camera_moves),
        MADE(a_change_of_state_is_told_once_each_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
