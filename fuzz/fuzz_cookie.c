/* Cookies, and headers that an answer takes over from a request: no control character goes out, no cookie planted beside
 * another is believed. */
#include "http/gf_http.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(GF_MIB);
    gf_http_request request = { .arena = arena };
    gf_http_response out = { .status = 0 };
    gf_str header = { (const char *)bytes, len };
    gf_str found = gf_http_cookie(header, "gongfu_session");
    if (found.len && (found.data < header.data || found.data + found.len > header.data + header.len || memchr(found.data, ';', found.len)))
        abort();
    if (gf_http_add_header(&request, &out, "X", header))
        for (size_t i = 0; i < out.headers[0].value.len; i++)
            if ((unsigned char)out.headers[0].value.data[i] < ' ' || out.headers[0].value.data[i] == 0x7f)
                abort();
    gf_arena_close(arena);
    return 0;
}
