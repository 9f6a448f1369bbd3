/* Entries as transactions. What kind and stage mean in the standard is one table; what has no place there is told as a
 * note of the activity with its amount and entry, so that nothing is lost and nothing is bent. Only standing entries:
 * an entry taken back and the one that takes it back are left out together.
 */
#include "app/iati_inside.h"

#include <string.h>

/* TransactionType when a member unit gives, and otherwise; NULL: no transaction in the standard's sense. */
static const struct { const char *kind, *stage, *member, *other, *finance; } MEANINGS[] = {
    { "cash", "approved", "2", "11", "110" },      { "cash", "committed", "2", "11", "110" },    { "cash", "received", "3", "1", "110" },
    { "cash", "allocated", "2", "11", "110" },     { "cash", "paid", "3", "3", "110" },          { "in_kind", "approved", "2", "11", "110" },
    { "in_kind", "committed", "2", "11", "110" },  { "in_kind", "received", "3", "1", "110" },   { "in_kind", "allocated", "2", "11", "110" },
    { "in_kind", "paid", "3", "3", "110" },        { "loan", "approved", "2", "11", "421" },     { "loan", "committed", "2", "11", "421" },
    { "loan", "received", "3", "1", "421" },       { "loan", "allocated", "2", "11", "421" },    { "loan", "drawn", "3", "1", "421" },
    { "loan", "repaid", "6", "6", "421" },         { "investment", "approved", "11", "11", NULL }, { "investment", "committed", "11", "11", NULL },
    { "investment", "received", "1", "1", NULL },  { "investment", "paid", "1", "1", NULL },
};
static const struct { const char *kind, *zh, *en; } KINDS[] = {
    { "cash", "现金", "cash" }, { "in_kind", "实物，非现金", "in kind, not cash" }, { "loan", "贷款", "loan" },
    { "investment", "企业投资，不是帮扶资金", "enterprise investment, not assistance money" }, { "result", "经济成果", "economic result" },
};

typedef struct transfer {
    int64_t entry;
    gf_str  date, verb, purpose, origin, period, kind, stage, from, to, fund, project, place, programme;
    gf_fen  amount;
    int     bound;
} transfer;

static const char *kind_words(gf_str kind, bool zh)
{
    for (size_t i = 0; i < GF_COUNT(KINDS); i++)
        if (gf_str_is(kind, KINDS[i].kind))
            return zh ? KINDS[i].zh : KINDS[i].en;
    return "";
}

static gf_str amount_words(iati_job *job, const transfer *t, const char *lang)
{
    gf_text text;
    gf_figure figure = { .unit = GF_STR_INIT("CNY"), .has_value = true, .value = gf_fen_to_yuan(t->amount), .bound = (gf_figure_bound)t->bound };
    gf_text_init(&text, job->keep);
    gf_figure_write_value(&text, &figure, gf_str_of(lang));
    return gf_text_str(&text);
}

/* A unit by its reference, a place by its name; a person or household is never named. */
static gf_app_iati_org party_of(iati_job *job, gf_str party)
{
    gf_app_iati_org org = { .type = NULL };
    record place;
    if (party.len == 0 || gf_str_is(party, "unstated"))
        return org;
    if (map_find(&job->units, party))
        return iati_unit(job, party, NULL);
    if (record_read(job->app, "places", party, job->keep, &place, NULL) == GF_OK)
        org.name.zh = record_value(&place, "name");
    else
        org.name = (gf_app_words){ GF_STR("个人或农户，不公开"), GF_STR("a person or household, not public") };
    return org;
}

static const char *const *meaning(const transfer *t, bool member, const char **finance)
{
    for (size_t i = 0; i < GF_COUNT(MEANINGS); i++)
        if (gf_str_is(t->kind, MEANINGS[i].kind) && gf_str_is(t->stage, MEANINGS[i].stage)) {
            *finance = MEANINGS[i].finance;
            return member ? &MEANINGS[i].member : &MEANINGS[i].other;
        }
    return NULL;
}

/* The day of a transaction: the entry's, else its period's last. False: none that is known and past. */
static bool choose_day(iati_job *job, const transfer *t, gf_day *day, bool *loose, const char **why_zh, const char **why_en)
{
    gf_period span;
    gf_str told = t->date.len ? t->date : t->period;
    *loose = t->date.len == 0;
    *why_zh = "日期未载明";
    *why_en = "no date is on record";
    if (told.len == 0 || gf_period_parse(told, &span, NULL) != GF_OK)
        return false;
    *day = span.last == INT32_MAX ? span.first : span.last;
    *loose = *loose || span.first != span.last;
    *why_zh = "其日在编制日之后";
    *why_en = "its day is later than this file";
    return *day <= job->today;
}

static void leave_out(iati_job *job, gf_app_iati_activity *activity, const transfer *t, const char *why_zh, const char *why_en)
{
    iati_note(job, activity,
              figure_text(job->keep, "未列为交易：%.*s%.*s%.*s（%s，entry.%lld）：%s", GF_STR_ARG(t->verb), GF_STR_ARG(t->purpose), GF_STR_ARG(amount_words(job, t, "zh")),
                          kind_words(t->kind, true), (long long)t->entry, why_zh),
              figure_text(job->keep, "not a transaction: %.*s, %.*s (%s, entry.%lld): %s", GF_STR_ARG(t->stage.len ? t->stage : GF_STR("no stage")), GF_STR_ARG(amount_words(job, t, "en")),
                          kind_words(t->kind, false), (long long)t->entry, why_en));
}

static gf_app_words describe(iati_job *job, const transfer *t, bool loose)
{
    gf_str told = t->date.len ? t->date : t->period;
    gf_str loose_zh = loose ? figure_text(job->keep, "；日期为期间“%.*s”的末日", GF_STR_ARG(told)) : (gf_str){ "", 0 };
    gf_str loose_en = loose ? figure_text(job->keep, "; the day is the last of the period \"%.*s\"", GF_STR_ARG(told)) : (gf_str){ "", 0 };
    const char *bound_zh = t->bound == 1 ? "；至少" : t->bound == 2 ? "；约数" : "", *bound_en = t->bound == 1 ? "; at least" : t->bound == 2 ? "; about" : "";
    return (gf_app_words){ figure_text(job->keep, "%.*s%.*s（%s）%.*s%s%.*s", GF_STR_ARG(t->verb), GF_STR_ARG(t->purpose), kind_words(t->kind, true), GF_STR_ARG(amount_words(job, t, "zh")),
                                       bound_zh, GF_STR_ARG(loose_zh)),
                           figure_text(job->keep, "%.*s (%s) %.*s%s%.*s", GF_STR_ARG(t->stage), kind_words(t->kind, false), GF_STR_ARG(amount_words(job, t, "en")), bound_en, GF_STR_ARG(loose_en)) };
}

static void add_transfer(iati_job *job, const transfer *t)
{
    gf_app_iati_activity *activity = iati_activity_for(job, t->project, t->fund, t->place);
    gf_day day;
    bool loose;
    const char *why_zh, *why_en, *finance;
    if (!activity)
        return;
    const char *const *type = meaning(t, map_find(&job->units, t->from) != NULL, &finance);
    if (!type) {
        bool result = gf_str_is(t->kind, "result");
        leave_out(job, activity, t, result ? "经济成果是指标，不是资金往来" : "标准中没有申报与验收这样的交易", result ? "an economic result is no transaction" : "the standard knows no such transaction");
        return;
    }
    if (!choose_day(job, t, &day, &loose, &why_zh, &why_en)) {
        leave_out(job, activity, t, why_zh, why_en);
        return;
    }
    gf_app_iati_money *money = IATI_PUSH(job, activity->money, activity->money_count, &activity->money_room);
    if (!money)
        return;
    *money = (gf_app_iati_money){ t->entry, *type, finance, iati_day(job, day), t->amount, describe(job, t, loose), party_of(job, t->from), party_of(job, t->to) };
    if (money->provider.ref.len && strcmp(money->type, "6") != 0) {
        money->provider.role = "1";
        iati_add_org(job, activity, money->provider);
    }
}

static transfer read_transfer(gf_stmt *stmt, gf_arena *keep)
{
    return (transfer){ .entry = gf_row_int(stmt, 0), .date = gf_row_copy(stmt, 1, keep), .verb = gf_row_copy(stmt, 2, keep), .purpose = gf_row_copy(stmt, 3, keep),
                       .origin = gf_row_copy(stmt, 4, keep), .period = gf_row_copy(stmt, 5, keep), .amount = gf_row_int(stmt, 6), .bound = (int)gf_row_int(stmt, 7),
                       .kind = gf_row_copy(stmt, 8, keep), .stage = gf_row_copy(stmt, 9, keep), .from = gf_row_copy(stmt, 11, keep), .to = gf_row_copy(stmt, 12, keep),
                       .fund = gf_row_copy(stmt, 13, keep), .project = gf_row_copy(stmt, 14, keep), .place = gf_row_copy(stmt, 15, keep), .programme = gf_row_copy(stmt, 16, keep) };
}

/* An entry belongs to its fund's programme, else to the first of its origin. */
static bool belongs(const iati_job *job, const transfer *t)
{
    gf_str programme = t->programme.len ? t->programme : gf_str_is(t->origin, "demo") ? job->demo_programme : job->default_programme;
    return gf_str_eq(programme, job->id) && record_wanted(job->origins, t->origin);
}

static void find_demo(iati_job *job)
{
    gf_stmt *stmt = gf_store_named(job->app->store, "programmes_by_origin");
    while (job->demo_programme.len == 0 && gf_stmt_row(stmt))
        if (gf_str_is(gf_row_str(stmt, 1), "demo"))
            job->demo_programme = gf_row_copy(stmt, 0, job->keep);
    gf_stmt_end(stmt);
}

/* Copied first: what an activity is made of is asked of the same store. */
void iati_gather_money(iati_job *job)
{
    transfer *all = NULL;
    size_t count = 0, room = 0;
    find_demo(job);
    gf_stmt *stmt = gf_store_named(job->app->store, "standing_transfers");
    while (job->status == GF_OK && gf_stmt_row(stmt)) {
        transfer t = read_transfer(stmt, job->keep);
        transfer *slot = belongs(job, &t) ? IATI_PUSH(job, all, count, &room) : NULL;
        if (slot)
            *slot = t;
    }
    gf_stmt_end(stmt);
    for (size_t i = 0; job->status == GF_OK && i < count; i++)
        add_transfer(job, &all[i]);
}
