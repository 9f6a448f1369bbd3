/* Server-sent events: a ring of the last events, and the connections that read along in it.
 *
 * A reader that has seen everything is suspended and woken by the next event, so that ten thousand idle listeners cost
 * no thread. A reader that falls behind the ring goes on with the oldest event kept: the page asks again anyway. So does one
 * that comes from another server of the same news, whose numbers are not ours: too much is heard rather than too little.
 */
#include "http/http_inside.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 256, DATA_BYTES = 400, TOPIC_BYTES = 40, OWNER_BYTES = 100, TOPICS_BYTES = 2000, BLOCK_BYTES = 4096, NAME_BYTES = 32 };

typedef struct event { int64_t id; char name[TOPIC_BYTES], topic[TOPIC_BYTES], owner[OWNER_BYTES], data[DATA_BYTES]; } event;

typedef struct reader {
    streams               *home;
    struct MHD_Connection *connection;
    int64_t                seen;
    bool                   sleeping, greeted;
    char                   topics[TOPICS_BYTES], owner[OWNER_BYTES];
    struct reader         *next;
} reader;

struct streams {
    pthread_mutex_t lock;
    event           ring[EVENTS_MAX];
    char            name[NAME_BYTES]; /* with a - behind it, in front of the number in ids; "" none */
    int64_t         last;             /* number of the newest event; 0 none */
    reader         *readers;
    size_t          reader_count;
    bool            closing;
};

streams *streams_open(const char *name)
{
    streams *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    if (name)
        (void)snprintf(s->name, sizeof s->name, "%.30s-", name);
    (void)pthread_mutex_init(&s->lock, NULL);
    return s;
}

static void wake_all(streams *s)
{
    for (reader *r = s->readers; r; r = r->next)
        if (r->sleeping) {
            r->sleeping = false;
            MHD_resume_connection(r->connection);
        }
}

void streams_close(streams *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->closing = true;
    wake_all(s);
    (void)pthread_mutex_unlock(&s->lock);
}

void streams_free(streams *s)
{
    if (!s)
        return;
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

void gf_http_publish(gf_http *server, gf_str name, gf_str topic, gf_str owner, gf_str data)
{
    streams *s = server->streams;
    (void)pthread_mutex_lock(&s->lock);
    event *e = &s->ring[++s->last % EVENTS_MAX];
    e->id = s->last;
    (void)snprintf(e->name, sizeof e->name, "%.*s", GF_STR_ARG(name));
    (void)snprintf(e->topic, sizeof e->topic, "%.*s", GF_STR_ARG(topic));
    (void)snprintf(e->owner, sizeof e->owner, "%.*s", GF_STR_ARG(owner));
    (void)snprintf(e->data, sizeof e->data, "%.*s", GF_STR_ARG(data));
    wake_all(s);
    (void)pthread_mutex_unlock(&s->lock);
}

size_t gf_http_stream_count(gf_http *server)
{
    (void)pthread_mutex_lock(&server->streams->lock);
    size_t count = server->streams->reader_count;
    (void)pthread_mutex_unlock(&server->streams->lock);
    return count;
}

static bool wants(const reader *r, const event *e)
{
    char marked[TOPIC_BYTES + 2];
    (void)snprintf(marked, sizeof marked, ";%s;", e->topic);
    return strstr(r->topics, marked) && (e->owner[0] == '\0' || strcmp(e->owner, r->owner) == 0);
}

/* The next event for this reader as text, 0 when it has seen all. */
static size_t next_text(streams *s, reader *r, char *out, size_t room)
{
    if (!r->greeted) {
        r->greeted = true;
        return (size_t)snprintf(out, room, "retry: 3000\n\n");
    }
    if (s->last - r->seen > EVENTS_MAX)
        r->seen = s->last - EVENTS_MAX;
    while (r->seen < s->last) {
        const event *e = &s->ring[++r->seen % EVENTS_MAX];
        if (wants(r, e))
            return (size_t)snprintf(out, room, "id: %s%lld\nevent: %s\ndata: %s\n\n", s->name, (long long)e->id, e->name, e->data);
    }
    return 0;
}

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t room)
{
    (void)position;
    reader *r = context;
    (void)pthread_mutex_lock(&r->home->lock);
    ssize_t wrote = MHD_CONTENT_READER_END_OF_STREAM;
    if (!r->home->closing) {
        wrote = (ssize_t)next_text(r->home, r, out, room);
        if (wrote == 0) {
            r->sleeping = true;
            MHD_suspend_connection(r->connection);
        }
    }
    (void)pthread_mutex_unlock(&r->home->lock);
    return wrote;
}

static void end_stream(void *context)
{
    reader *r = context;
    streams *s = r->home;
    (void)pthread_mutex_lock(&s->lock);
    for (reader **at = &s->readers; *at; at = &(*at)->next)
        if (*at == r) {
            *at = r->next;
            s->reader_count--;
            break;
        }
    (void)pthread_mutex_unlock(&s->lock);
    free(r);
}

/* The number behind which to go on; under the lock. */
static int64_t place_of(const streams *s, gf_str id)
{
    int64_t since;
    if (id.len == 0)
        return s->last;
    bool ours = gf_str_starts(id, gf_str_of(s->name)) && gf_str_to_int(gf_str_slice(id, strlen(s->name), id.len), &since) && since >= 0 && since <= s->last;
    return ours ? since : 0;
}

struct MHD_Response *stream_response(exchange *x)
{
    streams *s = x->server->streams;
    reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->home = s;
    r->connection = x->connection;
    (void)snprintf(r->topics, sizeof r->topics, "%.*s", GF_STR_ARG(x->answer.topics));
    (void)snprintf(r->owner, sizeof r->owner, "%.*s", GF_STR_ARG(x->answer.owner));
    gf_str id = gf_http_header(&x->request, "Last-Event-ID");
    (void)pthread_mutex_lock(&s->lock);
    r->seen = place_of(s, id);
    r->next = s->readers;
    s->readers = r;
    s->reader_count++;
    (void)pthread_mutex_unlock(&s->lock);
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream, r, end_stream);
    if (!response)
        end_stream(r);
    return response;
}
