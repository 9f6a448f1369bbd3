/* store/sql_text.h - the SQL compiled into the program: migrations in order, and statements by name. */
#pragma once
#include "base/gf_base.h"

/* The migration with this number (from 1), NUL-terminated, or NULL. Files: sql/schema/NNNN_name.sql. */
const char *gf_sql_migration(int version);
int         gf_sql_migration_count(void);

/* The statement under "-- name: NAME" in sql/queries, up to the next such line; empty when there is none. */
gf_str gf_sql_named(const char *name);
