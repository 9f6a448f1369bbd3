/* Cases: one engine, one table of kinds. A kind is its stages: what each may follow, when the next is due, what proof.
 *
 * The chain of household monitoring (risk) follows the published procedure: from clue to decision 15 days as a rule,
 * a village notice of at least five days.
 */
#include "app/case.h"

#include <string.h>

static const case_stage ALARM[] = {
    { "found", NULL, 1, false }, { "assigned", "found", 2, false }, { "checked", "assigned", 3, false }, { "resolved", "checked", 2, true }, { "closed", "resolved|checked", 0, true },
};
static const case_stage FIELD[] = {
    { "found", NULL, 1, false },          { "reviewed", "found", 1, false },  { "assigned", "reviewed", 3, false },      { "checked", "assigned", 5, true },
    { "handled", "checked", 10, true },   { "looked_again", "handled", 3, true }, { "closed", "looked_again|reviewed", 0, true }, { "passed_on", "checked|handled|looked_again", 0, false },
};
static const case_stage RISK[] = {
    { "clue", NULL, 3, false },           { "checked", "clue", 3, false },     { "reviewed", "checked", 1, false },  { "noticed", "reviewed", 5, false },
    { "town_review", "noticed", 2, false }, { "decided", "town_review", 10, true }, { "helped", "decided", 0, false }, { "removal", "helped|decided", 5, true },
    { "closed", "removal|reviewed|town_review", 0, true },
};

static const case_kind KINDS[] = {
    { "alarm", ALARM, GF_COUNT(ALARM) }, { "field", FIELD, GF_COUNT(FIELD) }, { "risk", RISK, GF_COUNT(RISK) },
};

const case_kind *case_kind_find(gf_str name)
{
    for (size_t i = 0; i < GF_COUNT(KINDS); i++)
        if (gf_str_is(name, KINDS[i].name))
            return &KINDS[i];
    return NULL;
}

static const case_stage *find_stage(const case_kind *kind, gf_str name)
{
    for (size_t i = 0; i < kind->stage_count; i++)
        if (gf_str_is(name, kind->stages[i].name))
            return &kind->stages[i];
    return NULL;
}

int case_due_workdays(const case_kind *kind, gf_str stage)
{
    const case_stage *found = find_stage(kind, stage);
    return found ? found->due_workdays : 0;
}

static bool may_follow(const case_stage *stage, gf_str before)
{
    gf_str rest = gf_str_of(stage->from), one;
    if (!stage->from || before.len == 0)
        return !stage->from && before.len == 0;
    while (gf_str_cut(&rest, '|', &one))
        if (gf_str_eq(one, before))
            return true;
    return false;
}

gf_status case_check_step(const case_kind *kind, gf_str before, gf_day before_date, gf_str opener, const case_step *step, gf_error *err)
{
    const case_stage *stage = find_stage(kind, step->stage);
    if (!stage)
        return gf_fail(err, GF_EINPUT, "case.stage", "See docs/glossary.md for the stages of each kind.", "a case of kind %s has no stage \"%.*s\"", kind->name,
                       GF_STR_ARG(gf_str_slice(step->stage, 0, 40)));
    if (!may_follow(stage, before))
        return gf_fail(err, GF_EINPUT, "case.order", "Record the steps between.", "%s may not follow %.*s", stage->name, GF_STR_ARG(before.len ? before : GF_STR("nothing")));
    if (before.len && step->date < before_date)
        return gf_fail(err, GF_EINPUT, "case.date", "Correct the date.", "the step %s is dated before the one it follows", stage->name);
    if (strcmp(stage->name, "closed") == 0 && gf_str_eq(step->actor, opener))
        return gf_fail(err, GF_EINPUT, "case.closer", "Let somebody else look and close it.", "who opened a case may not close it");
    if (stage->proof && step->proof.len == 0)
        return gf_fail(err, GF_EINPUT, "case.proof", "Name a document: a photo, a record.", "the step %s needs a proof", stage->name);
    return GF_OK;
}

/* ---- Due dates ---- */

static bool calendar_has_year(const case_calendar *calendar, int year)
{
    char text[8];
    (void)snprintf(text, sizeof text, "%04d", year % 10000);
    for (size_t i = 0; i < calendar->count; i++)
        if (gf_str_starts(calendar->dates[i], gf_str_of(text)))
            return true;
    return false;
}

static bool is_workday(const case_calendar *calendar, gf_day day)
{
    char text[GF_DAY_BYTES];
    gf_str date = { text, gf_day_format(day, text) };
    for (size_t low = 0, high = calendar->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = gf_str_cmp(calendar->dates[middle], date);
        if (order == 0)
            return !calendar->off[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return gf_day_weekday(day) <= 5;
}

gf_day case_due(const case_calendar *calendar, gf_day from, int workdays, bool *covered)
{
    gf_day day = from;
    int year, month, mday;
    *covered = true;
    for (int left = workdays; left > 0;) {
        day++;
        left -= is_workday(calendar, day);
        gf_day_split(day, &year, &month, &mday);
        if (mday == 1 || left == 0)
            *covered = *covered && calendar_has_year(calendar, year);
    }
    return day;
}
