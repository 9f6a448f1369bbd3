/* app/side.h - inside the room only: on which side of the line a row stands.
 *
 * Demo rows are invented: they form a programme of their own and stand in no answer about another. An answer about a demo
 * programme holds demo rows alone, any other holds all the rest. Places, units and holidays are common ground: a demo
 * programme stands on the real ones.
 */
#pragma once
#include "app/browse.h"

typedef struct side { gf_str programme; bool demo; } side;   /* programme "" = no line is drawn */

/* GF_ENOTFOUND when there is no such programme. */
gf_status side_of(gf_app *app, gf_str programme, side *out, gf_error *err);
bool      side_has(const side *s, gf_str origin);
/* Of a register whose rows may be common ground. */
bool      side_sees(const side *s, const gf_register *reg, gf_str origin);
/* " AND ..." on the rows called `row`; a register that names a programme itself must name this one, or none. */
void      side_where(gf_text *sql, browse_params *params, const side *s, const gf_register *reg, const char *row);
