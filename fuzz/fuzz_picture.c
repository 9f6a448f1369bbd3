/* Pictures: JPEG, PNG, BMP by their first bytes. Whatever is read has the planes it claims, within the bound; what is refused leaves the
 * arena as it was. What was read can be written as PNG and read again with the same size. */
#include "file/gf_file.h"

#include <stdlib.h>

enum { PIXELS_MAX = 1 << 18 };

static void read_again(const gf_file_picture *p, gf_arena *arena)
{
    gf_file_picture again;
    gf_text png;
    gf_text_init(&png, arena);
    if (gf_file_picture_write_grey(p->y, p->width, p->height, p->width, &png, NULL) != GF_OK)
        return;
    if (gf_file_picture_read(gf_text_str(&png), PIXELS_MAX, arena, &again, NULL) != GF_OK)
        return;
    if (again.width != p->width || again.height != p->height)
        abort();
    for (size_t i = 0; i < p->width * p->height; i++)
        if (again.y[i] != p->y[i])
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(64 * GF_MIB);
    gf_file_picture p;
    volatile uint32_t sum = 0;   /* every byte of the planes is read, so that the sanitizer sees where they end */
    gf_status status = gf_file_picture_read((gf_str){ (const char *)bytes, len }, PIXELS_MAX, arena, &p, NULL);
    if (status != GF_OK && gf_arena_used(arena) != 0)
        abort();
    if (status == GF_OK) {
        size_t half = ((p.width + 1) / 2) * ((p.height + 1) / 2);
        if (p.width * p.height > PIXELS_MAX || p.width < GF_FILE_PICTURE_SIDE_MIN || p.height < GF_FILE_PICTURE_SIDE_MIN)
            abort();
        for (size_t i = 0; i < p.width * p.height; i++)
            sum += p.y[i];
        for (size_t i = 0; i < half; i++)
            sum += p.u[i] + p.v[i];
        read_again(&p, arena);
    }
    gf_arena_close(arena);
    (void)sum;
    return 0;
}
