/* One-time codes: RFC 6238 with HMAC-SHA-1, 30 seconds, six digits, as every authenticator on a phone knows them.
 *
 * SHA-256 and eight digits are in the RFC too, but not in every authenticator. One step to either side is taken, for
 * clocks that are off by half a minute; all three are always compared, in constant time.
 */
#include "seal/gf_seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

enum { SECRET_BYTES = 20, STEP_MS = 30000, DIGITS = 6, MODULUS = 1000000 };
static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

gf_str gf_seal_totp_make(gf_arena *keep)
{
    uint8_t bytes[SECRET_BYTES];
    char text[SECRET_BYTES * 8 / 5 + 1] = "";
    randombytes_buf(bytes, sizeof bytes);
    for (size_t i = 0; i < SECRET_BYTES * 8 / 5; i++) {
        unsigned value = 0;
        for (size_t bit = i * 5; bit < i * 5 + 5; bit++)
            value = value << 1 | ((unsigned)bytes[bit / 8] >> (7 - bit % 8) & 1u);
        text[i] = ALPHABET[value];
    }
    return gf_str_copy(keep, gf_str_of(text));
}

static size_t decode(gf_str secret, uint8_t out[SECRET_BYTES])
{
    size_t bits = 0;
    memset(out, 0, SECRET_BYTES);
    for (size_t i = 0; i < secret.len && bits + 5 <= SECRET_BYTES * 8; i++, bits += 5) {
        const char *at = secret.data[i] ? strchr(ALPHABET, secret.data[i]) : NULL;
        if (!at)
            return 0;
        for (size_t k = 0; k < 5; k++)
            if ((unsigned)(at - ALPHABET) >> (4 - k) & 1u)
                out[(bits + k) / 8] |= (uint8_t)(0x80u >> (bits + k) % 8);
    }
    return bits / 8;
}

static bool code_of(const uint8_t *secret, size_t len, int64_t step, char out[DIGITS + 1])
{
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned mac_len = 0;
    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, (int)len, counter, sizeof counter, mac, &mac_len) || mac_len < 20)
        return false;
    size_t at = mac[19] & 15u;
    uint32_t number = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    (void)snprintf(out, DIGITS + 1, "%06u", number % MODULUS);
    return true;
}

int64_t gf_seal_totp_step(gf_str secret, gf_str code, gf_utc_ms at)
{
    uint8_t bytes[SECRET_BYTES];
    size_t len = decode(secret, bytes);
    char ours[DIGITS + 1];
    int64_t now = at / STEP_MS, found = 0;
    for (int64_t step = now - 1; len && step <= now + 1; step++)
        if (code_of(bytes, len, step, ours) && gf_seal_same(gf_str_of(ours), code))
            found = step;
    sodium_memzero(bytes, sizeof bytes);
    return found;
}
