/* store/sqlite_rows.h - inside the room only: rows of a SQLite file, byte by byte, as the engine does not read them. */
#pragma once
#include "base/gf_base.h"

/* A table whose integer key is the row's own number. */
typedef struct sqlite_table {
    gf_str   name;           /* borrowed */
    uint32_t root;           /* its first page, from 1 */
    uint32_t column_count;   /* as the schema says now; rows of an older schema may have fewer */
    uint32_t key_column;     /* 0-based */
} sqlite_table;

/* A row that holds bytes which no query shows. `what` is a sentence, static; `row` is 0 where its number is not readable. */
typedef void sqlite_row_fn(void *context, const sqlite_table *table, int64_t page, int64_t row, const char *what);

/* How the file is read. Never by a descriptor of its own: closing one drops every lock that this process holds on the
 * file, those of the engine too (sqlite.org/howtocorrupt.html, section 2.2). */
typedef struct sqlite_bytes {
    void    *context;
    uint64_t size;           /* of the file, in bytes */
    bool   (*read)(void *context, void *bytes, size_t count, uint64_t offset);   /* all of count, or false */
} sqlite_bytes;

/* Walk every row of `table` and call `odd` for each row that is not written exactly as SQLite writes it. Pages that are
 * no pages of a table are passed over: the engine's own check names those. A tree that turns in circles ends: no page is
 * read twice, none deeper than 20 levels. False when the file could not be read; what was told before still holds. */
bool sqlite_rows_walk(const sqlite_bytes *file, const sqlite_table *table, sqlite_row_fn *odd, void *context);
