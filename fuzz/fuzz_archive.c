/* Archives of rows: any bytes, read in pieces. What the reader hands out can be walked cell by cell and ends where its rows end; an archive that is
 * whole is so again. A trailer's hash is set right first, or nothing that was changed would ever be whole.
 */
#include "store/archive.h"

#include <stdlib.h>
#include <string.h>

typedef struct source { const uint8_t *bytes; size_t left, piece; } source;
typedef struct walked { int64_t tables, rows; bool open; } walked;

static ptrdiff_t read_piece(void *context, uint8_t *bytes, size_t room)
{
    source *s = context;
    size_t len = s->left < s->piece ? s->left : s->piece;
    len = len < room ? len : room;
    memcpy(bytes, s->bytes, len);
    s->bytes += len;
    s->left -= len;
    return (ptrdiff_t)len;
}

static gf_status open_table(void *context, const store_table *table, gf_error *err)
{
    (void)err;
    walked *w = context;
    if (w->open || table->count == 0 || table->name.len == 0)
        abort();
    w->open = true;
    w->tables++;
    return GF_OK;
}

static gf_status walk_rows(void *context, const store_table *table, gf_str rows, gf_error *err)
{
    (void)err;
    walked *w = context;
    const uint8_t *at = (const uint8_t *)rows.data, *end = at + rows.len;
    for (; at < end; w->rows++) {
        at += 2;
        for (size_t i = 0; i < table->count; i++) {
            archive_cell cell = archive_next_cell(&at);
            if (cell.len >= 0 && table->kinds[i] == 't' && (!gf_utf8_valid((gf_str){ cell.data, (size_t)cell.len }, NULL) || (cell.len && memchr(cell.data, 0, (size_t)cell.len))))
                abort();
            if (cell.len >= 0 && table->kinds[i] == 'i' && cell.len != 8)
                abort();
        }
    }
    if (at != end)
        abort();
    return GF_OK;
}

static gf_status close_table(void *context, const store_table *table, gf_error *err)
{
    (void)table;
    (void)err;
    ((walked *)context)->open = false;
    return GF_OK;
}

static bool read_bytes(const uint8_t *bytes, size_t len, size_t piece, gf_store_archived *out)
{
    source s = { bytes, len, piece };
    walked w = { .tables = 0 };
    const archive_sink sink = { .context = &w, .table = open_table, .rows = walk_rows, .end = close_table };
    gf_error err;
    bool whole = archive_read(read_piece, &s, &sink, out, &err) == GF_OK;
    if (whole && (w.open || w.tables != out->tables || w.rows != out->rows || out->bytes != (int64_t)len))
        abort();
    return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    enum { END = ARCHIVE_HEAD_BYTES + ARCHIVE_END_BYTES };
    gf_store_archived one, two;
    uint8_t *copy = malloc(len + 1);
    memcpy(copy, bytes, len);
    if (len > END && copy[len - END] == 'Z')
        (void)gf_hash_bytes(GF_HASH_SHA256, copy, len - END, copy + len - GF_HASH_BYTES);
    if (read_bytes(copy, len, 1 << 20, &one) != read_bytes(copy, len, 7, &two))
        abort();
    free(copy);
    return 0;
}
