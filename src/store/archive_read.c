/* One pass over a buffer that holds whole frames. It is filled from the source, and doubled only when it is full of bytes that have come: a length that
 * lies costs nothing. Rows are walked cell by cell, numbers by their length, text by its characters: what is handed out is of the shape that the
 * table says, and copying it needs no further look.
 */
#include "store/archive.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST = 1 << 16, NAME_MAX = 63, FRAME_BYTES_MAX = 1 << 30 };

typedef struct reader {
    archive_source *source;
    void       *context;
    const archive_sink *sink;
    uint8_t    *buffer;
    size_t      room, start, end;     /* [start, end) has come and was not taken */
    gf_hash    *hash;
    int64_t     taken;                /* bytes of the archive */
    gf_arena   *keep;                 /* the table at hand and the name before it */
    gf_mark     empty;
    store_table table;
    char        last[NAME_MAX + 1];
    bool        in_table, has_schema;
    int64_t     table_rows;
    gf_store_archived seen;
    gf_error   *err;
} reader;

/* ---- Sentences ---- */

static gf_status damaged(const reader *r, const char *what)
{
    bool in = r->in_table && r->table.name.len;
    return gf_fail(r->err, GF_EINPUT, "archive.damaged", "Take another backup.", "the archive is damaged at byte %lld%s%.*s: %s", (long long)r->taken, in ? ", in table " : "", in ? (int)r->table.name.len : 0,
                   in ? r->table.name.data : "", what);
}

/* ---- Bytes ---- */

static gf_status make_room(reader *r)
{
    if (r->end < r->room)
        return GF_OK;
    if (r->start) {
        memmove(r->buffer, r->buffer + r->start, r->end - r->start);
        r->end -= r->start;
        r->start = 0;
        return GF_OK;
    }
    size_t room = r->room ? r->room * 2 : BUFFER_FIRST;
    uint8_t *larger = realloc(r->buffer, room);
    if (!larger)
        return gf_fail_memory(r->err);
    r->buffer = larger;
    r->room = room;
    return GF_OK;
}

/* `count` bytes stand together from r->start on; *whole is false when the archive ends before. */
static gf_status need(reader *r, size_t count, bool *whole)
{
    while (r->end - r->start < count) {
        gf_status status = make_room(r);
        if (status != GF_OK)
            return status;
        ptrdiff_t got = r->source(r->context, r->buffer + r->end, r->room - r->end);
        if (got < 0)
            return gf_fail(r->err, GF_EIO, "archive.read", "Look at the disk.", "the archive cannot be read at byte %lld", (long long)r->taken + (long long)(r->end - r->start));
        if (got == 0)
            break;
        r->end += (size_t)got;
    }
    *whole = r->end - r->start >= count;
    return GF_OK;
}

/* What was looked at is behind us, and in the hash. */
static gf_status pass(reader *r, size_t count)
{
    bool ok = gf_hash_add(r->hash, r->buffer + r->start, count);
    r->start += count;
    r->taken += (int64_t)count;
    return ok ? GF_OK : gf_fail(r->err, GF_EIO, "archive.hash", "", "the hash cannot be taken");
}

/* ---- Rows ---- */

/* Most text has no byte above 127: eight are looked at together. Zero bytes are in no text of ours. */
static bool is_text(const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    for (uint64_t word; at + 8 <= len; at += 8) {
        memcpy(&word, bytes + at, 8);
        if ((word | (word - 0x0101010101010101u)) & 0x8080808080808080u)
            break;
    }
    const gf_str rest = { (const char *)bytes + at, len - at };
    return gf_utf8_valid(rest, NULL) && (rest.len == 0 || !memchr(rest.data, 0, rest.len));
}

static const char *cell_fault(char kind, const uint8_t *bytes, int64_t len)
{
    if (kind == 'i' && len != 8)
        return "a number of a length that numbers do not have";
    if (kind == 't' && !is_text(bytes, (size_t)len))
        return "text that is not UTF-8";
    return NULL;
}

/* NULL: rows of the table's shape, *count of them, and nothing else. */
static const char *rows_fault(const store_table *t, const uint8_t *at, size_t left, int64_t *count)
{
    for (*count = 0; left; ++*count) {
        if (left < 2 || archive_take(at, 2) != t->count)
            return "a row with another number of cells than its table";
        at += 2;
        left -= 2;
        for (size_t i = 0; i < t->count; i++) {
            int64_t len = left < 4 ? -2 : (int32_t)(uint32_t)archive_take(at, 4);
            if (len < -1 || len > (int64_t)left - 4)
                return "a cell that does not fit in its row";
            const char *fault = len < 0 ? NULL : cell_fault(t->kinds[i], at + 4, len);
            if (fault)
                return fault;
            size_t bytes = 4 + (size_t)(len > 0 ? len : 0);
            at += bytes;
            left -= bytes;
        }
    }
    return NULL;
}

/* ---- Frames ---- */

static bool is_name(gf_str name)
{
    bool fits = name.len > 0 && name.len <= NAME_MAX;
    for (size_t i = 0; fits && i < name.len; i++)
        fits = (name.data[i] >= 'a' && name.data[i] <= 'z') || (name.data[i] >= '0' && name.data[i] <= '9') || name.data[i] == '_';
    return fits;
}

static gf_status take_schema(reader *r, gf_str body)
{
    if (r->has_schema || body.len != 4)
        return damaged(r, "the schema is not where it belongs");
    uint64_t schema = archive_take((const uint8_t *)body.data, 4);
    if (schema < 1 || schema > 1000000)
        return damaged(r, "its schema has no number");
    r->has_schema = true;
    r->seen.schema = (int)schema;
    return r->sink->schema ? r->sink->schema(r->sink->context, r->seen.schema, r->err) : GF_OK;
}

static bool take_columns(reader *r, gf_str rest)
{
    gf_str line;
    while (rest.len && gf_str_cut(&rest, '\n', &line)) {
        bool fits = r->table.count < STORE_COLUMNS_MAX && line.len > 2 && (line.data[0] == 'i' || line.data[0] == 't' || line.data[0] == 'b') && line.data[1] == ' ' &&
                    is_name(gf_str_slice(line, 2, line.len));
        if (!fits)
            return false;
        r->table.kinds[r->table.count] = line.data[0];
        r->table.columns[r->table.count++] = gf_str_copy(r->keep, gf_str_slice(line, 2, line.len));
    }
    return r->table.count > 0;
}

static gf_status take_table(reader *r, gf_str body)
{
    gf_str name = { "", 0 };
    if (!r->has_schema || r->in_table || body.len > ARCHIVE_SMALL_BYTES_MAX)
        return damaged(r, "a table is not where it belongs");
    gf_arena_rewind(r->keep, r->empty);
    r->table = (store_table){ .count = 0 };
    if (!gf_str_cut(&body, '\n', &name) || !is_name(name) || !take_columns(r, body))
        return damaged(r, "a table's name or columns cannot be read");
    r->table.name = gf_str_copy(r->keep, name);
    if (r->seen.tables >= STORE_TABLES_MAX || gf_str_cmp(gf_str_of(r->last), r->table.name) >= 0)
        return damaged(r, "a table is not in the order of names");
    (void)snprintf(r->last, sizeof r->last, "%.*s", GF_STR_ARG(name));
    r->in_table = true;
    r->table_rows = 0;
    r->seen.tables++;
    return r->sink->table ? r->sink->table(r->sink->context, &r->table, r->err) : GF_OK;
}

static gf_status take_rows(reader *r, gf_str body)
{
    int64_t count;
    if (!r->in_table || body.len == 0)
        return damaged(r, "rows are not where they belong");
    const char *fault = rows_fault(&r->table, (const uint8_t *)body.data, body.len, &count);
    if (fault)
        return damaged(r, fault);
    r->table_rows += count;
    return r->sink->rows ? r->sink->rows(r->sink->context, &r->table, body, r->err) : GF_OK;
}

static gf_status take_end(reader *r, gf_str body)
{
    if (!r->in_table || body.len != 8 || archive_take((const uint8_t *)body.data, 8) != (uint64_t)r->table_rows)
        return damaged(r, "a table does not have as many rows as it says");
    gf_status status = r->sink->end ? r->sink->end(r->sink->context, &r->table, r->err) : GF_OK;
    r->in_table = false;
    r->seen.rows += r->table_rows;
    return status;
}

/* `own` is the hash of what stands in front. */
static gf_status take_trailer(reader *r, gf_str body, const uint8_t own[GF_HASH_BYTES])
{
    const uint8_t *at = (const uint8_t *)body.data;
    if (!r->has_schema || r->in_table || body.len != ARCHIVE_END_BYTES)
        return damaged(r, "its end is not where it belongs");
    if (archive_take(at, 4) != (uint64_t)r->seen.tables || archive_take(at + 4, 8) != (uint64_t)r->seen.rows)
        return damaged(r, "it does not hold as many tables or rows as it says");
    if (memcmp(at + 12, own, GF_HASH_BYTES) != 0)
        return damaged(r, "it does not have the hash that it says");
    return GF_OK;
}

static gf_status take_frame(reader *r, char letter, gf_str body, const uint8_t own[GF_HASH_BYTES])
{
    switch (letter) {
    case 'S': return take_schema(r, body);
    case 'T': return take_table(r, body);
    case 'R': return take_rows(r, body);
    case 'E': return take_end(r, body);
    case 'Z': return take_trailer(r, body, own);
    default: return damaged(r, "a frame of no known kind");
    }
}

static gf_status read_frame(reader *r, bool *last)
{
    bool whole;
    uint8_t own[GF_HASH_BYTES] = { 0 };
    gf_status status = need(r, ARCHIVE_HEAD_BYTES, &whole);
    if (status == GF_OK && !whole)
        return damaged(r, "it ends too early");
    if (status != GF_OK)
        return status;
    char letter = (char)r->buffer[r->start];
    uint64_t len = archive_take(r->buffer + r->start + 1, 4);
    *last = letter == 'Z';
    if (len > (letter == 'R' ? FRAME_BYTES_MAX : ARCHIVE_SMALL_BYTES_MAX))
        return damaged(r, "a frame is longer than any can be");
    if (*last && !gf_hash_so_far(r->hash, own))
        return gf_fail(r->err, GF_EIO, "archive.hash", "", "the hash cannot be taken");
    status = need(r, ARCHIVE_HEAD_BYTES + (size_t)len, &whole);
    if (status == GF_OK && !whole)
        return damaged(r, "it ends too early");
    if (status == GF_OK)
        status = take_frame(r, letter, (gf_str){ (const char *)r->buffer + r->start + ARCHIVE_HEAD_BYTES, (size_t)len }, own);
    return status == GF_OK ? pass(r, ARCHIVE_HEAD_BYTES + (size_t)len) : status;
}

static gf_status read_magic(reader *r)
{
    bool whole;
    gf_status status = need(r, ARCHIVE_MAGIC_BYTES, &whole);
    if (status != GF_OK)
        return status;
    if (!whole || memcmp(r->buffer + r->start, ARCHIVE_MAGIC, ARCHIVE_MAGIC_BYTES) != 0)
        return gf_fail(r->err, GF_EINPUT, "archive.form", "Name a backup made by gongfu.", "it is no archive of rows that this program knows");
    return pass(r, ARCHIVE_MAGIC_BYTES);
}

static gf_status read_all(reader *r)
{
    bool last = false, more;
    uint8_t digest[GF_HASH_BYTES];
    gf_status status = read_magic(r);
    while (status == GF_OK && !last)
        status = read_frame(r, &last);
    if (status == GF_OK)
        status = need(r, 1, &more);
    if (status == GF_OK && more)
        return damaged(r, "something stands behind its end");
    if (status == GF_OK && !gf_hash_finish(r->hash, digest))
        return gf_fail(r->err, GF_EIO, "archive.hash", "", "the hash cannot be taken");
    if (status == GF_OK)
        gf_hex_format(digest, sizeof digest, r->seen.sha256);
    r->seen.bytes = r->taken;
    return status;
}

gf_status archive_read(archive_source *source, void *source_context, const archive_sink *sink, gf_store_archived *out, gf_error *err)
{
    reader *r = calloc(1, sizeof *r);
    if (!r)
        return gf_fail_memory(err);
    *r = (reader){ .source = source, .context = source_context, .sink = sink, .hash = gf_hash_open(GF_HASH_SHA256), .keep = gf_arena_open(GF_MIB), .err = err };
    if (r->keep)
        r->empty = gf_arena_mark(r->keep);
    gf_status status = r->hash && r->keep && gf_hash_start(r->hash) ? read_all(r) : gf_fail_memory(err);
    if (status == GF_OK)
        *out = r->seen;
    gf_hash_close(r->hash);
    gf_arena_close(r->keep);
    free(r->buffer);
    free(r);
    return status;
}
