/* Requests are held against their route before a handler sees them: a parameter that is unknown, given twice or of the
 * wrong form is refused, for what is not understood must not be passed over.
 */
#include "api/api.h"

#include <string.h>

static const api_param LANG_ONLY[] = { { "lang", API_LANG, false, NULL, "语言", "language" }, { NULL } };
enum { TEXT_BYTES_MAX = 20000, LIST_MAX = 200, ROWS_MAX = 500 };

static gf_status fail_at_param(const char *name, gf_str value, const char *hint, gf_error *err)
{
    (void)gf_fail(err, GF_EUSAGE, "api.value", hint, "%s \"%.*s\" is not right", name, GF_STR_ARG(gf_str_slice(value, 0, 60)));
    return gf_fail_at(err, "%s", name);
}

static bool is_word(gf_str value, const char *words)
{
    gf_str rest = gf_str_of(words), word;
    while (gf_str_cut(&rest, '|', &word))
        if (gf_str_eq(word, value))
            return true;
    return false;
}

static gf_status check_text(const api_param *p, gf_str value, gf_error *err)
{
    gf_period period;
    int64_t number;
    char hint[200];
    switch (p->type) {
    case API_WHOLE: return gf_str_to_int(value, &number) && number >= 0 ? GF_OK : fail_at_param(p->name, value, "Write a whole number, digits only.", err);
    case API_DAY: return value.len == 0 || (gf_period_parse(value, &period, NULL) == GF_OK) ? GF_OK : fail_at_param(p->name, value, "Write a date: 2023-12-27.", err);
    case API_FLAG: return gf_str_is(value, "1") || gf_str_is(value, "0") ? GF_OK : fail_at_param(p->name, value, "Write 1 or 0.", err);
    case API_LANG: return value.len == 0 || is_word(value, "zh|en") ? GF_OK : fail_at_param(p->name, value, "Ask for zh or en.", err);
    case API_WORD:
        (void)snprintf(hint, sizeof hint, "Write one of: %.150s.", p->words);
        return is_word(value, p->words) ? GF_OK : fail_at_param(p->name, value, hint, err);
    default: return value.len <= TEXT_BYTES_MAX ? GF_OK : fail_at_param(p->name, gf_str_slice(value, 0, 20), "Shorten it.", err);
    }
}

/* ---- The query ---- */

static const api_param *find_param(const api_param *params, gf_str name)
{
    for (; params && params->name; params++)
        if (gf_str_is(name, params->name))
            return params;
    return NULL;
}

static gf_status check_query(const api_call *call, gf_error *err)
{
    const gf_http_request *r = call->request;
    const api_param *params = call->route->params ? call->route->params : LANG_ONLY;
    for (size_t i = 0; i < r->query_count; i++) {
        gf_str name = r->query[i].name;
        const api_param *p = find_param(params, name);
        for (size_t k = 0; k < i; k++)
            if (gf_str_eq(r->query[k].name, name))
                return gf_fail(err, GF_EUSAGE, "api.query", "Give it once.", "\"%.*s\" is given twice", GF_STR_ARG(gf_str_slice(name, 0, 40)));
        if (!p && !call->route->any_param)
            return gf_fail(err, GF_EUSAGE, "api.query", "Leave it out.", "there is no parameter \"%.*s\"", GF_STR_ARG(gf_str_slice(name, 0, 40)));
        gf_status status = p ? check_text(p, r->query[i].value, err) : GF_OK;
        if (status != GF_OK)
            return status;
    }
    for (const api_param *p = params; p->name; p++)
        if (p->required && gf_http_query(r, p->name).len == 0)
            return gf_fail(err, GF_EUSAGE, "api.query", "Add it to the query.", "the parameter %s is missing", p->name);
    return GF_OK;
}

/* ---- The body ---- */

json_t *api_parse_json(gf_str text, gf_error *err)
{
    json_error_t where;
    json_t *body = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL * 0, &where);
    if (!body)
        (void)gf_fail(err, GF_EUSAGE, "api.json", "Send JSON in UTF-8.", "the body is no JSON: line %d, column %d", where.line, where.column);
    return body;
}

static gf_str text_of(const json_t *value) { return (gf_str){ json_string_value(value), json_string_length(value) }; }

static gf_status fail_type(const api_param *p, const char *hint, gf_error *err)
{
    (void)gf_fail(err, GF_EUSAGE, "api.json", hint, "%s has another type", p->name);
    return gf_fail_at(err, "%s", p->name);
}

static gf_status check_list(const api_param *p, const json_t *value, size_t most, bool objects, gf_error *err)
{
    size_t i;
    json_t *item;
    if (!json_is_array(value) || json_array_size(value) > most)
        return fail_type(p, objects ? "Send an array of objects." : "Send an array of texts.", err);
    json_array_foreach(value, i, item)
        if (objects ? !json_is_object(item) : !json_is_string(item))
            return fail_type(p, objects ? "Send an array of objects." : "Send an array of texts.", err);
    return GF_OK;
}

static gf_status check_field(const api_param *p, const json_t *value, gf_error *err)
{
    if (p->type == API_LIST || p->type == API_ROWS)
        return check_list(p, value, p->type == API_ROWS ? ROWS_MAX : LIST_MAX, p->type == API_ROWS, err);
    if (p->type == API_WHOLE)
        return json_is_integer(value) && json_integer_value(value) >= 0 ? GF_OK : fail_type(p, "Send a whole number.", err);
    if (p->type == API_OPTION && json_is_null(value))
        return GF_OK;
    if (!json_is_string(value))
        return fail_type(p, "Write it in quotes.", err);
    return check_text(p, text_of(value), err);
}

gf_status api_check_body(const api_param *fields, json_t *body, gf_error *err)
{
    const char *key;
    json_t *value;
    if (!json_is_object(body))
        return gf_fail(err, GF_EUSAGE, "api.json", "Send {\"name\": \"value\"}.", "the body is no JSON object");
    json_object_foreach(body, key, value) {
        const api_param *p = find_param(fields, gf_str_of(key));
        if (!p)
            return gf_fail(err, GF_EUSAGE, "api.json", "Leave it out.", "the body has an unknown key \"%.40s\"", key);
        gf_status status = check_field(p, value, err);
        if (status != GF_OK)
            return status;
    }
    for (const api_param *p = fields; p && p->name; p++)
        if (p->required && !json_object_get(body, p->name)) {
            (void)gf_fail(err, GF_EUSAGE, "api.json", "Add it.", "%s is missing", p->name);
            return gf_fail_at(err, "%s", p->name);
        }
    return GF_OK;
}

static bool is_json(gf_str type) { return type.len == 0 || gf_str_starts(type, GF_STR("application/json")) || gf_str_starts(type, GF_STR("application/merge-patch+json")); }

/* A file comes as the body itself, its name in X-File-Name, or in a form. */
static gf_status take_upload(api_call *call, gf_error *err)
{
    const gf_http_request *request = call->request;
    if (gf_http_is_form(request->content_type))
        return gf_http_form_file(request->content_type, request->body, call->arena, &call->upload, err);
    call->upload = (gf_http_file){ .type = request->content_type, .bytes = request->body };
    if (gf_http_decode(gf_str_slice(gf_http_header(request, "X-File-Name"), 0, 600), false, call->arena, &call->upload.name))
        return GF_OK;
    return gf_fail(err, GF_EUSAGE, "content.name", "Percent-encode X-File-Name.", "the name of the file is no text");
}

gf_status api_check_request(api_call *call, gf_error *err)
{
    const api_route *route = call->route;
    gf_status status = check_query(call, err);
    if (status == GF_OK && route->body == API_BYTES)
        return take_upload(call, err);
    if (status != GF_OK || route->body == API_NO_BODY)
        return status;
    if (!is_json(call->request->content_type)) {
        call->out->status = 415;
        return gf_fail(err, GF_EUSAGE, "api.type", "Send Content-Type: application/json.", "the body is not JSON by its type");
    }
    gf_str text = call->request->body.len ? call->request->body : GF_STR("{}");
    call->body = api_parse_json(text, err);
    if (!call->body)
        return GF_EUSAGE;
    return route->body == API_JSON ? api_check_body(route->fields, call->body, err) : json_is_object(call->body) ? GF_OK
           : gf_fail(err, GF_EUSAGE, "api.json", "Send {\"name\": \"value\"}.", "the body is no JSON object");
}

/* ---- What handlers ask ---- */

gf_str api_query(const api_call *call, const char *name) { return gf_http_query(call->request, name); }

gf_str api_field(const api_call *call, const char *name)
{
    const json_t *value = json_object_get(call->body, name);
    return json_is_string(value) ? text_of(value) : (gf_str){ NULL, 0 };
}

int64_t api_query_int(const api_call *call, const char *name, int64_t fallback)
{
    int64_t value;
    return gf_str_to_int(api_query(call, name), &value) ? value : fallback;
}

bool api_query_flag(const api_call *call, const char *name) { return gf_str_is(api_query(call, name), "1"); }

const gf_register *api_register(const api_call *call, gf_error *err)
{
    const gf_register *reg = gf_register_find(call->request->params[0]);
    if (!reg)
        (void)gf_fail(err, GF_ENOTFOUND, "api.register", "/api/v1/registers lists them.", "there is no register \"%.*s\"", GF_STR_ARG(gf_str_slice(call->request->params[0], 0, 60)));
    return reg;
}

gf_text api_text(const api_call *call)
{
    gf_text text;
    gf_text_init(&text, call->arena);
    return text;
}

void api_json(api_call *call, const gf_text *text)
{
    call->out->type = "application/json; charset=utf-8";
    call->out->body = gf_text_str(text);
}

gf_status api_send_text(api_call *call, const gf_text *text, gf_error *err)
{
    api_json(call, text);
    return gf_text_done(text, err);
}

gf_status api_no_content(api_call *call)
{
    call->out->status = 204;
    return GF_OK;
}

/* ---- The press check's body ---- */

/* {"text": "...", "programme": "...", "origin": "...", "lang": "en"} or the plain text itself. */
gf_status api_read_press(const gf_http_request *request, gf_str *text, gf_app_press_options *options, gf_error *err)
{

    const struct { const char *name; gf_str *target; } KEYS[] = { { "text", text }, { "programme", &options->programme }, { "origin", &options->origins }, { "lang", &options->lang } };
    *text = request->body;
    if (!gf_str_starts(request->content_type, GF_STR("application/json")))
        return GF_OK;
    json_t *body = api_parse_json(request->body, err);
    if (!body)
        return GF_EUSAGE;
    gf_status status = json_is_object(body) && json_object_get(body, "text") ? GF_OK : gf_fail(err, GF_EUSAGE, "api.json", "Send {\"text\": \"...\"}.", "the body has no text");
    const char *key;
    json_t *value;
    json_object_foreach(body, key, value) {
        bool known = false;
        for (size_t i = 0; status == GF_OK && i < GF_COUNT(KEYS); i++) {
            if (!gf_str_is(gf_str_of(key), KEYS[i].name))
                continue;
            known = true;
            if (!json_is_string(value))
                status = gf_fail(err, GF_EUSAGE, "api.json", "Write it in quotes.", "\"%s\" is no text", key);
            else
                *KEYS[i].target = gf_str_copy(request->arena, (gf_str){ json_string_value(value), json_string_length(value) });
        }
        if (status == GF_OK && !known)
            status = gf_fail(err, GF_EUSAGE, "api.json", "Leave it out.", "the body has an unknown key \"%.40s\"", key);
    }

    json_decref(body);
    bool lang = options->lang.len == 0 || gf_str_is(options->lang, "zh") || gf_str_is(options->lang, "en");
    return status == GF_OK && !lang ? gf_fail(err, GF_EUSAGE, "api.lang", "Ask for zh or en.", "there is no such language") : status;
}
