/* Cases of the store: every chain of steps is checked when steps are loaded; open ones are listed with their due day.
 *
 * The rules are case.c's, which reads nothing. Here steps are brought into the order of case, date and key, and walked
 * once; the list finds each case's steps among them by halving.
 */
#include "app/case.h"
#include "app/figures.h"
#include "app/load_inside.h"

#include <stdlib.h>
#include <string.h>

static int by_case_date_id(const void *a, const void *b)
{
    const record *x = a, *y = b;
    int order = gf_str_cmp(record_value(x, "case"), record_value(y, "case"));
    order = order ? order : gf_str_cmp(record_value(x, "date"), record_value(y, "date"));
    return order ? order : gf_str_cmp(record_key(x), record_key(y));
}

static case_step step_of(const record *row)
{
    gf_period day = { 0, 0 };
    (void)gf_period_parse(record_value(row, "date"), &day, NULL);
    return (case_step){ record_value(row, "stage"), record_value(row, "actor"), record_value(row, "proof"), day.first };
}

static gf_status read_steps(gf_app *app, gf_arena *keep, record **steps, size_t *count, gf_error *err)
{
    gf_status status = record_all(app, "case_steps", keep, steps, count, err);
    if (status == GF_OK && *count)
        qsort(*steps, *count, sizeof **steps, by_case_date_id);
    return status;
}

gf_status load_check_cases(load_job *load, gf_error *err)
{
    record *steps;
    size_t count;
    gf_arena *keep = load->arena;
    gf_status status = read_steps(load->app, keep, &steps, &count, err);
    gf_str before = { "", 0 };
    gf_day before_date = 0;
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        record found;
        if (i == 0 || !gf_str_eq(record_value(&steps[i], "case"), record_value(&steps[i - 1], "case")))
            before = (gf_str){ "", 0 };
        status = record_read(load->app, "cases", record_value(&steps[i], "case"), keep, &found, err);
        const case_kind *kind = status == GF_OK ? case_kind_find(record_value(&found, "kind")) : NULL;
        case_step step = step_of(&steps[i]);
        if (kind)
            status = case_check_step(kind, before, before_date, record_value(&found, "opener"), &step, err);
        if (status != GF_OK) {
            size_t index = (size_t)(gf_register_find(GF_STR("case_steps")) - GF_REGISTERS);
            const int64_t *line = map_find(&load->keys[index], record_key(&steps[i]));
            (void)gf_fail_at(err, "case_steps.csv:%lld", line ? (long long)*line : 0);
        }
        before = step.stage;
        before_date = step.date;
    }
    return status;
}

/* ---- The list ---- */

/* The last step of a case up to a day; stage "" when there is none. */
static case_step last_step(const record *steps, size_t count, gf_str id, gf_day day)
{
    case_step last = { .stage = { "", 0 } };
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (gf_str_cmp(record_value(&steps[middle], "case"), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && gf_str_eq(record_value(&steps[low], "case"), id); low++) {
        case_step step = step_of(&steps[low]);
        if (step.date <= day)
            last = step;
    }
    return last;
}

typedef struct place_names { text_map index; gf_str *name; } place_names;

/* Of the places where cases lie: at most as many as there are cases. */
static gf_status read_place_names(gf_app *app, size_t case_count, gf_arena *keep, place_names *out, gf_error *err)
{
    bool fresh;
    size_t count = 0;
    map_init(&out->index, keep);
    out->name = gf_new(keep, gf_str, case_count + 1);
    if (!out->name)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "case_places");
    while (gf_stmt_row(stmt) && count < case_count) {
        int64_t *at = map_put(&out->index, gf_row_str(stmt, 0), &fresh);
        if (!at)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        out->name[count] = gf_row_copy(stmt, 1, keep);
        *at = (int64_t)count++;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static gf_str place_name(const place_names *names, gf_str code)
{
    const int64_t *at = map_find(&names->index, code);
    return at ? names->name[*at] : code;
}

static gf_status read_calendar(gf_app *app, gf_arena *keep, case_calendar *out, gf_error *err)
{
    record *rows;
    size_t count;
    gf_status status = record_all(app, "holidays", keep, &rows, &count, err);
    gf_str *dates = gf_new(keep, gf_str, count + 1);
    bool *off = gf_new(keep, bool, count + 1);
    if (!dates || !off)
        return gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        dates[i] = record_key(&rows[i]);
        off[i] = gf_str_is(record_value(&rows[i], "kind"), "holiday");
    }
    *out = (case_calendar){ dates, off, count };
    return status;
}

static gf_str due_text(const case_calendar *calendar, const case_kind *kind, const case_step *last, gf_day today, bool zh, gf_arena *keep)
{
    bool covered;
    char day[GF_DAY_BYTES];
    int workdays = kind ? case_due_workdays(kind, last->stage) : 0;
    if (workdays == 0)
        return (gf_str){ "", 0 };
    gf_day due = case_due(calendar, last->date, workdays, &covered);
    (void)gf_day_format(due, day);
    return figure_text(keep, "%s%s%s", day, due < today ? (zh ? " 超期" : " overdue") : "", covered ? "" : zh ? "(只计周末)" : " (weekends only)");
}

gf_status gf_app_cases(gf_app *app, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err)
{
    static const char *const ZH[] = { "编号", "类别", "事项", "地点", "阶段", "承办人", "下一步期限" };
    static const char *const EN[] = { "id", "kind", "what", "place", "stage", "assignee", "next step due" };
    bool zh = !gf_str_is(lang, "en");
    record *cases, *steps;
    size_t case_count, step_count;
    case_calendar calendar;
    place_names names = { .name = NULL };
    gf_period day = { 0, gf_utc_day(app->now(), 480) };
    gf_status status = on.len ? gf_period_parse(on, &day, err) : GF_OK;
    if (status == GF_OK)
        status = record_all(app, "cases", keep, &cases, &case_count, err);
    if (status == GF_OK)
        status = read_steps(app, keep, &steps, &step_count, err);
    if (status == GF_OK)
        status = read_calendar(app, keep, &calendar, err);
    if (status == GF_OK)
        status = read_place_names(app, case_count, keep, &names, err);
    if (status != GF_OK)
        return map_done(&names.index), status;
    *out = (gf_app_table){ .title = zh ? GF_STR("工单") : GF_STR("cases"), .heads = gf_new(keep, gf_str, GF_COUNT(ZH)), .column_count = GF_COUNT(ZH), .rows = gf_new(keep, gf_app_row, case_count + 1) };
    for (size_t i = 0; out->heads && i < GF_COUNT(ZH); i++)
        out->heads[i] = gf_str_of(zh ? ZH[i] : EN[i]);
    for (size_t i = 0; out->heads && out->rows && i < case_count; i++) {
        case_step last = last_step(steps, step_count, record_key(&cases[i]), day.last);
        const gf_str cells[] = { record_key(&cases[i]), record_value(&cases[i], "kind"), record_value(&cases[i], "name"), place_name(&names, record_value(&cases[i], "place")),
                                 last.stage, record_value(&cases[i], "assignee"), due_text(&calendar, case_kind_find(record_value(&cases[i], "kind")), &last, day.last, zh, keep) };
        gf_app_row *row = &out->rows[out->row_count++];
        row->cells = gf_new(keep, gf_str, GF_COUNT(cells));
        if (!row->cells)
            return map_done(&names.index), gf_fail_memory(err);
        memcpy(row->cells, cells, sizeof cells);
    }
    map_done(&names.index);
    return out->heads && out->rows ? gf_store_ok(app->store, err) : gf_fail_memory(err);
}
