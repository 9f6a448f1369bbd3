/* Reading the ledger back: entry by entry for checks and dumps, totals for reports, entry numbers for traces.
 *
 * The reader trusts nothing: a column whose type is not the declared one is a fault of that entry, because SQLite would
 * turn a damaged type into a value silently.
 */
#include "app/totals.h"

#include "file/gf_file.h"

#include <stdlib.h>
#include <string.h>

static const size_t ACCOUNT_BYTES_MAX = (size_t)1 << 30;
enum { READER_ENTRY_BYTES_MAX = 16 << 20, LINE_COLUMNS = 6 };

/* ---- The reader ---- */

static gf_status read_account_table(gf_app *app, ledger_reader *reader, gf_error *err)
{
    gf_stmt *last = gf_store_named(app->store, "account_last");
    reader->account_count = gf_stmt_row(last) ? gf_row_int(last, 0) : 0;
    gf_stmt_end(last);
    if (reader->account_count < 0 || reader->account_count > INT32_MAX)
        reader->account_count = 0;  /* a damaged number: every line will name an account that is not there */
    reader->accounts = gf_new(reader->account_arena, gf_fund_account, (size_t)reader->account_count + 1);
    reader->account_sums = gf_new(reader->account_arena, gf_fen, (size_t)reader->account_count + 1);
    if (!reader->accounts || !reader->account_sums)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, "account_all");
    while (gf_stmt_row(stmt)) {
        int64_t id = gf_row_int(stmt, 0);
        gf_str part[6];
        for (int i = 0; i < 6; i++)
            part[i] = gf_row_copy(stmt, i + 1, reader->account_arena);
        if (id >= 1 && id <= reader->account_count)
            reader->accounts[id] = (gf_fund_account){ part[0], part[1], part[2], part[3], part[4], part[5], id };
    }
    return gf_store_ok(app->store, err);
}

static gf_status open_arenas(gf_app *app, ledger_reader *reader, gf_error *err)
{
    *reader = (ledger_reader){ .app = app, .arena = gf_arena_open(READER_ENTRY_BYTES_MAX), .account_arena = gf_arena_open(ACCOUNT_BYTES_MAX) };
    return reader->arena && reader->account_arena ? GF_OK : gf_fail_memory(err);
}

gf_status ledger_reader_open(gf_app *app, int64_t from, int64_t to, ledger_reader *reader, gf_error *err)
{
    gf_status status = open_arenas(app, reader, err);
    reader->whole = from <= 1 && to > 1;
    if (status == GF_OK && reader->whole)
        status = read_account_table(app, reader, err);
    if (status != GF_OK) {
        ledger_reader_close(reader);
        return status;
    }
    reader->entries = gf_store_named(app->store, "entry_range");
    gf_stmt_int(reader->entries, 1, from);
    gf_stmt_int(reader->entries, 2, to);
    reader->beside = from == to;
    /* Reading all: walk the lines in their own order, so that a stray line is met. */
    reader->lines = gf_store_named(app->store, reader->whole ? "entry_line_all" : reader->beside ? "entry_line_one" : "entry_line_range");
    gf_stmt_int(reader->lines, 1, from);
    if (!reader->beside)
        gf_stmt_int(reader->lines, 2, reader->whole ? INT64_MAX : to);
    reader->line_waiting = gf_stmt_row(reader->lines);
    return GF_OK;
}

gf_status ledger_reader_open_some(gf_app *app, const int64_t *ids, size_t count, ledger_reader *reader, gf_error *err)
{
    gf_status status = open_arenas(app, reader, err);
    if (status != GF_OK) {
        ledger_reader_close(reader);
        return status;
    }
    reader->beside = reader->apart = true;
    reader->entries = gf_store_named(app->store, "entry_some");
    reader->lines = gf_store_named(app->store, "entry_line_some");
    for (int i = 0; i < LEDGER_SOME; i++) {
        int64_t id = ids[(size_t)i < count ? (size_t)i : count - 1];
        gf_stmt_int(reader->entries, i + 1, id);
        gf_stmt_int(reader->lines, i + 1, id);
    }
    reader->line_waiting = gf_stmt_row(reader->lines);
    return GF_OK;
}

void ledger_reader_close(ledger_reader *reader)
{
    if (reader->entries)
        gf_stmt_end(reader->entries);
    if (reader->lines)
        gf_stmt_end(reader->lines);
    gf_arena_close(reader->arena);
    gf_arena_close(reader->account_arena);
    reader->arena = reader->account_arena = NULL;
}

static void fault(ledger_reader *reader, const char *field, const char *what)
{
    if (reader->fault.len == 0) {
        reader->fault = gf_str_of(what);
        reader->fault_field = field;
    }
}

static void check_kind(ledger_reader *reader, gf_stmt *stmt, int column, gf_value_kind kind, const char *field)
{
    if (reader->strict && gf_row_kind(stmt, column) != kind)
        fault(reader, field, "the column is not of its type");
}

static void read_entry_row(ledger_reader *reader)
{
    static const char *const TEXTS[] = { "key", "date", "verb", "purpose", "voucher", "source", "origin", "unit", "note" };
    gf_stmt *stmt = reader->entries;
    static const bool IN_SUMS[9] = { [1] = true, [4] = true, [5] = true, [6] = true, [7] = true };
    gf_str text[9] = { { "", 0 } };
    for (int i = 0; i < 9; i++) {
        if (reader->lean && !IN_SUMS[i])
            continue;
        check_kind(reader, stmt, i + 1, GF_VALUE_TEXT, TEXTS[i]);
        text[i] = gf_row_str(stmt, i + 1);  /* borrowed: the row stays until ledger_reader_next() */
    }
    check_kind(reader, stmt, 10, GF_VALUE_INT, "reverses");
    check_kind(reader, stmt, 11, GF_VALUE_BLOB, "hash");
    reader->entry = (gf_fund_entry){ .id = gf_row_int(stmt, 0), .key = text[0], .date = text[1], .verb = text[2],
                                     .purpose = text[3], .voucher = text[4], .source = text[5], .origin = text[6],
                                     .unit = text[7], .note = text[8], .reverses = gf_row_int(stmt, 10) };
    gf_str hash = gf_row_str(stmt, 11);
    memset(reader->stored_hash, 0, sizeof reader->stored_hash);
    if (hash.len == GF_HASH_BYTES)
        memcpy(reader->stored_hash, hash.data, hash.len);
    else
        fault(reader, "hash", "the hash is not 32 bytes long");
}

static gf_fund_account copy_account(ledger_reader *reader, gf_stmt *stmt, int column, int64_t id)
{
    gf_str part[6];
    for (int i = 0; i < 6; i++)
        part[i] = gf_row_copy(stmt, column + i, reader->arena);
    return (gf_fund_account){ part[0], part[1], part[2], part[3], part[4], part[5], id };
}

/* The account of the line at hand; kind is empty when there is none. */
static gf_fund_account account_at(ledger_reader *reader, int64_t id)
{
    gf_fund_account none = { .kind = { "", 0 } };
    if (reader->whole)
        return id >= 1 && id <= reader->account_count ? reader->accounts[id] : none;
    if (reader->beside)
        return copy_account(reader, reader->lines, LINE_COLUMNS, id);
    gf_stmt *stmt = gf_store_named(reader->app->store, "account_one");
    gf_stmt_int(stmt, 1, id);
    if (!gf_stmt_row(stmt))
        return none;
    gf_fund_account found = copy_account(reader, stmt, 0, id);
    gf_stmt_end(stmt);
    return found;
}

typedef struct line_row { gf_fund_account account; gf_fen amount; int bound; gf_str period; } line_row;

/* The line at hand; false when it belongs to a later entry, or there is none. */
static bool read_line_row(ledger_reader *reader, line_row *out)
{
    gf_stmt *stmt = reader->lines;
    int64_t entry = reader->line_waiting ? gf_row_int(stmt, 1) : INT64_MAX;
    if (entry > reader->entry.id)
        return false;
    for (int i = 0; i < 5; i++)
        check_kind(reader, stmt, i, GF_VALUE_INT, "line");
    check_kind(reader, stmt, 5, GF_VALUE_TEXT, "period");
    int64_t id = gf_row_int(stmt, 0), account = gf_row_int(stmt, 2), bound = gf_row_int(stmt, 4);
    gf_fen amount = gf_row_int(stmt, 3);
    if (entry < reader->entry.id)
        fault(reader, "entry_id", "a line names another entry");
    if ((reader->whole || reader->line_id) && id != reader->line_id + 1)
        fault(reader, "id", "the lines are not numbered one by one");
    reader->line_id = id;
    gf_fund_account at = account_at(reader, account);
    if (at.kind.len && reader->account_sums && !gf_fen_add(reader->account_sums[account], amount, &reader->account_sums[account]))
        reader->sums_overflow = true;
    if (at.kind.len == 0)
        fault(reader, "account_id", "a line names an account that is not there");
    if (bound < 0 || bound > 2)
        fault(reader, "bound", "there is no such bound");
    *out = (line_row){ at, amount, (int)bound, gf_row_str(stmt, 5).len ? gf_row_copy(stmt, 5, reader->arena) : (gf_str){ "", 0 } };
    reader->line_waiting = gf_stmt_row(stmt);
    return true;
}

static void read_transfers(ledger_reader *reader)
{
    size_t room = 0;
    gf_fund_entry *entry = &reader->entry;
    line_row from, to;
    while (read_line_row(reader, &from)) {
        if (!read_line_row(reader, &to)) {
            fault(reader, "lines", "the entry has an odd number of lines");
            return;
        }
        if (entry->transfer_count == room) {
            gf_fund_transfer *larger = gf_new(reader->arena, gf_fund_transfer, room ? room * 2 : 2);
            if (!larger)
                return fault(reader, "lines", "the entry has too many lines");
            if (room)
                memcpy(larger, entry->transfers, room * sizeof *larger);
            entry->transfers = larger;
            room = room ? room * 2 : 2;
        }
        if (to.amount <= 0 || from.amount != -to.amount || from.bound != to.bound || !gf_str_eq(from.period, to.period))
            fault(reader, "amount_fen", "the two lines of a transfer do not balance");
        entry->transfers[entry->transfer_count++] =
            (gf_fund_transfer){ from.account, to.account, to.amount, to.bound, to.period };
    }
    if (entry->transfer_count == 0)
        fault(reader, "lines", "the entry has no line");
}

bool ledger_reader_next(ledger_reader *reader)
{
    gf_arena_rewind(reader->arena, (gf_mark){ NULL, 0 });
    reader->fault = (gf_str){ "", 0 };
    reader->fault_field = NULL;
    if (!gf_stmt_row(reader->entries))
        return false;
    if (reader->apart)
        reader->line_id = 0;
    read_entry_row(reader);
    read_transfers(reader);
    return gf_store_ok(reader->app->store, NULL) == GF_OK;
}

/* ---- Dump ---- */

static void dump_transfer(const gf_fund_entry *entry, const gf_fund_transfer *t, gf_text *out)
{
    char id[24], reverses[24], amount[24];
    (void)snprintf(id, sizeof id, "%lld", (long long)entry->id);
    (void)snprintf(reverses, sizeof reverses, "%lld", (long long)entry->reverses);
    (void)snprintf(amount, sizeof amount, "%lld", (long long)t->amount);
    const gf_str row[LEDGER_COLUMN_COUNT] = {
        [LEDGER_ENTRY] = gf_str_of(id), [LEDGER_DATE] = entry->date, [LEDGER_PERIOD] = t->period, [LEDGER_VERB] = entry->verb,
        [LEDGER_KIND] = t->to.kind, [LEDGER_FROM_PARTY] = t->from.party, [LEDGER_TO_PARTY] = t->to.party,
        [LEDGER_FUND] = t->to.fund, [LEDGER_PROJECT] = t->to.project, [LEDGER_PLACE] = t->to.place,
        [LEDGER_STAGE_FROM] = t->from.stage, [LEDGER_STAGE_TO] = t->to.stage, [LEDGER_AMOUNT_FEN] = gf_str_of(amount),
        [LEDGER_BOUND] = gf_str_of(gf_figure_bound_name((gf_figure_bound)t->bound)), [LEDGER_PURPOSE] = entry->purpose,
        [LEDGER_VOUCHER] = entry->voucher, [LEDGER_SOURCE] = entry->source, [LEDGER_ORIGIN] = entry->origin,
        [LEDGER_KEY] = entry->key, [LEDGER_REVERSES] = entry->reverses ? gf_str_of(reverses) : (gf_str){ "", 0 },
        [LEDGER_UNIT] = entry->unit, [LEDGER_NOTE] = entry->note,
    };
    for (size_t i = 0; i < LEDGER_COLUMN_COUNT; i++)
        gf_file_csv_field(out, i, row[i]);
    gf_file_csv_end(out);
}

gf_status ledger_dump(gf_app *app, int64_t from, int64_t to, gf_text *out, gf_error *err)
{
    ledger_reader reader;
    gf_status status = ledger_reader_open(app, from, to, &reader, err);
    if (status != GF_OK)
        return status;
    while (ledger_reader_next(&reader))
        for (size_t i = 0; i < reader.entry.transfer_count; i++)
            dump_transfer(&reader.entry, &reader.entry.transfers[i], out);
    ledger_reader_close(&reader);
    status = gf_store_ok(app->store, err);
    return status == GF_OK ? gf_text_done(out, err) : status;
}

/* ---- Totals ---- */

static bool origin_wanted(gf_str origins, gf_str origin)
{
    gf_str piece;
    while (gf_str_cut(&origins, ',', &piece))
        if (gf_str_eq(gf_str_trim(piece), origin))
            return true;
    return false;
}

gf_status ledger_check_kind(gf_str kind, gf_error *err)
{
    gf_fund_kind found;
    if (gf_fund_kind_parse(kind, &found))
        return GF_OK;
    return gf_fail(err, GF_EDENIED, "fund.across_kinds",
                   "Ask for one kind: cash, in_kind, loan, investment or result.",
                   "there is no total of \"%.*s\": cash, work in kind, loans, enterprise investment and economic results are "
                   "different things and are never added into one", GF_STR_ARG(gf_str_slice(kind, 0, 24)));
}

/* One kind of money, and invented rows never beside real ones. */
static gf_status check_query(const ledger_query *query, gf_error *err)
{
    gf_status status = ledger_check_kind(query->kind, err);
    gf_str rest = query->origins, origin;
    bool demo = false, real = false;
    while (gf_str_cut(&rest, ',', &origin)) {
        bool is_demo = gf_str_is(gf_str_trim(origin), "demo");
        demo = demo || is_demo;
        real = real || !is_demo;
    }
    if (status == GF_OK && demo && real)
        return gf_fail(err, GF_EDENIED, "fund.demo", "Ask for demo alone, or for the others without it.",
                       "demo rows are invented and never share a total with others");
    return status;
}

static bool add_to(ledger_sum *sum, const ledger_sum *part)
{
    sum->entries += part->entries;
    sum->unvouched += part->unvouched;
    sum->unsupported += part->unsupported;
    sum->at_least += part->at_least;
    sum->about += part->about;
    sum->bound = (gf_figure_bound)gf_fund_bound(sum->at_least > 0, sum->about > 0);
    return gf_fen_add(sum->amount, part->amount, &sum->amount);
}

/* Does a bucket of months lie in the span for certain (1), not at all (0), or only partly (-1)? */
static int bucket_fits(int64_t month_first, int64_t month_last, gf_period span)
{
    int32_t low = span.first == INT32_MIN ? -1 : ledger_month_of(span.first);
    int32_t high = span.last == INT32_MAX ? INT32_MAX : ledger_month_of(span.last);
    if (month_last < low || month_first > high)
        return 0;
    int year, month, mday;
    bool low_whole = low < 0, high_whole = high == INT32_MAX;
    if (!low_whole) {
        gf_day_split(span.first, &year, &month, &mday);
        low_whole = mday == 1;
    }
    if (!high_whole) {
        gf_day_split(span.last + 1, &year, &month, &mday);
        high_whole = mday == 1;
    }
    bool low_sure = low_whole || month_last > low, high_sure = high_whole || month_first < high;
    return low_sure && high_sure ? 1 : -1;
}

/* What one transfer adds to a query. */
static gf_status share_of(const ledger_world *world, const gf_fund_entry *entry, const gf_fund_transfer *t, const ledger_query *query,
                          gf_arena *scratch, ledger_sum *sum, gf_error *err)
{
    ledger_view view;
    gf_period days;
    const gf_str reached = entry->reverses ? t->from.stage : t->to.stage;
    if (!gf_str_eq(reached, query->stage) || !gf_str_eq(t->to.kind, query->kind) || !origin_wanted(query->origins, entry->origin))
        return GF_OK;
    gf_status status = ledger_days(entry, t, &days, err);
    if (status != GF_OK || !gf_period_overlaps(days, query->span) ||
        !gf_str_eq(ledger_world_programme(world, t->to.fund, entry->origin), query->programme))
        return status;
    ledger_view_of(world, entry, t, scratch, &view);
    for (size_t s = 0; s < view.count; s++) {
        if (!gf_str_eq(view.shares[s].scope, query->scope))
            continue;
        int64_t one = view.shares[s].sign;
        ledger_sum part = { .amount = one * t->amount, .entries = one, .at_least = t->bound == 1 ? one : 0, .about = t->bound == 2 ? one : 0,
                            .unvouched = entry->voucher.len ? 0 : one, .unsupported = entry->voucher.len || entry->source.len ? 0 : one };
        if (!add_to(sum, &part))
            return gf_fail(err, GF_ELIMIT, "ledger.total", "", "the total passes what can be counted");
    }
    return GF_OK;
}

/* ---- Entries under a query ---- */

typedef gf_status met_fn(void *context, int64_t entry, const ledger_sum *part, gf_error *err);

/* One look at the ledger: the world is read once, entries come one by one. */
typedef struct scan { gf_app *app; const ledger_query *query; ledger_world world; gf_arena *scratch; met_fn *met; void *context; } scan;

static gf_status scan_open(scan *s, gf_app *app, const ledger_query *query, met_fn *met, void *context, gf_error *err)
{
    *s = (scan){ .app = app, .query = query, .met = met, .context = context, .scratch = gf_arena_open(READER_ENTRY_BYTES_MAX) };
    return s->scratch ? ledger_world_read_shares(app, &s->world, err) : gf_fail_memory(err);
}

static void scan_close(scan *s)
{
    gf_arena_close(s->scratch);
    if (s->world.arena)
        ledger_world_done(&s->world);
}

static gf_status scan_with(scan *s, ledger_reader *reader, gf_error *err)
{
    gf_status status = GF_OK;
    reader->lean = true;
    while (status == GF_OK && ledger_reader_next(reader)) {
        ledger_sum part = { .bound = GF_FIGURE_EXACT };
        gf_arena_rewind(s->scratch, (gf_mark){ NULL, 0 });
        for (size_t i = 0; status == GF_OK && i < reader->entry.transfer_count; i++)
            status = share_of(&s->world, &reader->entry, &reader->entry.transfers[i], s->query, s->scratch, &part, err);
        if (status == GF_OK && part.entries)
            status = s->met(s->context, reader->entry.id, &part, err);
    }
    ledger_reader_close(reader);
    return status == GF_OK ? gf_store_ok(s->app->store, err) : status;
}

static gf_status scan_some(scan *s, const int64_t *ids, size_t count, gf_error *err)
{
    ledger_reader reader;
    gf_status status = count ? ledger_reader_open_some(s->app, ids, count, &reader, err) : GF_OK;
    return status == GF_OK && count ? scan_with(s, &reader, err) : status;
}

static gf_status scan_all(gf_app *app, const ledger_query *query, met_fn *met, void *context, gf_error *err)
{
    scan s;
    ledger_reader reader;
    gf_status status = scan_open(&s, app, query, met, context, err);
    if (status == GF_OK)
        status = ledger_reader_open(app, 1, INT64_MAX, &reader, err);
    if (status == GF_OK)
        status = scan_with(&s, &reader, err);
    scan_close(&s);
    return status;
}

/* ---- Months that a span cuts ---- */

/* The maintained totals know months. Of a month that an odd span cuts, the transfers that do belong are added up for all
 * totals in one reading, kept while span and ledger stay the same: a report asks for hundreds of totals of one span. */
struct ledger_partials { gf_period span; int64_t head; ledger_world world; totals *sums; };

void ledger_partials_drop(gf_app *app)
{
    ledger_partials *p = app->partials;
    if (!p)
        return;
    totals_close(p->sums);
    if (p->world.arena)
        ledger_world_done(&p->world);
    free(p);
    app->partials = NULL;
}

/* Days from which on, and up to which, a bucket of months is not cut by the span: most transfers lie there. */
static gf_period uncut_days(gf_period span)
{
    gf_period out = { INT32_MIN, INT32_MAX };
    int year, month, mday;
    if (span.first != INT32_MIN) {
        gf_day_split(span.first, &year, &month, &mday);
        (void)gf_day_make(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1, &out.first);
    }
    if (span.last != INT32_MAX) {
        gf_day_split(span.last, &year, &month, &mday);
        (void)gf_day_make(year, month, 1, &out.last);
        out.last--;
    }
    return out;
}

static gf_status add_cut_transfers(ledger_partials *p, const ledger_reader *reader, gf_period uncut, gf_error *err)
{
    gf_status status = GF_OK;
    for (size_t i = 0; status == GF_OK && i < reader->entry.transfer_count; i++) {
        const gf_fund_transfer *t = &reader->entry.transfers[i];
        gf_period days;
        int32_t first, last;
        status = ledger_days(&reader->entry, t, &days, err);
        if (status != GF_OK || (days.first >= uncut.first && days.last <= uncut.last) || !gf_period_overlaps(days, p->span))
            continue;
        status = ledger_months(&reader->entry, t, &first, &last, err);
        if (status == GF_OK && bucket_fits(first, last, p->span) == -1)
            status = totals_add(p->sums, &reader->entry, t, err);
    }
    return status;
}

static gf_status read_partials(gf_app *app, gf_period span, int64_t head, gf_error *err)
{
    ledger_partials_drop(app);
    const gf_period uncut = uncut_days(span);
    ledger_partials *p = app->partials = calloc(1, sizeof *p);
    if (!p)
        return gf_fail_memory(err);
    p->span = span;
    p->head = head;
    gf_status status = ledger_world_read_shares(app, &p->world, err);
    p->sums = status == GF_OK ? totals_open(&p->world) : NULL;
    if (status == GF_OK && !p->sums)
        status = gf_fail_memory(err);
    ledger_reader reader;
    if (status == GF_OK)
        status = ledger_reader_open(app, 1, INT64_MAX, &reader, err);
    if (status == GF_OK) {
        reader.lean = true;
        while (status == GF_OK && ledger_reader_next(&reader))
            status = add_cut_transfers(p, &reader, uncut, err);
        ledger_reader_close(&reader);
        if (status == GF_OK)
            status = gf_store_ok(app->store, err);
    }
    if (status != GF_OK)
        ledger_partials_drop(app);
    return status;
}

static gf_status hold_partials(gf_app *app, gf_period span, gf_error *err)
{
    int64_t head;
    char hash[GF_HASH_HEX_BYTES];
    gf_status status = ledger_head(app, &head, hash, err);
    const ledger_partials *held = app->partials;
    bool fresh = held && held->head == head && held->span.first == span.first && held->span.last == span.last;
    return status == GF_OK && !fresh ? read_partials(app, span, head, err) : status;
}

/* ---- Totals ---- */

static bool add_row(ledger_sum *sum, const total_sum *row)
{
    const ledger_sum part = { .amount = row->amount, .entries = row->lines, .at_least = row->at_least, .about = row->about, .unvouched = row->unvouched,
                              .unsupported = row->unsupported };
    return add_to(sum, &part);
}

/* One kept total of a query: whole, cut by the span, or outside of it. */
static gf_status add_kept(gf_app *app, const ledger_query *query, gf_stmt *stmt, ledger_sum *sum, gf_error *err)
{
    int fit = bucket_fits(gf_row_int(stmt, 1), gf_row_int(stmt, 2), query->span);
    const total_sum kept = { gf_row_int(stmt, 3), gf_row_int(stmt, 4), gf_row_int(stmt, 5), gf_row_int(stmt, 6), gf_row_int(stmt, 7), gf_row_int(stmt, 8) };
    const total_sum *row = fit == 1 ? &kept : NULL;
    if (fit == -1) {
        gf_status status = hold_partials(app, query->span, err);
        if (status != GF_OK)
            return status;
        const total_dimension dimension = { query->programme, query->scope, query->kind, query->stage, gf_row_str(stmt, 0) };
        const total_row *cut = totals_find(app->partials->sums, &dimension, gf_row_int(stmt, 1), gf_row_int(stmt, 2));
        row = cut ? &cut->sum : NULL;
    }
    if (row && !add_row(sum, row))
        return gf_fail(err, GF_ELIMIT, "ledger.total", "", "the total passes what can be counted");
    return GF_OK;
}

gf_status ledger_total(gf_app *app, const ledger_query *query, ledger_sum *out, gf_error *err)
{
    gf_status status = check_query(query, err);
    ledger_sum sum = { .bound = GF_FIGURE_EXACT };
    gf_stmt *stmt = gf_store_named(app->store, "total_rows");
    const gf_str keys[] = { query->programme, query->scope, query->kind, query->stage };
    for (int i = 0; i < 4; i++)
        gf_stmt_str(stmt, i + 1, keys[i]);
    while (status == GF_OK && gf_stmt_row(stmt))
        if (origin_wanted(query->origins, gf_row_str(stmt, 0)))
            status = add_kept(app, query, stmt, &sum, err);
    gf_stmt_end(stmt);
    if (status == GF_OK)
        status = gf_store_ok(app->store, err);
    if (status == GF_OK)
        *out = sum;
    return status;
}

typedef struct part_list { ledger_part *parts; size_t max; int64_t count; } part_list;

static gf_status note_part(void *context, int64_t entry, const ledger_sum *part, gf_error *err)
{
    (void)err;
    part_list *list = context;
    if ((size_t)list->count < list->max)
        list->parts[list->count] = (ledger_part){ entry, *part };
    list->count++;
    return GF_OK;
}

/* Entries that may belong to a scope, by the index of accounts: one side of a transfer that reached the stage stands in it, whichever way it was
 * booked. A unit may stand on the side that was left, so it is asked for whatever the stage. */
static gf_stmt *candidates(gf_app *app, const ledger_query *query)
{
    static const struct { gf_str prefix; const char *statement; } BY_SCOPE[] = {
        { GF_STR_INIT("unit:"), "candidates_unit" }, { GF_STR_INIT("fund:"), "candidates_fund" },
        { GF_STR_INIT("project:"), "candidates_project" }, { GF_STR_INIT("place:"), "candidates_place" },
    };
    for (size_t i = 0; i < GF_COUNT(BY_SCOPE); i++)
        if (gf_str_starts(query->scope, BY_SCOPE[i].prefix)) {
            gf_str id = gf_str_slice(query->scope, BY_SCOPE[i].prefix.len, query->scope.len);
            bool place = gf_str_is(BY_SCOPE[i].prefix, "place:");
            gf_stmt *stmt = gf_store_named(app->store, BY_SCOPE[i].statement);
            gf_stmt_str(stmt, 1, place ? id : query->kind);
            gf_stmt_str(stmt, 2, place ? query->kind : id);
            if (i > 0)
                gf_stmt_str(stmt, 3, query->stage);
            return stmt;
        }
    gf_stmt *stmt = gf_store_named(app->store, "candidates_group");
    gf_stmt_str(stmt, 1, query->kind);
    gf_stmt_str(stmt, 2, query->stage);
    return stmt;
}

gf_status ledger_entries(gf_app *app, const ledger_query *query, ledger_part *parts, size_t max, int64_t *count, gf_error *err)
{
    part_list list = { parts, max, 0 };
    scan s;
    gf_status status = check_query(query, err);
    if (status != GF_OK)
        return status;
    status = scan_open(&s, app, query, note_part, &list, err);
    gf_stmt *stmt = candidates(app, query);
    int64_t ids[LEDGER_SOME];
    size_t waiting = 0;
    while (status == GF_OK && gf_stmt_row(stmt)) {
        ids[waiting++] = gf_row_int(stmt, 0);
        if (waiting < LEDGER_SOME)
            continue;
        status = scan_some(&s, ids, waiting, err);
        waiting = 0;
    }
    gf_stmt_end(stmt);
    if (status == GF_OK)
        status = scan_some(&s, ids, waiting, err);
    scan_close(&s);
    *count = list.count;
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

typedef struct stretch_list { ledger_stretch *rows; size_t count, room; int64_t size; gf_arena *keep; } stretch_list;

static gf_status note_stretch(void *context, int64_t entry, const ledger_sum *part, gf_error *err)
{
    stretch_list *list = context;
    ledger_stretch *last = list->count ? &list->rows[list->count - 1] : NULL;
    if (!last || last->sum.entries >= list->size) {
        if (list->count == list->room) {
            size_t room = list->room ? list->room * 2 : 64;
            ledger_stretch *larger = gf_new(list->keep, ledger_stretch, room);
            if (!larger)
                return gf_fail_memory(err);
            if (list->count)
                memcpy(larger, list->rows, list->count * sizeof *larger);
            list->rows = larger;
            list->room = room;
        }
        last = &list->rows[list->count++];
        *last = (ledger_stretch){ .first = entry };
    }
    last->last = entry;
    return add_to(&last->sum, part) ? GF_OK : gf_fail(err, GF_ELIMIT, "ledger.total", "", "the total passes what can be counted");
}

gf_status ledger_stretches(gf_app *app, const ledger_query *query, int64_t size, gf_arena *keep, ledger_stretch **out, size_t *count, gf_error *err)
{
    stretch_list list = { .size = size, .keep = keep };
    gf_status status = check_query(query, err);
    if (status == GF_OK)
        status = scan_all(app, query, note_stretch, &list, err);
    *out = list.rows;
    *count = list.count;
    return status;
}
