/* A server's store as an archive of rows (archive.h), all of one moment.
 *
 * What the server's COPY sends is kept as it comes: at a quarter of a gigabyte a second it is the server that is waited for, and everything else is done
 * beside it. One thread takes rows from the line, gathers them in frames, hashes and writes them; another follows in the file and proves what
 * stands there, so that the read-back ends with the writing. Rows come one by one (libpq has nothing larger), which costs a third of that thread.
 * Considered and dropped: rows turned into a store on SQLite, as it was before (six times as long: each row is taken apart and its indexes
 * are made); two connections on one exported snapshot (a machine with two cores is full with one, docs/bench.md).
 */
#define _GNU_SOURCE  /* sync_file_range */
#include "store/archive.h"
#include "store/postgres.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char COPY_BEGIN[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";   /* no flags, no extension */
enum { COPY_BEGIN_BYTES = 19, PATH_BYTES = 4096, HASHED_BYTES = 64, SYNCED_BYTES = 16 << 20 };

typedef struct archive_file {
    char      path[PATH_BYTES];
    int       fd;                /* written and read back by offset */
    uint8_t  *frame;             /* rows that were not written yet, behind room for a head */
    size_t    used, room;
    gf_hash  *hash;
    int64_t   bytes, synced, tables, rows;
    pthread_mutex_t lock;        /* guards what follows */
    pthread_cond_t  grown;
    int64_t   stands;            /* bytes that may be read back */
    bool      ended, refused;    /* nothing more comes; what stands there is not what it should be */
    /* of the thread that reads back */
    int64_t   read;
    gf_status status;
    gf_error  err;
    gf_store_archived seen;
} archive_file;

/* ---- Reading back ---- */

static ptrdiff_t read_behind(void *context, uint8_t *bytes, size_t room)
{
    archive_file *f = context;
    (void)pthread_mutex_lock(&f->lock);
    while (f->read == f->stands && !f->ended)
        (void)pthread_cond_wait(&f->grown, &f->lock);
    int64_t left = f->stands - f->read;
    (void)pthread_mutex_unlock(&f->lock);
    if (left == 0)
        return 0;
    ssize_t got = pread(f->fd, bytes, (int64_t)room < left ? room : (size_t)left, f->read);
    f->read += got > 0 ? got : 0;
    return got > 0 ? got : -1;  /* it was written: it must be there */
}

static void *prove_beside(void *context)
{
    static const archive_sink NOTHING = { .context = NULL };
    archive_file *f = context;
    f->status = archive_read(read_behind, f, &NOTHING, &f->seen, &f->err);
    (void)pthread_mutex_lock(&f->lock);
    f->refused = f->status != GF_OK;
    (void)pthread_mutex_unlock(&f->lock);
    return NULL;
}

/* True: go on. */
static bool tell_stands(archive_file *f, bool ended)
{
    (void)pthread_mutex_lock(&f->lock);
    f->stands = f->bytes;
    f->ended = ended;
    bool refused = f->refused;
    (void)pthread_cond_signal(&f->grown);
    (void)pthread_mutex_unlock(&f->lock);
    return !refused;
}

/* ---- Writing ---- */

static gf_status fail_write(const archive_file *f, gf_error *err)
{
    return gf_fail(err, GF_EIO, "store.copy", "See that the folder exists and has room.", "%s cannot be written: %s", f->path, strerror(errno));
}

/* The disk begins early, so that the sync at the end has little left. */
static gf_status put_bytes(archive_file *f, const uint8_t *bytes, size_t len, gf_error *err)
{
    if (!gf_hash_add(f->hash, bytes, len) || !gf_write_all(f->fd, bytes, len))
        return fail_write(f, err);
    f->bytes += (int64_t)len;
    if (f->bytes - f->synced >= SYNCED_BYTES) {
        (void)sync_file_range(f->fd, f->synced, f->bytes - f->synced, SYNC_FILE_RANGE_WRITE);  /* a wish: fsync is what counts */
        f->synced = f->bytes;
    }
    return tell_stands(f, false) ? GF_OK : gf_fail(err, GF_EIO, "store.copy", "Look at the disk; no backup was made.", "the copy does not read back as it was written: %.120s", f->err.what);
}

static gf_status put_frame(archive_file *f, char letter, const void *body, size_t len, gf_error *err)
{
    uint8_t bytes[ARCHIVE_HEAD_BYTES + ARCHIVE_SMALL_BYTES_MAX];
    bytes[0] = (uint8_t)letter;
    archive_put(bytes + 1, len, 4);
    memcpy(bytes + ARCHIVE_HEAD_BYTES, body, len);
    return put_bytes(f, bytes, ARCHIVE_HEAD_BYTES + len, err);
}

static gf_status put_rows(archive_file *f, gf_error *err)
{
    size_t used = f->used;
    f->used = ARCHIVE_HEAD_BYTES;
    if (used == ARCHIVE_HEAD_BYTES)
        return GF_OK;
    f->frame[0] = 'R';
    archive_put(f->frame + 1, used - ARCHIVE_HEAD_BYTES, 4);
    return put_bytes(f, f->frame, used, err);
}

/* Told by the row alone, so that behind a row that is new or gone the frames find back to what they were. */
static bool ends_frame(const char *row, size_t len)
{
    size_t turns = ARCHIVE_ROWS_BYTES_MEAN / len;
    uint64_t hash = gf_str_hash((gf_str){ row, len < HASHED_BYTES ? len : HASHED_BYTES });
    return turns <= 1 || (hash ^ hash >> 32) % turns == 0;
}

static gf_status take_row(archive_file *f, const char *row, size_t len, gf_error *err)
{
    gf_status status = f->used + len > ARCHIVE_ROWS_BYTES ? put_rows(f, err) : GF_OK;
    if (f->used + len > f->room) {
        uint8_t *larger = realloc(f->frame, f->used + len);
        if (!larger)
            return gf_fail_memory(err);
        f->frame = larger;
        f->room = f->used + len;
    }
    memcpy(f->frame + f->used, row, len);
    f->used += len;
    f->rows++;
    return status == GF_OK && f->used >= ARCHIVE_ROWS_BYTES_MIN && ends_frame(row, len) ? put_rows(f, err) : status;
}

/* ---- A table ---- */

/* What is still to come is not wanted: the server is told, and the line emptied. */
static void give_up(pg_store *pg)
{
    char words[256], *row;
    PGcancel *cancel = PQgetCancel(pg->conn);
    (void)PQcancel(cancel, words, sizeof words);  /* when it fails all rows come, and are dropped */
    PQfreeCancel(cancel);
    while (PQgetCopyData(pg->conn, &row, 0) > 0)
        PQfreemem(row);
    for (PGresult *rest; (rest = PQgetResult(pg->conn));)
        PQclear(rest);
}

/* How many rows the server says that it has sent; -1 and latched when it failed. */
static int64_t told_rows(gf_store *store)
{
    int64_t rows = -1;
    for (PGresult *result; (result = PQgetResult(pg_of(store)->conn));) {
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            rows = strtoll(PQcmdTuples(result), NULL, 10);
        else
            pg_latch(store, result);
        PQclear(result);
    }
    return store->failure.status == GF_OK ? rows : -1;
}

/* The first message begins with COPY's own head; the last is two bytes that say so. */
static gf_status take_rows(gf_store *store, archive_file *f, gf_error *err)
{
    pg_store *pg = pg_of(store);
    char *message;
    int len = 0;
    bool first = true, last = false;
    gf_status status = GF_OK;
    while (status == GF_OK && (len = PQgetCopyData(pg->conn, &message, 0)) > 0) {
        size_t skipped = first ? COPY_BEGIN_BYTES : 0, bytes = (size_t)len;
        if (last || bytes < skipped + 2 || (first && memcmp(message, COPY_BEGIN, COPY_BEGIN_BYTES) != 0))
            status = gf_fail(err, GF_EIO, "store.copy", "Use PostgreSQL 15 or newer.", "the server sends rows in a form that is not known");
        last = bytes == skipped + 2 && memcmp(message + skipped, "\377\377", 2) == 0;
        if (status == GF_OK && !last)
            status = take_row(f, message + skipped, bytes - skipped, err);
        first = false;
        PQfreemem(message);
    }
    if (status != GF_OK)
        give_up(pg);
    else if (len == -1 && !last)
        status = gf_fail(err, GF_EIO, "store.copy", "Try again.", "the server's rows have no end");
    return status;
}

static gf_status put_table_head(archive_file *f, const store_table *t, gf_arena *scratch, gf_error *err)
{
    gf_text text;
    gf_text_init(&text, scratch);
    gf_text_format(&text, "%.*s\n", GF_STR_ARG(t->name));
    for (size_t i = 0; i < t->count; i++)
        gf_text_format(&text, "%c %.*s\n", t->kinds[i], GF_STR_ARG(t->columns[i]));
    gf_status status = gf_text_done(&text, err);
    assert(gf_text_str(&text).len <= ARCHIVE_SMALL_BYTES_MAX);  /* 128 columns of 63 bytes */
    return status == GF_OK ? put_frame(f, 'T', gf_text_str(&text).data, gf_text_str(&text).len, err) : status;
}

static gf_status put_table(gf_store *store, archive_file *f, const store_table *t, gf_arena *scratch, gf_error *err)
{
    gf_text sql;
    uint8_t end[8];
    int64_t before = f->rows;
    gf_text_init(&sql, scratch);
    gf_text_add_c(&sql, "COPY ");
    store_form_add_names(t, &sql);
    gf_text_add_c(&sql, " TO STDOUT (FORMAT binary)");
    gf_status status = put_table_head(f, t, scratch, err);
    if (status != GF_OK)
        return status;
    PGresult *begun = PQexec(pg_of(store)->conn, gf_text_str(&sql).data);
    if (PQresultStatus(begun) != PGRES_COPY_OUT)
        pg_latch(store, begun);
    PQclear(begun);
    status = gf_store_ok(store, err);
    if (status == GF_OK)
        status = take_rows(store, f, err);
    int64_t told = status == GF_OK ? told_rows(store) : -1;
    if (status == GF_OK && told < 0)
        status = gf_store_ok(store, err);
    if (status == GF_OK && told != f->rows - before)
        status = gf_fail(err, GF_EIO, "store.copy", "Try again.", "the server has sent %lld rows of %.*s and says %lld", (long long)(f->rows - before), GF_STR_ARG(t->name), (long long)told);
    if (status == GF_OK)
        status = put_rows(f, err);
    archive_put(end, (uint64_t)(f->rows - before), 8);
    f->tables++;
    return status == GF_OK ? put_frame(f, 'E', end, sizeof end, err) : status;
}

/* ---- The whole ---- */

static gf_status put_all(gf_store *store, archive_file *f, gf_arena *keep, gf_error *err)
{
    uint8_t schema[4], end[ARCHIVE_END_BYTES];
    store_form *form = gf_new(keep, store_form, 1);
    gf_status status = form ? store_form_read(store, keep, form, err) : gf_fail_memory(err);
    archive_put(schema, (uint64_t)gf_store_schema_version(store), 4);
    pg_quiet(store);
    if (status == GF_OK)
        status = put_bytes(f, (const uint8_t *)ARCHIVE_MAGIC, ARCHIVE_MAGIC_BYTES, err);
    if (status == GF_OK)
        status = put_frame(f, 'S', schema, sizeof schema, err);
    for (size_t i = 0; status == GF_OK && i < form->count; i++)
        status = put_table(store, f, form->tables[i], keep, err);
    archive_put(end, (uint64_t)f->tables, 4);
    archive_put(end + 4, (uint64_t)f->rows, 8);
    if (status == GF_OK && !gf_hash_so_far(f->hash, end + 12))
        status = gf_fail_memory(err);
    if (status == GF_OK)
        status = put_frame(f, 'Z', end, sizeof end, err);
    return status == GF_OK && fsync(f->fd) != 0 ? fail_write(f, err) : status;
}

/* What was written and what was read back have one hash. */
static gf_status compare(archive_file *f, gf_store_copied *out, gf_error *err)
{
    uint8_t digest[GF_HASH_BYTES];
    char hex[GF_HASH_HEX_BYTES];
    if (f->status != GF_OK) {
        if (err)
            *err = f->err;
        return f->status;
    }
    if (!gf_hash_finish(f->hash, digest))
        return gf_fail_memory(err);
    gf_hex_format(digest, sizeof digest, hex);
    if (strcmp(hex, f->seen.sha256) != 0 || f->seen.bytes != f->bytes)
        return gf_fail(err, GF_EIO, "store.copy", "Look at the disk; no backup was made.", "the copy does not read back as it was written");
    *out = (gf_store_copied){ .archive = true, .bytes = f->bytes };
    memcpy(out->sha256, hex, sizeof hex);
    return GF_OK;
}

static gf_status write_and_prove(gf_store *store, archive_file *f, gf_store_copied *out, gf_error *err)
{
    pthread_t thread;
    gf_arena *keep = gf_arena_open(STORE_FORM_BYTES_MAX);
    f->frame = malloc(ARCHIVE_ROWS_BYTES);
    f->room = ARCHIVE_ROWS_BYTES;
    f->used = ARCHIVE_HEAD_BYTES;
    f->hash = gf_hash_open(GF_HASH_SHA256);
    bool ready = keep && f->frame && f->hash && gf_hash_start(f->hash);
    bool beside = ready && pthread_create(&thread, NULL, prove_beside, f) == 0;
    gf_status status = ready ? put_all(store, f, keep, err) : gf_fail_memory(err);
    (void)tell_stands(f, true);
    if (beside)
        (void)pthread_join(thread, NULL);
    else if (ready)
        (void)prove_beside(f);
    if (status == GF_OK)
        status = compare(f, out, err);
    gf_hash_close(f->hash);
    gf_arena_close(keep);
    free(f->frame);
    return status;
}

static gf_status archive_to(gf_store *store, archive_file *f, gf_store_copied *out, gf_error *err)
{
    f->fd = open(f->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (f->fd < 0 && errno == EEXIST)
        return gf_fail(err, GF_ECONFLICT, "store.copy", "Name a file that does not exist yet.", "%s is there already", f->path);
    if (f->fd < 0)
        return fail_write(f, err);
    (void)pthread_mutex_init(&f->lock, NULL);
    (void)pthread_cond_init(&f->grown, NULL);
    gf_status status = write_and_prove(store, f, out, err);
    (void)pthread_mutex_destroy(&f->lock);
    (void)pthread_cond_destroy(&f->grown);
    if (close(f->fd) != 0 && status == GF_OK)
        status = fail_write(f, err);
    if (status != GF_OK)
        (void)unlink(f->path);
    return status;
}

/* A table that is read while another reads it would begin in its middle: then the same rows came in another order. */
gf_status pg_archive(gf_store *store, gf_str path, gf_store_copied *out, gf_error *err)
{
    bool alone = !store->in_transaction;
    archive_file *f = calloc(1, sizeof *f);
    if (!f)
        return gf_fail_memory(err);
    (void)snprintf(f->path, sizeof f->path, "%.*s", GF_STR_ARG(path));
    gf_status status = alone ? gf_store_begin_read(store, err) : GF_OK;
    if (status == GF_OK)
        status = pg_exec(store, "SET LOCAL synchronize_seqscans = off", err);
    if (status == GF_OK)
        status = archive_to(store, f, out, err);
    if (alone && store->in_transaction)
        gf_store_rollback(store);
    free(f);
    return status;
}

/* ---- Back again ---- */

void pg_rows_begin(gf_store *store, gf_str names)
{
    pg_store *pg = pg_of(store);
    char sql[ARCHIVE_SMALL_BYTES_MAX + 64];
    pg_quiet(store);
    (void)snprintf(sql, sizeof sql, "COPY %.*s FROM STDIN (FORMAT binary)", GF_STR_ARG(names));
    PGresult *begun = store->failure.status == GF_OK ? PQexec(pg->conn, sql) : NULL;
    pg->copying_in = PQresultStatus(begun) == PGRES_COPY_IN && PQputCopyData(pg->conn, COPY_BEGIN, COPY_BEGIN_BYTES) == 1;
    if (!pg->copying_in)
        pg_latch(store, begun);
    PQclear(begun);
}

/* The line takes no more than a whole number of bytes at once. */
void pg_rows_add(gf_store *store, gf_str rows)
{
    pg_store *pg = pg_of(store);
    if (pg->copying_in && PQputCopyData(pg->conn, rows.data, (int)rows.len) != 1)
        pg_latch(store, NULL);
    pg->copied_bytes += rows.len;
}

void pg_rows_end(gf_store *store)
{
    pg_store *pg = pg_of(store);
    if (!pg->copying_in)
        return;
    pg->copying_in = false;
    if (PQputCopyData(pg->conn, "\377\377", 2) != 1 || PQputCopyEnd(pg->conn, NULL) != 1)
        pg_latch(store, NULL);
    (void)told_rows(store);
}
