/* A store copied into another, engine to engine, by rows: what one reads the other binds, kind for kind. The tables and
 * columns are asked of both, since both were made by the same migrations; nothing here knows a register.
 */
#include "store/form.h"

static const char *select_of(const store_table *t, gf_arena *scratch)
{
    gf_text sql;
    gf_text_init(&sql, scratch);
    for (size_t i = 0; i < t->count; i++)
        gf_text_format(&sql, "%s\"%.*s\"", i ? ", " : "SELECT ", GF_STR_ARG(t->columns[i]));
    gf_text_format(&sql, " FROM \"%.*s\"", GF_STR_ARG(t->name));
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

static gf_status copy_table(gf_store *from, gf_store *to, const store_table *t, gf_arena *scratch, int64_t *rows, gf_error *err)
{
    bool sound = true;
    gf_stmt *row = gf_store_text(from, select_of(t, scratch)), *put = gf_store_text(to, store_form_insert(t, scratch));
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

gf_status gf_store_fill(gf_store *to, gf_store *from, int64_t *rows, gf_error *err)
{
    gf_arena *keep = gf_arena_open(STORE_FORM_BYTES_MAX);
    store_form *source = keep ? gf_new(keep, store_form, 1) : NULL, *target = keep ? gf_new(keep, store_form, 1) : NULL;
    gf_status status = target ? store_form_read(from, keep, source, err) : gf_fail_memory(err);
    int64_t copied = 0;
    if (status == GF_OK)
        status = store_form_read(to, keep, target, err);
    if (status == GF_OK && !store_form_same(source, target))
        status = gf_fail(err, GF_ECONFLICT, "store.forms", "Bring both to this program's schema first.", "the two stores do not have the same tables");
    if (status == GF_OK)
        status = store_form_is_empty(to, target, keep, err);
    for (size_t i = 0; status == GF_OK && i < source->count; i++)
        status = copy_table(from, to, source->tables[i], keep, &copied, err);
    if (status == GF_OK)
        *rows = copied;
    gf_arena_close(keep);
    return status;
}
