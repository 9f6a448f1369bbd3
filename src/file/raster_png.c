/* A palette picture with its world file: what a phone, a slide or a web map shows without a GIS. */
#include "file/gf_file.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

static void take_bytes(png_structp png, png_bytep bytes, size_t len) { gf_text_add(png_get_io_ptr(png), (gf_str){ (const char *)bytes, len }); }
static void flush_nothing(png_structp png) { (void)png; }
static void stay_silent(png_structp png, png_const_charp text) { (void)png; (void)text; }
static void give_up(png_structp png, png_const_charp text) { (void)text; longjmp(png_jmpbuf(png), 1); }

static void write_picture(png_structp png, png_infop info, const gf_file_raster *r, const uint32_t palette[256], unsigned char *row)
{
    png_color colours[256];
    png_byte opacity[256];
    for (size_t i = 0; i < 256; i++) {
        colours[i] = (png_color){ .red = (png_byte)(palette[i] >> 24), .green = (png_byte)(palette[i] >> 16), .blue = (png_byte)(palette[i] >> 8) };
        opacity[i] = (png_byte)palette[i];
    }
    png_set_IHDR(png, info, (png_uint_32)r->columns, (png_uint_32)r->rows, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(png, info, colours, 256);
    png_set_tRNS(png, info, opacity, 256, NULL);
    png_write_info(png, info);
    for (size_t i = 0; i < r->rows; i++) {
        r->row(r->context, i, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
}

gf_status gf_file_raster_png(const gf_file_raster *raster, const uint32_t palette[256], gf_text *out, gf_text *world, gf_error *err)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, give_up, stay_silent);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    unsigned char *row = malloc(raster->columns + 1);
    if (info && row && setjmp(png_jmpbuf(png)) == 0) {
        png_set_write_fn(png, out, take_bytes, flush_nothing);
        write_picture(png, info, raster, palette, row);
        png_destroy_write_struct(&png, &info);
        free(row);
        gf_text_format(world, "%.10g\n0\n0\n%.10g\n%.10g\n%.10g\n", raster->step_x, -raster->step_y, raster->west + raster->step_x / 2,
                       raster->north - raster->step_y / 2);
        gf_status status = gf_text_done(out, err);
        return status == GF_OK ? gf_text_done(world, err) : status;
    }
    png_destroy_write_struct(&png, &info);
    free(row);
    return gf_fail_memory(err);
}
