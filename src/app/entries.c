/* Lists and sums of entries. What is asked most - the newest, or those of a place and kind by date - is answered from
 * an index and the slots; anything else is a scan with conditions. Entries never change, so who reads one may keep it.
 */
#include "app/browse.h"
#include "app/ledger.h"
#include "app/ledger_inside.h"
#include "app/side.h"

#include <string.h>

enum { GROUPS_MAX = 20000, SQL_NAME = 160 };

static const gf_register *entries_register(void) { return gf_register_find(GF_STR("entries")); }

/* ---- Columns that can be asked by ---- */

/* Of the entry itself, or of its rows: then an entry is meant when one of its rows fits. */
typedef struct asked { const char *name, *expression; bool of_row, number, sorts, known; } asked;   /* known: an index of what is not empty */
static const asked ASKED[] = {
    { "entry", "e.id", false, true, true },       { "date", "e.date", false, false, true },        { "verb", "e.verb", false, false, true },
    { "key", "e.key", false, false, true },       { "purpose", "e.purpose", false, false, true },  { "voucher", "e.voucher", false, false, true },
    { "source", "e.source", false, false, true, true }, { "origin", "e.origin", false, false, true },    { "unit", "e.unit", false, false, true, true },
    { "note", "e.note", false, false, true },     { "reverses", "e.reverses", false, true, true, true }, { "kind", "a.kind", true, false, false },
    { "place", "a.place", true, false, false },   { "fund", "a.fund", true, false, false },        { "project", "a.project", true, false, false },
    { "stage_to", "a.stage", true, false, false }, { "to_party", "a.party", true, false, false },  { "party", "a.party", true, false, false },
    { "amount_fen", "(SELECT sum(l.amount_fen) FROM entry_line l WHERE l.entry_id = e.id AND l.amount_fen > 0)", false, true, true },
};

static const asked *find_asked(gf_str name)
{
    for (size_t i = 0; i < GF_COUNT(ASKED); i++)
        if (gf_str_is(name, ASKED[i].name))
            return &ASKED[i];
    return NULL;
}

static gf_status add_value(gf_text *sql, browse_params *params, const asked *column, const gf_app_filter *filter, gf_error *err)
{
    static const char *const OPERATORS[] = { "=", ">=", "<=" };
    int64_t value = 0;
    if (column->number && !gf_str_to_int(filter->value, &value))
        return gf_fail(err, GF_EUSAGE, "list.value", "Write a whole number.", "%s is compared with a number", column->name);
    gf_text_format(sql, " AND %s %s ?", column->expression, OPERATORS[filter->match]);
    if (filter->match == GF_APP_EQUALS && column->known && (column->number ? value != 0 : filter->value.len > 0))
        gf_text_format(sql, " AND %s <> %s", column->expression, column->number ? "0" : "''");   /* the index holds those alone that say something */
    if (column->number)
        browse_number(params, value);
    else
        browse_text(params, filter->value);
    return GF_OK;
}

/* A place, project or fund is one of thousands: its accounts lead to its entries. A kind or stage is most of the ledger: there entries are
 * looked at in the order asked for until the page is full. */
static bool names_few_rows(const gf_app_list_ask *ask)
{
    static const char *const FEW[] = { "place", "project", "fund" };
    for (size_t i = 0; i < ask->filter_count; i++)
        for (size_t k = 0; k < GF_COUNT(FEW); k++)
            if (ask->filters[i].match == GF_APP_EQUALS && gf_str_is(ask->filters[i].column, FEW[k]))
                return true;
    return false;
}

/* Conditions on the entry e; those on rows stand together: one row must fit them all. */
static gf_status add_conditions(gf_app *app, gf_text *sql, browse_params *params, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_error *err)
{
    side about;
    gf_status status = side_of(app, ask->programme, &about, err);
    gf_text rows;
    browse_params row_params = { .count = 0 };
    gf_text_init(&rows, sql->arena);
    gf_text_add_c(sql, " WHERE ");
    access_where(sql, actor, ask->reg, "e");
    browse_text(params, actor->user);
    side_where(sql, params, &about, ask->reg, "e");
    for (size_t i = 0; status == GF_OK && i < ask->filter_count; i++) {
        const asked *column = find_asked(ask->filters[i].column);
        if (!column)
            return browse_bad_column(ask->reg, ask->filters[i].column, err);
        status = add_value(column->of_row ? &rows : sql, column->of_row ? &row_params : params, column, &ask->filters[i], err);
    }
    if (status == GF_OK && ask->q.len) {
        gf_text_add_c(sql, " AND (instr(e.purpose, ?) > 0 OR instr(e.note, ?) > 0 OR instr(e.key, ?) > 0 OR instr(e.voucher, ?) > 0)");
        for (int i = 0; i < 4; i++)
            browse_text(params, ask->q);
    }
    if (ask->within.len) {
        gf_text_add_c(&rows, " AND a.place IN (WITH RECURSIVE inside(code) AS (SELECT ? UNION SELECT w.code FROM places w JOIN inside ON w.parent = inside.code) SELECT code FROM inside)");
        browse_text(&row_params, ask->within);
    }
    if (status == GF_OK && rows.len) {
        gf_text_add_c(sql, names_few_rows(ask) ? " AND e.id IN (SELECT l.entry_id FROM account a JOIN entry_line l ON l.account_id = a.id WHERE l.id % 2 = 0"
                                               : " AND EXISTS (SELECT 1 FROM entry_line l JOIN account a ON a.id = l.account_id WHERE l.entry_id = e.id AND l.id % 2 = 0");
        gf_text_add(sql, gf_text_str(&rows));
        gf_text_add_c(sql, ")");
        for (size_t i = 0; i < row_params.count; i++)
            browse_text(params, row_params.text[i]);
    }
    return status;
}

/* ---- Lists ---- */

/* Exactly a place and a kind, by date: the slots hold them in this order. */
static bool fits_slots(const gf_app_actor *actor, const gf_app_list_ask *ask, gf_str *place, gf_str *kind)
{
    place->data = kind->data = NULL;
    for (size_t i = 0; i < ask->filter_count; i++) {
        const gf_app_filter *f = &ask->filters[i];
        if (f->match != GF_APP_EQUALS)
            return false;
        if (gf_str_is(f->column, "place"))
            *place = f->value;
        else if (gf_str_is(f->column, "kind"))
            *kind = f->value;
        else
            return false;
    }
    return place->data && kind->data && ask->filter_count == 2 && gf_str_is(ask->sort, "date") && ask->q.len == 0 && ask->within.len == 0 && ask->programme.len == 0 && access_sees_all(actor, ask->reg);
}

static gf_status bad_cursor(gf_error *err) { return gf_fail(err, GF_EUSAGE, "list.cursor", "Take it from \"next\" of the page before.", "the cursor is none of ours"); }

static gf_status list_slots(gf_app *app, const gf_app_list_ask *ask, gf_str place, gf_str kind, int64_t limit, gf_arena *keep, gf_stmt **out, gf_error *err)
{
    gf_str value = ask->descending ? GF_STR("~") : (gf_str){ "", 0 }, key;  /* ~ sorts behind every date */
    int64_t id = ask->descending ? INT64_MAX : 0;
    if (ask->cursor.len && (!browse_cursor_read(ask->cursor, keep, &value, &key) || !gf_str_to_int(key, &id)))
        return bad_cursor(err);
    *out = gf_store_named(app->store, ask->descending ? "slot_page_down" : "slot_page_up");
    gf_stmt_str(*out, 1, place);
    gf_stmt_str(*out, 2, kind);
    gf_stmt_str(*out, 3, value);
    gf_stmt_int(*out, 4, id);
    gf_stmt_int(*out, 5, limit + 1);
    return GF_OK;
}

static gf_status list_any(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, int64_t limit, gf_arena *keep, gf_stmt **out, gf_error *err)
{
    gf_text sql;
    browse_params params = { .count = 0 };
    gf_str value, key;
    int64_t id = 0, number;
    const asked *by = find_asked(ask->sort.len ? ask->sort : GF_STR("entry"));
    bool down = ask->descending || ask->sort.len == 0;
    if (!by || !by->sorts)
        return browse_bad_column(ask->reg, ask->sort, err);
    bool by_id = strcmp(by->name, "entry") == 0;
    gf_text_init(&sql, keep);
    gf_text_format(&sql, "SELECT e.id, %s FROM entry e", by_id ? "''" : by->expression);
    gf_status status = add_conditions(app, &sql, &params, actor, ask, err);
    if (status != GF_OK)
        return status;
    if (ask->cursor.len) {
        if (!browse_cursor_read(ask->cursor, keep, &value, &key) || !gf_str_to_int(key, &id) || (by->number && !by_id && !gf_str_to_int(value, &number)))
            return bad_cursor(err);
        const char *sign = down ? "<" : ">";
        if (by_id)
            gf_text_format(&sql, " AND e.id %s ?", sign);
        else
            gf_text_format(&sql, " AND (%s, e.id) %s (?, ?)", by->expression, sign);
        if (!by_id && by->number)
            browse_number(&params, number);
        else if (!by_id)
            browse_text(&params, value);
        browse_number(&params, id);
    }
    const char *way = down ? "DESC" : "ASC";
    gf_text_format(&sql, by_id ? " ORDER BY e.id %s LIMIT ?" : " ORDER BY 2 %s, e.id %s LIMIT ?", way, way);
    browse_number(&params, limit + 1);
    *out = browse_bind(app, &sql, &params);
    return GF_OK;
}

/* All entries of a side: they are never changed, so those counted before are counted for good, and only newer ones are looked at. */
static gf_status count_side(gf_app *app, const side *about, int64_t *total, gf_error *err)
{
    struct counted *known = &app->counted[about->programme.len == 0 ? 0 : about->demo ? 1 : 2];
    static const char *const OF[] = { "entries_after", "entries_after_invented", "entries_after_real" };
    gf_stmt *stmt = gf_store_named(app->store, OF[known - app->counted]);
    gf_stmt_int(stmt, 1, known->entry);
    int64_t count = 0, entry = known->entry;
    if (gf_stmt_row(stmt)) {
        count = gf_row_int(stmt, 0);
        entry = count ? gf_row_int(stmt, 1) : entry;
    }
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status != GF_OK)
        return status;
    *known = (struct counted){ entry, known->count + count };
    *total = known->count;
    return GF_OK;
}

static gf_status count_all(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, int64_t *total, gf_error *err)
{
    side about;
    if (ask->filter_count == 0 && ask->q.len == 0 && ask->within.len == 0 && access_sees_all(actor, ask->reg)) {
        gf_status sided = side_of(app, ask->programme, &about, err);
        return sided == GF_OK ? count_side(app, &about, total, err) : sided;
    }
    gf_text sql;
    browse_params params = { .count = 0 };
    gf_text_init(&sql, keep);
    gf_text_add_c(&sql, "SELECT count(*) FROM entry e");
    gf_status status = add_conditions(app, &sql, &params, actor, ask, err);
    if (status != GF_OK)
        return status;
    gf_stmt *stmt = browse_bind(app, &sql, &params);
    *total = gf_stmt_row(stmt) ? gf_row_int(stmt, 0) : 0;
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

gf_status gf_app_list_entries(gf_app *app, const gf_app_actor *actor, const gf_app_list_ask *ask, gf_arena *keep, gf_app_entry_list *out, gf_error *err)
{
    int64_t limit = browse_limit(ask->limit);
    gf_str place, kind, last = { "", 0 };
    gf_stmt *stmt = NULL;
    gf_status status = gf_app_require(actor, ask->reg, GF_APP_READ, err);
    *out = (gf_app_entry_list){ .ids = gf_new(keep, int64_t, (size_t)limit + 1), .total = -1, .next = { "", 0 } };
    if (status == GF_OK && !out->ids)
        return gf_fail_memory(err);
    if (status == GF_OK)
        status = fits_slots(actor, ask, &place, &kind) ? list_slots(app, ask, place, kind, limit, keep, &stmt, err) : list_any(app, actor, ask, limit, keep, &stmt, err);
    if (status != GF_OK)
        return status;
    while (gf_stmt_row(stmt) && out->count <= (size_t)limit) {
        out->ids[out->count++] = gf_row_int(stmt, 0);
        if (out->count == (size_t)limit)
            last = gf_row_copy(stmt, 1, keep);
    }
    gf_stmt_end(stmt);
    if (out->count > (size_t)limit) {
        char id[24];
        out->count = (size_t)limit;
        (void)snprintf(id, sizeof id, "%lld", (long long)out->ids[limit - 1]);
        out->next = browse_cursor(last, gf_str_of(id), keep);
    }
    status = gf_store_ok(app->store, err);
    return status == GF_OK && ask->want_count ? count_all(app, actor, ask, keep, &out->total, err) : status;
}

/* ---- One entry ---- */

gf_status gf_app_entry_see(gf_app *app, const gf_app_actor *actor, int64_t id, gf_arena *scratch, gf_error *err)
{
    char key[24];
    if (access_sees_all(actor, entries_register()))
        return gf_app_require(actor, entries_register(), GF_APP_READ, err);
    (void)snprintf(key, sizeof key, "%lld", (long long)id);
    return access_require_record(app, actor, entries_register(), gf_str_copy(scratch, gf_str_of(key)), scratch, err);
}

static void take_rows(const gf_fund_entry *entry, gf_app_entry *out, gf_arena *keep)
{
    out->rows = gf_new(keep, gf_app_entry_row, entry->transfer_count);
    for (size_t i = 0; out->rows && i < entry->transfer_count; i++) {
        const gf_fund_transfer *t = &entry->transfers[i];
        const gf_str texts[] = { t->period, t->to.kind, t->from.party, t->to.party, t->to.fund, t->to.project, t->to.place, t->from.stage, t->to.stage };
        gf_app_entry_row *row = &out->rows[out->row_count++];
        gf_str *const targets[] = { &row->period, &row->kind, &row->from_party, &row->to_party, &row->fund, &row->project, &row->place, &row->stage_from, &row->stage_to };
        for (size_t k = 0; k < GF_COUNT(texts); k++)
            *targets[k] = gf_str_copy(keep, texts[k]);
        row->amount = t->amount;
        row->bound = (gf_figure_bound)t->bound;
    }
}

gf_status gf_app_entry_read(gf_app *app, int64_t id, gf_arena *keep, gf_app_entry *out, gf_error *err)
{
    ledger_reader reader;
    char hex[GF_HASH_HEX_BYTES];
    gf_status status = ledger_reader_open(app, id, id, &reader, err);
    if (status != GF_OK)
        return status;
    bool found = ledger_reader_next(&reader);
    if (found) {
        const gf_fund_entry *e = &reader.entry;
        const gf_str texts[] = { e->key, e->date, e->verb, e->purpose, e->voucher, e->source, e->origin, e->unit, e->note };
        *out = (gf_app_entry){ .id = e->id, .reverses = e->reverses };
        gf_str *const targets[] = { &out->key, &out->date, &out->verb, &out->purpose, &out->voucher, &out->source, &out->origin, &out->unit, &out->note };
        for (size_t i = 0; i < GF_COUNT(texts); i++)
            *targets[i] = gf_str_copy(keep, texts[i]);
        gf_hex_format(reader.stored_hash, sizeof reader.stored_hash, hex);
        out->hash = gf_str_copy(keep, gf_str_of(hex));
        take_rows(e, out, keep);
    }
    ledger_reader_close(&reader);
    status = gf_store_ok(app->store, err);
    if (status == GF_OK && !found)
        return gf_fail(err, GF_ENOTFOUND, "record.none", "Check the id.", "there is no entry %lld", (long long)id);
    return status == GF_OK && !out->rows ? gf_fail_memory(err) : status;
}

/* ---- Booking ---- */

static gf_status check_source(gf_app *app, gf_str source, gf_error *err)
{
    gf_str id;
    while (gf_str_cut(&source, ';', &id)) {
        gf_stmt *stmt = gf_store_named(app->store, "source_known");
        gf_stmt_str(stmt, 1, id);
        bool known = gf_stmt_row(stmt);
        gf_stmt_end(stmt);
        if (!known)
            return gf_fail(err, GF_EINPUT, "load.unknown", "Name a fact, a source or a document that is in its register.", "source \"%.*s\" is not known", GF_STR_ARG(gf_str_slice(id, 0, 60)));
    }
    return GF_OK;
}

static void cells_of(const gf_app_entry *e, const gf_app_entry_row *row, gf_str origin, char amount[24], char reverses[24], ledger_cells *out)
{
    static const char *const BOUNDS[] = { "exact", "at_least", "about" };
    (void)snprintf(amount, 24, "%lld", (long long)row->amount);
    (void)snprintf(reverses, 24, "%lld", (long long)e->reverses);
    *out = (ledger_cells){ .cell = {
        [LEDGER_ENTRY] = GF_STR_INIT("1"), [LEDGER_DATE] = e->date, [LEDGER_PERIOD] = row->period, [LEDGER_VERB] = e->verb, [LEDGER_KIND] = row->kind,
        [LEDGER_FROM_PARTY] = row->from_party, [LEDGER_TO_PARTY] = row->to_party, [LEDGER_FUND] = row->fund, [LEDGER_PROJECT] = row->project, [LEDGER_PLACE] = row->place,
        [LEDGER_STAGE_FROM] = row->stage_from, [LEDGER_STAGE_TO] = row->stage_to, [LEDGER_AMOUNT_FEN] = gf_str_of(amount), [LEDGER_BOUND] = gf_str_of(BOUNDS[row->bound % 3]),
        [LEDGER_PURPOSE] = e->purpose, [LEDGER_VOUCHER] = e->voucher, [LEDGER_SOURCE] = e->source, [LEDGER_ORIGIN] = origin, [LEDGER_KEY] = e->key,
        [LEDGER_REVERSES] = e->reverses ? gf_str_of(reverses) : (gf_str){ "", 0 }, [LEDGER_UNIT] = e->unit, [LEDGER_NOTE] = e->note } };
}

/* The same refusals as a load gives, told by column: there is no file and no line. */
static gf_status at_field(gf_status status, gf_error *err)
{
    if (status != GF_OK && err && strncmp(err->where, "entries.csv", strlen("entries.csv")) == 0)
        err->where[0] = '\0';
    return status;
}

/* Who booked it, and when: a batch of one, or one more in the batch of the same author's last one. */
static gf_status add_batch(gf_app *app, const gf_app_actor *actor, int64_t id, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "batch_append");
    gf_stmt_int(stmt, 1, app->now());
    gf_stmt_str(stmt, 2, actor->user);
    gf_stmt_int(stmt, 3, id);
    (void)gf_stmt_run(stmt);
    return gf_store_ok(app->store, err);
}

static gf_status post(gf_app *app, const gf_app_actor *actor, const gf_app_entry *e, gf_arena *scratch, int64_t *id, bool *fresh, gf_error *err)
{
    ledger_cells *rows = gf_new(scratch, ledger_cells, e->row_count + 1);
    char (*numbers)[2][24] = gf_arena_alloc(scratch, e->row_count + 1, sizeof *numbers);
    gf_str origin = actor->demo ? GF_STR("demo") : e->origin.len ? e->origin : GF_STR("entered");
    if (!rows || !numbers)
        return gf_fail_memory(err);
    if (!gf_str_is(origin, "entered") && !gf_str_is(origin, "imported") && !gf_str_is(origin, "demo"))
        return gf_fail(err, GF_EINPUT, "load.origin", "Write entered or imported.", "origin \"%.*s\" is not for people to give", GF_STR_ARG(gf_str_slice(origin, 0, 20)));
    gf_status status = check_source(app, e->source, err);
    for (size_t i = 0; i < e->row_count; i++)
        cells_of(e, &e->rows[i], origin, numbers[i][0], numbers[i][1], &rows[i]);
    app->ledger_touched = true;
    return status == GF_OK ? at_field(ledger_post(app, rows, e->row_count, id, fresh, err), err) : status;
}

static gf_status require_inside(gf_app *app, const gf_app_actor *actor, const gf_app_entry *e, gf_error *err)
{
    if (access_sees_all(actor, entries_register()))
        return GF_OK;
    bool inside = e->unit.len && access_has_unit(app, actor, e->unit);
    for (size_t i = 0; !inside && i < e->row_count; i++)
        inside = access_has_unit(app, actor, e->rows[i].from_party) || access_has_unit(app, actor, e->rows[i].to_party) || access_has_place(app, actor, e->rows[i].place);
    return inside ? GF_OK : gf_fail(err, GF_EDENIED, "access.outside", "Name a unit or place of your own scope.", "the entry would lie outside your scope");
}

gf_status gf_app_entry_post(gf_app *app, const gf_app_actor *actor, const gf_app_entry *entry, int64_t *id, bool *fresh, gf_error *err)
{
    gf_arena *scratch = gf_arena_open(32 * GF_MIB);
    gf_status status = scratch ? gf_app_require(actor, entries_register(), GF_APP_READ | GF_APP_WRITE, err) : gf_fail_memory(err);
    if (status == GF_OK)
        status = require_inside(app, actor, entry, err);
    if (status == GF_OK)
        status = post(app, actor, entry, scratch, id, fresh, err);
    if (status == GF_OK && *fresh)
        status = add_batch(app, actor, *id, err);
    if (status == GF_OK && *fresh) {
        char object[40];
        (void)snprintf(object, sizeof object, "entries/%lld", (long long)*id);
        status = gf_app_log(app, actor, entry->reverses ? "reverse" : "book", gf_str_of(object), "done", (gf_str){ "", 0 }, err);
    }
    gf_arena_close(scratch);
    return status;
}

/* ---- Sums ---- */

static const struct { const char *name, *slot, *full; } BY[] = {
    { "place", "s.place", "a.place" }, { "kind", "s.kind", "a.kind" }, { "month", "substr(s.date, 1, 7)", "substr(e.date, 1, 7)" }, { "date", "s.date", "e.date" },
    { "year", "substr(s.date, 1, 4)", "substr(e.date, 1, 4)" }, { "fund", NULL, "a.fund" }, { "project", NULL, "a.project" }, { "verb", NULL, "e.verb" }, { "stage", NULL, "a.stage" },
    { "origin", NULL, "e.origin" },
};

static gf_status read_by(gf_str by, gf_app_groups *out, size_t index[GF_APP_GROUP_MAX], bool *slots, gf_error *err)
{
    gf_str one;
    while (gf_str_cut(&by, ',', &one)) {
        size_t i = 0;
        while (i < GF_COUNT(BY) && !gf_str_is(one, BY[i].name))
            i++;
        if (i == GF_COUNT(BY) || out->by_count == GF_APP_GROUP_MAX)
            return gf_fail(err, GF_EUSAGE, "groups.by", "Write up to four of place, kind, month, date, year, fund, project, verb, stage, origin.", "\"%.*s\" cannot be grouped by",
                           GF_STR_ARG(gf_str_slice(one, 0, 40)));
        *slots = *slots && BY[i].slot;
        index[out->by_count] = i;
        out->by[out->by_count++] = BY[i].name;
    }
    return out->by_count ? GF_OK : gf_fail(err, GF_EUSAGE, "groups.by", "Write by=place,kind.", "nothing is named to group by");
}

/* Money of different kinds is never added: sums are by kind, or of one kind. */
static gf_status require_kind(const gf_app_groups *groups, const gf_app_list_ask *ask, gf_error *err)
{
    for (size_t i = 0; i < groups->by_count; i++)
        if (strcmp(groups->by[i], "kind") == 0)
            return GF_OK;
    for (size_t i = 0; i < ask->filter_count; i++)
        if (gf_str_is(ask->filters[i].column, "kind") && ask->filters[i].match == GF_APP_EQUALS)
            return GF_OK;
    return gf_fail(err, GF_EDENIED, "groups.kind", "Add kind to by, or ask for one kind.", "money of different kinds is never added together");
}

/* Where every question can be answered from the kept sums of places and kinds. */
static bool fits_sums(const gf_app_groups *groups, const gf_app_list_ask *ask, const size_t index[GF_APP_GROUP_MAX])
{
    bool fits = ask->filter_count == 0 && ask->q.len == 0 && ask->within.len == 0 && ask->programme.len == 0;
    for (size_t i = 0; i < groups->by_count; i++)
        fits = fits && index[i] < 2;
    return fits;
}

static bool asks_origin(const gf_app_list_ask *ask)
{
    for (size_t i = 0; i < ask->filter_count; i++)
        if (gf_str_is(ask->filters[i].column, "origin"))
            return true;
    return false;
}

static void add_by(gf_text *sql, const gf_app_groups *groups, const size_t index[GF_APP_GROUP_MAX], bool slots)
{
    for (size_t i = 0; i < groups->by_count; i++)
        gf_text_format(sql, "%s%s", i ? ", " : "", slots ? BY[index[i]].slot : BY[index[i]].full);
}

static gf_status build(gf_app *app, gf_text *sql, browse_params *params, const gf_app_actor *actor, const gf_app_groups *groups, const gf_app_list_ask *ask, const size_t index[GF_APP_GROUP_MAX], bool slots,
                       gf_error *err)
{
    gf_status status = GF_OK;
    bool all = access_sees_all(actor, ask->reg) && slots && ask->programme.len == 0 && ask->filter_count == 0 && ask->q.len == 0 && ask->within.len == 0;
    gf_text_add_c(sql, "SELECT ");
    add_by(sql, groups, index, all);
    if (all)
        gf_text_format(sql, ", sum(s.amount_fen), sum(s.rows) FROM %s s WHERE s.demo = 0", fits_sums(groups, ask, index) ? "slot_total" : "entry_slot");
    else {
        gf_text_add_c(sql, ", sum(CASE WHEN e.reverses <> 0 THEN -m.amount_fen ELSE m.amount_fen END), count(*) FROM entry e JOIN entry_line m ON m.entry_id = e.id JOIN account a ON a.id = m.account_id");
        status = add_conditions(app, sql, params, actor, ask, err);
        gf_text_add_c(sql, " AND m.id % 2 = 0");
        for (size_t i = 0; status == GF_OK && i < ask->filter_count; i++) {  /* rows that do not fit themselves are left out too */
            const asked *column = find_asked(ask->filters[i].column);
            if (column && column->of_row)
                status = add_value(sql, params, column, &ask->filters[i], err);
        }
        if (!asks_origin(ask) && ask->programme.len == 0)
            gf_text_add_c(sql, " AND e.origin <> 'demo'");
    }
    gf_text_add_c(sql, " GROUP BY ");
    add_by(sql, groups, index, all);
    gf_text_add_c(sql, " ORDER BY ");
    add_by(sql, groups, index, all);
    return status;
}

static gf_status take_groups(gf_app *app, gf_stmt *stmt, gf_arena *keep, gf_app_groups *out, gf_error *err)
{
    size_t room = 0;
    while (gf_stmt_row(stmt)) {
        if (out->count == GROUPS_MAX)
            return gf_stmt_end(stmt), gf_fail(err, GF_ELIMIT, "groups.many", "Ask for a shorter time, or fewer columns.", "there are more than %d groups", GROUPS_MAX);
        if (out->count == room) {
            gf_app_group *larger = gf_new(keep, gf_app_group, room ? room * 2 : 64);
            if (!larger)
                return gf_stmt_end(stmt), gf_fail_memory(err);
            if (out->count)
                memcpy(larger, out->groups, out->count * sizeof *larger);
            out->groups = larger;
            room = room ? room * 2 : 64;
        }
        gf_app_group *group = &out->groups[out->count++];
        for (size_t i = 0; i < out->by_count; i++)
            group->by[i] = gf_row_copy(stmt, (int)i, keep);
        group->amount = gf_row_int(stmt, (int)out->by_count);
        group->rows = gf_row_int(stmt, (int)out->by_count + 1);
    }
    return gf_store_ok(app->store, err);
}

gf_status browse_group_entries(gf_app *app, const gf_app_actor *actor, gf_str by, const gf_app_list_ask *filters, gf_arena *keep, gf_app_groups *out, gf_error *err)
{
    size_t index[GF_APP_GROUP_MAX];
    bool slots = true;
    gf_text sql;
    browse_params params = { .count = 0 };
    char hex[GF_HASH_HEX_BYTES];
    *out = (gf_app_groups){ .by_count = 0 };
    gf_status status = gf_app_require(actor, filters->reg, GF_APP_READ, err);
    if (status == GF_OK)
        status = read_by(by, out, index, &slots, err);
    if (status == GF_OK)
        status = require_kind(out, filters, err);
    gf_text_init(&sql, keep);
    if (status == GF_OK)
        status = build(app, &sql, &params, actor, out, filters, index, slots, err);
    if (status == GF_OK)
        status = ledger_head(app, &out->head_entry, hex, err);
    return status == GF_OK ? take_groups(app, browse_bind(app, &sql, &params), keep, out, err) : status;
}

/* The sums and the number of the entry that they reach to are of one moment. */
gf_status gf_app_group_entries(gf_app *app, const gf_app_actor *actor, gf_str by, const gf_app_list_ask *filters, gf_arena *keep, gf_app_groups *out, gf_error *err)
{
    gf_status status = app_begin_read(app, err);
    return status == GF_OK ? app_end_read(app, browse_group_entries(app, actor, by, filters, keep, out, err), err) : status;
}
