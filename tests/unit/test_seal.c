/* Secrets: sealed text opens only with its key and in its place; codes are those of RFC 6238, appendix B. */
#include "unit/check.h"

#include "seal/gf_seal.h"

#include <string.h>

static void text_opens_with_its_key_and_place_only(void **state)
{
    gf_seal_key key, other;
    gf_seal_make_key(&key);
    gf_seal_make_key(&other);
    gf_str sealed = gf_seal_text(&key, GF_STR("persons/1/name"), GF_STR("王小明"), *state), plain;
    assert_true(gf_seal_is_sealed(sealed));
    assert_true(gf_seal_open_text(&key, GF_STR("persons/1/name"), sealed, *state, &plain));
    assert_text(plain, "王小明");
    assert_false(gf_seal_open_text(&other, GF_STR("persons/1/name"), sealed, *state, &plain));
    assert_false(gf_seal_open_text(&key, GF_STR("persons/2/name"), sealed, *state, &plain));
}

static void every_changed_character_is_noticed(void **state)
{
    gf_seal_key key;
    gf_seal_make_key(&key);
    gf_str sealed = gf_seal_text(&key, GF_STR("p"), GF_STR("330329199001011234"), *state), plain;
    for (size_t i = 0; i < sealed.len; i++) {
        char *copy = (char *)(uintptr_t)gf_str_copy(*state, sealed).data;
        copy[i] = copy[i] == 'A' ? 'B' : 'A';
        /* The last character carries two bits that mean nothing: the decoder refuses those that are not zero. */
        assert_false(gf_seal_open_text(&key, GF_STR("p"), (gf_str){ copy, sealed.len }, *state, &plain));
    }
    for (size_t len = 0; len < sealed.len; len++)
        assert_false(gf_seal_open_text(&key, GF_STR("p"), (gf_str){ sealed.data, len }, *state, &plain));
}

static void the_same_text_is_never_sealed_the_same_way(void **state)
{
    gf_seal_key key;
    gf_seal_make_key(&key);
    assert_false(gf_str_eq(gf_seal_text(&key, GF_STR("p"), GF_STR("王"), *state), gf_seal_text(&key, GF_STR("p"), GF_STR("王"), *state)));
}

static void a_wrapped_key_comes_back(void **state)
{
    gf_seal_key master, key, back, wrong;
    gf_seal_make_key(&master);
    gf_seal_make_key(&key);
    gf_seal_make_key(&wrong);
    gf_str wrapped = gf_seal_wrap(&master, GF_STR("persons/1"), &key, *state);
    assert_true(gf_seal_unwrap(&master, GF_STR("persons/1"), wrapped, *state, &back));
    assert_memory_equal(key.bytes, back.bytes, sizeof key.bytes);
    assert_false(gf_seal_unwrap(&wrong, GF_STR("persons/1"), wrapped, *state, &back));
    assert_false(gf_seal_unwrap(&master, GF_STR("persons/2"), wrapped, *state, &back));
}

static void a_password_fits_itself(void **state)
{
    gf_str kept = gf_seal_password(GF_STR("正确的密码 123"), *state);
    assert_true(gf_str_starts(kept, GF_STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_true(gf_seal_password_fits(kept, GF_STR("正确的密码 123"), *state));
    assert_false(gf_seal_password_fits(kept, GF_STR("正确的密码 124"), *state));
    assert_false(gf_seal_password_fits((gf_str){ "", 0 }, GF_STR(""), *state));
}

/* RFC 6238, appendix B, SHA-1 column: eight digits there, of which six are the last six. Secret "12345678901234567890". */
static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    static const struct { int64_t seconds; const char *code; } ROWS[] = {
        { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" }, { 2000000000, "279037" },
    };
    static const gf_str SECRET = GF_STR_INIT("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    for (size_t i = 0; i < GF_COUNT(ROWS); i++) {
        gf_utc_ms at = ROWS[i].seconds * 1000;
        assert_int_equal(gf_seal_totp_step(SECRET, gf_str_of(ROWS[i].code), at), ROWS[i].seconds / 30);
        assert_int_equal(gf_seal_totp_step(SECRET, gf_str_of(ROWS[i].code), at + 30000), ROWS[i].seconds / 30);  /* one step late is taken */
        assert_int_equal(gf_seal_totp_step(SECRET, gf_str_of(ROWS[i].code), at + 90000), 0);
    }
    assert_int_equal(gf_seal_totp_step(GF_STR("not base32!"), GF_STR("287082"), 59000), 0);
}

static void a_word_depends_on_its_key(void **state)
{
    (void)state;
    gf_seal_key a, b;
    gf_seal_make_key(&a);
    gf_seal_make_key(&b);
    assert_int_equal(gf_seal_word(&a, GF_STR("茶叶")), gf_seal_word(&a, GF_STR("茶叶")));
    assert_true(gf_seal_word(&a, GF_STR("茶叶")) != gf_seal_word(&b, GF_STR("茶叶")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(text_opens_with_its_key_and_place_only), TEST(every_changed_character_is_noticed), TEST(the_same_text_is_never_sealed_the_same_way),
        TEST(a_wrapped_key_comes_back), TEST(a_password_fits_itself), TEST(codes_are_those_of_the_standard), TEST(a_word_depends_on_its_key),
    };
    return gf_seal_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
