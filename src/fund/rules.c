/* Kinds, stages and verbs: tables; then what makes an entry acceptable, and the chain.
 *
 * Double entry holds by form: a transfer is one amount between two accounts of one kind, fund, project and place, so
 * its two lines cannot differ. What is left to check is that the accounts differ and the stages belong to the kind.
 * Tables are scanned: the longest has twenty rows. An entry costs one hash over its bytes, each field with its length
 * before it.
 */
#include "fund/gf_fund.h"

#include <string.h>

static const char *const GRANT_STAGES[] = { "applied", "approved", "committed", "received", "allocated", "paid", "accepted", NULL };
static const char *const LOAN_STAGES[] = { "applied", "approved", "committed", "received", "allocated", "drawn", "paid", "accepted", "repaid", NULL };
static const char *const RESULT_STAGES[] = { "received", NULL };

static const struct { const char *name; const char *const *stages; } KINDS[GF_FUND_KIND_COUNT] = {
    [GF_FUND_CASH] = { "cash", GRANT_STAGES },
    [GF_FUND_IN_KIND] = { "in_kind", GRANT_STAGES },
    [GF_FUND_LOAN] = { "loan", LOAN_STAGES },
    [GF_FUND_INVESTMENT] = { "investment", GRANT_STAGES },
    [GF_FUND_RESULT] = { "result", RESULT_STAGES },
};

/* What the words of reports mean; the word itself stays on the entry. */
static const struct { const char *verb, *stage; } VERBS[] = {
    { "申报", "applied" },  { "申请", "applied" },    { "审批", "approved" },     { "批准", "approved" },
    { "协调", "committed" }, { "承诺", "committed" }, { "取得", "received" },     { "争取到", "received" },
    { "到账", "received" }, { "落实", "allocated" },  { "下达", "allocated" },    { "投入", "paid" },
    { "支付", "paid" },     { "承担", "paid" },       { "投资建设", "paid" },     { "新增投资", "paid" },
    { "验收", "accepted" }, { "提款", "drawn" },      { "发放", "drawn" },        { "还款", "repaid" },
};

const char *gf_fund_kind_name(gf_fund_kind kind) { return KINDS[kind].name; }

bool gf_fund_kind_parse(gf_str name, gf_fund_kind *out)
{
    for (int i = 0; i < GF_FUND_KIND_COUNT; i++)
        if (gf_str_is(name, KINDS[i].name)) {
            *out = (gf_fund_kind)i;
            return true;
        }
    return false;
}

const char *const *gf_fund_stages(gf_fund_kind kind) { return KINDS[kind].stages; }

bool gf_fund_has_stage(gf_fund_kind kind, gf_str stage)
{
    for (const char *const *s = KINDS[kind].stages; *s; s++)
        if (gf_str_is(stage, *s))
            return true;
    return false;
}

const char *gf_fund_verb_stage(gf_str verb)
{
    for (size_t i = 0; i < GF_COUNT(VERBS); i++)
        if (gf_str_is(verb, VERBS[i].verb))
            return VERBS[i].stage;
    return NULL;
}

/* ---- One entry ---- */

static gf_status check_stages(gf_fund_kind kind, const gf_fund_transfer *t, bool reversal, gf_error *err)
{
    /* A reversal walks backwards: its target is where the money was before, which may be unknown. */
    gf_str reached = reversal ? t->from.stage : t->to.stage, before = reversal ? t->to.stage : t->from.stage;
    if (reached.len == 0 && kind != GF_FUND_RESULT)
        return gf_fail(err, GF_EINPUT, "fund.stage", "Give stage_to, or a verb such as 取得, 落实, 投入.",
                       "the entry does not say which stage the money reached");
    if (reached.len && !gf_fund_has_stage(kind, reached))
        return gf_fail(err, GF_EINPUT, "fund.stage", "See docs/glossary.md for the stages of each kind.",
                       "%s money has no stage \"%.*s\"", gf_fund_kind_name(kind), GF_STR_ARG(gf_str_slice(reached, 0, 40)));
    if (before.len && !gf_fund_has_stage(kind, before))
        return gf_fail(err, GF_EINPUT, "fund.stage", "Leave stage_from empty when it is not known.",
                       "%s money has no stage \"%.*s\"", gf_fund_kind_name(kind), GF_STR_ARG(gf_str_slice(before, 0, 40)));
    return GF_OK;
}

static gf_status check_transfer(const gf_fund_transfer *t, bool reversal, gf_error *err)
{
    gf_fund_kind kind;
    if (!gf_fund_kind_parse(t->from.kind, &kind))
        return gf_fail(err, GF_EINPUT, "fund.kind", "Write cash, in_kind, loan, investment or result.",
                       "\"%.*s\" is no kind of money", GF_STR_ARG(gf_str_slice(t->from.kind, 0, 40)));
    if (t->amount <= 0)
        return gf_fail(err, GF_EINPUT, "fund.amount", "Amounts are above zero; take an entry back with one that reverses it.",
                       "the amount %lld fen is not above zero", (long long)t->amount);
    if (t->amount > GF_FUND_AMOUNT_MAX)
        return gf_fail(err, GF_EINPUT, "fund.amount", "Amounts are in fen: look for zeros too many.",
                       "the amount %lld fen is too large", (long long)t->amount);
    if (gf_str_eq(t->from.party, t->to.party) && gf_str_eq(t->from.stage, t->to.stage))
        return gf_fail(err, GF_EINPUT, "fund.same", "Name two parties, or two stages.",
                       "the money leaves and reaches the same account");
    return check_stages(kind, t, reversal, err);
}

gf_status gf_fund_check(const gf_fund_entry *entry, gf_error *err)
{
    if (entry->transfer_count == 0)
        return gf_fail(err, GF_EINPUT, "fund.empty", "", "the entry has no line");
    if (entry->transfer_count > GF_FUND_TRANSFERS_MAX)
        return gf_fail(err, GF_ELIMIT, "fund.lines", "Split the entry.", "the entry has more than %d rows", GF_FUND_TRANSFERS_MAX);
    for (size_t i = 0; i < entry->transfer_count; i++) {
        gf_status status = check_transfer(&entry->transfers[i], entry->reverses != 0, err);
        if (status != GF_OK)
            return status;
    }
    return GF_OK;
}

void gf_fund_mirror(gf_fund_transfer *transfers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gf_fund_account was = transfers[i].from;
        transfers[i].from = transfers[i].to;
        transfers[i].to = was;
    }
}

int gf_fund_bound(bool has_at_least, bool has_about) { return has_about ? 2 : has_at_least ? 1 : 0; }

bool gf_fund_is_move(const gf_fund_account *from, const gf_fund_account *to)
{
    return from->stage.len && gf_str_eq(from->stage, to->stage);
}

/* Each view behind the first sees again what the first saw. In a move inside a stage the mover's view and the group's
 * both stay, and every other view grows: the same number of times too many. */
gf_fen gf_fund_counted_twice(gf_fen amount, int members) { return members > 1 ? amount * (members - 1) : 0; }

/* ---- The chain ---- */

static bool add_str(gf_hash *hash, gf_str s)
{
    uint8_t head[4] = { (uint8_t)(s.len >> 24), (uint8_t)(s.len >> 16), (uint8_t)(s.len >> 8), (uint8_t)s.len };
    return gf_hash_add(hash, head, sizeof head) && (s.len == 0 || gf_hash_add(hash, s.data, s.len));
}

static bool add_int(gf_hash *hash, int64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
    return gf_hash_add(hash, bytes, sizeof bytes);
}

static bool add_account(gf_hash *hash, const gf_fund_account *a)
{
    return add_str(hash, a->kind) && add_str(hash, a->stage) && add_str(hash, a->party) && add_str(hash, a->fund) &&
           add_str(hash, a->project) && add_str(hash, a->place);
}

bool gf_fund_hash(gf_hash *hash, const uint8_t before[GF_HASH_BYTES], const gf_fund_entry *entry, uint8_t out[GF_HASH_BYTES])
{
    const gf_str fields[] = { entry->key, entry->date, entry->verb, entry->purpose, entry->voucher, entry->source,
                              entry->origin, entry->unit, entry->note };
    bool ok = gf_hash_start(hash) && gf_hash_add(hash, before, GF_HASH_BYTES) && add_int(hash, entry->id) &&
              add_int(hash, entry->reverses);
    for (size_t i = 0; ok && i < GF_COUNT(fields); i++)
        ok = add_str(hash, fields[i]);
    for (size_t i = 0; ok && i < entry->transfer_count; i++) {
        const gf_fund_transfer *t = &entry->transfers[i];
        ok = add_account(hash, &t->from) && add_account(hash, &t->to) && add_int(hash, t->amount) &&
             add_int(hash, t->bound) && add_str(hash, t->period);
    }
    return ok && gf_hash_finish(hash, out);
}
