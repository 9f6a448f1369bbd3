/* app/totals.h - inside the room only: what each scope counts of each transfer, added up in memory.
 *
 * Posting adds what it books and writes the sums once; check adds everything again and compares. A total is told by
 * its dimension (programme, scope, kind, stage, origin: a text, numbered once) and the months of its line.
 * After a failure of adding the sums are half done: close or clear them.
 */
#pragma once
#include "app/ledger_inside.h"

/* Counts are of transfers; a reversal counts -1. */
typedef struct total_sum { gf_fen amount; int64_t lines, at_least, about, unvouched, unsupported; } total_sum;
/* months as ledger_months() gives them. */
typedef struct total_row { uint32_t dimension; int32_t month_first, month_last; total_sum sum; } total_row;

typedef struct total_dimension { gf_str programme, scope, kind, stage, origin; } total_dimension;

typedef struct totals totals;

/* NULL when out of memory; the world outlives it. What it remembers of accounts has 65,536 places of about a hundred bytes,
 * touched only as they fill. */
totals    *totals_open(const ledger_world *world);
/* NULL is a no-op; what was not written is lost. */
void       totals_close(totals *t);
/* Add one transfer; both accounts have their ids. GF_EINPUT a period that is none, GF_ELIMIT a sum that does not fit. */
gf_status  totals_add(totals *t, const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_error *err);
/* The same, telling how many members of the group the transfer touches: 0 to 3. */
gf_status  totals_add_counting(totals *t, const gf_fund_entry *entry, const gf_fund_transfer *transfer, int *members, gf_error *err);
/* Add an amount to one total, nothing else of it. False when it does not fit, memory is short, or the dimension is
 * UINT32_MAX. */
bool       totals_add_amount(totals *t, uint32_t dimension, int32_t month_first, int32_t month_last, gf_fen amount);
/* Begin again from nothing; what is known of accounts stays. */
void       totals_clear(totals *t);
/* Add every row to the store's table of totals, in the transaction of the entries; `first`: the table is empty. Keeps them: clear
 * behind it. */
gf_status  totals_write(const totals *t, gf_app *app, bool first, gf_error *err);
/* What has been added up, in no order; pointers die with the next totals_add(). */
const total_row *totals_rows(const totals *t, size_t *count);
/* What the number stands for; borrowed. */
total_dimension  totals_dimension(const totals *t, uint32_t dimension);
/* The row of a total; NULL when nothing was added to it. Dies with the next totals_add(). */
const total_row *totals_find(const totals *t, const total_dimension *dimension, int64_t month_first, int64_t month_last);
/* The number of a dimension, made when it is new; UINT32_MAX when out of memory. */
uint32_t         totals_number(totals *t, const total_dimension *dimension);
