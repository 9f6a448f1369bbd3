/* The JSON body of a press check: refused with a code, or a text that lives in the request's arena. */
#include "api/api.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(16 * GF_MIB);
    gf_http_request request = { .arena = arena, .content_type = GF_STR_INIT("application/json"), .body = { (const char *)bytes, len } };
    gf_app_press_options options = { .lang = GF_STR_INIT("zh") };
    gf_str text = { "", 0 };
    gf_error err = { .code = NULL };
    gf_status status = api_read_press(&request, &text, &options, &err);
    if (status == GF_OK ? !gf_utf8_valid(text, NULL) : !err.code)
        abort();
    gf_arena_close(arena);
    return 0;
}
