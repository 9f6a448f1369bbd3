/* PNG by libpng: pictures in, masks and pictures out. Written with little effort for size: a mask is written for every frame. */
#include "file/picture_inside.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_LEVEL = 1 };

typedef struct png_way { gf_str rest; char why[80]; } png_way;

static void give_up(png_structp png, png_const_charp text)
{
    png_way *way = png_get_error_ptr(png);
    if (way)
        (void)snprintf(way->why, sizeof way->why, "%s", text);
    longjmp(png_jmpbuf(png), 1);
}

static void stay_silent(png_structp png, png_const_charp text) { (void)png; (void)text; }

static void give_bytes(png_structp png, png_bytep bytes, size_t len)
{
    png_way *way = png_get_io_ptr(png);
    if (way->rest.len < len)
        png_error(png, "it is cut short");
    memcpy(bytes, way->rest.data, len);
    way->rest = gf_str_slice(way->rest, len, way->rest.len);
}

static void want_rgb(png_structp png)
{
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_color_16 black = { 0 };
    png_set_background(png, &black, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
}

/* Interlaced pictures are woven in memory, so all rows are read before the first is turned. */
static gf_status read_rows(png_structp png, png_infop info, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err)
{
    png_read_info(png, info);
    gf_status status = picture_make(png_get_image_width(png, info), png_get_image_height(png, info), pixels_max, keep, out, err);
    if (status != GF_OK)
        return status;
    want_rgb(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t row_bytes = out->width * 3;
    if (png_get_rowbytes(png, info) != row_bytes)
        return picture_broken("PNG", "its rows have another length than they should", err);
    uint8_t *rows = gf_new(keep, uint8_t, row_bytes * (passes > 1 ? out->height : 2));
    if (!rows)
        return gf_fail_memory(err);
    for (int pass = 0; passes > 1 && pass < passes; pass++)
        for (size_t row = 0; row < out->height; row++)
            png_read_row(png, rows + row * row_bytes, NULL);
    for (size_t row = 0; row < out->height; row += 2) {
        uint8_t *first = passes > 1 ? rows + row * row_bytes : rows;
        bool both = row + 1 < out->height;
        for (size_t i = 0; passes == 1 && i < 1 + (size_t)both; i++)
            png_read_row(png, first + i * row_bytes, NULL);
        picture_take_rgb(out, row / 2, first, both ? first + row_bytes : NULL);
    }
    png_read_end(png, NULL);
    return GF_OK;
}

gf_status picture_read_png(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err)
{
    png_way way = { .rest = bytes };
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &way, give_up, stay_silent);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        return gf_fail_memory(err);
    }
    if (setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_read_struct(&png, &info, NULL);
        return picture_broken("PNG", way.why, err);
    }
    png_set_user_limits(png, GF_FILE_PICTURE_SIDE_MAX, GF_FILE_PICTURE_SIDE_MAX);
    png_set_chunk_malloc_max(png, 8 << 20);
    png_set_read_fn(png, &way, give_bytes);
    gf_status status = read_rows(png, info, pixels_max, keep, out, err);
    png_destroy_read_struct(&png, &info, NULL);
    return status;
}

/* ---- Out ---- */

static void take_bytes(png_structp png, png_bytep bytes, size_t len) { gf_text_add(png_get_io_ptr(png), (gf_str){ (const char *)bytes, len }); }
static void flush_nothing(png_structp png) { (void)png; }

typedef struct png_source { const uint8_t *grey, *rgb; size_t stride; const gf_file_picture *colour; } png_source;

static uint8_t clamp8(int32_t value) { return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value); }

static const uint8_t *row_of(const png_source *s, size_t row, uint8_t *room)
{
    if (s->grey)
        return s->grey + row * s->stride;
    if (s->rgb)
        return s->rgb + row * s->stride;
    const gf_file_picture *p = s->colour;
    size_t half = (row / 2) * ((p->width + 1) / 2);
    for (size_t x = 0; x < p->width; x++) {
        int32_t y = p->y[row * p->width + x] << 16, u = p->u[half + x / 2] - 128, v = p->v[half + x / 2] - 128;
        room[3 * x] = clamp8((y + 91881 * v + 32768) >> 16);
        room[3 * x + 1] = clamp8((y - 22554 * u - 46802 * v + 32768) >> 16);
        room[3 * x + 2] = clamp8((y + 116130 * u + 32768) >> 16);
    }
    return room;
}

static gf_status write_png(const png_source *source, size_t width, size_t height, gf_text *out, gf_error *err)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, give_up, stay_silent);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    uint8_t *room = malloc(width * 3 + 1);
    bool done = info && room && setjmp(png_jmpbuf(png)) == 0;
    if (done) {
        png_set_write_fn(png, out, take_bytes, flush_nothing);
        png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, source->grey ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        png_set_compression_level(png, WRITE_LEVEL);
        png_set_filter(png, PNG_FILTER_TYPE_BASE, source->grey ? PNG_FILTER_NONE : PNG_FILTER_SUB);
        png_write_info(png, info);
        for (size_t row = 0; row < height; row++)
            png_write_row(png, row_of(source, row, room));
        png_write_end(png, info);
    }
    png_destroy_write_struct(&png, &info);
    free(room);
    return done ? gf_text_done(out, err) : gf_fail_memory(err);
}

gf_status gf_file_picture_write_grey(const uint8_t *grey, size_t width, size_t height, size_t stride, gf_text *out, gf_error *err)
{
    const png_source source = { .grey = grey, .stride = stride };
    return write_png(&source, width, height, out, err);
}

gf_status gf_file_picture_write(const gf_file_picture *picture, gf_text *out, gf_error *err)
{
    const png_source source = { .colour = picture };
    return write_png(&source, picture->width, picture->height, out, err);
}

gf_status gf_file_picture_write_rgb(const uint8_t *rgb, size_t width, size_t height, gf_text *out, gf_error *err)
{
    const png_source source = { .rgb = rgb, .stride = 3 * width };
    return write_png(&source, width, height, out, err);
}
