/* The floor: numbers with known answers, texts that must be refused, days of the calendar. */
#include "unit/check.h"

#include <string.h>

static const char *shown(gf_arena *arena, const char *text)
{
    gf_decimal value;
    char out[GF_DECIMAL_BYTES];
    assert_true(gf_decimal_parse(gf_str_of(text), &value));
    return gf_str_copy(arena, (gf_str){ out, gf_decimal_format(value, out) }).data;
}

static void decimals_keep_their_value_and_lose_empty_places(void **state)
{
    assert_string_equal(shown(*state, "40.480"), "40.48");
    assert_string_equal(shown(*state, "-0.05"), "-0.05");
    assert_string_equal(shown(*state, "000"), "0");
    assert_string_equal(shown(*state, "999999999999999999"), "999999999999999999");
    assert_string_equal(shown(*state, "0.000000000000000001"), "0.000000000000000001");
}

static void decimals_that_do_not_fit_are_refused(void **state)
{
    static const char *const BAD[] = { "", "-", ".5", "5.", "1e30", "1 000", "1,000", "0x10", "９", "9999999999999999999", "0.0000000000000000001", "--1", "1.2.3" };
    (void)state;
    gf_decimal value;
    for (size_t i = 0; i < GF_COUNT(BAD); i++)
        assert_false(gf_decimal_parse(gf_str_of(BAD[i]), &value));
}

/* 14/3 = 4.6666..., to four places 4.6667; -1/8 = -0.125, to two places -0.13 (half up in size). */
static void division_rounds_half_up(void **state)
{
    (void)state;
    gf_decimal out;
    assert_true(gf_decimal_div((gf_decimal){ 14, 0 }, (gf_decimal){ 3, 0 }, 4, &out));
    assert_int_equal(out.digits, 46667);
    assert_true(gf_decimal_div((gf_decimal){ -1, 0 }, (gf_decimal){ 8, 0 }, 2, &out));
    assert_int_equal(out.digits, -13);
    assert_false(gf_decimal_div((gf_decimal){ 1, 0 }, (gf_decimal){ 0, 0 }, 2, &out));
}

static void fen_do_not_wrap(void **state)
{
    (void)state;
    gf_fen sum;
    assert_false(gf_fen_add(INT64_MAX, 1, &sum));
    assert_true(gf_fen_add(INT64_MAX, -1, &sum));
    assert_false(gf_fen_from_yuan((gf_decimal){ 1, 3 }, &sum));  /* 0.001 yuan is no fen */
    assert_true(gf_fen_from_yuan((gf_decimal){ 4048, 0 }, &sum));
    assert_int_equal(sum, 404800);
}

/* 1970-01-01 was a Thursday; 2000-02-29 is day 11016; 2023-12-27 is day 19718, a Wednesday. */
static void days_count_from_1970(void **state)
{
    (void)state;
    gf_day day;
    assert_true(gf_day_make(1970, 1, 1, &day));
    assert_int_equal(day, 0);
    assert_int_equal(gf_day_weekday(day), 4);
    assert_true(gf_day_make(2000, 2, 29, &day));
    assert_int_equal(day, 11016);
    assert_true(gf_day_make(2023, 12, 27, &day));
    assert_int_equal(day, 19718);
    assert_int_equal(gf_day_weekday(day), 3);
    assert_false(gf_day_make(1900, 2, 29, &day));
}

static void every_day_of_four_centuries_comes_back(void **state)
{
    (void)state;
    gf_day first, last;
    assert_true(gf_day_make(1800, 1, 1, &first));
    assert_true(gf_day_make(2200, 12, 31, &last));
    for (gf_day day = first; day <= last; day++) {
        int y, m, d;
        gf_day again;
        gf_day_split(day, &y, &m, &d);
        assert_true(gf_day_make(y, m, d, &again));
        assert_int_equal(again, day);
    }
}

static void periods_span_what_they_say(void **state)
{
    static const struct { const char *text, *first, *last; } CASES[] = {
        { "2023", "2023-01-01", "2023-12-31" }, { "2024-02", "2024-02-01", "2024-02-29" }, { "2023-12-27", "2023-12-27", "2023-12-27" },
        { "2021-07/2023-12", "2021-07-01", "2023-12-31" }, { "2018/2023", "2018-01-01", "2023-12-31" },
    };
    (void)state;
    for (size_t i = 0; i < GF_COUNT(CASES); i++) {
        gf_period period;
        char day[GF_DAY_BYTES];
        assert_int_equal(gf_period_parse(gf_str_of(CASES[i].text), &period, NULL), GF_OK);
        gf_day_format(period.first, day);
        assert_string_equal(day, CASES[i].first);
        gf_day_format(period.last, day);
        assert_string_equal(day, CASES[i].last);
    }
}

static void impossible_dates_are_refused_with_the_reason(void **state)
{
    static const struct { const char *text, *code; } BAD[] = {
        { "2023-02-31", "date.day" }, { "2023-13", "date.day" }, { "2023-2-3", "date.form" }, { "", "date.form" }, { "23", "date.form" }, { "2023-12/2021", "date.order" }, { "2023-01-01T00", "date.form" }, { "0001", "date.day" },
    };
    (void)state;
    for (size_t i = 0; i < GF_COUNT(BAD); i++) {
        gf_period period;
        gf_error err;
        assert_int_equal(gf_period_parse(gf_str_of(BAD[i].text), &period, &err), GF_EINPUT);
        assert_string_equal(err.code, BAD[i].code);
    }
}

/* FIPS 180-2 and GB/T 32905-2016, first example of each: "abc". */
static void a_hash_is_told_on_its_way(void **state)
{
    (void)state;
    uint8_t way[GF_HASH_BYTES], end[GF_HASH_BYTES], whole[GF_HASH_BYTES];
    gf_hash *hash = gf_hash_open(GF_HASH_SHA256);
    assert_true(gf_hash_start(hash) && gf_hash_add(hash, "abc", 3) && gf_hash_so_far(hash, way) && gf_hash_add(hash, "def", 3) && gf_hash_finish(hash, end));
    assert_true(gf_hash_bytes(GF_HASH_SHA256, "abc", 3, whole));
    assert_memory_equal(way, whole, GF_HASH_BYTES);
    assert_true(gf_hash_bytes(GF_HASH_SHA256, "abcdef", 6, whole));
    assert_memory_equal(end, whole, GF_HASH_BYTES);
    gf_hash_close(hash);
}

static void hashes_match_the_standards(void **state)
{
    (void)state;
    uint8_t out[GF_HASH_BYTES];
    char hex[GF_HASH_HEX_BYTES];
    assert_true(gf_hash_bytes(GF_HASH_SHA256, "abc", 3, out));
    gf_hex_format(out, sizeof out, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(gf_hash_bytes(GF_HASH_SM3, "abc", 3, out));
    gf_hex_format(out, sizeof out, hex);
    assert_string_equal(hex, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void broken_utf8_is_seen(void **state)
{
    static const char *const BAD[] = { "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE4\xB8", "\xFF", "\xCC\xA9\xCB\xB3\xD0" };
    (void)state;
    for (size_t i = 0; i < GF_COUNT(BAD); i++)
        assert_false(gf_utf8_valid(gf_str_of(BAD[i]), NULL));
    assert_true(gf_utf8_valid(GF_STR("泰顺𠮷"), NULL));
    assert_int_equal(gf_utf8_count(GF_STR("泰顺𠮷a")), 4);
}

static void json_escapes_and_keeps_exact_numbers(void **state)
{
    gf_text text;
    gf_json json;
    gf_text_init(&text, *state);
    gf_json_init(&json, &text);
    gf_json_begin(&json, NULL, '{');
    gf_json_str(&json, "a\"", GF_STR("泰\n\x01\\"));
    gf_json_decimal(&json, "n", (gf_decimal){ 4048, 2 });
    gf_json_begin(&json, "l", '[');
    gf_json_null(&json, NULL);
    gf_json_bool(&json, NULL, true);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
    assert_text(gf_text_str(&text), "{\"a\\\"\":\"泰\\n\\u0001\\\\\",\"n\":40.48,\"l\":[null,true]}");
}

static void an_arena_stops_at_its_limit_and_gives_back(void **state)
{
    (void)state;
    gf_arena *arena = gf_arena_open(1000);
    gf_mark mark = gf_arena_mark(arena);
    assert_non_null(gf_arena_alloc(arena, 1, 900));
    assert_null(gf_arena_alloc(arena, 1, 900));
    assert_null(gf_arena_alloc(arena, SIZE_MAX / 2, 4));
    gf_arena_rewind(arena, mark);
    assert_int_equal(gf_arena_used(arena), 0);
    assert_non_null(gf_arena_alloc(arena, 1, 900));
    gf_arena_close(arena);
}

static void a_long_message_ends_at_a_character(void **state)
{
    (void)state;
    gf_error err;
    char text[400];
    memset(text, 0, sizeof text);
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "泰", 3);
    for (size_t cut = 0; cut < 3; cut++) {
        (void)gf_fail(&err, GF_EINPUT, "x", text + 3 * cut, "%.*s%s", (int)cut, "ab", text);
        assert_true(gf_utf8_valid(gf_str_of(err.what), NULL));
        assert_true(gf_utf8_valid(gf_str_of(err.hint), NULL));
    }
}

/* "%.40s" counts bytes: 13 characters of three bytes and one byte of the next stay without the mend. */
static void a_format_that_cuts_inside_a_character_leaves_whole_ones(void **state)
{
    gf_error err;
    (void)state;
    (void)gf_fail(&err, GF_EINPUT, "x", "", "unknown key \"%.40s\"", "共富共富共富共富共富共富共富共富");
    assert_string_equal(err.what, "unknown key \"共富共富共富共富共富共富共\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(decimals_keep_their_value_and_lose_empty_places), TEST(decimals_that_do_not_fit_are_refused), TEST(division_rounds_half_up), TEST(fen_do_not_wrap),
        TEST(days_count_from_1970), TEST(every_day_of_four_centuries_comes_back), TEST(periods_span_what_they_say), TEST(impossible_dates_are_refused_with_the_reason),
        TEST(hashes_match_the_standards), TEST(a_hash_is_told_on_its_way), TEST(broken_utf8_is_seen), TEST(json_escapes_and_keeps_exact_numbers), TEST(an_arena_stops_at_its_limit_and_gives_back),
        TEST(a_long_message_ends_at_a_character),
        TEST(a_format_that_cuts_inside_a_character_leaves_whole_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
