/* Health, events, and the interface's own description. */
#include "api/api.h"

#include <string.h>

gf_status api_health(api_call *call, gf_error *err)
{
    (void)err;
    call->out->body = GF_STR("ok\n");
    return GF_OK;
}

/* Who may not read a register does not hear that it changed. */
gf_status api_events(api_call *call, gf_error *err)
{
    call->out->type = "text/event-stream; charset=utf-8";
    gf_text topics = api_text(call);
    gf_text_add_c(&topics, ";job;");
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++)
        if (gf_app_rights(&call->session.actor, &GF_REGISTERS[i]) & GF_APP_READ)
            gf_text_format(&topics, "%s;", GF_REGISTERS[i].name);
    call->out->topics = gf_text_str(&topics);
    call->out->owner = call->session.actor.user;
    return gf_text_done(&topics, err);
}

gf_status api_openapi(api_call *call, gf_error *err)
{
    (void)err;
    call->out->type = "application/json; charset=utf-8";
    call->out->body = gf_text_str(&call->api->openapi);
    call->out->fixed = true;
    return GF_OK;
}

/* ---- The page of the interface ---- */

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

/* One line that works as it stands, with the token of gongfu token. */
static void add_curl(gf_text *out, const api_route *route)
{
    gf_text_add_c(out, "<pre>curl");
    if (strcmp(route->method, "GET") != 0)
        gf_text_format(out, " -X %s", route->method);
    if (route->door == API_SESSION)
        gf_text_add_c(out, " -H &quot;Authorization: Bearer $GONGFU_TOKEN&quot;");
    if (strcmp(route->method, "PATCH") == 0)
        gf_text_add_c(out, " -H 'If-Match: &quot;1&quot;'");
    if (route->body == API_JSON || route->body == API_RECORD)
        gf_text_add_c(out, " -H 'Content-Type: application/json'");
    if (route->body == API_BYTES)
        gf_text_add_c(out, " --data-binary @FILE");
    else if (route->body != API_NO_BODY) {
        gf_text_add_c(out, " -d '{");
        for (const api_param *p = route->fields; p && p->name; p++)
            if (p->required)
                gf_text_format(out, "%s&quot;%s&quot;: %s", p == route->fields ? "" : ", ", p->name, p->type == API_LIST || p->type == API_ROWS ? "[]" : p->type == API_WHOLE ? "1" : "&quot;&quot;");
        gf_text_add_c(out, "}'");
    }
    gf_text_format(out, " 'http://127.0.0.1:8080%s'</pre>", route->path);
}

static void add_route(gf_text *out, const api_route *route, bool zh)
{
    gf_text_format(out, "<section><h3><span class=\"m %s\">%s</span> <code>%s</code></h3><p>", route->method, route->method, route->path);
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
    "pre{background:#f4f5f7;padding:.6rem .8rem;border-radius:6px;overflow-x:auto;font-size:.82rem}table{border-collapse:collapse}td{padding:.15rem .8rem .15rem 0;vertical-align:top}"
    ".m{display:inline-block;min-width:3.6rem;font-size:.75rem;font-weight:700;color:#fff;background:#3d5a80;border-radius:4px;padding:.1rem .4rem;text-align:center}"
    ".POST{background:#2d6a4f}.PATCH{background:#9a6700}.DELETE{background:#b3261e}.PUT{background:#9a6700}a{color:#1d4e89}"
    "@media(prefers-color-scheme:dark){body{color:#e4e7eb;background:#161b22}pre{background:#222a35}h4{color:#9aa5b1}a{color:#8ab4f8}}";

gf_status api_docs(api_call *call, gf_error *err)
{
    bool zh = gf_str_is(call->lang, "zh");
    const char *group = "";
    gf_text text = api_text(call);
    gf_text_format(&text, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>%s</title><style>%s</style></head><body>",
                   zh ? "zh-CN" : "en", zh ? "共富 · 接口" : "gongfu · interface", STYLE);
    gf_text_format(&text, "<p><a href=\"?lang=%s\">%s</a> · <a href=\"/api/openapi.json\">openapi.json</a></p><h1>%s</h1><p>%s</p>", zh ? "en" : "zh", zh ? "English" : "中文",
                   zh ? "共富 · 接口" : "gongfu · interface",
                   zh ? "所有调用都是 JSON。程序用令牌（gongfu token add），浏览器用会话；写入时带 X-CSRF-Token，可带 Idempotency-Key：同一个键只记一次。出错时返回问题文档（RFC 9457），写明哪里、什么、怎么办。"
                      : "Every call is JSON. Programs use a token (gongfu token add), browsers a session; a write carries X-CSRF-Token, and may carry Idempotency-Key: the same key books once. "
                        "Failures are problem documents (RFC 9457) that say where, what, and what to do.");
    for (size_t i = 0; i < API_ROUTE_COUNT; i++) {
        const api_route *route = &API_ROUTES[i];
        if (!route->group)
            continue;
        if (strcmp(group, route->group) != 0)
            gf_text_format(&text, "<h2>%s</h2>", route->group);
        group = route->group;
        add_route(&text, route, zh);
    }
    gf_text_add_c(&text, "</body></html>");
    call->out->type = "text/html; charset=utf-8";
    call->out->body = gf_text_str(&text);
    return gf_text_done(&text, err);
}
