/* The first pages: one call each, which answers with all that the page shows. */
#include "api/api.h"

gf_status api_cockpit(api_call *call, gf_error *err)
{
    gf_app_cockpit cockpit;
    gf_text text = api_text(call);
    gf_status status = gf_app_cockpit_read(call->app, &call->session.actor, api_query(call, "programme"), call->lang, call->arena, &cockpit, err);
    if (status != GF_OK)
        return status;
    gf_report_cockpit_json(&cockpit, &text);
    return api_send_text(call, &text, err);
}

gf_status api_flow(api_call *call, gf_error *err)
{
    gf_app_flow flow;
    gf_text text = api_text(call);
    gf_str kind = api_query(call, "kind").len ? api_query(call, "kind") : GF_STR("cash");
    gf_status status = gf_app_flow_read(call->app, &call->session.actor, api_query(call, "programme"), kind, call->lang, call->arena, &flow, err);
    if (status != GF_OK)
        return status;
    gf_report_flow_json(&flow, &text);
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
