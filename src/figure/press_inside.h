/* figure/press_inside.h - inside the room only: what the books claim (press_books.c) and the number at hand (press.c). */
#pragma once
#include "figure/line.h"

enum { PRESS_WINDOW_CODES = 60, PRESS_NAMED_MAX = 256, PRESS_CANDIDATES = 12 };

/* One number that a known figure answers for. */
typedef struct claim {
    const gf_figure_known *known;
    gf_decimal             value;
    gf_str                 unit;
    gf_figure_bound        bound;
    gf_str                 iso;              /* of a day; "" else */
    uint32_t               words;            /* index of the known's words */
    uint32_t               next_equal;       /* chain of claims of one value and unit; 0 ends */
} claim;

/* The words of one known figure: its pairs of characters, sorted, each once. */
typedef struct words { uint64_t *pairs; uint32_t count; uint32_t first_claim, claim_count; } words;

/* One pair of one known figure: the index from pairs to figures, sorted by pair. */
typedef struct posting { uint64_t pair; uint32_t words; } posting;

/* Units or places that a sentence names, each once; beyond the room they are not noted. */
typedef struct named { gf_str ids[PRESS_NAMED_MAX]; size_t count; } named;

/* One check of one text. */
typedef struct press {
    const gf_figure_press_books *books;
    gf_arena     *keep, *scratch;
    gf_str        text;
    name_index   *index;
    claim        *claims;                    /* from 1 */
    uint32_t      claim_count, claim_room;
    words        *words;
    posting      *postings;
    size_t        posting_count;
    uint32_t     *equal;                     /* hash of value and unit -> first claim */
    size_t        equal_room;
    gf_str       *place_ids, *place_parents; /* sorted by id */
    size_t        place_count;
    uint16_t     *shared;                    /* by words: pairs shared with the window; zero between tokens */
    uint32_t     *touched;
    size_t        touched_count;
    bool          zh;
} press;

/* The token at hand, and what its sentence says around it. */
typedef struct spot {
    const gf_figure_token *token;
    gf_str     sentence;
    named      who, where;
    int        year;                         /* that governs it; 0 none */
    uint64_t   pairs[2 * PRESS_WINDOW_CODES];
    size_t     pair_count;
    uint32_t   best[PRESS_CANDIDATES];             /* words most like the window, best first */
    double     alike[PRESS_CANDIDATES];
    size_t     best_count;
} spot;

/* How a claim fits a number: 1 agrees, -1 contradicts, 0 says nothing; likeness of the words, 0 to 1. */
typedef struct fit { int who, where, year; double alike; } fit;

/* Read everything known into claims, words and their indices, all in p->keep. GF_ENOMEM. */
gf_status press_prepare(press *p, gf_error *err);
/* Pairs of neighbouring characters, digits and marks left out: sorted, each once; returns how many. */
size_t    press_pairs(const uint32_t *code, size_t count, uint64_t *out);
/* The slot of p->equal where claims of this value and unit begin. Others may share it: compare before believing. */
size_t    press_equal_slot(const press *p, gf_decimal value, gf_str unit);
/* The share of a known figure's pairs that stand around the number, 0 to 1; words too short for pairs count when they stand
 * in the sentence as they are. */
double    press_alike(const press *p, const spot *s, uint32_t index);
/* Fill s->best with the known figures whose words are most like those around the number. Pairs that very many figures hold
 * are passed over, so the work is bounded; p->shared is all zero before and behind. */
void      press_find_alike(press *p, spot *s);
/* Is it the id of a place in the books, and not of a unit? */
bool      press_is_place(const press *p, gf_str id);
/* Is `outer` the place itself or one around it, up to twelve levels? */
bool      press_lies_in(const press *p, gf_str inner, gf_str outer);
