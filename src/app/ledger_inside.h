/* app/ledger_inside.h - what the files of the ledger share: who exists, accounts, totals, the entry being read. */
#pragma once
#include "app/ledger.h"
#include "app/map.h"
#include "fund/gf_fund.h"

enum { LEDGER_ANCESTORS_MAX = 8, LEDGER_SCOPES_MAX = LEDGER_ANCESTORS_MAX + 8 };
#define LEDGER_MONTH_NONE_LAST INT32_C(119999)   /* an entry without a date belongs to every period */

/* Parties, funds and places of the registers, read once. */
typedef struct ledger_world {
    gf_arena *arena;
    text_map  units;             /* id -> 1, 2 when a member of a group */
    text_map  places;            /* code -> 1 + index in parents */
    gf_str   *parents;
    size_t    place_count;
    text_map  funds;             /* id -> 1 + index in fund_programmes */
    gf_str   *fund_programmes;
    text_map  projects;
    gf_str    real_programme, demo_programme;   /* for entries without a fund; "" when there is none */
    bool      has_members;
} ledger_world;

gf_status ledger_world_read(gf_app *app, ledger_world *world, gf_error *err);
void      ledger_world_done(ledger_world *world);
bool      ledger_world_has_party(const ledger_world *world, gf_str party);
bool      ledger_world_is_member(const ledger_world *world, gf_str party);
gf_str    ledger_world_programme(const ledger_world *world, gf_str fund, gf_str origin);

/* Where a transfer counts, and how much. */
typedef struct ledger_share { gf_str scope; gf_fen amount; } ledger_share;
/* The scopes that an entry's transfer touches, and its stage. buffer holds the built names; returns how many. */
size_t ledger_shares(const ledger_world *world, const gf_fund_entry *entry, const gf_fund_transfer *transfer,
                     gf_arena *scratch, ledger_share out[LEDGER_SCOPES_MAX], gf_str *stage);
/* Months of a transfer, as kept in table total. */
gf_status ledger_months(const gf_fund_entry *entry, const gf_fund_transfer *transfer, int32_t *first, int32_t *last, gf_error *err);
/* Days of a transfer: its period, or the entry's date, or everything. */
gf_status ledger_days(const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_period *out, gf_error *err);
int32_t   ledger_month_of(gf_day day);

/* Read entries in order of id, one at a time, with their transfers; strict about every type. */
typedef struct ledger_reader {
    gf_app       *app;
    gf_stmt      *entries, *lines;
    gf_arena     *arena;         /* of the entry at hand: rewound by the next */
    int64_t       line_id;       /* the last line read */
    gf_fund_entry entry;
    uint8_t       stored_hash[GF_HASH_BYTES];
    bool          whole;         /* all entries: the accounts are read once; else one by one */
    gf_fund_account *accounts;   /* by id; from table account; of a whole reading */
    int64_t       account_count;
    gf_arena     *account_arena;
    bool          line_waiting;
    gf_str        fault;         /* what is wrong with the row's form, "" when nothing */
    const char   *fault_field;
} ledger_reader;
gf_status ledger_reader_open(gf_app *app, int64_t from, int64_t to, ledger_reader *reader, gf_error *err);
bool      ledger_reader_next(ledger_reader *reader);   /* false at the end, or when the store latched a failure */
void      ledger_reader_close(ledger_reader *reader);
