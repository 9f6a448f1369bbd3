/* Every request comes in here: checked against its route, its session found, its right to write proven, its app lent.
 *
 * A write runs inside a part of the writer's batch. An Idempotency-Key is looked up before the handler and kept with
 * the answer behind it, in the same part: the same key twice does one thing. An answer that holds a secret is not kept:
 * the key then says only that the thing was done.
 */
#include "api/api.h"

#include <string.h>

static bool is_read(const char *method) { return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0; }

/* ---- Who asks ---- */

static gf_str token_of(const gf_http_request *request, bool *bearer)
{
    static const gf_str BEARER = GF_STR_INIT("Bearer ");
    gf_str header = gf_http_header(request, "Authorization");
    *bearer = gf_str_starts(header, BEARER);
    return *bearer ? gf_str_trim(gf_str_slice(header, BEARER.len, header.len)) : gf_http_cookie(gf_http_header(request, "Cookie"), "gongfu_session");
}

static gf_status find_session(api_call *call, gf_app *app, gf_error *err)
{
    bool bearer;
    gf_str token = token_of(call->request, &bearer);
    gf_status status = token.len ? gate_find(call->api->gate, app, token, call->arena, &call->session, err) : gf_fail(err, GF_EDENIED, "session.none", "Log in.", "nobody is logged in");
    if (status == GF_OK && call->session.actor.demo && !call->api->options.demo)
        status = gf_fail(err, GF_EDENIED, "session.demo", "Log in with an account of your own.", "demo accounts are closed here");
    if (status != GF_OK) {
        call->out->status = status == GF_EDENIED ? 401 : 0;
        return status;
    }
    call->session.actor.address = call->request->address;
    bool guarded = !bearer && !is_read(call->request->method);
    if (guarded && !(call->session.csrf.len && gf_str_eq(gf_http_header(call->request, "X-CSRF-Token"), call->session.csrf)))
        return gf_fail(err, GF_EDENIED, "session.csrf", "Send the csrf of GET /api/v1/session as the header X-CSRF-Token.", "the request does not carry the session's own mark");
    /* Until the second factor is set up, the session itself is all there is: no path can forget to ask. */
    if (call->session.actor.must_enrol && strncmp(call->route->path, "/api/v1/session", strlen("/api/v1/session")) != 0)
        return gf_fail(err, GF_EDENIED, "access.enrol", "Set up the second factor in your account first.", "the role %.*s needs a second factor", GF_STR_ARG(call->session.actor.role));
    return GF_OK;
}

/* ---- The same write twice ---- */

typedef struct once { gf_str key; char request[GF_HASH_HEX_BYTES]; bool replayed; } once;

/* What makes two requests the same: method, path, query and body, each with its length. False without memory. */
static bool hash_request(const api_call *call, char hex[GF_HASH_HEX_BYTES])
{
    const gf_http_request *request = call->request;
    uint8_t digest[GF_HASH_BYTES];
    gf_text asked;
    gf_text_init(&asked, call->arena);
    gf_text_format(&asked, "%s %.*s ", request->method, GF_STR_ARG(request->path));
    for (size_t i = 0; i < request->query_count; i++) {
        const gf_http_pair *pair = &request->query[i];
        gf_text_format(&asked, "%zu %zu %.*s=%.*s ", pair->name.len, pair->value.len, GF_STR_ARG(pair->name), GF_STR_ARG(pair->value));
    }
    gf_text_format(&asked, "%zu ", request->body.len);
    gf_hash *hash = gf_text_done(&asked, NULL) == GF_OK ? gf_hash_open(GF_HASH_SHA256) : NULL;
    bool done = hash && gf_hash_start(hash) && gf_hash_add(hash, gf_text_str(&asked).data, gf_text_str(&asked).len) &&
                (request->body.len == 0 || gf_hash_add(hash, request->body.data, request->body.len)) && gf_hash_finish(hash, digest);
    gf_hash_close(hash);
    if (done)
        gf_hex_format(digest, sizeof digest, hex);
    return done;
}

static gf_status begin_once(api_call *call, once *o, gf_error *err)
{
    gf_app_answer kept;
    o->key = gf_http_header(call->request, "Idempotency-Key");
    if (o->key.len == 0)
        return GF_OK;
    if (o->key.len > 100)
        return gf_fail(err, GF_EUSAGE, "idempotency.long", "Send a UUID.", "an Idempotency-Key has at most 100 characters");
    if (!hash_request(call, o->request))
        return gf_fail_memory(err);
    gf_status status = gf_app_answer_find(call->app, &call->session.actor, o->key, call->arena, &kept, &o->replayed, err);
    if (status != GF_OK || !o->replayed)
        return status;
    if (!gf_str_is(kept.request, o->request))
        return gf_fail(err, GF_ECONFLICT, "idempotency.other", "Take a new key for another request.", "this Idempotency-Key was used for another request");
    if (call->route->secret)
        return gf_fail(err, GF_ECONFLICT, "idempotency.secret", "Ask again with a new key.", "this was done once; its answer held a secret and was not kept");
    call->out->status = (int)kept.status;
    call->out->type = "application/json; charset=utf-8";
    call->out->body = kept.body;
    call->out->etag = kept.etag;
    if (kept.location.len)
        (void)gf_http_add_header(call->request, call->out, "Location", kept.location);
    (void)gf_http_add_header(call->request, call->out, "Idempotency-Replayed", GF_STR("true"));
    return GF_OK;
}

static gf_status end_once(api_call *call, const once *o, gf_error *err)
{
    if (o->key.len == 0 || o->replayed)
        return GF_OK;
    gf_str location = call->out->header_count && gf_str_is(call->out->headers[0].name, "Location") ? call->out->headers[0].value : (gf_str){ "", 0 };
    gf_str body = call->route->secret ? (gf_str){ "", 0 } : call->out->body;
    gf_app_answer answer = { gf_str_of(o->request), call->out->etag, location, body, call->out->status ? call->out->status : 200 };
    return gf_app_answer_keep(call->app, &call->session.actor, o->key, &answer, err);
}

/* ---- Lanes ---- */

static gf_status run_write(api_call *call, gf_error *err)
{
    once o = { .replayed = false };
    const gf_app_actor *actor = &call->session.actor;
    call->app = call->api->writer;
    gf_status status = gf_app_part_begin(call->app, actor, err);
    if (status != GF_OK)
        return status;
    size_t pending = call->api->pending_count, begun = call->api->begun_count;
    status = begin_once(call, &o, err);
    if (status == GF_OK && !o.replayed)
        status = call->route->handler(call, err);
    if (status == GF_OK)
        status = end_once(call, &o, err);
    status = gf_app_part_end(call->app, actor, status, err);
    if (status != GF_OK)
        call->api->pending_count = pending;
    for (size_t i = begun; status != GF_OK && i < call->api->begun_count; i++)
        call->api->begun[i].undone = true;
    return status;
}

static gf_status run_lent(api_call *call, app_pool *pool, gf_error *err)
{
    gf_status status = api_borrow(call->api, pool, &call->app, err);
    if (status == GF_OK && call->route->door == API_SESSION)
        status = find_session(call, call->app, err);
    if (status == GF_OK)
        status = api_check_request(call, err);
    if (status == GF_OK)
        status = call->route->handler(call, err);
    api_return(call->api, pool, call->app);
    return status;
}

/* The write lane looks sessions up with its own app: what a request before it in the batch has changed counts. */
static gf_status enter_write(api_call *call, gf_error *err)
{
    gf_status status = call->route->door == API_SESSION ? find_session(call, call->api->writer, err) : GF_OK;
    if (status == GF_OK)
        status = api_check_request(call, err);
    return status == GF_OK ? run_write(call, err) : status;
}

/* Sentences go to people in their language; programs that ask for none get them as they were written. */
bool api_reads_chinese(const gf_http_request *request)
{
    return gf_str_is(gf_http_query(request, "lang"), "zh") || gf_str_starts(gf_http_header(request, "Accept-Language"), GF_STR("zh"));
}

gf_status api_enter(void *context, const gf_http_request *request, gf_http_response *out, gf_error *err)
{
    api_state *api = context;
    api_call call = { .api = api, .route = request->user, .request = request, .out = out, .arena = request->arena };
    call.lang = gf_str_is(gf_http_query(request, "lang"), "en") ? GF_STR("en") : GF_STR("zh");
    gf_status status = call.route->lane == GF_HTTP_WRITE ? enter_write(&call, err) : run_lent(&call, call.route->lane == GF_HTTP_SLOW ? &api->writers : &api->readers, err);
    json_decref(call.body);
    if (status != GF_OK && err && api_reads_chinese(request))
        gf_report_fault_zh(err);
    return status;
}
