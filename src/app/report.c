/* The report: money by scope, indicators, chapters, and every figure named in them with its derivation.
 *
 * Figures are gathered while the text is written: what a sentence names is opened once, whatever the number of times it
 * is named. Totals come from the maintained ones, so that a report of a large ledger reads no entries.
 */
#include "app/report_inside.h"
#include "app/browse.h"

#include "fund/gf_fund.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 16, INPUT_DEPTH_MAX = 4 };

bool report_zh(const report_job *job) { return !gf_str_is(job->lang, "en"); }

void *report_room(report_job *job, void *items, size_t count, size_t *room, size_t item_bytes)
{
    if (count < *room)
        return items;
    size_t larger_room = *room ? *room * 2 : ROOM_FIRST;
    void *larger = gf_arena_alloc(job->keep, larger_room, item_bytes);
    if (!larger) {
        job->status = job->status == GF_OK ? gf_fail_memory(job->err) : job->status;
        return NULL;
    }
    if (count)
        memcpy(larger, items, count * item_bytes);
    *room = larger_room;
    return larger;
}

/* ---- Figures ---- */

static bool is_composed(gf_str id)
{
    return gf_str_starts(id, GF_STR("total.")) || gf_str_starts(id, GF_STR("indicator.")) || gf_str_starts(id, GF_STR("count."));
}

static const gf_app_derived *know(report_job *job, gf_str id, int depth)
{
    bool fresh;
    if (job->status != GF_OK)
        return NULL;
    int64_t *known = map_find(&job->figures, id);
    if (known)
        return *known < 0 ? NULL : &job->out->figures[*known];
    figure_answer answer;
    gf_status status = figure_open(job->app, NULL, id, job->lang, false, job->keep, &answer, job->err);
    int64_t *index = map_put(&job->figures, id, &fresh);
    if (!index || (status != GF_OK && status != GF_ENOTFOUND)) {
        job->status = index ? status : gf_fail_memory(job->err);
        return NULL;
    }
    *index = -1;
    gf_app_derived *slot = status == GF_OK ? REPORT_PUSH(job, job->out->figures, job->out->figure_count, &job->figure_room) : NULL;
    if (!slot)
        return NULL;
    size_t at = job->out->figure_count - 1;
    *slot = answer.derived;
    *index = (int64_t)at;
    for (size_t i = 0; i < answer.derived.input_count && depth < INPUT_DEPTH_MAX; i++)
        if (is_composed(answer.derived.inputs[i]))
            (void)know(job, answer.derived.inputs[i], depth + 1);
    return &job->out->figures[at];
}

const gf_app_derived *report_know(report_job *job, gf_str id) { return know(job, id, 0); }

/* ---- Writing ---- */

void report_chapter(report_job *job, gf_str id, gf_str scope, gf_str title)
{
    report_end_paragraph(job);
    job->chapter = REPORT_PUSH(job, job->out->chapters, job->out->chapter_count, &job->chapter_room);
    job->paragraph_room = 0;
    if (job->chapter)
        *job->chapter = (gf_app_chapter){ .id = id, .scope = scope, .title = title };
}

static gf_app_paragraph *open_paragraph(report_job *job)
{
    if (!job->chapter || job->status != GF_OK)
        return NULL;
    if (!job->paragraph) {
        job->paragraph = REPORT_PUSH(job, job->chapter->paragraphs, job->chapter->paragraph_count, &job->paragraph_room);
        job->part_room = 0;
        if (job->paragraph)
            *job->paragraph = (gf_app_paragraph){ .parts = NULL };
        gf_text_init(&job->text, job->keep);
    }
    return job->paragraph;
}

static void close_text(report_job *job)
{
    gf_app_paragraph *p = job->paragraph;
    if (!p || job->text.len == 0)
        return;
    gf_app_part *part = REPORT_PUSH(job, p->parts, p->part_count, &job->part_room);
    if (part)
        *part = (gf_app_part){ gf_text_str(&job->text), { "", 0 } };
    gf_text_init(&job->text, job->keep);
}

void report_say(report_job *job, const char *format, ...)
{
    char text[1200];
    if (!open_paragraph(job))
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    gf_str said = gf_str_of(text);
    while (said.len && !gf_utf8_valid(said, NULL))
        said.len--;
    gf_text_add(&job->text, said);
}

void report_figure(report_job *job, gf_str id)
{
    gf_app_paragraph *p = open_paragraph(job);
    const gf_app_derived *known = p ? report_know(job, id) : NULL;
    if (!known)
        return;
    close_text(job);
    gf_text value;
    gf_text_init(&value, job->keep);
    gf_figure_write_value(&value, &known->figure, job->lang);
    gf_app_part *part = REPORT_PUSH(job, p->parts, p->part_count, &job->part_room);
    if (part)
        *part = (gf_app_part){ gf_text_str(&value), known->figure.id };
}

static void join_parts(report_job *job, gf_app_paragraph *p)
{
    gf_text text;
    gf_text_init(&text, job->keep);
    p->figures = gf_new(job->keep, gf_str, p->part_count + 1);
    for (size_t i = 0; i < p->part_count && p->figures; i++) {
        gf_text_add(&text, p->parts[i].text);
        bool seen = p->parts[i].figure.len == 0;
        for (size_t k = 0; k < p->figure_count; k++)
            seen = seen || gf_str_eq(p->figures[k], p->parts[i].figure);
        if (!seen)
            p->figures[p->figure_count++] = p->parts[i].figure;
    }
    p->text = gf_text_str(&text);
}

void report_end_paragraph(report_job *job)
{
    if (!job->paragraph)
        return;
    close_text(job);
    join_parts(job, job->paragraph);
    job->paragraph = NULL;
}

/* ---- Records ---- */

gf_str report_name(const report_job *job, const record *rec)
{
    gf_str en = record_value(rec, "name_en");
    return report_zh(job) || en.len == 0 ? record_value(rec, "name") : en;
}

bool report_wants(const report_job *job, const record *rec)
{
    gf_period period;
    gf_str text = record_value(rec, "period");
    if (!record_wanted(job->origins, rec->origin))
        return false;
    return text.len == 0 || gf_period_parse(text, &period, NULL) != GF_OK || gf_period_overlaps(period, job->span);
}

/* ---- Money ---- */

static const char *static_word(gf_str word)
{
    for (int kind = 0; kind < GF_FUND_KIND_COUNT; kind++) {
        if (gf_str_is(word, gf_fund_kind_name((gf_fund_kind)kind)))
            return gf_fund_kind_name((gf_fund_kind)kind);
        for (const char *const *stage = gf_fund_stages((gf_fund_kind)kind); *stage; stage++)
            if (gf_str_is(word, *stage))
                return *stage;
    }
    return NULL;
}

static void add_money(report_job *job, gf_str scope, gf_str kind, gf_str stage)
{
    gf_str id = figure_text(job->keep, "total.%.*s%.*s.%.*s.%s@%.*s%.*s", GF_STR_ARG(job->prefix), GF_STR_ARG(scope), GF_STR_ARG(kind),
                            stage.len ? static_word(stage) : "none", GF_STR_ARG(job->period), GF_STR_ARG(job->origin_suffix));
    size_t before = job->out->figure_count;
    const gf_app_derived *known = report_know(job, id);
    if (known && known->figure.value.digits == 0 && job->out->figure_count == before + 1) {
        job->out->figure_count = before;  /* taken back to nothing: not shown, so no figure of the report */
        *map_find(&job->figures, id) = -1;
        known = NULL;
    }
    if (!known || known->figure.value.digits == 0)
        return;
    gf_app_money *money = REPORT_PUSH(job, job->out->money, job->out->money_count, &job->money_room);
    gf_fen amount = 0;
    (void)gf_fen_from_yuan(known->figure.value, &amount);
    if (money)
        *money = (gf_app_money){ gf_str_copy(job->keep, scope), known->figure.who, static_word(kind), stage.len ? static_word(stage) : NULL, amount, known->figure.bound, known->figure.id };
}

typedef struct money_row { gf_str scope, kind, stage; } money_row;

typedef struct money_list { money_row *rows; size_t count, room; } money_list;

/* `scope` is bound where the statement asks for one. */
static void list_money(report_job *job, money_list *list, const char *statement, gf_str scope)
{
    gf_stmt *stmt = gf_store_named(job->app->store, statement);
    gf_stmt_str(stmt, 1, job->programme);
    if (scope.len)
        gf_stmt_str(stmt, 2, scope);
    while (job->status == GF_OK && gf_stmt_row(stmt)) {
        money_row *row = REPORT_PUSH(job, list->rows, list->count, &list->room);
        if (row)
            *row = (money_row){ gf_row_copy(stmt, 0, job->keep), gf_row_copy(stmt, 1, job->keep), gf_row_copy(stmt, 2, job->keep) };
    }
    gf_stmt_end(stmt);
}

static void gather_money(report_job *job)
{
    money_list list = { .count = 0 };
    const gf_str none = { "", 0 };
    for (size_t i = 0; i < job->code_count; i++)
        list_money(job, &list, "money_of_scope", figure_text(job->keep, "place:%.*s", GF_STR_ARG(job->codes[i])));
    if (job->place.len == 0 && (job->brief || job->by_county))
        list_money(job, &list, "money_of_group", none);
    if (job->by_county) {
        list_money(job, &list, "money_of_counties", none);
        list_money(job, &list, "money_of_units", none);
    }
    if (job->place.len == 0 && !job->brief && !job->by_county)
        list_money(job, &list, "money_scopes", none);
    for (size_t i = 0; i < list.count && job->status == GF_OK; i++)
        add_money(job, list.rows[i].scope, list.rows[i].kind, list.rows[i].stage);
}

/* ---- Indicators ---- */

static gf_str indicator_figure(report_job *job, gf_str id, const char *part, gf_str period)
{
    if (period.len == 0)
        return (gf_str){ "", 0 };
    gf_str name = figure_text(job->keep, "indicator.%.*s%s@%.*s", GF_STR_ARG(id), part, GF_STR_ARG(period));
    return report_know(job, name) ? name : (gf_str){ "", 0 };
}

/* First and last period with an observation inside the report. */
static void observed_periods(report_job *job, const record *indicator, gf_str *first, gf_str *last)
{
    gf_stmt *stmt = gf_store_named(job->app->store, "observations_of_indicator");
    gf_stmt_str(stmt, 1, record_key(indicator));
    while (gf_stmt_row(stmt)) {
        if (!record_wanted(job->origins, gf_row_str(stmt, 2)) || gf_row_str(stmt, 1).len == 0)
            continue;
        *last = gf_row_copy(stmt, 1, job->keep);
        if (first->len == 0)
            *first = *last;
    }
    gf_stmt_end(stmt);
}

static void add_indicator(report_job *job, const record *row)
{
    gf_str first = { "", 0 }, last = { "", 0 }, baseline = record_value(row, "baseline_period"), id = record_key(row);
    observed_periods(job, row, &first, &last);
    if (gf_str_is(record_value(row, "reads"), "entries") && !gf_str_is(job->period, "all"))
        last = job->period;
    baseline = baseline.len ? baseline : gf_str_eq(first, last) ? (gf_str){ "", 0 } : first;
    gf_app_indicator *slot = REPORT_PUSH(job, job->out->indicators, job->out->indicator_count, &job->indicator_room);
    if (!slot)
        return;
    *slot = (gf_app_indicator){ .id = id, .name = report_name(job, row), .place = record_value(row, "place"), .unit = record_value(row, "unit"),
                                .baseline = indicator_figure(job, id, "", baseline), .actual = indicator_figure(job, id, "", last),
                                .target = record_value(row, "target").len ? indicator_figure(job, id, ".target", record_value(row, "target_period")) : (gf_str){ "", 0 } };
    if (slot->baseline.len && slot->actual.len && !gf_str_eq(baseline, last) && !gf_str_has(baseline, GF_STR("/")) && !gf_str_has(last, GF_STR("/")))
        slot->change = indicator_figure(job, id, ".change", figure_text(job->keep, "%.*s/%.*s", GF_STR_ARG(baseline), GF_STR_ARG(last)));
}

static void gather_indicators(report_job *job)
{
    record *rows;
    size_t count;
    if (job->status == GF_OK)
        job->status = record_all(job->app, "indicators", job->keep, &rows, &count, job->err);
    for (size_t i = 0; job->status == GF_OK && i < count; i++)
        if (record_wanted(job->origins, rows[i].origin) && report_is_inside(job, record_value(&rows[i], "place")))
            add_indicator(job, &rows[i]);
}

/* ---- All of it ---- */

static gf_status choose_period(report_job *job, const gf_app_report_options *options, const record *programme, gf_error *err)
{
    job->span = (gf_period){ INT32_MIN, INT32_MAX };
    gf_str from = options->from, to = options->to, term = record_value(programme, "period");
    if (from.len || to.len)
        job->period = figure_text(job->keep, "%.*s/%.*s", GF_STR_ARG(from.len ? from : GF_STR("1949-10-01")), GF_STR_ARG(to.len ? to : GF_STR("..")));
    else
        job->period = term.len ? term : GF_STR("all");
    if (gf_str_is(job->period, "all"))
        return GF_OK;
    gf_status status = gf_period_parse(job->period, &job->span, err);
    char day[GF_DAY_BYTES];
    if (status == GF_OK) {
        job->out->from = gf_str_copy(job->keep, (gf_str){ day, gf_day_format(job->span.first, day) });
        if (job->span.last != INT32_MAX)
            job->out->to = gf_str_copy(job->keep, (gf_str){ day, gf_day_format(job->span.last, day) });
    }
    return status;
}

static gf_status choose_programme(report_job *job, const gf_app_report_options *options, record *programme, gf_error *err)
{
    gf_str usual = figure_default_programme(job->app, job->keep);
    job->programme = options->programme.len ? options->programme : usual;
    if (job->programme.len == 0)
        return gf_fail(err, GF_ENOTFOUND, "report.programme", "Load one: gongfu load data/taishun", "the store holds no programme");
    gf_status status = record_read(job->app, "programmes", job->programme, job->keep, programme, err);
    if (status != GF_OK)
        return status;
    job->prefix = gf_str_eq(job->programme, usual) ? (gf_str){ "", 0 } : figure_text(job->keep, "%.*s/", GF_STR_ARG(job->programme));
    gf_str own = figure_programme_origins(job->app, job->programme, job->keep);
    job->origins = options->origins.len ? options->origins : own;
    job->origin_suffix = options->origins.len && !gf_str_eq(options->origins, own) ? figure_text(job->keep, "~%.*s", GF_STR_ARG(options->origins)) : (gf_str){ "", 0 };
    job->out->programme = gf_str_copy(job->keep, job->programme);
    job->out->programme_name = report_name(job, programme);
    return GF_OK;
}

bool report_is_inside(const report_job *job, gf_str place) { return job->place.len == 0 || map_find(&job->inside, place); }

static gf_status choose_place(report_job *job, const gf_app_report_options *options, const record *programme, gf_error *err)
{
    enum { CODES_MAX = 100000 };
    bool fresh;
    job->place = options->place;
    job->out->scope = options->place.len ? figure_text(job->keep, "place:%.*s", GF_STR_ARG(options->place)) : GF_STR("group");
    job->by_county = !options->brief && options->place.len == 0 && cockpit_by_county(job->app, gf_str_is(programme->origin, "demo"));
    if (options->place.len == 0)
        return GF_OK;
    gf_stmt *stmt = gf_store_named(job->app->store, "places_inside");
    gf_stmt_str(stmt, 1, options->place);
    size_t room = 0;
    while (job->status == GF_OK && gf_stmt_row(stmt) && job->code_count < CODES_MAX) {
        gf_str *code = REPORT_PUSH(job, job->codes, job->code_count, &room);
        if (code)
            *code = gf_row_copy(stmt, 0, job->keep);
        if (!code || !map_put(&job->inside, *code, &fresh))
            return gf_stmt_end(stmt), gf_fail_memory(err);
    }
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(job->app->store, err);
    if (status == GF_OK && job->code_count == 0)
        return gf_fail(err, GF_ENOTFOUND, "report.place", "Write the code of a place, for example 330329.", "there is no place \"%.*s\"", GF_STR_ARG(gf_str_slice(options->place, 0, 40)));
    return status;
}

static void list_origins(report_job *job)
{
    gf_str rest = job->origins, piece;
    job->out->origins = gf_new(job->keep, gf_str, 8);
    while (job->out->origins && job->out->origin_count < 8 && gf_str_cut(&rest, ',', &piece))
        job->out->origins[job->out->origin_count++] = gf_str_copy(job->keep, gf_str_trim(piece));
}

static int by_id(const void *a, const void *b)
{
    return gf_str_cmp(((const gf_app_derived *)a)->figure.id, ((const gf_app_derived *)b)->figure.id);
}

gf_status report_make(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_reported *out, gf_error *err)
{
    record programme;
    char hash[GF_HASH_HEX_BYTES], day[GF_DAY_BYTES];
    *out = (gf_app_reported){ .lang = gf_str_is(options->lang, "en") ? GF_STR("en") : GF_STR("zh") };
    report_job job = { .app = app, .reader = options->reader, .brief = options->brief, .keep = keep, .lang = out->lang, .out = out, .err = err };
    map_init(&job.figures, keep);
    map_init(&job.inside, keep);
    gf_status status = choose_programme(&job, options, &programme, err);
    if (status == GF_OK)
        status = choose_period(&job, options, &programme, err);
    if (status == GF_OK)
        status = choose_place(&job, options, &programme, err);
    if (status == GF_OK)
        status = ledger_head(app, &out->head_entry, hash, err);
    if (status == GF_OK) {
        out->head_hash = gf_str_copy(keep, gf_str_of(hash));
        out->as_of = gf_str_copy(keep, (gf_str){ day, gf_day_format(gf_utc_day(app->now(), 480), day) });
        list_origins(&job);
        gather_money(&job);
        gather_indicators(&job);
        report_write_chapters(&job);
        report_end_paragraph(&job);
        status = job.status == GF_OK ? gf_store_ok(app->store, err) : job.status;
    }
    map_done(&job.figures);
    map_done(&job.inside);
    if (status != GF_OK)
        return status;
    qsort(out->figures, out->figure_count, sizeof *out->figures, by_id);
    for (size_t i = 0; i < out->figure_count; i++)
        out->marks[out->figures[i].figure.basis]++;
    return GF_OK;
}

gf_status gf_app_report(gf_app *app, const gf_app_report_options *options, gf_arena *keep, gf_app_reported *out, gf_error *err)
{
    gf_status status = app_begin_read(app, err);
    return status == GF_OK ? app_end_read(app, report_make(app, options, keep, out, err), err) : status;
}
