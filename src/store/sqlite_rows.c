/* SQLite's own integrity check passes over some bytes of a row: the key of a table with INTEGER PRIMARY KEY is the
 * row's number, so its column is stored as NULL and never looked at. Somebody may write another type without length
 * there (8, 9, 12, 13 ...) and no query, no check and no hash would tell. This walk does.
 *
 * Format: sqlite.org/fileformat2.html, sections 1.5 (b-tree pages), 1.6 (overflow) and 2.1 (records). Only the header
 * of a record is read here; what its values are is for the hashes above. One read for each page, no memory beyond one
 * page for each level of the tree: 5 million rows take about half a second from a warm cache.
 */
#include "store/sqlite_rows.h"

#include <stdlib.h>

enum {
    FILE_HEADER_BYTES = 100,
    PAGE_BYTES_MAX = 65536,
    LEVELS_MAX = 20,             /* SQLite's own bound on the depth of a tree */
    PAGE_TABLE_INTERIOR = 5,
    PAGE_TABLE_LEAF = 13,
};

typedef struct walk {
    const sqlite_bytes *file;
    const sqlite_table *table;
    sqlite_row_fn      *odd;
    void               *context;
    uint32_t            page_bytes, page_count;
    uint64_t            pages_left;  /* a doctored tree may turn in circles: no page is met twice in a sound one */
    bool                failed;
} walk;

static uint32_t big2(const uint8_t *p) { return (uint32_t)p[0] << 8 | p[1]; }
static uint32_t big4(const uint8_t *p) { return big2(p) << 16 | big2(p + 2); }

/* A number of 1 to 9 bytes; the place behind it, or NULL when it runs over `end`. */
static const uint8_t *read_varint(const uint8_t *p, const uint8_t *end, uint64_t *out)
{
    uint64_t value = 0;
    for (int i = 0; i < 9 && p < end; i++, p++) {
        if (i == 8) {
            *out = value << 8 | *p;
            return p + 1;
        }
        value = value << 7 | (*p & 0x7F);
        if (*p < 0x80) {
            *out = value;
            return p + 1;
        }
    }
    return NULL;
}

static uint64_t type_bytes(uint64_t type)
{
    static const uint8_t SIZES[12] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };
    return type < 12 ? SIZES[type] : (type - 12) / 2;
}

/* What is odd about a record, or NULL. `local` bytes of its `payload` stand on this page; a header always does. */
static const char *judge_record(const sqlite_table *table, const uint8_t *record, size_t local, uint64_t payload)
{
    uint64_t header_bytes, type, body_bytes = 0;
    const uint8_t *at = read_varint(record, record + local, &header_bytes);
    if (!at || header_bytes > local)
        return "its header runs over the page";
    const uint8_t *end = record + header_bytes;
    uint32_t column = 0;
    for (; at && at < end; column++) {
        at = read_varint(at, end, &type);
        if (!at)
            return "its header is cut off";
        if (column == table->key_column && type != 0)
            return "the place of its key, which no query reads, is not empty";
        if (type == 10 || type == 11)
            return "a column has a type that is not in use";
        body_bytes += type_bytes(type);
    }
    /* Fewer are sound: a column that a later schema added is not in older rows. */
    if (column > table->column_count)
        return "it has more columns than its table";
    return body_bytes + header_bytes == payload ? NULL : "it is longer or shorter than its columns";
}

/* How much of a payload stands on its page: fileformat2, section 1.6. */
static uint64_t local_bytes(uint64_t payload, uint64_t page_bytes)
{
    uint64_t most = page_bytes - 35, least = (page_bytes - 12) * 32 / 255 - 23;
    if (payload <= most)
        return payload;
    uint64_t kept = least + (payload - least) % (page_bytes - 4);
    return kept <= most ? kept : least;
}

static void judge_cell(const walk *w, uint32_t page, const uint8_t *cell, const uint8_t *end)
{
    uint64_t payload = 0, row = 0;
    const uint8_t *at = read_varint(cell, end, &payload);
    at = at ? read_varint(at, end, &row) : NULL;
    uint64_t local = local_bytes(payload, w->page_bytes);
    const char *what = "it runs over the page";
    if (at && local <= (uint64_t)(end - at))
        what = judge_record(w->table, at, (size_t)local, payload);
    if (what)
        w->odd(w->context, w->table, page, (int64_t)row, what);
}

static void walk_page(walk *w, uint32_t page, int level)
{
    if (w->failed || page == 0 || page > w->page_count || level == LEVELS_MAX || w->pages_left == 0)
        return;
    w->pages_left--;
    uint8_t *bytes = malloc(w->page_bytes);
    w->failed = !bytes || !w->file->read(w->file->context, bytes, w->page_bytes, (uint64_t)(page - 1) * w->page_bytes);
    const uint8_t *end = bytes + w->page_bytes, *head = bytes + (page == 1 ? FILE_HEADER_BYTES : 0);
    bool leaf = !w->failed && head[0] == PAGE_TABLE_LEAF, interior = !w->failed && head[0] == PAGE_TABLE_INTERIOR;
    uint32_t cells = leaf || interior ? big2(head + 3) : 0;
    const uint8_t *pointers = head + (leaf ? 8 : 12);
    for (uint32_t i = 0; i < cells && pointers + 2 <= end; i++, pointers += 2) {
        uint32_t at = big2(pointers);
        if (leaf && at < w->page_bytes)
            judge_cell(w, page, bytes + at, end);
        else if (interior && at + 4 <= w->page_bytes)
            walk_page(w, big4(bytes + at), level + 1);
    }
    if (interior)
        walk_page(w, big4(head + 8), level + 1);
    free(bytes);
}

bool sqlite_rows_walk(const sqlite_bytes *file, const sqlite_table *table, sqlite_row_fn *odd, void *context)
{
    uint8_t header[FILE_HEADER_BYTES];
    if (file->size < FILE_HEADER_BYTES || !file->read(file->context, header, sizeof header, 0))
        return false;
    uint32_t page_bytes = big2(header + 16) == 1 ? PAGE_BYTES_MAX : big2(header + 16);
    if (page_bytes < 512 || (page_bytes & (page_bytes - 1)) || header[20] != 0)
        return false;  /* gongfu reserves no bytes at the end of a page */
    walk w = { .file = file, .table = table, .odd = odd, .context = context, .page_bytes = page_bytes,
               .page_count = (uint32_t)(file->size / page_bytes) };
    w.pages_left = w.page_count;
    walk_page(&w, table->root, 0);
    return !w.failed;
}
