/* Tables: any bytes, read in pieces; what was read is written and read again, the same. */
#include "file/gf_file.h"

#include <stdlib.h>
#include <string.h>

typedef struct source { gf_str rest; } source;

static size_t read_some(void *context, char *bytes, size_t room)
{
    source *s = context;
    size_t len = s->rest.len < 97 ? s->rest.len : 97;
    len = len < room ? len : room;
    memcpy(bytes, s->rest.data, len);
    s->rest = gf_str_slice(s->rest, len, s->rest.len);
    return len;
}

static bool read_table(gf_str text, gf_text *out)
{
    source s = { text };
    gf_file_csv *csv = NULL;
    gf_file_csv_options options = { .name = "f.csv", .record_bytes_max = 4096, .fields_max = 32 };
    const gf_str *fields;
    size_t count;
    gf_error err;
    if (gf_file_csv_open(&options, read_some, &s, &csv, &err) != GF_OK)
        return false;
    gf_status status;
    while ((status = gf_file_csv_next(csv, &fields, &count, &err)) == GF_OK && count) {
        for (size_t i = 0; i < count; i++)
            gf_file_csv_field(out, i, fields[i]);
        gf_file_csv_end(out);
    }
    gf_file_csv_close(csv);
    return status == GF_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(64 * GF_MIB);
    gf_text once, twice;
    gf_text_init(&once, arena);
    gf_text_init(&twice, arena);
    if (read_table((gf_str){ (const char *)bytes, len }, &once) && (!read_table(gf_text_str(&once), &twice) || !gf_str_eq(gf_text_str(&once), gf_text_str(&twice))) &&
        !gf_str_has(gf_text_str(&once), GF_STR("\xEF\xBB\xBF")))
        abort();
    gf_arena_close(arena);
    return 0;
}
