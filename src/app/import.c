/* Files that people filled in: every row is held against the same rules as a load, all that is wrong is told at once, and
 * nothing is kept unless all of it is right.
 *
 * The header is the first row in which most cells are columns of the register; what stands above it, our own example and
 * blank rows are passed over. Rows are saved as they come, inside a transaction that is taken back when one was refused:
 * so the check sees each row as it would stand. 100,000 rows take some seconds, most of them in the index of words.
 */
#include "app/access.h"
#include "app/ledger.h"
#include "app/load_inside.h"

#include "file/gf_file.h"

#include <string.h>

enum { HEAD_ROWS_MAX = 20, PROGRESS_EVERY = 512 };
static const size_t KEEP_FIRST = 64;

typedef struct import_job {
    gf_app             *app;
    const gf_app_actor *actor;
    const gf_app_import_options *options;
    const gf_register  *reg;
    gf_arena           *keep;
    gf_app_imported    *out;
    size_t              error_room;
    load_job            load;
    size_t              target[LOAD_COLUMNS_MAX];    /* by column of the sheet: index of the register's; SIZE_MAX passed over */
    gf_str              heads[LOAD_COLUMNS_MAX];
    size_t              width;
    bool                entries, told;               /* told: the columns of the row at hand have been told one by one */
    char                open[100];                   /* label of the entry whose rows are coming in */
    char                skipped[100];                /* label of an entry of which a row was refused: the rest goes with it */
} import_job;

/* ---- What is wrong ---- */

static void add_error(import_job *job, int64_t row, size_t column, const char *what, const char *hint)
{
    gf_app_imported *out = job->out;
    if (out->error_count == GF_APP_IMPORT_ERRORS_MAX)
        return;
    if (out->error_count == job->error_room) {
        size_t room = job->error_room ? job->error_room * 2 : KEEP_FIRST;
        gf_app_import_error *larger = gf_new(job->keep, gf_app_import_error, room);
        if (!larger)
            return;
        if (out->error_count)
            memcpy(larger, out->errors, out->error_count * sizeof *larger);
        out->errors = larger;
        job->error_room = room;
    }
    gf_str head = column && column <= job->width ? job->heads[column - 1] : (gf_str){ "", 0 };
    out->errors[out->error_count++] = (gf_app_import_error){ row, (int)column, head, gf_str_copy(job->keep, gf_str_of(what)), gf_str_copy(job->keep, gf_str_of(hint)) };
}

/* The column of the sheet that a sentence is about: it begins with the column's name. 0 = none of them. */
static size_t column_named(const import_job *job, const char *text)
{
    for (size_t i = 0; i < job->width; i++) {
        if (job->target[i] == SIZE_MAX)
            continue;
        const char *name = job->target[i] < job->reg->column_count ? job->reg->columns[job->target[i]].name : LOAD_COMMON_NAMES[job->target[i] - job->reg->column_count];
        size_t len = strlen(name);
        if (strncmp(text, name, len) == 0 && (text[len] == ' ' || text[len] == '\0'))
            return i + 1;
    }
    return 0;
}

static void add_failure(import_job *job, int64_t row, const gf_error *err) { add_error(job, row, column_named(job, err->what), err->what, err->hint); }

static void tell_column(void *context, const char *column, const gf_error *err)
{
    import_job *job = context;
    size_t at = column_named(job, column);
    char what[260];
    bool named = strncmp(err->what, column, strlen(column)) == 0;
    (void)snprintf(what, sizeof what, named ? "%s%s" : "%s: %s", named ? "" : column, err->what);
    add_error(job, (int64_t)job->load.line, at, what, err->hint);
    job->told = true;
}

static void tell_unknown(void *context, size_t line, const char *column, gf_str id)
{
    import_job *job = context;
    char what[200];
    (void)snprintf(what, sizeof what, "%s \"%.*s\" is not known", column, GF_STR_ARG(gf_str_slice(id, 0, 80)));
    add_error(job, (int64_t)line, column_named(job, column), what, "Add it to its register first, or correct the id.");
}

/* ---- The header ---- */

static gf_str plain_head(gf_str head)
{
    static const gf_str STAR = GF_STR_INIT("*");
    head = gf_str_trim(head);
    while (head.len && gf_str_ends(head, STAR))
        head = gf_str_trim(gf_str_slice(head, 0, head.len - 1));  /* the template marks what is needed */
    return head;
}

/* Whatever the case of Latin letters. */
static bool same_word(gf_str a, const char *b)
{
    bool same = a.len == strlen(b);
    for (size_t i = 0; same && i < a.len; i++)
        same = (a.data[i] | 0x20) == (b[i] | 0x20);
    return same;
}

static size_t target_of(const gf_register *reg, gf_str head)
{
    static const struct { const char *zh; load_common index; } COMMON[] = { { "依据", LOAD_SOURCE }, { "来源", LOAD_ORIGIN } };
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *c = &reg->columns[i];
        if (c->type != GF_COLUMN_FILE && (same_word(head, c->name) || gf_str_is(head, c->label_zh) || same_word(head, c->label_en)))
            return i;
    }
    if (strcmp(reg->name, "entries") == 0)
        return SIZE_MAX;
    for (size_t i = 0; i < GF_COUNT(COMMON); i++)
        if (gf_str_is(head, LOAD_COMMON_NAMES[COMMON[i].index]) || gf_str_is(head, COMMON[i].zh))
            return reg->column_count + COMMON[i].index;
    return SIZE_MAX;
}

static bool is_our_own(gf_str head)
{
    static const char *const OWN[] = { "错误", "error", "author", "version", "操作人", "版本", "hash" };
    for (size_t i = 0; i < GF_COUNT(OWN); i++)
        if (gf_str_is(head, OWN[i]))
            return true;
    return head.len == 0;
}

static bool is_header(const gf_register *reg, const gf_file_cell *cells, size_t count)
{
    size_t known = 0, filled = 0;
    for (size_t i = 0; i < count; i++) {
        filled += cells[i].text.len > 0;
        known += cells[i].text.len && target_of(reg, plain_head(cells[i].text)) != SIZE_MAX;
    }
    return known >= 1 && known * 2 >= filled;
}

static gf_status take_header(import_job *job, const gf_file_cell *cells, size_t count, int64_t row, gf_error *err)
{
    bool met[LOAD_COLUMNS_MAX + LOAD_COMMON_COUNT] = { false };
    if (count > LOAD_COLUMNS_MAX)
        return gf_fail(err, GF_ELIMIT, "import.columns", "Compare it with the template.", "the header has more than %d columns", LOAD_COLUMNS_MAX);
    job->width = count;
    for (size_t i = 0; i < count; i++) {
        gf_str head = plain_head(cells[i].text);
        job->heads[i] = gf_str_copy(job->keep, head);
        job->target[i] = target_of(job->reg, head);
    }
    for (size_t i = 0; i < count; i++) {
        char what[200];
        size_t target = job->target[i];
        (void)snprintf(what, sizeof what, target == SIZE_MAX ? "there is no column \"%.*s\"" : "the column \"%.*s\" stands twice", GF_STR_ARG(gf_str_slice(job->heads[i], 0, 100)));
        if (target == SIZE_MAX ? !is_our_own(job->heads[i]) : met[target])
            add_error(job, row, i + 1, what, "Compare the header with the template of this register.");
        if (target != SIZE_MAX)
            met[target] = true;
    }
    return GF_OK;
}

static gf_status find_header(import_job *job, gf_file_sheet *sheet, gf_error *err)
{
    const gf_file_cell *cells;
    size_t count;
    for (int i = 0; i < HEAD_ROWS_MAX; i++) {
        gf_status status = gf_file_sheet_next(sheet, &cells, &count, err);
        if (status != GF_OK)
            return status;
        if (count == 0)
            break;
        if (is_header(job->reg, cells, count))
            return take_header(job, cells, count, (int64_t)gf_file_sheet_row(sheet), err);
    }
    return gf_fail(err, GF_EINPUT, "import.header", "Begin with the template: its header names the columns.", "no row of the file names the columns of %s", job->reg->name);
}

/* ---- Rows ---- */

static bool is_second_header(const import_job *job, const gf_file_cell *cells, size_t count)
{
    size_t same = 0, filled = 0;
    for (size_t i = 0; i < count && i < job->width; i++) {
        filled += cells[i].text.len > 0;
        same += cells[i].text.len && job->target[i] != SIZE_MAX && target_of(job->reg, plain_head(cells[i].text)) == job->target[i];
    }
    return filled && same == filled;
}

/* Templates carry an example row, marked in its first cell. */
static bool is_example(const gf_file_cell *cells) { return gf_str_starts(cells[0].text, GF_STR("#")) || gf_str_starts(cells[0].text, GF_STR("示例")) ; }

static bool is_plain_day(gf_column_type type) { return type == GF_COLUMN_DATE || type == GF_COLUMN_PERIOD; }

/* 2024/2/5, 2024.02.05 and 2024年2月5日 are days too: people write them so. */
static gf_str day_text(import_job *job, gf_str text)
{
    int part[3] = { 0 }, count = 0;
    bool digits = false, other = false;
    gf_str rest = text;
    uint32_t code;
    while (gf_utf8_next(&rest, &code)) {
        bool digit = code >= '0' && code <= '9';
        if (digit && !digits && ++count > 3)
            return text;
        if (digit)
            part[count - 1] = part[count - 1] * 10 + (int)(code - '0');
        else
            other = other || !(code == '/' || code == '.' || code == '-' || code == 0x5E74 || code == 0x6708 || code == 0x65E5);
        digits = digit;
    }
    gf_day day;
    char out[GF_DAY_BYTES];
    if (other || count != 3 || part[0] < 1900 || !gf_day_make(part[0], part[1], part[2], &day))
        return text;
    gf_day_format(day, out);
    return gf_str_copy(job->load.row_arena, gf_str_of(out));
}

static bool take_cell(import_job *job, int64_t row, size_t index, const gf_file_cell *cell, load_row *out)
{
    size_t target = job->target[index];
    gf_column_type type = target < job->reg->column_count ? job->reg->columns[target].type : GF_COLUMN_TEXT;
    if (target == SIZE_MAX || cell->text.len == 0)
        return true;
    if (cell->kind == GF_FILE_LOST) {
        char what[200];
        (void)snprintf(what, sizeof what, "%.*s is what the spreadsheet left of a long number: its last digits are gone", GF_STR_ARG(gf_str_slice(cell->text, 0, 40)));
        add_error(job, row, index + 1, what, "Set the column to text in the spreadsheet and enter the number again, or export it once more as text.");
        return false;
    }
    if (cell->kind == GF_FILE_ERROR) {
        add_error(job, row, index + 1, "the cell holds an error of the spreadsheet", "Correct the formula, or enter the value.");
        return false;
    }
    gf_str text = gf_str_copy(job->load.row_arena, gf_str_trim(cell->text));
    out->value[target] = is_plain_day(type) ? day_text(job, text) : text;
    return true;
}

static void skip_entry(import_job *job, const load_row *row)
{
    gf_str label = row->value[load_column_index(job->reg, "entry")];
    (void)snprintf(job->skipped, sizeof job->skipped, "%.*s", GF_STR_ARG(gf_str_slice(label, 0, sizeof job->skipped - 1)));
    ledger_skip(job->app);
}

/* What is wrong with an entry as a whole shows when its last row is in: it is told of that row, not of the next entry's. */
static void close_entry_before(import_job *job, const load_row *row)
{
    gf_str label = gf_str_slice(row->value[load_column_index(job->reg, "entry")], 0, sizeof job->open - 1);
    gf_error fault = { .status = GF_OK };
    size_t line;
    if (job->open[0] && gf_str_is(label, job->open))
        return;
    if (job->open[0] && ledger_close(job->app, &line, &fault) != GF_OK) {
        add_failure(job, (int64_t)line, &fault);
        ledger_skip(job->app);
    }
    (void)snprintf(job->open, sizeof job->open, "%.*s", GF_STR_ARG(label));
}

/* ---- A file of who sees only a part ---- */

static bool entry_inside(const import_job *job, const load_row *row)
{
    static const char *const UNITS[] = { "unit", "from_party", "to_party" };
    bool inside = access_has_place(job->app, job->actor, row->value[load_column_index(job->reg, "place")]);
    for (size_t i = 0; !inside && i < GF_COUNT(UNITS); i++) {
        size_t at = load_column_index(job->reg, UNITS[i]);
        inside = at < job->reg->column_count && access_has_unit(job->app, job->actor, row->value[at]);
    }
    return inside;
}

/* What stands in the row's place already must be seen: the file of one village changes nothing in another. */
static gf_status require_seen(import_job *job, const load_row *row, gf_error *fault)
{
    if (access_sees_all(job->actor, job->reg))
        return GF_OK;
    if (job->entries)
        return entry_inside(job, row) ? GF_OK : gf_fail(fault, GF_EDENIED, "access.outside", "Name a unit or place of your own scope.", "the entry would lie outside your scope");
    gf_str key = row->value[0];
    if (!load_exists(job->app, job->reg, key) || access_require_record(job->app, job->actor, job->reg, key, job->load.row_arena, NULL) == GF_OK)
        return GF_OK;
    return gf_fail(fault, GF_ECONFLICT, "record.taken", "Choose another key.", "%s \"%.*s\" is taken", job->reg->columns[0].name, GF_STR_ARG(gf_str_slice(key, 0, 80)));
}

/* And what stands there now must lie in the scope. */
static gf_status save_row(import_job *job, load_row *row, gf_error *fault)
{
    gf_status status = require_seen(job, row, fault);
    if (status == GF_OK)
        status = load_take_row(&job->load, job->reg, row, fault);
    if (status == GF_OK && !job->entries)
        status = access_require_inside(job->app, job->actor, job->reg, row->value[0], job->load.row_arena, fault);
    return status;
}

static gf_status take_row(import_job *job, const gf_file_cell *cells, size_t count, int64_t number, gf_error *err)
{
    load_row row;
    gf_error fault = { .status = GF_OK };
    bool whole = true;
    gf_arena_rewind(job->load.row_arena, (gf_mark){ NULL, 0 });
    for (size_t i = 0; i < job->reg->column_count + LOAD_COMMON_COUNT; i++)
        row.value[i] = (gf_str){ "", 0 };
    for (size_t i = 0; i < count && i < job->width; i++)
        whole = take_cell(job, number, i, &cells[i], &row) && whole;
    size_t origin = job->entries ? load_column_index(job->reg, "origin") : job->reg->column_count + LOAD_ORIGIN;
    if (job->actor->demo || row.value[origin].len == 0)
        row.value[origin] = job->actor->demo ? GF_STR("demo") : GF_STR("imported");
    job->out->rows++;
    job->load.line = (size_t)number;
    if (job->entries)
        close_entry_before(job, &row);
    bool skipped = job->entries && job->skipped[0] && gf_str_is(row.value[load_column_index(job->reg, "entry")], job->skipped);
    size_t before = job->out->error_count;
    int64_t changed = job->load.counts[job->reg - GF_REGISTERS];
    job->told = false;
    if (!whole && !job->entries)
        (void)load_check_row(&job->load, job->reg, &row, &fault);  /* the other columns are told too */
    if (whole && !skipped && save_row(job, &row, &fault) != GF_OK) {
        if (fault.status == GF_EIO || fault.status == GF_ENOMEM) {
            if (err)
                *err = fault;
            return fault.status;
        }
        if (!job->told)
            add_failure(job, number, &fault);
    }
    bool refused = !whole || skipped || job->out->error_count > before;
    job->out->unchanged += !refused && !job->entries && job->load.counts[job->reg - GF_REGISTERS] == changed;
    if (refused && job->entries && !skipped)
        skip_entry(job, &row);
    return gf_store_ok(job->app->store, err);
}

static gf_status show_progress(const import_job *job, gf_error *err)
{
    const gf_app_import_options *o = job->options;
    if (!o->progress || o->progress(o->progress_context, "import", job->out->rows, 0))
        return GF_OK;
    return gf_fail(err, GF_ECANCELLED, "import.cancelled", "", "stopped on request; nothing was changed");
}

static gf_status take_rows(import_job *job, gf_file_sheet *sheet, gf_error *err)
{
    const gf_file_cell *cells;
    size_t count;
    for (int64_t i = 0;; i++) {
        gf_status status = gf_file_sheet_next(sheet, &cells, &count, err);
        if (status == GF_OK && count == 0)
            return GF_OK;
        bool passed = status == GF_OK && (is_example(cells) || is_second_header(job, cells, count));
        if (status == GF_OK && !passed)
            status = take_row(job, cells, count, (int64_t)gf_file_sheet_row(sheet), err);
        if (status == GF_OK && i % PROGRESS_EVERY == 0)
            status = show_progress(job, err);
        if (status != GF_OK)
            return status;
    }
}

/* ---- All of it ---- */

static gf_status finish_entries(import_job *job, int64_t *added, gf_error *err)
{
    int64_t seen = 0;
    gf_error fault = { .status = GF_OK };
    if (ledger_finish(job->app, added, &seen, &fault) == GF_OK) {
        job->out->unchanged = seen - *added;
        return gf_store_ok(job->app->store, err);
    }
    add_failure(job, (int64_t)job->load.line, &fault);
    return GF_OK;
}

/* Rows were fine each for itself; now what only shows when all are there. */
static gf_status finish(import_job *job, gf_error *err)
{
    gf_status status = load_each_unknown(&job->load, tell_unknown, job, err);
    if (status != GF_OK || job->out->error_count)
        return status;
    status = load_finish(&job->load, err);
    if (status == GF_OK && !job->entries)
        status = load_renew_totals(&job->load, err);
    if (status == GF_EINPUT && err) {
        add_failure(job, 0, err);
        status = GF_OK;
    }
    return status;
}

/* Rows of which anything is wrong, each once. */
static void count_refused(import_job *job)
{
    text_map rows;
    map_init(&rows, job->load.arena);
    for (size_t i = 0; i < job->out->error_count; i++) {
        char number[24];
        bool fresh;
        (void)snprintf(number, sizeof number, "%lld", (long long)job->out->errors[i].row);
        (void)map_put(&rows, gf_str_of(number), &fresh);
    }
    job->out->refused = (int64_t)rows.count;
    map_done(&rows);
}

static gf_status keep_import(import_job *job, int64_t history_first, int64_t entry_first, gf_error *err)
{
    uint8_t hash[GF_HASH_BYTES];
    char hex[GF_HASH_HEX_BYTES];
    gf_app_imported *out = job->out;
    if (!gf_hash_bytes(GF_HASH_SHA256, job->options->bytes.data, job->options->bytes.len, hash))
        return gf_fail_memory(err);
    gf_hex_format(hash, sizeof hash, hex);
    out->id = load_last_id(&job->load, "import_last") + 1;
    int64_t history_last = job->load.history_id, entry_last = entry_first ? entry_first + out->added - 1 : 0;
    bool history = !job->entries && history_last > history_first;
    gf_stmt *stmt = gf_store_named(job->app->store, "import_insert");
    const int64_t numbers[] = { out->id, job->load.now, out->rows, out->added, out->changed, history ? history_first + 1 : 0, history ? history_last : 0, out->added && job->entries ? entry_first : 0,
                                out->added && job->entries ? entry_last : 0 };
    const int at_number[] = { 1, 5, 7, 8, 9, 10, 11, 12, 13 };
    for (size_t i = 0; i < GF_COUNT(numbers); i++)
        gf_stmt_int(stmt, at_number[i], numbers[i]);
    gf_stmt_str(stmt, 2, gf_str_of(job->reg->name));
    gf_stmt_str(stmt, 3, gf_str_slice(job->options->name, 0, 200));
    gf_stmt_str(stmt, 4, gf_str_of(hex));
    gf_stmt_str(stmt, 6, job->actor->user);
    gf_stmt_str(stmt, 14, GF_STR("done"));
    (void)gf_stmt_run(stmt);
    char object[80];
    (void)snprintf(object, sizeof object, "%s/import %lld", job->reg->name, (long long)out->id);
    return gf_app_log(job->app, job->actor, "import", gf_str_of(object), "done", gf_str_slice(job->options->name, 0, 200), err);
}

/* What history says of this import: how many records began, how many changed. */
static gf_status count_changes(import_job *job, int64_t history_first, gf_error *err)
{
    gf_stmt *stmt = gf_store_text(job->app->store, "SELECT count(DISTINCT CASE WHEN op = 'create' THEN record END), count(DISTINCT record) FROM history WHERE id > ?");
    gf_stmt_int(stmt, 1, history_first);
    if (gf_stmt_row(stmt)) {
        job->out->added = gf_row_int(stmt, 0);
        job->out->changed = gf_row_int(stmt, 1) - job->out->added;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(job->app->store, err);
}

static gf_status run(import_job *job, gf_file_sheet *sheet, gf_error *err)
{
    int64_t entry_before = 0, history_first = load_last_id(&job->load, "history_last");
    char hex[GF_HASH_HEX_BYTES];
    job->load.history_id = history_first;
    gf_status status = find_header(job, sheet, err);
    if (status == GF_OK && job->entries)
        status = ledger_head(job->app, &entry_before, hex, err);
    if (status == GF_OK && job->entries)
        status = ledger_start(job->app, err);
    if (status == GF_OK && job->out->error_count == 0)
        status = take_rows(job, sheet, err);
    if (status == GF_OK && job->entries)
        status = finish_entries(job, &job->out->added, err);
    if (status == GF_OK)
        status = finish(job, err);
    if (status == GF_OK && !job->entries)
        status = count_changes(job, history_first, err);
    count_refused(job);
    bool keeps = status == GF_OK && job->out->error_count == 0 && !job->options->dry && job->out->added + job->out->changed > 0;
    if (keeps && job->entries)
        status = load_add_batch(&job->load, load_last_id(&job->load, "batch_last") + 1, job->load.now, job->actor->user, entry_before + 1, entry_before + job->out->added, err);
    return keeps && status == GF_OK ? keep_import(job, history_first, entry_before + 1, err) : status;
}

static gf_status in_transaction(import_job *job, gf_file_sheet *sheet, gf_error *err)
{
    gf_app *app = job->app;
    gf_status status = gf_store_begin(app->store, err);
    if (status != GF_OK)
        return status;
    app->author = job->actor->user;
    status = run(job, sheet, err);
    bool keeps = status == GF_OK && job->out->id;
    if (keeps)
        status = gf_store_commit(app->store, err);
    else
        gf_store_rollback(app->store);
    ledger_drop(app);
    app->author = GF_STR("load");
    return status;
}

gf_status gf_app_import(gf_app *app, const gf_app_actor *actor, const gf_app_import_options *options, gf_arena *keep, gf_app_imported *out, gf_error *err)
{
    gf_file_sheet *sheet = NULL;
    const char *name = gf_str_cstr(keep, gf_str_slice(options->name, 0, 60));
    const gf_file_sheet_options sheet_options = { .name = name ? name : "" };
    const gf_app_load_options load_options = { .path_count = 0 };
    import_job *job = gf_new(keep, import_job, 1);
    gf_status status = job ? gf_app_require(actor, options->reg, GF_APP_READ | GF_APP_WRITE, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = gf_file_sheet_open(options->bytes, &sheet_options, &sheet, err);
    if (status != GF_OK)
        return status;
    *out = (gf_app_imported){ .form = gf_file_sheet_form(sheet) };
    *job = (import_job){ .app = app, .actor = actor, .options = options, .reg = options->reg, .keep = keep, .out = out, .entries = strcmp(options->reg->name, "entries") == 0 };
    status = load_job_open(app, &load_options, &job->load, err);
    job->load.file = options->name;
    job->load.tell_column = tell_column;
    job->load.tell_context = job;
    if (status == GF_OK)
        status = in_transaction(job, sheet, err);
    load_job_close(&job->load);
    gf_file_sheet_close(sheet);
    return status;
}

/* ---- For templates and for the copy with the errors ---- */

gf_status gf_app_sheet_rows(gf_str name, gf_str bytes, gf_app_sheet_row_fn *take, void *context, gf_error *err)
{
    char label[80];
    gf_file_sheet *sheet = NULL;
    gf_str texts[LOAD_COLUMNS_MAX + 8];
    (void)snprintf(label, sizeof label, "%.*s", GF_STR_ARG(gf_str_slice(name, 0, 60)));
    const gf_file_sheet_options options = { .name = label };
    gf_status status = gf_file_sheet_open(bytes, &options, &sheet, err);
    for (bool more = true; status == GF_OK && more;) {
        const gf_file_cell *cells;
        size_t count;
        status = gf_file_sheet_next(sheet, &cells, &count, err);
        if (status != GF_OK || count == 0)
            break;
        count = count < GF_COUNT(texts) ? count : GF_COUNT(texts);
        for (size_t i = 0; i < count; i++)
            texts[i] = cells[i].text;
        more = take(context, (int64_t)gf_file_sheet_row(sheet), texts, count);
    }
    gf_file_sheet_close(sheet);
    return status;
}

static const char *name_column(const gf_register *reg)
{
    static const char *const NAMES[] = { "name", "post", "role", "phrase", "code" };
    for (size_t i = 0; i < GF_COUNT(NAMES); i++) {
        const gf_column *column = gf_register_column(reg, gf_str_of(NAMES[i]));
        if (column && column->type != GF_COLUMN_PERSONAL)
            return NAMES[i];
    }
    return reg->columns[0].name;
}

gf_status gf_app_choices(gf_app *app, const gf_app_actor *actor, const gf_column *column, gf_arena *keep, gf_app_choice *out, size_t room, size_t *count, gf_error *err)
{
    gf_str rest = gf_str_of(column->arg), name;
    *count = 0;
    while (gf_str_cut(&rest, '|', &name)) {
        const gf_register *reg = gf_register_find(name);
        gf_text sql;
        if (!reg || strcmp(reg->name, "entries") == 0 || !access_may_read(actor, reg->name))
            continue;
        gf_text_init(&sql, keep);
        gf_text_format(&sql, "SELECT r.\"%s\", r.\"%s\" FROM \"%s\" r WHERE ", reg->columns[0].name, name_column(reg), reg->name);
        access_where(&sql, actor, reg, "r");
        gf_text_format(&sql, " ORDER BY r.\"%s\"", reg->columns[0].name);
        gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
        gf_stmt_str(stmt, 1, actor->user);
        while (*count < room && gf_stmt_row(stmt))
            out[(*count)++] = (gf_app_choice){ gf_row_copy(stmt, 0, keep), gf_row_copy(stmt, 1, keep) };
        gf_stmt_end(stmt);
    }
    return gf_store_ok(app->store, err);
}
