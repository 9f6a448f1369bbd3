/* GeoPackage (OGC 12-128): a SQLite file, opened from memory, read-only. It is a stranger's database: its schema may not run
 * anything, only tables are asked, and every question has a bound on its steps. */
#include "file/layer_inside.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { SQLITE_HEAD = 100, STEPS_MAX = 2000, STEP_SIZE = 1000000 };   /* two thousand million steps of SQLite's machine in all */

typedef struct gpkg {
    layer_build   build;
    sqlite3      *db;
    unsigned char *copy;
    gf_str        table, column;
    int64_t       srs;
    int           epsg, steps;
} gpkg;

static int count_steps(void *context)
{
    gpkg *g = context;
    return ++g->steps > STEPS_MAX;
}

static gf_status fail_sqlite(gpkg *g, gf_error *err)
{
    char what[160];
    (void)snprintf(what, sizeof what, "the GeoPackage cannot be read: %.120s", sqlite3_errmsg(g->db));
    return layer_damaged(err, what);
}

static gf_str text_of(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return (gf_str){ text, text ? (size_t)sqlite3_column_bytes(row, column) : 0 };
}

static gf_status prepare(gpkg *g, const char *sql, gf_str argument, sqlite3_stmt **out, gf_error *err)
{
    if (sqlite3_prepare_v2(g->db, sql, -1, out, NULL) != SQLITE_OK)
        return fail_sqlite(g, err);
    if (argument.data && sqlite3_bind_text(*out, 1, argument.data, (int)argument.len, SQLITE_STATIC) != SQLITE_OK)
        return fail_sqlite(g, err);
    return GF_OK;
}

/* ---- Opening ---- */

/* A file that was last written in WAL mode cannot be opened from memory: its two version bytes are set back in a copy. */
static gf_status open_db(gpkg *g, gf_str bytes, gf_error *err)
{
    if (bytes.len == 0)
        return layer_damaged(err, "the file is empty");
    if (bytes.len < SQLITE_HEAD || memcmp(bytes.data, "SQLite format 3", 16) != 0)
        return layer_damaged(err, "the file is no GeoPackage");
    g->copy = sqlite3_malloc64(bytes.len);
    if (!g->copy)
        return gf_fail_memory(err);
    memcpy(g->copy, bytes.data, bytes.len);
    g->copy[18] = g->copy[19] = 1;
    if (sqlite3_open_v2(":memory:", &g->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return fail_sqlite(g, err);
    (void)sqlite3_db_config(g->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(g->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(g->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_db_config(g->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_progress_handler(g->db, STEP_SIZE, count_steps, g);
    if (sqlite3_deserialize(g->db, "main", g->copy, (sqlite3_int64)bytes.len, (sqlite3_int64)bytes.len, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
        return fail_sqlite(g, err);
    return GF_OK;
}

/* ---- Which table, which system ---- */

static gf_status choose_table(gpkg *g, gf_error *err)
{
    static const char SQL[] = "SELECT c.table_name, c.column_name, c.srs_id FROM gpkg_geometry_columns c"
                              " JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'"
                              " ORDER BY c.table_name";
    sqlite3_stmt *row = NULL;
    gf_text names;
    size_t count = 0;
    gf_str wanted = g->build.options->table;
    gf_text_init(&names, g->build.keep);
    gf_status status = prepare(g, SQL, (gf_str){ NULL, 0 }, &row, err);
    int step = SQLITE_DONE;
    while (status == GF_OK && (step = sqlite3_step(row)) == SQLITE_ROW) {
        gf_str name = text_of(row, 0);
        gf_text_format(&names, "%s%.*s", names.len ? ", " : "", GF_STR_ARG(name));
        if (wanted.len && !gf_str_eq(wanted, name))
            continue;
        count++;
        g->table = gf_str_copy(g->build.keep, name);
        g->column = gf_str_copy(g->build.keep, text_of(row, 1));
        g->srs = sqlite3_column_int64(row, 2);
    }
    if (status == GF_OK && step != SQLITE_DONE)
        status = fail_sqlite(g, err);
    (void)sqlite3_finalize(row);
    if (status == GF_OK)
        status = gf_text_done(&names, err);
    if (status == GF_OK && count == 1 && !(g->table.data && g->column.data))
        status = gf_fail_memory(err);
    if (status == GF_OK && count != 1)
        status = gf_fail(err, GF_EINPUT, "layer.table", "Name one of them with --table.", "the GeoPackage holds %s: %.120s",
                         names.len ? "several layers" : "no layer", names.len ? gf_text_str(&names).data : "none");
    return status;
}

static gf_status find_system(gpkg *g, gf_error *err)
{
    static const char SQL[] = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    sqlite3_stmt *row = NULL;
    gf_status status = g->srs > 0 && !g->build.options->epsg ? prepare(g, SQL, (gf_str){ NULL, 0 }, &row, err) : GF_OK;
    if (status == GF_OK && row && sqlite3_bind_int64(row, 1, g->srs) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(row, 1);
        gf_str organization = text_of(row, 0);
        if (organization.len == 4 && sqlite3_strnicmp(organization.data, "EPSG", 4) == 0 && number > 0 && number <= 999999)
            g->epsg = (int)number;
        else
            status = layer_epsg_of_wkt(text_of(row, 2), &g->epsg, err);
    }
    (void)sqlite3_finalize(row);
    return status;
}

/* ---- Rows ---- */

static gf_status read_row(gpkg *g, sqlite3_stmt *row, int shape, const size_t *fields, gf_error *err)
{
    if (sqlite3_column_type(row, shape) != SQLITE_BLOB && sqlite3_column_type(row, shape) != SQLITE_NULL)
        return layer_damaged(err, "a shape is not in GeoPackage form");
    gf_str bytes = { sqlite3_column_blob(row, shape), (size_t)sqlite3_column_bytes(row, shape) };
    gf_status status = layer_wkb(&g->build, bytes, err);
    for (int i = 0; status == GF_OK && i < sqlite3_column_count(row); i++) {
        int type = sqlite3_column_type(row, i);
        if (i == shape || type == SQLITE_NULL || type == SQLITE_BLOB)
            continue;
        gf_str value = text_of(row, i);
        status = gf_utf8_valid(value, NULL) ? layer_value(&g->build, fields[i], value, err)
                                            : gf_fail(err, GF_EINPUT, "layer.text", "", "text of the layer is not UTF-8");
    }
    return status;
}

static gf_status name_columns(gpkg *g, sqlite3_stmt *row, size_t *fields, int *shape, gf_error *err)
{
    gf_status status = GF_OK;
    *shape = -1;
    for (int i = 0; status == GF_OK && i < sqlite3_column_count(row); i++) {
        gf_str name = gf_str_of(sqlite3_column_name(row, i));
        if (name.len == g->column.len && sqlite3_strnicmp(name.data, g->column.data, (int)name.len) == 0)
            *shape = i;
        else
            status = gf_utf8_valid(name, NULL) ? layer_field(&g->build, name, &fields[i], err) : layer_damaged(err, "a field's name is not UTF-8");
    }
    return status == GF_OK && *shape < 0 ? layer_damaged(err, "the GeoPackage's column of shapes is not there") : status;
}

static gf_status read_rows(gpkg *g, gf_error *err)
{
    enum { COLUMNS_MAX = 300 };
    size_t fields[COLUMNS_MAX];
    sqlite3_stmt *row = NULL;
    int shape = -1, step = SQLITE_DONE;
    char *sql = sqlite3_mprintf("SELECT * FROM main.\"%w\" ORDER BY rowid", g->table.data);
    gf_status status = sql ? prepare(g, sql, (gf_str){ NULL, 0 }, &row, err) : gf_fail_memory(err);
    sqlite3_free(sql);
    if (status == GF_OK && sqlite3_column_count(row) > COLUMNS_MAX)
        status = gf_fail(err, GF_ELIMIT, "layer.large", "", "the layer has more than %d fields", COLUMNS_MAX);
    if (status == GF_OK)
        status = name_columns(g, row, fields, &shape, err);
    while (status == GF_OK && (step = sqlite3_step(row)) == SQLITE_ROW) {
        size_t index = g->build.feature_count;
        status = read_row(g, row, shape, fields, err);
        if (status != GF_OK)
            (void)gf_fail_at(err, "%.60s, feature %zu", g->build.options->name, index + 1);
    }
    if (status == GF_OK && step != SQLITE_DONE)
        status = fail_sqlite(g, err);
    (void)sqlite3_finalize(row);
    return status;
}

gf_status gf_file_layer_gpkg(gf_str bytes, const gf_file_layer_options *options, gf_arena *keep, gf_file_layer *out, gf_error *err)
{
    gpkg g = { .srs = 0 };
    gf_mark mark = gf_arena_mark(keep);
    layer_begin(&g.build, options, keep);
    gf_status status = open_db(&g, bytes, err);
    if (status == GF_OK)
        status = choose_table(&g, err);
    if (status == GF_OK)
        status = find_system(&g, err);
    if (status == GF_OK)
        status = read_rows(&g, err);
    (void)sqlite3_close(g.db);
    sqlite3_free(g.copy);
    if (status == GF_OK)
        status = layer_end(&g.build, g.epsg, out, err);
    if (status != GF_OK) {
        (void)gf_fail_at(err, "%.80s", options->name);
        gf_arena_rewind(keep, mark);
    }
    return status;
}
