/* Saving a row: insert, change or leave alone, with history. SQL is built from the register table, once per register.
 *
 * A row is read before it is written: only what differs makes history and a new version, so loading a folder twice
 * writes nothing. Personal fields are opened to be compared and sealed again to be kept. Cost for a row: one look-up,
 * two for a person, and what changed; none where the load knows that it is new.
 */
#include "app/access.h"
#include "app/folder.h"
#include "app/keys.h"
#include "app/load_inside.h"
#include "app/search.h"

#include <string.h>
#include <unistd.h>

static const int64_t DOCUMENT_BYTES_MAX = (int64_t)32 << 20;

static bool is_personal(const gf_column *column) { return column->type == GF_COLUMN_PERSONAL; }
static bool is_kept(const gf_column *column) { return !is_personal(column) && column->type != GF_COLUMN_FILE; }
static bool is_number(const gf_column *column) { return column->type == GF_COLUMN_INT || column->type == GF_COLUMN_FEN; }

static bool has_personal(const gf_register *reg)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (is_personal(&reg->columns[i]))
            return true;
    return false;
}

static bool says_personal(const gf_register *reg, const load_row *row)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (is_personal(&reg->columns[i]) && row->value[i].len)
            return true;
    return false;
}

/* ---- Statements ---- */

static bool in_form(const gf_column *column, size_t index, bool personal)
{
    return personal ? index == 0 || is_personal(column) : is_kept(column);
}

static void add_names(gf_text *sql, const gf_register *reg, bool personal, const char *each)
{
    const char *comma = "";
    for (size_t i = 0; i < reg->column_count; i++) {
        if (!in_form(&reg->columns[i], i, personal))
            continue;
        gf_text_add_c(sql, comma);
        gf_text_format(sql, each, reg->columns[i].name);
        comma = ", ";
    }
    for (int i = 0; !personal && i < LOAD_COMMON_COUNT; i++) {
        gf_text_add_c(sql, comma);
        gf_text_format(sql, each, LOAD_COMMON_NAMES[i]);
    }
}

static void add_marks(gf_text *sql, const gf_register *reg, bool personal)
{
    size_t count = personal ? 0 : LOAD_COMMON_COUNT;
    for (size_t i = 0; i < reg->column_count; i++)
        count += in_form(&reg->columns[i], i, personal);
    for (size_t i = 0; i < count; i++)
        gf_text_add_c(sql, i ? ", ?" : "?");
}

/* "each" formats take the name once; an update repeats it, so it is built by hand. */
static gf_str statement_text(const gf_register *reg, load_sql form, gf_arena *keep)
{
    bool personal = form >= LOAD_PERSONAL_INSERT;
    const char *suffix = personal ? "_personal" : "", *key = reg->columns[0].name;
    gf_text sql;
    gf_text_init(&sql, keep);
    if (form == LOAD_INSERT || form == LOAD_PERSONAL_INSERT) {
        gf_text_format(&sql, "INSERT INTO \"%s%s\" (", reg->name, suffix);
        add_names(&sql, reg, personal, "\"%s\"");
        gf_text_add_c(&sql, ") VALUES (");
        add_marks(&sql, reg, personal);
        gf_text_add_c(&sql, ")");
    } else if (form == LOAD_UPDATE || form == LOAD_PERSONAL_UPDATE) {
        gf_text_format(&sql, "UPDATE \"%s%s\" SET ", reg->name, suffix);
        add_names(&sql, reg, personal, "\"%s\" = ?");
        gf_text_format(&sql, " WHERE \"%s\" = ?", key);
    } else {
        gf_text_add_c(&sql, "SELECT ");
        add_names(&sql, reg, personal, "\"%s\"");
        gf_text_format(&sql, " FROM \"%s%s\" WHERE \"%s\" = ?", reg->name, suffix, key);
    }
    return gf_text_str(&sql);
}

/* A load of many rows builds each text once. */
static gf_stmt *statement(load_job *load, const gf_register *reg, load_sql form)
{
    if (load->single)
        return gf_store_text(load->app->store, statement_text(reg, form, load->row_arena).data);
    gf_str *kept = &load->sql[(size_t)(reg - GF_REGISTERS)].text[form];
    if (kept->len == 0)
        *kept = statement_text(reg, form, load->arena);
    return gf_store_text(load->app->store, kept->data);
}

static int bind_columns(gf_stmt *stmt, const gf_register *reg, const load_row *row, bool personal)
{
    int at = 0;
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *column = &reg->columns[i];
        int64_t number;
        if (!in_form(column, i, personal))
            continue;
        at++;
        if (!is_number(column))
            gf_stmt_str(stmt, at, row->value[i]);
        else if (gf_str_to_int(row->value[i], &number))
            gf_stmt_int(stmt, at, number);
        else
            gf_stmt_null(stmt, at);
    }
    return at;
}

/* The row with its personal fields sealed, as the store keeps them. What is sealed still is ours, unchanged. */
static gf_status seal_row(load_job *load, const gf_register *reg, const load_row *row, load_row *out, gf_error *err)
{
    gf_status status = GF_OK;
    *out = *row;
    for (size_t i = 0; status == GF_OK && i < reg->column_count; i++)
        if (is_personal(&reg->columns[i]) && !gf_seal_is_sealed(row->value[i]))
            status = keys_seal(load->app, reg, row->value[0], reg->columns[i].name, row->value[i], load->row_arena, &out->value[i], err);
    return status;
}

/* A personal field as it comes in and as it stands: opened, so that they can be compared; the same sealed bytes are the
 * same without a key. A field that another store has sealed is refused. */
static gf_status open_pair(load_job *load, const gf_register *reg, const gf_column *column, gf_str key, gf_str *given, gf_str *kept, gf_error *err)
{
    if (gf_str_eq(*given, *kept))
        return GF_OK;
    if (gf_seal_is_sealed(*given) && !keys_open(load->app, reg, key, column->name, *given, load->row_arena, given))
        return gf_fail(err, GF_EINPUT, "load.sealed", "Load the whole dump into an empty store, with the key file that belongs to it.", "%s of \"%.*s\" is sealed by another store",
                       column->name, GF_STR_ARG(gf_str_slice(key, 0, 60)));
    if (kept->len && !keys_open(load->app, reg, key, column->name, *kept, load->row_arena, kept))
        return gf_fail(err, GF_EIO, "keys.open", "Put the right key file back, or name it with GONGFU_KEY_FILE.", "%s of \"%.*s\" does not open", column->name,
                       GF_STR_ARG(gf_str_slice(key, 0, 60)));
    return GF_OK;
}

static gf_status open_personal(load_job *load, const gf_register *reg, load_row *row, load_row *kept, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && !load->restoring && i < reg->column_count; i++)
        if (is_personal(&reg->columns[i]))
            status = open_pair(load, reg, &reg->columns[i], row->value[0], &row->value[i], &kept->value[i], err);
    return status;
}

static int bind_all(gf_stmt *stmt, const gf_register *reg, const load_row *row, gf_str author, int64_t version)
{
    int at = bind_columns(stmt, reg, row, false);
    gf_stmt_str(stmt, ++at, row->value[reg->column_count + LOAD_SOURCE]);
    gf_stmt_str(stmt, ++at, row->value[reg->column_count + LOAD_ORIGIN]);
    gf_stmt_str(stmt, ++at, author);
    gf_stmt_int(stmt, ++at, version);
    return at;
}

/* ---- History ---- */

static gf_status add_history(load_job *load, const gf_register *reg, gf_str key, int64_t version, const char *op,
                             const char *field, gf_str old, gf_str new, bool personal, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(load->app->store, "history_insert");
    gf_str empty = { "", 0 };
    gf_stmt_int(stmt, 1, ++load->history_id);
    gf_stmt_int(stmt, 2, load->now);
    gf_stmt_str(stmt, 3, load->app->author);
    gf_stmt_str(stmt, 4, gf_str_of(reg->name));
    gf_stmt_str(stmt, 5, key);
    gf_stmt_int(stmt, 6, version);
    gf_stmt_str(stmt, 7, gf_str_of(op));
    gf_stmt_str(stmt, 8, gf_str_of(field));
    gf_stmt_str(stmt, 9, personal ? empty : old);
    gf_stmt_str(stmt, 10, personal ? empty : new);
    (void)gf_stmt_run(stmt);
    gf_status status = gf_store_ok(load->app->store, err);
    if (personal && status == GF_OK)
        status = keys_seal(load->app, reg, key, field, old, load->row_arena, &old, err);
    if (personal && status == GF_OK)
        status = keys_seal(load->app, reg, key, field, new, load->row_arena, &new, err);
    if (!personal || status != GF_OK)
        return status;
    stmt = gf_store_named(load->app->store, "history_personal_insert");
    gf_stmt_int(stmt, 1, load->history_id);
    gf_stmt_str(stmt, 2, old);
    gf_stmt_str(stmt, 3, new);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(load->app->store, err);
}

/* ---- Rows ---- */

/* What stands in the store under the row's key; *found false when nothing does. */
static gf_status read_kept(load_job *load, const gf_register *reg, gf_str key, load_row *kept, int64_t *version, bool *found, gf_error *err)
{
    gf_stmt *stmt = statement(load, reg, LOAD_SELECT);
    gf_stmt_str(stmt, 1, key);
    *found = gf_stmt_row(stmt);
    int at = 0;
    for (size_t i = 0; *found && i < reg->column_count; i++)
        if (is_kept(&reg->columns[i]))
            kept->value[i] = gf_row_copy(stmt, at++, load->row_arena);
    for (int i = 0; *found && i < LOAD_COMMON_COUNT; i++)
        kept->value[reg->column_count + (size_t)i] = gf_row_copy(stmt, at++, load->row_arena);
    *version = *found ? gf_row_int(stmt, at - 1) : 0;
    gf_stmt_end(stmt);
    if (*found && has_personal(reg)) {
        stmt = statement(load, reg, LOAD_PERSONAL_SELECT);
        gf_stmt_str(stmt, 1, key);
        bool there = gf_stmt_row(stmt);
        at = 1;
        for (size_t i = 0; i < reg->column_count; i++)
            if (is_personal(&reg->columns[i]))
                kept->value[i] = there ? gf_row_copy(stmt, at++, load->row_arena) : (gf_str){ "", 0 };
        gf_stmt_end(stmt);
    }
    return gf_store_ok(load->app->store, err);
}

/* A record that was taken out and comes again goes on counting. */
static int64_t next_version(load_job *load, const gf_register *reg, gf_str key)
{
    gf_stmt *stmt = gf_store_named(load->app->store, "history_version");
    gf_stmt_str(stmt, 1, gf_str_of(reg->name));
    gf_stmt_str(stmt, 2, key);
    int64_t version = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) + 1 : 1;
    gf_stmt_end(stmt);
    return version;
}

static gf_status insert_row(load_job *load, const gf_register *reg, const load_row *row, bool fresh, gf_error *err)
{
    gf_str author = row->value[reg->column_count + LOAD_AUTHOR];
    int64_t version;
    if (!load->restoring || !gf_str_to_int(row->value[reg->column_count + LOAD_VERSION], &version) || version < 1)
        version = fresh ? 1 : next_version(load, reg, row->value[0]);
    gf_stmt *stmt = statement(load, reg, LOAD_INSERT);
    (void)bind_all(stmt, reg, row, load->restoring && author.len ? author : load->app->author, version);
    (void)gf_stmt_run(stmt);
    if (has_personal(reg)) {
        load_row sealed;
        gf_status status = fresh && !load->restoring && says_personal(reg, row) ? keys_make(load->app, reg, row->value[0], load->row_arena, err) : GF_OK;
        if (status == GF_OK)
            status = seal_row(load, reg, row, &sealed, err);
        if (status != GF_OK)
            return status;
        stmt = statement(load, reg, LOAD_PERSONAL_INSERT);
        (void)bind_columns(stmt, reg, &sealed, true);
        (void)gf_stmt_run(stmt);
    }
    gf_str empty = { "", 0 };
    if (load->restoring)
        return gf_store_ok(load->app->store, err);
    return add_history(load, reg, row->value[0], version, "create", "", empty, empty, false, err);
}

static gf_status update_row(load_job *load, const gf_register *reg, const load_row *row, const load_row *kept, int64_t version,
                            bool *changed, gf_error *err)
{
    gf_status status = GF_OK;
    *changed = false;
    for (size_t i = 1; status == GF_OK && i < reg->column_count + LOAD_AUTHOR; i++) {
        bool common = i >= reg->column_count;
        const gf_column *column = common ? NULL : &reg->columns[i];
        if ((column && column->type == GF_COLUMN_FILE) || gf_str_eq(row->value[i], kept->value[i]))
            continue;
        *changed = true;
        status = add_history(load, reg, row->value[0], version + 1, "change", common ? LOAD_COMMON_NAMES[i - reg->column_count] : column->name,
                             kept->value[i], row->value[i], column && is_personal(column), err);
    }
    if (status != GF_OK || !*changed)
        return status;
    gf_stmt *stmt = statement(load, reg, LOAD_UPDATE);
    int at = bind_all(stmt, reg, row, load->app->author, version + 1);
    gf_stmt_str(stmt, at + 1, row->value[0]);
    (void)gf_stmt_run(stmt);
    if (has_personal(reg)) {
        load_row sealed;
        status = seal_row(load, reg, row, &sealed, err);
        if (status != GF_OK)
            return status;
        stmt = statement(load, reg, LOAD_PERSONAL_UPDATE);
        at = bind_columns(stmt, reg, &sealed, true);
        gf_stmt_str(stmt, at + 1, row->value[0]);
        (void)gf_stmt_run(stmt);
    }
    return gf_store_ok(load->app->store, err);
}

gf_status load_save_row(load_job *load, const gf_register *reg, const load_row *row, bool fresh, bool *changed, gf_error *err)
{
    load_row kept = { .value = { { "", 0 } } }, opened = *row;
    int64_t version = 0;
    bool found = false;
    gf_status status = fresh ? GF_OK : read_kept(load, reg, row->value[0], &kept, &version, &found, err);
    if (status == GF_OK)
        status = open_personal(load, reg, &opened, &kept, err);
    if (status != GF_OK)
        return status;
    *changed = !found;
    status = found ? update_row(load, reg, &opened, &kept, version, changed, err) : insert_row(load, reg, &opened, fresh, err);
    load->scopes_changed = load->scopes_changed || (*changed && access_hangs_on(reg));
    return status == GF_OK && *changed ? search_index(load->app, reg, opened.value, fresh, &load->search, load->row_arena, err) : status;
}

gf_status load_remove_row(load_job *load, const gf_register *reg, gf_str key, int64_t version, gf_error *err)
{
    static const char *const FORMS[] = { "DELETE FROM \"%s\" WHERE \"%s\" = ?", "DELETE FROM \"%s_personal\" WHERE \"%s\" = ?" };
    gf_str empty = { "", 0 };
    for (int i = 0; i < 1 + has_personal(reg); i++) {
        char sql[200];
        (void)snprintf(sql, sizeof sql, FORMS[i], reg->name, reg->columns[0].name);
        gf_stmt *stmt = gf_store_text(load->app->store, sql);
        gf_stmt_str(stmt, 1, key);
        (void)gf_stmt_run(stmt);
    }
    load->scopes_changed = load->scopes_changed || access_hangs_on(reg);
    gf_status status = add_history(load, reg, key, version + 1, "remove", "", empty, empty, false, err);
    return status == GF_OK ? search_forget(load->app, reg, key, load->row_arena, err) : status;
}

/* ---- Documents ---- */

static const struct { const char *type; size_t offset; gf_str magic; } MAGICS[] = {
    { "application/pdf", 0, GF_STR_INIT("%PDF-") },
    { "image/png", 0, GF_STR_INIT("\x89PNG\r\n\x1a\n") },
    { "image/jpeg", 0, GF_STR_INIT("\xFF\xD8\xFF") },
    { "image/gif", 0, GF_STR_INIT("GIF8") },
    { "image/webp", 8, GF_STR_INIT("WEBP") },
    { "application/zip", 0, GF_STR_INIT("PK\x03\x04") },   /* also xlsx, docx */
    { "video/mp4", 4, GF_STR_INIT("ftyp") },
};

/* The type is what the bytes are, whatever the name says. */
const char *load_media_type(gf_str bytes)
{
    for (size_t i = 0; i < GF_COUNT(MAGICS); i++)
        if (gf_str_eq(gf_str_slice(bytes, MAGICS[i].offset, MAGICS[i].offset + MAGICS[i].magic.len), MAGICS[i].magic))
            return MAGICS[i].type;
    bool text = gf_utf8_valid(bytes, NULL) && (bytes.len == 0 || !memchr(bytes.data, '\0', bytes.len));
    return text ? "text/plain" : "application/octet-stream";
}

static gf_status store_content(load_job *load, gf_str bytes, gf_str declared, gf_str *sha256, gf_error *err)
{
    uint8_t hash[GF_HASH_BYTES];
    char hex[GF_HASH_HEX_BYTES];
    if (!gf_hash_bytes(GF_HASH_SHA256, bytes.data, bytes.len, hash))
        return gf_fail_memory(err);
    gf_hex_format(hash, sizeof hash, hex);
    if (declared.len && !gf_str_is(declared, hex))
        return gf_fail(err, GF_EINPUT, "load.sha256", "Leave sha256 empty, or take the right file.", "the file has another content than sha256 says");
    *sha256 = gf_str_copy(load->row_arena, gf_str_of(hex));
    gf_stmt *stmt = gf_store_named(load->app->store, "document_blob_put");
    gf_stmt_str(stmt, 1, *sha256);
    gf_stmt_blob(stmt, 2, bytes.data, bytes.len);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(load->app->store, err);
}

gf_status load_document(load_job *load, const gf_register *reg, load_row *row, gf_error *err)
{
    gf_str path = row->value[load_column_index(reg, "file")];
    gf_str *sha256 = &row->value[load_column_index(reg, "sha256")];
    if (path.len == 0 && sha256->len == 0)
        return GF_OK;  /* known by name only */
    if (path.len == 0)
        return gf_fail(err, GF_EINPUT, "load.file", "Give the file, or leave sha256 empty.", "sha256 is given without a file");
    int fd = -1;
    gf_arena *content = gf_arena_open((size_t)DOCUMENT_BYTES_MAX * 64);
    gf_str bytes = { "", 0 };
    int64_t most = load->options->document_bytes_max ? load->options->document_bytes_max : DOCUMENT_BYTES_MAX;
    gf_status status = content ? folder_open_file(load->dirfd, path, &fd, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = folder_read_all(fd, most, content, &bytes, err);
    if (fd >= 0)
        (void)close(fd);
    if (status == GF_OK)
        status = store_content(load, bytes, *sha256, sha256, err);
    if (status == GF_OK) {
        char size[24];
        (void)snprintf(size, sizeof size, "%zu", bytes.len);
        row->value[load_column_index(reg, "bytes")] = gf_str_copy(load->row_arena, gf_str_of(size));
        row->value[load_column_index(reg, "media_type")] = gf_str_of(load_media_type(bytes));
    }
    gf_arena_close(content);
    return status;
}

bool load_exists(gf_app *app, const gf_register *reg, gf_str key)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql, "SELECT 1 FROM \"%s\" WHERE \"%s\" = ?", reg->name, reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(app->store, sql);
    gf_stmt_str(stmt, 1, key);
    bool found = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return found;
}
