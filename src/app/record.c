/* Rows of registers as plain values: what traces, reports and the press check read. Every column is text here, in the
 * order of the register table, so that a new register needs no code; numbers are parsed by who wants them. And the
 * basis of a record, in one place: the best of the papers it names.
 */
#include "app/record.h"

#include <string.h>

enum { ROWS_FIRST = 64 };

gf_str record_value(const record *rec, const char *column)
{
    for (size_t i = 0; i < rec->reg->column_count; i++)
        if (strcmp(rec->reg->columns[i].name, column) == 0)
            return rec->value[i];
    return (gf_str){ "", 0 };
}

gf_str record_key(const record *rec) { return rec->value[0]; }

bool record_list_has(gf_str list, gf_str id)
{
    gf_str piece;
    while (gf_str_cut(&list, ';', &piece))
        if (gf_str_eq(piece, id))
            return true;
    return false;
}

static bool is_read(const gf_column *column) { return column->type != GF_COLUMN_PERSONAL && column->type != GF_COLUMN_FILE; }

static const char *select_text(const gf_register *reg, const char *where, gf_arena *scratch)
{
    gf_text sql;
    gf_text_init(&sql, scratch);
    gf_text_add_c(&sql, "SELECT source, origin, author");
    for (size_t i = 0; i < reg->column_count; i++)
        if (is_read(&reg->columns[i]))
            gf_text_format(&sql, ", \"%s\"", reg->columns[i].name);
    gf_text_format(&sql, " FROM \"%s\" %s ORDER BY \"%s\"", reg->name, where, reg->columns[0].name);
    return gf_text_str(&sql).data;
}

static bool read_row(gf_stmt *stmt, const gf_register *reg, gf_arena *keep, record *out)
{
    *out = (record){ .reg = reg, .value = gf_new(keep, gf_str, reg->column_count), .source = gf_row_copy(stmt, 0, keep),
                     .origin = gf_row_copy(stmt, 1, keep), .author = gf_row_copy(stmt, 2, keep) };
    if (!out->value || !out->author.data)
        return false;
    int at = 3;
    for (size_t i = 0; i < reg->column_count; i++) {
        out->value[i] = is_read(&reg->columns[i]) ? gf_row_copy(stmt, at++, keep) : (gf_str){ "", 0 };
        if (!out->value[i].data)
            return false;
    }
    return true;
}

gf_status record_read(gf_app *app, const char *name, gf_str key, gf_arena *keep, record *out, gf_error *err)
{
    const gf_register *reg = gf_register_find(gf_str_of(name));
    char where[80];
    (void)snprintf(where, sizeof where, "WHERE \"%s\" = ?", reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(app->store, select_text(reg, where, keep));
    gf_stmt_str(stmt, 1, key);
    bool found = gf_stmt_row(stmt), whole = found && read_row(stmt, reg, keep, out);
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status != GF_OK)
        return status;
    if (found)
        return whole ? GF_OK : gf_fail_memory(err);
    return gf_fail(err, GF_ENOTFOUND, "record.none", "Check the id.", "there is no \"%.*s\" in %s", GF_STR_ARG(gf_str_slice(key, 0, 80)), name);
}

static gf_status read_rows(gf_app *app, const gf_register *reg, gf_stmt *stmt, gf_str citing, size_t most, gf_arena *keep, record **out, size_t *count, gf_error *err)
{
    size_t room = 0;
    *out = NULL;
    *count = 0;
    while (*count < most && gf_stmt_row(stmt)) {
        if (citing.len && !record_list_has(gf_row_str(stmt, 0), citing))
            continue;
        if (*count == room) {
            record *larger = gf_new(keep, record, room ? room * 2 : ROWS_FIRST);
            if (!larger)
                return gf_stmt_end(stmt), gf_fail_memory(err);
            if (*count)
                memcpy(larger, *out, *count * sizeof *larger);
            *out = larger;
            room = room ? room * 2 : ROWS_FIRST;
        }
        if (!read_row(stmt, reg, keep, &(*out)[(*count)++]))
            return gf_stmt_end(stmt), gf_fail_memory(err);
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status record_all(gf_app *app, const char *name, gf_arena *keep, record **out, size_t *count, gf_error *err)
{
    const gf_register *reg = gf_register_find(gf_str_of(name));
    gf_stmt *stmt = gf_store_text(app->store, select_text(reg, "", keep));
    return read_rows(app, reg, stmt, (gf_str){ "", 0 }, SIZE_MAX, keep, out, count, err);
}

gf_status record_side(gf_app *app, const char *name, bool demo, gf_arena *keep, record **out, size_t *count, gf_error *err)
{
    const gf_register *reg = gf_register_find(gf_str_of(name));
    gf_stmt *stmt = gf_store_text(app->store, select_text(reg, demo ? "WHERE origin = 'demo'" : "WHERE origin <> 'demo'", keep));
    return read_rows(app, reg, stmt, (gf_str){ "", 0 }, SIZE_MAX, keep, out, count, err);
}

gf_status record_inside(gf_app *app, const char *name, gf_str place, size_t most, gf_arena *keep, record **out, size_t *count, gf_error *err)
{
    static const gf_str PLACE = GF_STR_INIT("place");
    const gf_register *reg = gf_register_find(gf_str_of(name));
    *out = NULL;
    *count = 0;
    if (!gf_register_column(reg, PLACE))
        return GF_OK;
    gf_stmt *stmt = gf_store_text(app->store, select_text(reg, "WHERE place IN (WITH RECURSIVE inside(code) AS (SELECT ? UNION SELECT w.code FROM places w JOIN inside ON w.parent = inside.code) SELECT code FROM inside)", keep));
    gf_stmt_str(stmt, 1, place);
    return read_rows(app, reg, stmt, (gf_str){ "", 0 }, most, keep, out, count, err);
}

gf_status record_citing(gf_app *app, const char *name, gf_str id, gf_arena *keep, record **out, size_t *count, gf_error *err)
{
    const gf_register *reg = gf_register_find(gf_str_of(name));
    gf_stmt *stmt = gf_store_text(app->store, select_text(reg, "WHERE source <> '' AND instr(source, ?) > 0", keep));
    gf_stmt_str(stmt, 1, id);
    return read_rows(app, reg, stmt, id, SIZE_MAX, keep, out, count, err);
}

gf_status record_keys(gf_app *app, gf_stmt *rows, gf_arena *keep, text_map *out, gf_error *err)
{
    bool fresh;
    map_init(out, keep);
    for (int64_t number = 0; gf_stmt_row(rows); number++) {
        int64_t *at = map_put(out, gf_row_str(rows, 0), &fresh);
        if (!at)
            return gf_stmt_end(rows), gf_fail_memory(err);
        *at = number;
    }
    return gf_store_ok(app->store, err);
}

/* ---- Basis ---- */

/* 2 a document whose content is held, 1 known by name only, 0 none. */
static int document_state(gf_app *app, gf_str id)
{
    gf_stmt *stmt = gf_store_named(app->store, "document_sha256");
    gf_stmt_str(stmt, 1, id);
    int state = gf_stmt_row(stmt) ? gf_row_str(stmt, 0).len ? 2 : 1 : 0;
    gf_stmt_end(stmt);
    return state;
}

gf_figure_basis record_basis(gf_app *app, gf_str source, gf_str paper, gf_str origin)
{
    static const gf_figure_basis BY_DOCUMENT[] = { GF_FIGURE_STATED, GF_FIGURE_STATED, GF_FIGURE_DOCUMENTED };
    gf_figure_basis best = source.len ? GF_FIGURE_STATED : GF_FIGURE_NONE;
    gf_str id;
    while (gf_str_cut(&source, ';', &id)) {
        gf_figure_basis basis = BY_DOCUMENT[document_state(app, id)];
        best = basis > best ? basis : best;
    }
    if (paper.len) {
        gf_figure_basis basis = BY_DOCUMENT[document_state(app, paper)];
        best = basis > best ? basis : best;
    }
    if (gf_str_is(origin, "imported") && best < GF_FIGURE_DOCUMENTED)
        best = GF_FIGURE_DOCUMENTED;
    return gf_str_is(origin, "sensor") ? GF_FIGURE_DERIVED : best;
}

bool record_quantity(const record *rec, gf_decimal *value, gf_str *unit, gf_figure_bound *bound)
{
    *unit = record_value(rec, "quantity_unit");
    return gf_decimal_parse(record_value(rec, "quantity"), value) && gf_figure_bound_parse(record_value(rec, "bound"), bound);
}

bool record_wanted(gf_str origins, gf_str origin)
{
    gf_str piece;
    while (gf_str_cut(&origins, ',', &piece))
        if (gf_str_eq(gf_str_trim(piece), origin))
            return true;
    return false;
}

bool record_names(const gf_column *column, const gf_register *reg)
{
    gf_str rest = gf_str_of(column->arg ? column->arg : ""), one;
    if (column->type != GF_COLUMN_REF)
        return false;
    while (gf_str_cut(&rest, '|', &one))
        if (gf_str_is(one, reg->name))
            return true;
    return false;
}
