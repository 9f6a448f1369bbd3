/* The programme in the shape of IATI 2.03: itself as hierarchy 1, its projects and funds as hierarchy 2.
 *
 * What the standard asks for and the books do not hold is never made up: a loose period gives its first or last day and
 * says so, a project without a stage takes its status from the programme's term and says so, an organisation without a
 * credit code gets a reference that names itself a placeholder. docs/iati.md is the contract.
 */
#include "app/iati_inside.h"

#include <string.h>

void *iati_room(iati_job *job, void *items, size_t count, size_t *room, size_t item_bytes)
{
    if (job->status != GF_OK)
        return NULL;
    if (count < *room)
        return items;
    size_t larger_room = *room ? *room * 2 : 8;
    void *larger = gf_arena_alloc(job->keep, larger_room, item_bytes);
    if (!larger) {
        job->status = gf_fail_memory(job->err);
        return NULL;
    }
    if (count)
        memcpy(larger, items, count * item_bytes);
    *room = larger_room;
    return larger;
}

gf_str iati_day(iati_job *job, gf_day day)
{
    char text[GF_DAY_BYTES];
    return gf_str_copy(job->keep, (gf_str){ text, gf_day_format(day, text) });
}

gf_str iati_safe(iati_job *job, gf_str id)
{
    gf_text text;
    gf_text_init(&text, job->keep);
    for (size_t i = 0; i < id.len; i++) {
        unsigned char c = (unsigned char)id.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
        if (plain)
            gf_text_add_char(&text, (char)c);
        else
            gf_text_format(&text, "_%02X", c);
    }
    return gf_text_str(&text);
}

/* ---- Organisations ---- */

static const char *type_of(gf_str kind)
{
    static const struct { const char *kind, *type; } TYPES[] = { { "department", "10" }, { "district", "11" }, { "university", "80" }, { "research", "80" }, { "school", "80" }, { "bank", "15" } };
    for (size_t i = 0; i < GF_COUNT(TYPES); i++)
        if (gf_str_is(kind, TYPES[i].kind))
            return TYPES[i].type;
    return "90";
}

gf_app_iati_org iati_unit(iati_job *job, gf_str unit, const char *role)
{
    int64_t *index = map_find(&job->units, unit);
    gf_app_iati_org org = { .type = "90", .role = role };
    if (!index)
        return org;
    const record *row = &job->unit_rows[*index - 1];
    gf_str code = record_value(row, "credit_code");
    org.ref = code.len ? figure_text(job->keep, "CN-USCI-%.*s", GF_STR_ARG(code)) : figure_text(job->keep, "CN-USCI-PENDING-%.*s", GF_STR_ARG(iati_safe(job, unit)));
    org.name = (gf_app_words){ record_value(row, "name"), record_value(row, "name_en") };
    org.type = type_of(record_value(row, "kind"));
    return org;
}

void iati_add_org(iati_job *job, gf_app_iati_activity *activity, gf_app_iati_org org)
{
    for (size_t i = 0; job->status == GF_OK && i < activity->org_count; i++)
        if (gf_str_eq(activity->orgs[i].ref, org.ref) && strcmp(activity->orgs[i].role, org.role) == 0)
            return;
    gf_app_iati_org *slot = org.name.zh.len ? IATI_PUSH(job, activity->orgs, activity->org_count, &activity->org_room) : NULL;
    if (slot)
        *slot = org;
}

static void read_units(iati_job *job)
{
    job->status = record_all(job->app, "units", job->keep, &job->unit_rows, &job->unit_count, job->err);
    for (size_t i = 0; job->status == GF_OK && i < job->unit_count; i++) {
        bool fresh;
        int64_t *slot = map_put(&job->units, record_key(&job->unit_rows[i]), &fresh);
        if (slot)
            *slot = (int64_t)i + 1;
        else
            job->status = gf_fail_memory(job->err);
    }
}

/* ---- Notes, dates, places ---- */

void iati_note(iati_job *job, gf_app_iati_activity *activity, gf_str zh, gf_str en)
{
    gf_app_words *slot = IATI_PUSH(job, activity->notes, activity->note_count, &activity->note_room);
    if (slot)
        *slot = (gf_app_words){ zh, en };
}

static void add_date(iati_job *job, gf_app_iati_activity *activity, const char *type, gf_day day, gf_str zh, gf_str en)
{
    gf_app_iati_date *slot = IATI_PUSH(job, activity->dates, activity->date_count, &activity->date_room);
    if (slot)
        *slot = (gf_app_iati_date){ type, iati_day(job, day), { zh, en } };
}

/* First and last day of a period as start and end, planned or actual as the day of writing has it. */
static void add_dates(iati_job *job, gf_app_iati_activity *activity, gf_str period, bool own)
{
    gf_period span;
    if (period.len == 0 || gf_period_parse(period, &span, NULL) != GF_OK)
        return;
    const char *zh = own ? "记为“%.*s”，取其%s" : "自身期间未载明，取项目群期间“%.*s”的%s", *en = own ? "told as \"%.*s\": its %s day" : "no period told; the programme's \"%.*s\": its %s day";
    bool begun = span.first <= job->today, ended = span.last <= job->today;
    add_date(job, activity, begun ? "2" : "1", span.first, figure_text(job->keep, zh, GF_STR_ARG(period), "首日"), figure_text(job->keep, en, GF_STR_ARG(period), "first"));
    if (span.last != INT32_MAX)
        add_date(job, activity, ended && begun ? "4" : "3", span.last, figure_text(job->keep, zh, GF_STR_ARG(period), "末日"), figure_text(job->keep, en, GF_STR_ARG(period), "last"));
}

static void add_place(iati_job *job, gf_app_iati_activity *activity, gf_str code)
{
    for (size_t i = 0; job->status == GF_OK && i < activity->place_count; i++)
        if (gf_str_eq(activity->places[i].code, code))
            return;
    gf_app_iati_place *slot = code.len ? IATI_PUSH(job, activity->places, activity->place_count, &activity->place_room) : NULL;
    if (!slot)
        return;
    *slot = (gf_app_iati_place){ .code = code, .name = figure_place_name(job->app, code, job->keep) };
    gf_stmt *stmt = gf_store_named(job->app->store, "best_position");
    gf_stmt_str(stmt, 1, code);
    if (gf_stmt_row(stmt)) {
        gf_decimal error, fine = { 100, 0 };
        gf_str source = gf_row_str(stmt, 3);
        slot->lon = gf_row_copy(stmt, 0, job->keep);
        slot->lat = gf_row_copy(stmt, 1, job->keep);
        slot->exactness = gf_decimal_parse(gf_row_str(stmt, 2), &error) && gf_decimal_cmp(error, fine) <= 0 ? "1" : "2";
        if (gf_str_starts(source, GF_STR("geonames:")))
            slot->geonames = gf_str_copy(job->keep, gf_str_slice(source, 9, source.len));
    }
    gf_stmt_end(stmt);
}

/* ---- Activities ---- */

/* Budgets of the standard last a year at most; a longer one is told in words. */
static void add_budget(iati_job *job, gf_app_iati_activity *activity, const record *project)
{
    int64_t fen;
    gf_period span;
    gf_str period = record_value(project, "period"), stage = record_value(project, "stage");
    if (!gf_str_to_int(record_value(project, "budget_fen"), &fen) || fen <= 0)
        return;
    if (period.len && gf_period_parse(period, &span, NULL) == GF_OK && span.last != INT32_MAX && span.last - span.first <= 365) {
        activity->budget = fen;
        activity->budget_from = iati_day(job, span.first);
        activity->budget_to = iati_day(job, span.last);
        activity->budget_status = stage.len && !gf_str_is(stage, "proposed") ? "2" : "1";
        return;
    }
    iati_note(job, activity, figure_text(job->keep, "预算%lld分，期间未载明或超过一年，未按年分列，故不列为 budget", (long long)fen),
              figure_text(job->keep, "a budget of %lld fen is on record without a period of at most a year, so it is no budget element", (long long)fen));
}

static void add_status(iati_job *job, gf_app_iati_activity *activity, gf_str stage)
{
    static const struct { const char *stage, *status; } STAGES[] = { { "proposed", "1" }, { "approved", "2" }, { "contracted", "2" }, { "building", "2" }, { "accepted", "3" }, { "handed_over", "4" } };
    for (size_t i = 0; i < GF_COUNT(STAGES); i++)
        if (gf_str_is(stage, STAGES[i].stage)) {
            activity->status = STAGES[i].status;
            return;
        }
    activity->status = job->has_term && job->term.last < job->today ? "4" : "2";
    iati_note(job, activity, GF_STR("阶段未载明，状态按项目群期间推定"), GF_STR("no stage is on record: the status follows the programme's term"));
}

static gf_app_words demo_words(iati_job *job, gf_app_words words)
{
    if (!job->demo)
        return words;
    return (gf_app_words){ figure_text(job->keep, "【演示·虚构】%.*s", GF_STR_ARG(words.zh)), words.en.len ? figure_text(job->keep, "[DEMO, invented] %.*s", GF_STR_ARG(words.en)) : words.en };
}

static gf_app_iati_activity *open_activity(iati_job *job, gf_str key, gf_str name)
{
    bool fresh;
    int64_t *index = job->status == GF_OK ? map_put(&job->activities, key, &fresh) : NULL;
    gf_app_iati_activity *activity = index ? IATI_PUSH(job, job->out->activities, job->out->activity_count, &job->activity_room) : NULL;
    if (!activity) {
        job->status = job->status == GF_OK ? gf_fail_memory(job->err) : job->status;
        return NULL;
    }
    *index = (int64_t)job->out->activity_count;
    *activity = (gf_app_iati_activity){ .id = name.len ? figure_text(job->keep, "%.*s-%.*s", GF_STR_ARG(job->prefix), GF_STR_ARG(name)) : job->prefix };
    if (job->out->activity_count > 1) {
        activity->parent = job->prefix;
        iati_add_org(job, activity, iati_unit(job, record_value(&job->programme, "lead"), "2"));
    }
    return activity;
}

static void add_units(iati_job *job, gf_app_iati_activity *activity, gf_str units)
{
    gf_str unit;
    while (gf_str_cut(&units, ';', &unit))
        iati_add_org(job, activity, iati_unit(job, unit, "4"));
}

static void add_project(iati_job *job, const record *project)
{
    gf_app_iati_activity *activity = open_activity(job, figure_text(job->keep, "project/%.*s", GF_STR_ARG(record_key(project))), iati_safe(job, record_key(project)));
    if (!activity)
        return;
    gf_str period = record_value(project, "period"), note = record_value(project, "note"), place = record_value(project, "place");
    activity->title = demo_words(job, (gf_app_words){ record_value(project, "name"), record_value(project, "name_en") });
    activity->about.zh = figure_text(job->keep, "%.*s%s%.*s", GF_STR_ARG(activity->title.zh), note.len ? "。" : "", GF_STR_ARG(note));
    activity->about.en = activity->title.en;
    add_units(job, activity, record_value(project, "units"));
    add_status(job, activity, record_value(project, "stage"));
    add_dates(job, activity, period.len ? period : record_value(&job->programme, "period"), period.len > 0);
    add_place(job, activity, place.len ? place : record_value(&job->programme, "place"));
    add_budget(job, activity, project);
}

static void add_projects(iati_job *job)
{
    record *rows;
    size_t count = 0;
    if (job->status == GF_OK)
        job->status = record_all(job->app, "projects", job->keep, &rows, &count, job->err);
    for (size_t i = 0; job->status == GF_OK && i < count; i++)
        if (record_wanted(job->origins, rows[i].origin))
            add_project(job, &rows[i]);
}

static void describe_fund(iati_job *job, gf_app_iati_activity *activity, gf_str fund)
{
    record row;
    if (fund.len == 0 || record_read(job->app, "funds", fund, job->keep, &row, NULL) != GF_OK) {
        activity->title = demo_words(job, (gf_app_words){ GF_STR("未写明项目与资金的分录"), GF_STR("entries that name neither project nor fund") });
        activity->about = activity->title;
        add_dates(job, activity, record_value(&job->programme, "period"), false);
        return;
    }
    gf_str period = record_value(&row, "period"), purpose = record_value(&row, "purpose");
    activity->title = demo_words(job, (gf_app_words){ record_value(&row, "name"), record_value(&row, "name_en") });
    activity->about = (gf_app_words){ figure_text(job->keep, "%.*s：%.*s", GF_STR_ARG(activity->title.zh), GF_STR_ARG(purpose.len ? purpose : GF_STR("用途未载明"))), activity->title.en };
    add_dates(job, activity, period.len ? period : record_value(&job->programme, "period"), period.len > 0);
    add_place(job, activity, record_value(&row, "place"));
    add_units(job, activity, record_value(&row, "owner"));
}

gf_app_iati_activity *iati_activity_for(iati_job *job, gf_str project, gf_str fund, gf_str place)
{
    gf_str key = project.len ? figure_text(job->keep, "project/%.*s", GF_STR_ARG(project)) : figure_text(job->keep, "fund/%.*s", GF_STR_ARG(fund));
    int64_t *index = map_find(&job->activities, key);
    if (index)
        return &job->out->activities[*index - 1];
    if (project.len)  /* a project of another origin: its entry stands under its fund */
        return iati_activity_for(job, (gf_str){ "", 0 }, fund, place);
    gf_app_iati_activity *activity = open_activity(job, key, fund.len ? figure_text(job->keep, "fund-%.*s", GF_STR_ARG(iati_safe(job, fund))) : GF_STR("other"));
    if (!activity)
        return NULL;
    describe_fund(job, activity, fund);
    add_status(job, activity, (gf_str){ "", 0 });
    if (activity->place_count == 0)
        add_place(job, activity, place.len ? place : record_value(&job->programme, "place"));
    return activity;
}

static void add_members(iati_job *job, gf_app_iati_activity *activity)
{
    gf_stmt *stmt = gf_store_named(job->app->store, "members_of_programme");
    gf_stmt_str(stmt, 1, job->id);
    while (job->status == GF_OK && gf_stmt_row(stmt)) {
        gf_str scope = gf_row_copy(stmt, 0, job->keep), unit = gf_str_slice(scope, 5, scope.len);
        if (!gf_str_eq(unit, record_value(&job->programme, "lead")))
            iati_add_org(job, activity, iati_unit(job, unit, "4"));
    }
    gf_stmt_end(stmt);
}

static void add_programme(iati_job *job)
{
    gf_app_iati_activity *activity = open_activity(job, GF_STR("programme"), (gf_str){ "", 0 });
    if (!activity)
        return;
    gf_str period = record_value(&job->programme, "period"), note = record_value(&job->programme, "note");
    activity->title = demo_words(job, (gf_app_words){ record_value(&job->programme, "name"), record_value(&job->programme, "name_en") });
    activity->about = (gf_app_words){ figure_text(job->keep, "%.*s。期间%.*s。%.*s", GF_STR_ARG(activity->title.zh), GF_STR_ARG(period.len ? period : GF_STR("未载明")), GF_STR_ARG(note)),
                                      activity->title.en };
    iati_add_org(job, activity, iati_unit(job, record_value(&job->programme, "lead"), "2"));
    add_members(job, activity);
    activity->status = job->has_term && job->term.last < job->today ? "4" : "2";
    add_dates(job, activity, period, true);
    add_place(job, activity, record_value(&job->programme, "place"));
    iati_note(job, activity, GF_STR("资金只列在下级活动中；现金、实物、贷款、企业投资各有说明，从不相加；经济成果是指标，不是资金往来"),
              GF_STR("money stands in the activities below only; cash, kind, loans and enterprise investment are told apart and never added; economic results are indicators, not transactions"));
}

/* ---- All of it ---- */

static gf_status choose(iati_job *job, const gf_app_report_options *options, gf_error *err)
{
    job->default_programme = figure_default_programme(job->app, job->keep);
    job->id = options->programme.len ? options->programme : job->default_programme;
    if (job->id.len == 0)
        return gf_fail(err, GF_ENOTFOUND, "report.programme", "Load one: gongfu load data/taishun", "the store holds no programme");
    gf_status status = record_read(job->app, "programmes", job->id, job->keep, &job->programme, err);
    if (status != GF_OK)
        return status;
    job->demo = gf_str_is(job->programme.origin, "demo");
    job->origins = options->origins.len ? options->origins : figure_programme_origins(job->app, job->id, job->keep);
    job->has_term = gf_period_parse(record_value(&job->programme, "period"), &job->term, NULL) == GF_OK;
    read_units(job);
    gf_str lead = record_value(&job->programme, "lead");
    job->out->reporter = iati_unit(job, lead, NULL);
    if (job->status == GF_OK && job->out->reporter.name.zh.len == 0)
        return gf_fail(err, GF_EINPUT, "iati.reporter", "Give the programme a lead unit.", "programme \"%.*s\" has no lead unit that could report it", GF_STR_ARG(gf_str_slice(job->id, 0, 60)));
    if (job->status == GF_OK && !job->has_term)
        return gf_fail(err, GF_EINPUT, "iati.term", "Give the programme a period, for example 2021-07/2023-12.", "programme \"%.*s\" has no period: the standard asks every activity for a start",
                       GF_STR_ARG(gf_str_slice(job->id, 0, 60)));
    job->prefix = figure_text(job->keep, "%.*s-%s%.*s", GF_STR_ARG(job->out->reporter.ref), job->demo ? "DEMO-" : "", GF_STR_ARG(iati_safe(job, job->id)));
    return job->status;
}

static void list_orgs(iati_job *job)
{
    for (size_t i = 0; job->status == GF_OK && i < job->out->activity_count; i++) {
        const gf_app_iati_activity *activity = &job->out->activities[i];
        for (size_t k = 0; k < activity->org_count; k++) {
            bool fresh;
            int64_t *seen = map_put(&job->activities, figure_text(job->keep, "org/%.*s", GF_STR_ARG(activity->orgs[k].ref)), &fresh);
            gf_app_iati_org *slot = seen && fresh ? IATI_PUSH(job, job->out->orgs, job->out->org_count, &job->org_room) : NULL;
            if (slot)
                *slot = activity->orgs[k];
        }
    }
}

static gf_status gather(iati_job *job, const gf_app_report_options *options, gf_error *err)
{
    gf_status status = choose(job, options, err);
    if (status != GF_OK)
        return status;
    add_programme(job);
    add_projects(job);
    iati_gather_money(job);
    iati_gather_results(job, options);
    list_orgs(job);
    return job->status == GF_OK ? gf_store_ok(job->app->store, err) : job->status;
}

gf_status gf_app_iati_read(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_iati *out, gf_error *err)
{
    *out = (gf_app_iati){ .demo = false };
    iati_job job = { .app = app, .keep = keep, .out = out, .today = gf_utc_day(app->now(), 480), .err = err };
    gf_status status = app_begin_read(app, err);
    if (status != GF_OK)
        return status;
    map_init(&job.activities, keep);
    map_init(&job.units, keep);
    status = gather(&job, options, err);
    out->demo = job.demo;
    out->as_of = iati_day(&job, job.today);
    map_done(&job.activities);
    map_done(&job.units);
    return app_end_read(app, status, err);
}
