/* Rows and figures that an actor may see. The condition is built from the register table: a new register is covered by
 * the columns it has.
 */
#include "app/access.h"

#include "app/figures.h"

#include <string.h>

enum { DEPTH_MAX = 3 };

static bool names(const char *list, const char *word)
{
    gf_str rest = gf_str_of(list), one;
    while (gf_str_cut(&rest, '|', &one))
        if (gf_str_is(one, word))
            return true;
    return false;
}

static bool is_entries(const gf_register *reg) { return strcmp(reg->name, "entries") == 0; }

bool access_hangs_on(const gf_register *reg) { return names("units|places|pairings", reg->name); }

bool access_may_read(const gf_app_actor *actor, const char *reg) { return !actor || (gf_app_rights(actor, gf_register_find(gf_str_of(reg))) & GF_APP_READ) != 0; }

bool access_sees_all(const gf_app_actor *actor, const gf_register *reg) { return gf_str_is(actor->scope, "all") || access_is_open(reg); }

/* ---- The condition ---- */

static void add_ties(gf_text *sql, const gf_register *reg, const char *alias, int depth);

static void add_unit(gf_text *sql, const gf_column *column, const char *alias)
{
    if (column->type == GF_COLUMN_REF)
        gf_text_format(sql, " OR EXISTS (SELECT 1 FROM access_unit au WHERE au.user_id = :user AND au.unit = %s.\"%s\")", alias, column->name);
    else
        gf_text_format(sql, " OR EXISTS (SELECT 1 FROM access_unit au WHERE au.user_id = :user AND instr(';' || %s.\"%s\" || ';', ';' || au.unit || ';') > 0)", alias, column->name);
}

static void add_parent(gf_text *sql, const gf_column *column, const char *alias, int depth)
{
    const gf_register *parent = gf_register_find(gf_str_of(column->arg));
    char inner[16];
    if (!parent || access_is_open(parent) || depth >= DEPTH_MAX || names("documents|facts|sources|statements|persons|assignments", parent->name))
        return;  /* a paper or a person cited does not open what cites it */
    (void)snprintf(inner, sizeof inner, "p%d", depth);
    gf_text_format(sql, " OR EXISTS (SELECT 1 FROM \"%s\" %s WHERE %s.\"%s\" = %s.\"%s\" AND (%s.author = :user", parent->name, inner, inner, parent->columns[0].name, alias, column->name, inner);
    add_ties(sql, parent, inner, depth + 1);
    gf_text_add_c(sql, "))");
}

static void add_ties(gf_text *sql, const gf_register *reg, const char *alias, int depth)
{
    for (size_t i = 0; i < reg->column_count; i++) {
        const gf_column *column = &reg->columns[i];
        if (column->type != GF_COLUMN_REF && column->type != GF_COLUMN_REFS)
            continue;
        if (names(column->arg, "units"))
            add_unit(sql, column, alias);
        if (names(column->arg, "places"))
            gf_text_format(sql, " OR EXISTS (SELECT 1 FROM access_place ap WHERE ap.user_id = :user AND ap.place = %s.\"%s\")", alias, column->name);
        if (!strchr(column->arg, '|') && !names("units|places", column->arg) && strcmp(column->arg, reg->name) != 0)
            add_parent(sql, column, alias, depth);
    }
}

static bool is_tie(const gf_register *reg, const gf_column *column)
{
    if (column->type != GF_COLUMN_REF && column->type != GF_COLUMN_REFS)
        return false;
    const gf_register *parent = gf_register_find(gf_str_of(column->arg));
    return names(column->arg, "units") || names(column->arg, "places") ||
           (parent && parent != reg && !access_is_open(parent) && !names("documents|facts|sources|statements|persons|assignments", parent->name));
}

void access_where_inside(gf_text *sql, const gf_register *reg, const char *alias)
{
    gf_text_add_c(sql, ":user <> '' AND ((1 = 1");
    for (size_t i = 0; i < reg->column_count; i++)
        if (is_tie(reg, &reg->columns[i]))
            gf_text_format(sql, " AND %s.\"%s\" = ''", alias, reg->columns[i].name);
    gf_text_add_c(sql, ")");
    add_ties(sql, reg, alias, 0);
    gf_text_add_c(sql, ")");
}

/* An entry is seen by the parties, the places and the acting unit of its lines, and by who booked it. */
static void add_entry(gf_text *sql, const char *alias)
{
    gf_text_format(sql,
                   "(EXISTS (SELECT 1 FROM entry_line l JOIN account a ON a.id = l.account_id WHERE l.entry_id = %s.id AND "
                   "(EXISTS (SELECT 1 FROM access_unit au WHERE au.user_id = :user AND au.unit = a.party) OR EXISTS (SELECT 1 FROM access_place ap WHERE ap.user_id = :user AND ap.place = a.place)"
                   " OR EXISTS (SELECT 1 FROM access_place ap WHERE ap.user_id = :user AND ap.place = a.party)))"
                   " OR EXISTS (SELECT 1 FROM access_unit au WHERE au.user_id = :user AND au.unit = %s.unit)"
                   " OR EXISTS (SELECT 1 FROM batch b WHERE b.author = :user AND b.entry_first <= %s.id AND b.entry_last >= %s.id))",
                   alias, alias, alias, alias);
}

void access_where(gf_text *sql, const gf_app_actor *actor, const gf_register *reg, const char *alias)
{
    if (access_sees_all(actor, reg)) {
        gf_text_add_c(sql, ":user <> ''");
        return;
    }
    if (is_entries(reg)) {
        add_entry(sql, alias);
        return;
    }
    gf_text_format(sql, "(%s.author = :user", alias);
    if (!gf_str_is(actor->scope, "own"))
        add_ties(sql, reg, alias, 0);
    gf_text_add_c(sql, ")");
}

/* ---- One record ---- */

gf_status access_require_record(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *scratch, gf_error *err)
{
    gf_status status = gf_app_require(actor, reg, GF_APP_READ, err);
    if (status != GF_OK)
        return status;
    gf_text sql;
    int64_t number = 0;
    gf_text_init(&sql, scratch);
    gf_text_format(&sql, is_entries(reg) ? "SELECT 1 FROM entry r WHERE " : "SELECT 1 FROM \"%s\" r WHERE ", reg->name);
    access_where(&sql, actor, reg, "r");
    gf_text_format(&sql, " AND r.\"%s\" = :key", is_entries(reg) ? "id" : reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
    gf_stmt_str(stmt, 1, actor->user);
    if (is_entries(reg))
        gf_stmt_int(stmt, 2, gf_str_to_int(key, &number) ? number : 0);
    else
        gf_stmt_str(stmt, 2, key);
    bool seen = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    status = gf_store_ok(app->store, err);
    if (status != GF_OK || seen)
        return status;
    return gf_fail(err, GF_ENOTFOUND, "record.none", "Check the id.", "there is no \"%.*s\" in %s", GF_STR_ARG(gf_str_slice(key, 0, 80)), reg->name);
}

gf_status access_require_inside(gf_app *app, const gf_app_actor *actor, const gf_register *reg, gf_str key, gf_arena *scratch, gf_error *err)
{
    gf_text sql;
    if (access_sees_all(actor, reg) || gf_str_is(actor->scope, "own"))
        return GF_OK;
    gf_text_init(&sql, scratch);
    gf_text_format(&sql, "SELECT 1 FROM \"%s\" r WHERE ", reg->name);
    access_where_inside(&sql, reg, "r");
    gf_text_format(&sql, " AND r.\"%s\" = ?", reg->columns[0].name);
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
    gf_stmt_str(stmt, 1, actor->user);
    gf_stmt_str(stmt, 2, key);
    bool inside = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    gf_status status = gf_store_ok(app->store, err);
    if (status != GF_OK || inside)
        return status;
    return gf_fail(err, GF_EDENIED, "access.outside", "Name a unit or place of your own scope.", "the record would lie outside your scope");
}

static bool has(gf_app *app, const gf_app_actor *actor, const char *statement, gf_str id)
{
    if (gf_str_is(actor->scope, "all"))
        return true;
    gf_stmt *stmt = gf_store_named(app->store, statement);
    gf_stmt_str(stmt, 1, actor->user);
    gf_stmt_str(stmt, 2, id);
    bool found = gf_stmt_row(stmt);
    gf_stmt_end(stmt);
    return found;
}

bool access_has_unit(gf_app *app, const gf_app_actor *actor, gf_str unit) { return has(app, actor, "access_has_unit", unit); }
bool access_has_place(gf_app *app, const gf_app_actor *actor, gf_str place) { return has(app, actor, "access_has_place", place); }

/* ---- Figures and scopes of money ---- */

static gf_str rest_of(gf_str text, size_t at) { return gf_str_slice(text, at + 1, text.len); }

gf_status gf_app_require_scope(gf_app *app, const gf_app_actor *actor, gf_str scope, gf_arena *scratch, gf_error *err)
{
    static const gf_str MONEY_REGISTER = GF_STR_INIT("entries");
    size_t colon = gf_str_find(scope, GF_STR(":"));
    gf_str kind = gf_str_slice(scope, 0, colon), id = rest_of(scope, colon);
    gf_status status = gf_app_require(actor, gf_register_find(MONEY_REGISTER), GF_APP_READ, err);
    if (status != GF_OK || gf_str_is(actor->scope, "all"))
        return status;
    if (gf_str_is(kind, "unit") && access_has_unit(app, actor, id))
        return GF_OK;
    if (gf_str_is(kind, "place") && access_has_place(app, actor, id))
        return GF_OK;
    if (gf_str_is(kind, "fund") || gf_str_is(kind, "project"))
        return access_require_record(app, actor, gf_register_find(gf_str_is(kind, "fund") ? GF_STR("funds") : GF_STR("projects")), id, scratch, err);
    return gf_app_require_all(actor, err);
}

/* "total.group.cash.paid@2021/2023" is about group; "total.taishun-demo/unit:u-x.cash..." about unit:u-x. */
static gf_str scope_of_total(gf_str rest)
{
    gf_str scope = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR(".")));
    size_t slash = gf_str_find(scope, GF_STR("/"));
    return slash < scope.len ? rest_of(scope, slash) : scope;
}

static gf_status require_register(gf_app *app, const gf_app_actor *actor, const char *reg, gf_str key, gf_arena *scratch, gf_error *err)
{
    return access_require_record(app, actor, gf_register_find(gf_str_of(reg)), key, scratch, err);
}

static gf_status require_observation(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    return require_register(app, actor, "observations", rest, scratch, err);
}

/* "i-x@2023", "i-x.target@2025", "i-x.change@2018/2023" are all about i-x. */
static gf_status require_indicator(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    static const gf_str ENDINGS[] = { GF_STR_INIT(".target"), GF_STR_INIT(".change") };
    gf_str id = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR("@")));
    for (size_t i = 0; i < GF_COUNT(ENDINGS); i++)
        if (gf_str_ends(id, ENDINGS[i]))
            id.len -= ENDINGS[i].len;
    return require_register(app, actor, "indicators", id, scratch, err);
}

static gf_status require_fact(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err) { return require_register(app, actor, "facts", rest, scratch, err); }
/* "12" and "12#2" are about entry 12. */
static gf_status require_entry(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    return require_register(app, actor, "entries", gf_str_slice(rest, 0, gf_str_find(rest, GF_STR("#"))), scratch, err);
}

static gf_status require_total(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err) { return gf_app_require_scope(app, actor, scope_of_total(rest), scratch, err); }

static gf_status require_document(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    gf_str id = rest;
    gf_stmt *stmt = gf_store_named(app->store, "document_by_sha256");
    gf_stmt_str(stmt, 1, rest);
    if (rest.len && gf_stmt_row(stmt))
        id = gf_row_copy(stmt, 0, scratch);
    gf_stmt_end(stmt);
    gf_status status = require_register(app, actor, "documents", id, scratch, err);
    return status == GF_ENOTFOUND ? require_register(app, actor, "sources", id, scratch, err) : status;   /* the article itself is a paper too */
}

static gf_status require_record(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    size_t dot = gf_str_find(rest, GF_STR("."));
    const gf_register *reg = gf_register_find(gf_str_slice(rest, 0, dot));
    if (!reg)
        return gf_fail(err, GF_ENOTFOUND, "figure.unknown", "Take the id from a report.", "there is no such figure");
    gf_str key = rest_of(rest, dot);
    return access_require_record(app, actor, reg, gf_str_slice(key, 0, gf_str_find(key, GF_STR("#"))), scratch, err);
}

/* Of a programme's list: the register alone, for only the rows that the actor sees are counted. "taishun/projects.stage=..." */
static gf_status require_list(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    (void)app, (void)scratch;
    gf_str what = rest_of(rest, gf_str_find(rest, GF_STR("/")));
    size_t end = gf_str_find(what, GF_STR("@")), dot = gf_str_find(what, GF_STR(".")), mark = gf_str_find(what, GF_STR("#"));
    end = dot < end ? dot : end;
    const gf_register *reg = gf_register_find(gf_str_slice(what, 0, mark < end ? mark : end));
    return reg ? gf_app_require(actor, reg, GF_APP_READ, err) : gf_fail(err, GF_ENOTFOUND, "figure.unknown", "Take the id from a list.", "there is no such figure");
}

/* "<parcel>@<tower>#seen" is about both. */
static gf_status require_sight(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    gf_str pair = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR("#")));
    size_t at = gf_str_find(pair, GF_STR("@"));
    gf_status status = require_register(app, actor, "parcels", gf_str_slice(pair, 0, at), scratch, err);
    if (status == GF_OK)
        status = gf_app_require(actor, gf_register_find(GF_STR("towers")), GF_APP_READ, err);
    return status == GF_OK && at < pair.len ? require_register(app, actor, "towers", rest_of(pair, at), scratch, err) : status;
}

/* Of two figures: both. */
static gf_status require_between(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    gf_str first, second;
    if (!figure_cut_sides(rest, &first, &second))
        return gf_fail(err, GF_ENOTFOUND, "figure.unknown", "Write ratio.<figure>|<figure>.", "there is no such figure");
    gf_status status = gf_app_require_figure(app, actor, first, scratch, err);
    return status == GF_OK ? gf_app_require_figure(app, actor, second, scratch, err) : status;
}

/* What waits in a fund hangs on all that was paid from it; what moved inside the group, on all members. */
static gf_status require_group(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    (void)rest;
    return gf_app_require_scope(app, actor, GF_STR("group"), scratch, err);
}

static gf_status require_rank(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    return require_register(app, actor, "loans", gf_str_slice(rest, 0, gf_str_find(rest, GF_STR("@"))), scratch, err);
}

/* Which imports: gf_app_imports() tells. */
static gf_status require_import(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    (void)app, (void)rest, (void)scratch;
    return gf_app_require_area(actor, "exchange", err);
}

/* "<plant>.<what>@2025-05": the plant; its id may have dots. */
static gf_status require_plant_part(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    gf_str head = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR("@")));
    size_t dot = head.len;
    while (dot > 0 && head.data[dot - 1] != '.')
        dot--;
    return require_register(app, actor, "plants", gf_str_slice(head, 0, dot ? dot - 1 : 0), scratch, err);
}

static gf_status require_plant(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    gf_str head = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR("@")));
    bool corrected = gf_str_ends(head, GF_STR(".corrected"));
    return require_register(app, actor, "plants", corrected ? gf_str_slice(head, 0, head.len - strlen(".corrected")) : head, scratch, err);
}

/* A count of a whole register tells how many there are in all: it asks for the scope of all. */
static gf_status require_count(gf_app *app, const gf_app_actor *actor, gf_str rest, gf_arena *scratch, gf_error *err)
{
    if (figure_names_list(rest))
        return require_list(app, actor, rest, scratch, err);
    size_t end = gf_str_find(rest, GF_STR("@")), dot = gf_str_find(rest, GF_STR("."));
    const gf_register *reg = gf_register_find(gf_str_slice(rest, 0, dot < end ? dot : end));
    if (!reg)
        return gf_fail(err, GF_ENOTFOUND, "figure.unknown", "Take the id from a report.", "there is no such figure");
    gf_status status = gf_app_require(actor, reg, GF_APP_READ, err);
    return status == GF_OK && !access_is_open(reg) ? gf_app_require_all(actor, err) : status;
}

static const struct { const char *kind; gf_status (*require)(gf_app *, const gf_app_actor *, gf_str, gf_arena *, gf_error *); } FIGURES[] = {
    { "fact", require_fact },   { "entry", require_entry },         { "obs", require_observation }, { "doc", require_document },
    { "total", require_total }, { "indicator", require_indicator }, { "count", require_count },     { "record", require_record },
    { "sum", require_list },    { "sight", require_sight },         { "ratio", require_between },   { "difference", require_between },
    { "age", require_record },  { "unpaid", require_group },        { "rank", require_rank },       { "import", require_import },
    { "internal", require_group }, { "energy", require_plant_part }, { "earning", require_plant_part }, { "light", require_plant }, { "pr", require_plant },
};

gf_status gf_app_require_figure(gf_app *app, const gf_app_actor *actor, gf_str id, gf_arena *scratch, gf_error *err)
{
    size_t dot = gf_str_find(id, GF_STR("."));
    for (size_t i = 0; i < GF_COUNT(FIGURES); i++)
        if (gf_str_is(gf_str_slice(id, 0, dot), FIGURES[i].kind))
            return FIGURES[i].require(app, actor, rest_of(id, dot), scratch, err);
    return gf_fail(err, GF_ENOTFOUND, "figure.unknown", "Take the id from a report.", "there is no figure \"%.*s\"", GF_STR_ARG(gf_str_slice(id, 0, 80)));
}

gf_status gf_app_table_seen(gf_app *app, const gf_app_actor *actor, const gf_register *reg, size_t column, gf_arena *scratch, gf_app_table *table, gf_error *err)
{
    size_t kept = 0;
    text_map seen;
    gf_text sql;
    gf_status status = gf_app_require(actor, reg, GF_APP_READ, err);
    if (status != GF_OK || access_sees_all(actor, reg))
        return status;
    gf_text_init(&sql, scratch);
    gf_text_format(&sql, "SELECT r.\"%s\" FROM \"%s\" r WHERE ", reg->columns[0].name, reg->name);
    access_where(&sql, actor, reg, "r");
    gf_stmt *stmt = gf_store_text(app->store, gf_text_str(&sql).data);
    gf_stmt_str(stmt, 1, actor->user);
    status = record_keys(app, stmt, scratch, &seen, err);
    for (size_t i = 0; status == GF_OK && i < table->row_count; i++)
        if (map_find(&seen, table->rows[i].cells[column]))
            table->rows[kept++] = table->rows[i];
    map_done(&seen);
    table->row_count = status == GF_OK ? kept : table->row_count;
    return status;
}

/* ---- What scopes open, written out ---- */

gf_status access_renew(gf_app *app, gf_error *err)
{
    static const char *const STEPS[] = {
        "access_unit_clear", "access_place_clear", "access_unit_chosen", "access_unit_own", "access_unit_below",
        "access_place_paired", "access_place_own", "access_place_below",
    };
    for (size_t i = 0; i < GF_COUNT(STEPS); i++)
        (void)gf_stmt_run(gf_store_named(app->store, STEPS[i]));
    return gf_store_ok(app->store, err);
}
