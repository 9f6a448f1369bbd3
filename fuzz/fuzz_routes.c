/* Every pattern of the route table against any path: what a name takes is decoded UTF-8 without a NUL, never empty. */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(16 * GF_MIB);
    for (size_t i = 0; i < API_ROUTE_COUNT; i++) {
        gf_http_request request = { .arena = arena };
        if (!gf_http_match(API_ROUTES[i].path, (gf_str){ (const char *)bytes, len }, &request))
            continue;
        for (size_t k = 0; k < request.param_count; k++)
            if (request.params[k].len == 0 || !gf_utf8_valid(request.params[k], NULL) || memchr(request.params[k].data, '\0', request.params[k].len))
                abort();
    }
    gf_arena_close(arena);
    return 0;
}
