/* Lists of a register: filtered, searched, sorted, in pages that hold while others write (by value and key, not by
 * counting rows). The condition of access.c stands in every statement.
 */
#include "app/browse.h"

#include "app/keys.h"
#include "app/load_inside.h"
#include "app/record.h"
#include "app/side.h"

#include <string.h>

enum { LIMIT_DEFAULT = 25, CURSOR_BYTES_MAX = 4000, HISTORY_FIRST = 64 };

static bool is_personal(const gf_column *column) { return column->type == GF_COLUMN_PERSONAL; }
static bool is_kept(const gf_column *column) { return !is_personal(column) && column->type != GF_COLUMN_FILE; }
static bool is_number(const gf_column *column) { return column->type == GF_COLUMN_INT || column->type == GF_COLUMN_FEN; }

/* ---- Shared with lists of entries ---- */

int64_t browse_limit(int64_t asked) { return asked < 1 ? LIMIT_DEFAULT : asked > GF_APP_LIMIT_MAX ? GF_APP_LIMIT_MAX : asked; }

gf_str browse_cursor(gf_str value, gf_str key, gf_arena *keep)
{
    gf_text text;
    gf_text_init(&text, keep);
    gf_text_format(&text, "%zu:", value.len);
    gf_text_add(&text, value);
    gf_text_add(&text, key);
    gf_str plain = gf_text_str(&text);
    char *hex = gf_new(keep, char, plain.len * 2 + 1);
    if (!hex)
        return (gf_str){ "", 0 };
    gf_hex_format((const uint8_t *)plain.data, plain.len, hex);
    return gf_str_of(hex);
}

bool browse_cursor_read(gf_str cursor, gf_arena *keep, gf_str *value, gf_str *key)
{
    int64_t len;
    uint8_t *bytes = cursor.len % 2 == 0 && cursor.len <= CURSOR_BYTES_MAX ? gf_new(keep, uint8_t, cursor.len / 2 + 1) : NULL;
    if (!bytes || !gf_hex_parse(cursor, bytes, cursor.len / 2))
        return false;
    gf_str plain = { (const char *)bytes, cursor.len / 2 };
    size_t colon = gf_str_find(plain, GF_STR(":"));
    if (!gf_utf8_valid(plain, NULL) || !gf_str_to_int(gf_str_slice(plain, 0, colon), &len) || len < 0 || (size_t)len > plain.len - colon)
        return false;
    *value = gf_str_slice(plain, colon + 1, colon + 1 + (size_t)len);
    *key = gf_str_slice(plain, colon + 1 + (size_t)len, plain.len);
    return true;
}

void browse_text(browse_params *params, gf_str value)
{
    if (params->count < BROWSE_PARAMS_MAX) {
        params->number[params->count] = false;
        params->text[params->count++] = value;
    }
}

void browse_number(browse_params *params, int64_t value)
{
    if (params->count < BROWSE_PARAMS_MAX) {
        params->number[params->count] = true;
        params->value[params->count++] = value;
    }
}

gf_stmt *browse_bind(gf_app *app, const gf_text *sql, const browse_params *params)
{
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(sql).data);
    for (size_t i = 0; i < params->count; i++)
        if (params->number[i])
            gf_stmt_int(stmt, (int)i + 1, params->value[i]);
        else
            gf_stmt_str(stmt, (int)i + 1, params->text[i]);
    return stmt;
}

gf_status browse_bad_column(const gf_register *reg, gf_str column, gf_error *err)
{
    (void)gf_fail(err, GF_EUSAGE, "list.column", "/api/v1/registers lists the columns.", "%s has no column \"%.*s\" to ask by", reg->name, GF_STR_ARG(gf_str_slice(column, 0, 60)));
    return gf_fail_at(err, "%.*s", GF_STR_ARG(gf_str_slice(column, 0, 60)));
}

/* ---- Columns ---- */

/* The name of a column as it stands in the table, whole numbers marked; NULL when it cannot be asked by. */
static const char *column_of(const gf_register *reg, gf_str name, bool *number, bool *decimal)
{
    const gf_column *column = gf_register_column(reg, name);
    *number = (column && is_number(column)) || gf_str_is(name, "version");
    *decimal = column && column->type == GF_COLUMN_DECIMAL;
    if (column)
        return is_kept(column) ? column->name : NULL;
    for (int i = 0; i < LOAD_COMMON_COUNT; i++)
        if (gf_str_is(name, LOAD_COMMON_NAMES[i]))
            return LOAD_COMMON_NAMES[i];
    return NULL;
}

static void add_columns(gf_text *sql, const gf_register *reg)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (is_personal(&reg->columns[i]))
            gf_text_format(sql, "p.\"%s\", ", reg->columns[i].name);
        else if (is_kept(&reg->columns[i]))
            gf_text_format(sql, "r.\"%s\", ", reg->columns[i].name);
        else
            gf_text_add_c(sql, "'', ");
    gf_text_add_c(sql, "r.source, r.origin, r.author, r.version");
}

static bool has_personal(const gf_register *reg)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (is_personal(&reg->columns[i]))
            return true;
    return false;
}

static void add_personal(gf_text *sql, const gf_register *reg)
{
    const char *key = reg->columns[0].name;
    if (has_personal(reg))
        gf_text_format(sql, " LEFT JOIN \"%s_personal\" p ON p.\"%s\" = r.\"%s\"", reg->name, key, key);
}

/* ---- Conditions ---- */

/* A decimal is kept as it was written; one that is not known counts as 0, as it always did here. The name of a column, once. */
#define DECIMAL_OF "CAST(coalesce(nullif(r.\"%s\", ''), '0') AS DOUBLE PRECISION)"

static gf_status add_filter(gf_text *sql, browse_params *params, const gf_register *reg, const gf_app_filter *filter, gf_error *err)
{
    static const char *const OPERATORS[] = { "=", ">=", "<=" };
    bool number, decimal;
    int64_t value;
    const char *column = column_of(reg, filter->column, &number, &decimal);
    if (!column)
        return browse_bad_column(reg, filter->column, err);
    const gf_column *known = gf_register_column(reg, filter->column);
    gf_decimal amount;
    if (number && !gf_str_to_int(filter->value, &value))
        return gf_fail(err, GF_EUSAGE, "list.value", "Write a whole number.", "%s is compared with a number", column);
    if (decimal && filter->value.len && !gf_decimal_parse(filter->value, &amount))
        return gf_fail(err, GF_EUSAGE, "list.value", "Write a number.", "%s is compared with a number", column);
    if (known && known->type == GF_COLUMN_REFS && filter->match == GF_APP_EQUALS) {
        gf_text_format(sql, " AND instr(';' || r.\"%s\" || ';', ';' || ? || ';') > 0", column);
        browse_text(params, filter->value);
    } else if (number) {
        gf_text_format(sql, " AND r.\"%s\" %s ?", column, OPERATORS[filter->match]);
        browse_number(params, value);
    } else {
        gf_text_format(sql, decimal ? " AND " DECIMAL_OF " %s CAST(? AS DOUBLE PRECISION)" : " AND r.\"%s\" %s ?", column, OPERATORS[filter->match]);
        browse_text(params, decimal && filter->value.len == 0 ? GF_STR("0") : filter->value);
    }
    return GF_OK;
}

/* Text that is asked for stands in a word of the record; personal fields are not looked into here. */
static void add_words(gf_text *sql, browse_params *params, const gf_register *reg, gf_str q)
{
    const char *or = "";
    gf_text_add_c(sql, " AND (");
    for (size_t i = 0; i < reg->column_count; i++) {
        gf_column_type type = reg->columns[i].type;
        if (type != GF_COLUMN_KEY && type != GF_COLUMN_TEXT)
            continue;
        gf_text_format(sql, "%sinstr(r.\"%s\", ?) > 0", or, reg->columns[i].name);
        browse_text(params, q);
        or = " OR ";
    }
    gf_text_add_c(sql, ")");
}

static gf_status add_within(gf_text *sql, browse_params *params, const gf_register *reg, gf_str place, gf_error *err)
{
    static const gf_str PLACES = GF_STR_INIT("places");
    const char *column = gf_str_eq(gf_str_of(reg->name), PLACES) ? "code" : gf_register_column(reg, GF_STR("place")) ? "place" : NULL;
    if (!column)
        return browse_bad_column(reg, GF_STR("within"), err);
    gf_text_format(sql, " AND r.\"%s\" IN (WITH RECURSIVE inside(code) AS (SELECT ? UNION SELECT w.code FROM places w JOIN inside ON w.parent = inside.code) SELECT code FROM inside)", column);
    browse_text(params, place);
    return GF_OK;
}

static gf_status add_conditions(gf_app *app, gf_text *sql, browse_params *params, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_error *err)
{
    side asked;
    gf_status status = side_of(app, ask->programme, &asked, err);
    gf_text_add_c(sql, " WHERE ");
    access_where(sql, actor, ask->reg, "r");
    browse_text(params, actor->user);
    side_where(sql, params, &asked, ask->reg, "r");
    for (size_t i = 0; status == GF_OK && i < ask->filter_count; i++)
        status = add_filter(sql, params, ask->reg, &ask->filters[i], err);
    if (status == GF_OK && ask->q.len)
        add_words(sql, params, ask->reg, ask->q);
    if (status == GF_OK && ask->within.len)
        status = add_within(sql, params, ask->reg, ask->within, err);
    return status;
}

typedef enum sort_kind { SORT_TEXT, SORT_NUMBER, SORT_DECIMAL } sort_kind;

/* What rows are ordered by; behind it always the key, so that the order is one. */
static gf_status sort_expression(const gf_app_list_ask *ask, char *out, size_t room, sort_kind *kind, gf_error *err)
{
    bool number, decimal;
    gf_str name = ask->sort.len ? ask->sort : gf_str_of(ask->reg->columns[0].name);
    const char *column = column_of(ask->reg, name, &number, &decimal);
    if (!column)
        return browse_bad_column(ask->reg, name, err);
    *kind = decimal ? SORT_DECIMAL : number ? SORT_NUMBER : SORT_TEXT;
    /* The first rows of a county or below come by their place and are sorted: in the order of the key, half a million of others would be looked
     * at before the first of them; behind a cursor they follow one another. */
    enum { COUNTY_DIGITS = 6 };
    bool by_place = ask->within.len >= COUNTY_DIGITS && ask->cursor.len == 0 && gf_register_column(ask->reg, GF_STR("place"));
    (void)snprintf(out, room, decimal ? DECIMAL_OF : number ? "coalesce(r.\"%s\", -1)" : by_place ? "(r.\"%s\" || '')" : "r.\"%s\"", column);
    return GF_OK;
}

/* Behind the row that the cursor names. Its value came from outside again, so it must be of the column's kind. */
static gf_status add_cursor(gf_text *sql, browse_params *params, const gf_app_list_ask *ask, const char *by, sort_kind kind, gf_arena *keep, gf_error *err)
{
    gf_str value, key;
    gf_decimal amount;
    int64_t number = 0;
    bool sound = browse_cursor_read(ask->cursor, keep, &value, &key) && (kind != SORT_NUMBER || gf_str_to_int(value, &number)) &&
                 (kind != SORT_DECIMAL || value.len == 0 || gf_decimal_parse(value, &amount));
    if (!sound)
        return gf_fail(err, GF_EUSAGE, "list.cursor", "Take it from \"next\" of the page before.", "the cursor is none of ours");
    gf_text_format(sql, " AND (%s, r.\"%s\") %s (%s, ?)", by, ask->reg->columns[0].name, ask->descending ? "<" : ">", kind == SORT_DECIMAL ? "CAST(? AS DOUBLE PRECISION)" : "?");
    if (kind == SORT_NUMBER)
        browse_number(params, number);
    else
        browse_text(params, kind == SORT_DECIMAL && value.len == 0 ? GF_STR("0") : value);
    browse_text(params, key);
    return GF_OK;
}

/* The rows of a page are found first and their personal fields put beside them then: for a few rows, not for all that are sorted. */
static gf_status add_page(gf_app *app, gf_text *sql, browse_params *params, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, gf_error *err)
{
    char by[200], order[480];
    sort_kind kind = SORT_TEXT;
    const char *id = ask->reg->columns[0].name, *way = ask->descending ? "DESC" : "ASC";
    gf_text_add_c(sql, "SELECT ");
    add_columns(sql, ask->reg);
    gf_text_format(sql, " FROM (SELECT r.* FROM \"%s\" r", ask->reg->name);
    gf_status status = add_conditions(app, sql, params, actor, ask, err);
    if (status == GF_OK)
        status = sort_expression(ask, by, sizeof by, &kind, err);
    if (status == GF_OK && ask->cursor.len)
        status = add_cursor(sql, params, ask, by, kind, keep, err);
    if (status != GF_OK)
        return status;
    (void)snprintf(order, sizeof order, " ORDER BY %s %s, r.\"%s\" %s", by, way, id, way);
    gf_text_format(sql, "%s LIMIT ?) r", order);
    browse_number(params, browse_limit(ask->limit) + 1);
    add_personal(sql, ask->reg);
    gf_text_add_c(sql, order);
    return GF_OK;
}

/* ---- Rows ---- */

/* Copied first, masked when the statement has ended: masking reads keys from the store. */
static gf_status take_row(gf_stmt *stmt, const gf_register *reg, gf_arena *keep, gf_app_record *out, gf_error *err)
{
    size_t count = reg->column_count + GF_APP_COMMON_COUNT;
    *out = (gf_app_record){ reg, gf_new(keep, gf_str, count) };
    for (size_t i = 0; out->cells && i < count; i++) {
        out->cells[i] = gf_row_copy(stmt, (int)i, keep);
        if (!out->cells[i].data)
            return gf_fail_memory(err);
    }
    return out->cells ? GF_OK : gf_fail_memory(err);
}

static void mask_row(gf_app *app, const gf_app_record *rec, gf_arena *keep)
{
    for (size_t i = 0; i < rec->reg->column_count; i++) {
        const gf_column *column = &rec->reg->columns[i];
        gf_str plain;
        if (!is_personal(column) || rec->cells[i].len == 0)
            continue;
        bool open = keys_open(app, rec->reg, rec->cells[0], column->name, rec->cells[i], keep, &plain);
        rec->cells[i] = open ? keys_mask(column->name, plain, keep) : GF_STR("***");
    }
}

gf_str gf_app_record_version(const gf_app_record *rec) { return rec->cells[rec->reg->column_count + LOAD_VERSION]; }

static gf_status count_rows(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, int64_t *total, gf_error *err)
{
    gf_text sql;
    browse_params params = { .count = 0 };
    gf_text_init(&sql, keep);
    gf_text_format(&sql, "SELECT count(*) FROM \"%s\" r", ask->reg->name);   /* no condition looks at what is personal */
    gf_status status = add_conditions(app, &sql, &params, actor, ask, err);
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = browse_bind(app, &sql, &params);
    *total = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static gf_str sorted_value(const gf_app_list_ask *ask, const gf_app_record *rec)
{
    size_t at = ask->sort.len ? 0 : 0;
    for (size_t i = 0; ask->sort.len && i < ask->reg->column_count; i++)
        if (gf_str_is(ask->sort, ask->reg->columns[i].name))
            at = i;
    for (size_t i = 0; i < LOAD_COMMON_COUNT; i++)
        if (gf_str_is(ask->sort, LOAD_COMMON_NAMES[i]))
            at = ask->reg->column_count + i;
    bool number = at < ask->reg->column_count ? is_number(&ask->reg->columns[at]) : at == ask->reg->column_count + LOAD_VERSION;
    return number && rec->cells[at].len == 0 ? GF_STR("-1") : rec->cells[at];
}

gf_status gf_app_list_records(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, gf_app_list *out, gf_error *err)
{
    gf_text sql;
    browse_params params = { .count = 0 };
    int64_t limit = browse_limit(ask->limit);
    gf_status status = gf_app_require(actor, ask->reg, GF_APP_READ, err);
    *out = (gf_app_list){ .records = gf_new(keep, gf_app_record, (size_t)limit + 1), .total = -1, .next = { "", 0 } };
    if (status != GF_OK || !out->records)
        return status == GF_OK ? gf_fail_memory(err) : status;
    gf_text_init(&sql, keep);
    status = add_page(app, &sql, &params, actor, ask, keep, err);
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = browse_bind(app, &sql, &params);
    while (status == GF_OK && gf_stmt_row(stmt) && out->count <= (size_t)limit)
        status = take_row(stmt, ask->reg, keep, &out->records[out->count++], err);
    gf_stmt_end(stmt);
    if (status == GF_OK)
        status = gf_store_ok(app->store, err);
    if (status == GF_OK && out->count > (size_t)limit) {
        const gf_app_record *last = &out->records[limit - 1];
        out->count = (size_t)limit;
        out->next = browse_cursor(sorted_value(ask, last), last->cells[0], keep);
    }
    for (size_t i = 0; status == GF_OK && i < out->count; i++)
        mask_row(app, &out->records[i], keep);
    return status == GF_OK && ask->want_count ? count_rows(app, actor, ask, keep, &out->total, err) : status;
}

/* ---- One record ---- */

static gf_status fail_none(const gf_register *reg, gf_str key, gf_error *err)
{
    return gf_fail(err, GF_ENOTFOUND, "record.none", "Check the id.", "there is no \"%.*s\" in %s", GF_STR_ARG(gf_str_slice(key, 0, 80)), reg->name);
}

gf_status gf_app_record_get(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_record *out, gf_error *err)
{
    gf_text sql;
    gf_status status = gf_app_require(actor, reg, GF_APP_READ, err);
    if (status != GF_OK)
        return status;
    gf_text_init(&sql, keep);
    gf_text_add_c(&sql, "SELECT ");
    add_columns(&sql, reg);
    gf_text_format(&sql, " FROM \"%s\" r", reg->name);
    add_personal(&sql, reg);
    gf_text_add_c(&sql, " WHERE ");
    access_where(&sql, actor, reg, "r");
    gf_text_format(&sql, " AND r.\"%s\" = ?", reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
    gf_stmt_str(stmt, 1, actor->user);
    gf_stmt_str(stmt, 2, key);
    bool found = gf_stmt_row(stmt);
    if (found)
        status = take_row(stmt, reg, keep, out, err);
    gf_stmt_end(stmt);
    if (status == GF_OK)
        status = gf_store_ok(app->store, err);
    if (status == GF_OK && !found)
        return fail_none(reg, key, err);
    if (status == GF_OK)
        mask_row(app, out, keep);
    return status;
}

bool personal_read(gf_app *app, const gf_register *reg, gf_str key, const char *field, gf_arena *keep, gf_str *out)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s_personal\" WHERE \"%s\" = ?", field, reg->name, reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(app->store, sql);
    gf_stmt_str(stmt, 1, key);
    gf_str sealed = gf_stmt_row(stmt) ? gf_row_copy(stmt, 0, keep) : (gf_str){ "", 0 };
    gf_stmt_end(stmt);
    return keys_open(app, reg, key, field, sealed, keep, out);
}

gf_status gf_app_record_history(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *keep, gf_app_change **out, size_t *count, gf_error *err)
{
    size_t room = 0;
    gf_status status = access_require_record(app, actor, reg, key, keep, err);
    *out = NULL;
    *count = 0;
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = gf_store_named(app->store, "history_of_record");
    gf_stmt_str(stmt, 1, gf_str_of(reg->name));
    gf_stmt_str(stmt, 2, key);
    while (gf_stmt_row(stmt)) {
        if (*count == room) {
            gf_app_change *larger = gf_new(keep, gf_app_change, room ? room * 2 : HISTORY_FIRST);
            if (!larger)
                return gf_stmt_end(stmt), gf_fail_memory(err);
            if (*count)
                memcpy(larger, *out, *count * sizeof *larger);
            *out = larger;
            room = room ? room * 2 : HISTORY_FIRST;
        }
        const gf_column *column = gf_register_column(reg, gf_row_str(stmt, 3));
        bool hidden = column && is_personal(column);
        (*out)[(*count)++] = (gf_app_change){ gf_row_int(stmt, 0), gf_row_copy(stmt, 1, keep), gf_row_copy(stmt, 2, keep), gf_row_copy(stmt, 3, keep),
                                              hidden ? GF_STR("***") : gf_row_copy(stmt, 4, keep), hidden ? GF_STR("***") : gf_row_copy(stmt, 5, keep), gf_row_int(stmt, 6) };
    }
    return gf_store_ok(app->store, err);
}
