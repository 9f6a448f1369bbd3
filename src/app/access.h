/* app/access.h - inside the room only: which rows an actor sees, as a condition in SQL, for every list, count, search,
 * export and single reading alike. One place knows the rule; nobody writes it again.
 *
 * A row is seen when the scope is all, when the actor wrote it, or when a column of it names a unit or place of the
 * scope, itself or through the record that it belongs to (a stage through its project). Units and places of a scope are
 * written out in access_unit and access_place. tests/test_access.py walks every endpoint as every role against this.
 */
#pragma once
#include "app/app.h"

/* Seen by whoever may read the register, whatever the scope: the frame that everybody needs (places, units ...). */
bool access_is_open(const gf_register *reg);
/* May the role read this register at all? NULL is nobody to be kept out: everything is read. `reg` must be one. */
bool access_may_read(const gf_app_actor *actor, const char *reg);
/* By scope alone; the role is gf_app_require()'s question. */
bool access_sees_all(const gf_app_actor *actor, const gf_register *reg);
/* A condition on the row `alias`; wants the actor's name as parameter 1, bound before any other. True for every row when
 * all is seen, and for none when the name is empty. */
void access_where(gf_text *sql, const gf_app_actor *actor, const gf_register *reg, const char *alias);
/* The same without the author's own: what one writes must lie in one's scope. A record that names no unit, place or
 * parent lies in anybody's. */
void access_where_inside(gf_text *sql, const gf_register *reg, const char *alias);
/* GF_EDENIED by role; GF_ENOTFOUND when the record is not there or not seen: the two look the same. */
gf_status access_require_record(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *scratch,
                                gf_error *err);
/* A row must lie in the scope of who writes it, as it stands afterwards: nobody writes into another's village. GF_EDENIED. */
gf_status access_require_inside(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *scratch,
                                gf_error *err);
/* Does the scope take in this unit? False also when the store fails, which it has latched. */
bool access_has_unit(gf_app *app, const gf_app_actor *actor, gf_str unit);
/* Does the scope take in this place? False likewise. */
bool access_has_place(gf_app *app, const gf_app_actor *actor, gf_str place);
/* Write out units and places of every user again: users, units, places or pairings have changed. Inside the transaction
 * that changed them. Costs users times places at most. */
gf_status access_renew(gf_app *app, gf_error *err);
/* Is it one of the registers that scopes hang on: units, places, pairings? */
bool access_hangs_on(const gf_register *reg);
