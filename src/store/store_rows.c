/* A store copied into another, engine to engine, by rows: what one reads the other binds, kind for kind. The tables and
 * columns are asked of both, since both were made by the same migrations; nothing here knows a register.
 */
#include "store/engine.h"

#include <stdlib.h>

enum { TABLES_MAX = 256, COLUMNS_MAX = 128, FORM_BYTES_MAX = 1 << 20 };

typedef struct table { gf_str name, columns[COLUMNS_MAX]; size_t count; } table;
typedef struct form { table *tables[TABLES_MAX]; size_t count; } form;

static table *table_for(form *out, gf_str name, gf_arena *keep)
{
    table *last = out->count ? out->tables[out->count - 1] : NULL;
    if (last && gf_str_eq(last->name, name))
        return last;
    table *made = out->count < TABLES_MAX ? gf_new(keep, table, 1) : NULL;
    if (made) {
        made->name = gf_str_copy(keep, name);
        out->tables[out->count++] = made;
    }
    return made;
}

static gf_status read_form(gf_store *store, gf_arena *keep, form *out, gf_error *err)
{
    bool room = true;
    gf_stmt *stmt = gf_store_text(store, store->engine->columns_sql);
    while (room && gf_stmt_row(stmt)) {
        table *t = table_for(out, gf_row_str(stmt, 0), keep);
        room = t && t->name.data && t->count < COLUMNS_MAX;
        if (room)
            t->columns[t->count++] = gf_row_copy(stmt, 1, keep);
    }
    gf_stmt_end(stmt);
    return room ? gf_store_ok(store, err) : gf_fail(err, GF_ELIMIT, "store.tables", "", "a store has more tables or columns than can be copied");
}

static bool same_table(const table *a, const table *b)
{
    bool same = gf_str_eq(a->name, b->name) && a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = gf_str_eq(a->columns[i], b->columns[i]);
    return same;
}

static bool same_form(const form *a, const form *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = same_table(a->tables[i], b->tables[i]);
    return same;
}

static const char *select_of(const table *t, gf_arena *scratch)
{
    gf_text sql;
    gf_text_init(&sql, scratch);
    for (size_t i = 0; i < t->count; i++)
        gf_text_format(&sql, "%s\"%.*s\"", i ? ", " : "SELECT ", GF_STR_ARG(t->columns[i]));
    gf_text_format(&sql, " FROM \"%.*s\"", GF_STR_ARG(t->name));
    return gf_text_str(&sql).data;
}

static const char *insert_of(const table *t, gf_arena *scratch)
{
    gf_text sql;
    gf_text_init(&sql, scratch);
    gf_text_format(&sql, "INSERT INTO \"%.*s\" (", GF_STR_ARG(t->name));
    for (size_t i = 0; i < t->count; i++)
        gf_text_format(&sql, "%s\"%.*s\"", i ? ", " : "", GF_STR_ARG(t->columns[i]));
    for (size_t i = 0; i < t->count; i++)
        gf_text_add_c(&sql, i ? ", ?" : ") VALUES (?");
    gf_text_add_c(&sql, ")");
    return gf_text_str(&sql).data;
}

/* A REAL stands in no column of ours: a doctored file holds one. */
static bool bind_cell(gf_stmt *put, int index, gf_stmt *row, int column)
{
    gf_str text = gf_row_str(row, column);
    switch (gf_row_kind(row, column)) {
    case GF_VALUE_NULL: gf_stmt_null(put, index); return true;
    case GF_VALUE_INT: gf_stmt_int(put, index, gf_row_int(row, column)); return true;
    case GF_VALUE_TEXT: gf_stmt_str(put, index, text); return true;
    case GF_VALUE_BLOB: gf_stmt_blob(put, index, text.data, text.len); return true;
    case GF_VALUE_REAL: break;
    }
    return false;
}

static gf_status copy_table(gf_store *from, gf_store *to, const table *t, gf_arena *scratch, int64_t *rows, gf_error *err)
{
    bool sound = true;
    gf_stmt *row = gf_store_text(from, select_of(t, scratch)), *put = gf_store_text(to, insert_of(t, scratch));
    while (sound && gf_stmt_row(row)) {
        for (size_t i = 0; sound && i < t->count; i++)
            sound = bind_cell(put, (int)i + 1, row, (int)i);
        sound = sound && gf_stmt_run(put);
        *rows += sound;
    }
    gf_stmt_end(row);
    if (gf_store_ok(from, err) != GF_OK)
        return from->failure.status;
    if (gf_store_ok(to, err) != GF_OK)
        return gf_fail_at(err, "%.*s", GF_STR_ARG(t->name));
    return sound ? GF_OK : gf_fail(err, GF_EINPUT, "store.value", "Run gongfu check on the store.", "a row of %.*s holds a value of a kind that no column has", GF_STR_ARG(t->name));
}

static gf_status require_empty(gf_store *to, const form *f, gf_arena *scratch, gf_error *err)
{
    for (size_t i = 0; i < f->count; i++) {
        gf_text sql;
        gf_text_init(&sql, scratch);
        gf_text_format(&sql, "SELECT 1 FROM \"%.*s\" LIMIT 1", GF_STR_ARG(f->tables[i]->name));
        gf_stmt *stmt = gf_store_text(to, gf_text_str(&sql).data);
        bool some = gf_stmt_row(stmt);
        gf_stmt_end(stmt);
        if (some)
            return gf_fail(err, GF_ECONFLICT, "store.taken", "Name a new store; what is there is never written over.", "the target is not empty: %.*s has rows", GF_STR_ARG(f->tables[i]->name));
    }
    return gf_store_ok(to, err);
}

gf_status gf_store_fill(gf_store *to, gf_store *from, int64_t *rows, gf_error *err)
{
    gf_arena *keep = gf_arena_open((size_t)FORM_BYTES_MAX * 8);
    form *source = keep ? gf_new(keep, form, 1) : NULL, *target = keep ? gf_new(keep, form, 1) : NULL;
    gf_status status = target ? read_form(from, keep, source, err) : gf_fail_memory(err);
    int64_t copied = 0;
    if (status == GF_OK)
        status = read_form(to, keep, target, err);
    if (status == GF_OK && !same_form(source, target))
        status = gf_fail(err, GF_ECONFLICT, "store.forms", "Bring both to this program's schema first.", "the two stores do not have the same tables");
    if (status == GF_OK)
        status = require_empty(to, target, keep, err);
    for (size_t i = 0; status == GF_OK && i < source->count; i++)
        status = copy_table(from, to, source->tables[i], keep, &copied, err);
    if (status == GF_OK)
        *rows = copied;
    gf_arena_close(keep);
    return status;
}
