/* A transfer counts in about eight scopes. Finding those eight needs the registers and builds eight texts; it depends
 * only on the two accounts, the acting unit, the origin and whether the entry takes one back, so it is done once for
 * each such combination and remembered as numbers. A line then costs eight look-ups by three small integers.
 *
 * Books have some ten thousand combinations. Where nearly every line has accounts of its own the memory would only
 * grow: it is forgotten when it is full.
 */
#include "app/totals.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { VIEWS_FIRST = 1 << 14, VIEWS_MAX = 1 << 20, ROOM_MIN = 1 << 10 };
static_assert((VIEWS_FIRST & (VIEWS_FIRST - 1)) == 0 && (VIEWS_MAX & (VIEWS_MAX - 1)) == 0 && (ROOM_MIN & (ROOM_MIN - 1)) == 0, "slots are found by a mask");
static_assert(LEDGER_SCOPES_MAX <= UINT8_MAX, "a view counts its scopes in one byte");
static const size_t NAME_BYTES_MAX = (size_t)1 << 30, SCRATCH_BYTES_MAX = (size_t)1 << 20;

/* What the scopes of a combination are, as numbers. */
typedef struct view {
    int64_t  from, to;               /* account ids; from 0 marks a free slot */
    uint32_t unit, origin;           /* numbers of names */
    bool     back;
    uint8_t  count, members;
    uint32_t dimension[LEDGER_SCOPES_MAX];
    int8_t   sign[LEDGER_SCOPES_MAX];
} view;

struct totals {
    const ledger_world *world;
    gf_arena *names, *scratch;
    text_map  dimensions, words;     /* text -> number */
    gf_str   *texts;                 /* of dimensions, by number */
    size_t    text_room;
    view     *views;                 /* open addressing, at most half full */
    size_t    view_count, view_room;
    total_row *rows;
    size_t    row_count, row_room;
    uint32_t *slots;                 /* 1 + index in rows, 0 free */
    size_t    slot_room;
};

totals *totals_open(const ledger_world *world)
{
    totals *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->world = world;
    t->names = gf_arena_open(NAME_BYTES_MAX);
    t->scratch = gf_arena_open(SCRATCH_BYTES_MAX);
    t->views = calloc(VIEWS_FIRST, sizeof *t->views);
    t->view_room = VIEWS_FIRST;
    map_init(&t->dimensions, t->names);
    map_init(&t->words, t->names);
    if (t->names && t->scratch && t->views)
        return t;
    totals_close(t);
    return NULL;
}

void totals_close(totals *t)
{
    if (!t)
        return;
    map_done(&t->dimensions);
    map_done(&t->words);
    free(t->texts);
    free(t->views);
    free(t->rows);
    free(t->slots);
    gf_arena_close(t->names);
    gf_arena_close(t->scratch);
    free(t);
}

/* ---- Dimensions ---- */

static gf_str dimension_text(gf_arena *scratch, const total_dimension *d)
{
    const gf_str parts[] = { d->programme, d->scope, d->kind, d->stage, d->origin };
    gf_text text;
    gf_text_init(&text, scratch);
    for (size_t i = 0; i < GF_COUNT(parts); i++) {
        gf_text_add(&text, parts[i]);
        gf_text_add_char(&text, '\x1f');
    }
    return gf_text_str(&text);
}

uint32_t totals_number(totals *t, const total_dimension *dimension)
{
    bool fresh;
    gf_mark mark = gf_arena_mark(t->scratch);
    gf_str text = dimension_text(t->scratch, dimension);
    int64_t *number = map_put(&t->dimensions, text, &fresh);
    if (number && fresh) {
        *number = (int64_t)t->dimensions.count - 1;
        assert((size_t)*number <= t->text_room);  /* numbers come one by one: after a failure nothing more may be added */
        if ((size_t)*number == t->text_room) {
            size_t room = t->text_room ? t->text_room * 2 : ROOM_MIN;
            gf_str *larger = realloc(t->texts, room * sizeof *larger);
            if (!larger)
                return UINT32_MAX;
            t->texts = larger;
            t->text_room = room;
        }
        t->texts[*number] = gf_str_copy(t->names, text);
        if (!t->texts[*number].data)
            number = NULL;
    }
    gf_arena_rewind(t->scratch, mark);
    return number ? (uint32_t)*number : UINT32_MAX;
}

total_dimension totals_dimension(const totals *t, uint32_t dimension)
{
    assert(dimension < t->dimensions.count);
    gf_str rest = t->texts[dimension], part[5];
    for (int i = 0; i < 5; i++) {
        size_t end = gf_str_find(rest, GF_STR("\x1f"));
        part[i] = gf_str_slice(rest, 0, end);
        rest = gf_str_slice(rest, end + 1, rest.len);
    }
    return (total_dimension){ part[0], part[1], part[2], part[3], part[4] };
}

/* ---- Rows ---- */

static uint64_t mix(uint64_t x)  /* the finaliser of splitmix64: spreads small integers over all bits */
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static size_t slot_of(const totals *t, uint32_t dimension, int32_t first, int32_t last)
{
    assert(t->row_count < t->slot_room);  /* a free slot, or the search would not end */
    uint64_t months = (uint64_t)(uint32_t)first << 32 | (uint32_t)last;
    size_t i = mix(months ^ mix(dimension)) & (t->slot_room - 1);
    for (; t->slots[i]; i = (i + 1) & (t->slot_room - 1)) {
        const total_row *row = &t->rows[t->slots[i] - 1];
        if (row->dimension == dimension && row->month_first == first && row->month_last == last)
            break;
    }
    return i;
}

static bool grow_rows(totals *t)
{
    size_t room = t->row_room ? t->row_room * 2 : ROOM_MIN;
    total_row *rows = realloc(t->rows, room * sizeof *rows);
    if (!rows)
        return false;
    t->rows = rows;
    t->row_room = room;
    uint32_t *slots = map_slots(room * 2, sizeof *slots);
    if (!slots)
        return false;
    free(t->slots);
    t->slots = slots;
    t->slot_room = room * 2;
    for (size_t i = 0; i < t->row_count; i++)
        t->slots[slot_of(t, rows[i].dimension, rows[i].month_first, rows[i].month_last)] = (uint32_t)i + 1;
    return true;
}

static total_row *row_of(totals *t, uint32_t dimension, int32_t first, int32_t last)
{
    if (t->row_count == t->row_room && !grow_rows(t))
        return NULL;
    size_t slot = slot_of(t, dimension, first, last);
    if (t->slots[slot] == 0) {
        t->rows[t->row_count++] = (total_row){ .dimension = dimension, .month_first = first, .month_last = last };
        t->slots[slot] = (uint32_t)t->row_count;
    }
    return &t->rows[t->slots[slot] - 1];
}

void totals_clear(totals *t)
{
    t->row_count = 0;
    if (t->slots)
        memset(t->slots, 0, t->slot_room * sizeof *t->slots);
}

const total_row *totals_rows(const totals *t, size_t *count)
{
    *count = t->row_count;
    return t->rows;
}

const total_row *totals_find(const totals *t, const total_dimension *dimension, int64_t month_first, int64_t month_last)
{
    gf_mark mark = gf_arena_mark(t->scratch);
    const int64_t *number = map_find(&t->dimensions, dimension_text(t->scratch, dimension));
    gf_arena_rewind(t->scratch, mark);
    if (!number || t->slot_room == 0 || month_first != (int32_t)month_first || month_last != (int32_t)month_last)
        return NULL;
    size_t slot = slot_of(t, (uint32_t)*number, (int32_t)month_first, (int32_t)month_last);
    return t->slots[slot] ? &t->rows[t->slots[slot] - 1] : NULL;
}

/* ---- One transfer ---- */

static bool number_word(totals *t, gf_str word, uint32_t *out)
{
    bool fresh;
    int64_t *number = map_put(&t->words, word, &fresh);
    if (number && fresh)
        *number = (int64_t)t->words.count;
    *out = number ? (uint32_t)*number : 0;
    return number != NULL;
}

static view *make_view(totals *t, view *slot, const view *key, const gf_fund_entry *entry, const gf_fund_transfer *transfer)
{
    ledger_view found;
    gf_mark mark = gf_arena_mark(t->scratch);
    ledger_view_of(t->world, entry, transfer, t->scratch, &found);
    assert(found.count <= LEDGER_SCOPES_MAX && found.members <= 3);  /* who gives, who takes, who acts */
    view made = *key;
    for (size_t i = 0; i < found.count; i++) {
        const total_dimension d = { found.programme, found.shares[i].scope, transfer->to.kind, found.stage, entry->origin };
        made.dimension[i] = totals_number(t, &d);
        made.sign[i] = found.shares[i].sign;
        if (made.dimension[i] == UINT32_MAX)
            return NULL;
    }
    gf_arena_rewind(t->scratch, mark);
    made.count = (uint8_t)found.count;
    made.members = (uint8_t)found.members;
    *slot = made;
    t->view_count++;
    return slot;
}

/* Where the view of such a transfer stands, or may stand. */
static view *view_slot(view *views, size_t room, const view *key)
{
    uint64_t small = (uint64_t)key->unit << 20 ^ (uint64_t)key->origin << 1 ^ key->back;
    size_t i = mix((uint64_t)key->from ^ mix((uint64_t)key->to ^ mix(small))) & (room - 1);
    for (; views[i].from; i = (i + 1) & (room - 1)) {
        const view *v = &views[i];
        if (v->from == key->from && v->to == key->to && v->unit == key->unit && v->origin == key->origin && v->back == key->back)
            break;
    }
    return &views[i];
}

/* Twice as many; or, when that is too much, all are forgotten and made again as they are met. */
static void make_room_for_views(totals *t)
{
    size_t room = t->view_room * 2;
    view *larger = room <= VIEWS_MAX ? map_slots(room, sizeof *larger) : NULL;
    if (!larger) {
        memset(t->views, 0, t->view_room * sizeof *t->views);
        t->view_count = 0;
        return;
    }
    for (size_t i = 0; i < t->view_room; i++)
        if (t->views[i].from)
            *view_slot(larger, room, &t->views[i]) = t->views[i];
    free(t->views);
    t->views = larger;
    t->view_room = room;
}

static view *view_of(totals *t, const gf_fund_entry *entry, const gf_fund_transfer *transfer)
{
    view key = { .from = transfer->from.id, .to = transfer->to.id, .back = entry->reverses != 0 };
    if (!number_word(t, entry->unit, &key.unit) || !number_word(t, entry->origin, &key.origin))
        return NULL;
    if (t->view_count >= t->view_room / 2)
        make_room_for_views(t);
    assert(t->view_count < t->view_room / 2);
    view *slot = view_slot(t->views, t->view_room, &key);
    return slot->from ? slot : make_view(t, slot, &key, entry, transfer);
}

static bool add_share(total_sum *sum, const gf_fund_entry *entry, const gf_fund_transfer *transfer, int sign)
{
    sum->lines += sign;
    sum->at_least += transfer->bound == 1 ? sign : 0;
    sum->about += transfer->bound == 2 ? sign : 0;
    sum->unvouched += entry->voucher.len ? 0 : sign;
    sum->unsupported += entry->voucher.len || entry->source.len ? 0 : sign;
    return gf_fen_add(sum->amount, sign < 0 ? -transfer->amount : transfer->amount, &sum->amount);
}

gf_status totals_add_counting(totals *t, const gf_fund_entry *entry, const gf_fund_transfer *transfer, int *members, gf_error *err)
{
    int32_t first, last;
    gf_status status = ledger_months(entry, transfer, &first, &last, err);
    if (status != GF_OK)
        return status;
    const view *v = view_of(t, entry, transfer);
    if (!v)
        return gf_fail_memory(err);
    *members = v->members;
    for (size_t i = 0; i < v->count; i++) {
        total_row *row = row_of(t, v->dimension[i], first, last);
        if (!row)
            return gf_fail_memory(err);
        if (!add_share(&row->sum, entry, transfer, v->sign[i]))
            return gf_fail(err, GF_ELIMIT, "ledger.total", "Look for amounts with zeros too many.",
                           "the total of %.*s passes what can be counted", GF_STR_ARG(totals_dimension(t, v->dimension[i]).scope));
    }
    return GF_OK;
}

gf_status totals_add(totals *t, const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_error *err)
{
    int members;
    return totals_add_counting(t, entry, transfer, &members, err);
}

bool totals_add_amount(totals *t, uint32_t dimension, int32_t month_first, int32_t month_last, gf_fen amount)
{
    total_row *row = dimension == UINT32_MAX ? NULL : row_of(t, dimension, month_first, month_last);
    return row && gf_fen_add(row->sum.amount, amount, &row->sum.amount);
}

/* ---- The table of totals ---- */

static bool write_row(const totals *t, gf_app *app, const total_row *row, const char *how)
{
    gf_stmt *stmt = gf_store_named(app->store, how);
    total_dimension d = totals_dimension(t, row->dimension);
    const gf_str texts[] = { d.programme, d.scope, d.kind, d.stage, d.origin };
    const total_sum *sum = &row->sum;
    const int64_t numbers[] = { row->month_first, row->month_last, sum->amount, sum->lines, sum->at_least, sum->about, sum->unvouched,
                                sum->unsupported };
    for (size_t i = 0; i < GF_COUNT(texts); i++)
        gf_stmt_str(stmt, (int)i + 1, texts[i]);
    for (size_t i = 0; i < GF_COUNT(numbers); i++)
        gf_stmt_int(stmt, (int)(GF_COUNT(texts) + i) + 1, numbers[i]);
    return gf_stmt_run(stmt);
}

typedef struct ranked_text { gf_str text; uint32_t number; } ranked_text;
typedef struct ranked_row { uint32_t rank; int32_t first, last; uint32_t index; } ranked_row;

static int by_text(const void *a, const void *b) { return gf_str_cmp(((const ranked_text *)a)->text, ((const ranked_text *)b)->text); }

static int by_key(const void *a, const void *b)
{
    const ranked_row *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : (x->last > y->last) - (x->last < y->last);
}

/* The rows in the order of the table's key: millions are written side by side then, not each into its own place. NULL without
 * memory. The text of a dimension sorts as its parts do: what parts them is below every sign. */
static ranked_row *in_key_order(const totals *t)
{
    size_t count = t->dimensions.count;
    ranked_text *texts = malloc((count + 1) * sizeof *texts);
    uint32_t *ranks = malloc((count + 1) * sizeof *ranks);
    ranked_row *rows = malloc((t->row_count + 1) * sizeof *rows);
    for (size_t i = 0; texts && i < count; i++)
        texts[i] = (ranked_text){ t->texts[i], (uint32_t)i };
    if (texts && ranks && rows) {
        qsort(texts, count, sizeof *texts, by_text);
        for (size_t i = 0; i < count; i++)
            ranks[texts[i].number] = (uint32_t)i;
        for (size_t i = 0; i < t->row_count; i++)
            rows[i] = (ranked_row){ ranks[t->rows[i].dimension], t->rows[i].month_first, t->rows[i].month_last, (uint32_t)i };
        qsort(rows, t->row_count, sizeof *rows, by_key);
    }
    bool made = texts && ranks && rows;
    free(texts);
    free(ranks);
    if (made)
        return rows;
    free(rows);
    return NULL;
}

gf_status totals_write(const totals *t, gf_app *app, bool first, gf_error *err)
{
    const char *how = first ? "total_insert" : "total_add";
    ranked_row *order = first ? in_key_order(t) : NULL;
    for (size_t i = 0; i < t->row_count && write_row(t, app, &t->rows[order ? order[i].index : i], how); i++)
        continue;
    free(order);
    return gf_store_ok(app->store, err);
}

static gf_status add_all_entries(gf_app *app, totals *t, gf_error *err)
{
    ledger_reader reader;
    gf_status status = ledger_reader_open(app, 1, INT64_MAX, &reader, err);
    if (status != GF_OK)
        return status;
    while (status == GF_OK && ledger_reader_next(&reader)) {
        if (reader.fault.len)
            status = gf_fail(err, GF_EIO, "ledger.damaged", "Run gongfu check, and restore a backup.", "entry %lld is damaged: %.*s",
                             (long long)reader.entry.id, GF_STR_ARG(reader.fault));
        for (size_t i = 0; status == GF_OK && i < reader.entry.transfer_count; i++)
            status = totals_add(t, &reader.entry, &reader.entry.transfers[i], err);
    }
    ledger_reader_close(&reader);
    return status == GF_OK ? gf_store_ok(app->store, err) : status;
}

gf_status ledger_renew_totals(gf_app *app, gf_error *err)
{
    ledger_world world;
    ledger_partials_drop(app);
    gf_status status = ledger_world_read_shares(app, &world, err);
    if (status != GF_OK)
        return status;
    totals *t = totals_open(&world);
    status = t ? add_all_entries(app, t, err) : gf_fail_memory(err);
    if (status == GF_OK) {
        (void)gf_stmt_run(gf_store_named(app->store, "total_clear"));
        status = totals_write(t, app, true, err);
    }
    totals_close(t);
    ledger_world_done(&world);
    return status;
}
