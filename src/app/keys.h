/* app/keys.h - inside the room only: the keys of this store, and personal text sealed and opened with them.
 *
 * Each person (a record with personal columns) has a key of its own in the store, wrapped by the master key, which lies
 * in a file beside the store and never in it. Without the file everything works but personal fields and search by them.
 * Keys are held in the gf_app once they were read, and wiped when it is closed. A store in memory has a key in memory.
 */
#pragma once
#include "app/app.h"

#include "seal/gf_seal.h"

/* A key in a file: 64 hexadecimal digits. False when it is not there, is a link, may be read by others than its owner, or holds something else. */
bool      keys_read_file(const char *path, gf_seal_key *out);
/* A new file, 0600, on disk; one that is there is never touched. GF_EIO "keys.write". */
gf_status keys_write_file(const char *path, const gf_seal_key *key, gf_error *err);
/* Wipe and forget what is held; it is read again when it is next needed. */
void      keys_drop(gf_app *app);
/* True when the master key that the store is wrapped by is at hand. Finishes a rotation that was cut off. */
bool      keys_at_hand(gf_app *app);
/* GF_EIO "keys.none" when the store has been sealed and the file is not there, may be read by others, or is another one.
 * Makes the file for a store in which nothing is sealed yet: GF_EIO "keys.write". */
gf_status keys_need(gf_app *app, gf_error *err);

/* Make the key of a person who never had one, for the fields that keys_seal() is given next. Inside a transaction. Fails as
 * keys_need(). */
gf_status keys_make(gf_app *app, const gf_register *reg, gf_str record, gf_arena *scratch, gf_error *err);
/* Seal a field of a record; the person's key is made when it is not there (inside a transaction). "" stays "". Fails as
 * keys_need(). */
gf_status keys_seal(gf_app *app, const gf_register *reg, gf_str record, const char *field, gf_str plain, gf_arena *keep, gf_str *out,
                    gf_error *err);
/* The wrapped key of a person, read by who reads many: the next keys_open() need not ask for it. One that does not open is passed
 * over. */
void      keys_take(gf_app *app, const gf_register *reg, gf_str record, gf_str wrapped, gf_arena *scratch);
/* False when the master key is not at hand, the person's key is gone, or the text does not open. "" opens as "". The last
 * person's key is held: fields of one record cost one unwrapping. */
bool      keys_open(gf_app *app, const gf_register *reg, gf_str record, const char *field, gf_str sealed, gf_arena *keep, gf_str *out);
/* Secrets of the program itself, under the master key. Fails as keys_need(). */
gf_status keys_seal_own(gf_app *app, gf_str place, gf_str plain, gf_arena *keep, gf_str *out, gf_error *err);
/* False as keys_open(). */
bool      keys_open_own(gf_app *app, gf_str place, gf_str sealed, gf_arena *keep, gf_str *out);
/* A word as search keeps it. Needs the store's search key, made on first use inside a transaction. Fails as keys_need(), or
 * with GF_EIO "keys.search". */
gf_status keys_word(gf_app *app, gf_str word, int64_t *out, gf_error *err);

/* Is there a search key, and is it at hand? Makes nothing. */
bool      keys_can_search(gf_app *app);
/* A key of the store for one purpose, drawn from its search key: it stays the same when the master key is rotated. False when keys_can_search() is. Wipe it. */
bool      keys_for(gf_app *app, gf_str purpose, gf_seal_key *out);

/* Seal whatever personal text still stands open: a store of an older schema. Inside a transaction. */
gf_status keys_seal_all(gf_app *app, gf_error *err);

/* How a personal field looks in a list: enough to tell people apart, too little to use. A text so short that its rule
 * would show all of it shows nothing. */
gf_str    keys_mask(const char *field, gf_str plain, gf_arena *keep);
