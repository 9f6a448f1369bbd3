/* gongfu serve: the state that requests share, from its opening to its closing.
 *
 * Apps are lent, not made: each holds its prepared statements and a page cache, and a handful serves all. The keeper's
 * turn comes every half minute: sessions expire, who was here is written down, memory that a document took goes back.
 * Closing runs backwards: jobs first, which tell their listeners; then the server; then the books.
 */
#define _DEFAULT_SOURCE  /* getentropy's neighbours */
#include "api/servers.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ENTRY_CACHE_MIB = 12, OPENAPI_MIB = 16, KEEPER_SECONDS = 30, TRIM_MS = 1000, PEM_BYTES_MAX = 1 << 20, STATE_BYTES = 32 << 20 };

/* ---- Apps that are lent ---- */

static gf_status open_app(api_state *api, bool read_only, gf_app **out, gf_error *err)
{
    gf_app_options options = { .db = api->options.db, .key_file = api->options.key_file, .read_only = read_only, .now = gf_utc_now_ms };
    return gf_app_open(&options, out, err);
}

gf_status api_borrow(api_state *api, app_pool *pool, gf_app **out, gf_error *err)
{
    (void)pthread_mutex_lock(&api->lock);
    *out = pool->idle_count ? pool->idle[--pool->idle_count] : NULL;
    (void)pthread_mutex_unlock(&api->lock);
    if (*out) {
        gf_app_settle(*out);
        return GF_OK;
    }
    return open_app(api, pool->read_only, out, err);
}

void api_return(api_state *api, app_pool *pool, gf_app *app)
{
    if (!app)
        return;
    gf_utc_ms now = pool->read_only ? 0 : gf_utc_now_ms();
    (void)pthread_mutex_lock(&api->lock);
    bool room = pool->idle_count < API_APPS_MAX, trim = now - api->trimmed >= TRIM_MS;
    if (room)
        pool->idle[pool->idle_count++] = app;
    if (trim)
        api->trimmed = now;
    (void)pthread_mutex_unlock(&api->lock);
    if (!room)
        gf_app_close(app);
    if (trim)
        (void)malloc_trim(0);  /* what a long answer took goes back to the machine */
}

static void close_idle(app_pool *pool)
{
    while (pool->idle_count)
        gf_app_close(pool->idle[--pool->idle_count]);
}

/* ---- Batches of the write lane ---- */

static gf_status batch_begin(void *context, gf_error *err)
{
    api_state *api = context;
    api->pending_count = api->begun_count = 0;
    return gf_app_batch_begin(api->writer, err);
}

static gf_status batch_end(void *context, gf_error *err)
{
    api_state *api = context;
    gf_status told = servers_keep_pending(api, err), status = gf_app_batch_end(api->writer, told == GF_OK ? err : NULL);
    status = told == GF_OK ? status : told;
    if (status == GF_OK)
        servers_publish_pending(api);
    for (size_t i = 0; status == GF_OK && i < api->pending_count; i++) {
        land_note_change(api, api->pending[i].topic);
        plant_note_change(api, api->pending[i].topic);
    }
    for (size_t i = 0; i < api->begun_count; i++)
        if (status != GF_OK || api->begun[i].undone)  /* who ordered it was told that it was not */
            (void)gf_jobs_cancel(api->jobs, api->begun[i].owner, api->begun[i].id, NULL);
    /* Kept is kept: when others read too long the next batch, or the next start, empties the log. */
    if (status == GF_OK && api->erased)
        api->erased = gf_app_erase_settle(api->writer, NULL) != GF_OK;
    return status;
}

/* One event for a register and batch is enough: the page asks again. */
void api_announce_change(api_call *call, const gf_register *reg)
{
    api_state *api = call->api;
    for (size_t i = 0; i < api->pending_count; i++)
        if (strcmp(api->pending[i].topic, reg->name) == 0)
            return;
    if (api->pending_count == API_PENDING_MAX)
        return;
    pending_event *e = &api->pending[api->pending_count++];
    *e = (pending_event){ .name = "changed" };
    (void)snprintf(e->topic, sizeof e->topic, "%s", reg->name);
    (void)snprintf(e->data, sizeof e->data, "{\"register\":\"%s\"}", reg->name);
}

/* ---- The keeper: what must be done now and then ---- */

/* Once a day. What cannot be erased today is tried tomorrow, and the log says why. */
static void retain(api_state *api, gf_app *app)
{
    gf_error err = { .status = GF_OK };
    gf_day today = gf_utc_day(gf_utc_now_ms(), 480);
    int64_t count = 0;
    if (api->retained == today)
        return;
    api->retained = today;
    gf_status status = gf_app_batch_begin(app, &err);
    if (status != GF_OK)
        return;
    status = gf_app_part_begin(app, &GF_APP_ACTOR_CLI, &err);
    if (status == GF_OK)
        status = gf_app_part_end(app, &GF_APP_ACTOR_CLI, gf_app_retain(app, &GF_APP_ACTOR_CLI, false, &count, &err), &err);
    gf_status kept = gf_app_batch_end(app, status == GF_OK ? &err : NULL);
    status = status == GF_OK ? kept : status;
    if (status == GF_OK && count)
        status = gf_app_erase_settle(app, &err);
    if (status != GF_OK || count)
        gf_log_line(status == GF_OK ? "info" : "warn", "retention", "erased=%lld code=%s", (long long)count, status == GF_OK ? "" : err.code);
}

/* The night that `now` belongs to: it begins at two o'clock in China. What fails is tried again the next night, and the log says why. */
static void back_up_nightly(api_state *api, gf_app *app)
{
    enum { CHINA_MINUTES = 480, NIGHT_MINUTES = 120, KEEP_BYTES = 256 << 20 };
    gf_error err = { .status = GF_OK };
    gf_app_backed_into done;
    gf_day night = gf_utc_day(gf_utc_now_ms(), CHINA_MINUTES - NIGHT_MINUTES);
    if (api->options.backup.path.len == 0 || api->backed_up == night)
        return;
    gf_arena *keep = gf_arena_open(KEEP_BYTES);
    gf_app_snapshot *all = NULL;
    size_t count = 0;
    api->backed_up = night;
    if (keep && gf_app_backup_list(api->options.backup.path, keep, &all, &count, NULL) == GF_OK && count && gf_utc_day(all[count - 1].made, CHINA_MINUTES - NIGHT_MINUTES) == night) {
        gf_arena_close(keep);  /* taken before this server was started */
        return;
    }
    gf_status status = keep ? gf_app_backup_into(app, &api->options.backup, keep, &done, &err) : gf_fail_memory(&err);
    if (status == GF_OK)
        gf_log_line("info", "backup", "snapshot=%.*s head_entry=%lld head_hash=%.*s blocks_new=%lld", GF_STR_ARG(done.snapshot.name), (long long)done.snapshot.head_entry,
                    GF_STR_ARG(done.snapshot.head_hash), (long long)done.blocks_new);
    else
        gf_log_line("error", "backup", "code=%s", err.code);
    gf_arena_close(keep);
}

static void keep_house(api_state *api)
{
    gf_app *app = NULL;
    reload_take_backup(api);
    if (api_borrow(api, &api->writers, &app, NULL) != GF_OK)
        return;
    if (gf_app_batch_begin(app, NULL) == GF_OK) {
        gate_touch_all(api->gate, app);
        (void)gf_app_sessions_expire(app, NULL);
        (void)gf_app_servers_expire(app, NULL);
        (void)gf_app_batch_end(app, NULL);
    }
    health_look(api, app);
    retain(api, app);
    back_up_nightly(api, app);
    api_return(api, &api->writers, app);
    gf_http_publish(api->server, GF_STR("beat"), GF_STR("job"), (gf_str){ "", 0 }, GF_STR("{}"));  /* so that dead listeners are noticed */
}

static void *run_keeper(void *context)
{
    api_state *api = context;
    keep_house(api);  /* what the time before the start has left */
    (void)pthread_mutex_lock(&api->lock);
    while (!api->stopping) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += KEEPER_SECONDS;
        (void)pthread_cond_timedwait(&api->wake, &api->lock, &until);  /* woken before its time: settings were read again */
        if (api->stopping)
            continue;
        (void)pthread_mutex_unlock(&api->lock);
        keep_house(api);
        land_order_run(api);
        plant_order_run(api);
        (void)malloc_trim(0);  /* what a report or a login took goes back */
        (void)pthread_mutex_lock(&api->lock);
    }
    (void)pthread_mutex_unlock(&api->lock);
    return NULL;
}

/* ---- Opening and closing ---- */

gf_status serve_read_pem(gf_arena *keep, gf_str path, const char **out, gf_error *err)
{
    const char *name = gf_str_cstr(keep, path);
    char *bytes = gf_new(keep, char, PEM_BYTES_MAX + 1);
    int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t got = fd >= 0 && bytes ? read(fd, bytes, PEM_BYTES_MAX) : -1;
    if (fd >= 0)
        (void)close(fd);
    if (got <= 0)
        return gf_fail(err, GF_ENOTFOUND, "serve.pem", "Name a PEM file that may be read.", "%.*s cannot be read", GF_STR_ARG(gf_str_slice(path, 0, 120)));
    *out = bytes;
    return GF_OK;
}

static gf_status make_routes(api_state *api, gf_error *err)
{
    api->routes = gf_new(api->arena, gf_http_route, API_ROUTE_COUNT);
    if (!api->routes)
        return gf_fail_memory(err);
    for (size_t i = 0; i < API_ROUTE_COUNT; i++)
        api->routes[i] = (gf_http_route){ API_ROUTES[i].method, API_ROUTES[i].path, api_enter, API_ROUTES[i].lane, API_ROUTES[i].body_bytes_max, &API_ROUTES[i] };
    return GF_OK;
}

static gf_status open_parts(api_state *api, gf_error *err)
{
    gf_app *first = NULL;
    gf_jobs_options jobs = { .workers = 1, .now = gf_utc_now_ms, .changed = servers_job_changed, .context = api };
    api->arena = gf_arena_open(STATE_BYTES);
    api->gate = gate_open();
    api->entries = entry_cache_open((size_t)ENTRY_CACHE_MIB * GF_MIB);
    api->lately = lately_open();
    api->metrics = metrics_open();
    if (!api->arena || !api->gate || !api->entries || !api->lately || !api->metrics)
        return gf_fail_memory(err);
    gf_status status = open_app(api, true, &first, err);  /* a store that cannot be opened is told now, not with the first page */
    api_return(api, &api->readers, first);
    if (status == GF_OK)
        status = open_app(api, false, &api->writer, err);
    if (status == GF_OK)
        status = servers_open(api, err);
    gf_text_init(&api->openapi, api->arena);
    if (status == GF_OK)
        status = openapi_write(api->arena, &api->openapi, err);
    if (status == GF_OK)
        status = make_routes(api, err);
    api->jobs = status == GF_OK ? gf_jobs_open(&jobs) : NULL;
    return status == GF_OK && !api->jobs ? gf_fail_memory(err) : status;
}

static gf_status open_server(api_state *api, gf_error *err)
{
    gf_http_options options = { .listen = api->options.listen, .routes = api->routes, .route_count = API_ROUTE_COUNT, .context = api, .behind_proxy = api->options.behind_proxy,
                                .batch_begin = batch_begin, .batch_end = batch_end, .done = metrics_done, .stream_name = servers_name(api->servers), .body_bytes_max = GF_MIB, .slow_threads = 3 };
    gf_status status = GF_OK;
    if (api->options.tls_certificate.len || api->options.tls_key.len) {
        status = serve_read_pem(api->arena, api->options.tls_certificate, &options.tls_certificate, err);
        if (status == GF_OK)
            status = serve_read_pem(api->arena, api->options.tls_key, &options.tls_key, err);
    }
    return status == GF_OK ? gf_http_open(&options, &api->server, err) : status;
}

static void close_parts(api_state *api)
{
    gf_jobs_stop(api->jobs);  /* before the server: a job that ends tells its listeners */
    servers_stop(api);
    gf_http_close(api->server);
    gf_jobs_close(api->jobs);
    servers_close(api->servers);
    gf_app_close(api->writer);
    close_idle(&api->readers);
    close_idle(&api->writers);
    gate_close(api->gate);
    land_ground_close(api);
    water_pool_close(api->water);
    entry_cache_close(api->entries);
    lately_close(api->lately);
    metrics_close(api->metrics);
    gf_arena_close(api->next_backup.keep);
    gf_arena_close(api->backup_keep);
    gf_arena_close(api->arena);
}

/* Wait without waking: the server has threads of its own. */
static void wait_for_stop(api_state *api, const sigset_t *signals)
{
    int number = 0;
    while (sigwait(signals, &number) != 0 || number == SIGHUP) {
        if (number == SIGHUP)
            reload(api);
        number = 0;
    }
}

static void stop_keeper(api_state *api)
{
    (void)pthread_mutex_lock(&api->lock);
    api->stopping = true;
    (void)pthread_cond_signal(&api->wake);
    (void)pthread_mutex_unlock(&api->lock);
    (void)pthread_join(api->keeper, NULL);
}

static gf_status run(api_state *api, const sigset_t *stops, gf_error *err)
{
    const char *scheme = api->options.tls_key.len ? "https" : "http";
    api->sights_due = api->plants_due = true;  /* what was loaded while the server was down */
    gf_status status = servers_start(api, err);
    if (status != GF_OK)
        return status;
    if (pthread_create(&api->keeper, NULL, run_keeper, api) != 0)
        return gf_fail(err, GF_EIO, "serve.threads", "Close other programs.", "a thread cannot be started");
    size_t colon = api->options.listen.len;
    while (colon > 0 && api->options.listen.data[colon - 1] != ':')
        colon--;
    printf("%s://%.*s%u/\n", scheme, (int)colon, api->options.listen.data, gf_http_port(api->server));
    (void)fflush(stdout);
    gf_log_line("info", "serve", "port=%u server=%s", gf_http_port(api->server), servers_name(api->servers));
    wait_for_stop(api, stops);
    gf_log_line("info", "stop", "port=%u", gf_http_port(api->server));
    stop_keeper(api);
    return GF_OK;
}

gf_status gf_api_serve(const gf_api_options *options, gf_error *err)
{
    (void)mallopt(M_ARENA_MAX, 2);              /* a heap for each thread would hold on to what each once needed */
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 17);   /* what is large is given back at once */
    api_state *api = calloc(1, sizeof *api);
    sigset_t stops;
    if (!api)
        return gf_fail_memory(err);
    api->options = *options;
    api->readers.read_only = true;
    (void)pthread_mutex_init(&api->lock, NULL);
    (void)pthread_mutex_init(&api->ground_lock, NULL);
    (void)pthread_cond_init(&api->wake, NULL);
    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGINT);
    (void)sigaddset(&stops, SIGTERM);
    (void)sigaddset(&stops, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &stops, NULL);  /* before the server starts its threads: they inherit it */
    api->water = water_pool_open();
    gf_status status = api->water ? open_parts(api, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = open_server(api, err);
    if (status == GF_OK)
        status = run(api, &stops, err);
    close_parts(api);
    (void)pthread_cond_destroy(&api->wake);
    (void)pthread_mutex_destroy(&api->ground_lock);
    (void)pthread_mutex_destroy(&api->lock);
    free(api);
    return status;
}
