/* The resources: each reads its query, asks app, and hands the answer to a renderer. */
#include "api/api.h"

#include <jansson.h>
#include <string.h>

static const char JSON_TYPE[] = "application/json; charset=utf-8";

gf_str api_lang(const gf_http_request *request)
{
    return gf_str_is(gf_http_query(request, "lang"), "en") ? GF_STR("en") : GF_STR("zh");
}

static gf_status check_lang(gf_str lang, gf_error *err)
{
    if (lang.len == 0 || gf_str_is(lang, "zh") || gf_str_is(lang, "en"))
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "api.lang", "Ask for zh or en.", "there is no language \"%.*s\"", GF_STR_ARG(gf_str_slice(lang, 0, 40)));
}

/* A name that is unknown or given twice is refused: what is not understood must not be passed over. */
gf_status api_check_query(const gf_http_request *request, const char *const *allowed, gf_error *err)
{
    for (size_t i = 0; i < request->query_count; i++) {
        bool known = false;
        for (size_t k = 0; k < i; k++)
            if (gf_str_eq(request->query[k].name, request->query[i].name))
                return gf_fail(err, GF_EUSAGE, "api.query", "Give it once.", "\"%.*s\" is given twice", GF_STR_ARG(gf_str_slice(request->query[i].name, 0, 40)));
        for (const char *const *name = allowed; *name; name++)
            known = known || gf_str_is(request->query[i].name, *name);
        if (!known)
            return gf_fail(err, GF_EUSAGE, "api.query", "Leave it out.", "there is no parameter \"%.*s\"", GF_STR_ARG(gf_str_slice(request->query[i].name, 0, 40)));
    }
    return check_lang(gf_http_query(request, "lang"), err);
}

void api_json(gf_http_response *out, const gf_text *text)
{
    out->type = JSON_TYPE;
    out->body = gf_text_str(text);
}

/* ---- Truth ---- */

static gf_status ask_report(api_state *api, const gf_http_request *request, gf_app_reported *reported, gf_error *err)
{
    static const char *const ALLOWED[] = { "programme", "origin", "from", "to", "lang", NULL };
    gf_app *app = NULL;
    gf_app_report_options options = { gf_http_query(request, "programme"), gf_http_query(request, "origin"), gf_http_query(request, "from"), gf_http_query(request, "to"), api_lang(request) };
    gf_status status = api_check_query(request, ALLOWED, err);
    if (status == GF_OK)
        status = api_borrow(api, &app, err);
    if (status == GF_OK)
        status = gf_app_report(app, &options, request->arena, reported, err);
    api_return(api, app);
    return status;
}

gf_status api_report(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    gf_app_reported reported;
    gf_text text;
    gf_text_init(&text, request->arena);
    gf_status status = ask_report(context, request, &reported, err);
    if (status != GF_OK)
        return status;
    gf_report_report_json(&reported, &text);
    api_json(out, &text);
    return gf_text_done(&text, err);
}

gf_status api_report_markdown(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    gf_app_reported reported;
    gf_text text;
    gf_text_init(&text, request->arena);
    gf_status status = ask_report(context, request, &reported, err);
    if (status != GF_OK)
        return status;
    gf_report_report_markdown(&reported, &text);
    out->type = "text/markdown; charset=utf-8";
    out->body = gf_text_str(&text);
    return gf_text_done(&text, err);
}

gf_status api_trace(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    static const char *const ALLOWED[] = { "lang", NULL };
    gf_app *app = NULL;
    gf_app_traced traced;
    gf_text text;
    gf_text_init(&text, request->arena);
    gf_status status = api_check_query(request, ALLOWED, err);
    if (status == GF_OK)
        status = api_borrow(context, &app, err);
    if (status == GF_OK)
        status = gf_app_trace(app, request->params[0], api_lang(request), request->arena, &traced, err);
    api_return(context, app);
    if (status != GF_OK)
        return status;
    gf_report_trace_json(&traced, &text);
    api_json(out, &text);
    return gf_text_done(&text, err);
}

static gf_status read_key(const char *key, const json_t *value, gf_arena *keep, gf_str *out, gf_error *err)
{
    if (!json_is_string(value))
        return gf_fail(err, GF_EUSAGE, "api.json", "Write it in quotes.", "\"%s\" is no text", key);
    *out = gf_str_copy(keep, (gf_str){ json_string_value(value), json_string_length(value) });
    return out->data ? GF_OK : gf_fail_memory(err);
}

static gf_status read_keys(json_t *body, gf_arena *keep, gf_str *text, gf_app_press_options *options, gf_error *err)
{
    const struct { const char *name; gf_str *target; } KEYS[] = {
        { "text", text }, { "programme", &options->programme }, { "origin", &options->origins }, { "lang", &options->lang },
    };
    const char *key;
    json_t *value;
    if (!json_is_object(body) || !json_object_get(body, "text"))
        return gf_fail(err, GF_EUSAGE, "api.json", "Send {\"text\": \"...\"}.", "the body has no text");
    json_object_foreach(body, key, value) {
        size_t k = 0;
        while (k < GF_COUNT(KEYS) && strcmp(KEYS[k].name, key) != 0)
            k++;
        if (k == GF_COUNT(KEYS))
            return gf_fail(err, GF_EUSAGE, "api.json", "Leave it out.", "the body has an unknown key \"%.40s\"", key);
        gf_status status = read_key(key, value, keep, KEYS[k].target, err);
        if (status != GF_OK)
            return status;
    }
    return check_lang(options->lang, err);
}

/* {"text": "...", "programme": "...", "origin": "...", "lang": "en"} or the plain text itself. */
gf_status api_read_press(const gf_http_request *request, gf_str *text, gf_app_press_options *options, gf_error *err)
{
    *text = request->body;
    if (!gf_str_starts(request->content_type, GF_STR("application/json")))
        return GF_OK;
    json_error_t where;
    json_t *body = json_loadb(request->body.data, request->body.len, JSON_REJECT_DUPLICATES, &where);
    if (!body)
        return gf_fail(err, GF_EUSAGE, "api.json", "Send JSON in UTF-8.", "the body is no JSON: line %d, column %d", where.line, where.column);
    gf_status status = read_keys(body, request->arena, text, options, err);
    json_decref(body);
    return status;
}

gf_status api_press(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    static const char *const ALLOWED[] = { "lang", "programme", "origin", NULL };
    gf_app *app = NULL;
    gf_app_pressed pressed;
    gf_str content;
    gf_text text;
    gf_app_press_options options = { .programme = gf_http_query(request, "programme"), .origins = gf_http_query(request, "origin"), .lang = api_lang(request) };
    gf_text_init(&text, request->arena);
    gf_status status = api_check_query(request, ALLOWED, err);
    if (status == GF_OK)
        status = api_read_press(request, &content, &options, err);
    if (status == GF_OK)
        status = api_borrow(context, &app, err);
    if (status == GF_OK)
        status = gf_app_press(app, &options, content, request->arena, &pressed, err);
    api_return(context, app);
    if (status != GF_OK)
        return status;
    gf_report_press_json(&pressed, GF_STR("text"), &text);
    api_json(out, &text);
    return gf_text_done(&text, err);
}

/* ---- Questions ---- */

gf_status api_programmes(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    gf_app *app = NULL;
    gf_app_table table;
    gf_text text;
    gf_text_init(&text, request->arena);
    static const char *const ALLOWED[] = { "lang", NULL };
    gf_status status = api_check_query(request, ALLOWED, err);
    if (status == GF_OK)
        status = api_borrow(context, &app, err);
    if (status == GF_OK)
        status = gf_app_programmes(app, api_lang(request), request->arena, &table, err);
    api_return(context, app);
    if (status != GF_OK)
        return status;
    gf_report_table_json(&table, &text);
    api_json(out, &text);
    return gf_text_done(&text, err);
}

gf_status api_statement(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    static const char *const ALLOWED[] = { "scope", "on", "lang", NULL };
    gf_app *app = NULL;
    gf_app_statement statement;
    gf_text text;
    gf_text_init(&text, request->arena);
    gf_str scope = gf_http_query(request, "scope");
    gf_status status = api_check_query(request, ALLOWED, err);
    if (status == GF_OK)
        status = api_borrow(context, &app, err);
    if (status == GF_OK)
        status = gf_app_state(app, scope.len ? scope : GF_STR("group"), gf_http_query(request, "on"), request->arena, &statement, err);
    api_return(context, app);
    if (status != GF_OK)
        return status;
    gf_report_statement_json(&statement, &text);
    api_json(out, &text);
    return gf_text_done(&text, err);
}

gf_status api_ageing(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    static const char *const ALLOWED[] = { "on", "lang", NULL };
    gf_app *app = NULL;
    gf_app_aged *aged = NULL;
    size_t count = 0;
    gf_text text;
    gf_text_init(&text, request->arena);
    gf_status status = api_check_query(request, ALLOWED, err);
    if (status == GF_OK)
        status = api_borrow(context, &app, err);
    if (status == GF_OK)
        status = gf_app_ageing(app, gf_http_query(request, "on"), request->arena, &aged, &count, err);
    api_return(context, app);
    if (status != GF_OK)
        return status;
    gf_report_ageing_json(aged, count, &text);
    api_json(out, &text);
    return gf_text_done(&text, err);
}

gf_status api_roster(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    static const char *const ALLOWED[] = { "what", "on", "lang", NULL };
    gf_app *app = NULL;
    gf_app_table table;
    gf_text text;
    gf_text_init(&text, request->arena);
    gf_status status = api_check_query(request, ALLOWED, err);
    if (status == GF_OK)
        status = api_borrow(context, &app, err);
    if (status == GF_OK)
        status = gf_app_roster(app, gf_http_query(request, "what"), gf_http_query(request, "on"), api_lang(request), request->arena, &table, err);
    if (status == GF_OK)
        gf_report_table_json(&table, &text);
    api_return(context, app);
    if (status != GF_OK)
        return status;
    api_json(out, &text);
    return gf_text_done(&text, err);
}

gf_status api_health(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    gf_app *app = NULL;
    (void)request;
    gf_status status = api_borrow(context, &app, err);
    api_return(context, app);
    out->body = GF_STR("ok\n");
    return status;
}

/* ---- Pages ---- */

extern const gf_embedded gf_embedded_ui[];
extern const size_t      gf_embedded_ui_count;

static const struct { const char *ending, *type; } TYPES[] = {
    { ".html", "text/html; charset=utf-8" }, { ".css", "text/css; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" }, { ".svg", "image/svg+xml" },
};

static gf_status send_file(gf_str name, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    for (size_t i = 0; i < gf_embedded_ui_count; i++) {
        const gf_embedded *file = &gf_embedded_ui[i];
        if (!gf_str_is(name, file->name))
            continue;
        for (size_t t = 0; t < GF_COUNT(TYPES); t++)
            if (gf_str_ends(name, gf_str_of(TYPES[t].ending)))
                out->type = TYPES[t].type;
        out->body = (gf_str){ (const char *)file->bytes, file->len };
        char etag[24];
        (void)snprintf(etag, sizeof etag, "%016llx", (unsigned long long)gf_str_hash(out->body));
        out->etag = gf_str_copy(request->arena, gf_str_of(etag));
        return GF_OK;
    }
    return gf_fail(err, GF_ENOTFOUND, "http.path", "", "there is no file \"%.*s\"", GF_STR_ARG(gf_str_slice(name, 0, 60)));
}

gf_status api_page(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    (void)context;
    return send_file(GF_STR("index.html"), request, out, err);
}

gf_status api_asset(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    (void)context;
    return send_file(request->params[0], request, out, err);
}
