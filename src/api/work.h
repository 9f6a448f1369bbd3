/* api/work.h - inside the room only: jobs, which run when the request that ordered them is long answered. */
#pragma once
#include "api/api.h"

enum { WORK_TEXT = 128, WORK_ARENA_MIB = 1024 };

/* What was ordered, in memory of its own. */
typedef struct order {
    api_state *api;
    char       kind[WORK_TEXT], format[WORK_TEXT], reg[WORK_TEXT], programme[WORK_TEXT], origin[WORK_TEXT], scope[WORK_TEXT];
    char       on[WORK_TEXT], from[WORK_TEXT], to[WORK_TEXT], lang[WORK_TEXT];
    char       user[WORK_TEXT], name[WORK_TEXT], role[WORK_TEXT], actor_scope[WORK_TEXT], unit[WORK_TEXT], place[WORK_TEXT], address[WORK_TEXT];
    bool       demo;
} order;

/* A document being made: the job opens the books itself. */
typedef struct making { const order *o; gf_job *job; gf_app *app; gf_app_actor actor; gf_arena *arena; gf_text text; } making;

typedef gf_status work_make(making *m, gf_error *err);
work_make work_report, work_statement, work_check;      /* make.c */
work_make work_export;                                  /* export.c */
work_make work_sights;                                  /* land.c */

void         work_put(char out[WORK_TEXT], gf_str value);
void         work_take_actor(const api_call *call, order *o);
gf_app_actor work_actor(const order *o);
gf_status    work_send_job(api_call *call, int64_t id, int code, gf_error *err);
