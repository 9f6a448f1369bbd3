/* store/sql_text.h - inside the room only: the SQL compiled into the program, migrations in order, statements by name. */
#pragma once
#include "base/gf_base.h"

/* The migration with this number (from 1), NUL-terminated, static; NULL when there is none. Files:
 * sql/schema/NNNN_name.sql. */
const char *gf_sql_migration(int version);
/* How many there are without a gap: the schema that this program writes. */
int         gf_sql_migration_count(void);

/* The statement under "-- name: NAME" in sql/queries, up to the next such line, static; empty when there is none. A scan
 * of the whole text: ask once and keep what was prepared. */
gf_str gf_sql_named(const char *name);
