/* app/search.h - inside the room only: which records hold a word. Pairs of characters, those of persons hashed with the store's own key:
 * whoever holds the file without the key cannot read names out of the index. Numbers of persons are hashed whole.
 */
#pragma once
#include "app/app.h"

/* Index a record again: `value` by column, personal fields open; those still sealed are passed over. At most 400 pairs of
 * each sort are kept. `fresh`: it was never indexed. *last is the number given last, 0 when not known yet: for the next call
 * of the same transaction. Inside a transaction. GF_EIO "keys.none" "keys.search" when a personal field wants the key. */
gf_status search_index(gf_app *app, const gf_register *reg, const gf_str *value, bool fresh, int64_t *last, gf_arena *scratch, gf_error *err);
/* Inside a transaction; a record that is not indexed is fine. */
gf_status search_forget(gf_app *app, const gf_register *reg, gf_str record, gf_error *err);
/* Is this a column that search reads: keys, names, titles and phrases; of persons name, head and numbers? */
bool      search_reads(const gf_column *column);
