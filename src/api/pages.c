/* Files compiled into the program: the public pages' and the office's. */
#include "api/api.h"

#include <string.h>

extern const gf_embedded gf_embedded_ui[];
extern const size_t      gf_embedded_ui_count;

static const struct { const char *ending, *type; } TYPES[] = {
    { ".html", "text/html; charset=utf-8" }, { ".css", "text/css; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" }, { ".svg", "image/svg+xml" },
};

static gf_status send_file(api_call *call, gf_str name, gf_error *err)
{
    for (size_t i = 0; i < gf_embedded_ui_count; i++) {
        const gf_embedded *file = &gf_embedded_ui[i];
        if (!gf_str_is(name, file->name))
            continue;
        for (size_t t = 0; t < GF_COUNT(TYPES); t++)
            if (gf_str_ends(name, gf_str_of(TYPES[t].ending)))
                call->out->type = TYPES[t].type;
        call->out->body = (gf_str){ (const char *)file->bytes, file->len };
        call->out->fixed = true;
        char etag[24];
        (void)snprintf(etag, sizeof etag, "%016llx", (unsigned long long)gf_str_hash(call->out->body));
        call->out->etag = gf_str_copy(call->arena, gf_str_of(etag));
        return GF_OK;
    }
    return gf_fail(err, GF_ENOTFOUND, "http.path", "", "there is no file \"%.*s\"", GF_STR_ARG(gf_str_slice(name, 0, 60)));
}

gf_status api_page(api_call *call, gf_error *err) { return send_file(call, GF_STR("index.html"), err); }
gf_status api_asset(api_call *call, gf_error *err) { return send_file(call, call->request->params[0], err); }
