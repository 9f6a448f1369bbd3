/* Health, events, and the interface's own description. Health says only that requests are answered; it does not touch
 * the store.
 */
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
