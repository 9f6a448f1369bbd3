/* store/pg_text.h - inside the room only: the common SQL as PostgreSQL wants it written. */
#pragma once
#include "base/gf_base.h"

/* :name and ? become $1, $2 ... by first appearance, as SQLite numbers them: a ? is one more than the highest so far. What
 * stands in quotes or comments is left alone. malloc'd and terminated; NULL without memory. *count is the highest number. */
char *pg_text_statement(gf_str sql, int *count);

/* A migration: words of the table in pg_text.c are replaced, nothing else. malloc'd and terminated; NULL without memory. */
char *pg_text_migration(const char *sql);
