/* Counters for Prometheus: requests by lane and answer, and how long they took. Relaxed atomic additions, no lock: a
 * reading may be torn between two counters by a request or so, which a graph does not show.
 */
#include "api/api.h"

#include <stdlib.h>

enum { CLASSES = 6, BUCKETS = 9 };
static const int64_t LIMITS_US[BUCKETS] = { 500, 1000, 2500, 5000, 10000, 50000, 250000, 1000000, 10000000 };
static const char *const LANES[GF_HTTP_LANE_COUNT] = { "fast", "slow", "write" };

struct metrics { uint64_t answers[GF_HTTP_LANE_COUNT][CLASSES], buckets[GF_HTTP_LANE_COUNT][BUCKETS + 1], total_us[GF_HTTP_LANE_COUNT], unrouted; };

metrics *metrics_open(void) { return calloc(1, sizeof(metrics)); }
void     metrics_close(metrics *m) { free(m); }

static void add(uint64_t *counter, uint64_t by) { (void)__atomic_add_fetch(counter, by, __ATOMIC_RELAXED); }
static uint64_t get(const uint64_t *counter) { return __atomic_load_n(counter, __ATOMIC_RELAXED); }

void metrics_done(void *context, const gf_http_request *request, const gf_http_route *route, int status, int64_t microseconds)
{
    (void)request;
    metrics *m = ((api_state *)context)->metrics;
    size_t bucket = 0;
    if (!route) {
        add(&m->unrouted, 1);
        return;
    }
    while (bucket < BUCKETS && microseconds > LIMITS_US[bucket])
        bucket++;
    add(&m->answers[route->lane][status / 100 < CLASSES ? status / 100 : 5], 1);
    add(&m->buckets[route->lane][bucket], 1);
    add(&m->total_us[route->lane], microseconds > 0 ? (uint64_t)microseconds : 0);
}

static void write_lane(const metrics *m, int lane, gf_text *out)
{
    uint64_t running = 0;
    for (int class = 1; class < CLASSES; class++)
        gf_text_format(out, "gongfu_requests_total{lane=\"%s\",status=\"%dxx\"} %llu\n", LANES[lane], class, (unsigned long long)get(&m->answers[lane][class]));
    for (int i = 0; i < BUCKETS; i++) {
        running += get(&m->buckets[lane][i]);
        gf_text_format(out, "gongfu_request_seconds_bucket{lane=\"%s\",le=\"%g\"} %llu\n", LANES[lane], (double)LIMITS_US[i] / 1e6, (unsigned long long)running);
    }
    running += get(&m->buckets[lane][BUCKETS]);
    gf_text_format(out, "gongfu_request_seconds_bucket{lane=\"%s\",le=\"+Inf\"} %llu\n", LANES[lane], (unsigned long long)running);
    gf_text_format(out, "gongfu_request_seconds_sum{lane=\"%s\"} %.6f\n", LANES[lane], (double)get(&m->total_us[lane]) / 1e6);
    gf_text_format(out, "gongfu_request_seconds_count{lane=\"%s\"} %llu\n", LANES[lane], (unsigned long long)running);
}

gf_status api_metrics(api_call *call, gf_error *err)
{
    const metrics *m = call->api->metrics;
    if (!gf_str_starts(call->request->address, GF_STR("127.")))
        return gf_fail(err, GF_EDENIED, "metrics.address", "Ask from the machine itself.", "counters are for this machine only");
    gf_text text = api_text(call);
    gf_text_add_c(&text, "# HELP gongfu_requests_total Answers by lane and class of status.\n# TYPE gongfu_requests_total counter\n"
                         "# HELP gongfu_request_seconds Time from the head of a request to its answer.\n# TYPE gongfu_request_seconds histogram\n");
    for (int lane = 0; lane < GF_HTTP_LANE_COUNT; lane++)
        write_lane(m, lane, &text);
    gf_text_format(&text, "# TYPE gongfu_unrouted_total counter\ngongfu_unrouted_total %llu\n", (unsigned long long)get(&m->unrouted));
    gf_text_format(&text, "# TYPE gongfu_sessions gauge\ngongfu_sessions %zu\n", gate_count(call->api->gate));
    gf_text_format(&text, "# TYPE gongfu_listeners gauge\ngongfu_listeners %zu\n", gf_http_stream_count(call->api->server));
    health_write(call->api, &text);
    call->out->type = "text/plain; version=0.0.4; charset=utf-8";
    call->out->body = gf_text_str(&text);
    return gf_text_done(&text, err);
}
