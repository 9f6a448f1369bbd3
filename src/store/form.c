/* Asked of the store, since its migrations made it. Kinds are the words that the two engines have for the three of ours. */
#include "store/form.h"

static store_table *table_for(store_form *out, gf_str name, gf_arena *keep)
{
    store_table *last = out->count ? out->tables[out->count - 1] : NULL;
    if (last && gf_str_eq(last->name, name))
        return last;
    store_table *made = out->count < STORE_TABLES_MAX ? gf_new(keep, store_table, 1) : NULL;
    if (made) {
        made->name = gf_str_copy(keep, name);
        out->tables[out->count++] = made;
    }
    return made;
}

static char kind_of(gf_str word)
{
    static const struct { const char *word; char kind; } WORDS[] = { { "INTEGER", 'i' }, { "bigint", 'i' }, { "TEXT", 't' }, { "text", 't' }, { "BLOB", 'b' }, { "bytea", 'b' } };
    for (size_t i = 0; i < GF_COUNT(WORDS); i++)
        if (gf_str_is(word, WORDS[i].word))
            return WORDS[i].kind;
    return '?';
}

gf_status store_form_read(gf_store *store, gf_arena *keep, store_form *out, gf_error *err)
{
    bool room = true;
    gf_stmt *stmt = gf_store_text(store, store->engine->columns_sql);
    while (room && gf_stmt_row(stmt)) {
        store_table *t = table_for(out, gf_row_str(stmt, 0), keep);
        room = t && t->name.data && t->count < STORE_COLUMNS_MAX;
        if (room) {
            t->kinds[t->count] = kind_of(gf_row_str(stmt, 2));
            t->columns[t->count++] = gf_row_copy(stmt, 1, keep);
        }
    }
    gf_stmt_end(stmt);
    return room ? gf_store_ok(store, err) : gf_fail(err, GF_ELIMIT, "store.tables", "", "a store has more tables or columns than can be copied");
}

bool store_form_same_table(const store_table *a, const store_table *b)
{
    bool same = gf_str_eq(a->name, b->name) && a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->kinds[i] == b->kinds[i] && gf_str_eq(a->columns[i], b->columns[i]);
    return same;
}

bool store_form_same(const store_form *a, const store_form *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = store_form_same_table(a->tables[i], b->tables[i]);
    return same;
}

void store_form_add_names(const store_table *t, gf_text *sql)
{
    gf_text_format(sql, "\"%.*s\" (", GF_STR_ARG(t->name));
    for (size_t i = 0; i < t->count; i++)
        gf_text_format(sql, "%s\"%.*s\"", i ? ", " : "", GF_STR_ARG(t->columns[i]));
    gf_text_add_char(sql, ')');
}

const char *store_form_insert(const store_table *t, gf_arena *scratch)
{
    gf_text sql;
    gf_text_init(&sql, scratch);
    gf_text_add_c(&sql, "INSERT INTO ");
    store_form_add_names(t, &sql);
    for (size_t i = 0; i < t->count; i++)
        gf_text_add_c(&sql, i ? ", ?" : " VALUES (?");
    gf_text_add_c(&sql, ")");
    return gf_text_str(&sql).data;
}

gf_status store_form_is_empty(gf_store *store, const store_form *f, gf_arena *scratch, gf_error *err)
{
    for (size_t i = 0; i < f->count; i++) {
        gf_text sql;
        gf_text_init(&sql, scratch);
        gf_text_format(&sql, "SELECT 1 FROM \"%.*s\" LIMIT 1", GF_STR_ARG(f->tables[i]->name));
        gf_stmt *stmt = gf_store_text(store, gf_text_str(&sql).data);
        bool some = gf_stmt_row(stmt);
        gf_stmt_end(stmt);
        if (some)
            return gf_fail(err, GF_ECONFLICT, "store.taken", "Name a new store; what is there is never written over.", "the target is not empty: %.*s has rows", GF_STR_ARG(f->tables[i]->name));
    }
    return gf_store_ok(store, err);
}
