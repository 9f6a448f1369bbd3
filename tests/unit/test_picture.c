/* Pictures in and out: what is written comes back, what cannot be is refused in a sentence. */
#include "unit/check.h"

#include "file/gf_file.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 19, HEIGHT = 13, PIXELS_MAX = 1 << 16 };

static gf_str written(gf_arena *arena, const uint8_t *grey)
{
    gf_text png;
    gf_text_init(&png, arena);
    assert_int_equal(gf_file_picture_write_grey(grey, WIDTH, HEIGHT, WIDTH, &png, NULL), GF_OK);
    return gf_text_str(&png);
}

static void a_mask_comes_back_as_it_was(void **state)
{
    uint8_t grey[WIDTH * HEIGHT];
    gf_file_picture back;
    for (size_t i = 0; i < sizeof grey; i++)
        grey[i] = (uint8_t)(i * 37 % 256);
    assert_int_equal(gf_file_picture_read(written(*state, grey), PIXELS_MAX, *state, &back, NULL), GF_OK);
    assert_int_equal(back.width, WIDTH);
    assert_int_equal(back.height, HEIGHT);
    assert_memory_equal(back.y, grey, sizeof grey);
    for (size_t i = 0; i < (WIDTH + 1) / 2 * ((HEIGHT + 1) / 2); i++)
        assert_true(back.u[i] == 128 && back.v[i] == 128);
}

static void every_cut_of_a_png_is_refused_and_leaves_nothing(void **state)
{
    uint8_t grey[WIDTH * HEIGHT] = { 0 };
    gf_file_picture back;
    gf_error err;
    gf_str png = written(*state, grey);
    size_t used = gf_arena_used(*state);
    for (size_t len = 0; len + 4 < png.len; len++) {
        assert_int_not_equal(gf_file_picture_read(gf_str_slice(png, 0, len), PIXELS_MAX, *state, &back, &err), GF_OK);
        assert_true(err.what[0] && gf_arena_used(*state) == used);
    }
}

static void a_picture_beyond_the_bound_is_refused_before_it_is_read(void **state)
{
    uint8_t grey[WIDTH * HEIGHT] = { 0 };
    gf_file_picture back;
    gf_error err;
    assert_int_equal(gf_file_picture_read(written(*state, grey), WIDTH * HEIGHT - 1, *state, &back, &err), GF_ELIMIT);
    assert_string_equal(err.code, "picture.large");
}

/* Red is Y 76, U 85, V 255 (JFIF: 0.299, -0.1687, 0.5 of 255 around 128, rounded). */
static void a_bmp_is_read_from_the_bottom_up_in_jfif_colours(void **state)
{
    enum { W = 8, H = 8, HEAD = 54 };
    uint8_t bmp[HEAD + W * H * 3] = { 'B', 'M' };
    gf_file_picture back;
    bmp[10] = HEAD;
    bmp[14] = 40;
    bmp[18] = W;
    bmp[22] = H;
    bmp[26] = 1;
    bmp[28] = 24;
    for (int i = 0; i < W * 2; i++)
        bmp[HEAD + 3 * i + 2] = 255;      /* the two lowest rows are red */
    assert_int_equal(gf_file_picture_read((gf_str){ (const char *)bmp, sizeof bmp }, PIXELS_MAX, *state, &back, NULL), GF_OK);
    assert_int_equal(back.y[0], 0);
    assert_int_equal(back.y[(H - 1) * W], 76);
    assert_int_equal(back.u[(H / 2 - 1) * (W / 2)], 85);
    assert_int_equal(back.v[(H / 2 - 1) * (W / 2)], 255);
    assert_int_equal(back.v[0], 128);
}

static void what_is_no_picture_is_told_so(void **state)
{
    gf_file_picture back;
    gf_error err;
    assert_int_equal(gf_file_picture_read(GF_STR("GIF89a and more"), PIXELS_MAX, *state, &back, &err), GF_EINPUT);
    assert_string_equal(err.code, "picture.kind");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mask_comes_back_as_it_was),
        TEST(every_cut_of_a_png_is_refused_and_leaves_nothing),
        TEST(a_picture_beyond_the_bound_is_refused_before_it_is_read),
        TEST(a_bmp_is_read_from_the_bottom_up_in_jfif_colours),
        TEST(what_is_no_picture_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
