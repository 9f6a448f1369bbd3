/* figure/gf_figure.h - a number with unit, bound, period and basis; numbers in running text; the press check.
 *
 * Pure: reads no store, file or clock. Chinese and English text, UTF-8. Values are exact decimals in base units
 * (CNY in yuan, never 万元). Results live in the caller's arena and borrow from the text and the books that were handed
 * in. No state: threads may each judge a text of their own.
 */
#pragma once
#include "base/gf_base.h"

/* ---- What a figure is ---- */

/* Ordered: a figure is never better than the weakest thing under it. */
typedef enum gf_figure_basis { GF_FIGURE_NONE, GF_FIGURE_STATED, GF_FIGURE_DOCUMENTED, GF_FIGURE_DERIVED } gf_figure_basis;
/* Ordered by looseness: a total takes the loosest bound of its lines. */
typedef enum gf_figure_bound { GF_FIGURE_EXACT, GF_FIGURE_AT_LEAST, GF_FIGURE_ABOUT } gf_figure_bound;

typedef struct gf_figure {
    gf_str          id;                     /* "fact.F074", "total.group.cash.paid@2021-07/2023-12" */
    gf_str          label;                  /* for people, in the language that was asked for */
    gf_str          unit;                   /* base unit: CNY, household, m2 ...; "" when it has none */
    gf_str          period;                 /* as written; "" = not told, or all of the time */
    gf_str          who, where, origin;     /* "" = not told */
    bool            has_value;              /* false: value and bound mean nothing */
    gf_decimal      value;                  /* in the base unit */
    gf_figure_bound bound;
    gf_figure_basis basis;
} gf_figure;

/* "none" "stated" "documented" "derived": static, the words of files and JSON. */
const char     *gf_figure_basis_name(gf_figure_basis basis);
/* "exact" "at_least" "about": static. */
const char     *gf_figure_bound_name(gf_figure_bound bound);
/* The empty text is exact: who says nothing of a bound means the number. False for any other word, with *out exact. */
bool            gf_figure_bound_parse(gf_str name, gf_figure_bound *out);
/* What two things under one figure make of it: the weaker basis ... */
gf_figure_basis gf_figure_weaker(gf_figure_basis a, gf_figure_basis b);
/* ... and the looser bound. */
gf_figure_bound gf_figure_looser(gf_figure_bound a, gf_figure_bound b);

/* A value as an office writes it: "700余万元", "40.48亿元", "5个村", or "CNY 7,000,000 or more" with lang "en".
 * Without a value: "未说明" / "not stated". Any other `lang` than "en" is Chinese. Nothing is rounded: 万 and 亿 stand only
 * where six places hold the value whole. A unit without a word of its own stands as it is. */
void gf_figure_write_value(gf_text *out, const gf_figure *figure, gf_str lang);

/* ---- Numbers in running text ---- */

typedef enum gf_figure_token_kind {
    GF_FIGURE_TOKEN_FIGURE,                 /* a number, with its unit if it has one */
    GF_FIGURE_TOKEN_YEAR,                   /* 2023年: governs what follows in its sentence */
    GF_FIGURE_TOKEN_DATE,                   /* a day: see iso */
    GF_FIGURE_TOKEN_ORDINAL,                /* 第三, 首, 唯一 */
    GF_FIGURE_TOKEN_INDEFINITE,             /* 一个: mostly says "a" */
    GF_FIGURE_TOKEN_NAME_PART,              /* the last three are no figures: 5G, ... */
    GF_FIGURE_TOKEN_FILE_NAME,              /* ... IMG_2031.jpg, ... */
    GF_FIGURE_TOKEN_CLOCK                   /* ... 9:30 */
} gf_figure_token_kind;

typedef struct gf_figure_token {
    size_t               line, column;      /* of the first character, from 1; columns in code points */
    size_t               start, end;        /* bytes of the number alone */
    size_t               unit_end;          /* bytes: behind number, bound word and unit */
    gf_str               text, unit;        /* as written */
    gf_figure_token_kind kind;
    gf_decimal           value;             /* in the base unit; 0 for kinds that are no figures */
    gf_str               iso;               /* dates: 2023-12-27 */
    gf_str               value_unit;        /* CNY, household, calendar_year ... ; static text or borrowed from the input */
    gf_figure_bound      bound;
} gf_figure_token;

/* ---- Press check ---- */

/* A name the text may use. Several rows may share an id (aliases). */
typedef enum gf_figure_name_kind { GF_FIGURE_NAME_UNIT, GF_FIGURE_NAME_PLACE } gf_figure_name_kind;
typedef struct gf_figure_name {
    gf_str              text;               /* 2 to 64 characters: others are not looked for */
    gf_figure_name_kind kind;
    gf_str              id;
    gf_str              parent;             /* places: the id of the place around it; "" for the outermost */
} gf_figure_name;

/* Something the books hold. */
typedef struct gf_figure_known {
    gf_str          id;                     /* "fact.F074" */
    gf_str          facts;                  /* "F074" or "F074;F075" */
    bool            has_value;              /* when false, the numbers are read from the phrase */
    gf_decimal      value;
    gf_str          unit;
    gf_figure_bound bound;
    bool            has_period;
    gf_period       period;
    gf_str          who, where;             /* ids joined by ; */
    gf_str          phrase;                 /* the words about it */
    bool            independent;            /* a second basis: document, voucher, reading, register */
} gf_figure_known;

typedef enum gf_figure_verdict {
    GF_FIGURE_FOUND,                        /* ours agrees, and has a basis beside the statement itself */
    GF_FIGURE_STATED_ONLY,                  /* ours agrees, but nothing except somebody's words carries it */
    GF_FIGURE_DIFFERENT,                    /* the sentence speaks of a figure of ours, with another number */
    GF_FIGURE_WITHOUT_BASIS,                /* we hold nothing of the kind */
    GF_FIGURE_NOT_A_FIGURE
} gf_figure_verdict;
/* "found" "stated_only" "different" "without_basis" "not_a_figure": static. */
const char *gf_figure_verdict_name(gf_figure_verdict verdict);

typedef struct gf_figure_press_token {
    gf_figure_token   token;
    gf_figure_verdict verdict;
    gf_str            period;               /* "2023": the year that governs it; empty when none */
    gf_str            figure;               /* what it was held against; empty when nothing */
    gf_str            facts;                /* its facts, joined by ; */
    gf_str            ours;                 /* our value as an office writes it */
    gf_str            reason;               /* a sentence */
} gf_figure_press_token;

typedef struct gf_figure_press_books {
    const gf_figure_known *known;           /* demo rows are the caller's to leave out */
    size_t                 known_count;
    const gf_figure_name  *names;           /* of units and places, every form that a text may use */
    size_t                 name_count;
    gf_str                 lang;            /* of reasons: "en", else Chinese */
} gf_figure_press_books;

enum { GF_FIGURE_TEXT_BYTES_MAX = 16 << 20 };

/* Number tokens of a text, in order; *out may be NULL when there are none. `names` keeps numerals inside names (百丈) from
 * being tokens; may be empty. One pass, a few hundred bytes of `keep` for each line and token.
 * GF_ELIMIT a text over GF_FIGURE_TEXT_BYTES_MAX; GF_ENOMEM. */
gf_status gf_figure_scan(gf_str text, const gf_figure_name *names, size_t name_count, gf_arena *keep, gf_figure_token **out,
                         size_t *count, gf_error *err);
/* Hold every number of the text against the books: what stands beside it in its sentence and paragraph decides, not the
 * value alone. Reading the books costs their size, each number a bounded amount of work behind that. GF_ELIMIT a text
 * over GF_FIGURE_TEXT_BYTES_MAX; GF_ENOMEM. *out and *count hold only on GF_OK. */
gf_status gf_figure_press(gf_str text, const gf_figure_press_books *books, gf_arena *keep, gf_figure_press_token **out,
                          size_t *count, gf_error *err);
