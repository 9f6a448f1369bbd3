/* Reports, traces, statements, the press check and the tables of questions: right, use case, JSON, nothing between.
 * What would take longer than a request may is a job (make.c).
 */
#include "api/api.h"

static const gf_app_actor *actor_of(const api_call *call) { return &call->session.actor; }

/* ---- Reports ---- */

static gf_status ask_report(api_call *call, gf_app_reported *reported, gf_error *err)
{
    gf_app_report_options options = { api_query(call, "programme"), api_query(call, "origin"), api_query(call, "from"), api_query(call, "to"), call->lang, actor_of(call), .place = api_query(call, "place") };
    gf_status status = gf_app_require_area(actor_of(call), "report", err);
    if (status == GF_OK)
        status = gf_app_require_all(actor_of(call), err);
    return status == GF_OK ? gf_app_report(call->app, &options, call->arena, reported, err) : status;
}

gf_status api_report(api_call *call, gf_error *err)
{
    gf_app_reported reported;
    gf_text text = api_text(call);
    gf_status status = ask_report(call, &reported, err);
    if (status != GF_OK)
        return status;
    gf_report_report_json(&reported, &text);
    return api_send_text(call, &text, err);
}

gf_status api_report_markdown(api_call *call, gf_error *err)
{
    gf_app_reported reported;
    gf_text text = api_text(call);
    gf_status status = ask_report(call, &reported, err);
    if (status != GF_OK)
        return status;
    gf_report_report_markdown(&reported, &text);
    call->out->type = "text/markdown; charset=utf-8";
    call->out->body = gf_text_str(&text);
    return gf_text_done(&text, err);
}

gf_status api_trace(api_call *call, gf_error *err)
{
    gf_app_traced traced;
    gf_text text = api_text(call);
    gf_status status = gf_app_require_figure(call->app, actor_of(call), call->request->params[0], call->arena, err);
    if (status == GF_OK)
        status = gf_app_trace(call->app, actor_of(call), call->request->params[0], call->lang, call->arena, &traced, err);
    if (status != GF_OK)
        return status;
    gf_report_trace_json(&traced, &text);
    return api_send_text(call, &text, err);
}

/* ---- The press check ---- */

gf_status api_press(api_call *call, gf_error *err)
{
    gf_app_pressed pressed;
    gf_str content;
    gf_text text = api_text(call);
    gf_http_request asked = *call->request;
    asked.body = call->upload.bytes;
    gf_app_press_options options = { .programme = api_query(call, "programme"), .origins = api_query(call, "origin"), .lang = call->lang, .reader = actor_of(call) };
    gf_status status = gf_app_require_area(actor_of(call), "press", err);
    if (status == GF_OK)
        status = gf_app_require_all(actor_of(call), err);
    if (status == GF_OK)
        status = api_read_press(&asked, &content, &options, err);
    if (status == GF_OK)
        status = gf_app_press(call->app, &options, content, call->arena, &pressed, err);
    if (status != GF_OK)
        return status;
    gf_report_press_json(&pressed, GF_STR("text"), &text);
    return api_send_text(call, &text, err);
}

/* ---- Questions ---- */

gf_status api_programmes(api_call *call, gf_error *err)
{
    gf_app_table table;
    gf_text text = api_text(call);
    gf_status status = gf_app_programmes(call->app, call->lang, call->arena, &table, err);
    if (status != GF_OK)
        return status;
    gf_report_table_json(&table, &text);
    return api_send_text(call, &text, err);
}

gf_status api_statement(api_call *call, gf_error *err)
{
    gf_app_statement statement;
    gf_text text = api_text(call);
    gf_str scope = api_query(call, "scope").len ? api_query(call, "scope") : GF_STR("group"), programme = api_query(call, "programme");
    gf_status status = gf_app_require_scope(call->app, actor_of(call), scope, call->arena, err);
    if (status == GF_OK)
        status = gf_app_state(call->app, gf_app_scope_of(call->app, programme, scope, call->arena), api_query(call, "on"), call->arena, &statement, err);
    if (status != GF_OK)
        return status;
    gf_report_statement_json(&statement, &text);
    return api_send_text(call, &text, err);
}

gf_status api_ageing(api_call *call, gf_error *err)
{
    gf_app_aged *aged = NULL;
    size_t count = 0;
    gf_text text = api_text(call);
    gf_status status = gf_app_require_scope(call->app, actor_of(call), GF_STR("group"), call->arena, err);
    if (status == GF_OK)
        status = gf_app_ageing(call->app, api_query(call, "programme"), api_query(call, "on"), call->arena, &aged, &count, err);
    if (status != GF_OK)
        return status;
    gf_report_ageing_json(aged, count, &text);
    return api_send_text(call, &text, err);
}

/* A table whose rows hold the key of a record: only those of records that are seen. */
static gf_status send_seen(api_call *call, const char *reg, size_t column, gf_status status, gf_app_table *table, gf_error *err)
{
    gf_text text = api_text(call);
    if (status == GF_OK)
        status = gf_app_table_seen(call->app, actor_of(call), gf_register_find(gf_str_of(reg)), column, call->arena, table, err);
    if (status == GF_OK && api_query(call, "programme").len)
        status = gf_app_table_of(call->app, gf_register_find(gf_str_of(reg)), column, gf_app_is_demo(call->app, api_query(call, "programme"), call->arena), call->arena, table, err);
    if (status != GF_OK)
        return status;
    gf_report_table_json(table, &text);
    return api_send_text(call, &text, err);
}

gf_status api_roster(api_call *call, gf_error *err)
{
    gf_app_table table;
    gf_str what = api_query(call, "what");
    bool pairings = gf_str_is(what, "pairings"), assignments = gf_str_is(what, "assignments");
    gf_status status = pairings || assignments ? GF_OK : gf_app_require_all(actor_of(call), err);
    if (status == GF_OK)
        status = gf_app_require(actor_of(call), gf_register_find(GF_STR("pairings")), GF_APP_READ, err);
    if (status == GF_OK)
        status = gf_app_roster(call->app, api_query(call, "programme"), what, api_query(call, "on"), call->lang, call->arena, &table, err);
    if (status == GF_OK && !pairings && !assignments) {
        gf_text text = api_text(call);
        gf_report_table_json(&table, &text);
        return api_send_text(call, &text, err);
    }
    return send_seen(call, assignments ? "assignments" : "pairings", 0, status, &table, err);
}

gf_status api_cases(api_call *call, gf_error *err)
{
    gf_app_table table;
    return send_seen(call, "cases", 0, gf_app_cases(call->app, api_query(call, "on"), call->lang, call->arena, &table, err), &table, err);
}

gf_status api_queue(api_call *call, gf_error *err)
{
    gf_app_table table;
    return send_seen(call, "loans", 1, gf_app_loan_queue(call->app, api_query(call, "on"), call->lang, call->arena, &table, err), &table, err);
}
