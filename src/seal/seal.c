/* Keys, sealed text, passwords, tokens, words: thin sentences around libsodium.
 *
 * XChaCha20-Poly1305 because its nonce is long enough to be random: nobody has to count. The place of a text (person
 * and field) is its additional data, so that a sealed name moved to another row does not open. Passwords cost 19 MiB
 * and two passes, which is what OWASP asks of argon2id at least.
 */
#include "seal/gf_seal.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

static const char PREFIX[] = "sealed:1:";
enum { PREFIX_LEN = sizeof PREFIX - 1, NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
       PASSWORD_BYTES_MAX = 1024, PASSWORD_MEMORY = 19 << 20, PASSWORD_PASSES = 2 };

/* A load seals a million fields: a call of the kernel for each nonce costs as much as the sealing. libsodium's own generator,
 * seeded by the kernel, is told to take over; once, before anything is drawn. */
static void take_fast_random(void) { (void)randombytes_set_implementation(&randombytes_internal_implementation); }

bool gf_seal_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    return pthread_once(&once, take_fast_random) == 0 && sodium_init() >= 0;
}

void gf_seal_make_key(gf_seal_key *out) { randombytes_buf(out->bytes, sizeof out->bytes); }

void gf_seal_wipe(gf_seal_key *key) { sodium_memzero(key, sizeof *key); }

void gf_seal_key_name(const gf_seal_key *key, char out[9])
{
    static const uint8_t PURPOSE[] = "gongfu key name";
    uint8_t hash[crypto_generichash_BYTES_MIN];
    (void)crypto_generichash(hash, sizeof hash, PURPOSE, sizeof PURPOSE, key->bytes, sizeof key->bytes);  /* fails only for bad lengths */
    gf_hex_format(hash, 4, out);
}

/* ---- Sealed bytes ---- */

_Static_assert(GF_SEAL_BYTES_MORE == NONCE + TAG, "what stands in front and behind");

void gf_seal_bytes(const gf_seal_key *key, const void *place, size_t place_len, const void *plain, size_t len, uint8_t *out)
{
    randombytes_buf(out, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, plain, len, place, place_len, NULL, out, key->bytes);  /* cannot fail */
}

bool gf_seal_open_bytes(const gf_seal_key *key, const void *place, size_t place_len, const uint8_t *sealed, size_t len, void *out)
{
    return len >= GF_SEAL_BYTES_MORE && crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed + NONCE, len - NONCE, place, place_len, sealed, key->bytes) == 0;
}

void gf_seal_bytes_mark(const gf_seal_key *key, const void *bytes, size_t len, uint8_t out[GF_SEAL_MARK_BYTES])
{
    (void)crypto_generichash(out, GF_SEAL_MARK_BYTES, bytes, len, key->bytes, sizeof key->bytes);  /* fails only for bad lengths */
}

/* ---- Sealed text ---- */

gf_str gf_seal_text(const gf_seal_key *key, gf_str place, gf_str plain, gf_arena *keep)
{
    const gf_str none = { NULL, 0 };
    size_t len = NONCE + plain.len + TAG, room = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    uint8_t *bytes = gf_new(keep, uint8_t, len);
    char *text = gf_new(keep, char, PREFIX_LEN + room);
    if (!bytes || !text)
        return none;
    randombytes_buf(bytes, NONCE);
    unsigned long long wrote = 0;
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE, &wrote, (const uint8_t *)plain.data, plain.len, (const uint8_t *)place.data, place.len, NULL, bytes, key->bytes);
    memcpy(text, PREFIX, PREFIX_LEN);
    (void)sodium_bin2base64(text + PREFIX_LEN, room, bytes, NONCE + (size_t)wrote, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return gf_str_of(text);
}

bool gf_seal_is_sealed(gf_str text) { return gf_str_starts(text, (gf_str){ PREFIX, PREFIX_LEN }); }

bool gf_seal_open_text(const gf_seal_key *key, gf_str place, gf_str sealed, gf_arena *keep, gf_str *out)
{
    uint8_t *bytes = gf_new(keep, uint8_t, sealed.len + 1);
    size_t len = 0;
    if (!bytes || !gf_seal_is_sealed(sealed) ||
        sodium_base642bin(bytes, sealed.len, sealed.data + PREFIX_LEN, sealed.len - PREFIX_LEN, NULL, &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 || len < NONCE + TAG)
        return false;
    char *plain = gf_new(keep, char, len - NONCE - TAG + 1);
    unsigned long long wrote = 0;
    if (!plain || crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)plain, &wrote, NULL, bytes + NONCE, len - NONCE, (const uint8_t *)place.data, place.len, bytes, key->bytes) != 0)
        return false;
    *out = (gf_str){ plain, (size_t)wrote };
    return true;
}

gf_str gf_seal_wrap(const gf_seal_key *by, gf_str place, const gf_seal_key *key, gf_arena *keep)
{
    char name[9];
    gf_text text;
    gf_seal_key_name(by, name);
    gf_str sealed = gf_seal_text(by, place, (gf_str){ (const char *)key->bytes, sizeof key->bytes }, keep);
    gf_text_init(&text, keep);
    gf_text_format(&text, "%s:", name);
    gf_text_add(&text, sealed);
    return sealed.data && !text.failed ? gf_text_str(&text) : (gf_str){ NULL, 0 };
}

bool gf_seal_unwrap(const gf_seal_key *by, gf_str place, gf_str wrapped, gf_arena *scratch, gf_seal_key *out)
{
    gf_str plain;
    size_t colon = gf_str_find(wrapped, GF_STR(":"));
    if (!gf_seal_open_text(by, place, gf_str_slice(wrapped, colon + 1, wrapped.len), scratch, &plain) || plain.len != sizeof out->bytes)
        return false;
    memcpy(out->bytes, plain.data, sizeof out->bytes);
    sodium_memzero((void *)(uintptr_t)plain.data, plain.len);
    return true;
}

/* ---- Passwords ---- */

gf_str gf_seal_password(gf_str password, gf_arena *keep)
{
    char text[crypto_pwhash_STRBYTES];
    if (password.len > PASSWORD_BYTES_MAX || crypto_pwhash_str_alg(text, password.data, password.len, PASSWORD_PASSES, PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return (gf_str){ NULL, 0 };
    return gf_str_copy(keep, gf_str_of(text));
}

bool gf_seal_password_fits(gf_str kept, gf_str password, gf_arena *scratch)
{
    if (kept.len == 0) {  /* nobody there: work as long as for somebody, so that names cannot be found out by the clock */
        (void)gf_seal_password(password, scratch);
        return false;
    }
    const char *text = gf_str_cstr(scratch, kept);
    return text && password.len <= PASSWORD_BYTES_MAX && crypto_pwhash_str_verify(text, password.data, password.len) == 0;
}

/* ---- Tokens and words ---- */

void gf_seal_token(char out[GF_SEAL_TOKEN_BYTES])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2base64(out, GF_SEAL_TOKEN_BYTES, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void gf_seal_token_mark(gf_str token, char out[GF_HASH_HEX_BYTES])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(hash, (const uint8_t *)token.data, token.len);  /* never fails */
    gf_hex_format(hash, sizeof hash, out);
}

bool gf_seal_same(gf_str a, gf_str b) { return a.len == b.len && (a.len == 0 || sodium_memcmp(a.data, b.data, a.len) == 0); }

int64_t gf_seal_word(const gf_seal_key *key, gf_str word)
{
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number = 0;
    (void)crypto_shorthash(hash, (const uint8_t *)word.data, word.len, key->bytes);  /* takes the first 16 bytes; never fails */
    for (size_t i = 0; i < sizeof hash; i++)
        number = number << 8 | hash[i];
    return (int64_t)number;
}
