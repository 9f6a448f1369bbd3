/* Water networks: one opened, sizes asked, designs kept and taken as budget, sizing and files as jobs. Opened networks wait in a small pool:
 * who drags a size asks many times a second. A solver belongs to one thread, so each is lent to one call at a time; two who ask
 * of the same network at once get one each.
 */
#include "api/servers.h"
#include "api/work.h"

#include "app/gf_app_village_books.h"
#include "app/gf_app_water_net.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double LEAST_FEN = 1e-3; /* a sum of doubles that is whole fen may fall short by less */
enum { POOL_MAX = 8, POOL_BYTES_MAX = 64 << 20, SIZE_SECONDS = 60, SIZE_WORK = 1000000, SIZE_WORK_MAX = 5000000, SIZE_THREADS = 2 };

/* ---- The pool ---- */

typedef struct waiting {
    gf_app_water_open *open;
    char *key;
    uint64_t turn;
} waiting;
struct water_pool {
    pthread_mutex_t lock;
    waiting idle[POOL_MAX];
    uint64_t turn;
};

water_pool *water_pool_open(void)
{
    water_pool *pool = calloc(1, sizeof *pool);
    if (pool)
        (void)pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

static void drop(waiting *w)
{
    gf_app_water_close_net(w->open);
    free(w->key);
    *w = (waiting){ .open = NULL };
}

void water_pool_close(water_pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < POOL_MAX; i++)
        drop(&pool->idle[i]);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static gf_app_water_open *take(water_pool *pool, const char *key)
{
    gf_app_water_open *found = NULL;
    (void)pthread_mutex_lock(&pool->lock);
    for (size_t i = 0; i < POOL_MAX && !found; i++)
        if (pool->idle[i].open && strcmp(pool->idle[i].key, key) == 0) {
            found = pool->idle[i].open;
            free(pool->idle[i].key);
            pool->idle[i] = (waiting){ .open = NULL };
        }
    (void)pthread_mutex_unlock(&pool->lock);
    return found;
}

static waiting *oldest(water_pool *pool)
{
    waiting *found = &pool->idle[0];
    for (size_t i = 1; i < POOL_MAX; i++)
        if (found->open && (!pool->idle[i].open || pool->idle[i].turn < found->turn))
            found = &pool->idle[i];
    return found;
}

static size_t bytes_of(const water_pool *pool)
{
    size_t sum = 0;
    for (size_t i = 0; i < POOL_MAX; i++)
        sum += pool->idle[i].open ? gf_app_water_bytes(pool->idle[i].open) : 0;
    return sum;
}

/* The one that was lent longest ago gives way. */
static waiting *oldest_full(water_pool *pool)
{
    waiting *found = NULL;
    for (size_t i = 0; i < POOL_MAX; i++)
        if (pool->idle[i].open && (!found || pool->idle[i].turn < found->turn))
            found = &pool->idle[i];
    return found;
}

static void give_back(water_pool *pool, gf_app_water_open *open, gf_str key)
{
    char *copy = strndup(key.data, key.len);
    if (!open || !copy || gf_app_water_bytes(open) > POOL_BYTES_MAX) {
        gf_app_water_close_net(open);
        free(copy);
        return;
    }
    (void)pthread_mutex_lock(&pool->lock);
    while (bytes_of(pool) + gf_app_water_bytes(open) > POOL_BYTES_MAX)
        drop(oldest_full(pool));
    waiting *slot = oldest(pool);
    drop(slot);
    *slot = (waiting){ open, copy, ++pool->turn };
    (void)pthread_mutex_unlock(&pool->lock);
}

typedef struct lent {
    water_pool *pool;
    gf_app_water_open *open;
    gf_str key;
} lent;

/* Rights are asked here, each time. */
static gf_status borrow(api_state *api, gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *arena, lent *out, gf_error *err)
{
    *out = (lent){ .pool = api->water };
    gf_status status = gf_app_water_key(app, actor, id, arena, &out->key, err);
    if (status != GF_OK)
        return status;
    out->open = take(out->pool, out->key.data);
    return out->open ? GF_OK : gf_app_water_open_net(app, id, &out->open, err);
}

static void put_back(lent *l)
{
    if (l->open)
        give_back(l->pool, l->open, l->key);
}

static gf_status borrow_call(api_call *call, lent *out, gf_error *err)
{
    return borrow(call->api, call->app, &call->session.actor, call->request->params[0], call->arena, out, err);
}

/* ---- Handlers ---- */

/* What a page holds already is not sent again. */
static void mark(api_call *call, const gf_text *text)
{
    char hex[GF_HASH_HEX_BYTES];
    uint8_t hash[GF_HASH_BYTES];
    if (!gf_hash_bytes(GF_HASH_SHA256, gf_text_str(text).data, gf_text_str(text).len, hash))
        return;
    gf_hex_format(hash, sizeof hash, hex);
    call->out->etag = gf_str_copy(call->arena, gf_str_of(hex));
}

gf_status api_water(api_call *call, gf_error *err)
{
    lent l;
    gf_app_water_view view;
    gf_text text = api_text(call);
    gf_status status = borrow_call(call, &l, err);
    if (status == GF_OK)
        status = gf_app_water_read(call->app, &call->session.actor, l.open, call->arena, &view, err);
    if (status == GF_OK)
        status = gf_report_water_json(&view, call->arena, &text, err);
    if (status == GF_OK) {
        mark(call, &text);
        status = api_send_text(call, &text, err);
    }
    put_back(&l);
    return status;
}

static double clock_s(void *context)
{
    struct timespec now;
    (void)context;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

gf_status api_water_solve(api_call *call, gf_error *err)
{
    lent l;
    uint16_t *option;
    gf_app_water_answer answer;
    gf_str to = api_field(call, "to");
    gf_text text = api_text(call);
    gf_status status = borrow_call(call, &l, err);
    if (status == GF_OK)
        status = gf_app_water_sizes_parse(l.open, api_field(call, "sizes"), call->arena, &option, err);
    double begun = clock_s(NULL);
    if (status == GF_OK)
        status = gf_app_water_ask(l.open, option, to.data ? to : (gf_str){ "", 0 }, call->arena, &answer, err);
    if (status == GF_OK) {
        gf_report_water_answer_json(gf_app_water_net_of(l.open), &answer, (clock_s(NULL) - begun) * 1000, &text);
        status = api_send_text(call, &text, err);
    }
    put_back(&l);
    return status;
}

static gf_status send_record(api_call *call, const gf_app_record *rec, gf_error *err)
{
    gf_json json;
    gf_text text = api_text(call);
    gf_json_init(&json, &text);
    gf_report_record_json(rec, &json, NULL);
    call->out->etag = gf_app_record_version(rec);
    return api_send_text(call, &text, err);
}

gf_status api_water_keep(api_call *call, gf_error *err)
{
    lent l;
    uint16_t *option;
    gf_app_record rec;
    const gf_register *reg = gf_register_find(GF_STR("water_designs"));
    gf_status status = gf_app_require(&call->session.actor, reg, GF_APP_READ | GF_APP_WRITE, err);
    if (status != GF_OK)
        return status;
    status = borrow_call(call, &l, err);
    if (status == GF_OK)
        status = gf_app_water_sizes_parse(l.open, api_field(call, "sizes"), call->arena, &option, err);
    if (status == GF_OK) {
        const gf_app_water_new design = { .name = api_field(call, "name"),
                                          .name_en = { "", 0 },
                                          .role = api_field(call, "role"),
                                          .option = option,
                                          .bound_fen = -1,
                                          .seed = -1,
                                          .work = -1 };
        status = gf_app_water_keep(call->app, &call->session.actor, l.open, &design, call->arena, &rec, err);
    }
    if (status == GF_OK)
        status = send_record(call, &rec, err);
    put_back(&l);
    if (status == GF_OK)
        api_announce_change(call, reg);
    call->out->status = status == GF_OK ? 201 : 0;
    return status;
}

/* The design of a village is not solved again: its bill is added up. */
static gf_status take_budget(api_call *call, gf_app_record *project, gf_error *err)
{
    lent l = { .open = NULL };
    char text[24];
    bool village = false;
    const gf_app_actor *actor = &call->session.actor;
    gf_str network = call->request->params[0], design = api_field(call, "design");
    (void)snprintf(text, sizeof text, "%lld", (long long)json_integer_value(json_object_get(call->body, "version")));
    gf_str version = gf_str_copy(call->arena, gf_str_of(text));
    gf_status status = gf_app_require(actor, gf_register_find(GF_STR("water_networks")), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = gf_app_village_is(call->app, actor, network, call->arena, &village, err);
    if (status == GF_OK && village)
        return gf_app_village_budget(call->app, actor, network, design, version, call->arena, project, err);
    if (status == GF_OK)
        status = borrow_call(call, &l, err);
    if (status == GF_OK)
        status = gf_app_water_budget(call->app, actor, l.open, design, version, call->arena, project, err);
    put_back(&l);
    return status;
}

gf_status api_water_budget(api_call *call, gf_error *err)
{
    gf_app_record project;
    gf_status status = take_budget(call, &project, err);
    if (status == GF_OK)
        status = send_record(call, &project, err);
    if (status == GF_OK) {
        api_announce_change(call, gf_register_find(GF_STR("projects")));
        api_announce_change(call, gf_register_find(GF_STR("water_networks")));
    }
    return status;
}

/* ---- Jobs ---- */

typedef struct sizing_job {
    making *m;
    uint64_t work;
    bool stopped;
} sizing_job;

static void tell(void *context, const gf_water_size_progress *p)
{
    sizing_job *s = context;
    char text[200];
    bool found = p->cost < 1e15;
    (void)snprintf(text, sizeof text, "{\"cost_fen\":%.0f,\"bound_fen\":%.0f,\"solves\":%llu}", found ? p->cost * 100 : 0, p->lower_bound * 100,
                   (unsigned long long)p->solves);
    gf_job_answer(s->m->job, gf_str_of(text));
    s->stopped = !gf_job_step(s->m->job, (int64_t)(p->solves < s->work ? p->solves : s->work), (int64_t)s->work) || s->stopped;
}

static bool stop(void *context) { return ((const sizing_job *)context)->stopped; }

/* One write of its own: the design with its line in history and log. */
static gf_status keep_design(making *m, gf_app_water_open *open, const gf_app_water_new *design, gf_app_record *rec, gf_error *err)
{
    gf_status status = gf_app_batch_begin(m->app, err);
    if (status != GF_OK)
        return status;
    status = gf_app_part_begin(m->app, &m->actor, err);
    if (status == GF_OK)
        status = gf_app_part_end(m->app, &m->actor, gf_app_water_keep(m->app, &m->actor, open, design, m->arena, rec, err), err);
    gf_status ended = gf_app_batch_end(m->app, status == GF_OK ? err : NULL);
    return status == GF_OK ? ended : status;
}

static gf_status size_and_keep(making *m, gf_app_water_open *open, gf_error *err)
{
    sizing_job s = { .m = m, .work = m->o->work > 0 ? (uint64_t)m->o->work : SIZE_WORK };
    gf_water_size_options options = { .seconds = SIZE_SECONDS,
                                      .work = s.work,
                                      .seed = m->o->seed > 0 ? (uint64_t)m->o->seed : 1,
                                      .threads = SIZE_THREADS,
                                      .bound = true,
                                      .now_s = clock_s,
                                      .stop = stop,
                                      .progress = tell,
                                      .context = &s };
    gf_app_water_sized_net sized;
    gf_app_record rec;
    char name[WORK_TEXT], name_en[WORK_TEXT];
    if (s.work > SIZE_WORK_MAX)
        return gf_fail(err, GF_ELIMIT, "water.work", "Use gongfu water size on the command line.", "the work passes %d solves", SIZE_WORK_MAX);
    gf_status status = gf_app_water_find(open, &options, m->arena, &sized, err);
    if (status == GF_OK && s.stopped)
        status = gf_job_cancelled(err);
    if (status != GF_OK)
        return status;
    (void)snprintf(name, sizeof name, "程序定径（种子 %llu）", (unsigned long long)options.seed);
    (void)snprintf(name_en, sizeof name_en, "sized by the program (seed %llu)", (unsigned long long)options.seed);
    const gf_app_water_new design = { gf_str_of(name),
                                      gf_str_of(name_en),
                                      GF_STR("after"),
                                      sized.option,
                                      sized.lower_bound > 0 ? (int64_t)(sized.lower_bound * 100 + LEAST_FEN) : -1,
                                      (int64_t)options.seed,
                                      (int64_t)s.work };
    status = keep_design(m, open, &design, &rec, err);
    if (status != GF_OK)
        return status;
    gf_text_format(&m->text, "{\"design\":\"%.*s\",\"cost_fen\":%.0f,\"bound_fen\":%.0f,\"solves\":%llu}\n", GF_STR_ARG(rec.cells[0]),
                   sized.cost * 100, sized.lower_bound * 100, (unsigned long long)sized.solves);
    gf_job_answer(m->job, gf_text_str(&m->text));
    (void)gf_job_step(m->job, (int64_t)s.work, (int64_t)s.work);
    servers_tell_change(m->o->api, "water_designs");
    return GF_OK;
}

gf_status work_size(making *m, gf_error *err)
{
    lent l = { .open = NULL };
    gf_status status = gf_app_require(&m->actor, gf_register_find(GF_STR("water_designs")), GF_APP_READ | GF_APP_WRITE, err);
    if (status == GF_OK)
        status = borrow(m->o->api, m->app, &m->actor, gf_str_of(m->o->scope), m->arena, &l, err);
    if (status == GF_OK)
        status = size_and_keep(m, l.open, err);
    put_back(&l);
    return status;
}

static const gf_app_water_design *find_design(const gf_app_water_view *view, const char *id)
{
    for (size_t i = 0; i < view->design_count; i++)
        if (gf_str_is(view->designs[i].id, id))
            return &view->designs[i];
    return NULL;
}

static gf_status make_file(making *m, gf_app_water_open *open, gf_error *err)
{
    gf_app_water_view view;
    gf_app_water_answer answer;
    const char *format = m->o->format;
    char name[WORK_TEXT * 2];
    gf_status status = gf_app_water_read(m->app, &m->actor, open, m->arena, &view, err);
    const gf_app_water_design *design = status == GF_OK ? find_design(&view, m->o->design) : NULL;
    if (status == GF_OK && (!design || !design->option))
        status = gf_fail(err, GF_ENOTFOUND, "record.none", "Check the id.", "the network has no such design whose sizes fit it");
    if (status == GF_OK)
        status = gf_app_water_ask(open, design->option, (gf_str){ "", 0 }, m->arena, &answer, err);
    if (status != GF_OK)
        return status;
    if (strcmp(format, "inp") == 0)
        status = gf_app_water_inp(open, design->option, m->arena, &m->text, err);
    else if (strcmp(format, "geojson") == 0)
        status = gf_report_water_geojson(&view, design, &answer, m->arena, &m->text, err);
    else if (strcmp(format, "xlsx") == 0)
        status = gf_report_water_xlsx(&view, design, &answer, gf_str_of(m->o->lang), m->arena, &m->text, err);
    else
        return gf_fail(err, GF_EUSAGE, "job.format", "inp, geojson or xlsx.", "a design is not written as %s", format);
    (void)snprintf(name, sizeof name, "%s.%s", m->o->design, format);
    return status == GF_OK ? gf_job_keep_text(m->job, name, gf_text_str(&m->text), err) : status;
}

/* A design of a network as a file. */
gf_status work_water(making *m, gf_error *err)
{
    lent l = { .open = NULL };
    gf_status status = gf_app_require(&m->actor, gf_register_find(GF_STR("water_designs")), GF_APP_READ | GF_APP_EXPORT, err);
    if (status == GF_OK)
        status = borrow(m->o->api, m->app, &m->actor, gf_str_of(m->o->scope), m->arena, &l, err);
    if (status == GF_OK)
        status = gf_app_log_alone(m->app, &m->actor, "export", gf_str_of(m->o->design), gf_str_of(m->o->format), err);
    if (status == GF_OK)
        status = make_file(m, l.open, err);
    put_back(&l);
    return status;
}
