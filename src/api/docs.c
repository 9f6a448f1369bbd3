/* The page of the interface, from the same table that requests are checked by: what it says cannot differ from what is
 * taken. One document without a script, in the language asked for, with a curl line for each call; made anew for each
 * request.
 */
#include "api/api.h"

#include <string.h>

static void add_escaped(gf_text *out, const char *text)
{
    static const struct { char c; const char *entity; } ENTITIES[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" } };
    for (; text && *text; text++) {
        const char *entity = NULL;
        for (size_t i = 0; i < GF_COUNT(ENTITIES); i++)
            entity = *text == ENTITIES[i].c ? ENTITIES[i].entity : entity;
        if (entity)
            gf_text_add_c(out, entity);
        else
            gf_text_add_char(out, *text);
    }
}

static void add_params(gf_text *out, const api_param *params, bool zh, const char *title)
{
    if (!params || !params->name)
        return;
    gf_text_format(out, "<h4>%s</h4><table>", title);
    for (; params->name; params++) {
        gf_text_format(out, "<tr><td><code>%s</code>%s</td><td>", params->name, params->required ? " *" : "");
        add_escaped(out, zh ? params->zh : params->en);
        if (params->words) {
            gf_text_add_c(out, " <small>");
            add_escaped(out, params->words);
            gf_text_add_c(out, "</small>");
        }
        gf_text_add_c(out, "</td></tr>");
    }
    gf_text_add_c(out, "</table>");
}

/* What stands in a path or a required place of the example, so that the line works as it stands on the books of Taishun. */
static const struct { const char *name, *value; } EXAMPLES[] = {
    { "register", "projects" }, { "figure", "total.group.cash.paid@all" }, { "code", "330329" }, { "job", "1" }, { "import", "1" }, { "user", "office" }, { "file", "projects.xlsx" },
    { "sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }, { "what", "pairings" }, { "q", "\xE6\x9C\x88\xE6\xB9\x96" }, { "by", "place,kind" },
    { "kind", "report" }, { "format", "pdf" }, { "reason", "check the address" }, { "password", "a sentence of your own" }, { "old", "a sentence of your own" }, { "new", "another sentence of yours" },
    { "id", "zhang" }, { "name", "Zhang" }, { "code6", "123456" }, { "token", "TOKEN-OF-THE-LINK" },
    { "tower", "demo-tw-001" }, { "network", "demo-wn-loop" }, { "plant", "demo-pv" }, { "from", "2025-05-01" }, { "to", "2025-05-31" }, { "month", "2025-12" }, { "lon", "119.92" }, { "lat", "27.57" },
};

static const char *example(const char *name, size_t len)
{
    for (size_t i = 0; i < GF_COUNT(EXAMPLES); i++)
        if (strlen(EXAMPLES[i].name) == len && memcmp(EXAMPLES[i].name, name, len) == 0)
            return EXAMPLES[i].value;
    return "NAME";
}

/* The id of a record depends on its register, or on what the path is about. */
static const char *path_example(const char *path, const char *name, size_t len)
{
    bool personal = strstr(path, "/reveal") != NULL;
    if (personal && len == strlen("register"))
        return "persons";
    if (len == strlen("id"))
        return personal ? "pe-headmaster" : strncmp(path, "/api/v1/units", 13) == 0 ? "u-adbc" : "pr-f139";
    return example(name, len);
}

static void add_path(gf_text *out, const char *path)
{
    for (const char *at = path; *at;) {
        if (*at != '{') {
            gf_text_add_char(out, *at++);
            continue;
        }
        gf_text_add_c(out, path_example(path, at + 1, strcspn(at + 1, "*}")));
        at += strcspn(at, "}") + 1;
    }
}

static void add_query(gf_text *out, const api_param *params)
{
    char between = '?';
    for (; params && params->name; params++) {
        if (!params->required)
            continue;
        gf_text_format(out, "%s%s=%s", between == '?' ? "?" : "&amp;", params->name, example(params->name, strlen(params->name)));
        between = '&';
    }
}

static void add_body(gf_text *out, const api_route *route)
{
    static const char RECORD[] = "{&quot;id&quot;: &quot;pr-new&quot;, &quot;name&quot;: &quot;a new bridge&quot;, &quot;stage&quot;: &quot;proposed&quot;}", CHANGE[] = "{&quot;stage&quot;: &quot;building&quot;}";
    const char *between = "";
    if (route->body == API_RECORD) {
        gf_text_format(out, " -d '%s'", strcmp(route->method, "PATCH") == 0 ? CHANGE : RECORD);
        return;
    }
    gf_text_add_c(out, " -d '{");
    for (const api_param *p = route->fields; p && p->name; p++) {
        if (!p->required)
            continue;
        gf_text_format(out, "%s&quot;%s&quot;: ", between, p->name);
        if (p->type == API_LIST)
            gf_text_add_c(out, "[&quot;name&quot;]");
        else
            gf_text_format(out, "&quot;%s&quot;", strcmp(p->name, "code") == 0 ? example("code6", 5) : example(p->name, strlen(p->name)));
        between = ", ";
    }
    gf_text_add_c(out, "}'");
}

/* One line for a shell, with the token of gongfu token. */
static void add_curl(gf_text *out, const api_route *route)
{
    gf_text_add_c(out, "<pre>curl");
    if (strcmp(route->method, "GET") != 0)
        gf_text_format(out, " -X %s", route->method);
    if (route->door == API_SESSION)
        gf_text_add_c(out, " -H &quot;Authorization: Bearer $GONGFU_TOKEN&quot;");
    if (route->body == API_RECORD && strcmp(route->method, "PATCH") == 0)
        gf_text_add_c(out, " -H 'If-Match: &quot;1&quot;'");
    if (route->body == API_JSON || route->body == API_RECORD) {
        gf_text_add_c(out, " -H 'Content-Type: application/json'");
        add_body(out, route);
    } else if (route->body == API_BYTES)
        gf_text_add_c(out, " -H 'X-File-Name: FILE' --data-binary @FILE");
    gf_text_add_c(out, " 'http://127.0.0.1:8080");
    add_path(out, route->path);
    add_query(out, route->params);
    gf_text_add_c(out, "'</pre>");
}

/* All calls on one screen, each a link to its words. */
static void add_contents(gf_text *out, bool zh)
{
    const char *group = "";
    gf_text_format(out, "<nav aria-label=\"%s\"><ul>", zh ? "目录" : "contents");
    for (size_t i = 0; i < API_ROUTE_COUNT; i++) {
        const api_route *route = &API_ROUTES[i];
        if (!route->group)
            continue;
        gf_text_add_c(out, "<li>");
        if (strcmp(group, route->group) != 0)
            gf_text_format(out, "<b>%s</b>", route->group);
        group = route->group;
        gf_text_format(out, "<a href=\"#r%zu\"><code>%s %s</code></a></li>", i, route->method, route->path);
    }
    gf_text_add_c(out, "</ul></nav>");
}

static void add_route(gf_text *out, size_t index, bool zh)
{
    const api_route *route = &API_ROUTES[index];
    gf_text_format(out, "<section id=\"r%zu\"><h3><span class=\"m %s\">%s</span> <code>%s</code></h3><p>", index, route->method, route->method, route->path);
    add_escaped(out, zh ? route->zh : route->en);
    gf_text_add_c(out, "</p>");
    add_params(out, route->params, zh, zh ? "参数" : "Parameters");
    add_params(out, route->fields, zh, zh ? "请求体" : "Body");
    add_curl(out, route);
    gf_text_add_c(out, "</section>");
}

static const char STYLE[] =
    "body{font:15px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem;color:#1f2933;background:#fff}"
    "h1{font-size:1.6rem;margin:.2rem 0}h2{margin-top:2.5rem;border-bottom:2px solid #b3261e;padding-bottom:.3rem}h3{font-size:1rem;margin:1.4rem 0 .2rem}h4{margin:.6rem 0 .2rem;font-size:.85rem;color:#52606d}"
    "nav ul{columns:2 20rem;padding:0;list-style:none}nav li{font-size:.85rem;break-inside:avoid}nav b{display:block;margin-top:.7rem}"
    "pre{background:#f4f5f7;padding:.6rem .8rem;border-radius:6px;overflow-x:auto;font-size:.82rem}table{border-collapse:collapse}td{padding:.15rem .8rem .15rem 0;vertical-align:top}"
    ".m{display:inline-block;min-width:3.6rem;font-size:.75rem;font-weight:700;color:#fff;background:#3d5a80;border-radius:4px;padding:.1rem .4rem;text-align:center}"
    ".POST{background:#2d6a4f}.PATCH{background:#9a6700}.DELETE{background:#b3261e}.PUT{background:#9a6700}a{color:#1d4e89}"
    "@media(prefers-color-scheme:dark){body{color:#e4e7eb;background:#161b22}pre{background:#222a35}h4{color:#9aa5b1}a{color:#8ab4f8}}";

gf_status api_docs(api_call *call, gf_error *err)
{
    bool zh = gf_str_is(call->lang, "zh");
    const char *group = "";
    gf_text text = api_text(call);
    gf_text_format(&text, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><link rel=\"icon\" href=\"/public/icon.svg\"><title>%s</title><style>%s</style></head><body>",
                   zh ? "zh-CN" : "en", zh ? "共富 · 接口" : "gongfu · interface", STYLE);
    gf_text_format(&text, "<p><a href=\"?lang=%s\">%s</a> · <a href=\"/api/openapi.json\">openapi.json</a></p><h1>%s</h1><p>%s</p>", zh ? "en" : "zh", zh ? "English" : "中文",
                   zh ? "共富 · 接口" : "gongfu · interface",
                   zh ? "所有调用都是 JSON。程序用令牌（gongfu token add），浏览器用会话；写入时带 X-CSRF-Token，可带 Idempotency-Key：同一个键只记一次。出错时返回问题文档（RFC 9457），写明哪里、什么、怎么办。"
                      : "Every call is JSON. Programs use a token (gongfu token add), browsers a session; a write carries X-CSRF-Token, and may carry Idempotency-Key: the same key books once. "
                        "Failures are problem documents (RFC 9457) that say where, what, and what to do.");
    add_contents(&text, zh);
    for (size_t i = 0; i < API_ROUTE_COUNT; i++) {
        const api_route *route = &API_ROUTES[i];
        if (!route->group)
            continue;
        if (strcmp(group, route->group) != 0)
            gf_text_format(&text, "<h2>%s</h2>", route->group);
        group = route->group;
        add_route(&text, i, zh);
    }
    gf_text_add_c(&text, "</body></html>");
    call->out->type = "text/html; charset=utf-8";
    call->out->body = gf_text_str(&text);
    return gf_text_done(&text, err);
}
