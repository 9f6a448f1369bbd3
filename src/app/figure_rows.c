/* Figures of lists: how many rows one holds, and what a column of them adds up to. Exactly the rows that a list asked the
 * same way gives its reader, so that the number over a list and what stands under it are one.
 *
 *   count.<programme>/<register>[.<condition>,...]@all
 *   sum.<programme>/<register>#<column>[.<condition>,...]@all
 *
 * A condition is column=value, column.from=value, column.to=value, within=place or q=words; in a value, what has a meaning
 * in an id is written %2C. Money of entries is summed row by row, of one kind (kind=) and one stage (stage=). Some columns are worked out and kept nowhere: WORKED names them, their values may be several
 * with + between, and a day behind the @ instead of "all" is the day that they are asked for.
 */
#include "app/figures.h"

#include "app/browse.h"
#include "app/gf_app_land.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 1000, WORKED_MAX = 4 };
static const size_t ROWS_BYTES_MAX = (size_t)512 << 20;

/* One question: a list, and what is to be worked out of its rows. */
typedef struct rows_ask {
    gf_app_list_ask  list;
    const gf_column *column;               /* of a sum; NULL: the rows are counted */
    gf_str           day;                  /* "" = today */
    gf_str           stage;                /* of a sum of entries: rows that reach it; data NULL: any */
    struct { gf_str name, value; } worked[WORKED_MAX];
    size_t           worked_count;
    gf_app_table     cases;                /* read when a condition asks for them */
    gf_app_land      land;
    gf_app_land_sight *sights;             /* of one tower, in the order of the parcels */
    size_t           sight_count;
    gf_arena        *scratch;              /* pages of the list */
} rows_ask;

/* What has been found so far. */
typedef struct found { int64_t rows; gf_decimal sum; gf_figure_bound bound; gf_figure_basis weakest; } found;

/* ---- What is worked out ---- */

static bool is_one_of(gf_str values, gf_str value)
{
    gf_str one;
    while (gf_str_cut(&values, '+', &one))
        if (gf_str_eq(one, value))
            return true;
    return false;
}

static gf_status read_cases(const figure_ask *ask, rows_ask *rows, gf_str value, gf_error *err)
{
    (void)value;
    return rows->cases.rows ? GF_OK : gf_app_cases(ask->app, rows->day, GF_STR("en"), rows->scratch, &rows->cases, err);
}

/* Columns of gf_app_cases(). */
enum { CASE_ID = 0, CASE_STAGE = 4, CASE_DUE = 6 };

static gf_str case_cell(const rows_ask *rows, gf_str key, size_t column)
{
    for (size_t i = 0; i < rows->cases.row_count; i++)
        if (gf_str_eq(rows->cases.rows[i].cells[CASE_ID], key))
            return rows->cases.rows[i].cells[column];
    return (gf_str){ "", 0 };
}

static gf_str yes(bool fact) { return fact ? GF_STR("yes") : GF_STR("no"); }

static gf_str case_stage(const rows_ask *rows, gf_str key) { return case_cell(rows, key, CASE_STAGE); }
static gf_str case_open(const rows_ask *rows, gf_str key)
{
    gf_str stage = case_stage(rows, key);
    return yes(!gf_str_is(stage, "closed") && !gf_str_is(stage, "passed_on"));
}
static gf_str case_late(const rows_ask *rows, gf_str key) { return yes(gf_str_has(case_cell(rows, key, CASE_DUE), GF_STR("overdue"))); }

static gf_status read_land(const figure_ask *ask, rows_ask *rows, gf_str value, gf_error *err)
{
    (void)value;
    if (rows->land.parcels)
        return GF_OK;
    gf_status status = gf_app_land_read(ask->app, ask->reader, rows->list.programme, (gf_str){ "", 0 }, rows->scratch, &rows->land, err);
    if (status == GF_OK && rows->land.more)
        return gf_fail(err, GF_ELIMIT, "figure.parcels", "Ask for the parcels of one town.", "there are more parcels than can be told apart at once");
    return status;
}

static const gf_app_land_parcel *parcel_of(const rows_ask *rows, gf_str key)
{
    for (size_t low = 0, high = rows->land.parcel_count; low < high;) {   /* they come in the order of their keys */
        size_t middle = (low + high) / 2;
        int order = gf_str_cmp(key, rows->land.parcels[middle].id);
        if (order == 0)
            return &rows->land.parcels[middle];
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return NULL;
}

/* today: by what stands; built: only once the sites are built; blank: no elevation; open: not computed yet. */
static gf_str parcel_sight(const rows_ask *rows, gf_str key)
{
    enum { ALL = 10000 };
    const gf_app_land_parcel *p = parcel_of(rows, key);
    return !p || p->seen < 0 ? GF_STR("open") : p->before > 0 ? GF_STR("today") : p->seen > 0 ? GF_STR("built") : p->nodata == ALL ? GF_STR("blank") : GF_STR("unseen");
}
static gf_str parcel_answer(const rows_ask *rows, gf_str key)
{
    const gf_app_land_parcel *p = parcel_of(rows, key);
    return p && p->answered ? GF_STR("near") : GF_STR("county");
}

static gf_status read_sights(const figure_ask *ask, rows_ask *rows, gf_str value, gf_error *err)
{
    gf_status status = gf_app_require(ask->reader, gf_register_find(GF_STR("towers")), GF_APP_READ, err);
    return status == GF_OK ? gf_app_land_sights(ask->app, ask->reader, value, (gf_str){ "", 0 }, rows->scratch, &rows->sights, &rows->sight_count, err) : status;
}

/* The tower itself when it sees any of the parcel. */
static gf_str parcel_seen_by(const rows_ask *rows, gf_str key)
{
    for (size_t low = 0, high = rows->sight_count; low < high;) {
        size_t middle = (low + high) / 2;
        int order = gf_str_cmp(key, rows->sights[middle].parcel);
        if (order == 0)
            return rows->sights[middle].tower;
        low = order > 0 ? middle + 1 : low;
        high = order < 0 ? middle : high;
    }
    return (gf_str){ "", 0 };
}

static const struct {
    const char *reg, *column;
    gf_status (*read)(const figure_ask *ask, rows_ask *rows, gf_str value, gf_error *err);
    gf_str (*value)(const rows_ask *rows, gf_str key);
    bool seen;                             /* hangs on what towers see */
} WORKED[] = {
    { "cases", "stage", read_cases, case_stage, false },  { "cases", "open", read_cases, case_open, false },      { "cases", "late", read_cases, case_late, false },
    { "parcels", "sight", read_land, parcel_sight, true }, { "parcels", "answer", read_land, parcel_answer, false },
    { "parcels", "seen_by", read_sights, parcel_seen_by, true },
};

static size_t find_worked(const gf_register *reg, gf_str column)
{
    size_t i = 0;
    while (i < GF_COUNT(WORKED) && !(strcmp(reg->name, WORKED[i].reg) == 0 && gf_str_is(column, WORKED[i].column)))
        i++;
    return i;
}

static gf_status read_worked(const figure_ask *ask, rows_ask *rows, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < rows->worked_count; i++)
        status = WORKED[find_worked(rows->list.reg, rows->worked[i].name)].read(ask, rows, rows->worked[i].value, err);
    return status;
}

static bool worked_fits(const rows_ask *rows, gf_str key)
{
    for (size_t i = 0; i < rows->worked_count; i++)
        if (!is_one_of(rows->worked[i].value, WORKED[find_worked(rows->list.reg, rows->worked[i].name)].value(rows, key)))
            return false;
    return true;
}

static bool asks_sight(const rows_ask *rows)
{
    for (size_t i = 0; i < rows->worked_count; i++)
        if (WORKED[find_worked(rows->list.reg, rows->worked[i].name)].seen)
            return true;
    return false;
}

/* ---- The question ---- */

bool figure_names_list(gf_str rest)
{
    gf_str name = gf_str_slice(rest, 0, gf_str_find(rest, GF_STR(".")));
    return gf_str_has(gf_str_slice(name, 0, gf_str_find(name, GF_STR("@"))), GF_STR("/"));
}

/* "%2C" is a comma again; a % that no two hex digits follow stays. */
static gf_str plain_value(const figure_ask *ask, gf_str value)
{
    gf_text text;
    uint8_t byte;
    gf_text_init(&text, ask->keep);
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] == '%' && i + 2 < value.len && gf_hex_parse(gf_str_slice(value, i + 1, i + 3), &byte, 1)) {
            gf_text_add_char(&text, (char)byte);
            i += 2;
        } else
            gf_text_add_char(&text, value.data[i]);
    return gf_text_str(&text);
}

static bool is_entries(const rows_ask *rows) { return strcmp(rows->list.reg->name, "entries") == 0; }

static gf_status fail_condition(const rows_ask *rows, gf_str condition, gf_error *err)
{
    return gf_fail(err, GF_ENOTFOUND, "figure.filter", "Write column=value, for example stage=building.", "%s has no filter \"%.*s\"", rows->list.reg->name,
                   GF_STR_ARG(gf_str_slice(condition, 0, 60)));
}

static gf_status add_condition(const figure_ask *ask, rows_ask *rows, gf_str condition, gf_error *err)
{
    static const struct { gf_str ending; gf_app_match match; } ENDS[] = { { GF_STR_INIT(".from"), GF_APP_FROM }, { GF_STR_INIT(".to"), GF_APP_TO } };
    size_t equals = gf_str_find(condition, GF_STR("="));
    gf_str name = gf_str_slice(condition, 0, equals), value = plain_value(ask, gf_str_slice(condition, equals + 1, condition.len));
    gf_app_match match = GF_APP_EQUALS;
    if (name.len == condition.len || !gf_utf8_valid(value, NULL))
        return fail_condition(rows, condition, err);
    if (gf_str_is(name, "q") || gf_str_is(name, "within")) {
        *(gf_str_is(name, "q") ? &rows->list.q : &rows->list.within) = value;
        return GF_OK;
    }
    if (is_entries(rows) && gf_str_is(name, "stage")) {
        rows->stage = value;
        return GF_OK;
    }
    if (find_worked(rows->list.reg, name) < GF_COUNT(WORKED)) {
        if (rows->worked_count == WORKED_MAX)
            return fail_condition(rows, condition, err);
        rows->worked[rows->worked_count].name = name;
        rows->worked[rows->worked_count++].value = value;
        return GF_OK;
    }
    for (size_t i = 0; i < GF_COUNT(ENDS); i++)
        if (gf_str_ends(name, ENDS[i].ending)) {
            name.len -= ENDS[i].ending.len;
            match = ENDS[i].match;
        }
    if (rows->list.filter_count + 1 >= GF_APP_FILTERS_MAX)   /* one place is kept for the stage */
        return fail_condition(rows, condition, err);
    rows->list.filters[rows->list.filter_count++] = (gf_app_filter){ name, match, value };
    return GF_OK;
}

static gf_status parse(const figure_ask *ask, bool sum, rows_ask *rows, gf_error *err)
{
    size_t at = gf_str_find(ask->rest, GF_STR("@")), slash = gf_str_find(ask->rest, GF_STR("/"));
    gf_str what = gf_str_slice(ask->rest, slash + 1, at), condition;
    size_t dot = gf_str_find(what, GF_STR("."));
    gf_str name = gf_str_slice(what, 0, dot), rest = gf_str_slice(what, dot + 1, what.len);
    size_t mark = gf_str_find(name, GF_STR("#"));
    rows->list.programme = gf_str_slice(ask->rest, 0, slash);
    rows->list.reg = gf_register_find(gf_str_slice(name, 0, mark));
    rows->day = gf_str_slice(ask->rest, at + 1, ask->rest.len);
    if (slash > at || rows->list.programme.len == 0 || !rows->list.reg || at == ask->rest.len)
        return gf_fail(err, GF_ENOTFOUND, "figure.rows", "Write count.taishun/projects.stage=building@all or sum.taishun/parcels#area_m2@all.",
                       "\"%.*s\" is not the name of a list", GF_STR_ARG(gf_str_slice(ask->id, 0, 80)));
    if (gf_str_is(rows->day, "all"))
        rows->day = (gf_str){ "", 0 };
    rows->column = sum ? gf_register_column(rows->list.reg, gf_str_slice(name, mark + 1, name.len)) : NULL;
    if ((sum && (!rows->column || !figure_is_amount(rows->column))) || (!sum && mark < name.len))
        return gf_fail(err, GF_ENOTFOUND, "figure.column", "/api/v1/registers lists the columns.", "%s has no column of numbers \"%.*s\"", rows->list.reg->name,
                       GF_STR_ARG(gf_str_slice(name, mark + 1, name.len)));
    gf_status status = GF_OK;
    while (status == GF_OK && gf_str_cut(&rest, ',', &condition))
        status = add_condition(ask, rows, condition, err);
    gf_period day;
    return status == GF_OK && rows->day.len ? gf_period_parse(rows->day, &day, err) : status;
}

/* ---- The rows ---- */

static gf_status take_row(const figure_ask *ask, const rows_ask *rows, const gf_app_record *cells, figure_answer *out, found *all, gf_error *err)
{
    const record row = { rows->list.reg, cells->cells, cells->cells[rows->list.reg->column_count], cells->cells[rows->list.reg->column_count + 1], { "", 0 } };
    figure_amount amount = { .has_value = false };
    gf_figure_basis basis = record_basis(ask->app, row.source, rows->column ? record_value(&row, "document") : (gf_str){ "", 0 }, row.origin);
    if (rows->column) {
        amount = figure_amount_of(&row, rows->column);
        if (amount.has_value && !gf_decimal_add(all->sum, amount.value, &all->sum))
            return gf_fail(err, GF_ELIMIT, "figure.sum", "", "the sum passes what can be counted");
        all->bound = gf_figure_looser(all->bound, amount.bound);
    } else if (!asks_sight(rows))  /* a row that no statement carries is the register's own: it counts as derived */
        basis = row.source.len == 0 || basis == GF_FIGURE_DOCUMENTED ? GF_FIGURE_DERIVED : basis;
    all->weakest = gf_figure_weaker(all->weakest, basis);
    if (all->rows++ >= SHOWN || !out->tree)
        return GF_OK;
    gf_str key = gf_str_copy(ask->keep, record_key(&row)), name = gf_str_copy(ask->keep, record_value(&row, "name"));
    gf_str id = rows->column ? figure_text(ask->keep, "record.%s.%.*s#%s", rows->list.reg->name, GF_STR_ARG(key), rows->column->name)
                             : figure_text(ask->keep, "%s/%.*s", rows->list.reg->name, GF_STR_ARG(key));
    gf_app_node *node = figure_node(ask, "observation", id, name.len ? name : key);
    if (node)
        node->source = gf_str_copy(ask->keep, row.source);
    if (amount.has_value)
        figure_node_value(node, amount.value, gf_str_copy(ask->keep, amount.unit), amount.bound);
    figure_child(out->tree, node);
    return GF_OK;
}

static gf_status walk_records(const figure_ask *ask, rows_ask *rows, figure_answer *out, found *all, gf_error *err)
{
    gf_status status;
    do {
        gf_mark mark = gf_arena_mark(rows->scratch);
        gf_app_list page = { .count = 0 };
        status = gf_app_list_records(ask->app, ask->reader, &rows->list, rows->scratch, &page, err);
        for (size_t i = 0; status == GF_OK && i < page.count; i++)
            if (worked_fits(rows, page.records[i].cells[0]))
                status = take_row(ask, rows, &page.records[i], out, all, err);
        rows->list.cursor = status == GF_OK ? gf_str_copy(ask->keep, page.next) : (gf_str){ "", 0 };
        gf_arena_rewind(rows->scratch, mark);
    } while (status == GF_OK && rows->list.cursor.len);
    return status;
}

static gf_figure_basis booked_basis(const figure_ask *ask, int64_t id)
{
    gf_stmt *stmt = gf_store_named(ask->app->store, "entry_papers");
    gf_stmt_int(stmt, 1, id);
    gf_str source = gf_stmt_row(stmt) && gf_row_str(stmt, 1).len == 0 ? gf_row_copy(stmt, 0, ask->keep) : (gf_str){ "", 0 };
    gf_stmt_end(stmt);
    gf_figure_basis basis = source.len ? record_basis(ask->app, source, (gf_str){ "", 0 }, (gf_str){ "", 0 }) : GF_FIGURE_DERIVED;
    return basis == GF_FIGURE_DOCUMENTED ? GF_FIGURE_DERIVED : basis;
}

static gf_status take_entry(const figure_ask *ask, const rows_ask *rows, int64_t id, figure_answer *out, found *all, gf_error *err)
{
    figure_money money = { .bound = GF_FIGURE_EXACT };
    bool shown = all->rows++ < SHOWN && out->tree;
    gf_status status = shown || rows->column ? figure_read_entry(ask->app, id, ask->lang, shown ? ask->keep : rows->scratch, &money, err) : GF_OK;
    if (rows->column) {
        all->weakest = gf_figure_weaker(all->weakest, money.basis);
        all->bound = gf_figure_looser(all->bound, money.bound);
    } else if (all->weakest > GF_FIGURE_STATED)
        all->weakest = gf_figure_weaker(all->weakest, booked_basis(ask, id));
    if (status == GF_OK && shown)
        figure_child(out->tree, figure_entry_node(ask, id, &money));
    return status;
}

/* Of one kind and stage, as /api/v1/money/groups sums: rows, not entries, and a reversal counts against. */
static gf_status sum_entries(const figure_ask *ask, const rows_ask *rows, found *all, gf_error *err)
{
    enum { KIND = 0, STAGE = 1 };
    gf_app_groups groups;
    gf_fen sum = 0;
    gf_status status = browse_group_entries(ask->app, ask->reader, GF_STR("kind,stage"), &rows->list, rows->scratch, &groups, err);
    if (status != GF_OK)
        return status;
    gf_str kind = { "", 0 };
    for (size_t i = 0; i < rows->list.filter_count; i++)
        if (gf_str_is(rows->list.filters[i].column, "kind"))
            kind = rows->list.filters[i].value;
    if (kind.len == 0)
        return gf_fail(err, GF_EDENIED, "figure.kind", "Write kind=cash among the conditions.", "money of different kinds is never added");
    for (size_t i = 0; i < groups.count; i++)
        if (gf_str_eq(groups.groups[i].by[KIND], kind) && (!rows->stage.data || gf_str_eq(groups.groups[i].by[STAGE], rows->stage)) && !gf_fen_add(sum, groups.groups[i].amount, &sum))
            return gf_fail(err, GF_ELIMIT, "figure.sum", "", "the sum passes what can be counted");
    all->sum = gf_fen_to_yuan(sum);
    return GF_OK;
}

static gf_status walk_entries(const figure_ask *ask, rows_ask *rows, figure_answer *out, found *all, gf_error *err)
{
    gf_status status;
    do {
        gf_mark mark = gf_arena_mark(rows->scratch);
        gf_app_entry_list page = { .count = 0 };
        status = gf_app_list_entries(ask->app, ask->reader, &rows->list, rows->scratch, &page, err);
        for (size_t i = 0; status == GF_OK && i < page.count; i++)
            status = take_entry(ask, rows, page.ids[i], out, all, err);
        rows->list.cursor = status == GF_OK ? gf_str_copy(ask->keep, page.next) : (gf_str){ "", 0 };
        gf_arena_rewind(rows->scratch, mark);
    } while (status == GF_OK && rows->list.cursor.len);
    return status;
}

static gf_str scope_words(const figure_ask *ask)
{
    bool whole = gf_str_is(ask->reader->scope, "all");
    return whole ? (gf_str){ "", 0 } : figure_zh(ask) ? GF_STR("您能看到的范围") : GF_STR("what you may see");
}

static gf_status open_rows(const figure_ask *ask, rows_ask *rows, figure_answer *out, gf_error *err)
{
    found all = { .weakest = GF_FIGURE_DERIVED };
    const gf_register *reg = rows->list.reg;
    bool zh = figure_zh(ask), booked = is_entries(rows) && rows->column;
    gf_str label = gf_str_of(zh ? reg->label_zh : reg->label_en);
    if (rows->column)
        label = figure_text(ask->keep, "%.*s · %s", GF_STR_ARG(label), zh ? rows->column->label_zh : rows->column->label_en);
    out->derived.op = rows->column ? "sum" : "count";
    out->tree = figure_node(ask, out->derived.op, out->derived.figure.id, label);
    rows->list.limit = GF_APP_LIMIT_MAX;
    gf_status status = gf_app_require(ask->reader, reg, GF_APP_READ, err);
    if (status == GF_OK)
        status = read_worked(ask, rows, err);
    if (status == GF_OK && asks_sight(rows))
        status = figure_add_run(ask, out->tree, &all.weakest, err);
    if (status == GF_OK && booked)
        status = sum_entries(ask, rows, &all, err);
    if (status == GF_OK && booked && rows->stage.len)
        rows->list.filters[rows->list.filter_count++] = (gf_app_filter){ GF_STR("stage_to"), GF_APP_EQUALS, rows->stage };
    if (status == GF_OK)
        status = is_entries(rows) ? walk_entries(ask, rows, out, &all, err) : walk_records(ask, rows, out, &all, err);
    if (status != GF_OK)
        return status;
    gf_figure *figure = &out->derived.figure;
    *figure = (gf_figure){ .id = figure->id, .label = label, .unit = rows->column ? figure_unit_of(rows->column) : GF_STR("item"), .who = scope_words(ask),
                           .period = rows->day, .has_value = true, .value = rows->column ? all.sum : (gf_decimal){ all.rows, 0 }, .bound = all.bound, .basis = all.weakest };
    figure_node_value(out->tree, figure->value, figure->unit, figure->bound);
    out->has_recomputed = !booked;   /* of an entry only some rows may count: what stands below does not add up to the sum by itself */
    out->recomputed = figure->value;
    if (out->tree && !out->tree->first_child)
        figure_child(out->tree, figure_node(ask, "none", (gf_str){ "", 0 }, zh ? GF_STR("没有这样的记录") : GF_STR("there is no such record")));
    return GF_OK;
}

static gf_status open_list(const figure_ask *ask, bool sum, figure_answer *out, gf_error *err)
{
    rows_ask rows = { .column = NULL };
    gf_status status = parse(ask, sum, &rows, err);
    if (status != GF_OK)
        return status;
    rows.scratch = gf_arena_open(ROWS_BYTES_MAX);
    status = rows.scratch ? open_rows(ask, &rows, out, err) : gf_fail_memory(err);
    gf_arena_close(rows.scratch);
    return status;
}

gf_status figure_list_count(const figure_ask *ask, figure_answer *out, gf_error *err) { return open_list(ask, false, out, err); }
gf_status figure_list_sum(const figure_ask *ask, figure_answer *out, gf_error *err) { return open_list(ask, true, out, err); }
