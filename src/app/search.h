/* app/search.h - inside the room only: which records hold a word. Pairs of characters, those of persons hashed with the store's own key:
 * whoever holds the file without the key cannot read names out of the index. Numbers of persons are hashed whole.
 */
#pragma once
#include "app/app.h"

/* What one transaction keeps from record to record; zero at first. A large load gives `waiting` room for SEARCH_WAITING_MAX words: they are
 * written many together in the order of their key, which search_settle() must end. */
enum { SEARCH_WAITING_MAX = 1 << 20 };
typedef struct search_waiting { int64_t gram, record; } search_waiting;   /* record: its number times two, and one when the word is personal */
typedef struct search_run { int64_t last; search_waiting *waiting; size_t count; } search_run;

/* Index a record again: `value` by column, personal fields open; those still sealed are passed over. At most 400 pairs of
 * each sort are kept. `fresh`: it was never indexed. Inside a transaction. GF_EIO "keys.none" "keys.search" when a personal field wants the key. */
gf_status search_index(gf_app *app, const gf_register *reg, const gf_str *value, bool fresh, search_run *run, gf_arena *scratch, gf_error *err);
/* Writes what waits. */
gf_status search_settle(gf_app *app, search_run *run, gf_error *err);
/* Inside a transaction; a record that is not indexed is fine. */
gf_status search_forget(gf_app *app, const gf_register *reg, gf_str record, gf_arena *scratch, gf_error *err);
/* The same for its personal words alone. */
gf_status search_forget_personal(gf_app *app, const gf_register *reg, gf_str record, gf_arena *scratch, gf_error *err);
/* Is this a column that search reads: keys, names, titles and phrases; of persons name, head and numbers? */
bool      search_reads(const gf_column *column);
