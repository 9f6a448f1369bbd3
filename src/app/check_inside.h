/* app/check_inside.h - what the files of check share: the check at hand, and how a problem is told. */
#pragma once
#include "app/ledger_inside.h"

enum { T_FILE, T_CHAIN, T_BALANCE, T_TOTALS, T_SCOPE_SUM, T_KEYS, T_REFERENCES, T_DOCUMENTS, T_HISTORY, T_SEALED, T_LOGS, T_COUNT };

typedef struct checker {
    gf_app         *app;
    gf_arena       *keep, *scratch, *maps;
    gf_app_checked *out;
    ledger_world    world;
    gf_hash        *hash;
    uint8_t         head[GF_HASH_BYTES];
    int64_t         anchor_entry;
    uint8_t         anchor_hash[GF_HASH_BYTES];
} checker;

/* Tell a problem; the caller may fill in record, expected and found. Never NULL. entry 0 = none. */
gf_app_problem *check_problem(checker *c, int test, int64_t entry, const char *field, const char *what);
/* The store could not be read on behind entry `last`: say so, and clear the way for the other tests. */
void   check_lost(checker *c, int test, int64_t last);
gf_str check_text(checker *c, const char *text);
gf_str check_int(checker *c, int64_t value);
gf_str check_hex(checker *c, const uint8_t hash[GF_HASH_BYTES]);

/* chain, balance, totals, scope_sum, keys, and the references of entries: one pass over the ledger. */
void check_ledger(checker *c);
