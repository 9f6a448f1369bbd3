/* app/iati_inside.h - inside the room only: the exchange file while it is gathered. Failures are latched in the job; every
 * function then does nothing. Texts are borrowed, or live in job->keep. */
#pragma once
#include "app/report_inside.h"

typedef struct iati_job {
    gf_app      *app;
    gf_arena    *keep;
    gf_app_iati *out;
    record       programme;
    gf_str       id, origins, prefix;    /* prefix: what every activity id begins with */
    gf_str       default_programme, demo_programme;
    gf_period    term;                   /* of the programme; first 0, last INT32_MAX when it is not told */
    bool         has_term, demo;
    gf_day       today;
    text_map     activities, units;      /* key -> index + 1 */
    record      *unit_rows;
    size_t       unit_count, activity_room, org_room;
    gf_status    status;                 /* latched */
    gf_error    *err;
} iati_job;

/* Room for one more of an array in the arena, by doubling; NULL latches. What pointed into the old array is stale. */
void *iati_room(iati_job *job, void *items, size_t count, size_t *room, size_t item_bytes);
#define IATI_PUSH(job, items, count, room) ((items) = iati_room((job), (items), (count), (room), sizeof *(items)), (items) ? &(items)[(count)++] : NULL)

/* "2023-12-27". */
gf_str iati_day(iati_job *job, gf_day day);
/* For identifiers: letters, digits, - and . of ASCII stay, each other byte becomes _XX, so that no two ids meet. */
gf_str iati_safe(iati_job *job, gf_str id);
/* name.zh "" for what is no unit. `role` is static, NULL outside an activity. */
gf_app_iati_org iati_unit(iati_job *job, gf_str unit, const char *role);
/* What the standard has no element for, in both languages. */
void   iati_note(iati_job *job, gf_app_iati_activity *activity, gf_str zh, gf_str en);
/* Each ref and role once; one without a name is left out. */
void   iati_add_org(iati_job *job, gf_app_iati_activity *activity, gf_app_iati_org org);
/* The activity that a project, a fund without one, or the rest is told by; made when it is not there. Dies when the next
 * one is made. NULL latches. */
gf_app_iati_activity *iati_activity_for(iati_job *job, gf_str project, gf_str fund, gf_str place);

/* iati_money.c: every standing transfer of the programme as a transaction or a note. */
void iati_gather_money(iati_job *job);
/* iati_result.c: indicators with a value, as results of the programme. */
void iati_gather_results(iati_job *job, const gf_app_report_options *options);
