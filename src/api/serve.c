/* gongfu serve: one route table, and the books that its threads borrow. */
#include "api/api.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

static const gf_http_route ROUTES[] = {
    { "GET", "/", api_page },
    { "GET", "/static/{file}", api_asset },
    { "GET", "/healthz", api_health },
    { "GET", "/api/v1/programmes", api_programmes },
    { "GET", "/api/v1/report", api_report },
    { "GET", "/api/v1/report.md", api_report_markdown },
    { "GET", "/api/v1/trace/{figure}", api_trace },
    { "POST", "/api/v1/press", api_press },
    { "GET", "/api/v1/statement", api_statement },
    { "GET", "/api/v1/ageing", api_ageing },
    { "GET", "/api/v1/roster", api_roster },
};

gf_status api_borrow(api_state *api, gf_app **out, gf_error *err)
{
    (void)pthread_mutex_lock(&api->lock);
    *out = api->idle_count ? api->idle[--api->idle_count] : NULL;
    (void)pthread_mutex_unlock(&api->lock);
    if (*out)
        return GF_OK;
    gf_app_options options = { .db = api->db, .read_only = true, .now = gf_utc_now_ms };
    return gf_app_open(&options, out, err);
}

void api_return(api_state *api, gf_app *app)
{
    (void)pthread_mutex_lock(&api->lock);
    bool room = api->idle_count < API_APPS_MAX;
    if (room && app)
        api->idle[api->idle_count++] = app;
    (void)pthread_mutex_unlock(&api->lock);
    if (!room)
        gf_app_close(app);
}

static void close_idle(api_state *api)
{
    while (api->idle_count)
        gf_app_close(api->idle[--api->idle_count]);
}

/* Wait without waking: the server has threads of its own. */
static void wait_for_stop(const sigset_t *stops)
{
    int number;
    while (sigwait(stops, &number) == EINTR)
        continue;
}

gf_status gf_api_serve(gf_str db, gf_str listen, gf_error *err)
{
    api_state api = { .db = db, .lock = PTHREAD_MUTEX_INITIALIZER };
    gf_app *first = NULL;
    gf_http *server = NULL;
    sigset_t stops;
    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGINT);
    (void)sigaddset(&stops, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &stops, NULL);  /* before the server starts its threads: they inherit it */
    gf_status status = api_borrow(&api, &first, err);  /* a store that cannot be opened is told now, not with the first page */
    if (status != GF_OK)
        return status;
    api_return(&api, first);
    gf_http_options options = { .listen = listen, .routes = ROUTES, .route_count = GF_COUNT(ROUTES), .context = &api };
    status = gf_http_open(&options, &server, err);
    if (status == GF_OK) {
        printf("http://127.0.0.1:%u/\n", gf_http_port(server));
        (void)fflush(stdout);
        gf_log_line("info", "serve", "port=%u", gf_http_port(server));
        wait_for_stop(&stops);
        gf_log_line("info", "stop", "port=%u", gf_http_port(server));
    }
    gf_http_close(server);
    close_idle(&api);
    return status;
}
