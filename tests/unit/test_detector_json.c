/* A detector's description: what is read, and what is refused by name. */
#include "unit/check.h"
#include "app/gf_app_detect.h"

#include <stdlib.h>
#include <string.h>

#define HASH "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"   /* of "abc": FIPS 180-4 */
static const char GOOD[] = "{\"schema\":\"gongfu.watch.detector/1\",\"file\":\"m.onnx\",\"sha256\":\"" HASH "\",\"head\":\"yolox\","
    "\"input\":{\"width\":64,\"height\":32,\"fit\":\"letterbox\",\"colours\":\"bgr\"},\"strides\":[8,16],\"classes\":[\"car\",\"cow\"]}";

/* The good text with one part replaced. */
static char *with(const char *from, const char *to)
{
    const char *at = strstr(GOOD, from);
    char *out = malloc(sizeof GOOD + strlen(to) + 1);
    assert_non_null(at);
    assert_non_null(out);
    (void)sprintf(out, "%.*s%s%s", (int)(at - GOOD), GOOD, to, at + strlen(from));
    return out;
}

static gf_status read_with(const char *from, const char *to, gf_app_detector *d, gf_error *err)
{
    char *text = with(from, to);
    const gf_status status = gf_app_detector_read(gf_str_of(text), d, err);
    free(text);
    return status;
}

static void defaults_fill_what_is_left_out(void **state)
{
    (void)state;
    gf_app_detector d;
    assert_int_equal(gf_app_detector_read(gf_str_of(GOOD), &d, NULL), GF_OK);
    assert_int_equal(d.model.class_count, 2);
    assert_true(d.model.class[0].reported && d.model.class[1].reported);
    assert_true(d.model.pad == 114 && d.model.scale == 1 && d.model.score_least == 0.25f && !d.model.rgb);
    assert_int_equal(gf_vision_detect_output_floats(&d.model), (8 * 4 + 4 * 2) * 7);
}

static void report_chooses_and_cannot_add(void **state)
{
    (void)state;
    gf_app_detector d;
    gf_error err;
    assert_int_equal(read_with("\"strides\"", "\"report\":{\"cow\":0.4},\"strides\"", &d, &err), GF_OK);
    assert_true(!d.model.class[0].reported && d.model.class[1].reported && d.model.class[1].score_least == 0.4f);
    assert_int_equal(read_with("\"strides\"", "\"report\":[\"excavator\"],\"strides\"", &d, &err), GF_EINPUT);
    assert_non_null(strstr(err.what, "excavator"));
    assert_int_equal(read_with("\"strides\"", "\"report\":{\"car\":\"excavator\"},\"strides\"", &d, &err), GF_EINPUT);
}

static void wrong_descriptions_are_refused(void **state)
{
    (void)state;
    const char *const wrong[][2] = {
        { "gongfu.watch.detector/1", "gongfu.watch.detector/2" }, { "m.onnx", "../m.onnx" }, { "m.onnx", "" }, { HASH, "ba78" }, { "yolox", "yolov8" }, { "\"width\":64", "\"width\":60" },
        { "\"width\":64", "\"width\":\"64\"" }, { "\"width\":64,", "" }, { "letterbox", "crop" }, { "bgr", "grey" }, { "[8,16]", "[8,0]" }, { "[8,16]", "[]" }, { "[8,16]", "[8,16,32,64,8]" }, { "[8,16]", "8" },
        { "\"cow\"", "\"car\"" }, { "\"cow\"", "\"\"" }, { "\"cow\"", "1" }, { "\"head\"", "\"extra\":1,\"head\"" }, { "\"head\"", "\"file\":\"x\",\"head\"" }, { "\"fit\"", "\"blur\":1,\"fit\"" },
        { "\"head\"", "\"score_least\":0,\"head\"" }, { "\"head\"", "\"tiles\":{\"columns\":9,\"rows\":9},\"head\"" }, { "}", "" }, { "\"head\"", "\"report\":[],\"head\"" },
    };
    gf_app_detector d = { .file = "kept" };
    for (size_t i = 0; i < GF_COUNT(wrong); i++) {
        gf_error err = { 0 };
        if (read_with(wrong[i][0], wrong[i][1], &d, &err) != GF_EINPUT)
            fail_msg("%s -> %s was taken", wrong[i][0], wrong[i][1]);
        assert_true(err.what[0] != '\0');
    }
    assert_string_equal(d.file, "kept");
}

static void another_model_is_not_the_described_one(void **state)
{
    (void)state;
    gf_app_detector d;
    assert_int_equal(gf_app_detector_read(gf_str_of(GOOD), &d, NULL), GF_OK);
    assert_int_equal(gf_app_detector_verify(&d, GF_STR("abc"), NULL), GF_OK);
    assert_int_equal(gf_app_detector_verify(&d, GF_STR("abd"), NULL), GF_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(defaults_fill_what_is_left_out), TEST(report_chooses_and_cannot_add), TEST(wrong_descriptions_are_refused), TEST(another_model_is_not_the_described_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
