/* Statements of a scope at a date, and the ageing of money received and not paid. */
#include "app/figures.h"

#include "fund/gf_fund.h"

#include <string.h>


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
    gf_status status = figure_open(app, id, GF_STR("zh"), false, keep, &answer, err);
    if (status != GF_OK || answer.derived.figure.value.digits == 0)
        return status;
    gf_fen amount = 0;
    (void)gf_fen_from_yuan(answer.derived.figure.value, &amount);
    out->scope_label = answer.derived.figure.who;
    out->lines[out->line_count++] = (gf_app_money){ out->scope, answer.derived.figure.who, kind, stage, amount, answer.derived.figure.bound, answer.derived.figure.id };
    return GF_OK;
}

/* Of the group's cash: what two member units both see. */
static gf_status count_internal(gf_app *app, gf_str period, gf_arena *keep, gf_app_statement *out, gf_error *err)
{
    ledger_query query = { .programme = figure_default_programme(app, keep), .kind = GF_STR("cash"), .span = { INT32_MIN, INT32_MAX } };
    query.origins = figure_programme_origins(app, query.programme, keep);
    if (!gf_str_is(period, "all"))
        (void)gf_period_parse(period, &query.span, NULL);
    record *members;
    size_t count;
    gf_status status = record_all(app, "members", keep, &members, &count, err);
    bool listed = count > 0;
    if (status == GF_OK && !listed)
        status = record_all(app, "units", keep, &members, &count, err);
    for (const char *const *stage = gf_fund_stages(GF_FUND_CASH); status == GF_OK && *stage; stage++) {
        ledger_sum sum;
        query.stage = gf_str_of(*stage);
        for (size_t i = 0; status == GF_OK && i < count + 2; i++) {
            query.scope = i < count ? figure_text(keep, "unit:%.*s", GF_STR_ARG(listed ? record_value(&members[i], "unit") : record_key(&members[i])))
                        : i == count ? GF_STR("outside") : GF_STR("group");
            status = ledger_total(app, &query, &sum, err);
            out->internal += i == count + 1 ? -sum.amount : sum.amount;
        }
    }
    return status;
}

gf_status gf_app_state(gf_app *app, gf_str scope, gf_str on, gf_arena *keep, gf_app_statement *out, gf_error *err)
{
    gf_str period;
    *out = (gf_app_statement){ .scope = scope, .scope_label = scope, .on = on, .lines = gf_new(keep, gf_app_money, 64) };
    gf_status status = out->lines ? span_text(on, keep, &period, err) : gf_fail_memory(err);
    for (int kind = 0; status == GF_OK && kind < GF_FUND_KIND_COUNT; kind++) {
        const char *name = gf_fund_kind_name((gf_fund_kind)kind);
        for (const char *const *stage = gf_fund_stages((gf_fund_kind)kind); status == GF_OK && *stage; stage++)
            status = add_line(app, figure_text(keep, "total.%.*s.%s.%s@%.*s", GF_STR_ARG(scope), name, *stage, GF_STR_ARG(period)), keep, out, name, *stage, err);
    }
    if (status == GF_OK && gf_str_is(scope, "group"))
        status = count_internal(app, period, keep, out, err);
    return status;
}

/* ---- Ageing ---- */


/* Money that reached or left the stage "received" of each fund, in order of date. */
gf_status gf_app_ageing(gf_app *app, gf_str on, gf_arena *keep, gf_app_aged **out, size_t *count, gf_error *err)
{
    gf_period day;
    char today[GF_DAY_BYTES];
    gf_str limit = on.len ? on : (gf_str){ today, gf_day_format(gf_utc_day(app->now(), 480), today) };
    gf_status status = gf_period_parse(limit, &day, err);
    size_t room = 0;
    *out = NULL;
    *count = 0;
    gf_stmt *stmt = gf_store_named(app->store, "ageing_receipts");
    gf_stmt_str(stmt, 1, limit);
    while (status == GF_OK && gf_stmt_row(stmt)) {
        if (*count == room) {
            gf_app_aged *larger = gf_new(keep, gf_app_aged, room ? room * 2 : 64);
            if (!larger)
                return gf_stmt_end(stmt), gf_fail_memory(err);
            if (*count)
                memcpy(larger, *out, *count * sizeof *larger);
            *out = larger;
            room = room ? room * 2 : 64;
        }
        gf_period received;
        gf_app_aged *row = &(*out)[*count];
        *row = (gf_app_aged){ .fund = gf_row_copy(stmt, 0, keep), .fund_name = gf_row_copy(stmt, 1, keep), .entry = gf_row_int(stmt, 2), .received_on = gf_row_copy(stmt, 3, keep),
                              .received = gf_row_int(stmt, 4) };
        /* First in, first out: what was paid from the fund takes the oldest receipts first. */
        gf_fen earlier = gf_row_int(stmt, 5), paid = gf_row_int(stmt, 6), left = paid - earlier;
        row->unpaid = left <= 0 ? row->received : left >= row->received ? 0 : row->received - left;
        row->days = gf_period_parse(row->received_on, &received, NULL) == GF_OK ? day.last - received.first : -1;
        *count += row->unpaid > 0;
    }
    gf_stmt_end(stmt);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}
