/* The detector's halves around the network, on numbers small enough to be worked out by hand. */
#include "unit/check.h"
#include "vision/gf_vision_detect.h"

#include <math.h>
#include <string.h>

enum { SIDE = 32, CELLS = 16 + 4, COLUMNS = 5 + 3 };   /* strides 8 and 16 on 32 x 32 */

static gf_vision_detect_model model_of(gf_vision_detect_head head)
{
    gf_vision_detect_model m = { .head = head, .fit = GF_VISION_FIT_STRETCH, .width = SIDE, .height = SIDE, .stride = { 8, 16 }, .stride_count = 2, .scale = 1, .pad = 114,
                                 .score_least = 0.25f, .overlap_most = 0.45f, .tile_columns = 1, .tile_rows = 1, .tile_overlap = 0.1f, .class_count = 3,
                                 .class = { { "car", true, 0 }, { "boat", false, 0 }, { "cow", true, 0.6f } } };
    if (head == GF_VISION_HEAD_FASTESTDET) {
        m.stride[0] = 16;
        m.stride_count = 1;
    }
    return m;
}

static const gf_vision_detect_rect WHOLE = { 0, 0, 64, 64 };   /* a picture of twice the input */

static void near(double got, double want) { assert_true(fabs(got - want) < 1e-4); }

static void check_box(const gf_vision_detect_box *b, const char *name, double score, double x, double y, double width, double height)
{
    assert_string_equal(b->class_name, name);
    near((double)b->score, score);
    near(b->at.x, x);
    near(b->at.y, y);
    near(b->at.width, width);
    near(b->at.height, height);
}

/* Row 18 is the third cell of stride 16: column 0, row 1. Centre (0.5 + 0) 16 = 8, (0.25 + 1) 16 = 20 in the input; size 16 e^0 = 16
 * by 16 e^ln2 = 32, so from 4 to 36: cut at 32. In the picture twice that. Score 0.9 * 0.8. */
static void yolox_row_is_a_box_of_its_cell(void **state)
{
    (void)state;
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    float out[CELLS * COLUMNS] = { 0 };
    gf_vision_detect_box box[4];
    float *row = out + 18 * COLUMNS;
    memcpy(row, (const float[]){ 0.5f, 0.25f, 0, 0.693147181f, 0.9f, 0.8f, 0.1f, 0.2f }, COLUMNS * sizeof *row);
    assert_int_equal(gf_vision_detect_decode(&m, &WHOLE, out, box, 4), 1);
    check_box(&box[0], "car", 0.72, 0, 8, 32, 56);
}

/* Cell 3 of 2 x 2: centre (1 + tanh 0) 16 = 16, (1 + tanh 0.5) 16; size sigmoid(0) = half of 32. Score 0.5^0.6 * 0.9^0.4. */
static void fastestdet_cell_is_a_box(void **state)
{
    (void)state;
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_FASTESTDET);
    float out[4 * COLUMNS] = { 0 };
    gf_vision_detect_box box[4];
    const float cell[COLUMNS] = { 0.5f, 0, 0.5f, 0, -20, 0.9f, 0.05f, 0.05f };
    for (size_t k = 0; k < COLUMNS; k++)
        out[k * 4 + 3] = cell[k];
    assert_int_equal(gf_vision_detect_decode(&m, &WHOLE, out, box, 4), 1);
    check_box(&box[0], "car", pow(0.5, 0.6) * pow(0.9, 0.4), 16, 32 * (1 + tanh(0.5)), 32, 0);
}

/* The second class is not reported and the third asks for 0.6: whatever their scores, no other name stands in for them. */
static void only_reported_classes_at_their_scores_are_named(void **state)
{
    (void)state;
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    float out[CELLS * COLUMNS] = { 0 };
    gf_vision_detect_box box[4];
    memcpy(out, (const float[]){ 0, 0, 0, 0, 1, 0.5f, 0.9f, 0.1f }, COLUMNS * sizeof *out);                  /* a boat */
    memcpy(out + COLUMNS, (const float[]){ 0, 0, 0, 0, 1, 0.1f, 0.1f, 0.59f }, COLUMNS * sizeof *out);       /* half a cow */
    memcpy(out + 2 * COLUMNS, (const float[]){ 0, 0, 0, 0, 1, 0.1f, 0.1f, 0.61f }, COLUMNS * sizeof *out);   /* a cow */
    assert_int_equal(gf_vision_detect_decode(&m, &WHOLE, out, box, 4), 1);
    assert_string_equal(box[0].class_name, "cow");
    assert_int_equal(box[0].class_index, 2);
}

static void what_is_no_number_is_no_box(void **state)
{
    (void)state;
    const float wrong[] = { NAN, INFINITY, -INFINITY, 1e38f, -1e38f };
    gf_vision_detect_box box[CELLS];
    for (int head = 0; head < GF_VISION_HEAD_COUNT; head++) {
        const gf_vision_detect_model m = model_of((gf_vision_detect_head)head);
        for (size_t i = 0; i < GF_COUNT(wrong); i++) {
            float out[CELLS * COLUMNS];
            for (size_t k = 0; k < GF_COUNT(out); k++)
                out[k] = wrong[i];
            const size_t found = gf_vision_detect_decode(&m, &WHOLE, out, box, CELLS);
            for (size_t k = 0; k < found; k++)
                assert_true(isfinite(box[k].score) && box[k].at.width > 0 && box[k].at.x >= 0 && box[k].at.x + box[k].at.width <= 64);
        }
    }
}

static void without_room_the_best_stay(void **state)
{
    (void)state;
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    float out[CELLS * COLUMNS] = { 0 }, best = 0;
    gf_vision_detect_box box[2];
    for (size_t i = 0; i < 5; i++)
        memcpy(out + i * COLUMNS, (const float[]){ 0.5f, 0.5f, 0, 0, 1, 0.3f + 0.1f * (float)((i * 3) % 5), 0, 0 }, COLUMNS * sizeof *out);
    assert_int_equal(gf_vision_detect_decode(&m, &WHOLE, out, box, 2), 5);
    best = box[0].score + box[1].score;
    near((double)best, 0.7 + 0.6);
}

/* ---- Pictures ---- */

typedef struct picture { uint8_t y[64 * 64], u[32 * 32], v[32 * 32]; gf_vision_detect_image image; } picture;

static picture *grey(void **state, int value)
{
    picture *p = gf_new(*state, picture, 1);
    memset(p->y, value, sizeof p->y);
    memset(p->u, 128, sizeof p->u);
    memset(p->v, 128, sizeof p->v);
    p->image = (gf_vision_detect_image){ 64, 64, p->y, p->u, p->v, 64, 32, true };
    return p;
}

/* Columns 0 and 255 in turn, shrunk by two: every pixel is their mean. Then a letterbox of half the height: the lower half is padding. */
static void input_is_the_mean_of_the_area_and_padding_below(void **state)
{
    gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    picture *p = grey(state, 0);
    float input[SIDE * SIDE * 3];
    for (size_t i = 0; i < sizeof p->y; i += 2)
        p->y[i] = 255;
    assert_int_equal(gf_vision_detect_fill(&m, &p->image, &WHOLE, *state, input, NULL), GF_OK);
    for (size_t i = 0; i < GF_COUNT(input); i++)
        near((double)input[i], 127.5);
    m.fit = GF_VISION_FIT_LETTERBOX;
    m.scale = 0.5f;
    assert_int_equal(gf_vision_detect_fill(&m, &p->image, &(gf_vision_detect_rect){ 0, 0, 64, 32 }, *state, input, NULL), GF_OK);
    near((double)input[15 * SIDE + 31], 63.75);
    near((double)input[16 * SIDE], 57);
}

/* Full range, Y 100, U 128, V 178: red 100 + 1.402 * 50, green 100 - 0.714136 * 50, blue 100. */
static void colours_come_in_the_models_order(void **state)
{
    gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    picture *p = grey(state, 100);
    float input[3][SIDE * SIDE];
    memset(p->v, 178, sizeof p->v);
    assert_int_equal(gf_vision_detect_fill(&m, &p->image, &WHOLE, *state, input[0], NULL), GF_OK);
    near((double)input[0][5], 100);
    near((double)input[1][5], 64.29319);
    near((double)input[2][5], 170.1);
    m.rgb = true;
    assert_int_equal(gf_vision_detect_fill(&m, &p->image, &WHOLE, *state, input[0], NULL), GF_OK);
    near((double)input[0][5], 170.1);
}

/* A tile of 3 x 2 with a tenth in common: 64 / 2.8 = 22.857 wide, the last ends at the picture's edge. */
static void tiles_cover_the_picture(void **state)
{
    (void)state;
    gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    gf_vision_detect_rect tile[GF_VISION_TILES_MAX];
    m.tile_columns = 3;
    m.tile_rows = 2;
    assert_int_equal(gf_vision_detect_tiles(&m, 64, 64, tile), 6);
    near(tile[0].width, 64 / 2.8);
    near(tile[1].x, 64 / 2.8 * 0.9);
    near(tile[5].x + tile[5].width, 64);
    near(tile[5].y + tile[5].height, 64);
}

/* ---- Suppression ---- */

typedef struct script { const float *output; size_t floats; size_t call; } script;

static gf_status play(void *context, const float *input, float *output, gf_error *err)
{
    script *s = context;
    (void)input, (void)err;
    memcpy(output, s->output + s->call++ * s->floats, s->floats * sizeof *output);
    return GF_OK;
}

static void put_row(float *out, size_t row, double cx, double cy, double width, double height, float score, size_t class)
{
    float *r = out + row * COLUMNS;
    r[0] = (float)(cx / 8 - (double)(row % 4));
    r[1] = (float)(cy / 8 - (double)(row / 4));
    r[2] = (float)log(width / 8);
    r[3] = (float)log(height / 8);
    r[4] = 1;
    r[5 + class] = score;
}

static size_t look(void **state, const gf_vision_detect_model *m, const gf_vision_detect_rect *parts, size_t count, const float *output, gf_vision_detect_box **boxes)
{
    size_t found = 0;
    script s = { output, CELLS * COLUMNS, 0 };
    gf_arena *scratch = gf_arena_open(16 * GF_MIB);
    assert_int_equal(gf_vision_detect_run(m, &grey(state, 0)->image, parts, count, play, &s, *state, scratch, boxes, &found, NULL), GF_OK);
    assert_int_equal(s.call, count);
    gf_arena_close(scratch);
    return found;
}

/* 16 x 16 boxes 4 apart have 12 * 16 of 16 * 20 in common: 0.6. 8 apart: 8 * 16 of 16 * 24, a third. */
static void of_two_that_overlap_the_better_stays(void **state)
{
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    float out[CELLS * COLUMNS] = { 0 };
    gf_vision_detect_box *box;
    put_row(out, 0, 10, 10, 16, 16, 0.5f, 0);
    put_row(out, 1, 14, 10, 16, 16, 0.9f, 2);
    put_row(out, 2, 22, 10, 16, 16, 0.7f, 0);
    assert_int_equal(look(state, &m, &WHOLE, 1, out, &box), 2);
    assert_string_equal(box[0].class_name, "cow");
    near((double)box[1].score, 0.7);
}

/* Two tiles of 40 of 64 columns, 16 in common. A thing from 20 to 60: the first tile sees it as far as its edge at 40, the second from 24 on.
 * 16 of the smaller one's 20 columns are in both: they are one thing, from 20 to 60. */
static void a_box_cut_by_a_tile_is_joined_with_its_rest(void **state)
{
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    const gf_vision_detect_rect tiles[2] = { { 0, 0, 40, 64 }, { 24, 0, 40, 64 } };
    float out[2 * CELLS * COLUMNS] = { 0 };
    gf_vision_detect_box *box;
    put_row(out, 0, 24, 16, 16, 16, 0.9f, 0);                    /* in the input: 40 columns are 32 */
    put_row(out + CELLS * COLUMNS, 0, 14.4, 16, 28.8, 16, 0.8f, 0);
    assert_int_equal(look(state, &m, tiles, 2, out, &box), 1);
    check_box(&box[0], "car", 0.9, 20, 16, 40, 32);
}

static void a_part_outside_the_picture_is_refused(void **state)
{
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    const gf_vision_detect_rect wrong[] = { { -1, 0, 8, 8 }, { 60, 0, 8, 8 }, { 0, 0, 0, 8 }, { NAN, 0, 8, 8 }, { 0, 0, 8, INFINITY } };
    gf_vision_detect_box *box;
    size_t count;
    for (size_t i = 0; i < GF_COUNT(wrong); i++)
        assert_int_equal(gf_vision_detect_run(&m, &grey(state, 0)->image, &wrong[i], 1, play, NULL, *state, *state, &box, &count, NULL), GF_EINPUT);
}

static void every_arena_that_is_too_small_is_told(void **state)
{
    const gf_vision_detect_model m = model_of(GF_VISION_HEAD_YOLOX);
    static const float OUT[CELLS * COLUMNS];
    picture *p = grey(state, 0);
    bool done = false;
    for (size_t bytes = 4096; !done && bytes < 4 * GF_MIB; bytes += bytes / 8) {
        gf_arena *scratch = gf_arena_open(bytes);
        gf_vision_detect_box *box;
        size_t count;
        script s = { OUT, CELLS * COLUMNS, 0 };
        const gf_status status = gf_vision_detect_run(&m, &p->image, &WHOLE, 1, play, &s, *state, scratch, &box, &count, NULL);
        assert_true(status == GF_OK || status == GF_ENOMEM);
        assert_int_equal(gf_arena_used(scratch), 0);
        done = status == GF_OK;
        gf_arena_close(scratch);
    }
    assert_true(done);
}

static void descriptions_out_of_bounds_are_refused(void **state)
{
    (void)state;
    gf_vision_detect_model m[] = { model_of(0), model_of(0), model_of(0), model_of(0), model_of(0), model_of(1) };
    m[0].width = 30;
    m[1].score_least = NAN;
    strcpy(m[2].class[1].name, "car");
    m[3].class[0].reported = m[3].class[2].reported = false;
    m[4].tile_columns = m[4].tile_rows = 16;
    m[5].stride_count = 2;
    m[5].stride[1] = 8;
    for (size_t i = 0; i < GF_COUNT(m); i++)
        assert_int_equal(gf_vision_detect_model_check(&m[i], NULL), GF_EINPUT);
    const gf_vision_detect_model good = model_of(0);
    assert_int_equal(gf_vision_detect_model_check(&good, NULL), GF_OK);
    assert_int_equal(gf_vision_detect_output_floats(&good), CELLS * COLUMNS);
}

/* ---- Samples ---- */

/* A box of 40 x 20 at (100, 50), margin 0.5: the side is 40 + 2 * 20 + 2 = 82, its middle (120, 60): from (79, 19), on even pixels (78, 18).
 * The box's middle lies 42 of 82 from both edges. */
static void label_is_the_box_as_shares_of_the_crop(void **state)
{
    const gf_vision_detect_rect box = { 100, 50, 40, 20 };
    gf_vision_sample s = { .picture = GF_STR("a.png"), .crop = gf_vision_sample_crop(&box, 0.5, 640, 480), .box = box, .verdict = GF_VISION_VERDICT_TRUE,
                           .class_name = GF_STR("excavator"), .class_index = 3, .at = 1700000000000 };
    gf_text text;
    near(s.crop.x, 78);
    near(s.crop.y, 18);
    near(s.crop.width, 82);
    gf_text_init(&text, *state);
    assert_int_equal(gf_vision_sample_label(&s, &text, NULL), GF_OK);
    assert_string_equal(gf_text_str(&text).data, "3 0.512195 0.512195 0.487805 0.243902\n");
    gf_text_init(&text, *state);
    assert_int_equal(gf_vision_sample_manifest(&s, &text, NULL), GF_OK);
    assert_string_equal(gf_text_str(&text).data, "{\"schema\":\"gongfu.watch.sample/1\",\"picture\":\"a.png\",\"verdict\":\"true\",\"class\":\"excavator\",\"box_px\":[100.00,50.00,40.00,20.00],"
        "\"crop_px\":[78.00,18.00,82.00,82.00],\"time_utc\":\"2023-11-14T22:13:20Z\",\"by\":null,\"parcel\":null,\"weather\":null,\"preset\":null,\"case\":null,\"model_sha256\":null}\n");
    s.verdict = GF_VISION_VERDICT_FALSE;
    gf_text_init(&text, *state);
    assert_int_equal(gf_vision_sample_label(&s, &text, NULL), GF_OK);
    assert_int_equal(gf_text_str(&text).len, 0);   /* a picture with nothing in it */
    s.verdict = GF_VISION_VERDICT_UNCLEAR;
    assert_int_equal(gf_vision_sample_label(&s, &text, NULL), GF_EINPUT);
    s.verdict = GF_VISION_VERDICT_TRUE;
    s.box.x = 20;
    assert_int_equal(gf_vision_sample_manifest(&s, &text, NULL), GF_EINPUT);
}

static void crops_stay_within_the_picture(void **state)
{
    (void)state;
    for (int x = 0; x < 60; x += 7)
        for (int size = 1; x + size <= 63; size += 9) {
            const gf_vision_detect_rect box = { x, x / 2.0, size, size / 2.0 }, c = gf_vision_sample_crop(&box, 0.3, 63, 49);
            assert_true(c.x >= 0 && c.y >= 0 && c.x + c.width <= 63 && c.y + c.height <= 49 && fmod(c.x, 2) == 0 && fmod(c.width, 2) == 0);
            assert_true(c.x <= box.x && c.y <= box.y && c.x + c.width >= fmin(box.x + box.width, 62) && c.y + c.height >= box.y + box.height);
        }
}

/* Full range Y 200 and no colour: white grey of 200, in every pixel of the crop and none beyond it. */
static void crop_pixels_are_the_pictures(void **state)
{
    picture *p = grey(state, 200);
    uint8_t rgb[4 * 2 * 3 + 1] = { [24] = 77 };
    p->y[10 * 64 + 12] = 50;
    gf_vision_sample_pixels(&p->image, &(gf_vision_detect_rect){ 10, 10, 4, 2 }, rgb);
    for (size_t i = 0; i < 24; i++)
        assert_int_equal(rgb[i], i / 3 == 2 ? 50 : 200);
    assert_int_equal(rgb[24], 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(yolox_row_is_a_box_of_its_cell),
        TEST(fastestdet_cell_is_a_box),
        TEST(only_reported_classes_at_their_scores_are_named),
        TEST(what_is_no_number_is_no_box),
        TEST(without_room_the_best_stay),
        TEST(input_is_the_mean_of_the_area_and_padding_below),
        TEST(colours_come_in_the_models_order),
        TEST(tiles_cover_the_picture),
        TEST(of_two_that_overlap_the_better_stays),
        TEST(a_box_cut_by_a_tile_is_joined_with_its_rest),
        TEST(a_part_outside_the_picture_is_refused),
        TEST(every_arena_that_is_too_small_is_told),
        TEST(descriptions_out_of_bounds_are_refused),
        TEST(label_is_the_box_as_shares_of_the_crop),
        TEST(crops_stay_within_the_picture),
        TEST(crop_pixels_are_the_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
