/* base/gf_base.h - what every room stands on: failures, memory, text, exact numbers, civil time, hashes, JSON text.
 *
 * Nothing here knows the domain. Nothing reads a clock, a file or the environment, except gf_log_line(), which
 * writes one line to standard error, and gf_utc_now_ms(), which only edges (cli, api, main) may call.
 * Text is UTF-8. Money is int64 fen. Dates are civil; instants are UTC milliseconds.
 * There is no state behind these functions: threads may call all of them, each on arenas, texts and hashes of its own.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- Failures ------------------------------------------------------------------------------------------------ */

/* What kind of failure it is: decides exit code and HTTP status, never the words. One table in status.c. */
typedef enum gf_status {
    GF_OK = 0,
    GF_ENO,        /* the question was answered, and the answer is "no" */
    GF_EUSAGE,     /* the command line or request is malformed */
    GF_EINPUT,     /* the data given are wrong */
    GF_ENOTFOUND,  /* what is named is not there, or must look as if it were not */
    GF_ECONFLICT,  /* what is there already, or has changed since, stands against it */
    GF_ELIMIT,     /* a stated bound was passed */
    GF_ENOMEM,     /* an arena reached its limit, or the machine has no more */
    GF_EIO,        /* the disk, the store or the network failed */
    GF_EDENIED,    /* refused by a rule or a right */
    GF_EUNSOLVED,  /* a method did not come to an answer */
    GF_ECANCELLED, /* somebody asked for the end; nothing was changed */
    GF_STATUS_COUNT
} gf_status;

typedef struct gf_error {    /* fixed size: reporting a failure never allocates */
    gf_status   status;
    const char *code;        /* static and stable, "load.unit": key for translation, docs and HTTP */
    char        where[96];   /* place in the user's input: "units.csv:12"; empty when nobody named one */
    char        what[200];   /* what failed and why: one line, lower case, no full stop, values quoted */
    char        hint[200];   /* what to do next: a full sentence; empty when we do not know */
} gf_error;

/* Fill `err` (NULL is accepted) and return `status`. `hint` may be "" or NULL; `where` becomes empty. Text too long is
 * cut at a character, and broken UTF-8 in it is left out: an error can always be written as JSON. */
gf_status gf_fail(gf_error *err, gf_status status, const char *code, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Name the place of a failure already reported, unless a nearer place is named. Returns err's status; GF_EIO when err is
 * NULL, so a caller that must keep the status returns its own. */
gf_status gf_fail_at(gf_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "input", "not_found", ...: static and stable, part of JSON and problem documents. An unknown number is named "io". */
const char *gf_status_name(gf_status status);
/* Of the process: 0 done, 1 no, 2 usage, 3 input, 4 not found, 5 conflict, 6 limit and memory, 7 io, 8 refused,
 * 9 unsolved, 130 cancelled. Fixed by the contracts: scripts hang on them. */
int         gf_status_exit_code(gf_status status);
/* 200 (also for "no"), 400, 422, 404, 409, 413, 503, 500, 403 in the order of the enum; unsolved 422, cancelled 503. */
int         gf_status_http(gf_status status);

/* ---- Memory -------------------------------------------------------------------------------------------------- */

/* A bounded region: allocations are zeroed and live until the arena is rewound or closed. One thread at a time.
 * Under AddressSanitizer every allocation is a malloc of its own, so that overruns are seen. */
typedef struct gf_arena gf_arena;
/* A place to rewind to. All zero is the beginning of any arena. Dies when an older mark of its arena is rewound to. */
typedef struct gf_mark { void *block; size_t used; } gf_mark;

/* An arena that hands out at most `bytes_max` bytes at a time; it takes memory from the system only as it is asked for
 * some. NULL when out of memory. */
gf_arena *gf_arena_open(size_t bytes_max);
/* Ends everything that was handed out. NULL is a no-op. */
void      gf_arena_close(gf_arena *arena);
/* Zeroed, aligned to 16, `count * item_bytes` without overflow. NULL at the limit or out of memory; never NULL for no
 * bytes. Takes constant time but for the zeroing. */
void     *gf_arena_alloc(gf_arena *arena, size_t count, size_t item_bytes);
/* Where the arena stands now. */
gf_mark   gf_arena_mark(const gf_arena *arena);
/* Give back all that was handed out since `mark`, which is of this arena. One freed block is kept for the next time. */
void      gf_arena_rewind(gf_arena *arena, gf_mark mark);
/* Bytes handed out and not rewound, rounding to 16 included: what counts against the bound. */
size_t    gf_arena_used(const gf_arena *arena);

#define gf_new(arena, type, count) ((type *)gf_arena_alloc((arena), (count), sizeof(type)))
#define GF_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define GF_MIB ((size_t)1024 * 1024)

/* Report that an arena reached its limit: always GF_ENOMEM "memory.limit". */
gf_status gf_fail_memory(gf_error *err);

/* ---- Text ---------------------------------------------------------------------------------------------------- */

/* Borrowed bytes; not terminated. `data` may be NULL when len is 0: where a function says so, that means "not there". */
typedef struct gf_str { const char *data; size_t len; } gf_str;

#define GF_STR(literal) ((gf_str){ (literal), sizeof(literal) - 1 })
#define GF_STR_INIT(literal) { (literal), sizeof(literal) - 1 }   /* for static tables */
#define GF_STR_ARG(s) (int)(s).len, (s).data                      /* for "%.*s" */

/* Borrows a C string; NULL gives the empty text. */
gf_str gf_str_of(const char *text);
/* By bytes: no folding of case or width. Two empty texts are equal whatever their data. */
bool   gf_str_eq(gf_str a, gf_str b);
/* The same against a C string; NULL counts as the empty text. */
bool   gf_str_is(gf_str a, const char *b);
/* By bytes as unsigned, which is by code points in UTF-8; the shorter first. For qsort and for orders that every machine
 * agrees on. */
int    gf_str_cmp(gf_str a, gf_str b);
/* True for an empty prefix. */
bool   gf_str_starts(gf_str s, gf_str prefix);
/* True for an empty suffix. */
bool   gf_str_ends(gf_str s, gf_str suffix);
/* Byte offset of the first one, or s.len when it is not there; an empty needle is nowhere. Up to s.len * needle.len. */
size_t gf_str_find(gf_str s, gf_str needle);
/* False for an empty needle. */
bool   gf_str_has(gf_str s, gf_str needle);
/* Bytes [from, to), clamped to the text: a place behind the end gives the empty text, never an overrun. */
gf_str gf_str_slice(gf_str s, size_t from, size_t to);
/* ASCII blanks and U+3000 off both ends: Chinese forms are padded with the wide blank. */
gf_str gf_str_trim(gf_str s);
/* Next piece of a list, *rest shortened by it and its mark; false at the end. Empty text has no piece, a mark at the very
 * end begins none, two marks together have an empty piece between them. */
bool   gf_str_cut(gf_str *rest, char mark, gf_str *piece);
/* A copy with a NUL behind it that len does not count; data NULL at the limit, and only then. */
gf_str gf_str_copy(gf_arena *arena, gf_str s);
/* The same as a C string; NULL at the limit. A NUL inside the text cuts what C functions see. */
const char *gf_str_cstr(gf_arena *arena, gf_str s);
/* FNV-1a, 64 bits: for tables in memory, never for proof. Whoever chooses the text can make collisions. */
uint64_t gf_str_hash(gf_str s);
/* The whole text as a decimal number with an optional sign; false when it is no number or does not fit int64. */
bool   gf_str_to_int(gf_str s, int64_t *out);

/* Strict by RFC 3629: no overlong form, surrogate or code above U+10FFFF. bad_offset may be NULL; it is written only when
 * the answer is false. */
bool     gf_utf8_valid(gf_str s, size_t *bad_offset);
/* Take one code point off the front; false at the end. A broken byte is taken alone and comes as U+FFFD. */
bool     gf_utf8_next(gf_str *rest, uint32_t *code);
/* Code points, each broken byte counted as one: what people call the length, but for combining marks. */
size_t   gf_utf8_count(gf_str s);

/* Text that grows in an arena, by doubling: copying costs no more than writing. A failed growth is latched: nothing is
 * added behind it, and gf_text_done() is asked once at the end. */
typedef struct gf_text { gf_arena *arena; char *data; size_t len, room; bool failed; } gf_text;

/* Empty; takes no memory yet. The arena must outlive the text, and not be rewound to a mark older than its last growth. */
void   gf_text_init(gf_text *text, gf_arena *arena);
/* Copies the bytes as they are. */
void   gf_text_add(gf_text *text, gf_str s);
/* NULL adds nothing. */
void   gf_text_add_c(gf_text *text, const char *s);
/* One byte. */
void   gf_text_add_char(gf_text *text, char c);
/* As printf, whatever the length; formats twice, once to measure. */
void   gf_text_format(gf_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One code point as UTF-8; must be one (<= 0x10FFFF), which is not checked. */
void   gf_text_add_code(gf_text *text, uint32_t code_point);
/* What has been written so far, never NULL, with a NUL beyond len; moves with the next growth. */
gf_str gf_text_str(const gf_text *text);
/* GF_ENOMEM when a growth failed: the text is cut then and must not be used. */
gf_status gf_text_done(const gf_text *text, gf_error *err);

/* ---- Exact numbers ------------------------------------------------------------------------------------------- */

/* digits / 10^scale, normalised: no trailing zero behind the point, so equal values have equal fields.
 * |digits| < 10^18, scale <= 18. What does not fit is refused, never rounded. */
typedef struct gf_decimal { int64_t digits; uint8_t scale; } gf_decimal;

/* "-12.50", "+3"; a digit on both sides of a point; no exponent, blank or grouping. False when it is not exact here. */
bool gf_decimal_parse(gf_str s, gf_decimal *out);
/* Normalises; scale up to 36, as long as enough zeros at the end go. */
bool gf_decimal_make(int64_t digits, unsigned scale, gf_decimal *out);
/* Below, at or above 0, exact: both sides are brought to one scale in 128 bits. */
int  gf_decimal_cmp(gf_decimal a, gf_decimal b);
/* Exact; false on overflow. */
bool gf_decimal_add(gf_decimal a, gf_decimal b, gf_decimal *out);
/* Exact; false on overflow. */
bool gf_decimal_sub(gf_decimal a, gf_decimal b, gf_decimal *out);
/* Exact; false on overflow. */
bool gf_decimal_mul_int(gf_decimal a, int64_t factor, gf_decimal *out);
/* To `scale` places, halves away from zero; false for b = 0, scale above 18, a quotient that does not fit, or scales too
 * far apart for 128 bits (b.scale + scale - a.scale > 20). The only function here that rounds. */
bool gf_decimal_div(gf_decimal a, gf_decimal b, unsigned scale, gf_decimal *out);
#define GF_DECIMAL_BYTES 24
/* The shortest exact form, "-0.5", terminated; returns its length. It parses back to the same value. */
size_t gf_decimal_format(gf_decimal value, char out[GF_DECIMAL_BYTES]);

typedef int64_t gf_fen;                              /* 1/100 yuan */
/* False on overflow; *out is then not to be used. */
bool   gf_fen_add(gf_fen a, gf_fen b, gf_fen *out);
/* Exact for all amounts below 10^18 fen; beyond, the ledger's own bounds stop a sum long before, and this gives 0. */
gf_decimal gf_fen_to_yuan(gf_fen amount);
/* False when there are parts of a fen, or it is too large: money is never rounded on its way in. */
bool   gf_fen_from_yuan(gf_decimal yuan, gf_fen *out);

/* ---- Civil time ---------------------------------------------------------------------------------------------- */

typedef int32_t gf_day;                              /* days since 1970-01-01, proleptic Gregorian */
typedef int64_t gf_utc_ms;                           /* milliseconds since 1970-01-01T00:00:00Z */
#define GF_DAY_NONE INT32_MIN

/* A civil date or loose period, as written: "2023", "2021-07", "2023-12-27", "2021-07/2023-12", "2021-07/.." (open).
 * The text is kept by whoever owns it; this is what it spans. */
typedef struct gf_period { gf_day first, last; } gf_period;   /* both inclusive; last = INT32_MAX while open */

/* GF_EINPUT with the reason: "date.form" (the empty text too), "date.day" (31 February, or a year outside 1000 to 9999),
 * "date.order" (ends before it begins). Each side of a slash may be of another fineness. */
gf_status gf_period_parse(gf_str s, gf_period *out, gf_error *err);
/* True when they share a day: a loose period belongs to a report when it overlaps, and is never pro-rated. */
bool      gf_period_overlaps(gf_period a, gf_period b);
/* Both ends belong to it. */
bool      gf_period_has(gf_period period, gf_day day);
/* False for a day that is not in the calendar, or a year outside 1000 to 9999. */
bool      gf_day_make(int year, int month, int day, gf_day *out);
/* The inverse, for every gf_day: month 1 to 12, mday 1 to 31. */
void      gf_day_split(gf_day day, int *year, int *month, int *mday);
/* 1 Monday ... 7 Sunday (ISO 8601). */
int       gf_day_weekday(gf_day day);
#define GF_DAY_BYTES 16
/* "2023-12-27", terminated; returns its length. */
size_t    gf_day_format(gf_day day, char out[GF_DAY_BYTES]);
#define GF_UTC_BYTES 32
/* "2023-12-27T09:41:17Z", with .mmm when not whole (RFC 3339), terminated; returns its length. Years modulo 10,000. */
size_t    gf_utc_format(gf_utc_ms instant, char out[GF_UTC_BYTES]);
/* That form only: Z, no offset, no leap second; three digits behind a point or none. */
bool      gf_utc_parse(gf_str s, gf_utc_ms *out);
/* The civil day in a zone, in minutes east of UTC; 480 is Asia/Shanghai, which has had no summer time since 1991. */
gf_day    gf_utc_day(gf_utc_ms instant, int zone_minutes);
/* The machine's clock; edges only: other rooms get the time handed in. 0 when there is no clock. */
gf_utc_ms gf_utc_now_ms(void);

/* ---- Hashes -------------------------------------------------------------------------------------------------- */

typedef enum gf_hash_kind { GF_HASH_SHA256, GF_HASH_SM3 } gf_hash_kind;  /* FIPS 180-4, GB/T 32905; both 32 bytes */
#define GF_HASH_BYTES 32
#define GF_HASH_HEX_BYTES 65

typedef struct gf_hash gf_hash;                      /* one running hash; reusable: start, add ..., finish, start ... */
/* NULL when out of memory or the kind is not in this build's OpenSSL. */
gf_hash  *gf_hash_open(gf_hash_kind kind);
/* NULL is a no-op. */
void      gf_hash_close(gf_hash *hash);
/* Begin anew; what was added before is forgotten. False when OpenSSL refuses. */
bool      gf_hash_start(gf_hash *hash);
/* False when OpenSSL refuses. No bytes add nothing: whoever hashes fields must hash their lengths too. */
bool      gf_hash_add(gf_hash *hash, const void *bytes, size_t len);
/* The digest; then gf_hash_start() before anything else. */
bool      gf_hash_finish(gf_hash *hash, uint8_t out[GF_HASH_BYTES]);
/* The digest of what was added so far; more may be added behind it. */
bool      gf_hash_so_far(const gf_hash *hash, uint8_t out[GF_HASH_BYTES]);
/* All of it in one call, with a context of its own: for the odd hash, not for a ledger. */
bool      gf_hash_bytes(gf_hash_kind kind, const void *bytes, size_t len, uint8_t out[GF_HASH_BYTES]);
/* Writes 2 len + 1 bytes: lower case, terminated. */
void      gf_hex_format(const uint8_t *bytes, size_t len, char *out);
/* Exactly 2 len digits of either case; false for anything else, with *out half written. */
bool      gf_hex_parse(gf_str hex, uint8_t *out, size_t len);

/* ---- JSON text ----------------------------------------------------------------------------------------------- */

/* Streams one JSON document (RFC 8259) into `out`; commas and nesting are kept by the writer, no tree is built.
 * A key is NULL inside an array and given inside an object: that is the caller's to keep. At most 63 levels, by assert.
 * Failures of `out` are latched there. */
typedef struct gf_json { gf_text *out; uint32_t depth; bool comma[64]; } gf_json;

/* What stands in `out` already is left alone. */
void gf_json_init(gf_json *json, gf_text *out);
/* `bracket` is '{' or '['. */
void gf_json_begin(gf_json *json, const char *key, char bracket);
/* `bracket` is '}' or ']' and must be of the same kind as the one that it ends. */
void gf_json_end(gf_json *json, char bracket);
/* Escapes quotes, backslashes and controls; broken UTF-8 is written as U+FFFD. The empty text is "". */
void gf_json_str(gf_json *json, const char *key, gf_str value);
/* NULL writes null. */
void gf_json_cstr(gf_json *json, const char *key, const char *value);
/* Every digit: readers that know doubles only lose those beyond 2^53. */
void gf_json_int(gf_json *json, const char *key, int64_t value);
/* Exact, as a JSON number. */
void gf_json_decimal(gf_json *json, const char *key, gf_decimal value);
/* Fixed to `decimals` places; `value` must be finite, for JSON has no other. Never for money. */
void gf_json_real(gf_json *json, const char *key, double value, int decimals);
/* true or false. */
void gf_json_bool(gf_json *json, const char *key, bool value);
/* null. */
void gf_json_null(gf_json *json, const char *key);
/* null when empty: for what may be unknown, where "" would be a claim. */
void gf_json_opt_str(gf_json *json, const char *key, gf_str value);
/* {"status","code","where","what","hint"}: the form that every machine-readable failure has. */
void gf_json_error(gf_json *json, const char *key, const gf_error *err);

/* ---- Log ----------------------------------------------------------------------------------------------------- */

/* One logfmt line to standard error: time=... level=... event=<what> and the format's own pairs, cut at 511 bytes.
 * Edges only. Never pass a credential or a personal datum. Lines of several threads do not mix. */
void gf_log_line(const char *level, const char *what, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- Files ---------------------------------------------------------------------------------------------------- */

/* Every byte, however often it takes; false with errno when one cannot be written. */
bool gf_write_all(int fd, const void *bytes, size_t len);

/* ---- Embedded files ------------------------------------------------------------------------------------------ */

/* A file compiled into the program by tools/embed.py; bytes are followed by a NUL that len does not count. */
typedef struct gf_embedded { const char *name; const unsigned char *bytes; size_t len; } gf_embedded;
