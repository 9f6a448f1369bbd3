/* Bodies of requests: the text of a press check, and a body held against the fields of a route. Whatever the bytes, they
 * are taken in whole or refused with a sentence. */
#include "api/api.h"

#include <stdlib.h>

static const api_param FIELDS[] = {
    { "user", API_TEXT, true }, { "on", API_DAY }, { "days", API_WHOLE }, { "lang", API_LANG }, { "kind", API_WORD, false, "a|b" }, { "units", API_LIST }, { "rows", API_ROWS }, { "note", API_OPTION }, { NULL },
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    gf_arena *arena = gf_arena_open(16 * GF_MIB);
    gf_http_request request = { .arena = arena, .content_type = GF_STR("application/json"), .body = { (const char *)bytes, len } };
    gf_app_press_options options = { .programme = GF_STR("") };
    gf_str text;
    gf_error err = { .status = GF_OK };
    gf_status status = api_read_press(&request, &text, &options, &err);
    if (status != GF_OK && (err.what[0] == '\0' || !gf_utf8_valid(gf_str_of(err.what), NULL)))
        abort();
    json_t *body = api_parse_json(request.body, &err);
    if (body && api_check_body(FIELDS, body, &err) == GF_OK && !json_is_string(json_object_get(body, "user")))
        abort();
    json_decref(body);
    gf_arena_close(arena);
    return 0;
}
