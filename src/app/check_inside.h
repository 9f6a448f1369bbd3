/* app/check_inside.h - inside the room only: the check at hand, and how a problem is told. No problem stops a check. */
#pragma once
#include "app/ledger_inside.h"

#include <stdatomic.h>

/* The tests, in the order of the answer. */
enum { T_FILE, T_CHAIN, T_BALANCE, T_TOTALS, T_SCOPE_SUM, T_KEYS, T_REFERENCES, T_DOCUMENTS, T_HISTORY, T_SEALED, T_LOGS, T_COUNT };

typedef struct checker {
    gf_app         *app;
    gf_arena       *keep, *scratch, *maps;       /* of the answer; of statements; of keys while they are compared */
    gf_app_checked *out;
    ledger_world    world;
    gf_hash        *hash;                        /* by the store's method */
    uint8_t         head[GF_HASH_BYTES];         /* recomputed so far */
    int64_t         anchor_entry;                /* as the anchor file names it */
    uint8_t         anchor_hash[GF_HASH_BYTES];
    size_t          file_problems;               /* the first so many of the problems */
    atomic_size_t  *next_shared;                 /* the piece that is done next, by whichever half is free */
} checker;

/* Tell a problem; the caller may fill in record, expected and found. Never NULL: behind GF_APP_PROBLEMS_MAX it is a row
 * that nobody sees. entry 0 = none. */
gf_app_problem *check_problem(checker *c, int test, int64_t entry, const char *field, const char *what);
/* After a loop that may have ended early: when the store met a damaged page, say that it could not be read on behind entry
 * `last`, and clear the way for the other tests. Else nothing. */
void   check_lost(checker *c, int test, int64_t last);
/* For the answer: a copy in keep ... */
gf_str check_text(checker *c, const char *text);
/* ... a number as text ... */
gf_str check_int(checker *c, int64_t value);
/* ... and a hash in hex. */
gf_str check_hex(checker *c, const uint8_t hash[GF_HASH_BYTES]);

/* chain, balance, totals, scope_sum, keys, and the references of entries: one pass over the ledger. */
void check_ledger(checker *c);
