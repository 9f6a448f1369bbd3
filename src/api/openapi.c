/* OpenAPI 3.1, written from the same tables that requests are checked by: routes.c and the register table. Every
 * register has its own paths and its own schema, so that a generated client knows its columns.
 */
#include "api/api.h"

#include <string.h>

static const char DIALECT[] = "https://json-schema.org/draft/2020-12/schema";

static void member(gf_json *j, const char *key, const char *value) { gf_json_cstr(j, key, value); }
static void ref(gf_json *j, const char *key, const char *schema)
{
    char text[80];
    (void)snprintf(text, sizeof text, "#/components/schemas/%s", schema);
    gf_json_begin(j, key, '{');
    member(j, "$ref", text);
    gf_json_end(j, '}');
}

/* ---- Types ---- */

static void words(gf_json *j, const char *list)
{
    gf_str rest = gf_str_of(list), word;
    gf_json_begin(j, "enum", '[');
    while (gf_str_cut(&rest, '|', &word))
        gf_json_str(j, NULL, word);
    gf_json_end(j, ']');
}

static void type_of(gf_json *j, const api_param *p, bool in_body)
{
    gf_json_begin(j, in_body ? p->name : "schema", '{');
    if (p->type == API_LIST || p->type == API_ROWS) {
        member(j, "type", "array");
        gf_json_begin(j, "items", '{');
        member(j, "type", p->type == API_LIST ? "string" : "object");
        gf_json_end(j, '}');
    } else if (p->type == API_WHOLE) {
        member(j, "type", "integer");
        gf_json_int(j, "minimum", 0);
    } else
        member(j, "type", "string");
    if (p->type == API_WORD || p->type == API_LANG || p->type == API_FLAG)
        words(j, p->type == API_WORD ? p->words : p->type == API_LANG ? "zh|en" : "0|1");
    if (p->type == API_DAY)
        member(j, "pattern", "^$|^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$");
    if (in_body)
        member(j, "description", p->en);
    gf_json_end(j, '}');
}

static void column_schema(gf_json *j, const gf_column *c)
{
    static const char *const PATTERNS[] = { [GF_COLUMN_DECIMAL] = "^$|^-?[0-9]+(\\.[0-9]+)?$", [GF_COLUMN_DATE] = "^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$", [GF_COLUMN_FILE] = NULL };
    bool number = c->type == GF_COLUMN_INT || c->type == GF_COLUMN_FEN;
    gf_json_begin(j, c->name, '{');
    if (number) {
        gf_json_begin(j, "type", '[');
        gf_json_cstr(j, NULL, "integer");
        gf_json_cstr(j, NULL, "null");
        gf_json_end(j, ']');
        gf_json_int(j, "minimum", 0);
    } else
        member(j, "type", "string");
    if (PATTERNS[c->type])
        member(j, "pattern", PATTERNS[c->type]);
    if (c->type == GF_COLUMN_CHOICE || c->type == GF_COLUMN_BOUND) {
        gf_str rest = gf_str_of(c->type == GF_COLUMN_BOUND ? "exact|at_least|about" : c->arg), word;
        gf_json_begin(j, "enum", '[');
        gf_json_cstr(j, NULL, "");
        while (gf_str_cut(&rest, '|', &word))
            gf_json_str(j, NULL, word);
        gf_json_end(j, ']');
    }
    member(j, "title", c->label_zh);
    member(j, "description", c->label_en);
    gf_json_end(j, '}');
}

static void register_schema(gf_json *j, const gf_register *reg)
{
    static const char *const COMMON[] = { "source", "origin", "author" };
    gf_json_begin(j, reg->name, '{');
    member(j, "type", "object");
    member(j, "title", reg->label_zh);
    member(j, "description", reg->label_en);
    gf_json_begin(j, "properties", '{');
    for (size_t i = 0; i < reg->column_count; i++)
        if (reg->columns[i].type != GF_COLUMN_FILE)
            column_schema(j, &reg->columns[i]);
    for (size_t i = 0; i < GF_COUNT(COMMON); i++) {
        gf_json_begin(j, COMMON[i], '{');
        member(j, "type", "string");
        gf_json_end(j, '}');
    }
    gf_json_begin(j, "version", '{');
    member(j, "type", "integer");
    gf_json_end(j, '}');
    gf_json_end(j, '}');
    gf_json_bool(j, "additionalProperties", false);
    gf_json_end(j, '}');
}

/* A new record must have what the register requires; a change names only what it changes. */
static void record_schema(gf_json *j, const gf_register *reg, bool whole)
{
    if (!whole || strcmp(reg->name, "entries") == 0) {
        ref(j, "schema", reg->name);
        return;
    }
    gf_json_begin(j, "schema", '{');
    gf_json_begin(j, "allOf", '[');
    ref(j, NULL, reg->name);
    gf_json_begin(j, NULL, '{');
    gf_json_begin(j, "required", '[');
    for (size_t i = 0; i < reg->column_count; i++)
        if (reg->columns[i].required)
            gf_json_cstr(j, NULL, reg->columns[i].name);
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    gf_json_end(j, ']');
    gf_json_end(j, '}');
}

/* ---- Schemas that are no register ---- */

static const char FIXED_SCHEMAS[] =
    "\"Problem\":{\"type\":\"object\",\"description\":\"RFC 9457\",\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
    "\"detail\":{\"type\":\"string\"},\"code\":{\"type\":\"string\"},\"where\":{\"type\":\"string\"},\"hint\":{\"type\":\"string\"}},\"required\":[\"type\",\"title\",\"status\",\"detail\",\"code\"]},"
    "\"Session\":{\"type\":\"object\",\"properties\":{\"user\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"role\":{\"type\":\"string\"},\"scope\":{\"type\":\"string\"},"
    "\"csrf\":{\"type\":\"string\"},\"must_enrol\":{\"type\":\"boolean\"},\"rights\":{\"type\":\"object\"},\"areas\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}},\"required\":[\"user\",\"role\",\"scope\",\"csrf\",\"rights\",\"areas\"]},"
    "\"Groups\":{\"type\":\"object\",\"properties\":{\"head_entry\":{\"type\":\"integer\"},\"by\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"groups\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}},\"required\":[\"head_entry\",\"by\",\"groups\"]},"
    "\"Job\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},\"kind\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},\"state\":{\"type\":\"string\",\"enum\":[\"waiting\",\"running\",\"done\",\"failed\",\"cancelled\"]},"
    "\"done\":{\"type\":\"integer\"},\"total\":{\"type\":\"integer\"}},\"required\":[\"id\",\"state\"]},"
    "\"EntryRow\":{\"type\":\"object\",\"properties\":{\"period\":{\"type\":\"string\"},\"kind\":{\"type\":\"string\",\"enum\":[\"cash\",\"in_kind\",\"loan\",\"investment\",\"result\"]},\"from_party\":{\"type\":\"string\"},"
    "\"to_party\":{\"type\":\"string\"},\"fund\":{\"type\":\"string\"},\"project\":{\"type\":\"string\"},\"place\":{\"type\":\"string\"},\"stage_from\":{\"type\":\"string\"},\"stage_to\":{\"type\":\"string\"},"
    "\"amount_fen\":{\"type\":\"integer\",\"minimum\":1},\"bound\":{\"type\":\"string\",\"enum\":[\"\",\"exact\",\"at_least\",\"about\"]}},\"required\":[\"kind\",\"amount_fen\"],\"additionalProperties\":false},"
    "\"entries\":{\"type\":\"object\",\"title\":\"分录\",\"description\":\"entries\",\"properties\":{\"entry\":{\"type\":\"integer\",\"readOnly\":true},\"key\":{\"type\":\"string\"},\"date\":{\"type\":\"string\"},"
    "\"verb\":{\"type\":\"string\"},\"purpose\":{\"type\":\"string\"},\"voucher\":{\"type\":\"string\"},\"source\":{\"type\":\"string\"},\"origin\":{\"type\":\"string\"},\"unit\":{\"type\":\"string\"},\"note\":{\"type\":\"string\"},"
    "\"reverses\":{\"type\":[\"integer\",\"null\"]},\"hash\":{\"type\":\"string\",\"readOnly\":true},\"rows\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":500,\"items\":{\"$ref\":\"#/components/schemas/EntryRow\"}}},"
    "\"required\":[\"key\",\"rows\"],\"additionalProperties\":false}";

/* ---- Paths ---- */

static const char *lower(const char *method)
{
    static const char *const NAMES[][2] = { { "GET", "get" }, { "POST", "post" }, { "PATCH", "patch" }, { "PUT", "put" }, { "DELETE", "delete" } };
    for (size_t i = 0; i < GF_COUNT(NAMES); i++)
        if (strcmp(NAMES[i][0], method) == 0)
            return NAMES[i][1];
    return method;
}

static void path_parameters(gf_json *j, const char *path)
{
    for (const char *at = strchr(path, '{'); at; at = strchr(at + 1, '{')) {
        char name[40];
        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(at + 1, "*}"), at + 1);
        gf_json_begin(j, NULL, '{');
        member(j, "name", name);
        member(j, "in", "path");
        gf_json_bool(j, "required", true);
        gf_json_begin(j, "schema", '{');
        member(j, "type", "string");
        gf_json_end(j, '}');
        gf_json_end(j, '}');
    }
}

static void header_parameter(gf_json *j, const char *name, bool required, const char *description)
{
    gf_json_begin(j, NULL, '{');
    member(j, "name", name);
    member(j, "in", "header");
    gf_json_bool(j, "required", required);
    member(j, "description", description);
    gf_json_begin(j, "schema", '{');
    member(j, "type", "string");
    gf_json_end(j, '}');
    gf_json_end(j, '}');
}

static void parameters(gf_json *j, const api_route *route, const char *path)
{
    static const api_param LANG_ONLY[] = { { "lang", API_LANG, false, NULL, "语言", "language" }, { NULL } };
    gf_json_begin(j, "parameters", '[');
    path_parameters(j, path);
    for (const api_param *p = route->params ? route->params : LANG_ONLY; p->name; p++) {
        gf_json_begin(j, NULL, '{');
        member(j, "name", p->name);
        member(j, "in", "query");
        gf_json_bool(j, "required", p->required);
        member(j, "description", p->en);
        type_of(j, p, false);
        gf_json_end(j, '}');
    }
    if (strcmp(route->method, "PATCH") == 0 && route->body == API_RECORD)
        header_parameter(j, "If-Match", true, "the ETag of the version that is changed");
    if (route->lane == GF_HTTP_WRITE)
        header_parameter(j, "Idempotency-Key", false, "the same key twice does one thing");
    gf_json_end(j, ']');
}

static void content(gf_json *j, const char *type, const char *schema)
{
    gf_json_begin(j, "content", '{');
    gf_json_begin(j, type, '{');
    if (schema)
        ref(j, "schema", schema);
    gf_json_end(j, '}');
    gf_json_end(j, '}');
}

/* The bytes themselves, or a form with one file. */
static void upload(gf_json *j)
{
    gf_json_begin(j, "content", '{');
    gf_json_begin(j, "application/octet-stream", '{');
    gf_json_end(j, '}');
    gf_json_begin(j, "multipart/form-data", '{');
    gf_json_begin(j, "schema", '{');
    member(j, "type", "object");
    gf_json_begin(j, "properties", '{');
    gf_json_begin(j, "file", '{');
    member(j, "type", "string");
    member(j, "contentMediaType", "application/octet-stream");
    gf_json_end(j, '}');
    gf_json_end(j, '}');
    gf_json_end(j, '}');
    gf_json_end(j, '}');
    gf_json_end(j, '}');
}

static void request_body(gf_json *j, const api_route *route, const gf_register *reg)
{
    if (route->body == API_NO_BODY)
        return;
    gf_json_begin(j, "requestBody", '{');
    gf_json_bool(j, "required", route->body != API_JSON || (route->fields && route->fields->name));
    if (route->body == API_BYTES)
        upload(j);
    else if (route->body == API_RECORD) {
        gf_json_begin(j, "content", '{');
        gf_json_begin(j, "application/json", '{');
        record_schema(j, reg, strcmp(route->method, "PATCH") != 0);
        gf_json_end(j, '}');
        gf_json_end(j, '}');
    } else {
        gf_json_begin(j, "content", '{');
        gf_json_begin(j, "application/json", '{');
        gf_json_begin(j, "schema", '{');
        member(j, "type", "object");
        gf_json_begin(j, "properties", '{');
        for (const api_param *p = route->fields; p && p->name; p++)
            type_of(j, p, true);
        gf_json_end(j, '}');
        gf_json_begin(j, "required", '[');
        for (const api_param *p = route->fields; p && p->name; p++)
            if (p->required)
                gf_json_cstr(j, NULL, p->name);
        gf_json_end(j, ']');
        gf_json_bool(j, "additionalProperties", false);
        gf_json_end(j, '}');
        gf_json_end(j, '}');
        gf_json_end(j, '}');
    }
    gf_json_end(j, '}');
}

static void list_schema(gf_json *j, const char *schema)
{
    gf_json_begin(j, "schema", '{');
    member(j, "type", "object");
    gf_json_begin(j, "properties", '{');
    gf_json_begin(j, "records", '{');
    member(j, "type", "array");
    ref(j, "items", schema);
    gf_json_end(j, '}');
    gf_json_begin(j, "next", '{');
    gf_json_begin(j, "type", '[');
    gf_json_cstr(j, NULL, "string");
    gf_json_cstr(j, NULL, "null");
    gf_json_end(j, ']');
    gf_json_end(j, '}');
    gf_json_end(j, '}');
    gf_json_begin(j, "required", '[');
    gf_json_cstr(j, NULL, "records");
    gf_json_end(j, ']');
    gf_json_end(j, '}');
}

static void responses(gf_json *j, const api_route *route, const gf_register *reg)
{
    const char *schema = route->schema && strcmp(route->schema, "Record") == 0 && reg ? reg->name : route->schema;
    bool list = route->schema && strcmp(route->schema, "List") == 0;
    gf_json_begin(j, "responses", '{');
    gf_json_begin(j, "2XX", '{');
    member(j, "description", "done");
    if (list && reg) {
        gf_json_begin(j, "content", '{');
        gf_json_begin(j, "application/json", '{');
        list_schema(j, reg->name);
        gf_json_end(j, '}');
        gf_json_end(j, '}');
    } else if (schema)
        content(j, "application/json", schema);
    gf_json_end(j, '}');
    gf_json_begin(j, "default", '{');
    member(j, "description", "why not");
    content(j, "application/problem+json", "Problem");
    gf_json_end(j, '}');
    gf_json_end(j, '}');
}

static void operation(gf_json *j, const api_route *route, const char *path, const gf_register *reg)
{
    gf_json_begin(j, lower(route->method), '{');
    member(j, "summary", route->en);
    member(j, "description", route->zh);
    gf_json_begin(j, "tags", '[');
    gf_json_cstr(j, NULL, route->group);
    gf_json_end(j, ']');
    parameters(j, route, path);
    request_body(j, route, reg);
    responses(j, route, reg);
    if (route->door == API_OPEN) {
        gf_json_begin(j, "security", '[');
        gf_json_end(j, ']');
    }
    gf_json_end(j, '}');
}

static bool is_first_of_path(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(API_ROUTES[i].path, API_ROUTES[index].path) == 0)
            return false;
    return true;
}

static void path_item(gf_json *j, size_t index, const char *pattern, const gf_register *reg)
{
    char path[200];
    size_t len = 0;
    for (; *pattern && len + 1 < sizeof path; pattern++)
        if (*pattern != '*')
            path[len++] = *pattern;
    path[len] = '\0';
    bool entries = reg && strcmp(reg->name, "entries") == 0;
    gf_json_begin(j, path, '{');
    for (size_t i = index; i < API_ROUTE_COUNT; i++)
        if (strcmp(API_ROUTES[i].path, API_ROUTES[index].path) == 0 && !(entries && strcmp(API_ROUTES[i].method, "PATCH") == 0))
            operation(j, &API_ROUTES[i], path, reg);
    gf_json_end(j, '}');
}

/* "/api/v1/records/{register}/{id}" once for each register, with its name in the place of {register}. */
static void register_paths(gf_json *j, size_t index, gf_arena *keep)
{
    static const gf_str MARK = GF_STR_INIT("{register}");
    gf_str path = gf_str_of(API_ROUTES[index].path);
    size_t at = gf_str_find(path, MARK);
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++) {
        const gf_register *reg = &GF_REGISTERS[i];
        bool entries = strcmp(reg->name, "entries") == 0;
        gf_text text;
        if (entries && (gf_str_ends(path, GF_STR("/history")) || gf_str_ends(path, GF_STR("/reveal"))))
            continue;
        gf_text_init(&text, keep);
        gf_text_format(&text, "%.*s%s%.*s", (int)at, path.data, reg->name, GF_STR_ARG(gf_str_slice(path, at + MARK.len, path.len)));
        path_item(j, index, gf_text_str(&text).data, reg);
    }
}

gf_status openapi_write(gf_arena *keep, gf_text *out, gf_error *err)
{
    gf_json j;
    gf_json_init(&j, out);
    gf_json_begin(&j, NULL, '{');
    member(&j, "openapi", "3.1.0");
    member(&j, "jsonSchemaDialect", DIALECT);
    gf_json_begin(&j, "info", '{');
    member(&j, "title", "gongfu 共富");
    member(&j, "version", GONGFU_VERSION);
    member(&j, "description", "The books and proofs of a paired-assistance group. 结对帮扶团组的账与证。");
    gf_json_end(&j, '}');
    gf_json_begin(&j, "security", '[');
    for (int i = 0; i < 2; i++) {
        gf_json_begin(&j, NULL, '{');
        gf_json_begin(&j, i ? "token" : "session", '[');
        gf_json_end(&j, ']');
        gf_json_end(&j, '}');
    }
    gf_json_end(&j, ']');
    gf_json_begin(&j, "paths", '{');
    for (size_t i = 0; i < API_ROUTE_COUNT; i++) {
        if (!API_ROUTES[i].group || !is_first_of_path(i))
            continue;
        if (strstr(API_ROUTES[i].path, "{register}"))
            register_paths(&j, i, keep);
        else
            path_item(&j, i, API_ROUTES[i].path, NULL);
    }
    gf_json_end(&j, '}');
    gf_json_begin(&j, "components", '{');
    gf_json_begin(&j, "securitySchemes", '{');
    gf_json_begin(&j, "session", '{');
    member(&j, "type", "apiKey");
    member(&j, "in", "cookie");
    member(&j, "name", "gongfu_session");
    gf_json_end(&j, '}');
    gf_json_begin(&j, "token", '{');
    member(&j, "type", "http");
    member(&j, "scheme", "bearer");
    gf_json_end(&j, '}');
    gf_json_end(&j, '}');
    gf_json_begin(&j, "schemas", '{');
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++)
        if (strcmp(GF_REGISTERS[i].name, "entries") != 0)
            register_schema(&j, &GF_REGISTERS[i]);
    gf_text_add_c(out, ",");
    gf_text_add_c(out, FIXED_SCHEMAS);
    gf_json_end(&j, '}');
    gf_json_end(&j, '}');
    gf_json_end(&j, '}');
    return gf_text_done(out, err);
}
