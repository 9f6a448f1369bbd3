/* Outlines as text: what is read is written, and read again to the same points; everything else is refused with a sentence. */
#include "file/gf_file.h"

#include <stdlib.h>
#include <string.h>

static bool same(const gf_file_feature *a, const gf_file_feature *b)
{
    size_t one = 0, other = 0;
    for (size_t i = 0; i < a->part_count; i++)
        one += a->parts[i].count;
    for (size_t i = 0; i < b->part_count; i++)
        other += b->parts[i].count;
    return a->part_count == b->part_count && one == other;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    enum { EVERY_DIGIT = 20 };
    gf_arena *arena = gf_arena_open(64 * GF_MIB);
    gf_file_feature read, again;
    gf_error err = { .status = GF_OK };
    gf_text text;
    if (!arena)
        abort();
    gf_text_init(&text, arena);
    if (gf_file_wkt_read((gf_str){ (const char *)bytes, len }, arena, &read, &err) != GF_OK) {
        if (!err.what[0] || gf_arena_used(arena))
            abort();
    } else {
        gf_file_wkt_write(&read, EVERY_DIGIT, &text);
        if (gf_file_wkt_read(gf_text_str(&text), arena, &again, &err) == GF_OK && !same(&read, &again))
            abort();
    }
    gf_arena_close(arena);
    return 0;
}
