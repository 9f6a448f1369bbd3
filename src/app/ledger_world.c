/* What the ledger must know of the registers: which parties, places, funds and projects there are, and who is a member. */
#include "app/ledger_inside.h"

enum { WORLD_BYTES_MAX = 512 << 20 };

static gf_status fill(gf_app *app, text_map *into, const char *statement, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, statement);
    while (gf_stmt_row(stmt)) {
        bool fresh;
        int64_t *value = map_put(into, gf_row_str(stmt, 0), &fresh);
        if (!value)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        *value = gf_row_int(stmt, 1);
    }
    return gf_store_ok(app->store, err);
}

/* Like fill(), keeping the second column as text by index. */
static gf_status fill_text(gf_app *app, ledger_world *world, text_map *into, const char *statement, gf_str **texts, size_t *count,
                           gf_error *err)
{
    gf_stmt *counter = gf_store_text(app->store, "SELECT (SELECT count(*) FROM places) + (SELECT count(*) FROM funds)");
    size_t room = gf_stmt_row(counter) ? (size_t)gf_row_int(counter, 0) : 0;
    gf_stmt_end(counter);
    *texts = gf_new(world->arena, gf_str, room + 1);
    if (!*texts)
        return gf_fail_memory(err);
    gf_stmt *stmt = gf_store_named(app->store, statement);
    while (*count < room && gf_stmt_row(stmt)) {
        bool fresh;
        int64_t *value = map_put(into, gf_row_str(stmt, 0), &fresh);
        gf_str text = gf_row_copy(stmt, 1, world->arena);
        if (!value || !text.data)
            return gf_stmt_end(stmt), gf_fail_memory(err);
        (*texts)[(*count)++] = text;
        *value = (int64_t)*count;
    }
    gf_stmt_end(stmt);
    return gf_store_ok(app->store, err);
}

static gf_status read_programmes(gf_app *app, ledger_world *world, gf_error *err)
{
    gf_stmt *stmt = gf_store_named(app->store, "programmes_by_origin");
    while (gf_stmt_row(stmt)) {
        gf_str *slot = gf_str_is(gf_row_str(stmt, 1), "demo") ? &world->demo_programme : &world->real_programme;
        if (slot->len == 0)
            *slot = gf_row_copy(stmt, 0, world->arena);
    }
    return gf_store_ok(app->store, err);
}

gf_status ledger_world_read(gf_app *app, ledger_world *world, gf_error *err)
{
    *world = (ledger_world){ .arena = gf_arena_open(WORLD_BYTES_MAX) };
    if (!world->arena)
        return gf_fail_memory(err);
    map_init(&world->units, world->arena);
    map_init(&world->places, world->arena);
    map_init(&world->funds, world->arena);
    map_init(&world->projects, world->arena);
    size_t fund_count = 0;
    gf_status status = fill(app, &world->units, "ledger_units", err);
    if (status == GF_OK)
        status = fill_text(app, world, &world->places, "ledger_places", &world->parents, &world->place_count, err);
    if (status == GF_OK)
        status = fill_text(app, world, &world->funds, "ledger_funds", &world->fund_programmes, &fund_count, err);
    if (status == GF_OK)
        status = fill(app, &world->projects, "ledger_projects", err);
    if (status == GF_OK)
        status = read_programmes(app, world, err);
    gf_stmt *members = gf_store_text(app->store, "SELECT count(*) FROM members");
    world->has_members = gf_stmt_row(members) && gf_row_int(members, 0) > 0;
    gf_stmt_end(members);
    if (status == GF_OK)
        status = gf_store_ok(app->store, err);
    if (status != GF_OK)
        ledger_world_done(world);
    return status;
}

void ledger_world_done(ledger_world *world)
{
    map_done(&world->units);
    map_done(&world->places);
    map_done(&world->funds);
    map_done(&world->projects);
    gf_arena_close(world->arena);
    world->arena = NULL;
}

bool ledger_world_has_party(const ledger_world *world, gf_str party)
{
    return gf_str_is(party, "unstated") || map_find(&world->units, party) || map_find(&world->places, party);
}

bool ledger_world_is_member(const ledger_world *world, gf_str party)
{
    const int64_t *unit = map_find(&world->units, party);
    return unit && (!world->has_members || *unit == 2);
}

gf_str ledger_world_programme(const ledger_world *world, gf_str fund, gf_str origin)
{
    const int64_t *index = fund.len ? map_find(&world->funds, fund) : NULL;
    if (index && world->fund_programmes[*index - 1].len)
        return world->fund_programmes[*index - 1];
    return gf_str_is(origin, "demo") ? world->demo_programme : world->real_programme;
}

/* ---- Scopes ---- */

static gf_str scope_name(gf_arena *scratch, const char *prefix, gf_str id)
{
    gf_text text;
    gf_text_init(&text, scratch);
    gf_text_add_c(&text, prefix);
    gf_text_add(&text, id);
    return gf_text_str(&text);
}

typedef struct share_list { ledger_share *out; size_t count; gf_arena *scratch; } share_list;

static void add_share(share_list *list, const char *prefix, gf_str id, gf_fen amount)
{
    if (amount && list->count < LEDGER_SCOPES_MAX)
        list->out[list->count++] = (ledger_share){ scope_name(list->scratch, prefix, id), amount };
}

static void add_units(const ledger_world *world, share_list *list, const gf_str *units, size_t count, gf_str mover, gf_fen amount)
{
    for (size_t i = 0; i < count; i++) {
        bool seen = !map_find(&world->units, units[i]);
        for (size_t k = 0; k < i; k++)
            seen = seen || gf_str_eq(units[k], units[i]);
        if (!seen)
            add_share(list, "unit:", units[i], gf_str_eq(mover, units[i]) ? 0 : amount);
    }
}

static void add_places(const ledger_world *world, share_list *list, gf_str place, gf_fen amount)
{
    for (int depth = 0; place.len && depth < LEDGER_ANCESTORS_MAX; depth++) {
        add_share(list, "place:", place, amount);
        const int64_t *index = map_find(&world->places, place);
        place = index ? world->parents[*index - 1] : (gf_str){ "", 0 };
    }
}

/* A move inside one stage was counted when the money first reached that stage: whoever moves it on, if a member or if
 * it is the scope itself, adds nothing. A reversal counts against what it takes back. */
size_t ledger_shares(const ledger_world *world, const gf_fund_entry *entry, const gf_fund_transfer *transfer,
                     gf_arena *scratch, ledger_share out[LEDGER_SCOPES_MAX], gf_str *stage)
{
    bool back = entry->reverses != 0;
    const gf_fund_account *from = back ? &transfer->to : &transfer->from, *to = back ? &transfer->from : &transfer->to;
    gf_fen amount = back ? -transfer->amount : transfer->amount;
    bool inside = from->stage.len && gf_str_eq(from->stage, to->stage);
    bool from_member = ledger_world_is_member(world, from->party);
    bool any_member = from_member || ledger_world_is_member(world, to->party) || ledger_world_is_member(world, entry->unit);
    gf_fen shared = inside && from_member ? 0 : amount;
    share_list list = { out, 0, scratch };
    *stage = to->stage;
    add_share(&list, "group", (gf_str){ "", 0 }, shared);
    if (!any_member)
        add_share(&list, "outside", (gf_str){ "", 0 }, amount);
    const gf_str parties[] = { from->party, to->party, entry->unit };
    add_units(world, &list, parties, GF_COUNT(parties), inside ? from->party : (gf_str){ "", 0 }, amount);
    if (to->fund.len)
        add_share(&list, "fund:", to->fund, shared);
    if (to->project.len)
        add_share(&list, "project:", to->project, shared);
    add_places(world, &list, to->place, shared);
    return list.count;
}

int32_t ledger_month_of(gf_day day)
{
    int year, month, mday;
    gf_day_split(day, &year, &month, &mday);
    return year * 12 + month - 1;
}

gf_status ledger_days(const gf_fund_entry *entry, const gf_fund_transfer *transfer, gf_period *out, gf_error *err)
{
    gf_str text = transfer->period.len ? transfer->period : entry->date;
    if (text.len)
        return gf_period_parse(text, out, err);
    *out = (gf_period){ INT32_MIN, INT32_MAX };
    return GF_OK;
}

gf_status ledger_months(const gf_fund_entry *entry, const gf_fund_transfer *transfer, int32_t *first, int32_t *last, gf_error *err)
{
    gf_period days;
    gf_status status = ledger_days(entry, transfer, &days, err);
    if (status != GF_OK)
        return status;
    *first = days.first == INT32_MIN ? 0 : ledger_month_of(days.first);
    *last = days.last == INT32_MAX ? LEDGER_MONTH_NONE_LAST : ledger_month_of(days.last);
    return GF_OK;
}
