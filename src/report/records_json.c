/* Records, entries, groups, users and logs as JSON: the answers of the interface, in the forms that openapi.c
 * describes. Whole numbers are JSON numbers, decimals texts: a reader's double must not round what the books hold
 * exactly.
 */
#include "report/gf_report.h"

#include <string.h>

static const char *const COMMON[GF_APP_COMMON_COUNT] = { "source", "origin", "author", "version" };

static bool is_number(const gf_column *column) { return column->type == GF_COLUMN_INT || column->type == GF_COLUMN_FEN; }

static void add_number(gf_json *json, const char *key, gf_str value)
{
    int64_t number;
    if (gf_str_to_int(value, &number))
        gf_json_int(json, key, number);
    else
        gf_json_null(json, key);
}

void gf_report_record_json(const gf_app_record *record, gf_json *json, const char *key)
{
    const gf_register *reg = record->reg;
    gf_json_begin(json, key, '{');
    for (size_t i = 0; i < reg->column_count; i++) {
        if (reg->columns[i].type == GF_COLUMN_FILE)
            continue;
        if (is_number(&reg->columns[i]))
            add_number(json, reg->columns[i].name, record->cells[i]);
        else
            gf_json_str(json, reg->columns[i].name, record->cells[i]);
    }
    for (size_t i = 0; i + 1 < GF_APP_COMMON_COUNT; i++)
        gf_json_str(json, COMMON[i], record->cells[reg->column_count + i]);
    add_number(json, COMMON[GF_APP_COMMON_COUNT - 1], record->cells[reg->column_count + GF_APP_COMMON_COUNT - 1]);
    gf_json_end(json, '}');
}

static void add_row(gf_json *json, const gf_app_entry_row *row)
{
    const struct { const char *name; gf_str value; } TEXTS[] = {
        { "period", row->period }, { "kind", row->kind }, { "from_party", row->from_party }, { "to_party", row->to_party }, { "fund", row->fund },
        { "project", row->project }, { "place", row->place }, { "stage_from", row->stage_from }, { "stage_to", row->stage_to },
    };
    gf_json_begin(json, NULL, '{');
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_json_str(json, TEXTS[i].name, TEXTS[i].value);
    gf_json_int(json, "amount_fen", row->amount);
    gf_json_cstr(json, "bound", gf_figure_bound_name(row->bound));
    gf_json_end(json, '}');
}

void gf_report_entry_json(const gf_app_entry *entry, gf_json *json, const char *key)
{
    const struct { const char *name; gf_str value; } TEXTS[] = {
        { "key", entry->key }, { "date", entry->date }, { "verb", entry->verb }, { "purpose", entry->purpose }, { "voucher", entry->voucher },
        { "source", entry->source }, { "origin", entry->origin }, { "unit", entry->unit }, { "note", entry->note },
    };
    gf_json_begin(json, key, '{');
    gf_json_int(json, "entry", entry->id);
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_json_str(json, TEXTS[i].name, TEXTS[i].value);
    if (entry->reverses)
        gf_json_int(json, "reverses", entry->reverses);
    else
        gf_json_null(json, "reverses");
    gf_json_str(json, "hash", entry->hash);
    gf_json_begin(json, "rows", '[');
    for (size_t i = 0; i < entry->row_count; i++)
        add_row(json, &entry->rows[i]);
    gf_json_end(json, ']');
    gf_json_end(json, '}');
}

static void add_tail(gf_json *json, gf_str next, int64_t total)
{
    gf_json_end(json, ']');
    gf_json_opt_str(json, "next", next);
    if (total >= 0)
        gf_json_int(json, "count", total);
    else
        gf_json_null(json, "count");
    gf_json_end(json, '}');
}

void gf_report_list_json(const gf_app_list *list, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "records", '[');
    for (size_t i = 0; i < list->count; i++)
        gf_report_record_json(&list->records[i], &json, NULL);
    add_tail(&json, list->next, list->total);
}

void gf_report_history_json(const gf_app_change *changes, size_t count, gf_text *out)
{
    gf_json json;
    char at[GF_UTC_BYTES];
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "history", '[');
    for (size_t i = 0; i < count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "at_utc", (gf_str){ at, gf_utc_format(changes[i].at, at) });
        gf_json_str(&json, "author", changes[i].author);
        gf_json_str(&json, "op", changes[i].op);
        gf_json_str(&json, "field", changes[i].field);
        gf_json_str(&json, "old", changes[i].old);
        gf_json_str(&json, "new", changes[i].new);
        gf_json_int(&json, "version", changes[i].version);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

void gf_report_found_json(const gf_app_found *found, size_t count, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "found", '[');
    for (size_t i = 0; i < count; i++) {
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "register", found[i].reg);
        gf_json_str(&json, "id", found[i].id);
        gf_json_str(&json, "label", found[i].label);
        gf_json_str(&json, "place", found[i].place);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

void gf_report_groups_json(const gf_app_groups *groups, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_int(&json, "head_entry", groups->head_entry);
    gf_json_begin(&json, "by", '[');
    for (size_t i = 0; i < groups->by_count; i++)
        gf_json_cstr(&json, NULL, groups->by[i]);
    gf_json_end(&json, ']');
    gf_json_begin(&json, "groups", '[');
    for (size_t i = 0; i < groups->count; i++) {
        gf_json_begin(&json, NULL, '{');
        for (size_t k = 0; k < groups->by_count; k++)
            gf_json_str(&json, groups->by[k], groups->groups[i].by[k]);
        gf_json_int(&json, "amount_fen", groups->groups[i].amount);
        gf_json_int(&json, "rows", groups->groups[i].rows);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

/* ---- The registers themselves ---- */

static void add_list(gf_json *json, const char *key, const char *words)
{
    gf_str rest = gf_str_of(words), word;
    if (!words) {
        gf_json_null(json, key);
        return;
    }
    gf_json_begin(json, key, '[');
    while (gf_str_cut(&rest, '|', &word))
        gf_json_str(json, NULL, word);
    gf_json_end(json, ']');
}

const char *gf_report_column_type(gf_column_type type)
{
    static const char *const NAMES[] = {
        [GF_COLUMN_KEY] = "key",     [GF_COLUMN_TEXT] = "text",     [GF_COLUMN_INT] = "int",     [GF_COLUMN_DECIMAL] = "decimal", [GF_COLUMN_FEN] = "fen",
        [GF_COLUMN_DATE] = "date",   [GF_COLUMN_PERIOD] = "period", [GF_COLUMN_BOUND] = "bound", [GF_COLUMN_CHOICE] = "choice",   [GF_COLUMN_CODE] = "code",
        [GF_COLUMN_REF] = "ref",     [GF_COLUMN_REFS] = "refs",     [GF_COLUMN_PERSONAL] = "personal", [GF_COLUMN_FILE] = "file",
    };
    return NAMES[type];
}

static void add_column(gf_json *json, const gf_column *column)
{
    bool refers = column->type == GF_COLUMN_REF || column->type == GF_COLUMN_REFS;
    gf_json_begin(json, NULL, '{');
    gf_json_cstr(json, "name", column->name);
    gf_json_cstr(json, "label_zh", column->label_zh);
    gf_json_cstr(json, "label_en", column->label_en);
    gf_json_cstr(json, "type", gf_report_column_type(column->type));
    gf_json_bool(json, "required", column->required);
    add_list(json, "choices", column->type == GF_COLUMN_CHOICE ? column->arg : column->type == GF_COLUMN_BOUND ? "exact|at_least|about" : NULL);
    add_list(json, "refers", refers ? column->arg : NULL);
    gf_json_cstr(json, "example", column->example);
    gf_json_end(json, '}');
}

void gf_report_rights(unsigned rights, char out[5])
{
    static const struct { unsigned right; char letter; } LETTERS[] = { { GF_APP_READ, 'r' }, { GF_APP_WRITE, 'w' }, { GF_APP_REVEAL, 'v' }, { GF_APP_EXPORT, 'x' } };
    size_t len = 0;
    for (size_t i = 0; i < GF_COUNT(LETTERS); i++)
        if (rights & LETTERS[i].right)
            out[len++] = LETTERS[i].letter;
    out[len] = '\0';
}

void gf_report_registers_json(const gf_app_actor *actor, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "registers", '[');
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++) {
        const gf_register *reg = &GF_REGISTERS[i];
        char rights[5];
        gf_report_rights(gf_app_rights(actor, reg), rights);
        if (!rights[0])
            continue;
        gf_json_begin(&json, NULL, '{');
        gf_json_cstr(&json, "name", reg->name);
        gf_json_cstr(&json, "label_zh", reg->label_zh);
        gf_json_cstr(&json, "label_en", reg->label_en);
        gf_json_cstr(&json, "key", reg->columns[0].name);
        gf_json_cstr(&json, "rights", rights);
        gf_json_begin(&json, "columns", '[');
        for (size_t k = 0; k < reg->column_count; k++)
            add_column(&json, &reg->columns[k]);
        gf_json_end(&json, ']');
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

/* ---- People ---- */

void gf_report_session_json(const gf_app_session *session, gf_text *out)
{
    gf_json json;
    const gf_app_actor *a = &session->actor;
    char until[GF_UTC_BYTES];
    bool all = gf_str_is(a->scope, "all");
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    const struct { const char *name; gf_str value; } TEXTS[] = {
        { "user", a->user }, { "name", a->name }, { "role", a->role }, { "scope", a->scope }, { "unit", a->unit }, { "place", a->place }, { "csrf", session->csrf },
    };
    for (size_t i = 0; i < GF_COUNT(TEXTS); i++)
        gf_json_str(&json, TEXTS[i].name, TEXTS[i].value);
    gf_json_bool(&json, "demo", a->demo);
    gf_json_bool(&json, "totp", a->totp);
    gf_json_bool(&json, "must_enrol", a->must_enrol);
    gf_json_str(&json, "expires_utc", (gf_str){ until, gf_utc_format(session->until ? session->until : session->seen + GF_APP_IDLE_MS, until) });
    gf_json_begin(&json, "rights", '{');
    for (size_t i = 0; i < GF_REGISTER_COUNT; i++) {
        char rights[5];
        gf_report_rights(gf_app_rights(a, &GF_REGISTERS[i]), rights);
        if (rights[0])
            gf_json_cstr(&json, GF_REGISTERS[i].name, rights);
    }
    gf_json_end(&json, '}');
    gf_json_begin(&json, "areas", '[');
    gf_str rest = gf_str_of(gf_app_areas(a)), area;
    while (gf_str_cut(&rest, ';', &area))
        if (all || !(gf_str_is(area, "report") || gf_str_is(area, "press")))
            gf_json_str(&json, NULL, area);
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

static void add_instant(gf_json *json, const char *key, gf_utc_ms at)
{
    char text[GF_UTC_BYTES];
    if (at)
        gf_json_str(json, key, (gf_str){ text, gf_utc_format(at, text) });
    else
        gf_json_null(json, key);
}

void gf_report_users_json(const gf_app_user *users, size_t count, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "users", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_app_user *u = &users[i];
        gf_str rest = u->units, unit;
        gf_json_begin(&json, NULL, '{');
        gf_json_str(&json, "id", u->id);
        gf_json_str(&json, "name", u->name);
        gf_json_str(&json, "role", u->role);
        gf_json_str(&json, "scope", u->scope);
        gf_json_begin(&json, "units", '[');
        while (gf_str_cut(&rest, ';', &unit))
            gf_json_str(&json, NULL, unit);
        gf_json_end(&json, ']');
        gf_json_str(&json, "unit", u->unit);
        gf_json_str(&json, "place", u->place);
        gf_json_str(&json, "state", u->state);
        add_instant(&json, "locked_until_utc", u->locked_until);
        add_instant(&json, "last_login_utc", u->last_login);
        gf_json_bool(&json, "totp", u->totp);
        gf_json_bool(&json, "demo", u->demo);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    gf_json_end(&json, '}');
}

void gf_report_log_json(const gf_app_log_line *lines, size_t count, int64_t next, gf_text *out)
{
    gf_json json;
    gf_json_init(&json, out);
    gf_json_begin(&json, NULL, '{');
    gf_json_begin(&json, "log", '[');
    for (size_t i = 0; i < count; i++) {
        const gf_app_log_line *l = &lines[i];
        const struct { const char *name; gf_str value; } TEXTS[] = {
            { "actor", l->actor }, { "role", l->role }, { "address", l->address }, { "action", l->action }, { "object", l->object }, { "outcome", l->outcome },
            { "reason", l->reason }, { "hash", l->hash },
        };
        gf_json_begin(&json, NULL, '{');
        gf_json_int(&json, "id", l->id);
        add_instant(&json, "at_utc", l->at);
        for (size_t k = 0; k < GF_COUNT(TEXTS); k++)
            gf_json_str(&json, TEXTS[k].name, TEXTS[k].value);
        gf_json_end(&json, '}');
    }
    gf_json_end(&json, ']');
    if (next)
        gf_json_int(&json, "next", next);
    else
        gf_json_null(&json, "next");
    gf_json_end(&json, '}');
}
