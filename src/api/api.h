/* api/api.h - inside the room only: what the resources share. */
#pragma once
#include "api/gf_api.h"
#include "http/gf_http.h"
#include "report/gf_report.h"

#include <pthread.h>

enum { API_APPS_MAX = 8 };

/* Open books, lent to one request at a time. */
typedef struct api_state {
    gf_str          db;
    pthread_mutex_t lock;
    gf_app         *idle[API_APPS_MAX];
    size_t          idle_count;
} api_state;

gf_status api_borrow(api_state *api, gf_app **out, gf_error *err);
void      api_return(api_state *api, gf_app *app);
gf_str    api_lang(const gf_http_request *request);      /* "zh" or "en" */
gf_status api_check_query(const gf_http_request *request, const char *const *allowed, gf_error *err);
void      api_json(gf_http_response *out, const gf_text *text);
/* The body of a press check: JSON or plain text; a door for its fuzzer too. */
gf_status api_read_press(const gf_http_request *request, gf_str *text, gf_app_press_options *options, gf_error *err);

gf_http_handler api_page, api_asset, api_programmes, api_report, api_report_markdown, api_trace, api_press, api_statement, api_ageing, api_roster, api_health;
