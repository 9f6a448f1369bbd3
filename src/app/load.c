/* gongfu load: folders and files of records, all or nothing.
 *
 * Registers are read in the order of the register table, whatever the order of the files: what is referred to comes
 * before what refers, and the few references that run the other way are looked up again at the end. A folder that
 * carries history.csv is a dump: into an empty store it brings its history, authors and versions along.
 */
#include "app/access.h"
#include "app/folder.h"
#include "app/search.h"
#include "app/ledger.h"
#include "app/load_inside.h"

#include "file/gf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t LOAD_BYTES_MAX = (size_t)1 << 30;
enum { ROW_BYTES_MAX = 64 << 20, PROGRESS_EVERY = 4096, PATHS_MAX = 4096 };

/* A file of the load: a register, or one of those that only dumps carry. */
typedef struct load_file { const char *register_name; gf_str name; int dirfd; } load_file;

/* ---- Headers ---- */

typedef struct header { size_t target[LOAD_COLUMNS_MAX + LOAD_COMMON_COUNT]; size_t count; } header;

static gf_status fail_column(const gf_register *reg, gf_str name, gf_error *err)
{
    char hint[200];
    (void)snprintf(hint, sizeof hint, "gongfu load --templates DIR writes %s.csv with all its columns.", reg->name);
    return gf_fail(err, GF_EINPUT, "load.column", hint, "%s has no column \"%.*s\"", reg->name, GF_STR_ARG(gf_str_slice(name, 0, 60)));
}

static gf_status read_header(const gf_register *reg, const gf_str *names, size_t count, header *out, gf_error *err)
{
    bool met[LOAD_COLUMNS_MAX + LOAD_COMMON_COUNT] = { false };
    if (count > LOAD_COLUMNS_MAX)
        return gf_fail(err, GF_ELIMIT, "load.columns", "Compare it with the template.", "the header has more than %d columns", LOAD_COLUMNS_MAX);
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        size_t target = 0;
        while (target < reg->column_count && !gf_str_is(names[i], reg->columns[target].name))
            target++;
        for (size_t k = 0; target == reg->column_count && k < LOAD_COMMON_COUNT; k++)
            if (gf_str_is(names[i], LOAD_COMMON_NAMES[k])) {
                target = reg->column_count + k;
                break;
            }
        bool known = target < reg->column_count || gf_str_is(names[i], "source");
        known = known || (target < reg->column_count + LOAD_COMMON_COUNT && gf_str_is(names[i], LOAD_COMMON_NAMES[target - reg->column_count]));
        if (!known)
            return fail_column(reg, names[i], err);
        if (met[target])
            return gf_fail(err, GF_EINPUT, "load.column", "Remove one of them.", "the column \"%.*s\" stands twice", GF_STR_ARG(names[i]));
        met[target] = true;
        out->target[i] = target;
    }
    return GF_OK;
}

/* ---- Rows ---- */

static gf_status load_register_row(load_job *load, const gf_register *reg, load_row *row, gf_error *err)
{
    size_t index = (size_t)(reg - GF_REGISTERS);
    gf_status status = load_check_row(load, reg, row, err);
    if (status == GF_OK && strcmp(reg->name, "documents") == 0)
        status = load_document(load, reg, row, err);
    if (status != GF_OK)
        return status;
    status = load_take_stock(load, reg, err);
    if (status != GF_OK)
        return status;
    bool fresh, changed = false;
    int64_t *line = map_put(&load->keys[index], row->value[0], &fresh);
    if (!line)
        return gf_fail_memory(err);
    if (*line > 0)
        return gf_fail(err, GF_EINPUT, "load.twice", "Keep one of the two rows.", "the key \"%.*s\" stands in line %lld too",
                       GF_STR_ARG(gf_str_slice(row->value[0], 0, 60)), (long long)*line);
    *line = (int64_t)load->line;
    status = load_save_row(load, reg, row, fresh && load->stock[index] == LOAD_WHOLE, &changed, err);
    load->counts[index] += changed;
    return status;
}

static gf_status load_entry_row(load_job *load, const gf_register *reg, const load_row *row, gf_error *err)
{
    gf_str cells[LEDGER_COLUMN_COUNT];
    for (size_t i = 0; i < LEDGER_COLUMN_COUNT; i++) {
        size_t at = load_column_index(reg, LEDGER_COLUMN_NAMES[i]);
        cells[i] = at < reg->column_count ? row->value[at] : (gf_str){ "", 0 };
    }
    if (cells[LEDGER_ORIGIN].len == 0)
        cells[LEDGER_ORIGIN] = GF_STR("entered");
    gf_status status = cells[LEDGER_SOURCE].len ? load_check_refs(load, "source", "facts|sources|documents", cells[LEDGER_SOURCE], err) : GF_OK;
    static const gf_str ORIGINS = GF_STR_INIT("|article|entered|imported|sensor|demo|");
    char mark[16];
    (void)snprintf(mark, sizeof mark, "|%.*s|", GF_STR_ARG(gf_str_slice(cells[LEDGER_ORIGIN], 0, 12)));
    if (status == GF_OK && !gf_str_has(ORIGINS, gf_str_of(mark)))
        return gf_fail(err, GF_EINPUT, "load.origin", "Write article, entered, imported, sensor or demo.", "\"%.*s\" is no origin",
                       GF_STR_ARG(gf_str_slice(cells[LEDGER_ORIGIN], 0, 40)));
    return status == GF_OK ? ledger_row(load->app, cells, load->line, err) : status;
}

gf_status load_take_row(load_job *load, const gf_register *reg, load_row *row, gf_error *err)
{
    return strcmp(reg->name, "entries") == 0 ? load_entry_row(load, reg, row, err) : load_register_row(load, reg, row, err);
}

static gf_status load_row_of(load_job *load, const gf_register *reg, const header *head, const gf_str *fields, size_t count, gf_error *err)
{
    if (count != head->count)
        return gf_fail(err, GF_EINPUT, "load.fields", "Look for a comma that should stand in quotes.", "the row has %zu fields, the header %zu",
                       count, head->count);
    load_row row;
    for (size_t i = 0; i < reg->column_count + LOAD_COMMON_COUNT; i++)
        row.value[i] = (gf_str){ "", 0 };
    for (size_t i = 0; i < count; i++)
        row.value[head->target[i]] = fields[i];
    gf_arena_rewind(load->row_arena, (gf_mark){ NULL, 0 });
    return load_take_row(load, reg, &row, err);
}

static gf_status show_progress(load_job *load, const char *stage, gf_error *err)
{
    const gf_app_load_options *options = load->options;
    if (!options->progress || options->progress(options->progress_context, stage, (int64_t)load->line, 0))
        return GF_OK;
    return gf_fail(err, GF_ECANCELLED, "load.cancelled", "", "stopped on request; nothing was changed");
}

/* ---- Files ---- */

static size_t read_fd(void *context, char *bytes, size_t room)
{
    ssize_t got;
    do {
        got = read(*(int *)context, bytes, room);
    } while (got < 0 && errno == EINTR);
    return got < 0 ? SIZE_MAX : (size_t)got;
}

typedef gf_status row_fn(load_job *load, const void *context, const header *head, const gf_str *fields, size_t count, gf_error *err);

static gf_status register_row(load_job *load, const void *context, const header *head, const gf_str *fields, size_t count, gf_error *err)
{
    return load_row_of(load, context, head, fields, count, err);
}

static gf_status dump_row(load_job *load, const void *context, const header *head, const gf_str *fields, size_t count, gf_error *err)
{
    (void)head;
    return ((const load_dump_file *)context)->take(load, fields, count, err);
}

static gf_status each_row(load_job *load, gf_file_csv *csv, const gf_register *reg, row_fn *take, const void *context, gf_error *err)
{
    const gf_str *fields;
    size_t count;
    header head = { .count = 0 };
    for (int64_t rows = 0;; rows++) {
        gf_status status = gf_file_csv_next(csv, &fields, &count, err);
        load->line = gf_file_csv_line(csv);
        if (status == GF_OK && count == 0)
            return GF_OK;
        if (status == GF_OK && rows == 0 && reg)
            status = read_header(reg, fields, count, &head, err);
        else if (status == GF_OK && (rows > 0 || reg))
            status = take(load, context, &head, fields, count, err);
        if (status == GF_OK && rows % PROGRESS_EVERY == 0)
            status = show_progress(load, reg ? reg->name : "history", err);
        if (status != GF_OK) {
            (void)gf_fail_at(err, "%.*s:%zu", GF_STR_ARG(load->file), load->line);
            return status;
        }
    }
}

static gf_status load_file_rows(load_job *load, const load_file *file, const gf_register *reg, row_fn *take, const void *context, gf_error *err)
{
    int fd = -1;
    load->file = file->name;
    load->line = 1;
    load->dirfd = file->dirfd;
    gf_status status = folder_open_file(file->dirfd, file->name, &fd, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%.*s", GF_STR_ARG(file->name));
        return status;
    }
    gf_file_csv *csv = NULL;
    gf_file_csv_options options = { .name = gf_str_cstr(load->arena, file->name) };
    status = options.name ? gf_file_csv_open(&options, read_fd, &fd, &csv, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = each_row(load, csv, reg, take, context, err);
    gf_file_csv_close(csv);
    (void)close(fd);
    return status;
}

/* ---- The list of files ---- */

typedef struct file_list { load_file *files; size_t count; } file_list;

static bool is_dump_file(gf_str name)
{
    for (size_t i = 0; i < LOAD_DUMP_FILE_COUNT; i++)
        if (gf_str_is(name, LOAD_DUMP_FILES[i].name))
            return true;
    return false;
}

static gf_status add_file(load_job *load, file_list *list, gf_str name, int dirfd, gf_error *err)
{
    gf_str stem = gf_str_slice(name, 0, name.len - strlen(".csv"));
    if (list->count == PATHS_MAX)
        return gf_fail(err, GF_ELIMIT, "load.files", "Load them in parts.", "more than %d files", PATHS_MAX);
    const gf_register *reg = gf_register_find(stem);
    if (!reg && !is_dump_file(stem)) {
        (void)gf_fail(err, GF_EINPUT, "load.register", "gongfu load --templates DIR writes every register that is known.",
                      "there is no register \"%.*s\"", GF_STR_ARG(gf_str_slice(stem, 0, 60)));
        return gf_fail_at(err, "%.*s", GF_STR_ARG(gf_str_slice(name, 0, 80))), GF_EINPUT;
    }
    gf_str copy = gf_str_copy(load->arena, name);
    const char *stem_text = gf_str_cstr(load->arena, stem);
    if (!copy.data || !stem_text)
        return gf_fail_memory(err);
    list->files[list->count++] = (load_file){ stem_text, copy, dirfd };
    return GF_OK;
}

static gf_status list_path(load_job *load, const char *path, file_list *list, int *dirfd, gf_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return gf_fail(err, GF_ENOTFOUND, "load.path", "Check the name.", "there is no file or folder %s", path);
    bool folder = S_ISDIR(info.st_mode);
    char *copy = strdup(path), *copy2 = strdup(path);
    const char *name = copy2 ? basename(copy2) : "";
    *dirfd = copy && copy2 ? open(folder ? path : dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    gf_status status = *dirfd >= 0 ? GF_OK : gf_fail(err, GF_EIO, "load.path", "See that it may be read.", "%s cannot be opened", path);
    gf_str *names = NULL;
    size_t count = 0;
    if (status == GF_OK && folder)
        status = folder_list(*dirfd, ".csv", load->arena, &names, &count, err);
    else if (status == GF_OK && !gf_str_ends(gf_str_of(name), GF_STR(".csv")))
        status = gf_fail(err, GF_EINPUT, "load.path", "Name a folder, or files called NAME.csv.", "%s is no table", path);
    else if (status == GF_OK)
        status = add_file(load, list, gf_str_of(name), *dirfd, err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = add_file(load, list, names[i], *dirfd, err);
    free(copy);
    free(copy2);
    return status;
}

/* ---- All of it ---- */

static gf_status load_named(load_job *load, const file_list *list, const char *name, const gf_register *reg, row_fn *take, const void *context, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < list->count; i++)
        if (strcmp(list->files[i].register_name, name) == 0) {
            if (reg)
                load->met[reg - GF_REGISTERS] = true;
            status = load_file_rows(load, &list->files[i], reg, take, context, err);
        }
    return status;
}

/* Indexes that loading does not ask for while it fills an empty table. Those named _pkey and _key are a table's own keys,
 * which PostgreSQL can put off and SQLite has in the table itself: what is twice is found by the load's own maps. */
static const char *const DELAYED[] = { "history_record", "search_record_key", "households_side", "households_place", "household_members_side",
                                       "household_members_household", "visits_household", "visits_place", "measures_household", "measures_place",
                                       "history_pkey", "search_record_pkey", "search_word_pkey", "households_pkey", "households_personal_pkey",
                                       "household_members_pkey", "household_members_personal_pkey" };
/* The same for posting. The lines of an entry and what was reversed stay found: they are asked for of entries that were there before, and their
 * indexes grow at the end. */
static const char *const DELAYED_ENTRIES[] = { "entry_line_account", "entry_date", "entry_source", "entry_unit", "account_place", "account_project", "account_fund",
                                               "entry_key_key", "entry_line_pkey", "entry_slot_pkey", "total_by_month_pkey" };

static gf_status delay(load_job *load, const char *const *names, size_t count, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = gf_store_delay(load->app->store, names[i], err);
    return status;
}

static gf_status load_entries(load_job *load, const file_list *list, const gf_register *reg, gf_error *err)
{
    bool any = false;
    for (size_t i = 0; i < list->count; i++)
        any = any || strcmp(list->files[i].register_name, reg->name) == 0;
    if (!any)
        return GF_OK;
    int64_t added = 0, seen = 0;
    char hex[GF_HASH_HEX_BYTES];
    gf_status status = ledger_head(load->app, &load->entry_first, hex, err);
    if (status == GF_OK)
        status = ledger_start(load->app, err);
    if (status == GF_OK && load->entry_first == 0)
        status = delay(load, DELAYED_ENTRIES, GF_COUNT(DELAYED_ENTRIES), err);
    if (status == GF_OK)
        status = load_named(load, list, reg->name, reg, register_row, reg, err);
    if (status == GF_OK) {
        status = ledger_finish(load->app, &added, &seen, err);
        if (status != GF_OK)
            (void)gf_fail_at(err, "%.*s:%zu", GF_STR_ARG(load->file), load->line);
    }
    load->counts[reg - GF_REGISTERS] += added;
    if (status == GF_OK && added && !load->restoring)
        status = load_add_batch(load, load_last_id(load, "batch_last") + 1, load->now, load->app->author, load->entry_first + 1,
                           load->entry_first + added, err);
    return status;
}

/* Entries booked before this load were counted by the registers as they were then. */
gf_status load_renew_totals(load_job *load, gf_error *err)
{
    static const char *const COUNTED_BY[] = { "programmes", "groups", "members", "units", "places", "funds" };
    int64_t head, changed = 0;
    char hex[GF_HASH_HEX_BYTES];
    gf_status status = ledger_head(load->app, &head, hex, err);
    for (size_t i = 0; i < GF_COUNT(COUNTED_BY); i++)
        changed += load->counts[gf_register_find(gf_str_of(COUNTED_BY[i])) - GF_REGISTERS];
    return status == GF_OK && head && changed ? ledger_renew_totals(load->app, err) : status;
}

/* What can only be told when all rows are there. */
gf_status load_finish(load_job *load, gf_error *err)
{
    gf_status status = load_resolve_pending(load, err);
    if (status == GF_OK)
        status = load_check_place_tree(load, err);
    if (status == GF_OK && load->met[gf_register_find(GF_STR("case_steps")) - GF_REGISTERS])
        status = load_check_cases(load, err);
    if (status == GF_OK && load->scopes_changed)
        status = access_renew(load->app, err);
    return status;
}

/* Those in front of the registers, or those behind. */
static gf_status load_dump_files(load_job *load, const file_list *list, bool before, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < LOAD_DUMP_FILE_COUNT; i++)
        if (LOAD_DUMP_FILES[i].before == before)
            status = load_named(load, list, LOAD_DUMP_FILES[i].name, NULL, dump_row, &LOAD_DUMP_FILES[i], err);
    return status;
}

static gf_status load_all(load_job *load, const file_list *list, gf_error *err)
{
    gf_status status = GF_OK;
    load->history_id = load_last_id(load, "history_last");
    bool carries_history = false;
    for (size_t i = 0; i < list->count; i++)
        carries_history = carries_history || strcmp(list->files[i].register_name, "history") == 0;
    load->restoring = carries_history && load->history_id == 0;
    load->search.waiting = gf_new(load->arena, search_waiting, SEARCH_WAITING_MAX);
    if (!load->search.waiting)
        return gf_fail_memory(err);
    if (load->history_id == 0)
        status = delay(load, DELAYED, GF_COUNT(DELAYED), err);
    if (status == GF_OK && load->restoring)
        status = load_dump_files(load, list, true, err);
    for (size_t i = 0; status == GF_OK && i < GF_REGISTER_COUNT; i++) {
        const gf_register *reg = &GF_REGISTERS[i];
        bool entries = strcmp(reg->name, "entries") == 0;
        if (entries)
            status = load_renew_totals(load, err);
        if (status == GF_OK)
            status = entries ? load_entries(load, list, reg, err) : load_named(load, list, reg->name, reg, register_row, reg, err);
    }
    if (status == GF_OK && load->restoring)
        status = load_dump_files(load, list, false, err);
    if (status == GF_OK)
        status = search_settle(load->app, &load->search, err);
    return status == GF_OK ? load_finish(load, err) : status;
}

static gf_status fill_answer(const load_job *load, gf_arena *keep, gf_app_loaded *out, gf_error *err)
{
    *out = (gf_app_loaded){ .by_register = gf_new(keep, gf_app_count, GF_REGISTER_COUNT) };
    if (!out->by_register)
        return gf_fail_memory(err);
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++) {
        if (!load->met[i])
            continue;
        out->by_register[out->register_count++] = (gf_app_count){ GF_REGISTERS[i].name, load->counts[i] };
        out->loaded += load->counts[i];
    }
    return GF_OK;
}

static gf_status run_load(load_job *load, const file_list *list, gf_arena *keep, gf_app_loaded *out, gf_error *err)
{
    gf_app *app = load->app;
    gf_status status = gf_store_begin(app->store, err);
    if (status != GF_OK)
        return status;
    status = load_all(load, list, err);
    if (status == GF_OK)
        status = gf_store_commit(app->store, err);
    else
        gf_store_rollback(app->store);
    ledger_drop(app);
    return status == GF_OK ? fill_answer(load, keep, out, err) : status;
}

/* The arenas and maps of a load; load_job_close() takes a half-opened one too. */
gf_status load_job_open(gf_app *app, const gf_app_load_options *options, load_job *load, gf_error *err)
{
    *load = (load_job){ .app = app, .options = options, .now = app->now(), .dirfd = -1 };
    load->arena = gf_arena_open(LOAD_BYTES_MAX);
    load->row_arena = gf_arena_open(ROW_BYTES_MAX);
    if (!load->arena || !load->row_arena)
        return gf_fail_memory(err);
    load->keys = gf_new(load->arena, text_map, GF_REGISTER_COUNT);
    load->keys_read = gf_new(load->arena, bool, GF_REGISTER_COUNT);
    load->stock = gf_new(load->arena, load_stock, GF_REGISTER_COUNT);
    load->sql = gf_new(load->arena, load_texts, GF_REGISTER_COUNT);
    load->met = gf_new(load->arena, bool, GF_REGISTER_COUNT);
    load->counts = gf_new(load->arena, int64_t, GF_REGISTER_COUNT);
    if (!load->keys || !load->keys_read || !load->stock || !load->sql || !load->met || !load->counts)
        return gf_fail_memory(err);
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++)
        map_init(&load->keys[i], load->arena);
    return GF_OK;
}

void load_job_close(load_job *load)
{
    for (size_t i = 0; load->keys && i < GF_REGISTER_COUNT; i++)
        map_done(&load->keys[i]);
    gf_arena_close(load->arena);
    gf_arena_close(load->row_arena);
}

gf_status gf_app_load(gf_app *app, const gf_app_load_options *options, gf_arena *keep, gf_app_loaded *out, gf_error *err)
{
    load_job load;
    gf_status status = load_job_open(app, options, &load, err);
    if (status != GF_OK) {
        load_job_close(&load);
        return status;
    }
    file_list list = { gf_new(load.arena, load_file, PATHS_MAX), 0 };
    int *dirs = gf_new(load.arena, int, options->path_count + 1);
    status = list.files && dirs ? GF_OK : gf_fail_memory(err);
    size_t opened = 0;
    for (; status == GF_OK && opened < options->path_count; opened++) {
        dirs[opened] = -1;
        status = list_path(&load, options->paths[opened], &list, &dirs[opened], err);
    }
    if (status == GF_OK)
        status = run_load(&load, &list, keep, out, err);
    for (size_t i = 0; i < opened; i++)
        if (dirs[i] >= 0)
            (void)close(dirs[i]);
    load_job_close(&load);
    return status;
}
