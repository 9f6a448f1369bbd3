/* api/api.h - inside the room only: a call on its way, the route table, and what handlers share.
 *
 * One table (routes.c) names every path with its parameters, body, lane and words. From it the server routes, checks
 * requests before any handler sees them, and writes its own description (OpenAPI): what is described is what is checked.
 */
#pragma once
#include "api/gf_api.h"
#include "app/gf_app.h"
#include "http/gf_http.h"
#include "job/gf_job.h"
#include "report/gf_report.h"

#include <jansson.h>
#include <pthread.h>

typedef struct api_state api_state;
typedef struct api_call  api_call;

/* ---- What may be asked ---- */

typedef enum api_type { API_TEXT, API_WHOLE, API_DAY, API_FLAG, API_LANG, API_WORD, API_LIST /* array of texts; body only */, API_ROWS /* rows of an entry */, API_OPTION /* text or null */ } api_type;

typedef struct api_param {
    const char *name;
    api_type    type;
    bool        required;
    const char *words;               /* API_WORD: "a|b|c" */
    const char *zh, *en;
} api_param;

typedef enum api_door { API_OPEN, API_SESSION } api_door;

typedef enum api_body { API_NO_BODY, API_JSON, API_BYTES, API_RECORD /* columns of the register in the path */ } api_body;

typedef gf_status api_handler(api_call *call, gf_error *err);

typedef struct api_route {
    const char      *method, *path;  /* without /api/v1 when it begins with a letter */
    api_handler     *handler;
    gf_http_lane     lane;
    api_door         door;
    const api_param *params;         /* of the query; ends with a NULL name; NULL = lang only */
    bool             any_param;      /* lists of records: columns are parameters too, checked by the handler */
    api_body         body;
    const api_param *fields;         /* of a JSON body; ends with a NULL name */
    size_t           body_bytes_max; /* 0 = 1 MiB */
    bool             secret;         /* the answer holds what must not lie in the store: a personal field, a link, a key */
    const char      *schema;         /* of the answer, named in openapi.c; NULL = any JSON */
    const char      *group, *zh, *en;
} api_route;

extern const api_route API_ROUTES[];
extern const size_t    API_ROUTE_COUNT;

/* ---- A call ---- */

struct api_call {
    api_state             *api;
    const api_route       *route;
    const gf_http_request *request;
    gf_http_response      *out;
    gf_app                *app;
    gf_arena              *arena;
    gf_app_session         session;  /* .actor says who asks; all empty before login */
    gf_http_file           upload;   /* of a route that takes bytes */
    json_t                *body;     /* checked against the route's fields; NULL without one */
    gf_str                 lang;     /* zh or en */
};

gf_str  api_query(const api_call *call, const char *name);                /* "" when absent */
gf_str  api_field(const api_call *call, const char *name);                /* of the JSON body; data NULL when absent */
int64_t api_query_int(const api_call *call, const char *name, int64_t fallback);
bool    api_query_flag(const api_call *call, const char *name);
const gf_register *api_register(const api_call *call, gf_error *err);     /* of the path's first name; NULL with GF_ENOTFOUND */

void      api_json(api_call *call, const gf_text *text);
gf_text   api_text(const api_call *call);
gf_status api_send_text(api_call *call, const gf_text *text, gf_error *err);   /* JSON, or why it could not be written */
gf_status api_no_content(api_call *call);

/* ---- The state ---- */

enum { API_APPS_MAX = 16, API_PENDING_MAX = 256 };

typedef struct gate gate;
typedef struct entry_cache entry_cache;
typedef struct metrics metrics;
typedef struct land_ground land_ground;

typedef struct app_pool { gf_app *idle[API_APPS_MAX]; size_t idle_count; bool read_only; } app_pool;

typedef struct pending_event { char name[24], topic[40], owner[64], data[200]; } pending_event;

struct api_state {
    gf_api_options   options;
    pthread_mutex_t  lock;
    app_pool         readers, writers;
    gf_app          *writer;         /* of the write lane */
    pending_event    pending[API_PENDING_MAX];   /* told when the batch is kept */
    size_t           pending_count;
    gf_utc_ms        trimmed;        /* when memory was last given back */
    gf_http         *server;
    gate            *gate;
    entry_cache     *entries;
    gf_jobs         *jobs;
    metrics         *metrics;
    pthread_mutex_t  ground_lock;
    land_ground     *ground;         /* made when first asked for */
    gf_http_route   *routes;
    pthread_t        keeper;
    pthread_cond_t   wake;
    bool             stopping;
    gf_text          openapi;        /* written once */
    gf_arena        *arena;
};

gf_status api_borrow(api_state *api, app_pool *pool, gf_app **out, gf_error *err);
void      api_return(api_state *api, app_pool *pool, gf_app *app);
/* An event that is told when the batch of this call is kept. */
void      api_announce_change(api_call *call, const gf_register *reg);

/* enter.c: every request comes in here. */
gf_http_handler api_enter;
/* check.c */
gf_status api_check_request(api_call *call, gf_error *err);
gf_status api_check_body(const api_param *fields, json_t *body, gf_error *err);
/* The text of a press check, out of its body: for handler and fuzzer. */
gf_status api_read_press(const gf_http_request *request, gf_str *text, gf_app_press_options *options, gf_error *err);
json_t   *api_parse_json(gf_str text, gf_error *err);

/* gate.c: sessions in memory for a second, so that a list does not cost a look-up of its session. */
gate     *gate_open(void);
void      gate_close(gate *g);
gf_status gate_find(gate *g, gf_app *app, gf_str token, gf_arena *keep, gf_app_session *out, gf_error *err);
void      gate_forget_all(gate *g);
void      gate_touch_all(gate *g, gf_app *app);          /* inside a batch: who was here lately */
size_t    gate_count(gate *g);

/* entry_cache.c: entries as JSON; they never change. */
entry_cache *entry_cache_open(size_t bytes_max);
void      entry_cache_close(entry_cache *cache);
/* Append entry `id` as JSON to `out`; read with `app` when it is not held. */
gf_status entry_cache_add(entry_cache *cache, gf_app *app, int64_t id, gf_arena *scratch, gf_text *out, gf_error *err);

/* metrics.c */
metrics  *metrics_open(void);
void      metrics_close(metrics *m);
gf_http_done_fn metrics_done;

/* land.c: the elevation as one surface, lent to whoever asks. */
gf_status land_ground_borrow(api_state *api, gf_app *app, gf_arena *scratch, land_ground **out, gf_error *err);
void      land_ground_return(api_state *api, land_ground *g);   /* NULL is a no-op */
void      land_ground_close(api_state *api);

/* openapi.c */
gf_status openapi_write(gf_arena *keep, gf_text *out, gf_error *err);

/* Handlers, by file. */
api_handler api_session_open, api_session_get, api_session_close, api_password, api_totp_begin, api_totp_confirm, api_demo_accounts, api_invitation;      /* people.c */
api_handler api_users, api_user_add, api_user_change, api_user_invite, api_user_unlock, api_log_operations, api_log_logins;                                /* people.c */
api_handler api_registers, api_list, api_get, api_create, api_change, api_history, api_reveal, api_search, api_groups, api_document_put, api_document_get; /* records.c */
api_handler api_programmes, api_report, api_report_markdown, api_trace, api_press, api_statement, api_ageing, api_roster, api_cases, api_queue;           /* truth.c */
api_handler api_cockpit, api_flow, api_place_story, api_unit_story;                                                                                        /* views.c */
api_handler api_land, api_land_sights, api_land_profile, api_land_view;                                                                                    /* land.c */
api_handler api_events, api_health, api_metrics, api_openapi;                                                                                              /* care.c */
api_handler api_docs;                                                                                                                                      /* docs.c */
api_handler api_job_add, api_jobs, api_job_get, api_job_cancel, api_job_result;                                                                            /* work.c */
api_handler api_import, api_imports, api_import_undo, api_template;                                                                                        /* imports.c */
api_handler api_public_home, api_public_money, api_public_results, api_public_figure, api_public_file, api_iati_activities, api_iati_organisations;         /* pages.c */
api_handler api_office, api_office_asset, api_office_door;                                                                                                 /* pages.c */
