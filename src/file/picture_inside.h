/* file/picture_inside.h - inside the room only: the three readers of pictures and what they share. */
#pragma once
#include "file/gf_file.h"

/* Checks the sides against the bounds and takes the planes from `keep`. */
gf_status picture_make(size_t width, size_t height, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err);
/* Two rows of packed triples (Y, U, V or R, G, B) into rows 2 row and 2 row + 1; `b` NULL in the last row of an odd height. */
void      picture_take_yuv(gf_file_picture *picture, size_t row, const uint8_t *a, const uint8_t *b);
void      picture_take_rgb(gf_file_picture *picture, size_t row, const uint8_t *a, const uint8_t *b);
gf_status picture_broken(const char *kind, const char *why, gf_error *err);

gf_status picture_read_jpeg(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err);
gf_status picture_read_png(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err);
gf_status picture_read_bmp(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err);
