/* app/ledger.h - inside the room only: entries kept in the store by the rules of fund.
 *
 * Posting stands between gf_store_begin() and gf_store_commit(). Accounts, the head hash and the touched totals are held
 * in memory while posting and written by ledger_finish(), in the same transaction as the entries.
 * Invariants: entries are numbered from 1 without a gap, so are lines; each transfer is two lines, first the one that it
 * leaves (odd number, negative), then the one that it reaches; an entry's hash covers the hash before it.
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

/* Make ready to post: reads the head, the accounts and the registers that entries name. What was held is forgotten. After a
 * failure call ledger_drop(). */
gf_status ledger_start(gf_app *app, gf_error *err);
/* One row of entries.csv, from `line`; rows of one entry come one after another. Absent columns are empty. The entry before
 * is closed by the first row of the next one. GF_EINPUT a rule is broken, or a name is in no register; GF_ECONFLICT the key
 * belongs to another entry, or what it reverses is reversed already; GF_ELIMIT a text over 4000 bytes, or a total that does
 * not fit. err->where names file:line of the entry. */
gf_status ledger_row(gf_app *app, const gf_str row[LEDGER_COLUMN_COUNT], size_t line, gf_error *err);
/* Close the last entry, write what is held and forget it; *added counts new entries, *seen all entries met. Fails as
 * ledger_row(). */
gf_status ledger_finish(gf_app *app, int64_t *added, int64_t *seen, gf_error *err);
/* The cells of one row, in the order of ledger_column. */
typedef struct ledger_cells { gf_str cell[LEDGER_COLUMN_COUNT]; } ledger_cells;
/* One entry, outside a load: `rows` as for ledger_row(), all with the same label. Accounts and registers stay in memory
 * for the next one: call ledger_drop() after a rollback, when registers have changed, or when another program has written.
 * *fresh false: the key is booked already with the same content, as *entry. Fails as ledger_row(). */
gf_status ledger_post(gf_app *app, const ledger_cells *rows, size_t count, int64_t *entry, bool *fresh, gf_error *err);
/* Close the entry at hand now, so that what is wrong with it as a whole is told of its own last row, *line. Without an open
 * entry it does nothing. */
gf_status ledger_close(gf_app *app, size_t *line, gf_error *err);
/* Give up the entry at hand: its rows so far are forgotten. For a check that goes on to the next one. */
void      ledger_skip(gf_app *app);
/* Forget the months read for an odd span: entries or registers have changed. */
void      ledger_partials_drop(gf_app *app);
/* Forget what is held for posting (after a rollback, or when another program has written). Cheap when nothing is. */
void      ledger_drop(gf_app *app);

/* Totals hang on who is a member, where a place lies and whose a fund is. After such a register has changed they are made
 * again from all entries, in the same transaction: one pass over the ledger. GF_EIO when an entry cannot be trusted to be
 * summed. */
gf_status ledger_renew_totals(gf_app *app, gf_error *err);

/* Append entries from..to (ids, inclusive) as rows of entries.csv, without the header: loaded again they give the same
 * hashes. */
gf_status ledger_dump(gf_app *app, int64_t from, int64_t to, gf_text *out, gf_error *err);

/* The number and hash of the last entry; 0 and "" for an empty ledger. */
gf_status ledger_head(gf_app *app, int64_t *entry, char hash_hex[GF_HASH_HEX_BYTES], gf_error *err);

/* A question about a total. scope: "group", "unit:ID", "place:CODE", "fund:ID", "project:ID", "outside". stage "" = none.
 * origins: list with commas; "" = no origin, so nothing. The span is one of days; transfers whose own period overlaps it
 * belong to it, whole. */
typedef struct ledger_query { gf_str programme, scope, kind, stage, origins; gf_period span; } ledger_query;
/* A sum with the counts of its rows; a reversal counts against what it takes back, so that its bound goes with it. */
typedef struct ledger_sum {
    gf_fen          amount;
    gf_figure_bound bound;
    int64_t         entries, at_least, about;    /* transfers in it, and those with a loose bound */
    int64_t         unvouched, unsupported;      /* those without a voucher; those without voucher and source */
} ledger_sum;
/* From the kept totals; of the months that the span cuts, from the entries, read once and kept while span and head stay.
 * An unknown scope is 0. GF_EDENIED for a kind that is not one kind ("all"), or demo beside other origins; GF_ELIMIT. */
gf_status ledger_total(gf_app *app, const ledger_query *query, ledger_sum *out, gf_error *err);
/* An entry under a total, with what it adds. */
typedef struct ledger_part { int64_t entry; ledger_sum sum; } ledger_part;
/* The entries under a total in order, at most `max` in `parts`; *count tells how many there are in all. Candidates come by
 * the index of accounts and are each read whole. Fails as ledger_total(). */
gf_status ledger_entries(gf_app *app, const ledger_query *query, ledger_part *parts, size_t max, int64_t *count, gf_error *err);

/* GF_EDENIED with the sentence why, unless `kind` is one kind of money. */
gf_status ledger_check_kind(gf_str kind, gf_error *err);

/* Entries `first` to `last` (numbers; others may lie between), and what they add. */
typedef struct ledger_stretch { int64_t first, last; ledger_sum sum; } ledger_stretch;
/* The entries under a query in stretches of `size`: one pass over the ledger. Fails as ledger_total(). */
gf_status ledger_stretches(gf_app *app, const ledger_query *query, int64_t size, gf_arena *keep, ledger_stretch **out, size_t *count, gf_error *err);
