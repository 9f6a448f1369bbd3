/* Forms: the boundary, then the body. What comes out lies inside the body, and its name holds no folder. */
#include "http/gf_http.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(GF_MIB);
    gf_str all = { (const char *)bytes, len };
    size_t line = gf_str_find(all, GF_STR("\n"));
    gf_str body = gf_str_slice(all, line + 1, len);
    gf_http_file file;
    gf_error err = { .status = GF_OK };
    if (gf_http_form_file(gf_str_slice(all, 0, line), body, arena, &file, &err) != GF_OK) {
        if (!err.what[0])
            abort();
    } else if (file.bytes.data < body.data || file.bytes.data + file.bytes.len > body.data + body.len || memchr(file.name.data, '/', file.name.len) || memchr(file.name.data, '\\', file.name.len))
        abort();
    gf_arena_close(arena);
    return 0;
}
