/* Search by pairs of characters. FTS5's trigram finds nothing for two Chinese characters, and most names have two or
 * three; a pair index finds them, and its hashes can be keyed, which personal names need. Ids are found by how they begin:
 * pairs of digits would name every record.
 *
 * Open text is hashed without a key, personal text with the store's search key. A hit of the index is a candidate:
 * the record is read, must be seen by who asks, and must hold every word.
 */
#include "app/search.h"

#include "app/browse.h"
#include "app/keys.h"
#include "app/load_inside.h"
#include "app/record.h"
#include "app/side.h"

#include <stdlib.h>
#include <string.h>

enum { GRAMS_MAX = 400, GRAMS_ASKED_MAX = 6, TERMS_MAX = 6, CANDIDATES_MAX = 2000, CANDIDATES_FIRST = 60, FREQUENT = 4000, NUMBER_MIN = 6, WORD_BYTES = 64 };

static const char *const READ[] = { "name", "name_en", "short_name", "aliases", "phrase", "post", "title" };
static const char *const NUMBERS[] = { "id_number", "phone", "bank_card" };

static bool is_in(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

static bool is_number_field(const gf_column *column) { return is_in(column->name, NUMBERS, GF_COUNT(NUMBERS)); }
static bool is_personal(const gf_column *column) { return column->type == GF_COLUMN_PERSONAL; }

bool search_reads(const gf_column *column)
{
    if (is_personal(column))
        return is_number_field(column) || strcmp(column->name, "name") == 0 || strcmp(column->name, "head") == 0;
    return column->type == GF_COLUMN_KEY || is_in(column->name, READ, GF_COUNT(READ));
}

/* ---- Grams ---- */

typedef struct gram_list { gf_app *app; bool keyed; int64_t gram[GRAMS_MAX]; size_t count; gf_status status; gf_error *err; } gram_list;

static void add_gram(gram_list *list, gf_str word)
{
    int64_t gram = (int64_t)gf_str_hash(word);
    if (list->status == GF_OK && list->keyed)
        list->status = keys_word(list->app, word, &gram, list->err);
    for (size_t i = 0; i < list->count; i++)
        if (list->gram[i] == gram)
            return;
    if (list->count < GRAMS_MAX)
        list->gram[list->count++] = gram;
}

static uint32_t fold(uint32_t code) { return code >= 'A' && code <= 'Z' ? code + 32 : code; }
static bool     is_gap(uint32_t code) { return code <= ' ' || code == 0x3000 || code == ';' || code == ',' || code == 0xFF0C || code == 0x3001; }

static size_t put_code(char *out, uint32_t code)
{
    if (code < 0x80)
        return out[0] = (char)code, 1;
    if (code < 0x800)
        return out[0] = (char)(0xC0 | code >> 6), out[1] = (char)(0x80 | (code & 0x3F)), 2;
    if (code < 0x10000)
        return out[0] = (char)(0xE0 | code >> 12), out[1] = (char)(0x80 | (code >> 6 & 0x3F)), out[2] = (char)(0x80 | (code & 0x3F)), 3;
    return out[0] = (char)(0xF0 | code >> 18), out[1] = (char)(0x80 | (code >> 12 & 0x3F)), out[2] = (char)(0x80 | (code >> 6 & 0x3F)), out[3] = (char)(0x80 | (code & 0x3F)), 4;
}

/* All pairs of a text, and its first character marked with ^: a family name alone can be asked for. */
static void add_text(gram_list *list, gf_str text)
{
    uint32_t before = 0, code;
    bool first = true;
    while (gf_utf8_next(&text, &code)) {
        char pair[WORD_BYTES];
        code = fold(code);
        if (is_gap(code)) {
            before = 0;
            continue;
        }
        size_t len = before ? put_code(pair, before) : 0;
        len += put_code(pair + len, code);
        if (before)
            add_gram(list, (gf_str){ pair, len });
        if (first) {
            pair[0] = '^';
            add_gram(list, (gf_str){ pair, 1 + put_code(pair + 1, code) });
        }
        first = false;
        before = code;
    }
}

static void add_number(gram_list *list, gf_str text)
{
    char word[WORD_BYTES];
    int len = snprintf(word, sizeof word, "=%.*s", GF_STR_ARG(gf_str_slice(text, 0, WORD_BYTES - 2)));
    add_gram(list, (gf_str){ word, (size_t)len });
}

/* ---- Indexing ---- */

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

gf_status search_forget(gf_app *app, const gf_register *reg, gf_str key, gf_arena *scratch, gf_error *err)
{
    indexed old;
    gf_mark mark = gf_arena_mark(scratch);
    gf_status status = find_indexed(app, reg, key, scratch, &old, err);
    if (status == GF_OK && old.id) {
        drop_words(app, old.id, 0, old.words[0]);
        drop_words(app, old.id, 1, old.words[1]);
        gf_stmt *stmt = gf_store_named(app->store, "search_record_drop");
        gf_stmt_int(stmt, 1, old.id);
        (void)gf_stmt_run(stmt);
        status = gf_store_ok(app->store, err);
    }
    gf_arena_rewind(scratch, mark);
    return status;
}

gf_status search_forget_personal(gf_app *app, const gf_register *reg, gf_str key, gf_arena *scratch, gf_error *err)
{
    indexed old;
    gf_mark mark = gf_arena_mark(scratch);
    gf_status status = find_indexed(app, reg, key, scratch, &old, err);
    if (status == GF_OK && old.id) {
        drop_words(app, old.id, 1, old.words[1]);
        gf_stmt *stmt = gf_store_named(app->store, "search_record_words");
        gf_stmt_str(stmt, 1, old.words[0]);
        gf_stmt_str(stmt, 2, (gf_str){ "", 0 });
        gf_stmt_int(stmt, 3, old.id);
        (void)gf_stmt_run(stmt);
        status = gf_store_ok(app->store, err);
    }
    gf_arena_rewind(scratch, mark);
    return status;
}

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
static gf_status gather_grams(gf_app *app, const gf_register *reg, const gf_str *value, bool keyed, gf_arena *scratch, gram_list **out, gf_str *words, gf_error *err)
{
    gram_list *list = gf_new(scratch, gram_list, 1);
    gf_text text;
    if (!list)
        return gf_fail_memory(err);
    *list = (gram_list){ .app = app, .keyed = keyed, .err = err };
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *column = &reg->columns[i];
        if (!search_reads(column) || column->type == GF_COLUMN_KEY || is_personal(column) != keyed || value[i].len == 0 || gf_seal_is_sealed(value[i]))
            continue;
        if (is_number_field(column))
            add_number(list, value[i]);
        else
            add_text(list, value[i]);
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

static void write_grams(gf_app *app, search_run *run, int64_t id, const gram_list *list)
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
static void change_indexed(gf_app *app, search_run *run, const indexed *old, const indexed *now, gram_list *const lists[2])
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
    gf_stmt *stmt = gf_store_named(app->store, "search_record_words");
    gf_stmt_str(stmt, 1, now->words[0]);
    gf_stmt_str(stmt, 2, now->words[1]);
    gf_stmt_int(stmt, 3, old->id);
    (void)gf_stmt_run(stmt);
}

gf_status search_index(gf_app *app, const gf_register *reg, const gf_str *value, bool fresh, search_run *run, gf_arena *scratch, gf_error *err)
{
    indexed old = { .id = 0 }, now = { .id = 0 };
    gram_list *lists[2];
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

/* ---- Asking ---- */

typedef struct search_job {
    gf_app             *app;
    const gf_app_actor *actor;
    side                about;
    gf_arena           *keep;
    gf_str              terms[TERMS_MAX];
    size_t              term_count;
    gf_app_found       *found;
    size_t              count, limit;
} search_job;

static gf_str fold_text(gf_str text, gf_arena *keep)
{
    gf_text out;
    uint32_t code;
    gf_text_init(&out, keep);
    while (gf_utf8_next(&text, &code))
        gf_text_add_code(&out, fold(code));
    return gf_text_str(&out);
}

static bool holds_terms(const search_job *job, const gf_str *texts, size_t count)
{
    for (size_t t = 0; t < job->term_count; t++) {
        bool met = false;
        for (size_t i = 0; i < count && !met; i++)
            met = gf_str_has(texts[i], job->terms[t]);
        if (!met)
            return false;
    }
    return true;
}

static size_t take_texts(search_job *job, const record *rec, bool personal, gf_str *out, gf_str *label)
{
    size_t count = 0;
    for (size_t i = 0; i < rec->reg->column_count; i++) {
        const gf_column *column = &rec->reg->columns[i];
        gf_str text = rec->value[i];
        if (!search_reads(column) || (is_personal(column) && !personal))
            continue;
        if (is_personal(column) && !personal_read(job->app, rec->reg, record_key(rec), column->name, job->keep, &text))
            continue;
        if (is_personal(column) && label->len == 0 && !is_number_field(column))
            *label = keys_mask(column->name, text, job->keep);
        out[count++] = fold_text(text, job->keep);
    }
    return count;
}

static gf_str label_of(const record *rec, gf_str masked)
{
    static const char *const LABELS[] = { "name", "phrase", "post", "role" };
    for (size_t i = 0; i < GF_COUNT(LABELS); i++)
        if (record_value(rec, LABELS[i]).len)
            return record_value(rec, LABELS[i]);
    return masked.len ? masked : record_key(rec);
}

static void judge(search_job *job, gf_str reg_name, gf_str key)
{
    const gf_register *reg = gf_register_find(reg_name);
    gf_str texts[LOAD_COLUMNS_MAX], masked = { "", 0 };
    record rec;
    for (size_t i = 0; i < job->count; i++)
        if (gf_str_eq(job->found[i].id, key) && gf_str_is(reg_name, job->found[i].reg))
            return;
    if (!reg || access_require_record(job->app, job->actor, reg, key, job->keep, NULL) != GF_OK || record_read(job->app, reg->name, key, job->keep, &rec, NULL) != GF_OK ||
        !side_sees(&job->about, reg, rec.origin))
        return;
    bool personal = (gf_app_rights(job->actor, reg) & GF_APP_REVEAL) != 0;
    size_t count = take_texts(job, &rec, personal, texts, &masked);
    if (holds_terms(job, texts, count))
        job->found[job->count++] = (gf_app_found){ reg->name, key, label_of(&rec, masked), record_value(&rec, "place") };
}

static gf_str candidates_sql(size_t grams, gf_arena *keep)
{
    gf_text sql;
    gf_text_init(&sql, keep);
    gf_text_add_c(&sql, "SELECT r.register, r.record, g.record_id FROM search_word g JOIN search_record r ON r.id = g.record_id WHERE g.gram = ? AND g.record_id > ?");
    for (size_t i = 1; i < grams; i++)
        gf_text_add_c(&sql, " AND EXISTS (SELECT 1 FROM search_word x WHERE x.gram = ? AND x.record_id = g.record_id)");
    gf_text_add_c(&sql, " ORDER BY g.record_id LIMIT ?");
    return gf_text_str(&sql);
}

/* The rarest first: its records are gone through, the others are only asked about. */
static void put_rarest_first(search_job *job, gram_list *list, size_t grams)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; grams > 1 && i < grams; i++) {
        gf_stmt *stmt = gf_store_named(job->app->store, "search_frequency");
        gf_stmt_int(stmt, 1, list->gram[i]);
        gf_stmt_int(stmt, 2, FREQUENT);
        int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0, gram = list->gram[i];
        gf_stmt_end(stmt);
        if (count >= least)
            continue;
        least = count;
        list->gram[i] = list->gram[0];
        list->gram[0] = gram;
    }
}

/* Candidates are copied before they are judged: judging runs statements of its own. *after is the last one's number. */
static size_t ask_some(search_job *job, const gram_list *list, size_t grams, int64_t most, int64_t *after, gf_app_found *out)
{
    size_t count = 0;
    gf_stmt *stmt = gf_store_text(job->app->store, candidates_sql(grams, job->keep).data);
    gf_stmt_int(stmt, 1, list->gram[0]);
    gf_stmt_int(stmt, 2, *after);
    for (size_t i = 1; i < grams; i++)
        gf_stmt_int(stmt, (int)i + 2, list->gram[i]);
    gf_stmt_int(stmt, (int)grams + 2, most);
    while (gf_stmt_row(stmt) && count < (size_t)most) {
        out[count].place = gf_row_copy(stmt, 0, job->keep);
        out[count++].id = gf_row_copy(stmt, 1, job->keep);
        *after = gf_row_int(stmt, 2);
    }
    gf_stmt_end(stmt);
    return count;
}

/* Few at first: mostly they are enough. */
static void ask(search_job *job, gram_list *list)
{
    size_t grams = list->count < GRAMS_ASKED_MAX ? list->count : GRAMS_ASKED_MAX;
    gf_app_found *candidates = gf_new(job->keep, gf_app_found, CANDIDATES_MAX);
    if (grams == 0 || !candidates)
        return;
    put_rarest_first(job, list, grams);
    int64_t after = 0, most = CANDIDATES_FIRST;
    for (size_t met = 0, count; met < CANDIDATES_MAX && job->count < job->limit; met += count) {
        count = ask_some(job, list, grams, most, &after, candidates);
        for (size_t i = 0; i < count && job->count < job->limit; i++)
            judge(job, candidates[i].place, candidates[i].id);
        if (count < (size_t)most)
            return;
        most = CANDIDATES_MAX - CANDIDATES_FIRST;
    }
}

/* Records whose id begins with the word. */
static void ask_ids(search_job *job, gf_str word)
{
    gf_text end;
    gf_app_found *candidates = gf_new(job->keep, gf_app_found, job->limit);
    gf_text_init(&end, job->keep);
    gf_text_add(&end, word);
    gf_text_add_c(&end, "\x7f");  /* ids that begin so in ASCII, which all that are asked for do */
    size_t count = 0;
    if (!candidates || !gf_text_str(&end).data)
        return;
    gf_stmt *stmt = gf_store_named(job->app->store, "search_record_prefix");
    gf_stmt_str(stmt, 1, word);
    gf_stmt_str(stmt, 2, gf_text_str(&end));
    gf_stmt_int(stmt, 3, (int64_t)job->limit);
    while (gf_stmt_row(stmt) && count < job->limit) {
        candidates[count].place = gf_row_copy(stmt, 0, job->keep);
        candidates[count++].id = gf_row_copy(stmt, 1, job->keep);
    }
    gf_stmt_end(stmt);
    for (size_t i = 0; i < count && job->count < job->limit; i++)
        judge(job, candidates[i].place, candidates[i].id);
}

static bool is_number(gf_str term)
{
    bool digits = term.len >= NUMBER_MIN;
    for (size_t i = 0; i < term.len; i++)
        digits = digits && ((term.data[i] >= '0' && term.data[i] <= '9') || term.data[i] == 'x');
    return digits;
}

static void add_term(gram_list *list, gf_str term)
{
    char word[WORD_BYTES];
    if (gf_utf8_count(term) == 1) {
        (void)snprintf(word, sizeof word, "^%.*s", GF_STR_ARG(term));
        add_gram(list, gf_str_of(word));
        return;
    }
    size_t before = list->count;
    add_text(list, term);
    /* The mark of the first character is a word of its own: text may stand anywhere. */
    uint32_t code;
    gf_str rest = term;
    if (list->count > before && gf_utf8_next(&rest, &code) && list->count - before > 1)
        for (size_t i = before; i + 1 < list->count; i++)
            list->gram[i] = list->gram[i + 1];
    if (list->count - before > 1)
        list->count--;
}

gf_status gf_app_search(gf_app *app, const gf_app_actor *actor, gf_str programme, gf_str q, int64_t limit, gf_arena *keep, gf_app_found **out, size_t *count, gf_error *err)
{
    search_job job = { .app = app, .actor = actor, .keep = keep, .limit = limit < 1 || limit > 100 ? 20 : (size_t)limit };
    gram_list *list = gf_new(keep, gram_list, 1);
    gf_str rest = fold_text(q, keep), term;
    job.found = gf_new(keep, gf_app_found, job.limit);
    if (!list || !job.found)
        return gf_fail_memory(err);
    while (job.term_count < TERMS_MAX && gf_str_cut(&rest, ' ', &term))
        if (gf_str_trim(term).len)
            job.terms[job.term_count++] = gf_str_trim(term);
    if (job.term_count == 0)
        return gf_fail(err, GF_EUSAGE, "search.empty", "Type one character or more.", "there is nothing to search for");
    gf_status status = side_of(app, programme, &job.about, err);
    if (status != GF_OK)
        return status;
    gf_str typed = gf_str_trim(q);
    ask_ids(&job, gf_str_slice(typed, 0, gf_str_find(typed, GF_STR(" "))));
    bool keyed_too = keys_can_search(app);
    for (int keyed = 0; keyed < 1 + keyed_too; keyed++) {
        *list = (gram_list){ .app = app, .keyed = keyed != 0 };
        add_term(list, job.terms[0]);
        if (list->status == GF_OK)
            ask(&job, list);
        if (!keyed || !is_number(job.terms[0]))
            continue;
        *list = (gram_list){ .app = app, .keyed = true };
        char number[WORD_BYTES];
        size_t len = (size_t)snprintf(number, sizeof number, "%.*s", GF_STR_ARG(gf_str_slice(job.terms[0], 0, WORD_BYTES - 2)));
        if (number[len - 1] == 'x')
            number[len - 1] = 'X';
        add_number(list, (gf_str){ number, len });
        if (list->status == GF_OK)
            ask(&job, list);
    }
    *out = job.found;
    *count = job.count;
    return gf_store_ok(app->store, err);
}
