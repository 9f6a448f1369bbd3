/* app/slots.h - inside the room only: entries by place and kind, for lists and grouped sums that do not read the ledger.
 *
 * A slot is what one entry books for one place and kind on its date: rows and net amount (a reversal counts against).
 * Slots are written with the entry; their sums by place and kind are added up in memory and written at the end.
 */
#pragma once
#include "app/app.h"
#include "app/map.h"

#include "fund/gf_fund.h"

/* rows: transfers in it, a reversal's too; amount: net, so a reversal's is negative. */
typedef struct entry_slot { gf_str place, kind, date; int64_t entry; bool demo; int64_t rows; gf_fen amount; } entry_slot;

typedef struct slot_sums slot_sums;

/* NULL when out of memory. */
slot_sums *slot_sums_open(void);
/* NULL is a no-op; what was not written is lost. */
void       slot_sums_close(slot_sums *sums);
/* False: out of memory, or the sum does not fit; the sums are then not to be used. */
bool       slot_sums_add(slot_sums *s, const entry_slot *found);
/* Add what was added up to the store's table, and begin again from nothing: in the transaction of the slots themselves. */
gf_status  slot_sums_write(slot_sums *sums, gf_app *app, gf_error *err);
/* Begin again from nothing; places and kinds stay known. */
void       slot_sums_clear(slot_sums *sums);
/* Rows and amount added up for a place and kind; false when nothing was. */
bool       slot_sums_find(const slot_sums *sums, gf_str place, gf_str kind, bool demo, int64_t *rows, gf_fen *amount);
/* Places and kinds known, those at zero too. */
size_t     slot_sums_count(const slot_sums *sums);

/* The slots of an entry, one for each place and kind that it touches; names are borrowed from the entry. NULL at the limit,
 * or when an amount does not fit. */
entry_slot *slots_of(const gf_fund_entry *entry, gf_arena *keep, size_t *count);
/* Write the slots of an entry, and add them up. GF_ELIMIT "ledger.total". */
gf_status  slots_post(gf_app *app, slot_sums *sums, const gf_fund_entry *entry, gf_arena *scratch, gf_error *err);
/* A number of all its fields: the sum of these over many slots does not depend on their order. */
uint64_t   slot_mark(const entry_slot *s);
