/* The rules of double entry, each with the entry that breaks it. */
#include "unit/check.h"

#include "fund/gf_fund.h"

#include <string.h>

static gf_fund_transfer transfer(const char *kind, const char *from_stage, const char *to_stage, gf_fen amount)
{
    gf_fund_account both = { .kind = gf_str_of(kind) };
    gf_fund_transfer t = { both, both, amount, 0, { "", 0 } };
    t.from.party = GF_STR("a");
    t.to.party = GF_STR("b");
    t.from.stage = gf_str_of(from_stage);
    t.to.stage = gf_str_of(to_stage);
    return t;
}

static const char *code_of(gf_fund_transfer t, int64_t reverses)
{
    gf_error err = { .code = "ok" };
    gf_fund_entry entry = { .id = 1, .reverses = reverses, .transfers = &t, .transfer_count = 1 };
    (void)gf_fund_check(&entry, &err);
    return err.code;
}

static void each_rule_refuses_what_breaks_it(void **state)
{
    (void)state;
    assert_string_equal(code_of(transfer("cash", "received", "paid", 100), 0), "ok");
    assert_string_equal(code_of(transfer("result", "", "", 100), 0), "ok");
    assert_string_equal(code_of(transfer("gold", "", "paid", 100), 0), "fund.kind");
    assert_string_equal(code_of(transfer("cash", "", "paid", 0), 0), "fund.amount");
    assert_string_equal(code_of(transfer("cash", "", "paid", -5), 0), "fund.amount");
    assert_string_equal(code_of(transfer("cash", "", "paid", GF_FUND_AMOUNT_MAX + 1), 0), "fund.amount");
    assert_string_equal(code_of(transfer("cash", "", "drawn", 100), 0), "fund.stage");
    assert_string_equal(code_of(transfer("cash", "somewhere", "paid", 100), 0), "fund.stage");
    assert_string_equal(code_of(transfer("cash", "", "", 100), 0), "fund.stage");
    assert_string_equal(code_of(transfer("loan", "approved", "drawn", 100), 0), "ok");
    assert_string_equal(code_of(transfer("cash", "paid", "", 100), 7), "ok");  /* a reversal may end where money was before anybody knew */
    gf_fund_transfer same = transfer("cash", "paid", "paid", 100);
    same.to.party = same.from.party;
    assert_string_equal(code_of(same, 0), "fund.same");
}

static void verbs_mean_the_stages_of_the_plan(void **state)
{
    static const struct { const char *verb, *stage; } PLAN[] = { { "申报", "applied" }, { "审批", "approved" }, { "协调", "committed" }, { "取得", "received" }, { "落实", "allocated" },
                                                                 { "投入", "paid" }, { "承担", "paid" }, { "投资建设", "paid" }, { "新增投资", "paid" } };
    (void)state;
    for (size_t i = 0; i < GF_COUNT(PLAN); i++)
        assert_string_equal(gf_fund_verb_stage(gf_str_of(PLAN[i].verb)), PLAN[i].stage);
    assert_null(gf_fund_verb_stage(GF_STR("赞扬")));
}

/* Any change of any field, and any shift of bytes between two fields, gives another hash. */
static void the_hash_sees_every_field(void **state)
{
    (void)state;
    gf_hash *hash = gf_hash_open(GF_HASH_SHA256);
    uint8_t before[GF_HASH_BYTES] = { 0 }, plain[GF_HASH_BYTES], other[GF_HASH_BYTES];
    gf_fund_transfer t = transfer("cash", "received", "paid", 100);
    gf_fund_entry entry = { .id = 1, .key = GF_STR_INIT("k"), .purpose = GF_STR_INIT("ab"), .voucher = GF_STR_INIT("c"), .transfers = &t, .transfer_count = 1 };
    assert_true(gf_fund_hash(hash, before, &entry, plain));
    gf_fund_entry shifted = entry;
    shifted.purpose = GF_STR("a");
    shifted.voucher = GF_STR("bc");
    assert_true(gf_fund_hash(hash, before, &shifted, other));
    assert_memory_not_equal(plain, other, sizeof plain);
    t.bound = 1;
    assert_true(gf_fund_hash(hash, before, &entry, other));
    assert_memory_not_equal(plain, other, sizeof plain);
    t.bound = 0;
    before[31] = 1;
    assert_true(gf_fund_hash(hash, before, &entry, other));
    assert_memory_not_equal(plain, other, sizeof plain);
    gf_hash_close(hash);
}

/* Three members each see 100: 300 in all, of which the group has 100 once, so 200 are counted again. */
static void views_behind_the_first_are_counted_twice(void **state)
{
    (void)state;
    static const struct { int members; gf_fen twice; } CASES[] = { { 0, 0 }, { 1, 0 }, { 2, 100 }, { 3, 200 } };
    for (size_t i = 0; i < GF_COUNT(CASES); i++)
        assert_int_equal(gf_fund_counted_twice(100, CASES[i].members), CASES[i].twice);
}

/* The bounds are those of base/figure: 0 exact, 1 at least, 2 about. */
static void one_loose_line_makes_the_sum_loose(void **state)
{
    (void)state;
    assert_int_equal(gf_fund_bound(false, false), 0);
    assert_int_equal(gf_fund_bound(true, false), 1);
    assert_int_equal(gf_fund_bound(false, true), 2);
    assert_int_equal(gf_fund_bound(true, true), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(each_rule_refuses_what_breaks_it), TEST(verbs_mean_the_stages_of_the_plan), TEST(the_hash_sees_every_field),
                                         TEST(views_behind_the_first_are_counted_twice), TEST(one_loose_line_makes_the_sum_loose) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
