/* JPEG by libjpeg-turbo: the planes as they stand in the file, without a way through red, green and blue.
 *
 * Chroma is not smoothed on its way up, so that averaging it down again gives the file's own samples where it is halved. A warning
 * of the library (data cut short, a bad marker) counts as damage: an engine that looks for changes must not be shown grey ones.
 */
#include "file/picture_inside.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>  /* wants FILE and size_t before it */

enum { MEMORY_MAX = 512 << 20, SCANS_MAX = 64 };

typedef struct jpeg_way { struct jpeg_error_mgr manager; jmp_buf out; char why[JMSG_LENGTH_MAX]; } jpeg_way;

static void give_up(j_common_ptr jpeg)
{
    jpeg_way *way = (jpeg_way *)(void *)jpeg->err;
    jpeg->err->format_message(jpeg, way->why);
    longjmp(way->out, 1);
}

static void warn(j_common_ptr jpeg, int level) { if (level < 0) give_up(jpeg); }
static void stay_silent(j_common_ptr jpeg) { (void)jpeg; }

/* A progressive file may bring any number of scans over all pixels: a small file, hours of work. */
static void watch_scans(j_common_ptr jpeg)
{
    if (((j_decompress_ptr)jpeg)->input_scan_number <= SCANS_MAX)
        return;
    memcpy(((jpeg_way *)(void *)jpeg->err)->why, "too many scans", sizeof "too many scans");
    longjmp(((jpeg_way *)(void *)jpeg->err)->out, 1);
}

static void take_grey(struct jpeg_decompress_struct *jpeg, gf_file_picture *picture)
{
    size_t half = ((picture->width + 1) / 2) * ((picture->height + 1) / 2);
    memset(picture->u, 128, half);
    memset(picture->v, 128, half);
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = picture->y + jpeg->output_scanline * picture->width;
        (void)jpeg_read_scanlines(jpeg, &row, 1);
    }
}

typedef void take_rows_fn(gf_file_picture *, size_t, const uint8_t *, const uint8_t *);

static void take_colour(struct jpeg_decompress_struct *jpeg, gf_file_picture *picture, uint8_t *rows, take_rows_fn *take)
{
    for (size_t row = 0; 2 * row < picture->height; row++) {
        JSAMPROW first = rows, second = rows + 3 * picture->width;
        bool both = 2 * row + 1 < picture->height;
        (void)jpeg_read_scanlines(jpeg, &first, 1);
        if (both)
            (void)jpeg_read_scanlines(jpeg, &second, 1);
        take(picture, row, first, both ? second : NULL);
    }
}

static gf_status read_planes(struct jpeg_decompress_struct *jpeg, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err)
{
    (void)jpeg_read_header(jpeg, TRUE);
    bool grey = jpeg->jpeg_color_space == JCS_GRAYSCALE;
    if (!grey && jpeg->jpeg_color_space != JCS_YCbCr && jpeg->jpeg_color_space != JCS_RGB)
        return gf_fail(err, GF_EINPUT, "picture.kind", "Save it in grey or in colour for screens.", "the JPEG picture is made for print");
    gf_status status = picture_make(jpeg->image_width, jpeg->image_height, pixels_max, keep, out, err);
    uint8_t *rows = status == GF_OK ? gf_new(keep, uint8_t, out->width * 6) : NULL;
    if (!rows)
        return status == GF_OK ? gf_fail_memory(err) : status;
    bool rgb = jpeg->jpeg_color_space == JCS_RGB;
    jpeg->out_color_space = grey ? JCS_GRAYSCALE : rgb ? JCS_RGB : JCS_YCbCr;
    jpeg->do_fancy_upsampling = FALSE;
    (void)jpeg_start_decompress(jpeg);
    if (grey)
        take_grey(jpeg, out);
    else
        take_colour(jpeg, out, rows, rgb ? picture_take_rgb : picture_take_yuv);
    (void)jpeg_finish_decompress(jpeg);
    return GF_OK;
}

gf_status picture_read_jpeg(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err)
{
    struct jpeg_decompress_struct jpeg = { 0 };
    struct jpeg_progress_mgr progress = { .progress_monitor = watch_scans };
    jpeg_way way = { .why = "" };
    jpeg.err = jpeg_std_error(&way.manager);
    way.manager.error_exit = give_up;
    way.manager.emit_message = warn;
    way.manager.output_message = stay_silent;
    if (setjmp(way.out) != 0) {
        jpeg_destroy_decompress(&jpeg);
        return picture_broken("JPEG", way.why, err);
    }
    jpeg_create_decompress(&jpeg);
    jpeg.mem->max_memory_to_use = MEMORY_MAX;
    jpeg.progress = &progress;
    jpeg_mem_src(&jpeg, (const unsigned char *)bytes.data, (unsigned long)bytes.len);
    gf_status status = read_planes(&jpeg, pixels_max, keep, out, err);
    jpeg_destroy_decompress(&jpeg);
    return status;
}
