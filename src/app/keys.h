/* app/keys.h - inside the room only: the keys of this store, and personal text sealed and opened with them.
 *
 * Each person (a record with personal columns) has a key of its own in the store, wrapped by the master key, which lies
 * in a file beside the store and never in it. Without the file everything works but personal fields and search by them.
 */
#pragma once
#include "app/app.h"

#include "seal/gf_seal.h"

void      keys_drop(gf_app *app);
/* True when the master key is at hand. */
bool      keys_at_hand(gf_app *app);
/* GF_EIO "keys.none" when the store has been sealed and the file is not there or another one. Makes the file for a store
 * in which nothing is sealed yet. */
gf_status keys_need(gf_app *app, gf_error *err);

/* Seal a field of a record; the person's key is made when it is not there (inside a transaction). */
gf_status keys_seal(gf_app *app, const gf_register *reg, gf_str record, const char *field, gf_str plain, gf_arena *keep, gf_str *out, gf_error *err);
/* False when the master key is not at hand, the person's key is gone, or the text does not open. "" opens as "". */
bool      keys_open(gf_app *app, const gf_register *reg, gf_str record, const char *field, gf_str sealed, gf_arena *keep, gf_str *out);
/* Secrets of the program itself, under the master key. */
gf_status keys_seal_own(gf_app *app, gf_str place, gf_str plain, gf_arena *keep, gf_str *out, gf_error *err);
bool      keys_open_own(gf_app *app, gf_str place, gf_str sealed, gf_arena *keep, gf_str *out);
/* A word as search keeps it. Needs the store's search key, made on first use inside a transaction. */
gf_status keys_word(gf_app *app, gf_str word, int64_t *out, gf_error *err);

/* Is there a search key, and is it at hand? Makes nothing. */
bool      keys_can_search(gf_app *app);

/* Seal whatever personal text still stands open: a store of an older schema. */
gf_status keys_seal_all(gf_app *app, gf_error *err);

/* How a personal field looks in a list: enough to tell people apart, too little to use. */
gf_str    keys_mask(const char *field, gf_str plain, gf_arena *keep);
