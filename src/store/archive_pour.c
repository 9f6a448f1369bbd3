/* An archive's rows into a store: into a server as they stand, by COPY; into a file cell by cell, on the thread of a bulk load. Indexes are made at the
 * end, from all rows at once. The reader has proven each frame before it comes here; the hash of the whole is proven behind the last row, before
 * the caller may commit.
 */
#define _DEFAULT_SOURCE
#include "store/archive.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct pour {
    gf_store   *to;
    store_form *form;
    gf_arena   *keep;
    size_t      at;              /* tables of the form that have come */
    gf_stmt    *put;
} pour;

static ptrdiff_t read_file(void *context, uint8_t *bytes, size_t room) { return read(*(int *)context, bytes, room); }

static int open_archive(const char *path, gf_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        (void)gf_fail(err, GF_ENOTFOUND, "archive.none", "Name a backup made by gongfu.", "there is no archive at %s", path);
    return fd;
}

bool gf_store_is_archive(const char *path)
{
    char magic[ARCHIVE_MAGIC_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, ARCHIVE_MAGIC, sizeof magic) == 0;
    if (fd >= 0)
        (void)close(fd);
    return is;
}

static gf_status read_path(const char *path, const archive_sink *sink, gf_store_archived *out, gf_error *err)
{
    int fd = open_archive(path, err);
    if (fd < 0)
        return GF_ENOTFOUND;
    gf_status status = archive_read(read_file, &fd, sink, out, err);
    (void)close(fd);
    return status;
}

gf_status gf_store_prove_archive(const char *path, gf_store_archived *out, gf_error *err)
{
    static const archive_sink NOTHING = { .context = NULL };
    return read_path(path, &NOTHING, out, err);
}

/* ---- Filling ---- */

static gf_status fit_schema(void *context, int schema, gf_error *err)
{
    pour *p = context;
    int has = gf_store_schema_version(p->to);
    return has == schema ? GF_OK : gf_fail(err, GF_ECONFLICT, "store.forms", "", "the archive is of schema %d, the store of %d", schema, has);
}

/* A store that takes rows in behind our back may tell it with a later table. */
static gf_status refused(gf_store *to, gf_error *err)
{
    gf_error said;
    if (gf_store_ok(to, &said) == GF_OK)
        return GF_OK;
    return gf_fail(err, said.status == GF_ECONFLICT ? GF_EINPUT : said.status, "archive.rows", "Take another backup.", "rows of the archive do not fit: %.150s", said.what);
}

static gf_status fit_table(void *context, const store_table *table, gf_error *err)
{
    pour *p = context;
    if (p->at >= p->form->count || !store_form_same_table(table, p->form->tables[p->at]))
        return gf_fail(err, GF_EINPUT, "archive.table", "Take another backup.", "the archive's table %.*s is not one of its schema", GF_STR_ARG(table->name));
    const store_table *own = p->form->tables[p->at++];
    if (p->to->engine->rows_begin) {
        gf_text names;
        gf_text_init(&names, p->keep);
        store_form_add_names(own, &names);
        p->to->engine->rows_begin(p->to, gf_text_str(&names));
    } else
        p->put = gf_store_text(p->to, store_form_insert(own, p->keep));
    return refused(p->to, err);
}

static void bind_cell(gf_stmt *put, int index, char kind, archive_cell cell)
{
    if (cell.len < 0)
        gf_stmt_null(put, index);
    else if (kind == 'i')
        gf_stmt_int(put, index, (int64_t)archive_take((const uint8_t *)cell.data, 8));
    else if (kind == 't')
        gf_stmt_str(put, index, (gf_str){ cell.data, (size_t)cell.len });
    else
        gf_stmt_blob(put, index, cell.data, (size_t)cell.len);
}

static gf_status put_rows(void *context, const store_table *table, gf_str rows, gf_error *err)
{
    pour *p = context;
    const uint8_t *at = (const uint8_t *)rows.data, *end = at + rows.len;
    if (p->to->engine->rows_add) {
        p->to->engine->rows_add(p->to, rows);
        return refused(p->to, err);
    }
    bool fine = true;
    while (fine && at < end) {
        at += 2;
        for (size_t i = 0; i < table->count; i++)
            bind_cell(p->put, (int)i + 1, table->kinds[i], archive_next_cell(&at));
        fine = gf_stmt_run(p->put);
    }
    return refused(p->to, err);
}

static gf_status end_table(void *context, const store_table *table, gf_error *err)
{
    pour *p = context;
    (void)table;
    if (p->to->engine->rows_end)
        p->to->engine->rows_end(p->to);
    return refused(p->to, err);
}

/* Names first: a statement that runs holds the table. */
static gf_status delay_all(gf_store *to, gf_arena *keep, gf_error *err)
{
    const char *names[STORE_DELAYED_MAX];
    size_t count = 0;
    gf_stmt *stmt = gf_store_text(to, to->engine->indexes_sql);
    while (count < STORE_DELAYED_MAX && gf_stmt_row(stmt))
        names[count++] = gf_row_copy(stmt, 0, keep).data;
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(to, err);
    for (size_t i = 0; status == GF_OK && i < count; i++)
        status = names[i] ? gf_store_delay(to, names[i], err) : gf_fail_memory(err);
    return status;
}

gf_status gf_store_fill_archive(gf_store *to, const char *path, gf_store_archived *out, gf_error *err)
{
    gf_arena *keep = gf_arena_open(STORE_FORM_BYTES_MAX);
    pour p = { .to = to, .keep = keep, .form = keep ? gf_new(keep, store_form, 1) : NULL };
    const archive_sink sink = { &p, fit_schema, fit_table, put_rows, end_table };
    gf_status status = p.form ? store_form_read(to, keep, p.form, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = store_form_is_empty(to, p.form, keep, err);
    if (status == GF_OK)
        status = delay_all(to, keep, err);
    if (status == GF_OK)
        status = read_path(path, &sink, out, err);
    if (to->engine->rows_end)
        to->engine->rows_end(to);  /* of a table that broke off */
    if (status == GF_OK && p.at != p.form->count)
        status = gf_fail(err, GF_EINPUT, "archive.table", "Take another backup.", "the archive lacks the table %.*s", GF_STR_ARG(p.form->tables[p.at]->name));
    if (status == GF_OK) {
        gf_stmt *last = gf_store_text(to, "SELECT 1");  /* a question waits for all that was given before */
        (void)gf_stmt_run(last);
        status = refused(to, err);
    }
    gf_arena_close(keep);
    return status;
}

/* ---- Cutting ---- */

/* A piece begins with a table, and with each frame of rows behind its first. */
gf_status gf_store_archive_cuts(const char *path, gf_arena *keep, int64_t **out, size_t *count, gf_error *err)
{
    int fd = open_archive(path, err);
    if (fd < 0)
        return GF_ENOTFOUND;
    size_t used = 0, room = 0;
    int64_t *cuts = NULL;
    uint8_t head[ARCHIVE_HEAD_BYTES] = { 0 };
    char before = ' ';
    bool memory = true;
    for (int64_t at = ARCHIVE_MAGIC_BYTES; memory && pread(fd, head, sizeof head, at) == (ssize_t)sizeof head;) {
        if (head[0] == 'T' || head[0] == 'Z' || (head[0] == 'R' && before == 'R')) {
            room = used == room ? room * 2 + 256 : room;
            int64_t *larger = realloc(cuts, room * sizeof *cuts);
            memory = larger != NULL;
            cuts = larger ? larger : cuts;
            if (memory)
                cuts[used++] = at;
        }
        before = (char)head[0];
        at += ARCHIVE_HEAD_BYTES + (int64_t)archive_take(head + 1, 4);
    }
    (void)close(fd);
    *out = memory ? gf_new(keep, int64_t, used + 1) : NULL;
    *count = *out ? used : 0;
    if (*out && used)
        memcpy(*out, cuts, used * sizeof *cuts);
    free(cuts);
    return *out ? GF_OK : gf_fail_memory(err);
}
