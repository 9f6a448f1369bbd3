/* seal/gf_seal.h - secrets: keys, sealed text, passwords, tokens, one-time codes, words hashed for search.
 *
 * Pure but for randomness, which comes from the system. XChaCha20-Poly1305, argon2id and SipHash-2-4 are libsodium's;
 * HMAC-SHA-1 of the one-time codes (RFC 6238) is OpenSSL's. Secrets are wiped where they were copied.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_SEAL_KEY_BYTES = 32, GF_SEAL_TOKEN_BYTES = 48 /* text of a token, with its NUL */ };

typedef struct gf_seal_key { uint8_t bytes[GF_SEAL_KEY_BYTES]; } gf_seal_key;

/* Call once before threads start. False when the library cannot be used. */
bool gf_seal_start(void);

void gf_seal_make_key(gf_seal_key *out);
void gf_seal_wipe(gf_seal_key *key);
/* Eight hexadecimal digits that name a key without telling it. */
void gf_seal_key_name(const gf_seal_key *key, char out[9]);

/* Text as "sealed:1:<base64>", bound to `place` (who and which field): it opens nowhere else. data NULL at the limit. */
gf_str gf_seal_text(const gf_seal_key *key, gf_str place, gf_str plain, gf_arena *keep);
bool   gf_seal_is_sealed(gf_str text);
/* False when the key or the place is another one, or a byte has changed. */
bool   gf_seal_open_text(const gf_seal_key *key, gf_str place, gf_str sealed, gf_arena *keep, gf_str *out);

/* A key for the store, wrapped by another: "<name of the wrapping key>:<sealed>". */
gf_str gf_seal_wrap(const gf_seal_key *by, gf_str place, const gf_seal_key *key, gf_arena *keep);
bool   gf_seal_unwrap(const gf_seal_key *by, gf_str place, gf_str wrapped, gf_arena *scratch, gf_seal_key *out);

/* argon2id, 19 MiB, 2 passes: 20 to 40 ms of one core. data NULL when memory is short. */
gf_str gf_seal_password(gf_str password, gf_arena *keep);
bool   gf_seal_password_fits(gf_str kept, gf_str password, gf_arena *scratch);   /* takes as long for an empty `kept` */

/* 256 random bits as text that stands in cookies and links. */
void   gf_seal_token(char out[GF_SEAL_TOKEN_BYTES]);
/* SHA-256 of a token as hex: what the store keeps of it. */
void   gf_seal_token_mark(gf_str token, char out[GF_HASH_HEX_BYTES]);
bool   gf_seal_same(gf_str a, gf_str b);                /* in constant time for equal lengths */

/* 64 bits of a word under a key. */
int64_t gf_seal_word(const gf_seal_key *key, gf_str word);

/* One-time codes: a secret of 20 bytes in base32; the step (30 s) whose code this is, within one step of `at`, or 0. */
gf_str  gf_seal_totp_make(gf_arena *keep);
int64_t gf_seal_totp_step(gf_str secret, gf_str code, gf_utc_ms at);
