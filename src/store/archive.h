/* store/archive.h - inside the room only: an archive of rows, as it is written and read.
 *
 *   gongfu rows 1\n
 *   S  4 bytes: the schema
 *   T  a table: its name, then a line for each column: its kind (i, t, b), a space, its name
 *   R  whole rows of it, as PostgreSQL's COPY ... (FORMAT binary) writes them: 2 bytes how many cells, for each 4 bytes its length (-1: NULL) and its bytes
 *   E  8 bytes: how many rows the table had
 *   Z  4 bytes how many tables, 8 how many rows, 32 SHA-256 of everything in front of this frame; nothing stands behind it
 *
 * Each frame begins with its letter and 4 bytes: how many follow. All numbers are big-endian. Tables come in the order of their names. No length is
 * trusted: room grows with the bytes that have come. Where a frame of rows ends is decided by the rows themselves, so that rows that have not
 * changed stand in frames that have not.
 */
#pragma once
#include "store/form.h"
#include "store/gf_store_archive.h"

#define ARCHIVE_MAGIC "gongfu rows 1\n"
enum { ARCHIVE_MAGIC_BYTES = sizeof ARCHIVE_MAGIC - 1, ARCHIVE_HEAD_BYTES = 5, ARCHIVE_SMALL_BYTES_MAX = 1 << 14, ARCHIVE_END_BYTES = 12 + GF_HASH_BYTES };
enum { ARCHIVE_ROWS_BYTES_MIN = 64 << 10, ARCHIVE_ROWS_BYTES_MEAN = 96 << 10, ARCHIVE_ROWS_BYTES = 256 << 10 };   /* of a frame with more rows than one */

static inline void archive_put(uint8_t *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

static inline uint64_t archive_take(const uint8_t *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* At most `room` bytes; 0 at the end, -1 when it cannot be read. */
typedef ptrdiff_t archive_source(void *context, uint8_t *bytes, size_t room);

/* What a reader tells as it goes; each may be NULL. What is borrowed lasts for the call, a table until its end. */
typedef struct archive_sink {
    void *context;
    gf_status (*schema)(void *context, int schema, gf_error *err);
    gf_status (*table)(void *context, const store_table *table, gf_error *err);
    gf_status (*rows)(void *context, const store_table *table, gf_str rows, gf_error *err);   /* whole ones, of the shape that the table has */
    gf_status (*end)(void *context, const store_table *table, gf_error *err);
} archive_sink;

/* Reads it from its first byte to its last, proving all of it on the way: *out is written on GF_OK.
 * GF_EINPUT it is none, or damaged · GF_EIO it cannot be read · GF_ENOMEM · what a sink returns. */
gf_status archive_read(archive_source *source, void *source_context, const archive_sink *sink, gf_store_archived *out, gf_error *err);

/* The cells of a row that the reader has handed out, one by one: *at moves behind the cell. len -1: NULL. */
typedef struct archive_cell { const char *data; int32_t len; } archive_cell;
static inline archive_cell archive_next_cell(const uint8_t **at)
{
    int32_t len = (int32_t)(uint32_t)archive_take(*at, 4);
    archive_cell cell = { (const char *)*at + 4, len };
    *at += 4 + (len > 0 ? len : 0);
    return cell;
}
