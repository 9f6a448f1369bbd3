/* The door of pictures: tells the kind by its first bytes, makes the planes, turns packed rows into them.
 *
 * Chroma is averaged over two by two pixels: that is what cameras send, and what the engines read. Colours are those of JFIF:
 * BT.601 over the full range, in 16-bit fixed point.
 */
#include "file/picture_inside.h"

#include <string.h>

gf_status picture_broken(const char *kind, const char *why, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "picture.broken", "Copy the picture again from where it came.", "the %s picture is damaged: %s", kind, why);
}

gf_status picture_make(size_t width, size_t height, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err)
{
    const size_t MOST = GF_FILE_PICTURE_SIDE_MAX, LEAST = GF_FILE_PICTURE_SIDE_MIN;
    if (width < LEAST || height < LEAST || width > MOST || height > MOST || width * height > pixels_max)
        return gf_fail(err, GF_ELIMIT, "picture.large", "", "a picture of %zu x %zu pixels; sides of %zu to %zu and %zu pixels in all are taken", width, height, LEAST, MOST,
                       pixels_max);
    size_t half = ((width + 1) / 2) * ((height + 1) / 2);
    *out = (gf_file_picture){ width, height, gf_new(keep, uint8_t, width * height), gf_new(keep, uint8_t, half), gf_new(keep, uint8_t, half) };
    return out->y && out->u && out->v ? GF_OK : gf_fail_memory(err);
}

/* Averages of up to four; the last column of an odd width stands for its neighbour too. */
static uint8_t mean4(const uint8_t *a, const uint8_t *b, size_t left, size_t right)
{
    return (uint8_t)((a[left] + a[right] + b[left] + b[right] + 2) / 4);
}

void picture_take_yuv(gf_file_picture *p, size_t row, const uint8_t *a, const uint8_t *b)
{
    uint8_t *first = p->y + 2 * row * p->width, *second = first + p->width;
    uint8_t *u = p->u + row * ((p->width + 1) / 2), *v = p->v + row * ((p->width + 1) / 2);
    const uint8_t *below = b ? b : a;
    for (size_t x = 0; x < p->width; x++)
        first[x] = a[3 * x];
    for (size_t x = 0; b && x < p->width; x++)
        second[x] = b[3 * x];
    for (size_t x = 0; x < p->width; x += 2) {
        size_t left = 3 * x, right = x + 1 < p->width ? left + 3 : left;
        u[x / 2] = mean4(a, below, left + 1, right + 1);
        v[x / 2] = mean4(a, below, left + 2, right + 2);
    }
}

static uint8_t clamp8(int32_t value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

static uint8_t luma(const uint8_t *p) { return (uint8_t)((19595 * p[0] + 38470 * p[1] + 7471 * p[2] + 32768) >> 16); }

void picture_take_rgb(gf_file_picture *p, size_t row, const uint8_t *a, const uint8_t *b)
{
    uint8_t *first = p->y + 2 * row * p->width, *second = first + p->width;
    uint8_t *u = p->u + row * ((p->width + 1) / 2), *v = p->v + row * ((p->width + 1) / 2);
    const uint8_t *below = b ? b : a;
    for (size_t x = 0; x < p->width; x++)
        first[x] = luma(a + 3 * x);
    for (size_t x = 0; b && x < p->width; x++)
        second[x] = luma(b + 3 * x);
    for (size_t x = 0; x < p->width; x += 2) {
        size_t left = 3 * x, right = x + 1 < p->width ? left + 3 : left;
        int32_t red = mean4(a, below, left, right), green = mean4(a, below, left + 1, right + 1), blue = mean4(a, below, left + 2, right + 2);
        u[x / 2] = clamp8((-11059 * red - 21709 * green + 32768 * blue + (128 << 16) + 32768) >> 16);
        v[x / 2] = clamp8((32768 * red - 27439 * green - 5329 * blue + (128 << 16) + 32768) >> 16);
    }
}

static const struct { const char *magic; size_t len; gf_status (*read)(gf_str, size_t, gf_arena *, gf_file_picture *, gf_error *); } KINDS[] = {
    { "\xff\xd8\xff", 3, picture_read_jpeg },
    { "\x89PNG\r\n\x1a\n", 8, picture_read_png },
    { "BM", 2, picture_read_bmp },
};

gf_status gf_file_picture_read(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err)
{
    for (size_t i = 0; i < GF_COUNT(KINDS); i++)
        if (bytes.len >= KINDS[i].len && memcmp(bytes.data, KINDS[i].magic, KINDS[i].len) == 0) {
            gf_mark mark = gf_arena_mark(keep);
            gf_file_picture picture;
            gf_status status = KINDS[i].read(bytes, pixels_max, keep, &picture, err);
            if (status == GF_OK)
                *out = picture;
            else
                gf_arena_rewind(keep, mark);
            return status;
        }
    return gf_fail(err, GF_EINPUT, "picture.kind", "Give JPEG, PNG or BMP.", "the file is no picture that is read here");
}
