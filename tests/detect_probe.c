/* detect_probe PICTURE --model M.json: what a detector sees in a picture, as JSON.
 *
 * PICTURE is a PPM (P6, 8 bit), or raw I420 with --size WxH. --model's JSON stands beside its ONNX file.
 *   --part X,Y,W,H     look there instead of at the model's tiles (may be repeated)
 *   --times N          compute N times; processor ms of one are told
 *   --library FOLDER   where libonnxruntime.so.1 stands
 *   --input F --output F   write the network's input and output of the last part as floats
 *   --i420 F           write the picture as it is given to the detector (I420), --full: it has brightness from 0 to 255
 *   --check            read and check the description alone
 */
#define _GNU_SOURCE
#include "app/gf_app_detect.h"
#include "link/gf_link_detect.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILE_MAX = 256 << 20, PARTS_MAX = 64 };

typedef struct asked {
    const char *picture, *model, *library, *input, *output, *i420;
    int width, height, times;
    bool full, check;
    gf_vision_detect_rect part[PARTS_MAX];
    size_t part_count;
} asked;

static gf_status read_file(gf_arena *keep, const char *path, gf_str *out, gf_error *err)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return gf_fail(err, GF_ENOTFOUND, "probe.file", "", "\"%s\" cannot be read", path);
    (void)fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    char *bytes = size >= 0 && size < FILE_MAX ? gf_arena_alloc(keep, (size_t)size + 1, 1) : NULL;
    rewind(file);
    const bool ok = bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size;
    (void)fclose(file);
    *out = (gf_str){ bytes, ok ? (size_t)size : 0 };
    return ok ? GF_OK : gf_fail(err, GF_EIO, "probe.file", "", "\"%s\" cannot be read whole", path);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = path ? fopen(path, "wb") : NULL;
    if (file) {
        (void)fwrite(bytes, 1, len, file);
        (void)fclose(file);
    }
}

static uint8_t byte_of(double v) { return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v + 0.5); }

/* BT.601, studio range; chroma of four pixels from their mean. */
static void to_i420(const uint8_t *rgb, int width, int height, uint8_t *y, uint8_t *u, uint8_t *v)
{
    const int half = (width + 1) / 2;
    for (int row = 0; row < height; row++)
        for (int x = 0; x < width; x++) {
            const uint8_t *p = rgb + 3 * ((size_t)row * (size_t)width + (size_t)x);
            y[(size_t)row * (size_t)width + (size_t)x] = byte_of(16 + (65.481 * p[0] + 128.553 * p[1] + 24.966 * p[2]) / 255);
        }
    for (int row = 0; row < (height + 1) / 2; row++)
        for (int x = 0; x < half; x++) {
            double c[3] = { 0 };
            for (int k = 0; k < 12; k++) {
                const int py = 2 * row + k / 6 < height ? 2 * row + k / 6 : height - 1, px = 2 * x + k / 3 % 2 < width ? 2 * x + k / 3 % 2 : width - 1;
                c[k % 3] += rgb[3 * ((size_t)py * (size_t)width + (size_t)px) + (size_t)(k % 3)] / 4.0;
            }
            u[(size_t)row * (size_t)half + (size_t)x] = byte_of(128 + (-37.797 * c[0] - 74.203 * c[1] + 112 * c[2]) / 255);
            v[(size_t)row * (size_t)half + (size_t)x] = byte_of(128 + (112 * c[0] - 93.786 * c[1] - 18.214 * c[2]) / 255);
        }
}

static gf_status read_picture(const asked *a, gf_arena *keep, gf_vision_detect_image *out, gf_error *err)
{
    gf_str bytes;
    int width = a->width, height = a->height, most = 0, used = 0;
    gf_status status = read_file(keep, a->picture, &bytes, err);
    if (status)
        return status;
    const bool ppm = width == 0 && sscanf(bytes.data, "P6 %d %d %d%n", &width, &height, &most, &used) == 3;
    if (width < 2 || height < 2 || width > 16384 || height > 16384)
        return gf_fail(err, GF_EINPUT, "probe.picture", "", "no PPM, and no --size");
    const size_t full = (size_t)width * (size_t)height, half = (size_t)((width + 1) / 2) * (size_t)((height + 1) / 2);
    if (ppm ? most != 255 || bytes.len < (size_t)used + 1 + full * 3 : bytes.len < full + 2 * half)
        return gf_fail(err, GF_EINPUT, "probe.picture", "", "the picture is cut off");
    uint8_t *planes = ppm ? gf_arena_alloc(keep, full + 2 * half, 1) : (uint8_t *)(uintptr_t)bytes.data;
    if (!planes)
        return gf_fail_memory(err);
    if (ppm)
        to_i420((const uint8_t *)bytes.data + used + 1, width, height, planes, planes + full, planes + full + half);
    write_file(a->i420, planes, full + 2 * half);
    *out = (gf_vision_detect_image){ width, height, planes, planes + full, planes + full + half, width, (width + 1) / 2, a->full };
    return GF_OK;
}

typedef struct seen { gf_link_detector *detector; const asked *a; size_t in, out; double ms; } seen;

static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static gf_status infer(void *context, const float *input, float *output, gf_error *err)
{
    seen *s = context;
    const double begun = cpu_ms();
    gf_status status = gf_link_detector_run(s->detector, input, output, err);
    s->ms += cpu_ms() - begun;
    write_file(s->a->input, input, s->in * sizeof *input);
    write_file(s->a->output, output, s->out * sizeof *output);
    return status;
}

static void tell(gf_json *json, const gf_vision_detect_box *boxes, size_t count)
{
    gf_json_begin(json, "boxes", '[');
    for (size_t i = 0; i < count; i++) {
        gf_json_begin(json, NULL, '{');
        gf_json_cstr(json, "class", boxes[i].class_name);
        gf_json_real(json, "score", (double)boxes[i].score, 6);
        gf_json_real(json, "x", boxes[i].at.x, 4);
        gf_json_real(json, "y", boxes[i].at.y, 4);
        gf_json_real(json, "width", boxes[i].at.width, 4);
        gf_json_real(json, "height", boxes[i].at.height, 4);
        gf_json_end(json, '}');
    }
    gf_json_end(json, ']');
}

static gf_status look(const asked *a, const gf_app_detector *d, gf_link_detector *net, gf_arena *keep, gf_json *json, gf_error *err)
{
    static gf_vision_detect_rect tiles[GF_VISION_TILES_MAX];
    gf_vision_detect_image image;
    gf_vision_detect_box *boxes = NULL;
    size_t count = 0;
    seen s = { net, a, gf_vision_detect_input_floats(&d->model), gf_vision_detect_output_floats(&d->model), 0 };
    gf_status status = read_picture(a, keep, &image, err);
    gf_arena *scratch = gf_arena_open(256 * GF_MIB);
    if (!status && !scratch)
        status = gf_fail_memory(err);
    const double begun = cpu_ms();
    for (int i = 0; !status && i < a->times; i++) {
        const size_t tile_count = gf_vision_detect_tiles(&d->model, image.width, image.height, tiles);
        status = gf_vision_detect_run(&d->model, &image, a->part_count ? a->part : tiles, a->part_count ? a->part_count : tile_count, infer, &s, keep, scratch, &boxes, &count, err);
    }
    if (!status) {
        gf_json_begin(json, "detector", '{');
        gf_json_cstr(json, "file", d->file);
        gf_json_cstr(json, "sha256", d->sha256);
        gf_json_cstr(json, "runtime", gf_link_detector_version(net));
        gf_json_end(json, '}');
        gf_json_int(json, "width", image.width);
        gf_json_int(json, "height", image.height);
        gf_json_real(json, "ms_network", s.ms / a->times, 3);
        gf_json_real(json, "ms_around", (cpu_ms() - begun - s.ms) / a->times, 3);
        tell(json, boxes, count);
    }
    gf_arena_close(scratch);
    return status;
}

static gf_status run(const asked *a, gf_arena *keep, gf_json *json, gf_error *err)
{
    static gf_app_detector d;
    char path[4096];
    gf_str text, model;
    gf_link_detector *net = NULL;
    const char *slash = strrchr(a->model, '/');
    gf_status status = read_file(keep, a->model, &text, err);
    if (!status && !(status = gf_app_detector_read(text, &d, err)) && !a->check) {
        (void)snprintf(path, sizeof path, "%.*s%s", slash ? (int)(slash - a->model + 1) : 0, a->model, d.file);
        status = read_file(keep, path, &model, err);
        if (!status)
            status = gf_app_detector_verify(&d, model, err);
        if (!status)
            status = gf_link_detector_open(a->library, model.data, model.len, &net, err);
        if (!status && (gf_link_detector_input(net)->floats != gf_vision_detect_input_floats(&d.model) || gf_link_detector_output(net)->floats != gf_vision_detect_output_floats(&d.model)))
            status = gf_fail(err, GF_EINPUT, "detect.model", "", "the network's sizes are not those of its description");
        if (!status)
            status = look(a, &d, net, keep, json, err);
        gf_link_detector_close(net);
    }
    return status;
}

static bool read_words(asked *a, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        const struct { const char *name; const char **to; } texts[] = { { "--model", &a->model }, { "--library", &a->library }, { "--input", &a->input }, { "--output", &a->output }, { "--i420", &a->i420 } };
        bool known = false;
        for (size_t k = 0; k < GF_COUNT(texts); k++)
            if (strcmp(word, texts[k].name) == 0) {
                *texts[k].to = value;
                known = true;
                i++;
            }
        gf_vision_detect_rect *p = &a->part[a->part_count];
        if (known)
            continue;
        if (strcmp(word, "--full") == 0)
            a->full = true;
        else if (strcmp(word, "--check") == 0)
            a->check = true;
        else if (strcmp(word, "--times") == 0 && (a->times = (int)strtol(value, NULL, 10)) > 0)
            i++;
        else if (strcmp(word, "--size") == 0 && sscanf(value, "%dx%d", &a->width, &a->height) == 2)
            i++;
        else if (strcmp(word, "--part") == 0 && a->part_count < PARTS_MAX - 1 && sscanf(value, "%lf,%lf,%lf,%lf", &p->x, &p->y, &p->width, &p->height) == 4)
            i++, a->part_count++;
        else if (word[0] != '-' && !a->picture)
            a->picture = word;
        else
            return false;
    }
    return a->model && (a->picture || a->check);
}

int main(int argc, char **argv)
{
    static asked a = { .times = 1 };
    gf_error err = { 0 };
    gf_text text;
    gf_json json;
    if (!read_words(&a, argc, argv))
        return fputs("detect_probe PICTURE --model M.json [--size WxH] [--part X,Y,W,H] [--times N] [--library FOLDER]\n", stderr), 2;
    gf_arena *keep = gf_arena_open(1024 * GF_MIB);
    if (!keep)
        return 6;
    gf_text_init(&text, keep);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_status status = run(&a, keep, &json, &err);
    if (status) {
        gf_json_null(&json, "detector");
        gf_json_error(&json, "error", &err);
    }
    gf_json_end(&json, '}');
    (void)printf("%.*s\n", GF_STR_ARG(gf_text_str(&text)));
    gf_arena_close(keep);
    return gf_status_exit_code(status);
}
