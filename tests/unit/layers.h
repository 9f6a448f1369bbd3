/* tests/unit/layers.h - files of layers, written byte by byte for the readers. */
#pragma once
#include "file/gf_file.h"

#include <sqlite3.h>
#include <string.h>

typedef struct bytes { char data[1 << 16]; size_t len; } bytes;

static inline void put(bytes *b, const void *from, size_t len)
{
    memcpy(b->data + b->len, from, len);
    b->len += len;
}
static inline void put_number(bytes *b, uint64_t value, size_t len, bool big)
{
    for (size_t i = 0; i < len; i++)
        b->data[b->len++] = (char)(value >> 8 * (big ? len - 1 - i : i));
}
static inline void put_double(bytes *b, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_number(b, bits, 8, false);
}
static inline gf_str bytes_str(const bytes *b) { return (gf_str){ b->data, b->len }; }

/* Head of a .shp; `shp_close` writes the length it has by then. */
static inline void shp_open(bytes *b)
{
    memset(b->data, 0, 100);
    b->len = 0;
    put_number(b, 9994, 4, true);
    b->len = 28;
    put_number(b, 1000, 4, false);
    put_number(b, 5, 4, false);
    b->len = 100;
}
static inline void shp_close(bytes *b)
{
    size_t len = b->len;
    b->len = 24;
    put_number(b, len / 2, 4, true);
    b->len = len;
}
static inline void shp_ring(bytes *b, uint32_t number, const double (*xy)[2], uint32_t count)
{
    put_number(b, number, 4, true);
    put_number(b, (44 + 4 + 16 * count) / 2, 4, true);
    put_number(b, 5, 4, false);
    for (int i = 0; i < 4; i++)
        put_double(b, 0);
    put_number(b, 1, 4, false);
    put_number(b, count, 4, false);
    put_number(b, 0, 4, false);
    for (uint32_t i = 0; i < count; i++) {
        put_double(b, xy[i][0]);
        put_double(b, xy[i][1]);
    }
}

/* A .dbf of text fields of 20 bytes; `cells` row by row, NULL marks a row as deleted by its first cell. */
static inline void dbf_make(bytes *b, const char *const *fields, uint32_t field_count, const char *const *cells, uint32_t rows)
{
    b->len = 0;
    put_number(b, 3, 1, false);
    put(b, "\x1A\x01\x01", 3);
    put_number(b, rows, 4, false);
    put_number(b, 32 + 32 * field_count + 1, 2, false);
    put_number(b, 1 + 20 * field_count, 2, false);
    put(b, (const char[20]){ 0 }, 20);
    for (uint32_t i = 0; i < field_count; i++) {
        char head[32] = { 0 };
        strncpy(head, fields[i], 10);
        head[11] = 'C';
        head[16] = 20;
        put(b, head, 32);
    }
    put(b, "\r", 1);
    for (uint32_t r = 0; r < rows; r++) {
        put(b, cells[r * field_count] ? " " : "*", 1);
        for (uint32_t i = 0; i < field_count; i++) {
            char cell[20];
            const char *text = cells[r * field_count + i] ? cells[r * field_count + i] : "";
            memset(cell, ' ', sizeof cell);
            memcpy(cell, text, strlen(text) < 20 ? strlen(text) : 20);
            put(b, cell, 20);
        }
    }
}

/* A GeoPackage in memory: `sql` fills it; sqlite3_free() the bytes. */
static inline gf_str gpkg_make(const char *sql)
{
    static const char SCHEMA[] =
        "CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);"
        "CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);"
        "INSERT INTO gpkg_spatial_ref_sys VALUES('zone 40', 4528, 'EPSG', 4528, ''), ('own', 100001, 'NONE', 0, 'PROJCS[\"Xian_1980_3_Degree_GK_Zone_40\"]');";
    sqlite3 *db = NULL;
    sqlite3_int64 len = 0;
    char *why = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, SCHEMA, NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    unsigned char *data = sqlite3_serialize(db, "main", &len, 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return (gf_str){ (char *)data, (size_t)len };
}
