/* A detector's description as text, and a network's output as floats: neither may do more than be refused, or give boxes within the picture. */
#include "app/gf_app_detect.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void decode(const gf_vision_detect_model *m, const uint8_t *bytes, size_t len)
{
    static const gf_vision_detect_rect PART = { 10, 20, 300, 200 };
    gf_vision_detect_box boxes[8];
    const size_t floats = gf_vision_detect_output_floats(m);
    if (len == 0 || floats > 200000)
        return;
    float *output = malloc(floats * sizeof *output);
    assert(output);
    for (size_t i = 0; i < floats * sizeof *output; i++)
        ((uint8_t *)output)[i] = bytes[i % len];
    const size_t found = gf_vision_detect_decode(m, &PART, output, boxes, GF_COUNT(boxes));
    for (size_t i = 0; i < found && i < GF_COUNT(boxes); i++) {
        const gf_vision_detect_rect *at = &boxes[i].at;
        assert(boxes[i].score >= 0 && boxes[i].score <= 1 && m->class[boxes[i].class_index].reported);
        assert(at->x >= 10 && at->y >= 20 && at->width > 0 && at->height > 0 && at->x + at->width <= 310 + 1e-6 && at->y + at->height <= 220 + 1e-6);
    }
    free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static gf_app_detector d;
    const uint8_t *end = memchr(data, '\0', size);   /* description, zero byte, output */
    const size_t text = end ? (size_t)(end - data) : size;
    if (gf_app_detector_read((gf_str){ (const char *)data, text }, &d, NULL) == GF_OK)
        decode(&d.model, data + text, size - text);
    return 0;
}
