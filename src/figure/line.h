/* figure/line.h - inside the room only: one line of text as code points, and the names in it.
 *
 * Places are indices of code points in the line; one at or behind its end is allowed everywhere and stands for nothing. */
#pragma once
#include "figure/gf_figure.h"

typedef struct text_line {
    gf_str    text;
    uint32_t *code;          /* count of them, then one 0 */
    size_t   *at;            /* byte offset of each in the whole text; count + 1 of them */
    bool     *in_name;       /* part of a name: no numeral there is a number */
    size_t    count;
} text_line;

/* A name found in a line: [from, to) in code points. */
typedef struct name_hit { size_t from, to; const gf_figure_name *name; } name_hit;

/* Names by their first code point, longest first. */
typedef struct name_index name_index;
/* Borrows the names; NULL at the limit. Sorting them is the cost: once for each text. */
name_index *name_index_make(const gf_figure_name *names, size_t count, gf_arena *keep);
/* Marks line->in_name and lists full names, left to right, at most `max`. Stems (百丈 of 百丈镇) are marked, not listed.
 * The longest name at a place wins, and names do not overlap. */
size_t      name_index_find(const name_index *index, text_line *line, name_hit *hits, size_t max);

/* `offset` is where the line begins in the whole text, in bytes. False at the limit. */
bool line_make(gf_str text, size_t offset, gf_arena *keep, text_line *out);
/* The bytes of [from, to) out of `whole`, the text that the line was cut from. */
gf_str line_slice(const text_line *line, gf_str whole, size_t from, size_t to);

/* ---- Numerals ---- */

/* 0-9 for Arabic (full width too) and Chinese digits, 零 and 两 among them; else -1. */
int  numeral_digit(uint32_t code);
/* Full width too. */
bool numeral_is_arabic(uint32_t code);
/* Digits and 十百千万亿. */
bool numeral_is_chinese(uint32_t code);
/* Value of a Chinese numeral [from, to), by its powers or digit by digit (二〇二三); false when it is none. */
bool numeral_chinese(const uint32_t *code, size_t from, size_t to, int64_t *out);

/* ---- Units ---- */

typedef struct unit_hit { size_t to; const char *unit; int64_t factor; bool time, at_least; /* 86万余元 */ } unit_hit;
/* The measure word at `from` (万元, 个, 平方米 ...), with what it measures told by the noun behind it. True also for a power
 * alone (万), unit NULL then. out->to is behind what was taken. */
bool unit_find(const text_line *line, size_t from, unit_hit *out);
/* What 唯一 or 首 speaks of: the noun behind, inside the clause; NULL when none is known. */
const char *unit_of_noun(const text_line *line, size_t from);
/* household -> household_per_year, for what is told yearly; units without such a sister unchanged. */
const char *unit_per_year(const char *unit);
/* The text stands there. */
bool line_has(const text_line *line, size_t at, const char *text);
/* Its length in code points when it stands there, else 0. */
size_t line_match(const text_line *line, size_t at, const char *text);
/* A clause ends here: punctuation of either language, or the end of the line. */
bool line_clause_ends(const text_line *line, size_t at);
