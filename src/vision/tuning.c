/* The parameters, each with its bounds. They were chosen on moving cars and leaves (docs/watch.md) and serve every camera: nothing here
 * is read from the name of a source. */
#include "vision/gf_vision.h"

#define PARAMETER(field, low, high) { #field, offsetof(gf_vision_tuning, field), low, high }
static const gf_vision_parameter PARAMETERS[] = {
    PARAMETER(words, 2, 12), PARAMETER(word_least, 0, 1), PARAMETER(accept, 0, 1), PARAMETER(rate, 1, 100000), PARAMETER(rate_first, 1, 10000), PARAMETER(blob_leak, 1, 1000),
    PARAMETER(reach, 1, 100), PARAMETER(reach_noise, 0, 10), PARAMETER(reach_edge, 0, 4), PARAMETER(reach_shaky, 0, 4), PARAMETER(reach_max, 1, 200), PARAMETER(chroma, 0, 10),
    PARAMETER(strong, 1, 10),
    PARAMETER(second_chance, 0, 4), PARAMETER(blink, 0, 1), PARAMETER(light_least, 0, 1),
    PARAMETER(shadow_dark, 0, 1), PARAMETER(shadow_light, 0, 1.5), PARAMETER(shadow_chroma, 0, 100), PARAMETER(shadow_edge, 0, 100),
    PARAMETER(median, 0, 7), PARAMETER(area_least, 0, 0.1), PARAMETER(fill, 0, 1), PARAMETER(strong_least, 0, 1),
    { NULL, 0, 0, 0 },
};

const gf_vision_tuning GF_VISION_TUNING_DEFAULT = {
    .words = 6, .word_least = 0.01, .accept = 0.06, .rate = 500, .rate_first = 12, .blob_leak = 16,
    .reach = 12, .reach_noise = 0.5, .reach_edge = 0.1, .reach_shaky = 1, .reach_max = 45, .chroma = 1.5,
    .strong = 2, .second_chance = 1, .blink = 0.1, .light_least = 0.01,
    .shadow_dark = 0.55, .shadow_light = 0.97, .shadow_chroma = 5, .shadow_edge = 9,
    .median = 3, .area_least = 0.0004, .fill = 0.02, .strong_least = 0.15,
};

const gf_vision_parameter *gf_vision_parameters(void) { return PARAMETERS; }

void gf_vision_tuning_write(const gf_vision_tuning *tuning, gf_text *out)
{
    for (const gf_vision_parameter *p = PARAMETERS; p->name; p++)
        gf_text_format(out, "%s=%.6g\n", p->name, *(const double *)(const void *)((const char *)tuning + p->offset));
}
