/* base/gf_base.h - what every room stands on: failures, memory, text, exact numbers, civil time, hashes, JSON text.
 *
 * Nothing here knows the domain. Nothing reads a clock, a file or the environment, except gf_log_line(), which
 * writes one line to standard error, and gf_utc_now_ms(), which only edges (cli, api, main) may call.
 * Text is UTF-8. Money is int64 fen. Dates are civil; instants are UTC milliseconds.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- Failures ------------------------------------------------------------------------------------------------ */

typedef enum gf_status {
    GF_OK = 0,
    GF_ENO,        /* the question was answered, and the answer is "no" */
    GF_EUSAGE,     /* the command line or request is malformed */
    GF_EINPUT,     /* the data given are wrong */
    GF_ENOTFOUND,
    GF_ECONFLICT,
    GF_ELIMIT,     /* a stated bound was passed */
    GF_ENOMEM,
    GF_EIO,
    GF_EDENIED,    /* refused by a rule or a right */
    GF_EUNSOLVED,
    GF_ECANCELLED,
    GF_STATUS_COUNT
} gf_status;

typedef struct gf_error {    /* fixed size: reporting a failure never allocates */
    gf_status   status;
    const char *code;        /* static and stable, "load.unit": key for translation, docs and HTTP */
    char        where[96];   /* place in the user's input: "units.csv:12" */
    char        what[200];   /* what failed and why: one line, lower case, no full stop, values quoted */
    char        hint[200];   /* what to do next: a full sentence; empty when we do not know */
} gf_error;

/* Fill `err` (NULL is accepted) and return `status`. `hint` may be "". Text too long is cut at a character. */
gf_status gf_fail(gf_error *err, gf_status status, const char *code, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Name the place of a failure already reported, unless a nearer place is named. Returns err's status. */
gf_status gf_fail_at(gf_error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *gf_status_name(gf_status status);       /* "input", "not_found", ... : stable */
int         gf_status_exit_code(gf_status status);  /* contracts: 0 done, 1 no, 2 usage, ... 130 cancelled */
int         gf_status_http(gf_status status);       /* 200, 422, 404, ... */

/* ---- Memory -------------------------------------------------------------------------------------------------- */

/* A bounded region: allocations are zeroed and live until the arena is rewound or closed. One thread at a time.
 * Under AddressSanitizer every allocation is a malloc of its own, so that overruns are seen. */
typedef struct gf_arena gf_arena;
typedef struct gf_mark { void *block; size_t used; } gf_mark;

gf_arena *gf_arena_open(size_t bytes_max);          /* NULL when out of memory */
void      gf_arena_close(gf_arena *arena);          /* NULL is a no-op */
void     *gf_arena_alloc(gf_arena *arena, size_t count, size_t item_bytes);  /* NULL at the limit; aligned to 16 */
gf_mark   gf_arena_mark(const gf_arena *arena);
void      gf_arena_rewind(gf_arena *arena, gf_mark mark);
size_t    gf_arena_used(const gf_arena *arena);     /* bytes handed out and not rewound */

#define gf_new(arena, type, count) ((type *)gf_arena_alloc((arena), (count), sizeof(type)))
#define GF_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define GF_MIB ((size_t)1024 * 1024)

/* Report that an arena reached its limit. */
gf_status gf_fail_memory(gf_error *err);

/* ---- Text ---------------------------------------------------------------------------------------------------- */

typedef struct gf_str { const char *data; size_t len; } gf_str;   /* borrowed; not terminated */

#define GF_STR(literal) ((gf_str){ (literal), sizeof(literal) - 1 })
#define GF_STR_INIT(literal) { (literal), sizeof(literal) - 1 }   /* for static tables */
#define GF_STR_ARG(s) (int)(s).len, (s).data                      /* for "%.*s" */

gf_str gf_str_of(const char *text);                  /* NULL gives the empty text */
bool   gf_str_eq(gf_str a, gf_str b);
bool   gf_str_is(gf_str a, const char *b);
int    gf_str_cmp(gf_str a, gf_str b);               /* by bytes, shorter first; for qsort */
bool   gf_str_starts(gf_str s, gf_str prefix);
bool   gf_str_ends(gf_str s, gf_str suffix);
size_t gf_str_find(gf_str s, gf_str needle);         /* byte offset, or s.len when it is not there */
bool   gf_str_has(gf_str s, gf_str needle);          /* false for an empty needle */
gf_str gf_str_slice(gf_str s, size_t from, size_t to);  /* clamped to the text */
gf_str gf_str_trim(gf_str s);                        /* ASCII blanks and U+3000 off both ends */
bool   gf_str_cut(gf_str *rest, char mark, gf_str *piece);  /* next piece of a list; false at the end; empty text has none */
gf_str gf_str_copy(gf_arena *arena, gf_str s);       /* terminated copy; data NULL at the limit */
const char *gf_str_cstr(gf_arena *arena, gf_str s);  /* the same as a C string; NULL at the limit */
uint64_t gf_str_hash(gf_str s);                      /* FNV-1a: for tables in memory, never for proof */
bool   gf_str_to_int(gf_str s, int64_t *out);        /* whole text, decimal, optional sign; false when not a number or too large */

bool     gf_utf8_valid(gf_str s, size_t *bad_offset);   /* strict: no overlong, surrogate or > U+10FFFF; bad_offset may be NULL */
bool     gf_utf8_next(gf_str *rest, uint32_t *code);    /* take one code point; a broken byte comes as U+FFFD */
size_t   gf_utf8_count(gf_str s);                       /* code points */

/* Text that grows in an arena. A failed growth is latched: ask gf_text_done() once at the end. */
typedef struct gf_text { gf_arena *arena; char *data; size_t len, room; bool failed; } gf_text;

void   gf_text_init(gf_text *text, gf_arena *arena);
void   gf_text_add(gf_text *text, gf_str s);
void   gf_text_add_c(gf_text *text, const char *s);
void   gf_text_add_char(gf_text *text, char c);
void   gf_text_format(gf_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void   gf_text_add_code(gf_text *text, uint32_t code_point);
gf_str gf_text_str(const gf_text *text);             /* what has been written so far; terminated by a NUL beyond len */
gf_status gf_text_done(const gf_text *text, gf_error *err);   /* GF_ENOMEM when a growth failed */

/* ---- Exact numbers ------------------------------------------------------------------------------------------- */

/* digits / 10^scale, normalised: no trailing zero behind the point. |digits| < 10^18, scale <= 18. */
typedef struct gf_decimal { int64_t digits; uint8_t scale; } gf_decimal;

bool gf_decimal_parse(gf_str s, gf_decimal *out);    /* "-12.50"; no exponent, no blanks; false when not exact here */
bool gf_decimal_make(int64_t digits, unsigned scale, gf_decimal *out);  /* normalises */
int  gf_decimal_cmp(gf_decimal a, gf_decimal b);
bool gf_decimal_add(gf_decimal a, gf_decimal b, gf_decimal *out);       /* false on overflow */
bool gf_decimal_sub(gf_decimal a, gf_decimal b, gf_decimal *out);
bool gf_decimal_mul_int(gf_decimal a, int64_t factor, gf_decimal *out);
bool gf_decimal_div(gf_decimal a, gf_decimal b, unsigned scale, gf_decimal *out);  /* rounded half up; false for b = 0 */
#define GF_DECIMAL_BYTES 24
size_t gf_decimal_format(gf_decimal value, char out[GF_DECIMAL_BYTES]); /* shortest exact form; returns its length */

typedef int64_t gf_fen;                              /* 1/100 yuan */
bool   gf_fen_add(gf_fen a, gf_fen b, gf_fen *out);  /* false on overflow */
gf_decimal gf_fen_to_yuan(gf_fen amount);
bool   gf_fen_from_yuan(gf_decimal yuan, gf_fen *out);  /* false when there are parts of a fen, or it is too large */

/* ---- Civil time ---------------------------------------------------------------------------------------------- */

typedef int32_t gf_day;                              /* days since 1970-01-01, proleptic Gregorian */
typedef int64_t gf_utc_ms;                           /* milliseconds since 1970-01-01T00:00:00Z */
#define GF_DAY_NONE INT32_MIN

/* A civil date or loose period, as written: "2023", "2021-07", "2023-12-27", "2021-07/2023-12", "2021-07/.." (open).
 * The text is kept by whoever owns it; this is what it spans. */
typedef struct gf_period { gf_day first, last; } gf_period;   /* both inclusive; last = INT32_MAX while open */

/* GF_EINPUT "date.form" or "date.day" (31 February) with the reason in err; the empty text is an error too. */
gf_status gf_period_parse(gf_str s, gf_period *out, gf_error *err);
bool      gf_period_overlaps(gf_period a, gf_period b);
bool      gf_period_has(gf_period period, gf_day day);
bool      gf_day_make(int year, int month, int day, gf_day *out);
void      gf_day_split(gf_day day, int *year, int *month, int *mday);
int       gf_day_weekday(gf_day day);                /* 1 Monday ... 7 Sunday */
#define GF_DAY_BYTES 16
size_t    gf_day_format(gf_day day, char out[GF_DAY_BYTES]);            /* 2023-12-27 */
#define GF_UTC_BYTES 32
size_t    gf_utc_format(gf_utc_ms instant, char out[GF_UTC_BYTES]);     /* 2023-12-27T09:41:17Z; with .mmm when not whole */
bool      gf_utc_parse(gf_str s, gf_utc_ms *out);
gf_day    gf_utc_day(gf_utc_ms instant, int zone_minutes);              /* the civil day in a zone; 480 is Asia/Shanghai */
gf_utc_ms gf_utc_now_ms(void);                                          /* edges only */

/* ---- Hashes -------------------------------------------------------------------------------------------------- */

typedef enum gf_hash_kind { GF_HASH_SHA256, GF_HASH_SM3 } gf_hash_kind;  /* both 32 bytes */
#define GF_HASH_BYTES 32
#define GF_HASH_HEX_BYTES 65

typedef struct gf_hash gf_hash;                      /* one running hash; reusable */
gf_hash  *gf_hash_open(gf_hash_kind kind);           /* NULL when out of memory or the kind is not in this build's OpenSSL */
void      gf_hash_close(gf_hash *hash);
bool      gf_hash_start(gf_hash *hash);
bool      gf_hash_add(gf_hash *hash, const void *bytes, size_t len);
bool      gf_hash_finish(gf_hash *hash, uint8_t out[GF_HASH_BYTES]);
bool      gf_hash_bytes(gf_hash_kind kind, const void *bytes, size_t len, uint8_t out[GF_HASH_BYTES]);
void      gf_hex_format(const uint8_t *bytes, size_t len, char *out);   /* 2 len + 1 bytes, lower case, terminated */
bool      gf_hex_parse(gf_str hex, uint8_t *out, size_t len);           /* exactly 2 len digits */

/* ---- JSON text ----------------------------------------------------------------------------------------------- */

/* Streams one JSON document into `out`; commas and nesting are kept by the writer. A key is NULL inside an array.
 * Numbers from gf_decimal stay exact. Broken UTF-8 is written as U+FFFD. */
typedef struct gf_json { gf_text *out; uint32_t depth; bool comma[64]; } gf_json;

void gf_json_init(gf_json *json, gf_text *out);
void gf_json_begin(gf_json *json, const char *key, char bracket);       /* '{' or '[' */
void gf_json_end(gf_json *json, char bracket);                          /* '}' or ']' */
void gf_json_str(gf_json *json, const char *key, gf_str value);
void gf_json_cstr(gf_json *json, const char *key, const char *value);   /* NULL writes null */
void gf_json_int(gf_json *json, const char *key, int64_t value);
void gf_json_decimal(gf_json *json, const char *key, gf_decimal value);
void gf_json_real(gf_json *json, const char *key, double value, int decimals);
void gf_json_bool(gf_json *json, const char *key, bool value);
void gf_json_null(gf_json *json, const char *key);
void gf_json_opt_str(gf_json *json, const char *key, gf_str value);     /* null when empty */
void gf_json_error(gf_json *json, const char *key, const gf_error *err);  /* {"status","code","where","what","hint"} */

/* ---- Log ----------------------------------------------------------------------------------------------------- */

/* One logfmt line to standard error: time=... level=... what=... ; edges only. Never pass a personal datum. */
void gf_log_line(const char *level, const char *what, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- Embedded files ------------------------------------------------------------------------------------------ */

/* A file compiled into the program by tools/embed.py; bytes are followed by a NUL that len does not count. */
typedef struct gf_embedded { const char *name; const unsigned char *bytes; size_t len; } gf_embedded;
