/* gongfu dump and templates: every register as a table, so that another program, or a reader, needs nothing of ours.
 *
 * Rows come in key order and all values as they were written: dump, load and dump again give the same bytes. The folder
 * is written under another name and renamed at the end: half a dump never stands under its own name.
 */
#define _DEFAULT_SOURCE  /* O_DIRECTORY in older C libraries */
#include "app/folder.h"
#include "app/keys.h"
#include "app/ledger.h"
#include "app/load_inside.h"

#include "file/gf_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FLUSH_BYTES = 1 << 20, ENTRIES_AT_ONCE = 1000, NAME_BYTES = 300, DUMP_BYTES_MAX = 256 << 20 };

/* One table being written. */
typedef struct table_out { int fd; gf_text text; gf_arena *arena; bool failed; } table_out;

static bool open_table(int dirfd, const char *name, table_out *out)
{
    *out = (table_out){ .arena = gf_arena_open(DUMP_BYTES_MAX) };
    out->fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    out->failed = !out->arena || out->fd < 0;
    if (out->arena)
        gf_text_init(&out->text, out->arena);
    return !out->failed;
}

static void flush_table(table_out *out, size_t at_least)
{
    gf_str rest = gf_text_str(&out->text);
    if (out->failed || rest.len < at_least)
        return;
    while (rest.len) {
        ssize_t wrote = write(out->fd, rest.data, rest.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0) {
            out->failed = true;
            return;
        }
        rest = gf_str_slice(rest, (size_t)wrote, rest.len);
    }
    out->failed = out->failed || out->text.failed;
    gf_arena_rewind(out->arena, (gf_mark){ NULL, 0 });
    gf_text_init(&out->text, out->arena);
}

static gf_status close_table(table_out *out, const char *name, gf_error *err)
{
    flush_table(out, 0);
    if (out->fd >= 0 && (fsync(out->fd) != 0 || close(out->fd) != 0))
        out->failed = true;
    gf_arena_close(out->arena);
    if (!out->failed)
        return GF_OK;
    return gf_fail(err, GF_EIO, "dump.write", "See that the folder may be written and has room.", "%s cannot be written", name);
}

/* ---- Registers ---- */

static void add_header(gf_text *out, const gf_register *reg)
{
    bool entries = strcmp(reg->name, "entries") == 0;
    size_t at = 0;
    for (size_t i = 0; i < reg->column_count; i++)
        gf_file_csv_field(out, at++, gf_str_of(reg->columns[i].name));
    for (int i = 0; !entries && i < LOAD_COMMON_COUNT; i++)
        gf_file_csv_field(out, at++, gf_str_of(LOAD_COMMON_NAMES[i]));
    gf_file_csv_end(out);
}

static const char *extension_of(gf_str media_type)
{
    static const struct { const char *type, *extension; } NAMES[] = {
        { "application/pdf", ".pdf" }, { "image/png", ".png" },  { "image/jpeg", ".jpg" }, { "image/gif", ".gif" },
        { "image/webp", ".webp" },     { "text/plain", ".txt" }, { "application/zip", ".zip" }, { "video/mp4", ".mp4" },
    };
    for (size_t i = 0; i < GF_COUNT(NAMES); i++)
        if (gf_str_is(media_type, NAMES[i].type))
            return NAMES[i].extension;
    return ".bin";
}

/* SELECT in the order of the CSV columns; the file of a document is built from its hash and type. */
static const char *select_text(const gf_register *reg, gf_arena *scratch)
{
    gf_text sql;
    gf_text_init(&sql, scratch);
    gf_text_add_c(&sql, "SELECT ");
    bool personal = false;
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *column = &reg->columns[i];
        personal = personal || column->type == GF_COLUMN_PERSONAL;
        if (column->type == GF_COLUMN_FILE)
            gf_text_add_c(&sql, "'', ");
        else
            gf_text_format(&sql, "%s.\"%s\", ", column->type == GF_COLUMN_PERSONAL ? "p" : "r", column->name);
    }
    gf_text_format(&sql, "r.source, r.origin, r.author, r.version FROM \"%s\" r", reg->name);
    const char *key = reg->columns[0].name;
    if (personal)
        gf_text_format(&sql, " LEFT JOIN \"%s_personal\" p ON p.\"%s\" = r.\"%s\"", reg->name, key, key);
    gf_text_format(&sql, " ORDER BY r.\"%s\"", key);
    return gf_text_str(&sql).data;
}

/* What a folder is filled with: `reveal` puts personal fields out in the open. */
typedef struct dump_context { gf_app *app; gf_arena *scratch; bool reveal; } dump_context;

/* A field that does not open stays as it is. */
static gf_str revealed(const dump_context *dump, const gf_register *reg, gf_str key, const char *field, gf_str sealed)
{
    gf_str plain;
    return dump->reveal && keys_open(dump->app, reg, key, field, sealed, dump->scratch, &plain) ? plain : sealed;
}

static void add_row(const dump_context *dump, gf_stmt *stmt, const gf_register *reg, gf_text *out)
{
    gf_arena *scratch = dump->scratch;
    size_t file = load_column_index(reg, "file"), sha256 = load_column_index(reg, "sha256"), type = load_column_index(reg, "media_type");
    for (size_t i = 0; i < reg->column_count + LOAD_COMMON_COUNT; i++) {
        gf_str value = gf_row_str(stmt, (int)i);
        bool is_file = i < reg->column_count && i == file && reg->columns[i].type == GF_COLUMN_FILE;
        if (is_file && gf_row_str(stmt, (int)sha256).len) {
            gf_text path;
            gf_text_init(&path, scratch);
            gf_text_format(&path, "documents/%.*s%s", GF_STR_ARG(gf_row_str(stmt, (int)sha256)), extension_of(gf_row_str(stmt, (int)type)));
            value = gf_text_str(&path);
        }
        if (i < reg->column_count && reg->columns[i].type == GF_COLUMN_PERSONAL)
            value = revealed(dump, reg, gf_row_str(stmt, 0), reg->columns[i].name, value);
        gf_file_csv_field(out, i, value);
    }
    gf_file_csv_end(out);
}

static gf_status dump_register(const dump_context *dump, const gf_register *reg, table_out *out, gf_error *err)
{
    gf_arena *scratch = dump->scratch;
    gf_app *app = dump->app;
    gf_stmt *stmt = gf_store_text(app->store, select_text(reg, scratch));
    while (gf_stmt_row(stmt)) {
        gf_mark mark = gf_arena_mark(scratch);
        add_row(dump, stmt, reg, &out->text);
        gf_arena_rewind(scratch, mark);
        flush_table(out, FLUSH_BYTES);
    }
    return gf_store_ok(app->store, err);
}

static gf_status dump_entries(gf_app *app, table_out *out, gf_error *err)
{
    int64_t last;
    char hex[GF_HASH_HEX_BYTES];
    gf_status status = ledger_head(app, &last, hex, err);
    for (int64_t from = 1; status == GF_OK && from <= last; from += ENTRIES_AT_ONCE) {
        status = ledger_dump(app, from, from + ENTRIES_AT_ONCE - 1, &out->text, err);
        flush_table(out, FLUSH_BYTES);
    }
    return status;
}

static gf_status dump_one(const dump_context *dump, int dirfd, const gf_register *reg, gf_error *err)
{
    char name[NAME_BYTES];
    table_out out;
    (void)snprintf(name, sizeof name, "%s.csv", reg->name);
    gf_status status = GF_OK;
    if (open_table(dirfd, name, &out)) {
        add_header(&out.text, reg);
        status = strcmp(reg->name, "entries") == 0 ? dump_entries(dump->app, &out, err) : dump_register(dump, reg, &out, err);
    }
    gf_status closed = close_table(&out, name, status == GF_OK ? err : NULL);
    return status == GF_OK ? closed : status;
}

/* ---- History, batches, settings, documents ---- */

static void add_cells(const dump_context *dump, gf_text *out, gf_stmt *stmt, int count, int instant, int old_if_personal)
{
    bool personal = old_if_personal >= 0 && gf_row_int(stmt, 10) == 1;
    for (int i = 0; i < count; i++) {
        char when[GF_UTC_BYTES];
        gf_str value = gf_row_str(stmt, i);
        if (i == instant)
            value = (gf_str){ when, gf_utc_format(gf_row_int(stmt, i), when) };
        if (personal && (i == 8 || i == 9))
            value = revealed(dump, gf_register_find(gf_row_str(stmt, 3)), gf_row_str(stmt, 4), gf_str_cstr(dump->scratch, gf_row_str(stmt, 7)), gf_row_str(stmt, i + 3));
        gf_file_csv_field(out, (size_t)i, value);
    }
    gf_file_csv_end(out);
}

static gf_status dump_statement(const dump_context *dump, int dirfd, const char *name, const char *head, const char *statement, int columns,
                                int instant, int personal, gf_error *err)
{
    table_out out;
    gf_status status = GF_OK;
    if (open_table(dirfd, name, &out)) {
        gf_text_add_c(&out.text, head);
        gf_stmt *stmt = gf_store_named(dump->app->store, statement);
        while (gf_stmt_row(stmt)) {
            gf_arena_rewind(dump->scratch, (gf_mark){ NULL, 0 });
            add_cells(dump, &out.text, stmt, columns, instant, personal);
            flush_table(&out, FLUSH_BYTES);
        }
        status = gf_store_ok(dump->app->store, err);
    }
    gf_status closed = close_table(&out, name, status == GF_OK ? err : NULL);
    return status == GF_OK ? closed : status;
}

static gf_status dump_documents(gf_app *app, int dirfd, gf_error *err)
{
    if (mkdirat(dirfd, "documents", 0755) != 0)
        return gf_fail(err, GF_EIO, "dump.write", "", "the folder documents cannot be made: %s", strerror(errno));
    int documents = openat(dirfd, "documents", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gf_status status = documents >= 0 ? GF_OK : gf_fail(err, GF_EIO, "dump.write", "", "the folder documents cannot be opened");
    gf_stmt *stmt = gf_store_named(app->store, "document_files");
    while (status == GF_OK && gf_stmt_row(stmt)) {
        char name[NAME_BYTES];
        (void)snprintf(name, sizeof name, "%.*s%s", GF_STR_ARG(gf_row_str(stmt, 0)), extension_of(gf_row_str(stmt, 1)));
        status = folder_write_file(documents, name, gf_row_str(stmt, 2), err);
    }
    gf_stmt_end(stmt);
    if (documents >= 0)
        (void)close(documents);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

static gf_status dump_all(const dump_context *dump, int dirfd, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < GF_REGISTER_COUNT; i++) {
        gf_arena_rewind(dump->scratch, (gf_mark){ NULL, 0 });
        status = dump_one(dump, dirfd, &GF_REGISTERS[i], err);
    }
    if (status == GF_OK)
        status = dump_statement(dump, dirfd, "history.csv", "id,at,author,register,record,version,op,field,old,new,personal\n", "history_all", 11, 1, 10, err);
    if (status == GF_OK)
        status = dump_statement(dump, dirfd, "batches.csv", "id,at,author,entry_first,entry_last\n", "batch_all", 5, 1, -1, err);
    if (status == GF_OK && !dump->reveal)
        status = dump_statement(dump, dirfd, "subject_keys.csv", "register,record,wrapped\n", "subject_key_all", 3, -1, -1, err);
    if (status == GF_OK)
        status = dump_statement(dump, dirfd, "imports.csv", "id,at,register,file,sha256,author,rows,added,changed,history_first,history_last,entry_first,entry_last,state\n", "import_all", 14, 1, -1, err);
    if (status == GF_OK)
        status = dump_statement(dump, dirfd, "settings.csv", "name,value\n", "setting_all", 2, -1, -1, err);
    return status == GF_OK ? dump_documents(dump->app, dirfd, err) : status;
}

/* ---- The folder ---- */

static bool is_empty_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t names = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        names += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    bool empty = dir && names == 0;
    if (dir)
        (void)closedir(dir);
    return empty;
}

typedef gf_status folder_fn(void *context, int dirfd, gf_error *err);

/* Make the folder whole or not at all: fill a new one beside it, then rename. */
static gf_status make_folder(const char *folder, folder_fn *fill, void *context, gf_error *err)
{
    struct stat info;
    char part[4096];
    if (snprintf(part, sizeof part, "%s.part-%ld", folder, (long)getpid()) >= (int)sizeof part)
        return gf_fail(err, GF_EUSAGE, "dump.name", "Choose a shorter name.", "the name of the folder is too long");
    if (stat(folder, &info) == 0 && !is_empty_folder(folder))
        return gf_fail(err, GF_ECONFLICT, "dump.folder", "Name a new folder, or an empty one.", "%s is not empty", folder);
    if (mkdir(part, 0755) != 0)
        return gf_fail(err, GF_EIO, "dump.folder", "See that the folder above it exists and may be written.", "%s cannot be made: %s", folder, strerror(errno));
    int dirfd = open(part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gf_status status = dirfd >= 0 ? fill(context, dirfd, err) : gf_fail(err, GF_EIO, "dump.folder", "", "%s cannot be opened", part);
    if (dirfd >= 0)
        (void)close(dirfd);
    if (status == GF_OK && stat(folder, &info) == 0)
        (void)rmdir(folder);  /* it is empty; if not, rename says so */
    if (status == GF_OK && rename(part, folder) != 0)
        status = gf_fail(err, GF_EIO, "dump.folder", "The tables stand in the folder with .part in its name.", "%s cannot be named: %s", folder, strerror(errno));
    return status;
}

static gf_status fill_dump(void *context, int dirfd, gf_error *err)
{
    dump_context *dump = context;
    gf_status status = gf_store_begin_read(dump->app->store, err);  /* one moment of the store, whoever writes meanwhile */
    if (status != GF_OK)
        return status;
    status = dump_all(dump, dirfd, err);
    gf_store_rollback(dump->app->store);
    return status;
}

gf_status gf_app_dump(gf_app *app, const char *folder, gf_str reason, gf_error *err)
{
    dump_context context = { app, gf_arena_open(DUMP_BYTES_MAX), reason.len > 0 };
    gf_status status = context.reveal ? gf_app_log_alone(app, &GF_APP_ACTOR_CLI, "dump.reveal", (gf_str){ "", 0 }, reason, err) : GF_OK;
    if (status == GF_OK)
        status = context.scratch ? make_folder(folder, fill_dump, &context, err) : gf_fail_memory(err);
    gf_arena_close(context.scratch);
    return status;
}

/* ---- Templates ---- */

static gf_status write_template(int dirfd, const gf_register *reg, gf_arena *scratch, gf_error *err)
{
    char name[NAME_BYTES];
    gf_text text;
    gf_text_init(&text, scratch);
    add_header(&text, reg);
    gf_text_add_c(&text, "# ");
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *column = &reg->columns[i];
        const char *example = column->example && column->example[0] ? column->example : column->arg && column->type == GF_COLUMN_CHOICE ? column->arg : "";
        gf_file_csv_field(&text, i, gf_str_of(example));
    }
    gf_file_csv_end(&text);
    (void)snprintf(name, sizeof name, "%s.csv", reg->name);
    return folder_write_file(dirfd, name, gf_text_str(&text), err);
}

static gf_status fill_templates(void *context, int dirfd, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < GF_REGISTER_COUNT; i++) {
        gf_arena_rewind(context, (gf_mark){ NULL, 0 });
        status = write_template(dirfd, &GF_REGISTERS[i], context, err);
    }
    return status;
}

gf_status gf_app_templates(const char *folder, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(DUMP_BYTES_MAX);
    gf_status status = scratch ? make_folder(folder, fill_templates, scratch, err) : gf_fail_memory(err);
    gf_arena_close(scratch);
    return status;
}
