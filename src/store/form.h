/* store/form.h - inside the room only: the tables of a store and their columns, as it tells them itself. What copies rows knows no register. */
#pragma once
#include "store/engine.h"

enum { STORE_TABLES_MAX = 256, STORE_COLUMNS_MAX = 128, STORE_FORM_BYTES_MAX = 8 << 20 };

typedef struct store_table {
    gf_str name, columns[STORE_COLUMNS_MAX];
    char   kinds[STORE_COLUMNS_MAX];      /* i whole number, t text, b bytes; ? anything else */
    size_t count;
} store_table;
typedef struct store_form { store_table *tables[STORE_TABLES_MAX]; size_t count; } store_form;   /* by name, by bytes */

/* GF_ELIMIT; the latched failure. */
gf_status store_form_read(gf_store *store, gf_arena *keep, store_form *out, gf_error *err);
bool      store_form_same_table(const store_table *a, const store_table *b);
bool      store_form_same(const store_form *a, const store_form *b);
/* "t" ("a", "b"): as INSERT INTO and COPY take it. */
void      store_form_add_names(const store_table *t, gf_text *sql);
/* INSERT with a ? for each column. */
const char *store_form_insert(const store_table *t, gf_arena *scratch);
/* GF_ECONFLICT: a table has rows. */
gf_status store_form_is_empty(gf_store *store, const store_form *f, gf_arena *scratch, gf_error *err);
