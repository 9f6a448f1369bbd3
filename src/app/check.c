/* gongfu check: everything that can be proven again from the store is proven again.
 *
 * One pass over the ledger recomputes the chain, the balance of each fund and kind, the keys and all totals. Beside it the
 * file is read through, the registers, their history and the documents are held against each other, and personal fields are opened. A damaged page does not stop the check: it is named, with the first entry that was lost behind it.
 */
#include "app/check_inside.h"
#include "app/keys.h"
#include "app/register.h"
#include "app/user.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

static const size_t CHECK_BYTES_MAX = (size_t)2 << 30;

static const char *const TEST_NAMES[T_COUNT] = { "file", "chain", "balance", "totals", "scope_sum", "keys", "references",
                                                 "documents", "history", "sealed", "logs" };

/* ---- Problems ---- */

gf_str check_text(checker *c, const char *text) { return gf_str_copy(c->keep, gf_str_of(text)); }

gf_app_problem *check_problem(checker *c, int test, int64_t entry, const char *field, const char *what)
{
    c->out->ok = false;
    c->out->tests[test].ok = false;
    if (c->out->problem_count == GF_APP_PROBLEMS_MAX)
        return &c->out->problems[GF_APP_PROBLEMS_MAX];  /* one row more than is shown: written over and over */
    gf_app_problem *problem = &c->out->problems[c->out->problem_count++];
    *problem = (gf_app_problem){ .test = TEST_NAMES[test], .entry = entry, .field = check_text(c, field), .what = check_text(c, what) };
    return problem;
}

gf_str check_int(checker *c, int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    return check_text(c, text);
}

gf_str check_hex(checker *c, const uint8_t hash[GF_HASH_BYTES])
{
    char hex[GF_HASH_HEX_BYTES];
    gf_hex_format(hash, GF_HASH_BYTES, hex);
    return check_text(c, hex);
}

/* ---- The file ---- */

/* The entry that a row belongs to; 0 when it is none of the ledger's. */
static int64_t entry_of_row(checker *c, gf_str table, int64_t row)
{
    if (gf_str_is(table, "entry"))
        return row;
    if (!gf_str_is(table, "entry_line"))
        return 0;
    gf_stmt *stmt = gf_store_named(c->app->store, "entry_of_line");
    gf_stmt_int(stmt, 1, row);
    int64_t entry = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    gf_str what;
    (void)gf_store_take_damage(c->app->store, &what);  /* told by the engine's check already */
    return entry;
}

static void note_file(void *context, const gf_store_problem *found)
{
    checker *c = context;
    gf_app_problem *problem = check_problem(c, T_FILE, 0, "", "");
    gf_text text;
    gf_text_init(&text, c->keep);
    if (found->page)
        gf_text_format(&text, "page %lld", (long long)found->page);
    if (found->table.len)
        gf_text_format(&text, " %.*s %lld", GF_STR_ARG(found->table), (long long)found->row);
    problem->record = gf_text_str(&text);
    problem->what = gf_str_copy(c->keep, gf_str_slice(found->what, 0, 300));
    problem->entry = entry_of_row(c, found->table, found->row);
}

/* The store could not be read on behind entry `last`: say so, and clear the way for the other tests. */
void check_lost(checker *c, int test, int64_t last)
{
    gf_str what;
    if (!gf_store_take_damage(c->app->store, &what))
        return;
    gf_app_problem *problem = check_problem(c, test, last + 1, "", "the store cannot be read from this entry on");
    problem->found = gf_str_copy(c->keep, what);
}

/* ---- The registers ---- */

static void check_reference_column(checker *c, const gf_register *reg, const gf_column *column, const text_map *keys)
{
    gf_text sql;
    gf_text_init(&sql, c->scratch);
    gf_text_format(&sql, "SELECT \"%s\", \"%s\" FROM \"%s\" WHERE \"%s\" <> ''", reg->columns[0].name, column->name, reg->name, column->name);
    gf_stmt *stmt = gf_store_text(c->app->store, gf_text_str(&sql).data);
    while (gf_stmt_row(stmt)) {
        gf_str rest = gf_row_str(stmt, 1), id;
        while (gf_str_cut(&rest, ';', &id)) {
            c->out->tests[T_REFERENCES].counted++;
            gf_text key;
            bool found = false;
            gf_str registers = gf_str_of(column->arg), one;
            while (!found && gf_str_cut(&registers, '|', &one)) {
                gf_text_init(&key, c->scratch);
                gf_text_add(&key, one);
                gf_text_add_char(&key, '/');
                gf_text_add(&key, id);
                found = map_find(keys, gf_text_str(&key)) != NULL;
            }
            if (found)
                continue;
            gf_app_problem *p = check_problem(c, T_REFERENCES, 0, column->name, "the record names something that is not there");
            p->record = gf_row_copy(stmt, 0, c->keep);
            p->found = gf_str_copy(c->keep, id);
        }
    }
    check_lost(c, T_REFERENCES, c->out->head_entry);
}

static bool is_table(const gf_register *reg) { return strcmp(reg->name, "entries") != 0; }

static void gather_keys(checker *c, text_map *keys)
{
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++) {
        const gf_register *reg = &GF_REGISTERS[i];
        if (!is_table(reg))
            continue;
        gf_text sql;
        gf_text_init(&sql, c->scratch);
        gf_text_format(&sql, "SELECT '%s/' || \"%s\" FROM \"%s\"", reg->name, reg->columns[0].name, reg->name);
        gf_stmt *stmt = gf_store_text(c->app->store, gf_text_str(&sql).data);
        bool fresh;
        while (gf_stmt_row(stmt))
            (void)map_put(keys, gf_row_str(stmt, 0), &fresh);
        check_lost(c, T_REFERENCES, c->out->head_entry);
    }
}

static void check_references(checker *c)
{
    text_map keys;
    map_init(&keys, c->maps);
    gather_keys(c, &keys);
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++)
        for (size_t k = 0; is_table(&GF_REGISTERS[i]) && k < GF_REGISTERS[i].column_count; k++) {
            const gf_column *column = &GF_REGISTERS[i].columns[k];
            gf_arena_rewind(c->scratch, (gf_mark){ NULL, 0 });
            if (column->type == GF_COLUMN_REF || column->type == GF_COLUMN_REFS)
                check_reference_column(c, &GF_REGISTERS[i], column, &keys);
        }
    map_done(&keys);
}

static void check_documents(checker *c)
{
    gf_stmt *stmt = gf_store_named(c->app->store, "document_contents");
    while (gf_stmt_row(stmt)) {
        gf_str sha256 = gf_row_str(stmt, 1), bytes = gf_row_str(stmt, 2);
        uint8_t hash[GF_HASH_BYTES];
        char hex[GF_HASH_HEX_BYTES];
        c->out->tests[T_DOCUMENTS].counted++;
        bool has = gf_row_kind(stmt, 2) == GF_VALUE_BLOB && gf_hash_bytes(GF_HASH_SHA256, bytes.data, bytes.len, hash);
        if (has)
            gf_hex_format(hash, sizeof hash, hex);
        if (has && gf_str_is(sha256, hex))
            continue;
        gf_app_problem *p = check_problem(c, T_DOCUMENTS, 0, "sha256", has ? "the content is not what was stored" : "the content is missing");
        p->record = gf_row_copy(stmt, 0, c->keep);
        p->expected = gf_str_copy(c->keep, sha256);
        p->found = has ? check_text(c, hex) : (gf_str){ "", 0 };
    }
    check_lost(c, T_DOCUMENTS, c->out->head_entry);
}

/* Every record has as many versions in history as it says, and one beginning. Those that do are only counted. */
static gf_str history_sql(checker *c, const gf_register *reg)
{
    const char *id = reg->columns[0].name;
    gf_text sql;
    gf_text_init(&sql, c->scratch);
    gf_text_format(&sql, "SELECT r.\"%s\", r.version, coalesce(h.last, 0) FROM \"%s\" r LEFT JOIN (SELECT record, max(version) AS last, "
                         "sum(CASE op WHEN 'create' THEN 1 WHEN 'remove' THEN -1 ELSE 0 END) AS beginnings FROM history WHERE register = '%s' GROUP BY record) h ON h.record = r.\"%s\" "
                         "WHERE coalesce(r.version, 0) <> coalesce(h.last, 0) OR coalesce(h.beginnings, 0) <> 1",
                   id, reg->name, reg->name, id);
    return gf_text_str(&sql);
}

static int64_t count_rows(checker *c, const gf_register *reg)
{
    gf_text sql;
    gf_text_init(&sql, c->scratch);
    gf_text_format(&sql, "SELECT count(*) FROM \"%s\"", reg->name);
    gf_stmt *stmt = gf_store_text(c->app->store, gf_text_str(&sql).data);
    int64_t count = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return count;
}

static void check_history(checker *c)
{
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++) {
        const gf_register *reg = &GF_REGISTERS[i];
        if (!is_table(reg))
            continue;
        gf_arena_rewind(c->scratch, (gf_mark){ NULL, 0 });
        c->out->tests[T_HISTORY].counted += count_rows(c, reg);
        gf_stmt *stmt = gf_store_text(c->app->store, history_sql(c, reg).data);
        while (gf_stmt_row(stmt)) {
            gf_app_problem *p = check_problem(c, T_HISTORY, 0, "version", "the record's version is not the last of its history");
            p->record = gf_row_copy(stmt, 0, c->keep);
            p->expected = check_int(c, gf_row_int(stmt, 2));
            p->found = check_int(c, gf_row_int(stmt, 1));
        }
        check_lost(c, T_HISTORY, c->out->head_entry);
    }
}

/* ---- Personal fields and logs ---- */

/* Rows of a register's personal fields with the key of each person beside them: a question for each field would take minutes. */
static gf_str sealed_sql(checker *c, const gf_register *reg)
{
    gf_text sql;
    gf_text_init(&sql, c->scratch);
    gf_text_format(&sql, "SELECT p.\"%s\", k.wrapped", reg->columns[0].name);
    for (size_t i = 0; i < reg->column_count; i++)
        if (reg->columns[i].type == GF_COLUMN_PERSONAL)
            gf_text_format(&sql, ", p.\"%s\"", reg->columns[i].name);
    gf_text_format(&sql, " FROM \"%s_personal\" p LEFT JOIN subject_key k ON k.register = '%s' AND k.record = p.\"%s\"", reg->name, reg->name, reg->columns[0].name);
    return gf_text_str(&sql);
}

static void check_sealed_row(checker *c, const gf_register *reg, gf_stmt *stmt, bool at_hand)
{
    gf_str key = gf_row_copy(stmt, 0, c->scratch), plain;
    int at = 2;
    if (at_hand)
        keys_take(c->app, reg, key, gf_row_str(stmt, 1), c->scratch);
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *column = &reg->columns[i];
        if (column->type != GF_COLUMN_PERSONAL)
            continue;
        gf_str text = gf_row_str(stmt, at++);
        if (text.len == 0)
            continue;
        bool sealed = gf_seal_is_sealed(text), opens = !at_hand || !sealed || keys_open(c->app, reg, key, column->name, text, c->scratch, &plain);
        c->out->tests[T_SEALED].counted++;
        if (!sealed || !opens)
            check_problem(c, T_SEALED, 0, column->name, sealed ? "the field does not open with its person's key" : "the field stands open")->record = gf_str_copy(c->keep, key);
    }
}

static bool has_personal(const gf_register *reg)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (reg->columns[i].type == GF_COLUMN_PERSONAL)
            return true;
    return false;
}

/* Every personal field is sealed, and opens with its person's key where the master key is at hand. */
static void check_sealed(checker *c, const gf_register *reg)
{
    if (!has_personal(reg))
        return;
    bool at_hand = keys_at_hand(c->app);
    gf_stmt *rows = gf_store_text(c->app->store, sealed_sql(c, reg).data);
    while (gf_stmt_row(rows)) {
        gf_mark mark = gf_arena_mark(c->scratch);
        check_sealed_row(c, reg, rows, at_hand);
        gf_arena_rewind(c->scratch, mark);
    }
    check_lost(c, T_SEALED, c->out->head_entry);
}

static void check_open_history(checker *c)
{
    gf_stmt *stmt = gf_store_named(c->app->store, "history_personal_open");
    if (gf_stmt_row(stmt))
        (void)check_problem(c, T_SEALED, 0, "history", "a personal field stands open in history");
    gf_stmt_end(stmt);
    check_lost(c, T_SEALED, c->out->head_entry);
}

static void note_log(void *context, int64_t id, const char *what)
{
    checker *c = context;
    gf_app_problem *problem = check_problem(c, T_LOGS, 0, "hash", what);
    problem->record = check_int(c, id);
}

static void check_logs(checker *c)
{
    static const char *const TABLES[] = { "operation_log", "login_log" };
    for (size_t i = 0; i < GF_COUNT(TABLES); i++) {
        int64_t count = 0;
        (void)log_check(c->app, TABLES[i], note_log, c, &count, NULL);
        c->out->tests[T_LOGS].counted += count;
        check_lost(c, T_LOGS, c->out->head_entry);
    }
}

/* ---- The anchor ---- */

/* The number at or behind `at`, when only quotes, colons, = and blanks stand before it; 0 when there is none. */
static int64_t number_at(gf_str text, size_t at)
{
    int64_t value = 0;
    while (at < text.len && (text.data[at] == '"' || text.data[at] == ':' || text.data[at] == ' ' || text.data[at] == '='))
        at++;
    for (; at < text.len && text.data[at] >= '0' && text.data[at] <= '9' && value < INT64_MAX / 100; at++)
        value = value * 10 + (text.data[at] - '0');
    return value;
}

/* The last whole number of a text. */
static int64_t last_number(gf_str text)
{
    for (size_t i = text.len; i-- > 0;) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (digit && (i == 0 || text.data[i - 1] < '0' || text.data[i - 1] > '9'))
            return number_at(text, i);
    }
    return 0;
}

/* The first run of exactly 64 hexadecimal digits at or behind `from`; its offset, or text.len. */
static size_t find_hash(gf_str text, size_t from)
{
    size_t run = 0;
    for (size_t i = from; i <= text.len; i++) {
        bool hex = i < text.len && ((text.data[i] >= '0' && text.data[i] <= '9') || (text.data[i] >= 'a' && text.data[i] <= 'f') ||
                                    (text.data[i] >= 'A' && text.data[i] <= 'F'));
        if (!hex && run == 2 * GF_HASH_BYTES)
            return i - run;
        run = hex ? run + 1 : 0;
    }
    return text.len;
}

/* JSON of check, report or a backup's manifest (head_entry, head_hash), or a line with a number and a hash. */
static gf_status read_anchor(checker *c, gf_str anchor, gf_error *err)
{
    if (anchor.len == 0)
        return GF_OK;
    size_t at = gf_str_find(anchor, GF_STR("head_hash"));
    at = find_hash(anchor, at < anchor.len ? at : 0);
    if (at == anchor.len)
        return gf_fail(err, GF_EINPUT, "check.anchor", "Give the JSON of gongfu check --json, a backup's manifest, or a line: 128 <hash>.",
                       "the anchor file names no hash of 64 hexadecimal digits");
    gf_str hex = gf_str_slice(anchor, at, at + 2 * GF_HASH_BYTES);
    (void)gf_hex_parse(hex, c->anchor_hash, sizeof c->anchor_hash);
    size_t named = gf_str_find(anchor, GF_STR("head_entry"));
    c->anchor_entry = named < anchor.len ? number_at(anchor, named + strlen("head_entry")) : last_number(gf_str_slice(anchor, 0, at));
    c->out->has_anchor = true;
    c->out->anchor_entry = c->anchor_entry;
    c->out->anchor_hash = gf_str_copy(c->keep, hex);
    return GF_OK;
}

static void judge_anchor(checker *c)
{
    if (!c->out->has_anchor || c->out->anchor_match)
        return;
    gf_app_problem *p = check_problem(c, T_CHAIN, c->anchor_entry, "hash",
                                    c->anchor_entry > c->out->head_entry ? "entries up to the anchor are missing"
                                                                         : "the chain is not the one that was anchored");
    p->expected = c->out->anchor_hash;
    p->found = c->anchor_entry > c->out->head_entry ? c->out->head_hash : (gf_str){ "", 0 };
}

/* ---- All of it ---- */

static double seconds_now(void)
{
    struct timespec now = { 0 };
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static gf_status prepare(checker *c, gf_error *err)
{
    gf_app_checked *out = c->out;
    *out = (gf_app_checked){ .ok = true, .store = gf_str_copy(c->keep, gf_store_shown(c->app->store)),
                             .schema_version = gf_store_schema_version(c->app->store), .test_count = T_COUNT };
    out->tests = gf_new(c->keep, gf_app_test, T_COUNT);
    out->problems = gf_new(c->keep, gf_app_problem, GF_APP_PROBLEMS_MAX + 1);
    c->scratch = gf_arena_open(CHECK_BYTES_MAX);
    c->maps = gf_arena_open(CHECK_BYTES_MAX);
    c->hash = gf_hash_open(c->app->ledger_hash);
    if (!out->tests || !out->problems || !c->scratch || !c->maps || !c->hash)
        return gf_fail_memory(err);
    for (int i = 0; i < T_COUNT; i++)
        out->tests[i] = (gf_app_test){ TEST_NAMES[i], true, 0 };
    return GF_OK;
}

static void finish(checker *c)
{
    gf_hash_close(c->hash);
    gf_arena_close(c->scratch);
    gf_arena_close(c->maps);
}

/* What either half may do: the halves take piece after piece, whoever is free. */
static void check_shared(checker *c)
{
    static void (*const WHOLE[])(checker *) = { check_references, check_documents };
    for (size_t i; (i = atomic_fetch_add(c->next_shared, 1)) < GF_COUNT(WHOLE) + GF_REGISTER_COUNT;) {
        if (i < GF_COUNT(WHOLE))
            WHOLE[i](c);
        else
            check_sealed(c, &GF_REGISTERS[i - GF_COUNT(WHOLE)]);
    }
}

/* What the pass over the ledger does not need: on a thread and a connection of its own, which a second core takes. */
static gf_status check_beside(checker *c, gf_error *err)
{
    gf_status status = gf_store_verify(c->app->store, note_file, c, err);
    if (status != GF_OK)
        return status;
    c->out->tests[T_FILE].counted = 1;
    c->file_problems = c->out->problem_count;
    (void)gf_store_begin_read(c->app->store, NULL);
    check_history(c);
    check_open_history(c);
    check_logs(c);
    check_shared(c);
    gf_store_rollback(c->app->store);
    return GF_OK;
}

/* One moment of the store: entries and totals read apart would not agree beside a writer. A store too damaged for that is
 * checked all the same. */
static void check_books(checker *c, gf_error *err)
{
    (void)gf_store_begin_read(c->app->store, NULL);
    if (ledger_world_read(c->app, &c->world, err) == GF_OK) {
        check_ledger(c);
        judge_anchor(c);
        check_shared(c);
        ledger_world_done(&c->world);
    } else
        check_lost(c, T_REFERENCES, 0);
    gf_store_rollback(c->app->store);
}

typedef struct beside { checker c; gf_app_checked out; gf_status status; gf_error err; } beside;

static void *run_beside(void *context)
{
    beside *b = context;
    b->status = check_beside(&b->c, &b->err);
    return NULL;
}

/* The same store opened again; false when that cannot be, as of a store in memory. */
static bool open_beside(const checker *c, beside *b)
{
    const gf_app_options options = { .db = gf_store_address(c->app->store), .key_file = c->app->key_file, .read_only = true, .bulk = true, .now = c->app->now };
    *b = (beside){ .c = { .out = &b->out, .next_shared = c->next_shared } };
    if (gf_str_ends(options.db, GF_STR(":memory:")) || gf_app_open(&options, &b->c.app, NULL) != GF_OK)
        return false;
    b->c.keep = gf_arena_open(CHECK_BYTES_MAX);
    return b->c.keep && prepare(&b->c, NULL) == GF_OK;
}

static void close_beside(beside *b)
{
    finish(&b->c);
    gf_arena_close(b->c.keep);
    gf_app_close(b->c.app);
}

/* Its problems with the file stand first, its others behind ours; at most as many as are told in all. */
static void join(checker *c, const beside *b)
{
    gf_app_checked *out = c->out;
    gf_app_problem *all = gf_new(c->keep, gf_app_problem, GF_APP_PROBLEMS_MAX + 1);
    size_t count = 0;
    const struct { const gf_app_problem *from; size_t first, last; bool copied; } PARTS[] = {
        { b->out.problems, 0, b->c.file_problems, true }, { out->problems, 0, out->problem_count, false }, { b->out.problems, b->c.file_problems, b->out.problem_count, true } };
    for (size_t i = 0; all && i < GF_COUNT(PARTS); i++)
        for (size_t k = PARTS[i].first; k < PARTS[i].last && count < GF_APP_PROBLEMS_MAX; k++) {
            gf_app_problem p = PARTS[i].from[k];
            gf_str *const texts[] = { &p.record, &p.field, &p.expected, &p.found, &p.what };
            for (size_t t = 0; PARTS[i].copied && t < GF_COUNT(texts); t++)
                *texts[t] = gf_str_copy(c->keep, *texts[t]);
            all[count++] = p;
        }
    if (all) {
        out->problems = all;
        out->problem_count = count;
    }
    out->ok = out->ok && b->out.ok;
    for (int i = 0; i < T_COUNT; i++) {
        out->tests[i].ok = out->tests[i].ok && b->out.tests[i].ok;
        out->tests[i].counted += b->out.tests[i].counted;
    }
}

/* Both halves, side by side where the store can be opened twice. */
static gf_status check_both(checker *c, gf_error *err)
{
    beside b;
    pthread_t thread;
    atomic_size_t next_shared = 0;
    gf_status status = GF_OK;
    c->next_shared = &next_shared;
    if (open_beside(c, &b) && pthread_create(&thread, NULL, run_beside, &b) == 0) {
        check_books(c, err);
        (void)pthread_join(thread, NULL);
        status = b.status;
        if (status != GF_OK && err)
            *err = b.err;
        else
            join(c, &b);
    } else {
        status = check_beside(c, err);
        if (status == GF_OK)
            check_books(c, err);
    }
    close_beside(&b);
    c->next_shared = NULL;
    return status;
}

gf_status gf_app_check(gf_app *app, gf_str anchor, gf_arena *keep, gf_app_checked *out, gf_error *err)
{
    checker c = { .app = app, .keep = keep, .out = out };
    double began = seconds_now();
    gf_status status = prepare(&c, err);
    if (status == GF_OK)
        status = read_anchor(&c, anchor, err);
    if (status == GF_OK)
        status = check_both(&c, err);
    if (status == GF_OK)
        out->seconds = seconds_now() - began;
    finish(&c);
    return status;
}
