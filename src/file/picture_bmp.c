/* BMP without compression: 8 bits with a palette, 24 and 32. Cameras and test sets write no other. The header is that of Windows
 * (40 bytes and longer); rows are padded to four bytes and stand bottom up unless the height is negative.
 */
#include "file/picture_inside.h"

#include <string.h>

enum { FILE_HEAD = 14, HEAD_LEAST = 40, PALETTE_MAX = 256 };

typedef struct bmp { gf_str bytes; size_t pixels_at, row_bytes, palette_at, palette_count, width, height; uint32_t bits; bool top_down; } bmp;

static uint32_t le32(gf_str b, size_t at)
{
    const uint8_t *p = (const uint8_t *)b.data + at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t le16(gf_str b, size_t at) { return le32(b, at - 2) >> 16; }

static gf_status read_head(gf_str b, bmp *out, gf_error *err)
{
    if (b.len < FILE_HEAD + HEAD_LEAST)
        return picture_broken("BMP", "it is cut short", err);
    uint32_t head = le32(b, 14), compression = le32(b, 30);
    int32_t width = (int32_t)le32(b, 18), height = (int32_t)le32(b, 22);
    *out = (bmp){ .bytes = b, .pixels_at = le32(b, 10), .bits = le16(b, 28), .top_down = height < 0 };
    if (head < HEAD_LEAST || head > b.len - FILE_HEAD || width <= 0 || height == 0 || height == INT32_MIN)
        return picture_broken("BMP", "its header says what cannot be", err);
    if ((out->bits != 8 && out->bits != 24 && out->bits != 32) || (compression != 0 && !(compression == 3 && out->bits == 32)))
        return gf_fail(err, GF_EINPUT, "picture.kind", "Save it uncompressed with 24 bits.", "the BMP picture has %u bits, compression %u", (unsigned)out->bits, (unsigned)compression);
    out->width = (size_t)width;
    out->height = (size_t)(height < 0 ? -(int64_t)height : height);
    out->row_bytes = (out->width * out->bits / 8 + 3) / 4 * 4;
    out->palette_at = FILE_HEAD + head;
    out->palette_count = out->bits != 8 ? 0 : le32(b, 46) ? le32(b, 46) : PALETTE_MAX;
    return GF_OK;
}

static gf_status check_room(const bmp *m, gf_error *err)
{
    if (m->palette_count > PALETTE_MAX || m->palette_at + 4 * m->palette_count > m->bytes.len)
        return picture_broken("BMP", "its palette does not fit", err);
    if (m->pixels_at > m->bytes.len || (m->bytes.len - m->pixels_at) / m->row_bytes < m->height)
        return picture_broken("BMP", "it is cut short", err);
    return GF_OK;
}

/* Blue, green, red in the file. An index beyond the palette is black. */
static void unpack_row(const bmp *m, size_t row, uint8_t *rgb)
{
    const uint8_t *from = (const uint8_t *)m->bytes.data + m->pixels_at + (m->top_down ? row : m->height - 1 - row) * m->row_bytes;
    const uint8_t *palette = (const uint8_t *)m->bytes.data + m->palette_at;
    static const uint8_t BLACK[3] = { 0, 0, 0 };
    for (size_t x = 0; x < m->width; x++) {
        const uint8_t *p = m->bits != 8 ? from + x * (m->bits / 8) : from[x] < m->palette_count ? palette + 4 * (size_t)from[x] : BLACK;
        rgb[3 * x] = p[2];
        rgb[3 * x + 1] = p[1];
        rgb[3 * x + 2] = p[0];
    }
}

gf_status picture_read_bmp(gf_str bytes, size_t pixels_max, gf_arena *keep, gf_file_picture *out, gf_error *err)
{
    bmp m;
    gf_status status = read_head(bytes, &m, err);
    if (status == GF_OK)
        status = check_room(&m, err);
    if (status == GF_OK)
        status = picture_make(m.width, m.height, pixels_max, keep, out, err);
    uint8_t *rows = status == GF_OK ? gf_new(keep, uint8_t, m.width * 6) : NULL;
    if (!rows)
        return status == GF_OK ? gf_fail_memory(err) : status;
    for (size_t row = 0; row < m.height; row += 2) {
        bool both = row + 1 < m.height;
        unpack_row(&m, row, rows);
        if (both)
            unpack_row(&m, row + 1, rows + 3 * m.width);
        picture_take_rgb(out, row / 2, rows, both ? rows + 3 * m.width : NULL);
    }
    return GF_OK;
}
