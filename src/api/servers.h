/* api/servers.h - inside the room only: this server among others on the same store (app/gf_app_servers.h). */
#pragma once
#include "api/api.h"
#include "app/gf_app_servers.h"

/* Makes api->servers; needs api->writer. On failure servers_close() is still owed. */
gf_status   servers_open(api_state *api, gf_error *err);
/* The thread that hears others; needs api->server and api->jobs. */
gf_status   servers_start(api_state *api, gf_error *err);
/* Behind gf_jobs_stop(), before the server closes: what has not ended is told as stopped. NULL servers are a no-op. */
void        servers_stop(api_state *api);
/* NULL is a no-op. */
void        servers_close(servers *s);
/* Borrowed as long as the servers. */
const char *servers_name(const servers *s);

/* The pending events of the write lane's batch: kept with it, then told to listeners here. In the write lane only. */
gf_status servers_keep_pending(api_state *api, gf_error *err);
void      servers_publish_pending(api_state *api);
/* A register has changed outside the write lane, and that is kept: told here and, right behind it, to others. Any thread. */
void      servers_tell_change(api_state *api, const char *reg);

/* The job is kept as waiting, numbered over all servers, and begun: inside a batch of `app`. When the batch fails it is the
 * caller's to cancel. order->id is filled in; the context is released also when this fails. Fails as gf_jobs_add(). */
gf_status servers_add_job(api_state *api, gf_app *app, gf_job_order *order, int64_t *id, gf_error *err);
/* The same in a batch of its own. */
gf_status servers_add_job_alone(api_state *api, gf_app *app, gf_job_order *order, int64_t *id, gf_error *err);
/* gf_jobs_options.changed, with the api_state as context. */
void      servers_job_changed(void *context, const gf_job_view *view);
