/* api/api.h - inside the room only: a call on its way, the route table, and what handlers share.
 *
 * One table (routes.c) names every path with its parameters, body, lane and words. From it the server routes, checks
 * requests before any handler sees them, and writes its own description (OpenAPI): what is described is what is checked.
 *
 * A call and everything in it belongs to the thread that handles it, its gf_app too; the state is shared, and says of each
 * member by what it is guarded.
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

typedef enum api_type {
    API_TEXT,                        /* at most 20,000 bytes */
    API_WHOLE,                       /* a whole number >= 0 */
    API_DAY,                         /* a civil date or loose period; "" = none */
    API_FLAG,                        /* 1 or 0 */
    API_LANG,                        /* zh or en */
    API_WORD,                        /* one of `words` */
    API_LIST,                        /* array of up to 200 texts; body only */
    API_ROWS,                        /* up to 500 rows of an entry; body only */
    API_OPTION                       /* text or null; body only */
} api_type;

typedef struct api_param {
    const char *name;
    api_type    type;
    bool        required;
    const char *words;               /* API_WORD: "a|b|c" */
    const char *zh, *en;             /* what it is for */
} api_param;

/* API_SESSION: somebody must be logged in; which rights, the use case asks. */
typedef enum api_door { API_OPEN, API_SESSION } api_door;

/* API_RECORD: an object of columns of the register in the path. */
typedef enum api_body { API_NO_BODY, API_JSON, API_BYTES, API_RECORD } api_body;

/* Fills call->out. In the write lane it stands inside a part of the batch. */
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
    const char      *group, *zh, *en;    /* group NULL = not described: pages, not interface */
} api_route;

extern const api_route API_ROUTES[];
extern const size_t    API_ROUTE_COUNT;

/* ---- A call ---- */

struct api_call {
    api_state             *api;
    const api_route       *route;
    const gf_http_request *request;
    gf_http_response      *out;
    gf_app                *app;      /* lent for the call; the writer's in the write lane */
    gf_arena              *arena;    /* of the request */
    gf_app_session         session;  /* .actor says who asks; all empty before login */
    gf_http_file           upload;   /* of a route that takes bytes */
    json_t                *body;     /* checked against the route's fields; NULL without one */
    gf_str                 lang;     /* zh or en */
};

/* "" when absent. */
gf_str  api_query(const api_call *call, const char *name);
/* A text of the JSON body; data NULL when absent, null or no text. */
gf_str  api_field(const api_call *call, const char *name);
/* The fallback also for what is no number. */
int64_t api_query_int(const api_call *call, const char *name, int64_t fallback);
/* True for 1 alone. */
bool    api_query_flag(const api_call *call, const char *name);
/* Of the path's first name; NULL with GF_ENOTFOUND in err. */
const gf_register *api_register(const api_call *call, gf_error *err);

/* The text as the body, borrowed; a failed growth is the caller's to ask for. */
void      api_json(api_call *call, const gf_text *text);
/* An empty text in the call's arena. */
gf_text   api_text(const api_call *call);
/* api_json(), and GF_ENOMEM when the text was cut. */
gf_status api_send_text(api_call *call, const gf_text *text, gf_error *err);
/* Always as an attachment: what somebody uploaded must not run as a page of ours. The bytes are borrowed. */
void      api_send_content(api_call *call, const gf_app_content *content);
/* 204; always GF_OK. */
gf_status api_no_content(api_call *call);

/* ---- The state ---- */

enum { API_APPS_MAX = 16, API_PENDING_MAX = 256, API_BEGUN_MAX = 64 };

typedef struct gate gate;
typedef struct entry_cache entry_cache;
typedef struct lately lately;
typedef struct metrics metrics;
typedef struct land_ground land_ground;
typedef struct water_pool water_pool;
typedef struct servers servers;

/* Open books that nobody uses, the last used on top: guarded by api_state.lock. */
typedef struct app_pool { gf_app *idle[API_APPS_MAX]; size_t idle_count; bool read_only; } app_pool;

typedef struct pending_event { char name[24], topic[40], owner[64], data[200]; } pending_event;

/* A job that a request of this batch has begun; undone: the request came to nothing. */
typedef struct begun_job { int64_t id; char owner[GF_JOB_TEXT_BYTES]; bool undone; } begun_job;

/* Of the keeper alone, but for the two numbers that metrics read. */
typedef struct api_health { gf_utc_ms warned, apart; int64_t room_bytes, jumps; bool looked, has_room; } machine_health;   /* has_room: the store lies on a disk of ours */

struct api_state {
    gf_api_options   options;        /* const once served */
    pthread_mutex_t  lock;           /* over the pools and `stopping` */
    app_pool         readers, writers;
    gf_app          *writer;         /* of the write lane alone, as the events below */
    pending_event    pending[API_PENDING_MAX];   /* told when the batch is kept */
    size_t           pending_count;
    begun_job        begun[API_BEGUN_MAX];
    size_t           begun_count;
    gf_utc_ms        trimmed;        /* when memory was last given back */
    servers         *servers;        /* this one among others; guards itself */
    gf_http         *server;         /* this and the next four guard themselves */
    gate            *gate;
    entry_cache     *entries;
    lately          *lately;
    gf_jobs         *jobs;
    metrics         *metrics;
    pthread_mutex_t  ground_lock;    /* over `ground` and who has borrowed it */
    land_ground     *ground;         /* made when first asked for */
    water_pool      *water;          /* guards itself */
    gf_http_route   *routes;         /* made from API_ROUTES once */
    pthread_t        keeper;         /* expires sessions, writes down who was here, gives memory back */
    pthread_cond_t   wake;           /* the keeper */
    bool             stopping;
    bool             plants_due;     /* plants, readings or elevation have changed: likewise */
    bool             sights_due;     /* towers, cameras, parcels or elevation have changed: the keeper orders a run */
    bool             erased;         /* somebody's text: what the store's log still holds of it goes with the batch; of the write lane alone */
    machine_health   health;
    struct { gf_arena *keep; gf_app_backup_folder backup; bool due; } next_backup;   /* read again, for the keeper to take: guarded by `lock` */
    gf_arena        *backup_keep;    /* of the keeper alone */
    gf_day           backed_up;      /* the night of the last backup into options.backup */
    gf_day           retained;       /* the day on which the keeper last looked whose months of keeping are over */
    gf_text          openapi;        /* written once */
    gf_arena        *arena;          /* as long as the state */
};

/* reload.c: SIGHUP, on the thread that waits for signals; what the keeper takes of it at the start of its turn. */
void reload(api_state *api);
void reload_take_backup(api_state *api);
/* serve.c: the bytes of a PEM file, terminated. GF_ENOTFOUND "serve.pem". */
gf_status serve_read_pem(gf_arena *keep, gf_str path, const char **out, gf_error *err);
/* health.c: room on the disk and the clock, looked at by the keeper; what metrics tell of it. */
void health_look(api_state *api, gf_app *app);
void health_write(const api_state *api, gf_text *out);
/* An app for one thread, that sees what others have written; opened when none is idle. Fails as gf_app_open(). */
gf_status api_borrow(api_state *api, app_pool *pool, gf_app **out, gf_error *err);
/* NULL is a no-op; beyond API_APPS_MAX it is closed. */
void      api_return(api_state *api, app_pool *pool, gf_app *app);
/* An event that is told when the batch of this call is kept, once for a register and batch. In the write lane only. */
void      api_announce_change(api_call *call, const gf_register *reg);

/* enter.c: every request comes in here, with the api_state as context. */
gf_http_handler api_enter;
/* Does who asks want sentences in Chinese: lang=zh, or Accept-Language zh? */
bool api_reads_chinese(const gf_http_request *request);

/* ---- check.c ---- */

/* Query and body against the route; call->body or call->upload is filled. GF_EUSAGE what is unknown, given twice, missing
 * or of another form, err->where its name; 415 for a body that is not JSON by its type. */
gf_status api_check_request(api_call *call, gf_error *err);
/* An object of known fields of the right types: GF_EUSAGE. Its texts are not looked into beyond that. */
gf_status api_check_body(const api_param *fields, json_t *body, gf_error *err);
/* The text of a press check, out of its body, plain or JSON: for handler and fuzzer. GF_EUSAGE. */
gf_status api_read_press(const gf_http_request *request, gf_str *text, gf_app_press_options *options, gf_error *err);
/* Strict UTF-8, no key twice; the caller drops the reference. NULL with GF_EUSAGE in err. */
json_t   *api_parse_json(gf_str text, gf_error *err);

/* ---- gate.c: sessions in memory for a second, so that a list does not cost a look-up of its session. Any thread. ---- */

/* At most 4096 sessions; the one that was seen longest ago gives way. NULL when out of memory. */
gate     *gate_open(void);
/* NULL is a no-op. What gate_touch_all() has not written is lost. */
void      gate_close(gate *g);
/* As gf_app_session_find(), which is asked when the gate last did so a second ago or more. */
gf_status gate_find(gate *g, gf_app *app, gf_str token, gf_arena *keep, gf_app_session *out, gf_error *err);
/* Believe nobody without asking again: rights or sessions have changed. */
void      gate_forget_all(gate *g);
/* Writes down who was here since it was last called: inside a batch of `app`. */
void      gate_touch_all(gate *g, gf_app *app);
/* Sessions held. */
size_t    gate_count(gate *g);

/* ---- entry_cache.c: entries as JSON; they never change. Any thread. ---- */

/* bytes_max: of their texts together. NULL when out of memory. */
entry_cache *entry_cache_open(size_t bytes_max);
/* NULL is a no-op. */
void      entry_cache_close(entry_cache *cache);
/* Append entry `id` as JSON to `out`; read with `app` when it is not held, and held while there is room. Asks no right.
 * GF_ENOTFOUND. */
gf_status entry_cache_add(entry_cache *cache, gf_app *app, int64_t id, gf_arena *scratch, gf_text *out, gf_error *err);

/* ---- lately.c: answers about a whole province, kept for a second. Any thread. ---- */

/* NULL when out of memory. */
lately   *lately_open(void);
/* NULL is a no-op. */
void      lately_close(lately *l);
/* Append the answer that is kept under this key, when it is not older than a second; false when there is none. Asks no right. */
bool      lately_add(lately *l, const char *key, gf_utc_ms now, gf_text *out);
/* Keep an answer, copied, as of when it was asked for: what it says may not be newer. One over 4 MiB is not kept. */
void      lately_keep(lately *l, const char *key, gf_utc_ms asked_utc_ms, gf_str answer);

/* ---- metrics.c: counters without a lock. Any thread. ---- */

/* NULL when out of memory. */
metrics  *metrics_open(void);
/* NULL is a no-op. */
void      metrics_close(metrics *m);
/* Counts an answer; context is the api_state. */
gf_http_done_fn metrics_done;

/* ---- land.c: the elevation as one surface, made when first asked for, and again when its documents change. ---- */

/* GF_ENOTFOUND "land.ground"; else as gf_app_ground_open(). Give it back. */
gf_status land_ground_borrow(api_state *api, gf_app *app, gf_arena *scratch, land_ground **out, gf_error *err);
/* Borrowed as long as it is lent. */
const struct gf_app_ground *land_ground_of(const land_ground *g);
/* NULL is a no-op. */
void      land_ground_return(api_state *api, land_ground *g);
/* At the end, when nobody has it. */
void      land_ground_close(api_state *api);
/* A register has changed: what towers see may have, too. */
void      land_note_change(api_state *api, const char *reg);
/* When something has: order a run, in the name of the program. */
void      land_order_run(api_state *api);

/* ---- plant.c: PV plants are worked out again when what they are made from has changed ---- */

/* A register has changed: what plants made may have, too. */
void      plant_note_change(api_state *api, const char *reg);
/* When something has: order a run, in the name of the program. */
void      plant_order_run(api_state *api);

/* ---- water.c: opened networks, lent to one call at a time. Any thread. ---- */

/* NULL when out of memory. */
water_pool *water_pool_open(void);
/* NULL is a no-op; nobody may have borrowed any. */
void      water_pool_close(water_pool *pool);

/* ---- openapi.c ---- */

/* The whole description, written from routes.c and the register table; once, when the server starts. */
gf_status openapi_write(gf_arena *keep, gf_text *out, gf_error *err);

/* ---- Handlers, by file: what each takes and gives stands in routes.c ---- */

/* people.c */
api_handler api_session_open, api_session_get, api_session_close, api_password, api_totp_begin, api_totp_confirm,
    api_demo_accounts, api_invitation;
api_handler api_users, api_user_add, api_user_change, api_user_invite, api_user_unlock, api_log_operations,
    api_log_logins;
/* records.c */
api_handler api_registers, api_list, api_get, api_create, api_change, api_history, api_reveal, api_erase, api_own_copy, api_search,
    api_groups, api_document_put, api_document_get;
/* truth.c */
api_handler api_programmes, api_report, api_report_markdown, api_trace, api_press, api_statement, api_ageing,
    api_roster, api_cases, api_queue;
/* views.c */
api_handler api_cockpit, api_flow, api_place_story, api_unit_story;
/* land.c */
api_handler api_land, api_land_sights, api_land_profile, api_land_view;
/* plant.c */
api_handler api_plants, api_plant, api_plant_days, api_plant_course, api_plant_readings, api_plant_settle;
/* water.c */
api_handler api_water, api_water_solve, api_water_keep, api_water_budget;
/* water_village.c */
api_handler api_village_norms, api_village_file;
/* care.c */
api_handler api_events, api_health, api_metrics, api_openapi;
/* docs.c */
api_handler api_docs;
/* work.c */
api_handler api_job_add, api_jobs, api_job_get, api_job_cancel, api_job_result;
/* imports.c */
api_handler api_import, api_imports, api_import_undo, api_template;
/* pages.c */
api_handler api_public_home, api_public_money, api_public_results, api_public_figure, api_public_file,
    api_iati_activities, api_iati_organisations;
api_handler api_office, api_office_asset, api_office_door;
