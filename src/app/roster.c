/* As-of questions: who was paired with whom and posted where on a day; gaps and overlaps; the queue of loans.
 *
 * Terms are loose periods, so "on a day" means that the period takes the day in. Gaps are found by sorting by place,
 * post and first day and looking at neighbours. The order of loans is data: each bank's policy names the columns to
 * sort by.
 */
#include "app/figures.h"
#include "app/side.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 8, ROOM_FIRST = 64 };

typedef struct table_job { gf_app_table *table; gf_arena *keep; size_t room; bool zh; } table_job;

static bool is_zh(gf_str lang) { return !gf_str_is(lang, "en"); }

static void begin_table(table_job *job, gf_app_table *out, gf_arena *keep, bool zh, const char *title, const char *const *heads)
{
    *out = (gf_app_table){ .title = gf_str_of(title), .heads = gf_new(keep, gf_str, COLUMNS_MAX) };
    *job = (table_job){ out, keep, 0, zh };
    for (size_t i = 0; out->heads && heads[i]; i++)
        out->heads[out->column_count++] = gf_str_of(heads[i]);
}

static gf_status add_cells(table_job *job, const gf_str *cells, gf_error *err)
{
    gf_app_table *t = job->table;
    if (t->row_count == job->room) {
        size_t room = job->room ? job->room * 2 : ROOM_FIRST;
        gf_app_row *larger = gf_new(job->keep, gf_app_row, room);
        if (!larger)
            return gf_fail_memory(err);
        if (t->row_count)
            memcpy(larger, t->rows, t->row_count * sizeof *larger);
        t->rows = larger;
        job->room = room;
    }
    gf_app_row *row = &t->rows[t->row_count++];
    row->cells = gf_new(job->keep, gf_str, COLUMNS_MAX);
    if (!row->cells)
        return gf_fail_memory(err);
    memcpy(row->cells, cells, t->column_count * sizeof *cells);
    return GF_OK;
}

static gf_period period_of(const record *rec)
{
    gf_period period;
    gf_str text = record_value(rec, "period");
    return text.len && gf_period_parse(text, &period, NULL) == GF_OK ? period : (gf_period){ INT32_MIN, INT32_MAX };
}

/* ---- On a day ---- */

static gf_status list_register(gf_app *app, const char *reg, const side *about, gf_day day, table_job *job, gf_error *err)
{
    record *rows;
    size_t count;
    gf_status status = record_all(app, reg, job->keep, &rows, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        if (!side_has(about, rows[i].origin) || !gf_period_has(period_of(&rows[i]), day))
            continue;
        gf_str post = record_value(&rows[i], "post"), role = record_value(&rows[i], "role");
        const gf_str cells[] = { record_key(&rows[i]), figure_unit_names(app, record_value(&rows[i], "unit"), job->zh ? GF_STR("zh") : GF_STR("en"), job->keep),
                                 figure_place_name(app, record_value(&rows[i], "place"), job->keep), post.len ? post : role, record_value(&rows[i], "period"), rows[i].origin };
        status = add_cells(job, cells, err);
    }
    return status;
}

/* ---- Gaps and overlaps ---- */

static bool is_demo(const record *row) { return gf_str_is(row->origin, "demo"); }

/* Demo rows apart: an invented post neither fills a gap nor overlaps with anybody. */
static int by_place_and_start(const void *a, const void *b)
{
    const record *x = a, *y = b;
    int order = is_demo(x) - is_demo(y);
    if (order == 0)
        order = gf_str_cmp(record_value(x, "place"), record_value(y, "place"));
    if (order == 0)
        order = gf_str_cmp(record_value(x, "post"), record_value(y, "post"));
    gf_day first = period_of(x).first, second = period_of(y).first;
    return order ? order : (first > second) - (first < second);
}

static gf_str day_text(gf_day day, gf_arena *keep)
{
    char text[GF_DAY_BYTES];
    return gf_str_copy(keep, (gf_str){ text, gf_day_format(day, text) });
}

/* Between two neighbours of one place and post: a day nobody holds, or a day both hold. */
static gf_status compare(gf_app *app, const record *one, const record *next, const char *reg, table_job *job, gf_error *err)
{
    gf_period a = period_of(one), b = period_of(next);
    bool gap = a.last != INT32_MAX && b.first > a.last + 1, overlap = b.first <= a.last && b.first != INT32_MIN;
    if (is_demo(one) != is_demo(next) || !gf_str_eq(record_value(one, "place"), record_value(next, "place")) || !gf_str_eq(record_value(one, "post"), record_value(next, "post")) ||
        (!gap && !overlap) || (overlap && strcmp(reg, "pairings") == 0 && !gf_str_eq(record_value(one, "unit"), record_value(next, "unit"))))
        return GF_OK;
    gf_day first = gap ? a.last + 1 : b.first, last = gap ? b.first - 1 : a.last < b.last ? a.last : b.last;
    const gf_str cells[] = { gf_str_of(reg), job->zh ? (gap ? GF_STR("空档") : GF_STR("重叠")) : (gap ? GF_STR("gap") : GF_STR("overlap")),
                             figure_place_name(app, record_value(one, "place"), job->keep), record_value(one, "post"),
                             figure_text(job->keep, "%.*s/%.*s", GF_STR_ARG(day_text(first, job->keep)), GF_STR_ARG(last == INT32_MAX ? GF_STR("..") : day_text(last, job->keep))),
                             figure_text(job->keep, "%.*s;%.*s", GF_STR_ARG(record_key(one)), GF_STR_ARG(record_key(next))) };
    return add_cells(job, cells, err);
}

static gf_status list_gaps(gf_app *app, const side *about, table_job *job, gf_error *err)
{
    static const char *const REGISTERS[] = { "pairings", "assignments" };
    gf_status status = GF_OK;
    for (size_t r = 0; status == GF_OK && r < GF_COUNT(REGISTERS); r++) {
        record *rows;
        size_t count;
        status = record_all(app, REGISTERS[r], job->keep, &rows, &count, err);
        if (status == GF_OK && count)
            qsort(rows, count, sizeof *rows, by_place_and_start);
        for (size_t i = 0; status == GF_OK && i + 1 < count; i++)
            status = side_has(about, rows[i].origin) ? compare(app, &rows[i], &rows[i + 1], REGISTERS[r], job, err) : GF_OK;
    }
    return status;
}

gf_status gf_app_roster(gf_app *app, gf_str programme, gf_str what, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err)
{
    static const char *const HEADS_ZH[] = { "编号", "单位", "地点", "职务或角色", "期间", "来源", NULL };
    static const char *const HEADS_EN[] = { "id", "unit", "place", "post or role", "period", "origin", NULL };
    static const char *const GAPS_ZH[] = { "登记册", "情形", "地点", "职务", "期间", "记录", NULL };
    static const char *const GAPS_EN[] = { "register", "what", "place", "post", "period", "records", NULL };
    table_job job;
    side about;
    gf_period day;
    bool zh = is_zh(lang), gaps = gf_str_is(what, "gaps"), pairings = gf_str_is(what, "pairings");
    if (!gaps && !pairings && !gf_str_is(what, "assignments"))
        return gf_fail(err, GF_EUSAGE, "roster.what", "Write pairings, assignments or gaps.", "there is no roster of \"%.*s\"", GF_STR_ARG(gf_str_slice(what, 0, 40)));
    day.last = gf_utc_day(app->now(), 480);
    gf_status status = on.len ? gf_period_parse(on, &day, err) : GF_OK;
    if (status == GF_OK)
        status = side_of(app, programme, &about, err);
    if (status != GF_OK)
        return status;
    begin_table(&job, out, keep, zh, zh ? (gaps ? "空档与重叠" : pairings ? "结对" : "派驻") : (gaps ? "gaps and overlaps" : pairings ? "pairings" : "assignments"),
                gaps ? (zh ? GAPS_ZH : GAPS_EN) : (zh ? HEADS_ZH : HEADS_EN));
    return gaps ? list_gaps(app, &about, &job, err) : list_register(app, pairings ? "pairings" : "assignments", &about, day.last, &job, err);
}

gf_status gf_app_programmes(gf_app *app, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err)
{
    static const char *const HEADS[] = { "id", "name", "origin", NULL };
    table_job job;
    record *rows;
    size_t count;
    begin_table(&job, out, keep, is_zh(lang), "programmes", HEADS);
    gf_status status = record_all(app, "programmes", keep, &rows, &count, err);
    for (int demo = 0; demo < 2; demo++)
        for (size_t i = 0; status == GF_OK && i < count; i++) {
            gf_str en = record_value(&rows[i], "name_en");
            const gf_str cells[] = { record_key(&rows[i]), is_zh(lang) || en.len == 0 ? record_value(&rows[i], "name") : en, rows[i].origin };
            if (gf_str_is(rows[i].origin, "demo") == (demo == 1))
                status = add_cells(&job, cells, err);
        }
    return status;
}

/* ---- Loans ---- */

typedef struct queued { const record *loan; gf_str order; } queued;

/* The first policy of the loan's bank, in force: its order_by names columns, most important first. */
static gf_str policy_order(const record *policies, size_t count, const record *loan)
{
    for (size_t i = 0; i < count; i++)
        if (gf_str_eq(record_value(&policies[i], "bank"), record_value(loan, "bank")) && gf_str_eq(policies[i].origin, loan->origin) &&
            record_value(&policies[i], "order_by").len)
            return record_value(&policies[i], "order_by");
    return GF_STR("applied");
}

static int compare_value(gf_str a, gf_str b)
{
    gf_decimal x, y;
    if (a.len == 0 || b.len == 0)
        return (a.len == 0) - (b.len == 0);  /* what is not told comes last */
    return gf_decimal_parse(a, &x) && gf_decimal_parse(b, &y) ? gf_decimal_cmp(x, y) : gf_str_cmp(a, b);
}

static int by_policy(const void *a, const void *b)
{
    const queued *x = a, *y = b;
    int order = gf_str_cmp(record_value(x->loan, "bank"), record_value(y->loan, "bank"));
    gf_str rest = x->order, column;
    while (order == 0 && gf_str_cut(&rest, ';', &column)) {
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", GF_STR_ARG(gf_str_slice(column, 0, 60)));
        order = compare_value(record_value(x->loan, name), record_value(y->loan, name));
    }
    return order ? order : gf_str_cmp(record_key(x->loan), record_key(y->loan));
}

gf_status gf_app_loan_queue(gf_app *app, gf_str on, gf_str lang, gf_arena *keep, gf_app_table *out, gf_error *err)
{
    static const char *const HEADS_ZH[] = { "次序", "编号", "银行", "借款人", "用途", "优先级", "申请日期", "额度(分)", NULL };
    static const char *const HEADS_EN[] = { "rank", "id", "bank", "borrower", "uses", "priority", "applied", "quota, fen", NULL };
    table_job job;
    record *loans, *policies;
    size_t loan_count, policy_count, count = 0;
    begin_table(&job, out, keep, is_zh(lang), is_zh(lang) ? "贷款排队" : "loan queue", is_zh(lang) ? HEADS_ZH : HEADS_EN);
    gf_period day = { 0, INT32_MAX };
    gf_status status = on.len ? gf_period_parse(on, &day, err) : GF_OK;
    if (status == GF_OK)
        status = record_all(app, "loans", keep, &loans, &loan_count, err);
    if (status == GF_OK)
        status = record_all(app, "loan_policies", keep, &policies, &policy_count, err);
    if (status != GF_OK)
        return status;
    queued *rows = gf_new(keep, queued, loan_count + 1);
    if (!rows)
        return gf_fail_memory(err);
    for (size_t i = 0; i < loan_count; i++) {
        gf_period applied;
        gf_str date = record_value(&loans[i], "applied");
        bool later = date.len && gf_period_parse(date, &applied, NULL) == GF_OK && applied.first > day.last;
        if (gf_str_is(record_value(&loans[i], "state"), "applied") && !later)
            rows[count++] = (queued){ &loans[i], policy_order(policies, policy_count, &loans[i]) };
    }
    qsort(rows, count, sizeof *rows, by_policy);
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        const record *loan = rows[i].loan;
        const gf_str cells[] = { figure_text(keep, "%zu", i + 1), record_key(loan), figure_unit_names(app, record_value(loan, "bank"), lang, keep),
                                 figure_unit_names(app, record_value(loan, "borrower"), lang, keep), record_value(loan, "uses"), record_value(loan, "priority"),
                                 record_value(loan, "applied"), record_value(loan, "quota_fen") };
        status = add_cells(&job, cells, err);
    }
    return status;
}
