/* Query strings and paths: what comes out is UTF-8 without a zero byte, in the stated numbers. */
#include "http/gf_http.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(16 * GF_MIB);
    gf_str text = { (const char *)bytes, len };
    gf_http_request request = { .arena = arena };
    if (gf_http_parse_query(text, &request))
        for (size_t i = 0; i < request.query_count; i++)
            if (!gf_utf8_valid(request.query[i].name, NULL) || !gf_utf8_valid(request.query[i].value, NULL) || memchr(request.query[i].value.data, 0, request.query[i].value.len))
                abort();
    if (gf_http_match("/api/v1/trace/{figure*}", text, &request) && (request.param_count != 1 || request.params[0].len == 0))
        abort();
    (void)gf_http_match("/{a}/x/{b}", text, &request);
    gf_arena_close(arena);
    return 0;
}
