/* Asking. A hit of the index is a candidate: the record is read, must be seen by who asks, and must hold every word.
 */
#include "app/search_inside.h"

#include "app/browse.h"
#include "app/keys.h"
#include "app/load_inside.h"
#include "app/record.h"
#include "app/side.h"

#include <string.h>

enum { GRAMS_ASKED_MAX = 6, TERMS_MAX = 6, CANDIDATES_MAX = 2000, CANDIDATES_FIRST = 60, FREQUENT = 4000, NUMBER_MIN = 6, WORD_BYTES = 64 };

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
        gf_text_add_code(&out, search_fold(code));
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
        if (!search_reads(column) || (search_is_personal(column) && !personal))
            continue;
        if (search_is_personal(column) && !personal_read(job->app, rec->reg, record_key(rec), column->name, job->keep, &text))
            continue;
        if (search_is_personal(column) && label->len == 0 && !search_is_number(column))
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
static void put_rarest_first(search_job *job, search_grams *list, size_t grams)
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
static size_t ask_some(search_job *job, const search_grams *list, size_t grams, int64_t most, int64_t *after, gf_app_found *out)
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
static void ask(search_job *job, search_grams *list)
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

static void add_term(search_grams *list, gf_str term)
{
    char word[WORD_BYTES];
    if (gf_utf8_count(term) == 1) {
        (void)snprintf(word, sizeof word, "^%.*s", GF_STR_ARG(term));
        search_add_gram(list, gf_str_of(word));
        return;
    }
    size_t before = list->count;
    search_add_text(list, term);
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
    search_grams *list = gf_new(keep, search_grams, 1);
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
        *list = (search_grams){ .app = app, .keyed = keyed != 0 };
        add_term(list, job.terms[0]);
        if (list->status == GF_OK)
            ask(&job, list);
        if (!keyed || !is_number(job.terms[0]))
            continue;
        *list = (search_grams){ .app = app, .keyed = true };
        char number[WORD_BYTES];
        size_t len = (size_t)snprintf(number, sizeof number, "%.*s", GF_STR_ARG(gf_str_slice(job.terms[0], 0, WORD_BYTES - 2)));
        if (number[len - 1] == 'x')
            number[len - 1] = 'X';
        search_add_number(list, (gf_str){ number, len });
        if (list->status == GF_OK)
            ask(&job, list);
    }
    *out = job.found;
    *count = job.count;
    return gf_store_ok(app->store, err);
}
