/* Statements of a scope at a date, and the ageing of money received and not paid.
 *
 * A statement asks one maintained total for each kind and stage, some thirty. What members' views hold too often is
 * reckoned from the totals of all members, only for the group. Ageing reads the cash entries once and lets payments
 * take the oldest receipts of their fund first; which yuan paid for what nobody knows, so first in, first out is said
 * and kept to.
 */
#include "app/figures.h"
#include "app/side.h"

#include "fund/gf_fund.h"

#include <stdlib.h>
#include <string.h>

static const size_t AGEING_BYTES_MAX = (size_t)1 << 30;

/* Room for one more item of an array in an arena; NULL when out of memory. */
static void *grown(gf_arena *arena, void *items, size_t count, size_t *room, size_t item_bytes)
{
    if (count < *room)
        return items;
    size_t larger_room = *room ? *room * 2 : 256;
    void *larger = gf_arena_alloc(arena, larger_room, item_bytes);
    if (larger && count)
        memcpy(larger, items, count * item_bytes);
    *room = larger_room;
    return larger;
}

/* "all", or everything up to the day. */
static gf_status span_text(gf_str on, gf_arena *keep, gf_str *out, gf_error *err)
{
    gf_period day;
    *out = GF_STR("all");
    if (on.len == 0)
        return GF_OK;
    gf_status status = gf_period_parse(on, &day, err);
    *out = figure_text(keep, "1949-10-01/%.*s", GF_STR_ARG(on));
    return status;
}

static gf_status add_line(gf_app *app, gf_str id, gf_arena *keep, gf_app_statement *out, const char *kind, const char *stage, gf_error *err)
{
    figure_answer answer;
    gf_status status = figure_open(app, NULL, id, GF_STR("zh"), false, keep, &answer, err);
    if (status != GF_OK || answer.derived.figure.value.digits == 0)
        return status;
    gf_fen amount = 0;
    (void)gf_fen_from_yuan(answer.derived.figure.value, &amount);
    out->scope_label = answer.derived.figure.who;
    out->lines[out->line_count++] = (gf_app_money){ out->scope, answer.derived.figure.who, kind, stage, amount, answer.derived.figure.bound, answer.derived.figure.id };
    return GF_OK;
}

/* ---- Views and the group ---- */

/* A line of the group, and the same kind and stage as each member sees it, hang together:
 * group = sum of views - internal + what no member touches. Here from the kept totals; check proves it from the entries. */
static gf_status count_internal(gf_app *app, const ledger_query *group, const gf_str *members, size_t count, gf_fen *out, gf_error *err)
{
    ledger_query query = *group;
    ledger_sum sum;
    gf_fen views = 0;
    bool fits = true;
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < count; i++) {
        query.scope = members[i];
        status = ledger_total(app, &query, &sum, err);
        fits = status == GF_OK && gf_fen_add(views, sum.amount, &views) && fits;
    }
    const gf_str others[] = { GF_STR("outside"), GF_STR("group") };
    for (size_t i = 0; status == GF_OK && i < GF_COUNT(others); i++) {
        query.scope = others[i];
        status = ledger_total(app, &query, &sum, err);
        fits = status == GF_OK && gf_fen_add(views, i ? -sum.amount : sum.amount, &views) && fits;
    }
    *out = views;
    if (status == GF_OK && !fits)
        status = gf_fail(err, GF_ELIMIT, "statement.sum", "Look for amounts with zeros too many.", "the views pass what can be counted");
    return status;
}

/* "unit:ID" of every member of the programme's group, each once; of every unit where none is listed. */
static gf_status list_members(gf_app *app, gf_str programme, gf_arena *keep, gf_str **out, size_t *count, gf_error *err)
{
    size_t room = 0;
    *out = NULL;
    *count = 0;
    gf_stmt *stmt = gf_store_named(app->store, "members_of_programme");
    gf_stmt_str(stmt, 1, programme);
    while (gf_stmt_row(stmt)) {
        *out = grown(keep, *out, *count, &room, sizeof **out);
        if (!*out)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        (*out)[(*count)++] = gf_row_copy(stmt, 0, keep);
    }
    return gf_store_ok(app->store, err);
}

/* The side of a member, of what no member touches, or of the group, as a figure below the difference; the last is taken off. */
static gf_status add_side(const figure_ask *ask, gf_str scope, gf_str what, figure_answer *out, bool taken_off, gf_error *err)
{
    figure_answer view;
    gf_figure *figure = &out->derived.figure;
    gf_str id = figure_text(ask->keep, "total.%.*s.%.*s", GF_STR_ARG(scope), GF_STR_ARG(what));
    gf_status status = figure_open(ask->app, ask->reader, id, ask->lang, false, ask->keep, &view, err);
    if (status != GF_OK || view.derived.figure.value.digits == 0)
        return status;
    const gf_figure *of = &view.derived.figure;
    if (!(taken_off ? gf_decimal_sub : gf_decimal_add)(figure->value, of->value, &figure->value))
        return gf_fail(err, GF_ELIMIT, "statement.sum", "Look for amounts with zeros too many.", "the views pass what can be counted");
    figure->bound = gf_figure_looser(figure->bound, of->bound);
    figure->basis = gf_figure_weaker(figure->basis, of->basis);
    gf_app_node *node = figure_node(ask, "sum", id, of->label);
    figure_node_value(node, of->value, of->unit, of->bound);
    figure_child(out->tree, node);
    return figure_add_input(ask, out, id, err);
}

/* "cash.received@all": all that the members see, and what none of them touches, less what the group is. */
gf_status figure_internal(const figure_ask *ask, figure_answer *out, gf_error *err)
{
    gf_str *members, programme = figure_default_programme(ask->app, ask->keep);
    size_t count;
    gf_figure *figure = &out->derived.figure;
    bool zh = figure_zh(ask);
    *figure = (gf_figure){ .id = figure->id, .unit = GF_STR("CNY"), .has_value = true, .basis = GF_FIGURE_DERIVED,
                           .label = zh ? GF_STR("成员单位之间流动：各成员合计减去团组合计") : GF_STR("between members: the members' totals less the group's") };
    out->derived.op = "difference";
    out->tree = figure_node(ask, "difference", figure->id, figure->label);
    gf_status status = list_members(ask->app, programme, ask->keep, &members, &count, err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = add_side(ask, members[i], ask->rest, out, false, err);
    if (status == GF_OK)
        status = add_side(ask, GF_STR("outside"), ask->rest, out, false, err);
    if (status == GF_OK)
        status = add_side(ask, GF_STR("group"), ask->rest, out, true, err);
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    return status;
}

static gf_status add_internal(gf_app *app, gf_str period, gf_arena *keep, gf_app_statement *out, gf_error *err)
{
    gf_str *members;
    size_t count;
    ledger_query query = { .programme = figure_default_programme(app, keep), .span = { INT32_MIN, INT32_MAX } };
    query.origins = figure_programme_origins(app, query.programme, keep);
    gf_status status = gf_str_is(period, "all") ? GF_OK : gf_period_parse(period, &query.span, err);
    if (status == GF_OK)
        status = list_members(app, query.programme, keep, &members, &count, err);
    out->internal = gf_new(keep, gf_fen, out->line_count + 1);
    if (status == GF_OK && !out->internal)
        status = gf_fail_memory(err);
    for (size_t i = 0; status == GF_OK && i < out->line_count; i++) {
        query.kind = gf_str_of(out->lines[i].kind);
        query.stage = gf_str_of(out->lines[i].stage);
        status = count_internal(app, &query, members, count, &out->internal[i], err);
    }
    return status;
}

static gf_status add_kind(gf_app *app, const char *kind, const char *stage, gf_str period, gf_arena *keep, gf_app_statement *out, gf_error *err)
{
    gf_str id = figure_text(keep, "total.%.*s.%s.%s@%.*s", GF_STR_ARG(out->scope), kind, stage ? stage : "none", GF_STR_ARG(period));
    return add_line(app, id, keep, out, kind, stage, err);
}

/* What a printed statement is anchored to. A scope of another programme names it in front: "taishun-demo/group". */
static gf_status add_stamp(gf_app *app, gf_arena *keep, gf_app_statement *out, gf_error *err)
{
    char hash[GF_HASH_HEX_BYTES], day[GF_DAY_BYTES];
    record programme;
    gf_str scope = out->scope, name = { "", 0 };
    if (!gf_str_has(scope, GF_STR("/")) || !gf_str_cut(&scope, '/', &name))
        name = figure_default_programme(app, keep);
    if (name.len && record_read(app, "programmes", name, keep, &programme, NULL) == GF_OK) {
        out->programme_name = record_value(&programme, "name");
        out->demo = gf_str_is(programme.origin, "demo");
    }
    gf_status status = ledger_head(app, &out->head_entry, hash, err);
    out->head_hash = status == GF_OK ? gf_str_copy(keep, gf_str_of(hash)) : (gf_str){ "", 0 };
    out->as_of = gf_str_copy(keep, (gf_str){ day, gf_day_format(gf_utc_day(app->now(), 480), day) });
    return status;
}

static gf_status state_now(gf_app *app, gf_str scope, gf_str on, gf_arena *keep, gf_app_statement *out, gf_error *err)
{
    gf_str period;
    *out = (gf_app_statement){ .scope = scope, .scope_label = scope, .on = on, .lines = gf_new(keep, gf_app_money, 64) };
    gf_status status = out->lines ? span_text(on, keep, &period, err) : gf_fail_memory(err);
    for (int kind = 0; status == GF_OK && kind < GF_FUND_KIND_COUNT; kind++)
        for (const char *const *stage = gf_fund_stages((gf_fund_kind)kind); status == GF_OK && *stage; stage++)
            status = add_kind(app, gf_fund_kind_name((gf_fund_kind)kind), *stage, period, keep, out, err);
    if (status == GF_OK)  /* a result may stand without a stage */
        status = add_kind(app, gf_fund_kind_name(GF_FUND_RESULT), NULL, period, keep, out, err);
    if (status == GF_OK && gf_str_is(scope, "group"))
        status = add_internal(app, period, keep, out, err);
    return status == GF_OK ? add_stamp(app, keep, out, err) : status;
}

/* All lines and the head that they reach to are of one moment. */
gf_status gf_app_state(gf_app *app, gf_str scope, gf_str on, gf_arena *keep, gf_app_statement *out, gf_error *err)
{
    gf_status status = app_begin_read(app, err);
    return status == GF_OK ? app_end_read(app, state_now(app, scope, on, keep, out, err), err) : status;
}

/* ---- Ageing ---- */

/* What the books say of cash on a day, read once in order of entry. Reversals are known as of that day: an entry taken
 * back later still stands. A move inside the stage "received" brings a fund nothing. */
typedef struct receipt { gf_str fund, fund_name, day_text; gf_day day; gf_fen amount; int64_t entry; } receipt;
typedef struct payment { gf_str fund; gf_fen amount; int64_t entry; } payment;
typedef struct ageing {
    receipt *receipts;
    payment *payments;
    int64_t *undone;             /* entries taken back, ascending once sorted */
    size_t   receipt_count, receipt_room, payment_count, payment_room, undone_count, undone_room;
} ageing;

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* By fund, then oldest first. */
static int by_fund_and_day(const void *a, const void *b)
{
    const receipt *x = a, *y = b;
    int order = gf_str_cmp(x->fund, y->fund);
    if (order == 0)
        order = x->day < y->day ? -1 : x->day > y->day;
    return order ? order : x->entry < y->entry ? -1 : x->entry > y->entry;
}

static int payments_by_fund(const void *a, const void *b) { return gf_str_cmp(((const payment *)a)->fund, ((const payment *)b)->fund); }

/* Oldest first over all funds: what has lain longest stands on top. */
static int by_day(const void *a, const void *b)
{
    const gf_app_aged *x = a, *y = b;
    return x->days != y->days ? (x->days > y->days ? -1 : 1) : x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Columns: entry, reverses, day as written, amount, stage left, stage reached, fund, name of the fund, origin. */
static bool take_row(ageing *books, gf_stmt *stmt, gf_day on, gf_arena *scratch)
{
    gf_str day_text = gf_row_str(stmt, 2);
    gf_period day = { INT32_MIN, INT32_MAX };
    if (day_text.len && gf_period_parse(day_text, &day, NULL) != GF_OK)
        return true;  /* check tells of it */
    if (day.first > on)
        return true;
    int64_t entry = gf_row_int(stmt, 0), reverses = gf_row_int(stmt, 1);
    if (reverses) {
        books->undone = grown(scratch, books->undone, books->undone_count, &books->undone_room, sizeof *books->undone);
        if (books->undone)
            books->undone[books->undone_count++] = reverses;
        return books->undone != NULL;
    }
    gf_str reached = gf_row_str(stmt, 5), fund = gf_row_copy(stmt, 6, scratch);
    if (gf_str_is(reached, "paid")) {
        books->payments = grown(scratch, books->payments, books->payment_count, &books->payment_room, sizeof *books->payments);
        if (books->payments)
            books->payments[books->payment_count++] = (payment){ fund, gf_row_int(stmt, 3), entry };
        return books->payments && fund.data;
    }
    if (gf_str_eq(reached, gf_row_str(stmt, 4)))
        return true;
    books->receipts = grown(scratch, books->receipts, books->receipt_count, &books->receipt_room, sizeof *books->receipts);
    if (books->receipts)
        books->receipts[books->receipt_count++] = (receipt){ fund, gf_row_copy(stmt, 7, scratch), gf_row_copy(stmt, 2, scratch), day.first,
                                                             gf_row_int(stmt, 3), entry };
    return books->receipts && fund.data;
}

static gf_status read_cash(gf_app *app, const side *about, gf_day on, gf_arena *scratch, ageing *books, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "ageing_cash");
    while (gf_stmt_row(stmt))
        if (side_has(about, gf_row_str(stmt, 8)) && !take_row(books, stmt, on, scratch))
            return gf_stmt_end(stmt), gf_fail_memory(err);
    if (books->undone_count)
        qsort(books->undone, books->undone_count, sizeof *books->undone, by_number);
    if (books->receipt_count)
        qsort(books->receipts, books->receipt_count, sizeof *books->receipts, by_fund_and_day);
    if (books->payment_count)
        qsort(books->payments, books->payment_count, sizeof *books->payments, payments_by_fund);
    return gf_store_ok(app->store, err);
}

static bool is_undone(const ageing *books, int64_t entry)
{
    return books->undone_count && bsearch(&entry, books->undone, books->undone_count, sizeof entry, by_number);
}

/* What was paid from a fund; *at walks the payments, which lie in the order of the funds. */
static bool paid_from(const ageing *books, gf_str fund, size_t *at, gf_fen *out)
{
    bool fits = true;
    *out = 0;
    while (*at < books->payment_count && gf_str_cmp(books->payments[*at].fund, fund) < 0)
        ++*at;
    for (; *at < books->payment_count && gf_str_eq(books->payments[*at].fund, fund); ++*at)
        if (!is_undone(books, books->payments[*at].entry))
            fits = gf_fen_add(*out, books->payments[*at].amount, out) && fits;
    return fits;
}

/* First in, first out: what was paid from a fund takes its oldest receipts first. */
static gf_status age(const ageing *books, gf_day on, gf_arena *keep, gf_app_aged **out, size_t *count, gf_error *err)
{
    size_t paid_at = 0;
    gf_fen left = 0;
    gf_app_aged *rows = *out = gf_new(keep, gf_app_aged, books->receipt_count + 1);
    if (!rows)
        return gf_fail_memory(err);
    for (size_t i = 0; i < books->receipt_count; i++) {
        const receipt *r = &books->receipts[i];
        if ((i == 0 || !gf_str_eq(r->fund, r[-1].fund)) && !paid_from(books, r->fund, &paid_at, &left))
            return gf_fail(err, GF_ELIMIT, "statement.sum", "Look for amounts with zeros too many.", "the payments pass what can be counted");
        if (is_undone(books, r->entry))
            continue;
        gf_fen covered = left < r->amount ? left : r->amount;
        left -= covered;
        if (covered == r->amount)
            continue;
        rows[(*count)++] = (gf_app_aged){ .fund = gf_str_copy(keep, r->fund), .fund_name = gf_str_copy(keep, r->fund_name),
                                          .received_on = gf_str_copy(keep, r->day_text), .received = r->amount, .unpaid = r->amount - covered,
                                          .days = r->day_text.len ? (int64_t)on - r->day : -1, .entry = r->entry };
    }
    qsort(rows, *count, sizeof *rows, by_day);
    return GF_OK;
}

gf_status gf_app_ageing(gf_app *app, gf_str programme, gf_str on, gf_arena *keep, gf_app_aged **out, size_t *count, gf_error *err)
{
    side about;
    gf_period day;
    char today[GF_DAY_BYTES];
    gf_str limit = on.len ? on : (gf_str){ today, gf_day_format(gf_utc_day(app->now(), 480), today) };
    ageing books = { .receipt_count = 0 };
    gf_arena *scratch = gf_arena_open(AGEING_BYTES_MAX);
    *out = NULL;
    *count = 0;
    gf_status status = scratch ? gf_period_parse(limit, &day, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = side_of(app, programme, &about, err);
    if (status == GF_OK)
        status = read_cash(app, &about, day.last, scratch, &books, err);
    if (status == GF_OK)
        status = age(&books, day.last, keep, out, count, err);
    gf_arena_close(scratch);
    return status;
}
