/* The first pages: one call each, which answers with all that the page shows. */
#include "api/api.h"

/* What tells apart the answers of those who see everything; "" for others, whose answers are their own. */
static void lately_key(const api_call *call, const char *what, gf_str more, char *key, size_t room)
{
    const gf_app_actor *actor = &call->session.actor;
    gf_str programme = api_query(call, "programme");
    bool shared = gf_str_is(actor->scope, "all") && !actor->must_enrol;
    int len = snprintf(key, room, "%s|%d|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", what, actor->demo, GF_STR_ARG(actor->role), GF_STR_ARG(actor->unit), GF_STR_ARG(actor->place), GF_STR_ARG(programme), GF_STR_ARG(call->lang), GF_STR_ARG(more));
    if (!shared || len < 0 || (size_t)len >= room)
        key[0] = '\0';
}

gf_status api_cockpit(api_call *call, gf_error *err)
{
    gf_app_cockpit cockpit;
    char key[256];
    gf_utc_ms asked = gf_utc_now_ms();
    gf_text text = api_text(call);
    lately_key(call, "cockpit", (gf_str){ "", 0 }, key, sizeof key);
    gf_status status = gf_app_require_area(&call->session.actor, "home", err);
    if (status != GF_OK)
        return status;
    if (key[0] && lately_add(call->api->lately, key, asked, &text))
        return api_send_text(call, &text, err);
    status = gf_app_cockpit_read(call->app, &call->session.actor, api_query(call, "programme"), call->lang, call->arena, &cockpit, err);
    if (status != GF_OK)
        return status;
    gf_report_cockpit_json(&cockpit, &text);
    if (key[0] && cockpit.by_county && !text.failed)
        lately_keep(call->api->lately, key, asked, gf_text_str(&text));
    return api_send_text(call, &text, err);
}

gf_status api_flow(api_call *call, gf_error *err)
{
    gf_app_flow flow;
    char key[256];
    gf_utc_ms asked = gf_utc_now_ms();
    gf_text text = api_text(call);
    gf_str kind = api_query(call, "kind").len ? api_query(call, "kind") : GF_STR("cash");
    lately_key(call, "flow", kind, key, sizeof key);
    gf_status status = gf_app_require(&call->session.actor, gf_register_find(GF_STR("entries")), GF_APP_READ, err);
    if (status != GF_OK)
        return status;
    if (key[0] && lately_add(call->api->lately, key, asked, &text))
        return api_send_text(call, &text, err);
    status = gf_app_flow_read(call->app, &call->session.actor, api_query(call, "programme"), kind, call->lang, call->arena, &flow, err);
    if (status != GF_OK)
        return status;
    gf_report_flow_json(&flow, &text);
    if (key[0] && flow.by_county && !text.failed)
        lately_keep(call->api->lately, key, asked, gf_text_str(&text));
    return api_send_text(call, &text, err);
}

static gf_status send_story(api_call *call, const char *of, gf_error *err)
{
    gf_app_story story;
    gf_text text = api_text(call);
    gf_status status = gf_app_story_read(call->app, &call->session.actor, of, call->request->params[0], api_query(call, "programme"), call->lang, call->arena, &story, err);
    if (status != GF_OK)
        return status;
    gf_report_story_json(&story, &text);
    return api_send_text(call, &text, err);
}

gf_status api_place_story(api_call *call, gf_error *err) { return send_story(call, "places", err); }
gf_status api_unit_story(api_call *call, gf_error *err) { return send_story(call, "units", err); }
