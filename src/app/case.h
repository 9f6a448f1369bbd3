/* app/case.h - inside the room only: the one case engine. Pure rules; the store is read by its caller. */
#pragma once
#include "base/gf_base.h"

typedef struct case_stage {
    const char *name;
    const char *from;          /* stages it may follow, with | between; NULL = opens a case */
    int         due_workdays;  /* until the next step; 0 = the case may rest here */
    bool        proof;         /* a step to it names a document */
} case_stage;
typedef struct case_kind { const char *name; const case_stage *stages; size_t stage_count; } case_kind;

typedef struct case_step { gf_str stage, actor, proof; gf_day date; } case_step;

/* alarm, field or risk; NULL when unknown. Static. */
const case_kind *case_kind_find(gf_str name);
/* May this step follow `before` ("" = none)? The opener may not close. GF_EINPUT "case.stage" "case.order" "case.date"
 * "case.closer" "case.proof" with the reason. `before` must be terminated: a failure names it. */
gf_status case_check_step(const case_kind *kind, gf_str before, gf_day before_date, gf_str opener, const case_step *step, gf_error *err);

/* Days off and make-up workdays that are known: dates sorted by bytes, "2024-10-01". */
typedef struct case_calendar { const gf_str *dates; const bool *off; size_t count; } case_calendar;
/* The day `workdays` after `from`, which itself does not count; *covered is false when a year on the way is not in the
 * calendar, where weekends alone are off. */
gf_day case_due(const case_calendar *calendar, gf_day from, int workdays, bool *covered);
/* Working days until the next step is due after `stage`; 0 when the case rests there, or there is no such stage. */
int    case_due_workdays(const case_kind *kind, gf_str stage);
