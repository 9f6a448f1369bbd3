/* app/ledger.h - inside the room only: entries kept in the store by the rules of fund.
 *
 * Called between gf_store_begin() and gf_store_commit(). Accounts, the head hash and the touched totals are held in
 * memory while posting and written by ledger_finish(), in the same transaction as the entries.
 */
#pragma once
#include "app/app.h"

/* Columns of entries.csv, in the order of the contract, then ours. */
typedef enum ledger_column {
    LEDGER_ENTRY, LEDGER_DATE, LEDGER_PERIOD, LEDGER_VERB, LEDGER_KIND, LEDGER_FROM_PARTY, LEDGER_TO_PARTY, LEDGER_FUND,
    LEDGER_PROJECT, LEDGER_PLACE, LEDGER_STAGE_FROM, LEDGER_STAGE_TO, LEDGER_AMOUNT_FEN, LEDGER_BOUND, LEDGER_PURPOSE,
    LEDGER_VOUCHER, LEDGER_SOURCE, LEDGER_ORIGIN, LEDGER_KEY, LEDGER_REVERSES, LEDGER_UNIT, LEDGER_NOTE,
    LEDGER_COLUMN_COUNT
} ledger_column;

extern const char *const LEDGER_COLUMN_NAMES[LEDGER_COLUMN_COUNT];

/* Make ready to post: reads the head and the accounts. */
gf_status ledger_start(gf_app *app, gf_error *err);
/* One row of entries.csv, from `line`; rows of one entry come one after another. Absent columns are empty.
 * GF_EINPUT a rule is broken; GF_ECONFLICT the key belongs to another entry. err->where names file:line of the entry. */
gf_status ledger_row(gf_app *app, const gf_str row[LEDGER_COLUMN_COUNT], size_t line, gf_error *err);
/* Close the last entry and write what is held; *added counts new entries, *seen all entries met. */
gf_status ledger_finish(gf_app *app, int64_t *added, int64_t *seen, gf_error *err);
/* One entry, outside a load: `rows` as for ledger_row(), all with the same label. Accounts and registers stay in memory
 * for the next one: call ledger_drop() after a rollback, when registers have changed, or when another program has written.
 * *fresh false: the key is booked already with the same content, as *entry. */
typedef struct ledger_cells { gf_str cell[LEDGER_COLUMN_COUNT]; } ledger_cells;
gf_status ledger_post(gf_app *app, const ledger_cells *rows, size_t count, int64_t *entry, bool *fresh, gf_error *err);
/* Close the entry at hand now, so that what is wrong with it as a whole is told of its own last row, *line. */
gf_status ledger_close(gf_app *app, size_t *line, gf_error *err);
/* Give up the entry at hand: its rows so far are forgotten. For a check that goes on to the next one. */
void      ledger_skip(gf_app *app);
/* Forget the months read for an odd span. */
void      ledger_partials_drop(gf_app *app);
/* Forget what is held (after a rollback). */
void      ledger_drop(gf_app *app);

/* Totals hang on who is a member, where a place lies and whose a fund is. After such a register has changed they are made
 * again from all entries, in the same transaction. GF_EIO when an entry cannot be trusted to be summed. */
gf_status ledger_renew_totals(gf_app *app, gf_error *err);

/* Append entries from..to (ids, inclusive) as rows of entries.csv, without the header. */
gf_status ledger_dump(gf_app *app, int64_t from, int64_t to, gf_text *out, gf_error *err);

/* The number and hash of the last entry; 0 and "" for an empty ledger. */
gf_status ledger_head(gf_app *app, int64_t *entry, char hash_hex[GF_HASH_HEX_BYTES], gf_error *err);

/* A maintained total. scope: "group", "group:ID", "unit:ID", "place:CODE", "fund:ID", "project:ID", "outside".
 * stage "" = none. origins: list with commas, "" = by the rule of the programme. The period is a span of days; entries whose own
 * period overlaps it belong to it. `entries` counts them. GF_EDENIED for a kind that is not one kind ("all"). */
typedef struct ledger_query { gf_str programme, scope, kind, stage, origins; gf_period span; } ledger_query;
/* A sum with the counts of its rows; a reversal counts against what it takes back, so that its bound goes with it. */
typedef struct ledger_sum { gf_fen amount; gf_figure_bound bound; int64_t entries, at_least, about, unvouched, unsupported; } ledger_sum;
gf_status ledger_total(gf_app *app, const ledger_query *query, ledger_sum *out, gf_error *err);
/* An entry under a total, with what it adds. */
typedef struct ledger_part { int64_t entry; ledger_sum sum; } ledger_part;
/* The entries under a total in order, at most `max`; *count tells how many there are in all. */
gf_status ledger_entries(gf_app *app, const ledger_query *query, ledger_part *parts, size_t max, int64_t *count, gf_error *err);

/* GF_EDENIED with the sentence why, unless `kind` is one kind of money. */
gf_status ledger_check_kind(gf_str kind, gf_error *err);

/* The entries under a query in stretches of `size`: first and last number, sum and bound of each. */
typedef struct ledger_stretch { int64_t first, last; ledger_sum sum; } ledger_stretch;
gf_status ledger_stretches(gf_app *app, const ledger_query *query, int64_t size, gf_arena *keep, ledger_stretch **out, size_t *count, gf_error *err);
