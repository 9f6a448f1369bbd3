/* Numbers of all kinds in text, and verdicts on small books whose answers are plain to see. */
#include "unit/check.h"

#include "figure/gf_figure.h"

typedef struct expected { const char *text, *number, *unit, *value, *value_unit; gf_figure_bound bound; } expected;

static void check_first(gf_arena *arena, const expected *e)
{
    gf_figure_token *tokens;
    size_t count;
    char value[GF_DECIMAL_BYTES];
    assert_int_equal(gf_figure_scan(gf_str_of(e->text), NULL, 0, arena, &tokens, &count, NULL), GF_OK);
    if (!e->number) {
        for (size_t i = 0; i < count; i++)
            assert_true(tokens[i].kind >= GF_FIGURE_TOKEN_INDEFINITE);
        return;
    }
    assert_true(count >= 1);
    gf_decimal_format(tokens[0].value, value);
    if (!gf_str_is(tokens[0].text, e->number) || !gf_str_is(tokens[0].unit, e->unit) || !gf_str_is(gf_str_of(value), e->value) || !gf_str_is(tokens[0].value_unit, e->value_unit) ||
        tokens[0].bound != e->bound)
        fail_msg("%s: read %.*s|%.*s|%s|%.*s|%s", e->text, GF_STR_ARG(tokens[0].text), GF_STR_ARG(tokens[0].unit), value, GF_STR_ARG(tokens[0].value_unit), gf_figure_bound_name(tokens[0].bound));
}

static void numerals_of_all_kinds_are_read(void **state)
{
    static const expected CASES[] = {
        { "投入300万元", "300", "万元", "3000000", "CNY", GF_FIGURE_EXACT },
        { "投入３００万元", "３００", "万元", "3000000", "CNY", GF_FIGURE_EXACT },
        { "共1,234,567.5元", "1,234,567.5", "元", "1234567.5", "CNY", GF_FIGURE_EXACT },
        { "协调七百余万元", "七百", "万元", "7000000", "CNY", GF_FIGURE_AT_LEAST },
        { "协调700万余元", "700", "万余元", "7000000", "CNY", GF_FIGURE_AT_LEAST },
        { "落实三万元", "三", "万元", "30000", "CNY", GF_FIGURE_EXACT },
        { "惠及三百二十户", "三百二十", "户", "320", "household", GF_FIGURE_EXACT },
        { "一万两千人参加", "一万两千", "人", "12000", "person", GF_FIGURE_EXACT },
        { "两年多来", "两", "年", "2", "year", GF_FIGURE_AT_LEAST },
        { "近三年", "三", "年", "3", "year", GF_FIGURE_ABOUT },
        { "约40名村民", "40", "名", "40", "person", GF_FIGURE_ABOUT },
        { "超过50家企业", "50", "家", "50", "enterprise", GF_FIGURE_AT_LEAST },
        { "审批40.48亿元", "40.48", "亿元", "4048000000", "CNY", GF_FIGURE_EXACT },
        { "增长28.5倍", "28.5", "倍", "28.5", "times", GF_FIGURE_EXACT },
        { "提高12.5%", "12.5", "%", "12.5", "percent", GF_FIGURE_EXACT },
        { "提高12.5％；", "12.5", "％", "12.5", "percent", GF_FIGURE_EXACT },
        { "提高百分之三十", "百分之三十", "", "30", "percent", GF_FIGURE_EXACT },
        { "10个省级重点帮促村", "10", "个", "10", "village", GF_FIGURE_EXACT },
        { "首批示范乡镇", "首", "批", "1", "batch", GF_FIGURE_EXACT },
        { "唯一入选的村", "唯一", "", "1", "village", GF_FIGURE_EXACT },
        { "每年帮扶20户", "20", "户", "20", "household_per_year", GF_FIGURE_EXACT },
        { "建成120千瓦光伏站", "120", "千瓦", "120", "kW", GF_FIGURE_EXACT },
        { "扩建鸡舍6座", "6", "座", "6", "henhouse", GF_FIGURE_EXACT },
        { "二〇二三年", "二〇二三", "年", "2023", "calendar_year", GF_FIGURE_EXACT },
        { "worth CNY 3,000,000 in all", "3,000,000", "", "3000000", "CNY", GF_FIGURE_EXACT },
        { "¥2000", "2000", "", "2000", "CNY", GF_FIGURE_EXACT },
        { "CNY 2.5 million", "2.5", " million", "2500000", "CNY", GF_FIGURE_EXACT },
        { "a 120 kW station", "120", " kW", "120", "kW", GF_FIGURE_EXACT },
        { "more than 40 households joined", "40", " households", "40", "household", GF_FIGURE_AT_LEAST },
        { "用上5G网络", NULL, NULL, NULL, NULL, GF_FIGURE_EXACT },
        { "驻村第一书记", NULL, NULL, NULL, NULL, GF_FIGURE_EXACT },
        { "村“两委”班子", NULL, NULL, NULL, NULL, GF_FIGURE_EXACT },
        { "“四好”公路", NULL, NULL, NULL, NULL, GF_FIGURE_EXACT },
        { "这是一所学校的一个缩影", NULL, NULL, NULL, NULL, GF_FIGURE_EXACT },
        { "进一步夯实,千方百计,统一思想", NULL, NULL, NULL, NULL, GF_FIGURE_EXACT },
        { "见17398_720px.jpg,下午17:41", NULL, NULL, NULL, NULL, GF_FIGURE_EXACT },
    };
    for (size_t i = 0; i < GF_COUNT(CASES); i++)
        check_first(*state, &CASES[i]);
}

static void a_date_is_one_token(void **state)
{
    static const struct { const char *text, *number, *iso; } CASES[] = { { "于2023-12-27发布", "2023-12-27", "2023-12-27" }, { "2024年3月5日到账", "2024年3月5日", "2024-03-05" }, { "2024年3月到账", "2024年3月", "2024-03" } };
    for (size_t i = 0; i < GF_COUNT(CASES); i++) {
        gf_figure_token *tokens;
        size_t count;
        assert_int_equal(gf_figure_scan(gf_str_of(CASES[i].text), NULL, 0, *state, &tokens, &count, NULL), GF_OK);
        assert_int_equal(count, 1);
        assert_text(tokens[0].text, CASES[i].number);
        assert_text(tokens[0].iso, CASES[i].iso);
    }
}

/* Names of another county; no name or number of any real programme. */
static const gf_figure_name NAMES[] = {
    { GF_STR_INIT("甲河县"), GF_FIGURE_NAME_PLACE, GF_STR_INIT("c"), GF_STR_INIT("") },    { GF_STR_INIT("三水镇"), GF_FIGURE_NAME_PLACE, GF_STR_INIT("t"), GF_STR_INIT("c") },
    { GF_STR_INIT("上坝村"), GF_FIGURE_NAME_PLACE, GF_STR_INIT("v1"), GF_STR_INIT("t") },  { GF_STR_INIT("下坝村"), GF_FIGURE_NAME_PLACE, GF_STR_INIT("v2"), GF_STR_INIT("t") },
    { GF_STR_INIT("市水利局"), GF_FIGURE_NAME_UNIT, GF_STR_INIT("u1"), GF_STR_INIT("") }, { GF_STR_INIT("市图书馆"), GF_FIGURE_NAME_UNIT, GF_STR_INIT("u2"), GF_STR_INIT("") },
};
static const gf_figure_known KNOWN[] = {
    { .id = GF_STR_INIT("fact.A"), .facts = GF_STR_INIT("A"), .has_value = true, .value = { 860000, 0 }, .unit = GF_STR_INIT("CNY"), .who = GF_STR_INIT("u1"), .where = GF_STR_INIT("v1"),
      .phrase = GF_STR_INIT("投入86万元修建灌溉渠") },
    { .id = GF_STR_INIT("entry.4"), .has_value = true, .value = { 125000, 0 }, .unit = GF_STR_INIT("CNY"), .who = GF_STR_INIT("u2"), .where = GF_STR_INIT("v2"), .phrase = GF_STR_INIT("购置图书"), .independent = true },
    { .id = GF_STR_INIT("fact.C"), .facts = GF_STR_INIT("C"), .who = GF_STR_INIT("u2"), .where = GF_STR_INIT("v2"), .phrase = GF_STR_INIT("农家书屋惠及230余户村民") },
};

static void expect(gf_arena *arena, const char *text, size_t at, gf_figure_verdict verdict, const char *figure)
{
    gf_figure_press_token *tokens;
    size_t count;
    const gf_figure_press_books books = { KNOWN, GF_COUNT(KNOWN), NAMES, GF_COUNT(NAMES), GF_STR_INIT("zh") };
    assert_int_equal(gf_figure_press(gf_str_of(text), &books, arena, &tokens, &count, NULL), GF_OK);
    assert_true(count > at);
    if (tokens[at].verdict != verdict || (figure && !gf_str_is(tokens[at].figure, figure)))
        fail_msg("%s: %s %.*s", text, gf_figure_verdict_name(tokens[at].verdict), GF_STR_ARG(tokens[at].figure));
    assert_true(tokens[at].reason.len > 0);
}

static void the_press_check_answers_on_other_books(void **state)
{
    gf_arena *a = *state;
    expect(a, "市水利局在上坝村投入86万元修建灌溉渠。", 0, GF_FIGURE_STATED_ONLY, "fact.A");
    expect(a, "上坝村的灌溉渠由市水利局出资860000元建成。", 0, GF_FIGURE_STATED_ONLY, "fact.A");
    expect(a, "市水利局在上坝村投入87万元修建灌溉渠。", 0, GF_FIGURE_DIFFERENT, "fact.A");
    expect(a, "市水利局在上坝村投入86万余元修建灌溉渠。", 0, GF_FIGURE_DIFFERENT, "fact.A");
    expect(a, "市水利局在下坝村投入86万元修建灌溉渠。", 0, GF_FIGURE_DIFFERENT, "fact.A");
    expect(a, "市图书馆在上坝村投入86万元修建灌溉渠。", 0, GF_FIGURE_DIFFERENT, "fact.A");
    expect(a, "市图书馆为下坝村购置图书12.5万元。", 0, GF_FIGURE_FOUND, "entry.4");
    expect(a, "市图书馆来到下坝村。农家书屋惠及230余户村民。", 0, GF_FIGURE_STATED_ONLY, "fact.C");
    expect(a, "市图书馆来到下坝村。农家书屋惠及230户村民。", 0, GF_FIGURE_DIFFERENT, "fact.C");
    expect(a, "当地新增民宿床位4100张。", 0, GF_FIGURE_WITHOUT_BASIS, NULL);
    expect(a, "三水镇用上了5G。", 0, GF_FIGURE_NOT_A_FIGURE, NULL);
}

static void numerals_inside_names_are_no_numbers(void **state)
{
    gf_figure_token *tokens;
    size_t count;
    assert_int_equal(gf_figure_scan(GF_STR("三水镇三水人家,三户"), NAMES, GF_COUNT(NAMES), *state, &tokens, &count, NULL), GF_OK);
    assert_int_equal(count, 1);
    assert_text(tokens[0].text, "三");
}

static void values_are_written_as_an_office_writes_them(void **state)
{
    static const struct { gf_decimal value; const char *unit; gf_figure_bound bound; const char *zh, *en; } CASES[] = {
        { { 7000000, 0 }, "CNY", GF_FIGURE_AT_LEAST, "700余万元", "CNY 7,000,000 or more" }, { { 4048000000, 0 }, "CNY", GF_FIGURE_EXACT, "40.48亿元", "CNY 4,048,000,000" },
        { { 5, 1 }, "CNY", GF_FIGURE_EXACT, "0.5元", "CNY 0.5" }, { { 177, 0 }, "household", GF_FIGURE_EXACT, "177户", "177 households" },
        { { 2, 0 }, "year", GF_FIGURE_AT_LEAST, "至少2年", "2 years or more" }, { { 285, 1 }, "times", GF_FIGURE_ABOUT, "约28.5倍", "about 28.5 times" },
    };
    for (size_t i = 0; i < GF_COUNT(CASES); i++) {
        gf_figure figure = { .has_value = true, .value = CASES[i].value, .unit = gf_str_of(CASES[i].unit), .bound = CASES[i].bound };
        gf_text zh, en;
        gf_text_init(&zh, *state);
        gf_text_init(&en, *state);
        gf_figure_write_value(&zh, &figure, GF_STR("zh"));
        gf_figure_write_value(&en, &figure, GF_STR("en"));
        assert_string_equal(gf_text_str(&zh).data, CASES[i].zh);
        assert_string_equal(gf_text_str(&en).data, CASES[i].en);
    }
}

static void the_weakest_link_decides(void **state)
{
    (void)state;
    assert_int_equal(gf_figure_weaker(GF_FIGURE_DERIVED, GF_FIGURE_STATED), GF_FIGURE_STATED);
    assert_int_equal(gf_figure_weaker(GF_FIGURE_NONE, GF_FIGURE_DOCUMENTED), GF_FIGURE_NONE);
    assert_int_equal(gf_figure_looser(GF_FIGURE_AT_LEAST, GF_FIGURE_ABOUT), GF_FIGURE_ABOUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numerals_of_all_kinds_are_read), TEST(a_date_is_one_token), TEST(numerals_inside_names_are_no_numbers), TEST(the_press_check_answers_on_other_books),
        TEST(values_are_written_as_an_office_writes_them), TEST(the_weakest_link_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
