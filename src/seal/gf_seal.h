/* seal/gf_seal.h - secrets: keys, sealed text, passwords, tokens, one-time codes, words hashed for search.
 *
 * Pure but for randomness, which comes from the system. XChaCha20-Poly1305, argon2id and SipHash-2-4 are libsodium's;
 * HMAC-SHA-1 of the one-time codes (RFC 6238) is OpenSSL's. Secrets are wiped where they were copied, but for those in
 * an arena of the caller, which dies with its request. Safe from any thread once gf_seal_start() has returned.
 */
#pragma once
#include "base/gf_base.h"

enum { GF_SEAL_KEY_BYTES = 32, GF_SEAL_TOKEN_BYTES = 48 /* text of a token, with its NUL */ };

typedef struct gf_seal_key { uint8_t bytes[GF_SEAL_KEY_BYTES]; } gf_seal_key;

/* Call once before anything else here; again does no harm. False when the library cannot be used. */
bool gf_seal_start(void);

/* 256 random bits. Cannot fail: libsodium ends the program when the system has no randomness. */
void gf_seal_make_key(gf_seal_key *out);
/* Overwrites in a way that the compiler does not leave out. */
void gf_seal_wipe(gf_seal_key *key);
/* Eight hexadecimal digits and a NUL that name a key without telling it (BLAKE2b): to see which key a text needs. */
void gf_seal_key_name(const gf_seal_key *key, char out[9]);

/* Text as "sealed:1:<base64>", bound to `place` (who and which field): it opens nowhere else. Another text each time, for
 * the nonce is random. 4/3 of (plain + 40 bytes). data NULL at the limit. */
gf_str gf_seal_text(const gf_seal_key *key, gf_str place, gf_str plain, gf_arena *keep);
/* By its beginning alone: whether it opens is another question. */
bool   gf_seal_is_sealed(gf_str text);
/* False when the key or the place is another one, a byte has changed, or `keep` is full; *out is then untouched. */
bool   gf_seal_open_text(const gf_seal_key *key, gf_str place, gf_str sealed, gf_arena *keep, gf_str *out);

enum { GF_SEAL_BYTES_MORE = 40, GF_SEAL_MARK_BYTES = 32 };
/* Bytes bound to `place`: len + GF_SEAL_BYTES_MORE of them into `out`, another text each time. */
void   gf_seal_bytes(const gf_seal_key *key, const void *place, size_t place_len, const void *plain, size_t len, uint8_t *out);
/* len - GF_SEAL_BYTES_MORE bytes into `out`; false, and `out` is then not to be used, for another key or place or a changed byte. */
bool   gf_seal_open_bytes(const gf_seal_key *key, const void *place, size_t place_len, const uint8_t *sealed, size_t len, void *out);
/* A name for bytes that only who has the key can tell them by (keyed BLAKE2b). */
void   gf_seal_bytes_mark(const gf_seal_key *key, const void *bytes, size_t len, uint8_t out[GF_SEAL_MARK_BYTES]);

/* A key for the store, wrapped by another: "<name of the wrapping key>:<sealed>". data NULL at the limit: to be asked
 * before it is stored. */
gf_str gf_seal_wrap(const gf_seal_key *by, gf_str place, const gf_seal_key *key, gf_arena *keep);
/* False as for gf_seal_open_text(), or when what was wrapped is no key. The name in front is not looked at. */
bool   gf_seal_unwrap(const gf_seal_key *by, gf_str place, gf_str wrapped, gf_arena *scratch, gf_seal_key *out);

/* argon2id (RFC 9106), 19 MiB, 2 passes: 20 to 40 ms of one core. The text carries method, salt and cost. data NULL when
 * memory is short or the password has more than 1024 bytes. */
gf_str gf_seal_password(gf_str password, gf_arena *keep);
/* Takes as long for an empty `kept` (nobody has that name) as for a wrong password, and is then false. */
bool   gf_seal_password_fits(gf_str kept, gf_str password, gf_arena *scratch);

/* 256 random bits as text that stands in cookies and links: base64 without padding, URL alphabet. */
void   gf_seal_token(char out[GF_SEAL_TOKEN_BYTES]);
/* SHA-256 of a token as hex: what the store keeps of it. Unsalted, for a token has nothing to guess. */
void   gf_seal_token_mark(gf_str token, char out[GF_HASH_HEX_BYTES]);
/* In constant time for equal lengths; the length itself is no secret. */
bool   gf_seal_same(gf_str a, gf_str b);

/* 64 bits of a word under the first 16 bytes of a key (SipHash-2-4): equal words are equal numbers, and nobody without
 * the key can try words against them. */
int64_t gf_seal_word(const gf_seal_key *key, gf_str word);

/* A secret of 20 random bytes in base32 (RFC 4648), as authenticators take it. data NULL at the limit. */
gf_str  gf_seal_totp_make(gf_arena *keep);
/* The step of 30 s whose code of six digits this is, within one step of `at` for clocks that are off; 0 when it is none.
 * A caller that keeps the last step, and takes only later ones, takes no code twice. */
int64_t gf_seal_totp_step(gf_str secret, gf_str code, gf_utc_ms at);
