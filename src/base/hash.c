/* SHA-256 and SM3 by OpenSSL. One context is reused: making one costs more than hashing a ledger entry. The method is
 * fetched once (EVP_MD_fetch), so that a build without SM3 says so when the hash is opened and not in the middle of a
 * chain.
 */
#include "base/gf_base.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct gf_hash {
    EVP_MD_CTX *context;
    EVP_MD     *method;
};

static const char *const METHOD_NAMES[] = { [GF_HASH_SHA256] = "SHA256", [GF_HASH_SM3] = "SM3" };

void gf_hash_close(gf_hash *hash)
{
    if (!hash)
        return;
    EVP_MD_CTX_free(hash->context);
    EVP_MD_free(hash->method);
    free(hash);
}

gf_hash *gf_hash_open(gf_hash_kind kind)
{
    gf_hash *hash = calloc(1, sizeof *hash);
    if (!hash)
        return NULL;
    hash->context = EVP_MD_CTX_new();
    hash->method = EVP_MD_fetch(NULL, METHOD_NAMES[kind], NULL);
    if (hash->context && hash->method)
        return hash;
    gf_hash_close(hash);
    return NULL;
}

bool gf_hash_start(gf_hash *hash) { return EVP_DigestInit_ex2(hash->context, hash->method, NULL) == 1; }

bool gf_hash_add(gf_hash *hash, const void *bytes, size_t len) { return EVP_DigestUpdate(hash->context, bytes, len) == 1; }

bool gf_hash_finish(gf_hash *hash, uint8_t out[GF_HASH_BYTES])
{
    unsigned len = 0;
    return EVP_DigestFinal_ex(hash->context, out, &len) == 1 && len == GF_HASH_BYTES;
}

bool gf_hash_so_far(const gf_hash *hash, uint8_t out[GF_HASH_BYTES])
{
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    unsigned len = 0;
    bool done = copy && EVP_MD_CTX_copy_ex(copy, hash->context) == 1 && EVP_DigestFinal_ex(copy, out, &len) == 1 && len == GF_HASH_BYTES;
    EVP_MD_CTX_free(copy);
    return done;
}

bool gf_hash_bytes(gf_hash_kind kind, const void *bytes, size_t len, uint8_t out[GF_HASH_BYTES])
{
    gf_hash *hash = gf_hash_open(kind);
    bool done = hash && gf_hash_start(hash) && gf_hash_add(hash, bytes, len) && gf_hash_finish(hash, out);
    gf_hash_close(hash);
    return done;
}

void gf_hex_format(const uint8_t *bytes, size_t len, char *out)
{
    static const char DIGITS[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = DIGITS[bytes[i] >> 4];
        out[2 * i + 1] = DIGITS[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool gf_hex_parse(gf_str hex, uint8_t *out, size_t len)
{
    if (hex.len != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_value(hex.data[2 * i]), low = hex_value(hex.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
