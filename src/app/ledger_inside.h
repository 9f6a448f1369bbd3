/* app/ledger_inside.h - inside the room only: what the files of the ledger share, who exists and the entry being read. */
#pragma once
#include "app/ledger.h"
#include "app/map.h"
#include "fund/gf_fund.h"

enum { LEDGER_ANCESTORS_MAX = 8, LEDGER_SCOPES_MAX = LEDGER_ANCESTORS_MAX + 8 };
#define LEDGER_MONTH_NONE_LAST INT32_C(119999)   /* an entry without a date belongs to every period */

/* Parties, funds and places of the registers, read once. */
typedef struct ledger_world {
    gf_arena *arena;
    text_map  units, people;     /* ids of units; of persons and households */
    text_map  places;            /* code -> 1 + index in parents */
    gf_str   *parents;
    size_t    place_count;
    text_map  funds;             /* id -> 1 + index in fund_programmes */
    gf_str   *fund_programmes;
    text_map  projects;
    text_map  members;           /* "programme/unit" of every group, and "programme/" where a group lists its members */
    gf_str    real_programme, demo_programme;   /* for entries without a fund; "" when there is none */
} ledger_world;

/* Reads the registers that entries name; nothing is held after a failure. It is not told of later changes. */
gf_status ledger_world_read(gf_app *app, ledger_world *world, gf_error *err);
/* Only what tells where a line counts (ledger_view_of()); nobody may be asked for by ledger_world_has_party(), no project be checked. */
gf_status ledger_world_read_shares(gf_app *app, ledger_world *world, gf_error *err);
/* What was read dies. Again does no harm. */
void      ledger_world_done(ledger_world *world);
/* A unit, a place, a person or household, or "unstated". */
bool      ledger_world_has_party(const ledger_world *world, gf_str party);
/* A unit that the programme's group lists; any unit where no member is listed. */
bool      ledger_world_is_member(const ledger_world *world, gf_str programme, gf_str party);
/* The fund's own; else the first programme of that origin, demo or not. "" when there is none. Borrowed from the world. */
gf_str    ledger_world_programme(const ledger_world *world, gf_str fund, gf_str origin);
/* GF_EINPUT "ledger.unknown" naming the party, fund, project or place that is in no register; empty ones are none. */
gf_status ledger_world_check_account(const ledger_world *world, const gf_fund_account *account, const char *party_column, gf_error *err);

/* Where a transfer counts: +1 for its amount, -1 when its entry takes another back. */
typedef struct ledger_share { gf_str scope; int8_t sign; } ledger_share;
typedef struct ledger_view {
    gf_str       programme, stage;
    ledger_share shares[LEDGER_SCOPES_MAX];
    size_t       count;
    int          members;        /* different member units that give, take or act */
} ledger_view;
/* The scopes that see a transfer, each once; names are built in scratch. A reversal is seen by the scopes of what it takes
 * back, with the other sign. */
void ledger_view_of(const ledger_world *world, const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_arena *scratch,
                    ledger_view *out);
/* Months of a transfer, as kept in table total: year * 12 + month - 1, 0 and LEDGER_MONTH_NONE_LAST where it is open.
 * GF_EINPUT a period that is none. */
gf_status ledger_months(const gf_fund_entry *entry, const gf_fund_transfer *transfer, int32_t *first, int32_t *last, gf_error *err);
/* Days of a transfer: its period, or the entry's date, or everything. GF_EINPUT likewise. */
gf_status ledger_days(const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_period *out, gf_error *err);
/* year * 12 + month - 1. */
int32_t   ledger_month_of(gf_day day);

/* Read entries in order of id, one at a time, with their transfers; strict about every type. */
typedef struct ledger_reader {
    gf_app       *app;
    gf_stmt      *entries, *lines;
    gf_arena     *arena;         /* of the entry at hand: rewound by the next */
    int64_t       line_id;       /* the last line read */
    gf_fund_entry entry;
    uint8_t       stored_hash[GF_HASH_BYTES];
    bool          lean;          /* leave out words that no sum needs: key, verb, purpose, note */
    bool          strict;        /* look at the type of every column: check sets it */
    bool          whole;         /* all entries: the accounts are read once */
    bool          beside;        /* one entry or some: the accounts stand beside the lines. Else they are read one by one */
    bool          apart;         /* some entries: lines of others lie between */
    gf_fund_account *accounts;   /* by id; from table account; of a whole reading */
    gf_fen       *account_sums;  /* of a whole reading: all lines read so far, by account */
    bool          sums_overflow;
    int64_t       account_count;
    gf_arena     *account_arena;
    bool          line_waiting;
    gf_str        fault;         /* what is wrong with the row's form, "" when nothing */
    const char   *fault_field;
} ledger_reader;
/* Entries from..to. From 1 on it is a whole reading: the accounts are read first, and every line is met, also a stray one.
 * Flags are set behind it. One reader at a time for each app: it holds two statements of the store. */
gf_status ledger_reader_open(gf_app *app, int64_t from, int64_t to, ledger_reader *reader, gf_error *err);
/* The entries of these numbers, which rise; at most LEDGER_SOME, at least one. In two questions, however many they are. */
enum { LEDGER_SOME = 64 };
gf_status ledger_reader_open_some(gf_app *app, const int64_t *ids, size_t count, ledger_reader *reader, gf_error *err);
/* The next one in reader->entry, whose texts and transfers live until the next call. False at the end, or when the store
 * latched a failure, which the caller asks for. A fault of form does not end the reading. */
bool      ledger_reader_next(ledger_reader *reader);
/* Also for one that did not open. */
void      ledger_reader_close(ledger_reader *reader);

/* What a load has booked so far, as far as a reversal of it asks: sixteen bytes for each entry and transfer. The store needs not be asked, which would have to
 * wait for every row that is on its way. */
typedef struct ledger_booked ledger_booked;
/* NULL without memory. */
ledger_booked *ledger_booked_open(void);
/* Again, or of none, does no harm. */
void           ledger_booked_close(ledger_booked *booked);
/* An entry that was booked just now, its accounts with their numbers; entries come in the order of theirs, and who looks for more errors behind one
 * that failed leaves a number out. False without memory. */
bool           ledger_booked_add(ledger_booked *booked, const gf_fund_entry *entry);
/* The last entry whose key has this hash, 0 when there is none: a look at all of them, from the last one on. */
int64_t        ledger_booked_under(const ledger_booked *booked, uint64_t key_hash);
/* A reversal mirrors its entry whole: rows written the way of the original are turned in `entry`, a bound that is not repeated is filled in. The
 * accounts of `entry` carry their numbers, 0 for one that is not there. `again`: it is booked already, and may be met. GF_ECONFLICT it is reversed
 * already; GF_EINPUT it does not mirror. */
gf_status      ledger_check_reversal(gf_app *app, const ledger_booked *booked, gf_fund_entry *entry, bool again, gf_error *err);
