/* What search finds is written here: words of records, in the order of the word, and with each record the words that it has, so that they
 * are found again when it changes or goes.
 */
#include "app/search_inside.h"

#include "app/keys.h"

#include <stdlib.h>

/* A record in the index: its number, 0 when it has none, and its words of both sorts, decimal with a blank between them. */
typedef struct indexed { int64_t id; gf_str words[2]; } indexed;

static gf_status find_indexed(gf_app *app, const gf_register *reg, gf_str key, gf_arena *scratch, indexed *out, gf_error *err)
{
    *out = (indexed){ .id = 0 };
    gf_stmt *stmt = gf_store_named(app->store, "search_record_find");
    gf_stmt_str(stmt, 1, key);
    gf_stmt_str(stmt, 2, gf_str_of(reg->name));
    if (gf_stmt_row(stmt)) {
        out->id = gf_row_int(stmt, 0);
        out->words[0] = gf_row_copy(stmt, 1, scratch);
        out->words[1] = gf_row_copy(stmt, 2, scratch);
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static void drop_words(gf_app *app, int64_t id, int personal, gf_str words)
{
    gf_str word;
    int64_t gram;
    while (gf_str_cut(&words, ' ', &word)) {
        if (!gf_str_to_int(word, &gram))
            continue;
        gf_stmt *stmt = gf_store_named(app->store, "search_drop");
        gf_stmt_int(stmt, 1, gram);
        gf_stmt_int(stmt, 2, id);
        gf_stmt_int(stmt, 3, personal);
        (void)gf_stmt_run(stmt);
    }
}

static void put_words(gf_app *app, int64_t id, gf_str open, gf_str personal)
{
    gf_stmt *stmt = gf_store_named(app->store, "search_record_words");
    gf_stmt_str(stmt, 1, open);
    gf_stmt_str(stmt, 2, personal);
    gf_stmt_int(stmt, 3, id);
    (void)gf_stmt_run(stmt);
}

/* All of a record, or its personal words alone. */
static gf_status forget(gf_app *app, const gf_register *reg, gf_str key, bool personal_alone, gf_arena *scratch, gf_error *err)
{
    indexed old;
    gf_mark mark = gf_arena_mark(scratch);
    gf_status status = find_indexed(app, reg, key, scratch, &old, err);
    if (status == GF_OK && old.id) {
        drop_words(app, old.id, 1, old.words[1]);
        if (personal_alone)
            put_words(app, old.id, old.words[0], (gf_str){ "", 0 });
        else {
            drop_words(app, old.id, 0, old.words[0]);
            gf_stmt *stmt = gf_store_named(app->store, "search_record_drop");
            gf_stmt_int(stmt, 1, old.id);
            (void)gf_stmt_run(stmt);
        }
        status = gf_store_ok(app->store, err);
    }
    gf_arena_rewind(scratch, mark);
    return status;
}

gf_status search_forget(gf_app *app, const gf_register *reg, gf_str key, gf_arena *scratch, gf_error *err) { return forget(app, reg, key, false, scratch, err); }

gf_status search_forget_personal(gf_app *app, const gf_register *reg, gf_str key, gf_arena *scratch, gf_error *err) { return forget(app, reg, key, true, scratch, err); }

static void add_word(gf_text *text, int64_t gram)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = gram < 0 ? 0 - (uint64_t)gram : (uint64_t)gram;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (gram < 0)
        digits[--at] = '-';
    if (gf_text_str(text).len)
        digits[--at] = ' ';
    gf_text_add(text, (gf_str){ digits + at, sizeof digits - at });
}

/* Grams of all open fields of a record, or of all personal ones; as a text in *words too. */
static gf_status gather_grams(gf_app *app, const gf_register *reg, const gf_str *value, bool keyed, gf_arena *scratch, search_grams **out, gf_str *words, gf_error *err)
{
    search_grams *list = gf_new(scratch, search_grams, 1);
    gf_text text;
    if (!list)
        return gf_fail_memory(err);
    *list = (search_grams){ .app = app, .keyed = keyed, .err = err };
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *column = &reg->columns[i];
        if (!search_reads(column) || column->type == GF_COLUMN_KEY || search_is_personal(column) != keyed || value[i].len == 0 || gf_seal_is_sealed(value[i]))
            continue;
        if (search_is_number(column))
            search_add_number(list, value[i]);
        else
            search_add_text(list, value[i]);
    }
    gf_text_init(&text, scratch);
    for (size_t i = 0; i < list->count; i++)
        add_word(&text, list->gram[i]);
    *out = list;
    *words = gf_text_str(&text);
    return list->status == GF_OK ? gf_text_done(&text, err) : list->status;
}

static void write_word(gf_app *app, int64_t gram, int64_t id, bool personal)
{
    gf_stmt *stmt = gf_store_named(app->store, "search_add");
    gf_stmt_int(stmt, 1, gram);
    gf_stmt_int(stmt, 2, id);
    gf_stmt_int(stmt, 3, personal);
    (void)gf_stmt_run(stmt);
}

static int by_key(const void *a, const void *b)
{
    const search_waiting *x = a, *y = b;
    return x->gram != y->gram ? (x->gram < y->gram ? -1 : 1) : (x->record > y->record) - (x->record < y->record);
}

gf_status search_settle(gf_app *app, search_run *run, gf_error *err)
{
    if (run->count)
        qsort(run->waiting, run->count, sizeof *run->waiting, by_key);
    for (size_t i = 0; i < run->count; i++)
        write_word(app, run->waiting[i].gram, run->waiting[i].record >> 1, run->waiting[i].record & 1);
    run->count = 0;
    return gf_store_ok(app->store, err);
}

static void write_grams(gf_app *app, search_run *run, int64_t id, const search_grams *list)
{
    if (run->waiting && run->count + list->count > SEARCH_WAITING_MAX)
        (void)search_settle(app, run, NULL);  /* a failure is told by the next settling */
    for (size_t i = 0; i < list->count; i++)
        if (run->waiting)
            run->waiting[run->count++] = (search_waiting){ list->gram[i], id << 1 | list->keyed };
        else
            write_word(app, list->gram[i], id, list->keyed);
}

static int64_t next_number(gf_app *app, search_run *run)
{
    if (run->last == 0) {
        gf_stmt *stmt = gf_store_named(app->store, "search_record_last");
        run->last = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
        gf_stmt_end(stmt);
    }
    return ++run->last;
}

static void add_indexed(gf_app *app, const gf_register *reg, gf_str key, const indexed *it)
{
    gf_stmt *stmt = gf_store_named(app->store, "search_record_add");
    gf_stmt_int(stmt, 1, it->id);
    gf_stmt_str(stmt, 2, gf_str_of(reg->name));
    gf_stmt_str(stmt, 3, key);
    gf_stmt_str(stmt, 4, it->words[0]);
    gf_stmt_str(stmt, 5, it->words[1]);
    (void)gf_stmt_run(stmt);
}

/* What has not changed is not written; words of the record that still wait are written before they are dropped. */
static void change_indexed(gf_app *app, search_run *run, const indexed *old, const indexed *now, search_grams *const lists[2])
{
    bool changed = false;
    for (int keyed = 0; keyed < 2; keyed++) {
        if (gf_str_eq(old->words[keyed], now->words[keyed]))
            continue;
        changed = true;
        (void)search_settle(app, run, NULL);
        drop_words(app, old->id, keyed, old->words[keyed]);
        write_grams(app, run, old->id, lists[keyed]);
    }
    if (!changed)
        return;
    put_words(app, old->id, now->words[0], now->words[1]);
}

gf_status search_index(gf_app *app, const gf_register *reg, const gf_str *value, bool fresh, search_run *run, gf_arena *scratch, gf_error *err)
{
    indexed old = { .id = 0 }, now = { .id = 0 };
    search_grams *lists[2];
    gf_mark mark = gf_arena_mark(scratch);
    gf_status status = fresh ? GF_OK : find_indexed(app, reg, value[0], scratch, &old, err);
    for (int keyed = 0; status == GF_OK && keyed < 2; keyed++)
        status = gather_grams(app, reg, value, keyed != 0, scratch, &lists[keyed], &now.words[keyed], err);
    if (status == GF_OK && old.id)
        change_indexed(app, run, &old, &now, lists);
    else if (status == GF_OK) {
        now.id = next_number(app, run);
        add_indexed(app, reg, value[0], &now);
        write_grams(app, run, now.id, lists[0]);
        write_grams(app, run, now.id, lists[1]);
    }
    if (status == GF_OK)
        status = gf_store_ok(app->store, err);
    gf_arena_rewind(scratch, mark);
    return status;
}
