/* Pages: those that anybody may read, made here from what the books publish; and the office's, compiled in. */
#include "api/api.h"

#include <string.h>
#include <zlib.h>

extern const gf_embedded gf_embedded_app[];
extern const size_t      gf_embedded_app_count;
extern const gf_embedded gf_embedded_public[];
extern const size_t      gf_embedded_public_count;

enum { FILE_BYTES_MAX = 16 << 20 };

static const struct { const char *ending, *type; } TYPES[] = {
    { ".html", "text/html; charset=utf-8" }, { ".css", "text/css; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" }, { ".svg", "image/svg+xml" },
    { ".json", "application/json" },         { ".woff2", "font/woff2" },            { ".png", "image/png" },                      { ".webmanifest", "application/manifest+json" },
};

static const gf_embedded *find_file(const gf_embedded *files, size_t count, gf_str name)
{
    for (size_t i = 0; i < count; i++)
        if (gf_str_is(name, files[i].name))
            return &files[i];
    return NULL;
}

static gf_status fail_none(gf_str name, gf_error *err)
{
    return gf_fail(err, GF_ENOTFOUND, "http.path", "", "there is no file \"%.*s\"", GF_STR_ARG(gf_str_slice(name, 0, 60)));
}

static void head_file(api_call *call, gf_str name, gf_str bytes)
{
    char etag[24];
    for (size_t i = 0; i < GF_COUNT(TYPES); i++)
        if (gf_str_ends(name, gf_str_of(TYPES[i].ending)))
            call->out->type = TYPES[i].type;
    call->out->body = bytes;
    call->out->fixed = true;
    (void)snprintf(etag, sizeof etag, "%016llx", (unsigned long long)gf_str_hash(bytes));
    call->out->etag = gf_str_copy(call->arena, gf_str_of(etag));
}

/* ---- Public pages ---- */

typedef void page_fn(const gf_app_published *published, gf_text *out);

static gf_status publish(api_call *call, gf_app_published *out, gf_app_traced *traced, gf_error *err)
{
    gf_app_report_options options = { .programme = api_query(call, "programme"), .lang = call->lang };
    gf_status status = gf_app_publish(call->app, &options, call->arena, out, err);
    return status == GF_OK && traced ? gf_app_publish_trace(call->app, call->request->params[0], options.lang, call->arena, traced, err) : status;
}

/* What is not there is told to a reader in a page, not in JSON. */
static gf_status send_html(api_call *call, gf_status status, gf_text *text, gf_error *err)
{
    if (status != GF_OK && status != GF_ENOTFOUND)
        return status;
    if (status == GF_ENOTFOUND) {
        *text = api_text(call);
        gf_report_public_missing(call->lang, text);
        call->out->status = 404;
    }
    call->out->type = "text/html; charset=utf-8";
    call->out->body = gf_text_str(text);
    return gf_text_done(text, err);
}

static gf_status send_page(api_call *call, page_fn *page, gf_error *err)
{
    gf_app_published published;
    gf_text text = api_text(call);
    gf_status status = publish(call, &published, NULL, err);
    if (status == GF_OK)
        page(&published, &text);
    return send_html(call, status, &text, err);
}

gf_status api_public_home(api_call *call, gf_error *err) { return send_page(call, gf_report_public_home, err); }
gf_status api_public_money(api_call *call, gf_error *err) { return send_page(call, gf_report_public_money, err); }
gf_status api_public_results(api_call *call, gf_error *err) { return send_page(call, gf_report_public_results, err); }

gf_status api_public_figure(api_call *call, gf_error *err)
{
    gf_app_published published;
    gf_app_traced traced;
    gf_text text = api_text(call);
    gf_status status = publish(call, &published, &traced, err);
    if (status == GF_OK)
        gf_report_public_figure(&published, &traced, &text);
    return send_html(call, status, &text, err);
}

gf_status api_public_file(api_call *call, gf_error *err)
{
    gf_str name = call->request->params[0];
    const gf_embedded *file = find_file(gf_embedded_public, gf_embedded_public_count, name);
    if (!file)
        return fail_none(name, err);
    head_file(call, name, (gf_str){ (const char *)file->bytes, file->len });
    return GF_OK;
}

static gf_status send_iati(api_call *call, gf_status (*write)(const gf_app_iati *, gf_text *, gf_error *), gf_error *err)
{
    gf_app_iati iati;
    gf_app_report_options options = { .programme = api_query(call, "programme"), .lang = call->lang };
    gf_text text = api_text(call);
    gf_status status = gf_app_iati_read(call->app, &options, call->arena, &iati, err);
    if (status == GF_OK)
        status = write(&iati, &text, err);
    call->out->type = "application/xml; charset=utf-8";
    call->out->body = gf_text_str(&text);
    return status == GF_OK ? gf_text_done(&text, err) : status;
}

gf_status api_iati_activities(api_call *call, gf_error *err) { return send_iati(call, gf_report_iati_activities, err); }
gf_status api_iati_organisations(api_call *call, gf_error *err) { return send_iati(call, gf_report_iati_organisations, err); }

/* ---- The office ---- */

/* For the rare client that does not take gzip. */
static gf_status unpack(api_call *call, gf_str packed, gf_error *err)
{
    uint8_t *plain = gf_new(call->arena, uint8_t, FILE_BYTES_MAX);
    z_stream stream = { .next_in = (Bytef *)(uintptr_t)packed.data, .avail_in = (uInt)packed.len, .next_out = plain, .avail_out = FILE_BYTES_MAX };
    if (!plain || inflateInit2(&stream, 15 + 16) != Z_OK)
        return gf_fail_memory(err);
    int code = inflate(&stream, Z_FINISH);
    call->out->body = (gf_str){ (const char *)plain, (size_t)stream.total_out };
    call->out->fixed = false;
    (void)inflateEnd(&stream);
    return code == Z_STREAM_END ? GF_OK : gf_fail(err, GF_EIO, "page.file", "", "the file cannot be unpacked");
}

static gf_status send_office(api_call *call, gf_str name, gf_error *err)
{
    const gf_embedded *file = find_file(gf_embedded_app, gf_embedded_app_count, name);
    if (!file)
        return fail_none(name, err);
    head_file(call, name, (gf_str){ (const char *)file->bytes, file->len });
    call->out->keep_forever = gf_str_starts(name, GF_STR("app/assets/"));
    (void)gf_http_add_header(call->request, call->out, "Vary", GF_STR("Accept-Encoding"));
    if (!gf_str_has(gf_http_header(call->request, "Accept-Encoding"), GF_STR("gzip")))
        return unpack(call, call->out->body, err);
    (void)gf_http_add_header(call->request, call->out, "Content-Encoding", GF_STR("gzip"));
    return GF_OK;
}

gf_status api_office(api_call *call, gf_error *err) { return send_office(call, GF_STR("app/index.html"), err); }

gf_status api_office_asset(api_call *call, gf_error *err)
{
    gf_text name = api_text(call);
    gf_text_format(&name, "app/%.*s", GF_STR_ARG(gf_str_slice(call->request->params[0], 0, 200)));
    return send_office(call, gf_text_str(&name), err);
}

gf_status api_office_door(api_call *call, gf_error *err)
{
    (void)err;
    call->out->status = 302;
    (void)gf_http_add_header(call->request, call->out, "Location", GF_STR("/app/"));
    return GF_OK;
}
