/* What a row must be before it is saved: types, codes, references. One small check per type, found in one table.
 *
 * References are held against the keys of their register, read once for a load; for a single record each is looked up.
 * One that is not there yet is put off and looked up again at the end, because some registers refer to each other.
 */
#include "app/load_inside.h"

#include <string.h>

const char *const LOAD_COMMON_NAMES[LOAD_COMMON_COUNT] = { "source", "origin", "author", "version" };

enum { KEY_BYTES_MAX = 96, TEXT_BYTES_MAX = 20000, CODE_DEPTH_MAX = 16, STOCK_ROWS = 1000 };

size_t load_column_index(const gf_register *reg, const char *name)
{
    for (size_t i = 0; i < reg->column_count; i++)
        if (strcmp(reg->columns[i].name, name) == 0)
            return i;
    return reg->column_count;
}

/* ---- Types ---- */

typedef gf_status check_fn(load_job *load, const gf_column *column, gf_str *value, gf_error *err);

static gf_status fail_type(const gf_column *column, gf_str value, const char *hint, gf_error *err)
{
    return gf_fail(err, GF_EINPUT, "load.value", hint, "%s \"%.*s\" is not right", column->name, GF_STR_ARG(gf_str_slice(value, 0, 60)));
}

static gf_status check_key(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    (void)load;
    bool bad = value->len > KEY_BYTES_MAX || memchr(value->data, ';', value->len) || memchr(value->data, '|', value->len);
    for (size_t i = 0; i < value->len; i++)
        bad = bad || (unsigned char)value->data[i] <= ' ';
    return bad ? fail_type(column, *value, "A key has at most 96 bytes and no blank, ; or |.", err) : GF_OK;
}

static gf_status check_text(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    (void)load;
    if (value->len <= TEXT_BYTES_MAX)
        return GF_OK;
    return gf_fail(err, GF_ELIMIT, "load.long", "Shorten the text, or attach it as a document.", "%s is longer than %d bytes",
                   column->name, TEXT_BYTES_MAX);
}

static gf_status check_whole(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    int64_t number;
    if (!gf_str_to_int(*value, &number) || number < 0)
        return fail_type(column, *value,
                         column->type == GF_COLUMN_FEN ? "Write whole fen, digits only, not below zero." : "Write a whole number, digits only.", err);
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)number);
    *value = gf_str_copy(load->row_arena, gf_str_of(text));
    return value->data ? GF_OK : gf_fail_memory(err);
}

static gf_status check_decimal(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    gf_decimal number;
    if (!gf_decimal_parse(*value, &number))
        return fail_type(column, *value, "Write digits with a point, at most 18 of them: 28.5.", err);
    char text[GF_DECIMAL_BYTES];
    gf_decimal_format(number, text);
    *value = gf_str_copy(load->row_arena, gf_str_of(text));
    return value->data ? GF_OK : gf_fail_memory(err);
}

static gf_status check_day(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    (void)load;
    gf_period period;
    gf_status status = gf_period_parse(*value, &period, err);
    if (status == GF_OK && value->len != 10)
        return fail_type(column, *value, "Write one day: 2023-12-27.", err);
    return status;
}

static gf_status check_period(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    (void)load, (void)column;
    gf_period period;
    return gf_period_parse(*value, &period, err);
}

static gf_status check_bound(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    (void)load;
    gf_figure_bound bound;
    return gf_figure_bound_parse(*value, &bound) ? GF_OK : fail_type(column, *value, "Write exact, at_least or about.", err);
}

static gf_status check_choice(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    (void)load;
    gf_str rest = gf_str_of(column->arg), word;
    while (gf_str_cut(&rest, '|', &word))
        if (gf_str_eq(word, *value))
            return GF_OK;
    char hint[160];
    (void)snprintf(hint, sizeof hint, "Write one of: %s.", column->arg);
    return fail_type(column, *value, hint, err);
}

static gf_status check_refs(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    if (column->type == GF_COLUMN_REF && memchr(value->data, ';', value->len))
        return fail_type(column, *value, "Only one may stand here.", err);
    return load_check_refs(load, column->name, column->arg, *value, err);
}

static check_fn *const CHECKS[] = {
    [GF_COLUMN_KEY] = check_key,       [GF_COLUMN_TEXT] = check_text,     [GF_COLUMN_INT] = check_whole,
    [GF_COLUMN_DECIMAL] = check_decimal, [GF_COLUMN_FEN] = check_whole,   [GF_COLUMN_DATE] = check_day,
    [GF_COLUMN_PERIOD] = check_period, [GF_COLUMN_BOUND] = check_bound,   [GF_COLUMN_CHOICE] = check_choice,
    [GF_COLUMN_CODE] = check_key,      [GF_COLUMN_REF] = check_refs,      [GF_COLUMN_REFS] = check_refs,
    [GF_COLUMN_PERSONAL] = check_text, [GF_COLUMN_FILE] = check_text,
};

/* ---- References ---- */

static gf_status read_keys(load_job *load, size_t index, gf_error *err)
{
    const gf_register *reg = &GF_REGISTERS[index];
    if (load->keys_read[index] || strcmp(reg->name, "entries") == 0)
        return GF_OK;
    load->keys_read[index] = true;
    char sql[200];
    (void)snprintf(sql, sizeof sql, "SELECT \"%s\" FROM \"%s\"", reg->columns[0].name, reg->name);
    gf_stmt *stmt = gf_store_text(load->app->store, sql);
    while (gf_stmt_row(stmt)) {
        bool fresh;
        if (!map_put(&load->keys[index], gf_row_str(stmt, 0), &fresh))
            return gf_stmt_end(stmt), gf_fail_memory(err);
    }
    return gf_store_ok(load->app->store, err);
}

static bool has_row(load_job *load, gf_stmt *stmt)
{
    bool found = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return found && gf_store_ok(load->app->store, NULL) == GF_OK;
}

gf_status load_take_stock(load_job *load, const gf_register *reg, gf_error *err)
{
    size_t index = (size_t)(reg - GF_REGISTERS);
    if (load->single || load->stock[index] != LOAD_UNKNOWN)
        return GF_OK;
    if (!load->keys_read[index] && load->keys[index].count < STOCK_ROWS) {
        char sql[200];
        (void)snprintf(sql, sizeof sql, "SELECT 1 FROM \"%s\" LIMIT 1", reg->name);
        if (load->keys[index].count || has_row(load, gf_store_text(load->app->store, sql)))
            return gf_store_ok(load->app->store, err);  /* a few rows are asked about one by one */
    }
    gf_status status = read_keys(load, index, err);
    gf_stmt *removed = gf_store_named(load->app->store, "history_removed");
    gf_stmt_str(removed, 1, gf_str_of(reg->name));
    load->stock[index] = has_row(load, removed) ? LOAD_ASKED : LOAD_WHOLE;
    return status == GF_OK ? gf_store_ok(load->app->store, err) : status;
}

static gf_status look_up(load_job *load, const gf_register *reg, gf_str id, bool *known, gf_error *err)
{
    char sql[200];
    (void)snprintf(sql, sizeof sql, "SELECT 1 FROM \"%s\" WHERE \"%s\" = ?", reg->name, reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(load->app->store, sql);
    gf_stmt_str(stmt, 1, id);
    *known = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return gf_store_ok(load->app->store, err);
}

static gf_status is_known(load_job *load, const char *registers, gf_str id, bool *known, gf_error *err)
{
    gf_str rest = gf_str_of(registers), name;
    *known = false;
    while (load->single && !*known && gf_str_cut(&rest, '|', &name)) {
        gf_status status = look_up(load, gf_register_find(name), id, known, err);
        if (status != GF_OK)
            return status;
    }
    if (load->single)
        return GF_OK;
    while (!*known && gf_str_cut(&rest, '|', &name)) {
        const gf_register *reg = gf_register_find(name);
        size_t index = (size_t)(reg - GF_REGISTERS);
        gf_status status = read_keys(load, index, err);
        if (status != GF_OK)
            return status;
        *known = map_find(&load->keys[index], id) != NULL;
    }
    return GF_OK;
}

gf_status load_check_refs(load_job *load, const char *column, const char *registers, gf_str ids, gf_error *err)
{
    gf_str id;
    while (gf_str_cut(&ids, ';', &id)) {
        bool known;
        gf_status status = is_known(load, registers, id, &known, err);
        if (status != GF_OK)
            return status;
        if (known)
            continue;
        load_pending *put_off = gf_new(load->arena, load_pending, 1);
        if (!put_off)
            return gf_fail_memory(err);
        *put_off = (load_pending){ column, registers, gf_str_copy(load->arena, id), load->file, load->line, load->pending };
        load->pending = put_off;
    }
    return GF_OK;
}

gf_status load_each_unknown(load_job *load, load_unknown_fn *tell, void *context, gf_error *err)
{
    for (const load_pending *p = load->pending; p; p = p->next) {
        bool known;
        gf_status status = is_known(load, p->registers, p->id, &known, err);
        if (status != GF_OK)
            return status;
        if (!known)
            tell(context, p->line, p->column, p->id);
    }
    return GF_OK;
}

gf_status load_resolve_pending(load_job *load, gf_error *err)
{
    const load_pending *worst = NULL;  /* the one nearest to the top of its file is named */
    for (const load_pending *p = load->pending; p; p = p->next) {
        bool known;
        gf_status status = is_known(load, p->registers, p->id, &known, err);
        if (status != GF_OK)
            return status;
        if (!known)
            worst = p;  /* the list runs backwards: the last one found stands first in the input */
    }
    if (!worst)
        return GF_OK;
    char hint[160];
    (void)snprintf(hint, sizeof hint, "Add it to %.*s.csv, or correct the id.", (int)strcspn(worst->registers, "|"), worst->registers);
    (void)gf_fail(err, GF_EINPUT, "load.unknown", hint, "%s \"%.*s\" is not known", worst->column, GF_STR_ARG(gf_str_slice(worst->id, 0, 60)));
    return gf_fail_at(err, "%.*s:%zu", GF_STR_ARG(worst->file), worst->line), GF_EINPUT;
}

/* ---- Codes ---- */

static const struct { const char *level; size_t digits; } LEVELS[] = {
    { "province", 2 }, { "city", 4 }, { "county", 6 }, { "town", 9 }, { "village", 12 },
};

static gf_status check_place(const gf_register *reg, const load_row *row, gf_error *err)
{
    gf_str code = row->value[0], level = row->value[load_column_index(reg, "level")], parent = row->value[load_column_index(reg, "parent")];
    for (size_t i = 0; i < GF_COUNT(LEVELS); i++) {
        if (!gf_str_is(level, LEVELS[i].level))
            continue;
        bool digits = code.len == LEVELS[i].digits;
        for (size_t k = 0; k < code.len; k++)
            digits = digits && code.data[k] >= '0' && code.data[k] <= '9';
        if (!digits)
            return gf_fail(err, GF_EINPUT, "load.code", "Use the official code: 6 digits for a county, 9 for a town, 12 for a village, never padded.",
                           "the code \"%.*s\" of a %s does not have %zu digits", GF_STR_ARG(gf_str_slice(code, 0, 40)), LEVELS[i].level, LEVELS[i].digits);
        if (parent.len && !gf_str_starts(code, parent))
            return gf_fail(err, GF_EINPUT, "load.code", "The code of a place begins with the code of the place around it.",
                           "the code \"%.*s\" does not begin with its parent's \"%.*s\"", GF_STR_ARG(code), GF_STR_ARG(gf_str_slice(parent, 0, 40)));
    }
    return GF_OK;
}

/* GB 32100-2015: 17 characters weighted by powers of 3, the 18th makes the sum a multiple of 31. */
static bool is_credit_code(gf_str code)
{
    static const char SIGNS[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0, weight = 1, last = -1;
    if (code.len != 18)
        return false;
    for (size_t i = 0; i < code.len; i++) {
        const char *sign = code.data[i] ? strchr(SIGNS, code.data[i]) : NULL;
        if (!sign)
            return false;
        last = (int)(sign - SIGNS);
        sum += i < 17 ? last * weight : 0;
        weight = weight * 3 % 31;
    }
    return last == (31 - sum % 31) % 31;
}

static gf_status check_unit(const gf_register *reg, const load_row *row, gf_error *err)
{
    gf_str code = row->value[load_column_index(reg, "credit_code")];
    if (code.len == 0 || is_credit_code(code))
        return GF_OK;
    return gf_fail(err, GF_EINPUT, "load.credit_code", "Compare it with the certificate: 18 characters, no I, O, S, V, Z.",
                   "\"%.*s\" is no unified social credit code", GF_STR_ARG(gf_str_slice(code, 0, 40)));
}

gf_status load_check_place_tree(load_job *load, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(load->app->store, "place_deepest");
    gf_stmt_int(stmt, 1, CODE_DEPTH_MAX);
    char code[KEY_BYTES_MAX + 1] = "";
    if (gf_stmt_row(stmt))
        (void)snprintf(code, sizeof code, "%.*s", GF_STR_ARG(gf_row_str(stmt, 0)));
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(load->app->store, err);
    if (status != GF_OK || code[0] == '\0')
        return status;
    size_t index = (size_t)(gf_register_find(GF_STR("places")) - GF_REGISTERS);
    const int64_t *line = map_find(&load->keys[index], gf_str_of(code));
    (void)gf_fail(err, GF_EINPUT, "load.cycle", "Correct the column parent.", "place %s lies inside itself, or is nested deeper than %d levels", code, CODE_DEPTH_MAX);
    return gf_fail_at(err, "places.csv:%lld", line ? (long long)*line : 0), GF_EINPUT;
}

/* ---- The row ---- */

static gf_status check_origin(load_row *row, size_t at, gf_error *err)
{
    static const char *const ORIGINS[] = { "article", "entered", "imported", "sensor", "demo" };
    gf_str *origin = &row->value[at + LOAD_ORIGIN];
    if (origin->len == 0)
        *origin = GF_STR("entered");
    for (size_t i = 0; i < GF_COUNT(ORIGINS); i++)
        if (gf_str_is(*origin, ORIGINS[i]))
            return GF_OK;
    return gf_fail(err, GF_EINPUT, "load.origin", "Write article, entered, imported, sensor or demo.", "\"%.*s\" is no origin",
                   GF_STR_ARG(gf_str_slice(*origin, 0, 40)));
}

static gf_status check_column(load_job *load, const gf_column *column, gf_str *value, gf_error *err)
{
    if (value->len == 0 && column->required)
        return gf_fail(err, GF_EINPUT, "load.missing", "Fill the column.", "%s is empty", column->name);
    return value->len ? CHECKS[column->type](load, column, value, err) : GF_OK;
}

gf_status load_check_row(load_job *load, const gf_register *reg, load_row *row, gf_error *err)
{
    gf_status status = GF_OK, told = GF_OK;
    for (size_t i = 0; i < reg->column_count; i++) {
        status = check_column(load, &reg->columns[i], &row->value[i], err);
        if (status == GF_OK)
            continue;
        if (!load->tell_column)
            return status;
        load->tell_column(load->tell_context, reg->columns[i].name, err);
        told = status;
    }
    if (told != GF_OK)
        return told;
    status = check_origin(row, reg->column_count, err);
    if (status == GF_OK && row->value[reg->column_count + LOAD_SOURCE].len)
        status = load_check_refs(load, "source", "facts|sources|documents", row->value[reg->column_count + LOAD_SOURCE], err);
    if (status == GF_OK && strcmp(reg->name, "places") == 0)
        status = check_place(reg, row, err);
    if (status == GF_OK && strcmp(reg->name, "units") == 0)
        status = check_unit(reg, row, err);
    return status;
}
