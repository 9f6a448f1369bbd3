/* app/record.h - inside the room only: rows of registers as plain values, and the basis they have.
 *
 * Reads by name of register, which must be one, and asks no right. Texts live in keep. Any register but entries.
 */
#pragma once
#include "app/app.h"
#include "app/map.h"
#include "app/register.h"

typedef struct record {
    const gf_register *reg;
    gf_str            *value;      /* by column; personal columns and files stay empty */
    gf_str             source, origin, author;
} record;

/* The value of a column, "" when the register has no such column. */
gf_str    record_value(const record *rec, const char *column);
/* The first column. */
gf_str    record_key(const record *rec);
/* GF_ENOTFOUND when there is none. */
gf_status record_read(gf_app *app, const char *reg, gf_str key, gf_arena *keep, record *out, gf_error *err);
/* All rows of a register in key order; *out NULL when there is none. */
gf_status record_all(gf_app *app, const char *reg, gf_arena *keep, record **out, size_t *count, gf_error *err);
/* All rows that are demo, or all that are not. */
gf_status record_side(gf_app *app, const char *reg, bool demo, gf_arena *keep, record **out, size_t *count, gf_error *err);
/* Rows at a place or below it, at most `most` of them, in key order; none of a register without places. */
gf_status record_inside(gf_app *app, const char *reg, gf_str place, size_t most, gf_arena *keep, record **out, size_t *count, gf_error *err);
/* Rows that cite the source `id` among others, in key order: a scan of the register. */
gf_status record_citing(gf_app *app, const char *reg, gf_str id, gf_arena *keep, record **out, size_t *count, gf_error *err);
/* What the first column of a statement's rows says, as the keys of a map that map_done() is owed for, also when this fails. The values
 * are the rows' numbers from 0. */
gf_status record_keys(gf_app *app, gf_stmt *rows, gf_arena *keep, text_map *out, gf_error *err);
/* Is it one of "F1;F2"? */
bool      record_list_has(gf_str list, gf_str id);

/* Does the column name records of this register, alone or among others ("persons|units")? */
bool      record_names(const gf_column *column, const gf_register *reg);

/* What stands under a record whose sources and papers are these: the best of them. A text does not prove itself: a
 * record that only statements carry is stated. `paper` is a documents id or free text. A document counts when its content
 * is held; what was imported is documented, what a sensor read is derived. */
gf_figure_basis record_basis(gf_app *app, gf_str source, gf_str paper, gf_str origin);

/* The quantity of a record, as its columns quantity, quantity_unit and bound tell it; false when it has none. */
bool record_quantity(const record *rec, gf_decimal *value, gf_str *unit, gf_figure_bound *bound);
/* Is the origin one of a list with commas? The list is figure_programme_origins(): rows that are not demo, or demo alone. */
bool record_wanted(gf_str origins, gf_str origin);
